/* Similar areas: what enters the distance, and that the distance is one. */
#include "facts_fixture.h"

#include "wijk/rng.h"
#include "wijk/similar.h"

enum { AREAS = 60 };

static country c;
static int64_t areas[AREAS];

static void no_origin_and_no_outcome_enters(void **state)
{
    (void)state;
    country_open(&c, "design.wijk");
    const wijk_indicator *design[64];
    size_t n = wijk_similar_design(design, 64, c.registry);
    assert_true(n >= 8);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(design[i]->origin, 0);
        assert_null(strstr(design[i]->code, "origin"));
        assert_null(strstr(design[i]->code, "born"));
        static const char *const outcomes[] = {"livability", "safety", "health", "care"};
        for (size_t k = 0; k < 4; k++) {
            assert_string_not_equal(design[i]->theme, outcomes[k]);
        }
    }
    /* Even a registry that asks for it does not get it. */
    for (size_t i = 0; i < wijk_indicator_count(c.registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(c.registry, i);
        if (it->origin) {
            assert_true(it->similar == 0);
        }
    }
    country_close(&c);
}

static void distance_is_symmetric_and_needs_enough(void **state)
{
    (void)state;
    float a[6], b[6], pa[6], pb[6];
    for (uint32_t n = 0; n < 500; n++) {
        for (uint32_t k = 0; k < 6; k++) {
            wijk_draw draw = {.seed = 11, .purpose = 1, .place = k, .nth = n};
            a[k] = (float)wijk_rng_normal(draw);
            draw.purpose = 2;
            b[k] = (float)wijk_rng_normal(draw);
            draw.purpose = 3;
            pa[k] = wijk_rng_uniform(draw) < 0.8 ? 1.5f : 0;
            draw.purpose = 4;
            pb[k] = wijk_rng_uniform(draw) < 0.8 ? 1.5f : 0;
        }
        double ab = wijk_similar_distance(a, pa, b, pb, 6, 9);
        assert_true(ab == wijk_similar_distance(b, pb, a, pa, 6, 9));
        double shared = 0;
        for (int k = 0; k < 6; k++) {
            shared += pa[k] > 0 && pb[k] > 0 ? 1.5 : 0;
        }
        assert_int_equal(isinf(ab), shared < 0.6 * 9);
        assert_true(isinf(ab) || ab >= 0);
        double aa = wijk_similar_distance(a, pa, a, pa, 6, 9);
        assert_true(isinf(aa) || aa == 0);
    }
}

static int setup(void **state)
{
    (void)state;
    country_open(&c, "similar.wijk");
    int64_t gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    int64_t load = add_load(&c, "published", 90);
    static const char *const codes[] = {
        "address_density",   "age_0_14_share", "age_15_24_share",         "age_25_44_share",
        "age_65_plus_share", "household_size", "households_single_share", "owner_share",
        "social_share",      "woz_value",      "single_family_share"};
    for (uint32_t i = 0; i < AREAS; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001%04u", i);
        areas[i] = add_area(&c, WIJK_BUURT, code, 2024, code, gemeente);
        for (uint32_t k = 0; k < sizeof codes / sizeof *codes; k++) {
            /* Areas 0 and 1 are twins, far away from the rest. */
            wijk_draw draw = {.seed = 1, .purpose = k, .place = i < 2 ? 0 : i};
            double z = wijk_rng_normal(draw) + (i < 2 ? 2.5 : 0);
            if (i != 2 || k < 3) { /* of area 2 too little is known */
                add_cell(&c, areas[i], id_of(&c, codes[k]), 2024, load, 50 + 10 * z, 0.5, 0);
            }
        }
        /* Origin differs as much as it can: nobody may notice. */
        add_cell(&c, areas[i], id_of(&c, "origin_nonwestern_share"), 2024, load, i % 2 ? 95 : 0,
                 0.5, 0);
    }
    derive(&c);
    must(wijk_similar_derive(c.store, c.registry, NULL));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static int64_t nearest(int64_t area, int place, double *distance, char reason[200])
{
    wijk_stmt *stmt = wijk_store_sql(
        c.store, "SELECT other_id,distance,reason FROM similar WHERE area_id=?1 AND place=?2");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, place);
    if (wijk_step(stmt) != 1) {
        return 0;
    }
    int64_t other = wijk_col_int(stmt, 0);
    *distance = wijk_col_double(stmt, 1);
    snprintf(reason, 200, "%s", wijk_col_text(stmt, 2));
    wijk_reset(stmt);
    return other;
}

static void twins_find_each_other(void **state)
{
    (void)state;
    double d, back;
    char reason[200];
    assert_true(nearest(areas[0], 1, &d, reason) == areas[1]);
    assert_true(nearest(areas[1], 1, &back, reason) == areas[0]);
    assert_true(d == back && d == 0);
    assert_null(strstr(reason, "origin"));
    assert_true(strlen(reason) > 0);
    for (int place = 2; place <= 5; place++) {
        double farther;
        assert_true(nearest(areas[0], place, &farther, reason) != 0);
        assert_true(farther >= d);
        d = farther;
    }
    assert_true(nearest(areas[0], 6, &d, reason) == 0);
}

static void too_little_known_gives_none(void **state)
{
    (void)state;
    double d;
    char reason[200];
    assert_true(nearest(areas[2], 1, &d, reason) == 0);
    int64_t n;
    wijk_stmt *stmt = wijk_store_sql(c.store, "SELECT count(*) FROM similar WHERE other_id=?");
    wijk_bind_int(stmt, 1, areas[2]);
    must(wijk_run_int(&n, stmt, 0));
    assert_int_equal(n, 0);
}

static void invented_and_real_never_meet(void **state)
{
    (void)state;
    wijk_stmt *stmt = wijk_store_sql(c.store, "UPDATE area SET fictional=1 WHERE id=?");
    wijk_bind_int(stmt, 1, areas[1]);
    must(wijk_run(stmt));
    must(wijk_similar_derive(c.store, c.registry, NULL));
    int64_t n;
    must(wijk_run_int(&n,
                      wijk_store_sql(c.store, "SELECT count(*) FROM similar s JOIN area a ON "
                                              "a.id=s.area_id JOIN area b ON b.id=s.other_id "
                                              "WHERE a.fictional<>b.fictional"),
                      0));
    assert_int_equal(n, 0);
    double d;
    char reason[200];
    assert_true(nearest(areas[0], 1, &d, reason) != areas[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_origin_and_no_outcome_enters),
        cmocka_unit_test(distance_is_symmetric_and_needs_enough),
        cmocka_unit_test_setup_teardown(twins_find_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(too_little_known_gives_none, setup, teardown),
        cmocka_unit_test_setup_teardown(invented_and_real_never_meet, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
