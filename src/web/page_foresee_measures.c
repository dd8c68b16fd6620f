/* What each measure of a policy costs by itself: the hours, budgets and homes that it puts in, row
 * by row and purse by purse. Idea: what is put in can be laid at the door of a measure and what
 * follows from it cannot, for that is of all measures together; so the second is not divided. */
#include "figure/words.h"
#include "web/foresee_page.h"
#include "web/stack.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

enum { ROWS_EACH = 5 };

/* The rows of the ledger that a lever works on: outcome 0 is no event, and ends a list. */
static const struct {
    wijk_lever lever;
    wijk_outcome on[ROWS_EACH];
} works[] = {
    {WIJK_LEVER_WIJKTEAM, {WIJK_OUT_WORK_CASES, WIJK_OUT_WORK_PREVENTION, WIJK_OUT_WORK_IDLE}},
    {WIJK_LEVER_PREVENTION, {WIJK_OUT_WORK_CASES, WIJK_OUT_WORK_PREVENTION}},
    {WIJK_LEVER_RING_FENCE, {WIJK_OUT_WORK_CASES, WIJK_OUT_WORK_PREVENTION}},
    {WIJK_LEVER_SHARED_POSTS, {WIJK_OUT_WORK_CASES, WIJK_OUT_WORK_DEBT, WIJK_OUT_WORK_HANDOVER}},
    {WIJK_LEVER_DEBT_TEAM, {WIJK_OUT_WORK_DEBT}},
    {WIJK_LEVER_SOCIAL_MANAGEMENT, {WIJK_OUT_WORK_MANAGEMENT}},
    {WIJK_LEVER_LIVABILITY_CAP, {WIJK_OUT_WORK_MANAGEMENT}},
    {WIJK_LEVER_VISIT_COVERAGE, {WIJK_OUT_WORK_VISITS, WIJK_OUT_WORK_VISITS_OTHER}},
    {WIJK_LEVER_VISIT_BY_STREET, {WIJK_OUT_WORK_VISITS, WIJK_OUT_WORK_VISITS_OTHER}},
    {WIJK_LEVER_COMMUNITY_HOURS, {WIJK_OUT_WORK_COMMUNITY}},
    {WIJK_LEVER_RESIDENTS_BUDGET, {WIJK_OUT_BUDGET_RESIDENTS}},
    {WIJK_LEVER_MEDIATION, {WIJK_OUT_WORK_MEDIATION, WIJK_OUT_MEDIATIONS}},
    {WIJK_LEVER_WIJKAGENT, {WIJK_OUT_WORK_AGENT}},
    {WIJK_LEVER_RECEPTION, {WIJK_OUT_WORK_RECEPTION}},
    {WIJK_LEVER_HOUSING_FIRST, {WIJK_OUT_WORK_FIRST}},
    {WIJK_LEVER_COMMON_TASK, {WIJK_OUT_WORK_COMMON_TASK}},
    {WIJK_LEVER_MAGIC_MIX, {WIJK_OUT_WORK_COMMON_TASK}},
    {WIJK_LEVER_BUILD_SOCIAL, {WIJK_OUT_BUILT_SOCIAL, WIJK_OUT_HOME_MONTHS_SOCIAL}},
    {WIJK_LEVER_BUILD_OWNER, {WIJK_OUT_BUILT_OTHER}},
    {WIJK_LEVER_BUILD_PRIVATE, {WIJK_OUT_BUILT_OTHER}},
    {WIJK_LEVER_DEMOLISH, {WIJK_OUT_DEMOLISHED, WIJK_OUT_DISPLACED, WIJK_OUT_HOME_MONTHS_SOCIAL}},
    {WIJK_LEVER_RESTRUCTURE,
     {WIJK_OUT_BUILT_SOCIAL, WIJK_OUT_BUILT_SALE, WIJK_OUT_DEMOLISHED, WIJK_OUT_DISPLACED,
      WIJK_OUT_HOME_MONTHS_SOCIAL}},
    {WIJK_LEVER_RESTRUCTURE, {WIJK_OUT_SOLD_NEW}},
    {WIJK_LEVER_SELL, {WIJK_OUT_SOLD, WIJK_OUT_HOME_MONTHS_SOCIAL}},
    {WIJK_LEVER_LIBERALISE, {WIJK_OUT_LIBERALISED, WIJK_OUT_HOME_MONTHS_SOCIAL}},
    {WIJK_LEVER_RENOVATE, {WIJK_OUT_RENOVATED, WIJK_OUT_DISPLACED}}};

typedef struct {
    web_call *call;
    const wijk_prices *prices;
    int pulled[WIJK_LEVERS], shown[WIJK_LEVERS]; /* by the policy; in a row of the table */
} measures;

static int works_on(wijk_lever lever, wijk_outcome outcome)
{
    int found = 0;
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        for (size_t k = 0; works[i].lever == lever && k < ROWS_EACH && works[i].on[k]; k++) {
            found |= works[i].on[k] == outcome;
        }
    }
    return found;
}

/* What is put in, and changes. What befalls people is a consequence. */
static int is_input(const wijk_ledger_row *row)
{
    int still = row->units.low90 >= 0 && row->units.high90 <= 0;
    return row->kind != WIJK_LEDGER_EFFECT && !still && isfinite(row->mean_units);
}

/* Names of levers with commas between; "" for none. */
static const char *names(measures *m, const int *of)
{
    const char *list = "";
    for (int lever = 0; lever < WIJK_LEVERS && list; lever++) {
        if (of[lever]) {
            list = wijk_arena_printf(m->call->arena, "%s%s%s", list, *list ? ", " : "",
                                     wijk_policy_lever(m->call->lang, (wijk_lever)lever));
        }
    }
    return list ? list : "";
}

/* Work is counted in minutes and told in hours. */
static const char *how_many(measures *m, const wijk_ledger_row *row)
{
    wijk_ledger_row told = *row;
    double per = strcmp(wijk_outcome_unit(row->outcome), "minutes") != 0 ? 1 : 60;
    told.mean_units /= per;
    told.units.low90 /= per;
    told.units.high90 /= per;
    return wijk_ledger_units_say(m->call->arena, m->call->lang, &told);
}

static void row_of(measures *m, stack_table *table, const wijk_ledger_row *row)
{
    web_call *call = m->call;
    html *h = &call->h;
    int of[WIJK_LEVERS] = {0};
    for (int lever = 0; lever < WIJK_LEVERS; lever++) {
        of[lever] = m->pulled[lever] && works_on((wijk_lever)lever, row->outcome);
        m->shown[lever] |= of[lever];
    }
    const char *who = names(m, of), *note = row->note[call->lang];
    stack_row(table);
    h_text(h, *who ? who : wijk_text(call->lang, T_RESULT_MEASURE_NONE));
    stack_named(table);
    stack_cell(table);
    h_textn(h, note, strcspn(note, ":")); /* up to what explains it */
    h_close(h);
    stack_cell(table);
    h_text(h, how_many(m, row));
    h_close(h);
    stack_cell(table);
    h_text(h, row->priced ? wijk_cost_say(call->arena, call->lang, row->mean_euro)
                          : wijk_text(call->lang, T_RESULT_MEASURE_UNPRICED));
    h_close(h);
    stack_cell(table);
    h_text(h, wijk_purse_at(m->prices, (size_t)row->purse)->label[call->lang]);
    h_close(h);
    stack_row_end(table);
}

static void read_levers(measures *m, const char *text)
{
    wijk_scenario_file *file = NULL;
    if (!wijk_scenario_read(&file, text, strlen(text), "scenario")) {
        for (size_t i = 0; i < wijk_scenario_count(file); i++) {
            m->pulled[wijk_scenario_at(file, i)->lever] = 1;
        }
    }
    wijk_scenario_free(file);
}

void foresee_measures(web_call *call, const foresee_view *view, const wijk_ledger *ledger,
                      const wijk_prices *prices)
{
    static const enum wijk_text_key heads[] = {T_RESULT_MEASURE, T_RESULT_MEASURE_WHAT,
                                               T_RESULT_MEASURE_UNITS, T_RESULT_MEASURE_EURO,
                                               T_FORECAST_PURSE};
    measures m = {.call = call, .prices = prices};
    html *h = &call->h;
    stack_table table = {0};
    size_t inputs = 0;
    for (size_t i = 0; i < ledger->n_rows; i++) {
        inputs += (size_t)is_input(&ledger->rows[i]);
    }
    if (!inputs) {
        return;
    }
    read_levers(&m, view->forecast.scenario);
    h_open(h, "details", "wijk-details wijk-details--print wijk-texts");
    h_leaft(h, "summary", NULL, T_RESULT_MEASURES);
    foresee_filled(call, "p", NULL, T_RESULT_MEASURES_ABOUT, wijk_text(call->lang, T_STUDY_TITLE_3),
                   NULL, NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        stack_column(&table, wijk_text(call->lang, heads[i]), i == 2 || i == 3 ? NULL : "");
    }
    h_open(h, "div", "wijk-scroll"); /* for what is not wide and not a phone either */
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, T_RESULT_MEASURES));
    stack_begin(&table, h, wijk_text(call->lang, T_RESULT_MEASURES));
    for (size_t i = 0; i < ledger->n_rows; i++) {
        if (is_input(&ledger->rows[i])) {
            row_of(&m, &table, &ledger->rows[i]);
        }
    }
    stack_end(&table);
    h_close(h);
    h_leaf(h, "p", NULL,
           WIJK_FILL(call->arena, call->lang, T_RESULT_MEASURES_SUM,
                     {"sum", wijk_cost_say(call->arena, call->lang, ledger->purses[0].mean_cost)}));
    int without[WIJK_LEVERS];
    for (int lever = 0; lever < WIJK_LEVERS; lever++) {
        without[lever] = m.pulled[lever] && !m.shown[lever];
    }
    const char *list = names(&m, without);
    if (*list) {
        h_leaf(h, "p", NULL,
               WIJK_FILL(call->arena, call->lang, T_RESULT_MEASURES_WITHOUT, {"list", list}));
    }
    h_close(h);
}
