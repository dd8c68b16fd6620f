/* wijk/export.h: figures leave the house with everything that belongs to them.
 *
 * Every row carries its band, mark, origin, flags and source, as the page does: all values come
 * through the facts of an area (wijk/areas.h), so disclosure rules and grey hold here too. Exports
 * stream: memory is one area's facts, however large the file. */
#ifndef WIJK_EXPORT_H
#define WIJK_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/str.h"

/* What to export. All zero but level (-1) means: the whole file, with the figures that were
 * published for (or, by our rules, computed from) each very area. With `area`, that area and
 * everything below it, with everything their pages show: converted and borrowed figures too. */
typedef struct {
    int64_t area;          /* 0: the whole file */
    int level;             /* enum wijk_level; -1: all */
    int vintage;           /* 0: all */
    int period;            /* 0: all; a year also selects its months */
    const int *indicators; /* ids; NULL: all */
    size_t indicator_count;
} wijk_selection;

#define WIJK_SELECTION_ALL                                                                         \
    {                                                                                              \
        0, -1, 0, 0, NULL, 0                                                                       \
    }

enum wijk_export_format {
    WIJK_EXPORT_CSV,       /* one long table, RFC 4180, UTF-8: docs in wijk_export_csvw */
    WIJK_EXPORT_GEOJSON,   /* RFC 7946: WGS84, six decimals */
    WIJK_EXPORT_GEOJSON_RD /* the same in RD New with a crs member, for programs that want metres */
};

typedef struct wijk_export wijk_export;

/* GeoJSON holds one level and vintage; when the selection leaves them open: buurten (or the level
 * of a selected area that has no buurten), and the newest vintage with borders. Each figure is
 * that of the period, else the newest. `store` and `registry` are borrowed until close; `selection`
 * is copied. WIJK_ENOTFOUND when nothing is selected. */
int wijk_export_open(wijk_export **out, wijk_store *store, const wijk_registry *registry,
                     enum wijk_export_format format, const wijk_selection *selection,
                     wijk_ctx *ctx);
/* The next bytes of the export: how many were written to `buffer`, 0 at the end, negative on
 * failure. Any `room` > 0 will do. */
ptrdiff_t wijk_export_read(wijk_export *export, void *buffer, size_t room);
void wijk_export_close(wijk_export *export);
/* Rows (CSV) or features (GeoJSON) given so far. */
int64_t wijk_export_rows(const wijk_export *export);

/* CSVW metadata of the long table (W3C Metadata Vocabulary for Tabular Data, 2015): columns with
 * Dutch and English titles, types, keys, licences and sources. `url` is the name of the CSV. */
int wijk_export_csvw(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                     const char *url);

/* GeoPackage 1.3: a feature table per level and vintage with a column per indicator (newest, or
 * that of the period), the long table as attributes, and tables of indicators and sources. Built
 * beside `path` and renamed; an existing file is replaced only when `replace`.
 * *rows (may be NULL): rows of the long table. */
int wijk_export_gpkg(int64_t *rows, const char *path, int replace, wijk_store *store,
                     const wijk_registry *registry, const wijk_selection *selection, wijk_ctx *ctx);

#endif
