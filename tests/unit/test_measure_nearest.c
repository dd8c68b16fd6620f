/* The k nearest people against a dull reading of the rule: sort everybody, take k, share out ties.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/mem.h"
#include "wijk/nearest.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

enum { AREAS = 600, GROUPS = 3, SIZES = 6 };

static double counts[AREAS * GROUPS], x[AREAS], y[AREAS];
static const double sizes[SIZES] = {5, 100, 800, 6400, 51200, 1e7};
static double got_local[SIZES * AREAS * GROUPS], want_local[SIZES * AREAS * GROUPS];

static double uniform(uint32_t seed, uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){seed, 3, place, 0, nth});
}

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

/* `grid`: on whole hundreds of metres, so that nearly every distance is a tie. */
static void make_town(uint32_t seed, int grid)
{
    for (uint32_t i = 0; i < AREAS; i++) {
        x[i] = 1e5 + (grid ? floor(uniform(seed, i, 0) * 40) * 100 : uniform(seed, i, 0) * 9000);
        y[i] = 4e5 + (grid ? floor(uniform(seed, i, 1) * 30) * 100 : uniform(seed, i, 1) * 700);
        for (uint32_t g = 0; g < GROUPS; g++) {
            double lean = g == 0 ? (x[i] - 1e5) / 9000 : 0.5;
            counts[i * GROUPS + g] = i % 13 ? floor(400 * lean * uniform(seed, i, 3 + g)) : 0;
        }
    }
    x[7] += 70000; /* an island */
}

static size_t centre;

static int by_distance(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    double di = (x[i] - x[centre]) * (x[i] - x[centre]) + (y[i] - y[centre]) * (y[i] - y[centre]);
    double dj = (x[j] - x[centre]) * (x[j] - x[centre]) + (y[j] - y[centre]) * (y[j] - y[centre]);
    return (di > dj) - (di < dj);
}

static double people_of(size_t i)
{
    return counts[i * GROUPS] + counts[i * GROUPS + 1] + counts[i * GROUPS + 2];
}

/* The mix of the k nearest to `centre`. */
static void take(double *shares, const size_t *order, double k)
{
    double left = k, met[GROUPS] = {0}, all = 0;
    for (size_t at = 0; at < AREAS && left > 0;) {
        size_t end = at;
        double tie = 0;
        while (end < AREAS && by_distance(&order[at], &order[end]) == 0) {
            tie += people_of(order[end++]);
        }
        double part = tie > left ? left / tie : 1;
        for (; at < end; at++) {
            for (size_t g = 0; g < GROUPS; g++) {
                met[g] += part * counts[order[at] * GROUPS + g];
            }
        }
        left -= tie;
    }
    for (size_t g = 0; g < GROUPS; g++) {
        all += met[g];
    }
    for (size_t g = 0; g < GROUPS; g++) {
        shares[g] = met[g] / all;
    }
}

static void by_definition(void)
{
    size_t order[AREAS];
    for (centre = 0; centre < AREAS; centre++) {
        for (size_t i = 0; i < AREAS; i++) {
            order[i] = i;
        }
        qsort(order, AREAS, sizeof *order, by_distance);
        for (size_t k = 0; k < SIZES; k++) {
            take(want_local + (k * AREAS + centre) * GROUPS, order, sizes[k]);
        }
    }
}

/* H, D and R of surroundings, from their mixes. */
static void indices(double out[3], const double *local)
{
    double total = 0, column[GROUPS] = {0}, entropy = 0, simpson = 0, e = 0, d = 0, s = 0;
    for (size_t i = 0; i < AREAS; i++) {
        total += people_of(i);
        for (size_t g = 0; g < GROUPS; g++) {
            column[g] += counts[i * GROUPS + g];
        }
    }
    for (size_t g = 0; g < GROUPS; g++) {
        double p = column[g] / total;
        entropy -= p * log(p);
        simpson += p * (1 - p);
    }
    for (size_t i = 0; i < AREAS; i++) {
        for (size_t g = 0; people_of(i) > 0 && g < GROUPS; g++) {
            double p = local[i * GROUPS + g];
            e -= p > 0 ? people_of(i) * p * log(p) : 0;
            d += people_of(i) * fabs(p - column[g] / total);
            s += people_of(i) * p * (1 - p);
        }
    }
    out[0] = 1 - e / (total * entropy);
    out[1] = d / (2 * total * simpson);
    out[2] = 1 - s / (total * simpson);
}

static void test_definition(void **state)
{
    (void)state;
    const wijk_nearest_input in = {counts, x, y, AREAS, GROUPS};
    for (uint32_t round = 0; round < 4; round++) {
        make_town(round, round % 2);
        wijk_nearest out[SIZES];
        double meets[SIZES * GROUPS * GROUPS];
        assert_int_equal(wijk_nearest_all(out, meets, got_local, sizes, SIZES, &in, NULL), 0);
        by_definition();
        for (size_t k = 0; k < SIZES; k++) {
            double want[3];
            indices(want, want_local + k * AREAS * GROUPS);
            near(out[k].theil, want[0], 1e-12);
            near(out[k].dissimilarity, want[1], 1e-12);
            near(out[k].relative, want[2], 1e-12);
            for (size_t i = 0; i < AREAS; i++) {
                size_t at = (k * AREAS + i) * GROUPS;
                for (size_t g = 0; g < GROUPS; g++) {
                    if (people_of(i) > 0) {
                        near(got_local[at + g], want_local[at + g], 1e-12);
                    } else {
                        assert_true(isnan(got_local[at + g]));
                    }
                }
            }
            for (size_t g = 0; g < GROUPS; g++) {
                const double *row = meets + (k * GROUPS + g) * GROUPS;
                near(row[0] + row[1] + row[2], 1, 1e-12);
            }
        }
    }
}

static void test_limits(void **state)
{
    (void)state;
    make_town(9, 0);
    const wijk_nearest_input in = {counts, x, y, AREAS, GROUPS};
    wijk_nearest out[SIZES];
    double meets[SIZES * GROUPS * GROUPS], isolation;
    assert_int_equal(wijk_nearest_all(out, meets, NULL, sizes, SIZES, &in, NULL), 0);
    /* Five people are had at home: the plain indices. Ten million are everybody. */
    wijk_segregation plain;
    assert_int_equal(wijk_segregation_all(&plain, counts, AREAS, GROUPS), 0);
    assert_int_equal(wijk_segregation_exposure(&isolation, counts, AREAS, GROUPS, 0, 0), 0);
    near(out[0].theil, plain.theil, 1e-3); /* a few areas hold fewer than five */
    near(out[SIZES - 1].theil, 0, 1e-12);
    near(out[SIZES - 1].dissimilarity, 0, 1e-12);
    assert_true(out[SIZES - 1].reach > 60000);
    for (size_t k = 1; k < SIZES; k++) {
        assert_true(out[k].reach >= out[k - 1].reach && out[k].neighbours >= out[k - 1].neighbours);
    }
    const double tiny[] = {1e-6};
    assert_int_equal(wijk_nearest_all(out, meets, NULL, tiny, 1, &in, NULL), 0);
    near(out[0].theil, plain.theil, 1e-12);
    near(meets[0], isolation, 1e-12);
    near(out[0].reach, 0, 1e-12);
}

static void test_same_bits(void **state)
{
    (void)state;
    make_town(10, 1);
    const wijk_nearest_input in = {counts, x, y, AREAS, GROUPS};
    wijk_nearest first[SIZES], out[SIZES];
    for (unsigned threads = 1; threads < 6; threads++) {
        wijk_ctx ctx = {.threads = threads};
        assert_int_equal(
            wijk_nearest_all(threads > 1 ? out : first, NULL, NULL, sizes, SIZES, &in, &ctx), 0);
        if (threads > 1) {
            assert_memory_equal(out, first, sizeof out);
        }
    }
}

static void test_degenerate(void **state)
{
    (void)state;
    make_town(11, 0);
    wijk_nearest out[2];
    double meets[8];
    const double one[] = {5, 0}, nobody[] = {0, 0}, at[] = {3}, ks[] = {2, 9}, down[] = {9, 2};
    wijk_nearest_input in = {one, at, at, 1, 2};
    assert_int_equal(wijk_nearest_all(out, meets, NULL, ks, 2, &in, NULL), 0);
    assert_true(isnan(out[0].theil) && isnan(meets[2]));
    near(meets[0], 1, 1e-15);
    in.counts = nobody;
    assert_int_equal(wijk_nearest_all(out, meets, NULL, ks, 2, &in, NULL), 0);
    assert_true(isnan(out[1].theil) && isnan(out[1].reach));
    in.areas = 0;
    assert_int_equal(wijk_nearest_all(out, meets, NULL, ks, 2, &in, NULL), 0);
    in = (wijk_nearest_input){counts, x, y, AREAS, GROUPS};
    assert_int_equal(wijk_nearest_all(out, NULL, NULL, down, 2, &in, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_nearest_all(out, NULL, NULL, ks, 0, &in, NULL), WIJK_ELIMIT);
    y[3] = NAN;
    assert_int_equal(wijk_nearest_all(out, NULL, NULL, ks, 2, &in, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_NL), "Rij 4"));
    y[3] = 0;
    counts[9] = -4;
    assert_int_equal(wijk_nearest_all(out, NULL, NULL, ks, 2, &in, NULL), WIJK_EINVAL);
}

static void test_no_memory(void **state)
{
    (void)state;
    make_town(12, 0);
    const wijk_nearest_input in = {counts, x, y, AREAS, GROUPS};
    wijk_ctx ctx = {.threads = 2};
    wijk_nearest out[SIZES];
    double meets[SIZES * GROUPS * GROUPS];
    int rc = WIJK_ENOMEM, failures = 0;
    for (long nth = 1; rc && nth < 200; nth++) {
        wijk_alloc_fail_at(nth, 0);
        rc = wijk_nearest_all(out, meets, NULL, sizes, SIZES, &in, &ctx);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
        failures += rc != 0;
    }
    assert_int_equal(rc, 0);
    assert_true(failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_same_bits), cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
