/* A policy beside doing nothing, many times: how long the pairs of a gemeente of 100,000 households
 * take, from a part of them, and beside it the dumbest method that gives the same band: pairs that
 * do not share their chance need so many more for the same error. And how soon a large city shows
 * something. Usage: bench_ensemble [PAIRS] */
#include "bench.h"

#include "wijk/ensemble.h"
#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>

enum { AREAS = 80, HOMES = 104000, CITY_AREAS = 114, CITY = 290000, MONTHS = 120, WANTED = 200 };

/* Variance of the difference within pairs, and of the difference between a policy run of one pair
 * and the do-nothing run of the next. */
static double gain_of_pairs(const wijk_population *town, const wijk_scenario *scenario)
{
    wijk_ensemble_options o = {.seed = 3, .years = 3};
    enum { TRIES = 8 };
    double with[TRIES], without[TRIES], paired = 0, loose = 0, mean = 0;
    for (uint32_t i = 0; i < TRIES; i++) {
        wijk_ensemble *e = NULL;
        wijk_bands b;
        o.first = o.last = i + 1;
        if (wijk_ensemble_run(&e, town, scenario, &o, NULL) ||
            wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_HERE, o.years, WIJK_OUT_STRAINED)) {
            wijk_ensemble_free(e);
            return NAN;
        }
        with[i] = b.scenario.median;
        without[i] = b.nothing.median;
        mean += (with[i] - without[i]) / TRIES;
        wijk_ensemble_free(e);
    }
    for (int i = 0; i < TRIES; i++) {
        double own = with[i] - without[i] - mean, other = with[i] - without[(i + 1) % TRIES] - mean;
        paired += own * own;
        loose += other * other;
    }
    return loose / paired;
}

typedef struct {
    double began, first; /* seconds until the first year was there */
} look;

static int see(void *payload, wijk_ensemble *so_far)
{
    look *l = payload;
    l->first = l->first > 0 ? l->first : bench_now() - l->began;
    wijk_ensemble_free(so_far);
    return WIJK_OK;
}

/* What somebody waits for at a large city (The Hague): the first year of the first pair, beside the
 * whole pair. Then the next policy for the same place, which finds doing nothing done. */
static int first_answer(const wijk_scenario *scenario)
{
    wijk_parameters defaults;
    wijk_population *city = NULL;
    wijk_ensemble *one = NULL, *two = NULL;
    look l = {0};
    wijk_ensemble_options o = {
        .seed = 1, .first = 1, .last = 1, .years = MONTHS / 12, .grown = see, .payload = &l};
    int rc = wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_population_sample(&city, 1, CITY_AREAS, CITY / CITY_AREAS, &defaults, 1);
    l.began = bench_now();
    rc = rc ? rc : wijk_ensemble_run(&one, city, scenario, &o, NULL);
    double whole = bench_now() - l.began;
    o.grown = NULL;
    o.known = (const wijk_ensemble *const *)&one;
    o.n_known = 1;
    double before = bench_cpu();
    rc = rc ? rc : wijk_ensemble_run(&two, city, scenario, &o, NULL);
    double next = bench_cpu() - before;
    o.n_known = 0;
    wijk_ensemble_free(two);
    two = NULL;
    before = bench_cpu();
    rc = rc ? rc : wijk_ensemble_run(&two, city, scenario, &o, NULL);
    double plain = bench_cpu() - before;
    if (!rc) {
        bench_line("first look at 280,000 households", l.first, 2, '>', "s",
                   "its first year; all ten years of the pair %.1f s", whole);
        bench_line("  the next policy for the same place", next / plain, 0, '>', "of the work",
                   "doing nothing is known: %.2f against %.2f processor seconds", next, plain);
    }
    wijk_ensemble_free(one);
    wijk_ensemble_free(two);
    wijk_population_free(city);
    return rc;
}

/* A policy that begins after five of the ten years: until then its two runs are one. */
static int late_start(const wijk_population *town, const wijk_change *changes, size_t n)
{
    wijk_change late[8];
    double seconds[2] = {0};
    int rc = WIJK_OK;
    for (int from = 0; !rc && from < 2; from++) {
        wijk_ensemble *e = NULL;
        const wijk_scenario scenario = {late, n};
        const wijk_ensemble_options o = {
            .seed = 1, .first = 1, .last = 2, .years = MONTHS / 12, .threads = 1};
        for (size_t i = 0; i < n; i++) {
            late[i] = changes[i];
            late[i].month = from * MONTHS / 2;
        }
        double began = bench_cpu();
        rc = wijk_ensemble_run(&e, town, &scenario, &o, NULL);
        seconds[from] = bench_cpu() - began;
        wijk_ensemble_free(e);
    }
    if (!rc) {
        bench_line("  the same of a policy after five years", seconds[1] / seconds[0], 0, '>',
                   "of the work", "months before it are run once a pair: %.2f against %.2f s",
                   seconds[1] / 2, seconds[0] / 2);
    }
    return rc;
}

int main(int argc, char **argv)
{
    const wijk_change changes[] = {{0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SPREADING_CAP, 20},
                                   {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 2},
                                   {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_WIJKTEAM, 1.5},
                                   {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_VISIT_COVERAGE, 20}};
    const wijk_scenario scenario = {changes, sizeof changes / sizeof *changes};
    uint32_t pairs = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 8;
    wijk_parameters defaults;
    wijk_population *town = NULL, *small = NULL;
    wijk_ensemble *e = NULL;
    int rc = wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_population_sample(&town, 1, AREAS, HOMES / AREAS, &defaults, 1);
    rc = rc ? rc : wijk_population_sample(&small, 1, 4, 1000, &defaults, 1);
    const wijk_ensemble_options o = {.seed = 1, .first = 1, .last = pairs, .years = MONTHS / 12};
    double begin = bench_now(), processor = bench_cpu();
    rc = rc ? rc : wijk_ensemble_run(&e, town, &scenario, &o, NULL);
    double took = bench_now() - begin;
    processor = bench_cpu() - processor;
    if (!rc) {
        double households = (double)wijk_population_households(town);
        double gain = gain_of_pairs(small, &scenario);
        bench_line("200 pairs, 100,000 households, 10 years", took / pairs * WANTED, 120, '>', "s",
                   "reckoned from %u pairs (%.1f s); 2 × %.0f households; without shared chance "
                   "%.1f times as many pairs for the same error",
                   pairs, took, households, gain);
        bench_line("  the same in processor time over two cores", processor / 2 / pairs * WANTED,
                   120, '>', "s", "what other work on the machine does not stretch");
        bench_line("  household-months a second, results kept",
                   2 * households * MONTHS * pairs / took / 1e6, 0, '<', "million", "peak %.0f MiB",
                   bench_peak());
    }
    rc = rc ? rc : late_start(town, changes, scenario.n);
    rc = rc ? rc : first_answer(&scenario);
    if (rc) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
    }
    wijk_ensemble_free(e);
    wijk_population_free(town);
    wijk_population_free(small);
    return rc != 0;
}
