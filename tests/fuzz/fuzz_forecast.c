/* Any bytes and any change of a kept part of a forecast, as they stand in the file and packed anew:
 * what is accepted can be packed again and is then the same. Sizes that a frame claims are never
 * trusted. */
#include "edited.h"

#include "wijk/forecast.h"
#include "wijk/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void unpack(const void *bytes, size_t size)
{
    wijk_ensemble *e, *again;
    void *packed;
    size_t room;
    if (wijk_forecast_unpack(&e, bytes, size)) {
        return;
    }
    if (wijk_forecast_pack(&packed, &room, e) || wijk_forecast_unpack(&again, packed, room) ||
        wijk_ensemble_tell(again).last != wijk_ensemble_tell(e).last) {
        abort();
    }
    wijk_free(packed);
    wijk_ensemble_free(again);
    wijk_ensemble_free(e);
}

/* As it stands in the file of another program: packed, and its frame right. */
static void pack_and_unpack(const void *bytes, size_t size)
{
    size_t room = ZSTD_compressBound(size);
    void *packed = malloc(room);
    if (packed) {
        size_t used = ZSTD_compress(packed, room, bytes, size, 1);
        if (!ZSTD_isError(used)) {
            unpack(packed, used);
        }
    }
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *kept; /* a part as it is kept: packed */
    static size_t kept_size;
    size_t whole, n;
    const uint8_t *part = edited_part(&whole);
    if (!kept) {
        wijk_ensemble *e;
        if (wijk_ensemble_read(&e, part, whole, "whole") ||
            wijk_forecast_pack((void **)&kept, &kept_size, e)) {
            abort();
        }
        wijk_ensemble_free(e);
    }
    unpack(data, size);
    pack_and_unpack(data, size);
    uint8_t *bytes = edited(&n, kept, kept_size, data, size);
    unpack(bytes, n);
    free(bytes);
    bytes = edited(&n, part, whole, data, size);
    edited_checksum(bytes, n);
    pack_and_unpack(bytes, n);
    free(bytes);
    return 0;
}
