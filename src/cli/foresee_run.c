/* wijk foresee run: a scenario beside doing nothing. wijk foresee merge: parts of it made one.
 * What is modelled is the whole gemeente, since people move; what is shown is what was asked for.
 * Areas and groups only: no household is ever printed. */
#include "cli/foresee.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"

#include "wijk/forecast.h"
#include "wijk/mem.h"

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

int foresee_run(int argc, char **argv, wijk_lang lang)
{
    cmd_place place = {0};
    cmd_job job;
    wijk_ensemble_options o = {0};
    wijk_scenario_file *file = NULL;
    wijk_case *it = NULL;
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
    rc = rc ? rc : foresee_scenario_open(&file, scenario);
    rc = rc ? rc : read_options(&o, argc, argv, file);
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang, machine);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = wijk_case_new(&it, place.store, place.registry, place.area, &job.ctx);
        rc = rc ? rc : wijk_case_run(&e, it, file, &o, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc ? rc : out ? wijk_ensemble_write(e, out) : WIJK_OK;
    rc = rc ? rc : foresee_sheet(argc, argv, lang, e, out);
    wijk_ensemble_free(e);
    wijk_case_free(it);
    wijk_scenario_free(file);
    cmd_place_close(&place);
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
