/* Spatial indices against their definition over all pairs, and their limits: a small radius is the
 * map's own lines, a large one sees no segregation. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "measure/rings.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"

enum { AREAS = 120, GROUPS = 3 };

static double counts[AREAS * GROUPS], x[AREAS], y[AREAS];

static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 40) / (1 << 24);
}

static void make_town(uint64_t seed)
{
    for (size_t i = 0; i < AREAS; i++) {
        x[i] = 100000 + uniform(&seed) * 5000;
        y[i] = 400000 + uniform(&seed) * 3000;
        for (size_t g = 0; g < GROUPS; g++) {
            /* A gradient, so that there is something to see; some areas stay empty. */
            double lean = g == 0 ? (x[i] - 100000) / 5000 : 0.5;
            counts[i * GROUPS + g] = i % 17 ? floor(400 * lean * uniform(&seed)) : 0;
        }
    }
    x[1] = x[2];
    y[1] = y[2]; /* coincident points */
}

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-11)) {
        fail_msg("got %.15g, want %.15g", got, want);
    }
}

static double weight_of(double q, enum wijk_kernel kernel)
{
    switch (kernel) {
    case WIJK_KERNEL_BIWEIGHT:
        return (1 - q * q) * (1 - q * q);
    case WIJK_KERNEL_EPANECHNIKOV:
        return 1 - q * q;
    case WIJK_KERNEL_TRIANGLE:
        return 1 - q;
    default:
        return 1;
    }
}

static void by_definition(wijk_scale *out, double radius, enum wijk_kernel kernel)
{
    double total = 0, column[GROUPS] = {0}, simpson = 0, entropy = 0;
    double sum_e = 0, sum_d = 0, sum_i = 0;
    for (size_t k = 0; k < AREAS * GROUPS; k++) {
        total += counts[k];
        column[k % GROUPS] += counts[k];
    }
    for (size_t g = 0; g < GROUPS; g++) {
        simpson += column[g] / total * (1 - column[g] / total);
        entropy -= column[g] / total * log(column[g] / total);
    }
    for (size_t i = 0; i < AREAS; i++) {
        double met[GROUPS] = {0}, all = 0, here = 0;
        for (size_t g = 0; g < GROUPS; g++) {
            here += counts[i * GROUPS + g];
        }
        for (size_t j = 0; j < AREAS; j++) {
            double d = hypot(x[i] - x[j], y[i] - y[j]);
            double w = d >= radius ? 0 : weight_of(d / radius, kernel);
            for (size_t g = 0; g < GROUPS; g++) {
                met[g] += w * counts[j * GROUPS + g];
                all += w * counts[j * GROUPS + g];
            }
        }
        for (size_t g = 0; here > 0 && g < GROUPS; g++) {
            double p = met[g] / all;
            sum_e -= p > 0 ? here * p * log(p) : 0;
            sum_d += here * fabs(p - column[g] / total);
            sum_i += here * p * (1 - p);
        }
    }
    out->theil = 1 - sum_e / (total * entropy);
    out->dissimilarity = sum_d / (2 * total * simpson);
    out->relative = 1 - sum_i / (total * simpson);
}

static void test_definition(void **state)
{
    (void)state;
    const double radii[] = {150, 500, 1200, 9000};
    for (uint64_t seed = 1; seed < 6; seed++) {
        make_town(seed);
        for (int kernel = 0; kernel < 4; kernel++) {
            wijk_scale got[4], want;
            assert_int_equal(wijk_segregation_scale(got, radii, 4, (enum wijk_kernel)kernel, counts,
                                                    x, y, AREAS, GROUPS, NULL),
                             0);
            for (size_t k = 0; k < 4; k++) {
                by_definition(&want, radii[k], (enum wijk_kernel)kernel);
                near(got[k].theil, want.theil);
                near(got[k].dissimilarity, want.dissimilarity);
                near(got[k].relative, want.relative);
            }
        }
    }
}

static void test_limits(void **state)
{
    (void)state;
    make_town(3);
    x[1] += 40; /* no coincident points here: a tiny radius must see single areas */
    const double radii[] = {1e-3, 1e7};
    wijk_scale got[2];
    assert_int_equal(
        wijk_segregation_scale(got, radii, 2, WIJK_KERNEL_FLAT, counts, x, y, AREAS, GROUPS, NULL),
        0);
    wijk_segregation plain;
    assert_int_equal(wijk_segregation_all(&plain, counts, AREAS, GROUPS), 0);
    near(got[0].theil, plain.theil);
    near(got[0].dissimilarity, plain.dissimilarity);
    near(got[0].relative, plain.relative);
    near(got[0].neighbours, 1);
    near(got[1].theil, 0);
    near(got[1].dissimilarity, 0);
    near(got[1].people / plain.total, 1);
}

static void test_exposure_adds_up(void **state)
{
    (void)state;
    make_town(4);
    const double radii[] = {300, 900};
    double sum[2] = {0, 0};
    for (size_t other = 0; other < GROUPS; other++) {
        double met[2];
        assert_int_equal(wijk_exposure_scale(met, radii, 2, WIJK_KERNEL_BIWEIGHT, counts, x, y,
                                             AREAS, GROUPS, 1, other, NULL),
                         0);
        sum[0] += met[0];
        sum[1] += met[1];
    }
    near(sum[0], 1);
    near(sum[1], 1);
}

static void test_refused(void **state)
{
    (void)state;
    make_town(5);
    wijk_scale out[2];
    const double down[] = {500, 200}, zero[] = {0};
    assert_int_equal(
        wijk_segregation_scale(out, down, 2, WIJK_KERNEL_FLAT, counts, x, y, AREAS, GROUPS, NULL),
        WIJK_EINVAL);
    assert_int_equal(
        wijk_segregation_scale(out, zero, 1, WIJK_KERNEL_FLAT, counts, x, y, AREAS, GROUPS, NULL),
        WIJK_EINVAL);
    const double fine[] = {500};
    x[7] = NAN;
    assert_int_equal(
        wijk_segregation_scale(out, fine, 1, WIJK_KERNEL_FLAT, counts, x, y, AREAS, GROUPS, NULL),
        WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Row 8"));
    assert_int_equal(
        wijk_segregation_scale(out, fine, 1, WIJK_KERNEL_FLAT, NULL, NULL, NULL, 0, GROUPS, NULL),
        0);
    assert_true(isnan(out[0].theil));
}

static void test_same_bits(void **state)
{
    (void)state;
    make_town(6);
    const double radii[] = {100, 101, 450, 2000};
    wijk_scale first[4], out[4];
    for (unsigned threads = 1; threads < 6; threads++) {
        wijk_ctx ctx = {.threads = threads};
        assert_int_equal(wijk_segregation_scale(threads > 1 ? out : first, radii, 4,
                                                WIJK_KERNEL_BIWEIGHT, counts, x, y, AREAS, GROUPS,
                                                &ctx),
                         0);
        if (threads > 1) {
            assert_memory_equal(out, first, sizeof out);
        }
    }
    /* Each form of the inner loop, on one run of all places and more lanes than one. */
    near_grid grid = {.n = AREAS, .x = x, .y = y};
    static double cells[AREAS * 2 * RINGS_LANES], met[2][4 * 2 * RINGS_LANES],
        sums[4 * RINGS_MOMENTS * 2 * RINGS_LANES];
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        cells[k] = (double)(k * 7919 % 1009) / 7;
    }
    rings_meet_fn forms[3];
    size_t n = rings_forms(forms);
    for (int kernel = WIJK_KERNEL_FLAT; kernel <= WIJK_KERNEL_TRIANGLE; kernel++) {
        for (size_t wide = 1; wide <= 2; wide++) {
            rings_field field = {.grid = &grid,
                                 .cells = cells,
                                 .groups = wide * RINGS_LANES - 1,
                                 .width = wide * RINGS_LANES};
            rings_kernel(&field, radii, 4, (enum wijk_kernel)kernel);
            near_run run = {0, AREAS - 3};
            forms[0](met[0], sums, &field, x[40], y[40], &run, 1);
            for (size_t f = 1; f < n; f++) {
                forms[f](met[1], sums, &field, x[40], y[40], &run, 1);
                assert_memory_equal(met[0], met[1], 4 * field.width * sizeof *met[0]);
            }
        }
    }
    print_message("%zu wide forms of the inner loop compared with the plain one\n", n - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_exposure_adds_up), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_same_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
