/* Further questions about a forecast, as rows of the file. The idea: a question has no mark of its
 * own, since that of its forecast holds all that decides the answer; and as with forecasts "under
 * way" is no state, so that a killed program leaves whole units and nothing to repair. */
#include "wijk/forecast_study.h"

#include "foresee/forecast.h"

#include "wijk/breakeven.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/sensitivity.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "s.id, s.forecast_id, s.kind, s.wanted, s.done, s.seconds, s.state, s.asked_at, s.error_nl,"   \
    " s.error_en"

static const char *const keys[WIJK_STUDIES] = {[WIJK_STUDY_SCREENING] = "assumptions",
                                               [WIJK_STUDY_GROUPING] = "groups",
                                               [WIJK_STUDY_EVEN] = "break-even"};

const char *wijk_study_key(wijk_study_kind kind)
{
    return keys[kind];
}

int wijk_study_find_key(const char *key, wijk_study_kind *out)
{
    for (int k = 0; k < WIJK_STUDIES; k++) {
        if (!strcmp(key, keys[k])) {
            *out = (wijk_study_kind)k;
            return 1;
        }
    }
    return 0;
}

static int sets_of(uint32_t *out, const wijk_forecast *forecast)
{
    wijk_scenario_file *file = NULL;
    int rc = wijk_scenario_read(&file, forecast->scenario, strlen(forecast->scenario), "scenario");
    *out = rc ? 0 : wijk_breakeven_sets(file);
    wijk_scenario_free(file);
    return rc;
}

int wijk_study_size(uint32_t *units, uint64_t *pairs, const wijk_forecast *forecast,
                    wijk_study_kind kind)
{
    uint32_t sets = 0, points = 0;
    int rc = sets_of(&sets, forecast);
    if (!rc && !sets) {
        rc = wijk_fail(WIJK_EINVAL, "Dit beleid verandert niets: er is niets te onderzoeken.",
                       "This policy changes nothing: there is nothing to look into.");
    }
    if (!rc && kind != WIJK_STUDY_EVEN) {
        rc = wijk_sensitivity_points(&points,
                                     kind == WIJK_STUDY_SCREENING ? WIJK_SCREENING : WIJK_GROUPING);
    }
    *units = kind == WIJK_STUDY_SCREENING  ? WIJK_STUDY_PATHS
             : kind == WIJK_STUDY_GROUPING ? WIJK_STUDY_POINTS
                                           : sets;
    *pairs = kind == WIJK_STUDY_EVEN ? (uint64_t)sets * WIJK_BREAKEVEN_SHARES * WIJK_STUDY_PAIRS
                                     : (uint64_t)*units * points;
    return rc;
}

/* ---- asking and finding ---------------------------------------------------------------------- */

int wijk_study_ask(wijk_store *store, const wijk_forecast *forecast, wijk_study_kind kind)
{
    uint32_t units;
    uint64_t pairs;
    int rc = wijk_study_size(&units, &pairs, forecast, kind);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt =
        wijk_store_sql(store, "INSERT INTO forecast_study(forecast_id, kind, wanted, asked_at)"
                              " VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
                              " ON CONFLICT(forecast_id, kind) DO UPDATE SET state = 0,"
                              " ended_at = NULL, error_nl = '', error_en = '' WHERE state > 1");
    wijk_bind_int(stmt, 1, forecast->id);
    wijk_bind_int(stmt, 2, kind);
    wijk_bind_int(stmt, 3, units);
    return wijk_run(stmt);
}

/* At most one row of a statement whose columns are COLUMNS. */
static int take_one(wijk_study *out, wijk_stmt *stmt, wijk_arena *arena)
{
    *out = (wijk_study){0};
    int rc = wijk_step(stmt);
    if (rc == 1) {
        rc = WIJK_OK;
        *out = (wijk_study){
            .id = wijk_col_int(stmt, 0),
            .forecast = wijk_col_int(stmt, 1),
            .kind = (wijk_study_kind)wijk_col_int(stmt, 2),
            .wanted = (uint32_t)wijk_col_int(stmt, 3),
            .done = (uint32_t)wijk_col_int(stmt, 4),
            .seconds = wijk_col_double(stmt, 5),
            .state = (wijk_forecast_state)wijk_col_int(stmt, 6),
            .asked_at = forecast_text(&rc, arena, stmt, 7),
            .error = {forecast_text(&rc, arena, stmt, 8), forecast_text(&rc, arena, stmt, 9)}};
        wijk_reset(stmt);
    }
    return rc;
}

int wijk_study_find(wijk_study *out, wijk_store *store, wijk_arena *arena, int64_t forecast,
                    wijk_study_kind kind)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast_study s"
                                            " WHERE s.forecast_id = ?1 AND s.kind = ?2");
    wijk_bind_int(stmt, 1, forecast);
    wijk_bind_int(stmt, 2, kind);
    return take_one(out, stmt, arena);
}

int wijk_study_next(wijk_study *out, wijk_store *store, wijk_arena *arena)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT " COLUMNS " FROM forecast_study s"
                                            " WHERE s.state = 0 ORDER BY s.asked_at, s.id LIMIT 1");
    return take_one(out, stmt, arena);
}

/* ---- turning --------------------------------------------------------------------------------- */

int wijk_study_turn(wijk_store *store, int64_t id, wijk_forecast_state state)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast_study SET state = ?2, error_nl = ?3, error_en = ?4, ended_at ="
               " iif(?2 = 0, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, state);
    forecast_bind_error(stmt, 3, state);
    return wijk_run(stmt);
}

int wijk_study_clear(wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast_study SET done = 0, seconds = 0, bytes = NULL, state = 0,"
               " ended_at = NULL, error_nl = '', error_en = '' WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    return wijk_run(stmt);
}

/* ---- the text -------------------------------------------------------------------------------- */

static int state_of(int64_t *out, wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT state FROM forecast_study WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    int rc = wijk_step(stmt);
    *out = rc == 1 ? wijk_col_int(stmt, 0) : -1;
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

static int put_text(wijk_store *store, int64_t id, uint32_t done, double seconds, const void *bytes,
                    size_t size)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast_study SET done = ?2, seconds = seconds + ?3, bytes = ?4,"
               " state = iif(?2 >= wanted, 1, state), ended_at = iif(?2 >= wanted,"
               " strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ended_at) WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, done);
    wijk_bind_double(stmt, 3, seconds);
    wijk_bind_blob(stmt, 4, bytes, size);
    return wijk_run(stmt);
}

int wijk_study_keep(wijk_store *store, int64_t id, uint32_t done, double seconds,
                    const wijk_str *text)
{
    void *bytes = NULL;
    size_t size = 0;
    int64_t state = -1;
    int rc = wijk_str_status(text);
    rc = rc ? rc : forecast_squeeze(&bytes, &size, text->data, text->size);
    rc = rc ? rc : state_of(&state, store, id);
    if (!rc && state < 0) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Deze vraag staat niet meer in het bestand.",
                       "This question is not in the file any more.");
    }
    rc = rc ? rc : put_text(store, id, done, seconds, bytes, size);
    wijk_free(bytes);
    if (!rc && state == WIJK_FORECAST_STOPPED) {
        rc = wijk_fail(WIJK_ECANCEL, "Gestopt.", "Stopped.");
    }
    return rc;
}

int wijk_study_read(wijk_str *out, wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT bytes FROM forecast_study WHERE id = ?1 AND bytes IS NOT NULL");
    wijk_bind_int(stmt, 1, id);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        void *plain = NULL;
        size_t size = 0, whole = 0;
        const void *bytes = wijk_col_blob(stmt, 0, &size);
        rc = forecast_unsqueeze(&plain, &whole, bytes, size, WIJK_MAX_STUDY);
        wijk_reset(stmt);
        if (!rc) {
            wijk_str_addn(out, plain, whole);
            rc = wijk_str_status(out);
        }
        wijk_free(plain);
    }
    return rc;
}
