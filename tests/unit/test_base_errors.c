/* The edges of the base room: messages, deadlines, files that cannot be stored, and input that
 * breaks off, lies about its encoding or never ends a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/csv.h"
#include "wijk/ctx.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

static void test_messages(void **state)
{
    (void)state;
    assert_int_equal(wijk_fail(WIJK_EIO, "schijf %d", "disk %d", 7), WIJK_EIO);
    assert_string_equal(wijk_error(WIJK_NL), "schijf 7");
    assert_string_equal(wijk_error(WIJK_EN), "disk 7");
    assert_int_equal(wijk_fail_at(WIJK_EFORMAT, "a.csv, rij 12"), WIJK_EFORMAT);
    assert_string_equal(wijk_error(WIJK_NL), "a.csv, rij 12: schijf 7");
    /* A message that is too long is cut, not overrun. */
    char *endless = wijk_alloc(5000);
    memset(endless, 'x', 4999);
    for (int i = 0; i < 40; i++) {
        wijk_fail_at(WIJK_EIO, endless);
    }
    assert_in_range(strlen(wijk_error(WIJK_EN)), 7000, 8191);
    wijk_free(endless);
}

static void remember(void *payload, const char *what, double done)
{
    snprintf(payload, 40, "%s %.2f", what, done);
}

static void test_jobs(void **state)
{
    (void)state;
    char seen[40] = "";
    wijk_ctx ctx = {.progress = remember, .payload = seen};
    wijk_progress(&ctx, "laden", 0.25);
    assert_string_equal(seen, "laden 0.25");
    assert_string_equal(ctx.what, "laden");
    wijk_progress(NULL, "laden", 0.5);
    assert_int_equal(wijk_checkpoint(NULL), 0);
    assert_int_equal(wijk_checkpoint(&ctx), 0);
    ctx.deadline = wijk_now() + 60;
    assert_int_equal(wijk_checkpoint(&ctx), 0);
    ctx.deadline = wijk_now() - 1;
    assert_int_equal(wijk_checkpoint(&ctx), WIJK_ECANCEL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "took too long"));
    ctx.deadline = 0;
    atomic_store(&ctx.cancel, 1);
    assert_int_equal(wijk_checkpoint(&ctx), WIJK_ECANCEL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "as you asked"));
}

static void test_publishing(void **state)
{
    (void)state;
    char part[4096], path[4096];
    temp_path(part, sizeof part, "publish.part");
    temp_path(path, sizeof path, "publish");
    assert_int_equal(wijk_file_publish(part, path), WIJK_EIO);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Cannot store"));
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(part, "w");
        assert_non_null(file);
        fputc('0' + i, file);
        fclose(file);
        assert_int_equal(wijk_file_publish(part, path), 0);
        assert_int_not_equal(access(part, F_OK), 0);
    }
    FILE *file = fopen(path, "r");
    assert_int_equal(fgetc(file), '1');
    fclose(file);
    remove(path);
}

/* ---- input ---------------------------------------------------------------------------------- */

typedef struct {
    const char *bytes;
    size_t size, at, step; /* `step` bytes at a time, as a pipe gives them */
    int end;               /* what the reader returns past the bytes: 0 or a code */
} trickle;

static ptrdiff_t give(void *payload, void *buffer, size_t room)
{
    trickle *it = payload;
    size_t take = it->size - it->at < it->step ? it->size - it->at : it->step;
    if (!take) {
        return it->end;
    }
    take = take < room ? take : room;
    memcpy(buffer, it->bytes + it->at, take);
    it->at += take;
    return (ptrdiff_t)take;
}

/* The code with which reading ended; *rows and *delimiter as met. */
static int read_all(trickle it, size_t *rows, char *delimiter)
{
    wijk_csv *csv;
    const wijk_cell *cells;
    size_t count;
    int rc = wijk_csv_new(&csv, give, &it, 0, "proef.csv");
    assert_int_equal(rc, 0);
    *rows = 0;
    while ((rc = wijk_csv_next(csv, &cells, &count)) == 1) {
        ++*rows;
    }
    if (delimiter) {
        *delimiter = wijk_csv_delimiter(csv);
    }
    wijk_csv_free(csv);
    return rc;
}

static void test_a_reader_that_fails(void **state)
{
    (void)state;
    static const int codes[] = {WIJK_EINVAL,  WIJK_ENOMEM, WIJK_EIO,
                                WIJK_EFORMAT, WIJK_ELIMIT, WIJK_ECANCEL};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t rows;
        /* At the very beginning, inside the first chunk, and after it. */
        assert_int_equal(read_all((trickle){"", 0, 0, 1, codes[i]}, &rows, NULL), codes[i]);
        assert_int_equal(read_all((trickle){"a;b\n1;2\n3", 9, 0, 4, codes[i]}, &rows, NULL),
                         codes[i]);
        assert_int_equal(read_all((trickle){"a;b\n1;\"2", 8, 0, 8, codes[i]}, &rows, NULL),
                         codes[i]);
        static char large[200000];
        memset(large, 'x', sizeof large);
        for (size_t k = 99; k < sizeof large; k += 100) {
            large[k] = '\n';
        }
        assert_int_equal(read_all((trickle){large, sizeof large, 0, 70000, codes[i]}, &rows, NULL),
                         codes[i]);
        assert_int_equal(rows, 2000);
    }
}

static void test_a_slow_pipe(void **state)
{
    (void)state;
    size_t rows;
    char delimiter;
    const char *text = "\xEF\xBB\xBFnaam van het gebied;inwoners;a,b\nx;1;2\ny;3;4\n";
    for (size_t step = 1; step < 8; step++) {
        assert_int_equal(read_all((trickle){text, strlen(text), 0, step, 0}, &rows, &delimiter), 0);
        assert_int_equal(rows, 3);
        assert_int_equal(delimiter, ';');
    }
}

static void test_what_is_no_table(void **state)
{
    (void)state;
    size_t rows;
    assert_int_equal(read_all((trickle){"a,\"b\0c\"\n", 8, 0, 8, 0}, &rows, NULL), WIJK_EFORMAT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "not a text file"));
    char *wide = wijk_alloc(WIJK_MAX_COLUMNS + 2);
    memset(wide, ',', WIJK_MAX_COLUMNS + 1);
    assert_int_equal(read_all((trickle){wide, WIJK_MAX_COLUMNS + 1, 0, 999999, 0}, &rows, NULL),
                     WIJK_ELIMIT);
    assert_non_null(strstr(wijk_error(WIJK_EN), "columns"));
    wijk_free(wide);
    size_t size = (size_t)WIJK_MAX_CELL * 8 + 10;
    char *endless = wijk_alloc(size);
    memset(endless, 'x', size);
    assert_int_equal(read_all((trickle){endless, size, 0, size, 0}, &rows, NULL), WIJK_ELIMIT);
    endless[0] = '"';
    assert_int_equal(read_all((trickle){endless, size, 0, size, 0}, &rows, NULL), WIJK_ELIMIT);
    wijk_free(endless);
}

/* RFC 3629: what only looks like UTF-8 is Windows-1252. */
static void test_encodings(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int latin;
    } cases[] = {
        {"B\xC3\xA2jema", 0},    {"\xE2\x82\xAC 5", 0},
        {"\xF0\x9F\x8F\xA0", 0}, {"\xED\x9F\xBF", 0},
        {"\xF4\x8F\xBF\xBF", 0}, {"B\xE2jema", 1},
        {"\xC0\xAF", 1},         {"\xE0\x80\xAF", 1},
        {"\xED\xA0\x80", 1},     {"\xF0\x80\x80\x80", 1},
        {"\xF4\x90\x80\x80", 1}, {"\xF5\x80\x80\x80", 1},
        {"caf\xC3", 1},          {"\x80", 1},
        {"\xE2\x82", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wijk_csv *csv;
        const wijk_cell *cells;
        size_t count;
        assert_int_equal(
            wijk_csv_new_bytes(&csv, cases[i].bytes, strlen(cases[i].bytes), "proef.csv"), 0);
        assert_int_equal(wijk_csv_next(csv, &cells, &count), 1);
        if (wijk_csv_latin(csv) != cases[i].latin) {
            fail_msg("case %zu", i);
        }
        if (!cases[i].latin) {
            assert_string_equal(cells[0].text, cases[i].bytes);
        }
        wijk_csv_free(csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),    cmocka_unit_test(test_jobs),
        cmocka_unit_test(test_publishing),  cmocka_unit_test(test_a_reader_that_fails),
        cmocka_unit_test(test_a_slow_pipe), cmocka_unit_test(test_what_is_no_table),
        cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
