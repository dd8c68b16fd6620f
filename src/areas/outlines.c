/* Outlines of one vintage. Where a publisher draws buurten but not the wijken and gemeenten around
 * them, the outline of the whole is that of its parts: their union, with the slits closed that two
 * drawings of one border leave (a morphological closing by the tolerance). */
#include "areas/outlines.h"
#include "areas/geometry.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>

/* Of the children of an area, the part that must have an outline before theirs stands for it. */
static const double ENOUGH_CHILDREN = 0.9;

void wijk_outlines_free(wijk_outlines *outlines)
{
    if (outlines->geos) {
        for (size_t i = 0; outlines->items && i < outlines->count; i++) {
            GEOSGeom_destroy_r(outlines->geos, outlines->items[i].geometry);
        }
        GEOS_finish_r(outlines->geos);
    }
    wijk_free(outlines->items);
    *outlines = (wijk_outlines){0};
}

/* Where a union fails on borders that run nearly together, it is made again on this grid (metres),
 * where it cannot (snap rounding); that takes four times as long. */
static const double GRID = 0.1;

/* As published when that is valid, else repaired: unions and distances need it. */
static int own_geometry(GEOSGeometry **out, GEOSContextHandle_t geos, const wijk_shape *shape)
{
    *out = wijk_geos_from_shape(geos, shape);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    if (GEOSisValid_r(geos, *out) == 1) {
        return WIJK_OK;
    }
    GEOSGeometry *repaired = GEOSMakeValid_r(geos, *out);
    GEOSGeom_destroy_r(geos, *out);
    *out = repaired;
    return repaired ? WIJK_OK : wijk_geos_fail("herstel/repair");
}

static int read_items(wijk_outlines *out, wijk_stmt *stmt, wijk_ctx *ctx)
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    int rc;
    for (out->count = 0; (rc = wijk_step(stmt)) == 1; out->count++) {
        wijk_outline *at = &out->items[out->count];
        at->id = wijk_col_int(stmt, 0);
        at->parent = wijk_col_int(stmt, 1);
        at->level = (int)wijk_col_int(stmt, 2);
        at->tolerance = wijk_col_null(stmt, 3) ? 0 : wijk_col_double(stmt, 3);
        at->x = wijk_col_double(stmt, 5);
        at->y = wijk_col_double(stmt, 6);
        size_t size;
        const void *wkb = wijk_col_blob(stmt, 4, &size);
        rc = wkb ? wijk_wkb_parse(&shape, wkb, size) : WIJK_OK;
        if (!rc && wkb && shape.rings) {
            rc = own_geometry(&at->geometry, out->geos, &shape);
        }
        rc = rc ? rc : wijk_checkpoint(ctx);
        if (rc) {
            out->count++; /* its geometry is freed with the rest */
            break;
        }
    }
    wijk_reset(stmt);
    wijk_shape_free(&shape);
    return rc;
}

/* ---- parents ---------------------------------------------------------------------------- */

/* Slits up to twice the tolerance wide are closed; where GEOS cannot, the union stays as it is. */
static GEOSGeometry *closed(GEOSContextHandle_t geos, GEOSGeometry *geometry, double tolerance)
{
    enum { SEGMENTS = 2 };
    static const double MITRE = 2;
    GEOSGeometry *wide = NULL, *back = NULL;
    if (tolerance > 0) {
        wide = GEOSBufferWithStyle_r(geos, geometry, tolerance, SEGMENTS, GEOSBUF_CAP_FLAT,
                                     GEOSBUF_JOIN_MITRE, MITRE);
    }
    if (wide) {
        back = GEOSBufferWithStyle_r(geos, wide, -tolerance, SEGMENTS, GEOSBUF_CAP_FLAT,
                                     GEOSBUF_JOIN_MITRE, MITRE);
    }
    GEOSGeom_destroy_r(geos, wide);
    GEOSGeom_destroy_r(geos, back ? geometry : NULL);
    return back ? back : geometry;
}

/* Union of the geometries in `children` (count > 0; borrowed). */
static GEOSGeometry *dissolve(GEOSContextHandle_t geos, const wijk_outline *const *children,
                              size_t count, double tolerance)
{
    GEOSGeometry **copies = wijk_alloc(count * sizeof *copies);
    size_t made = 0;
    while (copies && made < count &&
           (copies[made] = GEOSGeom_clone_r(geos, children[made]->geometry))) {
        made++;
    }
    GEOSGeometry *together = NULL, *whole = NULL;
    if (made == count) {
        together =
            GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, copies, (unsigned)count);
        made = 0;
    }
    while (made) {
        GEOSGeom_destroy_r(geos, copies[--made]);
    }
    wijk_free(copies);
    if (together) {
        whole = GEOSUnaryUnion_r(geos, together);
        whole = whole ? whole : GEOSUnaryUnionPrec_r(geos, together, GRID);
        GEOSGeom_destroy_r(geos, together);
    }
    return whole ? closed(geos, whole, tolerance) : NULL;
}

static int by_parent(const void *a, const void *b)
{
    const wijk_outline *x = *(const wijk_outline *const *)a, *y = *(const wijk_outline *const *)b;
    if (x->parent != y->parent) {
        return x->parent < y->parent ? -1 : 1;
    }
    return x < y ? -1 : x > y;
}

static wijk_outline *find(wijk_outlines *in, int level, int64_t id)
{
    size_t low = 0, high = in->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const wijk_outline *at = &in->items[mid];
        if (at->level < level || (at->level == level && at->id < id)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < in->count && in->items[low].level == level && in->items[low].id == id
               ? &in->items[low]
               : NULL;
}

/* Siblings in one run: gives their parent an outline when it has none and enough of them do. */
static int make_parent(wijk_outlines *in, const wijk_outline **run, size_t count)
{
    wijk_outline *parent = find(in, run[0]->level - 1, run[0]->parent);
    if (!parent || parent->geometry) {
        return WIJK_OK;
    }
    size_t drawn = 0;
    double tolerance = 0;
    for (size_t i = 0; i < count; i++) {
        if (run[i]->geometry) {
            tolerance = fmax(tolerance, run[i]->tolerance);
            run[drawn++] = run[i];
        }
    }
    if (!drawn || (double)drawn < ENOUGH_CHILDREN * (double)count) {
        return WIJK_OK;
    }
    /* NULL when GEOS cannot: then the parent has no outline, as before. */
    parent->geometry = dissolve(in->geos, run, drawn, tolerance);
    parent->tolerance = tolerance;
    parent->dissolved = parent->geometry != NULL;
    return WIJK_OK;
}

static int make_parents(wijk_outlines *in, int level, wijk_ctx *ctx)
{
    const wijk_outline **children = wijk_alloc((in->count + 1) * sizeof *children);
    if (!children) {
        return WIJK_ENOMEM;
    }
    size_t n = 0;
    for (size_t i = 0; i < in->count; i++) {
        if (in->items[i].level == level && in->items[i].parent) {
            children[n++] = &in->items[i];
        }
    }
    qsort(children, n, sizeof *children, by_parent);
    int rc = WIJK_OK;
    for (size_t i = 0, end; !rc && i < n; i = end) {
        for (end = i + 1; end < n && children[end]->parent == children[i]->parent;) {
            end++;
        }
        rc = make_parent(in, children + i, end - i);
        rc = rc ? rc : wijk_checkpoint(ctx);
    }
    wijk_free(children);
    return rc;
}

int wijk_outlines_load(wijk_outlines *out, wijk_store *store, int vintage, wijk_ctx *ctx)
{
    *out = (wijk_outlines){.vintage = vintage, .geos = wijk_geos_new()};
    if (!out->geos) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT count(*) FROM area WHERE vintage = ?1 AND level IN (0, 1, 2, 3, 4, 6)");
    int64_t count = 0;
    wijk_bind_int(stmt, 1, vintage);
    int rc = wijk_run_int(&count, stmt, 0);
    if (!rc && count > (int64_t)WIJK_MAX_AREAS) {
        rc = wijk_fail(WIJK_ELIMIT, "Meer dan %u gebieden in één jaargang.",
                       "More than %u areas in one vintage.", WIJK_MAX_AREAS);
    }
    out->items = rc ? NULL : wijk_alloc(((size_t)count + 1) * sizeof *out->items);
    if (!rc && !out->items) {
        rc = WIJK_ENOMEM;
    }
    if (!rc) {
        stmt = wijk_store_sql(
            store,
            "SELECT a.id, a.parent_id, a.level, s.tolerance, s.wkb, a.x, a.y FROM area a"
            " LEFT JOIN area_shape s ON s.area_id = a.id"
            " WHERE a.vintage = ?1 AND a.level IN (0, 1, 2, 3, 4, 6) ORDER BY a.level, a.id");
        wijk_bind_int(stmt, 1, vintage);
        rc = read_items(out, stmt, ctx);
    }
    for (int level = WIJK_BUURT; !rc && level > WIJK_LAND; level--) {
        rc = make_parents(out, level, ctx);
    }
    if (rc) {
        wijk_outlines_free(out);
    }
    return rc;
}
