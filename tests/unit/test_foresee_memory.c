/* Memory that runs out while the room reads: figures of a file into a start population, its own
 * tables, and every text or part it once wrote. An error that says so, nothing made, nothing left
 * behind. Runs themselves are starved in test_foresee_input.c and beside each subject. */
#include "unit/foresee_town.h"
#include "unit/starve.h"
#include "unit/temp_file.h"

#include "foresee/ensemble.h"
#include "wijk/backtest.h"
#include "wijk/breakeven.h"
#include "wijk/load.h"
#include "wijk/scenario.h"
#include "wijk/sensitivity.h"
#include "wijk/start.h"
#include "wijk/store.h"
#include "wijk/str.h"
#include "wijk/stylised.h"
#include "wijk/town.h"

static char file[4096], part_path[4096];
static wijk_population *town;
static wijk_ensemble *parts[2];
static wijk_sensitivity *units[2];
static wijk_prices *prices;
static void *part;
static size_t part_size;
static wijk_str unit = WIJK_STR_INIT;

static const char scenario_text[] = "wijk scenario 1\n"
                                    "title nl \"Meer hulp\"\n"
                                    "title en \"More help\"\n"
                                    "start 2026-01\n"
                                    "years 10\n"
                                    "2026-01 everywhere wijkteam +1\n"
                                    "2026-01 BU00000000 label_older 60\n"
                                    "2027-01 here build_social 20\n";

/* ---- what is read ---------------------------------------------------------------------------- */

static int begin(void **state)
{
    static const wijk_change support = {.lever = WIJK_LEVER_WIJKTEAM, .value = 3};
    const wijk_scenario scenario = {&support, 1};
    const wijk_parameters p = defaults();
    (void)state;
    temp_path(file, sizeof file, "memory.wijk");
    temp_path(part_path, sizeof part_path, "memory.part");
    temp_remove(file);
    fine(wijk_town_create(file, NULL));
    fine(wijk_population_sample(&town, 1, 3, 60, &p, 1));
    fine(wijk_prices_open(&prices));
    for (uint32_t i = 0; i < 2; i++) {
        const wijk_ensemble_options e = {
            .seed = 1, .first = i + 1, .last = i + 1, .years = 2, .threads = 1};
        const wijk_sensitivity_options s = {.kind = WIJK_GROUPING,
                                            .seed = 1,
                                            .first = i + 1,
                                            .last = i + 1,
                                            .years = 1,
                                            .threads = 1};
        fine(wijk_ensemble_run(&parts[i], town, &scenario, &e, NULL));
        fine(wijk_sensitivity_run(&units[i], town, &scenario, &s, NULL));
    }
    fine(wijk_ensemble_store(&part, &part_size, parts[0]));
    wijk_sensitivity_write(&unit, units[0]);
    fine(wijk_str_status(&unit));
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        wijk_ensemble_free(parts[i]);
        wijk_sensitivity_free(units[i]);
    }
    wijk_prices_free(prices);
    wijk_population_free(town);
    wijk_free(part);
    wijk_str_free(&unit);
    temp_remove(file);
    temp_remove(part_path);
    return 0;
}

/* ---- a start population ---------------------------------------------------------------------- */

/* From the first statement to homes and households: what a page does when a place is chosen. */
static int start_from_a_file(void)
{
    const wijk_start_options options = {.level = WIJK_LEVELS, .threads = 1, .seed = 1};
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    wijk_start *start = NULL;
    wijk_population *population = NULL;
    wijk_parameters p;
    int rc = wijk_store_open(&store, file, WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_parameters_default(&p);
    rc = rc ? rc : wijk_start_new(&start, store, registry, &options, NULL);
    rc = rc ? rc : wijk_start_population(&population, start, &p, NULL);
    assert_int_equal(rc == WIJK_OK, population != NULL);
    wijk_population_free(population);
    wijk_start_free(start);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}

static void test_start(void **state)
{
    (void)state;
    long failures = starve_some(start_from_a_file, 30, 1000000);
    print_message("%ld times out of memory\n", failures);
    assert_true(failures > 100);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static int kept_backtest(void)
{
    static const char text[] =
        "town,from,to,measure,size,areas,error,no_change,trend,bias,changed,gain,gain_low,"
        "gain_high,in50,in50_low,in50_high,in90,in90_low,in90_high,verdict,version,seed,"
        "replicates,every,parameters,lineage\n"
        "amsterdam,2005,2009,older,all,83,1,2,,0,0,1,0.5,1.5,0.4,0.3,0.5,0.8,0.7,0.9,better,"
        "0.1.0,1,20,6,aa,bb\n";
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_read(&b, text, sizeof text - 1, "test");
    assert_int_equal(rc == WIJK_OK, b != NULL);
    wijk_backtest_free(b);
    return rc;
}

static int shipped_backtest(void)
{
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    assert_int_equal(rc == WIJK_OK, b != NULL);
    wijk_backtest_free(b);
    return rc;
}

static int shipped_tables(void)
{
    wijk_targets *targets = NULL;
    wijk_plausible *set = NULL;
    wijk_stylised_facts *facts = NULL;
    int rc = wijk_targets_open(&targets);
    rc = rc ? rc : wijk_plausible_open(&set);
    rc = rc ? rc : wijk_stylised_open(&facts);
    assert_int_equal(rc == WIJK_OK, facts != NULL);
    wijk_targets_free(targets);
    wijk_plausible_free(set);
    wijk_stylised_free(facts);
    return rc;
}

static int kept_breakeven(void)
{
    static const char text[] =
        "wijk breakeven 1 12 10 1 1 1 1\nlever,purse,even,net_0,net_half,net_1,share,low,high,"
        "reached,same\nall,society,at,-1,1,3,0.25,0.2,null,0.9,0.95\n";
    wijk_breakeven *b = NULL;
    int rc = wijk_breakeven_read(&b, text, sizeof text - 1, prices, "test");
    assert_int_equal(rc == WIJK_OK, b != NULL);
    wijk_breakeven_free(b);
    return rc;
}

static void test_tables(void **state)
{
    (void)state;
    starve(kept_backtest, 200);
    starve_some(shipped_backtest, 40, 20000);
    starve_some(shipped_tables, 40, 40000);
    starve_some(kept_breakeven, 40, 20000);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static int read_part(void)
{
    wijk_ensemble *e = NULL;
    int rc = wijk_ensemble_read(&e, part, part_size, "test");
    assert_int_equal(rc == WIJK_OK, e != NULL);
    wijk_ensemble_free(e);
    return rc;
}

static int store_part(void)
{
    void *bytes = NULL;
    size_t size = 0;
    int rc = wijk_ensemble_store(&bytes, &size, parts[0]);
    assert_true(rc || (size == part_size && !memcmp(bytes, part, size)));
    wijk_free(bytes);
    return rc;
}

static int write_part(void)
{
    temp_remove(part_path);
    return wijk_ensemble_write(parts[0], part_path);
}

static int join_parts(void)
{
    wijk_ensemble *e = NULL;
    int rc = wijk_ensemble_merge(&e, (const wijk_ensemble *const *)parts, 2);
    assert_int_equal(rc == WIJK_OK, e != NULL);
    wijk_ensemble_free(e);
    return rc;
}

static int cut_part(void)
{
    wijk_ensemble *e = NULL;
    int rc = ensemble_until(&e, parts[0], 1);
    assert_int_equal(rc == WIJK_OK, e != NULL);
    wijk_ensemble_free(e);
    return rc;
}

static int read_units(void)
{
    wijk_sensitivity *s = NULL;
    int rc = wijk_sensitivity_read(&s, unit.data, unit.size, "test");
    assert_int_equal(rc == WIJK_OK, s != NULL);
    wijk_sensitivity_free(s);
    return rc;
}

static int join_units(void)
{
    wijk_sensitivity *s = NULL;
    int rc = wijk_sensitivity_merge(&s, (const wijk_sensitivity *const *)units, 2);
    assert_int_equal(rc == WIJK_OK, s != NULL);
    wijk_sensitivity_free(s);
    return rc;
}

static void test_parts(void **state)
{
    (void)state;
    starve(read_part, 100);
    starve(store_part, 10);
    starve(write_part, 10);
    starve(join_parts, 100);
    starve(cut_part, 100);
    starve_some(read_units, 40, 20000);
    starve(join_units, 20);
}

/* ---- a scenario ------------------------------------------------------------------------------ */

static int scenario_on_a_town(void)
{
    const wijk_scenario_options options = {.population = town, .first = -1, .months = 120};
    wijk_scenario_file *scenario = NULL;
    wijk_scenario bound = {NULL, 0};
    int rc = wijk_scenario_read(&scenario, scenario_text, sizeof scenario_text - 1, "test");
    rc = rc ? rc : wijk_scenario_check(scenario);
    rc = rc ? rc : wijk_scenario_bind(&bound, scenario, &options);
    assert_int_equal(rc == WIJK_OK, bound.changes != NULL);
    wijk_scenario_release(&bound);
    wijk_scenario_free(scenario);
    return rc;
}

static void test_scenario(void **state)
{
    (void)state;
    starve(scenario_on_a_town, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_scenario),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
