/* wijk/csv.h: a streaming RFC 4180 reader that forgives what Dutch exports do: byte-order mark,
 * `;`, padding, CRLF, Latin-1. Nothing but one row is held in memory. And a cell as it is written.
 */
#ifndef WIJK_CSV_H
#define WIJK_CSV_H

#include "wijk/str.h"

#include <stddef.h>

/* Fills `buffer` with at most `room` bytes; returns how many, 0 at the end, negative on failure. */
typedef ptrdiff_t (*wijk_read_fn)(void *payload, void *buffer, size_t room);

typedef struct {
    const char *text; /* NUL-terminated UTF-8, blanks trimmed when not quoted and when padded */
    size_t size;
} wijk_cell;

typedef struct wijk_csv wijk_csv;

/* `delimiter` 0 sniffs among , ; tab | in the first row. `what` names the file in messages. */
int wijk_csv_new(wijk_csv **out, wijk_read_fn read, void *payload, char delimiter,
                 const char *what);
/* The same over bytes that outlive the reader. */
int wijk_csv_new_bytes(wijk_csv **out, const void *bytes, size_t size, const char *what);
void wijk_csv_free(wijk_csv *csv);
/* 1 with a row (valid until the next call), 0 at the end, negative on failure (WIJK_ELIMIT,
 * WIJK_EFORMAT for a quote that never closes or a NUL byte). Empty lines are passed over.
 * Amortised O(bytes). */
int wijk_csv_next(wijk_csv *csv, const wijk_cell **cells, size_t *count);
/* 1-based line on which the present row began, for messages. */
size_t wijk_csv_line(const wijk_csv *csv);
char wijk_csv_delimiter(const wijk_csv *csv);
/* 1 when bytes that are not UTF-8 were met and read as Windows-1252. */
int wijk_csv_latin(const wijk_csv *csv);

/* A number in Dutch or English form: `decimal` is '.' or ','; blanks at the ends are allowed.
 * 1 and *out when the whole text is one finite number, else 0. Independent of the locale. */
int wijk_csv_number(double *out, const char *text, size_t size, char decimal);

/* Adds a cell of text, quoted where it must be (RFC 4180): the reader above gives the same text,
 * less blanks at its ends. */
void wijk_csv_text(wijk_str *out, const char *text);

#endif
