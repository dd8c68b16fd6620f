/* The three plans of the invented town, judged by the shipped verdict: one worked, one only seems
 * to, one cannot be known. The recipe says what is true: 0.12 from 2017 on in three buurten, and
 * nothing anywhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wijk/card.h"
#include "wijk/plan_figure.h"
#include "wijk/town.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[600];
static wijk_store *store;
static wijk_registry *registry;
static wijk_arena *arena;

static void remove_file(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[640];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        remove(name);
    }
}

static int set_up(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_TMP");
    snprintf(path, sizeof path, "%s/test_plan_town_%d.wijk", folder ? folder : "/tmp",
             (int)getpid());
    remove_file();
    int rc = wijk_town_create(path, NULL);
    rc = rc ? rc : wijk_plan_examples(path);
    rc = rc ? rc : wijk_store_open(&store, path, WIJK_STORE_WRITE);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    if (rc) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
    }
    return rc;
}

static int tear_down(void **state)
{
    (void)state;
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    remove_file();
    return 0;
}

static wijk_plan_judgement judged(const char *code)
{
    wijk_plan plan;
    wijk_plan_judgement it;
    assert_int_equal(wijk_plan_get(&plan, store, arena, code), 0);
    assert_true(plan.intact && plan.fictional);
    assert_int_equal(wijk_plan_judge(&it, store, registry, &plan, NULL), 0);
    return it;
}

static void one_worked(void **state)
{
    (void)state;
    wijk_plan_judgement it = judged("plan-1");
    assert_int_equal(it.verdict.kind, WIJK_BETTER);
    assert_true(it.verdict.low <= 0.12 && it.verdict.high >= 0.12);
    wijk_plan_judgement_free(&it);
}

static void one_only_seems_to(void **state)
{
    (void)state;
    wijk_plan_judgement it = judged("plan-2");
    assert_true(it.verdict.before_after > 0.10); /* what everybody sees … */
    assert_true(it.verdict.naive > 0.10);
    assert_int_equal(it.verdict.kind, WIJK_NO_DIFFERENCE); /* … and what it was */
    assert_true(it.verdict.low <= 0 && it.verdict.high >= 0);
    wijk_plan_judgement_free(&it);
}

static void one_cannot_be_known(void **state)
{
    (void)state;
    wijk_plan_judgement it = judged("plan-3");
    assert_int_equal(it.verdict.kind, WIJK_CANNOT_KNOW);
    assert_int_equal(it.verdict.why_not, WIJK_CANNOT_SMALL);
    wijk_plan_judgement_free(&it);
}

static void a_plan_is_found_by_its_area(void **state)
{
    (void)state;
    wijk_area area;
    wijk_plan *plans;
    size_t count;
    assert_int_equal(wijk_area_find(&area, store, arena, "BU99010205", 0), 0);
    assert_int_equal(wijk_plan_list_in(&plans, &count, store, arena, area.id), 0);
    assert_int_equal(count, 1);
    assert_string_equal(plans[0].code, "plan-2");
    assert_int_equal(wijk_area_find(&area, store, arena, "BU99010001", 0), 0);
    assert_int_equal(wijk_plan_list_in(&plans, &count, store, arena, area.id), 0);
    assert_int_equal(count, 0);
}

/* Before it is closed a plan is not judged, whatever the figures say. */
static void only_a_closed_plan_gets_a_verdict(void **state)
{
    (void)state;
    wijk_plan plan;
    wijk_plan_judgement it;
    assert_int_equal(wijk_plan_get(&plan, store, arena, "plan-1"), 0);
    for (int before = WIJK_PLAN_DRAFT; before < WIJK_PLAN_CLOSED; before++) {
        plan.state = (enum wijk_plan_state)before;
        assert_int_equal(wijk_plan_judge(&it, store, registry, &plan, NULL), WIJK_EINVAL);
        wijk_plan_judgement_free(&it);
    }
}

/* Another file reads the same numbers to the bit, and nothing but a closed plan yields a card. */
static void a_card_reads_back(void **state)
{
    (void)state;
    wijk_plan plan;
    wijk_card made, read;
    wijk_str text = WIJK_STR_INIT, again = WIJK_STR_INIT;
    assert_int_equal(wijk_plan_get(&plan, store, arena, "plan-1"), 0);
    assert_int_equal(wijk_card_make(&made, store, registry, arena, &plan, NULL), 0);
    assert_int_equal(wijk_card_write(&text, &made), 0);
    assert_int_equal(wijk_card_read(&read, arena, wijk_str_text(&text), text.size, "card"), 0);
    assert_string_equal(read.verdict, "better");
    assert_true(read.effect == made.effect && read.low == made.low && read.high == made.high);
    assert_true(read.areas == 3 && read.residents > 1500 && read.sealed_before == 0);
    assert_true(read.purse_count == made.purse_count && read.purse_count > 3);
    double sum = 0;
    for (size_t i = 0; i < read.purse_count; i++) {
        assert_true(read.purses[i].net == made.purses[i].net);
        sum += strcmp(read.purses[i].code, "society") ? read.purses[i].net : -read.purses[i].net;
    }
    assert_true(fabs(sum) < 0.005); /* purses add up to society */
    assert_true(read.source_count >= 1 && strlen(read.sources[0].sha256) == 64);
    assert_null(strstr(wijk_str_text(&text), "Sweelinckhoogte"));
    assert_int_equal(wijk_card_write(&again, &read), 0);
    assert_string_equal(wijk_str_text(&again), wijk_str_text(&text));
    wijk_str_free(&text);
    wijk_str_free(&again);
    plan.state = WIJK_PLAN_RUNNING;
    assert_int_equal(wijk_card_make(&made, store, registry, arena, &plan, NULL), WIJK_EDENIED);
}

/* Long texts flow over sheets; more than the sheets hold is refused, not cut. */
static void a_plan_fits_on_paper(void **state)
{
    (void)state;
    wijk_plan plan;
    wijk_str pdf = WIJK_STR_INIT;
    const wijk_plan_paper paper = {.why_not = "not yet"};
    assert_int_equal(wijk_plan_get(&plan, store, arena, "plan-3"), 0);
    assert_int_equal(wijk_plan_pdf(&pdf, WIJK_EN, registry, &plan, &paper, NULL), 0);
    size_t small = pdf.size;
    assert_memory_equal(wijk_str_text(&pdf), "%PDF-", 5);
    wijk_str_clear(&pdf);
    wijk_amendment many[500];
    for (size_t i = 0; i < 500; i++) {
        many[i] = (wijk_amendment){.field = WIJK_PLAN_AIM,
                                   .from = "a",
                                   .to = "b",
                                   .at = "2026",
                                   .signed_by = "gemeente",
                                   .reason = "because"};
    }
    plan.amendments = many;
    plan.amendment_count = 60;
    assert_int_equal(wijk_plan_pdf(&pdf, WIJK_NL, registry, &plan, &paper, NULL), 0);
    assert_true(pdf.size > small);
    wijk_str_clear(&pdf);
    plan.amendment_count = 500;
    assert_int_equal(wijk_plan_pdf(&pdf, WIJK_NL, registry, &plan, &paper, NULL), WIJK_ELIMIT);
    wijk_str_free(&pdf);
}

/* What the model knows is data: every row makes a scenario that can be read, the words of the three
 * plans point where their recipe says, and an approach that is not there is refused. */
static void the_model_knows_some_approaches(void **state)
{
    (void)state;
    static const struct {
        const char *plan, *lever, *suggested;
    } rows[] = {{"plan-1", "social_management", "social_management"},
                {"plan-2", "none", NULL},
                {"plan-3", "community_work", "community_work"}};
    const wijk_approach *all;
    size_t count;
    wijk_plan plan;
    assert_int_equal(wijk_approaches(&all, &count, arena), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(wijk_plan_get(&plan, store, arena, rows[i].plan), 0);
        const wijk_approach *like =
            wijk_approach_suggest(all, count, plan.value[WIJK_PLAN_APPROACH]);
        assert_string_equal(plan.value[WIJK_PLAN_LEVER], rows[i].lever);
        assert_string_equal(like ? like->code : "", rows[i].suggested ? rows[i].suggested : "");
        assert_true((wijk_approach_find(all, count, rows[i].lever) != NULL) ==
                    (rows[i].suggested != NULL));
    }
    for (size_t i = 0; i < count; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_scenario_file *file = NULL;
        uint32_t years;
        assert_int_equal(wijk_plan_scenario(&text, &years, &plan, &all[i]), 0);
        if (wijk_scenario_read(&file, wijk_str_text(&text), text.size, all[i].code)) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        assert_int_equal(wijk_scenario_years(file), (int)years);
        assert_int_equal(years, 5); /* 2019 to 2023, from when it was written down */
        assert_int_equal(wijk_scenario_start(file) / 12, atoi(plan.created_at));
        wijk_scenario_free(file);
        wijk_str_free(&text);
    }
    assert_int_equal(
        wijk_plan_amend(store, registry, plan.id, WIJK_PLAN_LEVER, "magie", "wie", "x"),
        WIJK_EINVAL);
}

/* Asked once, found again; another approach is another request. */
static void what_was_asked_is_found(void **state)
{
    (void)state;
    const wijk_approach *all;
    size_t count;
    wijk_plan plan;
    wijk_ask ask;
    wijk_forecast asked, found;
    wijk_plan_outlook words;
    assert_int_equal(wijk_approaches(&all, &count, arena), 0);
    assert_int_equal(wijk_plan_get(&plan, store, arena, "plan-3"), 0);
    assert_int_equal(wijk_plan_ask(&ask, arena, &plan, &all[0], 0), 0);
    assert_int_equal(wijk_plan_forecast(&found, store, registry, arena, &ask), 0);
    assert_int_equal(found.id, 0);
    wijk_plan_outlook_say(&words, arena, WIJK_EN, &plan.areas[0], &found, NULL);
    assert_non_null(strstr(words.state, "not computed yet"));
    assert_int_equal(wijk_forecast_ask(&asked, store, registry, arena, &ask), 0);
    assert_int_equal(wijk_plan_forecast(&found, store, registry, arena, &ask), 0);
    assert_true(found.id == asked.id && found.id > 0);
    wijk_plan_outlook_say(&words, arena, WIJK_EN, &plan.areas[0], &found, NULL);
    assert_non_null(strstr(words.state, "0 of 40"));
    assert_int_equal(wijk_plan_ask(&ask, arena, &plan, &all[1], 0), 0);
    assert_int_equal(wijk_plan_forecast(&found, store, registry, arena, &ask), 0);
    assert_int_equal(found.id, 0);
    plan.areas[0].level = WIJK_PC4;
    assert_int_equal(wijk_plan_ask(&ask, arena, &plan, &all[1], 0), WIJK_EINVAL);
}

static void bad_cards_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"format\": \"something\"}",
        "{\"format\": \"wijk-card-1\"",
        "{\"format\": \"wijk-card-1\"} more",
        "{\"format\": \"wijk-card-1\", \"effect\": \"much\"}",
        "{\"format\": \"wijk-card-1\", \"purses\": [], \"purses\": []}"};
    wijk_card card;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(wijk_card_read(&card, arena, bad[i], strlen(bad[i]), "card") < 0);
    }
    char *large = calloc(1, WIJK_CARD_MOST + 1);
    assert_int_equal(wijk_card_read(&card, arena, large, WIJK_CARD_MOST + 1, "card"), WIJK_ELIMIT);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_worked),
        cmocka_unit_test(one_only_seems_to),
        cmocka_unit_test(one_cannot_be_known),
        cmocka_unit_test(a_plan_is_found_by_its_area),
        cmocka_unit_test(only_a_closed_plan_gets_a_verdict),
        cmocka_unit_test(a_card_reads_back),
        cmocka_unit_test(a_plan_fits_on_paper),
        cmocka_unit_test(the_model_knows_some_approaches),
        cmocka_unit_test(what_was_asked_is_found),
        cmocka_unit_test(bad_cards_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
