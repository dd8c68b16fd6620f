/* wijk/plan_figure.h: plans in words and drawings, the same on page, command line and print. */
#ifndef WIJK_PLAN_FIGURE_H
#define WIJK_PLAN_FIGURE_H

#include "wijk/account.h"
#include "wijk/figure.h"
#include "wijk/plan_forecast.h"

enum { WIJK_PLAN_POWER_SAYS = 2 };

/* "2 areas", "one area". In the arena. */
const char *wijk_plan_areas_say(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan);
/* What the design would notice, and a warning when that is more than what was said to matter; NULL
 * past the last. `detectable` from wijk_plan_power. */
void wijk_plan_power_say(const char *out[WIJK_PLAN_POWER_SAYS], wijk_arena *arena, wijk_lang lang,
                         const wijk_plan *plan, double detectable, int decimals);
/* The labels of what freezing still needs, with commas; NULL when nothing is missing. */
const char *wijk_plan_missing(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan);

/* What a field says to a reader: the label of the indicator, a number in this language. */
const char *wijk_plan_value_say(wijk_arena *arena, wijk_lang lang, const wijk_registry *registry,
                                enum wijk_plan_field field, const char *value);
/* "Frozen on 2026-01-05.", "Draft of …" */
const char *wijk_plan_since_say(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan);
/* From which part of the claimed effect on society does not lose. */
const char *wijk_plan_break_say(wijk_arena *arena, wijk_lang lang, const wijk_party *society);
/* "€ 1.200 tot € 3.400", the middle 90 of 100 draws of a net; "" without draws. */
const char *wijk_plan_band_say(wijk_arena *arena, wijk_lang lang, const wijk_party *party);

/* What the model expects of an approach in general: an exploration, of what, from when. */
const char *wijk_plan_forecast_about(wijk_arena *arena, wijk_lang lang, const wijk_plan *plan,
                                     const wijk_approach *approach);

/* Fewer pairs than this tell nothing. */
enum { WIJK_PLAN_OUTLOOK_SAYS = 4, WIJK_PLAN_OUTLOOK_LEAST = 10 };
typedef struct {
    const char *area;
    const char
        *state; /* that it was not computed, how far it is, or that there is too little; or NULL */
    struct {
        const char *text;           /* more or less than when nothing is done, and between what */
        int effect;                 /* 1: rests on assumed effects; 0: computed mechanics */
    } said[WIJK_PLAN_OUTLOOK_SAYS]; /* text NULL past the last */
    const char *lineage;            /* NULL without results */
} wijk_plan_outlook;

/* `ensemble` NULL: nothing is stored yet. */
void wijk_plan_outlook_say(wijk_plan_outlook *out, wijk_arena *arena, wijk_lang lang,
                           const wijk_area *area, const wijk_forecast *forecast,
                           const wijk_ensemble *ensemble);

/* What stands on paper beside the plan itself. */
typedef struct {
    const wijk_plan_judgement *judgement; /* NULL: none, and `why_not` says why */
    const char *why_not;
    const char *forecast; /* what the outlooks are of, or why there are none; NULL: nothing */
    const wijk_plan_outlook *outlooks;
    size_t outlook_count;
} wijk_plan_paper;

/* A plan on sheets of A4: what was agreed, what it did, who pays and gains, what the model expects,
 * what was amended. Appends a PDF. */
int wijk_plan_pdf(wijk_str *out, wijk_lang lang, const wijk_registry *registry,
                  const wijk_plan *plan, const wijk_plan_paper *beside, wijk_ctx *ctx);
/* The same of what stands in a file: judged and with the stored outlooks. */
int wijk_plan_pdf_of(wijk_str *out, wijk_store *store, wijk_lang lang,
                     const wijk_registry *registry, const wijk_plan *plan, wijk_ctx *ctx);

/* Which measurements there are since the start. */
const char *wijk_plan_measured_say(wijk_arena *arena, wijk_lang lang, const wijk_panel *panel,
                                   const wijk_plan *plan);
/* The course of the treated alone, before there is a verdict: what is published anyway, and nothing
 * of what it would have become. WIJK_ENOTFOUND when there are no measurements. */
int wijk_plan_picture_so_far(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_panel_data *data, const wijk_indicator *outcome);

/* What the treated became, what the areas they are compared with became, and what was foretold for
 * the treated, with the range of the verdict. WIJK_ENOTFOUND when there was nothing to compare. */
int wijk_plan_picture_course(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_plan_judgement *judgement, const wijk_indicator *outcome);
/* What chance shows when nothing happens, with the effect in it. WIJK_ENOTFOUND as above. */
int wijk_plan_picture_chance(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_plan_judgement *judgement);
/* Who pays on the left, who gains on the right, on one scale of euro: a stream that narrows yields
 * less than it took. WIJK_ENOTFOUND when nobody pays or nobody gains. */
int wijk_plan_picture_flows(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_account *account, const wijk_account_result *result);

#endif
