/* What the back-test scores, of a forecast: the course when nothing is done, with the band of the
 * simulation and the hindsight range around the same middle. One formula says what a run counts for
 * both, or the range would be of another thing than was tested. */
#include "foresee/backtest.h"
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <math.h>

double backtest_said(int measure, backtest_count *count, const void *from)
{
#define N(name) count(from, WIJK_OUT_##name)
    switch (measure) {
    case WIJK_BACKTEST_SINGLE:
        return 100 * (N(SINGLE) + N(OLDER_SINGLE)) / N(HOUSEHOLDS);
    case WIJK_BACKTEST_CHILDLESS:
        return 100 * (N(COUPLE) + N(OLDER_COUPLE)) / N(HOUSEHOLDS);
    case WIJK_BACKTEST_CHILDREN:
        return 100 * (N(FAMILY) + N(ONE_PARENT)) / N(HOUSEHOLDS);
    case WIJK_BACKTEST_ONE_PARENT:
        return 100 * N(ONE_PARENT) / N(HOUSEHOLDS);
    case WIJK_BACKTEST_ALONE:
        return 100 * (N(SINGLE) + N(OLDER_SINGLE)) / N(PERSONS);
    case WIJK_BACKTEST_YOUNG:
        return 100 * N(CHILDREN) / N(PERSONS);
    case WIJK_BACKTEST_OLDER:
        return 100 * (N(OLDER_SINGLE) + 2 * N(OLDER_COUPLE)) / N(PERSONS);
    case WIJK_BACKTEST_OLDEST:
        return 100 * N(AGE_80) / N(HOUSEHOLDS);
    case WIJK_BACKTEST_HOUSEHOLDS:
        return N(HOUSEHOLDS);
    default: /* persons who came to another home, in the year that ends here */
        return 100 * N(PERSONS_MOVED) / N(PERSONS);
    }
#undef N
}

/* ---- in an ensemble -------------------------------------------------------------------------- */

static double counted(const void *from, wijk_outcome outcome)
{
    const int32_t *cells = from;
    return cells[outcome] == MISSING ? NAN : (double)cells[outcome];
}

static double value_of(const wijk_ensemble *e, size_t nth, size_t place, uint32_t year, int measure)
{
    const int32_t *row = ensemble_of(e, nth);
    const int32_t *now = row + ensemble_at(e, SIDE_NOTHING, year, place, (wijk_outcome)0);
    const int32_t *then = row + ensemble_at(e, SIDE_NOTHING, 0, place, (wijk_outcome)0);
    double value = backtest_said(measure, counted, now);
    return measure == WIJK_BACKTEST_HOUSEHOLDS ? 100 * value / backtest_said(measure, counted, then)
                                               : value;
}

/* Of whom `measure` is a share. */
static wijk_outcome whole_of(int measure)
{
    int persons = measure == WIJK_BACKTEST_ALONE || measure == WIJK_BACKTEST_YOUNG ||
                  measure == WIJK_BACKTEST_OLDER || measure == WIJK_BACKTEST_MOVES;
    return persons ? WIJK_OUT_PERSONS : WIJK_OUT_HOUSEHOLDS;
}

/* A share of few is withheld as their count would be: over all replicates, not as the first has it.
 */
static int share_of_few(const wijk_ensemble *e, size_t place, uint32_t year, int measure,
                        const wijk_band *share)
{
    size_t n = ensemble_replicates(e), at = ensemble_at(e, SIDE_NOTHING, year, place, 0);
    double whole = 0;
    for (size_t r = 0; r < n; r++) {
        whole += counted(ensemble_of(e, r) + at, whole_of(measure)) / (double)n;
    }
    double count = share->median / 100 * whole;
    return measure != WIJK_BACKTEST_HOUSEHOLDS && share->high90 > 0 && count < WIJK_ENSEMBLE_LEAST;
}

static int read_band(wijk_band *out, const wijk_ensemble *e, size_t place, uint32_t year,
                     int measure)
{
    static const wijk_band none = {NAN, NAN, NAN, NAN, NAN};
    size_t n = ensemble_replicates(e);
    double *values = wijk_alloc(n * sizeof *values);
    int known = values != NULL;
    if (!values) {
        return WIJK_ENOMEM;
    }
    for (size_t r = 0; r < n; r++) {
        values[r] = value_of(e, r, place, year, measure);
        known = known && isfinite(values[r]);
    }
    *out = known ? ensemble_band(values, n) : none;
    if (known && share_of_few(e, place, year, measure, out)) {
        *out = none;
    }
    wijk_free(values);
    return WIJK_OK;
}

static double size_at_start(const wijk_ensemble *e, size_t place)
{
    const int32_t *row = ensemble_of(e, 0); /* all replicates start alike */
    return counted(row + ensemble_at(e, SIDE_NOTHING, 0, place, (wijk_outcome)0),
                   WIJK_OUT_HOUSEHOLDS);
}

int wijk_backtest_course(wijk_course *out, const wijk_backtest *b, const wijk_ensemble *e,
                         size_t place, uint32_t year, wijk_backtest_measure measure)
{
    uint32_t first = measure == WIJK_BACKTEST_MOVES;
    if (place >= e->n_places || year > e->years || year < first ||
        measure >= WIJK_BACKTEST_LEAVERS) {
        return wijk_fail(WIJK_EINVAL, "geen plaats, jaar of uitkomst van deze berekening",
                         "no place, year or outcome of this run");
    }
    *out = (wijk_course){.low = NAN, .high = NAN, .past = {.half = NAN, .held = NAN}};
    int rc = read_band(&out->band, e, place, year, measure);
    double households = size_at_start(e, place);
    if (rc || !isfinite(out->band.median) || !(households >= WIJK_BACKTEST_LEAST)) {
        return rc;
    }
    rc = wijk_backtest_hindsight(&out->past, b, measure, wijk_backtest_size_of(households), year);
    if (rc == WIJK_OK) {
        int share = measure < WIJK_BACKTEST_HOUSEHOLDS;
        out->low = fmax(out->band.median - out->past.half, 0);
        out->high = fmin(out->band.median + out->past.half, share ? 100 : INFINITY);
        out->beyond = year > (uint32_t)out->past.tested;
    }
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}
