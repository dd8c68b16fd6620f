/* What the invented gemeente publishes, before any of it is loaded: whole, rounded as CBS rounds,
 * parts that add up, noise of the real size, the stories of the recipe, and no real name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <unistd.h>

#include "load/town.h"
#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/geofile.h"
#include "wijk/map.h"
#include "wijk/town.h"

enum { FILES = 10 };

typedef struct {
    town_recipe recipe;
    town_world world;
    wijk_str bytes[FILES];
    wijk_table *tables[FILES];
} town;

static void open_town(town *t)
{
    memset(t, 0, sizeof *t);
    town_state *states;
    assert_int_equal(wijk_town_recipe_open(&t->recipe), 0);
    t->world.recipe = &t->recipe;
    assert_int_equal(wijk_town_patches(&t->world.patches, &t->recipe, NULL), 0);
    assert_int_equal(wijk_town_pc4(&t->world.pc4, &t->recipe, &t->world.patches), 0);
    assert_int_equal(wijk_town_measure(&t->world), 0);
    assert_int_equal(wijk_town_years(&states, &t->recipe, NULL), 0);
    t->world.states = states;
    for (size_t i = 0; i < FILES; i++) {
        wijk_arena *arena;
        const town_file *file = wijk_town_file(i);
        assert_non_null(file);
        assert_int_equal(wijk_arena_new(&arena, 0), 0);
        assert_int_equal(file->write(&t->bytes[i], &t->world, arena, file->argument), 0);
        wijk_arena_free(arena);
        if (strstr(file->name, ".csv")) {
            assert_int_equal(
                wijk_table_bytes(&t->tables[i], t->bytes[i].data, t->bytes[i].size, file->name), 0);
        }
    }
    assert_null(wijk_town_file(FILES));
}

static void close_town(town *t)
{
    for (size_t i = 0; i < FILES; i++) {
        wijk_str_free(&t->bytes[i]);
        wijk_table_free(t->tables[i]);
    }
    wijk_town_raster_free(&t->world.patches);
    wijk_town_raster_free(&t->world.pc4);
    wijk_town_recipe_close(&t->recipe);
}

static int setup(void **state)
{
    static town the_town;
    open_town(&the_town);
    *state = &the_town;
    return 0;
}

static int teardown(void **state)
{
    close_town(*state);
    return 0;
}

static size_t index_of(const char *source)
{
    for (size_t i = 0; i < FILES; i++) {
        if (strcmp(wijk_town_file(i)->source, source) == 0) {
            return i;
        }
    }
    fail_msg("no file for %s", source);
    return 0;
}

static const wijk_table *table_of(const town *t, const char *source)
{
    const wijk_table *table = t->tables[index_of(source)];
    assert_non_null(table);
    return table;
}

/* A cell by code and year; NAN for a dot. */
static double cell(const wijk_table *table, const char *id, const char *code, int year,
                   const char *column)
{
    char text[8];
    snprintf(text, sizeof text, "%d", year);
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        if (strcmp(wijk_table_get(table, row, id), code) == 0 &&
            strcmp(wijk_table_get(table, row, "jaar"), text) == 0) {
            return wijk_table_number(table, row, column, NAN);
        }
    }
    return NAN;
}

static void test_same_bytes_twice(void **state)
{
    const town *first = *state;
    town second;
    open_town(&second);
    for (size_t i = 0; i < FILES; i++) {
        assert_int_equal(first->bytes[i].size, second.bytes[i].size);
        assert_memory_equal(first->bytes[i].data, second.bytes[i].data, second.bytes[i].size);
    }
    close_town(&second);
}

static void test_size_of_the_town(void **state)
{
    const wijk_table *now = table_of(*state, "town-kwb-2024");
    double people = cell(now, "gwb_code", WIJK_TOWN_CODE, 2024, "a_inw");
    double households = cell(now, "gwb_code", WIJK_TOWN_CODE, 2024, "a_hh");
    assert_true(people > 50000 && people < 55000);
    assert_true(households > 24000 && households < 27000);
    size_t buurten = 0;
    for (size_t row = 0; row < wijk_table_rows(now); row++) {
        buurten += strcmp(wijk_table_get(now, row, "recs"), "Buurt") == 0 &&
                   strcmp(wijk_table_get(now, row, "jaar"), "2024") == 0;
    }
    assert_true(buurten >= 58 && buurten <= 68);
    /* Somewhere fewer than fifty people live, so that something is kept back. */
    assert_true(isnan(cell(now, "gwb_code", "BU99010603", 2024, "p_00_14")));
    assert_true(cell(now, "gwb_code", "BU99010603", 2024, "a_inw") < 50);
}

/* Sum over the rows of one kind and year; rows with a dot count as `otherwise`. */
static double sum_of(const wijk_table *table, const char *kind, int year, const char *column,
                     double otherwise, size_t *rows)
{
    char text[8];
    snprintf(text, sizeof text, "%d", year);
    double sum = 0;
    *rows = 0;
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        if (strcmp(wijk_table_get(table, row, "recs"), kind) == 0 &&
            strcmp(wijk_table_get(table, row, "jaar"), text) == 0) {
            sum += wijk_table_number(table, row, column, otherwise);
            ++*rows;
        }
    }
    return sum;
}

static void test_parts_add_up(void **state)
{
    static const char *const counts[] = {"a_inw", "a_man", "a_00_14", "a_65_oo", "a_hh", "a_geb"};
    static const char *const ages[] = {"a_00_14", "a_15_24", "a_25_44", "a_45_64", "a_65_oo"};
    for (int year = TOWN_FIRST; year <= TOWN_LAST; year++) {
        const wijk_table *table = table_of(*state, year < 2015 ? "town-kwb-2014" : "town-kwb-2024");
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            double all = cell(table, "gwb_code", WIJK_TOWN_CODE, year, counts[c]);
            size_t n;
            /* Each rounded cell is off by at most 2.5; a dot hides 1 to 4. */
            double wijken = sum_of(table, "Wijk", year, counts[c], 2.5, &n);
            assert_true(fabs(wijken - all) <= 2.5 * (double)n);
            double buurten = sum_of(table, "Buurt", year, counts[c], 2.5, &n);
            assert_true(fabs(buurten - all) <= 2.5 * (double)n);
        }
        size_t n;
        double homes = cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_woning");
        assert_true(sum_of(table, "Wijk", year, "a_woning", NAN, &n) == homes);
        assert_true(sum_of(table, "Buurt", year, "a_woning", NAN, &n) == homes);
        double by_age = 0;
        for (size_t i = 0; i < 5; i++) {
            by_age += cell(table, "gwb_code", WIJK_TOWN_CODE, year, ages[i]);
        }
        assert_true(by_age == cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_inw"));
        assert_true(cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_1p_hh") +
                        cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_hh_z_k") +
                        cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_hh_m_k") ==
                    cell(table, "gwb_code", WIJK_TOWN_CODE, year, "a_hh"));
    }
}

/* CBS's rules, as data/disclosure.csv states them. */
static void check_row(const wijk_table *table, size_t row)
{
    static const char *const counts[] = {"a_inw",   "a_man",   "a_vrouw",  "a_00_14",
                                         "a_geb",   "a_ste",   "a_hh",     "a_1p_hh",
                                         "a_15_24", "a_65_oo", "a_hh_m_k", "a_neu_al"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double value = wijk_table_number(table, row, counts[i], NAN);
        assert_true(isnan(value) || fmod(value, 5) == 0);
    }
    static const char *const shares[] = {"p_00_14", "p_65_oo", "p_koopw", "p_wcorpw", "p_1p_hh"};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double value = wijk_table_number(table, row, shares[i], NAN);
        assert_true(isnan(value) || (value == floor(value) && value >= 0 && value <= 100));
    }
    double people = wijk_table_number(table, row, "a_inw", 0);
    double households = wijk_table_number(table, row, "a_hh", 0);
    if (people < 45) { /* published in fives: under 45 is surely under 50 */
        assert_true(isnan(wijk_table_number(table, row, "p_00_14", NAN)));
    }
    if (households < 95) {
        assert_true(isnan(wijk_table_number(table, row, "g_ink_pi", NAN)));
        assert_true(isnan(wijk_table_number(table, row, "p_ink_li", NAN)));
    }
    if (wijk_table_number(table, row, "a_woning", 0) < 20) {
        assert_true(isnan(wijk_table_number(table, row, "p_koopw", NAN)));
    }
    double low = wijk_table_number(table, row, "p_ink_li", 50);
    assert_true(low >= 5 && low <= 95);
    double tenures = wijk_table_number(table, row, "p_koopw", NAN) +
                     wijk_table_number(table, row, "p_wcorpw", NAN) +
                     wijk_table_number(table, row, "p_ov_hw", NAN);
    assert_true(isnan(tenures) || fabs(tenures - 100) <= 1);
}

static void test_rounded_and_kept_back(void **state)
{
    static const char *const sources[] = {"town-kwb-2014", "town-kwb-2024"};
    for (size_t s = 0; s < 2; s++) {
        const wijk_table *table = table_of(*state, sources[s]);
        for (size_t row = 0; row < wijk_table_rows(table); row++) {
            if (strcmp(wijk_table_get(table, row, "recs"), "Gemeente") != 0) {
                check_row(table, row);
            }
        }
    }
}

static long millionths(const wijk_table *table, size_t row, const char *column)
{
    return lround(wijk_table_number(table, row, column, NAN) * 1e6);
}

static void test_livability_adds_up(void **state)
{
    const wijk_table *table = table_of(*state, "town-lbm");
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        long afw = millionths(table, row, "afw");
        assert_int_equal(millionths(table, row, "lbm") - afw, 4100000);
        if (wijk_table_number(table, row, "jaar", 0) >= 2014) {
            assert_int_equal(afw, millionths(table, row, "won") + millionths(table, row, "soc") +
                                      millionths(table, row, "vrz") +
                                      millionths(table, row, "onv") +
                                      millionths(table, row, "fys"));
        }
    }
}

/* A step between two waves where nothing happens: sd 0.04, as in Leefbaarometer 3.0. */
static void test_wave_noise(void **state)
{
    const town *t = *state;
    const wijk_table *table = table_of(t, "town-lbm");
    double sum = 0, squares = 0;
    int n = 0;
    for (int year = 2014; year < 2024; year += 2) {
        for (size_t i = 0; i < t->recipe.count; i++) {
            const town_patch *p = &t->recipe.patches[i];
            double step = cell(table, "id", p->code[TOWN_NEW], year + 2, "afw") -
                          cell(table, "id", p->code[TOWN_NEW], year, "afw");
            if (!*p->story && !isnan(step)) {
                sum += step;
                squares += step * step;
                n++;
            }
        }
    }
    double mean = sum / n, sd = sqrt(squares / n - mean * mean);
    assert_true(n > 200);
    assert_true(sd > 0.035 && sd < 0.045);
}

static const char *code_of_story(const town *t, const char *story)
{
    for (size_t i = 0; i < t->recipe.count; i++) {
        if (strcmp(t->recipe.patches[i].story, story) == 0) {
            return t->recipe.patches[i].code[TOWN_NEW];
        }
    }
    fail_msg("nobody has the story %s", story);
    return "";
}

static void test_stories(void **state)
{
    const town *t = *state;
    const wijk_table *lbm = table_of(t, "town-lbm");
    const wijk_table *then = table_of(t, "town-kwb-2014"), *now = table_of(t, "town-kwb-2024");
    const char *slide = code_of_story(t, "slide");
    assert_true(cell(lbm, "id", slide, 2024, "afw") < cell(lbm, "id", slide, 2012, "afw") - 0.12);
    const char *dip = code_of_story(t, "dip");
    double low = cell(lbm, "id", dip, 2014, "afw");
    assert_true(low < cell(lbm, "id", dip, 2012, "afw") - 0.05);
    assert_true(cell(lbm, "id", dip, 2018, "afw") > low + 0.05);
    const char *rebuild = code_of_story(t, "rebuild");
    double homes = cell(then, "gwb_code", rebuild, 2010, "a_woning");
    assert_true(cell(then, "gwb_code", rebuild, 2013, "a_woning") < 0.6 * homes);
    assert_true(cell(now, "gwb_code", rebuild, 2024, "a_woning") > 0.85 * homes);
    assert_true(cell(now, "gwb_code", rebuild, 2024, "p_wcorpw") <
                cell(then, "gwb_code", rebuild, 2010, "p_wcorpw") - 20);
}

/* ---- the map ------------------------------------------------------------------------------ */

typedef struct {
    const char *at;
    size_t left;
} bytes_left;

static ptrdiff_t read_bytes(void *payload, void *buffer, size_t room)
{
    bytes_left *in = payload;
    size_t n = in->left < room ? in->left : room;
    memcpy(buffer, in->at, n);
    in->at += n;
    in->left -= n;
    return (ptrdiff_t)n;
}

typedef struct {
    double area;
    size_t features, holes;
} sheet;

static int on_feature(void *payload, const wijk_feature *feature)
{
    sheet *s = payload;
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure m;
    assert_null(feature->problem);
    assert_int_equal(wijk_wkb_parse(&shape, feature->wkb, feature->size), 0);
    assert_int_equal(wijk_shape_measure(&m, &shape), 0);
    assert_false(m.crosses);
    assert_true(wijk_rd_plausible(m.x, m.y));
    assert_true(m.area > 100000); /* ten hectares */
    for (size_t i = 0; i < shape.rings; i++) {
        s->holes += shape.hole[i];
    }
    s->area += m.area;
    s->features++;
    wijk_shape_free(&shape);
    return 0;
}

static sheet read_map(const town *t, const char *source)
{
    size_t i = index_of(source);
    bytes_left in = {t->bytes[i].data, t->bytes[i].size};
    sheet s = {0};
    assert_int_equal(wijk_geojson_read(read_bytes, &in, source, on_feature, &s, NULL), 0);
    return s;
}

static void test_map_fits(void **state)
{
    sheet then = read_map(*state, "town-map-2014"), now = read_map(*state, "town-map-2024");
    sheet pc4 = read_map(*state, "town-map-pc4");
    const town *t = *state;
    assert_int_equal(pc4.features, t->recipe.pc4_count);
    assert_true(then.features > 58 && now.features > 58);
    assert_true(now.holes >= 3); /* villages lie inside the land around them */
    /* The same land, cut in two ways, to the square metre: borders are shared. */
    assert_true(fabs(then.area - now.area) < 1);
    assert_true(fabs(pc4.area / now.area - 1) < 0.001);
    /* And as large as the cells say. */
    double hectares = 0;
    for (size_t i = 0; i < t->recipe.count; i++) {
        hectares += t->world.hectares[i];
    }
    assert_true(fabs(now.area / 10000 / hectares - 1) < 0.003);
}

/* ---- names -------------------------------------------------------------------------------- */

static void collect(wijk_map *names, const char *path, const char *column)
{
    char command[4400], line[4096];
    snprintf(command, sizeof command, "zstdcat '%s' 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    int at = -1;
    while (fgets(line, sizeof line, pipe)) {
        int i = 0;
        for (char *part = line, *end; part; part = end ? end + 1 : NULL, i++) {
            end = strpbrk(part, ",\n");
            if (end) {
                *end = 0;
            }
            if (at == -1 && strcmp(part, column) == 0) {
                at = i;
                break;
            }
            if (i == at) {
                assert_int_equal(wijk_map_set(names, part, strlen(part), 1), 0);
            }
        }
    }
    pclose(pipe);
}

static void test_no_real_name(void **state)
{
    const town *t = *state;
    const char *data = getenv("WIJK_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/cbs_kwb/nl_buurt_2024_kwb_crime_health.csv.zst",
             data ? data : "../shared/data/raw");
    if (access(path, R_OK) != 0) {
        printf("skipped: no real names at %s\n", path);
        skip();
    }
    wijk_map *names;
    int64_t ignored;
    assert_int_equal(wijk_map_new(&names), 0);
    collect(names, path, "naam");
    assert_true(wijk_map_size(names) > 12000); /* the file was really read */
    assert_true(wijk_map_get(names, "Overtoomse Sluis", 16, &ignored));
    for (size_t i = 0; i < t->recipe.count; i++) {
        for (int vintage = 0; vintage < TOWN_VINTAGES; vintage++) {
            const char *name = t->recipe.patches[i].name[vintage];
            assert_false(wijk_map_get(names, name, strlen(name), &ignored));
        }
    }
    for (size_t i = 0; i < wijk_table_rows(t->recipe.wijken); i++) {
        const char *name = wijk_table_get(t->recipe.wijken, i, "name");
        assert_false(wijk_map_get(names, name, strlen(name), &ignored));
    }
    assert_false(wijk_map_get(names, "Merelwaard", 10, &ignored));
    wijk_map_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_twice),
        cmocka_unit_test(test_size_of_the_town),
        cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_rounded_and_kept_back),
        cmocka_unit_test(test_livability_adds_up),
        cmocka_unit_test(test_wave_noise),
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_map_fits),
        cmocka_unit_test(test_no_real_name),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
