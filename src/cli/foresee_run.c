/* wijk foresee run: a scenario beside doing nothing. wijk foresee merge: parts of it made one.
 * What is modelled is the whole gemeente, since people move; what is shown is what was asked for.
 * Areas and groups only: no household is ever printed. */
#include "cli/foresee.h"
#include "cli/foresee_policy.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"

#include "wijk/fan.h"
#include "wijk/file.h"
#include "wijk/forecast.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { REPLICATES = 40, PARTS = 4096, MEMORY_MOST = 1 << 24 /* MB */ };

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

/* Bytes of memory that the program took until now, the file it reads included. */
static uint64_t memory_held(void)
{
    struct rusage used;
    enum { KILO = 1024 };
    return getrusage(RUSAGE_SELF, &used) ? 0 : (uint64_t)used.ru_maxrss * KILO;
}

/* Bytes of the tables for programs, which hold every area, year and outcome as a row. */
static uint64_t sheet_bytes(const wijk_case *it, const wijk_ensemble_options *o, int machine)
{
    enum { COUNTS = 2, COUNT_BYTES = 4, ROW_BYTES = 512 };
    wijk_ensemble_options one = *o, two = *o;
    one.threads = two.threads = 1;
    one.last = one.first;
    two.last = two.first + 1;
    uint64_t pair = wijk_case_bytes(it, &two) - wijk_case_bytes(it, &one);
    return machine ? pair / (COUNTS * COUNT_BYTES) * ROW_BYTES : 0;
}

/* What it will take, before it is taken: memory always, time when it is worth a word. */
static int announce(const wijk_case *it, const wijk_ensemble_options *o, uint64_t held,
                    unsigned long long most, wijk_lang lang)
{
    enum { WORTH = 20, MEGA = 1 << 20 };
    double seconds = 0;
    wijk_ensemble_options left = *o;
    unsigned long long needed = (held + wijk_case_bytes(it, o) + MEGA - 1) / MEGA;
    if (needed > most) {
        return wijk_fail(WIJK_ELIMIT,
                         "Dit vraagt hoogstens %llu MB geheugen en er mag %llu MB (--memory): neem "
                         "--threads 1, minder paren (delen voegt u samen met `wijk foresee "
                         "merge`), minder jaren of een kleiner gebied.",
                         "This takes at most %llu MB of memory and %llu MB is allowed (--memory): "
                         "take --threads 1, fewer pairs (join parts with `wijk foresee merge`), "
                         "fewer years or a smaller area.",
                         needed, most);
    }
    left.first = o->done ? wijk_ensemble_tell(o->done).last + 1 : o->first;
    wijk_arena *arena = NULL;
    int rc = left.first > o->last ? WIJK_OK : wijk_case_seconds(&seconds, it, &left);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    wijk_str cell[2] = {WIJK_STR_INIT, WIJK_STR_INIT}, line = WIJK_STR_INIT;
    wijk_number(&cell[0], lang, (double)wijk_case_households(it), 0);
    wijk_number(&cell[1], lang, (double)needed, 0);
    wijk_text_fill(&line, lang,
                   seconds < WORTH ? T_ENSEMBLE_TAKES
                   : o->keep       ? T_ENSEMBLE_TAKES_LONG
                                   : T_ENSEMBLE_TAKES_UNKEPT,
                   wijk_str_text(&cell[0]), wijk_str_text(&cell[1]),
                   rc ? "" : wijk_duration_say(arena, lang, seconds), NULL);
    if (!rc) {
        fprintf(stderr, "%s\n", wijk_str_text(&line));
    }
    wijk_str_free(&cell[0]);
    wijk_str_free(&cell[1]);
    wijk_str_free(&line);
    wijk_arena_free(arena);
    return rc;
}

/* ---- going on where a run was stopped -------------------------------------------------------- */

typedef struct {
    const char *path;
    double written, took; /* when the part was last written, and how long that took */
} keeper;

/* What is ready so far. A kill at any moment leaves the part before it, whole; of the time at most
 * a twentieth goes to writing. */
static int keep(void *payload, const wijk_ensemble *so_far)
{
    enum { SHARE = 20 };
    keeper *k = payload;
    double now = wijk_now();
    if (now - k->written < SHARE * k->took) {
        return WIJK_OK;
    }
    int rc = wijk_ensemble_write(so_far, k->path);
    k->written = wijk_now();
    k->took = k->written - now;
    return rc;
}

static int read_part(wijk_ensemble **out, const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_ensemble_read(out, bytes, size, path);
    wijk_free(bytes);
    return rc;
}

/* Before hours of work: can --out be written? Leaves nothing behind. */
static int can_be_written(const char *path)
{
    wijk_file *file;
    int rc = wijk_file_create(&file, path);
    if (!rc) {
        wijk_file_finish(file, WIJK_ECANCEL); /* thrown away */
    }
    return rc;
}

/* What an earlier run left at --out; nothing when there is no such file. */
static int take_kept(wijk_ensemble **out, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file) {
        fclose(file);
    }
    return file || errno != ENOENT ? read_part(out, path) : WIJK_OK;
}

/* Stopped by the user: says where it can go on. */
static int stopped(const keeper *k, const wijk_ensemble *done)
{
    char why[2][700];
    for (int lang = 0; lang < 2; lang++) {
        snprintf(why[lang], sizeof why[lang], "%s", wijk_error((wijk_lang)lang));
    }
    return k->written > 0 || done
               ? wijk_fail(WIJK_ECANCEL,
                           "%s%.0s Wat klaar is staat in %s: dezelfde opdracht gaat daar verder.",
                           "%.0s%s What is ready is in %s: the same command goes on from there.",
                           why[WIJK_NL], why[WIJK_EN], k->path)
               : WIJK_ECANCEL;
}

int foresee_run(int argc, char **argv, wijk_lang lang)
{
    cmd_place place = {0};
    cmd_job job;
    wijk_ensemble_options o = {0};
    foresee_policy policy;
    wijk_case *it = NULL;
    wijk_ensemble *e = NULL, *done = NULL;
    unsigned long long memory = UINT64_MAX;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    const char *out = cmd_option(argc, argv, "out");
    int rc = foresee_policy_asked(&policy, argc, argv);
    rc = rc ? rc : read_options(&o, argc, argv, policy.file);
    rc = rc ? rc : cmd_whole(&memory, argc, argv, "memory", 1, MEMORY_MOST);
    rc = rc ? rc : foresee_sheet_check(argc, argv);
    rc = rc || !out ? rc : can_be_written(out);
    rc = rc || !out ? rc : take_kept(&done, out);
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang);
    rc = rc ? rc : foresee_policy_check(&policy, &place);
    if (!rc) {
        keeper kept = {.path = out};
        o.done = done;
        o.keep = out ? keep : NULL;
        o.payload = &kept;
        uint64_t held = memory_held();
        cmd_job_begin(&job, machine);
        rc = wijk_case_new(&it, place.store, place.registry, place.area, &job.ctx);
        held += rc ? 0 : sheet_bytes(it, &o, machine);
        rc = rc ? rc : announce(it, &o, held, memory, lang);
        rc = rc ? rc : wijk_case_run(&e, it, policy.file, &o, &job.ctx);
        rc = rc == WIJK_ECANCEL ? stopped(&kept, done) : rc;
        cmd_job_end(&job);
    }
    rc = rc ? rc : out ? wijk_ensemble_write(e, out) : WIJK_OK;
    rc = rc ? rc : foresee_sheet(argc, argv, lang, e, out);
    wijk_ensemble_free(e);
    wijk_ensemble_free(done);
    wijk_case_free(it);
    foresee_policy_close(&policy);
    cmd_place_close(&place);
    return rc;
}

/* ---- merge ----------------------------------------------------------------------------------- */

int foresee_merge(int argc, char **argv, wijk_lang lang)
{
    size_t n = 0;
    const char *out = cmd_option(argc, argv, "out");
    int rc = foresee_sheet_check(argc, argv);
    rc = rc ? rc : cmd_count_parts(&n, argc, argv, PARTS);
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
