/* wijk foresee run: a scenario beside doing nothing. wijk foresee merge: parts of it made one.
 * What is modelled is the whole gemeente, since people move; what is shown is what was asked for.
 * Areas and groups only: no household is ever printed. */
#include "cli/foresee.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"

#include "wijk/forecast.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPLICATES = 40, YEARS = 10, PARTS = 4096 };

/* ---- options --------------------------------------------------------------------------------- */

static int read_options(wijk_ensemble_options *o, int argc, char **argv,
                        const wijk_scenario_file *scenario)
{
    unsigned long long seed = 1;
    unsigned long long years = (unsigned long long)wijk_scenario_years(scenario);
    o->first = 1;
    o->last = REPLICATES;
    int rc = cmd_range(&o->first, &o->last, argc, argv, "replicates", WIJK_ENSEMBLE_MOST);
    rc = rc ? rc : cmd_whole(&seed, argc, argv, "seed", 0, UINT64_MAX);
    rc = rc ? rc : cmd_threads(&o->threads, argc, argv);
    rc = rc ? rc : cmd_whole(&years, argc, argv, "years", 1, WIJK_ENSEMBLE_YEARS);
    o->seed = seed;
    o->years = (uint32_t)years;
    return rc;
}

/* What it will take, before it is taken; short ones are not announced. */
static int announce(const wijk_case *it, const wijk_ensemble_options *o, wijk_lang lang)
{
    enum { WORTH = 20, MINUTE = 60 };
    double seconds;
    int rc = wijk_case_seconds(&seconds, it, o);
    if (rc || seconds < WORTH) {
        return rc;
    }
    wijk_str cell[3] = {WIJK_STR_INIT, WIJK_STR_INIT, WIJK_STR_INIT}, line = WIJK_STR_INIT;
    wijk_number(&cell[0], lang, (double)wijk_case_households(it), 0);
    wijk_number(&cell[1], lang, ceil(seconds / MINUTE), 0);
    wijk_number(&cell[2], lang, (double)wijk_case_bytes(it, o) / (1 << 20), 0);
    wijk_text_fill(&line, lang, T_ENSEMBLE_TAKES, wijk_str_text(&cell[0]), wijk_str_text(&cell[1]),
                   wijk_str_text(&cell[2]), NULL);
    fprintf(stderr, "%s\n", wijk_str_text(&line));
    for (int i = 0; i < 3; i++) {
        wijk_str_free(&cell[i]);
    }
    wijk_str_free(&line);
    return WIJK_OK;
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
    const char *out = cmd_option(argc, argv, "out");
    int rc = foresee_scenario_asked(&file, argc, argv);
    rc = rc ? rc : read_options(&o, argc, argv, file);
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang, machine);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = wijk_case_new(&it, place.store, place.registry, place.area, &job.ctx);
        rc = rc ? rc : announce(it, &o, lang);
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
    int rc = cmd_count_parts(&n, argc, argv, PARTS);
    wijk_ensemble *e = NULL, **parts = rc ? NULL : wijk_alloc((n + 1) * sizeof *parts);
    rc = rc || parts ? rc : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = read_part(&parts[i], cmd_positional(argc, argv, (int)i));
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
