/* Any bytes as a database: opened as somebody else's file and as our own, checked and asked. The
 * input becomes a file because SQLite wants one; nothing may crash, hang or go without a message.
 */
#include "wijk/err.h"
#include "wijk/store.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *payload, const char *line)
{
    (void)payload;
    (void)line;
}

static void ask(wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT name, sql FROM sqlite_schema LIMIT 20");
    char names[20][64];
    int count = 0;
    while (wijk_step(stmt) == 1 && count < 20) {
        snprintf(names[count++], sizeof names[0], "%s", wijk_col_text(stmt, 0));
    }
    wijk_reset(stmt);
    for (int i = 0; i < count; i++) {
        wijk_stmt *rows;
        if (wijk_store_sqlf(&rows, store, "SELECT * FROM \"%w\" LIMIT 50", names[i], "") == 0) {
            while (wijk_step(rows) == 1) {
                size_t bytes;
                for (int c = 0; c < wijk_col_count(rows); c++) {
                    wijk_col_blob(rows, c, &bytes);
                }
            }
        }
        wijk_stmt_free(rows);
    }
    int64_t value;
    wijk_run_int(&value, wijk_store_sql(store, "SELECT count(*) FROM area WHERE level = 3"), 0);
    wijk_store_check(store, ignore, NULL, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum wijk_store_mode modes[] = {WIJK_STORE_FOREIGN, WIJK_STORE_READ};
    char path[64];
    snprintf(path, sizeof path, "/tmp/wijk-fuzz-store-%d.db", (int)getpid());
    /* The schema version stands at byte 60: made today's, or our own door would close at once. */
    unsigned char version[4] = {0, 0, 0, (unsigned char)wijk_store_newest_version()};
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size ||
        (size > 64 && (fseek(file, 60, SEEK_SET) || fwrite(version, 1, 4, file) != 4)) ||
        fclose(file)) {
        return 0;
    }
    for (size_t i = 0; i < 2; i++) {
        wijk_store *store;
        int rc = wijk_store_open(&store, path, modes[i]);
        if (rc && (!*wijk_error(WIJK_NL) || !*wijk_error(WIJK_EN))) {
            abort();
        }
        if (!rc) {
            ask(store);
        }
        wijk_store_close(store);
    }
    remove(path);
    return 0;
}
