/* The registries hold together: every name that one table uses is a row of another, every row says
 * what it must say in both languages, and what may never enter a model does not. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/table.h"

enum { INDICATORS, DISCLOSURE, RELIABILITY, SOURCES, COLUMNS, TABLES };
static const char *const paths[TABLES] = {"data/indicators.csv", "data/disclosure.csv",
                                          "data/reliability.csv", "data/sources.csv",
                                          "data/columns.csv"};

typedef struct {
    wijk_table *tables[TABLES];
} registries;

static int open_all(void **state)
{
    static registries all;
    for (int i = 0; i < TABLES; i++) {
        if (wijk_table_asset(&all.tables[i], paths[i])) {
            print_error("%s\n", wijk_error(WIJK_EN));
            return -1;
        }
    }
    *state = &all;
    return 0;
}

static int close_all(void **state)
{
    registries *all = *state;
    for (int i = 0; i < TABLES; i++) {
        wijk_table_free(all->tables[i]);
    }
    return 0;
}

/* Names the row in the failure, which a bare assert_true would not. */
static void expect(int good, const char *path, size_t row, const char *what)
{
    if (!good) {
        fail_msg("%s, row %zu: %s", path, row + 2, what);
    }
}

/* 1 when `word` is one of the words in `list`, which are separated by single blanks. */
static int one_of(const char *word, const char *list)
{
    size_t size = strlen(word);
    for (const char *at = list; size && (at = strstr(at, word)) != NULL; at += size) {
        int starts = at == list || at[-1] == ' ';
        if (starts && (at[size] == ' ' || !at[size])) {
            return 1;
        }
    }
    return 0;
}

static int is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return *text && !*end;
}

static int is_year(const char *text)
{
    int value = atoi(text);
    return strlen(text) == 4 && is_number(text) && value >= 1900 && value <= 2100;
}

/* Calls `check` for every part of a text that | separates. */
static int every_part(const char *text, int (*check)(const char *part))
{
    char copy[2048];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *part; (part = strsep(&rest, "|")) != NULL;) {
        if (!check(part)) {
            return 0;
        }
    }
    return 1;
}

static void test_codes_are_unique(void **state)
{
    registries *all = *state;
    for (int t = INDICATORS; t <= SOURCES; t++) {
        const wijk_table *table = all->tables[t];
        for (size_t row = 0; row < wijk_table_rows(table); row++) {
            const char *code = wijk_table_get(table, row, "code");
            expect(wijk_table_find(table, "code", code) == (long)row, paths[t], row, code);
            for (const char *c = code; *c; c++) {
                int sign = islower((unsigned char)*c) || isdigit((unsigned char)*c);
                expect(sign || *c == (t == SOURCES ? '-' : '_'), paths[t], row, code);
            }
        }
    }
    assert_true(wijk_table_rows(all->tables[INDICATORS]) >= 80);
}

static void test_indicators_say_everything(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[INDICATORS];
    static const char *const needed[] = {"nl", "en", "def_nl", "def_en", "source_hint"};
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
            expect(*wijk_table_get(table, row, needed[i]) != 0, paths[0], row, needed[i]);
        }
        const char *nl = wijk_table_get(table, row, "caution_nl");
        const char *en = wijk_table_get(table, row, "caution_en");
        int touchy =
            one_of(wijk_table_get(table, row, "theme"), "livability health safety income") ||
            !strcmp(wijk_table_get(table, row, "origin"), "1");
        expect(!*nl == !*en, paths[0], row, "a caution in one language only");
        expect(*nl || !touchy, paths[0], row, "a caution is needed");
        const char *definition = wijk_table_get(table, row, "def_nl");
        expect(definition[strlen(definition) - 1] == '.', paths[0], row, "a whole sentence");
    }
}

static void test_indicators_use_known_words(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[INDICATORS];
    static const struct {
        const char *column, *words;
    } allowed[] = {
        {"theme", "livability people households homes income work health care safety amenities "
                  "moves environment place"},
        {"unit", "count percent per_1000 euro euro_1000 euro_per_year years km ha m3 kwh score "
                 "class index persons db per_km2 ratio"},
        {"direction", "up down none"},
        {"kind", "count share mean rate score class category"},
        {"join", "sum mean none"},
        {"origin", "0 1"},
        {"decimals", "0 1 2 3"},
    };
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
            const char *word = wijk_table_get(table, row, allowed[i].column);
            expect(one_of(word, allowed[i].words), paths[0], row, allowed[i].column);
        }
        const char *disclosure = wijk_table_get(table, row, "disclosure");
        const char *reliability = wijk_table_get(table, row, "reliability");
        expect(wijk_table_find(all->tables[DISCLOSURE], "code", disclosure) >= 0, paths[0], row,
               disclosure);
        expect(wijk_table_find(all->tables[RELIABILITY], "code", reliability) >= 0, paths[0], row,
               reliability);
    }
}

/* A share of what is not counted cannot be joined; a class cannot be averaged at all. */
static void test_indicators_can_be_joined_as_they_say(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[INDICATORS];
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *kind = wijk_table_get(table, row, "kind");
        const char *join = wijk_table_get(table, row, "join");
        const char *base = wijk_table_get(table, row, "base");
        const char *numerator = wijk_table_get(table, row, "numerator");
        int mean = !strcmp(join, "mean"), sum = !strcmp(join, "sum");
        expect(sum == !strcmp(kind, "count"), paths[0], row, "counts, and only counts, add up");
        expect(!one_of(kind, "class category") || !strcmp(join, "none"), paths[0], row, kind);
        expect(!mean || *base, paths[0], row, "a mean needs a base");
        long of = *base ? wijk_table_find(table, "code", base) : -1;
        expect(!*base || of >= 0, paths[0], row, base);
        expect(of < 0 || !strcmp(wijk_table_get(table, (size_t)of, "kind"), "count"), paths[0], row,
               "a base is a count");
        long above = *numerator ? wijk_table_find(table, "code", numerator) : -1;
        expect(!*numerator || (above >= 0 && mean), paths[0], row, numerator);
        expect(above < 0 || one_of(wijk_table_get(table, row, "unit"), "percent per_1000"),
               paths[0], row, "only a share or rate is computed from a count");
        expect(above < 0 || !strcmp(wijk_table_get(table, (size_t)above, "origin"),
                                    wijk_table_get(table, row, "origin")),
               paths[0], row, "a share of origin is marked as origin");
    }
}

/* Who lives somewhere, and how a place is doing, may not decide which places are alike. */
static void test_similar_areas_know_no_origin_and_no_outcome(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[INDICATORS];
    int features = 0, keys[16] = {0};
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *theme = wijk_table_get(table, row, "theme");
        int origin = !strcmp(wijk_table_get(table, row, "origin"), "1");
        double similar = wijk_table_number(table, row, "similar", -1);
        double key = wijk_table_number(table, row, "key", -1);
        expect(similar >= 0 && similar <= 5, paths[0], row, "similar");
        expect(!(similar > 0) || (!origin && !one_of(theme, "livability safety health care")),
               paths[0], row, "is not for comparing areas");
        expect(!origin || !strcmp(wijk_table_get(table, row, "direction"), "none"), paths[0], row,
               "origin has no better or worse");
        expect(key >= 0 && key <= 12, paths[0], row, "key");
        features += similar > 0;
        keys[(int)key]++;
        const char *code = wijk_table_get(table, row, "code");
        int about_origin = strstr(code, "origin") || strstr(code, "born_") || strstr(code, "dutch");
        expect(!about_origin || origin, paths[0], row, "looks like origin and is not marked so");
    }
    assert_in_range(features, 10, 14);
    for (int i = 1; i <= 12; i++) {
        assert_int_equal(keys[i], 1);
    }
}

static void test_rules_are_whole(void **state)
{
    registries *all = *state;
    static const char *const numbers[TABLES][4] = {
        [DISCLOSURE] = {"min_base", "round_to", "clamp_low", "clamp_high"},
        [RELIABILITY] = {"grey_below", "max_age_years", "modelled"},
    };
    for (int t = DISCLOSURE; t <= RELIABILITY; t++) {
        const wijk_table *table = all->tables[t];
        for (size_t row = 0; row < wijk_table_rows(table); row++) {
            expect(*wijk_table_get(table, row, "nl") && *wijk_table_get(table, row, "en"), paths[t],
                   row, "both languages");
            const char *base = wijk_table_get(table, row, "base");
            expect(!*base || wijk_table_find(all->tables[INDICATORS], "code", base) >= 0, paths[t],
                   row, base);
            for (int i = 0; i < 4 && numbers[t][i]; i++) {
                const char *text = wijk_table_get(table, row, numbers[t][i]);
                expect(!*text || is_number(text), paths[t], row, numbers[t][i]);
            }
        }
    }
}

/* Estimates stay estimates, whoever publishes them. */
static void test_estimates_are_marked(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[INDICATORS], *rules = all->tables[RELIABILITY];
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        int model = one_of(wijk_table_get(table, row, "theme"), "livability") ||
                    !strcmp(wijk_table_get(table, row, "disclosure"), "modelled_health");
        long rule = wijk_table_find(rules, "code", wijk_table_get(table, row, "reliability"));
        int marked = rule >= 0 && wijk_table_number(rules, (size_t)rule, "modelled", 0) > 0;
        expect(!model || marked, paths[INDICATORS], row, "an estimate that is not marked so");
    }
}

/* Read together with another source of the same file. */
static int is_named_by_another(const wijk_table *table, const char *code)
{
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *at = strstr(wijk_table_get(table, row, "also"), code);
        if (at && (at[strlen(code)] == 0 || at[strlen(code)] == '|')) {
            return 1;
        }
    }
    return 0;
}

static void test_sources_use_known_words(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[SOURCES];
    static const struct {
        const char *column, *words;
    } allowed[] = {
        {"nature", "published derived modelled reconstructed fictional own"},
        {"format", "csv xlsx geojson gpkg wkt"},
        {"layout", "wide long shapes crosswalk flows lookup"},
        {"area_by", "code name_gemeente prefix gebied square"},
    };
    static const char *const needed[] = {"publisher", "title_nl", "title_en", "licence",
                                         "citation",  "note",     "note_nl"};
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
            const char *word = wijk_table_get(table, row, allowed[i].column);
            expect(one_of(word, allowed[i].words), paths[SOURCES], row, allowed[i].column);
        }
        for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
            expect(*wijk_table_get(table, row, needed[i]) != 0, paths[SOURCES], row, needed[i]);
        }
        const char *level = wijk_table_get(table, row, "level");
        expect(!*wijk_table_get(table, row, "area") ||
                   one_of(level, "auto land gemeente wijk buurt pc4 square local"),
               paths[SOURCES], row, "level");
        static const char *const addresses[] = {"address", "download"};
        for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
            const char *address = wijk_table_get(table, row, addresses[i]);
            expect(!*address || !strncmp(address, "https://", 8), paths[SOURCES], row, address);
        }
        const char *vintage = wijk_table_get(table, row, "vintage");
        expect(!*vintage || every_part(vintage, is_year), paths[SOURCES], row, vintage);
        const char *period = wijk_table_get(table, row, "period");
        expect(!*period || is_year(period) || !strcmp(period, "suffix") ||
                   !strncmp(period, "column:", 7),
               paths[SOURCES], row, period);
        expect(one_of(wijk_table_get(table, row, "decimal"), ". , both") ||
                   !*wijk_table_get(table, row, "decimal"),
               paths[SOURCES], row, "decimal");
        expect(is_number(wijk_table_get(table, row, "rank")), paths[SOURCES], row, "rank");
        expect(*wijk_table_get(table, row, "match") || *wijk_table_get(table, row, "signature") ||
                   is_named_by_another(table, wijk_table_get(table, row, "code")),
               paths[SOURCES], row, "nothing to recognise a file by");
    }
}

/* The columns that a source names for its areas must be columns of its dialect. */
static int dialect_has(const wijk_table *columns, const char *dialect, const char *name)
{
    for (size_t row = 0; row < wijk_table_rows(columns); row++) {
        if (strcmp(wijk_table_get(columns, row, "source"), dialect) != 0) {
            continue;
        }
        char copy[2048];
        snprintf(copy, sizeof copy, "%s", wijk_table_get(columns, row, "column"));
        for (char *rest = copy, *part; (part = strsep(&rest, "|")) != NULL;) {
            size_t stem = strcspn(part, "{");
            if (!strcmp(part, name) || (part[stem] && !strncmp(part, name, stem))) {
                return 1;
            }
        }
    }
    return 0;
}

static void test_sources_name_their_columns(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[SOURCES];
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *dialect = wijk_table_get(table, row, "dialect");
        static const char *const named[] = {"area", "name", "parent"};
        for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
            const char *column = wijk_table_get(table, row, named[i]);
            expect(!*column || *column == '=' || dialect_has(all->tables[COLUMNS], dialect, column),
                   paths[SOURCES], row, column);
        }
        char period[256];
        snprintf(period, sizeof period, "%s", wijk_table_get(table, row, "period"));
        char *rest = strncmp(period, "column:", 7) ? NULL : period + 7;
        for (char *part; rest && (part = strsep(&rest, ",")) != NULL;) {
            expect(dialect_has(all->tables[COLUMNS], dialect, part), paths[SOURCES], row, part);
        }
    }
}

/* `wijk fetch CODE` keeps the file as CODE.FORMAT, by which `wijk load` must know it. */
static void test_what_is_fetched_is_recognised(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[SOURCES];
    int fetched = 0;
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        char name[160], patterns[1024];
        snprintf(name, sizeof name, "%s.%s", wijk_table_get(table, row, "code"),
                 wijk_table_get(table, row, "format"));
        snprintf(patterns, sizeof patterns, "%s", wijk_table_get(table, row, "match"));
        int known = !*wijk_table_get(table, row, "download");
        fetched += !known;
        for (char *rest = patterns, *part; !known && (part = strsep(&rest, "|")) != NULL;) {
            known = !strcmp(part, name);
        }
        expect(known, paths[SOURCES], row, name);
    }
    assert_true(fetched > 0);
}

static int word_equals_number(const char *part)
{
    const char *sign = strrchr(part, '=');
    return sign && sign > part && is_number(sign + 1);
}

static void test_columns_point_somewhere(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[COLUMNS];
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *source = wijk_table_get(table, row, "source");
        const char *indicator = wijk_table_get(table, row, "indicator");
        expect(wijk_table_find(all->tables[SOURCES], "dialect", source) >= 0, paths[COLUMNS], row,
               source);
        if (*indicator == '#') {
            expect(one_of(indicator,
                          "#code #name #gemeente #level #year #month #category #value "
                          "#from #to #geometry #lat #lon #pc4 #keep #tolerance #changed #ignore"),
                   paths[COLUMNS], row, indicator);
            expect(strcmp(indicator, "#ignore") != 0 || *wijk_table_get(table, row, "note"),
                   paths[COLUMNS], row, "a column is left out without a reason");
        } else {
            expect(wijk_table_find(all->tables[INDICATORS], "code", indicator) >= 0, paths[COLUMNS],
                   row, indicator);
        }
        static const char *const numbers[] = {"factor", "round", "period"};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            const char *text = wijk_table_get(table, row, numbers[i]);
            expect(!*text || is_number(text), paths[COLUMNS], row, numbers[i]);
        }
        const char *map = wijk_table_get(table, row, "map");
        expect(!*map || every_part(map, word_equals_number), paths[COLUMNS], row, map);
    }
}

/* Two rows that claim the same cells would make the value depend on their order. */
static void test_columns_are_claimed_once(void **state)
{
    registries *all = *state;
    const wijk_table *table = all->tables[COLUMNS];
    int source = wijk_table_column(table, "source"), column = wijk_table_column(table, "column");
    int category = wijk_table_column(table, "category");
    for (size_t a = 0; a < wijk_table_rows(table); a++) {
        for (size_t b = a + 1;
             b < wijk_table_rows(table) &&
             !strcmp(wijk_table_at(table, a, source), wijk_table_at(table, b, source));
             b++) {
            int same =
                !strcmp(wijk_table_at(table, a, column), wijk_table_at(table, b, column)) &&
                !strcmp(wijk_table_at(table, a, category), wijk_table_at(table, b, category));
            expect(!same, paths[COLUMNS], b, wijk_table_at(table, b, column));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_unique),
        cmocka_unit_test(test_indicators_say_everything),
        cmocka_unit_test(test_indicators_use_known_words),
        cmocka_unit_test(test_indicators_can_be_joined_as_they_say),
        cmocka_unit_test(test_similar_areas_know_no_origin_and_no_outcome),
        cmocka_unit_test(test_rules_are_whole),
        cmocka_unit_test(test_estimates_are_marked),
        cmocka_unit_test(test_sources_use_known_words),
        cmocka_unit_test(test_sources_name_their_columns),
        cmocka_unit_test(test_what_is_fetched_is_recognised),
        cmocka_unit_test(test_columns_point_somewhere),
        cmocka_unit_test(test_columns_are_claimed_once),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
