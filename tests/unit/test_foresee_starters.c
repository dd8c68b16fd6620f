/* A child that wants a home of its own lives with its parents until it has found one: nobody is
 * lost or counted as a household before, it ages while it looks, and some look at the start. */
#include "foresee_town.h"

#include "foresee/allot.h"

#include <math.h>

enum { AREAS = 12, HOMES = 800 };

static size_t looking(const wijk_foresee *run)
{
    size_t n = 0;
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        n += run->state.leaver[slot] != 0;
    }
    return n;
}

/* Where no home is to be had and nobody goes elsewhere every child looks and none leaves. */
static void test_who_finds_nothing_stays(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_OFFERED_MONTHS] = p.value[WIJK_P_POOL_LEAVE] = 0;
    p.value[WIJK_P_LEAVE_TO_PARTNER] = p.value[WIJK_P_STARTER_MONTHS] = 0;
    p.value[WIJK_P_LEAVE_HOME] = p.value[WIJK_P_LEAVE_HOME_LATE] = 0.4;
    wijk_population *town = town_of(1, AREAS, HOMES, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 24, 1);
    assert_int_equal(looking(run), 0);
    fine(wijk_foresee_to(run, 24, NULL));
    fine(wijk_foresee_check(run));
    size_t homes_with = 0;
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        homes_with +=
            children_of(run->state.kind[slot]) > 0 && run->state.age[slot] >= CHILD_LEAVES_FROM;
    }
    print_message("%zu look of %zu homes with children of parents of 45 and over\n", looking(run),
                  homes_with);
    assert_true(looking(run) > homes_with / 2);
    static const wijk_outcome same[] = {WIJK_OUT_PERSONS, WIJK_OUT_HOUSEHOLDS, WIJK_OUT_CHILDREN};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_int_equal(in_areas(run, town, 2, same[i]), in_areas(run, town, 0, same[i]));
    }
    for (size_t year = 1; year <= 2; year++) { /* of who came to wait with a family some may go */
        assert_int_equal(in_areas(run, town, year, WIJK_OUT_LEFT_HOME), 0);
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* With b the chance of a month to begin and T the usual months, b T / (1 + b T) look at the start,
 * for T months in the mean. */
static void test_who_looks_at_the_start(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    p.value[WIJK_P_STARTER_MONTHS] = 12;
    wijk_population *town = town_of(1, AREAS, HOMES, &p);
    const wijk_foresee_options o = {.seed = 7, .months = 12, .period = WIJK_PER_YEAR};
    const wijk_scenario nothing = {NULL, 0};
    wijk_foresee *run;
    fine(wijk_foresee_new(&run, town, &p, &nothing, &o));
    double expected = 0, variance = 0, months = 0;
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        unsigned age = run->state.age[slot], children = children_of(run->state.kind[slot]);
        if (children > 0 && age >= 45) {
            double year = p.value[age >= 55 ? WIJK_P_LEAVE_HOME_LATE : WIJK_P_LEAVE_HOME];
            double begin =
                (1 - pow(1 - year, 1.0 / 12)) * children * (1 - p.value[WIJK_P_LEAVE_TO_PARTNER]);
            double share = begin * 12 / (1 + begin * 12);
            expected += share;
            variance += share * (1 - share);
        }
        months += run->state.leaver[slot] > 0 ? run->state.leaver[slot] - 0.5 : 0;
    }
    double n = (double)looking(run);
    print_message("%.0f look at the start (%.0f expected), for %.1f months\n", n, expected,
                  months / n);
    assert_true(expected > 100);
    assert_true(fabs(n - expected) < 4 * sqrt(variance));
    assert_true(fabs(months / n - 12) < 4 * 12 / sqrt(n)); /* the spread is the mean */
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Who it is was settled when it began; it gets older as it looks, from 18 on. */
static void test_it_is_the_same_child_and_older(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(1, AREAS, HOMES, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 12, 1);
    const unsigned usual = (unsigned)p.value[WIJK_P_STARTER_MONTHS];
    unsigned at_usual = 0, n = 0, youngest = 99, oldest = 0;
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        if (children_of(run->state.kind[slot]) == 0 || run->state.age[slot] < CHILD_LEAVES_FROM) {
            continue;
        }
        foresee_here here;
        foresee_newcomer at_once, now, later;
        foresee_here_at(&here, run, foresee_place_of(run, slot));
        here.world.month = 100;
        run->state.leaver[slot] = 1;
        foresee_starter_of(&at_once, &here, slot);
        here.world.month += usual;
        run->state.leaver[slot] = (uint8_t)(1 + usual);
        foresee_starter_of(&now, &here, slot);
        here.world.month += 36;
        run->state.leaver[slot] = (uint8_t)(1 + usual + 36);
        foresee_starter_of(&later, &here, slot);
        assert_int_equal(now.id, at_once.id);
        assert_int_equal(later.id, now.id);
        assert_int_equal(later.status, now.status);
        assert_int_equal(later.age, now.age + 3);
        assert_true(at_once.age >= 18 && at_once.age <= now.age && at_once.age + 1 >= now.age);
        at_usual += now.age;
        n++;
        youngest = now.age < youngest ? now.age : youngest;
        oldest = now.age > oldest ? now.age : oldest;
    }
    print_message("%u to %u, mean %.2f\n", youngest, oldest, at_usual / (double)n);
    assert_int_equal(youngest, 18);
    assert_int_equal(oldest, 28);
    assert_true(fabs(at_usual / (double)n - 23) < 0.5); /* half have gone at 23 to 24 (CBS) */
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* It moves along with its parents, and goes on looking from there. */
static void test_it_moves_along(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 2, HOMES, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 12, 1);
    foresee_state *s = &run->state;
    size_t from = 0, to = 0;
    while (children_of(s->kind[from]) == 0) {
        from++;
    }
    while (s->kind[to] != WIJK_NOBODY || tenure_of(s->home[to]) == WIJK_NO_HOME) {
        to++;
    }
    s->leaver[from] = 9;
    foresee_here old, new;
    foresee_here_at(&old, run, foresee_place_of(run, from));
    foresee_here_at(&new, run, foresee_place_of(run, to));
    foresee_move_household(&old, from, &new, to);
    assert_int_equal(s->leaver[from], 0);
    assert_int_equal(s->leaver[to], 9);
    fine(wijk_foresee_check(run));
    s->leaver[from] = 1; /* nobody lives there any more */
    assert_int_not_equal(wijk_foresee_check(run), WIJK_OK);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_finds_nothing_stays),
        cmocka_unit_test(test_who_looks_at_the_start),
        cmocka_unit_test(test_it_is_the_same_child_and_older),
        cmocka_unit_test(test_it_moves_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
