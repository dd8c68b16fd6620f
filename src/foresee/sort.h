/* foresee/sort.h: ascending order of 64-bit keys. `scratch` holds as many. O(n) per differing byte.
 */
#ifndef WIJK_FORESEE_SORT_H
#define WIJK_FORESEE_SORT_H

#include <stddef.h>
#include <stdint.h>

void foresee_sort(uint64_t *keys, uint64_t *scratch, size_t n, int low);

#endif
