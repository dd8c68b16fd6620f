/* The fit of one area and its rounding: against an independent method (Bregman's: one margin at a
 * time, solved by bisection), against margins that contradict each other, and on average. */
#include "foresee/whole.h"

#include "wijk/err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const seed_country country = {0.34, 0.5, 0.8, {.396, .283, .246, .075}, {.56, .28, .16},
                                     2022};
static seed_table seed;

static int read_seed(void **state)
{
    (void)state;
    return seed_read(&seed, &country);
}

static void test_seed_is_the_country(void **state)
{
    (void)state;
    double total = 0, low = 0, high = 0, owner = 0, single = 0, passend = 0;
    for (size_t k = 0; k < seed.household_kinds; k++) {
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                double w = seed.weight[k][i][t];
                total += w;
                low += seed.segment[i].group == 0 ? w : 0;
                high += seed.segment[i].group == 2 ? w : 0;
                passend += seed.segment[i].income == 0 ? w : 0;
                owner += t == SEED_OWNER ? w : 0;
                single += seed.kind[k].composition == SEED_SINGLE ? w : 0;
            }
        }
    }
    assert_float_equal(total, 1, 1e-9);
    assert_float_equal(low, 0.4, 1e-6);
    assert_float_equal(high, 0.2, 1e-6);
    assert_float_equal(passend, 0.34, 1e-6);
    assert_float_equal(owner, 0.56, 1e-9);
    assert_float_equal(single, 0.396, 1e-6);
    for (size_t k = 0; k < seed.kinds; k++) {
        int persons = 0;
        for (int b = 0; b < SEED_BANDS; b++) {
            persons += seed.kind[k].persons[b];
        }
        assert_int_equal(persons, seed.kind[k].size);
    }
}

/* The generation of 1946, a third more than that of 1945 (CBS), is as old as the year says. */
static void test_generations_grow_older(void **state)
{
    (void)state;
    static const int years[] = {2005, 2011, 2018, 2022, 2024};
    static seed_table table;
    for (size_t y = 0; y < sizeof years / sizeof *years; y++) {
        seed_country of_year = country;
        of_year.year = years[y];
        assert_int_equal(seed_read(&table, &of_year), 0);
        int age = years[y] - 1946;
        for (int c = 0; c < SEED_COMPOSITIONS; c++) {
            const double *younger = table.younger[c];
            double first = younger[age + 1] - younger[age];
            double before = younger[age + 2] - younger[age + 1];
            /* ages are in rows of five years, between which numbers step as well */
            assert_true(age % 5 == 4 || first > 1.25 * before);
        }
    }
}

static void test_limits_must_rise(void **state)
{
    (void)state;
    seed_country wrong = country;
    seed_table table;
    wrong.daeb = 0.3;
    assert_int_equal(seed_read(&table, &wrong), WIJK_EINVAL);
}

/* How much cell (k, i, t) adds to a row: the definition, not the code under test. */
static double member(size_t k, size_t i, int t, int row)
{
    if (row < FIT_STRUCTURE_ROWS) {
        return fit_coefficient(&seed.kind[k], row);
    }
    if (k >= seed.household_kinds) {
        return 0;
    }
    if (row < FIT_LOW) {
        return t == row - FIT_TENURE;
    }
    return seed.segment[i].group == (row == FIT_LOW ? 0 : 2);
}

typedef double cells[SEED_KINDS][SEED_SEGMENTS][SEED_TENURES];

static double row_total(const cells w, int row)
{
    double sum = 0;
    for (size_t k = 0; k < seed.kinds; k++) {
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                sum += w[k][i][t] * member(k, i, t, row);
            }
        }
    }
    return sum;
}

/* A town that exists: the seed with made-up tastes, so that its margins can be met. */
static void make_town(cells w, double households)
{
    for (size_t k = 0; k < seed.kinds; k++) {
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                double taste = 1 + 0.9 * sin((double)(k * 7 + i * 3) + 2.0 * t);
                w[k][i][t] = seed.weight[k][i][t] * households * taste;
            }
        }
    }
}

static const int asked[] = {FIT_HOUSEHOLDS, FIT_SINGLE,  FIT_CHILDLESS, FIT_ONE_PARENT,
                            FIT_AGE,        FIT_AGE + 1, FIT_AGE + 2,   FIT_AGE + 4,
                            FIT_PEOPLE,     FIT_HOUSED,  FIT_TENURE,    FIT_TENURE + 1,
                            FIT_LOW,        FIT_HIGH};
enum { ASKED = sizeof asked / sizeof *asked };

static void ask(fit_margins *margins, const cells town, double sigma)
{
    for (int r = 0; r < FIT_ROWS; r++) {
        margins->target[r] = 0;
        margins->sigma[r] = INFINITY;
    }
    for (int a = 0; a < ASKED; a++) {
        margins->target[asked[a]] = row_total(town, asked[a]);
        margins->sigma[asked[a]] = sigma;
    }
}

/* Bregman 1967: meets one row exactly after another by the factor exp(theta x coefficient). */
static void bregman(cells w, const fit_margins *margins)
{
    for (int round = 0; round < 2000; round++) {
        double worst = 0;
        for (int a = 0; a < ASKED; a++) {
            int row = asked[a];
            worst = fmax(worst, fabs(row_total(w, row) - margins->target[row]));
            double low = -3, high = 3;
            for (int half = 0; half < 44; half++) {
                double theta = (low + high) / 2, sum = 0;
                for (size_t k = 0; k < seed.kinds; k++) {
                    for (size_t i = 0; i < seed.segments; i++) {
                        for (int t = 0; t < SEED_TENURES; t++) {
                            double c = member(k, i, t, row);
                            sum += c != 0 ? c * w[k][i][t] * exp(theta * c) : 0;
                        }
                    }
                }
                *(sum < margins->target[row] ? &low : &high) = theta;
            }
            for (size_t k = 0; k < seed.kinds; k++) {
                for (size_t i = 0; i < seed.segments; i++) {
                    for (int t = 0; t < SEED_TENURES; t++) {
                        double c = member(k, i, t, row);
                        w[k][i][t] *= c != 0 ? exp(low * c) : 1;
                    }
                }
            }
        }
        if (worst < 1e-5) {
            return;
        }
    }
}

static void test_fit_agrees_with_bregman(void **state)
{
    (void)state;
    static cells town, other;
    static fit_table fit;
    fit_margins margins;
    make_town(town, 1000);
    ask(&margins, town, 1e-4);
    assert_int_equal(fit_area(&fit, &seed, &margins), WIJK_OK);
    assert_true(fit.rounds < 40);
    for (int a = 0; a < ASKED; a++) {
        double sum = asked[a] < FIT_STRUCTURE_ROWS ? 0 : row_total(fit.weight, asked[a]);
        for (size_t k = 0; k < seed.kinds && asked[a] < FIT_STRUCTURE_ROWS; k++) {
            sum += fit.kind[k] * fit_coefficient(&seed.kind[k], asked[a]);
        }
        assert_float_equal(sum, margins.target[asked[a]], 1e-3);
    }
    for (size_t k = 0; k < seed.kinds; k++) {
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                other[k][i][t] = seed.weight[k][i][t] * 1000;
            }
        }
    }
    bregman(other, &margins);
    for (size_t k = 0; k < seed.household_kinds; k++) {
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                double truth = other[k][i][t];
                assert_true(fabs(fit.weight[k][i][t] - truth) < 1e-3 * truth + 1e-4);
            }
        }
    }
}

static void whole_of(whole_table *whole, whole_target *target, const fit_table *fit,
                     const fit_margins *margins, uint32_t households, double half, uint32_t place)
{
    double tenure[SEED_TENURES], group[3] = {0};
    memset(target, 0, sizeof *target);
    target->households = households;
    for (int t = 0; t < SEED_TENURES; t++) {
        tenure[t] = row_total(fit->weight, FIT_TENURE + t);
    }
    group[0] = row_total(fit->weight, FIT_LOW);
    group[2] = row_total(fit->weight, FIT_HIGH);
    group[1] = tenure[0] + tenure[1] + tenure[2] - group[0] - group[2];
    whole_parts(target->tenure, tenure, SEED_TENURES, households);
    whole_parts(target->group, group, 3, households);
    for (int a = 0; a < ASKED; a++) {
        target->half[asked[a]] = asked[a] < FIT_STRUCTURE_ROWS ? half : 0;
    }
    wijk_draw draw = {.seed = 7, .purpose = 1, .place = place};
    whole_area(whole, &seed, fit, margins, target, draw);
}

static void check_whole(const whole_table *whole, const whole_target *target)
{
    uint64_t households = 0, tenure[SEED_TENURES] = {0}, group[3] = {0};
    for (size_t k = 0; k < seed.household_kinds; k++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < seed.segments; i++) {
            for (int t = 0; t < SEED_TENURES; t++) {
                sum += whole->count[k][i][t];
                tenure[t] += whole->count[k][i][t];
                group[seed.segment[i].group] += whole->count[k][i][t];
            }
        }
        assert_int_equal(sum, whole->kind[k]);
        households += sum;
    }
    assert_int_equal(households, target->households);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tenure[i], target->tenure[i]);
        assert_int_equal(group[i], target->group[i]);
    }
}

static void test_whole_holds_margins(void **state)
{
    (void)state;
    static cells town;
    static fit_table fit;
    static whole_table whole;
    fit_margins margins;
    whole_target target;
    for (uint32_t households = 20; households < 6000; households = households * 5 / 4 + 1) {
        make_town(town, households);
        double exact = households / row_total(town, FIT_HOUSEHOLDS);
        make_town(town, households * exact);
        ask(&margins, town, 0.2);
        assert_int_equal(fit_area(&fit, &seed, &margins), WIJK_OK);
        whole_of(&whole, &target, &fit, &margins, households, 2.5, households);
        check_whole(&whole, &target);
        for (int a = 0; a < ASKED; a++) {
            double sum = 0;
            for (size_t k = 0; k < seed.kinds && asked[a] < FIT_STRUCTURE_ROWS; k++) {
                sum += whole.kind[k] * (double)fit_coefficient(&seed.kind[k], asked[a]);
            }
            if (asked[a] < FIT_STRUCTURE_ROWS) {
                assert_true(fabs(sum - margins.target[asked[a]]) <= 2.5);
            }
        }
    }
}

/* Every cell is right on average: 1,500 draws of a small area. */
static void test_whole_is_right_on_average(void **state)
{
    (void)state;
    enum { DRAWS = 1500 };
    static cells town;
    static fit_table fit;
    static whole_table whole;
    static double kind[SEED_KINDS], low_social;
    fit_margins margins;
    whole_target target;
    make_town(town, 60);
    make_town(town, 60 * 60 / row_total(town, FIT_HOUSEHOLDS));
    ask(&margins, town, 0.2);
    assert_int_equal(fit_area(&fit, &seed, &margins), WIJK_OK);
    for (uint32_t d = 0; d < DRAWS; d++) {
        whole_of(&whole, &target, &fit, &margins, 60, 0, d);
        for (size_t k = 0; k < seed.household_kinds; k++) {
            kind[k] += whole.kind[k];
            low_social += whole.count[k][0][SEED_SOCIAL];
        }
    }
    double chi = 0, expected = 0;
    for (size_t k = 0; k < seed.household_kinds; k++) {
        double p = fit.kind[k] - floor(fit.kind[k]);
        double sd = sqrt(p * (1 - p) / DRAWS) + 0.01; /* the landing is nearest, not by chance */
        chi = fmax(chi, fabs(kind[k] / DRAWS - fit.kind[k]) / sd);
        expected += fit.weight[k][0][SEED_SOCIAL];
    }
    assert_true(chi < 5);
    assert_true(fabs(low_social / DRAWS - expected) < 0.6);
}

static void test_contradiction_has_an_answer(void **state)
{
    (void)state;
    static fit_table fit;
    static whole_table whole;
    fit_margins margins;
    whole_target target;
    static cells town;
    make_town(town, 100);
    ask(&margins, town, 0.5);
    margins.target[FIT_HOUSEHOLDS] = 100;
    margins.target[FIT_SINGLE] = 140; /* more than there are */
    margins.target[FIT_AGE] = 900;    /* nine children a household */
    margins.target[FIT_AGE + 1] = 0;
    margins.target[FIT_PEOPLE] = 30; /* fewer than households */
    assert_int_equal(fit_area(&fit, &seed, &margins), WIJK_OK);
    whole_of(&whole, &target, &fit, &margins, 100, 2.5, 3);
    check_whole(&whole, &target);
    /* People far beyond what households hold live outside them. */
    ask(&margins, town, 0.5);
    margins.target[FIT_AGE + 4] += 500;
    margins.target[FIT_PEOPLE] += 500;
    assert_int_equal(fit_area(&fit, &seed, &margins), WIJK_OK);
    assert_true(fit.kind[seed.kinds - 1] > 400);
}

static void test_parts(void **state)
{
    (void)state;
    uint32_t part[3];
    const double share[] = {1, 1, 1}, nothing[] = {0, 0, 0};
    whole_parts(part, share, 3, 10);
    assert_int_equal(part[0], 4);
    assert_int_equal(part[1] + part[2], 6);
    whole_parts(part, nothing, 3, 5);
    assert_int_equal(part[0], 5);
    assert_int_equal(part[1] + part[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seed_is_the_country),
        cmocka_unit_test(test_generations_grow_older),
        cmocka_unit_test(test_limits_must_rise),
        cmocka_unit_test(test_fit_agrees_with_bregman),
        cmocka_unit_test(test_whole_holds_margins),
        cmocka_unit_test(test_whole_is_right_on_average),
        cmocka_unit_test(test_contradiction_has_an_answer),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, read_seed, NULL);
}
