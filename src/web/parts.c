/* What pages share: figures with their table, the switches of a map, the legend of marks. */
#include "web/form.h"
#include "web/kept.h"
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void page_heading(web_call *call, const char *id, enum wijk_text_key key)
{
    html *h = &call->h;
    h_open(h, "h2", NULL);
    h_attr(h, "id", id);
    h_t(h, key);
    h_close(h);
}

int page_kept(web_call *call, const char *name, int (*make)(web_call *call, const void *what),
              const void *what)
{
    wijk_str *body = &call->reply->body, found = WIJK_STR_INIT;
    int hit = web_kept_get(call->site->kept, &found, name);
    int rc = hit < 0 ? hit : WIJK_OK;
    if (hit > 0) {
        h_markup(&call->h, wijk_str_text(&found), found.size);
    } else if (!hit) {
        h_text(&call->h, ""); /* what is open is finished before the part begins */
        size_t before = body->size;
        rc = make(call, what);
        if (!rc && !wijk_str_status(body)) {
            web_kept_put(call->site->kept, name, wijk_str_text(body) + before, body->size - before);
        }
    }
    wijk_str_free(&found);
    return rc;
}

void page_section(web_call *call, const char *class_name, const char *id, enum wijk_text_key key)
{
    h_open(&call->h, "section", class_name);
    h_attr(&call->h, "aria-labelledby", id);
    page_heading(call, id, key);
}

void page_more(web_call *call, const char *url, enum wijk_text_key key)
{
    h_open(&call->h, "p", "wijk-more");
    page_link(call, NULL, url, wijk_text(call->lang, key));
    h_close(&call->h);
}

const char *page_manual_url(web_call *call, const char *nl, const char *en)
{
    return page_url(call, "/uitleg/", call->lang == WIJK_EN ? en : nl, NULL, NULL);
}

void page_limits(web_call *call, const page_limit_list *list)
{
    html *h = &call->h;
    page_section(call, "wijk-section wijk-section--panel", "niet", list->title);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < list->said_count; i++) {
        h_leaf(h, "li", NULL, list->said[i]);
    }
    for (size_t i = 0; i < list->fixed_count; i++) {
        h_leaft(h, "li", NULL, list->fixed[i]);
    }
    h_close(h);
    if (list->manual) {
        page_more(call, list->manual, list->manual_text);
    }
    h_close(h);
}

const char *page_word_of(web_call *call, const page_word *words, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(code, words[i].code)) {
            return wijk_text(call->lang, words[i].word);
        }
    }
    return code;
}

const char *page_levels(web_call *call, enum wijk_level level)
{
    static const enum wijk_text_key keys[WIJK_LEVELS] = {
        T_WEB_LEVELS_LAND, T_WEB_LEVELS_GEMEENTE, T_WEB_LEVELS_WIJK,  T_WEB_LEVELS_BUURT,
        T_WEB_LEVELS_PC4,  T_WEB_LEVELS_SQUARE,   T_WEB_LEVELS_LOCAL, T_WEB_LEVELS_OWN};
    return wijk_text(call->lang, keys[level]);
}

const char *page_period(web_call *call, int period)
{
    static const enum wijk_text_key months[12] = {T_WEB_MONTH_1,  T_WEB_MONTH_2,  T_WEB_MONTH_3,
                                                  T_WEB_MONTH_4,  T_WEB_MONTH_5,  T_WEB_MONTH_6,
                                                  T_WEB_MONTH_7,  T_WEB_MONTH_8,  T_WEB_MONTH_9,
                                                  T_WEB_MONTH_10, T_WEB_MONTH_11, T_WEB_MONTH_12};
    const char *text = NULL;
    if (period > 9999 && period % 100 >= 1 && period % 100 <= 12) {
        text = wijk_arena_printf(call->arena, "%s %d",
                                 wijk_text(call->lang, months[period % 100 - 1]), period / 100);
    } else if (period) {
        text = wijk_arena_printf(call->arena, "%d", period);
    }
    return text ? text : "";
}

int page_area_find(web_call *call, wijk_area *out, const char *code, const char *vintage)
{
    int year = (int)strtol(vintage, NULL, 10);
    int rc = wijk_area_find(out, call->store, call->arena, code, year);
    if (rc == WIJK_ENOTFOUND) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Er is geen gebied met de code \"%.80s\" in dit bestand. Zoek op naam of "
                         "postcode; codes van buurten veranderen soms per jaar.",
                         "There is no area with the code \"%.80s\" in this file. Search by name or "
                         "postcode; codes of neighbourhoods sometimes change from year to year.",
                         code);
    }
    return rc;
}

void page_option(web_call *call, const char *value, const char *text, const char *chosen)
{
    html *h = &call->h;
    h_open(h, "option", NULL);
    h_attr(h, "value", value);
    if (chosen && !strcmp(value, chosen)) {
        h_flag(h, "selected");
    }
    h_text(h, text);
    h_close(h);
}

void page_legend(web_call *call)
{
    static const struct {
        const char *mark;
        enum wijk_text_key text;
    } marks[] = {{"≈", T_WEB_MARK_CONVERTED},
                 {"↑", T_WEB_MARK_BORROWED},
                 {"m", T_WEB_MARK_MODELLED},
                 {"~", T_WEB_MARK_GREY}};
    html *h = &call->h;
    h_open(h, "dl", "wijk-legend");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        h_open(h, "div", NULL);
        h_leaf(h, "dt", NULL, marks[i].mark);
        h_leaft(h, "dd", NULL, marks[i].text);
        h_close(h);
    }
    h_close(h);
}

/* ---- figures ----------------------------------------------------------------------------------
 */

static void figure_table(html *h, const wijk_figure *figure)
{
    h_open(h, "table", "wijk-table");
    h_leaf(h, "caption", "wijk-hidden", figure->title);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    for (size_t i = 0; i < figure->columns; i++) {
        h_open(h, "th", i ? "wijk-table__number" : NULL);
        h_attr(h, "scope", "col");
        h_text(h, figure->head[i]);
        h_close(h);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t row = 0; row < figure->rows; row++) {
        h_open(h, "tr", NULL);
        for (size_t i = 0; i < figure->columns; i++) {
            const char *cell = figure->cells[row * figure->columns + i];
            if (i) {
                h_leaf(h, "td", "wijk-table__number", cell);
            } else {
                h_open(h, "th", NULL);
                h_attr(h, "scope", "row");
                h_text(h, cell);
                h_close(h);
            }
        }
        h_close(h);
    }
    h_closes(h, 2);
}

void page_figure(web_call *call, const wijk_figure *figure, const char *class_name,
                 const char *svg_path, const char *query)
{
    html *h = &call->h;
    h_open(h, "figure", class_name);
    h_open(h, "figcaption", "wijk-figure__caption");
    h_leaf(h, "strong", "wijk-figure__title", figure->title);
    h_text(h, " ");
    h_leaf(h, "span", "wijk-figure__message", figure->message);
    h_close(h);
    h_open(h, "div", "wijk-figure__drawing");
    h_markup(h, wijk_str_text(&figure->svg), figure->svg.size);
    h_close(h);
    if (figure->source && *figure->source) {
        h_leaf(h, "p", "wijk-from", figure->source);
    }
    h_open(h, "div", "wijk-figure__foot");
    if (figure->rows) {
        h_open(h, "details", "wijk-details wijk-details--small");
        h_leaft(h, "summary", NULL, T_WEB_AS_NUMBERS);
        h_open(h, "div", "wijk-scroll");
        h_attr(h, "tabindex", "0");
        h_attr(h, "role", "region");
        h_attr(h, "aria-label", figure->title);
        figure_table(h, figure);
        h_closes(h, 2);
    }
    for (int png = 0; svg_path && png < 2; png++) {
        wijk_str url = WIJK_STR_INIT;
        wijk_str_add(&url, page_url(call, svg_path, NULL, png ? ".png" : ".svg", NULL));
        wijk_str_add(&url, query ? query : "");
        h_open(h, "a", "wijk-action");
        h_attr(h, "href", wijk_str_text(&url));
        h_text(h, png ? "PNG" : "SVG");
        h_open(h, "span", "wijk-hidden");
        h_text(h, ": ");
        h_text(h, figure->title);
        h_closes(h, 2);
        wijk_str_free(&url);
    }
    h_closes(h, 2);
}

int page_draw(web_call *call, wijk_figure *out, const char *name, const wijk_portrait *portrait,
              const wijk_figure_style *style)
{
    static const struct {
        const char *name;
        int (*draw)(wijk_figure *, wijk_arena *, const wijk_figure_style *, const wijk_portrait *);
    } plain[] = {{"leefbaarheid", wijk_picture_livability},
                 {"onderdelen", wijk_picture_parts},
                 {"onderdelen-verloop", wijk_picture_part_panels},
                 {"positie", wijk_picture_glance}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (!strcmp(name, plain[i].name)) {
            return plain[i].draw(out, call->arena, style, portrait);
        }
    }
    if (!strcmp(name, "eigendom") || !strcmp(name, "leeftijd")) {
        return wijk_picture_shares(out, call->arena, style, portrait,
                                   strcmp(name, "eigendom") ? "age" : "tenure");
    }
    if (!strcmp(name, "verloop")) {
        const char *code = web_param_get(&call->request->query, "indicator");
        for (size_t i = 0; i < portrait->line_count; i++) {
            if (!strcmp(portrait->lines[i].indicator->code, code)) {
                return wijk_picture_history(out, call->arena, style, portrait, &portrait->lines[i]);
            }
        }
    }
    return wijk_fail(WIJK_ENOTFOUND, "Er is geen figuur \"%.40s\" van dit gebied.",
                     "There is no figure \"%.40s\" of this area.", name);
}

/* ---- maps -------------------------------------------------------------------------------------
 */

static void link_of_area(void *payload, wijk_str *out, const wijk_area *area)
{
    wijk_str_add(out, page_area_url(payload, area, NULL));
}

/* What a map of this area shows when nobody chose: its own level among its neighbours, and for
 * what has parts the parts. */
static enum wijk_level level_within(enum wijk_level level)
{
    return level == WIJK_LAND ? WIJK_GEMEENTE : level == WIJK_GEMEENTE ? WIJK_WIJK : WIJK_BUURT;
}

/* 1 when areas of this level and vintage have figures of their own for it. */
static int known_at(web_call *call, const wijk_indicator *indicator, enum wijk_level level,
                    int vintage)
{
    size_t count = 0;
    const wijk_series *series = wijk_series_of(&count, call->registry, indicator->id);
    for (size_t i = 0; i < count; i++) {
        if (series[i].level == level && series[i].vintage == vintage) {
            return 1;
        }
    }
    return 0;
}

static const wijk_indicator *choose_indicator(web_call *call, enum wijk_level level, int vintage)
{
    static const char *const first[] = {"lbm3_afw", "woz_value", "population"};
    const char *code = web_param_get(&call->request->query, "indicator");
    const wijk_indicator *found = *code ? wijk_indicator_by_code(call->registry, code) : NULL;
    for (size_t i = 0; !found && i < sizeof first / sizeof *first; i++) {
        const wijk_indicator *try = wijk_indicator_by_code(call->registry, first[i]);
        found = try && known_at(call, try, level, vintage) ?
        try : NULL
            ;
    }
    return found ? found : wijk_indicator_by_code(call->registry, "population");
}

static int choose_period(web_call *call, page_map_choice *out)
{
    if (!out->indicator) {
        return WIJK_OK;
    }
    const web_periods *periods;
    int rc = web_snapshot_periods(&periods, call->worker->snapshot, call->store, call->arena,
                                  out->indicator->id, out->level);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    out->periods = periods->at;
    out->period_count = periods->count;
    int wanted = web_param_int(&call->request->query, "jaar", 1, 999912, 0);
    for (size_t i = 0; i < out->period_count; i++) {
        if (out->periods[i][0] == wanted || (i == 0 && !out->period)) {
            out->period = out->periods[i][0];
            out->map.vintage = out->periods[i][1];
        }
    }
    return WIJK_OK;
}

int page_map_choose(web_call *call, page_map_choice *out, const wijk_area *area)
{
    *out = (page_map_choice){.indicator = NULL};
    const char *word = web_param_get(&call->request->query, "niveau");
    int level = *word ? wijk_level_parse(word) : -1;
    int country = !area || area->level == WIJK_LAND;
    int parts = country || area->level == WIJK_GEMEENTE ||
                (area->level == WIJK_WIJK && level == WIJK_BUURT);
    out->level = level >= 0 ? (enum wijk_level)level
                 : country  ? WIJK_GEMEENTE
                 : parts    ? level_within(area->level)
                            : area->level;
    out->map.kind = country ? WIJK_MAP_COUNTRY : parts ? WIJK_MAP_WITHIN : WIJK_MAP_AROUND;
    out->indicator = choose_indicator(
        call, out->level,
        area && !country ? area->vintage : call->worker->snapshot->newest[out->level]);
    out->map.area = area ? area->id : 0;
    out->map.level = out->level;
    out->map.link = link_of_area;
    out->map.payload = call;
    int rc = choose_period(call, out);
    if (!country && out->map.kind == WIJK_MAP_AROUND) {
        out->map.vintage = area->vintage;
    }
    out->map.indicator = out->indicator ? out->indicator->id : 0;
    out->map.period = out->period;
    return rc;
}

static void select_begin(web_call *call, const char *name, enum wijk_text_key label)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-field");
    form_labelt(h, name, label);
    form_select(h, name, name);
}

static void indicator_select(web_call *call, const page_map_choice *choice, int all)
{
    html *h = &call->h;
    const char *chosen = choice->indicator ? choice->indicator->code : "";
    const char *theme = "";
    int open = 0;
    select_begin(call, "indicator", T_WEB_INDICATOR);
    for (size_t i = 0; i < wijk_indicator_count(call->registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(call->registry, i);
        int shown = all ? !at->origin : at->key || !strcmp(at->theme, "livability");
        if (!shown && strcmp(at->code, chosen)) {
            continue;
        }
        if (strcmp(at->theme, theme)) {
            h_closes(h, open);
            h_open(h, "optgroup", NULL);
            h_attr(h, "label", wijk_theme_name(call->lang, at->theme));
            theme = at->theme;
            open = 1;
        }
        page_option(call, at->code, at->label[call->lang], chosen);
    }
    h_closes(h, open + 2);
}

static void level_select(web_call *call, const page_map_choice *choice, const wijk_area *area)
{
    static const enum wijk_level country[] = {WIJK_GEMEENTE, WIJK_WIJK, WIJK_BUURT, WIJK_PC4};
    size_t from = area && area->level == WIJK_GEMEENTE ? 1 : 0;
    size_t count = from ? 2 : 4;
    select_begin(call, "niveau", T_WEB_LEVEL);
    for (size_t i = from; i < from + count; i++) {
        page_option(call, wijk_level_word(country[i]), page_levels(call, country[i]),
                    wijk_level_word(choice->level));
    }
    h_closes(&call->h, 2);
}

static void year_select(web_call *call, const page_map_choice *choice)
{
    char chosen[16], value[16];
    snprintf(chosen, sizeof chosen, "%d", choice->period);
    select_begin(call, "jaar", T_WEB_YEAR);
    for (size_t i = 0; i < choice->period_count; i++) {
        snprintf(value, sizeof value, "%d", choice->periods[i][0]);
        page_option(call, value, page_period(call, choice->periods[i][0]), chosen);
    }
    h_closes(&call->h, 2);
}

static void hidden(html *h, const char *name, const char *value)
{
    if (value && *value) {
        form_hidden(h, name, value);
    }
}

void page_map_form(web_call *call, const page_map_choice *choice, const char *action,
                   const wijk_area *area, int all_indicators)
{
    html *h = &call->h;
    h_open(h, "form", "wijk-switches");
    h_attr(h, "action", action);
    h_attr(h, "data-switches", "");
    indicator_select(call, choice, all_indicators);
    if (choice->map.kind != WIJK_MAP_AROUND) {
        level_select(call, choice, area);
    }
    if (choice->period_count) {
        year_select(call, choice);
    }
    if (all_indicators && area) {
        hidden(h, "gebied", area->code);
    }
    hidden(h, "indeling", web_param_get(&call->request->query, "indeling"));
    form_button(h, "wijk-button wijk-button--quiet", T_WEB_SHOW);
    h_close(h);
}
