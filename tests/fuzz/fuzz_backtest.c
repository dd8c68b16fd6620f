/* Any bytes as a back-test summary: what is accepted has rows that can be judged and found. */
#include "wijk/backtest.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_backtest *b;
    if (wijk_backtest_read(&b, data, size, "fuzz")) {
        return 0;
    }
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        (void)wijk_backtest_judge(row);
        if (row->to <= row->from || row->areas == 0) {
            abort();
        }
        const wijk_backtest_row *found = wijk_backtest_find(b, row->measure, 10);
        if (row->size == WIJK_BACKTEST_ALL && (!found || found->measure != row->measure)) {
            abort();
        }
        wijk_hindsight h;
        int told = !wijk_backtest_hindsight(&h, b, row->measure, row->size, 10);
        if (told ? !(h.half >= 0) || h.areas == 0 || h.tested < 1 || h.held < 0 || h.held > 1
                 : isfinite(row->hindsight)) {
            abort();
        }
    }
    wijk_backtest_free(b);
    return 0;
}
