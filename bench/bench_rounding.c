/* How often 90% intervals under rounding hold the index of the unrounded counts, over many kinds of
 * towns: the table of the manual (rounding.md). Usage: bench_rounding [TOWNS] for the whole table;
 * without, the speed and a few settings. */
#include "../tests/rounding_sim.h"
#include "bench.h"

#include "wijk/mem.h"

static const sim_setting settings[] = {
    {"tiny, only chance, 2 groups, to 5", 200, 2, 30, SIM_NONE, SIM_TO_5},
    {"tiny, weak, 3 groups, to 5", 200, 3, 30, SIM_WEAK, SIM_TO_5},
    {"tiny, strong, 3 groups, to 5", 200, 3, 30, SIM_STRONG, SIM_TO_5},
    {"tiny, log-normal, 4 groups, to 5", 200, 4, 30, SIM_LOGNORMAL, SIM_TO_5},
    {"tiny, by size, 5 groups, to 5", 200, 5, 30, SIM_SIZED, SIM_TO_5},
    {"tiny, two kinds, 4 groups, to 5", 200, 4, 30, SIM_TWO, SIM_TO_5},
    {"tiny, strong, 3 groups, 5, below 5 withheld", 200, 3, 30, SIM_STRONG, SIM_TO_5_LEAST_5},
    {"tiny, few, weak, 2 groups, to 5", 15, 2, 30, SIM_WEAK, SIM_TO_5},
    {"small, only chance, 3 groups, to 5", 200, 3, 150, SIM_NONE, SIM_TO_5},
    {"small, weak, 2 groups, to 10", 200, 2, 150, SIM_WEAK, SIM_TO_10},
    {"small, strong, 4 groups, to 10", 200, 4, 150, SIM_STRONG, SIM_TO_10},
    {"small, log-normal, 3 groups, to 5", 200, 3, 150, SIM_LOGNORMAL, SIM_TO_5},
    {"small, two kinds, 3 groups, to 5", 200, 3, 150, SIM_TWO, SIM_TO_5},
    {"small, log-normal, 5 groups, 5, below 5 withheld", 200, 5, 150, SIM_LOGNORMAL,
     SIM_TO_5_LEAST_5},
    {"small, weak, 3 groups, per cents", 100, 3, 150, SIM_WEAK, SIM_PERCENT},
    {"small, strong, 2 groups, per cents", 100, 2, 150, SIM_STRONG, SIM_PERCENT},
    {"small, log-normal, 3 groups, per cents 5-95", 100, 3, 150, SIM_LOGNORMAL, SIM_CLAMPED},
    {"small, few, log-normal, 3 groups, to 5", 15, 3, 150, SIM_LOGNORMAL, SIM_TO_5},
    {"large, weak, 5 groups, to 5", 100, 5, 1000, SIM_WEAK, SIM_TO_5},
    {"large, strong, 3 groups, to 5", 100, 3, 1000, SIM_STRONG, SIM_TO_5},
    {"large, log-normal, 4 groups, to 10", 100, 4, 1000, SIM_LOGNORMAL, SIM_TO_10},
    {"large, weak, 3 groups, per cents", 50, 3, 1000, SIM_WEAK, SIM_PERCENT},
    {"large, strong, 3 groups, per cents 5-95", 50, 3, 1000, SIM_STRONG, SIM_CLAMPED},
    {"large, few, two kinds, 2 groups, to 5", 15, 2, 1000, SIM_TWO, SIM_TO_5},
    {"estates, 2 groups, one to 5 (postcodes)", 80, 2, 180, SIM_ESTATES, SIM_POSTCODE},
    {"estates, 3 groups, tens of per cents", 80, 3, 180, SIM_ESTATES, SIM_TENS},
    {"estates, 3 groups, per cents", 80, 3, 180, SIM_ESTATES, SIM_PERCENT},
};

static void print_coverage(uint32_t towns)
{
    printf("| town |");
    for (size_t k = 0; k < SIM_INDICES; k++) {
        printf(" %s |", sim_index[k]);
    }
    printf(" bias of M: published, corrected |\n| --- |");
    for (size_t k = 0; k <= SIM_INDICES; k++) {
        printf(" --- |");
    }
    putchar('\n');
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        sim_result r;
        if (sim_run(&r, &settings[i], towns, 100, 0.9)) {
            printf("%s: %s\n", settings[i].name, wijk_error(WIJK_EN));
            return;
        }
        printf("| %s |", settings[i].name);
        for (size_t k = 0; k < SIM_INDICES; k++) {
            printf(" %.0f%% |", 100 * r.held[k]);
        }
        printf(" %+.2f, %+.2f |\n", r.naive[2], r.bias[2]);
        fflush(stdout);
    }
}

/* The country: 14,000 areas of 5 groups, counts to 5. */
static void time_country(void)
{
    enum { AREAS = 14000, GROUPS = 5, DRAWS = 100 };
    wijk_published *cells = malloc(AREAS * GROUPS * sizeof *cells);
    wijk_published *totals = malloc(AREAS * sizeof *totals);
    static sim_town town;
    const sim_setting setting = {"", SIM_AREAS, GROUPS, 700, SIM_LOGNORMAL, SIM_TO_5};
    sim_make(&town, &setting, 1);
    for (size_t i = 0; cells && totals && i < AREAS; i++) {
        totals[i] = town.totals[i % SIM_AREAS];
        memcpy(cells + i * GROUPS, town.cells + i % SIM_AREAS * GROUPS, GROUPS * sizeof *cells);
    }
    const wijk_published_table table = {cells, totals, AREAS, GROUPS};
    const wijk_published_table city = {cells, totals, 100, GROUPS};
    const wijk_rounding_options options = {0.9, DRAWS, 1};
    wijk_rounding out;
    double start = bench_now();
    int rc = wijk_rounding_all(&out, NULL, &city, &options, NULL);
    bench_line("rounding, 100 areas x 5, 100 tables", bench_now() - start, 0, '>', "s",
               "no package has it%s", rc ? "; FAILED" : "");
    start = bench_now();
    rc = wijk_rounding_all(&out, NULL, &table, &options, NULL);
    bench_line("rounding, 14,000 areas x 5, 100 tables", bench_now() - start, 0, '>', "s",
               "peak %.0f MiB%s", bench_peak(), rc ? "; FAILED" : "");
    free(cells);
    free(totals);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        print_coverage((uint32_t)atoi(argv[1]));
        return 0;
    }
    time_country();
    return 0;
}
