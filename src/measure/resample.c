/* Error, chance and difference of M, H and D from replicates of the table. Replicates are drawn and
 * measured on as many threads as there are; what is told from them is told in their order. */
#include "wijk/resample.h"

#include "measure/resample_parts.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { DEFAULT_REPLICATES = 1000 };

int resample_options_check(wijk_resample_options *out, const wijk_resample_options *options,
                           const wijk_ctx *ctx)
{
    *out = options ? *options : (wijk_resample_options){.seed = 0};
    out->threads = out->threads ? out->threads : ctx ? ctx->threads : 0;
    out->replicates = out->replicates ? out->replicates : DEFAULT_REPLICATES;
    out->level = out->level == 0 ? 0.95 : out->level;
    if (out->replicates > WIJK_MAX_REPLICATES) {
        return wijk_fail(WIJK_ELIMIT, "Hoogstens %u trekkingen; gevraagd zijn er %u.",
                         "At most %u draws; asked for are %u.", WIJK_MAX_REPLICATES,
                         out->replicates);
    }
    if (out->replicates < 2 || !(out->level > 0 && out->level < 1) ||
        (out->unit != WIJK_RESAMPLE_PEOPLE && out->unit != WIJK_RESAMPLE_AREAS)) {
        return wijk_fail(WIJK_EINVAL,
                         "%u trekkingen en een zekerheid van %g kan niet: vraag er twee of meer, "
                         "en een zekerheid tussen 0 en 1.",
                         "%u draws and a level of %g cannot be: ask for two or more, and a level "
                         "between 0 and 1.",
                         out->replicates, out->level);
    }
    return WIJK_OK;
}

/* ---- drawing ---- */

typedef struct {
    resample_plan plan;
    resample_logs logs;
    resample_scratch scratch[WIJK_MAX_THREADS];
    size_t replicates;
    double value[WIJK_INDICES];  /* of the table */
    double source[WIJK_INDICES]; /* of what the replicates are drawn from */
    double dispersion, floor;    /* of the table */
    double *index;               /* [WIJK_INDICES][replicates] */
    double *spread;              /* [replicates]: dispersions */
} drawing;

static int draw_one(void *payload, size_t replicate, unsigned worker)
{
    drawing *d = payload;
    const resample_table *t = d->plan.table;
    resample_scratch *scratch = &d->scratch[worker];
    double index[WIJK_INDICES];
    resample_replicate(scratch, &d->plan, (uint32_t)replicate);
    int rc = resample_indices(index, &d->logs, scratch->cell, t->areas, t->groups, t->stride);
    for (size_t k = 0; k < WIJK_INDICES; k++) {
        d->index[k * d->replicates + replicate] = index[k];
    }
    if (d->plan.kind == RESAMPLE_PEOPLE) { /* only there it is looked at */
        d->spread[replicate] = resample_dispersion(scratch->cell, t->areas, t->groups, t->stride);
    }
    return rc;
}

static int64_t largest_row(const resample_table *t)
{
    int64_t largest = 0;
    for (size_t i = 0; i < t->areas; i++) {
        largest = t->row[i] > largest ? t->row[i] : largest;
    }
    return largest;
}

static int measure_source(drawing *d)
{
    const resample_table *t = d->plan.table;
    double *source = wijk_alloc(t->areas * t->groups * sizeof *source);
    if (!source) {
        return WIJK_ENOMEM;
    }
    wijk_segregation all;
    resample_source(source, &d->plan);
    int rc = wijk_segregation_all(&all, source, t->areas, t->groups);
    d->source[WIJK_INDEX_M] = all.mutual;
    d->source[WIJK_INDEX_H] = all.theil;
    d->source[WIJK_INDEX_D] = all.dissimilarity;
    d->dispersion = resample_dispersion(t->cell, t->areas, t->groups, t->stride);
    d->floor = resample_dispersion_floor(t);
    wijk_free(source);
    return rc;
}

static int drawing_begin(drawing *d, const resample_table *table, enum resample_kind kind,
                         uint32_t stream, const wijk_resample_options *options)
{
    memset(d, 0, sizeof *d);
    d->replicates = options->replicates;
    d->index = wijk_alloc(WIJK_INDICES * d->replicates * sizeof *d->index);
    d->spread = wijk_alloc(d->replicates * sizeof *d->spread);
    int rc = d->index && d->spread ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : resample_plan_make(&d->plan, table, kind, options->seed, stream);
    /* A large area may be drawn again and again; more than 64 times in all happens to nobody. */
    int64_t most = (kind == RESAMPLE_AREAS ? 64 : 1) * table->total;
    rc = rc ? rc : resample_logs_make(&d->logs, most, 2 * largest_row(table) + 64);
    rc = rc ? rc : measure_source(d);
    return rc ? rc
              : resample_indices(d->value, &d->logs, table->cell, table->areas, table->groups,
                                 table->stride);
}

/* Free with drawing_free, also after a failure. */
static int draw_indices(drawing *d, const resample_table *table, enum resample_kind kind,
                        uint32_t stream, const wijk_resample_options *options, wijk_ctx *ctx)
{
    int rc = drawing_begin(d, table, kind, stream, options);
    unsigned threads = wijk_threads(options->threads, options->replicates);
    for (unsigned i = 0; !rc && i < threads; i++) {
        rc = resample_scratch_make(&d->scratch[i], &d->plan);
    }
    return rc ? rc : wijk_parallel(threads, options->replicates, draw_one, d, ctx);
}

static void drawing_free(drawing *d)
{
    for (unsigned i = 0; i < WIJK_MAX_THREADS; i++) {
        resample_scratch_free(&d->scratch[i]);
    }
    resample_logs_free(&d->logs);
    resample_plan_free(&d->plan);
    wijk_free(d->index);
    wijk_free(d->spread);
    d->index = d->spread = NULL;
}

/* ---- telling ---- */

void resample_moments(double *mean, double *error, const double *values, size_t n)
{
    wijk_sum sum = {0, 0}, squares = {0, 0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, values[i]);
    }
    *mean = wijk_sum_value(&sum) / (double)n;
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&squares, (values[i] - *mean) * (values[i] - *mean));
    }
    *error = sqrt(wijk_sum_value(&squares) / (double)(n - 1));
}

wijk_range resample_quantiles(double *values, size_t n, double level)
{
    double low = wijk_quantile(values, n, (1 - level) / 2);
    return (wijk_range){low, wijk_quantile(values, n, (1 + level) / 2)};
}

static double within(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static double largest_value(size_t index, size_t groups)
{
    return index == WIJK_INDEX_M ? log((double)groups) : 1;
}

/* How much a root of dispersion is lifted by chance. */
static double lift(double dispersion, double floor)
{
    return sqrt(dispersion + floor) - sqrt(dispersion);
}

/* Each replicate is off from its source by an error, and the table from its truth by such an error:
 * what remains is the corrected value less that error (the basic interval).
 *
 * D is no smooth function of small shares: near 0 its error depends on the truth, and mirroring it
 * would leave the interval far too narrow. There every replicate is corrected as the table is, by a
 * bias that follows its own dispersion, and taken as it is. Away from 0, where the source is only
 * nearly right, these values are moved so that they lie about the corrected one. */
double resample_plausible(double *values, size_t n, const resample_error *about)
{
    double mean, error;
    resample_moments(&mean, &error, values, n);
    double bias = mean - about->source, corrected = about->value - bias;
    if (!about->spread) {
        for (size_t r = 0; r < n; r++) {
            values[r] = corrected + mean - values[r];
        }
        return corrected;
    }
    double far = about->dispersion / (about->dispersion + about->floor);
    double move = far * (corrected - about->source);
    double usual = lift(about->dispersion, about->floor);
    for (size_t r = 0; r < n; r++) {
        values[r] += move - bias * (lift(about->spread[r], about->floor) / usual);
        values[r] = values[r] < 0 ? 0 : values[r]; /* NAN stays */
    }
    return corrected;
}

static double make_plausible(drawing *d, size_t k)
{
    int rough = k == WIJK_INDEX_D && d->plan.kind == RESAMPLE_PEOPLE && d->floor > 0;
    resample_error e = {d->value[k], d->source[k], d->dispersion, d->floor,
                        rough ? d->spread : NULL};
    return resample_plausible(d->index + k * d->replicates, d->replicates, &e);
}

static wijk_resampled tell(drawing *d, size_t k, const wijk_resample_options *options)
{
    double *index = d->index + k * d->replicates, mean;
    double most = largest_value(k, d->plan.table->present);
    double corrected = within(make_plausible(d, k), 0, most);
    wijk_resampled out = {d->value[k], NAN, NAN, {NAN, NAN}};
    resample_moments(&mean, &out.error, index, d->replicates);
    if (!isnan(mean)) {
        wijk_range range = resample_quantiles(index, d->replicates, options->level);
        out.corrected = corrected;
        out.range = (wijk_range){within(range.low, 0, most), within(range.high, 0, most)};
    }
    return out;
}

static enum resample_kind kind_of(const wijk_resample_options *options)
{
    return options->unit == WIJK_RESAMPLE_AREAS ? RESAMPLE_AREAS : RESAMPLE_PEOPLE;
}

int wijk_resample_bootstrap(wijk_resampled *out, const double *counts, size_t areas, size_t groups,
                            const wijk_resample_options *options, wijk_ctx *ctx)
{
    wijk_resample_options o;
    resample_table table = {0};
    drawing d = {.replicates = 0};
    int rc = resample_options_check(&o, options, ctx);
    rc = rc ? rc : resample_table_take(&table, counts, areas, groups);
    rc = rc ? rc : draw_indices(&d, &table, kind_of(&o), 0, &o, ctx);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        out[k] = tell(&d, k, &o);
    }
    drawing_free(&d);
    resample_table_free(&table);
    return rc;
}

/* How many replicates are as far up as `value`, and it itself, of all. Equal values may differ in
 * their last bits when they come from other cells. */
static double share_above(const double *replicates, size_t n, double value)
{
    size_t as_far = 1;
    for (size_t i = 0; i < n; i++) {
        as_far += replicates[i] >= value - 1e-12;
    }
    return (double)as_far / (double)(n + 1);
}

int wijk_resample_null(wijk_null_index *out, const double *counts, size_t areas, size_t groups,
                       const wijk_resample_options *options, wijk_ctx *ctx)
{
    wijk_resample_options o;
    resample_table table = {0};
    wijk_segregation_chance chance;
    drawing d = {.replicates = 0};
    int rc = resample_options_check(&o, options, ctx);
    rc = rc ? rc : resample_table_take(&table, counts, areas, groups);
    rc = rc ? rc : wijk_segregation_expected(&chance, counts, areas, groups, ctx);
    rc = rc ? rc : draw_indices(&d, &table, RESAMPLE_CHANCE, 0, &o, ctx);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        double *replicates = d.index + k * d.replicates, mean;
        out[k] = (wijk_null_index){.value = d.value[k], .p = NAN, .middle = {NAN, NAN}};
        out[k].expected = k == WIJK_INDEX_M   ? chance.mutual
                          : k == WIJK_INDEX_H ? chance.theil
                                              : chance.dissimilarity;
        resample_moments(&mean, &out[k].error, replicates, d.replicates);
        if (!isnan(mean)) {
            out[k].p = share_above(replicates, d.replicates, d.value[k]);
            out[k].middle = resample_quantiles(replicates, d.replicates, o.level);
        }
    }
    drawing_free(&d);
    resample_table_free(&table);
    return rc;
}

/* ---- less chance ---- */

static wijk_chance_index less_chance(double value, double expected, double largest)
{
    double room = largest - expected;
    /* Where every table by chance is the largest possible, there is no room to speak of. */
    return (wijk_chance_index){value, expected, value - expected,
                               room > 1e-12 * largest ? (value - expected) / room : NAN};
}

int wijk_resample_chance(wijk_chance_index *out, const double *counts, size_t areas, size_t groups,
                         wijk_ctx *ctx)
{
    wijk_segregation all;
    wijk_segregation_chance chance;
    double *whole = wijk_alloc(areas * groups * sizeof *whole);
    int rc = whole ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < areas * groups; i++) {
        whole[i] = round(counts[i]);
    }
    rc = rc ? rc : wijk_segregation_all(&all, whole, areas, groups);
    rc = rc ? rc : wijk_segregation_expected(&chance, whole, areas, groups, ctx);
    if (!rc) {
        out[WIJK_INDEX_M] = less_chance(all.mutual, chance.mutual, all.entropy);
        out[WIJK_INDEX_H] = less_chance(all.theil, chance.theil, 1);
        out[WIJK_INDEX_D] = less_chance(all.dissimilarity, chance.dissimilarity, 1);
    }
    wijk_free(whole);
    return rc;
}

/* ---- two tables ---- */

/* Twice the smaller share of plausible differences on one side of none. */
static double two_sided(const double *differences, size_t n)
{
    size_t below = 1, above = 1;
    for (size_t i = 0; i < n; i++) {
        below += differences[i] <= 1e-12;
        above += differences[i] >= -1e-12;
    }
    return fmin(1, 2 * (double)(below < above ? below : above) / (double)(n + 1));
}

static wijk_difference tell_difference(drawing *a, drawing *b, size_t k, double most, double level)
{
    wijk_difference out = {a->value[k] - b->value[k], NAN, NAN, {NAN, NAN}, NAN};
    double corrected =
        within(make_plausible(a, k), 0, most) - within(make_plausible(b, k), 0, most);
    double *difference = a->index + k * a->replicates, mean;
    for (size_t r = 0; r < a->replicates; r++) {
        difference[r] -= b->index[k * b->replicates + r];
    }
    resample_moments(&mean, &out.error, difference, a->replicates);
    if (!isnan(mean)) {
        out.corrected = corrected;
        out.p = two_sided(difference, a->replicates);
        wijk_range range = resample_quantiles(difference, a->replicates, level);
        out.range = (wijk_range){within(range.low, -most, most), within(range.high, -most, most)};
    }
    return out;
}

int wijk_resample_difference(wijk_difference *out, const double *a, size_t areas_a, const double *b,
                             size_t areas_b, size_t groups, const wijk_resample_options *options,
                             wijk_ctx *ctx)
{
    wijk_resample_options o;
    resample_table first = {0}, second = {0};
    drawing of_a = {.replicates = 0}, of_b = {.replicates = 0};
    int rc = resample_options_check(&o, options, ctx);
    rc = rc ? rc : resample_table_take(&first, a, areas_a, groups);
    rc = rc ? rc : resample_table_take(&second, b, areas_b, groups);
    rc = rc ? rc : draw_indices(&of_a, &first, kind_of(&o), 0, &o, ctx);
    rc = rc ? rc : draw_indices(&of_b, &second, kind_of(&o), 1, &o, ctx);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        out[k] = tell_difference(&of_a, &of_b, k, largest_value(k, groups), o.level);
    }
    drawing_free(&of_a);
    drawing_free(&of_b);
    resample_table_free(&first);
    resample_table_free(&second);
    return rc;
}
