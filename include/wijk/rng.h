/* wijk/rng.h: random numbers that depend on what they are for, not on when they are drawn.
 *
 * Philox4x32-10 turns a counter and a key into 128 random bits without any state, so a draw is the
 * same on one thread or sixty-four and does not move when another draw is added before it.
 * Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405. */
#ifndef WIJK_RNG_H
#define WIJK_RNG_H

#include <stdint.h>

/* The bare generator: ten rounds. */
void wijk_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

/* What a draw is for. Two draws that differ in any field are independent. */
typedef struct {
    uint64_t seed;
    uint32_t purpose, place, time, nth;
} wijk_draw;

/* Uniform on [0, 1), 53 bits. */
double wijk_rng_uniform(wijk_draw draw);

/* Mean 0, sd 1, never beyond 6: the sum of twelve uniforms less six. Only additions, so the same
 * bits on every machine, where a logarithm would differ between libraries. */
double wijk_rng_normal(wijk_draw draw);

/* Many draws for one purpose, one after the other: shuffles and bootstraps that run on one thread.
 */
typedef struct {
    uint32_t key[2], counter[4], words[4];
    unsigned left; /* words not yet given */
} wijk_rng_stream;

/* `draw.nth` is not used: it counts the blocks. */
void wijk_rng_begin(wijk_rng_stream *stream, wijk_draw draw);
uint32_t wijk_rng_word(wijk_rng_stream *stream);
/* Uniform on 0 ... n - 1 without bias, n > 0. Lemire 2019, doi:10.1145/3230636. */
uint32_t wijk_rng_below(wijk_rng_stream *stream, uint32_t n);

#endif
