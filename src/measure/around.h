/* What every measure of surroundings adds up: one surrounding per area with people, weighted by the
 * people who stand there. The radius, the nearest people and the distance decay differ only in who
 * is in it. Reardon & O'Sullivan 2004, doi:10.1111/j.0081-1750.2004.00150.x */
#ifndef WIJK_MEASURE_AROUND_H
#define WIJK_MEASURE_AROUND_H

#include "measure/internal.h"

#include "wijk/stats.h"

typedef struct {
    wijk_sum entropy, deviation, simpson, neighbours, people, reach;
} around_sums;

typedef struct {
    double theil, dissimilarity, relative;
    double neighbours, people, reach; /* means over people */
} around_means;

/* `here` people stand in a surrounding with met[groups] people from `neighbours` areas. */
void around_add(around_sums *sums, const measure_margins *margins, size_t groups, double here,
                const double *met, double neighbours, double reach);
/* Sums of a later block of areas onto those of earlier ones. */
void around_merge(around_sums *sums, const around_sums *more);
/* NAN for the three indices with fewer than two groups, for all without people. */
around_means around_finish(const around_sums *sums, const measure_margins *margins, size_t groups);

#endif
