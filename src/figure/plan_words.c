/* Plans in words: what a design could notice, and what is still missing from it. */
#include "wijk/plan_figure.h"

#include "figure/words.h"

#include "wijk/csv.h"

#include <math.h>
#include <string.h>

static const char *in_words(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number(&text, lang, value, decimals);
    const char *kept = wijk_arena_strdup(arena, wijk_str_text(&text));
    wijk_str_free(&text);
    return kept ? kept : "";
}

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
                       {"detectable", in_words(arena, lang, detectable, decimals)});
    out[1] = detectable > matters ? WIJK_FILL(arena, lang, T_PLAN_POWER_SMALL,
                                              {"matters", in_words(arena, lang, matters, decimals)})
                                  : NULL;
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
