/* How far the model was off, beside two dumb forecasts. The idea: absolute errors of the same areas
 * side by side, so that what made all of them hard cancels; gemeenten are the units of chance where
 * there are ten or more, for their areas move together. */
#include "foresee/backtest.h"
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLUSTERS_LEAST = 10 };

typedef struct { /* one item at one wave */
    double seen, start, same, trend, half;
    double households;
    uint32_t cluster, region;
    wijk_band band;
} scored;

static int in_size(const scored *s, int size)
{
    return size == WIJK_BACKTEST_ALL || size == (int)wijk_backtest_size_of(s->households);
}

/* What was seen in the unit that is scored: households are percent of the start. */
static double in_unit(const backtest_items *items, int measure, int wave, size_t i)
{
    double value = items->seen[wave] ? items->seen[wave][i] : NAN;
    return measure == WIJK_BACKTEST_HOUSEHOLDS ? 100 * value / items->seen[WAVE_START][i] : value;
}

static double region_households(const backtest_town *t, size_t region)
{
    double sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        sum += t->region[i] == region ? t->households[i] : 0;
    }
    return sum;
}

/* 1 when this item can be scored. */
static int score_item(scored *out, const backtest_town *t, int measure, int end, size_t i,
                      double *values)
{
    const backtest_items *items = &t->items[measure];
    size_t n = items_of(t, measure), replicates = t->options->replicates;
    int movers = measure == WIJK_BACKTEST_LEAVERS, wave = WAVE_END + end;
    size_t region = movers ? i / START_MOVER_AGES : t->region[i];
    out->households = movers ? region_households(t, region) : t->households[i];
    out->region = (uint32_t)region;
    out->cluster = t->n_regions >= CLUSTERS_LEAST ? (uint32_t)region : (uint32_t)i;
    out->start = in_unit(items, measure, WAVE_START, i);
    out->seen = in_unit(items, measure, wave, i);
    double before = in_unit(items, measure, WAVE_BEFORE, i);
    double span = wave_year(t->what, wave) - t->what->start,
           past = t->what->start - t->what->before;
    out->same = out->start;
    out->trend = out->start + (out->start - before) * span / past;
    out->half = items->half[i];
    memcpy(values, items->said + ((size_t)end * n + i) * replicates, replicates * sizeof *values);
    for (size_t r = 0; r < replicates; r++) {
        if (!isfinite(values[r])) {
            return 0;
        }
    }
    out->band = ensemble_band(values, replicates);
    return out->households >= WIJK_BACKTEST_LEAST && isfinite(out->start) && isfinite(out->seen);
}

/* Standard error of the mean of `gain` over items, by clusters, which stand together. */
static double clustered_error(const scored *items, size_t n, int size, double mean, size_t counted)
{
    double sum = 0, within = 0;
    for (size_t i = 0; i < n; i++) {
        if (in_size(&items[i], size)) {
            within += fabs(items[i].same - items[i].seen) -
                      fabs(items[i].band.median - items[i].seen) - mean;
        }
        if (i + 1 == n || items[i + 1].cluster != items[i].cluster) {
            sum += within * within;
            within = 0;
        }
    }
    return sqrt(sum) / (double)counted;
}

static int add_row(wijk_backtest *out, const wijk_backtest_row *row)
{
    wijk_backtest_row *moved = wijk_realloc(out->rows, (out->n_rows + 1) * sizeof *moved);
    if (!moved) {
        return WIJK_ENOMEM;
    }
    out->rows = moved;
    out->rows[out->n_rows++] = *row;
    return WIJK_OK;
}

static int sum_up(wijk_backtest *out, const backtest_town *t, int measure, int end, int size,
                  const scored *items, size_t n)
{
    wijk_backtest_row row = {.from = t->what->start,
                             .to = t->what->ends[end],
                             .measure = (wijk_backtest_measure)measure,
                             .size = (wijk_backtest_size)size,
                             .hindsight = NAN,
                             .grows = NAN,
                             .held = NAN,
                             .held_low = NAN,
                             .held_high = NAN};
    wijk_sum error = {0}, same = {0}, trend = {0}, bias = {0}, changed = {0};
    double in50 = 0, in90 = 0;
    snprintf(row.town, sizeof row.town, "%s", t->what->town);
    for (size_t i = 0; i < n; i++) {
        const scored *s = &items[i];
        if (!in_size(s, size)) {
            continue;
        }
        row.areas++;
        wijk_sum_add(&error, fabs(s->band.median - s->seen));
        wijk_sum_add(&same, fabs(s->same - s->seen));
        wijk_sum_add(&trend, fabs(s->trend - s->seen));
        wijk_sum_add(&bias, s->band.median - s->seen);
        wijk_sum_add(&changed, s->seen - s->start);
        in50 += s->seen >= s->band.low50 - s->half && s->seen <= s->band.high50 + s->half;
        in90 += s->seen >= s->band.low90 - s->half && s->seen <= s->band.high90 + s->half;
    }
    double areas = (double)row.areas;
    if (row.areas == 0) {
        return WIJK_OK;
    }
    row.error = wijk_sum_value(&error) / areas;
    row.same = wijk_sum_value(&same) / areas;
    row.trend = wijk_sum_value(&trend) / areas;
    row.bias = wijk_sum_value(&bias) / areas;
    row.changed = wijk_sum_value(&changed) / areas;
    row.gain = row.same - row.error;
    double off = 1.959963984540054 * clustered_error(items, n, size, row.gain, row.areas);
    row.gain_low = row.gain - off;
    row.gain_high = row.gain + off;
    row.in50 = in50 / areas;
    row.in90 = in90 / areas;
    wijk_share_interval(&row.in50_low, &row.in50_high, in50, areas);
    wijk_share_interval(&row.in90_low, &row.in90_high, in90, areas);
    return add_row(out, &row);
}

static int keep_misses(backtest_scores *out, const backtest_town *t, int measure, int end,
                       const scored *items, size_t n)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < n; i++) {
        const scored *s = &items[i];
        rc = backtest_add_score(
            out, &(backtest_scored){.town = t->what->town,
                                    .from = t->what->start,
                                    .to = t->what->ends[end],
                                    .measure = measure,
                                    .region = s->region,
                                    .households = s->households,
                                    .miss = fabs(s->band.median - s->seen) / t->scale[measure]});
    }
    return rc;
}

static int score_measure(wijk_backtest *out, backtest_scores *scores, const backtest_town *t,
                         int measure, int end)
{
    size_t n = items_of(t, measure), kept = 0;
    scored *items = wijk_alloc((n + 1) * sizeof *items);
    double *values = wijk_alloc(t->options->replicates * sizeof *values);
    int rc = items && values ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        kept += (size_t)score_item(&items[kept], t, measure, end, i, values);
    }
    for (int size = 0; !rc && size < WIJK_BACKTEST_SIZES; size++) {
        rc = sum_up(out, t, measure, end, size, items, kept);
    }
    rc = rc ? rc : keep_misses(scores, t, measure, end, items, kept);
    wijk_free(items);
    wijk_free(values);
    return rc;
}

static int add_fed(wijk_backtest *out, const backtest_town *t, int end)
{
    wijk_backtest_fed *moved = wijk_realloc(out->fed, (out->n_fed + 1) * sizeof *moved);
    if (!moved) {
        return WIJK_ENOMEM;
    }
    out->fed = moved;
    wijk_backtest_fed *fed = &out->fed[out->n_fed++];
    *fed = (wijk_backtest_fed){.from = t->what->start,
                               .to = t->what->ends[end],
                               .owner = t->fed[end][SEED_OWNER],
                               .social = t->fed[end][SEED_SOCIAL],
                               .private_rent = t->fed[end][SEED_PRIVATE]};
    snprintf(fed->town, sizeof fed->town, "%s", t->what->town);
    return WIJK_OK;
}

int backtest_score(wijk_backtest *out, backtest_scores *scores, const backtest_town *t)
{
    int rc = WIJK_OK;
    for (int end = 0; !rc && end < waves_of(t->what) - WAVE_END; end++) {
        for (int m = 0; !rc && m < WIJK_BACKTEST_MEASURES; m++) {
            rc = t->items[m].said ? score_measure(out, scores, t, m, end) : WIJK_OK;
        }
        rc = rc ? rc : add_fed(out, t, end);
    }
    return rc;
}
