/* Homes as they were built, demolished and sold between waves, as dated levers. The idea: tenure
 * moves only by levers, and what is scored is who lives in the homes; so the homes are given. A
 * lever has no way to turn a private home into an owner's: such changes are not fed, and
 * backtest_score.c tells how far the fed homes are from the observed ones. */
#include "foresee/backtest.h"

#include "wijk/err.h"
#include "wijk/lever.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <math.h>

/* A home that is to be sold or let freely changes when it falls empty: 6% a year (Eigen Haard
 * 2016/17, turnover of a tight market). More are marked, so that as many change as did. */
#define TURNOVER 0.06

typedef struct {
    wijk_change *rows;
    size_t n, room;
} changes;

static int add(changes *c, int32_t month, size_t area, wijk_lever lever, double homes)
{
    if (!(homes >= 1)) {
        return WIJK_OK;
    }
    if (c->n == c->room) {
        size_t room = c->room ? c->room * 2 : 1024;
        if (room > WIJK_MAX_CHANGES) {
            return wijk_fail(WIJK_ELIMIT, "Meer dan %u veranderingen van woningen in deze stad.",
                             "More than %u changes of homes in this town.", WIJK_MAX_CHANGES);
        }
        wijk_change *moved = wijk_realloc(c->rows, room * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        c->rows = moved;
        c->room = room;
    }
    c->rows[c->n++] = (wijk_change){.month = month,
                                    .scope = WIJK_IN_AREA,
                                    .place = (uint32_t)area,
                                    .lever = lever,
                                    .value = fmin(homes, wijk_lever_get(lever)->most)};
    return WIJK_OK;
}

/* The same number each year, in July; whole homes, nothing lost to rounding. */
static int spread(changes *c, int32_t first, int years, size_t area, wijk_lever lever, double homes)
{
    double before = 0;
    int rc = WIJK_OK;
    for (int y = 0; !rc && y < years; y++) {
        double after = floor(homes * (y + 1) / years + 0.5);
        rc = add(c, first + y * 12 + 6, area, lever, after - before);
        before = after;
    }
    return rc;
}

typedef struct { /* marked in earlier periods and not fallen empty yet, expected */
    double sell, free;
} marked;

/* Marks so many that `wanted` change in `years`, those of before counted. */
static double mark(double *left, double wanted, int years)
{
    double part = 1 - pow(1 - TURNOVER, years);
    double more = fmax(wanted / part - *left, 0);
    *left = (*left + more) * (1 - part);
    return floor(more + 0.5);
}

static int feed_period(changes *c, const backtest_town *t, size_t i, int wave, marked *left)
{
    const backtest_case *what = t->what;
    int first = wave_year(what, wave - 1) - what->start;
    int years = wave_year(what, wave) - wave_year(what, wave - 1);
    double more[SEED_TENURES];
    for (int h = 0; h < SEED_TENURES; h++) {
        more[h] = t->homes[wave][h][i] - t->homes[wave - 1][h][i];
        if (!isfinite(more[h])) {
            return WIJK_OK; /* not known at one of the waves: stays as it is */
        }
    }
    double gone = fmax(-more[SEED_SOCIAL], 0);
    double sold = fmin(gone, fmax(more[SEED_OWNER], 0));
    double freed = fmin(gone - sold, fmax(more[SEED_PRIVATE], 0));
    int32_t month = (int32_t)first * 12;
    int rc = add(c, month, i, WIJK_LEVER_SELL, mark(&left->sell, sold, years));
    rc = rc ? rc : add(c, month, i, WIJK_LEVER_LIBERALISE, mark(&left->free, freed, years));
    rc = rc ? rc : spread(c, month, years, i, WIJK_LEVER_DEMOLISH, gone - sold - freed);
    rc = rc ? rc : spread(c, month, years, i, WIJK_LEVER_BUILD_SOCIAL, fmax(more[SEED_SOCIAL], 0));
    rc = rc ? rc
            : spread(c, month, years, i, WIJK_LEVER_BUILD_OWNER, fmax(more[SEED_OWNER], 0) - sold);
    return rc ? rc
              : spread(c, month, years, i, WIJK_LEVER_BUILD_PRIVATE,
                       fmax(more[SEED_PRIVATE], 0) - freed);
}

int backtest_feed(backtest_town *t)
{
    changes c = {0};
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < t->n; i++) {
        marked left = {0, 0};
        for (int wave = WAVE_END; !rc && wave < waves_of(t->what); wave++) {
            rc = t->homes[wave - 1][0] && t->homes[wave][0] ? feed_period(&c, t, i, wave, &left)
                                                            : WIJK_OK;
        }
    }
    t->stock = c.rows;
    t->n_stock = c.n;
    return rc;
}
