/* What the files of the measure room share. */
#ifndef WIJK_MEASURE_INTERNAL_H
#define WIJK_MEASURE_INTERNAL_H

#include <stddef.h>

typedef struct {
    double *row, *column; /* totals per area and per group */
    double total;
    size_t areas, groups; /* how many are not empty */
} measure_margins;

/* Checks the counts while adding them; owns nothing after a failure. */
int measure_margins_take(measure_margins *out, const double *counts, size_t areas, size_t groups);
void measure_margins_free(measure_margins *margins);

/* -sum p log p of n parts of a positive total. */
double measure_entropy(const double *parts, size_t n, double total);

/* Every place is a number within WIJK_MAX_METRES, or WIJK_EINVAL with its row. */
int measure_places_check(const double *x, const double *y, size_t areas);

#endif
