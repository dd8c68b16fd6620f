/* wijk/nearest.h: segregation among the nearest people: bespoke neighbourhoods that hold the same
 * number of people everywhere, in a town and on a polder alike.
 *
 * Areas are points, as in wijk/scale.h. The neighbourhood of size k of an area is the k people
 * nearest to its centre, its own people first. The one rule for ties and for the last area: areas
 * at the same distance enter together, and when they would bring more than k, each brings the same
 * part of its people, of every group alike. So k below the size of an area gives its own mix, and k
 * of at least everybody gives the mix of the whole. An empty area has no neighbourhood and enters
 * none. Osth, Clark & Malmberg 2015, doi:10.1111/gean.12053. */
#ifndef WIJK_NEAREST_H
#define WIJK_NEAREST_H

#include <stddef.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

typedef struct {
    double people;        /* k */
    double theil;         /* H among the k nearest; indices as in wijk/scale.h */
    double dissimilarity; /* D */
    double relative;      /* R */
    double reach;         /* mean distance to the farthest of them, metres */
    double neighbours;    /* mean number of areas they come from */
} wijk_nearest;

typedef struct {
    const double *counts, *x, *y; /* row-major [areas][groups]; metres */
    size_t areas, groups;
} wijk_nearest_input;

/* One row of `out` per k in people[n] (ascending, above 0, at most 24 of them). Each of these may
 * be NULL: meets [n][groups][groups], the share of the second group among the k nearest to the
 * average member of the first (the diagonal is isolation; rows add up to 1; NAN for an empty
 * group); local [n][areas][groups], the share of each group among the k nearest to an area (NAN
 * when empty). The same bits on any number of threads. WIJK_EINVAL for a place that is not a
 * number, a negative count or k out of order; WIJK_ELIMIT for their number. O(areas * (m log m + n
 * * groups)) where m areas hold the largest k; memory O(areas * groups). */
int wijk_nearest_all(wijk_nearest *out, double *meets, double *local, const double *people,
                     size_t n, const wijk_nearest_input *in, wijk_ctx *ctx);

#endif
