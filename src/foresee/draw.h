/* foresee/draw.h: chance, the same in every scenario. A draw is Philox of (household or home,
 * month, which draw, purpose and replicate) under the seed, so it belongs to that event and to no
 * position, order or thread; probabilities are thresholds in 2^32nds, made with + - * / alone.
 * Common random numbers: Glasserman & Yao 1992, doi:10.1287/mnsc.38.6.884. */
#ifndef WIJK_FORESEE_DRAW_H
#define WIJK_FORESEE_DRAW_H

#include <stdint.h>

typedef struct {
    uint32_t key[2], month, replicate; /* replicate below 2^24 */
} foresee_world;

enum { /* purposes */
       DRAW_SCREEN_A,
       DRAW_SCREEN_B,
       DRAW_LIFE,
       DRAW_HELP,
       DRAW_LEAVE,
       DRAW_FAR,
       DRAW_ARRIVE,
       DRAW_OFFER,
       DRAW_HOME,
       DRAW_TIE,
       DRAW_BLOCK,
       DRAW_REGION,
       DRAW_STOCK,
       DRAW_START
};

/* wijk_philox once more, so that it can be laid into a loop and become vectors; a test holds the
 * two equal. Ten rounds written out: the keys are then constants apart. */
static inline void philox_here(uint32_t out[4], uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3,
                               uint32_t k0, uint32_t k1)
{
#define ROUND(n)                                                                                   \
    do {                                                                                           \
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;                   \
        c0 = (uint32_t)(b >> 32) ^ c1 ^ (k0 + (n)*0x9E3779B9u);                                    \
        c1 = (uint32_t)b;                                                                          \
        c2 = (uint32_t)(a >> 32) ^ c3 ^ (k1 + (n)*0xBB67AE85u);                                    \
        c3 = (uint32_t)a;                                                                          \
    } while (0)
    ROUND(0u);
    ROUND(1u);
    ROUND(2u);
    ROUND(3u);
    ROUND(4u);
    ROUND(5u);
    ROUND(6u);
    ROUND(7u);
    ROUND(8u);
    ROUND(9u);
#undef ROUND
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static inline void draw4(uint32_t out[4], const foresee_world *world, uint32_t who,
                         uint32_t purpose, uint32_t nth)
{
    philox_here(out, who, world->month, nth, purpose << 24 | world->replicate, world->key[0],
                world->key[1]);
}

static inline uint32_t draw1(const foresee_world *world, uint32_t who, uint32_t purpose,
                             uint32_t nth)
{
    uint32_t out[4];
    draw4(out, world, who, purpose, nth);
    return out[0];
}

/* A whole number below n from 32 random bits. */
static inline uint32_t below(uint32_t bits, uint32_t n)
{
    return (uint32_t)((uint64_t)bits * n >> 32);
}

/* A scrambled identity: for traits that never change and need no memory. */
static inline uint32_t scrambled(uint32_t id)
{
    return id * 0x9E3779B1u;
}

/* An order of chance in this month: cheaper than a draw, for lists of which only the order counts.
 */
static inline uint32_t turn_of(const foresee_world *world, uint32_t who)
{
    uint32_t x = who ^ world->key[0] ^ scrambled(world->month ^ world->replicate << 11);
    x = (x ^ x >> 16) *
        0x85EBCA6Bu; /* the finish of MurmurHash3 (Appleby): every bit reaches all */
    x = (x ^ x >> 13) * 0xC2B2AE35u;
    return x ^ x >> 16 ^ world->key[1];
}

/* Taking part, which a household keeps: 24 + 216 u^2, mean 96. Some hardly seek contact, a few
 * much: with that about a tenth have none at all, as loneliness figures say. */
static inline uint8_t part_of(uint32_t bits)
{
    uint32_t u = bits >> 16;
    return (uint8_t)(24 + (216 * (uint64_t)u * u >> 32));
}

/* The event happens when a uniform 32-bit word is below the threshold. Probability 1 is short of
 * certain by 2^-32. */
static inline uint32_t threshold(double probability)
{
    if (!(probability > 0)) {
        return 0;
    }
    return probability >= 1 ? UINT32_MAX : (uint32_t)(probability * 4294967296.0);
}

/* a + b, at most certain. Without a branch, as everything that the screen uses. */
static inline uint32_t plus(uint32_t a, uint32_t b)
{
    uint32_t sum = a + b;
    return sum | -(uint32_t)(sum < a);
}

static inline uint32_t only(int condition, uint32_t value)
{
    return value & -(uint32_t)(condition != 0);
}

static inline uint32_t pick(int condition, uint32_t yes, uint32_t no)
{
    return only(condition, yes) | only(!condition, no);
}

/* threshold × milli / 1000, from never to certain. */
static inline uint32_t times(uint32_t a, int64_t milli)
{
    uint64_t product = milli > 0 ? (uint64_t)a * (uint64_t)milli / 1000 : 0;
    return product > UINT32_MAX ? UINT32_MAX : (uint32_t)product;
}

/* The chance in a month that gives `year` in a year: 1 - (1 - year)^(1/12). */
double foresee_monthly(double year);

#endif
