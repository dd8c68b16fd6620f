/* wijk/foresee.h: what would this policy do? A town of synthetic households, month by month.
 *
 * Housing flow, support capacity and ties between residents decide where strain gathers, how much
 * of it is seen and which purse pays. docs/model/foresee.md is the description after Grimm et al.
 * 2020 (doi:10.18564/jasss.4259); data/parameters.csv holds every number with its source.
 *
 * Order of use: a population (areas, homes, households) is built once and never changes; a run
 * takes it, parameters, a scenario and a seed, goes month by month and keeps counts per area and
 * period. A run repeats bit for bit on any machine and any number of threads. Nothing about one
 * household or one address ever comes out: only counts of an area or of a group in an area. */
#ifndef WIJK_FORESEE_H
#define WIJK_FORESEE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/lever.h"
#include "wijk/outcome.h"
#include "wijk/parameter.h"

/* ---- what a household and a home can be -------------------------------- */

typedef enum { /* composition of a household; 0: nobody lives here */
               WIJK_NOBODY = 0,
               WIJK_SINGLE,       /* one person under 65 */
               WIJK_COUPLE,       /* two, no child at home, under 65 */
               WIJK_FAMILY,       /* two and 1..7 children at home */
               WIJK_ONE_PARENT,   /* one and 1..7 children at home */
               WIJK_OLDER_SINGLE, /* one of 65 or over */
               WIJK_OLDER_COUPLE, /* two of 65 or over */
               WIJK_COMPOSITIONS = 7
} wijk_composition;

typedef enum {                   /* income against the limits of that year */
               WIJK_INCOME_LOW,  /* up to the limit of passend toewijzen */
               WIJK_INCOME_DAEB, /* up to the limit of social letting */
               WIJK_INCOME_MIDDLE,
               WIJK_INCOME_HIGH,
               WIJK_INCOMES
} wijk_income;

enum {                          /* needs, as bits */
       WIJK_NEED_DEBT = 1,      /* registered problematic debt */
       WIJK_NEED_MENTAL = 2,    /* serious mental trouble */
       WIJK_NEED_FRAIL = 4,     /* frailty of old age or illness */
       WIJK_NEED_MILD = 8,      /* mild intellectual disability */
       WIJK_NEED_NEWCOMER = 16, /* first years in the country with a residence permit */
       WIJK_NEEDS = 5
};

typedef enum { WIJK_NO_HOME, WIJK_OWNER, WIJK_SOCIAL, WIJK_PRIVATE, WIJK_TENURES } wijk_tenure;

typedef enum { /* rent against that year's limits; for owners the value in as many classes */
               WIJK_PRICE_QUALITY, /* up to the kwaliteitskortingsgrens */
               WIJK_PRICE_FIRST,   /* up to the aftoppingsgrens for 1 or 2 persons */
               WIJK_PRICE_SECOND,  /* up to that for 3 or more */
               WIJK_PRICE_SOCIAL,  /* up to the limit of social rent */
               WIJK_PRICE_MIDDLE,  /* middle rent */
               WIJK_PRICE_FREE,    /* above */
               WIJK_PRICES
} wijk_price_class;

typedef enum { /* for whom a home is meant */
               WIJK_LABEL_NONE,
               WIJK_LABEL_OLDER,  /* 65 and over */
               WIJK_LABEL_YOUNG,  /* under 28 */
               WIJK_LABEL_MIX,    /* magic mix: carriers and vulnerable households in one block */
               WIJK_LABEL_FIRST,  /* Housing First */
               WIJK_LABEL_COURT,  /* Knarrenhof: older people who chose each other */
               WIJK_LABEL_DOTTED, /* gespikkeld wonen: ordinary home near a support point */
               WIJK_LABELS
} wijk_label;

/* ---- building a population --------------------------------------------- */

enum {
    WIJK_AGE_BANDS = 6,      /* of the reference person: -24, 25-34, 35-49, 50-64, 65-79, 80- */
    WIJK_AREA_CODE = 16,     /* bytes of a code with its NUL */
    WIJK_AREA_HOMES = 30000, /* most homes in one area: ties hold 16-bit distances */
    WIJK_BLOCK_HOMES = 32    /* homes around one stair or street */
};

typedef struct {    /* one home as the builder gives it */
    uint8_t tenure; /* WIJK_OWNER, WIJK_SOCIAL, WIJK_PRIVATE */
    uint8_t size;   /* rooms, 1..7 */
    uint8_t price;  /* wijk_price_class */
    uint8_t owner;  /* 0 unknown or a person; 1..15 the corporations of the region */
    uint8_t label;  /* wijk_label */
} wijk_home;

typedef struct { /* who lives there; composition WIJK_NOBODY for an empty home */
    uint8_t composition;
    uint8_t children; /* at home, 0..7; 0 unless family or one-parent */
    uint8_t age;      /* years of the reference person, 18..110 */
    uint8_t income;
    uint8_t needs;   /* bits WIJK_NEED_... */
    uint16_t months; /* in this home */
} wijk_household;

typedef struct { /* a buurt (or another small area) */
    char code[WIJK_AREA_CODE];
    uint32_t region; /* index: where homes are allotted together (gemeente) */
    uint32_t team;   /* index: whose teams work here (wijk); all areas of a team in one region */
    uint32_t homes;  /* 0..WIJK_AREA_HOMES */
    /* Leefbaarometer parts at the start, thousandths; 0 where unknown (changes still count). */
    int32_t soc, onv;
} wijk_foresee_area;

typedef struct { /* a housing region */
    char code[WIJK_AREA_CODE];
    /* Persons that leave for or come from outside the region, per 1,000 of that age band and year,
     * of which the parameter household_moves is whole households; under 25 households per 1,000
     * households; < 0: the national default. */
    double leave[WIJK_AGE_BANDS], come[WIJK_AGE_BANDS];
    /* How often problem debt and serious mental trouble begin here, times the country's at the same
     * income (0.5..2), so that a region which has more of them keeps them; 0: the same. */
    double debt, mental;
} wijk_foresee_region;

typedef struct wijk_population wijk_population;

/* Areas stand in storage order: all areas of a region together, neighbours near each other.
 * WIJK_EINVAL (with which area) for a region or team index out of order, a team in two regions or
 * too many homes; WIJK_ELIMIT past WIJK_MAX_AREAS. About 40 bytes per home. Copies its input. */
int wijk_population_new(wijk_population **out, const wijk_foresee_area *areas, size_t n_areas,
                        const wijk_foresee_region *regions, size_t n_regions);
void wijk_population_free(wijk_population *population);

/* Appends the next `n` homes of `area` with who lives there, in the order of the streets:
 * thirty-two in a row are one block, where neighbours meet. Areas may be filled in any order and,
 * once created, by several threads if each area is filled by one. WIJK_EINVAL names the home and
 * what is wrong. */
int wijk_population_add(wijk_population *population, size_t area, const wijk_home *homes,
                        const wijk_household *households, size_t n);

/* When every home is there: draws strain, trust and ties from needs, age and stay, so that the
 * first month is not a shock; `seed` decides these draws alone, all runs share them. WIJK_EINVAL
 * when an area lacks homes. O(homes). */
int wijk_population_finish(wijk_population *population, const wijk_parameters *parameters,
                           uint64_t seed);

size_t wijk_population_areas(const wijk_population *population);
size_t wijk_population_regions(const wijk_population *population);
const wijk_foresee_area *wijk_population_area(const wijk_population *population, size_t area);
size_t wijk_population_homes(const wijk_population *population);
size_t wijk_population_households(const wijk_population *population);

/* A made-up town for tests and speed measurements: `regions` of `areas` areas with about `homes`
 * homes each. The same for the same numbers. */
int wijk_population_sample(wijk_population **out, size_t regions, size_t areas, size_t homes,
                           const wijk_parameters *parameters, uint64_t seed);

/* ---- scenarios --------------------------------------------------------- */

typedef enum { WIJK_EVERYWHERE, WIJK_IN_REGION, WIJK_IN_AREA } wijk_scope;

typedef struct {
    int32_t month; /* months after the start of the run, 0 or more */
    wijk_scope scope;
    uint32_t place;   /* index of the region or area; 0 for everywhere */
    wijk_lever lever; /* wijk/lever.h: key, unit and range */
    double value;     /* in the unit of the lever */
} wijk_change;

typedef struct {
    const wijk_change
        *changes; /* in any order; of two for one month and place the later row counts */
    size_t n;
} wijk_scenario;

/* ---- runs -------------------------------------------------------------- */

typedef enum { WIJK_PER_MONTH, WIJK_PER_YEAR } wijk_period;

typedef enum {
    WIJK_EVERY_AREA,  /* every period of every area is kept: about 1,000 bytes each */
    WIJK_EVERY_REGION /* every period of every region; of areas the start and the whole run */
} wijk_detail;

typedef struct {
    uint64_t seed;      /* the random world; the same for a scenario and its do-nothing */
    uint32_t replicate; /* which of them */
    uint32_t months;    /* length of the run, 1..1200 */
    wijk_period period; /* what one row of the results is */
    wijk_detail detail; /* for a country: WIJK_EVERY_REGION */
    unsigned threads;   /* 0: one; the result does not depend on it */
    uint64_t ceiling;   /* bytes the run may take; 0: WIJK_MAX_FORESEE */
} wijk_foresee_options;

typedef struct wijk_foresee wijk_foresee;

/* Bytes that a run will take beside its population: told before it starts. UINT64_MAX when it
 * cannot be (wijk_error tells why). */
uint64_t wijk_foresee_bytes(const wijk_population *population, const wijk_scenario *scenario,
                            const wijk_foresee_options *options);

/* Stands before month 0. `population` and `parameters` are borrowed and must outlive the run; the
 * scenario is copied. WIJK_ELIMIT when the ceiling is too low, WIJK_EINVAL for a change that cannot
 * be (with its number). */
int wijk_foresee_new(wijk_foresee **out, const wijk_population *population,
                     const wijk_parameters *parameters, const wijk_scenario *scenario,
                     const wijk_foresee_options *options);
void wijk_foresee_free(wijk_foresee *run);

/* Goes on to `month` (at most options.months). The first call begins: what comes to rest within
 * months is let come to rest first, about two years of work; to month 0 does no more than that.
 * WIJK_ECANCEL leaves the run at the end of a month, whole and able to go on.
 * O(households x months). */
int wijk_foresee_to(wijk_foresee *run, uint32_t month, wijk_ctx *ctx);
uint32_t wijk_foresee_month(const wijk_foresee *run);

/* Writes state, month, counts and seed to a file that is whole or not there; reads it back into a
 * run that was made with the same population, parameters, scenario and options (WIJK_EFORMAT says
 * which differs), or refuses a damaged file. Goes on as if never stopped. */
int wijk_foresee_save(const wijk_foresee *run, const char *path);
int wijk_foresee_load(wijk_foresee *run, const char *path);

/* Checks conservation, one home one household, symmetric ties, ranges: WIJK_EFORMAT says what
 * broke. For tests and `wijk check`; O(households). */
int wijk_foresee_check(const wijk_foresee *run);

/* The finished periods of a run, none before it began; period 0 is the start. A stock is as it was
 * at the end of a period, a flow is of that period. Borrowed from the run. */
size_t wijk_foresee_periods(const wijk_foresee *run);
/* 1 when areas have a count in this period. With WIJK_EVERY_REGION only at the start and, when the
 * run is done, in the last period, and then flows are those of the whole run. */
int wijk_foresee_has_areas(const wijk_foresee *run, size_t period);
int32_t wijk_foresee_area_count(const wijk_foresee *run, size_t period, size_t area,
                                wijk_outcome outcome);
/* A count of one group in one area. Whoever shows it applies the disclosure limit. */
int32_t wijk_foresee_group_count(const wijk_foresee *run, size_t period, size_t area,
                                 wijk_group group, wijk_group_outcome outcome);
/* The sum over the areas of a region, in every period; of a score, over their households. */
int64_t wijk_foresee_region_count(const wijk_foresee *run, size_t period, size_t region,
                                  wijk_outcome outcome);
int64_t wijk_foresee_region_group(const wijk_foresee *run, size_t period, size_t region,
                                  wijk_group group, wijk_group_outcome outcome);
/* Those who wait for a home in a region and have none: in no area, never shown below the disclosure
 * limit. */
int64_t wijk_foresee_waiting_count(const wijk_foresee *run, size_t period, size_t region,
                                   wijk_outcome outcome);
/* Outside the modelled regions: households and persons, for the balance. */
int64_t wijk_foresee_outside(const wijk_foresee *run, int persons);
/* Housing offers that were scored so far. */
uint64_t wijk_foresee_offers(const wijk_foresee *run);

#endif
