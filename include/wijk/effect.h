/* wijk/effect.h: every estimator through one door, to lay them side by side and to put each through
 * the same simulated worlds. Only the verdict is offered as an answer; the others are shown. */
#ifndef WIJK_EFFECT_H
#define WIJK_EFFECT_H

#include "wijk/verdict.h"

typedef struct {
    double effect, low, high;
    double p; /* two-sided */
} wijk_effect;

typedef struct wijk_estimator {
    const char *code;
    int offered;    /* 1: its answer may be believed; docs/manual has how often each is wrong */
    int staggered;  /* 1: minds areas that start at different moments; else WIJK_EINVAL for them */
    int covariates; /* 1: minds the covariates of the panel */
    int slow;       /* 1: takes milliseconds where the others take less than one */
    int (*run)(wijk_effect *out, const wijk_panel *panel, const wijk_design *design, wijk_ctx *ctx);
} wijk_estimator;

/* before_after  what the treated show since they were chosen, against how areas change
 * naive         two-way fixed effects over all areas and waves, t from errors clustered by area
 * did           the same difference, chance by permutation of who was treated
 * did_dropped   the same without the wave on which areas were chosen
 * group_time    group-time effects, not-yet treated, error from influence functions
 * synthetic, ridge, sdid   mixes of the areas that were nearly chosen, chance by placebos
 * matching      nearest neighbours, chance by placebos
 * verdict       wijk/verdict.h
 * The design says what is excluded, the wave of selection, how many draws; ends with a NULL code.
 */
extern const wijk_estimator wijk_estimators[];

/* NULL when there is none of that name. */
const wijk_estimator *wijk_estimator_by_code(const char *code);

/* p of several outcomes, each corrected for the number of them, where nothing can be drawn again
 * for all at once: Holm 1979 (Scand. J. Stat. 6, 65-70). In place; NAN stays and does not count.
 * O(n^2). */
void wijk_holm(double *p, size_t n);

#endif
