/* The shared post and the benchmark letter: published figures, reconciliation to the cent under
 * random posts, and every mistake with its place. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/letter.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/staff.h"

static int read_text(wijk_staff_file **out, const char *text)
{
    return wijk_staff_read(out, text, strlen(text), "post.csv");
}

#define POST                                                                                       \
    "post,Samenlevingsondersteuner\nperiod,2024\nemployer,corp\n"                                  \
    "gross,56500\ncharges,15300\noverhead,21500\n"

/* The post of 93,300 euro of which two thirds is charged on: 21% is about 13,060 euro. */
static void test_published_vat(void **state)
{
    (void)state;
    wijk_staff_file *file;
    wijk_statement s;
    assert_int_equal(read_text(&file,
                               "# a shared post\n" POST "route,lending\nkey,shares\nagreed,yes\n"
                               "payer,share,advance,recovers\n"
                               "corp,1,,\ngem_wmo,1,30000,yes\nzvw,1,,no\n"),
                     0);
    const wijk_staff *staff = wijk_staff_of(file);
    assert_int_equal(wijk_staff_settle(&s, staff, wijk_staff_prices(file)), 0);
    assert_int_equal(s.cost, 9330000);
    assert_int_equal(s.charged, 6220000);
    assert_int_equal(s.vat, 1306200);
    assert_int_equal(s.parts[1].settle, 3110000 + 653100 - 3000000);
    assert_int_equal(s.parts[0].settle, -(s.parts[1].settle + s.parts[2].settle));
    assert_int_equal(s.flags, WIJK_FLAG_VAT_DUE | WIJK_FLAG_NOT_RECOVERED);
    assert_true(isnan(s.hour_cost));
    wijk_staff_file_free(file);
}

static unsigned flags_of(const char *settings, const char *payers)
{
    char text[1500];
    wijk_staff_file *file;
    wijk_statement s;
    snprintf(text, sizeof text, "%s%spayer,share,advance,recovers\n%s", POST, settings, payers);
    if (read_text(&file, text)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(wijk_staff_settle(&s, wijk_staff_of(file), wijk_staff_prices(file)), 0);
    assert_true(s.vat == 0 && s.at_stake <= 1959300);
    wijk_staff_file_free(file);
    return s.flags;
}

/* What each form asks for, seen in the figures. */
static void test_flags(void **state)
{
    (void)state;
    static const char *const two = "corp,1,,\ngem_wmo,2,,\n";
    assert_int_equal(flags_of("route,pooling\nkey,shares\nagreed,yes\n", two), WIJK_FLAG_AT_STAKE);
    assert_int_equal(flags_of("route,pooling\nkey,shares\n", two),
                     WIJK_FLAG_AT_STAKE | WIJK_FLAG_NOT_AGREED);
    assert_int_equal(flags_of("route,pooling\nkey,hours\nagreed,yes\n",
                              "corp,,,\ngem_wmo,,,\ndate,payer,hours\n2024-01-31,gem_wmo,10\n"),
                     WIJK_FLAG_AT_STAKE | WIJK_FLAG_BY_HOURS);
    /* Overhead of 21,500 is more than 5% of 56,500. */
    assert_int_equal(flags_of("route,exempt\nkey,shares\n", two),
                     WIJK_FLAG_AT_STAKE | WIJK_FLAG_FEE_TOO_HIGH | WIJK_FLAG_CORPORATION_LENDS);
    assert_int_equal(flags_of("route,exempt\nkey,shares\noverhead,2825\n", two),
                     WIJK_FLAG_AT_STAKE | WIJK_FLAG_CORPORATION_LENDS);
    assert_int_equal(
        flags_of("route,care\nkey,shares\nemployer,gem_wmo\n", "gem_wmo,1,,\ngem_youth,1,,\n"),
        WIJK_FLAG_AT_STAKE);
    assert_int_equal(flags_of("route,care\nkey,shares\n", two),
                     WIJK_FLAG_AT_STAKE | WIJK_FLAG_NOT_CARE);
    assert_int_equal(flags_of("route,own\nkey,shares\n", "corp,1,31100,\ngem_wmo,2,62200,\n"), 0);
    assert_int_equal(flags_of("route,own\nkey,shares\n", "corp,1,41100,\ngem_wmo,2,52200,\n"),
                     WIJK_FLAG_CHARGED);
    for (unsigned flag = 1; flag <= WIJK_FLAG_CHARGED; flag <<= 1) {
        for (int lang = 0; lang < 2; lang++) {
            assert_true(strlen(wijk_staff_flag_text((wijk_lang)lang, (enum wijk_staff_flag)flag)) >
                        20);
        }
    }
    assert_non_null(strstr(wijk_staff_flag_text(WIJK_EN, WIJK_FLAG_CHARGED), "its own part"));
    assert_non_null(strstr(wijk_staff_flag_text(WIJK_EN, WIJK_FLAG_VAT_DUE), "21%"));
}

static void test_hours(void **state)
{
    (void)state;
    wijk_staff_file *file;
    wijk_statement s;
    assert_int_equal(read_text(&file, POST "route,lending\nkey,hours\n"
                                           "payer;share\n"),
                     WIJK_EFORMAT); /* settings with commas, a table with semicolons */
    assert_int_equal(read_text(&file,
                               POST "route,lending\nkey,hours\n"
                                    "payer,recovers\ncorp,\ngem_wmo,no\nres,no\n"
                                    "date,payer,hours,note\n"
                                    "2024-01-31,corp,60,\n2024-02-29,gem_wmo,\"30,5\",visits\n"
                                    "2024-03-31,gem_wmo,9.5,\n2024-03-31,common,20,meeting\n"),
                     0);
    const wijk_staff *staff = wijk_staff_of(file);
    assert_int_equal(wijk_staff_settle(&s, staff, wijk_staff_prices(file)), 0);
    assert_true(s.hours == 120);
    assert_int_equal(s.parts[0].share, 5598000);
    assert_int_equal(s.parts[1].share, 3732000);
    assert_int_equal(s.parts[2].share, 0);
    assert_true(fabs(s.parts[0].hours - 72) < 1e-12);
    assert_true(fabs(s.hour_cost - 9330000.0 / 120) < 1e-9);
    wijk_staff_file_free(file);
}

/* Property: whatever the post, shares add up to the cost, VAT to VAT, and what some pay others get.
 */
static void test_reconciles(void **state)
{
    (void)state;
    wijk_prices *prices;
    assert_int_equal(wijk_prices_open(&prices), 0);
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t nth = 0;
#define U wijk_rng_uniform((wijk_draw){3, 4, round, 0, nth++})
        wijk_staff staff = {.post = "", .period = ""};
        staff.route = (enum wijk_route)(U * WIJK_ROUTES);
        staff.by_hours = U < 0.5;
        staff.agreed = U < 0.5;
        staff.count = 1 + (size_t)(U * 12);
        staff.employer = (size_t)(U * (double)staff.count);
        staff.gross = (int64_t)(U * 1e7);
        staff.charges = (int64_t)(U * 1e7);
        staff.overhead = (int64_t)(U * 1e6);
        staff.other = round % 5 ? (int64_t)(U * 1e6) : 0;
        staff.common_hours = U * 100;
        for (size_t i = 0; i < staff.count; i++) {
            wijk_payer *p = &staff.payers[i];
            *p = (wijk_payer){.purse = (int)i};
            p->weight = U;
            p->hours = U;
            p->hours = p->hours < 0.3 ? 0 : p->hours * 500;
            p->advance = i == staff.employer ? 0 : (int64_t)(U * 1e6);
            p->recovers = (int)(U * 3) - 1;
        }
        staff.payers[0].hours += 1;
        wijk_statement s;
        assert_int_equal(wijk_staff_settle(&s, &staff, prices), 0);
        int64_t shares = 0, vat = 0, settle = 0, advances = 0, charged = 0;
        double hours = 0;
        for (size_t i = 0; i < staff.count; i++) {
            shares += s.parts[i].share;
            vat += s.parts[i].vat;
            settle += s.parts[i].settle;
            advances += staff.payers[i].advance;
            hours += s.parts[i].hours;
            charged += i == staff.employer ? 0 : s.parts[i].share;
        }
        int own = staff.route == WIJK_ROUTE_OWN;
        assert_true(shares == s.cost);
        assert_true(s.cost == staff.gross + staff.charges + staff.overhead + staff.other);
        assert_true(vat == s.vat && (s.vat == 0 || staff.route == WIJK_ROUTE_LENDING));
        assert_true(settle == (own ? s.cost - advances : 0));
        assert_true(s.charged == (own ? 0 : charged));
        assert_true(fabs(hours - s.hours) < 1e-6);
        assert_true((s.vat + s.at_stake) * 100 <= s.charged * 21 + 100 * (int64_t)staff.count);
    }
    wijk_prices_free(prices);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } bad[] = {
        {"", "begins with payer"},
        {"gross,-5\n", "post.csv:1, gross"},
        {"gross,1.234\n", "post.csv:1, gross"},
        {"gross,$5\n", "post.csv:1, gross"},
        {"route,friendly\n", "post.csv:1, route"},
        {"key,mood\n", "post.csv:1, key"},
        {"agreed,perhaps\n", "post.csv:1, agreed"},
        {"worker,Jan\n", "not a setting"},
        {POST "payer,name\n", "name"},
        {POST "payer,share\nking,1\n", "payer"},
        {POST "payer,share\ncorp,1\ncorp,1\n", "payer"},
        {POST "payer,share\ncorp,-1\n", "share"},
        {POST "payer,share\ncorp,\n", "share"},
        {POST "payer,share\ncorp,0\n", "adds up to zero"},
        {POST "payer,share\ngem_wmo,1\n", "employer"},
        {POST "payer,share,advance\ncorp,1,5\n", "employer pays everything first"},
        {POST "payer,share,advance\ncorp,1,\ngem_wmo,1,-5\n", "advance"},
        {POST "payer,share,recovers\ncorp,1,maybe\n", "recovers"},
        {POST "payer,share\ncorp,1\ndate,payer,hours\n31-1-2024,corp,5\n", "date"},
        {POST "payer,share\ncorp,1\ndate,payer,hours\n2024-13-01,corp,5\n", "date"},
        {POST "payer,share\ncorp,1\ndate,payer,hours\n2024-01-31,zvw,5\n", "payer"},
        {POST "payer,share\ncorp,1\ndate,payer,hours\n2024-01-31,corp,0\n", "hours"},
        {POST "payer,share\ncorp,1\ndate,payer,hours\n2024-01-31,corp,many\n", "hours"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wijk_staff_file *file = NULL;
        int rc = read_text(&file, bad[i].text);
        if (!rc || file || !strstr(wijk_error(WIJK_EN), bad[i].where)) {
            fail_msg("%s: %d \"%s\"", bad[i].text, rc, wijk_error(WIJK_EN));
        }
    }
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    wijk_staff_file *file;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        wijk_alloc_fail_at(n, 0);
        rc = read_text(&file, POST "payer,share\ncorp,1\n");
        wijk_alloc_fail_at(0, 0);
        assert_true((rc == WIJK_ENOMEM && !file) || rc == 0);
    }
    wijk_staff_file_free(file);
}

/* ---- the letter
 * ---------------------------------------------------------------------------------------- */

/* Published limits of 2023: an average corporation has 85 euro a dwelling; one consultant of 85,000
 * euro on 1,000 dwellings takes exactly that. */
static void test_letter(void **state)
{
    (void)state;
    wijk_prices *prices;
    wijk_letter_limits limits;
    wijk_letter letter;
    assert_int_equal(wijk_prices_open(&prices), 0);
    assert_int_equal(wijk_letter_limits_of(&limits, prices, 2023), 0);
    assert_true(limits.a_below == 890 && limits.c_from == 1013 && limits.mean == 928);
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){1000, NAN, 85000}),
                     0);
    assert_int_equal(letter.now, 'B');
    assert_int_equal(letter.then, 'C');
    assert_int_equal(letter.together, 'B'); /* others do it too */
    assert_true(letter.room == 85000 && letter.extra == 85 && letter.others == 0);
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){1000, NAN, 84999}),
                     0);
    assert_int_equal(letter.then, 'B');
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){500, 880, 10000}), 0);
    assert_true(letter.now == 'A' && letter.then == 'B' && letter.together == 'A');
    assert_true(letter.room == 5000 && letter.others == 10);
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){500, 1200, 10000}),
                     0);
    assert_true(letter.now == 'C' && letter.then == 'C' && isinf(letter.room));
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){1000, NAN, -50000}),
                     0);
    assert_int_equal(letter.then, 'A'); /* spending less */
    /* The complement: the letter with everybody's extra is the letter without. */
    for (int cost = 700; cost < 1200; cost += 7) {
        wijk_letter_case about = {1000, cost, 123456};
        assert_int_equal(wijk_letter_reckon(&letter, &limits, &about), 0);
        assert_int_equal(letter.together, letter.now);
    }
    assert_int_equal(wijk_letter_limits_of(&limits, prices, 2022), 0);
    assert_true(limits.a_below == 835 && limits.c_from == 965 && isnan(limits.mean));
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){1000, NAN, 1}),
                     WIJK_EINVAL);
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){0, 900, 1}),
                     WIJK_EINVAL);
    assert_int_equal(wijk_letter_reckon(&letter, &limits, &(wijk_letter_case){10, -1, 1}),
                     WIJK_EINVAL);
    assert_int_equal(wijk_letter_limits_of(&limits, prices, 2019), WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_EN), "2022 to 2023"));
    wijk_prices_free(prices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vat), cmocka_unit_test(test_flags),
        cmocka_unit_test(test_hours),         cmocka_unit_test(test_reconciles),
        cmocka_unit_test(test_mistakes),      cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
