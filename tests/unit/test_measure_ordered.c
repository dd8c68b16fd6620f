/* Ordered groups against independent forms: H at each cut by the two-group index, the rank-order
 * index by summing thousands of thin slices, the integrals of Reardon's polynomial by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/ordered.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"

enum { AREAS = 60, BANDS = 7 };

static double counts[AREAS * BANDS];

static double uniform(uint32_t seed, uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){seed, 2, place, 0, nth});
}

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

static void make(uint32_t seed)
{
    for (uint32_t i = 0; i < AREAS; i++) {
        double rich = uniform(seed, i, 0);
        for (uint32_t b = 0; b < BANDS; b++) {
            double far = rich * (BANDS - 1) - b;
            double n = floor(300 * exp(-far * far / 4) * uniform(seed, i, 1 + b));
            counts[i * BANDS + b] = i % 11 && n > 4 ? n : 0;
        }
    }
}

/* H between everybody below a cut and everybody above, by the index of two groups. */
static double binary_theil(const double *table, size_t bands, size_t cut_after, double *share)
{
    double two[AREAS * 2] = {0}, below = 0, total = 0;
    for (size_t i = 0; i < AREAS; i++) {
        for (size_t b = 0; b < bands; b++) {
            two[i * 2 + (b > cut_after)] += table[i * bands + b];
            below += b <= cut_after ? table[i * bands + b] : 0;
            total += table[i * bands + b];
        }
    }
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, two, AREAS, 2), 0);
    *share = below / total;
    return all.theil;
}

static double e2(double c)
{
    return (c > 0 ? -c * log2(c) : 0) + (c < 1 ? -(1 - c) * log2(1 - c) : 0);
}

static void test_cuts(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 8; seed++) {
        make(seed);
        wijk_ordered out;
        wijk_ordered_cut cuts[BANDS - 1];
        assert_int_equal(wijk_ordered_all(&out, cuts, counts, AREAS, BANDS), 0);
        double weighted = 0, weights = 0;
        for (size_t k = 0; k + 1 < BANDS; k++) {
            double share, theil = binary_theil(counts, BANDS, k, &share);
            near(cuts[k].theil, theil, 1e-12);
            near(cuts[k].share, share, 1e-14);
            weighted += e2(share) * theil;
            weights += e2(share);
        }
        /* The ordinal index is the mean of H over cuts, weighted by their entropy (Reardon 2009).
         */
        near(out.information, weighted / weights, 1e-12);
        assert_true(out.variation > 0 && out.variation < 1 && out.root > 0 && out.root < 1);
    }
}

/* Even spread within bands, done the dull way: each band cut into many equal slices, H of each cut.
 */
static void test_spread_by_slices(void **state)
{
    (void)state;
    enum { SLICES = 400 };
    make(21);
    wijk_ordered out;
    assert_int_equal(wijk_ordered_all(&out, NULL, counts, AREAS, BANDS), 0);
    double total = 0, column[BANDS] = {0}, row[AREAS] = {0}, sum = 0, at = 0;
    for (size_t k = 0; k < AREAS * BANDS; k++) {
        total += counts[k];
        column[k % BANDS] += counts[k];
        row[k / BANDS] += counts[k];
    }
    double below[AREAS] = {0};
    for (size_t b = 0; b < BANDS; b++) {
        for (int s = 0; s < SLICES; s++) {
            double p = at + (s + 0.5) / SLICES * column[b] / total, inside = 0;
            for (size_t i = 0; i < AREAS; i++) {
                double c = below[i] + (s + 0.5) / SLICES * counts[i * BANDS + b];
                inside += row[i] > 0 ? row[i] / total * e2(c / row[i]) : 0;
            }
            sum += 2 * log(2) * (e2(p) - inside) * column[b] / total / SLICES;
        }
        for (size_t i = 0; i < AREAS; i++) {
            below[i] += counts[i * BANDS + b];
        }
        at += column[b] / total;
    }
    near(out.spread, sum, 2e-6);
    assert_true(fabs(out.fitted - out.spread) < 0.05);
}

/* Where H(p) is a polynomial, the fit must give its integral. Two areas, poor and rich, that share
 * people evenly at every rank have H = 0 at each cut; wholly sorted areas have H = 1 - ... known.
 */
static void test_known(void **state)
{
    (void)state;
    double even[AREAS * BANDS], apart[BANDS * BANDS] = {0};
    for (size_t k = 0; k < AREAS * BANDS; k++) {
        even[k] = (double)((k / BANDS + 1) * (k % BANDS + 2));
    }
    wijk_ordered out;
    assert_int_equal(wijk_ordered_all(&out, NULL, even, AREAS, BANDS), 0);
    near(out.information, 0, 1e-12);
    near(out.variation, 0, 1e-12);
    near(out.root, 0, 1e-12);
    near(out.fitted, 0, 1e-12);
    near(out.spread, 0, 1e-12);
    /* Each band in an area of its own: H is 1 at every cut, so the fitted integral is 1. */
    for (size_t b = 0; b < BANDS; b++) {
        apart[b * BANDS + b] = 40 + 13 * (double)b;
    }
    assert_int_equal(wijk_ordered_all(&out, NULL, apart, BANDS, BANDS), 0);
    near(out.information, 1, 1e-12);
    near(out.variation, 1, 1e-12);
    near(out.root, 1, 1e-12);
    near(out.fitted, 1, 1e-10);
    /* Between cuts people of a band mix evenly, so the exact integral is below 1: one band out of
     * B equal ones leaves 1/B of the ranks unsorted, and each area's E averages 1/2. */
    double equal[10 * 10] = {0};
    for (size_t b = 0; b < 10; b++) {
        equal[b * 10 + b] = 50;
    }
    assert_int_equal(wijk_ordered_all(&out, NULL, equal, 10, 10), 0);
    near(out.spread, 1 - 0.1, 1e-12);
    near(out.fitted, 1, 1e-10);
    assert_int_equal(out.degree, 4);
}

/* A town whose true H(p) is known: area j holds ranks spread over a window. Bands drawn finer and
 * finer must come to the same rank-order index. */
static void test_bands_do_not_matter(void **state)
{
    (void)state;
    double last = 0;
    for (size_t bands = 5; bands <= 160; bands *= 2) {
        static double table[20 * 160];
        for (size_t i = 0; i < 20; i++) {
            for (size_t b = 0; b < bands; b++) {
                double p = ((double)b + 0.5) / (double)bands, lean = (double)i / 19 - 0.5;
                table[i * bands + b] = 1 + 1.6 * lean * (p - 0.5) * 2;
            }
        }
        wijk_ordered out;
        assert_int_equal(wijk_ordered_all(&out, NULL, table, 20, bands), 0);
        near(out.fitted, out.spread, 0.12 / (double)(bands * bands) + 1e-4);
        if (bands > 5) {
            near(out.spread, last, 0.3 / (double)(bands * bands));
        }
        last = out.spread;
    }
}

/* The two values are no bounds. One table of three bands, and two towns that have it: their people
 * are spread evenly within four finer bands, so there the exact integral is the truth. */
static void test_truth_may_lie_outside(void **state)
{
    (void)state;
    const double coarse[] = {20, 50, 30, 40, 50, 10};
    const double mixed[] = {20, 30, 20, 30, 40, 10, 40, 10}; /* the middle band evens out */
    const double apart[] = {20, 0, 50, 30, 40, 50, 0, 10};   /* the middle band sorts */
    wijk_ordered known, low, high;
    assert_int_equal(wijk_ordered_all(&known, NULL, coarse, 2, 3), 0);
    assert_int_equal(wijk_ordered_all(&low, NULL, mixed, 2, 4), 0);
    assert_int_equal(wijk_ordered_all(&high, NULL, apart, 2, 4), 0);
    assert_true(low.spread < 0.7 * known.spread && low.spread < 0.7 * known.fitted);
    assert_true(high.spread > 2 * known.spread && high.spread > 2 * known.fitted);
    near(known.spread, 0.0350, 5e-5); /* as the manual tells it */
    near(known.fitted, 0.0496, 5e-5);
    near(low.spread, 0.0206, 5e-5);
    near(high.spread, 0.1398, 5e-5);
}

static void test_invariances(void **state)
{
    (void)state;
    make(33);
    wijk_ordered a, b;
    assert_int_equal(wijk_ordered_all(&a, NULL, counts, AREAS, BANDS), 0);
    static double other[AREAS * (BANDS + 2)];
    memset(other, 0, sizeof other);
    for (size_t i = 0; i < AREAS; i++) { /* ten times the people, turned round, with empty bands */
        for (size_t k = 0; k < BANDS; k++) {
            other[i * (BANDS + 2) + (BANDS - 1 - k) + (k < 3)] = 10 * counts[i * BANDS + k];
        }
    }
    assert_int_equal(wijk_ordered_all(&b, NULL, other, AREAS, BANDS + 2), 0);
    assert_int_equal(b.bands, BANDS);
    near(a.information, b.information, 1e-12);
    near(a.variation, b.variation, 1e-12);
    near(a.root, b.root, 1e-12);
    near(a.spread, b.spread, 1e-12);
    near(a.fitted, b.fitted, 1e-10);
    /* Two bands: every ordinal form is the index of two groups. */
    double two[] = {30, 10, 5, 25, 12, 12};
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, two, 3, 2), 0);
    assert_int_equal(wijk_ordered_all(&a, NULL, two, 3, 2), 0);
    near(a.information, all.theil, 1e-14);
    near(a.variation, all.relative, 1e-14);
    near(a.fitted, all.theil, 1e-12);
    assert_int_equal(a.degree, 0);
}

/* Swapping a poor person in a rich area for a rich one in a poor area sorts people more: all rise.
 */
static void test_exchange(void **state)
{
    (void)state;
    double before[] = {40, 30, 20, 20, 30, 40}, after[] = {41, 30, 19, 19, 30, 41};
    wijk_ordered a, b;
    assert_int_equal(wijk_ordered_all(&a, NULL, before, 2, 3), 0);
    assert_int_equal(wijk_ordered_all(&b, NULL, after, 2, 3), 0);
    assert_true(b.information > a.information && b.variation > a.variation && b.root > a.root);
    assert_true(b.fitted > a.fitted && b.spread > a.spread);
}

static void test_degenerate(void **state)
{
    (void)state;
    wijk_ordered out;
    wijk_ordered_cut cuts[3];
    double one_band[] = {0, 5, 0, 0, 7, 0}, none[] = {0, 0, 0}, gap[] = {5, 0, 3, 1, 0, 9};
    assert_int_equal(wijk_ordered_all(&out, cuts, one_band, 2, 3), 0);
    assert_true(isnan(out.information) && isnan(out.spread) && out.bands == 1);
    assert_true(isnan(cuts[0].theil) && isnan(cuts[1].share));
    assert_int_equal(wijk_ordered_all(&out, cuts, none, 1, 3), 0);
    assert_true(isnan(out.fitted) && out.areas == 0);
    assert_int_equal(wijk_ordered_all(&out, NULL, NULL, 0, 3), 0);
    assert_true(isnan(out.root));
    assert_int_equal(wijk_ordered_all(&out, cuts, gap, 2, 3), 0);
    assert_true(isfinite(cuts[0].theil) && isnan(cuts[1].theil) && isfinite(out.fitted));
    double bad[] = {1, -2}, nan_[] = {1, NAN};
    assert_int_equal(wijk_ordered_all(&out, NULL, bad, 1, 2), WIJK_EINVAL);
    assert_int_equal(wijk_ordered_all(&out, NULL, nan_, 1, 2), WIJK_EINVAL);
    assert_int_equal(wijk_ordered_all(&out, NULL, none, 0, 300), WIJK_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),        cmocka_unit_test(test_spread_by_slices),
        cmocka_unit_test(test_known),       cmocka_unit_test(test_bands_do_not_matter),
        cmocka_unit_test(test_invariances), cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_degenerate),  cmocka_unit_test(test_truth_may_lie_outside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
