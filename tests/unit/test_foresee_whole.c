/* What no policy may change: people and homes are conserved, the world outside included; one home
 * holds one household; ties are mutual; the same run gives the same bytes on any number of threads.
 */
#include "foresee_town.h"

#include "foresee/run.h"

enum { MONTHS = 36 };

static int64_t homes(const wijk_foresee *run, const wijk_population *town, size_t period)
{
    return in_areas(run, town, period, WIJK_OUT_HOMES_OWNER) +
           in_areas(run, town, period, WIJK_OUT_HOMES_SOCIAL) +
           in_areas(run, town, period, WIJK_OUT_HOMES_PRIVATE);
}

/* Every lever on at once, somewhere. */
static size_t all_levers(wijk_change *changes)
{
    size_t n = 0;
    for (int l = 0; l < WIJK_LEVERS; l++) {
        const wijk_lever_row *row = wijk_lever_get((wijk_lever)l);
        double value = row->nothing + (row->most - row->nothing) / 4;
        if (l == WIJK_LEVER_WIJKTEAM || l == WIJK_LEVER_DEBT_TEAM || row->nothing == row->most) {
            value = row->nothing / 20; /* so that queues form and caps bite */
        }
        changes[n++] = (wijk_change){.month = 2 + l % 7,
                                     .scope = WIJK_EVERYWHERE,
                                     .lever = (wijk_lever)l,
                                     .value = row->kind == WIJK_LEVER_KIND_EVENT ? 40 : value};
    }
    return n;
}

/* Households and persons, here, waiting and outside, against births, deaths and care homes. */
static void check_balance(const wijk_foresee *run, const wijk_population *town, int64_t persons,
                          int64_t built)
{
    size_t last = wijk_foresee_periods(run) - 1;
    int64_t now = everywhere(run, town, last, WIJK_OUT_PERSONS) + wijk_foresee_outside(run, 1);
    int64_t lost = ever(run, town, WIJK_OUT_DEATHS) + ever(run, town, WIJK_OUT_TO_CARE_HOME);
    assert_int_equal(now, persons + ever(run, town, WIJK_OUT_BIRTHS) - lost);
    int64_t added = ever(run, town, WIJK_OUT_BUILT_SOCIAL) + ever(run, town, WIJK_OUT_BUILT_SALE) +
                    ever(run, town, WIJK_OUT_BUILT_OTHER);
    assert_int_equal(added, ever(run, town, WIJK_OUT_BUILT));
    assert_int_equal(homes(run, town, last), built + added - ever(run, town, WIJK_OUT_DEMOLISHED));
}

static void conserve(const wijk_change *changes, size_t n, size_t regions)
{
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(regions, 5, 300, &p);
    const wijk_scenario scenario = {changes, n};
    const wijk_foresee_options o = {.seed = 1, .months = MONTHS, .period = WIJK_PER_MONTH};
    wijk_foresee *run;
    fine(wijk_foresee_new(&run, town, &p, &scenario, &o));
    fine(wijk_foresee_to(run, 0, NULL));
    fine(wijk_foresee_check(run));
    int64_t persons = everywhere(run, town, 0, WIJK_OUT_PERSONS) + wijk_foresee_outside(run, 1);
    int64_t built = homes(run, town, 0);
    for (uint32_t month = 1; month <= MONTHS; month++) {
        fine(wijk_foresee_to(run, month, NULL));
        fine(wijk_foresee_check(run));
        check_balance(run, town, persons, built);
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static void test_conserved(void **state)
{
    (void)state;
    conserve(NULL, 0, 1);
    conserve(NULL, 0, 3);
}

static void test_conserved_with_all_levers(void **state)
{
    (void)state;
    wijk_change changes[WIJK_LEVERS];
    size_t n = all_levers(changes);
    conserve(changes, n, 1);
    conserve(changes, n, 3);
}

/* Nothing is left as it was: a test of conservation in which nothing happens proves nothing. */
static void test_things_happen(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(2, 8, 800, &p);
    wijk_change changes[WIJK_LEVERS];
    wijk_foresee *run = run_of(town, &p, changes, all_levers(changes), 60, 1);
    fine(wijk_foresee_to(run, 60, NULL));
    for (int outcome = 0; outcome < WIJK_OUTCOMES; outcome++) {
        if (wijk_outcome_is_flow((wijk_outcome)outcome) &&
            outcome != WIJK_OUT_NOT_DONE && /* all of it could be done: test_foresee_levers.c */
            ever(run, town, (wijk_outcome)outcome) == 0) {
            fail_msg("nothing counted under %s", wijk_outcome_key((wijk_outcome)outcome));
        }
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static void assert_same_run(const wijk_foresee *a, const wijk_foresee *b)
{
    assert_int_equal(a->state.blocks, b->state.blocks);
    assert_memory_equal(a->state.home, b->state.home, a->state.bytes - 64);
    size_t cells = a->rows * a->n_places;
    assert_memory_equal(a->counts, b->counts, cells * WIJK_OUTCOMES * sizeof *a->counts);
    assert_memory_equal(a->groups, b->groups,
                        cells * WIJK_GROUPS * WIJK_GROUP_OUTCOMES * sizeof *a->groups);
}

/* One region alone is allotted by every thread, listed in parts; three go side by side. */
static void same_on_any_threads(size_t regions)
{
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(regions, 20, 500, &p);
    wijk_change changes[WIJK_LEVERS];
    size_t n = all_levers(changes);
    wijk_foresee *one = run_of(town, &p, changes, n, 24, 1);
    fine(wijk_foresee_to(one, 24, NULL));
    for (unsigned threads = 2; threads <= 3; threads++) {
        wijk_foresee *many = run_of(town, &p, changes, n, 24, threads);
        assert_int_equal(foresee_by_crew(many), regions == 1);
        assert_true(many->regions[0].chunks > threads);
        fine(wijk_foresee_to(many, 24, NULL));
        assert_same_run(one, many);
        wijk_foresee_free(many);
    }
    wijk_foresee_free(one);
    wijk_population_free(town);
}

static void test_threads(void **state)
{
    (void)state;
    same_on_any_threads(3);
    same_on_any_threads(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conserved),
        cmocka_unit_test(test_conserved_with_all_levers),
        cmocka_unit_test(test_things_happen),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
