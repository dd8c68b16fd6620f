/* Work that is asked for memory that the n-th time is not there: first once, then for good, for n
 * from 1 until it succeeds. SQLite's malloc tests, at our size. `work` frees what it made, also
 * after a failure; the leak checker looks. */
#ifndef STARVE_H
#define STARVE_H

#include "wijk/err.h"
#include "wijk/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every n up to `dense`, then one in so many more; fewer than `most` allocations are expected.
 * Returns how often it failed. */
static inline long starve_some(int (*work)(void), long dense, long most)
{
    long failures = 0;
    for (int sticky = 0; sticky < 2; sticky++) {
        int rc = WIJK_ENOMEM;
        for (long n = 1; rc; n += 1 + n / (dense + 1)) {
            assert_true(n < most);
            wijk_alloc_fail_at(n, sticky);
            rc = work();
            wijk_alloc_fail_at(0, 0);
            if (rc && rc != WIJK_ENOMEM && rc != WIJK_EDB) {
                fail_msg("n=%ld: code %d: %s", n, rc, wijk_error(WIJK_EN));
            }
            if (rc) {
                assert_non_null(strstr(wijk_error(WIJK_EN), "emory"));
                assert_non_null(strstr(wijk_error(WIJK_NL), "eheugen"));
                failures++;
            }
        }
    }
    assert_true(failures > 1); /* the work does allocate, so something was tested */
    return failures;
}

static inline void starve(int (*work)(void), long most)
{
    starve_some(work, most, most);
}

#endif
