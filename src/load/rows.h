/* load/rows.h: what every reader of this room gives: a stream of rows of text cells, whatever the
 * format. The first row is the header (column or property names). CSV, workbook, GeoJSON and
 * GeoPackage differ only below this line. */
#ifndef WIJK_LOAD_ROWS_H
#define WIJK_LOAD_ROWS_H

#include "load/input.h"
#include "wijk/csv.h"

#include <stddef.h>

typedef struct wijk_rows wijk_rows;
struct wijk_rows {
    /* 1 with a row (valid until the next call), 0 at the end, negative on failure. Every row has
     * as many cells as the header unless the file itself differs. */
    int (*next)(wijk_rows *rows, const wijk_cell **cells, size_t *count);
    /* The polygon of the present row: ISO WKB, RD New metres; NULL without one. May be NULL when
     * the format has no geometry. Valid until the next call of next. */
    const void *(*shape)(wijk_rows *rows, size_t *size);
    void (*free)(wijk_rows *rows);
    size_t line;  /* 1-based line or row or feature number of the present row, for messages */
    int recoded;  /* 1 once bytes that are not UTF-8 were met */
    char decimal; /* '.' when the format fixes it (workbook, GeoJSON), else 0 */
};

int wijk_rows_csv(wijk_rows **out, wijk_input *input);
/* Sheet `sheet` of a workbook, 0-based; WIJK_ENOTFOUND past the last. */
int wijk_rows_xlsx(wijk_rows **out, wijk_input *input, size_t sheet);
/* The features of a FeatureCollection; coordinates in RD New, or WGS84 which is converted.
 * `bytes` must outlive the stream. */
int wijk_rows_geojson(wijk_rows **out, const char *bytes, size_t size, const char *what);
/* Feature layer `layer` of a GeoPackage, 0-based; WIJK_ENOTFOUND past the last. */
int wijk_rows_gpkg(wijk_rows **out, const char *path, size_t layer, const char *what);

#endif
