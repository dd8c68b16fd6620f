/* The sweep against GEOS, and conversion against sums done by hand: people are conserved, shares
 * add up, what is the same gives the same, and what cannot be known is refused. */
#include "../geo_fixture.h"

#include "areas/overlay.h"

#include <geos_c.h>

/* ---- random maps ------------------------------------------------------------------------ */

enum { CELLS = 12 };

typedef struct { /* a grid of crooked quadrangles that share their corners */
    int nx, ny;
    double x[CELLS + 1][CELLS + 1], y[CELLS + 1][CELLS + 1];
} crooked;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* `jitter` below ½ keeps the quadrangles simple. `turn` in radians around the middle. */
static void make_crooked(crooked *map, int nx, int ny, double jitter, double turn, uint64_t *seed)
{
    const double side = 24000, cx = 112000, cy = 412000;
    map->nx = nx;
    map->ny = ny;
    for (int i = 0; i <= nx; i++) {
        for (int k = 0; k <= ny; k++) {
            double u = (i + jitter * (uniform(seed) - 0.5)) / nx - 0.5;
            double v = (k + jitter * (uniform(seed) - 0.5)) / ny - 0.5;
            map->x[i][k] = cx + side * (u * cos(turn) - v * sin(turn));
            map->y[i][k] = cy + side * (u * sin(turn) + v * cos(turn));
        }
    }
}

static void cell_of(wijk_shape *shape, const crooked *map, int cell)
{
    int i = cell % map->nx, k = cell / map->nx;
    const int corner[4][2] = {{i, k}, {i + 1, k}, {i + 1, k + 1}, {i, k + 1}};
    wijk_shape_clear(shape);
    must(wijk_shape_begin(shape, 0));
    for (int c = 0; c < 4; c++) {
        must(wijk_shape_point(shape, map->x[corner[c][0]][corner[c][1]],
                              map->y[corner[c][0]][corner[c][1]]));
    }
    wijk_shape_end(shape);
}

static GEOSGeometry *geos_of(GEOSContextHandle_t geos, const wijk_shape *shape)
{
    wijk_str wkb = WIJK_STR_INIT;
    must(wijk_wkb_write(&wkb, shape));
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *geometry =
        GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.data, wkb.size);
    GEOSWKBReader_destroy_r(geos, reader);
    wijk_str_free(&wkb);
    return geometry;
}

static double common(GEOSContextHandle_t geos, const GEOSGeometry *a, const GEOSGeometry *b)
{
    double area = 0;
    GEOSGeometry *both = GEOSIntersection_r(geos, a, b);
    GEOSArea_r(geos, both, &area);
    GEOSGeom_destroy_r(geos, both);
    return area;
}

static void add_map(wijk_sweep *sweep, int *number, const crooked *map)
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    must(wijk_sweep_map(number, sweep));
    for (int i = 0; i < map->nx * map->ny; i++) {
        cell_of(&shape, map, i);
        wijk_measure m;
        must(wijk_shape_measure(&m, &shape));
        must(wijk_sweep_add(sweep, *number, &shape, m.area));
    }
    wijk_shape_free(&shape);
}

/* People in every pair, by intersecting polygons: slow, and nothing in common with the sweep. */
static double oracle(GEOSContextHandle_t geos, GEOSGeometry *const *w, const double *people, int n,
                     const GEOSGeometry *a, const GEOSGeometry *b)
{
    double sum = 0;
    GEOSGeometry *both = GEOSIntersection_r(geos, a, b);
    for (int i = 0; i < n; i++) {
        double area;
        GEOSArea_r(geos, w[i], &area);
        sum += people[i] * common(geos, both, w[i]) / area;
    }
    GEOSGeom_destroy_r(geos, both);
    return sum;
}

static void fill_geos(GEOSContextHandle_t geos, GEOSGeometry **out, const crooked *map)
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    for (int i = 0; i < map->nx * map->ny; i++) {
        cell_of(&shape, map, i);
        out[i] = geos_of(geos, &shape);
    }
    wijk_shape_free(&shape);
}

static void compare_with_geos(uint64_t seed)
{
    crooked maps[3];
    make_crooked(&maps[0], 5, 4, 0.6, 0.3, &seed);
    make_crooked(&maps[1], 4, 6, 0.6, -0.2, &seed);
    make_crooked(&maps[2], 9, 8, 0.6, 0.1, &seed);
    double people[72], total = 0;
    uint32_t label[72];
    for (uint32_t i = 0; i < 72; i++) {
        people[i] = floor(1000 * uniform(&seed) * uniform(&seed));
        label[i] = i;
        total += people[i];
    }
    wijk_sweep *sweep;
    int number[3];
    must(wijk_sweep_new(&sweep, 20));
    for (int i = 0; i < 3; i++) {
        add_map(sweep, &number[i], &maps[i]);
    }
    wijk_sweep_pair pair = {number[0], number[1], label, label, NULL, 0};
    must(wijk_sweep_run(sweep, number[2], people, &pair, 1, NULL));
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSGeometry *a[72], *b[72], *w[72];
    fill_geos(geos, a, &maps[0]);
    fill_geos(geos, b, &maps[1]);
    fill_geos(geos, w, &maps[2]);
    double found = 0, worst = 0;
    for (size_t i = 0; i < pair.count; i++) {
        const wijk_overlap *at = &pair.overlaps[i];
        if (at->a != WIJK_NO_LABEL && at->b != WIJK_NO_LABEL) {
            found += at->people;
            worst = fmax(worst, fabs(at->people - oracle(geos, w, people, 72, a[at->a], b[at->b])));
        }
    }
    double all = 0;
    for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 24; k++) {
            all += oracle(geos, w, people, 72, a[i], b[k]);
        }
    }
    assert_true(worst < 0.001 * total);
    assert_true(fabs(found - all) < 0.001 * total);
    for (int i = 0; i < 72; i++) {
        GEOSGeom_destroy_r(geos, i < 20 ? a[i] : NULL);
        GEOSGeom_destroy_r(geos, i < 24 ? b[i] : NULL);
        GEOSGeom_destroy_r(geos, w[i]);
    }
    GEOS_finish_r(geos);
    wijk_free(pair.overlaps);
    wijk_sweep_free(sweep);
}

static void test_against_geos(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        compare_with_geos(seed);
    }
}

/* Gaps, overlaps, an enclave without its hole and a bow tie: nobody is lost or counted twice. */
static void test_conserves(void **state)
{
    (void)state;
    uint64_t seed = 7;
    crooked people_map, other;
    make_crooked(&people_map, 8, 8, 0.6, 0, &seed);
    make_crooked(&other, 3, 3, 0.4, 0.1, &seed);
    double people[64], total = 0;
    uint32_t same[64], label[16];
    for (uint32_t i = 0; i < 64; i++) {
        people[i] = floor(500 * uniform(&seed));
        total += people[i];
        same[i] = i;
        label[i % 16] = i % 16;
    }
    wijk_sweep *sweep;
    int w, a;
    must(wijk_sweep_new(&sweep, 20));
    add_map(sweep, &w, &people_map);
    add_map(sweep, &a, &other);
    wijk_shape odd = WIJK_SHAPE_INIT;
    static const double extra[3][8] = {
        {108000, 408000, 109000, 408000, 109000, 409000, 108000, 409000}, /* enclave */
        {110000, 410000, 114000, 414000, 114000, 410000, 110000, 414000}, /* bow tie */
        {90000, 400000, 104000, 400000, 104000, 420000, 90000, 420000}};  /* half outside */
    for (int i = 0; i < 3; i++) {
        wijk_shape_clear(&odd);
        must(wijk_shape_begin(&odd, 0));
        for (int k = 0; k < 4; k++) {
            must(wijk_shape_point(&odd, extra[i][2 * k], extra[i][2 * k + 1]));
        }
        wijk_shape_end(&odd);
        must(wijk_sweep_add(sweep, a, &odd, i == 0 ? 1e6 : i == 1 ? 8e6 : 2.8e8));
    }
    wijk_shape_free(&odd);
    wijk_sweep_pair pair = {w, a, same, label, NULL, 0};
    must(wijk_sweep_run(sweep, w, people, &pair, 1, NULL));
    double each[64] = {0}, sum = 0, enclave = 0, bow = 0;
    for (size_t i = 0; i < pair.count; i++) {
        const wijk_overlap *at = &pair.overlaps[i];
        assert_true(at->a != WIJK_NO_LABEL); /* the weights are everywhere on their own map */
        each[at->a] += at->people;
        sum += at->people;
        enclave += at->b == 9 ? at->land : 0;
        bow += at->b == 10 ? at->land : 0;
    }
    for (int i = 0; i < 64; i++) {
        assert_true(fabs(each[i] - people[i]) < 1e-6 * (1 + people[i]) + 0.1);
    }
    assert_true(fabs(sum - total) < 1);
    assert_true(fabs(enclave - 1e6) < 1e4);
    assert_true(fabs(bow - 8e6) < 1e5);
    wijk_free(pair.overlaps);
    wijk_sweep_free(sweep);
}

/* ---- through the file ------------------------------------------------------------------- */

typedef struct {
    wijk_store *store;
    wijk_registry *registry;
    char path[256];
    int64_t bu[4], wk[2], pc[3];
} town;

static int id_of(const town *t, const char *code)
{
    const wijk_indicator *indicator = wijk_indicator_by_code(t->registry, code);
    assert_non_null(indicator);
    return indicator->id;
}

static void value_of(const town *t, int64_t area_id, int level, int vintage, const char *code,
                     int period, double value)
{
    wijk_stmt *stmt = wijk_store_sql(
        t->store, "INSERT INTO observation(area_id, indicator_id, period, load_id, value, half,"
                  " mark) VALUES(?1, ?2, ?3, 1, ?4, 0, ?5)");
    wijk_bind_int(stmt, 1, area_id);
    wijk_bind_int(stmt, 2, id_of(t, code));
    wijk_bind_int(stmt, 3, period);
    wijk_bind_double(stmt, 4, value);
    wijk_bind_int(stmt, 5, isnan(value) ? 2 : 0);
    must(wijk_run(stmt));
    if (isnan(value)) {
        return;
    }
    stmt = wijk_store_sql(t->store,
                          "INSERT INTO layer_value(indicator_id, period, level, vintage, area_id,"
                          " value, load_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1)");
    const int64_t key[] = {id_of(t, code), period, level, vintage, area_id};
    for (int i = 0; i < 5; i++) {
        wijk_bind_int(stmt, i + 1, key[i]);
    }
    wijk_bind_double(stmt, 6, value);
    must(wijk_run(stmt));
    stmt = wijk_store_sql(t->store,
                          "INSERT INTO series(indicator_id, level, vintage, period, areas)"
                          " VALUES(?1, ?2, ?3, ?4, 1) ON CONFLICT DO UPDATE SET areas = areas + 1");
    const int64_t series[] = {id_of(t, code), level, vintage, period};
    for (int i = 0; i < 4; i++) {
        wijk_bind_int(stmt, i + 1, series[i]);
    }
    must(wijk_run(stmt));
}

/* Four buurten of 1 km² in a row with 100, 200, 300 and 400 people, in two wijken; three postcodes
 * with borders at 1.5 km and 3 km. */
static void make_town(town *t)
{
    t->store = new_store(t->path, "geo_convert");
    must(wijk_registry_open(&t->registry, t->store));
    must(wijk_begin(t->store));
    static const double edges[] = {0, 1500, 3000, 4000};
    for (int i = 0; i < 4; i++) {
        char code[16];
        snprintf(code, sizeof code, "WK00010%d", i / 2);
        t->wk[i / 2] = area(t->store, WIJK_WIJK, 2024, code, i < 2 ? "West" : "Oost", 0);
        snprintf(code, sizeof code, "BU00010%d%02d", i / 2, i);
        t->bu[i] = area(t->store, WIJK_BUURT, 2024, code, "x", t->wk[i / 2]);
        box_of(t->store, t->bu[i], 1, 100000 + 1000 * i, 400000, 101000 + 1000 * i, 401000);
        value_of(t, t->bu[i], WIJK_BUURT, 2024, "population", 2024, 100 * (i + 1));
    }
    for (int i = 0; i < 3; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", 1001 + i);
        t->pc[i] = area(t->store, WIJK_PC4, 2020, code, "", 0);
        box_of(t->store, t->pc[i], 1, 100000 + edges[i], 400000, 100000 + edges[i + 1], 401000);
    }
}

static void finish_town(town *t)
{
    must(wijk_commit(t->store));
    must(wijk_geo_derive_shapes(t->store, NULL));
    must(wijk_geo_derive_links(t->store, t->registry, NULL));
    wijk_registry_free(t->registry); /* read again: it holds the series */
    must(wijk_registry_open(&t->registry, t->store));
}

static void drop_town(town *t)
{
    wijk_registry_free(t->registry);
    drop_store(t->store, t->path);
}

static double converted(const town *t, int64_t to, const char *code, int period)
{
    wijk_arena *arena;
    wijk_converted *values;
    size_t count;
    double value = NAN;
    int id = id_of(t, code);
    must(wijk_arena_new(&arena, 0));
    must(wijk_geo_convert(&values, &count, t->store, t->registry, arena, to, &id, 1));
    for (size_t i = 0; i < count; i++) {
        if (values[i].period == period) {
            value = values[i].value;
        }
    }
    wijk_arena_free(arena);
    return value;
}

static void near(double value, double want)
{
    if (!(fabs(value - want) < 0.005 * fabs(want) + 1e-6)) {
        fail_msg("%.6f, not %.6f", value, want);
    }
}

static void test_convert(void **state)
{
    (void)state;
    town t;
    make_town(&t);
    /* People of the postcodes by the buurten: 100 + 100, 100 + 300, 400. */
    static const double homes[] = {60, 160, 200}, woz[] = {200, 300, 400};
    for (int i = 0; i < 3; i++) {
        value_of(&t, t.pc[i], WIJK_PC4, 2020, "homes", 2020, homes[i]);
        value_of(&t, t.pc[i], WIJK_PC4, 2020, "woz_value", 2020, woz[i]);
        value_of(&t, t.pc[i], WIJK_PC4, 2020, "total_area", 2020, 100);
        value_of(&t, t.pc[i], WIJK_PC4, 2020, "homes", 2018, i == 1 ? NAN : homes[i]);
    }
    finish_town(&t);
    near(converted(&t, t.bu[0], "homes", 2020), 30);      /* half of 1001's people */
    near(converted(&t, t.bu[1], "homes", 2020), 30 + 40); /* the other half, a quarter of 1002 */
    near(converted(&t, t.bu[2], "homes", 2020), 120);     /* three quarters of 1002 */
    near(converted(&t, t.bu[1], "woz_value", 2020), 250); /* half and half */
    near(converted(&t, t.wk[0], "woz_value", 2020), (200 * 200 + 100 * 300) / 300.0);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += converted(&t, t.bu[i], "homes", 2020);
    }
    near(sum, 60 + 160 + 200); /* handed out whole */
    near(converted(&t, t.wk[0], "homes", 2020) + converted(&t, t.wk[1], "homes", 2020), 420);
    assert_true(isnan(converted(&t, t.bu[1], "homes", 2018))); /* half of its people uncovered */
    near(converted(&t, t.bu[0], "homes", 2018), 30);
    assert_true(isnan(converted(&t, t.bu[0], "total_area", 2020))); /* land follows no people */
    drop_town(&t);
}

/* ---- what is the same ------------------------------------------------------------------- */

static int kind_of(const town *t, int64_t to, int64_t from)
{
    wijk_stmt *stmt =
        wijk_store_sql(t->store, "SELECT kind FROM area_link WHERE to_id = ?1 AND from_id = ?2");
    int64_t kind;
    wijk_bind_int(stmt, 1, to);
    wijk_bind_int(stmt, 2, from);
    must(wijk_run_int(&kind, stmt, -1));
    return (int)kind;
}

static void test_same(void **state)
{
    (void)state;
    town t;
    make_town(&t);
    wijk_store *s = t.store;
    /* 2022, drawn: West lost a third to Oost; both keep code and name. */
    int64_t west = area(s, WIJK_WIJK, 2022, "WK000100", "West", 0);
    int64_t east = area(s, WIJK_WIJK, 2022, "WK000101", "Oost", 0);
    box_of(s, west, 1, 100000, 400000, 101300, 401000);
    box_of(s, east, 1, 101300, 400000, 104000, 401000);
    /* 2023, not drawn: West has the people of 2024, Oost those of neither year. */
    int64_t west23 = area(s, WIJK_WIJK, 2023, "WK000100", "West", 0);
    int64_t east23 = area(s, WIJK_WIJK, 2023, "WK000101", "Oost", 0);
    value_of(&t, west, WIJK_WIJK, 2022, "population", 2022, 160);
    value_of(&t, west23, WIJK_WIJK, 2023, "population", 2023, 305);
    value_of(&t, t.wk[0], WIJK_WIJK, 2024, "population", 2024, 300);
    value_of(&t, east, WIJK_WIJK, 2022, "population", 2022, 840);
    value_of(&t, east23, WIJK_WIJK, 2023, "population", 2023, 770);
    value_of(&t, t.wk[1], WIJK_WIJK, 2024, "population", 2024, 700);
    /* Buurten: one renumbered within its border, one without a name, one renamed, one as it was. */
    int64_t renumbered = area(s, WIJK_BUURT, 2022, "BU00010099", "y", 0);
    box_of(s, renumbered, 1, 102000, 400000, 103000, 401000);
    int64_t unnamed = area(s, WIJK_BUURT, 2020, "BU00010000", "", 0);
    int64_t renamed = area(s, WIJK_BUURT, 2020, "BU00010001", "Nieuw", 0);
    int64_t as_it_was = area(s, WIJK_BUURT, 2020, "BU00010103", "X", 0);
    /* A gemeente in three years; the statistics office adds "(gemeente)" once. */
    int64_t gm20 = area(s, WIJK_GEMEENTE, 2020, "GM0001", "Dorp", 0);
    int64_t gm24 = area(s, WIJK_GEMEENTE, 2024, "GM0001", "Dorp (gemeente)", 0);
    int64_t other = area(s, WIJK_GEMEENTE, 2022, "GM0001", "Stad", 0);
    /* A city's own codes: the table of changes says that A moved and that B became C. */
    int64_t a05 = area(s, WIJK_LOCAL, 2005, "A", "a", 0),
            a10 = area(s, WIJK_LOCAL, 2010, "A", "a", 0);
    int64_t b05 = area(s, WIJK_LOCAL, 2005, "B", "b", 0),
            c10 = area(s, WIJK_LOCAL, 2010, "C", "b", 0);
    int64_t c15 = area(s, WIJK_LOCAL, 2015, "C", "b", 0);
    const int64_t pairs[2][3] = {{a05, a10, 1}, {b05, c10, 0}};
    for (int i = 0; i < 2; i++) {
        wijk_stmt *stmt = wijk_store_sql(
            s, "INSERT INTO crosswalk(load_id, from_id, to_id, changed) VALUES(1, ?1, ?2, ?3)");
        for (int k = 0; k < 3; k++) {
            wijk_bind_int(stmt, k + 1, pairs[i][k]);
        }
        must(wijk_run(stmt));
    }
    finish_town(&t);
    assert_int_equal(kind_of(&t, t.wk[0], west), 2); /* code and name equal, border not */
    assert_int_equal(kind_of(&t, t.wk[1], east), 2);
    assert_int_equal(kind_of(&t, t.wk[0], west23), 0);
    assert_int_equal(kind_of(&t, west, west23), -1);
    assert_int_equal(kind_of(&t, t.wk[1], east23), -1);
    assert_int_equal(kind_of(&t, east, east23), -1);
    assert_int_equal(kind_of(&t, t.bu[2], renumbered), 0);
    assert_int_equal(kind_of(&t, t.bu[0], unnamed), 1);
    assert_int_equal(kind_of(&t, t.bu[1], renamed), -1);
    assert_int_equal(kind_of(&t, t.bu[3], as_it_was), 0);
    assert_int_equal(kind_of(&t, as_it_was, t.bu[3]), 0);
    assert_int_equal(kind_of(&t, gm24, gm20), 0);
    assert_int_equal(kind_of(&t, gm24, other), -1);
    assert_int_equal(kind_of(&t, a10, a05), -1);
    assert_int_equal(kind_of(&t, c10, b05), 0);
    assert_int_equal(kind_of(&t, c15, b05), 0); /* the same as the same */
    drop_town(&t);
}

/* Every failed allocation on the way ends in an error, never in half a table or a crash. */
static void test_memory(void **state)
{
    (void)state;
    town t;
    make_town(&t);
    value_of(&t, t.pc[0], WIJK_PC4, 2020, "homes", 2020, 60);
    must(wijk_commit(t.store));
    must(wijk_geo_derive_shapes(t.store, NULL));
    must(wijk_geo_derive_links(t.store, t.registry, NULL));
    int64_t links, now;
    must(wijk_run_int(&links, wijk_store_sql(t.store, "SELECT count(*) FROM area_link"), 0));
    assert_true(links > 0);
    int rc = -1, failures = 0;
    for (long n = 1; rc && n < 5000; n++, failures++) {
        wijk_alloc_fail_at(n, 0);
        rc = wijk_geo_derive_links(t.store, t.registry, NULL);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == 0 || rc == WIJK_ENOMEM || rc == WIJK_EDB);
        must(wijk_run_int(&now, wijk_store_sql(t.store, "SELECT count(*) FROM area_link"), 0));
        assert_int_equal(now, links);
    }
    assert_int_equal(rc, 0);
    assert_true(failures > 20);
    drop_town(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_geos), cmocka_unit_test(test_conserves),
        cmocka_unit_test(test_convert), cmocka_unit_test(test_same), cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
