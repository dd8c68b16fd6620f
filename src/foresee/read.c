/* What may be known of a run: counts of areas, of groups in an area, of regions, of who waits. This
 * is the only way out of a run, and nothing here knows a household. */
#include "foresee/run.h"

#include <string.h>

/* ---- sums per region
 * ------------------------------------------------------------------------------ */

static void add_place(foresee_run *run, size_t place, int64_t *sums)
{
    const int32_t *row = foresee_row(run, run->row, place);
    const int32_t *groups = foresee_group_row(run, run->row, place);
    int64_t *to = sums + (run->places[place].area == NO_AREA ? SUM_WAITING : SUM_AREAS);
    for (int i = 0; i < WIJK_OUTCOMES; i++) {
        int score = i == WIJK_OUT_LIVABILITY_SOC || i == WIJK_OUT_LIVABILITY_ONV;
        to[i] += (int64_t)row[i] * (score ? row[WIJK_OUT_HOUSEHOLDS] : 1);
    }
    for (int i = 0; run->places[place].area != NO_AREA && i < WIJK_GROUPS * WIJK_GROUP_OUTCOMES;
         i++) {
        sums[SUM_GROUPS + i] += groups[i];
    }
}

static int is_flow(int sum)
{
    return sum < SUM_GROUPS ? wijk_outcome_is_flow((wijk_outcome)(sum % WIJK_OUTCOMES))
                            : (sum - SUM_GROUPS) % WIJK_GROUP_OUTCOMES >= WIJK_GOUT_MOVED_IN;
}

void foresee_sum_period(foresee_run *run)
{
    for (size_t region = 0; region < run->n_regions; region++) {
        const foresee_region *r = &run->regions[region];
        int64_t *sums = foresee_sums(run, run->period, region);
        memset(sums, 0, SUMS * sizeof *sums);
        for (uint32_t i = 0; i < r->places; i++) {
            add_place(run, r->first_place + i, sums);
        }
        /* A row of the whole run holds what earlier periods told already. */
        int whole = run->options.detail == WIJK_EVERY_REGION;
        for (size_t before = 1; whole && before < run->period; before++) {
            const int64_t *earlier = foresee_sums(run, before, region);
            for (int i = 0; i < SUMS; i++) {
                sums[i] -= is_flow(i) ? earlier[i] : 0;
            }
        }
    }
}

/* ---- reading
 * --------------------------------------------------------------------------------------- */

uint32_t wijk_foresee_month(const wijk_foresee *run)
{
    return run->month;
}

size_t wijk_foresee_periods(const wijk_foresee *run)
{
    return run->month == run->options.months ? run->periods : run->period;
}

int wijk_foresee_has_areas(const wijk_foresee *run, size_t period)
{
    return period < wijk_foresee_periods(run) &&
           (run->options.detail == WIJK_EVERY_AREA || period == 0 || period + 1 == run->periods);
}

/* The row of places in which a period stands. */
static size_t row_of(const foresee_run *run, size_t period)
{
    return run->options.detail == WIJK_EVERY_AREA ? period : period > 0;
}

int32_t wijk_foresee_area_count(const wijk_foresee *run, size_t period, size_t area,
                                wijk_outcome outcome)
{
    return foresee_row(run, row_of(run, period), run->area_place[area])[outcome];
}

int32_t wijk_foresee_group_count(const wijk_foresee *run, size_t period, size_t area,
                                 wijk_group group, wijk_group_outcome outcome)
{
    const int32_t *groups = foresee_group_row(run, row_of(run, period), run->area_place[area]);
    return groups[group * WIJK_GROUP_OUTCOMES + outcome];
}

int64_t wijk_foresee_region_count(const wijk_foresee *run, size_t period, size_t region,
                                  wijk_outcome outcome)
{
    return foresee_sums(run, period, region)[SUM_AREAS + outcome];
}

int64_t wijk_foresee_region_group(const wijk_foresee *run, size_t period, size_t region,
                                  wijk_group group, wijk_group_outcome outcome)
{
    return foresee_sums(run, period, region)[SUM_GROUPS + group * WIJK_GROUP_OUTCOMES + outcome];
}

int64_t wijk_foresee_waiting_count(const wijk_foresee *run, size_t period, size_t region,
                                   wijk_outcome outcome)
{
    return foresee_sums(run, period, region)[SUM_WAITING + outcome];
}

int64_t wijk_foresee_outside(const wijk_foresee *run, int persons)
{
    int64_t sum = 0;
    for (size_t r = 0; r < run->n_regions; r++) {
        sum += persons ? run->regions[r].outside_persons : run->regions[r].outside_households;
    }
    return sum;
}

uint64_t wijk_foresee_offers(const wijk_foresee *run)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < run->n_scratch; i++) {
        sum += run->scratch[i].market.offers;
    }
    return sum;
}
