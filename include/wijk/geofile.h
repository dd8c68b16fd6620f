/* wijk/geofile.h: reading polygons from GeoJSON, GeoPackage and (E)WKT.
 *
 * Every reader hands over one feature at a time, its properties as text and its shape as ISO WKB in
 * RD New. One feature is held in memory, never the file. What cannot be used is counted, and
 * reading goes on: a bad feature never loses the good ones. */
#ifndef WIJK_GEOFILE_H
#define WIJK_GEOFILE_H

#include <stddef.h>

#include "wijk/csv.h"
#include "wijk/ctx.h"
#include "wijk/str.h"

typedef struct {
    const char *name, *value; /* numbers as written; null and nested values as "" */
} wijk_property;

typedef struct {
    const wijk_property *properties;
    size_t count;
    const void *wkb; /* NULL when the feature has no usable polygon: `problem` says why */
    size_t size;
    size_t number;       /* 1-based place in the file, for messages */
    const char *problem; /* reason for load_note: "no shape", "not a polygon", "outside the
                            country", "empty shape", "bad shape"; NULL when fine */
} wijk_feature;          /* all of it valid during the call only */

/* Returns 0 to go on, negative to stop with that code. */
typedef int (*wijk_feature_fn)(void *payload, const wijk_feature *feature);

/* GeoJSON FeatureCollection (or one Feature), RD New or WGS84: a `crs` member is believed when it
 * is known and refused (WIJK_EFORMAT) when it is another; without one the size of the numbers
 * tells. `what` names the file in messages, which give the line. WIJK_EFORMAT for broken JSON,
 * WIJK_ELIMIT for nesting beyond WIJK_MAX_DEPTH or shapes beyond WIJK_MAX_POINTS. */
int wijk_geojson_read(wijk_read_fn read, void *payload, const char *what,
                      wijk_feature_fn on_feature, void *feature_payload, wijk_ctx *ctx);

/* Layers of a GeoPackage: `layer` NULL reads the only or first feature table. Other columns come as
 * properties. The file is opened as a foreign, read-only database. */
int wijk_gpkg_read(const char *path, const char *layer, wijk_feature_fn on_feature,
                   void *feature_payload, wijk_ctx *ctx);
/* Calls `tell` with the name and the column names (without the shape) of every feature table. */
int wijk_gpkg_layers(const char *path,
                     int (*tell)(void *payload, const char *table, const char *const *columns,
                                 size_t count),
                     void *payload);

/* One polygon in WKT or EWKT ("SRID=28992;POLYGON((…))"; SRID 28992, 4326 or none) to WKB in RD
 * New, replacing what `wkb` held. WIJK_EFORMAT with the place in the text. */
int wijk_wkt_read(wijk_str *wkb, const char *text, size_t size);

#endif
