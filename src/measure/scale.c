/* Spatial segregation over radii. A surrounding is a few runs of a grid; what is met is summed by
 * ring and put together per radius. Blocks of areas are shared out over threads and added up in
 * order. No matrix of pairs is ever made. */
#include "wijk/scale.h"

#include "measure/around.h"
#include "measure/rings.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 256 };

/* The sums of one block of areas at one radius. */
typedef struct {
    around_sums around;
    wijk_sum exposed;
} tally;

typedef struct {
    const double *counts;
    size_t groups, group, other; /* exposure is asked for when group is below groups */
    measure_margins margins;
    near_grid grid;
    rings_field field;
    rings_meet_fn meet;
    double *cells;
    tally *tallies; /* [blocks][n] */
    size_t blocks;
} scene;

static void scene_free(scene *s)
{
    measure_margins_free(&s->margins);
    near_free(&s->grid);
    wijk_free(s->cells);
    wijk_free(s->tallies);
}

static int check(const double *radii, size_t n, enum wijk_kernel kernel)
{
    if (n == 0 || n > RINGS_MOST) {
        return wijk_fail(WIJK_ELIMIT, "Geef 1 tot %d stralen.", "Give 1 to %d radii.", RINGS_MOST);
    }
    for (size_t k = 0; k < n; k++) {
        int above = k ? radii[k] > radii[k - 1] : radii[k] >= 1e-3;
        if (!above || !(radii[k] <= 2 * WIJK_MAX_METRES)) {
            return wijk_fail(WIJK_EINVAL, "Stralen moeten boven nul en oplopend zijn.",
                             "Radii must be above zero and ascending.");
        }
    }
    return kernel <= WIJK_KERNEL_TRIANGLE ? WIJK_OK
                                          : wijk_fail(WIJK_EINVAL, "Er is geen kern %d.",
                                                      "There is no kernel %d.", (int)kernel);
}

/* Cells a sixteenth of the largest radius wide: a surrounding is then some 33 runs that leave
 * little out of it. */
static int scene_set(scene *s, const double *radii, size_t n, enum wijk_kernel kernel,
                     const double *x, const double *y, size_t areas)
{
    int rc = check(radii, n, kernel);
    rc = rc ? rc : measure_margins_take(&s->margins, s->counts, areas, s->groups);
    rc = rc ? rc : near_set(&s->grid, x, y, &s->margins, areas, radii[n - 1] / 16);
    if (rc) {
        return rc;
    }
    size_t width = (s->groups / RINGS_LANES + 1) * RINGS_LANES;
    s->blocks = (s->grid.n + BLOCK - 1) / BLOCK;
    s->cells = wijk_alloc(s->grid.n * width * sizeof *s->cells);
    s->tallies = wijk_alloc(s->blocks * n * sizeof *s->tallies);
    if (!s->cells || !s->tallies) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < s->grid.n; i++) {
        memcpy(s->cells + i * width, s->counts + s->grid.area[i] * s->groups,
               s->groups * sizeof *s->cells);
        s->cells[i * width + s->groups] = 1;
    }
    s->field =
        (rings_field){.grid = &s->grid, .cells = s->cells, .groups = s->groups, .width = width};
    rings_kernel(&s->field, radii, n, kernel);
    s->meet = rings_best();
    return WIJK_OK;
}

/* One place, at every radius, into the sums of its block. */
static void tally_place(tally *to, const scene *s, size_t place, const double *met)
{
    size_t groups = s->groups, area = s->grid.area[place];
    for (size_t k = 0; k < s->field.n; k++) {
        const double *here = met + k * s->field.width;
        if (s->group >= groups) {
            around_add(&to[k].around, &s->margins, groups, s->margins.row[area], here, here[groups],
                       0);
            continue;
        }
        double total = 0;
        for (size_t g = 0; g < groups; g++) {
            total += here[g];
        }
        wijk_sum_add(&to[k].exposed,
                     s->counts[area * groups + s->group] * (here[s->other] / total));
    }
}

static int visit_block(void *payload, size_t block, unsigned worker)
{
    (void)worker;
    scene *s = payload;
    size_t n = s->field.n, size = n * RINGS_MOMENTS * s->field.width;
    double *sums = wijk_alloc(size * sizeof *sums);
    double *met = wijk_alloc(n * s->field.width * sizeof *met), reach = sqrt(s->field.edge[n - 1]);
    near_run *runs = wijk_alloc(NEAR_RUNS * sizeof *runs);
    int rc = sums && met && runs ? WIJK_OK : WIJK_ENOMEM;
    size_t end = (block + 1) * BLOCK < s->grid.n ? (block + 1) * BLOCK : s->grid.n;
    for (size_t i = block * BLOCK; !rc && i < end; i++) {
        double x = s->grid.x[i], y = s->grid.y[i];
        size_t found = near_runs(runs, &s->grid, x, y, reach);
        s->meet(met, sums, &s->field, x, y, runs, found);
        tally_place(s->tallies + block * n, s, i, met);
    }
    wijk_free(runs);
    wijk_free(met);
    wijk_free(sums);
    return rc;
}

static int visit_all(scene *s, wijk_ctx *ctx)
{
    return wijk_parallel(wijk_threads(ctx ? ctx->threads : 0, s->blocks), s->blocks, visit_block, s,
                         ctx);
}

int wijk_segregation_scale(wijk_scale *out, const double *radii, size_t n, enum wijk_kernel kernel,
                           const double *counts, const double *x, const double *y, size_t areas,
                           size_t groups, wijk_ctx *ctx)
{
    scene s = {.counts = counts, .groups = groups, .group = groups};
    int rc = scene_set(&s, radii, n, kernel, x, y, areas);
    rc = rc ? rc : visit_all(&s, ctx);
    for (size_t k = 0; !rc && k < n; k++) {
        around_sums sums = {0};
        for (size_t b = 0; b < s.blocks; b++) {
            around_merge(&sums, &s.tallies[b * n + k].around);
        }
        around_means means = around_finish(&sums, &s.margins, groups);
        out[k] = (wijk_scale){radii[k],       means.theil,      means.dissimilarity,
                              means.relative, means.neighbours, means.people};
    }
    scene_free(&s);
    return rc;
}

int wijk_exposure_scale(double *out, const double *radii, size_t n, enum wijk_kernel kernel,
                        const double *counts, const double *x, const double *y, size_t areas,
                        size_t groups, size_t group, size_t other, wijk_ctx *ctx)
{
    if (group >= groups || other >= groups) {
        return wijk_fail(WIJK_EINVAL, "Er zijn maar %zu groepen.", "There are only %zu groups.",
                         groups);
    }
    scene s = {.counts = counts, .groups = groups, .group = group, .other = other};
    int rc = scene_set(&s, radii, n, kernel, x, y, areas);
    rc = rc ? rc : visit_all(&s, ctx);
    for (size_t k = 0; !rc && k < n; k++) {
        wijk_sum sum = {0, 0};
        for (size_t b = 0; b < s.blocks; b++) {
            wijk_sum_add(&sum, s.tallies[b * n + k].exposed.sum);
            wijk_sum_add(&sum, s.tallies[b * n + k].exposed.carry);
        }
        out[k] = wijk_sum_value(&sum) / s.margins.column[group];
    }
    scene_free(&s);
    return rc;
}
