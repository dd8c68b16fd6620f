/* How long an account takes: 100 lines, seven uncertain factors each, 100,000 draws, beside the
 * dumbest method that gives the same: draw after draw, line after line, and a sort. */
#include "wijk/account.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include "bench.h"

#include <math.h>
#include <stdlib.h>

enum { LINES = 100, DRAWS = 100000, ROUNDS = 5, YEARS = 10 };

static char ids[LINES][16], groups[LINES][16];

static void fill(wijk_account_line *lines, size_t purses, int apart)
{
    for (int i = 0; i < LINES; i++) {
        wijk_account_line *line = &lines[i];
        snprintf(ids[i], sizeof ids[i], "line %d", i);
        snprintf(groups[i], sizeof groups[i], "%d", apart ? i : 0);
        *line = (wijk_account_line){
            .id = ids[i], .what = "", .unit = "", .source = "", .group = groups[i]};
        line->kind = WIJK_BENEFIT;
        line->evidence = 3;
        line->priced = 1;
        line->years = YEARS;
        for (int f = 0; f < WIJK_FACTORS; f++) {
            line->factor[f] = (wijk_range){0.2, 0.3 + 0.001 * i, 0.5};
        }
        line->factor[WIJK_DISPLACEMENT] = (wijk_range){0, 0, 0};
        line->factor[WIJK_ATTRIBUTION] = (wijk_range){1, 1, 1};
        line->factor[WIJK_QUANTITY] = (wijk_range){100, 200, 400};
        line->factor[WIJK_PRICE] = (wijk_range){1000, 20000, 60000};
        for (int k = 0; k < YEARS; k++) {
            line->profile[k] = 1;
        }
        line->to[(size_t)i % purses] = 1;
        line->to[(size_t)(i + 1) % purses] = 1;
    }
}

static double reckon(const wijk_account *account, unsigned threads, double *median)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        wijk_account_result *result;
        wijk_account_options options = {.draws = DRAWS, .seed = 1, .threads = threads};
        double began = bench_now();
        if (wijk_account_reckon(&result, account, &options, NULL)) {
            fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
            exit(1);
        }
        double took = bench_now() - began;
        best = took < best ? took : best;
        *median = wijk_account_society(result)->median;
        wijk_account_result_free(result);
    }
    return best;
}

static double triangle(double u, wijk_range r)
{
    double width = r.high - r.low;
    return u < (r.central - r.low) / width ? r.low + sqrt(u * width * (r.central - r.low))
                                           : r.high - sqrt((1 - u) * width * (r.high - r.central));
}

static double one_line(const wijk_account_line *line, uint32_t nth, uint32_t place, double discount)
{
    double x[WIJK_FACTORS];
    for (int f = 0; f < WIJK_FACTORS; f++) {
        wijk_draw draw = {1, 2, place, nth, (uint32_t)f};
        x[f] = line->factor[f].low < line->factor[f].high
                   ? triangle(wijk_rng_uniform(draw), line->factor[f])
                   : line->factor[f].central;
    }
    double amount = x[WIJK_QUANTITY] * x[WIJK_REACH] * x[WIJK_EFFECT] * (1 - x[WIJK_DEADWEIGHT]) *
                    x[WIJK_ATTRIBUTION] * (1 - x[WIJK_DISPLACEMENT]) * x[WIJK_OPTIMISM] *
                    x[WIJK_PRICE];
    double sum = 0;
    for (int k = 0; k < line->years; k++) {
        sum += amount * line->profile[k] * pow(1 - x[WIJK_DROPOFF], k) / pow(1 + discount, k);
    }
    return sum;
}

/* Society and every purse, all draws, sorted. */
static double dumb(const wijk_account *account, size_t purses, double *median)
{
    double began = bench_now();
    double *all = wijk_alloc((purses + 1) * DRAWS * sizeof *all);
    for (uint32_t d = 0; all && d < DRAWS; d++) {
        for (uint32_t i = 0; i < LINES; i++) {
            double value = one_line(&account->lines[i], d, i, account->discount);
            all[d] += value;
            for (size_t p = 0; p < purses; p++) {
                all[(p + 1) * DRAWS + d] += value * account->lines[i].to[p] / 2;
            }
        }
    }
    for (size_t p = 0; all && p <= purses; p++) {
        double middle = wijk_quantile(all + p * DRAWS, DRAWS, 0.5);
        *median = p ? *median : middle;
    }
    wijk_free(all);
    return bench_now() - began;
}

int main(void)
{
    wijk_prices *prices;
    wijk_account_line *lines = wijk_alloc(LINES * sizeof *lines);
    if (!lines || wijk_prices_open(&prices)) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
        return 1;
    }
    wijk_account account = {.title = "",
                            .first_year = 2024,
                            .years = YEARS,
                            .price_year = 2024,
                            .discount = 0.0225,
                            .lines = lines,
                            .count = LINES,
                            .prices = prices};
    size_t purses = wijk_purse_count(prices);
    double median = 0, other = 0;
    fill(lines, purses, 1);
    double apart = reckon(&account, 0, &median);
    double one = reckon(&account, 1, &median);
    double slow = dumb(&account, purses, &other);
    bench_line("account, 100 lines apart, 100,000 draws", apart, 0.5, '>', "s",
               "draw by draw with pow() and a sort: %.1f s (medians %.2f%% apart)", slow,
               fabs(median / other - 1) * 100);
    bench_line("  one thread", one, 0, '>', "s", "%.1f million factors a second",
               LINES * 7.0 * DRAWS / one / 1e6);
    fill(lines, purses, 0);
    bench_line("  one group: lines share assumptions", reckon(&account, 0, &median), 0.5, '>', "s",
               " ");
    wijk_prices_free(prices);
    wijk_free(lines);
    return 0;
}
