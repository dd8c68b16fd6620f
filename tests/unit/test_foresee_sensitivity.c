/* Sensitivity: the estimators on functions whose answer is known on paper (Ishigami & Homma 1990,
 * the g-function of Sobol', sums and products), and the runs: threads, parts, resuming, refusals.
 */
#include "foresee/sensitivity.h"
#include "foresee_town.h"

#include <math.h>
#include <stdlib.h>

enum { POINTS = 16384, MOST = 8 };

typedef double (*known_function)(const double *u);

/* Indices of f over groups[factor], by the same design as the runs: A, B, and A with a group of B.
 */
static void split(wijk_sensitivity_index *out, known_function f, uint32_t factors,
                  const uint32_t *group, uint32_t groups, uint32_t n, uint64_t seed)
{
    wijk_sobol *sobol;
    double *y = wijk_alloc(n * (groups + 2) * sizeof *y), mean, deviation;
    fine(wijk_sobol_new(&sobol, SOBOL_BLOCK));
    for (uint32_t i = 0; i < n; i++) {
        double a[MOST], b[MOST], mixed[MOST];
        for (uint32_t k = 0; k < factors; k++) {
            a[k] = sobol_scrambled(sobol, seed, i, k);
            b[k] = sobol_scrambled(sobol, seed, i, 2 * MOST + k);
        }
        double *row = y + (size_t)i * (groups + 2);
        row[0] = f(a);
        row[1] = f(b);
        for (uint32_t g = 0; g < groups; g++) {
            for (uint32_t k = 0; k < factors; k++) {
                mixed[k] = group[k] == g ? b[k] : a[k];
            }
            row[2 + g] = f(mixed);
        }
    }
    fine(sobol_indices(out, &mean, &deviation, y, n, groups, seed));
    wijk_sobol_free(sobol);
    wijk_free(y);
}

static double ishigami(const double *u)
{
    const double pi = 3.14159265358979323846;
    double x = pi * (2 * u[0] - 1), y = pi * (2 * u[1] - 1), z = pi * (2 * u[2] - 1);
    return sin(x) + 7 * sin(y) * sin(y) + 0.1 * z * z * z * z * sin(x);
}

/* Ishigami & Homma 1990, a = 7, b = 0.1: the indices follow from integrals done on paper. */
static void ishigami_is_found(void **state)
{
    (void)state;
    static const uint32_t group[] = {0, 1, 2};
    const double pi4 = 97.409091034002437, pi8 = 9488.531016070574;
    double v1 = 0.5 * (1 + 0.1 * pi4 / 5) * (1 + 0.1 * pi4 / 5), v2 = 49.0 / 8;
    double v13 = 0.01 * pi8 * (1.0 / 18 - 1.0 / 50), v = v1 + v2 + v13;
    const double first[] = {v1 / v, v2 / v, 0}, total[] = {(v1 + v13) / v, v2 / v, v13 / v};
    wijk_sensitivity_index s[3];
    split(s, ishigami, 3, group, 3, POINTS, 5);
    for (int i = 0; i < 3; i++) {
        assert_true(fabs(s[i].first - first[i]) < 0.02);
        assert_true(fabs(s[i].total - total[i]) < 0.02);
        assert_true(s[i].first_low <= first[i] + 0.01 && s[i].first_high >= first[i] - 0.01);
        assert_true(s[i].total_low <= total[i] + 0.01 && s[i].total_high >= total[i] - 0.01);
        assert_true(fabs(s[i].first_half - first[i]) < 0.04);
    }
}

static const double a_of[MOST] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static double g_function(const double *u)
{
    double product = 1;
    for (int i = 0; i < MOST; i++) {
        product *= (fabs(4 * u[i] - 2) + a_of[i]) / (1 + a_of[i]);
    }
    return product;
}

/* The g-function (Saltelli & Sobol' 1995): a product of independent parts, so every index, of
 * groups too, follows from the variances of the parts. */
static void g_function_is_found(void **state)
{
    (void)state;
    static const uint32_t single[] = {0, 1, 2, 3, 4, 5, 6, 7}, pairs[] = {0, 0, 1, 1, 2, 2, 2, 2};
    double part[MOST], all = 1;
    for (int i = 0; i < MOST; i++) {
        part[i] = 1 / (3 * (1 + a_of[i]) * (1 + a_of[i]));
        all *= 1 + part[i];
    }
    wijk_sensitivity_index s[MOST];
    split(s, g_function, MOST, single, MOST, POINTS, 7);
    for (int i = 0; i < MOST; i++) {
        assert_true(fabs(s[i].first - part[i] / (all - 1)) < 0.02);
        assert_true(fabs(s[i].total - part[i] * all / (1 + part[i]) / (all - 1)) < 0.02);
    }
    assert_true(fabs(s[0].first - 0.7165) < 0.02 && fabs(s[0].total - 0.7871) < 0.02);
    split(s, g_function, MOST, pairs, 3, POINTS, 7);
    double two[] = {(1 + part[0]) * (1 + part[1]), (1 + part[2]) * (1 + part[3])};
    for (int g = 0; g < 2; g++) {
        assert_true(fabs(s[g].first - (two[g] - 1) / (all - 1)) < 0.02);
        assert_true(fabs(s[g].total - (all - all / two[g]) / (all - 1)) < 0.02);
    }
}

static double nothing(const double *u)
{
    (void)u;
    return 3;
}

static void what_never_differs_has_no_indices(void **state)
{
    (void)state;
    double y[8 * 4], mean, deviation;
    wijk_sensitivity_index s[2];
    for (int i = 0; i < 32; i++) {
        y[i] = nothing(NULL);
    }
    assert_int_equal(sobol_indices(s, &mean, &deviation, y, 8, 2, 1), WIJK_ENOTFOUND);
    assert_true(mean == 3 && deviation == 0);
}

/* In high dimensions too, points are even in each and do not move together in two. */
static void scrambled_points_are_even(void **state)
{
    (void)state;
    enum { N = 256, HIGH = 300 };
    wijk_sobol *sobol;
    double worst = 0;
    fine(wijk_sobol_new(&sobol, SOBOL_BLOCK));
    for (uint32_t d = 0; d < HIGH / 2; d += 7) {
        int slice[N] = {0};
        double together = 0;
        for (uint32_t i = 0; i < N; i++) {
            double a = sobol_scrambled(sobol, 21, i, d);
            double b = sobol_scrambled(sobol, 21, i, d + HIGH / 2);
            slice[(int)(a * N)]++;
            together += 12 * (a - 0.5) * (b - 0.5) / N;
        }
        for (int i = 0; i < N; i++) {
            assert_int_equal(slice[i], 1);
        }
        worst = fmax(worst, fabs(together));
    }
    assert_true(worst < 4 / sqrt(N));
    wijk_sobol_free(sobol);
}

/* ---- Morris -----------------------------------------------------------------------------------
 */

static void trajectories_change_each_factor_once(void **state)
{
    (void)state;
    enum { FACTORS = 11 };
    int raised = 0, lowered = 0;
    for (uint32_t t = 1; t <= 50; t++) {
        double before[FACTORS], after[FACTORS];
        int changed[FACTORS] = {0};
        morris_point(before, 9, t, 0, FACTORS);
        for (uint32_t step = 1; step <= FACTORS; step++) {
            double by;
            uint32_t which = morris_changed(&by, 9, t, step, FACTORS);
            morris_point(after, 9, t, step, FACTORS);
            for (uint32_t f = 0; f < FACTORS; f++) {
                double difference = f == which ? by : 0;
                assert_true(fabs(after[f] - before[f] - difference) < 1e-12);
                assert_true(after[f] >= 0 && after[f] <= 1);
            }
            changed[which]++;
            raised += by > 0;
            lowered += by < 0;
            memcpy(before, after, sizeof before);
        }
        for (int f = 0; f < FACTORS; f++) {
            assert_int_equal(changed[f], 1);
        }
    }
    assert_true(raised > 200 && lowered > 200);
}

/* A sum: every effect is its coefficient, nothing bends. A product: the effect of one factor is the
 * other, which stands on 0, 1/3, 2/3, 1: mean 1/2, standard deviation sqrt(5)/6. */
static void effects_of_known_functions(void **state)
{
    (void)state;
    enum { FACTORS = 4, PATHS = 2000 };
    double *y = wijk_alloc(PATHS * (FACTORS + 1) * sizeof *y);
    for (uint32_t t = 0; t < PATHS; t++) {
        for (uint32_t step = 0; step <= FACTORS; step++) {
            double u[FACTORS];
            morris_point(u, 3, t + 1, step, FACTORS);
            y[t * (FACTORS + 1) + step] = 5 * u[0] - 2 * u[1] + u[2] * u[3];
        }
    }
    morris_effect e[FACTORS];
    fine(morris_effects(e, y, 1, PATHS, FACTORS, 3));
    assert_true(fabs(e[0].mu - 5) < 1e-9 && fabs(e[0].mu_star - 5) < 1e-9 && e[0].sigma < 1e-9);
    assert_true(fabs(e[1].mu + 2) < 1e-9 && fabs(e[1].mu_star - 2) < 1e-9 && e[1].error < 1e-9);
    for (int f = 2; f < 4; f++) {
        assert_true(fabs(e[f].mu - 0.5) < 0.03 && fabs(e[f].mu_star - 0.5) < 0.03);
        assert_true(fabs(e[f].sigma - sqrt(5) / 6) < 0.02);
        /* the bootstrap error of a mean is its standard deviation over the root of n */
        assert_true(fabs(e[f].error - e[f].sigma / sqrt(PATHS)) < 0.15 * e[f].error);
        assert_true(e[f].low < 0.5 && e[f].high > 0.5 && fabs(e[f].half - 0.5) < 0.05);
    }
    wijk_free(y);
}

/* Morris's own function of 1991: of twenty inputs the last ten hardly matter, and the first ten do.
 */
static double morris_1991(const double *u)
{
    double w[20], sum = 0, pairs = 0, triples = 0, fours = 0;
    for (int i = 0; i < 20; i++) {
        int bent = i == 2 || i == 4 || i == 6;
        w[i] = bent ? 2 * (1.1 * u[i] / (u[i] + 0.1) - 0.5) : 2 * (u[i] - 0.5);
        sum += i < 10 ? 20 * w[i] : (i % 2 ? -0.5 : 0.5) * w[i];
    }
    for (int i = 0; i < 6; i++) {
        for (int j = i + 1; j < 6; j++) {
            pairs += -15 * w[i] * w[j];
            for (int k = j + 1; k < 5; k++) {
                triples += -10 * w[i] * w[j] * w[k];
            }
        }
    }
    fours = 5 * w[0] * w[1] * w[2] * w[3];
    return sum + pairs + triples + fours;
}

static void screening_finds_what_matters(void **state)
{
    (void)state;
    enum { FACTORS = 20, PATHS = 20 };
    double *y = wijk_alloc(PATHS * (FACTORS + 1) * sizeof *y);
    for (uint32_t t = 0; t < PATHS; t++) {
        for (uint32_t step = 0; step <= FACTORS; step++) {
            double u[FACTORS];
            morris_point(u, 8, t + 1, step, FACTORS);
            y[t * (FACTORS + 1) + step] = morris_1991(u);
        }
    }
    morris_effect e[FACTORS];
    fine(morris_effects(e, y, 1, PATHS, FACTORS, 8));
    for (int f = 0; f < FACTORS; f++) {
        assert_true(f < 10 ? e[f].mu_star > 20 : e[f].mu_star < 2);
        assert_true(f < 6 || f == 6 ? e[f].sigma > 5 : e[f].sigma < 1e-6);
    }
    wijk_free(y);
}

/* ---- runs -------------------------------------------------------------------------------------
 */

static const wijk_change support[] = {
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4},
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_WIJKTEAM, 3},
};

static wijk_sensitivity_options options_of(wijk_sensitivity_kind kind, uint32_t first,
                                           uint32_t last)
{
    return (wijk_sensitivity_options){.kind = kind,
                                      .seed = 11,
                                      .first = first,
                                      .last = last,
                                      .years = 1,
                                      .threads = 2,
                                      .place = "Stad\nmet een regel",
                                      .title = {"beleid", "policy"},
                                      .scenario = "support",
                                      .lineage = "test"};
}

static wijk_sensitivity *run_on(const wijk_population *town, const wijk_sensitivity_options *o)
{
    const wijk_scenario scenario = {support, 2};
    wijk_sensitivity *s;
    fine(wijk_sensitivity_run(&s, town, &scenario, o, NULL));
    return s;
}

static wijk_population *tiny_town(void)
{
    wijk_parameters p = defaults();
    return town_of(1, 2, 60, &p);
}

static void same_text(const wijk_sensitivity *a, const wijk_sensitivity *b)
{
    wijk_str x = WIJK_STR_INIT, y = WIJK_STR_INIT;
    wijk_sensitivity_write(&x, a);
    wijk_sensitivity_write(&y, b);
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.data, y.data, x.size);
    wijk_str_free(&x);
    wijk_str_free(&y);
}

static int stop_after(void *payload, const wijk_sensitivity *so_far)
{
    wijk_sensitivity **kept = payload;
    wijk_str text = WIJK_STR_INIT;
    wijk_sensitivity_write(&text, so_far);
    wijk_sensitivity_free(*kept);
    fine(wijk_sensitivity_read(kept, text.data, text.size, "kept"));
    wijk_str_free(&text);
    return wijk_sensitivity_tell(so_far).last < 2 ? WIJK_OK : WIJK_ECANCEL;
}

/* Any threads, in parts joined in any order, stopped and gone on: the same bytes. */
static void parts_make_the_whole(void **state)
{
    (void)state;
    wijk_population *town = tiny_town();
    for (int kind = WIJK_SCREENING; kind <= WIJK_GROUPING; kind++) {
        wijk_sensitivity_options o = options_of((wijk_sensitivity_kind)kind, 1, 3);
        wijk_sensitivity *whole = run_on(town, &o), *joined, *kept = NULL, *gone_on;
        o.threads = 1;
        wijk_sensitivity *one = run_on(town, &o);
        o.threads = 3;
        wijk_sensitivity *three = run_on(town, &o);
        same_text(whole, one);
        same_text(whole, three);
        wijk_sensitivity_options first = options_of((wijk_sensitivity_kind)kind, 1, 1);
        wijk_sensitivity_options rest = options_of((wijk_sensitivity_kind)kind, 2, 3);
        wijk_sensitivity *a = run_on(town, &first), *b = run_on(town, &rest);
        fine(wijk_sensitivity_merge(&joined, (const wijk_sensitivity *const[]){b, a}, 2));
        same_text(whole, joined);
        assert_int_equal(
            wijk_sensitivity_merge(&gone_on, (const wijk_sensitivity *const[]){a, a}, 2),
            WIJK_EINVAL);
        const wijk_scenario scenario = {support, 2};
        o.keep = stop_after;
        o.payload = &kept;
        assert_int_equal(wijk_sensitivity_run(&gone_on, town, &scenario, &o, NULL), WIJK_ECANCEL);
        assert_int_equal(wijk_sensitivity_tell(kept).last, 2);
        o.keep = NULL;
        o.done = kept;
        gone_on = run_on(town, &o);
        same_text(whole, gone_on);
        o.seed = 12;
        wijk_sensitivity_free(three);
        assert_int_equal(wijk_sensitivity_run(&three, town, &scenario, &o, NULL), WIJK_EINVAL);
        assert_null(three); /* what was kept is of another seed */
        wijk_sensitivity *all[] = {whole, one, a, b, joined, kept, gone_on};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            wijk_sensitivity_free(all[i]);
        }
    }
    wijk_population_free(town);
}

/* What was done is done to the difference: a policy that changes nothing has no indices, one that
 * does has, and what cannot matter for it does not. */
static void runs_give_indices(void **state)
{
    (void)state;
    wijk_population *town = tiny_town();
    wijk_sensitivity_options o = options_of(WIJK_GROUPING, 1, 128);
    wijk_sensitivity *s = run_on(town, &o), *none;
    wijk_sensitivity_indices all;
    fine(wijk_sensitivity_split(&all, s, WIJK_OUT_WORK_MANAGEMENT));
    assert_true(all.mean > 0 && all.deviation > 0);
    for (int g = 0; g < WIJK_SENSITIVITY_GROUPS; g++) {
        assert_true(all.of[g].total >= 0 && all.of[g].total_low <= all.of[g].total_high);
    }
    /* hours of managers follow from fte and productive hours, a parameter of help */
    assert_true(fabs(all.of[WIJK_SENSITIVITY_HELP].total - 1) < 0.2);
    assert_true(fabs(all.of[WIJK_SENSITIVITY_HELP].first - 1) < 0.3);
    assert_true(all.of[WIJK_SENSITIVITY_NEEDS].total == 0);
    wijk_screened rows[WIJK_PARAMETERS + 1];
    size_t n;
    assert_int_equal(wijk_sensitivity_screen(rows, &n, s, WIJK_OUT_STRAINED), WIJK_EINVAL);
    const wijk_scenario idle = {NULL, 0};
    fine(wijk_sensitivity_run(&none, town, &idle, &o, NULL));
    assert_int_equal(wijk_sensitivity_split(&all, none, WIJK_OUT_STRAINED), WIJK_ENOTFOUND);
    wijk_sensitivity_free(none);
    wijk_sensitivity_free(s);
    o = options_of(WIJK_SCREENING, 1, 2);
    s = run_on(town, &o);
    fine(wijk_sensitivity_screen(rows, &n, s, WIJK_OUT_WORK_MANAGEMENT));
    assert_true(n > 100);
    assert_int_equal(rows[0].parameter, WIJK_P_PRODUCTIVE_HOURS);
    for (size_t i = 1; i < n; i++) {
        assert_true(rows[i].mu_star <= rows[i - 1].mu_star && rows[i].mu_star >= 0);
    }
    assert_int_equal(wijk_sensitivity_split(&all, s, WIJK_OUT_STRAINED), WIJK_EINVAL);
    wijk_sensitivity_free(s);
    wijk_population_free(town);
}

static void refusals(void **state)
{
    (void)state;
    wijk_population *town = tiny_town();
    const wijk_scenario scenario = {support, 2};
    wijk_sensitivity *s = NULL, *read;
    wijk_sensitivity_options o = options_of(WIJK_GROUPING, 0, 3);
    assert_int_equal(wijk_sensitivity_run(&s, town, &scenario, &o, NULL), WIJK_EINVAL);
    o = options_of(WIJK_GROUPING, 1, 2);
    o.years = 0;
    assert_int_equal(wijk_sensitivity_run(&s, town, &scenario, &o, NULL), WIJK_EINVAL);
    o = options_of(WIJK_GROUPING, 1, 2);
    const uint32_t nowhere = 99;
    o.focus = &nowhere;
    o.n_focus = 1;
    assert_int_equal(wijk_sensitivity_run(&s, town, &scenario, &o, NULL), WIJK_EINVAL);
    o.n_focus = 0; /* nobody */
    assert_int_equal(wijk_sensitivity_run(&s, town, &scenario, &o, NULL), WIJK_EDENIED);
    o = options_of(WIJK_GROUPING, 1, 2);
    s = run_on(town, &o);
    wijk_sensitivity_indices all;
    assert_int_equal(wijk_sensitivity_split(&all, s, WIJK_OUT_STRAINED), WIJK_ENOTFOUND);
    wijk_str text = WIJK_STR_INIT;
    wijk_sensitivity_write(&text, s);
    fine(wijk_sensitivity_read(&read, text.data, text.size, "part"));
    same_text(s, read);
    wijk_sensitivity_free(read);
    for (size_t cut = 0; cut < text.size; cut += 1 + cut / 3) {
        assert_int_equal(wijk_sensitivity_read(&read, text.data, cut, "part"), WIJK_EFORMAT);
    }
    for (size_t at = 20; at < text.size; at += 1 + at / 2) {
        text.data[at] ^= 1;
        assert_int_equal(wijk_sensitivity_read(&read, text.data, text.size, "part"), WIJK_EFORMAT);
        text.data[at] ^= 1;
    }
    wijk_str_free(&text);
    wijk_sensitivity_free(s);
    wijk_population_free(town);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    wijk_population *town = tiny_town();
    const wijk_scenario scenario = {support, 2};
    wijk_sensitivity_options o = options_of(WIJK_GROUPING, 1, 1);
    o.threads = 1;
    for (long nth = 1; nth < 400; nth += 1 + nth / 12) {
        wijk_sensitivity *s = NULL;
        wijk_alloc_fail_at(nth, 1);
        int rc = wijk_sensitivity_run(&s, town, &scenario, &o, NULL);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_OK ? s != NULL : s == NULL);
        wijk_sensitivity_free(s);
    }
    wijk_population_free(town);
}

/* Every parameter that may vary is in one group, and each group has some. */
static void every_parameter_has_a_group(void **state)
{
    (void)state;
    wijk_dictionary *dictionary;
    int seen[WIJK_SENSITIVITY_GROUPS] = {0};
    wijk_sensitivity s = {.kind = WIJK_GROUPING};
    fine(wijk_dictionary_open(&dictionary));
    fine(sensitivity_plan(&s, dictionary));
    for (uint32_t f = 0; f < s.factors; f++) {
        seen[sensitivity_group_of(dictionary, s.factor[f])]++;
    }
    for (int g = 0; g < WIJK_SENSITIVITY_GROUPS; g++) {
        assert_true(seen[g] > 0 && *wijk_sensitivity_group_key((wijk_sensitivity_group)g));
    }
    wijk_dictionary_free(dictionary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ishigami_is_found),
        cmocka_unit_test(g_function_is_found),
        cmocka_unit_test(what_never_differs_has_no_indices),
        cmocka_unit_test(scrambled_points_are_even),
        cmocka_unit_test(trajectories_change_each_factor_once),
        cmocka_unit_test(effects_of_known_functions),
        cmocka_unit_test(screening_finds_what_matters),
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(runs_give_indices),
        cmocka_unit_test(refusals),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(every_parameter_has_a_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
