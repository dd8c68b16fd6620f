/* What resampling promises, where the truth is known: people are dealt from a mix that we choose,
 * again and again, and it is counted how often intervals hold the index of that mix, how far
 * corrected values are from it, and how p is spread when there is nothing to find. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/resample.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

enum { AREAS = 49, GROUPS = 3, CELLS = AREAS * GROUPS };

static const double mix[GROUPS] = {0.6, 0.3, 0.1};

typedef struct {
    double share[CELLS]; /* of all people; adds up to 1 */
    double x[AREAS], y[AREAS];
} truth;

static double uniform(uint32_t seed, uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){.seed = seed, .place = place, .nth = nth, .purpose = 9});
}

/* Areas of unequal size on a grid; with `apart` 0 all have the mix of the whole. Shares lean to the
 * east for the first group and at random for all. */
static void make_truth(truth *t, double apart, uint32_t seed)
{
    double total = 0;
    for (uint32_t i = 0; i < AREAS; i++) {
        double size = 0.4 + 1.6 * uniform(seed, i, 0), weight[GROUPS], sum = 0;
        t->x[i] = i % 7 * 500.0;
        t->y[i] = i / 7 * 500.0;
        for (uint32_t g = 0; g < GROUPS; g++) {
            double lean = g == 0 ? t->x[i] / 1500 - 1 : 0;
            weight[g] = mix[g] * exp(apart * (lean + 3 * (uniform(seed, i, g + 1) - 0.5)));
            sum += weight[g];
        }
        for (uint32_t g = 0; g < GROUPS; g++) {
            t->share[i * GROUPS + g] = size * weight[g] / sum;
            total += t->share[i * GROUPS + g];
        }
    }
    for (size_t c = 0; c < CELLS; c++) {
        t->share[c] /= total;
    }
}

/* `people` persons, one by one. */
static void deal(double *counts, const truth *t, uint32_t people, uint32_t round)
{
    memset(counts, 0, CELLS * sizeof *counts);
    for (uint32_t k = 0; k < people; k++) {
        double u = uniform(1000 + round, k, 7);
        size_t c = 0;
        while (c + 1 < CELLS && u >= t->share[c]) {
            u -= t->share[c++];
        }
        counts[c]++;
    }
}

static void true_indices(double *out, const truth *t)
{
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, t->share, AREAS, GROUPS), 0);
    out[WIJK_INDEX_M] = all.mutual;
    out[WIJK_INDEX_H] = all.theil;
    out[WIJK_INDEX_D] = all.dissimilarity;
}

static int inside(wijk_range range, double value)
{
    return range.low <= value + 1e-12 && value <= range.high + 1e-12;
}

/* Of 100 rounds a true 95% gives 86 or fewer once in 2,000. One thread: so little is sooner done
 * than a thread started. */
enum { ROUNDS = 100 };

static const double aparts[] = {0, 0.35, 1};
static const uint32_t sizes[] = {10, 40};

static void test_ranges_hold_the_truth(void **state)
{
    (void)state;
    for (size_t a = 0; a < 3; a++) {
        for (size_t s = 0; s < 2; s++) {
            truth t;
            double want[WIJK_INDICES], counts[CELLS], value[3] = {0}, corrected[3] = {0};
            int held[3] = {0}, simple[3] = {0};
            make_truth(&t, aparts[a], 3);
            true_indices(want, &t);
            for (uint32_t round = 0; round < ROUNDS; round++) {
                wijk_resampled got[WIJK_INDICES];
                const wijk_resample_options o = {.seed = round, .replicates = 149, .threads = 1};
                deal(counts, &t, sizes[s] * AREAS, round);
                assert_int_equal(wijk_resample_bootstrap(got, counts, AREAS, GROUPS, &o, NULL), 0);
                for (int k = 0; k < 3; k++) {
                    held[k] += inside(got[k].range, want[k]);
                    simple[k] += fabs(got[k].value - want[k]) <= 1.96 * got[k].error;
                    value[k] += got[k].value / ROUNDS;
                    corrected[k] += got[k].corrected / ROUNDS;
                }
            }
            for (int k = 0; k < 3; k++) {
                if (held[k] < 0.84 * ROUNDS) {
                    fail_msg("apart %g, %u people an area, index %d: held %d of %d", aparts[a],
                             sizes[s], k, held[k], ROUNDS);
                }
                /* What others do, the value give or take its error, misses where areas are small.
                 */
                assert_true(simple[k] < held[k]);
                assert_true(a == 2 || s == 1 || simple[k] < ROUNDS / 10);
                /* At least three quarters of the bias are gone. */
                if (!(fabs(corrected[k] - want[k]) < 0.25 * (value[k] - want[k]))) {
                    fail_msg("apart %g, %u people an area, index %d: %g, corrected %g, true %g",
                             aparts[a], sizes[s], k, value[k], corrected[k], want[k]);
                }
            }
        }
    }
}

/* Less chance: exact where nobody chooses, and for M and H good everywhere. For D it takes off too
 * much where there is segregation; the header and the manual say so. */
static void test_less_chance_has_less_bias(void **state)
{
    (void)state;
    for (size_t a = 0; a < 3; a++) {
        truth t;
        double want[WIJK_INDICES], counts[CELLS], value[3] = {0}, rescaled[3] = {0};
        wijk_segregation all;
        make_truth(&t, aparts[a], 4);
        true_indices(want, &t);
        assert_int_equal(wijk_segregation_all(&all, t.share, AREAS, GROUPS), 0);
        enum { DEALS = 400 };
        for (uint32_t round = 0; round < DEALS; round++) {
            wijk_chance_index got[WIJK_INDICES];
            deal(counts, &t, 15 * AREAS, round);
            assert_int_equal(wijk_resample_chance(got, counts, AREAS, GROUPS, NULL), 0);
            for (int k = 0; k < 3; k++) {
                value[k] += got[k].value / DEALS;
                rescaled[k] += got[k].rescaled / DEALS * (k == WIJK_INDEX_M ? all.entropy : 1);
            }
        }
        for (int k = 0; k < 3; k++) {
            double before = fabs(value[k] - want[k]), after = fabs(rescaled[k] - want[k]);
            if (k != WIJK_INDEX_D || a == 0) {
                assert_true(after < 0.3 * before);
            } else {
                assert_true(rescaled[k] < want[k]);
            }
        }
    }
}

/* ---- p ---- */

enum { TABLES = 200, BINS = 10 };

/* p of n tables, of which p <= k/10 should come out k/10 of the time: chi-square on 9 degrees. */
static void assert_uniform(const int *bin)
{
    double chi = 0, want = (double)TABLES / BINS;
    for (int k = 0; k < BINS; k++) {
        chi += (bin[k] - want) * (bin[k] - want) / want;
    }
    assert_true(chi < 33); /* once in 10,000 by chance */
}

static void count_p(int *bin, double p)
{
    assert_true(p > 0 && p <= 1);
    bin[(int)fmin(BINS - 1, p * BINS - 1e-9)]++;
}

static void test_p_is_uniform_by_chance(void **state)
{
    (void)state;
    truth t;
    make_truth(&t, 0, 5);
    int bin[3][BINS] = {{0}};
    for (uint32_t round = 0; round < TABLES; round++) {
        double counts[CELLS];
        wijk_null_index got[WIJK_INDICES];
        const wijk_resample_options o = {.seed = round, .replicates = 99, .threads = 1};
        deal(counts, &t, 12 * AREAS, round);
        assert_int_equal(wijk_resample_null(got, counts, AREAS, GROUPS, &o, NULL), 0);
        for (int k = 0; k < 3; k++) {
            count_p(bin[k], got[k].p);
        }
    }
    for (int k = 0; k < 3; k++) {
        assert_uniform(bin[k]);
    }
}

static void test_differences(void **state)
{
    (void)state;
    truth a, b;
    make_truth(&a, 0.6, 6);
    make_truth(&b, 1, 6);
    double first[WIJK_INDICES], second[WIJK_INDICES];
    true_indices(first, &a);
    true_indices(second, &b);
    int wrongly[3] = {0}, rightly[3] = {0}, held[3] = {0};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        double one[CELLS], same[CELLS], other[CELLS];
        const wijk_resample_options o = {.seed = round, .replicates = 149, .threads = 1};
        wijk_difference got[WIJK_INDICES];
        deal(one, &a, 25 * AREAS, 2 * round);
        deal(same, &a, 60 * AREAS, 2 * round + 1); /* larger areas: less bias */
        deal(other, &b, 60 * AREAS, 2 * round + 1);
        assert_int_equal(wijk_resample_difference(got, one, AREAS, same, AREAS, GROUPS, &o, NULL),
                         0);
        for (int k = 0; k < 3; k++) {
            wrongly[k] += got[k].p <= 0.05;
            held[k] += inside(got[k].range, 0);
            assert_true(got[k].p > 0 && got[k].p <= 1);
            assert_true((got[k].p > 0.07) <= inside(got[k].range, 0));
        }
        assert_int_equal(wijk_resample_difference(got, one, AREAS, other, AREAS, GROUPS, &o, NULL),
                         0);
        for (int k = 0; k < 3; k++) {
            rightly[k] += got[k].p <= 0.05 && got[k].corrected < 0;
        }
    }
    for (int k = 0; k < 3; k++) {
        assert_true(first[k] < second[k]);
        assert_true(wrongly[k] <= 0.13 * ROUNDS); /* 5 of 100, give or take four errors */
        assert_true(held[k] >= 0.87 * ROUNDS);
        assert_true(rightly[k] > 0.9 * ROUNDS);
    }
}

/* ---- bands ---- */

enum { RADII = 4 };

static const double radii[RADII] = {300, 800, 1400, 2500};

static void test_bands_hold_the_whole_profile(void **state)
{
    (void)state;
    for (size_t a = 0; a < 3; a += 2) {
        truth t;
        wijk_scale want[RADII];
        make_truth(&t, aparts[a], 7);
        assert_int_equal(wijk_segregation_scale(want, radii, RADII, WIJK_KERNEL_BIWEIGHT, t.share,
                                                t.x, t.y, AREAS, GROUPS, NULL),
                         0);
        int joint[WIJK_PROFILES] = {0}, one[WIJK_PROFILES] = {0};
        for (uint32_t round = 0; round < ROUNDS; round++) {
            double counts[CELLS];
            wijk_band band[WIJK_PROFILES * RADII];
            const wijk_resample_options o = {.seed = round, .replicates = 149, .threads = 1};
            deal(counts, &t, 30 * AREAS, round);
            assert_int_equal(wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_BIWEIGHT, counts,
                                                   t.x, t.y, AREAS, GROUPS, &o, NULL),
                             0);
            for (size_t p = 0; p < WIJK_PROFILES; p++) {
                int all = 1, each = 1;
                for (size_t k = 0; k < RADII; k++) {
                    double value = p == WIJK_PROFILE_H   ? want[k].theil
                                   : p == WIJK_PROFILE_D ? want[k].dissimilarity
                                                         : want[k].relative;
                    all &= inside(band[p * RADII + k].joint, value);
                    each &= inside(band[p * RADII + k].one, value);
                }
                joint[p] += all;
                one[p] += each;
            }
        }
        for (size_t p = 0; p < WIJK_PROFILES; p++) {
            assert_true(joint[p] >= 0.84 * ROUNDS);
            /* One by one they do not hold the profile together. */
            assert_true(one[p] < joint[p] && one[p] < 0.9 * ROUNDS);
        }
    }
}

static void test_envelopes_are_exact(void **state)
{
    (void)state;
    truth even, lean;
    make_truth(&even, 0, 8);
    make_truth(&lean, 1, 8);
    int people[3][BINS] = {{0}}, places[3][BINS] = {{0}}, outside = 0;
    for (uint32_t round = 0; round < TABLES; round++) {
        double counts[CELLS], shuffled[CELLS], p[WIJK_PROFILES];
        wijk_envelope out[WIJK_PROFILES * RADII];
        const wijk_resample_options o = {.seed = round, .replicates = 99, .threads = 1};
        deal(counts, &even, 12 * AREAS, round);
        assert_int_equal(wijk_resample_profile_null(out, p, WIJK_NULL_PEOPLE, radii, RADII,
                                                    WIJK_KERNEL_FLAT, counts, even.x, even.y, AREAS,
                                                    GROUPS, &o, NULL),
                         0);
        int leaves = 0;
        for (size_t k = 0; k < RADII; k++) {
            leaves |= !inside(out[k].envelope, out[k].value);
        }
        outside += leaves;
        assert_true(leaves == (p[WIJK_PROFILE_H] <= 0.05 + 1e-9));
        for (int k = 0; k < 3; k++) {
            count_p(people[k], p[k]);
        }
        /* Segregated, but the areas stand anywhere. */
        deal(counts, &lean, 12 * AREAS, round);
        uint32_t order[AREAS];
        for (uint32_t i = 0; i < AREAS; i++) {
            uint32_t j = (uint32_t)(uniform(77 + round, i, 3) * (i + 1));
            order[i] = order[j];
            order[j] = i;
        }
        for (size_t i = 0; i < AREAS; i++) {
            memcpy(shuffled + i * GROUPS, counts + order[i] * GROUPS, GROUPS * sizeof *counts);
        }
        assert_int_equal(wijk_resample_profile_null(out, p, WIJK_NULL_PLACES, radii, RADII,
                                                    WIJK_KERNEL_FLAT, shuffled, even.x, even.y,
                                                    AREAS, GROUPS, &o, NULL),
                         0);
        for (int k = 0; k < 3; k++) {
            count_p(places[k], p[k]);
        }
    }
    for (int k = 0; k < 3; k++) {
        assert_uniform(people[k]);
        assert_uniform(places[k]);
    }
    assert_true(outside >= 2 && outside <= 24); /* 10 expected */
}

/* ---- figures ---- */

static int isolation(double *out, size_t n, const double *counts, size_t areas, size_t groups,
                     const void *payload)
{
    const int *fail = payload;
    if (fail && *fail) {
        return wijk_fail(WIJK_EFORMAT, "nee", "no");
    }
    for (size_t g = 0; g < n; g++) {
        int rc = wijk_segregation_exposure(&out[g], counts, areas, groups, g, g);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

static void test_any_figure(void **state)
{
    (void)state;
    truth t;
    double counts[CELLS], p;
    wijk_band band[4][GROUPS];
    wijk_envelope envelope[4][GROUPS];
    make_truth(&t, 0.8, 9);
    deal(counts, &t, 20 * AREAS, 1);
    for (unsigned threads = 0; threads < 4; threads++) {
        const wijk_resample_options o = {.seed = 4, .replicates = 99, .threads = threads};
        assert_int_equal(wijk_resample_figures(band[threads], GROUPS, isolation, NULL, counts,
                                               AREAS, GROUPS, &o, NULL),
                         0);
        assert_int_equal(wijk_resample_figures_null(envelope[threads], &p, GROUPS, isolation, NULL,
                                                    WIJK_NULL_PEOPLE, counts, AREAS, GROUPS, &o,
                                                    NULL),
                         0);
        assert_memory_equal(band[threads], band[0], sizeof band[0]);
        assert_memory_equal(envelope[threads], envelope[0], sizeof envelope[0]);
    }
    assert_true(fabs(p - 0.01) < 1e-12);
    for (size_t g = 0; g < GROUPS; g++) {
        assert_true(band[0][g].corrected < band[0][g].value);
        assert_true(band[0][g].joint.low < band[0][g].one.low);
        assert_true(band[0][g].joint.high > band[0][g].one.high);
        assert_true(envelope[0][g].value > envelope[0][g].envelope.high);
    }
    /* By area, the local figure of any replicate is one of those counted. */
    const wijk_resample_options by_area = {.replicates = 50, .unit = WIJK_RESAMPLE_AREAS};
    assert_int_equal(wijk_resample_figures(band[0], GROUPS, isolation, NULL, counts, AREAS, GROUPS,
                                           &by_area, NULL),
                     0);
    assert_true(band[0][0].error > band[1][0].error);
}

static void test_refused(void **state)
{
    (void)state;
    truth t;
    double counts[CELLS], p[WIJK_PROFILES];
    wijk_band band[WIJK_PROFILES * RADII];
    wijk_envelope envelope[WIJK_PROFILES * RADII];
    make_truth(&t, 1, 2);
    deal(counts, &t, 900, 1);
    wijk_resample_options o = {.replicates = 20, .unit = WIJK_RESAMPLE_AREAS};
    assert_int_equal(wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_FLAT, counts, t.x, t.y,
                                           AREAS, GROUPS, &o, NULL),
                     WIJK_EINVAL);
    assert_int_equal(wijk_resample_profile(band, radii, 0, WIJK_KERNEL_FLAT, counts, t.x, t.y,
                                           AREAS, GROUPS, NULL, NULL),
                     WIJK_ELIMIT);
    assert_int_equal(wijk_resample_profile_null(envelope, p, WIJK_NULL_PEOPLE, radii, 17,
                                                WIJK_KERNEL_FLAT, counts, t.x, t.y, AREAS, GROUPS,
                                                NULL, NULL),
                     WIJK_ELIMIT);
    const int fail = 1;
    assert_int_equal(
        wijk_resample_figures(band, GROUPS, isolation, &fail, counts, AREAS, GROUPS, NULL, NULL),
        WIJK_EFORMAT);
    assert_string_equal(wijk_error(WIJK_EN), "no");
    assert_int_equal(wijk_resample_figures(band, WIJK_MAX_FIGURES, isolation, NULL, counts, AREAS,
                                           GROUPS, NULL, NULL),
                     WIJK_ELIMIT);
    t.x[3] = NAN;
    o.unit = WIJK_RESAMPLE_PEOPLE;
    assert_int_equal(wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_FLAT, counts, t.x, t.y,
                                           AREAS, GROUPS, &o, NULL),
                     WIJK_EINVAL);
    counts[4] = -1;
    assert_int_equal(wijk_resample_figures_null(envelope, p, GROUPS, isolation, NULL,
                                                WIJK_NULL_PLACES, counts, AREAS, GROUPS, &o, NULL),
                     WIJK_EINVAL);
}

/* Nobody, one group, one area: figures that cannot be told have no band, and none fails. */
static void test_degenerate(void **state)
{
    (void)state;
    const double nobody[4] = {0}, alone[4] = {5, 0, 7, 0}, x[] = {0, 100}, y[] = {0, 0};
    const double few[4] = {30, 20, 10, 40};
    const wijk_resample_options o = {.replicates = 30};
    wijk_band band[WIJK_PROFILES * RADII];
    wijk_envelope envelope[WIJK_PROFILES * RADII];
    double p[WIJK_PROFILES];
    const double *const tables[] = {nobody, alone};
    for (int k = 0; k < 2; k++) {
        assert_int_equal(wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_FLAT, tables[k], x,
                                               y, 2, 2, &o, NULL),
                         0);
        assert_int_equal(wijk_resample_profile_null(envelope, p, WIJK_NULL_PLACES, radii, RADII,
                                                    WIJK_KERNEL_FLAT, tables[k], x, y, 2, 2, &o,
                                                    NULL),
                         0);
        assert_true(isnan(band[0].joint.low) && isnan(envelope[0].envelope.low) && isnan(p[0]));
    }
    assert_int_equal(
        wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_FLAT, few, x, y, 1, 2, &o, NULL), 0);
    assert_true(fabs(band[0].value) < 1e-12 && fabs(band[0].joint.high) < 1e-9);
    /* Two areas change places: nothing changes, and chance explains all of it. */
    assert_int_equal(wijk_resample_profile_null(envelope, p, WIJK_NULL_PLACES, radii, RADII,
                                                WIJK_KERNEL_FLAT, few, x, y, 2, 2, &o, NULL),
                     0);
    assert_true(p[WIJK_PROFILE_H] == 1);
}

static int everything(void)
{
    truth t;
    double counts[CELLS], p[WIJK_PROFILES];
    wijk_band band[WIJK_PROFILES * RADII];
    wijk_envelope envelope[WIJK_PROFILES * RADII];
    const wijk_resample_options o = {.replicates = 3, .threads = 2};
    make_truth(&t, 0.5, 2);
    deal(counts, &t, 300, 1);
    int rc = wijk_resample_profile(band, radii, RADII, WIJK_KERNEL_FLAT, counts, t.x, t.y, AREAS,
                                   GROUPS, &o, NULL);
    return rc ? rc
              : wijk_resample_profile_null(envelope, p, WIJK_NULL_PLACES, radii, RADII,
                                           WIJK_KERNEL_FLAT, counts, t.x, t.y, AREAS, GROUPS, &o,
                                           NULL);
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        assert_true(n < 1000);
        wijk_alloc_fail_at(n, 0);
        rc = everything();
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_ENOMEM || rc == WIJK_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_hold_the_truth),
        cmocka_unit_test(test_less_chance_has_less_bias),
        cmocka_unit_test(test_p_is_uniform_by_chance),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_bands_hold_the_whole_profile),
        cmocka_unit_test(test_envelopes_are_exact),
        cmocka_unit_test(test_any_figure),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
