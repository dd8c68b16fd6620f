/* Sorts 64-bit keys ascending. Radix by bytes that differ, insertion for short lists: the queues
 * and markets of a month are many and mostly short. */
#include "foresee/sort.h"

#include <string.h>

enum { SHORT = 48 };

static void insertion(uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
}

void foresee_sort(uint64_t *keys, uint64_t *scratch, size_t n)
{
    if (n <= SHORT) {
        insertion(keys, n);
        return;
    }
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++) {
        differ |= keys[i] ^ keys[0];
    }
    uint64_t *from = keys, *to = scratch;
    for (int shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & 255) == 0) {
            continue;
        }
        size_t start[256] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++) {
            start[from[i] >> shift & 255]++;
        }
        for (int b = 0; b < 256; b++) {
            size_t count = start[b];
            start[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++) {
            to[start[from[i] >> shift & 255]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) {
        memcpy(keys, from, n * sizeof *keys);
    }
}
