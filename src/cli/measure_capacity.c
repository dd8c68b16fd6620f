/* wijk measure capacity: load and carrying capacity of an area, with its parts. */
#include "cli/measure.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/capacity.h"
#include "wijk/figure.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>

static const enum wijk_text_key sides[] = {T_CAPACITY_LOAD, T_CAPACITY_HELP, T_CAPACITY_BESIDE};
static const char *const side_codes[] = {"load", "capacity", "beside"};

static void add_parts(cmd_sheet *sheet, const wijk_capacity *it, wijk_lang lang)
{
    cmd_sheet_table(sheet, "parts", "");
    cmd_sheet_column(sheet, "side", "", -1);
    cmd_sheet_column(sheet, "part", wijk_text(lang, T_CAPACITY_PART), -1);
    cmd_sheet_column(sheet, "year", wijk_text(lang, T_CAPACITY_YEAR), -1);
    cmd_sheet_column(sheet, "here", wijk_text(lang, T_CAPACITY_HERE), 1);
    cmd_sheet_column(sheet, "gemeente", "gemeente", 1);
    cmd_sheet_column(sheet, "country", wijk_text(lang, T_CAPACITY_COUNTRY), 1);
    cmd_sheet_column(sheet, "per_100_households", wijk_text(lang, T_CAPACITY_PER_100), 1);
    cmd_sheet_column(sheet, "place_without", wijk_text(lang, T_CAPACITY_WITHOUT), 0);
    for (size_t i = 0; i < it->count; i++) {
        const wijk_capacity_part *part = &it->parts[i];
        if (!part->value && part->side == WIJK_CAPACITY_BESIDE) {
            continue;
        }
        char year[16] = "";
        if (part->value) {
            snprintf(year, sizeof year, "%d", part->value->period);
        }
        cmd_sheet_text(sheet, side_codes[part->side]);
        cmd_sheet_text(sheet, part->indicator->label[lang]);
        cmd_sheet_text(sheet, year);
        cmd_sheet_figure(sheet, wijk_capacity_number(part->value), part->indicator->decimals);
        cmd_sheet_figure(sheet, part->gemeente, part->indicator->decimals);
        cmd_sheet_figure(sheet, part->land, part->indicator->decimals);
        cmd_sheet_number(sheet, part->per_100);
        cmd_sheet_number(sheet, part->without);
    }
}

static void add_sums(cmd_sheet *sheet, wijk_arena *arena, const wijk_capacity *it, wijk_lang lang)
{
    const char *adults =
        isfinite(it->adults)
            ? wijk_arena_printf(arena, "%s (%d)", wijk_text(lang, T_CAPACITY_ADULTS),
                                it->adults_year)
            : wijk_text(lang, T_CAPACITY_ADULTS);
    const struct {
        const char *code, *name;
        double value;
    } rows[] = {{"load", wijk_text(lang, sides[0]), it->load},
                {"capacity", wijk_text(lang, sides[1]), it->help},
                {"adults", adults ? adults : "", it->adults},
                {"balance", wijk_text(lang, T_CAPACITY_BALANCE), it->balance},
                {"balance_gemeente", "gemeente", it->balance_gemeente},
                {"balance_country", wijk_text(lang, T_CAPACITY_COUNTRY), it->balance_land},
                {"place", wijk_text(lang, T_CAPACITY_PLACE_NAME), it->place},
                {"place_low", wijk_text(lang, T_CAPACITY_PLACE_LOW), it->place_low},
                {"place_high", wijk_text(lang, T_CAPACITY_PLACE_HIGH), it->place_high}};
    cmd_sheet_table(sheet, "sums", "");
    cmd_sheet_column(sheet, "code", "", -1);
    cmd_sheet_column(sheet, "what", "", -1);
    cmd_sheet_column(sheet, "value", "", 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cmd_sheet_text(sheet, rows[i].code);
        cmd_sheet_text(sheet, rows[i].name);
        cmd_sheet_number(sheet, rows[i].value);
    }
}

int measure_capacity(int argc, char **argv, wijk_lang lang)
{
    cmd_place place;
    wijk_facts facts, gemeente = {0};
    wijk_capacity it;
    wijk_capacity_words words;
    int64_t around = 0;
    int rc = cmd_place_open(&place, argc, argv, 0, lang);
    rc = rc ? rc : wijk_facts_get(&facts, place.store, place.registry, place.arena, place.area);
    rc = rc ? rc : wijk_area_gemeente(&around, place.store, &facts.area);
    rc = rc || !around ? rc
                       : wijk_facts_reach(&gemeente, place.store, place.registry, place.arena,
                                          around, WIJK_REACH_BESIDE);
    rc = rc ? rc
            : wijk_capacity_of(&it, place.registry, place.arena, &facts, around ? &gemeente : NULL);
    rc = rc ? rc : wijk_capacity_place(&it, place.store, place.registry, place.arena);
    if (rc) {
        cmd_place_close(&place);
        return rc;
    }
    wijk_capacity_say(&words, place.arena, lang, place.registry, &it, &gemeente.area);
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_head(sheet, *it.area.name ? it.area.name : it.area.code);
    for (size_t i = 0; i < WIJK_CAPACITY_SAYS && words.sentences[i]; i++) {
        cmd_sheet_head(sheet, words.sentences[i]);
    }
    add_parts(sheet, &it, lang);
    add_sums(sheet, place.arena, &it, lang);
    for (size_t i = 0; i < WIJK_CAPACITY_SAYS && words.limits[i]; i++) {
        cmd_sheet_note(sheet, words.limits[i]);
    }
    rc = cmd_sheet_print(sheet);
    cmd_place_close(&place);
    return rc;
}
