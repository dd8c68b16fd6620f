/* The only door to GEOS: shapes in, shapes out, and its messages as ours. */
#ifndef WIJK_AREAS_GEOS_H
#define WIJK_AREAS_GEOS_H

#include "wijk/geo.h"

#include <geos_c.h>

/* A context of its own per job: GEOS is thread-safe through it. NULL with a message when memory ran
 * out. End with GEOS_finish_r. */
GEOSContextHandle_t wijk_geos_new(void);
/* NULL with a message when GEOS refuses. Owned by the caller. */
GEOSGeometry *wijk_geos_from_shape(GEOSContextHandle_t geos, const wijk_shape *shape);
/* All polygons in `geometry`; lines and points in it are left out. Replaces what `shape` held. */
int wijk_geos_to_shape(wijk_shape *shape, GEOSContextHandle_t geos, const GEOSGeometry *geometry);
int wijk_geos_fail(const char *doing);

#endif
