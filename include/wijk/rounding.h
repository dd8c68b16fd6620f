/* wijk/rounding.h: what a publisher's rounding and withholding leave unknown about an index.
 *
 * Published figures are not counts but cells: "15" rounded to 5 says 13 ... 17 persons, "12 per
 * cent of 430" says 11.5 ... 12.5 per cent of 428 ... 432, "." says 0 ... 4 or nothing at all. Many
 * tables of counts fit. Every function here looks at tables of whole persons that fit everything
 * published at once: each figure in its cell, and the groups of an area adding up to its total.
 *
 * Drawing those tables evenly would overstate segregation: a rounding error is unevenness that is
 * not there. So tables are drawn in proportion to how likely they are where areas vary as they do
 * here: how is estimated from the same cells, which is a deconvolution, and drawn along, so that
 * few areas or coarse figures give a wide interval. An area is of a log-normal with any covariance,
 * times a gamma for groups that many areas lack, or of one of a few kinds (estates) whose shares
 * are Dirichlet around a mix of their own; how many areas are of which is learnt (a sparse mixture:
 * Rousseau & Mengersen 2011, doi:10.1111/j.1467-9868.2011.00781.x). Data augmentation: Tanner &
 * Wong 1987, doi:10.1080/01621459.1987.10478458; counts under rounding: Heitjan & Rubin 1990,
 * doi:10.1080/01621459.1990.10476202. How often the intervals were right in simulation stands in
 * the manual (rounding.md). */
#ifndef WIJK_ROUNDING_H
#define WIJK_ROUNDING_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

/* One published figure: the cell in which the count behind it lies, ends included. */
typedef struct {
    double value;     /* as published: persons, or a share in [0, 1]; NAN when withheld */
    double low, high; /* persons, or a share of the total of the area in [0, 1] */
    int share;        /* 1: a share of the area's own total */
} wijk_published;

wijk_published wijk_published_exact(double count);
/* Rounded to the nearest multiple of `step` (half upwards). Counts below `least` are not published
 * (5 for "fewer than 5 are withheld"; 0 when every count is). */
wijk_published wijk_published_rounded(double count, double step, double least);
/* Per cents, rounded to `step` per cents (1 for whole ones, 10 as postcodes have). What is at or
 * below `clamp_low` or at or above `clamp_high` per cents stands for all beyond (5 and 95 for
 * incomes; 0 and 100 without clamps). Needs totals. */
wijk_published wijk_published_percent(double percent, double step, double clamp_low,
                                      double clamp_high);
/* Withheld: 0 ... `most` persons; INFINITY when nothing is known. */
wijk_published wijk_published_withheld(double most);

/* A table as published. The groups must be everybody: where a rest is not published, give it a
 * column of withheld cells. An area without any bound at all (no total, and an unbounded group)
 * cannot be counted and is left out, which the result says. */
typedef struct {
    const wijk_published *cells;  /* row-major [areas][groups] */
    const wijk_published *totals; /* [areas], persons; NULL: not published */
    size_t areas, groups;
} wijk_published_table;

typedef struct {
    double level;  /* of the interval, in (0, 1): 0.9 */
    size_t draws;  /* tables drawn, at least 20; 400 is plenty */
    uint64_t seed; /* the same seed, the same bytes */
} wijk_rounding_options;

/* All NAN where a table that fits has no such index (a single group, nobody). */
typedef struct {
    double value;     /* of the figures as published (wijk_rounding_naive) */
    double corrected; /* expected value on the unrounded counts */
    double low, high; /* contains the value on the unrounded counts with chance `level` */
} wijk_rounding_range;

typedef struct {
    wijk_rounding_range dissimilarity, gini, theil, mutual, variation, relative, entropy, simpson;
    size_t areas;    /* that took part */
    size_t left_out; /* areas of which nothing is known */
    size_t mended;   /* areas whose figures contradict each other; their cells were widened */
    size_t draws;
    double withheld;        /* part of the figures, [0, 1] */
    double withheld_people; /* expected part of the people in them, [0, 1] */
} wijk_rounding;

/* One group against all others; the same indices as wijk_segregation_group. */
typedef struct {
    wijk_rounding_range share, dissimilarity, gini, theil, isolation, interaction, correlation,
        atkinson;
} wijk_rounding_group;

/* `group` is an array of `groups`, or NULL. O(draws * areas * groups); 14,000 areas of 5 groups and
 * 400 draws in seconds. WIJK_EINVAL for a cell that cannot be (low > high, negative, a share
 * without total), WIJK_ENOMEM, WIJK_ECANCEL. */
int wijk_rounding_all(wijk_rounding *out, wijk_rounding_group *group,
                      const wijk_published_table *table, const wijk_rounding_options *options,
                      wijk_ctx *ctx);

/* For any other measure (spatial, change over time, local): calls `take` with one table of whole
 * persons, [areas][groups], per draw; areas left out are zero. The tables are those of
 * wijk_rounding_all with the same options. A non-zero answer stops and is returned. */
typedef int (*wijk_rounding_take)(void *payload, size_t draw, const double *counts);
int wijk_rounding_draw(const wijk_published_table *table, const wijk_rounding_options *options,
                       wijk_rounding_take take, void *payload, wijk_ctx *ctx);

/* The figures as an analyst would take them, [areas][groups]: the published value, shares times
 * totals; a single withheld figure is what the total leaves, several are 0. */
int wijk_rounding_naive(double *counts, const wijk_published_table *table);

#endif
