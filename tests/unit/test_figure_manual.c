/* Every indicator has its page in both languages, with definition, unit and rules in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The whole manual on disk: a page per indicator and language, the made and the hand-written ones,
 * and no link to a page that is not there. */
static void test_written(void **state)
{
    (void)state;
    char folder[512], path[2048];
    const char *tmp = getenv("WIJK_TMP");
    snprintf(folder, sizeof folder, "%s/manual_%d", tmp ? tmp : "/tmp", (int)getpid());
    wijk_registry *registry;
    assert_int_equal(wijk_registry_open(&registry, NULL), 0);
    int pages = wijk_manual_write(folder, registry);
    assert_true(pages > 2 * (int)wijk_indicator_count(registry));
    static const char *const some[] = {"nl/index.md",
                                       "en/index.md",
                                       "nl/sources.md",
                                       "en/rules.md",
                                       "nl/similar.md",
                                       "nl/omrekenen.md",
                                       "en/indicator/population.md"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, some[i]);
        assert_int_equal(access(path, R_OK), 0);
    }
    snprintf(path, sizeof path,
             "cd '%s' && for l in nl en; do grep -oh '([a-z/_0-9]*\\.md)' $l/*.md | tr -d '()' |"
             " sort -u | while read -r page; do [ -e $l/$page ] || exit 1; done || exit 1; done;"
             " rc=$?; cd / && rm -rf '%s'; exit $rc",
             folder, folder);
    assert_int_equal(system(path), 0);
    assert_int_equal(wijk_manual_write("/proc/nowhere", registry), WIJK_EIO);
    wijk_registry_free(registry);
}

static void test_pages(void **state)
{
    (void)state;
    wijk_registry *registry;
    assert_int_equal(wijk_registry_open(&registry, NULL), 0);
    wijk_str page = WIJK_STR_INIT;
    /* What counts in similar areas is exactly what the registry weighs. */
    assert_int_equal(wijk_manual_page(&page, registry, "similar", WIJK_EN), 0);
    for (size_t i = 0; i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(registry, i);
        char link[300];
        snprintf(link, sizeof link, "(indicator/%s.md)", at->code);
        assert_int_equal(strstr(wijk_str_text(&page), link) != NULL, at->similar > 0);
    }
    assert_int_equal(wijk_manual_page(&page, registry, "nothing", WIJK_EN), WIJK_ENOTFOUND);
    wijk_str_free(&page);
    wijk_registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_indicator),
                                       cmocka_unit_test(test_pages),
                                       cmocka_unit_test(test_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
