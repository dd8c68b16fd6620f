/* Where others mislead, and what is bad input: every estimator gives a defined answer or says what
 * is wrong, reads years and not numbers of waves, and says one thing and not four. */
#include "evaluate_fixture.h"

#include "wijk/did.h"
#include "wijk/effect.h"
#include "wijk/group_time.h"
#include "wijk/synthetic.h"

/* ---- waves that lie unevenly -------------------------------------------------------------------
 */

/* A score of 2008, 2012, 2014, 2016 that falls 0.1 a year where something began. Read by the number
 * of the wave, "one step after the start" would mix two years with four. */
static void waves_are_read_by_their_years(void **state)
{
    (void)state;
    static const double years[] = {2002, 2008, 2012, 2014, 2016};
    sample *s = sample_new(60, 5);
    for (size_t i = 0; i < 60; i++) {
        s->start[i] = i < 10 ? 2 : i < 20 ? 3 : WIJK_NEVER; /* 2012, 2014 */
        for (size_t t = 0; t < 5; t++) {
            s->year[t] = years[t];
            int on = s->start[i] != WIJK_NEVER && (int)t >= s->start[i];
            s->outcome[i * 5 + t] =
                0.01 * noise(1, 1, i, t) - (on ? 0.1 * (years[t] - years[s->start[i]]) + 0.05 : 0);
        }
    }
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    static const double after[] = {0, 2, 4};
    size_t first = r.exposure_count - 3;
    for (size_t k = 0; k < 3; k++) {
        near(r.by_exposure[first + k].label, after[k], 0);
        near(r.by_exposure[first + k].effect, -0.05 - 0.1 * after[k], 0.02);
    }
    for (size_t k = 0; k < r.exposure_count; k++) { /* before: 10, 6, 4, 2 years, not 1, 2, 3 */
        double told = r.by_exposure[k].label;
        assert_true(told == 0 || told == 2 || told == 4 || told == -2 || told == -4 || told == -6 ||
                    told == -10 || told == -12);
    }
    wijk_group_time_free(&r);
    wijk_event events[5];
    for (size_t i = 10; i < 20; i++) {
        s->start[i] = WIJK_NEVER;
    }
    assert_int_equal(wijk_did_events(events, &s->panel, NULL, NULL), 0);
    for (size_t t = 0; t < 5; t++) {
        near(events[t].year, years[t], 0);
    }
    sample_free(s);
}

/* ---- a mix that does not depend on how it is asked ---------------------------------------------
 */

/* Donors in another order, other units, another origin: the same weights, the same rank of the
 * placebo. A search that fails or stops early changes the rank. */
static void the_rank_of_the_placebo_stays(void **state)
{
    (void)state;
    enum { DONORS = 24, WAVES = 12 };
    for (uint64_t run = 0; run < 6; run++) {
        sample *s = sample_random(DONORS + 1, WAVES, 60 + run),
               *turned = sample_new(DONORS + 1, WAVES);
        s->start[0] = turned->start[DONORS] = 8;
        for (size_t i = 0; i <= DONORS; i++) { /* the other way round, a thousand times as large */
            for (size_t t = 0; t < WAVES; t++) {
                turned->outcome[(DONORS - i) * WAVES + t] = 1000 * s->outcome[i * WAVES + t] - 7000;
            }
        }
        for (int kind = 0; kind < 3; kind++) {
            wijk_synthetic a, b;
            wijk_synthetic_options o = {.kind = (enum wijk_synthetic_kind)kind};
            assert_int_equal(wijk_synthetic_estimate(&a, &s->panel, &o, NULL), 0);
            assert_int_equal(wijk_synthetic_estimate(&b, &turned->panel, &o, NULL), 0);
            near(a.p_effect, b.p_effect, 1e-12);
            near(b.effect / 1000, a.effect, 2e-3);
            if (kind != WIJK_SYNTHETIC_DID) {
                near(a.p_ratio, b.p_ratio, 1e-12);
            }
            for (size_t i = 1; i <= DONORS; i++) {
                near(a.weight[i], b.weight[DONORS - i], 2e-3);
            }
            wijk_synthetic_free(&a);
            wijk_synthetic_free(&b);
        }
        sample_free(s);
        sample_free(turned);
    }
}

/* ---- one answer --------------------------------------------------------------------------------
 */

/* One fit, one estimate, one range, one p, one verdict: in 300 panels none speaks against another.
 */
static void no_two_answers_from_one_fit(void **state)
{
    (void)state;
    int kinds[4] = {0};
    for (uint64_t run = 0; run < 300; run++) {
        sample *s = sample_random(80 + run % 3 * 20, 7, 500 + run);
        size_t treated = 1 + run % 4;
        for (size_t i = 0; i < treated; i++) {
            s->start[i * 7] = 4;
            for (size_t t = 4; t < 7; t++) {
                s->outcome[i * 7 * 7 + t] += run % 5 ? 0 : run % 2 ? 1.5 : -1.5;
            }
        }
        wijk_verdict v;
        wijk_design d = {.selection = 3, .matters = 1.0, .draws = 199, .seed = run};
        assert_int_equal(wijk_verdict_reach(&v, &s->panel, &d, NULL), 0);
        int beyond = v.low > 0 || v.high < 0;
        assert_true(v.p > 0 && v.p <= 1);
        assert_true(v.low <= v.effect && v.effect <= v.high);
        assert_true(beyond == (v.p <= 0.05));
        if (v.why_not != WIJK_CANNOT_UNLIKE) {
            assert_true(beyond == (v.kind == WIJK_BETTER || v.kind == WIJK_WORSE));
            assert_true((v.kind == WIJK_NO_DIFFERENCE) == (!beyond && v.low > -1 && v.high < 1));
        }
        assert_true(v.kind != WIJK_BETTER || v.effect > 0);
        assert_true(v.kind != WIJK_WORSE || v.effect < 0);
        kinds[v.kind]++;
        wijk_verdict_free(&v);
        sample_free(s);
    }
    for (size_t k = 0; k < 4; k++) {
        assert_true(kinds[k] > 5); /* all four came */
    }
}

/* ---- bad input ---------------------------------------------------------------------------------
 */

typedef struct {
    const char *what;
    void (*spoil)(sample *s, unsigned char *exclude);
} fault;

static void missing_waves(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units; i++) {
        s->outcome[i * s->panel.waves + i % s->panel.waves] = i % 3 ? s->outcome[0] : NAN;
    }
}

static void every_treated_misses_one(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units; i++) {
        s->outcome[i * s->panel.waves] = s->start[i] == WIJK_NEVER ? 1 : NAN;
    }
}

static void all_treated(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units; i++) {
        s->start[i] = 4;
    }
}

static void nobody_treated(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units; i++) {
        s->start[i] = WIJK_NEVER;
    }
}

static void one_wave_before(sample *s, unsigned char *exclude)
{
    (void)exclude;
    memset(s->drop, 1, 3);
}

static void no_wave_before(sample *s, unsigned char *exclude)
{
    (void)exclude;
    memset(s->drop, 1, 4);
}

static void from_the_first_wave(sample *s, unsigned char *exclude)
{
    (void)exclude;
    s->start[0] = s->start[1] = 0;
}

static void constant(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units * s->panel.waves; i++) {
        s->outcome[i] = -0.5;
    }
}

static void no_donors(sample *s, unsigned char *exclude)
{
    memset(exclude, 1, s->panel.units);
}

static void three_donors(sample *s, unsigned char *exclude)
{
    memset(exclude, 1, s->panel.units);
    exclude[20] = exclude[21] = exclude[22] = 0;
}

static void infinite(sample *s, unsigned char *exclude)
{
    (void)exclude;
    s->outcome[77] = INFINITY;
}

static void years_that_fall(sample *s, unsigned char *exclude)
{
    (void)exclude;
    s->year[3] = s->year[2];
}

static void huge(sample *s, unsigned char *exclude)
{
    (void)exclude;
    for (size_t i = 0; i < s->panel.units * s->panel.waves; i++) {
        s->outcome[i] *= 1e150;
    }
}

/* Every estimator, every fault: a defined answer that is no nonsense, or a sentence that says what
 * is wrong in both languages. */
static void bad_input_has_a_defined_end(void **state)
{
    (void)state;
    static const fault faults[] = {
        {"missing waves", missing_waves},
        {"every treated area misses a wave", every_treated_misses_one},
        {"all treated", all_treated},
        {"nobody treated", nobody_treated},
        {"one wave before", one_wave_before},
        {"no wave before", no_wave_before},
        {"from the first wave", from_the_first_wave},
        {"constant", constant},
        {"no donors", no_donors},
        {"three donors", three_donors},
        {"infinite", infinite},
        {"years that fall", years_that_fall},
        {"huge", huge},
    };
    static const char *const refused[] = {"every treated area misses a wave",
                                          "all treated",
                                          "nobody treated",
                                          "no wave before",
                                          "from the first wave",
                                          "infinite",
                                          "years that fall"};
    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++) {
        for (const wijk_estimator *e = wijk_estimators; e->code; e++) {
            sample *s = sample_random(60, 7, 9);
            unsigned char exclude[60] = {0};
            s->start[0] = s->start[1] = 4;
            faults[f].spoil(s, exclude);
            wijk_effect found = {NAN, NAN, NAN, NAN};
            wijk_design d = {
                .selection = WIJK_NEVER, .matters = 0.5, .exclude = exclude, .draws = 99};
            int rc = e->run(&found, &s->panel, &d, NULL);
            int must_refuse = 0;
            for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
                must_refuse |= !strcmp(refused[k], faults[f].what);
            }
            if (rc) {
                assert_true(rc == WIJK_EINVAL || rc == WIJK_ELIMIT);
                assert_true(strlen(wijk_error(WIJK_EN)) > 15 && strlen(wijk_error(WIJK_NL)) > 15);
            } else if (must_refuse && (strcmp(e->code, "before_after") || f > 2)) {
                /* Before and after needs nobody to compare with, nor the first wave: that is its
                 * fault. The verdict says in its own way that it cannot know. */
                if (strcmp(e->code, "verdict") || isfinite(found.effect)) {
                    fail_msg("%s: %s gives %g", faults[f].what, e->code, found.effect);
                }
            } else if (isfinite(found.effect)) {
                if (!(found.low <= found.effect && found.effect <= found.high) ||
                    !(isnan(found.p) || (found.p > 0 && found.p <= 1))) {
                    fail_msg("%s: %s gives %g (%g, %g) p %g", faults[f].what, e->code, found.effect,
                             found.low, found.high, found.p);
                }
            }
            sample_free(s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waves_are_read_by_their_years),
        cmocka_unit_test(the_rank_of_the_placebo_stays),
        cmocka_unit_test(no_two_answers_from_one_fit),
        cmocka_unit_test(bad_input_has_a_defined_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
