/* wijk evaluate simulate: what every estimator makes of worlds in which the truth is known. One
 * kind of world as asked, or the whole grid that the manual prints. */
#include "cli/evaluate.h"

#include "wijk/effect_grid.h"

#include <math.h>
#include <stdio.h>

enum { OFFERED = 1000, QUICK = 400, SLOW = 100 };

static int tell_cell(cmd_sheet *sheet, const wijk_world *world, const wijk_grid_runs *runs,
                     uint64_t seed, wijk_ctx *ctx)
{
    wijk_grid_row rows[WIJK_GRID_ROWS];
    size_t count;
    int rc = wijk_grid_cell(rows, &count, world, runs, seed, ctx);
    for (size_t i = 0; i < count && !rc; i++) {
        if (!rows[i].runs) {
            continue;
        }
        cmd_sheet_number(sheet, (double)world->treated);
        cmd_sheet_number(sheet, world->lasting);
        cmd_sheet_number(sheet, world->worst);
        cmd_sheet_number(sheet, world->staggered);
        cmd_sheet_number(sheet, world->spill);
        cmd_sheet_text(sheet, rows[i].estimator);
        cmd_sheet_number(sheet, (double)rows[i].runs);
        const double told[] = {rows[i].bias, rows[i].coverage, rows[i].size, rows[i].power};
        for (size_t k = 0; k < 4; k++) { /* no more digits than such a number of worlds can tell */
            cmd_sheet_number(sheet, round(told[k] * 1e4) / 1e4 + 0.0);
        }
    }
    return rc;
}

static void columns(cmd_sheet *sheet, wijk_lang lang)
{
    cmd_sheet_table(sheet, "grid", "");
    cmd_sheet_column(sheet, "treated", wijk_text(lang, T_EVALUATE_GRID_TREATED), 0);
    cmd_sheet_column(sheet, "lasting", wijk_text(lang, T_EVALUATE_GRID_LASTING), 1);
    cmd_sheet_column(sheet, "worst", wijk_text(lang, T_EVALUATE_GRID_WORST), 0);
    cmd_sheet_column(sheet, "staggered", wijk_text(lang, T_EVALUATE_GRID_STAGGERED), 0);
    cmd_sheet_column(sheet, "spill", wijk_text(lang, T_EVALUATE_GRID_SPILL), 0);
    cmd_sheet_column(sheet, "estimator", wijk_text(lang, T_EVALUATE_ESTIMATOR), -1);
    cmd_sheet_column(sheet, "runs", wijk_text(lang, T_EVALUATE_GRID_RUNS), 0);
    cmd_sheet_column(sheet, "bias", wijk_text(lang, T_EVALUATE_GRID_BIAS), 3);
    cmd_sheet_column(sheet, "coverage", wijk_text(lang, T_EVALUATE_GRID_COVERAGE), 3);
    cmd_sheet_column(sheet, "size", wijk_text(lang, T_EVALUATE_GRID_SIZE), 3);
    cmd_sheet_column(sheet, "power", wijk_text(lang, T_EVALUATE_GRID_POWER), 3);
}

/* Treated areas x what lasts x selection x staggered starts x spill-over. */
static int tell_grid(cmd_sheet *sheet, const wijk_grid_runs *runs, uint64_t seed, wijk_ctx *ctx)
{
    static const size_t treated[] = {1, 2, 5, 20};
    static const double lasting[] = {0, 0.5, 0.8};
    int rc = WIJK_OK;
    for (int k = 0; k < 96 && !rc; k++) {
        const wijk_world world = {.treated = treated[k / 24],
                                  .lasting = lasting[k / 8 % 3],
                                  .worst = k / 4 % 2,
                                  .staggered = k / 2 % 2,
                                  .spill = k % 2};
        wijk_progress(ctx, "simulate", k / 96.0);
        if (world.treated > 1 || !world.staggered) {
            rc = tell_cell(sheet, &world, runs, seed, ctx);
        }
    }
    return rc;
}

int evaluate_simulate(int argc, char **argv, wijk_lang lang)
{
    double treated, lasting, runs, seed;
    int rc = evaluate_number(&treated, argc, argv, "treated");
    rc = rc ? rc : evaluate_number(&lasting, argc, argv, "lasting");
    rc = rc ? rc : evaluate_number(&runs, argc, argv, "runs");
    rc = rc ? rc : evaluate_number(&seed, argc, argv, "seed");
    if (!rc && isfinite(runs) && !(runs >= 1 && runs <= 1e6)) {
        rc = wijk_fail(WIJK_EINVAL, "--runs is 1 tot 1000000.", "--runs is 1 to 1000000.");
    }
    if (!rc && isfinite(treated) && !(treated >= 1 && treated <= 1000)) {
        rc = wijk_fail(WIJK_EINVAL, "--treated is 1 of meer.", "--treated is 1 or more.");
    }
    if (rc) {
        return rc;
    }
    size_t n = isfinite(runs) ? (size_t)runs : OFFERED;
    const wijk_grid_runs asked = {n, n < QUICK ? n : QUICK, n < SLOW ? n : SLOW};
    uint64_t start = seed > 0 ? (uint64_t)seed : 1;
    cmd_job job;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    columns(sheet, lang);
    cmd_job_begin(&job, 0);
    if (isfinite(treated)) {
        const wijk_world world = {.treated = (size_t)treated,
                                  .lasting = isfinite(lasting) ? lasting : 0.5,
                                  .worst = !cmd_flag(argc, argv, "random"),
                                  .staggered = cmd_flag(argc, argv, "staggered"),
                                  .spill = cmd_flag(argc, argv, "spill")};
        rc = tell_cell(sheet, &world, &asked, start, &job.ctx);
    } else {
        rc = tell_grid(sheet, &asked, start, &job.ctx);
    }
    cmd_job_end(&job);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_EVALUATE_GRID_NOTE));
    return cmd_sheet_print(sheet);
}

const wijk_command wijk_evaluates[] = {
    {"simulate",
     evaluate_simulate,
     "[--treated N [--lasting R] [--random] [--staggered] [--spill]] [--runs N] [--seed N]",
     {"hoe vaak elke rekenwijze ernaast zit, in werelden waarvan de waarheid bekend is",
      "how often each estimator is wrong, in worlds of which the truth is known"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};
