/* Spatial segregation over borders, and the split of a profile by scale. */
#include "wijk/scale.h"

#include "measure/around.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 256, MOST_STEPS = 64 };

/* What one thread walks with. */
typedef struct {
    uint32_t *seen;  /* [areas]: 1 + the area from which it was seen last */
    uint32_t *queue; /* [areas]: reached, in order of steps */
    double *met;     /* [groups] */
} walk;

typedef struct {
    const double *counts;
    const size_t *start, *link;
    size_t areas, groups, steps, blocks;
    measure_margins margins;
    around_sums *sums; /* [blocks][steps + 1] */
    walk *walks;
    unsigned threads;
} scene;

static void scene_free(scene *s)
{
    for (unsigned t = 0; s->walks && t < s->threads; t++) {
        wijk_free(s->walks[t].seen);
        wijk_free(s->walks[t].queue);
        wijk_free(s->walks[t].met);
    }
    wijk_free(s->walks);
    wijk_free(s->sums);
    measure_margins_free(&s->margins);
}

static int check(const scene *s)
{
    if (s->steps > MOST_STEPS) {
        return wijk_fail(WIJK_ELIMIT, "Hoogstens %d stappen.", "At most %d steps.", MOST_STEPS);
    }
    for (size_t i = 0; i < s->areas; i++) {
        for (size_t k = s->start[i]; k < s->start[i + 1]; k++) {
            if (s->link[k] >= s->areas) {
                return wijk_fail(WIJK_EINVAL, "Rij %zu noemt buur %zu, maar er zijn %zu gebieden.",
                                 "Row %zu names neighbour %zu, but there are %zu areas.", i + 1,
                                 s->link[k] + 1, s->areas);
            }
        }
    }
    return WIJK_OK;
}

static int scene_set(scene *s, wijk_ctx *ctx)
{
    s->blocks = (s->areas + BLOCK - 1) / BLOCK;
    s->threads = wijk_threads(ctx ? ctx->threads : 0, s->blocks);
    s->sums = wijk_alloc(s->blocks * (s->steps + 1) * sizeof *s->sums);
    s->walks = wijk_alloc(s->threads * sizeof *s->walks);
    for (unsigned t = 0; s->walks && t < s->threads; t++) {
        walk *w = &s->walks[t];
        w->seen = wijk_alloc(s->areas * sizeof *w->seen);
        w->queue = wijk_alloc(s->areas * sizeof *w->queue);
        w->met = wijk_alloc(s->groups * sizeof *w->met);
        if (!w->seen || !w->queue || !w->met) {
            return WIJK_ENOMEM;
        }
    }
    return s->sums && s->walks ? WIJK_OK : WIJK_ENOMEM;
}

static size_t meet(walk *w, const scene *s, size_t from, size_t to)
{
    size_t people = 0; /* areas with anybody */
    for (size_t at = from; at < to; at++) {
        size_t j = w->queue[at];
        people += s->margins.row[j] > 0;
        for (size_t g = 0; g < s->groups; g++) {
            w->met[g] += s->counts[j * s->groups + g];
        }
    }
    return people;
}

/* Everyone within each number of steps of one area. */
static void walk_from(scene *s, walk *w, around_sums *sums, size_t area)
{
    size_t first = 0, end = 1, areas = 0;
    uint32_t mark = (uint32_t)area + 1;
    memset(w->met, 0, s->groups * sizeof *w->met);
    w->queue[0] = (uint32_t)area;
    w->seen[area] = mark;
    for (size_t step = 0; step <= s->steps; step++) {
        areas += meet(w, s, first, end);
        around_add(&sums[step], &s->margins, s->groups, s->margins.row[area], w->met, (double)areas,
                   0);
        size_t last = end;
        for (; step < s->steps && first < last; first++) {
            size_t i = w->queue[first];
            for (size_t k = s->start[i]; k < s->start[i + 1]; k++) {
                uint32_t j = (uint32_t)s->link[k];
                if (w->seen[j] != mark) {
                    w->seen[j] = mark;
                    w->queue[end++] = j;
                }
            }
        }
        first = last;
    }
}

static int visit_block(void *payload, size_t block, unsigned worker)
{
    scene *s = payload;
    size_t end = (block + 1) * BLOCK < s->areas ? (block + 1) * BLOCK : s->areas;
    for (size_t i = block * BLOCK; i < end; i++) {
        if (s->margins.row[i] > 0) {
            walk_from(s, &s->walks[worker], s->sums + block * (s->steps + 1), i);
        }
    }
    return WIJK_OK;
}

int wijk_segregation_steps(wijk_scale *out, size_t steps, const double *counts, size_t areas,
                           size_t groups, const size_t *start, const size_t *link, wijk_ctx *ctx)
{
    scene s = {.counts = counts,
               .start = start,
               .link = link,
               .areas = areas,
               .groups = groups,
               .steps = steps};
    int rc = check(&s);
    rc = rc ? rc : measure_margins_take(&s.margins, counts, areas, groups);
    rc = rc ? rc : scene_set(&s, ctx);
    rc = rc ? rc : wijk_parallel(s.threads, s.blocks, visit_block, &s, ctx);
    for (size_t k = 0; !rc && k <= steps; k++) {
        around_sums sums = {0};
        for (size_t b = 0; b < s.blocks; b++) {
            around_merge(&sums, &s.sums[b * (steps + 1) + k]);
        }
        around_means means = around_finish(&sums, &s.margins, groups);
        out[k] = (wijk_scale){(double)k,      means.theil,      means.dissimilarity,
                              means.relative, means.neighbours, means.people};
    }
    scene_free(&s);
    return rc;
}

void wijk_scale_split(double *parts, double theil, const wijk_scale *profile, size_t n)
{
    double smaller = theil;
    for (size_t k = 0; k < n; k++) {
        parts[k] = smaller - profile[k].theil;
        smaller = profile[k].theil;
    }
    parts[n] = smaller;
}
