/* The estimators, as a table: a new one is one row (and, when it must know something new, one
 * feature). What differs is what the middle and the spread may depend on; fitting, bands and
 * judging are the same for all. */
#include "measure/outlook.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

/* Amount and unevenness of noise: size in two pieces, level, and how much it moved last time. */
#define SPREAD F_ONE, F_SIZE, F_SMALL, F_LEVEL, F_STIR, -1

static const int by_size[] = {F_ONE, F_SIZE, F_SMALL, -1};
static const int full_spread[] = {SPREAD};
static const int alike[] = {F_ONE, F_LEVEL, F_LEVEL_SMALL, F_SIZE, F_SOCIAL, F_DENSITY, -1};
static const int filtered[] = {F_ONE, F_STATE, F_LEVEL, F_LEVEL_SMALL, -1};
static const int past[] = {F_ONE,        F_LAST,        F_LEVEL,       F_ABOVE,
                           F_LAST_SMALL, F_LEVEL_SMALL, F_ABOVE_SMALL, -1};
static const int past_and_place[] = {
    F_ONE,         F_LAST,        F_LEVEL,  F_ABOVE,   F_LAST_SMALL,
    F_LEVEL_SMALL, F_ABOVE_SMALL, F_SOCIAL, F_DENSITY, -1};

const outlook_estimator outlook_estimators[] = {
    {"constant", T_OUTLOOK_E_CONSTANT, -1, NULL, NULL, 0},
    {"no_change", T_OUTLOOK_E_NO_CHANGE, -1, NULL, NULL, E_CENTRE},
    {"same_by_size", T_OUTLOOK_E_SAME_BY_SIZE, -1, NULL, NULL, E_CENTRE | E_CLASSES},
    {"drift", T_OUTLOOK_E_DRIFT, -1, NULL, NULL, E_DRIFT | E_CENTRE},
    {"trend", T_OUTLOOK_E_TREND, F_TREND, NULL, NULL, E_CENTRE},
    {"size", T_OUTLOOK_E_SIZE, -1, NULL, NULL, E_CLASSES | E_PEOPLE},
    {"spread", T_OUTLOOK_E_SPREAD, -1, NULL, full_spread, E_DRIFT | E_CLASSES},
    {"similar", T_OUTLOOK_E_SIMILAR, -1, alike, by_size, E_DRIFT | E_CLASSES | E_JOINS},
    {"state", T_OUTLOOK_E_STATE, -1, filtered, full_spread, E_DRIFT | E_CLASSES | E_JOINS},
    {"past", T_OUTLOOK_E_PAST, -1, past, full_spread, E_DRIFT | E_CLASSES | E_JOINS},
    {"past_and_place", T_OUTLOOK_E_PLACE, -1, past_and_place, full_spread,
     E_DRIFT | E_CLASSES | E_JOINS},
    {"and_years", T_OUTLOOK_E_YEARS, -1, past_and_place, full_spread,
     E_DRIFT | E_CLASSES | E_TIME | E_JOINS},
    {"mean", T_OUTLOOK_E_MEAN, -1, NULL, NULL, E_MEAN},
};
const size_t outlook_estimator_count = sizeof outlook_estimators / sizeof *outlook_estimators;

const double outlook_grid[OUTLOOK_GRID] = {0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.10, 0.15,
                                           0.20,  0.25, 0.30, 0.50, 0.70, 0.75, 0.80,  0.85, 0.90,
                                           0.925, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995};
const int outlook_at[WIJK_QUANTILES] = {5, 10, 12, 14, 19};

size_t wijk_outlook_estimators(void)
{
    return outlook_estimator_count;
}

const char *wijk_outlook_code(size_t estimator)
{
    return estimator < outlook_estimator_count ? outlook_estimators[estimator].code : NULL;
}

size_t wijk_outlook_find(const char *code)
{
    size_t e = 0;
    while (e < outlook_estimator_count && strcmp(outlook_estimators[e].code, code) != 0) {
        e++;
    }
    return e;
}

const char *wijk_outlook_name(size_t estimator, wijk_lang lang)
{
    return estimator < outlook_estimator_count
               ? wijk_text(lang, (enum wijk_text_key)outlook_estimators[estimator].name)
               : NULL;
}

/* ---- one area ----------------------------------------------------------------------------------
 */

/* The chance that a miss lies below `at`; beyond the table the tail falls with the square. */
static double chance_below(const double table[OUTLOOK_GRID], double at)
{
    int last = OUTLOOK_GRID - 1;
    if (at < table[0]) {
        return table[0] < 0 ? outlook_grid[0] * (table[0] / at) * (table[0] / at) : 0;
    }
    if (at >= table[last]) {
        return outlook_grid[last];
    }
    int g = 0;
    while (table[g + 1] <= at) {
        g++;
    }
    double step = table[g + 1] - table[g];
    double part = step > 0 ? (at - table[g]) / step : 0;
    return outlook_grid[g] + part * (outlook_grid[g + 1] - outlook_grid[g]);
}

static void say_one(wijk_outlook_forecast *out, const outlook_estimator *by,
                    const outlook_fitted *fitted, const double feature[OUTLOOK_FEATURES],
                    int size_class, double level)
{
    double where = fitted->drift + (by->fixed >= 0 ? feature[by->fixed] : 0), spread = 0;
    for (int f = 0; f < OUTLOOK_FEATURES; f++) {
        where += fitted->where[f] * feature[f];
        spread += fitted->spread[f] * feature[f];
    }
    spread = spread < -8 ? -8 : spread > 1 ? 1 : spread;
    spread +=
        by->flags & E_TIME ? outlook_longer(&fitted->scene, size_class, fitted->scene.ahead) : 0;
    spread = by->spread ? exp(spread) : 1;
    const double *table = fitted->miss[size_class];
    for (int q = 0; q < WIJK_QUANTILES; q++) {
        out->quantile[q] = level + where + spread * table[outlook_at[q]];
    }
    out->drop = isfinite(level) ? chance_below(table, (-WIJK_OUTLOOK_DROP - where) / spread) : NAN;
}

void outlook_mean(wijk_outlook_forecast *out, const wijk_outlook_forecast *said, size_t n)
{
    *out = (wijk_outlook_forecast){{0}, 0};
    for (size_t i = 0; i < n; i++) {
        for (int q = 0; q < WIJK_QUANTILES; q++) {
            out->quantile[q] += said[i].quantile[q] / (double)n;
        }
        out->drop += said[i].drop / (double)n;
    }
}

size_t outlook_member(size_t estimator, size_t nth)
{
    size_t e = estimator;
    if (!(outlook_estimators[estimator].flags & E_MEAN)) {
        return nth ? outlook_estimator_count : estimator;
    }
    for (e = 0; e < outlook_estimator_count; e++) {
        if (outlook_estimators[e].flags & E_JOINS && nth-- == 0) {
            break;
        }
    }
    return e;
}

void outlook_say(wijk_outlook_forecast *out, const wijk_outlook_model *model,
                 const double feature[OUTLOOK_FEATURES], int size_class, double level)
{
    wijk_outlook_forecast said[OUTLOOK_MEMBERS];
    for (size_t m = 0; m < model->members; m++) {
        say_one(&said[m], &outlook_estimators[outlook_member(model->estimator, m)],
                &model->fitted[m], feature, size_class, level);
    }
    outlook_mean(out, said, model->members);
}

void wijk_outlook_predict(wijk_outlook_forecast *out, const wijk_outlook_model *model,
                          const wijk_outlook_past *past_of_area)
{
    double feature[OUTLOOK_FEATURES];
    outlook_features(feature, &model->fitted[0].scene, model->years, model->upto, past_of_area);
    outlook_say(out, model, feature, outlook_size_class(past_of_area->people),
                past_of_area->level[model->upto]);
}

size_t wijk_outlook_parameters(const double **out, const wijk_outlook_model *model)
{
    *out = (const double *)model->fitted;
    return model->members * sizeof *model->fitted / sizeof **out;
}

int wijk_outlook_fit(wijk_outlook_model **out, const wijk_outlook_panel *panel, size_t estimator,
                     size_t upto, wijk_ctx *ctx)
{
    *out = NULL;
    if (estimator >= outlook_estimator_count || !upto || upto >= panel->waves) {
        return wijk_fail(WIJK_EINVAL, "Een vooruitblik heeft minstens twee metingen nodig.",
                         "An outlook needs at least two measurements.");
    }
    outlook_design design;
    int rc = outlook_design_new(&design, panel, upto);
    wijk_outlook_model *model = rc ? NULL : wijk_alloc(sizeof *model);
    rc = model ? outlook_fit(model, &design, estimator, upto, ctx) : WIJK_ENOMEM;
    outlook_design_free(&design);
    if (rc) {
        wijk_free(model);
        return rc;
    }
    *out = model;
    return WIJK_OK;
}

void wijk_outlook_model_free(wijk_outlook_model *model)
{
    wijk_free(model);
}
