/* Who comes from outside and who gets homes to buy and at a free rent: as many of each age as are
 * told, for as long as one likes, and as many of lower incomes as live in such homes. */
#include "foresee_town.h"

#include "foresee/run.h"

#include <math.h>

enum { AREAS = 12, HOMES = 800, YEARS = 8 };

/* A made-up town of which it is told who leaves and who comes a year, per 1,000 of that age. */
static wijk_population *told_town(const wijk_parameters *p)
{
    static const double moves[WIJK_AGE_BANDS] = {250, 110, 45, 20, 12, 12};
    wijk_population *town = town_of(1, AREAS, HOMES, p);
    for (int b = 0; b < WIJK_AGE_BANDS; b++) {
        town->regions[0].leave[b] = moves[b];
        town->regions[0].come[b] = b == 0 ? 1.5 * moves[b] : moves[b];
    }
    return town;
}

/* Half as many again come under 25 as leave, which over eight years is more than once all who lived
 * outside at that age: who grows up there makes up for it. Nothing is built, so that there is room
 * for a part of them: who is then still to come is at most three months of any age. */
static void test_every_age_comes(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = told_town(&p);
    const wijk_change none[] = {{.lever = WIJK_LEVER_NEWCOMER_TASK, .value = 0},
                                {.lever = WIJK_LEVER_OUTFLOW_MENTAL, .value = 0},
                                {.lever = WIJK_LEVER_OUTFLOW_YOUTH, .value = 0},
                                {.lever = WIJK_LEVER_OUTFLOW_SHELTER, .value = 0}};
    wijk_foresee *run = run_of(town, &p, none, 4, YEARS * 12, 1);
    fine(wijk_foresee_to(run, YEARS * 12, NULL));
    const foresee_region *r = &run->regions[0];
    double asked = 0, owed = 0;
    for (int b = 0; b < WIJK_AGE_BANDS; b++) {
        double a_month = r->come[b] * (1 - r->elsewhere / 4294967296.0);
        asked += a_month * YEARS * 12;
        owed += r->owed[b];
        print_message("age %d: %.1f a month, %.1f still to come\n", b, a_month, r->owed[b]);
        assert_true(a_month > 0 && r->owed[b] <= 3 * a_month);
        assert_true(r->owed[b] > -a_month - 3); /* a good month takes from the next */
    }
    double came = (double)ever(run, town, WIJK_OUT_FROM_OUTSIDE);
    double room = foresee_room_for(r);
    print_message("%.0f came, %.1f were told; room for %.2f of them\n", came, asked - owed, room);
    assert_true(room > 0.7 && room <= 1); /* at the end; it is not the same every month */
    assert_true(came > 0.7 * asked && came < asked - owed);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Of such homes the part of households under 65 whose income would not suffice, and the part of all
 * who look: by the chance of the table the first comes out of the second. */
static void test_stretch_is_who_lives_there(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = told_town(&p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 12, 1);
    const foresee_state *s = &run->state;
    size_t kinds = 0;
    for (unsigned tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
        for (unsigned price = 0; tenure != WIJK_SOCIAL && price < WIJK_PRICES; price++) {
            unsigned asked = foresee_income_asked(tenure, price);
            double lives = 0, all = 0, few = 0, look = 0;
            for (size_t i = 0; i < s->slots; i++) {
                if (s->kind[i] == WIJK_NOBODY || s->age[i] >= OLDER) {
                    continue;
                }
                foresee_here here;
                foresee_here_at(&here, run, foresee_place_of(run, i));
                int too_little = (s->status[i] & STATUS_INCOME) < asked;
                int such = tenure_of(s->home[i]) == tenure && price_of(s->home[i]) == price;
                double rate =
                    (double)foresee_leave_chance(&here, i) + foresee_search_chance(&here, i);
                all += such;
                lives += such && too_little;
                look += rate;
                few += too_little ? rate : 0;
            }
            if (all > 0 && few > 0) {
                double stretch = run->regions[0].stretch[tenure][price] / 4294967296.0;
                double wanted = fmin(lives / all, few / look);
                assert_true(fabs(stretch * few / look - wanted) < 1e-6);
                kinds++;
            }
        }
    }
    assert_true(kinds > 1);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static double low_share(const foresee_run *run, unsigned tenure)
{
    const foresee_state *s = &run->state;
    double low = 0, all = 0;
    for (size_t i = 0; i < s->slots; i++) {
        int here = s->kind[i] != WIJK_NOBODY && tenure_of(s->home[i]) == tenure;
        all += here;
        low += here && (s->status[i] & STATUS_INCOME) == WIJK_INCOME_LOW;
    }
    return 100 * low / all;
}

/* Where income always decides, fewer of low incomes are left at a free rent. */
static void test_low_incomes_stay(void **state)
{
    (void)state;
    double left[2];
    for (int without = 0; without < 2; without++) {
        wijk_parameters p = defaults();
        wijk_population *town = told_town(&p);
        p.value[WIJK_P_STRETCH] = without ? 0 : 1;
        wijk_foresee *run = run_of(town, &p, NULL, 0, YEARS * 12, 1);
        fine(wijk_foresee_to(run, YEARS * 12, NULL));
        left[without] = low_share(run, WIJK_PRIVATE);
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
    print_message(
        "low incomes at a free rent after %d years: %.1f%%, %.1f%% where income decides\n", YEARS,
        left[0], left[1]);
    assert_true(left[1] < left[0] - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_age_comes),
        cmocka_unit_test(test_stretch_is_who_lives_there),
        cmocka_unit_test(test_low_incomes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
