/* The locks on the file: who may write, what nobody may change, what the schema may never hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/store.h"
#include "wijk/text.h"

static char path[4096];

static wijk_store *must_open(enum wijk_store_mode mode)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, path, mode);
    if (rc) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return store;
}

static void seed(wijk_store *store)
{
    static const char *const rows[] = {
        "INSERT INTO source(id, code, publisher, title_nl, title_en, licence, address, nature, "
        "rank)"
        " VALUES (1, 's', 'CBS', 't', 't', 'CC BY 4.0', '', 'published', 90)",
        "INSERT INTO load(id, source_id, file, sha256, bytes, loaded_at)"
        " VALUES (1, 1, 'f.csv', 'aa', 1, '2024-01-01T00:00:00Z')",
        "INSERT INTO load_note(load_id, reason, count) VALUES (1, 'missing', 3)",
        "INSERT INTO area(id, level, code, vintage) VALUES (1, 3, 'BU00000001', 2024)",
        "INSERT INTO indicator(id, code, theme, nl, en, unit, decimals, direction, kind, joining,"
        " origin, similar, key_order, disclosure, reliability)"
        " VALUES (100000, 'proef', 'people', 'n', 'e', 'count', 0, 'none', 'count', 'sum', 0, 0, 0,"
        " 'none', 'none')",
        "INSERT INTO observation VALUES (1, 100000, 2024, 1, 12.0, 2.5, 0)",
        "INSERT INTO flow VALUES (1, 2024, 'all', 1, 1, 2.0)",
    };
    assert_int_equal(wijk_begin(store), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (wijk_run(wijk_store_sql(store, rows[i]))) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
    }
    assert_int_equal(wijk_commit(store), 0);
}

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "guard.wijk");
    temp_remove(path);
    wijk_store *store = must_open(WIJK_STORE_CREATE);
    seed(store);
    wijk_store_close(store);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

static void test_facts_stay(void **state)
{
    (void)state;
    static const char *const denied[] = {
        "UPDATE observation SET value = 13",
        "DELETE FROM observation",
        "DELETE FROM observation WHERE area_id = 1",
        "UPDATE source SET rank = 100",
        "DELETE FROM source",
        "UPDATE load_note SET count = 0",
        "DELETE FROM flow",
        "INSERT INTO observation VALUES (1, 100000, 2024, 1, 13.0, 2.5, 0)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        "DELETE FROM load_note",
        "UPDATE sqlite_schema SET sql = ''",
        "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 2, '')",
    };
    wijk_store *store = must_open(WIJK_STORE_WRITE);
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
        assert_null(wijk_store_sql(store, denied[i]));
        if (!strstr(denied[i], "sqlite_schema")) {
            assert_non_null(strstr(wijk_error(WIJK_NL), "geweigerd"));
            assert_non_null(strstr(wijk_error(WIJK_EN), "refused"));
        }
    }
    /* REPLACE compiles, because it is an INSERT; a trigger stops it. */
    assert_int_not_equal(
        wijk_run(wijk_store_sql(store, "INSERT OR REPLACE INTO observation"
                                       " VALUES (1, 100000, 2024, 1, 13.0, 2.5, 0)")),
        0);
    assert_non_null(strstr(wijk_error(WIJK_EN), "append-only"));
    assert_int_not_equal(
        wijk_run(wijk_store_sql(store, "REPLACE INTO flow VALUES (1, 2024, 'all', 1, 1, 3.0)")), 0);
    int64_t value = 0;
    assert_int_equal(
        wijk_run_int(&value, wijk_store_sql(store, "SELECT value FROM observation"), 0), 0);
    assert_int_equal(value, 12);
    /* A newer load beside it is how a fact is superseded. */
    assert_int_equal(
        wijk_run(wijk_store_sql(store, "INSERT INTO load(id, source_id, file, sha256, bytes, "
                                       "loaded_at) VALUES (2, 1, 'g', 'bb', 1, 'x')")),
        0);
    assert_int_equal(
        wijk_run(wijk_store_sql(store, "UPDATE load SET superseded_by = 2 WHERE id = 1")), 0);
    assert_int_equal(
        wijk_run(wijk_store_sql(
            store, "INSERT INTO observation VALUES (1, 100000, 2024, 2, 13.0, 2.5, 0)")),
        0);
    wijk_store_close(store);
}

static void test_refused_everywhere(void **state)
{
    (void)state;
    static const char *const denied[] = {
        "ATTACH '/tmp/other.db' AS other",
        "DETACH main",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 7",
        "PRAGMA application_id = 7",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA recursive_triggers = OFF",
        "CREATE TABLE t (a)",
        "CREATE INDEX i ON area(name)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE v USING fts5(a)",
        "CREATE TRIGGER t AFTER INSERT ON area BEGIN SELECT 1; END",
        "DROP TABLE observation",
        "DROP TRIGGER temp.keep_observation",
        "ALTER TABLE area ADD COLUMN birthday TEXT",
        "SELECT load_extension('x')",
    };
    static const enum wijk_store_mode modes[] = {WIJK_STORE_READ, WIJK_STORE_WRITE,
                                                 WIJK_STORE_FOREIGN};
    for (size_t m = 0; m < 3; m++) {
        wijk_store *store = must_open(modes[m]);
        for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
            if (wijk_run(wijk_store_sql(store, denied[i])) == 0) {
                fail_msg("mode %zu let through: %s", m, denied[i]);
            }
        }
        wijk_store_close(store);
    }
}

static void test_readers_cannot_write(void **state)
{
    (void)state;
    static const enum wijk_store_mode modes[] = {WIJK_STORE_READ, WIJK_STORE_FOREIGN};
    for (size_t m = 0; m < 2; m++) {
        wijk_store *store = must_open(modes[m]);
        assert_null(wijk_store_sql(store, "INSERT INTO meta VALUES ('a', 'b')"));
        assert_null(wijk_store_sql(store, "UPDATE meta SET value = 'b'"));
        assert_null(wijk_store_sql(store, "DELETE FROM meta"));
        assert_int_not_equal(wijk_begin(store), 0);
        wijk_store_close(store);
    }
    /* A view of somebody else's file cannot run for ever. */
    wijk_store *foreign = must_open(WIJK_STORE_FOREIGN);
    assert_null(wijk_store_sql(foreign, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                        "FROM n) SELECT count(*) FROM n"));
    wijk_store_close(foreign);
}

static void test_one_writer(void **state)
{
    (void)state;
    wijk_store *first = must_open(WIJK_STORE_WRITE);
    wijk_store *second = NULL;
    assert_int_equal(wijk_store_open(&second, path, WIJK_STORE_WRITE), WIJK_EBUSY);
    assert_null(second);
    assert_non_null(strstr(wijk_error(WIJK_NL), "Een ander wijk-programma schrijft al"));
    assert_non_null(strstr(wijk_error(WIJK_EN), "Another wijk program is writing"));
    wijk_store *reader = must_open(WIJK_STORE_READ);
    assert_int_equal(wijk_store_writes(reader), 0);
    assert_int_equal(wijk_store_writes(first), 1);
    wijk_store_close(reader);
    wijk_store_close(first);
    second = must_open(WIJK_STORE_WRITE);
    wijk_store_close(second);
}

static void write_bytes(const char *at, const void *bytes, size_t size)
{
    FILE *file = fopen(at, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void test_wrong_files(void **state)
{
    (void)state;
    char other[4096];
    wijk_store *store = NULL;
    temp_path(other, sizeof other, "other.db");
    temp_remove(other);
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_READ), WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_EN), "wijk init"));
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_CREATE), WIJK_EINVAL);

    char text[5000];
    memset(text, 'x', sizeof text);
    write_bytes(other, text, sizeof text);
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_READ), WIJK_EFORMAT);
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_WRITE), WIJK_EFORMAT);
    temp_remove(other);

    assert_int_equal(wijk_store_create_foreign(&store, other, 0x47504B47, 10300), 0);
    assert_int_equal(wijk_store_script(store, "CREATE TABLE t (a)"), 0);
    wijk_store_close(store);
    assert_int_equal(wijk_store_create_foreign(&store, other, 1, 1), WIJK_EINVAL);
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_READ), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "not a wijk file"));
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_FOREIGN), 0);
    wijk_store_close(store);
    temp_remove(other);

    assert_int_equal(wijk_store_create_foreign(&store, other, 0x57696a6b, 99), 0);
    wijk_store_close(store);
    assert_int_equal(wijk_store_open(&store, other, WIJK_STORE_READ), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "newer version of wijk"));
    temp_remove(other);
    assert_int_equal(wijk_store_open(&store, "/proc/none/x.wijk", WIJK_STORE_CREATE), WIJK_EIO);
}

/* Everything in the schema as one text, to compare two files. */
static void schema_of(wijk_store *store, wijk_str *out)
{
    wijk_stmt *row = wijk_store_sql(store, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
                                           " ORDER BY type, name");
    wijk_str_clear(out);
    while (wijk_step(row) == 1) {
        wijk_str_addf(out, "%s;\n", wijk_col_text(row, 0));
    }
}

static const char *migration(int number)
{
    char prefix[16];
    snprintf(prefix, sizeof prefix, "db/%04d_", number);
    const char *at;
    for (size_t i = 0; (at = wijk_asset_path(i)); i++) {
        if (!strncmp(at, prefix, strlen(prefix))) {
            return wijk_asset_get(at, NULL);
        }
    }
    return NULL;
}

/* A file of every earlier version becomes, by opening it for writing, what a new file is. */
static void test_upgrade_from_every_version(void **state)
{
    (void)state;
    char old[4096];
    wijk_str want = WIJK_STR_INIT, got = WIJK_STR_INIT;
    wijk_store *store = must_open(WIJK_STORE_READ);
    schema_of(store, &want);
    wijk_store_close(store);
    temp_path(old, sizeof old, "old.wijk");
    for (int version = 0; version < wijk_store_newest_version(); version++) {
        temp_remove(old);
        assert_int_equal(wijk_store_create_foreign(&store, old, 0x57696a6b, version), 0);
        for (int number = 1; number <= version; number++) {
            assert_int_equal(wijk_store_script(store, migration(number)), 0);
        }
        if (version > 0) {
            seed(store);
        }
        wijk_store_close(store);
        assert_int_equal(wijk_store_open(&store, old, WIJK_STORE_READ), WIJK_EFORMAT);
        assert_non_null(strstr(wijk_error(WIJK_EN), "wijk check"));
        assert_int_equal(wijk_store_open(&store, old, WIJK_STORE_WRITE), 0);
        int64_t now = 0, kept = 0;
        assert_int_equal(wijk_store_version(store, &now), 0);
        assert_int_equal(now, wijk_store_newest_version());
        schema_of(store, &got);
        assert_string_equal(wijk_str_text(&got), wijk_str_text(&want));
        wijk_run_int(&kept, wijk_store_sql(store, "SELECT count(*) FROM observation"), -1);
        assert_int_equal(kept, version > 0);
        wijk_store_close(store);
    }
    temp_remove(old);
    wijk_str_free(&want);
    wijk_str_free(&got);
}

static int names_a_column(const char *line, size_t size)
{
    static const char *const constraints[] = {"PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN",
                                              "CONSTRAINT"};
    size_t blanks = strspn(line, " ");
    if (blanks >= size) {
        return 0;
    }
    for (size_t i = 0; i < sizeof constraints / sizeof *constraints; i++) {
        if (!strncmp(line + blanks, constraints[i], strlen(constraints[i]))) {
            return 0;
        }
    }
    return 1;
}

/* Every line of a CREATE TABLE, its first one and each that names columns, says what it is for. */
static void test_schema_is_commented(void **state)
{
    (void)state;
    int lines = 0;
    for (int number = 1; migration(number); number++) {
        int inside = 0;
        for (const char *at = migration(number); *at;) {
            size_t size = strcspn(at, "\n");
            int opens = !strncmp(at, "CREATE TABLE", 12);
            inside = (inside || opens) && *at != ')';
            if (inside && names_a_column(at, size)) {
                lines++;
                if (!memmem(at, size, "-- ", 3)) {
                    fail_msg("migration %d: no comment on: %.*s", number, (int)size, at);
                }
            }
            at += size + (at[size] == '\n');
        }
    }
    assert_true(lines > 100);
}

/* Places, counts and sources only: no column may even suggest a person. */
static void test_no_person_in_the_schema(void **state)
{
    (void)state;
    static const char *const words[] = {
        "person", "bsn",    "phone",        "telefoon", "mail",    "birth",      "geboort",
        "street", "straat", "house_number", "huisnum",  "surname", "achternaam", "voornaam",
        "user",   "client", "tenant",       "huurder",  "iban",    "gender",     "resident"};
    wijk_store *store = must_open(WIJK_STORE_READ);
    wijk_stmt *row = wijk_store_sql(
        store, "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
               " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
    int columns = 0, rc;
    while ((rc = wijk_step(row)) == 1) {
        char name[256];
        snprintf(name, sizeof name, "%s.%s", wijk_col_text(row, 0), wijk_col_text(row, 1));
        columns++;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (strcasestr(name, words[i])) {
                fail_msg("column %s suggests a person (%s)", name, words[i]);
            }
        }
        /* "address" is where a publisher offers a file; anywhere else it could be somebody's. */
        if (strcasestr(name, "address") && strcmp(name, "source.address") != 0) {
            fail_msg("column %s suggests an address", name);
        }
    }
    if (rc) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_true(columns > 80);
    wijk_store_close(store);
}

static void count_line(void *payload, const char *line)
{
    (void)line;
    ++*(int *)payload;
}

static void test_check_finds(void **state)
{
    (void)state;
    wijk_store *store = must_open(WIJK_STORE_WRITE);
    int told = 0;
    assert_int_equal(wijk_store_check(store, count_line, &told, NULL), 0);
    assert_int_equal(told, 0);
    /* One broken rule of every statement in db/checks.sql that facts alone can break. */
    assert_int_equal(wijk_run(wijk_store_sql(
                         store, "INSERT INTO observation VALUES (1, 100000, 17, 1, 1.0, 0, 0)")),
                     0);
    assert_int_equal(wijk_run(wijk_store_sql(
                         store, "INSERT INTO observation VALUES (1, 100000, 2023, 1, 1.0, 0, 2)")),
                     0);
    assert_int_equal(wijk_run(wijk_store_sql(store, "INSERT INTO area(id, level, code, vintage, "
                                                    "parent_id) VALUES (2, 3, 'BU2', 2023, 1)")),
                     0);
    assert_int_equal(wijk_run(wijk_store_sql(store, "INSERT INTO neighbour VALUES (1, 2)")), 0);
    assert_int_equal(
        wijk_run(wijk_store_sql(store, "INSERT INTO area_link VALUES (1, 2, 2, 0.5, 1.2)")), 0);
    int findings = wijk_store_check(store, count_line, &told, NULL);
    assert_int_equal(findings, 5);
    assert_int_equal(told, 5);
    wijk_store *reader = must_open(WIJK_STORE_READ);
    assert_int_equal(wijk_store_check(reader, count_line, &told, NULL), 5);
    wijk_store_close(reader);
    wijk_ctx ctx = {0};
    atomic_store(&ctx.cancel, 1);
    assert_int_equal(wijk_store_check(store, count_line, &told, &ctx), WIJK_ECANCEL);
    wijk_store_close(store);
}

static void test_data_version_moves(void **state)
{
    (void)state;
    wijk_store *writer = must_open(WIJK_STORE_WRITE);
    wijk_store *reader = must_open(WIJK_STORE_READ);
    int64_t own = wijk_store_data_version(writer), seen = wijk_store_data_version(reader);
    assert_int_equal(wijk_store_data_version(reader), seen);
    assert_int_equal(wijk_run(wijk_store_sql(writer, "INSERT INTO meta VALUES ('k', 'v')")), 0);
    assert_int_not_equal(wijk_store_data_version(writer), own);
    assert_int_not_equal(wijk_store_data_version(reader), seen);
    wijk_store_close(reader);
    wijk_store_close(writer);
}

static void test_a_page_sees_one_state(void **state)
{
    (void)state;
    wijk_store *writer = must_open(WIJK_STORE_WRITE);
    wijk_store *reader = must_open(WIJK_STORE_READ);
    int64_t before = 0, during = 0, after = 0;
    static const char count[] = "SELECT count(*) FROM meta";
    assert_int_equal(wijk_begin_read(reader), 0);
    wijk_run_int(&before, wijk_store_sql(reader, count), 0);
    assert_int_equal(wijk_begin(writer), 0);
    assert_int_not_equal(wijk_begin(writer), 0);
    assert_int_equal(wijk_run(wijk_store_sql(writer, "INSERT INTO meta VALUES ('k', 'v')")), 0);
    assert_int_equal(wijk_commit(writer), 0);
    wijk_run_int(&during, wijk_store_sql(reader, count), 0);
    wijk_end_read(reader);
    wijk_run_int(&after, wijk_store_sql(reader, count), 0);
    assert_int_equal(during, before);
    assert_int_equal(after, before + 1);
    wijk_store_close(reader);
    wijk_store_close(writer);
}

/* A page that stops halfway a query lets go of the state it saw, whatever it left behind. */
static void test_a_broken_off_page_lets_go(void **state)
{
    (void)state;
    wijk_store *writer = must_open(WIJK_STORE_WRITE);
    wijk_store *reader = must_open(WIJK_STORE_READ);
    int64_t seen = wijk_store_data_version(reader), after = 0;
    assert_int_equal(wijk_begin_read(reader), 0);
    assert_int_equal(wijk_step(wijk_store_sql(reader, "SELECT key FROM meta")), 1);
    wijk_end_read(reader);
    assert_int_equal(wijk_run(wijk_store_sql(writer, "INSERT INTO meta VALUES ('k', 'v')")), 0);
    assert_int_not_equal(wijk_store_data_version(reader), seen);
    wijk_run_int(&after, wijk_store_sql(reader, "SELECT count(*) FROM meta WHERE key = 'k'"), 0);
    assert_int_equal(after, 1);
    wijk_store_close(reader);
    wijk_store_close(writer);
}

static void test_statements(void **state)
{
    (void)state;
    wijk_store *store = must_open(WIJK_STORE_WRITE);
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT ?1, ?2, ?3, ?4, ?5, ?6");
    wijk_bind_int(stmt, 1, 7);
    wijk_bind_double(stmt, 2, 0.0 / 0.0);
    wijk_bind_text(stmt, 3, "één");
    wijk_bind_textn(stmt, 4, "abcdef", 3);
    wijk_bind_blob(stmt, 5, "\0\1", 2);
    wijk_bind_null(stmt, 6);
    assert_int_equal(wijk_step(stmt), 1);
    assert_int_equal(wijk_col_count(stmt), 6);
    assert_int_equal(wijk_col_int(stmt, 0), 7);
    assert_true(wijk_col_null(stmt, 1) && wijk_col_double(stmt, 1) != wijk_col_double(stmt, 1));
    assert_string_equal(wijk_col_text(stmt, 2), "één");
    assert_string_equal(wijk_col_text(stmt, 3), "abc");
    size_t size = 0;
    assert_memory_equal(wijk_col_blob(stmt, 4, &size), "\0\1", 2);
    assert_int_equal(size, 2);
    assert_string_equal(wijk_col_text(stmt, 5), "");
    assert_string_equal(wijk_col_name(stmt, 0), "?1");
    assert_int_equal(wijk_step(stmt), 0);
    wijk_bind_int(stmt, 99, 1);
    assert_true(wijk_step(stmt) < 0);
    assert_null(wijk_store_sql(store, "SELECT * FROM nowhere"));
    assert_true(wijk_step(NULL) < 0);
    int64_t value;
    assert_true(wijk_run_int(&value, NULL, 5) < 0);
    assert_int_equal(value, 5);
    wijk_stmt *named;
    assert_int_equal(wijk_store_sqlf(&named, store, "SELECT \"%w\" FROM \"%w\"", "code", "source"),
                     0);
    assert_int_equal(wijk_step(named), 1);
    wijk_stmt_free(named);
    assert_int_not_equal(
        wijk_store_sqlf(&named, store, "SELECT \"%w\" FROM \"%w\"", "a", "x\"; --"), 0);
    assert_int_equal(wijk_run(wijk_store_sql(store, "INSERT INTO area(level, code, vintage) VALUES "
                                                    "(3, 'BU9', 2024)")),
                     0);
    assert_int_equal(wijk_store_last_id(store), 2);
    assert_int_equal(wijk_store_checkpoint(store), 0);
    assert_string_equal(wijk_store_path(store), path);
    wijk_store_close(store);
    wijk_store_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_facts_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_everywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_readers_cannot_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upgrade_from_every_version, setup, teardown),
        cmocka_unit_test(test_schema_is_commented),
        cmocka_unit_test_setup_teardown(test_no_person_in_the_schema, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check_finds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_data_version_moves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_page_sees_one_state, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_broken_off_page_lets_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_statements, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
