/* Break-even effects: the share between known nets, effects set to their ends, and levers on a
 * small town: without effect hours only cost; what is set for one lever is the run of that lever
 * alone. */
#include "foresee/breakeven.h"
#include "foresee/ensemble.h"
#include "foresee_town.h"

#include "wijk/parameters.h"

#include <math.h>
#include <stdlib.h>

static void share_between_nets(void **state)
{
    (void)state;
    assert_true(breakeven_share((const double[]){-100, 100, 300}) == 0.25);
    assert_true(breakeven_share((const double[]){-100, -50, 50}) == 0.75);
    assert_true(breakeven_share((const double[]){-100, -50, 0}) == 1);
    assert_true(breakeven_share((const double[]){0, -50, -100}) == 0);
    assert_true(breakeven_share((const double[]){-10, 10, -10}) == 0.25); /* the smallest */
    assert_true(isnan(breakeven_share((const double[]){-100, -50, -1})));
}

/* Every effect of the dictionary is either set, or one that no lever works through alone. */
static void every_effect_is_placed(void **state)
{
    (void)state;
    static const wijk_parameter background[] = {
        WIJK_P_LOAD_NUISANCE,   WIJK_P_TIE_FULL,    WIJK_P_TIE_SPILL,
        WIJK_P_SEARCH_NUISANCE, WIJK_P_SOC_STRAIN,  WIJK_P_SOC_TIES,
        WIJK_P_ONV_NUISANCE,    WIJK_P_ONV_REPORTS, WIJK_P_ONV_RESTRUCTURED};
    wijk_dictionary *dictionary;
    fine(wijk_dictionary_open(&dictionary));
    double low[WIJK_PARAMETERS], high[WIJK_PARAMETERS];
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        double none;
        int strong_low, placed = breakeven_effect((wijk_parameter)i, &none, &strong_low);
        low[i] = row->low;
        high[i] = row->high;
        for (size_t k = 0; k < sizeof background / sizeof *background; k++) {
            placed += background[k] == (wijk_parameter)i;
        }
        if (placed != row->effect) {
            fail_msg("%s is an effect %d and placed %d times", row->name, row->effect, placed);
        }
    }
    wijk_parameters p = defaults(), q = defaults();
    breakeven_set(&p, low, high, 0);
    breakeven_set(&q, low, high, 1);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        double none;
        int strong_low;
        if (breakeven_effect((wijk_parameter)i, &none, &strong_low)) {
            assert_true(p.value[i] == none);
            assert_true(fabs(q.value[i] - (strong_low ? low[i] : high[i])) < 1e-12);
        } else {
            assert_true(p.value[i] == q.value[i]);
        }
    }
    wijk_dictionary_free(dictionary);
}

static const wijk_change both[] = {
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 5},
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_WIJKTEAM, 4},
};

static wijk_breakeven *reckon(const wijk_population *town, const wijk_change *changes, size_t n,
                              unsigned threads, const wijk_prices *prices)
{
    const wijk_scenario scenario = {changes, n};
    const wijk_ensemble_options o = {.seed = 5,
                                     .first = 1,
                                     .last = 6,
                                     .years = 2,
                                     .threads = threads,
                                     .place = "Stad",
                                     .region = "Stad",
                                     .title = {"beleid", "policy"},
                                     .scenario = "both",
                                     .lineage = "test"};
    wijk_breakeven *b;
    fine(breakeven_run(&b, town, &scenario, &o, prices, NULL, NULL));
    return b;
}

static const wijk_breakeven_row *find(const wijk_breakeven *b, wijk_lever lever, int purse)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->rows[i].lever == lever && b->rows[i].purse == purse) {
            return &b->rows[i];
        }
    }
    return NULL;
}

static void levers_of_a_town(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 3, 300, &p);
    wijk_prices *prices;
    fine(wijk_prices_open(&prices));
    wijk_breakeven *b = reckon(town, both, 2, 2, prices),
                   *one = reckon(town, both + 1, 1, 1, prices);
    static const wijk_lever levers[] = {WIJK_LEVERS, WIJK_LEVER_SOCIAL_MANAGEMENT,
                                        WIJK_LEVER_WIJKTEAM};
    for (int i = 0; i < 3; i++) {
        const wijk_breakeven_row *society = find(b, levers[i], -1);
        assert_non_null(society);
        assert_true(society->net[0] < 0); /* hours cost, and without effect nothing is saved */
        assert_true(fabs(society->net[2] - society->net[0]) > 1); /* more or less: doing nothing has
                                                                     the effects too */
        assert_true(society->even != WIJK_EVEN_ALWAYS);
        assert_true(society->even == WIJK_EVEN_AT ? society->share > 0 && society->share <= 1
                                                  : isnan(society->share));
        assert_true(society->reached >= 0 && society->reached <= 1);
        assert_true(society->same >= WIJK_BREAKEVEN_SURE || society->even == WIJK_EVEN_AT);
    }
    assert_int_equal(b->rows[0].lever, WIJK_LEVERS);
    assert_int_equal(b->rows[0].purse, -1);
    /* the lever by itself is the scenario of that lever */
    const wijk_breakeven_row *alone = find(b, WIJK_LEVER_WIJKTEAM, -1);
    const wijk_breakeven_row *only = find(one, WIJK_LEVERS, -1);
    assert_memory_equal(alone->net, only->net, sizeof alone->net);
    assert_null(find(one, WIJK_LEVER_WIJKTEAM, -1)); /* one lever is all of them */
    assert_int_equal(alone->what, WIJK_P_RELIEF_FORMAL);
    wijk_breakeven *again = reckon(town, both, 2, 3, prices);
    assert_int_equal(again->n, b->n);
    for (size_t i = 0; i < b->n; i++) {
        assert_memory_equal(again->rows[i].net, b->rows[i].net, sizeof b->rows[i].net);
        assert_true(again->rows[i].reached == b->rows[i].reached);
    }
    wijk_breakeven *none;
    const wijk_scenario idle = {NULL, 0};
    const wijk_ensemble_options o = {.first = 1, .last = 6, .years = 2};
    assert_int_equal(breakeven_run(&none, town, &idle, &o, prices, NULL, NULL), WIJK_EINVAL);
    wijk_breakeven_free(b);
    wijk_breakeven_free(one);
    wijk_breakeven_free(again);
    wijk_prices_free(prices);
    wijk_population_free(town);
}

/* Keeps every state as text, as a page does, and stops when told to. */
typedef struct {
    const wijk_prices *prices;
    wijk_str text;
    uint32_t calls, stop;
} keeper;

static int keep(void *payload, const wijk_breakeven *so_far)
{
    keeper *k = payload;
    k->calls++;
    assert_int_equal(so_far->sets, 3);
    wijk_str_clear(&k->text);
    wijk_breakeven_write(&k->text, so_far, k->prices);
    return so_far->done == k->stop ? wijk_fail(WIJK_ECANCEL, "Genoeg.", "Enough.") : WIJK_OK;
}

static void same_rows(const wijk_breakeven *a, const wijk_breakeven *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const wijk_breakeven_row *x = &a->rows[i], *y = &b->rows[i];
        const double left[] = {x->net[0], x->net[1],  x->net[2], x->share, x->low,
                               x->high,   x->reached, x->same,   x->at,    x->most};
        const double right[] = {y->net[0], y->net[1],  y->net[2], y->share, y->low,
                                y->high,   y->reached, y->same,   y->at,    y->most};
        assert_int_equal(x->lever, y->lever);
        assert_int_equal(x->purse, y->purse);
        assert_int_equal(x->even, y->even);
        assert_int_equal(x->what, y->what);
        for (size_t k = 0; k < sizeof left / sizeof *left; k++) {
            assert_true(left[k] == right[k] || (isnan(left[k]) && isnan(right[k])));
        }
    }
}

/* Stopped after any set and gone on with from its text: the same rows as in one go. */
static void goes_on_from_its_text(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 3, 300, &p);
    wijk_prices *prices;
    fine(wijk_prices_open(&prices));
    wijk_breakeven *whole = reckon(town, both, 2, 2, prices), *part, *on;
    const wijk_scenario scenario = {both, 2};
    wijk_ensemble_options o = {
        .seed = whole->seed, .first = 1, .last = whole->replicates, .years = whole->years};
    assert_int_equal(whole->sets, 3);
    assert_int_equal(whole->done, 3);
    for (uint32_t stop = 1; stop < 3; stop++) {
        keeper k = {.prices = prices, .text = WIJK_STR_INIT, .stop = stop};
        wijk_breakeven_work work = {.keep = keep, .payload = &k};
        assert_int_equal(breakeven_run(&part, town, &scenario, &o, prices, &work, NULL),
                         WIJK_ECANCEL);
        assert_int_equal(k.calls, stop);
        fine(wijk_breakeven_read(&part, k.text.data, k.text.size, prices, "test"));
        assert_int_equal(part->done, stop);
        work.done = part;
        k.stop = 0;
        fine(breakeven_run(&on, town, &scenario, &o, prices, &work, NULL));
        assert_int_equal(k.calls, 3);
        same_rows(on, whole);
        part->prices ^= 1; /* other prices are another question */
        wijk_breakeven *no;
        assert_int_equal(breakeven_run(&no, town, &scenario, &o, prices, &work, NULL), WIJK_EINVAL);
        wijk_breakeven_free(part);
        fine(wijk_breakeven_read(&part, k.text.data, k.text.size, prices, "test"));
        same_rows(part, whole);
        wijk_breakeven_free(part);
        wijk_breakeven_free(on);
        wijk_str_free(&k.text);
    }
    wijk_breakeven_free(whole);
    wijk_prices_free(prices);
    wijk_population_free(town);
}

static void damaged_text_is_refused(void **state)
{
    (void)state;
    static const char *const all[] = {
        "",
        "wijk breakeven 1 12 10 1 1 1 1",
        "wijk breakeven 2 12 10 1 1 1 1\nlever,purse,even\n",
        "wijk breakeven 1 12 10 1 2 1 1\nlever,purse,even\n",
        "wijk breakeven 1 12 10 1 -1 1 1\nlever,purse,even\n",
        "wijk breakeven 1 12 99 1 1 1 1\nlever,purse,even\n",
        "wijk breakeven 1 12 10 1 1 1 1 \nlever,purse,even\n",
        "wijk breakeven 1 12 10 1 1 1 1\nlever,purse,even,net_0,net_half,net_1,share,low,high,"
        "reached,same\nall,nobody,never,1,1,1,null,null,null,0,1\n",
        "wijk breakeven 1 12 10 1 1 1 1\nlever,purse,even,net_0,net_half,net_1,share,low,high,"
        "reached,same\nall,society,at,1,1,1,null,null,null,0,1\n",
        "wijk breakeven 1 12 10 1 1 1 1\nlever,purse,even,net_0,net_half,net_1,share,low,high,"
        "reached,same\nwijktaem,society,never,1,1,1,null,null,null,0,1\n"};
    wijk_prices *prices;
    wijk_breakeven *b;
    fine(wijk_prices_open(&prices));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(wijk_breakeven_read(&b, all[i], strlen(all[i]), prices, "test"),
                         WIJK_EFORMAT);
    }
    static const char good[] =
        "wijk breakeven 1 12 10 1 1 1 1\nlever,purse,even,net_0,net_half,net_1,share,low,high,"
        "reached,same\nall,society,at,-1,1,3,0.25,0.2,null,0.9,0.95\n";
    fine(wijk_breakeven_read(&b, good, strlen(good), prices, "test"));
    assert_int_equal(b->n, 1);
    assert_true(b->rows[0].share == 0.25 && isnan(b->rows[0].high));
    wijk_breakeven_free(b);
    wijk_prices_free(prices);
}

/* Runs at a set strength have another mark: they never merge with drawn ones. */
static void strengths_do_not_mix(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 2, 200, &p);
    const wijk_scenario scenario = {both, 2};
    const double none = 0;
    wijk_ensemble_options o = {.seed = 5, .first = 1, .last = 2, .years = 1, .threads = 1};
    wijk_ensemble *drawn, *set, *joined;
    fine(wijk_ensemble_run(&drawn, town, &scenario, &o, NULL));
    o.first = o.last = 3;
    o.effect = &none;
    fine(wijk_ensemble_run(&set, town, &scenario, &o, NULL));
    assert_int_equal(wijk_ensemble_merge(&joined, (const wijk_ensemble *const[]){drawn, set}, 2),
                     WIJK_EINVAL);
    wijk_ensemble_free(drawn);
    wijk_ensemble_free(set);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_between_nets),      cmocka_unit_test(every_effect_is_placed),
        cmocka_unit_test(levers_of_a_town),        cmocka_unit_test(goes_on_from_its_text),
        cmocka_unit_test(damaged_text_is_refused), cmocka_unit_test(strengths_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
