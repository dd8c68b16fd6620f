/* Pool, regression and deviations of one start. Deviations are those of leaving one out, so that an
 * area of the pool is judged as the treated are: from the others. */
#include "evaluate/foretell.h"

#include "evaluate/internal.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TERMS = 48, PLACES = 3 };

int evaluate_group_make(evaluate_group *g)
{
    const wijk_panel *panel = g->panel;
    size_t n = panel->units + 1, pre = 0, post = 0;
    double *change = wijk_alloc(n * sizeof *change);
    g->unit = wijk_alloc(n * sizeof *g->unit);
    g->after = wijk_alloc(n * sizeof *g->after);
    g->left = wijk_alloc(n * sizeof *g->left);
    g->scale = wijk_alloc(n * sizeof *g->scale);
    g->deck = wijk_alloc(n * sizeof *g->deck);
    int rc =
        change && g->unit && g->after && g->left && g->scale && g->deck ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_panel_changes(change, &pre, &post, panel, g->start);
    for (size_t i = 0; i < panel->units && !rc; i++) {
        double sum = 0;
        for (size_t t = (size_t)g->start; t < panel->waves; t++) {
            sum += panel->drop && panel->drop[t] ? 0 : panel->outcome[i * panel->waves + t];
        }
        g->after[i] = isfinite(change[i]) ? sum / (double)post : NAN;
    }
    wijk_free(change);
    g->terms = 1 + (g->design->size != NULL) + (g->also != NULL) + panel->covariates + pre;
    return rc || g->terms <= MOST_TERMS
               ? rc
               : wijk_fail(WIJK_ELIMIT,
                           "Er zijn %zu metingen en kenmerken van voor de start; hoogstens %d kan.",
                           "There are %zu waves and covariates from before the start; at most %d "
                           "will do.",
                           g->terms - 1, MOST_TERMS - 1);
}

void evaluate_group_free(evaluate_group *g)
{
    wijk_free(g->unit);
    wijk_free(g->after);
    wijk_free(g->left);
    wijk_free(g->scale);
    wijk_free(g->deck);
}

/* ---- who is compared with whom
 * ------------------------------------------------------------------- */

/* Where a unit lies: its outcome on the wave of selection, and the logarithm of its size. */
static void place_of(double out[2], const evaluate_group *g, size_t i)
{
    const wijk_design *d = g->design;
    out[0] = g->panel->outcome[i * g->panel->waves + (size_t)g->selection];
    out[1] = d->size ? log(d->size[i]) : 0;
}

int evaluate_group_usable(const evaluate_group *g, size_t unit)
{
    double at[2];
    place_of(at, g, unit);
    return isfinite(g->after[unit]) && isfinite(at[0]) && isfinite(at[1]);
}

static double spread(const evaluate_group *g, const unsigned char *usable, int axis)
{
    wijk_sum sum = {0}, square = {0};
    double n = 0;
    for (size_t i = 0; i < g->panel->units; i++) {
        if (usable[i]) {
            double at[2];
            place_of(at, g, i);
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

int evaluate_group_choose(evaluate_group *g, const unsigned char *usable, size_t most)
{
    const wijk_panel *panel = g->panel;
    const unsigned char *exclude = g->design->exclude;
    wijk_pair *near = wijk_alloc((panel->units + 1) * sizeof *near);
    if (!near) {
        return WIJK_ENOMEM;
    }
    double scale[2] = {spread(g, usable, 0), spread(g, usable, 1)};
    g->treated = g->pool = 0;
    for (size_t i = 0; i < panel->units; i++) {
        if (panel->start[i] == g->start && usable[i]) {
            g->unit[g->treated++] = i;
        }
    }
    for (size_t i = 0; i < panel->units; i++) {
        if (panel->start[i] != WIJK_NEVER || !usable[i] || (exclude && exclude[i])) {
            continue;
        }
        double here[2], best = INFINITY;
        place_of(here, g, i);
        for (size_t k = 0; k < g->treated; k++) {
            double there[2];
            place_of(there, g, g->unit[k]);
            double a = (here[0] - there[0]) / scale[0], b = (here[1] - there[1]) / scale[1];
            best = a * a + b * b < best ? a * a + b * b : best;
        }
        near[g->pool++] = (wijk_pair){best, (double)i};
    }
    qsort(near, g->pool, sizeof *near, by_key);
    g->pool = g->pool < most ? g->pool : most;
    for (size_t k = 0; k < g->pool; k++) {
        g->unit[g->treated + k] = (size_t)near[k].weight;
    }
    wijk_free(near);
    return WIJK_OK;
}

/* ---- what the past foretells
 * ------------------------------------------------------------------------ */

/* Ones, log size, where the area stood on what it was chosen by, covariates, and the waves before
 * the start that count. */
static void terms_of(double *x, const evaluate_group *g, size_t i)
{
    const wijk_panel *panel = g->panel;
    size_t n = 0;
    x[n++] = 1;
    if (g->design->size) {
        x[n++] = log(g->design->size[i]);
    }
    if (g->also) {
        x[n++] = g->also[i];
    }
    for (size_t j = 0; j < panel->covariates; j++) {
        x[n++] = panel->covariate[i * panel->covariates + j];
    }
    for (size_t t = 0; t < (size_t)g->start; t++) {
        if (!panel->drop || !panel->drop[t]) {
            x[n++] = panel->outcome[i * panel->waves + t];
        }
    }
}

/* Terms of the treated and the pool, brought to mean 0 and sd 1 over the pool (all but the ones),
 * so that covariates of any scale lose no digits. */
static void fill_terms(double *x, const evaluate_group *g)
{
    size_t m = g->terms, all = g->treated + g->pool;
    for (size_t k = 0; k < all; k++) {
        terms_of(x + k * m, g, g->unit[k]);
    }
    for (size_t j = 1; j < m; j++) {
        double mean = 0, square = 0;
        for (size_t k = g->treated; k < all; k++) {
            mean += x[k * m + j] / (double)g->pool;
        }
        for (size_t k = g->treated; k < all; k++) {
            square += (x[k * m + j] - mean) * (x[k * m + j] - mean) / (double)g->pool;
        }
        /* A term that is the same everywhere tells nothing. */
        double sd = square > 1e-24 * mean * mean ? sqrt(square) : INFINITY;
        for (size_t k = 0; k < all; k++) {
            x[k * m + j] = (x[k * m + j] - mean) / sd;
        }
    }
}

/* The squares of the pool, a hair on the diagonal so that equal waves do no harm. */
static void squares_of(double *a, const double *x, const evaluate_group *g)
{
    size_t m = g->terms;
    memset(a, 0, m * m * sizeof *a);
    for (size_t k = g->treated; k < g->treated + g->pool; k++) {
        const double *row = x + k * m;
        for (size_t i = 0; i < m; i++) {
            for (size_t j = 0; j < m; j++) {
                a[i * m + j] += row[i] * row[j];
            }
        }
    }
    for (size_t i = 0; i < m; i++) {
        a[i * m + i] += 1e-10 * (double)g->pool;
    }
}

/* x' A^-1 x, for the factor that evaluate_solve left in `factor`. */
static double leverage_of(const double *factor, const double *x, size_t m)
{
    double z[MOST_TERMS], sum = 0;
    for (size_t i = 0; i < m; i++) {
        z[i] = x[i];
        for (size_t k = 0; k < i; k++) {
            z[i] -= factor[i * m + k] * z[k];
        }
        z[i] /= factor[i * m + i];
        sum += z[i] * z[i];
    }
    return sum;
}

/* Deviations of the pool in `deck`, each as wide as if it were left out of the fit; what is left of
 * the treated; how far these lie. */
static int take_out_past(evaluate_group *g, double *x)
{
    double a[MOST_TERMS * MOST_TERMS], beta[MOST_TERMS] = {0}, mean[MOST_TERMS] = {0}, square = 0;
    size_t m = g->terms;
    fill_terms(x, g);
    squares_of(a, x, g);
    for (size_t k = g->treated; k < g->treated + g->pool; k++) {
        for (size_t j = 0; j < m; j++) {
            beta[j] += x[k * m + j] * g->after[g->unit[k]];
        }
    }
    if (!evaluate_solve(a, beta, m)) {
        return wijk_fail(WIJK_EINVAL, "De metingen vooraf zijn niet van elkaar te onderscheiden.",
                         "The waves before the start cannot be told apart.");
    }
    g->farthest = 0;
    for (size_t k = 0; k < g->treated + g->pool; k++) {
        double left = g->after[g->unit[k]], far = leverage_of(a, x + k * m, m);
        for (size_t j = 0; j < m; j++) {
            left -= beta[j] * x[k * m + j];
            mean[j] += k < g->treated ? x[k * m + j] / (double)g->treated : 0;
        }
        if (k < g->treated) {
            g->left[k] = left;
            g->farthest = fmax(g->farthest, far);
        } else {
            double own = left / sqrt(far < 0.999 ? 1 - far : 0.001);
            g->deck[k - g->treated] = own;
            square += own * own;
        }
    }
    g->apart = sqrt(square / (double)g->pool);
    g->leverage = leverage_of(a, mean, m);
    return WIJK_OK;
}

/* ---- how wide areas deviate
 * ------------------------------------------------------------------------- */

typedef struct {
    double low[2], high[2], centre[2]; /* of the pool, by axis */
    double slope[PLACES], factor[PLACES * PLACES];
    double noise; /* variance of log |deviation| about the line */
} widths;

static void offset_of(double out[PLACES], const widths *w, const evaluate_group *g, size_t unit)
{
    double at[2];
    place_of(at, g, unit);
    out[0] = 1;
    for (int axis = 0; axis < 2; axis++) { /* no further out than the pool reaches */
        double held = fmin(fmax(at[axis], w->low[axis]), w->high[axis]);
        out[1 + axis] = held - w->centre[axis];
    }
}

/* log |deviation| of the pool on where an area lies. */
static int fit_widths(widths *w, const evaluate_group *g)
{
    double at[2], x[PLACES];
    *w = (widths){.low = {INFINITY, INFINITY}, .high = {-INFINITY, -INFINITY}};
    for (size_t k = 0; k < g->pool; k++) {
        place_of(at, g, g->unit[g->treated + k]);
        for (int axis = 0; axis < 2; axis++) {
            w->low[axis] = fmin(w->low[axis], at[axis]);
            w->high[axis] = fmax(w->high[axis], at[axis]);
            w->centre[axis] += at[axis] / (double)g->pool;
        }
    }
    for (size_t k = 0; k < g->pool; k++) {
        offset_of(x, w, g, g->unit[g->treated + k]);
        for (int i = 0; i < PLACES; i++) {
            for (int j = 0; j < PLACES; j++) {
                w->factor[i * PLACES + j] += x[i] * x[j];
            }
            w->slope[i] += x[i] * log(fabs(g->deck[k]) + 1e-9 * g->apart);
        }
    }
    for (int i = 0; i < PLACES; i++) {
        w->factor[i * (PLACES + 1)] = w->factor[i * (PLACES + 1)] * (1 + 1e-9) + 1e-9;
    }
    if (!evaluate_solve(w->factor, w->slope, PLACES)) {
        return 0;
    }
    for (size_t k = 0; k < g->pool; k++) {
        offset_of(x, w, g, g->unit[g->treated + k]);
        double left = log(fabs(g->deck[k]) + 1e-9 * g->apart);
        for (int i = 0; i < PLACES; i++) {
            left -= w->slope[i] * x[i];
        }
        w->noise += left * left / (double)(g->pool - PLACES);
    }
    return 1;
}

/* Brings the deviations to the middle of the pool, and tells how wide the treated lie; what is not
 * known of that makes it wider, not narrower. */
static void scale_by_place(evaluate_group *g)
{
    widths w;
    double x[PLACES];
    int known = g->apart > 0 && fit_widths(&w, g);
    for (size_t k = 0; k < g->treated + g->pool; k++) {
        double log_width = 0, unsure = 0;
        if (known) {
            offset_of(x, &w, g, g->unit[k]);
            log_width = w.slope[1] * x[1] + w.slope[2] * x[2];
            x[0] = 0;
            unsure = w.noise * leverage_of(w.factor, x, PLACES);
        }
        if (k < g->treated) {
            g->scale[k] = exp(log_width + unsure);
        } else {
            g->deck[k - g->treated] /= exp(log_width);
        }
    }
}

int evaluate_group_foretell(evaluate_group *g)
{
    double *x = wijk_alloc(((g->treated + g->pool) * g->terms + 1) * sizeof *x);
    int rc = x ? take_out_past(g, x) : WIJK_ENOMEM;
    wijk_free(x);
    if (!rc) {
        scale_by_place(g);
    }
    return rc;
}
