/* Rows that many pages read, kept decoded: every buurt is set beside its gemeente and draws on the
 * same few postcodes. A hash table of lists that only grow at the head, so that readers need no
 * lock (Treiber 1986 without the pop); it lives and dies with one state of the file. */
#include "areas/kept.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <stdatomic.h>
#include <string.h>

enum { LISTS = 8192 };

typedef struct node {
    struct node *next;
    int64_t area;
    size_t count;
    enum wijk_kept_kind kind;
    _Alignas(16) unsigned char items[];
} node;

struct wijk_kept {
    size_t ceiling;
    atomic_size_t used;
    _Atomic(node *) lists[LISTS];
};

int wijk_kept_new(wijk_kept **out, size_t ceiling)
{
    wijk_kept *kept = wijk_alloc(sizeof *kept);
    *out = kept;
    if (!kept) {
        return WIJK_ENOMEM;
    }
    kept->ceiling = ceiling;
    return WIJK_OK;
}

void wijk_kept_free(wijk_kept *kept)
{
    for (size_t i = 0; kept && i < LISTS; i++) {
        for (node *at = atomic_load(&kept->lists[i]); at;) {
            node *next = at->next;
            wijk_free(at);
            at = next;
        }
    }
    wijk_free(kept);
}

static size_t list_of(enum wijk_kept_kind kind, int64_t area)
{
    return (((uint64_t)area << 2 | kind) * 0x9E3779B97F4A7C15ull >> 32) % LISTS;
}

const void *wijk_kept_find(size_t *count, wijk_kept *kept, enum wijk_kept_kind kind, int64_t area)
{
    *count = 0;
    if (!kept) {
        return NULL;
    }
    const node *at = atomic_load_explicit(&kept->lists[list_of(kind, area)], memory_order_acquire);
    while (at && (at->area != area || at->kind != kind)) {
        at = at->next;
    }
    *count = at ? at->count : 0;
    return at ? at->items : NULL;
}

void wijk_kept_add(wijk_kept *kept, enum wijk_kept_kind kind, int64_t area, const void *items,
                   size_t count, size_t size)
{
    size_t bytes = sizeof(node) + count * size;
    if (!kept || atomic_load(&kept->used) + bytes > kept->ceiling) {
        return;
    }
    node *made = wijk_alloc(bytes);
    if (!made) {
        return;
    }
    atomic_fetch_add(&kept->used, bytes);
    made->area = area;
    made->kind = kind;
    made->count = count;
    if (count) {
        memcpy(made->items, items, count * size);
    }
    /* Two threads may add the same area: both copies say the same and the newer is found. */
    _Atomic(node *) *list = &kept->lists[list_of(kind, area)];
    made->next = atomic_load(list);
    while (!atomic_compare_exchange_weak(list, &made->next, made)) {
    }
}
