/* Any bytes as a published table: refused with a sentence, or cells from which tables can be drawn.
 */
#include "wijk/rounding_read.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int ignore(void *payload, size_t draw, const double *counts)
{
    (void)payload;
    (void)draw;
    (void)counts;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const wijk_rounding_options few = {0.9, 20, 1};
    for (int percent = 0; percent < 2; percent++) {
        const wijk_rounding_columns columns = {.groups = "a,b",
                                               .total = "t",
                                               .step = 5,
                                               .least = 5,
                                               .percent = percent,
                                               .percent_step = 1,
                                               .clamp_low = 5,
                                               .clamp_high = 95,
                                               .rest = 1};
        wijk_rounding_file file;
        if (!wijk_rounding_read(&file, data, size, "fuzz", &columns) && file.table.areas < 50) {
            wijk_rounding_draw(&file.table, &few, ignore, NULL, NULL);
        }
        wijk_rounding_free(&file);
    }
    return 0;
}
