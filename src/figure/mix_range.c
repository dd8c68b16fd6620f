/* What rounding and withholding leave open about the measures: tables of whole homes or people that
 * fit everything published are drawn, and the measures of those tables make the range. Where
 * nothing was rounded there is nothing to draw. */
#include "figure/mix.h"

#include "figure/mix_bands.h"

#include "wijk/err.h"
#include "wijk/rounding.h"

#include <math.h>
#include <string.h>

enum { MOST_AREAS = 200 };

/* A share of a base of which the groups are not everybody (an owner may be unknown) is a count by
 * itself. */
static wijk_published published(const wijk_group_cell *cell, const wijk_group_cell *total,
                                int adds_up)
{
    static const wijk_group_cell one = {.value = 1, .low = 1, .high = 1};
    int as_count = cell->share && !adds_up && total;
    const wijk_group_cell *of = as_count ? total : &one;
    return (wijk_published){.value = cell->value * of->value,
                            .low = cell->low * of->low,
                            .high = cell->high * of->high,
                            .share = cell->share && !as_count};
}

/* 1 when every cell is known to the nearest whole home or person. */
static int is_exact(const wijk_grouped *table)
{
    for (size_t i = 0; i < table->areas * table->groups; i++) {
        const wijk_group_cell *cell = &table->cells[i];
        if (cell->withheld || cell->share || !(cell->high - cell->low <= 1)) {
            return 0;
        }
    }
    return 1;
}

int mix_table_of(wijk_published_table *out, wijk_arena *arena, const wijk_grouped *table)
{
    size_t n = table->areas * table->groups;
    wijk_published *cells = wijk_arena_alloc(arena, (n + 1) * sizeof *cells);
    wijk_published *totals = wijk_arena_alloc(arena, (table->areas + 1) * sizeof *totals);
    int adds_up = table->rest >= 0 && table->total;
    if (!cells || !totals) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < table->areas; i++) {
        for (size_t g = 0; g < table->groups; g++) {
            cells[i * table->groups + g] =
                published(&table->cells[i * table->groups + g],
                          table->total ? &table->total[i] : NULL, adds_up);
        }
        if (adds_up) {
            totals[i] = published(&table->total[i], NULL, 1);
        }
    }
    *out = (wijk_published_table){cells, adds_up ? totals : NULL, table->areas, table->groups};
    return WIJK_OK;
}

static void take(wijk_mix_measure *at, const wijk_rounding_range *range)
{
    at->low = range->low;
    at->high = range->high;
    at->corrected = range->corrected;
}

static int ranges_of(wijk_rounding *out, mix_work *w, const wijk_grouped *grouped, int draws)
{
    wijk_published_table table;
    const wijk_rounding_options options = {0.9, (size_t)draws, 1};
    int rc = mix_table_of(&table, w->arena, grouped);
    return rc ? rc : wijk_rounding_all(out, NULL, &table, &options, NULL);
}

int mix_ranges(mix_work *w, int draws)
{
    wijk_mix *mix = w->out;
    for (size_t i = 0; i < WIJK_MIX_MEASURES; i++) {
        wijk_mix_measure *at = &mix->measure[i];
        at->low = at->high = at->corrected = NAN;
    }
    mix->exact = is_exact(&mix->grouped);
    /* A page may draw few tables of few areas; the cost is that of all cells drawn. */
    int too_many = draws <= WIJK_MIX_LOOK && mix->grouped.areas > MOST_AREAS;
    if (mix->exact || draws <= 0 || too_many) {
        return WIJK_OK;
    }
    wijk_rounding out;
    int rc = ranges_of(&out, w, &mix->grouped, draws);
    if (!rc) {
        const wijk_rounding_range *const ranges[] = {&out.dissimilarity, &out.theil, &out.mutual,
                                                     &out.gini, &out.simpson};
        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
            take(&mix->measure[i], ranges[i]);
        }
        mix->ranged = 1;
    }
    return rc;
}

int mix_range_of(double *low, double *high, mix_work *w, const wijk_grouped *table, int draws)
{
    wijk_rounding out;
    wijk_segregation all;
    int exact = is_exact(table);
    int rc = exact ? wijk_segregation_all(&all, table->counts, table->areas, table->groups)
                   : ranges_of(&out, w, table, draws);
    *low = rc ? NAN : exact ? all.dissimilarity : out.dissimilarity.low;
    *high = rc ? NAN : exact ? all.dissimilarity : out.dissimilarity.high;
    return rc;
}

int mix_scale_bands(mix_work *w, const double *counts, const double *x, const double *y, int draws)
{
    wijk_mix *mix = w->out;
    int too_many = draws <= WIJK_MIX_LOOK && mix->placed > MOST_AREAS;
    double radii[WIJK_MIX_RADII];
    mix->banded = 0;
    if (draws <= 0 || too_many || mix->scale_count < 2) {
        return WIJK_OK;
    }
    for (size_t i = 0; i < mix->scale_count; i++) {
        radii[i] = i ? mix->scale[i].radius : 0.01; /* of a point: nobody but its own */
    }
    const mix_profile profile = {radii,       mix->scale_count,   counts, x, y,
                                 mix->placed, mix->grouped.groups};
    int rc = mix_profile_band(mix->scale_low, mix->scale_high, &profile,
                              draws <= WIJK_MIX_LOOK ? 99 : 399);
    mix->banded = !rc && isfinite(mix->scale_low[0]);
    return rc;
}

/* The band of one year; the year that is shown has its range already. */
static int range_moment(mix_work *w, wijk_mix_moment *at, int draws)
{
    wijk_mix *mix = w->out;
    if (!memcmp(&at->layer, &mix->layer, sizeof at->layer)) {
        at->low = mix->measure[0].low;
        at->high = mix->measure[0].high;
        return WIJK_OK;
    }
    wijk_grouped grouped;
    wijk_rounding out;
    int rc = wijk_grouped_read(&grouped, w->store, w->registry, w->arena, mix->grouping, at->layer,
                               mix->whole.id);
    if (rc || is_exact(&grouped)) {
        return rc;
    }
    rc = ranges_of(&out, w, &grouped, draws);
    at->low = rc ? NAN : out.dissimilarity.low;
    at->high = rc ? NAN : out.dissimilarity.high;
    return rc;
}

int mix_history_ranges(mix_work *w, int draws)
{
    wijk_mix *mix = w->out;
    size_t parts = 0;
    for (size_t i = 0; i < mix->history_count; i++) {
        parts += mix->history[i].areas;
    }
    if (!mix->ranged || (draws <= WIJK_MIX_LOOK && parts > MOST_AREAS)) {
        return WIJK_OK;
    }
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < mix->history_count; i++) {
        rc = range_moment(w, &mix->history[i], draws);
    }
    return rc;
}
