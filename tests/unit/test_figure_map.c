/* Maps: classes on and beside their edges, areas in the right class, neighbours in view, grey and
 * unknown counted apart, hostile names, the country as one path per class. */
#include "figure_check.h"

#include "wijk/store.h"

#include <math.h>
#include <unistd.h>

#define SIDE 6

static const double none[5] = {NAN, NAN, NAN, NAN, NAN};

/* ---- classes ----------------------------------------------------------------------------- */

static void check_edges(const wijk_classes *classes)
{
    for (int i = 1; i < classes->count; i++) {
        double edge = classes->edge[i];
        assert_true(edge > classes->edge[i - 1]);
        assert_int_equal(wijk_class_of(classes, edge), i);
        assert_int_equal(wijk_class_of(classes, edge - 1e-6 * fmax(1, fabs(edge))), i - 1);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(classes->token[i], classes->token[j]);
        }
    }
    assert_int_equal(wijk_class_of(classes, -1e300), 0);
    assert_int_equal(wijk_class_of(classes, 1e300), classes->count - 1);
    assert_int_equal(wijk_class_of(classes, NAN), -1);
}

static void test_quantile_classes(void **state)
{
    (void)state;
    wijk_indicator money = {.unit = "euro_1000", .decimals = 0};
    wijk_classes classes;
    wijk_classes_make(&classes, &money, (double[]){183, 234, 291, 377, 518}, NAN, NAN);
    assert_int_equal(classes.count, 6);
    const double want[] = {180, 230, 290, 380, 520};
    for (int i = 0; i < 5; i++) {
        assert_true(fabs(classes.edge[i + 1] - want[i]) < 1e-9);
    }
    check_edges(&classes);
    /* Many zeros: no class below zero; the rest merged where quantiles coincide. */
    wijk_indicator share = {.unit = "percent", .decimals = 0};
    wijk_classes_make(&classes, &share, (double[]){0, 0, 0, 20, 62}, NAN, NAN);
    assert_int_equal(classes.count, 3);
    assert_int_equal(wijk_class_of(&classes, 0), 0);
    assert_int_equal(wijk_class_of(&classes, 20), 1);
    check_edges(&classes);
    /* All alike: that value, and more. */
    wijk_classes_make(&classes, &share, (double[]){7, 7, 7, 7, 7}, NAN, NAN);
    assert_int_equal(classes.count, 2);
    assert_int_equal(wijk_class_of(&classes, 7), 0);
    assert_int_equal(wijk_class_of(&classes, 8), 1);
    wijk_classes_make(&classes, &share, none, NAN, NAN);
    assert_int_equal(classes.count, 0);
    assert_int_equal(wijk_class_of(&classes, 3), -1);
}

static void test_quantile_classes_random(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        double spread[5], at = (rand_r(&seed) % 2000 - 1000) / 7.0;
        double size = pow(10, rand_r(&seed) % 9 - 4);
        for (int i = 0; i < 5; i++) {
            at += rand_r(&seed) % 3 ? rand_r(&seed) % 1000 / 100.0 : 0;
            spread[i] = at * size;
        }
        wijk_indicator it = {.unit = "ratio", .decimals = rand_r(&seed) % 4};
        wijk_classes classes;
        wijk_classes_make(&classes, &it, spread, rand_r(&seed) % 2 ? spread[2] : NAN, NAN);
        assert_in_range(classes.count, 1, WIJK_CLASSES_MAX);
        check_edges(&classes);
    }
}

static void test_diverging_classes(void **state)
{
    (void)state;
    wijk_indicator score = {.unit = "score", .decimals = 2};
    wijk_classes classes;
    wijk_classes_make(&classes, &score, (double[]){-0.20, -0.1, 0, 0.09, 0.17}, -0.003, NAN);
    assert_int_equal(classes.count, 7);
    assert_true(fabs(classes.centre) < 1e-12);
    assert_string_equal(classes.token[0], "d1");
    assert_string_equal(classes.token[3], "d4");
    assert_string_equal(classes.token[6], "d7");
    for (int i = 1; i <= 3; i++) { /* equal colours are equal distances from the centre */
        assert_true(fabs(classes.edge[i] + classes.edge[7 - i] - 2 * classes.centre) < 1e-9);
    }
    assert_int_equal(wijk_class_of(&classes, classes.centre), 3);
    check_edges(&classes);
}

static void test_publishers_classes(void **state)
{
    (void)state;
    wijk_indicator livability = {.unit = "class", .direction = WIJK_DIRECTION_UP};
    wijk_indicator urbanity = {.unit = "class", .direction = WIJK_DIRECTION_NONE};
    wijk_classes classes;
    wijk_classes_make(&classes, &livability, none, NAN, 9);
    assert_int_equal(classes.count, 9);
    for (int i = 0; i < 9; i++) {
        assert_int_equal(wijk_class_of(&classes, i + 1), i);
    }
    assert_string_equal(classes.token[4], "d4");
    wijk_classes_make(&classes, &livability, none, NAN, 8); /* the highest did not occur */
    assert_int_equal(classes.count, 9);
    wijk_classes_make(&classes, &urbanity, none, NAN, 5);
    assert_int_equal(classes.count, 5);
    assert_string_equal(classes.token[0], "q0");
    assert_string_equal(classes.token[4], "q6");
    check_edges(&classes);
}

/* ---- a town of squares ------------------------------------------------------------------- */

typedef struct {
    char path[256];
    wijk_store *store;
    wijk_registry *registry;
    wijk_arena *arena;
    int side;
    int share, population, urban; /* indicator ids */
    int64_t gemeente;
} town;

static const char *const hostile = "<script>\"'&amp;]]>--> \x01\x1f\xff\xfe\xc3( \xed\xa0\x80 "
                                   "\xef\xbf\xbf {0} %s%n \xf0\x9f\x8f\xa0";

static int64_t buurt(const town *t, int column, int row)
{
    return 1000 + row * t->side + column;
}

static void put_area(town *t, int64_t id, int level, const char *code, const char *name,
                     int64_t parent, const double box[4])
{
    wijk_stmt *stmt = wijk_store_sql(
        t->store, "INSERT INTO area(id,level,code,vintage,name,parent_id,gemeente,x,y,x0,y0,x1,y1)"
                  " VALUES(?1,?2,?3,2024,?4,?5,'Vierkant',(?6+?8)/2,(?7+?9)/2,?6,?7,?8,?9)");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_text(stmt, 3, code);
    wijk_bind_text(stmt, 4, name);
    if (parent) {
        wijk_bind_int(stmt, 5, parent);
    }
    for (int i = 0; i < 4; i++) {
        wijk_bind_double(stmt, 6 + i, box[i]);
    }
    assert_int_equal(wijk_run(stmt), 0);
    static const int grids[] = {250, 25, 2};
    for (int scale = 0; scale < 3; scale++) {
        char path[200];
        int g = grids[scale];
        snprintf(path, sizeof path, "M%d %dh%dv%dh%dz", (int)box[0] / g,
                 (1000000 - (int)box[1]) / g, (int)(box[2] - box[0]) / g,
                 -(int)(box[3] - box[1]) / g, -(int)(box[2] - box[0]) / g);
        stmt = wijk_store_sql(t->store, "INSERT INTO area_path VALUES(?1,?2,?3)");
        wijk_bind_int(stmt, 1, id);
        wijk_bind_int(stmt, 2, scale);
        wijk_bind_text(stmt, 3, path);
        assert_int_equal(wijk_run(stmt), 0);
    }
}

static void put_value(town *t, int indicator, int64_t area, double value)
{
    wijk_stmt *stmt =
        wijk_store_sql(t->store, "INSERT INTO layer_value VALUES(?1,2024,3,2024,?2,?3,1)");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, area);
    wijk_bind_double(stmt, 3, value);
    assert_int_equal(wijk_run(stmt), 0);
}

static void put_series(town *t, int indicator)
{
    wijk_stmt *stmt =
        wijk_store_sql(t->store, "INSERT INTO series VALUES(?1,3,2024,2024,?2,50,10,30,50,70,90)");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, (int64_t)t->side * t->side);
    assert_int_equal(wijk_run(stmt), 0);
}

static void put_neighbours(town *t, int column, int row)
{
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int x = column + dx, y = row + dy;
            if ((dx || dy) && x >= 0 && y >= 0 && x < t->side && y < t->side) {
                wijk_stmt *stmt = wijk_store_sql(t->store, "INSERT INTO neighbour VALUES(?1,?2)");
                wijk_bind_int(stmt, 1, buurt(t, column, row));
                wijk_bind_int(stmt, 2, buurt(t, x, y));
                assert_int_equal(wijk_run(stmt), 0);
            }
        }
    }
}

/* Value of a square: 0 … 100 over the town. (0,0) is unknown; (1,0) has 10 people: grey. */
static double value_of(const town *t, int column, int row)
{
    return 100.0 * (row * t->side + column) / (t->side * t->side);
}

static void town_make(town *t, int side)
{
    *t = (town){.side = side, .gemeente = 1};
    const char *folder = getenv("WIJK_TMP");
    snprintf(t->path, sizeof t->path, "%s/figure_map_%d.wijk", folder ? folder : "/tmp",
             (int)getpid());
    unlink(t->path);
    assert_int_equal(wijk_store_open(&t->store, t->path, WIJK_STORE_CREATE), 0);
    wijk_registry *first;
    assert_int_equal(wijk_registry_open(&first, t->store), 0);
    t->share = wijk_indicator_by_code(first, "age_65_plus_share")->id;
    t->population = wijk_indicator_by_code(first, "population")->id;
    t->urban = wijk_indicator_by_code(first, "urbanity")->id;
    wijk_registry_free(first);
    assert_int_equal(wijk_begin(t->store), 0);
    assert_int_equal(
        wijk_store_script(
            t->store,
            "INSERT INTO source VALUES(1,'test','Uitgever & Zn','t','t','l','','published',90,'');"
            "INSERT INTO load VALUES(1,1,'f.csv','x',1,'2024-01-01T00:00:00Z',1,1,1,NULL);"),
        0);
    double size = 500, left = 120000, below = 480000;
    put_area(t, 1, 1, "GM0001", "Vierkant", 0,
             (double[]){left, below, left + side * size, below + side * size});
    put_area(t, 2, 2, "WK000100", "Wijk", 1,
             (double[]){left, below, left + side * size, below + side * size});
    for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
            char code[20];
            int64_t id = buurt(t, column, row);
            double x = left + column * size, y = below + row * size;
            snprintf(code, sizeof code, "BU%08d", row * side + column);
            put_area(t, id, 3, code, column == 2 && row == 2 ? hostile : code, 2,
                     (double[]){x, y, x + size, y + size});
            if (column || row) {
                put_value(t, t->share, id, value_of(t, column, row));
            }
            put_value(t, t->population, id, column == 1 && row == 0 ? 10 : 1000);
            put_value(t, t->urban, id, 1 + (column + row) % 5);
        }
    }
    for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
            put_neighbours(t, column, row);
        }
    }
    put_series(t, t->share);
    put_series(t, t->population);
    put_series(t, t->urban);
    assert_int_equal(wijk_commit(t->store), 0);
    assert_int_equal(wijk_registry_open(&t->registry, t->store), 0);
    assert_int_equal(wijk_arena_new(&t->arena, 0), 0);
}

static void town_free(town *t)
{
    wijk_arena_free(t->arena);
    wijk_registry_free(t->registry);
    wijk_store_close(t->store);
    unlink(t->path);
}

static void link_to(void *payload, wijk_str *out, const wijk_area *area)
{
    (void)payload;
    wijk_str_addf(out, "/nl/buurt/%s?a=1&b=\"2\"", area->code);
}

typedef struct {
    town *t;
    wijk_classes classes;
    int areas, links, outlines, focusable, grouped, wrong;
} seen;

static int has_class(const char *classes, const char *class)
{
    char padded[32];
    snprintf(padded, sizeof padded, " %s ", class);
    return strstr(classes, padded) != NULL;
}

static void see(void *payload, const char *name, const char **attributes, const char *classes)
{
    seen *s = payload;
    const char *code = attribute(attributes, "data-code");
    s->links += !strcmp(name, "a");
    s->focusable += !strcmp(name, "a") && attribute(attributes, "tabindex") != NULL;
    s->outlines += has_class(classes, "self") && !strcmp(name, "path");
    s->grouped += has_class(classes, "fine") && !strcmp(name, "path");
    if (!code) {
        return;
    }
    s->areas++;
    assert_non_null(attribute(attributes, "data-x"));
    assert_non_null(attribute(attributes, "data-y"));
    int at = atoi(code + 2), column = at % s->t->side, row = at / s->t->side;
    if (at == 0) {
        s->wrong += !has_class(classes, "nodata");
    } else if (at == 1) {
        s->wrong += !has_class(classes, "grey");
    } else {
        int class = wijk_class_of(&s->classes, value_of(s->t, column, row));
        s->wrong += !has_class(classes, s->classes.token[class]);
    }
}

static seen draw(town *t, wijk_figure *figure, const wijk_map *map, int standalone)
{
    wijk_figure_style style = {.lang = WIJK_NL, .standalone = standalone, .id = "k1"};
    assert_int_equal(wijk_figure_map(figure, t->store, t->registry, t->arena, &style, map), 0);
    check_figure(figure);
    seen s = {.t = t};
    wijk_classes_make(&s.classes, wijk_indicator_by_id(t->registry, t->share),
                      (double[]){10, 30, 50, 70, 90}, NAN, NAN);
    check_svg(&figure->svg, see, &s);
    return s;
}

static void test_within(void **state)
{
    (void)state;
    town t;
    town_make(&t, SIDE);
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_map map = {.kind = WIJK_MAP_WITHIN,
                    .area = t.gemeente,
                    .level = WIJK_BUURT,
                    .indicator = t.share,
                    .link = link_to};
    seen s = draw(&t, &figure, &map, 0);
    assert_int_equal(s.areas, SIDE * SIDE);
    assert_int_equal(s.links, SIDE * SIDE);
    assert_int_equal(s.focusable, SIDE * SIDE);
    assert_int_equal(s.wrong, 0);
    assert_int_equal(figure.rows, SIDE * SIDE);
    assert_string_equal(figure.cells[1], "–");                     /* (0,0): unknown */
    assert_non_null(strstr(figure.cells[3 + 1], "onbetrouwbaar")); /* (1,0): 10 people */
    assert_string_equal(figure.cells[2 * 3 + 2], "2024");
    assert_non_null(strstr(figure.source, "Uitgever & Zn"));
    assert_non_null(strstr(figure.source, "2024"));
    assert_non_null(strstr(wijk_str_text(&figure.svg), "url(#k1-hatch)"));
    assert_null(strstr(wijk_str_text(&figure.svg), "<script"));
    s = draw(&t, &figure, &map, 1);
    assert_non_null(strstr(wijk_str_text(&figure.svg), "<style>"));
    assert_null(strstr(wijk_str_text(&figure.svg), "var("));
    assert_int_equal(s.wrong, 0);
    wijk_figure_free(&figure);
    town_free(&t);
}

/* What lies in view around the area: 3 x 3 squares, none further. */
static void test_around(void **state)
{
    (void)state;
    town t;
    town_make(&t, 9);
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_map map = {.kind = WIJK_MAP_AROUND, .area = buurt(&t, 4, 4), .indicator = t.share};
    seen s = draw(&t, &figure, &map, 0);
    assert_int_equal(s.areas, 9);
    assert_int_equal(s.links, 0);
    assert_int_equal(s.outlines, 1);
    assert_int_equal(s.wrong, 0);
    assert_int_equal(figure.rows, 9);
    /* Values rise with the code: of the other 8, half is higher and half is lower. */
    assert_non_null(strstr(figure.message, "Van de 8 andere"));
    assert_non_null(strstr(figure.message, "4 hoger en 4 lager"));
    assert_non_null(strstr(wijk_str_text(&figure.svg), "aria-current"));
    map.area = buurt(&t, 0, 0);
    s = draw(&t, &figure, &map, 0);
    assert_int_equal(s.areas, 4);
    assert_non_null(strstr(figure.message, "niet bekend"));
    map.area = buurt(&t, 2, 2); /* the hostile name, in title, message, label and tooltip */
    draw(&t, &figure, &map, 1);
    wijk_figure_free(&figure);
    town_free(&t);
}

static void test_country_grouped(void **state)
{
    (void)state;
    town t;
    town_make(&t, 30);
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_map map = {.kind = WIJK_MAP_COUNTRY,
                    .area = buurt(&t, 3, 3),
                    .level = WIJK_BUURT,
                    .indicator = t.share,
                    .link = link_to};
    seen s = draw(&t, &figure, &map, 0);
    assert_int_equal(s.areas, 0);
    assert_int_equal(s.links, 0);
    assert_true(s.grouped >= s.classes.count + 2 && s.grouped <= s.classes.count + 4);
    assert_int_equal(figure.rows, s.classes.count + 2);
    int sum = 0;
    for (size_t i = 0; i < figure.rows; i++) {
        sum += atoi(figure.cells[2 * i + 1]);
    }
    assert_int_equal(sum, 900);
    assert_string_equal(figure.cells[2 * (figure.rows - 2) + 1], "1"); /* grey */
    assert_string_equal(figure.cells[2 * (figure.rows - 1) + 1], "1"); /* unknown */
    wijk_figure_free(&figure);
    town_free(&t);
}

static void test_degenerate(void **state)
{
    (void)state;
    town t;
    town_make(&t, SIDE);
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = WIJK_EN};
    wijk_map map = {.kind = WIJK_MAP_WITHIN, .area = t.gemeente, .level = WIJK_BUURT};
    draw(&t, &figure, &map, 0); /* borders only */
    assert_int_equal(figure.columns, 1);
    map.indicator = t.share;
    map.period = 1999; /* a year without figures */
    style.width = 320;
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map), 0);
    check_figure(&figure);
    map.period = 0;
    map.level = WIJK_WIJK; /* one area, no figure */
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map), 0);
    check_figure(&figure);
    map.indicator = t.urban;
    map.level = WIJK_BUURT;
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map), 0);
    check_figure(&figure);
    map.indicator = 987654;
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map),
                     WIJK_ENOTFOUND);
    map.indicator = t.share;
    map.level = WIJK_PC4; /* none there */
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map),
                     WIJK_ENOTFOUND);
    map.area = 424242;
    assert_int_equal(wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map),
                     WIJK_ENOTFOUND);
    int(*periods)[2];
    size_t count;
    assert_int_equal(wijk_map_periods(&periods, &count, t.store, t.arena, t.share, WIJK_BUURT), 0);
    assert_int_equal(count, 1);
    assert_int_equal(periods[0][0], 2024);
    assert_int_equal(periods[0][1], 2024);
    assert_int_equal(wijk_map_periods(&periods, &count, t.store, t.arena, t.share, WIJK_PC4), 0);
    assert_int_equal(count, 0);
    wijk_figure_free(&figure);
    town_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantile_classes),
        cmocka_unit_test(test_quantile_classes_random),
        cmocka_unit_test(test_diverging_classes),
        cmocka_unit_test(test_publishers_classes),
        cmocka_unit_test(test_within),
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_country_grouped),
        cmocka_unit_test(test_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
