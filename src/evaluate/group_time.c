/* Group-time effects. Every estimate is a mean difference with an influence function: one number
 * per area. Sums are weighted sums of those functions plus what estimating the weights adds, so
 * that errors, bands and the bootstrap are the same few lines for all of them. */
#include "wijk/group_time.h"

#include "evaluate/adjust.h"
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
    enum wijk_adjust adjust;
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

/* Means of both sides without covariates: the difference and its influence. */
static double plain_cell(double *influence, const double *change, const unsigned char *in, size_t n)
{
    double sum[2] = {0, 0}, count[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        int side = in[i] != 0;
        sum[side] += change[i];
        count[side] += 1;
    }
    double mean[2] = {sum[0] / count[0], sum[1] / count[1]};
    for (size_t i = 0; i < n; i++) {
        int side = in[i] != 0;
        influence[i] = (double)n / count[side] * (side ? change[i] - mean[1] : mean[0] - change[i]);
    }
    return mean[1] - mean[0];
}

static int adjusted_cell(double *effect, double *influence, const work *w, const double *change,
                         const unsigned char *in, const size_t *who, size_t n)
{
    const wijk_panel *panel = w->panel;
    evaluate_adjusting cell = {
        .n = n, .terms = panel->covariates + 1, .change = change, .in = in, .kind = w->adjust};
    cell.x = wijk_alloc((n * cell.terms + 1) * sizeof *cell.x);
    if (!cell.x) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        cell.x[i * cell.terms] = 1;
        for (size_t j = 0; j < panel->covariates; j++) {
            cell.x[i * cell.terms + 1 + j] =
                panel->covariate[w->unit[who[i]] * panel->covariates + j];
        }
    }
    int rc = evaluate_adjusted(effect, influence, &cell);
    wijk_free(cell.x);
    return rc;
}

/* Who is in the comparison, their changes and their side; how many take part in `treated`. */
static size_t gather(const work *w, size_t *treated, size_t *who, double *change, unsigned char *in,
                     int group, size_t wave, size_t base)
{
    size_t n = 0;
    *treated = 0;
    for (size_t i = 0; i < w->n; i++) {
        int takes_part = start_of(w, i) == group;
        if (takes_part || compares(w, i, group, wave, base)) {
            who[n] = i;
            in[n] = (unsigned char)takes_part;
            change[n++] = outcome(w, i, wave) - outcome(w, i, base);
            *treated += (size_t)takes_part;
        }
    }
    return n;
}

static int one_cell(work *w, int group, size_t wave, size_t base)
{
    size_t *who = wijk_alloc((w->n + 1) * sizeof *who), treated;
    double *change = wijk_alloc((2 * w->n + 1) * sizeof *change), effect = 0;
    unsigned char *in = wijk_alloc(w->n + 1);
    int rc = who && change && in ? WIJK_OK : WIJK_ENOMEM;
    size_t n = rc ? 0 : gather(w, &treated, who, change, in, group, wave, base);
    if (!rc && n == treated) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Voor de groep die in %.0f begint is er in %.0f niemand om mee te "
                       "vergelijken.",
                       "For the group that starts in %.0f there is nobody to compare with in "
                       "%.0f.",
                       w->panel->year[group], w->panel->year[wave]);
    }
    double *own = rc ? NULL : change + w->n, *influence = w->influence + w->cells * w->n;
    if (!rc && w->panel->covariates) {
        rc = adjusted_cell(&effect, own, w, change, in, who, n);
    } else if (!rc) {
        effect = plain_cell(own, change, in, n);
    }
    if (!rc) {
        memset(influence, 0, w->n * sizeof *influence);
        for (size_t i = 0; i < n; i++) {
            influence[who[i]] = (double)w->n / (double)n * own[i];
        }
        w->att[w->cells++] = (wijk_att){.group = group,
                                        .wave = (int)wave,
                                        .label = w->panel->year[wave],
                                        .effect = effect,
                                        .treated = treated,
                                        .comparison = n - treated,
                                        .few = treated < FEW};
    }
    wijk_free(who);
    wijk_free(change);
    wijk_free(in);
    return rc;
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

/* Random signs for every area and draw, as bits: eight areas are a byte. */
typedef struct {
    unsigned char *bits; /* [chunks][draws] */
    size_t chunks, draws;
} signs;

static int draw_signs(signs *out, size_t n, size_t draws, uint64_t seed)
{
    size_t words = (n + 31) / 32;
    *out = (signs){.chunks = (n + 7) / 8, .draws = draws};
    out->bits = wijk_alloc(words * 4 * draws + 1);
    if (!out->bits) {
        return WIJK_ENOMEM;
    }
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = FOR_MULTIPLIERS});
    for (size_t k = 0; k < words; k++) {
        for (size_t draw = 0; draw < draws; draw++) {
            uint32_t word = wijk_rng_word(&stream);
            for (size_t b = 0; b < 4; b++, word >>= 8) {
                out->bits[(4 * k + b) * draws + draw] = word & 255;
            }
        }
    }
    return WIJK_OK;
}

/* The sum of a row [n] under the signs of every draw. Eight areas have 256 sums: told once, then
 * looked up by each draw, an eighth of the work. */
static void turned_sums(double *out, const double *row, size_t n, const signs *s)
{
    memset(out, 0, s->draws * sizeof *out);
    for (size_t c = 0; c < s->chunks; c++) {
        double table[256] = {0}; /* by sign of each: a bit that is set is a plus */
        for (size_t k = 0; k < 8 && c * 8 + k < n; k++) {
            table[0] -= row[c * 8 + k];
        }
        for (size_t k = 0; k < 8; k++) {
            double twice = c * 8 + k < n ? 2 * row[c * 8 + k] : 0;
            for (size_t b = 0; b < (size_t)1 << k; b++) {
                table[b + ((size_t)1 << k)] = table[b] + twice;
            }
        }
        const unsigned char *bits = s->bits + c * s->draws;
        for (size_t draw = 0; draw < s->draws; draw++) {
            out[draw] += table[bits[draw]];
        }
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
static int add_errors(list *l, size_t n, const signs *turn, double level, wijk_ctx *ctx)
{
    size_t draws = turn->draws;
    double *largest = wijk_alloc((draws + 1) * sizeof *largest);
    double *sum = wijk_alloc((draws + 1) * sizeof *sum);
    int rc = largest && sum ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; k < l->count && !rc; k++) {
        const double *row = l->influence + k * n;
        double error = l->items[k].error = standard_error(row, n);
        if (error > 0) {
            turned_sums(sum, row, n, turn);
            for (size_t draw = 0; draw < draws; draw++) {
                double t = fabs(sum[draw]) / ((double)n * error);
                largest[draw] = t > largest[draw] ? t : largest[draw];
            }
        }
        rc = wijk_checkpoint(ctx);
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
    wijk_free(sum);
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
    work w = {.comparison = o->comparison, .adjust = o->adjust};
    sums s = {0};
    signs turn = {0};
    *out = (wijk_group_time){0};
    int rc = wijk_panel_check(panel);
    rc = rc ? rc : choose(&w, panel);
    rc = rc ? rc : all_cells(&w, ctx);
    rc = rc ? rc : sum_all(&s, &w);
    rc = rc ? rc : draw_signs(&turn, w.n, draws, o->seed);
    list cells = {.items = w.att, .influence = w.influence, .count = w.cells};
    list *const lists[] = {&cells, &s.group, &s.exposure, &s.calendar, &s.one};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !rc; i++) {
        rc = add_errors(lists[i], w.n, &turn, level, ctx);
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
    wijk_free(turn.bits);
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
