/* Pulling JSON from a stream, value by value, for files too large to hold (RFC 8259). The caller
 * asks for what it expects; everything else can be skipped. jansson stays the reader of small
 * documents. */
#ifndef WIJK_LOAD_JSON_H
#define WIJK_LOAD_JSON_H

#include "wijk/csv.h"
#include "wijk/str.h"

typedef struct {
    wijk_read_fn read;
    void *payload;
    const char *what; /* file name for messages */
    size_t line;      /* 1-based */
    size_t at, end;
    int failed; /* code of a failed read */
    unsigned char buffer[1 << 16];
} wijk_json;

void wijk_json_start(wijk_json *json, wijk_read_fn read, void *payload, const char *what);
/* The next byte that is not blank, without taking it; -1 at the end or when reading failed. */
int wijk_json_peek(wijk_json *json);
/* Takes `c`, or fails with file and line. */
int wijk_json_expect(wijk_json *json, char c);
/* Inside an array or object whose opening was taken: 1 when another element follows (its comma
 * taken), 0 when `close` was taken, negative when broken. *first starts as 1. */
int wijk_json_next(wijk_json *json, int *first, char close);
/* Replaces `out` with a string, unescaped; always UTF-8 (other bytes are read as Windows-1252). */
int wijk_json_string(wijk_str *out, wijk_json *json);
/* A member's name and its colon. */
int wijk_json_key(wijk_str *out, wijk_json *json);
int wijk_json_number(double *out, wijk_json *json);
/* Appends a plain value as text: strings unescaped, numbers and true/false as written, null and
 * nested values as nothing. */
int wijk_json_text(wijk_str *out, wijk_json *json);
int wijk_json_skip(wijk_json *json);
/* WIJK_EFORMAT (or what reading failed with) with file and line. */
int wijk_json_broken(wijk_json *json);

#endif
