/* Parts of pages in memory: found by name, the least recently used let go first, never more bytes
 * than promised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web/kept.h"
#include "wijk/limits.h"

static int has(web_kept *kept, const char *name, const char *bytes)
{
    wijk_str out = WIJK_STR_INIT;
    int found = web_kept_get(kept, &out, name);
    assert_true(found >= 0);
    if (found && bytes) {
        assert_string_equal(wijk_str_text(&out), bytes);
    }
    wijk_str_free(&out);
    return found;
}

static void what_was_put_is_found(void **state)
{
    (void)state;
    web_kept *kept;
    assert_int_equal(web_kept_new(&kept), 0);
    assert_false(has(kept, "a", NULL));
    web_kept_put(kept, "a", "one", 3);
    web_kept_put(kept, "b", "two", 3);
    assert_true(has(kept, "a", "one"));
    web_kept_put(kept, "a", "other", 5);
    assert_true(has(kept, "a", "other"));
    assert_true(has(kept, "b", "two"));
    web_kept_put(kept, "empty", "", 0);
    assert_false(has(kept, "empty", NULL));
    char name[WEB_KEPT_NAME + 1];
    memset(name, 'x', sizeof name);
    name[WEB_KEPT_NAME] = 0;
    web_kept_put(kept, name, "long", 4);
    assert_false(has(kept, name, NULL));
    web_kept_free(kept);
    web_kept_free(NULL);
}

static void the_least_used_goes_first(void **state)
{
    (void)state;
    web_kept *kept;
    char name[16];
    assert_int_equal(web_kept_new(&kept), 0);
    for (int i = 0; i < WIJK_MAX_PAGE_PARTS; i++) {
        snprintf(name, sizeof name, "n%d", i);
        web_kept_put(kept, name, "x", 1);
    }
    assert_true(has(kept, "n0", "x")); /* used again: n1 is now the oldest */
    web_kept_put(kept, "new", "y", 1);
    assert_true(has(kept, "n0", "x") && has(kept, "new", "y"));
    assert_false(has(kept, "n1", NULL));
    assert_true(has(kept, "n2", "x"));
    web_kept_free(kept);
}

static void never_more_bytes_than_promised(void **state)
{
    (void)state;
    web_kept *kept;
    char name[16];
    size_t size = WIJK_MAX_PAGE_BYTES / 5;
    char *bytes = calloc(1, size + 1);
    assert_non_null(bytes);
    memset(bytes, 'z', size);
    assert_int_equal(web_kept_new(&kept), 0);
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "n%d", i);
        web_kept_put(kept, name, bytes, size);
    }
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(has(kept, name, i < 3 ? NULL : bytes), i >= 3);
    }
    free(bytes);
    bytes = calloc(1, WIJK_MAX_PAGE_BYTES);
    web_kept_put(kept, "large", bytes, WIJK_MAX_PAGE_BYTES);
    assert_false(has(kept, "large", NULL));
    free(bytes);
    web_kept_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(the_least_used_goes_first),
        cmocka_unit_test(never_more_bytes_than_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
