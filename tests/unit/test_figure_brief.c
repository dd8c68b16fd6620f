/* Every figure of every area of the invented gemeente, in both languages, and the printed brief:
 * what the page, the command line and the printer will ask for, on a whole file. */
#include "figure_check.h"

#include "wijk/town.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct {
    char path[256];
    wijk_store *store;
    wijk_registry *registry;
    wijk_arena *arena;
} town;

static town t;

static int set_up(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_TMP");
    snprintf(t.path, sizeof t.path, "%s/figure_brief_%d.wijk", folder ? folder : "/tmp",
             (int)getpid());
    unlink(t.path);
    assert_int_equal(wijk_town_create(t.path, NULL), 0);
    assert_int_equal(wijk_store_open(&t.store, t.path, WIJK_STORE_READ), 0);
    assert_int_equal(wijk_registry_open(&t.registry, t.store), 0);
    assert_int_equal(wijk_arena_new(&t.arena, 0), 0);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    (void)state;
    wijk_arena_free(t.arena);
    wijk_registry_free(t.registry);
    wijk_store_close(t.store);
    for (size_t i = 0; i < 4; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s%s", t.path, ends[i]);
        unlink(path);
    }
    return 0;
}

static size_t ids_of(int64_t *out, size_t most, enum wijk_level level)
{
    size_t count = 0;
    wijk_stmt *stmt = wijk_store_sql(t.store, "SELECT id FROM area WHERE level=?1 AND vintage="
                                              "(SELECT max(vintage) FROM area WHERE level=?1) "
                                              "ORDER BY code");
    wijk_bind_int(stmt, 1, level);
    while (count < most && wijk_step(stmt) == 1) {
        out[count++] = wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    return count;
}

static int drawn(wijk_figure *figure, int rc)
{
    if (rc) {
        assert_int_equal(rc, WIJK_ENOTFOUND);
        return 0;
    }
    check_figure(figure);
    return 1;
}

/* How many of the seven kinds of picture exist for the area. */
static int draw_all(wijk_figure *figure, int64_t area, const wijk_figure_style *style)
{
    wijk_portrait p;
    assert_int_equal(wijk_portrait_get(&p, t.store, t.registry, t.arena, area, style->lang), 0);
    int count = drawn(figure, wijk_picture_livability(figure, t.arena, style, &p));
    count += drawn(figure, wijk_picture_parts(figure, t.arena, style, &p));
    count += drawn(figure, wijk_picture_part_panels(figure, t.arena, style, &p));
    count += drawn(figure, wijk_picture_glance(figure, t.arena, style, &p));
    count += drawn(figure, wijk_picture_shares(figure, t.arena, style, &p, "tenure"));
    count += drawn(figure, wijk_picture_shares(figure, t.arena, style, &p, "age"));
    int histories = 0;
    for (size_t i = 0; i < p.line_count; i++) {
        histories += drawn(figure, wijk_picture_history(figure, t.arena, style, &p, &p.lines[i]));
    }
    return count + (histories > 0);
}

static void test_every_area(void **state)
{
    (void)state;
    int64_t ids[100];
    wijk_figure figure = WIJK_FIGURE_INIT;
    for (int level = WIJK_GEMEENTE; level <= WIJK_BUURT; level++) {
        size_t count = ids_of(ids, 100, (enum wijk_level)level);
        int most = 0;
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++) {
            const wijk_figure_style style = {.lang = i % 2 ? WIJK_EN : WIJK_NL,
                                             .standalone = (int)i % 3,
                                             .width = i % 4 ? 480 : 320,
                                             .id = "a"};
            int kinds = draw_all(&figure, ids[i], &style);
            most = kinds > most ? kinds : most;
            const wijk_map map = {.kind = WIJK_MAP_AROUND,
                                  .area = ids[i],
                                  .indicator =
                                      wijk_indicator_by_code(t.registry, "population")->id};
            assert_true(drawn(
                &figure, wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &map)));
            wijk_arena_reset(t.arena);
        }
        assert_true(most >= 4);
    }
    wijk_figure_free(&figure);
}

/* Every indicator that has values can be put on the map of the gemeente and of its country. */
static void test_every_indicator(void **state)
{
    (void)state;
    int64_t gemeente = 0;
    size_t mapped = 0;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = WIJK_NL};
    assert_int_equal(ids_of(&gemeente, 1, WIJK_GEMEENTE), 1);
    for (size_t i = 0; i < wijk_indicator_count(t.registry); i++) {
        const wijk_indicator *indicator = wijk_indicator_at(t.registry, i);
        size_t count = 0;
        wijk_series_of(&count, t.registry, indicator->id);
        if (!count) {
            continue;
        }
        const wijk_map within = {.kind = WIJK_MAP_WITHIN,
                                 .area = gemeente,
                                 .level = WIJK_BUURT,
                                 .indicator = indicator->id};
        const wijk_map country = {
            .kind = WIJK_MAP_COUNTRY, .level = WIJK_WIJK, .indicator = indicator->id};
        mapped += (size_t)drawn(
            &figure, wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &within));
        drawn(&figure, wijk_figure_map(&figure, t.store, t.registry, t.arena, &style, &country));
        wijk_arena_reset(t.arena);
    }
    assert_true(mapped > 20);
    wijk_figure_free(&figure);
}

static void expect_two_pages(const wijk_str *pdf)
{
    char path[300], command[400], line[200];
    int pages = -1;
    if (system("command -v pdfinfo >/dev/null 2>&1")) {
        printf("pdfinfo is not here: the number of pages is not checked\n");
        return;
    }
    snprintf(path, sizeof path, "%s.pdf", t.path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(pdf->data, 1, pdf->size, file), pdf->size);
    fclose(file);
    snprintf(command, sizeof command, "pdfinfo '%s'", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe)) {
        sscanf(line, "Pages: %d", &pages);
        if (!strncmp(line, "Page size:", 10)) {
            assert_non_null(strstr(line, "A4"));
        }
    }
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
    assert_int_equal(pages, 2);
}

static void test_brief(void **state)
{
    (void)state;
    int64_t ids[100];
    for (int level = WIJK_GEMEENTE; level <= WIJK_BUURT; level++) {
        assert_true(ids_of(ids, 100, (enum wijk_level)level) > 0);
        wijk_portrait p;
        wijk_str pdf = WIJK_STR_INIT;
        assert_int_equal(wijk_portrait_get(&p, t.store, t.registry, t.arena, ids[0],
                                           level % 2 ? WIJK_NL : WIJK_EN),
                         0);
        assert_int_equal(wijk_brief_pdf(&pdf, t.store, t.registry, &p), 0);
        assert_true(pdf.size > 10000);
        assert_memory_equal(pdf.data, "%PDF-", 5);
        expect_two_pages(&pdf);
        wijk_str_free(&pdf);
        wijk_arena_reset(t.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_area),
        cmocka_unit_test(test_every_indicator),
        cmocka_unit_test(test_brief),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
