/* The subcommands of `wijk plan`; one row each in cmd_plan.c. */
#ifndef WIJK_CLI_PLAN_H
#define WIJK_CLI_PLAN_H

#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/plan.h"
#include "wijk/str.h"

extern const wijk_command wijk_plans[]; /* ends with a NULL name */

int plan_list(int argc, char **argv, wijk_lang lang);
int plan_show(int argc, char **argv, wijk_lang lang);
int plan_new(int argc, char **argv, wijk_lang lang);
int plan_set(int argc, char **argv, wijk_lang lang);
int plan_areas(int argc, char **argv, wijk_lang lang);
int plan_freeze(int argc, char **argv, wijk_lang lang);
int plan_amend(int argc, char **argv, wijk_lang lang);
int plan_start(int argc, char **argv, wijk_lang lang);
int plan_close(int argc, char **argv, wijk_lang lang);
int plan_judge(int argc, char **argv, wijk_lang lang);
int plan_approaches(int argc, char **argv, wijk_lang lang);
int plan_forecast(int argc, char **argv, wijk_lang lang);
int plan_account(int argc, char **argv, wijk_lang lang);
int plan_card(int argc, char **argv, wijk_lang lang);
int plan_read_card(int argc, char **argv, wijk_lang lang);

/* The file, and the plan that the first positional argument names. */
typedef struct {
    cmd_place place;
    wijk_plan plan;
    wijk_lang lang;
    int argc;
    char **argv;
} plan_job;

/* `writing` 1: the file is opened to change it. `named` 0: no plan is looked up. Close it also
 * after a failure. */
int plan_job_open(plan_job *out, int argc, char **argv, wijk_lang lang, int writing, int named);
void plan_job_close(plan_job *job);
/* The plan as it is after a change. */
int plan_job_again(plan_job *job);
/* "draft" as this language says it. */
const char *plan_state_text(wijk_lang lang, enum wijk_plan_state state);
/* The areas that --areas names. */
int plan_job_areas(plan_job *job, int64_t *out, size_t *count, size_t most, const char *names);

#endif
