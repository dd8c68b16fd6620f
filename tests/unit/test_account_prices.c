/* Purses, prices and indices: the registries hold together, unknown stays unknown, and a price year
 * is turned into another only where a publisher gives the years between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/mem.h"
#include "wijk/prices.h"
#include "wijk/rng.h"

static int open_all(void **state)
{
    int rc = wijk_prices_open((wijk_prices **)state);
    if (rc) {
        print_error("%s\n", wijk_error(WIJK_EN));
    }
    return rc;
}

static int close_all(void **state)
{
    wijk_prices_free(*state);
    return 0;
}

static void test_purses(void **state)
{
    const wijk_prices *p = *state;
    static const char *const needed[] = {
        "corp", "gem_wmo", "gem_youth", "gem_work", "gem_debt", "gem_shelter", "gem_order",
        "zvw",  "wlz",     "pol",       "rijk",     "sch",      "res",         "other"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        int at = wijk_purse_find(p, needed[i]);
        assert_true(at >= 0);
        const wijk_purse *purse = wijk_purse_at(p, (size_t)at);
        assert_true(*purse->label[0] && *purse->label[1] && *purse->definition[0] &&
                    *purse->definition[1] && *purse->group);
    }
    assert_int_equal(wijk_purse_find(p, "king"), -1);
    for (size_t i = 0; i < wijk_purse_count(p); i++) {
        assert_int_equal(wijk_purse_find(p, wijk_purse_at(p, i)->code), (int)i);
    }
}

static void test_every_price(void **state)
{
    const wijk_prices *p = *state;
    size_t unknown = 0;
    assert_true(wijk_price_count(p) > 80);
    for (size_t i = 0; i < wijk_price_count(p); i++) {
        const wijk_price *price = wijk_price_at(p, i);
        assert_ptr_equal(wijk_price_find(p, price->code), price);
        unknown += !price->known;
        if (!price->known) { /* says why, in both languages */
            assert_true(*price->note[0] && *price->note[1]);
            continue;
        }
        if (!strstr("A B C UK", price->grade) || !*price->source || price->euro.central <= 0) {
            fail_msg("%s has no grade, source or amount", price->code);
        }
        /* British values are converted with a margin; a point would pretend to know. */
        if (!strcmp(price->grade, "UK") && !price->ranged) {
            fail_msg("%s is British and has no range", price->code);
        }
    }
    assert_true(unknown >= 9);
}

/* Published: the Kostenhandleiding prints its prices of 2022 also in money of 2024. */
static void test_published_prices(void **state)
{
    const wijk_prices *p = *state;
    static const struct {
        const char *code;
        int64_t cents_2024;
    } published[] = {{"P-40", 3312},    {"P-41", 27683},  {"P-42", 56654}, {"P-43", 69101},
                     {"P-44", 6867},    {"P-45", 3515},   {"P-46", 6178},  {"P-49", 35087},
                     {"P-50", 52577},   {"P-51", 14378},  {"P-52", 13627}, {"P-53", 31117},
                     {"P-60", 1056500}, {"P-17", 945200}, {"P-07", 2017},  {"P-08", 4279}};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        wijk_cents_range got;
        const wijk_price *price = wijk_price_find(p, published[i].code);
        assert_non_null(price);
        assert_int_equal(wijk_price_in(&got, p, price, 2024), WIJK_OK);
        double ratio = (double)got.central / (double)published[i].cents_2024;
        if (!(ratio > 0.999 && ratio < 1.001)) { /* their index has more decimals than ours */
            fail_msg("%s: %lld cents, published %lld", published[i].code, (long long)got.central,
                     (long long)published[i].cents_2024);
        }
    }
}

/* Index numbers, 2015 = 100, as compiled from the publisher's changes; error up to 0.5 point. */
static void test_index(void **state)
{
    const wijk_prices *p = *state;
    static const struct {
        int year;
        double index;
    } published[] = {{2010, 91.6},  {2011, 93.7},  {2012, 96.0},  {2013, 98.4},  {2014, 99.4},
                     {2016, 100.3}, {2017, 101.7}, {2018, 103.4}, {2019, 106.1}, {2020, 107.5},
                     {2021, 110.4}, {2022, 121.4}, {2023, 126.1}, {2024, 130.2}};
    double factor, error, back;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        assert_int_equal(wijk_index_factor(&factor, &error, p, "cpi", 2015, published[i].year), 0);
        assert_true(factor * 100 > published[i].index - 0.1 &&
                    factor * 100 < published[i].index + 0.1);
        assert_true(error > 0 && error * 100 < 0.5);
        assert_int_equal(wijk_index_factor(&back, NULL, p, "cpi", published[i].year, 2015), 0);
        assert_true(factor * back > 1 - 1e-12 && factor * back < 1 + 1e-12);
        assert_non_null(wijk_index_source(p, "cpi", published[i].year));
    }
    /* Wages: +25% from 2019 to 2024, and nothing in between. */
    assert_int_equal(wijk_index_factor(&factor, NULL, p, "wage", 2019, 2024), 0);
    assert_true(factor > 1.245 && factor < 1.255);
    assert_int_equal(wijk_index_factor(&factor, NULL, p, "wage", 2019, 2022), WIJK_EINVAL);
    assert_int_equal(wijk_index_factor(&factor, NULL, p, "none", 2019, 2022), WIJK_EINVAL);
    assert_int_equal(wijk_index_factor(&factor, NULL, p, "none", 2022, 2022), 0);
}

static void test_years_without_a_source(void **state)
{
    const wijk_prices *p = *state;
    double factor;
    assert_int_equal(wijk_index_factor(&factor, NULL, p, "cpi", 2024, 2025), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_NL), "2025"));
    assert_non_null(strstr(wijk_error(WIJK_EN), "2000 to 2024"));
    wijk_cents_range got;
    const wijk_price *norm = wijk_price_find(p, "P-33"); /* money of 2025 */
    assert_int_equal(wijk_price_in(&got, p, norm, 2024), WIJK_EINVAL);
    assert_int_equal(wijk_price_in(&got, p, norm, 2025), WIJK_OK);
    assert_int_equal(got.central, 1614540);

    wijk_prices *mine;
    assert_int_equal(wijk_prices_open(&mine), 0);
    assert_int_equal(wijk_index_add(mine, "cpi", 2026, 2.0, "x"), WIJK_EINVAL); /* 2025 lacks */
    assert_int_equal(wijk_index_add(mine, "cpi", 2024, 3.0, "x"), WIJK_EINVAL); /* is there */
    assert_int_equal(wijk_index_add(mine, "cpi", 2025, 3.3, "statistics office"), 0);
    assert_int_equal(wijk_index_factor(&factor, NULL, mine, "cpi", 2024, 2025), 0);
    assert_true(factor > 1.03299 && factor < 1.03301);
    assert_string_equal(wijk_index_source(mine, "cpi", 2025), "statistics office");
    wijk_prices_free(mine);
}

static void test_unknown_is_not_zero(void **state)
{
    const wijk_prices *p = *state;
    wijk_cents_range got;
    const wijk_price *eviction = wijk_price_find(p, "P-22");
    assert_false(eviction->known);
    assert_int_equal(wijk_price_in(&got, p, eviction, 2024), WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_NL), "bovengrens"));
    assert_null(wijk_price_find(p, "P-99"));
}

static int own(wijk_prices **out, const char *text)
{
    return wijk_prices_open_own(out, text, strlen(text), "mijn.csv");
}

static void test_own_table(void **state)
{
    (void)state;
    wijk_prices *p;
    assert_int_equal(own(&p, "code,low,central,high,year,grade,source\n"
                             "P-22,\"4000\",\"6500,50\",9000,2024,C,eigen administratie 2024\n"),
                     0);
    const wijk_price *price = wijk_price_find(p, "P-22");
    assert_true(price->known && price->own && price->ranged);
    assert_int_equal(price->euro.central, 650050);
    assert_int_equal(price->purse, wijk_purse_find(p, "corp")); /* as it was */
    assert_false(wijk_price_find(p, "P-20")->own);
    wijk_prices_free(p);
    assert_int_equal(own(&p, "code;nl;en;unit_nl;unit_en;central;year;grade;source;purse;cash\n"
                             "E-1;koffie;coffee;kop;cup;1,20;2024;C;kantine;corp;yes\n"),
                     0);
    assert_int_equal(wijk_price_find(p, "E-1")->euro.high, 120);
    wijk_prices_free(p);
}

/* Every refusal names the table, the line and the column. */
static void test_own_table_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } bad[] = {
        {"code,central,year,grade,source\nP-22,-5,2024,C,x\n", "mijn.csv:2, central"},
        {"code,central,year,grade,source\nP-22,1.234,2024,C,x\n", "mijn.csv:2, central"},
        {"code,central,year,grade,source\nP-22,12 euro,2024,C,x\n", "mijn.csv:2, central"},
        {"code,central,year,grade,source\nP-22,12,24,C,x\n", "mijn.csv:2, year"},
        {"code,central,year,grade,source\nP-22,12,,C,x\n", "mijn.csv:2, year"},
        {"code,central,year,grade,source\nP-22,12,2024,C,\n", "mijn.csv:2, source"},
        {"code,low,central,year,grade,source\nP-22,13,12,2024,C,x\n", "mijn.csv:2, central"},
        {"code,low\nP-22,13\n", "mijn.csv:2, central"},
        {"code,purse\nP-22,king\n", "mijn.csv:2, purse"},
        {"code,cash\nP-22,maybe\n", "mijn.csv:2, cash"},
        {"code,index\nP-20,gold\n", "mijn.csv:2, index"},
        {"code,nl\nE-9,koffie\n", "mijn.csv:2, nl"},
        {"code,nl\nP-22,a\nP-22,b\n", "mijn.csv:3, code"},
        {"code,nl\n,a\n", "mijn.csv:2, code"},
        {"prijs,nl\nP-22,a\n", "code"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wijk_prices *p = NULL;
        int rc = own(&p, bad[i].text);
        if (rc != WIJK_EFORMAT || p || !strstr(wijk_error(WIJK_EN), bad[i].where) ||
            !strstr(wijk_error(WIJK_NL), bad[i].where)) {
            fail_msg("%s: %d %s", bad[i].text, rc, wijk_error(WIJK_EN));
        }
    }
}

static void test_cents(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t cents;
    } good[] = {{"0", 0}, {"1", 100}, {"12,5", 1250}, {"12.05", 1205}, {"-3,10", -310}};
    static const char *const bad[] = {
        "", "-", "1.", ",5", "1,234", "1.2.3", "1e3", "€5", "5 ", "nan", "99999999999999999999"};
    int64_t cents;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(wijk_cents_parse(&cents, good[i].text), 0);
        assert_int_equal(cents, good[i].cents);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(wijk_cents_parse(&cents, bad[i]) < 0);
    }
    assert_int_equal(wijk_cents_round(&cents, 2.5), 0);
    assert_int_equal(cents, 3);
    assert_int_equal(wijk_cents_round(&cents, -2.5), 0);
    assert_int_equal(cents, -3);
    assert_int_equal(wijk_cents_round(&cents, 0.49999999999999994), 0);
    assert_int_equal(cents, 0);
    assert_int_equal(wijk_cents_round(&cents, 0.0 / 0.0), WIJK_EINVAL);
    assert_int_equal(wijk_cents_round(&cents, 1e300), WIJK_ELIMIT);
    wijk_str text = WIJK_STR_INIT;
    wijk_cents_write(&text, WIJK_NL, -123450, 2);
    wijk_str_addc(&text, ' ');
    wijk_cents_write(&text, WIJK_EN, 123450, 0);
    wijk_str_addc(&text, ' ');
    wijk_cents_plain(&text, -5);
    wijk_cents_write(&text, WIJK_EN, -49, 0);
    assert_string_equal(wijk_str_text(&text), "€\u00A0"
                                              "−1.234,50 €1,235 -0.05€0");
    wijk_str_free(&text);
}

/* Property: random totals and weights; the parts add up, none is off by a cent or more from its
 * share, and equal weights get parts that differ by at most a cent. */
static void test_split(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 20000; round++) {
        wijk_draw draw = {7, 1, round, 0, 0};
        size_t n = 1 + (size_t)(wijk_rng_uniform(draw) * 12);
        double weights[12], sum = 0;
        int64_t parts[12], given = 0;
        draw.time = 1;
        int64_t total = (int64_t)((wijk_rng_uniform(draw) - 0.3) * (round % 2 ? 1e3 : 1e13));
        for (size_t i = 0; i < n; i++) {
            draw.nth = (uint32_t)i + 1;
            double u = wijk_rng_uniform(draw);
            weights[i] = round % 3 ? (u < 0.2 ? 0 : u) : 1;
            sum += weights[i];
        }
        if (!(sum > 0)) {
            assert_int_equal(wijk_cents_split(parts, total, weights, n), WIJK_EINVAL);
            continue;
        }
        assert_int_equal(wijk_cents_split(parts, total, weights, n), 0);
        for (size_t i = 0; i < n; i++) {
            double off = (double)parts[i] - (double)total * weights[i] / sum;
            given += parts[i];
            assert_true(off < 1.01 && off > -1.01);
            assert_true(weights[i] > 0 || parts[i] == 0);
            assert_true(round % 3 || (parts[0] - parts[i] <= 1 && parts[i] - parts[0] <= 1));
        }
        assert_true(given == total);
    }
    /* By hand: a hundred cents over three equal payers; the first gets the odd cent. */
    int64_t parts[3];
    assert_int_equal(wijk_cents_split(parts, 100, (double[]){1, 1, 1}, 3), 0);
    assert_true(parts[0] == 34 && parts[1] == 33 && parts[2] == 33);
    assert_int_equal(wijk_cents_split(parts, -100, (double[]){1, 1, 1}, 3), 0);
    assert_true(parts[0] == -34 && parts[2] == -33);
    assert_int_equal(wijk_cents_split(parts, 5, (double[]){1, -1, 1}, 3), WIJK_EINVAL);
    assert_int_equal(wijk_cents_split(parts, 5, (double[]){0}, 0), WIJK_ELIMIT);
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    wijk_prices *p;
    long n = 1;
    for (int rc = WIJK_ENOMEM; rc; n++) {
        wijk_alloc_fail_at(n, 0);
        rc = own(&p, "code,nl\nP-22,a\n");
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_ENOMEM || rc == 0);
        assert_true(n < 10000);
    }
    wijk_prices_free(p);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purses),
        cmocka_unit_test(test_every_price),
        cmocka_unit_test(test_published_prices),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_years_without_a_source),
        cmocka_unit_test(test_unknown_is_not_zero),
        cmocka_unit_test(test_own_table),
        cmocka_unit_test(test_own_table_refused),
        cmocka_unit_test(test_cents),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
