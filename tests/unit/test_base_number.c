/* Numbers as people write them: the quick way to the digits and printf agree on every value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What printf says, with English groups taken out of ours. */
static void check(double value, int decimals)
{
    char expected[64], bare[64];
    snprintf(expected, sizeof expected, "%.*f", decimals, fabs(value));
    wijk_str out = WIJK_STR_INIT;
    wijk_number(&out, WIJK_EN, fabs(value), decimals);
    size_t size = 0;
    for (const char *at = wijk_str_text(&out); *at; at++) {
        if (*at != ',') {
            bare[size++] = *at;
        }
    }
    bare[size] = 0;
    assert_string_equal(bare, expected);
    wijk_str_free(&out);
}

static void test_agrees_with_printf(void **state)
{
    (void)state;
    static const double edges[] = {0,      0.5,      1.5,   2.5,       0.05,      0.15,
                                   0.25,   0.35,     0.125, 0.285,     1.005,     2.675,
                                   0.0005, 0.9995,   9.995, 99.5,      999.5,     0.9999,
                                   1e8,    999999.5, 1e9,   1e12 + .5, 123456.785};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        for (int decimals = 0; decimals < 6; decimals++) {
            check(edges[i], decimals);
        }
    }
    srand48(7);
    for (int i = 0; i < 200000; i++) {
        double value = drand48() * pow(10, (double)(i % 9) - 2);
        check(value, i % 4);
        /* As published: few decimals, so that ties and near ties are met. */
        check(round(value * 1000) / 1000, i % 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_agrees_with_printf)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
