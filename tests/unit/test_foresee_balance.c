/* A region's market in balance: as many homes are taken as are freed, by who comes, by who is from
 * here and by moves within, and a region stays the kind of place that it is. */
#include "foresee_town.h"

#include "foresee/run.h"

#include <math.h>

enum { AREAS = 12, HOMES = 800, YEARS = 6 };

static wijk_population *told_town(const wijk_parameters *p, double more)
{
    static const double moves[WIJK_AGE_BANDS] = {250, 110, 45, 20, 12, 12};
    wijk_population *town = town_of(1, AREAS, HOMES, p);
    for (int b = 0; b < WIJK_AGE_BANDS; b++) {
        town->regions[0].leave[b] = moves[b];
        town->regions[0].come[b] = more * moves[b];
    }
    return town;
}

/* However many would come: where nothing is built no more come to live here than homes are freed,
 * who is from here finds a home too, and moves within the region go on. */
static void test_as_many_come_as_there_is_room_for(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    double came[2], moved[2], housed[2];
    for (int twice = 0; twice < 2; twice++) {
        wijk_population *town = told_town(&p, twice ? 3 : 1.5);
        wijk_foresee *run = run_of(town, &p, NULL, 0, YEARS * 12, 1);
        fine(wijk_foresee_to(run, YEARS * 12, NULL));
        size_t end = wijk_foresee_periods(run) - 1;
        came[twice] = (double)everywhere(run, town, end, WIJK_OUT_FROM_OUTSIDE);
        moved[twice] = (double)in_areas(run, town, end, WIJK_OUT_MOVED_IN);
        housed[twice] = (double)in_areas(run, town, end, WIJK_OUT_HOUSEHOLDS);
        double before = (double)in_areas(run, town, 0, WIJK_OUT_HOUSEHOLDS);
        double left = (double)everywhere(run, town, end, WIJK_OUT_TO_OUTSIDE);
        print_message(
            "%.0f come and %.0f go a year, %.0f move within; %.0f households, %.0f then\n",
            came[twice], left, moved[twice], before, housed[twice]);
        assert_true(fabs(housed[twice] / before - 1) < 0.02);
        assert_true(moved[twice] > came[twice] / 3);
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
    assert_true(came[1] > came[0]);       /* who is from here gives way to more */
    assert_true(came[1] < 1.6 * came[0]); /* not to twice as many */
}

static void test_room(void **state)
{
    (void)state;
    foresee_region r = {.come = {6, 3, 0, 0, 0, 1}, .entered = 10, .freed = 10};
    assert_true(fabs(foresee_room_for(&r) - 0.5) < 1e-12);
    r.spare = 5;
    assert_true(fabs(foresee_room_for(&r) - 0.75) < 1e-12);
    r.freed = 40;
    assert_true(foresee_room_for(&r) == 1); /* no more come than are told */
    r.freed = -20;
    assert_true(foresee_room_for(&r) == 0);
}

typedef struct {
    double lives[WIJK_AGE_BANDS], leaves[WIJK_AGE_BANDS];
    double tenure[WIJK_TENURES], of_tenure[WIJK_TENURES];
    double kind[WIJK_COMPOSITIONS], of_kind[WIJK_COMPOSITIONS]; /* of 25 to 34 */
} leavers;

static leavers leavers_of(wijk_foresee *run)
{
    leavers out = {0};
    const foresee_state *s = &run->state;
    for (size_t i = 0; i < s->slots; i++) {
        if (s->kind[i] == WIJK_NOBODY) {
            continue;
        }
        foresee_here here;
        foresee_here_at(&here, run, foresee_place_of(run, i));
        double chance = foresee_leave_chance(&here, i) / 4294967296.0;
        unsigned band = age_band(s->age[i]), tenure = tenure_of(s->home[i]);
        out.lives[band]++;
        out.leaves[band] += chance;
        out.tenure[tenure]++;
        out.of_tenure[tenure] += chance;
        if (band == 1) {
            out.kind[composition_of(s->kind[i])]++;
            out.of_kind[composition_of(s->kind[i])] += chance;
        }
    }
    return out;
}

/* As many of each age leave as are told, whoever they are; who rents privately more often. */
static void test_leaving_is_shared_out(void **state)
{
    (void)state;
    double singles[2];
    for (int taste = 0; taste < 2; taste++) {
        wijk_parameters p = defaults();
        p.value[WIJK_P_AREA_TASTE] = taste;
        wijk_population *town = told_town(&p, 1);
        wijk_foresee *run = run_of(town, &p, NULL, 0, 12, 1);
        leavers of = leavers_of(run);
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            double told = town->regions[0].leave[b] / 1000 / (1 - p.value[WIJK_P_ABROAD]);
            told *= b == 0 ? 1 : p.value[WIJK_P_HOUSEHOLD_MOVES];
            double month = 1 - pow(1 - told, 1.0 / 12);
            assert_true(of.lives[b] > 0);
            assert_true(fabs(of.leaves[b] / of.lives[b] / month - 1) < 0.02);
        }
        double owner = of.of_tenure[WIJK_OWNER] / of.tenure[WIJK_OWNER];
        double social = of.of_tenure[WIJK_SOCIAL] / of.tenure[WIJK_SOCIAL];
        double rents = of.of_tenure[WIJK_PRIVATE] / of.tenure[WIJK_PRIVATE];
        assert_true(rents > 2 * owner && rents > 2 * social);
        singles[taste] = of.of_kind[WIJK_SINGLE] / of.kind[WIJK_SINGLE] * of.kind[WIJK_COUPLE] /
                         of.of_kind[WIJK_COUPLE];
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
    print_message("leaving of single persons against couples: %.2f without taste, %.2f with\n",
                  singles[0], singles[1]);
    assert_true(fabs(singles[1] - singles[0]) > 0.05); /* life makes couples of singles */
}

/* How far the kinds of households of 25 to 49 are from what they were, in points. */
static double drift(double strength)
{
    wijk_parameters p = defaults();
    p.value[WIJK_P_AREA_TASTE] = strength;
    wijk_population *town = told_town(&p, 1);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEARS * 12, 1);
    double share[2][WIJK_COMPOSITIONS] = {{0}}, all[2] = {0}, off = 0;
    for (int when = 0; when < 2; when++) {
        fine(wijk_foresee_to(run, when ? YEARS * 12 : 0, NULL));
        const foresee_state *s = &run->state;
        for (size_t i = 0; i < s->slots; i++) {
            if (s->kind[i] != WIJK_NOBODY && s->age[i] >= 25 && s->age[i] < 50) {
                share[when][composition_of(s->kind[i])]++;
                all[when]++;
            }
        }
    }
    for (int c = 0; c < WIJK_COMPOSITIONS; c++) {
        off += 50 * fabs(share[1][c] / all[1] - share[0][c] / all[0]);
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
    return off;
}

static void test_a_region_stays_the_place_it_is(void **state)
{
    (void)state;
    double without = drift(0), with = drift(1);
    print_message("of 25 to 49, %.1f points change kind without taste, %.1f with\n", without, with);
    assert_true(with < without);
}

/* On the market at the start is what falls vacant in so many months. */
static void test_as_many_are_on_offer_as_are_told(void **state)
{
    (void)state;
    double offered[2] = {0};
    for (int more = 0; more < 2; more++) {
        wijk_parameters p = defaults();
        p.value[WIJK_P_OFFERED_MONTHS] = more ? 0.6 : 0.3;
        wijk_population *town = told_town(&p, 1);
        wijk_foresee *run = run_of(town, &p, NULL, 0, 12, 1);
        const foresee_state *s = &run->state;
        double empty = 0;
        for (size_t i = 0; i < s->slots; i++) {
            int home = tenure_of(s->home[i]) != WIJK_NO_HOME && s->kind[i] == WIJK_NOBODY;
            empty += home;
            offered[more] += home && !(s->home[i] & HOME_IDLE);
        }
        assert_true(offered[more] < empty);
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
    print_message("%.0f and %.0f homes on offer\n", offered[0], offered[1]);
    assert_true(offered[0] > 0);
    assert_true(fabs(offered[1] / offered[0] - 2) < 0.6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_many_come_as_there_is_room_for),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_leaving_is_shared_out),
        cmocka_unit_test(test_a_region_stays_the_place_it_is),
        cmocka_unit_test(test_as_many_are_on_offer_as_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
