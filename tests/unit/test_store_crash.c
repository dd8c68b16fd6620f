/* Power cuts, full disks and damaged bytes. A child process writes and is killed with SIGKILL at a
 * random moment; whatever it had acknowledged must be there, whole, and the file must pass its own
 * check. The idea is SQLite's crash tests, at the level of our own promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/ctx.h"
#include "wijk/rng.h"
#include "wijk/store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { KILLS = 20, ROWS = 40 };

static char path[4096], other[4096];

/* The n-th draw for this test, below `ceiling`: the same in every run. */
static size_t draw(uint32_t purpose, uint32_t nth, size_t ceiling)
{
    return (size_t)(wijk_rng_uniform((wijk_draw){.seed = 7, .purpose = purpose, .nth = nth}) *
                    (double)ceiling);
}

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "crash.wijk");
    temp_path(other, sizeof other, "crash-copy.wijk");
    temp_remove(path);
    temp_remove(other);
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_CREATE);
    wijk_store_close(store);
    return rc;
}

static int teardown(void **state)
{
    (void)state;
    temp_remove(path);
    temp_remove(other);
    return 0;
}

static int insert(wijk_store *store, int64_t batch, int row)
{
    char code[40];
    snprintf(code, sizeof code, "B%06lld-%d", (long long)batch, row);
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO area(level, code, vintage, name) VALUES (3, ?1, 2024, ?2)");
    wijk_bind_text(stmt, 1, code);
    wijk_bind_text(stmt, 2, "een naam die wat plaats inneemt, zodat er pagina's vol raken");
    return wijk_run(stmt);
}

/* Writes batches for ever, telling each one that was committed. */
static void write_until_killed(int64_t batch, int ack)
{
    wijk_store *store;
    if (wijk_store_open(&store, path, WIJK_STORE_WRITE)) {
        _exit(1);
    }
    for (;; batch++) {
        int rc = wijk_begin(store);
        for (int i = 0; !rc && i < ROWS; i++) {
            rc = insert(store, batch, i);
        }
        rc = rc ? rc : wijk_commit(store);
        if (rc || write(ack, &batch, sizeof batch) != sizeof batch) {
            _exit(2);
        }
    }
}

static void print_line(void *payload, const char *line)
{
    (void)payload;
    print_error("%s\n", line);
}

static int64_t ask(wijk_store *store, const char *sql)
{
    int64_t value = -1;
    if (wijk_run_int(&value, wijk_store_sql(store, sql), -1)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return value;
}

/* Kills one writer after about `milliseconds`; returns the last batch it acknowledged. */
static int64_t kill_one(int64_t next, unsigned milliseconds)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_until_killed(next, ends[1]);
    }
    close(ends[1]);
    /* The clock runs from the first acknowledgement, so that every kill falls into real work. */
    int64_t acknowledged = next - 1, batch;
    assert_int_equal(read(ends[0], &batch, sizeof batch), sizeof batch);
    acknowledged = batch;
    usleep(milliseconds * 1000);
    kill(child, SIGKILL);
    while (read(ends[0], &batch, sizeof batch) == sizeof batch) {
        acknowledged = batch;
    }
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return acknowledged;
}

static void test_killed_writers_lose_nothing(void **state)
{
    (void)state;
    double began = wijk_now();
    int64_t next = 1;
    for (int i = 0; i < KILLS && wijk_now() - began < 30; i++) {
        int64_t acknowledged = kill_one(next, (unsigned)draw(0, (uint32_t)i, 60));
        wijk_store *store;
        /* A reader first: it must manage with what the dead writer left. */
        assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), 0);
        assert_true(ask(store, "SELECT count(*) FROM area") >= acknowledged * ROWS);
        wijk_store_close(store);
        assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_WRITE), 0);
        int64_t rows = ask(store, "SELECT count(*) FROM area");
        assert_true(rows >= acknowledged * ROWS);
        assert_int_equal(rows % ROWS, 0);
        assert_int_equal(wijk_store_check(store, print_line, NULL, NULL), 0);
        next = rows / ROWS + 1;
        wijk_store_close(store);
    }
}

/* ---- the disk is full ------------------------------------------------------------------------ */

/* In a child whose files may not grow beyond what they are now plus a little. */
static int fill_up(void)
{
    wijk_store *store;
    struct stat info;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    if (rc || stat(path, &info)) {
        return 1;
    }
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {(rlim_t)info.st_size + 100000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    rc = wijk_begin(store);
    for (int i = 0; !rc && i < 200000; i++) {
        rc = insert(store, 900000, i);
    }
    rc = rc ? rc : wijk_commit(store);
    int told =
        strstr(wijk_error(WIJK_NL), "schijf vol") && strstr(wijk_error(WIJK_EN), "disk full");
    wijk_rollback(store);
    /* The store goes on: a small thing still fits. */
    int again = wijk_run(wijk_store_sql(store, "INSERT INTO meta VALUES ('small', '1')"));
    wijk_store_close(store);
    return rc == WIJK_EIO && told && again == 0 ? 0 : 2;
}

static int backup_up(void)
{
    wijk_store *store;
    if (wijk_store_open(&store, path, WIJK_STORE_READ)) {
        return 1;
    }
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {40000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    int rc = wijk_store_backup(store, other, NULL);
    wijk_store_close(store);
    return rc == WIJK_EIO && strstr(wijk_error(WIJK_NL), "schijf vol") ? 0 : 2;
}

static int in_child(int (*work)(void))
{
    pid_t child = fork();
    if (child == 0) {
        _exit(work());
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_full_disk_leaves_the_file_whole(void **state)
{
    (void)state;
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_WRITE), 0);
    int64_t before = ask(store, "SELECT count(*) FROM area");
    wijk_store_close(store);
    assert_int_equal(in_child(fill_up), 0);
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_WRITE), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM area"), before);
    assert_int_equal(ask(store, "SELECT count(*) FROM meta WHERE key = 'small'"), 1);
    assert_int_equal(wijk_store_check(store, print_line, NULL, NULL), 0);
    wijk_store_close(store);
}

/* ---- backups ----------------------------------------------------------------------------------
 */

static void test_backup_restores(void **state)
{
    (void)state;
    wijk_store *writer, *copy;
    assert_int_equal(wijk_store_open(&writer, path, WIJK_STORE_WRITE), 0);
    assert_int_equal(insert(writer, 1, 1), 0);
    assert_int_equal(wijk_store_backup(writer, path, NULL), WIJK_EINVAL);
    /* What is not committed is not in the copy, and does not hinder it. */
    wijk_store *reader;
    assert_int_equal(wijk_store_open(&reader, path, WIJK_STORE_READ), 0);
    assert_int_equal(wijk_begin(writer), 0);
    assert_int_equal(insert(writer, 1, 2), 0);
    if (wijk_store_backup(reader, other, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(wijk_commit(writer), 0);
    wijk_store_close(reader);
    assert_int_equal(wijk_store_open(&copy, other, WIJK_STORE_WRITE), 0);
    assert_int_equal(ask(copy, "SELECT count(*) FROM area"), 1);
    assert_int_equal(wijk_store_check(copy, print_line, NULL, NULL), 0);
    assert_int_equal(insert(copy, 2, 1), 0);
    /* In use, with work beside it: not overwritten. */
    assert_int_equal(wijk_store_backup(writer, other, NULL), WIJK_EBUSY);
    wijk_store_close(copy);
    wijk_ctx ctx = {0};
    atomic_store(&ctx.cancel, 1);
    assert_int_equal(wijk_store_backup(writer, other, &ctx), WIJK_ECANCEL);
    assert_int_equal(wijk_store_backup(writer, "/proc/none/x", NULL), WIJK_EIO);
    assert_int_equal(in_child(backup_up), 0);
    /* After three failures the earlier copy is still what it was. */
    assert_int_equal(wijk_store_open(&copy, other, WIJK_STORE_READ), 0);
    assert_int_equal(ask(copy, "SELECT count(*) FROM area"), 2);
    wijk_store_close(copy);
    assert_int_equal(wijk_store_backup(writer, other, NULL), 0);
    assert_int_equal(wijk_store_open(&copy, other, WIJK_STORE_READ), 0);
    assert_int_equal(ask(copy, "SELECT count(*) FROM area"), 2);
    wijk_store_close(copy);
    wijk_store_close(writer);
}

/* ---- damage ------------------------------------------------------------------------------------
 */

static void copy_with_damage(uint32_t variant, uint32_t flips)
{
    static unsigned char bytes[4 << 20];
    FILE *from = fopen(path, "rb"), *to = fopen(other, "wb");
    assert_true(from && to);
    size_t size = fread(bytes, 1, sizeof bytes, from);
    for (uint32_t i = 0; i < flips; i++) {
        bytes[draw(variant, 2 * i, size)] ^= (unsigned char)(1 + draw(variant, 2 * i + 1, 255));
    }
    assert_int_equal(fwrite(bytes, 1, size, to), size);
    fclose(from);
    fclose(to);
}

static void ignore_line(void *payload, const char *line)
{
    (void)payload;
    (void)line;
}

static void test_damaged_bytes_never_crash(void **state)
{
    (void)state;
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_WRITE), 0);
    assert_int_equal(wijk_begin(store), 0);
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(insert(store, 1, i), 0);
    }
    assert_int_equal(wijk_commit(store), 0);
    wijk_store_close(store);
    int refused = 0, found = 0;
    for (uint32_t i = 0; i < 150; i++) {
        static const enum wijk_store_mode modes[] = {WIJK_STORE_READ, WIJK_STORE_WRITE,
                                                     WIJK_STORE_FOREIGN};
        temp_remove(other);
        copy_with_damage(1 + i, 1 + i % 40);
        int rc = wijk_store_open(&store, other, modes[i % 3]);
        if (!rc) {
            int64_t value;
            wijk_run_int(&value, wijk_store_sql(store, "SELECT sum(length(name)) FROM area"), 0);
            wijk_run_int(&value,
                         wijk_store_sql(store, "SELECT id FROM area WHERE code='B000001-7'"), 0);
            rc = wijk_store_check(store, ignore_line, NULL, NULL);
            found += rc > 0;
        }
        wijk_store_close(store);
        if (rc < 0) {
            refused++;
            assert_true(strlen(wijk_error(WIJK_NL)) > 20 && strlen(wijk_error(WIJK_EN)) > 20);
        }
    }
    /* Most damage is seen, by refusal or as findings; bytes of names may change unseen. */
    assert_true(refused + found > 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_writers_lose_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_disk_leaves_the_file_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backup_restores, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged_bytes_never_crash, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
