/* Statements: prepared once per connection, found again by the address of the SQL literal, so that
 * a page costs no parsing and no SQL text can be built from what a user typed. */
#include "store/internal.h"

#include "wijk/mem.h"

#include <math.h>

static wijk_stmt *prepare(wijk_store *store, const char *sql, unsigned flags)
{
    wijk_stmt *stmt = wijk_alloc(sizeof *stmt);
    if (!stmt) {
        return NULL;
    }
    stmt->store = store;
    if (sqlite3_prepare_v3(store->db, sql, -1, flags, &stmt->handle, NULL)) {
        wijk_store_fail(store, "vraag/query");
        wijk_free(stmt);
        return NULL;
    }
    return stmt;
}

wijk_stmt *wijk_store_sql(wijk_store *store, const char *literal)
{
    size_t hash = ((uintptr_t)literal >> 3) * 0x9E3779B97F4A7C15ull >> 32;
    for (size_t probe = 0; probe < STATEMENT_SLOTS; probe++) {
        size_t at = (hash + probe) % STATEMENT_SLOTS;
        if (!store->statements[at].literal) {
            wijk_stmt *stmt = prepare(store, literal, SQLITE_PREPARE_PERSISTENT);
            if (stmt) {
                store->statements[at].literal = literal;
                store->statements[at].stmt = stmt;
            }
            return stmt;
        }
        if (store->statements[at].literal == literal) {
            wijk_stmt *stmt = store->statements[at].stmt;
            wijk_reset(stmt);
            sqlite3_clear_bindings(stmt->handle);
            return stmt;
        }
    }
    wijk_fail(WIJK_ELIMIT, "Meer dan %d verschillende vragen op één verbinding.",
              "More than %d different queries on one connection.", STATEMENT_SLOTS);
    return NULL;
}

int wijk_store_sqlf(wijk_stmt **out, wijk_store *store, const char *format, const char *name1,
                    const char *name2)
{
    *out = NULL;
    char *sql = sqlite3_mprintf(format, name1, name2);
    if (!sql) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    *out = prepare(store, sql, 0);
    sqlite3_free(sql);
    return *out ? WIJK_OK : WIJK_EDB;
}

void wijk_stmt_free(wijk_stmt *stmt)
{
    if (stmt) {
        sqlite3_finalize(stmt->handle);
        wijk_free(stmt);
    }
}

void wijk_bind_int(wijk_stmt *stmt, int at, int64_t value)
{
    if (stmt && sqlite3_bind_int64(stmt->handle, at, value)) {
        stmt->failed = 1;
    }
}

void wijk_bind_double(wijk_stmt *stmt, int at, double value)
{
    if (stmt && (isnan(value) ? sqlite3_bind_null(stmt->handle, at)
                              : sqlite3_bind_double(stmt->handle, at, value))) {
        stmt->failed = 1;
    }
}

void wijk_bind_text(wijk_stmt *stmt, int at, const char *text)
{
    if (stmt && sqlite3_bind_text(stmt->handle, at, text, -1, SQLITE_STATIC)) {
        stmt->failed = 1;
    }
}

void wijk_bind_textn(wijk_stmt *stmt, int at, const char *text, size_t size)
{
    if (stmt && sqlite3_bind_text64(stmt->handle, at, text, size, SQLITE_STATIC, SQLITE_UTF8)) {
        stmt->failed = 1;
    }
}

void wijk_bind_blob(wijk_stmt *stmt, int at, const void *bytes, size_t size)
{
    if (stmt && sqlite3_bind_blob64(stmt->handle, at, bytes, size, SQLITE_STATIC)) {
        stmt->failed = 1;
    }
}

void wijk_bind_null(wijk_stmt *stmt, int at)
{
    if (stmt) {
        sqlite3_bind_null(stmt->handle, at);
    }
}

int wijk_step(wijk_stmt *stmt)
{
    if (!stmt) {
        return WIJK_EDB;
    }
    if (stmt->failed) {
        stmt->failed = 0;
        return wijk_store_fail(stmt->store, "invullen/binding");
    }
    if (stmt->store->mode == WIJK_STORE_FOREIGN) {
        stmt->store->step_began = wijk_now();
    }
    int rc = sqlite3_step(stmt->handle);
    if (rc == SQLITE_ROW) {
        return 1;
    }
    if (rc == SQLITE_DONE) {
        sqlite3_reset(stmt->handle);
        return 0;
    }
    int code = wijk_store_fail(stmt->store, "vraag/query");
    sqlite3_reset(stmt->handle);
    return code;
}

int wijk_run(wijk_stmt *stmt)
{
    int rc = wijk_step(stmt);
    while (rc == 1) {
        rc = wijk_step(stmt);
    }
    return rc;
}

int wijk_run_int(int64_t *out, wijk_stmt *stmt, int64_t otherwise)
{
    *out = otherwise;
    int rc = wijk_step(stmt);
    if (rc == 1) {
        *out = wijk_col_null(stmt, 0) ? otherwise : wijk_col_int(stmt, 0);
        wijk_reset(stmt);
        return WIJK_OK;
    }
    return rc;
}

void wijk_reset(wijk_stmt *stmt)
{
    if (stmt) {
        sqlite3_reset(stmt->handle);
    }
}

int64_t wijk_col_int(wijk_stmt *stmt, int at)
{
    return sqlite3_column_int64(stmt->handle, at);
}

double wijk_col_double(wijk_stmt *stmt, int at)
{
    return wijk_col_null(stmt, at) ? NAN : sqlite3_column_double(stmt->handle, at);
}

const char *wijk_col_text(wijk_stmt *stmt, int at)
{
    const unsigned char *text = sqlite3_column_text(stmt->handle, at);
    return text ? (const char *)text : "";
}

const void *wijk_col_blob(wijk_stmt *stmt, int at, size_t *size)
{
    const void *bytes = sqlite3_column_blob(stmt->handle, at);
    *size = (size_t)sqlite3_column_bytes(stmt->handle, at);
    return bytes;
}

int wijk_col_null(wijk_stmt *stmt, int at)
{
    return sqlite3_column_type(stmt->handle, at) == SQLITE_NULL;
}

int wijk_col_count(wijk_stmt *stmt)
{
    return sqlite3_column_count(stmt->handle);
}

const char *wijk_col_name(wijk_stmt *stmt, int at)
{
    const char *name = sqlite3_column_name(stmt->handle, at);
    return name ? name : "";
}
