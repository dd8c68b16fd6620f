/* foresee/screen.h: one pass over a block of thirty-two households, in vectors. It ages counters,
 * moves strain one month on and finds the few households to whom something may happen, so that the
 * processes look at one household in ten. Whole numbers only: every machine gives the same bits. */
#ifndef WIJK_FORESEE_SCREEN_H
#define WIJK_FORESEE_SCREEN_H

#include "foresee/draw.h"
#include "foresee/tables.h"

/* Where trust comes back to: about six in ten trust other people (CBS). */
enum { TRUST_USUAL = 160 };

enum {              /* what may happen, in this order: bits of `hit` and rows of `word` */
       SCREEN_YEAR, /* a birthday of note; the upper half of its word is the noise of strain */
       SCREEN_LIFE,
       SCREEN_ONSET,
       SCREEN_ENDS,
       SCREEN_HELP,
       SCREEN_DANGER,
       SCREEN_LEAVE,
       SCREEN_TIES,
       SCREENS
};

typedef struct {
    const foresee_tables *tables;
    const foresee_state *state;
    const int32_t *strain; /* of the whole place, widened for gathering; NULL: no spill-over */
    size_t block, first;   /* this block; first block of the place */
    foresee_world world;
    uint32_t see[WIJK_TENURES]; /* bound on being seen when strained */
    const uint32_t
        *leave; /* [WIJK_AGE_BANDS] bound on leaving the region, of the tenure that moves most */
    const uint32_t *onset; /* [WIJK_INCOMES] of debt or mental trouble */
    uint32_t form;         /* ties form so much more easily here, x256 */
    int still;             /* before the start: nothing but being seen, helped or in danger */
} foresee_screen_in;

typedef struct {
    _Alignas(64) uint32_t word[SCREENS][BLOCK];
    _Alignas(64) uint8_t hit[BLOCK];
    _Alignas(64) uint8_t strain[BLOCK]; /* of next month */
    uint32_t debt, lonely, newcomers;   /* households: in debt, without any contact, newcomer */
} foresee_screen;

typedef void foresee_screen_fn(foresee_screen *out, const foresee_screen_in *in);

/* The widest that this processor has; all give the same bits. Never NULL. */
foresee_screen_fn *foresee_screen_best(void);
/* By width in households: 4, 8 or 16; NULL when this processor lacks it. For the test. */
foresee_screen_fn *foresee_screen_width(int width);

#endif
