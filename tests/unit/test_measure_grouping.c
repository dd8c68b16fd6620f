/* Groupings read from the file: what is native, what is withheld, what rounding leaves, and what
 * never counts twice. The invented country's tables are small enough to reckon by hand. */
#include "facts_fixture.h"

#include "wijk/grouping.h"
#include "wijk/segregation.h"

enum { YEAR = 2024, BUURTEN = 4 };

typedef struct {
    country c;
    int64_t land, gemeente, wijk, buurt[BUURTEN];
    wijk_groupings groupings;
} town;

/* Homes 100, 200, 100, 40; owners 60%, 10%, secret, 50%; corporation 20%, 70%, 30%, 50%. */
static void town_open(town *t, const char *name)
{
    static const double homes[BUURTEN] = {100, 200, 100, 40};
    static const double owner[BUURTEN] = {60, 10, NAN, 50};
    static const double social[BUURTEN] = {20, 70, 30, 50};
    memset(t, 0, sizeof *t);
    country_open(&t->c, name);
    int64_t load = add_load(&t->c, "published", 90);
    t->land = add_area(&t->c, WIJK_LAND, "NL", YEAR, "Nederland", 0);
    t->gemeente = add_area(&t->c, WIJK_GEMEENTE, "GM0001", YEAR, "Proefstad", t->land);
    t->wijk = add_area(&t->c, WIJK_WIJK, "WK000101", YEAR, "Noord", t->gemeente);
    for (int i = 0; i < BUURTEN; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001010%d", i);
        t->buurt[i] = add_area(&t->c, WIJK_BUURT, code, YEAR, code, t->wijk);
        add_cell(&t->c, t->buurt[i], id_of(&t->c, "homes"), YEAR, load, homes[i], 0.5, 0);
        add_cell(&t->c, t->buurt[i], id_of(&t->c, "owner_share"), YEAR, load, owner[i], 0.5,
                 isnan(owner[i]) ? WIJK_MARK_SECRET : 0);
        add_cell(&t->c, t->buurt[i], id_of(&t->c, "social_share"), YEAR, load, social[i], 0.5, 0);
        add_cell(&t->c, t->buurt[i], id_of(&t->c, "private_share"), YEAR, load,
                 isnan(owner[i]) ? 30 : 100 - owner[i] - social[i], 0.5, 0);
    }
}

static void town_ready(town *t)
{
    derive(&t->c);
    refresh(&t->c);
    must(wijk_groupings_read(&t->groupings, t->c.registry, t->c.arena));
}

static wijk_grouped read_town(town *t, const char *grouping, int64_t whole)
{
    wijk_grouped out;
    must(wijk_grouped_read(&out, t->c.store, t->c.registry, t->c.arena,
                           wijk_grouping_find(&t->groupings, grouping),
                           (wijk_layer){WIJK_BUURT, YEAR, YEAR}, whole));
    return out;
}

static void test_registry_names_every_group(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_registry.wijk");
    must(wijk_groupings_read(&t.groupings, t.c.registry, t.c.arena));
    assert_true(t.groupings.count >= 10);
    for (size_t i = 0; i < t.groupings.count; i++) {
        const wijk_grouping *at = &t.groupings.at[i];
        assert_true(at->groups >= 2);
        assert_true(*at->name[WIJK_NL] && *at->name[WIJK_EN] && *at->source && at->counted);
        for (size_t g = 0; g < at->groups; g++) {
            assert_true(*at->group[g].code && *at->group[g].name[WIJK_NL]);
            assert_true(*at->group[g].name[WIJK_EN] && *at->group[g].from);
        }
    }
    country_close(&t.c);
}

static void test_shares_become_counts(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_shares.wijk");
    town_ready(&t);
    wijk_grouped all = read_town(&t, "tenure", t.gemeente);
    assert_int_equal(all.areas, 3); /* the buurt with a secret share says too little */
    assert_int_equal(all.without, 1);
    assert_true(all.total_without == 100);
    assert_int_equal(all.rest, -1);
    assert_true(all.counts[0] == 60 && all.counts[1] == 20 && all.counts[2] == 20);
    assert_true(all.counts[3] == 20 && all.counts[4] == 140 && all.counts[5] == 40);
    assert_true(all.cells[0].share && all.cells[0].low == 0.595 && all.cells[0].high == 0.605);
    /* The same through the wijk and the country. */
    assert_int_equal(read_town(&t, "tenure", t.wijk).areas, 3);
    assert_int_equal(read_town(&t, "tenure", t.land).areas, 3);
    country_close(&t.c);
}

static void test_rest_is_what_is_left(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_rest.wijk");
    town_ready(&t);
    wijk_grouped two = read_town(&t, "corporation", t.gemeente);
    assert_int_equal(two.areas, 4);
    assert_int_equal(two.rest, 1);
    assert_non_null(two.total);
    assert_true(two.counts[2 * 2] == 30 && two.counts[2 * 2 + 1] == 70);
    assert_true(isinf(two.cells[1].high) && !two.cells[1].withheld);
    assert_true(two.total[0].low == 99.5 && two.total[0].high == 100.5);
    country_close(&t.c);
}

/* A secret count is too small for the publisher's step: it stays in, with its range. */
static void test_secret_counts_keep_their_range(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_secret.wijk");
    int64_t load = add_load(&t.c, "published", 95);
    for (int i = 0; i < 4; i++) {
        char code[16];
        snprintf(code, sizeof code, "100%d", i);
        int64_t id = add_area(&t.c, WIJK_PC4, code, YEAR, code, 0);
        add_cell(&t.c, id, id_of(&t.c, "homes"), YEAR, load, 200, 2.5, 0);
        add_cell(&t.c, id, id_of(&t.c, "homes_social"), YEAR, load, 20, 2.5,
                 i == 1 ? WIJK_MARK_SECRET : 0);
    }
    town_ready(&t);
    wijk_grouped two;
    must(wijk_grouped_read(&two, t.c.store, t.c.registry, t.c.arena,
                           wijk_grouping_find(&t.groupings, "corporation"),
                           (wijk_layer){WIJK_PC4, YEAR, YEAR}, t.land));
    assert_int_equal(two.areas, 4);
    assert_true(two.withheld == 0.25);
    assert_true(two.counts[2] == 0 && two.counts[3] == 200);
    assert_true(two.cells[2].withheld && two.cells[2].low == 0 && two.cells[2].high == 4);
    country_close(&t.c);
}

/* Behind a published 5 are 5 to 7 where less than 5 is kept secret, and 3 to 7 where it is not: the
 * source says which. Postcodes are of the first kind. */
static void test_the_least_published(void **state)
{
    static const char *const sources[] = {"cbs-pc4-2020", "kwb-2023-utrecht"};
    static const double low[] = {5, 2.5};
    (void)state;
    for (int k = 0; k < 2; k++) {
        town t;
        town_open(&t, "grouping_least.wijk");
        int64_t load = add_load_of(&t.c, sources[k], "published", 95);
        for (int i = 0; i < 3; i++) {
            char code[16];
            snprintf(code, sizeof code, "100%d", i);
            int64_t id = add_area(&t.c, WIJK_PC4, code, YEAR, code, 0);
            add_cell(&t.c, id, id_of(&t.c, "homes"), YEAR, load, 200, 2.5, 0);
            add_cell(&t.c, id, id_of(&t.c, "homes_social"), YEAR, load, i == 2 ? 20 : 5, 2.5,
                     i == 1 ? WIJK_MARK_SECRET : 0);
        }
        town_ready(&t);
        wijk_grouped two;
        must(wijk_grouped_read(&two, t.c.store, t.c.registry, t.c.arena,
                               wijk_grouping_find(&t.groupings, "corporation"),
                               (wijk_layer){WIJK_PC4, YEAR, YEAR}, t.land));
        assert_int_equal(two.areas, 3);
        assert_true(two.cells[0].low == low[k] && two.cells[0].high == 7.5);
        assert_true(two.cells[2].withheld && two.cells[2].low == 0 && two.cells[2].high == 4);
        assert_true(two.cells[4].low == 17.5 && two.cells[4].high == 22.5);
        country_close(&t.c);
    }
}

/* Homes nobody counted: households stand in, and the table says so. */
static void test_stand_in_is_told(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_standin.wijk");
    int64_t load = add_load(&t.c, "published", 90);
    int64_t buurten[2];
    for (int i = 0; i < 2; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001020%d", i);
        buurten[i] = add_area(&t.c, WIJK_BUURT, code, 2019, code, 0);
        add_cell(&t.c, buurten[i], id_of(&t.c, "households"), 2018, load, 50, 2.5, 0);
        add_cell(&t.c, buurten[i], id_of(&t.c, "owner_share"), 2019, load, 40 + 20 * i, 0.5, 0);
    }
    town_ready(&t);
    wijk_grouped all;
    must(wijk_grouped_read_all(&all, t.c.store, t.c.registry, t.c.arena,
                               wijk_grouping_find(&t.groupings, "owner"),
                               (wijk_layer){WIJK_BUURT, 2019, 2019}, 0));
    assert_int_equal(all.areas, 2);
    assert_int_equal(all.stand_in, 1);
    assert_int_equal(all.base_period, 2018);
    assert_true(all.counts[0] == 20 && all.counts[2] == 30);
    country_close(&t.c);
}

/* Amsterdam's A00 holds A00a and A00b: homes must not count twice. */
static void test_parts_count_once(void **state)
{
    (void)state;
    static const char *const codes[] = {"ASD-A00", "ASD-A00a", "ASD-A00b", "ASD-A01a"};
    town t;
    town_open(&t, "grouping_local.wijk");
    int64_t load = add_load(&t.c, "published", 90), big = 0;
    for (int i = 0; i < 4; i++) {
        int64_t id =
            add_area(&t.c, WIJK_LOCAL, codes[i], YEAR, codes[i], i && i < 3 ? big : t.gemeente);
        big = i ? big : id;
        add_cell(&t.c, id, id_of(&t.c, "homes_owner"), YEAR, load, i ? 10 : 20, 0.5, 0);
        add_cell(&t.c, id, id_of(&t.c, "homes_social"), YEAR, load, i ? 30 : 60, 0.5, 0);
        add_cell(&t.c, id, id_of(&t.c, "homes_private"), YEAR, load, i ? 5 : 10, 0.5, 0);
    }
    town_ready(&t);
    wijk_grouped all;
    must(wijk_grouped_read(&all, t.c.store, t.c.registry, t.c.arena,
                           wijk_grouping_find(&t.groupings, "tenure"),
                           (wijk_layer){WIJK_LOCAL, YEAR, YEAR}, t.gemeente));
    assert_int_equal(all.areas, 3);
    assert_int_equal(all.without, 0);
    assert_null(all.base); /* counts of every group need none */
    must(wijk_grouped_read(&all, t.c.store, t.c.registry, t.c.arena,
                           wijk_grouping_find(&t.groupings, "tenure"),
                           (wijk_layer){WIJK_LOCAL, YEAR, YEAR}, big));
    assert_int_equal(all.areas, 2);
    country_close(&t.c);
}

static void test_nothing_known_is_said(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_nothing.wijk");
    town_ready(&t);
    wijk_grouped out;
    const wijk_grouping *age = wijk_grouping_find(&t.groupings, "age");
    assert_int_equal(wijk_grouped_read(&out, t.c.store, t.c.registry, t.c.arena, age,
                                       (wijk_layer){WIJK_BUURT, YEAR, YEAR}, t.gemeente),
                     WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_NL), "2024"));
    assert_null(wijk_grouping_find(&t.groupings, "geen"));
    country_close(&t.c);
}

/* The derived table holds what the indices of the very table are. */
static void test_mixture_is_the_indices(void **state)
{
    (void)state;
    town t;
    town_open(&t, "grouping_mixture.wijk");
    town_ready(&t);
    must(wijk_mixture_derive(t.c.store, t.c.registry, NULL));
    wijk_grouped table = read_town(&t, "tenure", t.gemeente);
    wijk_segregation all;
    must(wijk_segregation_all(&all, table.counts, table.areas, table.groups));
    const int64_t wholes[] = {t.gemeente, t.wijk};
    for (size_t k = 0; k < 2; k++) {
        wijk_area area;
        wijk_mixture_row *rows;
        size_t count = 0, met = 0;
        must(wijk_area_get(&area, t.c.store, t.c.arena, wholes[k]));
        must(wijk_mixture_of(&rows, &count, t.c.store, &t.groupings, t.c.arena, &area));
        for (size_t i = 0; i < count; i++) {
            if (strcmp(rows[i].grouping->code, "tenure") != 0) {
                continue;
            }
            met++;
            assert_true(rows[i].at.d == all.dissimilarity && rows[i].at.h == all.theil);
            assert_true(rows[i].at.total == all.total && rows[i].at.areas == 3);
            assert_true(fabs(rows[i].at.within - all.simpson * (1 - all.relative)) < 1e-15);
        }
        assert_int_equal(met, 1);
    }
    country_close(&t.c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry_names_every_group),
        cmocka_unit_test(test_shares_become_counts),
        cmocka_unit_test(test_rest_is_what_is_left),
        cmocka_unit_test(test_secret_counts_keep_their_range),
        cmocka_unit_test(test_the_least_published),
        cmocka_unit_test(test_stand_in_is_told),
        cmocka_unit_test(test_parts_count_once),
        cmocka_unit_test(test_nothing_known_is_said),
        cmocka_unit_test(test_mixture_is_the_indices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
