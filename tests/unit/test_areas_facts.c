/* Facts: who wins a cell, what a figure says about where it comes from, and what makes it grey. */
#include "facts_fixture.h"

#include "wijk/standout.h"

static country c;
static int64_t gemeente, wijk, buurt;

static int setup(void **state)
{
    (void)state;
    country_open(&c, "facts.wijk");
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    wijk = add_area(&c, WIJK_WIJK, "WK000101", 2024, "Noord", gemeente);
    buurt = add_area(&c, WIJK_BUURT, "BU00010101", 2024, "Havenkwartier", wijk);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static void the_higher_rank_wins(void **state)
{
    (void)state;
    int64_t derived = add_load(&c, "derived", 50), cbs = add_load(&c, "published", 90);
    int owner = id_of(&c, "owner_share");
    add_cell(&c, buurt, owner, 2024, derived, 41, 0.5, 0);
    add_cell(&c, buurt, owner, 2024, cbs, 40, 0.5, 0);
    refresh(&c);
    wijk_facts facts;
    const wijk_value *v = fact(&c, &facts, buurt, "owner_share", 0);
    assert_non_null(v);
    assert_true(v->value == 40 && v->load == cbs && v->origin == WIJK_PUBLISHED);
    assert_true(v->low == 39.5 && v->high == 40.5);
}

static void a_number_beats_missing_but_not_secret(void **state)
{
    (void)state;
    int64_t low = add_load(&c, "published", 50), high = add_load(&c, "published", 90);
    add_cell(&c, buurt, id_of(&c, "social_share"), 2024, high, 0, 0, WIJK_MARK_MISSING);
    add_cell(&c, buurt, id_of(&c, "social_share"), 2024, low, 30, 0.5, 0);
    add_cell(&c, buurt, id_of(&c, "woz_value"), 2024, high, 0, 0, WIJK_MARK_SECRET);
    add_cell(&c, buurt, id_of(&c, "woz_value"), 2024, low, 300, 0.5, 0);
    refresh(&c);
    wijk_facts facts;
    assert_true(fact(&c, &facts, buurt, "social_share", 2024)->value == 30);
    const wijk_value *woz = wijk_facts_find(&facts, id_of(&c, "woz_value"), 2024);
    assert_int_equal(woz->mark, WIJK_MARK_SECRET);
    assert_true(isnan(woz->value));
}

static void a_superseded_load_is_silent(void **state)
{
    (void)state;
    int64_t old = add_load(&c, "published", 90), new = add_load(&c, "published", 90);
    wijk_stmt *stmt = wijk_store_sql(c.store, "UPDATE load SET superseded_by=?1 WHERE id=?2");
    wijk_bind_int(stmt, 1, new);
    wijk_bind_int(stmt, 2, old);
    must(wijk_run(stmt));
    add_cell(&c, buurt, id_of(&c, "homes"), 2023, old, 100, 2.5, 0);
    refresh(&c);
    wijk_facts facts;
    assert_null(fact(&c, &facts, buurt, "homes", 0));
}

static void other_vintages_say_how_sure_they_are(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    int64_t same = add_area(&c, WIJK_BUURT, "BU00010101", 2020, "Havenkwartier", 0);
    int64_t unchecked = add_area(&c, WIJK_BUURT, "BU00010101", 2017, "", 0);
    add_link(&c, buurt, same, 0, 1, 1);
    add_link(&c, buurt, unchecked, 1, 1, 1);
    int homes = id_of(&c, "homes");
    add_cell(&c, same, homes, 2020, load, 500, 2.5, 0);
    add_cell(&c, unchecked, homes, 2017, load, 480, 2.5, 0);
    add_cell(&c, unchecked, homes, 2020, load, 999, 2.5, 0);
    refresh(&c);
    wijk_facts facts;
    const wijk_value *v = fact(&c, &facts, buurt, "homes", 2020);
    assert_int_equal(v->origin, WIJK_SAME);
    assert_true(v->value == 500 && v->from == same);
    v = wijk_facts_find(&facts, homes, 2017);
    assert_int_equal(v->origin, WIJK_UNCHECKED);
    assert_true(v->from == unchecked);
    assert_true(wijk_facts_find(&facts, homes, 0)->period == 2020);
}

static void a_share_follows_from_its_counts(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    add_cell(&c, buurt, id_of(&c, "population"), 2024, load, 1000, 2.5, 0);
    add_cell(&c, buurt, id_of(&c, "age_65_plus"), 2024, load, 200, 2.5, 0);
    derive(&c);
    wijk_facts facts;
    const wijk_value *v = fact(&c, &facts, buurt, "age_65_plus_share", 0);
    assert_non_null(v);
    assert_int_equal(v->origin, WIJK_COMPUTED);
    assert_true(fabs(v->value - 20) < 1e-12);
    /* The true share lies between (200 - 2.5) / 1002.5 and 202.5 / 997.5. */
    assert_true(fabs(v->low - 100 * 197.5 / 1002.5) < 1e-12);
    assert_true(fabs(v->high - 100 * 202.5 / 997.5) < 1e-12);
    assert_true(facts.people == 1000);
}

static void only_the_panel_borrows_and_says_so(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    add_cell(&c, wijk, id_of(&c, "household_size"), 2024, load, 2.1, 0.05, 0);
    add_cell(&c, gemeente, id_of(&c, "good_health"), 2022, load, 78, 0.5, 0);
    add_cell(&c, wijk, id_of(&c, "vacant_share"), 2024, load, 4, 0.5, 0);
    add_cell(&c, wijk, id_of(&c, "population"), 2024, load, 9000, 2.5, 0);
    refresh(&c);
    wijk_facts facts;
    const wijk_value *v = fact(&c, &facts, buurt, "household_size", 0);
    assert_int_equal(v->origin, WIJK_BORROWED);
    assert_true(v->from == wijk && v->value == 2.1);
    v = wijk_facts_find(&facts, id_of(&c, "good_health"), 0);
    assert_int_equal(v->origin, WIJK_BORROWED);
    assert_true(v->from == gemeente);
    assert_null(wijk_facts_find(&facts, id_of(&c, "vacant_share"), 0)); /* not in the panel */
    assert_null(wijk_facts_find(&facts, id_of(&c, "population"), 0));   /* a count of the wijk */
}

static void few_people_and_old_age_are_grey(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90), model = add_load(&c, "modelled", 90);
    int64_t tiny = add_area(&c, WIJK_BUURT, "BU00010102", 2024, "Eiland", wijk);
    int population = id_of(&c, "population"), young = id_of(&c, "age_0_14_share");
    add_cell(&c, buurt, population, 2024, load, 2000, 2.5, 0);
    add_cell(&c, tiny, population, 2024, load, 40, 2.5, 0);
    add_cell(&c, buurt, young, 2024, load, 17, 0.5, 0);
    add_cell(&c, tiny, young, 2024, load, 17, 0.5, 0);
    add_cell(&c, buurt, id_of(&c, "loneliness"), 2012, model, 40, -1, 0);
    add_cell(&c, buurt, id_of(&c, "good_health"), 2012, model, 70, -1, 0);
    add_cell(&c, buurt, id_of(&c, "good_health"), 2022, model, 75, -1, 0);
    derive(&c);
    wijk_facts facts;
    assert_int_equal(fact(&c, &facts, buurt, "age_0_14_share", 0)->flags & WIJK_GREY, 0);
    const wijk_value *old = wijk_facts_find(&facts, id_of(&c, "loneliness"), 0);
    assert_int_equal(old->flags, WIJK_GREY | WIJK_MODELLED);
    assert_true(isnan(old->low) && isnan(old->high));
    /* As history a figure of 2012 is as good as it ever was; only "now" can be too old. */
    assert_int_equal(wijk_facts_find(&facts, id_of(&c, "good_health"), 2012)->flags, WIJK_MODELLED);
    assert_true(fact(&c, &facts, tiny, "age_0_14_share", 0)->flags & WIJK_GREY);
}

static void codes_are_found_as_people_write_them(void **state)
{
    (void)state;
    int64_t pc4 = add_area(&c, WIJK_PC4, "1234", 2020, "", 0);
    wijk_area area;
    must(wijk_area_find(&area, c.store, c.arena, "1234 ab", 0));
    assert_true(area.id == pc4);
    must(wijk_area_find(&area, c.store, c.arena, "bu00010101", 0));
    assert_true(area.id == buurt && area.vintage == 2024);
    assert_string_equal(area.gemeente, "Proefstad");
    assert_int_equal(wijk_area_find(&area, c.store, c.arena, "BU99999999", 0), WIJK_ENOTFOUND);
    assert_int_equal(wijk_area_find(&area, c.store, c.arena, "", 0), WIJK_ENOTFOUND);
    assert_int_equal(wijk_area_get(&area, c.store, c.arena, 4711), WIJK_ENOTFOUND);
    for (int level = 0; level < WIJK_LEVELS; level++) {
        assert_int_equal(wijk_level_parse(wijk_level_word((enum wijk_level)level)), level);
    }
    assert_int_equal(wijk_level_parse("straat"), -1);
}

/* Whatever allocation fails, the answer is an error and not a wrong page. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    add_cell(&c, buurt, id_of(&c, "population"), 2024, load, 1000, 2.5, 0);
    add_cell(&c, buurt, id_of(&c, "age_65_plus"), 2024, load, 200, 2.5, 0);
    derive(&c);
    for (long n = 1; n < 200; n++) {
        wijk_arena *arena;
        wijk_facts facts;
        must(wijk_arena_new(&arena, 0));
        wijk_alloc_fail_at(n, 0);
        int rc = wijk_facts_get(&facts, c.store, c.registry, arena, buurt);
        wijk_alloc_fail_at(0, 0);
        if (!rc) {
            assert_true(facts.people == 1000);
            wijk_arena_free(arena);
            return;
        }
        assert_true(rc < 0);
        wijk_arena_free(arena);
    }
    fail_msg("no call succeeded");
}

/* A postcode's homes and corporation homes are counts; the wijk knows its homes of another year
 * only. Its share comes from both counts of one year, not from the gemeente's share. */
static void a_share_of_converted_counts_beats_a_borrowed_one(void **state)
{
    (void)state;
    int64_t cbs = add_load(&c, "published", 90);
    int64_t city = add_area(&c, WIJK_GEMEENTE, "GM0009", 2024, "Stad", 0);
    int64_t quarter = add_area(&c, WIJK_WIJK, "WK000901", 2024, "Wijk", city);
    int64_t pc4 = add_area(&c, WIJK_PC4, "9901", 2020, "", 0);
    add_cell(&c, city, id_of(&c, "social_share"), 2021, cbs, 44, 0.5, 0);
    add_cell(&c, quarter, id_of(&c, "population"), 2024, cbs, 4000, 2.5, 0);
    add_cell(&c, quarter, id_of(&c, "homes"), 2022, cbs, 2100, 0.5, 0);
    add_cell(&c, pc4, id_of(&c, "homes"), 2020, cbs, 2000, 2.5, 0);
    add_cell(&c, pc4, id_of(&c, "homes"), 2022, cbs, 2500, 2.5, 0);
    add_cell(&c, pc4, id_of(&c, "homes_social"), 2020, cbs, 1200, 2.5, 0);
    add_link(&c, quarter, pc4, 2, 1, 0.9);
    derive(&c);
    wijk_facts facts;
    const wijk_value *share = fact(&c, &facts, quarter, "social_share", 0);
    assert_non_null(share);
    assert_int_equal(share->origin, WIJK_CONVERTED);
    assert_int_equal(share->period, 2020);
    assert_true(fabs(share->value - 60) < 1e-9); /* 1,200 of 2,000, whatever part lives here */
    const wijk_value *homes = wijk_facts_find(&facts, id_of(&c, "homes"), 2022);
    assert_non_null(homes); /* what is published stays */
    assert_true(homes->value == 2100 && homes->origin == WIJK_PUBLISHED);
}

/* Crimes within the borders of now, divided by the people of a smaller city with the same code and
 * name, would be no rate of either. */
static void a_rate_does_not_mix_two_maps(void **state)
{
    (void)state;
    int64_t cbs = add_load(&c, "published", 90);
    int64_t now = add_area(&c, WIJK_GEMEENTE, "GM0363", 2024, "Amsterdam", 0);
    int64_t then = add_area(&c, WIJK_GEMEENTE, "GM0363", 2022, "Amsterdam", 0);
    add_link(&c, now, then, 0, 1, 1);
    add_cell(&c, now, id_of(&c, "crime_total"), 2022, cbs, 76403, 0, 0);
    add_cell(&c, then, id_of(&c, "population"), 2022, cbs, 882633, 0, 0); /* without Weesp */
    add_cell(&c, then, id_of(&c, "age_0_14"), 2022, cbs, 120000, 0, 0);
    derive(&c);
    wijk_facts facts;
    assert_null(fact(&c, &facts, now, "crime_total_per_1000", 2022));
    const wijk_value *share = wijk_facts_find(&facts, id_of(&c, "age_0_14_share"), 2022);
    assert_non_null(share); /* both of the older map */
    assert_true(share->from == then);
}

/* A figure of the country is not that of one city, of loose squares or of a few buurten. */
static void the_country_is_a_whole_map(void **state)
{
    (void)state;
    int64_t cbs = add_load(&c, "published", 90);
    int population = id_of(&c, "population"), woz = id_of(&c, "woz_value");
    static const int levels[] = {WIJK_GEMEENTE, WIJK_BUURT, WIJK_SQUARE, WIJK_LOCAL};
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 20; i++) {
            char code[16];
            snprintf(code, sizeof code, "Q%d%04d", k, i);
            int64_t area = add_area(&c, (enum wijk_level)levels[k], code, 2031, "", 0);
            add_cell(&c, area, population, 2031, cbs, 1000, 0, 0);
            /* 2032: only a city and squares; 2033: half of the buurten; 2034: all of them, and 19
             * of the 20 gemeenten. */
            if (k >= 2) {
                add_cell(&c, area, woz, 2032, cbs, 500, 0, 0);
            }
            if (k == 1 && i < 10) {
                add_cell(&c, area, woz, 2033, cbs, 400, 0, 0);
            }
            if (k == 1 || (k == 0 && i < 19)) {
                add_cell(&c, area, woz, 2034, cbs, k == 1 ? 300 : 310, 0, 0);
            }
        }
    }
    derive(&c);
    assert_true(isnan(wijk_country_mean(c.registry, woz, 2032)));
    assert_true(isnan(wijk_country_mean(c.registry, woz, 2033)));
    assert_true(fabs(wijk_country_mean(c.registry, woz, 2034) - 310) < 1e-9);
    assert_null(wijk_series_country(c.registry, woz, WIJK_BUURT, 2031, 2033));
    assert_non_null(wijk_series_country(c.registry, woz, WIJK_BUURT, 2031, 2034));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_higher_rank_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(a_number_beats_missing_but_not_secret, setup, teardown),
        cmocka_unit_test_setup_teardown(a_superseded_load_is_silent, setup, teardown),
        cmocka_unit_test_setup_teardown(other_vintages_say_how_sure_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(a_share_follows_from_its_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_panel_borrows_and_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(few_people_and_old_age_are_grey, setup, teardown),
        cmocka_unit_test_setup_teardown(codes_are_found_as_people_write_them, setup, teardown),
        cmocka_unit_test_setup_teardown(a_share_of_converted_counts_beats_a_borrowed_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_rate_does_not_mix_two_maps, setup, teardown),
        cmocka_unit_test_setup_teardown(the_country_is_a_whole_map, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
