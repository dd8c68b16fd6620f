/* The back-test: on an invented Amsterdam whose figures are known, so that every score can be
 * reckoned again here from the figures alone; that nothing of a later wave leaks into a forecast;
 * and on the real panel. */
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
#include "wijk/backtest.h"
#include "wijk/load.h"
#include "wijk/mem.h"
#include "wijk/store.h"

enum { DISTRICTS = 6, WAVES = 4 };
static const int years[WAVES] = {2005, 2009, 2013, 2017};

typedef struct { /* percent of residents, households in hundreds, homes */
    double older[DISTRICTS][WAVES], working[DISTRICTS][WAVES], hundreds[DISTRICTS][WAVES];
    int homes[DISTRICTS][WAVES][3]; /* koop, corporatie, particulier */
} figures;

static figures invented(void)
{
    figures f;
    for (int d = 0; d < DISTRICTS; d++) {
        for (int w = 0; w < WAVES; w++) {
            f.older[d][w] = 9 + 2 * d + 0.5 * w * (d % 3) - 0.3 * w;
            f.working[d][w] = 70 - d + 0.4 * w;
            f.hundreds[d][w] = 5 + 3 * d + (d % 2) * w;
            f.homes[d][w][0] = 150 + 90 * d + 20 * w;
            f.homes[d][w][1] = 250 + 120 * d - 10 * w * (d % 2);
            f.homes[d][w][2] = 100 + 90 * d + (d % 2) * 60 * w;
        }
    }
    return f;
}

static void write_files(const figures *f, const char *panel, const char *tenure)
{
    FILE *out = fopen(panel, "w");
    assert_non_null(out);
    fprintf(out, "bc_code,bc_name,year,age_18t26,age_66plus,age_15t64,households,housing_pub,"
                 "woningvoorraad,netHHincome,year_BCvars\n");
    for (int w = 0; w < WAVES; w++) {
        for (int d = 0; d < DISTRICTS; d++) {
            const int *h = f->homes[d][w];
            int all = h[0] + h[1] + h[2];
            fprintf(out, "B%02d,Wijk %d,%d,12,%.4f,%.4f,%.1f,%.6f,%d,30,%d\n", d, d, years[w] + 1,
                    f->older[d][w], f->working[d][w], f->hundreds[d][w] / 10, 100.0 * h[1] / all,
                    all, years[w]);
        }
    }
    fclose(out);
    out = fopen(tenure, "w");
    assert_non_null(out);
    fprintf(out, "year,buurt,naam,koop,corporatie,particulier,totaal\n");
    for (int w = 0; w < WAVES; w++) {
        for (int d = 0; d < DISTRICTS; d++) { /* each district two buurten */
            const int *h = f->homes[d][w];
            for (int half = 0; half < 2; half++) {
                int part[3];
                for (int k = 0; k < 3; k++) {
                    part[k] = half ? h[k] - h[k] / 2 : h[k] / 2;
                }
                fprintf(out, "%d,B%02d%c,Buurt %d%c,%d,%d,%d,%d\n", years[w], d, 'a' + half, d,
                        'a' + half, part[0], part[1], part[2], part[0] + part[1] + part[2]);
            }
        }
    }
    fclose(out);
}

static void load_files(const char *path, const char *const *files, size_t n)
{
    wijk_store *store;
    wijk_registry *registry;
    temp_remove(path);
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_CREATE), WIJK_OK);
    assert_int_equal(wijk_registry_open(&registry, store), WIJK_OK);
    for (size_t i = 0; i < n; i++) {
        wijk_load_report report;
        wijk_load_options options = {0};
        if (wijk_load_file(&report, store, registry, files[i], &options, NULL)) {
            fail_msg("%s", wijk_error(WIJK_EN));
        }
        wijk_load_report_free(&report);
    }
    assert_int_equal(wijk_derive(store, registry, NULL), WIJK_OK);
    wijk_registry_free(registry);
    wijk_store_close(store);
}

static void make_town(const char *path, const figures *f)
{
    char panel[4096], tenure[4096];
    temp_path(panel, sizeof panel, "ams_buurtcombinatie_panel_2005_2017.csv");
    temp_path(tenure, sizeof tenure, "ams_buurt_tenure_2005_2017.csv");
    write_files(f, panel, tenure);
    load_files(path, (const char *const[]){panel, tenure}, 2);
    remove(panel);
    remove(tenure);
}

static int try_run(wijk_backtest **out, const char *path, const wijk_backtest_options *options)
{
    wijk_store *store;
    wijk_registry *registry;
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), WIJK_OK);
    assert_int_equal(wijk_registry_open(&registry, store), WIJK_OK);
    int rc = wijk_backtest_run(out, store, registry, options, NULL);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}

static wijk_backtest *run_file(const char *path, const wijk_backtest_options *options)
{
    wijk_backtest *b;
    if (try_run(&b, path, options)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return b;
}

static const wijk_backtest_row *row_of(const wijk_backtest *b, int from, int to,
                                       wijk_backtest_measure measure)
{
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        if (row->from == from && row->to == to && row->measure == measure &&
            row->size == WIJK_BACKTEST_ALL) {
            return row;
        }
    }
    fail_msg("no row %d-%d %s", from, to, wijk_backtest_measure_key(measure));
    return NULL;
}

static char path[4096];
static const wijk_backtest_options few = {
    .seed = 3, .replicates = 6, .every = 1, .threads = 2, .town = "amsterdam"};

static int setup(void **state)
{
    (void)state;
    figures f = invented();
    temp_path(path, sizeof path, "backtest.wijk");
    make_town(path, &f);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

/* What needs no model is reckoned again from the figures; what needs it obeys its bounds. */
static void test_scores(void **state)
{
    (void)state;
    figures f = invented();
    wijk_backtest *b = run_file(path, &few);
    for (int from = 0; from < WAVES - 1; from++) {
        for (int to = from + 1; to < WAVES; to++) {
            const wijk_backtest_row *row = row_of(b, years[from], years[to], WIJK_BACKTEST_OLDER);
            double same = 0, trend = 0, changed = 0;
            for (int d = 0; d < DISTRICTS; d++) {
                double then = f.older[d][from], now = f.older[d][to];
                double slope = from ? then - f.older[d][from - 1] : NAN;
                same += fabs(now - then) / DISTRICTS;
                changed += (now - then) / DISTRICTS;
                trend += fabs(then + slope * (to - from) - now) / DISTRICTS;
            }
            assert_int_equal(row->areas, DISTRICTS);
            assert_true(fabs(row->same - same) < 1e-9);
            assert_true(fabs(row->changed - changed) < 1e-9);
            assert_true(from ? fabs(row->trend - trend) < 1e-9 : isnan(row->trend));
            assert_true(row->error >= fabs(row->bias) && row->error < 30);
            assert_true(fabs(row->gain - (row->same - row->error)) < 1e-12);
            assert_true(row->gain_low <= row->gain && row->gain <= row->gain_high);
            assert_true(row->in50 <= row->in90 && row->in90_low <= row->in90 &&
                        row->in90 <= row->in90_high);
        }
    }
    const wijk_backtest_row *households = row_of(b, 2005, 2009, WIJK_BACKTEST_HOUSEHOLDS);
    double same = 0;
    for (int d = 0; d < DISTRICTS; d++) {
        same += fabs(100 * f.hundreds[d][1] / f.hundreds[d][0] - 100) / DISTRICTS;
    }
    assert_true(fabs(households->same - same) < 1e-9);
    for (size_t i = 0; i < b->n_rows; i++) { /* six districts are too few for a range */
        assert_true(isnan(b->rows[i].hindsight) && isnan(b->rows[i].held));
    }
    wijk_backtest_free(b);
}

/* Figures of 2017 that are scored may be anything: what the model says for 2017 stays to the last
 * bit (the mean of what happened plus the bias), because no start and no lever reads them. */
static void test_nothing_leaks(void **state)
{
    (void)state;
    char other[4096];
    figures g = invented();
    for (int d = 0; d < DISTRICTS; d++) {
        g.older[d][3] = 3 + d;
        g.working[d][3] = 88 - 2 * d;
        g.hundreds[d][3] = 30 - d;
    }
    temp_path(other, sizeof other, "leak.wijk");
    make_town(other, &g);
    wijk_backtest *a = run_file(path, &few), *b = run_file(other, &few);
    for (int from = 0; from < 3; from++) {
        static const wijk_backtest_measure scored[] = {WIJK_BACKTEST_OLDER, WIJK_BACKTEST_YOUNG};
        for (int m = 0; m < 2; m++) {
            const wijk_backtest_row *x = row_of(a, years[from], 2017, scored[m]);
            const wijk_backtest_row *y = row_of(b, years[from], 2017, scored[m]);
            assert_true(fabs(x->changed + x->bias - (y->changed + y->bias)) < 1e-9);
            assert_true(fabs(x->changed - y->changed) > 0.1); /* the files do differ */
        }
    }
    wijk_backtest_free(a);
    wijk_backtest_free(b);
    temp_remove(other);
}

/* The same on any number of threads, and again for another seed something else. */
static void test_threads_and_seed(void **state)
{
    (void)state;
    wijk_backtest_options o = few;
    o.from = 2013;
    wijk_backtest *b[3];
    for (unsigned threads = 1; threads <= 3; threads++) {
        o.threads = threads;
        b[threads - 1] = run_file(path, &o);
    }
    assert_int_equal(b[0]->n_rows, b[2]->n_rows);
    for (size_t i = 0; i < b[0]->n_rows; i++) {
        assert_int_equal(b[0]->rows[i].from, 2013);
        assert_memory_equal(&b[0]->rows[i], &b[1]->rows[i], sizeof b[0]->rows[i]);
        assert_memory_equal(&b[0]->rows[i], &b[2]->rows[i], sizeof b[0]->rows[i]);
    }
    o.seed = 4;
    wijk_backtest *other = run_file(path, &o);
    assert_true(other->rows[0].error != b[0]->rows[0].error);
    for (int i = 0; i < 3; i++) {
        wijk_backtest_free(b[i]);
    }
    wijk_backtest_free(other);
}

/* Building is fed in full: where no corporation home goes, the model has the observed mix but for
 * rounding; and homes that were built hold more households. */
static void test_homes_are_fed(void **state)
{
    (void)state;
    wijk_backtest *b = run_file(path, &few);
    assert_int_equal(b->n_fed, 6);
    for (size_t i = 0; i < b->n_fed; i++) {
        assert_true(b->fed[i].owner < 6 && b->fed[i].social < 6 && b->fed[i].private_rent < 6);
    }
    char still[4096];
    figures f = invented();
    for (int d = 0; d < DISTRICTS; d++) {
        for (int w = 1; w < WAVES; w++) {
            memcpy(f.homes[d][w], f.homes[d][0], sizeof f.homes[d][w]);
        }
    }
    temp_path(still, sizeof still, "still.wijk");
    make_town(still, &f);
    wijk_backtest *s = run_file(still, &few);
    const wijk_backtest_row *grows = row_of(b, 2005, 2017, WIJK_BACKTEST_HOUSEHOLDS);
    const wijk_backtest_row *stays = row_of(s, 2005, 2017, WIJK_BACKTEST_HOUSEHOLDS);
    assert_true(grows->changed + grows->bias > stays->changed + stays->bias + 5);
    wijk_backtest_free(b);
    wijk_backtest_free(s);
    temp_remove(still);
}

static void test_refusals(void **state)
{
    (void)state;
    wijk_backtest *b;
    wijk_backtest_options o = few;
    o.town = "rotterdam";
    assert_int_equal(try_run(&b, path, &o), WIJK_EINVAL);
    o = few;
    o.replicates = 1;
    assert_int_equal(try_run(&b, path, &o), WIJK_EINVAL);
    o = few;
    o.from = 2010;
    assert_int_equal(try_run(&b, path, &o), WIJK_EINVAL);
    o = few;
    o.town = "haaglanden"; /* not in this file */
    assert_int_equal(try_run(&b, path, &o), WIJK_ENOTFOUND);
    assert_null(b);
}

static int refuse(const char *text)
{
    wijk_backtest *b;
    int rc = wijk_backtest_read(&b, text, strlen(text), "test");
    wijk_backtest_free(b);
    return rc;
}

#define WIDE                                                                                       \
    "town,from,to,measure,size,areas,error,no_change,trend,bias,changed,gain,gain_low,gain_high,"  \
    "in50,in50_low,in50_high,in90,in90_low,in90_high,hindsight,grows,held,held_low,held_high,"     \
    "version,seed,replicates,every,parameters,lineage\n"
#define FROM ",1,2,,0,0,1,0.5,1.5,0.4,0.3,0.5,0.8,0.7,0.9,"
#define MADE ",0.1.0,1,20,6,aa,bb\n"
#define HEAD                                                                                       \
    "town,from,to,measure,size,areas,error,no_change,trend,bias,changed,gain,gain_low,gain_high,"  \
    "in50,in50_low,in50_high,in90,in90_low,in90_high,verdict,version,seed,replicates,every,"       \
    "parameters,lineage\n"
#define TAIL ",1,2,,0,0,1,0.5,1.5,0.4,0.3,0.5,0.8,0.7,0.9,better,0.1.0,1,20,6,aa,bb\n"

static void test_summary_is_read(void **state)
{
    (void)state;
    wijk_backtest *b;
    const char *text =
        HEAD "postcodes,2018,2020,single,all,700" TAIL "amsterdam,2005,2009,older,all,83" TAIL
             "amsterdam,2005,2013,older,all,83" TAIL "amsterdam,2009,2013,older,large,20" TAIL;
    assert_int_equal(wijk_backtest_read(&b, text, strlen(text), "test"), WIJK_OK);
    assert_int_equal(b->n_rows, 4);
    assert_int_equal(b->replicates, 20);
    assert_string_equal(b->version, "0.1.0");
    assert_true(isnan(b->rows[0].trend) && b->rows[0].in90 == 0.8);
    assert_int_equal(wijk_backtest_judge(&b->rows[0]), WIJK_BACKTEST_BETTER);
    assert_ptr_equal(wijk_backtest_find(b, WIJK_BACKTEST_OLDER, 10), &b->rows[2]);
    assert_ptr_equal(wijk_backtest_find(b, WIJK_BACKTEST_OLDER, 5), &b->rows[1]);
    assert_null(wijk_backtest_find(b, WIJK_BACKTEST_MOVES, 5));
    wijk_backtest_free(b);
    assert_int_equal(refuse(""), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD "amsterdam,2009,2005,older,all,83" TAIL), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD "amsterdam,2005,2009,oldish,all,83" TAIL), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD "amsterdam,2005,2009,older,huge,83" TAIL), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD "amsterdam,2005,2009,older,all,0" TAIL), WIJK_EFORMAT);
    assert_int_equal(refuse(HEAD
                            "amsterdam,2005,2009,older,all,83,1,2,,0,0,1,0.5,1.5,0.4,0.3,0.5,0.8,"
                            "0.7,0.9,better,0.1.0,seed,20,6,aa,bb\n"),
                     WIJK_EFORMAT);
}

/* A range of a kept summary: wider with the years as it says, with what held where it took no part:
 * towns alike, the spans of a town alike. */
static void test_hindsight_of_a_summary(void **state)
{
    (void)state;
    wijk_backtest *b;
    wijk_hindsight h;
    const char *text =
        WIDE "amsterdam,2005,2009,older,large,40" FROM "3,0.5,0.8,0.7,0.9" MADE
             "amsterdam,2005,2014,older,large,45" FROM "4.5,0.5,0.6,0.5,0.7" MADE
             "postcodes,2018,2020,older,large,200" FROM "2.12132,0.5,0.95,0.9,0.99" MADE
             "postcodes,2018,2020,single,large,200" FROM "4,1,,," MADE
             "postcodes,2018,2020,older,small,12" FROM ",,,," MADE;
    assert_int_equal(wijk_backtest_read(&b, text, strlen(text), "test"), WIJK_OK);
    assert_int_equal(wijk_backtest_hindsight(&h, b, WIJK_BACKTEST_OLDER, WIJK_BACKTEST_LARGE, 16),
                     WIJK_OK);
    assert_true(fabs(h.half - 4.5) < 1e-12); /* 3 x sqrt(9 / 4): 16 years were never tested */
    assert_int_equal(h.areas, 245);
    assert_int_equal(h.tested, 9);
    assert_true(fabs(h.held - 0.825) < 1e-12 && h.held_least == 0.6);
    assert_int_equal(wijk_backtest_hindsight(&h, b, WIJK_BACKTEST_SINGLE, WIJK_BACKTEST_LARGE, 1),
                     WIJK_OK);
    assert_true(fabs(h.half - 2) < 1e-12 && isnan(h.held) && isnan(h.held_least));
    assert_int_equal(
        wijk_backtest_hindsight(&h, b, WIJK_BACKTEST_ONE_PARENT, WIJK_BACKTEST_LARGE, 4),
        WIJK_ENOTFOUND);
    assert_int_equal(wijk_backtest_hindsight(&h, b, WIJK_BACKTEST_OLDER, WIJK_BACKTEST_SMALL, 4),
                     WIJK_ENOTFOUND);
    assert_int_equal(wijk_backtest_hindsight(&h, b, WIJK_BACKTEST_MOVES, WIJK_BACKTEST_LARGE, 4),
                     WIJK_ENOTFOUND);
    wijk_backtest_free(b);
    assert_int_equal(refuse(WIDE "a,2005,2009,older,all,40" FROM "-1,0.5,0.8,0.7,0.9" MADE),
                     WIJK_EFORMAT);
    assert_int_equal(refuse(WIDE "a,2005,2009,older,all,40" FROM "1,7,0.8,0.7,0.9" MADE),
                     WIJK_EFORMAT);
    assert_int_equal(refuse(WIDE "a,2005,2009,older,all,40" FROM "1,1,80,0.7,0.9" MADE),
                     WIJK_EFORMAT);
}

/* The one that ships: something was scored in each town, and it says from what. */
static void test_shipped_summary(void **state)
{
    (void)state;
    static const char *const towns[] = {"amsterdam", "haaglanden", "postcodes"};
    wijk_backtest *b;
    assert_int_equal(wijk_backtest_shipped(&b), WIJK_OK);
    assert_true(b->replicates >= 20 && strlen(b->lineage) > 0 && strlen(b->parameters) == 16);
    for (int t = 0; t < 3; t++) {
        int found = 0;
        for (size_t i = 0; i < b->n_rows; i++) {
            found += strcmp(b->rows[i].town, towns[t]) == 0;
        }
        assert_true(found > 10);
    }
    wijk_backtest_free(b);
}

/* Memory may run out anywhere: an error, no crash, nothing left behind (the leak checker looks). */
static void test_memory_runs_out(void **state)
{
    (void)state;
    wijk_backtest_options o = few;
    o.from = 2013;
    o.threads = 1;
    o.replicates = 2;
    for (long nth = 1; nth < 4000; nth = nth * 5 / 4 + 1) {
        wijk_backtest *b = NULL;
        wijk_store *store;
        wijk_registry *registry;
        assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_READ), WIJK_OK);
        assert_int_equal(wijk_registry_open(&registry, store), WIJK_OK);
        wijk_alloc_fail_at(nth, 1);
        int rc = wijk_backtest_run(&b, store, registry, &o, NULL);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_OK ? b != NULL : b == NULL);
        wijk_backtest_free(b);
        wijk_registry_free(registry);
        wijk_store_close(store);
    }
}

/* ---- the real panel ----------------------------------------------------------------------------
 */

static const char *data_folder(void)
{
    const char *data = getenv("WIJK_DATA");
    return data ? data : "../shared/data/raw";
}

/* No change and the straight line over the real districts, reckoned from the published file by
 * another program (Python over the panel): older people 2013 to 2017. */
static void test_real_amsterdam(void **state)
{
    (void)state;
    char panel[4096], tenure[4096], real[4096];
    snprintf(panel, sizeof panel, "%s/amsterdam/ams_buurtcombinatie_panel_2005_2017.csv",
             data_folder());
    snprintf(tenure, sizeof tenure, "%s/amsterdam/ams_buurt_tenure_2005_2017.csv", data_folder());
    FILE *file = fopen(panel, "r");
    if (!file) {
        print_message("skipped: no %s (set WIJK_DATA to the folder of real data)\n", panel);
        skip();
    }
    fclose(file);
    temp_path(real, sizeof real, "real.wijk");
    load_files(real, (const char *const[]){panel, tenure}, 2);
    wijk_backtest_options o = few;
    o.from = 2013;
    o.replicates = 2;
    wijk_backtest *b = run_file(real, &o);
    const wijk_backtest_row *row = row_of(b, 2013, 2017, WIJK_BACKTEST_OLDER);
    assert_int_equal(row->areas, 83);
    assert_true(fabs(row->same - 1.366463) < 5e-5);
    assert_true(fabs(row->trend - 0.854808) < 5e-5);
    wijk_backtest_free(b);
    temp_remove(real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_nothing_leaks),
        cmocka_unit_test(test_threads_and_seed),
        cmocka_unit_test(test_homes_are_fed),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_summary_is_read),
        cmocka_unit_test(test_hindsight_of_a_summary),
        cmocka_unit_test(test_shipped_summary),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_real_amsterdam),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
