/* Any bytes as a card: what is accepted is written and read again to the same bytes. */
#include "wijk/card.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_arena *arena;
    wijk_card card, again;
    wijk_str one = WIJK_STR_INIT, two = WIJK_STR_INIT;
    if (wijk_arena_new(&arena, 0)) {
        return 0;
    }
    if (!wijk_card_read(&card, arena, data, size, "fuzz") && !wijk_card_write(&one, &card) &&
        !wijk_card_read(&again, arena, wijk_str_text(&one), one.size, "again")) {
        if (wijk_card_write(&two, &again) || one.size != two.size ||
            memcmp(wijk_str_text(&one), wijk_str_text(&two), one.size) != 0) {
            abort();
        }
    }
    wijk_str_free(&one);
    wijk_str_free(&two);
    wijk_arena_free(arena);
    return 0;
}
