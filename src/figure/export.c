/* Exports: which areas are walked, and the pull side that any writer (a file, a socket) can drive.
 * The areas are fetched by key, a batch at a time (no offset, no open cursor), and each is written
 * from its facts, so that what leaves is what the page shows. */
#include "figure/export.h"

#include "figure/words.h"
#include "wijk/geo.h"

#include <stdio.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------------- */

const char *export_mark_word(enum wijk_mark mark)
{
    static const char *const words[] = {"value", "missing", "secret", "not_applicable"};
    return words[mark & 3];
}

const char *export_origin_word(enum wijk_origin_of_value origin)
{
    static const char *const words[] = {"published", "same_place", "same_code",
                                        "converted", "borrowed",   "computed"};
    return (unsigned)origin < sizeof words / sizeof *words ? words[origin] : "";
}

const char *export_flag_words(char *out, size_t room, unsigned flags)
{
    size_t size = 0;
    out[0] = 0;
    for (size_t i = 0; i < WIJK_FLAG_WORDS; i++) {
        if (flags & wijk_flag_words[i].flag) {
            int more =
                snprintf(out + size, room - size, "%s%s", size ? " " : "", wijk_flag_words[i].word);
            size += more > 0 && (size_t)more < room - size ? (size_t)more : 0;
        }
    }
    return out;
}

/* ---- which areas ------------------------------------------------------------------------ */

/* Own areas that were withdrawn are off every list, so off this one too. */
#define SELECTED                                                                                   \
    " AND (?1 < 0 OR a.level = ?1) AND (?2 = 0 OR a.vintage = ?2)"                                 \
    " AND NOT EXISTS (SELECT 1 FROM own_area w WHERE w.area_id = a.id AND w.withdrawn)"
#define BELOW                                                                                      \
    "WITH RECURSIVE below(id) AS (SELECT ?3 UNION SELECT c.id FROM below"                          \
    " JOIN area c ON c.parent_id = below.id) "

static int count_areas(export_walk *walk)
{
    wijk_stmt *stmt =
        walk->selection.area
            ? wijk_store_sql(walk->store, BELOW "SELECT count(*) FROM below JOIN area a USING (id) "
                                                "WHERE 1" SELECTED)
            : wijk_store_sql(walk->store, "SELECT count(*) FROM area a WHERE ?3 = 0" SELECTED);
    wijk_bind_int(stmt, 1, walk->selection.level);
    wijk_bind_int(stmt, 2, walk->selection.vintage);
    wijk_bind_int(stmt, 3, walk->selection.area);
    return wijk_run_int(&walk->total, stmt, 0);
}

int export_walk_open(export_walk *walk, wijk_store *store, const wijk_registry *registry,
                     const wijk_selection *selection, wijk_ctx *ctx)
{
    memset(walk, 0, sizeof *walk);
    walk->store = store;
    walk->registry = registry;
    walk->selection = *selection;
    walk->ctx = ctx;
    walk->last_level = -1;
    int rc = wijk_arena_new(&walk->arena, 0);
    rc = rc ? rc : count_areas(walk);
    if (!rc && walk->total == 0) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Deze keuze bevat geen gebieden. `wijk info` toont wat er is.",
                       "This selection holds no areas. `wijk info` shows what there is.");
    }
    return rc;
}

void export_walk_close(export_walk *walk)
{
    wijk_arena_free(walk->arena);
    walk->arena = NULL;
}

static int next_batch(export_walk *walk)
{
    wijk_stmt *stmt =
        walk->selection.area
            ? wijk_store_sql(walk->store, BELOW
                             "SELECT a.id, a.level, a.code, a.vintage FROM below JOIN area a "
                             "USING (id) WHERE (a.level, a.code, a.vintage) > (?4, ?5, ?6)" SELECTED
                             " ORDER BY a.level, a.code, a.vintage LIMIT ?7")
            : wijk_store_sql(
                  walk->store,
                  "SELECT a.id, a.level, a.code, a.vintage FROM area a"
                  " WHERE (a.level, a.code, a.vintage) > (?4, ?5, ?6) AND ?3 = 0" SELECTED
                  " ORDER BY a.level, a.code, a.vintage LIMIT ?7");
    char code[EXPORT_CODE];
    memcpy(code, walk->last_code, sizeof code);
    wijk_bind_int(stmt, 1, walk->selection.level);
    wijk_bind_int(stmt, 2, walk->selection.vintage);
    wijk_bind_int(stmt, 3, walk->selection.area);
    wijk_bind_int(stmt, 4, walk->last_level);
    wijk_bind_text(stmt, 5, code);
    wijk_bind_int(stmt, 6, walk->last_vintage);
    wijk_bind_int(stmt, 7, EXPORT_BATCH);
    walk->at = walk->have = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        walk->ids[walk->have++] = wijk_col_int(stmt, 0);
        walk->last_level = (int)wijk_col_int(stmt, 1);
        snprintf(walk->last_code, sizeof walk->last_code, "%s", wijk_col_text(stmt, 2));
        walk->last_vintage = (int)wijk_col_int(stmt, 3);
    }
    return rc;
}

int export_walk_next(export_walk *walk, wijk_facts *facts)
{
    if (walk->at == walk->have) {
        int rc = next_batch(walk);
        rc = rc ? rc : wijk_checkpoint(walk->ctx);
        if (rc || !walk->have) {
            return rc;
        }
        wijk_progress(walk->ctx, "export", (double)walk->walked / (double)walk->total);
    }
    wijk_arena_reset(walk->arena);
    walk->walked++;
    enum wijk_reach reach = walk->selection.area ? WIJK_REACH_ALL : WIJK_REACH_PUBLISHED;
    int rc = wijk_facts_reach(facts, walk->store, walk->registry, walk->arena,
                              walk->ids[walk->at++], reach);
    return rc ? rc : 1;
}

int export_wants_indicator(const export_walk *walk, int indicator)
{
    const wijk_selection *selection = &walk->selection;
    for (size_t i = 0; i < selection->indicator_count; i++) {
        if (selection->indicators[i] == indicator) {
            return 1;
        }
    }
    return selection->indicator_count == 0;
}

int export_wants(const export_walk *walk, const wijk_value *value)
{
    int period = walk->selection.period;
    return (!period || value->period == period || value->period / 100 == period) &&
           export_wants_indicator(walk, value->indicator);
}

/* ---- shapes ------------------------------------------------------------------------------ */

static int square_shape(wijk_str *own, const double box[4])
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    int rc = wijk_shape_begin(&shape, 0);
    rc = rc ? rc : wijk_shape_point(&shape, box[0], box[1]);
    rc = rc ? rc : wijk_shape_point(&shape, box[2], box[1]);
    rc = rc ? rc : wijk_shape_point(&shape, box[2], box[3]);
    rc = rc ? rc : wijk_shape_point(&shape, box[0], box[3]);
    if (!rc) {
        wijk_shape_end(&shape);
        wijk_str_clear(own);
        rc = wijk_wkb_write(own, &shape);
    }
    wijk_shape_free(&shape);
    return rc;
}

int export_shape(const void **wkb, size_t *size, wijk_str *own, wijk_store *store,
                 const wijk_area *area)
{
    *wkb = NULL;
    *size = 0;
    double box[4];
    if (area->level == WIJK_SQUARE && wijk_square_box(box, area->code)) {
        int rc = square_shape(own, box);
        *wkb = own->data;
        *size = own->size;
        return rc;
    }
    int rc = wijk_geo_outline(own, store, area->id);
    *wkb = own->size ? own->data : NULL;
    *size = own->size;
    return rc;
}

/* GeoJSON is one layer: without a level, buurten where the area has them, else its own level;
 * without a vintage, the newest one with borders. */
static int one_layer(wijk_selection *selection, wijk_store *store)
{
    int rc = WIJK_OK;
    if (selection->level < 0) {
        int64_t level = WIJK_BUURT;
        wijk_stmt *stmt = wijk_store_sql(
            store, "SELECT level FROM area WHERE id = ?1 AND level NOT IN (0, 1, 2)");
        wijk_bind_int(stmt, 1, selection->area);
        rc = wijk_run_int(&level, stmt, WIJK_BUURT);
        selection->level = (int)level;
    }
    if (!rc && !selection->vintage) {
        int64_t vintage = 0;
        wijk_stmt *stmt = wijk_store_sql(
            store, "SELECT coalesce((SELECT vintage FROM area WHERE id = ?2),"
                   " (SELECT max(a.vintage) FROM area a JOIN area_path p ON p.area_id = a.id AND "
                   "p.scale = 0"
                   " WHERE a.level = ?1), (SELECT max(vintage) FROM area WHERE level = ?1))");
        wijk_bind_int(stmt, 1, selection->level);
        wijk_bind_int(stmt, 2, selection->area);
        rc = wijk_run_int(&vintage, stmt, 0);
        selection->vintage = (int)vintage;
    }
    return rc;
}

/* ---- the pull side ------------------------------------------------------------------------ */

static int copy_selection(wijk_export *export, const wijk_selection *selection)
{
    export->chosen = *selection;
    export->chosen.indicators = NULL;
    if (selection->indicator_count) {
        size_t size = selection->indicator_count * sizeof *export->ids;
        export->ids = wijk_alloc(size);
        if (!export->ids) {
            return WIJK_ENOMEM;
        }
        memcpy(export->ids, selection->indicators, size);
        export->chosen.indicators = export->ids;
    }
    return WIJK_OK;
}

int wijk_export_open(wijk_export **out, wijk_store *store, const wijk_registry *registry,
                     enum wijk_export_format format, const wijk_selection *selection, wijk_ctx *ctx)
{
    *out = NULL;
    wijk_export *export = wijk_alloc(sizeof *export);
    if (!export) {
        return WIJK_ENOMEM;
    }
    export->rd = format == WIJK_EXPORT_GEOJSON_RD;
    export->format = format == WIJK_EXPORT_CSV ? &export_csv : &export_geojson;
    int rc = copy_selection(export, selection);
    if (!rc && format != WIJK_EXPORT_CSV) {
        rc = one_layer(&export->chosen, store);
    }
    rc = rc ? rc : export_walk_open(&export->walk, store, registry, &export->chosen, ctx);
    rc = rc ? rc : export->format->head(export);
    if (rc) {
        wijk_export_close(export);
        return rc;
    }
    *out = export;
    return WIJK_OK;
}

void wijk_export_close(wijk_export *export)
{
    if (export) {
        export_walk_close(&export->walk);
        wijk_str_free(&export->out);
        wijk_str_free(&export->wkb);
        wijk_shape_free(&export->shape);
        wijk_free(export->ids);
        wijk_free(export);
    }
}

int64_t wijk_export_rows(const wijk_export *export)
{
    return export->rows;
}

/* Writes the next area into `out`, or what comes after the last one. */
static int fill(wijk_export *export)
{
    wijk_str_clear(&export->out);
    export->out_at = 0;
    wijk_facts facts;
    int rc = export_walk_next(&export->walk, &facts);
    if (rc == 1) {
        rc = export->format->area(export, &facts);
    } else if (!rc) {
        export->format->tail(export);
        export->ended = 1;
    }
    return rc ? rc : wijk_str_status(&export->out);
}

ptrdiff_t wijk_export_read(wijk_export *export, void *buffer, size_t room)
{
    while (export->out_at == export->out.size) {
        int rc = export->ended ? WIJK_OK : fill(export);
        if (rc) {
            return rc;
        }
        if (export->ended && export->out_at == export->out.size) {
            return 0;
        }
    }
    size_t left = export->out.size - export->out_at;
    size_t take = left < room ? left : room;
    memcpy(buffer, export->out.data + export->out_at, take);
    export->out_at += take;
    return (ptrdiff_t)take;
}
