/* wijk/calibrate.h: which parameters can be true, given what is published.
 *
 * History matching (Vernon, Goldstein & Bower 2010, doi:10.1214/10-BA524): a point of the ranges of
 * data/parameters.csv is implausible when for some target of data/targets.csv the model lies more
 * than three standard deviations off, counting what the publication leaves open, what we doubt of
 * the model and what chance adds. The engine is fast enough to need no emulator. What is left is a
 * set of points and not a best one: data/plausible.csv, from which ensembles draw. */
#ifndef WIJK_CALIBRATE_H
#define WIJK_CALIBRATE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/foresee.h"

/* ---- targets --------------------------------------------------------------------------------- */

/* X(NAME, "name in data/targets.csv") */
#define WIJK_TARGETS_X(X)                                                                          \
    X(TURNOVER, "turnover")                                                                        \
    X(SEARCH_MONTHS, "search_months")                                                              \
    X(SALES, "sales")                                                                              \
    X(ARREARS, "arrears")                                                                          \
    X(EVICTIONS, "evictions")                                                                      \
    X(REPORTS, "reports")                                                                          \
    X(REPEAT_PERSONS, "repeat_persons")                                                            \
    X(REPEAT_REPORTS, "repeat_reports")                                                            \
    X(DEBT_STOCK, "debt_stock")                                                                    \
    X(DEBT_FLOW, "debt_flow")                                                                      \
    X(MENTAL_STOCK, "mental_stock")                                                                \
    X(ALONE, "alone")                                                                              \
    X(LONELY, "lonely")

typedef enum {
#define X(name, key) WIJK_TARGET_##name,
    WIJK_TARGETS_X(X)
#undef X
        WIJK_TARGETS
} wijk_target;

typedef struct {
    const char *name, *unit, *year, *grade, *source, *label[2];
    double value, low, high; /* published, and between what it lies (read as a 95% range) */
    double doubt;            /* what we doubt of the model: a standard deviation, in the unit */
    uint8_t informs[WIJK_PARAMETERS]; /* 1: this target says something about the parameter */
} wijk_target_row;

typedef struct wijk_targets wijk_targets;
/* The shipped ones. WIJK_EFORMAT names row and what is wrong. */
int wijk_targets_open(wijk_targets **out);
int wijk_targets_read(wijk_targets **out, const void *bytes, size_t size, const char *what);
void wijk_targets_free(wijk_targets *targets);
const wijk_target_row *wijk_targets_row(const wijk_targets *targets, wijk_target target);

enum { WIJK_TARGET_YEARS = 6, WIJK_TARGET_FROM = 3 }; /* length of a run; flows from this year on */

/* What a finished run by year of at least WIJK_TARGET_FROM years gives for every target, over its
 * areas: flows from that year on, stocks at the end. NAN where there is nothing to divide by. */
void wijk_targets_observe(double out[WIJK_TARGETS], const wijk_foresee *run);

/* ---- the set --------------------------------------------------------------------------------- */

enum { WIJK_PLAUSIBLE_MOST = 256, WIJK_PLAUSIBLE_COLUMNS = 64 };
#define WIJK_IMPLAUSIBLE 3.0 /* Pukelsheim 1994, doi:10.2307/2684253 */

typedef struct {
    uint64_t seed;
    uint32_t points; /* wanted, 20..WIJK_PLAUSIBLE_MOST */
    unsigned threads;
    const char *made_on; /* what the population is, for the file */
} wijk_calibrate_options;

typedef struct { /* of one target over a set of points */
    double median, low90, high90;
    double within; /* share of points that are not implausible for it */
} wijk_target_fit;

typedef struct wijk_calibration wijk_calibration;

/* Subset simulation (Au & Beck 2001, doi:10.1016/S0266-8920(01)00019-4; for history matching
 * Williamson & Vernon 2013, arXiv:1309.3520): from a Latin hypercube of the ranges to the plausible
 * points in steps, each a quarter of the one before, by Markov chains. The same set for the same
 * population, seed and number of points, on any number of threads. O(points x a run). */
int wijk_calibrate(wijk_calibration **out, const wijk_population *population,
                   const wijk_calibrate_options *options, wijk_ctx *ctx);
void wijk_calibration_free(wijk_calibration *calibration);

/* How many points were found; 0 when none is plausible for all targets that some point can meet. */
size_t wijk_calibration_points(const wijk_calibration *calibration);
/* Runs that it took. */
size_t wijk_calibration_runs(const wijk_calibration *calibration);
/* About which share of the ranges is plausible. */
double wijk_calibration_share(const wijk_calibration *calibration);
/* Over the ranges as they are, and over what is left. */
wijk_target_fit wijk_calibration_before(const wijk_calibration *calibration, wijk_target target);
wijk_target_fit wijk_calibration_after(const wijk_calibration *calibration, wijk_target target);
/* 0: no point of the ranges meets this target; it was left out. */
int wijk_calibration_can(const wijk_calibration *calibration, wijk_target target);
/* The file of the set, whole or not there. WIJK_EINVAL when there is none. */
int wijk_calibration_write(const wijk_calibration *calibration, const char *path);

/* ---- using it -------------------------------------------------------------------------------- */

typedef struct wijk_plausible wijk_plausible;
/* The shipped set. */
int wijk_plausible_open(wijk_plausible **out);
/* WIJK_EFORMAT names what is no parameter, or a value outside its range. */
int wijk_plausible_read(wijk_plausible **out, const void *bytes, size_t size, const char *what);
void wijk_plausible_free(wijk_plausible *set);
size_t wijk_plausible_points(const wijk_plausible *set);
/* 1 when the set says something of this parameter. */
int wijk_plausible_has(const wijk_plausible *set, wijk_parameter parameter);
/* Puts the informed parameters of a point into `out`; the others stay. */
void wijk_plausible_apply(wijk_parameters *out, const wijk_plausible *set, size_t point);
const char *wijk_plausible_made_on(const wijk_plausible *set);

/* ---- holding it elsewhere -------------------------------------------------------------------- */

typedef struct {
    size_t points, plausible; /* run; of these within three deviations of every target */
    wijk_target_fit fit[WIJK_TARGETS];
} wijk_calibration_check;

/* A set on a population it may never have seen: one run of each of `options->points` of its points
 * (1 or more; no more than there are), taken evenly, each in a world of its own and with what the
 * set says nothing of drawn from its range. Where the set was made less than all stay plausible
 * too: there each was accepted with the luck of its own world. The same on any number of threads.
 * O(points x a run). */
int wijk_calibrate_check(wijk_calibration_check *out, const wijk_population *population,
                         const wijk_plausible *set, const wijk_calibrate_options *options,
                         wijk_ctx *ctx);

#endif
