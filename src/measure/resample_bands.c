/* Bands around many figures that belong together, such as a profile over distance. A band that
 * holds all figures at once is as many errors wide as the largest standardised deviation of a
 * replicate from the mean usually is: one number for all figures, so no figure decides by its
 * scale. */
#include "measure/resample_parts.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/resample.h"
#include "wijk/stats.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

typedef struct {
    resample_table table;
    resample_plan plan;
    wijk_resample_options options;
    wijk_figures figures;
    const void *payload;
    size_t n;
    unsigned threads;
    resample_scratch scratch[WIJK_MAX_THREADS];
    double *counts[WIJK_MAX_THREADS]; /* row-major [areas][groups] */
    double *value;                    /* [n] of the table as counted, then [replicates][n] */
    double *source;                   /* [n] of what the replicates are drawn from */
    double *column;                   /* [2][replicates + 1]: one figure in all replicates, room */
} drawing;

static int figures_of(const drawing *d, double *out, const double *counts)
{
    return d->figures(out, d->n, counts, d->table.areas, d->table.groups, d->payload);
}

static int measure(drawing *d, double *out, const int32_t *cell, double *counts)
{
    const resample_table *t = &d->table;
    for (size_t i = 0; i < t->areas; i++) {
        for (size_t g = 0; g < t->groups; g++) {
            counts[i * t->groups + g] = cell[g * t->stride + i];
        }
    }
    return figures_of(d, out, counts);
}

static int draw_one(void *payload, size_t replicate, unsigned worker)
{
    drawing *d = payload;
    resample_replicate(&d->scratch[worker], &d->plan, (uint32_t)replicate);
    return measure(d, d->value + (replicate + 1) * d->n, d->scratch[worker].cell,
                   d->counts[worker]);
}

static int drawing_room(drawing *d)
{
    size_t rows = (size_t)d->options.replicates + 1;
    if (d->n == 0 || d->n > WIJK_MAX_FIGURES / rows) {
        return wijk_fail(WIJK_ELIMIT,
                         "%zu cijfers in %u trekkingen is te veel (of niets): samen hoogstens %u. "
                         "Vraag minder trekkingen.",
                         "%zu figures in %u draws is too much (or nothing): at most %u together. "
                         "Ask for fewer draws.",
                         d->n, d->options.replicates, WIJK_MAX_FIGURES);
    }
    d->value = wijk_alloc(rows * d->n * sizeof *d->value);
    d->source = wijk_alloc(d->n * sizeof *d->source);
    d->column = wijk_alloc(2 * rows * sizeof *d->column);
    d->threads = wijk_threads(d->options.threads, d->options.replicates);
    int rc = d->value && d->source && d->column ? WIJK_OK : WIJK_ENOMEM;
    for (unsigned i = 0; !rc && i < d->threads; i++) {
        rc = resample_scratch_make(&d->scratch[i], &d->plan);
        if (!rc) {
            d->counts[i] = wijk_alloc(d->table.areas * d->table.groups * sizeof *d->counts[i]);
            rc = d->counts[i] ? WIJK_OK : WIJK_ENOMEM;
        }
    }
    return rc;
}

static int draw_all(drawing *d, enum resample_kind kind, const double *counts, size_t areas,
                    size_t groups, const wijk_resample_options *options, wijk_ctx *ctx)
{
    int rc = resample_options_check(&d->options, options, ctx);
    rc = rc ? rc : resample_table_take(&d->table, counts, areas, groups);
    rc = rc ? rc : resample_plan_make(&d->plan, &d->table, kind, d->options.seed, 0);
    rc = rc ? rc : drawing_room(d);
    rc = rc ? rc : measure(d, d->value, d->table.cell, d->counts[0]);
    if (!rc) {
        resample_source(d->counts[0], &d->plan);
        rc = figures_of(d, d->source, d->counts[0]);
    }
    return rc ? rc : wijk_parallel(d->threads, d->options.replicates, draw_one, d, ctx);
}

static void drawing_free(drawing *d)
{
    for (unsigned i = 0; i < d->threads; i++) {
        resample_scratch_free(&d->scratch[i]);
        wijk_free(d->counts[i]);
    }
    wijk_free(d->value);
    wijk_free(d->source);
    wijk_free(d->column);
    resample_plan_free(&d->plan);
    resample_table_free(&d->table);
}

/* Figure k in rows `first` and on, into d->column; returns how many. */
static size_t take_column(drawing *d, size_t k, size_t first)
{
    size_t rows = (size_t)d->options.replicates + 1 - first;
    for (size_t r = 0; r < rows; r++) {
        d->column[r] = d->value[(r + first) * d->n + k];
    }
    return rows;
}

typedef struct {
    double mean, error;
} centre;

/* The largest standardised deviation of each row over `n` figures from `from` on. A figure that
 * does not vary beyond rounding, or cannot be told everywhere, has no say. */
static size_t deviations(drawing *d, const centre *centres, size_t from, size_t n, size_t first)
{
    size_t rows = (size_t)d->options.replicates + 1 - first;
    for (size_t r = 0; r < rows; r++) {
        double far = 0;
        for (size_t k = 0; k < n; k++) {
            if (centres[k].error > 1e-12 * (1 + fabs(centres[k].mean))) {
                double off = d->value[(r + first) * d->n + from + k] - centres[k].mean;
                far = fmax(far, fabs(off) / centres[k].error);
            }
        }
        d->column[r] = far;
    }
    return rows;
}

/* The smallest value with at least `level` of n values up to it; sorts them. */
static double reach(double *values, size_t n, double level)
{
    double rank = ceil(level * (double)n - 1e-9) - 1;
    return wijk_quantile(values, n, n > 1 ? fmax(rank, 0) / (double)(n - 1) : 0);
}

/* Makes the replicates of figure k into values it may have had; returns the corrected one. When
 * figure `rough` is R at the same radius, k is D, whose error near 0 depends on the truth: see
 * resample_plausible. */
static double make_plausible(drawing *d, size_t k, const size_t *rough)
{
    size_t n = (size_t)d->options.replicates;
    double floor = 0, *spread = d->column + n + 1;
    if (rough) {
        double error, mean;
        take_column(d, *rough, 1);
        resample_moments(&mean, &error, d->column, n);
        floor = fmax(0, mean - d->source[*rough]);
        for (size_t r = 0; r < n; r++) {
            spread[r] = fmax(0, d->column[r] - floor);
        }
    }
    take_column(d, k, 1);
    resample_error e = {.value = d->value[k],
                        .source = d->source[k],
                        .dispersion = rough ? fmax(0, d->value[*rough] - floor) : 0,
                        .floor = floor,
                        .spread = rough && floor > 0 ? spread : NULL};
    double corrected = resample_plausible(d->column, n, &e);
    for (size_t r = 0; r < n; r++) {
        d->value[(r + 1) * d->n + k] = d->column[r];
    }
    return corrected;
}

/* Figures from ... from + n - 1 share one band; those of R from `rough` on guide them. */
static int tell_bands(wijk_band *out, drawing *d, size_t from, size_t n, const size_t *rough)
{
    centre *centres = wijk_alloc(n * sizeof *centres);
    if (!centres) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        size_t guide = rough ? *rough + k : 0;
        double corrected = make_plausible(d, from + k, rough ? &guide : NULL);
        size_t rows = take_column(d, from + k, 1);
        resample_moments(&centres[k].mean, &centres[k].error, d->column, rows);
        out[k] = (wijk_band){d->value[from + k], centres[k].error, NAN, {NAN, NAN}, {NAN, NAN}};
        if (!isnan(centres[k].error)) {
            out[k].corrected = corrected;
            out[k].one = resample_quantiles(d->column, rows, d->options.level);
        }
    }
    size_t rows = deviations(d, centres, from, n, 1);
    double wide = reach(d->column, rows, d->options.level);
    for (size_t k = 0; k < n; k++) {
        double half = wide * centres[k].error;
        out[k].joint = (wijk_range){centres[k].mean - half, centres[k].mean + half};
    }
    wijk_free(centres);
    return WIJK_OK;
}

/* The table itself is one of the rows, in the mean and the error too: then all rows are alike by
 * chance and p is exact. */
static int tell_envelopes(wijk_envelope *out, double *p, drawing *d, size_t from, size_t n)
{
    centre *centres = wijk_alloc(n * sizeof *centres);
    if (!centres) {
        return WIJK_ENOMEM;
    }
    int any = 0;
    for (size_t k = 0; k < n; k++) {
        wijk_range unknown = {NAN, NAN};
        size_t rows = take_column(d, from + k, 0);
        resample_moments(&centres[k].mean, &centres[k].error, d->column, rows);
        out[k] = (wijk_envelope){d->value[from + k], centres[k].mean, centres[k].error, unknown,
                                 unknown};
        if (!isnan(centres[k].error)) {
            any = 1;
            out[k].middle =
                resample_quantiles(d->column, take_column(d, from + k, 1), d->options.level);
        }
    }
    size_t rows = deviations(d, centres, from, n, 0), as_far = 0;
    double own = d->column[0];
    for (size_t r = 0; r < rows; r++) {
        as_far += d->column[r] >= own - 1e-9;
    }
    double wide = reach(d->column, rows, d->options.level);
    for (size_t k = 0; k < n; k++) {
        double half = wide * centres[k].error;
        out[k].envelope = (wijk_range){centres[k].mean - half, centres[k].mean + half};
    }
    *p = any ? (double)as_far / (double)rows : NAN;
    wijk_free(centres);
    return WIJK_OK;
}

static enum resample_kind kind_of(const wijk_resample_options *options)
{
    return options && options->unit == WIJK_RESAMPLE_AREAS ? RESAMPLE_AREAS : RESAMPLE_PEOPLE;
}

static enum resample_kind kind_of_null(enum wijk_null null)
{
    return null == WIJK_NULL_PLACES ? RESAMPLE_PLACES : RESAMPLE_CHANCE;
}

int wijk_resample_figures(wijk_band *out, size_t n, wijk_figures figures, const void *payload,
                          const double *counts, size_t areas, size_t groups,
                          const wijk_resample_options *options, wijk_ctx *ctx)
{
    drawing d = {.figures = figures, .payload = payload, .n = n};
    int rc = draw_all(&d, kind_of(options), counts, areas, groups, options, ctx);
    rc = rc ? rc : tell_bands(out, &d, 0, n, NULL);
    drawing_free(&d);
    return rc;
}

int wijk_resample_figures_null(wijk_envelope *out, double *p, size_t n, wijk_figures figures,
                               const void *payload, enum wijk_null null, const double *counts,
                               size_t areas, size_t groups, const wijk_resample_options *options,
                               wijk_ctx *ctx)
{
    drawing d = {.figures = figures, .payload = payload, .n = n};
    int rc = draw_all(&d, kind_of_null(null), counts, areas, groups, options, ctx);
    rc = rc ? rc : tell_envelopes(out, p, &d, 0, n);
    drawing_free(&d);
    return rc;
}

/* ---- the profile over distance ---- */

enum { MAX_RADII = 16 };

typedef struct {
    const double *radii, *x, *y;
    size_t n;
    enum wijk_kernel kernel;
} ground;

static int profile_figures(double *out, size_t n, const double *counts, size_t areas, size_t groups,
                           const void *payload)
{
    (void)n;
    const ground *g = payload;
    wijk_scale scale[MAX_RADII];
    wijk_ctx alone = {.threads = 1}; /* the replicates are shared out already */
    int rc = wijk_segregation_scale(scale, g->radii, g->n, g->kernel, counts, g->x, g->y, areas,
                                    groups, &alone);
    for (size_t k = 0; !rc && k < g->n; k++) {
        out[WIJK_PROFILE_H * g->n + k] = scale[k].theil;
        out[WIJK_PROFILE_D * g->n + k] = scale[k].dissimilarity;
        out[WIJK_PROFILE_R * g->n + k] = scale[k].relative;
    }
    return rc;
}

static int check_radii(size_t n)
{
    return n && n <= MAX_RADII
               ? WIJK_OK
               : wijk_fail(WIJK_ELIMIT, "Geef 1 tot %d stralen.", "Give 1 to %d radii.", MAX_RADII);
}

int wijk_resample_profile(wijk_band *out, const double *radii, size_t n, enum wijk_kernel kernel,
                          const double *counts, const double *x, const double *y, size_t areas,
                          size_t groups, const wijk_resample_options *options, wijk_ctx *ctx)
{
    const ground g = {radii, x, y, n, kernel};
    drawing d = {.figures = profile_figures, .payload = &g, .n = WIJK_PROFILES * n};
    int rc = check_radii(n);
    if (!rc && kind_of(options) == RESAMPLE_AREAS) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Gebieden op een kaart kunnen niet opnieuw getrokken worden: trek mensen.",
                       "Areas on a map cannot be drawn again: draw people.");
    }
    rc = rc ? rc : draw_all(&d, RESAMPLE_PEOPLE, counts, areas, groups, options, ctx);
    /* D first: it looks at R as drawn. */
    const size_t order[] = {WIJK_PROFILE_D, WIJK_PROFILE_H, WIJK_PROFILE_R};
    const size_t relative = WIJK_PROFILE_R * n;
    for (size_t i = 0; !rc && i < WIJK_PROFILES; i++) {
        size_t k = order[i];
        rc = tell_bands(out + k * n, &d, k * n, n, k == WIJK_PROFILE_D ? &relative : NULL);
    }
    drawing_free(&d);
    return rc;
}

int wijk_resample_profile_null(wijk_envelope *out, double *p, enum wijk_null null,
                               const double *radii, size_t n, enum wijk_kernel kernel,
                               const double *counts, const double *x, const double *y, size_t areas,
                               size_t groups, const wijk_resample_options *options, wijk_ctx *ctx)
{
    const ground g = {radii, x, y, n, kernel};
    drawing d = {.figures = profile_figures, .payload = &g, .n = WIJK_PROFILES * n};
    int rc = check_radii(n);
    rc = rc ? rc : draw_all(&d, kind_of_null(null), counts, areas, groups, options, ctx);
    for (size_t k = 0; !rc && k < WIJK_PROFILES; k++) {
        rc = tell_envelopes(out + k * n, &p[k], &d, k * n, n);
    }
    drawing_free(&d);
    return rc;
}
