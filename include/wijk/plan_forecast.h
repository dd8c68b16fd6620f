/* wijk/plan_forecast.h: what the model would expect of a plan: which of its levers the plan turns,
 * the scenario that makes, and the stored run of it (wijk/forecast.h).
 *
 * It explores assumptions and judges nothing: the verdict of a plan never looks at it. */
#ifndef WIJK_PLAN_FORECAST_H
#define WIJK_PLAN_FORECAST_H

#include "wijk/forecast.h"
#include "wijk/plan.h"
#include "wijk/str.h"

#define WIJK_NO_LEVER "none"

/* A row of data/approaches.csv: what a plan may do and the model knows. */
typedef struct {
    const char *code, *label[2], *note[2];
    const char *words;   /* that point to it in the words of a plan; | between */
    const char *changes; /* levers and values of wijk/lever.h; | between */
} wijk_approach;

/* All of them, in `arena`. */
int wijk_approaches(const wijk_approach **out, size_t *count, wijk_arena *arena);
/* NULL when there is none of that code. */
const wijk_approach *wijk_approach_find(const wijk_approach *all, size_t count, const char *code);
/* The one whose words occur most in a text; NULL when none does. A suggestion, never a choice. */
const wijk_approach *wijk_approach_suggest(const wijk_approach *all, size_t count,
                                           const char *text);

/* The scenario of an approach in the areas of a plan, as wijk/scenario.h reads it: from the year in
 * which it begins, or was written down when that is later (the model starts from the newest
 * figures), for as long as it lasts, at most 20 years. */
int wijk_plan_scenario(wijk_str *out, uint32_t *years, const wijk_plan *plan,
                       const wijk_approach *approach);

enum { WIJK_PLAN_FORECASTS = 6 }; /* areas of a plan that are looked at */

/* The request for the n-th area of a plan. WIJK_EINVAL for an area that the model has no people of
 * (postcodes). Texts in `arena`. */
int wijk_plan_ask(wijk_ask *out, wijk_arena *arena, const wijk_plan *plan,
                  const wijk_approach *approach, size_t nth);
/* What is stored of that request as it would be made now; out->id 0 when nothing is. */
int wijk_plan_forecast(wijk_forecast *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_ask *ask);

#endif
