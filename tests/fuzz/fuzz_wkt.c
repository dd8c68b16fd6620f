/* Any text through the WKT reader: what it takes must be WKB that our parser takes. */
#include "wijk/geo.h"
#include "wijk/geofile.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_str wkb = WIJK_STR_INIT;
    wijk_shape shape = WIJK_SHAPE_INIT;
    char *text = malloc(size ? size : 1); /* exactly as large as told, so that an overrun is seen */
    for (size_t i = 0; text && i < size; i++) {
        text[i] = (char)data[i];
    }
    if (text && !wijk_wkt_read(&wkb, text, size) && wijk_wkb_parse(&shape, wkb.data, wkb.size)) {
        abort();
    }
    free(text);
    wijk_str_free(&wkb);
    wijk_shape_free(&shape);
    return 0;
}
