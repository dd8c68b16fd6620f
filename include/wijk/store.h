/* wijk/store.h: the file. One *.wijk is one SQLite database; this room alone includes sqlite3.h.
 *
 * One process holds the writing connection (a lock file says so) and does every checkpoint; all
 * others are query_only. SQL is given as string literals only: a statement is prepared once per
 * connection and found again by the address of its literal. A connection belongs to one thread. */
#ifndef WIJK_STORE_H
#define WIJK_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/err.h"

typedef struct wijk_store wijk_store;
typedef struct wijk_stmt wijk_stmt;

enum wijk_store_mode {
    WIJK_STORE_READ,   /* query_only; the file must exist and be of this program */
    WIJK_STORE_WRITE,  /* takes the lock (WIJK_EBUSY when held), migrates to the newest schema */
    WIJK_STORE_CREATE, /* as WRITE, and makes the file; WIJK_EINVAL when it exists already */
    WIJK_STORE_FOREIGN /* read-only, any SQLite file (a GeoPackage), with every lock-down on */
};

int wijk_store_open(wijk_store **out, const char *path, enum wijk_store_mode mode);
void wijk_store_close(wijk_store *store);
const char *wijk_store_path(const wijk_store *store);
int wijk_store_writes(const wijk_store *store); /* 1 for WRITE and CREATE */

/* A statement ready to bind, owned by the store: valid until the next wijk_store_sql with the same
 * literal. Reset and cleared of bindings. NULL with a message when it does not compile. */
wijk_stmt *wijk_store_sql(wijk_store *store, const char *literal);
/* For names that cannot be bound (tables of a foreign GeoPackage): `%w` double-quotes inside "..."
 * as SQLite does. Not cached: free with wijk_stmt_free. */
int wijk_store_sqlf(wijk_stmt **out, wijk_store *store, const char *format, const char *name1,
                    const char *name2);
void wijk_stmt_free(wijk_stmt *stmt);

/* Binding is 1-based and returns nothing: a failure shows in the next step. Text and blobs must
 * stay until the step. A NAN binds NULL. */
void wijk_bind_int(wijk_stmt *stmt, int at, int64_t value);
void wijk_bind_double(wijk_stmt *stmt, int at, double value);
void wijk_bind_text(wijk_stmt *stmt, int at, const char *text); /* NULL binds NULL */
void wijk_bind_textn(wijk_stmt *stmt, int at, const char *text, size_t size);
void wijk_bind_blob(wijk_stmt *stmt, int at, const void *bytes, size_t size);
void wijk_bind_null(wijk_stmt *stmt, int at);

/* 1 with a row, 0 when done (and reset), negative on failure. */
int wijk_step(wijk_stmt *stmt);
/* Runs a statement that gives no rows; 0 or negative. */
int wijk_run(wijk_stmt *stmt);
/* The first column of the first row; `otherwise` when there is no row. Negative on failure. */
int wijk_run_int(int64_t *out, wijk_stmt *stmt, int64_t otherwise);
void wijk_reset(wijk_stmt *stmt);

int64_t wijk_col_int(wijk_stmt *stmt, int at);   /* 0-based, as in SQLite; NULL gives 0 */
double wijk_col_double(wijk_stmt *stmt, int at); /* NULL gives NAN */
const char *wijk_col_text(wijk_stmt *stmt,
                          int at); /* borrowed until the next step; NULL gives "" */
const void *wijk_col_blob(wijk_stmt *stmt, int at, size_t *size);
int wijk_col_null(wijk_stmt *stmt, int at);
int wijk_col_count(wijk_stmt *stmt);
const char *wijk_col_name(wijk_stmt *stmt, int at);

/* BEGIN IMMEDIATE … COMMIT on the writing connection; nesting is an error. */
int wijk_begin(wijk_store *store);
int wijk_commit(wijk_store *store);
void wijk_rollback(wijk_store *store);
/* A reader's snapshot, so that one page sees one state of the file. */
int wijk_begin_read(wijk_store *store);
void wijk_end_read(wijk_store *store);

/* Bulk work (a load): `on` relaxes syncing until the transaction ends; only between begin/commit.
 */
int wijk_store_checkpoint(wijk_store *store);
int64_t wijk_store_last_id(wijk_store *store);

/* Schema version in the file, and the newest this program knows. */
int wijk_store_version(wijk_store *store, int64_t *version);
int wijk_store_newest_version(void);

/* Number that changes when any connection commits: caches compare it. */
int64_t wijk_store_data_version(wijk_store *store);

/* Copies the whole file while it stays in use, verifies the copy, renames it into place. */
int wijk_store_backup(wijk_store *store, const char *path, wijk_ctx *ctx);

/* One line per finding through `tell`; returns the number of findings, negative on failure.
 * SQLite's integrity and foreign keys, then every row of db/checks.sql. */
int wijk_store_check(wijk_store *store, void (*tell)(void *payload, const char *line),
                     void *payload, wijk_ctx *ctx);

/* Creates an empty SQLite file that is not a wijk file (a GeoPackage to export into). */
int wijk_store_create_foreign(wijk_store **out, const char *path, int64_t application_id,
                              int64_t user_version);
/* Runs a script of several statements: shipped SQL only (an asset or a literal). */
int wijk_store_script(wijk_store *store, const char *sql);

#endif
