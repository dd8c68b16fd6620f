/* Difference-in-differences: against two-way fixed effects, full enumeration and brute force, the
 * published Californian estimate, and the trap of the clustered t with one treated area. */
#include "evaluate_fixture.h"

#include "wijk/did.h"

/* Arkhangelsky et al. 2021, table 1: -27.3 packs, mean of 1989-2000. */
static void published_tobacco_programme(void **state)
{
    (void)state;
    sample *s = sample_published("prop99_smoking.csv", "state", "cigsale", NULL);
    if (!s) {
        skip();
    }
    for (size_t i = 0; i < s->panel.units; i++) {
        s->start[i] = strcmp(s->name[i], "California") ? WIJK_NEVER : 1989 - 1970;
    }
    wijk_did r;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
    near(r.effect, -27.3, 0.05001);
    /* One of 39: all assignments are gone through, and no p below 1/39 can be had. */
    near(r.least_p, 1.0 / 39, 1e-12);
    assert_true(r.p >= r.least_p - 1e-12);
    sample_free(s);
}

/* Least squares with a dummy per unit and per wave, by Gauss on the normal equations. */
static double two_way(const sample *s)
{
    size_t n = s->panel.units, t = s->panel.waves,
           k = n + t; /* one wave dropped, one effect added */
    double *a = wijk_alloc(k * (k + 1) * sizeof *a), effect;
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < t; w++) {
            size_t at[3] = {i, w ? n + w - 1 : k, n + t - 1};
            double y = s->outcome[i * t + w];
            int on = s->start[i] != WIJK_NEVER && (int)w >= s->start[i];
            for (size_t p = 0; p < 3; p++) {
                double x = p < 2 ? at[p] < k : on;
                for (size_t q = 0; q < 3 && x != 0; q++) {
                    double z = q < 2 ? at[q] < k : on;
                    if (z != 0) {
                        a[at[p] * (k + 1) + at[q]] += x * z;
                    }
                }
                if (x != 0) {
                    a[at[p] * (k + 1) + k] += x * y;
                }
            }
        }
    }
    for (size_t c = 0; c < k; c++) {
        for (size_t r = c + 1; r < k; r++) {
            double f = a[r * (k + 1) + c] / a[c * (k + 1) + c];
            for (size_t j = c; j <= k && f != 0; j++) {
                a[r * (k + 1) + j] -= f * a[c * (k + 1) + j];
            }
        }
    }
    effect = a[(k - 1) * (k + 1) + k] / a[(k - 1) * (k + 1) + k - 1];
    wijk_free(a);
    return effect;
}

static void equals_two_way_fixed_effects(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        sample *s = sample_random(30, 6, seed);
        for (size_t i = 0; i < 4 + seed; i++) {
            s->start[i] = 4;
        }
        wijk_did r;
        assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
        near(r.effect, two_way(s), 1e-10);
        sample_free(s);
    }
}

/* All 45 ways to choose two of ten, by two loops. */
static void few_assignments_are_gone_through(void **state)
{
    (void)state;
    sample *s = sample_random(10, 4, 3);
    s->start[2] = s->start[7] = 2;
    wijk_did r;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
    double change[10], total = 0;
    for (size_t i = 0; i < 10; i++) {
        const double *y = s->outcome + i * 4;
        change[i] = (y[2] + y[3] - y[0] - y[1]) / 2;
        total += change[i];
    }
    int large = 0;
    for (size_t i = 0; i < 10; i++) {
        for (size_t j = i + 1; j < 10; j++) {
            double sum = change[i] + change[j];
            large += fabs(sum / 2 - (total - sum) / 8) >= fabs(r.effect) - 1e-12;
        }
    }
    near(r.p, large / 45.0, 1e-12);
    near(r.least_p, 1 / 45.0, 1e-12);
    near(r.before_after, (change[2] + change[7]) / 2, 1e-12);
    sample_free(s);
}

/* Random assignments agree with going through all of them. */
static void draws_agree_with_enumeration(void **state)
{
    (void)state;
    sample *s = sample_random(18, 4, 8);
    s->start[0] = s->start[1] = s->start[2] = 2;
    wijk_did all, drawn; /* 816 ways */
    wijk_did_options o = {.draws = 816, .seed = 4};
    assert_int_equal(wijk_did_estimate(&all, &s->panel, &o, NULL), 0);
    near(all.least_p, 1 / 816.0, 1e-12);
    /* A copy with one far-away comparison area less would change the data; instead ask for fewer
     * draws than ways many times and take the mean of p. */
    double sum = 0;
    o.draws = 799;
    for (o.seed = 0; o.seed < 50; o.seed++) {
        assert_int_equal(wijk_did_estimate(&drawn, &s->panel, &o, NULL), 0);
        sum += drawn.p / 50;
    }
    near(sum, all.p, 0.01);
    sample_free(s);
}

static void interval_covers_and_p_is_uniform(void **state)
{
    (void)state;
    enum { RUNS = 400 };
    int covered = 0, small = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        sample *s = sample_random(60, 5, 1000 + run);
        for (size_t i = 0; i < 5; i++) {
            s->start[i] = 3;
        }
        wijk_did_options o = {.draws = 199, .seed = run};
        wijk_did r;
        assert_int_equal(wijk_did_estimate(&r, &s->panel, &o, NULL), 0);
        covered += r.low <= 0 && 0 <= r.high;
        small += r.p <= 0.1;
        sample_free(s);
    }
    assert_in_range(covered, 360, 398); /* 380, four standard deviations 17 */
    assert_in_range(small, 17, 64);     /* 40, four standard deviations 24 */
}

/* One treated area: its residual is zero, so the robust t is far too sure while permutation is not.
 * This is what "a clustered t of 2.9 where the placebo p is 0.43" looks like. */
static void one_treated_area_does_not_fool_us(void **state)
{
    (void)state;
    int sure = 0, found = 0;
    for (uint64_t run = 0; run < 200; run++) {
        sample *s = sample_random(40, 6, 3000 + run);
        s->start[0] = 4;
        wijk_did r;
        assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
        sure += fabs(r.cluster_t) > 1.96;
        found += r.p <= 0.05;
        sample_free(s);
    }
    assert_true(sure > 100); /* nothing happened in any of them */
    assert_true(found <= 20);
}

static void events_are_changes_since_the_last_wave_before(void **state)
{
    (void)state;
    sample *s = sample_random(25, 6, 12);
    for (size_t i = 0; i < 6; i++) {
        s->start[i] = 4;
    }
    s->drop[3] = 1; /* so wave 2 is the base */
    wijk_event e[6];
    assert_int_equal(wijk_did_events(e, &s->panel, NULL, NULL), 0);
    double sum[2] = {0, 0};
    for (size_t i = 0; i < 25; i++) {
        sum[i < 6] += (s->outcome[i * 6 + 5] - s->outcome[i * 6 + 2]) / (i < 6 ? 6 : 19);
    }
    near(e[5].effect, sum[1] - sum[0], 1e-12);
    assert_true(e[5].low < e[5].effect && e[5].effect < e[5].high);
    near(e[2].effect, 0, 0);
    assert_true(isnan(e[3].effect));
    sample_free(s);
}

/* The wild bootstrap by refitting everything for every draw of signs: all 2^8 of eight clusters
 * would use Webb's points, so twelve clusters and the same stream of signs as a slow method. */
static void wild_bootstrap_by_refitting(void **state)
{
    (void)state;
    enum { N = 36, C = 12, DRAWS = 400 };
    sample *s = sample_random(N, 2, 6);
    size_t cluster[N];
    double change[N], mean = 0, share = 0;
    for (size_t i = 0; i < N; i++) {
        cluster[i] = i % C;
        s->start[i] = i % C < 5 ? 1 : WIJK_NEVER;
        change[i] = s->outcome[i * 2 + 1] - s->outcome[i * 2];
        mean += change[i] / N;
        share += (i % C < 5) / (double)N;
    }
    wijk_wild r;
    assert_int_equal(wijk_did_wild(&r, &s->panel, cluster, C, DRAWS, 9, NULL), 0);
    assert_int_equal(r.treated_clusters, 5);
    assert_int_equal(r.few, 0);
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = 9, .purpose = 0x64696402});
    int large = 0;
    for (int draw = -1; draw < DRAWS; draw++) {
        double y[N], b = 0, square = 0, bar = 0, meat = 0;
        uint32_t bits = draw < 0 ? 0xffffffffu : wijk_rng_word(&stream);
        for (size_t i = 0; i < N; i++) {
            y[i] = draw < 0 ? change[i]
                            : mean + (bits >> cluster[i] & 1 ? 1 : -1) * (change[i] - mean);
            bar += y[i] / N;
        }
        for (size_t i = 0; i < N; i++) {
            double x = (s->start[i] == 1) - share;
            b += x * y[i];
            square += x * x;
        }
        b /= square;
        for (size_t c = 0; c < C; c++) {
            double score = 0;
            for (size_t i = 0; i < N; i++) {
                double x = (s->start[i] == 1) - share;
                score += cluster[i] == c ? x * (y[i] - bar - b * x) : 0;
            }
            meat += score * score;
        }
        double t = b / (sqrt(C / (C - 1.0) * (N - 1.0) / (N - 2.0) * meat) / square);
        if (draw < 0) {
            near(r.t, t, 1e-10);
            near(r.effect, b, 1e-10);
        } else {
            large += fabs(t) >= fabs(r.t) * (1 - 1e-12);
        }
    }
    near(r.p, (1.0 + large) / (1.0 + DRAWS), 1e-12);
    sample_free(s);
}

static void wild_bootstrap_says_when_few(void **state)
{
    (void)state;
    sample *s = sample_random(20, 3, 2);
    size_t cluster[20];
    for (size_t i = 0; i < 20; i++) {
        cluster[i] = i / 2;
        s->start[i] = i < 2 ? 2 : WIJK_NEVER;
    }
    wijk_wild r;
    assert_int_equal(wijk_did_wild(&r, &s->panel, cluster, 10, 999, 1, NULL), 0);
    assert_int_equal(r.few, 1);
    assert_true(r.p > 0 && r.p <= 1);
    cluster[3] = 10;
    assert_int_equal(wijk_did_wild(&r, &s->panel, cluster, 10, 999, 1, NULL), WIJK_EINVAL);
    sample_free(s);
}

static void the_degenerate_is_refused_or_defined(void **state)
{
    (void)state;
    wijk_did r;
    sample *s = sample_random(8, 4, 5);
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL); /* nobody */
    s->start[0] = 0;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL),
                     WIJK_EINVAL); /* from the first */
    s->start[0] = 9;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL); /* no such wave */
    s->start[0] = 2;
    s->start[1] = 3;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL); /* two starts */
    assert_non_null(strstr(wijk_error(WIJK_EN), "group and wave"));
    for (size_t i = 0; i < 8; i++) {
        s->start[i] = 2;
    }
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL); /* everybody */
    for (size_t i = 1; i < 8; i++) {
        s->start[i] = WIJK_NEVER;
    }
    s->outcome[5] = INFINITY;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    for (size_t i = 0; i < 32; i++) {
        s->outcome[i] = 1;
    }
    s->outcome[4 * 3 + 1] = NAN;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
    near(r.effect, 0, 0);
    near(r.p, 1, 0);
    assert_int_equal(r.left_out, 1);
    s->year[2] = s->year[1];
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_tobacco_programme),
        cmocka_unit_test(equals_two_way_fixed_effects),
        cmocka_unit_test(few_assignments_are_gone_through),
        cmocka_unit_test(draws_agree_with_enumeration),
        cmocka_unit_test(interval_covers_and_p_is_uniform),
        cmocka_unit_test(one_treated_area_does_not_fool_us),
        cmocka_unit_test(events_are_changes_since_the_last_wave_before),
        cmocka_unit_test(wild_bootstrap_by_refitting),
        cmocka_unit_test(wild_bootstrap_says_when_few),
        cmocka_unit_test(the_degenerate_is_refused_or_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
