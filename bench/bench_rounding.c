/* How often 90% intervals under rounding hold the index of the unrounded counts, over many kinds of
 * towns: the table of the manual (rounding.md). Usage: bench_rounding [TOWNS [PART PARTS]] for the
 * table, or one of several parts of its lines; without, the speed. */
#include "../tests/rounding_sim.h"
#include "bench.h"

#include "wijk/mem.h"

/* Towns of 80 areas: median people in an area and number of groups. */
static const struct {
    const char *name;
    enum sim_mix mix;
    double size;
    size_t groups;
} kinds[] = {
    {"mixed", SIM_LOGNORMAL, 180, 3},         {"only chance", SIM_NONE, 180, 3},
    {"by size", SIM_SIZED, 180, 3},           {"two kinds", SIM_TWO, 180, 3},
    {"small areas", SIM_LOGNORMAL, 40, 3},    {"many zero cells", SIM_ZEROS, 180, 5},
    {"estates", SIM_ESTATES, 180, 3},         {"estates of blocks", SIM_BLOCKS, 180, 3},
    {"extreme estates", SIM_EXTREME, 180, 3}, {"estates, two groups", SIM_ESTATES, 180, 2}};

static const struct {
    const char *name;
    enum sim_rule rule;
} rules[] = {{"to 5", SIM_TO_5},
             {"to 10", SIM_TO_10},
             {"to 5, below 5 secret", SIM_TO_5_LEAST_5},
             {"the same, nothing under 50 people", SIM_SUPPRESSED},
             {"whole per cents, nothing under 50", SIM_PERCENT},
             {"the same, clamped 5-95", SIM_CLAMPED},
             {"tens of per cents", SIM_TENS},
             {"one group of two, to 5", SIM_POSTCODE}};

static int print_setting(const sim_setting *setting, const char *rule, uint32_t towns)
{
    sim_result r;
    if (sim_run(&r, setting, towns, 60, 0.9)) {
        printf("%s: %s\n", setting->name, wijk_error(WIJK_EN));
        return 0;
    }
    printf("| %s | %s |", setting->name, rule);
    for (size_t k = 0; k < SIM_INDICES; k++) {
        printf(" %.0f%% |", 100 * r.held[k]);
    }
    printf(" %+.2f, %+.2f |\n", r.naive[2], r.bias[2]);
    fflush(stdout);
    return 1;
}

/* Of `parts` processes that share the work, number `part`. */
static void print_coverage(uint32_t towns, size_t part, size_t parts)
{
    size_t nth = 0, count = sizeof rules / sizeof *rules;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds * count; i++) {
        size_t k = i / count, rule = i % count;
        /* One group of three says nothing about how the others differ. */
        int one = rules[rule].rule == SIM_POSTCODE, two = kinds[k].groups == 2;
        int can = one == two && (rules[rule].rule != SIM_TENS || kinds[k].mix >= SIM_ESTATES);
        const sim_setting s = {kinds[k].name, 80,           kinds[k].groups,
                               kinds[k].size, kinds[k].mix, rules[rule].rule};
        if (can && nth++ % parts == part && !print_setting(&s, rules[rule].name, towns)) {
            return;
        }
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
        print_coverage((uint32_t)atoi(argv[1]), argc > 3 ? (size_t)atoi(argv[2]) : 0,
                       argc > 3 ? (size_t)atoi(argv[3]) : 1);
        return 0;
    }
    time_country();
    return 0;
}
