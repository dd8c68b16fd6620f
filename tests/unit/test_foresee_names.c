/* The lists of the model are whole: the dictionary and the code name the same parameters with the
 * same kind of chance; ranges hold defaults; keys are unique; effects without evidence are centred
 * on none. */
#include "foresee_town.h"

#include "foresee/draw.h"
#include "wijk/table.h"

#include <math.h>

enum { YEAR, MONTH, EVENTS, OTHER };
static const int per[WIJK_PARAMETERS] = {
#define X(name, key, per) per,
    WIJK_PARAMETERS_X(X)
#undef X
};

static int per_of(const char *unit)
{
    return strcmp(unit, "per_year") == 0          ? YEAR
           : strcmp(unit, "per_month") == 0       ? MONTH
           : strcmp(unit, "events_per_year") == 0 ? EVENTS
                                                  : OTHER;
}

static void test_dictionary(void **state)
{
    (void)state;
    wijk_table *table;
    fine(wijk_table_asset(&table, "data/parameters.csv"));
    assert_int_equal(wijk_table_rows(table), WIJK_PARAMETERS);
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *name = wijk_table_get(table, row, "name");
        const char *kind = wijk_table_get(table, row, "kind");
        wijk_parameter which;
        if (!wijk_parameter_find(name, &which)) {
            fail_msg("%s: in the dictionary, not in the code", name);
        }
        assert_string_equal(wijk_parameter_name(which), name);
        assert_int_equal(per[which], per_of(wijk_table_get(table, row, "unit")));
        double low = wijk_table_number(table, row, "low", NAN);
        double value = wijk_table_number(table, row, "default", NAN);
        double high = wijk_table_number(table, row, "high", NAN);
        if (!(low <= value && value <= high && low < high)) {
            fail_msg("%s: default outside its range", name);
        }
        assert_true(strcmp(kind, "mechanics") == 0 || strcmp(kind, "effect") == 0);
        static const char *const filled[] = {"symbol", "shape", "process", "grade",
                                             "source", "nl",    "en"};
        for (size_t i = 0; i < sizeof filled / sizeof *filled; i++) {
            assert_string_not_equal(wijk_table_get(table, row, filled[i]), "");
        }
        /* grade D is "not found": an effect of that grade says nothing happens */
        if (strcmp(kind, "effect") == 0 && strcmp(wijk_table_get(table, row, "grade"), "D") == 0 &&
            value != 0 && value != 1) {
            fail_msg("%s: an effect without evidence, at %g", name, value);
        }
    }
    wijk_table_free(table);
}

static void test_keys(void **state)
{
    (void)state;
    for (int l = 0; l < WIJK_LEVERS; l++) {
        wijk_lever found;
        const wijk_lever_row *row = wijk_lever_get((wijk_lever)l);
        assert_true(wijk_lever_find(row->key, &found));
        assert_int_equal(found, l);
        assert_true(row->least <= row->nothing && row->nothing <= row->most &&
                    row->least < row->most);
    }
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        wijk_outcome found;
        assert_true(wijk_outcome_find(wijk_outcome_key((wijk_outcome)o), &found));
        assert_int_equal(found, o);
        assert_string_not_equal(wijk_outcome_unit((wijk_outcome)o), "");
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        for (int other = 0; other < g; other++) {
            assert_string_not_equal(wijk_group_key((wijk_group)g),
                                    wijk_group_key((wijk_group)other));
        }
    }
    wijk_lever lever;
    wijk_outcome outcome;
    wijk_parameter parameter;
    assert_false(wijk_lever_find("no such lever", &lever));
    assert_false(wijk_outcome_find("", &outcome));
    assert_false(wijk_parameter_find("birth", &parameter));
    assert_string_equal(wijk_group_outcome_key(WIJK_GOUT_DISPLACED), "displaced");
}

/* Against the library's pow, which the model itself may not use. */
static void test_monthly(void **state)
{
    (void)state;
    for (double year = 0; year < 1; year += 0.001) {
        assert_true(fabs(foresee_monthly(year) - (1 - pow(1 - year, 1.0 / 12))) < 1e-14);
    }
    assert_true(foresee_monthly(1) == 1 && foresee_monthly(-1) == 0 && foresee_monthly(NAN) == 0);
    assert_int_equal(threshold(0.5), 1u << 31);
    assert_int_equal(threshold(2), UINT32_MAX);
    assert_int_equal(threshold(NAN), 0);
    assert_int_equal(plus(UINT32_MAX - 1, 3), UINT32_MAX);
    assert_int_equal(times(UINT32_MAX / 2, 3000), UINT32_MAX);
    assert_int_equal(times(1000, -5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dictionary),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_monthly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
