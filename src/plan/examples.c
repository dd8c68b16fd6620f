/* The three plans of the invented town: one that worked, one that only seems to, one that cannot be
 * known. They are written like anybody's, so that their verdicts are reached and not told. */
#include "plan/internal.h"

#include "wijk/table.h"
#include "wijk/text.h"

#include <string.h>

#define PLANS "data/town/plans.csv"

static int add_areas(wijk_store *store, wijk_arena *arena, const wijk_registry *registry,
                     int64_t *plan, const char *title, const char *codes)
{
    int rc = WIJK_OK, made = 0;
    for (const char *at = codes; *at && !rc;) {
        size_t size = strcspn(at, " ");
        wijk_area area;
        const char *code = wijk_arena_strndup(arena, at, size);
        rc = code ? wijk_area_find(&area, store, arena, code, 0) : WIJK_ENOMEM;
        rc = rc     ? rc
             : made ? wijk_plan_add_area(store, *plan, area.id)
                    : wijk_plan_create(plan, store, registry, title, area.id, NULL);
        made = 1;
        at += size + (at[size] == ' ');
    }
    return rc;
}

/* The text of a field; an account stands in a file of its own. */
static int value_of(const char **out, wijk_arena *arena, const wijk_table *table, size_t row,
                    enum wijk_plan_field field)
{
    *out = wijk_table_get(table, row, wijk_plan_columns[field].code);
    if (field != WIJK_PLAN_ACCOUNT || !**out) {
        return WIJK_OK;
    }
    size_t size = 0;
    const char *text = wijk_asset_get(*out, &size);
    *out = text ? wijk_arena_strndup(arena, text, size) : NULL;
    return *out ? WIJK_OK
                : wijk_fail(WIJK_ENOTFOUND, "%s, rij %zu: die rekening is er niet.",
                            "%s, row %zu: that account is not there.", PLANS, row + 1);
}

static int move_on(wijk_store *store, const wijk_registry *registry, int64_t plan,
                   const char *state)
{
    if (!strcmp(state, "draft")) {
        return WIJK_OK;
    }
    int rc = wijk_plan_freeze(store, plan);
    if (!rc && strcmp(state, "frozen") != 0) {
        rc = wijk_plan_advance(store, registry, plan, WIJK_PLAN_RUNNING);
    }
    if (!rc && !strcmp(state, "closed")) {
        rc = wijk_plan_advance(store, registry, plan, WIJK_PLAN_CLOSED);
    }
    return rc;
}

static int add_one(wijk_store *store, wijk_arena *arena, const wijk_registry *registry,
                   const wijk_table *table, size_t row)
{
    int64_t plan = 0;
    int rc = add_areas(store, arena, registry, &plan, wijk_table_get(table, row, "title"),
                       wijk_table_get(table, row, "areas"));
    for (int f = WIJK_PLAN_AIM; f < WIJK_PLAN_FIELDS && !rc; f++) {
        const char *value;
        rc = value_of(&value, arena, table, row, (enum wijk_plan_field)f);
        if (!rc && *value) {
            rc = wijk_plan_set(store, registry, plan, (enum wijk_plan_field)f, value);
        }
    }
    return rc ? rc : move_on(store, registry, plan, wijk_table_get(table, row, "state"));
}

int wijk_plan_examples(const char *path)
{
    wijk_store *store;
    wijk_registry *registry = NULL;
    wijk_arena *arena = NULL;
    wijk_table *table = NULL;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    if (rc) {
        return rc;
    }
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : wijk_table_asset(&table, PLANS);
    for (size_t row = 0; !rc && row < wijk_table_rows(table); row++) {
        rc = add_one(store, arena, registry, table, row);
    }
    wijk_table_free(table);
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}
