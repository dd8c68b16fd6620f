/* What the files of resampling share: exact draws from tables, replicates of a table of counts, and
 * M, H and D of a replicate in whole numbers. */
#ifndef WIJK_RESAMPLE_PARTS_H
#define WIJK_RESAMPLE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/resample.h"

/* ---- draws from a family of distributions (resample_family.c) ---- */

/* How many of m are taken, for every m, when the number for m + m' is distributed as the sum of
 * independent numbers for m and m': binomial (each taken with one chance) and Poisson (each a
 * fraction of a time on average). Then m = 16384 a + 128 b + c needs tables for c, for 128 b and
 * for 16384 only. Each is an alias table: one word picks a column by its upper bits and decides by
 * the next 20 bits between the column's two outcomes; 32 more bits decide a tie. Walker 1977,
 * doi:10.1145/355744.355749 */
enum {
    FAMILY_DIGIT_BITS = 7,
    FAMILY_DIGIT = 1 << FAMILY_DIGIT_BITS,
    FAMILY_LARGE = 2 * FAMILY_DIGIT, /* the number of the table for 16384 */
    FAMILY_TABLES = FAMILY_LARGE + 1,
    FAMILY_COLUMN_BITS = 12, /* columns at most 4096: wide enough for 16384 */
    FAMILY_CHANCE_BITS = 32 - FAMILY_COLUMN_BITS
};

typedef struct {
    uint32_t *entry;               /* chance of the own outcome << 12 | column of the other one */
    uint32_t *rest;                /* the next 32 bits of that chance */
    uint32_t place[FAMILY_TABLES]; /* first entry << 5 | bits of the column */
    int32_t least[FAMILY_TABLES];  /* the outcome of column 0 */
} resample_family;

/* `mean` of one, in [0, 1]; `chance` in [0, 1); `most` is the largest m that will be asked for. */
int resample_family_poisson(resample_family *out, double mean, int32_t most);
int resample_family_binomial(resample_family *out, double chance, int32_t most);
void resample_family_free(resample_family *family);

/* One draw from table `table`; *tie is set when the 32 bits of `more` were needed to decide. */
int32_t resample_family_take(const resample_family *family, uint32_t table, uint32_t word,
                             uint32_t more, int *tie);

/* ---- many draws (resample_draw.c) ---- */

/* Which draw this is: Philox is keyed by the seed, its counter holds the rest. */
typedef struct {
    uint64_t seed;
    uint32_t purpose, attempt, replicate, group;
} resample_key;

enum { RESAMPLE_LANES = 16 }; /* arrays of draws are padded to a multiple of this */

/* out[i] = a draw for people[i]; returns their sum. Both hold `n` rounded up to RESAMPLE_LANES,
 * zero beyond n. `wide` asks for AVX2 where the processor has it: the same numbers, sooner. */
int64_t resample_draw(int32_t *out, const int32_t *people, size_t n, const resample_family *family,
                      resample_key key, int wide);

/* Whether this processor has AVX2. */
int resample_can_be_wide(void);

/* A stream of words for what has no fixed number of draws. */
typedef struct {
    resample_key key;
    uint32_t block, at;
    uint32_t word[32];
    int wide;
} resample_words;

uint32_t resample_word(resample_words *words);
/* Below `n` > 0, all equally likely. Lemire 2019, doi:10.1145/3230636 */
uint32_t resample_below(resample_words *words, uint32_t n);

/* ---- replicates of a table (resample_table.c) ---- */

typedef struct {
    size_t areas, groups, stride; /* stride: areas padded to RESAMPLE_LANES */
    size_t present;               /* groups with people */
    int64_t total;
    int32_t *cell;   /* [groups][stride] */
    int32_t *row;    /* [stride] */
    int64_t *column; /* [groups] */
} resample_table;

/* Whole people, checked. */
int resample_table_take(resample_table *out, const double *counts, size_t areas, size_t groups);
void resample_table_free(resample_table *table);

enum resample_kind { RESAMPLE_PEOPLE, RESAMPLE_AREAS, RESAMPLE_CHANCE, RESAMPLE_PLACES };

/* How replicates of one table are drawn.
 *
 * PEOPLE draws from the table drawn towards its mean: that of small areas is too uneven by chance,
 * and a replicate of it would be so twice. Of area i, keep[i] sixteenths of its people have the mix
 * counted there, the others that of the whole; see docs/internals/measure.md. */
enum { RESAMPLE_UNITS = 16 };

typedef struct {
    const resample_table *table; /* borrowed */
    enum resample_kind kind;
    uint64_t seed;
    uint32_t stream; /* 0, or 1 for the second of two tables */
    int wide;
    uint32_t *order; /* PEOPLE, CHANCE: groups with people, smallest first */
    /* Binomial of each group in `order` but the last, among the people of that and later groups. */
    resample_family *share;
    size_t shares;
    uint32_t *until; /* people up to and including each cell (PEOPLE) or area (CHANCE) */
    uint32_t *guide; /* the cell of every (1 << shift)-th person */
    unsigned shift;
    uint32_t *inhabited; /* AREAS, PLACES: areas with people */
    size_t areas_present;
    /* PEOPLE */
    resample_family whole, sixteenth; /* Poisson of a person, of a sixteenth of one */
    int32_t *keep;                    /* [stride] */
    int32_t *own;                     /* [groups][stride] people of areas that keep all */
    uint32_t *mixed;                  /* the other areas; in sixteenths of their people: */
    int32_t *mixed_own;               /* [groups][mixed_stride] with the mix of the area */
    int32_t *mixed_other;             /* [mixed_stride] with that of the whole */
    size_t mixed_areas, mixed_stride;
} resample_plan;

int resample_plan_make(resample_plan *out, const resample_table *table, enum resample_kind kind,
                       uint64_t seed, uint32_t stream);
void resample_plan_free(resample_plan *plan);

/* What replicates of PEOPLE are drawn from (else the table itself): row-major [areas][groups]. */
void resample_source(double *out, const resample_plan *plan);

/* How much shares differ between areas beyond chance, 0 ... 1: R less its expectation by chance, as
 * a share of the room above that. */
double resample_dispersion(const int32_t *cell, size_t areas, size_t groups, size_t stride);
/* The expectation of R by chance. */
double resample_dispersion_floor(const resample_table *table);

/* Scratch space of one thread. */
typedef struct {
    int32_t *cell;         /* [groups][stride]: the replicate */
    int32_t *left, *taken; /* [stride] */
} resample_scratch;

int resample_scratch_make(resample_scratch *out, const resample_plan *plan);
void resample_scratch_free(resample_scratch *scratch);

/* The table of one replicate into scratch->cell. */
void resample_replicate(resample_scratch *scratch, const resample_plan *plan, uint32_t replicate);

/* ---- M, H and D in whole numbers (resample_index.c) ---- */

/* x log x as a whole number of 2^-bits, so that sums do not depend on their order. */
typedef struct {
    int64_t *known; /* for x < size */
    size_t size;
    unsigned bits;
} resample_logs;

/* For tables of up to `people`; `largest` is the largest count expected, more takes longer. */
int resample_logs_make(resample_logs *out, int64_t people, int64_t largest);
void resample_logs_free(resample_logs *logs);

/* Natural logarithm of a positive normal number from + - * / alone: within 2 units in the last
 * place, the same bits on every machine. */
double resample_log(double x);

/* out[WIJK_INDICES] of a table as in resample_scratch; NAN with fewer than two groups. WIJK_ELIMIT
 * beyond 2^30 people. */
int resample_indices(double *out, const resample_logs *logs, const int32_t *cell, size_t areas,
                     size_t groups, size_t stride);

/* ---- telling ---- */

/* Mean and standard deviation of n >= 2 values, summed in order; NAN as soon as one is. */
void resample_moments(double *mean, double *error, const double *values, size_t n);
/* What a figure is, and what it is in the table that replicates are drawn from. For D also the
 * dispersion of the table (resample_dispersion), its expectation by chance and that of each
 * replicate; else `spread` is NULL. */
typedef struct {
    double value, source, dispersion, floor;
    const double *spread;
} resample_error;

/* Turns n replicates of a figure into values that it may have had, and returns the corrected one.
 */
double resample_plausible(double *values, size_t n, const resample_error *about);

/* Where the middle `level` of n values lies; sorts them. */
wijk_range resample_quantiles(double *values, size_t n, double level);

/* ---- options ---- */

/* Fills in what was left 0 and refuses what cannot be. */
int resample_options_check(wijk_resample_options *out, const wijk_resample_options *options,
                           const wijk_ctx *ctx);

#endif
