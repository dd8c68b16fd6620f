/* A header against the table of layouts: each column is compiled once to a field (which indicator,
 * factor, tokens) or to a role (code, name, year …), so that a row costs one look-up of its area
 * and one number per cell. */
#include "load/mapping_state.h"

#include "wijk/err.h"

#include <stdlib.h>
#include <string.h>

static int find_column(const wijk_mapping *m, const wijk_list *names)
{
    int year;
    for (size_t i = 0; i < names->count; i++) {
        for (size_t at = 0; at < m->columns; at++) {
            if (wijk_header_matches(names->items[i], m->header[at], &year)) {
                return (int)at;
            }
        }
    }
    return WIJK_NO_COLUMN;
}

static void add_tokens(double *out, size_t *count, const wijk_list *tokens)
{
    for (size_t i = 0; i < tokens->count && *count < WIJK_MAPPING_TOKENS; i++) {
        double value;
        if (wijk_csv_number(&value, tokens->items[i], strlen(tokens->items[i]), '.')) {
            out[(*count)++] = value;
        }
    }
}

/* The id of an indicator, 0 when there is none; *sums tells that its areas add up. */
static int indicator_id(const wijk_mapping *m, const char *code, int *sums)
{
    const wijk_indicator *known = wijk_indicator_by_code(m->in.registry, code);
    if (known) {
        *sums = known->joining == WIJK_JOIN_SUM;
        return known->id;
    }
    /* An own indicator that a map brought in after the registry was opened. */
    wijk_stmt *stmt =
        wijk_store_sql(m->in.store, "SELECT id, joining = 'sum' FROM indicator WHERE code = ?1");
    int id = 0;
    if (stmt) {
        wijk_bind_text(stmt, 1, code);
        if (wijk_step(stmt) == 1) {
            id = (int)wijk_col_int(stmt, 0);
            *sums = (int)wijk_col_int(stmt, 1);
        }
        wijk_reset(stmt);
    }
    return id;
}

/* Where the year stands in the name but the rule spells the name out: "woz_2020" → 2020. */
static int year_at_end(const char *name)
{
    size_t size = strlen(name);
    double year;
    return size >= 4 && wijk_csv_number(&year, name + size - 4, 4, '.') && year >= 1900 &&
                   year <= 2100
               ? (int)year
               : 0;
}

static int add_field(wijk_mapping *m, size_t column, const wijk_source_column *rule, int year)
{
    int sums = 0;
    int indicator = indicator_id(m, rule->indicator, &sums);
    if (indicator <= 0 || indicator > UINT16_MAX || m->field_count >= UINT16_MAX) {
        wijk_notes_add(m->in.notes, "unknown indicator", rule->indicator, 0, NULL, NULL);
        return WIJK_OK;
    }
    if (m->field_count % 64 == 0) {
        wijk_field *more = wijk_realloc(m->fields, (m->field_count + 64) * sizeof *more);
        double *halves = wijk_realloc(m->halves, (m->field_count + 64) * sizeof *halves);
        unsigned char *adds = wijk_realloc(m->adds, m->field_count + 64);
        m->fields = more ? more : m->fields;
        m->halves = halves ? halves : m->halves;
        m->adds = adds ? adds : m->adds;
        if (!more || !halves || !adds) {
            return WIJK_ENOMEM;
        }
    }
    wijk_field *f = &m->fields[m->field_count];
    *f = (wijk_field){
        .rule = rule, .header = m->header[column], .column = column, .indicator = indicator};
    f->period = rule->period ? rule->period : year;
    if (!f->period && m->in.source->period_in_name) {
        f->period = year_at_end(f->header);
    }
    f->slots[WIJK_CELL_MISSING] = f->slots[WIJK_CELL_SECRET] = f->slots[WIJK_CELL_BAD] = SIZE_MAX;
    add_tokens(f->missing, &f->missing_count, &m->in.source->missing);
    add_tokens(f->missing, &f->missing_count, &rule->missing);
    add_tokens(f->secret, &f->secret_count, &m->in.source->secret);
    /* The decimals of an estimate say nothing about its error, which these sources do not give. */
    const wijk_indicator *known = wijk_indicator_by_code(m->in.registry, rule->indicator);
    int modelled = (known && known->modelled) || !strcmp(m->in.source->info.nature, "modelled");
    m->adds[m->field_count] = m->in.source->layout == WIJK_LONG || (m->own && sums);
    m->halves[m->field_count++] = modelled ? -1 : rule->round > 0 ? rule->round / 2 : 0;
    return WIJK_OK;
}

static void set_role(wijk_mapping *m, int column, const wijk_source_column *rule)
{
    int *const places[] = {[WIJK_ROLE_CODE] = &m->area,
                           [WIJK_ROLE_NAME] = &m->name,
                           [WIJK_ROLE_GEMEENTE] = &m->gemeente,
                           [WIJK_ROLE_YEAR] = &m->year,
                           [WIJK_ROLE_MONTH] = &m->month,
                           [WIJK_ROLE_CATEGORY] = &m->category,
                           [WIJK_ROLE_VALUE] = &m->value,
                           [WIJK_ROLE_FROM] = &m->from,
                           [WIJK_ROLE_TO] = &m->to,
                           [WIJK_ROLE_GEOMETRY] = &m->geometry,
                           [WIJK_ROLE_TOLERANCE] = &m->tolerance_column,
                           [WIJK_ROLE_CHANGED] = &m->changed};
    if (rule->role == WIJK_ROLE_GEMEENTE) {
        m->gemeente_rule = rule;
    }
    if (rule->role == WIJK_ROLE_CODE && !m->code_rule) {
        m->code_rule = rule;
    }
    if (rule->role == WIJK_ROLE_KEEP && m->keep_count < WIJK_MAPPING_KEEPS) {
        m->keep_rules[m->keep_count] = rule;
        m->keeps[m->keep_count++] = column;
        return;
    }
    if ((rule->role == WIJK_ROLE_FROM || rule->role == WIJK_ROLE_TO) &&
        m->link_count < WIJK_MAPPING_LINKS) {
        m->links[m->link_count++] = (wijk_link_column){(size_t)column, rule->period, rule};
    }
    if (rule->role < sizeof places / sizeof *places && places[rule->role] &&
        *places[rule->role] == WIJK_NO_COLUMN) {
        *places[rule->role] = column;
    }
}

/* Ties one column to every rule of its name; a literal name goes before a pattern. */
static int tie_column(wijk_mapping *m, size_t column, int *tied)
{
    const wijk_source *source = m->in.source;
    int rc = WIJK_OK;
    for (int patterns = 0; patterns < 2 && !*tied && !rc; patterns++) {
        for (size_t i = 0; i < source->column_count && !rc; i++) {
            const wijk_source_column *rule = &source->columns[i];
            for (size_t k = 0; k < rule->names.count; k++) {
                const char *name = rule->names.items[k];
                int year = 0;
                if ((strchr(name, '{') != NULL) != patterns ||
                    !wijk_header_matches(name, m->header[column], &year)) {
                    continue;
                }
                *tied = 1;
                if (rule->role == WIJK_ROLE_INDICATOR) {
                    rc = add_field(m, column, rule, year);
                } else {
                    set_role(m, (int)column, rule);
                }
                break;
            }
        }
    }
    return rc;
}

static int is_structural(const wijk_mapping *m, size_t column)
{
    int at = (int)column;
    return at == m->area || at == m->name || at == m->gemeente || at == m->year || at == m->month ||
           at == m->category;
}

static int tie_header(wijk_mapping *m)
{
    const wijk_source *source = m->in.source;
    m->area = find_column(m, &source->area);
    m->name = find_column(m, &source->name);
    m->gemeente = find_column(m, &source->parent);
    m->year = find_column(m, &source->year);
    m->month = find_column(m, &source->month);
    m->unknown = wijk_arena_alloc(m->arena, (m->columns + 1) * sizeof *m->unknown);
    int rc = m->unknown ? WIJK_OK : WIJK_ENOMEM;
    for (size_t column = 0; column < m->columns && !rc; column++) {
        int tied = 0;
        rc = tie_column(m, column, &tied);
        if (tied || is_structural(m, column)) {
            continue;
        }
        if (*m->header[column]) {
            m->unknown[m->unknown_count++] = column;
            wijk_notes_slot(m->in.notes, "unknown column", m->header[column]);
        } else {
            wijk_notes_add(m->in.notes, "unnamed column", "", 0, NULL, NULL);
        }
    }
    for (size_t i = 0; i < source->column_count; i++) {
        if (source->columns[i].role == WIJK_ROLE_TOLERANCE && !source->columns[i].names.count) {
            m->tolerance = source->columns[i].factor;
        }
    }
    return rc;
}

static int check_header(wijk_mapping *m)
{
    const wijk_source *source = m->in.source;
    int needs = source->layout == WIJK_FLOWS || (!source->vintage_count && !m->in.vintage);
    for (size_t i = 0; i < m->field_count && !needs; i++) {
        needs = !m->fields[i].period;
    }
    int has = m->in.period || source->period || m->year != WIJK_NO_COLUMN;
    if (m->area != WIJK_NO_COLUMN && needs && !has) {
        return wijk_fail(WIJK_EINVAL,
                         "Van welk jaar zijn deze cijfers? Geef het met --year (de bron %s zegt "
                         "het niet).",
                         "Of which year are these figures? Give it with --year (the source %s "
                         "does not say).",
                         source->info.code);
    }
    return WIJK_OK;
}

int wijk_mapping_explains(const wijk_source *source)
{
    int useful = source->area.count > 0;
    for (size_t i = 0; i < source->column_count && !useful; i++) {
        useful = source->columns[i].role == WIJK_ROLE_CODE;
    }
    return !useful;
}

static int keep_header(wijk_mapping *m, const char *const *header, size_t count)
{
    m->columns = count;
    m->header = wijk_arena_alloc(m->arena, (count + 1) * sizeof *m->header);
    for (size_t i = 0; m->header && i < count; i++) {
        m->header[i] = wijk_arena_strdup(m->arena, header[i]);
        if (!m->header[i]) {
            return WIJK_ENOMEM;
        }
    }
    return m->header ? WIJK_OK : WIJK_ENOMEM;
}

int wijk_mapping_new(wijk_mapping **out, const wijk_mapping_setup *setup, const char *const *header,
                     size_t count)
{
    *out = NULL;
    wijk_mapping *m = wijk_alloc(sizeof *m);
    if (!m) {
        return WIJK_ENOMEM;
    }
    m->in = *setup;
    m->category = m->value = m->from = m->to = m->geometry = m->tolerance_column = m->changed =
        WIJK_NO_COLUMN;
    m->tolerance = 1;
    m->fictional = !strcmp(setup->source->info.nature, "fictional");
    m->own = !strcmp(setup->source->info.nature, "own");
    int rc = wijk_arena_new(&m->arena, 16u << 20);
    rc = rc ? rc : wijk_map_new(&m->seen);
    rc = rc ? rc : wijk_places_open(&m->places, setup->store, m->fictional);
    rc = rc ? rc : keep_header(m, header, count);
    rc = rc ? rc : tie_header(m);
    rc = rc ? rc : check_header(m);
    if (rc) {
        wijk_mapping_free(m);
        return rc;
    }
    *out = m;
    return WIJK_OK;
}

void wijk_mapping_free(wijk_mapping *m)
{
    if (m) {
        wijk_places_close(&m->places);
        wijk_batch_free(&m->batch);
        wijk_map_free(m->seen);
        wijk_str_free(&m->wkb);
        wijk_free(m->fields);
        wijk_free(m->halves);
        wijk_free(m->adds);
        wijk_arena_free(m->arena);
        wijk_free(m);
    }
}
