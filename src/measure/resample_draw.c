/* Draws for a whole column of areas at once. A draw is a function of what it is for, so sixteen can
 * be made side by side: with AVX2 eight Philox counters run in one register and their words look
 * up their tables by gathers. The plain loop gives the same numbers and is what tests compare. */
#include "measure/resample_parts.h"
#include "wijk/rng.h"

#include <string.h>

enum {
    PART_MAIN,  /* the two words of an area: units and times 128 */
    PART_TIE,   /* 32 more bits for each of them */
    PART_LARGE, /* the 16384s, four draws a block */
    PART_LARGE_TIE,
    PART_STREAM /* resample_words */
};

static void block_of(uint32_t out[4], resample_key key, uint32_t part, uint32_t place,
                     uint32_t block)
{
    const uint32_t counter[4] = {key.purpose | key.attempt << 8 | block << 16, place, key.replicate,
                                 key.group << 4 | part};
    const uint32_t seed[2] = {(uint32_t)key.seed, (uint32_t)(key.seed >> 32)};
    wijk_philox(out, counter, seed);
}

/* One draw decided by its two words; looks for more only where they leave a tie or people are many.
 */
static int32_t draw_one(int32_t people, uint32_t area, const uint32_t word[2],
                        const resample_family *f, resample_key key)
{
    uint32_t units = (uint32_t)people % FAMILY_DIGIT;
    uint32_t middle = FAMILY_DIGIT + ((uint32_t)people >> FAMILY_DIGIT_BITS) % FAMILY_DIGIT;
    uint32_t more[4];
    int tie[2], none;
    int32_t x = resample_family_take(f, units, word[0], 0, &tie[0]);
    int32_t y = resample_family_take(f, middle, word[1], 0, &tie[1]);
    if (tie[0] || tie[1]) {
        block_of(more, key, PART_TIE, area, 0);
        x = resample_family_take(f, units, word[0], more[0], &none);
        y = resample_family_take(f, middle, word[1], more[1], &none);
    }
    x += y;
    uint32_t large = (uint32_t)people >> (2 * FAMILY_DIGIT_BITS), words[4];
    for (uint32_t i = 0; i < large; i++) {
        if (i % 4 == 0) {
            block_of(words, key, PART_LARGE, area, i / 4);
        }
        y = resample_family_take(f, FAMILY_LARGE, words[i % 4], 0, &none);
        if (none) {
            block_of(more, key, PART_LARGE_TIE, area, i / 4);
            y = resample_family_take(f, FAMILY_LARGE, words[i % 4], more[i % 4], &none);
        }
        x += y;
    }
    return x;
}

/* Sixteen areas take eight blocks: block b serves area b with its words 0 and 1, area b + 8 with
 * its words 2 and 3. */
static int64_t draw_plainly(int32_t *out, const int32_t *people, size_t n,
                            const resample_family *family, resample_key key)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i += RESAMPLE_LANES) {
        for (uint32_t lane = 0; lane < 8; lane++) {
            uint32_t word[4], area = (uint32_t)i + lane;
            block_of(word, key, PART_MAIN, (uint32_t)i / 2 + lane, 0);
            out[area] = draw_one(people[area], area, word, family, key);
            out[area + 8] = draw_one(people[area + 8], area + 8, word + 2, family, key);
            sum += out[area] + out[area + 8];
        }
    }
    return sum;
}

static void fill_plainly(resample_words *words)
{
    for (uint32_t lane = 0; lane < 8; lane++) {
        uint32_t word[4];
        block_of(word, words->key, PART_STREAM, words->block * 8 + lane, 0);
        for (uint32_t w = 0; w < 4; w++) {
            words->word[w * 8 + lane] = word[w];
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

typedef struct {
    __m256i word[4];
} eight_blocks;

#define AVX2 __attribute__((target("avx2")))

/* High and low halves of x * by in each of eight lanes. */
AVX2 static inline void multiply(__m256i *high, __m256i *low, __m256i x, __m256i by)
{
    __m256i even = _mm256_mul_epu32(x, by), odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), by);
    *low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
    *high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
}

/* wijk_philox for places place ... place + 7. */
AVX2 static inline eight_blocks philox_eight(resample_key key, uint32_t part, uint32_t place)
{
    __m256i c0 = _mm256_set1_epi32((int)(key.purpose | key.attempt << 8));
    __m256i c1 =
        _mm256_add_epi32(_mm256_set1_epi32((int)place), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256i c2 = _mm256_set1_epi32((int)key.replicate);
    __m256i c3 = _mm256_set1_epi32((int)(key.group << 4 | part));
    uint32_t k0 = (uint32_t)key.seed, k1 = (uint32_t)(key.seed >> 32);
    const __m256i first = _mm256_set1_epi64x(0xD2511F53), second = _mm256_set1_epi64x(0xCD9E8D57);
    for (int round = 0; round < 10; round++) {
        __m256i high0, low0, high1, low1;
        multiply(&high0, &low0, c0, first);
        multiply(&high1, &low1, c2, second);
        c0 = _mm256_xor_si256(_mm256_xor_si256(high1, c1), _mm256_set1_epi32((int)k0));
        c2 = _mm256_xor_si256(_mm256_xor_si256(high0, c3), _mm256_set1_epi32((int)k1));
        c1 = low1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (eight_blocks){{c0, c1, c2, c3}};
}

/* resample_family_take in eight lanes, ties marked and left to draw_one. */
AVX2 static inline __m256i take_eight(const resample_family *f, __m256i table, __m256i word,
                                      __m256i *tie)
{
    __m256i place = _mm256_i32gather_epi32((const int *)f->place, table, 4);
    __m256i least = _mm256_i32gather_epi32((const int *)f->least, table, 4);
    __m256i bits = _mm256_and_si256(place, _mm256_set1_epi32(31));
    __m256i column = _mm256_srlv_epi32(word, _mm256_sub_epi32(_mm256_set1_epi32(32), bits));
    __m256i fraction = _mm256_srli_epi32(_mm256_sllv_epi32(word, bits), FAMILY_COLUMN_BITS);
    __m256i at = _mm256_add_epi32(_mm256_srli_epi32(place, 5), column);
    __m256i entry = _mm256_i32gather_epi32((const int *)f->entry, at, 4);
    __m256i chance = _mm256_srli_epi32(entry, FAMILY_COLUMN_BITS);
    __m256i other = _mm256_and_si256(entry, _mm256_set1_epi32((1 << FAMILY_COLUMN_BITS) - 1));
    __m256i own = _mm256_cmpgt_epi32(chance, fraction);
    *tie = _mm256_or_si256(*tie, _mm256_cmpeq_epi32(chance, fraction));
    return _mm256_add_epi32(least, _mm256_blendv_epi8(other, column, own));
}

/* The draws of eight areas from two words each; those that need more are made again one by one. */
AVX2 static inline __m256i draw_eight(int32_t *out, const int32_t *people, uint32_t area,
                                      __m256i low, __m256i high, const resample_family *family,
                                      resample_key key)
{
    __m256i m = _mm256_loadu_si256((const __m256i *)people), tie = _mm256_setzero_si256();
    __m256i digit = _mm256_set1_epi32(FAMILY_DIGIT - 1);
    __m256i units = _mm256_and_si256(m, digit);
    __m256i middle = _mm256_and_si256(_mm256_srli_epi32(m, FAMILY_DIGIT_BITS), digit);
    middle = _mm256_add_epi32(middle, _mm256_set1_epi32(FAMILY_DIGIT));
    __m256i x = _mm256_add_epi32(take_eight(family, units, low, &tie),
                                 take_eight(family, middle, high, &tie));
    tie = _mm256_or_si256(
        tie, _mm256_cmpgt_epi32(m, _mm256_set1_epi32(FAMILY_DIGIT * FAMILY_DIGIT - 1)));
    _mm256_storeu_si256((__m256i *)out, x);
    unsigned again = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(tie));
    if (again) {
        uint32_t words[2][8];
        _mm256_storeu_si256((__m256i *)words[0], low);
        _mm256_storeu_si256((__m256i *)words[1], high);
        for (; again; again &= again - 1) {
            uint32_t lane = (uint32_t)__builtin_ctz(again);
            const uint32_t word[2] = {words[0][lane], words[1][lane]};
            out[lane] = draw_one(people[lane], area + lane, word, family, key);
        }
        x = _mm256_loadu_si256((const __m256i *)out);
    }
    return x;
}

AVX2 static int64_t draw_widely(int32_t *out, const int32_t *people, size_t n,
                                const resample_family *family, resample_key key)
{
    __m256i sum = _mm256_setzero_si256(); /* at most 2^26 people: no lane overflows */
    for (size_t i = 0; i < n; i += RESAMPLE_LANES) {
        eight_blocks b = philox_eight(key, PART_MAIN, (uint32_t)i / 2);
        sum = _mm256_add_epi32(
            sum, draw_eight(out + i, people + i, (uint32_t)i, b.word[0], b.word[1], family, key));
        sum = _mm256_add_epi32(sum, draw_eight(out + i + 8, people + i + 8, (uint32_t)i + 8,
                                               b.word[2], b.word[3], family, key));
    }
    int32_t lanes[8];
    _mm256_storeu_si256((__m256i *)lanes, sum);
    int64_t total = 0;
    for (int lane = 0; lane < 8; lane++) {
        total += lanes[lane];
    }
    return total;
}

AVX2 static void fill_widely(resample_words *words)
{
    eight_blocks b = philox_eight(words->key, PART_STREAM, words->block * 8);
    for (int w = 0; w < 4; w++) {
        _mm256_storeu_si256((__m256i *)(words->word + w * 8), b.word[w]);
    }
}

int resample_can_be_wide(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
#define draw_widely draw_plainly
#define fill_widely fill_plainly

int resample_can_be_wide(void)
{
    return 0;
}
#endif

int64_t resample_draw(int32_t *out, const int32_t *people, size_t n, const resample_family *family,
                      resample_key key, int wide)
{
    return (wide ? draw_widely : draw_plainly)(out, people, n, family, key);
}

uint32_t resample_word(resample_words *words)
{
    if (words->at == 0) {
        (words->wide ? fill_widely : fill_plainly)(words);
        words->block++;
    }
    uint32_t word = words->word[words->at];
    words->at = (words->at + 1) % 32;
    return word;
}

uint32_t resample_below(resample_words *words, uint32_t n)
{
    uint64_t product = (uint64_t)resample_word(words) * n;
    if ((uint32_t)product < n) {
        /* The lowest 2^32 mod n remainders would give some numbers one word too many. */
        uint32_t surplus = (0u - n) % n;
        while ((uint32_t)product < surplus) {
            product = (uint64_t)resample_word(words) * n;
        }
    }
    return (uint32_t)(product >> 32);
}
