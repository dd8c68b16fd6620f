/* A policy in words: levers, units and dated lines in the reader's language. The idea: who reads a
 * result must see what was done, in the words of the form and not of the file. */
#include "wijk/fan.h"

#include "wijk/scenario.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

int wijk_policy_moves_homes(const wijk_scenario_file *scenario)
{
    static const wijk_lever levers[] = {WIJK_LEVER_BUILD_SOCIAL,  WIJK_LEVER_BUILD_OWNER,
                                        WIJK_LEVER_BUILD_PRIVATE, WIJK_LEVER_DEMOLISH,
                                        WIJK_LEVER_SELL,          WIJK_LEVER_LIBERALISE,
                                        WIJK_LEVER_RENOVATE,      WIJK_LEVER_RESTRUCTURE};
    for (size_t i = 0; i < wijk_scenario_count(scenario); i++) {
        for (size_t k = 0; k < sizeof levers / sizeof *levers; k++) {
            if (wijk_scenario_at(scenario, i)->lever == levers[k]) {
                return 1;
            }
        }
    }
    return 0;
}

int wijk_policy_is_nothing(const char *scenario)
{
    wijk_scenario_file *file = NULL;
    int nothing = !wijk_scenario_read(&file, scenario, strlen(scenario), "scenario") &&
                  wijk_scenario_count(file) == 0;
    wijk_scenario_free(file);
    return nothing;
}

const char *wijk_policy_lever(wijk_lang lang, wijk_lever lever)
{
    static const enum wijk_text_key words[WIJK_LEVERS] = {
#define X(name, key, kind, unit, least, most, nothing) T_LEVER_##name,
        WIJK_LEVERS_X(X)
#undef X
    };
    return wijk_text(lang, words[lever]);
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
                                         value ? value : "", wijk_lever_unit(lang, c->lever));
    return text ? text : "";
}

/* What it is set to, without month and place. */
static const char *what_of(wijk_arena *arena, wijk_lang lang, const wijk_scenario_change *c)
{
    const char *text = wijk_arena_printf(arena, "%s: %s", wijk_policy_lever(lang, c->lever),
                                         amount(arena, lang, c));
    return text ? text : "";
}

static const char *place_of(wijk_lang lang, const wijk_scenario_change *c)
{
    return !strcmp(c->place, "everywhere") ? wijk_text(lang, T_FORECAST_EVERYWHERE)
           : !strcmp(c->place, "here")     ? ""
                                           : c->place;
}

const char *wijk_policy_line(wijk_arena *arena, wijk_lang lang, const wijk_scenario_change *c)
{
    const char *place = place_of(lang, c);
    const char *line =
        wijk_arena_printf(arena, "%04d-%02d %s%s%s%s", c->month / 12, c->month % 12 + 1,
                          what_of(arena, lang, c), *place ? " (" : "", place, *place ? ")" : "");
    return line ? line : "";
}

/* All lines from one month and for one place: told once. */
static int is_one(const wijk_scenario_file *file)
{
    const wijk_scenario_change *first = wijk_scenario_at(file, 0);
    for (size_t i = 1; i < wijk_scenario_count(file); i++) {
        const wijk_scenario_change *c = wijk_scenario_at(file, i);
        if (c->month != first->month || strcmp(c->place, first->place) != 0) {
            return 0;
        }
    }
    return 1;
}

static const char *say_all(wijk_arena *arena, wijk_lang lang, const wijk_scenario_file *file)
{
    size_t n = wijk_scenario_count(file);
    int once = n > 1 && is_one(file);
    const char *said = "";
    if (once) {
        const wijk_scenario_change *c = wijk_scenario_at(file, 0);
        const char *place = place_of(lang, c);
        said = wijk_arena_printf(arena, "%04d-%02d%s%s%s, ", c->month / 12, c->month % 12 + 1,
                                 *place ? " (" : "", place, *place ? ")" : "");
    }
    for (size_t i = 0; said && i < n; i++) {
        const wijk_scenario_change *c = wijk_scenario_at(file, i);
        said = wijk_arena_printf(arena, "%s%s%s", said, i > 0 ? "; " : "",
                                 once ? what_of(arena, lang, c) : wijk_policy_line(arena, lang, c));
    }
    return said ? said : "";
}

const char *wijk_policy_say(wijk_arena *arena, wijk_lang lang, const char *scenario)
{
    wijk_scenario_file *file = NULL;
    if (wijk_scenario_read(&file, scenario, strlen(scenario), "scenario")) {
        return "";
    }
    const char *said = say_all(arena, lang, file);
    wijk_scenario_free(file);
    return said;
}
