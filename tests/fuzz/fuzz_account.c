/* Any bytes as an account: what is accepted must reckon, and its purses must add up to the cent. */
#include "wijk/account.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    wijk_account_result_free(result);
    wijk_account_file_free(file);
    return 0;
}
