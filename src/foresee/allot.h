/* foresee/allot.h: parts of the market of one region: who looks for a home, what is vacant, who
 * comes from outside, and how a household moves. Rules of allotment stand in process_allot.c. */
#ifndef WIJK_FORESEE_ALLOT_H
#define WIJK_FORESEE_ALLOT_H

#include "foresee/run.h"

enum { PERCENT = 100000 }; /* one hundred percent in thousandths */

/* One vacant home and the rules that hold for it this month. */
typedef struct {
    foresee_here here;
    size_t slot, walk; /* walk: how many candidates are asked at most */
    uint32_t place, number;
    unsigned tenure, price, rooms, label;
    unsigned most;               /* persons */
    uint32_t drawn[TASTE_KINDS]; /* thousandths */
    int64_t large;               /* much too large a home: times, in thousandths */
    uint32_t legal, allowed; /* classes of candidates, as bits: by law, and by local rules too */
    int two_rent, not_low, only_low, screened, regional, local, capped, wants_carrier, task_open;
    int silent; /* only looking who would get it: nothing is counted */
} offer;

/* Households from outside this month: chance by tenure, and how often each is drawn. */
typedef struct {
    uint32_t share[WIJK_TENURES];
    double each[WIJK_AGE_BANDS]; /* of one household outside of that age */
    double *owed;                /* of the region, by age band */
    const uint32_t *beyond;      /* [WIJK_AGE_BANDS][KINDS][WIJK_INCOMES] */
} foresee_arrivals;

/* Fills the waiting list, makes couples, then lists candidates and vacancies. */
int foresee_allot_gather(foresee_run *run, size_t region, foresee_market *market);
void foresee_arrivals_of(foresee_arrivals *out, foresee_run *run, size_t region,
                         const foresee_market *market);
/* What a label says of age. */
int foresee_label_allows(const offer *o, uint8_t age);
/* Draws a household from outside that may have this home; 0 when none is found. */
int foresee_arrive(foresee_newcomer *out, const offer *o, foresee_arrivals *arrivals);

/* A household takes the empty home in `slot`. */
void foresee_settle(const foresee_here *here, size_t slot, const foresee_newcomer *who);
/* A household goes from slot to slot, in one region or between two. */
void foresee_move_household(const foresee_here *from, size_t from_slot, const foresee_here *to,
                            size_t to_slot);

#endif
