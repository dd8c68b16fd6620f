/* wijk/segregation.h: how groups are spread over areas, and what chance alone would show.
 *
 * Every function takes a table of counts, row-major [areas][groups], persons or households, >= 0
 * and finite; they need not be whole. One rule for the degenerate: empty areas (row total 0) and
 * empty groups (column total 0) take no part; an index that then has fewer than two groups, or no
 * area, is NAN. Logarithms are natural. Nothing is rounded inside. Sums are compensated, in input
 * order. */
#ifndef WIJK_SEGREGATION_H
#define WIJK_SEGREGATION_H

#include <stddef.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

typedef struct {
    size_t areas, groups; /* that took part */
    double total;         /* persons */
    /* Evenness and information; all 0 when every area has the mix of the whole. Definitions:
     * Reardon & Firebaugh 2002, doi:10.1111/1467-9531.00110. */
    double dissimilarity; /* D in [0, 1]; two groups: Duncan & Duncan 1955, doi:10.2307/2088328 */
    double gini;          /* G in [0, 1] */
    double theil;         /* H in [0, 1] */
    double mutual;        /* M in [0, log groups]; equals Roberto's divergence index of the whole,
                             doi:10.48550/arXiv.1508.01167 */
    double variation;     /* squared coefficient of variation C in [0, 1] */
    double relative;      /* relative diversity R in [0, 1] */
    /* The whole. */
    double entropy; /* E in [0, log groups] */
    double simpson; /* interaction index I = 1 - sum of squared shares, in [0, 1) */
} wijk_segregation;

/* O(areas * groups): Gini sorts by radix, all else is one pass. WIJK_EINVAL for a negative or
 * non-finite count or no groups; WIJK_ENOMEM. */
int wijk_segregation_all(wijk_segregation *out, const double *counts, size_t areas, size_t groups);

/* One group against all others, and what its members meet. */
typedef struct {
    double share; /* of the total */
    double dissimilarity, gini, theil;
    double isolation;   /* share of the own group in the area of its average member, [share, 1] */
    double interaction; /* 1 - isolation */
    double correlation; /* eta squared, [0, 1]; Bell 1954, doi:10.2307/2574118 */
    double atkinson;    /* A(b) in [0, 1]; Massey & Denton 1988, doi:10.1093/sf/67.2.281 */
} wijk_segregation_group;

/* `shape` is Atkinson's b, 0 < b < 1; 0.5 weighs both tails alike. O(areas * groups).
 */
int wijk_segregation_one(wijk_segregation_group *out, const double *counts, size_t areas,
                         size_t groups, size_t group, double shape);

/* Everything at once: the indices of the whole and of each group (`groups` of them), with margins
 * and sorting shared. */
int wijk_segregation_groups(wijk_segregation *all, wijk_segregation_group *each,
                            const double *counts, size_t areas, size_t groups, double shape);

/* The share of group `other` in the area of the average member of `group` (xPy*), in [0, 1]. */
int wijk_segregation_exposure(double *out, const double *counts, size_t areas, size_t groups,
                              size_t group, size_t other);
/* The same for every pair: out[group * groups + other]; a row of NAN for an empty group, else rows
 * add up to 1. O(areas * groups^2). */
int wijk_segregation_exposures(double *out, const double *counts, size_t areas, size_t groups);

/* Local scores, `areas` doubles each, NAN for an empty area; either may be NULL.
 * divergence: Kullback-Leibler divergence of the area's mix from the whole (its mean, weighted by
 * people, is M). entropy: diversity within the area. O(areas * groups). */
int wijk_segregation_local(double *divergence, double *entropy, const double *counts, size_t areas,
                           size_t groups);

/* What each area adds to each index: the mean of a score over areas, weighted by `weight`, is the
 * index, to 1e-12; so a map of scores shows where an index comes from. NAN for an empty area (its
 * weight is 0) and, but for entropy and simpson, with fewer than two groups. Exposure has its own
 * (wijk_segregation_scores_one); Atkinson's index is no mean of areas and has none. */
typedef struct {
    double weight;        /* share of all people who live here */
    double dissimilarity; /* mean difference of its shares from those of the whole */
    double gini;          /* mean difference of its shares from those of all areas */
    double theil;         /* divergence over the entropy of the whole */
    double mutual;        /* divergence (Roberto) */
    double relative, variation;
    double entropy; /* diversity within: 0 when all are of one group, up to log(groups) */
    double simpson; /* chance that two people of this area are of different groups, [0, 1) */
} wijk_segregation_score;

/* `areas` scores. O(areas * groups). */
int wijk_segregation_scores(wijk_segregation_score *out, const double *counts, size_t areas,
                            size_t groups);

/* One group against all others, in each area; NAN for an empty area or group. */
typedef struct {
    double share;       /* p: what its members meet of their own; mean over members is isolation */
    double quotient;    /* location quotient p / P; mean over people is 1 */
    double correlation; /* mean over people is eta squared */
} wijk_segregation_score_group;

int wijk_segregation_scores_one(wijk_segregation_score_group *out, const double *counts,
                                size_t areas, size_t groups, size_t group);

/* The exact expectation under random allocation: the same persons dealt over areas of the same
 * size, all orders equally likely. Each cell is then hypergeometric; the means of x log x and of
 * |x - mean| are summed over its whole distribution. It is what small areas show when nobody
 * chooses: the floor of the index. Counts are rounded to whole persons first.
 * O(sum over distinct cells of their standard deviation). The asymptotic form is in Mora &
 * Ruiz-Castillo 2011, doi:10.1111/j.1467-9531.2011.01237.x; the exact sum is ours. */
typedef struct {
    double dissimilarity, theil, mutual;
} wijk_segregation_chance;

int wijk_segregation_expected(wijk_segregation_chance *out, const double *counts, size_t areas,
                              size_t groups, wijk_ctx *ctx);

/* Between and within: `unit[area]` names the larger unit of each area, 0 ... units - 1.
 * M = between + sum of weight[u] * within[u], to 1e-12. Arrays of `units`; any may be NULL.
 * within is NAN for an empty unit. O(areas * groups). Mora & Ruiz-Castillo 2011. */
int wijk_segregation_within(double *between, double *within, double *weight, const double *counts,
                            size_t areas, size_t groups, const size_t *unit, size_t units);

#endif
