/* What came out of a forecast: in short, as fans, up close, per area and for whom. Every figure
 * with its range; what is assumed is marked beside what is reckoned. */
#include "web/foresee_page.h"
#include "web/form.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

enum { FIRST_FANS = 6 };

/* Part of the 90% range that the error of the middle may be before more pairs are worth asking. */
static const double STILL = 0.1;

static wijk_fan fan_of(const foresee_view *view, const wijk_asked *asked)
{
    const web_foreseen *from = view->answer ? view->answer : view->look;
    return (wijk_fan){.ensemble = from->ensemble,
                      .asked = asked,
                      .place = WIJK_ENSEMBLE_HERE,
                      .start = view->start};
}

/* ---- in short -------------------------------------------------------------------------------- */

/* Where it was done, and what could not be done: before any figure. */
static int remarks(web_call *call, const foresee_view *view)
{
    wijk_remark all[WIJK_REMARKS];
    size_t n = 0;
    int rc = wijk_ensemble_remarks(all, &n, view->answer->ensemble);
    for (size_t i = 0; !rc && i < n; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_remark_say(&text, call->lang, &all[i]);
        h_leaf(&call->h, "p", "wijk-note", wijk_str_text(&text));
        wijk_str_free(&text);
    }
    return rc;
}

/* Who decides asks for money too, and must not find a saving that is none. */
static int money(web_call *call, const foresee_view *view)
{
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, view->answer->ensemble, prices);
    if (!rc) {
        h_leaf(&call->h, "li", NULL,
               wijk_money_short(call->arena, call->lang, view->answer->ensemble, ledger));
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    return rc;
}

/* What the counts show of the reason, where one is wanted: many counts, so folded on a screen. */
static void why(web_call *call, const wijk_fan *fan, int wanted)
{
    html *h = &call->h;
    const char *text = wanted ? wijk_fan_why(call->arena, call->lang, fan) : NULL;
    if (text) {
        h_open(h, "details", "wijk-details wijk-details--print");
        h_leaft(h, "summary", NULL, T_WHY_SUMMARY);
        h_leaf(h, "p", "wijk-from", text);
        h_close(h);
    }
}

void foresee_say_few(web_call *call, const foresee_view *view)
{
    if (view->answer->done == 1) {
        h_leaft(&call->h, "p", "wijk-note", T_FORECAST_FEW_ONE);
    } else if (view->answer->done < WIJK_ENSEMBLE_FEW) {
        foresee_filled(call, "p", "wijk-note", T_FORECAST_FEW,
                       foresee_int(call, view->answer->done), NULL, NULL);
    }
}

static void say_margin(web_call *call, const foresee_view *view)
{
    if (view->answer->done >= WIJK_ENSEMBLE_FEW) {
        foresee_filled(call, "p", "wijk-from", T_FORECAST_MARGIN_IS,
                       foresee_int(call, view->answer->done), NULL, NULL);
    }
}

/* Of few people, with or without the policy: several such sentences say no more than one. */
static int is_few(const wijk_fan *fan)
{
    wijk_bands b;
    return !wijk_ensemble_outcome_ever(&b, fan->ensemble, fan->place, fan->asked->outcome) &&
           b.few && !isfinite(b.difference.median);
}

static void say_few(web_call *call, const wijk_fan *fans, size_t n)
{
    const char *list = "";
    for (size_t i = 0; i < n && list; i++) {
        list = wijk_arena_printf(call->arena, "%s%s%s", list, *list ? "; " : "",
                                 wijk_text(call->lang, fans[i].asked->label));
    }
    if (list && *list) {
        foresee_filled(call, "li", NULL, T_RESULT_FEW, list, NULL, NULL);
    }
}

static int headline(web_call *call, const foresee_view *view)
{
    wijk_fan few[WIJK_FAN_HEADLINES];
    size_t n_few = 0;
    const wijk_asked *said[WIJK_FAN_HEADLINES];
    html *h = &call->h;
    page_section(call, "wijk-section", "kort", T_FORECAST_HEADLINE);
    foresee_say_few(call, view);
    say_margin(call, view);
    int rc = remarks(call, view);
    wijk_fan_headlines(said, view->answer->ensemble, WIJK_ENSEMBLE_HERE);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < WIJK_FAN_HEADLINES; i++) {
        const wijk_fan fan = fan_of(view, said[i]);
        if (is_few(&fan)) {
            few[n_few++] = fan;
            continue;
        }
        h_open(h, "li", NULL);
        h_text(h, wijk_fan_say(call->arena, call->lang, &fan));
        h_text(h, " ");
        foresee_kind(call, fan.asked->effect);
        why(call, &fan, wijk_fan_against(&fan));
        h_close(h);
    }
    say_few(call, few, n_few);
    const char *need =
        wijk_need_say(call->arena, call->lang, view->answer->ensemble, WIJK_ENSEMBLE_HERE);
    if (need) {
        h_open(h, "li", NULL);
        h_text(h, need);
        h_text(h, " ");
        foresee_kind(call, 1);
        h_close(h);
    }
    rc = rc ? rc : money(call, view);
    h_closes(h, 2);
    return rc;
}

/* ---- fans ------------------------------------------------------------------------------------ */

/* What is about too few to draw is named in `left_out`. */
static int one_fan(web_call *call, const foresee_view *view, const wijk_asked *asked,
                   wijk_str *left_out)
{
    html *h = &call->h;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(view, asked);
    const char *id = wijk_arena_printf(call->arena, "waaier-%s", asked->key);
    const wijk_figure_style style = {.lang = call->lang, .width = WIJK_FIGURE_ANY, .id = id};
    int rc = wijk_picture_fan(&figure, call->arena, &style, &fan);
    if (!rc) {
        h_open(h, "div", "wijk-fan");
        foresee_kind(call, asked->effect);
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
        h_close(h);
    }
    wijk_figure_free(&figure);
    if (rc == WIJK_ENOTFOUND) {
        wijk_str_add(left_out, left_out->size ? "; " : "");
        wijk_str_add(left_out, wijk_text(call->lang, asked->label));
        rc = WIJK_OK;
    }
    return rc;
}

static int fans(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_str left_out = WIJK_STR_INIT;
    int rc = WIJK_OK;
    page_section(call, "wijk-section", "verandert", T_FORECAST_CHANGES);
    h_leaft(h, "p", NULL, T_FORECAST_CHANGES_ABOUT);
    foresee_kinds(call, (const char *const[]){wijk_text(call->lang, T_FORECAST_MECHANICS_ABOUT),
                                              wijk_text(call->lang, T_FORECAST_EFFECTS_ABOUT)});
    h_open(h, "div", "wijk-fans");
    const wijk_asked *asked;
    size_t drawn = 0;
    int folded = 0;
    for (size_t i = 0; !rc && (asked = wijk_asked_at(i)); i++) {
        if (drawn == FIRST_FANS && !folded) {
            folded = 1;
            h_close(h);
            h_open(h, "details", "wijk-details");
            h_leaft(h, "summary", NULL, T_FORECAST_MORE_OUTCOMES);
            h_open(h, "div", "wijk-fans");
        }
        size_t before = left_out.size;
        rc = one_fan(call, view, asked, &left_out);
        drawn += left_out.size == before;
    }
    h_closes(h, folded ? 2 : 1);
    if (left_out.size) {
        foresee_filled(call, "p", "wijk-from", T_FEW_LEFT_OUT, wijk_str_text(&left_out), NULL,
                       NULL);
    }
    h_close(h);
    wijk_str_free(&left_out);
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
        page_option(call, asked->key, wijk_asked_title(call->arena, call->lang, asked),
                    view->asked->key);
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

/* The map; a place of one area has none, and where nothing points any way a sentence says so. */
static int area_map(web_call *call, const foresee_view *view, const wijk_fan *fan)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {
        .lang = call->lang, .width = WIJK_FIGURE_ANY, .id = "waar-kaart"};
    int rc = wijk_picture_forecast_map(&figure, call->store, call->registry, call->arena, &style,
                                       fan, &view->portrait.area, link_of_area, call);
    if (!rc) {
        page_figure(call, &figure, "wijk-figure wijk-figure--map", NULL, NULL);
    }
    wijk_figure_free(&figure);
    wijk_fan_where where = wijk_fan_count(fan);
    if (rc == WIJK_ENOTFOUND && where.all > 1 && !where.sure && !where.leans) {
        int few = view->answer->done < WIJK_ENSEMBLE_FEW;
        foresee_filled(call, "p", "wijk-note", few ? T_FORECAST_MAP_FEW : T_FORECAST_MAP_NONE,
                       foresee_int(call, (long long)where.all), NULL, NULL);
    }
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* How the difference settled as pairs came in, and how far it may still move. */
static int settles(web_call *call, const wijk_fan *fan)
{
    html *h = &call->h;
    wijk_convergence rows[WIJK_CONVERGENCE];
    size_t n = 0;
    int rc = wijk_ensemble_convergence(rows, &n, fan->ensemble, fan->asked->outcome);
    if (rc || n < 2) { /* one row shows no movement */
        return rc;
    }
    wijk_str course = WIJK_STR_INIT;
    for (size_t i = 0; i < n; i++) {
        wijk_str_add(&course, i ? "; " : "");
        wijk_text_fill(&course, call->lang, T_CONVERGENCE_AT, foresee_int(call, rows[i].replicates),
                       wijk_band_say(call->arena, call->lang, &rows[i].band, 0), NULL);
    }
    const wijk_convergence *last = &rows[n - 1];
    const char *args[] = {wijk_str_text(&course),
                          wijk_number_in(call->arena, call->lang, last->error, last->error < 10)};
    int still = last->error <= STILL * (last->band.high90 - last->band.low90);
    h_open(h, "details", "wijk-details");
    h_leaft(h, "summary", NULL, T_CONVERGENCE_HEADING);
    h_open(h, "p", NULL);
    h_fill(h, T_CONVERGENCE_SAY, args, 2);
    h_text(h, " ");
    h_t(h, still ? T_CONVERGENCE_STILL : T_CONVERGENCE_MOVES);
    h_close(h);
    h_leaft(h, "p", "wijk-from", T_CONVERGENCE_NOTE);
    h_close(h);
    wijk_str_free(&course);
    return WIJK_OK;
}

static int close_by(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(view, view->asked);
    const wijk_figure_style style = {.lang = call->lang, .width = WIJK_FIGURE_ANY, .id = "niveau"};
    int nothing = foresee_does_nothing(view); /* no difference to tell or to map */
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", "dichtbij");
    h_attr(h, "data-part", "dichtbij");
    page_heading(call, "dichtbij", T_FORECAST_CLOSE);
    outcome_form(call, view);
    if (!nothing) {
        h_open(h, "p", "wijk-lead");
        h_text(h, wijk_fan_say(call->arena, call->lang, &fan));
        h_text(h, " ");
        foresee_kind(call, fan.asked->effect);
        h_close(h);
        why(call, &fan, 1);
    }
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
    rc = rc || nothing ? rc : area_map(call, view, &fan);
    h_close(h);
    h_leaft(h, "p", "wijk-from", T_FORECAST_LEVEL_NOTE);
    rc = rc || nothing ? rc : settles(call, &fan);
    h_close(h);
    return rc;
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

typedef struct {
    int (*make)(web_call *call, const foresee_view *view);
    const foresee_view *view;
} view_part;

static int make_part(web_call *call, const void *what)
{
    const view_part *part = what;
    return part->make(call, part->view);
}

int foresee_kept(web_call *call, const foresee_view *view, const char *part,
                 int (*make)(web_call *call, const foresee_view *view))
{
    const view_part what = {make, view};
    const char *name = wijk_arena_printf(call->arena, "forecast %s %s %u %s %d %s", part,
                                         view->forecast.mark, view->answer->done, view->asked->key,
                                         (int)call->lang, call->worker->snapshot->stamp);
    return name ? page_kept(call, name, make_part, &what) : WIJK_ENOMEM;
}

static int shows(web_call *call, const foresee_view *view)
{
    if (foresee_does_nothing(view)) {
        h_leaft(&call->h, "p", "wijk-note", T_FORECAST_IS_NOTHING);
        int rc = close_by(call, view);
        return rc ? rc : foresee_course(call, view);
    }
    int rc = headline(call, view);
    rc = rc ? rc : fans(call, view);
    rc = rc ? rc : close_by(call, view);
    rc = rc ? rc : foresee_course(call, view);
    return rc ? rc : foresee_who(call, view);
}

static int checks(web_call *call, const foresee_view *view)
{
    int rc = foresee_past(call, view);
    return rc ? rc : foresee_known(call);
}

int foresee_results(web_call *call, const foresee_view *view)
{
    int nothing = foresee_does_nothing(view);
    int rc = foresee_kept(call, view, "shows", shows);
    rc = rc || nothing ? rc : foresee_pays(call, view);
    rc = rc || nothing ? rc : foresee_decides(call, view);
    rc = rc ? rc : foresee_kept(call, view, "checks", checks);
    rc = rc || nothing ? rc : foresee_kept(call, view, "next", foresee_next);
    rc = rc ? rc : foresee_people(call, view);
    if (!rc) {
        foresee_repeat(call, view);
    }
    return rc;
}
