/* The door that every polygon passes, whatever file it came from: degrees become RD metres, and a
 * shape that lies elsewhere is refused with its reason. The numbers themselves tell which they are:
 * no place in the Netherlands has RD coordinates that could be degrees. */
#include "load/shapes.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>

enum wijk_crs wijk_crs_from_srid(long srid)
{
    switch (srid) {
    case 28992:
    case 7415:
        return WIJK_CRS_RD;
    case 4326:
    case 4258:
        return WIJK_CRS_WGS84;
    case 0:
    case -1:
        return WIJK_CRS_UNKNOWN;
    default:
        return WIJK_CRS_OTHER;
    }
}

static int all_degrees(const wijk_shape *shape)
{
    for (size_t i = 0; i < shape->points; i++) {
        if (fabs(shape->xy[2 * i]) > 180 || fabs(shape->xy[2 * i + 1]) > 90) {
            return 0;
        }
    }
    return 1;
}

int wijk_shape_deliver(wijk_str *wkb, const char **problem, wijk_shape *shape, enum wijk_crs crs)
{
    wijk_str_clear(wkb);
    wkb->ceiling = (size_t)WIJK_MAX_POINTS * 20;
    *problem = NULL;
    if (!shape->rings) {
        *problem = "empty shape";
        return WIJK_OK;
    }
    int degrees = crs == WIJK_CRS_WGS84 || all_degrees(shape);
    for (size_t i = 0; i < shape->points; i++) {
        double *at = shape->xy + 2 * i;
        if (degrees) {
            wijk_rd_from_wgs84(at, at + 1, at[0], at[1]);
        }
        if (!wijk_rd_plausible(at[0], at[1])) {
            *problem = "outside the country";
            return WIJK_OK;
        }
    }
    return wijk_wkb_write(wkb, shape);
}
