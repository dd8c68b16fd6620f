/* Chooses the screen for this processor. The same source is compiled for three widths; integers
 * make them agree to the bit, which a test checks block by block. */
#include "foresee/screen.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Philox for a block, one household after the other: for any machine. */
static inline void four_words_4(uint32_t *restrict a, uint32_t *restrict b, uint32_t *restrict c,
                                uint32_t *restrict d, const uint32_t *restrict id, uint32_t last,
                                const foresee_world *world)
{
    for (int i = 0; i < BLOCK; i++) {
        uint32_t words[4];
        philox_here(words, id[i], world->month, 0, last, world->key[0], world->key[1]);
        a[i] = words[0];
        b[i] = words[1];
        c[i] = words[2];
        d[i] = words[3];
    }
}

#define SCREEN(name) name##_4
#define SCREEN_TARGET
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET

#if defined(__x86_64__)
/* Philox with `LANES` households at once. A word lies in 64 bits, of which the multiplication looks
 * at the lower half alone, so what is above need never be cleared; a compiler left to itself
 * shuffles halves together and apart again, at twice the time. */
#define FOUR_WORDS(NAME, TARGET, LANES, VECTOR, MULTIPLY)                                          \
    TARGET static inline void NAME(                                                                \
        uint32_t *restrict a, uint32_t *restrict b, uint32_t *restrict c, uint32_t *restrict d,    \
        const uint32_t *restrict id, uint32_t last, const foresee_world *world)                    \
    {                                                                                              \
        typedef uint64_t wide __attribute__((vector_size((LANES)*8)));                             \
        typedef uint32_t narrow __attribute__((vector_size((LANES)*4)));                           \
        const wide none = {0}, one = none + 0xD2511F53u, two = none + 0xCD9E8D57u;                 \
        for (int i = 0; i < BLOCK; i += (LANES)) {                                                 \
            narrow who;                                                                            \
            memcpy(&who, id + i, sizeof who);                                                      \
            wide c0 = __builtin_convertvector(who, wide), c1 = none + world->month;                \
            wide c2 = none, c3 = none + last;                                                      \
            uint32_t k0 = world->key[0], k1 = world->key[1];                                       \
            for (int round = 0; round < 10; round++) {                                             \
                wide x = (wide)MULTIPLY((VECTOR)c0, (VECTOR)one);                                  \
                wide y = (wide)MULTIPLY((VECTOR)c2, (VECTOR)two);                                  \
                c0 = y >> 32 ^ c1 ^ (none + k0);                                                   \
                c1 = y;                                                                            \
                c2 = x >> 32 ^ c3 ^ (none + k1);                                                   \
                c3 = x;                                                                            \
                k0 += 0x9E3779B9u;                                                                 \
                k1 += 0xBB67AE85u;                                                                 \
            }                                                                                      \
            const narrow words[4] = {                                                              \
                __builtin_convertvector(c0, narrow), __builtin_convertvector(c1, narrow),          \
                __builtin_convertvector(c2, narrow), __builtin_convertvector(c3, narrow)};         \
            memcpy(a + i, &words[0], sizeof who);                                                  \
            memcpy(b + i, &words[1], sizeof who);                                                  \
            memcpy(c + i, &words[2], sizeof who);                                                  \
            memcpy(d + i, &words[3], sizeof who);                                                  \
        }                                                                                          \
    }

#define SCREEN(name)  name##_8
#define SCREEN_TARGET __attribute__((target("avx2")))
FOUR_WORDS(four_words_8, SCREEN_TARGET, 4, __m256i, _mm256_mul_epu32)
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET

#define SCREEN(name)  name##_16
#define SCREEN_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2")))
FOUR_WORDS(four_words_16, SCREEN_TARGET, 8, __m512i, _mm512_mul_epu32)
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET
#endif

foresee_screen_fn *foresee_screen_width(int width)
{
#if defined(__x86_64__)
    if (width == 16) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                   ? screen_16
                   : NULL;
    }
    if (width == 8) {
        return __builtin_cpu_supports("avx2") ? screen_8 : NULL;
    }
#endif
    return width == 4 ? screen_4 : NULL;
}

foresee_screen_fn *foresee_screen_best(void)
{
    for (int width = 16; width > 4; width /= 2) {
        if (foresee_screen_width(width) != NULL) {
            return foresee_screen_width(width);
        }
    }
    return screen_4;
}
