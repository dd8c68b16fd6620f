/* The set of plausible points as a file: one row a point, a column for every parameter that some
 * target says something about; what is not there keeps its own range. */
#include "foresee/calibrate.h"

#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/str.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const own[] = {"point", "seed", "version", "made_on"};
enum { OWN = sizeof own / sizeof *own };

/* Six decimals are more than anybody knows of any of these; the range has the last word. */
static double kept(double value, const wijk_parameter_row *row)
{
    value = floor(value * 1e6 + 0.5) / 1e6;
    return fmin(fmax(value, row->low), row->high);
}

static int set_text(wijk_str *text, const wijk_calibration *c)
{
    wijk_dictionary *dictionary = NULL;
    int rc = wijk_dictionary_open(&dictionary);
    for (int i = 0; i < OWN; i++) {
        wijk_str_add(text, i ? "," : "");
        wijk_str_add(text, own[i]);
    }
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        wijk_str_add(text, c->informed[i] ? "," : "");
        wijk_str_add(text, c->informed[i] ? wijk_parameter_name((wijk_parameter)i) : "");
    }
    wijk_str_add(text, "\n");
    for (size_t k = 0; !rc && k < c->points; k++) {
        wijk_str_addf(text, "%zu,%llu,%s,", k + 1, (unsigned long long)c->seed, WIJK_VERSION);
        wijk_csv_text(text, c->made_on);
        for (int i = 0; i < WIJK_PARAMETERS; i++) {
            if (c->informed[i]) {
                const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
                wijk_str_addc(text, ',');
                wijk_str_addg(text, kept(c->point[k].value[i], row));
            }
        }
        wijk_str_addc(text, '\n');
    }
    wijk_dictionary_free(dictionary);
    return rc ? rc : wijk_str_status(text);
}

int wijk_calibration_write(const wijk_calibration *c, const char *path)
{
    if (c->points == 0) {
        return wijk_fail(WIJK_EINVAL, "er zijn geen aannemelijke punten om te bewaren",
                         "there are no plausible points to keep");
    }
    wijk_str text = WIJK_STR_INIT;
    int rc = set_text(&text, c);
    rc = rc ? rc : wijk_file_write(path, text.data, text.size);
    wijk_str_free(&text);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct wijk_plausible {
    wijk_table *table;
    size_t columns;
    int column[WIJK_PARAMETERS]; /* -1: the set says nothing of it */
    double *value;               /* [point][parameter] */
    size_t points;
};

void wijk_plausible_free(wijk_plausible *set)
{
    if (set) {
        wijk_table_free(set->table);
        wijk_free(set->value);
        wijk_free(set);
    }
}

static int is_own(const char *name)
{
    for (int i = 0; i < OWN; i++) {
        if (strcmp(name, own[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static int read_columns(wijk_plausible *set, const char *what)
{
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        set->column[i] = -1;
    }
    for (size_t column = 0; column < wijk_table_columns(set->table); column++) {
        const char *name = wijk_table_header(set->table, column);
        wijk_parameter parameter;
        if (is_own(name)) {
            continue;
        }
        if (!wijk_parameter_find(name, &parameter) || set->column[parameter] >= 0) {
            return wijk_fail(WIJK_EFORMAT, "%s: kolom %s is geen parameter of staat er twee keer",
                             "%s: column %s is no parameter or is there twice", what, name);
        }
        set->column[parameter] = (int)column;
        if (++set->columns > WIJK_PLAUSIBLE_COLUMNS) {
            return wijk_fail(WIJK_ELIMIT, "%s: meer dan %d parameters",
                             "%s: more than %d parameters", what, WIJK_PLAUSIBLE_COLUMNS);
        }
    }
    return WIJK_OK;
}

static int read_values(wijk_plausible *set, const wijk_dictionary *dictionary, const char *what)
{
    for (size_t k = 0; k < set->points; k++) {
        for (int i = 0; i < WIJK_PARAMETERS; i++) {
            const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
            double value = set->column[i] < 0 ? row->initial
                                              : wijk_table_number(set->table, k, row->name, NAN);
            if (!(value >= row->low && value <= row->high)) {
                return wijk_fail(WIJK_EFORMAT, "%s, punt %zu: %s ligt niet tussen %g en %g",
                                 "%s, point %zu: %s is not between %g and %g", what, k + 1,
                                 row->name, row->low, row->high);
            }
            set->value[k * WIJK_PARAMETERS + (size_t)i] = value;
        }
    }
    return WIJK_OK;
}

static int take(wijk_plausible **out, wijk_table *table, const char *what)
{
    wijk_plausible *set = wijk_alloc(sizeof *set);
    wijk_dictionary *dictionary = NULL;
    if (!set) {
        wijk_table_free(table);
        return WIJK_ENOMEM;
    }
    set->table = table;
    set->points = wijk_table_rows(table);
    int rc =
        set->points >= 1 && set->points <= WIJK_PLAUSIBLE_MOST
            ? WIJK_OK
            : wijk_fail(WIJK_EFORMAT, "%s: 1 tot %d punten (nu %zu)",
                        "%s: 1 to %d points (now %zu)", what, WIJK_PLAUSIBLE_MOST, set->points);
    rc = rc ? rc : read_columns(set, what);
    rc = rc ? rc : wijk_dictionary_open(&dictionary);
    if (!rc) {
        set->value = wijk_alloc(set->points * WIJK_PARAMETERS * sizeof *set->value);
        rc = set->value ? read_values(set, dictionary, what) : WIJK_ENOMEM;
    }
    wijk_dictionary_free(dictionary);
    if (rc) {
        wijk_plausible_free(set);
        return rc;
    }
    *out = set;
    return WIJK_OK;
}

int wijk_plausible_open(wijk_plausible **out)
{
    static const char path[] = "data/plausible.csv";
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_asset(&table, path);
    return rc ? rc : take(out, table, path);
}

int wijk_plausible_read(wijk_plausible **out, const void *bytes, size_t size, const char *what)
{
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_bytes(&table, bytes, size, what);
    return rc ? rc : take(out, table, what);
}

size_t wijk_plausible_points(const wijk_plausible *set)
{
    return set->points;
}

int wijk_plausible_has(const wijk_plausible *set, wijk_parameter parameter)
{
    return set->column[parameter] >= 0;
}

void wijk_plausible_apply(wijk_parameters *out, const wijk_plausible *set, size_t point)
{
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        if (set->column[i] >= 0) {
            out->value[i] = set->value[point * WIJK_PARAMETERS + (size_t)i];
        }
    }
}

const char *wijk_plausible_made_on(const wijk_plausible *set)
{
    return wijk_table_get(set->table, 0, "made_on");
}
