/* A sheet that a person writes: settings, tables, comments. */
#ifndef WIJK_ACCOUNT_SHEET_H
#define WIJK_ACCOUNT_SHEET_H

#include "wijk/csv.h"
#include "wijk/err.h"

typedef struct {
    wijk_csv *csv;
    const char *what;
    const wijk_cell *cells; /* of the present row */
    size_t count;
    const char *at; /* bytes that were not read yet */
    size_t left;
    int quoted, fresh, comment;
} sheet;

/* `word` is the first word of the (first) table's header: the sign behind it delimits. `s` must not
 * move while it is open; free s->csv. */
int sheet_open(sheet *s, const void *bytes, size_t size, const char *what, const char *word);
/* 1 with a row that holds something, 0 at the end, negative on failure. */
int sheet_next(sheet *s);
/* Puts "file.csv:12, column" in front of the present message; returns `code`. */
int sheet_at(const sheet *s, int code, const char *column);

/* Cells; each leaves a message without its place. A number may be a percentage ("30%") and have a
 * decimal point or comma. Cents are read from euro, with or without the sign. */
int sheet_number(double *out, const char *text, size_t size);
int sheet_cents(double *out, const char *text, size_t size);
int sheet_whole(int *out, const char *text, int low, int high);
int sheet_word(int *out, const char *text, const char *const *words, int count);

#endif
