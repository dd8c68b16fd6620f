/* One file, one transaction: recognise it, tie its header, feed its rows, note what was left, and
 * only then commit. Lineage: a load is never changed but for its counts and for the load that took
 * its place. */
#include "wijk/load.h"

#include "load/input.h"
#include "load/mapping.h"
#include "load/notes.h"
#include "load/rows.h"
#include "load/sources.h"

#include "wijk/err.h"
#include "wijk/geofile.h"
#include "wijk/limits.h"
#include "wijk/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEADER_ROWS = 20 }; /* lines of title that may stand above a header */

typedef struct {
    wijk_load_report *report;
    wijk_store *store;
    const wijk_registry *registry;
    const wijk_load_options *options;
    wijk_ctx *ctx;
    wijk_input *input;
    const wijk_sources *sources;
    wijk_sources *own; /* of a map beside the file */
    wijk_notes notes;
    wijk_arena *scratch; /* headers */
    /* the table under way */
    const wijk_source *source;
    const wijk_source *named; /* fits by name, but its area column was not met (yet) */
    wijk_mapping *mapping;
    const char **header, **raw;
    char first[512]; /* the first names met, for a message */
    wijk_cell *cells;
    size_t columns;
    int64_t source_id, load;
    int ragged, unchanged, recognised;
    char decimal;
    int64_t stored; /* loads made in this transaction */
} load_job;

/* ---- rows of source and load ------------------------------------------------------------- */

static int source_row(load_job *job)
{
    const wijk_source_info *info = &job->source->info;
    wijk_stmt *stmt = wijk_store_sql(job->store, "SELECT id FROM source WHERE code = ?1");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_text(stmt, 1, info->code);
    int rc = wijk_run_int(&job->source_id, stmt, 0);
    if (rc || job->source_id) {
        return rc;
    }
    stmt = wijk_store_sql(job->store,
                          "INSERT INTO source(code, publisher, title_nl, title_en, licence, "
                          "address, nature, rank, note) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)");
    if (!stmt) {
        return WIJK_EDB;
    }
    const char *const texts[] = {info->code,    info->publisher, info->title[0], info->title[1],
                                 info->licence, info->address,   info->nature};
    for (int i = 0; i < 7; i++) {
        wijk_bind_text(stmt, i + 1, texts[i]);
    }
    wijk_bind_int(stmt, 8, info->rank);
    wijk_bind_text(stmt, 9, info->note);
    rc = wijk_run(stmt);
    job->source_id = wijk_store_last_id(job->store);
    if (!rc && !strcmp(info->nature, "fictional")) {
        rc = wijk_run(wijk_store_sql(job->store,
                                     "INSERT INTO meta(key, value) VALUES ('fictional', '1') "
                                     "ON CONFLICT(key) DO UPDATE SET value = '1'"));
    }
    return rc;
}

/* The load of these very bytes by this source, 0 when there is none. */
static int find_same(load_job *job, int64_t *same)
{
    wijk_stmt *stmt = wijk_store_sql(
        job->store, "SELECT load.id FROM load JOIN source ON source.id = load.source_id "
                    "WHERE source.code = ?1 AND load.sha256 = ?2");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_text(stmt, 1, job->source->info.code);
    wijk_bind_text(stmt, 2, wijk_input_sha256(job->input));
    return wijk_run_int(same, stmt, 0);
}

static int load_row(load_job *job)
{
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    wijk_stmt *stmt =
        wijk_store_sql(job->store, "INSERT INTO load(source_id, file, sha256, bytes, loaded_at) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5)");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, job->source_id);
    wijk_bind_text(stmt, 2, wijk_input_file(job->input));
    wijk_bind_text(stmt, 3, wijk_input_sha256(job->input));
    wijk_bind_int(stmt, 4, (int64_t)wijk_input_size(job->input));
    wijk_bind_text(stmt, 5, now);
    int rc = wijk_run(stmt);
    job->load = wijk_store_last_id(job->store);
    return rc;
}

static int store_notes(load_job *job)
{
    wijk_stmt *stmt =
        wijk_store_sql(job->store, "INSERT INTO load_note(load_id, reason, what, count, example) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    int rc = stmt ? WIJK_OK : WIJK_EDB;
    for (size_t i = 0; i < job->notes.count && !rc; i++) {
        const wijk_load_note *note = &job->notes.list[i];
        wijk_bind_int(stmt, 1, job->load);
        wijk_bind_text(stmt, 2, note->reason);
        wijk_bind_text(stmt, 3, note->what);
        wijk_bind_int(stmt, 4, note->count);
        wijk_bind_text(stmt, 5, note->example);
        rc = wijk_step(stmt);
    }
    return rc;
}

/* An earlier load of this source is replaced when at least half of its values come again: a new
 * edition does that, a file about other places does not. Loads without values (shapes, flows,
 * pairs) are replaced by any later one of their source. */
static int supersede(load_job *job)
{
    int64_t olds[64], cells[64];
    size_t count = 0;
    wijk_stmt *stmt = wijk_store_sql(
        job->store, "SELECT id, cells_kept FROM load WHERE source_id = ?1 AND id <> ?2 AND "
                    "superseded_by IS NULL ORDER BY id DESC LIMIT 64");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, job->source_id);
    wijk_bind_int(stmt, 2, job->load);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        olds[count] = wijk_col_int(stmt, 0);
        cells[count++] = wijk_col_int(stmt, 1);
    }
    for (size_t i = 0; i < count && !rc; i++) {
        int64_t again = 0;
        rc = cells[i] ? wijk_mapping_overlap(&again, job->mapping, olds[i]) : WIJK_OK;
        if (rc || again * 2 < cells[i]) {
            continue;
        }
        stmt = wijk_store_sql(job->store, "UPDATE load SET superseded_by = ?2 WHERE id = ?1");
        if (!stmt) {
            return WIJK_EDB;
        }
        wijk_bind_int(stmt, 1, olds[i]);
        wijk_bind_int(stmt, 2, job->load);
        rc = wijk_run(stmt);
        job->report->supersedes = olds[i];
    }
    return rc;
}

static int store_counts(load_job *job, const wijk_mapping_counts *counts)
{
    wijk_stmt *stmt = wijk_store_sql(
        job->store,
        "UPDATE load SET rows_read = ?2, rows_kept = ?3, cells_kept = ?4 WHERE id = ?1");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, job->load);
    wijk_bind_int(stmt, 2, counts->rows_read);
    wijk_bind_int(stmt, 3, counts->rows_kept);
    wijk_bind_int(stmt, 4, counts->cells_kept);
    return wijk_run(stmt);
}

/* ---- a table: from header to commit ------------------------------------------------------ */

static int not_recognised(load_job *job, size_t rivals)
{
    if (job->named) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s: de kolom met de gebiedscode (%s) ontbreekt; %s heeft die. Kolommen: "
                         "%s.",
                         "%s: the column with the area code (%s) is missing; %s has it. Columns: "
                         "%s.",
                         wijk_input_file(job->input),
                         job->named->area.count ? job->named->area.items[0] : "#code",
                         job->named->info.code, job->first);
    }
    return rivals ? wijk_fail(WIJK_ENOTFOUND,
                              "%s past bij %zu bekende indelingen. Zeg welke met --source CODE. "
                              "Kolommen: %s.",
                              "%s fits %zu known layouts. Say which with --source CODE. Columns: "
                              "%s.",
                              wijk_input_file(job->input), rivals, job->first)
                  : wijk_fail(WIJK_ENOTFOUND,
                              "%s is niet herkend: geen bekende indeling heeft deze kolommen (%s). "
                              "Beschrijf het bestand met `wijk load --map`.",
                              "%s is not recognised: no known layout has these columns (%s). "
                              "Describe the file with `wijk load --map`.",
                              wijk_input_file(job->input), job->first);
}

static void describe(load_job *job)
{
    size_t used = 0;
    for (size_t i = 0; i < job->columns && i < 6 && used < sizeof job->first - 80; i++) {
        used += (size_t)snprintf(job->first + used, sizeof job->first - used, "%s%.60s",
                                 i ? ", " : "", job->raw[i]);
    }
    if (job->columns > 6) {
        snprintf(job->first + used, sizeof job->first - used, ", … (%zu)", job->columns);
    }
}

/* Keeps the header, as written and normalised. */
static int keep_header(load_job *job, const char *const *names, size_t count)
{
    wijk_arena_reset(job->scratch);
    job->columns = count;
    job->header = wijk_arena_alloc(job->scratch, (count + 1) * sizeof *job->header);
    job->raw = wijk_arena_alloc(job->scratch, (count + 1) * sizeof *job->raw);
    job->cells = wijk_arena_alloc(job->scratch, (count + 1) * sizeof *job->cells);
    if (!job->header || !job->raw || !job->cells) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        size_t room = strlen(names[i]) + 3;
        char *plain = wijk_arena_alloc(job->scratch, room);
        job->raw[i] = wijk_arena_strdup(job->scratch, names[i]);
        if (!plain || !job->raw[i]) {
            return WIJK_ENOMEM;
        }
        wijk_header_normalise(plain, room, names[i]);
        job->header[i] = plain;
    }
    if (!*job->first) {
        describe(job);
    }
    return WIJK_OK;
}

/* The source of the kept header; NULL with *rivals when it is not clear. */
static const wijk_source *choose(load_job *job, size_t *rivals)
{
    *rivals = 0;
    const wijk_source *found =
        job->own               ? &job->own->list[0]
        : job->options->source ? wijk_sources_find(job->sources, job->options->source)
                               : wijk_sources_recognise(job->sources, wijk_input_name(job->input),
                                                        job->header, job->columns, rivals);
    if (*rivals || !found) {
        return NULL;
    }
    job->named = found;
    return wijk_source_has_area(found, job->header, job->columns) ? found : NULL;
}

/* One plausible year in the file's name, 0 when there is none or more. */
static int year_in_name(const char *name)
{
    int year = 0;
    for (const char *at = name; *at; at++) {
        if (!isdigit((unsigned char)*at)) {
            continue;
        }
        size_t size = strspn(at, "0123456789");
        double value;
        if (size == 4 && wijk_csv_number(&value, at, size, '.') && value >= 1990 && value <= 2099) {
            if (year && year != (int)value) {
                return 0;
            }
            year = (int)value;
        }
        at += size - 1;
    }
    return year;
}

static int start(load_job *job)
{
    const wijk_source *source = job->source;
    job->recognised = 1;
    job->report->source = wijk_arena_strdup(job->report->arena, source->info.code);
    int rc = job->report->source ? WIJK_OK : WIJK_ENOMEM;
    int64_t same = 0;
    rc = rc ? rc : find_same(job, &same);
    if (rc || same) {
        job->unchanged = same != 0;
        job->report->load = same;
        return rc;
    }
    rc = source_row(job);
    rc = rc ? rc : load_row(job);
    int timed = source->period || source->period_in_name || source->year.count;
    wijk_mapping_setup setup = {
        .store = job->store,
        .registry = job->registry,
        .source = source,
        .notes = &job->notes,
        .load = job->load,
        .period = job->options->period,
        .vintage = job->options->vintage,
        .ragged = job->ragged,
        .decimal = job->decimal,
        .ctx = job->ctx,
    };
    if (!setup.period && !timed) {
        setup.period = year_in_name(wijk_input_name(job->input));
    }
    return rc ? rc : wijk_mapping_new(&job->mapping, &setup, job->header, job->columns);
}

static int nothing_good(load_job *job, const wijk_mapping_counts *counts)
{
    if (!counts->rows_read) {
        return wijk_fail(WIJK_EFORMAT, "%s heeft een kop maar geen rijen.",
                         "%s has a header but no rows.", wijk_input_file(job->input));
    }
    const wijk_load_note *most = NULL;
    for (size_t i = 0; i < job->notes.count; i++) {
        const wijk_load_note *note = &job->notes.list[i];
        most = !most || note->count > most->count ? note : most;
    }
    return wijk_fail(WIJK_EFORMAT,
                     "In %s is geen enkele rij bruikbaar (%lld rijen%s%s). Er is niets veranderd.",
                     "%s has no usable row (%lld rows%s%s). Nothing was changed.",
                     wijk_input_file(job->input), (long long)counts->rows_read,
                     most && *most->example ? "; " : "", most ? most->example : "");
}

static int finish(load_job *job)
{
    wijk_mapping_counts counts;
    int rc = wijk_mapping_finish(&counts, job->mapping);
    wijk_load_report *report = job->report;
    report->rows_read += counts.rows_read;
    report->rows_kept += counts.rows_kept;
    report->cells_kept += counts.cells_kept;
    report->missing += counts.missing;
    report->secret += counts.secret;
    report->areas += counts.areas;
    report->shapes += counts.shapes;
    report->flows += counts.flows;
    report->links += counts.links;
    if (!rc && !counts.rows_kept) {
        return nothing_good(job, &counts);
    }
    rc = rc ? rc : store_notes(job);
    rc = rc ? rc : store_counts(job, &counts);
    rc = rc ? rc : supersede(job);
    wijk_mapping_free(job->mapping);
    job->mapping = NULL;
    job->stored += !rc;
    return rc;
}

/* ---- csv and workbooks ------------------------------------------------------------------- */

static int names_of(load_job *job, const wijk_cell *cells, size_t count)
{
    const char **names = wijk_alloc((count + 1) * sizeof *names);
    if (!names) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = cells[i].text;
    }
    int rc = keep_header(job, names, count);
    wijk_free(names);
    return rc;
}

/* Looks for the header among the first rows. The first row is kept for the message. */
static int find_header(load_job *job, wijk_rows *rows, size_t *rivals)
{
    const wijk_cell *cells;
    size_t count;
    int rc = 1;
    job->source = NULL;
    for (int i = 0; i < HEADER_ROWS && !job->source && rc == 1; i++) {
        rc = rows->next(rows, &cells, &count);
        if (rc != 1) {
            break;
        }
        int failed = names_of(job, cells, count);
        if (failed) {
            return failed;
        }
        job->source = choose(job, rivals);
        if (*rivals) {
            break;
        }
    }
    return rc < 0 ? rc : WIJK_OK;
}

static int feed(load_job *job, wijk_rows *rows)
{
    const wijk_cell *cells;
    size_t count;
    int rc;
    while ((rc = rows->next(rows, &cells, &count)) == 1) {
        rc = wijk_mapping_row(job->mapping, cells, count, rows->line, NULL, 0);
        if (rc) {
            return rc;
        }
    }
    if (!rc && rows->recoded) {
        wijk_notes_add(&job->notes, "encoding", "", 0, NULL, NULL);
    }
    return rc;
}

/* A paper beside the data: read to its end, so that it is counted, and nothing stored. */
static int read_paper(load_job *job, wijk_rows *rows)
{
    const wijk_cell *cells;
    size_t count;
    int rc;
    while ((rc = rows->next(rows, &cells, &count)) == 1) {
        job->report->rows_read++;
    }
    job->recognised = 1;
    job->report->source = wijk_arena_strdup(job->report->arena, job->source->info.code);
    wijk_notes_add(&job->notes, "explanation", "", 0, NULL, NULL);
    return rc || job->report->source ? rc : WIJK_ENOMEM;
}

/* 1 when the rows hold no known header. */
static int load_rows(load_job *job, wijk_rows *rows, size_t *rivals)
{
    int rc = find_header(job, rows, rivals);
    if (rc || !job->source) {
        return rc ? rc : 1;
    }
    if (wijk_mapping_explains(job->source)) {
        return read_paper(job, rows);
    }
    job->ragged = rows->ragged;
    job->decimal = rows->decimal;
    rc = start(job);
    if (rc || job->unchanged) {
        return rc;
    }
    rc = feed(job, rows);
    return rc ? rc : finish(job);
}

static int load_csv(load_job *job)
{
    wijk_rows *rows;
    size_t rivals = 0;
    char delimiter = wijk_sources_delimiter(job->sources, wijk_input_name(job->input));
    int rc = wijk_rows_csv(&rows, job->input, delimiter);
    if (rc) {
        return rc;
    }
    rc = load_rows(job, rows, &rivals);
    if (rc == 1) {
        rc = not_recognised(job, rivals);
    }
    rows->free(rows);
    return rc;
}

/* The first sheet whose header is known. */
static int load_xlsx(load_job *job)
{
    size_t rivals = 0;
    for (size_t sheet = 0;; sheet++) {
        wijk_rows *rows;
        int rc = wijk_rows_xlsx(&rows, job->input, sheet);
        if (rc == WIJK_ENOTFOUND) {
            return not_recognised(job, rivals);
        }
        rc = rc ? rc : load_rows(job, rows, &rivals);
        if (rows) {
            rows->free(rows);
        }
        if (rc != 1) {
            return rc;
        }
    }
}

/* ---- maps -------------------------------------------------------------------------------- */

/* Properties in the order of the header, which is that of the first feature. */
static void order_cells(load_job *job, const wijk_feature *feature)
{
    for (size_t i = 0; i < job->columns; i++) {
        const char *value = "";
        if (i < feature->count && !strcmp(feature->properties[i].name, job->raw[i])) {
            value = feature->properties[i].value;
        } else {
            for (size_t k = 0; k < feature->count; k++) {
                if (!strcmp(feature->properties[k].name, job->raw[i])) {
                    value = feature->properties[k].value;
                    break;
                }
            }
        }
        job->cells[i] = (wijk_cell){value, strlen(value)};
    }
}

static int feature_header(load_job *job, const wijk_feature *feature)
{
    const char **names = wijk_alloc((feature->count + 1) * sizeof *names);
    if (!names) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < feature->count; i++) {
        names[i] = feature->properties[i].name;
    }
    int rc = keep_header(job, names, feature->count);
    wijk_free(names);
    size_t rivals;
    job->source = rc ? NULL : choose(job, &rivals);
    if (!rc && !job->source) {
        rc = not_recognised(job, rivals);
    }
    return rc ? rc : start(job);
}

static int on_feature(void *payload, const wijk_feature *feature)
{
    load_job *job = payload;
    int rc = WIJK_OK;
    if (!job->mapping && !job->unchanged) {
        job->ragged = 1;
        job->decimal = '.';
        rc = feature_header(job, feature);
    }
    if (rc || job->unchanged) {
        return rc ? rc : WIJK_ECANCEL; /* known bytes: no need to read on */
    }
    if (feature->problem) {
        wijk_notes_add(&job->notes, feature->problem, "", feature->number, NULL, NULL);
    }
    order_cells(job, feature);
    return wijk_mapping_row(job->mapping, job->cells, job->columns, feature->number, feature->wkb,
                            feature->size);
}

static int end_features(load_job *job, int rc)
{
    if (job->unchanged) {
        return WIJK_OK;
    }
    if (!rc && !job->mapping) {
        return wijk_fail(WIJK_EFORMAT, "%s bevat geen enkel gebied.", "%s holds no feature at all.",
                         wijk_input_file(job->input));
    }
    return rc ? rc : finish(job);
}

static int load_geojson(load_job *job)
{
    int rc = wijk_input_rewind(job->input);
    rc = rc ? rc
            : wijk_geojson_read(wijk_input_read, job->input, wijk_input_file(job->input),
                                on_feature, job, job->ctx);
    return end_features(job, rc);
}

typedef struct {
    load_job *job;
    wijk_arena *arena;
    const char *tables[32];
    size_t count, seen;
} layer_list;

static int on_layer(void *payload, const char *table, const char *const *columns, size_t count)
{
    layer_list *list = payload;
    size_t rivals;
    int rc = keep_header(list->job, columns, count);
    list->seen++;
    if (!rc && list->count < 32 && choose(list->job, &rivals)) {
        list->tables[list->count] = wijk_arena_strdup(list->arena, table);
        rc = list->tables[list->count++] ? WIJK_OK : WIJK_ENOMEM;
    }
    return rc;
}

/* Every layer that a source knows; the publisher's map has gemeenten, wijken and buurten in one. */
static int load_gpkg(load_job *job)
{
    const char *path;
    layer_list layers = {.job = job, .arena = job->report->arena};
    int rc = wijk_input_path(job->input, &path);
    rc = rc ? rc : wijk_gpkg_layers(path, on_layer, &layers);
    if (!rc && !layers.count) {
        return not_recognised(job, 0);
    }
    size_t unchanged = 0;
    for (size_t i = 0; i < layers.count && !rc; i++) {
        job->unchanged = 0;
        rc = wijk_gpkg_read(path, layers.tables[i], on_feature, job, job->ctx);
        rc = end_features(job, rc);
        unchanged += job->unchanged != 0;
    }
    job->unchanged = layers.count && unchanged == layers.count;
    return rc;
}

/* ---- a user's own map --------------------------------------------------------------------- */

static int add_own_indicator(void *payload, const void *opaque, size_t row)
{
    load_job *job = payload;
    const wijk_table *table = opaque;
    wijk_stmt *stmt = wijk_store_sql(
        job->store,
        "INSERT INTO indicator(code, theme, nl, en, unit, decimals, direction, kind, base, "
        "joining, origin, similar, key_order, disclosure, reliability, own) VALUES (?1, ?2, ?3, "
        "?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0, 0, ?11, ?12, 1) ON CONFLICT(code) DO NOTHING");
    if (!stmt) {
        return WIJK_EDB;
    }
    static const char *const texts[] = {"code", "theme", "nl", "en", "unit"};
    static const struct {
        const char *column, *otherwise;
    } defaults[] = {{"direction", "none"}, {"kind", "count"},           {"base", ""},
                    {"join", "sum"},       {"disclosure", "own_exact"}, {"reliability", ""}};
    for (int i = 0; i < 5; i++) {
        wijk_bind_text(stmt, i + 1, wijk_table_get(table, row, texts[i]));
    }
    wijk_bind_double(stmt, 6, wijk_table_number(table, row, "decimals", 0));
    for (int i = 0; i < 6; i++) {
        const char *text = wijk_table_get(table, row, defaults[i].column);
        wijk_bind_text(stmt, i + 7, *text ? text : defaults[i].otherwise);
    }
    return wijk_run(stmt);
}

/* "DIR/NAME.csv.zst" → "DIR/NAME.csv.zst.map.csv" or "DIR/NAME.map.csv", the first that is there.
 */
static int read_map(load_job *job, const char *path)
{
    char name[4096];
    FILE *file = NULL;
    for (int way = 0; way < 2 && !file; way++) {
        const char *slash = strrchr(path, '/');
        const char *base = slash ? slash + 1 : path;
        const char *dot = way ? strchr(base, '.') : NULL;
        size_t size = dot && dot > base ? (size_t)(dot - path) : strlen(path);
        if (snprintf(name, sizeof name, "%.*s.map.csv", (int)size, path) < (int)sizeof name &&
            strcmp(name, path) != 0) {
            file = fopen(name, "rb");
        }
    }
    if (!file) {
        return WIJK_OK;
    }
    fclose(file);
    wijk_input *input;
    const char *bytes;
    size_t size;
    int rc = wijk_input_open(&input, name);
    rc = rc ? rc : wijk_input_slurp(input, WIJK_MAX_TEXT, &bytes, &size);
    rc = rc ? rc
            : wijk_sources_from_map(&job->own, bytes, size, wijk_input_file(input),
                                    add_own_indicator, job);
    wijk_input_free(input);
    return rc;
}

/* ---- the door ------------------------------------------------------------------------------ */

static int run(load_job *job, const char *path)
{
    int rc = wijk_begin(job->store);
    if (rc) {
        return rc;
    }
    if (path && !job->options->source) {
        rc = read_map(job, path);
    }
    if (!rc) {
        enum wijk_input_kind kind = wijk_input_kind_of(job->input);
        rc = kind == WIJK_INPUT_XLSX     ? load_xlsx(job)
             : kind == WIJK_INPUT_JSON   ? load_geojson(job)
             : kind == WIJK_INPUT_SQLITE ? load_gpkg(job)
                                         : load_csv(job);
    }
    if (!rc && job->stored) {
        rc = wijk_derive_outdate(job->store);
        rc = rc ? rc : wijk_commit(job->store);
        job->report->load = rc ? 0 : job->load;
    } else if (rc) {
        job->report->load = 0;
    }
    wijk_rollback(job->store); /* nothing is left of it after a commit */
    return rc;
}

static int prepare(load_job *job, wijk_sources **parsed)
{
    int rc = wijk_arena_new(&job->report->arena, 64u << 20);
    rc = rc ? rc : wijk_arena_new(&job->scratch, 16u << 20);
    rc = rc ? rc : wijk_notes_new(&job->notes, job->report->arena);
    if (!rc && !job->sources) {
        rc = wijk_sources_open(parsed);
        job->sources = *parsed;
    }
    if (!rc && job->options->source && !wijk_sources_find(job->sources, job->options->source)) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Er is geen bron \"%s\" in data/sources.csv.",
                       "There is no source \"%s\" in data/sources.csv.", job->options->source);
    }
    return rc;
}

/* Hands the notes over to the report, the largest first. */
static int by_count(const void *a, const void *b)
{
    const wijk_load_note *x = a, *y = b;
    int order = strcmp(x->reason, y->reason);
    return order ? order : x->count > y->count ? -1 : x->count < y->count;
}

static void hand_over(load_job *job)
{
    size_t bytes = job->notes.count * sizeof *job->notes.list;
    wijk_load_note *notes = bytes ? wijk_arena_alloc(job->report->arena, bytes) : NULL;
    if (notes) {
        memcpy(notes, job->notes.list, bytes);
        qsort(notes, job->notes.count, sizeof *notes, by_count);
        job->report->notes = notes;
        job->report->note_count = job->notes.count;
    }
    job->report->unchanged = job->unchanged && !job->stored;
}

static int load_input(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                      const char *path, const char *name, const void *bytes, size_t size,
                      const wijk_load_options *options, wijk_ctx *ctx)
{
    static const wijk_load_options nothing = {0};
    double began = wijk_now();
    *report = (wijk_load_report){.file = "", .source = ""};
    load_job job = {.report = report,
                    .store = store,
                    .registry = registry,
                    .options = options ? options : &nothing,
                    .ctx = ctx};
    job.sources = job.options->sources;
    wijk_sources *parsed = NULL;
    int rc = prepare(&job, &parsed);
    if (!rc) {
        const char *slash = strrchr(name, '/');
        report->file = wijk_arena_strdup(report->arena, slash ? slash + 1 : name);
        rc = report->file ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc     ? rc
         : path ? wijk_input_open(&job.input, path)
                : wijk_input_open_bytes(&job.input, name, bytes, size);
    rc = rc ? rc : run(&job, path);
    if (report->arena) {
        hand_over(&job);
    }
    wijk_mapping_free(job.mapping);
    wijk_notes_free(&job.notes);
    wijk_sources_free(job.own);
    wijk_sources_free(parsed);
    wijk_arena_free(job.scratch);
    wijk_input_free(job.input);
    report->file = report->file ? report->file : "";
    report->source = report->source ? report->source : "";
    report->seconds = wijk_now() - began;
    return rc;
}

/* A file in which somebody put tables of several publishers side by side is read once per
 * publisher, so that every figure can say whose it is. Numbers and notes of the parts join the
 * first report. */
static int load_parts(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                      const char *path, const char *name, const void *bytes, size_t size,
                      const wijk_load_options *options, wijk_ctx *ctx)
{
    const wijk_source *first = wijk_sources_find(options->sources, report->source);
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && first && i < first->also.count; i++) {
        wijk_load_options part_options = *options;
        part_options.source = first->also.items[i];
        wijk_load_report part;
        rc = load_input(&part, store, registry, path, name, bytes, size, &part_options, ctx);
        report->cells_kept += part.cells_kept;
        report->missing += part.missing;
        report->secret += part.secret;
        report->seconds += part.seconds;
        wijk_load_report_free(&part);
    }
    return rc;
}

static int load_whole(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                      const char *path, const char *name, const void *bytes, size_t size,
                      const wijk_load_options *options, wijk_ctx *ctx)
{
    wijk_load_options own = options ? *options : (wijk_load_options){0};
    wijk_sources *parsed = NULL;
    if (!own.sources) {
        int rc = wijk_sources_open(&parsed);
        if (rc) {
            *report = (wijk_load_report){.file = "", .source = ""};
            return rc;
        }
        own.sources = parsed;
    }
    int rc = load_input(report, store, registry, path, name, bytes, size, &own, ctx);
    if (!rc && !own.source) {
        rc = load_parts(report, store, registry, path, name, bytes, size, &own, ctx);
    }
    wijk_sources_free(parsed);
    return rc;
}

int wijk_load_file(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                   const char *path, const wijk_load_options *options, wijk_ctx *ctx)
{
    return load_whole(report, store, registry, path, path, NULL, 0, options, ctx);
}

int wijk_load_bytes(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                    const char *name, const void *bytes, size_t size,
                    const wijk_load_options *options, wijk_ctx *ctx)
{
    return load_whole(report, store, registry, NULL, name, bytes, size, options, ctx);
}

void wijk_load_report_free(wijk_load_report *report)
{
    wijk_arena_free(report->arena);
    *report = (wijk_load_report){.file = "", .source = ""};
}
