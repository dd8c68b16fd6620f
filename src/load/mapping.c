/* Rows against the compiled header. A bad cell or row is counted and passed over; only what is
 * about the program or the disk is an error. */
#include "load/mapping_state.h"

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/geofile.h"
#include "wijk/limits.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one row ---------------------------------------------------------------------------- */

static const char *cell_at(const wijk_cell *cells, size_t count, int column)
{
    return column >= 0 && (size_t)column < count ? cells[column].text : "";
}

static void reject(wijk_mapping *m, const char *reason, int column, const char *text)
{
    wijk_notes_add(m->in.notes, reason, "", m->row, column >= 0 ? m->header[column] : NULL,
                   text && *text ? text : NULL);
}

/* Leading digits of "2016", "2016.0" or "2016JJ00"; 0 when there is no plausible year. */
static int year_in(const char *text)
{
    int year = 0;
    while (isspace((unsigned char)*text)) {
        text++;
    }
    for (int i = 0; i < 4; i++) {
        if (!isdigit((unsigned char)text[i])) {
            return 0;
        }
        year = year * 10 + (text[i] - '0');
    }
    return isdigit((unsigned char)text[4]) || year < 1900 || year > 2100 ? 0 : year;
}

/* 0 with m->period set, 1 when the row has none. */
static int row_period(wijk_mapping *m, const wijk_cell *cells, size_t count)
{
    m->period = m->in.period ? m->in.period : m->in.source->period;
    if (m->year == WIJK_NO_COLUMN || m->in.period) {
        return 0;
    }
    const char *text = cell_at(cells, count, m->year);
    m->period = year_in(text);
    if (m->period && m->month != WIJK_NO_COLUMN) {
        text = cell_at(cells, count, m->month);
        double month;
        int good = wijk_csv_number(&month, text, strlen(text), '.') && month >= 1 && month <= 12 &&
                   month == floor(month);
        m->period = good ? m->period * 100 + (int)month : 0;
    }
    if (!m->period) {
        reject(m, "bad period", m->month != WIJK_NO_COLUMN ? m->month : m->year, text);
        return 1;
    }
    return 0;
}

static int vintage_for(const wijk_mapping *m, int period)
{
    int year = period > 9999 ? period / 100 : period;
    if (m->in.vintage) {
        return m->in.vintage;
    }
    const wijk_source *source = m->in.source;
    if (!source->vintage_count) {
        return year;
    }
    int best = source->vintages[0];
    for (size_t i = 1; i < source->vintage_count; i++) {
        best = source->vintages[i] <= year ? source->vintages[i] : best;
    }
    return best;
}

/* The place above one whose code does not tell: "=GM0363", "=code-1". */
static int find_parent(wijk_mapping *m, const wijk_place_code *code, int vintage, int64_t *parent)
{
    const wijk_source *source = m->in.source;
    *parent = 0;
    if (code->level != WIJK_LOCAL) {
        return WIJK_OK;
    }
    wijk_place_code above;
    int rc = WIJK_OK;
    if (source->parent_code && wijk_place_parse(&above, source->parent_code, -1, NULL)) {
        rc = wijk_places_get(&m->places, parent, &above, vintage, 0);
    }
    if (!rc && source->parent_cut && strlen(code->code) > strlen(source->prefix) + 1) {
        int64_t top = *parent;
        above = *code;
        above.code[strlen(above.code) - 1] = 0;
        rc = wijk_places_get(&m->places, parent, &above, vintage, top);
    }
    return rc;
}

/* The row's area in the vintage that goes with a period; remembered for the row. */
static int area_id(wijk_mapping *m, int period, int64_t *id)
{
    int vintage = vintage_for(m, period);
    for (size_t i = 0; i < m->id_count; i++) {
        if (m->vintages[i] == vintage) {
            *id = m->ids[i];
            return WIJK_OK;
        }
    }
    int64_t parent;
    int64_t before = m->places.made;
    int rc = find_parent(m, &m->code, vintage, &parent);
    rc = rc ? rc : wijk_places_get(&m->places, id, &m->code, vintage, parent);
    if (!rc && m->places.made > before && m->code.level == WIJK_SQUARE) {
        rc = wijk_geo_store_square(m->in.store, *id, m->code.code);
    }
    if (!rc && m->id_count < WIJK_MAPPING_VINTAGES) {
        m->vintages[m->id_count] = vintage;
        m->ids[m->id_count++] = *id;
    }
    return rc;
}

/* "BERGEN NH=373": names that this source writes otherwise, with the number of the gemeente. */
static int gemeente_by_word(wijk_place_code *code, const wijk_list *words, const char *text)
{
    for (size_t i = 0; i + 1 < words->count; i += 2) {
        if (!strcmp(words->items[i], text)) {
            return wijk_place_parse(code, words->items[i + 1], WIJK_GEMEENTE, NULL);
        }
    }
    return 0;
}

/* 0 with m->code set, 1 when the row has no usable area, negative on failure. */
static int row_area(wijk_mapping *m, const wijk_cell *cells, size_t count)
{
    const wijk_source *source = m->in.source;
    const char *text = cell_at(cells, count, m->area);
    if (!*text) {
        reject(m, "no area code", m->area, NULL);
        return 1;
    }
    if (source->area_by == WIJK_BY_GEMEENTE_NAME) {
        const wijk_list *words = m->gemeente_rule ? &m->gemeente_rule->words : NULL;
        int found = words && gemeente_by_word(&m->code, words, text)
                        ? 1
                        : wijk_places_by_name(&m->places, &m->code, text);
        if (found == 0) {
            reject(m, "unknown gemeente", m->area, text);
        }
        return found < 0 ? found : !found;
    }
    char word[WIJK_CODE_ROOM];
    if (source->area_by == WIJK_BY_FIRST_WORD) {
        snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
        text = word;
    }
    if (!wijk_place_parse(&m->code, text, source->level, source->prefix)) {
        reject(m, "bad area code", m->area, text);
        return 1;
    }
    return 0;
}

/* 1 when this row's key was met before. */
static int is_duplicate(wijk_mapping *m, int64_t id, const char *category)
{
    char key[256];
    int64_t seen;
    int size = snprintf(key, sizeof key, "%lld:%d:%.200s", (long long)id, m->period, category);
    if (wijk_map_get(m->seen, key, (size_t)size, &seen)) {
        return 1;
    }
    return wijk_map_set(m->seen, key, (size_t)size, (int64_t)m->row);
}

/* ---- one cell --------------------------------------------------------------------------- */

static int among(const double *list, size_t count, double value)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == value) {
            return 1;
        }
    }
    return 0;
}

static int parse_number(const wijk_mapping *m, double *value, const wijk_cell *cell)
{
    char decimal = m->in.decimal ? m->in.decimal : m->in.source->decimal;
    if (!decimal) {
        decimal = memchr(cell->text, ',', cell->size) ? ',' : '.';
    }
    return wijk_csv_number(value, cell->text, cell->size, decimal);
}

/* A word that stands for a number ("extremely urbanised=1"). */
static int parse_word(const wijk_field *f, double *value, const char *text)
{
    for (size_t i = 0; i + 1 < f->rule->words.count; i += 2) {
        if (!strcmp(f->rule->words.items[i], text)) {
            const char *number = f->rule->words.items[i + 1];
            return wijk_csv_number(value, number, strlen(number), '.');
        }
    }
    return 0;
}

/* The mark of a cell, or -1 when it is nothing we know. */
static int judge_cell(const wijk_mapping *m, const wijk_field *f, const wijk_cell *cell,
                      double *value)
{
    if (!cell->size) {
        return 1;
    }
    int number = parse_number(m, value, cell);
    if (number && !f->rule->words.count) {
        return among(f->secret, f->secret_count, *value)     ? 2
               : among(f->missing, f->missing_count, *value) ? 1
                                                             : 0;
    }
    if (parse_word(f, value, cell->text)) {
        return 0;
    }
    const wijk_source *source = m->in.source;
    if (wijk_list_has(&source->secret, cell->text)) {
        return 2;
    }
    if (wijk_list_has(&source->missing, cell->text) ||
        wijk_list_has(&f->rule->missing, cell->text)) {
        return 1;
    }
    return number ? 0 : -1;
}

static void hit(wijk_mapping *m, wijk_field *f, int slot, const char *text)
{
    static const char *const reasons[] = {"missing", "secret", "bad number"};
    if (f->slots[slot] == SIZE_MAX) {
        f->slots[slot] = wijk_notes_slot(m->in.notes, reasons[slot], f->header);
    }
    wijk_notes_hit(m->in.notes, f->slots[slot], m->row, f->header, text);
}

static int take_cell(wijk_mapping *m, wijk_field *f, const wijk_cell *cell, int *kept)
{
    double value = 0;
    int mark = judge_cell(m, f, cell, &value);
    if (mark < 0) {
        hit(m, f, WIJK_CELL_BAD, cell->text);
        if (!m->adds[f - m->fields]) {
            return WIJK_OK;
        }
        mark = 1; /* a sum with a part that cannot be read is not known */
    } else if (mark) {
        hit(m, f, mark == 1 ? WIJK_CELL_MISSING : WIJK_CELL_SECRET, cell->text);
    }
    int period = f->period ? f->period : m->period;
    int64_t id;
    int rc = period ? area_id(m, period, &id) : WIJK_OK;
    if (rc || !period) {
        if (!rc) {
            reject(m, "bad period", (int)f->column, cell->text);
        }
        return rc;
    }
    *kept |= mark == 0;
    return wijk_batch_add(&m->batch, (wijk_fact){.area = (uint32_t)id,
                                                 .indicator = (uint16_t)f->indicator,
                                                 .period = period,
                                                 .rule = (uint16_t)(f - m->fields),
                                                 .mark = (uint8_t)mark,
                                                 .parts = 1,
                                                 .value = mark ? 0 : value * f->rule->factor});
}

static int take_cells(wijk_mapping *m, const wijk_cell *cells, size_t count, const char *category,
                      int *kept)
{
    int matched = m->category == WIJK_NO_COLUMN, rc = WIJK_OK;
    static const wijk_cell nothing = {"", 0};
    for (size_t i = 0; i < m->field_count && !rc; i++) {
        wijk_field *f = &m->fields[i];
        if (f->rule->categories.count) {
            if (!wijk_list_has(&f->rule->categories, category)) {
                continue;
            }
            matched = 1;
        }
        rc = take_cell(m, f, f->column < count ? &cells[f->column] : &nothing, kept);
    }
    if (!matched && m->field_count) {
        wijk_notes_add(m->in.notes, "unknown category", category, m->row, m->header[m->category],
                       category);
    }
    return rc;
}

/* ---- shapes, pairs of codes, flows ------------------------------------------------------- */

/* Metres per unit of a gemeente's drawing, when a table of it was loaded. */
static double tolerance_of(wijk_mapping *m, int vintage)
{
    if (m->code.level != WIJK_BUURT && m->code.level != WIJK_WIJK) {
        return m->tolerance;
    }
    wijk_stmt *stmt = wijk_store_sql(
        m->in.store, "SELECT CAST(value AS REAL) FROM meta WHERE key = 'tolerance/' || ?1 || '/GM' "
                     "|| ?2");
    if (!stmt) {
        return m->tolerance;
    }
    wijk_bind_int(stmt, 1, vintage);
    wijk_bind_textn(stmt, 2, m->code.code + 2, 4);
    double tolerance = wijk_step(stmt) == 1 ? wijk_col_double(stmt, 0) : m->tolerance;
    wijk_reset(stmt);
    return tolerance;
}

static int take_shape(wijk_mapping *m, const wijk_cell *cells, size_t count, const void *wkb,
                      size_t size, int *kept)
{
    if (!wkb && m->geometry != WIJK_NO_COLUMN && (size_t)m->geometry < count &&
        cells[m->geometry].size) {
        const wijk_cell *cell = &cells[m->geometry];
        if (wijk_wkt_read(&m->wkb, cell->text, cell->size)) {
            reject(m, "bad shape", m->geometry, NULL);
            return WIJK_OK;
        }
        wkb = m->wkb.data;
        size = m->wkb.size;
    }
    if (!wkb) {
        return WIJK_OK;
    }
    int64_t id;
    int period = m->period, crosses = 0;
    int vintage = vintage_for(m, period);
    int rc = area_id(m, period, &id);
    rc = rc ? rc
            : wijk_geo_store_shape(m->in.store, id, m->in.load, tolerance_of(m, vintage), wkb, size,
                                   &crosses);
    if (rc == WIJK_EFORMAT) {
        reject(m, "bad shape", m->area, m->code.code);
        return WIJK_OK;
    }
    if (crosses) {
        reject(m, "crossing shape", m->area, m->code.code);
    }
    if (!rc) {
        m->counts.shapes++;
        *kept = 1;
    }
    return rc;
}

static int take_tolerance(wijk_mapping *m, const wijk_cell *cells, size_t count, int *kept)
{
    double value;
    const char *text = cell_at(cells, count, m->tolerance_column);
    if (!wijk_csv_number(&value, text, strlen(text), '.') || value <= 0) {
        reject(m, "bad number", m->tolerance_column, text);
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        m->in.store, "INSERT INTO meta(key, value) VALUES ('tolerance/' || ?1 || '/' || ?2, ?3) "
                     "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, vintage_for(m, m->period));
    wijk_bind_text(stmt, 2, m->code.code);
    wijk_bind_text(stmt, 3, text);
    *kept = 1;
    int rc = wijk_run(stmt);
    /* Shapes that came before their table of tolerances. */
    stmt = wijk_store_sql(m->in.store,
                          "UPDATE area_shape SET tolerance = ?3 WHERE area_id IN (SELECT id FROM "
                          "area WHERE level = 3 AND vintage = ?1 AND code BETWEEN 'BU' || ?2 AND "
                          "'BU' || ?2 || '~')");
    if (rc || !stmt) {
        return rc ? rc : WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, vintage_for(m, m->period));
    wijk_bind_textn(stmt, 2, m->code.code + 2, 4);
    wijk_bind_double(stmt, 3, value);
    return wijk_run(stmt);
}

static int store_link(wijk_mapping *m, int64_t from, int64_t to, int changed)
{
    wijk_stmt *stmt =
        wijk_store_sql(m->in.store, "INSERT INTO crosswalk(load_id, from_id, to_id, changed) "
                                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, m->in.load);
    wijk_bind_int(stmt, 2, from);
    wijk_bind_int(stmt, 3, to);
    wijk_bind_int(stmt, 4, changed);
    m->counts.links++;
    return wijk_run(stmt);
}

/* Pairs the older codes of a row with the next one that is filled, up to the row's own area. */
static int take_links(wijk_mapping *m, const wijk_cell *cells, size_t count, int *kept)
{
    int64_t last = 0;
    int rc = WIJK_OK, changed = -1;
    if (m->changed != WIJK_NO_COLUMN) {
        changed = *cell_at(cells, count, m->changed) != 0;
    }
    for (size_t i = 0; i <= m->link_count && !rc; i++) {
        int own = i == m->link_count;
        wijk_place_code code = m->code;
        int64_t id = 0, parent = 0;
        if (own) {
            rc = area_id(m, m->period ? m->period : 9999, &id);
        } else {
            const wijk_link_column *link = &m->links[i];
            const char *text = cell_at(cells, count, (int)link->column);
            const wijk_list *kind = &link->rule->categories; /* level and prefix, when others */
            int level = kind->count == 2 ? wijk_level_parse(kind->items[0]) : (int)m->code.level;
            const char *prefix = kind->count == 2 ? kind->items[1] : m->in.source->prefix;
            if ((int)link->column == m->area || !link->vintage || !*text ||
                !wijk_place_parse(&code, text, level, prefix)) {
                continue;
            }
            rc = find_parent(m, &code, link->vintage, &parent);
            rc = rc ? rc : wijk_places_get(&m->places, &id, &code, link->vintage, parent);
        }
        if (!rc && last && last != id) {
            rc = store_link(m, last, id, changed);
            *kept = 1;
        }
        last = id;
    }
    return rc;
}

static int take_flow(wijk_mapping *m, const wijk_cell *cells, size_t count, const char *category,
                     int *kept)
{
    wijk_place_code from, to;
    const wijk_source *source = m->in.source;
    const char *text = cell_at(cells, count, m->value);
    double value;
    if (!wijk_place_parse(&from, cell_at(cells, count, m->from), source->level, source->prefix) ||
        !wijk_place_parse(&to, cell_at(cells, count, m->to), source->level, source->prefix)) {
        reject(m, "bad area code", m->to, cell_at(cells, count, m->to));
        return WIJK_OK;
    }
    if (!wijk_csv_number(&value, text, strlen(text), source->decimal ? source->decimal : '.')) {
        reject(m, "bad number", m->value, text);
        return WIJK_OK;
    }
    int64_t from_id, to_id;
    int vintage = vintage_for(m, m->period);
    int rc = wijk_places_get(&m->places, &from_id, &from, vintage, 0);
    rc = rc ? rc : wijk_places_get(&m->places, &to_id, &to, vintage, 0);
    wijk_stmt *stmt =
        rc ? NULL
           : wijk_store_sql(m->in.store, "INSERT INTO flow(load_id, period, grp, from_id, to_id, "
                                         "value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!stmt) {
        return rc ? rc : WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, m->in.load);
    wijk_bind_int(stmt, 2, m->period);
    wijk_bind_text(stmt, 3, category);
    wijk_bind_int(stmt, 4, from_id);
    wijk_bind_int(stmt, 5, to_id);
    wijk_bind_double(stmt, 6, value);
    m->counts.flows++;
    *kept = 1;
    return wijk_run(stmt);
}

/* ---- the row as a whole ------------------------------------------------------------------ */

static int take_names(wijk_mapping *m, const wijk_cell *cells, size_t count)
{
    int vintage = vintage_for(m, m->period);
    int64_t id;
    if (!vintage || (m->name == WIJK_NO_COLUMN && m->gemeente == WIJK_NO_COLUMN)) {
        return WIJK_OK;
    }
    int rc = area_id(m, m->period, &id);
    const char *name = cell_at(cells, count, m->name);
    if (m->name == m->area && m->in.source->area_by == WIJK_BY_FIRST_WORD) {
        name += strcspn(name, " ");
        name += strspn(name, " ");
    }
    rc = rc ? rc : wijk_places_name(&m->places, &m->code, vintage, id, name);
    const char *gemeente = cell_at(cells, count, m->gemeente);
    wijk_place_code code;
    if (!rc && *gemeente && !wijk_place_parse(&code, gemeente, WIJK_GEMEENTE, NULL)) {
        rc = wijk_places_in_gemeente(&m->places, &m->code, vintage, id, gemeente);
    }
    return rc;
}

/* 1 when the row is of a kind that is left out, or has another length than the header. */
static int is_skipped(wijk_mapping *m, const wijk_cell *cells, size_t count)
{
    if (count < m->columns && !m->in.ragged && !m->in.source->ragged) {
        reject(m, "short row", WIJK_NO_COLUMN, NULL);
        return 1;
    }
    for (size_t i = m->columns; i < count; i++) {
        if (cells[i].size) {
            reject(m, "long row", WIJK_NO_COLUMN, cells[i].text);
            return 1;
        }
    }
    const char *area = cell_at(cells, count, m->area);
    if (m->code_rule && wijk_list_has(&m->code_rule->missing, area)) {
        wijk_notes_add(m->in.notes, "other area", "", m->row, m->header[m->area], area);
        return 1;
    }
    for (size_t i = 0; i < m->keep_count; i++) {
        const char *text = cell_at(cells, count, m->keeps[i]);
        if (!wijk_list_has(&m->keep_rules[i]->categories, text)) {
            wijk_notes_add(m->in.notes, "left out", text, m->row, m->header[m->keeps[i]], text);
            return 1;
        }
    }
    return 0;
}

static void count_unknown(wijk_mapping *m, const wijk_cell *cells, size_t count)
{
    for (size_t i = 0; i < m->unknown_count; i++) {
        const char *text = cell_at(cells, count, (int)m->unknown[i]);
        if (*text) {
            const char *header = m->header[m->unknown[i]];
            wijk_notes_add(m->in.notes, "unknown column", header, m->row, header, text);
        }
    }
}

int wijk_mapping_row(wijk_mapping *m, const wijk_cell *cells, size_t count, size_t row,
                     const void *wkb, size_t wkb_size)
{
    m->row = row;
    m->id_count = 0;
    if (++m->counts.rows_read > WIJK_MAX_ROWS) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %u rijen.", "More than %u rows.", WIJK_MAX_ROWS);
    }
    int rc = m->counts.rows_read % 1024 ? WIJK_OK : wijk_checkpoint(m->in.ctx);
    if (rc || is_skipped(m, cells, count)) {
        return rc;
    }
    count_unknown(m, cells, count);
    if (m->area == WIJK_NO_COLUMN) {
        return WIJK_OK;
    }
    rc = row_area(m, cells, count);
    rc = rc ? rc : row_period(m, cells, count);
    if (rc) {
        return rc < 0 ? rc : WIJK_OK;
    }
    const char *category = cell_at(cells, count, m->category);
    const wijk_source *source = m->in.source;
    int kept = 0;
    if (source->layout == WIJK_FLOWS) {
        rc = take_flow(m, cells, count, category, &kept);
        m->counts.rows_kept += kept;
        return rc;
    }
    int64_t id;
    rc = area_id(m, m->period, &id);
    int twice = rc || m->own ? 0 : is_duplicate(m, id, category);
    if (rc || twice) {
        if (twice == 1) {
            reject(m, "duplicate", m->area, m->code.code);
        }
        return rc ? rc : twice < 0 ? twice : WIJK_OK;
    }
    rc = take_names(m, cells, count);
    rc = rc ? rc : take_cells(m, cells, count, category, &kept);
    rc = rc ? rc : take_shape(m, cells, count, wkb, wkb_size, &kept);
    if (!rc && m->link_count) {
        rc = take_links(m, cells, count, &kept);
    }
    if (!rc && m->tolerance_column != WIJK_NO_COLUMN) {
        rc = take_tolerance(m, cells, count, &kept);
    }
    kept |= source->layout == WIJK_LOOKUP && m->name != WIJK_NO_COLUMN;
    m->counts.rows_kept += kept;
    return rc;
}

int wijk_mapping_overlap(int64_t *out, wijk_mapping *m, int64_t load)
{
    wijk_stmt *stmt = wijk_store_sql(
        m->in.store, "SELECT 1 FROM observation WHERE area_id = ?1 AND indicator_id = ?2 AND "
                     "period = ?3 AND load_id = ?4 AND mark = 0");
    int rc = stmt ? WIJK_OK : WIJK_EDB;
    *out = 0;
    for (size_t i = 0; i < m->batch.count && rc >= 0; i++) {
        const wijk_fact *fact = &m->batch.list[i];
        wijk_bind_int(stmt, 1, fact->area);
        wijk_bind_int(stmt, 2, fact->indicator);
        wijk_bind_int(stmt, 3, fact->period);
        wijk_bind_int(stmt, 4, load);
        rc = wijk_step(stmt);
        *out += rc == 1;
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

int wijk_mapping_finish(wijk_mapping_counts *counts, wijk_mapping *m)
{
    m->batch.halves = m->halves;
    m->batch.adds = m->adds;
    int rc = wijk_batch_store(&m->batch, m->in.store, m->in.load, m->in.ctx);
    m->counts.cells_kept = m->batch.kept;
    m->counts.missing = m->batch.missing;
    m->counts.secret = m->batch.secret;
    m->counts.areas = m->places.made;
    for (int64_t i = 0; i < m->batch.doubles; i++) {
        wijk_notes_add(m->in.notes, m->own ? "duplicate" : "double column", "", 0, NULL, NULL);
    }
    *counts = m->counts;
    return rc ? rc : m->in.notes->status;
}
