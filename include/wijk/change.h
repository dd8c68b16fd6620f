/* wijk/change.h: why segregation changed, or where it lies: decompositions that add up.
 *
 * Between two moments M and H change because areas came or went, because groups grew or shrank,
 * because areas did, and because people sorted themselves differently: structure, what is left when
 * all sizes are the same. The effect of sizes is found by giving the table of one moment the sizes
 * of the other while its odds ratios stay (iterative proportional fitting, here by Newton's method
 * on its dual, so that it is fitted to 1e-12 in a few steps). What comes first matters, so each
 * part is its mean over all six orders (Shapley), which depends on no seed and no stopping rule.
 * Elbers 2023, doi:10.1177/0049124121986204; M and H: Mora & Ruiz-Castillo 2011,
 * doi:10.1111/j.1467-9531.2011.01237.x
 *
 * Tables are counts, row-major [areas][groups], >= 0 and finite; empty areas and groups take no
 * part. Logarithms are natural. */
#ifndef WIJK_CHANGE_H
#define WIJK_CHANGE_H

#include <stddef.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

#define WIJK_CHANGE_GROUPS 256 /* a fit has a square of them in hand */

/* after = before + additions + removals + groups + units + structure, to 1e-12. */
typedef struct {
    double before, after;
    double additions; /* areas and groups that are there only after */
    double removals;  /* ... only before */
    double groups;    /* other shares of the groups in the whole */
    double units;     /* other shares of the areas in the whole */
    double structure; /* people of the same groups spread otherwise over the same areas */
} wijk_change_parts;

typedef struct {
    wijk_change_parts mutual, theil;
    size_t common, added, removed; /* areas with people at both moments, only after, only before */
    size_t zeros;                  /* empty cells of the common areas, both moments */
    int steps;                     /* of Newton's method, the most that a fit took */
} wijk_segregation_change;

/* Row i of both tables is the same area. An empty cell of a common area counts as a trillionth of
 * what chance would put there: then every fit exists, and where one exists without that, it is the
 * same to 1e-11. NAN for all parts when fewer than two groups or no area is common.
 * O(areas * groups^2 * steps). WIJK_EINVAL for a bad count, WIJK_ENOMEM, WIJK_ECANCEL. */
int wijk_change_between(wijk_segregation_change *out, const double *before, const double *after,
                        size_t areas, size_t groups, wijk_ctx *ctx);

/* The table of `seed` with the area and group totals of `target` and its own odds ratios, as shares
 * of 1 in `out` [areas][groups]. Rows and columns that are empty in either must be empty in both
 * (WIJK_EINVAL). *steps may be NULL. WIJK_ELIMIT when 200 steps are not enough. */
int wijk_change_fit(double *out, int *steps, const double *seed, const double *area_total,
                    const double *group_total, size_t areas, size_t groups, wijk_ctx *ctx);

/* M over a tree of any depth: buurt in wijk in gemeente. Level 0 are the areas; parent[l][i] is the
 * unit on level l + 1 that holds unit i of level l; `size[l]` units on level l, size[0] = areas.
 * M = sum over l of part[l]: part[l] is what separates the units of level l within those of level
 * l + 1, and the last part the units of the top level within the whole. To 1e-12. `part` is an
 * array of `levels`; so is `theil` (the same parts of H), may be NULL. The same over a tree of
 * groups: wijk_change_transpose first (M is symmetric). O(areas * groups * levels). */
int wijk_change_tree(double *part, double *theil, const double *counts, size_t areas, size_t groups,
                     size_t levels, const size_t *size, const size_t *const *parent);

/* out[groups][areas] */
void wijk_change_transpose(double *out, const double *counts, size_t areas, size_t groups);

/* Which groups make M: M = sum of share[g] * local[g], where local is how far the areas of a group
 * lie from those of everyone (Kullback-Leibler). Arrays of `groups`, may be NULL; NAN for an empty
 * group. */
int wijk_change_groups(double *share, double *local, const double *counts, size_t areas,
                       size_t groups);

/* Which pairs of groups make R (relative diversity): R = sum of part over all pairs g < h, since
 * what areas miss of the diversity of the whole is a sum over pairs. `mutual` and `dissimilarity`
 * are those of the pair alone; they do not add up. Matrices [groups][groups], symmetric, the
 * diagonal 0; each may be NULL. NAN for an empty group. */
int wijk_change_pairs(double *part, double *mutual, double *dissimilarity, const double *counts,
                      size_t areas, size_t groups);

#endif
