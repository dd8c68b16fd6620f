/* Any bytes as a kept break-even: what is accepted is written, and read again as the same text. */
#include "wijk/breakeven.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wijk_prices *prices;
    wijk_breakeven *b, *again;
    if (!prices && wijk_prices_open(&prices)) {
        abort();
    }
    if (wijk_breakeven_read(&b, data, size, prices, "fuzz") == 0) {
        wijk_str text = WIJK_STR_INIT, twice = WIJK_STR_INIT;
        wijk_breakeven_write(&text, b, prices);
        if (wijk_breakeven_read(&again, text.data, text.size, prices, "again")) {
            abort();
        }
        wijk_breakeven_write(&twice, again, prices);
        if (text.size != twice.size || memcmp(text.data, twice.data, text.size) != 0) {
            abort();
        }
        wijk_str_free(&text);
        wijk_str_free(&twice);
        wijk_breakeven_free(again);
        wijk_breakeven_free(b);
    }
    return 0;
}
