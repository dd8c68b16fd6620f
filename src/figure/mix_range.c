/* Whether anything was rounded or withheld: only then the figures leave something open. */
#include "figure/mix.h"

#include <math.h>

/* 1 when every cell is known to the nearest whole home or person. */
int mix_is_exact(const wijk_grouped *table)
{
    for (size_t i = 0; i < table->areas * table->groups; i++) {
        const wijk_group_cell *cell = &table->cells[i];
        if (cell->withheld || cell->share || !(cell->high - cell->low <= 1)) {
            return 0;
        }
    }
    return 1;
}
