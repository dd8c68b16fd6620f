/* Rows that many pages read: kept decoded, per area, beside a registry that many threads share. */
#ifndef WIJK_AREAS_KEPT_H
#define WIJK_AREAS_KEPT_H

#include <stddef.h>
#include <stdint.h>

typedef struct wijk_kept wijk_kept;

enum wijk_kept_kind {
    WIJK_KEPT_BESIDE, /* wijk_value: what other areas are compared with. facts.c */
    WIJK_KEPT_CELLS,  /* published cells that conversions draw from. convert.c */
    WIJK_KEPT_ERRORS  /* how far conversions are off; of no area: 0. convert.c */
};

/* At most `ceiling` bytes are kept; what comes later is left out. */
int wijk_kept_new(wijk_kept **out, size_t ceiling);
void wijk_kept_free(wijk_kept *kept); /* takes NULL */

/* The items kept of an area, valid and unchanging until the free; NULL when there are none (or when
 * `kept` is NULL). Many threads may ask and add at once. O(1). */
const void *wijk_kept_find(size_t *count, wijk_kept *kept, enum wijk_kept_kind kind, int64_t area);
/* Copies `count` items of `size` bytes. Full or out of memory is no failure: it is read again. */
void wijk_kept_add(wijk_kept *kept, enum wijk_kept_kind kind, int64_t area, const void *items,
                   size_t count, size_t size);

#endif
