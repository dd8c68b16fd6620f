/* foresee/tables.h: the parameters as a run uses them: thresholds in 2^32nds and whole points, made
 * once per run. Screening tables hold an upper bound of the chance that anything happens to a
 * household of that kind; the process itself then uses the exact chance with the same random word,
 * so a bound that is too high costs time and changes nothing. */
#ifndef WIJK_FORESEE_TABLES_H
#define WIJK_FORESEE_TABLES_H

#include "foresee/state.h"

enum { DANGER_LEVELS = 64 };

typedef struct {
    /* every parameter: its chance per month as a threshold, and its value in thousandths */
    uint32_t chance[WIJK_PARAMETERS];
    int64_t milli[WIJK_PARAMETERS];

    /* screening bounds */
    uint32_t life[8 * AGES];            /* composition, age */
    uint32_t home[8];                   /* a child leaves, by number of children */
    uint32_t onset[AGES * 4];           /* age, income */
    uint32_t ends[64];                  /* needs, helped */
    uint32_t search[4 * AGES];          /* tenure, age: begins to search */
    uint32_t danger[2 * DANGER_LEVELS]; /* mental trouble, strain / 4 */
    uint32_t trouble[256];              /* needs: arrears, judgment, eviction */
    uint32_t progress[8];               /* kind of help: it ends */
    uint32_t fade[256], form[256];      /* contacts */

    /* exact chances that take more than one look-up */
    uint32_t death[AGES];
    uint32_t debt_onset[WIJK_INCOMES];
    uint32_t square[256]; /* (strain / 255)^2 in 2^32nds */

    /* strain */
    int32_t load[32], load_income[4], load_composition[8];
    int32_t relief_contacts[256], relief_support[8];
    int32_t tail[256]; /* how heavily a household carries, by its scrambled identity, x256 */
    int32_t share[8];  /* spill-over by number of ties, x65536 / ties */
    int32_t load_nuisance, own, speed, noise; /* points at full nuisance, points, x65536, points */
    uint8_t strained, intensive;
} foresee_tables;

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
