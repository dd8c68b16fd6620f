/* Any bytes as an account: what is accepted must reckon, its purses must add up to the cent, and
 * as rows that are written back it must come to the same. */
#include "wijk/account_rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What society nets when the account went through its rows. */
static int64_t through_rows(const uint8_t *data, size_t size, const wijk_account_options *options)
{
    wijk_arena *arena;
    wijk_account_rows rows;
    wijk_str text = WIJK_STR_INIT;
    wijk_account_file *file;
    wijk_account_result *result;
    if (wijk_arena_new(&arena, 0) ||
        wijk_account_rows_read(&rows, arena, wijk_arena_strndup(arena, (const char *)data, size)) ||
        wijk_account_rows_write(&text, &rows) ||
        wijk_account_read(&file, wijk_str_text(&text), text.size, "rows.csv", NULL, 0, "") ||
        wijk_account_reckon(&result, wijk_account_of(file), options, NULL)) {
        abort();
    }
    int64_t net = wijk_account_society(result)->net;
    wijk_account_result_free(result);
    wijk_account_file_free(file);
    wijk_str_free(&text);
    wijk_arena_free(arena);
    return net;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_account_file *file;
    if (wijk_account_read(&file, data, size, "fuzz.csv", NULL, 0, "")) {
        return 0;
    }
    wijk_account_result *result;
    wijk_account_options options = {.draws = 64, .threads = 1};
    if (wijk_account_reckon(&result, wijk_account_of(file), &options, NULL)) {
        wijk_account_file_free(file);
        return 0;
    }
    int64_t sum = 0;
    for (size_t i = 0; i < result->party_count; i++) {
        sum += result->parties[i].kind == WIJK_PURSE ? result->parties[i].net : 0;
    }
    if (sum != wijk_account_society(result)->net) {
        abort();
    }
    if (!memchr(data, 0, size) && through_rows(data, size, &options) != sum) {
        abort();
    }
    wijk_account_result_free(result);
    wijk_account_file_free(file);
    return 0;
}
