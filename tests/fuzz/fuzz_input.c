/* Any bytes as a file in any wrapping: reading ends, twice with the same bytes. */
#include "load/input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_input *input;
    if (wijk_input_open_bytes(&input, "fuzz.csv.zst", data, size)) {
        return 0;
    }
    const char *bytes;
    size_t length;
    char block[1000];
    if (!wijk_input_slurp(input, MOST, &bytes, &length) && !wijk_input_rewind(input)) {
        size_t at = 0;
        ptrdiff_t got;
        while ((got = wijk_input_read(input, block, sizeof block)) > 0) {
            if (at + (size_t)got > length || memcmp(bytes + at, block, (size_t)got) != 0) {
                abort();
            }
            at += (size_t)got;
        }
        if (got < 0 || at != length) {
            abort();
        }
    }
    wijk_input_free(input);
    return 0;
}
