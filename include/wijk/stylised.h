/* wijk/stylised.h: the ten behaviours that a simulation of Dutch neighbourhoods should show, and
 * whether this one does: data/stylised.csv says what is published, and between what the middle of
 * the model must lie to be called met. What cannot be judged has its reason there. */
#ifndef WIJK_STYLISED_H
#define WIJK_STYLISED_H

#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/foresee.h"

/* X(NAME, "key in data/stylised.csv") */
#define WIJK_STYLISED_X(X)                                                                         \
    X(CORPORATION_AREAS, "corporation_areas")                                                      \
    X(RULE_THERE, "rule_there")                                                                    \
    X(RULE_ELSEWHERE, "rule_elsewhere")                                                            \
    X(RULE_LIVABILITY, "rule_livability")                                                          \
    X(TWO_RENTS, "two_rents")                                                                      \
    X(ONE_RENT, "one_rent")                                                                        \
    X(BEFORE_AFTER, "before_after")                                                                \
    X(WITH_COMPARISON, "with_comparison")                                                          \
    X(TEAM_CARE, "team_care")                                                                      \
    X(TEAM_HIDDEN, "team_hidden")                                                                  \
    X(CROWDING, "crowding")                                                                        \
    X(EVICTIONS_FALL, "evictions_fall")                                                            \
    X(FEW_PERSONS, "few_persons")                                                                  \
    X(FEW_REPORTS, "few_reports")                                                                  \
    X(COMMON_TASK, "common_task")                                                                  \
    X(LETTER, "letter")

typedef enum {
#define X(name, key) WIJK_STYLISED_##name,
    WIJK_STYLISED_X(X)
#undef X
        WIJK_STYLISED
} wijk_stylised;

typedef enum { WIJK_FACT_MET, WIJK_FACT_NOT_MET, WIJK_FACT_CANNOT } wijk_fact_state;

typedef struct {
    const char *key, *unit, *grade, *source, *label[2], *published[2];
    const char *why[2];           /* why it cannot be judged; "" else */
    int fact;                     /* 1..10 of the list; several rows may be one fact */
    double least, most;           /* the middle lies between them: met; NAN when not judged */
    double median, low90, high90; /* over the replicates; NAN when the town cannot tell */
    wijk_fact_state state;
} wijk_stylised_row;

typedef struct {
    uint64_t seed;
    uint32_t replicates; /* 1..400 */
    unsigned threads;    /* 0: one for each processor; the result does not depend on it */
    const char *made_on; /* what the population is */
} wijk_stylised_options;

typedef struct wijk_stylised_facts wijk_stylised_facts;

/* Runs every fact in `replicates` worlds, parameters drawn as in an ensemble; the same on
 * any number of threads. About a dozen runs of five years a replicate. WIJK_EINVAL for a town of
 * fewer than four areas: facts compare areas. */
int wijk_stylised_run(wijk_stylised_facts **out, const wijk_population *population,
                      const wijk_stylised_options *options, wijk_ctx *ctx);
/* The shipped outcome, data/stylised_made.csv: what a page shows beside a forecast. */
int wijk_stylised_open(wijk_stylised_facts **out);
/* The outcome as such a file, whole or not there. */
int wijk_stylised_write(const wijk_stylised_facts *facts, const char *path);
/* On what, by which version, from how many worlds. Borrowed; never NULL. */
const char *wijk_stylised_made_on(const wijk_stylised_facts *facts);
const char *wijk_stylised_version(const wijk_stylised_facts *facts);
uint32_t wijk_stylised_replicates(const wijk_stylised_facts *facts);
void wijk_stylised_free(wijk_stylised_facts *facts);
const wijk_stylised_row *wijk_stylised_at(const wijk_stylised_facts *facts, wijk_stylised which);

#endif
