/* What areas that were nearly chosen became from the same past: one outcome, one start. */
#ifndef WIJK_EVALUATE_FORETELL_H
#define WIJK_EVALUATE_FORETELL_H

#include "wijk/verdict.h"

typedef struct {
    const wijk_panel *panel;
    const wijk_design *design;
    const double *also;   /* [units] one more thing to foretell from, or NULL: where the areas stood
                             on the outcome they were chosen by */
    int start, selection; /* waves */
    size_t treated, pool;
    size_t *unit;  /* [treated + pool], the treated first */
    size_t terms;  /* of the regression */
    double *after; /* [panel->units] mean from the start on; NAN with a gap in any wave */
    double *left;  /* [treated] after, less what the past foretells */
    double
        *scale;   /* [treated] how much wider an area lying there deviates than the pool's middle */
    double *deck; /* [pool] deviations, each brought to the middle of the pool */
    double apart; /* root mean square deviation */
    double leverage; /* what estimating the foretelling adds for the mean of the treated, in units
                        of apart squared */
    double farthest; /* the same for the one treated area that lies farthest */
} evaluate_group;

/* Room, the means after the start, and who can be used; start and selection are set. */
int evaluate_group_make(evaluate_group *g);
void evaluate_group_free(evaluate_group *g);

/* 1 when the unit has all the waves that count, the wave of selection included. */
int evaluate_group_usable(const evaluate_group *g, size_t unit);

/* The treated of this start and the `most` untreated units that lie nearest to any of them in the
 * wave of selection and log size, of those that `usable` [units] allows; ties by their place. */
int evaluate_group_choose(evaluate_group *g, const unsigned char *usable, size_t most);

/* Regression, deviations and scales. WIJK_EINVAL when the waves cannot be told apart. */
int evaluate_group_foretell(evaluate_group *g);

#endif
