/* Vooruitzicht: what would a policy do here? The page of one area: choose a policy, see how far the
 * computing is and what there is of the answer so far. It never waits for the simulation. */
#include "figure/words.h"
#include "web/foresee_page.h"
#include "web/form.h"

#include "web/json.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LISTED = 12,
    REFRESH = 2,
    REFRESH_STUDY = 10,
    YEARS = 10,     /* of the shipped policies */
    LINES_OPEN = 5, /* of a policy, before they are folded */
    MORE = 5        /* times as many pairs, when more are asked */
};

/* ---- shared ---------------------------------------------------------------------------------- */

int foresee_see_other(web_call *call, const char *url)
{
    call->reply->status = 303;
    call->reply->location = url;
    return WIJK_OK;
}

void foresee_filled(web_call *call, const char *tag, const char *class_name, enum wijk_text_key key,
                    const char *a, const char *b, const char *c)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, call->lang, key, a ? a : "", b ? b : "", c ? c : "", NULL);
    html_leaf(&call->h, tag, class_name, wijk_str_text(&text));
    wijk_str_free(&text);
}

const char *foresee_int(web_call *call, long long value)
{
    return wijk_number_in(call->arena, call->lang, (double)value, 0);
}

const char *foresee_duration(web_call *call, double seconds)
{
    return wijk_duration_say(call->arena, call->lang, seconds);
}

const char *foresee_url(web_call *call, const wijk_area *area, const char *mark)
{
    char vintage[16] = "";
    if (area->vintage != call->worker->snapshot->newest[area->level]) {
        snprintf(vintage, sizeof vintage, "%d", area->vintage);
    }
    return page_url(call, "/gebied/", area->code, "/vooruitzicht", "indeling", vintage, "reeks",
                    mark, NULL);
}

int foresee_of_mark(wijk_forecast *out, web_call *call)
{
    return wijk_forecast_find(out, call->store, call->arena, call->name);
}

/* ---- what the page is about ------------------------------------------------------------------ */

double foresee_start(const wijk_forecast *forecast)
{
    wijk_scenario_file *file = NULL;
    double start = NAN;
    if (!wijk_scenario_read(&file, forecast->scenario, strlen(forecast->scenario), "scenario") &&
        wijk_scenario_start(file) >= 0) {
        start = wijk_scenario_start(file) / 12.0;
    }
    wijk_scenario_free(file);
    return start;
}

/* A policy without a line: every difference is zero, and a page of zeros says less than a word. */
int foresee_does_nothing(const foresee_view *view)
{
    return wijk_policy_is_nothing(view->forecast.scenario);
}

int foresee_is_about_debts(const char *scenario)
{
    wijk_scenario_file *file = NULL;
    size_t signals = 0, other = 0;
    if (!wijk_scenario_read(&file, scenario, strlen(scenario), "scenario")) {
        for (size_t i = 0; i < wijk_scenario_count(file); i++) {
            wijk_lever lever = wijk_scenario_at(file, i)->lever;
            signals += lever == WIJK_LEVER_DEBT_SIGNALLING;
            other += lever != WIJK_LEVER_DEBT_SIGNALLING && lever != WIJK_LEVER_DEBT_TEAM;
        }
    }
    wijk_scenario_free(file);
    return signals && !other;
}

/* Kept by a version that did not look first: what its policy would be refused for today. */
static int find_mistakes(foresee_view *view, web_call *call)
{
    wijk_scenario_file *file = NULL;
    wijk_mistakes found = {.arena = call->arena};
    const wijk_forecast *f = &view->forecast;
    if (f->state != WIJK_FORECAST_FAILED) {
        return WIJK_OK;
    }
    int rc = wijk_scenario_read_all(&file, &found, f->scenario, strlen(f->scenario),
                                    wijk_text(call->lang, T_FORECAST_LINE));
    rc = rc ? rc : wijk_case_check(&found, call->store, call->registry, f->area, file);
    wijk_scenario_free(file);
    rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc; /* a place without parts: that is told by itself */
    if (!rc && wijk_mistakes_fail(&found, wijk_text(call->lang, T_FORECAST_LINE))) {
        view->mistakes = wijk_arena_strdup(call->arena, wijk_error(call->lang));
        rc = view->mistakes ? WIJK_OK : WIJK_ENOMEM;
    }
    return rc;
}

/* 1 when the same request would get another mark now: the figures or the model are others. */
static int is_outdated(web_call *call, const wijk_forecast *f)
{
    char now[WIJK_MARK];
    const wijk_ask ask = {.area = f->area,
                          .scenario = f->scenario,
                          .years = f->years,
                          .wanted = f->wanted,
                          .seed = f->seed};
    return wijk_forecast_mark(now, call->store, call->registry, &ask) || strcmp(now, f->mark) != 0;
}

static int find_forecast(foresee_view *view, web_call *call, const char *mark)
{
    int rc = wijk_forecast_find(&view->forecast, call->store, call->arena, mark);
    if (!rc && view->forecast.area != view->portrait.area.id) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Deze doorrekening is van een ander gebied.",
                       "This forecast is of another area.");
    }
    rc = rc ? rc
            : web_foreseen_hold(&view->answer, call->site->foresee, call->store, &view->forecast);
    if (rc ==
        WIJK_EFORMAT) { /* kept by another version: the question still stands, the answer not */
        view->unreadable = 1;
        rc = WIJK_OK;
    }
    if (!rc && !view->answer && view->forecast.state == WIJK_FORECAST_WAITING) {
        view->look = web_foreseen_first_look(call->site->foresee, mark);
    }
    for (int k = 0; !rc && k < WIJK_STUDIES; k++) {
        rc = wijk_study_find(&view->study[k], call->store, call->arena, view->forecast.id,
                             (wijk_study_kind)k);
    }
    rc = rc ? rc : find_mistakes(view, call);
    if (!rc) {
        view->start = foresee_start(&view->forecast);
        view->outdated = view->unreadable || is_outdated(call, &view->forecast);
    }
    return rc;
}

/* Pages do what the background ends in minutes. */
static int is_modelled(enum wijk_level level)
{
    return level == WIJK_GEMEENTE || level == WIJK_WIJK || level == WIJK_BUURT;
}

int foresee_look(wijk_case_size *size, web_call *call, const wijk_area *area)
{
    *size = (wijk_case_size){.n_larger = 0};
    if (!is_modelled(area->level)) {
        enum wijk_text_key why = area->level == WIJK_LAND ? T_FORECAST_COUNTRY : T_FORECAST_NOWHERE;
        return wijk_fail(WIJK_EINVAL, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, why),
                         wijk_text(WIJK_EN, why));
    }
    return wijk_case_look(size, call->store, call->registry, call->arena, area->id);
}

int foresee_refused(const char **refused, wijk_case_size *size, web_call *call,
                    const wijk_area *area)
{
    int rc = foresee_look(size, call, area);
    *refused = NULL;
    if (rc == WIJK_EINVAL || rc == WIJK_EDENIED || rc == WIJK_ENOTFOUND) {
        *refused = wijk_arena_strdup(call->arena, wijk_error(call->lang));
        rc = *refused ? WIJK_OK : WIJK_ENOMEM;
    }
    return rc;
}

static void place_link(web_call *call, const wijk_area *area)
{
    h_open(&call->h, "p", "wijk-more");
    page_link(call, NULL, foresee_url(call, area, NULL),
              WIJK_FILL(call->arena, call->lang, T_FORECAST_OF_AREA, {"area", area->name}));
    h_close(&call->h);
}

void foresee_refusal(web_call *call, const char *refused, const wijk_case_size *size,
                     const wijk_portrait *portrait)
{
    enum { NEAR = 5 };
    h_leaf(&call->h, "p", "wijk-note", refused);
    for (size_t i = 0; i < size->n_larger; i++) {
        place_link(call, &size->larger[i]);
    }
    /* A postcode: the buurten that it shares people with, most of them first. */
    for (size_t i = 0; !is_modelled(portrait->area.level) && i < portrait->part_count && i < NEAR;
         i++) {
        if (is_modelled(portrait->parts[i].area.level)) {
            place_link(call, &portrait->parts[i].area);
        }
    }
}

/* Who names none sees the last one of the area that is done, or else under way. */
static int latest(const char **mark, foresee_view *view, web_call *call)
{
    wijk_forecast *list;
    size_t count = 0, found = 0;
    int rc =
        wijk_forecast_list(&list, &count, call->store, call->arena, view->portrait.area.id, LISTED);
    if (rc || !count) {
        return rc;
    }
    while (found < count && list[found].state != WIJK_FORECAST_DONE) {
        found++;
    }
    *mark = list[found < count ? found : 0].mark;
    view->unasked = 1;
    return WIJK_OK;
}

int foresee_open(foresee_view *view, web_call *call)
{
    const char *mark = web_param_get(&call->request->query, "reeks");
    const wijk_asked *asked = wijk_asked_find(web_param_get(&call->request->query, "uitkomst"));
    *view = (foresee_view){.asked = asked ? asked : wijk_asked_at(0), .start = NAN};
    web_foresee_look(call->site->foresee, &view->state);
    int rc = page_portrait(call, &view->portrait);
    rc = rc ? rc : foresee_refused(&view->refused, &view->size, call, &view->portrait.area);
    rc = rc || *mark ? rc : latest(&mark, view, call);
    rc = rc || !*mark ? rc : find_forecast(view, call, mark);
    if (!rc && view->unasked && view->outdated) { /* not what a newcomer should begin with */
        foresee_close(view);
        view->forecast = (wijk_forecast){0};
        memset(view->study, 0, sizeof view->study);
        view->unasked = 0;
    }
    return rc;
}

void foresee_close(foresee_view *view)
{
    web_foreseen_leave(view->answer);
    web_foreseen_leave(view->look);
    view->answer = view->look = NULL;
}

/* ---- how far it is --------------------------------------------------------------------------- */

static int under_way(const foresee_view *view)
{
    return view->forecast.id && view->forecast.state == WIJK_FORECAST_WAITING &&
           strcmp(view->state.failed, view->forecast.mark) != 0;
}

/* A further question is: the page has to look again as well. */
static int looked_into(const foresee_view *view)
{
    int waits = 0;
    for (int k = 0; k < WIJK_STUDIES; k++) {
        const wijk_study *study = &view->study[k];
        waits |= study->id && study->state == WIJK_FORECAST_WAITING &&
                 view->state.failed_study != study->id;
    }
    return waits;
}

static const char *time_left(web_call *call, const foresee_view *view)
{
    const web_foresee_state *s = &view->state;
    double left = s->per_second > 0 ? (view->forecast.wanted - s->done) / s->per_second : NAN;
    if (!isfinite(left) || strcmp(s->mark, view->forecast.mark) != 0) {
        return NULL;
    }
    return foresee_duration(call, left);
}

static uint32_t done_of(const foresee_view *view)
{
    return view->answer ? view->answer->done : view->forecast.done;
}

static void button_form(web_call *call, const char *path, const char *class_name,
                        enum wijk_text_key key, const char *more)
{
    html *h = &call->h;
    form_post(h, "wijk-inline", path);
    h_open(h, "button", class_name);
    if (more) {
        h_fill(h, key, &more, 1);
    } else {
        h_t(h, key);
    }
    h_closes(h, 2);
}

static const char *step_url(web_call *call, const foresee_view *view, const char *step)
{
    return page_url(call, "/doorrekening/", view->forecast.mark, step, NULL);
}

static void progress(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    const char *done = foresee_int(call, done_of(view));
    const char *wanted = foresee_int(call, view->forecast.wanted);
    const char *left = time_left(call, view);
    int ours = !strcmp(view->state.mark, view->forecast.mark);
    h_open(h, "div", "wijk-job");
    h_attr(h, "data-foresee", step_url(call, view, "/stand.json"));
    h_attri(h, "data-done", done_of(view));
    h_attri(h, "data-years", view->look ? view->look->years : 0);
    h_open(h, "p", NULL);
    h_attr(h, "role", "status");
    const char *args[] = {done, wanted, left};
    h_fill(h, left ? T_FORECAST_PROGRESS_LEFT : T_FORECAST_PROGRESS, args, left ? 3 : 2);
    if (!done_of(view) && !view->look) {
        h_text(h, ". ");
        h_t(h, ours ? T_FORECAST_PEOPLE_STEP : T_FORECAST_QUEUE_STEP);
    }
    h_close(h);
    h_open(h, "progress", "wijk-progress");
    h_attri(h, "max", view->forecast.wanted);
    h_attri(h, "value", done_of(view));
    h_attr(h, "aria-label", wijk_text(call->lang, T_FORECAST_TITLE));
    h_close(h);
    if (view->forecast.memory) {
        const char *megabytes = foresee_int(call, (view->forecast.memory >> 20) + 1);
        foresee_filled(call, "p", "wijk-from", T_FORECAST_MEMORY, megabytes, NULL, NULL);
    }
    h_open(h, "p", "wijk-actions");
    page_link(call, "wijk-action", foresee_url(call, &view->portrait.area, view->forecast.mark),
              wijk_text(call->lang, T_FORECAST_LOOK_AGAIN));
    h_close(h);
    if (!call->site->read_only) {
        button_form(call, step_url(call, view, "/stop"), "wijk-button wijk-button--quiet",
                    T_FORECAST_STOP, NULL);
    }
    h_close(h);
}

/* The same question to the present model and figures. */
static void again_form(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    if (call->site->read_only) {
        return;
    }
    form_post(h, "wijk-inline", page_area_url(call, &view->portrait.area, "/vooruitzicht/reken"));
    form_hidden(h, "tekst", view->forecast.scenario);
    form_hidden(h, "paren", wijk_arena_printf(call->arena, "%u", view->forecast.wanted));
    form_button(h, "wijk-button", T_FORECAST_AGAIN);
    h_close(h);
}

/* It would be refused again, however often it is asked: then going on is no offer. */
static int was_refused(const foresee_view *view)
{
    return view->refused || view->mistakes || (uint64_t)view->forecast.memory > WIJK_MAX_FORECAST;
}

static void ended(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    const wijk_forecast *f = &view->forecast;
    int broke = !strcmp(view->state.failed, f->mark);
    if (f->state == WIJK_FORECAST_STOPPED) {
        foresee_filled(call, "p", "wijk-note", T_FORECAST_STOPPED, foresee_int(call, f->done),
                       foresee_int(call, f->wanted), NULL);
    } else if (view->refused) { /* asked of a version that did not look first; told below */
        return;
    } else if (f->state == WIJK_FORECAST_FAILED || broke) {
        h_open(h, "p", "wijk-note");
        h_attr(h, "role", "alert");
        if (!was_refused(view)) {
            h_t(h, T_FORECAST_FAILED);
            h_text(h, " ");
        }
        h_text(h, view->mistakes          ? view->mistakes
                  : *f->error[call->lang] ? f->error[call->lang]
                                          : view->state.error[call->lang]);
        h_close(h);
    }
    if (was_refused(view) && f->state == WIJK_FORECAST_FAILED) {
        return; /* asking the same again helps nobody: the policy can be changed below */
    }
    if (view->outdated) {
        h_leaft(h, "p", "wijk-note",
                view->unreadable ? T_FORECAST_UNREADABLE : T_FORECAST_OLD_FIGURES);
        again_form(call, view);
    } else if (f->state != WIJK_FORECAST_DONE && !call->site->read_only) {
        button_form(call, step_url(call, view, "/verder"), "wijk-button", T_FORECAST_GO_ON, NULL);
    }
}

/* ---- which policy ---------------------------------------------------------------------------- */

static void one_policy(web_call *call, const char *name, const char *chosen)
{
    html *h = &call->h;
    wijk_scenario_file *file = NULL;
    if (wijk_scenario_open(&file, name) == WIJK_OK) {
        h_open(h, "label", "wijk-choice");
        h_open(h, "input", NULL);
        h_attr(h, "type", "radio");
        h_attr(h, "name", "scenario");
        h_attr(h, "value", name);
        if (!strcmp(name, chosen)) {
            h_flag(h, "checked");
        }
        h_close(h);
        h_open(h, "span", NULL);
        h_leaf(h, "strong", NULL, wijk_scenario_title(file, call->lang));
        h_text(h, " ");
        h_text(h, wijk_scenario_about(file, call->lang));
        if (!strcmp(name, "debts")) { /* which quotes what others reckoned */
            h_text(h, " ");
            h_t(h, T_RESULT_DEBTS_CHOOSE);
        }
        h_closes(h, 2);
    }
    wijk_scenario_free(file);
}

/* What is modelled, and that the times are an estimate. */
static void pace_lines(web_call *call, const wijk_case_pace *pace, uint32_t years)
{
    html *h = &call->h;
    h_open(h, "p", "wijk-from");
    h_attr(h, "id", "paren-uitleg");
    h_t(h, T_FORECAST_PAIRS_HINT);
    if (pace->households) {
        const char *args[] = {pace->region.name, foresee_int(call, (long long)pace->households),
                              foresee_int(call, years)};
        h_text(h, " ");
        h_fill(h, T_FORECAST_WHOLE, args, 3);
        h_text(h, " ");
        h_t(h, pace->measured ? T_FORECAST_PACE_MEASURED : T_FORECAST_PACE_ORDINARY);
    }
    h_close(h);
}

/* An estimate, so in tens of seconds. */
static const char *about(web_call *call, double seconds)
{
    return foresee_duration(call, seconds > 10 ? 10 * ceil(seconds / 10) : seconds);
}

int foresee_pairs(web_call *call, const wijk_area *area, uint32_t years)
{
    static const uint32_t choices[] = {20, 40, 100, 200};
    html *h = &call->h;
    wijk_case_pace pace;
    int rc = wijk_case_pace_of(&pace, call->store, call->registry, call->arena, area->id);
    h_open(h, "div", "wijk-field");
    form_labelt(h, "paren", T_FORECAST_PAIRS_LABEL);
    form_select(h, "paren", "paren");
    h_attr(h, "aria-describedby", "paren-uitleg");
    for (size_t i = 0; !rc && i < sizeof choices / sizeof *choices; i++) {
        wijk_str text = WIJK_STR_INIT;
        const char *number = foresee_int(call, choices[i]);
        wijk_text_fill(&text, call->lang,
                       pace.households ? T_FORECAST_PAIRS_TIMED : T_FORECAST_PAIRS_OF, number,
                       about(call, wijk_case_pace_pairs(&pace, choices[i], years)), NULL);
        page_option(call, number, wijk_str_text(&text), "40");
        wijk_str_free(&text);
    }
    h_close(h);
    if (!rc) {
        pace_lines(call, &pace, years);
    }
    h_close(h);
    return rc;
}

/* The form that makes a policy, begun with that of a kept forecast. */
static const char *edit_url(web_call *call, const wijk_area *area, const char *mark)
{
    char vintage[16] = "";
    if (area->vintage != call->worker->snapshot->newest[area->level]) {
        snprintf(vintage, sizeof vintage, "%d", area->vintage);
    }
    return page_url(call, "/gebied/", area->code, "/vooruitzicht/beleid", "indeling", vintage,
                    "reeks", mark, NULL);
}

static int choose(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    char name[64];
    if (call->site->read_only) {
        h_leaft(h, "p", NULL, T_FORECAST_READ_ONLY);
        return WIJK_OK;
    }
    form_post(h, "wijk-form wijk-form--wide",
              page_area_url(call, &view->portrait.area, "/vooruitzicht/reken"));
    h_open(h, "fieldset", "wijk-choices");
    h_leaft(h, "legend", NULL, T_FORECAST_POLICY);
    for (size_t i = 0; wijk_scenario_shipped(name, sizeof name, i); i++) {
        if (strcmp(name, "do-nothing")) {
            one_policy(call, name, "both");
        }
    }
    h_close(h);
    int rc = foresee_pairs(call, &view->portrait.area, YEARS);
    h_open(h, "p", "wijk-actions");
    form_button(h, "wijk-button", T_FORECAST_RUN);
    h_closes(h, 2);
    page_more(call, edit_url(call, &view->portrait.area, NULL), T_FORECAST_OWN);
    return rc;
}

/* ---- earlier ones ---------------------------------------------------------------------------- */

void foresee_item(web_call *call, const wijk_area *area, const wijk_forecast *forecast,
                  const web_foresee_state *state, int named, int here)
{
    static const enum wijk_text_key states[] = {T_FORECAST_STATE_0, T_FORECAST_STATE_1,
                                                T_FORECAST_STATE_2, T_FORECAST_STATE_3};
    html *h = &call->h;
    int busy = !strcmp(state->mark, forecast->mark);
    const char *args[] = {
        foresee_int(call, forecast->done), foresee_int(call, forecast->wanted),
        wijk_text(call->lang, busy ? T_FORECAST_STATE_BUSY : states[forecast->state])};
    const char *title = forecast->title[call->lang];
    title = *title ? title : forecast->mark;
    h_open(h, "li", NULL);
    if (named) {
        h_text(h, area->name);
        h_text(h, ": ");
    }
    if (here) {
        h_leaf(h, "strong", NULL, title);
    } else {
        page_link(call, NULL, foresee_url(call, area, forecast->mark), title);
    }
    h_text(h, " ");
    h_open(h, "span", "wijk-from");
    h_fill(h, T_FORECAST_EARLIER_STATE, args, 3);
    h_text(h, " · ");
    h_textn(h, forecast->asked_at, 10);
    if (!busy && is_outdated(call, forecast)) {
        h_text(h, " · ");
        h_text(h, wijk_text(call->lang, T_FORECAST_EARLIER_OLD));
    }
    h_closes(h, 2);
}

static int earlier(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_forecast *list;
    size_t count = 0;
    int rc =
        wijk_forecast_list(&list, &count, call->store, call->arena, view->portrait.area.id, LISTED);
    if (rc || !count || (count == 1 && list[0].id == view->forecast.id)) {
        return rc;
    }
    page_section(call, "wijk-section", "eerder", T_FORECAST_EARLIER);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < count; i++) {
        foresee_item(call, &view->portrait.area, &list[i], &view->state, 0,
                     list[i].id == view->forecast.id);
    }
    h_closes(h, 2);
    return rc;
}

/* ---- the page -------------------------------------------------------------------------------- */

static void limits(web_call *call)
{
    static const enum wijk_text_key fixed[] = {T_FORECAST_LIMIT_1, T_FORECAST_LIMIT_2,
                                               T_FORECAST_LIMIT_3, T_FORECAST_LIMIT_4,
                                               T_FORECAST_LIMIT_5};
    page_limits(call,
                &(page_limit_list){.title = T_FORECAST_LIMITS,
                                   .fixed = fixed,
                                   .fixed_count = sizeof fixed / sizeof *fixed,
                                   .manual = page_manual_url(call, "vooruitzicht", "forecast"),
                                   .manual_text = T_FORECAST_EXPLAINED});
}

static void head(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    h_open(h, "header", "wijk-title");
    h_leaft(h, "h1", NULL, T_FORECAST_TITLE);
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, page_area_url(call, &view->portrait.area, NULL), view->portrait.name);
    h_close(h);
    if (view->forecast.id) {
        const char *title = view->forecast.title[call->lang];
        foresee_filled(call, "p", "wijk-lead", T_FORECAST_OF, title,
                       foresee_int(call, view->forecast.years), NULL);
        if (view->unasked) {
            h_open(h, "p", NULL);
            h_t(h, T_FORECAST_UNASKED);
            h_text(h, " ");
            page_link(call, NULL, "#kies", wijk_text(call->lang, T_FORECAST_CHOOSE_OTHER));
            h_close(h);
        }
    } else {
        h_leaft(h, "p", "wijk-lead", T_FORECAST_ABOUT);
    }
    h_leaft(h, "p", "wijk-caution", T_FORECAST_WARNING);
    h_close(h);
}

static const char *file_url(web_call *call, const foresee_view *view, const char *kind)
{
    return page_url(call, "/gebied/", view->portrait.area.code,
                    wijk_arena_printf(call->arena, "/vooruitzicht%s", kind), "reeks",
                    view->forecast.mark, NULL);
}

/* What was asked, line by line: a result without it is hearsay. */
static void policy_lines(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    const char *text = view->forecast.scenario;
    wijk_scenario_file *file = NULL;
    if (wijk_scenario_read(&file, text, strlen(text), "scenario")) {
        return;
    }
    size_t n = wijk_scenario_count(file);
    if (n) {
        h_open(h, "details", "wijk-details wijk-details--print");
        if (n <= LINES_OPEN) {
            h_flag(h, "open");
        }
        h_leaft(h, "summary", NULL, T_FORECAST_LINES_TITLE);
        h_open(h, "ul", "wijk-list");
        for (size_t i = 0; i < n; i++) {
            h_leaf(h, "li", NULL,
                   wijk_policy_line(call->arena, call->lang, wijk_scenario_at(file, i)));
        }
        h_closes(h, 2);
    }
    wijk_scenario_free(file);
}

/* The same policy for all of the municipality, where counts are large enough to say something. */
static int whole_form(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    const wijk_area *area = &view->portrait.area;
    wijk_area region;
    int64_t gemeente = 0;
    if (call->site->read_only || area->level == WIJK_GEMEENTE) {
        return WIJK_OK;
    }
    int rc = wijk_area_gemeente(&gemeente, call->store, area);
    if (rc || !gemeente) {
        return rc;
    }
    rc = wijk_area_get(&region, call->store, call->arena, gemeente);
    if (!rc) {
        const char *more = region.name;
        form_post(h, "wijk-inline", page_area_url(call, &region, "/vooruitzicht/reken"));
        form_hidden(h, "tekst", view->forecast.scenario);
        form_hidden(h, "paren", wijk_arena_printf(call->arena, "%u", view->forecast.wanted));
        h_open(h, "button", "wijk-action");
        h_fill(h, T_RESULT_WHOLE, &more, 1);
        h_closes(h, 2);
    }
    return rc;
}

/* What can be done with what is there: print, keep, change, go on, remove. */
static int keep_actions(web_call *call, const foresee_view *view)
{
    int rc = WIJK_OK;
    html *h = &call->h;
    const wijk_forecast *f = &view->forecast;
    h_open(h, "div", "wijk-actions");
    if (view->answer) {
        page_link(call, "wijk-action", file_url(call, view, ".pdf"),
                  wijk_text(call->lang, T_FORECAST_DOWNLOAD_PDF));
        page_link(call, "wijk-action", file_url(call, view, ".deel"),
                  wijk_text(call->lang, T_FORECAST_DOWNLOAD_PART));
    }
    page_link(call, "wijk-action", file_url(call, view, ".scenario"),
              wijk_text(call->lang, T_FORECAST_DOWNLOAD_TEXT));
    if (!call->site->read_only) {
        page_link(call, "wijk-action", edit_url(call, &view->portrait.area, f->mark),
                  wijk_text(call->lang, T_FORECAST_EDIT));
        if (f->state == WIJK_FORECAST_DONE && !view->outdated &&
            f->wanted * MORE <= WIJK_FORECAST_PAIRS_MOST) {
            button_form(call, step_url(call, view, "/verder"), "wijk-action", T_FORECAST_MORE_PAIRS,
                        foresee_int(call, (long long)f->wanted * MORE));
        }
        rc = whole_form(call, view);
        button_form(call, step_url(call, view, "/weg"), "wijk-action", T_FORECAST_DROP, NULL);
    }
    h_close(h);
    return rc;
}

static int chooser(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    int folded = view->forecast.id != 0;
    if (view->refused) {
        foresee_refusal(call, view->refused, &view->size, &view->portrait);
        return WIJK_OK;
    }
    page_section(call, "wijk-section", "kies",
                 folded ? T_FORECAST_CHOOSE_OTHER : T_FORECAST_CHOOSE);
    if (folded) { /* long, and who reads an answer is not choosing */
        h_open(h, "details", "wijk-details wijk-details--form");
        h_leaft(h, "summary", NULL, T_FORECAST_CHOOSE_LIST);
    }
    int rc = choose(call, view);
    h_closes(h, folded ? 2 : 1);
    return rc;
}

static int body(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    head(call, view);
    if (view->forecast.id) {
        h_open(h, "div", "wijk-live");
        h_attr(h, "data-part", "doorrekening");
        if (under_way(view)) {
            progress(call, view);
        } else {
            ended(call, view);
        }
        policy_lines(call, view);
        rc = keep_actions(call, view);
        rc = rc             ? rc
             : view->answer ? foresee_results(call, view)
             : view->look   ? foresee_first_look(call, view)
                            : WIJK_OK;
        h_close(h);
    }
    rc = rc ? rc : chooser(call, view);
    rc = rc ? rc : earlier(call, view);
    if (!rc) {
        limits(call);
    }
    return rc;
}

int page_foresee(web_call *call)
{
    foresee_view view;
    int rc = foresee_open(&view, call);
    if (!rc) {
        const char *title = wijk_arena_printf(call->arena, "%s · %s", view.portrait.name,
                                              wijk_text(call->lang, T_FORECAST_TITLE));
        page_begin(call, &(web_shell){.title = title ? title : "",
                                      .area = "wijk-wide",
                                      .fictional = view.portrait.area.fictional,
                                      .refresh = under_way(&view)     ? REFRESH
                                                 : looked_into(&view) ? REFRESH_STUDY
                                                                      : 0});
        rc = page_breadcrumb(call, &view.portrait);
        rc = rc ? rc : body(call, &view);
        rc = rc ? rc : page_end(call);
    }
    foresee_close(&view);
    return rc;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static int turn(web_call *call, int64_t id, wijk_forecast_state state)
{
    wijk_store *store;
    int rc = web_site_write(&store, call->site);
    if (!rc) {
        rc = wijk_forecast_turn(store, id, state);
        web_site_written(call->site);
    }
    return rc;
}

static int to_page(web_call *call, const wijk_forecast *forecast)
{
    wijk_area area;
    int rc = wijk_area_get(&area, call->store, call->arena, forecast->area);
    return rc ? rc : foresee_see_other(call, foresee_url(call, &area, forecast->mark));
}

int page_foresee_stop(web_call *call)
{
    wijk_forecast forecast;
    int rc = foresee_of_mark(&forecast, call);
    if (!rc && forecast.state == WIJK_FORECAST_WAITING) {
        rc = turn(call, forecast.id, WIJK_FORECAST_STOPPED);
        web_foresee_break(call->site->foresee, forecast.mark);
    }
    return rc ? rc : to_page(call, &forecast);
}

/* Goes on with one that stopped or failed; of one that is done, asks more pairs. */
int page_foresee_go_on(web_call *call)
{
    wijk_forecast forecast;
    wijk_store *store;
    int rc = foresee_of_mark(&forecast, call);
    if (!rc && forecast.state != WIJK_FORECAST_DONE) {
        rc = turn(call, forecast.id, WIJK_FORECAST_WAITING);
    } else if (!rc) {
        const wijk_ask ask = {.area = forecast.area,
                              .scenario = forecast.scenario,
                              .years = forecast.years,
                              .wanted = forecast.wanted * MORE,
                              .seed = forecast.seed};
        rc = web_site_write(&store, call->site);
        if (!rc) {
            rc = wijk_forecast_ask(&forecast, store, call->registry, call->arena, &ask);
            web_site_written(call->site);
        }
    }
    rc = rc ? rc : web_foresee_wake(call->site->foresee);
    return rc ? rc : to_page(call, &forecast);
}

int page_foresee_drop(web_call *call)
{
    wijk_forecast forecast;
    wijk_store *store;
    int rc = foresee_of_mark(&forecast, call);
    rc = rc ? rc : web_site_write(&store, call->site);
    if (!rc) {
        rc = wijk_forecast_drop(store, forecast.id);
        web_site_written(call->site);
        web_foresee_forget(call->site->foresee, forecast.mark);
    }
    forecast.mark[0] = 0;
    return rc ? rc : to_page(call, &forecast);
}

/* How far a further question about it is, in per cents. */
static int study_state(web_call *call, foresee_view *view, const char *phases[], json *j)
{
    wijk_study_kind kind;
    wijk_study *study;
    if (!wijk_study_find_key(web_param_get(&call->request->query, "onderzoek"), &kind)) {
        return wijk_fail(WIJK_EINVAL, "Die vraag bestaat niet.", "There is no such question.");
    }
    study = &view->study[kind];
    int rc = wijk_study_find(study, call->store, call->arena, view->forecast.id, kind);
    if (!rc) {
        int broke = study->id && view->state.failed_study == study->id;
        j_string(j, "phase", !study->id ? "unknown" : broke ? "failed" : phases[study->state]);
        j_number(j, "done", foresee_study_percent(view, kind));
        j_number(j, "wanted", 100);
        j_number(j, "years", 0);
    }
    return rc;
}

/* For script: how far a forecast is, or the further question of ?onderzoek=. */
int page_foresee_state(web_call *call)
{
    static const char *phases[] = {"waiting", "done", "stopped", "failed"};
    foresee_view view = {.asked = wijk_asked_at(0)};
    json j;
    int rc = foresee_of_mark(&view.forecast, call), unknown = rc == WIJK_ENOTFOUND;
    if (rc && !unknown) {
        return rc;
    }
    web_foresee_look(call->site->foresee, &view.state);
    page_type(call, "application/json", NULL);
    j_start(&j, &call->reply->body);
    j_object(&j, NULL);
    if (!unknown && *web_param_get(&call->request->query, "onderzoek")) {
        rc = study_state(call, &view, phases, &j);
        j_close(&j);
        return rc;
    }
    const wijk_forecast *f = &view.forecast;
    int broke = !unknown && !strcmp(view.state.failed, f->mark);
    j_string(&j, "phase", unknown ? "unknown" : broke ? "failed" : phases[f->state]);
    j_number(&j, "done", f->done);
    j_number(&j, "wanted", f->wanted);
    j_number(&j, "years", !strcmp(view.state.mark, f->mark) ? view.state.years : 0);
    j_close(&j);
    return WIJK_OK;
}

/* ---- asking ---------------------------------------------------------------------------------- */

int foresee_ask(web_call *call, const wijk_area *area, const wijk_scenario_file *file)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_forecast forecast;
    wijk_store *store;
    wijk_case_size size;
    int refused = foresee_look(&size, call, area);
    if (refused) {
        return refused;
    }
    wijk_scenario_write(&text, file);
    const wijk_ask it = {.area = area->id,
                         .scenario = wijk_str_text(&text),
                         .years = (uint32_t)wijk_scenario_years(file),
                         .wanted =
                             (uint32_t)web_param_int(&call->request->form, "paren", 1,
                                                     WIJK_FORECAST_PAIRS_MOST, WIJK_FORECAST_PAIRS),
                         .seed = 1};
    int rc = wijk_str_status(&text);
    rc = rc ? rc : web_site_write(&store, call->site);
    if (!rc) {
        rc = wijk_forecast_ask(&forecast, store, call->registry, call->arena, &it);
        web_site_written(call->site);
    }
    wijk_str_free(&text);
    if (!rc) {
        rc = forecast.done ? web_foresee_wake(call->site->foresee)
                           : web_foresee_wake_first(call->site->foresee);
    }
    return rc ? rc : foresee_see_other(call, foresee_url(call, area, forecast.mark));
}

int page_foresee_begin(web_call *call)
{
    wijk_area area;
    wijk_scenario_file *file = NULL;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    const char *text = web_param_get(&call->request->form, "tekst");
    rc = rc ? rc
         : *text
             ? wijk_scenario_read(&file, text, strlen(text), wijk_text(call->lang, T_FORECAST_LINE))
             : wijk_scenario_open(&file, web_param_get(&call->request->form, "scenario"));
    rc = rc ? rc : foresee_ask(call, &area, file);
    wijk_scenario_free(file);
    return rc;
}

int page_foresee_section(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    if (!is_modelled(portrait->area.level)) {
        return WIJK_OK;
    }
    page_section(call, "wijk-section", "vooruitzicht", T_FORECAST_TITLE);
    h_leaft(h, "p", NULL, T_FORECAST_SECTION);
    page_more(call, foresee_url(call, &portrait->area, NULL), T_FORECAST_SECTION_LINK);
    h_close(h);
    return WIJK_OK;
}
