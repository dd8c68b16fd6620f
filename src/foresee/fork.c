/* A policy and doing nothing are one run until the policy changes something. The idea: draws depend
 * on no history, so what a run is at the end of a month is all that the next month looks at; a run
 * that begins there gives the same bytes as one that came the whole way. */
#include "foresee/run.h"
#include "wijk/err.h"

#include <string.h>

/* Room for what a scenario builds moves places and may divide chunks otherwise: that stays the
 * copy's own. */
static void copy_places(foresee_run *to, const foresee_run *from)
{
    for (size_t i = 0; i < to->n_places; i++) {
        foresee_place *place = &to->places[i];
        const foresee_place own = *place;
        *place = from->places[i];
        place->block = own.block;
        place->blocks = own.blocks;
        place->chunk = own.chunk;
        foresee_state_copy(&to->state, own.block, &from->state, from->places[i].block,
                           from->places[i].blocks);
    }
    for (size_t r = 0; r < to->n_regions; r++) {
        foresee_region *region = &to->regions[r];
        const foresee_region own = *region;
        *region = from->regions[r];
        region->first_chunk = own.first_chunk;
        region->chunks = own.chunks;
    }
}

int foresee_fork_check(const wijk_population *population, const wijk_scenario *scenario,
                       uint32_t months)
{
    const wijk_foresee_options options = {.months = months, .period = WIJK_PER_YEAR};
    uint64_t bytes;
    int rc = foresee_levers_check(population, scenario, months);
    return rc ? rc : foresee_layout_bytes(&bytes, population, scenario, &options);
}

uint32_t foresee_fork_month(const wijk_scenario *scenario)
{
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < scenario->n; i++) {
        uint32_t month = (uint32_t)scenario->changes[i].month;
        first = month < first ? month : first;
    }
    return first;
}

int foresee_fork(foresee_run **out, const foresee_run *from, const wijk_scenario *scenario)
{
    int rc = wijk_foresee_new(out, from->population, from->parameters, scenario, &from->options);
    if (rc) {
        return rc;
    }
    foresee_run *to = *out;
    size_t rows = from->rows * from->n_places;
    copy_places(to, from);
    memcpy(to->outside, from->outside, from->n_regions * FORESEE_OUTSIDE * sizeof *to->outside);
    memcpy(to->counts, from->counts, rows * WIJK_OUTCOMES * sizeof *to->counts);
    memcpy(to->groups, from->groups, rows * WIJK_GROUPS * WIJK_GROUP_OUTCOMES * sizeof *to->groups);
    memcpy(to->sums, from->sums, from->periods * from->n_regions * SUMS * sizeof *to->sums);
    to->month = from->month;
    to->before = from->before;
    to->row = from->row;
    to->period = from->period;
    to->scratch->market.offers = wijk_foresee_offers(from);
    return WIJK_OK;
}
