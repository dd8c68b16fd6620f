/* wijk/proximity.h: whether the areas of a group lie together, and what people meet when the chance
 * of a meeting fades with distance. Over all pairs of areas; no matrix of pairs is ever made.
 *
 * Weights. Two areas at distance d (between their centres) weigh exp(-d / decay). The literature's
 * exp(-d) is a decay of one unit of whatever the coordinates were in; here it is a length in metres
 * that the caller names. Beyond 64 decays (a weight below 2e-28) a pair weighs 0: less than the
 * last bit of any result.
 *
 * The one rule for the distance of an area to itself: 0.6 * sqrt(surface), the mean distance
 * between two people in it (White 1983); without surfaces an area is a point, at distance 0 from
 * itself, as in wijk/scale.h. The two differ on purpose: a kernel with a radius counts who is
 * within it, and an area's own people are; here the mean distance is itself what is measured, and
 * one large empty area of points would look like a cluster. Areas with the same centre are at
 * distance 0 from each other.
 *
 * White 1983, doi:10.1086/227768; Morgan 1983 (distance decay); both as in Massey & Denton 1988,
 * doi:10.1093/sf/67.2.281. */
#ifndef WIJK_PROXIMITY_H
#define WIJK_PROXIMITY_H

#include <stddef.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

typedef struct {
    size_t areas, groups; /* that took part */
    double mean;          /* P_tt: weight between two people drawn at random, (0, 1] */
    double spatial;       /* White's SP: mean of P_gg over people / P_tt. 1: no group lies closer
                             together than everybody does; above 1: clustered; below 1: kept apart */
    double theil, dissimilarity, relative; /* spatial H, D and R with this decay as the kernel */
} wijk_proximity;

/* What to measure: counts row-major [areas][groups]; x, y in metres; surface in square metres or
 * NULL; decay in metres, at least 0.001. */
typedef struct {
    const double *counts, *x, *y, *surface;
    size_t areas, groups;
    double decay;
} wijk_proximity_input;

/* Where results go, each row-major and NULL when not wanted.
 * between [groups][groups]: P_gh, weight between a random member of g and one of h (a person may be
 *   drawn twice); symmetric; its diagonal over `mean` says how clustered a group is.
 * meets [groups][groups]: distance-decay isolation (diagonal) and interaction: the share of h in
 *   what the average member of g meets; each row adds up to 1.
 * local [areas][groups]: the share of each group in what the people of an area meet.
 * NAN where a group or an area is empty. */
typedef struct {
    double *between, *meets, *local;
} wijk_proximity_parts;

/* An empty area takes no part. With fewer than two groups `spatial` and the three indices are NAN.
 * The same bits on any number of threads and any processor. Error: each weight within 3e-14, each
 * sum within 1e-13, relative. WIJK_EINVAL for a negative count, a place or surface that is not a
 * number, or a decay that is too small; WIJK_ENOMEM. O(areas^2 * groups) within 64 decays,
 * memory O(areas * groups). `parts` may be NULL. */
int wijk_proximity_all(wijk_proximity *out, const wijk_proximity_parts *parts,
                       const wijk_proximity_input *in, wijk_ctx *ctx);

#endif
