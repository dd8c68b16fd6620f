/* Exponential and logarithm from arithmetic alone.
 * The idea: bring the argument near 0 (or 1) by powers of two, which is exact, and sum the series
 * there (Tang 1989, doi:10.1145/63522.214389, without his tables). */
#include "wijk/exact.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double wijk_exact_exp(double x)
{
    /* log 2 in two parts: n times the first is exact for every n that can occur. */
    const double log2_high = 0x1.62e42fee00000p-1, log2_low = 0x1.a39ef35793c76p-33;
    if (!(x >= -708.0)) {
        return isnan(x) ? x : 0.0;
    }
    if (x > 709.0) {
        return INFINITY;
    }
    double steps = x * 0x1.71547652b82fep0;
    int n = (int)(steps < 0 ? steps - 0.5 : steps + 0.5);
    double r = (x - (double)n * log2_high) - (double)n * log2_low;
    double sum = 1.0 / 6227020800.0; /* 1/13!: the rest is below 2^-57 for |r| <= 0.347 */
    static const double inverse_factorial[] = {1.0 / 479001600.0,
                                               1.0 / 39916800.0,
                                               1.0 / 3628800.0,
                                               1.0 / 362880.0,
                                               1.0 / 40320.0,
                                               1.0 / 5040.0,
                                               1.0 / 720.0,
                                               1.0 / 120.0,
                                               1.0 / 24.0,
                                               1.0 / 6.0,
                                               0.5,
                                               1.0};
    for (unsigned i = 0; i < sizeof inverse_factorial / sizeof *inverse_factorial; i++) {
        sum = sum * r + inverse_factorial[i];
    }
    sum = sum * r + 1.0;
    if (n > 1023) {
        return sum * 2.0 * from_bits((uint64_t)(n - 1 + 1023) << 52);
    }
    return sum * from_bits((uint64_t)(n + 1023) << 52);
}

double wijk_exact_log(double x)
{
    if (!(x > 0)) {
        return x == 0 ? -INFINITY : NAN;
    }
    if (isinf(x)) {
        return x;
    }
    int n = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        n = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    n += (int)(bits >> 52) - 1023;
    double m = from_bits((bits & 0xFFFFFFFFFFFFFu) | 0x3FF0000000000000u); /* 1 <= m < 2 */
    if (m > 1.4142135623730951) {
        m *= 0.5;
        n++;
    }
    double f = (m - 1.0) / (m + 1.0), square = f * f;
    double sum = 1.0 / 25.0;
    static const double inverse_odd[] = {1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                         1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
    for (unsigned i = 0; i < sizeof inverse_odd / sizeof *inverse_odd; i++) {
        sum = sum * square + inverse_odd[i];
    }
    double tail = 2.0 * f * square * sum;
    return (double)n * 0x1.62e42fee00000p-1 +
           (2.0 * f + (tail + (double)n * 0x1.a39ef35793c76p-33));
}
