/* Numbers as people write them, folding for search, places in texts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/text.h"

static void number(wijk_lang lang, double value, int decimals, const char *want)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_number(&out, lang, value, decimals);
    assert_string_equal(wijk_str_text(&out), want);
    wijk_str_free(&out);
}

static void test_numbers(void **state)
{
    (void)state;
    number(WIJK_NL, 1234567.891, 2, "1.234.567,89");
    number(WIJK_EN, 1234567.891, 2, "1,234,567.89");
    number(WIJK_NL, -1000, 0, "−1.000");
    number(WIJK_NL, -0.0004, 2, "0,00");
    number(WIJK_EN, 999, 0, "999");
    number(WIJK_NL, NAN, 1, "–");
}

static void euro(wijk_lang lang, double value, int decimals, const char *want)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_euro(&out, lang, value, decimals);
    assert_string_equal(wijk_str_text(&out), want);
    wijk_str_free(&out);
}

/* The sign before the currency in English, before the number in Dutch; never a place to break. */
static void test_euro(void **state)
{
    (void)state;
    euro(WIJK_NL, 351000, 0, "€\u00A0351.000");
    euro(WIJK_NL, -351000, 0, "€\u00A0−351.000");
    euro(WIJK_EN, 351000, 0, "€351,000");
    euro(WIJK_EN, -351000, 0, "−\u2060€351,000");
    euro(WIJK_EN, -1234.5, 2, "−\u2060€1,234.50");
    euro(WIJK_EN, -0.004, 2, "€0.00");
    euro(WIJK_NL, NAN, 0, "–");
    euro(WIJK_EN, -INFINITY, 0, "–");
}

static void fold(const char *text, const char *want)
{
    char out[64];
    assert_int_equal(wijk_fold(out, sizeof out, text), strlen(want));
    assert_string_equal(out, want);
}

static void test_fold(void **state)
{
    (void)state;
    fold("'s-Gravenhage", "s gravenhage");
    fold("  Súdwest-Fryslân ", "sudwest fryslan");
    fold("De Baarsjes/Bos en Lommer", "de baarsjes bos en lommer");
    fold("ŒUVRE ß", "oeuvre ss");
    fold("\xFF\xC3", "");
    char small[4];
    assert_int_equal(wijk_fold(small, sizeof small, "Amsterdam"), 3);
    assert_string_equal(small, "ams");
}

static void test_fill(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    wijk_text_fill(&out, WIJK_EN, T_MEASURE_HEAD, "7", "<2>", NULL);
    assert_string_equal(wijk_str_text(&out), "7 areas, <2> groups,  people");
    wijk_str_free(&out);
}

/* What is kept in the arena outlives the text, and a full arena or a failed text gives "". */
static void test_keep(void **state)
{
    (void)state;
    wijk_arena *arena, *full;
    wijk_str text = WIJK_STR_INIT, failed = {.ceiling = 4};
    assert_int_equal(wijk_arena_new(&arena, 0), 0);
    assert_int_equal(wijk_arena_new(&full, 16), 0);
    wijk_str_addf(&text, "%s", "De Pijp");
    const char *kept = wijk_str_keep(&text, arena);
    assert_null(text.data);
    assert_string_equal(kept, "De Pijp");
    assert_string_equal(wijk_str_keep(&text, arena), "");
    wijk_str_add(&failed, "te lang");
    assert_string_equal(wijk_str_keep(&failed, arena), "");
    assert_string_equal(wijk_number_in(arena, WIJK_NL, -1234.56, 1), "−1.234,6");
    assert_string_equal(wijk_number_in(arena, WIJK_EN, NAN, 1), "–");
    while (wijk_arena_alloc(full, 1)) {
    }
    assert_string_equal(wijk_number_in(full, WIJK_EN, 1, 0), "");
    wijk_arena_free(full);
    wijk_arena_free(arena);
}

static void test_decimals(void **state)
{
    (void)state;
    assert_int_equal(wijk_number_decimals(12, 0, 4), 0);
    assert_int_equal(wijk_number_decimals(-0.25, 0, 4), 2);
    assert_int_equal(wijk_number_decimals(12.3, 0, 3), 1); /* 123.00000000000001 when shifted */
    assert_int_equal(wijk_number_decimals(1.1, 1, 6), 1);
    assert_int_equal(wijk_number_decimals(2, 1, 6), 1);
    assert_int_equal(wijk_number_decimals(1.0 / 3, 0, 4), 4);
    assert_int_equal(wijk_number_decimals(NAN, 0, 4), 0);
    assert_int_equal(wijk_number_decimals(INFINITY, 0, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_euro),
        cmocka_unit_test(test_fold),    cmocka_unit_test(test_fill),
        cmocka_unit_test(test_keep),    cmocka_unit_test(test_decimals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
