/* How far off was the model, as a range for a forecast. The idea: split-conformal prediction. The
 * misses of areas of the past are taken for misses of areas to come, and the range is as wide as
 * the (n + 1) x 90%-th of them: it holds 90% of new areas when these are exchangeable with the
 * tested ones (Lei et al. 2018, doi:10.1080/01621459.2017.1307116; by size class: Vovk 2012,
 * doi:10.1007/s10994-013-5355-6). That they are is not to be had: towns and years differ. So the
 * range is held against areas whose town, gemeente or span took no part, and what it holds there
 * is told beside it. */
#include "foresee/backtest.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double HOLDS = 0.9;

/* How a miss grows with the years: as the square root (errors that chance adds up) or straight
 * (errors that go on in one direction). */
enum { BY_ROOT, STRAIGHT, GROWTHS };
static const double growths[GROWTHS] = {0.5, 1};

int backtest_add_score(backtest_scores *scores, const backtest_scored *one)
{
    if (scores->n == scores->room) {
        size_t room = scores->room ? scores->room * 2 : 4096;
        backtest_scored *moved = wijk_realloc(scores->all, room * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        scores->all = moved;
        scores->room = room;
    }
    scores->all[scores->n++] = *one;
    return WIJK_OK;
}

typedef struct { /* the scores of one measure and one size, and what there is to leave out */
    const backtest_scored **of;
    size_t n;
    int towns, spans, regions; /* spans and regions count only where there is one town */
    double *room;
} scored_set;

static int same_span(const backtest_scored *a, const backtest_scored *b)
{
    return a->from == b->from && a->to == b->to;
}

static int differs(int (*same)(const backtest_scored *, const backtest_scored *),
                   const scored_set *set)
{
    for (size_t i = 1; i < set->n; i++) {
        if (!same(set->of[0], set->of[i])) {
            return 1;
        }
    }
    return 0;
}

static int same_town(const backtest_scored *a, const backtest_scored *b)
{
    /* cppcheck-suppress ctunullpointer ; nobody is held out only where ALL teach */
    return a->town == b->town;
}

static int same_region(const backtest_scored *a, const backtest_scored *b)
{
    return a->region == b->region;
}

typedef enum { ALL, OTHER_TOWNS, OTHER_GEMEENTEN_AND_SPANS, OTHER_SPANS } teachers;

static int may_teach(const scored_set *set, teachers who, const backtest_scored *one,
                     const backtest_scored *held)
{
    switch (who) {
    case OTHER_TOWNS:
        return !same_town(one, held);
    case OTHER_GEMEENTEN_AND_SPANS: /* as far as there are more of each */
        return !(set->regions && same_region(one, held)) && !(set->spans && same_span(one, held));
    case OTHER_SPANS:
        return !same_span(one, held);
    default:
        return 1;
    }
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The miss of one year that 90% stay within; NAN when too few teach. */
static double taught(const scored_set *set, double growth, teachers who,
                     const backtest_scored *held)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++) {
        const backtest_scored *s = set->of[i];
        if (may_teach(set, who, s, held)) {
            set->room[n++] = s->miss / pow((double)s->to - s->from, growth);
        }
    }
    if (n < WIJK_BACKTEST_FEW) {
        return NAN;
    }
    qsort(set->room, n, sizeof *set->room, by_value);
    size_t nth = (size_t)ceil(HOLDS * ((double)n + 1)); /* 20 or more: never past the last */
    return set->room[nth - 1];
}

/* Of other towns where there are more; else of other gemeenten and spans, or of other spans alone
 * when one gemeente is nearly all there is. */
static double taught_by_others(const scored_set *set, double growth, const backtest_scored *held)
{
    if (set->towns) {
        return taught(set, growth, OTHER_TOWNS, held);
    }
    if (!set->regions && !set->spans) {
        return NAN;
    }
    double width = taught(set, growth, OTHER_GEMEENTEN_AND_SPANS, held);
    return isfinite(width) || !set->spans ? width : taught(set, growth, OTHER_SPANS, held);
}

static int taught_alike(const scored_set *set, const backtest_scored *a, const backtest_scored *b)
{
    return same_town(a, b) && (set->towns || (same_region(a, b) && same_span(a, b)));
}

/* Writes 1, 0 or -1 (nothing to learn from) for each: does the range of the others hold it? */
static void hold_out(int8_t *out, const scored_set *set, double growth)
{
    double width = NAN;
    for (size_t i = 0; i < set->n; i++) {
        const backtest_scored *s = set->of[i];
        if (i == 0 || !taught_alike(set, s, set->of[i - 1])) {
            width = taught_by_others(set, growth, s);
        }
        double half = width * pow((double)s->to - s->from, growth);
        out[i] = isfinite(half) ? s->miss <= half : -1;
    }
}

static int of_row(const wijk_backtest_row *row, const backtest_scored *s)
{
    return strcmp(row->town, s->town) == 0 && row->from == s->from && row->to == s->to;
}

static double held_of(double *counted, const wijk_backtest_row *row, const scored_set *set,
                      const int8_t *held)
{
    double in = 0, of = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (held[i] >= 0 && of_row(row, set->of[i])) {
            in += held[i];
            of++;
        }
    }
    *counted = of;
    return of > 0 ? in / of : NAN;
}

static int is_of(const wijk_backtest_row *row, int measure, int size)
{
    return (int)row->measure == measure && (int)row->size == size;
}

/* Areas, each counted once: those of the span of each town that has the most. */
static size_t areas_of(const wijk_backtest *b, int measure, int size)
{
    size_t sum = 0;
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        int most = is_of(row, measure, size);
        for (size_t k = 0; most && k < b->n_rows; k++) {
            const wijk_backtest_row *other = &b->rows[k];
            most = !is_of(other, measure, size) || strcmp(other->town, row->town) != 0 ||
                   other->areas < row->areas || (other->areas == row->areas && k >= i);
        }
        sum += most ? row->areas : 0;
    }
    return sum;
}

static void write_rows(wijk_backtest *b, int measure, int size, const scored_set *set,
                       double growth, const int8_t *held)
{
    double width = taught(set, growth, ALL, NULL), counted;
    for (size_t i = 0; i < b->n_rows; i++) {
        wijk_backtest_row *row = &b->rows[i];
        if (is_of(row, measure, size) && isfinite(width)) {
            row->grows = growth;
            row->hindsight = width * pow((double)row->to - row->from, growth);
            row->held = held_of(&counted, row, set, held);
            if (counted > 0) {
                wijk_share_interval(&row->held_low, &row->held_high, row->held * counted, counted);
            }
        }
    }
}

typedef struct {
    double held,
        shortfall; /* what is lacking from 90%; more than 90% elsewhere makes up for none */
    double least;
} held_summary;

/* Means over towns of the means over their spans: a town of many spans counts as one. NAN where
 * nothing was held out. */
static held_summary sum_held(const wijk_backtest *b, int measure, int size)
{
    held_summary sum = {0, 0, NAN};
    double towns = 0;
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        double held = 0, lacks = 0, spans = 0;
        int first = is_of(row, measure, size);
        for (size_t k = 0; first && k < b->n_rows; k++) {
            const wijk_backtest_row *other = &b->rows[k];
            if (is_of(other, measure, size) && strcmp(other->town, row->town) == 0 &&
                isfinite(other->held)) {
                held += other->held;
                lacks += fmax(HOLDS - other->held, 0);
                spans++;
                sum.least = fmin(other->held, isfinite(sum.least) ? sum.least : 1);
            }
            first = k >= i || !is_of(other, measure, size) || strcmp(other->town, row->town) != 0;
        }
        if (first && spans > 0) {
            sum.held += held / spans;
            sum.shortfall += lacks / spans;
            towns++;
        }
    }
    sum.held = towns > 0 ? sum.held / towns : NAN;
    sum.shortfall = towns > 0 ? sum.shortfall / towns : NAN;
    return sum;
}

/* Where leaving out tells nothing about growth (one span), it is that of chance: the wider one in
 * the years before. */
static void choose(wijk_backtest *b, int measure, int size, const scored_set *set, int8_t *held)
{
    double lacks[GROWTHS];
    for (int g = 0; g < GROWTHS; g++) {
        hold_out(held, set, growths[g]);
        write_rows(b, measure, size, set, growths[g], held);
        lacks[g] = sum_held(b, measure, size).shortfall;
    }
    if (!(set->towns || set->spans) || !(lacks[STRAIGHT] < lacks[BY_ROOT])) {
        hold_out(held, set, growths[BY_ROOT]);
        write_rows(b, measure, size, set, growths[BY_ROOT], held);
    }
}

static void fill(wijk_backtest *b, int measure, int size, const backtest_scores *scores,
                 scored_set *set, int8_t *held)
{
    set->n = 0;
    for (size_t i = 0; i < scores->n; i++) {
        const backtest_scored *s = &scores->all[i];
        if (s->measure == measure &&
            (size == WIJK_BACKTEST_ALL || size == (int)wijk_backtest_size_of(s->households))) {
            set->of[set->n++] = s;
        }
    }
    if (set->n > 0 && areas_of(b, measure, size) >= WIJK_BACKTEST_FEW) {
        set->towns = differs(same_town, set);
        set->regions = differs(same_region, set);
        set->spans = differs(same_span, set);
        choose(b, measure, size, set, held);
    }
}

int backtest_hindsight(wijk_backtest *b, const backtest_scores *scores)
{
    scored_set set = {.of = wijk_alloc((scores->n + 1) * sizeof *set.of),
                      .room = wijk_alloc((scores->n + 1) * sizeof *set.room)};
    int8_t *held = wijk_alloc(scores->n + 1);
    int rc = set.of && set.room && held ? WIJK_OK : WIJK_ENOMEM;
    for (int m = 0; !rc && m < WIJK_BACKTEST_MEASURES; m++) {
        for (int size = 0; size < WIJK_BACKTEST_SIZES; size++) {
            fill(b, m, size, scores, &set, held);
        }
    }
    wijk_free(set.of);
    wijk_free(set.room);
    wijk_free(held);
    return rc;
}

/* ---- asked of a summary ---------------------------------------------------------------------- */

static int is_told(const wijk_backtest_row *row, int measure, int size)
{
    return is_of(row, measure, size) && isfinite(row->hindsight);
}

int wijk_backtest_hindsight(wijk_hindsight *out, const wijk_backtest *b,
                            wijk_backtest_measure measure, wijk_backtest_size size, double years)
{
    const wijk_backtest_row *any = NULL;
    *out = (wijk_hindsight){.half = NAN, .areas = areas_of(b, (int)measure, (int)size)};
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        if (is_told(row, (int)measure, (int)size)) {
            any = any ? any : row;
            out->tested = row->to - row->from > out->tested ? row->to - row->from : out->tested;
        }
    }
    if (!any) {
        return wijk_fail(
            WIJK_ENOTFOUND,
            "Dit is niet op genoeg gebieden van deze grootte in het verleden getoetst.",
            "This was not tested in the past on enough areas of this size.");
    }
    const held_summary held = sum_held(b, (int)measure, (int)size);
    out->held = held.held;
    out->held_least = held.least;
    double counted =
        fmin(fmax(years, 0), out->tested); /* further on nobody knows: at least so far */
    out->half = any->hindsight * pow(counted / (any->to - any->from), any->grows);
    return WIJK_OK;
}
