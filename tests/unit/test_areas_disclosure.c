/* Attacks on a coalition's own counts. The attacker knows the rule but not the file's secret, sees
 * every figure of every area, own area, year and map layer, and wants the planted small counts. */
#include "facts_fixture.h"

#include "wijk/own.h"
#include "wijk/rng.h"

enum { WIJKEN = 4, BUURTEN = 6, YEARS = 3 }; /* buurten per wijk */

static country c;
static int64_t gemeente, wijken[WIJKEN], buurten[WIJKEN][BUURTEN], own_load;
static int indicator;
static int planted[WIJKEN][BUURTEN][YEARS];
static int exchange; /* 1: plant() moves one case between two small neighbours of every wijk */

static int add_own_indicator(country *file, const char *code, const char *unit, const char *join)
{
    wijk_stmt *stmt = wijk_store_sql(
        file->store,
        "INSERT INTO indicator(code,theme,nl,en,unit,decimals,direction,kind,base,joining,origin,"
        "similar,key_order,disclosure,reliability,own) VALUES (?1,'people',?1,?1,?2,0,'none',"
        "'count','population',?3,0,0,0,'own_exact','none',1)");
    wijk_bind_text(stmt, 1, code);
    wijk_bind_text(stmt, 2, unit);
    wijk_bind_text(stmt, 3, join);
    must(wijk_run(stmt));
    refresh(file);
    return id_of(file, code);
}

/* Between two counts that stay under five both before and after. */
static int move_one(int wijk, int year)
{
    for (int i = 0; i < BUURTEN; i++) {
        for (int k = 0; k < BUURTEN; k++) {
            int *from = &planted[wijk][i][year], *to = &planted[wijk][k][year];
            if (i != k && *from >= 1 && *from <= 4 && *to <= 3) {
                --*from;
                ++*to;
                return 1;
            }
        }
    }
    return 0;
}

/* Small counts everywhere, totals of wijk and gemeente loaded as exactly as the parts. Returns how
 * many counts were moved. */
static int plant(uint64_t seed)
{
    int moved = 0;
    for (int y = 0; y < YEARS; y++) {
        double city = 0;
        for (int w = 0; w < WIJKEN; w++) {
            double sum = 0;
            for (int b = 0; b < BUURTEN; b++) {
                wijk_draw draw = {.seed = seed,
                                  .purpose = 1,
                                  .place = (uint32_t)(w * 100 + b),
                                  .time = (uint32_t)y};
                double u = wijk_rng_uniform(draw);
                planted[w][b][y] = (int)(u < 0.6 ? u * 8 : u * 60);
            }
            moved += exchange ? move_one(w, y) : 0;
            for (int b = 0; b < BUURTEN; b++) {
                sum += planted[w][b][y];
                add_cell(&c, buurten[w][b], indicator, 2020 + y, own_load, planted[w][b][y], 0, 0);
            }
            add_cell(&c, wijken[w], indicator, 2020 + y, own_load, sum, 0, 0);
            city += sum;
        }
        add_cell(&c, gemeente, indicator, 2020 + y, own_load, city, 0, 0);
    }
    return moved;
}

static void build(void)
{
    gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    for (int w = 0; w < WIJKEN; w++) {
        char code[16];
        snprintf(code, sizeof code, "WK0001%02d", w);
        wijken[w] = add_area(&c, WIJK_WIJK, code, 2024, code, gemeente);
        for (int b = 0; b < BUURTEN; b++) {
            snprintf(code, sizeof code, "BU0001%02d%02d", w, b);
            buurten[w][b] = add_area(&c, WIJK_BUURT, code, 2024, code, wijken[w]);
        }
    }
    own_load = add_load(&c, "own", 99);
    indicator = add_own_indicator(&c, "meldingen", "count", "sum");
}

static int setup(void **state)
{
    (void)state;
    country_open(&c, "disclosure.wijk");
    build();
    plant(7);
    derive(&c);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    country_close(&c);
    return 0;
}

static const wijk_value *shown(int64_t area, int period)
{
    static wijk_facts facts;
    wijk_arena_reset(c.arena);
    must(wijk_facts_get(&facts, c.store, c.registry, c.arena, area));
    return wijk_facts_find(&facts, indicator, period);
}

/* ---- what must never be seen ----------------------------------------------------------------- */

static void no_figure_is_exact_or_small(void **state)
{
    (void)state;
    int seen = 0;
    for (int w = 0; w < WIJKEN; w++) {
        for (int b = 0; b < BUURTEN; b++) {
            for (int y = 0; y < YEARS; y++) {
                const wijk_value *v = shown(buurten[w][b], 2020 + y);
                assert_non_null(v);
                assert_true(v->flags & WIJK_PROTECTED);
                if (v->mark == WIJK_MARK_VALUE) {
                    assert_true(v->value >= WIJK_OWN_MINIMUM);
                    assert_true(fmod(v->value, WIJK_OWN_STEP) == 0);
                    assert_true(v->low <= planted[w][b][y] && planted[w][b][y] <= v->high);
                    assert_true(v->high - v->low >= 8);
                    seen++;
                } else {
                    assert_int_equal(v->mark, WIJK_MARK_SECRET);
                    assert_true(isnan(v->value));
                }
            }
        }
    }
    assert_true(seen > 5); /* the rule does not simply hide everything */
}

static void maps_and_bulk_readers_see_the_same(void **state)
{
    (void)state;
    wijk_stmt *stmt = wijk_store_sql(
        c.store, "SELECT area_id,period,value FROM layer_value WHERE indicator_id=?1");
    wijk_bind_int(stmt, 1, indicator);
    int64_t areas[512];
    double values[512];
    int periods[512], n = 0;
    while (n < 512 && wijk_step(stmt) == 1) {
        areas[n] = wijk_col_int(stmt, 0);
        periods[n] = (int)wijk_col_int(stmt, 1);
        values[n++] = wijk_col_double(stmt, 2);
    }
    wijk_reset(stmt);
    assert_true(n > 10);
    for (int i = 0; i < n; i++) {
        const wijk_value *v = shown(areas[i], periods[i]);
        assert_true(v->mark == WIJK_MARK_VALUE && v->value == values[i]);
    }
}

/* The best that interval arithmetic can do: every shown cell is off by less than 5, every withheld
 * one is at most 14, every total is its parts. Tightened until nothing moves. */
typedef struct {
    double low, high;
} interval;

static void tighten(interval cells[BUURTEN], interval total)
{
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < BUURTEN; i++) {
            double low = 0, high = 0;
            for (int k = 0; k < BUURTEN; k++) {
                low += k == i ? 0 : cells[k].low;
                high += k == i ? 0 : cells[k].high;
            }
            cells[i].low = fmax(cells[i].low, total.low - high);
            cells[i].high = fmin(cells[i].high, total.high - low);
        }
    }
}

static interval known(const wijk_value *v, double atoms)
{
    if (v->mark != WIJK_MARK_VALUE) {
        return (interval){0, WIJK_OWN_MINIMUM + WIJK_OWN_STEP - 1};
    }
    double off = atoms * (WIJK_OWN_STEP - 1);
    return (interval){fmax(0, v->value - off), v->value + off};
}

static void totals_do_not_give_parts_away(void **state)
{
    (void)state;
    for (int w = 0; w < WIJKEN; w++) {
        for (int y = 0; y < YEARS; y++) {
            interval cells[BUURTEN];
            double visible = 0, withheld = 0;
            for (int b = 0; b < BUURTEN; b++) {
                const wijk_value *v = shown(buurten[w][b], 2020 + y);
                cells[b] = known(v, 1);
                visible += v->mark == WIJK_MARK_VALUE ? v->value : 0;
                withheld += v->mark != WIJK_MARK_VALUE;
            }
            /* Never a single hole that the total could fill. */
            assert_true(withheld != 1);
            const wijk_value *total = shown(wijken[w], 2020 + y);
            if (total->mark != WIJK_MARK_VALUE) {
                continue;
            }
            double rest = total->value - visible;
            assert_true(fmod(rest, WIJK_OWN_STEP) == 0);
            tighten(cells, (interval){visible + rest - 4 - 4 * (BUURTEN - withheld),
                                      visible + rest + 4 + 4 * (BUURTEN - withheld)});
            for (int b = 0; b < BUURTEN; b++) {
                int n = planted[w][b][y];
                assert_true(cells[b].low <= n && n <= cells[b].high);
                if (n < WIJK_OWN_MINIMUM) {
                    assert_true(cells[b].high - cells[b].low >= 4); /* five counts or more remain */
                }
            }
        }
    }
}

typedef struct {
    double values[1 + WIJKEN + WIJKEN * BUURTEN + 40][YEARS]; /* NAN: withheld */
} view;

/* Everything an outsider can see: the tree in all years, and forty random own areas. */
static void look(view *out)
{
    size_t n = 0;
    int64_t areas[1 + WIJKEN + WIJKEN * BUURTEN + 40];
    areas[n++] = gemeente;
    for (int w = 0; w < WIJKEN; w++) {
        areas[n++] = wijken[w];
        for (int b = 0; b < BUURTEN; b++) {
            areas[n++] = buurten[w][b];
        }
    }
    for (uint32_t k = 0; k < 40; k++) {
        int64_t members[WIJKEN * BUURTEN];
        size_t count = 0;
        for (int i = 0; i < WIJKEN * BUURTEN; i++) {
            wijk_draw draw = {.seed = 5, .purpose = 3, .place = (uint32_t)i, .nth = k};
            if (i == 0 || wijk_rng_uniform(draw) < 0.5) {
                members[count++] = buurten[i / BUURTEN][i % BUURTEN];
            }
        }
        must(wijk_own_create(&areas[n++], c.store, "kijk", members, count));
    }
    for (size_t i = 0; i < n; i++) {
        for (int y = 0; y < YEARS; y++) {
            const wijk_value *v = shown(areas[i], 2020 + y);
            out->values[i][y] = v && v->mark == WIJK_MARK_VALUE ? v->value : NAN;
        }
    }
}

/* A world in which neighbours' small counts are exchanged looks the same from outside, to the bit:
 * then nothing that is shown, and nothing computed from it, can tell what they are. */
static void two_worlds_cannot_be_told_apart(void **state)
{
    (void)state;
    static view here, there;
    char salt[64];
    wijk_stmt *stmt = wijk_store_sql(c.store, "SELECT value FROM meta WHERE key='salt'");
    assert_int_equal(wijk_step(stmt), 1);
    snprintf(salt, sizeof salt, "%s", wijk_col_text(stmt, 0));
    wijk_reset(stmt);
    look(&here);
    country first = c;
    country_open(&c, "disclosure2.wijk");
    stmt = wijk_store_sql(c.store, "UPDATE meta SET value=?1 WHERE key='salt'");
    wijk_bind_text(stmt, 1, salt);
    must(wijk_run(stmt));
    build();
    exchange = 1;
    int moved = plant(7);
    exchange = 0;
    derive(&c);
    look(&there);
    country_close(&c);
    c = first;
    assert_true(moved >= 6);
    assert_memory_equal(&here, &there, sizeof here);
}

/* Sums over random sets of buurten, and differences of any two of them: everything that comes out
 * is a sum of figures that are shown anyway. */
static void own_areas_add_nothing(void **state)
{
    (void)state;
    double base[WIJKEN * BUURTEN];
    for (int i = 0; i < WIJKEN * BUURTEN; i++) {
        const wijk_value *v = shown(buurten[i / BUURTEN][i % BUURTEN], 2021);
        base[i] = v->mark == WIJK_MARK_VALUE ? v->value : 0;
    }
    int answered = 0;
    for (uint32_t n = 0; n < 60; n++) {
        int64_t members[WIJKEN * BUURTEN], id;
        size_t count = 0;
        double expected = 0;
        int withheld = 0;
        for (int i = 0; i < WIJKEN * BUURTEN; i++) {
            wijk_draw draw = {.seed = 3, .purpose = 2, .place = (uint32_t)i, .nth = n};
            if (wijk_rng_uniform(draw) < 0.4) {
                members[count++] = buurten[i / BUURTEN][i % BUURTEN];
                expected += base[i];
                withheld += base[i] == 0;
            }
        }
        must(wijk_own_create(&id, c.store, "proef", members, count));
        const wijk_value *v = shown(id, 2021);
        if (v && v->mark == WIJK_MARK_VALUE) {
            assert_true(v->value == expected);
            assert_true(v->flags & WIJK_PROTECTED);
            assert_true(!withheld || isnan(v->high) || v->high > v->value);
            answered++;
        }
    }
    assert_true(answered > 30);
}

static void shares_hide_their_counts_too(void **state)
{
    (void)state;
    int share = add_own_indicator(&c, "aandeel", "percent", "mean");
    int64_t cbs = add_load(&c, "published", 90);
    for (int b = 0; b < BUURTEN; b++) {
        double people = b == 0 ? 8 : 20 + 10 * b;
        add_cell(&c, buurten[0][b], id_of(&c, "population"), 2021, cbs, people, 2.5, 0);
        add_cell(&c, buurten[0][b], share, 2021, own_load, 100 * 3 / people, 0, 0);
    }
    derive(&c);
    for (int b = 0; b < BUURTEN; b++) {
        wijk_facts facts;
        const wijk_value *v = fact(&c, &facts, buurten[0][b], "aandeel", 2021);
        double people = b == 0 ? 8 : 20 + 10 * b;
        if (b == 0) {
            assert_int_equal(v->mark, WIJK_MARK_SECRET);
            continue;
        }
        double count = v->value * people / 100;
        assert_true(fabs(count) < 1e-9 || fabs(count - 5) < 1e-9);
    }
}

/* A figure that nobody rounded would betray itself by its mean: averaging over many files (many
 * secrets) must come back to the count, or totals would drift. */
static void rounding_is_unbiased_over_secrets(void **state)
{
    (void)state;
    double sum = 0;
    int n = 200;
    wijk_stmt *find = wijk_store_sql(c.store, "SELECT value FROM observation WHERE area_id=?1 AND "
                                              "indicator_id=?2 AND period=2020");
    wijk_bind_int(find, 1, gemeente);
    wijk_bind_int(find, 2, indicator);
    assert_int_equal(wijk_step(find), 1);
    double exact = wijk_col_double(find, 0);
    wijk_reset(find);
    for (int i = 0; i < n; i++) {
        char salt[33];
        snprintf(salt, sizeof salt, "%016llx%016llx", 0x9E3779B97F4A7C15ull * (unsigned)(i + 1),
                 0xD1B54A32D192ED03ull * (unsigned)(i + 7));
        wijk_stmt *set = wijk_store_sql(c.store, "UPDATE meta SET value=?1 WHERE key='salt'");
        wijk_bind_text(set, 1, salt);
        must(wijk_run(set));
        derive(&c);
        sum += shown(gemeente, 2020)->value;
    }
    /* Up to 24 atoms of sd at most 2.5 each: the mean of 200 has sd below 0.9. */
    assert_true(fabs(sum / n - exact) < 3.5);
}

static void a_stale_registry_shows_nothing_new(void **state)
{
    (void)state;
    int64_t late = add_load(&c, "own", 99);
    add_cell(&c, buurten[0][0], indicator, 2030, late, 3, 0, 0);
    /* The registry was read before this load: it may not guess that the figure is public. */
    assert_null(shown(buurten[0][0], 2030));
    refresh(&c);
    const wijk_value *v = shown(buurten[0][0], 2030); /* not derived yet: withheld */
    assert_int_equal(v->mark, WIJK_MARK_SECRET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_figure_is_exact_or_small, setup, teardown),
        cmocka_unit_test_setup_teardown(maps_and_bulk_readers_see_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(totals_do_not_give_parts_away, setup, teardown),
        cmocka_unit_test_setup_teardown(two_worlds_cannot_be_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(own_areas_add_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(shares_hide_their_counts_too, setup, teardown),
        cmocka_unit_test_setup_teardown(rounding_is_unbiased_over_secrets, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stale_registry_shows_nothing_new, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
