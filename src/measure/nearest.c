/* The k nearest people. Around each area a circle grows until it holds the largest k; what is in it
 * is sorted by distance once and read off at every k. Blocks of areas are shared out over threads
 * and added up in order. */
#include "wijk/nearest.h"

#include "measure/around.h"
#include "measure/near.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 256, MOST = 24 };

/* What one thread works with. */
typedef struct {
    wijk_pair *found; /* squared distance, place; as many again to sort with */
    size_t room, count;
    double *met, *tie; /* people by group: nearer, and at this very distance */
    double *shares;    /* at one k */
    near_run *runs;
    double radius; /* that sufficed last time: where the next area begins */
} desk;

typedef struct {
    const wijk_nearest_input *in;
    const double *people;
    size_t n, blocks;
    measure_margins margins;
    near_grid grid;
    around_sums *sums; /* [blocks][n] */
    double *local;     /* [n][areas][groups] or NULL */
    desk *desks;
    unsigned threads;
} scene;

static void scene_free(scene *s)
{
    for (unsigned t = 0; s->desks && t < s->threads; t++) {
        wijk_free(s->desks[t].found);
        wijk_free(s->desks[t].met);
        wijk_free(s->desks[t].tie);
        wijk_free(s->desks[t].shares);
        wijk_free(s->desks[t].runs);
    }
    wijk_free(s->desks);
    wijk_free(s->sums);
    near_free(&s->grid);
    measure_margins_free(&s->margins);
}

static int check(const double *people, size_t n)
{
    if (n == 0 || n > MOST) {
        return wijk_fail(WIJK_ELIMIT, "Geef 1 tot %d aantallen mensen.",
                         "Give 1 to %d numbers of people.", MOST);
    }
    for (size_t k = 0; k < n; k++) {
        if (!(people[k] > (k ? people[k - 1] : 0)) || !isfinite(people[k])) {
            return wijk_fail(WIJK_EINVAL, "Aantallen mensen moeten boven nul en oplopend zijn.",
                             "Numbers of people must be above zero and ascending.");
        }
    }
    return WIJK_OK;
}

/* Some four areas to a cell where they are spread evenly; in towns more, on the polder none. */
static double cell_width(const wijk_nearest_input *in)
{
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < in->areas; i++) {
        x0 = fmin(x0, in->x[i]);
        x1 = fmax(x1, in->x[i]);
        y0 = fmin(y0, in->y[i]);
        y1 = fmax(y1, in->y[i]);
    }
    double side = in->areas ? fmax(x1 - x0, y1 - y0) : 0;
    return fmax(1, 2 * side / sqrt((double)in->areas + 1));
}

static int set_desks(scene *s, wijk_ctx *ctx)
{
    size_t groups = s->in->groups;
    s->threads = wijk_threads(ctx ? ctx->threads : 0, s->blocks);
    s->desks = wijk_alloc(s->threads * sizeof *s->desks);
    for (unsigned t = 0; s->desks && t < s->threads; t++) {
        desk *b = &s->desks[t];
        b->met = wijk_alloc(groups * sizeof *b->met);
        b->tie = wijk_alloc(groups * sizeof *b->tie);
        b->shares = wijk_alloc(groups * sizeof *b->shares);
        b->runs = wijk_alloc(NEAR_RUNS * sizeof *b->runs);
        b->radius = s->grid.width;
        if (!b->met || !b->tie || !b->shares || !b->runs) {
            return WIJK_ENOMEM;
        }
    }
    return s->desks ? WIJK_OK : WIJK_ENOMEM;
}

static int make_room(desk *b, size_t wanted)
{
    if (wanted > b->room) {
        wijk_free(b->found);
        b->room = 2 * wanted;
        b->found = wijk_alloc(2 * b->room * sizeof *b->found);
        if (!b->found) {
            b->room = 0;
            return WIJK_ENOMEM;
        }
    }
    return WIJK_OK;
}

/* Every place within the radius; how many people they hold. */
static int look_within(double *out, desk *b, const scene *s, double x, double y)
{
    size_t n = near_runs(b->runs, &s->grid, x, y, b->radius), most = 0;
    for (size_t r = 0; r < n; r++) {
        most += b->runs[r].end - b->runs[r].first;
    }
    int rc = make_room(b, most);
    b->count = 0;
    *out = 0;
    for (size_t r = 0; !rc && r < n; r++) {
        for (uint32_t at = b->runs[r].first; at < b->runs[r].end; at++) {
            double dx = s->grid.x[at] - x, dy = s->grid.y[at] - y, squared = dx * dx + dy * dy;
            if (squared < b->radius * b->radius) {
                b->found[b->count++] = (wijk_pair){squared, at};
                *out += s->margins.row[s->grid.area[at]];
            }
        }
    }
    return rc;
}

/* Sorted by distance, all that is needed for the largest k. The radius that found it is of no
 * consequence to the result: what is nearest does not depend on how far one looked. */
static int find_nearest(desk *b, const scene *s, double x, double y)
{
    double held, wanted = fmin(s->people[s->n - 1], s->margins.total);
    b->radius *= 0.8;
    for (;;) {
        int rc = look_within(&held, b, s, x, y);
        if (rc) {
            return rc;
        }
        if (held >= wanted || b->count == s->grid.n) {
            break;
        }
        b->radius *= 1.5;
    }
    wijk_sort_pairs(b->found, b->found + b->room, b->count);
    return WIJK_OK;
}

/* The neighbourhood of one k: all that is nearer and a part of those at this distance. */
static void read_off(scene *s, desk *b, size_t block, size_t area, size_t k, double part,
                     double reach, double areas)
{
    size_t groups = s->in->groups;
    double total = 0;
    for (size_t g = 0; g < groups; g++) {
        b->shares[g] = b->met[g] + part * b->tie[g];
        total += b->shares[g];
    }
    around_add(&s->sums[block * s->n + k], &s->margins, groups, s->margins.row[area], b->shares,
               areas, reach);
    for (size_t g = 0; s->local && g < groups; g++) {
        s->local[(k * s->in->areas + area) * groups + g] = b->shares[g] / total;
    }
}

static void read_all(scene *s, desk *b, size_t block, size_t area)
{
    size_t groups = s->in->groups, k = 0;
    double nearer = 0;
    memset(b->met, 0, groups * sizeof *b->met);
    for (size_t at = 0, next; k < s->n && at < b->count; at = next) {
        double here = 0, reach = sqrt(b->found[at].key);
        memset(b->tie, 0, groups * sizeof *b->tie);
        for (next = at; next < b->count && b->found[next].key == b->found[at].key; next++) {
            size_t j = s->grid.area[(size_t)b->found[next].weight];
            for (size_t g = 0; g < groups; g++) {
                b->tie[g] += s->in->counts[j * groups + g];
            }
            here += s->margins.row[j];
        }
        for (; k < s->n && (s->people[k] <= nearer + here || next == s->grid.n); k++) {
            double part = fmin(1, (s->people[k] - nearer) / here);
            read_off(s, b, block, area, k, part, reach, (double)next);
        }
        nearer += here;
        for (size_t g = 0; g < groups; g++) {
            b->met[g] += b->tie[g];
        }
    }
}

static int visit_block(void *payload, size_t block, unsigned worker)
{
    scene *s = payload;
    desk *b = &s->desks[worker];
    size_t end = (block + 1) * BLOCK < s->grid.n ? (block + 1) * BLOCK : s->grid.n;
    for (size_t i = block * BLOCK; i < end; i++) {
        int rc = find_nearest(b, s, s->grid.x[i], s->grid.y[i]);
        if (rc) {
            return rc;
        }
        read_all(s, b, block, s->grid.area[i]);
    }
    return WIJK_OK;
}

/* Who the average member of each group has near, at one k. */
static int average_members(double *meets, const scene *s, const double *local)
{
    size_t groups = s->in->groups;
    wijk_sum *sums = wijk_alloc(groups * groups * sizeof *sums);
    for (size_t i = 0; sums && i < s->in->areas; i++) {
        for (size_t g = 0; g < groups; g++) {
            double here = s->in->counts[i * groups + g];
            for (size_t h = 0; here > 0 && h < groups; h++) {
                wijk_sum_add(&sums[g * groups + h], here * local[i * groups + h]);
            }
        }
    }
    for (size_t k = 0; sums && k < groups * groups; k++) {
        double members = s->margins.column[k / groups];
        meets[k] = members > 0 ? wijk_sum_value(&sums[k]) / members : NAN;
    }
    wijk_free(sums);
    return sums ? WIJK_OK : WIJK_ENOMEM;
}

static int report(wijk_nearest *out, double *meets, const scene *s)
{
    size_t groups = s->in->groups;
    int rc = WIJK_OK;
    for (size_t k = 0; !rc && k < s->n; k++) {
        around_sums sums = {0};
        for (size_t b = 0; b < s->blocks; b++) {
            around_merge(&sums, &s->sums[b * s->n + k]);
        }
        around_means means = around_finish(&sums, &s->margins, groups);
        out[k] = (wijk_nearest){s->people[k],   means.theil, means.dissimilarity,
                                means.relative, means.reach, means.neighbours};
        if (meets) {
            rc = average_members(meets + k * groups * groups, s,
                                 s->local + k * s->in->areas * groups);
        }
    }
    return rc;
}

int wijk_nearest_all(wijk_nearest *out, double *meets, double *local, const double *people,
                     size_t n, const wijk_nearest_input *in, wijk_ctx *ctx)
{
    scene s = {.in = in, .people = people, .n = n, .local = local};
    int rc = check(people, n);
    rc = rc ? rc : measure_margins_take(&s.margins, in->counts, in->areas, in->groups);
    rc = rc ? rc : near_set(&s.grid, in->x, in->y, &s.margins, in->areas, cell_width(in));
    s.blocks = (s.grid.n + BLOCK - 1) / BLOCK;
    if (!rc) {
        s.sums = wijk_alloc(s.blocks * n * sizeof *s.sums);
        rc = s.sums ? set_desks(&s, ctx) : WIJK_ENOMEM;
    }
    size_t cells = n * in->areas * in->groups;
    if (!rc && meets && !local) {
        s.local = wijk_alloc(cells * sizeof *s.local);
        rc = s.local ? WIJK_OK : WIJK_ENOMEM;
    }
    for (size_t c = 0; !rc && s.local && c < cells; c++) {
        s.local[c] = NAN;
    }
    rc = rc ? rc : wijk_parallel(s.threads, s.blocks, visit_block, &s, ctx);
    rc = rc ? rc : report(out, meets, &s);
    if (s.local != local) {
        wijk_free(s.local);
    }
    scene_free(&s);
    return rc;
}
