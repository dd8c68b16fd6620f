/* Neighbours with a tolerance: two areas touch when their outlines lie no further apart than the
 * two may be off together. Published outlines gape and overlap by a few metres, so a test for a
 * shared border would find almost nothing. Candidates come from GEOS's R-tree (STR, Leutenegger et
 * al. 1997), distances from its prepared geometries. */
#include "areas/geometry.h"
#include "areas/outlines.h"

#include "wijk/err.h"
#include "wijk/map.h"

#include <math.h>
#include <stdio.h>

static int store_pair(wijk_store *store, int64_t a, int64_t b)
{
    int rc = WIJK_OK;
    for (int back = 0; !rc && back < 2; back++) {
        wijk_stmt *stmt = wijk_store_sql(
            store, "INSERT OR IGNORE INTO neighbour(area_id, other_id) VALUES(?1, ?2)");
        wijk_bind_int(stmt, 1, back ? b : a);
        wijk_bind_int(stmt, 2, back ? a : b);
        rc = wijk_run(stmt);
    }
    return rc;
}

typedef struct {
    const wijk_outline **found;
    size_t count, room;
    int rc;
} candidates;

static void on_candidate(void *item, void *payload)
{
    candidates *out = payload;
    if (out->count == out->room && !out->rc) {
        size_t room = out->room ? out->room * 2 : 64;
        const wijk_outline **found = wijk_realloc(out->found, room * sizeof *found);
        if (!found) {
            out->rc = WIJK_ENOMEM;
            return;
        }
        out->found = found;
        out->room = room;
    }
    if (!out->rc) {
        out->found[out->count++] = item;
    }
}

static GEOSGeometry *reach_of(GEOSContextHandle_t geos, const wijk_outline *at, double reach)
{
    double x0, y0, x1, y1;
    if (!GEOSGeom_getXMin_r(geos, at->geometry, &x0) ||
        !GEOSGeom_getYMin_r(geos, at->geometry, &y0) ||
        !GEOSGeom_getXMax_r(geos, at->geometry, &x1) ||
        !GEOSGeom_getYMax_r(geos, at->geometry, &y1)) {
        return NULL;
    }
    return GEOSGeom_createRectangle_r(geos, x0 - reach, y0 - reach, x1 + reach, y1 + reach);
}

static int store_neighbours_of(wijk_store *store, GEOSContextHandle_t geos, GEOSSTRtree *tree,
                               const wijk_outline *at, double widest, candidates *near)
{
    near->count = 0;
    GEOSGeometry *reach = reach_of(geos, at, at->tolerance + widest);
    const GEOSPreparedGeometry *prepared = GEOSPrepare_r(geos, at->geometry);
    int rc = reach && prepared ? WIJK_OK : wijk_geos_fail("buren/neighbours");
    if (!rc) {
        GEOSSTRtree_query_r(geos, tree, reach, on_candidate, near);
        rc = near->rc;
    }
    for (size_t i = 0; !rc && i < near->count; i++) {
        const wijk_outline *other = near->found[i];
        if (other->id > at->id &&
            GEOSPreparedDistanceWithin_r(geos, prepared, other->geometry,
                                         at->tolerance + other->tolerance) == 1) {
            rc = store_pair(store, at->id, other->id);
        }
    }
    GEOSPreparedGeom_destroy_r(geos, prepared);
    GEOSGeom_destroy_r(geos, reach);
    return rc;
}

int wijk_neighbours_store(wijk_store *store, const wijk_outlines *outlines, int level,
                          wijk_ctx *ctx)
{
    GEOSContextHandle_t geos = outlines->geos;
    GEOSSTRtree *tree = GEOSSTRtree_create_r(geos, 10);
    if (!tree) {
        return wijk_geos_fail("buren/neighbours");
    }
    double widest = 0;
    size_t n = 0;
    for (size_t i = 0; i < outlines->count; i++) {
        wijk_outline *at = &outlines->items[i];
        if (at->level == level && at->geometry) {
            GEOSSTRtree_insert_r(geos, tree, at->geometry, at);
            widest = fmax(widest, at->tolerance);
            n++;
        }
    }
    candidates near = {0};
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && n > 1 && i < outlines->count; i++) {
        const wijk_outline *at = &outlines->items[i];
        if (at->level == level && at->geometry) {
            rc = store_neighbours_of(store, geos, tree, at, widest, &near);
            rc = rc ? rc : wijk_checkpoint(ctx);
        }
    }
    wijk_free(near.found);
    GEOSSTRtree_destroy_r(geos, tree);
    return rc;
}

/* A square's neighbours are the up to eight around it: found by its corner, no geometry needed. */
int wijk_neighbours_of_squares(wijk_store *store, wijk_ctx *ctx)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT OR IGNORE INTO neighbour(area_id, other_id)"
               " WITH step(d) AS (VALUES(-1), (0), (1))"
               " SELECT a.id, b.id FROM area a, step e, step n"
               " JOIN area b ON b.level = 5 AND b.vintage = a.vintage"
               " AND b.code = printf('E%04dN%04d', a.x0 / 100 + e.d, a.y0 / 100 + n.d)"
               " WHERE a.level = 5 AND a.x0 IS NOT NULL AND b.id <> a.id");
    int rc = wijk_run(stmt);
    return rc ? rc : wijk_checkpoint(ctx);
}
