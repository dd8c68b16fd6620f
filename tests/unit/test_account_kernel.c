/* The wide loops give the bits of the plain ones, on shapes that include every edge of a triangle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "account/kernel.h"
#include "wijk/rng.h"

static void test_same_bits(void **state)
{
    (void)state;
    const account_kernel *wide = account_kernel_best(), *plain = &account_kernel_plain;
    if (wide == plain) {
        print_message("no wide kernel on this machine: nothing to compare\n");
        skip();
    }
    static const wijk_range ranges[] = {{0, 0, 1},     {0, 1, 1},       {-1, 0, 1},
                                        {0.2, 0.3, 5}, {-9e9, -3, 1e9}, {1, 1.0000001, 1.0000002}};
    uint32_t a[ACCOUNT_BLOCK], b[ACCOUNT_BLOCK];
    double x[ACCOUNT_BLOCK], y[ACCOUNT_BLOCK];
    for (uint32_t block = 0; block < 200; block++) {
        uint64_t name = 0x9E3779B97F4A7C15u * (block + 1), seed = name ^ 77;
        plain->bits(a, seed, name, block);
        wide->bits(b, seed, name, block);
        assert_memory_equal(a, b, sizeof a);
        a[0] = b[0] = 0;
        a[1] = b[1] = UINT32_MAX;
        for (size_t i = 0; i < ACCOUNT_BLOCK; i++) {
            x[i] = y[i] = 1 + (double)i;
        }
        for (int r = 0; r < 6; r++) {
            plain->multiply(x, a, &ranges[r], r & 1, 1 - 2.0 * (r & 1));
            wide->multiply(y, b, &ranges[r], r & 1, 1 - 2.0 * (r & 1));
            plain->add(x, x, 0.3);
            wide->add(y, y, 0.3);
            assert_memory_equal(x, y, sizeof x);
        }
    }
}

/* A counter of the published generator, found again in the block. */
static void test_words_of_philox(void **state)
{
    (void)state;
    uint32_t block[ACCOUNT_BLOCK], words[4];
    account_kernel_best()->bits(block, 0x1234567800000042u, 0xAABBCCDD00112233u, 3);
    const uint32_t counter[4] = {0x41434354, 0x00112233, 0xAABBCCDD, 3 * 128 + 5};
    wijk_philox(words, counter, (uint32_t[]){0x42, 0x12345678});
    for (size_t w = 0; w < 4; w++) {
        assert_int_equal(block[w * 128 + 5], words[w]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_words_of_philox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
