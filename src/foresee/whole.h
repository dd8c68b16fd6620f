/* From fitted fractions to whole households, so that every margin holds to its rounding. */
#ifndef WIJK_FORESEE_WHOLE_H
#define WIJK_FORESEE_WHOLE_H

#include "foresee/fit.h"
#include "wijk/rng.h"

enum { WHOLE_COLUMNS = SEED_SEGMENTS * SEED_TENURES };

typedef struct {
    uint32_t kind[SEED_KINDS]; /* households; persons in institutions */
    uint32_t count[SEED_KINDS][SEED_SEGMENTS][SEED_TENURES]; /* of each household kind */
} whole_table;

typedef struct {
    uint32_t households;
    uint32_t tenure[SEED_TENURES]; /* sums to households */
    uint32_t group[3];             /* lowest 40%, middle, highest 20%; sums to households */
    double half[FIT_ROWS];         /* a row of structure is right within this; 0 where borrowed:
                                      then the fitted total is followed */
} whole_target;

/* `draw.nth` and up are used; equal draws give equal tables. O(kinds^2). */
void whole_area(whole_table *out, const seed_table *seed, const fit_table *fit,
                const fit_margins *margins, const whole_target *target, wijk_draw draw);

/* Whole parts that sum to `total` and are nearest to `share` (any scale): the largest remainders
 * get one more, the first of equals first. All zero shares: everything to the first. */
void whole_parts(uint32_t *out, const double *share, size_t n, uint32_t total);

#endif
