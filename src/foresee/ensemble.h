/* foresee/ensemble.h: an ensemble from inside: counts of every pair, in whole numbers. Idea: what
 * is kept is exactly what a part on disk holds, so that a merge is laying rows behind each other.
 */
#ifndef WIJK_FORESEE_ENSEMBLE_H
#define WIJK_FORESEE_ENSEMBLE_H

#include "wijk/calibrate.h"
#include "wijk/ensemble.h"

#define MISSING INT32_MIN /* withheld: fewer households than the limit, or not counted here */

enum { SIDE_SCENARIO, SIDE_NOTHING, SIDES };
enum { GROUP_CELLS = WIJK_GROUPS * WIJK_GROUP_OUTCOMES };

typedef struct {
    char *code, *name;
} ensemble_place;

/* The texts of wijk_ensemble_about, in the order of the file. */
enum {
    TEXT_VERSION,
    TEXT_PLACE,
    TEXT_REGION,
    TEXT_TITLE_NL,
    TEXT_TITLE_EN,
    TEXT_SCENARIO,
    TEXT_LINEAGE,
    TEXTS
};

struct wijk_ensemble {
    uint64_t seed, parameters, population;
    uint32_t first, last, years, withheld;
    char *text[TEXTS];
    ensemble_place *places;
    size_t n_places;
    size_t row;    /* cells of one replicate */
    int32_t *cell; /* [replicate][side][year][place][outcome], then [side][year][group cell] */
};

static inline size_t ensemble_replicates(const wijk_ensemble *e)
{
    return (size_t)e->last - e->first + 1;
}

static inline size_t ensemble_at(const wijk_ensemble *e, int side, uint32_t year, size_t place,
                                 wijk_outcome outcome)
{
    return (((size_t)side * (e->years + 1) + year) * e->n_places + place) * WIJK_OUTCOMES + outcome;
}

static inline size_t ensemble_group_at(const wijk_ensemble *e, int side, uint32_t year, int cell)
{
    return (size_t)SIDES * (e->years + 1) * e->n_places * WIJK_OUTCOMES +
           ((size_t)side * (e->years + 1) + year) * GROUP_CELLS + (size_t)cell;
}

static inline size_t ensemble_row(uint32_t years, size_t places)
{
    return (size_t)SIDES * (years + 1) * (places * WIJK_OUTCOMES + GROUP_CELLS);
}

static inline const int32_t *ensemble_of(const wijk_ensemble *e, size_t nth)
{
    return e->cell + nth * e->row;
}

/* FNV-1a (Fowler, Noll, Vo), byte by byte. Begin with ENSEMBLE_HASH. */
#define ENSEMBLE_HASH 0xCBF29CE484222325u
uint64_t ensemble_hash(uint64_t hash, const void *bytes, size_t size);
/* Whatever of a population decides a run: parts of other people, other homes or other figures of
 * moving never join. O(homes). */
uint64_t ensemble_of_people(const wijk_population *p);

/* The ranges of data/parameters.csv, and the points of data/plausible.csv: what is held against
 * published figures is drawn together, as one of these points. Without pointers, since a run is
 * marked by its bytes. */
typedef struct {
    double low[WIJK_PARAMETERS], middle[WIJK_PARAMETERS], high[WIJK_PARAMETERS];
    uint64_t shape[WIJK_PARAMETERS];
    uint64_t points, columns;
    uint64_t parameter[WIJK_PLAUSIBLE_COLUMNS];
    double point[WIJK_PLAUSIBLE_MOST][WIJK_PLAUSIBLE_COLUMNS];
} ensemble_ranges;
int ensemble_ranges_read(ensemble_ranges *out);
uint64_t ensemble_fingerprint(const ensemble_ranges *ranges);
void ensemble_draw(wijk_parameters *out, const ensemble_ranges *ranges, uint64_t seed,
                   uint32_t replicate);

/* Room for all cells; WIJK_ELIMIT past `ceiling` bytes. */
int ensemble_reserve(wijk_ensemble *e, uint64_t ceiling);

/* What makes two of them no parts of one run, in both languages; NULL when they could be. */
const char *const *ensemble_difference(const wijk_ensemble *a, const wijk_ensemble *b);

/* A copy up to a year: what a run of so many years would give. */
int ensemble_until(wijk_ensemble **out, const wijk_ensemble *e, uint32_t years);

/* Sorts `values` in place. All NAN for n = 0. */
wijk_band ensemble_band(double *values, size_t n);
/* The same of pairs: one pair has a middle and no range. */
wijk_band ensemble_pairs_band(double *values, size_t n);

/* ---- what few households would show (ensemble_few.c) ---- */

/* 1 for an outcome that counts people or what befell them. */
int ensemble_counts_people(wijk_outcome outcome);
/* Of `n` worlds: some in any of them, and fewer than the limit in the middle one. */
int ensemble_few_over(const double *values, size_t n, double middle);
/* Withholds what is few over the worlds, and marks it. */
void ensemble_withhold_few(wijk_bands *of, const double *scenario, const double *nothing, size_t n);
/* Withholds all three bands, and marks them. */
void ensemble_withhold(wijk_bands *of);
/* 1 when a count at the start is few, or when what is few would follow from it.
 * O(places log places). */
int ensemble_withheld_at_start(const wijk_ensemble *e, size_t place, wijk_outcome outcome);

#endif
