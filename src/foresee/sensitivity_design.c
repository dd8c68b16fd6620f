/* Designs and estimators of sensitivity. Morris: one factor at a time along random paths. Sobol':
 * variance by groups with the estimators of Saltelli e.a. 2010 (first order) and Jansen 1999
 * (total), on the answer less its mean, which makes both steadier. Errors by the bootstrap over
 * units, keyed by the seed: the same bits each time. */
#include "foresee/sensitivity.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_PATH = 0x53454E01, PURPOSE_AGAIN, PURPOSE_SCRAMBLE, PURPOSE_SHUFFLE };

/* ---- Morris ---------------------------------------------------------------------------------- */

typedef struct {
    uint16_t order[SENSITIVITY_FACTORS]; /* factor that changes at step 1, 2, .. */
    uint8_t level[SENSITIVITY_FACTORS];  /* 0 or 1: the lower of the two levels 2 apart */
    uint8_t falls[SENSITIVITY_FACTORS];  /* starts high */
} path;

static void make_path(path *p, uint64_t seed, uint32_t trajectory, uint32_t factors)
{
    wijk_rng_stream stream;
    wijk_rng_begin(&stream,
                   (wijk_draw){.seed = seed, .purpose = PURPOSE_PATH, .place = trajectory});
    for (uint32_t i = 0; i < factors; i++) {
        uint32_t bits = wijk_rng_word(&stream), j = wijk_rng_below(&stream, i + 1);
        p->level[i] = bits & 1u;
        p->falls[i] = bits >> 1 & 1u;
        p->order[i] = p->order[j];
        p->order[j] = (uint16_t)i;
    }
}

void morris_point(double *u, uint64_t seed, uint32_t trajectory, uint32_t step, uint32_t factors)
{
    path p;
    make_path(&p, seed, trajectory, factors);
    for (uint32_t i = 0; i < factors; i++) {
        uint32_t factor = p.order[i];
        uint32_t high = (i < step) != p.falls[factor];
        u[factor] = (p.level[factor] + 2 * high) / (double)(MORRIS_LEVELS - 1);
    }
}

uint32_t morris_changed(double *by, uint64_t seed, uint32_t trajectory, uint32_t step,
                        uint32_t factors)
{
    path p;
    make_path(&p, seed, trajectory, factors);
    uint32_t factor = p.order[step - 1];
    *by = (p.falls[factor] ? -2 : 2) / (double)(MORRIS_LEVELS - 1);
    return factor;
}

static double mean_size(const double *effects, const uint32_t *which, uint32_t n)
{
    wijk_sum sum = {0};
    for (uint32_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, fabs(effects[which ? which[i] : i]));
    }
    return wijk_sum_value(&sum) / n;
}

static void sum_up(morris_effect *out, const double *effects, uint32_t n, uint64_t seed,
                   uint32_t factor, uint32_t *which, double *again)
{
    wijk_sum sum = {0}, squares = {0}, spread = {0};
    for (uint32_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, effects[i]);
    }
    out->mu = wijk_sum_value(&sum) / n;
    for (uint32_t i = 0; i < n; i++) {
        wijk_sum_add(&squares, (effects[i] - out->mu) * (effects[i] - out->mu));
    }
    out->sigma = sqrt(wijk_sum_value(&squares) / (n - 1));
    out->mu_star = mean_size(effects, NULL, n);
    out->half = mean_size(effects, NULL, n > 3 ? n / 2 : n);
    for (uint32_t b = 0; b < BOOTSTRAPS; b++) {
        wijk_rng_stream stream;
        wijk_rng_begin(
            &stream,
            (wijk_draw){.seed = seed, .purpose = PURPOSE_AGAIN, .place = factor, .time = b});
        for (uint32_t i = 0; i < n; i++) {
            which[i] = wijk_rng_below(&stream, n);
        }
        again[b] = mean_size(effects, which, n);
        wijk_sum_add(&spread, (again[b] - out->mu_star) * (again[b] - out->mu_star));
    }
    out->error = sqrt(wijk_sum_value(&spread) / BOOTSTRAPS);
    out->low = wijk_quantile(again, BOOTSTRAPS, 0.025);
    out->high = wijk_quantile(again, BOOTSTRAPS, 0.975);
}

int morris_effects(morris_effect *out, const double *y, uint32_t first, uint32_t trajectories,
                   uint32_t factors, uint64_t seed)
{
    double *effects = wijk_alloc((size_t)factors * trajectories * sizeof *effects);
    double *again = wijk_alloc(BOOTSTRAPS * sizeof *again);
    uint32_t *which = wijk_alloc(trajectories * sizeof *which);
    int rc = effects && again && which ? WIJK_OK : WIJK_ENOMEM;
    for (uint32_t t = 0; !rc && t < trajectories; t++) {
        const double *at = y + (size_t)t * (factors + 1);
        path p;
        make_path(&p, seed, first + t, factors);
        for (uint32_t step = 1; step <= factors; step++) {
            uint32_t factor = p.order[step - 1];
            double by = (p.falls[factor] ? -2 : 2) / (double)(MORRIS_LEVELS - 1);
            effects[(size_t)factor * trajectories + t] = (at[step] - at[step - 1]) / by;
        }
    }
    for (uint32_t f = 0; !rc && f < factors; f++) {
        sum_up(&out[f], effects + (size_t)f * trajectories, trajectories, seed, f, which, again);
    }
    wijk_free(effects);
    wijk_free(again);
    wijk_free(which);
    return rc;
}

/* ---- Sobol' indices -------------------------------------------------------------------------- */

/* Turns each digit, or not, by the digits above it: what lies together stays together. */
static uint32_t nested(uint32_t digits, uint64_t seed, uint32_t purpose, uint32_t place)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out = digits;
    for (uint32_t bit = 0; bit < 32; bit++) {
        uint32_t above = bit ? digits >> (32 - bit) : 0, word[4];
        const uint32_t counter[4] = {purpose, place, bit, above};
        wijk_philox(word, counter, key);
        out ^= (word[0] & 1u) << (31 - bit);
    }
    return out;
}

double sobol_scrambled(const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t dimension)
{
    uint32_t shuffled = nested(index, seed, PURPOSE_SHUFFLE, dimension / SOBOL_BLOCK);
    double plain = wijk_sobol_at(sobol, 0, shuffled, dimension % SOBOL_BLOCK);
    uint32_t digits = nested((uint32_t)(plain * 0x1p32), seed, PURPOSE_SCRAMBLE, dimension);
    return ((double)digits + 0.5) * 0x1p-32;
}

typedef struct {
    const double *y; /* less the mean */
    uint32_t groups;
} answers;

static double variance_of(const answers *a, const uint32_t *which, uint32_t n)
{
    wijk_sum sum = {0}, squares = {0};
    for (uint32_t i = 0; i < n; i++) {
        const double *row = a->y + (size_t)(which ? which[i] : i) * (a->groups + 2);
        for (int side = 0; side < 2; side++) {
            wijk_sum_add(&sum, row[side]);
            wijk_sum_add(&squares, row[side] * row[side]);
        }
    }
    double mean = wijk_sum_value(&sum) / (2.0 * n);
    return wijk_sum_value(&squares) / (2.0 * n) - mean * mean;
}

/* First order and total of one group, on the units `which`. */
static void estimate(double *first, double *total, const answers *a, const uint32_t *which,
                     uint32_t n, uint32_t group, double variance)
{
    wijk_sum alone = {0}, all = {0};
    for (uint32_t i = 0; i < n; i++) {
        const double *row = a->y + (size_t)(which ? which[i] : i) * (a->groups + 2);
        double change = row[2 + group] - row[0];
        wijk_sum_add(&alone, row[1] * change);
        wijk_sum_add(&all, change * change);
    }
    *first = variance > 0 ? wijk_sum_value(&alone) / n / variance : 0;
    *total = variance > 0 ? wijk_sum_value(&all) / (2.0 * n) / variance : 0;
}

static int bootstrap(wijk_sensitivity_index *out, const answers *a, uint32_t n, uint64_t seed)
{
    size_t values = (size_t)a->groups * BOOTSTRAPS;
    double *first = wijk_alloc(values * sizeof *first), *total = wijk_alloc(values * sizeof *total);
    uint32_t *which = wijk_alloc(n * sizeof *which);
    int rc = first && total && which ? WIJK_OK : WIJK_ENOMEM;
    for (uint32_t b = 0; !rc && b < BOOTSTRAPS; b++) {
        wijk_rng_stream stream;
        wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = PURPOSE_AGAIN, .time = b});
        for (uint32_t i = 0; i < n; i++) {
            which[i] = wijk_rng_below(&stream, n);
        }
        double variance = variance_of(a, which, n);
        for (uint32_t g = 0; g < a->groups; g++) {
            size_t at = (size_t)g * BOOTSTRAPS + b;
            estimate(&first[at], &total[at], a, which, n, g, variance);
        }
    }
    for (uint32_t g = 0; !rc && g < a->groups; g++) {
        double *f = first + (size_t)g * BOOTSTRAPS, *t = total + (size_t)g * BOOTSTRAPS;
        out[g].first_low = wijk_quantile(f, BOOTSTRAPS, 0.025);
        out[g].first_high = wijk_quantile(f, BOOTSTRAPS, 0.975);
        out[g].total_low = wijk_quantile(t, BOOTSTRAPS, 0.025);
        out[g].total_high = wijk_quantile(t, BOOTSTRAPS, 0.975);
    }
    wijk_free(first);
    wijk_free(total);
    wijk_free(which);
    return rc;
}

int sobol_indices(wijk_sensitivity_index *out, double *mean, double *deviation, const double *y,
                  uint32_t n, uint32_t groups, uint64_t seed)
{
    size_t cells = (size_t)n * (groups + 2);
    double *centred = wijk_alloc(cells * sizeof *centred);
    if (!centred) {
        return WIJK_ENOMEM;
    }
    wijk_sum sum = {0};
    for (uint32_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, y[(size_t)i * (groups + 2)]);
        wijk_sum_add(&sum, y[(size_t)i * (groups + 2) + 1]);
    }
    *mean = wijk_sum_value(&sum) / (2.0 * n);
    for (size_t i = 0; i < cells; i++) {
        centred[i] = y[i] - *mean;
    }
    const answers a = {centred, groups};
    double variance = variance_of(&a, NULL, n), half = variance_of(&a, NULL, n / 2);
    *deviation = sqrt(fmax(variance, 0));
    int rc = variance > 0 ? WIJK_OK
                          : wijk_fail(WIJK_ENOTFOUND, "het verschil is overal gelijk",
                                      "the difference is the same everywhere");
    for (uint32_t g = 0; !rc && g < groups; g++) {
        estimate(&out[g].first, &out[g].total, &a, NULL, n, g, variance);
        estimate(&out[g].first_half, &out[g].total_half, &a, NULL, n / 2, g, half);
    }
    rc = rc ? rc : bootstrap(out, &a, n, seed);
    wijk_free(centred);
    return rc;
}
