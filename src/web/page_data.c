/* Pages about the figures themselves: the map of the country, two areas or years side by side,
 * every indicator, every source. Lists are in alphabetical order: no league table of areas. */
#include "web/form.h"
#include "web/pages.h"

#include "wijk/load.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- map --------------------------------------------------------------------------------------
 */

int page_map(web_call *call)
{
    html *h = &call->h;
    const char *code = web_param_get(&call->request->query, "gebied");
    wijk_area area;
    int rc =
        *code ? page_area_find(call, &area, code, web_param_get(&call->request->query, "indeling"))
              : WIJK_OK;
    page_map_choice choice;
    rc = rc ? rc : page_map_choose(call, &choice, *code ? &area : NULL);
    if (rc) {
        return rc;
    }
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = call->lang, .width = 720, .id = "kaart"};
    rc = wijk_figure_map(&figure, call->store, call->registry, call->arena, &style, &choice.map);
    if (rc && rc != WIJK_ENOTFOUND) {
        wijk_figure_free(&figure);
        return rc;
    }
    const char *why_not = rc ? wijk_arena_strdup(call->arena, wijk_error(call->lang)) : NULL;
    page_begin(call,
               &(web_shell){.title = wijk_text(call->lang, T_WEB_NAV_MAP),
                            .area = "wijk-wide",
                            .fictional = *code ? area.fictional : !call->worker->snapshot->real});
    h_open(h, "h1", NULL);
    h_t(h, T_WEB_NAV_MAP);
    if (*code) {
        h_text(h, " ");
        page_link(call, NULL, page_area_url(call, &area, NULL), *area.name ? area.name : area.code);
    }
    h_close(h);
    h_open(h, "div", "wijk-map-part");
    h_attr(h, "data-part", "kaart");
    page_map_form(call, &choice, page_url(call, "/kaart", NULL, NULL, NULL), *code ? &area : NULL,
                  1);
    if (why_not) {
        h_leaf(h, "p", "wijk-note", why_not);
    } else {
        char period[16];
        snprintf(period, sizeof period, "%d", choice.period);
        const char *query =
            page_url(call, "", NULL, NULL, "gebied", code, "indicator",
                     choice.indicator ? choice.indicator->code : NULL, "niveau",
                     wijk_level_word(choice.level), "jaar", choice.period ? period : NULL, NULL);
        page_figure(call, &figure, "wijk-figure wijk-figure--map wijk-figure--large",
                    "/figuur/kaart", strchr(query, '?'));
    }
    if (choice.indicator) {
        h_open(h, "aside", "wijk-caution");
        h_leaf(h, "p", NULL, choice.indicator->definition[call->lang]);
        if (*choice.indicator->caution[call->lang]) {
            h_leaf(h, "p", NULL, choice.indicator->caution[call->lang]);
        }
        page_link(call, NULL, page_url(call, "/indicator/", choice.indicator->code, NULL, NULL),
                  wijk_text(call->lang, T_WEB_ABOUT_INDICATOR));
        h_close(h);
    }
    h_close(h);
    wijk_figure_free(&figure);
    return page_end(call);
}

/* ---- side by side -----------------------------------------------------------------------------
 */

/* What somebody typed for an area: a code, or else the best hit of a search. */
static int resolve(web_call *call, wijk_area *out, const char *typed)
{
    if (!wijk_area_find(out, call->store, call->arena, typed, 0)) {
        return WIJK_OK;
    }
    wijk_hit hit;
    size_t count = 0;
    int rc = web_find(&count, call, typed, &hit, 1);
    if (rc || !count) {
        return rc ? rc
                  : wijk_fail(WIJK_ENOTFOUND, "Geen gebied gevonden voor \"%.80s\".",
                              "No area found for \"%.80s\".", typed);
    }
    return wijk_area_get(out, call->store, call->arena, hit.area);
}

static void side_field(web_call *call, const char *name, const char *value, const char *year_name,
                       const char *year, enum wijk_text_key label)
{
    html *h = &call->h;
    h_open(h, "fieldset", "wijk-side");
    h_leaft(h, "legend", NULL, label);
    h_open(h, "div", "wijk-field");
    form_labelt(h, name, T_WEB_AREA);
    form_input(h, name, name);
    h_attr(h, "value", value);
    h_attr(h, "autocomplete", "off");
    h_attr(h, "data-suggest", "/api/v1/search");
    h_closes(h, 2);
    h_open(h, "div", "wijk-field wijk-field--year");
    form_labelt(h, year_name, T_WEB_YEAR_ANY);
    form_input(h, year_name, year_name);
    h_attr(h, "inputmode", "numeric");
    h_attr(h, "pattern", "[0-9]{4}");
    h_attr(h, "value", year);
    h_closes(h, 3);
}

static void compare_form(web_call *call, const char *a, const char *b)
{
    html *h = &call->h;
    const web_params *query = &call->request->query;
    h_open(h, "form", "wijk-compare-form");
    h_attr(h, "action", page_url(call, "/vergelijk", NULL, NULL, NULL));
    side_field(call, "a", a, "jaar_a", web_param_get(query, "jaar_a"), T_WEB_SIDE_A);
    side_field(call, "b", b, "jaar_b", web_param_get(query, "jaar_b"), T_WEB_SIDE_B);
    form_button(h, "wijk-button", T_WEB_COMPARE);
    h_close(h);
}

static void compared_value(web_call *call, const wijk_indicator *indicator, const wijk_value *value)
{
    html *h = &call->h;
    h_open(h, "td", "wijk-table__number");
    if (value) {
        wijk_str text = WIJK_STR_INIT;
        wijk_value_shown(&text, call->lang, indicator, value);
        h_leaf(h, "span", value->flags & WIJK_GREY ? "wijk-value wijk-value--grey" : "wijk-value",
               wijk_str_text(&text));
        wijk_str_free(&text);
        h_leaf(h, "span", "wijk-from", page_period(call, value->period));
    }
    h_close(h);
}

/* Shares differ by percentage points, not by percents. */
static void difference(web_call *call, const wijk_difference *row)
{
    if (!strcmp(row->indicator->unit, "percent")) {
        h_number(&call->h, row->difference, row->indicator->decimals);
        h_text(&call->h, " ");
        h_t(&call->h, T_WEB_POINTS);
        return;
    }
    wijk_str text = WIJK_STR_INIT;
    wijk_number_shown(&text, call->lang, row->indicator, row->difference);
    h_text(&call->h, wijk_str_text(&text));
    wijk_str_free(&text);
}

/* `years`: the years were chosen; else a difference may be that of two years, which is said. */
static void compared_row(web_call *call, const wijk_difference *row, int years)
{
    html *h = &call->h;
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    page_link(call, NULL, page_url(call, "/indicator/", row->indicator->code, NULL, NULL),
              row->indicator->label[call->lang]);
    h_close(h);
    compared_value(call, row->indicator, row->a);
    compared_value(call, row->indicator, row->b);
    h_open(h, "td", "wijk-table__number");
    if (isfinite(row->difference)) {
        h_text(h, row->difference > 0 ? "+" : "");
        difference(call, row);
        if (!row->clear) {
            h_leaft(h, "span", "wijk-from", T_WEB_NOT_CLEAR);
        }
        if (!years && row->a->period != row->b->period) {
            h_leaft(h, "span", "wijk-from", T_WEB_OTHER_YEARS);
        }
    }
    h_closes(h, 2);
}

static void side_head(web_call *call, const wijk_area *area, int period)
{
    html *h = &call->h;
    h_open(h, "th", "wijk-table__number");
    h_attr(h, "scope", "col");
    page_link(call, NULL, page_area_url(call, area, NULL), *area->name ? area->name : area->code);
    h_leaf(h, "span", "wijk-from",
           period ? page_period(call, period) : wijk_text(call->lang, T_WEB_NEWEST));
    h_close(h);
}

static void compared_table(web_call *call, const wijk_comparison *both)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "region");
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_COMPARE));
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", T_WEB_COMPARE);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "col");
    h_t(h, T_WEB_INDICATOR);
    h_close(h);
    side_head(call, &both->a, both->period_a);
    side_head(call, &both->b, both->period_b);
    h_open(h, "th", "wijk-table__number");
    h_attr(h, "scope", "col");
    h_t(h, T_WEB_DIFFERENCE);
    h_closes(h, 3);
    const char *theme = "";
    for (size_t i = 0; i < both->count; i++) {
        const wijk_difference *row = &both->rows[i];
        if (row->indicator->origin) {
            continue; /* origin is never compared */
        }
        if (strcmp(theme, row->indicator->theme)) {
            h_closes(h, *theme != 0);
            theme = row->indicator->theme;
            h_open(h, "tbody", NULL);
            h_open(h, "tr", "wijk-table__theme");
            h_open(h, "th", NULL);
            h_attr(h, "scope", "rowgroup");
            h_attri(h, "colspan", 4);
            h_text(h, wijk_theme_name(call->lang, theme));
            h_closes(h, 2);
        }
        compared_row(call, row, both->period_a || both->period_b);
    }
    h_closes(h, (*theme != 0) + 2);
}

int page_compare(web_call *call)
{
    html *h = &call->h;
    const web_params *query = &call->request->query;
    const char *a = web_param_get(query, "a"), *b = web_param_get(query, "b");
    int year_a = web_param_int(query, "jaar_a", 1900, 2200, 0);
    int year_b = web_param_int(query, "jaar_b", 1900, 2200, 0);
    wijk_comparison both;
    wijk_area one = {0}, other = {0};
    const char *problem = NULL;
    int rc = *a ? resolve(call, &one, a) : WIJK_OK;
    b = !*b && *a && (year_a || year_b) ? a : b;
    rc = rc || !*b ? rc : resolve(call, &other, b);
    int ready = !rc && *a && *b;
    rc = ready ? wijk_portrait_compare(&both, call->store, call->registry, call->arena, one.id,
                                       year_a, other.id, year_b, call->lang)
               : rc;
    if (rc == WIJK_ENOTFOUND || rc == WIJK_EINVAL) {
        problem = wijk_arena_strdup(call->arena, wijk_error(call->lang));
        ready = 0;
    } else if (rc) {
        return rc;
    }
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_COMPARE),
                                  .area = "wijk-wide",
                                  .fictional = one.fictional || other.fictional});
    h_leaft(h, "h1", NULL, T_WEB_COMPARE);
    h_leaft(h, "p", "wijk-lead", T_WEB_COMPARE_ABOUT);
    compare_form(call, a, b);
    if (problem) {
        call->reply->status = rc == WIJK_EINVAL ? 400 : 404;
        h_open(h, "p", "wijk-note");
        h_attr(h, "role", "alert");
        h_text(h, problem);
        h_close(h);
    }
    if (ready) {
        if (*both.caution) {
            h_leaf(h, "p", "wijk-caution", both.caution);
        }
        page_legend(call);
        compared_table(call, &both);
    }
    return page_end(call);
}

/* ---- indicators -------------------------------------------------------------------------------
 */

int page_indicators(web_call *call)
{
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_NAV_INDICATORS),
                                  .area = "wijk-wide"});
    h_leaft(h, "h1", NULL, T_WEB_NAV_INDICATORS);
    h_leaft(h, "p", "wijk-lead", T_WEB_INDICATORS_ABOUT);
    const char *theme = "";
    for (size_t i = 0; i < wijk_indicator_count(call->registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(call->registry, i);
        if (strcmp(theme, at->theme)) {
            h_closes(h, *theme ? 2 : 0);
            theme = at->theme;
            h_open(h, "section", "wijk-section");
            h_leaf(h, "h2", NULL, wijk_theme_name(call->lang, theme));
            h_open(h, "ul", "wijk-list wijk-list--columns");
        }
        h_open(h, "li", NULL);
        page_link(call, NULL, page_url(call, "/indicator/", at->code, NULL, NULL),
                  at->label[call->lang]);
        h_close(h);
    }
    h_closes(h, *theme ? 2 : 0);
    return page_end(call);
}

static void fact(html *h, enum wijk_text_key what, const char *text)
{
    if (text && *text) {
        h_open(h, "div", NULL);
        h_leaft(h, "dt", NULL, what);
        h_leaf(h, "dd", NULL, text);
        h_close(h);
    }
}

/* Where the indicator is known: level, period, number of areas, spread. */
static int indicator_series(web_call *call, const wijk_indicator *indicator)
{
    html *h = &call->h;
    wijk_stmt *stmt = wijk_store_sql(
        call->store, "SELECT level, period, max(areas), mean, p10, p50, p90 FROM series"
                     " WHERE indicator_id = ?1 GROUP BY level, period ORDER BY level, period DESC");
    if (!stmt) {
        return WIJK_EDB;
    }
    static const enum wijk_text_key heads[] = {T_WEB_LEVEL,  T_WEB_YEAR,   T_WEB_HOW_MANY,
                                               T_WEB_MEAN,   T_WEB_LOWEST, T_WEB_MEDIAN,
                                               T_WEB_HIGHEST};
    wijk_bind_int(stmt, 1, indicator->id);
    int rows = 0, rc;
    while ((rc = wijk_step(stmt)) == 1) {
        if (!rows++) {
            page_heading(call, "waar", T_WEB_KNOWN_FOR);
            h_open(h, "div", "wijk-scroll");
            h_attr(h, "tabindex", "0");
            h_attr(h, "role", "region");
            h_attr(h, "aria-labelledby", "waar");
            h_open(h, "table", "wijk-table");
            h_open(h, "thead", NULL);
            h_open(h, "tr", NULL);
            for (size_t i = 0; i < 7; i++) {
                h_open(h, "th", i > 1 ? "wijk-table__number" : NULL);
                h_attr(h, "scope", "col");
                h_t(h, heads[i]);
                h_close(h);
            }
            h_closes(h, 2);
            h_open(h, "tbody", NULL);
        }
        int level = (int)wijk_col_int(stmt, 0);
        h_open(h, "tr", NULL);
        h_leaf(h, "td", NULL, page_levels(call, (enum wijk_level)level));
        h_open(h, "td", NULL);
        char period[16];
        snprintf(period, sizeof period, "%d", (int)wijk_col_int(stmt, 1));
        page_link(call, NULL,
                  page_url(call, "/kaart", NULL, NULL, "indicator", indicator->code, "niveau",
                           wijk_level_word((enum wijk_level)level), "jaar", period, NULL),
                  page_period(call, (int)wijk_col_int(stmt, 1)));
        h_close(h);
        h_open(h, "td", "wijk-table__number");
        h_int(h, wijk_col_int(stmt, 2));
        h_close(h);
        for (int i = 3; i < 7; i++) {
            wijk_str text = WIJK_STR_INIT;
            wijk_number_shown(&text, call->lang, indicator, wijk_col_double(stmt, i));
            h_leaf(h, "td", "wijk-table__number", wijk_str_text(&text));
            wijk_str_free(&text);
        }
        h_close(h);
    }
    h_closes(h, rows ? 3 : 0);
    return rc;
}

int page_indicator(web_call *call)
{
    const wijk_indicator *at = wijk_indicator_by_code(call->registry, call->name);
    if (!at) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                         "There is no indicator \"%.60s\".", call->name);
    }
    static const enum wijk_text_key directions[] = {T_WEB_DIRECTION_NONE, T_WEB_DIRECTION_UP,
                                                    T_WEB_DIRECTION_DOWN};
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = at->label[call->lang], .area = "wijk-wide"});
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, page_url(call, "/indicatoren", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_NAV_INDICATORS));
    h_text(h, " · ");
    h_text(h, wijk_theme_name(call->lang, at->theme));
    h_close(h);
    h_leaf(h, "h1", NULL, at->label[call->lang]);
    h_leaf(h, "p", "wijk-lead", at->definition[call->lang]);
    if (*at->caution[call->lang]) {
        h_leaf(h, "p", "wijk-caution", at->caution[call->lang]);
    }
    h_open(h, "dl", "wijk-facts");
    fact(h, T_WEB_DIRECTION, wijk_text(call->lang, directions[at->direction]));
    fact(h, T_WEB_SOURCE_NAME, at->source_hint);
    fact(h, T_WEB_CODE, at->code);
    h_close(h);
    if (!at->origin) {
        h_open(h, "p", NULL);
        page_link(call, "wijk-button wijk-button--quiet",
                  page_url(call, "/kaart", NULL, NULL, "indicator", at->code, NULL),
                  wijk_text(call->lang, T_WEB_ON_THE_MAP));
        h_close(h);
    }
    int rc = indicator_series(call, at);
    return rc ? rc : page_end(call);
}

/* ---- sources ----------------------------------------------------------------------------------
 */

static int load_notes(web_call *call, int64_t load)
{
    html *h = &call->h;
    wijk_stmt *stmt = wijk_store_sql(
        call->store, "SELECT reason, what, count, example FROM load_note WHERE load_id = ?1"
                     " ORDER BY count DESC, reason, what");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, load);
    int rows = 0, rc;
    while ((rc = wijk_step(stmt)) == 1) {
        if (!rows++) {
            h_open(h, "details", "wijk-details wijk-details--small");
            h_leaft(h, "summary", NULL, T_WEB_SKIPPED);
            h_open(h, "ul", "wijk-list");
        }
        h_open(h, "li", NULL);
        h_int(h, wijk_col_int(stmt, 2));
        h_text(h, " × ");
        h_text(h, wijk_load_reason_text(call->lang, wijk_col_text(stmt, 0)));
        if (*wijk_col_text(stmt, 1)) {
            h_text(h, ": ");
            h_text(h, wijk_col_text(stmt, 1));
        }
        if (*wijk_col_text(stmt, 3)) {
            wijk_str example = WIJK_STR_INIT;
            wijk_load_example_text(&example, call->lang, wijk_col_text(stmt, 3));
            h_leaf(h, "span", "wijk-from", wijk_str_text(&example));
            wijk_str_free(&example);
        }
        h_close(h);
    }
    h_closes(h, rows ? 2 : 0);
    return rc;
}

static int one_load(web_call *call, wijk_stmt *stmt)
{
    html *h = &call->h;
    h_open(h, "li", "wijk-source");
    h_leaf(h, "h2", "wijk-source__title", wijk_col_text(stmt, call->lang == WIJK_EN ? 3 : 2));
    h_open(h, "p", "wijk-source__who");
    h_text(h, wijk_col_text(stmt, 1));
    h_text(h, " · ");
    h_text(h, wijk_col_text(stmt, 4));
    if (wijk_col_int(stmt, 11)) {
        h_text(h, " · ");
        h_t(h, T_WEB_SUPERSEDED);
    }
    h_close(h);
    h_open(h, "p", "wijk-from");
    h_text(h, wijk_col_text(stmt, 6));
    h_text(h, " · ");
    h_textn(h, wijk_col_text(stmt, 8), 10);
    h_text(h, " · ");
    h_int(h, wijk_col_int(stmt, 9));
    h_text(h, " ");
    h_t(h, T_WEB_ROWS);
    h_text(h, ", ");
    h_int(h, wijk_col_int(stmt, 10));
    h_text(h, " ");
    h_t(h, T_WEB_CELLS);
    h_text(h, " · SHA-256 ");
    h_textn(h, wijk_col_text(stmt, 7), strnlen(wijk_col_text(stmt, 7), 16));
    h_close(h);
    int rc = load_notes(call, wijk_col_int(stmt, 0));
    h_close(h);
    return rc;
}

int page_sources(web_call *call)
{
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_NAV_SOURCES),
                                  .area = "wijk-wide",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_WEB_NAV_SOURCES);
    h_leaft(h, "p", "wijk-lead", T_WEB_SOURCES_ABOUT);
    h_open(h, "p", NULL);
    page_link(call, "wijk-button wijk-button--quiet",
              page_url(call, "/export/alles.csv", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_EXPORT_ALL));
    h_text(h, " ");
    page_link(call, "wijk-button wijk-button--quiet", page_url(call, "/prijzen", NULL, NULL, NULL),
              wijk_text(call->lang, T_ACCOUNT_PAGE_TITLE));
    h_close(h);
    wijk_stmt *stmt = wijk_store_sql(
        call->store,
        "SELECT l.id, s.publisher, s.title_nl, s.title_en, s.licence, s.address, l.file, l.sha256,"
        " l.loaded_at, l.rows_kept, l.cells_kept, l.superseded_by IS NOT NULL FROM load l"
        " JOIN source s ON s.id = l.source_id ORDER BY s.publisher, s.title_nl, l.id");
    if (!stmt) {
        return WIJK_EDB;
    }
    h_open(h, "ul", "wijk-sources");
    int rc, rows = 0;
    while ((rc = wijk_step(stmt)) == 1) {
        rows++;
        rc = one_load(call, stmt);
        if (rc) {
            wijk_reset(stmt);
            break;
        }
    }
    h_close(h);
    if (!rows) {
        h_leaft(h, "p", NULL, T_WEB_NO_SOURCES);
    }
    return rc ? rc : page_end(call);
}
