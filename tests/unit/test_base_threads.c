/* A loop on threads: every index once, whatever the number of threads; a failure stops it and keeps
 * its sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/threads.h"

enum { INDICES = 1000 };

typedef struct {
    atomic_int times[INDICES];
    atomic_int running[WIJK_MAX_THREADS];
    atomic_int shared; /* two threads with the number of one worker */
    size_t fail_at;
    wijk_ctx *cancel;
} record;

static int count(void *payload, size_t index, unsigned worker)
{
    record *r = payload;
    if (atomic_fetch_add(&r->running[worker], 1)) {
        atomic_store(&r->shared, 1);
    }
    atomic_fetch_add(&r->times[index], 1);
    atomic_fetch_sub(&r->running[worker], 1);
    if (index == r->fail_at) {
        return wijk_fail(WIJK_EFORMAT, "Rij %zu: fout.", "Row %zu: wrong.", index);
    }
    if (r->cancel && index == 10) {
        atomic_store(&r->cancel->cancel, 1);
    }
    return WIJK_OK;
}

static void test_every_index_once(void **state)
{
    (void)state;
    for (unsigned threads = 0; threads <= 5; threads++) {
        record r = {.fail_at = INDICES};
        assert_int_equal(wijk_parallel(threads, INDICES, count, &r, NULL), 0);
        for (size_t i = 0; i < INDICES; i++) {
            assert_int_equal(r.times[i], 1);
        }
        assert_false(r.shared);
    }
    assert_int_equal(wijk_parallel(4, 0, count, NULL, NULL), 0);
}

static void test_failure_keeps_its_sentence(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        record r = {.fail_at = 7};
        wijk_fail(WIJK_EIO, "oud", "old");
        assert_int_equal(wijk_parallel(threads, INDICES, count, &r, NULL), WIJK_EFORMAT);
        assert_string_equal(wijk_error(WIJK_NL), "Rij 7: fout.");
        assert_string_equal(wijk_error(WIJK_EN), "Row 7: wrong.");
    }
    record r = {.fail_at = 7};
    assert_int_equal(wijk_parallel(1, INDICES, count, &r, NULL), WIJK_EFORMAT);
    assert_int_equal(r.times[8], 0);
}

static void test_cancel(void **state)
{
    (void)state;
    wijk_ctx ctx = {0};
    record r = {.fail_at = INDICES, .cancel = &ctx};
    assert_int_equal(wijk_parallel(1, INDICES, count, &r, &ctx), WIJK_ECANCEL);
    assert_int_equal(r.times[10], 1);
    assert_int_equal(r.times[11], 0);
    assert_true(strlen(wijk_error(WIJK_NL)) > 0);
}

/* A crew keeps its threads: loop after loop each index comes once, a failure is of its own loop
 * only, and short loops follow each other faster than helpers wake up. */
static void test_crew(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 5; threads++) {
        wijk_crew *crew;
        assert_int_equal(wijk_crew_new(&crew, threads), WIJK_OK);
        for (size_t round = 0; round < 300; round++) {
            size_t n = round % 3 == 0 ? INDICES : round % 5;
            record r = {.fail_at = INDICES};
            assert_int_equal(wijk_crew_loop(crew, n, count, &r, NULL), WIJK_OK);
            for (size_t i = 0; i < INDICES; i++) {
                assert_int_equal(r.times[i], i < n);
            }
            assert_false(r.shared);
        }
        record r = {.fail_at = 7};
        assert_int_equal(wijk_crew_loop(crew, INDICES, count, &r, NULL), WIJK_EFORMAT);
        assert_string_equal(wijk_error(WIJK_EN), "Row 7: wrong.");
        record again = {.fail_at = INDICES};
        assert_int_equal(wijk_crew_loop(crew, INDICES, count, &again, NULL), WIJK_OK);
        wijk_crew_free(crew);
    }
    record r = {.fail_at = INDICES};
    assert_int_equal(wijk_crew_loop(NULL, INDICES, count, &r, NULL), WIJK_OK);
    assert_int_equal(r.times[INDICES - 1], 1);
    wijk_crew_free(NULL);
}

/* Waits until another index has begun, so that it can only end when two threads are at work. */
static int meet(void *payload, size_t index, unsigned worker)
{
    atomic_int *begun = payload;
    (void)worker;
    atomic_store(&begun[index], 1);
    while (!atomic_load(&begun[1 - index])) {
    }
    return WIJK_OK;
}

/* Also when the helpers fell asleep between two loops. */
static void test_crew_works_together(void **state)
{
    (void)state;
    wijk_crew *crew;
    assert_int_equal(wijk_crew_new(&crew, 2), WIJK_OK);
    for (int round = 0; round < 20; round++) {
        atomic_int begun[2] = {0, 0};
        assert_int_equal(wijk_crew_loop(crew, 2, meet, begun, NULL), WIJK_OK);
        struct timespec moment = {.tv_nsec = round * 100000L};
        nanosleep(&moment, NULL);
    }
    wijk_crew_free(crew);
}

static void test_how_many(void **state)
{
    (void)state;
    assert_int_equal(wijk_threads(3, 100), 3);
    assert_int_equal(wijk_threads(3, 2), 2);
    assert_int_equal(wijk_threads(3, 0), 1);
    assert_int_equal(wijk_threads(100000, 100000), WIJK_MAX_THREADS);
    assert_true(wijk_threads(0, 100000) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_index_once),
        cmocka_unit_test(test_failure_keeps_its_sentence),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_crew),
        cmocka_unit_test(test_crew_works_together),
        cmocka_unit_test(test_how_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
