/* Load and carrying capacity: the sums are those of the table, the place is what counting gives,
 * and nothing about origin or persons enters. */
#include "facts_fixture.h"

#include "wijk/capacity.h"
#include "wijk/figure.h"
#include "wijk/rng.h"
#include "wijk/table.h"

enum { AREAS = 40 };

static const char *const parts[] = {
    "struggling",        "severe_loneliness", "severely_limited_by_health",
    "anxiety_high_risk", "informal_care",     "volunteering"};
enum { PARTS = sizeof parts / sizeof *parts };

static country c;
static int64_t areas[AREAS], gemeente, empty, land;
static double share[AREAS][PARTS];

static int setup(void **state)
{
    (void)state;
    country_open(&c, "capacity.wijk");
    int64_t load = add_load(&c, "published", 90);
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    empty = add_area(&c, WIJK_BUURT, "BU00019999", 2024, "Leeg", gemeente);
    for (uint32_t i = 0; i < AREAS; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001%04u", i);
        areas[i] = add_area(&c, WIJK_BUURT, code, 2024, code, gemeente);
        for (uint32_t k = 0; k < PARTS; k++) {
            share[i][k] = 5 + 30 * wijk_rng_uniform((wijk_draw){.seed = 3, .place = i, .nth = k});
            add_cell(&c, areas[i], id_of(&c, parts[k]), 2020, load, share[i][k], 0.05, 0);
        }
        add_cell(&c, areas[i], id_of(&c, "population"), 2024, load, 2200, 2.5, 0);
        add_cell(&c, areas[i], id_of(&c, "age_0_14"), 2024, load, 400, 2.5, 0);
        add_cell(&c, areas[i], id_of(&c, "households"), 2024, load, i == 1 ? 1500 : 1000, 2.5, 0);
    }
    for (uint32_t k = 0; k < PARTS; k++) {
        add_cell(&c, gemeente, id_of(&c, parts[k]), 2020, load, k < 4 ? 10 : 30, 0.05, 0);
    }
    add_cell(&c, areas[0], id_of(&c, "social_share"), 2018, load, 41, 0.05, 0);
    land = add_area(&c, WIJK_LAND, "NL", 2024, "Nederland", 0);
    for (uint32_t k = 0; k < PARTS; k++) {
        add_cell(&c, land, id_of(&c, parts[k]), 2020, load, k < 4 ? 10 : 30, 0.05, 0);
    }
    derive(&c);
    refresh(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static wijk_capacity get(int64_t area)
{
    wijk_facts *facts = wijk_arena_alloc(c.arena, sizeof *facts);
    wijk_facts *around = wijk_arena_alloc(c.arena, sizeof *around);
    wijk_capacity it;
    must(wijk_facts_get(facts, c.store, c.registry, c.arena, area));
    must(wijk_facts_reach(around, c.store, c.registry, c.arena, gemeente, WIJK_REACH_BESIDE));
    must(wijk_capacity_of(&it, c.registry, c.arena, facts, around));
    must(wijk_capacity_place(&it, c.store, c.registry, c.arena));
    return it;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9 * (1 + fabs(b)))) {
        fail_msg("%.12g is not %.12g", a, b);
    }
}

static void sums_are_those_of_the_table(void **state)
{
    (void)state;
    wijk_capacity it = get(areas[0]);
    const double *s = share[0];
    /* 1,800 adults in 1,000 households: 180 per 100. */
    near(it.adults, 180);
    near(it.load, (s[0] + s[1] + s[2] + s[3]) / 100 * 180);
    near(it.help, (s[4] + s[5]) / 100 * 180);
    near(it.balance, (s[4] + s[5]) / (s[0] + s[1] + s[2] + s[3]));
    near(it.balance_gemeente, 60.0 / 40);
    assert_int_equal(it.period, 2020);
    double load = 0, help = 0;
    for (size_t i = 0; i < it.count; i++) {
        load += it.parts[i].side == WIJK_CAPACITY_LOAD ? it.parts[i].per_100 : 0;
        help += it.parts[i].side == WIJK_CAPACITY_HELP ? it.parts[i].per_100 : 0;
        assert_true(it.parts[i].side != WIJK_CAPACITY_BESIDE || isnan(it.parts[i].per_100));
    }
    near(load, it.load);
    near(help, it.help);
}

static void balance_knows_no_size_of_households(void **state)
{
    (void)state;
    wijk_capacity it = get(areas[1]);
    near(it.adults, 120);
    near(it.balance,
         (share[1][4] + share[1][5]) / (share[1][0] + share[1][1] + share[1][2] + share[1][3]));
}

/* The share of areas with a lower balance, itself a tie; `without` a part or none (PARTS). */
static double place_by_counting(uint32_t area, uint32_t without)
{
    double mine = 0, below = 0;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < AREAS; i++) {
            double sum[2] = {0, 0};
            for (uint32_t k = 0; k < PARTS; k++) {
                sum[k >= 4] += k == without ? 0 : share[i][k];
            }
            double balance = sum[1] / sum[0];
            if (round == 0 && i == area) {
                mine = balance;
            } else if (round == 1 && i != area) {
                below += balance < mine;
            }
        }
    }
    return 100 * (below + 0.5) / AREAS;
}

static void place_is_what_counting_gives(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < AREAS; i += 7) {
        wijk_capacity it = get(areas[i]);
        assert_int_equal(it.areas, AREAS);
        near(it.place, place_by_counting(i, PARTS));
        for (size_t p = 0; p < it.count; p++) {
            for (uint32_t k = 0; k < PARTS; k++) {
                if (!strcmp(it.parts[p].indicator->code, parts[k])) {
                    near(it.parts[p].without, place_by_counting(i, k));
                }
            }
        }
        assert_true(it.place_low <= it.place_high);
        assert_true(it.place_low >= 0 && it.place_high <= 100);
    }
}

/* An area that is best on every part stays best however the parts are weighed. */
static void other_weights_cannot_move_the_best(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    int64_t best = add_area(&c, WIJK_BUURT, "BU00018888", 2024, "Best", gemeente);
    for (uint32_t k = 0; k < PARTS; k++) {
        add_cell(&c, best, id_of(&c, parts[k]), 2020, load, k < 4 ? 1 : 60, 0.05, 0);
    }
    derive(&c);
    refresh(&c);
    wijk_capacity it = get(best);
    near(it.place, 100 * (AREAS + 0.5) / (AREAS + 1));
    near(it.place_low, it.place);
    near(it.place_high, it.place);
    assert_true(isnan(it.load)); /* no households are known: no numbers per 100 */
    assert_true(isfinite(it.balance));
    for (size_t i = 0; i < it.count; i++) {
        if (it.parts[i].side != WIJK_CAPACITY_BESIDE) {
            near(it.parts[i].without, it.place);
        }
    }
}

static void what_is_not_known_is_not_said(void **state)
{
    (void)state;
    wijk_capacity it = get(empty);
    /* All it has is the gemeente's: no place of its own. */
    assert_true(it.borrowed || isnan(it.balance));
    assert_true(isnan(it.place) && it.areas == 0);
    assert_true(isnan(it.load));
}

/* The sentence that holds `needle`, or NULL. */
static const char *said(const wijk_capacity *it, const char *needle)
{
    wijk_capacity_words words;
    wijk_capacity_say(&words, c.arena, WIJK_NL, c.registry, it, NULL);
    for (size_t i = 0; i < WIJK_CAPACITY_SAYS && words.sentences[i]; i++) {
        if (strstr(words.sentences[i], needle)) {
            return words.sentences[i];
        }
    }
    return NULL;
}

/* What it cannot say, as one text. */
static const char *limits_of(const wijk_capacity *it)
{
    wijk_capacity_words words;
    wijk_str all = WIJK_STR_INIT;
    wijk_capacity_say(&words, c.arena, WIJK_NL, c.registry, it, NULL);
    for (size_t i = 0; i < WIJK_CAPACITY_SAYS && words.limits[i]; i++) {
        wijk_str_add(&all, words.limits[i]);
    }
    const char *kept = wijk_arena_strdup(c.arena, wijk_str_text(&all));
    wijk_str_free(&all);
    return kept;
}

/* Households, residents and children at three years around the shares of 2020. */
static int64_t with_years(const char *code, const int *years, size_t n, int children)
{
    int64_t load = add_load(&c, "published", 90);
    int64_t area = add_area(&c, WIJK_BUURT, code, 2024, code, gemeente);
    for (uint32_t k = 0; k < PARTS; k++) {
        add_cell(&c, area, id_of(&c, parts[k]), 2020, load, 10, 0.05, 0);
    }
    for (size_t i = 0; i < n; i++) { /* adults per 100 households: the year less 1900 */
        add_cell(&c, area, id_of(&c, "households"), years[i], load, 1000, 0.5, 0);
        add_cell(&c, area, id_of(&c, "population"), years[i], load, 300 + 10.0 * (years[i] - 1900),
                 0.5, 0);
        if (children) {
            add_cell(&c, area, id_of(&c, "age_0_14"), years[i], load, 300, 0.5, 0);
        }
    }
    derive(&c);
    refresh(&c);
    return area;
}

static void adults_are_of_the_year_of_the_shares_or_the_nearest(void **state)
{
    (void)state;
    static const int same[] = {2017, 2020, 2024}, far[] = {2012, 2017, 2024}, tie[] = {2018, 2022};
    wijk_capacity it = get(with_years("BU00017001", same, 3, 1));
    assert_int_equal(it.adults_year, 2020);
    near(it.adults, 120);
    assert_null(strstr(limits_of(&it), "het jaar van de aandelen"));
    it = get(with_years("BU00017002", far, 3, 1));
    assert_int_equal(it.adults_year, 2017);
    near(it.adults, 117);
    assert_non_null(
        strstr(limits_of(&it), "huishoudens van 2017; van 2020, het jaar van de aandelen"));
    it = get(with_years("BU00017003", tie, 2, 1));
    assert_int_equal(it.adults_year, 2022);
}

static void what_is_not_known_is_named(void **state)
{
    (void)state;
    static const int year[] = {2020};
    wijk_capacity it = get(with_years("BU00017004", year, 1, 0));
    assert_true(isfinite(it.balance) && isnan(it.load));
    assert_string_equal(it.lacking->code, "age_0_14");
    assert_non_null(said(&it, it.lacking->label[WIJK_NL]));

    int64_t load = add_load(&c, "published", 90);
    int64_t half = add_area(&c, WIJK_BUURT, "BU00027005", 2024, "Half", 0); /* of no gemeente */
    for (uint32_t k = 1; k < PARTS; k++) {                                  /* all but the first */
        add_cell(&c, half, id_of(&c, parts[k]), 2019, load, 10, 0.05, 0);
    }
    derive(&c);
    refresh(&c);
    it = get(half);
    assert_true(isnan(it.balance) && it.period == 2019);
    const char *told = said(&it, "Van 2019 is niet bekend");
    assert_non_null(told);
    for (uint32_t k = 0; k < PARTS; k++) {
        const char *name = wijk_indicator_by_code(c.registry, parts[k])->label[WIJK_NL];
        assert_true((strstr(told, name) != NULL) == (k == 0));
    }
}

/* A postcode is no neighbourhood: no place among those. */
static void each_level_is_among_its_own(void **state)
{
    (void)state;
    int64_t load = add_load(&c, "published", 90);
    int64_t postcode = add_area(&c, WIJK_PC4, "9999", 2020, "9999", gemeente);
    for (uint32_t k = 0; k < PARTS; k++) {
        add_cell(&c, postcode, id_of(&c, parts[k]), 2020, load, 10, 0.05, 0);
    }
    derive(&c);
    refresh(&c);
    wijk_capacity it = get(postcode);
    assert_true(isfinite(it.balance) && isnan(it.place) && it.areas == 0);
    it.alone = 1; /* as where the parts were carried over from other areas */
    assert_non_null(said(&it, "zijn deze cijfers niet gepubliceerd"));
}

static void no_origin_and_no_person_enters(void **state)
{
    (void)state;
    wijk_table *table;
    must(wijk_table_asset(&table, "data/capacity.csv"));
    assert_true(wijk_table_rows(table) >= PARTS);
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *code = wijk_table_get(table, row, "indicator");
        const wijk_indicator *it = wijk_indicator_by_code(c.registry, code);
        if (!it) {
            fail_msg("data/capacity.csv names %s, which is no indicator", code);
        }
        assert_int_equal(it->origin, 0);
        const char *side = wijk_table_get(table, row, "side");
        int beside = !strcmp(side, "beside");
        assert_true(beside || !strcmp(side, "load") || !strcmp(side, "capacity"));
        assert_true((wijk_table_number(table, row, "weight", -1) > 0) == !beside);
        assert_true(*wijk_table_get(table, row, "why_nl") && *wijk_table_get(table, row, "why_en"));
    }
    wijk_table_free(table);
}

/* "More than in 0 of 100" would be a rank: next to the ends no number is told. */
static void no_number_is_told_next_to_the_ends(void **state)
{
    (void)state;
    wijk_capacity it = get(areas[0]);
    it.place = it.place_low = it.place_high = 0;
    assert_non_null(said(&it, "bijna alle andere buurten is dat meer"));
    assert_null(said(&it, "van de 100"));
    it.place = it.place_low = it.place_high = 100;
    assert_non_null(said(&it, "bijna alle andere buurten is dat minder"));
    assert_null(said(&it, "van de 100"));
    it.place = 3, it.place_low = 0, it.place_high = 30;
    assert_non_null(said(&it, "meer dan in 3 van de 100 buurten"));
    assert_non_null(said(&it, "tussen 0 en 30"));
    assert_non_null(said(&it, "trek er geen conclusie uit"));
    assert_non_null(strstr(said(&it, "van een corporatie"), "(2018)"));
}

static void the_country_is_not_compared_with_itself(void **state)
{
    (void)state;
    wijk_capacity it = get(land);
    near(it.balance, (30.0 + 30) / (4 * 10.0));
    assert_true(isnan(it.balance_land));
    assert_null(said(&it, "In Nederland is dat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_are_those_of_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(balance_knows_no_size_of_households, setup, teardown),
        cmocka_unit_test_setup_teardown(place_is_what_counting_gives, setup, teardown),
        cmocka_unit_test_setup_teardown(no_number_is_told_next_to_the_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(the_country_is_not_compared_with_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(other_weights_cannot_move_the_best, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_not_said, setup, teardown),
        cmocka_unit_test_setup_teardown(adults_are_of_the_year_of_the_shares_or_the_nearest, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(each_level_is_among_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(no_origin_and_no_person_enters, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
