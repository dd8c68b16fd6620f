/* Calibration: targets and plausible points as files, what a run gives for a target against counts
 * of the run itself, the search on a town so small that everything is plausible, and the stylised
 * facts as the shipped file and as a run. */
#include "foresee_town.h"
#include "temp_file.h"

#include "wijk/calibrate.h"
#include "wijk/stylised.h"
#include "wijk/table.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static void test_targets_are_whole(void **state)
{
    (void)state;
    wijk_targets *targets;
    int informed = 0;
    fine(wijk_targets_open(&targets));
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        int any = 0;
        for (int t = 0; t < WIJK_TARGETS; t++) {
            any |= wijk_targets_row(targets, (wijk_target)t)->informs[i];
        }
        informed += any;
    }
    assert_true(informed > 20 && informed <= WIJK_PLAUSIBLE_COLUMNS);
    for (int t = 0; t < WIJK_TARGETS; t++) {
        const wijk_target_row *row = wijk_targets_row(targets, (wijk_target)t);
        assert_true(row->low <= row->value && row->value <= row->high);
        assert_true(*row->source && *row->label[0] && *row->label[1] && strlen(row->grade) == 1);
    }
    wijk_targets_free(targets);
}

static void test_wrong_files_are_refused(void **state)
{
    (void)state;
    static const char *const sets[] = {
        "point,debt_onset\n1,9\n",                  /* out of its range */
        "point,debt_onset\n1,\n",                   /* no number */
        "point,no_such_parameter\n1,0.01\n",        /* no parameter */
        "point,debt_onset,debt_onset\n1,.01,.01\n", /* twice */
        "point,debt_onset\n",                       /* no point */
    };
    wijk_plausible *set;
    wijk_targets *targets;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        assert_int_equal(wijk_plausible_read(&set, sets[i], strlen(sets[i]), "x"), WIJK_EFORMAT);
        assert_null(set);
    }
    static const char none[] = "name,value,low,high,doubt,informs\nturnover,7,8,9,1,\n";
    assert_int_equal(wijk_targets_read(&targets, none, sizeof none - 1, "x"), WIJK_EFORMAT);
    assert_null(targets);
    static const char good[] = "point,seed,version,made_on,debt_onset\n1,7,0,\"a town\",0.012\n";
    fine(wijk_plausible_read(&set, good, sizeof good - 1, "x"));
    assert_int_equal(wijk_plausible_points(set), 1);
    assert_string_equal(wijk_plausible_made_on(set), "a town");
    wijk_parameters p = defaults();
    const double other = p.value[WIJK_P_DEBT_END];
    wijk_plausible_apply(&p, set, 0);
    assert_true(p.value[WIJK_P_DEBT_ONSET] == 0.012 && p.value[WIJK_P_DEBT_END] == other);
    wijk_plausible_free(set);
}

/* The shipped set speaks of every parameter that some target informs, and of no other. */
static void test_the_shipped_set(void **state)
{
    (void)state;
    wijk_plausible *set;
    wijk_targets *targets;
    fine(wijk_plausible_open(&set));
    fine(wijk_targets_open(&targets));
    assert_true(wijk_plausible_points(set) >= 50);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        int any = 0;
        for (int t = 0; t < WIJK_TARGETS; t++) {
            any |= wijk_targets_row(targets, (wijk_target)t)->informs[i];
        }
        assert_int_equal(wijk_plausible_has(set, (wijk_parameter)i), any);
    }
    wijk_targets_free(targets);
    wijk_plausible_free(set);
}

/* Expected evictions and reports lie near those that were counted; turnover is lets by homes. */
static void test_observed_is_what_happened(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    p.value[WIJK_P_JUDGMENT] = 0.10;
    p.value[WIJK_P_EVICTION_SHARE] = 0.35;
    wijk_population *town = town_of(1, 16, 1000, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, WIJK_TARGET_YEARS * 12, 2);
    fine(wijk_foresee_to(run, WIJK_TARGET_YEARS * 12, NULL));
    double out[WIJK_TARGETS], lets = 0, social = 0, evicted = 0, reports = 0, persons = 0;
    wijk_targets_observe(out, run);
    for (size_t t = WIJK_TARGET_FROM; t <= WIJK_TARGET_YEARS; t++) {
        lets += (double)in_areas(run, town, t, WIJK_OUT_LETS);
        social += (double)in_areas(run, town, t, WIJK_OUT_HOMES_SOCIAL);
        evicted += (double)in_areas(run, town, t, WIJK_OUT_EVICTIONS);
        reports += (double)in_areas(run, town, t, WIJK_OUT_REPORTS);
        persons += (double)in_areas(run, town, t, WIJK_OUT_PERSONS);
    }
    assert_true(fabs(out[WIJK_TARGET_TURNOVER] - 100 * lets / social) < 1e-9);
    assert_true(fabs(out[WIJK_TARGET_REPORTS] - 1000 * reports / persons) < 1e-9);
    /* evictions are counted for private tenants too, who have fewer low incomes */
    double counted = 1000 * evicted / social;
    print_message("evictions per 1,000: expected %.2f, counted %.2f\n", out[WIJK_TARGET_EVICTIONS],
                  counted);
    assert_true(out[WIJK_TARGET_EVICTIONS] > 0.5 * counted &&
                out[WIJK_TARGET_EVICTIONS] < 1.3 * counted);
    assert_true(out[WIJK_TARGET_REPEAT_REPORTS] > out[WIJK_TARGET_REPEAT_PERSONS]);
    assert_true(out[WIJK_TARGET_LONELY] > out[WIJK_TARGET_ALONE]);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* What stands in a file, which is removed. */
static char *taken(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    remove(path);
    return text;
}

/* A name that would be more than one cell if it were written as it is. */
static const char made_on[] = "Klein \"Dorp\", 2024";

/* In a hamlet chance is so large that few points can be refused; the set is the same on one thread
 * and on three, and reads back. */
static void test_a_calibration(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 4, 60, &p);
    wijk_calibrate_options o = {.seed = 5, .points = 20, .threads = 1, .made_on = made_on};
    wijk_calibration *one, *three;
    fine(wijk_calibrate(&one, town, &o, NULL));
    o.threads = 3;
    fine(wijk_calibrate(&three, town, &o, NULL));
    assert_true(wijk_calibration_points(one) > 0);
    char path[4096];
    temp_path(path, sizeof path, "calibrate.csv");
    fine(wijk_calibration_write(one, path));
    char *first = strdup(taken(path));
    fine(wijk_calibration_write(three, path));
    assert_string_equal(first, taken(path));
    wijk_plausible *set;
    fine(wijk_plausible_read(&set, first, strlen(first), "kept"));
    assert_int_equal(wijk_plausible_points(set), wijk_calibration_points(one));
    assert_string_equal(wijk_plausible_made_on(set), made_on);
    for (int t = 0; t < WIJK_TARGETS; t++) { /* whoever is kept is within three deviations */
        wijk_target_fit after = wijk_calibration_after(one, (wijk_target)t);
        assert_true(!wijk_calibration_can(one, (wijk_target)t) || after.within == 1);
    }
    o.points = 5;
    wijk_calibration *few;
    assert_int_equal(wijk_calibrate(&few, town, &o, NULL), WIJK_EINVAL);
    wijk_plausible_free(set);
    free(first);
    wijk_calibration_free(one);
    wijk_calibration_free(three);
    wijk_population_free(town);
}

/* Points of a file on a town: what they say is what is run, the rest is the same in both; taken
 * evenly, on any number of threads, and counted by target. */
static void test_a_set_elsewhere(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 12, 300, &p);
    static const char *const texts[] = {
        "point,seed,version,made_on,debt_onset\n1,7,0,x,0.008\n2,7,0,x,0.008\n",
        "point,seed,version,made_on,debt_onset\n1,7,0,x,0.015\n2,7,0,x,0.011\n"
        "3,7,0,x,0.015\n4,7,0,x,0.011\n"};
    wijk_plausible *rare, *often;
    wijk_calibrate_options o = {.seed = 3, .points = 2, .threads = 1};
    wijk_calibration_check low, high, all, three;
    fine(wijk_plausible_read(&rare, texts[0], strlen(texts[0]), "x"));
    fine(wijk_plausible_read(&often, texts[1], strlen(texts[1]), "x"));
    fine(wijk_calibrate_check(&low, town, rare, &o, NULL));
    fine(wijk_calibrate_check(&high, town, often, &o, NULL)); /* the first and the third */
    const wijk_target_fit *seldom = &low.fit[WIJK_TARGET_DEBT_FLOW];
    const wijk_target_fit *more = &high.fit[WIJK_TARGET_DEBT_FLOW];
    print_message("debt flow: %.2f and %.2f\n", seldom->median, more->median);
    assert_true(more->median > 1.5 * seldom->median && more->low90 > seldom->high90);
    assert_true(low.fit[WIJK_TARGET_TURNOVER].median > 0 && low.points == 2);
    o.points = 256;
    fine(wijk_calibrate_check(&all, town, often, &o, NULL));
    o.threads = 3;
    fine(wijk_calibrate_check(&three, town, often, &o, NULL));
    assert_memory_equal(&all, &three, sizeof all);
    assert_int_equal(all.points, 4); /* no more than there are */
    for (int t = 0; t < WIJK_TARGETS; t++) {
        double within = 4 * all.fit[t].within; /* a count of points */
        assert_true(within == floor(within) && within >= (double)all.plausible);
    }
    o.points = 0;
    assert_int_equal(wijk_calibrate_check(&all, town, often, &o, NULL), WIJK_EINVAL);
    wijk_plausible_free(rare);
    wijk_plausible_free(often);
    wijk_population_free(town);
}

static void test_facts_that_are_shipped(void **state)
{
    (void)state;
    wijk_stylised_facts *facts;
    int seen[11] = {0};
    fine(wijk_stylised_open(&facts));
    assert_true(wijk_stylised_replicates(facts) >= 20 && *wijk_stylised_made_on(facts));
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *row = wijk_stylised_at(facts, (wijk_stylised)i);
        seen[row->fact]++;
        assert_true(*row->source && *row->label[0] && *row->label[1]);
        assert_true(*row->published[0] && *row->published[1]);
        assert_true(row->low90 <= row->median && row->median <= row->high90);
        /* what is not judged says why */
        assert_int_equal(isnan(row->least) != 0, *row->why[0] && *row->why[1]);
        assert_int_equal(row->state == WIJK_FACT_CANNOT, isnan(row->least) != 0);
    }
    for (int fact = 1; fact <= 10; fact++) {
        assert_true(seen[fact] > 0);
    }
    wijk_stylised_free(facts);
}

/* The facts that follow from mechanics are met on a made-up town too; any number of threads. */
static void test_facts_that_are_run(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 12, 300, &p), *hamlet = town_of(1, 3, 30, &p);
    wijk_stylised_options o = {.seed = 2, .replicates = 12, .threads = 1, .made_on = made_on};
    wijk_stylised_facts *one, *two;
    fine(wijk_stylised_run(&one, town, &o, NULL));
    o.threads = 2;
    fine(wijk_stylised_run(&two, town, &o, NULL));
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *a = wijk_stylised_at(one, (wijk_stylised)i);
        const wijk_stylised_row *b = wijk_stylised_at(two, (wijk_stylised)i);
        assert_memory_equal(&a->median, &b->median, sizeof a->median);
        assert_memory_equal(&a->high90, &b->high90, sizeof a->high90);
    }
    static const wijk_stylised met[] = {WIJK_STYLISED_RULE_THERE, WIJK_STYLISED_ONE_RENT,
                                        WIJK_STYLISED_WITH_COMPARISON, WIJK_STYLISED_TEAM_CARE,
                                        WIJK_STYLISED_CROWDING};
    for (size_t i = 0; i < sizeof met / sizeof *met; i++) {
        print_message("%s %.2f\n", wijk_stylised_at(one, met[i])->key,
                      wijk_stylised_at(one, met[i])->median);
        assert_int_equal(wijk_stylised_at(one, met[i])->state, WIJK_FACT_MET);
    }
    char path[4096];
    temp_path(path, sizeof path, "stylised.csv");
    fine(wijk_stylised_write(one, path));
    wijk_table *written;
    const char *text = taken(path);
    fine(wijk_table_bytes(&written, text, strlen(text), "stylised.csv"));
    assert_int_equal(wijk_table_rows(written), WIJK_STYLISED);
    for (size_t i = 0; i < WIJK_STYLISED; i++) {
        assert_string_equal(wijk_table_get(written, i, "made_on"), made_on);
    }
    wijk_table_free(written);
    /* the same world without an effect is the same world */
    assert_true(wijk_stylised_at(one, WIJK_STYLISED_WITH_COMPARISON)->median == 0);
    wijk_stylised_facts *none;
    assert_int_equal(wijk_stylised_run(&none, hamlet, &o, NULL), WIJK_EINVAL);
    assert_null(none);
    wijk_stylised_free(one);
    wijk_stylised_free(two);
    wijk_population_free(town);
    wijk_population_free(hamlet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets_are_whole),  cmocka_unit_test(test_wrong_files_are_refused),
        cmocka_unit_test(test_the_shipped_set),    cmocka_unit_test(test_observed_is_what_happened),
        cmocka_unit_test(test_a_calibration),      cmocka_unit_test(test_facts_that_are_shipped),
        cmocka_unit_test(test_facts_that_are_run), cmocka_unit_test(test_a_set_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
