/* What a scenario asks is done, wherever it can be: streets reach their homes and no others, homes
 * of one tenure are divided by that tenure, what cannot be done is counted, and the order of lines
 * within a month is of no account. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "foresee/state.h"
#include "wijk/lever.h"

#include <math.h>

enum { MONTHS = 12, REGIONS = 3, AREAS = 6, HOMES = 300, HOUR = 60 };

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

static wijk_foresee *lived(const wijk_parameters *p, const wijk_change *changes, size_t n)
{
    wijk_foresee *run = run_of(town, p, changes, n, MONTHS, 1);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    fine(wijk_foresee_check(run));
    return run;
}

static int64_t homes_at(size_t area, int tenure)
{
    int64_t n = 0;
    for (size_t i = (size_t)town->first[area] * BLOCK; i < (size_t)town->first[area + 1] * BLOCK;
         i++) {
        unsigned is = tenure_of(town->state.home[i]);
        n += tenure ? (int)is == tenure : is != WIJK_NO_HOME;
    }
    return n;
}

static int64_t social_homes(void)
{
    int64_t n = 0;
    for (size_t a = 0; a < AREAS; a++) {
        n += homes_at(a, WIJK_SOCIAL);
    }
    return n;
}

static void same_world(const wijk_foresee *a, const wijk_foresee *b, int but)
{
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        for (size_t area = 0; o != but && area < AREAS; area++) {
            assert_int_equal(wijk_foresee_area_count(a, 1, area, (wijk_outcome)o),
                             wijk_foresee_area_count(b, 1, area, (wijk_outcome)o));
        }
    }
}

/* Minutes of the hours that the levers give, home by home: 150 homes at full strength and the
 * others as when nothing is done; a common task by who lives in the 150. */
static void streets_reach_their_homes_and_no_others(void **state)
{
    (void)state;
    const int streets = 150, hours = 400, usual = 40, task = 4, budget = 100;
    const wijk_change changes[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_COMMUNITY_HOURS, hours},
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESIDENTS_BUDGET, budget},
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_COMMON_TASK, task},
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_STREETS, streets},
    };
    wijk_foresee *run = lived(&given, changes, 4);
    int64_t homes = 0;
    size_t with_task = 0;
    for (size_t a = 0; a < AREAS; a++) {
        homes += homes_at(a, 0);
        with_task += wijk_foresee_area_count(run, 1, a, WIJK_OUT_WORK_COMMON_TASK) > 0;
    }
    double community = 12.0 * HOUR * (streets * hours + (double)(homes - streets) * usual) / 1000;
    double full = 12.0 * HOUR * task * streets;
    int64_t told = in_areas(run, town, 1, WIJK_OUT_WORK_COMMUNITY);
    int64_t tasks = in_areas(run, town, 1, WIJK_OUT_WORK_COMMON_TASK);
    int64_t euro = in_areas(run, town, 1, WIJK_OUT_BUDGET_RESIDENTS);
    assert_true(told <= community && told > community - 12 * AREAS); /* whole minutes */
    assert_true(tasks <= full && tasks > 0.85 * full);               /* some homes are empty */
    assert_true(euro > streets * budget - 12 && euro < streets * budget + 12);
    assert_int_equal(with_task, 1); /* side by side, in one area that is large enough */
    assert_int_equal(in_areas(run, town, 1, WIJK_OUT_NOT_DONE), 0);
    wijk_foresee_free(run);
}

/* Without an effect it moves hours and nothing else; with one, ties form faster. */
static void a_task_in_streets_works_by_its_effect_alone(void **state)
{
    (void)state;
    const wijk_change changes[] = {
        {0, WIJK_IN_AREA, 2, WIJK_LEVER_STREETS, 150},
        {0, WIJK_IN_AREA, 2, WIJK_LEVER_COMMON_TASK, 10},
    };
    wijk_parameters p = given;
    p.value[WIJK_P_TIE_TASK] = 1;
    p.value[WIJK_P_TIE_TASK_ACROSS] = 0;
    wijk_foresee *without = lived(&p, changes, 1), *with = lived(&p, changes, 2);
    same_world(without, with, WIJK_OUT_WORK_COMMON_TASK);
    assert_int_equal(wijk_foresee_area_count(without, 1, 2, WIJK_OUT_WORK_COMMON_TASK), 0);
    assert_true(wijk_foresee_area_count(with, 1, 2, WIJK_OUT_WORK_COMMON_TASK) > 0);
    wijk_foresee_free(with);
    p.value[WIJK_P_TIE_TASK] = 5;
    with = lived(&p, changes, 2);
    assert_true(wijk_foresee_area_count(with, 1, 2, WIJK_OUT_TIES_MADE) >
                wijk_foresee_area_count(without, 1, 2, WIJK_OUT_TIES_MADE));
    wijk_foresee_free(with);
    wijk_foresee_free(without);
}

/* All but one of the social homes there are: by size of the areas some would be lost. */
static void homes_are_divided_by_their_tenure(void **state)
{
    (void)state;
    static const wijk_lever all[] = {WIJK_LEVER_DEMOLISH, WIJK_LEVER_RESTRUCTURE,
                                     WIJK_LEVER_RENOVATE};
    const int64_t social = social_homes();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        wijk_outcome done = i < 2 ? WIJK_OUT_DEMOLISHED : WIJK_OUT_RENOVATED;
        const wijk_change most = {0, WIJK_EVERYWHERE, 0, all[i], (double)(social - 1)};
        const wijk_change more = {0, WIJK_EVERYWHERE, 0, all[i], (double)(social + 700)};
        wijk_foresee *run = lived(&given, &most, 1);
        assert_int_equal(in_areas(run, town, 1, done), social - 1);
        assert_int_equal(in_areas(run, town, 1, WIJK_OUT_NOT_DONE), 0);
        wijk_foresee_free(run);
        run = lived(&given, &more, 1);
        assert_int_equal(in_areas(run, town, 1, done), social);
        assert_int_equal(in_areas(run, town, 1, WIJK_OUT_NOT_DONE), 700);
        wijk_foresee_free(run);
    }
}

static int64_t labelled(const wijk_foresee *run, size_t area, unsigned label)
{
    const foresee_place *place = &run->places[run->area_place[area]];
    int64_t n = 0;
    for (size_t slot = (size_t)place->block * BLOCK, i = 0; i < (size_t)place->blocks * BLOCK;
         i++) {
        n += label_of(run->state.home[slot + i]) == label;
    }
    return n;
}

/* Half of them, here and there: each area gives its share to within one home. */
static void every_area_gives_its_share(void **state)
{
    (void)state;
    const int64_t social = social_homes();
    const wijk_change half = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_GESPIKKELD, (double)(social / 2)};
    wijk_foresee *run = run_of(town, &given, &half, 1, MONTHS, 1);
    fine(wijk_foresee_to(run, 1, NULL));
    for (size_t a = 0; a < AREAS; a++) {
        double fair = (double)(homes_at(a, WIJK_SOCIAL) * (social / 2)) / (double)social;
        double told = (double)labelled(run, a, WIJK_LABEL_DOTTED);
        assert_true(told > fair - 1 && told < fair + 1);
    }
    wijk_foresee_free(run);
}

/* One building, and a second step years later: in one area, side by side but for homes that are not
 * of that kind, and not in the same area of every world. */
static void a_building_stands_in_one_place(void **state)
{
    (void)state;
    enum { WORLDS = 12, HOMES_ONCE = 20 };
    static const wijk_lever all[] = {WIJK_LEVER_DEMOLISH, WIJK_LEVER_RESTRUCTURE,
                                     WIJK_LEVER_RENOVATE};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const wijk_change steps[] = {{0, WIJK_EVERYWHERE, 0, all[i], HOMES_ONCE},
                                     {5, WIJK_EVERYWHERE, 0, all[i], HOMES_ONCE}};
        const wijk_scenario scenario = {steps, 2};
        wijk_outcome done = i < 2 ? WIJK_OUT_DEMOLISHED : WIJK_OUT_RENOVATED;
        size_t chosen[AREAS] = {0}, different = 0, apart = 0;
        for (uint32_t world = 0; world < WORLDS; world++) {
            const wijk_foresee_options options = {
                .seed = 7, .replicate = world, .months = 6, .period = WIJK_PER_MONTH, .threads = 1};
            wijk_foresee *run;
            fine(wijk_foresee_new(&run, town, &given, &scenario, &options));
            fine(wijk_foresee_to(run, 6, NULL));
            fine(wijk_foresee_check(run));
            for (size_t a = 0; a < AREAS; a++) {
                int64_t at_once = wijk_foresee_area_count(run, 1, a, done);
                int64_t later = wijk_foresee_area_count(run, 6, a, done);
                assert_true(at_once == 0 || at_once == HOMES_ONCE);
                assert_true(later == 0 || later == HOMES_ONCE);
                chosen[a] += at_once > 0;
                apart += at_once > 0 && later == 0;
            }
            wijk_foresee_free(run);
        }
        for (size_t a = 0; a < AREAS; a++) {
            different += chosen[a] > 0;
        }
        assert_true(different > 1 && apart <= WORLDS / 3);
    }
}

static void order_within_a_month_is_of_no_account(void **state)
{
    (void)state;
    const wijk_change lines[] = {
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE, 100},
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_SELL, 60},
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_RESTRUCTURE_SOCIAL, 100},
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_DEMOLISH, 40},
    };
    const wijk_change other[] = {lines[2], lines[3], lines[1], lines[0]};
    wijk_foresee *a = lived(&given, lines, 4), *b = lived(&given, other, 4);
    same_world(a, b, -1);
    wijk_foresee_free(a);
    wijk_foresee_free(b);
    /* and the share of that month is the one that was written: no social home is lost */
    a = lived(&given, lines, 1);
    const wijk_change whole[] = {lines[0], lines[2]};
    b = lived(&given, whole, 2);
    assert_int_equal(in_areas(b, town, 1, WIJK_OUT_HOMES_SOCIAL), social_homes());
    assert_true(in_areas(a, town, 1, WIJK_OUT_HOMES_SOCIAL) < social_homes());
    wijk_foresee_free(a);
    wijk_foresee_free(b);
}

static int64_t prices_of_social_homes(const wijk_foresee *run)
{
    int64_t sum = 0;
    for (size_t i = 0; i < run->state.slots; i++) {
        uint32_t home = run->state.home[i];
        sum += tenure_of(home) == WIJK_SOCIAL ? (int64_t)price_of(home) : 0;
    }
    return sum;
}

/* Less than one of what is counted whole is something yet, by chance as often as it should. */
static void small_amounts_count(void **state)
{
    (void)state;
    const wijk_change rents = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_RENT_RESET, 100};
    const wijk_change visits = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_VISIT_COVERAGE, 1};
    wijk_parameters p = given;
    p.value[WIJK_P_UPKEEP_FADE] = 0;
    p.value[WIJK_P_UPKEEP_WORK] = 0.7;
    p.value[WIJK_P_SEE_VISIT] = 1;
    p.value[WIJK_P_STRAINED] = 0; /* at every door there is something to see, and nobody accepts */
    p.value[WIJK_P_ACCEPT] = 0;
    wijk_foresee *run = lived(&p, &visits, 1);
    double blocks = (double)in_areas(run, town, 0, WIJK_OUT_BLOCKS);
    double more = (double)(in_areas(run, town, 1, WIJK_OUT_UPKEEP_SUM) -
                           in_areas(run, town, 0, WIJK_OUT_UPKEEP_SUM));
    assert_true(more > 0.9 * 0.7 * MONTHS * blocks && more < 1.1 * 0.7 * MONTHS * blocks);
    double homes = (double)in_areas(run, town, 0, WIJK_OUT_HOUSEHOLDS);
    double seen = (double)in_areas(run, town, 1, WIJK_OUT_SEEN_VISIT);
    assert_true(seen > 0.004 * homes && seen < 0.016 * homes);
    wijk_foresee_free(run);
    int64_t before = 0;
    for (int halves = 0; halves <= 4; halves++) {
        p.value[WIJK_P_RESET_RISE] = halves / 2.0;
        run = lived(&p, &rents, 1);
        int64_t now = prices_of_social_homes(run);
        assert_true(now > before);
        before = now;
        wijk_foresee_free(run);
    }
}

/* A home that was to be sold and is demolished first, building where nobody lives, and every home
 * that is asked beyond those there are. */
static void homes_that_could_not_be_are_told(void **state)
{
    (void)state;
    const int64_t social = social_homes();
    const wijk_change lines[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SELL, (double)social},
        {1, WIJK_EVERYWHERE, 0, WIJK_LEVER_DEMOLISH, 40},
        {2, WIJK_EVERYWHERE, 0, WIJK_LEVER_KNARRENHOF, 10},
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_OWNER, 25},
    };
    wijk_foresee *run = lived(&given, lines, 4);
    int64_t sold = in_areas(run, town, 1, WIJK_OUT_SOLD), marked = 0;
    for (size_t i = 0; i < run->state.slots; i++) {
        uint32_t home = run->state.home[i];
        marked += tenure_of(home) == WIJK_SOCIAL && (home & HOME_TO_SELL) != 0;
    }
    assert_int_equal(in_areas(run, town, 1, WIJK_OUT_DEMOLISHED), 40);
    assert_int_equal(in_areas(run, town, 1, WIJK_OUT_BUILT), 25);
    assert_int_equal(in_areas(run, town, 1, WIJK_OUT_NOT_DONE), social - sold - marked);
    wijk_foresee_free(run);
    wijk_foresee_area nowhere = {.code = "BU1"};
    wijk_foresee_region region = {.code = "GM1", .leave = {-1}, .come = {-1}};
    wijk_population *empty;
    fine(wijk_population_new(&empty, &nowhere, 1, &region, 1));
    fine(wijk_population_finish(empty, &given, 1));
    run = run_of(empty, &given, &lines[3], 1, MONTHS, 1);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    assert_int_equal(in_areas(run, empty, 1, WIJK_OUT_BUILT), 0);
    assert_int_equal(in_areas(run, empty, 1, WIJK_OUT_NOT_DONE), 25);
    wijk_foresee_free(run);
    wijk_population_free(empty);
}

/* Social homes that went from one region to another, by where they stand. */
static void let_far(int64_t lets[REGIONS], const foresee_run *run)
{
    for (size_t r = 0; r < REGIONS; r++) {
        for (size_t i = 0; i < run->moves[r].n; i++) {
            lets[r] += tenure_of(run->state.home[run->moves[r].rows[i].to]) == WIJK_SOCIAL;
        }
    }
}

/* Of three regions that are the country, one opens its market: it lets to others, and these to
 * nobody from elsewhere. Where there is one region the lever is nothing. */
static void a_regional_market_opens_one_region_to_the_others(void **state)
{
    (void)state;
    const wijk_change open = {0, WIJK_IN_REGION, 1, WIJK_LEVER_REGIONAL_MARKET, 100};
    wijk_parameters p = given;
    p.value[WIJK_P_OUTSIDE_SOCIAL] = 0;
    wijk_population *country = town_of(REGIONS, 4, 3 * HOMES, &p);
    int64_t lets[2][REGIONS] = {{0}};
    for (int opened = 0; opened < 2; opened++) {
        wijk_foresee *run = run_of(country, &p, &open, (size_t)opened, 3 * MONTHS, 1);
        for (size_t r = 0; r < REGIONS; r++) {
            run->regions[r].elsewhere = UINT32_MAX;
        }
        for (uint32_t month = 1; month <= 3 * MONTHS; month++) {
            fine(wijk_foresee_to(run, month, NULL));
            let_far(lets[opened], run);
        }
        fine(wijk_foresee_check(run));
        wijk_foresee_free(run);
    }
    for (size_t r = 0; r < REGIONS; r++) {
        assert_int_equal(lets[0][r], 0);
        assert_true(r == 1 ? lets[1][r] > 5 : lets[1][r] == 0);
    }
    wijk_population_free(country);
    const wijk_change alone = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_REGIONAL_MARKET, 100};
    wijk_foresee *a = lived(&given, NULL, 0), *b = lived(&given, &alone, 1);
    same_world(a, b, -1);
    wijk_foresee_free(a);
    wijk_foresee_free(b);
}

/* Tasks without a home, places without anybody, hours over the cap: by their own count. */
static void other_work_that_could_not_be_is_told(void **state)
{
    (void)state;
    const wijk_change shut[] = {{0, WIJK_EVERYWHERE, 0, WIJK_LEVER_OUTFLOW_MENTAL, 20},
                                {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SPREADING_CAP, 0}};
    const wijk_change first = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_HOUSING_FIRST, 100};
    const wijk_change cap[] = {{0, WIJK_EVERYWHERE, 0, WIJK_LEVER_LIVABILITY_CAP, 85},
                               {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4}};
    wijk_foresee *run = lived(&given, shut, 2);
    int64_t came = wijk_foresee_waiting_count(run, 1, 0, WIJK_OUT_FROM_OUTSIDE);
    int64_t months = wijk_foresee_waiting_count(run, 1, 0, WIJK_OUT_TASK_MONTHS);
    /* who comes in the m-th month waits 12 - m months, unless sheltered elsewhere sooner */
    assert_true(came > 0 && months < came * 6 && months > came * 3);
    wijk_foresee_free(run);
    run = lived(&given, &first, 1);
    int64_t taken = 0, homes = 0;
    months = wijk_foresee_waiting_count(run, 1, 0, WIJK_OUT_FIRST_MONTHS);
    for (size_t a = 0; a < AREAS; a++) {
        homes += homes_at(a, 0);
        taken += run->places[run->area_place[a]].firsts;
    }
    double all = (double)homes / 10 * 5.5; /* a twelfth comes each month, told before it is taken */
    assert_true(taken > 0 && (double)months < all &&
                (double)months > all - (double)(taken * MONTHS));
    wijk_foresee_free(run);
    run = lived(&given, cap, 2); /* 85 euro a home pays one of four managers per thousand */
    int64_t paid = in_areas(run, town, 1, WIJK_OUT_WORK_MANAGEMENT);
    int64_t unpaid = in_areas(run, town, 1, WIJK_OUT_MANAGEMENT_UNPAID);
    assert_true(paid > 0 && unpaid > 2.9 * (double)paid && unpaid < 3.1 * (double)paid);
    wijk_foresee_free(run);
}

/* Shares of one whole are shares of all homes that fall empty, not each of what the one before
 * left: of the homes with a label, 30 in a hundred are mixed, 30 older and 40 young, within four
 * standard errors of a share. */
static void labels_share_one_whole(void **state)
{
    (void)state;
    static const wijk_change changes[] = {{.lever = WIJK_LEVER_MAGIC_MIX, .value = 30},
                                          {.lever = WIJK_LEVER_LABEL_OLDER, .value = 30},
                                          {.lever = WIJK_LEVER_LABEL_YOUNG, .value = 40}};
    static const double wanted[] = {0.3, 0.3, 0.4};
    wijk_population *large = town_of(1, 20, 1600, &given);
    wijk_foresee *run = run_of(large, &given, changes, 3, MONTHS, 1);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    double count[WIJK_LABELS] = {0}, all = 0;
    for (size_t i = 0; i < run->state.slots; i++) {
        uint32_t home = run->state.home[i]; /* on the waiting list these bits are an area */
        if (tenure_of(home) == WIJK_SOCIAL) {
            count[label_of(home)]++;
        }
    }
    const double label[] = {count[WIJK_LABEL_MIX], count[WIJK_LABEL_OLDER],
                            count[WIJK_LABEL_YOUNG]};
    for (int i = 0; i < 3; i++) {
        all += label[i];
    }
    assert_true(all > 300);
    for (int i = 0; i < 3; i++) {
        double error = sqrt(wanted[i] * (1 - wanted[i]) / all);
        if (fabs(label[i] / all - wanted[i]) > 4 * error) {
            fail_msg("label %d: %.3f of %.0f, %.2f was asked", i, label[i] / all, all, wanted[i]);
        }
    }
    wijk_foresee_free(run);
    wijk_population_free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(homes_that_could_not_be_are_told),
        cmocka_unit_test(a_regional_market_opens_one_region_to_the_others),
        cmocka_unit_test(other_work_that_could_not_be_is_told),
        cmocka_unit_test(small_amounts_count),
        cmocka_unit_test(labels_share_one_whole),
        cmocka_unit_test(streets_reach_their_homes_and_no_others),
        cmocka_unit_test(a_task_in_streets_works_by_its_effect_alone),
        cmocka_unit_test(homes_are_divided_by_their_tenure),
        cmocka_unit_test(every_area_gives_its_share),
        cmocka_unit_test(a_building_stands_in_one_place),
        cmocka_unit_test(order_within_a_month_is_of_no_account),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
