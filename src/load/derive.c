/* Everything that follows from the facts, in the order in which it can follow. */
#include "load/layers.h"

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/load.h"
#include "wijk/similar.h"

#include <time.h>

/* Codes of gemeenten are never given out twice, so a gemeente without a name has the name that
 * another year gives it; wijken and buurten are not so lucky and keep none. Every area then knows
 * the name of its gemeente. */
static int derive_names(wijk_store *store)
{
    static const char *const steps[] = {
        "UPDATE area SET name = best.name FROM (SELECT a.id, b.name, min(abs(b.vintage - "
        "a.vintage) * 2 + (b.vintage < a.vintage)) FROM area a JOIN area b ON b.level = 1 AND "
        "b.code = a.code AND b.name <> '' WHERE a.level = 1 AND a.name = '' GROUP BY a.id) AS best "
        "WHERE best.id = area.id",
        "UPDATE area SET gemeente = name WHERE level = 1 AND gemeente <> name",
        "UPDATE area SET gemeente = g.name FROM area AS g WHERE area.level IN (2, 3) AND "
        "area.gemeente = '' AND g.level = 1 AND g.code = 'GM' || substr(area.code, 3, 4) AND "
        "g.vintage = area.vintage",
        "UPDATE area SET gemeente = best.gemeente FROM (SELECT a.id, b.gemeente, min(abs(b.vintage "
        "- a.vintage) * 2 + (b.vintage < a.vintage)) FROM area a JOIN area b ON b.level = 4 AND "
        "b.code = a.code AND b.gemeente <> '' WHERE a.level = 4 AND a.gemeente = '' GROUP BY a.id) "
        "AS best WHERE best.id = area.id",
        "UPDATE area SET gemeente = p.gemeente FROM area AS p WHERE area.level = 6 AND "
        "area.gemeente = '' AND p.id = area.parent_id AND p.level <> 6",
        "UPDATE area SET gemeente = p.gemeente FROM area AS p WHERE area.level = 6 AND "
        "area.gemeente = '' AND p.id = area.parent_id",
        "UPDATE area SET name = 'Nederland' WHERE level = 0 AND name = '' AND code = 'NL'",
    };
    int rc = wijk_begin(store);
    /* A literal each: the store finds statements by the address of their text. */
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !rc; i++) {
        wijk_stmt *stmt = wijk_store_sql(store, steps[i]);
        rc = stmt ? wijk_run(stmt) : WIJK_EDB;
    }
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

static int note_time(wijk_store *store)
{
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO meta(key, value) VALUES ('derived_at', ?1) ON CONFLICT(key) DO UPDATE "
               "SET value = excluded.value");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_text(stmt, 1, now);
    return wijk_run(stmt);
}

int wijk_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    int rc = derive_names(store);
    rc = rc ? rc : wijk_geo_derive_shapes(store, ctx);
    rc = rc ? rc : wijk_layers_derive(store, registry, ctx);
    wijk_registry *fresh = NULL; /* with the spreads that were just made */
    rc = rc ? rc : wijk_registry_open(&fresh, store);
    rc = rc ? rc : wijk_geo_derive_links(store, fresh, ctx);
    rc = rc ? rc : wijk_geo_derive_converted(store, fresh, ctx);
    rc = rc ? rc : wijk_similar_derive(store, fresh, ctx);
    wijk_registry_free(fresh);
    return rc ? rc : note_time(store);
}
