/* Sums that do not lose small terms, quantiles, and a sort that agrees with qsort. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wijk/stats.h"

static void test_sum(void **state)
{
    (void)state;
    wijk_sum sum = {0, 0};
    const double terms[] = {1, 1e100, 1,
                            -1e100}; /* Neumaier's own example: 2, where naive gives 0 */
    for (int i = 0; i < 4; i++) {
        wijk_sum_add(&sum, terms[i]);
    }
    assert_true(wijk_sum_value(&sum) == 2);
}

static void test_quantile(void **state)
{
    (void)state;
    double values[] = {4, 1, 3, 2};
    assert_true(wijk_quantile(values, 4, 0.5) == 2.5);
    assert_true(wijk_quantile(values, 4, 0) == 1);
    assert_true(wijk_quantile(values, 4, 1) == 4);
    assert_true(wijk_quantile(values, 4, 0.25) == 1.75); /* type 7, as R's default */
    assert_true(isnan(wijk_quantile(values, 0, 0.5)));
}

static int ascending(const void *a, const void *b)
{
    double x = ((const wijk_pair *)a)->key, y = ((const wijk_pair *)b)->key;
    return (x > y) - (x < y);
}

static void test_sort(void **state)
{
    (void)state;
    enum { N = 5000 };
    static wijk_pair mine[N], other[N], scratch[N];
    uint64_t seed = 7;
    for (size_t n = 0; n <= N; n = n * 3 + 1) {
        for (size_t i = 0; i < n; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            double u = (double)(seed >> 40) / (1 << 24);
            mine[i] = other[i] =
                (wijk_pair){i % 5 ? u * pow(10, (double)(seed % 40) - 20) : 0, (double)i};
        }
        wijk_sort_pairs(mine, scratch, n);
        qsort(other, n, sizeof *other, ascending);
        for (size_t i = 0; i < n; i++) {
            assert_true(mine[i].key == other[i].key);
            /* Stable: equal keys keep their order of arrival. */
            assert_true(i == 0 || mine[i].key > mine[i - 1].key ||
                        mine[i].weight > mine[i - 1].weight);
        }
    }
}

/* Back through the error function, which is another formula altogether. */
static void test_normal_quantile(void **state)
{
    (void)state;
    for (int i = -300; i <= 300; i++) {
        double p = i < 0 ? pow(10, i) : i == 0 ? 0.5 : i / 301.0;
        double back = 0.5 * erfc(-wijk_normal_quantile(p) / sqrt(2));
        assert_true(fabs(back / p - 1) < 1e-12);
    }
    assert_true(fabs(wijk_normal_quantile(0.975) - 1.959963984540054) < 1e-14);
    assert_true(wijk_normal_quantile(0.25) == -wijk_normal_quantile(0.75));
    assert_true(isinf(wijk_normal_quantile(0)) && isinf(wijk_normal_quantile(1)));
    assert_true(isnan(wijk_normal_quantile(-0.1)) && isnan(wijk_normal_quantile(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sum), cmocka_unit_test(test_quantile),
                                       cmocka_unit_test(test_sort),
                                       cmocka_unit_test(test_normal_quantile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
