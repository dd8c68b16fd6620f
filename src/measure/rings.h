/* Sums by ring. People between one radius and the next are summed once; every larger radius is then
 * put together from rings, so ten radii cost little more than one.
 *
 * All kernels are (1 - q)^m with q = (d / radius)^2 or d / radius. For a ring with outer radius s
 * and a radius r >= s, 1 - q(r) = (1 - (s/r)^p) + e / r^p, where e = s^p - d^p: both parts are
 * never negative, so the binomial of the two has no cancellation. A ring keeps the sums of x, x e
 * and x e^2. */
#ifndef WIJK_MEASURE_RINGS_H
#define WIJK_MEASURE_RINGS_H

#include "measure/near.h"

#include "wijk/scale.h"

enum { RINGS_MOST = 16, RINGS_LANES = 8, RINGS_MOMENTS = 3 };

typedef struct {
    const near_grid *grid;
    const double *cells;  /* [grid->n][width]: groups, then 1 (to count areas), then 0s */
    size_t groups, width; /* width a multiple of RINGS_LANES, above groups */
    size_t n;             /* radii */
    /* Squared radii, ascending, and radius^p of each ring; and one beyond the last. */
    double edge[RINGS_MOST + 1], outer[RINGS_MOST + 1];
    int squared;                                          /* p is 2, else 1 */
    double weight[RINGS_MOST][RINGS_MOST][RINGS_MOMENTS]; /* of each ring at each radius */
    size_t degree;                                        /* m: 0, 1 or 2 */
} rings_field;

void rings_kernel(rings_field *field, const double *radii, size_t n, enum wijk_kernel kernel);

/* What is met from (x, y) within these runs: met[n][width] for every radius, how many areas at
 * [groups]. `sums` holds n * RINGS_MOMENTS * width doubles, for use inside. */
typedef void (*rings_meet_fn)(double *met, double *sums, const rings_field *field, double x,
                              double y, const near_run *runs, size_t n);

/* The widest form that this processor has, and all it can run (at most 3); same bits. */
rings_meet_fn rings_best(void);
size_t rings_forms(rings_meet_fn out[3]);

#endif
