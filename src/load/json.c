/* A pull reader of JSON over a stream. It never looks further than one byte ahead and holds one
 * buffer of 64 KiB; nesting is counted, not recursed, so that no input can exhaust the stack. */
#include "load/json.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <string.h>

/* The next byte as it is; -1 at the end. */
static int look(wijk_json *json)
{
    if (json->at == json->end) {
        ptrdiff_t got =
            json->failed ? 0 : json->read(json->payload, json->buffer, sizeof json->buffer);
        if (got < 0) {
            json->failed = (int)got;
        }
        json->at = 0;
        json->end = got > 0 ? (size_t)got : 0;
        if (!json->end) {
            return -1;
        }
    }
    return json->buffer[json->at];
}

void wijk_json_start(wijk_json *json, wijk_read_fn read, void *payload, const char *what)
{
    json->read = read;
    json->payload = payload;
    json->what = what;
    json->line = 1;
    json->at = json->end = 0;
    json->failed = 0;
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF}; /* of byte order, in UTF-8 */
    for (size_t i = 0; i < sizeof mark && look(json) == mark[i]; i++) {
        json->at++;
    }
}

int wijk_json_peek(wijk_json *json)
{
    int c;
    while ((c = look(json)) == ' ' || c == '\n' || c == '\r' || c == '\t') {
        json->line += c == '\n';
        json->at++;
    }
    return c;
}

int wijk_json_broken(wijk_json *json)
{
    if (json->failed) {
        return json->failed;
    }
    if (look(json) < 0) {
        return wijk_fail(
            json->failed ? json->failed : WIJK_EFORMAT,
            "%s: het bestand houdt op bij regel %zu, midden in de gegevens. Haal het "
            "opnieuw op.",
            "%s: the file ends at line %zu, in the middle of the data. Fetch it again.", json->what,
            json->line);
    }
    return wijk_fail(WIJK_EFORMAT, "%s, regel %zu: dit is geen goede JSON.",
                     "%s, line %zu: this is not proper JSON.", json->what, json->line);
}

int wijk_json_expect(wijk_json *json, char c)
{
    if (wijk_json_peek(json) != (unsigned char)c) {
        return wijk_json_broken(json);
    }
    json->at++;
    return WIJK_OK;
}

int wijk_json_next(wijk_json *json, int *first, char close)
{
    int c = wijk_json_peek(json), began = !*first;
    *first = 0;
    if (c == (unsigned char)close) {
        json->at++;
        return 0;
    }
    if (began) {
        if (c != ',') {
            return wijk_json_broken(json);
        }
        json->at++;
        return wijk_json_peek(json) == (unsigned char)close ? wijk_json_broken(json) : 1;
    }
    return c < 0 ? wijk_json_broken(json) : 1;
}

static int hex4(unsigned *out, wijk_json *json)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        int c = look(json);
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return wijk_json_broken(json);
        }
        *out = *out << 4 | (unsigned)digit;
        json->at++;
    }
    return WIJK_OK;
}

static void add_code(wijk_str *out, unsigned code)
{
    if (code < 0x80) {
        wijk_str_addc(out, (char)code);
        return;
    }
    if (code >= 0x10000) {
        wijk_str_addc(out, (char)(0xF0 | code >> 18));
        wijk_str_addc(out, (char)(0x80 | (code >> 12 & 0x3F)));
    } else if (code >= 0x800) {
        wijk_str_addc(out, (char)(0xE0 | code >> 12));
    }
    if (code >= 0x800) {
        wijk_str_addc(out, (char)(0x80 | (code >> 6 & 0x3F)));
    } else {
        wijk_str_addc(out, (char)(0xC0 | code >> 6));
    }
    wijk_str_addc(out, (char)(0x80 | (code & 0x3F)));
}

/* \uXXXX, its 'u' taken; a lone half of a pair becomes U+FFFD, and so does NUL. */
static int unicode_escape(wijk_str *out, wijk_json *json)
{
    unsigned code, low;
    int rc = hex4(&code, json);
    while (!rc && code >= 0xD800 && code < 0xDC00) {
        if (look(json) != '\\') {
            break;
        }
        json->at++;
        if (look(json) != 'u') {
            return wijk_json_broken(json);
        }
        json->at++;
        rc = hex4(&low, json);
        if (!rc && low >= 0xDC00 && low < 0xE000) {
            add_code(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
            return WIJK_OK;
        }
        add_code(out, 0xFFFD);
        code = low;
    }
    if (!rc) {
        add_code(out, code == 0 || (code >= 0xD800 && code < 0xE000) ? 0xFFFD : code);
    }
    return rc;
}

static int escape(wijk_str *out, wijk_json *json)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    int c = look(json);
    const char *at = c > 0 ? strchr(names, c) : NULL;
    if (at) {
        json->at++;
        wijk_str_addc(out, values[at - names]);
        return WIJK_OK;
    }
    if (c != 'u') {
        return wijk_json_broken(json);
    }
    json->at++;
    return unicode_escape(out, json);
}

/* One character of more than one byte, checked (no overlong forms, no surrogates). What is not
 * UTF-8 is read as Windows-1252, byte by byte: real maps of Dutch cities are. */
static void multibyte(wijk_str *out, wijk_json *json, int c)
{
    int more = c >= 0xC2 && c < 0xE0   ? 1
               : c >= 0xE0 && c < 0xF0 ? 2
               : c >= 0xF0 && c < 0xF5 ? 3
                                       : 0;
    unsigned char raw[4] = {(unsigned char)c};
    int taken = 1;
    unsigned code = (unsigned)c & (0x3Fu >> more);
    json->at++;
    while (taken <= more && (look(json) & ~0x3F) == 0x80) {
        raw[taken] = json->buffer[json->at++];
        code = code << 6 | (raw[taken++] & 0x3Fu);
    }
    int overlong =
        (more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF));
    if (more && taken == more + 1 && !overlong && (code < 0xD800 || code >= 0xE000)) {
        add_code(out, code);
        return;
    }
    for (int i = 0; i < taken; i++) {
        wijk_str_add_latin(out, raw[i]);
    }
}

static int string_into(wijk_str *out, wijk_json *json)
{
    size_t from = out->size;
    int rc = wijk_json_expect(json, '"');
    while (!rc) {
        int c = look(json);
        if (c == '"') {
            json->at++;
            return wijk_str_status(out);
        }
        if (c < 0x20) {
            return wijk_json_broken(json);
        }
        if (c == '\\') {
            json->at++;
            rc = escape(out, json);
        } else if (c < 0x80) {
            json->at++;
            wijk_str_addc(out, (char)c);
        } else {
            multibyte(out, json, c);
        }
        if (!rc && out->size - from > WIJK_MAX_CELL) {
            rc = wijk_fail(WIJK_ELIMIT, "%s, regel %zu: een tekst is langer dan %u bytes.",
                           "%s, line %zu: a text is longer than %u bytes.", json->what, json->line,
                           WIJK_MAX_CELL);
        }
        rc = rc ? rc : wijk_str_status(out);
    }
    return rc;
}

int wijk_json_string(wijk_str *out, wijk_json *json)
{
    wijk_str_clear(out);
    return string_into(out, json);
}

int wijk_json_key(wijk_str *out, wijk_json *json)
{
    int rc = wijk_json_string(out, json);
    return rc ? rc : wijk_json_expect(json, ':');
}

/* A number or a word as it stands; the size, 0 when there is none. */
static size_t bare(char text[64], wijk_json *json)
{
    size_t size = 0;
    int c = wijk_json_peek(json);
    while (size < 63 && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
                         c == '.' || c == 'E')) {
        text[size++] = (char)c;
        json->at++;
        c = look(json);
    }
    text[size] = 0;
    return size;
}

int wijk_json_number(double *out, wijk_json *json)
{
    char text[64];
    size_t size = bare(text, json);
    return wijk_csv_number(out, text, size, '.') ? WIJK_OK : wijk_json_broken(json);
}

int wijk_json_text(wijk_str *out, wijk_json *json)
{
    int c = wijk_json_peek(json);
    if (c == '"') {
        return string_into(out, json);
    }
    if (c == '[' || c == '{') {
        return wijk_json_skip(json);
    }
    char text[64];
    double number;
    size_t size = bare(text, json);
    if (!strcmp(text, "null")) {
        return WIJK_OK;
    }
    if (strcmp(text, "true") && strcmp(text, "false") &&
        !wijk_csv_number(&number, text, size, '.')) {
        return wijk_json_broken(json);
    }
    wijk_str_addn(out, text, size);
    return wijk_str_status(out);
}

/* Past a string without keeping it. */
static int skip_string(wijk_json *json)
{
    json->at++;
    for (int c; (c = look(json)) != '"';) {
        if (c < 0x20) {
            return wijk_json_broken(json);
        }
        json->at++;
        if (c == '\\') {
            if (look(json) < 0) {
                return wijk_json_broken(json);
            }
            json->at++;
        }
    }
    json->at++;
    return WIJK_OK;
}

/* Brackets are matched and strings passed whole; commas and colons inside are not judged. */
int wijk_json_skip(wijk_json *json)
{
    char open[WIJK_MAX_DEPTH];
    size_t depth = 0;
    do {
        int c = wijk_json_peek(json), rc = WIJK_OK;
        if (c == '{' || c == '[') {
            if (depth == WIJK_MAX_DEPTH) {
                return wijk_fail(WIJK_ELIMIT, "%s, regel %zu: meer dan %u niveaus diep.",
                                 "%s, line %zu: nested more than %u deep.", json->what, json->line,
                                 WIJK_MAX_DEPTH);
            }
            open[depth++] = c == '{' ? '}' : ']';
            json->at++;
        } else if (c == '}' || c == ']') {
            if (!depth || open[--depth] != c) {
                return wijk_json_broken(json);
            }
            json->at++;
        } else if (c == '"') {
            rc = skip_string(json);
        } else if (depth && (c == ',' || c == ':')) {
            json->at++;
            rc = wijk_json_peek(json) < 0 ? wijk_json_broken(json) : WIJK_OK;
        } else {
            char text[64];
            rc = bare(text, json) ? WIJK_OK : wijk_json_broken(json);
        }
        if (rc) {
            return rc;
        }
    } while (depth);
    return WIJK_OK;
}
