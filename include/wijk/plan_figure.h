/* wijk/plan_figure.h: plans in words and drawings, the same on page, command line and print. */
#ifndef WIJK_PLAN_FIGURE_H
#define WIJK_PLAN_FIGURE_H

#include "wijk/figure.h"
#include "wijk/plan.h"

enum { WIJK_PLAN_POWER_SAYS = 2 };

/* "2 areas", "one area". In the arena. */
const char *wijk_plan_areas_say(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan);
/* What the design would notice, and a warning when that is more than what was said to matter; NULL
 * past the last. `detectable` from wijk_plan_power. */
void wijk_plan_power_say(const char *out[WIJK_PLAN_POWER_SAYS], wijk_arena *arena, wijk_lang lang,
                         const wijk_plan *plan, double detectable, int decimals);
/* The labels of what freezing still needs, with commas; NULL when nothing is missing. */
const char *wijk_plan_missing(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan);

#endif
