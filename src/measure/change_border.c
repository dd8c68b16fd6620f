/* Change of segregation across changed borders. The idea: conversion is one step of its own, so its
 * effect is a part that adds up with the others; the rest is asked again with people of split areas
 * handed out otherwise, totals of areas and groups kept. */
#include "wijk/change_border.h"

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { FOR_BORDER = 0x43480001, MOST_DRAWS = 10000, VALUES = 2 * WIJK_CHANGE_PARTS };

typedef struct {
    const double *before;
    size_t areas_before, areas_after, rows, groups;
    const wijk_change_link *links;
    size_t count;
    double *part;         /* [count]: of the people of `from`, adding up to 1 */
    size_t *linked;       /* [areas_before]: how many links */
    double *after;        /* [rows][groups] */
    double *converted;    /* [rows][groups] */
    double *weight;       /* [count]: of one group in one draw */
    double *sum;          /* [areas_before] */
    double mutual, theil; /* before conversion */
} crossing;

static void crossing_free(crossing *c)
{
    wijk_free(c->part);
    wijk_free(c->linked);
    wijk_free(c->after);
    wijk_free(c->converted);
    wijk_free(c->weight);
    wijk_free(c->sum);
}

static int take_links(crossing *c)
{
    c->part = wijk_alloc(c->count * sizeof *c->part);
    c->weight = wijk_alloc(c->count * sizeof *c->weight);
    c->linked = wijk_alloc(c->areas_before * sizeof *c->linked);
    c->sum = wijk_alloc(c->areas_before * sizeof *c->sum);
    if (!c->part || !c->weight || !c->linked || !c->sum) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < c->count; k++) {
        const wijk_change_link *link = &c->links[k];
        if (link->from >= c->areas_before || link->to >= c->areas_after || !(link->share > 0) ||
            !isfinite(link->share)) {
            return wijk_fail(WIJK_EINVAL,
                             "Koppeling %zu: het aandeel moet boven nul zijn en beide gebieden "
                             "moeten er zijn.",
                             "Link %zu: the share must be above zero and both areas must exist.",
                             k + 1);
        }
        c->linked[link->from]++;
        c->sum[link->from] += link->share;
    }
    for (size_t k = 0; k < c->count; k++) {
        c->part[k] = c->links[k].share / c->sum[c->links[k].from];
    }
    return WIJK_OK;
}

/* Areas without a link get a row of their own behind those of the second moment. */
static int take_rows(crossing *c, const double *after)
{
    c->rows = c->areas_after;
    for (size_t i = 0; i < c->areas_before; i++) {
        c->rows += c->linked[i] == 0;
    }
    c->after = wijk_alloc(c->rows * c->groups * sizeof *c->after);
    c->converted = wijk_alloc(c->rows * c->groups * sizeof *c->converted);
    if (!c->after || !c->converted) {
        return WIJK_ENOMEM;
    }
    memcpy(c->after, after, c->areas_after * c->groups * sizeof *after);
    return WIJK_OK;
}

/* Parts of one group, off by a random factor each where an area is split, adding up to 1 again. */
static void shake(crossing *c, size_t group, double spread, uint64_t seed, uint32_t draw)
{
    memset(c->sum, 0, c->areas_before * sizeof *c->sum);
    for (size_t k = 0; k < c->count; k++) {
        const wijk_draw which = {seed, FOR_BORDER, (uint32_t)k, draw, (uint32_t)group};
        c->weight[k] = c->part[k] * exp(spread * wijk_rng_normal(which));
        c->sum[c->links[k].from] += c->weight[k];
    }
    for (size_t k = 0; k < c->count; k++) {
        c->weight[k] /= c->sum[c->links[k].from];
    }
}

/* The table before in the areas after. */
static void convert(crossing *c, double spread, uint64_t seed, uint32_t draw)
{
    memset(c->converted, 0, c->rows * c->groups * sizeof *c->converted);
    for (size_t g = 0; g < c->groups; g++) {
        if (spread > 0) {
            shake(c, g, spread, seed, draw);
        }
        const double *part = spread > 0 ? c->weight : c->part;
        for (size_t k = 0; k < c->count; k++) {
            c->converted[c->links[k].to * c->groups + g] +=
                c->before[c->links[k].from * c->groups + g] * part[k];
        }
    }
    size_t row = c->areas_after;
    for (size_t i = 0; i < c->areas_before; i++) {
        if (c->linked[i] == 0) {
            memcpy(c->converted + row++ * c->groups, c->before + i * c->groups,
                   c->groups * sizeof *c->converted);
        }
    }
}

static void set_parts(double *out, const wijk_change_parts *p, double before)
{
    out[WIJK_CHANGE_BORDER] = p->before - before;
    out[WIJK_CHANGE_ADDITIONS] = p->additions;
    out[WIJK_CHANGE_REMOVALS] = p->removals;
    out[WIJK_CHANGE_OF_GROUPS] = p->groups;
    out[WIJK_CHANGE_OF_UNITS] = p->units;
    out[WIJK_CHANGE_STRUCTURE] = p->structure;
}

/* All parts of M, then of H. */
static int decompose(double out[VALUES], wijk_segregation_change *change, crossing *c,
                     wijk_ctx *ctx)
{
    int rc = wijk_change_between(change, c->converted, c->after, c->rows, c->groups, ctx);
    set_parts(out, &change->mutual, c->mutual);
    set_parts(out + WIJK_CHANGE_PARTS, &change->theil, c->theil);
    return rc;
}

static int set_bands(wijk_change_moved *out, crossing *c, const wijk_change_options *o,
                     wijk_ctx *ctx)
{
    /* 9 in 10 of a normal lie within 1.645 sd. */
    double spread = log1p(o->error) / 1.6448536269514722, tail = (1 - o->level) / 2;
    size_t draws = out->split ? o->draws : 1;
    double *values = wijk_alloc(VALUES * draws * sizeof *values);
    int rc = values ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; !rc && k < draws; k++) {
        double one[VALUES];
        wijk_segregation_change change;
        convert(c, out->split ? spread : 0, o->seed, (uint32_t)k);
        rc = decompose(one, &change, c, ctx);
        for (size_t v = 0; v < VALUES; v++) {
            values[v * draws + k] = one[v];
        }
    }
    wijk_change_ranges *const ranges[] = {&out->mutual, &out->theil};
    for (size_t v = 0; !rc && v < VALUES; v++) {
        wijk_change_ranges *to = ranges[v / WIJK_CHANGE_PARTS];
        size_t part = v % WIJK_CHANGE_PARTS;
        to->low[part] = fmin(to->part[part], wijk_quantile(values + v * draws, draws, tail));
        to->high[part] = fmax(to->part[part], wijk_quantile(values + v * draws, draws, 1 - tail));
    }
    wijk_free(values);
    return rc;
}

static void count_split(wijk_change_moved *out, const crossing *c)
{
    double all = 0, split = 0;
    for (size_t i = 0; i < c->areas_before; i++) {
        double people = 0;
        for (size_t g = 0; g < c->groups; g++) {
            people += c->before[i * c->groups + g];
        }
        all += people;
        split += c->linked[i] > 1 ? people : 0;
        out->split += c->linked[i] > 1 && people > 0;
    }
    out->people_split = all > 0 ? split / all : 0;
}

static int set_values(wijk_change_moved *out, crossing *c, wijk_ctx *ctx)
{
    double values[VALUES];
    wijk_segregation_change change;
    convert(c, 0, 0, 0);
    int rc = decompose(values, &change, c, ctx);
    memcpy(out->mutual.part, values, sizeof out->mutual.part);
    memcpy(out->theil.part, values + WIJK_CHANGE_PARTS, sizeof out->theil.part);
    out->mutual.before = c->mutual;
    out->theil.before = c->theil;
    out->mutual.after = change.mutual.after;
    out->theil.after = change.theil.after;
    out->common = change.common;
    out->added = change.added;
    out->removed = change.removed;
    out->zeros = change.zeros;
    return rc;
}

int wijk_change_across(wijk_change_moved *out, const double *before, size_t areas_before,
                       const double *after, size_t areas_after, size_t groups,
                       const wijk_change_link *links, size_t count,
                       const wijk_change_options *options, wijk_ctx *ctx)
{
    memset(out, 0, sizeof *out);
    for (size_t part = 0; part < WIJK_CHANGE_PARTS; part++) {
        out->mutual.low[part] = out->mutual.high[part] = NAN;
        out->theil.low[part] = out->theil.high[part] = NAN;
    }
    if (options->draws && (options->draws < 20 || options->draws > MOST_DRAWS ||
                           !(options->error >= 0 && options->error < 10) ||
                           !(options->level > 0 && options->level < 1))) {
        return wijk_fail(WIJK_EINVAL,
                         "Kies 20 tot %d trekkingen, een fout vanaf 0 en een zekerheid onder 1.",
                         "Choose 20 to %d draws, an error from 0 and a level below 1.", MOST_DRAWS);
    }
    crossing c = {.before = before,
                  .areas_before = areas_before,
                  .areas_after = areas_after,
                  .groups = groups,
                  .links = links,
                  .count = count};
    wijk_segregation whole;
    int rc = wijk_segregation_all(&whole, before, areas_before, groups);
    c.mutual = whole.mutual;
    c.theil = whole.theil;
    rc = rc ? rc : take_links(&c);
    rc = rc ? rc : take_rows(&c, after);
    if (!rc) {
        count_split(out, &c);
        rc = set_values(out, &c, ctx);
    }
    if (!rc && options->draws) {
        rc = set_bands(out, &c, options, ctx);
    }
    crossing_free(&c);
    return rc;
}
