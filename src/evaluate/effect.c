/* The table of estimators. Each row brings one of them to the same four numbers; what a design
 * leaves out is left out for all of them in the same way. */
#include "wijk/effect.h"

#include "evaluate/foretell.h"
#include "evaluate/internal.h"
#include "wijk/did.h"
#include "wijk/group_time.h"
#include "wijk/matching.h"
#include "wijk/mem.h"
#include "wijk/stats.h"
#include "wijk/synthetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DONORS = 60, PLACEBOS = 99 };

static const double SURE = 1.959963984540054; /* standard errors in a 95% interval */

/* ---- part of a panel
 * ----------------------------------------------------------------------------- */

typedef struct {
    wijk_panel panel;
    double *outcome, *covariate;
    int *start;
    unsigned char *drop;
} part;

static void part_free(part *p)
{
    wijk_free(p->outcome);
    wijk_free(p->covariate);
    wijk_free(p->start);
    wijk_free(p->drop);
}

/* The units of `keep` [units]; `without` is a wave to leave out, or WIJK_NEVER. */
static int part_make(part *out, const wijk_panel *panel, const unsigned char *keep, int without)
{
    size_t n = 0, waves = panel->waves, m = panel->covariates;
    *out = (part){.panel = *panel};
    out->outcome = wijk_alloc((panel->units * waves + 1) * sizeof *out->outcome);
    out->covariate = wijk_alloc((panel->units * m + 1) * sizeof *out->covariate);
    out->start = wijk_alloc((panel->units + 1) * sizeof *out->start);
    out->drop = wijk_alloc(waves + 1);
    if (!out->outcome || !out->covariate || !out->start || !out->drop) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < panel->units; i++) {
        if (keep[i]) {
            memcpy(out->outcome + n * waves, panel->outcome + i * waves,
                   waves * sizeof *out->outcome);
            for (size_t j = 0; j < m; j++) {
                out->covariate[n * m + j] = panel->covariate[i * m + j];
            }
            out->start[n++] = panel->start[i];
        }
    }
    for (size_t t = 0; t < waves; t++) {
        out->drop[t] = (panel->drop && panel->drop[t]) || (int)t == without;
    }
    out->panel.units = n;
    out->panel.outcome = out->outcome;
    out->panel.covariate = m ? out->covariate : NULL;
    out->panel.start = out->start;
    out->panel.drop = out->drop;
    return WIJK_OK;
}

/* All that the design does not exclude. */
static int part_allowed(part *out, const wijk_panel *panel, const wijk_design *design, int without)
{
    unsigned char *keep = wijk_alloc(panel->units + 1);
    if (!keep) {
        *out = (part){0};
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < panel->units; i++) {
        keep[i] = panel->start[i] != WIJK_NEVER || !design->exclude || !design->exclude[i];
    }
    int rc = part_make(out, panel, keep, without);
    wijk_free(keep);
    return rc;
}

/* The treated and the DONORS untreated that were nearly chosen: the pool of the verdict, smaller.
 */
static int part_near(part *out, const wijk_panel *panel, const wijk_design *design)
{
    *out = (part){0};
    int start;
    int rc = evaluate_single_start(&start, panel);
    unsigned char *keep = rc ? NULL : wijk_alloc(2 * panel->units + 2);
    if (!keep) {
        return rc ? rc : WIJK_ENOMEM;
    }
    evaluate_group g = {
        .panel = panel, .design = design, .start = start, .selection = design->selection};
    for (int t = 0; t < start && design->selection == WIJK_NEVER; t++) {
        g.selection = !panel->drop || !panel->drop[t] ? t : g.selection;
    }
    unsigned char *usable = keep + panel->units + 1;
    rc = evaluate_group_make(&g);
    for (size_t i = 0; i < panel->units && !rc; i++) {
        usable[i] = (unsigned char)evaluate_group_usable(&g, i);
    }
    rc = rc ? rc : evaluate_group_choose(&g, usable, DONORS);
    for (size_t k = 0; k < g.treated + g.pool && !rc; k++) {
        keep[g.unit[k]] = 1;
    }
    rc = rc ? rc : part_make(out, panel, keep, WIJK_NEVER);
    evaluate_group_free(&g);
    wijk_free(keep);
    return rc;
}

/* ---- the simple answers
 * ------------------------------------------------------------------------- */

/* Two-sided p of a standard normal; never 0, for beyond sixteen digits it tells nothing. */
static double normal_p(double t)
{
    return fmax(erfc(fabs(t) / sqrt(2)), 1e-16);
}

static void from_error(wijk_effect *out, double effect, double error)
{
    *out = (wijk_effect){.effect = effect,
                         .low = effect - SURE * error,
                         .high = effect + SURE * error,
                         .p = normal_p(effect / error)};
}

/* The wave on which area i was chosen: the design's, or the last before its start that counts. */
static int chosen_on(const wijk_panel *panel, const wijk_design *design, int start)
{
    int wave = design->selection;
    for (int t = 0; t < start && design->selection == WIJK_NEVER; t++) {
        wave = !panel->drop || !panel->drop[t] ? t : wave;
    }
    return wave;
}

/* Mean from the start on, less where it stood when chosen. */
static double since_chosen(const wijk_panel *panel, size_t i, int start, int chosen)
{
    const double *y = panel->outcome + i * panel->waves;
    double sum = 0, n = 0;
    for (size_t t = (size_t)start; t < panel->waves; t++) {
        int on = !panel->drop || !panel->drop[t];
        sum += on ? y[t] : 0;
        n += on;
    }
    return chosen < 0 ? NAN : sum / n - y[chosen];
}

/* What everybody sees: the treated rose more than areas usually change. */
static int before_after(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                        wijk_ctx *ctx)
{
    (void)ctx;
    int rc = wijk_panel_check(panel), first = WIJK_NEVER;
    double sum = 0, n = 0, mean = 0, square = 0, all = 0;
    for (size_t i = 0; i < panel->units && !rc; i++) {
        int start = panel->start[i];
        double own = start == WIJK_NEVER
                         ? NAN
                         : since_chosen(panel, i, start, chosen_on(panel, design, start));
        first = start != WIJK_NEVER && (first < 0 || start < first) ? start : first;
        sum += isfinite(own) ? own : 0;
        n += isfinite(own);
    }
    for (int pass = 0; pass < 2 && !rc; pass++) {
        for (size_t i = 0; i < panel->units; i++) {
            double own = since_chosen(panel, i, first, chosen_on(panel, design, first));
            if (panel->start[i] == WIJK_NEVER && isfinite(own)) {
                mean += pass ? 0 : own;
                square += pass ? (own - mean) * (own - mean) : 0;
                all += !pass;
            }
        }
        mean /= pass ? 1 : all;
    }
    if (!rc && !(n > 0 && all > 1)) {
        rc = wijk_fail(WIJK_EINVAL, "Te weinig gebieden hebben alle metingen.",
                       "Too few areas have all the waves.");
    }
    if (!rc) {
        from_error(out, sum / n, sqrt(square / (all - 1) / n));
    }
    return rc;
}

/* Two-way fixed effects with errors clustered by area: means taken out of treatment both ways. */
static int two_way(wijk_effect *out, const wijk_panel *panel)
{
    size_t waves = 0, n = 0, *wave = wijk_alloc((panel->waves + 1) * sizeof *wave);
    size_t *unit = wijk_alloc((panel->units + 1) * sizeof *unit);
    double *on = wijk_alloc((panel->waves + 1) * 2 * sizeof *on);
    if (!wave || !unit || !on) {
        wijk_free(wave);
        wijk_free(unit);
        wijk_free(on);
        return WIJK_ENOMEM;
    }
    double *level = on + panel->waves + 1;
    for (size_t t = 0; t < panel->waves; t++) {
        if (!panel->drop || !panel->drop[t]) {
            wave[waves++] = t;
        }
    }
    for (size_t i = 0; i < panel->units; i++) {
        int whole = 1;
        for (size_t t = 0; t < waves; t++) {
            whole &= isfinite(panel->outcome[i * panel->waves + wave[t]]);
        }
        if (whole) {
            unit[n++] = i;
        }
    }
#define TREATED(i, t) (panel->start[unit[i]] != WIJK_NEVER && (int)wave[t] >= panel->start[unit[i]])
#define OUTCOME(i, t) (panel->outcome[unit[i] * panel->waves + wave[t]])
    double whole = 0, average = 0, slope = 0, square = 0, meat = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < waves; t++) {
            on[t] += TREATED(i, t) / (double)n;
            level[t] += OUTCOME(i, t) / (double)n;
            whole += TREATED(i, t) / (double)(n * waves);
            average += OUTCOME(i, t) / (double)(n * waves);
        }
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            double own = 0, mean = 0, score = 0;
            for (size_t t = 0; t < waves; t++) {
                own += TREATED(i, t) / (double)waves;
                mean += OUTCOME(i, t) / (double)waves;
            }
            for (size_t t = 0; t < waves; t++) {
                double d = TREATED(i, t) - own - on[t] + whole;
                double y = OUTCOME(i, t) - mean - level[t] + average;
                slope += pass ? 0 : d * y;
                square += pass ? 0 : d * d;
                score += d * (y - slope * d);
            }
            meat += pass ? score * score : 0;
        }
        slope /= pass ? 1 : square;
    }
#undef TREATED
#undef OUTCOME
    wijk_free(wave);
    wijk_free(unit);
    wijk_free(on);
    if (!(square > 1e-9)) { /* nobody, or everybody at once: only rounding is left */
        return wijk_fail(WIJK_EINVAL, "Te weinig gebieden hebben alle metingen.",
                         "Too few areas have all the waves.");
    }
    from_error(out, slope, sqrt(meat) / square);
    return WIJK_OK;
}

static int naive(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                 wijk_ctx *ctx)
{
    (void)ctx;
    part p;
    int rc = wijk_panel_check(panel);
    rc = rc ? rc : part_allowed(&p, panel, design, WIJK_NEVER);
    if (!rc) {
        rc = two_way(out, &p.panel);
        part_free(&p);
    }
    return rc;
}

/* ---- the estimators
 * ----------------------------------------------------------------------------- */

static int did_without(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                       int without, wijk_ctx *ctx)
{
    part p;
    wijk_did r;
    wijk_did_options options = {.draws = design->draws, .seed = design->seed};
    int rc = part_allowed(&p, panel, design, without);
    rc = rc ? rc : wijk_did_estimate(&r, &p.panel, &options, ctx);
    if (!rc) {
        *out = (wijk_effect){r.effect, r.low, r.high, r.p};
    }
    part_free(&p);
    return rc;
}

static int did(wijk_effect *out, const wijk_panel *panel, const wijk_design *design, wijk_ctx *ctx)
{
    return did_without(out, panel, design, WIJK_NEVER, ctx);
}

static int did_dropped(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                       wijk_ctx *ctx)
{
    int start;
    int rc = evaluate_single_start(&start, panel);
    return rc ? rc : did_without(out, panel, design, chosen_on(panel, design, start), ctx);
}

static int group_time(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                      wijk_ctx *ctx)
{
    part p;
    wijk_group_time r = {0};
    wijk_group_time_options options = {
        .comparison = WIJK_COMPARE_NOT_YET, .draws = 1, .seed = design->seed};
    int rc = part_allowed(&p, panel, design, WIJK_NEVER);
    rc = rc ? rc : wijk_group_time_estimate(&r, &p.panel, &options, ctx);
    if (!rc) {
        from_error(out, r.simple.effect, r.simple.error);
    }
    wijk_group_time_free(&r);
    part_free(&p);
    return rc;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The interval that the placebos of a mix show: how far the middle 95% of them lie from nothing. */
static void from_placebos(wijk_effect *out, double effect, double *placebo, size_t n, double p)
{
    for (size_t i = 0; i < n; i++) {
        placebo[i] = fabs(placebo[i]);
    }
    qsort(placebo, n, sizeof *placebo, by_value);
    double rank = ceil(0.95 * (double)(n + 1) - 1e-9);
    double reach = rank > (double)n ? INFINITY : placebo[(size_t)rank - 1];
    *out = (wijk_effect){effect, effect - reach, effect + reach, p};
}

static int mix(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
               enum wijk_synthetic_kind kind, wijk_ctx *ctx)
{
    part p;
    wijk_synthetic r = {0};
    wijk_synthetic_options options = {.kind = kind, .placebos = PLACEBOS, .seed = design->seed};
    int rc = part_near(&p, panel, design);
    rc = rc ? rc : wijk_synthetic_estimate(&r, &p.panel, &options, ctx);
    if (!rc) {
        from_placebos(out, r.effect, r.placebo, r.placebos, r.p_effect);
    }
    wijk_synthetic_free(&r);
    part_free(&p);
    return rc;
}

static int synthetic(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                     wijk_ctx *ctx)
{
    return mix(out, panel, design, WIJK_SYNTHETIC_PLAIN, ctx);
}

static int ridge(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                 wijk_ctx *ctx)
{
    return mix(out, panel, design, WIJK_SYNTHETIC_RIDGE, ctx);
}

static int sdid(wijk_effect *out, const wijk_panel *panel, const wijk_design *design, wijk_ctx *ctx)
{
    return mix(out, panel, design, WIJK_SYNTHETIC_DID, ctx);
}

static int matching(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                    wijk_ctx *ctx)
{
    wijk_matching r;
    wijk_matching_options options = {.exclude = design->exclude,
                                     .pool = design->pool,
                                     .draws = design->draws,
                                     .seed = design->seed};
    int rc = wijk_matching_estimate(&r, panel, &options, ctx);
    if (!rc) {
        *out = (wijk_effect){r.effect, r.low, r.high, r.p};
    }
    wijk_matching_free(&r);
    return rc;
}

static int verdict(wijk_effect *out, const wijk_panel *panel, const wijk_design *design,
                   wijk_ctx *ctx)
{
    wijk_verdict v;
    int rc = wijk_verdict_reach(&v, panel, design, ctx);
    if (!rc) {
        *out = (wijk_effect){v.effect, v.low, v.high, v.p};
    }
    wijk_verdict_free(&v);
    return rc;
}

const wijk_estimator wijk_estimators[] = {
    {.code = "before_after", .staggered = 1, .run = before_after},
    {.code = "naive", .staggered = 1, .run = naive},
    {.code = "did", .covariates = 1, .run = did},
    {.code = "did_dropped", .covariates = 1, .run = did_dropped},
    {.code = "group_time", .staggered = 1, .covariates = 1, .run = group_time},
    {.code = "synthetic", .slow = 1, .run = synthetic},
    {.code = "ridge", .slow = 1, .run = ridge},
    {.code = "sdid", .slow = 1, .run = sdid},
    {.code = "matching", .covariates = 1, .slow = 1, .run = matching},
    {.code = "verdict", .offered = 1, .staggered = 1, .covariates = 1, .run = verdict},
    {.code = NULL},
};

const wijk_estimator *wijk_estimator_by_code(const char *code)
{
    for (const wijk_estimator *e = wijk_estimators; e->code; e++) {
        if (!strcmp(e->code, code)) {
            return e;
        }
    }
    return NULL;
}

void wijk_holm(double *p, size_t n)
{
    size_t left = 0;
    double floor = 0;
    for (size_t i = 0; i < n; i++) {
        left += !isnan(p[i]);
    }
    unsigned char done[WIJK_MOST_OUTCOMES] = {0};
    for (; left; left--) {
        size_t next = n;
        for (size_t i = 0; i < n; i++) {
            next = !done[i] && !isnan(p[i]) && (next == n || p[i] < p[next]) ? i : next;
        }
        floor = fmax(floor, fmin(1, (double)left * p[next]));
        p[next] = floor;
        done[next] = 1;
    }
}
