/* Any bytes as a kept part of a forecast, as they stand in the file and packed anew: what is
 * accepted can be packed again and is then the same. Sizes that a frame claims are never trusted.
 */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t room = ZSTD_compressBound(size);
    void *packed = malloc(room);
    unpack(data, size);
    if (packed) {
        size_t used = ZSTD_compress(packed, room, data, size, 1);
        if (!ZSTD_isError(used)) {
            unpack(packed, used);
        }
    }
    free(packed);
    return 0;
}
