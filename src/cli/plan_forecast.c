/* wijk plan forecast: the approach of a plan beside doing nothing, computed and kept in the file,
 * so that page and paper show the same. Areas only: no household is ever printed. */
#include "cli/plan.h"

#include "figure/words.h"

#include "wijk/fan.h"
#include "wijk/mem.h"
#include "wijk/plan_figure.h"

#include <math.h>
#include <string.h>

enum { BATCH = 10 }; /* pairs that are lost when it is broken off */

int plan_approaches(int argc, char **argv, wijk_lang lang)
{
    const wijk_approach *all;
    size_t count;
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    rc = wijk_approaches(&all, &count, arena);
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        cmd_sheet_table(sheet, "approaches", "");
        cmd_sheet_column(sheet, "code", wijk_text(lang, T_PLAN_CODE), -1);
        cmd_sheet_column(sheet, "what", wijk_text(lang, T_PLAN_FIELD_5), -1);
        cmd_sheet_column(sheet, "changes", wijk_text(lang, T_PLAN_LEVER_CHANGES), -1);
        for (size_t i = 0; i < count; i++) {
            cmd_sheet_text(sheet, all[i].code);
            cmd_sheet_text(sheet, all[i].label[lang]);
            cmd_sheet_text(sheet, all[i].changes);
        }
        rc = cmd_sheet_print(sheet);
    }
    wijk_arena_free(arena);
    return rc;
}

/* Pairs after those that are stored, batch by batch, each kept when it is done. */
static int run_rest(plan_job *job, const wijk_forecast *asked, wijk_ctx *ctx)
{
    wijk_case *it = NULL;
    wijk_scenario_file *file = NULL;
    wijk_store *store = job->place.store;
    int rc = asked->done < asked->wanted
                 ? wijk_case_new(&it, store, job->place.registry, asked->area, ctx)
                 : WIJK_OK;
    rc = rc ? rc
            : wijk_scenario_read(&file, asked->scenario, strlen(asked->scenario), job->plan.code);
    for (uint32_t done = asked->done; !rc && done < asked->wanted;) {
        uint32_t last = done + BATCH < asked->wanted ? done + BATCH : asked->wanted;
        const wijk_ensemble_options o = {
            .seed = asked->seed, .first = done + 1, .last = last, .years = asked->years};
        wijk_ensemble *part = NULL;
        rc = wijk_case_run(&part, it, file, &o, ctx);
        rc = rc ? rc : wijk_forecast_keep(store, asked->id, part);
        wijk_ensemble_free(part);
        done = last;
    }
    wijk_scenario_free(file);
    wijk_case_free(it);
    return rc;
}

static void band_row(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang, const wijk_area *area,
                     const wijk_forecast *stored, const wijk_ensemble *ensemble,
                     const wijk_asked *asked)
{
    wijk_bands b;
    uint32_t years = wijk_ensemble_tell(ensemble).years;
    if (wijk_ensemble_outcome(&b, ensemble, WIJK_ENSEMBLE_HERE, years, asked->outcome)) {
        b.difference = (wijk_band){NAN, NAN, NAN, NAN, NAN};
        b.nothing = b.difference;
    }
    cmd_sheet_text(sheet, area->name);
    cmd_sheet_text(sheet, wijk_asked_title(arena, lang, asked));
    cmd_sheet_text(sheet,
                   wijk_text(lang, asked->effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS));
    cmd_sheet_number(sheet, b.nothing.median);
    cmd_sheet_number(sheet, b.difference.low90);
    cmd_sheet_number(sheet, b.difference.median);
    cmd_sheet_number(sheet, b.difference.high90);
    cmd_sheet_number(sheet, stored->done);
}

static void head(cmd_sheet *sheet, plan_job *job, const wijk_approach *approach)
{
    wijk_lang lang = job->lang;
    cmd_sheet_head(sheet, wijk_plan_forecast_about(job->place.arena, lang, &job->plan, approach));
    cmd_sheet_table(sheet, "forecast", wijk_text(lang, T_PLAN_FORECAST));
    cmd_sheet_column(sheet, "area", wijk_text(lang, T_PLAN_AREAS), -1);
    cmd_sheet_column(sheet, "outcome", wijk_text(lang, T_PLAN_FORECAST_OUTCOME), -1);
    cmd_sheet_column(sheet, "kind", wijk_text(lang, T_ACCOUNT_CASH), -1);
    cmd_sheet_column(sheet, "nothing", wijk_text(lang, T_PLAN_FORECAST_NOTHING), 0);
    cmd_sheet_column(sheet, "low", "5%", 0);
    cmd_sheet_column(sheet, "median", wijk_text(lang, T_PLAN_FORECAST_DIFFERENCE), 0);
    cmd_sheet_column(sheet, "high", "95%", 0);
    cmd_sheet_column(sheet, "pairs", wijk_text(lang, T_PLAN_FORECAST_PAIRS), 0);
}

/* Asks, computes what is missing unless one only looks, and prints one area. */
static int one_area(cmd_sheet *sheet, plan_job *job, const wijk_approach *approach, size_t nth,
                    uint32_t wanted, int look, wijk_ctx *ctx)
{
    wijk_ask ask;
    wijk_forecast stored = {0};
    wijk_ensemble *ensemble = NULL;
    wijk_arena *arena = job->place.arena;
    wijk_store *store = job->place.store;
    int rc = wijk_plan_ask(&ask, arena, &job->plan, approach, nth);
    ask.wanted = wanted;
    if (!rc && !look) {
        rc = wijk_forecast_ask(&stored, store, job->place.registry, arena, &ask);
        rc = rc ? rc : run_rest(job, &stored, ctx);
    }
    rc = rc ? rc : wijk_plan_forecast(&stored, store, job->place.registry, arena, &ask);
    rc = rc || !stored.done ? rc : wijk_forecast_read(&ensemble, store, stored.id);
    if (!rc) {
        wijk_plan_outlook words;
        const wijk_asked *asked;
        wijk_plan_outlook_say(&words, arena, job->lang, &job->plan.areas[nth], &stored, ensemble);
        for (size_t i = 0; ensemble && (asked = wijk_asked_at(i)); i++) {
            band_row(sheet, job->place.arena, job->lang, &job->plan.areas[nth], &stored, ensemble,
                     asked);
        }
        if (words.lineage) {
            cmd_sheet_note(sheet, words.lineage);
        }
        if (words.state) {
            cmd_sheet_note(sheet, words.state);
        }
    }
    wijk_ensemble_free(ensemble);
    return rc;
}

static int find_approach(const wijk_approach **out, plan_job *job)
{
    const wijk_approach *all;
    size_t count;
    const char *code = job->plan.value[WIJK_PLAN_LEVER];
    int rc = wijk_approaches(&all, &count, job->place.arena);
    *out = rc ? NULL : wijk_approach_find(all, count, code);
    if (rc || *out) {
        return rc;
    }
    enum wijk_text_key why =
        strcmp(code, WIJK_NO_LEVER) ? T_PLAN_FORECAST_OPEN : T_PLAN_FORECAST_NONE;
    return wijk_fail(WIJK_ENOTFOUND, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, why),
                     wijk_text(WIJK_EN, why));
}

int plan_forecast(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    cmd_job progress;
    const wijk_approach *approach;
    unsigned long long wanted = WIJK_FORECAST_PAIRS;
    int look = cmd_flag(argc, argv, "look");
    int rc = plan_job_open(&job, argc, argv, lang, !look, 1);
    rc = rc ? rc : cmd_whole(&wanted, argc, argv, "replicates", 1, WIJK_FORECAST_PAIRS_MOST);
    rc = rc ? rc : find_approach(&approach, &job);
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        head(sheet, &job, approach);
        cmd_job_begin(&progress, cmd_flag(argc, argv, "quiet"));
        for (size_t i = 0; i < job.plan.area_count && i < WIJK_PLAN_FORECASTS && !rc; i++) {
            rc = one_area(sheet, &job, approach, i, (uint32_t)wanted, look, &progress.ctx);
        }
        cmd_job_end(&progress);
        if (rc) {
            cmd_sheet_free(sheet);
        } else {
            rc = cmd_sheet_print(sheet);
        }
    }
    plan_job_close(&job);
    return rc;
}
