/* Plans in words: what a design could notice, and what is still missing from it. */
#include "wijk/plan_figure.h"

#include "figure/words.h"

#include "wijk/csv.h"

#include <math.h>
#include <string.h>

const char *wijk_plan_areas_say(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan)
{
    return plan->area_count == 1
               ? wijk_text(lang, T_EVALUATE_AREA_ONE)
               : WIJK_FILL(arena, lang, T_EVALUATE_AREAS,
                           {"count", wijk_int_in(arena, lang, (long long)plan->area_count, 1)});
}

void wijk_plan_power_say(const char *out[WIJK_PLAN_POWER_SAYS], wijk_arena *arena, wijk_lang lang,
                         const wijk_plan *plan, double detectable, int decimals)
{
    const char *text = plan->design[WIJK_PLAN_MATTERS];
    double matters = NAN;
    if (!wijk_csv_number(&matters, text, strlen(text), '.')) {
        wijk_csv_number(&matters, text, strlen(text), ',');
    }
    out[0] = WIJK_FILL(arena, lang, T_PLAN_POWER,
                       {"areas", plan->area_count == 1 ? wijk_text(lang, T_PLAN_THIS_ONE)
                                                       : wijk_plan_areas_say(arena, lang, plan)},
                       {"detectable", wijk_number_in(arena, lang, detectable, decimals)});
    out[1] = detectable > matters
                 ? WIJK_FILL(arena, lang, T_PLAN_POWER_SMALL,
                             {"matters", wijk_number_in(arena, lang, matters, decimals)})
                 : NULL;
}

static const char *lever_say(wijk_arena *arena, wijk_lang lang, const char *code)
{
    const wijk_approach *all, *it = NULL;
    size_t count;
    if (!strcmp(code, WIJK_NO_LEVER)) {
        return wijk_text(lang, T_PLAN_LEVER_NONE);
    }
    if (!wijk_approaches(&all, &count, arena)) {
        it = wijk_approach_find(all, count, code);
    }
    return it ? it->label[lang] : code;
}

const char *wijk_plan_value_say(wijk_arena *arena, wijk_lang lang, const wijk_registry *registry,
                                enum wijk_plan_field field, const char *value)
{
    if (field == WIJK_PLAN_INDICATOR) {
        const wijk_indicator *it = wijk_indicator_by_code(registry, value);
        return it ? it->label[lang] : value;
    }
    if (field == WIJK_PLAN_LEVER) {
        return lever_say(arena, lang, value);
    }
    double number;
    if (field == WIJK_PLAN_MATTERS && (wijk_csv_number(&number, value, strlen(value), '.') ||
                                       wijk_csv_number(&number, value, strlen(value), ','))) {
        return wijk_number_in(arena, lang, number, wijk_number_decimals(number, 0, 4));
    }
    return value;
}

const char *wijk_plan_since_say(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan)
{
    int draft = plan->state == WIJK_PLAN_DRAFT;
    const char *at = draft ? plan->created_at : plan->frozen_at;
    const char *day = wijk_arena_strndup(arena, at, strlen(at) < 10 ? strlen(at) : 10);
    const char *since =
        WIJK_FILL(arena, lang, draft ? T_PLAN_BEGUN : T_PLAN_FROZEN_SINCE, {"day", day ? day : ""});
    if (!*plan->closed_at || !*plan->last_wave) {
        return since;
    }
    const char *closed = wijk_arena_strndup(
        arena, plan->closed_at, strlen(plan->closed_at) < 10 ? strlen(plan->closed_at) : 10);
    const char *both =
        wijk_arena_printf(arena, "%s %s", since,
                          WIJK_FILL(arena, lang, T_PLAN_CLOSED_ON, {"day", closed ? closed : ""},
                                    {"year", plan->last_wave}));
    return both ? both : since;
}

const char *wijk_plan_measured_say(wijk_arena *arena, wijk_lang lang, const wijk_panel *panel,
                                   const wijk_plan *plan)
{
    const char *text = plan->design[WIJK_PLAN_BEGINS];
    double begins = NAN;
    wijk_str years = WIJK_STR_INIT;
    wijk_csv_number(&begins, text, strlen(text), '.');
    for (size_t t = 0; t < panel->waves; t++) {
        if (panel->year[t] >= begins) {
            wijk_str_addf(&years, "%s%.0f", years.size ? ", " : "", panel->year[t]);
        }
    }
    const char *said =
        years.size ? WIJK_FILL(arena, lang, T_PLAN_MEASURED, {"years", wijk_str_text(&years)})
                   : wijk_text(lang, T_PLAN_NOT_MEASURED);
    wijk_str_free(&years);
    return said;
}

const char *wijk_plan_break_say(wijk_arena *arena, wijk_lang lang, const wijk_party *society)
{
    const char *share =
        isfinite(society->share) ? wijk_number_in(arena, lang, society->share * 100, 0) : "";
    return WIJK_FILL(arena, lang, (enum wijk_text_key)(T_PLAN_BREAK_1 + society->break_even),
                     {"share", share});
}

static const char *euro_in(wijk_arena *arena, wijk_lang lang, double cents)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_cents_write(&text, lang, (int64_t)llround(cents), 0);
    return wijk_str_keep(&text, arena);
}

const char *wijk_plan_band_say(wijk_arena *arena, wijk_lang lang, const wijk_party *party)
{
    return isfinite(party->low) && isfinite(party->high)
               ? WIJK_FILL(arena, lang, T_PLAN_MONEY_RANGE,
                           {"low", euro_in(arena, lang, party->low)},
                           {"high", euro_in(arena, lang, party->high)})
               : "";
}

const char *wijk_plan_missing(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan)
{
    wijk_str text = WIJK_STR_INIT;
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        if (wijk_plan_columns[i].needed && !*plan->value[i]) {
            wijk_str_add(&text, text.size ? ", " : "");
            wijk_str_add(&text, wijk_text(lang, (enum wijk_text_key)(T_PLAN_FIELD_1 + i)));
        }
    }
    const char *kept = text.size ? wijk_arena_strdup(arena, wijk_str_text(&text)) : NULL;
    wijk_str_free(&text);
    return kept;
}
