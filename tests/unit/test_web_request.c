/* One request as the pages see it: what is decoded, and what is refused with which status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/request.h"
#include "wijk/limits.h"

#include <string.h>

static wijk_arena *arena;

static int set_up(void **state)
{
    (void)state;
    return wijk_arena_new(&arena, 0);
}

static int tear_down(void **state)
{
    (void)state;
    wijk_arena_free(arena);
    return 0;
}

static int target(web_request *out, const char *text)
{
    memset(out, 0, sizeof *out);
    return web_request_target(out, arena, text);
}

static void test_splits_and_decodes(void **state)
{
    (void)state;
    web_request r;
    assert_int_equal(target(&r, "/zoek?q=s+Gravenhage%20%C3%A9&x&y=&q=2"), 0);
    assert_string_equal(r.path, "/zoek");
    assert_int_equal(r.lang, WIJK_NL);
    assert_int_equal(r.query.count, 4);
    assert_string_equal(web_param_get(&r.query, "q"), "s Gravenhage é");
    assert_string_equal(web_param_get(&r.query, "x"), "");
    assert_string_equal(web_param_get(&r.query, "nothing"), "");
    assert_int_equal(target(&r, "/gebied/a+b"), 0);
    assert_string_equal(r.path, "/gebied/a+b"); /* a plus is a blank in forms only */
}

static void test_language_is_a_prefix(void **state)
{
    (void)state;
    static const struct {
        const char *in, *path;
        wijk_lang lang;
    } cases[] = {{"/en", "/", WIJK_EN},
                 {"/en/", "/", WIJK_EN},
                 {"/en/kaart", "/kaart", WIJK_EN},
                 {"/enschede", "/enschede", WIJK_NL},
                 {"/", "/", WIJK_NL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        web_request r;
        assert_int_equal(target(&r, cases[i].in), 0);
        assert_string_equal(r.path, cases[i].path);
        assert_int_equal(r.lang, cases[i].lang);
    }
}

static void test_refuses_what_is_not_clean(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "zoek",          "http://x/",  "/%",
                                      "/%4",      "/%zz",          "/a%00b",     "/a%0ab",
                                      "/%C3",     "/%C0%AF",       "/%ED%A0%80", "/%F5%80%80%80",
                                      "/a\tb",    "/x?q=%",        "/x?q=%00",   "/x?%FF=1",
                                      "/x?q=%1b", "/%F4%90%80%80", "/%E0%80%80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        web_request r;
        assert_int_equal(target(&r, bad[i]), 400);
    }
}

static void test_limits(void **state)
{
    (void)state;
    web_request r;
    char path[WEB_MAX_TARGET + 2];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    path[WEB_MAX_TARGET] = 0;
    assert_int_equal(target(&r, path), 0);
    path[WEB_MAX_TARGET] = 'a';
    path[WEB_MAX_TARGET + 1] = 0;
    assert_int_equal(target(&r, path), 414);
    char many[2 * WEB_MAX_PARAMS + 8] = "/x?";
    for (int i = 0; i < WEB_MAX_PARAMS; i++) {
        strcat(many, "a&");
    }
    assert_int_equal(target(&r, many), 400);
    web_params params;
    assert_int_equal(web_params_parse(&params, arena, many, WIJK_MAX_BODY + 1u), 413);
}

static void test_numbers(void **state)
{
    (void)state;
    web_request r;
    assert_int_equal(target(&r, "/?a=5&b=-1&c=5x&d=&e=99999999999999999999"), 0);
    assert_int_equal(web_param_int(&r.query, "a", 1, 10, 7), 5);
    assert_int_equal(web_param_int(&r.query, "b", 1, 10, 7), 7);
    assert_int_equal(web_param_int(&r.query, "c", 1, 10, 7), 7);
    assert_int_equal(web_param_int(&r.query, "d", 1, 10, 7), 7);
    assert_int_equal(web_param_int(&r.query, "e", 1, 10, 7), 7);
    assert_int_equal(web_param_int(&r.query, "f", 1, 10, 7), 7);
}

static void test_hosts(void **state)
{
    (void)state;
    static const char *const good[] = {"localhost", "LOCALHOST:8080", "127.0.0.1:80", "[::1]",
                                       "[::1]:8080"};
    static const char *const bad[] = {
        "",          "evil.example",  "localhost.evil.example", "127.0.0.1.evil",
        "127.0.0.2", "localhost:80x", "localhost:evil",         "wijk.nl"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(web_host_allowed(good[i], NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(web_host_allowed(bad[i], NULL));
    }
    assert_false(web_host_allowed(NULL, NULL));
    assert_true(web_host_allowed("wijk.nl", "wijk.nl"));
    assert_true(web_host_allowed("wijk.nl:443", "wijk.nl"));
}

static void test_same_origin(void **state)
{
    (void)state;
    static const struct {
        const char *origin, *site;
        int allowed;
    } cases[] = {{NULL, NULL, 0},
                 {"http://localhost:8080", NULL, 1},
                 {"http://localhost:8080", "same-origin", 1},
                 {NULL, "same-origin", 1},
                 {NULL, "none", 1},
                 {NULL, "same-site", 0},
                 {NULL, "cross-site", 0},
                 {"http://localhost:8080", "cross-site", 0},
                 {"http://evil.example", "same-origin", 0},
                 {"http://localhost", NULL, 0},
                 {"null", "same-origin", 1},
                 {"null", "cross-site", 0},
                 {"null", "none", 0},
                 {"null", NULL, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        web_request r = {
            .host = "localhost:8080", .origin = cases[i].origin, .fetch_site = cases[i].site};
        assert_int_equal(web_same_origin(&r), cases[i].allowed);
    }
}

static void test_gzip(void **state)
{
    (void)state;
    assert_true(web_accepts_gzip("gzip"));
    assert_true(web_accepts_gzip("deflate, gzip;q=1.0, br"));
    assert_true(web_accepts_gzip("GZIP , br"));
    assert_false(web_accepts_gzip("gzip;q=0"));
    assert_false(web_accepts_gzip("br"));
    assert_false(web_accepts_gzip(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits_and_decodes),
        cmocka_unit_test(test_language_is_a_prefix),
        cmocka_unit_test(test_refuses_what_is_not_clean),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_same_origin),
        cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
