/* The writers of the web room: nothing a user or a file says can become markup or break JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/html.h"
#include "web/json.h"
#include "web/markdown.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static void test_escapes_text_and_attributes(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    html h;
    h_start(&h, &out, WIJK_NL);
    h_open(&h, "p", "a\"b");
    h_attr(&h, "title", "<script>'&\"");
    h_attr(&h, "lang", NULL);
    h_text(&h, "</p><img src=x onerror=alert(1)> & \"'");
    h_close(&h);
    assert_string_equal(wijk_str_text(&out),
                        "<p class=\"a&quot;b\" title=\"&lt;script&gt;&#39;&amp;&quot;\">"
                        "&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#39;</p>");
    wijk_str_free(&out);
}

static void test_closes_what_is_open(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    html h;
    h_start(&h, &out, WIJK_EN);
    h_open(&h, "div", NULL);
    h_open(&h, "br", NULL);
    h_close(&h);
    h_open(&h, "span", NULL);
    h_number(&h, 1234.5, 1);
    h_closes(&h, 2);
    assert_string_equal(wijk_str_text(&out), "<div><br><span>1,234.5</span></div>");
    assert_int_equal(out.status, WIJK_OK);
    h_close(&h); /* one too many is a bug of a page, and told */
    assert_int_equal(out.status, WIJK_EINVAL);
    wijk_str_free(&out);
}

static void test_depth_has_a_ceiling(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    html h;
    h_start(&h, &out, WIJK_NL);
    for (int i = 0; i <= HTML_DEPTH; i++) {
        h_open(&h, "b", NULL);
    }
    assert_int_equal(out.status, WIJK_ELIMIT);
    wijk_str_free(&out);
}

static void test_fills_places_with_escaped_text(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    html h;
    h_start(&h, &out, WIJK_EN);
    const char *const arguments[] = {"<b>"};
    h_fill(&h, T_WEB_SEARCH_NOTHING, arguments, 1);
    assert_non_null(strstr(wijk_str_text(&out), "“&lt;b&gt;”"));
    assert_null(strstr(wijk_str_text(&out), "{0}"));
    wijk_str_free(&out);
}

static void test_json_reads_back(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    json j;
    j_start(&j, &out);
    j_object(&j, NULL);
    j_string(&j, "nasty", "a\"b\\c\n\t\x01</script>é");
    j_string(&j, "none", NULL);
    j_number(&j, "nan", NAN);
    j_number(&j, "half", 0.5);
    j_bool(&j, "yes", 8);
    j_array(&j, "list");
    j_number(&j, NULL, 1);
    j_number(&j, NULL, 2);
    j_close(&j);
    j_close(&j);
    json_error_t error;
    json_t *root = json_loadb(out.data, out.size, 0, &error);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "nasty")),
                        "a\"b\\c\n\t\x01</script>é");
    assert_true(json_is_null(json_object_get(root, "none")));
    assert_true(json_is_null(json_object_get(root, "nan")));
    assert_true(json_is_true(json_object_get(root, "yes")));
    assert_int_equal(json_array_size(json_object_get(root, "list")), 2);
    assert_null(strchr(wijk_str_text(&out), '<'));
    json_decref(root);
    wijk_str_free(&out);
}

static const char *link_as_is(void *payload, const char *target)
{
    (void)payload;
    return strncmp(target, "javascript:", 11) ? target : NULL;
}

static void check_markdown(const char *source, const char *expected)
{
    wijk_str out = WIJK_STR_INIT;
    html h;
    h_start(&h, &out, WIJK_NL);
    markdown_html(&h, source, strlen(source), link_as_is, NULL);
    assert_string_equal(wijk_str_text(&out), expected);
    assert_int_equal(h.depth, 0);
    wijk_str_free(&out);
}

static void test_markdown(void **state)
{
    (void)state;
    check_markdown("# A *b*\n\nOne\ntwo **three** `x<y`.\n",
                   "<h1>A <em>b</em></h1><p>One two <strong>three</strong> "
                   "<code>x&lt;y</code>.</p>");
    check_markdown("* a\n* [b](c.md)\n  more\n\nend",
                   "<ul class=\"wijk-list\"><li>a</li><li><a href=\"c.md\">b</a> more</li></ul>"
                   "<p>end</p>");
    check_markdown("| a | b |\n|---|---|\n| 1 | <i> |\n",
                   "<div class=\"wijk-scroll\" tabindex=\"0\"><table class=\"wijk-table\"><tbody>"
                   "<tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr>"
                   "<tr><td>1</td><td>&lt;i&gt;</td></tr></tbody></table></div>");
    check_markdown("```\n<b>\n```\n",
                   "<pre class=\"wijk-letter\" tabindex=\"0\">&lt;b&gt;\n</pre>");
    check_markdown("a\n\n    b <c>\n\n      # d\n\ne\n    f\n",
                   "<p>a</p><pre class=\"wijk-letter\" tabindex=\"0\">b &lt;c&gt;\n\n  # d\n</pre>"
                   "<p>e     f</p>");
    check_markdown("[x](javascript:alert)", "<p>x</p>");
    check_markdown("**open and `never [closed](", "<p>**open and `never [closed](</p>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_text_and_attributes),
        cmocka_unit_test(test_closes_what_is_open),
        cmocka_unit_test(test_depth_has_a_ceiling),
        cmocka_unit_test(test_fills_places_with_escaped_text),
        cmocka_unit_test(test_json_reads_back),
        cmocka_unit_test(test_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
