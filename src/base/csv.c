/* Streaming RFC 4180 reader. A row is gathered in one growing buffer (cells are separated by NUL),
 * so a row costs no allocation once the buffer has grown. Bytes that are not UTF-8 are read as
 * Windows-1252, which is what Dutch spreadsheets write. */
#include "wijk/csv.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 << 10 };

struct wijk_csv {
    wijk_read_fn read;
    void *payload;
    const char *what;
    char delimiter;
    int started, ended, latin;
    int failed; /* the code with which reading ended, 0 at a plain end */
    size_t line, row_line;
    unsigned char *chunk;
    size_t at, have;
    wijk_str row;     /* the cells of the present row, each followed by NUL */
    wijk_str recoded; /* the row again when it was not UTF-8 */
    size_t *starts;   /* offset of each cell in row */
    unsigned char *was_quoted;
    wijk_cell *cells;
    size_t count;
    const void *bytes; /* for wijk_csv_new_bytes */
    size_t bytes_left;
};

static ptrdiff_t read_bytes(void *payload, void *buffer, size_t room)
{
    wijk_csv *csv = payload;
    size_t take = csv->bytes_left < room ? csv->bytes_left : room;
    memcpy(buffer, csv->bytes, take);
    csv->bytes = (const char *)csv->bytes + take;
    csv->bytes_left -= take;
    return (ptrdiff_t)take;
}

int wijk_csv_new(wijk_csv **out, wijk_read_fn read, void *payload, char delimiter, const char *what)
{
    *out = NULL;
    wijk_csv *csv = wijk_alloc(sizeof *csv);
    if (!csv) {
        return WIJK_ENOMEM;
    }
    csv->read = read;
    csv->payload = payload;
    csv->what = what;
    csv->delimiter = delimiter;
    csv->line = 1;
    csv->row.ceiling = (size_t)WIJK_MAX_CELL * 8;
    csv->chunk = wijk_alloc(CHUNK);
    csv->starts = wijk_alloc(WIJK_MAX_COLUMNS * sizeof *csv->starts);
    csv->was_quoted = wijk_alloc(WIJK_MAX_COLUMNS);
    csv->cells = wijk_alloc(WIJK_MAX_COLUMNS * sizeof *csv->cells);
    if (!csv->chunk || !csv->starts || !csv->was_quoted || !csv->cells) {
        wijk_csv_free(csv);
        return WIJK_ENOMEM;
    }
    *out = csv;
    return WIJK_OK;
}

int wijk_csv_new_bytes(wijk_csv **out, const void *bytes, size_t size, const char *what)
{
    int rc = wijk_csv_new(out, read_bytes, NULL, 0, what);
    if (!rc) {
        (*out)->payload = *out;
        (*out)->bytes = bytes;
        (*out)->bytes_left = size;
    }
    return rc;
}

void wijk_csv_free(wijk_csv *csv)
{
    if (csv) {
        wijk_free(csv->chunk);
        wijk_free(csv->starts);
        wijk_free(csv->was_quoted);
        wijk_free(csv->cells);
        wijk_str_free(&csv->row);
        wijk_str_free(&csv->recoded);
        wijk_free(csv);
    }
}

/* The next byte, -1 at the end; a failure `code` shows as code - 1, which is below -1. */
static int peek(wijk_csv *csv)
{
    if (csv->at == csv->have) {
        if (csv->ended) {
            return csv->failed - 1;
        }
        ptrdiff_t have = csv->read(csv->payload, csv->chunk, CHUNK);
        if (have < 0) {
            return (int)have - 1;
        }
        csv->at = 0;
        csv->have = (size_t)have;
        if (have == 0) {
            csv->ended = 1;
            return -1;
        }
    }
    return csv->chunk[csv->at];
}

/* Skips a byte-order mark and guesses the delimiter: the candidate met most often outside quotes
 * in the first line. A stream that gives a few bytes at a time is first gathered to one chunk. */
static void start(wijk_csv *csv)
{
    csv->started = 1;
    if (peek(csv) < 0) {
        return;
    }
    while (csv->have < CHUNK) {
        ptrdiff_t more = csv->read(csv->payload, csv->chunk + csv->have, CHUNK - csv->have);
        if (more <= 0) {
            csv->failed = (int)more;
            csv->ended = 1;
            break;
        }
        csv->have += (size_t)more;
    }
    if (csv->have >= 3 && !memcmp(csv->chunk, "\xEF\xBB\xBF", 3)) {
        csv->at = 3;
    }
    if (csv->delimiter) {
        return;
    }
    static const char candidates[] = ",;\t|";
    size_t counts[4] = {0}, best = 0;
    int quoted = 0;
    while (csv->at < csv->have && (csv->chunk[csv->at] == '\n' || csv->chunk[csv->at] == '\r')) {
        csv->line += csv->chunk[csv->at] == '\n';
        csv->at++;
    }
    for (size_t i = csv->at; i < csv->have && (quoted || csv->chunk[i] != '\n'); i++) {
        quoted ^= csv->chunk[i] == '"';
        const char *hit = quoted || !csv->chunk[i] ? NULL : strchr(candidates, csv->chunk[i]);
        if (hit) {
            counts[hit - candidates]++;
        }
    }
    for (size_t i = 1; i < 4; i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    csv->delimiter = candidates[best];
}

/* The buffer's own words are about answers; here it is a row that never ends. */
static int row_status(const wijk_csv *csv)
{
    return csv->row.status == WIJK_ELIMIT
               ? wijk_fail(WIJK_ELIMIT,
                           "%s, regel %zu: een rij is groter dan %u bytes. Is dit wel een tabel?",
                           "%s, line %zu: a row is larger than %u bytes. Is this a table at all?",
                           csv->what, csv->row_line, WIJK_MAX_CELL * 8)
               : csv->row.status;
}

static int begin_cell(wijk_csv *csv)
{
    if (csv->count == WIJK_MAX_COLUMNS) {
        return wijk_fail(WIJK_ELIMIT, "%s, regel %zu: meer dan %u kolommen.",
                         "%s, line %zu: more than %u columns.", csv->what, csv->row_line,
                         WIJK_MAX_COLUMNS);
    }
    csv->was_quoted[csv->count] = 0;
    csv->starts[csv->count++] = csv->row.size;
    return WIJK_OK;
}

static int not_text(const wijk_csv *csv)
{
    return wijk_fail(WIJK_EFORMAT, "%s, regel %zu: dit is geen tekstbestand (een nulbyte).",
                     "%s, line %zu: this is not a text file (a zero byte).", csv->what, csv->line);
}

/* Reads a quoted run up to its closing quote; the opening one has been eaten. */
static int quoted_run(wijk_csv *csv)
{
    for (;;) {
        int c = peek(csv);
        if (c < -1) {
            return c + 1;
        }
        if (c == -1) {
            return wijk_fail(
                WIJK_EFORMAT, "%s, regel %zu: een aanhalingsteken wordt nergens gesloten.",
                "%s, line %zu: a quotation mark is never closed.", csv->what, csv->row_line);
        }
        if (c == 0) {
            return not_text(csv);
        }
        csv->at++;
        if (c == '"') {
            if (peek(csv) != '"') {
                return WIJK_OK;
            }
            csv->at++;
        }
        csv->line += c == '\n';
        wijk_str_addc(&csv->row, (char)c);
        if (csv->row.status) {
            return row_status(csv);
        }
    }
}

/* Copies the plain bytes at hand in one go: most of a file is plain bytes. */
static void plain_run(wijk_csv *csv)
{
    size_t end = csv->at;
    while (end < csv->have && csv->chunk[end] != (unsigned char)csv->delimiter &&
           csv->chunk[end] != '\n' && csv->chunk[end] != '\r' && csv->chunk[end] != '"' &&
           csv->chunk[end] != 0) {
        end++;
    }
    wijk_str_addn(&csv->row, csv->chunk + csv->at, end - csv->at);
    csv->at = end;
}

static int gather_row(wijk_csv *csv)
{
    csv->count = 0;
    wijk_str_clear(&csv->row);
    csv->row_line = csv->line;
    int rc = begin_cell(csv);
    while (!rc) {
        int c = peek(csv);
        if (c < -1) {
            return c + 1;
        }
        if (c == -1) {
            break;
        }
        if (c == 0) {
            return not_text(csv);
        }
        if (c == '"' &&
            (csv->row.size == csv->starts[csv->count - 1] || csv->was_quoted[csv->count - 1])) {
            csv->at++;
            csv->was_quoted[csv->count - 1] = 1;
            rc = quoted_run(csv);
        } else if (c == (unsigned char)csv->delimiter) {
            csv->at++;
            wijk_str_addc(&csv->row, 0);
            rc = begin_cell(csv);
        } else if (c == '\n' || c == '\r') {
            csv->at++;
            if (c == '\r' && peek(csv) == '\n') {
                csv->at++;
            }
            csv->line++;
            break;
        } else if (c == '"') {
            csv->at++;
            wijk_str_addc(&csv->row, '"');
        } else {
            plain_run(csv);
        }
        rc = rc ? rc : row_status(csv);
    }
    wijk_str_addc(&csv->row, 0);
    return rc ? rc : row_status(csv);
}

/* Bytes that follow the first byte of a UTF-8 character, 9 when it cannot be a first byte; *low and
 * *high bound the second byte, so that overlong forms and surrogates are refused (Unicode 15,
 * table 3-7). */
static size_t followers(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    *high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    return c < 0x80                ? 0
           : c >= 0xC2 && c < 0xE0 ? 1
           : c >= 0xE0 && c < 0xF0 ? 2
           : c >= 0xF0 && c < 0xF5 ? 3
                                   : 9;
}

static int is_utf8(const unsigned char *at, size_t size)
{
    for (size_t i = 0; i < size;) {
        unsigned char low, high;
        size_t more = followers(at[i], &low, &high);
        if (more == 9 || more > size - i - 1 || (more && (at[i + 1] < low || at[i + 1] > high))) {
            return 0;
        }
        for (size_t k = 2; k <= more; k++) {
            if ((at[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        i += more + 1;
    }
    return 1;
}

/* Makes cells of the gathered row; recodes it first when it is not UTF-8. */
static int make_cells(wijk_csv *csv)
{
    wijk_str *from = &csv->row;
    if (!is_utf8((const unsigned char *)from->data, from->size)) {
        csv->latin = 1;
        wijk_str_clear(&csv->recoded);
        csv->recoded.ceiling = csv->row.ceiling * 3;
        for (size_t i = 0, cell = 0; i < from->size; i++) {
            if (cell < csv->count && csv->starts[cell] == i) {
                csv->starts[cell++] = csv->recoded.size;
            }
            wijk_str_add_latin(&csv->recoded, (unsigned char)from->data[i]);
        }
        from = &csv->recoded;
    }
    for (size_t i = 0; i < csv->count && !from->status; i++) {
        char *text = from->data + csv->starts[i];
        size_t end = i + 1 < csv->count ? csv->starts[i + 1] - 1 : from->size - 1;
        size_t size = end - csv->starts[i];
        while (size && (text[size - 1] == ' ' || text[size - 1] == '\t')) {
            text[--size] = 0;
        }
        while (size && (*text == ' ' || *text == '\t')) {
            text++;
            size--;
        }
        csv->cells[i] = (wijk_cell){text, size};
    }
    return from->status;
}

int wijk_csv_next(wijk_csv *csv, const wijk_cell **cells, size_t *count)
{
    if (!csv->started) {
        start(csv);
    }
    for (;;) {
        int c = peek(csv);
        if (c == -1) {
            return 0;
        }
        int rc = c < -1 ? c + 1 : gather_row(csv);
        if (rc) {
            return rc;
        }
        if (csv->count > 1 || csv->row.size > 1) {
            break;
        }
    }
    int rc = make_cells(csv);
    *cells = csv->cells;
    *count = csv->count;
    return rc ? rc : 1;
}

size_t wijk_csv_line(const wijk_csv *csv)
{
    return csv->row_line;
}

char wijk_csv_delimiter(const wijk_csv *csv)
{
    return csv->delimiter;
}

int wijk_csv_latin(const wijk_csv *csv)
{
    return csv->latin;
}

/* Digits are gathered exactly up to 2^53 and scaled by one exact power of ten: correctly rounded
 * for what statistics print (Clinger's fast path); longer ones go through strtod, which is exact
 * too and reads a point whatever the locale because setlocale is never called. */
int wijk_csv_number(double *out, const char *text, size_t size, char decimal)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    while (size && (*text == ' ' || *text == '\t')) {
        text++;
        size--;
    }
    while (size && (text[size - 1] == ' ' || text[size - 1] == '\t')) {
        size--;
    }
    if (!size || size > 60) {
        return 0;
    }
    char copy[64];
    uint64_t digits = 0;
    int places = 0, point = 0, any = 0, plain = 1;
    size_t i = *text == '-' || *text == '+';
    memcpy(copy, text, size);
    copy[size] = 0;
    for (; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            any = 1;
            plain &= digits < (1ull << 53) / 10 - 1;
            digits = plain ? digits * 10 + (uint64_t)(text[i] - '0') : digits;
            places += point;
        } else if (text[i] == decimal && !point) {
            point = 1;
            copy[i] = '.';
        } else if (any && (text[i] == 'e' || text[i] == 'E') && i + 1 < size) {
            plain = 0;
            break;
        } else {
            return 0;
        }
    }
    if (!any) {
        return 0;
    }
    if (plain && places <= 22) {
        *out = (double)digits / tens[places] * (*text == '-' ? -1 : 1);
        return 1;
    }
    char *end;
    *out = strtod(copy, &end);
    return *end == 0 && isfinite(*out);
}

void wijk_csv_text(wijk_str *out, const char *text)
{
    int quoted = text[strcspn(text, ",\"\r\n")] != 0;
    wijk_str_add(out, quoted ? "\"" : "");
    for (; *text; text++) {
        wijk_str_add(out, *text == '"' ? "\"" : "");
        wijk_str_addc(out, *text);
    }
    wijk_str_add(out, quoted ? "\"" : "");
}
