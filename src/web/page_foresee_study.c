/* Further questions about a forecast: asked with a button, worked on in the background, kept. What
 * came out stands in page_foresee_decides.c and page_foresee_even.c; here is how far it is. */
#include "web/foresee_page.h"

#include "web/form.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

typedef struct {
    enum wijk_text_key title, about;
} study_words;

static const study_words words[WIJK_STUDIES] = {
    [WIJK_STUDY_SCREENING] = {T_STUDY_TITLE_1, T_STUDY_ABOUT_1},
    [WIJK_STUDY_GROUPING] = {T_STUDY_TITLE_2, T_STUDY_ABOUT_2},
    [WIJK_STUDY_EVEN] = {T_STUDY_TITLE_3, T_STUDY_ABOUT_3}};

/* ---- how long, how much ---------------------------------------------------------------------- */

/* Of one pair of runs on this machine; NAN when no pair was timed. */
static double pair_seconds(const foresee_view *view)
{
    const wijk_forecast *f = &view->forecast;
    return f->done && f->seconds > 0 ? f->seconds / f->done : NAN;
}

static double fraction(const foresee_view *view, const wijk_study *study)
{
    const web_foresee_state *s = &view->state;
    double whole = study->wanted ? (double)study->done / study->wanted : 0;
    int ours = s->study == study->id && !strcmp(s->step, "study");
    return ours ? fmin(1, fmax(whole, s->batch)) : whole;
}

int foresee_study_percent(const foresee_view *view, wijk_study_kind kind)
{
    return (int)floor(100 * fraction(view, &view->study[kind]));
}

static double seconds_left(const foresee_view *view, const wijk_study *study, uint64_t pairs)
{
    double left = 1 - fraction(view, study);
    double one = study->done ? study->seconds / study->done : NAN;
    return isfinite(one) && one > 0 ? left * study->wanted * one
                                    : left * (double)pairs * pair_seconds(view);
}

/* ---- forms ----------------------------------------------------------------------------------- */

static void step_form(web_call *call, const foresee_view *view, wijk_study_kind kind,
                      const char *what, const char *class_name, enum wijk_text_key label)
{
    html *h = &call->h;
    if (call->site->read_only) {
        return;
    }
    form_post(h, "wijk-inline",
              page_url(call, "/doorrekening/", view->forecast.mark, "/onderzoek", NULL));
    form_hidden(h, "soort", wijk_study_key(kind));
    form_hidden(h, "doe", what);
    form_hidden(h, "uitkomst", view->asked->key);
    h_open(h, "button", class_name);
    h_t(h, label);
    h_text(h, " ");
    h_leaft(h, "span", "wijk-hidden", words[kind].title);
    h_closes(h, 2);
}

static void offer(web_call *call, const foresee_view *view, wijk_study_kind kind, uint64_t pairs)
{
    html *h = &call->h;
    double seconds = (double)pairs * pair_seconds(view);
    const char *number = foresee_int(call, (long long)pairs);
    if (view->forecast.state == WIJK_FORECAST_WAITING) {
        h_leaft(h, "p", "wijk-from", T_STUDY_LATER);
        return;
    }
    h_open(h, "p", "wijk-from");
    const char *args[] = {number, isfinite(seconds) ? foresee_duration(call, seconds) : NULL};
    h_fill(h, isfinite(seconds) ? T_STUDY_TAKES : T_STUDY_TAKES_UNKNOWN, args, 2);
    if (view->forecast.memory) {
        const char *megabytes = foresee_int(call, (view->forecast.memory >> 20) + 1);
        h_text(h, " ");
        h_fill(h, T_STUDY_MEMORY, &megabytes, 1);
    }
    h_text(h, " ");
    h_t(h, T_STUDY_BACKGROUND);
    h_close(h);
    step_form(call, view, kind, "begin", "wijk-button wijk-button--quiet", T_STUDY_BEGIN);
}

static void progress(web_call *call, const foresee_view *view, wijk_study_kind kind, uint64_t pairs)
{
    html *h = &call->h;
    const wijk_study *study = &view->study[kind];
    int percent = foresee_study_percent(view, kind);
    double left = seconds_left(view, study, pairs);
    const char *args[] = {foresee_int(call, percent),
                          isfinite(left) ? foresee_duration(call, left) : NULL};
    h_open(h, "div", "wijk-job");
    h_attr(h, "data-foresee",
           page_url(call, "/doorrekening/", view->forecast.mark, "/stand.json", "onderzoek",
                    wijk_study_key(kind), NULL));
    h_attri(h, "data-done", percent);
    h_attri(h, "data-years", 0);
    h_open(h, "p", NULL);
    h_attr(h, "role", "status");
    h_fill(h, isfinite(left) ? T_STUDY_PROGRESS_LEFT : T_STUDY_PROGRESS, args, 2);
    if (view->state.study != study->id) {
        h_text(h, ". ");
        h_t(h, T_STUDY_QUEUE);
    }
    h_close(h);
    h_open(h, "progress", "wijk-progress");
    h_attri(h, "max", 100);
    h_attri(h, "value", percent);
    h_attr(h, "aria-label", wijk_text(call->lang, words[kind].title));
    h_close(h);
    step_form(call, view, kind, "stop", "wijk-button wijk-button--quiet", T_FORECAST_STOP);
    h_close(h);
}

static void ended(web_call *call, const foresee_view *view, wijk_study_kind kind)
{
    html *h = &call->h;
    const wijk_study *study = &view->study[kind];
    if (study->state == WIJK_FORECAST_STOPPED) {
        foresee_filled(call, "p", "wijk-note", T_STUDY_STOPPED, foresee_int(call, study->done),
                       foresee_int(call, study->wanted), NULL);
    } else {
        const char *why = study->error[call->lang];
        h_open(h, "p", "wijk-note");
        h_attr(h, "role", "alert");
        h_t(h, T_STUDY_FAILED);
        h_text(h, " ");
        h_text(h, *why ? why : view->state.error[call->lang]);
        h_close(h);
    }
    step_form(call, view, kind, "begin", "wijk-button wijk-button--quiet", T_STUDY_GO_ON);
}

/* ---- what came out --------------------------------------------------------------------------- */

typedef struct {
    const foresee_view *view;
    wijk_study_kind kind;
} result;

static int make_results(web_call *call, const void *what)
{
    const result *r = what;
    wijk_str text = WIJK_STR_INIT;
    int rc = wijk_study_read(&text, call->store, r->view->study[r->kind].id);
    rc = rc                           ? rc
         : r->kind == WIJK_STUDY_EVEN ? foresee_even(call, r->view, &text)
                                      : foresee_moves(call, r->view, r->kind, &text);
    wijk_str_free(&text);
    return rc;
}

/* Reading and resampling take long, so the part is kept under all that it is made from. */
static int results(web_call *call, const foresee_view *view, wijk_study_kind kind)
{
    const wijk_study *study = &view->study[kind];
    const result what = {view, kind};
    const char *name = wijk_arena_printf(
        call->arena, "study %s %d %u %s %s %d %d", view->forecast.mark, (int)kind, study->done,
        study->asked_at, view->asked->key, (int)call->lang, (int)study->state);
    return name ? page_kept(call, name, make_results, &what) : WIJK_ENOMEM;
}

int foresee_study(web_call *call, const foresee_view *view, wijk_study_kind kind)
{
    html *h = &call->h;
    const wijk_study *study = &view->study[kind];
    uint32_t units = 0;
    uint64_t pairs = 0;
    int broke = study->id && view->state.failed_study == study->id;
    int rc = wijk_study_size(&units, &pairs, &view->forecast, kind);
    if (rc) { /* a policy without changes: nothing to ask */
        return rc == WIJK_EINVAL ? WIJK_OK : rc;
    }
    if (!study->id && (call->site->read_only || view->outdated)) {
        return WIJK_OK;
    }
    const char *part = wijk_arena_printf(call->arena, "onderzoek-%s", wijk_study_key(kind));
    h_open(h, "div", "wijk-study");
    h_attr(h, "id", part);
    h_attr(h, "data-part", part);
    h_attr(h, "data-follows", "dichtbij");
    h_leaft(h, "h3", NULL, words[kind].title);
    if (!study->id || study->state != WIJK_FORECAST_DONE) {
        h_leaft(h, "p", NULL, words[kind].about);
    }
    if (!study->id) {
        offer(call, view, kind, pairs);
    } else if (study->state == WIJK_FORECAST_WAITING && !broke) {
        progress(call, view, kind, pairs);
    } else if (study->state != WIJK_FORECAST_DONE) {
        ended(call, view, kind);
    }
    if (study->done) {
        if (study->state != WIJK_FORECAST_DONE) {
            foresee_filled(call, "p", "wijk-caution", T_STUDY_SO_FAR,
                           foresee_int(call, study->done), foresee_int(call, study->wanted), NULL);
        }
        rc = results(call, view, kind);
    }
    h_close(h);
    return rc;
}

void foresee_study_again(web_call *call, const foresee_view *view, wijk_study_kind kind)
{
    step_form(call, view, kind, "opnieuw", "wijk-button wijk-button--quiet", T_STUDY_AGAIN);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static int do_what(web_call *call, wijk_store *store, const wijk_forecast *forecast,
                   wijk_study_kind kind)
{
    wijk_study study;
    const char *what = web_param_get(&call->request->form, "doe");
    int rc = wijk_study_find(&study, store, call->arena, forecast->id, kind);
    if (rc) {
        return rc;
    }
    if (!strcmp(what, "stop")) {
        rc = study.id && study.state == WIJK_FORECAST_WAITING
                 ? wijk_study_turn(store, study.id, WIJK_FORECAST_STOPPED)
                 : WIJK_OK;
        web_foresee_break_study(call->site->foresee, study.id);
        return rc;
    }
    return study.id && !strcmp(what, "opnieuw") ? wijk_study_clear(store, study.id)
                                                : wijk_study_ask(store, forecast, kind);
}

int page_foresee_study(web_call *call)
{
    wijk_forecast forecast;
    wijk_study_kind kind;
    wijk_area area;
    wijk_store *store;
    const char *key = web_param_get(&call->request->form, "soort");
    int rc = foresee_of_mark(&forecast, call);
    if (!rc && !wijk_study_find_key(key, &kind)) {
        rc = wijk_fail(WIJK_EINVAL, "\"%s\" is geen vraag die wijk kent.",
                       "\"%s\" is not a question that wijk knows.", key);
    }
    rc = rc ? rc : wijk_area_get(&area, call->store, call->arena, forecast.area);
    rc = rc ? rc : web_site_write(&store, call->site);
    if (!rc) {
        rc = do_what(call, store, &forecast, kind);
        web_site_written(call->site);
    }
    rc = rc ? rc : web_foresee_wake_study(call->site->foresee);
    if (rc) {
        return rc;
    }
    const wijk_asked *asked = wijk_asked_find(web_param_get(&call->request->form, "uitkomst"));
    const char *page = foresee_url(call, &area, forecast.mark);
    const char *url =
        wijk_arena_printf(call->arena, "%s%s%s#onderzoek-%s", page, asked ? "&uitkomst=" : "",
                          asked ? asked->key : "", wijk_study_key(kind));
    return foresee_see_other(call, url ? url : page);
}
