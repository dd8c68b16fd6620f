/* Ensembles: cause zero is difference zero, threads and parts change no byte, few households are
 * withheld from every output, and bands, ranks and ledger agree with reckoning by hand. */
#include "foresee/ensemble.h"
#include "foresee/state.h"

#include "foresee_town.h"
#include "wijk/parameters.h"
#include "wijk/scenario.h"
#include "wijk/table.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { YEARS = 2 };

static const wijk_change support[] = {
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4},
    {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_WIJKTEAM, 3},
};

static wijk_ensemble *ensemble_on(const wijk_population *town, const wijk_change *changes, size_t n,
                                  uint32_t first, uint32_t last, unsigned threads)
{
    const wijk_scenario scenario = {changes, n};
    const wijk_ensemble_options o = {.seed = 11,
                                     .first = first,
                                     .last = last,
                                     .years = YEARS,
                                     .threads = threads,
                                     .place = "Stad",
                                     .region = "Stad",
                                     .title = {"beleid", "policy"},
                                     .scenario = n ? "support" : "nothing",
                                     .lineage = "test"};
    wijk_ensemble *e;
    fine(wijk_ensemble_run(&e, town, &scenario, &o, NULL));
    return e;
}

static wijk_population *small_town(void)
{
    wijk_parameters p = defaults();
    return town_of(1, 3, 400, &p);
}

static char *bytes_of(const wijk_ensemble *e, size_t *size)
{
    char path[] = "/tmp/wijk_ensemble_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    fine(wijk_ensemble_write(e, path));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = wijk_alloc(64u << 20);
    *size = fread(bytes, 1, 64u << 20, file);
    fclose(file);
    remove(path);
    return bytes;
}

static void same_bytes(const wijk_ensemble *a, const wijk_ensemble *b)
{
    size_t n, m;
    char *x = bytes_of(a, &n), *y = bytes_of(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    wijk_free(x);
    wijk_free(y);
}

/* ---- stopped and gone on with ---------------------------------------------------------------- */

typedef struct { /* the latest part that was handed over, as a disk would have it */
    void *bytes;
    size_t size;
    uint32_t calls, most; /* the call after which it stops; 0: never */
} shelf;

static int put_on_shelf(void *payload, const wijk_ensemble *so_far)
{
    shelf *s = payload;
    wijk_free(s->bytes);
    fine(wijk_ensemble_store(&s->bytes, &s->size, so_far));
    return ++s->calls == s->most ? wijk_fail(WIJK_ECANCEL, "genoeg", "enough") : WIJK_OK;
}

static int go(wijk_ensemble **out, const wijk_population *town, uint32_t first, uint32_t last,
              uint64_t seed, shelf *s, const wijk_ensemble *done)
{
    const wijk_scenario scenario = {support, 2};
    const wijk_ensemble_options o = {.seed = seed,
                                     .first = first,
                                     .last = last,
                                     .years = YEARS,
                                     .threads = 2,
                                     .place = "Stad",
                                     .region = "Stad",
                                     .title = {"beleid", "policy"},
                                     .scenario = "support",
                                     .lineage = "test",
                                     .done = done,
                                     .keep = s ? put_on_shelf : NULL,
                                     .payload = s};
    return wijk_ensemble_run(out, town, &scenario, &o, NULL);
}

/* Stopped after some pairs, wherever that is, it goes on from what was kept and gives the bytes of
 * one that never stopped; what is of another run is refused with what differs. */
static void stopped_and_gone_on_is_one_run(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *whole = ensemble_on(town, support, 2, 3, 19, 1), *part, *rest;
    for (uint32_t stop = 1; stop <= 3; stop++) {
        shelf kept = {.most = stop}, more = {0};
        assert_int_equal(go(&rest, town, 3, 19, 11, &kept, NULL), WIJK_ECANCEL);
        assert_null(rest);
        fine(wijk_ensemble_read(&part, kept.bytes, kept.size, "kept"));
        wijk_ensemble_about about = wijk_ensemble_tell(part);
        assert_true(about.first == 3 && about.last >= 2 + stop && about.last < 19);
        fine(go(&rest, town, 3, 19, 11, &more, part));
        same_bytes(rest, whole);
        assert_true(more.calls > 0);
        wijk_ensemble_free(rest);
        assert_int_equal(go(&rest, town, 3, 19, 12, NULL, part), WIJK_EINVAL);
        assert_non_null(strstr(wijk_error(WIJK_EN), "another run (another seed)"));
        assert_non_null(strstr(wijk_error(WIJK_NL), "een ander startgetal"));
        assert_int_equal(go(&rest, town, 2, 19, 11, NULL, part), WIJK_EINVAL);
        assert_non_null(strstr(wijk_error(WIJK_EN), "and asked are 2 to 19"));
        assert_int_equal(go(&rest, town, 3, 3, 11, NULL, whole), WIJK_EINVAL);
        wijk_ensemble_free(part);
        wijk_free(kept.bytes);
        wijk_free(more.bytes);
    }
    shelf none = {0}; /* all of it is there: nothing is run */
    fine(go(&rest, town, 3, 19, 11, &none, whole));
    same_bytes(rest, whole);
    assert_int_equal(none.calls, 0);
    wijk_ensemble_free(rest);
    wijk_ensemble_free(whole);
    wijk_population_free(town);
}

static void cause_zero_is_difference_zero(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    /* A change to what holds anyway is a cause of nothing too. */
    const wijk_change idle[] = {
        {3, WIJK_EVERYWHERE, 0, WIJK_LEVER_PASSEND, wijk_lever_get(WIJK_LEVER_PASSEND)->nothing}};
    for (size_t n = 0; n < 2; n++) {
        wijk_ensemble *e = ensemble_on(town, idle, n, 1, 3, 1);
        size_t seen = 0;
        for (size_t p = 0; p < wijk_ensemble_places(e); p++) {
            for (int o = 0; o < WIJK_OUTCOMES; o++) {
                wijk_bands b;
                fine(wijk_ensemble_outcome(&b, e, p, YEARS, (wijk_outcome)o));
                if (isfinite(b.nothing.median)) {
                    assert_true(b.difference.low90 == 0 && b.difference.high90 == 0);
                    seen++;
                }
            }
        }
        assert_true(seen > 3 * WIJK_OUTCOMES);
        wijk_influence of[WIJK_PARAMETERS];
        assert_int_equal(wijk_ensemble_influences(of, e, WIJK_OUT_STRAINED), WIJK_ENOTFOUND);
        wijk_ensemble_free(e);
    }
    wijk_population_free(town);
}

/* Told by region, every figure is the sum (a score: the mean over households) of what the same runs
 * tell by area. */
static void regions_are_their_areas(void **state)
{
    (void)state;
    enum { REGIONS = 2, AREAS = 3, PAIRS = 2 };
    wijk_parameters p = defaults();
    wijk_population *town = town_of(REGIONS, AREAS, 300, &p);
    const wijk_scenario scenario = {support, 2};
    wijk_ensemble *by_area = ensemble_on(town, support, 2, 1, PAIRS, 1), *by_region;
    const wijk_ensemble_options o = {
        .seed = 11, .first = 1, .last = PAIRS, .years = YEARS, .threads = 1, .by_region = 1};
    fine(wijk_ensemble_run(&by_region, town, &scenario, &o, NULL));
    assert_int_equal(wijk_ensemble_places(by_region), WIJK_ENSEMBLE_AREAS + REGIONS);
    assert_int_equal(wijk_ensemble_places(by_area), WIJK_ENSEMBLE_AREAS + REGIONS * AREAS);
    for (size_t pair = 0; pair < PAIRS; pair++) {
        const int32_t *a = ensemble_of(by_area, pair), *r = ensemble_of(by_region, pair);
        for (uint32_t year = 0; year <= YEARS; year++) {
            for (size_t region = 0; region < REGIONS; region++) {
                int64_t sum[WIJK_OUTCOMES] = {0}, homes = 0;
                for (size_t i = 0; i < AREAS; i++) {
                    const int32_t *from =
                        a + ensemble_at(by_area, SIDE_SCENARIO, year,
                                        WIJK_ENSEMBLE_AREAS + region * AREAS + i, 0);
                    homes += from[WIJK_OUT_HOUSEHOLDS];
                    for (int k = 0; k < WIJK_OUTCOMES; k++) {
                        int score = k == WIJK_OUT_LIVABILITY_SOC || k == WIJK_OUT_LIVABILITY_ONV;
                        sum[k] += (int64_t)from[k] * (score ? from[WIJK_OUT_HOUSEHOLDS] : 1);
                    }
                }
                const int32_t *told = r + ensemble_at(by_region, SIDE_SCENARIO, year,
                                                      WIJK_ENSEMBLE_AREAS + region, 0);
                for (int k = 0; k < WIJK_OUTCOMES; k++) {
                    int score = k == WIJK_OUT_LIVABILITY_SOC || k == WIJK_OUT_LIVABILITY_ONV;
                    assert_true(score ? fabs(told[k] - (double)sum[k] / (double)homes) <= 0.5001
                                      : told[k] == sum[k]);
                }
            }
            /* together, and what waits, alike */
            assert_memory_equal(r + ensemble_at(by_region, SIDE_NOTHING, year, 0, 0),
                                a + ensemble_at(by_area, SIDE_NOTHING, year, 0, 0),
                                WIJK_ENSEMBLE_AREAS * WIJK_OUTCOMES * sizeof *a);
            assert_memory_equal(r + ensemble_group_at(by_region, SIDE_NOTHING, year, 0),
                                a + ensemble_group_at(by_area, SIDE_NOTHING, year, 0),
                                GROUP_CELLS * sizeof *a);
        }
    }
    wijk_ensemble_free(by_area);
    wijk_ensemble_free(by_region);
    wijk_population_free(town);
}

/* What is said of two pairs of the policy of this text. */
static size_t remarks_of(wijk_remark said[WIJK_REMARKS], const wijk_population *town,
                         const char *text)
{
    const wijk_scenario_options bound = {
        .population = town, .first = -1, .months = (uint32_t)YEARS * 12};
    const wijk_ensemble_options o = {
        .seed = 1, .first = 1, .last = 2, .years = YEARS, .threads = 1, .scenario = text};
    wijk_scenario_file *file;
    wijk_scenario scenario;
    wijk_ensemble *e;
    size_t n;
    fine(wijk_scenario_read(&file, text, strlen(text), "policy"));
    fine(wijk_scenario_bind(&scenario, file, &bound));
    fine(wijk_ensemble_run(&e, town, &scenario, &o, NULL));
    fine(wijk_ensemble_remarks(said, &n, e));
    wijk_ensemble_free(e);
    wijk_scenario_release(&scenario);
    wijk_scenario_free(file);
    return n;
}

static void says(const wijk_remark *remark, wijk_lang lang, const char *words)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_remark_say(&out, lang, remark);
    assert_non_null(strstr(wijk_str_text(&out), words));
    assert_null(strchr(wijk_str_text(&out), '{'));
    wijk_str_free(&out);
}

/* Asked for more social homes than there are, in streets, with a line after the run: all three are
 * said, with the numbers. */
static void a_result_says_what_was_not_done(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    int64_t social = 0;
    for (size_t slot = 0; slot < (size_t)town->first[town->n_areas] * BLOCK; slot++) {
        social += tenure_of(town->state.home[slot]) == WIJK_SOCIAL;
    }
    wijk_remark said[WIJK_REMARKS];
    size_t n = remarks_of(said, town,
                          "wijk scenario 1\nstart 2026-01\nyears 10\n"
                          "2026-01 everywhere demolish 5000\n"
                          "2026-01 everywhere streets 60\n"
                          "2031-01 everywhere passend 95\n"
                          "2030-01 everywhere passend 90\n");
    assert_int_equal(n, 3);
    assert_int_equal(said[0].kind, WIJK_REMARK_STREETS);
    assert_true(said[0].asked == 60);
    assert_int_equal(said[1].kind, WIJK_REMARK_NOT_DONE);
    assert_true(said[1].asked == 5060 && said[1].done == (double)(social + 60));
    says(&said[1], WIJK_NL, "5.060");
    assert_int_equal(said[2].kind, WIJK_REMARK_LATER);
    assert_true(said[2].asked == 2); /* the first of them is said, with its date and line */
    says(&said[2], WIJK_EN, "2030-01 (line 7 of the scenario)");
    wijk_ensemble *e = ensemble_on(town, NULL, 0, 1, 2, 1); /* made without a text */
    fine(wijk_ensemble_remarks(said, &n, e));
    assert_int_equal(n, 0);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

/* What was asked of tenants who stay, of places for the homeless and of money is told by its own
 * count. */
static void a_result_says_what_is_still_to_come(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_remark said[WIJK_REMARKS];
    size_t n = remarks_of(said, town,
                          "wijk scenario 1\nstart 2026-01\nyears 10\n"
                          "2026-01 everywhere sell 50\n"
                          "2026-01 everywhere housing_first 100\n"
                          "2026-01 everywhere livability_cap 0\n"
                          "2026-01 everywhere outflow_mental 50\n"
                          "2026-01 everywhere spreading_cap 0\n");
    assert_int_equal(n, 4);
    assert_int_equal(said[0].kind, WIJK_REMARK_TO_COME);
    assert_true(said[0].asked == 50 && said[0].done > 0 && said[0].done < 50);
    assert_int_equal(said[1].kind, WIJK_REMARK_WAITING);
    assert_true(said[1].asked >= WIJK_ENSEMBLE_LEAST);
    assert_int_equal(said[2].kind, WIJK_REMARK_FIRST);
    assert_int_equal(said[3].kind, WIJK_REMARK_UNPAID);
    assert_true(said[3].asked > 0 && said[3].done == 0);
    says(&said[0], WIJK_NL, "Gevraagd bij 50 woningen");
    says(&said[1], WIJK_NL, "huishoudens meer");
    says(&said[2], WIJK_NL, "Housing First");
    says(&said[3], WIJK_NL, "worden er 0 betaald");
    wijk_population_free(town);
}

static void a_policy_differs(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 30, 2);
    wijk_bands b;
    fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_HERE, YEARS, WIJK_OUT_WORK_MANAGEMENT));
    assert_true(b.difference.low90 > 0); /* the hours that the lever buys */
    assert_true(b.scenario.low90 <= b.scenario.low50 && b.scenario.low50 <= b.scenario.median &&
                b.scenario.median <= b.scenario.high50 && b.scenario.high50 <= b.scenario.high90);
    /* The start is before any policy. */
    fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_HERE, 0, WIJK_OUT_STRAINED));
    assert_true(b.difference.low90 == 0 && b.difference.high90 == 0);
    wijk_influence of[WIJK_PARAMETERS];
    fine(wijk_ensemble_influences(of, e, WIJK_OUT_WORK_MANAGEMENT));
    assert_int_equal(of[0].parameter, WIJK_P_PRODUCTIVE_HOURS); /* hours = fte x hours a year */
    assert_true(of[0].rank_correlation > 0.9 && of[0].beyond);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

/* Another rent, another stay or another figure of moving is another population, though the people
 * are the same: parts of it do not join. */
static void parts_of_another_population_do_not_join(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *a = ensemble_on(town, NULL, 0, 1, 1, 1), *joined;
    for (int k = 0; k < 3; k++) {
        uint32_t home = town->state.home[0];
        uint16_t months = town->state.months[0];
        double come = town->regions[0].come[1];
        town->state.home[0] = k == 0 ? with_bits(home, HOME_PRICE, 7, price_of(home) ^ 1) : home;
        town->state.months[0] = (uint16_t)(months + (k == 1));
        town->regions[0].come[1] = k == 2 ? 1 + fabs(come) : come;
        wijk_ensemble *b = ensemble_on(town, NULL, 0, 2, 2, 1);
        const wijk_ensemble *parts[] = {a, b};
        assert_int_equal(wijk_ensemble_merge(&joined, parts, 2), WIJK_EINVAL);
        assert_non_null(strstr(wijk_error(WIJK_EN), "another area or other figures"));
        wijk_ensemble_free(b);
        town->state.home[0] = home;
        town->state.months[0] = months;
        town->regions[0].come[1] = come;
    }
    wijk_ensemble_free(a);
    wijk_population_free(town);
}

static void threads_and_parts_change_no_byte(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *one = ensemble_on(town, support, 2, 1, 5, 1), *joined;
    for (unsigned threads = 2; threads <= 3; threads++) {
        wijk_ensemble *more = ensemble_on(town, support, 2, 1, 5, threads);
        same_bytes(one, more);
        wijk_ensemble_free(more);
    }
    wijk_ensemble *a = ensemble_on(town, support, 2, 1, 2, 1);
    wijk_ensemble *b = ensemble_on(town, support, 2, 3, 3, 1);
    wijk_ensemble *c = ensemble_on(town, support, 2, 4, 5, 1);
    wijk_ensemble *other = ensemble_on(town, NULL, 0, 3, 3, 1);
    const wijk_ensemble *any_order[] = {c, a, b}, *gap[] = {a, c}, *twice[] = {a, b, b, c};
    const wijk_ensemble *mixed[] = {a, other};
    fine(wijk_ensemble_merge(&joined, any_order, 3));
    same_bytes(one, joined);
    wijk_ensemble_free(joined);
    assert_int_equal(wijk_ensemble_merge(&joined, gap, 2), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Replicates 3 to 3 are missing"));
    assert_int_equal(wijk_ensemble_merge(&joined, twice, 4), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Replicate 3 is in two parts"));
    assert_int_equal(wijk_ensemble_merge(&joined, mixed, 2), WIJK_EINVAL);
    assert_non_null(strstr(wijk_error(WIJK_EN), "another scenario"));
    assert_int_equal(wijk_ensemble_merge(&joined, NULL, 0), WIJK_EINVAL);
    wijk_ensemble_free(one);
    wijk_ensemble_free(a);
    wijk_ensemble_free(b);
    wijk_ensemble_free(c);
    wijk_ensemble_free(other);
    wijk_population_free(town);
}

typedef struct {
    const wijk_population *town;
    const wijk_scenario *scenario;
    uint32_t seen;
    int stop;
} growth;

static wijk_ensemble_options grown_options(uint32_t years, unsigned threads)
{
    return (wijk_ensemble_options){.seed = 11,
                                   .first = 3,
                                   .last = 4,
                                   .years = years,
                                   .threads = threads,
                                   .place = "Stad",
                                   .region = "Stad",
                                   .title = {"beleid", "policy"},
                                   .scenario = "support",
                                   .lineage = "test"};
}

/* Every year once, in order, and what it shows is what a run of so many years gives. */
static int see_grow(void *payload, wijk_ensemble *so_far)
{
    growth *g = payload;
    g->seen++;
    const wijk_ensemble_options o = grown_options(g->seen, 1);
    wijk_ensemble *whole;
    fine(wijk_ensemble_run(&whole, g->town, g->scenario, &o, NULL));
    same_bytes(so_far, whole);
    wijk_ensemble_free(so_far);
    wijk_ensemble_free(whole);
    return g->stop ? wijk_fail(WIJK_ECANCEL, "genoeg", "enough") : WIJK_OK;
}

static int see_years(void *payload, wijk_ensemble *so_far)
{
    growth *g = payload;
    g->seen++;
    assert_int_equal(wijk_ensemble_tell(so_far).years, g->seen);
    wijk_ensemble_free(so_far);
    return WIJK_OK;
}

static void a_first_look_grows_year_by_year(void **state)
{
    (void)state;
    enum { ALL = 4 };
    wijk_population *town = small_town();
    const wijk_scenario scenario = {support, 2};
    for (unsigned threads = 1; threads <= 4; threads += 3) { /* runs in turn, and all at once */
        growth g = {.town = town, .scenario = &scenario};
        wijk_ensemble_options o = grown_options(ALL, threads);
        wijk_ensemble *e, *plain;
        fine(wijk_ensemble_run(&plain, town, &scenario, &o, NULL));
        o.grown = see_grow;
        o.payload = &g;
        fine(wijk_ensemble_run(&e, town, &scenario, &o, NULL));
        assert_int_equal(g.seen, ALL - 1); /* the last year is the answer itself */
        same_bytes(e, plain);
        wijk_ensemble_free(e);
        wijk_ensemble_free(plain);
        g = (growth){.town = town, .scenario = &scenario, .stop = 1};
        assert_int_equal(wijk_ensemble_run(&e, town, &scenario, &o, NULL), WIJK_ECANCEL);
        assert_int_equal(g.seen, 1);
    }
    wijk_population_free(town);
}

/* Another policy is asked of the same place: what doing nothing gave is taken over, not run again.
 */
static void doing_nothing_is_run_once(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    const wijk_scenario scenario = {support, 1}, both = {support, 2};
    wijk_ensemble_options o = grown_options(YEARS, 2);
    wijk_ensemble *first, *plain, *second;
    fine(wijk_ensemble_run(&first, town, &both, &o, NULL));
    o.last++; /* one more than is known */
    fine(wijk_ensemble_run(&plain, town, &scenario, &o, NULL));
    o.known = (const wijk_ensemble *const *)&first;
    o.n_known = 1;
    fine(wijk_ensemble_run(&second, town, &scenario, &o, NULL));
    same_bytes(second, plain);
    wijk_ensemble_free(second);
    /* A mark on what is known shows that it is this that was taken. */
    size_t at = ensemble_at(first, SIDE_NOTHING, 1, WIJK_ENSEMBLE_HERE, WIJK_OUT_BIRTHS);
    first->cell[at] = 4242;
    growth g = {.town = town, .scenario = &scenario};
    o.grown = NULL;
    fine(wijk_ensemble_run(&second, town, &scenario, &o, NULL));
    assert_int_equal(second->cell[at], 4242);
    wijk_ensemble_free(second);
    /* Of another seed or another length it is another question. */
    o.seed++;
    fine(wijk_ensemble_run(&second, town, &scenario, &o, NULL));
    assert_int_not_equal(second->cell[at], 4242);
    wijk_ensemble_free(second);
    o.seed--;
    o.years++;
    o.grown = see_years;
    o.payload = &g;
    fine(wijk_ensemble_run(&second, town, &scenario, &o, NULL));
    assert_int_not_equal(
        second->cell[ensemble_at(second, SIDE_NOTHING, 1, WIJK_ENSEMBLE_HERE, WIJK_OUT_BIRTHS)],
        4242);
    assert_int_equal(g.seen, o.years - 1);
    wijk_ensemble_free(second);
    /* Years of a first look come once each, also when half of the runs are known. */
    o = grown_options(YEARS, 2);
    o.known = (const wijk_ensemble *const *)&first;
    o.n_known = 1;
    o.grown = see_years;
    g.seen = 0;
    o.payload = &g;
    fine(wijk_ensemble_run(&second, town, &scenario, &o, NULL));
    assert_int_equal(g.seen, YEARS - 1);
    wijk_ensemble_free(second);
    wijk_ensemble_free(first);
    wijk_ensemble_free(plain);
    wijk_population_free(town);
}

static void a_part_reads_back_and_a_broken_one_does_not(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 1, 1), *back;
    size_t size;
    char *bytes = bytes_of(e, &size);
    fine(wijk_ensemble_read(&back, bytes, size, "part"));
    same_bytes(e, back);
    wijk_ensemble_free(back);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97) {
        assert_int_equal(wijk_ensemble_read(&back, bytes, cut, "part"), WIJK_EFORMAT);
        bytes[cut] ^= 0x40;
        assert_int_equal(wijk_ensemble_read(&back, bytes, size, "part"), WIJK_EFORMAT);
        bytes[cut] ^= 0x40;
    }
    for (long nth = 1; nth < 12; nth++) { /* no memory: said, and nothing lost */
        wijk_alloc_fail_at(nth, 0);
        assert_int_equal(wijk_ensemble_read(&back, bytes, size, "part"), WIJK_ENOMEM);
        wijk_alloc_fail_at(0, 0);
    }
    wijk_free(bytes);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

/* One area of three households beside two ordinary ones. */
static wijk_population *town_with_a_hamlet(void)
{
    wijk_parameters p = defaults();
    wijk_population *town;
    const wijk_foresee_area areas[] = {{.code = "BIG", .homes = 200},
                                       {.code = "HAMLET", .homes = 3},
                                       {.code = "MID", .homes = 40}};
    const wijk_foresee_region region = {
        .code = "GM", .leave = {-1, -1, -1, -1, -1, -1}, .come = {-1, -1, -1, -1, -1, -1}};
    fine(wijk_population_new(&town, areas, 3, &region, 1));
    for (size_t a = 0; a < 3; a++) {
        for (uint32_t h = 0; h < areas[a].homes; h++) {
            const wijk_home home = {.tenure = WIJK_SOCIAL, .size = 3};
            const wijk_household household = {
                .composition = WIJK_SINGLE, .age = (uint8_t)(25 + h % 30), .months = 20};
            fine(wijk_population_add(town, a, &home, &household, 1));
        }
    }
    fine(wijk_population_finish(town, &p, 5));
    return town;
}

/* Every way out is walked: places, outcomes, groups, and the bytes of a part. A part holds only
 * the places below, so a household or an address has nowhere to be. */
static void few_households_leave_by_no_way(void **state)
{
    (void)state;
    wijk_population *town = town_with_a_hamlet();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 2, 1);
    wijk_bands b;
    /* The hamlet, and the smallest other area with it: else the whole less the rest shows it. */
    assert_int_equal(wijk_ensemble_tell(e).withheld, 2);
    assert_int_equal(wijk_ensemble_places(e), WIJK_ENSEMBLE_AREAS + 1);
    assert_string_equal(wijk_ensemble_code(e, WIJK_ENSEMBLE_AREAS), "BIG");
    size_t size;
    char *bytes = bytes_of(e, &size);
    for (size_t i = 0; i + 6 < size; i++) {
        assert_true(memcmp(bytes + i, "HAMLET", 6) != 0);
    }
    size_t cells = 2 * SIDES * (YEARS + 1) *
                   (wijk_ensemble_places(e) * WIJK_OUTCOMES + WIJK_GROUPS * WIJK_GROUP_OUTCOMES);
    assert_true(size < cells * 4 + 600); /* the counts and a heading: room for nothing else */
    wijk_free(bytes);
    for (int o = 0; o < WIJK_OUTCOMES; o++) { /* stocks of the whole would show who waits */
        fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_WHOLE, 1, (wijk_outcome)o));
        assert_int_equal(isfinite(b.nothing.median) || b.few,
                         wijk_outcome_is_flow((wijk_outcome)o));
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        fine(wijk_ensemble_group(&b, e, 0, (wijk_group)g, WIJK_GOUT_HOUSEHOLDS));
        assert_true(isnan(b.nothing.median) || b.nothing.median >= WIJK_ENSEMBLE_LEAST);
        int here = isfinite(b.nothing.median);
        fine(wijk_ensemble_group(&b, e, 0, (wijk_group)g, WIJK_GOUT_STRAINED));
        assert_int_equal(isfinite(b.nothing.median) || b.few, here);
    }
    fine(wijk_ensemble_group(&b, e, 0, WIJK_GROUP_FAMILY, WIJK_GOUT_HOUSEHOLDS));
    assert_true(isnan(b.nothing.median)); /* there is none, which is fewer than ten */
    wijk_ensemble_free(e);
    const uint32_t hamlet = 1;
    const wijk_scenario nothing = {NULL, 0};
    const wijk_ensemble_options o = {
        .first = 1, .last = 1, .years = 1, .focus = &hamlet, .n_focus = 1};
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &o, NULL), WIJK_EDENIED);
    assert_null(e);
    wijk_population_free(town);
}

/* ---- counts of few ---- */

static int shows_people(int o)
{
    const char *unit = wijk_outcome_unit((wijk_outcome)o);
    return strstr("households persons cases admissions lets reports events months visits", unit) !=
           NULL;
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle of the counts as they stand in the rows, and whether any is more than none. */
static double middle_of(const wijk_ensemble *e, int side, size_t place, uint32_t year, int o,
                        int *any)
{
    double of[64];
    size_t n = ensemble_replicates(e);
    *any = 0;
    for (size_t r = 0; r < n; r++) {
        of[r] = ensemble_of(e, r)[ensemble_at(e, side, year, place, (wijk_outcome)o)];
        *any |= of[r] > 0;
    }
    qsort(of, n, sizeof *of, by_double);
    return (of[(n - 1) / 2] + of[n / 2]) / 2;
}

/* One count: told when neither side is few, else marked; never a side of which the other and the
 * difference tell it. */
static void is_told_safely(const wijk_bands *b, const wijk_ensemble *e, size_t place, uint32_t year,
                           int o)
{
    int any[SIDES], few = 0;
    for (int side = 0; side < SIDES; side++) {
        double middle = middle_of(e, side, place, year, o, &any[side]);
        few |= any[side] && middle < 10;
    }
    assert_true(!few || b->few);
    assert_int_equal(isnan(b->nothing.median), b->few);
    assert_int_equal(isnan(b->scenario.median), b->few);
    if (b->few && isfinite(b->difference.median)) {
        int still = b->difference.low90 == 0 && b->difference.high90 == 0;
        assert_true(still || fabs(b->difference.median) >= 10);
    }
}

/* What is left of a total at the start when what is told of its parts is taken off. */
static void leaves_nobody_alone(const wijk_ensemble *e, int o)
{
    wijk_bands b;
    fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_HERE, 0, (wijk_outcome)o));
    double rest = b.nothing.median;
    for (size_t p = WIJK_ENSEMBLE_AREAS; isfinite(rest) && p < wijk_ensemble_places(e); p++) {
        fine(wijk_ensemble_outcome(&b, e, p, 0, (wijk_outcome)o));
        rest -= isfinite(b.nothing.median) ? b.nothing.median : 0;
    }
    assert_true(isnan(rest) || rest == 0 || rest >= 10);
}

static void classes_leave_nobody_alone(const wijk_ensemble *e, size_t place, int first, int last)
{
    wijk_bands b;
    fine(wijk_ensemble_outcome(&b, e, place, 0, WIJK_OUT_HOUSEHOLDS));
    double rest = b.nothing.median;
    for (int o = first; o <= last; o++) {
        fine(wijk_ensemble_outcome(&b, e, place, 0, (wijk_outcome)o));
        rest -= isfinite(b.nothing.median) ? b.nothing.median : 0;
    }
    assert_true(isnan(rest) || rest == 0 || rest >= 10);
}

/* The rule against the rows themselves, of every place, year, outcome and group. */
static void few_people_are_counted_for_nobody(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 6, 60, &p);
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 5, 1);
    size_t few = 0, told = 0;
    wijk_bands b;
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        assert_int_equal(ensemble_counts_people((wijk_outcome)o), shows_people(o));
        for (size_t place = WIJK_ENSEMBLE_HERE; place < wijk_ensemble_places(e); place++) {
            for (uint32_t year = 0; shows_people(o) && year <= YEARS; year++) {
                fine(wijk_ensemble_outcome(&b, e, place, year, (wijk_outcome)o));
                is_told_safely(&b, e, place, year, o);
                few += (size_t)b.few;
                told += (size_t)!b.few;
            }
        }
        if (shows_people(o) && !wijk_outcome_is_flow((wijk_outcome)o)) {
            leaves_nobody_alone(e, o);
        }
    }
    assert_true(few > 100 && told > 100);
    for (size_t place = WIJK_ENSEMBLE_HERE; place < wijk_ensemble_places(e); place++) {
        classes_leave_nobody_alone(e, place, WIJK_OUT_SINGLE, WIJK_OUT_OLDER_COUPLE);
        classes_leave_nobody_alone(e, place, WIJK_OUT_INCOME_LOW, WIJK_OUT_INCOME_HIGH);
        classes_leave_nobody_alone(e, place, WIJK_OUT_AGE_24, WIJK_OUT_AGE_80);
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        for (int o = 0; o < WIJK_GROUP_OUTCOMES; o++) {
            fine(wijk_ensemble_group_ever(&b, e, (wijk_group)g, (wijk_group_outcome)o));
            assert_true(isnan(b.nothing.median) || b.nothing.high90 == 0 || b.nothing.median >= 10);
        }
    }
    for (int o = 0; o < WIJK_OUTCOMES; o++) { /* nor how it settles */
        wijk_convergence rows[WIJK_CONVERGENCE];
        size_t n;
        fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_HERE, YEARS, (wijk_outcome)o));
        fine(wijk_ensemble_convergence(rows, &n, e, (wijk_outcome)o));
        assert_int_equal(n > 0, isfinite(b.difference.median) != 0);
    }
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

static int is_drawn_with_others(const ensemble_ranges *r, int parameter)
{
    for (uint64_t c = 0; c < r->columns; c++) {
        if (r->parameter[c] == (uint64_t)parameter) {
            return 1;
        }
    }
    return 0;
}

/* What published figures speak of comes as one plausible point, whole. */
static void draws_keep_plausible_points_together(void **state)
{
    (void)state;
    static ensemble_ranges r;
    fine(ensemble_ranges_read(&r));
    assert_true(r.points >= 20 && r.columns > 10);
    size_t seen = 0, last = r.points;
    for (uint32_t n = 1; n <= WIJK_ENSEMBLE_BLOCK; n++) {
        wijk_parameters drawn;
        size_t k = 0;
        int same = 0;
        fine(wijk_ensemble_draw(&drawn, 99, n));
        for (; k < r.points && !same; k++) {
            same = 1;
            for (uint64_t c = 0; same && c < r.columns; c++) {
                same = drawn.value[r.parameter[c]] == r.point[k][c];
            }
        }
        assert_true(same);
        seen += k != last;
        last = k;
    }
    assert_true(seen > WIJK_ENSEMBLE_BLOCK / 2);
}

/* Half of the chance on either side, falling in a straight line to nothing at the ends. */
static double either_way(double x, double middle, double high)
{
    double above = x >= middle ? x : middle != 0 ? middle * middle / x : -x;
    double left_over = (high - above) / (high - middle);
    double half = (1 - left_over * left_over) / 2;
    return x >= middle ? 0.5 + half : 0.5 - half;
}

static void draws_fill_every_slice_of_every_range(void **state)
{
    (void)state;
    static ensemble_ranges r;
    fine(ensemble_ranges_read(&r));
    for (int p = 0; p < WIJK_PARAMETERS; p++) {
        if (is_drawn_with_others(&r, p)) {
            continue;
        }
        int hit[WIJK_ENSEMBLE_BLOCK] = {0};
        double width = r.high[p] - r.low[p], left = r.middle[p] - r.low[p];
        for (uint32_t n = 21; n <= 40; n++) {
            wijk_parameters drawn;
            fine(wijk_ensemble_draw(&drawn, 99, n));
            double x = drawn.value[p];
            assert_true(x >= r.low[p] && x <= r.high[p]);
            if (width > 0) { /* the distribution function gives the slice back */
                double u = x < r.middle[p] ? (x - r.low[p]) * (x - r.low[p]) / (width * left)
                                           : 1 - (r.high[p] - x) * (r.high[p] - x) /
                                                     (width * fmax(width - left, 1e-300));
                u = r.shape[p] == WIJK_SHAPE_EITHER_WAY ? either_way(x, r.middle[p], r.high[p]) : u;
                int at = (int)(u * WIJK_ENSEMBLE_BLOCK);
                hit[at < 0 ? 0 : at >= WIJK_ENSEMBLE_BLOCK ? WIJK_ENSEMBLE_BLOCK - 1 : at]++;
            }
        }
        for (int i = 0; width > 0 && i < WIJK_ENSEMBLE_BLOCK; i++) {
            assert_int_equal(hit[i], 1);
        }
    }
}

static void the_ledger_adds_up(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 1, 1);
    wijk_prices *prices;
    wijk_ledger *ledger;
    fine(wijk_prices_open(&prices));
    fine(wijk_ensemble_ledger(&ledger, e, prices));
    double cost = 0, saved = 0, sum = 0;
    for (size_t i = 0; i < ledger->n_rows; i++) { /* one replicate: a median is its value */
        const wijk_ledger_row *row = &ledger->rows[i];
        assert_int_equal(isfinite(row->euro.median) != 0, row->priced);
        cost += row->priced && row->kind == WIJK_LEDGER_COST ? row->euro.median : 0;
        saved -= row->priced && row->kind == WIJK_LEDGER_EFFECT ? row->euro.median : 0;
        if (row->outcome == WIJK_OUT_WORK_MANAGEMENT) {
            wijk_cents_range c;
            fine(wijk_price_in(&c, prices, row->price, ledger->price_year));
            double hours[YEARS], least = 0, most = 0, factor = 1;
            for (uint32_t y = 1; y <= YEARS; y++) {
                wijk_bands b;
                fine(wijk_ensemble_outcome(&b, e, WIJK_ENSEMBLE_WHOLE, y, row->outcome));
                hours[y - 1] = b.difference.median / 60 / factor;
                least += hours[y - 1] * (double)c.low / 100;
                most += hours[y - 1] * (double)c.high / 100;
                factor *= 1.0225;
            }
            assert_true(row->euro.median >= least && row->euro.median <= most && least > 0);
        }
        if (isfinite(row->break_even)) {
            assert_false(row->priced);
        }
    }
    assert_true(fabs(cost - ledger->purses[0].mean_cost) < 1e-6 * fabs(cost));
    assert_true(fabs(saved - ledger->purses[0].mean_saved) < 1e-6 * (1 + fabs(saved)));
    for (size_t p = 1; p < ledger->n_purses; p++) {
        sum += ledger->purses[p].net.median;
    }
    assert_true(fabs(sum - ledger->purses[0].net.median) < 1e-6 * (1 + fabs(sum)));
    for (size_t p = 0; p < ledger->n_purses; p++) { /* at that share saving equals cost */
        const wijk_ledger_purse *purse = &ledger->purses[p];
        if (isfinite(purse->share)) {
            assert_true(fabs(purse->share * purse->mean_saved - purse->mean_cost) <
                        1e-6 * (1 + fabs(purse->mean_cost)));
        }
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

/* Every hour of work and every loss lands on somebody, priced or not; a home sold brings in money,
 * so the price at which the policy breaks even is one that is received. */
static void every_line_of_the_ledger_has_a_purse(void **state)
{
    (void)state;
    static const wijk_change sale[] = {
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4},
        {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SELL, 300},
    };
    static const char *const borne[] = {"corp", "wlz", "rijk", "sch", "pol", "res", "gem_order"};
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, sale, 2, 1, 2, 1);
    wijk_prices *prices;
    wijk_ledger *ledger;
    fine(wijk_prices_open(&prices));
    fine(wijk_ensemble_ledger(&ledger, e, prices));
    int seen[WIJK_OUTCOMES] = {0}, lines[sizeof borne / sizeof *borne] = {0};
    for (size_t i = 0; i < ledger->n_rows; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        assert_true(row->purse >= 0 && (size_t)row->purse < wijk_purse_count(prices));
        seen[row->outcome]++;
        for (size_t k = 0; k < sizeof borne / sizeof *borne; k++) {
            lines[k] += wijk_purse_find(prices, borne[k]) == row->purse;
        }
        if (row->outcome == WIJK_OUT_SOLD) {
            assert_int_equal(row->kind, WIJK_LEDGER_YIELD);
            assert_true(row->mean_units > 0);
            double yield = row->break_even * row->mean_units;
            const wijk_ledger_purse *all = &ledger->purses[0];
            double loss = fmax(-all->mean_net, all->mean_number - all->mean_net);
            assert_true(loss < 0 || fabs(yield - loss) < 1e-6 * loss);
        }
    }
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        if (!strcmp(wijk_outcome_unit((wijk_outcome)o), "minutes") && !seen[o]) {
            fail_msg("%s lands on no purse", wijk_outcome_key((wijk_outcome)o));
        }
    }
    assert_true(seen[WIJK_OUT_TO_CARE_HOME] && seen[WIJK_OUT_REFUSALS] &&
                seen[WIJK_OUT_MEDIATIONS]);
    for (size_t k = 0; k < sizeof borne / sizeof *borne; k++) {
        if (!lines[k]) {
            fail_msg("nothing lands on %s", borne[k]);
        }
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

/* Pay-back by hand: the year after the last one that ends below zero. */
static int paid_back(const double *net, size_t years)
{
    double sum = 0;
    size_t after = 0;
    for (size_t y = 0; y < years; y++) {
        sum += net[y];
        after = sum < -0.005 ? y + 2 : after;
    }
    return after > years ? -1 : (int)after;
}

/* Rows add up to purses, purses to society, and costs and savings to the net, with many pairs too:
 * all are means. The pay-back time is that of a run of every length: the sum over the first years
 * is what a shorter run gives. */
static void means_add_up_and_money_comes_back(void **state)
{
    (void)state;
    enum { PAIRS = 12 };
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, PAIRS, 2);
    wijk_prices *prices;
    wijk_ledger *ledger;
    fine(wijk_prices_open(&prices));
    fine(wijk_ensemble_ledger(&ledger, e, prices));
    double sum = 0, rows = 0;
    for (size_t i = 0; i < ledger->n_rows; i++) {
        rows += ledger->rows[i].priced ? ledger->rows[i].mean_euro : 0;
        assert_int_equal(isfinite(ledger->rows[i].mean_euro) != 0, ledger->rows[i].priced);
    }
    for (size_t p = 0; p < ledger->n_purses; p++) {
        const wijk_ledger_purse *purse = &ledger->purses[p];
        assert_true(fabs(purse->mean_net - (purse->mean_saved - purse->mean_cost)) < 1e-6);
        assert_int_equal(purse->pairs, PAIRS);
        assert_int_equal(purse->sure, (purse->net.low90 > 0) - (purse->net.high90 < 0));
        assert_int_equal(purse->payback < 0, purse->mean_net < -0.005);
        sum += p ? purse->mean_net : 0;
        double before = 0, net[YEARS]; /* shorter runs are what the first years of it give */
        for (uint32_t years = 1; years <= YEARS; years++) {
            wijk_ensemble *shorter;
            wijk_ledger *part;
            fine(ensemble_until(&shorter, e, years));
            fine(wijk_ensemble_ledger(&part, shorter, prices));
            double now = 0;
            for (size_t q = 0; q < part->n_purses; q++) {
                now = part->purses[q].purse == purse->purse ? part->purses[q].mean_net : now;
            }
            net[years - 1] = now - before;
            before = now;
            wijk_ensemble_ledger_free(part);
            wijk_ensemble_free(shorter);
        }
        assert_int_equal(purse->payback, paid_back(net, YEARS));
        unsigned low = (unsigned)purse->payback_low, high = (unsigned)purse->payback_high;
        assert_true(low <= high); /* -1, not within the years, is the longest */
    }
    assert_true(fabs(sum - ledger->purses[0].mean_net) < 1e-6 * (1 + fabs(sum)));
    assert_true(fabs(rows + ledger->purses[0].mean_net) < 1e-6 * (1 + fabs(rows)));
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

static const wijk_ledger_row *row_of(const wijk_ledger *ledger, wijk_outcome outcome)
{
    for (size_t i = 0; i < ledger->n_rows; i++) {
        if (ledger->rows[i].outcome == outcome) {
            return &ledger->rows[i];
        }
    }
    fail_msg("%s has no row", wijk_outcome_key(outcome));
    return NULL;
}

/* Who demolishes, builds, renovates, sells or frees homes is never called better off while that has
 * no price; nor is anybody who pays with them. What can only add to a loss leaves it a loss. */
static void nobody_is_better_off_whose_own_bill_has_no_price(void **state)
{
    (void)state;
    enum { PAIRS = 12 };
    static const struct {
        wijk_lever lever;
        wijk_outcome done;
        int open;
        const char *purse;
    } all[] = {{WIJK_LEVER_DEMOLISH, WIJK_OUT_DEMOLISHED, -1, "corp"},
               {WIJK_LEVER_BUILD_SOCIAL, WIJK_OUT_BUILT_SOCIAL, -1, "corp"},
               {WIJK_LEVER_BUILD_OWNER, WIJK_OUT_BUILT_OTHER, -1, "other"},
               {WIJK_LEVER_BUILD_PRIVATE, WIJK_OUT_BUILT_OTHER, -1, "other"},
               {WIJK_LEVER_RENOVATE, WIJK_OUT_RENOVATED, -1, "corp"},
               {WIJK_LEVER_RESTRUCTURE, WIJK_OUT_DISPLACED, -1, "corp"},
               {WIJK_LEVER_RESTRUCTURE, WIJK_OUT_BUILT_SALE, -1, "corp"},
               {WIJK_LEVER_RESTRUCTURE, WIJK_OUT_SOLD_NEW, 1, "corp"},
               {WIJK_LEVER_SELL, WIJK_OUT_SOLD, 1, "corp"},
               {WIJK_LEVER_LIBERALISE, WIJK_OUT_LIBERALISED, 1, "corp"}};
    wijk_population *town = small_town();
    wijk_prices *prices;
    fine(wijk_prices_open(&prices));
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        int pays = wijk_purse_find(prices, all[k].purse);
        const wijk_change change = {0, WIJK_EVERYWHERE, 0, all[k].lever, 60};
        wijk_ensemble *e = ensemble_on(town, &change, 1, 1, PAIRS, 2);
        wijk_ledger *ledger;
        fine(wijk_ensemble_ledger(&ledger, e, prices));
        const wijk_ledger_row *row = row_of(ledger, all[k].done);
        assert_true(row->own && row->mean_units > 0);
        assert_int_equal(row->open, all[k].open);
        size_t told = 0;
        for (size_t p = 0; p < ledger->n_purses; p++) {
            const wijk_ledger_purse *purse = &ledger->purses[p];
            if (purse->purse >= 0 && purse->purse != pays) {
                assert_false(purse->worse || purse->better);
                continue;
            }
            told++;
            assert_int_equal(all[k].open < 0 ? purse->worse : purse->better, 1);
            assert_int_not_equal(purse->says, all[k].open < 0 ? WIJK_SAYS_BETTER : WIJK_SAYS_WORSE);
            if (purse->says == WIJK_SAYS_WORSE) {
                assert_int_equal(purse->sure, -1);
                assert_false(purse->better);
            }
        }
        assert_int_equal(told, 2); /* society and who pays, whatever has a price */
        wijk_ensemble_ledger_free(ledger);
        wijk_ensemble_free(e);
    }
    wijk_prices_free(prices);
    wijk_population_free(town);
}

/* Rent that is gone, or comes: by hand, homes, times the months that they stand less or more. And
 * what comes with the number of households is what doing nothing costs, times the share that left
 * or came: a home where nobody lives yet has brought nobody. */
static void homes_and_households_are_counted(wijk_lever lever)
{
    enum { PAIRS = 12, HOMES = 60 };
    const wijk_change change = {0, WIJK_EVERYWHERE, 0, lever, HOMES};
    const int way = lever == WIJK_LEVER_DEMOLISH ? -1 : 1;
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, &change, 1, 1, PAIRS, 2);
    wijk_prices *prices;
    wijk_ledger *ledger;
    fine(wijk_prices_open(&prices));
    fine(wijk_ensemble_ledger(&ledger, e, prices));
    const wijk_ledger_row *rent = row_of(ledger, WIJK_OUT_HOME_MONTHS_SOCIAL);
    assert_true(fabs(rent->mean_units - way * HOMES * 12.0 * YEARS) < 1e-9);
    assert_int_equal(rent->open, way);
    assert_false(rent->priced);
    double number = 0, gone = 0;
    for (uint32_t r = 0; r < PAIRS; r++) {
        double factor = 1;
        for (uint32_t y = 1; y <= YEARS; y++, factor *= 1.0225) {
            double lived[SIDES];
            for (int side = 0; side < SIDES; side++) {
                const int32_t *c =
                    ensemble_of(e, r) + ensemble_at(e, side, y, WIJK_ENSEMBLE_WHOLE, 0);
                lived[side] = (double)c[WIJK_OUT_HOME_MONTHS] - c[WIJK_OUT_EMPTY_MONTHS_SOCIAL] -
                              c[WIJK_OUT_EMPTY_MONTHS_OTHER] - c[WIJK_OUT_EMPTY_MONTHS_FIRST] -
                              c[WIJK_OUT_EMPTY_MONTHS_FIRST_OTHER];
            }
            double hours =
                ensemble_of(
                    e,
                    r)[ensemble_at(e, SIDE_NOTHING, y, WIJK_ENSEMBLE_WHOLE, WIJK_OUT_WORK_AGENT)] /
                60.0;
            number += hours * (lived[SIDE_SCENARIO] / lived[SIDE_NOTHING] - 1) / factor / PAIRS;
            gone += (lived[SIDE_SCENARIO] - lived[SIDE_NOTHING]) / 12 / YEARS / PAIRS;
        }
    }
    assert_true(fabs(ledger->households - gone) < 1e-9 && way * gone > 0);
    wijk_cents_range c;
    fine(wijk_price_in(&c, prices, row_of(ledger, WIJK_OUT_WORK_AGENT)->price, ledger->price_year));
    for (size_t p = 1; p < ledger->n_purses; p++) {
        const wijk_ledger_purse *purse = &ledger->purses[p];
        if (purse->purse == wijk_purse_find(prices, "pol")) { /* reports as well as hours */
            assert_true(-way * purse->mean_number >= way * number * (double)c.low / 100);
        }
    }
    double sum = 0;
    for (size_t p = 1; p < ledger->n_purses; p++) {
        sum += ledger->purses[p].mean_number;
    }
    assert_true(fabs(sum - ledger->purses[0].mean_number) < 1e-6 * (1 + fabs(sum)));
    assert_true(way * sum < 0);
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

static void homes_and_households_that_are_gone_or_new_are_counted(void **state)
{
    (void)state;
    homes_and_households_are_counted(WIJK_LEVER_DEMOLISH);
    homes_and_households_are_counted(WIJK_LEVER_BUILD_SOCIAL);
}

/* A change of tenant is paid for where one tenant came after another. The first let of a new home
 * and the months that it waits for it are events of their own; all lets, and all homes built, are
 * on no purse twice. */
static void a_first_let_is_no_change_of_tenant(void **state)
{
    (void)state;
    enum { PAIRS = 12 };
    static const wijk_change build[] = {{0, WIJK_EVERYWHERE, 0, WIJK_LEVER_BUILD_SOCIAL, 80}};
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, build, 1, 1, PAIRS, 2);
    wijk_prices *prices;
    wijk_ledger *ledger;
    fine(wijk_prices_open(&prices));
    fine(wijk_ensemble_ledger(&ledger, e, prices));
    const wijk_ledger_row *again = row_of(ledger, WIJK_OUT_LETS_AGAIN);
    const wijk_ledger_row *first = row_of(ledger, WIJK_OUT_LETS_FIRST);
    const wijk_ledger_row *waits = row_of(ledger, WIJK_OUT_EMPTY_MONTHS_FIRST);
    assert_string_equal(again->price->code, "P-24c");
    assert_false(first->priced);
    assert_true(first->mean_units > 40 && first->mean_units <= 80);
    assert_true(waits->mean_units >= first->mean_units); /* each waits a month at least */
    assert_ptr_equal(waits->price, row_of(ledger, WIJK_OUT_HOME_MONTHS_SOCIAL)->price);
    double lets = 0, sum = 0;
    for (uint32_t r = 0; r < PAIRS; r++) {
        for (uint32_t y = 1; y <= YEARS; y++) {
            const int32_t *side[SIDES];
            for (int s = 0; s < SIDES; s++) {
                side[s] = ensemble_of(e, r) + ensemble_at(e, s, y, WIJK_ENSEMBLE_WHOLE, 0);
            }
            lets += side[SIDE_SCENARIO][WIJK_OUT_LETS] - side[SIDE_NOTHING][WIJK_OUT_LETS];
        }
    }
    sum = again->mean_units + first->mean_units;
    assert_true(fabs(lets / PAIRS - sum) < 1e-6 * (1 + fabs(sum)));
    for (size_t i = 0; i < ledger->n_rows; i++) {
        assert_int_not_equal(ledger->rows[i].outcome, WIJK_OUT_LETS);
        assert_int_not_equal(ledger->rows[i].outcome, WIJK_OUT_BUILT);
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

static void wrong_questions_are_refused(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    const wijk_scenario nothing = {NULL, 0};
    const wijk_ensemble_options good = {.first = 1, .last = 1, .years = 1};
    wijk_ensemble *e;
    wijk_ensemble_options o = good;
    o.first = 0;
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &o, NULL), WIJK_EINVAL);
    o = good;
    o.years = 0;
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &o, NULL), WIJK_EINVAL);
    o = good;
    o.ceiling = 1;
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &o, NULL), WIJK_ELIMIT);
    const uint32_t beyond = 3;
    o = good;
    o.focus = &beyond;
    o.n_focus = 1;
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &o, NULL), WIJK_EINVAL);
    wijk_ctx ctx = {.cancel = 1};
    assert_int_equal(wijk_ensemble_run(&e, town, &nothing, &good, &ctx), WIJK_ECANCEL);
    assert_null(e);
    wijk_population_free(town);
}

/* All replicates give the band itself; the error of the middle of independent values shrinks as the
 * root of their number; one that never differs has none. */
static void convergence_is_shown(void **state)
{
    (void)state;
    wijk_population *town = small_town();
    wijk_ensemble *e = ensemble_on(town, support, 2, 1, 16, 2);
    wijk_convergence rows[WIJK_CONVERGENCE];
    wijk_bands bands;
    size_t n;
    fine(wijk_ensemble_convergence(rows, &n, e, WIJK_OUT_STRAINED));
    fine(wijk_ensemble_outcome(&bands, e, WIJK_ENSEMBLE_HERE, YEARS, WIJK_OUT_STRAINED));
    assert_int_equal(n, 3);
    assert_int_equal(rows[0].replicates, 4);
    assert_int_equal(rows[1].replicates, 8);
    assert_int_equal(rows[2].replicates, 16);
    assert_memory_equal(&rows[2].band, &bands.difference, sizeof bands.difference);
    for (size_t r = 0; r < 16; r++) { /* equal steps: the bands are known */
        int32_t *row = e->cell + r * e->row;
        row[ensemble_at(e, SIDE_SCENARIO, YEARS, WIJK_ENSEMBLE_HERE, WIJK_OUT_HIDDEN)] =
            (int32_t)(r * 7 % 16) * 100;
        row[ensemble_at(e, SIDE_NOTHING, YEARS, WIJK_ENSEMBLE_HERE, WIJK_OUT_HIDDEN)] = 0;
        row[ensemble_at(e, SIDE_SCENARIO, YEARS, WIJK_ENSEMBLE_HERE, WIJK_OUT_TIES)] = 5;
        row[ensemble_at(e, SIDE_NOTHING, YEARS, WIJK_ENSEMBLE_HERE, WIJK_OUT_TIES)] = 2;
    }
    fine(wijk_ensemble_convergence(rows, &n, e, WIJK_OUT_HIDDEN));
    assert_true(fabs(rows[2].band.median - 750) < 1e-9 && fabs(rows[2].band.low90 - 75) < 1e-9);
    /* the middle of 16 uniform values over 1,600: about 1,600 / (2 sqrt(16 + 2)) */
    assert_true(rows[2].error > 120 && rows[2].error < 260);
    fine(wijk_ensemble_convergence(rows, &n, e, WIJK_OUT_TIES));
    assert_true(rows[2].error == 0 && rows[2].band.median == 3 && rows[0].high_error == 0);
    wijk_ensemble_free(e);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convergence_is_shown),
        cmocka_unit_test(stopped_and_gone_on_is_one_run),
        cmocka_unit_test(cause_zero_is_difference_zero),
        cmocka_unit_test(regions_are_their_areas),
        cmocka_unit_test(a_result_says_what_was_not_done),
        cmocka_unit_test(a_result_says_what_is_still_to_come),
        cmocka_unit_test(a_policy_differs),
        cmocka_unit_test(parts_of_another_population_do_not_join),
        cmocka_unit_test(threads_and_parts_change_no_byte),
        cmocka_unit_test(a_first_look_grows_year_by_year),
        cmocka_unit_test(doing_nothing_is_run_once),
        cmocka_unit_test(a_part_reads_back_and_a_broken_one_does_not),
        cmocka_unit_test(few_households_leave_by_no_way),
        cmocka_unit_test(few_people_are_counted_for_nobody),
        cmocka_unit_test(draws_keep_plausible_points_together),
        cmocka_unit_test(draws_fill_every_slice_of_every_range),
        cmocka_unit_test(the_ledger_adds_up),
        cmocka_unit_test(every_line_of_the_ledger_has_a_purse),
        cmocka_unit_test(means_add_up_and_money_comes_back),
        cmocka_unit_test(nobody_is_better_off_whose_own_bill_has_no_price),
        cmocka_unit_test(homes_and_households_that_are_gone_or_new_are_counted),
        cmocka_unit_test(a_first_let_is_no_change_of_tenant),
        cmocka_unit_test(wrong_questions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
