/* Growing text with a ceiling and a sticky failure. Doubles until the ceiling. */
#include "wijk/str.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wijk_str_free(wijk_str *str)
{
    wijk_free(str->data);
    *str = (wijk_str)WIJK_STR_INIT;
}

void wijk_str_clear(wijk_str *str)
{
    str->size = 0;
    str->status = WIJK_OK;
    if (str->data) {
        str->data[0] = 0;
    }
}

char *wijk_str_reserve(wijk_str *str, size_t room)
{
    if (str->status) {
        return NULL;
    }
    if (str->room - str->size > room) {
        return str->data + str->size;
    }
    size_t ceiling = str->ceiling ? str->ceiling : WIJK_MAX_TEXT;
    if (room >= ceiling || str->size > ceiling - room - 1) {
        str->status = wijk_fail(
            WIJK_ELIMIT, "Het antwoord wordt groter dan %zu bytes. Vraag minder tegelijk.",
            "The answer grows beyond %zu bytes. Ask for less at once.", ceiling);
        return NULL;
    }
    size_t want = str->room ? str->room * 2 : 256;
    while (want <= str->size + room) {
        want *= 2;
    }
    want = want > ceiling ? ceiling : want;
    char *data = wijk_realloc(str->data, want);
    if (!data) {
        str->status = WIJK_ENOMEM;
        return NULL;
    }
    str->data = data;
    str->room = want;
    return data + str->size;
}

void wijk_str_addn(wijk_str *str, const void *bytes, size_t size)
{
    char *at = !str->status && str->room - str->size > size ? str->data + str->size
                                                            : wijk_str_reserve(str, size);
    if (at) {
        if (size) {
            memcpy(at, bytes, size);
        }
        at[size] = 0;
        str->size += size;
    }
}

void wijk_str_add(wijk_str *str, const char *text)
{
    wijk_str_addn(str, text, strlen(text));
}

void wijk_str_addc(wijk_str *str, char c)
{
    char *at = !str->status && str->room - str->size > 1 ? str->data + str->size
                                                         : wijk_str_reserve(str, 1);
    if (at) {
        at[0] = c;
        at[1] = 0;
        str->size++;
    }
}

void wijk_str_add_latin(wijk_str *out, unsigned char c)
{
    /* Where Windows-1252 differs from Latin-1. */
    static const unsigned short c1[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    unsigned code = c >= 0x80 && c < 0xA0 ? c1[c - 0x80] : c;
    if (code < 0x80) {
        wijk_str_addc(out, (char)code);
    } else if (code < 0x800) {
        wijk_str_addc(out, (char)(0xC0 | (code >> 6)));
        wijk_str_addc(out, (char)(0x80 | (code & 0x3F)));
    } else {
        wijk_str_addc(out, (char)(0xE0 | (code >> 12)));
        wijk_str_addc(out, (char)(0x80 | ((code >> 6) & 0x3F)));
        wijk_str_addc(out, (char)(0x80 | (code & 0x3F)));
    }
}

void wijk_str_addf(wijk_str *str, const char *format, ...)
{
    /* Most pieces fit in the room there is: formatted once, in place. */
    enum { USUAL = 128 };
    char *at = wijk_str_reserve(str, USUAL);
    if (!at) {
        return;
    }
    va_list args;
    va_start(args, format);
    size_t room = str->room - str->size;
    int size = vsnprintf(at, room, format, args);
    va_end(args);
    if (size >= 0 && (size_t)size >= room) {
        at[0] = 0;
        at = wijk_str_reserve(str, (size_t)size + 1);
        if (!at) {
            return;
        }
        va_start(args, format);
        vsnprintf(at, (size_t)size + 1, format, args);
        va_end(args);
    }
    str->size += size > 0 ? (size_t)size : 0;
}

void wijk_str_addi(wijk_str *str, long long value)
{
    char digits[24];
    int at = sizeof digits;
    unsigned long long left =
        value < 0 ? 0ull - (unsigned long long)value : (unsigned long long)value;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0) {
        digits[--at] = '-';
    }
    wijk_str_addn(str, digits + at, sizeof digits - (size_t)at);
}

/* Statistics have few decimals: the first k for which a whole number over 10^k is the very same
 * double gives the shortest form, because division rounds correctly and fifteen digits are always
 * unique. Saves printf's exact arithmetic in nine of ten numbers. */
static int add_short(wijk_str *str, double value)
{
    static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    double size = fabs(value);
    for (int places = 0; places < 7 && size < 1e15 / tens[places]; places++) {
        double scaled = floor(size * tens[places] + 0.5);
        if (scaled / tens[places] != size) {
            continue;
        }
        char digits[24];
        int at = sizeof digits, least = (int)sizeof digits - places - 1 - (places > 0);
        uint64_t left = (uint64_t)scaled;
        while (left || at > least) {
            if (places && at == (int)sizeof digits - places) {
                digits[--at] = '.';
            }
            digits[--at] = (char)('0' + left % 10);
            left /= 10;
        }
        if (value < 0) {
            digits[--at] = '-';
        }
        wijk_str_addn(str, digits + at, sizeof digits - (size_t)at);
        return 1;
    }
    return 0;
}

void wijk_str_addg(wijk_str *str, double value)
{
    if (!isfinite(value)) {
        wijk_str_add(str, "null");
        return;
    }
    if (add_short(str, value)) {
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    wijk_str_add(str, text);
}

void wijk_str_addq(wijk_str *str, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    wijk_str_addc(str, '"');
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\') {
            plain++;
        }
        wijk_str_addn(str, text, plain);
        text += plain;
        if (*text == '"' || *text == '\\') {
            wijk_str_addc(str, '\\');
            wijk_str_addc(str, *text++);
        } else if (*text) {
            wijk_str_add(str, "\\u00");
            wijk_str_addc(str, hex[(unsigned char)*text >> 4]);
            wijk_str_addc(str, hex[*text++ & 15]);
        }
    }
    wijk_str_addc(str, '"');
}

const char *wijk_str_keep(wijk_str *str, wijk_arena *arena)
{
    const char *kept =
        str->status ? NULL : wijk_arena_strndup(arena, wijk_str_text(str), str->size);
    wijk_str_free(str);
    return kept ? kept : "";
}

const char *wijk_str_text(const wijk_str *str)
{
    return str->data ? str->data : "";
}

int wijk_str_status(const wijk_str *str)
{
    return str->status;
}
