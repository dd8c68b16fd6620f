/* Accounts over an ensemble: each mean is that of runs of one pair each, which have nothing but a
 * middle, and what is added up closes. */
#include "foresee_town.h"

#include "wijk/ensemble.h"

#include <math.h>

enum { PAIRS = 6, YEARS = 2 };

static wijk_population *town;
static wijk_parameters usual;

static wijk_ensemble *run(uint32_t first, uint32_t last)
{
    static const wijk_change more[] = {{.lever = WIJK_LEVER_WIJKTEAM, .value = 5},
                                       {.lever = WIJK_LEVER_DEBT_SIGNALLING, .value = 90}};
    const wijk_scenario scenario = {more, 2};
    const wijk_ensemble_options o = {.seed = 9,
                                     .first = first,
                                     .last = last,
                                     .years = YEARS,
                                     .threads = 2,
                                     .place = "Stad",
                                     .region = "Stad",
                                     .title = {"Meer team", "More team"},
                                     .scenario = "test",
                                     .lineage = "test"};
    wijk_ensemble *e;
    fine(wijk_ensemble_run(&e, town, &scenario, &o, NULL));
    return e;
}

static int setup(void **state)
{
    (void)state;
    usual = defaults();
    town = town_of(1, 2, 3000, &usual);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wijk_population_free(town);
    return 0;
}

static void near(double got, double want)
{
    assert_true(fabs(got - want) <= 1e-9 * fmax(1, fabs(want)));
}

static void a_mean_is_that_of_its_pairs(void **state)
{
    (void)state;
    static const wijk_outcome of[] = {WIJK_OUT_STRAINED, WIJK_OUT_WORK_CASES, WIJK_OUT_TIES,
                                      WIJK_OUT_HOUSEHOLDS};
    wijk_ensemble *all = run(1, PAIRS), *one[PAIRS];
    for (uint32_t k = 0; k < PAIRS; k++) {
        one[k] = run(k + 1, k + 1);
    }
    int moved = 0;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        const wijk_term term = {of[i], 1}, twice = {of[i], -2};
        double sum = 0, low = INFINITY, high = -INFINITY;
        wijk_band got, back;
        for (uint32_t k = 0; k < PAIRS; k++) {
            wijk_bands b;
            fine(wijk_ensemble_outcome_ever(&b, one[k], WIJK_ENSEMBLE_HERE, of[i]));
            assert_true(isfinite(b.difference.median));
            sum += b.difference.median;
            low = fmin(low, b.difference.median);
            high = fmax(high, b.difference.median);
        }
        fine(wijk_ensemble_account(&got, all, WIJK_ENSEMBLE_HERE, &term, 1));
        near(got.median, sum / PAIRS);
        assert_true(got.low90 >= low && got.high90 <= high);
        fine(wijk_ensemble_account(&back, all, WIJK_ENSEMBLE_HERE, &twice, 1));
        near(back.median, -2 * got.median);
        near(back.low90, -2 * got.high90);
        moved += got.median < 0 || got.median > 0;
    }
    assert_true(moved >= 2);
    wijk_ensemble_free(all);
    for (uint32_t k = 0; k < PAIRS; k++) {
        wijk_ensemble_free(one[k]);
    }
}

/* Every home is one of three tenures: their differences add up to nothing unless homes come or go.
 */
static void an_account_closes(void **state)
{
    (void)state;
    static const wijk_term homes[] = {
        {WIJK_OUT_HOMES_OWNER, 1}, {WIJK_OUT_HOMES_SOCIAL, 1}, {WIJK_OUT_HOMES_PRIVATE, 1}};
    static const wijk_term kinds[] = {{WIJK_OUT_HOUSEHOLDS, 1},   {WIJK_OUT_SINGLE, -1},
                                      {WIJK_OUT_COUPLE, -1},      {WIJK_OUT_FAMILY, -1},
                                      {WIJK_OUT_ONE_PARENT, -1},  {WIJK_OUT_OLDER_SINGLE, -1},
                                      {WIJK_OUT_OLDER_COUPLE, -1}};
    wijk_ensemble *e = run(1, PAIRS);
    wijk_band b;
    fine(wijk_ensemble_account(&b, e, WIJK_ENSEMBLE_HERE, homes, 3));
    near(b.median, 0);
    fine(wijk_ensemble_account(&b, e, WIJK_ENSEMBLE_HERE, kinds, 7));
    near(b.median, 0);
    near(b.low90, 0);
    near(b.high90, 0);
    fine(wijk_ensemble_account(&b, e, WIJK_ENSEMBLE_HERE, NULL, 0));
    near(b.median, 0);
    wijk_ensemble_free(e);
}

/* What a reader may not see by itself is not to be had in a sum either. */
static void what_is_withheld_stays_so(void **state)
{
    (void)state;
    wijk_ensemble *e = run(1, PAIRS);
    int withheld = 0;
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        const wijk_term terms[] = {{WIJK_OUT_HOMES_OWNER, 1}, {(wijk_outcome)o, 1}};
        wijk_bands told;
        wijk_band sum;
        fine(wijk_ensemble_outcome_ever(&told, e, WIJK_ENSEMBLE_HERE, (wijk_outcome)o));
        fine(wijk_ensemble_account(&sum, e, WIJK_ENSEMBLE_HERE, terms, 2));
        assert_int_equal(isfinite(sum.median), isfinite(told.difference.median));
        assert_int_equal(isfinite(sum.low90), isfinite(told.difference.median));
        withheld += !isfinite(sum.median);
    }
    assert_true(withheld > 0);
    const wijk_term nonsense = {WIJK_OUTCOMES, 1}, fit = {WIJK_OUT_STRAINED, 1};
    wijk_band b;
    assert_int_equal(wijk_ensemble_account(&b, e, WIJK_ENSEMBLE_HERE, &nonsense, 1), WIJK_EINVAL);
    assert_int_equal(wijk_ensemble_account(&b, e, 99, &fit, 1), WIJK_EINVAL);
    wijk_ensemble_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_mean_is_that_of_its_pairs),
                                       cmocka_unit_test(an_account_closes),
                                       cmocka_unit_test(what_is_withheld_stays_so)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
