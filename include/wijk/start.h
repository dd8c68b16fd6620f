/* wijk/start.h: the start population: synthetic households that fit what is published of an area.
 *
 * Every area of a loaded file gets the mix of households that meets its published margins of
 * households and persons together, each within its rounding; a margin that is not published there
 * is borrowed from the nearest source and marked as borrowed. docs/model/population.md is the
 * method. No household ever leaves this room: callers get totals of areas, or a population for
 * wijk/foresee.h, which lets out no more. */
#ifndef WIJK_START_H
#define WIJK_START_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/parameter.h"

/* X(NAME, "key") in the order of the report */
#define WIJK_MARGINS_X(X)                                                                          \
    X(HOUSEHOLDS, "households")                                                                    \
    X(SINGLE, "single")                                                                            \
    X(CHILDLESS, "childless")                                                                      \
    X(CHILDREN, "with_children")                                                                   \
    X(ONE_PARENT, "one_parent")                                                                    \
    X(PEOPLE, "people")                                                                            \
    X(AGE_0, "age_0_14")                                                                           \
    X(AGE_15, "age_15_24")                                                                         \
    X(AGE_25, "age_25_44")                                                                         \
    X(AGE_45, "age_45_64")                                                                         \
    X(AGE_65, "age_65_plus")                                                                       \
    X(HOUSED, "people_in_households")                                                              \
    X(LOW, "low_income")                                                                           \
    X(HIGH, "high_income")                                                                         \
    X(HOMES, "homes")                                                                              \
    X(OCCUPIED, "occupied_homes")                                                                  \
    X(OWNER, "owner_homes")                                                                        \
    X(SOCIAL, "social_homes")                                                                      \
    X(PRIVATE, "private_homes")

typedef enum {
#define X(name, key) WIJK_MARGIN_##name,
    WIJK_MARGINS_X(X)
#undef X
        WIJK_MARGINS
} wijk_margin;

typedef enum {                    /* whose figure a margin is */
               WIJK_FROM_NATIVE,  /* published for this area and year */
               WIJK_FROM_YEAR,    /* the same place in another year */
               WIJK_FROM_OVERLAY, /* postcodes or another division, weighted by people */
               WIJK_FROM_WIJK,    /* the wijk around it */
               WIJK_FROM_SIMILAR, /* the most similar areas that have it */
               WIJK_FROM_GEMEENTE,
               WIJK_FROM_COUNTRY, /* data/population/country.csv */
               WIJK_FROMS
} wijk_from;

const char *wijk_margin_key(wijk_margin margin);
const char *wijk_from_key(wijk_from from);

typedef struct {           /* one margin of one area, as a count */
    float published, half; /* half the rounding step; what is borrowed has no rounding: 0 */
    float synthetic;
    int16_t year; /* of the figure; 0 for the country's default */
    uint8_t from;
} wijk_fitted;

typedef struct {
    int64_t id;
    const char *code, *name;              /* owned by the start */
    uint32_t households, people, outside; /* outside: persons in institutions */
    uint32_t homes, rooms; /* rooms: dwellings beyond the homes that statistics count */
    uint8_t empty;         /* nobody lives here, or nothing is known */
    uint8_t loose;    /* figures agree only when each may be off by a whole rounding step: `half` is
                         then that step */
    uint8_t conflict; /* figures contradict each other beyond that: no people could meet them all */
    uint8_t missed;   /* a published margin is missed by more than `half` */
    wijk_fitted fitted[WIJK_MARGINS];
} wijk_start_area;

typedef struct {                         /* one margin over all areas that are not empty */
    uint32_t native, from[WIJK_FROMS];   /* areas; from[WIJK_FROM_NATIVE] = native */
    uint32_t within;                     /* native areas whose miss is no more than the rounding */
    double published, synthetic;         /* totals over the native areas */
    double all_published, all_synthetic; /* the same with the borrowed ones */
    double worst;                        /* largest miss of a native area, in counts */
    double worst_z; /* largest standardised miss: |miss| / sqrt(T (1 - T / N)), Voas & Williamson
                       2001, doi:10.1080/13615930120086078 */
    uint32_t worst_area, worst_z_area; /* index */
    uint32_t borrowed;                 /* areas that have it from another place or year */
    double target, made;               /* totals over these: what was borrowed, what came of it */
    double apart; /* their mean difference, 0..1 of the households, people or homes there */
} wijk_start_margin;

typedef struct wijk_start wijk_start;
typedef struct wijk_population wijk_population; /* wijk/foresee.h */

typedef struct {
    int64_t area;          /* row id; 0: the whole country */
    enum wijk_level level; /* of the parts: WIJK_BUURT; WIJK_LEVELS: the finest that has figures */
    int vintage;           /* borders of the parts; 0: those of `area`, or the newest */
    int year;              /* of the figures; 0: the vintage */
    uint64_t seed;
    unsigned threads; /* 0: one for each processor; the result does not depend on it */
} wijk_start_options;

/* Reads the margins, fits and makes whole every area under `options->area`. WIJK_ENOTFOUND when
 * there are no such parts or none has people. O(areas). */
int wijk_start_new(wijk_start **out, wijk_store *store, const wijk_registry *registry,
                   const wijk_start_options *options, wijk_ctx *ctx);
void wijk_start_free(wijk_start *start);
/* How many households that start would have, without making any. As wijk_start_new, but a place
 * without people gives 0. O(areas). */
int wijk_start_households(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                          const wijk_start_options *options, wijk_ctx *ctx);

size_t wijk_start_areas(const wijk_start *start);
const wijk_start_area *wijk_start_area_at(const wijk_start *start, size_t i);
const wijk_start_margin *wijk_start_margin_of(const wijk_start *start, wijk_margin margin);
int wijk_start_vintage(const wijk_start *start);
int wijk_start_year(const wijk_start *start);
enum wijk_level wijk_start_level(const wijk_start *start);
typedef struct { /* areas that are not empty, and how they came out */
    size_t areas;
    size_t within;   /* every published margin is within its rounding */
    size_t loose;    /* of these: a whole step was needed */
    size_t conflict; /* published figures contradict each other */
    size_t missed;   /* missed without such a reason */
} wijk_start_counts;

void wijk_start_count(wijk_start_counts *out, const wijk_start *start);

/* Houses the households: homes by tenure, blocks, incomes together as far as
 * pop_block_sorting says, needs and length of stay. Draws nothing that a run draws. Areas of the
 * population stand in the order of wijk_start_area_at. O(homes). */
int wijk_start_population(wijk_population **out, const wijk_start *start,
                          const wijk_parameters *parameters, wijk_ctx *ctx);

#endif
