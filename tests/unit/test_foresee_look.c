/* What is refused before anything is built. A place with fewer households than may be shown: the
 * count is held against the start population of the whole gemeente, which is what a run is made of,
 * on the made-up town with small and unknown areas and on a real gemeente. A policy that cannot be
 * run there: the verdict is held against a run. */
#include "foresee_file.h"

#include "wijk/forecast.h"
#include "wijk/load.h"
#include "wijk/start.h"
#include "wijk/town.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static int setup(void **state)
{
    (void)state;
    make_file("look.wijk");
    /* One buurt of which nothing is known, and one of which little is: five households. */
    fine(wijk_run(wijk_store_sql(store, "DELETE FROM layer_value WHERE area_id IN (SELECT id FROM "
                                        "area WHERE code IN ('BU99010002', 'BU99010003')) AND NOT "
                                        "(area_id = (SELECT id FROM area WHERE code='BU99010003') "
                                        "AND indicator_id IN (SELECT id FROM indicator WHERE code "
                                        "IN ('households', 'population')))")));
    fine(wijk_run(wijk_store_sql(store, "UPDATE layer_value SET value = 5 WHERE area_id = "
                                        "(SELECT id FROM area WHERE code='BU99010003')")));
    close_file();
    open_file(path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    drop_file();
    return 0;
}

/* ---- against the population that is run --------------------------------------------------------
 */

/* Households of a place in the start of its whole gemeente. */
static uint64_t households_in(const wijk_start *start, int64_t place)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *at = wijk_start_area_at(start, i);
        wijk_area area = {.parent = at->id};
        while (area.parent && area.parent != place) {
            fine(wijk_area_get(&area, store, arena, area.parent));
        }
        sum += area.parent == place ? at->households : 0;
    }
    return sum;
}

/* 1 when it was refused. */
static int look_agrees(const wijk_start *start, int64_t place)
{
    wijk_case_size size;
    uint64_t households = households_in(start, place);
    int rc = wijk_case_look(&size, store, registry, arena, place);
    assert_int_equal(rc, households < WIJK_ENSEMBLE_LEAST ? WIJK_EDENIED : WIJK_OK);
    if (size.households < 10 * WIJK_ENSEMBLE_LEAST) {
        assert_int_equal(size.households, households);
    }
    return rc != 0;
}

/* Every buurt and wijk of a gemeente; how many are refused. */
static size_t all_agree(const char *code)
{
    wijk_start *start;
    size_t refused = 0;
    const wijk_start_options options = {.area = area_of(code).id, .level = WIJK_LEVELS, .seed = 1};
    fine(wijk_start_new(&start, store, registry, &options, NULL));
    int64_t last = 0;
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        wijk_area area;
        fine(wijk_area_get(&area, store, arena, wijk_start_area_at(start, i)->id));
        refused += (size_t)look_agrees(start, area.id);
        if (area.parent != last) {
            last = area.parent;
            refused += (size_t)look_agrees(start, last);
        }
    }
    wijk_start_free(start);
    return refused;
}

static void the_count_is_that_of_the_run(void **state)
{
    (void)state;
    assert_int_equal(all_agree(WIJK_TOWN_CODE), 2);
}

static void so_on_a_real_gemeente(void **state)
{
    (void)state;
    char name[4096], real[4096];
    const char *data = getenv("WIJK_DATA");
    wijk_load_report report;
    wijk_load_options options = {0};
    snprintf(name, sizeof name, "%s/cbs_kwb/kwb_2023_gm0344_utrecht.csv",
             data ? data : "../shared/data/raw");
    if (access(name, R_OK) != 0) {
        print_message("skipped: no real data at %s (set WIJK_DATA)\n", name);
        skip();
    }
    close_file();
    temp_path(real, sizeof real, "look-real.wijk");
    temp_remove(real);
    fine(wijk_store_open(&store, real, WIJK_STORE_CREATE));
    fine(wijk_registry_open(&registry, store));
    fine(wijk_load_file(&report, store, registry, name, &options, NULL));
    wijk_load_report_free(&report);
    fine(wijk_derive(store, registry, NULL));
    wijk_registry_free(registry);
    wijk_store_close(store);
    open_file(real);
    assert_in_range(all_agree("GM0344"), 1, 40);
    close_file();
    temp_remove(real);
    open_file(path);
}

/* ---- what is told ------------------------------------------------------------------------------
 */

static void the_larger_places_are_named(void **state)
{
    (void)state;
    static const char *const few[] = {"BU99010002", "BU99010003"};
    for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
        wijk_area place = area_of(few[i]);
        wijk_case_size size;
        assert_int_equal(wijk_case_look(&size, store, registry, arena, place.id), WIJK_EDENIED);
        assert_int_equal(size.n_larger, 2);
        assert_int_equal(size.larger[0].level, WIJK_WIJK);
        assert_int_equal(size.larger[0].id, place.parent);
        assert_string_equal(size.larger[1].code, WIJK_TOWN_CODE);
        for (int lang = 0; lang < 2; lang++) {
            const char *said = wijk_error((wijk_lang)lang);
            assert_non_null(strstr(said, size.larger[0].code));
            assert_non_null(strstr(said, size.larger[1].name));
        }
        assert_non_null(strstr(wijk_error(WIJK_NL), "minder dan 10"));
        assert_non_null(strstr(wijk_error(WIJK_EN), "Fewer than 10"));
    }
}

static void it_is_neither_asked_nor_built(void **state)
{
    (void)state;
    wijk_case *it;
    wijk_forecast *list;
    size_t count = 9;
    const wijk_area place = area_of("BU99010002");
    const wijk_ask ask = {.area = place.id,
                          .scenario = "wijk scenario 1\n2026-01 here wijkteam +1\n",
                          .years = 1,
                          .wanted = 1};
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_EDENIED);
    fine(wijk_forecast_list(&list, &count, store, arena, place.id, 9));
    assert_int_equal(count, 0);
    assert_int_equal(wijk_case_new(&it, store, registry, place.id, NULL), WIJK_EDENIED);
    assert_null(it);
}

static void others_are_not_refused(void **state)
{
    (void)state;
    static const char *const all[] = {"BU99010001", WIJK_TOWN_CODE, "NL00"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        wijk_case_size size;
        fine(wijk_case_look(&size, store, registry, arena, area_of(all[i]).id));
        assert_int_equal(size.n_larger, 0);
    }
}

/* ---- a policy for a place ----------------------------------------------------------------------
 */

static wijk_mistakes look_at(const char *text, const char *place)
{
    wijk_scenario_file *file;
    wijk_mistakes found = {.arena = arena};
    fine(wijk_scenario_read_all(&file, &found, text, strlen(text), "test"));
    fine(wijk_case_check(&found, store, registry, area_of(place).id, file));
    wijk_scenario_free(file);
    return found;
}

#define HEAD "wijk scenario 1\nstart 2026-01\nyears 1\n"

/* What is told beforehand is what a run says of the same text, and nothing else is. */
static void the_verdict_is_that_of_the_run(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEAD "2026-01 hier wijkteam +1\n2026-01 WK990100 passend 90\n",
        HEAD "2026-01 \"merelmarkt EN omgeving\" wijkteam 2\n",
        HEAD "2026-01 Merelwaard wijkteam 2\n2026-01 BU99010001 wijkteam +1\n",
        HEAD "2026-01 WK990100 build_social 40\n2026-02 overal demolish 20\n",
        HEAD "2026-01 Merelmrkt wijkteam 2\n",
        HEAD "2026-01 GM0363 wijkteam 2\n",
        HEAD "2026-01 BU99010001 wijkteam 2\n2026-01 \"Merelmarkt en omgeving\" wijkteam 3\n",
        HEAD "2026-01 GM9901 label_older 60\n2026-01 BU99010001 label_young 60\n",
        HEAD "2026-01 WK990100 label_older 60\n2026-01 BU99010801 label_young 60\n",
        HEAD "2026-01 WK990100 wijkteam 20\n2026-02 BU99010001 wijkteam +1\n",
        HEAD "2026-01 overal regional_market 20\n",
        HEAD "2026-01 BU99010001 common_task 4\n2026-01 BU99010801 streets 40\n",
        HEAD "2025-12 hier wijkteam 2\n",
    };
    wijk_case *town;
    size_t wrong = 0;
    const wijk_ensemble_options o = {.seed = 1, .first = 1, .last = 1, .years = 1};
    fine(wijk_case_new(&town, store, registry, area_of("BU99010001").id, NULL));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wijk_scenario_file *file;
        wijk_ensemble *e = NULL;
        wijk_mistakes found = look_at(texts[i], "BU99010001");
        fine(wijk_scenario_read(&file, texts[i], strlen(texts[i]), "test"));
        int rc = wijk_case_run(&e, town, file, &o, NULL);
        if (rc != (found.n ? found.code : WIJK_OK)) {
            fail_msg("%s: %d, %zu: %s", texts[i], rc, found.n, wijk_error(WIJK_EN));
        }
        for (int lang = 0; lang < 2 && rc; lang++) {
            assert_non_null(strstr(wijk_error((wijk_lang)lang), found.at[0].text[lang]));
        }
        wrong += found.n;
        wijk_ensemble_free(e);
        wijk_scenario_free(file);
    }
    assert_int_equal(wrong, 8);
    wijk_case_free(town);
}

static void near_names_are_named(void **state)
{
    (void)state;
    wijk_mistakes found = look_at(HEAD "2026-01 Merelmrkt wijkteam 1\n"
                                       "2026-01 Nergenshuizen wijkteam 1\n"
                                       "2026-01 hier wijkteam 1\n",
                                  "BU99010001");
    assert_int_equal(found.n, 2);
    assert_int_equal(found.at[0].line, 4);
    assert_non_null(
        strstr(found.at[0].text[WIJK_NL], "bedoelt u \"Merelmarkt en omgeving\" (BU99010001)"));
    assert_non_null(strstr(found.at[1].text[WIJK_NL], "wat wordt doorgerekend: Merelwaard"));
    assert_non_null(strstr(found.at[1].text[WIJK_EN], "what is modelled: Merelwaard"));
}

/* ---- how long it will take ---------------------------------------------------------------------
 */

static void the_pace_is_that_of_the_last_one(void **state)
{
    (void)state;
    static const char text[] = HEAD "2026-01 hier wijkteam +1\n";
    int64_t place = area_of("BU99010001").id;
    wijk_case_pace pace;
    fine(wijk_case_pace_of(&pace, store, registry, arena, place));
    assert_string_equal(pace.region.code, WIJK_TOWN_CODE);
    assert_false(pace.measured);
    wijk_case *town;
    fine(wijk_case_new(&town, store, registry, place, NULL));
    /* Its buurten, two of which were emptied here, are about what the gemeente publishes. */
    assert_in_range(pace.households, wijk_case_households(town) * 95 / 100,
                    wijk_case_households(town) * 115 / 100);
    double one = wijk_case_pace_pairs(&pace, 1, 10);
    assert_true(one > 0 && one < 10);
    assert_true(fabs(wijk_case_pace_pairs(&pace, 20, 10) - 20 * one) < 1e-9);
    /* A forecast that took a minute for its one pair: then that is what a pair of it takes. */
    wijk_scenario_file *file;
    wijk_ensemble *e;
    wijk_forecast kept;
    const wijk_ask ask = {.area = place, .scenario = text, .years = 1, .wanted = 1, .seed = 1};
    const wijk_ensemble_options o = {.seed = 1, .first = 1, .last = 1, .years = 1};
    fine(wijk_forecast_ask(&kept, store, registry, arena, &ask));
    fine(wijk_scenario_read(&file, kept.scenario, strlen(kept.scenario), "test"));
    fine(wijk_case_run(&e, town, file, &o, NULL));
    fine(wijk_forecast_keep(store, kept.id, e));
    fine(wijk_forecast_tell_seconds(store, kept.id, 60));
    fine(wijk_case_pace_of(&pace, store, registry, arena, place));
    assert_true(pace.measured);
    assert_true(fabs(wijk_case_pace_pairs(&pace, 1, 1) - 60) < 1e-9);
    fine(wijk_forecast_drop(store, kept.id));
    wijk_ensemble_free(e);
    wijk_scenario_free(file);
    wijk_case_free(town);
}

/* Every allocation may fail: then that is what is said, and nothing leaks. */
static void checking_runs_out_of_memory(void **state)
{
    (void)state;
    static const char text[] = HEAD "2026-01 Merelmrkt wijkteam 1\n2026-01 hier wijkteam 300\n";
    int64_t place = area_of("BU99010001").id;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        wijk_scenario_file *file = NULL;
        wijk_mistakes found = {.arena = arena};
        wijk_alloc_fail_at(n, 0);
        rc = wijk_scenario_read_all(&file, &found, text, strlen(text), "test");
        rc = rc ? rc : wijk_case_check(&found, store, registry, place, file);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_OK || rc == WIJK_ENOMEM);
        assert_true(rc || found.n == 2);
        wijk_scenario_free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_is_that_of_the_run),
        cmocka_unit_test(so_on_a_real_gemeente),
        cmocka_unit_test(the_larger_places_are_named),
        cmocka_unit_test(it_is_neither_asked_nor_built),
        cmocka_unit_test(others_are_not_refused),
        cmocka_unit_test(the_verdict_is_that_of_the_run),
        cmocka_unit_test(near_names_are_named),
        cmocka_unit_test(the_pace_is_that_of_the_last_one),
        cmocka_unit_test(checking_runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
