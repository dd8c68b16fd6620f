/* A registry held whole: cells as pointers into one arena, row by row. Small by nature (some
 * thousands of cells), so lookups by column name are linear in the header. */
#include "wijk/table.h"

#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

struct wijk_table {
    wijk_arena *arena;
    const char **cells; /* header first, then rows */
    size_t columns, rows, room;
};

static int keep_row(wijk_table *table, const wijk_cell *cells, size_t count)
{
    size_t used = table->columns * (table->rows + 1);
    if (used + count > table->room) {
        size_t room = table->room ? table->room * 2 : 1024;
        room = room < used + count ? used + count : room;
        const char **bigger = wijk_realloc(table->cells, room * sizeof *bigger);
        if (!bigger) {
            return WIJK_ENOMEM;
        }
        table->cells = bigger;
        table->room = room;
    }
    for (size_t i = 0; i < count; i++) {
        table->cells[used + i] = wijk_arena_strndup(table->arena, cells[i].text, cells[i].size);
        if (!table->cells[used + i]) {
            return WIJK_ENOMEM;
        }
    }
    return WIJK_OK;
}

static int read_rows(wijk_table *table, wijk_csv *csv, const char *what)
{
    const wijk_cell *cells;
    size_t count;
    int rc = wijk_csv_next(csv, &cells, &count);
    if (rc != 1) {
        return rc < 0 ? rc
                      : wijk_fail(WIJK_EFORMAT, "%s is leeg; er wordt een kopregel verwacht.",
                                  "%s is empty; a header row is expected.", what);
    }
    /* While the header is kept, `columns` is still 0, so it lands at the front. */
    rc = keep_row(table, cells, count);
    table->columns = count;
    while (!rc && (rc = wijk_csv_next(csv, &cells, &count)) == 1) {
        if (count != table->columns) {
            return wijk_fail(WIJK_EFORMAT, "%s, regel %zu: %zu cellen, de kop heeft er %zu.",
                             "%s, line %zu: %zu cells, the header has %zu.", what,
                             wijk_csv_line(csv), count, table->columns);
        }
        rc = keep_row(table, cells, count);
        table->rows++;
    }
    return rc;
}

int wijk_table_bytes(wijk_table **out, const void *bytes, size_t size, const char *what)
{
    *out = NULL;
    wijk_csv *csv = NULL;
    wijk_table *table = wijk_alloc(sizeof *table);
    if (!table) {
        return WIJK_ENOMEM;
    }
    int rc = wijk_arena_new(&table->arena, 0);
    rc = rc ? rc : wijk_csv_new_bytes(&csv, bytes, size, what);
    rc = rc ? rc : read_rows(table, csv, what);
    wijk_csv_free(csv);
    if (rc) {
        wijk_table_free(table);
        return rc;
    }
    *out = table;
    return WIJK_OK;
}

int wijk_table_asset(wijk_table **out, const char *path)
{
    size_t size = 0;
    const char *bytes = wijk_asset_get(path, &size);
    *out = NULL;
    return bytes ? wijk_table_bytes(out, bytes, size, path)
                 : wijk_fail(WIJK_ENOTFOUND, "Dit programma bevat geen %s.",
                             "This program contains no %s.", path);
}

void wijk_table_free(wijk_table *table)
{
    if (table) {
        wijk_arena_free(table->arena);
        wijk_free(table->cells);
        wijk_free(table);
    }
}

size_t wijk_table_rows(const wijk_table *table)
{
    return table->rows;
}

size_t wijk_table_columns(const wijk_table *table)
{
    return table->columns;
}

const char *wijk_table_header(const wijk_table *table, size_t column)
{
    return column < table->columns ? table->cells[column] : "";
}

int wijk_table_column(const wijk_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (!strcmp(table->cells[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

const char *wijk_table_at(const wijk_table *table, size_t row, int column)
{
    if (row >= table->rows || column < 0 || (size_t)column >= table->columns) {
        return "";
    }
    return table->cells[(row + 1) * table->columns + (size_t)column];
}

const char *wijk_table_get(const wijk_table *table, size_t row, const char *column)
{
    return wijk_table_at(table, row, wijk_table_column(table, column));
}

long wijk_table_find(const wijk_table *table, const char *column, const char *value)
{
    int at = wijk_table_column(table, column);
    for (size_t row = 0; at >= 0 && row < table->rows; row++) {
        if (!strcmp(wijk_table_at(table, row, at), value)) {
            return (long)row;
        }
    }
    return -1;
}

double wijk_table_number(const wijk_table *table, size_t row, const char *column, double otherwise)
{
    const char *text = wijk_table_get(table, row, column);
    double value;
    return wijk_csv_number(&value, text, strlen(text), '.') ? value : otherwise;
}
