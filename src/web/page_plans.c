/* Plannen: the list with the form that begins one, and the page of one plan. */
#include "web/form.h"
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

/* ---- shared -----------------------------------------------------------------------------------
 */

int plan_find(web_call *call, wijk_plan *out)
{
    return wijk_plan_get(out, call->store, call->arena, call->name);
}

const char *plan_url(web_call *call, const wijk_plan *plan, const char *suffix)
{
    return page_url(call, "/plan/", plan->code, suffix, NULL);
}

const char *plan_field_label(wijk_lang lang, enum wijk_plan_field field)
{
    return wijk_text(lang, (enum wijk_text_key)(T_PLAN_FIELD_1 + field));
}

void plan_state_mark(web_call *call, const wijk_plan *plan)
{
    static const char *const classes[] = {"wijk-state wijk-state--draft", "wijk-state",
                                          "wijk-state wijk-state--running", "wijk-state"};
    h_leaft(&call->h, "span", classes[plan->state],
            (enum wijk_text_key)(T_PLAN_STATE_1 + plan->state));
}

void plan_area_links(web_call *call, const wijk_plan *plan)
{
    for (size_t i = 0; i < plan->area_count; i++) {
        h_text(&call->h, i ? ", " : "");
        page_link(call, NULL, page_area_url(call, &plan->areas[i], NULL), plan->areas[i].name);
    }
}

const char *plan_value(web_call *call, enum wijk_plan_field field, const char *value)
{
    return wijk_plan_value_say(call->arena, call->lang, call->registry, field, value);
}

void plan_form(web_call *call, const wijk_plan *plan, const char *step, const char *class_name)
{
    form_post(&call->h, class_name, plan_url(call, plan, step));
}

/* ---- the list ---------------------------------------------------------------------------------
 */

void plan_outcomes(web_call *call, const char *id, const char *chosen)
{
    html *h = &call->h;
    form_select(h, id, "indicator");
    const wijk_indicator *common = wijk_indicator_by_code(call->registry, "lbm3_afw");
    if (common) {
        page_option(call, common->code, common->label[call->lang], chosen);
    }
    for (size_t i = 0; i < wijk_indicator_count(call->registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(call->registry, i);
        if (it != common && it->direction != WIJK_DIRECTION_NONE) {
            page_option(call, it->code, it->label[call->lang], chosen);
        }
    }
    h_close(h);
}

static void create_form(web_call *call)
{
    html *h = &call->h;
    page_heading(call, "begin", T_PLAN_NEW);
    form_post(h, "wijk-form", page_url(call, "/plannen/nieuw", NULL, NULL, NULL));
    form_labelt(h, "naam", T_PLAN_FIELD_1);
    form_input(h, "naam", "naam");
    h_attri(h, "maxlength", 200);
    h_flag(h, "required");
    h_close(h);
    form_labelt(h, "gebied", T_PLAN_AREA);
    form_input(h, "gebied", "gebied");
    h_attr(h, "value", web_param_get(&call->request->query, "gebied"));
    h_attri(h, "maxlength", 200);
    h_flag(h, "required");
    h_close(h);
    form_labelt(h, "indicator", T_PLAN_OUTCOME);
    plan_outcomes(call, "indicator", "lbm3_afw");
    form_button(h, "wijk-button", T_PLAN_MAKE);
    h_close(h);
}

static void plan_item(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    h_open(h, "li", "wijk-result");
    page_link(call, "wijk-result__name", plan_url(call, plan, NULL), plan->value[WIJK_PLAN_TITLE]);
    h_text(h, " ");
    plan_state_mark(call, plan);
    h_open(h, "p", "wijk-result__where");
    plan_area_links(call, plan);
    if (*plan->value[WIJK_PLAN_BEGINS]) {
        h_text(h, " · ");
        h_text(h, plan->value[WIJK_PLAN_BEGINS]);
        h_text(h, *plan->value[WIJK_PLAN_ENDS] ? "–" : "");
        h_text(h, plan->value[WIJK_PLAN_ENDS]);
    }
    h_closes(h, 2);
}

int page_plans_section(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    wijk_plan *plans;
    size_t count;
    int rc = wijk_plan_list_in(&plans, &count, call->store, call->arena, portrait->area.id);
    if (rc || (!count && call->site->read_only)) {
        return rc;
    }
    page_section(call, "wijk-section", "plannen", T_PLAN_HERE);
    if (count) {
        h_open(h, "ul", "wijk-results");
        for (size_t i = 0; i < count; i++) {
            plan_item(call, &plans[i]);
        }
        h_close(h);
    }
    if (!call->site->read_only) {
        page_more(call, page_url(call, "/plannen", NULL, NULL, "gebied", portrait->area.code, NULL),
                  T_PLAN_BEGIN_HERE);
    }
    h_close(h);
    return WIJK_OK;
}

int page_plans(web_call *call)
{
    html *h = &call->h;
    wijk_plan *plans;
    size_t count;
    int rc = wijk_plan_list(&plans, &count, call->store, call->arena);
    if (rc) {
        return rc;
    }
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_PLAN_TITLE),
                                  .area = "wijk-text",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_PLAN_TITLE);
    h_leaft(h, "p", "wijk-lead", T_PLAN_LEAD);
    page_heading(call, "lijst", T_PLAN_LIST);
    if (count) {
        h_open(h, "ul", "wijk-results");
        for (size_t i = 0; i < count; i++) {
            plan_item(call, &plans[i]);
        }
        h_close(h);
    } else {
        h_leaft(h, "p", NULL, T_PLAN_NONE);
    }
    if (!call->site->read_only) {
        create_form(call);
    }
    page_heading(call, "samen", T_PLAN_SHARE);
    page_share_links(call);
    return page_end(call);
}

/* ---- one plan ---------------------------------------------------------------------------------
 */

static void warnings(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    if (!plan->intact) {
        h_open(h, "p", "wijk-note");
        h_attr(h, "role", "alert");
        h_t(h, T_PLAN_CHANGED);
        h_close(h);
    }
    if (plan->state != WIJK_PLAN_DRAFT && !wijk_plan_sealed_before(plan)) {
        h_leaft(h, "p", "wijk-caution", T_PLAN_LATE);
    }
    if (wijk_plan_closed_early(plan)) {
        h_leaft(h, "p", "wijk-caution", T_PLAN_CLOSED_EARLY);
    }
    if (plan->overlap_count) {
        h_open(h, "p", "wijk-caution");
        h_t(h, T_PLAN_OVERLAP);
        for (size_t i = 0; i < plan->overlap_count; i++) {
            h_text(h, i ? ", " : " ");
            page_link(call, NULL, page_url(call, "/plan/", plan->overlaps[i], NULL, NULL),
                      plan->overlaps[i]);
        }
        h_text(h, ". ");
        h_t(h, T_PLAN_OVERLAP_ABOUT);
        h_close(h);
    }
}

static void facts(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    h_open(h, "dl", "wijk-facts");
    for (int i = WIJK_PLAN_AIM; i < WIJK_PLAN_ACCOUNT; i++) {
        if (*plan->value[i]) {
            h_open(h, "div", NULL);
            h_leaf(h, "dt", NULL, plan_field_label(call->lang, (enum wijk_plan_field)i));
            h_leaf(h, "dd", NULL, plan_value(call, (enum wijk_plan_field)i, plan->value[i]));
            h_close(h);
        }
    }
    h_close(h);
}

static void amendment_list(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    if (!plan->amendment_count) {
        h_leaft(h, "p", NULL, T_PLAN_NO_AMENDMENTS);
        return;
    }
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const wijk_amendment *it = &plan->amendments[i];
        h_open(h, "li", NULL);
        h_leaf(h, "strong", NULL, plan_field_label(call->lang, it->field));
        if (it->field != WIJK_PLAN_ACCOUNT) {
            h_text(h, ": ");
            h_leaf(h, "del", NULL, plan_value(call, it->field, it->from));
            h_text(h, " ");
            h_leaf(h, "ins", NULL, plan_value(call, it->field, it->to));
        }
        h_open(h, "p", "wijk-from");
        h_textn(h, it->at, strlen(it->at) < 10 ? strlen(it->at) : 10);
        h_text(h, " · ");
        h_text(h, it->signed_by);
        h_text(h, " · ");
        h_text(h, it->reason);
        h_closes(h, 2);
    }
    h_close(h);
}

static void text_field(web_call *call, const char *id, enum wijk_text_key label, const char *tag)
{
    html *h = &call->h;
    form_labelt(h, id, label);
    html_open(h, tag, "wijk-textbox");
    h_attr(h, "id", id);
    h_attr(h, "name", id);
    h_flag(h, "required");
    h_close(h);
}

static void amend_form(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    h_open(h, "details", "wijk-details wijk-details--form");
    h_leaft(h, "summary", NULL, T_PLAN_AMEND);
    h_leaft(h, "p", NULL, T_PLAN_AMEND_ABOUT);
    plan_form(call, plan, "/wijzigen", "wijk-form");
    form_labelt(h, "onderdeel", T_PLAN_FIELD);
    form_select(h, "onderdeel", "onderdeel");
    for (int i = 0; i < WIJK_PLAN_ACCOUNT; i++) { /* the account and the lever have a form each */
        if (i == WIJK_PLAN_LEVER) {
            continue;
        }
        page_option(call, wijk_plan_columns[i].code,
                    plan_field_label(call->lang, (enum wijk_plan_field)i), "ends");
    }
    h_close(h);
    text_field(call, "waarde", T_PLAN_VALUE, "textarea");
    text_field(call, "namens", T_PLAN_SIGNED, "input");
    text_field(call, "reden", T_PLAN_REASON, "textarea");
    form_button(h, "wijk-button", T_PLAN_AMEND);
    h_closes(h, 2);
}

/* What can be taken along: paper for the meeting, and the card of a closed plan. */
static void take_along(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    h_open(h, "p", "wijk-more");
    page_link(call, "wijk-button wijk-button--quiet", plan_url(call, plan, ".pdf"),
              wijk_text(call->lang, T_PLAN_PDF));
    if (plan->state == WIJK_PLAN_CLOSED && plan->intact) {
        h_text(h, " ");
        page_link(call, "wijk-button wijk-button--quiet", plan_url(call, plan, "/kaart.json"),
                  wijk_text(call->lang, T_PLAN_CARD));
    }
    h_close(h);
}

static void next_step(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    int start = plan->state == WIJK_PLAN_FROZEN;
    if (call->site->read_only || plan->state == WIJK_PLAN_CLOSED) {
        return;
    }
    page_section(call, "wijk-section", "verder", T_PLAN_NEXT);
    h_leaft(h, "p", NULL, start ? T_PLAN_START_ABOUT : T_PLAN_CLOSE_ABOUT);
    plan_form(call, plan, "/verder", NULL);
    form_hidden(h, "naar", start ? "running" : "closed");
    form_button(h, "wijk-button", start ? T_PLAN_START : T_PLAN_CLOSE);
    h_closes(h, 2);
}

static int sealed(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    int rc = plan_verdict_section(call, plan);
    rc = rc ? rc : plan_money_section(call, plan);
    rc = rc ? rc : plan_forecast_section(call, plan);
    page_section(call, "wijk-section", "wijzigingen", T_PLAN_AMENDMENTS);
    amendment_list(call, plan);
    if (!call->site->read_only) {
        amend_form(call, plan);
    }
    h_close(h);
    next_step(call, plan);
    return rc;
}

int page_plan(web_call *call)
{
    html *h = &call->h;
    wijk_plan plan;
    int rc = plan_find(call, &plan);
    if (rc) {
        return rc;
    }
    const char *title = wijk_arena_printf(call->arena, "%s · %s", plan.value[WIJK_PLAN_TITLE],
                                          wijk_text(call->lang, T_PLAN_TITLE));
    page_begin(call, &(web_shell){.title = title, .fictional = plan.fictional});
    h_open(h, "header", "wijk-title");
    h_open(h, "h1", NULL);
    h_text(h, plan.value[WIJK_PLAN_TITLE]);
    h_close(h);
    h_open(h, "p", "wijk-title__where");
    plan_state_mark(call, &plan);
    h_text(h, " ");
    plan_area_links(call, &plan);
    h_text(h, " · ");
    h_text(h, wijk_plan_since_say(call->arena, call->lang, &plan));
    h_closes(h, 2);
    warnings(call, &plan);
    if (plan.state != WIJK_PLAN_DRAFT || call->site->read_only) {
        page_section(call, "wijk-section", "wat", T_PLAN_WHAT);
        facts(call, &plan);
        h_close(h);
    }
    if (plan.state != WIJK_PLAN_DRAFT) {
        rc = sealed(call, &plan);
    } else if (!call->site->read_only) {
        plan_draft_section(call, &plan);
        rc = plan_money_section(call, &plan);
        rc = rc ? rc : plan_forecast_section(call, &plan);
        rc = rc ? rc : plan_freeze_section(call, &plan);
    }
    take_along(call, &plan);
    return rc ? rc : page_end(call);
}
