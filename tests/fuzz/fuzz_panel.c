/* Any bytes as a panel: refused with a sentence, or arrays that an estimator can be given. */
#include "wijk/did.h"
#include "wijk/panel_read.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const wijk_panel_columns columns = {
        .unit = "a", .time = "t", .outcome = "y", .start = "s", .size = "n"};
    wijk_panel_data panel;
    wijk_did did;
    const wijk_did_options few = {.draws = 9};
    if (!wijk_panel_csv(&panel, data, size, "fuzz", &columns)) {
        wijk_did_estimate(&did, &panel.panel, &few, NULL);
    }
    wijk_panel_free(&panel);
    return 0;
}
