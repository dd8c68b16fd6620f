/* The speed of effect estimates: 4,000 areas in seven waves, 500 donors.
 * Beside each the packages measured on such a machine, and the dumbest method in this run. */
#include "bench.h"

#include "wijk/did.h"
#include "wijk/group_time.h"
#include "wijk/rng.h"
#include "wijk/synthetic.h"

#include <math.h>
#include <stdlib.h>

enum { AREAS = 4000, WAVES = 7, DONORS = 500, LONG = 20 };

static double outcome[(AREAS + 1) * LONG], year[LONG];
static int start[AREAS + 1];
static size_t cluster[AREAS];

static wijk_panel panel(size_t areas, size_t waves, size_t treated, int stagger)
{
    for (size_t i = 0; i < areas; i++) {
        start[i] = i >= treated ? WIJK_NEVER : stagger ? 2 + (int)(i % 4) : 4;
        for (size_t t = 0; t < waves; t++) {
            wijk_draw draw = {.seed = 1, .place = (uint32_t)i, .time = (uint32_t)t};
            outcome[i * waves + t] = wijk_rng_normal(draw) + (double)(i % 17) * 0.1;
        }
    }
    for (size_t t = 0; t < waves; t++) {
        year[t] = 2000 + 2 * (double)t;
    }
    return (wijk_panel){
        .units = areas, .waves = waves, .outcome = outcome, .year = year, .start = start};
}

/* Every permutation computed from all the cells again. */
static double dumb_permutations(const wijk_panel *p, size_t draws)
{
    double began = bench_now(), largest = 0;
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = 2});
    for (size_t d = 0; d < draws; d++) {
        for (size_t i = p->units - 1; i > 0; i--) {
            size_t j = wijk_rng_below(&stream, (uint32_t)i + 1);
            int swap = start[i];
            start[i] = start[j];
            start[j] = swap;
        }
        double sum[2][2] = {{0}}, n[2] = {0};
        for (size_t i = 0; i < p->units; i++) {
            int in = start[i] != WIJK_NEVER;
            n[in] += 1;
            for (size_t t = 0; t < p->waves; t++) {
                sum[in][t >= 4] += outcome[i * p->waves + t];
            }
        }
        double effect =
            (sum[1][1] / 3 - sum[1][0] / 4) / n[1] - (sum[0][1] / 3 - sum[0][0] / 4) / n[0];
        largest = fabs(effect) > largest ? fabs(effect) : largest;
    }
    return bench_now() - began + 0 * largest;
}

static void difference_in_differences(void)
{
    wijk_panel p = panel(AREAS, WAVES, 400, 0);
    wijk_did r;
    wijk_did_options o = {.draws = 1000};
    double began = bench_now();
    wijk_did_estimate(&r, &p, &o, NULL);
    double took = bench_now() - began;
    double dumb = dumb_permutations(&p, 100) * 10;
    bench_line("did, 1,000 permutations, 4,000 x 7", took, 0.05, '>', "s",
               "all cells again each time: %.2f s; R by hand 0.23, ritest 0.85, fixest 10.7", dumb);

    p = panel(AREAS, WAVES, 400, 0);
    for (size_t i = 0; i < AREAS; i++) {
        cluster[i] = i / 100;
    }
    wijk_wild w;
    began = bench_now();
    wijk_did_wild(&w, &p, cluster, 40, 99999, 1, NULL);
    bench_line("wild bootstrap, 99,999 draws, 40 clusters", bench_now() - began, 0.2, '>', "s",
               "R fwildclusterboot 2.3");
}

static void group_time(void)
{
    wijk_panel p = panel(AREAS, WAVES, 2000, 1);
    wijk_group_time r;
    wijk_group_time_options o = {.draws = 1000};
    double began = bench_now();
    wijk_group_time_estimate(&r, &p, &o, NULL);
    double took = bench_now() - began;
    size_t cells = r.cell_count;
    wijk_group_time_free(&r);
    o.draws = 1;
    began = bench_now();
    wijk_group_time_estimate(&r, &p, &o, NULL);
    wijk_group_time_free(&r);
    bench_line("group-time, 1,000 bootstraps, 4,000 x 7", took, 0.2, '>', "s",
               "%zu cells; everything estimated again each time: %.0f s; R did 2.6-2.9", cells,
               1000 * (bench_now() - began));
}

/* A thousand steps of Frank-Wolfe over the same numbers. */
static double dumb_weights(const wijk_panel *p, double *left)
{
    double began = bench_now(), w[DONORS] = {0}, mix[LONG];
    w[0] = 1;
    for (int step = 0; step < 1000; step++) {
        size_t best = 0;
        double low = INFINITY;
        *left = 0;
        for (size_t t = 0; t < p->waves - 4; t++) {
            mix[t] = -outcome[DONORS * p->waves + t];
            for (size_t j = 0; j < DONORS; j++) {
                mix[t] += w[j] * outcome[j * p->waves + t];
            }
            *left += mix[t] * mix[t];
        }
        for (size_t j = 0; j < DONORS; j++) {
            double slope = 0;
            for (size_t t = 0; t < p->waves - 4; t++) {
                slope += outcome[j * p->waves + t] * mix[t];
            }
            best = slope < low ? j : best;
            low = slope < low ? slope : low;
        }
        for (size_t j = 0; j < DONORS; j++) {
            w[j] *= 1 - 2.0 / (step + 3);
        }
        w[best] += 2.0 / (step + 3);
    }
    return bench_now() - began;
}

static void synthetic(void)
{
    wijk_panel p = panel(DONORS + 1, LONG, 0, 0);
    start[DONORS] = LONG - 4;
    wijk_synthetic r;
    wijk_synthetic_options o = {.placebos = 1};
    double left, began = bench_now();
    wijk_synthetic_estimate(&r, &p, &o, NULL);
    double one = (bench_now() - began) / 2; /* the treated and one placebo */
    double fit = r.fit;
    wijk_synthetic_free(&r);
    double dumb = dumb_weights(&p, &left);
    bench_line("synthetic control, 500 donors x 20 waves", one, 0.05, '>', "s",
               "1,000 steps of Frank-Wolfe: %.3f s, gap %.4f against %.4f; R Synth 1.8", dumb,
               sqrt(left / (LONG - 4)), fit);
    o.placebos = 0;
    began = bench_now();
    wijk_synthetic_estimate(&r, &p, &o, NULL);
    wijk_synthetic_free(&r);
    bench_line("  with all 500 placebos", bench_now() - began, 5, '>', "s", "R Synth about 450");
    bench_line("  peak memory", bench_peak(), 0, '>', "MiB", "%s", "");
}

int main(void)
{
    difference_in_differences();
    group_time();
    synthetic();
    return 0;
}
