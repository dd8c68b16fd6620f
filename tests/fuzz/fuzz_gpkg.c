/* Any bytes as a GeoPackage: the reader goes through SQLite, so a file is written and opened. */
#include "wijk/geofile.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_feature(void *payload, const wijk_feature *feature)
{
    size_t *features = payload;
    return ++*features > 10000 || feature->number == 0 ? -1 : 0;
}

static int on_layer(void *payload, const char *table, const char *const *columns, size_t count)
{
    (void)payload;
    return !table || (count && !columns[0]) ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/fuzz_gpkg_XXXXXX";
    int file = mkstemp(path);
    if (file < 0) {
        return 0;
    }
    ssize_t wrote = write(file, data, size);
    close(file);
    size_t features = 0;
    if (wrote == (ssize_t)size) {
        wijk_gpkg_read(path, NULL, on_feature, &features, NULL);
        wijk_gpkg_layers(path, on_layer, NULL);
    }
    unlink(path);
    return 0;
}
