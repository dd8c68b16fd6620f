/* The real files: every one is recognised, and what comes out are the totals that their publishers
 * give (tests name them). Skipped, and saying so, where the data are not at hand. */
#include "load_fixture.h"

#include "load/layers.h"

#include <dirent.h>
#include <sys/stat.h>

enum { MAX_FILES = 200 };

typedef struct {
    fixture f;
    char *files[MAX_FILES];
    size_t count;
} real;

static const char *data_folder(void)
{
    const char *data = getenv("WIJK_DATA");
    return data ? data : "../shared/data/raw";
}

/* Folders of published benchmarks hold no areas of the Netherlands. */
static int is_benchmark(const char *name)
{
    return strstr(name, "_benchmarks") != NULL;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(real *all, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        char below[4096];
        struct stat info;
        const char *name = entries[i]->d_name;
        snprintf(below, sizeof below, "%s/%s", path, name);
        if (*name != '.' && !is_benchmark(name) && strcmp(name, "SHA256SUMS") != 0 &&
            !stat(below, &info)) {
            if (S_ISDIR(info.st_mode)) {
                walk(all, below);
            } else if (all->count < MAX_FILES) {
                all->files[all->count++] = strdup(below);
            }
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

static int by_turn(const void *a, const void *b)
{
    static wijk_sources *sources;
    if (!sources) {
        must(wijk_sources_open(&sources));
    }
    int x = wijk_sources_turn(sources, *(char *const *)a);
    int y = wijk_sources_turn(sources, *(char *const *)b);
    return x != y ? x - y : strcmp(*(char *const *)a, *(char *const *)b);
}

static int setup(void **state)
{
    real *all = calloc(1, sizeof *all);
    *state = all;
    walk(all, data_folder());
    if (!all->count) {
        print_message("skipped: no real data under %s (set WIJK_DATA)\n", data_folder());
        return 0;
    }
    qsort(all->files, all->count, sizeof *all->files, by_turn);
    fixture_open(&all->f, "load_real.wijk");
    return 0;
}

static int teardown(void **state)
{
    real *all = *state;
    if (all->count) {
        fixture_close(&all->f);
    }
    for (size_t i = 0; i < all->count; i++) {
        free(all->files[i]);
    }
    free(all);
    return 0;
}

static real *given(void **state)
{
    real *all = *state;
    if (!all->count) {
        skip();
    }
    return all;
}

static void test_every_file_loads(void **state)
{
    real *all = given(state);
    wijk_load_options options = {.sources = all->f.sources};
    int64_t cells = 0;
    for (size_t i = 0; i < all->count; i++) {
        wijk_load_report report;
        if (wijk_load_file(&report, all->f.store, all->f.registry, all->files[i], &options, NULL)) {
            fail_msg("%s: %s", all->files[i], wijk_error(WIJK_EN));
        }
        for (size_t k = 0; k < report.note_count; k++) {
            const char *reason = report.notes[k].reason;
            if (!strcmp(reason, "unknown column") || !strcmp(reason, "unknown indicator") ||
                !strcmp(reason, "bad number") || !strcmp(reason, "unknown category") ||
                !strcmp(reason, "unknown gemeente") || !strcmp(reason, "double column")) {
                fail_msg("%s: %s %s (%s)", report.file, reason, report.notes[k].what,
                         report.notes[k].example);
            }
        }
        assert_true(report.rows_read > 0);
        cells += report.cells_kept;
        wijk_load_report_free(&report);
    }
    assert_true(all->count >= 68);
    assert_true(cells > 3500000);
    assert_true(number_of(all->f.store, "SELECT count(*) FROM observation WHERE mark = 0") ==
                (double)cells);
}

/* Sum of an indicator over the areas of a level, from one file. */
static double total(wijk_store *store, const char *file, const char *indicator, int level,
                    int period)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT total(o.value) FROM observation o JOIN area a ON a.id = o.area_id JOIN load "
               "l ON l.id = o.load_id JOIN indicator i ON i.id = o.indicator_id WHERE l.file LIKE "
               "?1 || '%' AND i.code = ?2 AND a.level = ?3 AND o.period = ?4");
    wijk_bind_text(stmt, 1, file);
    wijk_bind_text(stmt, 2, indicator);
    wijk_bind_int(stmt, 3, level);
    wijk_bind_int(stmt, 4, period);
    must(wijk_step(stmt));
    double value = wijk_col_double(stmt, 0);
    wijk_reset(stmt);
    return value;
}

/* Statistics Netherlands: population on 1 January, gemeenten to the person, wijken rounded. */
static void test_population(void **state)
{
    wijk_store *store = given(state)->f.store;
    assert_true(total(store, "cbs_kaart_gem_2016", "population", 1, 2016) == 16979120);
    assert_true(total(store, "cbs_kaart_gem_2017", "population", 1, 2017) == 17081507);
    assert_true(total(store, "cbs_kaart_wijk_2016", "population", 2, 2016) == 16974935);
    assert_true(total(store, "cbs_kaart_wijk_2017", "population", 2, 2017) == 17078610);
    assert_true(total(store, "gemeente_2020", "population", 1, 2020) == 17407585);
    assert_true(total(store, "gemeente_2021", "population", 1, 2021) == 17475415);
    assert_true(total(store, "nl_buurt_2024_kwb", "population", 3, 2024) == 17942915);
    assert_true(total(store, "nl_buurt_2024_kwb", "population", 1, 2024) == 17942942);
    assert_true(total(store, "cbs_pc4_2018", "population", 4, 2018) == 17177810);
    assert_true(total(store, "cbs_pc4_2020", "population", 4, 2020) == 17404635);
}

/* Police, registered crimes 2024 over the buurten. */
static void test_crime(void **state)
{
    wijk_store *store = given(state)->f.store;
    assert_true(total(store, "nl_buurt_2024_kwb", "crime_total", 3, 2024) == 793382);
    assert_true(number_of(store, "SELECT count(*) FROM observation o JOIN load l ON l.id = "
                                 "o.load_id WHERE l.file LIKE 'denhaag_region_crime_monthly%' AND "
                                 "o.period BETWEEN 201101 AND 201712") == 91405);
}

/* Leefbaarometer 3.0: the score is a fixed constant above the deviation, and the five parts add up
 * to the deviation; of 2.0 the five parts add up to the total. */
static void test_leefbaarometer(void **state)
{
    wijk_store *store = given(state)->f.store;
    assert_true(number_of(store, "SELECT count(*) FROM observation o JOIN indicator i ON i.id = "
                                 "o.indicator_id JOIN area a ON a.id = o.area_id WHERE i.code = "
                                 "'lbm3_lbm' AND a.level = 4") == 28243);
    assert_true(number_of(store,
                          "SELECT max(abs(s.value - d.value - 4.102265)) FROM observation s JOIN "
                          "observation d USING (area_id, period, load_id) WHERE s.indicator_id = "
                          "(SELECT id FROM indicator WHERE code = 'lbm3_lbm') AND d.indicator_id = "
                          "(SELECT id FROM indicator WHERE code = 'lbm3_afw') AND s.mark = 0") <
                1e-6);
    assert_true(
        number_of(store,
                  "SELECT max(abs(d.value - p.parts)) FROM observation d JOIN (SELECT area_id, "
                  "period, load_id, sum(value) parts, count(value) n FROM observation WHERE "
                  "indicator_id IN (SELECT id FROM indicator WHERE code IN ('lbm3_fys', "
                  "'lbm3_onv', 'lbm3_soc', 'lbm3_vrz', 'lbm3_won')) GROUP BY 1, 2, 3) p USING "
                  "(area_id, period, load_id) WHERE p.n = 5 AND d.indicator_id = (SELECT id FROM "
                  "indicator WHERE code = 'lbm3_afw')") < 1e-12);
    assert_true(number_of(store,
                          "SELECT max(abs(d.value - p.parts)) FROM observation d JOIN (SELECT "
                          "area_id, period, load_id, sum(value) parts FROM observation WHERE "
                          "indicator_id IN (SELECT id FROM indicator WHERE code IN ('lbm2_won', "
                          "'lbm2_bev', 'lbm2_vrz', 'lbm2_vei', 'lbm2_fys')) GROUP BY 1, 2, 3) p "
                          "USING (area_id, period, load_id) JOIN load l ON l.id = load_id WHERE "
                          "l.file LIKE 'lbm2_wijk_scores%' AND d.indicator_id = (SELECT id FROM "
                          "indicator WHERE code = 'lbm2_total')") < 1e-9);
}

/* Gemeente Amsterdam: share of corporation homes 53.1, 49.3, 46.1 and 42.8%. */
static void test_amsterdam_tenure(void **state)
{
    wijk_store *store = given(state)->f.store;
    static const struct {
        int year;
        double share;
    } published[] = {{2005, 53.1}, {2009, 49.3}, {2013, 46.1}, {2017, 42.8}};
    for (size_t i = 0; i < 4; i++) {
        double social = total(store, "ams_buurt_tenure", "homes_social", 6, published[i].year);
        double homes = total(store, "ams_buurt_tenure", "homes", 6, published[i].year);
        assert_true(fabs(100 * social / homes - published[i].share) < 0.05);
    }
}

/* Marks are kept as marks and never as numbers, and no code of theirs slips through. */
static void test_marks(void **state)
{
    wijk_store *store = given(state)->f.store;
    assert_true(number_of(store, "SELECT count(*) FROM observation WHERE (mark = 0) <> (value IS "
                                 "NOT NULL)") == 0);
    assert_true(number_of(store, "SELECT count(*) FROM observation WHERE value <= -9999") == 0);
    assert_true(number_of(store, "SELECT count(*) FROM observation WHERE mark = 2") > 50000);
    assert_true(number_of(store, "SELECT count(*) FROM observation o JOIN indicator i ON i.id = "
                                 "o.indicator_id WHERE i.unit = 'percent' AND i.code NOT LIKE "
                                 "'%change%' AND (o.value < 0 OR o.value > 100.5)") == 0);
}

/* Every buurt hangs under its wijk, gemeente and country of the same year. */
static void test_tree(void **state)
{
    wijk_store *store = given(state)->f.store;
    assert_true(number_of(store, "SELECT count(*) FROM area a WHERE level IN (1, 2, 3) AND NOT "
                                 "EXISTS (SELECT 1 FROM area p WHERE p.id = a.parent_id AND "
                                 "p.vintage = a.vintage AND p.level = a.level - 1)") == 0);
    assert_true(number_of(store, "SELECT count(*) FROM area WHERE level = 3 AND vintage = 2024") ==
                14574);
    assert_true(number_of(store, "SELECT count(*) FROM area WHERE level = 1 AND vintage = 2024") ==
                342);
    assert_true(number_of(store, "SELECT count(*) FROM area WHERE level = 6 AND parent_id IS "
                                 "NULL") == 0);
}

/* The population-weighted mean of the deviation drifts from −0.059 in 2002 to +0.015 in 2020: the
 * reason why trends are shown against the wave's own mean. */
static void test_layers(void **state)
{
    wijk_store *store = given(state)->f.store;
    wijk_registry *registry = given(state)->f.registry;
    must(wijk_layers_derive(store, registry, NULL));
    double first = number_of(store, "SELECT mean FROM series JOIN indicator i ON i.id = "
                                    "indicator_id WHERE i.code = 'lbm3_afw' AND level = 4 AND "
                                    "period = 2002");
    double last = number_of(store, "SELECT mean FROM series JOIN indicator i ON i.id = "
                                   "indicator_id WHERE i.code = 'lbm3_afw' AND level = 4 AND "
                                   "period = 2020");
    assert_true(fabs(first - -0.059) < 0.002);
    assert_true(fabs(last - 0.015) < 0.002);
    /* One winner per cell, and it is the highest in rank. */
    assert_true(number_of(store,
                          "SELECT count(*) FROM layer_value v JOIN load vl ON vl.id = "
                          "v.load_id JOIN source vs ON vs.id = vl.source_id JOIN observation "
                          "o ON o.area_id = v.area_id AND o.indicator_id = v.indicator_id "
                          "AND o.period = v.period AND o.mark = 0 JOIN load ol ON ol.id = "
                          "o.load_id JOIN source os ON os.id = ol.source_id WHERE os.rank > "
                          "vs.rank AND v.level = 2 AND ol.superseded_by IS NULL") == 0);
}

static void test_twice_changes_nothing(void **state)
{
    real *all = given(state);
    state_of_file before = look(all->f.store);
    wijk_load_options options = {.sources = all->f.sources};
    for (size_t i = 0; i < all->count; i++) {
        wijk_load_report report;
        must(wijk_load_file(&report, all->f.store, all->f.registry, all->files[i], &options, NULL));
        assert_true(report.unchanged || !report.load);
        assert_int_equal(report.cells_kept, 0);
        wijk_load_report_free(&report);
    }
    state_of_file after = look(all->f.store);
    assert_memory_equal(&before, &after, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_file_loads),
        cmocka_unit_test(test_population),
        cmocka_unit_test(test_crime),
        cmocka_unit_test(test_leefbaarometer),
        cmocka_unit_test(test_amsterdam_tenure),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_twice_changes_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
