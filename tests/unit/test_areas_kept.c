/* Rows kept for many pages: what was put in comes out, never more than the ceiling, and facts read
 * through them are the facts themselves. */
#include "facts_fixture.h"

#include "areas/kept.h"

static void what_is_kept_is_found_again(void **state)
{
    (void)state;
    wijk_kept *kept;
    assert_int_equal(wijk_kept_new(&kept, 1 << 12), WIJK_OK);
    const int one[] = {3, 1, 4}, other[] = {2, 7};
    size_t count = 9;
    assert_null(wijk_kept_find(&count, kept, WIJK_KEPT_CELLS, 5));
    assert_int_equal(count, 0);
    wijk_kept_add(kept, WIJK_KEPT_CELLS, 5, one, 3, sizeof *one);
    wijk_kept_add(kept, WIJK_KEPT_BESIDE, 5, other, 2, sizeof *other);
    wijk_kept_add(kept, WIJK_KEPT_BESIDE, 6, NULL, 0, sizeof *other);
    const int *found = wijk_kept_find(&count, kept, WIJK_KEPT_CELLS, 5);
    assert_int_equal(count, 3);
    assert_memory_equal(found, one, sizeof one);
    found = wijk_kept_find(&count, kept, WIJK_KEPT_BESIDE, 5);
    assert_int_equal(count, 2);
    assert_memory_equal(found, other, sizeof other);
    assert_non_null(wijk_kept_find(&count, kept, WIJK_KEPT_BESIDE, 6)); /* known to be empty */
    assert_int_equal(count, 0);
    assert_null(wijk_kept_find(&count, NULL, WIJK_KEPT_BESIDE, 6));
    wijk_kept_free(kept);
}

static void the_ceiling_holds(void **state)
{
    (void)state;
    wijk_kept *kept;
    assert_int_equal(wijk_kept_new(&kept, 4096), WIJK_OK);
    const char page[1024] = {0};
    size_t count, there = 0;
    for (int64_t area = 1; area <= 100; area++) {
        wijk_kept_add(kept, WIJK_KEPT_CELLS, area, page, sizeof page, 1);
        there += wijk_kept_find(&count, kept, WIJK_KEPT_CELLS, area) != NULL;
    }
    assert_int_equal(there, 3); /* the fourth would pass it, by what a list costs */
    wijk_kept_free(kept);
}

static void kept_facts_are_the_facts(void **state)
{
    (void)state;
    country c;
    country_open(&c, "kept.wijk");
    int64_t gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    int64_t older = add_load(&c, "derived", 50), newer = add_load(&c, "published", 90);
    int owner = id_of(&c, "owner_share"), people = id_of(&c, "population");
    for (int year = 2015; year < 2025; year++) {
        add_cell(&c, gemeente, owner, year, newer, year - 1980, 0.5, 0);
        add_cell(&c, gemeente, owner, year, older, 1, 0.5, 0);
        add_cell(&c, gemeente, people, year, older, year, 5, 0);
    }
    refresh(&c);
    wijk_facts plain, kept;
    assert_int_equal(
        wijk_facts_reach(&plain, c.store, c.registry, c.arena, gemeente, WIJK_REACH_BESIDE), 0);
    assert_int_equal(wijk_registry_keep(c.registry, 1 << 20), WIJK_OK);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(
            wijk_facts_reach(&kept, c.store, c.registry, c.arena, gemeente, WIJK_REACH_BESIDE), 0);
        assert_true(kept.people == 2024 && plain.people == 2024);
        assert_int_equal(kept.count, plain.count);
        for (size_t i = 0; i < kept.count; i++) {
            const wijk_value *a = &kept.values[i], *b = &plain.values[i];
            assert_true(a->indicator == b->indicator && a->period == b->period);
            assert_true(a->value == b->value && a->load == b->load && a->low == b->low);
        }
    }
    wijk_value *first = kept.values;
    assert_int_equal(
        wijk_facts_reach(&kept, c.store, c.registry, c.arena, gemeente, WIJK_REACH_BESIDE), 0);
    assert_ptr_equal(kept.values, first); /* read from the file once */
    country_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_found_again),
        cmocka_unit_test(the_ceiling_holds),
        cmocka_unit_test(kept_facts_are_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
