/* Anybody's published table as cells: which marks publishers use for a figure that they withhold.
 * The rounding itself cannot be seen in a table, so whoever reads it says what it is. */
#include "wijk/rounding_read.h"

#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_GROUPS = 255 }; /* and the rest */

typedef struct {
    wijk_table *table;
    const char *what;
    const wijk_rounding_columns *columns;
    int column[MOST_GROUPS];
    size_t groups;
    int total;
} reading;

static int find_column(int *out, const reading *r, const char *name)
{
    *out = wijk_table_column(r->table, name);
    return *out >= 0 ? WIJK_OK
                     : wijk_fail(WIJK_EINVAL, "%s heeft geen kolom \"%s\".",
                                 "%s has no column \"%s\".", r->what, name);
}

static int find_columns(reading *r)
{
    int rc = WIJK_OK;
    r->total = -1;
    for (const char *at = r->columns->groups; !rc && at && *at;) {
        size_t size = strcspn(at, ",");
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(size < 255 ? size : 255), at);
        rc = r->groups < MOST_GROUPS ? find_column(&r->column[r->groups++], r, name)
                                     : wijk_fail(WIJK_ELIMIT, "Meer dan %d groepen.",
                                                 "More than %d groups.", MOST_GROUPS);
        at += size + (at[size] == ',');
    }
    if (!rc && r->groups == 0) {
        rc = wijk_fail(WIJK_EINVAL, "Noem de groepskolommen: --groups a,b,c.",
                       "Name the group columns: --groups a,b,c.");
    }
    if (!rc && r->columns->total) {
        rc = find_column(&r->total, r, r->columns->total);
    }
    if (!rc && r->total < 0 && (r->columns->percent || r->columns->rest)) {
        rc = wijk_fail(WIJK_EINVAL, "Noem ook de kolom met het totaal: --total KOLOM.",
                       "Name the column with the total too: --total COLUMN.");
    }
    return rc;
}

/* 1 when the text says that the figure is withheld; *most is its bound. */
static int is_withheld(double *most, const char *text, double otherwise)
{
    static const char *const marks[] = {"", ".", "x", "X", "*", "NA", "-99997"};
    *most = otherwise;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strcmp(text, marks[i]) == 0) {
            return 1;
        }
    }
    double bound;
    if (text[0] == '<' && wijk_csv_number(&bound, text + 1, strlen(text + 1), '.')) {
        *most = fmax(0, ceil(bound) - 1);
        return 1;
    }
    return 0;
}

static int read_cell(wijk_published *out, const reading *r, size_t row, int column, int percent)
{
    const wijk_rounding_columns *c = r->columns;
    const char *text = wijk_table_at(r->table, row, column);
    size_t size = strlen(text);
    double value = 0, most;
    if (is_withheld(&most, text, !percent && c->least > 0 ? c->least - 1 : INFINITY)) {
        *out = wijk_published_withheld(most);
        return WIJK_OK;
    }
    if (strcmp(text, "-") != 0 && !wijk_csv_number(&value, text, size, '.') &&
        !wijk_csv_number(&value, text, size, ',')) {
        return wijk_fail(WIJK_EFORMAT, "%s, rij %zu, kolom %s: \"%.40s\" is geen getal.",
                         "%s, row %zu, column %s: \"%.40s\" is not a number.", r->what, row + 2,
                         wijk_table_header(r->table, (size_t)column), text);
    }
    if (value < 0 || (percent && value > 100)) {
        return wijk_fail(WIJK_EFORMAT, "%s, rij %zu, kolom %s: %s kan niet.",
                         "%s, row %zu, column %s: %s cannot be.", r->what, row + 2,
                         wijk_table_header(r->table, (size_t)column), text);
    }
    *out = percent ? wijk_published_percent(value, c->percent_step, c->clamp_low, c->clamp_high)
                   : wijk_published_rounded(value, c->step, c->least);
    return WIJK_OK;
}

static int read_rows(wijk_rounding_file *out, const reading *r)
{
    size_t groups = out->table.groups;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < out->table.areas; i++) {
        for (size_t g = 0; !rc && g < r->groups; g++) {
            rc = read_cell(&out->cells[i * groups + g], r, i, r->column[g], r->columns->percent);
        }
        if (groups > r->groups) {
            out->cells[i * groups + r->groups] = wijk_published_withheld(INFINITY);
        }
        if (!rc && r->total >= 0) {
            rc = read_cell(&out->totals[i], r, i, r->total, 0);
        }
    }
    return rc;
}

static int read_names(wijk_rounding_file *out, const reading *r)
{
    for (size_t g = 0; g < out->table.groups; g++) {
        const char *name = g < r->groups ? wijk_table_header(r->table, (size_t)r->column[g]) : "";
        out->group_name[g] = wijk_strdup(name);
        if (!out->group_name[g]) {
            return WIJK_ENOMEM;
        }
    }
    return WIJK_OK;
}

int wijk_rounding_read(wijk_rounding_file *out, const void *bytes, size_t size, const char *what,
                       const wijk_rounding_columns *columns)
{
    memset(out, 0, sizeof *out);
    reading r = {.what = what, .columns = columns};
    int rc = wijk_table_bytes(&r.table, bytes, size, what);
    rc = rc ? rc : find_columns(&r);
    if (!rc) {
        out->table.areas = wijk_table_rows(r.table);
        out->table.groups = r.groups + (columns->rest != 0);
        size_t cells = out->table.areas * out->table.groups;
        out->cells = wijk_alloc(cells * sizeof *out->cells);
        out->totals = r.total >= 0 ? wijk_alloc(out->table.areas * sizeof *out->totals) : NULL;
        out->group_name = wijk_alloc(out->table.groups * sizeof *out->group_name);
        out->table.cells = out->cells;
        out->table.totals = out->totals;
        int whole = out->cells && out->group_name && (out->totals || r.total < 0);
        rc = whole ? read_rows(out, &r) : WIJK_ENOMEM;
    }
    rc = rc ? rc : read_names(out, &r);
    wijk_table_free(r.table);
    return rc;
}

void wijk_rounding_free(wijk_rounding_file *file)
{
    for (size_t g = 0; file->group_name && g < file->table.groups; g++) {
        wijk_free(file->group_name[g]);
    }
    wijk_free(file->group_name);
    wijk_free(file->cells);
    wijk_free(file->totals);
    memset(file, 0, sizeof *file);
}
