/* Change between two moments, fitted until converged, beside plain proportional fitting to the same
 * precision: the dumbest method that gives the same parts. */
#include "bench.h"

#include "wijk/change.h"
#include "wijk/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AREAS = 14000, GROUPS = 5 };

/* 18.6 million persons in areas of 200 to 8,000, mixed unevenly; `time` 1 is a later moment. */
static void make(double *out, uint32_t time)
{
    for (uint32_t i = 0; i < AREAS; i++) {
        double size = wijk_rng_uniform((wijk_draw){5, 0x42, i, 0, 0});
        double people = 200 + 7800 * size * size * size;
        for (uint32_t g = 0; g < GROUPS; g++) {
            double u = wijk_rng_uniform((wijk_draw){5, 0x42, i, 1, g});
            double v = wijk_rng_uniform((wijk_draw){5, 0x42, i, 2 + time, g});
            out[i * GROUPS + g] = floor(people / (1 + g) * u * u * (0.7 + 0.6 * v));
        }
    }
}

/* Rounds of proportional fitting until both margins agree to 1e-12. */
static int plain_fit(double *cell, const double *rows, const double *columns)
{
    for (int pass = 1; pass < 10000; pass++) {
        double worst = 0;
        for (size_t g = 0; g < GROUPS; g++) {
            double sum = 0;
            for (size_t i = 0; i < AREAS; i++) {
                sum += cell[i * GROUPS + g];
            }
            worst = fmax(worst, fabs(sum / columns[g] - 1));
            for (size_t i = 0; i < AREAS; i++) {
                cell[i * GROUPS + g] *= columns[g] / sum;
            }
        }
        for (size_t i = 0; i < AREAS; i++) {
            double sum = 0;
            for (size_t g = 0; g < GROUPS; g++) {
                sum += cell[i * GROUPS + g];
            }
            for (size_t g = 0; sum > 0 && g < GROUPS; g++) {
                cell[i * GROUPS + g] *= rows[i] / sum;
            }
        }
        if (worst < 1e-12) {
            return pass;
        }
    }
    return -1;
}

static double time_plain(const double *before, const double *after, int *passes)
{
    double *cell = malloc(AREAS * GROUPS * sizeof *cell), *rows = calloc(AREAS, sizeof *rows);
    double columns[GROUPS] = {0}, start = bench_now();
    for (size_t k = 0; cell && rows && k < (size_t)AREAS * GROUPS; k++) {
        rows[k / GROUPS] += after[k];
        columns[k % GROUPS] += after[k];
    }
    memcpy(cell, before, AREAS * GROUPS * sizeof *cell);
    *passes = plain_fit(cell, rows, columns);
    free(cell);
    free(rows);
    return 6 * (bench_now() - start); /* six of the eight tables need a fit */
}

int main(void)
{
    double *before = malloc(AREAS * GROUPS * sizeof *before);
    double *after = malloc(AREAS * GROUPS * sizeof *after);
    if (!before || !after) {
        return 1;
    }
    make(before, 0);
    make(after, 1);
    wijk_segregation_change change;
    double start = bench_now();
    int rc = wijk_change_between(&change, before, after, AREAS, GROUPS, NULL);
    double took = bench_now() - start;
    int passes;
    double plain = time_plain(before, after, &passes);
    bench_line(
        "change of M and H in parts, 14,000 x 5", took, 0.2, '>', "s",
        "R segregation 1.2 s, unconverged; plain fitting to 1e-12 %.2f s (%d passes; here %d "
        "steps)",
        plain, passes, change.steps);
    free(before);
    free(after);
    return rc ? 1 : 0;
}
