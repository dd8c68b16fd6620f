/* Load and carrying capacity in words and as a drawing: the same for page, command line and file.
 */
#include "wijk/figure.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>

static const double STEADY = 20; /* places out of 100 that other weights may move an area */
static const double EDGE = 5;    /* places out of 100 from either end that are called almost all */
static const double CORPORATION = 200.0 / 3; /* percent of the homes: RIGO 2018 */

/* Which parts of the sum are not known, by name. */
static const char *unknown_sentence(wijk_arena *arena, wijk_lang lang, const wijk_capacity *it)
{
    wijk_str names = WIJK_STR_INIT;
    size_t parts = 0, missing = 0;
    for (size_t i = 0; i < it->count; i++) {
        const wijk_capacity_part *part = &it->parts[i];
        if (part->side == WIJK_CAPACITY_BESIDE) {
            continue;
        }
        parts++;
        if (!part->value || !isfinite(wijk_capacity_number(part->value))) {
            wijk_str_addf(&names, "%s‘%s’", missing ? ", " : "", part->indicator->label[lang]);
            missing++;
        }
    }
    const char *said =
        missing == parts
            ? WIJK_FILL(arena, lang, T_CAPACITY_UNKNOWN, {"parts", wijk_str_text(&names)})
            : WIJK_FILL(arena, lang, T_CAPACITY_UNKNOWN_PARTS, {"parts", wijk_str_text(&names)},
                        {"year", wijk_int_in(arena, lang, it->period, 0)});
    wijk_str_free(&names);
    return said;
}

/* Why there are no numbers per 100 households. */
static const char *adults_sentence(wijk_arena *arena, wijk_lang lang, const wijk_capacity *it)
{
    if (!isfinite(it->balance) || isfinite(it->load)) {
        return NULL;
    }
    return it->lacking
               ? WIJK_FILL(arena, lang, T_CAPACITY_LACKING, {"what", it->lacking->label[lang]})
               : wijk_text(lang, T_CAPACITY_LACKING_YEAR);
}

static const char *balance_sentence(wijk_arena *arena, wijk_lang lang, const wijk_capacity *it)
{
    if (!isfinite(it->balance)) {
        return unknown_sentence(arena, lang, it);
    }
    return WIJK_FILL(arena, lang,
                     isfinite(it->load) ? T_CAPACITY_SENTENCE : T_CAPACITY_SENTENCE_BARE,
                     {"help", wijk_number_in(arena, lang, it->help, 0)},
                     {"load", wijk_number_in(arena, lang, it->load, 0)},
                     {"balance", wijk_number_in(arena, lang, it->balance, 1)},
                     {"year", wijk_int_in(arena, lang, it->period, 0)});
}

static const char *around_sentence(wijk_arena *arena, wijk_lang lang, const wijk_capacity *it,
                                   const wijk_area *gemeente)
{
    if (gemeente && gemeente->id && isfinite(it->balance_gemeente)) {
        return WIJK_FILL(arena, lang, T_CAPACITY_AROUND, {"gemeente", gemeente->name},
                         {"balance", wijk_number_in(arena, lang, it->balance_gemeente, 1)});
    }
    return isfinite(it->balance_land)
               ? WIJK_FILL(arena, lang, T_CAPACITY_AROUND_LAND,
                           {"balance", wijk_number_in(arena, lang, it->balance_land, 1)})
               : NULL;
}

static const char *place_sentence(wijk_arena *arena, wijk_lang lang, const wijk_capacity *it)
{
    if (!isfinite(it->balance) || it->area.level <= WIJK_LAND) {
        return NULL;
    }
    if (it->borrowed) {
        return wijk_text(lang, T_CAPACITY_BORROWED);
    }
    if (it->alone) {
        return WIJK_FILL(arena, lang, T_CAPACITY_NO_LEVEL,
                         {"levels", wijk_levels_name(lang, it->area.level)});
    }
    if (!it->areas) {
        return wijk_text(lang, T_CAPACITY_NO_PLACE);
    }
    if (it->place_high < EDGE || it->place_low > 100 - EDGE) {
        /* Next to the end a number reads as a rank, and weighing otherwise adds nothing. */
        return WIJK_FILL(arena, lang,
                         it->place_high < EDGE ? T_CAPACITY_PLACE_FEW : T_CAPACITY_PLACE_MANY,
                         {"levels", wijk_levels_name(lang, it->area.level)});
    }
    const char *place = WIJK_FILL(arena, lang, T_CAPACITY_PLACE,
                                  {"place", wijk_number_in(arena, lang, it->place, 0)},
                                  {"levels", wijk_levels_name(lang, it->area.level)},
                                  {"low", wijk_number_in(arena, lang, it->place_low, 0)},
                                  {"high", wijk_number_in(arena, lang, it->place_high, 0)});
    int steady = it->place_high - it->place_low <= STEADY;
    const char *both = wijk_arena_printf(
        arena, "%s %s", place,
        wijk_text(lang, steady ? T_CAPACITY_PLACE_STEADY : T_CAPACITY_PLACE_LOOSE));
    return both ? both : place;
}

static const char *corporation_sentence(wijk_arena *arena, wijk_lang lang,
                                        const wijk_registry *registry, const wijk_capacity *it)
{
    const wijk_indicator *share = wijk_indicator_by_code(registry, "social_share");
    for (size_t i = 0; share && i < it->count; i++) {
        const wijk_value *value = it->parts[i].value;
        if (it->parts[i].indicator != share || !value || value->mark != WIJK_MARK_VALUE ||
            value->origin == WIJK_BORROWED || (value->flags & WIJK_PROTECTED)) {
            continue;
        }
        double low = isfinite(value->low) ? value->low : value->value;
        double high = isfinite(value->high) ? value->high : value->value;
        enum wijk_text_key key = low > CORPORATION    ? T_CAPACITY_CORPORATION_ABOVE
                                 : high < CORPORATION ? T_CAPACITY_CORPORATION_BELOW
                                                      : T_CAPACITY_CORPORATION_NEAR;
        return WIJK_FILL(arena, lang, key,
                         {"share", wijk_shown_in(arena, lang, share, value->value)},
                         {"year", wijk_svg_period(arena, lang, value->period)});
    }
    return NULL;
}

void wijk_capacity_say(wijk_capacity_words *out, wijk_arena *arena, wijk_lang lang,
                       const wijk_registry *registry, const wijk_capacity *capacity,
                       const wijk_area *gemeente)
{
    *out = (wijk_capacity_words){0};
    const char *said[] = {
        balance_sentence(arena, lang, capacity), adults_sentence(arena, lang, capacity),
        around_sentence(arena, lang, capacity, gemeente), place_sentence(arena, lang, capacity),
        corporation_sentence(arena, lang, registry, capacity)};
    size_t n = 0;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (said[i]) {
            out->sentences[n++] = said[i];
        }
    }
    n = 0;
    out->limits[n++] = wijk_text(lang, T_CAPACITY_LIMIT_TWICE);
    out->limits[n++] = wijk_text(lang, T_CAPACITY_LIMIT_GIVEN);
    if (!capacity->area.fictional) {
        out->limits[n++] = wijk_text(lang, T_CAPACITY_LIMIT_MODEL);
    }
    if (isfinite(capacity->load)) {
        out->limits[n++] = WIJK_FILL(arena, lang, T_CAPACITY_LIMIT_ADULTS,
                                     {"year", wijk_int_in(arena, lang, capacity->adults_year, 0)});
        if (capacity->adults_year != capacity->period) {
            out->limits[n++] =
                WIJK_FILL(arena, lang, T_CAPACITY_LIMIT_YEARS,
                          {"year", wijk_int_in(arena, lang, capacity->adults_year, 0)},
                          {"period", wijk_int_in(arena, lang, capacity->period, 0)});
        }
    }
    out->limits[n] = wijk_text(lang, T_CAPACITY_LIMIT_PEOPLE);
}

int wijk_picture_capacity(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_registry *registry, const wijk_capacity *capacity)
{
    wijk_strip *strips = wijk_arena_alloc(arena, (capacity->count + 1) * sizeof *strips);
    size_t n = 0;
    if (!strips) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < capacity->count; i++) {
        const wijk_capacity_part *part = &capacity->parts[i];
        const wijk_series *all =
            part->value ? wijk_series_country(registry, part->indicator->id, capacity->area.level,
                                              capacity->area.vintage, part->value->period)
                        : NULL;
        if (part->side == WIJK_CAPACITY_BESIDE || !all) {
            continue;
        }
        strips[n++] = (wijk_strip){
            .name = part->indicator->label[style->lang],
            .unit = "",
            .decimals = part->indicator->decimals,
            .p10 = all->p10,
            .p25 = all->p25,
            .p50 = all->p50,
            .p75 = all->p75,
            .p90 = all->p90,
            .self = part->value->value,
            .low = part->value->low,
            .high = part->value->high,
            .gemeente = part->gemeente,
            .land = part->land,
            .grey = (part->value->flags & WIJK_GREY) != 0,
            .shown = wijk_shown_in(arena, style->lang, part->indicator, part->value->value),
            .middle = wijk_shown_in(arena, style->lang, part->indicator, all->p50)};
    }
    if (!n) {
        return wijk_fail(WIJK_ENOTFOUND, "Van dit gebied is er niets om te tekenen.",
                         "There is nothing to draw of this area.");
    }
    const wijk_area *area = &capacity->area;
    const char *source[] = {"RIVM/GGD/CBS", wijk_int_in(arena, style->lang, capacity->period, 0)};
    const wijk_strips_chart chart = {
        .title = wijk_text(style->lang, T_CAPACITY_STRIPS),
        .source =
            area->fictional
                ? ""
                : wijk_svg_fill(arena, wijk_text(style->lang, T_FIGURE_SOURCE_YEAR), source, 2),
        .self = *area->name ? area->name : area->code,
        .gemeente = *area->gemeente && area->level > WIJK_GEMEENTE ? area->gemeente : NULL,
        .land = area->fictional ? NULL : wijk_text(style->lang, T_FIGURE_LAND),
        .among = wijk_levels_name(style->lang, area->level),
        .strips = strips,
        .count = n};
    return wijk_figure_strips(out, arena, style, &chart);
}
