/* What a reader must know of a result beside its figures: that a policy was kept to some streets,
 * that not all homes it asked for were there, that a part of it comes after the run. The idea: the
 * text of the scenario says what was asked, the counts say what was done. */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/scenario.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { YEAR = 12 };

_Static_assert((int)WIJK_SCENARIO_YEARS == (int)WIJK_ENSEMBLE_YEARS,
               "a scenario lasts no longer than it can be run");

/* What a file asks of homes that are there, and how many of its lines come too late. */
static void look(wijk_remark out[WIJK_REMARKS], const wijk_scenario_file *file, uint32_t years)
{
    int end = wijk_scenario_start(file) + (int)years * YEAR;
    for (size_t i = 0; i < wijk_scenario_count(file); i++) {
        const wijk_scenario_change *c = wijk_scenario_at(file, i);
        int builds = c->lever == WIJK_LEVER_BUILD_SOCIAL || c->lever == WIJK_LEVER_BUILD_OWNER ||
                     c->lever == WIJK_LEVER_BUILD_PRIVATE;
        if (c->month >= end) {
            wijk_remark *later = &out[WIJK_REMARK_LATER];
            if (later->asked++ == 0 || c->month < later->month) {
                later->month = c->month;
                later->line = c->line;
            }
        } else if (!builds && wijk_lever_get(c->lever)->kind == WIJK_LEVER_KIND_EVENT) {
            out[WIJK_REMARK_NOT_DONE].asked += c->value;
            out[WIJK_REMARK_STREETS].asked += c->lever == WIJK_LEVER_STREETS ? c->value : 0;
        }
    }
}

int wijk_ensemble_remarks(wijk_remark out[WIJK_REMARKS], size_t *n, const wijk_ensemble *e)
{
    wijk_remark all[WIJK_REMARKS] = {
        {.kind = WIJK_REMARK_STREETS}, {.kind = WIJK_REMARK_NOT_DONE}, {.kind = WIJK_REMARK_LATER}};
    wijk_scenario_file *file;
    const char *text = e->text[TEXT_SCENARIO];
    double missed = 0;
    *n = 0;
    int rc = wijk_scenario_read(&file, text, strlen(text), "scenario");
    if (rc) { /* made without a file: nothing is known of what was asked */
        return rc == WIJK_ENOMEM ? rc : WIJK_OK;
    }
    look(all, file, e->years);
    wijk_scenario_free(file);
    for (uint32_t year = 1; year <= e->years; year++) {
        wijk_bands b;
        rc = wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_WHOLE, year, WIJK_OUT_NOT_DONE);
        if (rc) {
            return rc;
        }
        missed += b.scenario.median;
    }
    all[WIJK_REMARK_NOT_DONE].done = all[WIJK_REMARK_NOT_DONE].asked - missed;
    for (int i = 0; i < WIJK_REMARKS; i++) {
        if (i == WIJK_REMARK_NOT_DONE ? missed > 0 : all[i].asked > 0) {
            out[(*n)++] = all[i];
        }
    }
    return WIJK_OK;
}

void wijk_remark_say(wijk_str *out, wijk_lang lang, const wijk_remark *remark)
{
    static const enum wijk_text_key words[WIJK_REMARKS] = {
        [WIJK_REMARK_STREETS] = T_REMARK_STREETS,
        [WIJK_REMARK_NOT_DONE] = T_REMARK_NOT_DONE,
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
