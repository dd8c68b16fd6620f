/* The registry table: cells by name, and a clear word for a row of the wrong width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/table.h"

static void test_lookup(void **state)
{
    (void)state;
    static const char csv[] =
        "code,nl,weight\npopulation,Inwoners,1.5\nhomes,\"Woningen, alle\",\n";
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, csv, sizeof csv - 1, "x.csv"), 0);
    assert_int_equal(wijk_table_rows(table), 2);
    assert_int_equal(wijk_table_find(table, "code", "homes"), 1);
    assert_int_equal(wijk_table_find(table, "code", "nothing"), -1);
    assert_string_equal(wijk_table_get(table, 1, "nl"), "Woningen, alle");
    assert_string_equal(wijk_table_get(table, 1, "absent"), "");
    assert_string_equal(wijk_table_get(table, 7, "nl"), "");
    assert_true(wijk_table_number(table, 0, "weight", -1) == 1.5);
    assert_true(wijk_table_number(table, 1, "weight", -1) == -1);
    wijk_table_free(table);
}

static void test_width(void **state)
{
    (void)state;
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, "a,b\n1\n", 6, "x.csv"), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_NL), "x.csv, regel 2"));
    assert_null(table);
    assert_int_equal(wijk_table_bytes(&table, "", 0, "x.csv"), WIJK_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lookup), cmocka_unit_test(test_width)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
