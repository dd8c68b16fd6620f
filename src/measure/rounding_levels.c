/* The log-normal: most areas vary around one mix, log-normally, times a gamma for groups that many
 * lack. The idea: intensities and shapes move by Metropolis steps; mean and covariance are
 * conjugate. */
#include "measure/rounding_sampler.h"

#include <math.h>
#include <string.h>

static int is_member(const measure_sampler *s, size_t area)
{
    return !s->out[area] && s->kind[area] == 0;
}

/* Metropolis step of one intensity; `pull` is the slope of what its distance from the mean costs.
 */
static void move_level(measure_sampler *s, size_t at, size_t g, double pull, measure_stream *random)
{
    double x = s->x[at], shape = s->shape[g], stiff = s->precision[g * s->groups + g];
    double known = (x + 0.5) * shape / (x + 0.5 + shape);
    double step = 2.4 / sqrt(stiff + known) * measure_step(random);
    double now = s->intensity[at] * wijk_exact_exp(step);
    double gain = x * step -
                  (x + shape) * wijk_exact_log((now + shape) / (s->intensity[at] + shape)) -
                  step * (pull + stiff * step / 2);
    if (measure_accept(gain, random)) {
        s->level[at] += step;
        s->intensity[at] = now;
    }
}

/* All intensities of an area together: its size. */
static void move_size(measure_sampler *s, size_t area, measure_stream *random)
{
    size_t n = s->groups, at = area * n;
    double pull = 0, stiff = 0, known = 0, gain = 0;
    for (size_t g = 0; g < n; g++) {
        for (size_t h = 0; h < n; h++) {
            pull += s->precision[g * n + h] * (s->level[at + h] - s->mean[h]);
            stiff += s->precision[g * n + h];
        }
        double x = s->x[at + g] + 0.5;
        known += x * s->shape[g] / (x + s->shape[g]);
    }
    double step = 2.4 / sqrt(stiff + known) * measure_step(random), factor = wijk_exact_exp(step);
    for (size_t g = 0; g < n; g++) {
        double was = s->intensity[at + g], shape = s->shape[g];
        gain += s->x[at + g] * step -
                (s->x[at + g] + shape) * wijk_exact_log((was * factor + shape) / (was + shape));
    }
    if (measure_accept(gain - step * (pull + stiff * step / 2), random)) {
        for (size_t g = 0; g < n; g++) {
            s->level[at + g] += step;
            s->intensity[at + g] *= factor;
        }
    }
}

void measure_levels_move(measure_sampler *s, size_t area)
{
    if (s->kind[area]) {
        return;
    }
    measure_stream random = measure_stream_of(s, FOR_LEVEL, area);
    size_t n = s->groups, at = area * n;
    for (size_t g = 0; g < n; g++) {
        double pull = 0;
        for (size_t h = 0; h < n; h++) {
            pull += s->precision[g * n + h] * (s->level[at + h] - s->mean[h]);
        }
        move_level(s, at + g, g, pull, &random);
    }
    move_size(s, area, &random);
}

/* Broad around 30 on the log scale. */
static double log_shape_prior(double shape)
{
    return wijk_exact_log(shape) - 2 * wijk_exact_log(shape + 30);
}

/* Metropolis step of the shape of one group. */
static void move_shape(measure_sampler *s, size_t g)
{
    measure_stream random = measure_stream_of(s, FOR_SHAPE, g);
    double was = s->shape[g],
           now = was * wijk_exact_exp(s->stride[g] * (2 * measure_next(&random) - 1));
    if (!(now > 1e-3 && now < 1e6)) {
        return;
    }
    double one = now * wijk_exact_log(now) - was * wijk_exact_log(was) - measure_log_gamma(now) +
                 measure_log_gamma(was);
    double gain = log_shape_prior(now) - log_shape_prior(was) + (double)s->members[0] * one;
    for (size_t i = 0; i < s->areas; i++) {
        size_t at = i * s->groups + g;
        if (is_member(s, i)) {
            double x = s->x[at], rate = s->intensity[at];
            gain += x > 0 ? measure_log_gamma(x + now) - measure_log_gamma(x + was)
                          : measure_log_gamma(now) - measure_log_gamma(was);
            gain -= (x + now) * wijk_exact_log(rate + now) - (x + was) * wijk_exact_log(rate + was);
        }
    }
    int accepted = measure_accept(gain, &random);
    s->shape[g] = accepted ? now : was;
    s->shape_log[g] = wijk_exact_log(s->shape[g]);
    if (s->sweep < BURN) {
        s->stride[g] = fmin(4, fmax(1e-3, s->stride[g] * (accepted ? 1.25 : 0.87)));
    }
}

/* Cholesky's root of `scatter` into the lower triangle of `root`. The prior keeps it positive. */
static void set_root(measure_sampler *s)
{
    size_t n = s->groups;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = s->scatter[i * n + j];
            for (size_t k = 0; k < j; k++) {
                sum -= s->root[i * n + k] * s->root[j * n + k];
            }
            s->root[i * n + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / s->root[j * n + j];
        }
    }
}

/* The prior of the normal: somewhere around the centre with a small spread, as if this many areas
 * had shown that. */
#define PRIOR_AREAS  0.05
#define PRIOR_SPREAD 0.01

/* Scatter of the levels around their mean (in `sum`), prior included. */
static void set_scatter(measure_sampler *s)
{
    size_t n = s->groups;
    double members = (double)s->members[0];
    memset(s->sum, 0, n * sizeof *s->sum);
    memset(s->scatter, 0, n * n * sizeof *s->scatter);
    for (size_t i = 0; i < s->areas; i++) {
        for (size_t g = 0; is_member(s, i) && g < n; g++) {
            s->sum[g] += s->level[i * n + g] / members;
        }
    }
    for (size_t i = 0; i < s->areas; i++) {
        const double *level = s->level + i * n;
        for (size_t g = 0; is_member(s, i) && g < n; g++) {
            for (size_t h = 0; h <= g; h++) {
                s->scatter[g * n + h] += (level[g] - s->sum[g]) * (level[h] - s->sum[h]);
            }
        }
    }
    double shrink = PRIOR_AREAS * members / (PRIOR_AREAS + members);
    for (size_t g = 0; g < n; g++) {
        for (size_t h = 0; h <= g; h++) {
            s->scatter[g * n + h] +=
                shrink * (s->sum[g] - s->centre[g]) * (s->sum[h] - s->centre[h]);
        }
        s->scatter[g * n + g] += PRIOR_SPREAD;
    }
}

/* The mean, given the triangle A of redraw_normal: centre of all + R A'^-1 z / root(areas). */
static void set_mean(measure_sampler *s)
{
    size_t n = s->groups;
    double *z = s->z, areas = PRIOR_AREAS + (double)s->members[0], scale = 1 / sqrt(areas);
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) {
            z[i] -= s->tri[k * n + i] * z[k];
        }
        z[i] /= s->tri[i * n + i];
    }
    for (size_t i = 0; i < n; i++) {
        double shift = 0;
        for (size_t k = 0; k <= i; k++) {
            shift += s->root[i * n + k] * z[k];
        }
        double middle = (double)s->members[0] * s->sum[i] + PRIOR_AREAS * s->centre[i];
        s->mean[i] = middle / areas + scale * shift;
    }
}

/* Draws mean and precision: normal-Wishart, by Bartlett's decomposition. With scatter = R R',
 * precision = Y Y' where R' Y = A, A triangular with chi and normal entries. */
static void redraw_normal(measure_sampler *s)
{
    size_t n = s->groups;
    measure_stream random = measure_stream_of(s, FOR_NORMAL, 0);
    double *a = s->tri, freedom = (double)s->members[0] + (double)n + 2;
    set_scatter(s);
    set_root(s);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            a[i * n + j] = j < i ? measure_normal(&random) : 0;
        }
        a[i * n + i] = measure_chi(freedom - (double)i, &random);
        s->z[i] = measure_normal(&random);
    }
    set_mean(s);
    s->precision_log = 0;
    for (size_t i = 0; i < n; i++) {
        s->precision_log += wijk_exact_log(a[i * n + i] / s->root[i * n + i]);
    }
    for (size_t i = 0; i < n; i++) { /* a root of the covariance: R A'^-1 */
        for (size_t j = 0; j < n; j++) {
            double sum = s->root[i * n + j];
            for (size_t k = 0; k < j; k++) {
                sum -= s->spread[i * n + k] * a[j * n + k];
            }
            s->spread[i * n + j] = sum / a[j * n + j];
        }
    }
    for (size_t i = n; i-- > 0;) { /* A becomes Y */
        for (size_t j = 0; j < n; j++) {
            for (size_t k = i + 1; k < n; k++) {
                a[i * n + j] -= s->root[k * n + i] * a[k * n + j];
            }
            a[i * n + j] /= s->root[i * n + i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++) {
                sum += a[i * n + k] * a[j * n + k];
            }
            s->precision[i * n + j] = sum;
        }
    }
}

void measure_levels_fit(measure_sampler *s)
{
    move_shape(s, s->sweep % s->groups); /* they hardly move; in turn is often enough */
    redraw_normal(s);
}

/* Levels begin as if all areas had the mix of the whole, and what they differ as gamma; where that
 * is not so, the steps to come find it. */
void measure_levels_start(measure_sampler *s)
{
    size_t n = s->groups;
    double total = 0;
    for (size_t k = 0; k < s->areas * n; k++) {
        s->sum[k % n] += s->x[k];
        total += s->x[k];
    }
    for (size_t i = 0; i < s->areas; i++) {
        for (size_t g = 0; g < n && !s->out[i]; g++) {
            double share = (s->sum[g] + 0.5) / (total + 0.5 * (double)n);
            s->intensity[i * n + g] = (s->n[i] + 0.5) * share;
            s->level[i * n + g] = wijk_exact_log(s->intensity[i * n + g]);
            s->centre[g] += s->level[i * n + g] / (double)s->living;
        }
    }
    for (size_t g = 0; g < n; g++) {
        s->shape[g] = 0.5;
        s->shape_log[g] = wijk_exact_log(0.5);
        s->stride[g] = 0.5;
    }
    redraw_normal(s);
}
