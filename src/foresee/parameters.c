/* The parameter dictionary. The idea: a number without unit, range, grade and source is not a
 * parameter, so a row that lacks one is refused. */
#include "wijk/parameters.h"

#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 64, LONGEST = 200, MOST_BYTES = 1 << 20 };

struct wijk_dictionary {
    wijk_table *table; /* owns the texts */
    wijk_parameter_row rows[WIJK_PARAMETERS];
};

/* ---- reading --------------------------------------------------------------------------------- */

static int bad(const char *what, size_t row, const char *column, const char *cell)
{
    return wijk_fail(WIJK_EFORMAT, "%.120s, rij %zu: %s \"%.60s\" kan niet",
                     "%.120s, row %zu: %s \"%.60s\" cannot be", what, row + 2, column, cell);
}

static int read_texts(wijk_parameter_row *out, const wijk_table *table, size_t row,
                      const char *what)
{
    const struct {
        const char *column;
        const char **to;
    } texts[] = {{"name", &out->name},         {"symbol", &out->symbol},
                 {"unit", &out->unit},         {"process", &out->process},
                 {"grade", &out->grade},       {"source", &out->source},
                 {"nl", &out->label[WIJK_NL]}, {"en", &out->label[WIJK_EN]}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i].to = wijk_table_get(table, row, texts[i].column);
        if (!**texts[i].to) {
            return bad(what, row, texts[i].column, "");
        }
    }
    for (size_t above = row; !strcmp(out->source, "idem"); above--) {
        if (above == 0) {
            return bad(what, row, "source", out->source);
        }
        out->source = wijk_table_get(table, above - 1, "source");
    }
    return WIJK_OK;
}

/* An effect that nobody measured may go either way: a range that says so and leans to one side
 * would bring in through the back door what the default leaves out. */
static int read_shape(wijk_parameter_row *out, const char *shape)
{
    static const char *const words[] = {"triangular", "uniform", "either_way", "fixed"};
    for (int i = 0; i <= WIJK_SHAPE_FIXED; i++) {
        if (strcmp(shape, words[i]) == 0) {
            double far = out->initial != 0 ? out->initial * out->initial / out->high : -out->high;
            out->shape = out->high > out->low ? (wijk_shape)i : WIJK_SHAPE_FIXED;
            return out->shape == WIJK_SHAPE_EITHER_WAY && fabs(out->low - far) > 1e-9;
        }
    }
    return 1;
}

static int read_row(wijk_parameter_row *out, const wijk_table *table, size_t row, const char *what)
{
    int rc = read_texts(out, table, row, what);
    if (rc) {
        return rc;
    }
    const char *shape = wijk_table_get(table, row, "shape");
    const char *kind = wijk_table_get(table, row, "kind");
    const struct {
        const char *column;
        double *to;
    } numbers[] = {{"default", &out->initial}, {"low", &out->low}, {"high", &out->high}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i].to = wijk_table_number(table, row, numbers[i].column, NAN);
        if (!isfinite(*numbers[i].to)) {
            return bad(what, row, numbers[i].column, wijk_table_get(table, row, numbers[i].column));
        }
    }
    if (!(out->low <= out->initial && out->initial <= out->high)) {
        return bad(what, row, "low/default/high", wijk_table_get(table, row, "default"));
    }
    if (read_shape(out, shape)) {
        return bad(what, row, "shape", shape);
    }
    if (strcmp(kind, "effect") != 0 && strcmp(kind, "mechanics") != 0) {
        return bad(what, row, "kind", kind);
    }
    out->effect = *kind == 'e';
    return WIJK_OK;
}

/* Every parameter of the list once, and nothing else. */
static int read_rows(wijk_dictionary *out, const char *what)
{
    for (size_t row = 0; row < wijk_table_rows(out->table); row++) {
        wijk_parameter parameter;
        const char *name = wijk_table_get(out->table, row, "name");
        if (!wijk_parameter_find(name, &parameter)) {
            return bad(what, row, "name", name);
        }
        if (out->rows[parameter].name) {
            return wijk_fail(WIJK_EFORMAT, "%.120s, rij %zu: %s staat er twee keer",
                             "%.120s, row %zu: %s is there twice", what, row + 2, name);
        }
        int rc = read_row(&out->rows[parameter], out->table, row, what);
        if (rc) {
            return rc;
        }
    }
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        if (!out->rows[i].name) {
            return wijk_fail(WIJK_EFORMAT, "%.120s: %s ontbreekt", "%.120s: %s is missing", what,
                             wijk_parameter_name((wijk_parameter)i));
        }
    }
    return WIJK_OK;
}

static int finish(wijk_dictionary **out, wijk_dictionary *made, int rc, const char *what)
{
    rc = rc || !made ? rc : read_rows(made, what);
    if (rc) {
        wijk_dictionary_free(made);
        made = NULL;
    }
    *out = made;
    return rc;
}

int wijk_dictionary_open(wijk_dictionary **out)
{
    static const char path[] = "data/parameters.csv";
    wijk_dictionary *made = wijk_alloc(sizeof *made);
    return finish(out, made, made ? wijk_table_asset(&made->table, path) : WIJK_ENOMEM, path);
}

int wijk_dictionary_read(wijk_dictionary **out, const void *bytes, size_t size, const char *what)
{
    wijk_dictionary *made = wijk_alloc(sizeof *made);
    return finish(out, made, made ? wijk_table_bytes(&made->table, bytes, size, what) : WIJK_ENOMEM,
                  what);
}

void wijk_dictionary_free(wijk_dictionary *dictionary)
{
    if (dictionary) {
        wijk_table_free(dictionary->table);
        wijk_free(dictionary);
    }
}

const wijk_parameter_row *wijk_dictionary_row(const wijk_dictionary *dictionary,
                                              wijk_parameter parameter)
{
    return &dictionary->rows[parameter];
}

void wijk_dictionary_defaults(wijk_parameters *out, const wijk_dictionary *dictionary)
{
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        out->value[i] = dictionary->rows[i].initial;
    }
}

/* ---- set by hand
 * --------------------------------------------------------------------------------- */

/* The parameter that shares the longest beginning with a word: what was probably meant. */
static const char *alike(const char *word)
{
    size_t best = 0;
    const char *found = wijk_parameter_name((wijk_parameter)0);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        const char *name = wijk_parameter_name((wijk_parameter)i);
        size_t same = 0;
        while (word[same] && word[same] == name[same]) {
            same++;
        }
        if (same > best) {
            best = same;
            found = name;
        }
    }
    return found;
}

/* `name` and `value` as they were given; sizes without the blanks around them. */
static int set_one(wijk_parameters *values, const wijk_dictionary *dictionary, const char *name,
                   const char *value, wijk_parameter *which)
{
    double number;
    if (!wijk_parameter_find(name, which)) {
        return wijk_fail(WIJK_EINVAL, "de parameter \"%.60s\" bestaat niet; bedoelt u %s?",
                         "there is no parameter \"%.60s\"; do you mean %s?", name, alike(name));
    }
    const wijk_parameter_row *row = &dictionary->rows[*which];
    int dutch = strchr(value, ',') && !strchr(value, '.');
    if (!wijk_csv_number(&number, value, strlen(value), dutch ? ',' : '.')) {
        return wijk_fail(WIJK_EINVAL, "%s: \"%.60s\" is geen getal", "%s: \"%.60s\" is no number",
                         name, value);
    }
    if (!(number >= row->low && number <= row->high)) {
        return wijk_fail(WIJK_EINVAL, "%s = %g kan niet: kies %g tot %g (%s)",
                         "%s = %g cannot be: choose %g to %g (%s)", name, number, row->low,
                         row->high, row->unit);
    }
    values->value[*which] = number;
    return WIJK_OK;
}

/* Copies the part of a line without blanks around it; 0 when it does not fit. */
static int trimmed(char out[WORD], const char *from, size_t size)
{
    while (size > 0 && strchr(" \t\r", from[size - 1])) {
        size--;
    }
    while (size > 0 && (*from == ' ' || *from == '\t')) {
        from++;
        size--;
    }
    if (size >= WORD || memchr(from, 0, size)) {
        return 0;
    }
    memcpy(out, from, size);
    out[size] = 0;
    return 1;
}

/* "name = value" or "name value". */
static int set_line(wijk_parameters *values, const wijk_dictionary *dictionary, const char *line,
                    size_t size, wijk_parameter *which)
{
    char name[WORD], value[WORD];
    const char *sign = memchr(line, '=', size);
    size_t head = sign ? (size_t)(sign - line) : 0;
    if (!sign) {
        size_t blank = 0;
        while (blank < size && (line[blank] == ' ' || line[blank] == '\t')) {
            blank++;
        }
        while (blank < size && line[blank] != ' ' && line[blank] != '\t') {
            blank++;
        }
        head = blank;
    }
    size_t tail = head + (sign ? 1 : 0);
    if (tail > size || !trimmed(name, line, head) || !trimmed(value, line + tail, size - tail)) {
        return wijk_fail(WIJK_EINVAL, "schrijf naam = getal", "write name = number");
    }
    return set_one(values, dictionary, name, value, which);
}

int wijk_parameters_set(wijk_parameters *values, const wijk_dictionary *dictionary,
                        const char *assignment)
{
    wijk_parameter which;
    size_t size = strlen(assignment);
    if (size > LONGEST || !strchr(assignment, '=')) {
        return wijk_fail(WIJK_EINVAL, "schrijf naam=getal, zoals debt_onset=0.012",
                         "write name=number, such as debt_onset=0.012");
    }
    return set_line(values, dictionary, assignment, size, &which);
}

static int read_line(wijk_parameters *values, const wijk_dictionary *dictionary, const char *line,
                     size_t size, uint8_t *seen)
{
    wijk_parameter which = 0;
    const char *remark = memchr(line, '#', size);
    size = remark ? (size_t)(remark - line) : size;
    size_t blanks = 0;
    while (blanks < size && strchr(" \t\r", line[blanks]) && line[blanks]) {
        blanks++;
    }
    if (blanks == size) {
        return WIJK_OK;
    }
    int rc = size > LONGEST ? wijk_fail(WIJK_EINVAL, "de regel is te lang", "the line is too long")
                            : set_line(values, dictionary, line, size, &which);
    if (!rc && seen[which]++) {
        rc = wijk_fail(WIJK_EINVAL, "%s staat er twee keer: houd er één",
                       "%s is there twice: keep one", wijk_parameter_name(which));
    }
    return rc;
}

int wijk_parameters_read(wijk_parameters *values, const wijk_dictionary *dictionary,
                         const void *bytes, size_t size, const char *what)
{
    uint8_t seen[WIJK_PARAMETERS] = {0};
    wijk_parameters fresh = *values;
    const char *at = bytes, *end = at + size;
    if (size > MOST_BYTES) {
        return wijk_fail(WIJK_ELIMIT, "%.120s: hoogstens %d bytes", "%.120s: at most %d bytes",
                         what, MOST_BYTES);
    }
    for (size_t number = 1; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        int rc = read_line(&fresh, dictionary, at, (size_t)(stop - at), seen);
        if (rc) {
            char where[160];
            snprintf(where, sizeof where, "%.120s:%zu", what, number);
            wijk_fail_at(rc, where);
            return rc == WIJK_EINVAL ? WIJK_EFORMAT : rc;
        }
        at = stop + 1;
    }
    *values = fresh;
    return WIJK_OK;
}

void wijk_parameters_mark(char out[17], const wijk_parameters *values)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bits, over the bytes of every double */
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        uint64_t bits;
        double value = values->value[i] == 0 ? 0 : values->value[i]; /* -0 is 0 */
        memcpy(&bits, &value, sizeof bits);
        for (int b = 0; b < 64; b += 8) {
            hash = (hash ^ (bits >> b & 0xFF)) * 1099511628211u;
        }
    }
    snprintf(out, 17, "%016llx", (unsigned long long)hash);
}
