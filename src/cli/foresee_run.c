/* wijk foresee run: a scenario beside doing nothing. wijk foresee merge: parts of it made one.
 * What is modelled is the whole gemeente, since people move; what is shown is what was asked for.
 * Areas and groups only: no household is ever printed. */
#include "cli/foresee.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"

#include "wijk/ensemble.h"
#include "wijk/mem.h"
#include "wijk/scenario.h"
#include "wijk/start.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLICATES = 40, YEARS = 10, PARTS = 4096 };

/* ---- options --------------------------------------------------------------------------------- */

static int whole_number(unsigned long long *out, const char *text, const char **end)
{
    char *stop;
    *out = strtoull(text, &stop, 10);
    *end = stop;
    return *text >= '0' && *text <= '9';
}

/* "100": 1 to 100; "21-40": those. */
static int replicates_option(wijk_ensemble_options *o, const char *text)
{
    const char *end = "";
    unsigned long long a = 0, b = 0;
    int good = whole_number(&a, text, &end);
    if (good && *end == '-') {
        good = whole_number(&b, end + 1, &end);
    } else {
        b = a;
        a = 1;
    }
    if (!good || *end || a < 1 || b < a || b > WIJK_ENSEMBLE_MOST) {
        return wijk_fail(
            WIJK_EINVAL,
            "--replicates %s: geef een aantal (100) of een reeks (21-40), hoogstens %d.",
            "--replicates %s: give a number (100) or a range (21-40), at most %d.", text,
            WIJK_ENSEMBLE_MOST);
    }
    o->first = (uint32_t)a;
    o->last = (uint32_t)b;
    return WIJK_OK;
}

static int number_option(unsigned long long *out, int argc, char **argv, const char *name,
                         unsigned long long most)
{
    const char *text = cmd_option(argc, argv, name), *end = "";
    if (text && (!whole_number(out, text, &end) || *end || *out > most)) {
        return wijk_fail(WIJK_EINVAL, "--%s %s: geef een geheel getal, hoogstens %llu.",
                         "--%s %s: give a whole number, at most %llu.", name, text, most);
    }
    return WIJK_OK;
}

static int read_options(wijk_ensemble_options *o, int argc, char **argv,
                        const wijk_scenario_file *scenario)
{
    const char *replicates = cmd_option(argc, argv, "replicates");
    unsigned long long seed = 1, threads = 0;
    unsigned long long years = (unsigned long long)wijk_scenario_years(scenario);
    o->first = 1;
    o->last = REPLICATES;
    int rc = replicates ? replicates_option(o, replicates) : WIJK_OK;
    rc = rc ? rc : number_option(&seed, argc, argv, "seed", UINT64_MAX);
    rc = rc ? rc : number_option(&threads, argc, argv, "threads", 64);
    rc = rc ? rc : number_option(&years, argc, argv, "years", WIJK_ENSEMBLE_YEARS);
    o->seed = seed;
    o->threads = (unsigned)threads;
    o->years = (uint32_t)years;
    return rc;
}

/* ---- what is run ----------------------------------------------------------------------------- */

typedef struct {
    cmd_place place;
    wijk_area area;   /* asked for */
    wijk_area region; /* modelled */
    wijk_start *start;
    wijk_population *population;
    wijk_scenario_file *file;
    wijk_scenario bound;
    wijk_str text, lineage;
    uint32_t *focus;
    const char **names;
} subject;

static void close_subject(subject *s)
{
    wijk_free(s->focus);
    wijk_free(s->names);
    wijk_str_free(&s->text);
    wijk_str_free(&s->lineage);
    wijk_scenario_release(&s->bound);
    wijk_scenario_free(s->file);
    wijk_population_free(s->population);
    wijk_start_free(s->start);
    cmd_place_close(&s->place);
}

static const char *name_of(const wijk_area *area)
{
    return area->name && *area->name ? area->name : area->code;
}

/* The gemeente around what was asked for; that itself when it is one, or lies in none. */
static int find_region(subject *s)
{
    int64_t region = 0;
    int rc = wijk_area_get(&s->area, s->place.store, s->place.arena, s->place.area);
    rc = rc ? rc : wijk_area_gemeente(&region, s->place.store, &s->area);
    region = region ? region : s->area.id;
    return rc ? rc : wijk_area_get(&s->region, s->place.store, s->place.arena, region);
}

static int lies_within(int *out, subject *s, int64_t id)
{
    wijk_area area = {.parent = id};
    *out = 0;
    for (int depth = 0; area.parent && depth < 8; depth++) {
        if (area.parent == s->area.id) {
            *out = 1;
            return WIJK_OK;
        }
        int rc = wijk_area_get(&area, s->place.store, s->place.arena, area.parent);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

static int choose_focus(subject *s, wijk_ensemble_options *o)
{
    size_t n = wijk_start_areas(s->start);
    s->focus = wijk_alloc((n + 1) * sizeof *s->focus);
    s->names = wijk_alloc((n + 1) * sizeof *s->names);
    if (!s->focus || !s->names) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const wijk_start_area *area = wijk_start_area_at(s->start, i);
        int within = 1;
        int rc = s->area.id == s->region.id ? WIJK_OK : lies_within(&within, s, area->id);
        if (rc) {
            return rc;
        }
        s->names[i] = area->name && *area->name ? area->name : area->code;
        if (within) {
            s->focus[o->n_focus++] = (uint32_t)i;
        }
    }
    o->focus = s->focus;
    o->names = s->names;
    return o->n_focus
               ? WIJK_OK
               : wijk_fail(WIJK_ENOTFOUND,
                           "%s bestaat niet uit buurten waarvan de cijfers bekend zijn: kies "
                           "een buurt, wijk of gemeente.",
                           "%s is not made of buurten with known figures: choose a buurt, "
                           "wijk or gemeente.",
                           name_of(&s->area));
}

/* Without words of a language: parts that were made in either are the same bytes. */
static void tell_lineage(subject *s)
{
    wijk_str_addf(&s->lineage, "%zu × %s, %d (%d), %s", wijk_start_areas(s->start),
                  wijk_level_word(wijk_start_level(s->start)), wijk_start_year(s->start),
                  wijk_start_vintage(s->start), wijk_registry_fingerprint(s->place.registry));
}

static int build(subject *s, wijk_ensemble_options *o, wijk_ctx *ctx)
{
    wijk_parameters defaults;
    const wijk_start_options start = {.area = s->region.id, .level = WIJK_LEVELS, .seed = 1};
    int rc = wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_start_new(&s->start, s->place.store, s->place.registry, &start, ctx);
    rc = rc ? rc : wijk_start_population(&s->population, s->start, &defaults, ctx);
    rc = rc ? rc : choose_focus(s, o);
    const wijk_scenario_options bind = {
        .population = s->population, .start = s->start, .here = s->area.code, .first = -1};
    rc = rc ? rc : wijk_scenario_bind(&s->bound, s->file, &bind);
    if (!rc) {
        tell_lineage(s);
    }
    wijk_scenario_write(&s->text, s->file);
    o->place = name_of(&s->area);
    o->region = name_of(&s->region);
    o->title[0] = wijk_scenario_title(s->file, WIJK_NL);
    o->title[1] = wijk_scenario_title(s->file, WIJK_EN);
    o->scenario = wijk_str_text(&s->text);
    o->lineage = wijk_str_text(&s->lineage);
    return rc;
}

int foresee_run(int argc, char **argv, wijk_lang lang)
{
    subject s = {.text = WIJK_STR_INIT, .lineage = WIJK_STR_INIT};
    cmd_job job;
    wijk_ensemble_options o = {0};
    wijk_ensemble *e = NULL;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    const char *scenario = cmd_option(argc, argv, "scenario");
    const char *out = cmd_option(argc, argv, "out");
    int rc = scenario
                 ? WIJK_OK
                 : wijk_fail(WIJK_EINVAL,
                             "Welk beleid? --scenario NAAM of BESTAND; `wijk foresee scenario` "
                             "noemt de meegeleverde.",
                             "Which policy? --scenario NAME or FILE; `wijk foresee scenario` "
                             "names the shipped ones.");
    rc = rc ? rc : foresee_scenario_open(&s.file, scenario);
    rc = rc ? rc : read_options(&o, argc, argv, s.file);
    rc = rc ? rc : cmd_place_open(&s.place, argc, argv, 0, lang, machine);
    rc = rc ? rc : find_region(&s);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = build(&s, &o, &job.ctx);
        rc = rc ? rc : wijk_ensemble_run(&e, s.population, &s.bound, &o, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc ? rc : out ? wijk_ensemble_write(e, out) : WIJK_OK;
    rc = rc ? rc : foresee_sheet(argc, argv, lang, e, out);
    wijk_ensemble_free(e);
    close_subject(&s);
    return rc;
}

/* ---- merge ----------------------------------------------------------------------------------- */

static int read_part(wijk_ensemble **out, const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_ensemble_read(out, bytes, size, path);
    wijk_free(bytes);
    return rc;
}

int foresee_merge(int argc, char **argv, wijk_lang lang)
{
    size_t n = 0;
    const char *out = cmd_option(argc, argv, "out");
    wijk_ensemble *e = NULL, **parts = wijk_alloc(PARTS * sizeof *parts);
    int rc = parts ? WIJK_OK : WIJK_ENOMEM;
    for (; !rc && n < PARTS && cmd_positional(argc, argv, (int)n); n++) {
        rc = read_part(&parts[n], cmd_positional(argc, argv, (int)n));
    }
    if (!rc && n == PARTS && cmd_positional(argc, argv, PARTS)) {
        rc = wijk_fail(WIJK_ELIMIT, "Meer dan %d delen: voeg ze in stappen samen.",
                       "More than %d parts: join them in steps.", PARTS);
    }
    rc = rc ? rc : wijk_ensemble_merge(&e, (const wijk_ensemble *const *)parts, n);
    rc = rc ? rc : out ? wijk_ensemble_write(e, out) : WIJK_OK;
    rc = rc ? rc : foresee_sheet(argc, argv, lang, e, out);
    wijk_ensemble_free(e);
    for (size_t i = 0; parts && i < n; i++) {
        wijk_ensemble_free(parts[i]);
    }
    wijk_free(parts);
    return rc;
}
