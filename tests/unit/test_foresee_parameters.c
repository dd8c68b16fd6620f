/* The parameter dictionary (what it must say of each number), values set by hand, and designs:
 * points that fill the ranges as they promise. */
#include "wijk/parameters.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/ensemble.h"
#include "wijk/table.h"
#include "wijk/text.h"

static wijk_dictionary *dictionary;

static int open_dictionary(void **state)
{
    (void)state;
    return wijk_dictionary_open(&dictionary);
}

static int close_dictionary(void **state)
{
    (void)state;
    wijk_dictionary_free(dictionary);
    return 0;
}

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%.12g instead of %.12g", value, wanted);
    }
}

static double none_of(const wijk_parameter_row *row)
{
    return strcmp(row->unit, "ratio") == 0 ? 1 : 0;
}

/* Every source has its words in Dutch, numbers and years the same, and none that nobody uses. */
static void test_sources_have_dutch_words(void **state)
{
    (void)state;
    wijk_table *sources;
    size_t used = 0;
    assert_int_equal(wijk_table_asset(&sources, "data/parameter_sources.csv"), 0);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        long at = wijk_table_find(sources, "en", row->source);
        if (at < 0) {
            fail_msg("%s: data/parameter_sources.csv lacks \"%s\"", row->name, row->source);
        }
        const char *nl = wijk_table_get(sources, (size_t)at, "nl");
        for (const char *year = row->source; (year = strstr(year, "20")); year += 2) {
            char four[5] = {0};
            memcpy(four, year, strnlen(year, 4));
            if (strspn(four, "0123456789") == 4 && (year == row->source || year[-1] == ' ') &&
                !strstr(nl, four)) {
                fail_msg("%s: the Dutch source lacks %s", row->name, four);
            }
        }
    }
    for (size_t r = 0; r < wijk_table_rows(sources); r++) {
        int one = 0;
        for (int i = 0; i < WIJK_PARAMETERS; i++) {
            const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
            one |= !strcmp(row->source, wijk_table_get(sources, r, "en"));
        }
        used += (size_t)one;
    }
    assert_int_equal(used, wijk_table_rows(sources));
    wijk_table_free(sources);
}

/* An assumed effect is zero (or one, where it multiplies) unless somebody measured it: grade A or
 * B, or half of what was measured without a control group, which then says so. Its range always
 * holds "nothing", and what nobody measured is as likely harm as good: what an ensemble draws
 * counts, not the default alone. */
static void test_effects_are_centred_on_none(void **state)
{
    (void)state;
    int effects = 0, either_way = 0;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        double none = none_of(row);
        int counts = strcmp(row->unit, "ties") == 0; /* a number of contacts, not a strength */
        if (!row->effect || counts) {
            continue;
        }
        effects++;
        if (row->low > none || row->high < none) {
            fail_msg("%s: its range does not hold %g", row->name, none);
        }
        if (row->initial != none && *row->grade == 'D') {
            fail_msg("%s: grade %s and not centred on %g", row->name, row->grade, none);
        }
        if (row->initial == none && *row->grade >= 'C' && row->shape != WIJK_SHAPE_EITHER_WAY) {
            fail_msg("%s: nobody measured it, but it only works one way", row->name);
        }
        either_way += row->shape == WIJK_SHAPE_EITHER_WAY;
    }
    assert_true(effects > 20);
    assert_true(either_way > 15);
}

/* A source that points at the row above is none for who sees one row. */
static void test_every_row_names_its_own_source(void **state)
{
    (void)state;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        if (strstr(row->source, "idem") || strstr(row->source, "ditto")) {
            fail_msg("%s: its source is \"%s\"", row->name, row->source);
        }
    }
}

/* Every quantile below none has its mirror image above it. */
static void test_either_way_is_a_mirror(void **state)
{
    (void)state;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        if (row->shape != WIJK_SHAPE_EITHER_WAY) {
            continue;
        }
        double none = none_of(row);
        assert_near(wijk_parameter_at(row, 0.5), none, 1e-12);
        assert_near(wijk_parameter_at(row, 0), row->low, 1e-9);
        assert_near(wijk_parameter_at(row, 1), row->high, 1e-9);
        double last = row->low - 1;
        for (int k = 0; k <= 64; k++) {
            double u = k / 64.0, at = wijk_parameter_at(row, u);
            double mirror = wijk_parameter_at(row, 1 - u);
            assert_near(none == 0 ? at + mirror : at * mirror, none, 1e-9);
            assert_true(at > last);
            last = at;
        }
    }
}

/* Half of the worlds of an ensemble are on either side, by design and not by luck. */
static void test_ensembles_draw_either_way(void **state)
{
    (void)state;
    enum { WORLDS = 3 * WIJK_ENSEMBLE_BLOCK };
    int above[WIJK_PARAMETERS] = {0};
    for (uint32_t r = 1; r <= WORLDS; r++) {
        wijk_parameters values;
        assert_int_equal(wijk_ensemble_draw(&values, 7, r), WIJK_OK);
        for (int i = 0; i < WIJK_PARAMETERS; i++) {
            const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
            above[i] += values.value[i] > none_of(row);
            assert_true(values.value[i] >= row->low && values.value[i] <= row->high);
        }
    }
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        if (row->shape == WIJK_SHAPE_EITHER_WAY && above[i] != WORLDS / 2) {
            fail_msg("%s: %d of %d worlds above none", row->name, above[i], WORLDS);
        }
    }
}

/* A range that leans to one side is no range either way. */
static void test_a_leaning_range_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"tie_task,t_t,ratio,1,0.5,3,either_way,effect,ties,D,a,b,c",
                                       "relief_formal,r,points,0,-10,60,either_way,effect,strain,"
                                       "C,a,b,c"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[300];
        snprintf(text, sizeof text,
                 "name,symbol,unit,default,low,high,shape,kind,process,grade,source,nl,en\n%s\n",
                 rows[i]);
        wijk_dictionary *made = NULL;
        assert_int_equal(wijk_dictionary_read(&made, text, strlen(text), "x.csv"), WIJK_EFORMAT);
        assert_non_null(strstr(wijk_error(WIJK_EN), "either_way"));
        assert_null(made);
    }
}

static void test_every_number_has_a_source(void **state)
{
    (void)state;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        assert_true(strlen(row->source) > 3);
        assert_true(strchr("ABCD", *row->grade) != NULL);
        assert_true(row->low <= row->initial && row->initial <= row->high);
    }
    wijk_parameters defaults, listed;
    wijk_dictionary_defaults(&defaults, dictionary);
    assert_int_equal(wijk_parameters_default(&listed), WIJK_OK);
    assert_memory_equal(&defaults, &listed, sizeof defaults);
}

/* The country's table of the start population is in the same form. */
static void test_country_has_the_same_form(void **state)
{
    (void)state;
    wijk_table *table;
    assert_int_equal(wijk_table_asset(&table, "data/population/country.csv"), WIJK_OK);
    for (size_t i = 0; i < wijk_table_rows(table); i++) {
        double low = wijk_table_number(table, i, "low", NAN);
        double high = wijk_table_number(table, i, "high", NAN);
        double initial = wijk_table_number(table, i, "default", NAN);
        assert_true(low <= initial && initial <= high);
        assert_true(*wijk_table_get(table, i, "source") && *wijk_table_get(table, i, "grade"));
    }
    wijk_table_free(table);
}

static void test_set_by_hand(void **state)
{
    (void)state;
    wijk_parameters values, before;
    wijk_dictionary_defaults(&values, dictionary);
    assert_int_equal(wijk_parameters_set(&values, dictionary, "debt_onset=0.012"), WIJK_OK);
    assert_true(values.value[WIJK_P_DEBT_ONSET] == 0.012);
    assert_int_equal(wijk_parameters_set(&values, dictionary, " debt_onset = 0,013 "), WIJK_OK);
    assert_true(values.value[WIJK_P_DEBT_ONSET] == 0.013);
    before = values;
    assert_int_equal(wijk_parameters_set(&values, dictionary, "debt_onzet=1"), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "debt_onset"));
    assert_int_equal(wijk_parameters_set(&values, dictionary, "debt_onset=2"), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "0.008 to 0.015"));
    assert_int_equal(wijk_parameters_set(&values, dictionary, "debt_onset=veel"), WIJK_EINVAL);
    assert_int_equal(wijk_parameters_set(&values, dictionary, "debt_onset"), WIJK_EINVAL);
    static const char good[] = "# ours\n\ndebt_onset 0.009\r\n accept = 0.3 # lower here\n";
    assert_int_equal(wijk_parameters_read(&values, dictionary, good, sizeof good - 1, "own"), 0);
    assert_true(values.value[WIJK_P_DEBT_ONSET] == 0.009 && values.value[WIJK_P_ACCEPT] == 0.3);
    before = values;
    static const char twice[] = "accept 0.35\naccept 0.3\n";
    assert_int_equal(wijk_parameters_read(&values, dictionary, twice, sizeof twice - 1, "own"),
                     WIJK_EFORMAT);
    assert_int_equal(strncmp(wijk_error(WIJK_EN), "own:2", 5), 0);
    assert_memory_equal(&values, &before, sizeof values);
}

static void test_mark_changes_with_a_value(void **state)
{
    (void)state;
    char a[17], b[17];
    wijk_parameters values;
    wijk_dictionary_defaults(&values, dictionary);
    wijk_parameters_mark(a, &values);
    values.value[WIJK_P_ACCEPT] += 1e-12;
    wijk_parameters_mark(b, &values);
    assert_int_equal(strlen(a), 16);
    assert_string_not_equal(a, b);
}

/* Rows that lack something are refused, with the row. */
static void test_bad_tables(void **state)
{
    (void)state;
    wijk_dictionary *made;
    size_t size;
    const char *bytes = wijk_asset_get("data/parameters.csv", &size);
    assert_int_equal(wijk_dictionary_read(&made, bytes, size, "x"), WIJK_OK);
    wijk_dictionary_free(made);
    assert_int_equal(wijk_dictionary_read(&made, bytes, size / 2, "x"), WIJK_EFORMAT);
    static const char unknown[] = "name,symbol,unit,default,low,high,shape,kind,process,grade,"
                                  "source,nl,en\nhappiness,h,share,1,0,2,triangular,effect,life,"
                                  "D,us,geluk,happiness\n";
    assert_int_equal(wijk_dictionary_read(&made, unknown, sizeof unknown - 1, "x"), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "happiness"));
}

/* ---- designs ------------------------------------------------------------------------------------
 */

/* Quantiles against the distribution function, inverted by halving: another way to the same. */
static void test_triangle(void **state)
{
    (void)state;
    wijk_parameter_row row = {.initial = 2, .low = 1, .high = 5, .shape = WIJK_SHAPE_TRIANGULAR};
    for (double u = 0; u <= 1; u += 0.01) {
        double low = 1, high = 5;
        for (int i = 0; i < 60; i++) {
            double x = (low + high) / 2;
            double f = x < 2 ? (x - 1) * (x - 1) / 4 : 1 - (5 - x) * (5 - x) / 12;
            *(f < u ? &low : &high) = x;
        }
        assert_float_equal(wijk_parameter_at(&row, u), low, 1e-7);
    }
    row.initial = 1; /* the mode at an end */
    assert_float_equal(wijk_parameter_at(&row, 0), 1, 0);
    assert_float_equal(wijk_parameter_at(&row, 1), 5, 0);
    row.shape = WIJK_SHAPE_FIXED;
    assert_float_equal(wijk_parameter_at(&row, 0.9), 1, 0);
}

static void test_latin_fills_every_slice(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 10, 97, 256, 1000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t n = sizes[s];
        for (uint32_t dimension = 0; dimension < 5; dimension++) {
            uint8_t *seen = calloc(n, 1);
            for (uint32_t i = 0; i < n; i++) {
                double x = wijk_latin(11, n, i, dimension);
                assert_true(x > 0 && x < 1);
                seen[(uint32_t)(x * n)]++;
            }
            for (uint32_t i = 0; i < n; i++) {
                assert_int_equal(seen[i], 1);
            }
            free(seen);
        }
    }
    assert_true(wijk_latin(1, 100, 3, 0) != wijk_latin(2, 100, 3, 0));
    assert_true(wijk_latin(1, 100, 3, 0) != wijk_latin(1, 100, 3, 1));
}

/* Against values of the reference implementation (SciPy 1.10, scipy.stats.qmc.Sobol without
 * scrambling, 300 dimensions). */
static void test_sobol_is_the_published_one(void **state)
{
    (void)state;
    static const struct {
        uint32_t index, dimension;
        double value;
    } known[] = {{0, 0, 0},
                 {1, 3, 0.5},
                 {2, 0, 0.75},
                 {2, 1, 0.25},
                 {3, 2, 0.75},
                 {4, 5, 0.125},
                 {5, 50, 0.625},
                 {5, 100, 0.125},
                 {5, 281, 0.375},
                 {7, 200, 0.875},
                 {7, 281, 0.625},
                 {1357, 0, 0.84326171875},
                 {1357, 1, 0.78857421875},
                 {1357, 20, 0.34716796875},
                 {1357, 99, 0.60986328125},
                 {1357, 250, 0.71240234375},
                 {1357, 281, 0.07763671875}};
    wijk_sobol *sobol;
    assert_int_equal(wijk_sobol_new(&sobol, 300), WIJK_OK);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(wijk_sobol_at(sobol, 0, known[i].index, known[i].dimension) == known[i].value);
    }
    wijk_sobol_free(sobol);
    assert_int_equal(wijk_sobol_new(&sobol, WIJK_SOBOL_MOST + 1), WIJK_EINVAL);
    assert_int_equal(wijk_sobol_new(&sobol, WIJK_SOBOL_MOST), WIJK_OK);
    wijk_sobol_free(sobol);
    assert_true(2 * WIJK_PARAMETERS <= WIJK_SOBOL_MOST);
}

/* Shifted it still puts one point in each of 2^k slices, and integrates better than chance. */
static void test_shifted_sobol_is_even(void **state)
{
    (void)state;
    enum { N = 1024 };
    wijk_sobol *sobol;
    assert_int_equal(wijk_sobol_new(&sobol, 40), WIJK_OK);
    for (uint32_t d = 0; d < 40; d++) {
        uint8_t seen[N] = {0};
        for (uint32_t i = 0; i < N; i++) {
            double x = wijk_sobol_at(sobol, 5, i, d);
            assert_true(x > 0 && x < 1);
            seen[(uint32_t)(x * N)]++;
        }
        for (uint32_t i = 0; i < N; i++) {
            assert_int_equal(seen[i], 1);
        }
    }
    /* The mean of a product of five coordinates is 1/32; chance misses it by about 0.0016. */
    double sum = 0;
    for (uint32_t i = 0; i < N; i++) {
        double product = 1;
        for (uint32_t d = 0; d < 5; d++) {
            product *= wijk_sobol_at(sobol, 5, i, d);
        }
        sum += product;
    }
    assert_true(fabs(sum / N - 1.0 / 32) < 0.0006);
    wijk_sobol_free(sobol);
}

static void test_points_lie_in_range(void **state)
{
    (void)state;
    enum { N = 200 };
    wijk_sobol *sobol;
    wijk_parameters latin, other;
    double mean = 0;
    assert_int_equal(wijk_sobol_new(&sobol, 2 * WIJK_PARAMETERS), WIJK_OK);
    for (uint32_t i = 0; i < N; i++) {
        wijk_parameters_latin(&latin, dictionary, 1, N, i);
        wijk_parameters_sobol(&other, dictionary, sobol, 1, i, WIJK_PARAMETERS);
        for (int p = 0; p < WIJK_PARAMETERS; p++) {
            const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)p);
            assert_true(latin.value[p] >= row->low && latin.value[p] <= row->high);
            assert_true(other.value[p] >= row->low && other.value[p] <= row->high);
        }
        mean += latin.value[WIJK_P_DEBT_ONSET] / N;
    }
    /* A triangle's mean is the mean of its corners; a Latin hypercube hardly misses it. */
    const wijk_parameter_row *row = wijk_dictionary_row(dictionary, WIJK_P_DEBT_ONSET);
    assert_float_equal(mean, (row->low + row->initial + row->high) / 3, 1e-5);
    wijk_sobol_free(sobol);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_have_dutch_words),
        cmocka_unit_test(test_effects_are_centred_on_none),
        cmocka_unit_test(test_every_row_names_its_own_source),
        cmocka_unit_test(test_either_way_is_a_mirror),
        cmocka_unit_test(test_ensembles_draw_either_way),
        cmocka_unit_test(test_a_leaning_range_is_refused),
        cmocka_unit_test(test_every_number_has_a_source),
        cmocka_unit_test(test_country_has_the_same_form),
        cmocka_unit_test(test_set_by_hand),
        cmocka_unit_test(test_mark_changes_with_a_value),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_triangle),
        cmocka_unit_test(test_latin_fills_every_slice),
        cmocka_unit_test(test_sobol_is_the_published_one),
        cmocka_unit_test(test_shifted_sobol_is_even),
        cmocka_unit_test(test_points_lie_in_range),
    };
    return cmocka_run_group_tests(tests, open_dictionary, close_dictionary);
}
