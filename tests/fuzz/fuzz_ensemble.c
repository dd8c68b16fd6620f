/* Any bytes as a part of an ensemble, and any change of a part, with the checksum made right so
 * that the reader itself is met: what is accepted can be asked anything, and joined with nothing
 * else is itself. */
#include "edited.h"

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

static void meet(uint8_t *bytes, size_t size)
{
    wijk_ensemble *e, *joined;
    edited_checksum(bytes, size);
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
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t whole, n;
    const uint8_t *part = edited_part(&whole);
    uint8_t *bytes = malloc(size + 1);
    if (bytes) {
        memcpy(bytes, data, size);
        meet(bytes, size);
    }
    bytes = edited(&n, part, whole, data, size);
    meet(bytes, n);
    return 0;
}
