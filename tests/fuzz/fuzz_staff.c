/* Any bytes as a shared post: what is accepted settles, and its shares add up to the cent. */
#include "wijk/staff.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_staff_file *file;
    wijk_statement s;
    if (wijk_staff_read(&file, data, size, "fuzz.csv")) {
        return 0;
    }
    const wijk_staff *staff = wijk_staff_of(file);
    int64_t sum = 0;
    if (wijk_staff_settle(&s, staff, wijk_staff_prices(file))) {
        abort(); /* the reader settled it once */
    }
    for (size_t i = 0; i < staff->count; i++) {
        sum += s.parts[i].share;
    }
    if (sum != s.cost) {
        abort();
    }
    wijk_staff_file_free(file);
    return 0;
}
