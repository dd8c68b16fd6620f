/* Any bytes through the WKB parser: what it takes must survive writing and reading again, and
 * measuring. */
#include "wijk/geo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_shape shape = WIJK_SHAPE_INIT, again = WIJK_SHAPE_INIT;
    wijk_str wkb = WIJK_STR_INIT;
    if (!wijk_wkb_parse(&shape, data, size) && !wijk_wkb_write(&wkb, &shape)) {
        size_t bytes = shape.points * 2 * sizeof(double);
        if (wijk_wkb_parse(&again, wkb.data, wkb.size) || again.rings != shape.rings ||
            again.points != shape.points || (bytes && memcmp(again.xy, shape.xy, bytes) != 0)) {
            abort();
        }
        wijk_measure m;
        if (shape.points < 1000) {
            wijk_shape_measure(&m, &shape);
        }
    }
    wijk_str_free(&wkb);
    wijk_shape_free(&shape);
    wijk_shape_free(&again);
    return 0;
}
