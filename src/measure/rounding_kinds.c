/* Kinds of areas: estates, each nearly all of one group, do not lie on a log-normal. The idea: an
 * area is of the log-normal or of one of a few kinds, whose shares are Dirichlet around a mix of
 * their own; how many areas are of each, and what they are like, is learnt along (a sparse mixture:
 * Rousseau & Mengersen 2011, doi:10.1111/j.1467-9868.2011.00781.x). Kinds without areas are drawn
 * anew each time and so may be found (Neal 2000, doi:10.1080/10618600.2000.10474879). */
#include "measure/rounding_sampler.h"

#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { SEEDING = BURN / 2 }; /* sweeps in which empty kinds begin at an area of the table */

#define LEAST      0.3                /* concentration of a kind: from this */
#define MOST       1e5                /* to this */
#define LEAST_PART 1e-6               /* of it in one group, so that nothing underflows */
#define LOG_RANGE  12.716898269296166 /* log(MOST / LEAST) */
#define MOST_DEALT 1000               /* people that are dealt one by one */
#define FEW_KINDS  0.5                /* areas that each kind had before any was seen */

/* Log of how likely areas of `n` people are: log-normal. */
static double size_log(const measure_sampler *s, double n)
{
    if (n < KNOWN) {
        return s->size_log[(size_t)n];
    }
    double log = measure_half_log(s, n), off = log - s->size_mean;
    return -log - off * off / (2 * s->size_spread) -
           wijk_exact_log(6.283185307179586 * s->size_spread) / 2;
}

double measure_size_next(const measure_sampler *s, double n)
{
    return n < KNOWN ? s->size_next[(size_t)n]
                     : wijk_exact_exp(size_log(s, n + 1) - size_log(s, n));
}

static void set_sizes(measure_sampler *s)
{
    double constant = wijk_exact_log(6.283185307179586 * s->size_spread) / 2;
    for (size_t n = 0; n < KNOWN; n++) {
        double log = s->half_log[n], off = log - s->size_mean;
        s->size_log[n] = -log - off * off / (2 * s->size_spread) - constant;
    }
    for (size_t n = 0; n < KNOWN; n++) {
        s->size_next[n] = wijk_exact_exp(size_log(s, (double)n + 1) - s->size_log[n]);
    }
}

static void set_sums(const measure_sampler *s, measure_kind *kind)
{
    kind->sum = 0;
    for (size_t g = 0; g < s->groups; g++) {
        kind->sum += kind->alpha[g];
        kind->gamma_log[g] = measure_log_gamma(kind->alpha[g]);
    }
    kind->sum_log = measure_log_gamma(kind->sum);
}

/* A kind from the prior: any mix as likely as any other, any concentration too on a log scale. */
static void invent(measure_sampler *s, size_t k, measure_stream *random)
{
    double *alpha = s->kinds[k].alpha, sum = 0;
    double whole = LEAST * wijk_exact_exp(LOG_RANGE * measure_next(random));
    for (size_t g = 0; g < s->groups; g++) {
        double z = measure_normal(random), y = measure_normal(random);
        alpha[g] = z * z + y * y;
        sum += alpha[g];
    }
    for (size_t g = 0; g < s->groups; g++) {
        alpha[g] = fmax(LEAST_PART, whole * alpha[g] / sum);
    }
    set_sums(s, &s->kinds[k]);
}

/* Only to begin with: a kind around one of the areas. */
static void imitate(measure_sampler *s, size_t k, measure_stream *random)
{
    size_t area = (size_t)(measure_next(random) * (double)s->areas);
    invent(s, k, random);
    double *alpha = s->kinds[k].alpha, whole = s->kinds[k].sum;
    for (size_t g = 0; g < s->groups; g++) {
        alpha[g] =
            whole * (s->x[area * s->groups + g] + 0.25) / (s->n[area] + 0.25 * (double)s->groups);
    }
    set_sums(s, &s->kinds[k]);
}

/* 1 when nothing is published of an area but how many live there: then it may be of any kind. */
static int is_open(const measure_sampler *s, size_t area)
{
    int open = s->cells->total_high[area] <= MOST_DEALT;
    for (size_t g = 0; g < s->groups; g++) {
        size_t at = area * s->groups + g;
        double most = s->cells->share[at] ? s->cells->total_high[area] : 1;
        open &= s->cells->low[at] <= 0 && s->cells->high[at] * most >= s->cells->total_high[area];
    }
    return open;
}

void measure_kinds_start(measure_sampler *s)
{
    double sum = 0, squares = 0, n = (double)s->living;
    for (size_t i = 0; i < s->areas; i++) {
        double log = s->out[i] ? 0 : measure_half_log(s, s->n[i]);
        sum += log;
        squares += log * log;
    }
    s->size_mean = sum / n;
    s->size_spread = fmax(0.01, squares / n - s->size_mean * s->size_mean);
    set_sizes(s);
    s->members[0] = s->living;
    for (size_t i = 0; i < s->areas; i++) {
        s->open[i] = !s->out[i] && is_open(s, i);
    }
    for (size_t k = 1; k <= KINDS; k++) {
        measure_stream random = measure_stream_of(s, FOR_KIND, k);
        imitate(s, k, &random);
        s->share_log[k] = -5;
    }
}

/* A normal around the levels that the table of the area and the log-normal together suggest: root
 * of its precision, and its mean in b->guess. Half the log of the determinant is returned. */
static double guess_levels(measure_sampler *s, measure_bench *b, size_t area)
{
    size_t n = s->groups;
    const double *x = s->x + area * n;
    double log = 0;
    for (size_t g = 0; g < n; g++) {
        double people = x[g] + 0.5, known = people * s->shape[g] / (people + s->shape[g]);
        b->z[g] = known * (measure_half_log(s, x[g]) - s->mean[g]);
        b->far[g] = known;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = s->precision[i * n + j] + (i == j ? b->far[i] : 0);
            for (size_t k = 0; k < j; k++) {
                sum -= b->root[i * n + k] * b->root[j * n + k];
            }
            b->root[i * n + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / b->root[j * n + j];
        }
        log += wijk_exact_log(b->root[i * n + i]);
    }
    for (size_t i = 0; i < n; i++) { /* L y = z, then L' guess = y */
        for (size_t k = 0; k < i; k++) {
            b->z[i] -= b->root[i * n + k] * b->z[k];
        }
        b->z[i] /= b->root[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) {
            b->z[i] -= b->root[k * n + i] * b->z[k];
        }
        b->z[i] /= b->root[i * n + i];
        b->guess[i] = s->mean[i] + b->z[i];
    }
    return log;
}

/* Levels from that normal. */
static void draw_guess(measure_sampler *s, measure_bench *b, size_t area, measure_stream *random)
{
    size_t n = s->groups;
    for (size_t i = n; i-- > 0;) {
        b->z[i] = measure_normal(random);
        for (size_t k = i + 1; k < n; k++) {
            b->z[i] -= b->root[k * n + i] * b->z[k];
        }
        b->z[i] /= b->root[i * n + i];
    }
    for (size_t g = 0; g < n; g++) {
        s->level[area * n + g] = b->guess[g] + b->z[g];
        s->intensity[area * n + g] = wijk_exact_exp(s->level[area * n + g]);
    }
}

/* Log likelihood of the table and the levels under the log-normal over that of the guess. */
static double weigh_levels(const measure_sampler *s, measure_bench *b, size_t area, double root_log)
{
    size_t n = s->groups;
    const double *x = s->x + area * n, *level = s->level + area * n;
    double sum = s->precision_log - root_log;
    for (size_t g = 0; g < n; g++) {
        double rate = s->intensity[area * n + g], shape = s->shape[g];
        sum += measure_log_rise(shape, x[g]) + shape * s->shape_log[g] + x[g] * level[g] -
               (x[g] + shape) * wijk_exact_log(rate + shape);
        b->far[g] = level[g] - b->guess[g];
    }
    for (size_t g = 0; g < n; g++) {
        double mine = 0, off = level[g] - s->mean[g];
        for (size_t h = g; h < n; h++) {
            mine += b->root[h * n + g] * b->far[h];
        }
        sum += mine * mine / 2;
        for (size_t h = 0; h < n; h++) {
            sum -= s->precision[g * n + h] * off * (level[h] - s->mean[h]) / 2;
        }
    }
    return sum;
}

/* Gammas for every group of an area of kind `k`: of the Dirichlet, or around the levels in b->far.
 * Their log in b->guess; x are people already seen. */
static void draw_gammas(measure_sampler *s, measure_bench *b, size_t k, const double *x,
                        measure_stream *random)
{
    for (size_t g = 0; g < s->groups; g++) {
        double shape = k ? s->kinds[k].alpha[g] : s->shape[g];
        double rate = k ? 0 : wijk_exact_exp(b->far[g]), seen = x ? x[g] : 0;
        b->guess[g] = measure_log_of_gamma(shape + seen, random);
        if (!k) {
            b->guess[g] += b->far[g] - wijk_exact_log(shape + (x ? rate : 0));
        }
    }
}

/* Log of how likely n people are where the intensities are e^b->guess. */
static double poisson_log(const measure_sampler *s, const measure_bench *b, double n)
{
    double sum = 0;
    for (size_t g = 0; g < s->groups; g++) {
        sum += wijk_exact_exp(b->guess[g]);
    }
    return n * wijk_exact_log(fmax(sum, 1e-300)) - sum - measure_log_gamma(n + 1);
}

/* Levels from the log-normal, in b->far. */
static void draw_levels(measure_sampler *s, measure_bench *b, measure_stream *random)
{
    size_t n = s->groups;
    for (size_t i = 0; i < n; i++) {
        b->z[i] = measure_normal(random);
    }
    for (size_t i = 0; i < n; i++) {
        b->far[i] = s->mean[i];
        for (size_t k = 0; k < n; k++) {
            b->far[i] += s->spread[i * n + k] * b->z[k];
        }
    }
}

/* Deals n people over the groups as e^b->guess; into b->base. */
static void deal(measure_sampler *s, measure_bench *b, double n, measure_stream *random)
{
    double most = -INFINITY, sum = 0;
    for (size_t g = 0; g < s->groups; g++) {
        most = fmax(most, b->guess[g]);
        b->base[g] = 0;
    }
    for (size_t g = 0; g < s->groups; g++) {
        b->z[g] = wijk_exact_exp(b->guess[g] - most);
        sum += b->z[g];
    }
    for (int k = 0; k < n; k++) {
        double left = measure_next(random) * sum;
        size_t g = 0;
        while (g + 1 < s->groups && (left -= b->z[g]) >= 0) {
            g++;
        }
        b->base[g]++;
    }
}

void measure_kinds_leap(measure_sampler *s, measure_bench *b, size_t area)
{
    measure_stream random = measure_stream_of(s, FOR_LEAP, area);
    size_t groups = s->groups, kind = s->kind[area], to = 0;
    double *x = s->x + area * groups, *level = s->level + area * groups, n = s->n[area];
    double sum = 0, shares[KINDS + 1], now = size_log(s, n), then = now;
    if (!kind) {
        memcpy(b->far, level, groups * sizeof *level);
        draw_gammas(s, b, 0, x, &random);
        now = poisson_log(s, b, n);
    }
    for (size_t k = 0; k <= KINDS; k++) {
        shares[k] = wijk_exact_exp(s->share_log[k]);
        sum += shares[k];
    }
    double left = measure_next(&random) * sum;
    while (to < KINDS && (left -= shares[to]) >= 0) {
        to++;
    }
    draw_levels(s, b, &random);
    draw_gammas(s, b, to, NULL, &random);
    then = to ? then : poisson_log(s, b, n);
    deal(s, b, n, &random);
    if (measure_accept(then - now, &random)) {
        s->kind[area] = (unsigned char)to;
        memcpy(x, b->base, groups * sizeof *x);
        for (size_t g = 0; g < groups; g++) {
            level[g] = b->far[g];
            s->intensity[area * groups + g] = wijk_exact_exp(level[g]);
        }
    }
}

/* Small counts are multiplied out, so one logarithm serves many. */
static double weigh_kind(const measure_sampler *s, size_t k, size_t area)
{
    const double *alpha = s->kinds[k].alpha, *x = s->x + area * s->groups;
    double sum = s->kinds[k].sum_log - measure_log_gamma(s->n[area] + s->kinds[k].sum), product = 1;
    for (size_t g = 0; g < s->groups; g++) {
        if (x[g] > 16) {
            sum += measure_log_gamma(x[g] + alpha[g]) - s->kinds[k].gamma_log[g];
            continue;
        }
        for (int seen = 0; seen < x[g]; seen++) {
            product *= alpha[g] + seen;
        }
        if (product > 1e150 || product < 1e-150) {
            sum += wijk_exact_log(product);
            product = 1;
        }
    }
    return sum + wijk_exact_log(product);
}

void measure_kinds_wake(measure_sampler *s)
{
    for (size_t i = 0; i < s->areas; i++) {
        if (s->out[i] && !s->cells->out[i]) {
            measure_stream random = measure_stream_of(s, FOR_LEAP, i);
            s->out[i] = 0;
            s->living++;
            s->open[i] = (unsigned char)is_open(s, i);
            guess_levels(s, &s->bench[0], i);
            draw_guess(s, &s->bench[0], i, &random);
        }
    }
    measure_kinds_count(s);
}

void measure_kinds_move(measure_sampler *s, measure_bench *b, size_t area)
{
    if (s->living >= MANY && (s->sweep + area) % SELDOM) {
        return;
    }
    measure_stream random = measure_stream_of(s, FOR_KIND, area);
    double weight[KINDS + 1], most = -INFINITY, sum = 0;
    double root_log = guess_levels(s, b, area);
    if (s->kind[area]) {
        draw_guess(s, b, area, &random);
    }
    weight[0] = s->share_log[0] + weigh_levels(s, b, area, root_log);
    double all = measure_log_gamma(s->n[area] + 1) + size_log(s, s->n[area]);
    for (size_t k = 1; k <= KINDS; k++) {
        weight[k] = s->share_log[k] + all + weigh_kind(s, k, area);
    }
    for (size_t k = 0; k <= KINDS; k++) {
        most = fmax(most, weight[k]);
    }
    for (size_t k = 0; k <= KINDS; k++) {
        weight[k] = wijk_exact_exp(weight[k] - most);
        sum += weight[k];
    }
    double left = measure_next(&random) * sum;
    unsigned char chosen = 0;
    for (size_t k = 0; k <= KINDS; k++) {
        if (weight[k] > 0) {
            chosen = (unsigned char)k;
            left -= weight[k];
            if (left < 0) {
                break;
            }
        }
    }
    s->kind[area] = chosen;
}

/* Log of the prior of the logs of a Dirichlet, for what a step changes. */
static double log_prior(const measure_sampler *s, double sum, double log_product)
{
    double n = (double)s->groups;
    return log_product - n * wijk_exact_log(sum);
}

typedef struct {
    measure_sampler *s;
    size_t kind;
    const measure_kind *as;
} trial;

static int try_some(void *payload, size_t index, unsigned worker)
{
    const trial *t = payload;
    measure_sampler *s = t->s;
    size_t end = (index + 1) * TOGETHER;
    double log = 0;
    for (size_t i = index * TOGETHER; i < end && i < s->areas; i++) {
        if (s->kind[i] == t->kind && !s->out[i]) {
            log += measure_table_log(s, &s->bench[worker], i, t->as);
        }
    }
    s->part[index] = log;
    return WIJK_OK;
}

/* Log of how likely what was published of the areas of a kind is; added in order, so that the
 * number of threads does not show. */
static double table_logs(measure_sampler *s, size_t k, const measure_kind *as)
{
    trial t = {s, k, as};
    size_t chunks = (s->areas + TOGETHER - 1) / TOGETHER;
    double log = 0;
    wijk_parallel(s->threads, chunks, try_some, &t, NULL);
    for (size_t i = 0; i < chunks; i++) {
        log += s->part[i];
    }
    return log;
}

/* Metropolis step of one number of a Dirichlet, or of all (g = groups). */
static void move_alpha(measure_sampler *s, size_t k, size_t g, double *now, measure_stream *random)
{
    size_t n = s->groups, whole = g == n;
    double *alpha = s->kinds[k].alpha;
    double stride = wijk_exact_exp(4 * measure_next(random) - 3); /* 0.05 ... 2.7 */
    double step = stride * (2 * measure_next(random) - 1);
    if (whole && measure_next(random) < 0.5) { /* anywhere */
        step = LOG_RANGE * measure_next(random) + wijk_exact_log(LEAST / s->kinds[k].sum);
    }
    double factor = wijk_exact_exp(step);
    measure_kind *tried = &s->kinds[KINDS + 1];
    double least = INFINITY;
    for (size_t h = 0; h < n; h++) {
        tried->alpha[h] = whole || h == g ? alpha[h] * factor : alpha[h];
        least = fmin(least, tried->alpha[h]);
    }
    set_sums(s, tried);
    if (tried->sum > MOST || tried->sum < LEAST || least < LEAST_PART) {
        return;
    }
    double gain =
        log_prior(s, tried->sum, step * (whole ? (double)n : 1)) - log_prior(s, s->kinds[k].sum, 0);
    double after = table_logs(s, k, tried);
    if (measure_accept(gain + after - *now, random)) {
        measure_kind was = s->kinds[k];
        s->kinds[k] = *tried;
        *tried = was;
        *now = after;
    }
}

void measure_kinds_shift(measure_sampler *s)
{
    measure_stream random = measure_stream_of(s, FOR_MEAN, 0);
    if (s->living >= MANY && s->sweep % SELDOM) {
        return;
    }
    size_t turn = s->living >= MANY ? s->sweep / SELDOM : s->sweep;
    for (size_t k = 1; k <= KINDS; k++) {
        if (s->members[k] > 0) {
            double now = table_logs(s, k, &s->kinds[k]);
            move_alpha(s, k, turn % s->groups, &now, &random);
            move_alpha(s, k, s->groups, &now, &random);
        }
    }
}

void measure_kinds_count(measure_sampler *s)
{
    for (size_t k = 0; k <= KINDS; k++) {
        s->members[k] = 0;
    }
    for (size_t i = 0; i < s->areas; i++) {
        s->members[s->kind[i]] += !s->out[i];
    }
}

void measure_kinds_fit(measure_sampler *s)
{
    measure_stream random = measure_stream_of(s, FOR_WEIGHT, 0);
    for (size_t k = 1; k <= KINDS; k++) {
        if (s->members[k] > 0) {
            continue;
        }
        if (s->sweep < SEEDING) {
            imitate(s, k, &random);
        } else {
            invent(s, k, &random);
        }
    }
    double few = s->sweep < SEEDING ? FEW_KINDS + 0.1 * (double)s->living : FEW_KINDS;
    for (size_t k = 0; k <= KINDS; k++) {
        double shape = (double)s->members[k] + (k ? few : 1);
        s->share_log[k] = measure_log_of_gamma(shape, &random);
    }
}
