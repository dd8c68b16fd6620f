/* Indices of published figures with the range that rounding leaves. The idea: every index is taken
 * of every table drawn, so one set of draws serves them all and no formula per index is needed. */
#include "measure/rounding.h"

#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { INDICES = 8 }; /* as many of a table as of a group */

static int check_options(const wijk_rounding_options *options)
{
    return options->level > 0 && options->level < 1 && options->draws >= 20 &&
                   options->draws <= 100000
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL,
                           "Kies een zekerheid tussen 0 en 1 en 20 tot 100000 trekkingen.",
                           "Choose a level between 0 and 1 and 20 to 100000 draws.");
}

int wijk_rounding_naive(double *counts, const wijk_published_table *table)
{
    for (size_t i = 0; i < table->areas; i++) {
        double total = table->totals ? table->totals[i].value : NAN, *row, sum = 0;
        size_t withheld = 0, last = 0;
        row = counts + i * table->groups;
        for (size_t g = 0; g < table->groups; g++) {
            const wijk_published *cell = &table->cells[i * table->groups + g];
            double value = cell->share ? cell->value * total : cell->value;
            row[g] = isfinite(value) ? value : 0;
            sum += row[g];
            if (!isfinite(value)) {
                withheld++;
                last = g;
            }
        }
        if (withheld == 1 && total > sum) {
            row[last] = total - sum;
        }
    }
    return WIJK_OK;
}

static int draw(const wijk_published_table *table, const wijk_rounding_options *options,
                wijk_rounding_take take, void *payload, size_t *left_out, size_t *mended,
                wijk_ctx *ctx)
{
    measure_cells cells;
    measure_sampler *sampler = NULL;
    int rc = check_options(options);
    if (rc) {
        return rc;
    }
    rc = measure_cells_take(&cells, table);
    rc = rc ? rc : measure_sampler_new(&sampler, &cells, options->seed, ctx);
    for (size_t k = 0; !rc && k < options->draws; k++) {
        const double *counts;
        rc = measure_sampler_next(&counts, sampler, ctx);
        rc = rc ? rc : take(payload, k, counts);
    }
    *left_out = cells.left_out;
    *mended = cells.mended;
    measure_sampler_free(sampler);
    measure_cells_free(&cells);
    return rc;
}

int wijk_rounding_draw(const wijk_published_table *table, const wijk_rounding_options *options,
                       wijk_rounding_take take, void *payload, wijk_ctx *ctx)
{
    size_t left_out, mended;
    return draw(table, options, take, payload, &left_out, &mended, ctx);
}

/* The indices as arrays, in the order of the structs. */
static int take_all(double out[INDICES], const double *counts, const wijk_published_table *table)
{
    wijk_segregation s;
    int rc = wijk_segregation_all(&s, counts, table->areas, table->groups);
    const double values[INDICES] = {s.dissimilarity, s.gini,     s.theil,   s.mutual,
                                    s.variation,     s.relative, s.entropy, s.simpson};
    memcpy(out, values, sizeof values);
    return rc;
}

static int take_one(double out[INDICES], const double *counts, const wijk_published_table *table,
                    size_t group)
{
    wijk_segregation_group s;
    int rc = wijk_segregation_one(&s, counts, table->areas, table->groups, group, 0.5);
    const double values[INDICES] = {s.share,     s.dissimilarity, s.gini,        s.theil,
                                    s.isolation, s.interaction,   s.correlation, s.atkinson};
    memcpy(out, values, sizeof values);
    return rc;
}

typedef struct {
    const wijk_published_table *table;
    size_t draws, sets; /* sets: the table, then each group that is asked for */
    double *values;     /* [sets][INDICES][draws] */
    double withheld;    /* people in withheld figures, summed over draws, as part of all */
} collection;

static int collect(void *payload, size_t draw, const double *counts)
{
    collection *c = payload;
    const wijk_published_table *table = c->table;
    int rc = WIJK_OK;
    for (size_t set = 0; !rc && set < c->sets; set++) {
        double one[INDICES];
        rc = set ? take_one(one, counts, table, set - 1) : take_all(one, counts, table);
        for (size_t k = 0; k < INDICES; k++) {
            c->values[(set * INDICES + k) * c->draws + draw] = one[k];
        }
    }
    double hidden = 0, all = 0;
    for (size_t i = 0; i < table->areas * table->groups; i++) {
        hidden += isnan(table->cells[i].value) ? counts[i] : 0;
        all += counts[i];
    }
    c->withheld += all > 0 ? hidden / all : 0;
    return rc;
}

/* How far the tables drawn may be off as a whole, as part of what they correct: the spread of areas
 * is not quite the one assumed. Without it 90% intervals held 78 to 92% in a
 * trial (docs/internals/measure.md). */
static const double DOUBT = 0.10;

/* Adds a normal doubt of `sd` to the distance of one end from the middle. */
static double with_doubt(double distance, double sd)
{
    return sqrt(distance * distance + sd * sd);
}

/* Standard deviations from the mean to the end of a normal interval (Abramowitz & Stegun 26.2.23,
 * error below 0.0005). */
static double normal_end(double tail)
{
    double t = sqrt(-2 * log(tail));
    return t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                   (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/* The ends leave equally many draws beyond; with n draws the k-th is the k / (n + 1) quantile. */
static wijk_rounding_range range_of(double *values, size_t n, double naive, double level)
{
    wijk_rounding_range range = {naive, NAN, NAN, NAN};
    wijk_sum sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            return range;
        }
        wijk_sum_add(&sum, values[i]);
    }
    double tail = (1 - level) / 2, whole = (double)(n + 1), steps = (double)(n - 1);
    range.corrected = wijk_sum_value(&sum) / (double)n;
    double low = wijk_quantile(values, n, fmax(0, (whole * tail - 1) / steps));
    double high = wijk_quantile(values, n, fmin(1, (whole * (1 - tail) - 1) / steps));
    double middle = wijk_quantile(values, n, 0.5), sd = normal_end(tail);
    double off = isfinite(naive) ? DOUBT * (naive - range.corrected) * sd : 0;
    range.low = middle - with_doubt(middle - low, off);
    range.high = middle + with_doubt(high - middle, off);
    return range;
}

static int set_ranges(wijk_rounding_range *const to[INDICES], collection *c, size_t set,
                      const double *naive, double level)
{
    double plain[INDICES];
    int rc = set ? take_one(plain, naive, c->table, set - 1) : take_all(plain, naive, c->table);
    for (size_t k = 0; !rc && k < INDICES; k++) {
        *to[k] = range_of(c->values + (set * INDICES + k) * c->draws, c->draws, plain[k], level);
    }
    return rc;
}

static int set_all(wijk_rounding *out, wijk_rounding_group *group, collection *c,
                   const double *naive, double level)
{
    wijk_rounding_range *const all[INDICES] = {&out->dissimilarity, &out->gini,      &out->theil,
                                               &out->mutual,        &out->variation, &out->relative,
                                               &out->entropy,       &out->simpson};
    int rc = set_ranges(all, c, 0, naive, level);
    for (size_t set = 1; !rc && set < c->sets; set++) {
        wijk_rounding_group *g = &group[set - 1];
        wijk_rounding_range *const one[INDICES] = {
            &g->share,     &g->dissimilarity, &g->gini,        &g->theil,
            &g->isolation, &g->interaction,   &g->correlation, &g->atkinson};
        rc = set_ranges(one, c, set, naive, level);
    }
    return rc;
}

static double withheld(const wijk_published_table *table)
{
    size_t cells = table->areas * table->groups, missing = 0;
    for (size_t k = 0; k < cells; k++) {
        missing += isnan(table->cells[k].value);
    }
    return cells > 0 ? (double)missing / (double)cells : 0;
}

int wijk_rounding_all(wijk_rounding *out, wijk_rounding_group *group,
                      const wijk_published_table *table, const wijk_rounding_options *options,
                      wijk_ctx *ctx)
{
    memset(out, 0, sizeof *out);
    collection c = {table, options->draws, group ? 1 + table->groups : 1, NULL, 0};
    int rc = check_options(options);
    if (rc) {
        return rc;
    }
    c.values = wijk_alloc(c.sets * INDICES * c.draws * sizeof *c.values);
    double *naive = wijk_alloc(table->areas * table->groups * sizeof *naive);
    rc = c.values && naive ? wijk_rounding_naive(naive, table) : WIJK_ENOMEM;
    rc = rc ? rc : draw(table, options, collect, &c, &out->left_out, &out->mended, ctx);
    rc = rc ? rc : set_all(out, group, &c, naive, options->level);
    if (!rc) {
        out->areas = table->areas - out->left_out;
        out->draws = options->draws;
        out->withheld = withheld(table);
        out->withheld_people = c.withheld / (double)options->draws;
    }
    wijk_free(c.values);
    wijk_free(naive);
    return rc;
}
