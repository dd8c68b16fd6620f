/* Draws tables of whole persons that fit what was published, as likely as the areas themselves
 * suggest. The idea: the groups of an area are Poisson around intensities whose logarithms vary
 * over areas as a normal distribution with full covariance, so that size and composition may hang
 * together (Poisson-lognormal: Aitchison & Ho 1989, doi:10.1093/biomet/76.4.643), times a gamma per
 * group, since many areas may have none of it; with the normal on size alone this is the
 * Dirichlet-multinomial. Given its intensities the cells of an area are small, so its table is
 * drawn at once by summing over all tables that fit, a convolution over groups; intensities and
 * shapes move by Metropolis steps; mean and covariance are conjugate. Only exact arithmetic: the
 * same seed gives the same bytes. */
#include "measure/rounding.h"

#include "wijk/exact.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum {
    WINDOW = 12,    /* values of one group that are weighed at once; a cell of 10 fits whole */
    BURN = 200,     /* sweeps before the first table */
    THIN = 4,       /* sweeps from one table to the next */
    TOGETHER = 128, /* areas that one thread takes at a time */
    ALONE = 2048    /* fewer areas than this are done before a thread has started */
};

enum { FOR_AREA = 0x524f0001, FOR_LEVEL, FOR_SHAPE, FOR_NORMAL }; /* of draws */

typedef struct {                   /* room for one area */
    double *low, *high, *high_end; /* [groups] */
    double *weight;                /* [groups][WINDOW] */
    double *reach;                 /* [groups][groups * WINDOW] */
    double *first;                 /* [groups]: lowest value in the window */
    size_t *count, *skip, *last;   /* [groups]: values in the window; clipped by a total */
} bench;

struct measure_sampler {
    const measure_cells *cells;
    size_t areas, groups, living;
    uint64_t seed;
    uint32_t sweep;
    double *x;                    /* [areas][groups]: the present table */
    double *n;                    /* [areas]: its totals */
    double *level;                /* [areas][groups]: logs of intensities */
    double *intensity;            /* [areas][groups] */
    double *mean, *precision;     /* of the levels: [groups], [groups][groups] */
    double *shape;                /* [groups]: of the gamma around an intensity */
    double *stride;               /* [groups]: of its Metropolis steps, log scale */
    double *centre;               /* [groups]: where the prior lies */
    double *scatter, *root, *tri; /* [groups][groups]: to draw the normal */
    double *sum, *z;              /* [groups]: a mean; standard normals */
    bench bench[WIJK_MAX_THREADS];
    unsigned threads;
};

/* A stream of uniforms for one purpose, place and sweep: two from each block of the generator. */
typedef struct {
    uint32_t counter[4], key[2], bits[4];
    int left;
} stream;

static double next(stream *r)
{
    if (r->left == 0) {
        wijk_philox(r->bits, r->counter, r->key);
        r->counter[3]++;
        r->left = 2;
    }
    const uint32_t *word = r->bits + 2 * --r->left;
    return (double)(((uint64_t)word[0] << 32 | word[1]) >> 11) * 0x1p-53;
}

static stream stream_of(const measure_sampler *s, uint32_t purpose, size_t place)
{
    return (stream){.counter = {purpose, (uint32_t)place, s->sweep, 0},
                    .key = {(uint32_t)s->seed, (uint32_t)(s->seed >> 32)}};
}

/* Whether Metropolis takes a step that makes the whole e^gain as likely. */
static int accept(double gain, stream *random)
{
    double u = next(random);
    return gain >= 0 || u < wijk_exact_exp(gain);
}

/* A step of sd 1 in either direction; that it is uniform does not matter to Metropolis. */
static double step_of(stream *random)
{
    return 3.4641016151377544 * (next(random) - 0.5);
}

/* Stirling's series beyond 8, the recursion below. Error under 1e-12 of the value or 1e-13. */
static double log_gamma(double x)
{
    double product = 1;
    while (x < 8) {
        product *= x;
        x += 1;
    }
    double r = 1 / x, q = r * r;
    double series = r * (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680))));
    double value = (x - 0.5) * wijk_exact_log(x) - x + 0.91893853320467274178 + series;
    return product > 1 || product < 1 ? value - wijk_exact_log(product) : value;
}

/* The windows in which this update looks: whole cells where they are small, else values a stride
 * apart around the present one, at a random offset so that the move can be undone. */
static void set_windows(measure_sampler *s, bench *b, size_t area, double stride, stream *random)
{
    for (size_t g = 0; g < s->groups; g++) {
        double low = b->low[g], high = b->high_end[g];
        if (high - low < WINDOW && stride == 1) {
            b->first[g] = low;
            b->count[g] = (size_t)(high - low) + 1;
            continue;
        }
        double start = s->x[area * s->groups + g] - stride * floor(next(random) * WINDOW);
        double skip = fmax(0, ceil((low - start) / stride));
        double last = fmin(WINDOW - 1, floor((high - start) / stride));
        b->first[g] = start + skip * stride;
        b->count[g] = (size_t)(last - skip) + 1;
    }
}

/* Relative likelihood of the values in the windows: negative binomial. */
static void set_weights(measure_sampler *s, bench *b, size_t area, double stride)
{
    for (size_t g = 0; g < s->groups; g++) {
        size_t at = area * s->groups + g;
        double shape = s->shape[g], ratio = s->intensity[at] / (s->intensity[at] + shape);
        double *w = b->weight + g * WINDOW, x = b->first[g], most = -INFINITY;
        if (stride == 1) {
            w[0] = 1;
            for (size_t k = 1; k < b->count[g]; k++, x++) {
                w[k] = w[k - 1] * ratio * ((x + shape) / (x + 1));
            }
            continue;
        }
        double slope = wijk_exact_log(ratio);
        for (size_t k = 0; k < b->count[g]; k++) {
            double value = x + (double)k * stride;
            w[k] = value * slope + log_gamma(value + shape) - log_gamma(value + 1);
            most = fmax(most, w[k]);
        }
        for (size_t k = 0; k < b->count[g]; k++) {
            w[k] = wijk_exact_exp(w[k] - most);
        }
    }
}

/* Which values of the windows lie in the box; 0 when a group has none. */
static int clip_windows(measure_sampler *s, bench *b, double stride)
{
    for (size_t g = 0; g < s->groups; g++) {
        double skip = fmax(0, ceil((b->low[g] - b->first[g]) / stride));
        double last = fmin((double)b->count[g] - 1, floor((b->high[g] - b->first[g]) / stride));
        if (last < skip) {
            return 0;
        }
        b->skip[g] = (size_t)skip;
        b->last[g] = (size_t)last;
    }
    return 1;
}

/* reach[g][t]: weight of all ways in which groups 0 ... g stand t steps above their windows. */
static size_t convolve(measure_sampler *s, bench *b)
{
    size_t row = s->groups * WINDOW, top = b->last[0];
    memset(b->reach, 0, (top + 1) * sizeof *b->reach);
    for (size_t k = b->skip[0]; k <= b->last[0]; k++) {
        b->reach[k] = b->weight[k];
    }
    for (size_t g = 1; g < s->groups; g++) {
        const double *before = b->reach + (g - 1) * row, *w = b->weight + g * WINDOW;
        double *after = b->reach + g * row;
        memset(after, 0, (top + b->last[g] + 1) * sizeof *after);
        for (size_t k = b->skip[g]; k <= b->last[g]; k++) {
            for (size_t t = 0; t <= top; t++) {
                after[t + k] += w[k] * before[t];
            }
        }
        top += b->last[g];
    }
    return top;
}

/* Draws the steps of every group, given that they add up to t. */
static void unwind(measure_sampler *s, bench *b, size_t area, size_t t, double stride,
                   stream *random)
{
    size_t row = s->groups * WINDOW, top = 0; /* of the groups before this one */
    double *x = s->x + area * s->groups;
    for (size_t g = 0; g < s->groups; g++) {
        top += b->last[g];
    }
    for (size_t g = s->groups; g-- > 0;) {
        top -= b->last[g];
        const double *w = b->weight + g * WINDOW;
        size_t chosen = t;
        if (g > 0) {
            const double *before = b->reach + (g - 1) * row;
            double left = next(random) * b->reach[g * row + t];
            for (size_t k = b->skip[g]; k <= b->last[g] && k <= t; k++) {
                double part = t - k <= top ? w[k] * before[t - k] : 0;
                if (part > 0) {
                    chosen = k;
                    left -= part;
                    if (left < 0) {
                        break;
                    }
                }
            }
        }
        x[g] = b->first[g] + (double)chosen * stride;
        t -= chosen;
    }
}

/* Which total is drawn, given what each weighs; `n` values. `n` when all weigh nothing. */
static size_t choose(const double *weight, size_t n, double u)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += weight[k];
    }
    size_t chosen = n;
    double left = u * sum;
    for (size_t k = 0; k < n && sum > 0; k++) {
        if (weight[k] > 0) {
            chosen = k;
            left -= weight[k];
            if (left < 0) {
                break;
            }
        }
    }
    return chosen;
}

/* An area of counts: one convolution holds every total. */
static void redraw_counts(measure_sampler *s, bench *b, size_t area, double stride, stream *random)
{
    const measure_cells *c = s->cells;
    double bottom = 0;
    measure_cells_box(b->low, b->high, c, area, c->total_low[area], c->total_high[area]);
    memcpy(b->high_end, b->high, s->groups * sizeof *b->high);
    set_windows(s, b, area, stride, random);
    set_weights(s, b, area, stride);
    clip_windows(s, b, stride);
    size_t top = convolve(s, b);
    for (size_t g = 0; g < s->groups; g++) {
        bottom += b->first[g];
    }
    double *reach = b->reach + (s->groups - 1) * s->groups * WINDOW;
    for (size_t t = 0; t <= top; t++) { /* strides only exchange between groups */
        double n = bottom + (double)t * stride;
        int allowed =
            stride == 1 ? n >= c->total_low[area] && n <= c->total_high[area] : n == s->n[area];
        reach[t] = allowed ? reach[t] : 0;
    }
    size_t chosen = choose(reach, top + 1, next(random));
    if (chosen <= top) {
        s->n[area] = bottom + (double)chosen * stride;
        unwind(s, b, area, chosen, stride, random);
    }
}

/* Weight of one total of an area with shares, whose box depends on it. */
static double weigh_total(measure_sampler *s, bench *b, size_t area, double n, double stride,
                          size_t *at)
{
    double bottom = 0;
    if (!measure_cells_box(b->low, b->high, s->cells, area, n, n) || !clip_windows(s, b, stride)) {
        return 0;
    }
    for (size_t g = 0; g < s->groups; g++) {
        bottom += b->first[g];
    }
    double t = (n - bottom) / stride;
    size_t top = convolve(s, b);
    if (t < 0 || t > (double)top || t != floor(t)) {
        return 0;
    }
    *at = (size_t)t;
    return b->reach[(s->groups - 1) * s->groups * WINDOW + *at];
}

/* An area with shares: a convolution for each total near the present one. */
static void redraw_shares(measure_sampler *s, bench *b, size_t area, double stride, stream *random)
{
    const measure_cells *c = s->cells;
    double from = s->n[area], to = from, weight[WINDOW];
    size_t t = 0, totals = 0;
    if (stride == 1) {
        from = c->total_low[area];
        to = c->total_high[area];
        if (to - from >= WINDOW) {
            double start = s->n[area] - floor(next(random) * WINDOW);
            from = fmax(from, start);
            to = fmin(to, start + WINDOW - 1);
        }
    }
    for (size_t g = 0; g < s->groups; g++) { /* the union over all totals; boxes grow with them */
        size_t at = area * s->groups + g;
        b->low[g] = c->share[at] ? ceil(c->low[at] * from - 1e-9) : c->low[at];
        b->high_end[g] = fmin(to, c->share[at] ? floor(c->high[at] * to + 1e-9) : c->high[at]);
    }
    set_windows(s, b, area, stride, random);
    set_weights(s, b, area, stride);
    for (double n = from; n <= to; n++) {
        weight[totals++] = weigh_total(s, b, area, n, stride, &t);
    }
    size_t chosen = choose(weight, totals, next(random));
    if (chosen < totals && weigh_total(s, b, area, from + (double)chosen, stride, &t) > 0) {
        s->n[area] = from + (double)chosen;
        unwind(s, b, area, t, stride, random);
    }
}

/* Widest window that is needed, as a power of two: wide cells are crossed in strides. */
static unsigned levels_of(const measure_sampler *s, size_t area)
{
    const measure_cells *c = s->cells;
    double widest = 0;
    for (size_t g = 0; g < s->groups; g++) {
        size_t at = area * s->groups + g;
        double scale = c->share[at] ? s->n[area] : 1;
        double high = fmin(c->high[at] * scale, c->total_high[area]);
        widest = fmax(widest, high - c->low[at] * scale);
    }
    unsigned levels = 0;
    while (widest > WINDOW && levels < 30) {
        widest /= 2;
        levels++;
    }
    return levels;
}

static void redraw_area(measure_sampler *s, bench *b, size_t area)
{
    stream random = stream_of(s, FOR_AREA, area);
    unsigned levels = levels_of(s, area);
    double stride = 1;
    for (unsigned k = s->sweep % (levels + 1); k > 0; k--) {
        stride *= 2;
    }
    if (s->cells->shares[area]) {
        redraw_shares(s, b, area, stride, &random);
    } else {
        redraw_counts(s, b, area, stride, &random);
    }
}

/* Standard normal, by the polar method: exact logarithm, no sine. */
static double normal(stream *random)
{
    for (;;) {
        double u = 2 * next(random) - 1, v = 2 * next(random) - 1, q = u * u + v * v;
        if (q > 0 && q < 1) {
            return u * sqrt(-2 * wijk_exact_log(q) / q);
        }
    }
}

/* Root of a chi-square with `freedom` > 1: Marsaglia & Tsang 2000, doi:10.1145/358407.358414 */
static double chi(double freedom, stream *random)
{
    double d = freedom / 2 - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = normal(random), v = 1 + c * z;
        v = v * v * v;
        if (v > 0 &&
            wijk_exact_log(1 - next(random)) < z * z / 2 + d - d * v + d * wijk_exact_log(v)) {
            return sqrt(2 * d * v);
        }
    }
}

/* Metropolis step of one intensity; `pull` is the slope of what its distance from the mean costs.
 */
static void move_level(measure_sampler *s, size_t at, size_t g, double pull, stream *random)
{
    double x = s->x[at], shape = s->shape[g], stiff = s->precision[g * s->groups + g];
    double known = (x + 0.5) * shape / (x + 0.5 + shape);
    double step = 2.4 / sqrt(stiff + known) * step_of(random);
    double now = s->intensity[at] * wijk_exact_exp(step);
    double gain = x * step -
                  (x + shape) * wijk_exact_log((now + shape) / (s->intensity[at] + shape)) -
                  step * (pull + stiff * step / 2);
    if (accept(gain, random)) {
        s->level[at] += step;
        s->intensity[at] = now;
    }
}

/* All intensities of an area together: its size. */
static void move_size(measure_sampler *s, size_t area, stream *random)
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
    double step = 2.4 / sqrt(stiff + known) * step_of(random), factor = wijk_exact_exp(step);
    for (size_t g = 0; g < n; g++) {
        double was = s->intensity[at + g], shape = s->shape[g];
        gain += s->x[at + g] * step -
                (s->x[at + g] + shape) * wijk_exact_log((was * factor + shape) / (was + shape));
    }
    if (accept(gain - step * (pull + stiff * step / 2), random)) {
        for (size_t g = 0; g < n; g++) {
            s->level[at + g] += step;
            s->intensity[at + g] *= factor;
        }
    }
}

static void move_levels(measure_sampler *s, size_t area)
{
    stream random = stream_of(s, FOR_LEVEL, area);
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
    stream random = stream_of(s, FOR_SHAPE, g);
    double was = s->shape[g], now = was * wijk_exact_exp(s->stride[g] * (2 * next(&random) - 1));
    if (!(now > 1e-3 && now < 1e6)) {
        return;
    }
    double one =
        now * wijk_exact_log(now) - was * wijk_exact_log(was) - log_gamma(now) + log_gamma(was);
    double gain = log_shape_prior(now) - log_shape_prior(was) + (double)s->living * one;
    for (size_t i = 0; i < s->areas; i++) {
        size_t at = i * s->groups + g;
        if (!s->cells->out[i]) {
            double x = s->x[at], rate = s->intensity[at];
            gain +=
                x > 0 ? log_gamma(x + now) - log_gamma(x + was) : log_gamma(now) - log_gamma(was);
            gain -= (x + now) * wijk_exact_log(rate + now) - (x + was) * wijk_exact_log(rate + was);
        }
    }
    int accepted = accept(gain, &random);
    s->shape[g] = accepted ? now : was;
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
    memset(s->sum, 0, n * sizeof *s->sum);
    memset(s->scatter, 0, n * n * sizeof *s->scatter);
    for (size_t i = 0; i < s->areas; i++) {
        for (size_t g = 0; !s->cells->out[i] && g < n; g++) {
            s->sum[g] += s->level[i * n + g] / (double)s->living;
        }
    }
    for (size_t i = 0; i < s->areas; i++) {
        const double *level = s->level + i * n;
        for (size_t g = 0; !s->cells->out[i] && g < n; g++) {
            for (size_t h = 0; h <= g; h++) {
                s->scatter[g * n + h] += (level[g] - s->sum[g]) * (level[h] - s->sum[h]);
            }
        }
    }
    double shrink = PRIOR_AREAS * (double)s->living / (PRIOR_AREAS + (double)s->living);
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
    double *z = s->z, areas = PRIOR_AREAS + (double)s->living, scale = 1 / sqrt(areas);
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
        double middle = (double)s->living * s->sum[i] + PRIOR_AREAS * s->centre[i];
        s->mean[i] = middle / areas + scale * shift;
    }
}

/* Draws mean and precision: normal-Wishart, by Bartlett's decomposition. With scatter = R R',
 * precision = Y Y' where R' Y = A, A triangular with chi and normal entries. */
static void redraw_normal(measure_sampler *s)
{
    size_t n = s->groups;
    stream random = stream_of(s, FOR_NORMAL, 0);
    double *a = s->tri, freedom = (double)s->living + (double)n + 2;
    set_scatter(s);
    set_root(s);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            a[i * n + j] = j < i ? normal(&random) : 0;
        }
        a[i * n + i] = chi(freedom - (double)i, &random);
        s->z[i] = normal(&random);
    }
    set_mean(s);
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

/* Any table that fits: every group the same way up its box. */
static void start_area(measure_sampler *s, bench *b, size_t area)
{
    const measure_cells *c = s->cells;
    double *x = s->x + area * s->groups, n = c->total_low[area];
    double lows = 0, highs = 0;
    if (c->shares[area]) {
        double middle = floor((c->total_low[area] + c->total_high[area]) / 2);
        for (n = middle;
             n <= c->total_high[area] && !measure_cells_box(b->low, b->high, c, area, n, n); n++) {
        }
        if (n > c->total_high[area]) {
            for (n = middle; !measure_cells_box(b->low, b->high, c, area, n, n); n--) {
            }
        }
    } else {
        measure_cells_box(b->low, b->high, c, area, c->total_low[area], c->total_high[area]);
    }
    for (size_t g = 0; g < s->groups; g++) {
        lows += b->low[g];
        highs += b->high[g];
    }
    if (!c->shares[area]) {
        n = fmin(fmax(floor((lows + highs) / 2), c->total_low[area]), c->total_high[area]);
    }
    double rest = n - lows;
    for (size_t g = 0; g < s->groups; g++) {
        double room = b->high[g] - b->low[g];
        x[g] = b->low[g] + (highs > lows ? floor(room * (n - lows) / (highs - lows)) : 0);
        rest -= x[g] - b->low[g];
    }
    for (size_t g = 0; rest > 0 && g < s->groups; g++) {
        double more = fmin(rest, b->high[g] - x[g]);
        x[g] += more;
        rest -= more;
    }
    s->n[area] = n;
}

/* Levels begin as if all areas had the mix of the whole, and what they differ as gamma; where that
 * is not so, the steps to come find it. */
static void start_levels(measure_sampler *s)
{
    size_t n = s->groups;
    double total = 0;
    for (size_t k = 0; k < s->areas * n; k++) {
        s->sum[k % n] += s->x[k];
        total += s->x[k];
    }
    for (size_t i = 0; i < s->areas; i++) {
        for (size_t g = 0; g < n && !s->cells->out[i]; g++) {
            double share = (s->sum[g] + 0.5) / (total + 0.5 * (double)n);
            s->intensity[i * n + g] = (s->n[i] + 0.5) * share;
            s->level[i * n + g] = wijk_exact_log(s->intensity[i * n + g]);
            s->centre[g] += s->level[i * n + g] / (double)s->living;
        }
    }
    for (size_t g = 0; g < n; g++) {
        s->shape[g] = 0.5;
        s->stride[g] = 0.5;
    }
    redraw_normal(s);
}

static int bench_new(bench *b, size_t groups)
{
    double **const arrays[] = {&b->low, &b->high, &b->high_end, &b->first};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = wijk_alloc(groups * sizeof **arrays[i]);
        if (!*arrays[i]) {
            return WIJK_ENOMEM;
        }
    }
    b->weight = wijk_alloc(groups * WINDOW * sizeof *b->weight);
    b->reach = wijk_alloc(groups * groups * WINDOW * sizeof *b->reach);
    b->count = wijk_alloc(groups * sizeof *b->count);
    b->skip = wijk_alloc(groups * sizeof *b->skip);
    b->last = wijk_alloc(groups * sizeof *b->last);
    return b->weight && b->reach && b->count && b->skip && b->last ? WIJK_OK : WIJK_ENOMEM;
}

void measure_sampler_free(measure_sampler *s)
{
    if (!s) {
        return;
    }
    for (unsigned k = 0; k < s->threads; k++) {
        bench *b = &s->bench[k];
        void *const blocks[] = {b->low,   b->high,  b->high_end, b->first, b->weight,
                                b->reach, b->count, b->skip,     b->last};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            wijk_free(blocks[i]);
        }
    }
    void *const blocks[] = {s->x,         s->n,      s->level, s->intensity, s->mean,
                            s->precision, s->centre, s->root,  s->tri,       s->scatter,
                            s->shape,     s->stride, s->sum,   s->z};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        wijk_free(blocks[i]);
    }
    wijk_free(s);
}

static int sweep_some(void *payload, size_t index, unsigned worker)
{
    measure_sampler *s = payload;
    size_t end = (index + 1) * TOGETHER;
    for (size_t i = index * TOGETHER; i < end && i < s->areas; i++) {
        if (!s->cells->out[i]) {
            redraw_area(s, &s->bench[worker], i);
            move_levels(s, i);
        }
    }
    return WIJK_OK;
}

static int sweep(measure_sampler *s, wijk_ctx *ctx)
{
    size_t chunks = (s->areas + TOGETHER - 1) / TOGETHER;
    int rc = wijk_parallel(s->threads, chunks, sweep_some, s, ctx);
    move_shape(s, s->sweep % s->groups); /* they hardly move; in turn is often enough */
    redraw_normal(s);
    s->sweep++;
    return rc;
}

static int allocate(measure_sampler *s)
{
    size_t cells = s->areas * s->groups, square = s->groups * s->groups;
    s->x = wijk_alloc(cells * sizeof *s->x);
    s->n = wijk_alloc(s->areas * sizeof *s->n);
    s->level = wijk_alloc(cells * sizeof *s->level);
    s->intensity = wijk_alloc(cells * sizeof *s->intensity);
    s->mean = wijk_alloc(s->groups * sizeof *s->mean);
    s->precision = wijk_alloc(square * sizeof *s->precision);
    s->centre = wijk_alloc(s->groups * sizeof *s->centre);
    s->sum = wijk_alloc(s->groups * sizeof *s->sum);
    s->shape = wijk_alloc(s->groups * sizeof *s->shape);
    s->stride = wijk_alloc(s->groups * sizeof *s->stride);
    s->z = wijk_alloc(s->groups * sizeof *s->z);
    s->scatter = wijk_alloc(square * sizeof *s->scatter);
    s->root = wijk_alloc(square * sizeof *s->root);
    s->tri = wijk_alloc(square * sizeof *s->tri);
    int whole = s->x && s->n && s->level && s->intensity && s->mean && s->precision && s->centre &&
                s->sum && s->scatter && s->root && s->tri && s->shape && s->stride && s->z;
    int rc = whole ? WIJK_OK : WIJK_ENOMEM;
    for (unsigned k = 0; !rc && k < s->threads; k++) {
        rc = bench_new(&s->bench[k], s->groups);
    }
    return rc;
}

int measure_sampler_new(measure_sampler **out, const measure_cells *cells, uint64_t seed,
                        wijk_ctx *ctx)
{
    measure_sampler *s = *out = wijk_alloc(sizeof *s);
    if (!s) {
        return WIJK_ENOMEM;
    }
    s->cells = cells;
    s->areas = cells->areas;
    s->groups = cells->groups;
    s->seed = seed;
    s->living = cells->areas - cells->left_out;
    s->threads = s->areas < ALONE ? 1 : wijk_threads(0, s->areas / TOGETHER);
    int rc = allocate(s);
    for (size_t i = 0; !rc && i < s->areas; i++) {
        if (!cells->out[i]) {
            start_area(s, &s->bench[0], i);
        }
    }
    if (!rc && s->living > 0) {
        start_levels(s);
    }
    while (!rc && s->living > 0 && s->sweep < BURN) {
        rc = sweep(s, ctx);
    }
    return rc;
}

int measure_sampler_next(const double **counts, measure_sampler *s, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    for (int k = 0; !rc && s->living > 0 && k < THIN; k++) {
        rc = sweep(s, ctx);
    }
    *counts = s->x;
    return rc;
}
