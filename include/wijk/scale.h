/* wijk/scale.h: segregation seen over a distance: what people meet within a radius, not only within
 * the lines on the map.
 *
 * Areas are points (their centres), x and y in metres. Everyone of an area stands at its centre, so
 * an area is at distance 0 from itself and meets itself with weight 1: the one rule for self and
 * for coincident points. Kernels have weight 1 at distance 0 and 0 from the radius on. Reardon &
 * O'Sullivan 2004, doi:10.1111/j.0081-1750.2004.00150.x */
#ifndef WIJK_SCALE_H
#define WIJK_SCALE_H

#include <stddef.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

enum wijk_kernel {
    WIJK_KERNEL_FLAT,         /* everyone within the radius alike */
    WIJK_KERNEL_BIWEIGHT,     /* (1 - (d/r)^2)^2: Reardon and O'Sullivan's choice */
    WIJK_KERNEL_EPANECHNIKOV, /* 1 - (d/r)^2 */
    WIJK_KERNEL_TRIANGLE      /* 1 - d/r */
};

typedef struct {
    double radius;        /* metres */
    double theil;         /* spatial H; 0 when every surrounding has the mix of the whole */
    double dissimilarity; /* spatial D */
    double relative;      /* spatial R */
    double neighbours;    /* mean number of areas in a surrounding, itself included */
    double people;        /* mean number of people (weighted by kernel) in a surrounding */
} wijk_scale;

/* One row of `out` per radius. counts: row-major [areas][groups]; radii > 0, ascending, in metres.
 * Radius 0 is wijk_segregation_all. An area without people meets nobody and takes no part.
 * WIJK_EINVAL for a coordinate that is not finite, a negative count or radii out of order;
 * WIJK_ELIMIT beyond 16 radii. O(pairs within the largest radius * (radii + groups)); memory
 * O(areas * groups * radii). */
int wijk_segregation_scale(wijk_scale *out, const double *radii, size_t n, enum wijk_kernel kernel,
                           const double *counts, const double *x, const double *y, size_t areas,
                           size_t groups, wijk_ctx *ctx);

/* The share of `other` in the surroundings of the average member of `group`, per radius. */
int wijk_exposure_scale(double *out, const double *radii, size_t n, enum wijk_kernel kernel,
                        const double *counts, const double *x, const double *y, size_t areas,
                        size_t groups, size_t group, size_t other, wijk_ctx *ctx);

/* The same over borders: who lives within 0, 1 ... steps of an area, where a step is to a
 * neighbour. For data with a list of neighbours and no map. The neighbours of area i are
 * link[start[i] ... start[i + 1] - 1]; give each border from both sides; naming oneself or a
 * neighbour twice does not matter. Everyone within reach counts alike. An empty area can be
 * crossed. An island meets itself only. `out` holds steps + 1 rows; `radius` is the number of
 * steps, so out[0] is wijk_segregation_all. At most 64 steps. WIJK_EINVAL for a link to an area
 * that is not there or a negative count; WIJK_ELIMIT. O(areas * (areas within reach and their
 * links)). */
int wijk_segregation_steps(wijk_scale *out, size_t steps, const double *counts, size_t areas,
                           size_t groups, const size_t *start, const size_t *link, wijk_ctx *ctx);

/* H of the whole map split by scale: parts[0] is what lies within the smallest radius (H of the
 * areas less H at radii[0]), parts[k] what lies between radius k - 1 and k, parts[n] what is left
 * at the largest. They add up to `theil`, the H of the areas, to 1e-15. A part can be below 0:
 * where places of different size smooth each other, H at a larger radius may be higher. Reardon et
 * al. 2008 (who call the ends micro and macro), doi:10.1353/dem.0.0019. */
void wijk_scale_split(double *parts, double theil, const wijk_scale *profile, size_t n);

#endif
