/* Any bytes as values of parameters, and as a dictionary: never beyond the ranges, never half. */
#include "wijk/parameters.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_dictionary *shipped, *given;
    wijk_parameters values, before;
    if (wijk_dictionary_open(&shipped)) {
        abort();
    }
    wijk_dictionary_defaults(&values, shipped);
    before = values;
    int rc = wijk_parameters_read(&values, shipped, data, size, "fuzz");
    if (rc && memcmp(&values, &before, sizeof values) != 0) {
        abort();
    }
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(shipped, (wijk_parameter)i);
        if (!(values.value[i] >= row->low && values.value[i] <= row->high)) {
            abort();
        }
    }
    if (!wijk_dictionary_read(&given, data, size, "fuzz")) {
        wijk_dictionary_defaults(&values, given);
        wijk_dictionary_free(given);
    }
    wijk_dictionary_free(shipped);
    return 0;
}
