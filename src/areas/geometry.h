/* What the geometry files of this room share and nobody else needs. */
#ifndef WIJK_AREAS_GEOMETRY_H
#define WIJK_AREAS_GEOMETRY_H

#include "wijk/geo.h"

#include <stdlib.h>

/* Signed area of one open ring, counter-clockwise positive. */
double wijk_ring_area(const double *xy, size_t points);

/* Asks GEOS: *crosses tells whether the outline crosses itself; only then *area becomes that of the
 * repaired shape. */
int wijk_geos_crosses(int *crosses, double *area, const wijk_shape *shape);

#endif
