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
/* Philox with `LANES` households in a vector and `ABREAST` vectors side by side, which share keys
 * and fill each other's waits. A word lies in 64 bits, of which the multiplication looks at the
 * lower half alone, so what is above need never be cleared; a compiler left to itself shuffles
 * halves together and apart again, at twice the time. The counter differs between households in one
 * word: of the first two rounds one half each is the same for all. */
#define FOUR_WORDS(NAME, TARGET, LANES, ABREAST, VECTOR, MULTIPLY)                                 \
    TARGET static inline void NAME(                                                                \
        uint32_t *restrict a, uint32_t *restrict b, uint32_t *restrict c, uint32_t *restrict d,    \
        const uint32_t *restrict id, uint32_t last, const foresee_world *world)                    \
    {                                                                                              \
        typedef uint64_t wide __attribute__((vector_size((LANES)*8)));                             \
        typedef uint32_t narrow __attribute__((vector_size((LANES)*4)));                           \
        const wide none = {0}, one = none + 0xD2511F53u, two = none + 0xCD9E8D57u;                 \
        const uint32_t all = world->month ^ world->key[0];                                         \
        const uint64_t same = (uint64_t)all * 0xD2511F53u;                                         \
        for (int i = 0; i < BLOCK; i += (LANES) * (ABREAST)) {                                     \
            uint32_t k0 = world->key[0] + 0x9E3779B9u, k1 = world->key[1] + 0xBB67AE85u;           \
            wide c0[ABREAST], c1[ABREAST], c2[ABREAST], c3[ABREAST];                               \
            for (int v = 0; v < (ABREAST); v++) {                                                  \
                narrow who;                                                                        \
                memcpy(&who, id + i + v * (LANES), sizeof who);                                    \
                wide x = (wide)MULTIPLY((VECTOR) __builtin_convertvector(who, wide), (VECTOR)one); \
                wide y = x >> 32 ^ (none + (last ^ world->key[1]));                                \
                y = (wide)MULTIPLY((VECTOR)y, (VECTOR)two);                                        \
                c0[v] = y >> 32 ^ (none + k0);                                                     \
                c1[v] = y;                                                                         \
                c2[v] = x ^ (none + ((uint32_t)(same >> 32) ^ k1));                                \
                c3[v] = none + same;                                                               \
            }                                                                                      \
            for (int round = 2; round < 10; round++) {                                             \
                k0 += 0x9E3779B9u;                                                                 \
                k1 += 0xBB67AE85u;                                                                 \
                const wide odd = none + k0, even = none + k1;                                      \
                for (int v = 0; v < (ABREAST); v++) {                                              \
                    wide x = (wide)MULTIPLY((VECTOR)c0[v], (VECTOR)one);                           \
                    wide y = (wide)MULTIPLY((VECTOR)c2[v], (VECTOR)two);                           \
                    c0[v] = y >> 32 ^ c1[v] ^ odd;                                                 \
                    c1[v] = y;                                                                     \
                    c2[v] = x >> 32 ^ c3[v] ^ even;                                                \
                    c3[v] = x;                                                                     \
                }                                                                                  \
            }                                                                                      \
            for (int v = 0; v < (ABREAST); v++) {                                                  \
                const narrow words[4] = {__builtin_convertvector(c0[v], narrow),                   \
                                         __builtin_convertvector(c1[v], narrow),                   \
                                         __builtin_convertvector(c2[v], narrow),                   \
                                         __builtin_convertvector(c3[v], narrow)};                  \
                memcpy(a + i + v * (LANES), &words[0], sizeof words[0]);                           \
                memcpy(b + i + v * (LANES), &words[1], sizeof words[0]);                           \
                memcpy(c + i + v * (LANES), &words[2], sizeof words[0]);                           \
                memcpy(d + i + v * (LANES), &words[3], sizeof words[0]);                           \
            }                                                                                      \
        }                                                                                          \
    }

#define SCREEN(name)  name##_8
#define SCREEN_TARGET __attribute__((target("avx2")))
FOUR_WORDS(four_words_8, SCREEN_TARGET, 4, 2, __m256i, _mm256_mul_epu32)
#include "foresee/screen.inc"
#undef SCREEN
#undef SCREEN_TARGET

#define SCREEN(name)  name##_16
#define SCREEN_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2")))
FOUR_WORDS(four_words_16, SCREEN_TARGET, 8, 4, __m512i, _mm512_mul_epu32)
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
