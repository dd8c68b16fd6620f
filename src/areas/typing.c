/* Typing errors: a whole column of the table of Damerau 1964 (optimal string alignment) in one
 * machine word, one step per letter. Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein
 * and Damerau edit distances", Nordic Journal of Computing 10(1). */
#include "areas/typing.h"

#include <string.h>

void wijk_typed_set(wijk_typed *typed, const char *text, size_t size)
{
    memset(typed->where, 0, sizeof typed->where);
    typed->size = size;
    for (size_t i = 0; i < size; i++) {
        typed->where[(unsigned char)text[i]] |= (uint64_t)1 << i;
    }
}

int wijk_typing_errors(const wijk_typed *typed, const char *text, size_t size, int most)
{
    int n = (int)typed->size, score = n, best = n;
    uint64_t last = n ? (uint64_t)1 << (n - 1) : 0;
    /* Bits: the table grows (up) or falls (down) by one from the row above; d0: the cell equals its
     * neighbour up left. */
    uint64_t up = ~(uint64_t)0, down = 0, d0 = 0, before = 0;
    size_t end = typed->size + (size_t)most;
    end = size < end ? size : end;
    for (size_t k = 0; k < end; k++) {
        uint64_t here = typed->where[(unsigned char)text[k]];
        uint64_t swapped = ((~d0 & here) << 1) & before;
        d0 = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t grows = down | ~(d0 | up), falls = up & d0;
        score += ((grows & last) != 0) - ((falls & last) != 0);
        best = score < best ? score : best;
        /* Every further letter can mend one error at most. */
        if (best > most && score - (int)(end - k - 1) > most) {
            return most + 1;
        }
        grows = grows << 1 | 1; /* an empty beginning costs one more per letter of the word */
        falls <<= 1;
        up = falls | ~(d0 | grows);
        down = grows & d0;
        before = here;
    }
    return best > most ? most + 1 : best;
}
