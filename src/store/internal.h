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
    int lock;     /* descriptor of the lock file, -1 when none */
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

#endif
