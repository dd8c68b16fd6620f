/* Sums of counts weighted by exp(-distance / decay) over all sources, for a block of targets. */
#ifndef WIJK_MEASURE_DECAY_H
#define WIJK_MEASURE_DECAY_H

#include <stddef.h>

enum { DECAY_BLOCK = 64, DECAY_TILE = 256 };

/* Beyond so many decays a weight counts as 0. */
#define DECAY_REACH 64.0

typedef struct {
    const double *x, *y;  /* in an order in which neighbours in the list are neighbours in space */
    const double *counts; /* [n][groups], in that order */
    const double *self;   /* weight of each with itself */
    size_t n, groups;     /* n a multiple of DECAY_BLOCK, filled up with counts of 0 */
    double decay;
} decay_field;

/* met[groups][DECAY_BLOCK] += weighted counts of the sources first ... first + count - 1 (at most
 * DECAY_TILE) for the targets from `block` on. */
typedef void (*decay_add_fn)(double *met, const decay_field *field, size_t block, size_t first,
                             size_t count);

/* exp(-distance / decay), 0 from DECAY_REACH decays on, within 3e-14 of itself. */
double decay_weight(double distance, double decay);

/* The widest form that this processor has. All forms give the same bits. */
decay_add_fn decay_best(void);
/* All forms this processor can run, for the test that they agree. Returns how many, at most 3. */
size_t decay_forms(decay_add_fn out[3]);

#endif
