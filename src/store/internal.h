/* What the files of the store share; nobody else sees SQLite. */
#ifndef WIJK_STORE_INTERNAL_H
#define WIJK_STORE_INTERNAL_H

#include "wijk/store.h"

#include <sqlite3.h>

enum { STATEMENT_SLOTS = 512 }; /* more literals than one connection ever uses */

struct wijk_stmt {
    sqlite3_stmt *handle;
    wijk_store *store;
    int failed; /* a failed binding, told at the next step */
};

struct wijk_store {
    sqlite3 *db;
    char *path;
    enum wijk_store_mode mode;
    int lock;          /* descriptor of the lock file, -1 when none */
    double step_began; /* of a foreign file: since when one row is being looked for */
    int unlocked; /* the authorizer stands aside: opening, migrating, foreign files we create */
    struct {
        const char *literal;
        wijk_stmt *stmt;
    } statements[STATEMENT_SLOTS];
};

/* Turns SQLite's present error into a message and a code. `doing` is "nl/en". */
int wijk_store_fail(wijk_store *store, const char *doing);
/* Brings an unlocked, writing store to the newest schema; each migration is one transaction. */
int wijk_store_migrate(wijk_store *store);
/* Runs a check; each row that is not `healthy` is told and counted. */
int wijk_store_tell_rows(wijk_store *store, const char *sql, const char *healthy,
                         void (*tell)(void *payload, const char *line), void *payload,
                         int *findings);

#endif
