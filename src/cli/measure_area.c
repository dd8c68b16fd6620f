/* wijk measure area: mix and segregation of an area of the file; the same structure as the page. */
#include "cli/measure.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/file.h"
#include "wijk/mix.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- as tables ---------------------------------------------------------------------------- */

static void add_measures(cmd_sheet *sheet, const wijk_mix *mix)
{
    wijk_lang lang = mix->lang;
    cmd_sheet_table(sheet, "indices", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_MEASURE_VALUE), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_MIX_PAGE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_MIX_PAGE_HIGH), 4);
    cmd_sheet_column(sheet, "chance", wijk_text(lang, T_MEASURE_CHANCE), 4);
    cmd_sheet_column(sheet, "beyond", wijk_text(lang, T_MEASURE_BEYOND), 4);
    for (size_t i = 0; i < WIJK_MIX_MEASURES; i++) {
        const wijk_mix_measure *at = &mix->measure[i];
        cmd_sheet_text(sheet, at->code);
        cmd_sheet_text(sheet, at->name);
        cmd_sheet_number(sheet, at->value);
        cmd_sheet_number(sheet, mix->exact ? at->value : at->low);
        cmd_sheet_number(sheet, mix->exact ? at->value : at->high);
        cmd_sheet_number(sheet, at->chance);
        cmd_sheet_number(sheet, at->value - at->chance);
    }
}

static void add_groups(cmd_sheet *sheet, const wijk_mix *mix)
{
    wijk_lang lang = mix->lang;
    cmd_sheet_table(sheet, "groups", wijk_text(lang, T_MIX_PAGE_GROUPS));
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_MIX_PAGE_GROUP), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_MIX_PAGE_SHARE), 3);
    if (mix->part) {
        cmd_sheet_column(sheet, "here", wijk_text(lang, T_MIX_PAGE_HERE), 3);
        cmd_sheet_column(sheet, "within_500", "500 m", 3);
        cmd_sheet_column(sheet, "within_1000", "1 km", 3);
        cmd_sheet_column(sheet, "within_2000", "2 km", 3);
    } else {
        cmd_sheet_column(sheet, "isolation", wijk_text(lang, T_MEASURE_ISOLATION), 3);
        cmd_sheet_column(sheet, "dissimilarity", "D", 3);
    }
    for (size_t g = 0; g < mix->grouped.groups; g++) {
        const wijk_mix_group *at = &mix->group[g];
        cmd_sheet_text(sheet, at->name);
        cmd_sheet_number(sheet, at->share);
        cmd_sheet_number(sheet, mix->part ? at->self : at->isolation);
        for (size_t k = 0; mix->part && k < WIJK_MIX_MEETS; k++) {
            cmd_sheet_number(sheet, at->meets[k]);
        }
        if (!mix->part) {
            cmd_sheet_number(sheet, at->dissimilarity);
        }
    }
}

static void add_scale(cmd_sheet *sheet, const wijk_mix *mix)
{
    cmd_sheet_table(sheet, "scale", wijk_text(mix->lang, T_MIX_SCALE_DISTANCE));
    cmd_sheet_column(sheet, "radius", wijk_text(mix->lang, T_MEASURE_RADIUS), 0);
    cmd_sheet_column(sheet, "h", "H", 4);
    cmd_sheet_column(sheet, "h_low", wijk_text(mix->lang, T_MIX_PAGE_LOW), 4);
    cmd_sheet_column(sheet, "h_high", wijk_text(mix->lang, T_MIX_PAGE_HIGH), 4);
    cmd_sheet_column(sheet, "d", "D", 4);
    cmd_sheet_column(sheet, "people", mix->units, 0);
    for (size_t i = 0; i < mix->scale_count; i++) {
        cmd_sheet_number(sheet, mix->scale[i].radius);
        cmd_sheet_number(sheet, mix->scale[i].theil);
        cmd_sheet_number(sheet, mix->banded ? mix->scale_low[i] : NAN);
        cmd_sheet_number(sheet, mix->banded ? mix->scale_high[i] : NAN);
        cmd_sheet_number(sheet, mix->scale[i].dissimilarity);
        cmd_sheet_number(sheet, mix->scale[i].people);
    }
}

static void add_history(cmd_sheet *sheet, const wijk_mix *mix)
{
    cmd_sheet_table(sheet, "history", wijk_text(mix->lang, T_MIX_PAGE_LAYER));
    cmd_sheet_column(sheet, "parts", "", -1);
    cmd_sheet_column(sheet, "count", "n", 0);
    cmd_sheet_column(sheet, "d", "D", 4);
    cmd_sheet_column(sheet, "chance_d", wijk_text(mix->lang, T_MEASURE_CHANCE), 4);
    cmd_sheet_column(sheet, "h", "H", 4);
    cmd_sheet_column(sheet, "chance_h", wijk_text(mix->lang, T_MEASURE_CHANCE), 4);
    for (size_t i = 0; i < mix->history_count; i++) {
        const wijk_mix_moment *at = &mix->history[i];
        char code[48];
        snprintf(code, sizeof code, "%s-%d-%d", wijk_level_word(at->layer.level), at->layer.vintage,
                 at->layer.period);
        cmd_sheet_text(sheet, code);
        cmd_sheet_number(sheet, (double)at->areas);
        cmd_sheet_number(sheet, at->d);
        cmd_sheet_number(sheet, at->chance_d);
        cmd_sheet_number(sheet, at->h);
        cmd_sheet_number(sheet, at->chance_h);
    }
}

static void add_similar(cmd_sheet *sheet, const wijk_mix *mix)
{
    cmd_sheet_table(sheet, "similar", wijk_text(mix->lang, T_MIX_LIKE_TITLE));
    cmd_sheet_column(sheet, "code", wijk_text(mix->lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "d", "D", 4);
    cmd_sheet_column(sheet, "low", wijk_text(mix->lang, T_MIX_PAGE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(mix->lang, T_MIX_PAGE_HIGH), 4);
    cmd_sheet_column(sheet, "chance_d", wijk_text(mix->lang, T_MEASURE_CHANCE), 4);
    cmd_sheet_column(sheet, "parts", "n", 0);
    for (size_t i = 0; i < mix->like_count; i++) {
        const wijk_mix_like *at = &mix->like[i];
        cmd_sheet_text(sheet, at->code);
        cmd_sheet_text(sheet, at->name);
        cmd_sheet_number(sheet, at->d);
        cmd_sheet_number(sheet, at->low);
        cmd_sheet_number(sheet, at->high);
        cmd_sheet_number(sheet, at->chance_d);
        cmd_sheet_number(sheet, (double)at->areas);
    }
}

static void add_change(cmd_sheet *sheet, const wijk_mix *mix)
{
    static const char *const codes[WIJK_CHANGE_PARTS] = {
        [WIJK_CHANGE_BORDER] = "border",     [WIJK_CHANGE_ADDITIONS] = "additions",
        [WIJK_CHANGE_REMOVALS] = "removals", [WIJK_CHANGE_OF_GROUPS] = "groups",
        [WIJK_CHANGE_OF_UNITS] = "units",    [WIJK_CHANGE_STRUCTURE] = "structure"};
    const wijk_change_ranges *h = &mix->change.moved.theil, *m = &mix->change.moved.mutual;
    int ranged = mix->change.ranged;
    char title[64];
    snprintf(title, sizeof title, "H %d–%d", mix->history[0].layer.period,
             mix->history[mix->history_count - 1].layer.period);
    cmd_sheet_table(sheet, "change", title);
    cmd_sheet_column(sheet, "part", "", -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "h", "H", 4);
    cmd_sheet_column(sheet, "low", wijk_text(mix->lang, T_MIX_PAGE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(mix->lang, T_MIX_PAGE_HIGH), 4);
    cmd_sheet_column(sheet, "m", "M", 4);
    for (int i = WIJK_CHANGE_PARTS - 1; i >= 0; i--) {
        cmd_sheet_text(sheet, codes[i]);
        cmd_sheet_text(sheet, wijk_mix_change_part(mix->lang, (enum wijk_change_part)i));
        cmd_sheet_number(sheet, h->part[i]);
        cmd_sheet_number(sheet, ranged ? h->low[i] : NAN);
        cmd_sheet_number(sheet, ranged ? h->high[i] : NAN);
        cmd_sheet_number(sheet, m->part[i]);
    }
}

static int print_sheet(const wijk_mix *mix, int argc, char **argv)
{
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, mix->lang);
    cmd_sheet_head(sheet, mix->title);
    cmd_sheet_head(sheet, mix->sentence);
    add_measures(sheet, mix);
    add_groups(sheet, mix);
    if (mix->scale_count) {
        add_scale(sheet, mix);
    }
    add_history(sheet, mix);
    if (mix->like_count) {
        add_similar(sheet, mix);
    }
    if (mix->changed) {
        add_change(sheet, mix);
    }
    for (size_t i = 0; i < mix->note_count; i++) {
        cmd_sheet_note(sheet, mix->notes[i]);
    }
    if (mix->changed) {
        cmd_sheet_note(sheet, mix->change.carried);
    }
    cmd_sheet_note(sheet, mix->source);
    return cmd_sheet_print(sheet);
}

/* ---- as a file ---------------------------------------------------------------------------- */

static int draw(const cmd_place *place, const wijk_mix *mix, const char *name, const char *path)
{
    static const struct {
        const char *name;
        int (*draw)(wijk_figure *, wijk_arena *, const wijk_figure_style *, const wijk_mix *);
    } plain[] = {{"shares", wijk_mix_figure_shares},
                 {"scale", wijk_mix_figure_scale},
                 {"history", wijk_mix_figure_history},
                 {"change", wijk_mix_figure_change}};
    const wijk_figure_style style = {.lang = mix->lang, .standalone = 1, .width = 720};
    wijk_figure figure = WIJK_FIGURE_INIT;
    int rc = WIJK_EINVAL;
    if (!strcmp(name, "map")) {
        rc = wijk_mix_figure_map(&figure, place->store, place->registry, place->arena, &style, mix,
                                 NULL, NULL);
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain && rc == WIJK_EINVAL; i++) {
        if (!strcmp(name, plain[i].name)) {
            rc = plain[i].draw(&figure, place->arena, &style, mix);
        }
    }
    if (rc == WIJK_EINVAL) {
        wijk_fail(rc, "Onbekende figuur \"%s\": kies map, scale, history, change of shares.",
                  "Unknown figure \"%s\": choose map, scale, history, change or shares.", name);
    }
    rc = rc ? rc : wijk_file_write(path, figure.svg.data, figure.svg.size);
    wijk_figure_free(&figure);
    return rc;
}

/* ---- the command -------------------------------------------------------------------------- */

static int read_ask(wijk_mix_ask *ask, int argc, char **argv)
{
    *ask = (wijk_mix_ask)WIJK_MIX_ASK_BEST;
    ask->grouping = cmd_option(argc, argv, "grouping");
    ask->draws = cmd_flag(argc, argv, "range")   ? 400
                 : cmd_option(argc, argv, "svg") ? 0
                                                 : WIJK_MIX_LOOK;
    const char *parts = cmd_option(argc, argv, "parts");
    int rc = cmd_year(&ask->period, argc, argv, "period", 2100);
    if (!rc && parts && !wijk_mix_ask_layer(ask, parts)) {
        rc = wijk_fail(WIJK_EINVAL,
                       "--parts %s: geef niveau, indeling en jaar, zoals buurt-2024-2024.",
                       "--parts %s: give level, vintage and year, such as buurt-2024-2024.", parts);
    }
    return rc;
}

int measure_area(int argc, char **argv, wijk_lang lang)
{
    cmd_place place;
    wijk_mix mix;
    wijk_mix_ask ask;
    const char *svg = cmd_option(argc, argv, "svg"), *figure = cmd_option(argc, argv, "figure");
    int rc = read_ask(&ask, argc, argv);
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang);
    if (rc) {
        return rc;
    }
    rc = wijk_mix_get(&mix, place.store, place.registry, place.arena, place.area, lang, &ask);
    if (!rc) {
        rc = svg ? draw(&place, &mix, figure ? figure : "map", svg) : print_sheet(&mix, argc, argv);
    }
    cmd_place_close(&place);
    return rc;
}
