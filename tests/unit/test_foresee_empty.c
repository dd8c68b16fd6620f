/* Regions as there hardly are any: no home of one kind is empty at the start and everybody leaves,
 * and of some ages it is known who comes while of others it is not. Nobody may be lost, nothing may
 * be below nothing, and the run goes on to its end. */
#include "foresee_town.h"

#include "foresee/run.h"

#include <math.h>

enum { AREAS = 4, HOMES = 200, MONTHS = 120 };

/* Nobody arrives but who is told. */
static const wijk_change none[] = {{.lever = WIJK_LEVER_NEWCOMER_TASK, .value = 0},
                                   {.lever = WIJK_LEVER_OUTFLOW_MENTAL, .value = 0},
                                   {.lever = WIJK_LEVER_OUTFLOW_YOUTH, .value = 0},
                                   {.lever = WIJK_LEVER_OUTFLOW_SHELTER, .value = 0}};

/* A town of which one home in ten is empty, but none of tenure `full`. */
static wijk_population *full_of(wijk_tenure full, const double leave[WIJK_AGE_BANDS],
                                const double come[WIJK_AGE_BANDS], const wijk_parameters *p)
{
    wijk_foresee_area areas[AREAS] = {0};
    wijk_foresee_region region = {.code = "GM0001"};
    wijk_population *town;
    memcpy(region.leave, leave, sizeof region.leave);
    memcpy(region.come, come, sizeof region.come);
    for (uint32_t a = 0; a < AREAS; a++) {
        snprintf(areas[a].code, sizeof areas[a].code, "BU0001000%u", a);
        areas[a].homes = HOMES;
    }
    fine(wijk_population_new(&town, areas, AREAS, &region, 1));
    for (uint32_t a = 0; a < AREAS; a++) {
        for (unsigned i = 0; i < HOMES; i++) {
            static const uint8_t kinds[] = {WIJK_SINGLE, WIJK_COUPLE, WIJK_FAMILY, WIJK_ONE_PARENT};
            unsigned social = i % 3 + WIJK_OWNER == WIJK_SOCIAL, age = 20 + i * 37 % 70;
            wijk_home home = {.tenure = (uint8_t)(WIJK_OWNER + i % 3),
                              .size = 3,
                              .price = social ? 1 : 2,
                              .owner = (uint8_t)social};
            wijk_household who = {.composition = age < 65 ? kinds[i % 4] : WIJK_OLDER_COUPLE,
                                  .age = (uint8_t)age,
                                  .income = (uint8_t)(i % WIJK_INCOMES),
                                  .months = 24};
            who.children = who.composition == WIJK_FAMILY || who.composition == WIJK_ONE_PARENT;
            if (home.tenure != full && i / 3 % 10 == 0) {
                who = (wijk_household){0};
            }
            fine(wijk_population_add(town, a, &home, &who, 1));
        }
    }
    fine(wijk_population_finish(town, p, 1));
    return town;
}

/* Runs to the end, a month at a time; nothing is ever below nothing. */
static wijk_foresee *lived(const wijk_population *town, const wijk_parameters *p)
{
    wijk_foresee *run = run_of(town, p, none, sizeof none / sizeof *none, MONTHS, 2);
    const foresee_region *r = &run->regions[0];
    for (uint32_t month = 1; month <= MONTHS; month++) {
        fine(wijk_foresee_to(run, month, NULL));
        fine(wijk_foresee_check(run));
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            assert_true(isfinite(r->come[b]) && r->come[b] >= 0);
            assert_true(isfinite(r->owed[b]));
        }
        assert_true(isfinite(foresee_room_for(r)) && foresee_room_for(r) >= 0);
    }
    return run;
}

/* Everybody leaves, those in homes to buy somewhat later, and nobody comes: an empty town stays an
 * empty town. */
static void everybody_leaves(void **state)
{
    (void)state;
    static const double all[WIJK_AGE_BANDS] = {1e6, 1e6, 1e6, 1e6, 1e6, 1e6};
    static const double nobody[WIJK_AGE_BANDS] = {0};
    const wijk_parameters p = defaults();
    for (wijk_tenure full = WIJK_OWNER; full < WIJK_TENURES; full++) {
        wijk_population *town = full_of(full, all, nobody, &p);
        wijk_foresee *run = lived(town, &p);
        size_t last = wijk_foresee_periods(run) - 1;
        print_message("tenure %d full: %lld of %lld households left\n", (int)full,
                      (long long)in_areas(run, town, last, WIJK_OUT_HOUSEHOLDS),
                      (long long)in_areas(run, town, 0, WIJK_OUT_HOUSEHOLDS));
        assert_true(in_areas(run, town, 0, WIJK_OUT_HOUSEHOLDS) > AREAS * HOMES * 9 / 10);
        assert_int_equal(everywhere(run, town, last, WIJK_OUT_HOUSEHOLDS), 0);
        assert_int_equal(ever(run, town, WIJK_OUT_FROM_OUTSIDE), 0);
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
}

/* As many are told to leave, and of nobody it is told who comes: as many come of an age as go. */
static void whoever_leaves_is_replaced(void **state)
{
    (void)state;
    static const double all[WIJK_AGE_BANDS] = {1e6, 1e6, 1e6, 1e6, 1e6, 1e6};
    static const double unknown[WIJK_AGE_BANDS] = {-1, -1, -1, -1, -1, -1};
    const wijk_parameters p = defaults();
    wijk_population *town = full_of(WIJK_SOCIAL, all, unknown, &p);
    wijk_foresee *run = lived(town, &p);
    assert_true(ever(run, town, WIJK_OUT_FROM_OUTSIDE) > AREAS * HOMES);
    assert_true(ever(run, town, WIJK_OUT_TO_OUTSIDE) > AREAS * HOMES);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Told of every subset of the ages: what is told is what is asked, and of an age of which it is not
 * told never less than nobody comes, whether nobody, some or all are told to come or to go. */
static void told_of_some_ages_only(void **state)
{
    (void)state;
    static const double rates[] = {0, 60, 1e6};
    enum { RATES = sizeof rates / sizeof *rates, WAYS = RATES * RATES * RATES };
    const wijk_parameters p = defaults();
    for (unsigned i = 0; i < (1u << WIJK_AGE_BANDS) * WAYS; i++) {
        double leave[WIJK_AGE_BANDS], come[WIJK_AGE_BANDS];
        unsigned told = i / WAYS;
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            int known = told >> b & 1;
            leave[b] = rates[known ? i % RATES : i / RATES % RATES];
            come[b] = known ? rates[i / RATES / RATES % RATES] : -1;
        }
        wijk_population *town = full_of(WIJK_SOCIAL, leave, come, &p);
        wijk_foresee *run = run_of(town, &p, none, sizeof none / sizeof *none, 2, 1);
        const foresee_region *r = &run->regions[0];
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            int known = told >> b & 1;
            if (!(isfinite(r->come[b]) && r->come[b] >= 0 && (!known || !r->come[b] == !come[b]))) {
                fail_msg("told of %x, leave %g, come %g: %g of age %d", told, leave[b], come[b],
                         r->come[b], b);
            }
        }
        fine(wijk_foresee_to(run, 2, NULL));
        fine(wijk_foresee_check(run));
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_leaves),
        cmocka_unit_test(whoever_leaves_is_replaced),
        cmocka_unit_test(told_of_some_ages_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
