/* GeoJSON and GeoPackage: what the readers hand over, what they refuse, and the real maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/geofile.h"
#include "wijk/store.h"

#include <math.h>
#include <unistd.h>

typedef struct {
    const char *at;
    size_t left, step;
} bytes;

/* Hands out at most `step` bytes at a time, so that every boundary falls somewhere. */
static ptrdiff_t read_bytes(void *payload, void *buffer, size_t room)
{
    bytes *in = payload;
    size_t n = in->left < in->step ? in->left : in->step;
    n = n < room ? n : room;
    memcpy(buffer, in->at, n);
    in->at += n;
    in->left -= n;
    return (ptrdiff_t)n;
}

typedef struct {
    size_t features, shapes;
    char log[4096];
    double area;
} seen;

static int on_feature(void *payload, const wijk_feature *feature)
{
    seen *s = payload;
    size_t used = strlen(s->log);
    s->features++;
    for (size_t i = 0; i < feature->count; i++) {
        used += (size_t)snprintf(s->log + used, sizeof s->log - used, "%s=%s;",
                                 feature->properties[i].name, feature->properties[i].value);
    }
    if (feature->problem) {
        snprintf(s->log + used, sizeof s->log - used, "%s\n", feature->problem);
        return 0;
    }
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure m;
    assert_int_equal(wijk_wkb_parse(&shape, feature->wkb, feature->size), 0);
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    s->shapes++;
    s->area += m.area;
    snprintf(s->log + used, sizeof s->log - used, "%.0f\n", m.area);
    wijk_shape_free(&shape);
    return 0;
}

static int read_text(seen *s, const char *text, size_t step)
{
    bytes in = {text, strlen(text), step};
    memset(s, 0, sizeof *s);
    return wijk_geojson_read(read_bytes, &in, "test.geojson", on_feature, s, NULL);
}

#define SQUARE "[[[100000,400000],[100100,400000],[100100,400100],[100000,400100],[100000,400000]]]"
#define CRS    "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::28992\"}}"

static void test_features(void **state)
{
    (void)state;
    const char *text =
        "\xEF\xBB\xBF{ \"name\": \"x\", \"features\" : [\n"
        "{\"type\":\"Feature\",\"properties\":{\"code\":\"B\\u00e2 \\\"\\ud83d\\ude00\\\"\",\"n\":"
        "12.50,\"nul\":null,\"list\":[1,{\"a\":2}],\"ja\":true},\"geometry\":"
        "{\"coordinates\":" SQUARE ",\"type\":\"Polygon\"}},\n"
        "{\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE
        ",[[[1e5,410000,7],[100010,410000,7],[100000,410010,7]]]]},\"properties\":null},"
        "{\"type\":\"Feature\",\"properties\":{\"p\":1},\"geometry\":null},"
        "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[100000,400000]}},"
        "{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[]}},"
        "{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}},"
        "{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[900000,1],[900001,1],[900000,2]]]}}"
        "], " CRS ", \"type\":\"FeatureCollection\" }\n";
    for (size_t step = 1; step < 5000; step = step * 3 + 1) {
        seen s;
        if (read_text(&s, text, step)) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        assert_string_equal(s.log, "code=B\xC3\xA2 \"\xF0\x9F\x98\x80\";n=12.50;nul=;list=;ja=true;"
                                   "10000\n"
                                   "10050\np=1;no shape\nnot a polygon\nempty shape\nbad shape\n"
                                   "outside the country\n");
    }
}

/* Amsterdam's map of 2015 is Windows-1252; a euro sign and a cut-off sequence beside good UTF-8. */
static void test_encoding(void **state)
{
    (void)state;
    seen s;
    assert_int_equal(read_text(&s,
                               "{\"features\":[{\"properties\":{\"a\":\"B\xE2jema \x80 \xE2\x82\","
                               "\"b\":\"B\xC3\xA2jema \xE2\x82\xAC \xC0\x80\"}}]}",
                               3),
                     0);
    assert_string_equal(s.log, "a=B\xC3\xA2jema \xE2\x82\xAC \xC3\xA2\xE2\x80\x9A;"
                               "b=B\xC3\xA2jema \xE2\x82\xAC \xC3\x80\xE2\x82\xAC;no shape\n");
}

static void test_degrees(void **state)
{
    (void)state;
    /* 0.001° of latitude is 111.27 m here, 0.001° of longitude 68.5 m (GRS80 at 52.16°). */
    const char *ring = "[[[5.387,52.155],[5.388,52.155],[5.388,52.156],[5.387,52.156]]]";
    static const char *const crs[] = {
        "",
        "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},",
        "\"crs\":null,", CRS ","};
    for (size_t i = 0; i < sizeof crs / sizeof *crs; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "{\"type\":\"FeatureCollection\",%s\"features\":[{\"type\":\"Feature\","
                 "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":%s}}]}",
                 crs[i], ring);
        seen s;
        assert_int_equal(read_text(&s, text, 4096), 0);
        assert_int_equal(s.shapes, 1);
        assert_true(fabs(s.area - 111.27 * 68.46) < 15);
    }
}

static void test_broken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *says;
    } bad[] = {
        {"", WIJK_EFORMAT, "ends"},
        {"<html>", WIJK_EFORMAT, "line 1"},
        {"{\"features\":[\n{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,2",
         WIJK_EFORMAT, "ends at line 2"},
        {"{\"features\":[],}", WIJK_EFORMAT, "line 1"},
        {"{\"features\":[] \"a\":1}", WIJK_EFORMAT, "line 1"},
        {"{\"features\":[]} x", WIJK_EFORMAT, "line 1"},
        {"{\"features\":[{\"geometry\":{\"coordinates\":[[[1,x]]]}}]}", WIJK_EFORMAT, "line 1"},
        {"{\"features\":[{\"geometry\":{\"coordinates\":[[[[[[[[[[1]]]]]]]]]]}}]}", WIJK_ELIMIT,
         "deep"},
        {"{\"type\":\"Topology\",\"objects\":{}}", WIJK_EFORMAT, "Topology"},
        {"{\"crs\":{\"properties\":{\"name\":\"EPSG:3857\"}},\"features\":[]}", WIJK_EFORMAT,
         "3857"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        seen s;
        int rc = read_text(&s, bad[i].text, 7);
        if (rc != bad[i].code || !strstr(wijk_error(WIJK_EN), bad[i].says)) {
            fail_msg("%s: %d %s", bad[i].text, rc, wijk_error(WIJK_EN));
        }
    }
    char deep[4096] = "{\"a\":";
    memset(deep + 5, '[', 200);
    seen s;
    assert_int_equal(read_text(&s, deep, 4096), WIJK_ELIMIT);
}

/* ---- GeoPackage ------------------------------------------------------------------------- */

/* A blob as the standard describes it: magic, version, flags (little-endian, envelope kind),
 * srs, envelope, WKB. */
static size_t gp_blob(unsigned char *out, int envelope, const wijk_str *wkb)
{
    static const size_t sizes[] = {0, 32, 48, 48, 64};
    memset(out, 0, 80);
    memcpy(out, "GP", 2);
    out[3] = (unsigned char)(1 | envelope << 1);
    memcpy(out + 8 + sizes[envelope], wkb->data, wkb->size);
    return 8 + sizes[envelope] + wkb->size;
}

static void make_gpkg(const char *path, int srs)
{
    wijk_store *file;
    unlink(path);
    assert_int_equal(wijk_store_create_foreign(&file, path, 0x47504B47, 10300), 0);
    char sql[2048];
    snprintf(
        sql, sizeof sql,
        "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY,"
        " organization TEXT, organization_coordsys_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_contents(table_name TEXT PRIMARY KEY, data_type TEXT);"
        "CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT,"
        " geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
        "INSERT INTO gpkg_spatial_ref_sys VALUES('x', 100001, 'EPSG', %d, '');"
        "INSERT INTO gpkg_contents VALUES('los', 'attributes'),('wijk \"en\" buurt','features');"
        "INSERT INTO gpkg_geometry_columns VALUES('wijk \"en\" buurt','geom','POLYGON',100001,"
        "0,0);"
        "CREATE TABLE \"wijk \"\"en\"\" buurt\"(fid INTEGER PRIMARY KEY, geom BLOB, code TEXT,"
        " aantal REAL);",
        srs);
    assert_int_equal(wijk_store_script(file, sql), 0);
    const char *wkt = "POLYGON((100000 400000,100100 400000,100100 400100,100000 400100))";
    wijk_str wkb = WIJK_STR_INIT;
    assert_int_equal(wijk_wkt_read(&wkb, wkt, strlen(wkt)), 0);
    for (int envelope = 0; envelope < 7; envelope++) {
        unsigned char blob[1024];
        size_t size = gp_blob(blob, envelope % 5, &wkb);
        wijk_stmt *stmt = wijk_store_sql(
            file, "INSERT INTO \"wijk \"\"en\"\" buurt\"(geom, code, aantal) VALUES(?, ?, ?)");
        if (envelope < 6) {
            wijk_bind_blob(stmt, 1, blob, envelope < 5 ? size : size - 3);
        }
        wijk_bind_text(stmt, 2, "BU00010203");
        wijk_bind_double(stmt, 3, envelope + 0.5);
        assert_int_equal(wijk_run(stmt), 0);
    }
    wijk_str_free(&wkb);
    wijk_store_close(file);
}

static int tell_layer(void *payload, const char *table, const char *const *columns, size_t count)
{
    char *out = payload;
    size_t used = (size_t)snprintf(out, 256, "%s:", table);
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(out + used, 256 - used, " %s", columns[i]);
    }
    return 0;
}

static void test_geopackage(void **state)
{
    (void)state;
    char path[256], layers[256] = "";
    const char *tmp = getenv("WIJK_TMP");
    snprintf(path, sizeof path, "%s/test_geo_%d.gpkg", tmp ? tmp : "/tmp", (int)getpid());
    make_gpkg(path, 28992);
    seen s = {0};
    if (wijk_gpkg_read(path, NULL, on_feature, &s, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(s.features, 7);
    assert_int_equal(s.shapes, 5);
    assert_true(fabs(s.area - 50000) < 1e-6);
    assert_non_null(strstr(s.log, "fid=1;code=BU00010203;aantal=0.5;10000\n"));
    assert_non_null(strstr(s.log, "aantal=5.5;bad shape\n"));
    assert_non_null(strstr(s.log, "aantal=6.5;no shape\n"));
    assert_int_equal(wijk_gpkg_layers(path, tell_layer, layers), 0);
    assert_string_equal(layers, "wijk \"en\" buurt: fid code aantal");
    assert_int_equal(wijk_gpkg_read(path, "anders", on_feature, &s, NULL), WIJK_ENOTFOUND);
    make_gpkg(path, 3857);
    assert_int_equal(wijk_gpkg_read(path, NULL, on_feature, &s, NULL), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_NL), "3857"));
    unlink(path);
    wijk_store *plain;
    assert_int_equal(wijk_store_create_foreign(&plain, path, 0, 0), 0);
    wijk_store_close(plain);
    assert_int_equal(wijk_gpkg_read(path, NULL, on_feature, &s, NULL), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "GeoPackage"));
    unlink(path);
}

/* ---- the real maps ---------------------------------------------------------------------- */

static ptrdiff_t read_pipe(void *payload, void *buffer, size_t room)
{
    return (ptrdiff_t)fread(buffer, 1, room, payload);
}

typedef struct {
    size_t shapes, problems, crosses;
    double area;
} map_seen;

static int on_map(void *payload, const wijk_feature *feature)
{
    map_seen *s = payload;
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure m;
    if (feature->problem) {
        s->problems++;
        return 0;
    }
    assert_int_equal(wijk_wkb_parse(&shape, feature->wkb, feature->size), 0);
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    assert_true(wijk_shape_holds(&shape, m.x, m.y));
    s->shapes++;
    s->crosses += (size_t)m.crosses;
    s->area += m.area;
    wijk_shape_free(&shape);
    return 0;
}

/* The land of the Netherlands is 33.5 thousand km², with inland water 37 and with the municipal
 * sea 41.5 (CBS): every national map must lie between. */
static void test_real_maps(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t shapes, empty; /* `empty`: outlines that came to nothing, as published: water, or one
                                 building in the map simplified to 25 m */
        double least, most;   /* km² */
    } maps[] = {{"boundaries/nl_buurt_2024_rd.geojson.zst", 14566, 0, 33000, 42000},
                {"boundaries/nl_wijk_2022_rd.geojson.zst", 3340, 0, 33000, 42000},
                {"boundaries/nl_wijk_2016_rd.geojson.zst", 2980, 2, 33000, 42000},
                {"boundaries/nl_gemeente_2022_rd.geojson.zst", 345, 0, 33000, 42000},
                {"boundaries/nl_pc4_2020_rd_s25.geojson.zst", 4067, 1, 33000, 42000},
                {"amsterdam/ams_buurtcombinatie_2015_rd.geojson.zst", 99, 0, 160, 260},
                {"boundaries/haaglanden_wijk_wgs84.geojson.zst", 72, 0, 100, 250}};
    const char *data = getenv("WIJK_DATA");
    data = data ? data : "../shared/data/raw";
    char path[512];
    snprintf(path, sizeof path, "%s/%s", data, maps[0].file);
    if (access(path, R_OK)) {
        print_message("skipped: no real maps under %s (set WIJK_DATA)\n", data);
        skip();
    }
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        snprintf(path, sizeof path, "zstd -dc %s/%s", data, maps[i].file);
        FILE *pipe = popen(path, "r");
        map_seen s = {0};
        int rc = wijk_geojson_read(read_pipe, pipe, maps[i].file, on_map, &s, NULL);
        pclose(pipe);
        if (rc) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        print_message("%s: %zu shapes, %zu refused, %zu cross themselves, %.0f km2\n", maps[i].file,
                      s.shapes, s.problems, s.crosses, s.area / 1e6);
        assert_int_equal(s.shapes, maps[i].shapes);
        assert_int_equal(s.problems, maps[i].empty);
        assert_true(s.area / 1e6 > maps[i].least && s.area / 1e6 < maps[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features),   cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_degrees),    cmocka_unit_test(test_broken),
        cmocka_unit_test(test_geopackage), cmocka_unit_test(test_real_maps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
