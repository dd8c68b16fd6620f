/* wijk/effect_grid.h: worlds in which the truth is known, and what every estimator makes of them.
 *
 * A world has 800 areas in blocks of eight neighbours and eight waves. Areas have a level of their
 * own, part of it shared by the block, and deviations that last (AR(1)), wider in small areas. The
 * numbers are those of a liveability score: levels 0.10 apart, deviations 0.05 in an area of 3,000
 * people. Same seed, same world, on any machine. data/verdict_grid.csv holds what came out. */
#ifndef WIJK_EFFECT_GRID_H
#define WIJK_EFFECT_GRID_H

#include "wijk/effect.h"

enum { WIJK_WORLD_UNITS = 800, WIJK_WORLD_WAVES = 8, WIJK_WORLD_WORST = 80, WIJK_WORLD_RING = 4 };
#define WIJK_WORLD_EFFECT 0.10    /* planted to measure power */
#define WIJK_WORLD_SPILL  (-0.05) /* what moves to each of the neighbours of a treated area */

typedef struct {
    size_t treated;
    double lasting; /* AR coefficient, 0 <= and < 1 */
    int worst;      /* 1: drawn from the WIJK_WORLD_WORST lowest of the wave before; 0: from all */
    int staggered;  /* 1: half of them start a wave later, chosen on that wave */
    int spill;      /* 1: trouble moves to WIJK_WORLD_RING neighbours of each treated area */
} wijk_world;

typedef struct {
    wijk_panel panel;
    wijk_design design; /* the ring excluded */
    double *outcome, *size;
    double year[WIJK_WORLD_WAVES];
    int *start;
    unsigned char *ring; /* [units], also when nothing spills */
} wijk_world_panel;

/* One world with `effect` planted. Free with wijk_world_free, also after a failure. WIJK_EINVAL for
 * no treated area, more than a quarter of WIJK_WORLD_WORST, fewer than two when staggered, or an AR
 * coefficient outside [0, 1). */
int wijk_world_make(wijk_world_panel *out, const wijk_world *world, double effect, uint64_t seed);
/* Adds to what the treated became from their start on. */
void wijk_world_plant(wijk_world_panel *world, double effect);
void wijk_world_free(wijk_world_panel *world);

/* How often, of `runs` worlds. */
typedef struct {
    const char *estimator; /* a code of effect.h; "ring_ignored": the verdict with the ring among
                              the comparison; "ring": the effect on the ring itself */
    size_t runs;           /* 0: this estimator cannot mind such worlds */
    double bias;           /* mean error; nothing done */
    double coverage;       /* the interval holds the truth; effect planted */
    double size;           /* something is said though nothing was done (for "ring": power) */
    double power;          /* the effect planted is found; NAN for "ring" */
} wijk_grid_row;

enum { WIJK_GRID_ROWS = 16 };

typedef struct {
    size_t offered, quick, slow; /* worlds for what is offered, what is only shown, and what is
                                    slow; 0 leaves it out */
} wijk_grid_runs;

/* Rows of every estimator in one kind of world; `count` tells how many there are. About 2 ms for a
 * world with the verdict alone, 6 with all that is quick, 100 with all, on one core. */
int wijk_grid_cell(wijk_grid_row out[WIJK_GRID_ROWS], size_t *count, const wijk_world *world,
                   const wijk_grid_runs *runs, uint64_t seed, wijk_ctx *ctx);

#endif
