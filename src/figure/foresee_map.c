/* The change per area on a map: the difference from doing nothing in the last year (events: over
 * all years), per 1,000 households, so that large and small areas compare; hatched where doing
 * nothing may be as good. */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    int64_t id;
    double value;
    unsigned char open; /* the range holds zero */
} place_value;

static int by_id(const void *a, const void *b)
{
    const place_value *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int value_of(place_value *out, const wijk_fan *fan, size_t place, uint32_t year)
{
    wijk_bands b, homes;
    int rc = wijk_ensemble_outcome_ever(&b, fan->ensemble, place, fan->asked->outcome);
    rc = rc ? rc : wijk_ensemble_outcome(&homes, fan->ensemble, place, year, WIJK_OUT_HOUSEHOLDS);
    if (!rc) {
        double per = fan->asked->score ? 1 : 1000 / homes.nothing.median;
        out->value = homes.nothing.median > 0 ? b.difference.median * per : NAN;
        out->open = !wijk_ensemble_sure(fan->ensemble, &b.difference);
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

size_t wijk_fan_sure(const wijk_fan *fan)
{
    uint32_t year = wijk_ensemble_tell(fan->ensemble).years;
    size_t sure = 0;
    for (size_t p = WIJK_ENSEMBLE_AREAS; p < wijk_ensemble_places(fan->ensemble); p++) {
        place_value at = {.open = 1};
        sure += !value_of(&at, fan, p, year) && !at.open;
    }
    return sure;
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
    size_t sure = 0, n = read_places(found, store, arena, fan, area, &level);
    if (n < 2) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is maar één gebied: geen kaart.",
                         "There is one area only: no map.");
    }
    for (size_t i = 0; i < n; i++) {
        areas[i] = found[i].id;
        values[i] = found[i].value;
        grey[i] = found[i].open;
        sure += !found[i].open;
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
        .message = WIJK_FILL(arena, style->lang, sure ? T_FORECAST_MAP_SOME : T_FORECAST_MAP_NONE,
                             {"sure", wijk_int_in(arena, style->lang, (long long)sure, 1)},
                             {"all", wijk_int_in(arena, style->lang, (long long)n, 1)}),
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
