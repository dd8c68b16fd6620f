/* Fits one area. The idea: raking on household and person margins together is minimising relative
 * entropy under linear constraints (Ireland & Kullback 1968, doi:10.1093/biomet/55.1.179); giving
 * each margin its own error makes the dual smooth and strictly convex (ridge calibration: Rao &
 * Singh 1997), so Newton's method meets it in some ten steps where raking may need hundreds, and
 * contradicting margins have a stated answer instead of no answer. */
#include "foresee/fit.h"

#include "wijk/err.h"
#include "wijk/exact.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 60, HALVINGS = 40, LOOSER = 8 };
#define STEP_MOST  4.0  /* an exponent rises at most this far in one step; it may fall freely */
#define CLOSE      1e-7 /* relative to the size of the area */
#define SETTLED    1e-3 /* the same, when doubles see no further */
#define LARGE_MISS 1e9  /* a row of which nothing is known: its multiplier stays nearly 0 */

int fit_coefficient(const seed_kind *kind, int row)
{
    int household = kind->composition != SEED_INSTITUTION;
    switch (row) {
    case FIT_HOUSEHOLDS:
        return household;
    case FIT_SINGLE:
        return kind->composition == SEED_SINGLE;
    case FIT_CHILDLESS:
        return kind->composition == SEED_COUPLE;
    case FIT_CHILDREN:
        return kind->composition == SEED_FAMILY || kind->composition == SEED_ONE_PARENT;
    case FIT_ONE_PARENT:
        return kind->composition == SEED_ONE_PARENT;
    case FIT_PEOPLE:
        return kind->size;
    case FIT_HOUSED:
        return household ? kind->size : 0;
    default:
        return kind->persons[row - FIT_AGE];
    }
}

typedef struct {
    const seed_table *seed;
    const fit_margins *margins;
    double scale, variance[FIT_ROWS];
    double coefficient[SEED_KINDS][FIT_STRUCTURE_ROWS];
    double multiplier[FIT_ROWS], gradient[FIT_ROWS], step[FIT_ROWS];
    double hessian[FIT_ROWS][FIT_ROWS];
    double part[SEED_KINDS][SEED_SEGMENTS + SEED_TENURES]; /* margins of a kind */
    double mass[SEED_KINDS];
    double cross[SEED_SEGMENTS][SEED_TENURES];
} fit_state;

/* exp of the multipliers of one income segment and one tenure. */
static void factors(double segment[SEED_SEGMENTS], double tenure[SEED_TENURES], const fit_state *s,
                    const double *multiplier)
{
    for (size_t i = 0; i < s->seed->segments; i++) {
        int group = s->seed->segment[i].group;
        segment[i] = group == 0   ? wijk_exact_exp(multiplier[FIT_LOW])
                     : group == 2 ? wijk_exact_exp(multiplier[FIT_HIGH])
                                  : 1.0;
    }
    for (int t = 0; t < SEED_TENURES; t++) {
        tenure[t] = wijk_exact_exp(multiplier[FIT_TENURE + t]);
    }
}

static double kind_factor(const fit_state *s, const double *multiplier, size_t k)
{
    double exponent = 0;
    for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
        exponent += s->coefficient[k][r] * multiplier[r];
    }
    return s->scale * wijk_exact_exp(exponent < 600 ? exponent : 600);
}

/* The dual function at given multipliers: total mass less targets, plus the price of a miss. */
static double dual(const fit_state *s, const double *multiplier)
{
    double segment[SEED_SEGMENTS], tenure[SEED_TENURES], total = 0;
    factors(segment, tenure, s, multiplier);
    for (size_t k = 0; k < s->seed->kinds; k++) {
        double inner = 0;
        if (k >= s->seed->household_kinds) {
            inner = s->seed->weight[k][0][0];
        } else {
            for (size_t i = 0; i < s->seed->segments; i++) {
                const double *w = s->seed->weight[k][i];
                inner += segment[i] * (w[0] * tenure[0] + w[1] * tenure[1] + w[2] * tenure[2]);
            }
        }
        total += inner * kind_factor(s, multiplier, k);
    }
    for (int r = 0; r < FIT_ROWS; r++) {
        total += multiplier[r] * (0.5 * s->variance[r] * multiplier[r] - s->margins->target[r]);
    }
    return total;
}

/* Mass of every kind, and its parts by segment and tenure, at the present multipliers. */
static void weigh(fit_state *s)
{
    double segment[SEED_SEGMENTS], tenure[SEED_TENURES];
    factors(segment, tenure, s, s->multiplier);
    memset(s->part, 0, sizeof s->part);
    memset(s->cross, 0, sizeof s->cross);
    for (size_t k = 0; k < s->seed->kinds; k++) {
        double factor = kind_factor(s, s->multiplier, k);
        if (k >= s->seed->household_kinds) {
            s->mass[k] = factor * s->seed->weight[k][0][0];
            continue;
        }
        double mass = 0;
        for (size_t i = 0; i < s->seed->segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                double w = factor * segment[i] * tenure[t] * s->seed->weight[k][i][t];
                s->part[k][i] += w;
                s->part[k][SEED_SEGMENTS + t] += w;
                s->cross[i][t] += w;
                mass += w;
            }
        }
        s->mass[k] = mass;
    }
}

/* Row `r` of income: the segments it counts. */
static int counts(const fit_state *s, int r, size_t segment)
{
    return s->seed->segment[segment].group == (r == FIT_LOW ? 0 : 2);
}

/* Part of kind k that row r (tenure or income) counts. */
static double share(const fit_state *s, int r, size_t k)
{
    if (r < FIT_LOW) {
        return s->part[k][SEED_SEGMENTS + r - FIT_TENURE];
    }
    double sum = 0;
    for (size_t i = 0; i < s->seed->segments; i++) {
        sum += counts(s, r, i) ? s->part[k][i] : 0;
    }
    return sum;
}

static void hessian_of_structure(fit_state *s)
{
    for (size_t k = 0; k < s->seed->kinds; k++) {
        int used[FIT_STRUCTURE_ROWS] = {0}, n = 0;
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            if (s->coefficient[k][r] != 0) {
                used[n++] = r;
            }
        }
        double other[FIT_ROWS - FIT_STRUCTURE_ROWS];
        for (int r = FIT_STRUCTURE_ROWS; r < FIT_ROWS; r++) {
            other[r - FIT_STRUCTURE_ROWS] = share(s, r, k);
        }
        for (int a = 0; a < n; a++) {
            double c = s->coefficient[k][used[a]];
            s->gradient[used[a]] += c * s->mass[k];
            for (int b = 0; b <= a; b++) {
                s->hessian[used[a]][used[b]] += c * s->coefficient[k][used[b]] * s->mass[k];
            }
            for (int r = FIT_STRUCTURE_ROWS; r < FIT_ROWS; r++) {
                s->hessian[r][used[a]] += c * other[r - FIT_STRUCTURE_ROWS];
            }
        }
    }
}

static void hessian_of_rest(fit_state *s)
{
    for (size_t i = 0; i < s->seed->segments; i++) {
        for (int t = 0; t < SEED_TENURES; t++) {
            double w = s->cross[i][t];
            s->gradient[FIT_TENURE + t] += w;
            s->hessian[FIT_TENURE + t][FIT_TENURE + t] += w;
            for (int r = FIT_LOW; r <= FIT_HIGH; r++) {
                if (counts(s, r, i)) {
                    s->gradient[r] += w;
                    s->hessian[r][r] += w;
                    s->hessian[r][FIT_TENURE + t] += w;
                }
            }
        }
    }
}

static void slope(fit_state *s)
{
    memset(s->hessian, 0, sizeof s->hessian);
    memset(s->gradient, 0, sizeof s->gradient);
    weigh(s);
    hessian_of_structure(s);
    hessian_of_rest(s);
    for (int r = 0; r < FIT_ROWS; r++) {
        s->gradient[r] += s->variance[r] * s->multiplier[r] - s->margins->target[r];
        s->hessian[r][r] += s->variance[r];
    }
}

/* step = -inverse(hessian) gradient, by Cholesky; the variances make it positive definite. */
static void solve(fit_state *s)
{
    double(*a)[FIT_ROWS] = s->hessian;
    for (int j = 0; j < FIT_ROWS; j++) {
        for (int i = j; i < FIT_ROWS; i++) {
            double sum = a[i][j];
            for (int k = 0; k < j; k++) {
                sum -= a[i][k] * a[j][k];
            }
            a[i][j] = i == j ? sqrt(sum > 1e-12 ? sum : 1e-12) : sum / a[j][j];
        }
    }
    for (int i = 0; i < FIT_ROWS; i++) {
        double sum = -s->gradient[i];
        for (int k = 0; k < i; k++) {
            sum -= a[i][k] * s->step[k];
        }
        s->step[i] = sum / a[i][i];
    }
    for (int i = FIT_ROWS - 1; i >= 0; i--) {
        double sum = s->step[i];
        for (int k = i + 1; k < FIT_ROWS; k++) {
            sum -= a[k][i] * s->step[k];
        }
        s->step[i] = sum / a[i][i];
    }
}

/* Goes along the step: first no further than an exponent can bear, then halving until the dual
 * falls. 0 when it fell by nothing. */
static int advance(fit_state *s, double *now)
{
    double reach = 0;
    for (size_t k = 0; k < s->seed->kinds; k++) {
        double moved = 0;
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            moved += s->coefficient[k][r] * s->step[r];
        }
        reach = fmax(reach, moved);
    }
    for (int r = FIT_STRUCTURE_ROWS; r < FIT_ROWS; r++) {
        reach = fmax(reach, s->step[r]);
    }
    double length = reach > STEP_MOST ? STEP_MOST / reach : 1.0;
    for (int i = 0; i < HALVINGS; i++) {
        double trial[FIT_ROWS];
        for (int r = 0; r < FIT_ROWS; r++) {
            trial[r] = s->multiplier[r] + length * s->step[r];
        }
        double value = dual(s, trial);
        if (value < *now) {
            memcpy(s->multiplier, trial, sizeof trial);
            *now = value;
            return 1;
        }
        length *= 0.5;
    }
    return 0;
}

static double worst_slope(const fit_state *s)
{
    double worst = 0;
    for (int r = 0; r < FIT_ROWS; r++) {
        /* Rows that are hardly known may be off in proportion. */
        worst = fmax(worst, fabs(s->gradient[r]) / (s->scale + sqrt(s->variance[r])));
    }
    return worst;
}

static void start(fit_state *s, const seed_table *seed, const fit_margins *margins)
{
    memset(s, 0, sizeof *s);
    s->seed = seed;
    s->margins = margins;
    s->scale = margins->target[FIT_HOUSEHOLDS];
    for (size_t k = 0; k < seed->kinds; k++) {
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            s->coefficient[k][r] = fit_coefficient(&seed->kind[k], r);
        }
    }
    for (int r = 0; r < FIT_ROWS; r++) {
        double sigma = margins->sigma[r] < LARGE_MISS ? margins->sigma[r] : LARGE_MISS;
        s->variance[r] = sigma * sigma;
    }
}

static void write_result(fit_table *out, const fit_state *s)
{
    double segment[SEED_SEGMENTS], tenure[SEED_TENURES];
    factors(segment, tenure, s, s->multiplier);
    memset(out->weight, 0, sizeof out->weight);
    for (size_t k = 0; k < s->seed->kinds; k++) {
        out->kind[k] = s->mass[k];
        double factor = kind_factor(s, s->multiplier, k);
        for (size_t i = 0; k < s->seed->household_kinds && i < s->seed->segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                out->weight[k][i][t] = factor * segment[i] * tenure[t] * s->seed->weight[k][i][t];
            }
        }
    }
}

/* Newton's method until the slope is flat or the dual falls no more; 1 when it settled. */
static int descend(fit_state *s, int *rounds)
{
    double now = dual(s, s->multiplier);
    for (*rounds = 0; *rounds < ROUNDS; ++*rounds) {
        slope(s);
        if (worst_slope(s) < CLOSE) {
            return 1;
        }
        solve(s);
        if (!advance(s, &now)) {
            break; /* as low as doubles can see */
        }
    }
    slope(s);
    return worst_slope(s) < SETTLED;
}

int fit_area(fit_table *out, const seed_table *seed, const fit_margins *margins)
{
    fit_state s;
    fit_margins looser = *margins;
    for (int round = 0; round < LOOSER; round++) {
        start(&s, seed, &looser);
        if (descend(&s, &out->rounds)) {
            write_result(out, &s);
            return WIJK_OK;
        }
        for (int r = 0; r < FIT_ROWS; r++) {
            looser.sigma[r] *= 4;
        }
    }
    return wijk_fail(WIJK_EFORMAT,
                     "De marges van dit gebied zijn niet te verenigen, ook niet bij benadering.",
                     "The margins of this area cannot be met, not even nearly.");
}
