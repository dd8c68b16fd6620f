/* Compensated sums and quantiles. */
#include "wijk/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void wijk_sum_add(wijk_sum *sum, double value)
{
    double total = sum->sum + value;
    sum->carry +=
        fabs(sum->sum) >= fabs(value) ? (sum->sum - total) + value : (value - total) + sum->sum;
    sum->sum = total;
}

double wijk_sum_value(const wijk_sum *sum)
{
    return sum->sum + sum->carry;
}

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
