/* GeoPackage 1.3 (OGC 12-128r17): SQLite that QGIS, R and Python open. One feature table per level
 * and vintage with a column per indicator, and the long table beside it: maps want columns, honest
 * reading wants the band, origin and flags of every figure. Column names are bound by place, so no
 * name from a file ever becomes SQL. */
#include "figure/export.h"

#include "wijk/file.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { GPKG_ID = 0x47504B47, GPKG_VERSION = 10300, RD = 28992 };

/* The tables that the standard asks for (its annex C), and the rows of gpkg_spatial_ref_sys that
 * it makes mandatory plus RD New as EPSG describes it. */
static const char required_tables[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY "
    "KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT "
    "NOT NULL, description TEXT);"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT "
    "(strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y "
    "DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES "
    "gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT "
    "NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT "
    "uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES "
    "gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES "
    "gpkg_spatial_ref_sys (srs_id));"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
    "('Undefined Cartesian SRS',-1,'NONE',-1,'undefined','undefined Cartesian coordinate reference "
    "system'),"
    "('Undefined geographic SRS',0,'NONE',0,'undefined','undefined geographic coordinate reference "
    "system'),"
    "('WGS 84 geodetic',4326,'EPSG',4326,'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS "
    "84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],"
    "PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,"
    "AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],"
    "AUTHORITY[\"EPSG\",\"4326\"]]','longitude/latitude coordinates in decimal degrees on the WGS "
    "84 "
    "spheroid'),"
    "('Amersfoort / RD New',28992,'EPSG',28992,'PROJCS[\"Amersfoort / RD New\",GEOGCS["
    "\"Amersfoort\",DATUM[\"Amersfoort\",SPHEROID[\"Bessel 1841\",6377397.155,299.1528128,"
    "AUTHORITY[\"EPSG\",\"7004\"]],AUTHORITY[\"EPSG\",\"6289\"]],PRIMEM[\"Greenwich\",0,AUTHORITY["
    "\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
    "AUTHORITY["
    "\"EPSG\",\"4289\"]],PROJECTION[\"Oblique_Stereographic\"],PARAMETER[\"latitude_of_origin\","
    "52.1561605555556],PARAMETER[\"central_meridian\",5.38763888888889],PARAMETER[\"scale_factor\","
    "0.9999079],PARAMETER[\"false_easting\",155000],PARAMETER[\"false_northing\",463000],UNIT["
    "\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AXIS[\"Easting\",EAST],AXIS[\"Northing\",NORTH],"
    "AUTHORITY[\"EPSG\",\"28992\"]]','Dutch national grid');"
    "CREATE TABLE figures (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, area TEXT NOT NULL, "
    "level "
    "TEXT NOT NULL, vintage INTEGER NOT NULL, indicator TEXT NOT NULL, period INTEGER NOT NULL, "
    "value DOUBLE, low DOUBLE, high DOUBLE, mark TEXT NOT NULL, origin TEXT NOT NULL, flags TEXT, "
    "source INTEGER);"
    "CREATE TABLE indicators (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL, "
    "unit TEXT NOT NULL, label_nl TEXT NOT NULL, label_en TEXT NOT NULL, definition_nl TEXT, "
    "definition_en TEXT, caution_nl TEXT, caution_en TEXT);"
    "CREATE TABLE sources (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL, "
    "publisher TEXT, title_nl TEXT, title_en TEXT, licence TEXT, address TEXT, nature TEXT, file "
    "TEXT, sha256 TEXT);"
    "INSERT INTO gpkg_contents(table_name, data_type, identifier, description) VALUES"
    "('figures','attributes','figures','one row per area, indicator and period; source is "
    "sources.id'),"
    "('indicators','attributes','indicators','what the figures mean'),"
    "('sources','attributes','sources','who says so');";

/* The feature table that is being filled: one level and vintage. */
typedef struct {
    char table[40];
    int *columns; /* indicator ids, in the order of the columns */
    size_t count;
    wijk_stmt *insert;
    double box[4];
} layer;

typedef struct {
    wijk_store *to, *from;
    const wijk_registry *registry;
    wijk_selection selection; /* narrowed to the layer at hand */
    wijk_ctx *ctx;
    export_walk walk;
    layer layer;
    wijk_arena *arena; /* columns of the layer */
    wijk_str shape, blob;
    int64_t rows, features;
} package;

/* ---- geometry ------------------------------------------------------------------------------ */

static void add_int32(wijk_str *out, int value)
{
    unsigned bits = (unsigned)value;
    for (int i = 0; i < 4; i++) {
        wijk_str_addc(out, (char)(bits >> (8 * i) & 0xFF));
    }
}

static void add_double(wijk_str *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++) {
        wijk_str_addc(out, (char)(bits >> (8 * i) & 0xFF));
    }
}

/* Header with envelope (clause 2.1.3), then a MultiPolygon: a single Polygon is wrapped, because
 * the column promises one type. */
static int make_blob(package *p, const wijk_area *area)
{
    const void *wkb;
    size_t size;
    wijk_str_clear(&p->blob);
    int rc = export_shape(&wkb, &size, &p->shape, p->from, area);
    if (rc || size < 5) {
        return rc;
    }
    const unsigned char *bytes = wkb;
    wijk_str_addn(&p->blob, "GP\0\3", 4); /* version 0; little-endian, envelope x and y */
    add_int32(&p->blob, RD);
    add_double(&p->blob, area->x0);
    add_double(&p->blob, area->x1);
    add_double(&p->blob, area->y0);
    add_double(&p->blob, area->y1);
    int polygon = bytes[0] == 1 && bytes[1] == 3 && !bytes[2] && !bytes[3] && !bytes[4];
    if (polygon) {
        wijk_str_addn(&p->blob, "\1\6\0\0\0\1\0\0\0", 9);
    }
    wijk_str_addn(&p->blob, wkb, size);
    return wijk_str_status(&p->blob);
}

/* ---- one layer ------------------------------------------------------------------------------ */

static int listed(const int *columns, size_t count, int indicator)
{
    for (size_t i = 0; i < count; i++) {
        if (columns[i] == indicator) {
            return 1;
        }
    }
    return 0;
}

/* A column of ours has this name already: the figure is in the long table only. */
static int reserved(const char *code)
{
    static const char *const names[] = {"fid", "geom", "code", "name", "gemeente", "fictional"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcasecmp(code, names[i])) {
            return 1;
        }
    }
    return 0;
}

/* The indicators that any area of the layer has, found by walking it once. */
static int find_columns(package *p)
{
    layer *l = &p->layer;
    wijk_facts facts;
    wijk_arena_reset(p->arena);
    l->count = 0;
    l->columns = wijk_arena_alloc(p->arena, wijk_indicator_count(p->registry) * sizeof *l->columns);
    int rc = l->columns ? WIJK_OK : WIJK_ENOMEM;
    while (!rc && (rc = export_walk_next(&p->walk, &facts)) == 1) {
        rc = WIJK_OK;
        for (size_t i = 0; i < facts.count; i++) {
            int indicator = facts.values[i].indicator;
            if (facts.values[i].mark == WIJK_MARK_VALUE &&
                export_wants(&p->walk, &facts.values[i]) &&
                !listed(l->columns, l->count, indicator) &&
                !reserved(wijk_indicator_by_id(p->registry, indicator)->code)) {
                l->columns[l->count++] = indicator;
            }
        }
    }
    return rc;
}

static int add_column(package *p, const char *code, const char *tail, const char *type)
{
    char name[160], format[64];
    wijk_stmt *stmt;
    snprintf(name, sizeof name, "%s%s", code, tail);
    snprintf(format, sizeof format, "ALTER TABLE \"%%w\" ADD COLUMN \"%%w\" %s", type);
    int rc = wijk_store_sqlf(&stmt, p->to, format, p->layer.table, name);
    rc = rc ? rc : wijk_run(stmt);
    wijk_stmt_free(stmt);
    return rc;
}

static int run_named(package *p, const char *format)
{
    wijk_stmt *stmt;
    int rc = wijk_store_sqlf(&stmt, p->to, format, p->layer.table, p->layer.table);
    rc = rc ? rc : wijk_run(stmt);
    wijk_stmt_free(stmt);
    return rc;
}

static int prepare_insert(package *p)
{
    wijk_str sql = WIJK_STR_INIT;
    wijk_str_add(&sql, "INSERT INTO \"%w\" VALUES (NULL,?1,?2,?3,?4,?5");
    for (size_t i = 0; i < p->layer.count * 3; i++) {
        wijk_str_addf(&sql, ",?%d", (int)i + 6);
    }
    wijk_str_add(&sql, ")");
    int rc = wijk_str_status(&sql);
    rc =
        rc ? rc : wijk_store_sqlf(&p->layer.insert, p->to, wijk_str_text(&sql), p->layer.table, "");
    wijk_str_free(&sql);
    return rc;
}

static int open_layer(package *p)
{
    layer *l = &p->layer;
    l->box[0] = l->box[1] = INFINITY;
    l->box[2] = l->box[3] = -INFINITY;
    snprintf(l->table, sizeof l->table, "%s_%d",
             wijk_level_word((enum wijk_level)p->selection.level), p->selection.vintage);
    int rc = run_named(p, "CREATE TABLE \"%w\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
                          "geom MULTIPOLYGON, code TEXT NOT NULL, name TEXT, gemeente TEXT, "
                          "fictional BOOLEAN)");
    for (size_t i = 0; !rc && i < l->count; i++) {
        const char *code = wijk_indicator_by_id(p->registry, l->columns[i])->code;
        rc = add_column(p, code, "", "DOUBLE");
        rc = rc ? rc : add_column(p, code, "_period", "INTEGER");
        rc = rc ? rc : add_column(p, code, "_flags", "TEXT");
    }
    return rc ? rc : prepare_insert(p);
}

static int close_layer(package *p)
{
    layer *l = &p->layer;
    wijk_stmt *stmt = wijk_store_sql(
        p->to, "INSERT INTO gpkg_contents(table_name, data_type, identifier, min_x, min_y, max_x, "
               "max_y, srs_id) VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, 28992)");
    wijk_bind_text(stmt, 1, l->table);
    for (int i = 0; i < 4; i++) {
        wijk_bind_double(stmt, i + 2, isfinite(l->box[i]) ? l->box[i] : NAN);
    }
    int rc = wijk_run(stmt);
    stmt = wijk_store_sql(p->to, "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', "
                                 "'MULTIPOLYGON', 28992, 0, 0)");
    wijk_bind_text(stmt, 1, l->table);
    return rc ? rc : wijk_run(stmt);
}

static void grow_box(double box[4], const wijk_area *area)
{
    if (isfinite(area->x0)) {
        box[0] = fmin(box[0], area->x0);
        box[1] = fmin(box[1], area->y0);
        box[2] = fmax(box[2], area->x1);
        box[3] = fmax(box[3], area->y1);
    }
}

static int add_feature(package *p, const wijk_facts *facts)
{
    const wijk_area *area = &facts->area;
    wijk_stmt *stmt = p->layer.insert;
    char words[96];
    int rc = make_blob(p, area);
    if (p->blob.size) {
        wijk_bind_blob(stmt, 1, p->blob.data, p->blob.size);
        grow_box(p->layer.box, area);
    } else {
        wijk_bind_null(stmt, 1);
    }
    wijk_bind_text(stmt, 2, area->code);
    wijk_bind_text(stmt, 3, area->name);
    wijk_bind_text(stmt, 4, area->gemeente);
    wijk_bind_int(stmt, 5, area->fictional);
    for (size_t i = 0; i < p->layer.count; i++) {
        const wijk_value *value = wijk_facts_find(facts, p->layer.columns[i], p->selection.period);
        int at = 6 + 3 * (int)i;
        wijk_bind_double(stmt, at, value ? value->value : NAN);
        if (!value) {
            wijk_bind_null(stmt, at + 1);
            wijk_bind_null(stmt, at + 2);
            continue;
        }
        char *kept =
            wijk_arena_strdup(p->walk.arena, export_flag_words(words, sizeof words, value->flags));
        wijk_bind_int(stmt, at + 1, value->period);
        wijk_bind_text(stmt, at + 2, kept && *kept ? kept : NULL);
    }
    return rc ? rc : wijk_run(stmt);
}

/* ---- the long table -------------------------------------------------------------------------- */

static int add_figures(package *p, const wijk_facts *facts)
{
    char words[96];
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < facts->count; i++) {
        const wijk_value *value = &facts->values[i];
        if (!export_wants(&p->walk, value)) {
            continue;
        }
        wijk_stmt *stmt =
            wijk_store_sql(p->to, "INSERT INTO figures(area, level, vintage, indicator, period, "
                                  "value, low, high, mark, origin, flags, source) VALUES "
                                  "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,nullif(?11,''),?12)");
        wijk_bind_text(stmt, 1, facts->area.code);
        wijk_bind_text(stmt, 2, wijk_level_word(facts->area.level));
        wijk_bind_int(stmt, 3, facts->area.vintage);
        wijk_bind_text(stmt, 4, wijk_indicator_by_id(p->registry, value->indicator)->code);
        wijk_bind_int(stmt, 5, value->period);
        wijk_bind_double(stmt, 6, value->value);
        wijk_bind_double(stmt, 7, value->low);
        wijk_bind_double(stmt, 8, value->high);
        wijk_bind_text(stmt, 9, export_mark_word(value->mark));
        wijk_bind_text(stmt, 10, export_origin_word(value->origin));
        wijk_bind_text(stmt, 11, export_flag_words(words, sizeof words, value->flags));
        wijk_bind_int(stmt, 12, value->load);
        rc = wijk_run(stmt);
        p->rows++;
    }
    return rc;
}

static int add_indicators(package *p)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < wijk_indicator_count(p->registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(p->registry, i);
        wijk_stmt *stmt = wijk_store_sql(
            p->to, "INSERT INTO indicators VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        wijk_bind_text(stmt, 1, it->code);
        wijk_bind_text(stmt, 2, it->unit);
        for (int lang = 0; lang < 2; lang++) {
            wijk_bind_text(stmt, 3 + lang, it->label[lang]);
            wijk_bind_text(stmt, 5 + lang, it->definition[lang]);
            wijk_bind_text(stmt, 7 + lang, it->caution[lang]);
        }
        rc = wijk_run(stmt);
    }
    return rc;
}

static int add_sources(package *p)
{
    wijk_stmt *from = wijk_store_sql(
        p->from,
        "SELECT l.id, s.code, s.publisher, s.title_nl, s.title_en, s.licence, s.address, s.nature, "
        "l.file, l.sha256 FROM load l JOIN source s ON s.id = l.source_id ORDER BY l.id");
    int rc;
    while ((rc = wijk_step(from)) == 1) {
        wijk_stmt *to = wijk_store_sql(
            p->to, "INSERT INTO sources VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        wijk_bind_int(to, 1, wijk_col_int(from, 0));
        for (int i = 1; i < 10; i++) {
            wijk_bind_text(to, i + 1, wijk_col_text(from, i));
        }
        rc = wijk_run(to);
        if (rc) {
            wijk_reset(from);
            return rc;
        }
    }
    return rc;
}

static int walk_layer(package *p)
{
    wijk_facts facts;
    int rc = export_walk_open(&p->walk, p->from, p->registry, &p->selection, p->ctx);
    rc = rc ? rc : find_columns(p);
    rc = rc ? rc : open_layer(p);
    if (!rc) {
        export_walk_close(&p->walk);
        rc = export_walk_open(&p->walk, p->from, p->registry, &p->selection, p->ctx);
    }
    while (!rc && (rc = export_walk_next(&p->walk, &facts)) == 1) {
        rc = add_feature(p, &facts);
        rc = rc ? rc : add_figures(p, &facts);
        p->features++;
    }
    rc = rc ? rc : close_layer(p);
    export_walk_close(&p->walk);
    wijk_stmt_free(p->layer.insert);
    p->layer.insert = NULL;
    return rc;
}

/* The level and vintage after the ones at hand; 1 when there is one. */
static int next_layer(package *p, const wijk_selection *wanted)
{
    wijk_stmt *stmt = wijk_store_sql(
        p->from, "SELECT level, vintage FROM area WHERE (level, vintage) > (?1, ?2) AND (?3 < 0 OR "
                 "level = ?3) AND (?4 = 0 OR vintage = ?4) ORDER BY level, vintage LIMIT 1");
    wijk_bind_int(stmt, 1, p->selection.level);
    wijk_bind_int(stmt, 2, p->selection.vintage);
    wijk_bind_int(stmt, 3, wanted->level);
    wijk_bind_int(stmt, 4, wanted->vintage);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        p->selection.level = (int)wijk_col_int(stmt, 0);
        p->selection.vintage = (int)wijk_col_int(stmt, 1);
        wijk_reset(stmt);
    }
    return rc;
}

static int fill(package *p, const wijk_selection *wanted)
{
    int rc = wijk_store_script(p->to, required_tables);
    rc = rc ? rc : wijk_begin(p->to);
    rc = rc ? rc : add_indicators(p);
    rc = rc ? rc : add_sources(p);
    p->selection = *wanted;
    p->selection.level = -1;
    while (!rc && (rc = next_layer(p, wanted)) == 1) {
        rc = walk_layer(p);
        rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc; /* none of the selected areas is of this layer */
    }
    rc = rc ? rc : wijk_commit(p->to);
    if (!rc && !p->features) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Deze keuze bevat geen gebieden. `wijk info` toont wat er is.",
                       "This selection holds no areas. `wijk info` shows what there is.");
    }
    return rc;
}

static int make(package *p, const char *part, const wijk_selection *selection)
{
    int rc = wijk_arena_new(&p->arena, 0);
    rc = rc ? rc : wijk_store_create_foreign(&p->to, part, GPKG_ID, GPKG_VERSION);
    rc = rc ? rc : fill(p, selection);
    wijk_store_close(p->to);
    wijk_arena_free(p->arena);
    wijk_str_free(&p->shape);
    wijk_str_free(&p->blob);
    return rc;
}

int wijk_export_gpkg(int64_t *rows, const char *path, int replace, wijk_store *store,
                     const wijk_registry *registry, const wijk_selection *selection, wijk_ctx *ctx)
{
    if (!replace && !access(path, F_OK)) {
        return wijk_fail(WIJK_EINVAL, "%s bestaat al; er is niets veranderd. Kies een andere naam.",
                         "%s exists already; nothing was changed. Choose another name.", path);
    }
    wijk_str part = WIJK_STR_INIT;
    wijk_str_addf(&part, "%s.part", path);
    package p = {.from = store, .registry = registry, .ctx = ctx};
    int rc = wijk_str_status(&part);
    if (!rc) {
        remove(part.data);
        rc = make(&p, part.data, selection);
        rc = rc ? rc : wijk_file_publish(part.data, path);
        if (rc) {
            remove(part.data);
        }
    }
    wijk_str_free(&part);
    if (rows) {
        *rows = p.rows;
    }
    return rc;
}
