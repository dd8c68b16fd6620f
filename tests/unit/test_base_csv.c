/* The CSV reader against RFC 4180 and against what Dutch exports really look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/csv.h"
#include "wijk/err.h"

/* Joins all cells as [a][b] and rows with newlines. */
static int read_all(const char *bytes, size_t size, char *out, size_t room)
{
    wijk_csv *csv;
    assert_int_equal(wijk_csv_new_bytes(&csv, bytes, size, "test.csv"), 0);
    const wijk_cell *cells;
    size_t count, used = 0;
    out[0] = 0;
    int rc;
    while ((rc = wijk_csv_next(csv, &cells, &count)) == 1) {
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(strlen(cells[i].text), cells[i].size);
            used += (size_t)snprintf(out + used, room - used, "[%s]", cells[i].text);
        }
        used += (size_t)snprintf(out + used, room - used, "\n");
    }
    wijk_csv_free(csv);
    return rc;
}

static void expect(const char *bytes, const char *want)
{
    char out[1024];
    assert_int_equal(read_all(bytes, strlen(bytes), out, sizeof out), 0);
    assert_string_equal(out, want);
}

static void test_rows(void **state)
{
    (void)state;
    expect("a,b\n1,2\n", "[a][b]\n[1][2]\n");
    expect("a,b\r\n1,2", "[a][b]\n[1][2]\n");
    expect("a,b\r1,\r", "[a][b]\n[1][]\n");
    expect("\xEF\xBB\xBF\"code\";\"naam\"\n\"GM0363    \";\"  12,5\"\n",
           "[code][naam]\n[GM0363][12,5]\n");
    expect("x,\"a \"\"b\"\", c\nd\"\n", "[x][a \"b\", c\nd]\n");
    expect("\n\na;b\n\n1;2\n", "[a][b]\n[1][2]\n");
    expect("naam,n\nB\xE2jema,1\n", "[naam][n]\n[B\xC3\xA2jema][1]\n");
    expect("a;b\n\x80;2\n", "[a][b]\n[\xE2\x82\xAC][2]\n");
}

static void test_refused(void **state)
{
    (void)state;
    char out[256];
    assert_int_equal(read_all("a,\"b\n1,2\n", 9, out, sizeof out), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "line 1"));
    assert_int_equal(read_all("PK\0\3", 4, out, sizeof out), WIJK_EFORMAT);
}

/* What is written is one cell that reads back as it was. */
static void test_written_and_read(void **state)
{
    (void)state;
    static const char *const cells[][2] = {
        {"", ""},           {"Zutphen 2024", "Zutphen 2024"},
        {"a,b", "\"a,b\""}, {"het \"oude\" dorp", "\"het \"\"oude\"\" dorp\""},
        {"\"", "\"\"\"\""}, {"one\ntwo\r\nthree", "\"one\ntwo\r\nthree\""}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        wijk_str text = WIJK_STR_INIT;
        char want[80];
        wijk_csv_text(&text, cells[i][0]);
        assert_string_equal(wijk_str_text(&text), cells[i][1]);
        wijk_str_free(&text);
        wijk_str_add(&text, "x,y\n1,");
        wijk_csv_text(&text, cells[i][0]);
        wijk_str_addc(&text, '\n');
        snprintf(want, sizeof want, "[x][y]\n[1][%s]\n", cells[i][0]);
        expect(wijk_str_text(&text), want);
        wijk_str_free(&text);
    }
}

static void expect_number(const char *text, char decimal, int ok, double want)
{
    double value = -1;
    assert_int_equal(wijk_csv_number(&value, text, strlen(text), decimal), ok);
    if (ok) {
        assert_true(value == want);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    expect_number("12,5", ',', 1, 12.5);
    expect_number(" -0.041 ", '.', 1, -0.041);
    expect_number("4.216484120900081", '.', 1, 4.216484120900081);
    expect_number("9007199254740993", '.', 1, 9007199254740992.0);
    expect_number("1e-3", '.', 1, 1e-3);
    expect_number("-7.03737815687111e-05", '.', 1, -7.03737815687111e-05);
    expect_number("12.5", ',', 0, 0);
    expect_number("1.2.3", '.', 0, 0);
    expect_number("", '.', 0, 0);
    expect_number("-", '.', 0, 0);
    expect_number("nan", '.', 0, 0);
    expect_number("1e999", '.', 0, 0);
    expect_number("0x10", '.', 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
