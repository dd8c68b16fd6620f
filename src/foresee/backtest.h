/* The back-test from inside: towns of the past, what was seen of them at each wave, and the items
 * that are scored. */
#ifndef WIJK_FORESEE_BACKTEST_H
#define WIJK_FORESEE_BACKTEST_H

#include "foresee/start.h"
#include "wijk/backtest.h"

enum { BACKTEST_WAVES = 5, BACKTEST_ENDS = 3 };

typedef enum { TOWN_AMSTERDAM, TOWN_HAAGLANDEN, TOWN_POSTCODES } town_kind;

typedef struct { /* one start and the waves it runs to */
    const char *town;
    town_kind kind;
    int before, start;       /* before: the wave of the trend, 0 none */
    int ends[BACKTEST_ENDS]; /* 0 after the last */
} backtest_case;

extern const backtest_case backtest_cases[];
extern const size_t n_backtest_cases;

/* Waves of a case: 0 the one before, 1 the start, 2.. the ends. */
enum { WAVE_BEFORE, WAVE_START, WAVE_END };

typedef struct {
    double *seen[BACKTEST_WAVES]; /* per item; NULL: not published at that wave */
    double *half;                 /* per item: half the rounding step of what was seen */
    double *said;                 /* [end][item][replicate] */
} backtest_items;

typedef struct {
    const char *code;
    uint32_t area;
} backtest_code;

typedef struct {
    const backtest_case *what;
    const wijk_backtest_options *options;
    wijk_store *store;
    const wijk_registry *registry;
    wijk_start *start;
    size_t n;             /* areas */
    backtest_code *codes; /* sorted */
    uint32_t *region;     /* of each area */
    size_t n_regions;
    double *households; /* at the start, of each area */
    double *homes[BACKTEST_WAVES][SEED_TENURES];
    backtest_items items[WIJK_BACKTEST_MEASURES];
    double scale[WIJK_BACKTEST_MEASURES];
    double fed[BACKTEST_ENDS][SEED_TENURES];
    wijk_population *population;
    wijk_change *stock; /* homes as they were built, demolished and sold */
    size_t n_stock;
} backtest_town;

static inline int wave_year(const backtest_case *c, int wave)
{
    return wave == WAVE_BEFORE  ? c->before
           : wave == WAVE_START ? c->start
                                : c->ends[wave - WAVE_END];
}

static inline int waves_of(const backtest_case *c)
{
    int n = WAVE_END;
    while (n - WAVE_END < BACKTEST_ENDS && c->ends[n - WAVE_END]) {
        n++;
    }
    return n;
}

static inline size_t items_of(const backtest_town *t, int measure)
{
    return measure == WIJK_BACKTEST_LEAVERS ? t->n_regions * START_MOVER_AGES : t->n;
}

/* backtest_towns.c: the areas, what was seen of them, and a start made of the first wave alone.
 * *found 0 when the file does not hold this town. */
int backtest_observe(backtest_town *town, int *found, wijk_ctx *ctx);
/* backtest_stock.c: levers that build, demolish and sell what was built, demolished and sold. */
int backtest_feed(backtest_town *town);

typedef struct { /* how far one forecast of one area was off, in the unit of the simulation */
    const char *town;
    int from, to, measure;
    uint32_t region;
    double households, miss;
} backtest_scored;

typedef struct {
    backtest_scored *all;
    size_t n, room;
} backtest_scores;

/* backtest_course.c: what counts say, in the unit of the measure; moves are of the year that ends
 * there. Not of leavers. */
typedef double backtest_count(const void *from, wijk_outcome outcome);
double backtest_said(int measure, backtest_count *count, const void *from);
/* backtest_score.c: the rows of a run town, added to `out`, and its misses, to `scores`. */
int backtest_score(wijk_backtest *out, backtest_scores *scores, const backtest_town *town);
/* backtest_hindsight.c: one more miss. O(1) on average. */
int backtest_add_score(backtest_scores *scores, const backtest_scored *one);
/* The hindsight ranges of all rows, from the misses of all towns. O(n^2 / areas of a town). */
int backtest_hindsight(wijk_backtest *out, const backtest_scores *scores);

#endif
