/* The indices of one table of counts, over distance and by the nearest people, on 14,000 areas x 5
 * groups with 18.6 million people (and 224,000 units), made up by seed. Beside each line the peer
 * that the limits were set against and the dumbest method that could do the same, in this run. */
#include "bench.h"

#include "wijk/nearest.h"
#include "wijk/ordered.h"
#include "wijk/plain.h"
#include "wijk/proximity.h"
#include "wijk/rng.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"
#include "wijk/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { AREAS = 14000, GROUPS = 5, TOWNS = 400, RADII = 10, SIZES = 10 };

typedef struct {
    double *counts, *x, *y;
    size_t areas;
} country;

static const double radii[RADII] = {250, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000};
static const double sizes[SIZES] = {100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200};

static double uniform(uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){3, 7, place, 0, nth});
}

/* Towns of all sizes: the n-th has 1/(n + 10) of the areas of the first, in a disc that grows with
 * it, and leans of its own. `per` units to an area, within 300 m, as small squares would be. */
static int make(country *c, size_t per)
{
    double share[TOWNS], sum = 0, people = 0;
    c->areas = AREAS * per;
    c->counts = calloc(c->areas * GROUPS, sizeof *c->counts);
    c->x = calloc(c->areas, sizeof *c->x);
    c->y = calloc(c->areas, sizeof *c->y);
    if (!c->counts || !c->x || !c->y) {
        return -1;
    }
    for (size_t t = 0; t < TOWNS; t++) {
        share[t] = (sum += 1.0 / (double)(t + 10));
    }
    for (uint32_t a = 0; a < AREAS; a++) {
        uint32_t t = 0;
        double at = uniform(a, 0) * sum, angle = uniform(a, 1) * 6.283185307179586;
        while (t + 1 < TOWNS && share[t] < at) {
            t++;
        }
        double far = 30000 / sqrt((double)t + 10) * sqrt(uniform(a, 2));
        double x = 20000 + 250000 * uniform(t, 10) + far * cos(angle);
        double y = 310000 + 300000 * uniform(t, 11) + far * sin(angle);
        for (uint32_t u = 0; u < per; u++) {
            uint32_t i = a * (uint32_t)per + u;
            c->x[i] = floor(x + (per > 1 ? 600 * uniform(i, 20) - 300 : 0));
            c->y[i] = floor(y + (per > 1 ? 600 * uniform(i, 21) - 300 : 0));
            for (uint32_t g = 0; g < GROUPS; g++) {
                double lean = uniform(t, 12 + g) * uniform(a, 3 + g) * uniform(i, 22 + g);
                people += c->counts[i * GROUPS + g] = lean;
            }
        }
    }
    for (size_t k = 0; k < c->areas * GROUPS; k++) {
        c->counts[k] = floor(c->counts[k] * 18.6e6 / people + 0.5);
    }
    return 0;
}

/* The best of `rounds`; leaves the function with a word on failure. */
#define BEST(seconds, rounds, call)                                                                \
    double seconds = 1e9;                                                                          \
    for (int round_ = 0; round_ < (rounds); round_++) {                                            \
        double start_ = bench_now();                                                               \
        if (call) {                                                                                \
            fprintf(stderr, "bench_measure: %s\n", wijk_error(WIJK_EN));                           \
            return 1;                                                                              \
        }                                                                                          \
        seconds = fmin(seconds, bench_now() - start_);                                             \
    }

/* ---- without a map ------------------------------------------------------------------------------
 */

static int every_index(const double *counts, size_t areas)
{
    wijk_segregation all;
    wijk_segregation_group each[GROUPS];
    return wijk_segregation_groups(&all, each, counts, areas, GROUPS, 0.5);
}

static int read_and_measure(const wijk_str *csv)
{
    const wijk_plain_columns columns = {.unit = "area", .groups = "a,b,c,d,e"};
    wijk_plain plain;
    int rc = wijk_plain_read(&plain, csv->data, csv->size, "bench.csv", &columns);
    rc = rc ? rc : every_index(plain.counts, plain.areas);
    wijk_plain_free(&plain);
    return rc;
}

/* Gini over all pairs, one area in ten. */
static double dumb_gini(const country *c)
{
    double start = bench_now(), sum = 0;
    for (size_t i = 0; i < c->areas; i += 10) {
        for (size_t j = 0; j < c->areas; j++) {
            double here = 0, there = 0;
            for (size_t g = 0; g < GROUPS; g++) {
                here += c->counts[i * GROUPS + g];
                there += c->counts[j * GROUPS + g];
            }
            for (size_t g = 0; g < GROUPS; g++) {
                sum += here * there *
                       fabs(c->counts[i * GROUPS + g] / here - c->counts[j * GROUPS + g] / there);
            }
        }
    }
    return sum > 0 ? 10 * (bench_now() - start) : 0;
}

static int without_map(const country *c)
{
    wijk_segregation_score *score = malloc(c->areas * sizeof *score);
    wijk_str csv = WIJK_STR_INIT;
    wijk_str_add(&csv, "area,a,b,c,d,e\n");
    for (size_t i = 0; i < c->areas; i++) {
        const double *n = c->counts + i * GROUPS;
        wijk_str_addf(&csv, "BU%08zu,%.0f,%.0f,%.0f,%.0f,%.0f\n", i, n[0], n[1], n[2], n[3], n[4]);
    }
    if (!score || wijk_str_status(&csv)) {
        return 1;
    }
    BEST(all, 20, every_index(c->counts, c->areas))
    bench_line("all indices without a map", all * 1e3, 5, '>', "ms",
               "Gini over all pairs: %.1f s; PySAL 10-140 ms each, Gini 26.5 s and 4.8 GB",
               dumb_gini(c));
    BEST(local, 10, wijk_segregation_scores(score, c->counts, c->areas, GROUPS))
    bench_line("  local scores of each area", local * 1e3, 0, '>', "ms",
               "D, G, H, M, R, C, E and I");
    wijk_ordered ordered;
    BEST(order, 10, wijk_ordered_all(&ordered, NULL, c->counts, c->areas, GROUPS))
    bench_line("  ordered groups", order * 1e3, 0, '>', "ms", "rank-order and three ordinal");
    BEST(read, 10, read_and_measure(&csv))
    bench_line("all indices, reading the CSV included", read * 1e3, 20, '>', "ms", "%.1f MB",
               (double)csv.size / 1e6);
    wijk_str_free(&csv);
    free(score);
    return 0;
}

/* ---- over distance ------------------------------------------------------------------------------
 */

/* What areas meet, by going past everybody at every radius: one area in `step`. */
static double dumb_profile(const country *c, size_t step)
{
    double start = bench_now(), sum = 0;
    for (size_t i = 0; i < c->areas; i += step) {
        for (size_t k = 0; k < RADII; k++) {
            double met[GROUPS] = {0};
            for (size_t j = 0; j < c->areas; j++) {
                double q = hypot(c->x[i] - c->x[j], c->y[i] - c->y[j]) / radii[k];
                for (size_t g = 0; q < 1 && g < GROUPS; g++) {
                    met[g] += (1 - q * q) * (1 - q * q) * c->counts[j * GROUPS + g];
                }
            }
            sum += met[0];
        }
    }
    return sum > 0 ? (double)step * (bench_now() - start) : 0;
}

static int profile(const country *c, const char *what, double limit, size_t step, const char *peer)
{
    wijk_scale out[RADII];
    BEST(took, 5,
         wijk_segregation_scale(out, radii, RADII, WIJK_KERNEL_BIWEIGHT, c->counts, c->x, c->y,
                                c->areas, GROUPS, NULL))
    bench_line(what, took, limit, '>', "s",
               "everybody at every radius: %.0f s%s; %.0f areas in 5 km", dumb_profile(c, step),
               peer, out[RADII - 1].neighbours);
    return 0;
}

/* All pairs, as written down: one area in ten. */
static double dumb_proximity(const country *c, double decay)
{
    double start = bench_now(), sum = 0;
    for (size_t i = 0; i < c->areas; i += 10) {
        for (size_t j = 0; j < c->areas; j++) {
            double w = exp(-hypot(c->x[i] - c->x[j], c->y[i] - c->y[j]) / decay);
            for (size_t g = 0; g < GROUPS; g++) {
                sum += w * c->counts[j * GROUPS + g];
            }
        }
    }
    return sum > 0 ? 10 * (bench_now() - start) : 0;
}

static int all_pairs(const country *c, double decay, const char *what)
{
    double between[GROUPS * GROUPS], meets[GROUPS * GROUPS];
    const wijk_proximity_parts parts = {between, meets, NULL};
    const wijk_proximity_input in = {c->counts, c->x, c->y, NULL, c->areas, GROUPS, decay};
    wijk_proximity out;
    BEST(took, 5, wijk_proximity_all(&out, &parts, &in, NULL))
    bench_line(what, took, 0.3, '>', "s", "double loop: %.1f s; PySAL 22-28 s and 6-8 GB each",
               dumb_proximity(c, decay));
    return 0;
}

static const country *sorted;
static size_t centre;

static int by_distance(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    double di = hypot(sorted->x[i] - sorted->x[centre], sorted->y[i] - sorted->y[centre]);
    double dj = hypot(sorted->x[j] - sorted->x[centre], sorted->y[j] - sorted->y[centre]);
    return (di > dj) - (di < dj);
}

/* Everybody sorted by distance: one area in 500. */
static double dumb_nearest(const country *c)
{
    size_t *order = malloc(c->areas * sizeof *order);
    double start = bench_now();
    sorted = c;
    for (centre = 0; order && centre < c->areas; centre += 500) {
        for (size_t i = 0; i < c->areas; i++) {
            order[i] = i;
        }
        qsort(order, c->areas, sizeof *order, by_distance);
    }
    free(order);
    return 500 * (bench_now() - start);
}

static int by_people(const country *c, const char *what, int dumb)
{
    const wijk_nearest_input in = {c->counts, c->x, c->y, c->areas, GROUPS};
    wijk_nearest out[SIZES];
    BEST(took, 3, wijk_nearest_all(out, NULL, NULL, sizes, SIZES, &in, NULL))
    if (dumb) {
        bench_line(what, took, 0, '>', "s", "everybody sorted by distance: %.0f s",
                   dumb_nearest(c));
    } else {
        bench_line(what, took, 0, '>', "s", "%.0f areas hold 51,200 people",
                   out[SIZES - 1].neighbours);
    }
    return 0;
}

int main(void)
{
    country small, large;
    if (make(&small, 1) || make(&large, 16)) {
        return 1;
    }
    int rc = without_map(&small);
    rc = rc ? rc
            : profile(&small, "H, D and R over ten radii to 5 km", 0.1, 10,
                      "; PySAL 268 s and 12 GB");
    rc = rc ? rc : profile(&large, "  224,000 units", 1, 5000, "");
    rc = rc ? rc : all_pairs(&small, 1000, "proximity, decay 1 km");
    rc = rc ? rc : all_pairs(&small, 100000, "proximity, decay 100 km (no pair passed over)");
    rc = rc ? rc : by_people(&small, "H, D and R over ten sizes to 51,200 people", 1);
    rc = rc ? rc : by_people(&large, "  224,000 units", 0);
    bench_line("peak memory of all this", bench_peak(), 100, '>', "MiB", "input included");
    return rc;
}
