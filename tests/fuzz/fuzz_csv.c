/* Any bytes through the CSV reader: every cell must be NUL-terminated at its size. */
#include "wijk/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_csv *csv;
    if (wijk_csv_new_bytes(&csv, data, size, "fuzz.csv")) {
        return 0;
    }
    const wijk_cell *cells;
    size_t count;
    while (wijk_csv_next(csv, &cells, &count) == 1) {
        for (size_t i = 0; i < count; i++) {
            double value;
            if (strlen(cells[i].text) != cells[i].size) {
                abort();
            }
            wijk_csv_number(&value, cells[i].text, cells[i].size, ',');
        }
    }
    wijk_csv_free(csv);
    return 0;
}
