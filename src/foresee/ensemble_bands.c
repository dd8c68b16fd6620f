/* What an ensemble says: the middle and the bands over its replicates, and which parameters move
 * the difference. Bands are of the replicates as they came: no shape is assumed. */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>

wijk_band ensemble_band(double *values, size_t n)
{
    double low90 = wijk_quantile(values, n, 0.05);
    return (wijk_band){low90, wijk_quantile(values, n, 0.25), wijk_quantile(values, n, 0.5),
                       wijk_quantile(values, n, 0.75), wijk_quantile(values, n, 0.95)};
}

wijk_band ensemble_pairs_band(double *values, size_t n)
{
    return n == 1 ? (wijk_band){NAN, NAN, values[0], NAN, NAN} : ensemble_band(values, n);
}

static double no_less(double value, double least)
{
    return value < least ? least : value; /* NAN stays */
}

/* With the policy is without it and the difference: three middles of their own would not add up,
 * for the worlds lie much further apart than what the policy does in each. */
static wijk_band with_policy(const wijk_band *nothing, const wijk_band *difference, double least)
{
    double from = nothing->median;
    return (wijk_band){
        no_less(from + difference->low90, least), no_less(from + difference->low50, least),
        no_less(from + difference->median, least), no_less(from + difference->high50, least),
        no_less(from + difference->high90, least)};
}

/* Puts in place of the policy's own band the one that is told. Few by its own middle, or by that of
 * the band that is told: either would show somebody. */
static void tell_policy(wijk_bands *out, const double *values, size_t n, int people, double least)
{
    if (people) {
        ensemble_withhold_few(out, values, values + n, n);
    }
    if (!out->few) {
        out->scenario = with_policy(&out->nothing, &out->difference, least);
        if (people) {
            ensemble_withhold_few(out, values, values + n, n);
        }
    }
}

typedef struct { /* cells that are added up: `count` of them, `step` apart */
    size_t scenario, nothing, step, count;
    int people; /* what they count: withheld where it is few */
} cells;

/* Both sides over the replicates. One cell that is withheld withholds all: how often a group is
 * small is nobody's business either. */
static int bands_over(wijk_bands *out, const wijk_ensemble *e, const cells *of)
{
    static const wijk_band none = {NAN, NAN, NAN, NAN, NAN};
    size_t n = ensemble_replicates(e);
    double *values = wijk_alloc(3 * n * sizeof *values);
    *out = (wijk_bands){none, none, none, 0};
    if (!values) {
        return WIJK_ENOMEM;
    }
    int missing = 0, negative = 0;
    for (size_t r = 0; r < n; r++) {
        const int32_t *row = ensemble_of(e, r);
        int64_t with = 0, without = 0;
        for (size_t k = 0; k < of->count; k++) {
            int32_t a = row[of->scenario + k * of->step], b = row[of->nothing + k * of->step];
            missing |= a == MISSING || b == MISSING;
            with += a;
            without += b;
        }
        negative |= with < 0 || without < 0;
        values[r] = (double)with;
        values[n + r] = (double)without;
        values[2 * n + r] = (double)(with - without);
    }
    if (!missing) {
        out->scenario = ensemble_pairs_band(values, n);
        out->nothing = ensemble_pairs_band(values + n, n);
        out->difference = ensemble_pairs_band(values + 2 * n, n);
        tell_policy(out, values, n, of->people, negative ? -INFINITY : 0);
    }
    wijk_free(values);
    return WIJK_OK;
}

static int outcome_over(wijk_bands *out, const wijk_ensemble *e, size_t place, uint32_t first,
                        uint32_t last, wijk_outcome outcome)
{
    if (place >= e->n_places || last > e->years || outcome >= WIJK_OUTCOMES) {
        return wijk_fail(WIJK_EINVAL, "geen plaats, jaar of uitkomst van deze berekening",
                         "no place, year or outcome of this run");
    }
    const cells of = {.scenario = ensemble_at(e, SIDE_SCENARIO, first, place, outcome),
                      .nothing = ensemble_at(e, SIDE_NOTHING, first, place, outcome),
                      .step = e->n_places * WIJK_OUTCOMES,
                      .count = last - first + 1,
                      .people = ensemble_counts_people(outcome)};
    int rc = bands_over(out, e, &of);
    if (!rc && last == 0 && ensemble_withheld_at_start(e, place, outcome)) {
        ensemble_withhold(out);
    }
    return rc;
}

int wijk_ensemble_outcome(wijk_bands *out, const wijk_ensemble *e, size_t place, uint32_t year,
                          wijk_outcome outcome)
{
    return outcome_over(out, e, place, year, year, outcome);
}

int wijk_ensemble_outcome_ever(wijk_bands *out, const wijk_ensemble *e, size_t place,
                               wijk_outcome outcome)
{
    int flow = outcome < WIJK_OUTCOMES && wijk_outcome_is_flow(outcome);
    return outcome_over(out, e, place, flow ? 1 : e->years, e->years, outcome);
}

static int group_over(wijk_bands *out, const wijk_ensemble *e, uint32_t first, uint32_t last,
                      wijk_group group, wijk_group_outcome outcome)
{
    if (last > e->years || group >= WIJK_GROUPS || outcome >= WIJK_GROUP_OUTCOMES) {
        return wijk_fail(WIJK_EINVAL, "geen jaar of groep van deze berekening",
                         "no year or group of this run");
    }
    int cell = (int)group * WIJK_GROUP_OUTCOMES + (int)outcome;
    const cells of = {.scenario = ensemble_group_at(e, SIDE_SCENARIO, first, cell),
                      .nothing = ensemble_group_at(e, SIDE_NOTHING, first, cell),
                      .step = GROUP_CELLS,
                      .count = last - first + 1,
                      .people = 1};
    return bands_over(out, e, &of);
}

int wijk_ensemble_group(wijk_bands *out, const wijk_ensemble *e, uint32_t year, wijk_group group,
                        wijk_group_outcome outcome)
{
    return group_over(out, e, year, year, group, outcome);
}

int wijk_ensemble_group_ever(wijk_bands *out, const wijk_ensemble *e, wijk_group group,
                             wijk_group_outcome outcome)
{
    int flow = outcome < WIJK_GROUP_OUTCOMES && wijk_group_outcome_is_flow(outcome);
    return group_over(out, e, flow ? 1 : e->years, e->years, group, outcome);
}

int wijk_ensemble_sure(const wijk_ensemble *e, const wijk_band *difference)
{
    int enough = ensemble_replicates(e) >= WIJK_ENSEMBLE_FEW;
    return !enough ? 0 : (difference->low90 > 0) - (difference->high90 < 0);
}

/* ---- what decides ---------------------------------------------------------------------------- */

typedef struct {
    double value;
    size_t at;
} ranked;

static int by_value(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->at > y->at) - (x->at < y->at);
}

/* Ranks less their mean; equal values share theirs. 0 when all are equal. */
static int centred_ranks(double *out, const double *values, ranked *room, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        room[i] = (ranked){values[i], i};
    }
    qsort(room, n, sizeof *room, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && room[end].value == room[i].value;) {
            end++;
        }
        for (size_t k = i; k < end; k++) {
            out[room[k].at] = ((double)i + (double)end - (double)n) / 2;
        }
    }
    return room[0].value != room[n - 1].value;
}

static double correlation(const double *x, const double *y, size_t n)
{
    wijk_sum xy = {0}, xx = {0}, yy = {0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&xy, x[i] * y[i]);
        wijk_sum_add(&xx, x[i] * x[i]);
        wijk_sum_add(&yy, y[i] * y[i]);
    }
    double size = sqrt(wijk_sum_value(&xx) * wijk_sum_value(&yy));
    return size > 0 ? wijk_sum_value(&xy) / size : 0;
}

/* The difference of a pair at HERE. NAN when withheld. */
static double difference(const wijk_ensemble *e, size_t nth, wijk_outcome outcome)
{
    const int32_t *row = ensemble_of(e, nth);
    double sum = 0;
    for (uint32_t year = wijk_outcome_is_flow(outcome) ? 1 : e->years; year <= e->years; year++) {
        int32_t with = row[ensemble_at(e, SIDE_SCENARIO, year, WIJK_ENSEMBLE_HERE, outcome)];
        int32_t without = row[ensemble_at(e, SIDE_NOTHING, year, WIJK_ENSEMBLE_HERE, outcome)];
        sum += with == MISSING || without == MISSING ? NAN : (double)with - (double)without;
    }
    return sum;
}

static int by_size(const void *a, const void *b)
{
    const wijk_influence *x = a, *y = b;
    double p = fabs(x->rank_correlation), q = fabs(y->rank_correlation);
    return p != q ? (p < q) - (p > q)
                  : (x->parameter > y->parameter) - (x->parameter < y->parameter);
}

static int correlate(wijk_influence *out, const wijk_ensemble *e, const double *ranks, double *room,
                     ranked *order, size_t n)
{
    ensemble_ranges ranges;
    wijk_parameters *draws = wijk_alloc(n * sizeof *draws);
    int rc = draws ? ensemble_ranges_read(&ranges) : WIJK_ENOMEM;
    for (size_t r = 0; !rc && r < n; r++) {
        ensemble_draw(&draws[r], &ranges, e->seed, e->first + (uint32_t)r);
    }
    /* Bonferroni over the parameters: 1 / sqrt(n - 1) is the spread of a rank correlation of what
     * has nothing to do with each other (Kendall & Gibbons 1990). */
    double bound = wijk_normal_quantile(1 - 0.025 / WIJK_PARAMETERS) / sqrt((double)n - 1);
    for (int p = 0; !rc && p < WIJK_PARAMETERS; p++) {
        for (size_t r = 0; r < n; r++) {
            room[r] = draws[r].value[p];
        }
        centred_ranks(room + n, room, order, n);
        double value = correlation(room + n, ranks, n);
        out[p] = (wijk_influence){(wijk_parameter)p, value, fabs(value) > bound};
    }
    wijk_free(draws);
    return rc;
}

int wijk_ensemble_influences(wijk_influence out[WIJK_PARAMETERS], const wijk_ensemble *e,
                             wijk_outcome outcome)
{
    size_t n = ensemble_replicates(e);
    double *room = wijk_alloc(4 * n * sizeof *room);
    ranked *order = wijk_alloc(n * sizeof *order);
    int rc = room && order ? WIJK_OK : WIJK_ENOMEM, differs = n >= WIJK_ENSEMBLE_FEW;
    for (size_t r = 0; !rc && r < n; r++) {
        room[r] = difference(e, r, outcome);
        differs = differs && isfinite(room[r]);
    }
    if (!rc && !(differs && centred_ranks(room + n, room, order, n))) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Welke aannames beslissen, is te zeggen vanaf %d paren, en als het verschil "
                       "niet in elk paar even groot is. Reken meer paren door.",
                       "Which assumptions decide can be told from %d pairs on, and where the "
                       "difference is not the same in every pair. Compute more pairs.",
                       WIJK_ENSEMBLE_FEW);
    }
    rc = rc ? rc : correlate(out, e, room + n, room + 2 * n, order, n);
    if (!rc) {
        qsort(out, WIJK_PARAMETERS, sizeof *out, by_size);
    }
    wijk_free(order);
    wijk_free(room);
    return rc;
}
