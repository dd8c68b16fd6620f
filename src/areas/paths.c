/* Outlines for drawing: every point moved to the nearest of a grid, per scale. Two areas that share
 * a border share its points, so they still do after snapping, and no gap appears that was not
 * there; simplifying each outline by itself (Douglas-Peucker) would tear them apart. What becomes
 * equal or straight is dropped, and an area too small for the grid stays as one cell of it. */
#include "areas/geometry.h"
#include "areas/outlines.h"

#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double GRIDS[] = {250, 25, 2}; /* metres, by area_path.scale */
enum { SCALES = sizeof GRIDS / sizeof *GRIDS, TOP = 1000000 };

typedef struct {
    long x, y;
} node;

static node snap(const double *xy, double grid)
{
    return (node){lround(xy[0] / grid), lround((TOP - xy[1]) / grid)};
}

static int in_line(node a, node b, node c)
{
    return (b.x - a.x) * (c.y - b.y) == (b.y - a.y) * (c.x - b.x);
}

/* Snaps a ring and leaves only its corners in `out`; returns how many, less than 3 when nothing of
 * it is left. A spike (there and back) is a straight line too. */
static size_t corners(node *out, const double *xy, size_t points, double grid)
{
    size_t n = 0;
    for (size_t i = 0; i < points; i++) {
        node next = snap(xy + 2 * i, grid);
        while (n >= 2 && in_line(out[n - 2], out[n - 1], next)) {
            n--;
        }
        if (!n || out[n - 1].x != next.x || out[n - 1].y != next.y) {
            out[n++] = next;
        }
    }
    /* The seam: the last points against the first, until both ends are corners. */
    size_t first = 0;
    for (int changed = 1; changed && n - first >= 3;) {
        changed = 0;
        if (in_line(out[n - 2], out[n - 1], out[first])) {
            n--;
            changed = 1;
        } else if (in_line(out[n - 1], out[first], out[first + 1])) {
            first++;
            changed = 1;
        }
    }
    n -= first;
    memmove(out, out + first, n * sizeof *out);
    return n;
}

static void add_step(wijk_str *path, long value, int separate)
{
    if (separate && value >= 0) {
        wijk_str_addc(path, ' ');
    }
    wijk_str_addi(path, value);
}

static void add_ring(wijk_str *path, const node *ring, size_t n)
{
    wijk_str_addc(path, 'M');
    add_step(path, ring[0].x, 0);
    add_step(path, ring[0].y, 1);
    wijk_str_addc(path, 'l');
    for (size_t i = 1; i < n; i++) {
        add_step(path, ring[i].x - ring[i - 1].x, i > 1);
        add_step(path, ring[i].y - ring[i - 1].y, 1);
    }
    wijk_str_addc(path, 'z');
}

/* A hole smaller than this many tolerances squared, in an outline made of its parts, is a slit
 * between two drawings of one border and no enclave. */
static const double SLIT = 10;

static int is_slit(const wijk_shape *shape, size_t ring, const wijk_outline *at)
{
    if (!shape->hole[ring] || !at->dissolved) {
        return 0;
    }
    double twice = 0;
    const double *xy = shape->xy;
    size_t first = shape->ring[ring], end = shape->ring[ring + 1];
    for (size_t i = first, j = end - 1; i < end; j = i++) {
        twice += (xy[2 * j] - xy[2 * i]) * (xy[2 * j + 1] + xy[2 * i + 1]);
    }
    double side = SLIT * at->tolerance;
    return fabs(twice) / 2 < side * side;
}

/* SVG path data of `shape` on a grid; `at` knows a point inside it. */
static int draw(wijk_str *path, const wijk_shape *shape, const wijk_outline *at, double grid,
                node *scratch)
{
    wijk_str_clear(path);
    int outer = 0; /* the outer ring of the holes at hand is drawn */
    for (size_t r = 0; r < shape->rings; r++) {
        if ((shape->hole[r] && !outer) || is_slit(shape, r, at)) {
            continue;
        }
        size_t first = shape->ring[r];
        size_t n = corners(scratch, shape->xy + 2 * first, shape->ring[r + 1] - first, grid);
        if (n >= 3) {
            add_ring(path, scratch, n);
        }
        outer = shape->hole[r] ? outer : n >= 3;
    }
    if (!path->size) {
        const long x = (long)floor(at->x / grid), y = (long)floor((TOP - at->y) / grid);
        const node cell[] = {{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}};
        add_ring(path, cell, 4);
    }
    return wijk_str_status(path);
}

static int store_path(wijk_store *store, int64_t area_id, int scale, const wijk_str *path)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "INSERT INTO area_path(area_id, scale, path) VALUES(?1, ?2, ?3)");
    wijk_bind_int(stmt, 1, area_id);
    wijk_bind_int(stmt, 2, scale);
    wijk_bind_textn(stmt, 3, path->data, path->size);
    return wijk_run(stmt);
}

typedef struct {
    wijk_shape shape;
    wijk_str path;
    node *scratch;
    size_t room;
} drawer;

static int draw_outline(drawer *d, wijk_store *store, GEOSContextHandle_t geos, wijk_outline *at)
{
    int rc = wijk_geos_to_shape(&d->shape, geos, at->geometry);
    if (!rc && at->dissolved) {
        wijk_measure measure;
        rc = wijk_shape_measure(&measure, &d->shape);
        rc = rc ? rc : wijk_geo_store_measure(store, at->id, &measure);
        at->x = measure.x;
        at->y = measure.y;
    }
    if (!rc && d->shape.points > d->room) {
        node *scratch = wijk_realloc(d->scratch, d->shape.points * sizeof *scratch);
        d->scratch = scratch ? scratch : d->scratch;
        d->room = scratch ? d->shape.points : d->room;
        rc = scratch ? WIJK_OK : WIJK_ENOMEM;
    }
    for (int scale = 0; !rc && scale < SCALES; scale++) {
        rc = draw(&d->path, &d->shape, at, GRIDS[scale], d->scratch);
        rc = rc ? rc : store_path(store, at->id, scale, &d->path);
    }
    return rc;
}

static int derive_vintage(drawer *d, wijk_store *store, int vintage, wijk_ctx *ctx)
{
    wijk_outlines outlines;
    int rc = wijk_outlines_load(&outlines, store, vintage, ctx);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; !rc && i < outlines.count; i++) {
        if (outlines.items[i].geometry) {
            rc = draw_outline(d, store, outlines.geos, &outlines.items[i]);
            rc = rc ? rc : wijk_checkpoint(ctx);
        }
    }
    static const int levels[] = {WIJK_GEMEENTE, WIJK_WIJK, WIJK_BUURT, WIJK_PC4, WIJK_LOCAL};
    for (size_t i = 0; !rc && i < sizeof levels / sizeof *levels; i++) {
        rc = wijk_neighbours_store(store, &outlines, levels[i], ctx);
    }
    wijk_outlines_free(&outlines);
    return rc;
}

/* The vintages that hold shapes, in `list` (room for `room`). */
static int list_vintages(int *list, size_t room, size_t *count, wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT DISTINCT a.vintage FROM area a"
                                            " JOIN area_shape s ON s.area_id = a.id ORDER BY 1");
    int rc;
    for (*count = 0; (rc = wijk_step(stmt)) == 1;) {
        if (*count == room) {
            wijk_reset(stmt);
            return wijk_fail(WIJK_ELIMIT, "Meer dan %zu jaargangen met kaarten.",
                             "More than %zu vintages with maps.", room);
        }
        list[(*count)++] = (int)wijk_col_int(stmt, 0);
    }
    return rc;
}

static int derive_all(wijk_store *store, wijk_ctx *ctx)
{
    int vintages[100];
    size_t count = 0;
    drawer d = {.shape = WIJK_SHAPE_INIT};
    int rc = list_vintages(vintages, sizeof vintages / sizeof *vintages, &count, store);
    rc = rc ? rc : wijk_run(wijk_store_sql(store, "DELETE FROM area_path"));
    rc = rc ? rc : wijk_run(wijk_store_sql(store, "DELETE FROM neighbour"));
    for (size_t i = 0; !rc && i < count; i++) {
        wijk_progress(ctx, "kaarten tekenen / drawing maps", (double)i / (double)count);
        rc = derive_vintage(&d, store, vintages[i], ctx);
    }
    rc = rc ? rc : wijk_neighbours_of_squares(store, ctx);
    wijk_shape_free(&d.shape);
    wijk_str_free(&d.path);
    wijk_free(d.scratch);
    return rc;
}

int wijk_geo_derive_shapes(wijk_store *store, wijk_ctx *ctx)
{
    int rc = wijk_begin(store);
    rc = rc ? rc : derive_all(store, ctx);
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

/* ---- back from a path ------------------------------------------------------------------- */

static const char *number(long *out, const char *at)
{
    while (*at == ' ') {
        at++;
    }
    char *end;
    *out = strtol(at, &end, 10);
    return end == at ? NULL : end;
}

/* One 'M x y l dx dy … z' into a ring, in metres; returns what follows, NULL when it is no path. */
static const char *read_ring(wijk_shape *shape, const char *at, double grid, int hole)
{
    long x, y, dx, dy;
    if (*at != 'M' || !(at = number(&x, at + 1)) || !(at = number(&y, at)) ||
        wijk_shape_begin(shape, hole)) {
        return NULL;
    }
    int rc = wijk_shape_point(shape, (double)x * grid, TOP - (double)y * grid);
    at += *at == 'l';
    while (!rc && *at && *at != 'z') {
        if (!(at = number(&dx, at)) || !(at = number(&dy, at))) {
            return NULL;
        }
        x += dx;
        y += dy;
        rc = wijk_shape_point(shape, (double)x * grid, TOP - (double)y * grid);
    }
    wijk_shape_end(shape);
    return rc || *at != 'z' ? NULL : at + 1;
}

/* GEOS gives holes the other direction than what they are cut from, and snapping keeps it. */
static void mark_holes(wijk_shape *shape)
{
    double first = 0;
    for (size_t r = 0; r < shape->rings; r++) {
        double twice = 0;
        const double *xy = shape->xy;
        size_t end = shape->ring[r + 1];
        for (size_t i = shape->ring[r], j = end - 1; i < end; j = i++) {
            twice += (xy[2 * j] - xy[2 * i]) * (xy[2 * j + 1] + xy[2 * i + 1]);
        }
        first = r ? first : twice;
        shape->hole[r] = twice * first < 0;
    }
}

int wijk_geo_outline(wijk_str *wkb, wijk_store *store, int64_t area_id)
{
    wijk_str_clear(wkb);
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT wkb FROM area_shape WHERE area_id = ?1");
    wijk_bind_int(stmt, 1, area_id);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        size_t size;
        const void *bytes = wijk_col_blob(stmt, 0, &size);
        wijk_str_addn(wkb, bytes, size);
        wijk_reset(stmt);
        return wijk_str_status(wkb);
    }
    stmt = wijk_store_sql(store, "SELECT path FROM area_path WHERE area_id = ?1 AND scale = ?2");
    wijk_bind_int(stmt, 1, area_id);
    wijk_bind_int(stmt, 2, SCALES - 1);
    rc = rc ? rc : wijk_step(stmt);
    if (rc != 1) {
        return rc;
    }
    wijk_shape shape = WIJK_SHAPE_INIT;
    const char *at = wijk_col_text(stmt, 0);
    while (at && *at) {
        at = read_ring(&shape, at, GRIDS[SCALES - 1], 0);
    }
    wijk_reset(stmt);
    if (at && shape.rings) {
        mark_holes(&shape);
        rc = wijk_wkb_write(wkb, &shape);
    } else {
        rc = at ? WIJK_OK
                : wijk_fail(WIJK_EFORMAT, "Een tekenpad is niet heel; `wijk check`.",
                            "A drawing path is not whole; `wijk check`.");
    }
    wijk_shape_free(&shape);
    return rc;
}
