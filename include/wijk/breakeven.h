/* wijk/breakeven.h: how strong must the effects of a lever be for each purse not to be worse off?
 *
 * Most effects are assumed and their honest centre is none. So the question is turned round: all
 * effects through which levers work are set together to a share of the way from none to the strong
 * end of their range (0: people and hours move and nothing else; 1: as strong as anybody claims),
 * for the policy and for doing nothing alike. Each lever of the scenario is run by itself beside
 * doing nothing, and all of them together, at shares 0, 1/2 and 1 in the same random worlds with
 * the same draws of everything else. The share at which the mean present value of a purse comes to
 * nought is read from the straight lines between; its range is a bootstrap over replicates. */
#ifndef WIJK_BREAKEVEN_H
#define WIJK_BREAKEVEN_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/forecast.h"
#include "wijk/prices.h"

enum { WIJK_BREAKEVEN_SHARES = 3 };
#define WIJK_BREAKEVEN_SURE 0.9
#define WIJK_BREAKEVEN_WIDE 3

typedef struct {
    wijk_lever lever;                  /* WIJK_LEVERS: all together */
    int purse;                         /* -1: society */
    double net[WIJK_BREAKEVEN_SHARES]; /* mean present value, euro, at shares 0, 1/2, 1; below 0 the
                                          purse is worse off */
    wijk_even even;      /* ALWAYS: not worse off without any effect nor with one; UP_TO: only
                            without or with a small one; NEVER: worse off at 1 too */
    double share;        /* AT: the smallest share at which it is not worse off; else NAN */
    double low, high;    /* 90% of the bootstraps; NAN where that end is never reached */
    double reached;      /* share of the bootstraps in which some share suffices */
    double same;         /* share of the bootstraps that say the same of `even`; below
                            WIJK_BREAKEVEN_SURE it is within chance */
    wijk_parameter what; /* the effect that says most about this lever; WIJK_PARAMETERS: none */
    double at, most;     /* its value at `share`, and at the strong end */
} wijk_breakeven_row;

/* 1 when the row may be told: its bootstraps say the same of `even`, and a share lies within a
 * factor of WIJK_BREAKEVEN_WIDE; other pairs could else tell another. */
int wijk_breakeven_sure(const wijk_breakeven_row *row);

typedef struct {
    wijk_breakeven_row *rows; /* together first, then lever by lever; of each, society first */
    size_t n;
    uint32_t replicates, years;
    uint32_t sets,
        done; /* all together and every lever by itself: how many, and how many are run */
    uint64_t seed;
    uint64_t prices; /* fingerprint of the tables it was reckoned with */
} wijk_breakeven;

typedef struct {
    const wijk_breakeven
        *done; /* the first sets of the same, to go on with; NULL: from the start */
    /* After every set, with all so far: to show or to store. Not WIJK_OK stops the run. */
    int (*keep)(void *payload, const wijk_breakeven *so_far);
    void *payload;
} wijk_breakeven_work;

/* Of `options` only seed, first, last, years and threads count; `work` may be NULL. WIJK_EINVAL for
 * a scenario without changes, or when what was done is of another question. O(levers x 3 x a run).
 */
int wijk_case_breakeven(wijk_breakeven **out, const wijk_case *it,
                        const wijk_scenario_file *scenario, const wijk_ensemble_options *options,
                        const wijk_prices *prices, const wijk_breakeven_work *work, wijk_ctx *ctx);
void wijk_breakeven_free(wijk_breakeven *breakeven);

/* How many sets a scenario has: one when it moves one lever, else one more than its levers. */
uint32_t wijk_breakeven_sets(const wijk_scenario_file *scenario);
/* Of every price, range and rate that a reckoning takes. */
uint64_t wijk_breakeven_prices(const wijk_prices *prices);

/* As text; read back with the same tables, or refused whole (WIJK_EFORMAT). */
void wijk_breakeven_write(wijk_str *out, const wijk_breakeven *breakeven,
                          const wijk_prices *prices);
int wijk_breakeven_read(wijk_breakeven **out, const void *bytes, size_t size,
                        const wijk_prices *prices, const char *what);

#endif
