/* wijk/letter.h: what extra work in neighbourhoods does to a corporation's benchmark letter.
 *
 * The letter for operating costs divides the sector in thirds: A below one amount per weighted
 * dwelling, C from another. It is relative, so what others do counts as much: when all spend the
 * same more, nobody's letter moves. Whether spending on livability is inside the figure at all is
 * not confirmed by the benchmark; whoever uses this must say so. Aedes-benchmark 2022, 2023. */
#ifndef WIJK_LETTER_H
#define WIJK_LETTER_H

#include "wijk/prices.h"

typedef struct {
    int year;
    double a_below, c_from; /* euro per weighted dwelling */
    double mean;            /* of the sector; NAN where it is not given */
    const char *source;
} wijk_letter_limits;

/* WIJK_ENOTFOUND for a year that data/appraisal.csv does not hold; the message names those it does.
 */
int wijk_letter_limits_of(wijk_letter_limits *out, const wijk_prices *prices, int year);

typedef struct {
    double dwellings; /* weighted dwellings, > 0 */
    double cost;      /* euro per weighted dwelling now; NAN: the mean of the sector */
    double extra;     /* euro a year more (or less, when negative) in all */
} wijk_letter_case;

typedef struct {
    double cost, extra; /* euro per weighted dwelling: now, and what is added */
    char now, then;     /* 'A', 'B' or 'C', when nobody else changes */
    char together;      /* when every corporation adds as much per dwelling */
    double room;        /* euro a year in all until the letter gets worse; INFINITY for C */
    double others;      /* euro per dwelling that the others must add for the letter to stay */
} wijk_letter;

/* WIJK_EINVAL for no dwellings, figures that are not finite, or a cost that is unknown in a year
 * without a mean. */
int wijk_letter_reckon(wijk_letter *out, const wijk_letter_limits *limits,
                       const wijk_letter_case *about);

#endif
