/* Scenarios: what is shipped, what is refused and with which words, and that an editor's text is
 * the text. */
#include "wijk/scenario.h"

#include "wijk/err.h"
#include "wijk/lever.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static wijk_scenario_file *read_ok(const char *text)
{
    wijk_scenario_file *file;
    if (wijk_scenario_read(&file, text, strlen(text), "test")) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return file;
}

#define HEAD "wijk scenario 1\n"

/* The text is refused, with these words in both languages' message. */
static void refused(const char *text, int code, const char *where, const char *en, const char *nl)
{
    wijk_scenario_file *file;
    assert_int_equal(wijk_scenario_read(&file, text, strlen(text), "test"), code);
    assert_null(file);
    if (!strstr(wijk_error(WIJK_EN), en) || !strstr(wijk_error(WIJK_NL), nl) ||
        strncmp(wijk_error(WIJK_EN), where, strlen(where)) != 0) {
        fail_msg("%s\n%s", wijk_error(WIJK_EN), wijk_error(WIJK_NL));
    }
}

static void test_refusals(void **state)
{
    (void)state;
    const int form = WIJK_EFORMAT, value = WIJK_EINVAL;
    refused("", form, "test:1", "begins with the line", "begint met de regel");
    refused("2026-01 here passend 5\n", form, "test:1", "begins with", "begint met");
    refused("wijk scenario 2\n", form, "test:1", "newer release", "nieuwere uitgave");
    refused("wijk scenario 1 extra\n", form, "test:1", "first line", "eerste regel");
    refused(HEAD "\n2026-13 here passend 90\n", form, "test:3", "\"2026-13\" is no month",
            "geen maand");
    refused(HEAD "1066-10 here passend 90\n", form, "test:2", "no month", "geen maand");
    refused(HEAD "2026-01\n", form, "test:2", "comes a place", "hoort een plaats");
    refused(HEAD "2026-01 here\n", form, "test:2", "comes a lever", "hoort een knop");
    refused(HEAD "2026-01 here social_managment 2\n", form, "test:2", "social_management?",
            "social_management?");
    refused(HEAD "2026-01 here passend\n", form, "test:2", "comes a number", "hoort een getal");
    refused(HEAD "2026-01 here passend veel\n", form, "test:2", "\"veel\"", "\"veel\"");
    refused(HEAD "2026-01 here passend 101\n", value, "test:2", "choose 0 to 100 percent",
            "kies 0 tot 100 procent");
    refused(HEAD "2026-01 here residents_budget -5000\n", value, "test:2",
            "a budget cannot be below zero", "een budget kan niet onder nul");
    refused(HEAD "2026-01 here wijkteam -30\n", value, "test:2", "choose -20 to 20 fte",
            "kies -20 tot 20 fte");
    refused(HEAD "2026-01 here build_social -4\n", value, "test:2", "below zero", "onder nul");
    refused(HEAD "2026-01 here passend 90 euro\n", form, "test:2", "goes in \"percent\"",
            "gaat in \"procent\"");
    refused(HEAD "2026-01 \"Oud Zuid passend 90\n", form, "test:2", "quote", "aanhalingsteken");
    refused(HEAD "2026-01 here passend 90\n2026-01 HERE passend 80\n", form, "test:3",
            "contradicts line 2", "spreekt regel 2 tegen");
    refused(HEAD "title nl a\ntitle nl b\n", form, "test:3", "twice", "twee keer");
    refused(HEAD "title de a\n", form, "test:2", "title nl", "title nl");
    refused(HEAD "years 61\n", form, "test:2", "1 to 60 whole years", "1 tot 60 hele jaren");
    refused(HEAD "2026-01 here passend 90\n2026-01 hier passend 80\n", form, "test:3",
            "contradicts line 2", "spreekt regel 2 tegen");
    refused(HEAD "years 2.5\n", form, "test:2", "whole years", "hele jaren");
    refused(HEAD "start 2026\n", form, "test:2", "no month", "geen maand");
    refused(HEAD "years 5 6\n", form, "test:2", "does not belong", "hoort hier niet");
    refused(HEAD "policy good\n", form, "test:2", "\"policy\"", "\"policy\"");
    refused(HEAD "title nl a\vb\n", form, "test:2", "no text", "geen tekst");
}

static void test_reads_what_people_write(void **state)
{
    (void)state;
    wijk_scenario_file *file =
        read_ok("\xEF\xBB\xBFwijk scenario 1\r\n"
                "# a comment\r\n"
                "  2026-01  \"Oud Crooswijk\"  social_management  +1 fte per 1000   # why\r\n"
                "2027-06 BU03440131 free_room 7,5%\r\n"
                "2027-07 overal wijkteam -0.25\n"
                "2028-01 here build_social +40 homes");
    assert_int_equal(wijk_scenario_count(file), 4);
    const wijk_scenario_change *c = wijk_scenario_at(file, 0);
    assert_int_equal(c->month, 2026 * 12);
    assert_string_equal(c->place, "Oud Crooswijk");
    assert_int_equal(c->lever, WIJK_LEVER_SOCIAL_MANAGEMENT);
    assert_true(c->relative && c->value == 1);
    assert_string_equal(c->remark, "why");
    assert_int_equal(c->line, 3);
    c = wijk_scenario_at(file, 1);
    assert_true(!c->relative && c->value == 7.5);
    c = wijk_scenario_at(file, 2);
    assert_true(c->relative && c->value == -0.25);
    c = wijk_scenario_at(file, 3);
    assert_true(!c->relative && c->value == 40);
    assert_null(wijk_scenario_at(file, 4));
    assert_int_equal(wijk_scenario_start(file), 2026 * 12);
    assert_int_equal(wijk_scenario_years(file), 10);
    wijk_scenario_free(file);
}

/* From a word processor: its blanks, quotes and minus signs are those that people meant; what is
 * people's own text stays as it is. */
static void test_reads_what_is_pasted(void **state)
{
    (void)state;
    wijk_scenario_file *file =
        read_ok("\xEF\xBB\xBFwijk\xC2\xA0scenario 1\r\n"
                "title nl \xE2\x80\x9CSamen\xE2\x80\x9D \xE2\x80\x93 2026\r\n"
                "2026\xE2\x80\x91"
                "01\t\xE2\x80\x9COud\xC2\xA0"
                "Crooswijk\xE2\x80\x9D\xC2\xA0wijkteam \xE2\x88\x92"
                "0,5 # \xE2\x80\x9Cwhy\xE2\x80\x9D\r\n"
                "2027-01 overal passend \xE2\x80\x93"
                "5\r\n");
    assert_int_equal(wijk_scenario_count(file), 2);
    assert_string_equal(wijk_scenario_title(file, WIJK_NL),
                        "\xE2\x80\x9CSamen\xE2\x80\x9D \xE2\x80\x93 2026");
    const wijk_scenario_change *c = wijk_scenario_at(file, 0);
    assert_int_equal(c->month, 2026 * 12);
    assert_string_equal(c->place, "Oud Crooswijk");
    assert_true(c->relative && c->value == -0.5);
    assert_string_equal(c->remark, "\xE2\x80\x9Cwhy\xE2\x80\x9D");
    c = wijk_scenario_at(file, 1);
    assert_true(c->relative && c->value == -5);
    wijk_scenario_free(file);
}

/* A document or a program is refused once, and not line by line. */
static void test_other_files_are_no_text(void **state)
{
    (void)state;
    static const char other[] = "wijk scenario 1\n\0\n\0\n";
    wijk_scenario_file *file;
    wijk_mistakes found = {.arena = NULL};
    assert_int_equal(wijk_scenario_read_all(&file, &found, other, sizeof other - 1, "test"),
                     WIJK_EFORMAT);
    assert_null(file);
    assert_int_equal(found.n, 0);
    assert_non_null(strstr(wijk_error(WIJK_EN), "save it as plain text"));
    assert_non_null(strstr(wijk_error(WIJK_NL), "bewaar het als platte tekst"));
    assert_int_equal(wijk_scenario_read(&file, "", 0, "test"), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "a scenario begins with the line"));
}

/* Written again it is the same text, and a second time too. */
static void test_shipped_are_canonical(void **state)
{
    (void)state;
    char name[64];
    size_t n = 0;
    for (; wijk_scenario_shipped(name, sizeof name, n); n++) {
        wijk_scenario_file *file;
        wijk_str text = WIJK_STR_INIT;
        char path[128];
        size_t size;
        if (wijk_scenario_open(&file, name)) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        wijk_scenario_write(&text, file);
        snprintf(path, sizeof path, "data/scenarios/%s.scenario", name);
        const char *bytes = wijk_asset_get(path, &size);
        assert_int_equal(text.size, size);
        assert_memory_equal(text.data, bytes, size);
        assert_true(*wijk_scenario_title(file, WIJK_NL) && *wijk_scenario_about(file, WIJK_EN));
        assert_int_equal(wijk_scenario_start(file), 2026 * 12);
        wijk_str_free(&text);
        wijk_scenario_free(file);
    }
    assert_true(n >= 9);
    wijk_scenario_file *none;
    assert_int_equal(wijk_scenario_open(&none, "no-such"), WIJK_ENOTFOUND);
}

/* An editor makes the same text as a person. */
static void test_editor_writes_the_same(void **state)
{
    (void)state;
    static const char text[] = "wijk scenario 1\n"
                               "title nl Proef\n"
                               "about en Because\n"
                               "start 2026-01\n"
                               "years 4\n"
                               "2026-03 \"De Wijk\" passend 90 percent  # try\n"
                               "2027-01 here wijkteam +0.5 fte per 1000 households\n";
    wijk_scenario_file *file;
    wijk_str out = WIJK_STR_INIT;
    assert_int_equal(wijk_scenario_new(&file), WIJK_OK);
    wijk_scenario_change change = {.month = 2026 * 12 + 2,
                                   .place = "De Wijk",
                                   .lever = WIJK_LEVER_PASSEND,
                                   .value = 90,
                                   .remark = "try"};
    assert_int_equal(wijk_scenario_add(file, &change), WIJK_OK);
    assert_int_equal(wijk_scenario_add(file, &change), WIJK_EFORMAT); /* there already */
    assert_int_equal(wijk_scenario_set_span(file, 2026 * 12, 4), WIJK_OK);
    assert_int_equal(wijk_scenario_set_about(file, WIJK_EN, "Because"), WIJK_OK);
    assert_int_equal(wijk_scenario_set_title(file, WIJK_NL, "Proef"), WIJK_OK);
    assert_int_equal(wijk_scenario_set_title(file, WIJK_NL, "a\nb"), WIJK_EINVAL);
    assert_int_equal(wijk_scenario_set_span(file, 2026 * 12, 0), WIJK_EINVAL);
    wijk_scenario_change later = {.month = 2027 * 12,
                                  .place = "here",
                                  .lever = WIJK_LEVER_WIJKTEAM,
                                  .value = 0.5,
                                  .relative = 1};
    wijk_scenario_change wrong = {.month = 2027 * 12, .place = "here", .value = -1};
    assert_int_equal(wijk_scenario_add(file, &wrong), WIJK_EINVAL);
    assert_int_equal(wijk_scenario_add(file, &later), WIJK_OK);
    wijk_scenario_write(&out, file);
    assert_string_equal(wijk_str_text(&out), text);
    wijk_scenario_file *again = read_ok(wijk_str_text(&out));
    assert_int_equal(wijk_scenario_remove(again, 0), WIJK_OK);
    assert_int_equal(wijk_scenario_remove(again, 1), WIJK_EINVAL);
    assert_int_equal(wijk_scenario_count(again), 1);
    assert_int_equal(wijk_scenario_set_title(again, WIJK_NL, ""), WIJK_OK);
    assert_string_equal(wijk_scenario_title(again, WIJK_NL), "");
    wijk_str_free(&out);
    wijk_scenario_free(again);
    wijk_scenario_free(file);
}

/* A text holds six decimals: what is smaller is nothing, and nothing has no sign. */
static void test_small_numbers(void **state)
{
    (void)state;
    wijk_scenario_file *file = read_ok(HEAD "2026-01 here wijkteam -.00000001\n"
                                            "2026-02 here wijkteam +0.1234567\n");
    wijk_str out = WIJK_STR_INIT;
    wijk_scenario_write(&out, file);
    assert_string_equal(wijk_str_text(&out),
                        HEAD "2026-01 here wijkteam +0 fte per 1000 households\n"
                             "2026-02 here wijkteam +0.123457 fte per 1000 households\n");
    wijk_str_free(&out);
    wijk_scenario_free(file);
}

/* ---- in Dutch ----------------------------------------------------------------------------------
 */

/* Both languages of words, levers and units are read; the English ones are written. */
static void test_dutch_words_are_read(void **state)
{
    (void)state;
    wijk_scenario_file *file =
        read_ok(HEAD "titel nl Schulden eerst\n"
                     "Over nl Vroeg erbij\n"
                     "begin 2026-01\n"
                     "jaren 8\n"
                     "2026-01 hier Vroegsignalering 60%\n"
                     "2026-01 overal schuldhulpteam +1 fte per 1.000 huishoudens\n"
                     "2026-01 \"Oud Zuid\" sociaal-beheer 1,5 fte per 1.000 # waarom\n"
                     "2027-01 hier huisbezoeken 40 %\n"
                     "2027-02 hier visit_coverage 50 procent van de woningen per jaar\n");
    wijk_str text = WIJK_STR_INIT;
    wijk_scenario_write(&text, file);
    assert_string_equal(wijk_str_text(&text),
                        HEAD "title nl Schulden eerst\n"
                             "about nl Vroeg erbij\n"
                             "start 2026-01\n"
                             "years 8\n"
                             "2026-01 hier debt_signalling 60 percent of arrears a month\n"
                             "2026-01 overal debt_team +1 fte per 1000 households\n"
                             "2026-01 \"Oud Zuid\" social_management 1.5 fte per 1000 social "
                             "homes  # waarom\n"
                             "2027-01 hier visit_coverage 40 percent of homes a year\n"
                             "2027-02 hier visit_coverage 50 percent of homes a year\n");
    wijk_str_free(&text);
    wijk_scenario_free(file);
    refused(HEAD "titel nl a\ntitle nl b\n", WIJK_EFORMAT, "test:3", "twice", "twee keer");
    refused(HEAD "jaren 61\n", WIJK_EFORMAT, "test:2", "jaren 61", "jaren 61");
    refused(HEAD "2026-01 hier opbouwwerk 3 fte\n", WIJK_EFORMAT, "test:2",
            "goes in \"hours per 1000 homes a month\"", "gaat in \"uren per 1.000 woningen");
    refused(HEAD "2026-01 hier opbouwwerk 3 procent\n", WIJK_EFORMAT, "test:2", "goes in",
            "gaat in");
    refused(HEAD "2026-01 hier wijkteam 20,5\n", WIJK_EINVAL, "test:2", "wijkteam 20.5",
            "wijkteam 20,5");
}

/* No word means two levers, and each is found by either of its names. */
static void test_every_lever_has_two_names(void **state)
{
    (void)state;
    for (int i = 0; i < WIJK_LEVERS; i++) {
        const char *names[] = {wijk_lever_get((wijk_lever)i)->key, wijk_lever_dutch((wijk_lever)i)};
        assert_non_null(names[1]);
        for (int k = 0; k < 2; k++) {
            wijk_lever found = WIJK_LEVERS;
            assert_true(wijk_lever_named(names[k], &found));
            assert_int_equal(found, i);
        }
        assert_true(*wijk_lever_unit(WIJK_NL, (wijk_lever)i));
        assert_string_equal(wijk_lever_unit(WIJK_EN, (wijk_lever)i),
                            wijk_lever_get((wijk_lever)i)->unit);
    }
    wijk_lever none;
    assert_false(wijk_lever_named("", &none));
    assert_false(wijk_lever_named("schuldhulp", &none));
}

static void test_suggestions_are_about_the_word(void **state)
{
    (void)state;
    static const struct {
        const char *word, *nl, *en;
    } all[] = {
        {"schuldhulp", "bedoelt u vroegsignalering of schuldhulpteam?",
         "do you mean debt_signalling or debt_team?"},
        {"wijktaem", "bedoelt u wijkteam?", "do you mean wijkteam?"},
        {"sociaal_beheeer", "bedoelt u sociaal_beheer?", "do you mean social_management?"},
        {"nieuwbouw", "bouw_sociale_huur, bouw_koop, bouw_particuliere_huur of herstructurering?",
         "build_social, build_owner, build_private or restructure?"},
        {"huismeester", "bedoelt u sociaal_beheer?", "do you mean social_management?"},
        {"xyz", "zie de lijst van knoppen", "see the list of levers"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[100];
        snprintf(text, sizeof text, HEAD "2026-01 here %s 2\n", all[i].word);
        refused(text, WIJK_EFORMAT, "test:2", all[i].en, all[i].nl);
    }
}

/* ---- all at once ----------------------------------------------------------------------------- */

static wijk_mistakes find_all(const char *text)
{
    wijk_mistakes found = {.n = 0};
    wijk_scenario_file *file;
    wijk_scenario bound;
    assert_int_equal(wijk_arena_new(&found.arena, 0), WIJK_OK);
    assert_int_equal(wijk_scenario_read_all(&file, &found, text, strlen(text), "test"), WIJK_OK);
    const wijk_scenario_options look = {.first = -1, .found = &found};
    assert_int_equal(wijk_scenario_bind(&bound, file, &look), WIJK_OK);
    wijk_scenario_release(&bound);
    wijk_scenario_free(file);
    return found;
}

static void test_all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    static const struct {
        size_t line;
        const char *nl;
    } expected[] = {{3, "jaren 99"},    {4, "valt buiten"}, {5, "schuldhulpteam"},
                    {6, "geen maand"},  {7, "kan niet"},    {8, "dus dat wordt -2"},
                    {9, "niet in"},     {10, "bla"},        {12, "gezamenlijke taak"},
                    {14, "120 procent"}};
    wijk_mistakes found = find_all(HEAD "begin 2026-01\n"
                                        "jaren 99\n"
                                        "2025-01 hier wijkteam 2\n"
                                        "2026-01 hier schuldhulp +1\n"
                                        "2026-13 hier wijkteam 2\n"
                                        "2026-01 hier wijkteam 300\n"
                                        "2026-02 hier wijkteam -3\n"
                                        "2026-03 hier wijkteam 2 euro\n"
                                        "bla\n"
                                        "2026-04 hier wijkteam 2\n"
                                        "2026-06 hier common_task 4\n"
                                        "2026-07 hier label_older 60\n"
                                        "2026-07 hier label_jongeren 60\n");
    assert_int_equal(found.n, sizeof expected / sizeof *expected);
    assert_int_equal(found.more, 0);
    for (size_t i = 0; i < found.n; i++) {
        assert_int_equal(found.at[i].line, expected[i].line);
        if (!strstr(found.at[i].text[WIJK_NL], expected[i].nl)) {
            fail_msg("%zu: %s", found.at[i].line, found.at[i].text[WIJK_NL]);
        }
    }
    assert_int_equal(wijk_mistakes_fail(&found, "test"), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_NL), "10 regels kloppen niet"));
    assert_non_null(strstr(wijk_error(WIJK_EN), "test:14: "));
    wijk_arena_free(found.arena);
}

static void test_mistakes_have_a_ceiling(void **state)
{
    (void)state;
    char text[2000] = HEAD;
    for (int i = 0; i < WIJK_MISTAKES + 5; i++) {
        strcat(text, "2026-01 here nonsense 1\n");
    }
    wijk_mistakes found = find_all(text);
    assert_int_equal(found.n, WIJK_MISTAKES);
    assert_int_equal(found.more, 5);
    assert_int_equal(found.at[WIJK_MISTAKES - 1].line, WIJK_MISTAKES + 1);
    wijk_arena_free(found.arena);
    found = find_all(HEAD "2026-01 here wijkteam 2\n");
    assert_int_equal(found.n, 0);
    assert_int_equal(wijk_mistakes_fail(&found, "test"), WIJK_OK);
    wijk_arena_free(found.arena);
    /* A newer form is not read on: what it says means something else there. */
    wijk_scenario_file *file;
    assert_int_equal(wijk_arena_new(&found.arena, 0), WIJK_OK);
    assert_int_equal(wijk_scenario_read_all(&file, &found, "wijk scenario 2\nbla\n", 20, "test"),
                     WIJK_EFORMAT);
    assert_null(file);
    wijk_arena_free(found.arena);
}

/* ---- lines that cannot be together ----------------------------------------------------------- */

/* Refused by the text alone, at this line, with these words. */
static void cannot_be(const char *lines, const char *where, const char *en, const char *nl)
{
    char text[600];
    snprintf(text, sizeof text, HEAD "start 2026-01\nyears 10\n%s", lines);
    wijk_scenario_file *file = read_ok(text);
    assert_int_equal(wijk_scenario_check(file), WIJK_EINVAL);
    if (!strstr(wijk_error(WIJK_EN), en) || !strstr(wijk_error(WIJK_NL), nl) ||
        strncmp(wijk_error(WIJK_EN), where, strlen(where)) != 0 ||
        strncmp(wijk_error(WIJK_NL), where, strlen(where)) != 0) {
        fail_msg("%s\n%s", wijk_error(WIJK_EN), wijk_error(WIJK_NL));
    }
    wijk_scenario_free(file);
}

static void can_be(const char *lines)
{
    char text[600];
    snprintf(text, sizeof text, HEAD "start 2026-01\nyears 10\n%s", lines);
    wijk_scenario_file *file = read_ok(text);
    if (wijk_scenario_check(file)) {
        fail_msg("%s: %s", lines, wijk_error(WIJK_EN));
    }
    wijk_scenario_free(file);
}

static void test_what_cannot_be_together(void **state)
{
    (void)state;
    /* One label a home, whatever the order of lines and however wide the place. */
    cannot_be("2026-01 here label_older 60\n2026-01 here label_young 41\n",
              "test:5:", "label_older 60 + label_young 41 = 101 percent",
              "= 101 procent vanaf 2026-01");
    cannot_be("2026-01 BU1 label_young 41\n2026-01 everywhere label_older 60\n", "test:4:", "(BU1)",
              "verlaag er één");
    cannot_be("2026-01 BU1 label_young 41\n2027-02 overal label_older 60\n",
              "test:5:", "from 2027-02 (overal)", "vanaf 2027-02");
    cannot_be("2026-01 here magic_mix 50\n2026-02 here label_older 30\n2026-03 here label_young "
              "30\n",
              "test:6:", "magic_mix 50 + label_older 30 + label_young 30 = 110", "één bestemming");
    can_be("2026-01 here label_older 60\n2026-01 here label_young 40\n");
    can_be("2026-01 BU1 label_older 60\n2026-01 BU2 label_young 60\n");
    can_be(
        "2026-01 here label_older 60\n2027-01 here label_older 0\n2027-01 here label_young 60\n");
    can_be("2026-01 here local_priority 80\n2026-01 here lottery 80\n"); /* these may overlap */
    /* What is not named counts as it is now: one let in five is urgent. */
    cannot_be("2026-01 here newcomer_task 81\n", "test:4:", "newcomer_task 81 + urgency 20 = 101",
              "naar één van beide groepen");
    cannot_be("2026-01 here urgency +74\n", "test:4:", "newcomer_task 7 + urgency 94", "= 101");
    can_be("2026-01 here newcomer_task 80\n");
    can_be("2026-01 here newcomer_task 81\n2026-01 here urgency 19\n");
    /* Added to what holds. */
    cannot_be("2026-01 here residents_budget -50\n", "test:4:", "a budget cannot be below zero",
              "een budget kan niet onder nul");
    cannot_be("2026-01 here livability_cap 40\n2027-01 here livability_cap -41\n",
              "test:5:", "40 holds there then, so that becomes -1",
              "daar geldt dan 40, dus dat wordt -1");
    cannot_be("2026-01 here wijkteam 19\n2027-01 here wijkteam +1.5\n",
              "test:5:", "so that becomes 20.5; together it must be 0 to 20",
              "samen moet het 0 tot 20");
    cannot_be("2026-01 here passend -96\n", "test:4:", "95 holds there", "daar geldt dan 95");
    can_be("2026-01 BU1 wijkteam +19\n2027-01 BU2 wijkteam +19\n");
    /* A task without a block; months outside the years. */
    cannot_be("2026-01 here common_task 4\n", "test:4:", "also give magic_mix",
              "geef ook magic_mix");
    can_be("2026-01 BU1 common_task 4\n2026-01 GM1 streets 40\n");
    cannot_be("2025-12 here passend 90\n", "test:4:", "2025-12 (passend) is outside",
              "2025-12 (passend) valt buiten");
    cannot_be("2036-01 here passend 90\n", "test:4:", "from 2026-01 to 2035-12",
              "van 2026-01 tot en met 2035-12");
}

/* Every allocation of a check may fail, and then nothing is kept. */
static void test_check_runs_out_of_memory(void **state)
{
    (void)state;
    wijk_scenario_file *file = read_ok(HEAD "2026-01 here label_older 60\n"
                                            "2026-01 BU1 label_young 20\n"
                                            "2026-01 everywhere wijkteam +1\n");
    int rc = WIJK_ENOMEM;
    long n = 1;
    for (; rc; n++) {
        wijk_alloc_fail_at(n, 0);
        rc = wijk_scenario_check(file);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_OK || rc == WIJK_ENOMEM);
    }
    assert_true(n > 4);
    wijk_scenario_free(file);
}

/* ---- on a population ---------------------------------------------------------------------- */

static wijk_population *sample(void)
{
    wijk_population *population;
    wijk_parameters parameters;
    assert_int_equal(wijk_parameters_default(&parameters), WIJK_OK);
    assert_int_equal(wijk_population_sample(&population, 2, 3, 64, &parameters, 1), WIJK_OK);
    return population;
}

static void test_binds_in_order_of_time(void **state)
{
    (void)state;
    wijk_population *population = sample();
    const char *area = wijk_population_area(population, 1)->code;
    char text[400];
    snprintf(text, sizeof text,
             HEAD "start 2026-01\n"
                  "2027-01 %s wijkteam +1\n"
                  "2026-01 everywhere wijkteam 3\n"
                  "2028-01 everywhere wijkteam +1\n",
             area);
    wijk_scenario_file *file = read_ok(text);
    wijk_scenario_options options = {.population = population, .first = -1};
    wijk_scenario bound;
    if (wijk_scenario_bind(&bound, file, &options)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(bound.n, 3);
    assert_int_equal(bound.changes[0].month, 0);
    assert_int_equal(bound.changes[0].scope, WIJK_EVERYWHERE);
    assert_true(bound.changes[0].value == 3);
    assert_int_equal(bound.changes[1].month, 12);
    assert_int_equal(bound.changes[1].scope, WIJK_IN_AREA);
    assert_int_equal(bound.changes[1].place, 1);
    assert_true(bound.changes[1].value == 4);
    assert_true(bound.changes[2].value == 4); /* of everywhere, not of that area */
    wijk_scenario_release(&bound);
    options.first = 2026 * 12 + 6;
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "before the beginning"));
    wijk_scenario_free(file);
    wijk_population_free(population);
}

static void test_places_and_sums_are_checked(void **state)
{
    (void)state;
    wijk_population *population = sample();
    wijk_scenario_options options = {
        .population = population, .first = -1, .here = wijk_population_area(population, 2)->code};
    wijk_scenario bound;
    wijk_scenario_file *file = read_ok(HEAD "2026-01 Nergenshuizen passend 5\n");
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Nergenshuizen"));
    wijk_scenario_free(file);
    file = read_ok(HEAD "2026-01 here passend -96\n");
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_EINVAL);
    wijk_scenario_free(file);
    file = read_ok(HEAD "2026-01 here build_social 12\n");
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_OK);
    assert_int_equal(bound.changes[0].place, 2);
    wijk_scenario_release(&bound);
    wijk_scenario_free(file);
    wijk_population_free(population);
}

/* The narrower place comes later, wherever its line stands; a code and a name of one place, or a
 * place and "here", contradict each other. */
static void test_narrow_places_win(void **state)
{
    (void)state;
    wijk_population *population = sample();
    const char *area = wijk_population_area(population, 1)->code;
    char text[400];
    snprintf(text, sizeof text, HEAD "2026-01 %s wijkteam +1\n2026-01 everywhere wijkteam 3\n",
             area);
    wijk_scenario_file *file = read_ok(text);
    wijk_scenario_options options = {.population = population, .first = -1};
    wijk_scenario bound;
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_OK);
    assert_int_equal(bound.n, 2);
    assert_int_equal(bound.changes[0].scope, WIJK_EVERYWHERE);
    assert_int_equal(bound.changes[1].scope, WIJK_IN_AREA);
    assert_true(bound.changes[1].value == 4);
    wijk_scenario_release(&bound);
    wijk_scenario_free(file);
    snprintf(text, sizeof text, HEAD "2026-01 here wijkteam 2\n2026-01 %s wijkteam 3\n", area);
    file = read_ok(text);
    assert_int_equal(wijk_scenario_check(file), WIJK_OK); /* only binding knows */
    options.here = area;
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "test:3: contradicts line 2"));
    wijk_scenario_free(file);
    /* A region and an area in it: known on a population only. */
    snprintf(text, sizeof text, HEAD "2026-01 %s label_young 60\n2026-01 GM0000 label_older 60\n",
             area);
    file = read_ok(text);
    assert_int_equal(wijk_scenario_check(file), WIJK_OK);
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "test:2: label_older 60 + label_young 60"));
    wijk_scenario_free(file);
    wijk_population_free(population);
}

/* Refused when bound, with the line and these words. */
static void not_bound(const char *text, const wijk_population *population, const char *where,
                      const char *en, const char *nl)
{
    wijk_scenario bound;
    wijk_scenario_file *file = read_ok(text);
    const wijk_scenario_options options = {.population = population, .first = -1};
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_EINVAL);
    if (!strstr(wijk_error(WIJK_EN), en) || !strstr(wijk_error(WIJK_NL), nl) ||
        !strstr(wijk_error(WIJK_EN), where)) {
        fail_msg("%s\n%s", wijk_error(WIJK_EN), wijk_error(WIJK_NL));
    }
    wijk_scenario_free(file);
}

/* What could never do anything is told, not run in silence. */
static void test_what_does_nothing_is_refused(void **state)
{
    (void)state;
    wijk_population *two = sample(), *one;
    wijk_parameters parameters;
    assert_int_equal(wijk_parameters_default(&parameters), WIJK_OK);
    assert_int_equal(wijk_population_sample(&one, 1, 3, 64, &parameters, 1), WIJK_OK);
    const char *task = HEAD "start 2026-01\n2026-01 everywhere common_task 4\n";
    not_bound(task, two, "test:3", "common task is for mixed blocks", "gemengde blokken");
    char text[400];
    snprintf(text, sizeof text, HEAD "2026-01 %s common_task 4\n2026-01 %s streets 20\n",
             wijk_population_area(two, 0)->code, wijk_population_area(two, 1)->code);
    not_bound(text, two, "test:2", "common_task", "common_task"); /* streets of another area */
    not_bound(HEAD "2026-01 everywhere regional_market 20\n", one, "test:2", "one gemeente",
              "één gemeente");
    wijk_scenario bound;
    wijk_scenario_options options = {.population = two, .first = -1};
    wijk_scenario_file *file = read_ok(HEAD "2026-01 everywhere regional_market 20\n"
                                            "2026-01 everywhere common_task 4\n"
                                            "2027-01 everywhere magic_mix 10\n");
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_OK);
    assert_int_equal(bound.n, 3);
    wijk_scenario_release(&bound);
    wijk_scenario_free(file);
    wijk_population_free(one);
    wijk_population_free(two);
}

/* Outside its own span a line is refused by number, month and lever; a shorter run leaves out what
 * begins after it. */
static void test_lines_lie_within_the_span(void **state)
{
    (void)state;
    wijk_population *population = sample();
    static const char *const outside[] = {
        HEAD "start 2026-01\nyears 10\n\n2090-01 everywhere passend 90\n",
        HEAD "start 2026-01\nyears 10\n\n2020-12 everywhere passend 90\n",
        HEAD "start 2026-01\nyears 1\n\n2027-01 everywhere passend 90\n"};
    static const char *const months[] = {"2090-01", "2020-12", "2027-01"};
    for (size_t i = 0; i < 3; i++) {
        wijk_scenario_file *file = read_ok(outside[i]);
        assert_int_equal(wijk_scenario_check(file), WIJK_EINVAL);
        for (int lang = 0; lang < 2; lang++) {
            const char *said = wijk_error((wijk_lang)lang);
            assert_non_null(strstr(said, "test:5"));
            assert_non_null(strstr(said, months[i]));
            assert_non_null(strstr(said, "(passend)"));
        }
        wijk_scenario_free(file);
        not_bound(outside[i], population, "test:5", months[i], months[i]);
    }
    wijk_scenario bound;
    wijk_scenario_file *file = read_ok(HEAD "start 2026-01\nyears 3\n"
                                            "2028-01 everywhere passend 80\n"
                                            "2026-01 everywhere passend 90\n");
    wijk_scenario_options options = {.population = population, .first = -1, .months = 24};
    assert_int_equal(wijk_scenario_bind(&bound, file, &options), WIJK_OK);
    assert_int_equal(bound.n, 1);
    assert_true(bound.changes[0].value == 90);
    wijk_scenario_release(&bound);
    wijk_scenario_free(file);
    wijk_population_free(population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_reads_what_people_write),
        cmocka_unit_test(test_reads_what_is_pasted),
        cmocka_unit_test(test_other_files_are_no_text),
        cmocka_unit_test(test_shipped_are_canonical),
        cmocka_unit_test(test_editor_writes_the_same),
        cmocka_unit_test(test_small_numbers),
        cmocka_unit_test(test_dutch_words_are_read),
        cmocka_unit_test(test_every_lever_has_two_names),
        cmocka_unit_test(test_suggestions_are_about_the_word),
        cmocka_unit_test(test_all_mistakes_are_told_at_once),
        cmocka_unit_test(test_mistakes_have_a_ceiling),
        cmocka_unit_test(test_what_cannot_be_together),
        cmocka_unit_test(test_check_runs_out_of_memory),
        cmocka_unit_test(test_narrow_places_win),
        cmocka_unit_test(test_binds_in_order_of_time),
        cmocka_unit_test(test_what_does_nothing_is_refused),
        cmocka_unit_test(test_lines_lie_within_the_span),
        cmocka_unit_test(test_places_and_sums_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
