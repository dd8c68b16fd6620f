/* A table with wanted totals and its own odds ratios. The idea: iterative proportional fitting
 * climbs a concave function of one factor per group (the factors of areas follow from them), and
 * with few groups Newton's method reaches its top in a few steps where proportional fitting may
 * need thousands. Fitting: Deming & Stephan 1940, doi:10.1214/aoms/1177731829; its dual: Little &
 * Wu 1991, doi:10.1080/01621459.1991.10475005 */
#include "wijk/change.h"

#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

#define ZERO_PART 1e-12 /* of what chance would put there: what an empty cell counts as */
#define CLOSE     1e-13 /* part of a group's total by which a fit may miss it */

enum { MOST_STEPS = 200, MOST_HALVINGS = 30 };

typedef struct {
    size_t areas, groups;
    double *cell; /* [areas][groups]: the seed as shares, without zeros; in the end the fit */
    double *row, *column;   /* wanted, shares of 1; empty ones 0 */
    double *factor, *trial; /* [groups]: logs of the factors */
    double *gap, *step;     /* [groups] */
    double *curve;          /* [groups][groups] */
    double *part;           /* [groups]: shares within one area */
} fit;

static void fit_free(fit *f)
{
    double *const blocks[] = {f->row, f->column, f->factor, f->trial,
                              f->gap, f->step,   f->curve,  f->part};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        wijk_free(blocks[i]);
    }
}

static int fit_new(fit *f)
{
    double **const arrays[] = {&f->column, &f->factor, &f->trial, &f->gap, &f->step, &f->part};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = wijk_alloc(f->groups * sizeof **arrays[i]);
        if (!*arrays[i]) {
            return WIJK_ENOMEM;
        }
    }
    f->row = wijk_alloc(f->areas * sizeof *f->row);
    f->curve = wijk_alloc(f->groups * f->groups * sizeof *f->curve);
    return f->row && f->curve ? WIJK_OK : WIJK_ENOMEM;
}

/* Shares of 1 of the wanted totals; 0 when they are all empty. */
static double shares_of(double *out, const double *total, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += total[k];
    }
    for (size_t k = 0; k < n; k++) {
        out[k] = sum > 0 ? total[k] / sum : 0;
    }
    return sum;
}

/* The seed as shares, with something in every cell of lines that are not empty. The margins of the
 * seed stand in `part` (groups) and are added up row by row. */
static int set_seed(fit *f, const double *seed)
{
    double total = 0;
    memset(f->part, 0, f->groups * sizeof *f->part);
    for (size_t k = 0; k < f->areas * f->groups; k++) {
        f->part[k % f->groups] += seed[k];
        total += seed[k];
    }
    for (size_t g = 0; g < f->groups; g++) {
        if ((f->part[g] > 0) != (f->column[g] > 0)) {
            return wijk_fail(WIJK_EINVAL, "Groep %zu is maar op een van beide momenten leeg.",
                             "Group %zu is empty at one of the two moments only.", g + 1);
        }
    }
    for (size_t i = 0; i < f->areas; i++) {
        const double *from = seed + i * f->groups;
        double row = 0;
        for (size_t g = 0; g < f->groups; g++) {
            row += from[g];
        }
        if ((row > 0) != (f->row[i] > 0)) {
            return wijk_fail(WIJK_EINVAL, "Rij %zu is maar op een van beide momenten leeg.",
                             "Row %zu is empty at one of the two moments only.", i + 1);
        }
        for (size_t g = 0; g < f->groups && row > 0; g++) {
            double x = from[g] > 0 ? from[g] : ZERO_PART * row * (f->part[g] / total);
            f->cell[i * f->groups + g] = x / row;
        }
    }
    return WIJK_OK;
}

/* How far the groups are from their totals under `factor`, as the largest part of one; fills `gap`
 * and the second derivatives in the lower triangle of `curve`. */
static double miss(fit *f, const double *factor)
{
    size_t n = f->groups;
    double scale[WIJK_CHANGE_GROUPS], worst = 0;
    wijk_sum reached[WIJK_CHANGE_GROUPS];
    memset(reached, 0, n * sizeof *reached);
    for (size_t g = 0; g < n; g++) {
        scale[g] = f->column[g] > 0 ? exp(factor[g]) : 0;
    }
    memset(f->curve, 0, n * n * sizeof *f->curve);
    for (size_t i = 0; i < f->areas; i++) {
        double sum = 0;
        for (size_t g = 0; g < n; g++) {
            sum += f->part[g] = f->cell[i * n + g] * scale[g];
        }
        double each = sum > 0 ? f->row[i] / sum : 0, inverse = 1 / f->row[i];
        for (size_t g = 0; g < n; g++) {
            f->part[g] *= each;
            wijk_sum_add(&reached[g], f->part[g]);
        }
        for (size_t g = 0; each > 0 && g < n; g++) {
            double share = f->part[g] * inverse;
            f->curve[g * n + g] += f->part[g];
            for (size_t h = 0; h <= g; h++) {
                f->curve[g * n + h] -= share * f->part[h];
            }
        }
    }
    for (size_t g = 0; g < n; g++) {
        f->gap[g] = f->column[g] - wijk_sum_value(&reached[g]);
        worst = f->column[g] > 0 ? fmax(worst, fabs(f->gap[g]) / f->column[g]) : worst;
    }
    return worst;
}

/* Factors matter up to a common one: that of the largest group stays. Empty groups have none. */
static void hold_fixed(fit *f)
{
    size_t n = f->groups, largest = 0;
    for (size_t g = 1; g < n; g++) {
        largest = f->column[g] > f->column[largest] ? g : largest;
    }
    for (size_t g = 0; g < n; g++) {
        if (g == largest || !(f->column[g] > 0)) {
            for (size_t h = 0; h < n; h++) {
                f->curve[(g > h ? g : h) * n + (g > h ? h : g)] = g == h;
            }
            f->step[g] = 0;
        } else {
            f->step[g] = f->gap[g];
        }
    }
}

/* Solves curve * step = step by Cholesky in the lower triangle; 0 when it is not positive. */
static int solve(fit *f)
{
    size_t n = f->groups;
    double *a = f->curve, *b = f->step;
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k < j; k++) {
            for (size_t i = j; i < n; i++) {
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
            }
        }
        if (!(a[j * n + j] > 0)) {
            return 0;
        }
        double root = sqrt(a[j * n + j]);
        for (size_t i = j; i < n; i++) {
            a[i * n + j] /= root;
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            b[i] -= a[i * n + k] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) {
            b[i] -= a[k * n + i] * b[k];
        }
        b[i] /= a[i * n + i];
    }
    return 1;
}

/* A Newton step, shortened until it helps; 0 when none does. Factors are logs: nothing moves more
 * than e^4 at once, for far away the curve says little. */
static int newton(fit *f, double *worst)
{
    double largest = 0, length = 1;
    hold_fixed(f);
    if (!solve(f)) {
        return 0;
    }
    for (size_t g = 0; g < f->groups; g++) {
        largest = fmax(largest, fabs(f->step[g]));
    }
    length = largest > 4 ? 4 / largest : 1;
    for (int k = 0; k < MOST_HALVINGS; k++) {
        for (size_t g = 0; g < f->groups; g++) {
            f->trial[g] = f->factor[g] + length * f->step[g];
        }
        double now = miss(f, f->trial);
        if (now < *worst) {
            memcpy(f->factor, f->trial, f->groups * sizeof *f->trial);
            *worst = now;
            return 1;
        }
        length /= 2;
    }
    return 0;
}

/* One round of proportional fitting: slow, but always the right way. */
static void proportional(fit *f, double *worst)
{
    miss(f, f->factor);
    for (size_t g = 0; g < f->groups; g++) {
        if (f->column[g] > 0) {
            f->factor[g] += log(f->column[g] / (f->column[g] - f->gap[g]));
        }
    }
    *worst = miss(f, f->factor);
}

static void set_fitted(fit *f)
{
    for (size_t i = 0; i < f->areas; i++) {
        double *cell = f->cell + i * f->groups, sum = 0;
        for (size_t g = 0; g < f->groups; g++) {
            cell[g] *= f->column[g] > 0 ? exp(f->factor[g]) : 0;
            sum += cell[g];
        }
        for (size_t g = 0; g < f->groups; g++) {
            cell[g] *= sum > 0 ? f->row[i] / sum : 0;
        }
    }
}

static int run(fit *f, int *steps, wijk_ctx *ctx)
{
    double worst = miss(f, f->factor);
    for (*steps = 0; *steps < MOST_STEPS; ++*steps) {
        double before = worst;
        int rc = wijk_checkpoint(ctx);
        if (rc) {
            return rc;
        }
        if (worst > CLOSE && !newton(f, &worst)) {
            proportional(f, &worst);
        }
        if (worst <= CLOSE || (worst >= before && before <= 10 * CLOSE)) { /* doubles end here */
            set_fitted(f);
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_ELIMIT,
                     "De maten van het ene moment zijn na %d stappen nog niet gepast op het andere "
                     "(nog %g ernaast).",
                     "The sizes of one moment do not fit the other after %d steps (still off by "
                     "%g).",
                     MOST_STEPS, worst);
}

int wijk_change_fit(double *out, int *steps, const double *seed, const double *area_total,
                    const double *group_total, size_t areas, size_t groups, wijk_ctx *ctx)
{
    fit f = {.areas = areas, .groups = groups, .cell = out};
    int taken = 0;
    if (groups > WIJK_CHANGE_GROUPS) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d groepen.", "More than %d groups.",
                         WIJK_CHANGE_GROUPS);
    }
    memset(out, 0, areas * groups * sizeof *out);
    int rc = fit_new(&f);
    if (!rc && shares_of(f.row, area_total, areas) > 0 &&
        shares_of(f.column, group_total, groups) > 0) {
        rc = set_seed(&f, seed);
        rc = rc ? rc : run(&f, &taken, ctx);
    }
    if (steps) {
        *steps = taken;
    }
    fit_free(&f);
    return rc;
}
