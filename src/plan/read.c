/* Reading plans: entries in their order become what holds now, what was sealed, and what was
 * amended; every link of the chain is checked on the way. */
#include "plan/internal.h"

#include <stdio.h>
#include <string.h>

enum { MOST_AREAS = 200, MOST_OVERLAPS = 50, MOST_PLANS = 1000 };

static int read_areas(wijk_plan *out, wijk_store *store, wijk_arena *arena)
{
    int64_t ids[MOST_AREAS];
    size_t n = 0;
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT p.area_id FROM plan_area p JOIN area a ON "
                                            "a.id=p.area_id WHERE p.plan_id=? ORDER BY a.code, "
                                            "a.vintage");
    wijk_bind_int(stmt, 1, out->id);
    int step;
    while ((step = wijk_step(stmt)) == 1 && n < MOST_AREAS) {
        ids[n++] = wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    out->area_count = n;
    out->areas = wijk_arena_alloc(arena, (n + 1) * sizeof *out->areas);
    int rc = step < 0 ? step : out->areas ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; i < n && !rc; i++) {
        rc = wijk_area_get(&out->areas[i], store, arena, ids[i]);
    }
    return rc;
}

/* One entry into the plan; checks its link of the chain, which `before` holds. */
static int read_entry(wijk_plan *out, wijk_stmt *stmt, wijk_arena *arena, char before[PLAN_HASH])
{
    char chain[PLAN_HASH];
    int field = plan_field_of(wijk_col_text(stmt, 0)), amends = wijk_col_int(stmt, 3) != 0;
    plan_chain(chain, before, wijk_col_text(stmt, 0), wijk_col_text(stmt, 1),
               wijk_col_text(stmt, 2), amends, wijk_col_text(stmt, 4), wijk_col_text(stmt, 5));
    out->intact &= !strcmp(chain, wijk_col_text(stmt, 6));
    memcpy(before, chain, PLAN_HASH);
    const char *value = wijk_arena_strdup(arena, wijk_col_text(stmt, 1));
    if (!value) {
        return WIJK_ENOMEM;
    }
    if (!strcmp(wijk_col_text(stmt, 0), PLAN_CLOSED)) {
        out->intact &= !*out->closed_at && !amends; /* a plan is closed once */
        out->last_wave = value;
        out->closed_at = wijk_arena_strdup(arena, wijk_col_text(stmt, 2));
        return out->closed_at ? WIJK_OK : WIJK_ENOMEM;
    }
    if (field < 0) {
        return WIJK_OK; /* of a newer program */
    }
    if (amends) {
        wijk_amendment *it = &out->amendments[out->amendment_count++];
        *it = (wijk_amendment){.field = (enum wijk_plan_field)field,
                               .from = out->value[field],
                               .to = value,
                               .at = wijk_arena_strdup(arena, wijk_col_text(stmt, 2)),
                               .signed_by = wijk_arena_strdup(arena, wijk_col_text(stmt, 4)),
                               .reason = wijk_arena_strdup(arena, wijk_col_text(stmt, 5))};
        if (!it->at || !it->signed_by || !it->reason) {
            return WIJK_ENOMEM;
        }
    } else {
        out->design[field] = value;
    }
    out->value[field] = value;
    return WIJK_OK;
}

static int read_entries(wijk_plan *out, wijk_store *store, wijk_arena *arena)
{
    int64_t amended;
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT count(*) FROM plan_entry WHERE plan_id=? AND amends=1");
    wijk_bind_int(stmt, 1, out->id);
    int rc = wijk_run_int(&amended, stmt, 0);
    out->amendments =
        rc ? NULL : wijk_arena_alloc(arena, ((size_t)amended + 1) * sizeof *out->amendments);
    if (!out->amendments) {
        return rc ? rc : WIJK_ENOMEM;
    }
    stmt = wijk_store_sql(store, "SELECT field, value, at, amends, signed, reason, chain FROM "
                                 "plan_entry WHERE plan_id=? ORDER BY id");
    wijk_bind_int(stmt, 1, out->id);
    char before[PLAN_HASH] = "";
    int step;
    while ((step = wijk_step(stmt)) == 1 && !rc) {
        rc = read_entry(out, stmt, arena, before);
    }
    wijk_reset(stmt);
    return step < 0 ? step : rc;
}

/* Other plans, not drafts, in one of the same places. */
static int read_overlaps(wijk_plan *out, wijk_store *store, wijk_arena *arena)
{
    out->overlaps = wijk_arena_alloc(arena, MOST_OVERLAPS * sizeof *out->overlaps);
    if (!out->overlaps) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store,
        "SELECT DISTINCT o.code FROM plan_area m JOIN area a ON a.id=m.area_id JOIN area b "
        "ON b.code=a.code AND b.level=a.level JOIN plan_area t ON t.area_id=b.id JOIN plan o "
        "ON o.id=t.plan_id WHERE m.plan_id=?1 AND o.id<>?1 AND o.state>0 AND o.withdrawn=0 "
        "ORDER BY o.id");
    wijk_bind_int(stmt, 1, out->id);
    int step;
    while ((step = wijk_step(stmt)) == 1 && out->overlap_count < MOST_OVERLAPS) {
        out->overlaps[out->overlap_count] = wijk_arena_strdup(arena, wijk_col_text(stmt, 0));
        if (!out->overlaps[out->overlap_count++]) {
            step = WIJK_ENOMEM;
            break;
        }
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

/* From a row of "SELECT id, code, state, fictional, created_at, frozen_at, seal". */
static int read_row(wijk_plan *out, wijk_stmt *stmt, wijk_arena *arena, char seal[PLAN_HASH])
{
    *out = (wijk_plan){.id = wijk_col_int(stmt, 0),
                       .code = wijk_arena_strdup(arena, wijk_col_text(stmt, 1)),
                       .state = (enum wijk_plan_state)wijk_col_int(stmt, 2),
                       .fictional = wijk_col_int(stmt, 3) != 0,
                       .created_at = wijk_arena_strdup(arena, wijk_col_text(stmt, 4)),
                       .frozen_at = wijk_arena_strdup(arena, wijk_col_text(stmt, 5)),
                       .seal = wijk_arena_strdup(arena, wijk_col_text(stmt, 6)),
                       .closed_at = "",
                       .last_wave = "",
                       .intact = 1};
    snprintf(seal, PLAN_HASH, "%s", wijk_col_text(stmt, 6));
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        out->value[i] = out->design[i] = "";
    }
    return out->code && out->created_at && out->frozen_at && out->seal ? WIJK_OK : WIJK_ENOMEM;
}

static int complete(wijk_plan *out, const char *seal, wijk_store *store, wijk_arena *arena)
{
    int rc = read_areas(out, store, arena);
    rc = rc ? rc : read_entries(out, store, arena);
    rc = rc ? rc : read_overlaps(out, store, arena);
    if (!rc && out->state != WIJK_PLAN_DRAFT) {
        char sealed[PLAN_HASH];
        plan_seal(sealed, out);
        out->intact &= !strcmp(sealed, seal);
        out->intact &= !*out->closed_at || out->state == WIJK_PLAN_CLOSED; /* and not reopened */
    }
    return rc;
}

int wijk_plan_get(wijk_plan *out, wijk_store *store, wijk_arena *arena, const char *code)
{
    char seal[PLAN_HASH];
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT id, code, state, fictional, created_at, frozen_at, seal FROM "
                              "plan WHERE code=?");
    wijk_bind_text(stmt, 1, code);
    int step = wijk_step(stmt);
    if (step != 1) {
        return step < 0 ? step
                        : wijk_fail(WIJK_ENOTFOUND, "Er is geen plan \"%.60s\".",
                                    "There is no plan \"%.60s\".", code);
    }
    int rc = read_row(out, stmt, arena, seal);
    wijk_reset(stmt);
    return rc ? rc : complete(out, seal, store, arena);
}

/* Fills `out` from a statement of rows, at most `most`. */
static int read_rows(wijk_plan **out, size_t *count, wijk_stmt *stmt, size_t most,
                     wijk_store *store, wijk_arena *arena)
{
    *count = 0;
    *out = wijk_arena_alloc(arena, (most + 1) * sizeof **out);
    char(*seals)[PLAN_HASH] = wijk_arena_alloc(arena, (most + 1) * PLAN_HASH);
    int step = 0, rc = *out && seals ? WIJK_OK : WIJK_ENOMEM;
    while (!rc && *count < most && (step = wijk_step(stmt)) == 1) {
        rc = read_row(&(*out)[*count], stmt, arena, seals[*count]);
        ++*count;
    }
    wijk_reset(stmt);
    rc = step < 0 ? step : rc;
    for (size_t i = 0; i < *count && !rc; i++) {
        rc = complete(&(*out)[i], seals[i], store, arena);
    }
    return rc;
}

int wijk_plan_list(wijk_plan **out, size_t *count, wijk_store *store, wijk_arena *arena)
{
    return read_rows(out, count,
                     wijk_store_sql(store,
                                    "SELECT id, code, state, fictional, created_at, frozen_at, "
                                    "seal FROM plan WHERE withdrawn=0 ORDER BY id DESC"),
                     MOST_PLANS, store, arena);
}

int wijk_plan_list_in(wijk_plan **out, size_t *count, wijk_store *store, wijk_arena *arena,
                      int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT DISTINCT p.id, p.code, p.state, p.fictional, p.created_at, p.frozen_at, "
               "p.seal FROM area a JOIN area b ON b.code=a.code AND b.level=a.level JOIN plan_area "
               "t ON t.area_id=b.id JOIN plan p ON p.id=t.plan_id WHERE a.id=? AND p.withdrawn=0 "
               "ORDER BY p.id DESC");
    wijk_bind_int(stmt, 1, area);
    return read_rows(out, count, stmt, MOST_PLANS, store, arena);
}
