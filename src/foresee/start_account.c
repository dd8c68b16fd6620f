/* The account of a start population: how close every margin came to what was published or borrowed.
 * The idea: a reader judges a made-up town by its misses, those of borrowed figures too, so all of
 * them are counted where the town is made. */
#include "foresee/start.h"

#include <math.h>

int start_is_within(const wijk_fitted *f)
{
    return fabs((double)f->synthetic - (double)f->published) <= fmax((double)f->half, 0.5) + 1e-3;
}

static double base_of(const wijk_start_area *area, int margin)
{
    switch (margin) {
    case WIJK_MARGIN_AGE_0:
    case WIJK_MARGIN_AGE_15:
    case WIJK_MARGIN_AGE_25:
    case WIJK_MARGIN_AGE_45:
    case WIJK_MARGIN_AGE_65:
    case WIJK_MARGIN_HOUSED:
        return area->people;
    case WIJK_MARGIN_OCCUPIED:
    case WIJK_MARGIN_OWNER:
    case WIJK_MARGIN_SOCIAL:
    case WIJK_MARGIN_PRIVATE:
        return area->homes;
    default:
        return area->households;
    }
}

/* Adds one area; `bases` is what its borrowed figures are shares of. */
static void account_for(wijk_start_margin *sum, double *bases, const wijk_start_area *area,
                        int margin, uint32_t index)
{
    const wijk_fitted *f = &area->fitted[margin];
    double published = (double)f->published, synthetic = (double)f->synthetic;
    sum->from[f->from]++;
    sum->all_published += published;
    sum->all_synthetic += synthetic;
    if (f->from == WIJK_FROM_COUNTRY) {
        return; /* nothing to hold it against */
    }
    if (f->from != WIJK_FROM_NATIVE) {
        sum->borrowed++;
        sum->target += published;
        sum->made += synthetic;
        sum->apart += fabs(synthetic - published); /* a sum until all have been */
        *bases += base_of(area, margin);
        return;
    }
    sum->native++;
    sum->within += (uint32_t)start_is_within(f);
    sum->published += published;
    sum->synthetic += synthetic;
    double miss = fabs(synthetic - published);
    if (miss > sum->worst) {
        sum->worst = miss;
        sum->worst_area = index;
    }
    double base = base_of(area, margin);
    double variance = base > 0 ? published * (1 - fmin(published / base, 1)) : 0;
    double z = miss / sqrt(fmax(variance, 1));
    if (z > sum->worst_z) {
        sum->worst_z = z;
        sum->worst_z_area = index;
    }
}

void start_account(wijk_start *start)
{
    double bases[WIJK_MARGINS] = {0};
    for (uint32_t i = 0; i < start->set.areas; i++) {
        const wijk_start_area *area = &start->areas[i];
        if (area->empty) {
            continue;
        }
        start->counts.areas++;
        start->counts.within += !area->missed;
        start->counts.loose += !area->missed && area->loose;
        start->counts.conflict += area->conflict;
        start->counts.missed += area->missed && !area->conflict;
        for (int m = 0; m < WIJK_MARGINS; m++) {
            account_for(&start->margins[m], &bases[m], area, m, i);
        }
    }
    for (int m = 0; m < WIJK_MARGINS; m++) {
        start->margins[m].apart /= fmax(bases[m], 1);
    }
}
