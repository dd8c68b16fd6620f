/* A coalition's own exact counts must not leave in any format: planted numbers that no rounding can
 * give are looked for in every export, and every own figure must be protected. */
#include "facts_fixture.h"
#include "wijk/csv.h"
#include "wijk/export.h"

enum { BUURTEN = 12, INDICATOR_COLUMN = 4, VALUE_COLUMN = 6, MARK_COLUMN = 10, FLAG_COLUMN = 12 };

static country c;
static int64_t gemeente;

/* Planted: 1001.0625 and so on for the large ones, 3.0625 for the small one. Counts are whole; the
 * tail makes them unmistakable in any text. */
static double planted(int b)
{
    return (b == 4 ? 3 : 1001 + 10 * b) + 0.0625;
}

static int setup(void **state)
{
    (void)state;
    country_open(&c, "export-own.wijk");
    int64_t load = add_load(&c, "own", 99);
    wijk_stmt *stmt = wijk_store_sql(
        c.store,
        "INSERT INTO indicator(code,theme,nl,en,unit,decimals,direction,kind,base,joining,"
        "origin,similar,key_order,disclosure,reliability,own) VALUES ('meldingen','people',"
        "'Meldingen','Reports','count',0,'none','count','population','sum',0,0,0,"
        "'own_exact','none',1)");
    must(wijk_run(stmt));
    refresh(&c);
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Stad", 0);
    int64_t wijk = add_area(&c, WIJK_WIJK, "WK000100", 2024, "Wijk", gemeente);
    double sum = 0;
    for (int b = 0; b < BUURTEN; b++) {
        char code[32];
        snprintf(code, sizeof code, "BU000100%02d", b);
        int64_t area = add_area(&c, WIJK_BUURT, code, 2024, code, wijk);
        add_cell(&c, area, id_of(&c, "meldingen"), 2024, load, planted(b), 0, 0);
        sum += planted(b);
    }
    add_cell(&c, wijk, id_of(&c, "meldingen"), 2024, load, sum, 0, 0);
    add_cell(&c, gemeente, id_of(&c, "meldingen"), 2024, load, sum, 0, 0);
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

static void read_export(wijk_str *out, enum wijk_export_format format,
                        const wijk_selection *selection)
{
    wijk_export *export;
    char buffer[4096];
    ptrdiff_t size;
    must(wijk_export_open(&export, c.store, c.registry, format, selection, NULL));
    wijk_str_clear(out);
    while ((size = wijk_export_read(export, buffer, sizeof buffer)) > 0) {
        wijk_str_addn(out, buffer, (size_t)size);
    }
    must((int)size);
    wijk_export_close(export);
}

/* The tail of the planted numbers, or a sum of them, nowhere. */
static void assert_nothing_planted(const wijk_str *text)
{
    assert_null(strstr(wijk_str_text(text), ".0625"));
    assert_null(strstr(wijk_str_text(text), "\"meldingen\":3"));
    char sum[40];
    double total = 0;
    for (int b = 0; b < BUURTEN; b++) {
        total += planted(b);
    }
    snprintf(sum, sizeof sum, "%.15g", total);
    assert_null(strstr(wijk_str_text(text), sum));
}

static void test_rows_are_protected(void **state)
{
    (void)state;
    wijk_selection selections[] = {WIJK_SELECTION_ALL, WIJK_SELECTION_ALL};
    selections[1].area = gemeente;
    for (int i = 0; i < 2; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_csv *csv;
        const wijk_cell *cells;
        size_t count;
        int own = 0, secret = 0;
        read_export(&text, WIJK_EXPORT_CSV, &selections[i]);
        assert_nothing_planted(&text);
        must(wijk_csv_new_bytes(&csv, text.data, text.size, "own.csv"));
        while (wijk_csv_next(csv, &cells, &count) == 1) {
            double value;
            if (strcmp(cells[INDICATOR_COLUMN].text, "meldingen") != 0) {
                continue;
            }
            own++;
            assert_non_null(strstr(cells[FLAG_COLUMN].text, "protected"));
            if (wijk_csv_number(&value, cells[VALUE_COLUMN].text, cells[VALUE_COLUMN].size, '.')) {
                assert_true(value >= WIJK_OWN_MINIMUM && fmod(value, WIJK_OWN_STEP) == 0);
            } else {
                assert_string_equal(cells[MARK_COLUMN].text, "secret");
                secret++;
            }
        }
        assert_int_equal(own, BUURTEN + 2);
        assert_true(secret >= 2); /* the small one, and a neighbour that hides it */
        wijk_csv_free(csv);
        wijk_str_free(&text);
    }
}

static void test_features_are_protected(void **state)
{
    (void)state;
    wijk_str text = WIJK_STR_INIT;
    wijk_selection all = WIJK_SELECTION_ALL;
    read_export(&text, WIJK_EXPORT_GEOJSON, &all);
    assert_nothing_planted(&text);
    assert_non_null(strstr(wijk_str_text(&text), "\"meldingen_flags\":\"protected\""));
    assert_non_null(strstr(wijk_str_text(&text), "\"meldingen_mark\":\"secret\""));
    wijk_str_free(&text);
}

static void test_geopackage_is_protected(void **state)
{
    (void)state;
    char target[4096];
    int64_t leaks = -1, shown = -1;
    temp_path(target, sizeof target, "own.gpkg");
    wijk_selection all = WIJK_SELECTION_ALL;
    must(wijk_export_gpkg(NULL, target, 1, c.store, c.registry, &all, NULL));
    wijk_store *package;
    must(wijk_store_open(&package, target, WIJK_STORE_FOREIGN));
    must(wijk_run_int(
        &leaks,
        wijk_store_sql(package,
                       "SELECT (SELECT count(*) FROM figures WHERE value % 5 <> 0 OR value "
                       "<> round(value) OR value < 10 OR (value IS NOT NULL AND flags NOT "
                       "LIKE '%protected%')) + (SELECT count(*) FROM buurt_2024 WHERE "
                       "meldingen % 5 <> 0 OR meldingen <> round(meldingen))"),
        -1));
    must(wijk_run_int(
        &shown, wijk_store_sql(package, "SELECT count(*) FROM figures WHERE value IS NOT NULL"),
        -1));
    wijk_store_close(package);
    temp_remove(target);
    assert_int_equal(leaks, 0);
    assert_true(shown >= BUURTEN - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_protected),
        cmocka_unit_test(test_features_are_protected),
        cmocka_unit_test(test_geopackage_is_protected),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
