/* The indices of one table of counts, over distance, and by the nearest people: how long they take
 * on 14,000 areas x 5 groups with 18.6 million people, made up by seed, beside the dumbest method.
 */
#include "bench.h"

#include "wijk/proximity.h"
#include "wijk/rng.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { AREAS = 14000, GROUPS = 5, TOWNS = 400 };

typedef struct {
    double *counts, *x, *y;
    size_t areas;
} country;

static double uniform(uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){3, 7, place, 0, nth});
}

/* Towns of all sizes: the n-th has 1/n of the areas of the first, in a disc that grows with it, and
 * leans of its own. `per` units in each area, within 300 m, as small squares would be. */
static int make(country *c, size_t per)
{
    double share[TOWNS], sum = 0;
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
        double width = 30000 / sqrt((double)t + 10), far = width * sqrt(uniform(a, 2));
        double x = 20000 + 250000 * uniform(t, 10) + far * cos(angle);
        double y = 310000 + 300000 * uniform(t, 11) + far * sin(angle);
        for (uint32_t u = 0; u < per; u++) {
            uint32_t i = a * (uint32_t)per + u;
            c->x[i] = floor(x + (per > 1 ? 600 * uniform(i, 20) - 300 : 0));
            c->y[i] = floor(y + (per > 1 ? 600 * uniform(i, 21) - 300 : 0));
            for (uint32_t g = 0; g < GROUPS; g++) {
                double lean = uniform(t, 12 + g) * uniform(a, 3 + g) * uniform(i, 22 + g);
                c->counts[i * GROUPS + g] = floor(lean * 18.6e6 * 8 / GROUPS / (double)c->areas);
            }
        }
    }
    return 0;
}

static const double radii[10] = {250, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000};

/* The best of `rounds`. */
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

static int profile(const country *c, const char *what, double limit)
{
    wijk_scale out[10];
    BEST(took, 3,
         wijk_segregation_scale(out, radii, 10, WIJK_KERNEL_BIWEIGHT, c->counts, c->x, c->y,
                                c->areas, GROUPS, NULL))
    bench_line(what, took, limit, '>', "s", "%.0f areas in 5 km", out[9].neighbours);
    return 0;
}

int main(void)
{
    country small, large;
    if (make(&small, 1) || make(&large, 16)) {
        return 1;
    }
    int rc = profile(&small, "H profile", 0.1);
    rc = rc ? rc : profile(&large, "H profile 224k", 1);
    wijk_proximity out;
    wijk_proximity_input in = {small.counts, small.x, small.y, NULL, AREAS, GROUPS, 1000};
    BEST(took, 3, wijk_proximity_all(&out, NULL, &in, NULL))
    bench_line("proximity 1 km", took, 0.3, '>', "s", "%g", out.spatial);
    in.decay = 100000;
    BEST(took2, 3, wijk_proximity_all(&out, NULL, &in, NULL))
    bench_line("proximity 100 km", took2, 0.3, '>', "s", "%g", out.spatial);
    printf("peak %.0f MiB\n", bench_peak());
    return rc;
}
