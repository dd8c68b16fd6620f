/* Writing plans: entries are only ever added, the state goes one way, and the seal is made once. */
#include "plan/internal.h"

#include "wijk/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_AREAS = 200 };

static void now(char out[32])
{
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static int append(wijk_store *store, int64_t plan, const char *code, const char *value, int amends,
                  const char *signed_by, const char *reason)
{
    char before[PLAN_HASH] = "", chain[PLAN_HASH], at[32];
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT chain FROM plan_entry WHERE plan_id=? ORDER BY id DESC LIMIT 1");
    wijk_bind_int(stmt, 1, plan);
    int step = wijk_step(stmt);
    if (step == 1) {
        snprintf(before, sizeof before, "%s", wijk_col_text(stmt, 0));
    }
    wijk_reset(stmt);
    if (step < 0) {
        return step;
    }
    now(at);
    plan_chain(chain, before, code, value, at, amends, signed_by, reason);
    stmt =
        wijk_store_sql(store, "INSERT INTO plan_entry(plan_id, field, value, at, amends, signed, "
                              "reason, chain) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)");
    wijk_bind_int(stmt, 1, plan);
    wijk_bind_text(stmt, 2, code);
    wijk_bind_text(stmt, 3, value);
    wijk_bind_text(stmt, 4, at);
    wijk_bind_int(stmt, 5, amends);
    wijk_bind_text(stmt, 6, signed_by);
    wijk_bind_text(stmt, 7, reason);
    wijk_bind_text(stmt, 8, chain);
    return wijk_run(stmt);
}

static int add_entry(wijk_store *store, int64_t plan, enum wijk_plan_field field, const char *value,
                     int amends, const char *signed_by, const char *reason)
{
    return append(store, plan, wijk_plan_columns[field].code, value, amends, signed_by, reason);
}

static int state_of(int64_t *out, wijk_store *store, int64_t plan)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT state FROM plan WHERE id=? AND withdrawn=0");
    wijk_bind_int(stmt, 1, plan);
    int rc = wijk_run_int(out, stmt, -1);
    return rc || *out >= 0 ? rc
                           : wijk_fail(WIJK_ENOTFOUND, "Dat plan is er niet (meer).",
                                       "That plan is not there (any more).");
}

static int need_draft(wijk_store *store, int64_t plan)
{
    int64_t state;
    int rc = state_of(&state, store, plan);
    return rc || state == WIJK_PLAN_DRAFT
               ? rc
               : wijk_fail(WIJK_EDENIED,
                           "Dit plan ligt vast. Wat verandert, is een wijziging met naam en reden; "
                           "de gebieden veranderen niet.",
                           "This plan is frozen. What changes is an amendment with a name and a "
                           "reason; the areas do not change.");
}

/* Ends the transaction: commits, or rolls back what failed. */
static int end(wijk_store *store, int rc)
{
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

/* Begins one on a draft; 0 means that end() must follow. */
static int begin_draft(wijk_store *store, int64_t plan)
{
    int rc = wijk_begin(store);
    if (rc) {
        return rc;
    }
    rc = need_draft(store, plan);
    return rc ? end(store, rc) : WIJK_OK;
}

static int insert_area(wijk_store *store, int64_t plan, int64_t area)
{
    int64_t other;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT count(*) FROM plan_area p JOIN area a ON a.id=p.area_id, area b WHERE "
               "p.plan_id=?1 AND b.id=?2 AND (a.level<>b.level OR a.fictional<>b.fictional)");
    wijk_bind_int(stmt, 1, plan);
    wijk_bind_int(stmt, 2, area);
    int rc = wijk_run_int(&other, stmt, 0);
    if (!rc && other) {
        return wijk_fail(WIJK_EINVAL,
                         "Kies gebieden van één soort: alleen buurten, of alleen postcodes.",
                         "Choose areas of one kind: neighbourhoods only, or postcodes only.");
    }
    stmt = wijk_store_sql(store, "SELECT count(*) FROM plan_area WHERE plan_id=?");
    wijk_bind_int(stmt, 1, plan);
    rc = rc ? rc : wijk_run_int(&other, stmt, 0);
    if (!rc && other >= MOST_AREAS) {
        return wijk_fail(WIJK_ELIMIT, "Een plan heeft hoogstens %d gebieden.",
                         "A plan has at most %d areas.", MOST_AREAS);
    }
    stmt =
        wijk_store_sql(store, "INSERT OR IGNORE INTO plan_area(plan_id, area_id) VALUES (?1, ?2)");
    wijk_bind_int(stmt, 1, plan);
    wijk_bind_int(stmt, 2, area);
    return rc ? rc : wijk_run(stmt);
}

static int insert_plan(int64_t *out, wijk_store *store, int64_t area)
{
    char at[32], code[32];
    int64_t next, fictional = -1;
    now(at);
    int rc =
        wijk_run_int(&next, wijk_store_sql(store, "SELECT coalesce(max(id), 0) + 1 FROM plan"), 1);
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT fictional FROM area WHERE id=?");
    wijk_bind_int(stmt, 1, area);
    rc = rc ? rc : wijk_run_int(&fictional, stmt, -1);
    if (!rc && fictional < 0) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Dat gebied is er niet.", "That area is not there.");
    }
    if (rc) {
        return rc;
    }
    snprintf(code, sizeof code, "plan-%lld", (long long)next);
    stmt = wijk_store_sql(
        store, "INSERT INTO plan(id, code, fictional, created_at) VALUES (?1, ?2, ?3, ?4)");
    wijk_bind_int(stmt, 1, next);
    wijk_bind_text(stmt, 2, code);
    wijk_bind_int(stmt, 3, fictional);
    wijk_bind_text(stmt, 4, at);
    *out = next;
    return wijk_run(stmt);
}

int wijk_plan_create(int64_t *out, wijk_store *store, const wijk_registry *registry,
                     const char *title, int64_t area, const char *indicator)
{
    const char *outcome = indicator && *indicator ? indicator : "lbm3_afw";
    int rc = plan_check(registry, WIJK_PLAN_TITLE, title);
    rc = rc ? rc : plan_check(registry, WIJK_PLAN_INDICATOR, outcome);
    rc = rc ? rc : wijk_begin(store);
    if (rc) {
        return rc;
    }
    rc = insert_plan(out, store, area);
    rc = rc ? rc : insert_area(store, *out, area);
    rc = rc ? rc : add_entry(store, *out, WIJK_PLAN_TITLE, title, 0, "", "");
    rc = rc ? rc : add_entry(store, *out, WIJK_PLAN_INDICATOR, outcome, 0, "", "");
    return end(store, rc);
}

int wijk_plan_set(wijk_store *store, const wijk_registry *registry, int64_t plan,
                  enum wijk_plan_field field, const char *value)
{
    int rc = plan_check(registry, field, value);
    rc = rc ? rc : begin_draft(store, plan);
    return rc ? rc : end(store, add_entry(store, plan, field, value, 0, "", ""));
}

int wijk_plan_add_area(wijk_store *store, int64_t plan, int64_t area)
{
    int rc = begin_draft(store, plan);
    return rc ? rc : end(store, insert_area(store, plan, area));
}

int wijk_plan_drop_area(wijk_store *store, int64_t plan, int64_t area)
{
    int rc = begin_draft(store, plan);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt =
        wijk_store_sql(store, "DELETE FROM plan_area WHERE plan_id=?1 AND area_id=?2 AND (SELECT "
                              "count(*) FROM plan_area WHERE plan_id=?1) > 1");
    wijk_bind_int(stmt, 1, plan);
    wijk_bind_int(stmt, 2, area);
    return end(store, wijk_run(stmt));
}

int wijk_plan_withdraw(wijk_store *store, int64_t plan)
{
    int rc = begin_draft(store, plan);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(store, "UPDATE plan SET withdrawn=1 WHERE id=?");
    wijk_bind_int(stmt, 1, plan);
    return end(store, wijk_run(stmt));
}

/* Everything that is missing in one sentence: who fills in one thing and is then told of the next
 * stops. */
static int has_everything(const wijk_plan *plan)
{
    wijk_str missing[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        for (int lang = WIJK_NL; lang <= WIJK_EN && wijk_plan_columns[i].needed && !*plan->value[i];
             lang++) {
            wijk_str_add(&missing[lang], missing[lang].size ? ", " : "");
            wijk_str_add(&missing[lang], plan_field_name((wijk_lang)lang, (enum wijk_plan_field)i));
        }
    }
    int rc = missing[WIJK_NL].size
                 ? wijk_fail(WIJK_EINVAL, "Vul eerst in: %s%.0s.", "First fill in: %.0s%s.",
                             wijk_str_text(&missing[WIJK_NL]), wijk_str_text(&missing[WIJK_EN]))
                 : WIJK_OK;
    wijk_str_free(&missing[WIJK_NL]);
    wijk_str_free(&missing[WIJK_EN]);
    return rc;
}

/* What freezing asks: everything needed, and years in an order that can be judged. */
static int can_freeze(const wijk_plan *plan)
{
    int rc = has_everything(plan);
    if (rc) {
        return rc;
    }
    long begins = strtol(plan->value[WIJK_PLAN_BEGINS], NULL, 10);
    long ends = strtol(plan->value[WIJK_PLAN_ENDS], NULL, 10);
    long selected = strtol(plan->value[WIJK_PLAN_SELECTED], NULL, 10);
    if (ends && ends < begins) {
        return wijk_fail(WIJK_EINVAL, "Het plan eindigt (%ld) voor het begint (%ld).",
                         "The plan ends (%ld) before it begins (%ld).", ends, begins);
    }
    if (selected && selected >= begins) {
        return wijk_fail(WIJK_EINVAL,
                         "De cijfers waarop gekozen is (%ld) moeten van voor de start (%ld) zijn.",
                         "The figures used to choose (%ld) must be from before the start (%ld).",
                         selected, begins);
    }
    return plan->intact ? WIJK_OK
                        : wijk_fail(WIJK_EDENIED, "Dit plan is buiten het programma om veranderd.",
                                    "This plan was changed behind the program's back.");
}

static int code_of(char out[64], wijk_store *store, int64_t plan)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT code FROM plan WHERE id=?");
    wijk_bind_int(stmt, 1, plan);
    int step = wijk_step(stmt);
    snprintf(out, 64, "%s", step == 1 ? wijk_col_text(stmt, 0) : "");
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static int seal_it(wijk_store *store, wijk_arena *arena, int64_t id)
{
    wijk_plan plan;
    char seal[PLAN_HASH], at[32], code[64];
    int rc = code_of(code, store, id);
    rc = rc ? rc : wijk_plan_get(&plan, store, arena, code);
    rc = rc ? rc : can_freeze(&plan);
    if (rc) {
        return rc;
    }
    now(at);
    plan_seal(seal, &plan);
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE plan SET state=1, frozen_at=?2, seal=?3 WHERE id=?1 AND state=0");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, at);
    wijk_bind_text(stmt, 3, seal);
    return wijk_run(stmt);
}

int wijk_plan_freeze(wijk_store *store, int64_t plan)
{
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    rc = begin_draft(store, plan);
    rc = rc ? rc : end(store, seal_it(store, arena, plan));
    wijk_arena_free(arena);
    return rc;
}

static int blank(const char *text)
{
    return !text[strspn(text, " \t\r\n")];
}

int wijk_plan_amend(wijk_store *store, const wijk_registry *registry, int64_t plan,
                    enum wijk_plan_field field, const char *value, const char *signed_by,
                    const char *reason)
{
    if (blank(signed_by) || blank(reason) || strlen(signed_by) > 200 || strlen(reason) > 2000) {
        return wijk_fail(WIJK_EINVAL,
                         "Een wijziging heeft een naam (hoogstens 200 tekens) en een reden "
                         "(hoogstens 2.000) nodig.",
                         "An amendment needs a name (at most 200 characters) and a reason (at most "
                         "2,000).");
    }
    int64_t state;
    int rc = plan_check(registry, field, value);
    rc = rc ? rc : wijk_begin(store);
    if (rc) {
        return rc;
    }
    rc = state_of(&state, store, plan);
    if (!rc && state == WIJK_PLAN_DRAFT) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Een concept pas je gewoon aan; wijzigingen zijn er pas als het vastligt.",
                       "A draft is simply changed; amendments begin once it is frozen.");
    }
    return end(store, rc ? rc : add_entry(store, plan, field, value, 1, signed_by, reason));
}

/* The newest measurement of its outcome, written down so that the verdict goes by nothing later. */
static int write_closing(wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                         int64_t id)
{
    wijk_plan plan;
    wijk_panel_data data = {0};
    wijk_design design;
    char code[64], year[32] = "";
    int rc = code_of(code, store, id);
    rc = rc ? rc : wijk_plan_get(&plan, store, arena, code);
    if (rc) {
        return rc;
    }
    rc = wijk_plan_panel(&data, &design, store, registry, &plan);
    if (!rc && data.panel.waves) {
        snprintf(year, sizeof year, "%.0f", data.panel.year[data.panel.waves - 1]);
    }
    wijk_panel_free(&data);
    return rc && rc != WIJK_EINVAL && rc != WIJK_ENOTFOUND
               ? rc
               : append(store, id, PLAN_CLOSED, year, 0, "", "");
}

static int close_it(wijk_store *store, const wijk_registry *registry, int64_t plan)
{
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (!rc) {
        rc = write_closing(store, registry, arena, plan);
        wijk_arena_free(arena);
    }
    return rc;
}

int wijk_plan_advance(wijk_store *store, const wijk_registry *registry, int64_t plan,
                      enum wijk_plan_state to)
{
    int64_t state = -1;
    int rc = wijk_begin(store);
    if (rc) {
        return rc;
    }
    rc = state_of(&state, store, plan);
    int allowed = (state == WIJK_PLAN_FROZEN && to == WIJK_PLAN_RUNNING) ||
                  (state == WIJK_PLAN_RUNNING && to == WIJK_PLAN_CLOSED);
    if (!rc && !allowed) {
        rc = wijk_fail(
            WIJK_EINVAL,
            "Een plan gaat van concept naar vastgelegd, lopend en gesloten, en niet terug.",
            "A plan goes from draft to frozen, running and closed, and not back.");
    }
    rc = rc || to != WIJK_PLAN_CLOSED ? rc : close_it(store, registry, plan);
    if (rc) {
        return end(store, rc);
    }
    wijk_stmt *stmt = wijk_store_sql(store, "UPDATE plan SET state=?2 WHERE id=?1");
    wijk_bind_int(stmt, 1, plan);
    wijk_bind_int(stmt, 2, to);
    return end(store, wijk_run(stmt));
}
