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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_fold),
                                       cmocka_unit_test(test_fill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
