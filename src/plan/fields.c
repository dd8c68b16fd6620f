/* The fields of a plan: one row each. What a value must be is checked here, for page and command
 * line alike. */
#include "plan/internal.h"

#include "wijk/account.h"
#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/plan_forecast.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

const wijk_plan_column wijk_plan_columns[WIJK_PLAN_FIELDS] = {
    [WIJK_PLAN_TITLE] = {"title", WIJK_PLAN_TEXT, 0, 1, 200},
    [WIJK_PLAN_AIM] = {"aim", WIJK_PLAN_TEXT, 0, 0, 4000},
    [WIJK_PLAN_INDICATOR] = {"indicator", WIJK_PLAN_CODE, 1, 1, 80},
    [WIJK_PLAN_APPROACH] = {"approach", WIJK_PLAN_TEXT, 0, 0, 8000},
    [WIJK_PLAN_LEVER] = {"lever", WIJK_PLAN_CHOICE, 0, 0, 40},
    [WIJK_PLAN_PARTIES] = {"parties", WIJK_PLAN_TEXT, 0, 0, 1000},
    [WIJK_PLAN_BEGINS] = {"begins", WIJK_PLAN_YEAR, 1, 1, 10},
    [WIJK_PLAN_ENDS] = {"ends", WIJK_PLAN_YEAR, 0, 0, 10},
    [WIJK_PLAN_SELECTED] = {"selected", WIJK_PLAN_YEAR, 1, 0, 10},
    [WIJK_PLAN_MATTERS] = {"matters", WIJK_PLAN_NUMBER, 1, 1, 20},
    [WIJK_PLAN_ACCOUNT] = {"account", WIJK_PLAN_SHEET, 0, 0, 60000},
};

int plan_field_of(const char *code)
{
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        if (!strcmp(wijk_plan_columns[i].code, code)) {
            return i;
        }
    }
    return -1;
}

const char *plan_field_name(wijk_lang lang, enum wijk_plan_field field)
{
    return wijk_text(lang, (enum wijk_text_key)(T_PLAN_FIELD_1 + field));
}

static int check_account(const char *value)
{
    wijk_account_file *file;
    int rc = wijk_account_read(&file, value, strlen(value), "plan", NULL, 0, NULL);
    wijk_account_file_free(file);
    return rc;
}

static int check_lever(const char *value)
{
    const wijk_approach *all;
    size_t count;
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    rc = wijk_approaches(&all, &count, arena);
    if (!rc && strcmp(value, WIJK_NO_LEVER) != 0 && !wijk_approach_find(all, count, value)) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Het model kent geen aanpak \"%.40s\"; wijk plan approaches noemt ze. Lijkt "
                       "er geen op, zeg dan none.",
                       "The model knows no approach \"%.40s\"; wijk plan approaches lists them. "
                       "When none is like it say none.",
                       value);
    }
    wijk_arena_free(arena);
    return rc;
}

int plan_check(const wijk_registry *registry, enum wijk_plan_field field, const char *value)
{
    const wijk_plan_column *column = &wijk_plan_columns[field];
    const char *nl = plan_field_name(WIJK_NL, field), *en = plan_field_name(WIJK_EN, field);
    size_t size = strlen(value);
    double number;
    if (size > column->most) {
        return wijk_fail(WIJK_ELIMIT, "%s%.0s: hoogstens %zu tekens.",
                         "%.0s%s: at most %zu characters.", nl, en, column->most);
    }
    if (!size) {
        return field == WIJK_PLAN_TITLE
                   ? wijk_fail(WIJK_EINVAL, "Geef het plan een naam.", "Give the plan a name.")
                   : WIJK_OK;
    }
    int is_number =
        wijk_csv_number(&number, value, size, '.') || wijk_csv_number(&number, value, size, ',');
    switch (column->kind) {
    case WIJK_PLAN_YEAR:
        return is_number && number >= 1990 && number <= 2100 && floor(number) == number
                   ? WIJK_OK
                   : wijk_fail(WIJK_EINVAL, "%s%.0s: geef een jaartal, zoals 2026; niet \"%.40s\".",
                               "%.0s%s: give a year, such as 2026; not \"%.40s\".", nl, en, value);
    case WIJK_PLAN_NUMBER:
        return is_number && number > 0
                   ? WIJK_OK
                   : wijk_fail(WIJK_EINVAL,
                               "%s%.0s: geef een getal boven 0, zoals 0,05; niet \"%.40s\".",
                               "%.0s%s: give a number above 0, such as 0.05; not \"%.40s\".", nl,
                               en, value);
    case WIJK_PLAN_CODE:
        return wijk_indicator_by_code(registry, value)
                   ? WIJK_OK
                   : wijk_fail(WIJK_EINVAL, "Er is geen indicator \"%.60s\".",
                               "There is no indicator \"%.60s\".", value);
    case WIJK_PLAN_CHOICE:
        return check_lever(value);
    case WIJK_PLAN_SHEET:
        return check_account(value);
    case WIJK_PLAN_TEXT:
        break;
    }
    return WIJK_OK;
}
