/* A sheet that a person writes: settings, tables and comments behind #, with any of the usual
 * delimiters. Shared by the account and the shared post; every refusal names file, line, column. */
#include "account/sheet.h"

#include "wijk/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int sheet_at(const sheet *s, int code, const char *column)
{
    char where[200];
    snprintf(where, sizeof where, "%.120s:%zu, %.40s", s->what, wijk_csv_line(s->csv), column);
    return wijk_fail_at(code, where);
}

/* ---- what a cell can hold ---------------------------------------------------------------------
 */

int sheet_number(double *out, const char *text, size_t size)
{
    double scale = 1;
    while (size && text[size - 1] == ' ') {
        size--;
    }
    if (size && text[size - 1] == '%') {
        scale = 0.01;
        size--;
    }
    char decimal = memchr(text, ',', size) ? ',' : '.';
    if (!size || !wijk_csv_number(out, text, size, decimal)) {
        return wijk_fail(WIJK_EFORMAT, "\"%.*s\" is geen getal.", "\"%.*s\" is not a number.",
                         (int)(size < 40 ? size : 40), text);
    }
    *out *= scale;
    return WIJK_OK;
}

static int begins(const char *text, size_t size, const char *with)
{
    return size >= strlen(with) && !memcmp(text, with, strlen(with));
}

int sheet_cents(double *out, const char *text, size_t size)
{
    static const char *const euro[] = {"\xE2\x82\xAC", "EUR", " ", "\xC2\xA0"};
    char amount[48];
    int64_t cents = 0;
    for (size_t i = 0; i < 4; i++) { /* "€ 12", "EUR 12" */
        size_t skip = begins(text, size, euro[i]) ? strlen(euro[i]) : 0;
        text += skip;
        size -= skip;
    }
    int letters = size && (*text == '$' || (*text >= 'A' && *text <= 'Z'));
    if (letters || begins(text, size, "\xC2\xA3")) {
        return wijk_fail(
            WIJK_EFORMAT,
            "\"%.*s\" is geen euro. Een rekening heeft één munt: reken eerst om en noem "
            "de koers in source.",
            "\"%.*s\" is not in euro. An account has one currency: convert it first and "
            "name the rate in source.",
            (int)(size < 20 ? size : 20), text);
    }
    snprintf(amount, sizeof amount, "%.*s", (int)(size < 47 ? size : 47), text);
    int rc = wijk_cents_parse(&cents, amount);
    *out = (double)cents;
    return rc;
}

int sheet_whole(int *out, const char *text, int low, int high)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (!*text || *end || value < low || value > high) {
        return wijk_fail(WIJK_EFORMAT, "\"%.40s\" is geen heel getal van %d tot en met %d.",
                         "\"%.40s\" is not a whole number from %d to %d.", text, low, high);
    }
    *out = (int)value;
    return WIJK_OK;
}

int sheet_word(int *out, const char *text, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (!strcmp(text, words[i])) {
            *out = i;
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_EFORMAT, "\"%.40s\" kan niet; kies %s, %s%s%s.",
                     "\"%.40s\" will not do; choose %s, %s%s%s.", text, words[0], words[1],
                     count > 2 ? ", " : "", count > 2 ? words[2] : "");
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Takes comments out and leaves the ends of their lines, so that line numbers stay true. */
static ptrdiff_t read_filtered(void *payload, void *buffer, size_t room)
{
    sheet *f = payload;
    char *out = buffer;
    size_t size = 0;
    while (f->left && size < room) {
        char c = *f->at++;
        f->left--;
        if (f->fresh && !f->quoted && c == '#') {
            f->comment = 1;
        }
        f->fresh = c == '\n';
        if (f->fresh) {
            f->comment = 0;
        }
        if (!f->comment) {
            f->quoted ^= c == '"';
            out[size++] = c;
        }
    }
    return (ptrdiff_t)size;
}

/* The sign behind the first word of the header: a title may hold any sign, so the first row does
 * not tell. */
static char find_delimiter(const char *bytes, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length < size; i++) {
        int fresh = i == 0 || bytes[i - 1] == '\n';
        char sign = bytes[i + length];
        int delimits = sign == ',' || sign == ';' || sign == '\t';
        if (fresh && delimits && !memcmp(bytes + i, word, length)) {
            return sign;
        }
    }
    return ',';
}

int sheet_open(sheet *s, const void *bytes, size_t size, const char *what, const char *word)
{
    *s = (sheet){.what = what, .at = bytes, .left = size, .fresh = 1};
    if (size >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) { /* a mark before the first comment */
        s->at += 3;
        s->left -= 3;
    }
    return wijk_csv_new(&s->csv, read_filtered, s, find_delimiter(s->at, s->left, word), what);
}

int sheet_next(sheet *s)
{
    int rc;
    while ((rc = wijk_csv_next(s->csv, &s->cells, &s->count)) == 1) {
        for (size_t i = 0; i < s->count; i++) { /* not a row of nothing but separators */
            if (s->cells[i].size) {
                return 1;
            }
        }
    }
    return rc;
}
