/* foresee/tables.h: the parameters as a run uses them: thresholds in 2^32nds and whole points, made
 * once per run. Screening tables hold an upper bound of the chance that anything happens to a
 * household of that kind; the process itself then uses the exact chance with the same random word,
 * so a bound that is too high costs time and changes nothing. */
#ifndef WIJK_FORESEE_TABLES_H
#define WIJK_FORESEE_TABLES_H

#include "foresee/state.h"

enum { /* ages at which chances change */
       YOUNGEST_UNTIL = 25,
       YOUNG_UNTIL = 35,
       FERTILE_UNTIL = 45,
       CHILD_LEAVES_FROM = 45,
       CHILD_LEAVES_LATE = 55,
       OLDER = 65,
       OLD = 80
};
enum { LEAVE_PART = 256, FEW_TIES = 2, PART_MEAN = 96, PAIR_AGES = 3 };

typedef struct {
    /* every parameter: its chance per month as a threshold, and its value in thousandths */
    uint32_t chance[WIJK_PARAMETERS];
    int64_t milli[WIJK_PARAMETERS];

    /* Screening: bounds made of small parts, which a vector adds faster than it looks up. */
    uint32_t death[AGES]; /* of one adult */
    uint32_t care[2];     /* one frail adult to a nursing home, from OLD: alone, with a partner */
    uint32_t goes[AGES];  /* one adult, either way */
    /* birth under YOUNGEST_UNTIL, YOUNG_UNTIL, FERTILE_UNTIL; partner or separation: the last OLDER
     */
    uint32_t birth[PAIR_AGES][WIJK_COMPOSITIONS];
    uint32_t pairs[PAIR_AGES][WIJK_COMPOSITIONS];
    uint32_t home, home_late;            /* one child leaves, from CHILD_LEAVES_FROM and _LATE */
    uint32_t frail[2];                   /* from OLDER, from OLD */
    uint32_t end_debt[2];                /* without and with paid help */
    uint32_t end_newcomer;               /* at most: with all guidance there can be */
    uint32_t search[3][WIJK_TENURES];    /* begins to search: young, between, older */
    uint32_t danger[2];                  /* at full strain: others, with mental trouble */
    uint32_t arrears[4];                 /* begin, begin with debt, end or judgment, verdict */
    uint32_t progress[HELPS];            /* this kind of help ends */
    uint32_t fade, fade_away, form_away; /* one tie seen from one end; one contact; a new one */
    uint32_t form[2];                    /* a new tie: with few, with more */

    /* exact chances that take more than one look-up */
    uint32_t income_bound; /* no chance of another class on a birthday is larger */
    int32_t trust_back;    /* a year, x1024 */
    uint32_t debt_onset[WIJK_INCOMES];
    uint32_t square[256]; /* (strain / 255)^2 in 2^32nds */

    /* strain */
    int32_t load[WIJK_NEEDS], load_low, load_one_parent;
    int32_t relief_tie, tie_full; /* x256 points; contacts */
    int32_t relief_support[HELPS];
    uint32_t leave_part[WIJK_TENURES]; /* leaving the region, against the tenure that moves most;
                                          x LEAVE_PART */
    int32_t tail[256]; /* how heavily a household carries, by its scrambled identity, x256 */
    int32_t share[8];  /* spill-over by number of ties, x65536 / ties */
    int32_t load_nuisance, own, speed, noise; /* points at full nuisance, points, x65536, points */
    uint8_t strained, intensive;
} foresee_tables;

static inline unsigned foresee_pair_age(unsigned age)
{
    return (age >= YOUNGEST_UNTIL) + (unsigned)(age >= YOUNG_UNTIL);
}

/* What strain of a household tends to, before help and spill-over, in points. */
static inline int32_t foresee_load(const foresee_tables *t, unsigned needs, unsigned income,
                                   unsigned composition, int32_t nuisance, uint32_t mixed)
{
    int32_t load = nuisance;
    for (unsigned n = 0; n < WIJK_NEEDS; n++) {
        load += needs >> n & 1 ? t->load[n] : 0;
    }
    load += (income == WIJK_INCOME_LOW ? t->load_low : 0) +
            (composition == WIJK_ONE_PARENT ? t->load_one_parent : 0);
    return load * t->tail[mixed >> 24] / 256;
}

static inline int32_t foresee_relief(const foresee_tables *t, int32_t contacts)
{
    return (contacts < t->tie_full ? contacts : t->tie_full) * t->relief_tie / 256;
}

int foresee_tables_new(foresee_tables **out, const wijk_parameters *parameters);
void foresee_tables_free(foresee_tables *tables);

/* Each process lays its own part. */
void foresee_life_tables(foresee_tables *t, const wijk_parameters *p);
void foresee_needs_tables(foresee_tables *t, const wijk_parameters *p);
void foresee_help_tables(foresee_tables *t, const wijk_parameters *p);
void foresee_escalate_tables(foresee_tables *t, const wijk_parameters *p);
void foresee_leave_tables(foresee_tables *t, const wijk_parameters *p);
void foresee_ties_tables(foresee_tables *t, const wijk_parameters *p);

#endif
