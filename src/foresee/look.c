/* What can be known of a forecast before anything is built: whether enough people live in the place
 * to show anything, and whether its policy can be run there. The idea: who asks for what will be
 * refused is told at the question, with what can be asked instead, and not after a wait. */
#include "foresee/start.h"
#include "foresee/state.h"

#include "wijk/err.h"
#include "wijk/forecast.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <stdio.h>
#include <string.h>

/* Making a figure whole moves it within its rounding: so many published are surely enough. */
enum { SURE = 10 * WIJK_ENSEMBLE_LEAST };

/* As the start population will have it: an area has the same people in whatever is modelled. */
static int count_whole(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                       const wijk_start_options *options)
{
    wijk_start *start;
    *out = 0;
    int rc = wijk_start_new(&start, store, registry, options, NULL);
    for (size_t i = 0; !rc && i < wijk_start_areas(start); i++) {
        *out += wijk_start_area_at(start, i)->households;
    }
    wijk_start_free(start);
    return rc;
}

/* A gemeente by its own figure: reading all its parts for every look at a page is too much. */
static int count(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_area *area)
{
    const wijk_start_options options = {.area = area->id,
                                        .level = area->level == WIJK_GEMEENTE ? WIJK_GEMEENTE
                                                                              : WIJK_LEVELS,
                                        .seed = 1};
    int rc = wijk_start_households(out, store, registry, &options, NULL);
    return rc || *out == 0 || *out >= SURE ? rc : count_whole(out, store, registry, &options);
}

/* The wijk and the gemeente around it, those that have enough. */
static int find_larger(wijk_case_size *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_area *area)
{
    wijk_area at = *area;
    int rc = WIJK_OK;
    while (!rc && at.parent && at.level != WIJK_GEMEENTE && out->n_larger < 2) {
        uint64_t households = 0;
        rc = wijk_area_get(&at, store, arena, at.parent);
        if (!rc && (at.level == WIJK_WIJK || at.level == WIJK_GEMEENTE)) {
            rc = count(&households, store, registry, &at);
        }
        if (!rc && households >= WIJK_ENSEMBLE_LEAST) {
            out->larger[out->n_larger++] = at;
        }
    }
    return rc;
}

static int refuse(const wijk_case_size *size)
{
    wijk_str names[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    for (int lang = 0; lang < 2; lang++) {
        const char *between = lang == WIJK_NL ? " of " : " or ";
        for (size_t i = 0; i < size->n_larger; i++) {
            wijk_str_addf(&names[lang], "%s%s (%s)", i ? between : "", size->larger[i].name,
                          size->larger[i].code);
        }
        if (!size->n_larger) {
            wijk_str_add(&names[lang], lang == WIJK_NL ? "een groter gebied" : "a larger area");
        }
    }
    int rc = wijk_str_status(&names[0]) ? WIJK_ENOMEM : wijk_str_status(&names[1]);
    rc = rc ? rc
            : wijk_fail(WIJK_EDENIED,
                        "Hier wonen minder dan %d huishoudens, of het is niet bekend hoeveel. "
                        "Daarvoor wordt niets doorgerekend: kies %s.%.0s",
                        "Fewer than %d households live here, or it is not known how many. Nothing "
                        "is worked out for so few: %.0schoose %s.",
                        WIJK_ENSEMBLE_LEAST, wijk_str_text(&names[0]), wijk_str_text(&names[1]));
    wijk_str_free(&names[0]);
    wijk_str_free(&names[1]);
    return rc;
}

int wijk_case_look(wijk_case_size *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, int64_t area)
{
    wijk_area here;
    *out = (wijk_case_size){.n_larger = 0};
    int rc = wijk_area_get(&here, store, arena, area);
    if (rc || here.level == WIJK_LAND) {
        return rc;
    }
    rc = count(&out->households, store, registry, &here);
    if (rc || out->households >= WIJK_ENSEMBLE_LEAST) {
        return rc;
    }
    rc = find_larger(out, store, registry, arena, &here);
    return rc ? rc : refuse(out);
}

/* ---- its policy ------------------------------------------------------------------------------ */

/* Areas and regions without a home: as much of a population as the places of a policy need. */
typedef struct {
    wijk_start start;
    wijk_population population;
} outline;

static void outline_free(outline *it)
{
    wijk_free(it->start.areas);
    wijk_free(it->population.areas);
    wijk_free(it->population.regions);
    wijk_free(it->population.first);
    margins_free(&it->start.set);
}

static int outline_make(outline *it, wijk_store *store, const wijk_registry *registry,
                        int64_t region)
{
    const wijk_start_options options = {.area = region, .level = WIJK_LEVELS};
    margin_set *set = &it->start.set;
    wijk_population *p = &it->population;
    int rc = margins_list(set, store, registry, &options);
    if (rc) {
        return rc;
    }
    size_t n = set->areas;
    it->start.areas = wijk_alloc((n + 1) * sizeof *it->start.areas);
    p->areas = wijk_alloc((n + 1) * sizeof *p->areas);
    p->regions = wijk_alloc((n + 1) * sizeof *p->regions);
    p->first = wijk_alloc((n + 1) * sizeof *p->first);
    if (!it->start.areas || !p->areas || !p->regions || !p->first) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) { /* parts of a gemeente stand together */
        const margin_area *area = &set->area[i];
        it->start.areas[i].code = area->code;
        it->start.areas[i].name = area->name;
        p->n_regions += i == 0 || strcmp(area->gemeente_code, area[-1].gemeente_code) != 0;
        p->areas[i].region = (uint32_t)p->n_regions - 1;
        snprintf(p->areas[i].code, sizeof p->areas[i].code, "%s", area->code);
        wijk_foresee_region *at = &p->regions[p->n_regions - 1];
        snprintf(at->code, sizeof at->code, "%s", *area->gemeente_code ? area->gemeente_code : "-");
    }
    p->n_areas = n;
    return WIJK_OK;
}

int wijk_case_check(wijk_mistakes *found, wijk_store *store, const wijk_registry *registry,
                    int64_t area, const wijk_scenario_file *scenario)
{
    outline it = {.start = {.n_regions = 0}};
    wijk_scenario bound;
    wijk_area here;
    int64_t region = 0;
    int rc = wijk_area_get(&here, store, found->arena, area);
    rc = rc ? rc : wijk_area_gemeente(&region, store, &here);
    rc = rc ? rc : outline_make(&it, store, registry, region ? region : area);
    if (!rc) {
        const wijk_scenario_options bind = {.population = &it.population,
                                            .start = &it.start,
                                            .here = here.level == WIJK_LAND ? NULL : here.code,
                                            .first = -1,
                                            .found = found};
        rc = wijk_scenario_bind(&bound, scenario, &bind);
        wijk_scenario_release(&bound);
    }
    outline_free(&it);
    return rc;
}
