/* Derived: which value wins for every area, indicator and period, and how it spreads over its
 * layer. Facts come out of the table by area; maps want them by indicator. So they are read once in
 * the order they lie, sorted in memory, and written once in the order they will lie. */
#include "load/layers.h"

#include "wijk/disclose.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double value;
    uint32_t area, load;
    int32_t period;
    uint16_t indicator, layer;
} winner;

typedef struct {
    int level, vintage;
} layer;

typedef struct {
    size_t start, count; /* run in winners */
    int period;
} base_run;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_ctx *ctx;
    layer *layers;
    size_t layer_count;
    uint16_t *layer_of; /* by area id */
    size_t area_room;
    int64_t *rank_of; /* by load id: rank × 2^32 + id, 0 when superseded */
    size_t load_room;
    winner *list;
    size_t count, room;
    double *scratch;
    size_t scratch_room;
} work;

/* ---- reading ----------------------------------------------------------------------------- */

static int read_layers(work *w)
{
    int64_t areas = 0, layers = 0;
    int rc = wijk_run_int(&areas, wijk_store_sql(w->store, "SELECT max(id) FROM area"), 0);
    rc = rc ? rc
            : wijk_run_int(&layers,
                           wijk_store_sql(w->store, "SELECT count(*) FROM (SELECT DISTINCT level, "
                                                    "vintage FROM area)"),
                           0);
    if (rc) {
        return rc;
    }
    w->area_room = (size_t)areas + 1;
    w->layer_of = wijk_alloc(w->area_room * sizeof *w->layer_of);
    w->layers = wijk_alloc(((size_t)layers + 1) * sizeof *w->layers);
    if (!w->layer_of || !w->layers) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt =
        wijk_store_sql(w->store, "SELECT id, level, vintage FROM area ORDER BY level, vintage");
    if (!stmt) {
        return WIJK_EDB;
    }
    while ((rc = wijk_step(stmt)) == 1) {
        layer now = {(int)wijk_col_int(stmt, 1), (int)wijk_col_int(stmt, 2)};
        layer *last = w->layer_count ? &w->layers[w->layer_count - 1] : NULL;
        if (!last || last->level != now.level || last->vintage != now.vintage) {
            w->layers[w->layer_count++] = now;
        }
        w->layer_of[wijk_col_int(stmt, 0)] = (uint16_t)(w->layer_count - 1);
    }
    return rc;
}

static int read_ranks(work *w)
{
    int64_t loads = 0;
    int rc = wijk_run_int(&loads, wijk_store_sql(w->store, "SELECT max(id) FROM load"), 0);
    w->load_room = (size_t)loads + 1;
    w->rank_of = rc ? NULL : wijk_alloc(w->load_room * sizeof *w->rank_of);
    wijk_stmt *stmt =
        wijk_store_sql(w->store, "SELECT load.id, source.rank FROM load JOIN source ON source.id = "
                                 "load.source_id WHERE superseded_by IS NULL");
    if (!w->rank_of || !stmt) {
        return rc ? rc : w->rank_of ? WIJK_EDB : WIJK_ENOMEM;
    }
    while ((rc = wijk_step(stmt)) == 1) {
        int64_t id = wijk_col_int(stmt, 0);
        w->rank_of[id] = ((wijk_col_int(stmt, 1) + 1) << 32) + id;
    }
    return rc;
}

static int add_winner(work *w, winner now)
{
    winner *last = w->count ? &w->list[w->count - 1] : NULL;
    if (last && last->area == now.area && last->indicator == now.indicator &&
        last->period == now.period) {
        if (w->rank_of[now.load] > w->rank_of[last->load]) {
            *last = now;
        }
        return WIJK_OK;
    }
    if (!w->list || w->count == w->room) {
        size_t room = w->room ? w->room + w->room / 2 : 1u << 16;
        winner *list = room > WIJK_MAX_ROWS ? NULL : wijk_realloc(w->list, room * sizeof *list);
        if (!list) {
            return room > WIJK_MAX_ROWS
                       ? wijk_fail(WIJK_ELIMIT, "Meer dan %u cijfers in één bestand.",
                                   "More than %u figures in one file.", WIJK_MAX_ROWS)
                       : WIJK_ENOMEM;
        }
        w->list = list;
        w->room = room;
    }
    w->list[w->count++] = now;
    return WIJK_OK;
}

/* In the order of the table's key, so that rivals for one cell lie side by side. */
static int read_winners(work *w)
{
    wijk_stmt *stmt =
        wijk_store_sql(w->store, "SELECT area_id, indicator_id, period, load_id, value "
                                 "FROM observation WHERE mark = 0 "
                                 "ORDER BY area_id, indicator_id, period, load_id");
    if (!stmt) {
        return WIJK_EDB;
    }
    int rc;
    size_t seen = 0;
    while ((rc = wijk_step(stmt)) == 1) {
        int64_t load = wijk_col_int(stmt, 3);
        if ((size_t)load >= w->load_room || !w->rank_of[load]) {
            continue;
        }
        int64_t area = wijk_col_int(stmt, 0);
        rc = add_winner(w, (winner){.area = (uint32_t)area,
                                    .layer = w->layer_of[area],
                                    .indicator = (uint16_t)wijk_col_int(stmt, 1),
                                    .period = (int32_t)wijk_col_int(stmt, 2),
                                    .load = (uint32_t)load,
                                    .value = wijk_col_double(stmt, 4)});
        if (!rc && ++seen % 65536 == 0) {
            rc = wijk_checkpoint(w->ctx);
        }
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return rc;
}

/* ---- sorting ----------------------------------------------------------------------------- */

static uint32_t digit(const winner *it, int pass)
{
    switch (pass) {
    case 0:
        return it->area & 0xFFFF;
    case 1:
        return it->area >> 16;
    case 2:
        return (uint32_t)it->period & 0xFFFF;
    case 3:
        return (uint32_t)it->period >> 16;
    case 4:
        return it->layer;
    default:
        return it->indicator;
    }
}

/* By (indicator, layer, period, area): the key of layer_value. Stable radix. The winners come in by
 * area, so that the two area passes can be left out at first (`from` 2). */
static int sort(work *w, int from)
{
    winner *other = wijk_alloc((w->count + 1) * sizeof *other);
    uint32_t *starts = wijk_alloc(65536 * sizeof *starts);
    int rc = other && starts ? WIJK_OK : WIJK_ENOMEM;
    for (int pass = from; pass < 6 && !rc && w->count; pass++) {
        memset(starts, 0, 65536 * sizeof *starts);
        for (size_t i = 0; i < w->count; i++) {
            starts[digit(&w->list[i], pass)]++;
        }
        if (starts[digit(&w->list[0], pass)] == w->count) {
            continue;
        }
        for (uint32_t i = 0, sum = 0; i < 65536; i++) {
            uint32_t n = starts[i];
            starts[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < w->count; i++) {
            other[starts[digit(&w->list[i], pass)]++] = w->list[i];
        }
        winner *swap = w->list;
        w->list = other;
        other = swap;
        w->room = w->count + 1;
    }
    wijk_free(other);
    wijk_free(starts);
    return rc;
}

static int same_run(const winner *a, const winner *b)
{
    return a->indicator == b->indicator && a->layer == b->layer && a->period == b->period;
}

static size_t run_end(const work *w, size_t start)
{
    size_t end = start + 1;
    while (end < w->count && same_run(&w->list[start], &w->list[end])) {
        end++;
    }
    return end;
}

/* First winner that is not before (indicator, layer). */
static size_t lower_bound(const work *w, int indicator, int layer_at)
{
    size_t low = 0, high = w->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const winner *it = &w->list[mid];
        int before = it->indicator != indicator ? it->indicator < indicator : it->layer < layer_at;
        low = before ? mid + 1 : low;
        high = before ? high : mid;
    }
    return low;
}

/* ---- the spread -------------------------------------------------------------------------- */

static int year_of(int period)
{
    return period > 9999 ? period / 100 : period;
}

/* The run of a base indicator (people, households, homes) in the same layer that is nearest in
 * time, among those that cover at least half of what its fullest year covers. */
static base_run nearest_base(const work *w, int base, const winner *first)
{
    base_run best = {0, 0, 0};
    size_t fullest = 0;
    size_t from = lower_bound(w, base, first->layer);
    for (size_t at = from;
         at < w->count && w->list[at].indicator == base && w->list[at].layer == first->layer;) {
        size_t end = run_end(w, at);
        fullest = end - at > fullest ? end - at : fullest;
        at = end;
    }
    for (size_t at = from;
         at < w->count && w->list[at].indicator == base && w->list[at].layer == first->layer;) {
        size_t end = run_end(w, at);
        int period = w->list[at].period;
        int year = year_of(first->period);
        if ((end - at) * 2 >= fullest &&
            (!best.count || abs(year_of(period) - year) < abs(year_of(best.period) - year))) {
            best = (base_run){at, end - at, period};
        }
        at = end;
    }
    return best;
}

/* Mean over the areas of a run weighted by their base; both runs lie by area. */
static double weighted_mean(const work *w, size_t start, size_t end)
{
    const wijk_indicator *it = wijk_indicator_by_id(w->registry, w->list[start].indicator);
    if (!it || it->joining != WIJK_JOIN_MEAN || !it->base_id) {
        return NAN;
    }
    base_run base = nearest_base(w, it->base_id, &w->list[start]);
    const wijk_indicator *households = wijk_indicator_by_code(w->registry, "households");
    if (!base.count && households && !strcmp(it->base, "homes")) {
        /* Where nobody counted homes, the households in them weigh nearly the same. */
        base = nearest_base(w, households->id, &w->list[start]);
    }
    wijk_sum weights = {0, 0}, sum = {0, 0};
    size_t b = base.start, stop = base.start + base.count, met = 0;
    for (size_t i = start; i < end; i++) {
        while (b < stop && w->list[b].area < w->list[i].area) {
            b++;
        }
        if (b < stop && w->list[b].area == w->list[i].area && w->list[b].value > 0) {
            wijk_sum_add(&weights, w->list[b].value);
            wijk_sum_add(&sum, w->list[b].value * w->list[i].value);
            met++;
        }
    }
    double total = wijk_sum_value(&weights);
    return total > 0 && met * 2 >= end - start ? wijk_sum_value(&sum) / total : NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Quantile of sorted values, type 7 (see wijk/stats.h). */
static double at_quantile(const double *sorted, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

static int store_series(work *w, size_t start, size_t end)
{
    size_t n = end - start;
    if (n > w->scratch_room) {
        double *scratch = wijk_realloc(w->scratch, n * sizeof *scratch);
        if (!scratch) {
            return WIJK_ENOMEM;
        }
        w->scratch = scratch;
        w->scratch_room = n;
    }
    for (size_t i = 0; i < n; i++) {
        w->scratch[i] = w->list[start + i].value;
    }
    qsort(w->scratch, n, sizeof *w->scratch, ascending);
    wijk_stmt *stmt = wijk_store_sql(
        w->store, "INSERT INTO series(indicator_id, level, vintage, period, areas, mean, p10, p25, "
                  "p50, p75, p90) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");
    if (!stmt) {
        return WIJK_EDB;
    }
    const winner *first = &w->list[start];
    wijk_bind_int(stmt, 1, first->indicator);
    wijk_bind_int(stmt, 2, w->layers[first->layer].level);
    wijk_bind_int(stmt, 3, w->layers[first->layer].vintage);
    wijk_bind_int(stmt, 4, first->period);
    wijk_bind_int(stmt, 5, (int64_t)n);
    wijk_bind_double(stmt, 6, weighted_mean(w, start, end));
    static const double p[] = {0.10, 0.25, 0.50, 0.75, 0.90};
    for (int i = 0; i < 5; i++) {
        wijk_bind_double(stmt, 7 + i, at_quantile(w->scratch, n, p[i]));
    }
    return wijk_run(stmt);
}

/* ---- shares from counts ------------------------------------------------------------------- */

/* The run of an indicator in the layer and period of `like`. */
static base_run exact_run(const work *w, int indicator, const winner *like)
{
    for (size_t at = lower_bound(w, indicator, like->layer), end; at < w->count; at = end) {
        const winner *it = &w->list[at];
        if (it->indicator != indicator || it->layer != like->layer) {
            break;
        }
        end = run_end(w, at);
        if (it->period == like->period) {
            return (base_run){at, end - at, it->period};
        }
    }
    return (base_run){0, 0, 0};
}

/* First winner of a run, from `at` on, that is not before `area`; runs lie by area. */
static size_t advance(const work *w, base_run run, size_t at, uint32_t area)
{
    while (at < run.start + run.count && w->list[at].area < area) {
        at++;
    }
    return at;
}

static int has_area(const work *w, base_run run, size_t at, uint32_t area)
{
    return at < run.start + run.count && w->list[at].area == area;
}

/* Adds factor × numerator / base for every area of the numerator's run [start, end) that has no
 * published value. */
static int add_shares(work *w, const wijk_indicator *it, size_t start, size_t end, base_run base,
                      base_run own)
{
    double factor = !strcmp(it->unit, "percent") ? 100 : !strcmp(it->unit, "per_1000") ? 1000 : 1;
    size_t b = base.start, o = own.start;
    int rc = WIJK_OK;
    for (size_t i = start; i < end && base.count && !rc; i++) {
        winner now = w->list[i];
        b = advance(w, base, b, now.area);
        o = advance(w, own, o, now.area);
        if (has_area(w, base, b, now.area) && w->list[b].value > 0 &&
            !has_area(w, own, o, now.area)) {
            now.indicator = (uint16_t)it->id;
            now.value = factor * now.value / w->list[b].value;
            rc = add_winner(w, now);
        }
    }
    return rc;
}

/* Shares and rates that nobody published but that follow from a count and its base: the same rule
 * as for one area (areas/facts.c), so that a map and a page agree. */
static int compute_shares(work *w)
{
    size_t sorted = w->count;
    int rc = WIJK_OK;
    for (size_t k = 0; k < wijk_indicator_count(w->registry) && !rc; k++) {
        const wijk_indicator *it = wijk_indicator_at(w->registry, k);
        if (it->id <= 0 || !it->numerator_id || !it->base_id) {
            continue;
        }
        work view = *w; /* what is added stands behind the sorted part, where no search may look */
        view.count = sorted;
        for (size_t at = lower_bound(&view, it->numerator_id, 0), end;
             at < sorted && w->list[at].indicator == it->numerator_id && !rc; at = end) {
            view.list = w->list;
            end = run_end(&view, at);
            rc = add_shares(w, it, at, end, exact_run(&view, it->base_id, &w->list[at]),
                            exact_run(&view, it->id, &w->list[at]));
        }
    }
    return rc ? rc : w->count > sorted ? sort(w, 0) : WIJK_OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static int store_run(work *w, size_t start, size_t end)
{
    wijk_stmt *stmt =
        wijk_store_sql(w->store, "INSERT INTO layer_value(indicator_id, level, vintage, period, "
                                 "area_id, value, load_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    int rc = stmt ? WIJK_OK : WIJK_EDB;
    const layer *where = &w->layers[w->list[start].layer];
    for (size_t i = start; i < end && !rc; i++) {
        const winner *it = &w->list[i];
        wijk_bind_int(stmt, 1, it->indicator);
        wijk_bind_int(stmt, 2, where->level);
        wijk_bind_int(stmt, 3, where->vintage);
        wijk_bind_int(stmt, 4, it->period);
        wijk_bind_int(stmt, 5, it->area);
        wijk_bind_double(stmt, 6, it->value);
        wijk_bind_int(stmt, 7, it->load);
        rc = wijk_step(stmt);
    }
    return rc;
}

static int store_all(work *w, int with_series)
{
    int rc = wijk_run(wijk_store_sql(w->store, "DELETE FROM layer_value"));
    rc = rc ? rc : wijk_run(wijk_store_sql(w->store, "DELETE FROM series"));
    for (size_t start = 0, end; start < w->count && !rc; start = end) {
        end = run_end(w, start);
        rc = store_run(w, start, end);
        rc = rc || !with_series ? rc : store_series(w, start, end);
        rc = rc ? rc : wijk_checkpoint(w->ctx);
    }
    return rc;
}

/* ---- a coalition's own counts -------------------------------------------------------------- */

typedef struct {
    unsigned char *loads, *indicators; /* 1: a coalition's own, by id */
} own_marks;

static int mark_ids(unsigned char **out, wijk_stmt *most, wijk_stmt *own)
{
    int64_t max;
    int rc = wijk_run_int(&max, most, 0);
    *out = rc ? NULL : wijk_alloc((size_t)max + 1);
    if (!*out) {
        return rc ? rc : WIJK_ENOMEM;
    }
    while ((rc = wijk_step(own)) == 1) {
        (*out)[wijk_col_int(own, 0)] = 1;
    }
    return rc;
}

/* Asked of the file: the registry may be older than the latest load. */
static int read_marks(own_marks *out, wijk_store *store)
{
    int rc = mark_ids(&out->loads, wijk_store_sql(store, "SELECT max(id) FROM load"),
                      wijk_store_sql(store, "SELECT l.id FROM load l JOIN source s ON s.id = "
                                            "l.source_id WHERE s.nature = 'own'"));
    return rc ? rc
              : mark_ids(&out->indicators, wijk_store_sql(store, "SELECT max(id) FROM indicator"),
                         wijk_store_sql(store, "SELECT id FROM indicator WHERE own = 1"));
}

/* What is left of an own cell after protection; NAN when it is withheld. */
static int protected_value(double *out, work *w, const winner *it)
{
    wijk_stmt *stmt = wijk_store_sql(w->store, "SELECT value FROM layer_value WHERE indicator_id=?1"
                                               " AND level=?2 AND vintage=?3 AND period=?4 AND "
                                               "area_id=?5");
    wijk_bind_int(stmt, 1, it->indicator);
    wijk_bind_int(stmt, 2, w->layers[it->layer].level);
    wijk_bind_int(stmt, 3, w->layers[it->layer].vintage);
    wijk_bind_int(stmt, 4, it->period);
    wijk_bind_int(stmt, 5, it->area);
    int rc = wijk_step(stmt);
    *out = NAN;
    if (rc == 1) {
        *out = wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* Exact own counts take part in nothing: they are replaced by their protected figures before any
 * share, mean or spread is made of them. Only a file with own counts pays for writing twice. */
static int protect_own(work *w)
{
    int64_t own = 0;
    int rc = wijk_run_int(
        &own,
        wijk_store_sql(w->store, "SELECT EXISTS(SELECT 1 FROM source WHERE nature='own') OR "
                                 "EXISTS(SELECT 1 FROM indicator WHERE own=1)"),
        0);
    if (rc || !own) {
        return rc;
    }
    own_marks marks = {0};
    rc = read_marks(&marks, w->store);
    rc = rc ? rc : store_all(w, 0);
    rc = rc ? rc : wijk_disclose_layers(w->store, w->registry, w->ctx);
    size_t kept = 0;
    for (size_t i = 0; i < w->count && !rc; i++) {
        winner now = w->list[i];
        if (marks.loads[now.load] || marks.indicators[now.indicator]) {
            rc = protected_value(&now.value, w, &now);
        }
        if (!isnan(now.value)) {
            w->list[kept++] = now;
        }
    }
    w->count = rc ? w->count : kept;
    wijk_free(marks.loads);
    wijk_free(marks.indicators);
    return rc;
}

int wijk_layers_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    work w = {.store = store, .registry = registry, .ctx = ctx};
    int rc = wijk_begin(store);
    rc = rc ? rc : read_layers(&w);
    rc = rc ? rc : read_ranks(&w);
    rc = rc ? rc : read_winners(&w);
    rc = rc ? rc : sort(&w, 2);
    rc = rc ? rc : protect_own(&w);
    rc = rc ? rc : compute_shares(&w);
    rc = rc ? rc : store_all(&w, 1);
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    wijk_free(w.layers);
    wijk_free(w.layer_of);
    wijk_free(w.rank_of);
    wijk_free(w.list);
    wijk_free(w.scratch);
    return rc;
}
