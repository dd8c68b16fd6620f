/* Means over the pairs of an ensemble. The idea: middles of several counts do not add up and their
 * means do, so whatever is told as an account (came in, went out, is left) is told in means. */
#include "foresee/ensemble.h"

#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

/* Adds the difference of one term to each pair; *told is 0 where a reader may not see it. */
static int add_term(double *values, int *told, const wijk_ensemble *e, size_t place,
                    const wijk_term *term)
{
    wijk_bands bands;
    int rc = wijk_ensemble_outcome_ever(&bands, e, place, term->outcome);
    *told = !rc && isfinite(bands.difference.median);
    for (size_t r = 0; *told && r < ensemble_replicates(e); r++) {
        const int32_t *row = ensemble_of(e, r);
        int64_t more = 0;
        uint32_t year = wijk_outcome_is_flow(term->outcome) ? 1 : e->years;
        for (; year <= e->years; year++) {
            more += row[ensemble_at(e, SIDE_SCENARIO, year, place, term->outcome)];
            more -= row[ensemble_at(e, SIDE_NOTHING, year, place, term->outcome)];
        }
        values[r] += (double)more * term->weight;
    }
    return rc;
}

int wijk_ensemble_account(wijk_band *out, const wijk_ensemble *e, size_t place,
                          const wijk_term *terms, size_t n)
{
    size_t pairs = ensemble_replicates(e);
    double *values = wijk_alloc(pairs * sizeof *values);
    wijk_sum sum = {0};
    int rc = values ? WIJK_OK : WIJK_ENOMEM, told = 1;
    *out = (wijk_band){NAN, NAN, NAN, NAN, NAN};
    if (values) {
        memset(values, 0, pairs * sizeof *values);
    }
    for (size_t i = 0; !rc && told && i < n; i++) {
        rc = add_term(values, &told, e, place, &terms[i]);
    }
    for (size_t r = 0; !rc && told && r < pairs; r++) {
        wijk_sum_add(&sum, values[r]);
    }
    if (!rc && told) {
        *out = ensemble_pairs_band(values, pairs);
        out->median = wijk_sum_value(&sum) / (double)pairs;
    }
    wijk_free(values);
    return rc;
}
