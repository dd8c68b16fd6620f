/* How the middle and the range of an answer settle as replicates are added: the same figures on the
 * first quarter, the first half and all of them, each with the error that chance between replicates
 * gives it (bootstrap over replicates, keyed by the seed). */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_CONVERGE = 0x434F4E56, AGAIN = 300, LEAST = 4 };

/* Of the middle and both ends of the 90% range: how far each would be off in another draw. */
static void errors_of(wijk_convergence *out, const double *values, uint32_t n, uint64_t seed,
                      double *room)
{
    const double middle[3] = {out->band.low90, out->band.median, out->band.high90};
    wijk_sum sum[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (uint32_t b = 0; b < AGAIN; b++) {
        wijk_rng_stream stream;
        wijk_rng_begin(
            &stream, (wijk_draw){.seed = seed, .purpose = PURPOSE_CONVERGE, .place = n, .time = b});
        for (uint32_t i = 0; i < n; i++) {
            room[i] = values[wijk_rng_below(&stream, n)];
        }
        wijk_band band = ensemble_band(room, n);
        const double found[3] = {band.low90, band.median, band.high90};
        for (int k = 0; k < 3; k++) {
            wijk_sum_add(&sum[k], (found[k] - middle[k]) * (found[k] - middle[k]));
        }
    }
    out->low_error = sqrt(wijk_sum_value(&sum[0]) / AGAIN);
    out->error = sqrt(wijk_sum_value(&sum[1]) / AGAIN);
    out->high_error = sqrt(wijk_sum_value(&sum[2]) / AGAIN);
}

int wijk_ensemble_convergence(wijk_convergence out[WIJK_CONVERGENCE], size_t *n,
                              const wijk_ensemble *e, wijk_outcome outcome)
{
    size_t all = ensemble_replicates(e);
    size_t scenario = ensemble_at(e, SIDE_SCENARIO, e->years, WIJK_ENSEMBLE_HERE, outcome);
    size_t nothing = ensemble_at(e, SIDE_NOTHING, e->years, WIJK_ENSEMBLE_HERE, outcome);
    double *values = wijk_alloc(all * sizeof *values), *room = wijk_alloc(all * sizeof *room);
    wijk_bands told;
    int rc = values && room ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_ensemble_outcome(&told, e, WIJK_ENSEMBLE_HERE, e->years, outcome);
    int withheld = !rc && !isfinite(told.difference.median);
    *n = 0;
    for (size_t r = 0; !rc && r < all; r++) {
        const int32_t *row = ensemble_of(e, r);
        values[r] = (double)row[scenario] - (double)row[nothing];
    }
    for (size_t part = 4; !rc && !withheld && part > 0; part /= 2) {
        size_t count = all / part;
        if (count >= LEAST) {
            wijk_convergence *c = &out[(*n)++];
            memcpy(room, values, count * sizeof *room);
            c->replicates = (uint32_t)count;
            c->band = ensemble_band(room, count);
            errors_of(c, values, (uint32_t)count, e->seed, room);
        }
    }
    wijk_free(values);
    wijk_free(room);
    return rc;
}
