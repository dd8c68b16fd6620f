/* Opening, locking and guarding the file; statements found by the address of their literal.
 * Rests on two ideas of Fossil's: one file is everything, and an authorizer is a second lock on it.
 * One process writes and checkpoints, which also keeps SQLite's WAL-reset bug (fixed in 3.51.3)
 * out of reach. */
#include "store/internal.h"

#include "wijk/file.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"
#include "wijk/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x57696a6b /* "Wijk" */ };

int wijk_store_fail(wijk_store *store, const char *doing)
{
    int code = sqlite3_extended_errcode(store->db);
    int primary = code & 0xFF;
    const char *text = sqlite3_errmsg(store->db);
    if (primary == SQLITE_NOMEM) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op bij %s.", "Out of memory while %s.",
                         doing);
    }
    if (primary == SQLITE_INTERRUPT) {
        return wijk_fail(WIJK_ECANCEL, "Gestopt: %s duurde te lang of is afgebroken.",
                         "Stopped: %s took too long or was cancelled.", doing);
    }
    if (primary == SQLITE_AUTH) {
        return wijk_fail(WIJK_EDENIED, "%s: geweigerd door het slot op het bestand (%s).",
                         "%s: refused by the lock on the file (%s).", doing, text);
    }
    if (primary == SQLITE_FULL || primary == SQLITE_IOERR) {
        return wijk_fail(
            WIJK_EIO,
            "%s: schijf vol of niet te lezen (%s). Maak ruimte en probeer opnieuw; er is niets "
            "half opgeslagen.",
            "%s: disk full or unreadable (%s). Make room and try again; nothing was half stored.",
            store->path, text);
    }
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
        return wijk_fail(WIJK_EBUSY, "%s is in gebruik (%s). Probeer het zo nog eens.",
                         "%s is in use (%s). Try again in a moment.", store->path, text);
    }
    if (primary == SQLITE_CANTOPEN || primary == SQLITE_PERM || primary == SQLITE_READONLY) {
        return wijk_fail(WIJK_EIO,
                         "Kan %s niet openen of schrijven (%s). Controleer de map en de rechten.",
                         "Cannot open or write %s (%s). Check the folder and the permissions.",
                         store->path, text);
    }
    if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT) {
        return wijk_fail(WIJK_EFORMAT, "%s is geen (heel) wijk-bestand: %s.",
                         "%s is not a (whole) wijk file: %s.", store->path, text);
    }
    return wijk_fail(WIJK_EDB, "%s mislukte: %s.", "%s failed: %s.", doing, text);
}

/* Facts are append-only: once written, an observation, a load or a source is superseded by a later
 * one and never changed. Only a migration may lift that. */
static int append_only(const char *table)
{
    static const char *const tables[] = {"observation", "flow", "load_note", "source"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!strcmp(table, tables[i])) {
            return 1;
        }
    }
    return 0;
}

static int allowed_pragma(const char *name, const char *value)
{
    static const char *const reading[] = {"data_version",   "integrity_check", "foreign_key_check",
                                          "quick_check",    "table_info",      "user_version",
                                          "application_id", "page_count",      "freelist_count"};
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++) {
        if (!strcmp(name, reading[i])) {
            int takes_value = !strcmp(name, "table_info") || strstr(name, "_check");
            return !value || takes_value;
        }
    }
    return 0;
}

static int authorize(void *payload, int action, const char *a, const char *b, const char *database,
                     const char *trigger)
{
    (void)database;
    (void)trigger;
    const wijk_store *store = payload;
    int writes = store->mode == WIJK_STORE_WRITE || store->mode == WIJK_STORE_CREATE;
    if (store->unlocked) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    case SQLITE_RECURSIVE: /* a view of a foreign file could run for ever */
        return store->mode == WIJK_STORE_FOREIGN ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        return allowed_pragma(a, b) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return b && !strcmp(b, "load_extension") ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_UPDATE:
        /* Asked when a table-valued pragma declares itself; real writes to it DEFENSIVE refuses. */
        if (!strcmp(a, "sqlite_master")) {
            return SQLITE_OK;
        }
        return !writes || append_only(a) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_DELETE:
        return !writes || append_only(a) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_INSERT:
        return writes ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_ALTER_TABLE:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

static int take_lock(wijk_store *store)
{
    char *path = sqlite3_mprintf("%s.lock", store->path);
    if (!path) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = WIJK_OK;
    if (store->lock < 0) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet maken: %s.", "Cannot make %s: %s.", path,
                       strerror(errno));
    } else if (flock(store->lock, LOCK_EX | LOCK_NB)) {
        rc = wijk_fail(
            WIJK_EBUSY,
            "Een ander wijk-programma schrijft al in %s. Sluit dat eerst (of stop `wijk serve`).",
            "Another wijk program is writing to %s. Close it first (or stop `wijk serve`).",
            store->path);
    }
    sqlite3_free(path);
    return rc;
}

static void lock_down(wijk_store *store)
{
    sqlite3 *db = store->db;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 5000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 256 << 10);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 100000);
}

static int exec(wijk_store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL)
               ? wijk_store_fail(store, "instellen/settings")
               : WIJK_OK;
}

static int check_identity(wijk_store *store)
{
    int64_t id = 0, version = 0;
    int rc = wijk_run_int(&id, wijk_store_sql(store, "PRAGMA application_id"), 0);
    rc = rc ? rc : wijk_store_version(store, &version);
    if (rc) {
        return rc;
    }
    if (id != APPLICATION_ID) {
        return wijk_fail(
            WIJK_EFORMAT,
            "%s is een SQLite-bestand, maar geen wijk-bestand. Maak er een met `wijk init`.",
            "%s is an SQLite file, but not a wijk file. Make one with `wijk init`.", store->path);
    }
    if (version > wijk_store_newest_version()) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is van een nieuwere versie van wijk (schema %d). Werk wijk bij.",
                         "%s is from a newer version of wijk (schema %d). Update wijk.",
                         store->path, (int)version);
    }
    if (version < wijk_store_newest_version() && store->mode == WIJK_STORE_READ) {
        return wijk_fail(
            WIJK_EFORMAT,
            "%s heeft nog schema %d. Open het één keer met `wijk check` om het bij te werken.",
            "%s still has schema %d. Open it once with `wijk check` to update it.", store->path,
            (int)version);
    }
    return WIJK_OK;
}

/* REPLACE removes a row without asking the authorizer, so the facts also have triggers: temporary
 * ones, of this connection, because a migration may do what a writer may not. */
static int guard_facts(wijk_store *store)
{
    return exec(store, "PRAGMA recursive_triggers=ON;"
                       "CREATE TEMP TRIGGER keep_observation BEFORE DELETE ON main.observation "
                       "BEGIN SELECT RAISE(ABORT, 'append-only: observation'); END;"
                       "CREATE TEMP TRIGGER keep_flow BEFORE DELETE ON main.flow "
                       "BEGIN SELECT RAISE(ABORT, 'append-only: flow'); END;"
                       "CREATE TEMP TRIGGER keep_load_note BEFORE DELETE ON main.load_note "
                       "BEGIN SELECT RAISE(ABORT, 'append-only: load_note'); END;"
                       "CREATE TEMP TRIGGER keep_source BEFORE DELETE ON main.source "
                       "BEGIN SELECT RAISE(ABORT, 'append-only: source'); END;");
}

static int prepare_writer(wijk_store *store)
{
    int rc = exec(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                         "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                         "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;");
    rc = rc ? rc : check_identity(store);
    rc = rc ? rc : wijk_store_migrate(store);
    return rc ? rc : guard_facts(store);
}

/* A query over a foreign file is stopped when one row takes this many seconds. */
enum { FOREIGN_PATIENCE = 20, FOREIGN_OPS = 200000 };

static int out_of_patience(void *payload)
{
    const wijk_store *store = payload;
    return store->step_began > 0 && wijk_now() - store->step_began > FOREIGN_PATIENCE;
}

static int prepare_reader(wijk_store *store)
{
    if (store->mode == WIJK_STORE_FOREIGN) {
        sqlite3_progress_handler(store->db, FOREIGN_OPS, out_of_patience, store);
    }
    return exec(store, "PRAGMA query_only=ON; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
                       "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;");
}

/* 1 when nobody can be writing: the folder cannot be written to and no log stands beside the file.
 * SQLite, which wants to make a shared-memory file there, must then be told that nothing changes.
 */
static int is_immutable(const wijk_store *store)
{
    const char *slash = strrchr(store->path, '/');
    char *folder = sqlite3_mprintf("%.*s", slash ? (int)(slash - store->path) + 1 : 1,
                                   slash ? store->path : ".");
    char *wal = sqlite3_mprintf("%s-wal", store->path);
    int fixed = folder && wal && access(folder, W_OK) != 0 && access(wal, F_OK) != 0;
    sqlite3_free(folder);
    sqlite3_free(wal);
    return fixed;
}

static int open_immutable(wijk_store *store, int flags)
{
    wijk_str uri = WIJK_STR_INIT;
    wijk_str_add(&uri, "file:");
    for (const char *at = store->path; *at; at++) {
        if (strchr("%?#", *at)) {
            wijk_str_addf(&uri, "%%%02X", (unsigned char)*at);
        } else {
            wijk_str_addc(&uri, *at);
        }
    }
    wijk_str_add(&uri, "?immutable=1");
    int rc = uri.status ? SQLITE_NOMEM
                        : sqlite3_open_v2(uri.data, &store->db, flags | SQLITE_OPEN_URI, NULL);
    wijk_str_free(&uri);
    return rc;
}

static int open_connection(wijk_store *store)
{
    int writes = store->mode == WIJK_STORE_WRITE || store->mode == WIJK_STORE_CREATE;
    int flags = SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (!writes && is_immutable(store) ? open_immutable(store, flags)
                                       : sqlite3_open_v2(store->path, &store->db, flags, NULL)) {
        return wijk_store_fail(store, "openen/opening");
    }
    lock_down(store);
    store->unlocked = writes;
    int rc = writes ? prepare_writer(store) : prepare_reader(store);
    if (!rc && sqlite3_set_authorizer(store->db, authorize, store)) {
        rc = wijk_store_fail(store, "slot zetten/locking");
    }
    store->unlocked = 0;
    return rc || store->mode != WIJK_STORE_READ ? rc : check_identity(store);
}

static wijk_store *new_store(const char *path, enum wijk_store_mode mode)
{
    wijk_store *store = wijk_alloc(sizeof *store);
    if (!store) {
        return NULL;
    }
    store->lock = -1;
    store->mode = mode;
    store->path = wijk_strdup(path);
    if (!store->path) {
        wijk_free(store);
        return NULL;
    }
    return store;
}

static int file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* Makes the new file under another name and renames it when it is whole, so that a power cut or a
 * full disk never leaves a file that is neither there nor not there. */
static int make_file(const char *path)
{
    char *partial = sqlite3_mprintf("%s.part", path);
    if (!partial) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    remove(partial);
    wijk_store *store = NULL;
    int rc = wijk_store_create_foreign(&store, partial, APPLICATION_ID, 0);
    rc = rc ? rc : wijk_store_migrate(store);
    wijk_store_close(store);
    rc = rc ? rc : wijk_file_publish(partial, path);
    if (rc) {
        remove(partial);
    }
    sqlite3_free(partial);
    return rc;
}

static int find_file(wijk_store *store)
{
    int creates = store->mode == WIJK_STORE_CREATE;
    if (!creates && !file_exists(store->path)) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen bestand %s. Maak het met `wijk init %s`.",
                         "There is no file %s. Make it with `wijk init %s`.", store->path,
                         store->path);
    }
    int rc = creates || store->mode == WIJK_STORE_WRITE ? take_lock(store) : WIJK_OK;
    if (!rc && creates) {
        rc = file_exists(store->path)
                 ? wijk_fail(WIJK_EINVAL, "%s bestaat al; er is niets veranderd.",
                             "%s exists already; nothing was changed.", store->path)
                 : make_file(store->path);
    }
    return rc;
}

int wijk_store_open(wijk_store **out, const char *path, enum wijk_store_mode mode)
{
    *out = NULL;
    wijk_store *store = new_store(path, mode);
    if (!store) {
        return WIJK_ENOMEM;
    }
    int rc = find_file(store);
    rc = rc ? rc : open_connection(store);
    if (rc) {
        wijk_store_close(store);
        return rc;
    }
    *out = store;
    return WIJK_OK;
}

int wijk_store_create_foreign(wijk_store **out, const char *path, int64_t application_id,
                              int64_t user_version)
{
    *out = NULL;
    if (file_exists(path)) {
        return wijk_fail(WIJK_EINVAL, "%s bestaat al; er is niets veranderd.",
                         "%s exists already; nothing was changed.", path);
    }
    wijk_store *store = new_store(path, WIJK_STORE_FOREIGN);
    if (!store) {
        return WIJK_ENOMEM;
    }
    store->unlocked = 1;
    int rc = WIJK_OK;
    if (sqlite3_open_v2(path, &store->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)) {
        rc = wijk_store_fail(store, "maken/creating");
    }
    if (!rc) {
        char sql[128];
        snprintf(sql, sizeof sql, "PRAGMA application_id=%lld; PRAGMA user_version=%lld",
                 (long long)application_id, (long long)user_version);
        rc = exec(store, sql);
    }
    if (rc) {
        wijk_store_close(store);
        return rc;
    }
    *out = store;
    return WIJK_OK;
}

void wijk_store_close(wijk_store *store)
{
    if (!store) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        wijk_stmt_free(store->statements[i].stmt);
    }
    sqlite3_close(store->db);
    if (store->lock >= 0) {
        close(store->lock);
    }
    wijk_free(store->path);
    wijk_free(store);
}

const char *wijk_store_path(const wijk_store *store)
{
    return store->path;
}

int wijk_store_writes(const wijk_store *store)
{
    return store->mode == WIJK_STORE_WRITE || store->mode == WIJK_STORE_CREATE;
}

int wijk_store_checkpoint(wijk_store *store)
{
    return sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
               ? wijk_store_fail(store, "wegschrijven/checkpoint")
               : WIJK_OK;
}

int64_t wijk_store_last_id(wijk_store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

int64_t wijk_store_data_version(wijk_store *store)
{
    int64_t version = 0;
    wijk_run_int(&version, wijk_store_sql(store, "PRAGMA data_version"), 0);
    /* SQLite counts what other connections commit; what this one changed comes on top. */
    return (version << 40) + sqlite3_total_changes64(store->db);
}

static int transaction(wijk_store *store, const char *sql, const char *doing)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) ? wijk_store_fail(store, doing) : WIJK_OK;
}

int wijk_begin(wijk_store *store)
{
    return transaction(store, "BEGIN IMMEDIATE", "beginnen/begin");
}

int wijk_commit(wijk_store *store)
{
    return transaction(store, "COMMIT", "vastleggen/commit");
}

void wijk_rollback(wijk_store *store)
{
    if (!sqlite3_get_autocommit(store->db)) {
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

int wijk_begin_read(wijk_store *store)
{
    return transaction(store, "BEGIN", "lezen/reading");
}

void wijk_end_read(wijk_store *store)
{
    /* A query that was left halfway, by an error or an answer found early, would hold the old state
     * of the file past the rollback, and the reader would not see what is written later. */
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        wijk_reset(store->statements[i].stmt);
    }
    wijk_rollback(store);
}
