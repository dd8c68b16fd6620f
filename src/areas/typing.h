/* How far what was typed lies from the beginning of a word. */
#ifndef WIJK_AREAS_TYPING_H
#define WIJK_AREAS_TYPING_H

#include <stddef.h>
#include <stdint.h>

enum { WIJK_TYPED_MAX = 63 };

typedef struct {
    uint64_t where[256]; /* bit i: byte i of what was typed is this byte */
    size_t size;
} wijk_typed;

/* `size` at most WIJK_TYPED_MAX. */
void wijk_typed_set(wijk_typed *typed, const char *text, size_t size);

/* Least number of insertions, deletions, changes and swaps of neighbours that make what was typed
 * into a beginning of `text` (a word is often searched before it is finished), no letter touched
 * twice; any number beyond `most` stands for "more than most". O(size of text). */
int wijk_typing_errors(const wijk_typed *typed, const char *text, size_t size, int most);

#endif
