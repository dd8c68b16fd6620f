/* Own areas: sums, weighted means and their bands; what is refused, and why. */
#include "facts_fixture.h"

#include "wijk/own.h"

static country c;
static int64_t gemeente, wijk, a, b, empty;

static int setup(void **state)
{
    (void)state;
    country_open(&c, "own.wijk");
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    wijk = add_area(&c, WIJK_WIJK, "WK000101", 2024, "Noord", gemeente);
    a = add_area(&c, WIJK_BUURT, "BU00010101", 2024, "Aker", wijk);
    b = add_area(&c, WIJK_BUURT, "BU00010102", 2024, "Berg", wijk);
    empty = add_area(&c, WIJK_BUURT, "BU00010103", 2024, "Haven", wijk);
    int64_t load = add_load(&c, "published", 90);
    int population = id_of(&c, "population"), owner = id_of(&c, "owner_share");
    int homes = id_of(&c, "homes"), urbanity = id_of(&c, "urbanity");
    add_cell(&c, a, population, 2024, load, 1000, 2.5, 0);
    add_cell(&c, b, population, 2024, load, 3000, 2.5, 0);
    add_cell(&c, empty, population, 2024, load, 0, 2.5, 0);
    add_cell(&c, a, homes, 2024, load, 500, 2.5, 0);
    add_cell(&c, b, homes, 2024, load, 1500, 2.5, 0);
    add_cell(&c, a, owner, 2024, load, 80, 0.5, 0);
    add_cell(&c, b, owner, 2024, load, 40, 0.5, 0);
    add_cell(&c, a, urbanity, 2024, load, 1, 0, 0);
    add_cell(&c, b, urbanity, 2024, load, 2, 0, 0);
    add_cell(&c, a, id_of(&c, "woz_value"), 2024, load, 300, 0.5, 0);
    derive(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static void counts_are_added_and_shares_weighted(void **state)
{
    (void)state;
    int64_t id, members[] = {a, b, empty};
    must(wijk_own_create(&id, c.store, "Mijn werkgebied", members, 3));
    wijk_facts facts;
    const wijk_value *v = fact(&c, &facts, id, "population", 0);
    assert_true(v->value == 4000 && v->origin == WIJK_COMPUTED);
    assert_true(v->low == 3995 && v->high == 4007.5); /* the empty one is between 0 and 2.5 */
    assert_true(facts.people == 4000);
    v = wijk_facts_find(&facts, id_of(&c, "owner_share"), 0);
    assert_true(fabs(v->value - 50) < 1e-12); /* (80 x 500 + 40 x 1500) / 2000 */
    assert_true(fabs(v->low - 49.5) < 1e-12 && fabs(v->high - 50.5) < 1e-12);
    assert_string_equal(facts.area.name, "Mijn werkgebied");
    assert_string_equal(facts.area.gemeente, "Proefstad");
    assert_true(facts.area.parent == gemeente && facts.area.vintage == 2024);
}

static void what_cannot_be_joined_is_refused(void **state)
{
    (void)state;
    int64_t id, members[] = {a, b};
    must(wijk_own_create(&id, c.store, "Twee", members, 2));
    wijk_facts facts;
    /* A class is of one area only. */
    assert_int_equal(fact(&c, &facts, id, "urbanity", 0)->mark, WIJK_MARK_NOT_APPLICABLE);
    /* Three quarters of the people live where the value is not known. */
    assert_int_equal(wijk_facts_find(&facts, id_of(&c, "woz_value"), 0)->mark, WIJK_MARK_MISSING);
}

static void refuse(const char *name, const int64_t *members, size_t count, const char *says)
{
    int64_t id;
    assert_int_equal(wijk_own_create(&id, c.store, name, members, count), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), says));
    assert_true(id == 0);
}

static void impossible_sets_are_refused_by_name(void **state)
{
    (void)state;
    int64_t twice[] = {a, a}, inside[] = {b, wijk}, old, invented, pc4;
    refuse("x", twice, 2, "Aker");
    refuse("x", inside, 2, "Berg (BU00010102) and Noord (WK000101)");
    refuse("", twice, 1, "name");
    refuse("x", twice, 0, "1 to 2000");
    int64_t own, one[] = {a};
    must(wijk_own_create(&own, c.store, "Eigen", one, 1));
    int64_t nested[] = {own, b};
    refuse("x", nested, 2, "own area itself");
    old = add_area(&c, WIJK_BUURT, "BU00010101", 2020, "Aker", 0);
    int64_t vintages[] = {b, old};
    refuse("x", vintages, 2, "vintage");
    pc4 = add_area(&c, WIJK_PC4, "1011", 2020, "", 0);
    add_link(&c, a, pc4, 2, 0.9, 0.5);
    int64_t divisions[] = {a, pc4};
    refuse("x", divisions, 2, "overlap");
    int64_t apart[] = {b, pc4};
    must(wijk_own_create(&own, c.store, "Mag", apart, 2));
    invented = add_area(&c, WIJK_WIJK, "WK990101", 2024, "Verzonnen", 0);
    wijk_stmt *stmt = wijk_store_sql(c.store, "UPDATE area SET fictional=1 WHERE id=?");
    wijk_bind_int(stmt, 1, invented);
    must(wijk_run(stmt));
    int64_t mixed[] = {a, invented};
    refuse("x", mixed, 2, "invented");
    int64_t nobody[] = {99999}, id;
    assert_int_equal(wijk_own_create(&id, c.store, "x", nobody, 1), WIJK_ENOTFOUND);
}

static void withdrawn_areas_leave_the_list_only(void **state)
{
    (void)state;
    int64_t one, two, first[] = {a}, second[] = {b};
    must(wijk_own_create(&one, c.store, "Een", first, 1));
    must(wijk_own_create(&two, c.store, "Twee", second, 1));
    wijk_area *list;
    size_t count;
    must(wijk_own_list(&list, &count, c.store, c.arena));
    assert_int_equal(count, 2);
    assert_true(list[0].id == two);
    must(wijk_own_withdraw(c.store, two));
    must(wijk_own_list(&list, &count, c.store, c.arena));
    assert_int_equal(count, 1);
    wijk_facts facts;
    assert_true(fact(&c, &facts, two, "population", 0)->value == 3000);
    must(wijk_own_members(&list, &count, c.store, c.arena, two));
    assert_true(count == 1 && list[0].id == b);
    int64_t three;
    must(wijk_own_create(&three, c.store, "Drie", first, 1)); /* codes are never given out twice */
    wijk_area area;
    must(wijk_area_get(&area, c.store, c.arena, three));
    assert_string_equal(area.code, "EIGEN-3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_are_added_and_shares_weighted, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_joined_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(impossible_sets_are_refused_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(withdrawn_areas_leave_the_list_only, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
