/* Runs of a sensitivity analysis. Every point is a pair (the scenario and doing nothing, in one
 * random world, with one set of parameters) and keeps one row of whole numbers: the differences. */
#include "foresee/sensitivity.h"

#include "foresee/ensemble.h"
#include "foresee/run.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

/* B begins at a block of its own, so that no parameter shares one with itself. */
enum { B_FROM = (WIJK_PARAMETERS + SOBOL_BLOCK - 1) / SOBOL_BLOCK * SOBOL_BLOCK, LEAST_UNITS = 8 };

const char *wijk_sensitivity_group_key(wijk_sensitivity_group group)
{
    static const char *const keys[] = {
#define X(name, key) key,
        WIJK_SENSITIVITY_GROUPS_X(X)
#undef X
    };
    return keys[group];
}

void wijk_sensitivity_free(wijk_sensitivity *s)
{
    if (s) {
        for (int i = 0; i < SENSITIVITY_TEXTS; i++) {
            wijk_free(s->text[i]);
        }
        wijk_free(s->cell);
        wijk_free(s);
    }
}

/* ---- what varies ----------------------------------------------------------------------------- */

wijk_sensitivity_group sensitivity_group_of(const wijk_dictionary *dictionary, int factor)
{
    static const struct {
        const char *process;
        wijk_sensitivity_group group;
    } of[] = {{"life", WIJK_SENSITIVITY_LIFE},
              {"needs", WIJK_SENSITIVITY_NEEDS},
              {"strain", WIJK_SENSITIVITY_NEEDS},
              {"help", WIJK_SENSITIVITY_HELP},
              {"escalation", WIJK_SENSITIVITY_ESCALATION},
              {"leaving", WIJK_SENSITIVITY_HOUSING},
              {"allocation", WIJK_SENSITIVITY_HOUSING},
              {"groups", WIJK_SENSITIVITY_HOUSING},
              {"ties", WIJK_SENSITIVITY_TIES},
              {"block", WIJK_SENSITIVITY_TIES}};
    if (factor == WIJK_PARAMETERS) {
        return WIJK_SENSITIVITY_CHANCE;
    }
    const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)factor);
    if (row->effect) {
        return WIJK_SENSITIVITY_EFFECTS;
    }
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        if (strcmp(of[i].process, row->process) == 0) {
            return of[i].group;
        }
    }
    return WIJK_SENSITIVITY_GROUPS;
}

int sensitivity_plan(wijk_sensitivity *s, const wijk_dictionary *dictionary)
{
    s->factors = 0;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        if (sensitivity_group_of(dictionary, i) == WIJK_SENSITIVITY_GROUPS) {
            return wijk_fail(WIJK_EFORMAT, "data/parameters.csv: %s hoort bij geen groep (%s)",
                             "data/parameters.csv: %s belongs to no group (%s)", row->name,
                             row->process);
        }
        if (row->shape != WIJK_SHAPE_FIXED && row->high > row->low) {
            s->factor[s->factors++] = (uint16_t)i;
        }
    }
    s->factor[s->factors++] = WIJK_PARAMETERS;
    s->points = s->kind == WIJK_SCREENING ? s->factors + 1 : WIJK_SENSITIVITY_GROUPS + 2;
    return WIJK_OK;
}

int wijk_sensitivity_points(uint32_t *out, wijk_sensitivity_kind kind)
{
    wijk_dictionary *dictionary = NULL;
    wijk_sensitivity plan = {.kind = kind};
    int rc = wijk_dictionary_open(&dictionary);
    rc = rc ? rc : sensitivity_plan(&plan, dictionary);
    *out = plan.points;
    wijk_dictionary_free(dictionary);
    return rc;
}

typedef struct {
    wijk_sensitivity *s;
    const wijk_population *population;
    const wijk_scenario *scenario[SIDES];
    const wijk_dictionary *dictionary;
    wijk_sobol *sobol;
    const uint32_t *focus;
    size_t n_focus;
    uint32_t unit; /* being run */
    wijk_ctx *ctx;
} job;

/* Parameters and random world of a point. Two worlds belong to a unit. */
static uint32_t place_point(wijk_parameters *out, const job *j, uint32_t point)
{
    const wijk_sensitivity *s = j->s;
    double u[SENSITIVITY_FACTORS] = {0};
    uint32_t other = 0;
    wijk_dictionary_defaults(out, j->dictionary);
    if (s->kind == WIJK_SCREENING) {
        morris_point(u, s->seed, j->unit, point, s->factors);
        other = u[s->factors - 1] > 0.5;
    }
    for (uint32_t f = 0; f + 1 < s->factors; f++) {
        wijk_parameter parameter = (wijk_parameter)s->factor[f];
        if (s->kind == WIJK_GROUPING) {
            int from_b =
                point == 1 || (point > 1 && sensitivity_group_of(j->dictionary, parameter) ==
                                                (wijk_sensitivity_group)(point - 2));
            u[f] =
                sobol_scrambled(j->sobol, s->seed, j->unit - 1, parameter + (from_b ? B_FROM : 0u));
        }
        out->value[parameter] =
            wijk_parameter_at(wijk_dictionary_row(j->dictionary, parameter), u[f]);
    }
    if (s->kind == WIJK_GROUPING) {
        other = point == 1 || point == 2u + WIJK_SENSITIVITY_CHANCE;
    }
    return 2 * j->unit - 1 + other;
}

/* ---- one pair -------------------------------------------------------------------------------- */

static int is_livability(int outcome)
{
    return outcome == WIJK_OUT_LIVABILITY_SOC || outcome == WIJK_OUT_LIVABILITY_ONV;
}

/* Over the areas looked at: a flow of all years, a stock of the last, a score as the mean over
 * households in thousandths of its unit. */
static int64_t answer(const job *j, const wijk_foresee *run, int outcome)
{
    int64_t sum = 0, households = 0;
    uint32_t first = wijk_outcome_is_flow((wijk_outcome)outcome) ? 1 : j->s->years;
    for (size_t f = 0; f < j->n_focus; f++) {
        for (uint32_t year = first; year <= j->s->years; year++) {
            int64_t here = wijk_foresee_area_count(run, year, j->focus[f], WIJK_OUT_HOUSEHOLDS);
            int64_t value = wijk_foresee_area_count(run, year, j->focus[f], (wijk_outcome)outcome);
            households += here;
            sum += is_livability(outcome) ? 1000 * value * here : value;
        }
    }
    return !is_livability(outcome) ? sum : households ? sum / households : 0;
}

static int to_month(const job *j, wijk_foresee *run, uint32_t month)
{
    int rc = WIJK_OK;
    for (uint32_t at = run->month; !rc && at <= month; at++) {
        rc = wijk_checkpoint(j->ctx);
        rc = rc ? rc : wijk_foresee_to(run, at, NULL);
    }
    return rc;
}

/* The two runs are one until the scenario changes something. */
static int both_sides(const job *j, uint32_t world, const wijk_parameters *parameters, int64_t *row)
{
    wijk_foresee *run[SIDES] = {NULL};
    const wijk_foresee_options options = {.seed = j->s->seed,
                                          .replicate = world,
                                          .months = j->s->years * 12,
                                          .period = WIJK_PER_YEAR,
                                          .threads = 1};
    uint32_t apart = foresee_fork_month(j->scenario[SIDE_SCENARIO]);
    apart = apart < options.months ? apart : options.months;
    int rc = wijk_foresee_new(&run[SIDE_NOTHING], j->population, parameters,
                              j->scenario[SIDE_NOTHING], &options);
    rc = rc ? rc : to_month(j, run[SIDE_NOTHING], apart);
    if (!rc && apart < options.months) {
        rc = foresee_fork(&run[SIDE_SCENARIO], run[SIDE_NOTHING], j->scenario[SIDE_SCENARIO]);
        for (int side = 0; !rc && side < SIDES; side++) {
            rc = to_month(j, run[side], options.months);
        }
        for (int o = 0; !rc && o < WIJK_OUTCOMES; o++) {
            row[o] = answer(j, run[SIDE_SCENARIO], o) - answer(j, run[SIDE_NOTHING], o);
        }
    }
    for (int side = 0; side < SIDES; side++) {
        wijk_foresee_free(run[side]);
    }
    return rc;
}

static int one_point(void *payload, size_t index, unsigned worker)
{
    const job *j = payload;
    const wijk_sensitivity *s = j->s;
    wijk_parameters parameters;
    uint32_t world = place_point(&parameters, j, (uint32_t)index);
    int64_t *row = s->cell + ((size_t)(j->unit - s->first) * s->points + index) * WIJK_OUTCOMES;
    memset(row, 0, WIJK_OUTCOMES * sizeof *row);
    int rc = both_sides(j, world, &parameters, row);
    if (worker == 0) {
        double units = (double)sensitivity_units(s);
        wijk_progress(j->ctx, "sensitivity",
                      ((double)(j->unit - s->first) + (double)index / s->points) / units);
    }
    return rc;
}

/* ---- all units ------------------------------------------------------------------------------- */

static int check_options(const wijk_sensitivity_options *o)
{
    if (o->first < 1 || o->last < o->first || o->last > WIJK_SENSITIVITY_UNITS) {
        return wijk_fail(WIJK_EINVAL, "delen: van 1 tot en met %d, de kleinste eerst",
                         "units: from 1 to %d, the smallest first", WIJK_SENSITIVITY_UNITS);
    }
    if (o->years < 1 || o->years > WIJK_ENSEMBLE_YEARS) {
        return wijk_fail(WIJK_EINVAL, "jaren: van 1 tot en met %d", "years: from 1 to %d",
                         WIJK_ENSEMBLE_YEARS);
    }
    return WIJK_OK;
}

static int few_households(const job *j)
{
    uint32_t sum = 0;
    const wijk_population *p = j->population;
    for (size_t f = 0; f < j->n_focus; f++) {
        if (j->focus[f] >= p->n_areas) {
            return wijk_fail(WIJK_EINVAL, "gekozen gebied %zu bestaat niet",
                             "chosen area %zu does not exist", f);
        }
        for (size_t slot = (size_t)p->first[j->focus[f]] * BLOCK;
             slot < (size_t)p->first[j->focus[f] + 1] * BLOCK; slot++) {
            sum += p->state.kind[slot] != WIJK_NOBODY;
        }
    }
    return sum >= WIJK_ENSEMBLE_LEAST
               ? WIJK_OK
               : wijk_fail(WIJK_EDENIED,
                           "Hier wonen te weinig huishoudens (minder dan %d) om iets te tonen.",
                           "Too few households live here (fewer than %d) to show anything.",
                           WIJK_ENSEMBLE_LEAST);
}

static int take_heading(job *j, const wijk_sensitivity_options *o)
{
    wijk_sensitivity *s = j->s;
    const char *scenario = o->scenario ? o->scenario : "";
    const char *const texts[SENSITIVITY_TEXTS] = {WIJK_VERSION, o->place, o->title[0], o->title[1],
                                                  o->lineage};
    ensemble_ranges ranges;
    int rc = ensemble_ranges_read(&ranges);
    s->kind = o->kind;
    s->seed = o->seed;
    s->first = o->first;
    s->last = o->last;
    s->years = o->years;
    s->parameters = ensemble_fingerprint(&ranges);
    s->population = ensemble_of_people(j->population);
    s->scenario = ensemble_hash(ENSEMBLE_HASH, scenario, strlen(scenario));
    for (int i = 0; !rc && i < SENSITIVITY_TEXTS; i++) {
        s->text[i] = wijk_strdup(texts[i] ? texts[i] : "");
        rc = s->text[i] ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : sensitivity_plan(s, j->dictionary);
    s->cell =
        rc ? NULL : wijk_alloc(sensitivity_units(s) * s->points * WIJK_OUTCOMES * sizeof *s->cell);
    return rc ? rc : s->cell ? WIJK_OK : WIJK_ENOMEM;
}

/* Lays the units that were already run in their place; *next is the first that is not. */
static int go_on(uint32_t *next, wijk_sensitivity *s, const wijk_sensitivity *done)
{
    *next = s->first;
    if (!done) {
        return WIJK_OK;
    }
    if (done->kind != s->kind || done->seed != s->seed || done->years != s->years ||
        done->parameters != s->parameters || done->population != s->population ||
        done->scenario != s->scenario || done->points != s->points || done->first != s->first ||
        done->last > s->last) {
        return wijk_fail(
            WIJK_EINVAL,
            "Wat er al was, hoort bij een andere berekening: begin opnieuw of kies een "
            "ander bestand.",
            "What was there already belongs to another analysis: begin again or choose "
            "another file.");
    }
    memcpy(s->cell, done->cell,
           sensitivity_units(done) * s->points * WIJK_OUTCOMES * sizeof *s->cell);
    *next = done->last + 1;
    return WIJK_OK;
}

static int run_units(job *j, const wijk_sensitivity_options *o)
{
    wijk_sensitivity *s = j->s;
    uint32_t next, last = s->last;
    int rc = go_on(&next, s, o->done);
    for (; !rc && next <= last; next++) {
        j->unit = next;
        rc = wijk_parallel(wijk_threads(o->threads, s->points), s->points, one_point, j, j->ctx);
        if (!rc && o->keep) {
            s->last = next; /* what is whole so far */
            rc = o->keep(o->payload, s);
            s->last = last;
        }
    }
    return rc;
}

int wijk_sensitivity_run(wijk_sensitivity **out, const wijk_population *population,
                         const wijk_scenario *scenario, const wijk_sensitivity_options *o,
                         wijk_ctx *ctx)
{
    static const wijk_scenario nothing = {NULL, 0};
    wijk_dictionary *dictionary = NULL;
    *out = NULL;
    int rc = check_options(o);
    if (rc) {
        return rc;
    }
    uint32_t *all = wijk_alloc((population->n_areas + 1) * sizeof *all);
    job j = {.s = wijk_alloc(sizeof *j.s),
             .population = population,
             .scenario = {scenario, &nothing},
             .focus = o->focus ? o->focus : all,
             .n_focus = o->focus ? o->n_focus : population->n_areas,
             .ctx = ctx};
    for (size_t i = 0; all && i < population->n_areas; i++) {
        all[i] = (uint32_t)i;
    }
    rc = all && j.s ? wijk_dictionary_open(&dictionary) : WIJK_ENOMEM;
    j.dictionary = dictionary;
    rc = rc ? rc : few_households(&j);
    rc = rc ? rc : foresee_fork_check(population, scenario, o->years * 12);
    rc = rc ? rc : take_heading(&j, o);
    rc = rc ? rc : o->kind == WIJK_GROUPING ? wijk_sobol_new(&j.sobol, SOBOL_BLOCK) : WIJK_OK;
    rc = rc ? rc : run_units(&j, o);
    wijk_sobol_free(j.sobol);
    wijk_dictionary_free(dictionary);
    wijk_free(all);
    if (rc) {
        wijk_sensitivity_free(j.s);
        return rc;
    }
    *out = j.s;
    return WIJK_OK;
}

wijk_sensitivity_about wijk_sensitivity_tell(const wijk_sensitivity *s)
{
    return (wijk_sensitivity_about){.kind = s->kind,
                                    .seed = s->seed,
                                    .parameters = s->parameters,
                                    .population = s->population,
                                    .scenario = s->scenario,
                                    .first = s->first,
                                    .last = s->last,
                                    .years = s->years,
                                    .points = s->points,
                                    .version = s->text[SENSITIVITY_VERSION],
                                    .place = s->text[SENSITIVITY_PLACE],
                                    .title = {s->text[SENSITIVITY_NL], s->text[SENSITIVITY_EN]},
                                    .lineage = s->text[SENSITIVITY_LINEAGE]};
}

/* ---- what they say --------------------------------------------------------------------------- */

static double *column(const wijk_sensitivity *s, wijk_outcome outcome)
{
    size_t n = sensitivity_units(s) * s->points;
    double *out = wijk_alloc(n * sizeof *out);
    double unit =
        is_livability(outcome) ? 0.001 : 1; /* livability is kept a thousand times finer */
    for (size_t i = 0; out && i < n; i++) {
        out[i] = unit * (double)s->cell[i * WIJK_OUTCOMES + outcome];
    }
    return out;
}

static int wrong_kind(void)
{
    return wijk_fail(WIJK_EINVAL, "Dit is een berekening van de andere soort.",
                     "This is an analysis of the other kind.");
}

static int few_units(uint32_t least)
{
    return wijk_fail(WIJK_ENOTFOUND, "Te weinig delen: reken er minstens %u uit.",
                     "Too few units: run at least %u.", (unsigned)least);
}

int wijk_sensitivity_screen(wijk_screened *out, size_t *n, const wijk_sensitivity *s,
                            wijk_outcome outcome)
{
    uint32_t units = (uint32_t)sensitivity_units(s);
    *n = 0;
    if (s->kind != WIJK_SCREENING || outcome >= WIJK_OUTCOMES) {
        return wrong_kind();
    }
    if (units < 2) {
        return few_units(2);
    }
    morris_effect effects[SENSITIVITY_FACTORS];
    double *y = column(s, outcome);
    int rc = y ? morris_effects(effects, y, s->first, units, s->factors, s->seed) : WIJK_ENOMEM;
    wijk_free(y);
    for (uint32_t f = 0; !rc && f < s->factors; f++) {
        const morris_effect *e = &effects[f];
        size_t at = (*n)++;
        for (; at > 0 && out[at - 1].mu_star < e->mu_star; at--) {
            out[at] = out[at - 1];
        }
        out[at] = (wijk_screened){s->factor[f] == WIJK_PARAMETERS ? -1 : s->factor[f],
                                  e->mu,
                                  e->mu_star,
                                  e->sigma,
                                  e->low,
                                  e->high,
                                  e->half,
                                  e->error};
    }
    return rc;
}

int wijk_sensitivity_split(wijk_sensitivity_indices *out, const wijk_sensitivity *s,
                           wijk_outcome outcome)
{
    uint32_t units = (uint32_t)sensitivity_units(s);
    if (s->kind != WIJK_GROUPING || outcome >= WIJK_OUTCOMES) {
        return wrong_kind();
    }
    if (units < LEAST_UNITS) {
        return few_units(LEAST_UNITS);
    }
    double *y = column(s, outcome);
    int rc = y ? sobol_indices(out->of, &out->mean, &out->deviation, y, units,
                               WIJK_SENSITIVITY_GROUPS, s->seed)
               : WIJK_ENOMEM;
    wijk_free(y);
    return rc;
}
