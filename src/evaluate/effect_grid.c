/* Worlds with a known truth. Every number in them is a keyed draw, so that run 17 is the same world
 * whatever was run before it, on however many threads. */
#include "wijk/effect_grid.h"

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    UNITS = WIJK_WORLD_UNITS,
    WAVES = WIJK_WORLD_WAVES,
    WORST = WIJK_WORLD_WORST,
    BLOCK = 8,
    START = 4, /* first wave under the programme */
    OF_BLOCK = 0x77640001,
    OF_AREA,
    OF_CHOICE
};

/* Mean 0, sd 1: the sum of twelve words, as wijk_rng_normal but from a stream, a quarter the work.
 */
static double normal(wijk_rng_stream *stream)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += wijk_rng_word(stream) * 0x1p-32;
    }
    return sum;
}

static void fill_world(wijk_world_panel *out, const wijk_world *world, uint64_t seed)
{
    for (size_t t = 0; t < WAVES; t++) {
        out->year[t] = 2006 + 2 * (double)t;
    }
    double fresh = sqrt(1 - world->lasting * world->lasting), shared = 0;
    for (size_t i = 0; i < UNITS; i++) {
        wijk_rng_stream own;
        if (i % BLOCK == 0) {
            wijk_rng_begin(&own,
                           (wijk_draw){.seed = seed, .purpose = OF_BLOCK, .place = (uint32_t)i});
            shared = normal(&own);
        }
        wijk_rng_begin(&own, (wijk_draw){.seed = seed, .purpose = OF_AREA, .place = (uint32_t)i});
        double level = 0.08 * shared + 0.06 * normal(&own);
        out->size[i] = 600 + 8000 * (wijk_rng_word(&own) * 0x1p-32);
        double wide = 0.05 * sqrt(3000 / out->size[i]), off = normal(&own);
        for (size_t t = 0; t < WAVES; t++) {
            off = world->lasting * off + fresh * normal(&own);
            out->outcome[i * WAVES + t] = level + wide * off + 0.02 * (double)t;
        }
        out->start[i] = WIJK_NEVER;
    }
}

typedef struct {
    double value;
    size_t unit;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->unit > y->unit) - (x->unit < y->unit);
}

/* `n` areas that start at wave `start`, drawn from the lowest of the wave before, or from all. */
static void choose(wijk_world_panel *out, const wijk_world *world, size_t n, int start,
                   wijk_rng_stream *stream)
{
    place order[UNITS];
    size_t count = 0, from;
    for (size_t i = 0; i < UNITS; i++) {
        if (out->start[i] == WIJK_NEVER && !out->ring[i]) {
            order[count++] = (place){out->outcome[i * WAVES + (size_t)start - 1], i};
        }
    }
    qsort(order, count, sizeof *order, by_value);
    from = world->worst && WORST < count ? WORST : count;
    for (size_t k = 0; k < n && from;) {
        size_t j = wijk_rng_below(stream, (uint32_t)from), i = order[j].unit;
        order[j] = order[--from];
        if (out->ring[i]) { /* became a neighbour of one chosen before */
            continue;
        }
        out->start[i] = start;
        for (size_t r = 1; r <= WIJK_WORLD_RING; r++) {
            size_t other = i / BLOCK * BLOCK + (i % BLOCK + r) % BLOCK;
            out->ring[other] = out->start[other] == WIJK_NEVER;
        }
        k++;
    }
}

void wijk_world_plant(wijk_world_panel *world, double effect)
{
    for (size_t i = 0; i < UNITS; i++) {
        for (size_t t = 0; t < WAVES && world->start[i] != WIJK_NEVER; t++) {
            world->outcome[i * WAVES + t] += (int)t >= world->start[i] ? effect : 0;
        }
    }
}

int wijk_world_make(wijk_world_panel *out, const wijk_world *world, double effect, uint64_t seed)
{
    *out = (wijk_world_panel){0};
    if (!world->treated || world->treated > WORST / 4 || world->treated < 1u + !!world->staggered ||
        !(world->lasting >= 0 && world->lasting < 1)) {
        wijk_fail(WIJK_EINVAL,
                  "Een wereld heeft 1 tot %d deelnemers (2 of meer als ze niet tegelijk beginnen) "
                  "en een blijvend deel van 0 tot 1.",
                  "A world has 1 to %d treated areas (2 or more when they do not start together) "
                  "and a lasting part from 0 to below 1.",
                  WORST / 4);
        return WIJK_EINVAL;
    }
    out->outcome = wijk_alloc((size_t)UNITS * WAVES * sizeof *out->outcome);
    out->size = wijk_alloc(UNITS * sizeof *out->size);
    out->start = wijk_alloc(UNITS * sizeof *out->start);
    out->ring = wijk_alloc(UNITS);
    if (!out->outcome || !out->size || !out->start || !out->ring) {
        return WIJK_ENOMEM;
    }
    fill_world(out, world, seed);
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = seed, .purpose = OF_CHOICE});
    size_t late = world->staggered ? world->treated / 2 : 0;
    choose(out, world, world->treated - late, START, &stream);
    choose(out, world, late, START + 1, &stream);
    for (size_t i = 0; i < UNITS; i++) {
        for (size_t t = START; t < WAVES && out->ring[i] && world->spill; t++) {
            out->outcome[i * WAVES + t] += WIJK_WORLD_SPILL;
        }
    }
    wijk_world_plant(out, effect);
    out->panel = (wijk_panel){.units = UNITS,
                              .waves = WAVES,
                              .outcome = out->outcome,
                              .year = out->year,
                              .start = out->start};
    out->design = (wijk_design){.selection = world->staggered ? WIJK_NEVER : START - 1,
                                .matters = 0.05,
                                .size = out->size,
                                .exclude = out->ring,
                                .draws = 499,
                                .seed = seed};
    return WIJK_OK;
}

void wijk_world_free(wijk_world_panel *world)
{
    wijk_free(world->outcome);
    wijk_free(world->size);
    wijk_free(world->start);
    wijk_free(world->ring);
}

/* ---- what is made of them
 * --------------------------------------------------------------------------- */

enum { RING_IGNORED = WIJK_GRID_ROWS - 2, RING = WIJK_GRID_ROWS - 1 };

typedef struct {
    double effect, low, high, p;
    int made; /* 0: could not be estimated */
} answer;

typedef struct {
    const wijk_world *world;
    const wijk_grid_runs *runs;
    uint64_t seed;
    answer *answers; /* [runs][rows][2] */
} grid;

static int ask_estimators(answer *out, const wijk_world_panel *made, const grid *g, size_t run,
                          int planted)
{
    size_t row = 0;
    for (const wijk_estimator *e = wijk_estimators; e->code; e++, row++) {
        wijk_effect found = {NAN, NAN, NAN, NAN};
        size_t runs = e->offered ? g->runs->offered : e->slow ? g->runs->slow : g->runs->quick;
        if ((g->world->staggered && !e->staggered) || run >= runs) {
            continue;
        }
        wijk_ctx alone = {.threads = 1}; /* worlds run side by side already */
        int rc = e->run(&found, &made->panel, &made->design, &alone);
        if (rc) {
            return rc;
        }
        out[row * 2 + (size_t)planted] =
            (answer){found.effect, found.low, found.high, found.p, isfinite(found.p)};
    }
    return WIJK_OK;
}

static int ask(answer *out, wijk_world_panel *made, const grid *g, size_t run, int planted)
{
    wijk_verdict v;
    int rc = ask_estimators(out, made, g, run, planted);
    if (rc || !g->world->spill || run >= g->runs->offered) {
        return rc;
    }
    if (!g->world->staggered) {
        rc = wijk_verdict_ring(&v, &made->panel, &made->design, made->ring, NULL);
        out[RING * 2 + planted] = (answer){v.effect, v.low, v.high, v.p, !rc};
        wijk_verdict_free(&v);
    }
    wijk_design blind = made->design;
    blind.exclude = NULL;
    rc = rc ? rc : wijk_verdict_reach(&v, &made->panel, &blind, NULL);
    if (!rc) {
        out[RING_IGNORED * 2 + planted] = (answer){v.effect, v.low, v.high, v.p, 1};
        wijk_verdict_free(&v);
    }
    return rc;
}

static int one_run(void *payload, size_t run, unsigned worker)
{
    (void)worker;
    const grid *g = payload;
    answer *out = g->answers + run * WIJK_GRID_ROWS * 2;
    wijk_world_panel made;
    int rc = wijk_world_make(&made, g->world, 0, g->seed * 1000003 + run);
    rc = rc ? rc : ask(out, &made, g, run, 0);
    if (!rc) {
        wijk_world_plant(&made, WIJK_WORLD_EFFECT);
        rc = ask(out, &made, g, run, 1);
    }
    wijk_world_free(&made);
    return rc;
}

static void sum_up(wijk_grid_row *out, const grid *g, size_t row, const char *name, size_t runs)
{
    double planted = row == RING ? WIJK_WORLD_SPILL : WIJK_WORLD_EFFECT;
    double truth = row == RING ? WIJK_WORLD_SPILL : 0, bias = 0, held = 0, size = 0, power = 0,
           n = 0;
    for (size_t run = 0; run < runs; run++) {
        const answer *null = g->answers + (run * WIJK_GRID_ROWS + row) * 2, *with = null + 1;
        if (null->made && with->made) {
            n += 1;
            bias += null->effect - truth;
            size += null->p <= 0.05;
            held += with->low <= planted && planted <= with->high;
            power += with->p <= 0.05 && with->effect > 0;
        }
    }
    *out = (wijk_grid_row){.estimator = name,
                           .runs = (size_t)n,
                           .bias = bias / n,
                           .coverage = held / n,
                           .size = size / n,
                           .power = row == RING ? NAN : power / n};
}

static size_t most_of(const wijk_grid_runs *runs)
{
    size_t most = runs->offered > runs->quick ? runs->offered : runs->quick;
    return most > runs->slow ? most : runs->slow;
}

int wijk_grid_cell(wijk_grid_row out[WIJK_GRID_ROWS], size_t *count, const wijk_world *world,
                   const wijk_grid_runs *runs, uint64_t seed, wijk_ctx *ctx)
{
    grid g = {.world = world, .runs = runs, .seed = seed};
    size_t most = most_of(runs);
    g.answers = wijk_alloc((most * WIJK_GRID_ROWS * 2 + 1) * sizeof *g.answers);
    int rc = g.answers
                 ? wijk_parallel(wijk_threads(ctx ? ctx->threads : 0, most), most, one_run, &g, ctx)
                 : WIJK_ENOMEM;
    *count = 0;
    for (const wijk_estimator *e = wijk_estimators; e->code && !rc; e++, ++*count) {
        sum_up(&out[*count], &g, *count, e->code, most);
    }
    if (!rc && world->spill) {
        sum_up(&out[(*count)++], &g, RING_IGNORED, "ring_ignored", most);
        sum_up(&out[(*count)++], &g, RING, "ring", most);
    }
    wijk_free(g.answers);
    return rc;
}
