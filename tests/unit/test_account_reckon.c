/* The arithmetic of an account against sums done by hand, closed forms and random ledgers: purses
 * add up to society to the cent, who pays never changes what it costs, and chances are what a
 * triangle says. */
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
#include "wijk/rng.h"

#define HEAD "start,2024\nyears,5\nprice_year,2024\ndiscount,2.25%\n"

static wijk_account_file *read_text(const char *text)
{
    wijk_account_file *file;
    if (wijk_account_read(&file, text, strlen(text), "test.csv", NULL, 0, "")) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return file;
}

static wijk_account_result *reckon(const wijk_account *account, size_t draws)
{
    wijk_account_result *result;
    wijk_account_options options = {.draws = draws, .seed = 1, .threads = 2};
    if (wijk_account_reckon(&result, account, &options, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return result;
}

static const wijk_party *party(const wijk_account *a, const wijk_account_result *r,
                               const char *code)
{
    return wijk_account_party(r, wijk_purse_find(a->prices, code));
}

/* One worker of 40,000 a year for two years, and 10 evictions avoided of 9,850 each: by hand. */
static void test_by_hand(void **state)
{
    (void)state;
    wijk_account_file *file = read_text(
        HEAD "id,kind,what,purse,amount,source,quantity,reach,effect,deadweight,attribution,"
             "displacement,evidence,dropoff,years,cash\n"
             "w,cost,worker,gem_debt:3|corp:1,40000,budget,1,,,,,,,,2,yes\n"
             "b,benefit,evictions,corp,9850,own books,100,50%,20%,10%,80%,5%,4,10%,3,yes\n");
    const wijk_account *a = wijk_account_of(file);
    wijk_account_result *r = reckon(a, 0);
    double cost = 40000 + 40000 / 1.0225;
    double yearly = 100 * 0.5 * 0.2 * 0.9 * 0.8 * 0.95 * 9850;
    double benefit = yearly * (1 + 0.9 / 1.0225 + 0.81 / (1.0225 * 1.0225));
    const wijk_party *society = wijk_account_society(r), *corp = party(a, r, "corp");
    assert_true(fabs((double)society->cost - cost * 100) < 2);
    assert_true(fabs((double)society->benefit - benefit * 100) < 3);
    assert_int_equal(society->net, society->benefit - society->cost);
    assert_true(fabs((double)corp->cost - cost * 25) < 2);
    assert_true(fabs((double)corp->benefit - benefit * 100) < 3);
    assert_int_equal(society->yearly[0], llround(yearly * 100) - 4000000);
    assert_int_equal(society->yearly[4], 0);
    /* Break-even: cost over benefit, of the claimed effect. */
    assert_int_equal(society->break_even, WIJK_BREAK_AT);
    assert_true(fabs(society->share - cost / benefit) < 1e-12);
    assert_true(fabs(corp->share - cost / 4 / benefit) < 1e-12);
    assert_int_equal(party(a, r, "gem_debt")->break_even, WIJK_BREAK_NEVER);
    assert_int_equal(party(a, r, "gem_debt")->payback, -1);
    assert_int_equal(corp->payback, 0); /* 67,400 a year against 10,000 */
    assert_null(party(a, r, "zvw"));
    assert_true(isnan(society->chance));
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

static void test_payback(void **state)
{
    (void)state;
    wijk_account_file *file =
        read_text("start,2024\nyears,4\nprice_year,2024\ndiscount,0\n"
                  "id,kind,what,purse,amount,source,evidence,start,years,cash\n"
                  "c,cost,investment,corp,100,x,,2024,1,yes\n"
                  "b,benefit,saving,corp,50,x,5,2025,,yes\n"
                  "z,cost,later,zvw,10,x,,2025,,yes\n");
    const wijk_account *a = wijk_account_of(file);
    wijk_account_result *r = reckon(a, 0);
    assert_int_equal(party(a, r, "corp")->payback, 3); /* -100, +50, +50: level in the third */
    assert_int_equal(party(a, r, "zvw")->payback, -1);
    assert_int_equal(wijk_account_society(r)->payback, 4); /* -100 +40 +40 +40: in the fourth */
    assert_int_equal(wijk_account_society(r)->net, 2000);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* Benefits saved by the municipality are missed by residents: nothing for society. */
static void test_transfer(void **state)
{
    (void)state;
    wijk_account_file *file =
        read_text(HEAD "id,kind,what,purse,from,price,quantity,effect,evidence,years\n"
                       "t,transfer,welfare,,res,P-33b,10,0.5,4,1\n"
                       "s,transfer,subsidy,corp,gem_wmo|rijk,P-29b,10,,,1\n");
    const wijk_account *a = wijk_account_of(file);
    wijk_account_result *r = reckon(a, 1000);
    assert_int_equal(wijk_account_society(r)->net, 0);
    assert_int_equal(wijk_account_society(r)->cost, 0);
    assert_int_equal(party(a, r, "gem_work")->received, 1570140 * 5);
    assert_int_equal(party(a, r, "res")->given, 1570140 * 5);
    assert_int_equal(party(a, r, "res")->break_even, WIJK_BREAK_UP_TO);
    assert_true(party(a, r, "res")->share == 0);
    assert_int_equal(party(a, r, "corp")->net, 958624); /* 928 of 2023 is 958.624 of 2024 */
    assert_int_equal(party(a, r, "gem_wmo")->net, -479312);
    assert_true(wijk_account_society(r)->chance == 1);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

static void test_unknown_price(void **state)
{
    (void)state;
    wijk_account_file *file =
        read_text("start,2024\nyears,2\nprice_year,2024\ndiscount,0\n"
                  "id,kind,what,purse,price,amount,source,unit,quantity,effect,evidence,cash\n"
                  "c,cost,visits,corp,,1000,budget,,1,,,yes\n"
                  "e,benefit,evictions,corp,P-22,,,,10,0.1,4,\n"
                  "n,benefit,nights of sleep,,,,,night,500,1,4,\n"
                  "z,benefit,nothing shown,,,,,night,500,1,0,\n");
    const wijk_account *a = wijk_account_of(file);
    wijk_account_result *r = reckon(a, 0);
    assert_int_equal(r->unpriced_count, 3);
    assert_int_equal(wijk_account_society(r)->net, -200000);
    assert_true(r->unpriced[0].units > 1.999 && r->unpriced[0].units < 2.001);
    assert_true(fabs(r->unpriced[0].price - 100000) < 1e-6); /* 1,000 euro an eviction */
    assert_true(fabs(r->unpriced[1].price - 200) < 1e-6);    /* 2 euro a night */
    assert_true(isnan(r->unpriced[2].price));                /* no effect to put a price on */
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* A triangle: mean, band and chance in closed form. */
static void test_triangle(void **state)
{
    (void)state;
    const double low = 200, mode = 500, high = 1400, cost = 600;
    wijk_account_file *file =
        read_text("start,2024\nyears,1\nprice_year,2024\ndiscount,0\n"
                  "id,kind,what,purse,amount,source,evidence,cash\n"
                  "c,cost,a,corp,600,x,,yes\nb,benefit,b,corp,200..500..1400,x,5,yes\n");
    wijk_account_result *r = reckon(wijk_account_of(file), 200000);
    const wijk_party *p = wijk_account_society(r);
    double width = high - low, above = (high - cost) * (high - cost) / (width * (high - mode));
    double mean = (low + mode + high) / 3 - cost;
    double q05 = low + sqrt(0.05 * width * (mode - low)) - cost;
    double q50 = high - sqrt(0.5 * width * (high - mode)) - cost;
    double q95 = high - sqrt(0.05 * width * (high - mode)) - cost;
    assert_true(fabs(p->chance - above) < 5 * sqrt(above * (1 - above) / 200000));
    assert_true(fabs(p->mean / 100 - mean) < 5 * p->mean_error / 100);
    assert_true(p->mean_error > 0 && p->mean_error < 200);
    assert_true(fabs(p->low / 100 - q05) < 4);
    assert_true(fabs(p->median / 100 - q50) < 4);
    assert_true(fabs(p->high / 100 - q95) < 4);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* Independent groups: the mean of a product is the product of the means, and variances add. Shared
 * ones: twice the same line is twice as uncertain, not 1.4 times. */
static void test_what_is_wrong_together(void **state)
{
    (void)state;
#define LINE(id, group) id ",benefit,x,corp,100..200..600,x,1..2..3,5,yes," group "\n"
    static const char head[] = "start,2024\nyears,1\nprice_year,2024\ndiscount,0\n"
                               "id,kind,what,purse,amount,source,quantity,evidence,cash,group\n";
    char text[600];
    double spread[2];
    for (int apart = 0; apart < 2; apart++) {
        snprintf(text, sizeof text, "%s%s%s", head, LINE("a", "one"),
                 apart ? LINE("b", "two") : LINE("b", "one"));
        wijk_account_file *file = read_text(text);
        wijk_account_result *r = reckon(wijk_account_of(file), 100000);
        const wijk_party *p = wijk_account_society(r);
        spread[apart] = p->mean_error;
        assert_true(fabs(p->mean - 2 * 30000 * 2) < 5 * p->mean_error);
        wijk_account_result_free(r);
        wijk_account_file_free(file);
    }
    double ratio = spread[0] / spread[1];
    assert_true(ratio > 1.40 && ratio < 1.43);
}

/* The same plan written in money of 2010, 2019 or 2024: the same total, to half a cent an amount.
 */
static void test_price_level(void **state)
{
    (void)state;
    double total[3], factor[3];
    for (int i = 0; i < 3; i++) {
        static const int years[] = {2024, 2019, 2010};
        char text[900];
        snprintf(text, sizeof text,
                 "start,2024\nyears,5\nprice_year,%d\n"
                 "id,kind,what,purse,price,amount,amount_year,source,quantity,evidence,cash\n"
                 "a,cost,x,,P-44,,,,123456,,\nb,cost,x,corp,,17.33,2015,y,98765,,\n"
                 "c,benefit,x,,P-40,,,,1000000,4,\n",
                 years[i]);
        wijk_account_file *file = read_text(text);
        wijk_account_result *r = reckon(wijk_account_of(file), 0);
        total[i] = (double)wijk_account_society(r)->net;
        assert_int_equal(wijk_index_factor(&factor[i], NULL, wijk_account_of(file)->prices, "cpi",
                                           2024, years[i]),
                         0);
        assert_true(fabs(total[i] / factor[i] - total[0]) <= 15 * 0.5 * (1 + 1 / factor[i]));
        wijk_account_result_free(r);
        wijk_account_file_free(file);
    }
    assert_true(fabs(total[0]) > 1e9);
}

static void test_uncertain_dropoff(void **state)
{
    (void)state;
    wijk_account_file *file = read_text("start,2024\nyears,3\nprice_year,2024\ndiscount,0\n"
                                        "id,kind,what,purse,amount,source,dropoff,evidence,cash\n"
                                        "b,benefit,b,corp,100,x,0..0.5..1,5,yes\n");
    wijk_account_result *r = reckon(wijk_account_of(file), 200000);
    const wijk_party *p = wijk_account_society(r);
    /* 1 + (1-d) + (1-d)^2 for a symmetric triangle: 1 + 1/2 + (1/4 + 1/24). */
    assert_true(fabs(p->mean / 10000 - (1.75 + 1.0 / 24)) < 5 * p->mean_error / 10000);
    assert_int_equal(p->net, 17500);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

/* ---- random ledgers
 * -------------------------------------------------------------------------------- */

static double uniform(uint32_t round, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){11, 2, round, 0, nth});
}

static wijk_range random_range(uint32_t round, uint32_t nth, double low, double high)
{
    double a = low + (high - low) * uniform(round, nth);
    double b = low + (high - low) * uniform(round, nth + 1);
    double c = low + (high - low) * uniform(round, nth + 2);
    double least = fmin(a, fmin(b, c)), most = fmax(a, fmax(b, c));
    return (wijk_range){least, a + b + c - least - most, most};
}

static void random_line(wijk_account_line *line, uint32_t round, uint32_t i, int years,
                        size_t purses)
{
    uint32_t n = 1000 * i;
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    *line = (wijk_account_line){
        .id = ids[i], .what = "", .unit = "", .source = "x", .group = "", .note = ""};
    line->kind = (enum wijk_line_kind)(uniform(round, n++) * 3);
    line->cash = (enum wijk_cash)(uniform(round, n++) * 3);
    line->priced = 1;
    line->price_factor = 1;
    line->evidence = line->kind == WIJK_COST ? -1 : (int)(uniform(round, n++) * 6);
    for (int f = 0; f < WIJK_FACTORS; f++, n += 3) {
        line->factor[f] = f == WIJK_PRICE      ? random_range(round, n, 0, 1e7)
                          : f == WIJK_QUANTITY ? random_range(round, n, 0, 300)
                          : f == WIJK_OPTIMISM && line->kind == WIJK_COST
                              ? random_range(round, n, 1, 2)
                              : random_range(round, n, 0, 1);
        int off = f == WIJK_DEADWEIGHT || f == WIJK_DISPLACEMENT;
        int effect = off || f == WIJK_EFFECT || f == WIJK_ATTRIBUTION;
        if (effect && line->kind == WIJK_COST) {
            line->factor[f] = (wijk_range){!off, !off, !off};
        }
    }
    line->start = (int)(uniform(round, n++) * years);
    line->years = 1 + (int)(uniform(round, n++) * (years - line->start));
    for (int k = 0; k < years; k++) {
        line->profile[k] = uniform(round, n++) * 2;
    }
    for (size_t p = 0; p < purses; p++) {
        double u = uniform(round, n++), v = uniform(round, n++);
        line->to[p] = u < 0.7 ? 0 : u;
        line->from[p] = line->kind != WIJK_TRANSFER || v < 0.7 ? 0 : v;
    }
    line->to[(size_t)(uniform(round, n++) * (double)purses)] += 1;
    line->from[0] += line->kind == WIJK_TRANSFER;
}

static void check_adding_up(const wijk_account *a, const wijk_account_result *r)
{
    const wijk_party *society = wijk_account_society(r);
    int64_t net = 0, cost = 0, benefit = 0, in = 0, out = 0, lines = 0, cash[WIJK_CASHES] = {0};
    for (size_t i = 0; i < r->party_count; i++) {
        const wijk_party *p = &r->parties[i];
        assert_true(p->net == p->benefit - p->cost + p->received - p->given);
        assert_true(p->net == p->by_cash[0] + p->by_cash[1] + p->by_cash[2] + p->by_cash[3]);
        if (p->kind != WIJK_PURSE) {
            continue;
        }
        net += p->net;
        cost += p->cost;
        benefit += p->benefit;
        in += p->received;
        out += p->given;
        int64_t part = 0, gain = 0, paid = 0;
        for (size_t l = 0; l < r->line_count; l++) {
            part += r->part[l * r->purses + (size_t)p->purse];
        }
        assert_true(part == p->net);
        for (size_t j = 0; j < r->purses; j++) {
            gain += r->flow[j][p->purse];
            paid += r->flow[p->purse][j];
        }
        assert_true(gain == (society->cost ? p->benefit : 0));
        assert_true(p->cost || !paid);
        for (int c = 0; c < WIJK_CASHES; c++) {
            cash[c] += p->by_cash[c];
        }
    }
    for (size_t l = 0; l < r->line_count; l++) {
        lines += r->line_net[l];
    }
    assert_true(net == society->net && cost == society->cost && benefit == society->benefit);
    assert_true(in == out && lines == society->net && society->received == 0);
    for (int c = 0; c < WIJK_CASHES; c++) {
        assert_true(cash[c] == society->by_cash[c]);
    }
    for (int y = 0; y < a->years; y++) {
        int64_t sum = 0;
        for (size_t i = 0; i < r->party_count; i++) {
            sum += r->parties[i].kind == WIJK_PURSE ? r->parties[i].yearly[y] : 0;
        }
        assert_true(sum == society->yearly[y]);
    }
    /* Groups and public money are their purses. */
    for (size_t i = 0; i < r->party_count; i++) {
        const wijk_party *p = &r->parties[i];
        int64_t sum = 0;
        for (size_t j = 0; p->kind != WIJK_PURSE && j < r->party_count; j++) {
            const wijk_party *q = &r->parties[j];
            const wijk_purse *purse =
                q->kind == WIJK_PURSE ? wijk_purse_at(a->prices, (size_t)q->purse) : NULL;
            int member =
                purse &&
                (p->kind == WIJK_SOCIETY || (p->kind == WIJK_PUBLIC && purse->is_public) ||
                 (p->kind == WIJK_GROUP &&
                  !strcmp(purse->group, wijk_purse_at(a->prices, (size_t)p->purse)->group)));
            sum += member ? q->net : 0;
        }
        assert_true(p->kind == WIJK_PURSE || sum == p->net);
    }
}

static void test_random_ledgers(void **state)
{
    (void)state;
    wijk_prices *prices;
    assert_int_equal(wijk_prices_open(&prices), 0);
    size_t purses = wijk_purse_count(prices);
    static wijk_account_line lines[12];
    for (uint32_t round = 0; round < 400; round++) {
        wijk_account a = {
            .title = "", .first_year = 2024, .price_year = 2024, .lines = lines, .prices = prices};
        a.years = 1 + (int)(uniform(round, 1) * 20);
        a.discount = uniform(round, 2) * 0.1 - 0.02;
        a.count = 1 + (size_t)(uniform(round, 3) * 12);
        for (uint32_t i = 0; i < a.count; i++) {
            random_line(&lines[i], round, i + 1 > 11 ? 0 : i, a.years, purses);
        }
        lines[a.count - 1].id = "last";
        size_t draws = round % 20 ? 0 : 700;
        wijk_account_result *r = reckon(&a, draws), *again;
        check_adding_up(&a, r);
        int64_t total = wijk_account_society(r)->net, cost = wijk_account_society(r)->cost;
        double chance = wijk_account_society(r)->chance, low = wijk_account_society(r)->low;

        /* Somebody else pays and gains: the same society, to the cent and in every draw. */
        for (size_t i = 0; i < a.count; i++) {
            memset(lines[i].to, 0, sizeof lines[i].to);
            lines[i].to[(i * 7 + round) % purses] = 0.1;
            lines[i].to[(i * 5 + round + 1) % purses] += 0.2;
        }
        again = reckon(&a, draws);
        check_adding_up(&a, again);
        assert_true(wijk_account_society(again)->net == total);
        assert_true(wijk_account_society(again)->cost == cost);
        assert_true(draws == 0 || (wijk_account_society(again)->chance == chance &&
                                   wijk_account_society(again)->low == low));
        wijk_account_result_free(again);

        /* Money of another year: the same total times the factor, to half a cent an amount. */
        wijk_account_options options = {.money_year = 2010};
        double factor;
        assert_int_equal(wijk_index_factor(&factor, NULL, prices, "cpi", 2024, 2010), 0);
        assert_int_equal(wijk_account_reckon(&again, &a, &options, NULL), 0);
        check_adding_up(&a, again);
        double amounts = (double)a.count * a.years;
        assert_true(fabs((double)wijk_account_society(again)->net / factor - (double)total) <=
                    amounts * 0.5 * (1 + 1 / factor) + 1e-3);
        assert_int_equal(again->price_year, 2010);
        wijk_account_result_free(again);
        wijk_account_result_free(r);
    }
    wijk_prices_free(prices);
}

/* ---- the same bytes
 * ---------------------------------------------------------------------------------- */

static void test_threads_and_order(void **state)
{
    (void)state;
    wijk_prices *prices;
    assert_int_equal(wijk_prices_open(&prices), 0);
    static wijk_account_line lines[10];
    wijk_account a = {.title = "",
                      .first_year = 2024,
                      .years = 6,
                      .price_year = 2024,
                      .discount = 0.0225,
                      .lines = lines,
                      .count = 10,
                      .prices = prices};
    for (uint32_t i = 0; i < 10; i++) {
        random_line(&lines[i], 5, i, 6, wijk_purse_count(prices));
    }
    wijk_account_result *one, *other;
    wijk_account_options options = {.draws = 5001, .seed = 3, .threads = 1};
    assert_int_equal(wijk_account_reckon(&one, &a, &options, NULL), 0);
    for (unsigned threads = 2; threads < 5; threads++) {
        options.threads = threads;
        assert_int_equal(wijk_account_reckon(&other, &a, &options, NULL), 0);
        for (size_t i = 0; i < one->party_count; i++) {
            const wijk_party *p = &one->parties[i], *q = &other->parties[i];
            assert_true(p->net == q->net && p->mean == q->mean && p->chance == q->chance);
            assert_true(p->low == q->low && p->median == q->median && p->high == q->high);
        }
        wijk_account_result_free(other);
    }
    wijk_account_line first = lines[0];
    memmove(lines, lines + 1, 9 * sizeof *lines);
    lines[9] = first;
    assert_int_equal(wijk_account_reckon(&other, &a, &options, NULL), 0);
    assert_true(wijk_account_society(other)->net == wijk_account_society(one)->net);
    /* Another order of adding doubles: the same to their last digits. */
    double band = wijk_account_society(one)->high - wijk_account_society(one)->low;
    assert_true(fabs(wijk_account_society(other)->median - wijk_account_society(one)->median) <
                1e-9 * band);
    wijk_account_result_free(other);
    options.seed = 4;
    assert_int_equal(wijk_account_reckon(&other, &a, &options, NULL), 0);
    assert_true(wijk_account_society(other)->median != wijk_account_society(one)->median);
    wijk_account_result_free(other);
    wijk_account_result_free(one);
    wijk_prices_free(prices);
}

static void test_swings(void **state)
{
    (void)state;
    wijk_account_file *file =
        read_text("start,2024\nyears,1\nprice_year,2024\ndiscount,0\n"
                  "id,kind,what,purse,amount,source,quantity,reach,evidence,cash\n"
                  "c,cost,a,corp,100,x,10,0.1..0.5..0.6,,yes\n"
                  "b,benefit,b,corp,90..100..130,x,20,0.2..0.5..0.8,5,yes\n");
    wijk_swing swings[5];
    size_t count;
    assert_int_equal(wijk_account_swings(swings, &count, 5, wijk_account_of(file), WIJK_PLANNED),
                     0);
    assert_int_equal(count, 2);
    /* Reach moves both: 20*100*r - 10*100*r. */
    assert_int_equal(swings[0].factor, WIJK_REACH);
    assert_int_equal(swings[0].lines, 2);
    assert_true(fabs(swings[0].at_low - (20 * 0.2 - 10 * 0.1) * 10000) < 1e-6);
    assert_true(fabs(swings[0].at_high - (20 * 0.8 - 10 * 0.6) * 10000) < 1e-6);
    assert_int_equal(swings[1].factor, WIJK_PRICE);
    assert_true(fabs(swings[1].at_high - (10 * 130 - 500) * 100) < 1e-6);
    wijk_account_file_free(file);
}

/* Every figure opens its derivation: the lines of a party add up to it, and name price, year, grade
 * and source. */
static void test_derivation(void **state)
{
    (void)state;
    wijk_account_file *file = read_text(
        "title,\"A \"\"plan\"\"\"\n" HEAD
        "id,kind,what,purse,price,amount,amount_year,source,unit,quantity,reach,effect,deadweight,"
        "evidence,cash\n"
        "k,cost,casework,gem_debt|corp,P-44,,,,,100..120..150,,,,,\n"
        "h,cost,hall,gem_wmo,,1000,2015,budget 2015,,1,,,,,\n"
        "b,benefit,care avoided,,P-41,,,,,80,50%,0.3,=net.housing,2,\n"
        "n,benefit,nights,,,,,,night,80,,,,2,\n");
    const wijk_account *a = wijk_account_of(file);
    wijk_account_result *r = reckon(a, 600);
    wijk_str text = WIJK_STR_INIT;
    for (size_t i = 0; i < r->party_count; i++) {
        int64_t sum = 0;
        for (size_t l = 0; l < a->count; l++) {
            sum += wijk_account_part(a, r, l, &r->parties[i]);
        }
        assert_true(sum == r->parties[i].net);
        for (int lang = 0; lang < 2; lang++) {
            wijk_str_clear(&text);
            wijk_account_explain_party(&text, (wijk_lang)lang, a, r, &r->parties[i]);
            assert_int_equal(wijk_str_status(&text), 0);
        }
    }
    wijk_str_clear(&text);
    wijk_account_explain_party(&text, WIJK_NL, a, r, wijk_account_society(r));
    static const char *const must[] = {"casework (k)", "120 (100 tot 150)",
                                       "P-44",         "Kostenhandleiding",
                                       "graad A",      "64,00",
                                       "budget 2015",  "2,25%",
                                       "50%",          "Additionality Guide"};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        if (!strstr(wijk_str_text(&text), must[i])) {
            fail_msg("no \"%s\" in\n%s", must[i], wijk_str_text(&text));
        }
    }
    wijk_str_free(&text);
    wijk_account_result_free(r);
    wijk_account_file_free(file);
}

static void test_cancel_and_memory(void **state)
{
    (void)state;
    const char *text = HEAD "id,kind,what,purse,amount,source,evidence,cash\n"
                            "b,benefit,b,corp,1..2..3,x,5,yes\n";
    wijk_account_file *file = read_text(text);
    wijk_account_result *r;
    wijk_ctx ctx = {0};
    wijk_account_options options = {.draws = 5000, .threads = 1};
    atomic_store(&ctx.cancel, 1);
    assert_int_equal(wijk_account_reckon(&r, wijk_account_of(file), &options, &ctx), WIJK_ECANCEL);
    assert_null(r);
    options.draws = WIJK_MAX_DRAWS + 1;
    assert_int_equal(wijk_account_reckon(&r, wijk_account_of(file), &options, NULL), WIJK_EINVAL);
    options.draws = 100;
    options.money_year = 2031;
    assert_int_equal(wijk_account_reckon(&r, wijk_account_of(file), &options, NULL), WIJK_EINVAL);
    options.money_year = 0;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        wijk_alloc_fail_at(n, 0);
        rc = wijk_account_reckon(&r, wijk_account_of(file), &options, NULL);
        wijk_alloc_fail_at(0, 0);
        assert_true((rc == WIJK_ENOMEM && !r) || rc == 0);
    }
    wijk_account_result_free(r);
    wijk_account_file_free(file);
    rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        wijk_alloc_fail_at(n, 0);
        rc = wijk_account_read(&file, text, strlen(text), "test.csv", NULL, 0, "");
        wijk_alloc_fail_at(0, 0);
        assert_true((rc == WIJK_ENOMEM && !file) || rc == 0);
    }
    wijk_account_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_payback),
        cmocka_unit_test(test_transfer),
        cmocka_unit_test(test_unknown_price),
        cmocka_unit_test(test_triangle),
        cmocka_unit_test(test_what_is_wrong_together),
        cmocka_unit_test(test_price_level),
        cmocka_unit_test(test_uncertain_dropoff),
        cmocka_unit_test(test_random_ledgers),
        cmocka_unit_test(test_threads_and_order),
        cmocka_unit_test(test_swings),
        cmocka_unit_test(test_derivation),
        cmocka_unit_test(test_cancel_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
