/* A plan that is still a draft: small forms, one for each step, and freezing with what it means. */
#include "web/form.h"
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

static void label(web_call *call, enum wijk_plan_field field)
{
    html *h = &call->h;
    form_label(h, wijk_plan_columns[field].code, plan_field_label(call->lang, field));
}

static void hint(web_call *call, enum wijk_plan_field field, const char *id)
{
    const char *text = wijk_text(call->lang, (enum wijk_text_key)(T_PLAN_HINT_1 + field));
    if (*text) {
        h_open(&call->h, "p", "wijk-from");
        h_attr(&call->h, "id", id);
        h_text(&call->h, text);
        h_close(&call->h);
    }
}

void plan_box(web_call *call, enum wijk_plan_field field, const char *value)
{
    html *h = &call->h;
    const wijk_plan_column *column = &wijk_plan_columns[field];
    const char *id = wijk_arena_printf(call->arena, "%s-uitleg", column->code);
    int has_hint = *wijk_text(call->lang, (enum wijk_text_key)(T_PLAN_HINT_1 + field)) != 0;
    int large = column->most > 300;
    label(call, field);
    if (field == WIJK_PLAN_INDICATOR) {
        plan_outcomes(call, column->code, value);
    } else if (field == WIJK_PLAN_LEVER) {
        plan_lever_select(call, column->code, column->code, value);
    } else {
        html_open(h, large ? "textarea" : "input", "wijk-textbox");
        h_attr(h, "id", column->code);
        h_attr(h, "name", column->code);
        h_attr(h, "aria-describedby", has_hint ? id : NULL);
        if (large) {
            h_attri(h, "rows", 3);
            h_text(h, value);
        } else {
            h_attr(h, "value", value);
            h_attri(h, "maxlength", (long long)column->most);
            h_attr(h, "inputmode",
                   column->kind == WIJK_PLAN_YEAR     ? "numeric"
                   : column->kind == WIJK_PLAN_NUMBER ? "decimal"
                                                      : NULL);
        }
        h_close(h);
    }
    hint(call, field, id ? id : "");
}

static void step(web_call *call, const wijk_plan *plan, const char *id, enum wijk_text_key title,
                 const enum wijk_plan_field *fields, size_t count)
{
    html *h = &call->h;
    page_section(call, "wijk-section", id, title);
    plan_form(call, plan, "/invullen", "wijk-form");
    for (size_t i = 0; i < count; i++) {
        plan_box(call, fields[i], plan->value[fields[i]]);
        if (fields[i] == WIJK_PLAN_LEVER && !*plan->value[WIJK_PLAN_LEVER]) {
            plan_lever_hint(call, plan->value[WIJK_PLAN_APPROACH]);
        }
    }
    h_open(h, "button", "wijk-button");
    h_t(h, T_PLAN_SAVE);
    h_open(h, "span", "wijk-hidden");
    h_text(h, ": ");
    h_t(h, title);
    h_closes(h, 4);
}

static void areas(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "waar", T_PLAN_WHERE);
    h_open(h, "ul", "wijk-results");
    for (size_t i = 0; i < plan->area_count; i++) {
        h_open(h, "li", "wijk-result");
        page_link(call, "wijk-result__name", page_area_url(call, &plan->areas[i], NULL),
                  plan->areas[i].name);
        if (plan->area_count > 1) {
            plan_form(call, plan, "/gebied-eraf", "wijk-inline");
            form_hidden(h, "gebied", plan->areas[i].code);
            h_open(h, "button", "wijk-action");
            h_t(h, T_PLAN_DROP_AREA);
            h_open(h, "span", "wijk-hidden");
            h_text(h, ": ");
            h_text(h, plan->areas[i].name);
            h_closes(h, 3);
        }
        h_close(h);
    }
    h_close(h);
    plan_form(call, plan, "/gebied-erbij", "wijk-form");
    form_labelt(h, "gebied", T_PLAN_ADD_AREA);
    form_input(h, "gebied", "gebied");
    h_attri(h, "maxlength", 200);
    h_flag(h, "required");
    h_close(h);
    form_button(h, "wijk-button wijk-button--quiet", T_PLAN_ADD_AREA);
    h_closes(h, 2);
}

void plan_draft_section(web_call *call, const wijk_plan *plan)
{
    static const enum wijk_plan_field what[] = {WIJK_PLAN_TITLE, WIJK_PLAN_AIM, WIJK_PLAN_APPROACH,
                                                WIJK_PLAN_LEVER, WIJK_PLAN_PARTIES},
                                      how[] = {WIJK_PLAN_INDICATOR, WIJK_PLAN_BEGINS,
                                               WIJK_PLAN_ENDS, WIJK_PLAN_SELECTED,
                                               WIJK_PLAN_MATTERS};
    step(call, plan, "wat", T_PLAN_WHAT, what, sizeof what / sizeof *what);
    areas(call, plan);
    step(call, plan, "hoe", T_PLAN_HOW, how, sizeof how / sizeof *how);
}

int plan_power_say(web_call *call, const wijk_plan *plan, const char *class_name)
{
    double detectable;
    const wijk_indicator *outcome =
        wijk_indicator_by_code(call->registry, plan->value[WIJK_PLAN_INDICATOR]);
    int rc = wijk_plan_power(&detectable, call->store, call->registry, plan, &call->ctx);
    if (rc == WIJK_EINVAL || rc == WIJK_ENOTFOUND || rc == WIJK_EDENIED) {
        h_leaf(&call->h, "p", "wijk-caution", wijk_error(call->lang));
        return WIJK_OK;
    }
    const char *texts[WIJK_PLAN_POWER_SAYS] = {NULL};
    if (!rc) {
        wijk_plan_power_say(texts, call->arena, call->lang, plan, detectable,
                            outcome ? outcome->decimals : 2);
    }
    for (size_t i = 0; i < WIJK_PLAN_POWER_SAYS && texts[i]; i++) {
        h_leaf(&call->h, "p", i ? "wijk-caution" : class_name, texts[i]);
    }
    return rc;
}

static int power(web_call *call, const wijk_plan *plan)
{
    return plan_power_say(call, plan, "wijk-lead");
}

int plan_freeze_section(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    const char *missing = wijk_plan_missing(call->arena, call->lang, plan);
    page_section(call, "wijk-section wijk-section--panel", "vastleggen", T_PLAN_FREEZE_TITLE);
    if (missing) {
        wijk_str text = WIJK_STR_INIT;
        wijk_text_fill(&text, call->lang, T_PLAN_MISSING, missing, NULL);
        h_leaf(h, "p", NULL, wijk_str_text(&text));
        wijk_str_free(&text);
    } else {
        rc = plan_kept(call, plan, "power", power);
        h_leaft(h, "p", NULL, T_PLAN_FREEZE_ABOUT);
        plan_form(call, plan, "/vastleggen", NULL);
        form_button(h, "wijk-button", T_PLAN_FREEZE);
        h_close(h);
    }
    plan_form(call, plan, "/weg", NULL);
    form_button(h, "wijk-button wijk-button--quiet", T_PLAN_WITHDRAW);
    h_closes(h, 2);
    return rc;
}
