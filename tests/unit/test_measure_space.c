/* What spatial indices see and others do not: the eight landscapes of the literature; steps over
 * borders against distances on a grid; what smoothing can and cannot do; the split by scale. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/mem.h"
#include "wijk/nearest.h"
#include "wijk/proximity.h"
#include "wijk/rng.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"
#include "wijk/table.h"

enum { SIDE = 10, CELLS = SIDE * SIDE };

static double uniform(uint32_t seed, uint32_t place)
{
    return wijk_rng_uniform((wijk_draw){seed, 5, place, 0, 0});
}

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

/* One table of the file of landscapes, or NULL and a visible word. */
static wijk_table *landscapes(void)
{
    const char *root = getenv("WIJK_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/segregation_benchmarks/oasis_segdata_grid.csv",
             root ? root : "../shared/data/raw");
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("[  SKIPPED ] %s is absent\n", path);
        return NULL;
    }
    char *bytes = wijk_alloc(1u << 20);
    size_t size = fread(bytes, 1, 1u << 20, file);
    fclose(file);
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, bytes, size, "landscapes"), 0);
    wijk_free(bytes);
    return table;
}

typedef struct {
    wijk_segregation plain;
    wijk_proximity close;
    double isolation;     /* of the first group, with distance decay */
    wijk_scale within;    /* two cells */
    wijk_nearest nearest; /* the thousand nearest */
} view;

static void look(view *out, const double *counts)
{
    double x[CELLS], y[CELLS], meets[4];
    for (size_t i = 0; i < CELLS; i++) {
        x[i] = (double)(i % SIDE);
        y[i] = (double)(i / SIDE);
    }
    const double radius = 2.5, people = 1000;
    const wijk_proximity_input close = {counts, x, y, NULL, CELLS, 2, 1};
    const wijk_proximity_parts parts = {NULL, meets, NULL};
    const wijk_nearest_input near_by = {counts, x, y, CELLS, 2};
    assert_int_equal(wijk_segregation_all(&out->plain, counts, CELLS, 2), 0);
    assert_int_equal(wijk_proximity_all(&out->close, &parts, &close, NULL), 0);
    assert_int_equal(wijk_segregation_scale(&out->within, &radius, 1, WIJK_KERNEL_BIWEIGHT, counts,
                                            x, y, CELLS, 2, NULL),
                     0);
    assert_int_equal(wijk_nearest_all(&out->nearest, NULL, NULL, &people, 1, &near_by, NULL), 0);
    out->isolation = meets[0];
}

static void more_apart(const view *a, const view *b)
{
    assert_true(a->close.spatial > b->close.spatial + 1e-6);
    assert_true(a->isolation > b->isolation + 1e-6);
    assert_true(a->within.theil > b->within.theil + 1e-6);
    assert_true(a->within.dissimilarity > b->within.dissimilarity + 1e-6);
    assert_true(a->nearest.theil > b->nearest.theil + 1e-6);
}

static void alike_without_map(const view *a, const view *b)
{
    near(a->plain.dissimilarity, b->plain.dissimilarity, 1e-12);
    near(a->plain.theil, b->plain.theil, 1e-12);
    near(a->plain.gini, b->plain.gini, 1e-12);
    near(a->plain.relative, b->plain.relative, 1e-12);
}

/* A: one block of the minority; B: four blocks; C: as far apart as can be. D and E: the same with
 * mixed edges. F: a block in the corner; G: the same block in the middle; H: as many cells in a
 * bent line. Within {A, B, C} and {F, G, H} no index of a table sees any difference, between D and
 * E hardly (E has one mixed cell more). */
static void test_landscapes(void **state)
{
    (void)state;
    wijk_table *table = landscapes();
    if (!table) {
        skip();
    }
    view views[8];
    for (int which = 0; which < 8; which++) {
        double counts[CELLS * 2];
        for (size_t i = 0; i < CELLS * 2; i++) {
            char name[3] = {(char)('A' + which), (char)('1' + i % 2), '\0'};
            counts[i] = wijk_table_number(table, i / 2, name, NAN);
        }
        look(&views[which], counts);
        print_message(
            "%c  D %.3f  H %.3f | SP %.3f  isolation %.3f  H~ %.3f  D~ %.3f  H1000 %.3f\n",
            'A' + which, views[which].plain.dissimilarity, views[which].plain.theil,
            views[which].close.spatial, views[which].isolation, views[which].within.theil,
            views[which].within.dissimilarity, views[which].nearest.theil);
    }
    wijk_table_free(table);
    near(views[0].plain.dissimilarity, 1, 1e-12);
    alike_without_map(&views[0], &views[1]);
    alike_without_map(&views[0], &views[2]);
    near(views[3].plain.dissimilarity, views[4].plain.dissimilarity, 0.01);
    near(views[3].plain.theil, views[4].plain.theil, 0.01);
    alike_without_map(&views[5], &views[6]);
    alike_without_map(&views[5], &views[7]);
    more_apart(&views[0], &views[1]);
    more_apart(&views[1], &views[2]);
    more_apart(&views[3], &views[4]);
    more_apart(&views[5], &views[7]); /* a block against a line */
    more_apart(&views[6], &views[7]);
}

/* Neighbours on a grid of `side`; on a torus the edges meet. */
static size_t link_grid(size_t *start, size_t *link, size_t side, int torus)
{
    size_t n = 0;
    for (size_t i = 0; i < side * side; i++) {
        size_t column = i % side, row = i / side;
        start[i] = n;
        const int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        for (int s = 0; s < 4; s++) {
            size_t c = column + side + (size_t)steps[s][0], r = row + side + (size_t)steps[s][1];
            if (torus || (c >= side && c < 2 * side && r >= side && r < 2 * side)) {
                link[n++] = r % side * side + c % side;
            }
        }
    }
    start[side * side] = n;
    return n;
}

/* One step over borders of square cells is a distance of 1; two steps are at most 2. */
static void test_steps_are_distances(void **state)
{
    (void)state;
    double counts[CELLS * 3], x[CELLS], y[CELLS];
    size_t start[CELLS + 1], link[CELLS * 4];
    link_grid(start, link, SIDE, 0);
    for (uint32_t i = 0; i < CELLS; i++) {
        x[i] = i % SIDE;
        y[i] = i / SIDE;
        for (uint32_t g = 0; g < 3; g++) {
            counts[i * 3 + g] = i % 7 ? floor(50 * uniform(3, i * 3 + g) * (g ? 1 : x[i])) : 0;
        }
    }
    const double radii[] = {0.5, 1.2, 2.1};
    wijk_scale far[3], steps[3];
    assert_int_equal(
        wijk_segregation_scale(far, radii, 3, WIJK_KERNEL_FLAT, counts, x, y, CELLS, 3, NULL), 0);
    assert_int_equal(wijk_segregation_steps(steps, 2, counts, CELLS, 3, start, link, NULL), 0);
    for (size_t k = 0; k < 3; k++) {
        near(steps[k].radius, (double)k, 0);
        near(steps[k].theil, far[k].theil, 1e-12);
        near(steps[k].dissimilarity, far[k].dissimilarity, 1e-12);
        near(steps[k].relative, far[k].relative, 1e-12);
        near(steps[k].neighbours, far[k].neighbours, 1e-12);
        near(steps[k].people, far[k].people, 1e-9);
    }
    link[5] = CELLS;
    assert_int_equal(wijk_segregation_steps(steps, 2, counts, CELLS, 3, start, link, NULL),
                     WIJK_EINVAL);
    assert_int_equal(wijk_segregation_steps(steps, 65, counts, CELLS, 3, start, link, NULL),
                     WIJK_ELIMIT);
    size_t none[CELLS + 1] = {0}; /* islands only: what is met is one's own */
    assert_int_equal(wijk_segregation_steps(steps, 2, counts, CELLS, 3, none, NULL, NULL), 0);
    near(steps[2].theil, far[0].theil, 1e-12);
    near(steps[2].neighbours, 1, 1e-12);
}

/* Where places are alike, as many people and as many neighbours each, smoothing is an average of
 * mixes and by Jensen's inequality no index of unevenness can rise. */
static void test_smoothing_never_raises(void **state)
{
    (void)state;
    size_t start[CELLS + 1], link[CELLS * 4];
    link_grid(start, link, SIDE, 1);
    for (uint32_t seed = 0; seed < 60; seed++) {
        double counts[CELLS * 2];
        for (uint32_t i = 0; i < CELLS; i++) {
            double lean = uniform(seed, i), clumped = seed % 3 ? lean * lean * lean : lean > 0.5;
            counts[i * 2] = floor(100 * clumped);
            counts[i * 2 + 1] = 100 - counts[i * 2];
        }
        wijk_segregation plain;
        wijk_scale steps[5];
        assert_int_equal(wijk_segregation_all(&plain, counts, CELLS, 2), 0);
        assert_int_equal(wijk_segregation_steps(steps, 4, counts, CELLS, 2, start, link, NULL), 0);
        near(steps[0].theil, plain.theil, 1e-12);
        for (size_t k = 1; k < 5; k++) {
            assert_true(steps[k].theil <= plain.theil + 1e-12);
            assert_true(steps[k].dissimilarity <= plain.dissimilarity + 1e-12);
            assert_true(steps[k].relative <= plain.relative + 1e-12);
            assert_true(steps[k].theil >= -1e-12);
        }
    }
}

/* Where places are not alike it can, because people at the edges meet the middle more than the
 * middle meets them: Reardon & O'Sullivan's H compares with the mix of the whole, not of what is
 * met. So "never rises" holds on even ground only, and here is where it does not. */
static void test_smoothing_may_raise(void **state)
{
    (void)state;
    /* A centre with a fifth of group one, five edges around it with a quarter. */
    double counts[12] = {20, 80, 25, 75, 25, 75, 25, 75, 25, 75, 25, 75}, x[6] = {0}, y[6] = {0};
    for (size_t i = 1; i < 6; i++) {
        x[i] = 10 * cos(6.283185307179586 * (double)i / 5);
        y[i] = 10 * sin(6.283185307179586 * (double)i / 5);
    }
    const double radii[] = {1, 11}; /* edges are 11.8 apart: they see the centre, not each other */
    wijk_scale out[2];
    assert_int_equal(
        wijk_segregation_scale(out, radii, 2, WIJK_KERNEL_FLAT, counts, x, y, 6, 2, NULL), 0);
    near(out[1].neighbours, (5 * 2 + 6) / 6.0, 1e-12);
    assert_true(out[1].theil > out[0].theil + 1e-4);
}

static void test_split(void **state)
{
    (void)state;
    double counts[CELLS * 2], x[CELLS], y[CELLS], parts[5], sum = 0;
    for (uint32_t i = 0; i < CELLS; i++) {
        x[i] = 100 * (i % SIDE);
        y[i] = 100.0 * (i / SIDE);
        counts[i * 2] = floor(40 + 30 * (x[i] / 900) + 25 * uniform(9, i));
        counts[i * 2 + 1] = 100 - counts[i * 2];
    }
    const double radii[] = {150, 300, 600, 900};
    wijk_scale profile[4];
    wijk_segregation plain;
    assert_int_equal(wijk_segregation_all(&plain, counts, CELLS, 2), 0);
    assert_int_equal(wijk_segregation_scale(profile, radii, 4, WIJK_KERNEL_BIWEIGHT, counts, x, y,
                                            CELLS, 2, NULL),
                     0);
    wijk_scale_split(parts, plain.theil, profile, 4);
    for (size_t k = 0; k < 5; k++) {
        sum += parts[k];
        assert_true(parts[k] > 0); /* salt at every cell, a gradient over the whole */
    }
    near(sum, plain.theil, 1e-15);
    near(parts[4], profile[3].theil, 0);
    wijk_scale_split(parts, plain.theil, NULL, 0);
    near(parts[0], plain.theil, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_landscapes), cmocka_unit_test(test_steps_are_distances),
        cmocka_unit_test(test_smoothing_never_raises), cmocka_unit_test(test_smoothing_may_raise),
        cmocka_unit_test(test_split)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
