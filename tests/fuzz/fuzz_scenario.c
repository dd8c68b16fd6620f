/* Any bytes as a scenario: what is accepted must be written as a text that is accepted again, and
 * written a second time as the same bytes; whether its lines can be together is the same for both.
 */
#include "wijk/scenario.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_scenario_file *first, *second;
    if (wijk_scenario_read(&first, data, size, "fuzz")) {
        return 0;
    }
    wijk_str once = WIJK_STR_INIT, twice = WIJK_STR_INIT;
    wijk_scenario_write(&once, first);
    if (wijk_scenario_read(&second, wijk_str_text(&once), once.size, "again")) {
        abort();
    }
    wijk_scenario_write(&twice, second);
    if (once.size != twice.size || memcmp(once.data, twice.data, once.size) != 0 ||
        wijk_scenario_count(first) != wijk_scenario_count(second)) {
        abort();
    }
    if (wijk_scenario_check(first) != wijk_scenario_check(second)) {
        abort();
    }
    wijk_str_free(&once);
    wijk_str_free(&twice);
    wijk_scenario_free(first);
    wijk_scenario_free(second);
    return 0;
}
