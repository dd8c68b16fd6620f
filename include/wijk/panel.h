/* wijk/panel.h: the same areas in several waves, and when a programme began where.
 *
 * Borrowed arrays; nothing here owns anything. Waves may lie unevenly in time: estimators that need
 * distance use `year`, never the number of the wave. */
#ifndef WIJK_PANEL_H
#define WIJK_PANEL_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

enum { WIJK_NEVER = -1, WIJK_MOST_COVARIATES = 30 };

typedef struct {
    size_t units, waves;
    const double *outcome;     /* row-major [units][waves]; NAN: not measured */
    const double *year;        /* [waves], ascending */
    const int *start;          /* [units]: first wave under the programme, or WIJK_NEVER */
    const unsigned char *drop; /* [waves]: 1 leaves a wave out (the one on which areas were
                                  chosen); NULL for none */
    const double *covariate;   /* row-major [units][covariates], known before any start; NULL
                                  with 0; minded by did.h, group_time.h and matching.h */
    size_t covariates;
} wijk_panel;

/* WIJK_EINVAL with a sentence: fewer than two waves that count, years out of order, an infinite
 * outcome, a covariate that is not finite, more than WIJK_MOST_COVARIATES of them, a start beyond
 * the waves or at the first one (nothing to compare with), nobody treated, or everybody treated
 * from the first wave on. O(cells). */
int wijk_panel_check(const wijk_panel *panel);

/* The change of every unit from its waves before `start` to those from it on, means over the waves
 * that count; NAN for a unit with a gap in any of them, so that a wave that some miss cannot pass
 * for a change. `pre` and `post` tell how many waves each mean is over. O(cells). WIJK_EINVAL when
 * no wave is left on one side. */
int wijk_panel_changes(double *out, size_t *pre, size_t *post, const wijk_panel *panel, int start);

#endif
