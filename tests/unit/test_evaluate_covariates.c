/* Covariates: against the published table of Callaway & Sant'Anna's county data with log
 * population, against the estimators written out plainly in long double with their influence
 * functions by differentiation, and against simulation in which ignoring the covariate goes wrong.
 */
#include "evaluate_fixture.h"

#include "wijk/did.h"
#include "wijk/group_time.h"

static double *covariate_of(sample *s, size_t covariates)
{
    double *x = wijk_alloc((s->panel.units * covariates + 1) * sizeof *x);
    s->panel.covariate = x;
    s->panel.covariates = covariates;
    return x;
}

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

/* ---- published ---------------------------------------------------------------------------------
 */

/* The county data with log population in 2003 (it does not change) as covariate. */
static sample *counties(void)
{
    sample *s = sample_published("mpdta.csv", "countyreal", "lemp", "first.treat");
    if (s) {
        sample *people = sample_published("mpdta.csv", "countyreal", "lpop", NULL);
        double *x = covariate_of(s, 1);
        for (size_t i = 0; i < s->panel.units; i++) {
            x[i] = people->outcome[i * s->panel.waves];
        }
        sample_free(people);
    }
    return s;
}

static void counties_free(sample *s)
{
    wijk_free((void *)(uintptr_t)s->panel.covariate);
    sample_free(s);
}

/* Doubly robust, never treated, errors from influence functions: the example of Stata's csdid
 * (Rios- Avila, Sant'Anna & Callaway), the same effects as R's did prints with xformla = ~ lpop. */
static void published_county_employment_with_population(void **state)
{
    (void)state;
    sample *s = counties();
    if (!s) {
        skip();
    }
    wijk_group_time r;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), 0);
    static const struct {
        double group, year, att, error;
    } told[] = {
        {2004, 2004, -.0145297, .0221292}, {2004, 2005, -.0764219, .0286713},
        {2004, 2006, -.1404483, .0353782}, {2004, 2007, -.1069039, .0328865},
        {2006, 2004, -.0004721, .0222234}, {2006, 2005, -.0062025, .0184957},
        {2006, 2006, .0009606, .0194002},  {2006, 2007, -.0412939, .0197211},
        {2007, 2004, .0267278, .0140657},  {2007, 2005, -.0045766, .0157178},
        {2007, 2006, -.0284475, .0181809}, {2007, 2007, -.0287814, .016239},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const wijk_att *a = cell(&r, s, told[i].group, told[i].year);
        near(a->effect, told[i].att, 5.001e-8);
        near(a->error, told[i].error, 5.001e-8);
    }
    static const double exposure[][2] = {
        {.0267278, .0140657},  {-.0036165, .0129283}, {-.023244, .0144851}, {-.0210604, .0114942},
        {-.0530032, .0163465}, {-.1404483, .0353782}, {-.1069039, .0328865}};
    assert_int_equal(r.exposure_count, 7);
    for (size_t i = 0; i < 7; i++) {
        near(r.by_exposure[i].label, (double)i - 3, 0);
        near(r.by_exposure[i].effect, exposure[i][0], 5.001e-8);
        near(r.by_exposure[i].error, exposure[i][1], 5.001e-8);
    }
    static const double group[][2] = {
        {-.0845759, .0245649}, {-.0201666, .0174696}, {-.0287814, .016239}};
    static const double calendar[][2] = {
        {-.0145297, .0221292}, {-.0764219, .0286713}, {-.0461757, .0212107}, {-.0395822, .0129299}};
    for (size_t i = 0; i < 4; i++) {
        near(r.by_calendar[i].effect, calendar[i][0], 5.001e-8);
        near(r.by_calendar[i].error, calendar[i][1], 5.001e-8);
        if (i < 3) {
            near(r.by_group[i].effect, group[i][0], 5.001e-8);
            near(r.by_group[i].error, group[i][1], 5.001e-8);
        }
    }
    near(r.simple.effect, -.0417518, 5.001e-8);
    near(r.simple.error, .0115028, 5.001e-8);
    wijk_group_time_free(&r);
    counties_free(s);
}

/* ---- written out -------------------------------------------------------------------------------
 *
 * The estimators as weighted sums over areas, with plain elimination in long double. What each area
 * adds to the error is found by giving it a little more or less weight.
 */

enum { N = 60, TERMS = 3 };

typedef long double exact;

typedef struct {
    exact change[N], x[N][TERMS];
    int in[N];
} plain;

static void eliminate(exact a[TERMS][TERMS + 1], exact out[TERMS])
{
    for (int c = 0; c < TERMS; c++) {
        for (int r = c + 1; r < TERMS; r++) {
            exact f = a[r][c] / a[c][c];
            for (int j = c; j <= TERMS; j++) {
                a[r][j] -= f * a[c][j];
            }
        }
    }
    for (int c = TERMS - 1; c >= 0; c--) {
        out[c] = a[c][TERMS];
        for (int j = c + 1; j < TERMS; j++) {
            out[c] -= a[c][j] * out[j];
        }
        out[c] /= a[c][c];
    }
}

static exact times(const exact *x, const exact *b)
{
    return x[0] * b[0] + x[1] * b[1] + x[2] * b[2];
}

/* Weighted least squares of the change among the comparison areas. */
static void least_squares(exact b[TERMS], const plain *p, const exact *w)
{
    exact a[TERMS][TERMS + 1] = {{0}};
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < TERMS && !p->in[i]; j++) {
            for (int k = 0; k < TERMS; k++) {
                a[j][k] += w[i] * p->x[i][j] * p->x[i][k];
            }
            a[j][TERMS] += w[i] * p->x[i][j] * p->change[i];
        }
    }
    eliminate(a, b);
}

static void logit(exact g[TERMS], const plain *p, const exact *w)
{
    memset(g, 0, TERMS * sizeof *g);
    for (int round = 0; round < 60; round++) {
        exact a[TERMS][TERMS + 1] = {{0}}, step[TERMS];
        for (int i = 0; i < N; i++) {
            exact chance = 1 / (1 + expl(-times(p->x[i], g)));
            for (int j = 0; j < TERMS; j++) {
                for (int k = 0; k < TERMS; k++) {
                    a[j][k] += w[i] * chance * (1 - chance) * p->x[i][j] * p->x[i][k];
                }
                a[j][TERMS] += w[i] * (p->in[i] - chance) * p->x[i][j];
            }
        }
        eliminate(a, step);
        for (int j = 0; j < TERMS; j++) {
            g[j] += step[j];
        }
    }
}

static exact effect_of(const plain *p, enum wijk_adjust kind, const exact *w)
{
    exact b[TERMS] = {0}, g[TERMS] = {0}, sum[2] = {0, 0}, all[2] = {0, 0};
    if (kind != WIJK_ADJUST_WEIGHTING) {
        least_squares(b, p, w);
    }
    if (kind != WIJK_ADJUST_REGRESSION) {
        logit(g, p, w);
    }
    for (int i = 0; i < N; i++) {
        exact odds = expl(times(p->x[i], g)), own = w[i] * (p->in[i] ? 1 : odds);
        sum[p->in[i]] += own * (p->change[i] - times(p->x[i], b));
        all[p->in[i]] += own;
    }
    return sum[1] / all[1] - (kind == WIJK_ADJUST_REGRESSION ? 0 : sum[0] / all[0]);
}

static void the_three_ways_written_out(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        sample *s = sample_random(N, 4, seed);
        double *x = covariate_of(s, TERMS - 1);
        plain p;
        for (size_t i = 0; i < N; i++) {
            x[2 * i] = 50000 + 20000 * noise(seed, 8, i, 0); /* of very different scales */
            x[2 * i + 1] = 0.01 * noise(seed, 9, i, 0);
            p.in[i] = noise(seed, 10, i, 0) + 30 * x[2 * i + 1] > 0.3;
            s->start[i] = p.in[i] ? 2 : WIJK_NEVER;
            p.x[i][0] = 1;
            p.x[i][1] = (exact)x[2 * i] / 10000;
            p.x[i][2] = x[2 * i + 1];
            p.change[i] = (exact)s->outcome[i * 4 + 3] - (exact)s->outcome[i * 4 + 1];
        }
        for (int kind = 0; kind < 3; kind++) {
            wijk_group_time r;
            wijk_group_time_options o = {.adjust = (enum wijk_adjust)kind, .draws = 9};
            assert_int_equal(wijk_group_time_estimate(&r, &s->panel, &o, NULL), 0);
            const wijk_att *a = cell(&r, s, 2002, 2003);
            exact w[N], square = 0, h = 1e-4L;
            for (int i = 0; i < N; i++) {
                w[i] = 1;
            }
            near(a->effect, (double)effect_of(&p, o.adjust, w), 1e-10);
            for (int i = 0; i < N; i++) {
                exact up, down;
                w[i] = 1 + h;
                up = effect_of(&p, o.adjust, w);
                w[i] = 1 - h;
                down = effect_of(&p, o.adjust, w);
                w[i] = 1;
                square += (up - down) / (2 * h) * ((up - down) / (2 * h));
            }
            near(a->error, (double)sqrtl(square), 1e-8);
            wijk_group_time_free(&r);
        }
        wijk_free(x);
        sample_free(s);
    }
}

/* ---- difference-in-differences with covariates
 * ---------------------------------------------------------------------------------- */

/* Least squares of the change on ones, the covariates and who takes part, by elimination. */
static double coefficient(const double *change, const double *x, const int *in, size_t n)
{
    exact a[TERMS + 1][TERMS + 2] = {{0}};
    for (size_t i = 0; i < n; i++) {
        const exact row[TERMS + 1] = {1, x[2 * i], x[2 * i + 1], in[i]};
        for (int j = 0; j <= TERMS; j++) {
            for (int k = 0; k <= TERMS; k++) {
                a[j][k] += row[j] * row[k];
            }
            a[j][TERMS + 1] += row[j] * change[i];
        }
    }
    for (int c = 0; c <= TERMS; c++) {
        for (int r = c + 1; r <= TERMS; r++) {
            exact f = a[r][c] / a[c][c];
            for (int j = c; j <= TERMS + 1; j++) {
                a[r][j] -= f * a[c][j];
            }
        }
    }
    return (double)(a[TERMS][TERMS + 1] / a[TERMS][TERMS]);
}

/* All 66 ways to choose two of twelve, each fitted anew. */
static void every_assignment_is_refitted(void **state)
{
    (void)state;
    sample *s = sample_random(12, 4, 6);
    double *x = covariate_of(s, 2), change[12];
    int in[12] = {0};
    for (size_t i = 0; i < 12; i++) {
        x[2 * i] = noise(6, 8, i, 0);
        x[2 * i + 1] = 3 + 2 * noise(6, 9, i, 0);
        const double *y = s->outcome + i * 4;
        change[i] = (y[2] + y[3] - y[0] - y[1]) / 2;
    }
    s->start[4] = s->start[9] = 2;
    in[4] = in[9] = 1;
    wijk_did r;
    assert_int_equal(wijk_did_estimate(&r, &s->panel, NULL, NULL), 0);
    double effect = coefficient(change, x, in, 12);
    near(r.effect, effect, 1e-10);
    int large = 0;
    memset(in, 0, sizeof in);
    for (size_t i = 0; i < 12; i++) {
        for (size_t j = i + 1; j < 12; j++) {
            in[i] = in[j] = 1;
            large += fabs(coefficient(change, x, in, 12)) >= fabs(effect) - 1e-12;
            in[i] = in[j] = 0;
        }
    }
    near(r.p, large / 66.0, 1e-12);
    near(r.least_p, 1 / 66.0, 1e-12);
    wijk_free(x);
    sample_free(s);
}

/* The turned residuals of a draw, fitted anew on all areas: the t of the bootstrap by brute force,
 * for all 2^12 signs of twelve clusters. */
static void wild_bootstrap_with_covariates_by_refitting(void **state)
{
    (void)state;
    enum { UNITS = 48, CLUSTERS = 12 };
    sample *s = sample_random(UNITS, 4, 16);
    double *x = covariate_of(s, 2), change[UNITS], z[UNITS][4];
    size_t cluster[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        x[2 * i] = noise(16, 8, i, 0);
        x[2 * i + 1] = noise(16, 9, i / 4, 0) + 0.1 * noise(16, 9, i, 1);
        cluster[i] = i / 4;
        s->start[i] = i / 4 < 5 ? 2 : WIJK_NEVER;
        const double *y = s->outcome + i * 4;
        change[i] = (y[2] + y[3] - y[0] - y[1]) / 2;
        /* Classic Gram-Schmidt below makes these orthonormal: ones, covariates, who takes part. */
        z[i][0] = 1;
        z[i][1] = x[2 * i];
        z[i][2] = x[2 * i + 1];
        z[i][3] = s->start[i] != WIJK_NEVER;
    }
    for (int pass = 0; pass < 3; pass++) {
        for (int j = 0; j < 4; j++) {
            for (int k = 0; k <= j; k++) {
                double dot = 0;
                for (size_t i = 0; i < UNITS; i++) {
                    dot += z[i][j] * z[i][k];
                }
                for (size_t i = 0; i < UNITS; i++) {
                    z[i][j] = k == j ? z[i][j] / sqrt(dot) : z[i][j] - dot * z[i][k];
                }
            }
        }
    }
    double e[UNITS], t0 = 0;
    size_t large = 0;
    for (int draw = -1; draw < 1 << CLUSTERS; draw++) {
        double u[UNITS], score[CLUSTERS] = {0}, slope = 0, meat = 0;
        for (size_t i = 0; i < UNITS; i++) {
            u[i] = draw < 0 ? change[i] : draw >> cluster[i] & 1 ? e[i] : -e[i];
        }
        for (int j = 0; j < 4; j++) {
            double dot = 0;
            for (size_t i = 0; i < UNITS; i++) {
                dot += u[i] * z[i][j];
            }
            slope = dot;
            for (size_t i = 0; i < UNITS; i++) {
                if (j == 3 && draw < 0) {
                    e[i] = u[i]; /* the null imposed: everything but the treatment taken out */
                }
                u[i] -= dot * z[i][j];
            }
        }
        for (size_t i = 0; i < UNITS; i++) {
            score[cluster[i]] += z[i][3] * u[i];
        }
        for (size_t c = 0; c < CLUSTERS; c++) {
            meat += score[c] * score[c];
        }
        double k = CLUSTERS / (CLUSTERS - 1.0) * (UNITS - 1.0) / (UNITS - 4.0);
        double t = slope / sqrt(k * meat);
        t0 = draw < 0 ? t : t0;
        large += draw >= 0 && fabs(t) >= fabs(t0) - 1e-9;
    }
    wijk_wild w;
    assert_int_equal(wijk_did_wild(&w, &s->panel, cluster, CLUSTERS, 40000, 5, NULL), 0);
    int in[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        in[i] = s->start[i] != WIJK_NEVER;
    }
    near(w.effect, coefficient(change, x, in, UNITS), 1e-10);
    near(w.t, t0, 1e-8);
    double p = (double)large / (1 << CLUSTERS);
    near(w.p, p, 4 * sqrt(p * (1 - p) / 40000) + 1e-4);
    wijk_free(x);
    sample_free(s);
}

/* ---- what covariates are for -------------------------------------------------------------------
 */

/* Large places grow faster and take part more often; nothing is done. Ignoring size finds an effect
 * that is not there; each way of minding it does not, and its intervals hold. */
static void ignoring_what_drives_the_change_goes_wrong(void **state)
{
    (void)state;
    enum { RUNS = 200 };
    double mean[4] = {0};
    int held[4] = {0};
    for (uint64_t run = 0; run < RUNS; run++) {
        sample *s = sample_random(200, 3, 500 + run);
        double *x = covariate_of(s, 1);
        for (size_t i = 0; i < 200; i++) {
            x[i] = noise(run, 8, i, 0);
            s->start[i] = noise(run, 9, i, 0) + 0.8 * x[i] > 0.8 ? 2 : WIJK_NEVER;
            s->outcome[i * 3 + 2] += 0.6 * x[i];
        }
        for (int kind = 0; kind < 4; kind++) {
            wijk_group_time r;
            wijk_group_time_options o = {.adjust = (enum wijk_adjust)(kind % 3), .draws = 9};
            s->panel.covariates = kind < 3;
            assert_int_equal(wijk_group_time_estimate(&r, &s->panel, &o, NULL), 0);
            mean[kind] += r.simple.effect / RUNS;
            held[kind] += r.simple.low <= 0 && 0 <= r.simple.high;
            wijk_group_time_free(&r);
        }
        wijk_did d;
        wijk_did_options o = {.draws = 99};
        s->panel.covariates = 1;
        assert_int_equal(wijk_did_estimate(&d, &s->panel, &o, NULL), 0);
        assert_true(fabs(d.effect) < 0.5);
        wijk_free(x);
        sample_free(s);
    }
    for (int kind = 0; kind < 3; kind++) {
        near(mean[kind], 0, 0.03);
        assert_in_range(held[kind], 176, 200); /* 190, four standard deviations 12 */
    }
    assert_true(mean[3] > 0.4);
    assert_in_range(held[3], 0, 20);
}

static void covariates_that_cannot_be_minded_are_refused(void **state)
{
    (void)state;
    sample *s = sample_random(40, 3, 2);
    double *x = covariate_of(s, 2);
    for (size_t i = 0; i < 40; i++) {
        x[2 * i] = noise(2, 8, i, 0);
        x[2 * i + 1] = 2 * x[2 * i] - 1; /* follows from the first */
        s->start[i] = i < 10 ? 2 : WIJK_NEVER;
    }
    wijk_group_time r;
    wijk_did d;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Covariate 2"));
    wijk_group_time_free(&r);
    assert_int_equal(wijk_did_estimate(&d, &s->panel, NULL, NULL), WIJK_EINVAL);
    for (size_t i = 0; i < 40; i++) { /* tells exactly who takes part */
        x[2 * i + 1] = i < 10;
    }
    assert_int_equal(wijk_did_estimate(&d, &s->panel, NULL, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "exactly who takes part"));
    for (size_t i = 0; i < 40; i++) { /* nearly so: no overlap, but a regression can be told */
        x[2 * i + 1] = (double)i < 10 ? 5 + 0.1 * (double)i : -0.1 * (double)i;
    }
    for (int kind = 0; kind < 3; kind++) {
        wijk_group_time_options o = {.adjust = (enum wijk_adjust)kind};
        assert_int_equal(wijk_group_time_estimate(&r, &s->panel, &o, NULL),
                         kind == WIJK_ADJUST_REGRESSION ? 0 : WIJK_EINVAL);
        wijk_group_time_free(&r);
    }
    x[7] = NAN;
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "covariate is missing (area 4)"));
    x[7] = 0;
    s->panel.units = 12; /* two to compare with, for three columns */
    assert_int_equal(wijk_group_time_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    wijk_group_time_free(&r);
    s->panel.units = 40;
    for (size_t i = 0; i < 40; i++) {
        x[2 * i + 1] = noise(2, 9, i, 0);
    }
    long fails = 0;
    for (int rc = WIJK_ENOMEM; rc == WIJK_ENOMEM && fails < 200;) { /* memory that runs out */
        wijk_alloc_fail_at(++fails, 0);
        rc = wijk_group_time_estimate(&r, &s->panel, NULL, NULL);
        wijk_alloc_fail_at(0, 0);
        wijk_group_time_free(&r);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
    }
    assert_in_range(fails, 20, 199);
    wijk_free(x);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_county_employment_with_population),
        cmocka_unit_test(the_three_ways_written_out),
        cmocka_unit_test(every_assignment_is_refitted),
        cmocka_unit_test(wild_bootstrap_with_covariates_by_refitting),
        cmocka_unit_test(ignoring_what_drives_the_change_goes_wrong),
        cmocka_unit_test(covariates_that_cannot_be_minded_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
