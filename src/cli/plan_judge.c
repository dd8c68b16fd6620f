/* What a plan did: the verdict by what was frozen, in the words of `wijk evaluate`. */
#include "cli/account.h"
#include "cli/evaluate.h"
#include "cli/plan.h"

#include <string.h>

int plan_judge(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    wijk_plan_judgement it = {0};
    cmd_job progress;
    int rc = plan_job_open(&job, argc, argv, lang, 0, 1);
    if (!rc) {
        cmd_job_begin(&progress, cmd_flag(argc, argv, "quiet"));
        rc = wijk_plan_judge(&it, job.place.store, job.place.registry, &job.plan, &progress.ctx);
        cmd_job_end(&progress);
    }
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        evaluate_verdict(sheet, job.place.arena, lang, &it.verdict, &it.design, it.decimals);
        rc = cmd_sheet_print(sheet);
    }
    wijk_plan_judgement_free(&it);
    plan_job_close(&job);
    return rc;
}

int plan_account(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    wijk_account_file *file = NULL;
    int rc = plan_job_open(&job, argc, argv, lang, 0, 1);
    const char *text = rc ? "" : job.plan.value[WIJK_PLAN_ACCOUNT];
    if (!rc && !*text) {
        rc =
            wijk_fail(WIJK_ENOTFOUND, "Dit plan heeft geen rekening.", "This plan has no account.");
    }
    rc = rc ? rc : wijk_account_read(&file, text, strlen(text), job.plan.code, NULL, 0, NULL);
    rc = rc ? rc : account_print(file, argc, argv, lang);
    wijk_account_file_free(file);
    plan_job_close(&job);
    return rc;
}
