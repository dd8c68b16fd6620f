/* Search: what people type and what they mean. */
#include "facts_fixture.h"

#include "wijk/search.h"

static country c;
static wijk_search *search;

static void put(int level, const char *code, const char *name, int64_t parent, double people)
{
    int64_t id = add_area(&c, level, code, level == WIJK_PC4 ? 2020 : 2024, name, parent);
    add_cell(&c, id, id_of(&c, "population"), 2024, c.loads, people, 2.5, 0);
}

static int setup(void **state)
{
    (void)state;
    country_open(&c, "search.wijk");
    add_load(&c, "published", 90);
    int64_t amsterdam = add_area(&c, WIJK_GEMEENTE, "GM0363", 2024, "Amsterdam", 0);
    int64_t haag = add_area(&c, WIJK_GEMEENTE, "GM0518", 2024, "'s-Gravenhage", 0);
    int64_t friesland = add_area(&c, WIJK_GEMEENTE, "GM1900", 2024, "Súdwest-Fryslân", 0);
    add_cell(&c, amsterdam, id_of(&c, "population"), 2024, 1, 931000, 2.5, 0);
    add_cell(&c, haag, id_of(&c, "population"), 2024, 1, 566000, 2.5, 0);
    add_cell(&c, friesland, id_of(&c, "population"), 2024, 1, 91000, 2.5, 0);
    put(WIJK_WIJK, "WK0363TA", "Bijlmer-West", amsterdam, 26000);
    put(WIJK_BUURT, "BU0363TA01", "Bijlmermuseum-Noord", amsterdam, 1500);
    put(WIJK_BUURT, "BU0363AA01", "Kop Zeedijk", amsterdam, 900);
    put(WIJK_BUURT, "BU0518AA01", "Centrum", haag, 5000);
    put(WIJK_BUURT, "BU0363AA02", "Centrum", amsterdam, 800);
    put(WIJK_BUURT, "BU19000101", "IJlst", friesland, 3100);
    put(WIJK_PC4, "1102", "", 0, 15000);
    add_area(&c, WIJK_BUURT, "BU0363AA01", 2017, "Oude naam", 0); /* a past vintage */
    derive(&c);
    must(wijk_search_new(&search, c.store, c.registry));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wijk_search_free(search);
    country_close(&c);
    return 0;
}

static const char *first(const char *query, wijk_hit *hit)
{
    wijk_hit hits[10];
    size_t count;
    must(wijk_search_find(&count, search, query, hits, 10));
    if (!count) {
        return "";
    }
    *hit = hits[0];
    return hits[0].code;
}

static void people_find_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        const char *query, *code;
    } wanted[] = {
        {"amsterdam", "GM0363"},
        {"AMSTERDAM ", "GM0363"},
        {"amst", "GM0363"},
        {"amsterdma", "GM0363"}, /* swapped */
        {"amsterdan", "GM0363"},
        {"bijlmer amsterdam", "WK0363TA"},
        {"amsterdam bijlmer", "WK0363TA"},
        {"bijlmermuzeum", "BU0363TA01"},
        {"museum", "BU0363TA01"},
        {"BU0363AA01", "BU0363AA01"},
        {"bu0363aa01", "BU0363AA01"},
        {"kop zeedijk", "BU0363AA01"},
        {"zeedyk", "BU0363AA01"},
        {"den haag", "GM0518"},
        {"Den Haag", "GM0518"},
        {"'s gravenhage", "GM0518"},
        {"s-gravenhage", "GM0518"},
        {"gravenhage", "GM0518"},
        {"centrum den haag", "BU0518AA01"},
        {"centrum amsterdam", "BU0363AA02"},
        {"centrum", "BU0518AA01"}, /* the larger one */
        {"sudwest fryslan", "GM1900"},
        {"Súdwest", "GM1900"},
        {"ijlst", "BU19000101"},
        {"1102", "1102"},
        {"1102 AB", "1102"},
        {"1102ab", "1102"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        wijk_hit hit = {0};
        const char *code = first(wanted[i].query, &hit);
        if (strcmp(code, wanted[i].code) != 0) {
            fail_msg("%s: %s instead of %s", wanted[i].query, code, wanted[i].code);
        }
    }
}

static void a_postcode_is_known_by_its_digits_only(void **state)
{
    (void)state;
    wijk_hit hit = {0};
    first("1102 XY", &hit);
    assert_true(hit.postcode);
    first("1102", &hit);
    assert_false(hit.postcode);
    assert_string_equal(first("9999 ZZ", &hit), "");
}

static void forgiving_is_told(void **state)
{
    (void)state;
    wijk_hit hit = {0};
    first("amsterdma", &hit);
    assert_true(hit.forgiving);
    first("amsterdam", &hit);
    assert_false(hit.forgiving);
}

static void a_whole_name_or_code_is_exact(void **state)
{
    static const char *const exact[] = {"Amsterdam", "  amsterdam ", "bu0363aa01", "1102"};
    static const char *const near[] = {"amsterdma", "amster", "BU0363AA"};
    (void)state;
    wijk_hit hit = {0};
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        first(exact[i], &hit);
        assert_true(hit.exact);
    }
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        assert_string_not_equal(first(near[i], &hit), "");
        assert_false(hit.exact);
    }
}

static void nonsense_finds_nothing_and_harms_nothing(void **state)
{
    (void)state;
    wijk_hit hit;
    static const char *const nonsense[] = {
        "", "   ", "!!!", "xqzwv", "amsterdam xqzwv", "\xff\xfe", "' OR 1=1 --", "%", "é"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        assert_string_equal(first(nonsense[i], &hit), "");
    }
    char longest[300];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    wijk_hit hits[1];
    size_t count;
    assert_int_equal(wijk_search_find(&count, search, longest, hits, 1), WIJK_ELIMIT);
    longest[256] = 0;
    must(wijk_search_find(&count, search, longest, hits, 1));
    must(wijk_search_find(&count, search, "a b c d e f g h i j k l", hits, 1));
}

static void the_newest_vintage_only(void **state)
{
    (void)state;
    wijk_hit hit;
    assert_string_equal(first("oude naam", &hit), "");
    first("BU0363AA01", &hit);
    assert_int_equal(hit.vintage, 2024);
    assert_true(hit.people == 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_find_what_they_mean),
        cmocka_unit_test(a_postcode_is_known_by_its_digits_only),
        cmocka_unit_test(forgiving_is_told),
        cmocka_unit_test(a_whole_name_or_code_is_exact),
        cmocka_unit_test(nonsense_finds_nothing_and_harms_nothing),
        cmocka_unit_test(the_newest_vintage_only),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
