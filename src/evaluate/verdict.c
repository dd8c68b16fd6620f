/* From a panel to one answer. The steps are those of the header, one function each: pool, what the
 * past foretells, chance, verdict. */
#include "wijk/verdict.h"

#include "evaluate/internal.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_CHANCE = 0x76657201, POOL = 400, DRAWS = 1999, MOST_TERMS = 40 };

/* Chance is made this much wider. Areas at the end of the pool deviate a little more than the pool
 * shows even after scaling: on the real panel a true 5% would be 6%. docs/model/verdict.md */
static const double CAUTION = 1.08;
static const double NOTICED = 0.8; /* the share of cases in which an effect should be noticed */

typedef struct {
    const wijk_panel *panel;
    const wijk_design *design;
    int start, selection;
    size_t units; /* that take part: treated first, then the pool */
    size_t treated;
    size_t *unit;   /* [units] */
    double *after;  /* [panel->units] mean of the waves from the start on */
    double *change; /* [panel->units] */
    size_t terms;   /* of the regression: one, and the waves before */
    double *left;   /* [units] after, less what the past foretells */
    double *scale;  /* [units] how much an area of that size deviates */
    double widen;   /* what estimating the foretelling adds to chance */
} work;

/* ---- who is compared with whom
 * ------------------------------------------------------------------- */

/* Where a unit lies: its outcome on the wave of selection, and the logarithm of its size. */
static void place_of(double out[2], const work *w, size_t i)
{
    const wijk_design *d = w->design;
    const double *y = w->panel->outcome + i * w->panel->waves;
    out[0] = y[w->selection];
    out[1] = d->size ? log(d->size[i]) : 0;
}

static int usable(const work *w, size_t i)
{
    double at[2];
    place_of(at, w, i);
    return isfinite(w->change[i]) && isfinite(at[0]) && isfinite(at[1]);
}

static double spread(const work *w, int axis)
{
    wijk_sum sum = {0}, square = {0};
    double n = 0;
    for (size_t i = 0; i < w->panel->units; i++) {
        if (usable(w, i)) {
            double at[2];
            place_of(at, w, i);
            wijk_sum_add(&sum, at[axis]);
            wijk_sum_add(&square, at[axis] * at[axis]);
            n += 1;
        }
    }
    double mean = n > 0 ? wijk_sum_value(&sum) / n : 0;
    double variance = n > 1 ? wijk_sum_value(&square) / n - mean * mean : 0;
    return variance > 0 ? sqrt(variance) : 1;
}

static int by_key(const void *a, const void *b)
{
    const wijk_pair *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->weight > y->weight) - (x->weight < y->weight);
}

/* The untreated units that lie nearest to any of the treated; ties by their place in the panel. */
static int choose_pool(wijk_verdict *out, work *w)
{
    size_t n = w->panel->units, found = 0;
    size_t most = w->design->pool ? w->design->pool : POOL;
    wijk_pair *near = wijk_alloc((n + 1) * sizeof *near);
    w->unit = wijk_alloc((n + 1) * sizeof *w->unit);
    if (!near || !w->unit) {
        wijk_free(near);
        return WIJK_ENOMEM;
    }
    double scale[2] = {spread(w, 0), spread(w, 1)};
    for (size_t i = 0; i < n; i++) {
        if (w->panel->start[i] != WIJK_NEVER && usable(w, i)) {
            w->unit[w->treated++] = i;
            out->small += w->design->size && w->design->size[i] < WIJK_LEAST_PEOPLE;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (w->panel->start[i] != WIJK_NEVER || !usable(w, i) ||
            (w->design->exclude && w->design->exclude[i])) {
            continue;
        }
        double here[2], best = INFINITY;
        place_of(here, w, i);
        for (size_t k = 0; k < w->treated; k++) {
            double there[2];
            place_of(there, w, w->unit[k]);
            double a = (here[0] - there[0]) / scale[0], b = (here[1] - there[1]) / scale[1];
            best = a * a + b * b < best ? a * a + b * b : best;
        }
        near[found++] = (wijk_pair){best, (double)i};
    }
    qsort(near, found, sizeof *near, by_key);
    found = found < most ? found : most;
    for (size_t k = 0; k < found; k++) {
        w->unit[w->treated + k] = (size_t)near[k].weight;
    }
    w->units = w->treated + found;
    wijk_free(near);
    return w->treated ? WIJK_OK
                      : wijk_fail(WIJK_EINVAL,
                                  "Geen enkel deelnemend gebied heeft alle metingen die meetellen.",
                                  "No area that takes part has all the waves that count.");
}

/* ---- what the past foretells
 * ------------------------------------------------------------------------ */

/* One, the logarithm of size, and the waves before the start that count. */
static void terms_of(double *x, const work *w, size_t i)
{
    size_t n = 0;
    x[n++] = 1;
    if (w->design->size) {
        x[n++] = log(w->design->size[i]);
    }
    for (int t = 0; t < w->start; t++) {
        if (!w->panel->drop || !w->panel->drop[t]) {
            x[n++] = w->panel->outcome[i * w->panel->waves + (size_t)t];
        }
    }
}

/* X'X of the pool, a hair on the diagonal so that equal waves do no harm; X'y in `beta`. */
static void normal_equations(double *a, double *beta, const work *w)
{
    double x[MOST_TERMS];
    size_t n = w->terms;
    memset(a, 0, n * n * sizeof *a);
    memset(beta, 0, n * sizeof *beta);
    for (size_t k = w->treated; k < w->units; k++) {
        terms_of(x, w, w->unit[k]);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                a[i * n + j] += x[i] * x[j];
            }
            beta[i] += x[i] * w->after[w->unit[k]];
        }
    }
    for (size_t i = 0; i < n; i++) {
        a[i * n + i] *= 1 + 1e-10;
    }
}

/* After less foretold, for all; and how much the estimate of the foretelling adds to chance for the
 * mean of the treated, who lie at the end of the pool. */
static int take_out_past(work *w)
{
    double a[MOST_TERMS * MOST_TERMS], beta[MOST_TERMS], mean[MOST_TERMS] = {0}, x[MOST_TERMS];
    size_t n = w->terms;
    normal_equations(a, beta, w);
    if (!evaluate_solve(a, beta, n)) {
        return wijk_fail(WIJK_EINVAL, "De metingen vooraf zijn niet van elkaar te onderscheiden.",
                         "The waves before the start cannot be told apart.");
    }
    for (size_t k = 0; k < w->units; k++) {
        terms_of(x, w, w->unit[k]);
        w->left[k] = w->after[w->unit[k]];
        for (size_t i = 0; i < n; i++) {
            w->left[k] -= beta[i] * x[i];
            mean[i] += k < w->treated ? x[i] / (double)w->treated : 0;
        }
    }
    double far[MOST_TERMS], leverage = 0, pool = (double)(w->units - w->treated);
    memcpy(far, mean, n * sizeof *far);
    normal_equations(a, beta, w);
    evaluate_solve(a, far, n);
    for (size_t i = 0; i < n; i++) {
        leverage += far[i] * mean[i];
    }
    /* Deviations in the pool are too small by what was fitted to them. */
    w->widen = sqrt((1 + (double)w->treated * leverage) * pool / (pool - (double)n));
    return WIJK_OK;
}

/* How much an area deviates: log |deviation| of the pool on where an area lies (selection, size).
 */
static void scale_by_place(work *w)
{
    double a[9] = {0}, b[3] = {0}, at[2], centre[2] = {0, 0};
    size_t pool = w->units - w->treated;
    for (size_t k = w->treated; k < w->units; k++) {
        place_of(at, w, w->unit[k]);
        centre[0] += at[0] / (double)pool;
        centre[1] += at[1] / (double)pool;
    }
    for (size_t k = w->treated; k < w->units; k++) {
        place_of(at, w, w->unit[k]);
        const double x[3] = {1, at[0] - centre[0], at[1] - centre[1]};
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                a[i * 3 + j] += x[i] * x[j];
            }
            b[i] += x[i] * log(fabs(w->left[k]) + 1e-9);
        }
    }
    for (int i = 0; i < 3; i++) {
        a[i * 4] = a[i * 4] * (1 + 1e-9) + 1e-9;
    }
    int known = evaluate_solve(a, b, 3);
    for (size_t k = 0; k < w->units; k++) {
        place_of(at, w, w->unit[k]);
        w->scale[k] = known ? exp(b[1] * (at[0] - centre[0]) + b[2] * (at[1] - centre[1])) : 1;
    }
}

/* ---- chance
 * ------------------------------------------------------------------------------------------ */

/* Effects that chance shows: deviations of random comparison areas in the place of the treated. */
static int draw_chance(wijk_verdict *out, const work *w, wijk_ctx *ctx)
{
    size_t pool = w->units - w->treated;
    double *deck = wijk_alloc(pool * sizeof *deck);
    if (!deck) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < pool; k++) {
        deck[k] = w->left[w->treated + k] / w->scale[w->treated + k];
    }
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = w->design->seed, .purpose = FOR_CHANCE});
    int rc = WIJK_OK;
    for (size_t draw = 0; draw < out->draws && !rc; draw++) {
        double sum = 0;
        for (size_t k = 0; k < w->treated; k++) {
            size_t first = k % pool, j = first + wijk_rng_below(&stream, (uint32_t)(pool - first));
            double taken = deck[j];
            deck[j] = deck[first];
            deck[first] = taken;
            sum += taken * w->scale[k];
        }
        out->null[draw] = CAUTION * w->widen * sum / (double)w->treated;
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

/* Interval, p and what would be noticed, all from the same draws. */
static void read_chance(wijk_verdict *out, double alpha)
{
    size_t n = out->draws, large = 1;
    qsort(out->null, n, sizeof *out->null, by_value);
    for (size_t i = 0; i < n; i++) {
        large += fabs(out->null[i]) >= fabs(out->effect) * (1 - 1e-12);
    }
    out->p = (double)large / (double)(n + 1);
    size_t cut = (size_t)floor(alpha / 2 * (double)(n + 1));
    cut = cut ? cut : 1;
    double low = out->null[cut - 1], high = out->null[n - cut];
    out->low = out->effect - high;
    out->high = out->effect - low;
    /* Noticed: effect + chance beyond the upper bound in NOTICED of the draws. */
    out->detectable = high - out->null[(size_t)((1 - NOTICED) * (double)n)];
}

/* ---- the verdict
 * --------------------------------------------------------------------------------------- */

static void decide(wijk_verdict *out, const wijk_design *d)
{
    if (out->small) {
        out->kind = WIJK_CANNOT_KNOW;
        out->why_not = WIJK_CANNOT_SMALL;
    } else if (!isfinite(out->effect)) {
        out->kind = WIJK_CANNOT_KNOW;
        out->why_not = WIJK_CANNOT_FEW;
    } else if (out->low > 0 || out->high < 0) {
        out->kind = (out->low > 0) != (d->lower_is_better != 0) ? WIJK_BETTER : WIJK_WORSE;
    } else if (out->low > -d->matters && out->high < d->matters) {
        out->kind = WIJK_NO_DIFFERENCE;
    } else {
        out->kind = WIJK_CANNOT_KNOW;
        out->why_not = WIJK_CANNOT_TOO_SMALL;
    }
}

/* What people see: how it went since the wave on which the areas were chosen. */
static void naive_answers(wijk_verdict *out, const work *w)
{
    double sum[2] = {0, 0}, n[2] = {0, 0};
    for (size_t i = 0; i < w->panel->units; i++) {
        double since = w->after[i] - w->panel->outcome[i * w->panel->waves + (size_t)w->selection];
        if (isfinite(since)) {
            int in = w->panel->start[i] != WIJK_NEVER;
            sum[in] += since;
            n[in] += 1;
        }
    }
    out->before_after = sum[1] / n[1];
    out->naive = n[0] > 0 ? out->before_after - sum[0] / n[0] : NAN;
}

static int check_design(const wijk_panel *panel, const wijk_design *d, int start)
{
    if (!(d->matters > 0) || !isfinite(d->matters)) {
        return wijk_fail(
            WIJK_EINVAL,
            "Zeg vooraf hoe groot een verschil moet zijn om ertoe te doen (groter dan 0).",
            "Say beforehand how large a difference must be to matter (above 0).");
    }
    if (d->selection != WIJK_NEVER &&
        (d->selection < 0 || d->selection >= (int)panel->waves || d->selection >= start)) {
        return wijk_fail(WIJK_EINVAL, "De meting waarop gekozen is, moet voor de start liggen.",
                         "The wave on which areas were chosen must lie before the start.");
    }
    for (size_t i = 0; d->size && i < panel->units; i++) {
        if (d->size[i] <= 0) {
            return wijk_fail(WIJK_EINVAL, "Gebied %zu heeft geen inwoners.",
                             "Area %zu has no residents.", i + 1);
        }
    }
    return WIJK_OK;
}

static void set_after(work *w)
{
    for (size_t i = 0; i < w->panel->units; i++) {
        double sum = 0, n = 0;
        for (size_t t = (size_t)w->start; t < w->panel->waves; t++) {
            if (!w->panel->drop || !w->panel->drop[t]) {
                sum += w->panel->outcome[i * w->panel->waves + t];
                n += 1;
            }
        }
        w->after[i] = sum / n;
    }
}

static int reach(wijk_verdict *out, work *w, wijk_ctx *ctx)
{
    const wijk_panel *panel = w->panel;
    const wijk_design *design = w->design;
    w->change = wijk_alloc((panel->units + 1) * sizeof *w->change);
    w->after = wijk_alloc((panel->units + 1) * sizeof *w->after);
    w->left = wijk_alloc((panel->units + 1) * sizeof *w->left);
    w->scale = wijk_alloc((panel->units + 1) * sizeof *w->scale);
    out->draws = design->draws ? design->draws : DRAWS;
    out->null = wijk_alloc(out->draws * sizeof *out->null);
    int rc = w->change && w->after && w->left && w->scale && out->null ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_panel_changes(w->change, &out->pre, &out->post, panel, w->start);
    if (!rc && out->pre + 2 > MOST_TERMS) {
        rc = wijk_fail(WIJK_ELIMIT, "Er zijn meer dan %d metingen voor de start.",
                       "There are more than %d waves before the start.", MOST_TERMS - 2);
    }
    w->terms = out->pre + 1 + (design->size != NULL);
    rc = rc ? rc : choose_pool(out, w);
    if (rc) {
        return rc;
    }
    set_after(w);
    out->treated = w->treated;
    out->pool = w->units - w->treated;
    naive_answers(out, w);
    out->compared = wijk_alloc((out->pool + 1) * sizeof *out->compared);
    if (!out->compared) {
        return WIJK_ENOMEM;
    }
    memcpy(out->compared, w->unit + w->treated, out->pool * sizeof *out->compared);
    if (out->pool < WIJK_LEAST_POOL + w->terms) {
        return WIJK_OK; /* too few to say what the past foretells: the verdict says so */
    }
    rc = take_out_past(w);
    scale_by_place(w);
    out->effect = 0;
    for (size_t k = 0; k < w->treated; k++) {
        out->effect += w->left[k] / (double)w->treated;
    }
    rc = rc ? rc : draw_chance(out, w, ctx);
    if (!rc) {
        read_chance(out, design->alpha > 0 ? design->alpha : 0.05);
    }
    return rc;
}

int wijk_verdict_reach(wijk_verdict *out, const wijk_panel *panel, const wijk_design *design,
                       wijk_ctx *ctx)
{
    *out = (wijk_verdict){
        .effect = NAN, .low = NAN, .high = NAN, .p = NAN, .detectable = NAN, .naive = NAN};
    int start;
    int rc = evaluate_single_start(&start, panel);
    rc = rc ? rc : check_design(panel, design, start);
    work w = {.panel = panel, .design = design, .start = start, .selection = design->selection};
    for (int t = 0; w.selection == WIJK_NEVER && t < start; t++) {
        w.selection = !panel->drop || !panel->drop[start - 1 - t] ? start - 1 - t : WIJK_NEVER;
    }
    rc = rc ? rc : reach(out, &w, ctx);
    wijk_free(w.change);
    wijk_free(w.after);
    wijk_free(w.left);
    wijk_free(w.scale);
    wijk_free(w.unit);
    if (!rc) {
        decide(out, design);
    }
    return rc;
}

void wijk_verdict_free(wijk_verdict *verdict)
{
    wijk_free(verdict->compared);
    wijk_free(verdict->null);
    *verdict = (wijk_verdict){0};
}

int wijk_verdict_power(double *detectable, const wijk_panel *panel, const wijk_design *design,
                       const size_t *chosen, size_t treated, size_t post, wijk_ctx *ctx)
{
    *detectable = NAN;
    if (!post || panel->waves < post + 2) {
        return wijk_fail(
            WIJK_EINVAL,
            "Er zijn %zu metingen: te weinig om te zien hoeveel %zu metingen na de start "
            "door toeval schommelen.",
            "There are %zu waves: too few to see how much %zu waves after the start vary "
            "by chance.",
            panel->waves, post);
    }
    int *start = wijk_alloc((panel->units + 1) * sizeof *start);
    if (!start) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < panel->units; i++) {
        start[i] = WIJK_NEVER;
    }
    int rc = WIJK_OK;
    for (size_t k = 0; k < treated && !rc; k++) {
        rc = chosen[k] < panel->units ? WIJK_OK
                                      : wijk_fail(WIJK_EINVAL, "Gebied %zu bestaat niet.",
                                                  "Area %zu does not exist.", chosen[k] + 1);
        if (!rc) {
            start[chosen[k]] = (int)(panel->waves - post);
        }
    }
    wijk_panel then = *panel;
    wijk_design earlier = *design;
    wijk_verdict found = {0};
    then.start = start;
    earlier.selection =
        design->selection == WIJK_NEVER ? WIJK_NEVER : (int)(panel->waves - post) - 1;
    rc = rc ? rc : wijk_verdict_reach(&found, &then, &earlier, ctx);
    *detectable = rc ? NAN : found.detectable;
    wijk_verdict_free(&found);
    wijk_free(start);
    return rc;
}
