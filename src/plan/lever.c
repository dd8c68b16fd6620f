/* What of a plan the model knows: a table of approaches, and the scenario that one makes. The idea:
 * the correspondence is data that anybody can read, and where there is none it says so. */
#include "plan/internal.h"

#include "wijk/mem.h"
#include "wijk/plan_forecast.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <stdlib.h>
#include <string.h>

#define APPROACHES "data/approaches.csv"

enum { YEARS = 10, MOST_YEARS = 20, FOLDED = 9000 };

static const char *keep(wijk_arena *arena, const wijk_table *table, size_t row, const char *column,
                        int *failed)
{
    const char *text = wijk_arena_strdup(arena, wijk_table_get(table, row, column));
    *failed |= !text;
    return text;
}

int wijk_approaches(const wijk_approach **out, size_t *count, wijk_arena *arena)
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, APPROACHES), failed = 0;
    if (rc) {
        return rc;
    }
    *count = wijk_table_rows(table);
    wijk_approach *rows = wijk_arena_alloc(arena, (*count + 1) * sizeof *rows);
    for (size_t i = 0; rows && i < *count; i++) {
        rows[i] = (wijk_approach){
            .code = keep(arena, table, i, "code", &failed),
            .label = {keep(arena, table, i, "nl", &failed), keep(arena, table, i, "en", &failed)},
            .note = {keep(arena, table, i, "note_nl", &failed),
                     keep(arena, table, i, "note_en", &failed)},
            .words = keep(arena, table, i, "words", &failed),
            .changes = keep(arena, table, i, "changes", &failed)};
    }
    wijk_table_free(table);
    *out = rows;
    return rows && !failed ? WIJK_OK : WIJK_ENOMEM;
}

const wijk_approach *wijk_approach_find(const wijk_approach *all, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(all[i].code, code)) {
            return &all[i];
        }
    }
    return NULL;
}

/* How many of the words between | occur in a folded text. */
static size_t occurring(const char *words, const char *text)
{
    size_t found = 0;
    while (*words) {
        size_t size = strcspn(words, "|");
        char word[120], folded[120];
        memcpy(word, words, size < sizeof word ? size : 0);
        word[size < sizeof word ? size : 0] = 0;
        found += wijk_fold(folded, sizeof folded, word) && strstr(text, folded);
        words += size + (words[size] == '|');
    }
    return found;
}

const wijk_approach *wijk_approach_suggest(const wijk_approach *all, size_t count, const char *text)
{
    char folded[FOLDED];
    const wijk_approach *best = NULL;
    size_t most = 0;
    wijk_fold(folded, sizeof folded, text);
    for (size_t i = 0; i < count; i++) {
        size_t found = occurring(all[i].words, folded);
        if (found > most) {
            most = found;
            best = &all[i];
        }
    }
    return best;
}

int wijk_plan_scenario(wijk_str *out, uint32_t *years, const wijk_plan *plan,
                       const wijk_approach *approach)
{
    long written = strtol(plan->created_at, NULL, 10);
    long begins = strtol(plan->design[WIJK_PLAN_BEGINS], NULL, 10);
    long ends = strtol(plan->design[WIJK_PLAN_ENDS], NULL, 10);
    long lasts = begins && ends >= begins ? ends - begins + 1 : YEARS;
    long from = begins > written ? begins : written;
    lasts = lasts > MOST_YEARS ? MOST_YEARS : lasts;
    *years = (uint32_t)lasts;
    wijk_str_addf(out, "wijk scenario 1\ntitle nl %s\ntitle en %s\nstart %ld-01\nyears %ld\n\n",
                  approach->label[WIJK_NL], approach->label[WIJK_EN], from, lasts);
    for (const char *at = approach->changes; *at;) {
        size_t size = strcspn(at, "|");
        wijk_str_addf(out, "%ld-01 here %.*s\n", from, (int)size, at);
        at += size + (at[size] == '|');
    }
    return wijk_str_status(out);
}

int wijk_plan_ask(wijk_ask *out, wijk_arena *arena, const wijk_plan *plan,
                  const wijk_approach *approach, size_t nth)
{
    const wijk_area *area = &plan->areas[nth];
    wijk_str text = WIJK_STR_INIT;
    *out = (wijk_ask){.area = area->id, .wanted = WIJK_FORECAST_PAIRS, .seed = 1};
    if (area->level != WIJK_GEMEENTE && area->level != WIJK_WIJK && area->level != WIJK_BUURT) {
        return wijk_fail(WIJK_EINVAL, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, T_PLAN_FORECAST_LEVEL),
                         wijk_text(WIJK_EN, T_PLAN_FORECAST_LEVEL));
    }
    int rc = wijk_plan_scenario(&text, &out->years, plan, approach);
    out->scenario = rc ? NULL : wijk_arena_strdup(arena, wijk_str_text(&text));
    wijk_str_free(&text);
    return rc || out->scenario ? rc : WIJK_ENOMEM;
}

int wijk_plan_forecast(wijk_forecast *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_ask *ask)
{
    char mark[WIJK_MARK];
    int rc = wijk_forecast_mark(mark, store, registry, ask);
    rc = rc ? rc : wijk_forecast_find(out, store, arena, mark);
    if (rc == WIJK_ENOTFOUND) {
        *out = (wijk_forecast){0};
        rc = WIJK_OK;
    }
    return rc;
}
