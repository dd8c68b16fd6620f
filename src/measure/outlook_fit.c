/* Fits one estimator: a middle by penalised least absolute deviations, a spread that depends on the
 * place, and bands from what was missed on waves that the fit had not seen. Absolute deviations,
 * because changes have heavy tails (Koenker 2005, doi:10.1017/CBO9780511754098); normalised
 * out-of-sample misses: Lei et al. 2018, doi:10.1080/01621459.2017.1307116. The systems have at
 * most ten unknowns, so Cholesky in 20 lines serves and no linear algebra library is needed. */
#include "measure/outlook.h"

#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST = 12,
    ROUNDS = 3,
    MIDDLE_TRIES = 25,
    SPREAD_TRIES = 40,
    FEWEST_IN_CLASS = 200,
    FEWEST_IN_STEP = 20
};
static const double PENALTY = 100; /* areas' worth of "no effect", per unit of variance */
static const double SOFT = 0.2;    /* spreads below which a miss counts as its square */
static const double CLIP = 6;      /* a miss of more than so many spreads tells no more */
static const double LEAST_LOG = -8, MOST_LOG = 1;

typedef struct {
    size_t n;               /* rows: areas on training steps */
    int p, q;               /* columns of the middle and of the spread */
    double *where, *spread; /* [n][p], [n][q] */
    double *change;         /* less the shift of its step and what is fixed */
    double *longer;         /* [n] ln of the widening for the years of its step */
    double *sigma;          /* [n] */
    unsigned char *step, *class;
    const outlook_scene *scene;
    double shift[WIJK_OUTLOOK_WAVES]; /* median change of each step */
} training;

typedef struct {
    double where[MOST], spread[MOST], drift;
} solution;

/* ---- linear algebra ----------------------------------------------------------------------------
 */

/* Solves a x = b for a symmetric positive definite a (lower triangle, row-major p by p), in place.
 * 0, or 1 when a is not positive definite. */
static int solve(double *a, double *b, int p)
{
    for (int j = 0; j < p; j++) {
        for (int i = j; i < p; i++) {
            double sum = a[i * p + j];
            for (int k = 0; k < j; k++) {
                sum -= a[i * p + k] * a[j * p + k];
            }
            if (i == j && !(sum > 0)) {
                return 1;
            }
            a[i * p + j] = i == j ? sqrt(sum) : sum / a[j * p + j];
        }
        for (int k = 0; k < j; k++) {
            b[j] -= a[j * p + k] * b[k];
        }
        b[j] /= a[j * p + j];
    }
    for (int j = p - 1; j >= 0; j--) {
        for (int k = j + 1; k < p; k++) {
            b[j] -= a[k * p + j] * b[k];
        }
        b[j] /= a[j * p + j];
    }
    return 0;
}

static double dot(const double *a, const double *b, int p)
{
    double sum = 0;
    for (int i = 0; i < p; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* ---- the middle --------------------------------------------------------------------------------
 */

/* Variance of each column: the penalty is in the column's own units, the constant has none. */
static void column_variance(double *out, const training *t, int skip)
{
    double mean[MOST] = {0}, square[MOST] = {0}, n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->step[i] != skip) {
            n++;
            for (int j = 0; j < t->p; j++) {
                double off = t->where[i * t->p + j] - mean[j];
                mean[j] += off / n;
                square[j] += off * (t->where[i * t->p + j] - mean[j]);
            }
        }
    }
    for (int j = 0; j < t->p; j++) {
        out[j] = n > 1 ? square[j] / n : 0;
    }
}

/* Least absolute deviations by reweighting, each row in units of its spread. */
static void fit_middle(double *b, const training *t, int skip)
{
    int p = t->p;
    double variance[MOST];
    column_variance(variance, t, skip);
    for (int try = 0; try < MIDDLE_TRIES; try++) {
        double a[MOST * MOST] = {0}, right[MOST] = {0}, weights = 0;
        size_t n = 0;
        for (size_t i = 0; i < t->n; i++) {
            if (t->step[i] == skip) {
                continue;
            }
            const double *x = t->where + i * p;
            double w = 1 / t->sigma[i];
            double miss = fabs(t->change[i] - dot(b, x, p)) * w;
            double weight = w * w / (miss > SOFT ? miss : SOFT);
            weights += weight;
            n++;
            for (int j = 0; j < p; j++) {
                double wx = weight * x[j];
                right[j] += wx * t->change[i];
                for (int k = 0; k <= j; k++) {
                    a[j * p + k] += wx * x[k];
                }
            }
        }
        weights /= n ? (double)n : 1;
        for (int j = 0; j < p; j++) {
            a[j * p + j] += weights * (PENALTY * variance[j] + 1e-6);
        }
        if (solve(a, right, p)) {
            return;
        }
        double moved = 0;
        for (int j = 0; j < p; j++) {
            double step = fabs(right[j] - b[j]) * sqrt(variance[j] + 1e-12);
            moved = step > moved ? step : moved;
            b[j] = right[j];
        }
        if (moved < 1e-6) {
            return;
        }
    }
}

/* ---- the spread --------------------------------------------------------------------------------
 */

static double clamp_log(double value)
{
    return value < LEAST_LOG ? LEAST_LOG : value > MOST_LOG ? MOST_LOG : value;
}

/* The mean absolute miss as exp(b x), by Fisher scoring; misses far out are cut off. */
static void fit_spread(double *b, const training *t, const double *where, int skip)
{
    int q = t->q;
    double cross[MOST * MOST] = {0};
    wijk_sum total = {0};
    double n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->step[i] == skip) {
            continue;
        }
        const double *x = t->spread + i * q;
        n++;
        wijk_sum_add(&total, fabs(t->change[i] - dot(where, t->where + i * t->p, t->p)));
        for (int j = 0; j < q; j++) {
            for (int k = 0; k <= j; k++) {
                cross[j * q + k] += x[j] * x[k];
            }
        }
    }
    for (int j = 0; j < q; j++) {
        cross[j * q + j] += 1e-3;
    }
    if (b[0] == 0) {
        b[0] = log(wijk_sum_value(&total) / (n > 0 ? n : 1) + 1e-9);
    }
    for (int try = 0; try < SPREAD_TRIES; try++) {
        double right[MOST] = {0}, a[MOST * MOST];
        for (size_t i = 0; i < t->n; i++) {
            if (t->step[i] == skip) {
                continue;
            }
            const double *x = t->spread + i * q;
            double miss = fabs(t->change[i] - dot(where, t->where + i * t->p, t->p));
            double ratio = miss / exp(clamp_log(dot(b, x, q)) + t->longer[i]);
            double off = (ratio < CLIP ? ratio : CLIP) - 1;
            for (int j = 0; j < q; j++) {
                right[j] += x[j] * off;
            }
        }
        memcpy(a, cross, sizeof a);
        if (solve(a, right, q)) {
            return;
        }
        double moved = 0;
        for (int j = 0; j < q; j++) {
            b[j] += right[j];
            moved = fabs(right[j]) > moved ? fabs(right[j]) : moved;
        }
        if (moved < 1e-4) {
            return;
        }
    }
}

/* All steps, or all but one (`skip`, −1 for none). Starts from what `out` holds. */
static void fit_without(solution *out, training *t, int steps, int skip)
{
    for (int round = 0; round < ROUNDS && (t->p || t->q); round++) {
        for (size_t i = 0; i < t->n; i++) {
            t->sigma[i] =
                t->q && out->spread[0] != 0
                    ? exp(clamp_log(dot(out->spread, t->spread + i * t->q, t->q)) + t->longer[i])
                    : 0.03;
        }
        if (t->p) {
            fit_middle(out->where, t, skip);
        }
        if (t->q) {
            fit_spread(out->spread, t, out->where, skip);
        }
    }
    /* One imagined wave in which nothing moved is counted along: few waves are few. */
    double sum = 0;
    int n = 1;
    for (int s = 0; s < steps; s++) {
        if (s != skip) {
            sum += t->shift[s];
            n++;
        }
    }
    out->drift = sum / n;
}

/* ---- what was missed ---------------------------------------------------------------------------
 */

/* Quantiles at rank p (n + 1): with n exchangeable misses the next one lies below with chance p. */
static void table_of(double out[OUTLOOK_GRID], double *values, size_t n)
{
    wijk_quantile(values, n, 0); /* sorts */
    for (int g = 0; g < OUTLOOK_GRID; g++) {
        double rank = outlook_grid[g] * (double)(n + 1) - 1;
        rank = rank < 0 ? 0 : rank > (double)(n - 1) ? (double)(n - 1) : rank;
        size_t at = (size_t)rank;
        double part = rank - (double)at;
        out[g] = values[at] + (part > 0 ? part * (values[at + 1] - values[at]) : 0);
    }
}

/* The misses of one step, of one size class or (−1) of all. Returns how many. */
static size_t misses_of(double *out, const training *t, const double *miss, int step, int class)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->step[i] == step && (class < 0 || t->class[i] == class)) {
            out[n++] = miss[i];
        }
    }
    return n;
}

/* How wide each step's misses lie, beside the step in the middle; 1 where too few are known. */
static void roughness(double *out, const training *t, const double *miss, int steps,
                      double *scratch)
{
    double width[WIJK_OUTLOOK_WAVES], table[OUTLOOK_GRID];
    size_t known = 0;
    for (int s = 0; s < steps; s++) {
        size_t n = misses_of(scratch, t, miss, s, -1);
        out[s] = NAN;
        if (n >= FEWEST_IN_STEP) {
            table_of(table, scratch, n);
            width[known++] = out[s] = table[outlook_at[WIJK_Q95]] - table[outlook_at[WIJK_Q05]];
        }
    }
    double usual = known ? wijk_quantile(width, known, 0.5) : 0;
    for (int s = 0; s < steps; s++) {
        out[s] = usual > 0 && out[s] > 0 ? out[s] / usual : 1;
    }
}

/* What a wave that is as rough as the one in the middle misses: each step's table, brought to that
 * width about its own middle, and then the mean of the tables. Pooling the misses instead gives a
 * band for a wave drawn blindly; it is too wide for nearly all of them, because of the one rough
 * wave among them. Mean of quantiles: Lichtendahl et al. 2013, doi:10.1287/mnsc.1120.1667. */
static void usual_table(double out[OUTLOOK_GRID], const training *t, const double *miss,
                        const double *rough, int class, int steps, double *scratch)
{
    double table[OUTLOOK_GRID], used = 0;
    memset(out, 0, OUTLOOK_GRID * sizeof *out);
    for (int s = 0; s < steps; s++) {
        size_t n = misses_of(scratch, t, miss, s, class);
        if (n < FEWEST_IN_STEP) {
            continue;
        }
        table_of(table, scratch, n);
        double middle = table[outlook_at[WIJK_Q50]];
        for (int g = 0; g < OUTLOOK_GRID; g++) {
            out[g] += middle + (table[g] - middle) / rough[s];
        }
        used++;
    }
    if (!(used > 0)) { /* few areas: all steps together */
        size_t n = 0;
        for (int s = 0; s < steps; s++) {
            n += misses_of(scratch + n, t, miss, s, class);
        }
        table_of(out, scratch, n);
        used = 1;
    }
    for (int g = 0; g < OUTLOOK_GRID; g++) {
        out[g] /= used;
    }
}

static void tables(outlook_fitted *out, const training *t, const double *miss, int steps,
                   unsigned flags, double *scratch)
{
    double rough[WIJK_OUTLOOK_WAVES];
    roughness(rough, t, miss, steps, scratch);
    usual_table(out->miss[0], t, miss, rough, -1, steps, scratch);
    for (int class = OUTLOOK_CLASSES - 1; class >= 0; class --) {
        size_t n = 0;
        for (size_t i = 0; i < t->n && flags & E_CLASSES; i++) {
            n += t->class[i] == class;
        }
        if (n >= FEWEST_IN_CLASS) {
            usual_table(out->miss[class], t, miss, rough, class, steps, scratch);
        } else if (class) { /* [0] holds that of all */
            memcpy(out->miss[class], out->miss[0], sizeof out->miss[0]);
        }
    }
    for (int class = 0; class < OUTLOOK_CLASSES && flags & E_CENTRE; class ++) {
        double middle = out->miss[class][outlook_at[WIJK_Q50]];
        for (int g = 0; g < OUTLOOK_GRID; g++) {
            out->miss[class][g] -= middle;
        }
    }
}

/* Each step is forecast by a fit to the other steps; with one step there is no other. */
static int miss_out_of_sample(double *miss, training *t, const solution *all, int steps,
                              unsigned flags, wijk_ctx *ctx)
{
    for (int s = 0; s < steps; s++) {
        solution other = *all;
        if (steps > 1) {
            fit_without(&other, t, steps, s);
        }
        double drift = flags & E_DRIFT ? other.drift : 0;
        for (size_t i = 0; i < t->n; i++) {
            if (t->step[i] != s) {
                continue;
            }
            double off =
                t->change[i] + t->shift[s] - drift - dot(other.where, t->where + i * t->p, t->p);
            double spread =
                t->q ? exp(clamp_log(dot(other.spread, t->spread + i * t->q, t->q)) + t->longer[i])
                     : 1;
            miss[i] = off / spread;
        }
        int rc = wijk_checkpoint(ctx);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

/* ---- gathering ---------------------------------------------------------------------------------
 */

static int listed(const int *list)
{
    int n = 0;
    while (list && list[n] >= 0) {
        n++;
    }
    return n;
}

static void take_row(training *t, const outlook_design *design, const outlook_estimator *by,
                     size_t step, size_t area)
{
    size_t n = design->panel->areas, i = t->n++;
    const double *f = design->feature + (step * n + area) * OUTLOOK_FEATURES;
    for (int j = 0; j < t->p; j++) {
        t->where[i * t->p + j] = f[by->where[j]];
    }
    for (int j = 0; j < t->q; j++) {
        t->spread[i * t->q + j] = f[by->spread[j]];
    }
    t->change[i] = design->change[step * n + area] - (by->fixed >= 0 ? f[by->fixed] : 0);
    t->longer[i] = by->flags & E_TIME ? outlook_longer(t->scene, design->class[step * n + area],
                                                       design -> scene[step].ahead)
                                      : 0;
    t->step[i] = (unsigned char)step;
    t->class[i] = design->class[step * n + area];
}

static void gather(training *t, const outlook_design *design, const outlook_estimator *by,
                   size_t upto, double *scratch)
{
    size_t n = design->panel->areas;
    for (size_t s = 0; s < upto; s++) {
        size_t first = t->n;
        for (size_t a = 0; a < n; a++) {
            if (isfinite(design->change[s * n + a])) {
                take_row(t, design, by, s, a);
            }
        }
        memcpy(scratch, t->change + first, (t->n - first) * sizeof *scratch);
        t->shift[s] = t->n > first ? wijk_quantile(scratch, t->n - first, 0.5) : 0;
        for (size_t i = first; i < t->n; i++) {
            t->change[i] -= t->shift[s];
        }
    }
}

static int training_new(training *t, const outlook_estimator *by, size_t rows)
{
    *t = (training){.p = listed(by->where), .q = listed(by->spread)};
    t->where = wijk_alloc((rows * t->p + 1) * sizeof *t->where);
    t->spread = wijk_alloc((rows * t->q + 1) * sizeof *t->spread);
    t->change = wijk_alloc(rows * sizeof *t->change);
    t->longer = wijk_alloc(rows * sizeof *t->longer);
    t->sigma = wijk_alloc(rows * sizeof *t->sigma);
    t->step = wijk_alloc(rows);
    t->class = wijk_alloc(rows);
    return t->where && t->spread && t->change && t->longer && t->sigma && t->step && t->class
               ? WIJK_OK
               : WIJK_ENOMEM;
}

static void training_free(training *t)
{
    wijk_free(t->where);
    wijk_free(t->spread);
    wijk_free(t->change);
    wijk_free(t->longer);
    wijk_free(t->sigma);
    wijk_free(t->step);
    wijk_free(t->class);
}

static void keep(outlook_fitted *out, const solution *all, const outlook_estimator *by,
                 const training *t)
{
    out->drift = by->flags & E_DRIFT ? all->drift : 0;
    for (int j = 0; j < t->p; j++) {
        out->where[by->where[j]] = all->where[j];
    }
    for (int j = 0; j < t->q; j++) {
        out->spread[by->spread[j]] = all->spread[j];
    }
}

static int fit_one(outlook_fitted *out, const outlook_design *design, const outlook_estimator *by,
                   size_t upto, wijk_ctx *ctx)
{
    size_t rows = upto * design->panel->areas;
    training t;
    double *miss = NULL, *scratch = NULL;
    out->scene = design->scene[upto];
    int rc = training_new(&t, by, rows);
    miss = rc ? NULL : wijk_alloc(rows * sizeof *miss);
    scratch = rc ? NULL : wijk_alloc(rows * sizeof *scratch);
    rc = miss && scratch ? WIJK_OK : WIJK_ENOMEM;
    if (rc) {
        goto done;
    }
    t.scene = &design->scene[upto];
    gather(&t, design, by, upto, scratch);
    if (t.n < WIJK_OUTLOOK_FEWEST) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Voor een vooruitblik zijn minstens %d veranderingen tussen twee metingen "
                       "nodig; er zijn er %d.",
                       "An outlook needs at least %d changes between two measurements; there are "
                       "%d.",
                       WIJK_OUTLOOK_FEWEST, (int)t.n);
        goto done;
    }
    solution all = {{0}, {0}, 0};
    fit_without(&all, &t, (int)upto, -1);
    rc = miss_out_of_sample(miss, &t, &all, (int)upto, by->flags, ctx);
    if (!rc) {
        keep(out, &all, by, &t);
        tables(out, &t, miss, (int)upto, by->flags, scratch);
    }
done:
    training_free(&t);
    wijk_free(miss);
    wijk_free(scratch);
    return rc;
}

int outlook_fit(wijk_outlook_model *out, const outlook_design *design, size_t estimator,
                size_t upto, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    memset(out, 0, sizeof *out);
    out->estimator = estimator;
    out->upto = upto;
    memcpy(out->years, design->panel->years, sizeof out->years);
    while (out->members < OUTLOOK_MEMBERS && !rc) {
        size_t member = outlook_member(estimator, out->members);
        if (member == outlook_estimator_count) {
            break;
        }
        rc = fit_one(&out->fitted[out->members++], design, &outlook_estimators[member], upto, ctx);
    }
    return rc;
}
