/* Segregation indices against what others published, against independent formulas, and against the
 * principles they claim. The published values: docs of rsegregation (Bay Area tracts 2010),
 * Roberto's paper (Detroit), R `segregation` (schools00), R `divseg` (Delaware). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/table.h"

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("got %.12g, want %.12g ± %g", got, want, within);
    }
}

/* A benchmark table, or NULL and a visible word that the data are absent. */
static wijk_table *benchmark(const char *name)
{
    const char *root = getenv("WIJK_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/segregation_benchmarks/%s", root ? root : "../shared/data/raw",
             name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("[  SKIPPED ] %s is absent\n", path);
        return NULL;
    }
    char *bytes = wijk_alloc(8u << 20);
    size_t size = fread(bytes, 1, 8u << 20, file);
    fclose(file);
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, bytes, size, name), 0);
    wijk_free(bytes);
    return table;
}

static double *bay_area(wijk_table *table)
{
    static const char *const groups[] = {"hispanic", "white", "black", "asian", "all_other"};
    size_t areas = wijk_table_rows(table);
    double *counts = wijk_alloc(areas * 5 * sizeof *counts);
    for (size_t i = 0; i < areas; i++) {
        double people = wijk_table_number(table, i, "total_pop", 0);
        for (size_t g = 0; g < 5; g++) {
            counts[i * 5 + g] = people > 0 ? people * wijk_table_number(table, i, groups[g], 0) : 0;
        }
    }
    return counts;
}

static void test_bay_area(void **state)
{
    (void)state;
    wijk_table *table = benchmark("bay_area_tract_race_2010.csv");
    wijk_table *local = table ? benchmark("bay_area_published_local.csv") : NULL;
    if (!local) {
        wijk_table_free(table);
        skip();
    }
    size_t areas = wijk_table_rows(table);
    double *counts = bay_area(table);
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, counts, areas, 5), 0);
    assert_int_equal(all.areas, 1580);
    near(all.mutual, 0.257526614283906, 1e-12);
    near(all.entropy, 1.36078268511205, 1e-12);
    near(all.theil, 0.189248891172289, 1e-12);
    wijk_segregation_group white;
    assert_int_equal(wijk_segregation_one(&white, counts, areas, 5, 1, 0.5), 0);
    near(white.isolation, 0.557033813557698, 1e-12);
    double met;
    assert_int_equal(wijk_segregation_exposure(&met, counts, areas, 5, 2, 1), 0);
    near(met, 0.281166449164982, 1e-12);
    double pairs[5 * 5];
    assert_int_equal(wijk_segregation_exposures(pairs, counts, areas, 5), 0);
    near(pairs[2 * 5 + 1], 0.281166449164982, 1e-12);
    for (size_t x = 0; x < 5; x++) { /* everybody meets somebody */
        double all_met = 0;
        for (size_t y = 0; y < 5; y++) {
            all_met += pairs[x * 5 + y];
        }
        near(all_met, 1, 1e-12);
        assert_int_equal(wijk_segregation_one(&white, counts, areas, 5, x, 0.5), 0);
        near(pairs[x * 5 + x], white.isolation, 1e-12);
    }
    double *two = wijk_alloc(areas * 2 * sizeof *two);
    for (size_t i = 0; i < areas; i++) {
        two[i * 2] = counts[i * 5 + 2];
        two[i * 2 + 1] = counts[i * 5 + 1];
    }
    assert_int_equal(wijk_segregation_one(&white, two, areas, 2, 0, 0.5), 0);
    near(white.dissimilarity, 0.604463648377955, 1e-12);

    double *divergence = wijk_alloc(areas * sizeof *divergence);
    double *entropy = wijk_alloc(areas * sizeof *entropy);
    assert_int_equal(wijk_segregation_local(divergence, entropy, counts, areas, 5), 0);
    size_t compared = 0;
    for (size_t i = 0; i < areas; i++) {
        long row = wijk_table_find(local, "fips", wijk_table_get(table, i, "fips"));
        double want = row < 0 ? NAN : wijk_table_number(local, (size_t)row, "divergence", NAN);
        if (isfinite(want) && isfinite(divergence[i])) {
            near(divergence[i], want, 1e-12);
            near(entropy[i], wijk_table_number(local, (size_t)row, "entropy", NAN), 1e-12);
            compared++;
        }
    }
    assert_int_equal(compared, 1580);
    wijk_free(divergence);
    wijk_free(entropy);
    wijk_free(two);
    wijk_free(counts);
    wijk_table_free(local);
    wijk_table_free(table);
}

static void test_detroit(void **state)
{
    (void)state;
    wijk_table *table = benchmark("detroit_race.csv");
    if (!table) {
        skip();
    }
    size_t areas = wijk_table_rows(table);
    double *counts = wijk_alloc(areas * 2 * sizeof *counts);
    assert_true(wijk_table_column(table, "white") >= 0 && wijk_table_column(table, "black") >= 0);
    for (size_t i = 0; i < areas; i++) {
        double people = wijk_table_number(table, i, "population", 0);
        counts[i * 2] = people * wijk_table_number(table, i, "white", 0);
        counts[i * 2 + 1] = people * wijk_table_number(table, i, "black", 0);
    }
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, counts, areas, 2), 0);
    near(all.mutual / log(2), 0.48, 0.005);
    wijk_free(counts);
    wijk_table_free(table);
}

/* Long data (unit, group, n) as a table of counts; units numbered in order of appearance. */
static size_t number_of(wijk_map *map, const char *key)
{
    int64_t at;
    if (!wijk_map_get(map, key, strlen(key), &at)) {
        at = (int64_t)wijk_map_size(map);
        assert_int_equal(wijk_map_set(map, key, strlen(key), at), 0);
    }
    return (size_t)at;
}

typedef struct {
    double *counts;
    size_t *state;
    size_t schools, races, states;
} schools;

static schools read_schools(wijk_table *table)
{
    schools s = {0};
    wijk_map *unit, *race, *state;
    assert_int_equal(wijk_map_new(&unit) | wijk_map_new(&race) | wijk_map_new(&state), 0);
    for (size_t i = 0; i < wijk_table_rows(table); i++) {
        number_of(unit, wijk_table_get(table, i, "school"));
        number_of(race, wijk_table_get(table, i, "race"));
    }
    s.schools = wijk_map_size(unit);
    s.races = wijk_map_size(race);
    s.counts = wijk_alloc(s.schools * s.races * sizeof *s.counts);
    s.state = wijk_alloc(s.schools * sizeof *s.state);
    for (size_t i = 0; i < wijk_table_rows(table); i++) {
        size_t at = number_of(unit, wijk_table_get(table, i, "school"));
        s.counts[at * s.races + number_of(race, wijk_table_get(table, i, "race"))] +=
            wijk_table_number(table, i, "n", 0);
        s.state[at] = number_of(state, wijk_table_get(table, i, "state"));
    }
    s.states = wijk_map_size(state);
    wijk_map_free(unit);
    wijk_map_free(race);
    wijk_map_free(state);
    return s;
}

static void test_schools(void **state)
{
    (void)state;
    wijk_table *table = benchmark("schools00.csv");
    if (!table) {
        skip();
    }
    schools s = read_schools(table);
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, s.counts, s.schools, s.races), 0);
    near(all.mutual, 0.42554, 5e-6);
    near(all.theil, 0.419, 5e-4);
    double between, within[64], weight[64], sum = 0;
    assert_true(s.states <= 64);
    assert_int_equal(wijk_segregation_within(&between, within, weight, s.counts, s.schools, s.races,
                                             s.state, s.states),
                     0);
    near(between, 0.0992, 5e-5);
    near(between / all.entropy, 0.0977, 5e-5);
    for (size_t u = 0; u < s.states; u++) {
        sum += weight[u] * within[u];
    }
    near(sum, 0.326, 5e-4);
    near(between + sum, all.mutual, 1e-12);
    wijk_free(s.counts);
    wijk_free(s.state);
    wijk_table_free(table);
}

static void test_delaware(void **state)
{
    (void)state;
    wijk_table *table = benchmark("delaware_county_2010.csv");
    if (!table) {
        skip();
    }
    double counts[6];
    for (size_t i = 0; i < 3; i++) {
        double people = wijk_table_number(table, i, "pop", 0);
        counts[i * 2] = wijk_table_number(table, i, "pop_white", 0);
        counts[i * 2 + 1] = people - counts[i * 2];
    }
    wijk_segregation_group white;
    assert_int_equal(wijk_segregation_one(&white, counts, 3, 2, 0, 0.5), 0);
    near(white.dissimilarity, 0.0993467498, 5e-11);
    near(white.isolation, 0.6582448697, 5e-11);
    near(white.interaction, 0.3417551303, 5e-11);
    near(white.correlation, 0.0138454307, 5e-11);
    near(white.atkinson, 0.0161486826, 5e-11);
    near(white.theil, 0.0111514472, 5e-11);
    wijk_table_free(table);
}

/* splitmix64: enough for making tables in a test. */
static uint64_t next_random(uint64_t *at)
{
    uint64_t z = (*at += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/* D and G over all pairs, straight from the definition. */
static void brute_force(double *d, double *g, const double *counts, size_t areas, size_t groups)
{
    double total = 0, column[8] = {0}, row[64] = {0}, simpson = 0;
    *d = *g = 0;
    for (size_t i = 0; i < areas; i++) {
        for (size_t k = 0; k < groups; k++) {
            row[i] += counts[i * groups + k];
            column[k] += counts[i * groups + k];
        }
        total += row[i];
    }
    for (size_t k = 0; k < groups; k++) {
        simpson += column[k] / total * (1 - column[k] / total);
        for (size_t i = 0; i < areas; i++) {
            if (row[i] > 0) {
                *d += row[i] * fabs(counts[i * groups + k] / row[i] - column[k] / total);
            }
            for (size_t j = 0; j < areas; j++) {
                if (row[i] > 0 && row[j] > 0) {
                    *g += row[i] * row[j] *
                          fabs(counts[i * groups + k] / row[i] - counts[j * groups + k] / row[j]);
                }
            }
        }
    }
    *d /= 2 * total * simpson;
    *g /= 2 * total * total * simpson;
}

static void test_definitions_and_bounds(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int round_ = 0; round_ < 300; round_++) {
        size_t areas = 2 + next_random(&seed) % 30, groups = 2 + next_random(&seed) % 4;
        double counts[64 * 8];
        for (size_t i = 0; i < areas * groups; i++) {
            uint64_t x = next_random(&seed) % 60;
            counts[i] = x < 20 ? 0 : (double)x;
        }
        wijk_segregation all;
        assert_int_equal(wijk_segregation_all(&all, counts, areas, groups), 0);
        if (all.groups < 2) {
            continue;
        }
        double d, g;
        brute_force(&d, &g, counts, areas, groups);
        near(all.dissimilarity, d, 1e-12);
        near(all.gini, g, 1e-12);
        assert_true(all.dissimilarity >= 0 && all.dissimilarity <= 1 + 1e-12);
        assert_true(all.gini >= all.dissimilarity - 1e-12 && all.gini <= 1 + 1e-12);
        assert_true(all.theil >= 0 && all.theil <= 1 + 1e-12);
        assert_true(all.relative >= -1e-15 && all.relative <= 1 + 1e-12);
        assert_true(all.variation >= -1e-15 && all.variation <= 1 + 1e-12);

        /* Scale: ten times the people is the same segregation. Merging equal areas too. */
        double doubled[64 * 8];
        for (size_t i = 0; i < areas * groups; i++) {
            doubled[i] = counts[i] * 10;
        }
        wijk_segregation scaled;
        assert_int_equal(wijk_segregation_all(&scaled, doubled, areas, groups), 0);
        near(scaled.theil, all.theil, 1e-12);
        near(scaled.gini, all.gini, 1e-12);
    }
}

/* One group against the rest is the table of two columns; Atkinson by its own formula. */
static void test_each_group(void **state)
{
    (void)state;
    uint64_t seed = 77;
    for (int round_ = 0; round_ < 100; round_++) {
        enum { AREAS = 20, GROUPS = 4 };
        double counts[AREAS * GROUPS], two[AREAS * 2];
        wijk_segregation_group each[GROUPS], one;
        wijk_segregation whole, again;
        for (size_t i = 0; i < AREAS * GROUPS; i++) {
            counts[i] = (double)(next_random(&seed) % 40) * (double)(next_random(&seed) % 3);
        }
        double shape = 0.1 + 0.2 * (double)(round_ % 5); /* 0.1 ... 0.9, 0.5 among them */
        assert_int_equal(wijk_segregation_groups(&whole, each, counts, AREAS, GROUPS, shape), 0);
        assert_int_equal(wijk_segregation_all(&again, counts, AREAS, GROUPS), 0);
        assert_memory_equal(&whole, &again, sizeof whole);
        for (size_t g = 0; g < GROUPS; g++) {
            double total = 0, members = 0, sum = 0, same = 0;
            for (size_t i = 0; i < AREAS; i++) {
                two[i * 2] = counts[i * GROUPS + g];
                two[i * 2 + 1] = -two[i * 2];
                for (size_t k = 0; k < GROUPS; k++) {
                    two[i * 2 + 1] += counts[i * GROUPS + k];
                }
                total += two[i * 2] + two[i * 2 + 1];
                members += two[i * 2];
            }
            for (size_t i = 0; i < AREAS; i++) {
                double people = two[i * 2] + two[i * 2 + 1], p = two[i * 2] / people;
                if (people > 0) {
                    sum += pow(1 - p, 1 - shape) * pow(p, shape) * people / members;
                    same += two[i * 2] * p / members;
                }
            }
            wijk_segregation all;
            assert_int_equal(wijk_segregation_all(&all, two, AREAS, 2), 0);
            near(each[g].dissimilarity, all.dissimilarity, 1e-12);
            near(each[g].gini, all.gini, 1e-12);
            near(each[g].theil, all.theil, 1e-12);
            near(each[g].correlation, all.relative, 1e-12); /* eta squared is R of two groups */
            near(each[g].isolation, same, 1e-12);
            near(each[g].isolation + each[g].interaction, 1, 1e-15);
            double odds = members / (total - members);
            near(each[g].atkinson, 1 - odds * pow(sum, 1 / (1 - shape)), 1e-11);
            assert_int_equal(wijk_segregation_one(&one, counts, AREAS, GROUPS, g, shape), 0);
            assert_memory_equal(&one, &each[g], sizeof one);
        }
    }
}

static void test_transfer(void **state)
{
    (void)state;
    /* A member of group 1 moves from where there are many to where there are few, and one of group
     * 2 goes back: H, G and R fall (the transfer principle; D does not claim it). */
    double before[] = {80, 20, 50, 50, 20, 80}, after[] = {79, 21, 50, 50, 21, 79};
    wijk_segregation a, b;
    assert_int_equal(wijk_segregation_all(&a, before, 3, 2), 0);
    assert_int_equal(wijk_segregation_all(&b, after, 3, 2), 0);
    assert_true(b.theil < a.theil && b.gini < a.gini && b.relative < a.relative);
}

static void test_degenerate(void **state)
{
    (void)state;
    wijk_segregation all;
    double one_group[] = {3, 0, 4, 0}, empty[] = {0, 0, 0, 0}, split[] = {5, 0, 0, 5, 0, 0};
    assert_int_equal(wijk_segregation_all(&all, one_group, 2, 2), 0);
    assert_true(isnan(all.theil) && all.groups == 1);
    assert_int_equal(wijk_segregation_all(&all, empty, 2, 2), 0);
    assert_true(isnan(all.dissimilarity) && all.areas == 0);
    assert_int_equal(wijk_segregation_all(&all, NULL, 0, 2), 0);
    assert_true(isnan(all.gini));
    assert_int_equal(wijk_segregation_all(&all, split, 3, 2), 0);
    near(all.theil, 1, 1e-15);
    near(all.dissimilarity, 1, 1e-15);
    near(all.gini, 1, 1e-15);
    double bad[] = {1, -1, 2, 3}, nan_[] = {1, NAN, 2, 3};
    assert_int_equal(wijk_segregation_all(&all, bad, 2, 2), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Row 1, group 2"));
    assert_int_equal(wijk_segregation_all(&all, nan_, 2, 2), WIJK_EINVAL);
}

/* Every way to deal the people, one by one: the mean of the index over all of them. */
static void deal(const int *left, const double *sizes, size_t area, size_t areas, double *counts,
                 double ways, double *weight, wijk_segregation_chance *sum)
{
    if (area == areas) {
        wijk_segregation all;
        assert_int_equal(wijk_segregation_all(&all, counts, areas, 2), 0);
        sum->mutual += ways * all.mutual;
        sum->theil += ways * all.theil;
        sum->dissimilarity += ways * all.dissimilarity;
        *weight += ways;
        return;
    }
    for (int x = 0; x <= left[0] && x <= (int)sizes[area]; x++) {
        int other = (int)sizes[area] - x;
        if (other > left[1]) {
            continue;
        }
        double choose = exp(lgamma(left[0] + 1) - lgamma(x + 1) - lgamma(left[0] - x + 1) +
                            lgamma(left[1] + 1) - lgamma(other + 1) - lgamma(left[1] - other + 1));
        int rest[2] = {left[0] - x, left[1] - other};
        counts[area * 2] = x;
        counts[area * 2 + 1] = other;
        deal(rest, sizes, area + 1, areas, counts, ways * choose, weight, sum);
    }
}

static void test_expected_by_enumeration(void **state)
{
    (void)state;
    double counts[] = {3, 1, 0, 4, 5, 2, 1, 0}, sizes[] = {4, 4, 7, 1}, scratch[8];
    int left[2] = {9, 7};
    wijk_segregation_chance sum = {0, 0, 0}, got;
    double weight = 0;
    deal(left, sizes, 0, 4, scratch, 1, &weight, &sum);
    assert_int_equal(wijk_segregation_expected(&got, counts, 4, 2, NULL), 0);
    near(got.mutual, sum.mutual / weight, 1e-12);
    near(got.theil, sum.theil / weight, 1e-12);
    near(got.dissimilarity, sum.dissimilarity / weight, 1e-12);
}

static void test_expected_large(void **state)
{
    (void)state;
    /* Many people an area: the asymptotic bias of M is (areas − 1)(groups − 1) / 2N. */
    double counts[200 * 3];
    for (size_t i = 0; i < 200; i++) {
        counts[i * 3] = 20000;
        counts[i * 3 + 1] = 30000;
        counts[i * 3 + 2] = 10000;
    }
    wijk_segregation_chance got;
    assert_int_equal(wijk_segregation_expected(&got, counts, 200, 3, NULL), 0);
    near(got.mutual / (199.0 * 2 / (2 * 200 * 60000.0)), 1, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bay_area),
        cmocka_unit_test(test_detroit),
        cmocka_unit_test(test_schools),
        cmocka_unit_test(test_delaware),
        cmocka_unit_test(test_definitions_and_bounds),
        cmocka_unit_test(test_each_group),
        cmocka_unit_test(test_transfer),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_expected_by_enumeration),
        cmocka_unit_test(test_expected_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
