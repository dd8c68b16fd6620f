/* Every indicator has its page in both languages, with definition, unit and rules in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/manual.h"
#include "wijk/text.h"

static void test_every_indicator(void **state)
{
    (void)state;
    wijk_registry *registry;
    assert_int_equal(wijk_registry_open(&registry, NULL), 0);
    assert_true(wijk_indicator_count(registry) >= 80);
    wijk_str page = WIJK_STR_INIT;
    for (size_t i = 0; i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(registry, i);
        for (int lang = 0; lang < 2; lang++) {
            wijk_str_clear(&page);
            wijk_manual_indicator(&page, registry, at, (wijk_lang)lang);
            const char *text = wijk_str_text(&page);
            assert_non_null(strstr(text, at->label[lang]));
            assert_non_null(strstr(text, at->definition[lang]));
            assert_non_null(strstr(text, at->code));
            assert_non_null(strstr(text, wijk_text((wijk_lang)lang, T_MANUAL_DISCLOSURE)));
            assert_non_null(strstr(text, wijk_text((wijk_lang)lang, T_MANUAL_RELIABILITY)));
        }
    }
    wijk_str_free(&page);
    wijk_registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_indicator)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
