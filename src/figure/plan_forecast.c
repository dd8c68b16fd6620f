/* What the model expects of a plan, in words for page, command line and paper. The idea: no number
 * without its range, and beside it from what it was computed. */
#include "wijk/plan_figure.h"

#include "figure/words.h"

#include "wijk/fan.h"

#include <inttypes.h>
#include <string.h>

const char *wijk_plan_forecast_about(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan,
                                     const wijk_approach *approach)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_scenario_file *file = NULL;
    uint32_t years = 0;
    int month = 0;
    if (!wijk_plan_scenario(&text, &years, plan, approach) &&
        !wijk_scenario_read(&file, wijk_str_text(&text), text.size, "plan")) {
        month = wijk_scenario_start(file);
    }
    wijk_scenario_free(file);
    wijk_str_free(&text);
    const char *about =
        WIJK_FILL(arena, lang, T_PLAN_FORECAST_ABOUT, {"label", approach->label[lang]},
                  {"from", wijk_int_in(arena, lang, month / 12, 0)},
                  {"years", wijk_int_in(arena, lang, years, 0)});
    const char *both = *approach->note[lang]
                           ? wijk_arena_printf(arena, "%s %s", about, approach->note[lang])
                           : about;
    return both ? both : "";
}

static void say_outcomes(wijk_plan_outlook *out, wijk_arena *arena, wijk_lang lang,
                         const wijk_ensemble *ensemble)
{
    static const char *const keys[WIJK_PLAN_OUTLOOK_SAYS] = {"livability_soc", "livability_onv",
                                                             "strained", "help_waiting"};
    for (size_t i = 0; i < WIJK_PLAN_OUTLOOK_SAYS; i++) {
        const wijk_asked *asked = wijk_asked_find(keys[i]);
        const wijk_fan fan = {.ensemble = ensemble, .asked = asked, .place = WIJK_ENSEMBLE_HERE};
        out->said[i].text = wijk_fan_say(arena, lang, &fan);
        out->said[i].effect = asked->effect;
    }
}

void wijk_plan_outlook_say(wijk_plan_outlook *out, wijk_arena *arena, wijk_lang lang,
                           const wijk_area *area, const wijk_forecast *forecast,
                           const wijk_ensemble *ensemble)
{
    *out = (wijk_plan_outlook){.area = area->name};
    if (!forecast->id) {
        out->state = WIJK_FILL(arena, lang, T_PLAN_FORECAST_NOT, {"area", area->name});
        return;
    }
    const char *done = wijk_int_in(arena, lang, forecast->done, 0);
    int few = forecast->done < WIJK_PLAN_OUTLOOK_LEAST;
    if (!ensemble || few || forecast->done < forecast->wanted) {
        out->state = WIJK_FILL(arena, lang, few ? T_PLAN_FORECAST_FEW : T_PLAN_FORECAST_FAR,
                               {"area", area->name}, {"done", done},
                               {"wanted", wijk_int_in(arena, lang, forecast->wanted, 0)},
                               {"least", wijk_int_in(arena, lang, WIJK_PLAN_OUTLOOK_LEAST, 0)});
    }
    if (ensemble && !few) {
        const char *at = forecast->asked_at;
        const char *day = wijk_arena_strndup(arena, at, strlen(at) < 10 ? strlen(at) : 10);
        const char *seed = wijk_arena_printf(arena, "%" PRIu64, forecast->seed);
        say_outcomes(out, arena, lang, ensemble);
        out->lineage = WIJK_FILL(arena, lang, T_PLAN_FORECAST_LINEAGE, {"done", done},
                                 {"seed", seed ? seed : ""}, {"model", forecast->model},
                                 {"day", day ? day : ""});
    }
}
