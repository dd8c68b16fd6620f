/* wijk/mem.h: allocation behind one door, and arenas freed once.
 *
 * All memory comes through wijk_alloc so that a test can count allocations and fail the n-th.
 * An arena belongs to one request or job and to one thread. */
#ifndef WIJK_MEM_H
#define WIJK_MEM_H

#include <stddef.h>

/* NULL with a message when memory ran out. wijk_alloc zeroes; free takes NULL. */
void *wijk_alloc(size_t size);
void *wijk_realloc(void *block, size_t size);
void wijk_free(void *block);
char *wijk_strdup(const char *text);

/* Tests only: fail the n-th allocation from now (1 = the next); 0 turns it off.
 * With `sticky`, all later ones fail too. Process-wide. */
void wijk_alloc_fail_at(long n, int sticky);

typedef struct wijk_arena wijk_arena;

/* O(1). `ceiling` in bytes, at most WIJK_MAX_ARENA; 0 means that. */
int wijk_arena_new(wijk_arena **out, size_t ceiling);
void wijk_arena_free(wijk_arena *arena);
/* Forgets everything but keeps the first block, for the next request. */
void wijk_arena_reset(wijk_arena *arena);
/* Zeroed, aligned to 16; NULL when the ceiling or memory is reached. Owned by the arena. */
void *wijk_arena_alloc(wijk_arena *arena, size_t size);
char *wijk_arena_strdup(wijk_arena *arena, const char *text);
char *wijk_arena_strndup(wijk_arena *arena, const char *text, size_t size);
char *wijk_arena_printf(wijk_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
