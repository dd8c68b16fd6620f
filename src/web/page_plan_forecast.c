/* What the model expects of a plan: what is stored of it, area by area, and the way to have it
 * computed in the background. The page itself computes nothing. */
#include "web/foresee.h"
#include "web/form.h"
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

/* ---- choosing what the model knows of it ------------------------------------------------------
 */

int plan_lever_select(web_call *call, const char *id, const char *name, const char *chosen)
{
    html *h = &call->h;
    const wijk_approach *all;
    size_t count;
    int rc = wijk_approaches(&all, &count, call->arena);
    if (rc) {
        return rc;
    }
    form_select(h, id, name);
    page_option(call, "", wijk_text(call->lang, T_PLAN_LEVER_OPEN), chosen);
    for (size_t i = 0; i < count; i++) {
        page_option(call, all[i].code, all[i].label[call->lang], chosen);
    }
    page_option(call, WIJK_NO_LEVER, wijk_text(call->lang, T_PLAN_LEVER_NONE), chosen);
    h_close(h);
    return WIJK_OK;
}

void plan_lever_hint(web_call *call, const char *approach)
{
    const wijk_approach *all, *it;
    size_t count;
    if (!wijk_approaches(&all, &count, call->arena) &&
        (it = wijk_approach_suggest(all, count, approach)) != NULL) {
        wijk_str text = WIJK_STR_INIT;
        wijk_text_fill(&text, call->lang, T_PLAN_LEVER_LIKE, it->label[call->lang], NULL);
        h_leaf(&call->h, "p", "wijk-from", wijk_str_text(&text));
        wijk_str_free(&text);
    }
}

/* ---- what is stored ---------------------------------------------------------------------------
 */

static const char *whole_url(web_call *call, const wijk_area *area, const char *mark)
{
    char vintage[16] = "";
    if (area->vintage != call->worker->snapshot->newest[area->level]) {
        snprintf(vintage, sizeof vintage, "%d", area->vintage);
    }
    return page_url(call, "/gebied/", area->code, "/vooruitzicht", "indeling", vintage, "reeks",
                    mark, NULL);
}

static void results(web_call *call, const wijk_area *area, const wijk_forecast *stored,
                    const wijk_plan_outlook *words, int late)
{
    html *h = &call->h;
    h_leaf(h, "h3", NULL, area->name);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < WIJK_PLAN_OUTLOOK_SAYS && words->said[i].text; i++) {
        int effect = words->said[i].effect;
        h_open(h, "li", NULL);
        h_text(h, words->said[i].text);
        h_text(h, " ");
        h_leaft(h, "span", effect ? "wijk-kind wijk-kind--assumed" : "wijk-kind",
                effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
        h_close(h);
    }
    h_close(h);
    h_open(h, "p", "wijk-from");
    h_text(h, words->lineage);
    h_text(h, " ");
    if (late) {
        h_t(h, T_PLAN_FORECAST_AFTER);
        h_text(h, " ");
    }
    page_link(call, NULL, whole_url(call, area, stored->mark),
              wijk_text(call->lang, T_PLAN_FORECAST_WHOLE));
    h_close(h);
}

/* One area; *missing counts those that somebody may still have computed. */
static int one_area(web_call *call, const wijk_plan *plan, const wijk_approach *approach,
                    size_t nth, size_t *missing)
{
    wijk_ask ask;
    wijk_forecast stored;
    web_foreseen *answer = NULL;
    const wijk_area *area = &plan->areas[nth];
    int rc = wijk_plan_ask(&ask, call->arena, plan, approach, nth);
    if (rc == WIJK_EINVAL) {
        h_leaf(&call->h, "p", "wijk-caution", wijk_error(call->lang));
        return WIJK_OK;
    }
    rc = rc ? rc : wijk_plan_forecast(&stored, call->store, call->registry, call->arena, &ask);
    rc = rc || !stored.id ? rc
                          : web_foreseen_hold(&answer, call->site->foresee, call->store, &stored);
    if (!rc) {
        wijk_plan_outlook words;
        wijk_plan_outlook_say(&words, call->arena, call->lang, area, &stored,
                              answer ? answer->ensemble : NULL);
        if (words.lineage) {
            results(call, area, &stored, &words,
                    plan->state != WIJK_PLAN_DRAFT && strcmp(stored.asked_at, plan->frozen_at) > 0);
        }
        if (words.state) {
            h_leaf(&call->h, "p", "wijk-caution", words.state);
        }
        *missing += !stored.id;
    }
    web_foreseen_leave(answer);
    return rc;
}

static int areas(web_call *call, const wijk_plan *plan, const wijk_approach *approach)
{
    html *h = &call->h;
    size_t missing = 0;
    int rc = WIJK_OK;
    h_leaf(h, "p", NULL, wijk_plan_forecast_about(call->arena, call->lang, plan, approach));
    for (size_t i = 0; i < plan->area_count && i < WIJK_PLAN_FORECASTS && !rc; i++) {
        rc = one_area(call, plan, approach, i, &missing);
    }
    if (plan->area_count > WIJK_PLAN_FORECASTS) {
        char number[16];
        wijk_str text = WIJK_STR_INIT;
        snprintf(number, sizeof number, "%d", WIJK_PLAN_FORECASTS);
        wijk_text_fill(&text, call->lang, T_PLAN_FORECAST_MANY, number, NULL);
        h_leaf(h, "p", "wijk-from", wijk_str_text(&text));
        wijk_str_free(&text);
    }
    if (missing && !call->site->read_only) {
        plan_form(call, plan, "/vooruitzicht", NULL);
        form_button(h, "wijk-button wijk-button--quiet", T_PLAN_FORECAST_RUN);
        h_close(h);
    }
    return rc;
}

/* Frozen plans choose by an amendment. */
static void choose(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    static const struct {
        const char *id, *name;
        enum wijk_text_key label;
    } signs[] = {{"lever-namens", "namens", T_PLAN_SIGNED},
                 {"lever-reden", "reden", T_PLAN_REASON}};
    if (plan->state == WIJK_PLAN_DRAFT || call->site->read_only) {
        return;
    }
    h_open(h, "details", "wijk-details wijk-details--form");
    h_leaft(h, "summary", NULL, T_PLAN_FIELD_5);
    plan_form(call, plan, "/wijzigen", "wijk-form");
    form_hidden(h, "onderdeel", wijk_plan_columns[WIJK_PLAN_LEVER].code);
    form_labelt(h, "waarde-model", T_PLAN_FIELD_5);
    plan_lever_select(call, "waarde-model", "waarde", plan->value[WIJK_PLAN_LEVER]);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        form_labelt(h, signs[i].id, signs[i].label);
        form_input(h, signs[i].id, signs[i].name);
        h_flag(h, "required");
        h_close(h);
    }
    form_button(h, "wijk-button wijk-button--quiet", T_PLAN_SAVE);
    h_closes(h, 2);
}

int plan_forecast_section(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    const wijk_approach *all, *it;
    size_t count;
    const char *code = plan->value[WIJK_PLAN_LEVER];
    int rc = wijk_approaches(&all, &count, call->arena);
    if (rc) {
        return rc;
    }
    it = wijk_approach_find(all, count, code);
    page_section(call, "wijk-section", "vooruitzicht", T_PLAN_FORECAST);
    if (it) {
        rc = areas(call, plan, it);
    } else {
        h_leaft(h, "p", NULL, *code ? T_PLAN_FORECAST_NONE : T_PLAN_FORECAST_OPEN);
    }
    choose(call, plan);
    h_close(h);
    return rc;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static int ask_all(web_call *call, wijk_store *store, const wijk_plan *plan,
                   const wijk_approach *approach)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < plan->area_count && i < WIJK_PLAN_FORECASTS && !rc; i++) {
        wijk_ask ask;
        rc = wijk_plan_ask(&ask, call->arena, plan, approach, i);
        rc = rc ? rc : wijk_forecast_ask(NULL, store, call->registry, call->arena, &ask);
    }
    return rc;
}

int page_plan_forecast(web_call *call)
{
    wijk_plan plan;
    wijk_store *store;
    const wijk_approach *all, *it = NULL;
    size_t count;
    int rc = plan_find(call, &plan);
    rc = rc ? rc : wijk_approaches(&all, &count, call->arena);
    if (!rc && !(it = wijk_approach_find(all, count, plan.value[WIJK_PLAN_LEVER]))) {
        rc = wijk_fail(WIJK_EINVAL, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, T_PLAN_FORECAST_OPEN),
                       wijk_text(WIJK_EN, T_PLAN_FORECAST_OPEN));
    }
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    rc = ask_all(call, store, &plan, it);
    web_site_written(call->site);
    rc = rc ? rc : web_foresee_wake(call->site->foresee);
    if (!rc) {
        call->reply->status = 303;
        call->reply->location =
            wijk_arena_printf(call->arena, "%s#vooruitzicht", plan_url(call, &plan, NULL));
    }
    return rc;
}
