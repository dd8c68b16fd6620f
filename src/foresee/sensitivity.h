/* Sensitivity from inside: designs and estimators for any function of factors in [0, 1], apart from
 * the runs, so that they can be held against functions with known answers. */
#ifndef WIJK_FORESEE_SENSITIVITY_H
#define WIJK_FORESEE_SENSITIVITY_H

#include "wijk/parameters.h"
#include "wijk/sensitivity.h"

enum {
    SOBOL_BLOCK = 4,
    MORRIS_LEVELS = 4,
    BOOTSTRAPS = 400,
    SENSITIVITY_FACTORS = WIJK_PARAMETERS + 1
};

/* ---- Morris ---------------------------------------------------------------------------------- */

/* Point `step` (0..factors) of a trajectory: on the grid 0, 1/3, 2/3, 1; from one step to the next
 * one factor changes by 2/3. O(factors). */
void morris_point(double *u, uint64_t seed, uint32_t trajectory, uint32_t step, uint32_t factors);
/* Which factor changed between step - 1 and step, and how (+2/3 or -2/3). */
uint32_t morris_changed(double *by, uint64_t seed, uint32_t trajectory, uint32_t step,
                        uint32_t factors);

typedef struct {
    double mu, mu_star, sigma, low, high, half, error;
} morris_effect;

/* y[(trajectory - first) * (factors + 1) + step]; two trajectories or more. O(factors x
 * trajectories x bootstraps). */
int morris_effects(morris_effect *out, const double *y, uint32_t first, uint32_t trajectories,
                   uint32_t factors, uint64_t seed);

/* ---- Sobol' indices -------------------------------------------------------------------------- */

/* Coordinate of a point of the Sobol' sequence, shuffled and scrambled (Owen 1995,
 * doi:10.1007/978-1-4612-2552-2_19; shuffled in blocks as Burley 2020,
 * jcgt.org/published/0009/04/01): four dimensions in a row are a Sobol' sequence, each such block
 * in an order of its own. Plain points of hundreds of dimensions move together in pairs for the
 * first thousands; these do not, and every dimension stays even. O(1). */
double sobol_scrambled(const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t dimension);

/* Row i of y: f(A), f(B), then f(A with the factors of group g from B) for every group. n >= 2.
 * WIJK_ENOTFOUND when f never differs. */
int sobol_indices(wijk_sensitivity_index *out, double *mean, double *deviation, const double *y,
                  uint32_t n, uint32_t groups, uint64_t seed);

/* ---- an analysis ----------------------------------------------------------------------------- */

enum {
    SENSITIVITY_VERSION,
    SENSITIVITY_PLACE,
    SENSITIVITY_NL,
    SENSITIVITY_EN,
    SENSITIVITY_LINEAGE,
    SENSITIVITY_TEXTS
};

struct wijk_sensitivity {
    wijk_sensitivity_kind kind;
    uint64_t seed, parameters, population, scenario;
    uint32_t first, last, years, points;
    char *text[SENSITIVITY_TEXTS];
    uint16_t factor[SENSITIVITY_FACTORS]; /* parameters with a range; WIJK_PARAMETERS is chance */
    uint32_t factors;
    int64_t *cell; /* [unit][point][outcome] */
};

static inline size_t sensitivity_units(const wijk_sensitivity *s)
{
    return (size_t)s->last - s->first + 1;
}

/* The factors that may vary, and how many points a unit has. */
int sensitivity_plan(wijk_sensitivity *s, const wijk_dictionary *dictionary);
wijk_sensitivity_group sensitivity_group_of(const wijk_dictionary *dictionary, int factor);

#endif
