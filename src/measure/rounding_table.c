/* Draws the table of one area of all that fit what was published, given what varies over areas.
 * The idea: the cells of an area are small, so all tables that fit are summed by a convolution over
 * groups and one is drawn; wide cells are seen through windows, strides apart. */
#include "measure/rounding_sampler.h"

#include <math.h>
#include <string.h>

/* The windows in which this update looks: whole cells where they are small, else values a stride
 * apart around the present one, at a random offset so that the move can be undone. */
static void set_windows(measure_sampler *s, measure_bench *b, size_t area, double stride,
                        measure_stream *random)
{
    for (size_t g = 0; g < s->groups; g++) {
        double low = b->low[g], high = b->high_end[g];
        if (high - low < WINDOW && stride == 1) {
            b->first[g] = low;
            b->count[g] = (size_t)(high - low) + 1;
            continue;
        }
        double start = s->x[area * s->groups + g] - stride * floor(measure_next(random) * WINDOW);
        double skip = fmax(0, ceil((low - start) / stride));
        double last = fmin(WINDOW - 1, floor((high - start) / stride));
        b->first[g] = start + skip * stride;
        b->count[g] = (size_t)(last - skip) + 1;
    }
}

/* Ratio of the negative binomials that stand for the Dirichlet of a kind: any ratio does, as
 * weigh_people takes it out again. */
static double scale_of(const measure_sampler *s, const measure_bench *b, size_t area)
{
    return (s->n[area] + 1) / (s->n[area] + 1 + b->alpha_sum);
}

/* What the weights of `totals` tables of n, n + 1 ... people are multiplied by: given its total an
 * area of a kind is a Dirichlet-multinomial, and totals are as likely as sizes are here. */
static void weigh_people(double *weight, size_t totals, double n, const measure_sampler *s,
                         const measure_bench *b, size_t area)
{
    if (!b->alpha) {
        return;
    }
    double scale = scale_of(s, b, area), factor = 1;
    for (size_t t = 0; t < totals; t++) {
        weight[t] *= factor;
        factor *= (n + 1) / ((n + b->alpha_sum) * scale) * measure_size_next(s, n);
        n += 1;
    }
}

/* Relative likelihood of the values in the windows: negative binomial around an intensity of its
 * own, or around the shares of a kind. The log of the first of a window goes into b->base, as far
 * as it depends on the kind. */
static void set_weights(measure_sampler *s, measure_bench *b, size_t area, double stride)
{
    double scale = b->alpha ? scale_of(s, b, area) : 0;
    for (size_t g = 0; g < s->groups; g++) {
        size_t at = area * s->groups + g;
        double shape = b->alpha ? b->alpha[g] : s->shape[g];
        double ratio = b->alpha ? scale : s->intensity[at] / (s->intensity[at] + shape);
        double *w = b->weight + g * WINDOW, x = b->first[g], most = -INFINITY;
        if (stride == 1) {
            w[0] = 1;
            for (size_t k = 1; k < b->count[g]; k++) {
                w[k] = w[k - 1] * ratio * ((x + shape) / (x + 1));
                x += 1;
            }
            continue;
        }
        double slope = wijk_exact_log(ratio);
        for (size_t k = 0; k < b->count[g]; k++) {
            double value = x + (double)k * stride;
            w[k] = value * slope + measure_log_gamma(value + shape) - measure_log_gamma(value + 1);
            most = fmax(most, w[k]);
        }
        for (size_t k = 0; k < b->count[g]; k++) {
            w[k] = wijk_exact_exp(w[k] - most);
        }
        b->base[g] = most;
    }
}

/* Which values of the windows lie in the box; 0 when a group has none. */
static int clip_windows(measure_sampler *s, measure_bench *b, double stride)
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
static size_t convolve(measure_sampler *s, measure_bench *b)
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
static void unwind(measure_sampler *s, measure_bench *b, size_t area, size_t t, double stride,
                   measure_stream *random)
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
            double left = measure_next(random) * b->reach[g * row + t];
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

/* An area of counts: one convolution holds every total, from *bottom people up; how many. */
static size_t weigh_counts(measure_sampler *s, measure_bench *b, size_t area, double stride,
                           measure_stream *random, double *bottom)
{
    const measure_cells *c = s->cells;
    measure_cells_box(b->low, b->high, c, area, c->total_low[area], c->total_high[area]);
    memcpy(b->high_end, b->high, s->groups * sizeof *b->high);
    set_windows(s, b, area, stride, random);
    set_weights(s, b, area, stride);
    clip_windows(s, b, stride);
    size_t top = convolve(s, b);
    *bottom = 0;
    for (size_t g = 0; g < s->groups; g++) {
        *bottom += b->first[g];
    }
    const double *reach = b->reach + (s->groups - 1) * s->groups * WINDOW;
    for (size_t t = 0; t <= top; t++) { /* strides only exchange between groups */
        double n = *bottom + (double)t * stride;
        int allowed =
            stride == 1 ? n >= c->total_low[area] && n <= c->total_high[area] : n == s->n[area];
        b->total[t] = allowed ? reach[t] : 0;
    }
    if (stride == 1) {
        weigh_people(b->total, top + 1, *bottom, s, b, area);
    }
    return top + 1;
}

static void redraw_counts(measure_sampler *s, measure_bench *b, size_t area, double stride,
                          measure_stream *random)
{
    double bottom;
    size_t totals = weigh_counts(s, b, area, stride, random, &bottom);
    size_t chosen = choose(b->total, totals, measure_next(random));
    if (chosen < totals) {
        s->n[area] = bottom + (double)chosen * stride;
        unwind(s, b, area, chosen, stride, random);
    }
}

/* Weight of one total of an area with shares, whose box depends on it. */
static double weigh_total(measure_sampler *s, measure_bench *b, size_t area, double n,
                          double stride, size_t *at)
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

/* An area with shares: a convolution for each total near the present one, from *from up. */
static size_t weigh_shares(double weight[WINDOW], measure_sampler *s, measure_bench *b, size_t area,
                           double stride, measure_stream *random, double *from)
{
    const measure_cells *c = s->cells;
    double to = s->n[area];
    size_t t = 0, totals = 0;
    *from = to;
    if (stride == 1) {
        *from = c->total_low[area];
        to = c->total_high[area];
        if (to - *from >= WINDOW) {
            double start = s->n[area] - floor(measure_next(random) * WINDOW);
            *from = fmax(*from, start);
            to = fmin(to, start + WINDOW - 1);
        }
    }
    for (size_t g = 0; g < s->groups; g++) { /* the union over all totals; boxes grow with them */
        size_t at = area * s->groups + g;
        b->low[g] = c->share[at] ? ceil(c->low[at] * *from - 1e-9) : c->low[at];
        b->high_end[g] = fmin(to, c->share[at] ? floor(c->high[at] * to + 1e-9) : c->high[at]);
    }
    set_windows(s, b, area, stride, random);
    set_weights(s, b, area, stride);
    double n = *from;
    while (n <= to) {
        weight[totals++] = weigh_total(s, b, area, n, stride, &t);
        n += 1;
    }
    if (stride == 1) {
        weigh_people(weight, totals, *from, s, b, area);
    }
    return totals;
}

static void redraw_shares(measure_sampler *s, measure_bench *b, size_t area, double stride,
                          measure_stream *random)
{
    double from, weight[WINDOW];
    size_t t = 0, totals = weigh_shares(weight, s, b, area, stride, random, &from);
    size_t chosen = choose(weight, totals, measure_next(random));
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

static double stride_of(const measure_sampler *s, size_t area)
{
    double stride = 1;
    for (unsigned k = s->sweep % (levels_of(s, area) + 1); k > 0; k--) {
        stride *= 2;
    }
    return stride;
}

void measure_redraw_area(measure_sampler *s, measure_bench *b, size_t area)
{
    measure_stream random = measure_stream_of(s, FOR_AREA, area);
    size_t kind = s->kind[area];
    double stride = stride_of(s, area);
    b->alpha = kind ? s->kinds[kind].alpha : NULL;
    b->alpha_sum = kind ? s->kinds[kind].sum : 0;
    if (s->cells->shares[area]) {
        redraw_shares(s, b, area, stride, &random);
    } else {
        redraw_counts(s, b, area, stride, &random);
    }
}

/* log gamma(x + a) - log gamma(a), of which the last is known. */
static double rise(double a, double gamma_log, double x)
{
    return x > 16 ? measure_log_gamma(x + a) - gamma_log : measure_log_rise(a, x);
}

double measure_table_log(measure_sampler *s, measure_bench *b, size_t area, const measure_kind *k)
{
    const double *alpha = k->alpha, alpha_sum = k->sum;
    measure_stream random = measure_stream_of(s, FOR_AREA, area);
    double stride = stride_of(s, area), from = 0, bottom = 0, weights[WINDOW], log = 0, sum = 0;
    const double *weight = b->total;
    size_t totals;
    b->alpha = alpha;
    b->alpha_sum = alpha_sum;
    if (s->cells->shares[area]) {
        totals = weigh_shares(weights, s, b, area, stride, &random, &from);
        weight = weights;
    } else {
        totals = weigh_counts(s, b, area, stride, &random, &from);
    }
    for (size_t g = 0; g < s->groups; g++) {
        bottom += b->first[g];
        log += stride == 1 ? rise(alpha[g], k->gamma_log[g], b->first[g])
                           : b->base[g] - k->gamma_log[g];
    }
    for (size_t t = 0; t < totals; t++) {
        sum += weight[t];
    }
    if (stride > 1) {
        from = s->n[area];
        bottom = 0;
    }
    return log + wijk_exact_log(sum) - rise(alpha_sum, k->sum_log, from) -
           (from - bottom) * wijk_exact_log(scale_of(s, b, area));
}
