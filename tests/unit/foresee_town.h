/* A made-up town and a run on it, for the tests of the model; sums over areas and waiting lists. */
#ifndef FORESEE_TOWN_H
#define FORESEE_TOWN_H

#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static inline void fine(int rc)
{
    if (rc != WIJK_OK) {
        print_error("%s\n", wijk_error(WIJK_EN));
    }
    assert_int_equal(rc, WIJK_OK);
}

static inline wijk_parameters defaults(void)
{
    wijk_parameters p;
    fine(wijk_parameters_default(&p));
    return p;
}

/* Nothing happens at all unless a test says so. */
static inline wijk_parameters still(void)
{
    wijk_parameters p = defaults();
    static const wijk_parameter none[] = {
        WIJK_P_BIRTH_COUPLE,   WIJK_P_BIRTH_FAMILY,    WIJK_P_BIRTH_SINGLE,  WIJK_P_PARTNERSHIP_24,
        WIJK_P_PARTNERSHIP_34, WIJK_P_PARTNERSHIP_64,  WIJK_P_SEPARATION_34, WIJK_P_SEPARATION_64,
        WIJK_P_LEAVE_HOME,     WIJK_P_LEAVE_HOME_LATE, WIJK_P_DEATH_80,      WIJK_P_CARE_HOME,
        WIJK_P_INCOME_UP,      WIJK_P_INCOME_DOWN,     WIJK_P_DEBT_ONSET,    WIJK_P_MENTAL_ONSET,
        WIJK_P_FRAIL_65,       WIJK_P_FRAIL_80,        WIJK_P_SEE_NEIGHBOUR, WIJK_P_SEE_MANAGER,
        WIJK_P_SEE_VISIT,      WIJK_P_SEE_AGENT,       WIJK_P_SEE_DEBT,      WIJK_P_SEE_SELF,
        WIJK_P_INFORMAL_SHARE, WIJK_P_QUEUE_LEAVE,     WIJK_P_CRISIS,        WIJK_P_REPORT,
        WIJK_P_DROPOUT,        WIJK_P_NUISANCE_EVENT,  WIJK_P_ARREARS_BEGIN, WIJK_P_SEARCH_OWNER,
        WIJK_P_SEARCH_SOCIAL,  WIJK_P_SEARCH_PRIVATE,  WIJK_P_LEAVE_24,      WIJK_P_LEAVE_34,
        WIJK_P_LEAVE_49,       WIJK_P_LEAVE_64,        WIJK_P_LEAVE_79,      WIJK_P_LEAVE_80,
        WIJK_P_STRAIN_SPEED,   WIJK_P_STRAIN_NOISE,    WIJK_P_OUTSIDE_OWNER, WIJK_P_OUTSIDE_SOCIAL,
        WIJK_P_OUTSIDE_PRIVATE};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        p.value[none[i]] = 0;
    }
    p.value[WIJK_P_ABROAD] = p.value[WIJK_P_FROM_ABROAD] = 0;
    p.value[WIJK_P_HOUSEHOLD_MOVES] = 1; /* the rate of the region is that of its households */
    return p;
}

static inline wijk_population *town_of(size_t regions, size_t areas, size_t homes,
                                       const wijk_parameters *p)
{
    wijk_population *town;
    fine(wijk_population_sample(&town, regions, areas, homes, p, 20260101));
    return town;
}

static inline wijk_foresee *run_of(const wijk_population *town, const wijk_parameters *p,
                                   const wijk_change *changes, size_t n, uint32_t months,
                                   unsigned threads)
{
    const wijk_scenario scenario = {changes, n};
    const wijk_foresee_options options = {
        .seed = 7, .replicate = 3, .months = months, .period = WIJK_PER_YEAR, .threads = threads};
    wijk_foresee *run;
    fine(wijk_foresee_new(&run, town, p, &scenario, &options));
    fine(wijk_foresee_to(run, 0, NULL));
    return run;
}

/* Over all areas, and over all waiting lists too. */
static inline int64_t in_areas(const wijk_foresee *run, const wijk_population *town, size_t period,
                               wijk_outcome outcome)
{
    int64_t sum = 0;
    for (size_t a = 0; a < wijk_population_areas(town); a++) {
        sum += wijk_foresee_area_count(run, period, a, outcome);
    }
    return sum;
}

static inline int64_t everywhere(const wijk_foresee *run, const wijk_population *town,
                                 size_t period, wijk_outcome outcome)
{
    int64_t sum = in_areas(run, town, period, outcome);
    for (size_t r = 0; r < wijk_population_regions(town); r++) {
        sum += wijk_foresee_waiting_count(run, period, r, outcome);
    }
    return sum;
}

/* Over all periods. */
static inline int64_t ever(const wijk_foresee *run, const wijk_population *town,
                           wijk_outcome outcome)
{
    int64_t sum = 0;
    for (size_t p = 1; p < wijk_foresee_periods(run); p++) {
        sum += everywhere(run, town, p, outcome);
    }
    return sum;
}

#endif
