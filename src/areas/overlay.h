/* How many people live in every overlap of two maps: a sweep over many maps at once. */
#ifndef WIJK_AREAS_OVERLAY_H
#define WIJK_AREAS_OVERLAY_H

#include "wijk/geo.h"

#define WIJK_NO_LABEL 0xFFFFFFFFu

typedef struct wijk_sweep wijk_sweep;

/* `row`: metres between the horizontals on which everything is measured. */
int wijk_sweep_new(wijk_sweep **out, double row);
void wijk_sweep_free(wijk_sweep *sweep);

/* A map is a set of shapes; *map is its number. Shapes get numbers 0, 1, … in the order of adding.
 * Where two shapes of one map overlap, the smaller (by `area`) holds the ground: so an enclave
 * whose surroundings lack their hole is kept. */
int wijk_sweep_map(int *map, wijk_sweep *sweep);
int wijk_sweep_add(wijk_sweep *sweep, int map, const wijk_shape *shape, double area);

typedef struct {
    uint32_t a, b; /* labels in the two maps; WIJK_NO_LABEL: outside that map */
    double people; /* in the overlap, by the weights; never 0 where there is land */
    double land;   /* m² of the overlap that lies in the weights map */
} wijk_overlap;

typedef struct {
    int map_a, map_b;
    const uint32_t *label_a, *label_b; /* label of every shape; several shapes may share one */
    wijk_overlap *overlaps;            /* result, by a then b; free with wijk_free */
    size_t count;
} wijk_sweep_pair;

/* People of shape i of map `weights` are people[i], spread evenly over what it holds; NAN counts as
 * none. Fills all pairs in one pass. Sums are exact in x on every horizontal.
 * O(rows × crossings log crossings). */
int wijk_sweep_run(wijk_sweep *sweep, int weights, const double *people, wijk_sweep_pair *pairs,
                   size_t count, wijk_ctx *ctx);

#endif
