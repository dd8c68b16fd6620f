/* How far converted values are off, measured where both divisions publish: postcode values are
 * converted to wijken and laid beside what is published for those wijken, by size of the wijk, with
 * the dumbest method beside ours. The years may differ by up to two: the national change between
 * them is taken out, the local change is not, so the band is rather too wide than too narrow.
 * Indicators without such a pair borrow the worst. */
#include "areas/links.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int CLASSES[] = {0, 500, 1000, 2500, 5000, 10000};
enum { CLASS_COUNT = sizeof CLASSES / sizeof *CLASSES, FEWEST_PAIRS = 10, MOST_YEARS_APART = 2 };
static const double LEAST_COVER = 0.8; /* as in convert.c */

typedef struct {
    double p90[CLASS_COUNT]; /* NAN: too few pairs */
} measured;

typedef struct { /* one indicator while it is compared */
    const wijk_indicator *of;
    int from_period, to_period;
    double *from, *to, *people; /* by label of the pair's b (source), a (target), a; NAN unknown */
    double *ours, *naive;       /* by target: converted values, later their errors */
} comparison;

static int size_class(double people)
{
    int class = 0;
    while (class + 1 < CLASS_COUNT && people >= CLASSES[class + 1]) {
        class ++;
    }
    return class;
}

/* Values of one layer by label; NAN where there is none. */
static int read_layer(double *values, wijk_links *links, const wijk_layer *layer, int indicator,
                      int period)
{
    for (size_t i = 0; i < layer->count; i++) {
        values[i] = NAN;
    }
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT area_id, value FROM layer_value WHERE indicator_id = ?1"
                      " AND level = ?2 AND vintage = ?3 AND period = ?4");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, layer->level);
    wijk_bind_int(stmt, 3, layer->vintage);
    wijk_bind_int(stmt, 4, period);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const int64_t *at = wijk_layer_find(layer, wijk_col_int(stmt, 0));
        if (at) {
            values[at - layer->ids] = wijk_col_double(stmt, 1);
        }
    }
    return rc;
}

/* The two periods of an indicator in the two layers that lie closest; the newest of equals. */
static int closest_periods(int *to, int *from, wijk_links *links, const wijk_layer_pair *pair,
                           int indicator)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT t.period, f.period FROM series t JOIN series f"
                      " ON f.indicator_id = t.indicator_id WHERE t.indicator_id = ?1"
                      " AND t.level = ?2 AND t.vintage = ?3 AND f.level = ?4 AND f.vintage = ?5"
                      " AND abs(t.period - f.period) <= ?6"
                      " ORDER BY abs(t.period - f.period), t.period DESC LIMIT 1");
    const int64_t key[] = {indicator,      pair->a->level,   pair->a->vintage,
                           pair->b->level, pair->b->vintage, MOST_YEARS_APART};
    for (int i = 0; i < 6; i++) {
        wijk_bind_int(stmt, i + 1, key[i]);
    }
    int rc = wijk_step(stmt);
    *to = *from = 0;
    if (rc == 1) {
        *to = (int)wijk_col_int(stmt, 0);
        *from = (int)wijk_col_int(stmt, 1);
        wijk_reset(stmt);
        rc = WIJK_OK;
    }
    return rc;
}

/* ---- one indicator ---------------------------------------------------------------------- */

typedef struct { /* overlaps of one target */
    const wijk_overlap *first;
    size_t count;
    double people; /* of the target, all of it */
} target;

/* As wijk_geo_convert does it; NAN when the cover is too small. */
static double converted(const comparison *c, const wijk_layer_pair *pair, const target *t)
{
    double sum = 0, covered = 0;
    for (size_t i = 0; i < t->count; i++) {
        const wijk_overlap *at = &t->first[i];
        if (at->b == WIJK_NO_LABEL || isnan(c->from[at->b])) {
            continue;
        }
        double share = c->of->joining == WIJK_JOIN_SUM ? at->people / pair->total_b[at->b].people
                                                       : at->people / t->people;
        sum += share * c->from[at->b];
        covered += at->people / t->people;
    }
    if (covered < LEAST_COVER) {
        return NAN;
    }
    return c->of->joining == WIJK_JOIN_SUM ? sum : sum / covered;
}

/* The dumbest method: a mean is that of the source that holds most of the target's land; a count is
 * handed out by land. */
static double naive(const comparison *c, const wijk_layer_pair *pair, const target *t)
{
    double sum = 0, most = 0, value = NAN;
    for (size_t i = 0; i < t->count; i++) {
        const wijk_overlap *at = &t->first[i];
        if (at->b == WIJK_NO_LABEL || isnan(c->from[at->b])) {
            continue;
        }
        sum += c->from[at->b] * at->land / pair->total_b[at->b].land;
        if (at->land > most) {
            most = at->land;
            value = c->from[at->b];
        }
    }
    return c->of->joining == WIJK_JOIN_SUM ? sum : value;
}

/* Converted values of all targets by ours and by the dumbest method; NAN where they cannot be
 * compared. */
static void convert_all(comparison *c, const wijk_layer_pair *pair)
{
    for (size_t i = 0; i < pair->a->count; i++) {
        c->ours[i] = c->naive[i] = NAN;
    }
    for (size_t i = 0, end; i < pair->swept.count; i = end) {
        uint32_t a = pair->swept.overlaps[i].a;
        for (end = i + 1; end < pair->swept.count && pair->swept.overlaps[end].a == a;) {
            end++;
        }
        if (a == WIJK_NO_LABEL || isnan(c->to[a]) || isnan(c->people[a]) ||
            (c->of->joining == WIJK_JOIN_SUM && !(c->to[a] > 0))) {
            continue;
        }
        target t = {&pair->swept.overlaps[i], end - i, pair->total_a[a].people};
        c->ours[a] = converted(c, pair, &t);
        c->naive[a] = naive(c, pair, &t);
    }
}

/* Brings converted values from their year to that of the published ones: by the national ratio, or
 * for scores (which have no zero) by the national difference. */
static void remove_drift(comparison *c, size_t targets)
{
    if (c->from_period == c->to_period) {
        return;
    }
    int sum = c->of->joining == WIJK_JOIN_SUM, score = !strcmp(c->of->kind, "score");
    wijk_sum ours = {0}, truth = {0}, weights = {0};
    for (size_t i = 0; i < targets; i++) {
        if (!isnan(c->ours[i])) {
            double weight = sum ? 1 : c->people[i];
            wijk_sum_add(&ours, weight * c->ours[i]);
            wijk_sum_add(&truth, weight * c->to[i]);
            wijk_sum_add(&weights, weight);
        }
    }
    double o = wijk_sum_value(&ours), t = wijk_sum_value(&truth), w = wijk_sum_value(&weights);
    double ratio = !score && o > 0 && t > 0 ? t / o : 1, shift = score && w > 0 ? (t - o) / w : 0;
    for (size_t i = 0; i < targets; i++) {
        c->ours[i] = c->ours[i] * ratio + shift;
        c->naive[i] = c->naive[i] * ratio + shift;
    }
}

/* Turns values into errors; relative for counts. */
static void subtract_truth(comparison *c, size_t targets)
{
    for (size_t i = 0; i < targets; i++) {
        double unit = c->of->joining == WIJK_JOIN_SUM ? c->to[i] : 1;
        c->ours[i] = (c->ours[i] - c->to[i]) / unit;
        c->naive[i] = (c->naive[i] - c->to[i]) / unit;
    }
}

static int store_error(wijk_links *links, int indicator, int class, int64_t pairs,
                       const double figures[4])
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "INSERT INTO conversion_error(indicator_id, size_class, pairs, bias, mae,"
                      " p90, naive_mae) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, CLASSES[class]);
    wijk_bind_int(stmt, 3, pairs);
    for (int i = 0; i < 4; i++) {
        wijk_bind_double(stmt, 4 + i, figures[i]);
    }
    return wijk_run(stmt);
}

/* Bias, mean absolute error, its 90th percentile and the naive one, of one size class. `scratch`
 * has room for all targets. */
static int summarise(measured *out, wijk_links *links, const comparison *c, size_t targets,
                     int class, double *scratch)
{
    size_t n = 0;
    wijk_sum bias = {0}, mae = {0}, naive_mae = {0};
    for (size_t i = 0; i < targets; i++) {
        if (!isnan(c->ours[i]) && size_class(c->people[i]) == class) {
            wijk_sum_add(&bias, c->ours[i]);
            wijk_sum_add(&mae, fabs(c->ours[i]));
            wijk_sum_add(&naive_mae, fabs(c->naive[i]));
            scratch[n++] = fabs(c->ours[i]);
        }
    }
    out->p90[class] = NAN;
    if (n < FEWEST_PAIRS) {
        return WIJK_OK;
    }
    double count = (double)n;
    out->p90[class] = wijk_quantile(scratch, n, 0.9);
    const double figures[4] = {wijk_sum_value(&bias) / count, wijk_sum_value(&mae) / count,
                               out->p90[class], wijk_sum_value(&naive_mae) / count};
    return store_error(links, c->of->id, class, (int64_t)n, figures);
}

static int measure_one(measured *out, int *done, wijk_links *links, comparison *c,
                       const wijk_layer_pair *pair, double *scratch)
{
    *done = 0;
    int rc = closest_periods(&c->to_period, &c->from_period, links, pair, c->of->id);
    if (rc || !c->to_period) {
        return rc;
    }
    rc = read_layer(c->to, links, pair->a, c->of->id, c->to_period);
    rc = rc ? rc : read_layer(c->from, links, pair->b, c->of->id, c->from_period);
    if (rc) {
        return rc;
    }
    convert_all(c, pair);
    remove_drift(c, pair->a->count);
    subtract_truth(c, pair->a->count);
    for (int class = 0; !rc && class < CLASS_COUNT; class ++) {
        rc = summarise(out, links, c, pair->a->count, class, scratch);
        *done |= !isnan(out->p90[class]);
    }
    return rc;
}

/* ---- indicators without a measurement --------------------------------------------------- */

/* How widely an indicator differs between areas (p90 − p10), from its layer of most areas; NAN when
 * none is known. Read from the file: the registry may be older than the derived tables. */
static int find_spread(double *spread, wijk_links *links, int indicator)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT p90 - p10 FROM series WHERE indicator_id = ?1 AND p90 > p10"
                      " ORDER BY areas DESC, period DESC LIMIT 1");
    wijk_bind_int(stmt, 1, indicator);
    int rc = wijk_step(stmt);
    *spread = rc == 1 ? wijk_col_double(stmt, 0) : NAN;
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

/* The worst of what was measured: relative errors for counts; for means, errors in units of their
 * spread. A class too small to measure takes the worst of all classes. */
typedef struct {
    double sum[CLASS_COUNT], mean[CLASS_COUNT];
} worst_errors;

static void take_worst(worst_errors *worst, const measured *m, const wijk_indicator *of,
                       double spread)
{
    for (int class = 0; class < CLASS_COUNT; class ++) {
        double *at = of->joining == WIJK_JOIN_SUM ? &worst->sum[class] : &worst->mean[class];
        double scale = of->joining == WIJK_JOIN_SUM ? 1 : spread;
        if (!isnan(m->p90[class]) && scale > 0) {
            *at = fmax(*at, m->p90[class] / scale);
        }
    }
}

static void fill_gaps(double errors[CLASS_COUNT])
{
    double most = 0;
    for (int class = 0; class < CLASS_COUNT; class ++) {
        most = fmax(most, errors[class]);
    }
    for (int class = 0; class < CLASS_COUNT; class ++) {
        errors[class] = errors[class] > 0 ? errors[class] : most;
    }
}

static int borrow(wijk_links *links, const wijk_indicator *of, const worst_errors *worst)
{
    const double *errors = of->joining == WIJK_JOIN_SUM ? worst->sum : worst->mean;
    double spread = 1;
    int rc = of->joining == WIJK_JOIN_SUM ? WIJK_OK : find_spread(&spread, links, of->id);
    for (int class = 0; !rc && class < CLASS_COUNT && spread > 0; class ++) {
        double off = errors[class] * spread;
        if (off > 0) {
            const double figures[4] = {0, off, off, off};
            rc = store_error(links, of->id, class, 0, figures);
        }
    }
    return rc;
}

/* ---- the whole -------------------------------------------------------------------------- */

/* The newest published wijken against postcodes. */
static const wijk_layer_pair *measuring_pair(const wijk_links *links)
{
    const wijk_layer_pair *best = NULL;
    for (size_t i = 0; i < links->pair_count; i++) {
        const wijk_layer_pair *at = &links->pairs[i];
        if (at->a->level == WIJK_WIJK && at->a->own && at->b->level == WIJK_PC4 &&
            (!best || at->a->vintage > best->a->vintage)) {
            best = at;
        }
    }
    return best;
}

static int measure_all(wijk_links *links, comparison *c, const wijk_layer_pair *pair,
                       double *scratch, unsigned char *known, worst_errors *worst)
{
    const wijk_indicator *population = wijk_indicator_by_code(links->registry, "population");
    int to = 0, from = 0, rc = WIJK_OK;
    if (population) {
        rc = closest_periods(&to, &from, links, pair, population->id);
        rc = rc ? rc : read_layer(c->people, links, pair->a, population->id, to);
    }
    for (size_t i = 0; !rc && to && i < wijk_indicator_count(links->registry); i++) {
        c->of = wijk_indicator_at(links->registry, i);
        if (!wijk_can_convert(links->registry, c->of)) {
            continue;
        }
        measured m;
        int done;
        rc = measure_one(&m, &done, links, c, pair, scratch);
        double spread = NAN;
        rc = rc || !done ? rc : find_spread(&spread, links, c->of->id);
        if (!rc && done) {
            known[i] = 1;
            take_worst(worst, &m, c->of, spread);
        }
        rc = rc ? rc : wijk_checkpoint(links->ctx);
    }
    return rc;
}

int wijk_conversion_measure(wijk_links *links)
{
    const wijk_layer_pair *pair = measuring_pair(links);
    if (!pair) {
        return WIJK_OK;
    }
    size_t a = pair->a->count + 1, b = pair->b->count + 1;
    size_t indicators = wijk_indicator_count(links->registry);
    double *block = wijk_alloc((5 * a + b) * sizeof *block);
    unsigned char *known = wijk_alloc(indicators + 1);
    int rc = block && known ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        comparison c = {.to = block,
                        .people = block + a,
                        .ours = block + 2 * a,
                        .naive = block + 3 * a,
                        .from = block + 5 * a};
        worst_errors worst = {0};
        rc = measure_all(links, &c, pair, block + 4 * a, known, &worst);
        fill_gaps(worst.sum);
        fill_gaps(worst.mean);
        for (size_t i = 0; !rc && i < indicators; i++) {
            const wijk_indicator *of = wijk_indicator_at(links->registry, i);
            if (!known[i] && wijk_can_convert(links->registry, of)) {
                rc = borrow(links, of, &worst);
            }
        }
    }
    wijk_free(block);
    wijk_free(known);
    return rc;
}
