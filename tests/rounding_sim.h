/* Towns of which everything is known, published by the rules of Statistics Netherlands: to count
 * how often an interval holds the index of the unrounded counts. Shared by the test (few towns) and
 * the bench (many). The towns are made otherwise than the library supposes where that matters: two
 * kinds of areas, beta-like mixes, sizes that hang together with composition. */
#ifndef WIJK_TESTS_ROUNDING_SIM_H
#define WIJK_TESTS_ROUNDING_SIM_H

#include "wijk/rng.h"
#include "wijk/rounding.h"
#include "wijk/segregation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum sim_mix {
    SIM_NONE,      /* everyone lives anywhere: only chance */
    SIM_WEAK,      /* Dirichlet, 20: areas differ a little */
    SIM_STRONG,    /* Dirichlet, 1.5: many areas without some group */
    SIM_LOGNORMAL, /* log-normal mixes */
    SIM_SIZED,     /* log-normal, and the first group lives in large areas */
    SIM_TWO,       /* two kinds of areas and little between */
    SIM_ESTATES,   /* a third nearly all of one group, a fifth of another, the rest anything */
    SIM_EXTREME,   /* nine in ten areas 98 or 99 per cent of one group, the rest anything */
    SIM_ZEROS,     /* Dirichlet, 0.6: most areas lack most groups */
    SIM_BLOCKS     /* estates, and each area has blocks of one owner: shares vary around the kind */
};
enum sim_rule {
    SIM_TO_5,         /* counts to 5 */
    SIM_TO_5_LEAST_5, /* and fewer than 5 withheld */
    SIM_TO_10,
    SIM_PERCENT,    /* whole per cents, only from 50 persons */
    SIM_CLAMPED,    /* the same, below 5 as 5 and above 95 as 95 */
    SIM_SUPPRESSED, /* counts to 5, fewer than 5 withheld, nothing from areas under 50 but the total
                     */
    SIM_TENS,       /* tens of per cents */
    SIM_POSTCODE    /* the first group to 5, fewer than 5 withheld, the others not published */
};
enum { SIM_AREAS = 400, SIM_GROUPS = 6, SIM_INDICES = 6 };

typedef struct {
    const char *name;
    size_t areas, groups;
    double size; /* median persons in an area; log-normal, sd 0.8 */
    enum sim_mix mix;
    enum sim_rule rule;
} sim_setting;

typedef struct {
    double counts[SIM_AREAS * SIM_GROUPS];
    wijk_published cells[SIM_AREAS * SIM_GROUPS], totals[SIM_AREAS];
} sim_town;

typedef struct {
    wijk_draw draw;
} sim_random;

static inline double sim_uniform(sim_random *r)
{
    r->draw.nth = (r->draw.nth + 1) & 0x0FFFFFFF;
    return wijk_rng_uniform(r->draw);
}

static inline double sim_normal(sim_random *r)
{
    double u = 1 - sim_uniform(r), v = sim_uniform(r);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Marsaglia & Tsang 2000 */
static inline double sim_gamma(sim_random *r, double shape)
{
    if (shape < 1) {
        double u = 1 - sim_uniform(r);
        return sim_gamma(r, shape + 1) * pow(u, 1 / shape);
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = sim_normal(r), v = 1 + c * z;
        v = v * v * v;
        if (v > 0 && log(1 - sim_uniform(r)) < z * z / 2 + d - d * v + d * log(v)) {
            return d * v;
        }
    }
}

static inline void sim_shares(double *p, const sim_setting *s, double size, sim_random *r)
{
    double sum = 0, all = 0, wide = 0.8;
    int turned = s->mix == SIM_TWO && sim_uniform(r) < 0.25;
    int kinds = s->mix == SIM_ESTATES || s->mix == SIM_EXTREME || s->mix == SIM_BLOCKS;
    double estate = kinds ? sim_uniform(r) : 1, of = s->mix == SIM_EXTREME ? sim_uniform(r) : 0;
    for (size_t g = 0; g < s->groups; g++) {
        all += (double)(g + 1);
    }
    for (size_t g = 0; g < s->groups; g++) {
        double mean = (double)((turned ? s->groups - g : g + 1)) / all;
        switch (s->mix) {
        case SIM_NONE:
            p[g] = mean;
            break;
        case SIM_WEAK:
            p[g] = sim_gamma(r, 20 * mean);
            break;
        case SIM_STRONG:
            p[g] = sim_gamma(r, 1.5 * mean);
            break;
        case SIM_LOGNORMAL:
            p[g] = mean * exp(wide * sim_normal(r));
            break;
        case SIM_SIZED:
            p[g] = mean * exp(0.4 * sim_normal(r) + (g == 0 ? 0.7 * log(size / s->size) : 0));
            break;
        case SIM_TWO:
            p[g] = mean * exp(0.15 * sim_normal(r));
            break;
        case SIM_ESTATES:
            p[g] = estate < 0.35   ? (g == 0 ? 0.97 : 0.03 / (double)(s->groups - 1))
                   : estate < 0.55 ? (g == 1 ? 0.93 : 0.07 / (double)(s->groups - 1))
                                   : 0.1 + sim_uniform(r);
            break;
        case SIM_EXTREME:
            p[g] = estate < 0.9
                       ? (g == (size_t)(of * (double)s->groups) ? 0.985
                                                                : 0.015 / (double)(s->groups - 1))
                       : 0.1 + sim_uniform(r);
            break;
        case SIM_ZEROS:
            p[g] = sim_gamma(r, 0.6 * mean);
            break;
        case SIM_BLOCKS:
            p[g] = sim_gamma(r, estate < 0.35   ? (g == 0 ? 12 : 0.4)
                                : estate < 0.55 ? (g == 1 ? 12 : 0.4)
                                                : 2);
            break;
        }
        sum += p[g];
    }
    for (size_t g = 0; g < s->groups; g++) {
        p[g] /= sum;
    }
}

static inline double sim_round(double value, double step)
{
    return floor(value / step + 0.5) * step;
}

static inline wijk_published sim_publish(double x, double n, size_t group, enum sim_rule rule)
{
    double percent = sim_round(100 * x / n, 1);
    if ((rule == SIM_PERCENT || rule == SIM_CLAMPED || rule == SIM_SUPPRESSED) && n < 50) {
        return wijk_published_withheld(INFINITY);
    }
    switch (rule) {
    case SIM_TO_5:
        return wijk_published_rounded(sim_round(x, 5), 5, 0);
    case SIM_TO_10:
        return wijk_published_rounded(sim_round(x, 10), 10, 0);
    case SIM_TENS:
        return wijk_published_percent(sim_round(100 * x / n, 10), 10, 0, 100);
    case SIM_POSTCODE:
        if (group) {
            return wijk_published_withheld(INFINITY);
        } /* fall through */
    case SIM_SUPPRESSED:
    case SIM_TO_5_LEAST_5:
        return x < 5 ? wijk_published_withheld(4) : wijk_published_rounded(sim_round(x, 5), 5, 5);
    case SIM_PERCENT:
        return wijk_published_percent(percent, 1, 0, 100);
    case SIM_CLAMPED:
    default:
        return wijk_published_percent(percent < 5 ? 5 : percent > 95 ? 95 : percent, 1, 5, 95);
    }
}

static inline void sim_make(sim_town *town, const sim_setting *s, uint32_t nth)
{
    sim_random r = {{20251, 0x53494d, nth, (uint32_t)(s->mix * 16 + s->rule), 0}};
    double p[SIM_GROUPS];
    for (size_t i = 0; i < s->areas; i++) {
        double n = fmax(1, floor(s->size * exp(0.8 * sim_normal(&r)))), *x;
        x = town->counts + i * s->groups;
        memset(x, 0, s->groups * sizeof *x);
        sim_shares(p, s, n, &r);
        for (double k = 0; k < n; k++) { /* one person after another */
            double u = sim_uniform(&r);
            size_t g = 0;
            while (g + 1 < s->groups && (u -= p[g]) >= 0) {
                g++;
            }
            x[g]++;
        }
        town->totals[i] = wijk_published_rounded(sim_round(n, 5), 5, 0);
        for (size_t g = 0; g < s->groups; g++) {
            town->cells[i * s->groups + g] = sim_publish(x[g], n, g, s->rule);
        }
    }
}

static const char *const sim_index[SIM_INDICES] = {"D", "H", "M", "G", "isolation", "eta2"};

typedef struct {
    double held[SIM_INDICES];  /* part of the towns whose index lies in the interval */
    double bias[SIM_INDICES];  /* of the corrected value, in widths of the interval */
    double naive[SIM_INDICES]; /* of the published figures, in the same */
    double width[SIM_INDICES]; /* mean, in the unit of the index */
    double defined[SIM_INDICES];
} sim_result;

static inline void sim_add(sim_result *out, size_t k, double truth, const wijk_rounding_range *at)
{
    if (isfinite(truth) && isfinite(at->low)) {
        out->defined[k]++;
        out->held[k] += truth >= at->low && truth <= at->high;
        out->bias[k] += at->corrected - truth;
        out->naive[k] += at->value - truth;
        out->width[k] += at->high - at->low;
    }
}

/* `towns` towns of one setting. */
static inline int sim_run(sim_result *out, const sim_setting *s, uint32_t towns, size_t draws,
                          double level)
{
    static sim_town town; /* large; one at a time */
    memset(out, 0, sizeof *out);
    for (uint32_t t = 0; t < towns; t++) {
        sim_make(&town, s, t);
        const wijk_published_table table = {town.cells, town.totals, s->areas, s->groups};
        const wijk_rounding_options options = {level, draws, t + 1};
        wijk_rounding_group group[SIM_GROUPS];
        wijk_rounding all;
        wijk_segregation truth;
        wijk_segregation_group one;
        int rc = wijk_rounding_all(&all, group, &table, &options, NULL);
        rc = rc ? rc : wijk_segregation_all(&truth, town.counts, s->areas, s->groups);
        rc = rc ? rc : wijk_segregation_one(&one, town.counts, s->areas, s->groups, 0, 0.5);
        if (rc) {
            return rc;
        }
        sim_add(out, 0, truth.dissimilarity, &all.dissimilarity);
        sim_add(out, 1, truth.theil, &all.theil);
        sim_add(out, 2, truth.mutual, &all.mutual);
        sim_add(out, 3, truth.gini, &all.gini);
        sim_add(out, 4, one.isolation, &group[0].isolation);
        sim_add(out, 5, one.correlation, &group[0].correlation);
    }
    for (size_t k = 0; k < SIM_INDICES; k++) {
        out->held[k] /= out->defined[k];
        out->bias[k] /= out->width[k];
        out->naive[k] /= out->width[k];
        out->width[k] /= out->defined[k];
    }
    return 0;
}

#endif
