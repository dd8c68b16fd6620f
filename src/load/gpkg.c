/* A GeoPackage is SQLite: its feature tables are found through gpkg_contents, and each shape is a
 * small header before WKB (OGC 12-128r18, clause 2.1.3). The file is a stranger's: it is opened as
 * a foreign database, and every name from it is quoted by SQLite itself. */
#include "load/shapes.h"
#include "wijk/geofile.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/store.h"

#include <string.h>

typedef struct {
    char *table, *column; /* the feature table and its column of shapes */
    enum wijk_crs crs;
    int srs;
} layer;

static void layer_free(layer *at)
{
    wijk_free(at->table);
    wijk_free(at->column);
}

static int not_a_geopackage(const char *path)
{
    return wijk_fail(WIJK_EFORMAT, "%s is een SQLite-bestand, maar geen GeoPackage met kaartlagen.",
                     "%s is an SQLite file, but not a GeoPackage with map layers.", path);
}

/* The feature table named `want`, or the first. Its coordinate system goes by the organisation's
 * number: srs_id may be local to the file. A foreign file lacks these tables when it is no
 * GeoPackage: then preparing fails, and that is said instead. */
static int find_layer(layer *out, wijk_store *file, const char *want)
{
    wijk_stmt *stmt = wijk_store_sql(
        file, "SELECT g.table_name, g.column_name, coalesce(s.organization_coordsys_id, g.srs_id)"
              " FROM gpkg_geometry_columns g"
              " JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features'"
              " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
              " WHERE ?1 IS NULL OR g.table_name = ?1 ORDER BY c.rowid LIMIT 1");
    if (!stmt) {
        return not_a_geopackage(wijk_store_path(file));
    }
    wijk_bind_text(stmt, 1, want);
    int rc = wijk_step(stmt);
    if (rc < 0) {
        return rc;
    }
    if (rc == 0) {
        return want ? wijk_fail(WIJK_ENOTFOUND, "%s heeft geen kaartlaag \"%s\".",
                                "%s has no map layer \"%s\".", wijk_store_path(file), want)
                    : not_a_geopackage(wijk_store_path(file));
    }
    out->table = wijk_strdup(wijk_col_text(stmt, 0));
    out->column = wijk_strdup(wijk_col_text(stmt, 1));
    out->srs = (int)wijk_col_int(stmt, 2);
    out->crs = wijk_crs_from_srid(out->srs);
    wijk_reset(stmt);
    return out->table && out->column ? WIJK_OK : WIJK_ENOMEM;
}

/* Where the WKB begins in a GeoPackage blob; 0 when the header is broken or the shape is empty. */
static size_t wkb_offset(const unsigned char *blob, size_t size)
{
    static const size_t envelope[] = {0, 32, 48, 48, 64};
    if (size < 8 || blob[0] != 'G' || blob[1] != 'P') {
        return 0;
    }
    unsigned kind = blob[3] >> 1 & 7u, empty = blob[3] >> 4 & 1u;
    if (kind > 4 || empty || size <= 8 + envelope[kind]) {
        return 0;
    }
    return 8 + envelope[kind];
}

typedef struct {
    wijk_stmt *rows;
    int shape_at, columns; /* which column holds the shape */
    layer from;
    wijk_property *properties;
    wijk_shape shape;
    wijk_str wkb, text;
    size_t *offset;
} table_reader;

static void read_shape(table_reader *in, wijk_feature *feature, int *rc)
{
    size_t size;
    const unsigned char *blob = wijk_col_blob(in->rows, in->shape_at, &size);
    if (!blob) {
        feature->problem = "no shape";
        return;
    }
    size_t from = wkb_offset(blob, size);
    if (!from || wijk_wkb_parse(&in->shape, blob + from, size - from)) {
        feature->problem = "bad shape";
        return;
    }
    *rc = wijk_shape_deliver(&in->wkb, &feature->problem, &in->shape, in->from.crs);
    if (!*rc && !feature->problem) {
        feature->wkb = in->wkb.data;
        feature->size = in->wkb.size;
    }
}

/* All other columns as text; SQLite prints numbers without a locale. Gathered in one text first,
 * because it moves while it grows. */
static int read_columns(table_reader *in, wijk_feature *feature)
{
    wijk_str_clear(&in->text);
    for (int i = 0; i < in->columns; i++) {
        in->offset[i] = in->text.size;
        if (i != in->shape_at) {
            wijk_str_add(&in->text, wijk_col_text(in->rows, i));
        }
        wijk_str_addc(&in->text, 0);
    }
    int rc = wijk_str_status(&in->text);
    for (int i = 0; !rc && i < in->columns; i++) {
        if (i != in->shape_at) {
            in->properties[feature->count].name = wijk_col_name(in->rows, i);
            in->properties[feature->count++].value = in->text.data + in->offset[i];
        }
    }
    feature->properties = in->properties;
    return rc;
}

static int open_rows(table_reader *in, wijk_store *file)
{
    int rc = wijk_store_sqlf(&in->rows, file, "SELECT * FROM \"%w\"", in->from.table, NULL);
    if (rc) {
        return rc;
    }
    in->columns = wijk_col_count(in->rows);
    in->shape_at = -1;
    for (int i = 0; i < in->columns; i++) {
        if (!strcmp(wijk_col_name(in->rows, i), in->from.column)) {
            in->shape_at = i;
        }
    }
    if (in->shape_at < 0 || in->columns > (int)WIJK_MAX_COLUMNS) {
        return wijk_fail(WIJK_EFORMAT, "%s: laag \"%s\" heeft geen bruikbare kolom met vormen.",
                         "%s: layer \"%s\" has no usable column of shapes.", wijk_store_path(file),
                         in->from.table);
    }
    in->properties = wijk_alloc((size_t)in->columns * sizeof *in->properties);
    in->offset = wijk_alloc((size_t)in->columns * sizeof *in->offset);
    return in->properties && in->offset ? WIJK_OK : WIJK_ENOMEM;
}

static int read_rows(table_reader *in, wijk_feature_fn on_feature, void *payload, wijk_ctx *ctx)
{
    int rc;
    for (size_t number = 1; (rc = wijk_step(in->rows)) == 1; number++) {
        wijk_feature feature = {.number = number};
        rc = WIJK_OK;
        read_shape(in, &feature, &rc);
        rc = rc ? rc : read_columns(in, &feature);
        rc = rc ? rc : on_feature(payload, &feature);
        rc = rc ? rc : wijk_checkpoint(ctx);
        if (rc) {
            break;
        }
    }
    return rc;
}

int wijk_gpkg_read(const char *path, const char *layer_name, wijk_feature_fn on_feature,
                   void *feature_payload, wijk_ctx *ctx)
{
    wijk_store *file;
    int rc = wijk_store_open(&file, path, WIJK_STORE_FOREIGN);
    if (rc) {
        return rc;
    }
    table_reader in = {.shape = WIJK_SHAPE_INIT};
    rc = find_layer(&in.from, file, layer_name);
    if (!rc && in.from.crs == WIJK_CRS_OTHER) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "%s: coördinatenstelsel %d is onbekend; nodig is EPSG:28992 (RD) of WGS84.",
                       "%s: coordinate system %d is unknown; EPSG:28992 (RD) or WGS84 is needed.",
                       path, in.from.srs);
    }
    rc = rc ? rc : open_rows(&in, file);
    rc = rc ? rc : read_rows(&in, on_feature, feature_payload, ctx);
    wijk_stmt_free(in.rows);
    wijk_free(in.properties);
    wijk_free(in.offset);
    wijk_shape_free(&in.shape);
    wijk_str_free(&in.wkb);
    wijk_str_free(&in.text);
    layer_free(&in.from);
    wijk_store_close(file);
    return rc;
}

typedef int (*layer_fn)(void *payload, const char *table, const char *const *columns, size_t count);

/* Hands over one table's column names; the statement is never stepped, only its columns are read.
 */
static int tell_layer(wijk_store *file, const layer *at, layer_fn tell, void *payload)
{
    wijk_stmt *rows;
    int rc = wijk_store_sqlf(&rows, file, "SELECT * FROM \"%w\"", at->table, NULL);
    if (rc) {
        return rc;
    }
    int columns = wijk_col_count(rows);
    const char **names = wijk_alloc(((size_t)columns + 1) * sizeof *names);
    size_t count = 0;
    for (int i = 0; names && i < columns; i++) {
        if (strcmp(wijk_col_name(rows, i), at->column) != 0) {
            names[count++] = wijk_col_name(rows, i);
        }
    }
    rc = names ? tell(payload, at->table, names, count) : WIJK_ENOMEM;
    wijk_free(names);
    wijk_stmt_free(rows);
    return rc;
}

int wijk_gpkg_layers(const char *path, layer_fn tell, void *payload)
{
    wijk_store *file;
    int rc = wijk_store_open(&file, path, WIJK_STORE_FOREIGN);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(
        file, "SELECT g.table_name, g.column_name FROM gpkg_geometry_columns g"
              " JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features'"
              " ORDER BY c.rowid");
    rc = stmt ? WIJK_OK : not_a_geopackage(path);
    int told = 0;
    while (!rc && (rc = wijk_step(stmt)) == 1) {
        layer at = {wijk_strdup(wijk_col_text(stmt, 0)), wijk_strdup(wijk_col_text(stmt, 1)),
                    WIJK_CRS_UNKNOWN, 0};
        rc = at.table && at.column ? tell_layer(file, &at, tell, payload) : WIJK_ENOMEM;
        layer_free(&at);
        told++;
    }
    if (!rc && !told) {
        rc = not_a_geopackage(path);
    }
    wijk_store_close(file);
    return rc;
}
