/* The best mixture: a quadratic programme on the simplex, solved exactly. */
#ifndef WIJK_EVALUATE_SIMPLEX_H
#define WIJK_EVALUATE_SIMPLEX_H

#include <stddef.h>

#include "wijk/ctx.h"

/* The weights w >= 0, sum 1, that minimise w'Gw - 2c'w, for G symmetric positive definite ([n][n],
 * row-major). An active set with a Cholesky factor that grows and shrinks by one row: finite, exact
 * to rounding, without any starting point or step size. At the solution the gradient is equal on
 * the support and not smaller off it (to 1e-9 of its scale): the tests check just that. O(steps *
 * (n * support + support^2)), memory O(n^2 / 2) at worst. WIJK_EINVAL for n = 0 or a G that is not
 * positive definite. */
int evaluate_simplex(double *w, const double *g, const double *c, size_t n, wijk_ctx *ctx);

#endif
