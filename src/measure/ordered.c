/* Segregation between ordered groups. One pass over the cells gives, for every cut, the variation
 * within areas; the rank-order index then integrates over cuts, once through a fitted polynomial
 * and once exactly along straight lines between them. */
#include "wijk/ordered.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>

enum { MAX_BANDS = 256, MAX_DEGREE = 4, TERMS = MAX_DEGREE + 1 };

/* What is summed over areas at one cut, weighted by people. */
typedef struct {
    double share; /* below it, of everybody */
    wijk_sum information, variation, root;
} cut;

static double entropy_of(double c)
{
    return (c > 0 ? -c * log(c) : 0) + (c < 1 ? -(1 - c) * log1p(-c) : 0);
}

static double root_of(double c)
{
    return 2 * sqrt(fmax(0, c * (1 - c)));
}

/* -x log x and its antiderivative. */
static double surprise(double x)
{
    return x > 0 ? -x * log(x) : 0;
}

static double area_below(double x)
{
    return x > 0 ? x * x * (0.25 - 0.5 * log(x)) : 0;
}

/* The mean of -x log x from a to b. On a short stretch the difference of antiderivatives loses its
 * digits; there Simpson's rule is exact to the last one. */
static double mean_surprise(double a, double b)
{
    if (b - a <= 1e-3 * b) {
        return (surprise(a) + 4 * surprise((a + b) / 2) + surprise(b)) / 6;
    }
    return (area_below(b) - area_below(a)) / (b - a);
}

/* The mean of entropy_of over the straight line from a to b, a <= b. */
static double mean_entropy(double a, double b)
{
    return mean_surprise(a, b) + mean_surprise(1 - b, 1 - a);
}

/* Adds one area to every cut, and to `straight` what E is on average between cuts. */
static void add_area(cut *cuts, wijk_sum *straight, const double *row, double people,
                     const measure_margins *m, size_t bands)
{
    double below = 0, before = 0;
    size_t k = 0;
    for (size_t b = 0; b < bands; b++) {
        if (!(m->column[b] > 0)) {
            continue;
        }
        below += row[b];
        int last = k + 1 == m->groups;
        double c = last ? 1 : fmin(1, below / people);
        wijk_sum_add(&straight[k], people * mean_entropy(before, c));
        if (!last) {
            wijk_sum_add(&cuts[k].information, people * entropy_of(c));
            wijk_sum_add(&cuts[k].variation, people * 4 * c * (1 - c));
            wijk_sum_add(&cuts[k].root, people * root_of(c));
        }
        before = c;
        k++;
    }
}

/* Integral of x^m weighed by E(x) / (integral of E), log base 2: Reardon 2011, equation for delta.
 */
static double delta(int m)
{
    double sum = 2.0 / ((m + 2.0) * (m + 2.0)), choose = 1;
    for (int n = 0; n <= m; n++) {
        double sign = (m - n) % 2 ? -1 : 1;
        sum += 2 * sign * choose / ((m - n + 2.0) * (m - n + 2.0));
        choose = choose * (m - n) / (n + 1);
    }
    return sum;
}

/* Least squares by Gram and Schmidt, twice for good measure: each power of x is made orthogonal to
 * the earlier ones over the weighted cuts, and carries its own integral along. Returns the integral
 * of the fitted polynomial. */
static double integrate_fit(const double *x, const double *y, const double *weight, size_t n,
                            int degree)
{
    double basis[TERMS][MAX_BANDS], integral[TERMS], total = 0;
    for (int m = 0; m <= degree; m++) {
        integral[m] = delta(m);
        for (size_t k = 0; k < n; k++) {
            basis[m][k] = weight[k] * pow(x[k], m);
        }
        for (int twice = 0; twice < 2; twice++) {
            for (int j = 0; j < m; j++) {
                double along = 0;
                for (size_t k = 0; k < n; k++) {
                    along += basis[m][k] * basis[j][k];
                }
                for (size_t k = 0; k < n; k++) {
                    basis[m][k] -= along * basis[j][k];
                }
                integral[m] -= along * integral[j];
            }
        }
        double norm = 0, fit = 0;
        for (size_t k = 0; k < n; k++) {
            norm += basis[m][k] * basis[m][k];
        }
        norm = sqrt(norm);
        for (size_t k = 0; k < n; k++) {
            basis[m][k] /= norm;
            fit += basis[m][k] * weight[k] * y[k];
        }
        integral[m] /= norm;
        total += fit * integral[m];
    }
    return total;
}

static void finish(wijk_ordered *out, const cut *cuts, const wijk_sum *straight,
                   const measure_margins *m)
{
    double x[MAX_BANDS], y[MAX_BANDS], weight[MAX_BANDS], before = 0;
    wijk_sum in_information = {0, 0}, in_variation = {0, 0}, in_root = {0, 0}, spread = {0, 0};
    double information = 0, variation = 0, root = 0;
    size_t n = m->groups - 1;
    for (size_t k = 0; k <= n; k++) {
        double p = k < n ? cuts[k].share : 1;
        double line = wijk_sum_value(&straight[k]) / m->total;
        wijk_sum_add(&spread, 2 * (p - before) * (mean_entropy(before, p) - line));
        before = p;
        if (k == n) {
            break;
        }
        information += entropy_of(p);
        variation += 4 * p * (1 - p);
        root += root_of(p);
        wijk_sum_add(&in_information, wijk_sum_value(&cuts[k].information));
        wijk_sum_add(&in_variation, wijk_sum_value(&cuts[k].variation));
        wijk_sum_add(&in_root, wijk_sum_value(&cuts[k].root));
        x[k] = p;
        weight[k] = entropy_of(p);
        y[k] = 1 - wijk_sum_value(&cuts[k].information) / (m->total * weight[k]);
    }
    out->information = 1 - wijk_sum_value(&in_information) / (m->total * information);
    out->variation = 1 - wijk_sum_value(&in_variation) / (m->total * variation);
    out->root = 1 - wijk_sum_value(&in_root) / (m->total * root);
    out->spread = wijk_sum_value(&spread);
    out->degree = n - 1 < MAX_DEGREE ? (int)n - 1 : MAX_DEGREE;
    out->fitted = integrate_fit(x, y, weight, n, out->degree);
}

/* The cuts as the caller asked for them: one after each band but the last, empty ones left open. */
static void hand_out(wijk_ordered_cut *out, const cut *cuts, const measure_margins *m, size_t bands)
{
    size_t k = 0;
    for (size_t b = 0; b + 1 < bands; b++) {
        out[b] = (wijk_ordered_cut){NAN, NAN};
        if (m->groups >= 2 && m->column[b] > 0 && k + 1 < m->groups) {
            double p = cuts[k].share;
            double inside = wijk_sum_value(&cuts[k].information);
            out[b] = (wijk_ordered_cut){p, 1 - inside / (m->total * entropy_of(p))};
            k++;
        }
    }
}

int wijk_ordered_all(wijk_ordered *out, wijk_ordered_cut *cuts, const double *counts, size_t areas,
                     size_t bands)
{
    *out = (wijk_ordered){0, 0, 0, NAN, NAN, NAN, NAN, NAN, 0};
    if (bands > MAX_BANDS) {
        return wijk_fail(WIJK_ELIMIT, "%zu klassen; hoogstens %d kan.",
                         "%zu bands; at most %d will do.", bands, MAX_BANDS);
    }
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, bands);
    if (rc) {
        return rc;
    }
    cut *all = wijk_alloc((bands + 1) * sizeof *all);
    wijk_sum *straight = wijk_alloc((bands + 1) * sizeof *straight);
    rc = all && straight ? WIJK_OK : WIJK_ENOMEM;
    double below = 0;
    for (size_t b = 0, k = 0; !rc && b < bands; b++) {
        below += m.column[b];
        if (m.column[b] > 0) {
            all[k++].share = below / m.total;
        }
    }
    for (size_t i = 0; !rc && m.groups >= 2 && i < areas; i++) {
        if (m.row[i] > 0) {
            add_area(all, straight, counts + i * bands, m.row[i], &m, bands);
        }
    }
    if (!rc) {
        out->areas = m.areas;
        out->bands = m.groups;
        out->total = m.total;
        if (m.groups >= 2) {
            finish(out, all, straight, &m);
        }
        if (cuts) {
            hand_out(cuts, all, &m, bands);
        }
    }
    wijk_free(straight);
    wijk_free(all);
    measure_margins_free(&m);
    return rc;
}
