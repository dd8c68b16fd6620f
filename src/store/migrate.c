/* Schema migrations and checks. db/0001_*.sql, 0002_… are inside the binary; the file's
 * user_version says how many were applied. Each runs in one transaction with its version bump, so
 * a power cut leaves either the old schema or the new one. */
#include "store/internal.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shipped migration with this number, NULL past the newest. */
static const char *migration(int number)
{
    char prefix[16];
    snprintf(prefix, sizeof prefix, "db/%04d_", number);
    for (size_t i = 0;; i++) {
        const char *path = wijk_asset_path(i);
        if (!path) {
            return NULL;
        }
        if (!strncmp(path, prefix, strlen(prefix))) {
            return wijk_asset_get(path, NULL);
        }
    }
}

int wijk_store_newest_version(void)
{
    int newest = 0;
    while (migration(newest + 1)) {
        newest++;
    }
    return newest;
}

int wijk_store_version(wijk_store *store, int64_t *version)
{
    return wijk_run_int(version, wijk_store_sql(store, "PRAGMA user_version"), 0);
}

int wijk_store_script(wijk_store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) ? wijk_store_fail(store, "schema")
                                                          : WIJK_OK;
}

int wijk_store_migrate(wijk_store *store)
{
    int64_t version = 0;
    int rc = wijk_store_version(store, &version);
    for (int next = (int)version + 1; !rc && migration(next); next++) {
        rc = wijk_begin(store);
        rc = rc ? rc : wijk_store_script(store, migration(next));
        if (!rc) {
            char bump[64];
            snprintf(bump, sizeof bump, "PRAGMA user_version=%d", next);
            rc = wijk_store_script(store, bump);
        }
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    return rc;
}

typedef void (*tell_fn)(void *payload, const char *line);

int wijk_store_tell_rows(wijk_store *store, const char *sql, const char *healthy, tell_fn tell,
                         void *payload, int *findings)
{
    sqlite3_stmt *handle;
    if (sqlite3_prepare_v2(store->db, sql, -1, &handle, NULL)) {
        return wijk_store_fail(store, "controle/check");
    }
    int rc;
    while ((rc = sqlite3_step(handle)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(handle, 0);
        if (!text || (healthy && !strcmp(text, healthy))) {
            continue;
        }
        char line[512];
        int columns = sqlite3_column_count(handle);
        const char *more = columns > 1 ? (const char *)sqlite3_column_text(handle, 1) : NULL;
        snprintf(line, sizeof line, "%s%s%s", text, more ? " · " : "", more ? more : "");
        tell(payload, line);
        (*findings)++;
    }
    sqlite3_finalize(handle);
    return rc == SQLITE_DONE ? WIJK_OK : wijk_store_fail(store, "controle/check");
}

/* db/checks.sql: statements separated by lines of "---"; each returns a row per broken invariant.
 */
static int own_checks(wijk_store *store, tell_fn tell, void *payload, wijk_ctx *ctx, int *findings)
{
    const char *at = wijk_asset_get("db/checks.sql", NULL);
    int rc = WIJK_OK;
    while (!rc && at && *at) {
        const char *end = strstr(at, "\n---");
        size_t size = end ? (size_t)(end - at) : strlen(at);
        char *sql = wijk_alloc(size + 1);
        if (!sql) {
            return WIJK_ENOMEM;
        }
        snprintf(sql, size + 1, "%s", at); /* cut at its end */
        rc = wijk_checkpoint(ctx);
        rc = rc ? rc : wijk_store_tell_rows(store, sql, NULL, tell, payload, findings);
        wijk_free(sql);
        at = end ? strchr(end + 1, '\n') : NULL;
    }
    return rc;
}

int wijk_store_check(wijk_store *store, tell_fn tell, void *payload, wijk_ctx *ctx)
{
    int findings = 0;
    int rc = wijk_store_tell_rows(store, "PRAGMA integrity_check", "ok", tell, payload, &findings);
    rc = rc ? rc
            : wijk_store_tell_rows(store,
                                   "SELECT 'foreign key · ' || \"table\", \"parent\" FROM "
                                   "pragma_foreign_key_check LIMIT 100",
                                   NULL, tell, payload, &findings);
    rc = rc ? rc : own_checks(store, tell, payload, ctx, &findings);
    return rc ? rc : findings;
}
