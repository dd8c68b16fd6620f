/* Matching: against all distances, the regression and Abadie & Imbens' error written out in long
 * double; the rules for ties and calipers; and how often chance is called an effect. */
#include "evaluate_fixture.h"

#include "wijk/matching.h"

enum { N = 40, PRE = 3, AXES = 4, WAVES = 5, TREATED = 6 };

typedef long double exact;

/* Solves a x = b by elimination with pivots; a and b are used up. */
static void eliminate(exact *a, exact *b, int n)
{
    for (int c = 0; c < n; c++) {
        int best = c;
        for (int r = c + 1; r < n; r++) {
            best = fabsl(a[r * n + c]) > fabsl(a[best * n + c]) ? r : best;
        }
        for (int j = 0; j < n; j++) {
            exact swap = a[c * n + j];
            a[c * n + j] = a[best * n + j];
            a[best * n + j] = swap;
        }
        exact swap = b[c];
        b[c] = b[best];
        b[best] = swap;
        for (int r = 0; r < n; r++) {
            exact f = r == c ? 0 : a[r * n + c] / a[c * n + c];
            for (int j = 0; j < n; j++) {
                a[r * n + j] -= f * a[c * n + j];
            }
            b[r] -= f * b[c];
        }
    }
    for (int c = 0; c < n; c++) {
        b[c] /= a[c * n + c];
    }
}

typedef struct {
    sample *s;
    double covariate[N];
    exact x[N][AXES], change[N];
    int in[N];
} case_of;

static void make_case(case_of *c, uint64_t seed)
{
    c->s = sample_random(N, WAVES, seed);
    for (size_t i = 0; i < N; i++) {
        c->in[i] = i % 7 == 3;
        c->s->start[i] = c->in[i] ? PRE : WIJK_NEVER;
        c->covariate[i] = 1000 * noise(seed, 21, i, 0) + 300 * c->in[i];
        for (size_t t = 0; t < PRE; t++) {
            c->x[i][t] = c->s->outcome[i * WAVES + t];
        }
        c->x[i][PRE] = c->covariate[i];
        const double *y = c->s->outcome + i * WAVES;
        c->change[i] = ((exact)y[3] + y[4]) / 2 - ((exact)y[0] + y[1] + y[2]) / 3;
    }
    c->s->panel.covariate = c->covariate;
    c->s->panel.covariates = 1;
}

static exact distance(const case_of *c, int a, int b)
{
    exact cov[AXES * AXES] = {0}, mean[AXES] = {0}, d[AXES], z[AXES];
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < AXES; j++) {
            mean[j] += c->x[i][j] / N;
        }
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < AXES; j++) {
            for (int k = 0; k < AXES; k++) {
                cov[j * AXES + k] += (c->x[i][j] - mean[j]) * (c->x[i][k] - mean[k]) / (N - 1);
            }
        }
    }
    for (int j = 0; j < AXES; j++) {
        d[j] = z[j] = c->x[a][j] - c->x[b][j];
    }
    eliminate(cov, z, AXES);
    exact sum = 0;
    for (int j = 0; j < AXES; j++) {
        sum += d[j] * z[j];
    }
    return sum;
}

/* The nearest `most` of the side `in`, without a itself. */
static void nearest(int *out, const case_of *c, int a, int in, int most)
{
    int taken[N] = {0};
    for (int m = 0; m < most; m++) {
        int best = -1;
        for (int b = 0; b < N; b++) {
            if (b != a && c->in[b] == in && !taken[b] &&
                (best < 0 || distance(c, a, b) < distance(c, a, best))) {
                best = b;
            }
        }
        taken[best] = 1;
        out[m] = best;
    }
}

/* The change less what least squares among the comparison areas tells of it. */
static void corrected(exact *out, const case_of *c)
{
    enum { M = AXES + 1 };
    exact a[M * M] = {0}, b[M] = {0};
    for (int i = 0; i < N; i++) {
        exact row[M] = {1};
        for (int j = 0; j < AXES; j++) {
            row[1 + j] = j == PRE ? c->x[i][j] / 1000 : c->x[i][j];
        }
        for (int j = 0; j < M && !c->in[i]; j++) {
            for (int k = 0; k < M; k++) {
                a[j * M + k] += row[j] * row[k];
            }
            b[j] += row[j] * c->change[i];
        }
    }
    eliminate(a, b, M);
    for (int i = 0; i < N; i++) {
        out[i] = c->change[i] - b[0];
        for (int j = 0; j < AXES; j++) {
            out[i] -= b[1 + j] * (j == PRE ? c->x[i][j] / 1000 : c->x[i][j]);
        }
    }
}

static void equals_all_distances_written_out(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        case_of c;
        make_case(&c, seed);
        exact told[N];
        corrected(told, &c);
        for (int raw = 0; raw < 2; raw++) {
            exact own[N] = {0}, times[N] = {0}, squares[N] = {0}, effect = 0, sum = 0;
            for (int i = 0; i < N; i++) {
                int near_by[3];
                if (!c.in[i]) {
                    continue;
                }
                nearest(near_by, &c, i, 0, 3);
                own[i] = raw ? c.change[i] : told[i];
                for (int m = 0; m < 3; m++) {
                    own[i] -= (raw ? c.change[near_by[m]] : told[near_by[m]]) / 3;
                    times[near_by[m]] += 1 / 3.0L;
                    squares[near_by[m]] += 1 / 9.0L;
                }
                effect += own[i] / TREATED;
            }
            for (int i = 0; i < N; i++) {
                if (c.in[i]) {
                    sum += (own[i] - effect) * (own[i] - effect);
                } else if (times[i] > 0) {
                    int other;
                    nearest(&other, &c, i, 0, 1);
                    exact d = c.change[i] - c.change[other];
                    sum += (times[i] * times[i] - squares[i]) * d * d / 2;
                }
            }
            wijk_matching r;
            wijk_matching_options o = {.neighbours = 3, .uncorrected = raw};
            assert_int_equal(wijk_matching_estimate(&r, &c.s->panel, &o, NULL), 0);
            assert_int_equal(r.treated, TREATED);
            assert_int_equal(r.comparison, N - TREATED);
            assert_int_equal(r.matches, 3 * TREATED);
            near(r.effect, (double)effect, 1e-9);
            near(r.error, (double)sqrtl(sum) / TREATED, 1e-9);
            int near_by[3];
            nearest(near_by, &c, 3, 0, 3);
            for (size_t m = 0; m < 3; m++) {
                assert_int_equal(r.match[m].treated, 3);
                assert_int_equal(r.match[m].unit, near_by[m]);
                near(r.match[m].distance, (double)sqrtl(distance(&c, 3, near_by[m])), 1e-8);
            }
            wijk_matching_free(&r);
        }
        sample_free(c.s);
    }
}

/* One treated area is ranked among what every other area shows beyond its own neighbours. */
static void one_area_is_ranked_among_placebos(void **state)
{
    (void)state;
    case_of c;
    make_case(&c, 9);
    for (int i = 0; i < N; i++) {
        c.in[i] = i == 3;
        c.s->start[i] = i == 3 ? PRE : WIJK_NEVER;
    }
    double own[N];
    int larger = 0;
    for (int i = 0; i < N; i++) { /* without the treated area as a neighbour */
        int near_by[4];
        nearest(near_by, &c, i, 0, 4);
        own[i] = (double)c.change[i];
        for (int m = 0; m < 4; m++) {
            own[i] -= (double)c.change[near_by[m]] / 4;
        }
    }
    for (int i = 0; i < N; i++) {
        larger += i != 3 && fabs(own[i]) >= fabs(own[3]);
    }
    wijk_matching r;
    wijk_matching_options o = {.uncorrected = 1};
    assert_int_equal(wijk_matching_estimate(&r, &c.s->panel, &o, NULL), 0);
    assert_int_equal(r.placebos, N - 1);
    near(r.effect, own[3], 1e-9);
    near(r.p, (1 + larger) / (double)N, 1e-12);
    assert_true(isnan(r.error)); /* one area has no spread */
    assert_true((r.low > 0 || r.high < 0) == (r.p <= 0.05));
    wijk_matching_free(&r);
    sample_free(c.s);
}

/* Six areas with a past of whole numbers: those equally near all count, and a caliper shuts out. */
static void ties_and_calipers(void **state)
{
    (void)state;
    enum { UNITS = 12 };
    sample *s = sample_new(UNITS, 3);
    /* Pasts 0 (treated), then 1, 1, 1, 3, 3 … ; changes told by hand. */
    static const double past[UNITS] = {0, 1, 1, 1, 3, 3, 5, 5, -4, -4, 8, 8};
    for (size_t i = 0; i < UNITS; i++) {
        s->outcome[i * 3] = past[i];
        s->outcome[i * 3 + 1] = past[i];
        s->outcome[i * 3 + 2] = past[i] + (double)i;
    }
    s->start[0] = 2;
    wijk_matching r;
    wijk_matching_options o = {.neighbours = 2, .uncorrected = 1};
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
    assert_int_equal(r.matches, 3); /* the third is as near as the second */
    assert_int_equal(r.used, 3);
    near(r.effect, 0 - (1 + 2 + 3) / 3.0, 1e-9);
    near(r.match[0].weight, 1 / 3.0, 1e-12);
    double step = r.match[0].distance; /* of a past that differs by 1 */
    wijk_matching_free(&r);
    o.neighbours = 5;
    o.caliper = 2 * step;
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
    assert_int_equal(r.matches, 3);
    wijk_matching_free(&r);
    o.caliper = 3.5 * step;
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
    assert_int_equal(r.matches, 5);
    wijk_matching_free(&r);
    o.caliper = 0.5 * step;
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "--caliper"));
    wijk_matching_free(&r);
    s->start[8] = 2; /* this one has nobody near, the other does */
    unsigned char exclude[UNITS] = {[1] = 1, [9] = 1};
    o = (wijk_matching_options){
        .neighbours = 2, .uncorrected = 1, .caliper = 2 * step, .exclude = exclude};
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
    assert_int_equal(r.unmatched, 1);
    assert_int_equal(r.matches, 2);
    assert_int_equal(r.comparison, UNITS - 4);
    near(r.effect, 0 - (2 + 3) / 2.0, 1e-9);
    wijk_matching_free(&r);
    sample_free(s);
}

/* By propensity: the nearest in the logit, found by gradient ascent far past convergence. */
static void propensity_is_the_logit(void **state)
{
    (void)state;
    enum { UNITS = 60 };
    sample *s = sample_new(UNITS, 3);
    for (size_t i = 0; i < UNITS; i++) {
        s->outcome[i * 3] = noise(3, 1, i, 0);
        s->outcome[i * 3 + 1] = 0.5 * s->outcome[i * 3] + noise(3, 2, i, 0);
        s->outcome[i * 3 + 2] = noise(3, 3, i, 0);
        s->start[i] = noise(3, 4, i, 0) + 0.5 * s->outcome[i * 3] > 0.6 ? 2 : WIJK_NEVER;
    }
    exact g[3] = {0};
    for (int round = 0; round < 40000; round++) {
        exact step[3] = {0};
        for (size_t i = 0; i < UNITS; i++) {
            const exact x[3] = {1, s->outcome[i * 3], s->outcome[i * 3 + 1]};
            exact p = 1 / (1 + expl(-(g[0] + g[1] * x[1] + g[2] * x[2])));
            for (int j = 0; j < 3; j++) {
                step[j] += 0.05L * x[j] * ((s->start[i] != WIJK_NEVER) - p);
            }
        }
        for (int j = 0; j < 3; j++) {
            g[j] += step[j];
        }
    }
    double logit[UNITS], effect = 0, n = 0;
    for (size_t i = 0; i < UNITS; i++) {
        logit[i] = (double)(g[0] + g[1] * s->outcome[i * 3] + g[2] * s->outcome[i * 3 + 1]);
    }
    for (size_t i = 0; i < UNITS; i++) {
        if (s->start[i] == WIJK_NEVER) {
            continue;
        }
        size_t best = UNITS;
        for (size_t j = 0; j < UNITS; j++) {
            if (s->start[j] == WIJK_NEVER &&
                (best == UNITS || fabs(logit[j] - logit[i]) < fabs(logit[best] - logit[i]))) {
                best = j;
            }
        }
        const double *a = s->outcome + i * 3, *b = s->outcome + best * 3;
        effect += a[2] - (a[0] + a[1]) / 2 - (b[2] - (b[0] + b[1]) / 2);
        n += 1;
    }
    wijk_matching r;
    wijk_matching_options o = {.likeness = WIJK_LIKE_PROPENSITY, .neighbours = 1, .uncorrected = 1};
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
    near(r.effect, effect / n, 1e-10);
    assert_true(r.unlike_after < r.unlike_before);
    wijk_matching_free(&r);
    for (size_t i = 0; i < UNITS; i++) { /* the past tells exactly who takes part */
        s->start[i] = s->outcome[i * 3] > 0.5 ? 2 : WIJK_NEVER;
    }
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "nobody is like them"));
    wijk_matching_free(&r);
    sample_free(s);
}

/* Nothing happens, to areas drawn at random: called an effect in one of twenty. A planted one is
 * told with an interval that holds. */
static void placebos_keep_their_size(void **state)
{
    (void)state;
    enum { RUNS = 300 };
    int said = 0, held = 0;
    double mean = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        sample *s = sample_random(150, 6, 3000 + run);
        for (size_t i = 0; i < 3; i++) {
            s->start[(run * 31 + i * 47) % 150] = 4;
        }
        wijk_matching r;
        wijk_matching_options o = {.seed = run};
        assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
        said += r.p <= 0.05;
        assert_true((r.low > 0 || r.high < 0) == (r.p <= 0.05));
        wijk_matching_free(&r);
        for (size_t i = 0; i < 150; i++) {
            for (size_t t = 4; t < 6 && s->start[i] != WIJK_NEVER; t++) {
                s->outcome[i * 6 + t] += 0.7;
            }
        }
        assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), 0);
        mean += r.effect / RUNS;
        held += r.low <= 0.7 && 0.7 <= r.high;
        wijk_matching_free(&r);
        sample_free(s);
    }
    /* 5% of 300 is 15, four standard deviations 15. */
    assert_in_range(said, 1, 30);
    assert_in_range(held, 270, 299);
    near(mean, 0.7, 0.05);
}

static void the_degenerate_is_refused_or_defined(void **state)
{
    (void)state;
    sample *s = sample_random(30, 5, 4);
    s->start[0] = 3;
    wijk_matching r;
    for (size_t i = 0; i < 30 * 5; i++) {
        s->outcome[i] = 2; /* constant: all are alike, and nothing changed */
    }
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, NULL, NULL), 0);
    near(r.effect, 0, 1e-12);
    near(r.p, 1, 1e-12);
    assert_int_equal(r.matches, 29);
    wijk_matching_free(&r);
    sample_free(s);

    s = sample_random(30, 5, 4);
    s->start[0] = 3;
    s->start[1] = 4; /* another start */
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    wijk_matching_free(&r);
    s->start[1] = 3;
    s->outcome[5 + 1] = NAN; /* the second treated area has a gap */
    s->outcome[7 * 5 + 4] = NAN;
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, NULL, NULL), 0);
    assert_int_equal(r.treated, 1);
    assert_int_equal(r.left_out, 2);
    wijk_matching_free(&r);
    unsigned char exclude[30];
    memset(exclude, 1, sizeof exclude);
    wijk_matching_options o = {.exclude = exclude}; /* nobody to compare with */
    assert_int_equal(wijk_matching_estimate(&r, &s->panel, &o, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Too few areas to compare with (0)"));
    wijk_matching_free(&r);
    long fails = 0;
    for (int rc = WIJK_ENOMEM; rc == WIJK_ENOMEM && fails < 100;) {
        wijk_alloc_fail_at(++fails, 0);
        rc = wijk_matching_estimate(&r, &s->panel, NULL, NULL);
        wijk_alloc_fail_at(0, 0);
        wijk_matching_free(&r);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
    }
    assert_in_range(fails, 10, 99);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_all_distances_written_out),
        cmocka_unit_test(one_area_is_ranked_among_placebos),
        cmocka_unit_test(ties_and_calipers),
        cmocka_unit_test(propensity_is_the_logit),
        cmocka_unit_test(placebos_keep_their_size),
        cmocka_unit_test(the_degenerate_is_refused_or_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
