/* Draws tables of whole persons that fit what was published, as likely as the areas themselves
 * suggest. The idea: a chain goes round the table of each area, what kind of area it is, and how
 * the areas of a kind vary, each drawn given the others. Of many areas a thousand go first: they
 * tell how areas vary, and then all need few rounds. Only exact arithmetic: the same seed gives the
 * same bytes on any number of threads. */
#include "measure/rounding_sampler.h"

#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum {
    THIN = 4,     /* sweeps from one table to the next, of many areas 1 */
    FIRST = 1000, /* of many, as many areas take part at first: they tell how areas vary */
    SETTLE = 40   /* sweeps of all, then */
};

/* Any table that fits: every group the same way up its box. */
static void start_area(measure_sampler *s, measure_bench *b, size_t area)
{
    const measure_cells *c = s->cells;
    double *x = s->x + area * s->groups, n = c->total_low[area];
    double lows = 0, highs = 0;
    if (c->shares[area]) {
        double middle = floor((c->total_low[area] + c->total_high[area]) / 2);
        n = middle;
        while (n <= c->total_high[area] && !measure_cells_box(b->low, b->high, c, area, n, n)) {
            n += 1;
        }
        if (n > c->total_high[area]) {
            n = middle;
            while (!measure_cells_box(b->low, b->high, c, area, n, n)) {
                n -= 1;
            }
        }
    } else {
        measure_cells_box(b->low, b->high, c, area, c->total_low[area], c->total_high[area]);
    }
    for (size_t g = 0; g < s->groups; g++) {
        lows += b->low[g];
        highs += b->high[g];
    }
    if (!c->shares[area]) {
        n = fmin(fmax(floor((lows + highs) / 2), c->total_low[area]), c->total_high[area]);
    }
    double rest = n - lows;
    for (size_t g = 0; g < s->groups; g++) {
        double room = b->high[g] - b->low[g];
        x[g] = b->low[g] + (highs > lows ? floor(room * (n - lows) / (highs - lows)) : 0);
        rest -= x[g] - b->low[g];
    }
    for (size_t g = 0; rest > 0 && g < s->groups; g++) {
        double more = fmin(rest, b->high[g] - x[g]);
        x[g] += more;
        rest -= more;
    }
    s->n[area] = n;
}

static int bench_new(measure_bench *b, size_t groups)
{
    double **const arrays[] = {&b->low,   &b->high, &b->high_end, &b->first,
                               &b->guess, &b->z,    &b->far,      &b->base};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = wijk_alloc(groups * sizeof **arrays[i]);
        if (!*arrays[i]) {
            return WIJK_ENOMEM;
        }
    }
    b->weight = wijk_alloc(groups * WINDOW * sizeof *b->weight);
    b->reach = wijk_alloc(groups * groups * WINDOW * sizeof *b->reach);
    b->total = wijk_alloc(groups * WINDOW * sizeof *b->total);
    b->root = wijk_alloc(groups * groups * sizeof *b->root);
    b->count = wijk_alloc(groups * sizeof *b->count);
    b->skip = wijk_alloc(groups * sizeof *b->skip);
    b->last = wijk_alloc(groups * sizeof *b->last);
    return b->weight && b->total && b->reach && b->root && b->count && b->skip && b->last
               ? WIJK_OK
               : WIJK_ENOMEM;
}

void measure_sampler_free(measure_sampler *s)
{
    if (!s) {
        return;
    }
    for (unsigned k = 0; k < s->threads; k++) {
        measure_bench *b = &s->bench[k];
        void *const blocks[] = {b->low,   b->high,  b->high_end, b->first, b->weight,
                                b->total, b->reach, b->count,    b->skip,  b->last,
                                b->root,  b->guess, b->z,        b->far,   b->base};
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
            wijk_free(blocks[i]);
        }
    }
    void *const blocks[] = {s->x,          s->n,        s->level,    s->intensity, s->mean,
                            s->precision,  s->centre,   s->sum,      s->shape,     s->shape_log,
                            s->stride,     s->z,        s->spread,   s->scatter,   s->root,
                            s->tri,        s->half_log, s->size_log, s->size_next, s->part,
                            s->kinds_room, s->kind,     s->open,     s->out};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        wijk_free(blocks[i]);
    }
    wijk_free(s);
}

static int sweep_some(void *payload, size_t index, unsigned worker)
{
    measure_sampler *s = payload;
    size_t end = (index + 1) * TOGETHER;
    for (size_t i = index * TOGETHER; i < end && i < s->areas; i++) {
        if (!s->out[i]) {
            measure_redraw_area(s, &s->bench[worker], i);
            if (s->open[i]) {
                measure_kinds_leap(s, &s->bench[worker], i);
            }
            measure_kinds_move(s, &s->bench[worker], i);
            measure_levels_move(s, i);
        }
    }
    return WIJK_OK;
}

static int sweep(measure_sampler *s, wijk_ctx *ctx)
{
    size_t chunks = (s->areas + TOGETHER - 1) / TOGETHER;
    measure_kinds_shift(s);
    int rc = wijk_parallel(s->threads, chunks, sweep_some, s, ctx);
    measure_kinds_count(s);
    measure_levels_fit(s);
    measure_kinds_fit(s);
    s->sweep++;
    return rc;
}

static int allocate(measure_sampler *s)
{
    size_t n = s->groups, cells = s->areas * n, square = n * n;
    const struct {
        double **to;
        size_t room;
    } arrays[] = {{&s->x, cells},
                  {&s->n, s->areas},
                  {&s->level, cells},
                  {&s->intensity, cells},
                  {&s->mean, n},
                  {&s->precision, square},
                  {&s->centre, n},
                  {&s->sum, n},
                  {&s->shape, n},
                  {&s->shape_log, n},
                  {&s->stride, n},
                  {&s->z, n},
                  {&s->spread, square},
                  {&s->scatter, square},
                  {&s->root, square},
                  {&s->tri, square},
                  {&s->half_log, KNOWN},
                  {&s->size_log, KNOWN},
                  {&s->size_next, KNOWN},
                  {&s->part, s->areas / TOGETHER + 1},
                  {&s->kinds_room, 2 * (KINDS + 2) * n}};
    unsigned char **const marks[] = {&s->kind, &s->open, &s->out};
    int whole = 1;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].to = wijk_alloc(arrays[i].room * sizeof(double));
        whole &= *arrays[i].to != NULL;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *marks[i] = wijk_alloc(s->areas);
        whole &= *marks[i] != NULL;
    }
    for (size_t k = 0; whole && k < KINDS + 2; k++) {
        s->kinds[k].alpha = s->kinds_room + 2 * k * n;
        s->kinds[k].gamma_log = s->kinds[k].alpha + n;
    }
    int rc = whole ? WIJK_OK : WIJK_ENOMEM;
    for (unsigned k = 0; !rc && k < s->threads; k++) {
        rc = bench_new(&s->bench[k], n);
    }
    return rc;
}

int measure_sampler_new(measure_sampler **out, const measure_cells *cells, uint64_t seed,
                        wijk_ctx *ctx)
{
    measure_sampler *s = *out = wijk_alloc(sizeof *s);
    if (!s) {
        return WIJK_ENOMEM;
    }
    s->cells = cells;
    s->areas = cells->areas;
    s->groups = cells->groups;
    s->seed = seed;
    s->threads = s->areas < MANY ? 1 : wijk_threads(0, s->areas / TOGETHER);
    int rc = allocate(s);
    size_t all = cells->areas - cells->left_out, apart = all < MANY ? 1 : all / FIRST, met = 0;
    for (size_t i = 0; !rc && i < s->areas; i++) {
        s->out[i] = cells->out[i] || met++ % apart;
        s->living += !s->out[i];
        if (!cells->out[i]) {
            start_area(s, &s->bench[0], i);
        }
    }
    for (size_t n = 0; !rc && n < KNOWN; n++) {
        s->half_log[n] = wijk_exact_log((double)n + 0.5);
    }
    if (!rc && s->living > 0) {
        measure_kinds_start(s);
        measure_levels_start(s);
    }
    while (!rc && s->living > 0 && s->sweep < BURN) {
        rc = sweep(s, ctx);
    }
    if (!rc && s->living < all) {
        measure_kinds_wake(s);
        while (!rc && s->sweep < BURN + SETTLE) {
            rc = sweep(s, ctx);
        }
    }
    return rc;
}

int measure_sampler_next(const double **counts, measure_sampler *s, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    int sweeps = s->living < MANY ? THIN : 1;
    for (int k = 0; !rc && s->living > 0 && k < sweeps; k++) {
        rc = sweep(s, ctx);
    }
    *counts = s->x;
    return rc;
}
