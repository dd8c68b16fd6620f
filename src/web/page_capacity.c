/* Draaglast en draagkracht: in two sentences on the page of an area, with parts, place and other
 * weights on a page of its own (the comparison with all areas takes ten times as long as a page).
 */
#include "web/pages.h"
#include "web/stack.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>

static void say(web_call *call, const char *const *texts, size_t most)
{
    html *h = &call->h;
    h_open(h, "p", "wijk-lead");
    for (size_t i = 0; i < most && texts[i]; i++) {
        h_text(h, i ? " " : "");
        h_text(h, texts[i]);
    }
    h_close(h);
}

int page_capacity_section(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    wijk_capacity it;
    int rc = wijk_capacity_of(&it, call->registry, call->arena, portrait->facts, portrait->around);
    if (rc || !isfinite(it.balance) || it.borrowed) {
        return rc; /* nothing is known of this area itself */
    }
    wijk_capacity_words words;
    it.area.level = WIJK_LAND; /* here without its place among others: that takes too long */
    wijk_capacity_say(&words, call->arena, call->lang, call->registry, &it, &portrait->gemeente);
    page_section(call, "wijk-section", "draagkracht", T_CAPACITY_TITLE);
    say(call, words.sentences, WIJK_CAPACITY_SAYS);
    h_leaf(h, "p", "wijk-caution", words.limits[0]);
    page_more(call, page_area_url(call, &portrait->area, "/draagkracht"), T_CAPACITY_MORE);
    h_close(h);
    return WIJK_OK;
}

/* 1 when there is a country around it to compare with. */
static int in_country(const wijk_capacity *it)
{
    return it->area.level > WIJK_LAND && !it->area.fictional;
}

/* A number, or nothing at all where there is none. */
static void number_or_nothing(stack_table *table, double value, int decimals)
{
    stack_cell(table);
    if (isfinite(value)) {
        h_number(table->h, value, decimals);
    }
    h_close(table->h);
}

static void part_row(web_call *call, stack_table *table, const wijk_capacity *it,
                     const wijk_capacity_part *part, int enters)
{
    html *h = &call->h;
    const wijk_indicator *indicator = part->indicator;
    wijk_str shown = WIJK_STR_INIT;
    stack_row(table);
    page_link(call, NULL, page_indicator_url(call, indicator), indicator->label[call->lang]);
    const wijk_load_info *load = wijk_load_by_id(call->registry, part->value->load);
    h_open(h, "span", "wijk-from");
    h_text(h, load ? load->publisher : "");
    h_text(h, load && *load->publisher ? ", " : "");
    h_text(h, page_period(call, part->value->period));
    h_close(h);
    h_leaf(h, "span", "wijk-from", part->why[call->lang]);
    stack_named(table);
    stack_cell(table);
    wijk_value_shown(&shown, call->lang, indicator, part->value);
    h_leaf(h, "span", page_value_class(part->value), wijk_str_text(&shown));
    h_close(h);
    wijk_str_free(&shown);
    if (it->area.level > WIJK_GEMEENTE) {
        number_or_nothing(table, part->gemeente, indicator->decimals);
    }
    if (in_country(it)) {
        number_or_nothing(table, part->land, indicator->decimals);
    }
    if (enters && isfinite(it->load)) {
        number_or_nothing(table, part->per_100, 0);
    }
    stack_row_end(table);
}

static void sum_row(stack_table *table, const wijk_capacity *it, double sum)
{
    stack_row(table);
    h_t(table->h, T_CAPACITY_SUM);
    stack_named(table);
    for (int i = 0; i < 1 + (it->area.level > WIJK_GEMEENTE) + in_country(it); i++) {
        number_or_nothing(table, NAN, 0);
    }
    number_or_nothing(table, sum, 0);
    stack_row_end(table);
}

/* One side as a table; nothing when no part of it is known. */
static void side_table(web_call *call, const wijk_capacity *it, enum wijk_capacity_side side,
                       enum wijk_text_key title)
{
    static const char other[] = "wijk-table__number wijk-table__other";
    html *h = &call->h;
    stack_table table = {0};
    int enters = side != WIJK_CAPACITY_BESIDE, any = 0;
    for (size_t i = 0; i < it->count; i++) {
        any |= it->parts[i].side == side && it->parts[i].value;
    }
    if (!any) {
        return;
    }
    h_leaft(h, "h3", NULL, title);
    stack_column(&table, wijk_text(call->lang, T_CAPACITY_PART), NULL);
    stack_column(&table, wijk_text(call->lang, T_CAPACITY_HERE), NULL);
    if (it->area.level > WIJK_GEMEENTE) {
        stack_column(&table, wijk_text(call->lang, T_WEB_GEMEENTE), other);
    }
    if (in_country(it)) {
        stack_column(&table, wijk_text(call->lang, T_CAPACITY_COUNTRY), other);
    }
    if (enters && isfinite(it->load)) {
        stack_column(&table, wijk_text(call->lang, T_CAPACITY_PER_100), NULL);
    }
    stack_begin(&table, h, wijk_text(call->lang, title));
    for (size_t i = 0; i < it->count; i++) {
        if (it->parts[i].side == side && it->parts[i].value) {
            part_row(call, &table, it, &it->parts[i], enters);
        }
    }
    if (enters && isfinite(it->load)) {
        sum_row(&table, it, side == WIJK_CAPACITY_LOAD ? it->load : it->help);
    }
    stack_end(&table);
}

/* What the place among others rests on: each part left out in turn. */
static void weights(web_call *call, const wijk_capacity *it)
{
    html *h = &call->h;
    if (!it->areas) {
        return;
    }
    page_section(call, "wijk-section wijk-section--panel", "gewichten", T_CAPACITY_WEIGHTS);
    h_leaft(h, "p", NULL, T_CAPACITY_WEIGHTS_ABOUT);
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", T_CAPACITY_WEIGHTS);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_CAPACITY_PART, NULL);
    page_head_cell(h, T_CAPACITY_WITHOUT, "wijk-table__number");
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < it->count; i++) {
        if (isfinite(it->parts[i].without)) {
            h_open(h, "tr", NULL);
            h_open(h, "th", NULL);
            h_attr(h, "scope", "row");
            h_text(h, it->parts[i].indicator->label[call->lang]);
            h_close(h);
            page_number_cell(h, it->parts[i].without, 0);
            h_close(h);
        }
    }
    h_closes(h, 3);
}

static int drawing(web_call *call, const wijk_capacity *it)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = call->lang, .id = "draagkracht"};
    int rc = wijk_picture_capacity(&figure, call->arena, &style, call->registry, it);
    if (!rc) {
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

int page_capacity(web_call *call)
{
    wijk_portrait portrait;
    wijk_capacity it;
    int rc = page_portrait(call, &portrait);
    rc = rc ? rc
            : wijk_capacity_of(&it, call->registry, call->arena, portrait.facts, portrait.around);
    rc = rc ? rc : wijk_capacity_place(&it, call->store, call->registry, call->arena);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    wijk_capacity_words words;
    wijk_capacity_say(&words, call->arena, call->lang, call->registry, &it, &portrait.gemeente);
    const char *title = wijk_arena_printf(call->arena, "%s · %s", portrait.name,
                                          wijk_text(call->lang, T_CAPACITY_TITLE));
    page_begin(call, &(web_shell){.title = title, .fictional = portrait.area.fictional});
    rc = page_breadcrumb(call, &portrait);
    h_open(h, "header", "wijk-title");
    h_leaft(h, "h1", NULL, T_CAPACITY_TITLE);
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, page_area_url(call, &portrait.area, NULL), portrait.name);
    h_close(h);
    say(call, words.sentences, WIJK_CAPACITY_SAYS);
    h_close(h);
    h_open(h, "div", "wijk-pair");
    rc = rc ? rc : drawing(call, &it);
    weights(call, &it);
    h_close(h);
    page_section(call, "wijk-section", "onderdelen", T_CAPACITY_PARTS);
    side_table(call, &it, WIJK_CAPACITY_LOAD, T_CAPACITY_LOAD);
    side_table(call, &it, WIJK_CAPACITY_HELP, T_CAPACITY_HELP);
    side_table(call, &it, WIJK_CAPACITY_BESIDE, T_CAPACITY_BESIDE);
    h_close(h);
    page_section(call, "wijk-section wijk-section--panel", "niet", T_CAPACITY_NOT);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < WIJK_CAPACITY_SAYS && words.limits[i]; i++) {
        h_leaf(h, "li", NULL, words.limits[i]);
    }
    h_closes(h, 2);
    page_legend(call);
    return rc ? rc : page_end(call);
}
