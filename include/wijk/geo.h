/* wijk/geo.h: polygons: held, measured, drawn, and laid over each other.
 *
 * All coordinates are metres in RD New (EPSG:28992); WGS84 is converted at the door. A shape is
 * kept as it was published, also when it crosses itself: then it is marked, and area and centre are
 * taken from the repaired shape. The readers of files are in wijk/geofile.h. */
#ifndef WIJK_GEO_H
#define WIJK_GEO_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/mem.h"
#include "wijk/store.h"
#include "wijk/str.h"

/* ---- coordinates ------------------------------------------------------------------------ */

/* RD New and WGS84 (degrees) by the polynomial of Schreutelkamp & Strang van Hees, "Benaderings-
 * formules voor de transformatie tussen RD- en WGS84-kaartcoördinaten", Geodesia 43 (2001) 64-69.
 * Within the Netherlands off by at most about 0.5 m (0.25 m is usual) against RDNAPTRANS. */
void wijk_rd_from_wgs84(double *x, double *y, double lon, double lat);
void wijk_rd_to_wgs84(double *lon, double *lat, double x, double y);
/* 1 when the point can lie in the Netherlands, its sea border included. */
int wijk_rd_plausible(double x, double y);

/* ---- shapes ----------------------------------------------------------------------------- */

/* A (multi)polygon: rings without their closing point. Ring i runs from point ring[i] to
 * ring[i + 1]; ring[rings] is the number of points. */
typedef struct {
    double *xy;          /* x0 y0 x1 y1 … */
    size_t *ring;        /* rings + 1 entries once a ring was begun */
    unsigned char *hole; /* 1: cut out of the polygon that the nearest earlier 0 began */
    size_t rings, points, rings_room, points_room;
    int outer; /* while building: 1 when the latest outer ring was kept, so that holes have one */
} wijk_shape;

#define WIJK_SHAPE_INIT                                                                            \
    {                                                                                              \
        NULL, NULL, NULL, 0, 0, 0, 0, 0                                                            \
    }
void wijk_shape_free(wijk_shape *shape);
void wijk_shape_clear(wijk_shape *shape); /* keeps the memory */
/* Building: begin a ring, then its points. Repeated points and the closing point are dropped when
 * the ring ends; a ring of fewer than three points disappears, and with an outer ring its holes.
 * WIJK_ELIMIT past WIJK_MAX_POINTS. */
int wijk_shape_begin(wijk_shape *shape, int hole);
int wijk_shape_point(wijk_shape *shape, double x, double y);
void wijk_shape_end(wijk_shape *shape);

/* ISO WKB or EWKB, either byte order, Polygon or MultiPolygon; Z and M are passed over. Replaces
 * what `shape` held. WIJK_EFORMAT with a sentence about the byte; never reads outside `size`. */
int wijk_wkb_parse(wijk_shape *shape, const void *wkb, size_t size);
/* Little-endian ISO WKB: a Polygon when there is one outer ring, else a MultiPolygon. */
int wijk_wkb_write(wijk_str *out, const wijk_shape *shape);

typedef struct {
    double area, perimeter; /* m², m; area of the repaired shape when it crosses itself */
    double x, y;            /* a point inside, about in the middle of the widest part */
    double x0, y0, x1, y1;  /* bounding box */
    int crosses;            /* 1: the outline crosses itself */
} wijk_measure;

/* O(n log n). WIJK_EFORMAT for a shape without area. */
int wijk_shape_measure(wijk_measure *out, const wijk_shape *shape);
/* 1 when (x, y) lies inside by the even-odd rule. O(n). */
int wijk_shape_holds(const wijk_shape *shape, double x, double y);

/* The square that a 100 m code such as "E1705N4816" names: its lower-left corner in units of
 * 100 m. box = x0 y0 x1 y1. 1 when the code is one, else 0. */
int wijk_square_box(double box[4], const char *code);

/* ---- into the file ---------------------------------------------------------------------- */

/* Stores the shape of an area, its point, bounding box and land_m2. `tolerance`: metres by which a
 * border may be off. When the area has a shape already, the finer one stays; of equally fine ones,
 * the later. *crosses (may be NULL) tells that the outline crosses itself: to be counted and said
 * once. WIJK_EFORMAT for a broken shape, one without area or one outside the country. Within the
 * caller's transaction. */
int wijk_geo_store_shape(wijk_store *store, int64_t area_id, int64_t load_id, double tolerance,
                         const void *wkb, size_t size, int *crosses);
/* The same for a 100 m square: nothing but the code is needed. WIJK_EFORMAT for another code. */
int wijk_geo_store_square(wijk_store *store, int64_t area_id, const char *code);

/* Rebuilds area_path and neighbour from the shapes. Areas without a shape of their own whose
 * children have one (the wijken and gemeenten of 2024) get the outline of their children together,
 * and with it a point, bounding box and land_m2. Begins and commits its own transaction. */
int wijk_geo_derive_shapes(wijk_store *store, wijk_ctx *ctx);

/* The outline of an area as WKB in RD metres: as published, else (a wijk or gemeente that nobody
 * drew) made of its parts, to 2 m. Empty when the area has no outline. O(points). */
int wijk_geo_outline(wijk_str *wkb, wijk_store *store, int64_t area_id);

/* Rebuilds overlay, area_link and conversion_error. Needs area_path's shapes and layer_value of
 * the same file. Begins and commits its own transaction. docs/model/overlay.md says how. */
int wijk_geo_derive_links(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

/* ---- converted values ------------------------------------------------------------------- */

typedef struct {
    int indicator, period;
    double value, low, high; /* registry unit; low and high hold the true value in about 9 of 10 */
    double covered;          /* part of the people of the target whose source areas have a value */
    enum wijk_level from_level;
    int from_vintage;
    int from_count;  /* how many source areas it rests on */
    int64_t largest; /* the source area that holds most of the people of the target */
    int64_t load;    /* of the value of that area */
    unsigned flags;  /* WIJK_MODELLED, WIJK_FICTIONAL of the sources */
} wijk_converted;

/* Values of `to` that were published for other areas only, by overlay weighted by people: sums by
 * share_from, means by share_to. All periods of the `n` indicators asked for; those that cannot be
 * converted (joining none, no overlay, covered < 0.8) are left out. Sorted by indicator, then
 * period; where several divisions can give it, the one with the best cover. Array in `arena`.
 * O(source areas × indicators × log rows): a handful of prepared statements. */
int wijk_geo_convert(wijk_converted **out, size_t *count, wijk_store *store,
                     const wijk_registry *registry, wijk_arena *arena, int64_t to,
                     const int *indicators, size_t n);

/* Rebuilds table `converted`: the livability of gemeenten, which stands beside every area of
 * theirs. Needs area_link and series. Own transaction. */
int wijk_geo_derive_converted(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

#endif
