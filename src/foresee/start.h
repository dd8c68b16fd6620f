/* The start population from inside: what start.c made and settle.c houses. */
#ifndef WIJK_FORESEE_START_H
#define WIJK_FORESEE_START_H

#include "foresee/margins.h"
#include "foresee/whole.h"
#include "wijk/foresee.h"

/* Rows of data/population/country.csv that the code asks for by name. */
#define START_COUNTRY_X(X)                                                                         \
    X(PASSEND, "pop_passend")                                                                      \
    X(DAEB, "pop_daeb")                                                                            \
    X(HIGH, "pop_high")                                                                            \
    X(SINGLE, "pop_single")                                                                        \
    X(COUPLE, "pop_couple")                                                                        \
    X(TWO_PARENT, "pop_two_parent")                                                                \
    X(ONE_PARENT, "pop_one_parent")                                                                \
    X(OWNER, "pop_owner")                                                                          \
    X(SOCIAL, "pop_social")                                                                        \
    X(PRIVATE, "pop_private")                                                                      \
    X(HOMES, "pop_homes_per_household")                                                            \
    X(OCCUPIED, "pop_occupied")                                                                    \
    X(SIZE, "pop_household_size")                                                                  \
    X(VACANT_SOCIAL, "pop_vacant_social")                                                          \
    X(VACANT_PRIVATE, "pop_vacant_private")                                                        \
    X(SORTING, "pop_block_sorting")                                                                \
    X(STAY_OWNER, "pop_stay_owner")                                                                \
    X(STAY_SOCIAL, "pop_stay_social")                                                              \
    X(STAY_PRIVATE, "pop_stay_private")                                                            \
    X(RENT_QUALITY, "pop_rent_quality")                                                            \
    X(RENT_FIRST, "pop_rent_first")                                                                \
    X(RENT_SECOND, "pop_rent_second")                                                              \
    X(PRIVATE_SOCIAL, "pop_private_social")                                                        \
    X(PRIVATE_MIDDLE, "pop_private_middle")                                                        \
    X(DEBT, "pop_debt")                                                                            \
    X(MENTAL, "pop_mental")                                                                        \
    X(FRAIL_65, "pop_frail_65")                                                                    \
    X(FRAIL_80, "pop_frail_80")                                                                    \
    X(MILD, "pop_mild")                                                                            \
    X(NEWCOMER, "pop_newcomer")

enum start_country_row {
#define X(name, key) START_##name,
    START_COUNTRY_X(X)
#undef X
        START_COUNTRY_ROWS
};

/* What a draw is for: the purposes of one seed never meet. */
enum { START_DRAW_WHOLE = 0x53540001, START_DRAW_HOUSEHOLD, START_DRAW_HOME, START_DRAW_BLOCK };

typedef struct {
    uint16_t cell; /* (kind x SEED_SEGMENTS + segment) x SEED_TENURES + tenure: see start_kind */
    uint16_t count;
} start_cell;

enum { START_CELLS = SEED_KINDS * SEED_SEGMENTS * SEED_TENURES };

static inline unsigned start_kind(unsigned cell)
{
    return cell / (SEED_SEGMENTS * SEED_TENURES);
}

static inline unsigned start_segment(unsigned cell)
{
    return cell / SEED_TENURES % SEED_SEGMENTS;
}

static inline unsigned start_tenure(unsigned cell)
{
    return cell % SEED_TENURES;
}

typedef struct {
    start_cell *cells;
    uint32_t n_cells;
    uint32_t homes[SEED_TENURES], occupied[SEED_TENURES]; /* rooms are not counted here */
    uint32_t place; /* what its draws are keyed by: the same for the same code in any selection */
} start_mix;

typedef struct { /* a gemeente: who leaves it and who comes, from outside its borders */
    char code[WIJK_AREA_CODE];
    double leave[WIJK_AGE_BANDS], come[WIJK_AGE_BANDS]; /* per 1,000 households; < 0 not known */
} start_region;

struct wijk_start {
    margin_set set;
    seed_table seed;
    seed_table *around; /* the mix of each gemeente of `set`, from which its parts start */
    double country[START_COUNTRY_ROWS];
    wijk_start_options options;
    wijk_start_area *areas; /* as many as set.areas */
    start_mix *mixes;
    wijk_start_margin margins[WIJK_MARGINS];
    wijk_start_counts counts;
    start_region *regions;
    size_t n_regions;
};

/* A start without figures: the country and the seed. Free it also after a failure. */
int start_open(wijk_start **out, const wijk_start_options *options);
/* Whether a published margin is met: within half its step, or, where that is less than one whole
 * household, to the nearest. */
int start_is_within(const wijk_fitted *fitted);
/* Adds up what was made of all areas, margin by margin. */
void start_account(wijk_start *start);
/* Fits and makes whole every area of `start->set`, wherever that came from. */
int start_make(wijk_start *start, wijk_ctx *ctx);

/* Published ages of movers ("15_20"), and which part of each falls in the bands of a run: -24,
 * 25-34, 35-49, 50-64, 65-79, 80-. Children move with their parents and are left out. */
enum { START_MOVER_AGES = 8 };
typedef struct {
    const char *age;
    double part[WIJK_AGE_BANDS];
} start_mover_age;
extern const start_mover_age start_mover_ages[START_MOVER_AGES];

/* Residents by age band of a run. Under 25 most live with their parents: households apart. */
typedef struct {
    double persons[WIJK_AGE_BANDS], young_households;
} start_living;

/* Moves over the borders of one gemeente in a year ("in", "out"), per 1,000 of those who live there
 * by age band (under 25: households per 1,000 households); < 0 where nothing is known of that year.
 */
int start_moves(double out[WIJK_AGE_BANDS], wijk_store *store, const wijk_registry *registry,
                const char *gemeente, const char *way, int year, const start_living *living);
/* Adds those of area `i`, as fitted. */
void start_add_living(start_living *living, const wijk_start *start, size_t i);

/* The regions of a start and, where the file has them, the moves over their borders. */
int start_read_regions(wijk_start *start, wijk_store *store, const wijk_registry *registry);

#endif
