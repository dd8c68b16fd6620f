/* Typing errors: the bit-parallel count against the table it stands for, written out. */
#include "areas/typing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* Damerau 1964, optimal string alignment, cell by cell; the least of the last row. */
static int by_table(const char *typed, size_t n, const char *text, size_t m)
{
    int cells[64][64];
    for (size_t i = 0; i <= n; i++) {
        for (size_t k = 0; k <= m; k++) {
            if (!i || !k) {
                cells[i][k] = (int)(i + k);
                continue;
            }
            int cost = cells[i - 1][k - 1] + (typed[i - 1] != text[k - 1]);
            cost = cells[i - 1][k] + 1 < cost ? cells[i - 1][k] + 1 : cost;
            cost = cells[i][k - 1] + 1 < cost ? cells[i][k - 1] + 1 : cost;
            if (i > 1 && k > 1 && typed[i - 1] == text[k - 2] && typed[i - 2] == text[k - 1] &&
                cells[i - 2][k - 2] + 1 < cost) {
                cost = cells[i - 2][k - 2] + 1;
            }
            cells[i][k] = cost;
        }
    }
    int best = cells[n][0];
    for (size_t k = 1; k <= m; k++) {
        best = cells[n][k] < best ? cells[n][k] : best;
    }
    return best;
}

/* Marsaglia 2003: xorshift. */
static uint32_t below(uint32_t *state, uint32_t n)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % n;
}

static int errors_of(const char *typed, const char *text, int most)
{
    wijk_typed pattern;
    wijk_typed_set(&pattern, typed, strlen(typed));
    return wijk_typing_errors(&pattern, text, strlen(text), most);
}

static void errors_that_people_make(void **state)
{
    (void)state;
    assert_int_equal(errors_of("amsterdam", "amsterdam", 2), 0);
    assert_int_equal(errors_of("amstredam", "amsterdam", 2), 1); /* swapped */
    assert_int_equal(errors_of("amsterdm", "amsterdam", 2), 1);
    assert_int_equal(errors_of("amssterdam", "amsterdam", 2), 1);
    assert_int_equal(errors_of("amstel", "amsterdam", 2), 1);
    assert_int_equal(errors_of("rotterdam", "amsterdam", 2), 3); /* more than asked for */
    assert_int_equal(errors_of("rooderdam", "rotterdam", 2), 2);
    assert_int_equal(errors_of("abc", "", 2), 3);
    assert_int_equal(errors_of("", "abc", 2), 0);
}

/* Half the words are what was typed with a few changes, so that every number of errors occurs. */
static void the_same_as_the_table(void **state)
{
    (void)state;
    uint32_t rng = 1964;
    int seen[4] = {0};
    for (int round = 0; round < 200000; round++) {
        char typed[40], text[60];
        size_t n = 1 + below(&rng, 38), m = 1 + below(&rng, 50);
        n = round % 4 ? 1 + n % 10 : n;
        uint32_t letters = 2 + below(&rng, 5);
        for (size_t i = 0; i < n; i++) {
            typed[i] = (char)('a' + below(&rng, letters));
        }
        for (size_t i = 0; i < m; i++) {
            text[i] = i < n && round % 2 ? typed[i] : (char)('a' + below(&rng, letters));
        }
        for (uint32_t change = below(&rng, 4); change > 0; change--) {
            size_t at = below(&rng, (uint32_t)m);
            size_t next = at + 1 < m ? at + 1 : at;
            char kept = text[at];
            text[at] = text[next];
            text[next] = kept;
        }
        typed[n] = text[m] = 0;
        int most = 1 + round % 2, table = by_table(typed, n, text, m);
        int expected = table > most ? most + 1 : table;
        assert_int_equal(errors_of(typed, text, most), expected);
        seen[expected]++;
    }
    assert_true(seen[0] > 1000 && seen[1] > 1000 && seen[2] > 1000 && seen[3] > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_that_people_make),
        cmocka_unit_test(the_same_as_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
