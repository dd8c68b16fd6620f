/* One area: the mix of households nearest to the seed that meets the margins of households and of
 * persons together, each as closely as it is known. */
#ifndef WIJK_FORESEE_FIT_H
#define WIJK_FORESEE_FIT_H

#include "foresee/seed.h"

enum fit_row { /* the margins, all as counts */
               FIT_HOUSEHOLDS,
               FIT_SINGLE,
               FIT_CHILDLESS,
               FIT_CHILDREN,
               FIT_ONE_PARENT,
               FIT_AGE, /* five rows of persons by age */
               FIT_PEOPLE = FIT_AGE + SEED_BANDS,
               FIT_HOUSED, /* persons in households */
               FIT_STRUCTURE_ROWS,
               FIT_TENURE = FIT_STRUCTURE_ROWS, /* three rows */
               FIT_LOW = FIT_TENURE + SEED_TENURES,
               FIT_HIGH,
               FIT_ROWS
};

typedef struct {
    double target[FIT_ROWS];
    double sigma[FIT_ROWS]; /* how far the truth may be off: small where published, wide where
                               borrowed; infinite: nothing is known */
} fit_margins;

typedef struct {
    double kind[SEED_KINDS];                                /* households or persons */
    double weight[SEED_KINDS][SEED_SEGMENTS][SEED_TENURES]; /* households only */
    int rounds;                                             /* Newton steps taken */
} fit_table;

/* Minimises the information that is added to the seed, plus half of each squared miss over its
 * sigma squared. That has exactly one answer, also where margins contradict each other; where they
 * do so too sharply for doubles, every sigma is taken four times as wide until it is found.
 * target[FIT_HOUSEHOLDS] must be above 0. O(rounds x kinds). WIJK_EFORMAT when nothing helps (not
 * seen; the tests try contradictions). */
int fit_area(fit_table *out, const seed_table *seed, const fit_margins *margins);

/* How many a kind adds to a row of structure. */
int fit_coefficient(const seed_kind *kind, int row);

#endif
