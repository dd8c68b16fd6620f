/* wijk/group_time.h: programmes that start at different moments: an effect per group (areas with
 * one start) and wave, and what they add up to.
 *
 * ATT(g, t) compares the change since the last wave before g with that of areas not treated: never,
 * or not yet. Nothing treated ever serves as comparison, which is what goes wrong in two-way fixed
 * effects. Callaway & Sant'Anna 2021, doi:10.1016/j.jeconom.2020.12.001. Errors come from influence
 * functions; simultaneous bands from the multiplier bootstrap (Rademacher). They need many areas:
 * a group of fewer than five says so (`few`), and permutation (wijk/did.h) is then the honest way.
 */
#ifndef WIJK_GROUP_TIME_H
#define WIJK_GROUP_TIME_H

#include "wijk/panel.h"

enum wijk_comparison { WIJK_COMPARE_NEVER, WIJK_COMPARE_NOT_YET };

/* How covariates of the panel (known before any start) are minded: what a regression among the
 * comparison areas foretells is taken out; these are weighted to look like those that take part; or
 * both, which is right when either is. Sant'Anna & Zhao 2020, doi:10.1016/j.jeconom.2020.06.003 */
enum wijk_adjust { WIJK_ADJUST_BOTH, WIJK_ADJUST_REGRESSION, WIJK_ADJUST_WEIGHTING };

typedef struct {
    enum wijk_comparison comparison;
    enum wijk_adjust adjust; /* minded only when the panel has covariates */
    size_t draws;            /* of the multiplier bootstrap; 0: 999 */
    uint64_t seed;
    double level; /* 0: 0.95 */
} wijk_group_time_options;

typedef struct {
    int group, wave;      /* index of the first treated wave; index of the wave; -1 when summed */
    double label;         /* what it is about: year, years since the start, or 0 */
    double effect, error; /* standard error from the influence function */
    double low, high;     /* for this one alone */
    double band_low, band_high; /* for all of its list at once */
    size_t treated, comparison; /* areas; 0 for sums */
    int few;                    /* fewer than five treated areas: the error is too small */
} wijk_att;

typedef struct {
    wijk_att *cells; /* every group and wave; before the start against the wave before it */
    size_t cell_count;
    wijk_att *by_group, *by_exposure, *by_calendar;
    size_t group_count, exposure_count, calendar_count;
    wijk_att simple, group, exposure, calendar; /* one number each */
    size_t units, left_out;                     /* with a gap in any wave that counts */
} wijk_group_time;

/* Exposure is in years since the start (waves may lie unevenly). Free with wijk_group_time_free,
 * also after a failure. WIJK_EINVAL when a group has no wave before its start, there is nobody to
 * compare with, or the covariates tell exactly who takes part.
 * O(units * cells * (1 + draws / 8)). */
int wijk_group_time_estimate(wijk_group_time *out, const wijk_panel *panel,
                             const wijk_group_time_options *options, wijk_ctx *ctx);
void wijk_group_time_free(wijk_group_time *result);

#endif
