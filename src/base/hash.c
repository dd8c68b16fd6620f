/* Marks of lists of texts. The idea: two lists must never look alike because one text ends where
 * the next begins, so each goes in behind its length. */
#include "wijk/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof((wijk_hash *)0)->state >= sizeof(crypto_generichash_state),
               "the state of libsodium has grown");

static crypto_generichash_state *state_of(wijk_hash *hash)
{
    return (crypto_generichash_state *)(void *)hash->state;
}

void wijk_hash_begin(wijk_hash *hash, size_t bytes)
{
    hash->bytes = bytes;
    crypto_generichash_init(state_of(hash), NULL, 0, bytes);
}

void wijk_hash_add(wijk_hash *hash, const char *text)
{
    unsigned long long size = strlen(text);
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(size >> 8 * i);
    }
    crypto_generichash_update(state_of(hash), bytes, sizeof bytes);
    crypto_generichash_update(state_of(hash), (const unsigned char *)text, size);
}

void wijk_hash_end(char *out, wijk_hash *hash)
{
    unsigned char bytes[crypto_generichash_BYTES_MAX];
    crypto_generichash_final(state_of(hash), bytes, hash->bytes);
    sodium_bin2hex(out, 2 * hash->bytes + 1, bytes, hash->bytes);
}
