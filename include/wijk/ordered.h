/* wijk/ordered.h: segregation between groups that have an order: income bands, years of schooling.
 *
 * Counts are row-major [areas][bands], bands from low to high. Everything rests on the cuts between
 * bands: at each, people are either below or above, and that is a table of two groups. Empty areas
 * and empty bands take no part (an empty band makes no cut of its own); with fewer than two bands
 * everything is NAN.
 *
 * Ordinal indices: 1 - (mean variation within areas) / (variation of the whole), where the
 * variation of a mix is the sum over cuts of f(c), c the share below the cut. All in [0, 1]: 0 when
 * every area has the mix of the whole, 1 when everybody in an area is of one band. They see only
 * the order of the bands: how far apart two bands are in money does not count, but how the bands
 * were cut does. Reardon 2009, doi:10.1108/S1049-2585(2009)0000017011.
 *
 * Rank-order index: the same question without the bands: H between the poorest p and the rest, over
 * all p, weighted by how much is at stake, 2 log 2 * integral of E(p) H(p). It does not change when
 * every income is doubled or bands are cut otherwise, so that places and years with other bands may
 * be compared. Reardon 2011 and Reardon & Bischoff 2011, doi:10.1086/657114. H(p) is known at the
 * cuts only. What the bands do not tell is filled in, in two ways that are no bounds: who lives
 * where within a band can make the true value lower or higher than both.
 *   fitted: the polynomial of degree 4 (fewer when there are fewer cuts than 5) through H at the
 *     cuts, by least squares weighted with E(p)^2, integrated exactly. The published form.
 *   spread: the exact integral when the people of each band have the same ranks within it wherever
 *     they live. No curve is chosen; with few bands it is mostly low.
 */
#ifndef WIJK_ORDERED_H
#define WIJK_ORDERED_H

#include <stddef.h>

#include "wijk/err.h"

typedef struct {
    size_t areas, bands; /* that took part */
    double total;
    double information; /* ordinal information theory index: f = -c log c - (1 - c) log (1 - c) */
    double variation;   /* ordinal variation ratio: f = 4 c (1 - c) */
    double root;        /* ordinal square root index: f = 2 sqrt(c (1 - c)) */
    double fitted;      /* rank-order H^R, by polynomial; may leave [0, 1] by little */
    double spread;      /* rank-order H^R, exact under even spread within bands; [0, 1] */
    int degree;         /* of the polynomial */
} wijk_ordered;

/* One cut: share of people below it, and Theil's H between those below and above. */
typedef struct {
    double share, theil;
} wijk_ordered_cut;

/* cuts: bands - 1 of them or NULL; NAN at a cut that an empty band does not make. At most 256
 * bands. WIJK_EINVAL for a negative or non-finite count or no bands, WIJK_ELIMIT, WIJK_ENOMEM.
 * O(areas * bands). */
int wijk_ordered_all(wijk_ordered *out, wijk_ordered_cut *cuts, const double *counts, size_t areas,
                     size_t bands);

#endif
