/* Any bytes as a part of a sensitivity analysis, with the checksum made right so that the reader
 * itself is met: what is accepted is written as the same bytes, and joins with nothing twice. */
#include "wijk/sensitivity.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const wijk_sensitivity *s)
{
    wijk_screened rows[WIJK_PARAMETERS + 1];
    wijk_sensitivity_indices all;
    size_t n;
    (void)wijk_sensitivity_screen(rows, &n, s, WIJK_OUT_STRAINED);
    (void)wijk_sensitivity_split(&all, s, WIJK_OUT_LIVABILITY_SOC);
}

/* The bytes up to the last line that begins with "end ", and a right checksum behind them. */
static char *repaired(size_t *size, const uint8_t *data, size_t n)
{
    char *bytes = malloc(n + 40);
    size_t end = n;
    for (size_t i = 0; bytes && i + 5 <= n; i++) {
        if (memcmp(data + i, "\nend ", 5) == 0) {
            end = i + 1;
        }
    }
    if (bytes && n > 0) {
        uint64_t hash = 0xCBF29CE484222325u;
        memcpy(bytes, data, end);
        for (size_t i = 0; i < end; i++) {
            hash = (hash ^ data[i]) * 0x100000001B3u;
        }
        *size = end + (size_t)snprintf(bytes + end, 40, "end %" PRIu64 "\n", hash);
    }
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = 0;
    char *bytes = repaired(&n, data, size);
    wijk_sensitivity *s, *joined;
    if (bytes && wijk_sensitivity_read(&s, bytes, n, "fuzz") == 0) {
        wijk_str text = WIJK_STR_INIT;
        wijk_sensitivity_write(&text, s);
        ask(s);
        const wijk_sensitivity *const twice[] = {s, s};
        if (text.size > n + 64 || wijk_sensitivity_merge(&joined, twice, 2) == 0) {
            abort();
        }
        wijk_str_free(&text);
        wijk_sensitivity_free(s);
    }
    free(bytes);
    return 0;
}
