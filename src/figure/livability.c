/* The Leefbaarometer of an area: score, five parts and their history beside gemeente, similar
 * areas and country. What is shown is the deviation minus that wave's population-weighted national
 * mean, because the raw mean drifts (−0.059 in 2002, +0.015 in 2020); the raw figure stays
 * available. Versions 2.0 and 3.0 are different models and are never joined. */
#include "figure/words.h"

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One wave-to-wave step of version 3.0 has an sd of about 0.04 against a level sd of 0.11-0.13: a
 * change within two sd may be nothing. */
static const double WAVE_NOISE = 0.04, SOME = 0.04, CLEAR = 0.12;

static const struct {
    const char *version, *total, *parts[5];
} versions[] = {
    {"3.0", "lbm3_afw", {"lbm3_won", "lbm3_fys", "lbm3_vrz", "lbm3_soc", "lbm3_onv"}},
    {"2.0", "lbm2_total", {"lbm2_won", "lbm2_fys", "lbm2_vrz", "lbm2_bev", "lbm2_vei"}},
};

/* Position of a year in the trend, −1 when it has none. */
static long year_at(const wijk_trend *trend, int year)
{
    for (size_t i = 0; i < trend->count; i++) {
        if (trend->years[i] == year) {
            return (long)i;
        }
    }
    return -1;
}

static int make_room(wijk_trend *trend, wijk_arena *arena, size_t n)
{
    trend->years = wijk_arena_alloc(arena, (n + 1) * sizeof *trend->years);
    trend->flags = wijk_arena_alloc(arena, (n + 1) * sizeof *trend->flags);
    trend->origin = wijk_arena_alloc(arena, (n + 1) * sizeof *trend->origin);
    double *numbers = wijk_arena_alloc(arena, (n + 1) * (WIJK_WHOSE + 3) * sizeof *numbers);
    if (!trend->years || !trend->flags || !trend->origin || !numbers) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < (n + 1) * (WIJK_WHOSE + 3); i++) {
        numbers[i] = NAN;
    }
    for (size_t w = 0; w < WIJK_WHOSE; w++) {
        trend->value[w] = numbers + w * (n + 1);
    }
    trend->raw = numbers + WIJK_WHOSE * (n + 1);
    trend->low = trend->raw + n + 1;
    trend->high = trend->low + n + 1;
    return WIJK_OK;
}

/* The values of one indicator, all known in one way: a published year among converted ones would
 * look like a jump. When only one year was published and the conversion knows more, the conversion.
 */
static int read_history(const wijk_value **out, size_t *count, const wijk_indicator *it,
                        const wijk_drawing *d)
{
    size_t seen[WIJK_COMPUTED + 1] = {0}, usual = WIJK_PUBLISHED, n = 0;
    wijk_value *list = wijk_arena_alloc(d->arena, (d->facts->count + 1) * sizeof *list);
    for (size_t i = 0; i < d->facts->count; i++) {
        const wijk_value *v = &d->facts->values[i];
        seen[v->origin] += v->indicator == it->id && v->mark == WIJK_MARK_VALUE;
    }
    for (size_t i = 0; i <= WIJK_COMPUTED; i++) {
        usual = seen[i] > seen[usual] ? i : usual;
    }
    for (size_t i = 0; list && i < d->facts->count; i++) {
        const wijk_value *v = &d->facts->values[i];
        if (v->indicator == it->id && v->mark == WIJK_MARK_VALUE && v->origin == usual) {
            list[n++] = *v;
        }
    }
    *out = list;
    *count = n;
    if (!list || n > 1 || d->facts->area.level == WIJK_OWN) {
        return list ? WIJK_OK : WIJK_ENOMEM;
    }
    wijk_converted *converted = NULL;
    size_t more = 0;
    int rc = wijk_geo_convert(&converted, &more, d->store, d->registry, d->arena, d->facts->area.id,
                              &it->id, 1);
    if (rc || more <= n) {
        return rc;
    }
    list = wijk_arena_alloc(d->arena, more * sizeof *list);
    for (size_t i = 0; list && i < more; i++) {
        const wijk_converted *c = &converted[i];
        list[i] = (wijk_value){.indicator = it->id,
                               .period = c->period,
                               .value = c->value,
                               .low = c->low,
                               .high = c->high,
                               .origin = WIJK_CONVERTED,
                               .flags = c->flags,
                               .load = c->load,
                               .from = c->largest};
    }
    *out = list;
    *count = more;
    return list ? WIJK_OK : WIJK_ENOMEM;
}

/* Values of one similar area, known in the same way as here: published ones beside published ones,
 * converted ones beside converted ones. */
static int read_alike(const wijk_trend *trend, const wijk_drawing *d, int64_t area, double *found,
                      size_t *counts)
{
    if (trend->origin[0] == WIJK_CONVERTED) {
        wijk_converted *converted = NULL;
        size_t count = 0;
        int rc = wijk_geo_convert(&converted, &count, d->store, d->registry, d->arena, area,
                                  &trend->indicator->id, 1);
        for (size_t i = 0; !rc && i < count; i++) {
            long at = year_at(trend, converted[i].period);
            if (at >= 0) {
                found[5 * at + (long)counts[at]++] = converted[i].value;
            }
        }
        return rc;
    }
    for (size_t i = 0; i < trend->count; i++) {
        wijk_stmt *stmt = wijk_store_sql(
            d->store, "SELECT value FROM layer_value WHERE indicator_id=?1 AND level=?2 AND "
                      "vintage=?3 AND period=?4 AND area_id=?5");
        wijk_bind_int(stmt, 1, trend->indicator->id);
        wijk_bind_int(stmt, 2, d->facts->area.level);
        wijk_bind_int(stmt, 3, d->facts->area.vintage);
        wijk_bind_int(stmt, 4, trend->years[i]);
        wijk_bind_int(stmt, 5, area);
        int step = wijk_step(stmt);
        if (step < 0) {
            return step;
        }
        if (step == 1) {
            found[5 * i + counts[i]++] = wijk_col_double(stmt, 0);
            wijk_reset(stmt);
        }
    }
    return WIJK_OK;
}

static int draw_alike(wijk_trend *trend, const double *means, const wijk_drawing *d)
{
    double *found = wijk_arena_alloc(d->arena, 5 * (trend->count + 1) * sizeof *found);
    size_t *counts = wijk_arena_alloc(d->arena, (trend->count + 1) * sizeof *counts);
    int rc = found && counts ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; !rc && k < d->similar_count; k++) {
        rc = read_alike(trend, d, d->similar[k], found, counts);
    }
    for (size_t i = 0; !rc && i < trend->count; i++) {
        if (counts[i] >= 3) {
            trend->value[WIJK_ALIKE][i] = wijk_quantile(found + 5 * i, counts[i], 0.5) - means[i];
        }
    }
    return rc;
}

/* The gemeente's own figure, else the converted one that is kept for it; NAN when there is none. */
static int around_value(double *out, const wijk_drawing *d, int indicator, int period)
{
    *out = NAN;
    const wijk_value *found = d->gemeente ? wijk_facts_find(d->gemeente, indicator, period) : NULL;
    if (!d->gemeente || (found && found->mark == WIJK_MARK_VALUE)) {
        *out = found ? found->value : NAN;
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        d->store, "SELECT value FROM converted WHERE area_id=?1 AND indicator_id=?2 AND period=?3");
    wijk_bind_int(stmt, 1, d->gemeente->area.id);
    wijk_bind_int(stmt, 2, indicator);
    wijk_bind_int(stmt, 3, period);
    int step = wijk_step(stmt);
    *out = step == 1 ? wijk_col_double(stmt, 0) : NAN;
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static int draw_trend(wijk_trend *out, const wijk_indicator *it, const wijk_drawing *d, int alike)
{
    *out = (wijk_trend){.indicator = it, .label = it->label[d->lang]};
    const wijk_value *history;
    size_t n;
    int rc = read_history(&history, &n, it, d);
    rc = rc ? rc : make_room(out, d->arena, n);
    double *means = rc ? NULL : wijk_arena_alloc(d->arena, (n + 1) * sizeof *means);
    if (!means) {
        return rc ? rc : WIJK_ENOMEM;
    }
    for (; !rc && out->count < n; out->count++) {
        size_t at = out->count;
        const wijk_value *v = &history[at];
        double mean = wijk_country_mean(d->registry, it->id, v->period);
        means[at] = isfinite(mean) ? mean : 0;
        out->years[at] = v->period;
        out->raw[at] = v->value;
        out->value[WIJK_HERE][at] = v->value - means[at];
        out->low[at] = v->low - means[at];
        out->high[at] = v->high - means[at];
        out->flags[at] = v->flags;
        out->origin[at] = v->origin;
        out->value[WIJK_COUNTRY][at] = isfinite(mean) && !d->facts->area.fictional ? 0 : NAN;
        double around;
        rc = around_value(&around, d, it->id, v->period);
        out->value[WIJK_AROUND][at] = around - means[at];
    }
    return rc || !alike || !out->count ? rc : draw_alike(out, means, d);
}

/* ---- the reading --------------------------------------------------------------------------------
 */

static enum wijk_text_key level_key(double value, double low, double high)
{
    double size = fabs(value);
    int unsure = low < 0 && high > 0; /* the band holds the country's mean */
    return unsure && size >= SOME ? T_PORTRAIT_LIVE_UNSURE
           : size < SOME          ? T_PORTRAIT_LIVE_ABOUT
           : value > 0    ? (size < CLEAR ? T_PORTRAIT_LIVE_ABOVE_SOME : T_PORTRAIT_LIVE_ABOVE)
           : size < CLEAR ? T_PORTRAIT_LIVE_BELOW_SOME
                          : T_PORTRAIT_LIVE_BELOW;
}

/* The wave to compare the last one with: the nearest that lies at least four years back, so that
 * the sentence is about a development and not about one step. */
static long earlier_wave(const wijk_trend *trend)
{
    for (size_t i = trend->count - 1; i-- > 0;) {
        if (trend->years[trend->count - 1] - trend->years[i] >= 4) {
            return (long)i;
        }
    }
    return -1;
}

static const char *read_level_and_change(const wijk_trend *trend, const wijk_drawing *d)
{
    size_t last = trend->count - 1;
    double now = trend->value[WIJK_HERE][last];
    /* An invented gemeente is no part of the country: its own mean is all there is. */
    enum wijk_text_key mean =
        d->facts->area.fictional ? T_PORTRAIT_LIVE_MEAN_TOWN : T_PORTRAIT_LIVE_MEAN;
    const char *level =
        WIJK_FILL(d->arena, d->lang, level_key(now, trend->low[last], trend->high[last]),
                  {"mean", wijk_text(d->lang, mean)},
                  {"year", wijk_int_in(d->arena, d->lang, trend->years[last], 0)},
                  {"value", wijk_signed_in(d->arena, d->lang, trend->indicator, now)},
                  {"low", wijk_signed_in(d->arena, d->lang, trend->indicator, trend->low[last])},
                  {"high", wijk_signed_in(d->arena, d->lang, trend->indicator, trend->high[last])});
    long before = earlier_wave(trend);
    if (trend->flags[last] & WIJK_GREY) {
        const char *grey = wijk_text(d->lang, T_PORTRAIT_LIVE_GREY);
        const char *both = wijk_arena_printf(d->arena, "%s %s", level, grey);
        return both ? both : "";
    }
    if (before < 0 || trend->flags[before] & WIJK_GREY) {
        return level;
    }
    double change = now - trend->value[WIJK_HERE][before];
    enum wijk_text_key key = fabs(change) <= 2 * WAVE_NOISE ? T_PORTRAIT_LIVE_STEADY
                             : change > 0                   ? T_PORTRAIT_LIVE_ROSE
                                                            : T_PORTRAIT_LIVE_FELL;
    const char *moved = WIJK_FILL(
        d->arena, d->lang, key, {"year", wijk_int_in(d->arena, d->lang, trend->years[before], 0)},
        {"change", wijk_signed_in(d->arena, d->lang, trend->indicator, change)});
    const char *both = wijk_arena_printf(d->arena, "%s %s", level, moved);
    return both ? both : "";
}

/* A postcode is larger than most buurten: what is read may be of the streets around. */
static const char *read_trend(const wijk_trend *trend, const wijk_drawing *d)
{
    const char *reading = read_level_and_change(trend, d);
    enum wijk_level level = d->facts->area.level;
    if (trend->origin[trend->count - 1] != WIJK_CONVERTED ||
        (level != WIJK_BUURT && level != WIJK_WIJK)) {
        return reading;
    }
    const char *both = wijk_arena_printf(d->arena, "%s %s", reading,
                                         wijk_text(d->lang, T_PORTRAIT_LIVE_CONVERTED));
    return both ? both : "";
}

int wijk_draw_livability(wijk_livability *out, const wijk_drawing *d)
{
    *out = (wijk_livability){.version = "", .reading = "", .caution = "", .noise = WAVE_NOISE};
    for (size_t v = 0; v < sizeof versions / sizeof *versions && !out->known; v++) {
        const wijk_indicator *total = wijk_indicator_by_code(d->registry, versions[v].total);
        if (!total || total->id <= 0) {
            continue;
        }
        int rc = draw_trend(&out->total, total, d, 1);
        if (rc) {
            return rc;
        }
        if (!out->total.count) {
            continue;
        }
        out->known = 1;
        out->version = versions[v].version;
        out->caution = total->caution[d->lang];
        out->reading = read_trend(&out->total, d);
        for (size_t p = 0; p < 5; p++) {
            const wijk_indicator *part = wijk_indicator_by_code(d->registry, versions[v].parts[p]);
            rc = part && part->id > 0 ? draw_trend(&out->parts[out->part_count], part, d, 0) : 1;
            if (rc < 0) {
                return rc;
            }
            out->part_count += rc == 0 && out->parts[out->part_count].count > 0;
        }
    }
    return WIJK_OK;
}
