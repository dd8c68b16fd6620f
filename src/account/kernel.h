/* The three loops in which the draws spend their time, plain and eight lanes wide; the same bits.
 */
#ifndef WIJK_ACCOUNT_KERNEL_H
#define WIJK_ACCOUNT_KERNEL_H

#include "wijk/prices.h"

#include <stdint.h>

enum { ACCOUNT_BLOCK = 512 }; /* draws that are done together */

typedef struct {
    /* 512 words for a name (its hash) and a number of block. Philox4x32-10, word w of counter c at
     * [w * 128 + c]. */
    void (*bits)(uint32_t *out, uint64_t seed, uint64_t name, uint32_t block);
    /* value[i] *= plus + times * x, x from the triangle at the upper 31 bits of bits[i]. */
    void (*multiply)(double *value, const uint32_t *bits, const wijk_range *range, double plus,
                     double times);
    /* total[i] += share * value[i] */
    void (*add)(double *total, const double *value, double share);
} account_kernel;

extern const account_kernel account_kernel_plain;
/* The widest that this machine has; the plain one when it has none. */
const account_kernel *account_kernel_best(void);

#endif
