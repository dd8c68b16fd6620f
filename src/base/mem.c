/* Allocation behind one door (h3's and SQLite's idea: a test fails the n-th allocation), and bump
 * arenas. Under the sanitizers (WIJK_ARENA_MALLOC) every arena object is a block of its own, so
 * that an overrun of one object into its neighbour is seen. */
#include "wijk/mem.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one process-wide switch of the house: only tests write it. */
static atomic_long fail_countdown;
static atomic_int fail_sticky;

void wijk_alloc_fail_at(long n, int sticky)
{
    atomic_store(&fail_sticky, sticky);
    atomic_store(&fail_countdown, n);
}

static int injected_failure(void)
{
    long left = atomic_load_explicit(&fail_countdown, memory_order_relaxed);
    if (left == 0) {
        return 0;
    }
    if (left == 1) {
        if (!atomic_load(&fail_sticky)) {
            atomic_store(&fail_countdown, 0);
        }
        return 1;
    }
    atomic_fetch_sub(&fail_countdown, 1);
    return 0;
}

static void *out_of_memory(size_t size)
{
    wijk_fail(WIJK_ENOMEM, "Het geheugen is op (%zu bytes gevraagd). Sluit andere programma's.",
              "Out of memory (%zu bytes asked). Close other programs.", size);
    return NULL;
}

void *wijk_alloc(size_t size)
{
    void *block = injected_failure() ? NULL : calloc(1, size ? size : 1);
    return block ? block : out_of_memory(size);
}

void *wijk_realloc(void *block, size_t size)
{
    void *bigger = injected_failure() ? NULL : realloc(block, size ? size : 1);
    return bigger ? bigger : out_of_memory(size);
}

void wijk_free(void *block)
{
    free(block);
}

char *wijk_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = wijk_alloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

typedef struct block {
    struct block *next;
    size_t used, room;
    _Alignas(16) unsigned char data[];
} block;

struct wijk_arena {
    block *first;
    size_t total, ceiling;
};

#ifdef WIJK_ARENA_MALLOC
enum { BLOCK_MIN = 0 };
#else
enum { BLOCK_MIN = 64 << 10 };
#endif

int wijk_arena_new(wijk_arena **out, size_t ceiling)
{
    wijk_arena *arena = wijk_alloc(sizeof *arena);
    *out = arena;
    if (!arena) {
        return WIJK_ENOMEM;
    }
    arena->ceiling = ceiling && ceiling < WIJK_MAX_ARENA ? ceiling : WIJK_MAX_ARENA;
    return WIJK_OK;
}

static void free_blocks(block *at)
{
    while (at) {
        block *next = at->next;
        wijk_free(at);
        at = next;
    }
}

void wijk_arena_free(wijk_arena *arena)
{
    if (arena) {
        free_blocks(arena->first);
        wijk_free(arena);
    }
}

void wijk_arena_reset(wijk_arena *arena)
{
    block *keep =
        BLOCK_MIN > 0 && arena->first && arena->first->room == BLOCK_MIN ? arena->first : NULL;
    free_blocks(keep ? keep->next : arena->first);
    arena->first = keep;
    arena->total = keep ? keep->room : 0;
    if (keep) {
        memset(keep->data, 0, keep->used);
        keep->next = NULL;
        keep->used = 0;
    }
}

void *wijk_arena_alloc(wijk_arena *arena, size_t size)
{
    if (size > arena->ceiling) {
        out_of_memory(size);
        return NULL;
    }
    size = size ? (size + 15) & ~(size_t)15 : 16;
    block *at = arena->first;
    if (!at || at->room - at->used < size) {
        size_t left = arena->ceiling - arena->total;
        size_t room = size > BLOCK_MIN ? size : BLOCK_MIN;
        /* The last block may be smaller than usual, so that the ceiling itself can be reached. */
        room = room > left && size <= left ? left : room;
        if (room > left) {
            wijk_fail(
                WIJK_ELIMIT, "Deze bewerking vraagt meer dan %zu bytes. Kies een kleiner gebied.",
                "This operation needs more than %zu bytes. Choose a smaller area.", arena->ceiling);
            return NULL;
        }
        at = wijk_alloc(sizeof *at + room);
        if (!at) {
            return NULL;
        }
        at->room = room;
        at->next = arena->first;
        arena->first = at;
        arena->total += room;
    }
    void *result = at->data + at->used;
    at->used += size;
    return result;
}

char *wijk_arena_strndup(wijk_arena *arena, const char *text, size_t size)
{
    char *copy = wijk_arena_alloc(arena, size + 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *wijk_arena_strdup(wijk_arena *arena, const char *text)
{
    return wijk_arena_strndup(arena, text, strlen(text));
}

char *wijk_arena_printf(wijk_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = size < 0 ? NULL : wijk_arena_alloc(arena, (size_t)size + 1);
    if (text) {
        va_start(args, format);
        vsnprintf(text, (size_t)size + 1, format, args);
        va_end(args);
    }
    return text;
}
