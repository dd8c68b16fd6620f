/* Reading panels: from a CSV with all its faults, and from the figures of a file. */
#include "facts_fixture.h"

#include "wijk/panel_read.h"

static int read_text(wijk_panel_data *out, const char *text, const wijk_panel_columns *columns)
{
    return wijk_panel_csv(out, text, strlen(text), "panel.csv", columns);
}

static const wijk_panel_columns plain = {
    .unit = "area", .time = "year", .outcome = "score", .start = "begin", .size = "people"};

static void rows_in_any_order_become_a_panel(void **state)
{
    (void)state;
    wijk_panel_data d;
    must(read_text(&d,
                   "area,year,score,begin,people\n"
                   "B,2012,\"0,5\",,900\nA,2016,NA,2013,100\nA,2008,1.25,2013,90\n"
                   "B,2008,2,,\nB,2016,3,,\n",
                   &plain));
    assert_int_equal(d.panel.units, 2);
    assert_int_equal(d.panel.waves, 3);
    assert_string_equal(d.name[0], "B");
    assert_true(d.year[0] == 2008 && d.year[1] == 2012 && d.year[2] == 2016);
    assert_true(d.outcome[0] == 2 && d.outcome[1] == 0.5 && d.outcome[2] == 3);
    assert_true(d.outcome[3] == 1.25 && isnan(d.outcome[4]) && isnan(d.outcome[5]));
    /* 2013 lies between two waves: the next one is the first under the programme. */
    assert_int_equal(d.start[0], WIJK_NEVER);
    assert_int_equal(d.start[1], 2);
    assert_true(d.size[0] == 900 && d.size[1] == 90); /* the last one in the file */
    assert_int_equal(wijk_panel_wave(&d.panel, 2012), 1);
    assert_int_equal(wijk_panel_wave(&d.panel, 2013), WIJK_NEVER);
    wijk_panel_free(&d);
}

static void the_treated_may_be_named(void **state)
{
    (void)state;
    const wijk_panel_columns named = {
        .unit = "area", .time = "year", .outcome = "score", .treated = "A,C", .begins = 2010};
    wijk_panel_data d;
    must(read_text(&d, "area;year;score\nA;2008;1\nA;2010;1\nB;2008;1\nC;2010;2\n", &named));
    assert_int_equal(d.start[0], 1);
    assert_int_equal(d.start[1], WIJK_NEVER);
    assert_int_equal(d.start[2], 1);
    assert_null(d.size);
    wijk_panel_free(&d);
}

static void what_is_wrong_is_said_with_its_row(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"area,year,score,begin,people\nA,2008,many,,1\n", "row 2, column score: \"many\""},
        {"area,year,score,begin,people\nA,,1,,1\n", "row 2: there is no year"},
        {"area,year,score,begin,people\nA,2008,1,,1\nA,2008,2,,1\n", "row 3: A has 2008 twice"},
        {"area,year,score,begin,people\nA,2008,1,2008,1\nA,2012,2,2012,1\n",
         "row 3: the start of A changes"},
        {"area,year,score,begin,people\nA,2008,1,,\n", "residents of A are not known"},
        {"area,year,result,begin,people\nA,2008,1,,\n", "no column \"score\""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wijk_panel_data d;
        assert_true(read_text(&d, wrong[i].text, &plain) < 0);
        if (!strstr(wijk_error(WIJK_EN), wrong[i].says)) {
            fail_msg("\"%s\" does not say \"%s\"", wijk_error(WIJK_EN), wrong[i].says);
        }
        wijk_panel_free(&d);
    }
    wijk_panel_data d;
    wijk_panel_columns named = plain;
    named.treated = "A";
    assert_int_equal(read_text(&d, "area,year,score,begin,people\nA,1,1,,1\n", &named),
                     WIJK_EINVAL); /* both ways to say who takes part */
    wijk_panel_free(&d);
    named.start = named.size = NULL;
    named.treated = "A,Z";
    assert_int_equal(read_text(&d, "area,year,score\nA,1,1\n", &named), WIJK_ENOTFOUND);
    wijk_panel_free(&d);
}

/* Of a covariate the newest value before the first start counts; who has none gets gaps. */
static void covariates_are_from_before(void **state)
{
    (void)state;
    const wijk_panel_columns with = {.unit = "area",
                                     .time = "year",
                                     .outcome = "score",
                                     .start = "begin",
                                     .covariates = "rent,dense",
                                     .ring = "near"};
    wijk_panel_data d;
    must(read_text(&d,
                   "area,year,score,begin,rent,dense,near\n"
                   "A,2008,1,2013,5,50,\nA,2012,1,2013,6,,\nA,2016,1,2013,99,99,\n"
                   "B,2012,1,,7,70,1\nB,2008,1,,8,80,\nB,2016,1,,9,90,0\n"
                   "C,2008,1,,,1,0\nC,2012,1,,,2,0\nC,2016,1,,3,3,0\n",
                   &with));
    assert_int_equal(d.panel.covariates, 2);
    assert_true(d.covariate[0] == 6 && d.covariate[1] == 50); /* 2016 is after the start */
    assert_true(d.covariate[2] == 7 && d.covariate[3] == 70);
    assert_true(isnan(d.outcome[2 * 3]) && isnan(d.outcome[2 * 3 + 2])); /* C: no rent before */
    must(wijk_panel_check(&d.panel));
    assert_int_equal(d.ring[0], 0);
    assert_int_equal(d.ring[1], 1);
    assert_int_equal(d.exclude[1], 1);
    wijk_panel_free(&d);
    wijk_panel_columns wrong = with;
    wrong.covariates = "rent,colour";
    assert_int_equal(read_text(&d, "area,year,score,begin,rent,dense,near\nA,1,1,,1,1,\n", &wrong),
                     WIJK_ENOTFOUND);
    wijk_panel_free(&d);
}

static void figures_of_a_file_become_a_panel(void **state)
{
    (void)state;
    country c;
    country_open(&c, "panel.wijk");
    int64_t load = add_load(&c, "published", 90);
    int64_t gemeente = add_area(&c, WIJK_GEMEENTE, "GM0001", 2024, "Proefstad", 0);
    int64_t area[12], old;
    const int afw = id_of(&c, "lbm3_afw"), people = id_of(&c, "population");
    for (int i = 0; i < 12; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0001%04d", i);
        area[i] = add_area(&c, WIJK_BUURT, code, 2024, code, gemeente);
        for (int t = 0; t < 4; t++) {
            if (i != 5 || t != 2) {
                add_cell(&c, area[i], afw, 2014 + 2 * t, load, i + 0.1 * t, 0.01, 0);
            }
        }
        add_cell(&c, area[i], people, 2020, load, 100 + i, 2.5, 0);
        if (i) {
            add_cell(&c, area[i], people, 2024, load, 1000 + i, 2.5, 0);
        }
    }
    old = add_area(&c, WIJK_BUURT, "BU00010003", 2020, "BU00010003", 0);
    wijk_stmt *stmt = wijk_store_sql(c.store, "INSERT INTO neighbour VALUES (?1, ?2), (?2, ?1)");
    wijk_bind_int(stmt, 1, area[3]);
    wijk_bind_int(stmt, 2, area[4]);
    must(wijk_run(stmt));
    derive(&c);
    refresh(&c);
    wijk_panel_data d;
    const wijk_indicator *outcome = wijk_indicator_by_code(c.registry, "lbm3_afw");
    must(wijk_panel_file(&d, c.store, c.registry, outcome, &old, 1, 2017)); /* by its older code */
    assert_int_equal(d.panel.units, 12);
    assert_int_equal(d.panel.waves, 4);
    assert_int_equal(d.start[3], 2);
    assert_int_equal(d.exclude[4], 1);
    assert_int_equal(d.exclude[2], 0);
    assert_true(d.size[0] == 100 && d.size[7] == 1007);
    assert_true(fabs(d.outcome[5 * 4 + 1] - 5.1) < 1e-12 && isnan(d.outcome[5 * 4 + 2]));
    wijk_panel_free(&d);

    /* As covariate: of every area what was known before; area 0 has no figure of 2024. */
    must(wijk_panel_file(&d, c.store, c.registry, outcome, &area[3], 1, 2021));
    must(wijk_panel_covariates(&d, c.store, c.registry, "population", 2021));
    assert_int_equal(d.panel.covariates, 1);
    assert_true(d.covariate[3] == 103 && d.covariate[0] == 100);
    assert_int_equal(wijk_panel_covariates(&d, c.store, c.registry, "population,nothing", 2021),
                     WIJK_ENOTFOUND);
    wijk_panel_free(&d);
    must(wijk_panel_file(&d, c.store, c.registry, outcome, &area[3], 1, 2017));
    assert_int_equal(wijk_panel_covariates(&d, c.store, c.registry, "population", 2020),
                     WIJK_ENOTFOUND); /* nothing from before */
    wijk_panel_data beside;           /* another outcome, in its own years */
    must(wijk_panel_beside(&beside, &d, c.store, c.registry,
                           wijk_indicator_by_code(c.registry, "population"), 2021));
    assert_int_equal(beside.panel.units, 12);
    assert_int_equal(beside.panel.waves, 2);
    assert_int_equal(beside.start[3], 1);
    assert_int_equal(beside.ring[4], 1);
    assert_true(beside.outcome[3 * 2] == 103 && beside.outcome[3 * 2 + 1] == 1003);
    wijk_panel_free(&beside);
    wijk_panel_free(&d);

    const int64_t mixed[] = {area[1], gemeente};
    assert_int_equal(wijk_panel_file(&d, c.store, c.registry, outcome, mixed, 2, 2017),
                     WIJK_EINVAL);
    wijk_panel_free(&d);
    assert_int_equal(wijk_panel_file(&d, c.store, c.registry, outcome, &gemeente, 1, 2017),
                     WIJK_ENOTFOUND);
    wijk_panel_free(&d);
    country_close(&c);
}

/* Ten areas of today; in 2016 the last two were divided otherwise. A score and a count that were
 * published on the older map come to today's by the overlay, by hand below. */
static void changed_borders_go_through_the_overlay(void **state)
{
    (void)state;
    country c;
    country_open(&c, "borders.wijk");
    int64_t load = add_load(&c, "published", 90), now[10], then[10], older[10];
    const int afw = id_of(&c, "lbm3_afw"), people = id_of(&c, "population");
    for (int i = 0; i < 10; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0002%04d",
                 i == 8 ? 28 : i); /* the last keeps its code, not its borders */
        now[i] = add_area(&c, WIJK_BUURT, code, 2024, code, 0);
        snprintf(code, sizeof code, "BU0002%04d", i);
        then[i] = add_area(&c, WIJK_BUURT, code, 2016, code, 0);
        older[i] = add_area(&c, WIJK_BUURT, code, 2009, "", 0);
        for (int t = 2018; t <= 2022; t += 2) {
            add_cell(&c, now[i], afw, t, load, i + 0.001 * t, 0.01, 0);
        }
        for (int t = 2012; t <= 2014; t += 2) {
            add_cell(&c, then[i], afw, t, load, 10 * i + 0.001 * t, 0.01, 0);
            add_cell(&c, then[i], people, t, load, 1000 + 100 * i, 2.5, 0);
        }
        add_cell(&c, now[i], people, 2024, load, 2000 + i, 2.5, 0);
        add_cell(&c, older[i], afw, 2008, load, 5 + i, 0.01, 0);
        if (i < 3) { /* a year that hardly any area has */
            add_cell(&c, then[i], afw, 2010, load, i, 0.01, 0);
        }
    }
    derive(&c);
    wijk_stmt *stmt = wijk_store_sql(c.store, "DELETE FROM area_link");
    must(wijk_run(stmt));
    for (int i = 0; i < 8; i++) {
        add_link(&c, now[i], then[i], 0, 1, 1);
        add_link(&c, then[i], now[i], 0, 1, 1);
        add_link(&c, now[i], older[i], 1, 1, 1); /* the same code, of which nobody gave the name */
    }
    add_link(&c, now[8], then[8], 2, 1, 0.6);
    add_link(&c, now[9], then[8], 2, 0.3, 0.4);
    add_link(&c, now[9], then[9], 2, 0.6, 1);  /* a tenth of its people lived outside any area */
    add_link(&c, now[8], older[8], 2, 0.7, 1); /* too little to go by */
    refresh(&c);

    wijk_panel_data d;
    const wijk_indicator *score = wijk_indicator_by_code(c.registry, "lbm3_afw");
    must(wijk_panel_file(&d, c.store, c.registry, score, &now[2], 1, 2017));
    static const double years[] = {2008, 2012, 2014, 2018, 2020, 2022};
    assert_int_equal(d.vintage, 2024);
    assert_int_equal(d.panel.waves, 6);
    for (size_t t = 0; t < 6; t++) {
        assert_true(d.year[t] == years[t]);
    }
    assert_int_equal(d.thin, 1);      /* 2010 */
    assert_int_equal(d.bridged, 4);   /* two areas, two years */
    assert_int_equal(d.unchecked, 8); /* 2008 */
    assert_int_equal(d.start[2], 3);
    const double *row = d.outcome + 8 * 6;
    assert_true(isnan(row[0]));
    assert_true(fabs(row[1] - (80 + 2.012)) < 1e-9);
    row = d.outcome + 9 * 6;
    assert_true(isnan(row[0]));
    assert_true(fabs(row[1] - ((0.3 * 80 + 0.6 * 90) / 0.9 + 2.012)) < 1e-9);
    assert_true(fabs(row[3] - (9 + 2.018)) < 1e-9);
    assert_true(fabs(d.outcome[3 * 6 + 2] - (30 + 2.014)) < 1e-9);
    wijk_panel_free(&d);

    /* One of the treated was drawn anew: the year that it lacks goes, the rest stays. */
    must(wijk_panel_file(&d, c.store, c.registry, score, &now[9], 1, 2017));
    assert_int_equal(d.panel.waves, 5);
    assert_int_equal(d.thin, 2);
    assert_true(d.year[0] == 2012);
    must(wijk_panel_check(&d.panel));
    wijk_panel_free(&d);

    const wijk_indicator *count = wijk_indicator_by_code(c.registry, "population");
    must(wijk_panel_file(&d, c.store, c.registry, count, &now[2], 1, 2024));
    assert_int_equal(d.vintage, 2016); /* the map with most years of this one */
    wijk_panel_free(&d);
    must(wijk_panel_file(&d, c.store, c.registry, count, &now[9], 1, 2024)); /* its code is there */
    assert_int_equal(d.vintage, 2024);
    assert_int_equal(d.panel.waves, 3);
    assert_true(fabs(d.outcome[9 * 3] - (0.4 * 1800 + 1900)) < 1e-9); /* a count: by the people */
    assert_true(fabs(d.outcome[8 * 3] - 0.6 * 1800) < 1e-9);
    wijk_panel_free(&d);
    country_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_any_order_become_a_panel),
        cmocka_unit_test(the_treated_may_be_named),
        cmocka_unit_test(what_is_wrong_is_said_with_its_row),
        cmocka_unit_test(covariates_are_from_before),
        cmocka_unit_test(figures_of_a_file_become_a_panel),
        cmocka_unit_test(changed_borders_go_through_the_overlay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
