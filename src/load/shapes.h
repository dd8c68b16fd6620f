/* What the readers of polygons share: bringing a shape to RD New, or saying why it cannot be. */
#ifndef WIJK_LOAD_SHAPES_H
#define WIJK_LOAD_SHAPES_H

#include "wijk/geo.h"

enum wijk_crs { WIJK_CRS_UNKNOWN, WIJK_CRS_RD, WIJK_CRS_WGS84, WIJK_CRS_OTHER };

/* By number: 28992 and 7415 (with height) are RD; 4326 and 4258 (ETRS89, the same within a metre)
 * are WGS84; 0 and -1 are unknown. */
enum wijk_crs wijk_crs_from_srid(long srid);

/* Turns degrees into metres where `crs` or the size of the numbers says so, and appends WKB to
 * `wkb` (cleared first). *problem: NULL, or why the shape is of no use (a reason for load_note). */
int wijk_shape_deliver(wijk_str *wkb, const char **problem, wijk_shape *shape, enum wijk_crs crs);

#endif
