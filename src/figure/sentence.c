/* Words for figures, and the one generated sentence of a page. Every sentence is a template of
 * data/texts/portrait.csv, so that Dutch and English say the same; nothing here judges a place:
 * where an indicator has no better end, only "high" and "low" are said. */
#include "figure/words.h"

#include "wijk/err.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *wijk_fill(wijk_arena *arena, wijk_lang lang, enum wijk_text_key key,
                      const wijk_slot *slots, size_t count)
{
    wijk_str out = WIJK_STR_INIT;
    for (const char *at = wijk_text(lang, key); *at;) {
        const char *open = strchr(at, '{'), *shut = open ? strchr(open, '}') : NULL;
        if (!shut) {
            wijk_str_add(&out, at);
            break;
        }
        wijk_str_addn(&out, at, (size_t)(open - at));
        size_t size = (size_t)(shut - open - 1), i = 0;
        while (i < count &&
               (strlen(slots[i].name) != size || memcmp(slots[i].name, open + 1, size) != 0)) {
            i++;
        }
        if (i < count) {
            wijk_str_add(&out, slots[i].text);
        } else {
            wijk_str_addn(&out, open, size + 2);
        }
        at = shut + 1;
    }
    return wijk_str_keep(&out, arena);
}

static const enum wijk_text_key level_keys[WIJK_LEVELS][2] = {
    {T_PORTRAIT_LEVEL_LAND, T_PORTRAIT_LEVELS_LAND},
    {T_PORTRAIT_LEVEL_GEMEENTE, T_PORTRAIT_LEVELS_GEMEENTE},
    {T_PORTRAIT_LEVEL_WIJK, T_PORTRAIT_LEVELS_WIJK},
    {T_PORTRAIT_LEVEL_BUURT, T_PORTRAIT_LEVELS_BUURT},
    {T_PORTRAIT_LEVEL_PC4, T_PORTRAIT_LEVELS_PC4},
    {T_PORTRAIT_LEVEL_SQUARE, T_PORTRAIT_LEVELS_SQUARE},
    {T_PORTRAIT_LEVEL_LOCAL, T_PORTRAIT_LEVELS_LOCAL},
    {T_PORTRAIT_LEVEL_OWN, T_PORTRAIT_LEVELS_OWN},
};

const char *wijk_level_name(wijk_lang lang, enum wijk_level level)
{
    return (unsigned)level < WIJK_LEVELS ? wijk_text(lang, level_keys[level][0]) : "";
}

const char *wijk_levels_name(wijk_lang lang, enum wijk_level level)
{
    return (unsigned)level < WIJK_LEVELS ? wijk_text(lang, level_keys[level][1]) : "";
}

static const struct {
    const char *code;
    enum wijk_text_key key;
} themes[] = {
    {"livability", T_PORTRAIT_THEME_LIVABILITY},
    {"people", T_PORTRAIT_THEME_PEOPLE},
    {"households", T_PORTRAIT_THEME_HOUSEHOLDS},
    {"homes", T_PORTRAIT_THEME_HOMES},
    {"income", T_PORTRAIT_THEME_INCOME},
    {"work", T_PORTRAIT_THEME_WORK},
    {"safety", T_PORTRAIT_THEME_SAFETY},
    {"health", T_PORTRAIT_THEME_HEALTH},
    {"care", T_PORTRAIT_THEME_CARE},
    {"amenities", T_PORTRAIT_THEME_AMENITIES},
    {"moves", T_PORTRAIT_THEME_MOVES},
    {"environment", T_PORTRAIT_THEME_ENVIRONMENT},
    {"place", T_PORTRAIT_THEME_PLACE},
};

const char *wijk_theme_at(size_t i)
{
    return i < sizeof themes / sizeof *themes ? themes[i].code : NULL;
}

const char *wijk_theme_name(wijk_lang lang, const char *theme)
{
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        if (!strcmp(themes[i].code, theme)) {
            return wijk_text(lang, themes[i].key);
        }
    }
    return theme; /* a coalition's own theme is its own name */
}

/* ---- numbers ------------------------------------------------------------------------------- */

static const struct {
    const char *unit;
    int before, key; /* "€ " before; word after, −1 when none */
} units[] = {
    {"percent", 0, T_PORTRAIT_UNIT_PERCENT},
    {"per_1000", 0, T_PORTRAIT_UNIT_PER_1000},
    {"euro", 1, -1},
    {"euro_1000", 1, T_PORTRAIT_UNIT_EURO_1000},
    {"euro_per_year", 1, T_PORTRAIT_UNIT_EURO_PER_YEAR},
    {"years", 0, T_PORTRAIT_UNIT_YEARS},
    {"km", 0, T_PORTRAIT_UNIT_KM},
    {"ha", 0, T_PORTRAIT_UNIT_HA},
    {"m3", 0, T_PORTRAIT_UNIT_M3},
    {"kwh", 0, T_PORTRAIT_UNIT_KWH},
    {"persons", 0, T_PORTRAIT_UNIT_PERSONS},
    {"db", 0, T_PORTRAIT_UNIT_DB},
    {"per_km2", 0, T_PORTRAIT_UNIT_PER_KM2},
};

void wijk_number_shown(wijk_str *out, wijk_lang lang, const wijk_indicator *indicator, double value)
{
    if (!isfinite(value)) {
        wijk_str_add(out, "–");
        return;
    }
    size_t i = 0, n = sizeof units / sizeof *units;
    while (i < n && strcmp(units[i].unit, indicator->unit) != 0) {
        i++;
    }
    (i < n && units[i].before ? wijk_euro : wijk_number)(out, lang, value, indicator->decimals);
    if (i < n && units[i].key >= 0) {
        wijk_str_add(out, strcmp(units[i].unit, "percent") != 0 ? "\u00A0" : ""); /* 58% */
        wijk_str_add(out, wijk_text(lang, (enum wijk_text_key)units[i].key));
    }
}

const char *wijk_value_symbol(const wijk_value *value)
{
    if (value->mark != WIJK_MARK_VALUE) {
        return "";
    }
    if (value->flags & WIJK_GREY) {
        return "~";
    }
    if (value->origin == WIJK_BORROWED) {
        return "↑";
    }
    if (value->origin == WIJK_CONVERTED) {
        return "≈";
    }
    return value->flags & WIJK_MODELLED ? "m" : "";
}

void wijk_value_shown(wijk_str *out, wijk_lang lang, const wijk_indicator *indicator,
                      const wijk_value *value)
{
    const char *symbol = wijk_value_symbol(value);
    if (*symbol) {
        wijk_str_add(out, symbol);
        wijk_str_add(out, "\u00A0");
    }
    wijk_number_shown(out, lang, indicator, value->mark == WIJK_MARK_VALUE ? value->value : NAN);
}

const char *wijk_shown_in(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                          double value)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number_shown(&text, lang, indicator, value);
    return wijk_str_keep(&text, arena);
}

const char *wijk_signed_in(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                           double value)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_str_add(&text, value > 0 ? "+" : "");
    wijk_number_shown(&text, lang, indicator, value);
    return wijk_str_keep(&text, arena);
}

const char *wijk_int_in(wijk_arena *arena, wijk_lang lang, long long value, int grouped)
{
    wijk_str text = WIJK_STR_INIT;
    if (grouped) {
        wijk_number(&text, lang, (double)value, 0);
    } else {
        wijk_str_addi(&text, value);
    }
    return wijk_str_keep(&text, arena);
}

/* ---- ranges and notes ------------------------------------------------------------------------ */

const char *wijk_range_words(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                             const wijk_value *value)
{
    if (value->mark != WIJK_MARK_VALUE) {
        return "";
    }
    if (isnan(value->low) || isnan(value->high)) {
        return wijk_text(lang, value->flags & WIJK_MODELLED ? T_PORTRAIT_NO_RANGE
                                                            : T_PORTRAIT_RANGE_UNKNOWN);
    }
    /* Rounding to the digits on screen goes without saying. */
    if (value->high - value->low <= 1.0001 * pow(10, -indicator->decimals)) {
        return "";
    }
    return WIJK_FILL(arena, lang, T_PORTRAIT_BETWEEN,
                     {"low", wijk_shown_in(arena, lang, indicator, value->low)},
                     {"high", wijk_shown_in(arena, lang, indicator, value->high)});
}

static const char *missing_words(wijk_lang lang, const wijk_value *value, const wijk_area *area)
{
    int own = area->level == WIJK_OWN;
    switch (value->mark) {
    case WIJK_MARK_SECRET:
        return wijk_text(lang,
                         value->flags & WIJK_PROTECTED ? T_PORTRAIT_PROTECTED : T_PORTRAIT_SECRET);
    case WIJK_MARK_NOT_APPLICABLE:
        return wijk_text(lang, own ? T_PORTRAIT_NOT_JOINED : T_PORTRAIT_NOT_APPLICABLE);
    default:
        return wijk_text(lang, own ? T_PORTRAIT_FEW_MEMBERS : T_PORTRAIT_MISSING);
    }
}

const char *wijk_note_words(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                            const wijk_value *value, const wijk_area *area, const wijk_area *from)
{
    (void)indicator;
    if (value->mark != WIJK_MARK_VALUE) {
        return missing_words(lang, value, area);
    }
    if (value->flags & WIJK_PROTECTED) {
        return wijk_text(lang, T_PORTRAIT_OWN_ROUNDED);
    }
    const char *vintage = from ? wijk_int_in(arena, lang, from->vintage, 0) : "";
    switch (value->origin) {
    case WIJK_SAME:
        return from ? WIJK_FILL(arena, lang, T_PORTRAIT_SAME, {"vintage", vintage}) : "";
    case WIJK_UNCHECKED:
        return from ? WIJK_FILL(arena, lang, T_PORTRAIT_UNCHECKED, {"vintage", vintage}) : "";
    case WIJK_CONVERTED:
        return from ? WIJK_FILL(arena, lang, T_PORTRAIT_CONVERTED,
                                {"levels", wijk_levels_name(lang, from->level)},
                                {"vintage", vintage})
                    : "";
    case WIJK_BORROWED:
        return from ? WIJK_FILL(arena, lang, T_PORTRAIT_BORROWED,
                                {"level", wijk_level_name(lang, from->level)},
                                {"name", *from->name ? from->name : from->code})
                    : "";
    case WIJK_COMPUTED:
        return area->level == WIJK_OWN ? "" : wijk_text(lang, T_PORTRAIT_COMPUTED);
    default:
        return value->flags & WIJK_MODELLED ? wijk_text(lang, T_PORTRAIT_MODELLED) : "";
    }
}

/* ---- the sentence ------------------------------------------------------------------------------
 */

const char *wijk_inner_label(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator)
{
    char *label = wijk_arena_strdup(arena, indicator->label[lang]);
    if (!label) {
        return "";
    }
    int word = label[0] >= 'A' && label[0] <= 'Z' && label[1] >= 'a' && label[1] <= 'z';
    label[0] = (char)(word ? label[0] + ('a' - 'A') : label[0]);
    return label;
}

/* "a", "a en b", "a, b en c" of the findings on one side. */
static const char *list_items(wijk_arena *arena, wijk_lang lang, const wijk_standout *found,
                              size_t count, int high, enum wijk_level level)
{
    wijk_str text = WIJK_STR_INIT;
    size_t left = 0, said = 0;
    for (size_t i = 0; i < count; i++) {
        left += (found[i].score > 0) == high;
    }
    for (size_t i = 0; i < count; i++) {
        const wijk_standout *it = &found[i];
        if ((it->score > 0) != high) {
            continue;
        }
        left--;
        if (said++) {
            wijk_str_add(&text, left ? ", " : " ");
            wijk_str_add(&text, left ? "" : wijk_text(lang, T_PORTRAIT_AND));
            wijk_str_add(&text, left ? "" : " ");
        }
        wijk_str value = WIJK_STR_INIT;
        wijk_str_add(&value, it->value->origin == WIJK_CONVERTED ? "≈\u00A0" : "");
        wijk_number_shown(&value, lang, it->indicator, it->value->value);
        const char *label = wijk_inner_label(arena, lang, it->indicator);
        wijk_str_add(
            &text, WIJK_FILL(arena, lang, T_PORTRAIT_SENTENCE_ITEM, {"label", label},
                             {"value", wijk_str_keep(&value, arena)},
                             {"levels", wijk_levels_name(lang, level)},
                             {"p25", wijk_shown_in(arena, lang, it->indicator, it->spread->p25)},
                             {"p75", wijk_shown_in(arena, lang, it->indicator, it->spread->p75)}));
    }
    return said ? wijk_str_keep(&text, arena) : NULL;
}

const char *wijk_sentence(wijk_arena *arena, wijk_lang lang, const wijk_facts *facts,
                          const wijk_registry *registry)
{
    enum { ENOUGH = 5 };
    wijk_standout found[WIJK_STANDOUTS];
    size_t compared;
    size_t count = wijk_standouts(found, &compared, facts, registry);
    enum wijk_level level = facts->area.level == WIJK_OWN ? WIJK_BUURT : facts->area.level;
    if (compared < ENOUGH) {
        return wijk_text(lang, T_PORTRAIT_SENTENCE_UNKNOWN);
    }
    if (!count) {
        return WIJK_FILL(arena, lang, T_PORTRAIT_SENTENCE_NOTHING,
                         {"count", wijk_int_in(arena, lang, (long long)compared, 1)},
                         {"levels", wijk_levels_name(lang, level)});
    }
    const char *high = list_items(arena, lang, found, count, 1, level);
    const char *low = list_items(arena, lang, found, count, 0, level);
    wijk_str text = WIJK_STR_INIT;
    if (high) {
        wijk_str_add(&text, WIJK_FILL(arena, lang, T_PORTRAIT_SENTENCE_HIGH, {"items", high}));
    }
    if (low) {
        wijk_str_add(&text, high ? " " : "");
        wijk_str_add(&text, WIJK_FILL(arena, lang, T_PORTRAIT_SENTENCE_LOW, {"items", low}));
    }
    return wijk_str_keep(&text, arena);
}
