/* One writer and several readers, each on its own connection, at full speed, until each has done
 * enough, however busy the machine is: a reader never sees half a transaction, never waits for the
 * writer, and never sees time go back. Run it under the tsan preset to see that nothing is shared
 * by accident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/ctx.h"
#include "wijk/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum { READERS = 4, PAIRS = 100, LOOKS = 50 };

static char path[4096];
static atomic_int stop, failures;
static atomic_llong written, seen[READERS];

/* cmocka's asserts belong to the main thread: others count what went wrong. */
static void check(int good)
{
    if (!good) {
        atomic_fetch_add(&failures, 1);
    }
}

static void *write_pairs(void *payload)
{
    (void)payload;
    wijk_store *store = NULL;
    check(wijk_store_open(&store, path, WIJK_STORE_WRITE) == 0);
    for (int64_t n = 1; store && !atomic_load(&stop); n++) {
        check(wijk_begin(store) == 0);
        for (int half = 0; half < 2; half++) {
            wijk_stmt *stmt = wijk_store_sql(
                store, "INSERT INTO area(id, level, code, vintage) VALUES (?1, 3, ?2, 2024)");
            char code[32];
            snprintf(code, sizeof code, "BU%d-%lld", half, (long long)n);
            wijk_bind_int(stmt, 1, 2 * n + half);
            wijk_bind_text(stmt, 2, code);
            check(wijk_run(stmt) == 0);
        }
        check(wijk_commit(store) == 0);
        atomic_store(&written, n);
    }
    wijk_store_close(store);
    return NULL;
}

static void *read_pairs(void *payload)
{
    size_t me = (size_t)(uintptr_t)payload;
    wijk_store *store = NULL;
    check(wijk_store_open(&store, path, WIJK_STORE_READ) == 0);
    int64_t last = 0;
    while (store && !atomic_load(&stop)) {
        int64_t promised = atomic_load(&written), first = -1, second = -1, rows = -1;
        check(wijk_begin_read(store) == 0);
        wijk_run_int(&first, wijk_store_sql(store, "SELECT count(*) FROM area WHERE id % 2 = 0"),
                     -1);
        wijk_run_int(&second, wijk_store_sql(store, "SELECT count(*) FROM area WHERE id % 2 = 1"),
                     -1);
        wijk_run_int(&rows, wijk_store_sql(store, "SELECT count(*) FROM area"), -1);
        wijk_end_read(store);
        check(first == second && rows == first + second);
        check(first >= promised && first >= last);
        last = first;
        atomic_fetch_add(&seen[me], 1);
    }
    wijk_store_close(store);
    return NULL;
}

/* Whether everybody did enough while the others were at it, or something went wrong. */
static int enough(void)
{
    int all = atomic_load(&written) >= PAIRS;
    for (size_t i = 0; i < READERS; i++) {
        all = all && atomic_load(&seen[i]) >= LOOKS;
    }
    return all || atomic_load(&failures);
}

static void test_readers_beside_a_writer(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "threads.wijk");
    temp_remove(path);
    wijk_store *store;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_CREATE), 0);
    wijk_store_close(store);
    pthread_t writer, readers[READERS];
    assert_int_equal(pthread_create(&writer, NULL, write_pairs, NULL), 0);
    for (uintptr_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_pairs, (void *)i), 0);
    }
    while (!enough()) {
        usleep(10000);
    }
    atomic_store(&stop, 1);
    pthread_join(writer, NULL);
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    assert_int_equal(atomic_load(&failures), 0);
    temp_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_readers_beside_a_writer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
