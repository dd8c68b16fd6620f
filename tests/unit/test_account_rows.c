/* An account as rows: written back it is the same account, comments stand where they stood, and
 * what is wrong with a row is told cell by cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/account_rows.h"
#include "wijk/rng.h"
#include "wijk/text.h"

static wijk_arena *arena;

static int set_up(void **state)
{
    (void)state;
    return wijk_arena_new(&arena, 0);
}

static int tear_down(void **state)
{
    (void)state;
    wijk_arena_free(arena);
    return 0;
}

static const char *const examples[] = {
    "data/accounts/plan.csv",         "data/accounts/debt-signals.csv",
    "data/accounts/debt-help.csv",    "data/accounts/family-help.csv",
    "data/accounts/samen-anders.csv", "data/accounts/security.csv",
    "data/town/account_hoogelaar.csv"};

static wijk_account_result *reckon(const char *text, enum wijk_stage stage)
{
    wijk_account_file *file;
    wijk_account_result *result;
    const wijk_account_options options = {.draws = 500, .seed = 7, .stage = stage};
    if (wijk_account_read(&file, text, strlen(text), "text", NULL, 0, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(wijk_account_reckon(&result, wijk_account_of(file), &options, NULL), 0);
    wijk_account_file_free(file);
    return result;
}

static const char *text_of(const char *path)
{
    size_t size;
    const char *bytes = wijk_asset_get(path, &size);
    assert_non_null(bytes);
    return wijk_arena_strndup(arena, bytes, size);
}

static char *written(const wijk_account_rows *rows)
{
    wijk_str out = WIJK_STR_INIT;
    assert_int_equal(wijk_account_rows_write(&out, rows), 0);
    char *kept = wijk_arena_strdup(arena, wijk_str_text(&out));
    wijk_str_free(&out);
    return kept;
}

static void shipped_accounts_come_back_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        wijk_account_rows rows, again;
        const char *text = text_of(examples[i]);
        assert_int_equal(wijk_account_rows_read(&rows, arena, text), 0);
        char *back = written(&rows);
        for (int stage = 0; stage < 2; stage++) {
            wijk_account_result *a = reckon(text, (enum wijk_stage)stage);
            wijk_account_result *b = reckon(back, (enum wijk_stage)stage);
            assert_int_equal(a->party_count, b->party_count);
            assert_memory_equal(a->parties, b->parties, a->party_count * sizeof *a->parties);
            wijk_account_result_free(a);
            wijk_account_result_free(b);
        }
        assert_int_equal(wijk_account_rows_read(&again, arena, back), 0);
        assert_string_equal(written(&again), back);
    }
}

static void comments_and_own_indices_stay(void **state)
{
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF# above, \"it\"\r\n"
        "start;2024\r\n# between\r\nyears;2\r\nprice_year;2025\r\n"
        "index;cpi;2025;3,3;\"own; source\"\r\n"
        "id;kind;what;purse;amount;source;note\r\n"
        "a;cost;\"two\nlines # no comment\";corp;10;me;\r\n"
        "\r\n# of b\r\n# twice\r\nb;cost;b;corp;20;me;\"say \"\"hi\"\"\"\r\n";
    wijk_account_rows rows;
    assert_int_equal(wijk_account_rows_read(&rows, arena, text), 0);
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.above, "# above, \"it\"\n# between\n");
    assert_string_equal(rows.index, "index,cpi,2025,\"3,3\",\"own; source\"\n");
    assert_string_equal(rows.rows[0].cell[WIJK_CELL_WHAT], "two\nlines # no comment");
    assert_string_equal(rows.rows[0].before, "");
    assert_string_equal(rows.rows[1].before, "# of b\n# twice\n");
    assert_string_equal(rows.rows[1].cell[WIJK_CELL_NOTE], "say \"hi\"");
    wijk_account_result *a = reckon(text, WIJK_PLANNED), *b = reckon(written(&rows), WIJK_PLANNED);
    assert_true(wijk_account_society(a)->net == wijk_account_society(b)->net);
    wijk_account_result_free(a);
    wijk_account_result_free(b);
}

/* Cells of any bytes a form can bring. */
static void any_cell_comes_back(void **state)
{
    (void)state;
    static const char signs[] = "ab,;\t\"#| .\n0=";
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = 5});
    for (uint32_t trial = 0; trial < 200; trial++) {
        wijk_account_rows rows, again;
        assert_int_equal(wijk_account_rows_new(&rows, arena), 0);
        rows.count = 1 + trial % 4;
        for (uint32_t i = 0; i < rows.count; i++) {
            rows.rows[i].before = "";
            for (uint32_t c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
                char cell[8] = "";
                for (uint32_t k = wijk_rng_below(&stream, 6); k-- > 0;) {
                    cell[k] = signs[wijk_rng_below(&stream, sizeof signs - 1)];
                }
                if (*cell && (strchr(" \t\n", *cell) || strchr(" \t\n", cell[strlen(cell) - 1]))) {
                    *cell = 0; /* a reader of padded files trims */
                }
                rows.rows[i].cell[c] = wijk_arena_strdup(arena, cell);
            }
            char id[8];
            snprintf(id, sizeof id, "r%u", (unsigned)i);
            rows.rows[i].cell[WIJK_CELL_ID] = wijk_arena_strdup(arena, id);
        }
        assert_int_equal(wijk_account_rows_read(&again, arena, written(&rows)), 0);
        assert_int_equal(again.count, rows.count);
        for (size_t i = 0; i < rows.count; i++) {
            for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
                assert_string_equal(again.rows[i].cell[c], rows.rows[i].cell[c]);
            }
        }
    }
}

static wijk_account_rows hoogelaar(void)
{
    wijk_account_rows rows;
    assert_int_equal(
        wijk_account_rows_read(&rows, arena, text_of("data/town/account_hoogelaar.csv")), 0);
    return rows;
}

static int has_fault(const wijk_account_fault *faults, size_t count, int cell, const char *nl)
{
    for (size_t i = 0; i < count; i++) {
        if (faults[i].cell == cell && strstr(faults[i].text[WIJK_NL], nl)) {
            return faults[i].text[WIJK_EN][0] != 0;
        }
    }
    return 0;
}

static void what_is_wrong_is_told_cell_by_cell(void **state)
{
    (void)state;
    static const struct {
        int cell;
        const char *value, *says;
    } wrong[] = {{WIJK_CELL_QUANTITY, "-3", "kan niet negatief"},
                 {WIJK_CELL_QUANTITY, "2.600", "twee dingen"},
                 {WIJK_CELL_QUANTITY, "20..2,600..3000", "twee dingen"},
                 {WIJK_CELL_REACH, "150%", "van 0 tot en met 1"},
                 {WIJK_CELL_REACH, "0.5..0.4..0.6", "moeten oplopen"},
                 {WIJK_CELL_EFFECT, "veel", "geen getal"},
                 {WIJK_CELL_EVIDENCE, "", "noemt zijn bewijs"},
                 {WIJK_CELL_PURSE, "koning", "bestaat niet"},
                 {WIJK_CELL_PURSE, "corp:0", "geen deel boven nul"},
                 {WIJK_CELL_PRICE, "P-98", "bestaat niet"},
                 {WIJK_CELL_AMOUNT, "12", "niet allebei"},
                 {WIJK_CELL_START, "1999", "geen heel getal"},
                 {WIJK_CELL_YEARS, "80", "geen heel getal"},
                 {WIJK_CELL_PROFILE, "1|1|x", "geen getal"},
                 {WIJK_CELL_FROM, "corp", "een overdracht"},
                 {WIJK_CELL_ID, "beheer", "heeft een andere regel"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wijk_account_rows rows = hoogelaar();
        wijk_account_fault faults[WIJK_ACCOUNT_FAULTS];
        size_t count, at = wijk_account_rows_find(&rows, "plan", "ontruiming");
        assert_int_equal(wijk_account_rows_check(faults, &count, &rows, at), 0);
        assert_int_equal(count, 0);
        rows.rows[at].cell[wrong[i].cell] = wrong[i].value;
        assert_int_equal(wijk_account_rows_check(faults, &count, &rows, at), 0);
        if (!has_fault(faults, count, wrong[i].cell, wrong[i].says)) {
            fail_msg("%s=%s: %zu faults, first %d: %s", wijk_account_cell_names[wrong[i].cell],
                     wrong[i].value, count, count ? faults[0].cell : 0,
                     count ? faults[0].text[WIJK_NL] : "");
        }
    }
}

static void several_faults_are_told_at_once(void **state)
{
    (void)state;
    wijk_account_rows rows = hoogelaar();
    wijk_account_fault faults[WIJK_ACCOUNT_FAULTS];
    size_t count;
    rows.rows[3].cell[WIJK_CELL_QUANTITY] = "-3";
    rows.rows[3].cell[WIJK_CELL_REACH] = "200%";
    rows.rows[3].cell[WIJK_CELL_PURSE] = "koning";
    assert_int_equal(wijk_account_rows_check(faults, &count, &rows, 3), 0);
    assert_int_equal(count, 3);
    assert_true(has_fault(faults, count, WIJK_CELL_QUANTITY, ""));
    assert_true(has_fault(faults, count, WIJK_CELL_REACH, ""));
    assert_true(has_fault(faults, count, WIJK_CELL_PURSE, ""));
}

static void settings_are_checked(void **state)
{
    (void)state;
    static const struct {
        int setting;
        const char *value;
    } wrong[] = {{WIJK_SETTING_START, "soon"},
                 {WIJK_SETTING_YEARS, "0"},
                 {WIJK_SETTING_PRICE_YEAR, ""},
                 {WIJK_SETTING_DISCOUNT, "80%"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wijk_account_rows rows = hoogelaar();
        wijk_account_fault faults[WIJK_ACCOUNT_FAULTS];
        size_t count;
        assert_int_equal(wijk_account_rows_check(faults, &count, &rows, rows.count), 0);
        assert_int_equal(count, 0);
        rows.setting[wrong[i].setting] = wrong[i].value;
        assert_int_equal(wijk_account_rows_check(faults, &count, &rows, rows.count), 0);
        assert_int_equal(count, 1);
        assert_int_equal(faults[0].setting, wrong[i].setting);
    }
}

static void rows_are_found_and_named(void **state)
{
    (void)state;
    wijk_account_rows rows = hoogelaar();
    assert_int_equal(wijk_account_rows_find(&rows, "", "beheer"), 0);
    assert_int_equal(wijk_account_rows_find(&rows, "real", "beheer"), rows.count);
    assert_string_equal(wijk_account_rows_name(&rows, arena, "Minder  Inbraken!"),
                        "minder-inbraken");
    assert_string_equal(wijk_account_rows_name(&rows, arena, "Beheer"), "beheer-2");
    assert_string_equal(wijk_account_rows_name(&rows, arena, ""), "regel");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_accounts_come_back_the_same),
        cmocka_unit_test(comments_and_own_indices_stay),
        cmocka_unit_test(any_cell_comes_back),
        cmocka_unit_test(what_is_wrong_is_told_cell_by_cell),
        cmocka_unit_test(several_faults_are_told_at_once),
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(rows_are_found_and_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
