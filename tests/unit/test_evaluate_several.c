/* The verdict beyond one start and one outcome: several outcomes corrected, starts that differ, the
 * ring of neighbours; and the worlds of known truth in which every estimator is measured. */
#include "evaluate_fixture.h"

#include "wijk/effect_grid.h"

/* ---- several outcomes --------------------------------------------------------------------------
 */

enum { UNITS = 300, WAVES = 7, OUTCOMES = 6 };

/* Outcomes that share a part of their noise; areas chosen as worst on the first. */
static void make_outcomes(sample *s[OUTCOMES], double shared, size_t treated, uint64_t seed)
{
    for (size_t k = 0; k < OUTCOMES; k++) {
        s[k] = sample_new(UNITS, WAVES);
        for (size_t i = 0; i < UNITS; i++) {
            double level = noise(seed, 1, i, 0);
            for (size_t t = 0; t < WAVES; t++) {
                s[k]->outcome[i * WAVES + t] =
                    level + sqrt(shared) * noise(seed, 2, i, t) +
                    sqrt(1 - shared) * noise(seed, (uint32_t)(10 + k), i, t);
            }
        }
    }
    size_t given = 0;
    while (given < treated) { /* the lowest of the first outcome in wave 3 that are left */
        size_t low = UNITS;
        for (size_t i = 0; i < UNITS; i++) {
            low = s[0]->start[i] == WIJK_NEVER &&
                          (low == UNITS ||
                           s[0]->outcome[i * WAVES + 3] < s[0]->outcome[low * WAVES + 3])
                      ? i
                      : low;
        }
        given++;
        for (size_t k = 0; k < OUTCOMES; k++) {
            s[k]->start[low] = 4;
        }
    }
}

static void judge(wijk_verdict v[OUTCOMES], sample *s[OUTCOMES], size_t count, uint64_t seed)
{
    wijk_panel panels[OUTCOMES];
    wijk_design designs[OUTCOMES];
    for (size_t k = 0; k < count; k++) {
        panels[k] = s[k]->panel;
        designs[k] = (wijk_design){.selection = 3, .matters = 0.5, .draws = 499, .seed = seed};
    }
    assert_int_equal(wijk_verdict_several(v, panels, designs, count, NULL), 0);
}

/* Nothing happens in 200 programmes judged on six outcomes: at least one wrong word in one of
 * twenty; judged one by one, in many more. */
static void familywise_error_is_kept(void **state)
{
    (void)state;
    enum { RUNS = 200 };
    int wrong = 0, alone = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        sample *s[OUTCOMES];
        wijk_verdict v[OUTCOMES];
        make_outcomes(s, 0.2, 3, 700 + run);
        judge(v, s, OUTCOMES, run);
        int any = 0, any_alone = 0;
        for (size_t k = 0; k < OUTCOMES; k++) {
            int said = v[k].kind == WIJK_BETTER || v[k].kind == WIJK_WORSE;
            any |= said;
            any_alone |= v[k].p <= 0.05;
            assert_true(v[k].p_joint >= v[k].p - 1e-12);
            assert_true(said == (v[k].p_joint <= 0.05));
            assert_true(said == (v[k].low > 0 || v[k].high < 0)); /* one answer, not two */
            wijk_verdict_free(&v[k]);
            sample_free(s[k]);
        }
        wrong += any;
        alone += any_alone;
    }
    /* 5% of 200 is 10, four standard deviations 12; six chances of 5% that share a little are a
     * quarter. */
    assert_in_range(wrong, 1, 22);
    assert_true(alone > 30);
}

/* The same outcome six times needs no correction at all, which Holm would not see; outcomes apart
 * need nearly 1 - (1 - p)^6. */
static void the_correction_knows_what_hangs_together(void **state)
{
    (void)state;
    double least = 0, told = 0;
    for (uint64_t run = 0; run < 20; run++) {
        sample *s[OUTCOMES];
        wijk_verdict v[OUTCOMES], one;
        make_outcomes(s, 1, 4, 40 + run);
        wijk_panel panels[2] = {s[0]->panel, s[0]->panel};
        wijk_design designs[2] = {{.selection = 3, .matters = 0.5, .draws = 999, .seed = 3},
                                  {.selection = 3, .matters = 0.5, .draws = 999, .seed = 3}};
        assert_int_equal(wijk_verdict_several(v, panels, designs, 2, NULL), 0);
        assert_int_equal(wijk_verdict_reach(&one, panels, designs, NULL), 0);
        near(v[0].effect, one.effect, 1e-12);
        near(v[0].p, one.p, 1e-12);
        /* The second has the same terms once more (where it stood when chosen): the same fit. */
        near(v[1].effect, one.effect, 1e-6);
        near(v[0].p_joint, one.p, 0.02);
        wijk_verdict_free(&one);
        for (size_t k = 0; k < 2; k++) {
            wijk_verdict_free(&v[k]);
        }
        for (size_t k = 0; k < OUTCOMES; k++) {
            sample_free(s[k]);
        }
        make_outcomes(s, 0, 4, 40 + run);
        judge(v, s, OUTCOMES, 5);
        double small = 1, joint = 1;
        for (size_t k = 0; k < OUTCOMES; k++) {
            small = fmin(small, v[k].p);
            joint = fmin(joint, v[k].p_joint);
            wijk_verdict_free(&v[k]);
            sample_free(s[k]);
        }
        told += joint / 20;
        least += (1 - pow(1 - small, OUTCOMES)) / 20;
    }
    near(told, least, 0.05);
}

/* A large effect on one of six outcomes is found, and takes no other along with it. */
static void an_effect_is_found_among_others(void **state)
{
    (void)state;
    int found = 0, others = 0;
    for (uint64_t run = 0; run < 60; run++) {
        sample *s[OUTCOMES];
        wijk_verdict v[OUTCOMES];
        make_outcomes(s, 0.2, 5, 9000 + run);
        for (size_t i = 0; i < UNITS; i++) {
            for (size_t t = 4; t < WAVES && s[2]->start[i] != WIJK_NEVER; t++) {
                s[2]->outcome[i * WAVES + t] += 1.5;
            }
        }
        judge(v, s, OUTCOMES, run);
        for (size_t k = 0; k < OUTCOMES; k++) {
            found += k == 2 && v[k].kind == WIJK_BETTER;
            others += k != 2 && v[k].p_joint <= 0.05;
            wijk_verdict_free(&v[k]);
            sample_free(s[k]);
        }
    }
    assert_true(found >= 54);
    assert_in_range(others, 0, 12);
}

static void families_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    sample *s[OUTCOMES];
    wijk_verdict v[OUTCOMES];
    make_outcomes(s, 0.2, 2, 1);
    wijk_panel panels[2] = {s[0]->panel, s[1]->panel};
    wijk_design designs[2] = {{.selection = 3, .matters = 0.5}, {.selection = 3, .matters = 0.5}};
    panels[1].units = UNITS - 1;
    assert_int_equal(wijk_verdict_several(v, panels, designs, 2, NULL), WIJK_EINVAL);
    panels[1].units = UNITS;
    for (size_t i = 0; i < UNITS; i++) {
        if (s[1]->start[i] != WIJK_NEVER) {
            s[1]->start[i] = WIJK_NEVER; /* one less takes part in the second */
            break;
        }
    }
    assert_int_equal(wijk_verdict_several(v, panels, designs, 2, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Outcome 2"));
    long fails = 0;
    for (int rc = WIJK_ENOMEM; rc == WIJK_ENOMEM && fails < 200;) { /* memory that runs out */
        wijk_alloc_fail_at(++fails, 0);
        rc = wijk_verdict_several(v, panels, designs, 1, NULL);
        wijk_alloc_fail_at(0, 0);
        wijk_verdict_free(v);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
    }
    assert_in_range(fails, 10, 199);
    for (size_t k = 0; k < OUTCOMES; k++) {
        sample_free(s[k]);
    }
}

/* Holm by hand: 0.01 x 4, 0.02 x 3, then never less than before. */
static void holm_by_hand(void **state)
{
    (void)state;
    double p[] = {0.04, 0.01, NAN, 0.02, 0.035};
    wijk_holm(p, 5);
    near(p[1], 0.04, 1e-12);
    near(p[3], 0.06, 1e-12);
    near(p[4], 0.07, 1e-12);
    near(p[0], 0.07, 1e-12);
    assert_true(isnan(p[2]));
}

/* ---- starts that differ ------------------------------------------------------------------------
 */

/* Each group judged alone, and together: the effect of all is their mean by size. */
static void starts_that_differ_are_judged_each_from_its_own_past(void **state)
{
    (void)state;
    wijk_world world = {.treated = 9, .lasting = 0.5, .worst = 1, .staggered = 1};
    wijk_world_panel w;
    assert_int_equal(wijk_world_make(&w, &world, 0.1, 4), 0);
    wijk_verdict all, one;
    assert_int_equal(wijk_verdict_reach(&all, &w.panel, &w.design, NULL), 0);
    assert_int_equal(all.treated, 9);
    assert_int_equal(all.pre, 4);
    assert_int_equal(all.post, 3);
    double mean = 0;
    for (int start = 4; start <= 5; start++) {
        int only[WIJK_WORLD_UNITS];
        unsigned char exclude[WIJK_WORLD_UNITS];
        size_t n = 0;
        for (size_t i = 0; i < WIJK_WORLD_UNITS; i++) {
            int other = w.start[i] != WIJK_NEVER && w.start[i] != start;
            only[i] = w.start[i] == start ? start : WIJK_NEVER;
            exclude[i] = w.ring[i] || other;
            n += w.start[i] == start;
        }
        wijk_panel panel = w.panel;
        wijk_design design = w.design;
        panel.start = only;
        design.exclude = exclude;
        assert_int_equal(wijk_verdict_reach(&one, &panel, &design, NULL), 0);
        mean += (double)n * one.effect / 9;
        wijk_verdict_free(&one);
    }
    near(all.effect, mean, 1e-10);
    wijk_verdict_free(&all);
    wijk_world_free(&w);
}

/* ---- neighbours --------------------------------------------------------------------------------
 */

/* Trouble moves to the neighbours: leaving them out takes the error away, and they are told. */
static void what_moves_to_the_neighbours_is_told(void **state)
{
    (void)state;
    enum { RUNS = 60 };
    double ignored = 0, out = 0, ring = 0;
    int found = 0, held = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        wijk_world world = {.treated = 20, .lasting = 0.5, .worst = 1, .spill = 1};
        wijk_world_panel w;
        wijk_verdict v;
        assert_int_equal(wijk_world_make(&w, &world, 0, 50 + run), 0);
        w.design.pool = 200;
        assert_int_equal(wijk_verdict_reach(&v, &w.panel, &w.design, NULL), 0);
        out += v.effect / RUNS;
        wijk_verdict_free(&v);
        assert_int_equal(wijk_verdict_ring(&v, &w.panel, &w.design, w.ring, NULL), 0);
        ring += v.effect / RUNS;
        found += v.kind == WIJK_WORSE;
        held += v.low <= WIJK_WORLD_SPILL && WIJK_WORLD_SPILL <= v.high;
        for (size_t k = 0; k < v.pool;
             k++) { /* neither the treated nor the ring is compared with */
            assert_int_equal(w.start[v.compared[k]], WIJK_NEVER);
            assert_int_equal(w.ring[v.compared[k]], 0);
        }
        wijk_verdict_free(&v);
        w.design.exclude = NULL;
        assert_int_equal(wijk_verdict_reach(&v, &w.panel, &w.design, NULL), 0);
        ignored += v.effect / RUNS;
        wijk_verdict_free(&v);
        wijk_world_free(&w);
    }
    near(ring, WIJK_WORLD_SPILL, 0.01);
    assert_true(found >= 57);
    assert_in_range(held, 50, 60);
    near(out, 0, 0.008);
    assert_true(ignored - out > 0.004); /* looks better than it was: the comparison got worse */
}

static void a_ring_without_areas_is_refused(void **state)
{
    (void)state;
    wijk_world world = {.treated = 2};
    wijk_world_panel w;
    wijk_verdict v;
    assert_int_equal(wijk_world_make(&w, &world, 0, 1), 0);
    unsigned char none[WIJK_WORLD_UNITS] = {0};
    assert_int_equal(wijk_verdict_ring(&v, &w.panel, &w.design, none, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "No area touches"));
    wijk_verdict_free(&v);
    wijk_world_free(&w);
}

/* ---- an area like no other ---------------------------------------------------------------------
 */

/* Far below all areas there are to compare with, what it would have become is guesswork: no
 * verdict, however large the change. */
static void an_area_like_no_other_cannot_be_judged(void **state)
{
    (void)state;
    sample *s = sample_random(60, 7, 5);
    wijk_verdict v;
    wijk_design d = {.selection = 3, .matters = 0.5};
    s->start[7] = 4;
    assert_int_equal(wijk_verdict_reach(&v, &s->panel, &d, NULL), 0);
    assert_true(v.farthest < WIJK_FARTHEST);
    wijk_verdict_free(&v);
    s->outcome[7 * 7 + 3] -= 12;
    for (size_t t = 4; t < 7; t++) {
        s->outcome[7 * 7 + t] += 50;
    }
    assert_int_equal(wijk_verdict_reach(&v, &s->panel, &d, NULL), 0);
    assert_true(v.farthest > WIJK_FARTHEST);
    assert_int_equal(v.kind, WIJK_CANNOT_KNOW);
    assert_int_equal(v.why_not, WIJK_CANNOT_UNLIKE);
    wijk_verdict_free(&v);
    sample_free(s);
}

/* One treated area is ranked among the comparison areas, each judged from the others: with fifty of
 * them p is a multiple of 1 in 51, and the interval and p never contradict. */
static void one_area_is_ranked_exactly(void **state)
{
    (void)state;
    int said = 0;
    for (uint64_t run = 0; run < 200; run++) {
        sample *s = sample_random(51, 6, 8000 + run);
        wijk_verdict v;
        wijk_design d = {.selection = 3, .matters = 0.5};
        s->start[run % 51] = 4;
        assert_int_equal(wijk_verdict_reach(&v, &s->panel, &d, NULL), 0);
        assert_int_equal(v.draws, 50);
        near(fmod(v.p * 51 + 0.5, 1), 0.5, 1e-9);
        assert_true((v.p <= 0.05) == (v.low > 0 || v.high < 0));
        near(v.effect - v.low, v.high - v.effect, 1e-12);
        said += v.p <= 0.05;
        wijk_verdict_free(&v);
        sample_free(s);
    }
    assert_in_range(said, 0, 20); /* 2 of 51 is 7.8 in 200 */
}

/* ---- worlds ------------------------------------------------------------------------------------
 */

/* With the worst chosen, noise that lasts and starts that differ the verdict keeps its size and its
 * interval; before-and-after and two-way fixed effects do not. The manual has the whole grid. */
static void the_verdict_holds_where_others_fail(void **state)
{
    (void)state;
    const wijk_grid_runs runs = {.offered = 300, .quick = 300};
    for (int staggered = 0; staggered < 2; staggered++) {
        wijk_world world = {.treated = 5, .lasting = 0.5, .worst = 1, .staggered = staggered};
        wijk_grid_row rows[WIJK_GRID_ROWS];
        size_t count;
        assert_int_equal(wijk_grid_cell(rows, &count, &world, &runs, 7, NULL), 0);
        for (size_t i = 0; i < count; i++) {
            if (!strcmp(rows[i].estimator, "verdict")) {
                /* 5% of 300: four standard deviations are 5 in a hundred. */
                assert_true(rows[i].size <= 0.10 && rows[i].coverage >= 0.90);
                assert_true(rows[i].power >= 0.9 && fabs(rows[i].bias) < 0.006);
            } else if (!strcmp(rows[i].estimator, "before_after")) {
                assert_true(rows[i].size > 0.5);
            } else if (!strcmp(rows[i].estimator, "naive")) {
                assert_true(rows[i].size > 0.12);
            } else if (!strcmp(rows[i].estimator, "did")) {
                assert_int_equal(rows[i].runs, staggered ? 0 : 300); /* minds one start only */
            }
        }
    }
}

/* A world does not depend on the threads, and repeats by its seed. */
static void worlds_repeat(void **state)
{
    (void)state;
    const wijk_grid_runs runs = {.offered = 12, .quick = 12, .slow = 2};
    wijk_world world = {.treated = 3, .lasting = 0.8, .worst = 1, .spill = 1};
    wijk_grid_row rows[2][WIJK_GRID_ROWS];
    size_t count[2];
    for (unsigned threads = 1; threads <= 2; threads++) {
        wijk_ctx ctx = {.threads = threads};
        assert_int_equal(
            wijk_grid_cell(rows[threads - 1], &count[threads - 1], &world, &runs, 3, &ctx), 0);
    }
    assert_int_equal(count[0], count[1]);
    for (size_t i = 0; i < count[0]; i++) {
        assert_string_equal(rows[0][i].estimator, rows[1][i].estimator);
        assert_true(rows[0][i].bias == rows[1][i].bias && rows[0][i].size == rows[1][i].size);
        assert_true(rows[0][i].runs > 0);
    }
    wijk_world_panel w;
    const wijk_world wrong[] = {{.treated = 0},
                                {.treated = 1, .staggered = 1},
                                {.treated = 1, .lasting = 1},
                                {.treated = WIJK_WORLD_WORST}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(wijk_world_make(&w, &wrong[i], 0, 1), WIJK_EINVAL);
        wijk_world_free(&w);
    }
}

/* Every estimator through the one door gives what its own door gives, and what a design excludes is
 * in none of them. */
static void the_excluded_reach_no_estimator(void **state)
{
    (void)state;
    wijk_world world = {.treated = 3, .lasting = 0.5, .worst = 1};
    wijk_world_panel w;
    assert_int_equal(wijk_world_make(&w, &world, 0, 11), 0);
    for (const wijk_estimator *e = wijk_estimators; e->code; e++) {
        wijk_effect clean, spoilt;
        assert_ptr_equal(wijk_estimator_by_code(e->code), e);
        assert_int_equal(e->run(&clean, &w.panel, &w.design, NULL), 0);
        for (size_t i = 0; i < WIJK_WORLD_UNITS; i++) {
            w.outcome[i * WIJK_WORLD_WAVES + 6] += w.ring[i] ? 100 : 0;
        }
        assert_int_equal(e->run(&spoilt, &w.panel, &w.design, NULL), 0);
        near(spoilt.effect, clean.effect, 1e-9);
        for (size_t i = 0; i < WIJK_WORLD_UNITS; i++) {
            w.outcome[i * WIJK_WORLD_WAVES + 6] -= w.ring[i] ? 100 : 0;
        }
    }
    assert_null(wijk_estimator_by_code("magic"));
    wijk_world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(familywise_error_is_kept),
        cmocka_unit_test(the_correction_knows_what_hangs_together),
        cmocka_unit_test(an_effect_is_found_among_others),
        cmocka_unit_test(families_that_do_not_fit_are_refused),
        cmocka_unit_test(holm_by_hand),
        cmocka_unit_test(starts_that_differ_are_judged_each_from_its_own_past),
        cmocka_unit_test(what_moves_to_the_neighbours_is_told),
        cmocka_unit_test(a_ring_without_areas_is_refused),
        cmocka_unit_test(an_area_like_no_other_cannot_be_judged),
        cmocka_unit_test(one_area_is_ranked_exactly),
        cmocka_unit_test(the_verdict_holds_where_others_fail),
        cmocka_unit_test(worlds_repeat),
        cmocka_unit_test(the_excluded_reach_no_estimator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
