/* wijk/str.h: a growing text with a ceiling and a sticky failure.
 *
 * Appending never needs checking: after the first failure nothing more is written and
 * wijk_str_status() tells it once, at the end (SQLite's StrAccum, curl's dynbuf). */
#ifndef WIJK_STR_H
#define WIJK_STR_H

#include "wijk/mem.h"

#include <stddef.h>

typedef struct {
    char *data; /* NUL-terminated once anything was written; NULL before */
    size_t size, room, ceiling;
    int status; /* WIJK_OK, WIJK_ENOMEM or WIJK_ELIMIT */
} wijk_str;

/* `ceiling` 0 means WIJK_MAX_TEXT. */
#define WIJK_STR_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0, 0, 0                                                                           \
    }
void wijk_str_free(wijk_str *str);
void wijk_str_clear(wijk_str *str); /* keeps the memory */

void wijk_str_add(wijk_str *str, const char *text);
void wijk_str_addn(wijk_str *str, const void *bytes, size_t size);
void wijk_str_addc(wijk_str *str, char c);
/* One byte of Windows-1252, as UTF-8: what Dutch files hold when they are not UTF-8. */
void wijk_str_add_latin(wijk_str *str, unsigned char c);
void wijk_str_addf(wijk_str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Fast integers: what SVG paths and JSON mostly consist of. */
void wijk_str_addi(wijk_str *str, long long value);
/* At least `room` bytes can follow without growing; returns where they go, or NULL. */
char *wijk_str_reserve(wijk_str *str, size_t room);
/* Shortest decimal that reads back to the same double; "null" when not finite. For JSON and CSV. */
void wijk_str_addg(wijk_str *str, double value);
/* A JSON string, quotes included (RFC 8259); bytes that are not UTF-8 are the caller's care. */
void wijk_str_addq(wijk_str *str, const char *text);

/* The text copied into the arena, and freed here. "" when the text failed or the arena is full,
 * never NULL. */
const char *wijk_str_keep(wijk_str *str, wijk_arena *arena);

/* Borrowed, never NULL. */
const char *wijk_str_text(const wijk_str *str);
int wijk_str_status(const wijk_str *str);

#endif
