/* Draws in bulk. The wide versions do the same additions, products and roots in the same order on
 * more numbers at a time, without contraction, so that every machine gives the same bits. */
#include "account/kernel.h"

#include "wijk/rng.h"

#include <math.h>

enum { COUNTERS = ACCOUNT_BLOCK / 4, PURPOSE = 0x41434354 }; /* "ACCT" */

/* The inverse of a triangle in the form both versions use. */
typedef struct {
    double mode, rise, fall, low, high;
} shape;

static shape shape_of(const wijk_range *r)
{
    double width = r->high - r->low;
    return (shape){(r->central - r->low) / width, width * (r->central - r->low),
                   width * (r->high - r->central), r->low, r->high};
}

static void plain_bits(uint32_t *out, uint64_t seed, uint64_t name, uint32_t block)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (uint32_t c = 0; c < COUNTERS; c++) {
        const uint32_t counter[4] = {PURPOSE, (uint32_t)name, (uint32_t)(name >> 32),
                                     block * COUNTERS + c};
        uint32_t words[4];
        wijk_philox(words, counter, key);
        for (uint32_t w = 0; w < 4; w++) {
            out[w * COUNTERS + c] = words[w];
        }
    }
}

static void plain_multiply(double *value, const uint32_t *bits, const wijk_range *range,
                           double plus, double times)
{
    const shape s = shape_of(range);
    for (int i = 0; i < ACCOUNT_BLOCK; i++) {
        double u = ((double)(int32_t)(bits[i] >> 1) + 0.5) * 0x1p-31;
        double root = sqrt(u < s.mode ? u * s.rise : (1 - u) * s.fall);
        double x = u < s.mode ? s.low + root : s.high - root;
        value[i] *= plus + times * x;
    }
}

static void plain_add(double *total, const double *value, double share)
{
    for (int i = 0; i < ACCOUNT_BLOCK; i++) {
        total[i] += share * value[i];
    }
}

const account_kernel account_kernel_plain = {plain_bits, plain_multiply, plain_add};

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline void wide_round(__m256i c[4], __m256i k0, __m256i k1)
{
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53), m1 = _mm256_set1_epi64x(0xCD9E8D57);
    /* 32 × 32 → 64 bits takes the even lanes; the odd ones are moved there and back. */
    __m256i a_even = _mm256_mul_epu32(c[0], m0);
    __m256i a_odd = _mm256_mul_epu32(_mm256_srli_epi64(c[0], 32), m0);
    __m256i b_even = _mm256_mul_epu32(c[2], m1);
    __m256i b_odd = _mm256_mul_epu32(_mm256_srli_epi64(c[2], 32), m1);
    __m256i a_high = _mm256_blend_epi32(_mm256_srli_epi64(a_even, 32), a_odd, 0xAA);
    __m256i a_low = _mm256_blend_epi32(a_even, _mm256_slli_epi64(a_odd, 32), 0xAA);
    __m256i b_high = _mm256_blend_epi32(_mm256_srli_epi64(b_even, 32), b_odd, 0xAA);
    __m256i b_low = _mm256_blend_epi32(b_even, _mm256_slli_epi64(b_odd, 32), 0xAA);
    c[0] = _mm256_xor_si256(_mm256_xor_si256(b_high, c[1]), k0);
    c[1] = b_low;
    c[2] = _mm256_xor_si256(_mm256_xor_si256(a_high, c[3]), k1);
    c[3] = a_low;
}

AVX2 static void wide_bits(uint32_t *out, uint64_t seed, uint64_t name, uint32_t block)
{
    const __m256i lanes = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    for (uint32_t at = 0; at < COUNTERS; at += 8) {
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
        __m256i c[4] = {_mm256_set1_epi32(PURPOSE), _mm256_set1_epi32((int)(uint32_t)name),
                        _mm256_set1_epi32((int)(uint32_t)(name >> 32)),
                        _mm256_add_epi32(_mm256_set1_epi32((int)(block * COUNTERS + at)), lanes)};
        for (int round = 0; round < 10; round++) {
            wide_round(c, _mm256_set1_epi32((int)k0), _mm256_set1_epi32((int)k1));
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        for (uint32_t w = 0; w < 4; w++) {
            _mm256_storeu_si256((__m256i *)(void *)(out + w * COUNTERS + at), c[w]);
        }
    }
}

AVX2 static void wide_multiply(double *value, const uint32_t *bits, const wijk_range *range,
                               double plus, double times)
{
    const shape s = shape_of(range);
    const __m256d mode = _mm256_set1_pd(s.mode), rise = _mm256_set1_pd(s.rise),
                  fall = _mm256_set1_pd(s.fall), low = _mm256_set1_pd(s.low),
                  high = _mm256_set1_pd(s.high), half = _mm256_set1_pd(0.5),
                  step = _mm256_set1_pd(0x1p-31), one = _mm256_set1_pd(1),
                  adds = _mm256_set1_pd(plus), scales = _mm256_set1_pd(times);
    for (int i = 0; i < ACCOUNT_BLOCK; i += 4) {
        __m128i word = _mm_loadu_si128((const __m128i *)(const void *)(bits + i));
        __m256d u = _mm256_cvtepi32_pd(_mm_srli_epi32(word, 1));
        u = _mm256_mul_pd(_mm256_add_pd(u, half), step);
        __m256d left = _mm256_cmp_pd(u, mode, _CMP_LT_OQ);
        __m256d area = _mm256_blendv_pd(_mm256_mul_pd(_mm256_sub_pd(one, u), fall),
                                        _mm256_mul_pd(u, rise), left);
        __m256d root = _mm256_sqrt_pd(area);
        __m256d x = _mm256_blendv_pd(_mm256_sub_pd(high, root), _mm256_add_pd(low, root), left);
        __m256d by = _mm256_add_pd(adds, _mm256_mul_pd(scales, x));
        _mm256_storeu_pd(value + i, _mm256_mul_pd(_mm256_loadu_pd(value + i), by));
    }
}

AVX2 static void wide_add(double *total, const double *value, double share)
{
    const __m256d by = _mm256_set1_pd(share);
    for (int i = 0; i < ACCOUNT_BLOCK; i += 4) {
        __m256d more = _mm256_mul_pd(by, _mm256_loadu_pd(value + i));
        _mm256_storeu_pd(total + i, _mm256_add_pd(_mm256_loadu_pd(total + i), more));
    }
}

static const account_kernel wide = {wide_bits, wide_multiply, wide_add};

const account_kernel *account_kernel_best(void)
{
    return __builtin_cpu_supports("avx2") ? &wide : &account_kernel_plain;
}
#else
const account_kernel *account_kernel_best(void)
{
    return &account_kernel_plain;
}
#endif
