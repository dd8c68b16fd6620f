/* What the files of the evaluate room share. */
#ifndef WIJK_EVALUATE_INTERNAL_H
#define WIJK_EVALUATE_INTERNAL_H

#include "wijk/panel.h"

/* Checks the panel and finds the one start of all treated units; WIJK_EINVAL when they differ. */
int evaluate_single_start(int *out, const wijk_panel *panel);

/* Solves the symmetric positive definite a x = b: `a` [n][n] becomes its factor, `x` goes in as b.
 * 0 when `a` is not positive definite. */
int evaluate_solve(double *a, double *x, size_t n);

#endif
