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

int resample_options_check(wijk_resample_options *out, const wijk_resample_options *options)
{
    *out = options ? *options : (wijk_resample_options){.seed = 0};
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

/* ---- drawing ----------------------------------------------------------------------------------
 */

typedef struct {
    resample_plan plan;
    resample_logs logs;
    resample_scratch scratch[WIJK_MAX_THREADS];
    double *index; /* [WIJK_INDICES][replicates] */
    size_t replicates;
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

/* out[WIJK_INDICES][replicates], and the indices of the table itself, computed in the same way. */
static int draw_indices(double *out, double *value, const resample_table *table,
                        enum resample_kind kind, uint32_t stream,
                        const wijk_resample_options *options, wijk_ctx *ctx)
{
    drawing d = {.index = out, .replicates = options->replicates};
    int rc = resample_plan_make(&d.plan, table, kind, options->seed, stream);
    /* A large area may be drawn again and again; more than 64 times in all happens to nobody. */
    int64_t most = (kind == RESAMPLE_AREAS ? 64 : 1) * table->total;
    rc = rc ? rc : resample_logs_make(&d.logs, most, 2 * largest_row(table) + 64);
    rc = rc ? rc
            : resample_indices(value, &d.logs, table->cell, table->areas, table->groups,
                               table->stride);
    unsigned threads = wijk_threads(options->threads, options->replicates);
    for (unsigned i = 0; !rc && i < threads; i++) {
        rc = resample_scratch_make(&d.scratch[i], &d.plan);
    }
    rc = rc ? rc : wijk_parallel(threads, options->replicates, draw_one, &d, ctx);
    for (unsigned i = 0; i < threads; i++) {
        resample_scratch_free(&d.scratch[i]);
    }
    resample_logs_free(&d.logs);
    resample_plan_free(&d.plan);
    return rc;
}

/* ---- telling ----------------------------------------------------------------------------------
 */

/* Mean and standard deviation, in order; NAN as soon as one is. */
static void moments(double *mean, double *error, const double *values, size_t n)
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

static double within(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static wijk_range mirrored(double value, wijk_range quantiles, double least, double most)
{
    return (wijk_range){within(2 * value - quantiles.high, least, most),
                        within(2 * value - quantiles.low, least, most)};
}

static wijk_range quantiles(double *values, size_t n, double level)
{
    double low = wijk_quantile(values, n, (1 - level) / 2);
    return (wijk_range){low, wijk_quantile(values, n, (1 + level) / 2)};
}

static wijk_resampled tell(double value, double *replicates, double most,
                           const wijk_resample_options *options)
{
    const wijk_range unknown = {NAN, NAN};
    wijk_resampled out = {value, NAN, NAN, unknown, unknown};
    double mean;
    moments(&mean, &out.error, replicates, options->replicates);
    if (!isnan(mean)) {
        out.corrected = within(2 * value - mean, 0, most);
        out.percentile = quantiles(replicates, options->replicates, options->level);
        out.basic = mirrored(value, out.percentile, 0, most);
    }
    return out;
}

static double largest_value(size_t index, size_t present)
{
    return index == WIJK_INDEX_M ? log((double)present) : 1;
}

int wijk_resample_bootstrap(wijk_resampled *out, const double *counts, size_t areas, size_t groups,
                            const wijk_resample_options *options, wijk_ctx *ctx)
{
    wijk_resample_options o;
    resample_table table = {0};
    double *index = NULL, value[WIJK_INDICES];
    int rc = resample_options_check(&o, options);
    rc = rc ? rc : resample_table_take(&table, counts, areas, groups);
    if (!rc) {
        index = wijk_alloc(WIJK_INDICES * o.replicates * sizeof *index);
        rc = index ? WIJK_OK : WIJK_ENOMEM;
    }
    enum resample_kind kind = o.unit == WIJK_RESAMPLE_AREAS ? RESAMPLE_AREAS : RESAMPLE_PEOPLE;
    rc = rc ? rc : draw_indices(index, value, &table, kind, 0, &o, ctx);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        out[k] = tell(value[k], index + k * o.replicates, largest_value(k, table.present), &o);
    }
    wijk_free(index);
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
    double *index = NULL, value[WIJK_INDICES];
    int rc = resample_options_check(&o, options);
    rc = rc ? rc : resample_table_take(&table, counts, areas, groups);
    rc = rc ? rc : wijk_segregation_expected(&chance, counts, areas, groups, ctx);
    if (!rc) {
        index = wijk_alloc(WIJK_INDICES * o.replicates * sizeof *index);
        rc = index ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : draw_indices(index, value, &table, RESAMPLE_CHANCE, 0, &o, ctx);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        double *replicates = index + k * o.replicates, mean;
        out[k] = (wijk_null_index){.value = value[k], .p = NAN, .middle = {NAN, NAN}};
        out[k].expected = k == WIJK_INDEX_M   ? chance.mutual
                          : k == WIJK_INDEX_H ? chance.theil
                                              : chance.dissimilarity;
        moments(&mean, &out[k].error, replicates, o.replicates);
        if (!isnan(mean)) {
            out[k].p = share_above(replicates, o.replicates, value[k]);
            out[k].middle = quantiles(replicates, o.replicates, o.level);
        }
    }
    wijk_free(index);
    resample_table_free(&table);
    return rc;
}

/* ---- less chance --------------------------------------------------------------------------------
 */

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

/* ---- two tables ---------------------------------------------------------------------------------
 */

/* Twice the smaller share of replicates on one side of no difference, mirrored as the interval is.
 */
static double two_sided(const double *replicates, size_t n, double difference)
{
    size_t below = 1, above = 1;
    for (size_t i = 0; i < n; i++) {
        double mirror = 2 * difference - replicates[i];
        below += mirror <= 1e-12;
        above += mirror >= -1e-12;
    }
    double p = 2 * (double)(below < above ? below : above) / (double)(n + 1);
    return p < 1 ? p : 1;
}

static wijk_difference tell_difference(double a, double b, double *of_a, const double *of_b,
                                       double most, const wijk_resample_options *o)
{
    wijk_difference out = {a - b, NAN, NAN, {NAN, NAN}, NAN};
    double mean_a, mean_b, ignored, mean;
    moments(&mean_a, &ignored, of_a, o->replicates);
    moments(&mean_b, &ignored, of_b, o->replicates);
    for (size_t i = 0; i < o->replicates; i++) {
        of_a[i] -= of_b[i];
    }
    moments(&mean, &out.error, of_a, o->replicates);
    if (!isnan(mean)) {
        out.corrected = within(2 * a - mean_a, 0, most) - within(2 * b - mean_b, 0, most);
        out.p = two_sided(of_a, o->replicates, out.difference);
        out.basic = mirrored(out.difference, quantiles(of_a, o->replicates, o->level), -most, most);
    }
    return out;
}

int wijk_resample_difference(wijk_difference *out, const double *a, size_t areas_a, const double *b,
                             size_t areas_b, size_t groups, const wijk_resample_options *options,
                             wijk_ctx *ctx)
{
    wijk_resample_options o;
    resample_table tables[2] = {{0}, {0}};
    double *index = NULL, value[2][WIJK_INDICES];
    int rc = resample_options_check(&o, options);
    rc = rc ? rc : resample_table_take(&tables[0], a, areas_a, groups);
    rc = rc ? rc : resample_table_take(&tables[1], b, areas_b, groups);
    size_t half = WIJK_INDICES * (size_t)o.replicates;
    if (!rc) {
        index = wijk_alloc(2 * half * sizeof *index);
        rc = index ? WIJK_OK : WIJK_ENOMEM;
    }
    enum resample_kind kind = o.unit == WIJK_RESAMPLE_AREAS ? RESAMPLE_AREAS : RESAMPLE_PEOPLE;
    for (uint32_t t = 0; !rc && t < 2; t++) {
        rc = draw_indices(index + t * half, value[t], &tables[t], kind, t, &o, ctx);
    }
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        double *of_a = index + k * o.replicates;
        out[k] = tell_difference(value[0][k], value[1][k], of_a, of_a + half,
                                 k == WIJK_INDEX_M ? log((double)groups) : 1, &o);
    }
    wijk_free(index);
    resample_table_free(&tables[0]);
    resample_table_free(&tables[1]);
    return rc;
}
