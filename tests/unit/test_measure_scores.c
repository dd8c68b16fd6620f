/* Local scores: their mean over people is the index, and each agrees with its definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

enum { AREAS = 80, GROUPS = 4 };

static double counts[AREAS * GROUPS];

static void make(uint32_t seed)
{
    for (uint32_t k = 0; k < AREAS * GROUPS; k++) {
        double u = wijk_rng_uniform((wijk_draw){seed, 4, k, 0, 0});
        counts[k] = (k / GROUPS) % 9 && k % GROUPS != 2 ? floor(90 * u * u) : 0;
    }
    counts[5 * GROUPS + 2] = seed % 2 ? 12 : 0; /* one group is rare, or not there at all */
}

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12)) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

static void test_means(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 20; seed++) {
        make(seed);
        wijk_segregation all;
        wijk_segregation_score score[AREAS], mean = {0};
        assert_int_equal(wijk_segregation_all(&all, counts, AREAS, GROUPS), 0);
        assert_int_equal(wijk_segregation_scores(score, counts, AREAS, GROUPS), 0);
        for (size_t i = 0; i < AREAS; i++) {
            if (score[i].weight > 0) {
                mean.weight += score[i].weight;
                mean.dissimilarity += score[i].weight * score[i].dissimilarity;
                mean.gini += score[i].weight * score[i].gini;
                mean.theil += score[i].weight * score[i].theil;
                mean.mutual += score[i].weight * score[i].mutual;
                mean.relative += score[i].weight * score[i].relative;
                mean.variation += score[i].weight * score[i].variation;
                mean.entropy += score[i].weight * score[i].entropy;
                mean.simpson += score[i].weight * score[i].simpson;
                assert_true(score[i].dissimilarity >= 0 && score[i].gini >= 0);
                assert_true(score[i].theil >= 0 && score[i].relative >= 0);
            } else {
                assert_true(isnan(score[i].gini) && isnan(score[i].entropy));
            }
        }
        near(mean.weight, 1);
        near(mean.dissimilarity, all.dissimilarity);
        near(mean.gini, all.gini);
        near(mean.theil, all.theil);
        near(mean.mutual, all.mutual);
        near(mean.relative, all.relative);
        near(mean.variation, all.variation);
        near(all.entropy - mean.entropy, all.mutual); /* between and within */
        near(all.simpson - mean.simpson, all.simpson * all.relative);
    }
}

static void test_one_group(void **state)
{
    (void)state;
    make(7);
    wijk_segregation_group one;
    wijk_segregation_score_group score[AREAS];
    wijk_segregation_score all[AREAS];
    assert_int_equal(wijk_segregation_one(&one, counts, AREAS, GROUPS, 1, 0.5), 0);
    assert_int_equal(wijk_segregation_scores_one(score, counts, AREAS, GROUPS, 1), 0);
    assert_int_equal(wijk_segregation_scores(all, counts, AREAS, GROUPS), 0);
    double isolation = 0, members = 0, quotient = 0, correlation = 0;
    for (size_t i = 0; i < AREAS; i++) {
        if (all[i].weight > 0) {
            isolation += counts[i * GROUPS + 1] * score[i].share;
            members += counts[i * GROUPS + 1];
            quotient += all[i].weight * score[i].quotient;
            correlation += all[i].weight * score[i].correlation;
        } else {
            assert_true(isnan(score[i].share));
        }
    }
    near(isolation / members, one.isolation);
    near(quotient, 1);
    near(correlation, one.correlation);
}

/* Two areas by hand. */
static void test_by_hand(void **state)
{
    (void)state;
    const double two[] = {30, 10, 10, 50, 0, 0};
    wijk_segregation_score s[3];
    assert_int_equal(wijk_segregation_scores(s, two, 3, 2), 0);
    near(s[0].weight, 0.4);
    near(s[0].dissimilarity, 2 * 0.35 / (2 * 0.48)); /* p 0.75, P 0.4, I 0.48 */
    near(s[0].gini, 2 * 60 * (0.75 - 1.0 / 6) / (2 * 100 * 0.48));
    near(s[0].relative, 2 * 0.35 * 0.35 / 0.48);
    near(s[0].mutual, 0.75 * log(0.75 / 0.4) + 0.25 * log(0.25 / 0.6));
    near(s[1].simpson, 2 * (1.0 / 6) * (5.0 / 6));
    near(s[1].entropy, -log(1.0 / 6) / 6 - 5.0 / 6 * log(5.0 / 6));
    assert_true(isnan(s[2].mutual) && s[2].weight == 0);
}

static void test_degenerate(void **state)
{
    (void)state;
    wijk_segregation_score s[2];
    wijk_segregation_score_group g[2];
    const double one[] = {4, 0, 6, 0}, bad[] = {1, 2, -3, 4};
    assert_int_equal(wijk_segregation_scores(s, one, 2, 2), 0);
    assert_true(isnan(s[0].theil) && isnan(s[1].gini) && s[0].entropy == 0);
    assert_int_equal(wijk_segregation_scores_one(g, one, 2, 2, 1), 0);
    assert_true(isnan(g[0].share) && isnan(g[0].quotient));
    assert_int_equal(wijk_segregation_scores_one(g, one, 2, 2, 2), WIJK_EINVAL);
    assert_int_equal(wijk_segregation_scores(s, bad, 2, 2), WIJK_EINVAL);
    assert_int_equal(wijk_segregation_scores(NULL, NULL, 0, 2), 0);
    for (long nth = 1; nth < 5; nth++) {
        wijk_alloc_fail_at(nth, 0);
        assert_int_equal(wijk_segregation_scores(s, one, 2, 2), WIJK_ENOMEM);
        wijk_alloc_fail_at(0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means), cmocka_unit_test(test_one_group),
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_degenerate)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
