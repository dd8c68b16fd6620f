/* load/rows.h: a table as a stream of rows of text cells, whether it was a CSV or a workbook.
 * Features of maps come from wijk/geofile.h; both end in the same mapping engine. */
#ifndef WIJK_LOAD_ROWS_H
#define WIJK_LOAD_ROWS_H

#include "load/input.h"
#include "wijk/csv.h"

#include <stddef.h>

typedef struct wijk_rows wijk_rows;
struct wijk_rows {
    /* 1 with a row (valid until the next call), 0 at the end, negative on failure. */
    int (*next)(wijk_rows *rows, const wijk_cell **cells, size_t *count);
    void (*free)(wijk_rows *rows);
    size_t line;  /* 1-based line or row number of the present row, for messages */
    int recoded;  /* 1 once bytes that are not UTF-8 were met */
    char decimal; /* '.' when the format fixes it (a workbook), else 0 */
    int ragged;   /* 1: rows end at their last filled cell, so a short row is whole */
};

/* `delimiter` 0 finds it out. */
int wijk_rows_csv(wijk_rows **out, wijk_input *input, char delimiter);
/* Sheet `sheet` of a workbook, 0-based; WIJK_ENOTFOUND past the last. Numbers come as the workbook
 * holds them, dates as serial numbers; formulas by their stored result. WIJK_EFORMAT for a
 * document type declaration: no workbook has one, only attacks do. */
int wijk_rows_xlsx(wijk_rows **out, wijk_input *input, size_t sheet);

#endif
