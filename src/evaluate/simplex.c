/* Quadratic programme on the simplex by an active set, as in Lawson & Hanson's least squares, with
 * the sum held at one: on a support S the optimum is w = G_SS^-1 (c_S + mu 1) with mu such that the
 * weights add up. The factor of G_SS is kept and changed by one row at a time. */
#include "evaluate/simplex.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <math.h>
#include <string.h>

typedef struct {
    const double *g, *c;
    size_t n, size;    /* of the problem; of the support */
    size_t *support;   /* [n] */
    unsigned char *in; /* [n] */
    double *factor;    /* lower triangle of the Cholesky factor, row i at i (i + 1) / 2 */
    double *weight;    /* [n], on the support */
    double *best;      /* [n], the optimum on the support */
    double *one;       /* [n], scratch: G_SS^-1 1 */
    double scale;      /* of the gradient, for what counts as zero */
} state;

static double *row_of(const state *s, size_t i)
{
    return s->factor + i * (i + 1) / 2;
}

/* Adds index j: one more row. 0 when G is not positive definite on the support. */
static int grow(state *s, size_t j)
{
    double *row = row_of(s, s->size), rest = s->g[j * s->n + j];
    double least = rest * 1e-13;
    for (size_t i = 0; i < s->size; i++) {
        const double *other = row_of(s, i);
        double sum = s->g[j * s->n + s->support[i]];
        for (size_t k = 0; k < i; k++) {
            sum -= row[k] * other[k];
        }
        row[i] = sum / other[i];
        rest -= row[i] * row[i];
    }
    if (!(rest > least)) {
        return 0;
    }
    row[s->size] = sqrt(rest);
    s->support[s->size] = j;
    s->weight[s->size++] = 0;
    s->in[j] = 1;
    return 1;
}

/* Takes the index at place `at` out: its row goes, and rotations bring the rest back to a triangle.
 */
static void shrink(state *s, size_t at)
{
    s->in[s->support[at]] = 0;
    for (size_t i = at + 1; i < s->size; i++) {
        memmove(row_of(s, i - 1), row_of(s, i), (i + 1) * sizeof *s->factor - sizeof *s->factor);
        /* The last number of the row, its diagonal, does not fit in the shorter row: keep it aside.
         */
        s->one[i - 1] = row_of(s, i)[i];
    }
    for (size_t k = at; k + 1 < s->size; k++) {
        /* Row k now has its diagonal in s->one[k]: rotate columns k and k + 1 so that it vanishes.
         */
        double a = row_of(s, k)[k], b = s->one[k], h = hypot(a, b), cs = a / h, sn = b / h;
        row_of(s, k)[k] = h;
        for (size_t i = k + 1; i + 1 < s->size; i++) {
            double *low = row_of(s, i), x = low[k], y = low[k + 1];
            low[k] = cs * x + sn * y;
            low[k + 1] = cs * y - sn * x;
        }
    }
    memmove(s->support + at, s->support + at + 1, (s->size - at - 1) * sizeof *s->support);
    memmove(s->weight + at, s->weight + at + 1, (s->size - at - 1) * sizeof *s->weight);
    s->size--;
}

/* Solves G_SS x = x in place. */
static void solve(const state *s, double *x)
{
    for (size_t i = 0; i < s->size; i++) {
        const double *row = row_of(s, i);
        for (size_t k = 0; k < i; k++) {
            x[i] -= row[k] * x[k];
        }
        x[i] /= row[i];
    }
    for (size_t i = s->size; i-- > 0;) {
        x[i] /= row_of(s, i)[i];
        for (size_t k = 0; k < i; k++) {
            x[k] -= row_of(s, i)[k] * x[i];
        }
    }
}

/* The optimum on the support, signs not minded. */
static void optimum(state *s)
{
    double sum = 0, ones = 0;
    for (size_t i = 0; i < s->size; i++) {
        s->best[i] = s->c[s->support[i]];
        s->one[i] = 1;
    }
    solve(s, s->best);
    solve(s, s->one);
    for (size_t i = 0; i < s->size; i++) {
        sum += s->best[i];
        ones += s->one[i];
    }
    double mu = (1 - sum) / ones;
    for (size_t i = 0; i < s->size; i++) {
        s->best[i] += mu * s->one[i];
    }
}

/* Walks from the present weights towards the optimum of the support; every index that reaches zero
 * on the way leaves, until the optimum itself is inside. */
static void settle(state *s)
{
    for (;;) {
        optimum(s);
        double step = 1;
        size_t first = s->size;
        for (size_t i = 0; i < s->size; i++) {
            if (s->best[i] <= 0) {
                double reach = s->weight[i] / (s->weight[i] - s->best[i]);
                if (first == s->size || reach < step) {
                    step = reach;
                    first = i;
                }
            }
        }
        for (size_t i = 0; i < s->size; i++) {
            s->weight[i] += step * (s->best[i] - s->weight[i]);
        }
        if (first == s->size || s->size == 1) {
            return;
        }
        shrink(s, first);
    }
}

/* The index off the support whose gradient is most below that of the support; n when none is. */
static size_t steepest(const state *s)
{
    double level = 0, lowest = INFINITY;
    size_t best = s->n;
    for (size_t i = 0; i < s->size; i++) {
        const double *row = s->g + s->support[i] * s->n;
        double slope = -s->c[s->support[i]];
        for (size_t k = 0; k < s->size; k++) {
            slope += row[s->support[k]] * s->weight[k];
        }
        level += slope * s->weight[i];
    }
    for (size_t j = 0; j < s->n; j++) {
        if (s->in[j]) {
            continue;
        }
        const double *row = s->g + j * s->n;
        double slope = -s->c[j];
        for (size_t k = 0; k < s->size; k++) {
            slope += row[s->support[k]] * s->weight[k];
        }
        if (slope < lowest) {
            lowest = slope;
            best = j;
        }
    }
    return lowest < level - 1e-10 * s->scale ? best : s->n;
}

int evaluate_simplex(double *w, const double *g, const double *c, size_t n, wijk_ctx *ctx)
{
    size_t start = 0;
    if (!n) {
        return wijk_fail(WIJK_EINVAL, "Er is geen gebied om mee te vergelijken.",
                         "There is no area to compare with.");
    }
    state s = {.g = g,
               .c = c,
               .n = n,
               .support = wijk_alloc(n * sizeof *s.support),
               .in = wijk_alloc(n),
               .factor = wijk_alloc(n * (n + 1) / 2 * sizeof *s.factor),
               .weight = wijk_alloc(n * sizeof *s.weight),
               .best = wijk_alloc(n * sizeof *s.best),
               .one = wijk_alloc(n * sizeof *s.one)};
    int rc = s.support && s.in && s.factor && s.weight && s.best && s.one ? WIJK_OK : WIJK_ENOMEM;
    for (size_t j = 0; j < n && !rc; j++) {
        s.scale = fmax(s.scale, fmax(fabs(g[j * n + j]), fabs(c[j])));
        start = g[j * n + j] - 2 * c[j] < g[start * n + start] - 2 * c[start] ? j : start;
    }
    if (!rc && !grow(&s, start)) {
        rc = wijk_fail(WIJK_EINVAL, "De gebieden zijn niet te onderscheiden.",
                       "The areas cannot be told apart.");
    }
    if (!rc) {
        s.weight[0] = 1;
    }
    /* Each round lowers the objective, so no support comes twice; the ceiling only guards rounding.
     */
    for (size_t round = 0; !rc && round < 20 * n + 100; round++) {
        size_t next = steepest(&s);
        if (next == n || !grow(&s, next)) {
            break;
        }
        settle(&s);
        rc = wijk_checkpoint(ctx);
    }
    if (!rc) {
        memset(w, 0, n * sizeof *w);
        for (size_t i = 0; i < s.size; i++) {
            w[s.support[i]] = s.weight[i];
        }
    }
    wijk_free(s.support);
    wijk_free(s.in);
    wijk_free(s.factor);
    wijk_free(s.weight);
    wijk_free(s.best);
    wijk_free(s.one);
    return rc;
}
