/* Screen texts, number forms, folding for search, and the files inside the binary. No locale is
 * consulted: the same bytes come out on every machine. */
#include "wijk/text.h"

#include "base/assets.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *wijk_text(wijk_lang lang, enum wijk_text_key key)
{
    return (unsigned)key < T_COUNT ? wijk_text_table[key][1 + (lang == WIJK_EN)] : "";
}

void wijk_text_fill(wijk_str *out, wijk_lang lang, enum wijk_text_key key, ...)
{
    const char *parts[10] = {0};
    va_list args;
    va_start(args, key);
    for (size_t i = 0; i < 10 && (parts[i] = va_arg(args, const char *)); i++) {
    }
    va_end(args);
    for (const char *at = wijk_text(lang, key); *at; at++) {
        if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            const char *part = parts[at[1] - '0'];
            wijk_str_add(out, part ? part : "");
            at += 2;
        } else {
            wijk_str_addc(out, *at);
        }
    }
}

/* The digits of "%.*f" without printf, which is most of the cost of a page; 0 when the value is
 * large or so near a tie that only exact arithmetic can round it. */
static int plain_digits(char *out, double value, int decimals)
{
    static const double scales[] = {1, 10, 100, 1000};
    double scaled = decimals >= 0 && decimals < 4 ? value * scales[decimals] : INFINITY;
    if (!(scaled < 1e9) || fabs(scaled - floor(scaled) - 0.5) < 1e-6) {
        return 0;
    }
    char turned[16];
    int count = 0, size = 0;
    for (unsigned long left = (unsigned long)(scaled + 0.5); left || count <= decimals;
         left /= 10) {
        turned[count++] = (char)('0' + left % 10);
    }
    while (count) {
        if (count == decimals) {
            out[size++] = '.';
        }
        out[size++] = turned[--count];
    }
    out[size] = 0;
    return size;
}

void wijk_number(wijk_str *out, wijk_lang lang, double value, int decimals)
{
    if (!isfinite(value)) {
        wijk_str_add(out, "–");
        return;
    }
    char digits[400];
    int size = plain_digits(digits, fabs(value), decimals);
    size = size ? size : snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    int zero = strspn(digits, "0.") == (size_t)size;
    if (value < 0 && !zero) {
        wijk_str_add(out, "−");
    }
    int whole = decimals > 0 ? size - decimals - 1 : size;
    for (int i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) {
            wijk_str_addc(out, lang == WIJK_EN ? ',' : '.');
        }
        wijk_str_addc(out, digits[i]);
    }
    if (decimals > 0) {
        wijk_str_addc(out, lang == WIJK_EN ? '.' : ',');
        wijk_str_addn(out, digits + whole + 1, (size_t)decimals);
    }
}

void wijk_euro(wijk_str *out, wijk_lang lang, double euro, int decimals)
{
    wijk_str number = WIJK_STR_INIT;
    static const char minus[] = "−";
    wijk_number(&number, lang, euro, decimals);
    const char *text = wijk_str_text(&number);
    int negative = !strncmp(text, minus, sizeof minus - 1);
    if (!isfinite(euro)) {
        wijk_str_add(out, text);
    } else if (lang == WIJK_NL) {
        wijk_str_add(out, "€\u00A0");
        wijk_str_add(out, text);
    } else {
        wijk_str_add(out, negative ? "−\u2060€" : "€");
        wijk_str_add(out, text + (negative ? sizeof minus - 1 : 0));
    }
    wijk_str_free(&number);
}

int wijk_number_decimals(double value, int least, int most)
{
    int decimals = least;
    double shifted = value * pow(10, least);
    while (decimals < most && fabs(shifted - round(shifted)) > 1e-9) {
        shifted *= 10;
        decimals++;
    }
    return decimals;
}

const char *wijk_number_in(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number(&text, lang, value, decimals);
    return wijk_str_keep(&text, arena);
}

const char *wijk_asset_get(const char *path, size_t *size)
{
    for (const wijk_asset *at = wijk_asset_table; at->path; at++) {
        if (!strcmp(at->path, path)) {
            if (size) {
                *size = at->size;
            }
            return (const char *)at->data;
        }
    }
    return NULL;
}

const char *wijk_asset_path(size_t i)
{
    for (const wijk_asset *at = wijk_asset_table; at->path; at++) {
        if (i-- == 0) {
            return at->path;
        }
    }
    return NULL;
}

/* Base letters of U+00C0..U+017F, "" where there is none (× and ÷). Two letters stay two. */
static const char *const bases[] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",  "e",  "e", "e", "e", "i",  "i",  "i", "i", "d", "n",
    "o", "o", "o",  "o",  "o", "",  "o",  "u",  "u",  "u", "u", "y", "th", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i", "d",  "n",  "o", "o", "o", "o",
    "o", "",  "o",  "u",  "u", "u", "u",  "y",  "th", "y", "a", "a", "a",  "a",  "a", "a", "c", "c",
    "c", "c", "c",  "c",  "c", "c", "d",  "d",  "d",  "d", "e", "e", "e",  "e",  "e", "e", "e", "e",
    "e", "e", "g",  "g",  "g", "g", "g",  "g",  "g",  "g", "h", "h", "h",  "h",  "i", "i", "i", "i",
    "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j",  "j", "k", "k", "k",  "l",  "l", "l", "l", "l",
    "l", "l", "l",  "l",  "l", "n", "n",  "n",  "n",  "n", "n", "n", "n",  "n",  "o", "o", "o", "o",
    "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r",  "r", "s", "s", "s",  "s",  "s", "s", "s", "s",
    "t", "t", "t",  "t",  "t", "t", "u",  "u",  "u",  "u", "u", "u", "u",  "u",  "u", "u", "u", "u",
    "w", "w", "y",  "y",  "y", "z", "z",  "z",  "z",  "z", "z", "s"};

static size_t put(char *out, size_t room, size_t size, const char *letters)
{
    while (*letters && size + 1 < room) {
        out[size++] = *letters++;
    }
    return size;
}

size_t wijk_fold(char *out, size_t room, const char *text)
{
    size_t size = 0;
    int blank = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        char single[2] = {0, 0};
        const char *letters = single;
        if (*at < 0x80) {
            unsigned c = *at;
            single[0] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            if (!((single[0] >= 'a' && single[0] <= 'z') || (c >= '0' && c <= '9'))) {
                /* An apostrophe joins ('s-Gravenhage → s gravenhage only at the dash). */
                blank |= c != '\'';
                continue;
            }
        } else if (*at >= 0xC3 && *at <= 0xC5 && at[1] >= 0x80 && at[1] < 0xC0) {
            unsigned code = ((*at & 0x1Fu) << 6) | (at[1] & 0x3Fu);
            letters = bases[code - 0xC0];
            at++;
        } else {
            continue;
        }
        if (blank && size) {
            size = put(out, room, size, " ");
        }
        blank = 0;
        size = put(out, room, size, letters);
    }
    out[size] = 0;
    return size;
}
