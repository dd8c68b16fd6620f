/* Any bytes through the GeoJSON reader: what it hands over must be WKB that our parser takes. */
#include "wijk/geo.h"
#include "wijk/geofile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *at;
    size_t left;
} bytes;

static ptrdiff_t read_bytes(void *payload, void *buffer, size_t room)
{
    bytes *in = payload;
    size_t n = in->left < room ? in->left : room;
    n = n > 13 ? 13 : n; /* small bites, so that every boundary falls somewhere */
    memcpy(buffer, in->at, n);
    in->at += n;
    in->left -= n;
    return (ptrdiff_t)n;
}

static int on_feature(void *payload, const wijk_feature *feature)
{
    wijk_shape *shape = payload;
    size_t total = 0;
    for (size_t i = 0; i < feature->count; i++) {
        total += strlen(feature->properties[i].name) + strlen(feature->properties[i].value);
    }
    if (total > (64u << 20)) {
        abort();
    }
    if (feature->problem ? feature->wkb != NULL
                         : wijk_wkb_parse(shape, feature->wkb, feature->size) != 0) {
        abort();
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = {data, size};
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_geojson_read(read_bytes, &in, "fuzz.geojson", on_feature, &shape, NULL);
    wijk_shape_free(&shape);
    return 0;
}
