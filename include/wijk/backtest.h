/* wijk/backtest.h: what would the simulation have said in the past, and what happened?
 *
 * Three towns are started at an old wave of figures and run to later ones: Amsterdam (83
 * buurtcombinaties, 2005 to 2017), the districts of Haaglanden (67, 2011 to 2017) and postcodes
 * (2018 to 2020). Homes are built, demolished and sold as they were (tenure moves only by levers);
 * what is scored is who lives there, given those homes. Beside the model stand two dumb forecasts:
 * everything stays as it is, and the straight line through the two waves before.
 *
 * Nothing leaks: a start is made from figures of its own wave alone (never borrowed from later
 * ones), and no parameter was set on a scored figure. docs/model/backtest.md is the method and what
 * the data cannot tell. */
#ifndef WIJK_BACKTEST_H
#define WIJK_BACKTEST_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/ensemble.h"

/* X(NAME, "key") */
#define WIJK_BACKTEST_MEASURES_X(X)                                                                \
    X(SINGLE, "single")         /* percent of households: one person */                            \
    X(CHILDLESS, "childless")   /* more persons, no child */                                       \
    X(CHILDREN, "children")     /* with children */                                                \
    X(ONE_PARENT, "one_parent") /* one parent with children */                                     \
    X(ALONE, "alone")           /* percent of persons that live alone */                           \
    X(YOUNG, "young")           /* percent of persons: children */                                 \
    X(OLDER, "older")           /* percent of persons: about 65 and over */                        \
    X(OLDEST, "oldest")         /* percent of persons: over 80 */                                  \
    X(HOUSEHOLDS, "households") /* households, the start is 100 */                                 \
    X(MOVES, "moves")           /* moves a year per 100 persons */                                 \
    X(LEAVERS, "leavers")       /* of those who leave the gemeente, percent by age */

typedef enum {
#define X(name, key) WIJK_BACKTEST_##name,
    WIJK_BACKTEST_MEASURES_X(X)
#undef X
        WIJK_BACKTEST_MEASURES
} wijk_backtest_measure;

const char *wijk_backtest_measure_key(wijk_backtest_measure measure);

enum { WIJK_BACKTEST_LEAST = 100 }; /* households at the start of an area that is scored */

enum {
    WIJK_BACKTEST_FEW = 20
}; /* areas below which there is no hindsight range: 90%
      of fewer is the largest miss or nearly so */

/* By the households of an area at the start. */
typedef enum {
    WIJK_BACKTEST_ALL,
    WIJK_BACKTEST_SMALL,  /* 100 to 999 */
    WIJK_BACKTEST_MIDDLE, /* 1,000 to 3,999 */
    WIJK_BACKTEST_LARGE,  /* 4,000 and more */
    WIJK_BACKTEST_SIZES
} wijk_backtest_size;

const char *wijk_backtest_size_key(wijk_backtest_size size);
/* The class of an area of WIJK_BACKTEST_LEAST or more. */
wijk_backtest_size wijk_backtest_size_of(double households);

typedef enum {
    WIJK_BACKTEST_BETTER, /* nearer than no change, by more than chance between places explains */
    WIJK_BACKTEST_EVEN,   /* neither can be told */
    WIJK_BACKTEST_WORSE
} wijk_backtest_verdict;

typedef struct { /* one outcome of one town over one span, in areas of one size */
    char town[24];
    int from, to;
    wijk_backtest_measure measure;
    wijk_backtest_size size;
    size_t areas;
    double error;   /* mean absolute error of the model's middle, in the unit of the measure */
    double same;    /* of no change */
    double trend;   /* of the straight line; NAN where no earlier wave exists */
    double bias;    /* mean of model less what happened */
    double changed; /* mean of what happened less the start */
    double gain, gain_low, gain_high; /* same - error and its 95% interval; gemeenten, or areas
                                         where there are fewer than ten, are the units */
    double in50, in50_low, in50_high; /* share of areas inside the 50% band; Wilson's interval, as
                                         if areas did not move together */
    double in90, in90_low, in90_high;
    /* The hindsight range: so far was the model off in 90% of areas of this size over so many
     * years, of all towns and spans together. In the unit that the simulation counts in, which for
     * ages is not the published one. NAN: too few areas. */
    double hindsight;
    double grows; /* with years to this power: 0.5 or 1 */
    /* Share of these areas held by the range that is made without their town; where there is one
     * town, without their gemeente and this span. NAN: nothing to make it from. */
    double held, held_low, held_high;
} wijk_backtest_row;

typedef struct { /* how well the homes were fed: percent of homes by tenure, model less observed */
    char town[24];
    int from, to;
    double owner, social, private_rent; /* mean absolute miss */
} wijk_backtest_fed;

typedef struct {
    wijk_backtest_row *rows;
    size_t n_rows;
    wijk_backtest_fed *fed; /* empty in the shipped summary */
    size_t n_fed;
    char version[32], parameters[17], lineage[80];
    uint64_t seed;
    uint32_t replicates;
    uint32_t every; /* postcodes: one gemeente in so many */
} wijk_backtest;

typedef struct {
    uint64_t seed;
    uint32_t replicates; /* 2..200 */
    uint32_t every;      /* 1: all gemeenten of the postcodes */
    unsigned threads;    /* 0: one for each processor; the result does not depend on it */
    const char *town;    /* "amsterdam", "haaglanden", "postcodes"; NULL: all */
    int from;            /* only what starts in this year; 0: all */
} wijk_backtest_options;

/* WIJK_ENOTFOUND when the file holds none of the towns. O(households x months x replicates). */
int wijk_backtest_run(wijk_backtest **out, wijk_store *store, const wijk_registry *registry,
                      const wijk_backtest_options *options, wijk_ctx *ctx);
/* The kept summary that this version ships (data/backtest.csv). WIJK_EFORMAT with the row. */
int wijk_backtest_shipped(wijk_backtest **out);
/* A summary from bytes as `wijk foresee backtest --csv` prints them. O(bytes). */
int wijk_backtest_read(wijk_backtest **out, const void *bytes, size_t size, const char *what);
void wijk_backtest_free(wijk_backtest *backtest);

wijk_backtest_verdict wijk_backtest_judge(const wijk_backtest_row *row);

typedef struct { /* spans of all sizes together; they overlap, so they are no tests apart */
    int spans, high, low; /* high: the middle of the model ended above what happened */
} wijk_backtest_lean;
wijk_backtest_lean wijk_backtest_leans(const wijk_backtest *backtest,
                                       wijk_backtest_measure measure);

typedef struct {
    double half;  /* middle - half to middle + half, in the unit that the simulation counts in */
    size_t areas; /* behind it, each counted once */
    double held;  /* share of areas it held where they took no part, towns alike; NAN: could not
                     be measured */
    double held_least; /* in the town and span where it held the least */
    int tested; /* years of the longest span; past it the range stays as it is: at least so far */
} wijk_hindsight;

/* How far the middle of a forecast of the course without a policy may be off: 9 of 10 areas of this
 * size were nearer. It says nothing of differences from doing nothing, which nobody ever saw.
 * WIJK_ENOTFOUND where it was never tested, or on fewer than 20 areas. O(rows^2). */
int wijk_backtest_hindsight(wijk_hindsight *out, const wijk_backtest *backtest,
                            wijk_backtest_measure measure, wijk_backtest_size size, double years);

typedef struct {    /* what an ensemble says of a scored measure in a year, when nothing is done */
    wijk_band band; /* of the replicates: chance and parameters; all NAN when withheld */
    double low, high;    /* the hindsight range around the middle; NAN where it was never tested */
    int beyond;          /* so far ahead was never tested */
    wijk_hindsight past; /* what the range is made of; half NAN where there is none */
} wijk_course;

/* As the back-test counts it: shares in percent, households with the start as 100, moves of the
 * year before (not of year 0). WIJK_EINVAL for leavers, which are of no area. O(n log n) in the
 * replicates. */
int wijk_backtest_course(wijk_course *out, const wijk_backtest *backtest,
                         const wijk_ensemble *ensemble, size_t place, uint32_t year,
                         wijk_backtest_measure measure);
/* The row of a measure over all sizes that says most about a forecast of `years`: the span nearest
 * to it, then the most areas. NULL when it was never scored. */
const wijk_backtest_row *wijk_backtest_find(const wijk_backtest *backtest,
                                            wijk_backtest_measure measure, int years);

#endif
