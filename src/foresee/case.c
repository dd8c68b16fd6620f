/* What is modelled for a place: its whole gemeente, since people move over its borders, with the
 * areas of the place marked as those that are shown; of the country all of it, told by gemeente.
 * Made once; any scenario is set on it. */
#include "foresee/breakeven.h"
#include "foresee/run.h"
#include "foresee/start.h"

#include "wijk/forecast.h"

#include "wijk/mem.h"
#include "wijk/sensitivity.h"
#include "wijk/start.h"
#include "wijk/str.h"
#include "wijk/threads.h"

#include <string.h>
#include <time.h>

enum {
    DEPTH = 8,               /* levels of the tree of areas, and some */
    BESIDE_BYTES = 16 << 20, /* tables of the program, its code, stacks and pools of threads: 8 MB
                                were measured of small runs */
    HOME_BYTES = 40          /* of a population, as wijk/foresee.h tells */
};

struct wijk_case {
    wijk_arena *arena; /* holds every text */
    wijk_area area;    /* shown */
    wijk_area region;  /* modelled */
    wijk_start *start;
    wijk_population *population;
    uint32_t *focus; /* areas of the place, rising; NULL for the country */
    size_t n_focus;
    const char **names; /* of all areas; for the country of all gemeenten */
    const char *lineage;
};

void wijk_case_free(wijk_case *it)
{
    if (it) {
        wijk_population_free(it->population);
        wijk_start_free(it->start);
        wijk_arena_free(it->arena);
        wijk_free(it);
    }
}

size_t wijk_case_households(const wijk_case *it)
{
    return wijk_population_households(it->population);
}

static const char *name_of(const wijk_area *area)
{
    return area->name && *area->name ? area->name : area->code;
}

/* The gemeente around the place; that itself when it is one, or lies in none. */
static int find_region(wijk_case *it, wijk_store *store, int64_t area)
{
    int64_t region = 0;
    int rc = wijk_area_get(&it->area, store, it->arena, area);
    rc = rc ? rc : wijk_area_gemeente(&region, store, &it->area);
    return rc ? rc : wijk_area_get(&it->region, store, it->arena, region ? region : it->area.id);
}

static int lies_within(int *out, const wijk_case *it, wijk_store *store, int64_t id)
{
    wijk_area area = {.parent = id};
    *out = 0;
    for (int depth = 0; area.parent && depth < DEPTH; depth++) {
        if (area.parent == it->area.id) {
            *out = 1;
            return WIJK_OK;
        }
        int rc = wijk_area_get(&area, store, it->arena, area.parent);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

static int is_country(const wijk_case *it)
{
    return it->area.level == WIJK_LAND;
}

/* The gemeenten of the country, in the order of the regions of the population. */
static int name_regions(wijk_case *it, wijk_store *store)
{
    const margin_set *set = &it->start->set;
    it->n_focus = wijk_population_regions(it->population);
    it->names = wijk_arena_alloc(it->arena, (it->n_focus + 1) * sizeof *it->names);
    size_t region = 0;
    for (size_t i = 0; it->names && i < set->areas; i++) {
        const margin_area *part = &set->area[i];
        if (i > 0 && strcmp(part->gemeente_code, set->area[i - 1].gemeente_code) == 0) {
            continue;
        }
        wijk_area gemeente = {.name = part->gemeente_code, .code = "-"};
        int rc =
            part->gemeente ? wijk_area_get(&gemeente, store, it->arena, part->gemeente) : WIJK_OK;
        if (rc) {
            return rc;
        }
        it->names[region++] = name_of(&gemeente);
    }
    return it->names ? WIJK_OK : WIJK_ENOMEM;
}

static int choose_focus(wijk_case *it, wijk_store *store)
{
    size_t n = wijk_start_areas(it->start);
    if (is_country(it)) {
        return name_regions(it, store);
    }
    it->focus = wijk_arena_alloc(it->arena, (n + 1) * sizeof *it->focus);
    it->names = wijk_arena_alloc(it->arena, (n + 1) * sizeof *it->names);
    if (!it->focus || !it->names) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const wijk_start_area *area = wijk_start_area_at(it->start, i);
        int within = 1;
        int rc = it->area.id == it->region.id ? WIJK_OK : lies_within(&within, it, store, area->id);
        if (rc) {
            return rc;
        }
        it->names[i] = area->name && *area->name ? area->name : area->code;
        if (within) {
            it->focus[it->n_focus++] = (uint32_t)i;
        }
    }
    return it->n_focus
               ? WIJK_OK
               : wijk_fail(WIJK_ENOTFOUND,
                           "%s bestaat niet uit buurten waarvan de cijfers bekend zijn: kies "
                           "een buurt, wijk of gemeente.",
                           "%s is not made of buurten with known figures: choose a buurt, "
                           "wijk or gemeente.",
                           name_of(&it->area));
}

/* Without words of a language: parts that were made in either are the same bytes. */
static int tell_lineage(wijk_case *it, const wijk_registry *registry)
{
    it->lineage =
        wijk_arena_printf(it->arena, "%zu × %s, %d (%d), %s", wijk_start_areas(it->start),
                          wijk_level_word(wijk_start_level(it->start)), wijk_start_year(it->start),
                          wijk_start_vintage(it->start), wijk_registry_fingerprint(registry));
    return it->lineage ? WIJK_OK : WIJK_ENOMEM;
}

int wijk_case_new(wijk_case **out, wijk_store *store, const wijk_registry *registry, int64_t area,
                  wijk_ctx *ctx)
{
    wijk_parameters defaults;
    wijk_case *it = wijk_alloc(sizeof *it);
    *out = NULL;
    if (!it) {
        return WIJK_ENOMEM;
    }
    int rc = wijk_arena_new(&it->arena, 0);
    wijk_case_size size;
    rc = rc ? rc : find_region(it, store, area);
    rc = rc || it->area.id == it->region.id
             ? rc /* has more, or the run says so */
             : wijk_case_look(&size, store, registry, it->arena, area);
    const wijk_start_options start = {.area = it->region.id, .level = WIJK_LEVELS, .seed = 1};
    rc = rc ? rc : wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_start_new(&it->start, store, registry, &start, ctx);
    rc = rc ? rc : wijk_start_population(&it->population, it->start, &defaults, ctx);
    rc = rc ? rc : choose_focus(it, store);
    rc = rc ? rc : tell_lineage(it, registry);
    if (rc) {
        wijk_case_free(it);
        return rc;
    }
    *out = it;
    return WIJK_OK;
}

int wijk_case_aim(int *aimed, wijk_case *it, wijk_store *store, const wijk_registry *registry,
                  int64_t area)
{
    wijk_case to = {.start = it->start, .population = it->population};
    *aimed = 0;
    int rc = wijk_arena_new(&to.arena, 0);
    rc = rc ? rc : find_region(&to, store, area);
    int same = !rc && to.region.id == it->region.id;
    rc = rc || !same ? rc : choose_focus(&to, store);
    rc = rc || !same ? rc : tell_lineage(&to, registry);
    *aimed = same && !rc;
    if (*aimed) {
        wijk_arena *before = it->arena;
        *it = to;
        to.arena = before;
    }
    wijk_arena_free(to.arena);
    return rc;
}

uint64_t wijk_case_bytes(const wijk_case *it, const wijk_ensemble_options *options)
{
    static const wijk_scenario nothing = {NULL, 0};
    const wijk_foresee_options run = {.months = options->years * 12,
                                      .period = WIJK_PER_YEAR,
                                      .detail =
                                          is_country(it) ? WIJK_EVERY_REGION : WIJK_EVERY_AREA};
    size_t pairs = (size_t)options->last - options->first + 1;
    uint64_t one = wijk_foresee_bytes(it->population, &nothing, &run);
    uint64_t people = (uint64_t)wijk_population_homes(it->population) * HOME_BYTES;
    uint64_t beside = is_country(it) ? 1 : wijk_threads(options->threads, pairs);
    return one == UINT64_MAX ? one
                             : BESIDE_BYTES + people + one * 2 * beside +
                                   wijk_ensemble_bytes(it->n_focus, options);
}

int wijk_case_seconds(double *out, const wijk_case *it, const wijk_ensemble_options *options)
{
    enum { MONTHS = 2 };
    static const wijk_scenario nothing = {NULL, 0};
    const wijk_foresee_options trial = {
        .months = MONTHS, .period = WIJK_PER_YEAR, .detail = WIJK_EVERY_REGION};
    wijk_parameters defaults;
    wijk_foresee *run = NULL;
    struct timespec begin, end;
    size_t runs = 2 * ((size_t)options->last - options->first + 1);
    int rc = wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_foresee_new(&run, it->population, &defaults, &nothing, &trial);
    if (!rc) {
        run->before = FORESEE_RUN_IN; /* counted below as if they were months like others */
        rc = wijk_foresee_to(run, 0, NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &begin);
    rc = rc ? rc : wijk_foresee_to(run, MONTHS, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    wijk_foresee_free(run);
    double month =
        ((double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9) /
        MONTHS;
    double months = (double)options->years * 12 + FORESEE_RUN_IN;
    *out = month * months * (double)runs / wijk_threads(options->threads, runs);
    return rc;
}

/* A scenario set on this case, with its text. Both are the caller's to release, also after a
 * failure. */
static int set_on(wijk_scenario *bound, wijk_str *text, const wijk_case *it,
                  const wijk_scenario_file *scenario, uint32_t years)
{
    const wijk_scenario_options bind = {.population = it->population,
                                        .start = it->start,
                                        .here = is_country(it) ? NULL : it->area.code,
                                        .first = -1,
                                        .months = years * 12};
    int rc = wijk_scenario_bind(bound, scenario, &bind);
    wijk_scenario_write(text, scenario);
    return rc ? rc : wijk_str_status(text);
}

/* What the case adds to what the caller asked. */
static wijk_ensemble_options complete(const wijk_case *it, const wijk_scenario_file *scenario,
                                      const wijk_str *text, const wijk_ensemble_options *options)
{
    wijk_ensemble_options o = *options;
    o.focus = it->focus;
    o.n_focus = it->n_focus;
    o.by_region = is_country(it);
    o.names = it->names;
    o.place = name_of(&it->area);
    o.region = name_of(&it->region);
    o.title[0] = wijk_scenario_title(scenario, WIJK_NL);
    o.title[1] = wijk_scenario_title(scenario, WIJK_EN);
    o.scenario = wijk_str_text(text);
    o.lineage = it->lineage;
    return o;
}

int wijk_case_run(wijk_ensemble **out, const wijk_case *it, const wijk_scenario_file *scenario,
                  const wijk_ensemble_options *options, wijk_ctx *ctx)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_scenario bound = {NULL, 0};
    *out = NULL;
    int rc = set_on(&bound, &text, it, scenario, options->years);
    if (!rc) {
        wijk_ensemble_options o = complete(it, scenario, &text, options);
        rc = wijk_ensemble_run(out, it->population, &bound, &o, ctx);
    }
    wijk_scenario_release(&bound);
    wijk_str_free(&text);
    return rc;
}

int wijk_case_breakeven(wijk_breakeven **out, const wijk_case *it,
                        const wijk_scenario_file *scenario, const wijk_ensemble_options *options,
                        const wijk_prices *prices, const wijk_breakeven_work *work, wijk_ctx *ctx)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_scenario bound = {NULL, 0};
    *out = NULL;
    int rc = set_on(&bound, &text, it, scenario, options->years);
    if (!rc) {
        wijk_ensemble_options o = complete(it, scenario, &text, options);
        rc = breakeven_run(out, it->population, &bound, &o, prices, work, ctx);
    }
    wijk_scenario_release(&bound);
    wijk_str_free(&text);
    return rc;
}

int wijk_case_sensitivity(wijk_sensitivity **out, const wijk_case *it,
                          const wijk_scenario_file *scenario,
                          const wijk_sensitivity_options *options, wijk_ctx *ctx)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_scenario bound = {NULL, 0};
    *out = NULL;
    int rc = set_on(&bound, &text, it, scenario, options->years);
    if (!rc && is_country(it)) {
        rc =
            wijk_fail(WIJK_EINVAL,
                      "Dit vraagt duizenden berekeningen, en één van heel Nederland duurt minuten: "
                      "kies een gemeente, wijk of buurt.",
                      "This takes thousands of runs, and one of the whole country takes minutes: "
                      "choose a gemeente, wijk or buurt.");
    }
    if (!rc) {
        wijk_sensitivity_options o = *options;
        o.focus = it->focus;
        o.n_focus = it->n_focus;
        o.place = name_of(&it->area);
        o.title[0] = wijk_scenario_title(scenario, WIJK_NL);
        o.title[1] = wijk_scenario_title(scenario, WIJK_EN);
        o.scenario = wijk_str_text(&text);
        o.lineage = it->lineage;
        rc = wijk_sensitivity_run(out, it->population, &bound, &o, ctx);
    }
    wijk_scenario_release(&bound);
    wijk_str_free(&text);
    return rc;
}
