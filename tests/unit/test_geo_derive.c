/* Paths, neighbours and the outlines of parents: on a town of squares whose answers are known, and
 * on the real maps against their own attribute tables. */
#include "../geo_fixture.h"

#include "wijk/csv.h"
#include "wijk/map.h"

static int64_t count_of(wijk_store *store, const char *literal, int64_t id)
{
    int64_t n = 0;
    wijk_stmt *stmt = wijk_store_sql(store, literal);
    if (id) {
        wijk_bind_int(stmt, 1, id);
    }
    must(wijk_run_int(&n, stmt, 0));
    return n;
}

static void expect_path(wijk_store *store, int64_t id, int scale, const char *want)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT path FROM area_path WHERE area_id = ?1 AND scale = ?2");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, scale);
    assert_int_equal(wijk_step(stmt), 1);
    assert_string_equal(wijk_col_text(stmt, 0), want);
    wijk_reset(stmt);
}

static double outline_area(wijk_store *store, int64_t id)
{
    wijk_str wkb = WIJK_STR_INIT;
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure measure;
    must(wijk_geo_outline(&wkb, store, id));
    must(wijk_wkb_parse(&shape, wkb.data, wkb.size));
    must(wijk_shape_measure(&measure, &shape));
    wijk_shape_free(&shape);
    wijk_str_free(&wkb);
    return measure.area;
}

/* Four squares of 1 km in a row with a slit of 10 m between the second and the third; two wijken
 * of two; the fourth has only a corner near the fifth. */
static void test_town(void **state)
{
    (void)state;
    char path[256];
    wijk_store *store = new_store(path, "geo_town");
    must(wijk_begin(store));
    int64_t gm = area(store, WIJK_GEMEENTE, 2024, "GM0001", "Dorp", 0);
    int64_t wk[2] = {area(store, WIJK_WIJK, 2024, "WK000100", "A", gm),
                     area(store, WIJK_WIJK, 2024, "WK000101", "B", gm)};
    int64_t bu[5];
    for (int i = 0; i < 5; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU00010%d00", i);
        bu[i] = area(store, WIJK_BUURT, 2024, code, "x", wk[i > 1]);
    }
    for (int i = 0; i < 4; i++) {
        double x = 100000 + 1000 * i + (i > 1 ? 10 : 0);
        box_of(store, bu[i], 10, x, 400000, x + 1000, 401000);
    }
    box_of(store, bu[4], 10, 104025, 401000, 104030, 401005); /* 15 m off the corner, 5 m wide */
    must(wijk_commit(store));
    must(wijk_geo_derive_shapes(store, NULL));
    must(wijk_geo_derive_shapes(store, NULL)); /* again: the same */

    static const int near[5] = {1, 2, 2, 2, 1};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(
            count_of(store, "SELECT count(*) FROM neighbour WHERE area_id = ?1", bu[i]), near[i]);
    }
    assert_int_equal(count_of(store,
                              "SELECT count(*) FROM neighbour a WHERE NOT EXISTS(SELECT 1"
                              " FROM neighbour b WHERE b.area_id = a.other_id AND"
                              " b.other_id = a.area_id)",
                              0),
                     0);
    assert_int_equal(count_of(store, "SELECT count(*) FROM neighbour WHERE area_id = ?1", wk[0]),
                     1);

    expect_path(store, bu[0], 0, "M400 2400l4 0 0-4-4 0z");
    expect_path(store, bu[0], 2, "M50000 300000l500 0 0-500-500 0z");
    expect_path(store, bu[4], 0, "M416 2395l1 0 0 1-1 0z"); /* tiny: one cell, never nothing */
    /* The wijk of two squares: their outline with the shared border gone, 2 km² of land. */
    expect_path(store, wk[0], 0, "M400 2400l0-4 8 0 0 4z");
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT land_m2, x0, x1, x FROM area WHERE id = ?1");
    wijk_bind_int(stmt, 1, wk[0]);
    assert_int_equal(wijk_step(stmt), 1);
    assert_true(fabs(wijk_col_double(stmt, 0) - 2e6) < 1);
    assert_true(fabs(wijk_col_double(stmt, 1) - 100000) < 1e-6);
    assert_true(fabs(wijk_col_double(stmt, 2) - 102000) < 1e-6);
    /* The gemeente: the slit of 10 m is closed, 4 km² and the slit itself. */
    wijk_reset(stmt);
    wijk_bind_int(stmt, 1, gm);
    assert_int_equal(wijk_step(stmt), 1);
    assert_true(wijk_col_double(stmt, 0) > 4.009e6 && wijk_col_double(stmt, 0) < 4.012e6);
    wijk_reset(stmt);
    /* What leaves for other programs: as published, or back from the path of who was never drawn.
     */
    assert_true(fabs(outline_area(store, bu[0]) - 1e6) < 1);
    assert_true(fabs(outline_area(store, wk[0]) - 2e6) < 1);
    assert_true(fabs(outline_area(store, gm) - 4.01e6) < 2e4);
    drop_store(store, path);
}

/* A ring of eight squares around an empty ninth: a hole of 1 km² is an enclave and stays; one
 * of 60 m by 60 m, less than ten tolerances of 10 m across, is a slit and is closed on the map. */
static void ring_of(wijk_store *store, const char *code, int64_t parent, double x, double side)
{
    for (int i = 0; i < 9; i++) {
        char name[24];
        double a[4] = {x, x + 1000, x + 1000 + side, x + 2000 + side};
        snprintf(name, sizeof name, "%s%02d", code, i);
        if (i != 4) {
            int64_t id = area(store, WIJK_BUURT, 2024, name, "x", parent);
            box_of(store, id, 10, a[i % 3], 400000 + a[i / 3] - x, a[i % 3 + 1],
                   400000 + a[i / 3 + 1] - x);
        }
    }
}

static void test_holes(void **state)
{
    (void)state;
    char path[256];
    wijk_store *store = new_store(path, "geo_holes");
    must(wijk_begin(store));
    int64_t wide = area(store, WIJK_WIJK, 2024, "WK000100", "A", 0);
    int64_t narrow = area(store, WIJK_WIJK, 2024, "WK000101", "B", 0);
    ring_of(store, "BU000100", wide, 100000, 1000);
    ring_of(store, "BU000101", narrow, 200000, 60);
    must(wijk_commit(store));
    must(wijk_geo_derive_shapes(store, NULL));
    assert_true(fabs(outline_area(store, wide) - 8e6) < 1e4);
    assert_true(fabs(outline_area(store, narrow) - 2060.0 * 2060) < 1e4);
    drop_store(store, path);
}

static void test_squares(void **state)
{
    (void)state;
    char path[256];
    wijk_store *store = new_store(path, "geo_squares");
    must(wijk_begin(store));
    int64_t id[4];
    static const char *const codes[] = {"E1705N4816", "E1706N4816", "E1707N4817", "E1709N4816"};
    for (int i = 0; i < 4; i++) {
        id[i] = area(store, WIJK_SQUARE, 2014, codes[i], "", 0);
        must(wijk_geo_store_square(store, id[i], codes[i]));
    }
    assert_int_equal(wijk_geo_store_square(store, id[0], "PC1011"), WIJK_EFORMAT);
    must(wijk_commit(store));
    must(wijk_geo_derive_shapes(store, NULL));
    static const int near[4] = {1, 2, 1, 0};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            count_of(store, "SELECT count(*) FROM neighbour WHERE area_id = ?1", id[i]), near[i]);
    }
    drop_store(store, path);
}

/* The finer of two shapes stays, whatever the order. */
static void test_finer_stays(void **state)
{
    (void)state;
    char path[256];
    wijk_store *store = new_store(path, "geo_finer");
    must(wijk_begin(store));
    int64_t id = area(store, WIJK_WIJK, 2022, "WK000100", "x", 0);
    static const double sides[] = {100, 200, 300, 400}, tolerances[] = {20, 5, 50, 5};
    static const double land[] = {1e4, 4e4, 4e4, 16e4};
    for (int i = 0; i < 4; i++) {
        box_of(store, id, tolerances[i], 100000, 400000, 100000 + sides[i], 400000 + sides[i]);
        wijk_stmt *stmt = wijk_store_sql(store, "SELECT land_m2 FROM area WHERE id = ?1");
        wijk_bind_int(stmt, 1, id);
        assert_int_equal(wijk_step(stmt), 1);
        assert_true(fabs(wijk_col_double(stmt, 0) - land[i]) < 1e-6);
        wijk_reset(stmt);
    }
    must(wijk_commit(store));
    drop_store(store, path);
}

/* ---- real ------------------------------------------------------------------------------- */

/* Area in km² by code from an attribute table of the publisher. */
static wijk_map *published_areas(const char *file)
{
    wijk_map *areas;
    wijk_csv *csv;
    FILE *pipe = unpacked(file);
    must(wijk_map_new(&areas));
    must(wijk_csv_new(&csv, read_pipe, pipe, 0, file));
    const wijk_cell *cells;
    size_t count;
    while (wijk_csv_next(csv, &cells, &count) == 1) {
        double km2;
        if (count > 3 && wijk_csv_number(&km2, cells[3].text, cells[3].size, '.')) {
            must(wijk_map_set(areas, cells[0].text, cells[0].size, (int64_t)(km2 * 1e6)));
        }
    }
    wijk_csv_free(csv);
    pclose(pipe);
    return areas;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Outlines of wijken 2022 enclose the area that CBS publishes beside them. */
static void compare_areas(wijk_store *store)
{
    wijk_map *areas = published_areas("boundaries/nl_wijk_2022_attributes.csv");
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT code, land_m2 FROM area WHERE level = 2 AND vintage = 2022");
    static double off[4000];
    size_t n = 0;
    while (wijk_step(stmt) == 1) {
        int64_t m2;
        const char *code = wijk_col_text(stmt, 0);
        if (wijk_map_get(areas, code, strlen(code), &m2) && m2 > 0) {
            off[n++] = fabs(wijk_col_double(stmt, 1) / (double)m2 - 1);
        }
    }
    qsort(off, n, sizeof *off, by_value);
    print_message("wijk 2022: %zu outlines against published area: median off %.2f%%, p90 %.2f%%\n",
                  n, 100 * off[n / 2], 100 * off[n * 9 / 10]);
    assert_true(n > 3000);
    assert_true(off[n / 2] < 0.02);
    assert_true(off[n * 9 / 10] < 0.10);
    wijk_map_free(areas);
}

static void test_real(void **state)
{
    (void)state;
    if (!have("boundaries/nl_buurt_2024_rd.geojson.zst")) {
        skip();
    }
    char path[256];
    wijk_store *store = new_store(path, "geo_real");
    double start = wijk_now();
    load_map(store, "boundaries/nl_buurt_2024_rd.geojson.zst", WIJK_BUURT, 2024, "code", "naam",
             21);
    load_map(store, "boundaries/nl_wijk_2022_rd.geojson.zst", WIJK_WIJK, 2022, "code", "name", 10);
    load_map(store, "boundaries/nl_gemeente_2022_rd.geojson.zst", WIJK_GEMEENTE, 2022, "code",
             "name", 10);
    load_map(store, "boundaries/nl_wijk_2016_rd.geojson.zst", WIJK_WIJK, 2016, "WKC", "WKN", 10);
    load_map(store, "boundaries/nl_pc4_2020_rd_s25.geojson.zst", WIJK_PC4, 2020, "pc4", NULL, 25);
    double loaded = wijk_now();
    must(wijk_geo_derive_shapes(store, NULL));
    print_message("five national maps: read and stored %.2f s, paths and neighbours %.2f s\n",
                  loaded - start, wijk_now() - loaded);
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT a.level, a.vintage, p.scale, count(*), sum(length(p.path)) FROM area_path p"
               " JOIN area a ON a.id = p.area_id GROUP BY 1, 2, 3");
    while (wijk_step(stmt) == 1) {
        int level = (int)wijk_col_int(stmt, 0), vintage = (int)wijk_col_int(stmt, 1);
        int scale = (int)wijk_col_int(stmt, 2);
        print_message("  level %d of %d at scale %d: %lld paths, %lld bytes\n", level, vintage,
                      scale, (long long)wijk_col_int(stmt, 3), (long long)wijk_col_int(stmt, 4));
        if (level == WIJK_BUURT && scale == 0) {
            assert_int_equal(wijk_col_int(stmt, 3), 14566);
            assert_true(wijk_col_int(stmt, 4) < 1200000);
        }
    }
    stmt = wijk_store_sql(
        store, "SELECT a.level, a.vintage, count(*), count(DISTINCT area_id) FROM neighbour n"
               " JOIN area a ON a.id = n.area_id GROUP BY 1, 2");
    while (wijk_step(stmt) == 1) {
        double each = (double)wijk_col_int(stmt, 2) / (double)wijk_col_int(stmt, 3);
        print_message("  level %lld of %lld: %.1f neighbours each\n",
                      (long long)wijk_col_int(stmt, 0), (long long)wijk_col_int(stmt, 1), each);
        /* Euler: a map of many areas in the plane has just under six; tolerance adds some. */
        assert_true(each > 4 && each < 9);
    }
    compare_areas(store);
    drop_store(store, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_town), cmocka_unit_test(test_holes), cmocka_unit_test(test_squares),
        cmocka_unit_test(test_finer_stays), cmocka_unit_test(test_real)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
