/* What the files of `wijk evaluate` share, and what `wijk plan judge` prints alike. */
#ifndef WIJK_CLI_EVALUATE_H
#define WIJK_CLI_EVALUATE_H

#include "cli/cmd.h"
#include "cli/sheet.h"

#include "wijk/group_time.h"
#include "wijk/matching.h"
#include "wijk/mem.h"
#include "wijk/panel_read.h"
#include "wijk/text.h"
#include "wijk/verdict.h"

enum evaluate_ring { EVALUATE_RING_OUT, EVALUATE_RING_MODEL };

/* What was asked, read once; outcomes[0] is what the areas were chosen on. */
typedef struct {
    struct {
        wijk_panel_data data;
        const char *name;
        double matters; /* NAN when not given */
        int lower_is_better, decimals;
    } outcomes[WIJK_MOST_OUTCOMES];
    size_t count;
    double selected; /* year; NAN when not given */
    enum evaluate_ring ring;
    enum wijk_adjust adjust;
    wijk_matching_options matching;
    uint64_t seed;
    wijk_arena *arena;
    wijk_lang lang;
    cmd_sheet *sheet;
} evaluate_job;

/* WIJK_OK and NAN when the option is not given. */
int evaluate_number(double *out, int argc, char **argv, const char *name);

/* Fills the sheet by the method of that name; WIJK_EINVAL names the ones there are. */
int evaluate_by_method(evaluate_job *job, const char *name);

/* The design of outcome k as it was asked. */
int evaluate_design(wijk_design *out, const evaluate_job *job, size_t k);

/* The verdict in words above, its numbers in the tables "verdict" and "beside", notes below. */
void evaluate_verdict(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang,
                      const wijk_verdict *verdict, const wijk_design *design, int decimals);

extern const wijk_command wijk_evaluates[]; /* the rows of `wijk evaluate` */

int evaluate_simulate(int argc, char **argv, wijk_lang lang);

#endif
