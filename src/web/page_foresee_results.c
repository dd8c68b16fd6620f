/* What came out of a forecast: in short, as fans, up close, per area and for whom. Every figure
 * with its range; what is assumed is marked beside what is reckoned. */
#include "web/foresee_page.h"
#include "web/form.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

enum { FEW = 10, FIRST_FANS = 6 };

static wijk_fan fan_of(const foresee_view *view, const wijk_asked *asked)
{
    const web_foreseen *from = view->answer ? view->answer : view->look;
    return (wijk_fan){.ensemble = from->ensemble,
                      .asked = asked,
                      .place = WIJK_ENSEMBLE_HERE,
                      .start = view->start};
}

/* "reckoned" or "assumed effect", as a mark. */
static void kind_mark(web_call *call, int effect)
{
    h_leaft(&call->h, "span", effect ? "wijk-kind wijk-kind--assumed" : "wijk-kind",
            effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
}

/* ---- in short -------------------------------------------------------------------------------- */

static void headline(web_call *call, const foresee_view *view)
{
    static const char *const said[] = {"strained", "help_waiting", "income_low", "displaced"};
    html *h = &call->h;
    page_section(call, "wijk-section", "kort", T_FORECAST_HEADLINE);
    if (view->answer->done < FEW) {
        foresee_filled(call, "p", "wijk-note", T_FORECAST_FEW,
                       foresee_int(call, view->answer->done), NULL, NULL);
    }
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const wijk_fan fan = fan_of(view, wijk_asked_find(said[i]));
        h_open(h, "li", NULL);
        h_text(h, wijk_fan_say(call->arena, call->lang, &fan));
        h_text(h, " ");
        kind_mark(call, fan.asked->effect);
        h_close(h);
    }
    h_closes(h, 2);
}

/* ---- fans ------------------------------------------------------------------------------------ */

static int one_fan(web_call *call, const foresee_view *view, const wijk_asked *asked)
{
    html *h = &call->h;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(view, asked);
    const char *id = wijk_arena_printf(call->arena, "waaier-%s", asked->key);
    const wijk_figure_style style = {.lang = call->lang, .width = 340, .id = id};
    int rc = wijk_picture_fan(&figure, call->arena, &style, &fan);
    if (!rc) {
        h_open(h, "div", "wijk-fan");
        kind_mark(call, asked->effect);
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
        h_close(h);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int fans(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    page_section(call, "wijk-section", "verandert", T_FORECAST_CHANGES);
    h_leaft(h, "p", NULL, T_FORECAST_CHANGES_ABOUT);
    h_open(h, "dl", "wijk-kinds");
    for (int effect = 0; effect < 2; effect++) {
        h_open(h, "div", NULL);
        h_open(h, "dt", NULL);
        kind_mark(call, effect);
        h_close(h);
        h_leaft(h, "dd", NULL, effect ? T_FORECAST_EFFECTS_ABOUT : T_FORECAST_MECHANICS_ABOUT);
        h_close(h);
    }
    h_close(h);
    h_open(h, "div", "wijk-fans");
    const wijk_asked *asked;
    for (size_t i = 0; !rc && (asked = wijk_asked_at(i)); i++) {
        if (i == FIRST_FANS) {
            h_close(h);
            h_open(h, "details", "wijk-details");
            h_leaft(h, "summary", NULL, T_FORECAST_MORE_OUTCOMES);
            h_open(h, "div", "wijk-fans");
        }
        rc = one_fan(call, view, asked);
    }
    h_closes(h, 3);
    return rc;
}

/* ---- one outcome up close -------------------------------------------------------------------- */

static void outcome_form(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    h_open(h, "form", "wijk-switches");
    h_attr(h, "action", foresee_url(call, &view->portrait.area, NULL));
    h_attr(h, "data-switches", "");
    h_open(h, "div", "wijk-field");
    form_labelt(h, "uitkomst", T_FORECAST_OUTCOME);
    form_select(h, "uitkomst", "uitkomst");
    const wijk_asked *asked;
    for (size_t i = 0; (asked = wijk_asked_at(i)); i++) {
        page_option(call, asked->key, wijk_text(call->lang, asked->label), view->asked->key);
    }
    h_closes(h, 2);
    form_hidden(h, "reeks", view->forecast.mark);
    form_button(h, "wijk-button wijk-button--quiet", T_FORECAST_SHOW);
    h_close(h);
}

static void link_of_area(void *payload, wijk_str *out, const wijk_area *area)
{
    wijk_str_add(out, page_area_url(payload, area, NULL));
}

/* The map; a place of one area has none. */
static int area_map(web_call *call, const foresee_view *view, const wijk_fan *fan)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = call->lang, .width = 480, .id = "waar-kaart"};
    int rc = wijk_picture_forecast_map(&figure, call->store, call->registry, call->arena, &style,
                                       fan, &view->portrait.area, link_of_area, call);
    if (!rc) {
        page_figure(call, &figure, "wijk-figure wijk-figure--map", NULL, NULL);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int close_by(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(view, view->asked);
    const wijk_figure_style style = {.lang = call->lang, .width = 480, .id = "niveau"};
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", "dichtbij");
    h_attr(h, "data-part", "dichtbij");
    page_heading(call, "dichtbij", T_FORECAST_CLOSE);
    outcome_form(call, view);
    h_open(h, "p", "wijk-lead");
    h_text(h, wijk_fan_say(call->arena, call->lang, &fan));
    h_text(h, " ");
    kind_mark(call, fan.asked->effect);
    h_close(h);
    h_open(h, "div", "wijk-pair wijk-pair--top");
    int rc = wijk_picture_levels(&figure, call->arena, &style, &fan);
    if (!rc) {
        wijk_str title = WIJK_STR_INIT;
        wijk_text_fill(&title, call->lang, T_FORECAST_LEVEL_TITLE, figure.title, NULL);
        const char *kept = wijk_arena_strdup(call->arena, wijk_str_text(&title));
        wijk_str_free(&title);
        figure.title = kept ? kept : figure.title;
        figure.message = "";
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
    }
    wijk_figure_free(&figure);
    rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    rc = rc ? rc : area_map(call, view, &fan);
    h_closes(h, 2);
    return rc;
}

/* ---- for whom -------------------------------------------------------------------------------- */

typedef struct {
    enum wijk_text_key key;
    wijk_group_outcome outcome;
    int effect;
} column;

static const column columns[] = {{T_FORECAST_G_HOUSEHOLDS, WIJK_GOUT_HOUSEHOLDS, 0},
                                 {T_FORECAST_G_MOVED_IN, WIJK_GOUT_MOVED_IN, 0},
                                 {T_FORECAST_G_MOVED_OUT, WIJK_GOUT_MOVED_OUT, 0},
                                 {T_FORECAST_G_DISPLACED, WIJK_GOUT_DISPLACED, 0},
                                 {T_FORECAST_G_STRAINED, WIJK_GOUT_STRAINED, 1},
                                 {T_FORECAST_G_HIDDEN, WIJK_GOUT_HIDDEN, 1}};
enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct {
    wijk_bands of[WIJK_GROUPS][COLUMNS];
} equity;

static int read_equity(equity *out, const foresee_view *view)
{
    int rc = WIJK_OK;
    for (int g = 0; !rc && g < WIJK_GROUPS; g++) {
        for (int c = 0; !rc && c < COLUMNS; c++) {
            rc = wijk_ensemble_group(&out->of[g][c], view->answer->ensemble, view->forecast.years,
                                     (wijk_group)g, columns[c].outcome);
        }
    }
    return rc;
}

/* Names the groups of which a column is surely less (-1) or more (1); 0 when there are none. */
static int named(web_call *call, const equity *e, int c, int sign, enum wijk_text_key key)
{
    wijk_str list = WIJK_STR_INIT;
    int n = 0;
    for (int g = 0; g < WIJK_GROUPS; g++) {
        const wijk_band *d = &e->of[g][c].difference;
        if (sign < 0 ? d->high90 < 0 : d->low90 > 0) {
            wijk_str_add(&list, n++ ? ", " : "");
            wijk_str_add(&list, wijk_group_say(call->lang, (wijk_group)g));
            wijk_str_add(&list, " ");
            wijk_str_add(&list, wijk_band_say(call->arena, call->lang, d, 0));
        }
    }
    if (n) {
        h_open(&call->h, "li", NULL);
        const char *text = wijk_str_text(&list);
        h_fill(&call->h, key, &text, 1);
        h_text(&call->h, " ");
        kind_mark(call, columns[c].effect);
        h_close(&call->h);
    }
    wijk_str_free(&list);
    return n > 0;
}

static void gains(web_call *call, const equity *e)
{
    html *h = &call->h;
    h_open(h, "ul", "wijk-list");
    int any = named(call, e, 0, -1, T_FORECAST_WHO_GONE);
    any |= named(call, e, 0, 1, T_FORECAST_WHO_COME);
    any |= named(call, e, 3, 1, T_FORECAST_WHO_DISPLACED);
    any |= named(call, e, 4, -1, T_FORECAST_WHO_RELIEF);
    any |= named(call, e, 4, 1, T_FORECAST_WHO_WORSE);
    if (!any) {
        h_leaft(h, "li", NULL, T_FORECAST_WHO_SAME);
    }
    h_close(h);
}

static void equity_table(web_call *call, const equity *e)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, T_FORECAST_WHO));
    h_open(h, "table", "wijk-table wijk-table--equity");
    h_leaft(h, "caption", "wijk-hidden", T_FORECAST_WHO);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_FORECAST_GROUP, NULL);
    page_head_cell(h, T_FORECAST_G_WITHOUT, "wijk-table__number");
    for (int c = 0; c < COLUMNS; c++) {
        h_open(h, "th", "wijk-table__number");
        h_attr(h, "scope", "col");
        h_t(h, columns[c].key);
        h_text(h, " ");
        kind_mark(call, columns[c].effect);
        h_close(h);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (int g = 0; g < WIJK_GROUPS; g++) {
        h_open(h, "tr", NULL);
        h_open(h, "th", NULL);
        h_attr(h, "scope", "row");
        h_text(h, wijk_group_say(call->lang, (wijk_group)g));
        h_close(h);
        h_open(h, "td", "wijk-table__number");
        double without = e->of[g][0].nothing.median;
        if (isfinite(without)) {
            h_number(h, without, 0);
        } else {
            h_text(h, "–");
        }
        h_close(h);
        for (int c = 0; c < COLUMNS; c++) {
            const wijk_band *d = &e->of[g][c].difference;
            int sure = d->low90 > 0 || d->high90 < 0;
            h_open(h, "td", "wijk-table__number");
            html_leaf(h, sure ? "strong" : "span", NULL,
                      wijk_band_say(call->arena, call->lang, d, 0));
            h_close(h);
        }
        h_close(h);
    }
    h_closes(h, 3);
}

static int for_whom(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    equity *e = wijk_arena_alloc(call->arena, sizeof *e);
    int rc = e ? read_equity(e, view) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    page_section(call, "wijk-section", "wie", T_FORECAST_WHO);
    foresee_filled(call, "p", NULL, T_FORECAST_WHO_ABOUT, foresee_int(call, view->forecast.years),
                   NULL, NULL);
    gains(call, e);
    equity_table(call, e);
    h_close(h);
    return WIJK_OK;
}

/* ---- before there is an answer --------------------------------------------------------------- */

/* One pair tells a course and nothing about its range: the fans alone, as far as they go. */
int foresee_first_look(web_call *call, const foresee_view *view)
{
    foresee_filled(call, "p", "wijk-note", T_FORECAST_LOOK, foresee_int(call, view->look->years),
                   foresee_int(call, view->forecast.years), foresee_int(call, view->look->done));
    return fans(call, view);
}

/* ---- together -------------------------------------------------------------------------------- */

int foresee_results(web_call *call, const foresee_view *view)
{
    headline(call, view);
    int rc = fans(call, view);
    rc = rc ? rc : close_by(call, view);
    rc = rc ? rc : foresee_course(call, view);
    rc = rc ? rc : for_whom(call, view);
    rc = rc ? rc : foresee_pays(call, view);
    rc = rc ? rc : foresee_decides(call, view);
    rc = rc ? rc : foresee_past(call, view);
    rc = rc ? rc : foresee_known(call);
    if (!rc) {
        foresee_repeat(call, view);
    }
    return rc;
}
