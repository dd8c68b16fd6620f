/* The start population: how long the whole country takes, what it weighs, how many areas hold, and
 * beside it raking by turns, the usual way, and rounding by chance. Usage: bench_population
 * FILE.wijk (with the real buurten loaded; without a file it says so and stops). */
#include "bench.h"

#include "foresee/start.h"

#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One margin met exactly by a factor exp(theta x coefficient): Newton's method in one dimension. */
static double meet(const seed_table *seed, int row, double target, double *w)
{
    double theta = 0, before = -1;
    for (int step = 0; step < 50; step++) {
        double sum = 0, slope = 0;
        for (size_t k = 0; k < seed->kinds; k++) {
            double c = fit_coefficient(&seed->kind[k], row);
            double part = c != 0 ? w[k] * c * exp(theta * c) : 0;
            sum += part;
            slope += part * c;
        }
        before = before < 0 ? sum : before;
        if (fabs(sum - target) < 1e-6 || slope <= 0) {
            break;
        }
        theta += fmax(fmin((target - sum) / slope, 1), -3);
    }
    for (size_t k = 0; k < seed->kinds; k++) {
        w[k] *= exp(theta * fit_coefficient(&seed->kind[k], row));
    }
    return fabs(before - target);
}

/* Raking by turns of the same rows: one after the other, until all are within half a household.
 * Returns the passes it took, -1 past 2,000. */
static int rake(const seed_table *seed, const fit_margins *m, double *w)
{
    for (size_t k = 0; k < seed->kinds; k++) {
        w[k] = 0;
        for (size_t i = 0; i < seed->segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                w[k] += seed->weight[k][i][t] * m->target[FIT_HOUSEHOLDS];
            }
        }
    }
    for (int pass = 1; pass <= 2000; pass++) {
        double worst = 0;
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            if (isfinite(m->sigma[r])) {
                worst = fmax(worst, meet(seed, r, m->target[r], w));
            }
        }
        if (worst < 0.5) {
            return pass;
        }
    }
    return -1;
}

/* The margins of an area as its start has them, structure only. */
static void margins_of(fit_margins *out, const wijk_start_area *area)
{
    static const struct {
        int row;
        wijk_margin margin;
    } rows[] = {{FIT_HOUSEHOLDS, WIJK_MARGIN_HOUSEHOLDS}, {FIT_SINGLE, WIJK_MARGIN_SINGLE},
                {FIT_CHILDLESS, WIJK_MARGIN_CHILDLESS},   {FIT_AGE, WIJK_MARGIN_AGE_0},
                {FIT_AGE + 1, WIJK_MARGIN_AGE_15},        {FIT_AGE + 2, WIJK_MARGIN_AGE_25},
                {FIT_AGE + 3, WIJK_MARGIN_AGE_45},        {FIT_AGE + 4, WIJK_MARGIN_AGE_65},
                {FIT_HOUSED, WIJK_MARGIN_HOUSED}};
    for (int r = 0; r < FIT_ROWS; r++) {
        out->target[r] = 0;
        out->sigma[r] = INFINITY;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        /* What came out, so that both methods have margins that can be met. */
        out->target[rows[i].row] = (double)area->fitted[rows[i].margin].synthetic;
        out->sigma[rows[i].row] = 0.15;
    }
}

static void beside(const wijk_start *start)
{
    enum { SAMPLE = 300 };
    double newton = 0, turns = 0, w[SEED_KINDS];
    size_t done = 0, step = wijk_start_areas(start) / SAMPLE + 1, stuck = 0;
    static fit_table fit;
    for (size_t i = 0; i < wijk_start_areas(start); i += step) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        fit_margins m;
        if (area->households < 50) {
            continue;
        }
        margins_of(&m, area);
        double t0 = bench_now();
        int rc = fit_area(&fit, &start->seed, &m);
        double t1 = bench_now();
        stuck += rake(&start->seed, &m, w) < 0;
        double t2 = bench_now();
        newton += t1 - t0;
        turns += t2 - t1;
        done += rc == 0;
    }
    bench_line("fit of one area, Newton on all margins", 1e6 * newton / (double)done, 0, '>', "µs",
               "raking by turns, structure only: %.0f µs; %zu of %zu did not settle in 2,000 turns",
               1e6 * turns / (double)done, stuck, done);
}

static int run(const char *path)
{
    wijk_store *store;
    wijk_registry *registry = NULL;
    wijk_start *start = NULL;
    wijk_population *population = NULL;
    wijk_parameters parameters;
    double t0 = bench_now(), cpu = bench_cpu();
    int rc = wijk_store_open(&store, path, WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_parameters_default(&parameters);
    wijk_start_options options = {.level = WIJK_LEVELS, .seed = 1};
    rc = rc ? rc : wijk_start_new(&start, store, registry, &options, NULL);
    double t1 = bench_now();
    rc = rc ? rc : wijk_start_population(&population, start, &parameters, NULL);
    double t2 = bench_now(), used = bench_cpu() - cpu;
    if (!rc) {
        wijk_start_counts counts;
        wijk_start_count(&counts, start);
        double households = (double)wijk_population_households(population);
        bench_line("start population, whole country", t2 - t0, 20, '>', "s",
                   "%.2f million households in %zu areas; read and fit %.1f s, house %.1f s, "
                   "%.1f s of processor time on %u threads",
                   households / 1e6, wijk_start_areas(start), t1 - t0, t2 - t1, used,
                   wijk_threads(0, 1000));
        bench_line("the same, memory at most", bench_peak(), 1024, '>', "MiB",
                   "%.0f bytes per household, file and margins included",
                   bench_peak() * 1048576 / households);
        bench_line("areas whose published figures all hold",
                   100.0 * (double)counts.within / (double)counts.areas, 99, '<', "%",
                   "%zu of %zu; %zu contradict themselves, %zu missed otherwise", counts.within,
                   counts.areas, counts.conflict, counts.missed);
        beside(start);
    } else {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
    }
    wijk_population_free(population);
    wijk_start_free(start);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "bench_population FILE.wijk\n");
        return 2;
    }
    return run(argv[1]);
}
