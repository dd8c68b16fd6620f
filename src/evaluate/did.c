/* Difference-in-differences by one change per area: permutation is then a mean of a random subset,
 * and the wild bootstrap a sum over clusters, so that a thousand or a hundred thousand draws cost
 * little. */
#include "wijk/did.h"

#include "evaluate/internal.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_PERMUTATION = 0x64696401, FOR_WILD = 0x64696402 };

/* ---- two groups of changes ---------------------------------------------------------------------
 */

typedef struct {
    double *change; /* treated first */
    size_t treated, all;
    double total;
} groups;

static double difference(const groups *g, double sum)
{
    double rest = (double)(g->all - g->treated);
    return sum / (double)g->treated - (g->total - sum) / rest;
}

static double sum_of(const double *values, size_t n)
{
    wijk_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, values[i]);
    }
    return wijk_sum_value(&sum);
}

/* The number of ways to choose k of n, or 0 when more than `most`. */
static size_t choices(size_t n, size_t k, size_t most)
{
    double ways = 1;
    k = k < n - k ? k : n - k;
    for (size_t i = 1; i <= k; i++) {
        ways = ways * (double)(n - k + i) / (double)i;
        if (ways > (double)most + 0.5) {
            return 0;
        }
    }
    return (size_t)(ways + 0.5);
}

/* All subsets in lexicographic order; `chosen` is the present one. 0 past the last. */
static int next_subset(size_t *chosen, size_t k, size_t n)
{
    size_t i = k;
    while (i > 0 && chosen[i - 1] == n - k + i - 1) {
        i--;
    }
    if (!i) {
        return 0;
    }
    chosen[i - 1]++;
    for (; i < k; i++) {
        chosen[i] = chosen[i - 1] + 1;
    }
    return 1;
}

/* Differences under every assignment: as many as there are, the real one first. */
static int go_through(double *out, const groups *g)
{
    size_t *chosen = wijk_alloc((g->treated + 1) * sizeof *chosen), n = 0;
    if (!chosen) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < g->treated; i++) {
        chosen[i] = i;
    }
    do {
        double sum = 0;
        for (size_t i = 0; i < g->treated; i++) {
            sum += g->change[chosen[i]];
        }
        out[n++] = difference(g, sum);
    } while (next_subset(chosen, g->treated, g->all));
    wijk_free(chosen);
    return WIJK_OK;
}

/* Differences under random assignments. A shuffle goes on from the last one: the first places of a
 * partial Fisher-Yates shuffle are uniform whatever the order it starts from. */
static int draw_them(double *out, const groups *g, size_t draws, uint64_t seed, wijk_ctx *ctx)
{
    double *deck = wijk_alloc(g->all * sizeof *deck);
    if (!deck) {
        return WIJK_ENOMEM;
    }
    memcpy(deck, g->change, g->all * sizeof *deck);
    size_t rest = g->all - g->treated, few = g->treated < rest ? g->treated : rest;
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = FOR_PERMUTATION});
    int rc = WIJK_OK;
    for (size_t draw = 0; draw < draws && !rc; draw++) {
        double sum = 0;
        for (size_t i = 0; i < few; i++) {
            size_t j = i + wijk_rng_below(&stream, (uint32_t)(g->all - i));
            double taken = deck[j];
            deck[j] = deck[i];
            deck[i] = taken;
            sum += taken;
        }
        out[draw] = difference(g, few == g->treated ? sum : g->total - sum);
        rc = draw % 64 ? WIJK_OK : wijk_checkpoint(ctx);
    }
    wijk_free(deck);
    return rc;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The interval that shifting gives: what permutation shows of a difference of which the estimate
 * has been taken out. `null` is sorted here. */
static void interval(double *low, double *high, double effect, double *null, size_t n, double level)
{
    qsort(null, n, sizeof *null, by_value);
    /* The smallest rank whose tail, itself counted, is at most half of what is left out. */
    size_t cut = (size_t)floor((1 - level) / 2 * (double)(n + 1));
    if (!cut) { /* too few assignments for this level */
        *low = -INFINITY;
        *high = INFINITY;
        return;
    }
    *low = effect - null[n - cut];
    *high = effect - null[cut - 1];
}

typedef struct {
    double effect, low, high, p, least_p;
} inference;

/* `change` holds the treated first; it is restored before returning. */
static int infer(inference *out, groups *g, size_t draws, uint64_t seed, double level,
                 wijk_ctx *ctx)
{
    size_t ways = choices(g->all, g->treated, draws), n = ways ? ways : draws;
    double *null = wijk_alloc(n * sizeof *null);
    if (!null) {
        return WIJK_ENOMEM;
    }
    g->total = sum_of(g->change, g->all);
    out->effect = difference(g, sum_of(g->change, g->treated));
    int rc = ways ? go_through(null, g) : draw_them(null, g, draws, seed, ctx);
    size_t large = 0;
    double bar = fabs(out->effect) * (1 - 1e-12); /* equal but for rounding is as large */
    for (size_t i = 0; i < n && !rc; i++) {
        large += fabs(null[i]) >= bar;
    }
    out->p = ways ? (double)large / (double)n : (double)(1 + large) / (double)(1 + n);
    out->least_p = 1 / (double)(ways ? n : n + 1);

    for (size_t i = 0; i < g->treated; i++) {
        g->change[i] -= out->effect;
    }
    g->total = sum_of(g->change, g->all);
    rc = rc ? rc : ways ? go_through(null, g) : draw_them(null, g, draws, seed, ctx);
    if (!rc) {
        interval(&out->low, &out->high, out->effect, null, n, level);
    }
    for (size_t i = 0; i < g->treated; i++) {
        g->change[i] += out->effect;
    }
    wijk_free(null);
    return rc;
}

/* ---- from a panel
 * -------------------------------------------------------------------------------- */

int evaluate_single_start(int *out, const wijk_panel *panel)
{
    int rc = wijk_panel_check(panel);
    *out = WIJK_NEVER;
    for (size_t i = 0; i < panel->units && !rc; i++) {
        if (panel->start[i] != WIJK_NEVER && *out != WIJK_NEVER && panel->start[i] != *out) {
            rc = wijk_fail(WIJK_EINVAL,
                           "De gebieden beginnen niet tegelijk: gebruik de schatting per groep en "
                           "meting.",
                           "The areas do not start together: use the estimate by group and wave.");
        }
        *out = panel->start[i] != WIJK_NEVER ? panel->start[i] : *out;
    }
    return rc;
}

/* Sorts the finite changes into treated and comparison; WIJK_EINVAL when a side is empty. */
static int split(groups *out, const double *change, const wijk_panel *panel)
{
    out->treated = out->all = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < panel->units; i++) {
            if (isfinite(change[i]) && (panel->start[i] == WIJK_NEVER) == side) {
                out->change[out->all++] = change[i];
                out->treated += (size_t)!side;
            }
        }
    }
    if (!out->treated) {
        return wijk_fail(WIJK_EINVAL,
                         "Geen enkel deelnemend gebied heeft alle metingen die meetellen.",
                         "No area that takes part has all the waves that count.");
    }
    if (out->treated == out->all) {
        return wijk_fail(WIJK_EINVAL,
                         "Er is geen enkel gebied om mee te vergelijken dat alle metingen heeft.",
                         "There is no area to compare with that has all the waves.");
    }
    return WIJK_OK;
}

/* Difference over its heteroskedasticity-robust (HC1) error. A single treated area has residual 0,
 * so that its side adds no error at all: this is the trap that the header warns of. */
static double robust_t(const groups *g, double effect)
{
    double squares[2] = {0, 0}, n[2] = {(double)g->treated, (double)(g->all - g->treated)};
    double mean[2] = {sum_of(g->change, g->treated) / n[0],
                      sum_of(g->change + g->treated, g->all - g->treated) / n[1]};
    for (size_t i = 0; i < g->all; i++) {
        int side = i >= g->treated;
        double e = g->change[i] - mean[side];
        squares[side] += e * e;
    }
    double variance = squares[0] / (n[0] * n[0]) + squares[1] / (n[1] * n[1]);
    variance *= g->all > 2 ? (double)g->all / (double)(g->all - 2) : NAN;
    return effect / sqrt(variance);
}

int wijk_did_estimate(wijk_did *out, const wijk_panel *panel, const wijk_did_options *options,
                      wijk_ctx *ctx)
{
    static const wijk_did_options plain = {0};
    const wijk_did_options *o = options ? options : &plain;
    *out = (wijk_did){0};
    int start;
    int rc = evaluate_single_start(&start, panel);
    if (rc) {
        return rc;
    }
    groups g = {.change = wijk_alloc(panel->units * sizeof *g.change)};
    double *change = wijk_alloc(panel->units * sizeof *change);
    inference found = {0};
    rc = g.change && change ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_panel_changes(change, &out->pre, &out->post, panel, start);
    rc = rc ? rc : split(&g, change, panel);
    rc = rc ? rc
            : infer(&found, &g, o->draws ? o->draws : 999, o->seed, o->level > 0 ? o->level : 0.95,
                    ctx);
    if (!rc) {
        out->effect = found.effect;
        out->low = found.low;
        out->high = found.high;
        out->p = found.p;
        out->least_p = found.least_p;
        out->before_after = sum_of(g.change, g.treated) / (double)g.treated;
        out->cluster_t = robust_t(&g, out->effect);
        out->treated = g.treated;
        out->comparison = g.all - g.treated;
        out->left_out = panel->units - g.all;
    }
    wijk_free(g.change);
    wijk_free(change);
    return rc;
}

int wijk_did_events(wijk_event *out, const wijk_panel *panel, const wijk_did_options *options,
                    wijk_ctx *ctx)
{
    static const wijk_did_options plain = {0};
    const wijk_did_options *o = options ? options : &plain;
    int start, base = WIJK_NEVER;
    int rc = evaluate_single_start(&start, panel);
    if (rc) {
        return rc;
    }
    for (int t = 0; t < start; t++) {
        base = !panel->drop || !panel->drop[t] ? t : base;
    }
    if (base == WIJK_NEVER) {
        return wijk_fail(WIJK_EINVAL, "Er is geen meting voor de start die meetelt.",
                         "No wave before the start counts.");
    }
    groups g = {.change = wijk_alloc(panel->units * sizeof *g.change)};
    double *change = wijk_alloc(panel->units * sizeof *change);
    rc = g.change && change ? WIJK_OK : WIJK_ENOMEM;
    for (size_t t = 0; t < panel->waves && !rc; t++) {
        out[t] = (wijk_event){panel->year[t], (int)t == base ? 0 : NAN, NAN, NAN};
        if ((int)t == base || (panel->drop && panel->drop[t])) {
            continue;
        }
        for (size_t i = 0; i < panel->units; i++) {
            const double *row = panel->outcome + i * panel->waves;
            change[i] = row[t] - row[base];
        }
        inference found;
        rc = split(&g, change, panel);
        rc = rc ? rc
                : infer(&found, &g, o->draws ? o->draws : 999, o->seed + t,
                        o->level > 0 ? o->level : 0.95, ctx);
        if (!rc) {
            out[t] = (wijk_event){panel->year[t], found.effect, found.low, found.high};
        }
    }
    wijk_free(g.change);
    wijk_free(change);
    return rc;
}

/* ---- wild cluster bootstrap
 * ------------------------------------------------------------------------
 *
 * The regression is change = a + b * treated; with the null imposed only `a` is fitted. A draw
 * turns the residuals of cluster c by a weight v_c. Everything the t needs is then linear in v with
 * one number per cluster, so a draw costs a few passes over the clusters and none over the areas.
 */

typedef struct {
    size_t n;            /* clusters */
    double *turn;        /* sum of centred treatment times residual */
    double *residual;    /* sum of residuals */
    double *centred;     /* sum of centred treatment */
    double *square;      /* sum of squares of centred treatment */
    double *v;           /* weights of this draw */
    double units, total; /* number of units; sum of all squares */
} wild;

static double wild_t(const wild *w)
{
    double slope = 0, mean = 0;
    for (size_t c = 0; c < w->n; c++) {
        slope += w->v[c] * w->turn[c];
        mean += w->v[c] * w->residual[c];
    }
    slope /= w->total;
    mean /= w->units;
    double meat = 0;
    for (size_t c = 0; c < w->n; c++) {
        double score = w->v[c] * w->turn[c] - mean * w->centred[c] - slope * w->square[c];
        meat += score * score;
    }
    double k = (double)w->n / (double)(w->n - 1) * (w->units - 1) / (w->units - 2);
    return meat > 0 ? slope / (sqrt(k * meat) / w->total) : 0;
}

/* Webb's six points: +-sqrt(1/2), +-1, +-sqrt(3/2). */
static const double webb[6] = {-1.224744871391589, -1.0, -0.7071067811865476,
                               0.7071067811865476, 1.0,  1.224744871391589};

static size_t count_as_large(wild *w, double t, size_t draws, uint64_t seed)
{
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = FOR_WILD});
    double bar = fabs(t) * (1 - 1e-12);
    size_t large = 0;
    for (size_t draw = 0; draw < draws; draw++) {
        uint32_t bits = 0;
        for (size_t c = 0; c < w->n; c++) {
            if (w->n < 12) {
                w->v[c] = webb[wijk_rng_below(&stream, 6)];
                continue;
            }
            bits = c % 32 ? bits >> 1 : wijk_rng_word(&stream);
            w->v[c] = bits & 1 ? 1 : -1;
        }
        large += fabs(wild_t(w)) >= bar;
    }
    return large;
}

static int fill_wild(wild *w, wijk_wild *out, const double *change, const wijk_panel *panel,
                     const size_t *cluster)
{
    double treated = 0, sum = 0, treated_sum = 0;
    for (size_t i = 0; i < panel->units; i++) {
        if (isfinite(change[i])) {
            int in = panel->start[i] != WIJK_NEVER;
            w->units += 1;
            treated += in;
            sum += change[i];
            treated_sum += in ? change[i] : 0;
        }
    }
    if (!(treated > 0) || !(treated < w->units) || w->units < 3) {
        return wijk_fail(WIJK_EINVAL, "Te weinig gebieden met alle metingen om te vergelijken.",
                         "Too few areas with all waves to compare.");
    }
    double share = treated / w->units, mean = sum / w->units;
    out->effect = treated_sum / treated - (sum - treated_sum) / (w->units - treated);
    for (size_t i = 0; i < panel->units; i++) {
        if (isfinite(change[i])) {
            double x = (panel->start[i] != WIJK_NEVER) - share;
            size_t c = cluster[i];
            w->turn[c] += x * (change[i] - mean);
            w->residual[c] += change[i] - mean;
            w->centred[c] += x;
            w->square[c] += x * x;
            w->total += x * x;
            w->v[c] += x > 0;
        }
    }
    for (size_t c = 0; c < w->n; c++) {
        out->treated_clusters += w->v[c] > 0;
        w->v[c] = 1; /* no turning: the t of the data themselves */
    }
    return WIJK_OK;
}

int wijk_did_wild(wijk_wild *out, const wijk_panel *panel, const size_t *cluster, size_t clusters,
                  size_t draws, uint64_t seed, wijk_ctx *ctx)
{
    *out = (wijk_wild){.clusters = clusters};
    int start;
    int rc = evaluate_single_start(&start, panel);
    for (size_t i = 0; i < panel->units && !rc; i++) {
        rc = cluster[i] < clusters ? WIJK_OK
                                   : wijk_fail(WIJK_EINVAL, "Een gebied hoort bij geen groep.",
                                               "An area belongs to no cluster.");
    }
    if (!rc && clusters < 2) {
        rc = wijk_fail(WIJK_EINVAL, "Er zijn minstens twee groepen gebieden nodig.",
                       "At least two clusters are needed.");
    }
    if (rc) {
        return rc;
    }
    double *change = wijk_alloc(panel->units * sizeof *change);
    double *room = wijk_alloc(5 * clusters * sizeof *room);
    rc = change && room ? WIJK_OK : WIJK_ENOMEM;
    size_t pre, post;
    rc = rc ? rc : wijk_panel_changes(change, &pre, &post, panel, start);
    if (!rc) {
        wild w = {.n = clusters,
                  .turn = room,
                  .residual = room + clusters,
                  .centred = room + 2 * clusters,
                  .square = room + 3 * clusters,
                  .v = room + 4 * clusters};
        rc = fill_wild(&w, out, change, panel, cluster);
        rc = rc ? rc : wijk_checkpoint(ctx);
        if (!rc) {
            out->t = wild_t(&w);
            out->few = out->treated_clusters < 4;
            out->p = (double)(1 + count_as_large(&w, out->t, draws, seed)) / (double)(1 + draws);
        }
    }
    wijk_free(change);
    wijk_free(room);
    return rc;
}
