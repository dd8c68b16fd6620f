/* wijk info: what is in the file, for people and (--json) for programs. One query per section;
 * both forms are written from the same rows. */
#include "cli/cmd.h"

#include "wijk/areas.h"
#include "wijk/store.h"
#include "wijk/text.h"

#include <stdio.h>
#include <sys/stat.h>

typedef struct {
    wijk_store *store;
    wijk_lang lang;
    wijk_str *out;
    int json;
    int rows; /* written in this section */
    enum wijk_text_key title;
} report;

static void number(wijk_str *out, wijk_lang lang, int64_t value)
{
    wijk_number(out, lang, (double)value, 0);
}

/* "2012–2024", "2024", or months as "2011-04". */
static void period(wijk_str *out, int64_t value)
{
    if (value > 9999) {
        wijk_str_addf(out, "%d-%02d", (int)(value / 100), (int)(value % 100));
    } else {
        wijk_str_addi(out, value);
    }
}

static void period_range(wijk_str *out, int64_t first, int64_t last)
{
    period(out, first);
    if (last != first) {
        wijk_str_add(out, "–");
        period(out, last);
    }
}

static void json_key(report *to, const char *key)
{
    wijk_str_addf(to->out, "\"%s\":", key);
}

static void json_text(report *to, const char *key, const char *text)
{
    json_key(to, key);
    wijk_str_addq(to->out, text);
    wijk_str_addc(to->out, ',');
}

static void json_int(report *to, const char *key, int64_t value)
{
    json_key(to, key);
    wijk_str_addi(to->out, value);
    wijk_str_addc(to->out, ',');
}

/* The last member of an object leaves a comma behind: here it goes. */
static void json_close(report *to, char bracket)
{
    if (to->out->size && to->out->data[to->out->size - 1] == ',') {
        to->out->size--;
    }
    wijk_str_addc(to->out, bracket);
}

static void json_row(report *to)
{
    wijk_str_add(to->out, to->rows++ ? ",{" : "{");
}

/* A section without rows gets no title either. */
static void line(report *to)
{
    if (!to->rows++) {
        wijk_str_addf(to->out, "\n%s\n", wijk_text(to->lang, to->title));
    }
    wijk_str_add(to->out, "  ");
}

static void begin(report *to, const char *key, enum wijk_text_key title)
{
    to->rows = 0;
    to->title = title;
    if (to->json) {
        json_key(to, key);
        wijk_str_addc(to->out, '[');
    }
}

static void end(report *to)
{
    if (to->json) {
        wijk_str_add(to->out, "],");
    }
}

static int head(report *to)
{
    wijk_store *store = to->store;
    int64_t version = 0, cells = 0, files = 0, fictional = 0;
    struct stat info = {0};
    stat(wijk_store_path(store), &info);
    int rc = wijk_store_version(store, &version);
    rc = rc ? rc
            : wijk_run_int(&cells, wijk_store_sql(store, "SELECT sum(cells_kept) FROM load"), 0);
    rc = rc ? rc : wijk_run_int(&files, wijk_store_sql(store, "SELECT count(*) FROM load"), 0);
    rc = rc ? rc
            : wijk_run_int(&fictional,
                           wijk_store_sql(store, "SELECT value = '1' FROM meta WHERE key = "
                                                 "'fictional'"),
                           0);
    if (rc) {
        return rc;
    }
    if (to->json) {
        json_text(to, "file", wijk_store_path(store));
        json_int(to, "bytes", info.st_size);
        json_int(to, "schema", version);
        json_int(to, "files", files);
        json_int(to, "cells", cells);
        json_key(to, "fictional");
        wijk_str_add(to->out, fictional ? "true," : "false,");
        return WIJK_OK;
    }
    wijk_str_addf(to->out, "%s · ", wijk_store_path(store));
    wijk_number(to->out, to->lang, (double)info.st_size / 1e6, 1);
    wijk_str_addf(to->out, " MB · schema %d · ", (int)version);
    number(to->out, to->lang, cells);
    wijk_str_add(to->out, to->lang == WIJK_EN ? " figures from " : " cijfers uit ");
    number(to->out, to->lang, files);
    wijk_str_add(to->out, to->lang == WIJK_EN ? " files\n" : " bestanden\n");
    if (fictional) {
        wijk_str_addf(to->out, "%s\n", wijk_text(to->lang, T_INFO_FICTIONAL));
    }
    if (!files) {
        wijk_str_addf(to->out, "%s\n", wijk_text(to->lang, T_INFO_EMPTY));
    }
    return WIJK_OK;
}

static void source_json(report *to, wijk_stmt *row)
{
    json_row(to);
    json_text(to, "source", wijk_col_text(row, 0));
    json_text(to, "publisher", wijk_col_text(row, 1));
    json_text(to, "title_nl", wijk_col_text(row, 2));
    json_text(to, "title_en", wijk_col_text(row, 3));
    json_text(to, "licence", wijk_col_text(row, 4));
    json_text(to, "nature", wijk_col_text(row, 5));
    json_text(to, "file", wijk_col_text(row, 6));
    json_text(to, "sha256", wijk_col_text(row, 7));
    json_text(to, "loaded_at", wijk_col_text(row, 8));
    json_int(to, "rows_read", wijk_col_int(row, 9));
    json_int(to, "rows_kept", wijk_col_int(row, 10));
    json_int(to, "cells_kept", wijk_col_int(row, 11));
    json_key(to, "superseded");
    wijk_str_add(to->out, wijk_col_null(row, 12) ? "false" : "true");
    wijk_str_addc(to->out, '}');
}

static void source_line(report *to, wijk_stmt *row)
{
    line(to);
    wijk_str_addf(to->out, "%s · %s (%s)\n      %s · ", wijk_col_text(row, 1),
                  wijk_col_text(row, to->lang == WIJK_EN ? 3 : 2), wijk_col_text(row, 0),
                  wijk_col_text(row, 6));
    number(to->out, to->lang, wijk_col_int(row, 10));
    wijk_str_add(to->out, to->lang == WIJK_EN ? " rows · " : " rijen · ");
    number(to->out, to->lang, wijk_col_int(row, 11));
    wijk_str_addf(to->out, "%s · %.10s", to->lang == WIJK_EN ? " figures" : " cijfers",
                  wijk_col_text(row, 8));
    if (!wijk_col_null(row, 12)) {
        wijk_str_addf(to->out, " · %s", wijk_text(to->lang, T_INFO_SUPERSEDED));
    }
    wijk_str_addc(to->out, '\n');
}

static int sources(report *to)
{
    begin(to, "sources", T_INFO_SOURCES);
    wijk_stmt *row = wijk_store_sql(
        to->store,
        "SELECT s.code, s.publisher, s.title_nl, s.title_en, s.licence, s.nature, l.file, l.sha256,"
        " l.loaded_at, l.rows_read, l.rows_kept, l.cells_kept, l.superseded_by"
        " FROM load l JOIN source s ON s.id = l.source_id ORDER BY s.publisher, s.code, l.id");
    int rc;
    while ((rc = wijk_step(row)) == 1) {
        if (to->json) {
            source_json(to, row);
        } else {
            source_line(to, row);
        }
    }
    end(to);
    return rc;
}

static void layer_json(report *to, wijk_stmt *row)
{
    json_row(to);
    json_text(to, "level", wijk_level_word((enum wijk_level)wijk_col_int(row, 0)));
    json_int(to, "vintage", wijk_col_int(row, 1));
    json_int(to, "areas", wijk_col_int(row, 2));
    json_int(to, "with_shape", wijk_col_int(row, 3));
    json_int(to, "indicators", wijk_col_int(row, 4));
    if (!wijk_col_null(row, 5)) {
        json_int(to, "first_period", wijk_col_int(row, 5));
        json_int(to, "last_period", wijk_col_int(row, 6));
    }
    json_close(to, '}');
}

static void layer_line(report *to, wijk_stmt *row)
{
    int en = to->lang == WIJK_EN;
    line(to);
    wijk_str_addf(to->out, "%-9s %d  ", wijk_level_word((enum wijk_level)wijk_col_int(row, 0)),
                  (int)wijk_col_int(row, 1));
    number(to->out, to->lang, wijk_col_int(row, 2));
    int one = wijk_col_int(row, 2) == 1;
    wijk_str_add(to->out, en ? (one ? " area, " : " areas, ") : one ? " gebied, " : " gebieden, ");
    number(to->out, to->lang, wijk_col_int(row, 3));
    wijk_str_add(to->out, en ? " with a border" : " met grens");
    if (wijk_col_int(row, 4)) {
        wijk_str_add(to->out, "; ");
        number(to->out, to->lang, wijk_col_int(row, 4));
        wijk_str_add(to->out, en ? " kinds of figures, " : " soorten cijfers, ");
        period_range(to->out, wijk_col_int(row, 5), wijk_col_int(row, 6));
    }
    wijk_str_addc(to->out, '\n');
}

static int layers(report *to)
{
    begin(to, "layers", T_INFO_AREAS);
    /* Months (201104) count as their year in the range of periods. */
    wijk_stmt *row = wijk_store_sql(
        to->store,
        "SELECT a.level, a.vintage, count(*), count(s.area_id),"
        " (SELECT count(DISTINCT indicator_id) FROM series t WHERE t.level = a.level AND t.vintage "
        "= a.vintage),"
        " (SELECT min(iif(period > 9999, period / 100, period)) FROM series t WHERE t.level = "
        "a.level AND t.vintage = a.vintage),"
        " (SELECT max(iif(period > 9999, period / 100, period)) FROM series t WHERE t.level = "
        "a.level AND t.vintage = a.vintage)"
        " FROM area a LEFT JOIN area_shape s ON s.area_id = a.id"
        " GROUP BY a.level, a.vintage ORDER BY a.level, a.vintage");
    int rc;
    while ((rc = wijk_step(row)) == 1) {
        if (to->json) {
            layer_json(to, row);
        } else {
            layer_line(to, row);
        }
    }
    end(to);
    return rc;
}

static void indicator_json(report *to, wijk_stmt *row)
{
    json_row(to);
    json_text(to, "code", wijk_col_text(row, 0));
    json_text(to, "theme", wijk_col_text(row, 1));
    json_text(to, "nl", wijk_col_text(row, 2));
    json_text(to, "en", wijk_col_text(row, 3));
    json_text(to, "unit", wijk_col_text(row, 4));
    json_int(to, "first_period", wijk_col_int(row, 5));
    json_int(to, "last_period", wijk_col_int(row, 6));
    json_int(to, "areas", wijk_col_int(row, 7));
    json_close(to, '}');
}

static void indicator_line(report *to, wijk_stmt *row)
{
    line(to);
    wijk_str_addf(to->out, "%-28s %s, ", wijk_col_text(row, 0),
                  wijk_col_text(row, to->lang == WIJK_EN ? 3 : 2));
    period_range(to->out, wijk_col_int(row, 5), wijk_col_int(row, 6));
    wijk_str_addc(to->out, '\n');
}

static int indicators(report *to)
{
    begin(to, "indicators", T_INFO_INDICATORS);
    wijk_stmt *row = wijk_store_sql(
        to->store, "SELECT i.code, i.theme, i.nl, i.en, i.unit, min(t.period), max(t.period),"
                   " max(t.areas) FROM series t JOIN indicator i ON i.id = t.indicator_id"
                   " GROUP BY i.id ORDER BY i.id");
    int rc;
    while ((rc = wijk_step(row)) == 1) {
        if (to->json) {
            indicator_json(to, row);
        } else {
            indicator_line(to, row);
        }
    }
    end(to);
    return rc;
}

int cmd_info(int argc, char **argv, wijk_lang lang)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_READ);
    if (rc) {
        return rc;
    }
    wijk_str out = WIJK_STR_INIT;
    report to = {store, lang, &out, cmd_flag(argc, argv, "json"), 0, T_COUNT};
    if (to.json) {
        wijk_str_addc(&out, '{');
    }
    rc = wijk_begin_read(store);
    rc = rc ? rc : head(&to);
    rc = rc ? rc : sources(&to);
    rc = rc ? rc : layers(&to);
    rc = rc ? rc : indicators(&to);
    wijk_end_read(store);
    if (to.json) {
        json_close(&to, '}');
        wijk_str_addc(&out, '\n');
    }
    rc = rc ? rc : wijk_str_status(&out);
    if (!rc) {
        fwrite(out.data, 1, out.size, stdout);
    }
    wijk_str_free(&out);
    wijk_store_close(store);
    return rc;
}
