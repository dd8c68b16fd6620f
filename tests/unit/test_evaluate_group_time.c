/* Group-time effects against the published table of Callaway & Sant'Anna's county data, against two
 * means by hand, and against simulation with a known effect. */
#include "evaluate_fixture.h"

#include "wijk/group_time.h"

static const wijk_att *cell(const wijk_group_time *r, const sample *s, double group, double year)
{
    for (size_t k = 0; k < r->cell_count; k++) {
        if (s->year[r->cells[k].group] == group && s->year[r->cells[k].wave] == year) {
            return &r->cells[k];
        }
    }
    fail_msg("no cell %g %g", group, year);
    return NULL;
}

static void published_county_employment(void **state)
{
    (void)state;
    sample *s = sample_published("mpdta.csv", "countyreal", "lemp", "first.treat");
    if (!s) {
        skip();
    }
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    static const struct {
        double group, year, att;
    } told[] = {{2004, 2004, -0.0105}, {2004, 2005, -0.0704}, {2004, 2006, -0.1373},
                {2004, 2007, -0.1008}, {2006, 2006, -0.0046}, {2006, 2007, -0.0412},
                {2007, 2007, -0.0261}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        near(cell(&r, s, told[i].group, told[i].year)->effect, told[i].att, 0.00005001);
    }
    /* Effects to the digits given; the published errors are bootstrapped, so to about 5%. */
    const struct {
        const wijk_att *got;
        double effect, error;
    } sums[] = {{&r.simple, -0.0400, 0.0120},
                {&r.group, -0.0310, 0.0124},
                {&r.exposure, -0.0772, 0.0200},
                {&r.calendar, -0.0417, 0.0160}};
    for (size_t i = 0; i < 4; i++) {
        near(sums[i].got->effect, sums[i].effect, 0.00005001);
        near(sums[i].got->error, sums[i].error, 0.05 * sums[i].error);
    }
    wijk_group_time_free(&r);
    sample_free(s);
}

/* Two groups, three waves, by hand: every cell is a difference of mean changes. */
static void cells_are_differences_of_means(void **state)
{
    (void)state;
    sample *s = sample_random(90, 5, 7);
    for (size_t i = 0; i < 30; i++) {
        s->start[i] = 2;
        s->start[i + 30] = 4;
    }
    for (int not_yet = 0; not_yet < 2; not_yet++) {
        wijk_group_time r;
        wijk_group_time_options o = {.comparison =
                                         not_yet ? WIJK_COMPARE_NOT_YET : WIJK_COMPARE_NEVER};
        assert_int_equal(wijk_group_time_estimate(&r, &s->panel, &o, NULL), 0);
        double sum[2] = {0, 0};
        /* Group 2 in wave 3 against wave 1: never treated, or those who start at 4 as well. */
        size_t last = not_yet ? 90 : 90;
        for (size_t i = 0; i < last; i++) {
            double change = s->outcome[i * 5 + 3] - s->outcome[i * 5 + 1];
            if (i < 30) {
                sum[1] += change / 30;
            } else if (i >= 60 || not_yet) {
                sum[0] += change / (not_yet ? 60 : 30);
            }
        }
        near(cell(&r, s, 2002, 2003)->effect, sum[1] - sum[0], 1e-12);
        assert_int_equal(cell(&r, s, 2002, 2003)->comparison, not_yet ? 60 : 30);
        wijk_group_time_free(&r);
    }
    sample_free(s);
}

/* The error of one cell is that of two means: Welch's, with n in place of n - 1. */
static void errors_are_those_of_two_means(void **state)
{
    (void)state;
    sample *s = sample_random(50, 2, 3);
    for (size_t i = 0; i < 20; i++) {
        s->start[i] = 1;
    }
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    double mean[2] = {0, 0}, square[2] = {0, 0}, n[2] = {20, 30};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < 50; i++) {
            double change = s->outcome[i * 2 + 1] - s->outcome[i * 2];
            if (pass) {
                square[i >= 20] += (change - mean[i >= 20]) * (change - mean[i >= 20]);
            } else {
                mean[i >= 20] += change / n[i >= 20];
            }
        }
    }
    near(r.cells[0].error, sqrt(square[0] / 400 + square[1] / 900), 1e-12);
    near(r.simple.effect, mean[0] - mean[1], 1e-12);
    near(r.simple.error, r.cells[0].error, 1e-12);
    wijk_group_time_free(&r);
    sample_free(s);
}

/* 300 panels with a known effect: intervals hold about as often as they say, bands too. */
static void intervals_cover(void **state)
{
    (void)state;
    enum { RUNS = 300 };
    int alone = 0, together = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        sample *s = sample_random(120, 6, 100 + run);
        for (size_t i = 0; i < 60; i++) {
            s->start[i] = i < 30 ? 2 : 4;
            for (size_t t = (size_t)s->start[i]; t < 6; t++) {
                s->outcome[i * 6 + t] += 0.5;
            }
        }
        wijk_group_time r;
        wijk_group_time_options o = {.draws = 199, .seed = run};
        assert_int_equal(wijk_group_time_estimate(&r, &s->panel, &o, NULL), 0);
        alone += r.simple.low <= 0.5 && 0.5 <= r.simple.high;
        int all = 1;
        for (size_t k = 0; k < r.cell_count; k++) {
            double truth = r.cells[k].wave >= r.cells[k].group ? 0.5 : 0;
            all &= r.cells[k].band_low <= truth && truth <= r.cells[k].band_high;
        }
        together += all;
        wijk_group_time_free(&r);
        sample_free(s);
    }
    /* 95% of 300 is 285; four standard deviations are 15. */
    assert_in_range(alone, 268, 299);
    assert_in_range(together, 262, 300);
}

static void one_treated_area_is_called_few(void **state)
{
    (void)state;
    sample *s = sample_random(40, 4, 5);
    s->start[0] = 2;
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    assert_int_equal(r.simple.few, 1);
    wijk_group_time_free(&r);
    sample_free(s);
}

static void gaps_and_dropped_waves_are_left_out(void **state)
{
    (void)state;
    sample *s = sample_random(60, 6, 11);
    for (size_t i = 0; i < 20; i++) {
        s->start[i] = 3;
    }
    s->outcome[5 * 6 + 1] = NAN;
    s->drop[2] = 1; /* the wave on which they were chosen */
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    assert_int_equal(r.left_out, 1);
    for (size_t k = 0; k < r.cell_count; k++) {
        assert_int_not_equal(r.cells[k].wave, 2);
    }
    double sum[2] = {0, 0};
    for (size_t i = 0; i < 60; i++) {
        if (i != 5) {
            double change = s->outcome[i * 6 + 4] - s->outcome[i * 6 + 1];
            sum[i < 20] += change / (i < 20 ? 19 : 40);
        }
    }
    near(cell(&r, s, 2003, 2004)->effect, sum[1] - sum[0], 1e-12);
    wijk_group_time_free(&r);

    s->drop[0] = s->drop[1] = 1; /* no wave left before the start */
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    wijk_group_time_free(&r);
    sample_free(s);
}

static void all_treated_has_nobody_to_compare_with(void **state)
{
    (void)state;
    sample *s = sample_random(20, 4, 2);
    for (size_t i = 0; i < 20; i++) {
        s->start[i] = 2;
    }
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "nobody to compare with"));
    wijk_group_time_free(&r);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_county_employment),
        cmocka_unit_test(cells_are_differences_of_means),
        cmocka_unit_test(errors_are_those_of_two_means),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(one_treated_area_is_called_few),
        cmocka_unit_test(gaps_and_dropped_waves_are_left_out),
        cmocka_unit_test(all_treated_has_nobody_to_compare_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
