/* What the files of the evaluate room share. */
#ifndef WIJK_EVALUATE_INTERNAL_H
#define WIJK_EVALUATE_INTERNAL_H

#include "wijk/panel.h"

/* Checks the panel and finds the one start of all treated units; WIJK_EINVAL when they differ. */
int evaluate_single_start(int *out, const wijk_panel *panel);

/* Solves the symmetric positive definite a x = b: `a` [n][n] becomes its factor, `x` goes in as b.
 * 0 when `a` is not positive definite. */
int evaluate_solve(double *a, double *x, size_t n);

/* Makes the columns of x [n][m] orthonormal, in place (Gram-Schmidt, twice); gives m, or the first
 * column that follows from those before it. O(n m^2). */
size_t evaluate_orthonormal(double *x, size_t n, size_t m);

/* The same, leaving out every column that follows from those before it: the rest become columns 0
 * ... of the rows, which keep their length m. Gives how many these are. */
size_t evaluate_independent(double *x, size_t n, size_t m);

/* The same for ones and covariates; WIJK_EINVAL with the number of the covariate that follows. */
int evaluate_basis(double *x, size_t n, size_t m);

#endif
