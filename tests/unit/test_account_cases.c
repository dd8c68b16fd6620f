/* Published cases, read from the examples that are shipped: the claimed ratio comes out again when
 * the claim is believed, and what is left when it is weighed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/account.h"
#include "wijk/staff.h"
#include "wijk/text.h"

static wijk_account_file *example(const char *name)
{
    char path[80];
    size_t size;
    wijk_account_file *file;
    snprintf(path, sizeof path, "data/accounts/%s.csv", name);
    const char *text = wijk_asset_get(path, &size);
    assert_non_null(text);
    if (wijk_account_read(&file, text, size, path, NULL, 0, "")) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return file;
}

/* Benefit over cost with the effects at their low (0), middle (1) or high (2) and the claim
 * believed: `purse` NULL for society, else the benefit of that purse. */
static double claimed_ratio(const char *name, int level, const char *purse)
{
    wijk_account_file *file = example(name);
    wijk_account copy = *wijk_account_of(file);
    static wijk_account_line lines[32];
    wijk_account_result *r;
    wijk_account_options options = {0};
    memcpy(lines, copy.lines, copy.count * sizeof *lines);
    copy.lines = lines;
    for (size_t i = 0; i < copy.count; i++) {
        wijk_range *e = &lines[i].factor[WIJK_EFFECT];
        double value = level == 0 ? e->low : level == 1 ? e->central : e->high;
        *e = (wijk_range){value, value, value};
        lines[i].factor[WIJK_OPTIMISM] = (wijk_range){1, 1, 1};
    }
    assert_int_equal(wijk_account_reckon(&r, &copy, &options, NULL), 0);
    const wijk_party *society = wijk_account_society(r);
    const wijk_party *who =
        purse ? wijk_account_party(r, wijk_purse_find(copy.prices, purse)) : society;
    double ratio = (double)who->benefit / (double)society->cost;
    wijk_account_result_free(r);
    wijk_account_file_free(file);
    return ratio;
}

static void expect(double got, double published)
{
    if (fabs(got - published) > 1e-9) {
        fail_msg("%.4f, published %.4f", got, published);
    }
}

static void test_published_ratios(void **state)
{
    (void)state;
    /* Panteia, three cities: society 2.46 to 4.22, municipality 1.57 to 2.91. */
    expect(claimed_ratio("debt-signals", 0, NULL), 2.46);
    expect(claimed_ratio("debt-signals", 2, NULL), 4.22);
    expect(claimed_ratio("debt-signals", 0, "gem"), 1.57);
    expect(claimed_ratio("debt-signals", 2, "gem"), 2.91);
    /* De Nooij 2021: 1.90, all of it above 1. Regioplan 2011: about 2, nearly half municipal. */
    expect(claimed_ratio("family-help", 1, NULL), 1.90);
    assert_true(claimed_ratio("family-help", 0, NULL) > 1);
    expect(claimed_ratio("debt-help", 1, NULL), 2);
    double half = claimed_ratio("debt-help", 1, "gem") / claimed_ratio("debt-help", 1, NULL);
    assert_true(half > 0.4 && half < 0.5);
    /* Vollaard and van Ours: 460 over 430 is 1.07. */
    assert_true(fabs(claimed_ratio("security", 1, NULL) - 1.07) < 0.005);
}

static wijk_account_result *reckon(const wijk_account_file *file)
{
    wijk_account_result *r;
    wijk_account_options options = {.draws = 20000, .seed = 1};
    assert_int_equal(wijk_account_reckon(&r, wijk_account_of(file), &options, NULL), 0);
    return r;
}

static const wijk_party *purse(const wijk_account_file *file, const wijk_account_result *r,
                               const char *code)
{
    return wijk_account_party(r, wijk_purse_find(wijk_account_of(file)->prices, code));
}

/* Society can gain where the payer does not: the wrong pocket, in three published cases. */
static void test_wrong_pockets(void **state)
{
    (void)state;
    wijk_account_file *file = example("security");
    wijk_account_result *r = reckon(file);
    assert_int_equal(wijk_account_society(r)->net, 3000000);
    assert_true(wijk_account_society(r)->chance == 1);
    assert_int_equal(purse(file, r, "corp")->break_even, WIJK_BREAK_NEVER);
    assert_int_equal(r->flow[wijk_purse_find(wijk_account_of(file)->prices, "corp")]
                            [wijk_purse_find(wijk_account_of(file)->prices, "res")],
                     46000000);
    wijk_account_result_free(r);
    wijk_account_file_free(file);

    file = example("debt-help");
    r = reckon(file);
    const wijk_party *municipality = NULL;
    for (size_t i = 0; i < r->party_count; i++) {
        municipality = r->parties[i].kind == WIJK_GROUP ? &r->parties[i] : municipality;
    }
    assert_non_null(municipality);
    /* 0.9 back per euro: the whole claim is not enough for the municipality; half is for society.
     */
    assert_true(fabs(municipality->share - 1 / 0.9) < 1e-9);
    assert_true(fabs(wijk_account_society(r)->share - 0.5) < 1e-9);
    assert_true(municipality->chance < 0.05 && wijk_account_society(r)->chance > 0.9);
    wijk_account_result_free(r);
    wijk_account_file_free(file);

    file = example("debt-signals");
    r = reckon(file);
    assert_true(fabs(wijk_account_society(r)->share - 1 / 3.34) < 1e-9);
    assert_true(wijk_account_society(r)->chance < 0.5); /* uncontrolled: a quarter of the claim */
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* What docs/manual/.../account.md prints of each case: net per 100,000 euro, chance, break-even. */
static void test_as_the_manual_says(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double net, chance, share; /* rounded as printed */
    } printed[] = {{"debt-signals", -16500, 32, 30},
                   {"debt-help", 50000, 99, 50},
                   {"family-help", -52500, 1, 53},
                   {"security", 7000, 100, 93}};
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        wijk_account_file *file = example(printed[i].name);
        wijk_account_result *r = reckon(file);
        const wijk_party *p = wijk_account_society(r);
        double net = (double)p->net / (double)p->cost * 100000;
        expect(nearbyint(net / 100) * 100, printed[i].net);
        expect(nearbyint(p->chance * 100), printed[i].chance);
        expect(nearbyint(p->share * 100), printed[i].share);
        wijk_account_result_free(r);
        wijk_account_file_free(file);
    }
}

/* A claim without a comparison: as likely to lose as to gain, and the building is not even priced.
 */
static void test_missing_counterfactual(void **state)
{
    (void)state;
    wijk_account_file *file = example("samen-anders");
    wijk_account_result *r = reckon(file);
    const wijk_party *society = wijk_account_society(r);
    assert_true(fabs(society->hours - 7920) < 1e-9); /* 66 tenants, ten hours, twelve months */
    assert_int_equal(society->benefit, 0);
    assert_true(society->low < -50000000 && society->high > 50000000);
    assert_true(society->chance > 0.3 && society->chance < 0.5);
    assert_int_equal(r->unpriced_count, 1);
    assert_true(isnan(r->unpriced[0].price)); /* it loses before the building is paid */
    /* The claim of one to two million, per tenant and year. */
    const wijk_account_line *claim = &wijk_account_of(file)->lines[2];
    expect(claim->factor[WIJK_PRICE].low * claim->factor[WIJK_QUANTITY].central / 100, 990000);
    expect(claim->factor[WIJK_PRICE].high * claim->factor[WIJK_QUANTITY].central / 100, 1980000);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* Planned and real under one id, over the years that are known. */
static void test_planned_and_real(void **state)
{
    (void)state;
    wijk_account_file *file = example("plan");
    const wijk_account *a = wijk_account_of(file);
    const wijk_account_line *plan = &a->lines[0], *real = NULL;
    for (size_t i = 1; i < a->count; i++) {
        real = !strcmp(a->lines[i].id, plan->id) ? &a->lines[i] : real;
    }
    assert_non_null(real);
    assert_int_equal(real->stage, WIJK_REAL);
    int64_t price = (int64_t)plan->factor[WIJK_PRICE].central;
    assert_int_equal(wijk_account_nominal(a, plan, real->start, real->years), 400 * price);
    assert_int_equal(wijk_account_nominal(a, real, real->start, real->years), 438 * price);
    assert_int_equal(wijk_account_nominal(a, plan, 0, a->years), 1600 * price);
    wijk_account_file_free(file);
}

/* Every example reads and reckons, and begins by saying what it is in two languages. */
static void test_every_example(void **state)
{
    (void)state;
    const char *path;
    int seen = 0;
    for (size_t i = 0; (path = wijk_asset_path(i)) != NULL; i++) {
        if (strncmp(path, "data/accounts/", 14) != 0) {
            continue;
        }
        size_t size;
        const char *text = wijk_asset_get(path, &size);
        assert_true(text[0] == '#' && strstr(text, "·") && strchr(text, '\n') > strstr(text, "·"));
        wijk_account_file *file = NULL;
        wijk_staff_file *post = NULL;
        int rc = strstr(path, "post") ? wijk_staff_read(&post, text, size, path)
                                      : wijk_account_read(&file, text, size, path, NULL, 0, "");
        if (rc) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        wijk_staff_file_free(post);
        wijk_account_file_free(file);
        seen++;
    }
    assert_true(seen >= 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_ratios),       cmocka_unit_test(test_wrong_pockets),
        cmocka_unit_test(test_missing_counterfactual), cmocka_unit_test(test_planned_and_real),
        cmocka_unit_test(test_every_example),          cmocka_unit_test(test_as_the_manual_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
