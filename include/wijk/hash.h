/* wijk/hash.h: one mark of a list of texts: BLAKE2b (RFC 7693) over every text with its length,
 * eight bytes with the lowest first, before it, so that no two lists give the same bytes. */
#ifndef WIJK_HASH_H
#define WIJK_HASH_H

#include <stddef.h>

typedef struct {
    _Alignas(64) unsigned char state[384]; /* libsodium's */
    size_t bytes;
} wijk_hash;

/* A hash of `bytes` bytes, 16 to 32. */
void wijk_hash_begin(wijk_hash *hash, size_t bytes);
void wijk_hash_add(wijk_hash *hash, const char *text);
/* In hexadecimal with a NUL: `out` has room for 2 * bytes + 1. */
void wijk_hash_end(char *out, wijk_hash *hash);

#endif
