/* Indices of surroundings. Blocks of areas are summed apart and merged in order, so the result is
 * the same on any number of threads. */
#include "measure/around.h"

#include <math.h>

void around_add(around_sums *sums, const measure_margins *margins, size_t groups, double here,
                const double *met, double neighbours, double reach)
{
    double total = 0, simpson = 0, entropy = 0, deviation = 0;
    for (size_t g = 0; g < groups; g++) {
        total += met[g];
    }
    for (size_t g = 0; g < groups; g++) {
        double p = met[g] / total;
        entropy -= p > 0 ? p * log(p) : 0;
        simpson += p * (1 - p);
        deviation += fabs(p - margins->column[g] / margins->total);
    }
    wijk_sum_add(&sums->entropy, here * entropy);
    wijk_sum_add(&sums->deviation, here * deviation);
    wijk_sum_add(&sums->simpson, here * simpson);
    wijk_sum_add(&sums->neighbours, here * neighbours);
    wijk_sum_add(&sums->people, here * total);
    wijk_sum_add(&sums->reach, here * reach);
}

static void merge(wijk_sum *sum, const wijk_sum *more)
{
    wijk_sum_add(sum, more->sum);
    wijk_sum_add(sum, more->carry);
}

void around_merge(around_sums *sums, const around_sums *more)
{
    merge(&sums->entropy, &more->entropy);
    merge(&sums->deviation, &more->deviation);
    merge(&sums->simpson, &more->simpson);
    merge(&sums->neighbours, &more->neighbours);
    merge(&sums->people, &more->people);
    merge(&sums->reach, &more->reach);
}

around_means around_finish(const around_sums *sums, const measure_margins *margins, size_t groups)
{
    double total = margins->total, simpson = 0;
    for (size_t g = 0; g < groups; g++) {
        double p = margins->column[g] / total;
        simpson += p * (1 - p);
    }
    double entropy = measure_entropy(margins->column, groups, total);
    int two = margins->groups >= 2;
    return (around_means){
        .theil = two ? 1 - wijk_sum_value(&sums->entropy) / (total * entropy) : NAN,
        .dissimilarity = two ? wijk_sum_value(&sums->deviation) / (2 * total * simpson) : NAN,
        .relative = two ? 1 - wijk_sum_value(&sums->simpson) / (total * simpson) : NAN,
        .neighbours = wijk_sum_value(&sums->neighbours) / total,
        .people = wijk_sum_value(&sums->people) / total,
        .reach = wijk_sum_value(&sums->reach) / total,
    };
}
