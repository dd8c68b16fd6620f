/* One comparison of changes, adjusted for what was known of the areas before. */
#ifndef WIJK_EVALUATE_ADJUST_H
#define WIJK_EVALUATE_ADJUST_H

#include "wijk/group_time.h"

typedef struct {
    size_t n, terms;         /* areas; columns of x */
    const double *change;    /* [n] */
    const unsigned char *in; /* [n] 1: takes part */
    double *x;               /* [n][terms], ones first; made orthonormal here */
    enum wijk_adjust kind;
} evaluate_adjusting;

/* The effect on those that take part and its influence function [n] (mean 0, over these areas):
 * Sant'Anna & Zhao 2020, doi:10.1016/j.jeconom.2020.06.003. WIJK_EINVAL when a covariate follows
 * from the others, when there are no more comparison areas than columns, or when the covariates
 * tell who takes part so well that nobody is left to weigh (not for WIJK_ADJUST_REGRESSION).
 * O(n * terms^2), times some twenty for the steps of the logit. */
int evaluate_adjusted(double *effect, double *influence, evaluate_adjusting *cell);

/* The logit of taking part of every area, from x alone; WIJK_EINVAL as above. */
int evaluate_logit(double *out, evaluate_adjusting *cell);

#endif
