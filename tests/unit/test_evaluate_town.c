/* The verdict where it is hardest: one buurt of the invented town, chosen on its one bad wave, at
 * the edge of the fifty-odd buurten there are to compare with. */
#include "evaluate_fixture.h"

#include "wijk/panel_read.h"
#include "wijk/town.h"
#include "wijk/verdict.h"

#include <unistd.h>

static void remove_file(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[640];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        remove(name);
    }
}

/* Whichever comparison area is left out, the answer stays and the range hardly moves: no single
 * area decides. And the range is the same upward and downward, so that it cannot speak against p.
 */
static void no_single_area_decides(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_TMP");
    char path[600];
    snprintf(path, sizeof path, "%s/test_evaluate_town_%d.wijk", folder ? folder : "/tmp",
             (int)getpid());
    remove_file(path);
    wijk_store *store;
    wijk_registry *registry;
    wijk_arena *arena;
    wijk_area area;
    wijk_panel_data data;
    wijk_verdict all;
    assert_int_equal(wijk_town_create(path, NULL), 0);
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), 0);
    assert_int_equal(wijk_registry_open(&registry, store), 0);
    assert_int_equal(wijk_arena_new(&arena, 0), 0);
    assert_int_equal(wijk_area_find(&area, store, arena, "BU99010205", 0), 0);
    const wijk_indicator *score = wijk_indicator_by_code(registry, "lbm3_afw");
    assert_int_equal(wijk_panel_file(&data, store, registry, score, &area.id, 1, 2015), 0);
    wijk_design design = {.selection = wijk_panel_wave(&data.panel, 2014),
                          .matters = 0.10,
                          .size = data.size,
                          .exclude = data.exclude};
    assert_int_equal(wijk_verdict_reach(&all, &data.panel, &design, NULL), 0);
    assert_int_equal(all.kind, WIJK_NO_DIFFERENCE);
    assert_true(all.low < 0 && all.high > 0);
    assert_true(all.farthest < WIJK_FARTHEST);
    near(all.effect - all.low, all.high - all.effect, 1e-12);
    for (size_t k = 0; k < all.pool; k++) {
        wijk_verdict v;
        unsigned char *out = &data.exclude[all.compared[k]];
        *out = 1;
        assert_int_equal(wijk_verdict_reach(&v, &data.panel, &design, NULL), 0);
        assert_int_equal(v.pool, all.pool - 1);
        assert_true(v.kind == WIJK_NO_DIFFERENCE || v.kind == WIJK_CANNOT_KNOW);
        near(v.effect, all.effect, 0.25 * (all.high - all.effect));
        near((v.high - v.low) / (all.high - all.low), 1, 0.25);
        wijk_verdict_free(&v);
        *out = 0;
    }
    wijk_verdict_free(&all);
    wijk_panel_free(&data);
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    remove_file(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_single_area_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
