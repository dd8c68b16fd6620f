/* Resampling against the distributions it promises: alias tables against lgamma, small tables
 * against all tables that can be, replicates against the exact expectation; and the same bytes
 * on any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/resample_parts.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

/* In long double: what is tested is nearer to the truth than exp and lgamma of doubles are. */
static double log_choose(double n, double k)
{
    return (double)(lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1));
}

static double binomial(double n, double k, double p)
{
    return k > n ? 0
                 : (double)expl(lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1) + k * logl(p) +
                                (n - k) * log1pl(-(long double)p));
}

static double poisson(double mean, double k)
{
    return (double)expl(k * logl(mean) - mean - lgammal(k + 1));
}

/* ---- tables of a family
 * --------------------------------------------------------------------------- */

/* The probability of each outcome, read back from the columns of an alias table. */
static void read_back(double *probability, const resample_family *f, uint32_t table)
{
    unsigned bits = f->place[table] & 31;
    uint32_t first = f->place[table] >> 5, columns = 1u << bits;
    memset(probability, 0, columns * sizeof *probability);
    for (uint32_t c = 0; c < columns; c++) {
        double own = (double)(f->entry[first + c] >> FAMILY_COLUMN_BITS) * 0x1p-20 +
                     (double)f->rest[first + c] * 0x1p-52;
        probability[c] += own / columns;
        probability[f->entry[first + c] & 4095] += (1 - own) / columns;
    }
}

static void check_family(const resample_family *f, double mean, double chance)
{
    static double probability[4096];
    for (uint32_t table = 0; table < FAMILY_TABLES; table++) {
        double m = table < 128 ? table : (table - 128) * 128.0, far = 0, sum = 0;
        read_back(probability, f, table);
        for (uint32_t c = 0; c < 1u << (f->place[table] & 31); c++) {
            double k = f->least[table] + (int32_t)c;
            double want = m == 0     ? k == 0
                          : mean > 0 ? poisson(m * mean, k)
                                     : binomial(m, k, chance);
            far += fabs(probability[c] - want);
            sum += want;
        }
        if (!(far + fabs(1 - sum) < 1e-13)) {
            fail_msg("table %u is off by %g", table, far + fabs(1 - sum));
        }
    }
}

static void test_tables_are_the_distribution(void **state)
{
    (void)state;
    resample_family f;
    const double chances[] = {1e-7, 0.003, 0.2, 0.5}, means[] = {1e-5, 0.06, 0.9995, 1};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(resample_family_binomial(&f, chances[i], 1 << 20), 0);
        check_family(&f, 0, chances[i]);
        resample_family_free(&f);
        assert_int_equal(resample_family_poisson(&f, means[i], 1 << 20), 0);
        check_family(&f, means[i], 0);
        resample_family_free(&f);
    }
    assert_int_equal(resample_family_binomial(&f, 0, 1 << 20), 0);
    int tie;
    assert_int_equal(resample_family_take(&f, 127, 0xffffffff, 0, &tie), 0);
    resample_family_free(&f);
}

static void test_a_tie_looks_further(void **state)
{
    (void)state;
    resample_family f;
    assert_int_equal(resample_family_binomial(&f, 0.3, 1 << 20), 0);
    uint32_t table = 50, bits = f.place[table] & 31, at = f.place[table] >> 5, column = 0;
    while (f.rest[at + column] == 0 || f.entry[at + column] >> FAMILY_COLUMN_BITS == 0) {
        column++;
    }
    uint32_t word = column << (32 - bits) | (f.entry[at + column] >> FAMILY_COLUMN_BITS)
                                                << (FAMILY_COLUMN_BITS - bits);
    int tie;
    int32_t own = resample_family_take(&f, table, word, f.rest[at + column] - 1, &tie);
    assert_true(tie);
    assert_int_equal(own, f.least[table] + (int32_t)column);
    int32_t other = resample_family_take(&f, table, word, f.rest[at + column], &tie);
    assert_int_equal(other, f.least[table] + (int32_t)(f.entry[at + column] & 4095));
    assert_int_equal(
        resample_family_take(&f, table, word - (1u << (FAMILY_COLUMN_BITS - bits)), 0, &tie), own);
    assert_false(tie);
    resample_family_free(&f);
}

/* ---- chi-square
 * ------------------------------------------------------------------------------------ */

/* Wilson and Hilferty's normal of a chi-square; beyond 4.5 once in 300,000 tests by chance. */
static void assert_fits(const double *seen, const double *probability, size_t n, double draws)
{
    double chi = 0, rest_seen = 0, rest_want = 0, df = -1;
    for (size_t k = 0; k < n; k++) {
        double want = probability[k] * draws;
        if (want >= 8) {
            chi += (seen[k] - want) * (seen[k] - want) / want;
            df++;
        } else {
            rest_seen += seen[k];
            rest_want += want;
        }
    }
    if (rest_want >= 1) {
        chi += (rest_seen - rest_want) * (rest_seen - rest_want) / rest_want;
        df++;
    } else {
        assert_true(rest_seen <= 8);
    }
    assert_true(df >= 1);
    double z = (cbrt(chi / df) - (1 - 2 / (9 * df))) / sqrt(2 / (9 * df));
    if (!(fabs(z) < 4.5)) {
        fail_msg("chi-square %g on %g degrees: z = %g", chi, df, z);
    }
}

enum { ROOM = 4096, COLUMN = 4000 };

static void check_draws(const resample_family *f, int32_t people, double mean, double chance)
{
    static double seen[ROOM], probability[ROOM];
    static int32_t m[COLUMN], x[COLUMN];
    double centre = people * (mean > 0 ? mean : chance),
           first = floor(fmax(0, centre - ROOM / 2.0));
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < COLUMN; i++) {
        m[i] = people;
    }
    for (uint32_t replicate = 0; replicate < 50; replicate++) {
        resample_key key = {.seed = 3, .purpose = 1, .replicate = replicate};
        int64_t sum = resample_draw(x, m, COLUMN, f, key, 0);
        for (size_t i = 0; i < COLUMN; i++) {
            assert_true(x[i] >= 0 && (mean > 0 || x[i] <= people));
            sum -= x[i];
            assert_true(x[i] - first >= 0 && x[i] - first < ROOM);
            seen[(size_t)(x[i] - first)]++;
        }
        assert_int_equal(sum, 0);
    }
    for (size_t k = 0; k < ROOM; k++) {
        probability[k] = mean > 0 ? poisson(people * mean, first + (double)k)
                                  : binomial(people, first + (double)k, chance);
    }
    assert_fits(seen, probability, ROOM, 50.0 * COLUMN);
}

static void test_draws_fit(void **state)
{
    (void)state;
    const int32_t people[] = {1, 2, 127, 128, 200, 2000, 16383, 16384, 40000, 170001};
    resample_family binomials, poissons;
    assert_int_equal(resample_family_binomial(&binomials, 0.17, 1 << 20), 0);
    assert_int_equal(resample_family_poisson(&poissons, 0.06, 1 << 20), 0);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        check_draws(&binomials, people[i], 0, 0.17);
        check_draws(&poissons, people[i], 0.06, 0);
    }
    resample_family_free(&binomials);
    resample_family_free(&poissons);
}

/* Eight lanes at once give what one by one gives, ties and large places among them. */
static void test_wide_is_the_same(void **state)
{
    (void)state;
    if (!resample_can_be_wide()) {
        print_message("no AVX2 here: the wide draws are not tested\n");
        skip();
    }
    static int32_t m[COLUMN], plain[COLUMN], wide[COLUMN];
    resample_family f;
    assert_int_equal(resample_family_poisson(&f, 0.0601, 1 << 20), 0);
    for (uint32_t replicate = 0; replicate < 2000; replicate++) {
        for (uint32_t i = 0; i < COLUMN; i++) {
            m[i] = (int32_t)(i % 97 == 5 ? 12000 * (i % 13) : i * replicate % 20000);
        }
        resample_key key = {
            .seed = 99, .purpose = 2, .attempt = 1, .replicate = replicate, .group = 3};
        assert_int_equal(resample_draw(plain, m, COLUMN, &f, key, 0),
                         resample_draw(wide, m, COLUMN, &f, key, 1));
        assert_memory_equal(plain, wide, sizeof plain);
    }
    resample_family_free(&f);
    resample_words one = {.key = {.seed = 4}}, eight = {.key = {.seed = 4}, .wide = 1};
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(resample_word(&one), resample_word(&eight));
    }
}

/* A family made for few people draws as one made for many. */
static void test_fewer_tables_are_the_same(void **state)
{
    (void)state;
    static int32_t m[COLUMN], some[COLUMN], all[COLUMN];
    const int32_t mosts[] = {0, 1, 127, 128, 300, 16383, 16384};
    resample_family full, part;
    assert_int_equal(resample_family_poisson(&full, 0.9, 1 << 20), 0);
    for (size_t k = 0; k < sizeof mosts / sizeof *mosts; k++) {
        assert_int_equal(resample_family_poisson(&part, 0.9, mosts[k]), 0);
        for (int32_t i = 0; i < COLUMN; i++) {
            m[i] = mosts[k] - i % (mosts[k] + 1);
        }
        const resample_key key = {.seed = 5};
        for (int wide = 0; wide <= resample_can_be_wide(); wide++) {
            resample_draw(some, m, COLUMN, &part, key, wide);
            resample_draw(all, m, COLUMN, &full, key, wide);
            assert_memory_equal(some, all, sizeof all);
        }
        resample_family_free(&part);
    }
    resample_family_free(&full);
}

static void test_below(void **state)
{
    (void)state;
    double seen[7] = {0}, probability[7];
    resample_words words = {.key = {.seed = 8}};
    for (int i = 0; i < 70000; i++) {
        seen[resample_below(&words, 7)]++;
    }
    for (int k = 0; k < 7; k++) {
        probability[k] = 1.0 / 7;
    }
    assert_fits(seen, probability, 7, 70000);
    /* Three quarters of all words: without the rejection the lower half would come twice. */
    uint32_t n = 3u << 30, low = 0;
    for (int i = 0; i < 10000; i++) {
        uint32_t at = resample_below(&words, n);
        assert_true(at < n);
        low += at < n / 2;
    }
    assert_true(low > 4750 && low < 5250);
}

/* ---- replicates
 * ------------------------------------------------------------------------------------ */

typedef struct {
    resample_table table;
    resample_plan plan;
    resample_scratch scratch;
} drawing;

static void start(drawing *d, const double *counts, size_t areas, size_t groups,
                  enum resample_kind kind)
{
    assert_int_equal(resample_table_take(&d->table, counts, areas, groups), 0);
    assert_int_equal(resample_plan_make(&d->plan, &d->table, kind, 12, 0), 0);
    assert_int_equal(resample_scratch_make(&d->scratch, &d->plan), 0);
}

static void stop(drawing *d)
{
    resample_scratch_free(&d->scratch);
    resample_plan_free(&d->plan);
    resample_table_free(&d->table);
}

static int32_t cell(const drawing *d, size_t area, size_t group)
{
    return d->scratch.cell[group * d->table.stride + area];
}

/* All tables of 12 people in four cells, by their probability in what they are drawn from. */
static void test_people_are_multinomial(void **state)
{
    (void)state;
    const double counts[] = {6, 0, 3, 3};
    enum { N = 12, TABLES = 13 * 13 * 13, DRAWS = 200000 };
    static double seen[TABLES], probability[TABLES];
    drawing d;
    start(&d, counts, 2, 2, RESAMPLE_PEOPLE);
    double source[4];
    resample_source(source, &d.plan);
    assert_true(d.plan.mixed_areas == 2 && source[0] > 5.5 && source[0] < 6);
    for (uint32_t r = 0; r < DRAWS; r++) {
        resample_replicate(&d.scratch, &d.plan, r);
        int32_t a = cell(&d, 0, 0), b = cell(&d, 0, 1), c = cell(&d, 1, 0), e = cell(&d, 1, 1);
        assert_int_equal(a + b + c + e, N);
        seen[(a * 13 + b) * 13 + c]++;
    }
    for (int a = 0; a <= N; a++) {
        for (int b = 0; a + b <= N; b++) {
            for (int c = 0; a + b + c <= N; c++) {
                double left = N - a - b - c;
                probability[(a * 13 + b) * 13 + c] =
                    exp(lgamma(N + 1.0) - lgamma(a + 1.0) - lgamma(b + 1.0) - lgamma(c + 1.0) -
                        lgamma(left + 1) + a * log(source[0] / N) + b * log(source[1] / N) +
                        c * log(source[2] / N) + left * log(source[3] / N));
            }
        }
    }
    assert_fits(seen, probability, TABLES, DRAWS);
    stop(&d);
}

/* All tables of three areas and three groups with the margins of this one. */
static void test_chance_keeps_both_margins(void **state)
{
    (void)state;
    const double counts[] = {6, 3, 1, 2, 8, 0, 4, 1, 5};
    enum { SIDE = 14, TABLES = SIDE * SIDE * SIDE * SIDE, DRAWS = 200000 };
    static double seen[TABLES], probability[TABLES];
    drawing d;
    start(&d, counts, 3, 3, RESAMPLE_CHANCE);
    for (uint32_t r = 0; r < DRAWS; r++) {
        resample_replicate(&d.scratch, &d.plan, r);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(cell(&d, i, 0) + cell(&d, i, 1) + cell(&d, i, 2), d.table.row[i]);
            assert_int_equal(cell(&d, 0, i) + cell(&d, 1, i) + cell(&d, 2, i), d.table.column[i]);
        }
        seen[((cell(&d, 0, 0) * SIDE + cell(&d, 0, 1)) * SIDE + cell(&d, 1, 0)) * SIDE +
             cell(&d, 1, 1)]++;
    }
    const double row[] = {10, 10, 10}, column[] = {12, 12, 6};
    double fixed = -lgamma(31);
    for (int k = 0; k < 3; k++) {
        fixed += lgamma(row[k] + 1) + lgamma(column[k] + 1);
    }
    double sum = 0;
    for (int at = 0; at < TABLES; at++) {
        double x[9] = {at / (SIDE * SIDE * SIDE), at / (SIDE * SIDE) % SIDE, 0, at / SIDE % SIDE,
                       at % SIDE};
        x[2] = row[0] - x[0] - x[1];
        x[5] = row[1] - x[3] - x[4];
        for (int g = 0; g < 3; g++) {
            x[6 + g] = column[g] - x[g] - x[3 + g];
        }
        probability[at] = fixed;
        for (int k = 0; k < 9; k++) {
            probability[at] = x[k] < 0 ? -INFINITY : probability[at] - lgamma(x[k] + 1);
        }
        probability[at] = exp(probability[at]);
        sum += probability[at];
    }
    assert_true(fabs(sum - 1) < 1e-10);
    assert_fits(seen, probability, TABLES, DRAWS);
    stop(&d);
}

/* Large enough that nearly everybody comes from the alias tables: each cell by itself. */
static void check_cells(const double *counts, int mixed)
{
    enum { DRAWS = 40000 };
    static double seen[2][ROOM], probability[2][ROOM];
    drawing people, chance;
    start(&people, counts, 20, 3, RESAMPLE_PEOPLE);
    start(&chance, counts, 20, 3, RESAMPLE_CHANCE);
    double total = (double)people.table.total, source[60];
    resample_source(source, &people.plan);
    assert_true(mixed ? people.plan.mixed_areas == 20 : people.plan.mixed_areas == 0);
    for (size_t area = 4; area < 7; area++) {
        size_t g = area % 3;
        memset(seen, 0, sizeof seen);
        for (uint32_t r = 0; r < DRAWS; r++) {
            resample_replicate(&people.scratch, &people.plan, r);
            resample_replicate(&chance.scratch, &chance.plan, r);
            seen[0][cell(&people, area, g)]++;
            seen[1][cell(&chance, area, g)]++;
        }
        double row = people.table.row[area], column = (double)people.table.column[g];
        for (size_t x = 0; x < ROOM; x++) {
            double k = (double)x;
            probability[0][x] = binomial(total, k, source[area * 3 + g] / total);
            probability[1][x] =
                k > row || k > column || row - k > total - column
                    ? 0
                    : exp(log_choose(column, k) + log_choose(total - column, row - k) -
                          log_choose(total, row));
        }
        assert_fits(seen[0], probability[0], ROOM, DRAWS);
        assert_fits(seen[1], probability[1], ROOM, DRAWS);
    }
    stop(&people);
    stop(&chance);
}

static void test_cells_of_large_tables(void **state)
{
    (void)state;
    double apart[60], alike[60];
    for (size_t k = 0; k < 60; k++) {
        apart[k] = (double)((k * k * 37 + 11) % 400) * (k < 3 ? 20 : 1);
        alike[k] = 40 + 30.0 * (double)(k % 3) + (double)((k * k * 37 + 11) % 41);
    }
    check_cells(apart, 0);
    check_cells(alike, 1);
}

static void test_areas_and_places(void **state)
{
    (void)state;
    const double counts[] = {1, 10, 0, 0, 2, 20, 3, 30};
    double seen[27] = {0}, orders[27] = {0}, thirds[27], sixth[27];
    drawing areas, places;
    start(&areas, counts, 4, 2, RESAMPLE_AREAS);
    start(&places, counts, 4, 2, RESAMPLE_PLACES);
    for (uint32_t r = 0; r < 60000; r++) {
        resample_replicate(&areas.scratch, &areas.plan, r);
        resample_replicate(&places.scratch, &places.plan, r);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(cell(&areas, i, 1), 10 * cell(&areas, i, 0));
            assert_int_equal(cell(&places, i, 1), 10 * cell(&places, i, 0));
        }
        assert_int_equal(cell(&areas, 1, 0), 0);
        assert_int_equal(cell(&places, 1, 0), 0);
        seen[(cell(&areas, 0, 0) - 1) * 9 + (cell(&areas, 2, 0) - 1) * 3 + cell(&areas, 3, 0) -
             1]++;
        orders[(cell(&places, 0, 0) - 1) * 9 + (cell(&places, 2, 0) - 1) * 3 + cell(&places, 3, 0) -
               1]++;
    }
    for (int k = 0; k < 27; k++) {
        int a = k / 9, b = k / 3 % 3, c = k % 3;
        thirds[k] = 1.0 / 27;
        sixth[k] = a != b && b != c && a != c ? 1.0 / 6 : 0;
        assert_true(sixth[k] > 0 || orders[k] == 0);
    }
    assert_fits(seen, thirds, 27, 60000);
    assert_fits(orders, sixth, 27, 60000);
    stop(&areas);
    stop(&places);
}

/* ---- indices
 * ---------------------------------------------------------------------------------------- */

static void make_counts(double *counts, size_t areas, size_t groups, uint32_t seed, double size)
{
    for (size_t i = 0; i < areas; i++) {
        double lean = wijk_rng_uniform((wijk_draw){.seed = seed, .place = (uint32_t)i, .nth = 99});
        for (size_t g = 0; g < groups; g++) {
            double u = wijk_rng_uniform(
                (wijk_draw){.seed = seed, .place = (uint32_t)i, .nth = (uint32_t)g});
            counts[i * groups + g] = i % 11 == 4 ? 0 : floor(size * u * (g ? 1 : 2 * lean));
        }
    }
}

static void test_own_logarithm(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 200000; i++) {
        double u = wijk_rng_uniform((wijk_draw){.place = i});
        double x = i < 1000 ? i + 1.0 : i < 2000 ? 1 + (u - 0.5) * 1e-3 : exp(40 * u - 10);
        assert_true(fabs(resample_log(x) - log(x)) <= 5e-16 * fabs(log(x)) + 1e-19);
    }
}

static void test_whole_numbers_agree(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed < 8; seed++) {
        static double counts[500 * 4];
        make_counts(counts, 500, 4, seed, seed < 4 ? 20 : 40000);
        drawing d;
        start(&d, counts, 500, 4, RESAMPLE_AREAS);
        resample_logs logs;
        assert_int_equal(resample_logs_make(&logs, d.table.total, 5000), 0);
        double got[WIJK_INDICES];
        wijk_segregation want;
        assert_int_equal(resample_indices(got, &logs, d.table.cell, 500, 4, d.table.stride), 0);
        assert_int_equal(wijk_segregation_all(&want, counts, 500, 4), 0);
        assert_true(fabs(got[WIJK_INDEX_M] - want.mutual) < 1e-13);
        assert_true(fabs(got[WIJK_INDEX_H] - want.theil) < 1e-13);
        assert_true(fabs(got[WIJK_INDEX_D] - want.dissimilarity) < 1e-13);
        resample_logs_free(&logs);
        stop(&d);
    }
}

/* ---- what is told
 * -------------------------------------------------------------------------------------- */

static void test_any_number_of_threads(void **state)
{
    (void)state;
    static double counts[300 * 5], other[200 * 5];
    make_counts(counts, 300, 5, 1, 500);
    make_counts(other, 200, 5, 2, 30);
    wijk_resampled error[4][WIJK_INDICES], areas[4][WIJK_INDICES];
    wijk_null_index null[4][WIJK_INDICES];
    wijk_difference difference[4][WIJK_INDICES];
    for (unsigned t = 0; t < 4; t++) {
        wijk_resample_options o = {.seed = 77, .replicates = 61, .threads = t};
        assert_int_equal(wijk_resample_bootstrap(error[t], counts, 300, 5, &o, NULL), 0);
        assert_int_equal(wijk_resample_null(null[t], counts, 300, 5, &o, NULL), 0);
        assert_int_equal(
            wijk_resample_difference(difference[t], counts, 300, other, 200, 5, &o, NULL), 0);
        o.unit = WIJK_RESAMPLE_AREAS;
        assert_int_equal(wijk_resample_bootstrap(areas[t], counts, 300, 5, &o, NULL), 0);
        assert_memory_equal(error[t], error[0], sizeof error[t]);
        assert_memory_equal(areas[t], areas[0], sizeof areas[t]);
        assert_memory_equal(null[t], null[0], sizeof null[t]);
        assert_memory_equal(difference[t], difference[0], sizeof difference[t]);
    }
    wijk_resample_options o = {.seed = 78, .replicates = 61};
    assert_int_equal(wijk_resample_bootstrap(error[1], counts, 300, 5, &o, NULL), 0);
    assert_true(error[1][0].error != error[0][0].error);
    assert_true(error[1][0].value == error[0][0].value);
}

/* The mean of many tables by chance is the expectation in closed form. */
static void test_chance_has_the_exact_mean(void **state)
{
    (void)state;
    static double counts[100 * 4];
    for (uint32_t seed = 1; seed <= 4; seed++) {
        make_counts(counts, 100, 4, seed, seed % 2 ? 15 : 900);
        drawing d;
        start(&d, counts, 100, 4, RESAMPLE_CHANCE);
        resample_logs logs;
        assert_int_equal(resample_logs_make(&logs, d.table.total, 5000), 0);
        wijk_segregation_chance exact;
        assert_int_equal(wijk_segregation_expected(&exact, counts, 100, 4, NULL), 0);
        const double want[] = {exact.mutual, exact.theil, exact.dissimilarity};
        double sum[3] = {0}, squares[3] = {0}, got[3];
        enum { DRAWS = 4000 };
        for (uint32_t r = 0; r < DRAWS; r++) {
            resample_replicate(&d.scratch, &d.plan, r);
            assert_int_equal(resample_indices(got, &logs, d.scratch.cell, 100, 4, d.table.stride),
                             0);
            for (int k = 0; k < 3; k++) {
                sum[k] += got[k] - want[k];
                squares[k] += (got[k] - want[k]) * (got[k] - want[k]);
            }
        }
        for (int k = 0; k < 3; k++) {
            assert_true(fabs(sum[k] / DRAWS) < 4 * sqrt(squares[k] / DRAWS / DRAWS));
        }
        resample_logs_free(&logs);
        stop(&d);
    }
}

static void test_less_chance(void **state)
{
    (void)state;
    const double apart[] = {40, 0, 0, 60}, even[] = {20, 30, 20, 30}, one[] = {3, 4},
                 tiny[] = {1, 0, 0, 1};
    wijk_chance_index out[WIJK_INDICES];
    assert_int_equal(wijk_resample_chance(out, apart, 2, 2, NULL), 0);
    for (size_t k = 0; k < WIJK_INDICES; k++) {
        assert_true(fabs(out[k].rescaled - 1) < 1e-12);
        assert_true(out[k].excess > 0 && out[k].excess < out[k].value);
    }
    assert_int_equal(wijk_resample_chance(out, even, 2, 2, NULL), 0);
    for (size_t k = 0; k < WIJK_INDICES; k++) {
        assert_true(out[k].rescaled < 0); /* more even than chance would have it */
    }
    assert_int_equal(wijk_resample_chance(out, one, 1, 2, NULL), 0);
    assert_true(fabs(out[WIJK_INDEX_D].rescaled) < 1e-12);
    assert_int_equal(wijk_resample_chance(out, tiny, 2, 2, NULL), 0);
    assert_true(isnan(out[WIJK_INDEX_H].rescaled)); /* one by one they are always apart */
}

/* ---- what cannot be
 * ------------------------------------------------------------------------------------ */

static void test_degenerate(void **state)
{
    (void)state;
    wijk_resampled error[WIJK_INDICES];
    wijk_null_index null[WIJK_INDICES];
    wijk_difference difference[WIJK_INDICES];
    const wijk_resample_options o = {.replicates = 50};
    const double nobody[6] = {0}, alone[] = {4, 0, 9, 0, 0, 0}, single[] = {30, 50, 20};
    const double *const tables[] = {nobody, alone};
    for (int t = 0; t < 2; t++) {
        assert_int_equal(wijk_resample_bootstrap(error, tables[t], 3, 2, &o, NULL), 0);
        assert_int_equal(wijk_resample_null(null, tables[t], 3, 2, &o, NULL), 0);
        assert_int_equal(wijk_resample_difference(difference, tables[t], 3, alone, 3, 2, &o, NULL),
                         0);
        for (size_t k = 0; k < WIJK_INDICES; k++) {
            assert_true(isnan(error[k].value) && isnan(error[k].range.low) && isnan(null[k].p) &&
                        isnan(difference[k].p));
        }
    }
    assert_int_equal(wijk_resample_bootstrap(error, NULL, 0, 2, &o, NULL), 0);
    assert_true(isnan(error[0].value));
    /* One area shows no segregation, whoever lives there, and every draw says so. */
    assert_int_equal(wijk_resample_bootstrap(error, single, 1, 3, &o, NULL), 0);
    assert_int_equal(wijk_resample_null(null, single, 1, 3, &o, NULL), 0);
    for (size_t k = 0; k < WIJK_INDICES; k++) {
        assert_true(fabs(error[k].value) < 1e-15 && fabs(error[k].range.high) < 1e-15);
        assert_true(null[k].p == 1 && fabs(null[k].expected) < 1e-15);
    }
    /* So few that a group may vanish from a draw: no interval, but a value and chance. */
    const double few[] = {1, 0, 0, 2};
    assert_int_equal(wijk_resample_bootstrap(error, few, 2, 2, &o, NULL), 0);
    assert_true(error[0].value > 0 && isnan(error[0].error) && isnan(error[0].range.low));
    assert_int_equal(wijk_resample_null(null, few, 2, 2, &o, NULL), 0);
    assert_true(null[0].p > 0.2 && null[0].p < 0.5); /* one of three ways */
}

static void test_refused(void **state)
{
    (void)state;
    wijk_resampled error[WIJK_INDICES];
    wijk_null_index null[WIJK_INDICES];
    double counts[] = {3, 4, 5, 6};
    wijk_resample_options o = {.replicates = 1};
    assert_int_equal(wijk_resample_bootstrap(error, counts, 2, 2, &o, NULL), WIJK_EINVAL);
    o = (wijk_resample_options){.level = 1};
    assert_int_equal(wijk_resample_null(null, counts, 2, 2, &o, NULL), WIJK_EINVAL);
    o = (wijk_resample_options){.level = NAN};
    assert_int_equal(wijk_resample_null(null, counts, 2, 2, &o, NULL), WIJK_EINVAL);
    o = (wijk_resample_options){.replicates = WIJK_MAX_REPLICATES + 1};
    assert_int_equal(wijk_resample_bootstrap(error, counts, 2, 2, &o, NULL), WIJK_ELIMIT);
    const double wrong[] = {-1, NAN, INFINITY};
    for (int k = 0; k < 3; k++) {
        counts[2] = wrong[k];
        assert_int_equal(wijk_resample_bootstrap(error, counts, 2, 2, NULL, NULL), WIJK_EINVAL);
        assert_non_null(strstr(wijk_error(WIJK_EN), "Row 2, group 1"));
    }
    counts[2] = 3e8;
    assert_int_equal(wijk_resample_null(null, counts, 2, 2, NULL, NULL), WIJK_ELIMIT);
    wijk_ctx ctx = {.cancel = 1};
    counts[2] = 5;
    assert_int_equal(wijk_resample_bootstrap(error, counts, 2, 2, NULL, &ctx), WIJK_ECANCEL);
}

static int everything(void)
{
    static double counts[40 * 3];
    make_counts(counts, 40, 3, 5, 50);
    wijk_resampled error[WIJK_INDICES];
    wijk_null_index null[WIJK_INDICES];
    wijk_difference difference[WIJK_INDICES];
    wijk_chance_index chance[WIJK_INDICES];
    const wijk_resample_options o = {.replicates = 4, .threads = 2};
    const wijk_resample_options by_area = {.replicates = 4, .unit = WIJK_RESAMPLE_AREAS};
    int rc = wijk_resample_bootstrap(error, counts, 40, 3, &o, NULL);
    rc = rc ? rc : wijk_resample_bootstrap(error, counts, 40, 3, &by_area, NULL);
    rc = rc ? rc : wijk_resample_null(null, counts, 40, 3, &o, NULL);
    rc = rc ? rc : wijk_resample_chance(chance, counts, 40, 3, NULL);
    return rc ? rc : wijk_resample_difference(difference, counts, 40, counts, 20, 3, &o, NULL);
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc; n++) {
        assert_true(n < 1000);
        wijk_alloc_fail_at(n, 0);
        rc = everything();
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_ENOMEM || rc == WIJK_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_the_distribution),
        cmocka_unit_test(test_a_tie_looks_further),
        cmocka_unit_test(test_draws_fit),
        cmocka_unit_test(test_wide_is_the_same),
        cmocka_unit_test(test_fewer_tables_are_the_same),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_people_are_multinomial),
        cmocka_unit_test(test_chance_keeps_both_margins),
        cmocka_unit_test(test_cells_of_large_tables),
        cmocka_unit_test(test_areas_and_places),
        cmocka_unit_test(test_own_logarithm),
        cmocka_unit_test(test_whole_numbers_agree),
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_chance_has_the_exact_mean),
        cmocka_unit_test(test_less_chance),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
