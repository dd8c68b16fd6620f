/* Panels: what may be asked of them, and the one change per area that most designs rest on. */
#include "wijk/panel.h"

#include <math.h>

static int counts(const wijk_panel *panel, size_t wave)
{
    return !panel->drop || !panel->drop[wave];
}

static int check_numbers(const wijk_panel *panel)
{
    for (size_t t = 0; t < panel->waves; t++) {
        if (!isfinite(panel->year[t]) || (t && panel->year[t] <= panel->year[t - 1])) {
            return wijk_fail(WIJK_EINVAL, "De jaren van de metingen moeten oplopen.",
                             "The years of the waves must rise.");
        }
    }
    for (size_t i = 0; i < panel->units * panel->waves; i++) {
        if (isinf(panel->outcome[i])) {
            return wijk_fail(WIJK_EINVAL, "Een uitkomst is oneindig (gebied %zu, meting %zu).",
                             "An outcome is infinite (area %zu, wave %zu).", i / panel->waves + 1,
                             i % panel->waves + 1);
        }
    }
    if (panel->covariates > WIJK_MOST_COVARIATES) {
        return wijk_fail(WIJK_EINVAL, "Hoogstens %d kenmerken.", "At most %d covariates.",
                         WIJK_MOST_COVARIATES);
    }
    for (size_t i = 0; i < panel->units * panel->covariates; i++) {
        if (!isfinite(panel->covariate[i])) {
            return wijk_fail(WIJK_EINVAL, "Een kenmerk ontbreekt (gebied %zu).",
                             "A covariate is missing (area %zu).", i / panel->covariates + 1);
        }
    }
    return WIJK_OK;
}

int wijk_panel_check(const wijk_panel *panel)
{
    size_t waves = 0, treated = 0;
    for (size_t t = 0; t < panel->waves; t++) {
        waves += (size_t)counts(panel, t);
    }
    if (waves < 2) {
        return wijk_fail(WIJK_EINVAL,
                         "Er zijn minder dan twee metingen die meetellen: een verandering is dan "
                         "niet te zien.",
                         "Fewer than two waves count: no change can be seen.");
    }
    for (size_t i = 0; i < panel->units; i++) {
        int start = panel->start[i];
        if (start != WIJK_NEVER && (start < 0 || (size_t)start >= panel->waves)) {
            return wijk_fail(WIJK_EINVAL, "Gebied %zu begint op een meting die er niet is.",
                             "Area %zu starts at a wave that does not exist.", i + 1);
        }
        if (start == 0) {
            return wijk_fail(
                WIJK_EINVAL,
                "Gebied %zu deed al mee bij de eerste meting: zonder meting vooraf is er "
                "niets om mee te vergelijken.",
                "Area %zu took part from the first wave on: without a wave before, there "
                "is nothing to compare with.",
                i + 1);
        }
        treated += start != WIJK_NEVER;
    }
    if (!treated) {
        return wijk_fail(WIJK_EINVAL, "Geen enkel gebied doet mee.", "No area takes part.");
    }
    return check_numbers(panel);
}

int wijk_panel_changes(double *out, size_t *pre, size_t *post, const wijk_panel *panel, int start)
{
    *pre = *post = 0;
    for (size_t t = 0; t < panel->waves; t++) {
        *((int)t < start ? pre : post) += (size_t)counts(panel, t);
    }
    if (!*pre || !*post) {
        return *pre ? wijk_fail(WIJK_EINVAL, "Er is geen meting vanaf de start die meetelt.",
                                "No wave from the start on counts.")
                    : wijk_fail(WIJK_EINVAL, "Er is geen meting voor de start die meetelt.",
                                "No wave before the start counts.");
    }
    for (size_t i = 0; i < panel->units; i++) {
        double before = 0, after = 0;
        for (size_t t = 0; t < panel->waves; t++) {
            if (counts(panel, t)) {
                *((int)t < start ? &before : &after) += panel->outcome[i * panel->waves + t];
            }
        }
        out[i] = after / (double)*post - before / (double)*pre;
    }
    return WIJK_OK;
}
