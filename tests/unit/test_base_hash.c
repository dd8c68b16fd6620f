/* Marks of lists of texts, against what Python's hashlib.blake2b says of the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/hash.h"

static const char *of(size_t bytes, const char *one, const char *two)
{
    static char out[65];
    wijk_hash hash;
    memset(out, 'x', sizeof out);
    wijk_hash_begin(&hash, bytes);
    if (one) {
        wijk_hash_add(&hash, one);
        wijk_hash_add(&hash, two);
    }
    wijk_hash_end(out, &hash);
    return out;
}

static void test_published(void **state)
{
    (void)state;
    /* hashlib.blake2b(len(one).to_bytes(8, "little") + one + ..., digest_size=bytes) */
    assert_string_equal(of(32, NULL, NULL),
                        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    assert_string_equal(of(32, "wijk", "buurt"),
                        "3fca5e7a9062d8abed751d433e218a536041b5fc052f50a14e21a18ee15aba1d");
    assert_string_equal(of(16, "wijk", "buurt"), "4f59f03139a958e52bcd11d5427a8e1b");
    /* The same letters, parted elsewhere. */
    assert_string_equal(of(32, "wijkbuurt", ""),
                        "e671bac4d8f3ea3590de3516f3d932f32c5b6a7699628853b96db1e7dd08c790");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
