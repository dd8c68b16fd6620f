/* wijk/stats.h: sums and order statistics in a fixed order, so that results repeat to the bit. */
#ifndef WIJK_STATS_H
#define WIJK_STATS_H

#include <stddef.h>

/* Neumaier's compensated sum. doi:10.1002/zamm.19740540106 */
typedef struct {
    double sum, carry;
} wijk_sum;

/* Keeps exactly what the addition rounds off (Knuth's form: no branch). Inline, for it is the inner
 * loop of every index. */
static inline void wijk_sum_add(wijk_sum *sum, double value)
{
    double total = sum->sum + value, added = total - sum->sum;
    sum->carry += (sum->sum - (total - added)) + (value - added);
    sum->sum = total;
}

static inline double wijk_sum_value(const wijk_sum *sum)
{
    return sum->sum + sum->carry;
}

/* Quantile p in [0, 1] by linear interpolation (type 7) of `n` values; sorts them in place.
 * NAN when n is 0. O(n log n). Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566 */
double wijk_quantile(double *values, size_t n, double p);

/* Wilson's 95% interval of k out of n, as parts of 1; NAN for n = 0.
 * doi:10.1080/01621459.1927.10502953 */
void wijk_share_interval(double *low, double *high, double k, double n);

/* The standard normal quantile of p in (0, 1), to about 1e-15 relative; infinite at 0 and 1, NAN
 * beyond. O(1). Wichura 1988 (AS 241), doi:10.2307/2347330 */
double wijk_normal_quantile(double p);

typedef struct {
    double key, weight;
} wijk_pair;

/* Sorts pairs by key, ascending and stable; keys must be >= 0 and not NAN. `scratch` holds as many.
 * Radix: O(n), six passes at most; about five times as fast as qsort at n = 14,000. */
void wijk_sort_pairs(wijk_pair *pairs, wijk_pair *scratch, size_t n);

#endif
