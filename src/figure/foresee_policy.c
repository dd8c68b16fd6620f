/* A policy in words: levers, units and dated lines in the reader's language. The idea: who reads a
 * result must see what was done, in the words of the form and not of the file. */
#include "wijk/fan.h"

#include "wijk/scenario.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

const char *wijk_policy_lever(wijk_lang lang, wijk_lever lever)
{
    static const enum wijk_text_key words[WIJK_LEVERS] = {
#define X(name, key, kind, unit, least, most, nothing) T_LEVER_##name,
        WIJK_LEVERS_X(X)
#undef X
    };
    return wijk_text(lang, words[lever]);
}

const char *wijk_policy_unit(wijk_lang lang, wijk_lever lever)
{
    const char *unit = wijk_lever_get(lever)->unit; /* scenario files have the English one */
    for (int k = T_FORECAST_UNIT_1; k <= T_FORECAST_UNIT_20; k++) {
        if (!strcmp(wijk_text(WIJK_EN, (enum wijk_text_key)k), unit)) {
            return wijk_text(lang, (enum wijk_text_key)k);
        }
    }
    return unit;
}

/* Of what is on or off, no number and no unit. */
static const char *amount(wijk_arena *arena, wijk_lang lang, const wijk_scenario_change *c)
{
    const wijk_lever_row *row = wijk_lever_get(c->lever);
    if (!strcmp(row->unit, "0 or 1")) {
        return wijk_text(lang, c->value > 0 ? T_FORECAST_YES : T_FORECAST_NO);
    }
    const char *value = wijk_number_in(arena, lang, c->value, wijk_number_decimals(c->value, 0, 3));
    const char *text = wijk_arena_printf(arena, "%s%s %s", c->relative && c->value >= 0 ? "+" : "",
                                         value ? value : "", wijk_policy_unit(lang, c->lever));
    return text ? text : "";
}

const char *wijk_policy_line(wijk_arena *arena, wijk_lang lang, const wijk_scenario_change *c)
{
    int here = !strcmp(c->place, "here"), everywhere = !strcmp(c->place, "everywhere");
    const char *place = everywhere ? wijk_text(lang, T_FORECAST_EVERYWHERE) : c->place;
    const char *line =
        wijk_arena_printf(arena, "%04d-%02d %s: %s%s%s%s", c->month / 12, c->month % 12 + 1,
                          wijk_policy_lever(lang, c->lever), amount(arena, lang, c),
                          here ? "" : " (", here ? "" : place, here ? "" : ")");
    return line ? line : "";
}

const char *wijk_policy_say(wijk_arena *arena, wijk_lang lang, const char *scenario)
{
    wijk_scenario_file *file = NULL;
    const char *said = "";
    if (wijk_scenario_read(&file, scenario, strlen(scenario), "scenario")) {
        return said;
    }
    for (size_t i = 0; said != NULL && i < wijk_scenario_count(file); i++) {
        said = wijk_arena_printf(arena, "%s%s%s", said, i > 0 ? "; " : "",
                                 wijk_policy_line(arena, lang, wijk_scenario_at(file, i)));
    }
    wijk_scenario_free(file);
    return said ? said : "";
}
