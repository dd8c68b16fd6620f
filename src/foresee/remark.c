/* What a reader must know of a result beside its figures: that a policy was kept to some streets,
 * that not all it asked for could be done, that a part of it comes after the run. The idea: the
 * text of the scenario says what was asked, the counts say what was done. */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/scenario.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { YEAR = 12, HOUR = 60 };

_Static_assert((int)WIJK_SCENARIO_YEARS == (int)WIJK_ENSEMBLE_YEARS,
               "a scenario lasts no longer than it can be run");

/* What a file asks of homes that are there, and how many of its lines come too late. */
static void look(wijk_remark out[WIJK_REMARKS], const wijk_scenario_file *file, uint32_t years)
{
    int end = wijk_scenario_start(file) + (int)years * YEAR;
    for (size_t i = 0; i < wijk_scenario_count(file); i++) {
        const wijk_scenario_change *c = wijk_scenario_at(file, i);
        int leaves = c->lever == WIJK_LEVER_SELL || c->lever == WIJK_LEVER_LIBERALISE;
        if (c->month >= end) {
            wijk_remark *later = &out[WIJK_REMARK_LATER];
            if (later->asked++ == 0 || c->month < later->month) {
                later->month = c->month;
                later->line = c->line;
            }
        } else if (wijk_lever_get(c->lever)->kind == WIJK_LEVER_KIND_EVENT) {
            out[WIJK_REMARK_NOT_DONE].asked += c->value;
            out[WIJK_REMARK_TO_COME].asked += leaves ? c->value : 0;
            out[WIJK_REMARK_STREETS].asked += c->lever == WIJK_LEVER_STREETS ? c->value : 0;
        }
    }
}

/* What it comes to over everything, in the middle pair and where that is told; `more`: than when
 * nothing is done. */
static double comes_to(const wijk_ensemble *e, wijk_outcome outcome, int more)
{
    wijk_bands b;
    int rc = wijk_ensemble_outcome_ever(&b, e, WIJK_ENSEMBLE_WHOLE, outcome);
    double middle = rc ? 0 : more ? b.difference.median : b.scenario.median;
    return isfinite(middle) ? middle : 0;
}

/* What was done of what was asked, from the counts. */
static void count(wijk_remark out[WIJK_REMARKS], const wijk_ensemble *e)
{
    wijk_remark *missed = &out[WIJK_REMARK_NOT_DONE];
    missed->done = missed->asked - comes_to(e, WIJK_OUT_NOT_DONE, 0);
    out[WIJK_REMARK_TO_COME].done =
        comes_to(e, WIJK_OUT_SOLD, 0) + comes_to(e, WIJK_OUT_LIBERALISED, 0);
    double months = (double)e->years * YEAR;
    out[WIJK_REMARK_WAITING].asked = comes_to(e, WIJK_OUT_TASK_MONTHS, 1) / months;
    out[WIJK_REMARK_FIRST].asked = comes_to(e, WIJK_OUT_FIRST_MONTHS, 0) / months;
    double hours = comes_to(e, WIJK_OUT_WORK_MANAGEMENT, 0) / HOUR;
    out[WIJK_REMARK_UNPAID].asked = hours + comes_to(e, WIJK_OUT_MANAGEMENT_UNPAID, 0) / HOUR;
    out[WIJK_REMARK_UNPAID].done = hours;
}

static int is_said(const wijk_remark *r)
{
    switch (r->kind) {
    case WIJK_REMARK_NOT_DONE:
    case WIJK_REMARK_TO_COME:
    case WIJK_REMARK_UNPAID:
        return r->asked - r->done >= 1;
    case WIJK_REMARK_WAITING: /* fewer people than may be told are not */
        return r->asked >= WIJK_ENSEMBLE_LEAST;
    default:
        return r->asked >= 1;
    }
}

int wijk_ensemble_remarks(wijk_remark out[WIJK_REMARKS], size_t *n, const wijk_ensemble *e)
{
    wijk_remark all[WIJK_REMARKS] = {{.asked = 0}};
    wijk_scenario_file *file;
    const char *text = e->text[TEXT_SCENARIO];
    *n = 0;
    int rc = wijk_scenario_read(&file, text, strlen(text), "scenario");
    if (rc) { /* made without a file: nothing is known of what was asked */
        return rc == WIJK_ENOMEM ? rc : WIJK_OK;
    }
    look(all, file, e->years);
    wijk_scenario_free(file);
    count(all, e);
    for (int i = 0; i < WIJK_REMARKS; i++) {
        all[i].kind = (wijk_remark_kind)i;
        if (is_said(&all[i])) {
            out[(*n)++] = all[i];
        }
    }
    return WIJK_OK;
}

void wijk_remark_say(wijk_str *out, wijk_lang lang, const wijk_remark *remark)
{
    static const enum wijk_text_key words[WIJK_REMARKS] = {
        [WIJK_REMARK_STREETS] = T_REMARK_STREETS, [WIJK_REMARK_NOT_DONE] = T_REMARK_NOT_DONE,
        [WIJK_REMARK_TO_COME] = T_REMARK_TO_COME, [WIJK_REMARK_WAITING] = T_REMARK_WAITING,
        [WIJK_REMARK_FIRST] = T_REMARK_FIRST,     [WIJK_REMARK_UNPAID] = T_REMARK_UNPAID,
        [WIJK_REMARK_LATER] = T_REMARK_LATER,
    };
    wijk_str asked = WIJK_STR_INIT, done = WIJK_STR_INIT;
    char month[24], line[24];
    snprintf(month, sizeof month, "%04d-%02d", remark->month / YEAR, remark->month % YEAR + 1);
    snprintf(line, sizeof line, "%zu", remark->line);
    wijk_number(&asked, lang, remark->asked, 0);
    wijk_number(&done, lang, round(remark->done), 0);
    wijk_text_fill(out, lang, words[remark->kind], wijk_str_text(&asked), wijk_str_text(&done),
                   month, line, NULL);
    wijk_str_free(&asked);
    wijk_str_free(&done);
}
