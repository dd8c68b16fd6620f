/* Three cases with a known answer. A team with c places and chance arrivals is the queue of Erlang
 * (1917): the exact chain of this finite, monthly queue is worked out here, and lies near Erlang's
 * formula for waiting. And who stays when each month a fixed share leaves: a geometric decay. And
 * incomes that rise and fall while nobody moves: every age keeps its mix. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "foresee/state.h"

#include <math.h>

enum { TEAMS = 60, HOMES = 320, PLACES = 4, MONTHS = 900 };
enum { WARM = 200, COUNTED = MONTHS - WARM }; /* until the cases of before the start are gone */

static const double join = 0.14 / 316, serve = 0.05;

/* Single people of forty without any need, every area its own team. */
static wijk_population *plain_town(size_t areas, uint16_t months, double leave,
                                   const wijk_parameters *p)
{
    static wijk_foresee_area area[TEAMS];
    wijk_foresee_region region = {.code = "GM0001"};
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        region.leave[band] = leave;
        region.come[band] = -1;
    }
    for (size_t i = 0; i < areas; i++) {
        area[i] = (wijk_foresee_area){.team = (uint32_t)i, .homes = HOMES};
        snprintf(area[i].code, sizeof area[i].code, "BU%04u", (unsigned)i);
    }
    wijk_population *town;
    fine(wijk_population_new(&town, area, areas, &region, 1));
    const wijk_home home = {.tenure = WIJK_OWNER, .size = 3, .price = WIJK_PRICE_MIDDLE};
    const wijk_household who = {
        .composition = WIJK_SINGLE, .age = 40, .income = WIJK_INCOME_MIDDLE, .months = months};
    for (size_t i = 0; i < areas; i++) {
        for (int h = 0; h < HOMES; h++) {
            fine(wijk_population_add(town, i, &home, &who, 1));
        }
    }
    fine(wijk_population_finish(town, p, 5));
    return town;
}

/* Chance of k out of n. */
static double binomial(int n, int k, double chance)
{
    double p = 1;
    for (int i = 0; i < k; i++) {
        p *= (double)(n - i) / (k - i) * chance;
    }
    return p * pow(1 - chance, n - k);
}

/* Mean number waiting over the months, by the exact chain: of n in the system min(n, PLACES) are
 * served and leave with chance `serve`; of those outside each joins with chance `join`. Begins
 * empty. */
static double expected_waiting(double *stationary)
{
    enum { MOST = 60, JOINS = 8 };
    double now[MOST] = {1}, sum = 0, last = 0;
    for (int month = 0; month < MONTHS; month++) {
        double next[MOST] = {0};
        for (int n = 0; n < MOST; n++) {
            int served = n < PLACES ? n : PLACES;
            for (int out = 0; now[n] > 1e-15 && out <= served; out++) {
                for (int in = 0; in < JOINS; in++) {
                    int to = n - out + in;
                    next[to < MOST ? to : MOST - 1] +=
                        now[n] * binomial(served, out, serve) * binomial(HOMES - n, in, join);
                }
            }
        }
        last = 0;
        for (int n = 0; n < MOST; n++) {
            now[n] = next[n];
            last += n > PLACES ? (n - PLACES) * now[n] : 0;
        }
        sum += month >= WARM ? last : 0;
    }
    *stationary = last;
    return sum / COUNTED;
}

/* Mean number waiting in M/M/c: Erlang's C times load / (1 - load). */
static double erlang_waiting(void)
{
    double a = join * (HOMES - 4) / serve, rho = a / PLACES, term = 1, sum = 0;
    for (int k = 0; k < PLACES; k++) {
        sum += term;
        term *= a / (k + 1);
    }
    double c = term / (1 - rho) / (sum + term / (1 - rho));
    return c * rho / (1 - rho);
}

static void test_queue(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_STRAINED] = 0;
    p.value[WIJK_P_INTENSIVE_FROM] = 255;
    p.value[WIJK_P_SEE_SELF] = join;
    p.value[WIJK_P_ACCEPT] = 1;
    p.value[WIJK_P_FORMAL_END] = serve;
    p.value[WIJK_P_HOURS_FORMAL] = 4;
    p.value[WIJK_P_PRODUCTIVE_HOURS] = 100;
    wijk_population *town = plain_town(TEAMS, 60, 0, &p);
    const wijk_change changes[] = {
        {.lever = WIJK_LEVER_WIJKTEAM, .value = PLACES * 4 * 10.0 / HOMES},
        {.lever = WIJK_LEVER_PREVENTION, .value = 0}};
    const wijk_scenario scenario = {changes, 2};
    const wijk_foresee_options o = {
        .seed = 3, .months = MONTHS, .period = WIJK_PER_MONTH, .threads = 2};
    wijk_foresee *run;
    fine(wijk_foresee_new(&run, town, &p, &scenario, &o));
    fine(wijk_foresee_to(run, MONTHS, NULL));
    double waiting = 0, squares = 0;
    int64_t months_waited = 0, waits = 0;
    for (size_t a = 0; a < TEAMS; a++) {
        double mean = 0;
        for (size_t t = WARM + 1; t <= MONTHS; t++) {
            int32_t n = wijk_foresee_area_count(run, t, a, WIJK_OUT_HELP_WAITING);
            assert_true(wijk_foresee_area_count(run, t, a, WIJK_OUT_HELP_FORMAL) <= PLACES);
            /* nobody waits while a place is free */
            assert_true(n == 0 ||
                        wijk_foresee_area_count(run, t, a, WIJK_OUT_HELP_FORMAL) == PLACES);
            months_waited += wijk_foresee_area_count(run, t, a, WIJK_OUT_WAITED);
            waits += n;
            mean += n;
        }
        mean /= COUNTED;
        waiting += mean / TEAMS;
        squares += mean * mean / TEAMS;
    }
    double error = sqrt((squares - waiting * waiting) / (TEAMS - 1)), end;
    double exact = expected_waiting(&end);
    print_message("waiting: %.3f ± %.3f; exact chain %.3f (in the end %.3f); Erlang %.3f\n",
                  waiting, error, exact, end, erlang_waiting());
    assert_true(fabs(waiting - exact) < 4 * error && error < exact / 5);
    assert_true(fabs(end - erlang_waiting()) < 0.15 * erlang_waiting());
    /* Little: months waited by those served, and by those who wait still, are the queue summed */
    assert_true(months_waited <= waits && waits - months_waited < waits / 20);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static void test_decay(void **state)
{
    (void)state;
    enum { STAY = 36 };
    wijk_parameters p = still();
    const double leave = 200; /* per 1,000 a year */
    p.value[WIJK_P_OUTSIDE_OWNER] = 0.9;
    p.value[WIJK_P_LEAVE_49] = 0.02; /* the ages at which people elsewhere move too */
    wijk_population *town = plain_town(TEAMS, 120 - STAY, leave, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, STAY, 1);
    fine(wijk_foresee_to(run, STAY, NULL));
    /* whoever never left has been there ten years by now, and nobody else has */
    double stayed = (double)in_areas(run, town, STAY / 12, WIJK_OUT_STAY_10);
    double n = TEAMS * HOMES, share = pow(1 - leave / 1000, STAY / 12.0);
    double error = sqrt(n * share * (1 - share));
    print_message("stayed: %.0f; expected %.0f ± %.0f\n", stayed, n * share, error);
    assert_true(fabs(stayed - n * share) < 4 * error);
    int64_t left = 0, came = 0;
    for (size_t year = 1; year <= STAY / 12; year++) {
        left += in_areas(run, town, year, WIJK_OUT_TO_OUTSIDE);
        came += in_areas(run, town, year, WIJK_OUT_FROM_OUTSIDE) +
                in_areas(run, town, year, WIJK_OUT_MOVED_IN);
    }
    assert_int_equal(in_areas(run, town, STAY / 12, WIJK_OUT_EMPTY_OWNER), left - came);
    assert_true(left - came < left / 10); /* their homes did not stay empty */
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static void count_incomes(double out[WIJK_AGE_BANDS][WIJK_INCOMES], const foresee_state *s)
{
    for (size_t i = 0; i < s->slots; i++) {
        if (s->kind[i] != WIJK_NOBODY) {
            out[age_band(s->age[i])][s->status[i] & STATUS_INCOME] += 1;
        }
    }
}

/* Ten years: the shares of each class are those that the ages of then had at the start. A tenth of
 * the households changes class each year, so that standing still would not pass. */
static void test_incomes(void **state)
{
    (void)state;
    wijk_parameters p = still();
    wijk_population *town = town_of(1, 12, 600, &p);
    double before[WIJK_AGE_BANDS][WIJK_INCOMES] = {{0}},
           after[WIJK_AGE_BANDS][WIJK_INCOMES] = {{0}};
    p.value[WIJK_P_INCOME_UP] = 0.05;
    p.value[WIJK_P_INCOME_DOWN] = 1;
    count_incomes(before, &town->state);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 120, 1);
    fine(wijk_foresee_to(run, 120, NULL));
    count_incomes(after, &run->state);
    double expected[WIJK_INCOMES] = {0}, found[WIJK_INCOMES] = {0}, all = 0;
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        double then = 0, now = 0;
        for (int k = 0; k < WIJK_INCOMES; k++) {
            then += before[band][k];
            now += after[band][k];
            found[k] += after[band][k];
        }
        for (int k = 0; k < WIJK_INCOMES && then > 0; k++) {
            expected[k] += now * before[band][k] / then;
        }
        all += now;
    }
    for (int k = 0; k < WIJK_INCOMES; k++) {
        print_message("class %d: %.1f%%, expected %.1f%%\n", k, 100 * found[k] / all,
                      100 * expected[k] / all);
        assert_true(fabs(found[k] - expected[k]) < 0.025 * all);
    }
    int64_t moves = ever(run, town, WIJK_OUT_INCOME_UP) + ever(run, town, WIJK_OUT_INCOME_DOWN);
    assert_true((double)moves > 0.3 * all);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static double of_hundred(const wijk_foresee *run, const wijk_population *town, size_t period,
                         wijk_outcome outcome)
{
    return 100.0 * (double)in_areas(run, town, period, outcome) /
           (double)in_areas(run, town, period, WIJK_OUT_HOUSEHOLDS);
}

/* Nobody has a need; after ten years the share is onset / (onset + end) x (1 - e^-(onset + end) t),
 * with the onset of the country in one region and twice that in another. */
static void test_region_keeps_its_needs(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_DEBT_ONSET] = 0.03;
    p.value[WIJK_P_DEBT_LOW] = 1;
    p.value[WIJK_P_DEBT_END] = 0.1;
    p.value[WIJK_P_MENTAL_ONSET] = 0.02;
    p.value[WIJK_P_MENTAL_END] = 0.2;
    p.value[WIJK_P_DEBT_HELP] = 1;
    for (int twice = 0; twice < 2; twice++) {
        wijk_population *town = plain_town(TEAMS, 100, 0, &p);
        town->regions[0].debt = town->regions[0].mental = twice ? 2 : 0;
        wijk_foresee *run = run_of(town, &p, NULL, 0, 120, 1);
        fine(wijk_foresee_to(run, 120, NULL));
        double debt = (twice + 1) * -log(1 - 0.03), out = -log(1 - 0.1);
        double mental = (twice + 1) * -log(1 - 0.02), better = -log(1 - 0.2);
        double expected[2] = {100 * debt / (debt + out) * (1 - exp(-10 * (debt + out))),
                              100 * mental / (mental + better) *
                                  (1 - exp(-10 * (mental + better)))};
        double found[2] = {of_hundred(run, town, 10, WIJK_OUT_NEED_DEBT),
                           of_hundred(run, town, 10, WIJK_OUT_NEED_MENTAL)};
        print_message("times %d: debt %.1f%% (%.1f), mental trouble %.1f%% (%.1f)\n", twice + 1,
                      found[0], expected[0], found[1], expected[1]);
        assert_true(fabs(found[0] - expected[0]) < 1.5 && fabs(found[1] - expected[1]) < 1.5);
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_decay),
        cmocka_unit_test(test_incomes),
        cmocka_unit_test(test_region_keeps_its_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
