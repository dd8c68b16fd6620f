/* A copy of the whole file while it stays in use. One reader's snapshot is copied page by page, the
 * copy is checked, synced and only then renamed over the previous one: at every moment there is a
 * whole backup under the name that was asked for. */
#include "store/internal.h"

#include "wijk/file.h"

#include <stdio.h>
#include <sys/stat.h>

enum { PAGES_A_STEP = 2048 };

static int copy_pages(wijk_store *copy, sqlite3_backup *backup, wijk_ctx *ctx)
{
    int rc;
    do {
        rc = sqlite3_backup_step(backup, PAGES_A_STEP);
        int total = sqlite3_backup_pagecount(backup);
        wijk_progress(ctx, "backup",
                      total ? 1.0 - (double)sqlite3_backup_remaining(backup) / total : 0);
        if (wijk_checkpoint(ctx)) {
            return WIJK_ECANCEL;
        }
    } while (rc == SQLITE_OK);
    if (rc == SQLITE_DONE) {
        return WIJK_OK;
    }
    /* The backup puts its error in the target connection only when it is finished. */
    return wijk_fail(rc == SQLITE_NOMEM ? WIJK_ENOMEM : WIJK_EIO,
                     "De kopie %s lukte niet (%s). Is de schijf vol?",
                     "The copy %s did not succeed (%s). Is the disk full?", copy->path,
                     sqlite3_errstr(rc));
}

static int copy_all(wijk_store *store, wijk_store *copy, wijk_ctx *ctx)
{
    int64_t snapshot;
    int rc = wijk_begin_read(store);
    /* The first read takes the snapshot; a writer that goes on does not make the copy start again.
     */
    rc = rc ? rc : wijk_run_int(&snapshot, wijk_store_sql(store, "PRAGMA user_version"), 0);
    if (!rc) {
        sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", store->db, "main");
        rc = backup ? copy_pages(copy, backup, ctx) : wijk_store_fail(copy, "kopie/backup");
        sqlite3_backup_finish(backup);
    }
    wijk_end_read(store);
    return rc;
}

static void tell_nobody(void *payload, const char *line)
{
    (void)payload;
    (void)line;
}

static int verify(wijk_store *copy, const char *path)
{
    int findings = 0;
    /* One file to carry away: no -wal beside the copy. */
    int rc = wijk_store_script(copy, "PRAGMA journal_mode=DELETE");
    rc = rc ? rc
            : wijk_store_tell_rows(copy, "PRAGMA quick_check", "ok", tell_nobody, NULL, &findings);
    if (!rc && findings) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "De kopie %s is niet heel; een vorige kopie is bewaard. Draai `wijk check`.",
                       "The copy %s is not whole; a previous copy was kept. Run `wijk check`.",
                       path);
    }
    return rc;
}

/* A copy over the file itself, or over one with unfinished work beside it, would mix two files. */
static int refuse_target(wijk_store *store, const char *path)
{
    struct stat mine, target;
    if (!stat(store->path, &mine) && !stat(path, &target) && mine.st_dev == target.st_dev &&
        mine.st_ino == target.st_ino) {
        return wijk_fail(WIJK_EINVAL, "%s is het bestand zelf. Kies een andere naam.",
                         "%s is the file itself. Choose another name.", path);
    }
    char *wal = sqlite3_mprintf("%s-wal", path);
    if (!wal) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    int in_use = !stat(wal, &target) && target.st_size > 0;
    sqlite3_free(wal);
    return in_use
               ? wijk_fail(WIJK_EBUSY,
                           "%s is in gebruik (er staat een -wal naast). Kies een andere naam.",
                           "%s is in use (there is a -wal beside it). Choose another name.", path)
               : WIJK_OK;
}

int wijk_store_backup(wijk_store *store, const char *path, wijk_ctx *ctx)
{
    char *partial = NULL;
    wijk_store *copy = NULL;
    int rc = refuse_target(store, path);
    if (!rc && !(partial = sqlite3_mprintf("%s.part", path))) {
        rc = wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    if (!rc) {
        remove(partial);
        rc = wijk_store_create_foreign(&copy, partial, 0, 0);
        rc = rc ? rc : copy_all(store, copy, ctx);
        rc = rc ? rc : verify(copy, path);
        wijk_store_close(copy);
        rc = rc ? rc : wijk_file_publish(partial, path);
        if (rc) {
            remove(partial);
        }
    }
    sqlite3_free(partial);
    return rc;
}
