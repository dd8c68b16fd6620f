/* The outlines of one vintage in memory: those in area_shape, and for areas without one that of
 * their children together. */
#ifndef WIJK_AREAS_OUTLINES_H
#define WIJK_AREAS_OUTLINES_H

#include "areas/geos.h"

typedef struct {
    int64_t id, parent;
    int level;
    double tolerance;       /* metres by which the border may be off */
    GEOSGeometry *geometry; /* valid; NULL when it has no outline and neither do its children */
    double x, y;            /* a point inside; of a dissolved one not known yet */
    int dissolved;          /* 1: made from its children */
} wijk_outline;

typedef struct {
    GEOSContextHandle_t geos;
    wijk_outline *items; /* by level, then id */
    size_t count;
    int vintage;
} wijk_outlines;

/* All areas of the tree and the pc4 and local divisions of one vintage. O(points log points). */
int wijk_outlines_load(wijk_outlines *out, wijk_store *store, int vintage, wijk_ctx *ctx);
void wijk_outlines_free(wijk_outlines *outlines);

/* neighbours.c: fills table neighbour for one level of `outlines`; for squares, from their boxes.
 */
int wijk_neighbours_store(wijk_store *store, const wijk_outlines *outlines, int level,
                          wijk_ctx *ctx);
int wijk_neighbours_of_squares(wijk_store *store, wijk_ctx *ctx);

/* shape_store.c: the point, box and land_m2 of an area. */
int wijk_geo_store_measure(wijk_store *store, int64_t area_id, const wijk_measure *m);

#endif
