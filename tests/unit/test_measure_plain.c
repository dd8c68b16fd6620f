/* Anybody's CSV as a table of counts: wide, long, shares of a total, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/plain.h"

static int read_text(wijk_plain *out, const char *csv, wijk_plain_columns columns)
{
    return wijk_plain_read(out, csv, strlen(csv), "x.csv", &columns);
}

static void test_wide(void **state)
{
    (void)state;
    wijk_plain plain;
    assert_int_equal(read_text(&plain, "buurt;koop;huur\nA;10;2,5\nB;;4\n",
                               (wijk_plain_columns){.groups = "huur,koop"}),
                     0);
    assert_int_equal(plain.areas, 2);
    assert_string_equal(plain.group_name[1], "koop");
    assert_true(plain.counts[0] == 2.5 && plain.counts[1] == 10 && plain.counts[2] == 4 &&
                plain.counts[3] == 0);
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "n,a,b\n10,0.2,0.8\n0,NA,NA\n",
                               (wijk_plain_columns){.groups = "a,b", .total = "n"}),
                     0);
    assert_true(plain.counts[0] == 2 && plain.counts[3] == 0);
    wijk_plain_free(&plain);
}

static void test_long(void **state)
{
    (void)state;
    wijk_plain plain;
    wijk_plain_columns columns = {.unit = "s", .group = "g", .count = "n", .within = "w"};
    assert_int_equal(read_text(&plain, "w,s,g,n\nX,1,a,3\nX,1,b,1\nY,2,b,2\nX,1,a,4\n", columns),
                     0);
    assert_int_equal(plain.areas, 2);
    assert_int_equal(plain.units, 2);
    assert_true(plain.counts[0] == 7 && plain.counts[1] == 1 && plain.counts[3] == 2);
    assert_int_equal(plain.unit[1], 1);
    assert_string_equal(plain.unit_name[1], "Y");
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "w,s,g,n\nX,1,a,3\nY,1,b,1\n", columns), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "row 3"));
    wijk_plain_free(&plain);
}

static void test_places(void **state)
{
    (void)state;
    wijk_plain plain;
    wijk_plain_columns columns = {
        .unit = "u", .groups = "a", .x = "x", .y = "y", .surface = "m2", .neighbours = "next"};
    assert_int_equal(read_text(&plain,
                               "u,a,x,y,m2,next\nP,1,10,20,500,Q| R\nQ,2,,5,,P\nR,3,1,1,1,\n"
                               "S,4,0,0,0,S\n",
                               columns),
                     0);
    assert_true(plain.x[0] == 10 && isnan(plain.x[1]) && plain.y[1] == 5);
    assert_true(plain.surface[0] == 500 && isnan(plain.surface[1]) && plain.surface[3] == 0);
    /* P names Q and R, Q names P: from both sides; S is an island that names itself. */
    assert_int_equal(plain.link_start[1], 3);
    assert_int_equal(plain.link_start[2] - plain.link_start[1], 2);
    assert_int_equal(plain.link_start[3] - plain.link_start[2], 1);
    assert_int_equal(plain.link[plain.link_start[2]], 0);
    assert_int_equal(plain.link_start[4], plain.link_start[3]);
    assert_string_equal(plain.area_name[2], "R");
    wijk_plain_free(&plain);
    assert_int_equal(
        read_text(&plain, "u,a,next\nP,1,Q;Z\nQ,2,\n",
                  (wijk_plain_columns){.unit = "u", .groups = "a", .neighbours = "next"}),
        WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "row 2: neighbour \"Z\""));
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "a,next\n1,\n",
                               (wijk_plain_columns){.groups = "a", .neighbours = "next"}),
                     WIJK_EINVAL);
    wijk_plain_free(&plain);
}

static void test_refused(void **state)
{
    (void)state;
    wijk_plain plain;
    assert_int_equal(read_text(&plain, "a,b\n1,2\n", (wijk_plain_columns){.groups = "a,c"}),
                     WIJK_EINVAL);
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "a,b\n1,.\n", (wijk_plain_columns){.groups = "a,b"}),
                     WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "row 2, column b"));
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "a,b\n1,2\n", (wijk_plain_columns){0}), WIJK_EINVAL);
    wijk_plain_free(&plain);
    assert_int_equal(read_text(&plain, "a,b\n", (wijk_plain_columns){.groups = "a,b"}), 0);
    assert_int_equal(plain.areas, 0);
    wijk_plain_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wide), cmocka_unit_test(test_long),
                                       cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
