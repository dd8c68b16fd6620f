/* wijk/sensitivity.h: which assumptions move the answer?
 *
 * The answer is the difference between a scenario and doing nothing, in one random world with one
 * draw of the parameters. Two ways to look:
 *
 * Screening (Morris 1991, doi:10.1080/00401706.1991.10484804; mu* after Campolongo, Cariboni &
 * Saltelli 2007, doi:10.1016/j.envsoft.2006.10.004): a trajectory changes every parameter once, one
 * at a time, from a random start. A unit is one trajectory.
 * Groups (Saltelli e.a. 2010, doi:10.1016/j.cpc.2009.09.018): how much of the spread of the answer
 * a group of parameters makes alone (first order) and with all its interplay (total; Jansen 1999,
 * doi:10.1016/S0010-4655(98)00154-4). A unit is one pair of points of a Sobol' sequence.
 *
 * Chance is a parameter of its own in both: its change is another random world. A unit is a
 * function of the seed and its number, so units are run in any order, on any machine, and merged.
 */
#ifndef WIJK_SENSITIVITY_H
#define WIJK_SENSITIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/foresee.h"
#include "wijk/str.h"

typedef enum { WIJK_SCREENING, WIJK_GROUPING } wijk_sensitivity_kind;

/* X(NAME, "key"): parameters together by what they are about; effects are assumptions without firm
 * evidence, whatever they are about. */
#define WIJK_SENSITIVITY_GROUPS_X(X)                                                               \
    X(LIFE, "life")             /* births, partners, deaths, income */                             \
    X(NEEDS, "needs")           /* needs and strain */                                             \
    X(HELP, "help")             /* seeing and helping */                                           \
    X(ESCALATION, "escalation") /* arrears, crises, reports */                                     \
    X(HOUSING, "housing")       /* leaving, allotment, groups with a task */                       \
    X(TIES, "ties")             /* ties, blocks, initiatives */                                    \
    X(EFFECTS, "effects")       /* every assumed effect */                                         \
    X(CHANCE, "chance")         /* the random world */

typedef enum {
#define X(name, key) WIJK_SENSITIVITY_##name,
    WIJK_SENSITIVITY_GROUPS_X(X)
#undef X
        WIJK_SENSITIVITY_GROUPS
} wijk_sensitivity_group;

const char *wijk_sensitivity_group_key(wijk_sensitivity_group group);

enum { WIJK_SENSITIVITY_UNITS = 10000 }; /* most units of one analysis */

typedef struct wijk_sensitivity wijk_sensitivity;

typedef struct {
    wijk_sensitivity_kind kind;
    uint64_t seed;
    uint32_t first, last;  /* units from 1, both included */
    uint32_t years;        /* 1..60 */
    unsigned threads;      /* 0: one for each processor; the result does not depend on it */
    const uint32_t *focus; /* areas that are looked at; NULL: all */
    size_t n_focus;
    const char *place;    /* what the reader asked for */
    const char *title[2]; /* of the scenario */
    const char *scenario; /* its text: two parts with another text do not merge */
    const char *lineage;
    const wijk_sensitivity
        *done; /* a part of the same that begins at `first`; its units are kept */
    /* After every unit, with all units so far: to show or to store. Not WIJK_OK stops the run. */
    int (*keep)(void *payload, const wijk_sensitivity *so_far);
    void *payload;
} wijk_sensitivity_options;

/* Pairs of runs in one unit. */
int wijk_sensitivity_points(uint32_t *out, wijk_sensitivity_kind kind);

/* WIJK_EDENIED when too few households live there. O(households x months x points). */
int wijk_sensitivity_run(wijk_sensitivity **out, const wijk_population *population,
                         const wijk_scenario *scenario, const wijk_sensitivity_options *options,
                         wijk_ctx *ctx);
void wijk_sensitivity_free(wijk_sensitivity *sensitivity);

/* A part as text: the same bytes for the same units. Read back, or refused whole (WIJK_EFORMAT). */
void wijk_sensitivity_write(wijk_str *out, const wijk_sensitivity *sensitivity);
int wijk_sensitivity_read(wijk_sensitivity **out, const void *bytes, size_t size, const char *what);
/* Joins parts in any order; WIJK_EINVAL names what differs, is missing or there twice. */
int wijk_sensitivity_merge(wijk_sensitivity **out, const wijk_sensitivity *const *parts, size_t n);

typedef struct {
    wijk_sensitivity_kind kind;
    uint64_t seed, parameters, population, scenario; /* the last three: fingerprints */
    uint32_t first, last, years;
    uint32_t points; /* pairs of runs in a unit */
    const char *version, *place, *title[2], *lineage;
} wijk_sensitivity_about;

wijk_sensitivity_about wijk_sensitivity_tell(const wijk_sensitivity *sensitivity);

typedef struct {      /* of one parameter, in the unit of the outcome per whole range */
    int parameter;    /* wijk_parameter; -1: chance */
    double mu;        /* mean of the elementary effects */
    double mu_star;   /* mean of their size */
    double sigma;     /* their standard deviation: interplay and bends */
    double low, high; /* 95% bootstrap interval of mu_star */
    double half;      /* mu_star on the first half of the trajectories */
    double error;     /* bootstrap standard error of mu_star */
} wijk_screened;

/* Rows by mu_star, largest first; `out` has room for WIJK_PARAMETERS + 1. A flow is summed over all
 * years, a stock is of the last. WIJK_EINVAL for another kind, WIJK_ENOTFOUND below two units. */
int wijk_sensitivity_screen(wijk_screened *out, size_t *n, const wijk_sensitivity *sensitivity,
                            wijk_outcome outcome);

typedef struct { /* parts of the variance of the answer */
    double first, first_low, first_high, first_half;
    double total, total_low, total_high, total_half; /* _low, _high: 95% bootstrap; _half: on the
                                                        first half of the units */
} wijk_sensitivity_index;

typedef struct {
    double mean, deviation; /* of the answer */
    wijk_sensitivity_index of[WIJK_SENSITIVITY_GROUPS];
} wijk_sensitivity_indices;

/* WIJK_ENOTFOUND below eight units, or when the answer never differs. */
int wijk_sensitivity_split(wijk_sensitivity_indices *out, const wijk_sensitivity *sensitivity,
                           wijk_outcome outcome);

#endif
