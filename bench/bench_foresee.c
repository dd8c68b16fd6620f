/* The speed lines of the model: household-months a second with every process and lever on, one core
 * and two, bytes per household, scored housing offers, the curve from ten thousand households to
 * the whole country, and beside them the nearest kin and the dumbest method: an array of structs in
 * one loop.
 *
 * Kin, measured on one core of such a machine for the specification: INET housing model 0.35-0.59
 * million household-months a second at 3,200 bytes per household; OpenABM-Covid19 0.73 million
 * person-days at 3,960 bytes; the ideal kernel with four local ties, without events: 72 million. */
#include "bench.h"

#include "foresee/allot.h"
#include "foresee/run.h"
#include "wijk/err.h"
#include "wijk/mem.h"

#include <stdlib.h>

enum { YEARS = 10, YEAR = 12 };

static void must(int rc)
{
    if (rc != WIJK_OK) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
        exit(1);
    }
}

/* Every level lever off its rest, building and restructuring every year: nothing is skipped. */
static size_t all_levers(wijk_change *changes, uint32_t months)
{
    size_t n = 0;
    for (int l = 0; l < WIJK_LEVERS; l++) {
        const wijk_lever_row *row = wijk_lever_get((wijk_lever)l);
        if (row->kind == WIJK_LEVER_KIND_LEVEL) {
            double to = row->nothing < row->most ? row->nothing + (row->most - row->nothing) / 10
                                                 : row->most * 0.6;
            changes[n++] = (wijk_change){.lever = (wijk_lever)l, .value = to};
        } else {
            for (uint32_t month = 1; month < months; month += YEAR) {
                changes[n++] =
                    (wijk_change){.month = (int32_t)month, .lever = (wijk_lever)l, .value = 50};
            }
        }
    }
    return n;
}

typedef struct {
    double before, seconds, cpu, household_months, bytes; /* before: what passes before month 0 */
} measured;

/* One run with everything on; strain spills over ties, so that ties are read too. */
static measured run_all(size_t regions, size_t areas, size_t homes, uint32_t months,
                        unsigned threads, wijk_detail detail)
{
    wijk_parameters p;
    must(wijk_parameters_default(&p));
    p.value[WIJK_P_TIE_SPILL] = 0.05;
    p.value[WIJK_P_RELIEF_FORMAL] = 20;
    wijk_population *town;
    must(wijk_population_sample(&town, regions, areas, homes, &p, 1));
    wijk_change changes[WIJK_LEVERS * (YEARS + 1)];
    const wijk_scenario scenario = {changes, all_levers(changes, months)};
    const wijk_foresee_options o = {
        .seed = 1, .months = months, .period = WIJK_PER_YEAR, .detail = detail, .threads = threads};
    wijk_foresee *run;
    must(wijk_foresee_new(&run, town, &p, &scenario, &o));
    double households = (double)wijk_population_households(town);
    double opened = bench_now();
    must(wijk_foresee_to(run, 0, NULL));
    double began = bench_now(), cpu = bench_cpu();
    must(wijk_foresee_to(run, months, NULL));
    measured m = {.before = began - opened,
                  .seconds = bench_now() - began,
                  .cpu = bench_cpu() - cpu,
                  .household_months = households * months,
                  .bytes = (double)wijk_foresee_bytes(town, &scenario, &o) / households};
    wijk_foresee_free(run);
    wijk_population_free(town);
    return m;
}

/* The market alone: again and again one home in fifty falls empty, and the region allots them. */
static double offers_per_second(void)
{
    wijk_parameters p;
    must(wijk_parameters_default(&p));
    p.value[WIJK_P_REACT] = 0.03; /* long lists: many are asked before one takes it */
    wijk_population *town;
    must(wijk_population_sample(&town, 1, 100, 1000, &p, 1));
    const wijk_foresee_options o = {.seed = 1, .months = 25, .period = WIJK_PER_YEAR};
    wijk_foresee *run;
    must(wijk_foresee_new(&run, town, &p, NULL, &o));
    must(wijk_foresee_to(run, 24, NULL));
    double seconds = 0;
    uint64_t before = wijk_foresee_offers(run);
    for (int round = 0; round < 50; round++) {
        run->world.month++;
        for (size_t at = 0; at + 1 < run->n_places; at++) {
            foresee_here here;
            foresee_here_at(&here, run, at);
            size_t slot = (size_t)here.place->block * BLOCK + (size_t)round % 50;
            size_t end = (size_t)(here.place->block + here.place->blocks) * BLOCK;
            for (; slot < end; slot += 50) {
                if (run->state.kind[slot] != WIJK_NOBODY) {
                    foresee_to_outside(&here, slot);
                }
            }
        }
        double began = bench_cpu();
        must(foresee_allot(run, 0, run->scratch));
        seconds += bench_cpu() - began;
    }
    double scored = (double)(wijk_foresee_offers(run) - before);
    wijk_foresee_free(run);
    wijk_population_free(town);
    return scored / seconds;
}

/* ---- the dumbest method ------------------------------------------------ */

/* A household as one would first write it down, with pointers to those it knows. */
typedef struct person_like {
    int age, composition, children, income, tenure, needs, support, months, search, arrears;
    double strain, next_strain, trust, part;
    struct person_like *ties[TIES];
    int n_ties;
} dumb;

static double chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

static void dumb_events(dumb *h, dumb *all, size_t n, uint64_t *state)
{
    if (chance(state) < 0.0005 * (h->age > 70 ? 10 : 1)) {
        h->age = 30; /* somebody else moves in at once: no market */
        h->needs = 0;
        h->n_ties = 0;
        h->months = 0;
    }
    h->needs |= chance(state) < 0.001 ? 1 << (int)(chance(state) * 5) : 0;
    h->needs &= chance(state) < 0.012 ? ~(1 << (int)(chance(state) * 5)) : ~0;
    h->support = h->strain > 80 && chance(state) < 0.03 ? 3 : h->support;
    h->support = chance(state) < 0.1 ? 0 : h->support;
    h->arrears += chance(state) < 0.002 * h->strain / 255;
    h->search = chance(state) < 0.006 ? 1 : h->search;
    if (chance(state) < 0.03 && h->n_ties < TIES) {
        size_t near = (size_t)(h - all) / BLOCK * BLOCK + (size_t)(chance(state) * BLOCK);
        h->ties[h->n_ties++] = &all[near < n ? near : n - 1];
    }
    h->n_ties -= h->n_ties > 0 && chance(state) < 0.05;
}

static double dumb_speed(size_t n, int months)
{
    dumb *all = calloc(n, sizeof *all);
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < n; i++) {
        all[i] = (dumb){.age = 20 + (int)(chance(&state) * 70), .part = chance(&state)};
    }
    double began = bench_cpu(), sum = 0;
    for (int month = 0; month < months; month++) {
        for (size_t i = 0; i < n; i++) {
            dumb *h = &all[i];
            double aim =
                h->part * 30 * (double)__builtin_popcount((unsigned)h->needs) - 4 * h->n_ties;
            for (int t = 0; t < h->n_ties; t++) {
                aim += 0.05 * (h->ties[t]->strain - h->strain) / h->n_ties;
            }
            h->next_strain = h->strain + 0.15 * (aim - h->strain) + 12 * (chance(&state) - 0.5);
            h->next_strain = h->next_strain < 0 ? 0 : h->next_strain;
            dumb_events(h, all, n, &state);
            h->months++;
        }
        for (size_t i = 0; i < n; i++) {
            all[i].strain = all[i].next_strain;
        }
    }
    double seconds = bench_cpu() - began;
    for (size_t i = 0; i < n; i++) {
        sum += all[i].strain;
    }
    free(all);
    return sum >= 0 ? (double)n * months / seconds / 1e6 : 0;
}

/* ------------------------------------------------------------------------ */

/* ---- two cores against one --------------------------------------------- */

/* Pairs of runs, on one core and on two in turn, until enough of them were left in peace. */
enum { PAIRS = 12, ENOUGH = 5, CORES = 2 };

/* How much of two cores others may have used during a run that is believed. */
static const double peace = 0.05;

typedef struct {
    double ratio, others; /* of time on the clock; share of the cores that others used meanwhile */
    double work, rate;    /* processor time on two cores against one; M household-months a second */
} pair;

typedef struct {
    pair median;
    int pairs; /* that it is the median of */
} compared;

static int by_others(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    return (x->others > y->others) - (x->others < y->others);
}

static int by_ratio(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    return (x->ratio > y->ratio) - (x->ratio < y->ratio);
}

static pair one_pair(size_t regions, size_t areas, int two_first)
{
    measured m[2];
    double began = bench_now(), own = bench_cpu(), busy = bench_busy();
    for (int turn = 0; turn < 2; turn++) {
        int two = turn == 0 ? two_first : !two_first;
        m[two] = run_all(regions, areas, 600, YEARS * YEAR, two ? CORES : 1, WIJK_EVERY_AREA);
    }
    double others = bench_busy() - busy - (bench_cpu() - own);
    return (pair){.ratio = m[0].seconds / m[1].seconds,
                  .others = others / (CORES * (bench_now() - began)),
                  .work = m[1].cpu / m[0].cpu,
                  .rate = m[1].household_months / m[1].seconds / 1e6};
}

/* The median of the pairs that were left in peace; of the quietest when there are too few. */
static compared two_against_one(size_t regions, size_t areas)
{
    pair pairs[PAIRS];
    int n = 0, quiet = 0;
    while (n < PAIRS && quiet < ENOUGH) {
        pairs[n] = one_pair(regions, areas, n % 2);
        quiet += pairs[n].others < peace;
        n++;
    }
    qsort(pairs, (size_t)n, sizeof *pairs, by_others);
    qsort(pairs, ENOUGH, sizeof *pairs, by_ratio);
    return (compared){pairs[ENOUGH / 2], quiet};
}

static void say_two(const char *what, size_t regions, size_t areas)
{
    compared c = two_against_one(regions, areas);
    bench_line(what, c.median.ratio, 1.8, '<', "times",
               "%.1f M hh-m/s; median of %d pairs, %.2f times the processor time; %s%.0f%% of the "
               "cores used by others",
               c.median.rate, ENOUGH, c.median.work, c.pairs < ENOUGH ? "not to be believed, " : "",
               100 * c.median.others);
}

static void speed(void)
{
    measured one = run_all(1, 170, 600, YEARS * YEAR, 1, WIJK_EVERY_AREA);
    for (int i = 1; i < ENOUGH; i++) { /* the shortest: what others do only ever adds */
        measured again = run_all(1, 170, 600, YEARS * YEAR, 1, WIJK_EVERY_AREA);
        one = again.cpu < one.cpu ? again : one;
    }
    double rate = one.household_months / one.cpu / 1e6, dumbest = dumb_speed(100000, 60);
    bench_line("foresee, all on, a processor second", rate, 10, '<', "M hh-m/s",
               "goal 25, shortest of %d; kin 0.35-0.59 and 0.73; array of structs, six processes, "
               "no market: %.1f",
               ENOUGH, dumbest);
    say_two("  two cores against one, one gemeente", 1, 170);
    say_two("  two cores against one, ten gemeenten", 10, 17);
    bench_line("  scored housing offers", offers_per_second() / 1e6, 5, '<', "M/s", "one core");
}

static void curve(void)
{
    static const size_t regions[] = {1, 1, 10, 85};
    static const size_t areas[] = {17, 170, 170, 166};
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        uint32_t months = i < 3 ? 60 : YEARS * YEAR;
        measured m = run_all(regions[i], areas[i], 600, months, 2, WIJK_EVERY_REGION);
        char what[64];
        snprintf(what, sizeof what, "  %.2g households, two cores", m.household_months / months);
        bench_line(what, m.household_months / m.seconds / 1e6, 0, '<', "M hh-m/s",
                   "%.1f s, %.1f bytes/hh", m.seconds, m.bytes);
        if (i == 3) {
            bench_line("the country, 10 years by month", m.before + m.seconds, 60, '>', "s",
                       "goal 25; two cores");
            bench_line("  peak memory", bench_peak(), 1024, '>', "MiB",
                       "population and run together");
            bench_line("  bytes per household", m.bytes, 48, '>', "bytes",
                       "state, results, lists, scratch; kin 3,200 and 3,960");
        }
    }
}

int main(void)
{
    bench_pin(CORES);
    speed();
    curve();
    return 0;
}
