/* Small systems of equations: a dozen unknowns, so plain Cholesky in a fixed order; and columns
 * made orthonormal first, so that covariates of any scale lose no digits. */
#include "evaluate/internal.h"

#include "wijk/stats.h"

#include <math.h>

int evaluate_solve(double *a, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++) {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if (i == j && !(sum > 0)) {
                return 0;
            }
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            x[i] -= a[i * n + k] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) {
            x[i] -= a[k * n + i] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    return 1;
}

static double column_dot(const double *x, size_t n, size_t m, size_t j, size_t k)
{
    wijk_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, x[i * m + j] * x[i * m + k]);
    }
    return wijk_sum_value(&sum);
}

/* Column j made orthonormal to those before it; 0 when it follows from them. */
static int straighten(double *x, size_t n, size_t m, size_t j)
{
    double whole = sqrt(column_dot(x, n, m, j, j));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < j; k++) {
            double along = column_dot(x, n, m, j, k);
            for (size_t i = 0; i < n; i++) {
                x[i * m + j] -= along * x[i * m + k];
            }
        }
    }
    double left = sqrt(column_dot(x, n, m, j, j));
    for (size_t i = 0; i < n && left > 1e-9 * whole; i++) {
        x[i * m + j] /= left;
    }
    return left > 1e-9 * whole;
}

size_t evaluate_orthonormal(double *x, size_t n, size_t m)
{
    size_t j = 0;
    while (j < m && straighten(x, n, m, j)) {
        j++;
    }
    return j;
}

size_t evaluate_independent(double *x, size_t n, size_t m)
{
    size_t kept = 0;
    for (size_t j = 0; j < m; j++) {
        for (size_t i = 0; i < n && kept < j; i++) {
            x[i * m + kept] = x[i * m + j];
        }
        kept += (size_t)straighten(x, n, m, kept);
    }
    return kept;
}

int evaluate_basis(double *x, size_t n, size_t m)
{
    size_t follows = evaluate_orthonormal(x, n, m);
    return follows == m
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL,
                           "Kenmerk %zu is overal gelijk of volgt uit de andere: laat het weg.",
                           "Covariate %zu is the same everywhere or follows from the others: "
                           "leave it out.",
                           follows);
}
