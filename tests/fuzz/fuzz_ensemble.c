/* Any bytes as a part of an ensemble, with the checksum made right so that the reader itself is
 * met: what is accepted can be asked anything, and joined with nothing else is itself. */
#include "wijk/ensemble.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const wijk_ensemble *e)
{
    wijk_ensemble_about about = wijk_ensemble_tell(e);
    wijk_influence of[WIJK_PARAMETERS];
    wijk_bands b;
    for (size_t place = 0; place < wijk_ensemble_places(e); place += 7) {
        (void)wijk_ensemble_outcome(&b, e, place, about.years, WIJK_OUT_STRAINED);
    }
    (void)wijk_ensemble_group(&b, e, 0, WIJK_GROUP_LOW, WIJK_GOUT_HIDDEN);
    (void)wijk_ensemble_influences(of, e, WIJK_OUT_REPORTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_ensemble *e, *joined;
    uint8_t *bytes = malloc(size + 1);
    if (!bytes) {
        return 0;
    }
    memcpy(bytes, data, size);
    if (size >= 8) {
        uint64_t hash = 0xCBF29CE484222325u;
        for (size_t i = 0; i < size - 8; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001B3u;
        }
        for (int i = 0; i < 8; i++) {
            bytes[size - 8 + (size_t)i] = (uint8_t)(hash >> 8 * i);
        }
    }
    if (wijk_ensemble_read(&e, bytes, size, "fuzz") == 0) {
        const wijk_ensemble *const one[] = {e}, *const twice[] = {e, e};
        ask(e);
        if (wijk_ensemble_merge(&joined, one, 1) != 0 ||
            wijk_ensemble_tell(joined).last != wijk_ensemble_tell(e).last) {
            abort();
        }
        wijk_ensemble_free(joined);
        if (wijk_ensemble_merge(&joined, twice, 2) == 0) {
            abort();
        }
        wijk_ensemble_free(e);
    }
    free(bytes);
    return 0;
}
