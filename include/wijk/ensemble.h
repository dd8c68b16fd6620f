/* wijk/ensemble.h: one scenario beside doing nothing, in many worlds of chance.
 *
 * A replicate is a pair: the scenario and do-nothing run in the same random world (common random
 * numbers: Kahn & Marshall 1953, doi:10.1287/opre.1.5.263) with the same parameters, drawn from
 * the ranges of data/parameters.csv. Every ENSEMBLE_BLOCK replicates in a row are a Latin hypercube
 * (McKay, Beckman & Conover 1979, doi:10.2307/1268522), so that a range of replicates needs not
 * know how many there will be: parts that are merged are one run, byte for byte.
 *
 * Calibration and back-test are not part of it: what comes out explores assumptions. Nothing about
 * one household or address is in it: places are whole areas of WIJK_ENSEMBLE_LEAST households or
 * more, groups in a place with fewer are withheld.
 *
 * Whoever reads results gets no count of people below that limit either: `few` marks them. A part
 * on disk holds the counts of every world, since parts must add up; only this reads them. */
#ifndef WIJK_ENSEMBLE_H
#define WIJK_ENSEMBLE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/prices.h"
#include "wijk/str.h"
#include "wijk/table.h"

enum {
    WIJK_ENSEMBLE_BLOCK = 20, /* replicates of one Latin hypercube */
    WIJK_ENSEMBLE_LEAST = 10, /* people or households below which a place, a group or a count is
                                 withheld: WIJK_OWN_MINIMUM */
    WIJK_ENSEMBLE_MOST = 10000,
    WIJK_ENSEMBLE_YEARS = 60
};

typedef struct wijk_ensemble wijk_ensemble;

typedef struct {
    uint64_t seed;
    uint32_t first, last;  /* replicates from 1, both included */
    uint32_t years;        /* 1..WIJK_ENSEMBLE_YEARS */
    unsigned threads;      /* 0: one for each processor; the result does not depend on it */
    uint64_t ceiling;      /* bytes of results; 0: 1 GiB */
    const uint32_t *focus; /* areas that are looked at, ascending; NULL: all */
    size_t n_focus;
    int by_region; /* 1: all of it, told by region and not by area: for a country. No focus then */
    const char *const *names; /* of the areas (or regions) of the population; NULL: codes */
    const char *place;        /* what the reader asked for */
    const char *region;       /* what is modelled around it */
    const char *title[2];     /* of the scenario */
    const char *scenario;     /* its text: two parts with another text do not merge */
    const char *lineage;      /* where the population comes from */
    const double *effect; /* NULL: effects of levers are drawn as all parameters; else all are at
                             this share of the way from none to their strong end */
    /* NULL, or called whenever every run has come a year further, but for the last year: the same
       ensemble up to that year, the caller's to free. On any thread, never two at once; a failure
       ends the run. Worth its copies for a first look, when a year takes long. */
    int (*grown)(void *payload, wijk_ensemble *so_far);
    void *payload;
    /* Ensembles of other policies: what doing nothing gave there is taken over where place, seed,
       years, model and figures are the same, and not run again. May be NULL. */
    const wijk_ensemble *const *known;
    size_t n_known;
    /* What an earlier run of the same kept, from `first` on: its replicates are not run again. May
       be NULL. */
    const wijk_ensemble *done;
    /* NULL, or called with `payload` when one more of the replicates in a row from `first` is
       ready: all of these, as a part, borrowed for the call. On any thread, never two at once; a
       failure ends the run. */
    int (*keep)(void *payload, const wijk_ensemble *so_far);
} wijk_ensemble_options;

/* Runs every pair. WIJK_EINVAL when `done` is of another run (with what differs). WIJK_ELIMIT (with
 * how much) when the results do not fit, or when a sum over the
 * whole is beyond 2^31; WIJK_ECANCEL leaves nothing. O(households x months x replicates). */
int wijk_ensemble_run(wijk_ensemble **out, const wijk_population *population,
                      const wijk_scenario *scenario, const wijk_ensemble_options *options,
                      wijk_ctx *ctx);
void wijk_ensemble_free(wijk_ensemble *ensemble);
/* Most bytes that the results of `areas` areas take in memory. Of the options only first, last and
 * years count. */
uint64_t wijk_ensemble_bytes(size_t areas, const wijk_ensemble_options *options);

/* A part on disk, whole or not there; the same bytes for the same replicates. */
int wijk_ensemble_write(const wijk_ensemble *ensemble, const char *path);
/* The same bytes in memory; free with wijk_free. */
int wijk_ensemble_store(void **out, size_t *size, const wijk_ensemble *ensemble);
/* WIJK_EFORMAT for anything that is no whole part of this version. `what` names it in messages. */
int wijk_ensemble_read(wijk_ensemble **out, const void *bytes, size_t size, const char *what);
/* Joins parts in any order. WIJK_EINVAL names what differs, which replicate is there twice, or from
 * where to where replicates are missing. The parts stay the caller's. */
int wijk_ensemble_merge(wijk_ensemble **out, const wijk_ensemble *const *parts, size_t n);

/* The parameters of a replicate: a function of seed and number alone. */
int wijk_ensemble_draw(wijk_parameters *out, uint64_t seed, uint32_t replicate);
/* Fingerprint of what replicates are drawn from: that of wijk_ensemble_about. */
int wijk_ensemble_parameters(uint64_t *out);

/* ---- what it is about ------------------------------------------------------------------------ */

typedef struct {
    uint64_t seed, parameters, population; /* the last two: fingerprints */
    uint32_t first, last, years, withheld; /* withheld: areas with too few households */
    const char *version, *place, *region, *title[2], *scenario, *lineage;
} wijk_ensemble_about;

wijk_ensemble_about wijk_ensemble_tell(const wijk_ensemble *ensemble);

/* Place 0 is everything that was modelled, those who wait for a home included; place 1 the areas
 * that are looked at, together; then each of these areas. */
enum { WIJK_ENSEMBLE_WHOLE, WIJK_ENSEMBLE_HERE, WIJK_ENSEMBLE_AREAS };
size_t wijk_ensemble_places(const wijk_ensemble *ensemble);
const char *wijk_ensemble_code(const wijk_ensemble *ensemble, size_t place);
const char *wijk_ensemble_name(const wijk_ensemble *ensemble, size_t place);

/* ---- results --------------------------------------------------------------------------------- */

typedef struct { /* over the replicates: the middle, and the middle 50% and 90% of them */
    double low90, low50, median, high50, high90; /* all NAN when withheld; one pair has a median
                                                    alone */
} wijk_band;

typedef struct {
    /* Difference: within each pair. Scenario: the middle of nothing and the difference together,
       and no count below 0, so that the three add up. */
    wijk_band scenario, nothing, difference;
    /* 1: with or without the policy some people, but fewer than WIJK_ENSEMBLE_LEAST in the middle
       world, or a count from which such a one would follow. Both sides are then NAN, and the
       difference as well unless that is nothing in every world, or so many or more. */
    int few;
} wijk_bands;

/* An outcome in a year (0: the start). Livability of several areas is their mean by households.
 * O(n log n) in the replicates. */
int wijk_ensemble_outcome(wijk_bands *out, const wijk_ensemble *ensemble, size_t place,
                          uint32_t year, wijk_outcome outcome);
/* Of a group at place HERE. */
int wijk_ensemble_group(wijk_bands *out, const wijk_ensemble *ensemble, uint32_t year,
                        wijk_group group, wijk_group_outcome outcome);

/* What it comes to: a stock in the last year; events over all years together, so that what a
 * policy does once (demolish, pass over while a rule holds) is not lost. O(n (years + log n)). */
int wijk_ensemble_outcome_ever(wijk_bands *out, const wijk_ensemble *ensemble, size_t place,
                               wijk_outcome outcome);
int wijk_ensemble_group_ever(wijk_bands *out, const wijk_ensemble *ensemble, wijk_group group,
                             wijk_group_outcome outcome);

/* Counts added up, each with a weight: the difference from doing nothing, over all years as
 * wijk_ensemble_outcome_ever has it. In the place of the middle stands the MEAN over the pairs, for
 * means of an account add up and middles do not. All NAN when one of them is withheld.
 * O(terms x replicates x (years + log replicates)). */
typedef struct {
    wijk_outcome outcome;
    int weight;
} wijk_term;
int wijk_ensemble_account(wijk_band *out, const wijk_ensemble *ensemble, size_t place,
                          const wijk_term *terms, size_t n);

/* Pairs below which nothing is called sure: from the least to the most of n pairs, the widest
 * range there is, holds the next pair in (n - 1)/(n + 1) of the cases: half for 3, 82% for 10. */
enum { WIJK_ENSEMBLE_FEW = 10 };
/* 1 or -1 where the whole 90% range lies above or below zero and there are pairs enough; else 0,
 * also when withheld. */
int wijk_ensemble_sure(const wijk_ensemble *ensemble, const wijk_band *difference);

/* How the difference of an outcome at place HERE in the last year settles: on the first quarter of
 * the replicates, the first half, and all. Each with the bootstrap standard error of the middle and
 * of both ends of the 90% range. *n rows, fewer when there are few replicates, none when withheld.
 * O(replicates log replicates). */
enum { WIJK_CONVERGENCE = 3 };
typedef struct {
    uint32_t replicates;
    wijk_band band;
    double error, low_error, high_error;
} wijk_convergence;
int wijk_ensemble_convergence(wijk_convergence out[WIJK_CONVERGENCE], size_t *n,
                              const wijk_ensemble *ensemble, wijk_outcome outcome);

/* How much a parameter moves the answer: rank correlation of its draws with the difference at place
 * HERE (a flow: over all years; a stock: in the last). Sorted by size. `beyond`: larger than the
 * largest of all parameters would be by chance in 19 of 20 such runs. A first screening: it sees
 * no interplay. WIJK_ENOTFOUND when there are fewer than ten replicates or the difference never
 * differs. */
typedef struct {
    wijk_parameter parameter;
    double rank_correlation;
    int beyond;
} wijk_influence;
int wijk_ensemble_influences(wijk_influence out[WIJK_PARAMETERS], const wijk_ensemble *ensemble,
                             wijk_outcome outcome);

/* ---- what to know of it ---------------------------------------------------------------------- */

typedef enum {
    WIJK_REMARK_STREETS,  /* asked: homes that residents' work is kept to */
    WIJK_REMARK_NOT_DONE, /* of the homes asked, done at so many: there are no more of the kind */
    WIJK_REMARK_TO_COME,  /* of the homes to be sold or let freely, so many were: tenants stay */
    WIJK_REMARK_WAITING,  /* asked: households with a task that wait for a home, in the mean of all
                             months, more than when nothing is done */
    WIJK_REMARK_FIRST,    /* asked: Housing First places for which nobody is there, likewise */
    WIJK_REMARK_UNPAID,   /* of the hours of managers asked, so many are under the livability cap */
    WIJK_REMARK_LATER,    /* asked: lines of the scenario that begin after the run */
    WIJK_REMARKS
} wijk_remark_kind;

typedef struct {
    wijk_remark_kind kind;
    double asked, done;
    int month;   /* of LATER: of the first of these lines, year x 12 + month - 1 */
    size_t line; /* and where it stands in the text */
} wijk_remark;

/* What holds of this one, *n of them; none when it was made without the text of a scenario. */
int wijk_ensemble_remarks(wijk_remark out[WIJK_REMARKS], size_t *n, const wijk_ensemble *ensemble);
/* In one or two sentences. */
void wijk_remark_say(wijk_str *out, wijk_lang lang, const wijk_remark *remark);

/* ---- who pays -------------------------------------------------------------------------------- */

enum { WIJK_LEDGER_COST, WIJK_LEDGER_EFFECT, WIJK_LEDGER_YIELD };

typedef struct { /* one row of data/ledger.csv: difference from do-nothing over all years */
    wijk_outcome outcome;
    int kind, purse;         /* who bears it, also when it has no price */
    int own;                 /* 1: a main part of the policy's own bill, 0: not */
    int open;                /* of what is `own`, has no price and is not as when nothing is done:
                                -1 makes the purse worse off, 1 better; else 0 */
    const wijk_price *price; /* NULL: no row of the price table */
    int priced;
    const char *note[2];
    double mean_units, mean_euro; /* means add up over rows; the euro of what has no price: NAN */
    wijk_band units;   /* more of it than when nothing is done, in the unit of the outcome; NAN, as
                          mean_units is, where few people would show (wijk_bands) */
    wijk_band euro;    /* present value, in euro of `price_year`; more is more cost */
    double break_even; /* wijk_ledger_even_price of society */
} wijk_ledger_row;

typedef enum { WIJK_EVEN_AT, WIJK_EVEN_ALWAYS, WIJK_EVEN_NEVER, WIJK_EVEN_UP_TO } wijk_even;

/* What may be said of a purse. A sum without the price of building or demolishing says nothing of
 * who is better off when that price could turn it; nor does a sum that is there only because fewer
 * (or more) households live in what was modelled, since what those who left cost elsewhere is in no
 * purse here. */
typedef enum {
    WIJK_SAYS_FEW,      /* too few pairs */
    WIJK_SAYS_OPEN,     /* the range of the net holds zero */
    WIJK_SAYS_UNPRICED, /* rows that are `open` could turn it */
    WIJK_SAYS_NUMBER,   /* sure, but not with as many households as when nothing is done */
    WIJK_SAYS_BETTER,
    WIJK_SAYS_WORSE
} wijk_purse_says;
/* "better": for programs. Static. */
const char *wijk_purse_says_key(wijk_purse_says says);

typedef struct {
    int purse;       /* -1: society */
    wijk_band cost;  /* what is spent on work and budgets, more than when nothing is done */
    wijk_band saved; /* on what then happens less */
    wijk_band net;   /* saved - cost: below 0 the purse is worse off */
    double mean_cost, mean_saved,
        mean_net; /* over the pairs; the last is the second less the first */
    uint32_t pairs;
    int sure; /* wijk_ensemble_sure of `net` */
    /* Pay-back time in years as wijk_account_payback has it, of the mean net of each year, and 5%
       and 95% of the pairs, where -1 is the longest. */
    int payback, payback_low, payback_high;
    double chance;  /* share of the replicates in which it is not worse off */
    wijk_even even; /* on the means */
    double share;   /* of the computed effect at which it breaks even; NAN else */
    wijk_purse_says says;
    int worse, better; /* 1: rows without a price that make it worse off, better off (`open`) */
    /* Part of the net that comes with how many households there are: what doing nothing costs in
       a year, times the share of households that there are more or fewer; mean over the pairs. */
    double mean_number;
} wijk_ledger_purse;

typedef struct {
    wijk_ledger_row *rows;
    size_t n_rows;
    wijk_ledger_purse *purses; /* society first; then those that anything changes for */
    size_t n_purses;
    int price_year;
    double discount;
    double households; /* mean number in homes over the years, more than when nothing is done */
    wijk_table *table; /* owns the notes */
} wijk_ledger;

/* Price of one of a row without a price at which a purse breaks even, the rest without a price left
 * out; where the number of households flatters the net, with as many as when nothing is done. NAN
 * where no price >= 0 does. */
double wijk_ledger_even_price(const wijk_ledger_purse *purse, const wijk_ledger_row *row);

/* Over everything that was modelled, so that cost which moves to another area counts. Prices are
 * drawn within their range, one draw a replicate for each price. */
int wijk_ensemble_ledger(wijk_ledger **out, const wijk_ensemble *ensemble,
                         const wijk_prices *prices);
void wijk_ensemble_ledger_free(wijk_ledger *ledger);

#endif
