/* Group-time effects. Every estimate is a mean difference with an influence function: one number
 * per area. Sums are weighted sums of those functions plus what estimating the weights adds, so
 * that errors, bands and the bootstrap are the same few lines for all of them. */
#include "wijk/group_time.h"

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_MULTIPLIERS = 0x67740001, FEW = 5 };

typedef struct {
    const wijk_panel *panel;
    enum wijk_comparison comparison;
    size_t n;     /* areas without gaps */
    size_t *unit; /* [n] */
    size_t *wave; /* those that count */
    size_t waves;
    int *groups; /* starts that occur, ascending */
    size_t group_count;
    double *share; /* [group_count] part of the n areas */
    size_t cells;
    wijk_att *att;     /* [cells] */
    double *influence; /* [cells][n] */
} work;

static double outcome(const work *w, size_t i, size_t t)
{
    return w->panel->outcome[w->unit[i] * w->panel->waves + t];
}

static int start_of(const work *w, size_t i)
{
    return w->panel->start[w->unit[i]];
}

/* ---- who and when -------------------------------------------------------------------------------
 */

static int choose(work *w, const wijk_panel *panel)
{
    w->panel = panel;
    w->unit = wijk_alloc((panel->units + 1) * sizeof *w->unit);
    w->wave = wijk_alloc((panel->waves + 1) * sizeof *w->wave);
    w->groups = wijk_alloc((panel->waves + 1) * sizeof *w->groups);
    w->share = wijk_alloc((panel->waves + 1) * sizeof *w->share);
    if (!w->unit || !w->wave || !w->groups || !w->share) {
        return WIJK_ENOMEM;
    }
    for (size_t t = 0; t < panel->waves; t++) {
        if (!panel->drop || !panel->drop[t]) {
            w->wave[w->waves++] = t;
        }
    }
    for (size_t i = 0; i < panel->units; i++) {
        int whole = 1;
        for (size_t k = 0; k < w->waves; k++) {
            whole &= !isnan(panel->outcome[i * panel->waves + w->wave[k]]);
        }
        if (whole) {
            w->unit[w->n++] = i;
        }
    }
    for (size_t t = 0; t < panel->waves; t++) {
        size_t members = 0;
        for (size_t i = 0; i < w->n; i++) {
            members += start_of(w, i) == (int)t;
        }
        if (members) {
            w->groups[w->group_count] = (int)t;
            w->share[w->group_count++] = (double)members / (double)w->n;
        }
    }
    return w->group_count
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL, "Geen enkel deelnemend gebied heeft alle metingen.",
                           "No area that takes part has all the waves.");
}

/* ---- one group and wave
 * -------------------------------------------------------------------------- */

static int compares(const work *w, size_t i, int group, size_t wave, size_t base)
{
    int start = start_of(w, i);
    if (start == WIJK_NEVER) {
        return 1;
    }
    size_t last = wave > base ? wave : base;
    return w->comparison == WIJK_COMPARE_NOT_YET && start != group && (size_t)start > last;
}

static int one_cell(work *w, int group, size_t wave, size_t base)
{
    double sum[2] = {0, 0}, n[2] = {0, 0};
    double *influence = w->influence + w->cells * w->n;
    for (size_t i = 0; i < w->n; i++) {
        int in = start_of(w, i) == group;
        if (in || compares(w, i, group, wave, base)) {
            sum[in] += outcome(w, i, wave) - outcome(w, i, base);
            n[in] += 1;
        }
    }
    if (n[0] < 1) {
        return wijk_fail(WIJK_EINVAL,
                         "Voor de groep die in %.0f begint is er in %.0f niemand om mee te "
                         "vergelijken.",
                         "For the group that starts in %.0f there is nobody to compare with in "
                         "%.0f.",
                         w->panel->year[group], w->panel->year[wave]);
    }
    double mean[2] = {sum[0] / n[0], sum[1] / n[1]};
    for (size_t i = 0; i < w->n; i++) {
        int in = start_of(w, i) == group;
        double change = outcome(w, i, wave) - outcome(w, i, base);
        influence[i] = in ? (double)w->n / n[1] * (change - mean[1])
                       : compares(w, i, group, wave, base)
                           ? (double)w->n / n[0] * (mean[0] - change)
                           : 0;
    }
    w->att[w->cells++] = (wijk_att){.group = group,
                                    .wave = (int)wave,
                                    .label = w->panel->year[wave],
                                    .effect = mean[1] - mean[0],
                                    .treated = (size_t)n[1],
                                    .comparison = (size_t)n[0],
                                    .few = n[1] < FEW};
    return WIJK_OK;
}

/* The last wave before `start` that counts; -1 when there is none. */
static long last_before(const work *w, int start)
{
    long last = -1;
    for (size_t k = 0; k < w->waves && (int)w->wave[k] < start; k++) {
        last = (long)w->wave[k];
    }
    return last;
}

static int all_cells(work *w, wijk_ctx *ctx)
{
    size_t most = w->group_count * w->waves;
    w->att = wijk_alloc((most + 1) * sizeof *w->att);
    w->influence = wijk_alloc((most * w->n + 1) * sizeof *w->influence);
    if (!w->att || !w->influence) {
        return WIJK_ENOMEM;
    }
    int rc = WIJK_OK;
    for (size_t g = 0; g < w->group_count && !rc; g++) {
        long base = last_before(w, w->groups[g]);
        if (base < 0) {
            return wijk_fail(WIJK_EINVAL,
                             "Voor de groep die in %.0f begint is er geen meting vooraf.",
                             "For the group that starts in %.0f there is no wave before.",
                             w->panel->year[w->groups[g]]);
        }
        for (size_t k = 1; k < w->waves && !rc; k++) {
            int before = (int)w->wave[k] < w->groups[g];
            rc = one_cell(w, w->groups[g], w->wave[k], before ? w->wave[k - 1] : (size_t)base);
            rc = rc ? rc : wijk_checkpoint(ctx);
        }
    }
    return rc;
}

/* ---- sums
 * ------------------------------------------------------------------------------------------ */

/* Weighted means of estimates, each with its influence function. */
typedef struct {
    wijk_att *items;
    double *influence; /* [room][n] */
    size_t count, room;
} list;

static int list_make(list *out, size_t room, size_t n)
{
    out->room = room;
    out->items = wijk_alloc((room + 1) * sizeof *out->items);
    out->influence = wijk_alloc((room * n + 1) * sizeof *out->influence);
    return out->items && out->influence ? WIJK_OK : WIJK_ENOMEM;
}

static void list_free(list *l)
{
    wijk_free(l->items);
    wijk_free(l->influence);
}

static size_t group_index(const work *w, int group)
{
    size_t g = 0;
    while (w->groups[g] != group) {
        g++;
    }
    return g;
}

/* Adds the mean of the cells in `chosen`, weighted by the size of their group; the weights are
 * estimated, and what that adds to the error is in the influence function. */
static void add_by_size(list *to, const work *w, const size_t *chosen, size_t n, wijk_att about)
{
    double total = 0, *influence = to->influence + to->count * w->n;
    for (size_t k = 0; k < n; k++) {
        total += w->share[group_index(w, w->att[chosen[k]].group)];
    }
    memset(influence, 0, w->n * sizeof *influence);
    for (size_t k = 0; k < n; k++) {
        const wijk_att *cell = &w->att[chosen[k]];
        about.effect += w->share[group_index(w, cell->group)] / total * cell->effect;
        about.few |= cell->few;
    }
    for (size_t k = 0; k < n; k++) {
        const wijk_att *cell = &w->att[chosen[k]];
        double share = w->share[group_index(w, cell->group)];
        const double *own = w->influence + chosen[k] * w->n;
        for (size_t i = 0; i < w->n; i++) {
            double member = (start_of(w, i) == cell->group) - share;
            influence[i] += share / total * own[i] + member / total * (cell->effect - about.effect);
        }
    }
    to->items[to->count++] = about;
}

/* Adds the plain mean of the items first ... last - 1 of another list. */
static void add_plain(list *to, const list *from, size_t first, size_t last, size_t n,
                      wijk_att about)
{
    double *influence = to->influence + to->count * n, parts = (double)(last - first);
    memset(influence, 0, n * sizeof *influence);
    for (size_t k = first; k < last; k++) {
        about.effect += from->items[k].effect / parts;
        about.few |= from->items[k].few;
        for (size_t i = 0; i < n; i++) {
            influence[i] += from->influence[k * n + i] / parts;
        }
    }
    to->items[to->count++] = about;
}

/* The mean over groups of their means, weighted by size: the weights are estimated too. */
static void add_group_mean(list *to, const work *w, const list *groups)
{
    wijk_att about = {.group = -1, .wave = -1};
    double total = 0, *influence = to->influence + to->count * w->n;
    memset(influence, 0, w->n * sizeof *influence);
    for (size_t g = 0; g < groups->count; g++) {
        total += w->share[group_index(w, groups->items[g].group)];
    }
    for (size_t g = 0; g < groups->count; g++) {
        about.effect +=
            w->share[group_index(w, groups->items[g].group)] / total * groups->items[g].effect;
        about.few |= groups->items[g].few;
    }
    for (size_t g = 0; g < groups->count; g++) {
        double share = w->share[group_index(w, groups->items[g].group)];
        for (size_t i = 0; i < w->n; i++) {
            double member = (start_of(w, i) == groups->items[g].group) - share;
            influence[i] += share / total * groups->influence[g * w->n + i] +
                            member / total * (groups->items[g].effect - about.effect);
        }
    }
    to->items[to->count++] = about;
}

typedef struct {
    list group, exposure, calendar, one; /* one: simple, group, exposure, calendar */
} sums;

static int is_post(const wijk_att *cell)
{
    return cell->wave >= cell->group;
}

static double exposure_of(const work *w, const wijk_att *cell)
{
    return w->panel->year[cell->wave] - w->panel->year[cell->group];
}

static void sum_groups(sums *s, const work *w, size_t *chosen)
{
    for (size_t g = 0; g < w->group_count; g++) {
        size_t n = 0;
        for (size_t k = 0; k < w->cells; k++) {
            if (w->att[k].group == w->groups[g] && is_post(&w->att[k])) {
                chosen[n++] = k;
            }
        }
        if (n) {
            add_by_size(&s->group, w, chosen, n,
                        (wijk_att){.group = w->groups[g],
                                   .wave = -1,
                                   .label = w->panel->year[w->groups[g]]});
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int sum_exposures(sums *s, const work *w, size_t *chosen)
{
    double *years = wijk_alloc((w->cells + 1) * sizeof *years);
    if (!years) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < w->cells; k++) {
        years[k] = exposure_of(w, &w->att[k]);
    }
    qsort(years, w->cells, sizeof *years, by_value);
    for (size_t y = 0; y < w->cells; y++) {
        if (y && years[y] == years[y - 1]) {
            continue;
        }
        size_t n = 0;
        for (size_t k = 0; k < w->cells; k++) {
            if (exposure_of(w, &w->att[k]) == years[y]) {
                chosen[n++] = k;
            }
        }
        add_by_size(&s->exposure, w, chosen, n,
                    (wijk_att){.group = -1, .wave = -1, .label = years[y]});
    }
    wijk_free(years);
    return WIJK_OK;
}

static void sum_calendar(sums *s, const work *w, size_t *chosen)
{
    for (size_t t = 0; t < w->waves; t++) {
        size_t n = 0;
        for (size_t k = 0; k < w->cells; k++) {
            if (w->att[k].wave == (int)w->wave[t] && is_post(&w->att[k])) {
                chosen[n++] = k;
            }
        }
        if (n) {
            add_by_size(&s->calendar, w, chosen, n,
                        (wijk_att){.group = -1,
                                   .wave = (int)w->wave[t],
                                   .label = w->panel->year[w->wave[t]]});
        }
    }
}

static int sum_all(sums *s, const work *w)
{
    size_t *chosen = wijk_alloc((w->cells + 1) * sizeof *chosen);
    int rc = chosen ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : list_make(&s->group, w->group_count, w->n);
    rc = rc ? rc : list_make(&s->exposure, w->cells, w->n);
    rc = rc ? rc : list_make(&s->calendar, w->waves, w->n);
    rc = rc ? rc : list_make(&s->one, 4, w->n);
    if (!rc) {
        sum_groups(s, w, chosen);
        rc = sum_exposures(s, w, chosen);
        sum_calendar(s, w, chosen);
    }
    if (!rc) {
        size_t post = 0, n = 0;
        for (size_t k = 0; k < w->cells; k++) {
            if (is_post(&w->att[k])) {
                chosen[n++] = k;
            }
        }
        while (post < s->exposure.count && s->exposure.items[post].label < 0) {
            post++;
        }
        const wijk_att sum = {.group = -1, .wave = -1};
        add_by_size(&s->one, w, chosen, n, sum);
        add_group_mean(&s->one, w, &s->group);
        add_plain(&s->one, &s->exposure, post, s->exposure.count, w->n, sum);
        add_plain(&s->one, &s->calendar, 0, s->calendar.count, w->n, sum);
    }
    wijk_free(chosen);
    return rc;
}

/* ---- errors and bands
 * -------------------------------------------------------------------------------
 */

/* The mean of influence[k] under random signs, for every k; eight lanes, so that the order of the
 * sum does not depend on the width of the machine. */
static void turned_means(double *out, const double *influence, size_t count, const double *sign,
                         size_t n)
{
    for (size_t k = 0; k < count; k++) {
        const double *row = influence + k * n;
        double lane[8] = {0};
        size_t i = 0;
        for (; i + 8 <= n; i += 8) {
            for (size_t l = 0; l < 8; l++) {
                lane[l] += row[i + l] * sign[i + l];
            }
        }
        double sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                     ((lane[4] + lane[5]) + (lane[6] + lane[7]));
        for (; i < n; i++) {
            sum += row[i] * sign[i];
        }
        out[k] = sum / (double)n;
    }
}

static double standard_error(const double *influence, size_t n)
{
    double square = 0;
    for (size_t i = 0; i < n; i++) {
        square += influence[i] * influence[i];
    }
    return sqrt(square) / (double)n;
}

/* Errors of a list, and the factor that makes bands hold for all of it at once: the quantile of the
 * largest |t| under the multipliers. */
static int add_errors(list *l, size_t n, size_t draws, uint64_t seed, double level, wijk_ctx *ctx)
{
    double *largest = wijk_alloc((draws + 1) * sizeof *largest);
    double *mean = wijk_alloc((l->count + 1) * sizeof *mean);
    double *sign = wijk_alloc((n + 1) * sizeof *sign);
    int rc = largest && mean && sign ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; k < l->count && !rc; k++) {
        l->items[k].error = standard_error(l->influence + k * n, n);
    }
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = FOR_MULTIPLIERS});
    for (size_t draw = 0; draw < draws && !rc; draw++) {
        uint32_t bits = 0;
        for (size_t i = 0; i < n; i++) {
            bits = i % 32 ? bits >> 1 : wijk_rng_word(&stream);
            sign[i] = bits & 1 ? 1 : -1;
        }
        turned_means(mean, l->influence, l->count, sign, n);
        largest[draw] = 0;
        for (size_t k = 0; k < l->count; k++) {
            double t = l->items[k].error > 0 ? fabs(mean[k]) / l->items[k].error : 0;
            largest[draw] = t > largest[draw] ? t : largest[draw];
        }
        rc = draw % 16 ? WIJK_OK : wijk_checkpoint(ctx);
    }
    if (!rc) {
        /* Normal quantile for one alone; never wider than the band for all. */
        qsort(largest, draws, sizeof *largest, by_value);
        size_t rank = (size_t)ceil(level * (double)(draws + 1));
        double all = largest[rank > draws ? draws - 1 : rank - 1];
        double one = wijk_normal_quantile(0.5 + level / 2);
        all = all > one ? all : one;
        for (size_t k = 0; k < l->count; k++) {
            wijk_att *it = &l->items[k];
            it->low = it->effect - one * it->error;
            it->high = it->effect + one * it->error;
            it->band_low = it->effect - all * it->error;
            it->band_high = it->effect + all * it->error;
        }
    }
    wijk_free(largest);
    wijk_free(mean);
    wijk_free(sign);
    return rc;
}

/* ---- all together
 * ----------------------------------------------------------------------------------- */

static void work_free(work *w)
{
    wijk_free(w->unit);
    wijk_free(w->wave);
    wijk_free(w->groups);
    wijk_free(w->share);
    wijk_free(w->att);
    wijk_free(w->influence);
}

static void take(wijk_att **to, size_t *count, list *from)
{
    *to = from->items;
    *count = from->count;
    from->items = NULL;
}

int wijk_group_time_estimate(wijk_group_time *out, const wijk_panel *panel,
                             const wijk_group_time_options *options, wijk_ctx *ctx)
{
    static const wijk_group_time_options plain = {0};
    const wijk_group_time_options *o = options ? options : &plain;
    size_t draws = o->draws ? o->draws : 999;
    double level = o->level > 0 ? o->level : 0.95;
    work w = {.comparison = o->comparison};
    sums s = {0};
    *out = (wijk_group_time){0};
    int rc = wijk_panel_check(panel);
    rc = rc ? rc : choose(&w, panel);
    rc = rc ? rc : all_cells(&w, ctx);
    rc = rc ? rc : sum_all(&s, &w);
    list cells = {.items = w.att, .influence = w.influence, .count = w.cells};
    list *const lists[] = {&cells, &s.group, &s.exposure, &s.calendar, &s.one};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !rc; i++) {
        rc = add_errors(lists[i], w.n, draws, o->seed + i, level, ctx);
    }
    if (!rc) {
        out->units = w.n;
        out->left_out = panel->units - w.n;
        out->simple = s.one.items[0];
        out->group = s.one.items[1];
        out->exposure = s.one.items[2];
        out->calendar = s.one.items[3];
        take(&out->cells, &out->cell_count, &cells);
        w.att = NULL;
        take(&out->by_group, &out->group_count, &s.group);
        take(&out->by_exposure, &out->exposure_count, &s.exposure);
        take(&out->by_calendar, &out->calendar_count, &s.calendar);
    }
    list_free(&s.group);
    list_free(&s.exposure);
    list_free(&s.calendar);
    list_free(&s.one);
    work_free(&w);
    return rc;
}

void wijk_group_time_free(wijk_group_time *result)
{
    wijk_free(result->cells);
    wijk_free(result->by_group);
    wijk_free(result->by_exposure);
    wijk_free(result->by_calendar);
    *result = (wijk_group_time){0};
}
