/* Anybody's CSV as a table of counts: wide (a column per group) or long (a row per area and group).
 * Areas, groups and larger units are numbered in order of appearance. */
#include "wijk/plain.h"

#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_GROUPS = 256 };

typedef struct {
    wijk_table *table;
    const char *what;
    wijk_map *areas, *groups, *units;
    int unit, group, count, total, within, x, y, surface,
        neighbours;         /* columns, -1: not asked for */
    int column[MAX_GROUPS]; /* wide form */
    size_t columns;
} reading;

static int find_column(int *out, const reading *r, const char *name)
{
    *out = name ? wijk_table_column(r->table, name) : -1;
    return !name || *out >= 0 ? WIJK_OK
                              : wijk_fail(WIJK_EINVAL, "%s heeft geen kolom \"%s\".",
                                          "%s has no column \"%s\".", r->what, name);
}

static int find_columns(reading *r, const wijk_plain_columns *c)
{
    int rc = find_column(&r->unit, r, c->unit);
    rc = rc ? rc : find_column(&r->group, r, c->group);
    rc = rc ? rc : find_column(&r->count, r, c->count);
    rc = rc ? rc : find_column(&r->total, r, c->total);
    rc = rc ? rc : find_column(&r->within, r, c->within);
    rc = rc ? rc : find_column(&r->x, r, c->x);
    rc = rc ? rc : find_column(&r->y, r, c->y);
    rc = rc ? rc : find_column(&r->surface, r, c->surface);
    rc = rc ? rc : find_column(&r->neighbours, r, c->neighbours);
    if (!rc && r->neighbours >= 0 && r->unit < 0) {
        rc = wijk_fail(WIJK_EINVAL, "Buren worden bij naam genoemd: geef ook --unit.",
                       "Neighbours go by name: give --unit too.");
    }
    if (!rc && (r->x < 0) != (r->y < 0)) {
        rc = wijk_fail(WIJK_EINVAL, "Noem --x en --y allebei.", "Name both --x and --y.");
    }
    if (!rc && (c->group ? !c->count || !c->unit : !c->groups)) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Noem de groepskolommen (--groups a,b,c) of, in de lange vorm, --unit, "
                       "--group en --count.",
                       "Name the group columns (--groups a,b,c) or, in the long form, --unit, "
                       "--group and --count.");
    }
    for (const char *at = c->groups; !rc && !c->group && at && *at;) {
        size_t size = strcspn(at, ",");
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(size < 255 ? size : 255), at);
        rc = r->columns < MAX_GROUPS ? find_column(&r->column[r->columns++], r, name)
                                     : wijk_fail(WIJK_ELIMIT, "Meer dan %d groepen.",
                                                 "More than %d groups.", MAX_GROUPS);
        at += size + (at[size] == ',');
    }
    return rc;
}

static int cell_number(double *out, const reading *r, size_t row, int column)
{
    const char *text = wijk_table_at(r->table, row, column);
    size_t size = strlen(text);
    *out = 0;
    if (size == 0 || wijk_csv_number(out, text, size, '.') ||
        wijk_csv_number(out, text, size, ',')) {
        return WIJK_OK;
    }
    return wijk_fail(WIJK_EFORMAT, "%s, rij %zu, kolom %s: \"%.40s\" is geen getal.",
                     "%s, row %zu, column %s: \"%.40s\" is not a number.", r->what, row + 2,
                     wijk_table_header(r->table, (size_t)column), text);
}

/* A place or surface: an empty cell is not the origin of the map. */
static int cell_place(double *out, const reading *r, size_t row, int column)
{
    if (wijk_table_at(r->table, row, column)[0] == '\0') {
        *out = NAN;
        return WIJK_OK;
    }
    return cell_number(out, r, row, column);
}

/* The area of a row: named by its column, or simply the row. */
static int area_of(size_t *out, const reading *r, size_t row)
{
    if (r->unit < 0) {
        *out = row;
        return WIJK_OK;
    }
    return wijk_map_number(out, r->areas, wijk_table_at(r->table, row, r->unit));
}

/* First pass: how many areas, groups and units there are. */
static int number_everything(wijk_plain *out, reading *r)
{
    size_t rows = wijk_table_rows(r->table), at;
    int rc = WIJK_OK;
    for (size_t row = 0; !rc && row < rows; row++) {
        rc = area_of(&at, r, row);
        if (!rc && r->group >= 0) {
            rc = wijk_map_number(&at, r->groups, wijk_table_at(r->table, row, r->group));
        }
        if (!rc && r->within >= 0) {
            rc = wijk_map_number(&at, r->units, wijk_table_at(r->table, row, r->within));
        }
    }
    out->areas = r->unit < 0 ? rows : wijk_map_size(r->areas);
    out->groups = r->group < 0 ? r->columns : wijk_map_size(r->groups);
    out->units = r->within < 0 ? 0 : wijk_map_size(r->units);
    if (!rc && out->groups > MAX_GROUPS) {
        rc = wijk_fail(WIJK_ELIMIT, "%s telt %zu groepen; hoogstens %d kan.",
                       "%s has %zu groups; at most %d will do.", r->what, out->groups, MAX_GROUPS);
    }
    return rc;
}

static int add_counts(wijk_plain *out, const reading *r, size_t row, size_t area)
{
    double value, total = 1;
    int rc = WIJK_OK;
    if (r->group >= 0) {
        size_t group;
        rc = wijk_map_number(&group, r->groups, wijk_table_at(r->table, row, r->group));
        rc = rc ? rc : cell_number(&value, r, row, r->count);
        if (!rc) {
            out->counts[area * out->groups + group] += value;
        }
        return rc;
    }
    if (r->total >= 0) {
        rc = cell_number(&total, r, row, r->total);
    }
    /* Shares of nobody are often written "NA": such a row is an empty area. */
    for (size_t g = 0; !rc && total > 0 && g < r->columns; g++) {
        rc = cell_number(&value, r, row, r->column[g]);
        if (!rc) {
            out->counts[area * out->groups + g] += value * total;
        }
    }
    return rc;
}

static int fill(wijk_plain *out, reading *r)
{
    size_t none = (size_t)-1;
    for (size_t i = 0; out->unit && i < out->areas; i++) {
        out->unit[i] = none;
    }
    for (size_t row = 0; row < wijk_table_rows(r->table); row++) {
        size_t area, unit;
        int rc = area_of(&area, r, row);
        rc = rc ? rc : add_counts(out, r, row, area);
        if (!rc && out->x) {
            rc = cell_place(&out->x[area], r, row, r->x);
            rc = rc ? rc : cell_place(&out->y[area], r, row, r->y);
        }
        if (!rc && out->surface) {
            rc = cell_place(&out->surface[area], r, row, r->surface);
        }
        if (!rc && out->unit) {
            rc = wijk_map_number(&unit, r->units, wijk_table_at(r->table, row, r->within));
            if (!rc && out->unit[area] != none && out->unit[area] != unit) {
                rc = wijk_fail(WIJK_EFORMAT, "%s, rij %zu: dit gebied ligt al in een andere %s.",
                               "%s, row %zu: this area lies in another %s already.", r->what,
                               row + 2, wijk_table_header(r->table, (size_t)r->within));
            }
            out->unit[area] = unit;
        }
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

/* Calls for every neighbour that a row names: counts it, or writes it, on both sides. `at` holds
 * how many links each area has so far; `link` is NULL while counting. */
static int each_neighbour(size_t *at, size_t *link, const reading *r, size_t row, size_t area)
{
    for (const char *text = wijk_table_at(r->table, row, r->neighbours); *text;) {
        size_t whole = strcspn(text, "|;"), size = whole, lead = strspn(text, " ");
        int64_t other = 0;
        while (size > lead && text[size - 1] == ' ') {
            size--;
        }
        if (lead < size && !wijk_map_get(r->areas, text + lead, size - lead, &other)) {
            return wijk_fail(WIJK_EFORMAT, "%s, rij %zu: buur \"%.*s\" heeft geen eigen rij.",
                             "%s, row %zu: neighbour \"%.*s\" has no row of its own.", r->what,
                             row + 2, (int)(size - lead < 60 ? size - lead : 60), text + lead);
        }
        if (lead < size && (size_t)other != area) {
            if (link) {
                link[at[area]] = (size_t)other;
                link[at[other]] = area;
            }
            at[area]++;
            at[other]++;
        }
        text += whole + (text[whole] != '\0');
    }
    return WIJK_OK;
}

static int each_link(size_t *at, size_t *link, const reading *r)
{
    int rc = WIJK_OK;
    for (size_t row = 0; !rc && row < wijk_table_rows(r->table); row++) {
        size_t area;
        rc = area_of(&area, r, row);
        rc = rc ? rc : each_neighbour(at, link, r, row, area);
    }
    return rc;
}

/* First how many neighbours each area has, then which. */
static int take_links(wijk_plain *out, const reading *r)
{
    size_t *at = wijk_alloc((out->areas + 1) * sizeof *at), total = 0;
    out->link_start = wijk_alloc((out->areas + 1) * sizeof *out->link_start);
    int rc = at && out->link_start ? each_link(at, NULL, r) : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i <= out->areas; i++) {
        out->link_start[i] = total;
        total += i < out->areas ? at[i] : 0;
    }
    out->link = rc ? NULL : wijk_alloc(total * sizeof *out->link);
    if (!rc && out->link) {
        memcpy(at, out->link_start, out->areas * sizeof *at);
        rc = each_link(at, out->link, r);
    } else if (!rc) {
        rc = WIJK_ENOMEM;
    }
    wijk_free(at);
    return rc;
}

/* Names in order of number, looked up in the rows again. */
static int take_names(char ***out, size_t n, const reading *r, const wijk_map *map, int column)
{
    *out = wijk_alloc(n * sizeof **out);
    for (size_t row = 0; *out && column >= 0 && row < wijk_table_rows(r->table); row++) {
        const char *name = wijk_table_at(r->table, row, column);
        int64_t at = 0;
        if (wijk_map_get(map, name, strlen(name), &at) && !(*out)[at]) {
            (*out)[at] = wijk_strdup(name);
            if (!(*out)[at]) {
                return WIJK_ENOMEM;
            }
        }
    }
    return *out ? WIJK_OK : WIJK_ENOMEM;
}

static int name_everything(wijk_plain *out, const reading *r)
{
    int rc = take_names(&out->group_name, out->groups, r, r->groups, r->group);
    for (size_t g = 0; !rc && r->group < 0 && g < out->groups; g++) {
        out->group_name[g] = wijk_strdup(wijk_table_header(r->table, (size_t)r->column[g]));
        rc = out->group_name[g] ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc || r->unit < 0 ? rc : take_names(&out->area_name, out->areas, r, r->areas, r->unit);
    return rc || !out->units ? rc : take_names(&out->unit_name, out->units, r, r->units, r->within);
}

int wijk_plain_read(wijk_plain *out, const void *bytes, size_t size, const char *what,
                    const wijk_plain_columns *columns)
{
    memset(out, 0, sizeof *out);
    reading r = {.what = what};
    int rc = wijk_table_bytes(&r.table, bytes, size, what);
    rc = rc ? rc : find_columns(&r, columns);
    rc = rc ? rc : wijk_map_new(&r.areas);
    rc = rc ? rc : wijk_map_new(&r.groups);
    rc = rc ? rc : wijk_map_new(&r.units);
    rc = rc ? rc : number_everything(out, &r);
    if (!rc) {
        out->counts = wijk_alloc(out->areas * out->groups * sizeof *out->counts);
        out->unit = out->units ? wijk_alloc(out->areas * sizeof *out->unit) : NULL;
        out->x = r.x >= 0 ? wijk_alloc(out->areas * sizeof *out->x) : NULL;
        out->y = r.x >= 0 ? wijk_alloc(out->areas * sizeof *out->y) : NULL;
        out->surface = r.surface >= 0 ? wijk_alloc(out->areas * sizeof *out->surface) : NULL;
        int whole = (out->unit || !out->units) && (r.x < 0 || (out->x && out->y)) &&
                    (r.surface < 0 || out->surface);
        rc = out->counts && whole ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : fill(out, &r);
    rc = rc || r.neighbours < 0 ? rc : take_links(out, &r);
    rc = rc ? rc : name_everything(out, &r);
    wijk_map_free(r.areas);
    wijk_map_free(r.groups);
    wijk_map_free(r.units);
    wijk_table_free(r.table);
    return rc;
}

static void free_names(char **names, size_t n)
{
    for (size_t i = 0; names && i < n; i++) {
        wijk_free(names[i]);
    }
    wijk_free(names);
}

void wijk_plain_free(wijk_plain *plain)
{
    wijk_free(plain->counts);
    wijk_free(plain->unit);
    wijk_free(plain->x);
    wijk_free(plain->y);
    wijk_free(plain->surface);
    wijk_free(plain->link_start);
    wijk_free(plain->link);
    free_names(plain->area_name, plain->areas);
    free_names(plain->group_name, plain->groups);
    free_names(plain->unit_name, plain->units);
    memset(plain, 0, sizeof *plain);
}
