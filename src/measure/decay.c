/* The weights of 200 million pairs in a tenth of a second: one loop of plain C, compiled three
 * times, that the compiler turns into vectors. Only + - * and sqrt, without fused steps, so each
 * form gives the same bits; each target adds its sources in one order. */
#include "measure/decay.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LOG2_OF_E 0x1.71547652b82fep0
#define INLINE    static inline __attribute__((always_inline))

INLINE uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 2^-t for t >= 0, and 0 from t = `reach` on. -t = n + f with n whole and |f| <= 1/2; then 2^f is
 * e^(f log 2) by Taylor's polynomial of degree 12, whose remainder is at most
 * (log(2)/2)^13 / 13! * sqrt(2) < 3e-16. Bits of positive doubles order as the doubles do, and a
 * comparison of whole numbers becomes a mask, not a branch. */
INLINE double power_of_half(double t, double reach)
{
    static const double to_whole = 0x1.8p52; /* adding it rounds to a whole number */
    uint64_t near = -(uint64_t)(bits_of(t) < bits_of(reach));
    t = double_of(bits_of(t) & near);
    double shifted = to_whole - t;
    double r = ((to_whole - shifted) - t) * 0x1.62e42fefa39efp-1;
    double p = 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    return double_of((bits_of(p) + (bits_of(shifted) << 52)) & near);
}

double decay_weight(double distance, double decay)
{
    return power_of_half(distance * (LOG2_OF_E / decay), DECAY_REACH * LOG2_OF_E);
}

INLINE void weigh(double *restrict weight, const double *restrict x, const double *restrict y,
                  double x0, double y0, double scale)
{
    for (size_t l = 0; l < DECAY_BLOCK; l++) {
        double dx = x[l] - x0, dy = y[l] - y0;
        weight[l] = sqrt(dx * dx + dy * dy) * scale;
    }
    for (size_t l = 0; l < DECAY_BLOCK; l++) {
        weight[l] = power_of_half(weight[l], DECAY_REACH * LOG2_OF_E);
    }
}

INLINE void add_sources(double *restrict met, const decay_field *field, size_t block, size_t first,
                        size_t count)
{
    double weight[DECAY_BLOCK] __attribute__((aligned(64)));
    double scale = LOG2_OF_E / field->decay;
    for (size_t i = first; i < first + count; i++) {
        weigh(weight, field->x + block, field->y + block, field->x[i], field->y[i], scale);
        if (i - block < DECAY_BLOCK) {
            weight[i - block] = field->self[i];
        }
        for (size_t g = 0; g < field->groups; g++) {
            double *restrict to = met + g * DECAY_BLOCK;
            double people = field->counts[i * field->groups + g];
            for (size_t l = 0; l < DECAY_BLOCK; l++) {
                to[l] += weight[l] * people;
            }
        }
    }
}

static void add_plain(double *met, const decay_field *field, size_t block, size_t first,
                      size_t count)
{
    add_sources(met, field, block, first, count);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void add_avx2(double *met, const decay_field *field,
                                                     size_t block, size_t first, size_t count)
{
    add_sources(met, field, block, first, count);
}

__attribute__((target("avx512f,avx512dq,avx512vl"))) static void
add_avx512(double *met, const decay_field *field, size_t block, size_t first, size_t count)
{
    add_sources(met, field, block, first, count);
}
#endif

size_t decay_forms(decay_add_fn out[3])
{
    size_t n = 0;
    out[n++] = add_plain;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        out[n++] = add_avx2;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        out[n++] = add_avx512;
    }
#endif
    return n;
}

decay_add_fn decay_best(void)
{
    decay_add_fn forms[3] = {0};
    return forms[decay_forms(forms) - 1];
}
