/* The same area in other forms: JSON, PDF, one sortable table of everything, and a letter about a
 * figure that is not right. All read the portrait that the page reads. */
#include "web/form.h"
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

/* ---- the same as other forms ------------------------------------------------------------------
 */

int page_area_json(web_call *call)
{
    wijk_portrait portrait;
    int rc = page_portrait(call, &portrait);
    if (!rc) {
        page_type(call, "application/json", NULL);
        wijk_portrait_json(&call->reply->body, &portrait, call->registry);
    }
    return rc;
}

int page_area_pdf(web_call *call)
{
    wijk_portrait portrait;
    int rc = page_portrait(call, &portrait);
    if (!rc) {
        page_type(call, "application/pdf",
                  wijk_arena_printf(call->arena, "wijk-%s.pdf", portrait.area.code));
        pthread_mutex_lock(&call->site->drawing);
        rc = wijk_brief_pdf(&call->reply->body, call->store, call->registry, &portrait);
        pthread_mutex_unlock(&call->site->drawing);
    }
    return rc;
}

/* How sure a figure is, in one word for tables and files. */
static enum wijk_text_key sureness(const wijk_value *value)
{
    return value->mark == WIJK_MARK_MISSING          ? T_WEB_SURE_MISSING
           : value->mark == WIJK_MARK_SECRET         ? T_WEB_SURE_SECRET
           : value->mark == WIJK_MARK_NOT_APPLICABLE ? T_WEB_SURE_NOT_APPLICABLE
           : value->flags & WIJK_PROTECTED           ? T_WEB_SURE_PROTECTED
           : value->flags & WIJK_GREY                ? T_WEB_SURE_GREY
           : value->origin == WIJK_BORROWED          ? T_WEB_SURE_BORROWED
           : value->origin == WIJK_CONVERTED         ? T_WEB_SURE_CONVERTED
           : value->flags & WIJK_MODELLED            ? T_WEB_SURE_MODELLED
           : value->origin == WIJK_COMPUTED          ? T_WEB_SURE_COMPUTED
           : value->origin == WIJK_UNCHECKED         ? T_WEB_SURE_UNCHECKED
                                                     : T_WEB_SURE_PUBLISHED;
}

/* `first`: the first row of its theme, to which other pages point. */
static void table_row(web_call *call, const wijk_line *line, int first)
{
    html *h = &call->h;
    const wijk_value *value = line->value;
    h_open(h, "tr", NULL);
    h_attr(h, "id", first ? line->indicator->theme : NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    page_link(call, NULL, page_indicator_url(call, line->indicator),
              line->indicator->label[call->lang]);
    h_close(h);
    h_leaf(h, "td", NULL, wijk_theme_name(call->lang, line->indicator->theme));
    h_open(h, "td", "wijk-table__number");
    wijk_str sort = WIJK_STR_INIT;
    if (isfinite(value->value)) {
        wijk_str_addg(&sort, value->value);
        h_attr(h, "data-sort", wijk_str_text(&sort));
    }
    h_leaf(h, "span", page_value_class(value), line->shown);
    h_close(h);
    wijk_str_free(&sort);
    h_leaf(h, "td", NULL, line->range);
    h_leaf(h, "td", "wijk-table__number", page_period(call, value->period));
    h_leaf(h, "td", NULL, line->source);
    h_leaft(h, "td", NULL, sureness(value));
    h_close(h);
}

int page_area_table(web_call *call)
{
    static const enum wijk_text_key heads[] = {T_WEB_INDICATOR, T_WEB_THEME, T_WEB_HERE,
                                               T_WEB_RANGE,     T_WEB_YEAR,  T_WEB_SOURCE,
                                               T_WEB_SURENESS};
    wijk_portrait portrait;
    int rc = page_portrait(call, &portrait);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = portrait.name, .fictional = portrait.area.fictional});
    page_breadcrumb(call, &portrait);
    h_open(h, "h1", NULL);
    h_t(h, T_WEB_EVERYTHING);
    h_text(h, " ");
    page_link(call, NULL, page_area_url(call, &portrait.area, NULL), portrait.name);
    h_close(h);
    page_legend(call);
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "region");
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_EVERYTHING));
    h_open(h, "table", "wijk-table wijk-table--sortable");
    h_leaft(h, "caption", "wijk-hidden", T_WEB_EVERYTHING);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        page_head_cell(h, heads[i], i == 2 || i == 4 ? "wijk-table__number" : NULL);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < portrait.line_count; i++) {
        const char *theme = portrait.lines[i].indicator->theme;
        table_row(call, &portrait.lines[i],
                  i == 0 || strcmp(theme, portrait.lines[i - 1].indicator->theme) != 0);
    }
    h_closes(h, 3);
    return page_end(call);
}

/* ---- a figure that is not right ---------------------------------------------------------------
 */

int page_area_dispute(web_call *call)
{
    wijk_portrait portrait;
    int rc = page_portrait(call, &portrait);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_DISPUTE),
                                  .fictional = portrait.area.fictional,
                                  .area = "wijk-text"});
    page_breadcrumb(call, &portrait);
    h_leaft(h, "h1", NULL, T_WEB_DISPUTE);
    h_leaft(h, "p", "wijk-lead", T_WEB_DISPUTE_ABOUT);
    h_open(h, "form", "wijk-form");
    h_attr(h, "action", page_area_url(call, &portrait.area, "/klopt-niet"));
    h_open(h, "label", NULL);
    h_attr(h, "for", "indicator");
    h_t(h, T_WEB_DISPUTE_WHICH);
    h_close(h);
    const char *chosen = web_param_get(&call->request->query, "indicator");
    form_select(h, "indicator", "indicator");
    const wijk_line *about = NULL;
    for (size_t i = 0; i < portrait.line_count; i++) {
        const wijk_line *line = &portrait.lines[i];
        page_option(call, line->indicator->code, line->indicator->label[call->lang], chosen);
        about = !about || !strcmp(line->indicator->code, chosen) ? line : about;
    }
    h_close(h);
    form_button(h, "wijk-button", T_WEB_DISPUTE_MAKE);
    h_close(h);
    if (about) {
        h_open(h, "pre", "wijk-letter");
        h_attr(h, "tabindex", "0");
        const char *year = page_period(call, about->value->period);
        /* The publisher must see what was done with the figure since. */
        const char *note = *about->note ? wijk_arena_printf(call->arena, " (%s)", about->note) : "";
        const char *const arguments[] = {portrait.name,
                                         portrait.area.code,
                                         about->indicator->label[call->lang],
                                         about->shown,
                                         year,
                                         about->source,
                                         portrait.citation,
                                         note ? note : ""};
        h_fill(h, T_WEB_DISPUTE_LETTER, arguments, 8);
        h_close(h);
        h_leaft(h, "p", NULL, T_WEB_DISPUTE_SEND);
    }
    return page_end(call);
}
