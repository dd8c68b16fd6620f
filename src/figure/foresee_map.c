/* The change per area on a map: the difference from doing nothing in the last year (events: over
 * all years), per 1,000 households, so that large and small areas compare. Coloured where at least
 * three in four pairs point one way, hatched where they do not; what is sure is told by name, and
 * how many areas chance alone would colour. */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    int64_t id;
    double value;
    const char *name;
    wijk_bands bands;
    wijk_fan_way way;
} place_value;

enum { NAMED = 4 };

static int by_id(const void *a, const void *b)
{
    const place_value *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

wijk_fan_way wijk_fan_way_of(const wijk_ensemble *ensemble, const wijk_band *d)
{
    wijk_ensemble_about about = wijk_ensemble_tell(ensemble);
    int enough = about.last - about.first + 1 >= WIJK_ENSEMBLE_FEW;
    int leans = d->low50 > 0 || d->high50 < 0;
    return wijk_ensemble_sure(ensemble, d) ? WIJK_FAN_SURE
           : enough && leans               ? WIJK_FAN_LEANS
                                           : WIJK_FAN_OPEN;
}

double wijk_fan_by_chance(uint32_t pairs)
{
    /* Both tails of a fair coin thrown so often, from three quarters on. */
    double term = pow(0.5, pairs), sum = 0;
    for (uint32_t k = 0; k <= pairs / 4; k++) {
        sum += term;
        term *= (double)(pairs - k) / (k + 1);
    }
    return fmin(1, 2 * sum);
}

static int value_of(place_value *out, const wijk_fan *fan, size_t place, uint32_t year)
{
    wijk_bands b, homes;
    int rc = wijk_ensemble_outcome_ever(&b, fan->ensemble, place, fan->asked->outcome);
    rc = rc ? rc : wijk_ensemble_outcome(&homes, fan->ensemble, place, year, WIJK_OUT_HOUSEHOLDS);
    if (!rc) {
        double per = fan->asked->score ? 1 : 1000 / homes.nothing.median;
        int shown =
            homes.nothing.median > 0 && (fan->asked->score || !wijk_change_small(&b.difference));
        out->value = shown ? b.difference.median * per : NAN;
        out->bands = b;
        out->way = wijk_fan_way_of(fan->ensemble, &b.difference);
        out->name = wijk_ensemble_name(fan->ensemble, place);
    }
    return rc;
}

static size_t read_places(place_value *out, wijk_store *store, wijk_arena *arena,
                          const wijk_fan *fan, const wijk_area *area, enum wijk_level *level)
{
    uint32_t year = wijk_ensemble_tell(fan->ensemble).years;
    size_t n = 0;
    for (size_t p = WIJK_ENSEMBLE_AREAS; p < wijk_ensemble_places(fan->ensemble); p++) {
        wijk_area one;
        if (!wijk_area_find(&one, store, arena, wijk_ensemble_code(fan->ensemble, p),
                            area->vintage) &&
            !value_of(&out[n], fan, p, year)) {
            out[n++].id = one.id;
            *level = one.level;
        }
    }
    qsort(out, n, sizeof *out, by_id);
    return n;
}

wijk_fan_where wijk_fan_count(const wijk_fan *fan)
{
    wijk_ensemble_about about = wijk_ensemble_tell(fan->ensemble);
    wijk_fan_where where = {0};
    for (size_t p = WIJK_ENSEMBLE_AREAS; p < wijk_ensemble_places(fan->ensemble); p++) {
        place_value at = {.way = WIJK_FAN_OPEN};
        if (!value_of(&at, fan, p, about.years)) {
            where.all++;
            where.sure += at.way == WIJK_FAN_SURE;
            where.leans += at.way == WIJK_FAN_LEANS;
        }
    }
    where.by_chance = (double)where.all * wijk_fan_by_chance(about.last - about.first + 1);
    return where;
}

static int by_size(const void *a, const void *b)
{
    double x = fabs(((const place_value *)a)->value), y = fabs(((const place_value *)b)->value);
    return (x < y) - (x > y);
}

/* "Zeker: Overvecht −12 (−20 tot −4); …": the largest first. */
static void name_sure(wijk_str *out, wijk_arena *arena, wijk_lang lang, const place_value *found,
                      size_t n, int score)
{
    place_value *sure = wijk_arena_alloc(arena, (n + 1) * sizeof *sure);
    size_t count = 0;
    for (size_t i = 0; sure && i < n; i++) {
        if (found[i].way == WIJK_FAN_SURE) {
            sure[count++] = found[i];
        }
    }
    if (!count) {
        return;
    }
    wijk_str list = WIJK_STR_INIT;
    qsort(sure, count, sizeof *sure, by_size);
    for (size_t i = 0; i < count && i < NAMED; i++) {
        wijk_str_add(&list, i ? "; " : "");
        wijk_str_add(&list, sure[i].name);
        wijk_str_addc(&list, ' ');
        wijk_str_add(&list, score ? wijk_band_say(arena, lang, &sure[i].bands.difference, 0)
                                  : wijk_change_named(arena, lang, &sure[i].bands));
    }
    wijk_text_fill(out, lang, count > NAMED ? T_FORECAST_MAP_SURE_LARGEST : T_FORECAST_MAP_SURE,
                   wijk_str_text(&list), NULL);
    wijk_str_addc(out, ' ');
    wijk_str_free(&list);
}

/* What the map shows, in words. */
static const char *message(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan,
                           const place_value *found, size_t n)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_fan_where where = {.all = n};
    wijk_ensemble_about about = wijk_ensemble_tell(fan->ensemble);
    for (size_t i = 0; i < n; i++) {
        where.sure += found[i].way == WIJK_FAN_SURE;
        where.leans += found[i].way == WIJK_FAN_LEANS;
    }
    double chance = (double)n * wijk_fan_by_chance(about.last - about.first + 1);
    name_sure(&text, arena, lang, found, n, fan->asked->score);
    wijk_text_fill(&text, lang, T_FORECAST_MAP_COUNTS,
                   wijk_int_in(arena, lang, (long long)where.sure, 1),
                   wijk_int_in(arena, lang, (long long)n, 1),
                   wijk_int_in(arena, lang, (long long)where.leans, 1),
                   wijk_number_in(arena, lang, chance, chance < 9.95), NULL);
    return wijk_str_keep(&text, arena);
}

int wijk_picture_forecast_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                              wijk_arena *arena, const wijk_figure_style *style,
                              const wijk_fan *fan, const wijk_area *area, wijk_map_link_fn link,
                              void *payload)
{
    size_t most = wijk_ensemble_places(fan->ensemble);
    place_value *found = wijk_arena_alloc(arena, most * sizeof *found);
    int64_t *areas = wijk_arena_alloc(arena, most * sizeof *areas);
    double *values = wijk_arena_alloc(arena, most * sizeof *values);
    unsigned char *grey = wijk_arena_alloc(arena, most);
    enum wijk_level level = WIJK_BUURT;
    if (!found || !areas || !values || !grey) {
        return WIJK_ENOMEM;
    }
    size_t shown_ways = 0, n = read_places(found, store, arena, fan, area, &level);
    for (size_t i = 0; i < n; i++) {
        areas[i] = found[i].id;
        values[i] = found[i].value;
        grey[i] = found[i].way == WIJK_FAN_OPEN;
        shown_ways += !grey[i] && isfinite(values[i]);
    }
    if (n < 2 || !shown_ways) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is niets om op een kaart te tonen.",
                         "There is nothing to show on a map.");
    }
    const char *label = wijk_asked_title(arena, style->lang, fan->asked);
    uint32_t length = wijk_ensemble_tell(fan->ensemble).years;
    const char *years = wijk_int_in(arena, style->lang, length, 0);
    const wijk_map_values shown = {
        .title = WIJK_FILL(arena, style->lang, T_FORECAST_MAP_TITLE, {"what", label}),
        .label = WIJK_FILL(arena, style->lang,
                           fan->asked->score                           ? T_FORECAST_MAP_SCORE
                           : wijk_outcome_is_flow(fan->asked->outcome) ? T_FORECAST_MAP_EVER
                                                                       : T_FORECAST_MAP_LABEL,
                           {"years", years}),
        .message = message(arena, style->lang, fan, found, n),
        .source = wijk_text(style->lang, T_FORECAST_MAP_SOURCE),
        .areas = areas,
        .values = values,
        .grey = grey,
        .grey_label = wijk_text(style->lang, T_FORECAST_MAP_OPEN),
        .around_zero = 1,
        .count = n,
        .period = isfinite(fan->start) ? (int)floor(fan->start + length + 1e-6) : 0,
        .decimals = fan->asked->score ? 0 : 1};
    const wijk_map map = {.kind = WIJK_MAP_WITHIN,
                          .area = area->id,
                          .level = level,
                          .vintage = area->vintage,
                          .values = &shown,
                          .link = link,
                          .payload = payload};
    return wijk_figure_map(out, store, registry, arena, style, &map);
}
