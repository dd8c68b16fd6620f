/* Clustering and distance decay over all pairs. Areas are put in an order that follows a curve
 * through the plane, so that a run of them is a small box: boxes that are too far apart to matter
 * are passed over whole, and the rest is summed in blocks that threads share out. */
#include "wijk/proximity.h"

#include "measure/around.h"
#include "measure/decay.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    double x0, x1, y0, y1;
} box;

typedef struct {
    const wijk_proximity_input *in;
    measure_margins margins;
    decay_field field;
    decay_add_fn add;
    double *x, *y, *counts, *self, *met; /* met[blocks][groups][DECAY_BLOCK] */
    wijk_pair *order;                    /* weight: which area */
    box *blocks;                         /* boxes of DECAY_BLOCK areas */
    size_t n, block_count;               /* areas with people; blocks, the last filled up */
} work;

static void work_free(work *w)
{
    measure_margins_free(&w->margins);
    wijk_free(w->x);
    wijk_free(w->y);
    wijk_free(w->counts);
    wijk_free(w->self);
    wijk_free(w->met);
    wijk_free(w->order);
    wijk_free(w->blocks);
}

static int check(const wijk_proximity_input *in)
{
    if (!(in->decay >= 1e-3) || !isfinite(in->decay)) {
        return wijk_fail(WIJK_EINVAL, "De afstand van verval moet boven nul zijn (in meters).",
                         "The decay must be above zero (in metres).");
    }
    for (size_t i = 0; in->surface && i < in->areas; i++) {
        if (!(in->surface[i] >= 0) || !isfinite(in->surface[i])) {
            return wijk_fail(
                WIJK_EINVAL,
                "Rij %zu: een oppervlakte moet nul of meer zijn (in vierkante meters).",
                "Row %zu: a surface must be zero or more (in square metres).", i + 1);
        }
    }
    return measure_places_check(in->x, in->y, in->areas);
}

/* Every bit of a 16-bit number moved to twice its place. */
static uint32_t spread_bits(uint32_t v)
{
    v = (v | v << 8) & 0x00FF00FF;
    v = (v | v << 4) & 0x0F0F0F0F;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
}

static box bounds(const double *x, const double *y, size_t n)
{
    box b = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        b.x0 = fmin(b.x0, x[i]);
        b.x1 = fmax(b.x1, x[i]);
        b.y0 = fmin(b.y0, y[i]);
        b.y1 = fmax(b.y1, y[i]);
    }
    return b;
}

static double gap(const box *a, const box *b)
{
    double dx = fmax(0, fmax(a->x0 - b->x1, b->x0 - a->x1));
    double dy = fmax(0, fmax(a->y0 - b->y1, b->y0 - a->y1));
    return sqrt(dx * dx + dy * dy);
}

/* Areas with people along a Z-curve: its order is that of the interleaved bits of x and y. */
static int put_in_order(work *w)
{
    const wijk_proximity_input *in = w->in;
    box all = bounds(in->x, in->y, in->areas);
    double wide = fmax(all.x1 - all.x0, all.y1 - all.y0), step = wide > 0 ? 65535 / wide : 0;
    w->order = wijk_alloc(2 * in->areas * sizeof *w->order);
    if (!w->order) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < in->areas; i++) {
        if (w->margins.row[i] > 0) {
            uint32_t column = (uint32_t)((in->x[i] - all.x0) * step);
            uint32_t row = (uint32_t)((in->y[i] - all.y0) * step);
            w->order[w->n++] =
                (wijk_pair){(double)(spread_bits(column) | spread_bits(row) << 1), (double)i};
        }
    }
    wijk_sort_pairs(w->order, w->order + in->areas, w->n);
    return WIJK_OK;
}

/* Copies everything in that order; the last block is filled up with nobody at the last place. */
static int lay_out(work *w)
{
    const wijk_proximity_input *in = w->in;
    size_t groups = in->groups;
    w->block_count = (w->n + DECAY_BLOCK - 1) / DECAY_BLOCK;
    size_t room = w->block_count * DECAY_BLOCK;
    w->x = wijk_alloc(room * sizeof *w->x);
    w->y = wijk_alloc(room * sizeof *w->y);
    w->self = wijk_alloc(room * sizeof *w->self);
    w->counts = wijk_alloc(room * groups * sizeof *w->counts);
    w->met = wijk_alloc(room * groups * sizeof *w->met);
    w->blocks = wijk_alloc(w->block_count * sizeof *w->blocks);
    if (!w->x || !w->y || !w->self || !w->counts || !w->met || !w->blocks) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < room; i++) {
        size_t area = (size_t)w->order[i < w->n ? i : w->n - 1].weight;
        w->x[i] = in->x[area];
        w->y[i] = in->y[area];
        if (i < w->n) {
            double inside = in->surface ? 0.6 * sqrt(in->surface[area]) : 0;
            w->self[i] = decay_weight(inside, in->decay);
            memcpy(w->counts + i * groups, in->counts + area * groups, groups * sizeof *w->counts);
        }
    }
    for (size_t b = 0; b < w->block_count; b++) {
        w->blocks[b] = bounds(w->x + b * DECAY_BLOCK, w->y + b * DECAY_BLOCK, DECAY_BLOCK);
    }
    w->field = (decay_field){w->x, w->y, w->counts, w->self, room, groups, in->decay};
    w->add = decay_best();
    return WIJK_OK;
}

/* What the areas of one block meet. Sources are summed by tile first: the error grows with the
 * length of a tile and the number of tiles, not with their product. */
static int meet_block(void *payload, size_t block, unsigned worker)
{
    (void)worker;
    work *w = payload;
    size_t groups = w->in->groups, cells = groups * DECAY_BLOCK;
    double *met = w->met + block * cells, *part = wijk_alloc(cells * sizeof *part);
    if (!part) {
        return WIJK_ENOMEM;
    }
    for (size_t first = 0; first < w->field.n; first += DECAY_TILE) {
        size_t end = first + DECAY_TILE < w->field.n ? first + DECAY_TILE : w->field.n;
        int any = 0;
        for (size_t at = first; at < end; at += DECAY_BLOCK) {
            if (gap(&w->blocks[block], &w->blocks[at / DECAY_BLOCK]) < DECAY_REACH * w->in->decay) {
                w->add(part, &w->field, block * DECAY_BLOCK, at, DECAY_BLOCK);
                any = 1;
            }
        }
        for (size_t k = 0; any && k < cells; k++) {
            met[k] += part[k];
            part[k] = 0;
        }
    }
    wijk_free(part);
    return WIJK_OK;
}

static void add_between(wijk_sum *sums, double *out, const work *w, int meets)
{
    size_t groups = w->in->groups;
    memset(sums, 0, groups * groups * sizeof *sums);
    for (size_t i = 0; i < w->n; i++) {
        const double *met = w->met + i / DECAY_BLOCK * groups * DECAY_BLOCK + i % DECAY_BLOCK;
        const double *here = w->counts + i * groups;
        double all = 0;
        for (size_t h = 0; h < groups; h++) {
            all += met[h * DECAY_BLOCK];
        }
        for (size_t g = 0; g < groups; g++) {
            for (size_t h = 0; here[g] > 0 && h < groups; h++) {
                double weight = met[h * DECAY_BLOCK];
                wijk_sum_add(&sums[g * groups + h], here[g] * (meets ? weight / all : weight));
            }
        }
    }
    for (size_t g = 0; g < groups; g++) {
        for (size_t h = 0; h < groups; h++) {
            double by = w->margins.column[g] * (meets ? 1 : w->margins.column[h]);
            out[g * groups + h] = by > 0 ? wijk_sum_value(&sums[g * groups + h]) / by : NAN;
        }
    }
}

/* The averages over people, from what each area meets. */
static void finish(wijk_proximity *out, const work *w, double *shares)
{
    size_t groups = w->in->groups;
    around_sums sums = {0};
    wijk_sum same = {0, 0}, all = {0, 0};
    for (size_t i = 0; i < w->n; i++) {
        const double *met = w->met + i / DECAY_BLOCK * groups * DECAY_BLOCK + i % DECAY_BLOCK;
        double total = 0, here = 0;
        for (size_t g = 0; g < groups; g++) {
            double people = w->counts[i * groups + g];
            shares[g] = met[g * DECAY_BLOCK];
            total += shares[g];
            here += people;
            if (people > 0) {
                wijk_sum_add(&same, people / w->margins.column[g] * shares[g]);
            }
        }
        wijk_sum_add(&all, here * total);
        around_add(&sums, &w->margins, groups, here, shares, 0, 0);
    }
    around_means means = around_finish(&sums, &w->margins, groups);
    double people = w->margins.total;
    out->mean = w->n ? wijk_sum_value(&all) / people / people : NAN;
    out->spatial = w->margins.groups >= 2 ? wijk_sum_value(&same) / people / out->mean : NAN;
    out->theil = means.theil;
    out->dissimilarity = means.dissimilarity;
    out->relative = means.relative;
}

static void fill_local(double *local, const work *w)
{
    size_t groups = w->in->groups;
    for (size_t k = 0; k < w->in->areas * groups; k++) {
        local[k] = NAN;
    }
    for (size_t i = 0; i < w->n; i++) {
        const double *met = w->met + i / DECAY_BLOCK * groups * DECAY_BLOCK + i % DECAY_BLOCK;
        double *to = local + (size_t)w->order[i].weight * groups, total = 0;
        for (size_t g = 0; g < groups; g++) {
            total += met[g * DECAY_BLOCK];
        }
        for (size_t g = 0; g < groups; g++) {
            to[g] = met[g * DECAY_BLOCK] / total;
        }
    }
}

static int report(wijk_proximity *out, const wijk_proximity_parts *parts, const work *w)
{
    size_t groups = w->in->groups;
    wijk_sum *sums = wijk_alloc(groups * groups * sizeof *sums);
    double *shares = wijk_alloc(groups * sizeof *shares);
    int rc = sums && shares ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        finish(out, w, shares);
    }
    if (!rc && parts && parts->between) {
        add_between(sums, parts->between, w, 0);
    }
    if (!rc && parts && parts->meets) {
        add_between(sums, parts->meets, w, 1);
    }
    if (!rc && parts && parts->local) {
        fill_local(parts->local, w);
    }
    wijk_free(sums);
    wijk_free(shares);
    return rc;
}

int wijk_proximity_all(wijk_proximity *out, const wijk_proximity_parts *parts,
                       const wijk_proximity_input *in, wijk_ctx *ctx)
{
    *out = (wijk_proximity){0, 0, NAN, NAN, NAN, NAN, NAN};
    work w = {.in = in};
    int rc = check(in);
    rc = rc ? rc : measure_margins_take(&w.margins, in->counts, in->areas, in->groups);
    if (rc) {
        return rc;
    }
    out->areas = w.margins.areas;
    out->groups = w.margins.groups;
    rc = put_in_order(&w);
    rc = rc ? rc : lay_out(&w);
    unsigned threads = wijk_threads(ctx ? ctx->threads : 0, w.block_count);
    rc = rc ? rc : wijk_parallel(threads, w.block_count, meet_block, &w, ctx);
    rc = rc ? rc : report(out, parts, &w);
    work_free(&w);
    return rc;
}
