/* The invented gemeente as a file: whole, marked everywhere, the same facts every time, quick, and
 * fit for everything that real files are asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "temp_file.h"
#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/store.h"
#include "wijk/town.h"

static char path[4096];

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "town.wijk");
    temp_remove(path);
    assert_int_equal(wijk_town_create(path, NULL), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

static wijk_store *open_town(void)
{
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), 0);
    return store;
}

#define ASK(store, sql) ask(wijk_store_sql(store, sql))

static int64_t ask(wijk_stmt *stmt)
{
    int64_t value;
    assert_non_null(stmt);
    assert_int_equal(wijk_run_int(&value, stmt, -1), 0);
    return value;
}

static void test_marked_everywhere(void **state)
{
    (void)state;
    wijk_store *store = open_town();
    assert_true(ASK(store, "SELECT count(*) FROM area") > 100);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE fictional = 0"), 0);
    assert_int_equal(ASK(store, "SELECT count(*) FROM source JOIN load ON source_id = source.id "
                                "WHERE nature <> 'fictional' OR title_nl NOT LIKE '%verzonnen%' "
                                "OR title_en NOT LIKE '%invented%'"),
                     0);
    assert_int_equal(ASK(store, "SELECT value FROM meta WHERE key = 'fictional'"), 1);
    /* Not part of the country, and nothing of the country is in it. */
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE level = 0"), 0);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE level BETWEEN 1 AND 3 AND "
                                "substr(code, 3, 4) <> '9901'"),
                     0);
    wijk_store_close(store);
}

static void test_everything_is_there(void **state)
{
    (void)state;
    wijk_store *store = open_town();
    assert_int_equal(ASK(store, "SELECT count(DISTINCT vintage) FROM area WHERE level = 3"), 2);
    assert_true(ASK(store, "SELECT count(*) FROM area WHERE level = 3 AND vintage = 2024") >= 58);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE level = 4"), 12);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE x IS NULL OR name = '' AND "
                                "level < 4 OR parent_id IS NULL AND level IN (2, 3)"),
                     0);
    assert_int_equal(ASK(store, "SELECT count(DISTINCT period) FROM observation JOIN indicator ON "
                                "id = indicator_id WHERE code = 'population'"),
                     20);
    assert_int_equal(ASK(store, "SELECT count(DISTINCT period) FROM observation JOIN indicator ON "
                                "id = indicator_id WHERE code = 'lbm3_afw'"),
                     8);
    assert_true(ASK(store, "SELECT count(DISTINCT indicator_id) FROM observation") >= 50);
    assert_true(ASK(store, "SELECT count(*) FROM observation WHERE mark = 1") > 1000);
    /* Every column was understood. */
    assert_int_equal(ASK(store, "SELECT count(*) FROM load_note WHERE reason NOT IN ('missing')"),
                     0);
    /* Every place on the glance panel has something to show. */
    assert_int_equal(ASK(store, "SELECT count(*) FROM indicator WHERE key_order > 0 AND id NOT IN "
                                "(SELECT indicator_id FROM observation) AND code NOT IN "
                                "('crime_total_per_1000')"),
                     0);
    assert_true(ASK(store, "SELECT count(*) FROM neighbour") > 300);
    assert_true(ASK(store, "SELECT count(*) FROM layer_value") > 10000);
    wijk_store_close(store);
}

/* The buurt that was split off in 2015, and the two that were joined. */
static void test_borders_changed(void **state)
{
    (void)state;
    wijk_store *store = open_town();
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE code = 'BU99010506' AND "
                                "vintage = 2014"),
                     0);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE code = 'BU99010506' AND "
                                "vintage = 2024"),
                     1);
    assert_int_equal(ASK(store, "SELECT count(*) FROM area WHERE code IN ('BU99010806', "
                                "'BU99010807') AND vintage = 2014"),
                     2);
    wijk_store_close(store);
}

static void count_finding(void *payload, const char *line)
{
    (void)payload;
    print_message("%s\n", line);
}

static void test_file_is_sound(void **state)
{
    (void)state;
    wijk_store *store = open_town();
    assert_int_equal(wijk_store_check(store, count_finding, NULL, NULL), 0);
    wijk_store_close(store);
}

/* FNV-1a over every fact in a fixed order; times and ids of this run are left out. */
static uint64_t fingerprint(const char *file)
{
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, file, WIJK_STORE_READ), 0);
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT a.code || '|' || a.vintage || '|' || a.name || '|' || i.code || '|' || "
               "o.period || '|' || s.code || '|' || l.sha256 || '|' || ifnull(o.value, 'x') || "
               "'|' || o.half || '|' || o.mark FROM observation o JOIN area a ON a.id = o.area_id "
               "JOIN indicator i ON i.id = o.indicator_id JOIN load l ON l.id = o.load_id "
               "JOIN source s ON s.id = l.source_id ORDER BY 1");
    uint64_t hash = 14695981039346656037u;
    int64_t rows = 0;
    assert_non_null(stmt);
    while (wijk_step(stmt) == 1) {
        for (const char *at = wijk_col_text(stmt, 0); *at; at++) {
            hash = (hash ^ (unsigned char)*at) * 1099511628211u;
        }
        rows++;
    }
    assert_true(rows > 50000);
    wijk_store_close(store);
    return hash;
}

static void test_same_facts_twice(void **state)
{
    (void)state;
    char again[4096];
    temp_path(again, sizeof again, "town-again.wijk");
    temp_remove(again);
    assert_int_equal(wijk_town_create(again, NULL), 0);
    assert_true(fingerprint(path) == fingerprint(again));
    temp_remove(again);
}

static void test_nothing_is_overwritten(void **state)
{
    (void)state;
    uint64_t before = fingerprint(path);
    assert_int_equal(wijk_town_create(path, NULL), WIJK_EINVAL);
    assert_true(fingerprint(path) == before);
}

static void test_cancelled_leaves_nothing(void **state)
{
    (void)state;
    char other[4096];
    temp_path(other, sizeof other, "town-half.wijk");
    temp_remove(other);
    wijk_ctx ctx = {.cancel = 1};
    assert_int_equal(wijk_town_create(other, &ctx), WIJK_ECANCEL);
    assert_int_not_equal(access(other, F_OK), 0);
    wijk_ctx late = {.deadline = wijk_now() + 0.5};
    int rc = wijk_town_create(other, &late);
    assert_true(rc == WIJK_ECANCEL || rc == 0); /* a fast machine may be done by then */
    if (rc) {
        assert_int_not_equal(access(other, F_OK), 0);
    }
    temp_remove(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marked_everywhere),
        cmocka_unit_test(test_everything_is_there),
        cmocka_unit_test(test_borders_changed),
        cmocka_unit_test(test_file_is_sound),
        cmocka_unit_test(test_same_facts_twice),
        cmocka_unit_test(test_nothing_is_overwritten),
        cmocka_unit_test(test_cancelled_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
