/* Memory that runs out and arenas that fill. Every growing thing of the base room, and the store
 * with SQLite's own allocations, is asked for memory that the n-th time is not there: first once,
 * then for good, for every n until the work succeeds. SQLite's malloc tests, at our size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/starve.h"
#include "unit/temp_file.h"
#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/limits.h"
#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/store.h"
#include "wijk/str.h"
#include "wijk/table.h"

#include <sqlite3.h>

static char path[4096];

static int grow_text(void)
{
    wijk_str str = WIJK_STR_INIT;
    for (int i = 0; i < 2000; i++) {
        wijk_str_addf(&str, "%d ", i);
        wijk_str_addi(&str, -i);
        wijk_str_addg(&str, i / 7.0);
        wijk_str_addq(&str, "een \"woord\"\n");
    }
    int rc = wijk_str_status(&str);
    wijk_str_free(&str);
    return rc;
}

static int grow_map(void)
{
    wijk_map *map;
    int rc = wijk_map_new(&map);
    for (int i = 0; !rc && i < 500; i++) {
        char key[24];
        size_t at = 0, again = 0;
        snprintf(key, sizeof key, "BU%08d", i);
        rc = wijk_map_number(&at, map, key);
        if (!rc) {
            assert_int_equal(at, i);
            assert_int_equal(wijk_map_number(&again, map, key), 0); /* is there: no memory wanted */
            assert_int_equal(again, i);
        }
    }
    /* What went in before the failure is still there. */
    for (size_t i = 0; map && i < wijk_map_size(map); i++) {
        char key[24];
        int64_t value = -1;
        int size = snprintf(key, sizeof key, "BU%08d", (int)i);
        assert_int_equal(wijk_map_get(map, key, (size_t)size, &value), 1);
        assert_int_equal(value, i);
    }
    wijk_map_free(map);
    return rc;
}

static int read_rows(void)
{
    static const char bytes[] = "naam;n\n\"B\xE2jema\";1\n\"lang lang lang lang\";2\n";
    wijk_csv *csv;
    const wijk_cell *cells;
    size_t count;
    int rc = wijk_csv_new_bytes(&csv, bytes, sizeof bytes - 1, "n.csv");
    while (!rc && (rc = wijk_csv_next(csv, &cells, &count)) == 1) {
        rc = 0;
        assert_int_equal(count, 2);
        if (wijk_csv_line(csv) == 3) {
            break;
        }
    }
    wijk_csv_free(csv);
    return rc;
}

static int read_table(void)
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, "data/indicators.csv");
    wijk_table_free(table);
    return rc;
}

static int fill_arena(void)
{
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    for (int i = 0; !rc && i < 50; i++) {
        rc = wijk_arena_alloc(arena, 20000) && wijk_arena_printf(arena, "%d", i) ? 0 : WIJK_ENOMEM;
    }
    wijk_arena_free(arena);
    return rc;
}

static int publish_file(void)
{
    char part[4200];
    snprintf(part, sizeof part, "%s.part", path);
    FILE *file = fopen(part, "w");
    assert_non_null(file);
    fputs("heel", file);
    fclose(file);
    return wijk_file_publish(part, path);
}

static void test_base(void **state)
{
    (void)state;
    starve(grow_text, 100);
    starve(grow_map, 5000);
    starve(read_rows, 100);
    starve(read_table, 20000);
    starve(fill_arena, 1000);
    starve(publish_file, 10);
    remove(path);
}

/* ---- the store, SQLite's own memory included --------------------------------------------------
 */

static sqlite3_mem_methods plain;

/* A block that is asked for and given back at once tells whether this allocation is to fail. */
static int fails(void)
{
    void *probe = wijk_alloc(1);
    wijk_free(probe);
    return probe == NULL;
}

static void *faulty_malloc(int size)
{
    return fails() ? NULL : plain.xMalloc(size);
}

static void *faulty_realloc(void *block, int size)
{
    return fails() ? NULL : plain.xRealloc(block, size);
}

static int open_and_ask(void)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_READ);
    if (!rc) {
        int64_t value = 0;
        rc = wijk_run_int(
            &value, wijk_store_sql(store, "SELECT count(*) FROM area a JOIN load USING (id)"), 0);
        wijk_stmt *stmt = NULL;
        rc = rc ? rc : wijk_store_sqlf(&stmt, store, "SELECT \"%w\" FROM \"%w\"", "code", "area");
        rc = rc ? rc : wijk_run(stmt);
        wijk_stmt_free(stmt);
        rc = rc ? rc : wijk_begin_read(store);
        wijk_end_read(store);
    }
    wijk_store_close(store);
    return rc;
}

static int write_one(void)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    if (!rc) {
        rc = wijk_begin(store);
        wijk_stmt *stmt = wijk_store_sql(store, "INSERT INTO meta(key, value) VALUES (?1, ?2) ON "
                                                "CONFLICT DO UPDATE SET value = ?2");
        wijk_bind_text(stmt, 1, "proef");
        wijk_bind_text(stmt, 2, "een waarde");
        rc = rc ? rc : wijk_run(stmt);
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_store_close(store);
    return rc;
}

static void test_store(void **state)
{
    (void)state;
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_CREATE), 0);
    wijk_store_close(store);
    starve(open_and_ask, 5000);
    starve(write_one, 8000);
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_WRITE), 0);
    int64_t whole = 0;
    assert_int_equal(
        wijk_run_int(&whole,
                     wijk_store_sql(store, "SELECT value = 'een waarde' FROM meta WHERE key = "
                                           "'proef'"),
                     0),
        0);
    assert_int_equal(whole, 1);
    wijk_store_close(store);
    temp_remove(path);
}

/* A file that cannot be made for want of memory is not there at all. */
static int create_one(void)
{
    wijk_store *store;
    temp_remove(path);
    int rc = wijk_store_open(&store, path, WIJK_STORE_CREATE);
    wijk_store_close(store);
    return rc;
}

static void test_create_is_all_or_nothing(void **state)
{
    (void)state;
    int rc = WIJK_ENOMEM;
    /* Every seventh failure: thousands of whole creations would only repeat themselves. */
    for (long n = 1; rc && n < 40000; n += n < 50 ? 1 : 97) {
        wijk_alloc_fail_at(n, 0);
        rc = create_one();
        wijk_alloc_fail_at(0, 0);
        if (rc && !access(path, F_OK)) {
            /* It got its name before memory ran out: then it is whole. */
            wijk_store *store;
            assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), 0);
            wijk_store_close(store);
        }
    }
    assert_int_equal(rc, 0);
    temp_remove(path);
}

/* ---- arenas ------------------------------------------------------------------------------------
 */

static void test_arena(void **state)
{
    (void)state;
    wijk_arena *arena;
    assert_int_equal(wijk_arena_new(&arena, 100000), 0);
    char *first = wijk_arena_alloc(arena, 10);
    assert_non_null(first);
    assert_int_equal((uintptr_t)first % 16, 0);
    memset(first, 'x', 10);
    assert_string_equal(wijk_arena_strdup(arena, "buurt"), "buurt");
    assert_string_equal(wijk_arena_strndup(arena, "buurten", 5), "buurt");
    assert_string_equal(wijk_arena_printf(arena, "%s %d", "BU", 7), "BU 7");
    assert_null(wijk_arena_alloc(arena, 100001));
    while (wijk_arena_alloc(arena, 1000)) {
    }
    assert_non_null(strstr(wijk_error(WIJK_EN), "smaller area"));
    wijk_arena_reset(arena);
    const char *again = wijk_arena_alloc(arena, 90000);
    assert_non_null(again);
    for (int i = 0; i < 90000; i++) {
        assert_int_equal(again[i], 0);
    }
    wijk_arena_free(arena);
    wijk_arena_free(NULL);
    /* A small ceiling can be used to its last byte. */
    assert_int_equal(wijk_arena_new(&arena, 64), 0);
    assert_non_null(wijk_arena_alloc(arena, 48));
    assert_non_null(wijk_arena_alloc(arena, 16));
    assert_null(wijk_arena_alloc(arena, 1));
    wijk_arena_free(arena);
}

static void test_text_has_a_ceiling(void **state)
{
    (void)state;
    wijk_str str = WIJK_STR_INIT;
    str.ceiling = 1000;
    for (int i = 0; i < 500; i++) {
        wijk_str_add(&str, "0123456789");
    }
    assert_int_equal(wijk_str_status(&str), WIJK_ELIMIT);
    assert_true(str.size <= 1000);
    assert_null(wijk_str_reserve(&str, 1));
    wijk_str_clear(&str);
    assert_int_equal(wijk_str_status(&str), 0);
    assert_string_equal(wijk_str_text(&str), "");
    wijk_str_free(&str);
    assert_string_equal(wijk_str_text(&str), "");
}

static void test_json_strings(void **state)
{
    (void)state;
    wijk_str str = WIJK_STR_INIT;
    wijk_str_addq(&str, "a\"b\\c\n\x01 één/<");
    assert_string_equal(wijk_str_text(&str), "\"a\\\"b\\\\c\\u000a\\u0001 één/<\"");
    wijk_str_free(&str);
}

static void expect_short(double value, const char *want)
{
    wijk_str str = WIJK_STR_INIT;
    wijk_str_addg(&str, value);
    assert_string_equal(wijk_str_text(&str), want);
    wijk_str_free(&str);
}

/* Shortest forms by hand, and for many doubles: what is written reads back as the same double, and
 * is no longer than what printf needs for that. */
static void test_numbers_read_back(void **state)
{
    (void)state;
    expect_short(0, "0");
    expect_short(-0.0, "0");
    expect_short(12, "12");
    expect_short(-17.5, "-17.5");
    expect_short(0.1, "0.1");
    expect_short(0.05, "0.05");
    expect_short(-0.041, "-0.041");
    expect_short(1202.5, "1202.5");
    expect_short(4.102265, "4.102265");
    expect_short(1.0 / 3, "0.3333333333333333");
    expect_short(4.216484120900081, "4.216484120900081");
    expect_short(999999999999999.0, "999999999999999");
    expect_short(1e300, "1e+300");
    expect_short(0.0 / 0.0, "null");
    wijk_str str = WIJK_STR_INIT;
    for (uint32_t i = 0; i < 100000; i++) {
        double draw = wijk_rng_uniform((wijk_draw){.seed = 3, .nth = i});
        double step = wijk_rng_uniform((wijk_draw){.seed = 4, .nth = i});
        static const double scales[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7};
        double value = i % 2 ? (draw - 0.5) * 1e6
                             : (double)(long)((draw - 0.5) * 1e7) / scales[(size_t)(step * 8)];
        wijk_str_clear(&str);
        wijk_str_addg(&str, value);
        assert_true(strtod(wijk_str_text(&str), NULL) == value);
        char text[40];
        int digits = 1;
        do {
            snprintf(text, sizeof text, "%.*g", digits, value);
        } while (strtod(text, NULL) != value && digits++ < 17);
        size_t most = strchr(text, 'e') ? 25 : strlen(text);
        assert_true(str.size <= most);
    }
    wijk_str_free(&str);
}

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "memory.wijk");
    temp_remove(path);
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    sqlite3_mem_methods faulty = plain;
    faulty.xMalloc = faulty_malloc;
    faulty.xRealloc = faulty_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_store),
        cmocka_unit_test(test_create_is_all_or_nothing),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_text_has_a_ceiling),
        cmocka_unit_test(test_json_strings),
        cmocka_unit_test(test_numbers_read_back),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
