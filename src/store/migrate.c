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

static int tell_rows(wijk_store *store, const char *sql, const char *healthy, tell_fn tell,
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
        memcpy(sql, at, size);
        rc = wijk_checkpoint(ctx);
        rc = rc ? rc : tell_rows(store, sql, NULL, tell, payload, findings);
        wijk_free(sql);
        at = end ? strchr(end + 1, '\n') : NULL;
    }
    return rc;
}

int wijk_store_check(wijk_store *store, tell_fn tell, void *payload, wijk_ctx *ctx)
{
    int findings = 0;
    int rc = tell_rows(store, "PRAGMA integrity_check", "ok", tell, payload, &findings);
    rc = rc ? rc
            : tell_rows(
                  store,
                  "SELECT 'foreign key · ' || \"table\", \"parent\" FROM pragma_foreign_key_check",
                  NULL, tell, payload, &findings);
    rc = rc ? rc : own_checks(store, tell, payload, ctx, &findings);
    return rc ? rc : findings;
}

static int copy_pages(sqlite3_backup *copy, wijk_ctx *ctx)
{
    int rc;
    do {
        rc = sqlite3_backup_step(copy, 2048);
        int total = sqlite3_backup_pagecount(copy);
        wijk_progress(ctx, "backup",
                      total ? 1.0 - (double)sqlite3_backup_remaining(copy) / total : 0);
        if (wijk_checkpoint(ctx)) {
            return WIJK_ECANCEL;
        }
    } while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
    return rc == SQLITE_DONE ? WIJK_OK : WIJK_EIO;
}

static void tell_nobody(void *payload, const char *line)
{
    (void)payload;
    (void)line;
}

int wijk_store_backup(wijk_store *store, const char *path, wijk_ctx *ctx)
{
    char *partial = sqlite3_mprintf("%s.part", path);
    sqlite3 *copy = NULL;
    int rc = partial ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        remove(partial);
        if (sqlite3_open(partial, &copy)) {
            rc = wijk_fail(WIJK_EIO, "Kan %s niet schrijven.", "Cannot write %s.", partial);
        }
    }
    sqlite3_backup *backup = rc ? NULL : sqlite3_backup_init(copy, "main", store->db, "main");
    if (backup) {
        rc = copy_pages(backup, ctx);
        sqlite3_backup_finish(backup);
    }
    if (!rc) {
        /* One file to carry away: no -wal beside the copy. */
        sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
        wijk_store check = {.db = copy, .path = partial, .lock = -1, .unlocked = 1};
        int findings = 0;
        rc = tell_rows(&check, "PRAGMA quick_check", "ok", tell_nobody, NULL, &findings);
        if (!rc && findings) {
            rc = wijk_fail(WIJK_EIO, "De kopie %s is niet heel; de vorige kopie is bewaard.",
                           "The copy %s is not whole; the previous copy was kept.", path);
        }
    }
    sqlite3_close(copy);
    if (!rc && rename(partial, path)) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet zijn naam geven.", "Cannot give %s its name.", path);
    }
    if (rc && partial) {
        remove(partial);
    }
    sqlite3_free(partial);
    return rc;
}
