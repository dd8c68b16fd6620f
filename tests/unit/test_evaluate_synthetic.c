/* Synthetic control against published Californian results, against brute force, and against the
 * conditions that an optimum must meet. */
#include "evaluate_fixture.h"

#include "evaluate/simplex.h"
#include "wijk/synthetic.h"

static sample *california(void)
{
    sample *s = sample_published("prop99_smoking.csv", "state", "cigsale", NULL);
    for (size_t i = 0; s && i < s->panel.units; i++) {
        if (!strcmp(s->name[i], "California")) {
            s->start[i] = 1989 - 1970;
        }
    }
    return s;
}

/* Arkhangelsky et al. 2021, table 1 (outcomes only, mean of 1989-2000): synthetic control -19.6.
 * That number is of weights that were not yet the best: their programme stops at 10,000 steps of
 * Frank-Wolfe, where the squared gaps before 1989 add up to 52.66 (-19.62); 200,000 steps of the
 * same, written independently, reach 52.3212 (-19.518). The exact optimum must be below both. */
static void published_tobacco_programme(void **state)
{
    (void)state;
    sample *s = california();
    if (!s) {
        skip();
    }
    wijk_synthetic r;
    wijk_synthetic_options o = {.kind = WIJK_SYNTHETIC_PLAIN};
    assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, &o, NULL), 0);
    assert_true(r.fit * r.fit * 19 <= 52.3212);
    near(r.effect, -19.518, 0.006);
    near(r.effect, -19.6, 0.1);
    /* Abadie, Diamond & Hainmueller 2010: about -26 packs in 2000 and rank 1 of 39 by the ratio of
     * gaps. They weigh predictors too; on outcomes alone the gap is about the same, the rank 3. */
    near(r.gap[30], -26, 3);
    assert_true(r.p_ratio <= 3.0 / 39 + 1e-12);
    double sum = 0;
    for (size_t i = 0; i < s->panel.units; i++) {
        assert_true(r.weight[i] >= 0);
        sum += r.weight[i];
    }
    near(sum, 1, 1e-9);
    wijk_synthetic_free(&r);

    o.kind = WIJK_SYNTHETIC_DID;
    assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, &o, NULL), 0);
    near(r.effect, -15.6, 0.05001);
    wijk_synthetic_free(&r);
    sample_free(s);
}

/* The optimum over a fine grid of the triangle cannot be better, and is as good to the grid. */
static void weights_of_three_by_brute_force(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        double point[3][4], g[9], c[3] = {0}, w[3], found = 0, best = INFINITY;
        for (size_t j = 0; j < 3; j++) {
            for (size_t t = 0; t < 4; t++) {
                point[j][t] = noise(seed, 1, j, t) + (seed % 2 ? 1.5 : 0);
            }
        }
        for (size_t j = 0; j < 3; j++) {
            for (size_t k = 0; k < 3; k++) {
                g[j * 3 + k] = 0;
                for (size_t t = 0; t < 4; t++) {
                    g[j * 3 + k] += point[j][t] * point[k][t];
                }
            }
        }
        assert_int_equal(evaluate_simplex(w, g, c, 3, NULL), 0);
        near(w[0] + w[1] + w[2], 1, 1e-12);
        for (int a = 0; a <= 500; a++) {
            for (int b = 0; a + b <= 500; b++) {
                const double v[3] = {a / 500.0, b / 500.0, (500 - a - b) / 500.0};
                double value = 0;
                for (size_t j = 0; j < 9; j++) {
                    value += v[j / 3] * g[j] * v[j % 3];
                }
                best = value < best ? value : best;
            }
        }
        for (size_t j = 0; j < 9; j++) {
            found += w[j / 3] * g[j] * w[j % 3];
        }
        assert_true(found <= best + 1e-12);
        near(found, best, 1e-3);
    }
}

/* Karush-Kuhn-Tucker: one gradient on the support, none lower off it; large, and nearly singular.
 */
static void weights_meet_the_conditions_of_an_optimum(void **state)
{
    (void)state;
    enum { N = 300 };
    double *g = wijk_alloc(N * N * sizeof *g), w[N], c[N];
    for (uint64_t seed = 0; seed < 6; seed++) {
        size_t rank = seed % 2 ? 6 : 40;
        double *point = wijk_alloc(N * rank * sizeof *point);
        for (size_t j = 0; j < N; j++) {
            c[j] = seed > 3 ? noise(seed, 2, j, 0) : 0;
            for (size_t t = 0; t < rank; t++) {
                point[j * rank + t] = noise(seed, 1, j, t) + (seed > 2);
            }
        }
        double scale = 0;
        for (size_t j = 0; j < N; j++) {
            for (size_t k = 0; k < N; k++) {
                g[j * N + k] = j == k ? 1e-6 : 0;
                for (size_t t = 0; t < rank; t++) {
                    g[j * N + k] += point[j * rank + t] * point[k * rank + t];
                }
                scale = fabs(g[j * N + k]) > scale ? fabs(g[j * N + k]) : scale;
            }
        }
        assert_int_equal(evaluate_simplex(w, g, c, N, NULL), 0);
        double slope[N], level = 0, sum = 0;
        for (size_t j = 0; j < N; j++) {
            slope[j] = -c[j];
            for (size_t k = 0; k < N; k++) {
                slope[j] += g[j * N + k] * w[k];
            }
            level += w[j] * slope[j];
            sum += w[j];
            assert_true(w[j] >= 0);
        }
        near(sum, 1, 1e-9);
        for (size_t j = 0; j < N; j++) {
            assert_true(slope[j] >= level - 1e-8 * scale);
            if (w[j] > 1e-12) {
                near(slope[j], level, 1e-8 * scale);
            }
        }
        wijk_free(point);
    }
    wijk_free(g);
}

/* A target that is a mix of donors, and then rises by 9: found exactly. */
static void a_known_mix_is_found(void **state)
{
    (void)state;
    sample *s = sample_random(30, 14, 9);
    s->start[29] = 10;
    for (size_t t = 0; t < 14; t++) {
        s->outcome[29 * 14 + t] =
            0.6 * s->outcome[3 * 14 + t] + 0.4 * s->outcome[8 * 14 + t] + (t >= 10 ? 9 : 0);
    }
    for (int kind = WIJK_SYNTHETIC_PLAIN; kind <= WIJK_SYNTHETIC_RIDGE; kind++) {
        wijk_synthetic r;
        wijk_synthetic_options o = {.kind = (enum wijk_synthetic_kind)kind};
        assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, &o, NULL), 0);
        near(r.weight[3], 0.6, 1e-4);
        near(r.weight[8], 0.4, 1e-4);
        near(r.effect, 9, 1e-3);
        near(r.fit, 0, 1e-3);
        near(r.p_effect, 1.0 / 30, 1e-12);
        wijk_synthetic_free(&r);
    }
    sample_free(s);
}

/* Nothing happens: p of the treated is uniform over its ranks, whichever the kind. */
static void placebo_p_holds_its_size(void **state)
{
    (void)state;
    enum { RUNS = 120 };
    for (int kind = WIJK_SYNTHETIC_PLAIN; kind <= WIJK_SYNTHETIC_DID; kind++) {
        int small = 0, half = 0;
        for (uint64_t run = 0; run < RUNS; run++) {
            sample *s = sample_random(20, 8, 500 + run);
            s->start[0] = 6;
            wijk_synthetic r;
            wijk_synthetic_options o = {.kind = (enum wijk_synthetic_kind)kind};
            assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, &o, NULL), 0);
            assert_true(r.p_effect > 0 && r.p_effect <= 1);
            small += r.p_effect <= 0.1001;
            half += r.p_effect <= 0.5001;
            wijk_synthetic_free(&r);
            sample_free(s);
        }
        /* Exactly exchangeable: 10% of 120 is 12, four standard deviations 13. */
        assert_in_range(small, 1, 25);
        assert_in_range(half, 38, 82);
    }
}

/* The set of placebos, and every number, are the same on one thread and on three. */
static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    sample *s = sample_random(40, 9, 21);
    s->start[4] = s->start[17] = 6;
    wijk_synthetic r[2];
    for (unsigned k = 0; k < 2; k++) {
        wijk_ctx ctx = {.threads = k ? 3 : 1};
        wijk_synthetic_options o = {.placebos = 50, .seed = 77};
        assert_int_equal(wijk_synthetic_estimate(&r[k], &s->panel, &o, &ctx), 0);
    }
    assert_int_equal(r[0].placebos, 50);
    assert_memory_equal(r[0].placebo, r[1].placebo, 50 * sizeof(double));
    wijk_synthetic_free(&r[0]);
    wijk_synthetic_free(&r[1]);
    sample_free(s);
}

static void the_degenerate_is_refused_or_defined(void **state)
{
    (void)state;
    wijk_synthetic r;
    sample *s = sample_random(6, 5, 1);
    s->start[0] = 1; /* one wave before */
    assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    wijk_synthetic_free(&r);
    for (size_t i = 1; i < 6; i++) {
        s->outcome[i * 5 + 2] = NAN; /* no donor without gaps */
    }
    s->start[0] = 3;
    assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, NULL, NULL), WIJK_EINVAL);
    wijk_synthetic_free(&r);
    sample_free(s);

    s = sample_random(6, 5, 1); /* a constant outcome: effect 0, nothing unusual */
    for (size_t i = 0; i < 30; i++) {
        s->outcome[i] = 4;
    }
    s->start[0] = 3;
    for (int kind = WIJK_SYNTHETIC_PLAIN; kind <= WIJK_SYNTHETIC_DID; kind++) {
        wijk_synthetic_options o = {.kind = (enum wijk_synthetic_kind)kind};
        assert_int_equal(wijk_synthetic_estimate(&r, &s->panel, &o, NULL), 0);
        near(r.effect, 0, 1e-12);
        near(r.p_effect, 1, 1e-12);
        wijk_synthetic_free(&r);
    }
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_tobacco_programme),
        cmocka_unit_test(weights_of_three_by_brute_force),
        cmocka_unit_test(weights_meet_the_conditions_of_an_optimum),
        cmocka_unit_test(a_known_mix_is_found),
        cmocka_unit_test(placebo_p_holds_its_size),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(the_degenerate_is_refused_or_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
