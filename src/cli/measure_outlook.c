/* wijk measure outlook: the outlook of one area, with how often such an outlook was wrong. */
#include "cli/measure.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/figure.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>

typedef struct {
    cmd_sheet *sheet;
    wijk_lang lang;
    wijk_arena *arena;
} writing;

static void column(const writing *w, const char *name, enum wijk_text_key key, int decimals)
{
    cmd_sheet_column(w->sheet, name, wijk_text(w->lang, key), decimals);
}

static void add_forecast(const writing *w, const wijk_outlook_view *view)
{
    static const struct {
        const char *name;
        enum wijk_text_key key;
    } heads[] = {{"q05", T_OUTLOOK_Q05},
                 {"q25", T_OUTLOOK_Q25},
                 {"q50", T_OUTLOOK_Q50},
                 {"q75", T_OUTLOOK_Q75},
                 {"q95", T_OUTLOOK_Q95}};
    cmd_sheet_table(w->sheet, "outlook", "");
    cmd_sheet_column(w->sheet, "area", "", -1);
    column(w, "year", T_OUTLOOK_WAVE, -1);
    column(w, "score", T_OUTLOOK_SCORE, 2);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        column(w, heads[i].name, heads[i].key, 2);
    }
    column(w, "chance_of_drop", T_OUTLOOK_DROP, 3);
    for (size_t i = 0; i < view->count; i++) {
        const wijk_outlook_item *item = &view->items[i];
        size_t last = item->waves - 1;
        char year[16];
        snprintf(year, sizeof year, "%d", item->years[last]);
        cmd_sheet_text(w->sheet, item->area.code);
        cmd_sheet_text(w->sheet, year);
        cmd_sheet_number(w->sheet, item->past.level[last]);
        for (int q = 0; q < WIJK_QUANTILES; q++) {
            cmd_sheet_number(w->sheet, item->next.quantile[q]);
        }
        cmd_sheet_number(w->sheet, item->next.drop);
    }
}

static void add_parts(const writing *w, const wijk_outlook_view *view)
{
    cmd_sheet_table(w->sheet, "parts", wijk_text(w->lang, T_OUTLOOK_PARTS));
    cmd_sheet_column(w->sheet, "area", "", -1);
    column(w, "now", T_OUTLOOK_NOW, 2);
    column(w, "q05", T_OUTLOOK_Q05, 2);
    column(w, "q95", T_OUTLOOK_Q95, 2);
    column(w, "part", T_OUTLOOK_PART, -1);
    for (size_t i = 0; i < view->count; i++) {
        for (size_t p = 0; p < view->items[i].part_count; p++) {
            const wijk_outlook_part *part = &view->items[i].parts[p];
            cmd_sheet_text(w->sheet, view->items[i].area.code);
            cmd_sheet_number(w->sheet, part->now);
            cmd_sheet_number(w->sheet, part->low);
            cmd_sheet_number(w->sheet, part->high);
            cmd_sheet_text(w->sheet, part->indicator->label[w->lang]);
        }
    }
}

static void add_sentences(const writing *w, const wijk_outlook_view *view)
{
    const char *title = wijk_arena_printf(w->arena, "%s %s", view->area.code, view->area.name);
    cmd_sheet_head(w->sheet, title ? title : "");
    if (view->why != WIJK_OUTLOOK_KNOWN) {
        cmd_sheet_head(w->sheet, wijk_outlook_why_not(w->lang, view));
    } else if (view->items[0].area.id != view->area.id) {
        cmd_sheet_head(w->sheet, wijk_text(w->lang, T_OUTLOOK_VIA));
    }
    for (size_t i = 0; i < view->count; i++) {
        wijk_outlook_words words;
        wijk_outlook_say(&words, w->arena, w->lang, &view->items[i]);
        for (size_t s = 0; s < WIJK_OUTLOOK_SAYS && words.said[s]; s++) {
            const char *text = s || view->count == 1
                                   ? words.said[s]
                                   : wijk_arena_printf(w->arena, "%s: %s", view->items[i].area.code,
                                                       words.said[s]);
            cmd_sheet_head(w->sheet, text ? text : "");
        }
        if (view->items[i].warns) {
            cmd_sheet_head(w->sheet, wijk_text(w->lang, T_OUTLOOK_WARNING));
        }
    }
}

int measure_outlook(int argc, char **argv, wijk_lang lang)
{
    cmd_place place;
    wijk_outlook_view view;
    wijk_outlook_card card = {0};
    int rc = cmd_place_open(&place, argc, argv, 0, lang);
    rc = rc ? rc : wijk_outlook_of(&view, place.store, place.registry, place.arena, place.area, 1);
    rc = rc ? rc : wijk_outlook_card_read(&card, place.store, view.level, view.area.fictional, 1);
    if (!rc) {
        writing w = {cmd_sheet_new(argc, argv, lang), lang, place.arena};
        const char *tested[WIJK_OUTLOOK_TESTED + 1] = {0};
        add_sentences(&w, &view);
        if (view.count) {
            add_forecast(&w, &view);
            add_parts(&w, &view);
            wijk_outlook_tested(tested, place.arena, lang, &card, &view);
        }
        for (size_t i = 0; tested[i]; i++) {
            cmd_sheet_note(w.sheet, tested[i]);
        }
        rc = cmd_sheet_print(w.sheet);
    }
    wijk_outlook_card_free(&card);
    cmd_place_close(&place);
    return rc;
}
