/* How long a forecast will take, said before it is asked. The idea: computing is linear in
 * households x months x runs, so the last forecast that this file kept tells what the machine does
 * in a second; policies differ, so it is an estimate and is called one. */
#include "foresee/run.h"

#include "wijk/forecast.h"
#include "wijk/threads.h"

enum { LOOKED_AT = 20, MONTHS = 12, RUNS = 2 };

/* One processor beside other work; `bench_foresee` measures 17 to 25 million on one alone. */
static const double ORDINARY = 15e6;

static double household_months(uint64_t households, uint32_t pairs, uint32_t years)
{
    return (double)households * RUNS * pairs * (years * MONTHS + FORESEE_RUN_IN);
}

/* The gemeente around an area, or itself, with the households that are published of it. */
static int region_of(wijk_area *out, uint64_t *households, wijk_store *store,
                     const wijk_registry *registry, wijk_arena *arena, int64_t area)
{
    wijk_area here;
    int64_t region = 0;
    *households = 0;
    int rc = wijk_area_get(&here, store, arena, area);
    rc = rc ? rc : wijk_area_gemeente(&region, store, &here);
    rc = rc ? rc : wijk_area_get(out, store, arena, region ? region : area);
    if (rc || out->level != WIJK_GEMEENTE) {
        return rc;
    }
    const wijk_start_options options = {.area = out->id, .level = WIJK_GEMEENTE};
    return wijk_start_households(households, store, registry, &options, NULL);
}

int wijk_case_pace_of(wijk_case_pace *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area)
{
    wijk_forecast *list;
    size_t n = 0;
    *out = (wijk_case_pace){.speed = ORDINARY * wijk_threads(0, WIJK_FORECAST_PAIRS)};
    int rc = region_of(&out->region, &out->households, store, registry, arena, area);
    rc = rc ? rc : wijk_forecast_list(&list, &n, store, arena, 0, LOOKED_AT);
    for (size_t i = 0; !rc && i < n && !out->measured; i++) {
        const wijk_forecast *f = &list[i];
        wijk_area region;
        uint64_t households = 0;
        if (f->done == 0 || f->seconds < 1) { /* less than that measures the beginning */
            continue;
        }
        rc = region_of(&region, &households, store, registry, arena, f->area);
        if (!rc && households > 0) {
            out->speed = household_months(households, f->done, f->years) / f->seconds;
            out->measured = 1;
        }
    }
    return rc;
}

double wijk_case_pace_pairs(const wijk_case_pace *pace, uint32_t pairs, uint32_t years)
{
    return household_months(pace->households, pairs, years) / pace->speed;
}
