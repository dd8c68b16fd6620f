/* Drawing a table again: 14,000 areas x 5 groups with 18.6 million people, made up by seed. Beside
 * each line the dumbest method, person by person on one core, of which one draw is measured in the
 * same run. */
#include "bench.h"

#include "wijk/resample.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { AREAS = 14000, GROUPS = 5, CELLS = AREAS * GROUPS };

static double counts[CELLS], x[AREAS], y[AREAS];

static double uniform(uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){.seed = 11, .place = place, .nth = nth});
}

/* Sizes as skewed as those of Dutch buurten, mixes from even to nearly one group; areas lie in 350
 * towns, so that some have hundreds of neighbours and most have few. */
static double make_country(void)
{
    double total = 0;
    for (uint32_t i = 0; i < AREAS; i++) {
        uint32_t town = (uint32_t)(350 * uniform(i, 20) * uniform(i, 20));
        double normal = wijk_rng_normal((wijk_draw){.seed = 12, .place = i}), weight[GROUPS],
               sum = 0;
        double size = 1328 * exp(0.9 * normal - 0.405);
        x[i] = 270000 * uniform(town, 21) + 6000 * uniform(i, 23);
        y[i] = 300000 + 280000 * uniform(town, 22) + 6000 * uniform(i, 24);
        for (uint32_t g = 0; g < GROUPS; g++) {
            weight[g] = -log(uniform(i, g) + 1e-12) * (g ? 1 : 3);
            sum += weight[g];
        }
        for (uint32_t g = 0; g < GROUPS; g++) {
            counts[i * GROUPS + g] = floor(size * weight[g] / sum + 0.5);
            total += counts[i * GROUPS + g];
        }
    }
    return total;
}

static double processor(void) /* seconds that all threads together have worked */
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

static uint64_t state = 88172645463325252u;

static uint64_t quick(void) /* xorshift: the cheapest generator there is */
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* One bootstrap replicate, person by person: whoever is drawn is looked up by halving. */
static double dumb_bootstrap(double total)
{
    static double until[CELLS], drawn[CELLS];
    wijk_segregation all;
    double began = processor(), sum = 0;
    for (size_t c = 0; c < CELLS; c++) {
        until[c] = sum += counts[c];
    }
    memset(drawn, 0, sizeof drawn);
    for (double k = 0; k < total; k++) {
        double person = (double)(quick() >> 11) * 0x1p-53 * total;
        size_t low = 0, high = CELLS - 1;
        while (low < high) {
            size_t middle = (low + high) / 2;
            *(until[middle] <= person ? &low : &high) =
                until[middle] <= person ? middle + 1 : middle;
        }
        drawn[low]++;
    }
    return wijk_segregation_all(&all, drawn, AREAS, GROUPS) ? -1 : processor() - began;
}

/* One permutation: the groups of all people shuffled. */
static double dumb_permutation(double total)
{
    static double dealt[CELLS];
    wijk_segregation all;
    size_t n = 0;
    uint8_t *group = malloc((size_t)total);
    if (!group) {
        return -1;
    }
    for (size_t c = 0; c < CELLS; c++) {
        for (double k = 0; k < counts[c]; k++) {
            group[n++] = (uint8_t)(c % GROUPS);
        }
    }
    double began = processor();
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(((unsigned __int128)quick() * i) >> 64);
        uint8_t other = group[i - 1];
        group[i - 1] = group[j];
        group[j] = other;
    }
    memset(dealt, 0, sizeof dealt);
    n = 0;
    for (size_t i = 0; i < AREAS; i++) {
        double here = 0;
        for (size_t g = 0; g < GROUPS; g++) {
            here += counts[i * GROUPS + g];
        }
        for (double k = 0; k < here; k++) {
            dealt[i * GROUPS + group[n++]]++;
        }
    }
    int rc = wijk_segregation_all(&all, dealt, AREAS, GROUPS);
    free(group);
    return rc ? -1 : processor() - began;
}

/* The best of three. */
#define BEST(seconds, call)                                                                        \
    double seconds = 1e9;                                                                          \
    for (int round_ = 0; round_ < 3; round_++) {                                                   \
        double start_ = bench_now();                                                               \
        if (call) {                                                                                \
            fprintf(stderr, "bench_resample: %s\n", wijk_error(WIJK_EN));                          \
            return 1;                                                                              \
        }                                                                                          \
        seconds = fmin(seconds, bench_now() - start_);                                             \
    }

static int profile(void)
{
    static const double radii[10] = {250, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000};
    const wijk_resample_options o = {.replicates = 50};
    wijk_band band[WIJK_PROFILES * 10];
    wijk_scale scale[10];
    BEST(once, wijk_segregation_scale(scale, radii, 10, WIJK_KERNEL_BIWEIGHT, counts, x, y, AREAS,
                                      GROUPS, NULL))
    BEST(took, wijk_resample_profile(band, radii, 10, WIJK_KERNEL_BIWEIGHT, counts, x, y, AREAS,
                                     GROUPS, &o, NULL))
    bench_line("  bands of H, D, R, ten radii: a replicate", took / 50 * 1000, 0, '>', "ms",
               "the profile itself: %.1f ms; no package has such bands", once * 1000);
    return 0;
}

int main(void)
{
    double total = make_country();
    const wijk_resample_options thousand = {.replicates = 1000}, half = {.replicates = 500};
    const wijk_resample_options areas = {.replicates = 1000, .unit = WIJK_RESAMPLE_AREAS};
    wijk_resampled error[WIJK_INDICES];
    wijk_null_index null[WIJK_INDICES];
    wijk_difference difference[WIJK_INDICES];
    wijk_segregation_chance chance;
    printf("%d areas, %d groups, %.1f million people\n", AREAS, GROUPS, total / 1e6);
    double worked = processor();
    BEST(bootstrap, wijk_resample_bootstrap(error, counts, AREAS, GROUPS, &thousand, NULL))
    double bootstrap_worked = (processor() - worked) / 3;
    BEST(by_area, wijk_resample_bootstrap(error, counts, AREAS, GROUPS, &areas, NULL))
    worked = processor();
    BEST(fixed, wijk_resample_null(null, counts, AREAS, GROUPS, &thousand, NULL))
    double fixed_worked = (processor() - worked) / 3;
    BEST(permuted, wijk_resample_null(null, counts, AREAS, GROUPS, &half, NULL))
    BEST(exact, wijk_segregation_expected(&chance, counts, AREAS, GROUPS, NULL))
    BEST(two, wijk_resample_difference(difference, counts, AREAS / 2, counts + CELLS / 2, AREAS / 2,
                                       GROUPS, &thousand, NULL))
    double peak = bench_peak(), dumb = dumb_bootstrap(total), shuffle = dumb_permutation(total);
    if (dumb < 0 || shuffle < 0) {
        return 1;
    }
    bench_line("1,000 bootstrap replicates of M, H and D", bootstrap, 1, '>', "s",
               "%.2f s of processor; R 25 s; person by person: %.0f s", bootstrap_worked,
               dumb * 1000);
    bench_line("  of areas", by_area, 0, '>', "s", " ");
    bench_line("1,000 tables with fixed margins", fixed, 3, '>', "s",
               "%.2f s of processor; R 70 s; shuffling: %.0f s", fixed_worked, shuffle * 1000);
    bench_line("500 person permutations", permuted, 1.5, '>', "s",
               "PySAL 47 min; shuffling: %.0f s", shuffle * 500);
    bench_line("exact expectation of M, H and D", exact, 0.3, '>', "s",
               "none has it; the mean of 1,000 shuffles: %.0f s", shuffle * 1000);
    bench_line("difference of two halves, 1,000 replicates", two, 0, '>', "s", " ");
    bench_line("  peak memory", peak, 100, '>', "MiB", " ");
    return profile();
}
