/* Compensated sums and quantiles. */
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>

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
