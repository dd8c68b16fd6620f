/* Difference-in-differences by one change per area, beside what covariates tell of it: a
 * permutation is then a few sums over a random subset, and the wild bootstrap sums over clusters,
 * so that a thousand or a hundred thousand draws cost little. */
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
 *
 * The effect is the coefficient of `treated` beside ones and covariates. With an orthonormal basis
 * z of those and e the change less its projection, that of any set S of k areas is (sum of e) / (k
 * - |sum of z|^2): every assignment is refitted exactly by a few sums over S.
 */

typedef struct {
    double *change; /* [all] treated first */
    double *rest;   /* [all] e */
    double *basis;  /* [all][terms] z */
    double far;     /* the largest |e| */
    size_t treated, all, terms;
} groups;

/* How much room a set leaves beside the covariates: below this share it follows from them. */
static const double LEAST_ROOM = 1e-9;

/* The effect of the set whose sums these are; infinite when covariates tell who is in it, which
 * makes such an assignment count against any finding. */
static double effect_of(const groups *g, const double *sums, size_t k)
{
    double room = (double)k;
    for (size_t j = 0; j < g->terms; j++) {
        room -= sums[1 + j] * sums[1 + j];
    }
    return room > LEAST_ROOM * (double)k ? sums[0] / room : INFINITY;
}

static void add_area(double *sums, const groups *g, size_t i)
{
    sums[0] += g->rest[i];
    for (size_t j = 0; j < g->terms; j++) {
        sums[1 + j] += g->basis[i * g->terms + j];
    }
}

static void take_out(double *e, const double *basis, size_t n, size_t terms)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j < terms; j++) {
            wijk_sum along = {0};
            for (size_t i = 0; i < n; i++) {
                wijk_sum_add(&along, e[i] * basis[i * terms + j]);
            }
            for (size_t i = 0; i < n; i++) {
                e[i] -= wijk_sum_value(&along) * basis[i * terms + j];
            }
        }
    }
}

/* Sets what is left of the changes; what is only rounding is nothing. */
static void set_rest(groups *g)
{
    double large = 0;
    g->far = 0;
    memcpy(g->rest, g->change, g->all * sizeof *g->rest);
    take_out(g->rest, g->basis, g->all, g->terms);
    for (size_t i = 0; i < g->all; i++) {
        large = fmax(large, fabs(g->change[i]));
        g->far = fmax(g->far, fabs(g->rest[i]));
    }
    if (g->far <= 1e-13 * large) {
        memset(g->rest, 0, g->all * sizeof *g->rest);
        g->far = 0;
    }
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

enum { MOST_SUMS = WIJK_MOST_COVARIATES + 2 };

/* Effects under every assignment: as many as there are, the real one first. */
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
        double sums[MOST_SUMS] = {0};
        for (size_t i = 0; i < g->treated; i++) {
            add_area(sums, g, chosen[i]);
        }
        out[n++] = effect_of(g, sums, g->treated);
    } while (next_subset(chosen, g->treated, g->all));
    wijk_free(chosen);
    return WIJK_OK;
}

/* Effects under random assignments. A shuffle goes on from the last one: the first places of a
 * partial Fisher-Yates shuffle are uniform whatever the order it starts from. The smaller side is
 * drawn: the effect of the others is its opposite. */
static int draw_them(double *out, const groups *g, size_t draws, uint64_t seed, wijk_ctx *ctx)
{
    uint32_t *deck = wijk_alloc(g->all * sizeof *deck);
    if (!deck) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < g->all; i++) {
        deck[i] = (uint32_t)i;
    }
    size_t others = g->all - g->treated, few = g->treated < others ? g->treated : others;
    double side = few == g->treated ? 1 : -1;
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = FOR_PERMUTATION});
    int rc = WIJK_OK;
    for (size_t draw = 0; draw < draws && !rc; draw++) {
        double sums[MOST_SUMS] = {0};
        for (size_t i = 0; i < few; i++) {
            size_t j = i + wijk_rng_below(&stream, (uint32_t)(g->all - i));
            uint32_t taken = deck[j];
            deck[j] = deck[i];
            deck[i] = taken;
            add_area(sums, g, taken);
        }
        out[draw] = side * effect_of(g, sums, few);
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

static double effect_now(const groups *g)
{
    double sums[MOST_SUMS] = {0};
    for (size_t i = 0; i < g->treated; i++) {
        add_area(sums, g, i);
    }
    return effect_of(g, sums, g->treated);
}

/* The changes are restored before returning, what is left of them is not. */
static int infer(inference *out, groups *g, size_t draws, uint64_t seed, double level,
                 wijk_ctx *ctx)
{
    size_t ways = choices(g->all, g->treated, draws), n = ways ? ways : draws;
    set_rest(g);
    out->effect = effect_now(g);
    if (!isfinite(out->effect)) {
        return wijk_fail(WIJK_EINVAL,
                         "De kenmerken vertellen precies wie meedoet: laat er een weg.",
                         "The covariates tell exactly who takes part: leave one out.");
    }
    double *null = wijk_alloc(n * sizeof *null);
    if (!null) {
        return WIJK_ENOMEM;
    }
    int rc = ways ? go_through(null, g) : draw_them(null, g, draws, seed, ctx);
    size_t large = 0;
    /* Equal but for rounding is as large. */
    double bar = fabs(out->effect) * (1 - 1e-12) - 1e-13 * g->far;
    for (size_t i = 0; i < n && !rc; i++) {
        large += fabs(null[i]) >= bar;
    }
    out->p = ways ? (double)large / (double)n : (double)(1 + large) / (double)(1 + n);
    out->least_p = 1 / (double)(ways ? n : n + 1);

    for (size_t i = 0; i < g->treated; i++) {
        g->change[i] -= out->effect;
    }
    set_rest(g);
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

static int groups_make(groups *g, const wijk_panel *panel)
{
    g->terms = panel->covariates + 1;
    g->change = wijk_alloc((panel->units + 1) * sizeof *g->change);
    g->rest = wijk_alloc((panel->units + 1) * sizeof *g->rest);
    g->basis = wijk_alloc((panel->units + 1) * g->terms * sizeof *g->basis);
    return g->change && g->rest && g->basis ? WIJK_OK : WIJK_ENOMEM;
}

static void groups_free(groups *g)
{
    wijk_free(g->change);
    wijk_free(g->rest);
    wijk_free(g->basis);
}

/* Sorts the finite changes into treated and comparison; WIJK_EINVAL when a side is empty. */
static int split(groups *out, const double *change, const wijk_panel *panel)
{
    out->treated = out->all = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < panel->units; i++) {
            if (isfinite(change[i]) && (panel->start[i] == WIJK_NEVER) == side) {
                double *row = out->basis + out->all * out->terms;
                *row = 1;
                for (size_t j = 0; j < panel->covariates; j++) {
                    row[1 + j] = panel->covariate[i * panel->covariates + j];
                }
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
    return evaluate_basis(out->basis, out->all, out->terms);
}

/* The effect over its heteroskedasticity-robust (HC1) error. A single treated area has residual 0,
 * so that its side adds no error at all: this is the trap that the header warns of. */
static double robust_t(groups *g, double effect)
{
    double n = (double)g->all, parts = (double)g->terms + 1, meat = 0, room = 0;
    double *own = wijk_alloc((g->all + 1) * sizeof *own);
    if (!own) {
        return NAN;
    }
    for (size_t i = 0; i < g->all; i++) {
        own[i] = i < g->treated;
    }
    take_out(own, g->basis, g->all, g->terms);
    set_rest(g);
    for (size_t i = 0; i < g->all; i++) {
        double score = own[i] * (g->rest[i] - effect * own[i]);
        meat += score * score;
        room += own[i] * own[i];
    }
    wijk_free(own);
    meat *= n > parts ? n / (n - parts) : NAN;
    return effect * room / sqrt(meat);
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
    groups g = {0};
    double *change = wijk_alloc(panel->units * sizeof *change);
    inference found = {0};
    rc = groups_make(&g, panel);
    rc = rc || change ? rc : WIJK_ENOMEM;
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
    groups_free(&g);
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
    groups g = {0};
    double *change = wijk_alloc(panel->units * sizeof *change);
    rc = groups_make(&g, panel);
    rc = rc || change ? rc : WIJK_ENOMEM;
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
    groups_free(&g);
    wijk_free(change);
    return rc;
}

/* ---- wild cluster bootstrap
 * ------------------------------------------------------------------------
 *
 * With the null imposed only ones and covariates are fitted. A draw turns the residuals e of
 * cluster c by a weight v_c. With d what `treated` has beside the covariates and z their basis,
 * everything the t needs is linear in v with a few numbers per cluster, so a draw costs a few
 * passes over the clusters and none over the areas.
 */

typedef struct {
    size_t n, terms;     /* clusters */
    double *turn;        /* [n] sum of d e */
    double *residual;    /* [n][terms] sum of z e */
    double *lean;        /* [n][terms] sum of z d */
    double *square;      /* [n] sum of d squared */
    double *v;           /* [n] weights of this draw */
    double *level;       /* [terms] what z takes of the turned residuals */
    double units, total; /* number of units; sum of all squares */
} wild;

static double wild_t(const wild *w)
{
    double slope = 0;
    memset(w->level, 0, w->terms * sizeof *w->level);
    for (size_t c = 0; c < w->n; c++) {
        slope += w->v[c] * w->turn[c];
        for (size_t j = 0; j < w->terms; j++) {
            w->level[j] += w->v[c] * w->residual[c * w->terms + j];
        }
    }
    slope /= w->total;
    double meat = 0;
    for (size_t c = 0; c < w->n; c++) {
        double score = w->v[c] * w->turn[c] - slope * w->square[c];
        for (size_t j = 0; j < w->terms; j++) {
            score -= w->level[j] * w->lean[c * w->terms + j];
        }
        meat += score * score;
    }
    double parts = (double)w->terms + 1;
    double k = (double)w->n / (double)(w->n - 1) * (w->units - 1) / (w->units - parts);
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

/* `cluster` in the order of the groups: treated first. */
static int fill_wild(wild *w, wijk_wild *out, groups *g, const size_t *cluster)
{
    double *own = wijk_alloc((g->all + 1) * sizeof *own);
    if (!own) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < g->all; i++) {
        own[i] = i < g->treated;
        w->v[cluster[i]] += i < g->treated;
    }
    take_out(own, g->basis, g->all, g->terms);
    set_rest(g);
    out->effect = effect_now(g);
    w->units = (double)g->all;
    for (size_t i = 0; i < g->all; i++) {
        size_t c = cluster[i];
        w->turn[c] += own[i] * g->rest[i];
        w->square[c] += own[i] * own[i];
        w->total += own[i] * own[i];
        for (size_t j = 0; j < w->terms; j++) {
            w->residual[c * w->terms + j] += g->basis[i * w->terms + j] * g->rest[i];
            w->lean[c * w->terms + j] += g->basis[i * w->terms + j] * own[i];
        }
    }
    for (size_t c = 0; c < w->n; c++) {
        out->treated_clusters += w->v[c] > 0;
        w->v[c] = 1; /* no turning: the t of the data themselves */
    }
    wijk_free(own);
    return isfinite(out->effect) && g->all > g->terms + 1
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL, "Te weinig gebieden met alle metingen om te vergelijken.",
                           "Too few areas with all waves to compare.");
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
    groups g = {0};
    size_t pre, post, m = panel->covariates + 1, kept = 0;
    double *change = wijk_alloc((panel->units + 1) * sizeof *change);
    double *room = wijk_alloc(((3 + 2 * m) * clusters + m) * sizeof *room);
    size_t *own = wijk_alloc((panel->units + 1) * sizeof *own);
    rc = change && room && own ? groups_make(&g, panel) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_panel_changes(change, &pre, &post, panel, start);
    rc = rc ? rc : split(&g, change, panel);
    for (int side = 0; side < 2 && !rc; side++) {
        for (size_t i = 0; i < panel->units; i++) {
            if (isfinite(change[i]) && (panel->start[i] == WIJK_NEVER) == side) {
                own[kept++] = cluster[i];
            }
        }
    }
    if (!rc) {
        wild w = {.n = clusters,
                  .terms = m,
                  .turn = room,
                  .square = room + clusters,
                  .v = room + 2 * clusters,
                  .residual = room + 3 * clusters,
                  .lean = room + (3 + m) * clusters,
                  .level = room + (3 + 2 * m) * clusters};
        rc = fill_wild(&w, out, &g, own);
        rc = rc ? rc : wijk_checkpoint(ctx);
        if (!rc) {
            out->t = wild_t(&w);
            out->few = out->treated_clusters < 4;
            out->p = (double)(1 + count_as_large(&w, out->t, draws, seed)) / (double)(1 + draws);
        }
    }
    groups_free(&g);
    wijk_free(change);
    wijk_free(room);
    wijk_free(own);
    return rc;
}
