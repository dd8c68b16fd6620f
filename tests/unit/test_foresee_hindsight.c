/* The hindsight range on misses whose law is known: its width reckoned again here, what it holds
 * against what conformal prediction promises, how it grows, and that towns that differ are found
 * out by leaving them out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "foresee/backtest.h"
#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

typedef struct {
    const char *town;
    int from, to;
    size_t areas;
    uint32_t regions; /* areas are dealt over them in blocks */
    double spread;    /* of a miss in one year */
} span;

static const wijk_backtest_measure AGE = WIJK_BACKTEST_OLDER;

/* Rows and misses of spans: half-normal, growing with years to the power `growth`. */
static wijk_backtest *make(backtest_scores *scores, const span *spans, size_t n, double growth)
{
    wijk_backtest *b = wijk_alloc(sizeof *b);
    assert_non_null(b);
    b->rows = wijk_alloc(n * 2 * sizeof *b->rows);
    assert_non_null(b->rows);
    memset(scores, 0, sizeof *scores);
    for (size_t k = 0; k < n; k++) {
        const span *s = &spans[k];
        for (int large = 0; large < 2; large++) {
            wijk_backtest_row *row = &b->rows[b->n_rows++];
            *row = (wijk_backtest_row){.from = s->from,
                                       .to = s->to,
                                       .measure = AGE,
                                       .size = large ? WIJK_BACKTEST_LARGE : WIJK_BACKTEST_ALL,
                                       .areas = s->areas,
                                       .hindsight = NAN,
                                       .held = NAN};
            strcpy(row->town, s->town);
        }
        for (size_t i = 0; i < s->areas; i++) {
            const wijk_draw draw = {
                .seed = 11, .purpose = 1, .place = (uint32_t)i, .time = (uint32_t)k};
            double u = wijk_rng_uniform(draw);
            const backtest_scored one = {.town = s->town,
                                         .from = s->from,
                                         .to = s->to,
                                         .measure = AGE,
                                         .region = (uint32_t)(i * s->regions / s->areas),
                                         .households = 5000,
                                         .miss = s->spread * wijk_normal_quantile(0.5 + u / 2) *
                                                 pow((double)s->to - s->from, growth)};
            assert_int_equal(backtest_add_score(scores, &one), WIJK_OK);
        }
    }
    assert_int_equal(backtest_hindsight(b, scores), WIJK_OK);
    return b;
}

static void done(wijk_backtest *b, backtest_scores *scores)
{
    wijk_backtest_free(b);
    wijk_free(scores->all);
}

/* Three towns whose misses are alike: the width is that of the half-normal law, every town left out
 * is held as often as the range says, and growth is found. */
static void test_alike(void **state)
{
    (void)state;
    static const double growths[] = {0.5, 1};
    const span spans[] = {{"a", 2000, 2004, 400, 1, 1}, {"a", 2004, 2016, 400, 1, 1},
                          {"b", 2001, 2002, 400, 5, 1}, {"b", 2002, 2008, 400, 5, 1},
                          {"c", 2010, 2012, 400, 9, 1}, {"c", 2010, 2019, 400, 9, 1}};
    for (int g = 0; g < 2; g++) {
        backtest_scores scores;
        wijk_hindsight h;
        wijk_backtest *b = make(&scores, spans, 6, growths[g]);
        for (size_t i = 0; i < b->n_rows; i++) {
            const wijk_backtest_row *row = &b->rows[i];
            assert_true(row->grows == growths[g]);
            assert_true(row->held > 0.85 && row->held < 0.95); /* 3 standard errors of 400 */
            assert_true(row->held_low < row->held && row->held < row->held_high);
        }
        assert_int_equal(wijk_backtest_hindsight(&h, b, AGE, WIJK_BACKTEST_LARGE, 4), WIJK_OK);
        double law = wijk_normal_quantile(0.95) * pow(4, growths[g]);
        assert_true(fabs(h.half / law - 1) < 0.06);
        assert_int_equal(h.areas, 1200);
        assert_int_equal(h.tested, 12);
        done(b, &scores);
    }
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The width is the miss with ceil(0.9 (n + 1)) - 1 others below it, and what a gemeente left out
 * holds is counted again, one by one. */
static void test_counted_again(void **state)
{
    (void)state;
    const span spans[] = {{"a", 2018, 2020, 237, 7, 3}};
    backtest_scores scores;
    wijk_backtest *b = make(&scores, spans, 1, 1);
    double sorted[237], held = 0;
    for (size_t i = 0; i < 237; i++) {
        sorted[i] = scores.all[i].miss;
    }
    qsort(sorted, 237, sizeof *sorted, by_value);
    assert_true(fabs(b->rows[0].hindsight - sorted[215 - 1]) < 1e-12); /* 0.9 x 238 = 214.2 */
    for (size_t i = 0; i < 237; i++) {
        size_t n = 0, least;
        for (size_t k = 0; k < 237; k++) {
            if (scores.all[k].region != scores.all[i].region) {
                sorted[n++] = scores.all[k].miss;
            }
        }
        qsort(sorted, n, sizeof *sorted, by_value);
        least = (size_t)ceil(0.9 * (double)(n + 1));
        held += scores.all[i].miss <= sorted[least - 1];
    }
    assert_true(fabs(b->rows[0].held - held / 237) < 1e-12);
    assert_true(b->rows[0].grows == 0.5); /* one span tells nothing of growth: that of chance */
    done(b, &scores);
}

/* A town that is harder than the others is not held, and the summary says so. */
static void test_unlike(void **state)
{
    (void)state;
    const span spans[] = {
        {"a", 2005, 2009, 300, 1, 1}, {"b", 2005, 2009, 300, 1, 1}, {"c", 2005, 2009, 300, 1, 4}};
    backtest_scores scores;
    wijk_hindsight h;
    wijk_backtest *b = make(&scores, spans, 3, 1);
    assert_true(b->rows[0].held > 0.97 && b->rows[4].held < 0.5);
    assert_int_equal(wijk_backtest_hindsight(&h, b, AGE, WIJK_BACKTEST_LARGE, 4), WIJK_OK);
    assert_true(h.held_least == b->rows[5].held);
    assert_true(fabs(h.held - (b->rows[1].held + b->rows[3].held + b->rows[5].held) / 3) < 1e-12);
    done(b, &scores);
}

/* Nineteen areas are too few; one gemeente over one span has nothing to be held against. */
static void test_too_few(void **state)
{
    (void)state;
    const span few[] = {{"a", 2005, 2009, 19, 1, 1}}, alone[] = {{"a", 2005, 2009, 200, 1, 1}};
    backtest_scores scores;
    wijk_hindsight h;
    wijk_backtest *b = make(&scores, few, 1, 1);
    assert_true(isnan(b->rows[0].hindsight));
    assert_int_equal(wijk_backtest_hindsight(&h, b, AGE, WIJK_BACKTEST_LARGE, 4), WIJK_ENOTFOUND);
    done(b, &scores);
    b = make(&scores, alone, 1, 1);
    assert_int_equal(wijk_backtest_hindsight(&h, b, AGE, WIJK_BACKTEST_LARGE, 4), WIJK_OK);
    assert_true(h.half > 0 && isnan(h.held));
    assert_int_equal(wijk_backtest_hindsight(&h, b, AGE, WIJK_BACKTEST_SMALL, 4), WIJK_ENOTFOUND);
    done(b, &scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alike), cmocka_unit_test(test_counted_again),
        cmocka_unit_test(test_unlike), cmocka_unit_test(test_too_few)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
