/* Shapes to GEOS and back. GEOS answers what is hard to get right by hand: whether an outline
 * crosses itself, unions, distances. Every call goes through a context (the _r functions). */
#include "areas/geos.h"
#include "areas/geometry.h"

#include "wijk/err.h"

#include <math.h>

GEOSContextHandle_t wijk_geos_new(void)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    if (!geos) {
        wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    return geos;
}

int wijk_geos_fail(const char *doing)
{
    return wijk_fail(WIJK_ENOMEM, "De meetkunde mislukte bij %s.", "The geometry failed at %s.",
                     doing);
}

static GEOSGeometry *ring_from(GEOSContextHandle_t geos, const double *xy, size_t points)
{
    GEOSCoordSequence *line = GEOSCoordSeq_create_r(geos, (unsigned)points + 1, 2);
    for (size_t i = 0; line && i <= points; i++) {
        const double *at = xy + 2 * (i % points);
        GEOSCoordSeq_setXY_r(geos, line, (unsigned)i, at[0], at[1]);
    }
    return line ? GEOSGeom_createLinearRing_r(geos, line) : NULL;
}

/* The polygon that begins at ring `first`; *end becomes the ring after it. */
static GEOSGeometry *polygon_from(GEOSContextHandle_t geos, const wijk_shape *shape, size_t first,
                                  size_t *end)
{
    *end = first + 1;
    while (*end < shape->rings && shape->hole[*end]) {
        (*end)++;
    }
    GEOSGeometry **rings = wijk_alloc((*end - first) * sizeof *rings);
    size_t made = 0;
    for (size_t r = first; rings && r < *end; r++, made++) {
        size_t from = shape->ring[r];
        rings[made] = ring_from(geos, shape->xy + 2 * from, shape->ring[r + 1] - from);
        if (!rings[made]) {
            break;
        }
    }
    GEOSGeometry *polygon = NULL;
    if (made == *end - first) {
        polygon = GEOSGeom_createPolygon_r(geos, rings[0], rings + 1, (unsigned)made - 1);
    } else {
        while (made) {
            GEOSGeom_destroy_r(geos, rings[--made]);
        }
    }
    wijk_free(rings);
    return polygon;
}

GEOSGeometry *wijk_geos_from_shape(GEOSContextHandle_t geos, const wijk_shape *shape)
{
    GEOSGeometry **parts = wijk_alloc((shape->rings + 1) * sizeof *parts);
    GEOSGeometry *all = NULL;
    unsigned made = 0;
    size_t r = 0;
    while (parts && r < shape->rings && (parts[made] = polygon_from(geos, shape, r, &r))) {
        made++;
    }
    if (made && r == shape->rings) {
        all = made == 1 ? parts[0]
                        : GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, made);
        made = 0; /* the collection owns its parts now, also when making it failed */
    }
    while (made) {
        GEOSGeom_destroy_r(geos, parts[--made]);
    }
    wijk_free(parts);
    if (!all) {
        wijk_geos_fail("vorm/shape");
    }
    return all;
}

static int add_ring(wijk_shape *shape, GEOSContextHandle_t geos, const GEOSGeometry *ring, int hole)
{
    const GEOSCoordSequence *line = ring ? GEOSGeom_getCoordSeq_r(geos, ring) : NULL;
    unsigned points = 0;
    if (!line || !GEOSCoordSeq_getSize_r(geos, line, &points)) {
        return wijk_geos_fail("ring");
    }
    int rc = wijk_shape_begin(shape, hole);
    for (unsigned i = 0; !rc && i < points; i++) {
        double x = 0, y = 0;
        GEOSCoordSeq_getXY_r(geos, line, i, &x, &y);
        rc = wijk_shape_point(shape, x, y);
    }
    if (!rc) {
        wijk_shape_end(shape);
    }
    return rc;
}

static int add_geometry(wijk_shape *shape, GEOSContextHandle_t geos, const GEOSGeometry *geometry)
{
    int type = GEOSGeomTypeId_r(geos, geometry), rc = WIJK_OK;
    if (type == GEOS_POLYGON && !GEOSisEmpty_r(geos, geometry)) {
        rc = add_ring(shape, geos, GEOSGetExteriorRing_r(geos, geometry), 0);
        int holes = GEOSGetNumInteriorRings_r(geos, geometry);
        for (int i = 0; !rc && i < holes; i++) {
            rc = add_ring(shape, geos, GEOSGetInteriorRingN_r(geos, geometry, i), 1);
        }
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        int parts = GEOSGetNumGeometries_r(geos, geometry);
        for (int i = 0; !rc && i < parts; i++) {
            rc = add_geometry(shape, geos, GEOSGetGeometryN_r(geos, geometry, i));
        }
    }
    return rc;
}

int wijk_geos_to_shape(wijk_shape *shape, GEOSContextHandle_t geos, const GEOSGeometry *geometry)
{
    wijk_shape_clear(shape);
    return add_geometry(shape, geos, geometry);
}

int wijk_geos_crosses(int *crosses, double *area, const wijk_shape *shape)
{
    GEOSContextHandle_t geos = wijk_geos_new();
    if (!geos) {
        return WIJK_ENOMEM;
    }
    int rc = WIJK_OK;
    GEOSGeometry *repaired = NULL, *geometry = wijk_geos_from_shape(geos, shape);
    char valid = geometry ? GEOSisValid_r(geos, geometry) : 2;
    *crosses = valid == 0;
    if (valid == 2) {
        rc = wijk_geos_fail("geldigheid/validity");
    } else if (!valid) {
        repaired = GEOSMakeValid_r(geos, geometry);
        if (!repaired || !GEOSArea_r(geos, repaired, area)) {
            rc = wijk_geos_fail("herstel/repair");
        }
    }
    GEOSGeom_destroy_r(geos, repaired);
    GEOSGeom_destroy_r(geos, geometry);
    GEOS_finish_r(geos);
    return rc;
}
