/* Vooruitblik: what the livability of one area may be next time, on its page in short and on a page
 * of its own with all tests. Shown to who asks for that area; no page sets areas in order of risk.
 */
#include "web/pages.h"
#include "web/stack.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>

/* ---- one area or postcode ----------------------------------------------------------------------
 */

/* In short the band and the chance; else also how much of a change is noise. */
static void sentences(web_call *call, const wijk_outlook_item *item, int all)
{
    html *h = &call->h;
    wijk_outlook_words words;
    wijk_outlook_say(&words, call->arena, call->lang, item);
    h_open(h, "p", "wijk-lead");
    h_text(h, words.said[0]);
    h_text(h, " ");
    h_text(h, words.said[1]);
    h_close(h);
    if (item->warns) {
        h_leaft(h, "p", "wijk-caution", T_OUTLOOK_WARNING);
    }
    if (all && words.said[2]) {
        h_leaf(h, "p", NULL, words.said[2]);
    }
}

static int drawing(web_call *call, const wijk_outlook_item *item, size_t nth)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    const char *id = wijk_arena_printf(call->arena, "vooruitblik-%zu", nth);
    const wijk_figure_style style = {.lang = call->lang, .width = 480, .id = id};
    int rc = wijk_picture_outlook(&figure, call->arena, &style, item);
    if (!rc) {
        figure.message = ""; /* stands above the drawing already */
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
    }
    wijk_figure_free(&figure);
    return rc;
}

/* The postcode's name, its share of the people, and the way to its page. */
static void postcode_title(web_call *call, const wijk_outlook_item *item, int all)
{
    html *h = &call->h;
    if (all) { /* below the title of its own page */
        h_open(h, "h2", NULL);
    } else {
        h_open(h, "h3", NULL);
    }
    page_link(call, NULL, page_area_url(call, &item->area, NULL),
              wijk_arena_printf(call->arena, "%s %s", item->area.code, item->area.name));
    h_text(h, " ");
    h_open(h, "span", "wijk-from");
    const char *args[] = {wijk_number_in(call->arena, call->lang, 100 * item->share, 0)};
    h_fill(h, T_OUTLOOK_VIA_SHARE, args, 1);
    h_closes(h, 2);
}

/* 1 when what is shown is of postcodes and not of the area itself. */
static int is_via(const wijk_outlook_view *view)
{
    return view->items[0].area.id != view->area.id;
}

static int items(web_call *call, const wijk_outlook_view *view, int all)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    int via = is_via(view);
    if (via) {
        h_leaft(h, "p", NULL, T_OUTLOOK_VIA);
    }
    for (size_t i = 0; i < view->count && !rc; i++) {
        h_open(h, "div", "wijk-outlook");
        if (via) {
            postcode_title(call, &view->items[i], all);
        }
        sentences(call, &view->items[i], all);
        if (all) {
            rc = drawing(call, &view->items[i], i);
        }
        h_close(h);
    }
    return rc;
}

/* In short, what must stand beside a chance: false alarms and how far ahead. */
static void tested(web_call *call, const wijk_outlook_view *view, const wijk_outlook_card *card,
                   int all)
{
    html *h = &call->h;
    const char *said[WIJK_OUTLOOK_TESTED + 1];
    wijk_outlook_tested(said, call->arena, call->lang, card, view);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; said[i]; i++) {
        if (all || !card->count || i == WIJK_OUTLOOK_ALARM || i == WIJK_OUTLOOK_LEAD) {
            h_leaf(h, "li", NULL, said[i]);
        }
    }
    h_close(h);
}

int page_outlook_section(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    wijk_outlook_view view;
    wijk_outlook_card card = {0};
    int rc = wijk_outlook_of(&view, call->store, call->registry, call->arena, portrait->area.id, 0);
    if (rc || view.why != WIJK_OUTLOOK_KNOWN) {
        return rc;
    }
    rc = wijk_outlook_card_read(&card, call->store, view.level, view.area.fictional, 1);
    if (rc) {
        return rc;
    }
    page_section(call, "wijk-section", "vooruitblik", T_OUTLOOK_TITLE);
    h_open(h, "div", "wijk-pair");
    h_open(h, "div", "wijk-outlook");
    rc = items(call, &view, 0);
    h_leaft(h, "p", "wijk-caution", T_OUTLOOK_SCALE);
    if (!is_via(&view)) {
        tested(call, &view, &card, 0);
    }
    page_more(call, page_area_url(call, &portrait->area, "/vooruitblik"), T_OUTLOOK_MORE);
    h_close(h);
    if (is_via(&view)) {
        h_open(h, "div", "wijk-outlook");
        tested(call, &view, &card, 0);
        h_close(h);
    } else {
        rc = rc ? rc : drawing(call, &view.items[0], 0);
    }
    h_closes(h, 2);
    wijk_outlook_card_free(&card);
    return rc;
}

/* ---- the page ---------------------------------------------------------------------------------
 */

static void table_begin(stack_table *table, web_call *call, const char *caption,
                        enum wijk_text_key first, const enum wijk_text_key *heads, size_t count)
{
    *table = (stack_table){0};
    stack_column(table, wijk_text(call->lang, first), NULL);
    for (size_t i = 0; i < count; i++) {
        stack_column(table, wijk_text(call->lang, heads[i]), NULL);
    }
    stack_begin(table, &call->h, caption);
}

static void row_begin(stack_table *table, const char *name, const char *note)
{
    html *h = table->h;
    stack_row(table);
    h_text(h, name);
    if (note) {
        h_text(h, " ");
        h_leaf(h, "span", "wijk-from", note);
    }
    stack_named(table);
}

static const enum wijk_text_key score_heads[] = {
    T_OUTLOOK_C_AREAS,   T_OUTLOOK_C_DROPS,   T_OUTLOOK_C_MAE,      T_OUTLOOK_C_PINBALL,
    T_OUTLOOK_C_COVER50, T_OUTLOOK_C_COVER90, T_OUTLOOK_C_PRECISION};
enum { SCORE_HEADS = sizeof score_heads / sizeof *score_heads };

/* Share inside the 90% band with its binomial interval. */
static void cover_cell(stack_table *table, const wijk_outlook_score *s)
{
    html *h = table->h;
    stack_cell(table);
    h_number(h, 100 * s->cover90, 1);
    h_open(h, "span", "wijk-from");
    h_number(h, 100 * s->low90, 0);
    h_text(h, "–");
    h_number(h, 100 * s->high90, 0);
    h_closes(h, 2);
}

static void score_cells(stack_table *table, const wijk_outlook_score *s)
{
    stack_number(table, (double)s->areas, 0);
    stack_number(table, (double)s->drops, 0);
    stack_number(table, s->mae, 4);
    stack_number(table, s->pinball, 5);
    stack_number(table, 100 * s->cover50, 1);
    cover_cell(table, s);
    stack_number(table, s->precision, 3);
    stack_row_end(table);
}

static const char *step_name(web_call *call, const wijk_outlook_step *step)
{
    return wijk_arena_printf(call->arena, "%d–%d", step->from, step->to);
}

static const char *use_of(web_call *call, size_t estimator, size_t then, size_t now)
{
    int chosen = (estimator == then) + 2 * (estimator == now);
    static const enum wijk_text_key words[] = {
        [1] = T_OUTLOOK_USED_THEN, [2] = T_OUTLOOK_USED, [3] = T_OUTLOOK_USED_BOTH};
    return chosen ? wijk_text(call->lang, words[chosen]) : NULL;
}

static void compared(web_call *call, const wijk_outlook_step *step, size_t now)
{
    html *h = &call->h;
    stack_table table;
    const char *years[] = {wijk_arena_printf(call->arena, "%d", step->from),
                           wijk_arena_printf(call->arena, "%d", step->to)};
    page_section(call, "wijk-section", "schatters", T_OUTLOOK_COMPARED);
    h_open(h, "p", NULL);
    h_fill(h, T_OUTLOOK_COMPARED_ABOUT, years, 2);
    h_close(h);
    table_begin(&table, call, wijk_text(call->lang, T_OUTLOOK_COMPARED), T_OUTLOOK_C_ESTIMATOR,
                score_heads, SCORE_HEADS);
    for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
        row_begin(&table, wijk_outlook_name(e, call->lang), use_of(call, e, step->chosen, now));
        score_cells(&table, &step->score[e * WIJK_SLICES]);
    }
    stack_end(&table);
    h_leaft(h, "p", "wijk-caution", T_OUTLOOK_NOTE_AP);
    h_close(h);
}

static void by_size(web_call *call, const wijk_outlook_step *step)
{
    html *h = &call->h;
    stack_table table;
    page_section(call, "wijk-section", "grootte", T_OUTLOOK_BY_SIZE);
    table_begin(&table, call, wijk_text(call->lang, T_OUTLOOK_BY_SIZE), T_OUTLOOK_C_SLICE,
                score_heads, SCORE_HEADS);
    for (int slice = 0; slice < WIJK_SLICES; slice++) {
        const wijk_outlook_score *s = &step->score[step->chosen * WIJK_SLICES + (size_t)slice];
        row_begin(&table, wijk_outlook_slice_name((enum wijk_outlook_slice)slice, call->lang),
                  s->drops < WIJK_OUTLOOK_EVENTS ? wijk_text(call->lang, T_OUTLOOK_FEW_DROPS)
                                                 : NULL);
        score_cells(&table, s);
    }
    stack_end(&table);
    h_leaft(h, "p", "wijk-caution", T_OUTLOOK_NOTE_COVER);
    h_close(h);
}

static void chances(web_call *call, const wijk_outlook_step *step)
{
    static const enum wijk_text_key heads[] = {T_OUTLOOK_C_AREAS, T_OUTLOOK_C_DROPS,
                                               T_OUTLOOK_C_SEEN};
    html *h = &call->h;
    stack_table table;
    page_section(call, "wijk-section", "kansen", T_OUTLOOK_CHANCES);
    table_begin(&table, call, wijk_text(call->lang, T_OUTLOOK_CHANCES), T_OUTLOOK_C_CHANCE, heads,
                3);
    const wijk_outlook_warning *w = &step->warning;
    for (int bin = 0; bin < WIJK_OUTLOOK_BINS; bin++) {
        if (!w->areas[bin]) {
            continue;
        }
        row_begin(&table, wijk_number_in(call->arena, call->lang, 100 * w->mean[bin], 1), NULL);
        stack_number(&table, (double)w->areas[bin], 0);
        stack_number(&table, (double)w->drops[bin], 0);
        stack_number(&table, 100 * (double)w->drops[bin] / (double)w->areas[bin], 1);
        stack_row_end(&table);
    }
    stack_end(&table);
    h_close(h);
}

static void all_steps(web_call *call, const wijk_outlook_card *card)
{
    html *h = &call->h;
    stack_table table;
    page_section(call, "wijk-section", "stappen", T_OUTLOOK_ALL_STEPS);
    table_begin(&table, call, wijk_text(call->lang, T_OUTLOOK_ALL_STEPS), T_OUTLOOK_C_STEP,
                score_heads, SCORE_HEADS);
    for (size_t s = 0; s < card->count; s++) {
        const wijk_outlook_step *step = &card->steps[s];
        row_begin(&table, step_name(call, step), wijk_outlook_name(step->chosen, call->lang));
        score_cells(&table, &step->score[step->chosen * WIJK_SLICES]);
    }
    stack_end(&table);
    h_close(h);
}

static void parts(web_call *call, const wijk_outlook_item *item)
{
    static const enum wijk_text_key heads[] = {T_OUTLOOK_NOW, T_OUTLOOK_BETWEEN, T_OUTLOOK_AND};
    html *h = &call->h;
    stack_table table;
    if (!item->part_count) {
        return;
    }
    page_section(call, "wijk-section", "onderdelen", T_OUTLOOK_PARTS);
    h_leaft(h, "p", NULL, T_OUTLOOK_PARTS_ABOUT);
    table_begin(&table, call, wijk_text(call->lang, T_OUTLOOK_PARTS), T_OUTLOOK_PART, heads, 3);
    for (size_t p = 0; p < item->part_count; p++) {
        const wijk_outlook_part *part = &item->parts[p];
        row_begin(&table, part->indicator->label[call->lang], NULL);
        stack_number(&table, part->now, 2);
        stack_number(&table, part->low, 2);
        stack_number(&table, part->high, 2);
        stack_row_end(&table);
    }
    stack_end(&table);
    h_close(h);
}

static void what_it_is_not(web_call *call)
{
    static const enum wijk_text_key fixed[] = {T_OUTLOOK_NOT_CAUSE, T_OUTLOOK_NOT_PEOPLE,
                                               T_OUTLOOK_NOT_LIST, T_OUTLOOK_NOT_MODEL};
    page_limits(call, &(page_limit_list){.title = T_OUTLOOK_NOT,
                                         .fixed = fixed,
                                         .fixed_count = sizeof fixed / sizeof *fixed,
                                         .manual = page_manual_url(call, "vooruitblik", "outlook"),
                                         .manual_text = T_OUTLOOK_EXPLAINED});
}

static int known(web_call *call, const wijk_outlook_view *view, const wijk_outlook_card *card)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-pair");
    h_open(h, "div", NULL);
    int rc = items(call, view, 1);
    h_close(h);
    page_section(call, "wijk-outlook", "klopte", T_OUTLOOK_TESTED);
    tested(call, view, card, 1);
    h_closes(h, 2);
    if (view->count == 1) {
        parts(call, &view->items[0]);
    }
    if (card->count) {
        const wijk_outlook_step *step = &card->steps[card->count - 1];
        chances(call, step);
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_OUTLOOK_TABLES);
        h_leaft(h, "p", NULL, T_OUTLOOK_NOTE_LOSS);
        by_size(call, step);
        compared(call, step, card->next);
        all_steps(call, card);
        h_close(h);
    }
    return rc;
}

int page_outlook(web_call *call)
{
    wijk_portrait portrait;
    wijk_outlook_view view;
    wijk_outlook_card card = {0};
    int rc = page_portrait(call, &portrait);
    rc = rc ? rc
            : wijk_outlook_of(&view, call->store, call->registry, call->arena, portrait.area.id, 1);
    rc = rc ? rc : wijk_outlook_card_read(&card, call->store, view.level, view.area.fictional, 0);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    const char *title = wijk_arena_printf(call->arena, "%s · %s", portrait.name,
                                          wijk_text(call->lang, T_OUTLOOK_TITLE));
    page_begin(call, &(web_shell){.title = title, .fictional = portrait.area.fictional});
    rc = page_breadcrumb(call, &portrait);
    h_open(h, "header", "wijk-title");
    h_leaft(h, "h1", NULL, T_OUTLOOK_TITLE);
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, page_area_url(call, &portrait.area, NULL), portrait.name);
    h_close(h);
    h_leaft(h, "p", NULL, T_OUTLOOK_ABOUT);
    if (view.why == WIJK_OUTLOOK_KNOWN) {
        h_leaft(h, "p", NULL, T_OUTLOOK_SCALE);
    }
    h_close(h);
    if (view.why == WIJK_OUTLOOK_KNOWN) {
        rc = rc ? rc : known(call, &view, &card);
    } else {
        h_leaf(h, "p", "wijk-lead", wijk_outlook_why_not(call->lang, &view));
    }
    what_it_is_not(call);
    wijk_outlook_card_free(&card);
    return rc ? rc : page_end(call);
}
