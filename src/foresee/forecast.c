/* Requests to the simulation and their state, as rows of the file. The idea: a request is named by
 * a hash of all that decides its answer, so asking twice is looking up; "under way" is no state, so
 * a killed program leaves a request that waits and some parts, and nothing to repair. */
#include "foresee/forecast.h"

#include "wijk/hash.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

/* Columns in the order of the literals below; the bytes of the parts are summed where asked. */
#define COLUMNS                                                                                    \
    "f.id, f.area_id, f.mark, f.scenario, f.years, f.seed, f.wanted, f.model, f.figures, f.state," \
    " f.memory, f.asked_at, coalesce(f.ended_at, ''), f.error_nl, f.error_en,"                     \
    " coalesce((SELECT max(p.last) FROM forecast_part p WHERE p.forecast_id = f.id), 0),"          \
    " coalesce((SELECT sum(length(p.bytes)) FROM forecast_part p WHERE p.forecast_id = f.id), 0)," \
    " f.seconds"

/* ---- the mark -------------------------------------------------------------------------------- */

/* Version, what is counted and what is drawn: another of these is another answer. */
static int tell_model(char out[MODEL_TEXT])
{
    uint64_t parameters = 0;
    int rc = wijk_ensemble_parameters(&parameters);
    snprintf(out, MODEL_TEXT, "%s %d.%d.%d %016llx", WIJK_VERSION, (int)WIJK_OUTCOMES,
             (int)WIJK_GROUP_OUTCOMES, (int)WIJK_LEVERS, (unsigned long long)parameters);
    return rc;
}

static int check(const wijk_ask *ask)
{
    if (ask->years < 1 || ask->years > WIJK_ENSEMBLE_YEARS) {
        return wijk_fail(WIJK_EINVAL, "Aantal jaren: van 1 tot en met %d.",
                         "Number of years: from 1 to %d.", WIJK_ENSEMBLE_YEARS);
    }
    if (ask->wanted < 1 || ask->wanted > WIJK_FORECAST_PAIRS_MOST) {
        return wijk_fail(WIJK_EINVAL, "Aantal paren: van 1 tot en met %d.",
                         "Number of pairs: from 1 to %d.", WIJK_FORECAST_PAIRS_MOST);
    }
    return WIJK_OK;
}

/* The text as the program writes it: what was typed may differ in blanks. */
static int canonical(wijk_str *out, const char *text)
{
    wijk_scenario_file *file = NULL;
    int rc = wijk_scenario_read(&file, text, strlen(text), "scenario");
    rc = rc ? rc : wijk_scenario_check(file);
    if (!rc) {
        wijk_scenario_write(out, file);
        rc = wijk_str_status(out);
    }
    wijk_scenario_free(file);
    return rc;
}

static int mark_of(char out[WIJK_MARK], wijk_store *store, const wijk_registry *registry,
                   const wijk_ask *ask, const char *scenario, const char *model)
{
    wijk_arena *arena = NULL;
    wijk_area area;
    int rc = wijk_arena_new(&arena, 1 << 20);
    rc = rc ? rc : wijk_area_get(&area, store, arena, ask->area);
    if (!rc) {
        char place[64], numbers[64];
        wijk_hash hash;
        snprintf(place, sizeof place, "%.40s %d", area.code, area.vintage);
        snprintf(numbers, sizeof numbers, "%u %llu", ask->years, (unsigned long long)ask->seed);
        const char *parts[] = {"wijk forecast 1", place, scenario,
                               numbers,           model, wijk_registry_fingerprint(registry)};
        wijk_hash_begin(&hash, WIJK_MARK / 2);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            wijk_hash_add(&hash, parts[i]);
        }
        wijk_hash_end(out, &hash);
    }
    wijk_arena_free(arena);
    return rc;
}

int wijk_forecast_mark(char out[WIJK_MARK], wijk_store *store, const wijk_registry *registry,
                       const wijk_ask *ask)
{
    wijk_str scenario = WIJK_STR_INIT;
    char model[MODEL_TEXT];
    int rc = check(ask);
    rc = rc ? rc : canonical(&scenario, ask->scenario);
    rc = rc ? rc : tell_model(model);
    rc = rc ? rc : mark_of(out, store, registry, ask, wijk_str_text(&scenario), model);
    wijk_str_free(&scenario);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

const char *forecast_text(int *rc, wijk_arena *arena, wijk_stmt *stmt, int at)
{
    const char *text = wijk_arena_strdup(arena, wijk_col_text(stmt, at));
    *rc = text ? *rc : WIJK_ENOMEM;
    return text;
}

void forecast_bind_error(wijk_stmt *stmt, int at, wijk_forecast_state state)
{
    for (int lang = 0; lang < 2; lang++) {
        wijk_bind_text(stmt, at + lang,
                       state == WIJK_FORECAST_FAILED ? wijk_error((wijk_lang)lang) : "");
    }
}

/* The title without reading the whole text anew each time it is listed. A policy of another version
 * of the program that this one cannot read is listed as such: it may not hide the others. */
static int take_titles(wijk_forecast *out, wijk_arena *arena)
{
    wijk_scenario_file *file = NULL;
    int rc = wijk_scenario_read(&file, out->scenario, strlen(out->scenario), "scenario");
    if (rc == WIJK_ENOMEM) {
        return rc;
    }
    for (int lang = 0; lang < 2; lang++) {
        out->title[lang] =
            wijk_arena_strdup(arena, rc ? wijk_text((wijk_lang)lang, T_FORECAST_UNREADABLE_POLICY)
                                        : wijk_scenario_title(file, (wijk_lang)lang));
    }
    rc = out->title[WIJK_NL] && out->title[WIJK_EN] ? WIJK_OK : WIJK_ENOMEM;
    wijk_scenario_free(file);
    return rc;
}

static int take_row(wijk_forecast *out, wijk_stmt *stmt, wijk_arena *arena)
{
    int rc = WIJK_OK;
    *out = (wijk_forecast){
        .id = wijk_col_int(stmt, 0),
        .area = wijk_col_int(stmt, 1),
        .scenario = forecast_text(&rc, arena, stmt, 3),
        .years = (uint32_t)wijk_col_int(stmt, 4),
        .seed = (uint64_t)wijk_col_int(stmt, 5),
        .wanted = (uint32_t)wijk_col_int(stmt, 6),
        .model = forecast_text(&rc, arena, stmt, 7),
        .figures = forecast_text(&rc, arena, stmt, 8),
        .state = (wijk_forecast_state)wijk_col_int(stmt, 9),
        .memory = wijk_col_int(stmt, 10),
        .asked_at = forecast_text(&rc, arena, stmt, 11),
        .ended_at = forecast_text(&rc, arena, stmt, 12),
        .error = {forecast_text(&rc, arena, stmt, 13), forecast_text(&rc, arena, stmt, 14)},
        .done = (uint32_t)wijk_col_int(stmt, 15),
        .bytes = wijk_col_int(stmt, 16),
        .seconds = wijk_col_double(stmt, 17)};
    snprintf(out->mark, sizeof out->mark, "%s", wijk_col_text(stmt, 2));
    return rc ? rc : take_titles(out, arena);
}

/* At most one row of a statement whose columns are COLUMNS. */
static int take_one(wijk_forecast *out, wijk_stmt *stmt, wijk_arena *arena)
{
    int rc = wijk_step(stmt);
    if (rc == 1) {
        rc = take_row(out, stmt, arena);
        wijk_reset(stmt);
        return rc;
    }
    *out = (wijk_forecast){0};
    return rc;
}

int wijk_forecast_find(wijk_forecast *out, wijk_store *store, wijk_arena *arena, const char *mark)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast f WHERE f.mark = ?1");
    wijk_bind_text(stmt, 1, mark);
    int rc = take_one(out, stmt, arena);
    return rc || out->id
               ? rc
               : wijk_fail(WIJK_ENOTFOUND, "Deze doorrekening staat niet (meer) in het bestand.",
                           "This forecast is not in the file (any more).");
}

int wijk_forecast_get(wijk_forecast *out, wijk_store *store, wijk_arena *arena, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast f WHERE f.id = ?1");
    wijk_bind_int(stmt, 1, id);
    return take_one(out, stmt, arena);
}

int wijk_forecast_next(wijk_forecast *out, wijk_store *store, wijk_arena *arena)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast f WHERE f.state = 0"
                                            " ORDER BY EXISTS (SELECT 1 FROM forecast_part p"
                                            " WHERE p.forecast_id = f.id), f.asked_at, f.id"
                                            " LIMIT 1");
    return take_one(out, stmt, arena);
}

int wijk_forecast_list(wijk_forecast **out, size_t *count, wijk_store *store, wijk_arena *arena,
                       int64_t area, size_t most)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast f WHERE (?1 = 0 OR f.area_id = ?1)"
                              " ORDER BY f.asked_at DESC, f.id DESC LIMIT ?2");
    *count = 0;
    most = most < WIJK_MAX_FORECASTS ? most : WIJK_MAX_FORECASTS;
    *out = wijk_arena_alloc(arena, (most + 1) * sizeof **out);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, (int64_t)most);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        rc = take_row(&(*out)[*count], stmt, arena);
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
        (*count)++;
    }
    return rc;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Room for one more: what ended longest ago can be computed again, to the bit. */
static int make_room(wijk_store *store)
{
    int64_t n = 0, oldest = 0;
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT count(*) FROM forecast");
    int rc = wijk_run_int(&n, stmt, 0);
    if (rc || n < WIJK_MAX_FORECASTS) {
        return rc;
    }
    stmt = wijk_store_sql(store, "SELECT id FROM forecast WHERE state <> 0"
                                 " ORDER BY ended_at, id LIMIT 1");
    rc = wijk_run_int(&oldest, stmt, 0);
    if (!rc && !oldest) {
        return wijk_fail(WIJK_ELIMIT,
                         "Er wachten al %u doorrekeningen. Laat er eerst een paar klaar zijn.",
                         "There are %u forecasts waiting already. Let some of them end first.",
                         WIJK_MAX_FORECASTS);
    }
    return rc ? rc : forecast_forget(store, oldest);
}

static int insert(wijk_store *store, const wijk_registry *registry, const wijk_ask *ask,
                  const char *mark, const char *scenario, const char *model)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO forecast(mark, area_id, scenario, years, seed, wanted, model, figures,"
               " asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
               " strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    wijk_bind_text(stmt, 1, mark);
    wijk_bind_int(stmt, 2, ask->area);
    wijk_bind_text(stmt, 3, scenario);
    wijk_bind_int(stmt, 4, ask->years);
    wijk_bind_int(stmt, 5, (int64_t)ask->seed);
    wijk_bind_int(stmt, 6, ask->wanted);
    wijk_bind_text(stmt, 7, model);
    wijk_bind_text(stmt, 8, wijk_registry_fingerprint(registry));
    return wijk_run(stmt);
}

/* One that is there: goes on when more is asked, or when it had stopped. */
static int ask_again(wijk_store *store, const char *mark, uint32_t wanted)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast SET wanted = max(wanted, ?2), state = 0, ended_at = NULL,"
               " error_nl = '', error_en = '' WHERE mark = ?1 AND (state > 1 OR wanted < ?2)");
    wijk_bind_text(stmt, 1, mark);
    wijk_bind_int(stmt, 2, wanted);
    return wijk_run(stmt);
}

static int is_there(int64_t *out, wijk_store *store, const char *mark)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT id FROM forecast WHERE mark = ?1");
    wijk_bind_text(stmt, 1, mark);
    return wijk_run_int(out, stmt, 0);
}

/* What would be refused later is refused now: a request that can only fail is not kept. */
static int can_be_run(wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                      const wijk_ask *ask)
{
    wijk_scenario_file *file = NULL;
    wijk_mistakes found = {.arena = arena};
    wijk_case_size size;
    int rc = wijk_case_look(&size, store, registry, arena, ask->area);
    rc = rc ? rc
            : wijk_scenario_read_all(&file, &found, ask->scenario, strlen(ask->scenario),
                                     "scenario");
    rc = rc ? rc : wijk_case_check(&found, store, registry, ask->area, file);
    wijk_scenario_free(file);
    return rc ? rc : wijk_mistakes_fail(&found, "scenario");
}

int wijk_forecast_ask(wijk_forecast *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_ask *ask)
{
    wijk_str scenario = WIJK_STR_INIT;
    char model[MODEL_TEXT], mark[WIJK_MARK];
    int64_t id = 0;
    int rc = check(ask);
    rc = rc ? rc : can_be_run(store, registry, arena, ask);
    rc = rc ? rc : canonical(&scenario, ask->scenario);
    rc = rc ? rc : tell_model(model);
    rc = rc ? rc : mark_of(mark, store, registry, ask, wijk_str_text(&scenario), model);
    rc = rc ? rc : wijk_begin(store);
    if (!rc) {
        rc = is_there(&id, store, mark);
        if (!rc && id) {
            rc = ask_again(store, mark, ask->wanted);
        } else if (!rc) {
            rc = make_room(store);
            rc = rc ? rc : insert(store, registry, ask, mark, wijk_str_text(&scenario), model);
        }
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_str_free(&scenario);
    return rc || !out ? rc : wijk_forecast_find(out, store, arena, mark);
}

/* ---- turning --------------------------------------------------------------------------------- */

int wijk_forecast_turn(wijk_store *store, int64_t id, wijk_forecast_state state)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast SET state = ?2, error_nl = ?3, error_en = ?4, ended_at ="
               " iif(?2 = 0, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, state);
    forecast_bind_error(stmt, 3, state);
    return wijk_run(stmt);
}

int wijk_forecast_tell_seconds(wijk_store *store, int64_t id, double seconds)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "UPDATE forecast SET seconds = seconds + ?2 WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_double(stmt, 2, seconds);
    return wijk_run(stmt);
}

int wijk_forecast_tell_memory(wijk_store *store, int64_t id, uint64_t bytes)
{
    wijk_stmt *stmt = wijk_store_sql(store, "UPDATE forecast SET memory = ?2 WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, (int64_t)bytes);
    return wijk_run(stmt);
}
