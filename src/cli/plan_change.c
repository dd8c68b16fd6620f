/* What changes a plan on the command line: each opens the file to write, makes one step, and says
 * how the plan stands then. */
#include "cli/plan.h"

#include "figure/words.h"

#include "wijk/mem.h"
#include "wijk/plan_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_AREAS = 200 };

static int say_state(plan_job *job)
{
    int rc = plan_job_again(job);
    if (!rc) {
        printf("%s\n", WIJK_FILL(job->place.arena, job->lang, T_PLAN_DONE, {"code", job->plan.code},
                                 {"state", plan_state_text(job->lang, job->plan.state)}));
    }
    return rc;
}

int plan_new(int argc, char **argv, wijk_lang lang)
{
    const char *title = cmd_positional(argc, argv, 0), *areas = cmd_option(argc, argv, "areas");
    if (!title || !areas) {
        return wijk_fail(WIJK_EINVAL,
                         "Geef een naam en gebieden: wijk plan new \"Meer sociaal beheer\" --areas "
                         "BU03630001,BU03630002.",
                         "Give a name and areas: wijk plan new \"More social management\" --areas "
                         "BU03630001,BU03630002.");
    }
    plan_job job;
    int64_t ids[MOST_AREAS], id = 0;
    size_t count = 0;
    int rc = plan_job_open(&job, argc, argv, lang, 1, 0);
    rc = rc ? rc : plan_job_areas(&job, ids, &count, MOST_AREAS, areas);
    rc = rc ? rc
            : wijk_plan_create(&id, job.place.store, job.place.registry, title, ids[0],
                               cmd_option(argc, argv, "indicator"));
    for (size_t i = 1; i < count && !rc; i++) {
        rc = wijk_plan_add_area(job.place.store, id, ids[i]);
        if (rc) { /* half a plan is none; the reason outlives the clearing away */
            wijk_plan_withdraw(job.place.store, id);
        }
    }
    if (!rc) {
        const char *code = wijk_arena_printf(job.place.arena, "plan-%lld", (long long)id);
        printf("%s\n", WIJK_FILL(job.place.arena, lang, T_PLAN_SAVED, {"code", code}));
    }
    plan_job_close(&job);
    return rc;
}

static int find_field(enum wijk_plan_field *out, int argc, char **argv)
{
    const char *name = cmd_positional(argc, argv, 1);
    wijk_str known = WIJK_STR_INIT;
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        if (name && !strcmp(name, wijk_plan_columns[i].code)) {
            *out = (enum wijk_plan_field)i;
            wijk_str_free(&known);
            return WIJK_OK;
        }
        wijk_str_add(&known, i ? ", " : "");
        wijk_str_add(&known, wijk_plan_columns[i].code);
    }
    int rc = wijk_fail(WIJK_EINVAL, "Noem een onderdeel: %s.", "Name a part: %s.",
                       wijk_str_text(&known));
    wijk_str_free(&known);
    return rc;
}

/* The third word, or what the file of --from holds. */
static int find_value(const char **out, plan_job *job)
{
    const char *path = cmd_option(job->argc, job->argv, "from");
    char *bytes = NULL;
    size_t size = 0;
    *out = cmd_positional(job->argc, job->argv, 2);
    if (!path) {
        return *out ? WIJK_OK
                    : wijk_fail(WIJK_EINVAL, "Geef een waarde, of een bestand met --from.",
                                "Give a value, or a file with --from.");
    }
    int rc = cmd_read_file(&bytes, &size, path);
    if (!rc && memchr(bytes, 0, size)) {
        rc = wijk_fail(WIJK_EFORMAT, "%s is geen tekst.", "%s is not text.", path);
    }
    *out = rc ? NULL : wijk_arena_strndup(job->place.arena, bytes, size);
    wijk_free(bytes);
    return rc || *out ? rc : WIJK_ENOMEM;
}

int plan_set(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    enum wijk_plan_field field;
    const char *value;
    int rc = plan_job_open(&job, argc, argv, lang, 1, 1);
    rc = rc ? rc : find_field(&field, argc, argv);
    rc = rc ? rc : find_value(&value, &job);
    rc = rc ? rc : wijk_plan_set(job.place.store, job.place.registry, job.plan.id, field, value);
    rc = rc ? rc : say_state(&job);
    plan_job_close(&job);
    return rc;
}

static int each_area(plan_job *job, const char *option, int (*run)(wijk_store *, int64_t, int64_t))
{
    const char *names = cmd_option(job->argc, job->argv, option);
    int64_t ids[MOST_AREAS];
    size_t count = 0;
    int rc = names ? plan_job_areas(job, ids, &count, MOST_AREAS, names) : WIJK_OK;
    for (size_t i = 0; i < count && !rc; i++) {
        rc = run(job->place.store, job->plan.id, ids[i]);
    }
    return rc;
}

int plan_areas(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    int rc = plan_job_open(&job, argc, argv, lang, 1, 1);
    rc = rc ? rc : each_area(&job, "add", wijk_plan_add_area);
    rc = rc ? rc : each_area(&job, "drop", wijk_plan_drop_area);
    rc = rc ? rc : say_state(&job);
    plan_job_close(&job);
    return rc;
}

/* What this design could notice, said before anything is sealed. */
static int say_power(plan_job *job)
{
    double detectable;
    const wijk_indicator *outcome =
        wijk_indicator_by_code(job->place.registry, job->plan.value[WIJK_PLAN_INDICATOR]);
    int rc = wijk_plan_power(&detectable, job->place.store, job->place.registry, &job->plan, NULL);
    if (rc) {
        return rc;
    }
    int decimals = outcome ? outcome->decimals : 2;
    const char *texts[WIJK_PLAN_POWER_SAYS];
    wijk_plan_power_say(texts, job->place.arena, job->lang, &job->plan, detectable, decimals);
    for (size_t i = 0; i < WIJK_PLAN_POWER_SAYS && texts[i]; i++) {
        printf("%s\n", texts[i]);
    }
    return WIJK_OK;
}

int plan_freeze(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    int rc = plan_job_open(&job, argc, argv, lang, 1, 1);
    int draft = !rc && job.plan.state == WIJK_PLAN_DRAFT, look = cmd_flag(argc, argv, "look");
    if (draft && *job.plan.value[WIJK_PLAN_BEGINS] && *job.plan.value[WIJK_PLAN_MATTERS]) {
        rc = say_power(&job);
    }
    rc = rc || look ? rc : wijk_plan_freeze(job.place.store, job.plan.id);
    rc = rc ? rc : say_state(&job);
    plan_job_close(&job);
    return rc;
}

int plan_amend(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    enum wijk_plan_field field;
    const char *value, *who = cmd_option(argc, argv, "signed"),
                       *why = cmd_option(argc, argv, "reason");
    int rc = plan_job_open(&job, argc, argv, lang, 1, 1);
    rc = rc ? rc : find_field(&field, argc, argv);
    rc = rc ? rc : find_value(&value, &job);
    rc = rc ? rc
            : wijk_plan_amend(job.place.store, job.place.registry, job.plan.id, field, value,
                              who ? who : "", why ? why : "");
    rc = rc ? rc : say_state(&job);
    plan_job_close(&job);
    return rc;
}

static int advance(int argc, char **argv, wijk_lang lang, enum wijk_plan_state to)
{
    plan_job job;
    int rc = plan_job_open(&job, argc, argv, lang, 1, 1);
    rc = rc ? rc : wijk_plan_advance(job.place.store, job.place.registry, job.plan.id, to);
    rc = rc ? rc : say_state(&job);
    plan_job_close(&job);
    return rc;
}

int plan_start(int argc, char **argv, wijk_lang lang)
{
    return advance(argc, argv, lang, WIJK_PLAN_RUNNING);
}

int plan_close(int argc, char **argv, wijk_lang lang)
{
    return advance(argc, argv, lang, WIJK_PLAN_CLOSED);
}
