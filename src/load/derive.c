/* Everything that follows from the facts, in the order in which it can follow. */
#include "load/layers.h"

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/load.h"
#include "wijk/similar.h"

#include <stdio.h>
#include <time.h>

static int done(wijk_stmt *stmt)
{
    return stmt ? wijk_run(stmt) : WIJK_EDB;
}

/* Codes of gemeenten are never given out twice, so one without a name has the name that another
 * year gives it; wijken and buurten are not so lucky and keep none. */
static int name_gemeenten(wijk_store *store)
{
    int rc = done(wijk_store_sql(
        store,
        "UPDATE area SET name = best.name FROM ("
        "  SELECT a.id, b.name, min(abs(b.vintage - a.vintage) * 2 + (b.vintage < a.vintage))"
        "  FROM area a JOIN area b ON b.level = 1 AND b.code = a.code AND b.name <> ''"
        "  WHERE a.level = 1 AND a.name = '' GROUP BY a.id) AS best WHERE best.id = area.id"));
    rc = rc ? rc
            : done(wijk_store_sql(store, "UPDATE area SET gemeente = name"
                                         " WHERE level = 1 AND gemeente <> name"));
    return rc ? rc
              : done(wijk_store_sql(store, "UPDATE area SET name = 'Nederland'"
                                           " WHERE level = 0 AND name = '' AND code = 'NL'"));
}

/* Wijken and buurten by their code, postcodes by another year of the same, local divisions by what
 * is above them (twice: a buurt, its buurtcombinatie, the gemeente). */
static int name_their_parts(wijk_store *store)
{
    int rc = done(wijk_store_sql(
        store, "UPDATE area SET gemeente = g.name FROM area AS g"
               " WHERE area.level IN (2, 3) AND area.gemeente = '' AND g.level = 1"
               " AND g.code = 'GM' || substr(area.code, 3, 4) AND g.vintage = area.vintage"));
    rc = rc ? rc
            : done(wijk_store_sql(
                  store, "UPDATE area SET gemeente = best.gemeente FROM (SELECT a.id, b.gemeente,"
                         "  min(abs(b.vintage - a.vintage) * 2 + (b.vintage < a.vintage))"
                         "  FROM area a JOIN area b ON b.level = 4 AND b.code = a.code"
                         "  AND b.gemeente <> '' WHERE a.level = 4 AND a.gemeente = ''"
                         "  GROUP BY a.id) AS best WHERE best.id = area.id"));
    for (int step = 0; step < 2 && !rc; step++) {
        rc = done(wijk_store_sql(store, "UPDATE area SET gemeente = p.gemeente FROM area AS p"
                                        " WHERE area.level = 6 AND area.gemeente = ''"
                                        " AND p.id = area.parent_id"));
    }
    return rc;
}

static int derive_names(wijk_store *store)
{
    int rc = wijk_begin(store);
    rc = rc ? rc : name_gemeenten(store);
    rc = rc ? rc : name_their_parts(store);
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

static int note(wijk_store *store, const char *key, const char *value)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "INSERT INTO meta(key, value) VALUES (?1, ?2)"
                              " ON CONFLICT(key) DO UPDATE SET value = excluded.value");
    wijk_bind_text(stmt, 1, key);
    wijk_bind_text(stmt, 2, value);
    return stmt ? wijk_run(stmt) : WIJK_EDB;
}

/* When, and under which schema. To the nanosecond: what others keep knows by this whether it is
 * behind, and two loads may end in one second. */
static int note_made(wijk_store *store)
{
    char second[32], now[48], schema[16];
    struct timespec moment;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &moment);
    gmtime_r(&moment.tv_sec, &utc);
    strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(now, sizeof now, "%s.%09ldZ", second, moment.tv_nsec);
    snprintf(schema, sizeof schema, "%d", wijk_store_newest_version());
    int rc = note(store, "derived_at", now);
    return rc ? rc : note(store, "derived_schema", schema);
}

int wijk_derive_outdate(wijk_store *store)
{
    return note(store, "derived_schema", "0");
}

static int is_due(int *out, wijk_store *store)
{
    int64_t facts = 0, schema = 0;
    int rc = wijk_run_int(&facts, wijk_store_sql(store, "SELECT 1 FROM area LIMIT 1"), 0);
    rc = rc ? rc
            : wijk_run_int(&schema,
                           wijk_store_sql(store, "SELECT CAST(value AS INTEGER) FROM meta"
                                                 " WHERE key = 'derived_schema'"),
                           0);
    *out = !rc && facts && schema != wijk_store_newest_version();
    return rc;
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
    return rc ? rc : note_made(store);
}

int wijk_derive_when_due(wijk_store *store, const char *saying, wijk_ctx *ctx)
{
    int due = 0;
    int rc = is_due(&due, store);
    if (rc || !due || !wijk_store_writes(store)) {
        return rc;
    }
    if (saying) {
        wijk_progress(ctx, saying, 0.99);
    }
    wijk_registry *registry = NULL; /* anew: own measures may have come with the files */
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_derive(store, registry, ctx);
    wijk_registry_free(registry);
    return rc;
}
