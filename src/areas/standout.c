/* What stands out: robust distances from the median of all areas of the level. Words and order are
 * made elsewhere; this file only decides which figures. */
#include "wijk/standout.h"

#include "areas/registry.h"

#include <math.h>
#include <string.h>

static const double ROBUST_SD = 1.349; /* interquartile range of a normal distribution, in sd */
static const double LEAST_COVER = 0.6; /* of a map, to speak for the country */
static const double FULL_COVER = 0.9;  /* of a map, to be as good as all of it */

const wijk_series *wijk_series_country(const wijk_registry *registry, int indicator,
                                       enum wijk_level level, int vintage, int period)
{
    enum { FEW = 8 }; /* of fewer areas a middle half says nothing */
    int least = (int)(LEAST_COVER * wijk_registry_areas(registry, level));
    least = least < FEW ? FEW : least;
    const wijk_series *best = wijk_series_find(registry, indicator, level, vintage, period);
    if (best && best->areas >= least) {
        return best;
    }
    best = NULL;
    size_t count;
    const wijk_series *all = wijk_series_of(&count, registry, indicator);
    for (size_t i = 0; i < count; i++) {
        if (all[i].level == level && all[i].period == period && all[i].areas >= least &&
            (!best || all[i].areas > best->areas)) {
            best = &all[i];
        }
    }
    return best;
}

/* Part of the areas of a series' own map that it covers, 0..1. A city's own division and loose
 * squares are no map of the country. */
static double cover(const wijk_registry *registry, const wijk_series *series)
{
    if (series->level < WIJK_GEMEENTE || series->level > WIJK_PC4) {
        return 0;
    }
    const wijk_indicator *population = wijk_indicator_by_code(registry, "population");
    size_t count = 0;
    const wijk_series *all = population ? wijk_series_of(&count, registry, population->id) : NULL;
    int most = wijk_registry_areas(registry, series->level), here = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].level == series->level && all[i].vintage == series->vintage) {
            here = all[i].areas > here ? all[i].areas : here;
        }
    }
    /* A map of one city has its own full count; a map of the country has most of the most. */
    double whole = here * 2 >= most ? here : most;
    return whole > 0 ? fmin(series->areas / whole, 1) : 0;
}

/* The coarsest map is the most complete: what happened in no known buurt is in the gemeente. */
static int better_cover(const wijk_series *series, double covered, const wijk_series *best,
                        double best_covered)
{
    int full = covered >= FULL_COVER, best_full = best_covered >= FULL_COVER;
    if (!best || full != best_full) {
        return !best || full;
    }
    return series->level != best->level
               ? full ? series->level < best->level : covered > best_covered
               : series->areas > best->areas;
}

double wijk_country_mean(const wijk_registry *registry, int indicator, int period)
{
    size_t count;
    const wijk_series *all = wijk_series_of(&count, registry, indicator), *best = NULL;
    double best_covered = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].level == WIJK_LAND && all[i].period == period && isfinite(all[i].p50)) {
            return all[i].p50; /* published for the country itself */
        }
        if (all[i].period != period || !isfinite(all[i].mean)) {
            continue;
        }
        double covered = cover(registry, &all[i]);
        if (covered >= LEAST_COVER && better_cover(&all[i], covered, best, best_covered)) {
            best = &all[i];
            best_covered = covered;
        }
    }
    return best ? best->mean : NAN;
}

/* Figures that a resident can place: what the glance panel shows, what similarity rests on, and
 * whatever has a better and a worse end. Counts follow the size of the area and say nothing. */
static int tells_something(const wijk_indicator *it)
{
    int worth = it->key || it->similar > 0 || it->direction != WIJK_DIRECTION_NONE;
    int kind = !strcmp(it->kind, "share") || !strcmp(it->kind, "mean") ||
               !strcmp(it->kind, "rate") || !strcmp(it->kind, "score");
    /* Livability has a sentence of its own. */
    return worth && kind && !it->origin && strcmp(it->theme, "livability") != 0;
}

static int trustworthy(const wijk_value *value)
{
    return value->mark == WIJK_MARK_VALUE && !(value->flags & (WIJK_GREY | WIJK_PROTECTED)) &&
           value->origin != WIJK_BORROWED && value->origin != WIJK_UNCHECKED;
}

static double robust_score(const wijk_value *value, const wijk_series *spread, int decimals)
{
    double range = spread->p75 - spread->p25;
    if (!(range >= pow(10, -decimals))) {
        return 0; /* on screen all would look the same */
    }
    int high = value->value > spread->p90 && !(value->low <= spread->p75);
    int low = value->value < spread->p10 && !(value->high >= spread->p25);
    return high || low ? (value->value - spread->p50) / (range / ROBUST_SD) : 0;
}

static void insert_sorted(wijk_standout out[WIJK_STANDOUTS], size_t *count, wijk_standout one)
{
    for (size_t i = 0; i < *count; i++) {
        if (!strcmp(out[i].indicator->theme, one.indicator->theme)) {
            if (fabs(one.score) <= fabs(out[i].score)) {
                return;
            }
            memmove(&out[i], &out[i + 1], (*count - i - 1) * sizeof *out);
            --*count;
            break;
        }
    }
    size_t at = 0;
    while (at < *count && fabs(out[at].score) >= fabs(one.score)) {
        at++;
    }
    if (at == WIJK_STANDOUTS) {
        return;
    }
    *count += *count < WIJK_STANDOUTS;
    memmove(&out[at + 1], &out[at], (*count - at - 1) * sizeof *out);
    out[at] = one;
}

size_t wijk_standouts(wijk_standout out[WIJK_STANDOUTS], size_t *compared, const wijk_facts *facts,
                      const wijk_registry *registry)
{
    size_t count = 0;
    *compared = 0;
    enum wijk_level level = facts->area.level == WIJK_OWN ? WIJK_BUURT : facts->area.level;
    for (size_t i = 0; i < facts->count; i++) {
        int indicator = facts->values[i].indicator;
        if (i && facts->values[i - 1].indicator == indicator) {
            continue;
        }
        const wijk_indicator *it = wijk_indicator_by_id(registry, indicator);
        const wijk_value *newest = wijk_facts_find(facts, indicator, 0);
        if (!it || !tells_something(it) || !trustworthy(newest)) {
            continue;
        }
        const wijk_series *spread =
            wijk_series_country(registry, indicator, level, facts->area.vintage, newest->period);
        if (!spread) {
            continue;
        }
        ++*compared;
        double score = robust_score(newest, spread, it->decimals);
        if (score != 0) {
            insert_sorted(out, &count, (wijk_standout){it, newest, spread, score});
        }
    }
    return count;
}
