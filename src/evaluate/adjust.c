/* Effects adjusted for covariates. The three ways are one: the change less what a regression among
 * the comparison areas foretells (weighting leaves that out), the mean of it over those that take
 * part, less its mean over the others weighted to look like them (regression leaves that out). */
#include "evaluate/adjust.h"

#include "evaluate/internal.h"
#include "wijk/mem.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 50 };

/* A comparison area with a chance beyond this of taking part weighs as much as a thousand others.
 */
static const double SURE = 0.999;

typedef struct {
    const evaluate_adjusting *cell;
    double *matrix, *copy; /* [terms][terms] */
    double *beta, *gamma;  /* [terms] of the change; of taking part */
    double *left;          /* [n] change less foretold */
    double *chance;        /* [n] of taking part */
} work;

static double along(const double *x, const double *beta, size_t terms)
{
    double sum = 0;
    for (size_t j = 0; j < terms; j++) {
        sum += x[j] * beta[j];
    }
    return sum;
}

/* Adds weight * x x' to the matrix. */
static void add_square(double *matrix, const double *x, double weight, size_t terms)
{
    for (size_t j = 0; j < terms; j++) {
        for (size_t k = 0; k < terms; k++) {
            matrix[j * terms + k] += weight * x[j] * x[k];
        }
    }
}

/* The solution of matrix x = right, in place of `right`; the matrix is kept. */
static int solve(work *w, double *right)
{
    size_t m = w->cell->terms;
    memcpy(w->copy, w->matrix, m * m * sizeof *w->copy);
    return evaluate_solve(w->copy, right, m);
}

/* What the change would have been, told from the comparison areas; matrix: their squares. */
static int foretell(work *w)
{
    const evaluate_adjusting *c = w->cell;
    size_t m = c->terms, others = 0;
    memset(w->matrix, 0, m * m * sizeof *w->matrix);
    memset(w->beta, 0, m * sizeof *w->beta);
    for (size_t i = 0; i < c->n; i++) {
        if (!c->in[i]) {
            const double *x = c->x + i * m;
            add_square(w->matrix, x, 1, m);
            for (size_t j = 0; j < m; j++) {
                w->beta[j] += x[j] * c->change[i];
            }
            others++;
        }
    }
    if (others <= m || !solve(w, w->beta)) {
        return wijk_fail(
            WIJK_EINVAL,
            "Er zijn te weinig verschillende gebieden om mee te vergelijken (%zu) voor "
            "%zu kenmerken.",
            "Too few different areas to compare with (%zu) for %zu covariates.", others, m - 1);
    }
    for (size_t i = 0; i < c->n; i++) {
        w->left[i] = c->change[i] - along(c->x + i * m, w->beta, m);
    }
    return WIJK_OK;
}

static int no_overlap(void)
{
    return wijk_fail(
        WIJK_EINVAL,
        "Het verleden en de kenmerken vertellen precies wie meedoet: er is niemand die "
        "erop lijkt. Neem minder kenmerken, of reken zonder kansen (--adjust regression, "
        "--likeness mahalanobis).",
        "The past and the covariates tell exactly who takes part: nobody is like them. "
        "Take fewer covariates, or do without chances (--adjust regression, --likeness "
        "mahalanobis).");
}

/* The chance to take part, by a logit: Newton's steps. Leaves the information in the matrix. */
static int chances(work *w)
{
    const evaluate_adjusting *c = w->cell;
    size_t m = c->terms;
    double *step = w->copy + m * m;
    memset(w->gamma, 0, m * sizeof *w->gamma);
    for (int round = 0; round < MOST_STEPS; round++) {
        double far = 0;
        memset(w->matrix, 0, m * m * sizeof *w->matrix);
        memset(step, 0, m * sizeof *step);
        for (size_t i = 0; i < c->n; i++) {
            const double *x = c->x + i * m;
            double p = 1 / (1 + exp(-along(x, w->gamma, m)));
            w->chance[i] = p;
            add_square(w->matrix, x, p * (1 - p), m);
            for (size_t j = 0; j < m; j++) {
                step[j] += x[j] * (c->in[i] - p);
            }
        }
        if (!solve(w, step)) {
            return no_overlap();
        }
        for (size_t j = 0; j < m; j++) {
            w->gamma[j] += step[j];
            far = fmax(far, fabs(step[j]) / (1 + fabs(w->gamma[j])));
        }
        if (far < 1e-11) {
            for (size_t i = 0; i < c->n; i++) {
                if (!c->in[i] && w->chance[i] > SURE) {
                    return no_overlap();
                }
            }
            return WIJK_OK;
        }
    }
    return no_overlap();
}

/* Means of `left` over both sides, and what each area adds to the error; what estimating the
 * regression and the chances adds is the same for all but for the area's own score. */
static int combine(double *effect, double *influence, work *w)
{
    const evaluate_adjusting *c = w->cell;
    size_t m = c->terms;
    double *pull = w->copy + m * m, *tilt = pull + m, n = (double)c->n;
    int weigh = c->kind != WIJK_ADJUST_REGRESSION, regress = c->kind != WIJK_ADJUST_WEIGHTING;
    double sum[2] = {0, 0}, weight[2] = {0, 0};
    for (size_t i = 0; i < c->n; i++) {
        double own = c->in[i] ? 1 : weigh ? w->chance[i] / (1 - w->chance[i]) : 0;
        weight[c->in[i]] += own;
        sum[c->in[i]] += own * w->left[i];
    }
    double mean[2] = {weigh ? sum[0] / weight[0] : 0, sum[1] / weight[1]};
    *effect = mean[1] - mean[0];
    memset(pull, 0, 2 * m * sizeof *pull);
    for (size_t i = 0; i < c->n; i++) {
        const double *x = c->x + i * m;
        double own = c->in[i] ? 1 : weigh ? w->chance[i] / (1 - w->chance[i]) : 0;
        double part = own > 0 ? own / weight[c->in[i]] : 0;
        influence[i] = n * part * (w->left[i] - mean[c->in[i]]) * (c->in[i] ? 1 : -1);
        for (size_t j = 0; j < m; j++) {
            pull[j] += part * x[j] * (c->in[i] ? 1 : -1);
            tilt[j] += c->in[i] ? 0 : part * x[j] * (w->left[i] - mean[0]);
        }
    }
    if (weigh && !solve(w, tilt)) { /* the matrix is still that of the chances */
        return no_overlap();
    }
    memset(w->matrix, 0, m * m * sizeof *w->matrix);
    for (size_t i = 0; i < c->n; i++) {
        add_square(w->matrix, c->x + i * m, !c->in[i], m);
    }
    if (regress && !solve(w, pull)) {
        return no_overlap();
    }
    for (size_t i = 0; i < c->n; i++) {
        const double *x = c->x + i * m;
        influence[i] -= regress && !c->in[i] ? n * w->left[i] * along(x, pull, m) : 0;
        influence[i] -= weigh ? n * (c->in[i] - w->chance[i]) * along(x, tilt, m) : 0;
    }
    return WIJK_OK;
}

static int make_room(work *w, evaluate_adjusting *cell)
{
    size_t m = cell->terms;
    int rc = evaluate_basis(cell->x, cell->n, m);
    double *room = rc ? NULL : wijk_alloc((2 * m * m + 4 * m + 2 * cell->n) * sizeof *room);
    if (!room) {
        return rc ? rc : WIJK_ENOMEM;
    }
    *w = (work){.cell = cell,
                .matrix = room,
                .copy = room + m * m, /* and two columns behind it */
                .beta = room + 2 * m * m + 2 * m,
                .gamma = room + 2 * m * m + 3 * m,
                .left = room + 2 * m * m + 4 * m,
                .chance = room + 2 * m * m + 4 * m + cell->n};
    return WIJK_OK;
}

int evaluate_adjusted(double *effect, double *influence, evaluate_adjusting *cell)
{
    work w = {0};
    int rc = make_room(&w, cell);
    if (!rc) {
        memcpy(w.left, cell->change, cell->n * sizeof *w.left);
        rc = cell->kind == WIJK_ADJUST_WEIGHTING ? WIJK_OK : foretell(&w);
    }
    rc = rc || cell->kind == WIJK_ADJUST_REGRESSION ? rc : chances(&w);
    rc = rc ? rc : combine(effect, influence, &w);
    wijk_free(w.matrix);
    return rc;
}

int evaluate_logit(double *out, evaluate_adjusting *cell)
{
    work w = {0};
    int rc = make_room(&w, cell);
    rc = rc ? rc : chances(&w);
    for (size_t i = 0; i < cell->n && !rc; i++) {
        out[i] = along(cell->x + i * cell->terms, w.gamma, cell->terms);
    }
    wijk_free(w.matrix);
    return rc;
}
