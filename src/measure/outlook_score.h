/* measure/outlook_score.h: how a set of forecasts did, for everybody and for parts. */
#ifndef WIJK_MEASURE_OUTLOOK_SCORE_H
#define WIJK_MEASURE_OUTLOOK_SCORE_H

#include "wijk/outlook.h"

typedef struct {                                /* one area that had a forecast and an outcome */
    double before, after, people, social, rank; /* rank: higher is feared more */
    wijk_outlook_forecast said;
} outlook_case;

typedef struct { /* one area in a ranking */
    double rank;
    size_t area; /* any number that tells areas apart: the place of its case */
    int dropped;
} outlook_ranked;

int outlook_in_slice(enum wijk_outlook_slice slice, const outlook_case *one);
int outlook_dropped(const outlook_case *one);
/* `order` has room for n. O(n log n). */
void outlook_score_slice(wijk_outlook_score *out, enum wijk_outlook_slice slice,
                         const outlook_case *cases, size_t n, outlook_ranked *order);
/* Puts the cases of a slice in order of fear; returns how many. */
size_t outlook_rank(outlook_ranked *order, enum wijk_outlook_slice slice, const outlook_case *cases,
                    size_t n);
/* Average precision of an order, ties taken as one step; `weight` by area, NULL for 1 each.
 * NAN without a drop. */
double outlook_precision(const outlook_ranked *order, const unsigned char *weight, size_t n);

#endif
