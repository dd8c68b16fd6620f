/* The registries: indicators and rules from inside the binary, loads and their spread from the
 * file. Read once, then only looked at, so that every thread of the server shares one. Ids of
 * indicators are the file's own; the CSV order is kept for listing. */
#include "areas/registry.h"

#include "wijk/err.h"
#include "wijk/map.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wijk_registry {
    wijk_table *indicators_csv, *disclosure_csv, *reliability_csv, *sources_csv;
    wijk_arena *arena; /* own indicators, loads, series */
    wijk_map *by_code; /* indicator code → position */

    wijk_indicator *indicators;
    size_t count, room;
    const wijk_indicator **by_id;
    int max_id;

    wijk_disclosure_rule *disclosures;
    wijk_reliability_rule *reliabilities;
    const wijk_disclosure_rule **disclosure_of; /* by id */
    const wijk_reliability_rule **reliability_of;
    unsigned char *is_base; /* by id: some reliability rule counts in it */

    wijk_load_info *loads; /* by id, ascending */
    size_t load_count;
    wijk_series *series;
    size_t series_count;
    size_t *series_first; /* by indicator id, and one more: where its series begin */
    int has_own, newest_year;
    int vintages[WIJK_LEVELS], areas[WIJK_LEVELS];
    char fingerprint[17];
    wijk_kept *kept; /* NULL unless the server asked for it; locks for itself */
};

static enum wijk_direction parse_direction(const char *word)
{
    return !strcmp(word, "up")     ? WIJK_DIRECTION_UP
           : !strcmp(word, "down") ? WIJK_DIRECTION_DOWN
                                   : WIJK_DIRECTION_NONE;
}

static enum wijk_joining parse_joining(const char *word)
{
    return !strcmp(word, "sum")    ? WIJK_JOIN_SUM
           : !strcmp(word, "mean") ? WIJK_JOIN_MEAN
                                   : WIJK_JOIN_NONE;
}

static const char *const direction_words[] = {"none", "up", "down"};
static const char *const joining_words[] = {"none", "sum", "mean"};

static wijk_indicator from_csv(const wijk_table *csv, size_t row)
{
    return (wijk_indicator){
        .code = wijk_table_get(csv, row, "code"),
        .theme = wijk_table_get(csv, row, "theme"),
        .label = {wijk_table_get(csv, row, "nl"), wijk_table_get(csv, row, "en")},
        .unit = wijk_table_get(csv, row, "unit"),
        .kind = wijk_table_get(csv, row, "kind"),
        .base = wijk_table_get(csv, row, "base"),
        .definition = {wijk_table_get(csv, row, "def_nl"), wijk_table_get(csv, row, "def_en")},
        .caution = {wijk_table_get(csv, row, "caution_nl"), wijk_table_get(csv, row, "caution_en")},
        .disclosure = wijk_table_get(csv, row, "disclosure"),
        .reliability = wijk_table_get(csv, row, "reliability"),
        .source_hint = wijk_table_get(csv, row, "source_hint"),
        .decimals = (int)wijk_table_number(csv, row, "decimals", 0),
        .origin = (int)wijk_table_number(csv, row, "origin", 0),
        .key = (int)wijk_table_number(csv, row, "key", 0),
        .direction = parse_direction(wijk_table_get(csv, row, "direction")),
        .joining = parse_joining(wijk_table_get(csv, row, "join")),
        .similar = wijk_table_number(csv, row, "similar", 0),
    };
}

/* One row of the file's table per indicator of the CSV: new ones are added, changed ones follow. */
static int sync_one(wijk_store *store, const wijk_indicator *it)
{
    wijk_stmt *stmt = wijk_store_sql(
        store,
        "INSERT INTO indicator(code,theme,nl,en,unit,decimals,direction,kind,base,joining,origin,"
        "similar,key_order,disclosure,reliability) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
        "?13,?14,?15) ON CONFLICT(code) DO UPDATE SET theme=?2,nl=?3,en=?4,unit=?5,decimals=?6,"
        "direction=?7,kind=?8,base=?9,joining=?10,origin=?11,similar=?12,key_order=?13,"
        "disclosure=?14,reliability=?15 WHERE (theme,nl,en,unit,decimals,direction,kind,base,"
        "joining,origin,similar,key_order,disclosure,reliability) IS NOT "
        "(?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)");
    const char *const texts[] = {it->code, it->theme, it->label[0], it->label[1], it->unit};
    for (int i = 0; i < 5; i++) {
        wijk_bind_text(stmt, i + 1, texts[i]);
    }
    wijk_bind_int(stmt, 6, it->decimals);
    wijk_bind_text(stmt, 7, direction_words[it->direction]);
    wijk_bind_text(stmt, 8, it->kind);
    wijk_bind_text(stmt, 9, it->base);
    wijk_bind_text(stmt, 10, joining_words[it->joining]);
    wijk_bind_int(stmt, 11, it->origin);
    wijk_bind_double(stmt, 12, it->similar);
    wijk_bind_int(stmt, 13, it->key);
    wijk_bind_text(stmt, 14, it->disclosure);
    wijk_bind_text(stmt, 15, it->reliability);
    return wijk_run(stmt);
}

static int sync_indicators(const wijk_registry *registry, wijk_store *store)
{
    int rc = wijk_begin(store);
    for (size_t row = 0; !rc && row < wijk_table_rows(registry->indicators_csv); row++) {
        wijk_indicator it = from_csv(registry->indicators_csv, row);
        rc = sync_one(store, &it);
    }
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

static int add_indicator(wijk_registry *registry, wijk_indicator it)
{
    if (registry->count == registry->room) {
        size_t room = registry->room ? registry->room * 2 : 256;
        wijk_indicator *bigger = wijk_realloc(registry->indicators, room * sizeof *bigger);
        if (!bigger) {
            return WIJK_ENOMEM;
        }
        registry->indicators = bigger;
        registry->room = room;
    }
    registry->max_id = it.id > registry->max_id ? it.id : registry->max_id;
    registry->indicators[registry->count] = it;
    return wijk_map_set(registry->by_code, it.code, strlen(it.code), (int64_t)registry->count++);
}

static const char *keep(const wijk_registry *registry, wijk_stmt *stmt, int column, int *rc)
{
    const char *copy = wijk_arena_strdup(registry->arena, wijk_col_text(stmt, column));
    *rc = copy ? *rc : WIJK_ENOMEM;
    return copy;
}

static wijk_indicator from_file(const wijk_registry *registry, wijk_stmt *stmt, int *rc)
{
    wijk_indicator it = {
        .id = (int)wijk_col_int(stmt, 0),
        .code = keep(registry, stmt, 1, rc),
        .theme = keep(registry, stmt, 2, rc),
        .label = {keep(registry, stmt, 3, rc), keep(registry, stmt, 4, rc)},
        .unit = keep(registry, stmt, 5, rc),
        .decimals = (int)wijk_col_int(stmt, 6),
        .direction = parse_direction(wijk_col_text(stmt, 7)),
        .kind = keep(registry, stmt, 8, rc),
        .base = keep(registry, stmt, 9, rc),
        .joining = parse_joining(wijk_col_text(stmt, 10)),
        .origin = (int)wijk_col_int(stmt, 11),
        .disclosure = keep(registry, stmt, 12, rc),
        .reliability = keep(registry, stmt, 13, rc),
        .own = (int)wijk_col_int(stmt, 14),
        .definition = {"", ""},
        .caution = {"", ""},
        .source_hint = "",
    };
    return it;
}

/* Indicators of the CSV get the ids of the file (0 when a reading file is older than the CSV);
 * rows that the CSV does not know are the coalition's own and follow. */
static int read_indicators(wijk_registry *registry, wijk_store *store)
{
    const wijk_table *csv = registry->indicators_csv;
    int rc = WIJK_OK;
    for (size_t row = 0; !rc && row < wijk_table_rows(csv); row++) {
        rc = add_indicator(registry, from_csv(csv, row));
    }
    if (rc || !store) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT id,code,theme,nl,en,unit,decimals,direction,kind,base,joining,origin,"
               "disclosure,reliability,own FROM indicator ORDER BY id");
    int step = 0;
    while (!rc && (step = wijk_step(stmt)) == 1) {
        const char *code = wijk_col_text(stmt, 1);
        int64_t at;
        if (wijk_map_get(registry->by_code, code, strlen(code), &at)) {
            registry->indicators[at].id = (int)wijk_col_int(stmt, 0);
            registry->indicators[at].own = (int)wijk_col_int(stmt, 14);
            int id = registry->indicators[at].id;
            registry->max_id = id > registry->max_id ? id : registry->max_id;
        } else {
            wijk_indicator it = from_file(registry, stmt, &rc);
            rc = rc ? rc : add_indicator(registry, it);
        }
    }
    wijk_reset(stmt);
    return rc ? rc : step;
}

static int read_rules(wijk_registry *registry)
{
    const wijk_table *d = registry->disclosure_csv, *r = registry->reliability_csv;
    size_t n = wijk_table_rows(d), m = wijk_table_rows(r);
    registry->disclosures = wijk_arena_alloc(registry->arena, n * sizeof *registry->disclosures);
    registry->reliabilities =
        wijk_arena_alloc(registry->arena, m * sizeof *registry->reliabilities);
    if (!registry->disclosures || !registry->reliabilities) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        registry->disclosures[i] = (wijk_disclosure_rule){
            .code = wijk_table_get(d, i, "code"),
            .base = wijk_table_get(d, i, "base"),
            .text = {wijk_table_get(d, i, "nl"), wijk_table_get(d, i, "en")},
            .min_base = wijk_table_number(d, i, "min_base", 0),
            .round_to = wijk_table_number(d, i, "round_to", 0),
            .clamp_low = wijk_table_number(d, i, "clamp_low", NAN),
            .clamp_high = wijk_table_number(d, i, "clamp_high", NAN),
        };
    }
    for (size_t i = 0; i < m; i++) {
        const wijk_indicator *base = wijk_indicator_by_code(registry, wijk_table_get(r, i, "base"));
        registry->reliabilities[i] = (wijk_reliability_rule){
            .code = wijk_table_get(r, i, "code"),
            .text = {wijk_table_get(r, i, "nl"), wijk_table_get(r, i, "en")},
            .grey_below = wijk_table_number(r, i, "grey_below", NAN),
            .base_id = base ? base->id : 0,
            .max_age = (int)wijk_table_number(r, i, "max_age_years", 0),
            .modelled = (int)wijk_table_number(r, i, "modelled", 0),
        };
    }
    return WIJK_OK;
}

/* Everything that is found by an indicator's id, and ids in place of codes. */
static int link_indicators(wijk_registry *registry)
{
    size_t ids = (size_t)registry->max_id + 1;
    registry->by_id = wijk_arena_alloc(registry->arena, ids * sizeof(void *));
    registry->disclosure_of = wijk_arena_alloc(registry->arena, ids * sizeof(void *));
    registry->reliability_of = wijk_arena_alloc(registry->arena, ids * sizeof(void *));
    registry->is_base = wijk_arena_alloc(registry->arena, ids);
    if (!registry->by_id || !registry->disclosure_of || !registry->reliability_of ||
        !registry->is_base) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < wijk_table_rows(registry->reliability_csv); k++) {
        int base_id = registry->reliabilities[k].base_id;
        if (base_id > 0) {
            registry->is_base[base_id] = 1;
        }
    }
    for (size_t i = 0; i < registry->count; i++) {
        wijk_indicator *it = &registry->indicators[i];
        const wijk_indicator *base = wijk_indicator_by_code(registry, it->base);
        it->base_id = base ? base->id : 0;
        if (i < wijk_table_rows(registry->indicators_csv)) {
            const wijk_indicator *numerator = wijk_indicator_by_code(
                registry, wijk_table_get(registry->indicators_csv, i, "numerator"));
            it->numerator_id = numerator ? numerator->id : 0;
        }
        for (size_t k = 0; k < wijk_table_rows(registry->reliability_csv); k++) {
            it->modelled |= registry->reliabilities[k].modelled &&
                            !strcmp(registry->reliabilities[k].code, it->reliability);
        }
        if (it->id <= 0) {
            continue;
        }
        registry->by_id[it->id] = it;
        for (size_t k = 0; k < wijk_table_rows(registry->disclosure_csv); k++) {
            if (!strcmp(registry->disclosures[k].code, it->disclosure)) {
                registry->disclosure_of[it->id] = &registry->disclosures[k];
            }
        }
        for (size_t k = 0; k < wijk_table_rows(registry->reliability_csv); k++) {
            if (!strcmp(registry->reliabilities[k].code, it->reliability)) {
                registry->reliability_of[it->id] = &registry->reliabilities[k];
            }
        }
        registry->has_own |= it->own;
    }
    return WIJK_OK;
}

static int count_rows(size_t *out, wijk_stmt *stmt)
{
    int64_t n;
    int rc = wijk_run_int(&n, stmt, 0);
    *out = rc ? 0 : (size_t)n;
    return rc;
}

/* The smallest count that a source publishes: a row of data/sources.csv, or none for own files. */
static double least_of(const wijk_registry *registry, const char *code)
{
    const wijk_table *csv = registry->sources_csv;
    for (size_t row = 0; row < wijk_table_rows(csv); row++) {
        if (!strcmp(wijk_table_get(csv, row, "code"), code)) {
            return wijk_table_number(csv, row, "least", 0);
        }
    }
    return 0;
}

static int read_loads(wijk_registry *registry, wijk_store *store)
{
    size_t room;
    int rc = count_rows(&room, wijk_store_sql(store, "SELECT count(*) FROM load"));
    registry->loads = rc ? NULL : wijk_arena_alloc(registry->arena, room * sizeof *registry->loads);
    if (!registry->loads) {
        return rc ? rc : WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT l.id,s.code,s.publisher,s.title_nl,s.title_en,s.licence,s.address,s.nature,"
               "l.file,l.sha256,l.loaded_at,s.rank,l.superseded_by IS NULL "
               "FROM load l JOIN source s ON s.id=l.source_id ORDER BY l.id");
    unsigned long long mixed = 0;
    int step = 0;
    while (!rc && (step = wijk_step(stmt)) == 1 && registry->load_count < room) {
        wijk_load_info *at = &registry->loads[registry->load_count++];
        *at = (wijk_load_info){
            .id = wijk_col_int(stmt, 0),
            .code = keep(registry, stmt, 1, &rc),
            .publisher = keep(registry, stmt, 2, &rc),
            .title = {keep(registry, stmt, 3, &rc), keep(registry, stmt, 4, &rc)},
            .licence = keep(registry, stmt, 5, &rc),
            .address = keep(registry, stmt, 6, &rc),
            .nature = keep(registry, stmt, 7, &rc),
            .file = keep(registry, stmt, 8, &rc),
            .sha256 = keep(registry, stmt, 9, &rc),
            .loaded_at = keep(registry, stmt, 10, &rc),
            .rank = (int)wijk_col_int(stmt, 11),
            .current = (int)wijk_col_int(stmt, 12),
        };
        at->least = rc ? 0 : least_of(registry, at->code);
        if (!rc) {
            /* The hashes are random bits already: their sum does not depend on the order. */
            char head[17] = "";
            snprintf(head, sizeof head, "%.16s", at->sha256);
            mixed += strtoull(head, NULL, 16);
            registry->has_own |= !strcmp(at->nature, "own");
        }
    }
    wijk_reset(stmt);
    snprintf(registry->fingerprint, sizeof registry->fingerprint, "%016llx", mixed);
    return rc ? rc : step;
}

static int read_series(wijk_registry *registry, wijk_store *store)
{
    size_t room;
    int rc = count_rows(&room, wijk_store_sql(store, "SELECT count(*) FROM series"));
    registry->series =
        rc ? NULL : wijk_arena_alloc(registry->arena, room * sizeof *registry->series);
    if (!registry->series) {
        return rc ? rc : WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT indicator_id,level,vintage,period,areas,mean,p10,p25,p50,p75,p90 "
               "FROM series ORDER BY indicator_id,level,vintage,period");
    int step = 0;
    while (registry->series_count < room && (step = wijk_step(stmt)) == 1) {
        wijk_series *at = &registry->series[registry->series_count++];
        *at = (wijk_series){.indicator = (int)wijk_col_int(stmt, 0),
                            .level = (enum wijk_level)wijk_col_int(stmt, 1),
                            .vintage = (int)wijk_col_int(stmt, 2),
                            .period = (int)wijk_col_int(stmt, 3),
                            .areas = (int)wijk_col_int(stmt, 4),
                            .mean = wijk_col_double(stmt, 5),
                            .p10 = wijk_col_double(stmt, 6),
                            .p25 = wijk_col_double(stmt, 7),
                            .p50 = wijk_col_double(stmt, 8),
                            .p75 = wijk_col_double(stmt, 9),
                            .p90 = wijk_col_double(stmt, 10)};
        int year = wijk_period_year(at->period);
        registry->newest_year = year > registry->newest_year ? year : registry->newest_year;
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static int index_series(wijk_registry *registry)
{
    size_t ids = (size_t)registry->max_id + 2, at = 0;
    registry->series_first = wijk_arena_alloc(registry->arena, ids * sizeof(size_t));
    for (size_t id = 0; registry->series_first && id < ids; id++) {
        while (at < registry->series_count && registry->series[at].indicator < (int)id) {
            at++;
        }
        registry->series_first[id] = at;
    }
    return registry->series_first ? WIJK_OK : WIJK_ENOMEM;
}

/* Distinct indicators of a level and vintage that at least half of `most` areas have. */
static int national_indicators(const wijk_registry *registry, int level, int vintage, int most)
{
    int count = 0, last = 0;
    for (size_t i = 0; i < registry->series_count; i++) {
        const wijk_series *it = &registry->series[i];
        if ((int)it->level == level && it->vintage == vintage && it->areas * 2 >= most &&
            it->indicator != last) {
            last = it->indicator;
            count++;
        }
    }
    return count;
}

/* A new map with little on it yet must not hide the older one that is full. */
static void choose_vintages(wijk_registry *registry)
{
    for (int level = 0; level < WIJK_LEVELS; level++) {
        int most = 0, best = 0, seen[64] = {0}, richness[64] = {0}, n = 0;
        for (size_t i = 0; i < registry->series_count; i++) {
            const wijk_series *it = &registry->series[i];
            most = (int)it->level == level && it->areas > most ? it->areas : most;
        }
        registry->areas[level] = most;
        for (size_t i = 0; i < registry->series_count; i++) {
            const wijk_series *it = &registry->series[i];
            int k = 0;
            while (k < n && seen[k] != it->vintage) {
                k++;
            }
            if ((int)it->level != level || k < n || n == 64) {
                continue;
            }
            seen[n] = it->vintage;
            richness[n] = national_indicators(registry, level, it->vintage, most);
            best = richness[n] > best ? richness[n] : best;
            n++;
        }
        for (int k = 0; k < n; k++) {
            if (richness[k] * 20 >= best && seen[k] > registry->vintages[level]) {
                registry->vintages[level] = seen[k];
            }
        }
    }
}

int wijk_registry_areas(const wijk_registry *registry, enum wijk_level level)
{
    return registry->areas[level];
}

int wijk_level_vintage(const wijk_registry *registry, enum wijk_level level)
{
    return (unsigned)level < WIJK_LEVELS ? registry->vintages[level] : 0;
}

int wijk_registry_open(wijk_registry **out, wijk_store *store)
{
    *out = NULL;
    wijk_registry *registry = wijk_alloc(sizeof *registry);
    if (!registry) {
        return WIJK_ENOMEM;
    }
    int rc = wijk_arena_new(&registry->arena, 0);
    rc = rc ? rc : wijk_map_new(&registry->by_code);
    rc = rc ? rc : wijk_table_asset(&registry->indicators_csv, "data/indicators.csv");
    rc = rc ? rc : wijk_table_asset(&registry->disclosure_csv, "data/disclosure.csv");
    rc = rc ? rc : wijk_table_asset(&registry->reliability_csv, "data/reliability.csv");
    rc = rc ? rc : wijk_table_asset(&registry->sources_csv, "data/sources.csv");
    rc = rc || !store || !wijk_store_writes(store) ? rc : sync_indicators(registry, store);
    rc = rc ? rc : read_indicators(registry, store);
    rc = rc ? rc : read_rules(registry);
    rc = rc ? rc : link_indicators(registry);
    rc = rc || !store ? rc : read_loads(registry, store);
    rc = rc || !store ? rc : read_series(registry, store);
    rc = rc ? rc : index_series(registry);
    if (rc) {
        wijk_registry_free(registry);
        return rc;
    }
    choose_vintages(registry);
    *out = registry;
    return WIJK_OK;
}

void wijk_registry_free(wijk_registry *registry)
{
    if (registry) {
        wijk_table_free(registry->indicators_csv);
        wijk_table_free(registry->disclosure_csv);
        wijk_table_free(registry->reliability_csv);
        wijk_table_free(registry->sources_csv);
        wijk_map_free(registry->by_code);
        wijk_free(registry->indicators);
        wijk_arena_free(registry->arena);
        wijk_kept_free(registry->kept);
        wijk_free(registry);
    }
}

int wijk_registry_keep(wijk_registry *registry, size_t bytes)
{
    wijk_kept_free(registry->kept);
    return wijk_kept_new(&registry->kept, bytes);
}

wijk_kept *wijk_registry_kept(const wijk_registry *registry)
{
    return registry->kept;
}

const wijk_indicator *wijk_indicator_by_id(const wijk_registry *registry, int id)
{
    return id > 0 && id <= registry->max_id ? registry->by_id[id] : NULL;
}

const wijk_indicator *wijk_indicator_by_code(const wijk_registry *registry, const char *code)
{
    int64_t at;
    return wijk_map_get(registry->by_code, code, strlen(code), &at) ? &registry->indicators[at]
                                                                    : NULL;
}

size_t wijk_indicator_count(const wijk_registry *registry)
{
    return registry->count;
}

const wijk_indicator *wijk_indicator_at(const wijk_registry *registry, size_t i)
{
    return i < registry->count ? &registry->indicators[i] : NULL;
}

const wijk_load_info *wijk_load_by_id(const wijk_registry *registry, int64_t id)
{
    size_t low = 0, high = registry->load_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (registry->loads[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < registry->load_count && registry->loads[low].id == id ? &registry->loads[low]
                                                                       : NULL;
}

static int compare_series(const wijk_series *a, const wijk_series *b)
{
    int order = (a->indicator > b->indicator) - (a->indicator < b->indicator);
    order = order ? order : (a->level > b->level) - (a->level < b->level);
    order = order ? order : (a->vintage > b->vintage) - (a->vintage < b->vintage);
    return order ? order : (a->period > b->period) - (a->period < b->period);
}

const wijk_series *wijk_series_of(size_t *count, const wijk_registry *registry, int indicator)
{
    *count = 0;
    if (indicator <= 0 || indicator > registry->max_id) {
        return NULL;
    }
    size_t first = registry->series_first[indicator];
    *count = registry->series_first[indicator + 1] - first;
    return *count ? &registry->series[first] : NULL;
}

const wijk_series *wijk_series_find(const wijk_registry *registry, int indicator,
                                    enum wijk_level level, int vintage, int period)
{
    wijk_series key = {
        .indicator = indicator, .level = level, .vintage = vintage, .period = period};
    size_t count, low = 0;
    const wijk_series *all = wijk_series_of(&count, registry, indicator);
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (compare_series(&all[middle], &key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && !compare_series(&all[low], &key) ? &all[low] : NULL;
}

const char *wijk_registry_fingerprint(const wijk_registry *registry)
{
    return registry->fingerprint;
}

const wijk_disclosure_rule *wijk_registry_disclosure(const wijk_registry *registry, int indicator)
{
    return indicator > 0 && indicator <= registry->max_id ? registry->disclosure_of[indicator]
                                                          : NULL;
}

const wijk_reliability_rule *wijk_registry_reliability(const wijk_registry *registry, int indicator)
{
    return indicator > 0 && indicator <= registry->max_id ? registry->reliability_of[indicator]
                                                          : NULL;
}

int wijk_registry_is_base(const wijk_registry *registry, int indicator)
{
    return indicator > 0 && indicator <= registry->max_id && registry->is_base[indicator];
}

int wijk_registry_has_own(const wijk_registry *registry)
{
    return registry->has_own;
}

int wijk_registry_is_own(const wijk_registry *registry, int indicator, int64_t load)
{
    if (!registry->has_own) {
        return 0;
    }
    const wijk_indicator *it = wijk_indicator_by_id(registry, indicator);
    const wijk_load_info *info = wijk_load_by_id(registry, load);
    return (it && it->own) || (info && !strcmp(info->nature, "own"));
}

int wijk_registry_newest_year(const wijk_registry *registry)
{
    return registry->newest_year;
}

int wijk_registry_max_id(const wijk_registry *registry)
{
    return registry->max_id;
}
