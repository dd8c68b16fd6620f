/* Charts, the tools under them, and their way to PNG and PDF: true distances, no labels over each
 * other, gaps that stay gaps, and nothing that breaks on hostile or empty input. */
#include "figure_check.h"

#include "figure/svg.h"

#include <math.h>

static const char *const hostile = "<script>\"'&amp;]]>--> \x01\x1f\xff\xfe\xc3( \xed\xa0\x80 "
                                   "\xef\xbf\xbf {0} %s%n \xf0\x9f\x8f\xa0";

typedef struct {
    wijk_arena *arena;
    wijk_figure figure;
    wijk_figure_style style;
} desk;

static int set_up(void **state)
{
    static desk d;
    d = (desk){.figure = WIJK_FIGURE_INIT, .style = {.lang = WIJK_NL, .id = "t"}};
    assert_int_equal(wijk_arena_new(&d.arena, 0), 0);
    *state = &d;
    return 0;
}

static int tear_down(void **state)
{
    desk *d = *state;
    wijk_figure_free(&d->figure);
    wijk_arena_free(d->arena);
    return 0;
}

/* ---- tools ------------------------------------------------------------------------------- */

static void test_escape(void **state)
{
    (void)state;
    wijk_str out = WIJK_STR_INIT;
    wijk_svg_escape(&out, "a<b>&\"c\" \xc3\xa9\x01\xff\xe2\x82");
    assert_string_equal(wijk_str_text(&out), "a&lt;b&gt;&amp;&quot;c&quot; \xc3\xa9"
                                             "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    wijk_str_clear(&out);
    static const double numbers[] = {12, 12.5, -0.25, 0.004, -0.004, NAN, INFINITY, 1e300, 3.14159};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        wijk_svg_num(&out, numbers[i]);
        wijk_str_addc(&out, ' ');
    }
    assert_string_equal(wijk_str_text(&out), "12 12.5 -0.25 0 0 0 0 0 3.14 ");
    wijk_str_free(&out);
}

static void test_ticks(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 20000; round++) {
        double low = (rand_r(&seed) % 20001 - 10000) * pow(10, rand_r(&seed) % 12 - 8);
        double high = low + rand_r(&seed) % 1000 * pow(10, rand_r(&seed) % 12 - 8);
        int want = 2 + rand_r(&seed) % 7;
        wijk_ticks ticks;
        wijk_ticks_make(&ticks, low, high, want);
        double slack = ticks.step * 1e-6;
        assert_in_range(ticks.count, 2, 62);
        assert_true(wijk_ticks_at(&ticks, 0) <= low + slack);
        assert_true(wijk_ticks_at(&ticks, ticks.count - 1) >= high - slack);
        /* Neighbours differ in the decimals that are shown. */
        char a[400], b[400];
        snprintf(a, sizeof a, "%.*f", ticks.decimals, wijk_ticks_at(&ticks, 0));
        snprintf(b, sizeof b, "%.*f", ticks.decimals, wijk_ticks_at(&ticks, 1));
        assert_string_not_equal(a, b);
    }
    wijk_ticks ticks;
    wijk_ticks_make(&ticks, NAN, INFINITY, 5);
    assert_true(isfinite(ticks.first) && ticks.step > 0);
    wijk_ticks_make(&ticks, 0, 100, 5);
    assert_true(ticks.step == 20);
    assert_int_equal(ticks.decimals, 0);
}

static void test_labels_apart(void **state)
{
    (void)state;
    unsigned seed = 3;
    for (int round = 0; round < 20000; round++) {
        double y[12], wish[12], h[12], sum = 0;
        size_t n = 1 + (size_t)rand_r(&seed) % 12;
        for (size_t i = 0; i < n; i++) {
            wish[i] = y[i] = rand_r(&seed) % 3000 / 10.0 - 50;
            h[i] = 10 + rand_r(&seed) % 30;
            sum += h[i];
        }
        double top = 0, bottom = sum + rand_r(&seed) % 100;
        wijk_spread_labels(y, h, n, top, bottom);
        for (size_t i = 0; i < n; i++) {
            assert_true(y[i] - h[i] / 2 >= top - 1e-6 && y[i] + h[i] / 2 <= bottom + 1e-6);
            for (size_t j = 0; j < n; j++) {
                assert_true(i == j || fabs(y[i] - y[j]) >= (h[i] + h[j]) / 2 - 1e-6);
                assert_true(wish[i] >= wish[j] || y[i] < y[j]); /* in the order of the wishes */
            }
        }
    }
    double alone = 40, height = 20;
    wijk_spread_labels(&alone, &height, 1, 0, 100);
    assert_true(alone == 40); /* no move without need */
}

static void test_wrap(void **state)
{
    desk *d = *state;
    const char *rows[4];
    size_t n = wijk_svg_wrap(rows, 4, d->arena, "Slotermeer-Noordoost en omgeving", 12, 0, 90);
    assert_int_equal(n, 3);
    assert_string_equal(rows[0], "Slotermeer-");
    for (size_t i = 0; i < n; i++) {
        assert_true(wijk_svg_width(rows[i], 12, 0) <= 90);
    }
    n = wijk_svg_wrap(rows, 2, d->arena, "een twee drie vier vijf zes zeven acht negen", 12, 0, 60);
    assert_int_equal(n, 2);
    assert_non_null(strstr(rows[1], "…"));
    assert_true(wijk_svg_width(rows[1], 12, 0) <= 60);
    assert_int_equal(wijk_svg_wrap(rows, 4, d->arena, "", 12, 0, 60), 0);
    assert_true(wijk_svg_wrap(rows, 4, d->arena, "\xc3\xa9\xc3\xa9\xc3\xa9", 12, 0, 1) <= 4);
}

/* ---- lines ------------------------------------------------------------------------------- */

typedef struct {
    double x[64], y[64], text_y[64];
    size_t dots, texts, years;
    double year_x[64];
    int year[64];
    const char *reading;
} geometry;

static void read_geometry(void *payload, const char *name, const char **attributes,
                          const char *classes)
{
    geometry *g = payload;
    if (!strcmp(name, "circle") && strstr(classes, " dot-self ") && g->dots < 64) {
        g->x[g->dots] = atof(attribute(attributes, "cx"));
        g->y[g->dots++] = atof(attribute(attributes, "cy"));
    }
    if (!strcmp(name, "text") && strstr(classes, "label-") && g->texts < 64) {
        g->text_y[g->texts++] = atof(attribute(attributes, "y"));
    }
}

static wijk_line_chart chart_of(const wijk_chart_line *lines, size_t count)
{
    return (wijk_line_chart){.title = "Titel",
                             .unit = "euro",
                             .source = "Bron",
                             .decimals = 1,
                             .lines = lines,
                             .count = count,
                             .reference = NAN};
}

static void test_true_distance(void **state)
{
    desk *d = *state;
    wijk_point points[] = {{2002, 10, NAN, NAN, 0},
                           {2008, 20, NAN, NAN, 0},
                           {2012, 30, NAN, NAN, 0},
                           {2014, 15, NAN, NAN, 0}};
    wijk_chart_line line = {"Hier", WIJK_LINE_SELF, points, 4, 0};
    wijk_line_chart chart = chart_of(&line, 1);
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
    geometry g = {0};
    check_svg(&d->figure.svg, read_geometry, &g);
    assert_int_equal(g.dots, 4);
    double year = (g.x[3] - g.x[0]) / 12;
    assert_true(year > 10);
    assert_true(fabs(g.x[1] - g.x[0] - 6 * year) < 0.02);
    assert_true(fabs(g.x[2] - g.x[1] - 4 * year) < 0.02);
    /* Equal steps up are equal distances; more is higher. */
    assert_true(fabs((g.y[0] - g.y[1]) - (g.y[1] - g.y[2])) < 0.02 && g.y[0] > g.y[1]);
    assert_string_equal(d->figure.message, "Hier ging van 10,0 in 2002 naar 15,0 in 2014.");
    assert_int_equal(d->figure.rows, 4);
    assert_string_equal(d->figure.cells[0], "2002");
    assert_string_equal(d->figure.cells[1], "10,0");
}

static size_t times(const wijk_str *svg, const char *what)
{
    size_t count = 0;
    for (const char *at = wijk_str_text(svg); (at = strstr(at, what)); at++) {
        count++;
    }
    return count;
}

/* How often the pen is put down (M) and how many pieces it draws (L) in the path after `begin`. */
static void check_pen(const wijk_str *svg, const char *begin, int down, int pieces)
{
    const char *at = strstr(wijk_str_text(svg), begin);
    assert_non_null(at);
    for (at += strlen(begin); *at != '"'; at++) {
        down -= *at == 'M';
        pieces -= *at == 'L';
    }
    assert_int_equal(down, 0);
    assert_int_equal(pieces, 0);
}

static void test_gaps_and_grey(void **state)
{
    desk *d = *state;
    wijk_point points[] = {{2010, 1, 0, 2, 0},     {2011, 2, 1, 3, 0},     {2012, NAN, NAN, NAN, 0},
                           {2013, 2, NAN, NAN, 0}, {2014, 3, NAN, NAN, 1}, {2015, 3, NAN, NAN, 0}};
    wijk_chart_line line = {"Hier", WIJK_LINE_SELF, points, 6, 0};
    wijk_line_chart chart = chart_of(&line, 1);
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
    /* Sure: only 2010-2011. Dotted: to and from 2014. Across 2012 there is nothing. */
    check_pen(&d->figure.svg, "class=\"line line-self\" d=\"", 1, 1);
    check_pen(&d->figure.svg, "class=\"line line-grey\" d=\"", 1, 2);
    assert_int_equal(times(&d->figure.svg, "dot-grey"), 2); /* the point and its key */
    assert_int_equal(times(&d->figure.svg, "class=\"band\""), 2);
    assert_non_null(strstr(d->figure.cells[2 * 3 + 1], "onbetrouwbaar"));
    assert_string_equal(d->figure.cells[2 * 0 + 1], "1,0 (0,0 tot 2,0)");
    /* Bands that touch: the sentence says that nothing is shown to have changed. */
    wijk_point noisy[] = {{2010, 1, 0, 2, 0}, {2020, 1.5, 0.5, 2.5, 0}};
    line = (wijk_chart_line){"Hier", WIJK_LINE_SELF, noisy, 2, 0};
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    assert_non_null(strstr(d->figure.message, "marge"));
    noisy[1] = (wijk_point){2020, 9, 8, 10, 0};
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    assert_null(strstr(d->figure.message, "marge"));
}

/* End labels of lines that end at nearly the same value, in widths from phone to desk. */
static void test_end_labels(void **state)
{
    desk *d = *state;
    unsigned seed = 5;
    for (int round = 0; round < 60; round++) {
        wijk_point points[8][2];
        wijk_chart_line lines[8];
        size_t n = 1 + (size_t)rand_r(&seed) % 8;
        for (size_t i = 0; i < n; i++) {
            points[i][0] = (wijk_point){2000, rand_r(&seed) % 100, NAN, NAN, 0};
            points[i][1] = (wijk_point){2020, 50 + rand_r(&seed) % 3, NAN, NAN, 0};
            lines[i] = (wijk_chart_line){"Een lange naam van een gebied ver weg",
                                         (enum wijk_line_role)(i % 4), points[i], 2, 0};
        }
        wijk_line_chart chart = chart_of(lines, n);
        d->style.width = 280 + rand_r(&seed) % 500;
        assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
        geometry g = {0};
        check_svg(&d->figure.svg, read_geometry, &g);
        assert_true(g.texts >= n);
        for (size_t i = 0; i < g.texts; i++) {
            assert_true(g.text_y[i] > 0 && g.text_y[i] <= d->figure.height);
            for (size_t j = 0; j < i; j++) {
                assert_true(fabs(g.text_y[i] - g.text_y[j]) > 13);
            }
        }
        wijk_arena_reset(d->arena);
    }
}

static void test_editions_apart(void **state)
{
    desk *d = *state;
    wijk_point old[] = {{2012, 1, NAN, NAN, 0}, {2014, 2, NAN, NAN, 0}};
    wijk_point now[] = {{2016, 5, NAN, NAN, 0}, {2018, 6, NAN, NAN, 0}};
    wijk_chart_line lines[] = {{"Hier", WIJK_LINE_SELF, old, 2, 2},
                               {"Hier", WIJK_LINE_SELF, now, 2, 3}};
    wijk_line_chart chart = chart_of(lines, 2);
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
    assert_int_equal(times(&d->figure.svg, "class=\"line line-self\""), 2); /* never one line */
    assert_non_null(strstr(wijk_str_text(&d->figure.svg), "sluiten niet"));
}

static void test_lines_degenerate(void **state)
{
    desk *d = *state;
    wijk_point odd[] = {{NAN, 1, 1, 1, 0},  {2010, INFINITY, 0, 1, 0}, {2011, 5, NAN, INFINITY, 1},
                        {2011, 5, 9, 1, 0}, {2012, 5, 5, 5, 0},        {INFINITY, 1, 2, 3, 0}};
    wijk_point month[] = {{2011 + 3.5 / 12, 2, NAN, NAN, 0}, {2011 + 4.5 / 12, 3, NAN, NAN, 0}};
    wijk_chart_line lines[] = {{hostile, WIJK_LINE_SELF, odd, 6, 0},
                               {hostile, WIJK_LINE_LAND, NULL, 0, 0},
                               {"", WIJK_LINE_SIMILAR, odd + 4, 1, 0}};
    wijk_chart_line monthly = {"Maanden", WIJK_LINE_SELF, month, 2, 0};
    for (int standalone = 0; standalone < 3; standalone++) {
        d->style.standalone = standalone;
        for (size_t count = 0; count <= 3; count++) {
            wijk_line_chart chart = chart_of(lines, count);
            chart.title = chart.unit = chart.source = hostile;
            chart.reference = count ? 3 : NAN;
            chart.ref_name = hostile;
            assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
            check_figure(&d->figure);
            assert_int_equal(
                wijk_figure_panels(&d->figure, d->arena, &d->style, hostile, &chart, 1), 0);
            check_figure(&d->figure);
        }
        assert_int_equal(wijk_figure_panels(&d->figure, d->arena, &d->style, "", NULL, 0), 0);
        check_figure(&d->figure);
    }
    wijk_line_chart chart = chart_of(&monthly, 1);
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    assert_string_equal(d->figure.cells[0], "april 2011");
    wijk_str spark = WIJK_STR_INIT;
    assert_int_equal(wijk_figure_spark(&spark, &d->style, odd, 6, hostile), 0);
    check_svg(&spark, NULL, NULL);
    wijk_str_free(&spark);
    assert_int_equal(wijk_figure_spark(&spark, &d->style, NULL, 0, ""), 0);
    check_svg(&spark, NULL, NULL);
    wijk_str_free(&spark);
}

/* ---- bars, strips, stacks ---------------------------------------------------------------- */

static void read_bars(void *payload, const char *name, const char **attributes, const char *classes)
{
    geometry *g = payload;
    if (!strcmp(name, "rect") && (strstr(classes, " d1 ") || strstr(classes, " d7 "))) {
        double x = atof(attribute(attributes, "x")), w = atof(attribute(attributes, "width"));
        g->x[g->dots] = strstr(classes, " d1 ") ? x : x + w; /* the end away from zero */
        g->y[g->dots++] = strstr(classes, " d1 ") ? x + w : x;
    }
}

static void test_bars(void **state)
{
    desk *d = *state;
    wijk_bar bars[] = {{"A", -0.2, -0.3, -0.1, 0.1, 0},
                       {"B", 0.1, NAN, NAN, NAN, 0},
                       {hostile, 0.05, NAN, NAN, NAN, 1},
                       {"D", NAN, NAN, NAN, 0.1, 0}};
    wijk_bars_chart chart = {.title = "T",
                             .source = "",
                             .self = "Hier",
                             .other = "Ginds",
                             .left = "links",
                             .right = "rechts",
                             .decimals = 2,
                             .bars = bars,
                             .count = 4};
    assert_int_equal(wijk_figure_bars(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
    geometry g = {0};
    check_svg(&d->figure.svg, read_bars, &g);
    assert_int_equal(g.dots, 2);               /* grey is hatched, unknown is not drawn */
    assert_true(fabs(g.y[0] - g.y[1]) < 0.02); /* both begin at zero */
    assert_true(fabs((g.y[0] - g.x[0]) - 2 * (g.x[1] - g.y[1])) < 0.05); /* -0.2 is twice 0.1 */
    assert_non_null(strstr(wijk_str_text(&d->figure.svg), "url(#t-hatch)"));
    assert_non_null(strstr(d->figure.message, "B (0,10)"));
    assert_non_null(strstr(d->figure.message, "A (−0,20)"));
    assert_string_equal(d->figure.cells[3 * 3 + 1], "–");
    chart.count = 0;
    assert_int_equal(wijk_figure_bars(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
    wijk_bar zero = {"nul", 0, NAN, NAN, NAN, 0};
    chart.bars = &zero;
    chart.count = 1;
    assert_int_equal(wijk_figure_bars(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
}

static void test_strips(void **state)
{
    desk *d = *state;
    wijk_strip strips[] = {{.name = "A",
                            .unit = "%",
                            .p10 = 10,
                            .p25 = 20,
                            .p50 = 30,
                            .p75 = 40,
                            .p90 = 50,
                            .self = 35,
                            .low = NAN,
                            .high = NAN,
                            .gemeente = 20,
                            .land = 30},
                           {.name = "B",
                            .unit = "",
                            .p10 = 10,
                            .p25 = 20,
                            .p50 = 30,
                            .p75 = 40,
                            .p90 = 50,
                            .self = 900,
                            .low = 800,
                            .high = 1000,
                            .gemeente = -70,
                            .land = NAN},
                           {.name = hostile,
                            .unit = hostile,
                            .p10 = 5,
                            .p25 = 5,
                            .p50 = 5,
                            .p75 = 5,
                            .p90 = 5,
                            .self = 5,
                            .low = NAN,
                            .high = NAN,
                            .gemeente = NAN,
                            .land = NAN,
                            .grey = 1},
                           {.name = "D",
                            .unit = "",
                            .p10 = NAN,
                            .p50 = NAN,
                            .p90 = NAN,
                            .self = NAN,
                            .low = NAN,
                            .high = NAN,
                            .gemeente = NAN,
                            .land = NAN}};
    wijk_strips_chart chart = {.title = "T",
                               .source = "S",
                               .self = "Hier",
                               .gemeente = "Stad",
                               .land = "Land",
                               .among = "alle buurten",
                               .strips = strips,
                               .count = 4};
    for (d->style.width = 260; d->style.width <= 800; d->style.width += 180) {
        assert_int_equal(wijk_figure_strips(&d->figure, d->arena, &d->style, &chart), 0);
        check_figure(&d->figure);
    }
    assert_non_null(strstr(d->figure.message, "2 van de 3"));
    assert_non_null(strstr(d->figure.message, "B: 900, tegen 30"));
    chart.count = 1; /* inside the middle half */
    assert_int_equal(wijk_figure_strips(&d->figure, d->arena, &d->style, &chart), 0);
    assert_non_null(strstr(d->figure.message, "alle 1 cijfers"));
    chart.count = 0;
    assert_int_equal(wijk_figure_strips(&d->figure, d->arena, &d->style, &chart), 0);
    check_figure(&d->figure);
}

static void read_stack(void *payload, const char *name, const char **attributes,
                       const char *classes)
{
    double *ends = payload;
    const char *y = attribute(attributes, "y"), *x = attribute(attributes, "x");
    if (!strcmp(name, "rect") && y && x && atof(y) < 50 &&
        (strstr(classes, " s") || strstr(classes, " nodata "))) {
        assert_true(fabs(atof(x) - ends[0]) < 0.02); /* one behind the other, without gaps */
        ends[0] = atof(x) + atof(attribute(attributes, "width"));
        ends[1] += 1;
    }
}

static void test_stacks(void **state)
{
    desk *d = *state;
    static const struct {
        double shares[3];
        int unknown;
    } cases[] = {{{20, 30, 50}, 0}, {{20, 30, 49}, 0},   {{20, 30, NAN}, 1},
                 {{60, 30, 14}, 0}, {{-5, 130, NAN}, 0}, {{NAN, NAN, NAN}, 1}};
    const char *segments[] = {"een", hostile, "drie"};
    d->style.width = 400;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wijk_stack stack = {hostile, cases[i].shares, (int)i % 2};
        wijk_stacks_chart chart = {.title = "T",
                                   .source = "S",
                                   .segments = segments,
                                   .segment_count = 3,
                                   .stacks = &stack,
                                   .count = 1};
        double ends[2] = {0, 0};
        assert_int_equal(wijk_figure_stacks(&d->figure, d->arena, &d->style, &chart), 0);
        check_figure(&d->figure);
        check_svg(&d->figure.svg, read_stack, ends);
        assert_true(fabs(ends[0] - 400) < 1);
        assert_int_equal(strstr(wijk_str_text(&d->figure.svg), "onbekend") != NULL,
                         cases[i].unknown);
    }
}

/* ---- style and other forms --------------------------------------------------------------- */

static double linear(int channel)
{
    double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2 contrast of two "#rrggbb". */
static double contrast(const char *a, const char *b)
{
    unsigned p[3], q[3];
    assert_int_equal(sscanf(a, "#%2x%2x%2x", &p[0], &p[1], &p[2]), 3);
    assert_int_equal(sscanf(b, "#%2x%2x%2x", &q[0], &q[1], &q[2]), 3);
    double x = 0.2126 * linear((int)p[0]) + 0.7152 * linear((int)p[1]) + 0.0722 * linear((int)p[2]);
    double y = 0.2126 * linear((int)q[0]) + 0.7152 * linear((int)q[1]) + 0.0722 * linear((int)q[2]);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void colour(char out[8], const char *csv, const char *token, int dark)
{
    char key[24];
    snprintf(key, sizeof key, "\n%s,#", token);
    const char *at = strstr(csv, key);
    assert_non_null(at);
    memcpy(out, at + strlen(key) - 1 + (dark ? 8 : 0), 7);
    out[7] = 0;
}

/* Letters 4.5:1 and marks 3:1 on their ground, in light and dark. */
static void test_contrast(void **state)
{
    (void)state;
    static const struct {
        const char *fore, *back;
        double least;
    } pairs[] = {{"ink", "paper", 4.5},     {"soft", "paper", 4.5},
                 {"self", "paper", 4.5},    {"gemeente", "paper", 4.5},
                 {"similar", "paper", 4.5}, {"land", "paper", 4.5},
                 {"faint", "paper", 3},     {"hatch", "hatchback", 3},
                 {"d1", "paper", 3},        {"d7", "paper", 3},
                 {"on0", "s0", 4.5},        {"on1", "s1", 4.5},
                 {"on0", "s2", 4.5},        {"on1", "s3", 4.5},
                 {"on0", "s4", 4.5},        {"on1", "s5", 4.5},
                 {"on0", "s6", 4.5},        {"s0", "s1", 3},
                 {"s1", "s2", 2.9},         {"s2", "s3", 3},
                 {"s3", "s4", 3},           {"s4", "s5", 3},
                 {"s5", "s6", 3},           {"ink", "sea", 4.5}};
    size_t size;
    const char *csv = wijk_asset_get("data/figure_tokens.csv", &size);
    assert_non_null(csv);
    for (int dark = 0; dark < 2; dark++) {
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            char fore[8], back[8];
            colour(fore, csv, pairs[i].fore, dark);
            colour(back, csv, pairs[i].back, dark);
            if (contrast(fore, back) < pairs[i].least) {
                fail_msg("%s on %s (%s): %.2f", pairs[i].fore, pairs[i].back,
                         dark ? "dark" : "light", contrast(fore, back));
            }
        }
        for (int i = 1; i < 7; i++) { /* lightness runs one way, so it reads without colour */
            char a[8], b[8], c[3] = {'q', (char)('0' + i - 1), 0}, e[3] = {'q', (char)('0' + i), 0};
            char paper[8];
            colour(a, csv, c, dark);
            colour(b, csv, e, dark);
            colour(paper, csv, "paper", dark);
            assert_true(contrast(b, paper) > contrast(a, paper) * 1.1);
        }
    }
}

static void test_css(void **state)
{
    (void)state;
    wijk_str page = WIJK_STR_INIT, file = WIJK_STR_INIT;
    assert_int_equal(wijk_figure_css(&page, 0), 0);
    assert_int_equal(wijk_figure_css(&file, 1), 0);
    assert_null(strchr(wijk_str_text(&page), '$')); /* every token is known */
    assert_null(strchr(wijk_str_text(&file), '$'));
    assert_null(strstr(wijk_str_text(&page), ":;"));
    assert_null(strstr(wijk_str_text(&file), ":}"));
    assert_null(strstr(wijk_str_text(&file), "var("));
    assert_null(strstr(wijk_str_text(&page), "url("));
    assert_non_null(strstr(wijk_str_text(&page), "prefers-color-scheme:dark"));
    wijk_str_free(&page);
    wijk_str_free(&file);
}

static void test_render(void **state)
{
    desk *d = *state;
    wijk_point points[] = {{2010, 1, 0, 2, 0}, {2011, 2, 1, 3, 0}};
    wijk_chart_line line = {hostile, WIJK_LINE_SELF, points, 2, 0};
    wijk_line_chart chart = chart_of(&line, 1);
    d->style.standalone = 1;
    assert_int_equal(wijk_figure_lines(&d->figure, d->arena, &d->style, &chart), 0);
    wijk_str png = WIJK_STR_INIT, pdf = WIJK_STR_INIT;
    const wijk_str *svg = &d->figure.svg;
    assert_int_equal(wijk_render_png(&png, svg->data, svg->size, 640), 0);
    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    const unsigned char *head = (const unsigned char *)png.data + 16;
    assert_int_equal(head[2] << 8 | head[3], 640);
    wijk_str pages[3] = {*svg, *svg, *svg};
    assert_int_equal(wijk_render_pdf(&pdf, pages, 3, hostile), 0);
    assert_memory_equal(pdf.data, "%PDF-", 5);
    assert_non_null(strstr(pdf.data + pdf.size - 8, "EOF"));
    assert_int_equal(wijk_render_pdf(&pdf, pages, 0, ""), WIJK_EINVAL);
    assert_int_equal(wijk_render_png(&png, svg->data, svg->size, 3), WIJK_EINVAL);
    assert_int_equal(wijk_render_png(&png, svg->data, svg->size, 100000), WIJK_EINVAL);
    assert_int_equal(wijk_render_png(&png, "", 0, 100), WIJK_EFORMAT);
    assert_int_equal(wijk_render_png(&png, "<html/>", 7, 100), WIJK_EFORMAT);
    assert_int_equal(wijk_render_png(&png, svg->data, svg->size / 2, 100), WIJK_EFORMAT);
    wijk_str_free(&png);
    wijk_str_free(&pdf);
}

/* Every allocation in turn fails: an error comes back, nothing leaks, and then it works. */
static void test_memory(void **state)
{
    desk *d = *state;
    wijk_point points[] = {{2010, 1, 0, 2, 0}, {2011, 2, 1, 3, 1}};
    wijk_chart_line line = {"Hier", WIJK_LINE_SELF, points, 2, 0};
    wijk_line_chart chart = chart_of(&line, 1);
    d->style.standalone = 1;
    int rc = -1;
    for (long n = 1; rc && n < 5000; n++) {
        wijk_arena *arena = NULL;
        wijk_figure figure = WIJK_FIGURE_INIT;
        assert_int_equal(wijk_arena_new(&arena, 0), 0);
        wijk_alloc_fail_at(n, 1);
        rc = wijk_figure_lines(&figure, arena, &d->style, &chart);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == 0 || rc == WIJK_ENOMEM);
        wijk_figure_free(&figure);
        wijk_arena_free(arena);
    }
    assert_int_equal(rc, 0);
}

#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_labels_apart),
        WITH_DESK(test_wrap),
        WITH_DESK(test_true_distance),
        WITH_DESK(test_gaps_and_grey),
        WITH_DESK(test_end_labels),
        WITH_DESK(test_editions_apart),
        WITH_DESK(test_lines_degenerate),
        WITH_DESK(test_bars),
        WITH_DESK(test_strips),
        WITH_DESK(test_stacks),
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_css),
        WITH_DESK(test_render),
        WITH_DESK(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
