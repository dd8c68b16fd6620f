/* The start population: on the invented gemeente (everything it publishes must be met), on a file
 * of impossible figures, on any number of threads, and on the real files, where totals are those
 * that the publisher gives. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "temp_file.h"
#include "wijk/csv.h"
#include "wijk/foresee.h"
#include "wijk/load.h"
#include "wijk/start.h"
#include "wijk/store.h"
#include "wijk/town.h"

static char town_path[4096];

typedef struct {
    wijk_store *store;
    wijk_registry *registry;
} opened;

static opened open_file(const char *path)
{
    opened o;
    assert_int_equal(wijk_store_open(&o.store, path, WIJK_STORE_READ), WIJK_OK);
    assert_int_equal(wijk_registry_open(&o.registry, o.store), WIJK_OK);
    return o;
}

static void close_file(opened o)
{
    wijk_registry_free(o.registry);
    wijk_store_close(o.store);
}

static int make_town(void **state)
{
    (void)state;
    temp_path(town_path, sizeof town_path, "start.wijk");
    temp_remove(town_path);
    return wijk_town_create(town_path, NULL);
}

static int drop_town(void **state)
{
    (void)state;
    temp_remove(town_path);
    return 0;
}

static wijk_start *start_of(opened o, unsigned threads, uint64_t seed)
{
    wijk_start *start;
    wijk_start_options options = {.level = WIJK_LEVELS, .threads = threads, .seed = seed};
    assert_int_equal(wijk_start_new(&start, o.store, o.registry, &options, NULL), WIJK_OK);
    return start;
}

static void test_town_fits(void **state)
{
    (void)state;
    opened o = open_file(town_path);
    wijk_start *start = start_of(o, 0, 1);
    wijk_start_counts counts;
    wijk_start_count(&counts, start);
    assert_true(counts.areas > 20);
    assert_true(counts.within * 100 >= counts.areas * 99);
    uint64_t households = 0, people = 0;
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        const wijk_fitted *f = area->fitted;
        households += area->households;
        people += area->people;
        float parts = f[WIJK_MARGIN_SINGLE].synthetic + f[WIJK_MARGIN_CHILDLESS].synthetic +
                      f[WIJK_MARGIN_CHILDREN].synthetic;
        assert_true(parts == f[WIJK_MARGIN_HOUSEHOLDS].synthetic);
        float homes = f[WIJK_MARGIN_OWNER].synthetic + f[WIJK_MARGIN_SOCIAL].synthetic +
                      f[WIJK_MARGIN_PRIVATE].synthetic;
        assert_true(homes == f[WIJK_MARGIN_HOMES].synthetic);
        float housed = f[WIJK_MARGIN_PEOPLE].synthetic - (float)area->outside;
        assert_true(housed == f[WIJK_MARGIN_HOUSED].synthetic);
    }
    assert_true(households > 1000 && people > households);
    wijk_start_free(start);
    close_file(o);
}

/* Totals of two starts, area by area. */
static int same(const wijk_start *a, const wijk_start *b)
{
    for (size_t i = 0; i < wijk_start_areas(a); i++) {
        if (memcmp(wijk_start_area_at(a, i)->fitted, wijk_start_area_at(b, i)->fitted,
                   sizeof wijk_start_area_at(a, i)->fitted) != 0) {
            return 0;
        }
    }
    return 1;
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    opened o = open_file(town_path);
    wijk_start *one = start_of(o, 1, 1), *two = start_of(o, 2, 1), *three = start_of(o, 3, 1);
    wijk_start *other = start_of(o, 2, 2);
    assert_true(same(one, two));
    assert_true(same(one, three));
    assert_false(same(one, other)); /* another seed is another town */
    wijk_start_free(one);
    wijk_start_free(two);
    wijk_start_free(three);
    wijk_start_free(other);
    close_file(o);
}

/* A part alone is the same part: its draws depend on its code, not on what else was asked. */
static void test_part_alone_is_the_same(void **state)
{
    (void)state;
    opened o = open_file(town_path);
    wijk_start *all = start_of(o, 1, 1), *alone;
    const wijk_start_area *area = wijk_start_area_at(all, 7);
    wijk_start_options options = {.area = area->id, .level = WIJK_LEVELS, .seed = 1};
    assert_int_equal(wijk_start_new(&alone, o.store, o.registry, &options, NULL), WIJK_OK);
    assert_int_equal(wijk_start_areas(alone), 1);
    assert_memory_equal(wijk_start_area_at(alone, 0)->fitted, area->fitted, sizeof area->fitted);
    wijk_start_free(all);
    wijk_start_free(alone);
    close_file(o);
}

/* A run that has not begun: its first row counts the population as it was housed. */
static wijk_foresee *first_row(wijk_population **population, const wijk_start *start)
{
    static wijk_parameters parameters;
    static const wijk_scenario nothing = {0};
    wijk_foresee_options options = {.seed = 3, .months = 12, .threads = 1};
    wijk_foresee *run;
    assert_int_equal(wijk_parameters_default(&parameters), WIJK_OK);
    int rc = wijk_start_population(population, start, &parameters, NULL);
    if (rc) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(wijk_foresee_new(&run, *population, &parameters, &nothing, &options), WIJK_OK);
    assert_int_equal(wijk_foresee_to(run, 0, NULL), WIJK_OK);
    assert_int_equal(wijk_foresee_check(run), WIJK_OK);
    return run;
}

static int32_t counted(const wijk_foresee *run, size_t area, wijk_outcome outcome)
{
    return wijk_foresee_area_count(run, 0, area, outcome);
}

static void test_town_is_housed(void **state)
{
    (void)state;
    opened o = open_file(town_path);
    wijk_start *start = start_of(o, 2, 1);
    wijk_population *population;
    wijk_foresee *run = first_row(&population, start);
    double households = 0, debt = 0, newcomers = 0;
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        const wijk_fitted *f = area->fitted;
        int32_t dwellings = counted(run, i, WIJK_OUT_HOMES_OWNER) +
                            counted(run, i, WIJK_OUT_HOMES_SOCIAL) +
                            counted(run, i, WIJK_OUT_HOMES_PRIVATE);
        assert_int_equal(dwellings, area->homes + area->rooms);
        assert_int_equal(counted(run, i, WIJK_OUT_HOUSEHOLDS), area->households);
        assert_int_equal(counted(run, i, WIJK_OUT_PERSONS), f[WIJK_MARGIN_HOUSED].synthetic);
        assert_int_equal(counted(run, i, WIJK_OUT_HOMES_OWNER), f[WIJK_MARGIN_OWNER].synthetic);
        assert_int_equal(counted(run, i, WIJK_OUT_HOMES_SOCIAL), f[WIJK_MARGIN_SOCIAL].synthetic);
        assert_int_equal(counted(run, i, WIJK_OUT_SINGLE) + counted(run, i, WIJK_OUT_OLDER_SINGLE),
                         f[WIJK_MARGIN_SINGLE].synthetic);
        assert_int_equal(counted(run, i, WIJK_OUT_ONE_PARENT), f[WIJK_MARGIN_ONE_PARENT].synthetic);
        assert_int_equal(counted(run, i, WIJK_OUT_FAMILY) + counted(run, i, WIJK_OUT_ONE_PARENT),
                         f[WIJK_MARGIN_CHILDREN].synthetic);
        households += area->households;
        debt += counted(run, i, WIJK_OUT_NEED_DEBT);
        newcomers += counted(run, i, WIJK_OUT_NEED_NEWCOMER);
    }
    /* Needs are those of the country, bent to what is published of each area. */
    assert_true(debt / households > 0.04 && debt / households < 0.16);
    assert_true(newcomers / households > 0.002 && newcomers / households < 0.02);
    wijk_foresee_free(run);
    wijk_population_free(population);
    wijk_start_free(start);
    close_file(o);
}

static void test_housing_does_not_depend_on_threads(void **state)
{
    (void)state;
    opened o = open_file(town_path);
    wijk_start *start[2] = {start_of(o, 1, 1), start_of(o, 3, 1)};
    wijk_population *population[2];
    wijk_foresee *run[2];
    for (int i = 0; i < 2; i++) {
        run[i] = first_row(&population[i], start[i]);
        assert_int_equal(wijk_foresee_to(run[i], 12, NULL), WIJK_OK);
    }
    for (size_t period = 0; period < wijk_foresee_periods(run[0]); period++) {
        for (size_t i = 0; i < wijk_start_areas(start[0]); i++) {
            for (int outcome = 0; outcome < WIJK_OUTCOMES; outcome++) {
                assert_int_equal(wijk_foresee_area_count(run[0], period, i, (wijk_outcome)outcome),
                                 wijk_foresee_area_count(run[1], period, i, (wijk_outcome)outcome));
            }
        }
    }
    for (int i = 0; i < 2; i++) {
        wijk_foresee_free(run[i]);
        wijk_population_free(population[i]);
        wijk_start_free(start[i]);
    }
    close_file(o);
}

static void test_nothing_there(void **state)
{
    (void)state;
    char path[4096];
    opened o;
    wijk_start *start;
    temp_path(path, sizeof path, "empty.wijk");
    temp_remove(path);
    assert_int_equal(wijk_store_open(&o.store, path, WIJK_STORE_CREATE), WIJK_OK);
    assert_int_equal(wijk_registry_open(&o.registry, o.store), WIJK_OK);
    wijk_start_options options = {.level = WIJK_LEVELS};
    assert_int_equal(wijk_start_new(&start, o.store, o.registry, &options, NULL), WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_EN), "wijk load"));
    close_file(o);
    temp_remove(path);
}

/* Four impossible buurten: more households than people, children only, empty, no homes. */
static const char impossible[] =
    "gwb_code,regio,recs,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,a_hh,a_1p_hh,a_hh_z_k,"
    "a_hh_m_k,g_hhgro,a_woning\n"
    "GM1999,Nergens,Gemeente,2000,500,300,500,400,300,900,400,300,200,2.1,800\n"
    "WK199900,Wijk 00,Wijk,2000,500,300,500,400,300,900,400,300,200,2.1,800\n"
    "BU19990001,Te veel,Buurt,100,10,10,30,30,20,400,100,200,100,2.5,50\n"
    "BU19990002,Kinderen,Buurt,200,200,0,0,0,0,80,40,20,20,2.5,80\n"
    "BU19990003,Leeg,Buurt,0,0,0,0,0,0,0,0,0,0,.,0\n"
    "BU19990004,Zonder woningen,Buurt,150,20,30,50,30,20,80,50,20,10,1.9,0\n"
    "BU19990005,Tehuis,Buurt,120,0,0,0,0,120,0,0,0,0,.,0\n";

/* A made-up file, loaded as the publisher's layout. */
static opened load_bytes(char path[4096], const char *bytes, size_t size)
{
    opened o;
    wijk_load_report report;
    wijk_load_options options = {.source = "kwb-2023-utrecht"};
    temp_path(path, 4096, "made-up.wijk");
    temp_remove(path);
    assert_int_equal(wijk_store_open(&o.store, path, WIJK_STORE_CREATE), WIJK_OK);
    assert_int_equal(wijk_registry_open(&o.registry, o.store), WIJK_OK);
    int rc = wijk_load_bytes(&report, o.store, o.registry, "kwb.csv", bytes, size, &options, NULL);
    if (rc) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    wijk_load_report_free(&report);
    assert_int_equal(wijk_derive(o.store, o.registry, NULL), WIJK_OK);
    wijk_registry_free(o.registry); /* what was derived is read anew */
    assert_int_equal(wijk_registry_open(&o.registry, o.store), WIJK_OK);
    return o;
}

static const wijk_start_area *area_of(const wijk_start *start, const char *code)
{
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        if (strcmp(wijk_start_area_at(start, i)->code, code) == 0) {
            return wijk_start_area_at(start, i);
        }
    }
    fail_msg("no area %s", code);
    return NULL;
}

static void test_impossible_figures(void **state)
{
    (void)state;
    char path[4096];
    opened o = load_bytes(path, impossible, sizeof impossible - 1);
    wijk_start *start = start_of(o, 2, 1);
    const wijk_start_area *many = area_of(start, "BU19990001");
    assert_true(many->conflict);
    assert_true(many->households >= 397 && many->households <= 403);
    assert_true(many->rooms >= many->households - 50); /* fifty homes: the rest is shared */
    assert_true(area_of(start, "BU19990002")->conflict);
    assert_true(area_of(start, "BU19990003")->empty);
    const wijk_start_area *homeless = area_of(start, "BU19990004");
    assert_int_equal(homeless->homes, 0);
    assert_int_equal(homeless->rooms, homeless->households);
    const wijk_start_area *care = area_of(start, "BU19990005");
    assert_int_equal(care->households, 0);
    assert_int_equal(care->people, 120);
    assert_int_equal(care->outside, 120);
    assert_false(care->conflict);
    wijk_start_free(start);
    close_file(o);
    temp_remove(path);
}

/* A gemeente of students, of which only the whole publishes the ages between 15 and 64: its buurten
 * are students' too, also one that is asked for alone. */
static const char students[] =
    "gwb_code,regio,recs,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,a_hh,a_1p_hh,a_hh_z_k,"
    "a_hh_m_k,g_hhgro,a_woning\n"
    "GM1998,Campus,Gemeente,4000,400,1600,1000,600,400,2600,1700,500,400,1.5,2000\n"
    "WK199800,Wijk 00,Wijk,4000,400,.,.,.,400,2600,.,.,.,1.5,2000\n"
    "BU19980001,Noord,Buurt,2500,250,.,.,.,250,1600,.,.,.,1.5,1200\n"
    "BU19980002,Midden,Buurt,1000,100,.,.,.,100,700,.,.,.,1.4,500\n"
    "BU19980003,Zuid,Buurt,500,50,.,.,.,50,300,.,.,.,1.6,300\n";

static void test_parts_are_like_their_gemeente(void **state)
{
    (void)state;
    static const wijk_margin ages[] = {WIJK_MARGIN_AGE_15, WIJK_MARGIN_AGE_25, WIJK_MARGIN_AGE_45};
    static const double published[] = {1600, 1000, 600};
    char path[4096];
    opened o = load_bytes(path, students, sizeof students - 1);
    wijk_start *start = start_of(o, 2, 1), *alone;
    for (size_t a = 0; a < 3; a++) {
        const wijk_start_margin *m = wijk_start_margin_of(start, ages[a]);
        assert_int_equal(m->native, 0);
        assert_int_equal(m->borrowed, 3);
        assert_true(fabs(m->made - published[a]) < 0.03 * 4000);
        assert_true(fabs(m->target - published[a]) < 1);
        assert_true(m->apart >= fabs(m->made - m->target) / 4000 && m->apart < 0.05);
    }
    const wijk_start_margin *single = wijk_start_margin_of(start, WIJK_MARGIN_SINGLE);
    assert_true(fabs(single->made - 1700) < 0.03 * 2600);
    const wijk_start_area *area = area_of(start, "BU19980002");
    wijk_start_options options = {.area = area->id, .level = WIJK_LEVELS, .seed = 1};
    assert_int_equal(wijk_start_new(&alone, o.store, o.registry, &options, NULL), WIJK_OK);
    assert_memory_equal(wijk_start_area_at(alone, 0)->fitted, area->fitted, sizeof area->fitted);
    wijk_start_free(alone);
    wijk_start_free(start);
    close_file(o);
    temp_remove(path);
}

/* ---- real files ------------------------------------------------------------------------------ */

static const char *data_folder(void)
{
    const char *data = getenv("WIJK_DATA");
    return data ? data : "../shared/data/raw";
}

static int load_real(opened *o, char path[4096], const char *const *files, size_t n)
{
    char name[4096];
    snprintf(name, sizeof name, "%s/%s", data_folder(), files[0]);
    if (access(name, R_OK) != 0) {
        print_message("skipped: no real data at %s (set WIJK_DATA)\n", data_folder());
        return 0;
    }
    temp_path(path, 4096, "real.wijk");
    temp_remove(path);
    assert_int_equal(wijk_store_open(&o->store, path, WIJK_STORE_CREATE), WIJK_OK);
    assert_int_equal(wijk_registry_open(&o->registry, o->store), WIJK_OK);
    for (size_t i = 0; i < n; i++) {
        wijk_load_report report;
        wijk_load_options options = {0};
        snprintf(name, sizeof name, "%s/%s", data_folder(), files[i]);
        if (wijk_load_file(&report, o->store, o->registry, name, &options, NULL)) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        wijk_load_report_free(&report);
    }
    assert_int_equal(wijk_derive(o->store, o->registry, NULL), WIJK_OK);
    wijk_registry_free(o->registry);
    assert_int_equal(wijk_registry_open(&o->registry, o->store), WIJK_OK);
    return 1;
}

enum { GEMEENTEN = 400, SHARES = 5 };

typedef struct { /* of the gemeenten: shares as published in the file, and as made of their buurten
                  */
    char code[GEMEENTEN][8];
    double published[GEMEENTEN][SHARES], made[GEMEENTEN][SHARES], households[GEMEENTEN];
    size_t n;
} contrast;

static const wijk_margin shares[SHARES] = {WIJK_MARGIN_SINGLE, WIJK_MARGIN_AGE_15,
                                           WIJK_MARGIN_AGE_45, WIJK_MARGIN_LOW, WIJK_MARGIN_HIGH};
static const char gemeenten_2020[] = "cbs_kwb/gemeente_2020_kwb_nabijheid_rivm.csv";

static ptrdiff_t read_stream(void *payload, void *buffer, size_t room)
{
    return (ptrdiff_t)fread(buffer, 1, room, payload);
}

/* The publisher's percentages, straight from the file; a row without one of them is left out. */
static void read_published(contrast *out)
{
    static const char *const titles[SHARES] = {
        "Eenpersoonshuishoudens (%)", "Personen 15 tot 25 jaar (%)", "Personen 45 tot 65 jaar (%)",
        "Huishoudens met laagste inkomen (%)", "Huishoudens met hoogste inkomen (%)"};
    char name[4096];
    size_t column[SHARES] = {0}, count;
    const wijk_cell *cells;
    wijk_csv *csv;
    snprintf(name, sizeof name, "%s/%s", data_folder(), gemeenten_2020);
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    assert_int_equal(wijk_csv_new(&csv, read_stream, file, ',', name), WIJK_OK);
    assert_int_equal(wijk_csv_next(csv, &cells, &count), 1);
    for (size_t c = 0; c < count; c++) {
        for (int s = 0; s < SHARES; s++) {
            column[s] = strcmp(cells[c].text, titles[s]) == 0 ? c : column[s];
        }
    }
    while (wijk_csv_next(csv, &cells, &count) == 1) {
        int whole = out->n < GEMEENTEN;
        for (int s = 0; s < SHARES && whole; s++) {
            const wijk_cell *cell = &cells[column[s]];
            whole = wijk_csv_number(&out->published[out->n][s], cell->text, cell->size, '.');
        }
        if (whole) {
            snprintf(out->code[out->n++], sizeof out->code[0], "%s", cells[0].text);
        }
    }
    wijk_csv_free(csv);
    fclose(file);
    assert_true(out->n > 300);
}

static void add_made(contrast *out, const wijk_start *start)
{
    double people[GEMEENTEN] = {0};
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        for (size_t g = 0; g < out->n; g++) {
            if (strncmp(area->code + 2, out->code[g] + 2, 4) == 0) {
                out->households[g] += area->households;
                people[g] += area->people;
                for (int s = 0; s < SHARES && !area->empty; s++) {
                    out->made[g][s] += (double)area->fitted[shares[s]].synthetic;
                }
            }
        }
    }
    for (size_t g = 0; g < out->n; g++) {
        for (int s = 0; s < SHARES; s++) {
            int of_people = shares[s] >= WIJK_MARGIN_AGE_0 && shares[s] <= WIJK_MARGIN_AGE_65;
            out->made[g][s] *= 100 / fmax(of_people ? people[g] : out->households[g], 1);
        }
    }
}

/* What was borrowed stays: gemeenten differ as much as their figures of 2020 do (slope), and in the
 * same order (correlation), weighted by households. A seed taken for a sample of as many households
 * as live in a buurt gave 0.14 for ages 45 to 64 and 0.45 for the highest incomes. */
static void check_contrast(const wijk_start *start)
{
    contrast *c = calloc(1, sizeof *c);
    assert_non_null(c);
    read_published(c);
    add_made(c, start);
    for (int s = 0; s < SHARES; s++) {
        double w = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        for (size_t g = 0; g < c->n; g++) {
            double weight = c->households[g], a = c->published[g][s], b = c->made[g][s];
            w += weight;
            x += weight * a;
            y += weight * b;
            xx += weight * a * a;
            xy += weight * a * b;
            yy += weight * b * b;
        }
        double varied = xx - x * x / w, together = xy - x * y / w;
        double slope = together / varied, r = together / sqrt(varied * (yy - y * y / w));
        print_message("%s: slope %.2f, correlation %.3f\n", wijk_margin_key(shares[s]), slope, r);
        assert_true(slope > 0.9 && slope < 1.15);
        assert_true(r > 0.95);
    }
    free(c);
}

/* Every buurt of the country: the publisher's total of residents (17,942,915 over the buurten of
 * 2024), and every published figure within its rounding in at least 99 of 100 areas. The row of the
 * country comes with a file of one gemeente and an earlier year: that must not decide what it is.
 */
static void test_whole_country(void **state)
{
    (void)state;
    static const char *const files[] = {"cbs_kwb/nl_buurt_2024_kwb_crime_health.csv.zst",
                                        "cbs_kwb/kwb_2023_gm0344_utrecht.csv", gemeenten_2020};
    char path[4096];
    opened o;
    if (!load_real(&o, path, files, 3)) {
        skip();
    }
    wijk_arena *arena;
    wijk_area land;
    wijk_start *start;
    assert_int_equal(wijk_arena_new(&arena, 0), WIJK_OK);
    assert_int_equal(wijk_area_find(&land, o.store, arena, "NL", 2023), WIJK_OK);
    assert_int_equal(land.level, WIJK_LAND);
    assert_int_equal(land.vintage, 2023);
    const wijk_start_options options = {.area = land.id, .level = WIJK_LEVELS, .seed = 1};
    assert_int_equal(wijk_start_new(&start, o.store, o.registry, &options, NULL), WIJK_OK);
    assert_int_equal(wijk_start_vintage(start), 2024);
    wijk_start_counts counts;
    wijk_start_count(&counts, start);
    assert_true(counts.areas > 14000);
    assert_true(counts.within * 100 >= counts.areas * 99);
    const wijk_start_margin *people = wijk_start_margin_of(start, WIJK_MARGIN_PEOPLE);
    assert_true(people->published == 17942915);
    assert_true(fabs(people->synthetic - people->published) < 3000);
    assert_true(people->native >= 14000);
    check_contrast(start);
    wijk_start_free(start);
    wijk_arena_free(arena);
    close_file(o);
    temp_remove(path);
}

/* A gemeente with everything of its own but incomes: totals of the publisher, area by area. */
static void test_city_of_its_own(void **state)
{
    (void)state;
    static const char *const files[] = {"cbs_kwb/kwb_2023_gm0344_utrecht.csv"};
    char path[4096];
    opened o;
    if (!load_real(&o, path, files, 1)) {
        skip();
    }
    wijk_start *start = start_of(o, 2, 1);
    wijk_start_counts counts;
    wijk_start_count(&counts, start);
    assert_true(counts.within * 100 >= counts.areas * 98);
    static const wijk_margin own[] = {WIJK_MARGIN_HOUSEHOLDS, WIJK_MARGIN_SINGLE,
                                      WIJK_MARGIN_CHILDREN,   WIJK_MARGIN_AGE_15,
                                      WIJK_MARGIN_HOMES,      WIJK_MARGIN_SOCIAL};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        const wijk_start_margin *m = wijk_start_margin_of(start, own[i]);
        assert_true(m->native > 100);
        assert_true(fabs(m->synthetic - m->published) < 0.003 * m->published);
    }
    wijk_start_free(start);
    close_file(o);
    temp_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_town_fits),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_part_alone_is_the_same),
        cmocka_unit_test(test_town_is_housed),
        cmocka_unit_test(test_housing_does_not_depend_on_threads),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_impossible_figures),
        cmocka_unit_test(test_parts_are_like_their_gemeente),
        cmocka_unit_test(test_whole_country),
        cmocka_unit_test(test_city_of_its_own),
    };
    return cmocka_run_group_tests(tests, make_town, drop_town);
}
