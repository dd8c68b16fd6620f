/* How mixed an area is and how its parts differ: choosing what can be told, measuring it, and
 * setting it beside chance, other years and other areas. The words are in mix_words.c. */
#include "figure/mix.h"

#include "wijk/err.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what there is ------------------------------------------------------------------------ */

/* Own areas, and all areas of a file that may only be read and was never measured, are in no
 * derived table: their layers are tried one by one. */
static int choices_by_trying(mix_work *w, int64_t whole)
{
    enum { MOST = 64 };
    wijk_mixture_row *rows = wijk_arena_alloc(w->arena, MOST * sizeof *rows);
    int rc = rows ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < w->out->groupings.count; i++) {
        const wijk_grouping *grouping = &w->out->groupings.at[i];
        wijk_layer *layers;
        size_t count = 0;
        rc = wijk_grouping_layers(&layers, &count, grouping, w->registry, w->arena);
        for (size_t k = 0; !rc && k < count && w->out->choice_count < MOST; k++) {
            wijk_grouped grouped;
            wijk_segregation all;
            wijk_segregation_chance chance;
            int read = wijk_grouped_read(&grouped, w->store, w->registry, w->arena, grouping,
                                         layers[k], whole);
            if (read == WIJK_ENOTFOUND || (!read && grouped.areas < 2)) {
                continue;
            }
            rc = read ? read
                      : wijk_segregation_all(&all, grouped.counts, grouped.areas, grouped.groups);
            rc = rc ? rc
                    : wijk_segregation_expected(&chance, grouped.counts, grouped.areas,
                                                grouped.groups, NULL);
            if (!rc && isfinite(all.theil)) {
                rows[w->out->choice_count++] = (wijk_mixture_row){
                    grouping,
                    {whole, layers[k], all.areas, grouped.without, all.total, all.dissimilarity,
                     all.theil, chance.dissimilarity, chance.theil, all.simpson,
                     all.simpson * (1 - all.relative)}};
            }
        }
    }
    w->out->choices = rows;
    return rc;
}

int mix_self(int64_t *out, mix_work *w, wijk_layer layer)
{
    const wijk_area *area = &w->out->area;
    *out = area->id;
    if (layer.level == area->level && layer.vintage == area->vintage) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(w->store, "SELECT a.id FROM area_link l CROSS JOIN area a ON "
                                               "a.id=l.from_id WHERE l.to_id=?1 AND l.kind=0 AND "
                                               "a.level=?2 AND a.vintage=?3 LIMIT 1");
    wijk_bind_int(stmt, 1, area->id);
    wijk_bind_int(stmt, 2, layer.level);
    wijk_bind_int(stmt, 3, layer.vintage);
    return wijk_run_int(out, stmt, 0);
}

double mix_unknown(const wijk_grouped *table, size_t row)
{
    double known = 0, all = 0;
    if (!table->total || table->rest >= 0) {
        return 0;
    }
    for (size_t i = 0; i < table->areas; i++) {
        for (size_t g = 0; (row == SIZE_MAX || i == row) && g < table->groups; g++) {
            if (!table->cells[i * table->groups + g].share) {
                return 0; /* counts may be of other people than the total */
            }
            known += table->counts[i * table->groups + g];
        }
        all += row == SIZE_MAX || i == row ? table->total[i].value : 0;
    }
    double unknown = all > 0 ? 1 - known / all : 0;
    return unknown >= 0.005 ? unknown : 0; /* less is rounding */
}

double mix_least(const wijk_grouping *grouping)
{
    return !strcmp(grouping->counted->code, "population") ? 50 : 20;
}

int mix_read_self(wijk_grouped *out, mix_work *w, const wijk_mixture_row *row)
{
    int64_t self = 0;
    double total = 0;
    int rc = mix_self(&self, w, row->at.layer);
    rc = rc ? rc
            : wijk_grouped_read_one(out, w->store, w->registry, w->arena, row->grouping,
                                    row->at.layer, self);
    for (size_t g = 0; !rc && g < out->groups; g++) {
        total += out->counts[g];
    }
    return rc || total >= mix_least(row->grouping) ? rc : WIJK_ENOTFOUND;
}

/* Layers in which the area itself is a part: those of its own level, or in which it is linked as
 * the same place. */
static int keep_those_with_self(mix_work *w, wijk_mixture_row *rows, size_t count)
{
    size_t kept = 0;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < count; i++) {
        int64_t found = 0;
        if (rows[i].at.layer.level >= WIJK_WIJK) {
            rc = mix_self(&found, w, rows[i].at.layer);
        }
        if (found) {
            rows[kept++] = rows[i];
        }
    }
    w->out->choices = rows;
    w->out->choice_count = kept;
    return rc;
}

/* What there is for the parts of one area. */
static int choices_of(mix_work *w, const wijk_area *whole)
{
    int64_t measured = 0;
    int rc = wijk_run_int(&measured, wijk_store_sql(w->store, "SELECT 1 FROM mixture LIMIT 1"), 0);
    w->out->choice_count = 0;
    if (rc || whole->level == WIJK_OWN || !measured) {
        return rc ? rc : choices_by_trying(w, whole->id);
    }
    return wijk_mixture_of(&w->out->choices, &w->out->choice_count, w->store, &w->out->groupings,
                           w->arena, whole);
}

int mix_choices(mix_work *w)
{
    wijk_mix *out = w->out;
    out->whole = out->area;
    int rc = choices_of(w, &out->area);
    if (rc || out->choice_count || out->area.level <= WIJK_GEMEENTE ||
        out->area.level == WIJK_OWN) {
        return rc;
    }
    out->part = 1;
    int64_t around = w->around;
    rc = around ? WIJK_OK : wijk_area_gemeente(&around, w->store, &out->area);
    if (rc || !around) {
        return rc;
    }
    rc = wijk_area_get(&out->whole, w->store, w->arena, around);
    rc = rc ? rc : choices_of(w, &out->whole);
    return rc ? rc : keep_those_with_self(w, out->choices, out->choice_count);
}

/* Finest first: small parts tell more, and a newer year only when it is clearly newer. */
static int worth(const wijk_mixture_row *row)
{
    static const int years_behind[WIJK_LEVELS] = {20, 8, 4, 0, 4, 20, 0, 20};
    return row->at.layer.period - years_behind[row->at.layer.level];
}

const char *wijk_mix_layer_code(wijk_arena *arena, wijk_layer layer)
{
    const char *text = wijk_arena_printf(arena, "%s-%d-%d", wijk_level_word(layer.level),
                                         layer.vintage, layer.period);
    return text ? text : "";
}

int wijk_mix_ask_layer(wijk_mix_ask *ask, const char *code)
{
    char word[16] = "";
    size_t size = strcspn(code, "-");
    if (size >= sizeof word || !code[size]) {
        return 0;
    }
    memcpy(word, code, size);
    char *end;
    long vintage = strtol(code + size + 1, &end, 10);
    long period = *end == '-' ? strtol(end + 1, &end, 10) : 0;
    int level = wijk_level_parse(word);
    if (*end || level < 0 || vintage < 0 || vintage > INT32_MAX || period < 0 ||
        period > INT32_MAX) {
        return 0;
    }
    ask->level = level;
    ask->vintage = (int)vintage;
    ask->period = (int)period;
    return 1;
}

static int fits(const wijk_mixture_row *row, const wijk_mix_ask *ask)
{
    return (!ask->grouping || !*ask->grouping || !strcmp(row->grouping->code, ask->grouping)) &&
           (!ask->period || row->at.layer.period == ask->period) &&
           (ask->level < 0 || (int)row->at.layer.level == ask->level) &&
           (!ask->vintage || row->at.layer.vintage == ask->vintage);
}

const wijk_mixture_row *mix_choose(const wijk_mix *mix, const wijk_mix_ask *ask)
{
    const wijk_mixture_row *best = NULL;
    int named = ask->grouping && *ask->grouping;
    for (size_t i = 0; i < mix->choice_count; i++) {
        const wijk_mixture_row *row = &mix->choices[i];
        if (!fits(row, ask)) {
            continue;
        }
        int other = best && row->grouping != best->grouping;
        int better =
            !best || (!other && (worth(row) > worth(best) ||
                                 (worth(row) == worth(best) && row->at.areas > best->at.areas)));
        /* Rows come in the order of the registry; origin only where nothing else is known. */
        better |= other && !named && best->grouping->origin && !row->grouping->origin;
        best = better ? row : best;
    }
    return best;
}

/* ---- measuring ---------------------------------------------------------------------------- */

static int find_self(mix_work *w)
{
    wijk_mix *out = w->out;
    int64_t id = 0;
    int rc = mix_self(&id, w, out->layer);
    for (out->self = 0; !rc && out->self < out->grouped.areas; out->self++) {
        if (out->grouped.area[out->self].id == id) {
            return WIJK_OK;
        }
    }
    return rc ? rc
              : wijk_fail(WIJK_ENOTFOUND, "Van %s is dit cijfer niet bekend.",
                          "This figure is not known for %s.", out->name);
}

static double row_total(const wijk_mix *mix, size_t row)
{
    double total = 0;
    for (size_t g = 0; g < mix->grouped.groups; g++) {
        total += mix->grouped.counts[row * mix->grouped.groups + g];
    }
    return total;
}

static int measure_groups(wijk_mix *out)
{
    const wijk_grouped *table = &out->grouped;
    int rc = WIJK_OK;
    double self = out->part ? row_total(out, out->self) : NAN, same = 0;
    out->unknown = mix_unknown(table, SIZE_MAX);
    out->self_unknown = out->part ? mix_unknown(table, out->self) : 0;
    for (size_t g = 0; !rc && g < table->groups; g++) {
        wijk_mix_group *at = &out->group[g];
        wijk_segregation_group one;
        at->code = out->grouping->group[g].code;
        at->name = out->grouping->group[g].name[out->lang];
        rc = wijk_segregation_one(&one, table->counts, table->areas, table->groups, g, 0.5);
        at->share = one.share;
        at->dissimilarity = one.dissimilarity;
        at->isolation = one.isolation;
        at->self = out->part ? table->counts[out->self * table->groups + g] / self : NAN;
        at->whole_of_all = at->share * (1 - out->unknown);
        at->of_all = out->part ? at->self * (1 - out->self_unknown) : at->whole_of_all;
        same += out->part ? at->self * at->self : 0;
        for (size_t k = 0; !rc && k < table->groups; k++) {
            rc = wijk_segregation_exposure(&at->exposure[k], table->counts, table->areas,
                                           table->groups, g, k);
        }
        for (size_t k = 0; k < WIJK_MIX_MEETS; k++) {
            at->meets[k] = NAN;
        }
    }
    out->self_simpson = out->part ? 1 - same : NAN;
    return rc;
}

static int measure_local(mix_work *w)
{
    wijk_mix *out = w->out;
    size_t n = out->grouped.areas;
    out->divergence = wijk_arena_alloc(w->arena, n * sizeof *out->divergence);
    out->entropy = wijk_arena_alloc(w->arena, n * sizeof *out->entropy);
    out->apart = wijk_arena_alloc(w->arena, n * sizeof *out->apart);
    if (!out->divergence || !out->entropy || !out->apart) {
        return WIJK_ENOMEM;
    }
    int rc = wijk_segregation_local(out->divergence, out->entropy, out->grouped.counts, n,
                                    out->grouped.groups);
    for (size_t i = 0; i < n; i++) {
        double people = row_total(out, i);
        out->apart[i] = people > 0 ? 0 : NAN;
        for (size_t g = 0; g < out->grouped.groups; g++) {
            double share = out->grouped.counts[i * out->grouped.groups + g] / people;
            out->apart[i] += fabs(share - out->group[g].share) / 2;
        }
    }
    for (size_t i = 0; out->part && i < n; i++) {
        out->further += out->apart[i] > out->apart[out->self];
    }
    return rc;
}

/* The table of the parts whose place is known. */
static double *placed_counts(mix_work *w, double **x, double **y)
{
    wijk_mix *out = w->out;
    const wijk_grouped *table = &out->grouped;
    double *counts = wijk_arena_alloc(w->arena, table->areas * table->groups * sizeof *counts);
    *x = wijk_arena_alloc(w->arena, table->areas * sizeof **x);
    *y = wijk_arena_alloc(w->arena, table->areas * sizeof **y);
    if (!counts || !*x || !*y) {
        return NULL;
    }
    out->placed = 0;
    for (size_t i = 0; i < table->areas; i++) {
        if (isfinite(table->area[i].x) && isfinite(table->area[i].y)) {
            memcpy(counts + out->placed * table->groups, table->counts + i * table->groups,
                   table->groups * sizeof *counts);
            (*x)[out->placed] = table->area[i].x;
            (*y)[out->placed++] = table->area[i].y;
        }
    }
    return counts;
}

static int measure_scale(mix_work *w, int draws)
{
    static const double radii[WIJK_MIX_RADII - 1] = {500, 1000, 2000, 5000, 10000};
    wijk_mix *out = w->out;
    double *x, *y, *counts = placed_counts(w, &x, &y);
    if (!counts) {
        return WIJK_ENOMEM;
    }
    wijk_segregation own;
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < out->placed; i++) {
        x0 = fmin(x0, x[i]);
        x1 = fmax(x1, x[i]);
        y0 = fmin(y0, y[i]);
        y1 = fmax(y1, y[i]);
    }
    if (out->placed < 3 || out->part) {
        return WIJK_OK;
    }
    /* Circles as wide as the whole see everything, and at its edge more of nothing. */
    double span = fmax(x1 - x0, y1 - y0);
    size_t n = 0;
    while (n < WIJK_MIX_RADII - 1 && radii[n] < span / 3) {
        n++;
    }
    int rc = wijk_segregation_all(&own, counts, out->placed, out->grouped.groups);
    out->scale[0] = (wijk_scale){0,
                                 own.theil,
                                 own.dissimilarity,
                                 own.relative,
                                 1,
                                 own.areas ? own.total / (double)own.areas : NAN};
    rc = rc || !n ? rc
                  : wijk_segregation_scale(out->scale + 1, radii, n, WIJK_KERNEL_BIWEIGHT, counts,
                                           x, y, out->placed, out->grouped.groups, NULL);
    out->scale_count = rc ? 0 : n + 1;
    return rc ? rc : mix_scale_bands(w, counts, x, y, draws);
}

/* What the residents of a part meet: everyone of the parts whose middle lies within the distance,
 * their own part always; across the border of the gemeente where the parts have borders of their
 * own in this very year. */
static int measure_meets(mix_work *w)
{
    static const double radii[WIJK_MIX_MEETS] = {500, 1000, 2000};
    wijk_mix *out = w->out;
    wijk_grouped near;
    const wijk_grouped *table = &out->grouped;
    const wijk_group_area self = table->area[out->self];
    if (!isfinite(self.x)) {
        return WIJK_OK;
    }
    if (!self.placed_by) {
        int rc = wijk_grouped_read_near(&near, w->store, w->registry, w->arena, out->grouping,
                                        out->layer, self.x, self.y, radii[WIJK_MIX_MEETS - 1]);
        if (rc) {
            return rc;
        }
        table = &near;
        out->meets_across = 1;
    }
    for (size_t k = 0; k < WIJK_MIX_MEETS; k++) {
        double counts[WIJK_GROUPS_MAX] = {0}, total = 0;
        out->meets_radius[k] = radii[k];
        for (size_t i = 0; i < table->areas; i++) {
            double dx = table->area[i].x - self.x, dy = table->area[i].y - self.y;
            if (table->area[i].id != self.id && !(dx * dx + dy * dy <= radii[k] * radii[k])) {
                continue;
            }
            out->meets_areas[k]++;
            for (size_t g = 0; g < table->groups; g++) {
                counts[g] += table->counts[i * table->groups + g];
            }
        }
        for (size_t g = 0; g < table->groups; g++) {
            total += counts[g];
        }
        for (size_t g = 0; g < table->groups; g++) {
            out->group[g].meets[k] = counts[g] / total;
        }
    }
    return WIJK_OK;
}

static int measure(mix_work *w, int draws)
{
    wijk_mix *out = w->out;
    const wijk_grouped *table = &out->grouped;
    int rc = wijk_segregation_all(&out->all, table->counts, table->areas, table->groups);
    rc = rc ? rc
            : wijk_segregation_expected(&out->chance, table->counts, table->areas, table->groups,
                                        NULL);
    out->within = out->all.simpson * (1 - out->all.relative);
    rc = rc ? rc : measure_groups(out);
    rc = rc ? rc : measure_local(w);
    rc = rc ? rc : wijk_grouped_place(&out->grouped, w->store);
    rc = rc ? rc : measure_scale(w, draws);
    return rc || !out->part ? rc : measure_meets(w);
}

/* ---- beside other years and areas --------------------------------------------------------- */

static int by_period(const void *a, const void *b)
{
    const wijk_mix_moment *x = a, *y = b;
    int order = (x->layer.period > y->layer.period) - (x->layer.period < y->layer.period);
    return order ? order : (x->areas < y->areas) - (x->areas > y->areas);
}

/* The same kind of parts through the years; where a year was published on two maps, the finer. */
static int gather_history(mix_work *w)
{
    wijk_mix *out = w->out;
    out->history = wijk_arena_alloc(w->arena, (out->choice_count + 1) * sizeof *out->history);
    if (!out->history) {
        return WIJK_ENOMEM;
    }
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < out->choice_count; i++) {
        const wijk_mixture_row *row = &out->choices[i];
        if (row->grouping == out->grouping && row->at.layer.level == out->layer.level) {
            out->history[count++] =
                (wijk_mix_moment){row->at.layer,    row->at.areas,    row->at.d, row->at.h,
                                  row->at.chance_d, row->at.chance_h, NAN,       NAN};
        }
    }
    qsort(out->history, count, sizeof *out->history, by_period);
    for (size_t i = 0; i < count; i++) {
        if (!kept || out->history[kept - 1].layer.period != out->history[i].layer.period) {
            out->history[kept++] = out->history[i];
        }
    }
    out->history_count = kept;
    return WIJK_OK;
}

static int set_beside(mix_work *w)
{
    wijk_mix *out = w->out;
    wijk_mixture *others;
    size_t count = 0;
    out->p25 = out->p50 = out->p75 = out->land = NAN;
    if (out->whole.fictional || out->whole.level > WIJK_WIJK) {
        return WIJK_OK;
    }
    int rc = wijk_mixture_beside(&others, &count, w->store, w->arena, out->grouping, out->layer,
                                 WIJK_LAND);
    if (!rc && count && out->whole.level != WIJK_LAND) {
        out->land = others[0].d;
    }
    rc = rc ? rc
            : wijk_mixture_beside(&others, &count, w->store, w->arena, out->grouping, out->layer,
                                  out->whole.level);
    double *values = rc ? NULL : wijk_arena_alloc(w->arena, (count + 1) * sizeof *values);
    for (size_t i = 0; values && i < count; i++) {
        values[i] = others[i].d;
    }
    if (values && count >= 8) { /* of fewer no middle half can be told */
        out->beside = count;
        out->p25 = wijk_quantile(values, count, 0.25);
        out->p50 = wijk_quantile(values, count, 0.50);
        out->p75 = wijk_quantile(values, count, 0.75);
    }
    return rc ? rc : values ? WIJK_OK : WIJK_ENOMEM;
}

/* ---- the door ----------------------------------------------------------------------------- */

static int nothing(const wijk_mix *out, const wijk_mix_ask *ask)
{
    if (out->choice_count) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Van %s is deze indeling in groepen (%s) niet bekend in dat jaar. Wel "
                         "bekend is bijvoorbeeld %s.",
                         "Of %s this division into groups (%s) is not known in that year. Known is "
                         "for example %s.",
                         out->name, ask->grouping ? ask->grouping : "-",
                         out->choices[0].grouping->code);
    }
    return wijk_fail(WIJK_ENOTFOUND,
                     "Van %s is niet bekend hoe gemengd het is: er zijn geen cijfers per groep "
                     "geladen van het gebied of van zijn delen. Kijk bij de gemeente eromheen.",
                     "It is not known how mixed %s is: no figures per group are loaded of the area "
                     "or of its parts. Look at the municipality around it.",
                     out->name);
}

/* Takes the best choice in which the area itself has a figure; those without are left out. */
static int take_choice(mix_work *w, const wijk_mix_ask *ask)
{
    wijk_mix *out = w->out;
    for (;;) {
        const wijk_mixture_row *row = mix_choose(out, ask);
        if (!row) {
            return nothing(out, ask);
        }
        wijk_grouped one;
        out->grouping = row->grouping;
        out->layer = row->at.layer;
        int rc = out->part ? mix_read_self(&one, w, row) : WIJK_OK;
        rc = rc ? rc
                : wijk_grouped_read(&out->grouped, w->store, w->registry, w->arena, out->grouping,
                                    out->layer, out->whole.id);
        rc = rc || !out->part ? rc : find_self(w);
        if (rc != WIJK_ENOTFOUND) {
            return rc;
        }
        size_t at = (size_t)(row - out->choices);
        memmove(&out->choices[at], &out->choices[at + 1],
                (--out->choice_count - at) * sizeof *out->choices);
    }
}

int wijk_mix_get(wijk_mix *out, wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                 int64_t area, wijk_lang lang, const wijk_mix_ask *ask)
{
    *out = (wijk_mix){.lang = lang, .land = NAN, .p25 = NAN, .p50 = NAN, .p75 = NAN};
    mix_work w = {store, registry, arena, out, 0};
    int rc = wijk_area_get(&out->area, store, arena, area);
    rc = rc ? rc : wijk_groupings_read(&out->groupings, registry, arena);
    if (rc) {
        return rc;
    }
    out->name = out->area.level == WIJK_PC4 || !*out->area.name ? out->area.code : out->area.name;
    rc = mix_choices(&w);
    out->whole_name = *out->whole.name ? out->whole.name : out->whole.code;
    rc = rc ? rc : take_choice(&w, ask);
    rc = rc ? rc : measure(&w, ask->draws);
    rc = rc ? rc : mix_ranges(&w, ask->draws);
    rc = rc ? rc : gather_history(&w);
    rc = rc ? rc : mix_history_ranges(&w, ask->draws);
    rc = rc ? rc : set_beside(&w);
    rc = rc ? rc : mix_similar(&w, ask->draws);
    rc = rc ? rc : mix_change(&w, ask->draws);
    return rc ? rc : mix_words(&w);
}
