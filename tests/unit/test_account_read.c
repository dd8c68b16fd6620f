/* The account as a file: what can be written, and for every mistake the place and the remedy. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/account.h"
#include "wijk/mem.h"

#define SETTINGS "start,2024\nyears,5\nprice_year,2024\n"
#define HEADER                                                                                     \
    "id,kind,what,purse,from,price,amount,amount_year,source,unit,quantity,reach,effect,"          \
    "deadweight,attribution,displacement,evidence,optimism,dropoff,start,years,profile,cash,"      \
    "group,stage\n"

static int read_text(wijk_account_file **out, const char *text)
{
    return wijk_account_read(out, text, strlen(text), "plan.csv", NULL, 0, "");
}

static void test_everything_that_can_be_written(void **state)
{
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF# A comment, with \"quotes, commas and a #\r\n"
        "title;Samen; wijk Noord;;\r\n"
        "start;2024\r\nyears;10\r\nprice_year;2022\r\ndiscount;3%\r\ncurrency;EUR\r\n"
        "index;cpi;2025;3,3;my own source\r\n"
        "# another\r\n"
        "id;kind;what;purse;from;price;amount;amount_year;source;quantity;reach;effect;"
        "attribution;evidence;dropoff;start;years;profile;cash;group;note;stage;;\r\n"
        "k1;cost;\"casework; twice a week\";;;P-44;;;;100..120..150;;;;;;;;;;;;;;\r\n"
        ";;;;;;;;;;;;;;;;;;;;;;;\r\n"
        "k2;cost;hall;corp:60|gem_wmo:40;;;\xE2\x82\xAC 1200,50;2015;budget "
        "2015;;;;;;;2025;;1|0,5;yes;;why;;;\r\n"
        "b1;benefit;less care;;;P-43;;;;80;1/3;;;;;;;;;;;;\r\n";
    wijk_account_file *file;
    /* 1/3 is no number: refused with its place, comments counted. */
    assert_int_equal(read_text(&file, text), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "plan.csv:14, reach"));
    char good[2000];
    snprintf(good, sizeof good, "%s", text);
    char *cell = strstr(good, "80;1/3;;;;");
    memcpy(cell, "8;33%;;;3;", 10);
    if (read_text(&file, good)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    const wijk_account *a = wijk_account_of(file);
    assert_string_equal(a->title, "Samen");
    assert_int_equal(a->first_year, 2024);
    assert_int_equal(a->years, 10);
    assert_true(fabs(a->discount - 0.03) < 1e-15);
    assert_int_equal(a->count, 3);
    assert_string_equal(a->lines[0].what, "casework; twice a week");
    assert_true(a->lines[0].factor[WIJK_QUANTITY].high == 150);
    assert_true(a->lines[0].to[wijk_purse_find(a->prices, "gem_wmo")] == 1); /* from the price */
    assert_int_equal(a->lines[0].cash, WIJK_CASH_YES);
    assert_true(a->lines[0].factor[WIJK_PRICE].central == 6400);
    const wijk_account_line *hall = &a->lines[1];
    assert_int_equal(hall->start, 1);
    assert_int_equal(hall->years, 2);
    assert_true(hall->profile[1] == 0.5);
    /* 2015 to 2022 by consumer prices: 121.4, half a point of rounding. */
    assert_true(fabs(hall->factor[WIJK_PRICE].central / 120050 - 1.214) < 0.005);
    const wijk_account_line *less = &a->lines[2];
    assert_true(fabs(less->factor[WIJK_REACH].central - 0.33) < 1e-15);
    assert_int_equal(less->evidence, 3);
    assert_true(less->factor[WIJK_OPTIMISM].central == 0.75);
    assert_string_equal(less->rate[WIJK_OPTIMISM]->code, "evidence.3");
    wijk_account_file_free(file);
}

static void test_rates_by_name_and_stages(void **state)
{
    (void)state;
    wijk_account_file *file;
    assert_int_equal(
        read_text(&file, SETTINGS HEADER
                  "a,benefit,x,corp,,,100,,mine,,1,,,,=net.housing,,3,=evidence.4,,,,,yes,,\n"
                  "c,cost,x,corp,,,100,,mine,,1,,,,,,,=overrun.building,,,,,,,\n"
                  "c,cost,x,corp,,,120,,books,,1,,,,,,,,,,,,,,real\n"),
        0);
    const wijk_account *a = wijk_account_of(file);
    assert_true(a->lines[0].factor[WIJK_ATTRIBUTION].central == 0.49);
    assert_true(a->lines[0].factor[WIJK_OPTIMISM].low == 1);
    assert_true(a->lines[1].factor[WIJK_OPTIMISM].high == 1.24);
    assert_true(a->discount == 0.0225); /* the standard, where the file is silent */
    wijk_account_result *r;
    wijk_account_options options = {.stage = WIJK_REAL};
    assert_int_equal(wijk_account_reckon(&r, a, &options, NULL), 0);
    assert_true(wijk_account_society(r)->yearly[0] == -12000);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* Columns: id,kind,what,purse,from,price,amount,amount_year,source,unit,quantity,reach,effect,
 * deadweight,attribution,displacement,evidence,optimism,dropoff,start,years,profile,cash,group,stage
 */
static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *row, *where, *what;
    } bad[] = {
        {"c,cost,x,corp,,,-100,,mine,,1,,,,,,,,,,,,,,", "price", "negative"},
        {"c,cost,x,corp,,,100,,mine,,-1,,,,,,,,,,,,,,", "quantity", "negative"},
        {"c,cost,x,corp,,,$100,,mine,,1,,,,,,,,,,,,,,", "amount", "not in euro"},
        {"c,cost,x,corp,,,£ 100,,mine,,1,,,,,,,,,,,,,,", "amount", "not in euro"},
        {"c,cost,x,corp,,,GBP 100,,mine,,1,,,,,,,,,,,,,,", "amount", "not in euro"},
        {"c,cost,x,corp,,,1.234,,mine,,1,,,,,,,,,,,,,,", "amount", "thousands"},
        {"c,cost,x,corp,,,100,2026,mine,,1,,,,,,,,,,,,,,", "amount_year", "2026"},
        {"c,cost,x,corp,,,100,twenty,mine,,1,,,,,,,,,,,,,,", "amount_year", "whole number"},
        {"c,cost,x,corp,,,100,,,,1,,,,,,,,,,,,,,", "source", "where this amount"},
        {"c,cost,x,king,,,100,,mine,,1,,,,,,,,,,,,,,", "purse", "king"},
        {"c,cost,x,,,,100,,mine,,1,,,,,,,,,,,,,,", "purse", "name the purse"},
        {"c,cost,x,corp|corp,,,100,,mine,,1,,,,,,,,,,,,,,", "purse", "twice"},
        {"c,cost,x,corp:0,,,100,,mine,,1,,,,,,,,,,,,,,", "purse", "above zero"},
        {"c,cost,x,corp,,P-99,,,,,1,,,,,,,,,,,,,,", "price", "P-99"},
        {"c,cost,x,corp,,P-44,5,,mine,,1,,,,,,,,,,,,,,", "amount", "not both"},
        {"c,cost,x,corp,,,,,,,1,,,,,,,,,,,,,,", "price", "unit"},
        {"c,cost,x,corp,,P-33,,,,,1,,,,,,,,,,,,,,", "price", "2025"},
        {"c,gift,x,corp,,,100,,mine,,1,,,,,,,,,,,,,,", "kind", "gift"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,,,,,,later", "stage", "later"},
        {"c,cost,x,corp,,,100,,mine,,1,1.5,,,,,,,,,,,,,", "reach", "from 0 to 1"},
        {"c,cost,x,corp,,,100,,mine,,1,0.5..0.4..0.6,,,,,,,,,,,,,", "reach", "rise"},
        {"c,cost,x,corp,,,100,,mine,,1,0.5..0.6,,,,,,,,,,,,,", "reach", "low..central..high"},
        {"c,cost,x,corp,,,100,,mine,,1,=nothing,,,,,,,,,,,,,", "reach", "nothing"},
        {"c,cost,x,corp,,,100,,mine,,nan,,,,,,,,,,,,,,", "quantity", "not a number"},
        {"c,cost,x,corp,,,100,,mine,,1,,,0.2,,,,,,,,,,,", "deadweight", "without an effect"},
        {"c,cost,x,corp,,,100,,mine,,1,,2,,,,,,,,,,,,", "effect", "without an effect"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,3,,,,,,,,", "evidence", "costs have no evidence"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,0.5,,,,,,,", "optimism", "from 1"},
        {"c,cost,x,corp,rijk,,100,,mine,,1,,,,,,,,,,,,,,", "from", "transfer"},
        {"c,transfer,x,corp,,,100,,mine,,1,,,,,,,,,,,,,,", "from", "transfer"},
        {"c,benefit,x,corp,,,100,,mine,,1,,,,,,,,,,,,yes,,", "evidence", "names its evidence"},
        {"c,benefit,x,corp,,,100,,mine,,1,,,,,,6,,,,,,yes,,", "evidence", "from 0 to 5"},
        {"c,benefit,x,corp,,,100,,mine,,1,,,,,,3,,,,,,,,", "cash", "well-being"},
        {"c,benefit,x,corp,,,100,,mine,,1,,,,,,3,,,,,,gold,,", "cash", "gold"},
        {"c,benefit,x,corp,,P-31,,,,,1,,,,,,3,,,,,,,,", "cash", "well-being"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,2030,,,,,", "start", "2028"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,2026,4,,,,", "years", "from 1 to 3"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,,3,1|1,,,", "profile", "2 shares for 3"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,,,1|x,,,", "profile", "not a number"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,,,1|-1,,,", "profile", "from 0"},
        {"c,cost,x,corp,,,100,,mine,,1,,,,,,,,,,,1|1|1|1|1|1,,,", "years", "outside the horizon"},
        {"c,cost,x,corp,,,999999999999,,mine,,900000,,,,,,,,,,,,,,", "quantity", "larger than"},
        {",cost,x,corp,,,100,,mine,,1,,,,,,,,,,,,,,", "", "no id"},
    };
    char text[1200];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wijk_account_file *file = NULL;
        snprintf(text, sizeof text, "%s%s%s\n", SETTINGS, HEADER, bad[i].row);
        int rc = read_text(&file, text);
        const char *said = wijk_error(WIJK_EN);
        if (!rc || file || !strstr(said, bad[i].where) || !strstr(said, bad[i].what) ||
            !strstr(said, "plan.csv") || !strstr(wijk_error(WIJK_NL), bad[i].where)) {
            fail_msg("%s: %d \"%s\"", bad[i].row, rc, said);
        }
    }
}

static void test_mistakes_above_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
    } bad[] = {
        {"", "header begins with id"},
        {"# only words\n", "header begins with id"},
        {SETTINGS, "header begins with id"},
        {"years,5\nprice_year,2024\n" HEADER, "start is missing"},
        {"start,2024\nprice_year,2024\n" HEADER, "years is missing"},
        {"start,2024\nyears,5\n" HEADER, "price_year is missing"},
        {"start,20x4\n", "plan.csv:1, start"},
        {"years,500\n", "from 1 to 60"},
        {"discount,2.25\n", "2.25% or 0.0225"},
        {"currency,USD\n", "EUR"},
        {"colour,red\n", "not a setting"},
        {"index,cpi,2027,2,x\n", "2026"},
        {"index,cpi,2025,2,\n", "plan.csv:1, index"},
        {SETTINGS "id,kind,colour\n", "colour"},
        {SETTINGS "id,kind,kind\n", "twice"},
        {SETTINGS HEADER, "1 to 1000 lines"},
        {SETTINGS HEADER
         "a,cost,x,corp,,,1,,m,,,,,,,,,,,,,,,,\na,cost,x,corp,,,1,,m,,,,,,,,,,,,,,,,\n",
         "twice"},
        {"title,\"never closed\n", "plan.csv"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wijk_account_file *file = NULL;
        int rc = read_text(&file, bad[i].text);
        if (!rc || file || !strstr(wijk_error(WIJK_EN), bad[i].what)) {
            fail_msg("%s: %d \"%s\"", bad[i].text, rc, wijk_error(WIJK_EN));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_that_can_be_written),
        cmocka_unit_test(test_rates_by_name_and_stages),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_mistakes_above_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
