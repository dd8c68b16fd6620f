/* Panels from outside: rows of a CSV, or the figures of one level of a file. Both end in the same
 * arrays, areas in order of appearance, waves by year. */
#include "wijk/panel_read.h"

#include "wijk/csv.h"
#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WAVES = 400 };

void wijk_panel_free(wijk_panel_data *data)
{
    for (size_t i = 0; data->name && i < data->panel.units; i++) {
        wijk_free(data->name[i]);
    }
    wijk_free(data->outcome);
    wijk_free(data->year);
    wijk_free(data->start);
    wijk_free(data->size);
    wijk_free(data->chosen);
    wijk_free(data->exclude);
    wijk_free(data->ring);
    wijk_free(data->covariate);
    wijk_free(data->drop);
    wijk_free(data->name);
    wijk_free(data->area);
    *data = (wijk_panel_data){0};
}

int wijk_panel_wave(const wijk_panel *panel, double year)
{
    for (size_t t = 0; t < panel->waves; t++) {
        if (panel->year[t] == year) {
            return (int)t;
        }
    }
    return WIJK_NEVER;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the years and keeps each once. */
static int keep_years(wijk_panel_data *out, double *years, size_t n)
{
    qsort(years, n, sizeof *years, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!kept || years[i] != years[kept - 1]) {
            years[kept++] = years[i];
        }
    }
    if (kept > MOST_WAVES) {
        return wijk_fail(WIJK_ELIMIT, "Er zijn %zu jaren; hoogstens %d kan.",
                         "There are %zu years; at most %d will do.", kept, MOST_WAVES);
    }
    out->year = wijk_alloc((kept + 1) * sizeof *out->year);
    if (!out->year) {
        return WIJK_ENOMEM;
    }
    memcpy(out->year, years, kept * sizeof *years);
    out->panel.waves = kept;
    out->panel.year = out->year;
    return WIJK_OK;
}

/* Room for `units` areas, all gaps and never treated. */
static int make_room(wijk_panel_data *out, size_t units, int sizes)
{
    size_t cells = units * out->panel.waves;
    out->outcome = wijk_alloc((cells + 1) * sizeof *out->outcome);
    out->start = wijk_alloc((units + 1) * sizeof *out->start);
    out->name = wijk_alloc((units + 1) * sizeof *out->name);
    out->size = sizes ? wijk_alloc((units + 1) * sizeof *out->size) : NULL;
    if (!out->outcome || !out->start || !out->name || (sizes && !out->size)) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < cells; i++) {
        out->outcome[i] = NAN;
    }
    for (size_t i = 0; i < units; i++) {
        out->start[i] = WIJK_NEVER;
    }
    out->panel.units = units;
    out->panel.outcome = out->outcome;
    out->panel.start = out->start;
    return WIJK_OK;
}

/* The first wave at or after a year; WIJK_NEVER past the last. */
static int wave_from(const wijk_panel *panel, double year)
{
    for (size_t t = 0; t < panel->waves; t++) {
        if (panel->year[t] >= year) {
            return (int)t;
        }
    }
    return WIJK_NEVER;
}

/* ---- covariates
 * -----------------------------------------------------------------------------------
 */

static int make_covariates(wijk_panel_data *out, size_t count)
{
    size_t cells = out->panel.units * count;
    if (count > WIJK_MOST_COVARIATES) {
        return wijk_fail(WIJK_EINVAL, "Hoogstens %d kenmerken.", "At most %d covariates.",
                         WIJK_MOST_COVARIATES);
    }
    wijk_free(out->covariate);
    out->covariate = wijk_alloc((cells + 1) * sizeof *out->covariate);
    if (!out->covariate) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < cells; i++) {
        out->covariate[i] = NAN;
    }
    out->panel.covariate = out->covariate;
    out->panel.covariates = count;
    return WIJK_OK;
}

/* An area of which a covariate is not known gets gaps in place of its outcomes. */
static void leave_out_unknown(wijk_panel_data *out)
{
    size_t m = out->panel.covariates, waves = out->panel.waves;
    for (size_t i = 0; i < out->panel.units * m; i++) {
        if (!isfinite(out->covariate[i])) {
            out->covariate[i] = 0;
            for (size_t t = 0; t < waves; t++) {
                out->outcome[i / m * waves + t] = NAN;
            }
        }
    }
}

/* ---- CSV
 * ----------------------------------------------------------------------------------------- */

typedef struct {
    wijk_table *table;
    const char *what;
    wijk_map *units;
    int unit, time, outcome, start, size, ring; /* columns, -1: not asked for */
    int covariate[WIJK_MOST_COVARIATES];
    size_t covariates;
    unsigned char *seen; /* [units][waves] */
} reading;

static int find_column(int *out, const reading *r, const char *name, int needed)
{
    *out = name ? wijk_table_column(r->table, name) : -1;
    if (*out >= 0 || (!name && !needed)) {
        return WIJK_OK;
    }
    return name ? wijk_fail(WIJK_ENOTFOUND, "%s heeft geen kolom \"%s\".",
                            "%s has no column \"%s\".", r->what, name)
                : wijk_fail(WIJK_EINVAL, "Noem de kolommen: --unit, --time en --outcome.",
                            "Name the columns: --unit, --time and --outcome.");
}

/* NAN for a gap: an empty cell, NA or a point. */
static int read_number(double *out, const reading *r, size_t row, int at)
{
    const char *text = wijk_table_at(r->table, row, at);
    size_t size = strlen(text);
    *out = NAN;
    if (!size || !strcmp(text, "NA") || !strcmp(text, ".") ||
        wijk_csv_number(out, text, size, '.') || wijk_csv_number(out, text, size, ',')) {
        return WIJK_OK;
    }
    return wijk_fail(WIJK_EFORMAT, "%s, rij %zu, kolom %s: \"%.40s\" is geen getal.",
                     "%s, row %zu, column %s: \"%.40s\" is not a number.", r->what, row + 2,
                     wijk_table_header(r->table, (size_t)at), text);
}

static int read_year(double *out, const reading *r, size_t row)
{
    int rc = read_number(out, r, row, r->time);
    return rc || isfinite(*out) ? rc
                                : wijk_fail(WIJK_EFORMAT, "%s, rij %zu: er staat geen jaar.",
                                            "%s, row %zu: there is no year.", r->what, row + 2);
}

/* First pass: which years and areas there are. */
static int number_them(wijk_panel_data *out, reading *r)
{
    size_t rows = wijk_table_rows(r->table);
    double *years = wijk_alloc((rows + 1) * sizeof *years);
    int rc = years ? WIJK_OK : WIJK_ENOMEM;
    for (size_t row = 0; row < rows && !rc; row++) {
        const char *name = wijk_table_at(r->table, row, r->unit);
        size_t at;
        rc = read_year(&years[row], r, row);
        rc = rc ? rc : wijk_map_number(&at, r->units, name);
    }
    rc = rc ? rc : keep_years(out, years, rows);
    wijk_free(years);
    rc = rc ? rc : make_room(out, wijk_map_size(r->units), r->size >= 0);
    if (!rc) {
        r->seen = wijk_alloc(out->panel.units * out->panel.waves + 1);
        rc = r->seen ? WIJK_OK : WIJK_ENOMEM;
    }
    return rc;
}

static int read_start(wijk_panel_data *out, const reading *r, size_t row, size_t i, int first)
{
    double begins;
    int rc = r->start < 0 ? WIJK_OK : read_number(&begins, r, row, r->start);
    if (rc || r->start < 0) {
        return rc;
    }
    int start = isfinite(begins) && begins != 0 ? wave_from(&out->panel, begins) : WIJK_NEVER;
    if (!first && start != out->start[i]) {
        return wijk_fail(WIJK_EFORMAT, "%s, rij %zu: de start van %.60s verandert.",
                         "%s, row %zu: the start of %.60s changes.", r->what, row + 2,
                         out->name[i]);
    }
    out->start[i] = start;
    return WIJK_OK;
}

static int read_row(wijk_panel_data *out, const reading *r, size_t row)
{
    const char *name = wijk_table_at(r->table, row, r->unit);
    int64_t at = 0;
    double year, value, size;
    wijk_map_get(r->units, name, strlen(name), &at);
    size_t i = (size_t)at;
    int first = !out->name[i];
    int rc = read_year(&year, r, row);
    if (!rc && first) {
        out->name[i] = wijk_strdup(name);
        rc = out->name[i] ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : read_start(out, r, row, i, first);
    rc = rc ? rc : read_number(&value, r, row, r->outcome);
    if (rc) {
        return rc;
    }
    size_t cell = i * out->panel.waves + (size_t)wijk_panel_wave(&out->panel, year);
    if (r->seen[cell]) {
        return wijk_fail(WIJK_EFORMAT, "%s, rij %zu: %.60s heeft %.10g twee keer.",
                         "%s, row %zu: %.60s has %.10g twice.", r->what, row + 2, name, year);
    }
    r->seen[cell] = 1;
    out->outcome[cell] = value;
    if (out->size) { /* the last one that is known */
        rc = read_number(&size, r, row, r->size);
        out->size[i] = size > 0 ? size : out->size[i];
    }
    return rc;
}

/* 1 in any row of an area: it touches a treated one. */
static int read_ring(wijk_panel_data *out, const reading *r)
{
    size_t rows = wijk_table_rows(r->table);
    out->ring = wijk_alloc(out->panel.units + 1);
    out->exclude = wijk_alloc(out->panel.units + 1);
    int rc = out->ring && out->exclude ? WIJK_OK : WIJK_ENOMEM;
    for (size_t row = 0; row < rows && !rc; row++) {
        const char *name = wijk_table_at(r->table, row, r->unit);
        int64_t i = 0;
        double value;
        wijk_map_get(r->units, name, strlen(name), &i);
        rc = read_number(&value, r, row, r->ring);
        if (value > 0) {
            out->ring[i] = out->exclude[i] = 1;
        }
    }
    return rc;
}

/* Of every area the newest value before anything started. */
static int read_covariates(wijk_panel_data *out, const reading *r)
{
    size_t m = r->covariates, rows = wijk_table_rows(r->table);
    double first = INFINITY, *newest = wijk_alloc((out->panel.units * m + 1) * sizeof *newest);
    int rc = newest ? make_covariates(out, m) : WIJK_ENOMEM;
    for (size_t i = 0; i < out->panel.units; i++) {
        if (out->start[i] != WIJK_NEVER) {
            first = fmin(first, out->year[out->start[i]]);
        }
    }
    for (size_t i = 0; !rc && i < out->panel.units * m; i++) {
        newest[i] = -INFINITY;
    }
    for (size_t row = 0; row < rows && !rc; row++) {
        const char *name = wijk_table_at(r->table, row, r->unit);
        int64_t i = 0;
        double year, value;
        wijk_map_get(r->units, name, strlen(name), &i);
        rc = read_year(&year, r, row);
        for (size_t j = 0; j < m && !rc && year < first; j++) {
            size_t at = (size_t)i * m + j;
            rc = read_number(&value, r, row, r->covariate[j]);
            if (!rc && isfinite(value) && year > newest[at]) {
                newest[at] = year;
                out->covariate[at] = value;
            }
        }
    }
    wijk_free(newest);
    if (!rc) {
        leave_out_unknown(out);
    }
    return rc;
}

/* "density,rent": columns. */
static int find_covariates(reading *r, const char *names)
{
    int rc = WIJK_OK;
    for (const char *at = names; at && *at && !rc;) {
        size_t size = strcspn(at, ",");
        char *name = wijk_alloc(size + 1);
        if (!name) {
            return WIJK_ENOMEM;
        }
        memcpy(name, at, size);
        rc = r->covariates == WIJK_MOST_COVARIATES
                 ? wijk_fail(WIJK_EINVAL, "Hoogstens %d kenmerken.", "At most %d covariates.",
                             WIJK_MOST_COVARIATES)
                 : find_column(&r->covariate[r->covariates++], r, name, 1);
        wijk_free(name);
        at += size + (at[size] == ',');
    }
    return rc;
}

/* "1102,1103": every name must be an area. */
static int name_treated(wijk_panel_data *out, const reading *r, const wijk_panel_columns *c)
{
    for (const char *at = c->treated; at && *at;) {
        size_t size = strcspn(at, ",");
        int64_t i;
        if (!wijk_map_get(r->units, at, size, &i)) {
            return wijk_fail(WIJK_ENOTFOUND, "%s heeft geen gebied \"%.*s\".",
                             "%s has no area \"%.*s\".", r->what, (int)(size < 80 ? size : 80), at);
        }
        out->start[i] = wave_from(&out->panel, c->begins);
        at += size + (at[size] == ',');
    }
    return WIJK_OK;
}

static int check_sizes(const wijk_panel_data *data, const char *what)
{
    for (size_t i = 0; data->size && i < data->panel.units; i++) {
        if (!(data->size[i] > 0)) {
            return wijk_fail(WIJK_EFORMAT, "%s: van %.60s is geen aantal inwoners bekend.",
                             "%s: the residents of %.60s are not known.", what, data->name[i]);
        }
    }
    return WIJK_OK;
}

int wijk_panel_csv(wijk_panel_data *out, const void *bytes, size_t size, const char *what,
                   const wijk_panel_columns *columns)
{
    *out = (wijk_panel_data){0};
    reading r = {.what = what};
    int rc = wijk_table_bytes(&r.table, bytes, size, what);
    rc = rc ? rc : find_column(&r.unit, &r, columns->unit, 1);
    rc = rc ? rc : find_column(&r.time, &r, columns->time, 1);
    rc = rc ? rc : find_column(&r.outcome, &r, columns->outcome, 1);
    rc = rc ? rc : find_column(&r.start, &r, columns->start, 0);
    rc = rc ? rc : find_column(&r.size, &r, columns->size, 0);
    rc = rc ? rc : find_column(&r.ring, &r, columns->ring, 0);
    rc = rc ? rc : find_covariates(&r, columns->covariates);
    if (!rc && (r.start >= 0) == (columns->treated != NULL)) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Zeg wie meedoet: een kolom met het jaar van de start (--start), of de "
                       "gebieden (--treated A,B) en het jaar (--begins).",
                       "Say who takes part: a column with the year of the start (--start), or the "
                       "areas (--treated A,B) and the year (--begins).");
    }
    rc = rc ? rc : wijk_map_new(&r.units);
    rc = rc ? rc : number_them(out, &r);
    for (size_t row = 0; !rc && row < wijk_table_rows(r.table); row++) {
        rc = read_row(out, &r, row);
    }
    rc = rc ? rc : name_treated(out, &r, columns);
    rc = rc ? rc : check_sizes(out, what);
    rc = rc || r.ring < 0 ? rc : read_ring(out, &r);
    rc = rc || !r.covariates ? rc : read_covariates(out, &r);
    wijk_free(r.seen);
    wijk_map_free(r.units);
    wijk_table_free(r.table);
    return rc;
}

/* ---- the figures of a file
 * ------------------------------------------------------------------------ */

typedef struct {
    wijk_store *store;
    enum wijk_level level;
    int vintage, fictional;
    int fixed; /* the map is given */
} layer;

/* The map on which an indicator has most years at a level, and its years on any map; WIJK_ENOTFOUND
 * when it has none. */
static int choose_map(layer *on, wijk_panel_data *out, const wijk_registry *registry,
                      const wijk_indicator *indicator)
{
    size_t n, best = 0, count = 0;
    const wijk_series *all = wijk_series_of(&n, registry, indicator->id);
    double years[MOST_WAVES] = {0};
    for (size_t i = 0; i < n; i++) {
        size_t found = 0;
        for (size_t k = 0; all[i].level == on->level && k < n; k++) {
            found += all[k].level == on->level && all[k].vintage == all[i].vintage;
        }
        int newer = found == best && all[i].vintage > on->vintage;
        if (found && (found > best || newer) && !on->fixed) {
            best = found;
            on->vintage = all[i].vintage;
        }
    }
    for (size_t i = 0; i < n && count < MOST_WAVES; i++) {
        if (all[i].level == on->level) { /* also of other maps: read_elsewhere brings them here */
            years[count++] = all[i].period;
        }
    }
    return count ? keep_years(out, years, count)
                 : wijk_fail(WIJK_ENOTFOUND, "\"%s\" is voor dit soort gebieden niet bekend.",
                             "\"%s\" is not known for areas of this kind.", indicator->code);
}

static wijk_stmt *bind_layer(wijk_stmt *stmt, const layer *on)
{
    wijk_bind_int(stmt, 1, on->level);
    wijk_bind_int(stmt, 2, on->vintage);
    wijk_bind_int(stmt, 3, on->fictional);
    return stmt;
}

static int read_areas(wijk_panel_data *out, const layer *on)
{
    int64_t n;
    wijk_stmt *stmt = wijk_store_sql(
        on->store, "SELECT count(*) FROM area WHERE level=?1 AND vintage=?2 AND fictional=?3");
    int rc = wijk_run_int(&n, bind_layer(stmt, on), 0);
    rc = rc ? rc : make_room(out, (size_t)n, 1);
    out->area = rc ? NULL : wijk_alloc(((size_t)n + 1) * sizeof *out->area);
    out->exclude = rc ? NULL : wijk_alloc((size_t)n + 1);
    out->ring = rc ? NULL : wijk_alloc((size_t)n + 1);
    out->chosen = rc ? NULL : wijk_alloc((size_t)n + 1);
    out->level = (int)on->level;
    out->vintage = on->vintage;
    out->fictional = on->fictional;
    if (rc || !out->area || !out->exclude || !out->ring || !out->chosen) {
        return rc ? rc : WIJK_ENOMEM;
    }
    stmt = wijk_store_sql(on->store, "SELECT id, coalesce(nullif(name, ''), code), code FROM area "
                                     "WHERE level=?1 AND vintage=?2 AND fictional=?3 ORDER BY id");
    bind_layer(stmt, on);
    size_t i = 0;
    int step;
    while ((step = wijk_step(stmt)) == 1 && i < (size_t)n) {
        out->area[i] = wijk_col_int(stmt, 0);
        /* A town has many postcodes of one name. */
        out->name[i] = wijk_strdup(wijk_col_text(stmt, on->level == WIJK_PC4 ? 2 : 1));
        if (!out->name[i++]) {
            step = WIJK_ENOMEM;
            break;
        }
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static size_t unit_of(const wijk_panel_data *data, int64_t area)
{
    size_t low = 0, high = data->panel.units;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (data->area[middle] < area) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < data->panel.units && data->area[low] == area ? low : data->panel.units;
}

static void take_value(wijk_panel_data *out, wijk_stmt *stmt, int is_size)
{
    size_t i = unit_of(out, wijk_col_int(stmt, 0));
    int wave = wijk_panel_wave(&out->panel, (double)wijk_col_int(stmt, 1));
    double value = wijk_col_double(stmt, 2);
    if (i == out->panel.units) {
        return;
    }
    if (is_size) {
        out->size[i] = value > 0 ? value : out->size[i]; /* in order of years: the newest stays */
    } else if (wave != WIJK_NEVER) {
        out->outcome[i * out->panel.waves + (size_t)wave] = value;
    }
}

static int read_values(wijk_panel_data *out, const layer *on, const wijk_indicator *indicator,
                       const wijk_indicator *people)
{
    int rc = WIJK_OK;
    for (int is_size = 0; is_size < 2 && !rc; is_size++) {
        wijk_stmt *stmt = wijk_store_sql(
            on->store, "SELECT v.area_id, v.period, v.value FROM layer_value v JOIN area a ON "
                       "a.id=v.area_id WHERE v.level=?1 AND v.vintage=?2 AND a.fictional=?3 AND "
                       "v.indicator_id=?4 ORDER BY v.period");
        bind_layer(stmt, on);
        wijk_bind_int(stmt, 4, is_size ? people->id : indicator->id);
        int step;
        while ((step = wijk_step(stmt)) == 1) {
            take_value(out, stmt, is_size);
        }
        wijk_reset(stmt);
        rc = step < 0 ? step : WIJK_OK;
    }
    for (size_t i = 0; i < out->panel.units; i++) {
        if (!(out->size[i] > 0)) { /* nobody, or nobody knows: no area to compare with */
            out->size[i] = 1;
            out->exclude[i] = 1;
        }
    }
    return rc;
}

/* Of every area the newest value before `begins`, as covariate j; how many have one in `found`. */
static int read_covariate(size_t *found, wijk_panel_data *out, const layer *on,
                          const wijk_indicator *indicator, size_t j, double begins)
{
    wijk_stmt *stmt = wijk_store_sql(
        on->store, "SELECT v.area_id, v.period, v.value FROM layer_value v JOIN area a ON "
                   "a.id=v.area_id WHERE v.level=?1 AND v.vintage=?2 AND a.fictional=?3 AND "
                   "v.indicator_id=?4 ORDER BY v.period");
    bind_layer(stmt, on);
    wijk_bind_int(stmt, 4, indicator->id);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        size_t i = unit_of(out, wijk_col_int(stmt, 0));
        if (i < out->panel.units && (double)wijk_col_int(stmt, 1) < begins) {
            out->covariate[i * out->panel.covariates + j] = wijk_col_double(stmt, 2);
            ++*found;
        }
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

/* ---- other maps
 * ------------------------------------------------------------------------------------ */

enum { SAME, CODE_ONLY, OVERLAY, NONE };

static const double LEAST_COVER = 0.8; /* of the people of an area; of the areas in a year */

/* What one other map says of an area in a year; the best of all maps is kept. */
typedef struct {
    int kind, apart; /* years between the maps */
    double value, cover;
} told;

static void offer(told *best, const told *sums, int joins_as_sum)
{
    told next = *sums;
    if (next.kind == OVERLAY) {
        next.value = joins_as_sum ? next.value : next.value / next.cover;
        next.kind = next.cover < LEAST_COVER ? NONE : OVERLAY;
    }
    if (next.kind < best->kind || (next.kind == best->kind && next.apart < best->apart)) {
        *best = next;
    }
}

/* Takes over the best there is for a cell that the own map left empty. */
static void settle(wijk_panel_data *out, const told *best, size_t i, int wave)
{
    if (best->kind != NONE && i < out->panel.units && wave != WIJK_NEVER) {
        double *cell = &out->outcome[i * out->panel.waves + (size_t)wave];
        if (isnan(*cell)) {
            *cell = best->value;
            out->bridged += best->kind == OVERLAY;
            out->unchecked += best->kind == CODE_ONLY;
        }
    }
}

/* Years that were published on other maps, area by area: the same, the same code, or the overlay.
 */
static int read_elsewhere(wijk_panel_data *out, const layer *on, const wijk_indicator *indicator)
{
    wijk_stmt *stmt = wijk_store_sql(
        on->store,
        "SELECT a.id, s.period, f.vintage, l.kind, l.share_to, l.share_from, v.value FROM area a "
        "CROSS JOIN area_link l ON l.to_id=a.id CROSS JOIN area f ON f.id=l.from_id AND "
        "f.level=?1 AND f.vintage<>?2 CROSS JOIN series s ON s.indicator_id=?4 AND s.level=?1 AND "
        "s.vintage=f.vintage CROSS JOIN layer_value v ON v.indicator_id=?4 AND v.level=?1 AND "
        "v.vintage=f.vintage AND v.period=s.period AND v.area_id=f.id WHERE a.level=?1 AND "
        "a.vintage=?2 AND a.fictional=?3 ORDER BY a.id, s.period, f.vintage");
    bind_layer(stmt, on);
    wijk_bind_int(stmt, 4, indicator->id);
    if (indicator->joining == WIJK_JOIN_NONE) {
        wijk_reset(stmt);
        return WIJK_OK;
    }
    told best = {.kind = NONE}, sums = {.kind = NONE};
    int64_t area = 0, period = 0, vintage = 0;
    int step, sum = indicator->joining == WIJK_JOIN_SUM;
    while ((step = wijk_step(stmt)) == 1) {
        int64_t now[3] = {wijk_col_int(stmt, 0), wijk_col_int(stmt, 1), wijk_col_int(stmt, 2)};
        if (now[0] != area || now[1] != period || now[2] != vintage) {
            offer(&best, &sums, sum);
            sums = (told){.kind = NONE};
        }
        if (now[0] != area || now[1] != period) {
            settle(out, &best, unit_of(out, area), wijk_panel_wave(&out->panel, (double)period));
            best = (told){.kind = NONE};
        }
        area = now[0];
        period = now[1];
        vintage = now[2];
        int kind = (int)wijk_col_int(stmt, 3);
        double value = wijk_col_double(stmt, 6), share = wijk_col_double(stmt, 4);
        sums.apart = abs((int)vintage - on->vintage);
        if (kind != OVERLAY) {
            sums = (told){kind < sums.kind ? kind : sums.kind, sums.apart, value, 1};
        } else if (sums.kind == NONE || sums.kind == OVERLAY) {
            sums.kind = OVERLAY;
            sums.value += value * (sum ? wijk_col_double(stmt, 5) : share);
            sums.cover += share;
        }
    }
    wijk_reset(stmt);
    offer(&best, &sums, sum);
    settle(out, &best, unit_of(out, area), wijk_panel_wave(&out->panel, (double)period));
    return step < 0 ? step : WIJK_OK;
}

/* 1 when the own map has figures of the year. */
static int own_year(const layer *on, const wijk_registry *registry, int indicator, double year)
{
    size_t n;
    const wijk_series *all = wijk_series_of(&n, registry, indicator);
    for (size_t i = 0; i < n; i++) {
        if (all[i].level == on->level && all[i].vintage == on->vintage && all[i].period == year) {
            return 1;
        }
    }
    return 0;
}

/* Leaves out years of other maps that too few areas have, or that a treated area lacks. */
static void drop_thin(wijk_panel_data *out, const layer *on, const wijk_registry *registry,
                      const wijk_indicator *indicator)
{
    size_t waves = out->panel.waves, kept = 0, most = 0, have[MOST_WAVES] = {0};
    unsigned char lacks[MOST_WAVES] = {0}, keep[MOST_WAVES];
    for (size_t i = 0; i < out->panel.units * waves; i++) {
        int known = !isnan(out->outcome[i]);
        have[i % waves] += (size_t)known;
        lacks[i % waves] |= !known && out->chosen[i / waves];
    }
    for (size_t t = 0; t < waves; t++) {
        most = have[t] > most ? have[t] : most;
    }
    for (size_t t = 0; t < waves; t++) {
        keep[t] = own_year(on, registry, indicator->id, out->year[t]) ||
                  (!lacks[t] && (double)have[t] >= LEAST_COVER * (double)most);
        out->thin += !keep[t];
    }
    for (size_t i = 0; i < out->panel.units; i++) {
        for (size_t t = 0, to = 0; t < waves; t++) {
            if (keep[t]) {
                out->outcome[i * (waves - out->thin) + to++] = out->outcome[i * waves + t];
            }
        }
    }
    for (size_t t = 0; t < waves; t++) {
        if (keep[t]) {
            out->year[kept++] = out->year[t];
        }
    }
    out->panel.waves = kept;
}

/* ---- who takes part
 * -------------------------------------------------------------------------------- */

static int exclude_neighbours(wijk_panel_data *out, wijk_store *store, int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT other_id FROM neighbour WHERE area_id=?1");
    wijk_bind_int(stmt, 1, area);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        size_t i = unit_of(out, wijk_col_int(stmt, 0));
        if (i < out->panel.units) {
            out->exclude[i] = out->ring[i] = 1;
        }
    }
    wijk_reset(stmt);
    return step;
}

static void start_chosen(wijk_panel_data *out, double begins)
{
    for (size_t i = 0; i < out->panel.units; i++) {
        out->start[i] = out->chosen[i] ? wave_from(&out->panel, begins) : WIJK_NEVER;
    }
}

/* The same area on the map of the figures; 0 when it is not there, or stands there under its code
 * with other borders. */
static int find_here(int64_t *here, const layer *on, int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(
        on->store, "SELECT b.id FROM area a JOIN area b ON b.code=a.code AND b.level=a.level AND "
                   "b.vintage=?2 WHERE a.id=?1 AND NOT EXISTS (SELECT 1 FROM area_link l WHERE "
                   "l.kind=2 AND ((l.to_id=a.id AND l.from_id=b.id) OR (l.to_id=b.id AND "
                   "l.from_id=a.id)))");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, on->vintage);
    *here = 0;
    return wijk_run_int(here, stmt, 0);
}

/* Marks an area as treated; WIJK_ENOTFOUND when it is not on the map. */
static int choose_area(wijk_panel_data *out, const layer *on, wijk_arena *arena, int64_t area)
{
    int64_t here;
    int rc = find_here(&here, on, area);
    size_t i = here ? unit_of(out, here) : out->panel.units;
    if (!rc && i == out->panel.units) {
        wijk_area told_of;
        rc = wijk_area_get(&told_of, on->store, arena, area);
        return rc ? rc
                  : wijk_fail(WIJK_ENOTFOUND,
                              "%.80s staat niet op de kaart van %d, waarop deze cijfers staan.",
                              "%.80s is not on the map of %d, on which these figures stand.",
                              *told_of.name ? told_of.name : told_of.code, on->vintage);
    }
    if (!rc) {
        out->chosen[i] = 1;
        rc = exclude_neighbours(out, on->store, here);
    }
    return rc;
}

/* The newest map on which all of the treated stand, when the map with most years lacks one. */
static int move_to_theirs(layer *on, const int64_t *treated, size_t count, int newest)
{
    for (size_t k = 0; k < count; k++) {
        int64_t here;
        int rc = find_here(&here, on, treated[k]);
        if (rc) {
            return rc;
        }
        if (!here) {
            on->vintage = newest;
        }
    }
    return WIJK_OK;
}

int wijk_panel_file(wijk_panel_data *out, wijk_store *store, const wijk_registry *registry,
                    const wijk_indicator *indicator, const int64_t *treated, size_t count,
                    double begins)
{
    *out = (wijk_panel_data){0};
    wijk_arena *arena;
    layer on = {.store = store};
    int newest = 0;
    int rc = wijk_arena_new(&arena, 0);
    for (size_t k = 0; k < count && !rc; k++) {
        wijk_area area = {0};
        rc = wijk_area_get(&area, store, arena, treated[k]);
        if (!rc && k && area.level != on.level) {
            rc = wijk_fail(WIJK_EINVAL,
                           "Kies gebieden van één soort: alleen buurten, of alleen postcodes.",
                           "Choose areas of one kind: neighbourhoods only, or postcodes only.");
        }
        on.level = area.level;
        on.fictional = area.fictional;
        newest = area.vintage > newest ? area.vintage : newest;
    }
    const wijk_indicator *people = wijk_indicator_by_code(registry, "population");
    rc = rc ? rc : choose_map(&on, out, registry, indicator);
    rc = rc ? rc : move_to_theirs(&on, treated, count, newest);
    rc = rc ? rc : read_areas(out, &on);
    rc = rc ? rc : read_values(out, &on, indicator, people);
    rc = rc ? rc : read_elsewhere(out, &on, indicator);
    for (size_t k = 0; k < count && !rc; k++) {
        rc = choose_area(out, &on, arena, treated[k]);
    }
    if (!rc) {
        drop_thin(out, &on, registry, indicator);
        start_chosen(out, begins);
    }
    wijk_arena_free(arena);
    return rc;
}

int wijk_panel_covariates(wijk_panel_data *data, wijk_store *store, const wijk_registry *registry,
                          const char *codes, double begins)
{
    size_t count = 0, j = 0;
    for (const char *at = codes; *at; count++) {
        at += strcspn(at, ",");
        at += *at == ',';
    }
    layer on = {.store = store,
                .level = (enum wijk_level)data->level,
                .vintage = data->vintage,
                .fictional = data->fictional};
    int rc = make_covariates(data, count);
    for (const char *at = codes; *at && !rc; j++) {
        char code[64];
        size_t size = strcspn(at, ","), found = 0;
        snprintf(code, sizeof code, "%.*s", (int)(size < sizeof code ? size : sizeof code - 1), at);
        const wijk_indicator *indicator = wijk_indicator_by_code(registry, code);
        if (!indicator) {
            return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%s\".",
                             "There is no indicator \"%s\".", code);
        }
        rc = read_covariate(&found, data, &on, indicator, j, begins);
        if (!rc && !found) {
            rc = wijk_fail(WIJK_ENOTFOUND, "\"%s\" is op deze kaart van voor %.0f niet bekend.",
                           "\"%s\" is not known on this map from before %.0f.", code, begins);
        }
        at += size + (at[size] == ',');
    }
    if (!rc) {
        leave_out_unknown(data);
    }
    return rc;
}

int wijk_panel_beside(wijk_panel_data *out, const wijk_panel_data *first, wijk_store *store,
                      const wijk_registry *registry, const wijk_indicator *indicator, double begins)
{
    *out = (wijk_panel_data){0};
    layer on = {.store = store,
                .level = (enum wijk_level)first->level,
                .vintage = first->vintage,
                .fictional = first->fictional,
                .fixed = 1};
    int rc = choose_map(&on, out, registry, indicator);
    rc = rc ? rc : read_areas(out, &on);
    rc = rc ? rc : read_values(out, &on, indicator, wijk_indicator_by_code(registry, "population"));
    rc = rc ? rc : read_elsewhere(out, &on, indicator);
    for (size_t i = 0; !rc && i < out->panel.units; i++) {
        out->chosen[i] = first->chosen[i];
        out->ring[i] = first->ring[i];
        out->exclude[i] |= first->exclude[i];
    }
    if (!rc) {
        drop_thin(out, &on, registry, indicator);
        start_chosen(out, begins);
    }
    return rc;
}
