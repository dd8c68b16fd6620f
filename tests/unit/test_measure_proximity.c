/* Clustering and distance decay against their definition over all pairs in long double, and the
 * properties that other programs break: proximity falls with distance, and what people meet adds up
 * to 1. Also that each form of the inner loop gives the same bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "measure/decay.h"
#include "wijk/mem.h"
#include "wijk/proximity.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

enum { AREAS = 700, GROUPS = 3 };

static double counts[AREAS * GROUPS], x[AREAS], y[AREAS], surface[AREAS];

static double uniform(uint32_t seed, uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){seed, 1, place, 0, nth});
}

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within * fmax(1, fabs(want)))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

/* A town with a gradient, empty areas, two at one place and one far away. */
static void make_town(uint32_t seed)
{
    for (uint32_t i = 0; i < AREAS; i++) {
        x[i] = 100000 + uniform(seed, i, 0) * 9000;
        y[i] = 400000 + uniform(seed, i, 1) * 6000;
        surface[i] = 1e4 + uniform(seed, i, 2) * 1e6;
        for (uint32_t g = 0; g < GROUPS; g++) {
            double lean = g == 0 ? (x[i] - 100000) / 9000 : 0.5;
            counts[i * GROUPS + g] = i % 17 ? floor(400 * lean * uniform(seed, i, 3 + g)) : 0;
        }
    }
    x[1] = x[2];
    y[1] = y[2];
    x[5] += 90000;
}

static wijk_proximity_input town(double decay, int with_surface)
{
    return (wijk_proximity_input){counts, x,      y,    with_surface ? surface : NULL,
                                  AREAS,  GROUPS, decay};
}

typedef struct {
    double between[GROUPS * GROUPS], meets[GROUPS * GROUPS], local[AREAS * GROUPS];
    double mean, spatial, theil;
} answers;

static void by_definition(answers *out, const wijk_proximity_input *in)
{
    static long double met[AREAS][GROUPS];
    long double column[GROUPS] = {0}, total = 0, all = 0, same = 0, entropy = 0, inside = 0;
    memset(met, 0, sizeof met);
    for (size_t i = 0; i < AREAS; i++) {
        for (size_t j = 0; j < AREAS; j++) {
            long double d = hypotl((long double)x[i] - x[j], (long double)y[i] - y[j]);
            if (i == j) {
                d = in->surface ? 0.6L * sqrtl(in->surface[i]) : 0;
            }
            for (size_t g = 0; g < GROUPS; g++) {
                met[i][g] += expl(-d / in->decay) * counts[j * GROUPS + g];
            }
        }
        for (size_t g = 0; g < GROUPS; g++) {
            column[g] += counts[i * GROUPS + g];
            total += counts[i * GROUPS + g];
        }
    }
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < AREAS; i++) {
        long double here = 0, sum = met[i][0] + met[i][1] + met[i][2];
        for (size_t g = 0; g < GROUPS; g++) {
            long double people = counts[i * GROUPS + g], p = met[i][g] / sum;
            here += people;
            same += people * met[i][g] / column[g];
            out->local[i * GROUPS + g] = (double)p;
            for (size_t h = 0; h < GROUPS; h++) {
                out->between[g * GROUPS + h] +=
                    (double)(people * met[i][h] / column[g] / column[h]);
                out->meets[g * GROUPS + h] += (double)(people * met[i][h] / sum / column[g]);
            }
        }
        all += here * sum;
        for (size_t g = 0; g < GROUPS; g++) {
            long double p = met[i][g] / sum;
            inside -= here * p * logl(p);
        }
    }
    for (size_t g = 0; g < GROUPS; g++) {
        entropy -= column[g] / total * logl(column[g] / total);
    }
    out->mean = (double)(all / total / total);
    out->spatial = (double)(same / total / (all / total / total));
    out->theil = (double)(1 - inside / (total * entropy));
}

static void test_definition(void **state)
{
    (void)state;
    static const double decays[] = {120, 1000, 25000};
    for (uint32_t round = 0; round < 6; round++) {
        make_town(round);
        static answers got, want;
        wijk_proximity out;
        wijk_proximity_input in = town(decays[round % 3], round >= 3);
        wijk_proximity_parts parts = {got.between, got.meets, got.local};
        assert_int_equal(wijk_proximity_all(&out, &parts, &in, NULL), 0);
        by_definition(&want, &in);
        near(out.mean / want.mean, 1, 1e-12);
        near(out.spatial, want.spatial, 1e-12);
        near(out.theil, want.theil, 1e-12);
        for (size_t k = 0; k < GROUPS * GROUPS; k++) {
            near(got.between[k] / want.between[k], 1, 1e-12);
            near(got.meets[k], want.meets[k], 1e-12);
        }
        for (size_t i = 0; i < AREAS; i++) {
            for (size_t g = 0; g < GROUPS; g++) {
                if (i % 17) {
                    near(got.local[i * GROUPS + g], want.local[i * GROUPS + g], 1e-12);
                } else {
                    assert_true(isnan(got.local[i * GROUPS + g]));
                }
            }
        }
        for (size_t g = 0; g < GROUPS; g++) { /* isolation and interactions are everything */
            const double *row = got.meets + g * GROUPS;
            near(row[0] + row[1] + row[2], 1, 1e-13);
        }
    }
}

static void test_same_bits(void **state)
{
    (void)state;
    make_town(8);
    wijk_proximity first, out;
    static double between[2][GROUPS * GROUPS];
    for (unsigned threads = 1; threads < 8; threads++) {
        wijk_ctx ctx = {.threads = threads};
        wijk_proximity_input in = town(1500, 1);
        wijk_proximity_parts parts = {between[threads > 1], NULL, NULL};
        assert_int_equal(wijk_proximity_all(threads > 1 ? &out : &first, &parts, &in, &ctx), 0);
        if (threads > 1) {
            assert_memory_equal(&out, &first, sizeof out);
            assert_memory_equal(between[0], between[1], sizeof between[0]);
        }
    }
    decay_add_fn forms[3];
    size_t n = decay_forms(forms), compared = 0;
    for (size_t f = 1; f < n; f++) {
        static double met[2][GROUPS * DECAY_BLOCK];
        double self[AREAS] = {0};
        decay_field field = {x, y, counts, self, AREAS, GROUPS, 700};
        memset(met, 0, sizeof met);
        for (size_t first_source = 0; first_source < 640; first_source += DECAY_BLOCK) {
            forms[0](met[0], &field, 128, first_source, DECAY_BLOCK);
            forms[f](met[1], &field, 128, first_source, DECAY_BLOCK);
        }
        assert_true(met[0][0] > 0);
        assert_memory_equal(met[0], met[1], sizeof met[0]);
        compared++;
    }
    print_message("%zu wide forms of the inner loop compared with the plain one\n", compared);
}

/* Two places, two groups, everything by hand. */
static void test_two_places(void **state)
{
    (void)state;
    double last_between = 2, last_spatial = 0;
    for (double d = 0; d < 80000; d = d * 2 + 100) {
        const double two[] = {60, 0, 0, 40}, east[] = {0, d}, north[] = {0, 0};
        wijk_proximity_input in = {two, east, north, NULL, 2, 2, 1000};
        double between[4], meets[4], c = d < 64000 ? exp(-d / 1000) : 0;
        wijk_proximity_parts parts = {between, meets, NULL};
        wijk_proximity out;
        assert_int_equal(wijk_proximity_all(&out, &parts, &in, NULL), 0);
        near(between[0], 1, 1e-15);
        near(between[1], c, 3e-14);
        near(meets[0], 60 / (60 + 40 * c), 1e-13);
        near(meets[0] + meets[1], 1, 1e-13);
        near(out.mean, (3600 + 1600 + 4800 * c) / 10000, 1e-13);
        near(out.spatial, 1 / out.mean, 1e-13);
        /* Proximity falls with distance, and clustering of each group rises. */
        assert_true(between[1] < last_between || between[1] == 0);
        assert_true(out.spatial >= last_spatial);
        last_between = between[1];
        last_spatial = out.spatial;
    }
}

static void test_own_distance(void **state)
{
    (void)state;
    const double one[] = {30, 70}, at[] = {0}, wide[] = {25e6};
    wijk_proximity_input in = {one, at, at, wide, 1, 2, 3000};
    wijk_proximity out;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), 0);
    near(out.mean, exp(-1), 1e-15); /* 0.6 * 5 km = 3 km */
    near(out.spatial, 1, 1e-14);    /* everybody in one place: no group is closer together */
    in.surface = NULL;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), 0);
    near(out.mean, 1, 1e-15);
}

/* Half the people, the same mix everywhere: SP is 1 whatever the map. Moving nobody changes nothing
 * either: the same areas in another order are the same bits of truth, to rounding. */
static void test_even_mix(void **state)
{
    (void)state;
    make_town(12);
    for (size_t i = 0; i < AREAS; i++) {
        counts[i * GROUPS + 1] = counts[i * GROUPS] / 2;
        counts[i * GROUPS + 2] = counts[i * GROUPS] / 4;
    }
    wijk_proximity_input in = town(900, 1);
    wijk_proximity out;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), 0);
    near(out.spatial, 1, 1e-12);
    near(out.theil, 0, 1e-12);
    near(out.dissimilarity, 0, 1e-12);
}

static void test_limits(void **state)
{
    (void)state;
    make_town(13);
    x[1] += 40;
    wijk_proximity_input in = town(0.001, 0);
    wijk_proximity out;
    wijk_segregation plain;
    assert_int_equal(wijk_segregation_all(&plain, counts, AREAS, GROUPS), 0);
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), 0);
    near(out.theil, plain.theil, 1e-12); /* everybody meets the own area only */
    near(out.dissimilarity, plain.dissimilarity, 1e-12);
    in.decay = 1e12;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), 0);
    near(out.theil, 0, 1e-9); /* everybody meets everybody */
    near(out.mean, 1, 1e-6);
    near(out.spatial, 1, 1e-6);
}

static void test_degenerate(void **state)
{
    (void)state;
    make_town(14);
    wijk_proximity out;
    double between[4], meets[4], local[4];
    wijk_proximity_parts parts = {between, meets, local};
    const double nobody[] = {0, 0, 0, 0}, alone[] = {5, 0, 7, 0}, at[] = {0, 10};
    wijk_proximity_input in = {nobody, at, at, NULL, 2, 2, 1000};
    assert_int_equal(wijk_proximity_all(&out, &parts, &in, NULL), 0);
    assert_true(isnan(out.mean) && isnan(out.spatial) && isnan(between[0]) && isnan(local[3]));
    in.counts = alone;
    assert_int_equal(wijk_proximity_all(&out, &parts, &in, NULL), 0);
    assert_true(isnan(out.spatial) && isnan(out.theil) && isnan(meets[2]));
    near(meets[0], 1, 1e-15);
    in.areas = 0;
    assert_int_equal(wijk_proximity_all(&out, &parts, &in, NULL), 0);
    assert_true(isnan(out.mean) && out.areas == 0);

    in = town(1000, 1);
    in.decay = 0;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), WIJK_EINVAL);
    in = town(1000, 1);
    surface[3] = NAN;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Row 4"));
    surface[3] = 1;
    y[9] = INFINITY;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Row 10"));
    y[9] = 0;
    counts[20] = -1;
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, NULL), WIJK_EINVAL);
    counts[20] = 1;
    wijk_ctx ctx = {.cancel = 1};
    assert_int_equal(wijk_proximity_all(&out, NULL, &in, &ctx), WIJK_ECANCEL);
}

static void test_no_memory(void **state)
{
    (void)state;
    make_town(15);
    static answers got;
    wijk_proximity_parts parts = {got.between, got.meets, got.local};
    wijk_proximity_input in = town(1000, 1);
    wijk_ctx ctx = {.threads = 1};
    wijk_proximity out;
    int rc = WIJK_ENOMEM, failures = 0;
    for (long nth = 1; rc && nth < 200; nth++) {
        wijk_alloc_fail_at(nth, 0);
        rc = wijk_proximity_all(&out, &parts, &in, &ctx);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
        failures += rc != 0;
    }
    assert_int_equal(rc, 0);
    assert_true(failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition), cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_two_places), cmocka_unit_test(test_own_distance),
        cmocka_unit_test(test_even_mix),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_degenerate), cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
