/* Plans: three fields to begin, one way through the states, a design that cannot be changed
 * afterwards, and a verdict only while nothing was changed behind the program's back. */
#include "facts_fixture.h"

#include "wijk/plan.h"
#include "wijk/rng.h"

enum { AREAS = 60, WAVES = 7 };

static country c;
static int64_t area[AREAS], other_level;

static int setup(void **state)
{
    (void)state;
    country_open(&c, "plan.wijk");
    int64_t load = add_load(&c, "published", 90);
    int64_t gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    other_level = add_area(&c, WIJK_WIJK, "WK000101", 2024, "Wijk", gemeente);
    for (uint32_t i = 0; i < AREAS; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001%04u", i);
        area[i] = add_area(&c, WIJK_BUURT, code, 2024, code, gemeente);
        for (uint32_t t = 0; t < WAVES; t++) {
            double noise = wijk_rng_normal((wijk_draw){.seed = 2, .place = i, .time = t});
            double y = 0.01 * i + 0.03 * noise + (i < 2 && t >= 4 ? 0.5 : 0);
            add_cell(&c, area[i], id_of(&c, "lbm3_afw"), 2008 + 2 * (int)t, load, y, 0.01, 0);
        }
        add_cell(&c, area[i], id_of(&c, "population"), 2020, load, 2000 + i, 2.5, 0);
    }
    derive(&c);
    refresh(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static wijk_plan get(int64_t id)
{
    char code[32];
    wijk_plan plan;
    snprintf(code, sizeof code, "plan-%d", (int)id);
    must(wijk_plan_get(&plan, c.store, c.arena, code));
    return plan;
}

/* A plan in areas 0 and 1 that can be frozen: began in 2016, chosen on 2014. */
static int64_t ready(void)
{
    int64_t id;
    must(wijk_plan_create(&id, c.store, c.registry, "Meer sociaal beheer", area[0], NULL));
    must(wijk_plan_add_area(c.store, id, area[1]));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_BEGINS, "2016"));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_SELECTED, "2014"));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0,05"));
    return id;
}

static void three_fields_are_enough_to_begin(void **state)
{
    (void)state;
    int64_t id;
    must(wijk_plan_create(&id, c.store, c.registry, "Koffie", area[3], "lbm3_afw"));
    wijk_plan plan = get(id);
    assert_string_equal(plan.value[WIJK_PLAN_TITLE], "Koffie");
    assert_string_equal(plan.value[WIJK_PLAN_INDICATOR], "lbm3_afw");
    assert_int_equal(plan.state, WIJK_PLAN_DRAFT);
    assert_int_equal(plan.area_count, 1);
    assert_true(plan.areas[0].id == area[3] && plan.intact);
    assert_string_equal(plan.frozen_at, "");
    wijk_plan *list;
    size_t count;
    must(wijk_plan_list(&list, &count, c.store, c.arena));
    assert_int_equal(count, 1);
    must(wijk_plan_withdraw(c.store, id));
    must(wijk_plan_list(&list, &count, c.store, c.arena));
    assert_int_equal(count, 0);
    assert_int_equal(wijk_plan_create(&id, c.store, c.registry, "", area[3], NULL), WIJK_EINVAL);
    assert_int_equal(wijk_plan_create(&id, c.store, c.registry, "x", 99999, NULL), WIJK_ENOTFOUND);
    assert_int_equal(wijk_plan_create(&id, c.store, c.registry, "x", area[3], "geluk"),
                     WIJK_EINVAL);
}

static void fields_are_checked(void **state)
{
    (void)state;
    int64_t id = ready();
    static const struct {
        enum wijk_plan_field field;
        const char *value;
    } wrong[] = {{WIJK_PLAN_BEGINS, "soon"},    {WIJK_PLAN_BEGINS, "1066"},
                 {WIJK_PLAN_MATTERS, "0"},      {WIJK_PLAN_MATTERS, "-0.1"},
                 {WIJK_PLAN_TITLE, ""},         {WIJK_PLAN_INDICATOR, "happiness"},
                 {WIJK_PLAN_ACCOUNT, "rubbish"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(wijk_plan_set(c.store, c.registry, id, wrong[i].field, wrong[i].value) < 0);
    }
    assert_int_equal(wijk_plan_add_area(c.store, id, other_level), WIJK_EINVAL);
    must(wijk_plan_drop_area(c.store, id, area[1]));
    must(wijk_plan_drop_area(c.store, id, area[0])); /* the last one stays */
    assert_int_equal(get(id).area_count, 1);
}

static void freezing_asks_what_is_missing_and_then_holds(void **state)
{
    (void)state;
    int64_t id;
    must(wijk_plan_create(&id, c.store, c.registry, "Half", area[5], NULL));
    assert_int_equal(wijk_plan_freeze(c.store, id), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_NL), "Begint in, Kleinste verschil dat ertoe doet"));
    assert_non_null(strstr(wijk_error(WIJK_EN), "Begins in, Smallest difference that matters"));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_BEGINS, "2016"));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0.05"));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_ENDS, "2012"));
    assert_int_equal(wijk_plan_freeze(c.store, id), WIJK_EINVAL);
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_ENDS, ""));
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_SELECTED, "2016"));
    assert_int_equal(wijk_plan_freeze(c.store, id), WIJK_EINVAL);
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_SELECTED, "2014"));
    assert_int_equal(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_RUNNING), WIJK_EINVAL);
    must(wijk_plan_freeze(c.store, id));
    assert_int_equal(get(id).state, WIJK_PLAN_FROZEN);
    assert_true(get(id).intact && *get(id).frozen_at);

    assert_int_equal(wijk_plan_freeze(c.store, id), WIJK_EDENIED);
    assert_int_equal(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0.01"),
                     WIJK_EDENIED);
    assert_int_equal(wijk_plan_add_area(c.store, id, area[6]), WIJK_EDENIED);
    assert_int_equal(wijk_plan_drop_area(c.store, id, area[5]), WIJK_EDENIED);
    assert_int_equal(wijk_plan_withdraw(c.store, id), WIJK_EDENIED);
    must(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_RUNNING));
    assert_int_equal(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_FROZEN), WIJK_EINVAL);
    must(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_CLOSED));
    assert_int_equal(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_RUNNING), WIJK_EINVAL);
}

/* An amendment is shown beside what was frozen, and the verdict goes by what was frozen. */
static void amendments_have_a_name_and_change_no_design(void **state)
{
    (void)state;
    int64_t id = ready();
    assert_int_equal(
        wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_AIM, "a", "Zayaz", "because"),
        WIJK_EINVAL); /* a draft */
    must(wijk_plan_freeze(c.store, id));
    assert_int_equal(wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0.2", "", "why"),
                     WIJK_EINVAL);
    assert_int_equal(wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0.2", "who", ""),
                     WIJK_EINVAL);
    must(wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_MATTERS, "0.9", "gemeente",
                         "we hope for more"));
    wijk_plan plan = get(id);
    assert_int_equal(plan.amendment_count, 1);
    assert_string_equal(plan.amendments[0].from, "0,05");
    assert_string_equal(plan.amendments[0].to, "0.9");
    assert_string_equal(plan.amendments[0].signed_by, "gemeente");
    assert_string_equal(plan.value[WIJK_PLAN_MATTERS], "0.9");
    assert_string_equal(plan.design[WIJK_PLAN_MATTERS], "0,05");
    assert_true(plan.intact);
    wijk_panel_data data;
    wijk_design design;
    must(wijk_plan_panel(&data, &design, c.store, c.registry, &plan));
    assert_true(design.matters == 0.05);
    wijk_panel_free(&data);
}

static void what_happened_is_found(void **state)
{
    (void)state;
    int64_t id = ready(), rival;
    must(wijk_plan_create(&rival, c.store, c.registry, "Ander plan", area[4], NULL));
    must(wijk_plan_add_area(c.store, rival, area[0]));
    must(wijk_plan_set(c.store, c.registry, rival, WIJK_PLAN_BEGINS, "2018"));
    must(wijk_plan_set(c.store, c.registry, rival, WIJK_PLAN_MATTERS, "0.1"));
    must(wijk_plan_freeze(c.store, id));
    assert_int_equal(get(id).overlap_count, 0); /* the rival is a draft */
    must(wijk_plan_freeze(c.store, rival));
    wijk_plan plan = get(id);
    assert_int_equal(plan.overlap_count, 1);
    double detectable;
    must(wijk_plan_power(&detectable, c.store, c.registry, &plan, NULL));
    assert_true(detectable > 0.01 && detectable < 0.5);
    wijk_panel_data data;
    wijk_design design;
    wijk_verdict verdict;
    must(wijk_plan_panel(&data, &design, c.store, c.registry, &plan));
    assert_int_equal(data.panel.year[design.selection], 2014);
    assert_int_equal(data.start[0], 4);
    assert_int_equal(data.exclude[4], 1); /* another plan's area is no comparison */
    must(wijk_verdict_reach(&verdict, &data.panel, &design, NULL));
    assert_int_equal(verdict.kind, WIJK_BETTER);
    assert_true(fabs(verdict.effect - 0.5) < 0.1);
    wijk_verdict_free(&verdict);
    wijk_panel_free(&data);
}

static void run(const char *sql)
{
    wijk_stmt *stmt = strstr(sql, "value")    ? wijk_store_sql(c.store, "UPDATE plan_entry SET "
                                                                           "value='0.5' WHERE "
                                                                           "field='matters'")
                      : strstr(sql, "area")   ? wijk_store_sql(c.store, "UPDATE plan_area SET "
                                                                          "area_id=area_id+9 WHERE "
                                                                          "area_id%2=0")
                      : strstr(sql, "reason") ? wijk_store_sql(c.store, "UPDATE plan_entry SET "
                                                                        "reason='x' WHERE amends=1")
                                              : wijk_store_sql(c.store, "UPDATE plan SET "
                                                                        "seal='00'");
    must(wijk_run(stmt));
}

/* Each in a file of its own: a value, an area, an amendment's reason, the seal. */
static void a_change_behind_our_back_is_seen(void **state)
{
    (void)state;
    static const char *const what[] = {"value", "area", "reason", "seal"};
    for (size_t i = 0; i < 4; i++) {
        teardown(state);
        setup(state);
        int64_t id = ready();
        must(wijk_plan_freeze(c.store, id));
        must(wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_AIM, "more", "corporatie", "why"));
        wijk_plan plan = get(id);
        assert_true(plan.intact);
        run(what[i]);
        plan = get(id);
        if (plan.intact) {
            fail_msg("a changed %s is not seen", what[i]);
        }
        wijk_panel_data data;
        wijk_design design;
        assert_int_equal(wijk_plan_panel(&data, &design, c.store, c.registry, &plan), WIJK_EDENIED);
        wijk_panel_free(&data);
    }
}

static wijk_verdict judged(int64_t id)
{
    wijk_plan plan = get(id);
    wijk_plan_judgement it;
    must(wijk_plan_judge(&it, c.store, c.registry, &plan, NULL));
    wijk_verdict verdict = it.verdict;
    wijk_plan_judgement_free(&it);
    return verdict; /* its arrays are gone, its numbers stay */
}

/* What is measured after closing changes nothing, and nobody sees a verdict before. */
static void the_verdict_goes_by_what_there_was_at_closing(void **state)
{
    (void)state;
    int64_t id = ready();
    must(wijk_plan_freeze(c.store, id));
    for (int to = WIJK_PLAN_RUNNING; to <= WIJK_PLAN_CLOSED; to++) {
        wijk_plan plan = get(id);
        wijk_plan_judgement it;
        assert_int_equal(wijk_plan_judge(&it, c.store, c.registry, &plan, NULL), WIJK_EINVAL);
        wijk_plan_judgement_free(&it);
        assert_string_equal(plan.closed_at, "");
        must(wijk_plan_advance(c.store, c.registry, id, (enum wijk_plan_state)to));
    }
    wijk_plan plan = get(id);
    assert_string_equal(plan.last_wave, "2020");
    assert_true(plan.intact && *plan.closed_at && !wijk_plan_closed_early(&plan));
    wijk_verdict before = judged(id);
    assert_int_equal(before.kind, WIJK_BETTER);
    assert_int_equal(before.post, 3);
    int64_t load = add_load(&c, "published", 91);
    for (int i = 0; i < AREAS; i++) { /* the treated collapse in 2022 */
        add_cell(&c, area[i], id_of(&c, "lbm3_afw"), 2022, load, i < 2 ? -9 : 0.01 * i, 0.01, 0);
    }
    derive(&c);
    refresh(&c);
    wijk_verdict after = judged(id);
    assert_int_equal(after.kind, before.kind);
    assert_int_equal(after.post, 3);
    assert_true(after.effect == before.effect && after.low == before.low);
    must(wijk_run(wijk_store_sql(c.store, "UPDATE plan SET state=2")));
    assert_false(get(id).intact); /* reopened behind our back */
}

static void closing_before_the_agreed_end_is_said(void **state)
{
    (void)state;
    int64_t id = ready();
    must(wijk_plan_set(c.store, c.registry, id, WIJK_PLAN_ENDS, "2099"));
    must(wijk_plan_freeze(c.store, id));
    must(wijk_plan_amend(c.store, c.registry, id, WIJK_PLAN_ENDS, "2018", "gemeente", "enough"));
    must(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_RUNNING));
    must(wijk_plan_advance(c.store, c.registry, id, WIJK_PLAN_CLOSED));
    wijk_plan plan = get(id);
    assert_true(wijk_plan_closed_early(&plan));
}

static void there_is_no_such_plan(void **state)
{
    (void)state;
    wijk_plan plan;
    assert_int_equal(wijk_plan_get(&plan, c.store, c.arena, "plan-77"), WIJK_ENOTFOUND);
    assert_int_equal(wijk_plan_freeze(c.store, 77), WIJK_ENOTFOUND);
    assert_int_equal(wijk_plan_advance(c.store, c.registry, 77, WIJK_PLAN_RUNNING), WIJK_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_fields_are_enough_to_begin, setup, teardown),
        cmocka_unit_test_setup_teardown(fields_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(freezing_asks_what_is_missing_and_then_holds, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(amendments_have_a_name_and_change_no_design, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_happened_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_behind_our_back_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(the_verdict_goes_by_what_there_was_at_closing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(closing_before_the_agreed_end_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(there_is_no_such_plan, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
