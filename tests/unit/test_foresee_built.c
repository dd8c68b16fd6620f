/* Who builds, lets and sells what: every home that is added has one builder, every new home one
 * first occupant, and a month that it waits for that is no month between two tenants. Held against
 * the slots of the run itself, looked at from outside month by month. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "foresee/state.h"
#include "wijk/lever.h"

enum { MONTHS = 30, AREAS = 6, HOMES = 300 };

static wijk_population *town;
static wijk_parameters given;

static int set_up(void **state)
{
    (void)state;
    given = defaults();
    town = town_of(1, AREAS, HOMES, &given);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wijk_population_free(town);
    return 0;
}

static wijk_foresee *monthly(const wijk_change *changes, size_t n)
{
    const wijk_scenario scenario = {changes, n};
    const wijk_foresee_options options = {
        .seed = 7, .replicate = 3, .months = MONTHS, .period = WIJK_PER_MONTH, .threads = 1};
    wijk_foresee *run;
    fine(wijk_foresee_new(&run, town, &given, &scenario, &options));
    fine(wijk_foresee_to(run, 0, NULL));
    return run;
}

/* By tenure: what there is more of than at the start was built, less what was demolished. */
static void every_home_has_one_builder(void **state)
{
    (void)state;
    enum { SOCIAL = 30, OWNER = 20, PRIVATE = 10, AGAIN = 40 };
    const wijk_change changes[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_SOCIAL, SOCIAL},
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_OWNER, OWNER},
        {4, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_PRIVATE, PRIVATE},
        {5, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE_SOCIAL, 50},
        {5, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE, AGAIN},
    };
    wijk_foresee *run = monthly(changes, 5);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    int64_t social = ever(run, town, WIJK_OUT_BUILT_SOCIAL);
    int64_t sale = ever(run, town, WIJK_OUT_BUILT_SALE);
    int64_t other = ever(run, town, WIJK_OUT_BUILT_OTHER);
    assert_int_equal(ever(run, town, WIJK_OUT_BUILT), SOCIAL + OWNER + PRIVATE + AGAIN);
    assert_int_equal(social + sale + other, SOCIAL + OWNER + PRIVATE + AGAIN);
    assert_int_equal(other, OWNER + PRIVATE);
    assert_true(sale > 0 && sale < AGAIN);
    assert_int_equal(in_areas(run, town, MONTHS, WIJK_OUT_HOMES_SOCIAL) -
                         in_areas(run, town, 0, WIJK_OUT_HOMES_SOCIAL),
                     social - AGAIN);
    assert_int_equal(in_areas(run, town, MONTHS, WIJK_OUT_HOMES_OWNER) -
                         in_areas(run, town, 0, WIJK_OUT_HOMES_OWNER),
                     sale + OWNER);
    assert_int_equal(in_areas(run, town, MONTHS, WIJK_OUT_HOMES_PRIVATE) -
                         in_areas(run, town, 0, WIJK_OUT_HOMES_PRIVATE),
                     PRIVATE);
    wijk_foresee_free(run);
}

/* What stands in a slot: nothing new, a new home that waits, or one where somebody has lived. */
typedef enum { OF_OLD, WAITS, LIVED } standing;

typedef struct {
    int64_t first[WIJK_TENURES], months[WIJK_TENURES]; /* of this month */
    int64_t again;                                     /* of `first`, homes built to sell */
} taken;

/* A month later: what was built since waits, and of what waits some is lived in for the first time.
 * Behind the homes of the start, or built where one was demolished, a home is new. */
static taken look(const foresee_run *run, standing *slots)
{
    taken t = {{0}, {0}, 0};
    for (size_t a = 0; a < AREAS; a++) {
        const foresee_place *place = &run->places[run->area_place[a]];
        size_t begin = (size_t)place->block * BLOCK;
        for (size_t i = 0; i < (size_t)place->blocks * BLOCK; i++) {
            size_t slot = begin + i;
            uint32_t home = run->state.home[slot];
            unsigned tenure = tenure_of(home);
            int at_start =
                tenure_of(town->state.home[(size_t)town->first[a] * BLOCK + i]) != WIJK_NO_HOME &&
                i < (size_t)(town->first[a + 1] - town->first[a]) * BLOCK;
            int again = (home & HOME_RESTRUCTURED) != 0;
            if (slots[slot] == OF_OLD && tenure != WIJK_NO_HOME && (!at_start || again)) {
                slots[slot] = WAITS;
            }
            t.months[tenure] += slots[slot] == WAITS;
            if (slots[slot] == WAITS && run->state.kind[slot] != WIJK_NOBODY) {
                slots[slot] = LIVED;
                t.first[tenure]++;
                t.again += again && tenure == WIJK_OWNER;
            }
        }
    }
    return t;
}

static void a_new_home_has_one_first_occupant(void **state)
{
    (void)state;
    const wijk_change changes[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_SOCIAL, 60},
        {2, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_OWNER, 40},
        {4, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_PRIVATE, 20},
        {6, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE, 60},
    };
    wijk_foresee *run = monthly(changes, 4);
    standing *slots = wijk_alloc(run->state.slots * sizeof *slots);
    assert_non_null(slots);
    int64_t all[WIJK_TENURES] = {0}, again = 0;
    for (uint32_t month = 1; month <= MONTHS; month++) {
        fine(wijk_foresee_to(run, month, NULL));
        taken t = look(run, slots);
        assert_int_equal(in_areas(run, town, month, WIJK_OUT_LETS_FIRST), t.first[WIJK_SOCIAL]);
        assert_int_equal(in_areas(run, town, month, WIJK_OUT_SOLD_NEW), t.again);
        assert_int_equal(in_areas(run, town, month, WIJK_OUT_EMPTY_MONTHS_FIRST),
                         t.months[WIJK_SOCIAL]);
        assert_int_equal(in_areas(run, town, month, WIJK_OUT_EMPTY_MONTHS_FIRST_OTHER),
                         t.months[WIJK_OWNER] + t.months[WIJK_PRIVATE]);
        assert_int_equal(in_areas(run, town, month, WIJK_OUT_LETS),
                         in_areas(run, town, month, WIJK_OUT_LETS_FIRST) +
                             in_areas(run, town, month, WIJK_OUT_LETS_AGAIN));
        for (int tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
            all[tenure] += t.first[tenure];
        }
        again += t.again;
    }
    assert_true(all[WIJK_SOCIAL] > 60); /* those that came back after the demolition too */
    assert_true(again > 0 && all[WIJK_OWNER] > again && all[WIJK_PRIVATE] > 0);
    assert_true(ever(run, town, WIJK_OUT_LETS_AGAIN) > 0);
    wijk_free(slots);
    wijk_foresee_free(run);
}

/* Sold before anybody lived there: one sale out of the social homes, and no other. */
static void a_new_home_is_not_sold_twice(void **state)
{
    (void)state;
    const wijk_change changes[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE_SOCIAL, 100},
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE, 50},
        {1, WIJK_EVERYWHERE, 0, WIJK_LEVER_SELL, 30000},
    };
    given.value[WIJK_P_REPAIR_MONTHS] = 2; /* so that nobody came yet */
    wijk_foresee *run = monthly(changes, 3);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    assert_int_equal(ever(run, town, WIJK_OUT_BUILT_SOCIAL), 50);
    assert_int_equal(ever(run, town, WIJK_OUT_LETS_FIRST), 0);
    assert_int_equal(ever(run, town, WIJK_OUT_SOLD_NEW), 0);
    assert_true(ever(run, town, WIJK_OUT_SOLD) > 50);
    assert_int_equal(ever(run, town, WIJK_OUT_EMPTY_MONTHS_FIRST), 50); /* the month before */
    given = defaults();
    wijk_foresee_free(run);
}

/* Where nothing is built there is nothing new: not in doing nothing either. */
static void nothing_is_new_where_nothing_is_built(void **state)
{
    (void)state;
    const wijk_change sell = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SELL, 40};
    static const wijk_outcome none[] = {WIJK_OUT_BUILT,
                                        WIJK_OUT_BUILT_SOCIAL,
                                        WIJK_OUT_BUILT_SALE,
                                        WIJK_OUT_BUILT_OTHER,
                                        WIJK_OUT_LETS_FIRST,
                                        WIJK_OUT_SOLD_NEW,
                                        WIJK_OUT_EMPTY_MONTHS_FIRST,
                                        WIJK_OUT_EMPTY_MONTHS_FIRST_OTHER};
    wijk_foresee *run = monthly(&sell, 1);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(ever(run, town, none[i]), 0);
    }
    assert_int_equal(ever(run, town, WIJK_OUT_LETS), ever(run, town, WIJK_OUT_LETS_AGAIN));
    assert_true(ever(run, town, WIJK_OUT_SOLD) > 0);
    wijk_foresee_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_home_has_one_builder),
        cmocka_unit_test(a_new_home_has_one_first_occupant),
        cmocka_unit_test(a_new_home_is_not_sold_twice),
        cmocka_unit_test(nothing_is_new_where_nothing_is_built),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
