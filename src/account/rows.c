/* An account as rows of written cells: read, changed one at a time, and written back. The idea: the
 * table that a person sees is the text itself, so nothing is lost between form and file. */
#include "wijk/account_rows.h"

#include "account/internal.h"
#include "account/sheet.h"

#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

const char *const wijk_account_cell_names[WIJK_ACCOUNT_CELLS] = {
    "id",         "kind",        "stage",        "what",     "purse",    "from",    "price",
    "amount",     "amount_year", "source",       "unit",     "quantity", "reach",   "effect",
    "deadweight", "attribution", "displacement", "evidence", "optimism", "dropoff", "start",
    "years",      "profile",     "cash",         "group",    "note"};

const char *const wijk_account_setting_names[WIJK_ACCOUNT_SETTINGS] = {"title", "start", "years",
                                                                       "price_year", "discount"};

/* ---- writing ----------------------------------------------------------------------------------
 */

/* Cells that a reader would take for something else are quoted; nothing else is. */
static void put_cell(wijk_str *out, const char *text)
{
    if (!strpbrk(text, ",;\t\"\r\n#") && *text != ' ') {
        wijk_str_add(out, text);
        return;
    }
    wijk_str_addc(out, '"');
    for (; *text; text++) {
        wijk_str_addc(out, *text);
        if (*text == '"') {
            wijk_str_addc(out, '"');
        }
    }
    wijk_str_addc(out, '"');
}

static void put_settings(wijk_str *out, const wijk_account_rows *rows)
{
    for (int i = 0; i < WIJK_ACCOUNT_SETTINGS; i++) {
        if (*rows->setting[i]) {
            wijk_str_addf(out, "%s,", wijk_account_setting_names[i]);
            put_cell(out, rows->setting[i]);
            wijk_str_addc(out, '\n');
        }
    }
    wijk_str_add(out, rows->index);
}

/* The columns that a row fills in, and those that make it readable. */
static void used_columns(int out[WIJK_ACCOUNT_CELLS], const wijk_account_rows *rows)
{
    for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
        out[c] =
            c == WIJK_CELL_ID || c == WIJK_CELL_KIND || c == WIJK_CELL_WHAT || c == WIJK_CELL_PURSE;
        for (size_t i = 0; i < rows->count; i++) {
            out[c] |= *rows->rows[i].cell[c] != 0;
        }
    }
}

static void put_row(wijk_str *out, const char *const *cells, const int *used)
{
    for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
        if (used[c]) {
            wijk_str_add(out, c ? "," : "");
            put_cell(out, cells[c]);
        }
    }
    wijk_str_addc(out, '\n');
}

int wijk_account_rows_write(wijk_str *out, const wijk_account_rows *rows)
{
    int used[WIJK_ACCOUNT_CELLS];
    used_columns(used, rows);
    wijk_str_add(out, rows->above);
    put_settings(out, rows);
    put_row(out, wijk_account_cell_names, used);
    for (size_t i = 0; i < rows->count; i++) {
        wijk_str_add(out, rows->rows[i].before);
        put_row(out, rows->rows[i].cell, used);
    }
    return wijk_str_status(out);
}

/* ---- reading ----------------------------------------------------------------------------------
 */

int wijk_account_rows_new(wijk_account_rows *out, wijk_arena *arena)
{
    *out = (wijk_account_rows){.above = "", .index = ""};
    for (int i = 0; i < WIJK_ACCOUNT_SETTINGS; i++) {
        out->setting[i] = "";
    }
    out->rows = wijk_arena_alloc(arena, (WIJK_MAX_LINES + 1) * sizeof *out->rows);
    return out->rows ? WIJK_OK : WIJK_ENOMEM;
}

typedef struct {
    wijk_account_rows *out;
    wijk_arena *arena;
    sheet sheet;
    int place[WIJK_ACCOUNT_CELLS], has_header;
    const char *text; /* the bytes, for their comments */
    size_t at, line;  /* how far comments were taken, and the line that begins there */
} reading;

/* The comments from where the last left off up to `line`, as they stand. The reader of cells passes
 * them over; quotes are followed, since a # inside a cell is none. */
static const char *comments(reading *r, size_t line)
{
    wijk_str found = WIJK_STR_INIT;
    int quoted = 0;
    while (r->text[r->at] && r->line < line) {
        const char *start = r->text + r->at;
        size_t size = strcspn(start, "\n");
        if (!quoted && *start == '#') {
            wijk_str_addn(&found, start, start[size ? size - 1 : 0] == '\r' ? size - 1 : size);
            wijk_str_addc(&found, '\n');
        } else {
            for (size_t i = 0; i < size; i++) {
                quoted ^= start[i] == '"';
            }
        }
        r->at += size + (start[size] == '\n');
        r->line++;
    }
    const char *kept = found.size ? wijk_arena_strdup(r->arena, wijk_str_text(&found)) : "";
    wijk_str_free(&found);
    return kept;
}

static const char *join(wijk_arena *arena, const char *a, const char *b)
{
    return !*b ? a : !*a ? b : wijk_arena_printf(arena, "%s%s", a, b);
}

static int read_header(reading *r)
{
    for (size_t i = 0; i < r->sheet.count; i++) {
        for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
            if (!strcmp(r->sheet.cells[i].text, wijk_account_cell_names[c])) {
                r->place[c] = (int)i;
            }
        }
    }
    r->has_header = 1;
    return WIJK_OK;
}

static int read_setting(reading *r)
{
    const char *name = r->sheet.cells[0].text;
    const char *value = r->sheet.count > 1 ? r->sheet.cells[1].text : "";
    for (int i = 0; i < WIJK_ACCOUNT_SETTINGS; i++) {
        if (!strcmp(name, wijk_account_setting_names[i])) {
            r->out->setting[i] = wijk_arena_strdup(r->arena, value);
            return r->out->setting[i] ? WIJK_OK : WIJK_ENOMEM;
        }
    }
    if (strcmp(name, "index") != 0) {
        return WIJK_OK; /* the currency, of which there is one */
    }
    wijk_str line = WIJK_STR_INIT;
    for (size_t i = 0; i < r->sheet.count; i++) {
        wijk_str_add(&line, i ? "," : "");
        put_cell(&line, r->sheet.cells[i].text);
    }
    wijk_str_addc(&line, '\n');
    r->out->index =
        join(r->arena, r->out->index, wijk_arena_strdup(r->arena, wijk_str_text(&line)));
    wijk_str_free(&line);
    return r->out->index ? WIJK_OK : WIJK_ENOMEM;
}

static int read_row(reading *r, const char *before)
{
    if (r->out->count == WIJK_MAX_LINES) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d regels.", "More than %d lines.", WIJK_MAX_LINES);
    }
    wijk_account_row *row = &r->out->rows[r->out->count++];
    row->before = before;
    int rc = WIJK_OK;
    for (int c = 0; c < WIJK_ACCOUNT_CELLS && !rc; c++) {
        int at = r->place[c];
        const char *text = at >= 0 && (size_t)at < r->sheet.count ? r->sheet.cells[at].text : "";
        row->cell[c] = *text ? wijk_arena_strdup(r->arena, text) : "";
        rc = row->cell[c] ? WIJK_OK : WIJK_ENOMEM;
    }
    return rc;
}

static int read_all(reading *r)
{
    int step = 0, rc = WIJK_OK;
    while (!rc && (step = sheet_next(&r->sheet)) == 1) {
        const char *before = comments(r, wijk_csv_line(r->sheet.csv));
        int header = !r->has_header && !strcmp(r->sheet.cells[0].text, "id");
        if (!before) {
            rc = WIJK_ENOMEM;
        } else if (r->has_header) {
            rc = read_row(r, before);
        } else {
            r->out->above = join(r->arena, r->out->above, before);
            rc = !r->out->above ? WIJK_ENOMEM : header ? read_header(r) : read_setting(r);
        }
    }
    return rc ? rc : step;
}

int wijk_account_rows_read(wijk_account_rows *out, wijk_arena *arena, const char *text)
{
    int rc = wijk_account_rows_new(out, arena);
    reading *r = rc ? NULL : wijk_arena_alloc(arena, sizeof *r);
    if (!r) {
        return WIJK_ENOMEM;
    }
    size_t mark = !strncmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;
    *r = (reading){.out = out, .arena = arena, .text = text, .at = mark, .line = 1};
    for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
        r->place[c] = -1;
    }
    rc = sheet_open(&r->sheet, text, strlen(text), "account", "id");
    rc = rc ? rc : read_all(r);
    wijk_csv_free(r->sheet.csv);
    return rc;
}

/* ---- a row --------------------------------------------------------------------------------- */

static int is_real(const char *stage)
{
    return !strcmp(stage, "real");
}

size_t wijk_account_rows_find(const wijk_account_rows *rows, const char *stage, const char *id)
{
    size_t i = 0;
    while (i < rows->count && (strcmp(rows->rows[i].cell[WIJK_CELL_ID], id) != 0 ||
                               is_real(rows->rows[i].cell[WIJK_CELL_STAGE]) != is_real(stage))) {
        i++;
    }
    return i;
}

static int is_taken(const wijk_account_rows *rows, const char *id)
{
    return wijk_account_rows_find(rows, "plan", id) < rows->count ||
           wijk_account_rows_find(rows, "real", id) < rows->count;
}

const char *wijk_account_rows_name(const wijk_account_rows *rows, wijk_arena *arena,
                                   const char *what)
{
    char base[40];
    size_t size = wijk_fold(base, sizeof base, what);
    for (size_t i = 0; i < size; i++) {
        base[i] = base[i] == ' ' ? '-' : base[i];
    }
    const char *id = wijk_arena_strdup(arena, size ? base : "regel");
    for (int n = 2; id && is_taken(rows, id); n++) {
        id = wijk_arena_printf(arena, "%s-%d", size ? base : "regel", n);
    }
    return id;
}

/* ---- what is wrong -------------------------------------------------------------------------- */

static int name_in(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (!strcmp(names[i], name)) {
            return i;
        }
    }
    return -1;
}

static int is_known(const wijk_account_fault *faults, size_t count, const wijk_account_fault *it)
{
    for (size_t i = 0; i < count; i++) {
        if (faults[i].cell == it->cell && faults[i].setting == it->setting) {
            return 1;
        }
    }
    return 0;
}

/* The first fault of this table; 1 when there is one, 0 when it is well. Columns and settings share
 * names: `about_settings` says which is meant. */
static int first_fault(wijk_account_fault *out, const wijk_account_rows *rows, int about_settings)
{
    static const account_own_prices none = {NULL, 0, NULL};
    account_fault fault = {.column = ""};
    wijk_account_file *file = NULL;
    wijk_str text = WIJK_STR_INIT;
    int rc = wijk_account_rows_write(&text, rows);
    rc = rc ? rc : account_read(&file, wijk_str_text(&text), text.size, "", &none, &fault);
    if (rc && !fault.text[WIJK_NL][0]) {
        account_fault_note(&fault, "");
    }
    wijk_account_file_free(file);
    wijk_str_free(&text);
    if (!rc || rc == WIJK_ENOMEM) {
        return rc;
    }
    const char *column = fault.column;
    if (!strcmp(column, "price") && !*rows->rows[0].cell[WIJK_CELL_PRICE]) {
        column = "amount"; /* one factor, two places to say it */
    }
    int cell = name_in(column, wijk_account_cell_names, WIJK_ACCOUNT_CELLS);
    int setting = name_in(column, wijk_account_setting_names, WIJK_ACCOUNT_SETTINGS);
    out->cell = about_settings ? -1 : cell;
    out->setting = about_settings || cell < 0 ? setting : -1;
    memcpy(out->text, fault.text, sizeof out->text);
    return 1;
}

static void twice(wijk_account_fault *out)
{
    out->cell = WIJK_CELL_ID;
    out->setting = -1;
    snprintf(out->text[WIJK_NL], sizeof out->text[WIJK_NL], "deze naam heeft een andere regel al.");
    snprintf(out->text[WIJK_EN], sizeof out->text[WIJK_EN], "another line has this name already.");
}

/* Faults of a row by asking for the first, blanking its cell, and asking again: the reader stays
 * one that stops at what is wrong. */
static int check_row(wijk_account_fault *out, size_t *count, const wijk_account_rows *rows,
                     size_t nth)
{
    wijk_account_rows one = *rows;
    wijk_account_row row = rows->rows[nth];
    one.rows = &row;
    one.count = 1;
    one.above = row.before = "";
    size_t same = wijk_account_rows_find(rows, row.cell[WIJK_CELL_STAGE], row.cell[WIJK_CELL_ID]);
    if (same != nth) {
        twice(&out[(*count)++]);
    }
    while (*count < WIJK_ACCOUNT_FAULTS) {
        wijk_account_fault *it = &out[*count];
        int found = first_fault(it, &one, 0);
        if (found < 0) {
            return found;
        }
        if (!found || is_known(out, *count, it)) {
            break;
        }
        ++*count;
        if (it->cell < 0 || !*row.cell[it->cell]) {
            break; /* what is missing cannot be taken away to look further */
        }
        row.cell[it->cell] = "";
    }
    return WIJK_OK;
}

int wijk_account_rows_check(wijk_account_fault out[WIJK_ACCOUNT_FAULTS], size_t *count,
                            const wijk_account_rows *rows, size_t nth)
{
    *count = 0;
    if (nth < rows->count) {
        return check_row(out, count, rows, nth);
    }
    int found = first_fault(out, rows, 1);
    *count = found > 0;
    return found < 0 ? found : WIJK_OK;
}
