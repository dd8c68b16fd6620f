/* Values for an area in which they were not published, from the areas of another division that
 * overlap it: counts are handed out by the share of people, means are averaged over people. The
 * band is what such a conversion was measured to be off (links.c, docs/model/overlay.md), plus what
 * the publisher's rounding hides. */
#include "areas/links.h"
#include "areas/registry.h"
#include "wijk/geo.h"

#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST_COVER = 0.8; /* of the people of the target */

typedef struct { /* a published cell of a source area */
    int indicator, period;
    double value, half;
    int64_t load;
} published;

typedef struct {
    int64_t id;
    double share_to, share_from;
    int level, vintage, fictional;
    const published *rows; /* its cells by indicator and period; NULL when not read */
    size_t count;
} source;

typedef struct { /* one period of one indicator from one division, while it is added up */
    int period, count;
    double sum, half, covered, largest;
    int64_t largest_id, load;
    unsigned flags;
} tally;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    source *sources;
    size_t source_count;
    tally *tallies;
    size_t tally_count, tally_room;
    wijk_converted *out;
    size_t count, room;
    double people; /* of the target; 0 when unknown: the widest band */
} converter;

/* Room for one more element in an arena array; the old one stays until the arena goes. */
static void *more(wijk_arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    size_t want = *room ? *room * 2 : 32;
    void *bigger = wijk_arena_alloc(arena, want * size);
    if (bigger && count) {
        memcpy(bigger, items, count * size);
    }
    *room = bigger ? want : *room;
    return bigger;
}

static int read_sources(converter *c, int64_t to)
{
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT l.from_id, l.share_to, l.share_from, a.level, a.vintage, a.fictional"
                  " FROM area_link l JOIN area a ON a.id = l.from_id"
                  " WHERE l.to_id = ?1 AND l.kind = 2 ORDER BY a.level, a.vintage, l.from_id");
    size_t room = 0;
    wijk_bind_int(stmt, 1, to);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        c->sources = more(c->arena, c->sources, c->source_count, &room, sizeof *c->sources);
        if (!c->sources) {
            wijk_reset(stmt);
            return WIJK_ENOMEM;
        }
        c->sources[c->source_count++] = (source){.id = wijk_col_int(stmt, 0),
                                                 .share_to = wijk_col_double(stmt, 1),
                                                 .share_from = wijk_col_double(stmt, 2),
                                                 .level = (int)wijk_col_int(stmt, 3),
                                                 .vintage = (int)wijk_col_int(stmt, 4),
                                                 .fictional = (int)wijk_col_int(stmt, 5)};
    }
    return rc;
}

static int read_people(converter *c, int64_t to)
{
    const wijk_indicator *population = wijk_indicator_by_code(c->registry, "population");
    if (!population) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT CAST(value AS INTEGER) FROM observation WHERE area_id = ?1"
                  " AND indicator_id = ?2 AND mark = 0 ORDER BY period DESC, load_id DESC LIMIT 1");
    int64_t people = 0;
    wijk_bind_int(stmt, 1, to);
    wijk_bind_int(stmt, 2, population->id);
    int rc = wijk_run_int(&people, stmt, 0);
    c->people = (double)people;
    return rc;
}

/* ---- adding up one division ------------------------------------------------------------- */

typedef struct { /* the winning figure of one source area, indicator and period */
    int period;
    double value, half;
    int64_t load;
    int rank;
} figure;

static int add_figure(converter *c, const wijk_indicator *of, const source *from, const figure *won)
{
    tally *at = c->tallies;
    size_t i = 0;
    while (i < c->tally_count && at[i].period != won->period) {
        i++;
    }
    if (i == c->tally_count) {
        c->tallies = more(c->arena, c->tallies, c->tally_count, &c->tally_room, sizeof *at);
        if (!c->tallies) {
            return WIJK_ENOMEM;
        }
        c->tallies[c->tally_count++] = (tally){.period = won->period, .largest = -1};
    }
    at = &c->tallies[i];
    double share = of->joining == WIJK_JOIN_SUM ? from->share_from : from->share_to;
    at->sum += share * won->value;
    at->half += share * fmax(won->half, 0);
    at->covered += from->share_to;
    at->count++;
    at->flags |= from->fictional ? WIJK_FICTIONAL : 0u;
    const wijk_load_info *load = wijk_load_by_id(c->registry, won->load);
    int modelled = of->modelled || (load && !strcmp(load->nature, "modelled"));
    at->flags |= modelled ? WIJK_MODELLED : 0u;
    if (from->share_to > at->largest) {
        at->largest = from->share_to;
        at->largest_id = from->id;
        at->load = won->load;
    }
    return WIJK_OK;
}

/* A coalition's exact count never leaves as it is: what layer_value shows of it is used instead. */
static int protect(figure *won, int *there, converter *c, const source *from, int indicator)
{
    *there = 1;
    if (!wijk_registry_is_own(c->registry, indicator, won->load)) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT value FROM layer_value WHERE indicator_id = ?1 AND level = ?2"
                  " AND vintage = ?3 AND period = ?4 AND area_id = ?5");
    const int64_t key[] = {indicator, from->level, from->vintage, won->period, from->id};
    for (int i = 0; i < 5; i++) {
        wijk_bind_int(stmt, i + 1, key[i]);
    }
    int rc = wijk_step(stmt);
    *there = rc == 1;
    if (rc == 1) {
        won->value = wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

static int settle(converter *c, const wijk_indicator *of, const source *from, figure *won)
{
    int there = 0;
    int rc = won->period ? protect(won, &there, c, from, of->id) : WIJK_OK;
    return rc || !there ? rc : add_figure(c, of, from, won);
}

/* Takes the next cell of an indicator, in order of period; of several loads for a period the one of
 * highest rank counts. */
static int take_cell(converter *c, const wijk_indicator *of, const source *from, figure *won,
                     figure next)
{
    const wijk_load_info *load = wijk_load_by_id(c->registry, next.load);
    if (!load || !load->current) {
        return WIJK_OK;
    }
    next.rank = load->rank;
    int rc = WIJK_OK;
    if (next.period != won->period) {
        rc = settle(c, of, from, won);
        *won = next;
    } else if (next.rank > won->rank || (next.rank == won->rank && next.load > won->load)) {
        *won = next;
    }
    return rc;
}

static int add_source(converter *c, const wijk_indicator *of, const source *from)
{
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT period, value, half, load_id FROM observation"
                  " WHERE area_id = ?1 AND indicator_id = ?2 AND mark = 0 ORDER BY period");
    wijk_bind_int(stmt, 1, from->id);
    wijk_bind_int(stmt, 2, of->id);
    figure won = {0};
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        rc = take_cell(c, of, from, &won,
                       (figure){.period = (int)wijk_col_int(stmt, 0),
                                .value = wijk_col_double(stmt, 1),
                                .half = wijk_col_double(stmt, 2),
                                .load = wijk_col_int(stmt, 3)});
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return rc ? rc : settle(c, of, from, &won);
}

/* ---- many indicators at once --------------------------------------------------------------- */

/* Beyond this many indicators, reading all cells of a source in one go beats asking one by one. */
enum { MANY = 8 };

static int read_source(converter *c, source *from)
{
    published *rows = NULL;
    size_t count = 0, room = 0;
    wijk_stmt *stmt =
        wijk_store_sql(c->store, "SELECT indicator_id, period, value, half, load_id FROM "
                                 "observation WHERE area_id = ?1 AND mark = 0");
    wijk_bind_int(stmt, 1, from->id);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        rows = more(c->arena, rows, count, &room, sizeof *rows);
        if (!rows) {
            wijk_reset(stmt);
            return WIJK_ENOMEM;
        }
        rows[count++] = (published){.indicator = (int)wijk_col_int(stmt, 0),
                                    .period = (int)wijk_col_int(stmt, 1),
                                    .value = wijk_col_double(stmt, 2),
                                    .half = wijk_col_double(stmt, 3),
                                    .load = wijk_col_int(stmt, 4)};
    }
    if (!rc) {
        wijk_kept_add(wijk_registry_kept(c->registry), WIJK_KEPT_CELLS, from->id, rows, count,
                      sizeof *rows);
        static const published none;
        from->rows = rows ? rows : &none;
        from->count = count;
    }
    return rc;
}

/* The cells of the sources: those that are kept, and with `all` also the others. */
static int read_rows(converter *c, int all)
{
    wijk_kept *kept = wijk_registry_kept(c->registry);
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < c->source_count; i++) {
        source *from = &c->sources[i];
        from->rows = wijk_kept_find(&from->count, kept, WIJK_KEPT_CELLS, from->id);
        rc = from->rows || !all ? WIJK_OK : read_source(c, from);
    }
    return rc;
}

/* The same as add_source from the cells in memory, which lie by indicator and period. */
static int add_rows(converter *c, const wijk_indicator *of, const source *from)
{
    const published *rows = from->rows;
    size_t low = 0, high = from->count, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle].indicator < of->id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    figure won = {0};
    int rc = WIJK_OK;
    for (; !rc && low < end && rows[low].indicator == of->id; low++) {
        const published *at = &rows[low];
        rc = take_cell(
            c, of, from, &won,
            (figure){.period = at->period, .value = at->value, .half = at->half, .load = at->load});
    }
    return rc ? rc : settle(c, of, from, &won);
}

/* ---- results ---------------------------------------------------------------------------- */

typedef struct { /* a row of conversion_error */
    int indicator;
    double from_people, p90;
} measured;

/* All that was measured, once for many pages. */
static int keep_errors(converter *c, wijk_kept *kept)
{
    measured *all = NULL;
    size_t count = 0, room = 0;
    wijk_stmt *stmt = wijk_store_sql(c->store, "SELECT indicator_id, size_class, p90 FROM "
                                               "conversion_error ORDER BY 1, 2");
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        all = more(c->arena, all, count, &room, sizeof *all);
        if (!all) {
            wijk_reset(stmt);
            return WIJK_ENOMEM;
        }
        all[count++] = (measured){(int)wijk_col_int(stmt, 0), wijk_col_double(stmt, 1),
                                  wijk_col_double(stmt, 2)};
    }
    if (!rc) {
        wijk_kept_add(kept, WIJK_KEPT_ERRORS, 0, all, count, sizeof *all);
    }
    return rc;
}

/* The error in the largest class that the target reaches; NAN when none was measured. */
static double find_error(const measured *all, size_t count, int indicator, double people)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].indicator < indicator ||
            (all[middle].indicator == indicator && all[middle].from_people <= people)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low && all[low - 1].indicator == indicator ? all[low - 1].p90 : NAN;
}

static int read_error(double *error, converter *c, int indicator)
{
    wijk_kept *kept = wijk_registry_kept(c->registry);
    size_t count;
    const measured *all = wijk_kept_find(&count, kept, WIJK_KEPT_ERRORS, 0);
    if (kept && !all) {
        int rc = keep_errors(c, kept);
        if (rc) {
            return rc;
        }
        all = wijk_kept_find(&count, kept, WIJK_KEPT_ERRORS, 0);
    }
    if (all) {
        *error = find_error(all, count, indicator, c->people);
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT p90 FROM conversion_error WHERE indicator_id = ?1 AND size_class <= ?2"
                  " ORDER BY size_class DESC LIMIT 1");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_double(stmt, 2, c->people);
    int rc = wijk_step(stmt);
    *error = rc == 1 ? wijk_col_double(stmt, 0) : NAN;
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

static void set_band(wijk_converted *value, const wijk_indicator *of, double error, double half)
{
    double off = (of->joining == WIJK_JOIN_SUM ? error * fabs(value->value) : error) + half;
    value->low = value->value - off;
    value->high = value->value + off;
    int never_negative = strcmp(of->kind, "score") != 0; /* nor can a distance or a price be */
    if (never_negative && value->low < 0 && value->value >= 0) {
        value->low = 0;
    }
    if (!strcmp(of->unit, "percent") && value->high > 100 && value->value <= 100) {
        value->high = 100;
    }
}

/* The place in `out` (from `first` on) for this period: a new one, or that of a worse cover. */
static int keep(converter *c, size_t first, const wijk_converted *value)
{
    size_t i = first;
    while (i < c->count && c->out[i].period < value->period) {
        i++;
    }
    if (i < c->count && c->out[i].period == value->period) {
        if (value->covered > c->out[i].covered) {
            c->out[i] = *value;
        }
        return WIJK_OK;
    }
    c->out = more(c->arena, c->out, c->count, &c->room, sizeof *c->out);
    if (!c->out) {
        return WIJK_ENOMEM;
    }
    memmove(c->out + i + 1, c->out + i, (c->count - i) * sizeof *c->out);
    c->out[i] = *value;
    c->count++;
    return WIJK_OK;
}

static int keep_tallies(converter *c, const wijk_indicator *of, const source *division,
                        size_t first, double *error)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < c->tally_count; i++) {
        const tally *at = &c->tallies[i];
        if (at->covered < LEAST_COVER) {
            continue;
        }
        if (isinf(*error)) {
            rc = read_error(error, c, of->id);
        }
        double scale = of->joining == WIJK_JOIN_SUM ? 1 : 1 / at->covered;
        wijk_converted value = {.indicator = of->id,
                                .period = at->period,
                                .value = at->sum * scale,
                                .covered = fmin(at->covered, 1),
                                .from_level = (enum wijk_level)division->level,
                                .from_vintage = division->vintage,
                                .from_count = at->count,
                                .largest = at->largest_id,
                                .load = at->load,
                                .flags = at->flags};
        set_band(&value, of, *error, at->half * scale);
        rc = rc ? rc : keep(c, first, &value);
    }
    return rc;
}

static int has_series(const wijk_registry *registry, int indicator, const source *division)
{
    size_t count;
    const wijk_series *series = wijk_series_of(&count, registry, indicator);
    for (size_t i = 0; i < count; i++) {
        if ((int)series[i].level == division->level && series[i].vintage == division->vintage) {
            return 1;
        }
    }
    return 0;
}

static int convert_one(converter *c, int indicator)
{
    const wijk_indicator *of = wijk_indicator_by_id(c->registry, indicator);
    if (!of || !wijk_can_convert(c->registry, of)) {
        return WIJK_OK;
    }
    size_t first = c->count;
    double error = INFINITY; /* not read yet */
    int rc = WIJK_OK;
    for (size_t i = 0, end; !rc && i < c->source_count; i = end) {
        const source *division = &c->sources[i];
        for (end = i + 1; end < c->source_count && c->sources[end].level == division->level &&
                          c->sources[end].vintage == division->vintage;) {
            end++;
        }
        if (!has_series(c->registry, indicator, division)) {
            continue;
        }
        c->tally_count = 0;
        for (size_t k = i; !rc && k < end; k++) {
            const source *from = &c->sources[k];
            rc = from->rows ? add_rows(c, of, from) : add_source(c, of, from);
        }
        rc = rc ? rc : keep_tallies(c, of, division, first, &error);
    }
    return rc;
}

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int wijk_geo_convert(wijk_converted **out, size_t *count, wijk_store *store,
                     const wijk_registry *registry, wijk_arena *arena, int64_t to,
                     const int *indicators, size_t n)
{
    converter c = {.store = store, .registry = registry, .arena = arena};
    *out = NULL;
    *count = 0;
    int rc = read_sources(&c, to);
    if (rc || !c.source_count) {
        return rc;
    }
    int *sorted = wijk_arena_alloc(arena, n * sizeof *sorted);
    if (!sorted) {
        return WIJK_ENOMEM;
    }
    memcpy(sorted, indicators, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, ascending);
    rc = read_people(&c, to);
    rc = rc ? rc : read_rows(&c, n > MANY);
    for (size_t i = 0; !rc && i < n; i++) {
        if (!i || sorted[i] != sorted[i - 1]) {
            rc = convert_one(&c, sorted[i]);
        }
    }
    *out = rc ? NULL : c.out;
    *count = rc ? 0 : c.count;
    return rc;
}

/* ---- kept conversions -------------------------------------------------------------------- */

static int keep_gemeente(wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                         int64_t gemeente, const int *indicators, size_t n)
{
    wijk_converted *converted;
    size_t count;
    int rc = wijk_geo_convert(&converted, &count, store, registry, arena, gemeente, indicators, n);
    for (size_t i = 0; !rc && i < count; i++) {
        wijk_stmt *stmt = wijk_store_sql(store, "INSERT INTO converted(area_id, indicator_id, "
                                                "period, value) VALUES (?1, ?2, ?3, ?4)");
        wijk_bind_int(stmt, 1, gemeente);
        wijk_bind_int(stmt, 2, converted[i].indicator);
        wijk_bind_int(stmt, 3, converted[i].period);
        wijk_bind_double(stmt, 4, converted[i].value);
        rc = wijk_run(stmt);
    }
    return rc;
}

static int keep_all(wijk_store *store, const wijk_registry *registry, wijk_arena *list,
                    const int *indicators, size_t n, wijk_ctx *ctx)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT id FROM area WHERE level = 1 AND id IN "
                                            "(SELECT to_id FROM area_link WHERE kind = 2)");
    int64_t *ids = NULL;
    size_t count = 0, room = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        ids = more(list, ids, count, &room, sizeof *ids);
        if (!ids) {
            wijk_reset(stmt);
            return WIJK_ENOMEM;
        }
        ids[count++] = wijk_col_int(stmt, 0);
    }
    wijk_arena *scratch = NULL;
    rc = rc ? rc : wijk_arena_new(&scratch, 0);
    rc = rc ? rc : wijk_run(wijk_store_sql(store, "DELETE FROM converted"));
    for (size_t i = 0; !rc && i < count; i++) {
        wijk_arena_reset(scratch);
        rc = wijk_checkpoint(ctx);
        rc = rc ? rc : keep_gemeente(store, registry, scratch, ids[i], indicators, n);
    }
    wijk_arena_free(scratch);
    return rc;
}

int wijk_geo_derive_converted(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    wijk_arena *list;
    int rc = wijk_arena_new(&list, 0);
    int *indicators =
        rc ? NULL : wijk_arena_alloc(list, wijk_indicator_count(registry) * sizeof *indicators);
    size_t n = 0;
    for (size_t i = 0; indicators && i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(registry, i);
        if (it->id > 0 && !strcmp(it->theme, "livability")) {
            indicators[n++] = it->id;
        }
    }
    rc = rc ? rc : indicators ? wijk_begin(store) : WIJK_ENOMEM;
    if (!rc) {
        rc = keep_all(store, registry, list, indicators, n, ctx);
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_arena_free(list);
    return rc;
}
