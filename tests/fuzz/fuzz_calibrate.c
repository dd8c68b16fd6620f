/* Fuzzes the readers of data/targets.csv and data/plausible.csv: the first byte says which. */
#include "wijk/calibrate.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    if (data[0] == 't') {
        wijk_targets *targets;
        if (wijk_targets_read(&targets, data + 1, size - 1, "fuzz") == 0) {
            wijk_targets_free(targets);
        }
        return 0;
    }
    wijk_plausible *set;
    if (wijk_plausible_read(&set, data + 1, size - 1, "fuzz") == 0) {
        wijk_parameters values = {{0}};
        wijk_plausible_apply(&values, set, wijk_plausible_points(set) - 1);
        wijk_plausible_free(set);
    }
    return 0;
}
