/* A run that begins where doing nothing stands gives what one from the start gives: every count of
 * every place, also when room is kept for what is built, and whatever the month. */
#include "foresee/ensemble.h"
#include "foresee/run.h"

#include "foresee_town.h"

enum { YEARS = 4, MONTHS = YEARS * 12 };

/* Building moves every place behind it and divides chunks otherwise. */
static const wijk_change late[] = {
    {.month = 31, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_BUILD_SOCIAL, .value = 900},
    {.month = 17, .scope = WIJK_IN_AREA, .place = 4, .lever = WIJK_LEVER_BUILD_OWNER, .value = 200},
    {.month = 17, .scope = WIJK_IN_REGION, .place = 1, .lever = WIJK_LEVER_DEMOLISH, .value = 80},
    {.month = 20, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_VISIT_COVERAGE, .value = 40},
    {.month = 31, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_LOTTERY, .value = 80},
};
enum { CHANGES = sizeof late / sizeof *late, FIRST = 17 };

static void same_counts(const wijk_foresee *a, const wijk_foresee *b)
{
    assert_int_equal(a->month, b->month);
    assert_int_equal(a->n_places, b->n_places);
    assert_memory_equal(a->counts, b->counts,
                        a->rows * a->n_places * WIJK_OUTCOMES * sizeof *a->counts);
    assert_memory_equal(a->groups, b->groups,
                        a->rows * a->n_places * WIJK_GROUPS * WIJK_GROUP_OUTCOMES *
                            sizeof *a->groups);
    assert_memory_equal(a->sums, b->sums, a->periods * a->n_regions * SUMS * sizeof *a->sums);
    assert_memory_equal(a->outside, b->outside,
                        a->n_regions * FORESEE_OUTSIDE * sizeof *a->outside);
    assert_int_equal(wijk_foresee_offers(a), wijk_foresee_offers(b));
}

static void a_fork_gives_what_a_straight_run_gives(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(3, 9, 700, &p);
    const wijk_scenario scenario = {late, CHANGES};
    assert_int_equal(foresee_fork_month(&scenario), FIRST);
    wijk_foresee *straight = run_of(town, &p, late, CHANGES, MONTHS, 1);
    fine(wijk_foresee_to(straight, MONTHS, NULL));
    static const uint32_t at[] = {0, 1, 12, FIRST}; /* at 0: the run-in alone is shared */
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        wijk_foresee *nothing = run_of(town, &p, NULL, 0, MONTHS, 2), *forked;
        fine(wijk_foresee_to(nothing, at[i], NULL));
        fine(foresee_fork(&forked, nothing, &scenario));
        assert_true(forked->state.blocks > nothing->state.blocks);
        fine(wijk_foresee_check(forked));
        fine(wijk_foresee_to(nothing, MONTHS, NULL)); /* each goes its own way */
        fine(wijk_foresee_to(forked, MONTHS, NULL));
        same_counts(forked, straight);
        wijk_foresee_free(nothing);
        wijk_foresee_free(forked);
    }
    wijk_foresee_free(straight);
    wijk_population_free(town);
}

/* Until its first change a policy does nothing: of homes to be built too nobody hears before. */
static void before_its_first_change_a_policy_is_doing_nothing(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(3, 9, 700, &p);
    wijk_foresee *policy = run_of(town, &p, late, CHANGES, MONTHS, 1);
    wijk_foresee *nothing = run_of(town, &p, NULL, 0, MONTHS, 1);
    fine(wijk_foresee_to(policy, FIRST, NULL));
    fine(wijk_foresee_to(nothing, FIRST, NULL));
    same_counts(policy, nothing);
    fine(wijk_foresee_to(policy, MONTHS, NULL));
    fine(wijk_foresee_to(nothing, MONTHS, NULL));
    assert_true(ever(policy, town, WIJK_OUT_BUILT) > ever(nothing, town, WIJK_OUT_BUILT));
    wijk_foresee_free(policy);
    wijk_foresee_free(nothing);
    wijk_population_free(town);
}

/* The whole of an ensemble against runs of its own, in any division over threads. */
static void pairs_are_what_runs_of_their_own_give(void **state)
{
    (void)state;
    enum { PAIRS = 5 };
    wijk_parameters p = defaults();
    wijk_population *town = town_of(3, 3, 300, &p);
    const wijk_scenario scenarios[SIDES] = {[SIDE_SCENARIO] = {late, CHANGES}};
    wijk_ensemble_options o = {.seed = 11, .first = 1, .last = PAIRS, .years = YEARS};
    for (o.threads = 1; o.threads <= 7; o.threads += o.threads == 3 ? 4 : 1) {
        wijk_ensemble *e;
        fine(wijk_ensemble_run(&e, town, &scenarios[SIDE_SCENARIO], &o, NULL));
        for (uint32_t pair = 0; pair < PAIRS; pair++) {
            fine(wijk_ensemble_draw(&p, o.seed, pair + 1));
            for (int side = 0; side < SIDES; side++) {
                const wijk_foresee_options options = {.seed = o.seed,
                                                      .replicate = pair + 1,
                                                      .months = MONTHS,
                                                      .period = WIJK_PER_YEAR};
                wijk_foresee *run;
                fine(wijk_foresee_new(&run, town, &p, &scenarios[side], &options));
                fine(wijk_foresee_to(run, MONTHS, NULL));
                for (uint32_t year = 0; year <= YEARS; year++) {
                    for (int out = 0; out < WIJK_OUTCOMES; out++) {
                        size_t cell =
                            ensemble_at(e, side, year, WIJK_ENSEMBLE_AREAS + 1, (wijk_outcome)out);
                        assert_int_equal(ensemble_of(e, pair)[cell],
                                         wijk_foresee_area_count(run, year, 1, (wijk_outcome)out));
                    }
                }
                wijk_foresee_free(run);
            }
        }
        wijk_ensemble_free(e);
    }
    wijk_population_free(town);
}

/* What a scenario may not do is said at once, also where the change comes late. */
static void a_late_mistake_is_refused(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 3, 300, &p);
    const wijk_change wrong[] = {
        {.month = MONTHS, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_LOTTERY, .value = 80}};
    wijk_change large[8]; /* each by itself allowed, together more than an area holds */
    for (int i = 0; i < 8; i++) {
        large[i] = (wijk_change){.month = 40,
                                 .scope = WIJK_IN_AREA,
                                 .lever = WIJK_LEVER_BUILD_SOCIAL,
                                 .value = AREA_SLOTS / 7.0};
    }
    const wijk_ensemble_options o = {.seed = 1, .first = 1, .last = 1, .years = YEARS};
    const wijk_scenario after_the_end = {wrong, 1}, too_large = {large, 8};
    wijk_ensemble *e;
    assert_int_equal(wijk_ensemble_run(&e, town, &after_the_end, &o, NULL), WIJK_EINVAL);
    assert_null(e);
    assert_int_equal(wijk_ensemble_run(&e, town, &too_large, &o, NULL), WIJK_ELIMIT);
    assert_null(e);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_gives_what_a_straight_run_gives),
        cmocka_unit_test(before_its_first_change_a_policy_is_doing_nothing),
        cmocka_unit_test(pairs_are_what_runs_of_their_own_give),
        cmocka_unit_test(a_late_mistake_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
