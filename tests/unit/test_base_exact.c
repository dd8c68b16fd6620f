/* The exponential and logarithm against the long double ones of the C library, which are computed
 * in another way and carry eleven more bits. */
#include "wijk/exact.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_exp_agrees(void **state)
{
    (void)state;
    for (double x = -708; x <= 709; x += 0.0371) {
        long double truth = expl((long double)x);
        long double off = ((long double)wijk_exact_exp(x) - truth) / truth;
        assert_true(fabsl(off) < 3e-16L);
    }
    assert_true(wijk_exact_exp(0) == 1.0);
    assert_true(wijk_exact_exp(-800) == 0.0);
    assert_true(isinf(wijk_exact_exp(800)));
    assert_true(isnan(wijk_exact_exp(NAN)));
}

static void test_log_agrees(void **state)
{
    (void)state;
    for (double x = 1e-310; x < 1e300; x *= 1.37) {
        long double truth = logl((long double)x);
        long double off = (long double)wijk_exact_log(x) - truth;
        assert_true(fabsl(off) < 3e-16L * (fabsl(truth) + 1.0L));
    }
    assert_true(wijk_exact_log(1) == 0.0);
    assert_true(isinf(wijk_exact_log(0)));
    assert_true(isnan(wijk_exact_log(-1)));
    assert_true(isinf(wijk_exact_log(INFINITY)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_agrees),
        cmocka_unit_test(test_log_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
