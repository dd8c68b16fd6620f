/* The random numbers against the known answers that come with Random123 and against what a
 * uniform and a normal must look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/rng.h"

/* Random123, tests/kat_vectors, lines "philox4x32 10". */
static const struct {
    uint32_t counter[4], key[2], want[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t got[4];
        wijk_philox(got, known[i].counter, known[i].key);
        assert_memory_equal(got, known[i].want, sizeof got);
    }
}

enum { DRAWS = 100000 };

static void test_uniform(void **state)
{
    (void)state;
    double sum = 0, squares = 0, lag = 0, before = 0.5;
    for (uint32_t i = 0; i < DRAWS; i++) {
        double u = wijk_rng_uniform((wijk_draw){.seed = 7, .place = i});
        assert_true(u >= 0 && u < 1);
        sum += u;
        squares += (u - 0.5) * (u - 0.5);
        lag += (u - 0.5) * (before - 0.5);
        before = u;
    }
    /* Five standard errors: 0.5 ± 5 sqrt(1/12/n); 1/12 ± 5 sqrt(1/180/n); 0 ± 5/12/sqrt(n). */
    assert_true(sum / DRAWS > 0.4954 && sum / DRAWS < 0.5046);
    assert_true(squares / DRAWS > 0.08215 && squares / DRAWS < 0.08452);
    assert_true(lag / DRAWS > -0.00132 && lag / DRAWS < 0.00132);
}

static void test_normal(void **state)
{
    (void)state;
    double sum = 0, squares = 0;
    int within = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        double z = wijk_rng_normal((wijk_draw){.seed = 7, .time = i});
        sum += z;
        squares += z * z;
        within += z > -1 && z < 1;
    }
    assert_true(sum / DRAWS > -0.016 && sum / DRAWS < 0.016);
    assert_true(squares / DRAWS > 0.978 && squares / DRAWS < 1.022);
    /* 68.3% for the normal; the sum of twelve has 67.9% (kurtosis 2.9). */
    assert_true(within > 67000 && within < 69000);
}

static void test_every_field_counts(void **state)
{
    (void)state;
    const wijk_draw base = {.seed = 1, .purpose = 1, .place = 1, .time = 1, .nth = 1};
    wijk_draw other[6] = {base, base, base, base, base, base};
    other[0].seed = 2;
    other[1].seed = 1 | 1ull << 32;
    other[2].purpose = 2;
    other[3].place = 2;
    other[4].time = 2;
    other[5].nth = 2;
    assert_true(wijk_rng_uniform(base) == wijk_rng_uniform(base));
    for (int i = 0; i < 6; i++) {
        assert_true(wijk_rng_uniform(base) != wijk_rng_uniform(other[i]));
        assert_true(wijk_rng_normal(base) != wijk_rng_normal(other[i]));
        for (int j = 0; j < i; j++) {
            assert_true(wijk_rng_uniform(other[j]) != wijk_rng_uniform(other[i]));
        }
    }
}

/* A stream repeats, differs by purpose, and its bounded numbers are even: chi-square over seven. */
static void test_stream(void **state)
{
    (void)state;
    wijk_rng_stream a, b, other;
    wijk_rng_begin(&a, (wijk_draw){.seed = 5, .purpose = 1});
    wijk_rng_begin(&b, (wijk_draw){.seed = 5, .purpose = 1});
    wijk_rng_begin(&other, (wijk_draw){.seed = 5, .purpose = 2});
    int same = 0, count[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint32_t word = wijk_rng_word(&a);
        assert_int_equal(word, wijk_rng_word(&b));
        same += word == wijk_rng_word(&other);
        uint32_t n = wijk_rng_below(&other, 7);
        assert_true(n < 7);
        count[n]++;
    }
    assert_true(same < 3);
    double chi = 0;
    for (int i = 0; i < 7; i++) {
        chi += (count[i] - 1e4) * (count[i] - 1e4) / 1e4;
    }
    assert_true(chi < 22.5); /* 99.9% of six degrees of freedom */
    /* A bound just above 2^31: without the rejection half the values would come twice as often. */
    int low = 0;
    for (int i = 0; i < 30000; i++) {
        low += wijk_rng_below(&a, 0xC0000000u) < 0x40000000u;
    }
    assert_in_range(low, 9600, 10400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_normal),        cmocka_unit_test(test_every_field_counts),
        cmocka_unit_test(test_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
