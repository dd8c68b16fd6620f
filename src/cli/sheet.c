/* Results as tables, printed three ways from the same cells. Everything lives in one arena; cells
 * are a linked list of rows, since a sheet is written once and read once. */
#include "cli/sheet.h"

#include "cli/cmd.h"

#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/str.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TABLES = 32, MAX_COLUMNS = 32 };

typedef struct {
    const char *text; /* NULL: a number */
    double number;
    int decimals; /* -1: those of the column */
} cell;

typedef struct row {
    struct row *next;
    cell cells[];
} row;

typedef struct {
    const char *name, *label;
    int decimals;
} column;

typedef struct {
    const char *name, *title;
    column columns[MAX_COLUMNS];
    size_t width;               /* columns */
    size_t filled;              /* cells of the last row */
    row *first, *last, *before; /* `before`: the row above the last */
} table;

typedef struct line {
    struct line *next;
    const char *text;
} line;

struct cmd_sheet {
    wijk_arena *arena;
    wijk_lang lang;
    const char *wanted; /* --table */
    int json, csv;
    int rc; /* the first failure */
    table *tables[MAX_TABLES];
    size_t count;
    line *heads, **heads_end, *notes, **notes_end;
};

cmd_sheet *cmd_sheet_new(int argc, char **argv, wijk_lang lang)
{
    cmd_sheet *sheet = wijk_alloc(sizeof *sheet);
    if (!sheet || wijk_arena_new(&sheet->arena, 0)) {
        wijk_free(sheet);
        return NULL;
    }
    sheet->lang = lang;
    sheet->wanted = cmd_option(argc, argv, "table");
    sheet->json = cmd_flag(argc, argv, "json");
    sheet->csv = cmd_flag(argc, argv, "csv") || sheet->wanted;
    sheet->heads_end = &sheet->heads;
    sheet->notes_end = &sheet->notes;
    return sheet;
}

void cmd_sheet_free(cmd_sheet *sheet)
{
    if (sheet) {
        wijk_arena_free(sheet->arena);
        wijk_free(sheet);
    }
}

/* Arena memory, or NULL after the first failure. */
static void *take(cmd_sheet *sheet, size_t size)
{
    if (!sheet || sheet->rc) {
        return NULL;
    }
    void *block = wijk_arena_alloc(sheet->arena, size);
    sheet->rc = block ? WIJK_OK : WIJK_ENOMEM;
    return block;
}

static const char *keep(cmd_sheet *sheet, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = take(sheet, size);
    return copy ? memcpy(copy, text, size) : "";
}

void cmd_sheet_table(cmd_sheet *sheet, const char *name, const char *title)
{
    table *added = sheet && sheet->count < MAX_TABLES ? take(sheet, sizeof *added) : NULL;
    if (added) {
        added->name = keep(sheet, name);
        added->title = keep(sheet, title);
        sheet->tables[sheet->count++] = added;
    }
}

static table *current(const cmd_sheet *sheet)
{
    return sheet && !sheet->rc && sheet->count ? sheet->tables[sheet->count - 1] : NULL;
}

void cmd_sheet_column(cmd_sheet *sheet, const char *name, const char *label, int decimals)
{
    table *to = current(sheet);
    if (to && to->width < MAX_COLUMNS) {
        to->columns[to->width++] = (column){keep(sheet, name), keep(sheet, label), decimals};
    }
}

int cmd_sheet_takes(const cmd_sheet *sheet)
{
    const table *to = current(sheet);
    int one = to && sheet->csv && !sheet->json;
    return to && (!one || (sheet->wanted ? !strcmp(sheet->wanted, to->name) : sheet->count == 1));
}

static void add(cmd_sheet *sheet, cell added)
{
    table *to = current(sheet);
    if (!to || !to->width || !cmd_sheet_takes(sheet)) {
        return;
    }
    if (!to->last || to->filled == to->width) {
        row *next = take(sheet, sizeof *next + to->width * sizeof *next->cells);
        if (!next) {
            return;
        }
        *(to->last ? &to->last->next : &to->first) = next;
        to->before = to->last;
        to->last = next;
        to->filled = 0;
    }
    to->last->cells[to->filled++] = added;
}

/* The cell above the next one: names of areas repeat down a column and are kept once. */
static const cell *cell_above(const cmd_sheet *sheet)
{
    const table *to = current(sheet);
    if (!to || !to->last) {
        return NULL;
    }
    return to->filled == to->width ? &to->last->cells[0]
           : to->before            ? &to->before->cells[to->filled]
                                   : NULL;
}

void cmd_sheet_text(cmd_sheet *sheet, const char *text)
{
    if (sheet) {
        const cell *above = cell_above(sheet);
        int same = above && above->text && !strcmp(above->text, text);
        add(sheet, (cell){same ? above->text : keep(sheet, text), NAN, -1});
    }
}

void cmd_sheet_number(cmd_sheet *sheet, double value)
{
    add(sheet, (cell){NULL, value, -1});
}

void cmd_sheet_figure(cmd_sheet *sheet, double value, int decimals)
{
    add(sheet, (cell){NULL, value, decimals});
}

static void add_line(cmd_sheet *sheet, line ***end, const char *text)
{
    line *added = take(sheet, sizeof *added);
    if (added) {
        added->text = keep(sheet, text);
        **end = added;
        *end = &added->next;
    }
}

void cmd_sheet_head(cmd_sheet *sheet, const char *text)
{
    if (sheet) {
        add_line(sheet, &sheet->heads_end, text);
    }
}

void cmd_sheet_note(cmd_sheet *sheet, const char *text)
{
    if (sheet) {
        add_line(sheet, &sheet->notes_end, text);
    }
}

/* Prints what there is of a long text, so that it has no ceiling; main looks whether it arrived. */
static void pour(wijk_str *out)
{
    enum { FULL = 1 << 16 };
    if (out->size >= FULL && !wijk_str_status(out)) {
        fwrite(out->data, 1, out->size, stdout);
        wijk_str_clear(out);
    }
}

/* ---- as text ------------------------------------------------------------------------------- */

/* printf pads bytes; a reader sees letters. */
static size_t letters(const char *text)
{
    size_t n = 0;
    for (; *text; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

static void show(wijk_str *out, const cmd_sheet *sheet, const column *of, const cell *shown)
{
    wijk_str_clear(out);
    if (shown->text) {
        wijk_str_add(out, shown->text);
    } else {
        int decimals = shown->decimals < 0 ? of->decimals : shown->decimals;
        wijk_number(out, sheet->lang, shown->number, decimals < 0 ? 0 : decimals);
    }
}

/* Texts to the left, numbers to the right; the last column is not padded after its text. */
static void pad(wijk_str *out, const char *text, size_t width, int right, int last)
{
    size_t size = letters(text), blanks = size < width ? width - size : 0;
    wijk_str_addf(out, "  %*s%s%*s", right ? (int)blanks : 0, "", text,
                  right || last ? 0 : (int)blanks, "");
}

static void text_table(wijk_str *out, const cmd_sheet *sheet, const table *from)
{
    wijk_str shown = WIJK_STR_INIT;
    size_t width[MAX_COLUMNS];
    for (size_t c = 0; c < from->width; c++) {
        width[c] = letters(from->columns[c].label);
        for (const row *at = from->first; at; at = at->next) {
            show(&shown, sheet, &from->columns[c], &at->cells[c]);
            size_t wide = letters(wijk_str_text(&shown));
            width[c] = wide > width[c] ? wide : width[c];
        }
    }
    wijk_str_addf(out, "\n%s%s", from->title, *from->title ? "\n" : "");
    for (size_t c = 0; c < from->width; c++) {
        pad(out, from->columns[c].label, width[c], from->columns[c].decimals >= 0,
            c + 1 == from->width);
    }
    wijk_str_addc(out, '\n');
    for (const row *at = from->first; at; at = at->next) {
        for (size_t c = 0; c < from->width; c++) {
            show(&shown, sheet, &from->columns[c], &at->cells[c]);
            pad(out, wijk_str_text(&shown), width[c], from->columns[c].decimals >= 0,
                c + 1 == from->width);
        }
        wijk_str_addc(out, '\n');
        pour(out);
    }
    wijk_str_free(&shown);
}

static void as_text(wijk_str *out, const cmd_sheet *sheet)
{
    for (const line *at = sheet->heads; at; at = at->next) {
        wijk_str_addf(out, "%s\n", at->text);
    }
    for (size_t i = 0; i < sheet->count; i++) {
        text_table(out, sheet, sheet->tables[i]);
    }
    for (const line *at = sheet->notes; at; at = at->next) {
        wijk_str_addf(out, "%s%s\n", at == sheet->notes ? "\n" : "", at->text);
    }
}

/* ---- as CSV (RFC 4180) and JSON ------------------------------------------------------------- */

static void as_csv(wijk_str *out, const table *from)
{
    for (size_t c = 0; c < from->width; c++) {
        wijk_str_addf(out, "%s%s", c ? "," : "", from->columns[c].name);
    }
    wijk_str_add(out, "\r\n");
    for (const row *at = from->first; at; at = at->next) {
        for (size_t c = 0; c < from->width; c++) {
            wijk_str_add(out, c ? "," : "");
            if (at->cells[c].text) {
                wijk_csv_text(out, at->cells[c].text);
            } else if (isfinite(at->cells[c].number)) {
                wijk_str_addg(out, at->cells[c].number);
            }
        }
        wijk_str_add(out, "\r\n");
        pour(out);
    }
}

static int csv(wijk_str *out, const cmd_sheet *sheet)
{
    wijk_str names = WIJK_STR_INIT;
    int rc = WIJK_OK;
    for (size_t i = 0; i < sheet->count; i++) {
        if (!sheet->wanted || !strcmp(sheet->wanted, sheet->tables[i]->name)) {
            as_csv(out, sheet->tables[i]);
            goto done;
        }
        wijk_str_addf(&names, "%s%s", i ? ", " : "", sheet->tables[i]->name);
    }
    if (sheet->wanted) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Er is geen tabel \"%s\"; wel: %s.",
                       "There is no table \"%s\"; there are: %s.", sheet->wanted,
                       wijk_str_text(&names));
    }
done:
    wijk_str_free(&names);
    return rc;
}

static void json_row(wijk_str *out, const table *from, const row *at)
{
    for (size_t c = 0; c < from->width; c++) {
        wijk_str_add(out, c ? ", " : "{");
        wijk_str_addq(out, from->columns[c].name);
        wijk_str_add(out, ": ");
        if (at->cells[c].text) {
            wijk_str_addq(out, at->cells[c].text);
        } else {
            wijk_str_addg(out, at->cells[c].number);
        }
    }
    wijk_str_addc(out, '}');
}

static void as_json(wijk_str *out, const cmd_sheet *sheet)
{
    wijk_str_addc(out, '{');
    for (size_t i = 0; i < sheet->count; i++) {
        wijk_str_addq(out, sheet->tables[i]->name);
        wijk_str_add(out, ": [");
        for (const row *at = sheet->tables[i]->first; at; at = at->next) {
            wijk_str_add(out, at == sheet->tables[i]->first ? "\n  " : ",\n  ");
            json_row(out, sheet->tables[i], at);
            pour(out);
        }
        wijk_str_add(out, "],\n ");
    }
    wijk_str_add(out, "\"notes\": [");
    for (const line *from[] = {sheet->heads, sheet->notes}, **list = from; list < from + 2;
         list++) {
        for (const line *at = *list; at; at = at->next) {
            wijk_str_add(out,
                         at == sheet->heads || (!sheet->heads && at == sheet->notes) ? "" : ", ");
            wijk_str_addq(out, at->text);
        }
    }
    wijk_str_add(out, "]}\n");
}

int cmd_sheet_print(cmd_sheet *sheet)
{
    if (!sheet) {
        return WIJK_ENOMEM;
    }
    wijk_str out = WIJK_STR_INIT;
    int rc = sheet->rc;
    for (size_t i = 0; i < sheet->count && !rc; i++) { /* a row is printed whole or not at all */
        table *last = sheet->tables[i];
        for (; last->last && last->filled < last->width; last->filled++) {
            last->last->cells[last->filled].number = NAN;
        }
    }
    if (!rc && sheet->json) {
        as_json(&out, sheet);
    } else if (!rc && sheet->csv) {
        rc = csv(&out, sheet);
    } else if (!rc) {
        as_text(&out, sheet);
    }
    rc = rc ? rc : wijk_str_status(&out);
    if (!rc) {
        fputs(wijk_str_text(&out), stdout);
    }
    wijk_str_free(&out);
    cmd_sheet_free(sheet);
    return rc;
}
