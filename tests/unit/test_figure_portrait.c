/* The portrait: what stands out, livability against the country's own mean, changes beyond noise,
 * and a JSON form that is JSON. */
#include "facts_fixture.h"

#include "wijk/load.h"
#include "wijk/portrait.h"
#include "wijk/standout.h"

#include <jansson.h>

enum { AREAS = 40 };

static country c;
static int64_t gemeente, buurten[AREAS];

/* Forty buurten in a row: every figure rises evenly, so that medians and quartiles are known. */
static int setup(void **state)
{
    (void)state;
    country_open(&c, "portrait.wijk");
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    int64_t cbs = add_load(&c, "published", 90), lbm = add_load(&c, "modelled", 80);
    static const char *const shares[] = {"owner_share", "age_65_plus_share", "household_size",
                                         "density", "good_health"};
    for (int i = 0; i < AREAS; i++) {
        char code[16], name[32];
        snprintf(code, sizeof code, "BU0001%04d", i);
        snprintf(name, sizeof name, "Buurt %d", i);
        buurten[i] = add_area(&c, WIJK_BUURT, code, 2024, name, gemeente);
        add_cell(&c, buurten[i], id_of(&c, "population"), 2024, cbs, 1000, 2.5, 0);
        add_cell(&c, buurten[i], id_of(&c, "households"), 2024, cbs, 500, 2.5, 0);
        add_cell(&c, buurten[i], id_of(&c, "homes"), 2024, cbs, 500, 2.5, 0);
        add_cell(&c, buurten[i], id_of(&c, "origin_nl_share"), 2024, cbs, i == 20 ? 1 : 50 + i % 3,
                 0.5, 0);
        for (int k = 0; k < 5; k++) {
            double v = k == 0 && i == 20 ? 99 : 20 + (i * 7 + k * 11) % AREAS;
            add_cell(&c, buurten[i], id_of(&c, shares[k]), 2024, cbs, v, 0.5, 0);
        }
        add_cell(&c, buurten[i], id_of(&c, "crime_total"), 2023, cbs, 50, 0, 0);
        add_cell(&c, buurten[i], id_of(&c, "crime_total"), 2024, cbs, i == 20 ? 120 : 53, 0, 0);
        static const int waves[] = {2014, 2016, 2018, 2020};
        for (int y = 0; y < 4; y++) {
            /* The whole country drifts by +0.05 a wave; buurt 20 stays where it was. */
            double afw = 0.05 * y + (i == 20 ? -0.05 * y - 0.1 : 0.001 * (i % 5 - 2));
            add_cell(&c, buurten[i], id_of(&c, "lbm3_afw"), waves[y], lbm, afw, -1, 0);
        }
    }
    derive(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static void portrait(wijk_portrait *out, int64_t area, wijk_lang lang)
{
    must(wijk_portrait_get(out, c.store, c.registry, c.arena, area, lang));
}

static void what_stands_out_is_said_and_nothing_else(void **state)
{
    (void)state;
    wijk_facts facts;
    wijk_standout found[WIJK_STANDOUTS];
    size_t compared;
    must(wijk_facts_get(&facts, c.store, c.registry, c.arena, buurten[20]));
    size_t n = wijk_standouts(found, &compared, &facts, c.registry);
    assert_true(n >= 1 && compared >= 5);
    assert_string_equal(found[0].indicator->code, "owner_share");
    assert_true(found[0].score > 0);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(found[i].indicator->origin, 0);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(found[i].indicator->theme, found[k].indicator->theme);
        }
    }
    wijk_portrait p;
    portrait(&p, buurten[20], WIJK_NL);
    assert_non_null(strstr(p.sentence, "Opvallend hoog: "));
    assert_non_null(strstr(p.sentence, "99"));
    portrait(&p, buurten[20], WIJK_EN);
    assert_non_null(strstr(p.sentence, "Strikingly high: "));
}

static void an_ordinary_area_is_called_ordinary(void **state)
{
    (void)state;
    int ordinary = 0;
    for (int i = 0; i < AREAS; i++) {
        wijk_facts facts;
        wijk_standout found[WIJK_STANDOUTS];
        size_t compared;
        wijk_arena_reset(c.arena);
        must(wijk_facts_get(&facts, c.store, c.registry, c.arena, buurten[i]));
        if (!wijk_standouts(found, &compared, &facts, c.registry)) {
            wijk_portrait p;
            portrait(&p, buurten[i], WIJK_NL);
            assert_non_null(strstr(p.sentence, "Niets springt eruit"));
            ordinary++;
        }
    }
    /* Five even rows of forty: a fifth lies in an outer tenth of each. */
    assert_true(ordinary > 5 && ordinary < 25);
}

static void grey_figures_never_stand_out(void **state)
{
    (void)state;
    int64_t tiny = add_area(&c, WIJK_BUURT, "BU00019999", 2024, "Eiland", gemeente);
    add_cell(&c, tiny, id_of(&c, "population"), 2024, 1, 10, 2.5, 0);
    add_cell(&c, tiny, id_of(&c, "homes"), 2024, 1, 5, 2.5, 0);
    add_cell(&c, tiny, id_of(&c, "owner_share"), 2024, 1, 100, 0.5, 0);
    derive(&c);
    wijk_facts facts;
    wijk_standout found[WIJK_STANDOUTS];
    size_t compared;
    must(wijk_facts_get(&facts, c.store, c.registry, c.arena, tiny));
    assert_int_equal(wijk_standouts(found, &compared, &facts, c.registry), 0);
    wijk_portrait p;
    portrait(&p, tiny, WIJK_NL);
    assert_non_null(strstr(p.sentence, "te weinig cijfers"));
    int said = 0;
    for (size_t i = 0; i < p.limit_count; i++) {
        said |= strstr(p.limits[i], "weinig mensen (10)") != NULL;
    }
    assert_true(said);
}

static void livability_is_measured_against_its_own_wave(void **state)
{
    (void)state;
    wijk_portrait p;
    portrait(&p, buurten[20], WIJK_NL);
    const wijk_livability *live = &p.livability;
    assert_true(live->known);
    assert_string_equal(live->version, "3.0");
    assert_int_equal(live->total.count, 4);
    for (size_t y = 0; y < 4; y++) {
        double mean = 0;
        for (int i = 0; i < AREAS; i++) {
            double drift = 0.05 * (double)y;
            mean += (drift + (i == 20 ? -drift - 0.1 : 0.001 * (i % 5 - 2))) / AREAS;
        }
        assert_true(fabs(live->total.raw[y] + 0.1) < 1e-12);
        assert_true(fabs(live->total.value[WIJK_HERE][y] - (-0.1 - mean)) < 1e-9);
        assert_true(live->total.value[WIJK_COUNTRY][y] == 0);
    }
    /* Standing still while the country rises is falling behind, by more than the noise. */
    assert_non_null(strstr(live->reading, "verslechterd"));
    portrait(&p, buurten[21], WIJK_EN);
    assert_non_null(strstr(p.livability.reading, "no larger than the noise"));
    assert_non_null(strstr(p.livability.reading, "about equal"));
}

static void only_changes_beyond_chance_are_told(void **state)
{
    (void)state;
    wijk_portrait p;
    portrait(&p, buurten[20], WIJK_NL);
    assert_int_equal(p.change_count, 1); /* 50 → 120 crimes */
    assert_string_equal(p.changes[0].indicator->code, "crime_total");
    assert_true(p.changes[0].change == 70);
    portrait(&p, buurten[3], WIJK_NL);
    assert_int_equal(p.change_count, 0); /* 50 → 53 may be nothing */
}

static void json_is_json_and_agrees(void **state)
{
    (void)state;
    wijk_portrait p;
    portrait(&p, buurten[20], WIJK_NL);
    wijk_str text = WIJK_STR_INIT;
    wijk_portrait_json(&text, &p, c.registry);
    must(wijk_str_status(&text));
    json_error_t error;
    json_t *root = json_loads(wijk_str_text(&text), JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("%s at %d", error.text, error.position);
    }
    assert_string_equal(json_string_value(json_object_get(root, "code")), "BU00010020");
    assert_int_equal(json_array_size(json_object_get(root, "figures")), p.line_count);
    assert_string_equal(json_string_value(json_object_get(root, "sentence")), p.sentence);
    json_t *live = json_object_get(json_object_get(root, "livability"), "total");
    assert_int_equal(json_array_size(json_object_get(live, "waves")), 4);
    json_decref(root);
    wijk_str_free(&text);
}

static void comparing_says_what_is_clear(void **state)
{
    (void)state;
    wijk_comparison same;
    must(wijk_portrait_compare(&same, c.store, c.registry, c.arena, buurten[20], 2023, buurten[20],
                               2024, WIJK_NL));
    int met = 0;
    for (size_t i = 0; i < same.count; i++) {
        if (!strcmp(same.rows[i].indicator->code, "crime_total")) {
            assert_true(same.rows[i].difference == 70 && same.rows[i].clear);
            met = 1;
        }
    }
    assert_true(met);
    must(wijk_portrait_compare(&same, c.store, c.registry, c.arena, buurten[1], 0, buurten[2], 0,
                               WIJK_NL));
    assert_string_equal(same.caution, "");
    for (size_t i = 0; i < same.count; i++) {
        if (!strcmp(same.rows[i].indicator->code, "population")) {
            assert_true(same.rows[i].difference == 0 && !same.rows[i].clear);
        }
    }
    must(wijk_portrait_compare(&same, c.store, c.registry, c.arena, buurten[1], 0, gemeente, 0,
                               WIJK_EN));
    assert_non_null(strstr(same.caution, "not the same kind"));
    wijk_stmt *stmt = wijk_store_sql(c.store, "UPDATE area SET fictional=1 WHERE id=?");
    wijk_bind_int(stmt, 1, buurten[2]);
    must(wijk_run(stmt));
    assert_int_equal(wijk_portrait_compare(&same, c.store, c.registry, c.arena, buurten[1], 0,
                                           buurten[2], 0, WIJK_NL),
                     WIJK_EINVAL);
}

static void figures_look_as_people_write_them(void **state)
{
    (void)state;
    wijk_value v = {.value = 34.14, .low = 30, .high = 38, .origin = WIJK_CONVERTED};
    const struct {
        const char *indicator;
        double value;
        const char *nl, *en;
    } cases[] = {
        {"owner_share", 34.14, "≈\u00A034%", "≈\u00A034%"},
        {"population", 17942915, "≈\u00A017.942.915", "≈\u00A017,942,915"},
        {"lbm3_afw", -0.0587, "≈\u00A0−0,06", "≈\u00A0−0.06"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const wijk_indicator *it = wijk_indicator_by_code(c.registry, cases[i].indicator);
        v.value = cases[i].value;
        wijk_str nl = WIJK_STR_INIT, en = WIJK_STR_INIT;
        wijk_value_shown(&nl, WIJK_NL, it, &v);
        wijk_value_shown(&en, WIJK_EN, it, &v);
        assert_string_equal(wijk_str_text(&nl), cases[i].nl);
        assert_string_equal(wijk_str_text(&en), cases[i].en);
        wijk_str_free(&nl);
        wijk_str_free(&en);
    }
    v.flags = WIJK_GREY;
    assert_string_equal(wijk_value_symbol(&v), "~"); /* grey is said before all else */
    v = (wijk_value){.mark = WIJK_MARK_SECRET, .value = NAN, .flags = WIJK_GREY};
    assert_string_equal(wijk_value_symbol(&v), "");
}

/* Published for the real country: the population-weighted national mean of `afw` drifts from −0.059
 * in 2002 to +0.015 in 2020 (data README), and what is shown is the deviation from it. */
static void the_real_mean_drifts(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_DATA");
    char paths[2][512];
    snprintf(paths[0], 512, "%s/cbs_pc4/cbs_pc4_2020_v1.csv.zst",
             folder ? folder : "../shared/data/raw");
    snprintf(paths[1], 512, "%s/leefbaarometer/lbm3_pc4_2002_2020.csv.zst",
             folder ? folder : "../shared/data/raw");
    if (access(paths[0], R_OK) || access(paths[1], R_OK)) {
        print_message("skipped: no %s (set WIJK_DATA to the folder of real data)\n", paths[1]);
        skip();
    }
    country real;
    country_open(&real, "portrait_real.wijk");
    for (int i = 0; i < 2; i++) {
        wijk_load_report report;
        wijk_load_options options = {0};
        must(wijk_load_file(&report, real.store, real.registry, paths[i], &options, NULL));
        wijk_load_report_free(&report);
    }
    refresh(&real);
    must(wijk_derive(real.store, real.registry, NULL));
    refresh(&real);
    int afw = id_of(&real, "lbm3_afw");
    assert_true(fabs(wijk_country_mean(real.registry, afw, 2002) + 0.059) < 0.0015);
    assert_true(fabs(wijk_country_mean(real.registry, afw, 2020) - 0.015) < 0.0015);
    wijk_area area;
    must(wijk_area_find(&area, real.store, real.arena, "1102 AB", 0));
    wijk_portrait p;
    must(wijk_portrait_get(&p, real.store, real.registry, real.arena, area.id, WIJK_NL));
    assert_true(p.livability.known && p.livability.total.count == 7);
    for (size_t i = 0; i < 7; i++) {
        double mean = wijk_country_mean(real.registry, afw, p.livability.total.years[i]);
        assert_true(fabs(p.livability.total.raw[i] - mean -
                         p.livability.total.value[WIJK_HERE][i]) < 1e-12);
    }
    assert_int_equal(p.livability.part_count, 5);
    double sum = 0;
    for (size_t i = 0; i < 5; i++) {
        const wijk_trend *part = &p.livability.parts[i];
        sum += part->raw[part->count - 1];
    }
    assert_true(fabs(sum - p.livability.total.raw[6]) < 1e-9); /* the parts add up */
    country_close(&real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_stands_out_is_said_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(an_ordinary_area_is_called_ordinary, setup, teardown),
        cmocka_unit_test_setup_teardown(grey_figures_never_stand_out, setup, teardown),
        cmocka_unit_test_setup_teardown(livability_is_measured_against_its_own_wave, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(only_changes_beyond_chance_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(json_is_json_and_agrees, setup, teardown),
        cmocka_unit_test_setup_teardown(comparing_says_what_is_clear, setup, teardown),
        cmocka_unit_test_setup_teardown(figures_look_as_people_write_them, setup, teardown),
        cmocka_unit_test(the_real_mean_drifts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
