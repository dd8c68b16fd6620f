/* From a plan to what will judge it: the panel of its outcome, and the design as it was frozen. */
#include "plan/internal.h"

#include "wijk/csv.h"
#include "wijk/mem.h"

#include <math.h>
#include <string.h>

static double number_of(const char *text)
{
    double value = NAN;
    size_t size = strlen(text);
    return size && (wijk_csv_number(&value, text, size, '.') ||
                    wijk_csv_number(&value, text, size, ','))
               ? value
               : NAN;
}

/* Areas of other plans that are not drafts are nobody's comparison. */
static int exclude_plans(wijk_panel_data *data, wijk_store *store, const wijk_plan *plan)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT DISTINCT b.id FROM plan p JOIN plan_area t ON t.plan_id=p.id JOIN area a ON "
               "a.id=t.area_id JOIN area b ON b.code=a.code AND b.level=a.level WHERE p.id<>? AND "
               "p.state>0 AND p.withdrawn=0");
    wijk_bind_int(stmt, 1, plan->id);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        int64_t area = wijk_col_int(stmt, 0);
        for (size_t i = 0; i < data->panel.units; i++) {
            data->exclude[i] |= data->area[i] == area && !data->chosen[i];
        }
    }
    wijk_reset(stmt);
    return step;
}

static int read_panel(wijk_panel_data *out, wijk_store *store, const wijk_registry *registry,
                      const wijk_indicator *outcome, const wijk_plan *plan)
{
    int64_t *areas = wijk_alloc((plan->area_count + 1) * sizeof *areas);
    if (!areas) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < plan->area_count; i++) {
        areas[i] = plan->areas[i].id;
    }
    int rc = wijk_panel_file(out, store, registry, outcome, areas, plan->area_count,
                             number_of(plan->design[WIJK_PLAN_BEGINS]));
    wijk_free(areas);
    return rc ? rc : exclude_plans(out, store, plan);
}

static int check_intact(const wijk_plan *plan)
{
    return plan->intact ? WIJK_OK
                        : wijk_fail(WIJK_EDENIED,
                                    "Dit plan is buiten het programma om veranderd nadat het "
                                    "vastlag: er komt geen oordeel.",
                                    "This plan was changed behind the program's back after it was "
                                    "frozen: there is no verdict.");
}

/* Leaves out the waves after `last`; NAN keeps all. */
static void cut_after(wijk_panel_data *data, double last)
{
    size_t waves = data->panel.waves, kept = 0;
    while (kept < waves && !(data->panel.year[kept] > last)) {
        kept++;
    }
    for (size_t i = 0; i < data->panel.units && kept < waves; i++) {
        memmove(data->outcome + i * kept, data->outcome + i * waves, kept * sizeof *data->outcome);
        if (data->start[i] >= (int)kept) {
            data->start[i] = WIJK_NEVER;
        }
    }
    data->panel.waves = kept;
}

int wijk_plan_panel(wijk_panel_data *out, wijk_design *design, wijk_store *store,
                    const wijk_registry *registry, const wijk_plan *plan)
{
    *out = (wijk_panel_data){0};
    *design = (wijk_design){0};
    if (check_intact(plan)) {
        return WIJK_EDENIED;
    }
    const char *code = plan->design[WIJK_PLAN_INDICATOR];
    const wijk_indicator *outcome = wijk_indicator_by_code(registry, code);
    if (!outcome) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                         "There is no indicator \"%.60s\".", code);
    }
    int rc = read_panel(out, store, registry, outcome, plan);
    if (!rc) {
        cut_after(out, number_of(plan->last_wave));
        double selected = number_of(plan->design[WIJK_PLAN_SELECTED]);
        *design = (wijk_design){
            .selection = isfinite(selected) ? wijk_panel_wave(&out->panel, selected) : WIJK_NEVER,
            .matters = number_of(plan->design[WIJK_PLAN_MATTERS]),
            .lower_is_better = outcome->direction == WIJK_DIRECTION_DOWN,
            .size = out->size,
            .exclude = out->exclude,
            .seed = (uint64_t)plan->id};
    }
    return rc;
}

/* The waves before the start only, as a panel of their own. */
static int cut_before(wijk_panel *out, double **outcome, const wijk_panel *panel, double begins)
{
    *out = *panel;
    out->waves = 0;
    while (out->waves < panel->waves && !(panel->year[out->waves] >= begins)) {
        out->waves++;
    }
    *outcome = wijk_alloc((panel->units * out->waves + 1) * sizeof **outcome);
    for (size_t i = 0; *outcome && i < panel->units; i++) {
        memcpy(*outcome + i * out->waves, panel->outcome + i * panel->waves,
               out->waves * sizeof **outcome);
    }
    out->outcome = *outcome;
    return *outcome ? WIJK_OK : WIJK_ENOMEM;
}

int wijk_plan_power(double *detectable, wijk_store *store, const wijk_registry *registry,
                    const wijk_plan *plan, wijk_ctx *ctx)
{
    wijk_panel_data data;
    wijk_design design;
    wijk_panel before;
    double *outcome = NULL;
    *detectable = NAN;
    int rc = wijk_plan_panel(&data, &design, store, registry, plan);
    rc = rc ? rc
            : cut_before(&before, &outcome, &data.panel, number_of(plan->design[WIJK_PLAN_BEGINS]));
    size_t *chosen = rc ? NULL : wijk_alloc((data.panel.units + 1) * sizeof *chosen), count = 0;
    rc = rc || chosen ? rc : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < data.panel.units; i++) {
        if (data.chosen[i]) {
            chosen[count++] = i;
        }
    }
    if (!rc) { /* a third of what there is plays the part of what is to come */
        size_t post = before.waves / 3 ? before.waves / 3 : 1;
        rc = wijk_verdict_power(detectable, &before, &design, chosen, count, post, ctx);
    }
    wijk_free(chosen);
    wijk_free(outcome);
    wijk_panel_free(&data);
    return rc;
}

int wijk_plan_judge(wijk_plan_judgement *out, wijk_store *store, const wijk_registry *registry,
                    const wijk_plan *plan, wijk_ctx *ctx)
{
    *out = (wijk_plan_judgement){0};
    if (check_intact(plan)) {
        return WIJK_EDENIED;
    }
    if (plan->state == WIJK_PLAN_DRAFT) {
        return wijk_fail(WIJK_EINVAL,
                         "Een concept krijgt geen oordeel: leg eerst vast hoe het beoordeeld "
                         "wordt.",
                         "A draft gets no verdict: first freeze how it will be judged.");
    }
    if (plan->state != WIJK_PLAN_CLOSED) {
        return wijk_fail(WIJK_EINVAL,
                         "Het oordeel komt als het plan gesloten is. Wie bij elke meting kijkt en "
                         "stopt als het er goed uitziet, vindt ook succes waar niets gebeurde.",
                         "The verdict comes when the plan is closed. Whoever looks at every "
                         "measurement and stops when it looks well finds success where nothing "
                         "happened.");
    }
    const wijk_indicator *outcome =
        wijk_indicator_by_code(registry, plan->design[WIJK_PLAN_INDICATOR]);
    out->decimals = outcome ? outcome->decimals : 2;
    int rc = wijk_plan_panel(&out->data, &out->design, store, registry, plan);
    return rc ? rc : wijk_verdict_reach(&out->verdict, &out->data.panel, &out->design, ctx);
}

void wijk_plan_judgement_free(wijk_plan_judgement *judgement)
{
    wijk_verdict_free(&judgement->verdict);
    wijk_panel_free(&judgement->data);
}
