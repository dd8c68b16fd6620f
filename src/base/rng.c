/* Philox4x32-10, written from the published description and checked against its known answers.
 * The idea: multiplication as a cheap bijection, keyed and repeated until nothing can be told
 * apart from chance. Salmon et al. 2011, doi:10.1145/2063384.2063405, section 3. */
#include "wijk/rng.h"

enum { ROUNDS = 10 };

void wijk_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0;
        uint64_t b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9u; /* golden ratio: a Weyl sequence keeps the rounds different */
        k1 += 0xBB67AE85u; /* square root of three, less one */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void block(uint32_t out[4], wijk_draw draw, uint32_t part)
{
    /* The number of the draw and the part of a long draw share a word: 2^28 draws, 16 parts. */
    const uint32_t counter[4] = {draw.purpose, draw.place, draw.time, draw.nth << 4 | part};
    const uint32_t key[2] = {(uint32_t)draw.seed, (uint32_t)(draw.seed >> 32)};
    wijk_philox(out, counter, key);
}

double wijk_rng_uniform(wijk_draw draw)
{
    uint32_t bits[4];
    block(bits, draw, 0);
    uint64_t wide = ((uint64_t)bits[0] << 32 | bits[1]) >> 11;
    return (double)wide * 0x1p-53;
}

double wijk_rng_normal(wijk_draw draw)
{
    uint64_t sum = 0;
    for (uint32_t part = 1; part <= 3; part++) {
        uint32_t bits[4];
        block(bits, draw, part);
        sum += (uint64_t)bits[0] + bits[1] + bits[2] + bits[3];
    }
    /* Twelve draws on 0..2^32-1, each half a step too low on average. */
    return ((double)sum + 6.0) * 0x1p-32 - 6.0;
}

void wijk_rng_begin(wijk_rng_stream *stream, wijk_draw draw)
{
    *stream = (wijk_rng_stream){.key = {(uint32_t)draw.seed, (uint32_t)(draw.seed >> 32)},
                                .counter = {draw.purpose, draw.place, draw.time, 0}};
}

uint32_t wijk_rng_word(wijk_rng_stream *stream)
{
    if (!stream->left) {
        wijk_philox(stream->words, stream->counter, stream->key);
        stream->counter[3]++;
        stream->left = 4;
    }
    return stream->words[--stream->left];
}

uint32_t wijk_rng_below(wijk_rng_stream *stream, uint32_t n)
{
    uint64_t wide = (uint64_t)wijk_rng_word(stream) * n;
    if ((uint32_t)wide < n) {
        uint32_t least = (0u - n) % n; /* 2^32 mod n: below it a value would come too often */
        while ((uint32_t)wide < least) {
            wide = (uint64_t)wijk_rng_word(stream) * n;
        }
    }
    return (uint32_t)(wide >> 32);
}
