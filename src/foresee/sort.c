/* Sorts 64-bit keys ascending. Radix by digits of eleven bits, insertion for short lists: the
 * queues and markets of a month are many and mostly short. */
#include "foresee/sort.h"

#include <string.h>

enum { SHORT = 48, DIGIT = 11, DIGITS = 1 << DIGIT };

static void insertion(uint64_t *keys, size_t n, int low)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] >> low > key >> low; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
}

void foresee_sort(uint64_t *keys, uint64_t *scratch, size_t n, int low)
{
    if (n <= SHORT) {
        insertion(keys, n, low);
        return;
    }
    uint64_t *from = keys, *to = scratch;
    for (int shift = low; shift < 64; shift += DIGIT) {
        uint32_t start[DIGITS] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++) {
            start[from[i] >> shift & (DIGITS - 1)]++;
        }
        if (start[from[0] >> shift & (DIGITS - 1)] == n) {
            continue; /* all alike in this digit */
        }
        for (int b = 0; b < DIGITS; b++) {
            uint32_t count = start[b];
            start[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++) {
            to[start[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) {
        memcpy(keys, from, n * sizeof *keys);
    }
}
