/* Coordinates against published control points; shapes and WKB against figures worked out by hand
 * and against GEOS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/geofile.h"

#include <geos_c.h>
#include <math.h>

/* RDNAPTRANS2018, published points for self-validation (NSGI): latitude, longitude, x, y. The
 * polynomial claims half a metre within the country. */
static const double control[][4] = {{53.160753042, 4.824761912, 117380.1200, 575040.3400},
                                    {53.419482050, 6.776726674, 247380.5600, 604580.7800},
                                    {52.155172897, 5.387203657, 155000.0000, 463000.0000},
                                    {51.368607152, 3.397588595, 16460.9100, 377380.2300},
                                    {50.792584916, 5.773795548, 182260.4500, 311480.6700},
                                    {51.947393898, 4.072887101, 64640.8900, 440700.0101}};

static void test_control_points(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t i = 0; i < sizeof control / sizeof *control; i++) {
        double x, y, lon, lat, bx, by;
        wijk_rd_from_wgs84(&x, &y, control[i][1], control[i][0]);
        double off = hypot(x - control[i][2], y - control[i][3]);
        wijk_rd_to_wgs84(&lon, &lat, control[i][2], control[i][3]);
        double back = hypot((lon - control[i][1]) * 111320 * cos(control[i][0] * M_PI / 180),
                            (lat - control[i][0]) * 111320);
        wijk_rd_from_wgs84(&bx, &by, lon, lat);
        worst = fmax(worst, fmax(off, back));
        assert_true(hypot(bx - control[i][2], by - control[i][3]) < 0.5);
    }
    print_message("RD polynomial: worst of %zu control points %.2f m\n",
                  sizeof control / sizeof *control, worst);
    assert_true(worst < 1.0);
    double x, y;
    wijk_rd_from_wgs84(&x, &y, 5.38720621, 52.15517440);
    assert_true(hypot(x - 155000, y - 463000) < 0.001);
}

static void from_wkt(wijk_shape *shape, const char *wkt)
{
    wijk_str wkb = WIJK_STR_INIT;
    if (wijk_wkt_read(&wkb, wkt, strlen(wkt))) {
        fail_msg("%s: %s", wkt, wijk_error(WIJK_EN));
    }
    assert_int_equal(wijk_wkb_parse(shape, wkb.data, wkb.size), 0);
    wijk_str_free(&wkb);
}

static void test_wkt(void **state)
{
    (void)state;
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure m;
    from_wkt(&shape, "SRID=28992;POLYGON ((121000 487000, 121100 487000, 121100 487200, "
                     "121000 487200, 121000 487000), (121010 487010, 121020 487010, "
                     "121020 487020, 121010 487020, 121010 487010))");
    assert_int_equal(shape.rings, 2);
    assert_int_equal(shape.points, 8);
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    assert_true(fabs(m.area - 19900) < 1e-6);
    assert_true(fabs(m.perimeter - 640) < 1e-6);
    assert_int_equal(m.crosses, 0);
    assert_true(wijk_shape_holds(&shape, m.x, m.y));
    assert_false(wijk_shape_holds(&shape, 121015, 487015));
    from_wkt(&shape, "MULTIPOLYGON Z (((1e5 4e5 1, 100010 400000 1, 100010 400010 1)), "
                     "((100020 400000 1, 100030 400000 1, 100030 400010 1, 100020 400000 1)))");
    assert_int_equal(shape.rings, 2);
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    assert_true(fabs(m.area - 100) < 1e-6);
    from_wkt(&shape, "SRID=4326;POLYGON((5.38720621 52.1551744,5.39 52.1551744,5.39 52.16))");
    assert_true(hypot(shape.xy[0] - 155000, shape.xy[1] - 463000) < 0.001);
    wijk_shape_free(&shape);
}

static void test_wkt_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *says;
    } bad[] = {
        {"POLYGON ((1 2, 3))", WIJK_EFORMAT, "character"},
        {"POLYGON ((100000 400000, 100010 400000, 100010 400010)", WIJK_EFORMAT, "character"},
        {"POLYGON ((100000 400000, 100010 400000, 100010 400010)) x", WIJK_EFORMAT, "57"},
        {"LINESTRING (1 2, 3 4)", WIJK_EFORMAT, "POLYGON"},
        {"SRID=3857;POLYGON ((1 2, 3 4, 5 6))", WIJK_EFORMAT, "3857"},
        {"POLYGON EMPTY", WIJK_EFORMAT, "empty"},
        {"POLYGON ((900000 400000, 900010 400000, 900010 400010))", WIJK_EFORMAT, "outside"},
        {"", WIJK_EFORMAT, "POLYGON"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wijk_str wkb = WIJK_STR_INIT;
        assert_int_equal(wijk_wkt_read(&wkb, bad[i].text, strlen(bad[i].text)), bad[i].code);
        if (!strstr(wijk_error(WIJK_EN), bad[i].says)) {
            fail_msg("%s: %s", bad[i].text, wijk_error(WIJK_EN));
        }
        wijk_str_free(&wkb);
    }
}

/* A bow tie: two triangles of 5,000 m² that meet in a point. Signed areas would cancel. */
static void test_crossing(void **state)
{
    (void)state;
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure m;
    from_wkt(&shape, "POLYGON((100000 400000, 100100 400200, 100100 400000, 100000 400200))");
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    assert_int_equal(m.crosses, 1);
    assert_true(fabs(m.area - 10000) < 1e-6);
    assert_true(wijk_shape_holds(&shape, m.x, m.y));
    wijk_shape_free(&shape);
}

/* Our WKB is read by GEOS, GEOS's WKB (both byte orders, with height) by us, to the same shape. */
static void test_wkb_against_geos(void **state)
{
    (void)state;
    const char *wkt = "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2)), "
                      "((20 0, 30 0, 25 9, 20 0)))";
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *theirs = GEOSWKTReader_read_r(geos, reader, wkt);
    for (int order = 0; order < 2; order++) {
        GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
        GEOSWKBWriter_setByteOrder_r(geos, writer, order);
        size_t size;
        unsigned char *wkb = GEOSWKBWriter_write_r(geos, writer, theirs, &size);
        wijk_shape shape = WIJK_SHAPE_INIT;
        assert_int_equal(wijk_wkb_parse(&shape, wkb, size), 0);
        assert_int_equal(shape.rings, 3);
        wijk_str ours = WIJK_STR_INIT;
        assert_int_equal(wijk_wkb_write(&ours, &shape), 0);
        GEOSWKBReader *back = GEOSWKBReader_create_r(geos);
        GEOSGeometry *again =
            GEOSWKBReader_read_r(geos, back, (const unsigned char *)ours.data, ours.size);
        assert_int_equal(GEOSEqualsExact_r(geos, theirs, again, 0), 1);
        for (size_t cut = 0; cut < size; cut++) { /* no truncation is taken for a whole shape */
            assert_int_equal(wijk_wkb_parse(&shape, wkb, cut), WIJK_EFORMAT);
        }
        GEOSGeom_destroy_r(geos, again);
        GEOSWKBReader_destroy_r(geos, back);
        GEOSWKBWriter_destroy_r(geos, writer);
        GEOSFree_r(geos, wkb);
        wijk_str_free(&ours);
        wijk_shape_free(&shape);
    }
    GEOSGeom_destroy_r(geos, theirs);
    GEOSWKTReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
}

static void test_squares(void **state)
{
    (void)state;
    double box[4];
    assert_int_equal(wijk_square_box(box, "E1705N4816"), 1);
    assert_true(box[0] == 170500 && box[1] == 481600 && box[2] == 170600 && box[3] == 481700);
    static const char *const bad[] = {"",           "E1705N481",  "E1705N48160",
                                      "X1705N4816", "E17a5N4816", "E1705S4816"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(wijk_square_box(box, bad[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_points),   cmocka_unit_test(test_wkt),
        cmocka_unit_test(test_wkt_refused),      cmocka_unit_test(test_crossing),
        cmocka_unit_test(test_wkb_against_geos), cmocka_unit_test(test_squares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
