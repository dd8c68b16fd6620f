/* web/plan.h: what the pages about plans share. */
#ifndef WIJK_WEB_PLAN_H
#define WIJK_WEB_PLAN_H

#include "web/pages.h"

#include "wijk/plan_figure.h"

/* The plan that {} names. */
int plan_find(web_call *call, wijk_plan *out);
const char *plan_url(web_call *call, const wijk_plan *plan, const char *suffix);
/* "draft", as a mark beside the name. */
void plan_state_mark(web_call *call, const wijk_plan *plan);
/* The areas as links, commas between. */
void plan_area_links(web_call *call, const wijk_plan *plan);
const char *plan_field_label(wijk_lang lang, enum wijk_plan_field field);
/* What a field says to a reader: the label of the indicator, a number in the page's language. */
const char *plan_value(web_call *call, enum wijk_plan_field field, const char *value);
/* <form method="post" class> to a step of this plan. */
void plan_form(web_call *call, const wijk_plan *plan, const char *step, const char *class_name);
/* A label with its box, and a hint below it ("" for none). */
void plan_box(web_call *call, enum wijk_plan_field field, const char *value);
/* The select of outcomes: everything that has a better end. */
void plan_outcomes(web_call *call, const char *id, const char *chosen);

/* The account of a plan, reckoned as `wijk account` does. Free it also after a failure. */
typedef struct {
    wijk_account_file *file;
    const wijk_account *account;
    wijk_account_result *result;
} plan_money;

int plan_money_reckon(plan_money *out, web_call *call, const wijk_plan *plan,
                      enum wijk_stage stage);
void plan_money_free(plan_money *it);
/* Who pays and who gains as streams; nothing when there is nothing to draw. */
int plan_money_flows(web_call *call, const plan_money *it);
/* From which part of the claimed effect on society does not lose, and what that rests on. */
void plan_money_sentences(web_call *call, const plan_money *it);

/* Runs `make` unless what it would write is kept. `part` names it. */
int plan_kept(web_call *call, const wijk_plan *plan, const char *part,
              int (*make)(web_call *call, const wijk_plan *plan));
/* What the design could notice; why that cannot be told is no failure. `class_name` of the first
 * sentence. */
int plan_power_say(web_call *call, const wijk_plan *plan, const char *class_name);

/* The select of what the model knows, and below it what the words of the approach look like. */
int plan_lever_select(web_call *call, const char *id, const char *name, const char *chosen);
void plan_lever_hint(web_call *call, const char *approach);

/* Sections of the page of one plan. */
void plan_draft_section(web_call *call, const wijk_plan *plan);
int plan_freeze_section(web_call *call, const wijk_plan *plan);
int plan_verdict_section(web_call *call, const wijk_plan *plan);
int plan_forecast_section(web_call *call, const wijk_plan *plan);
int plan_money_section(web_call *call, const wijk_plan *plan);

#endif
