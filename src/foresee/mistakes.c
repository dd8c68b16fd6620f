/* What is wrong with a scenario, gathered while reading and looking goes on. The idea: one sentence
 * for each line, in the order of the lines; who sees them all mends them in one round. */
#include "foresee/scenario.h"

#include <stdio.h>
#include <string.h>

/* Where a line belongs; found->n, or where it is already. */
static size_t place_of(const wijk_mistakes *found, size_t line)
{
    size_t at = 0;
    while (at < found->n && found->at[at].line < line) {
        at++;
    }
    return at;
}

static int add(wijk_mistakes *found, size_t line)
{
    size_t at = place_of(found, line);
    if (line && at < found->n && found->at[at].line == line) {
        return WIJK_OK; /* its first mistake may well be the cause of this one */
    }
    if (found->n == WIJK_MISTAKES) {
        found->more++;
        return WIJK_OK;
    }
    wijk_mistake it = {.line = line};
    for (int lang = 0; lang < 2; lang++) {
        it.text[lang] = wijk_arena_strdup(found->arena, wijk_error((wijk_lang)lang));
    }
    if (!it.text[0] || !it.text[1]) {
        return WIJK_ENOMEM;
    }
    memmove(found->at + at + 1, found->at + at, (found->n - at) * sizeof *found->at);
    found->at[at] = it;
    found->n++;
    return WIJK_OK;
}

int scenario_tell(wijk_mistakes *found, const char *what, size_t line, int code)
{
    char where[160];
    int of_text = code == WIJK_EFORMAT || code == WIJK_EINVAL || code == WIJK_ELIMIT ||
                  code == WIJK_ENOTFOUND;
    if (!of_text) {
        return code;
    }
    if (found) {
        found->code = found->n ? found->code : code;
        return add(found, line);
    }
    snprintf(where, sizeof where, "%.120s:%zu", what, line);
    return wijk_fail_at(code, where);
}

int wijk_mistakes_fail(const wijk_mistakes *found, const char *what)
{
    wijk_str all[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    if (!found->n) {
        return WIJK_OK;
    }
    for (int lang = 0; lang < 2; lang++) {
        if (found->n > 1) {
            wijk_str_addf(&all[lang],
                          lang == WIJK_NL ? "%zu regels kloppen niet:\n"
                                          : "%zu lines are not right:\n",
                          found->n + found->more);
        }
        for (size_t i = 0; i < found->n; i++) {
            wijk_str_addf(&all[lang], "%s%.120s:%zu: %s", i ? "\n" : "", what, found->at[i].line,
                          found->at[i].text[lang]);
        }
    }
    int rc = wijk_str_status(&all[0]) ? WIJK_ENOMEM : wijk_str_status(&all[1]);
    rc = rc ? rc
            : wijk_fail(found->code, "%s%.0s", "%.0s%s", wijk_str_text(&all[0]),
                        wijk_str_text(&all[1]));
    wijk_str_free(&all[0]);
    wijk_str_free(&all[1]);
    return rc;
}
