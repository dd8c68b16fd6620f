/* Compensated sums and quantiles. */
#include "wijk/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double wijk_quantile(double *values, size_t n, double p)
{
    if (n == 0) {
        return NAN;
    }
    qsort(values, n, sizeof *values, ascending);
    double at = p * (double)(n - 1);
    size_t low = (size_t)at;
    size_t high = low + 1 < n ? low + 1 : low;
    return values[low] + (at - (double)low) * (values[high] - values[low]);
}

void wijk_share_interval(double *low, double *high, double k, double n)
{
    if (!(n > 0)) {
        *low = *high = NAN;
        return;
    }
    const double z = 1.959963984540054;
    double share = k / n, grown = 1 + z * z / n;
    double middle = (share + z * z / (2 * n)) / grown;
    double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / grown;
    /* in whole numbers 0 of n begins at 0 and n of n ends at 1 */
    *low = k > 0 ? fmax(middle - half, 0) : 0;
    *high = k < n ? fmin(middle + half, 1) : 1;
}

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* The bits of a non-negative double order as the double does. */
static uint64_t key_bits(const wijk_pair *pair)
{
    uint64_t bits;
    memcpy(&bits, &pair->key, sizeof bits);
    return bits;
}

static unsigned digit_of(const wijk_pair *pair, int digit)
{
    return (unsigned)(key_bits(pair) >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

void wijk_sort_pairs(wijk_pair *pairs, wijk_pair *scratch, size_t n)
{
    wijk_pair *from = pairs, *to = scratch;
    for (int digit = 0; digit < DIGITS && n; digit++) {
        uint32_t start[BUCKETS] = {0};
        for (size_t i = 0; i < n; i++) {
            start[digit_of(&from[i], digit)]++;
        }
        if (start[digit_of(&from[0], digit)] == n) {
            continue; /* all alike here: nothing moves */
        }
        uint32_t sum = 0;
        for (size_t b = 0; b < BUCKETS; b++) {
            uint32_t count = start[b];
            start[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++) {
            to[start[digit_of(&from[i], digit)]++] = from[i];
        }
        wijk_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs) {
        memcpy(pairs, from, n * sizeof *pairs);
    }
}

/* A polynomial of degree 7 in x, highest coefficient last. */
static double polynomial(const double c[8], double x)
{
    double sum = 0;
    for (int i = 7; i >= 0; i--) {
        sum = sum * x + c[i];
    }
    return sum;
}

double wijk_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double tail = q < 0 ? p : 1 - p;
    if (!(tail > 0)) {
        return tail < 0 || isnan(p) ? NAN : q < 0 ? -INFINITY : INFINITY;
    }
    double r = sqrt(-log(tail));
    double far = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                        : polynomial(e, r - 5) / polynomial(f, r - 5);
    return q < 0 ? -far : far;
}
