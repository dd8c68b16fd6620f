/* wijk/rounding_read.h: a table as published, from anybody's CSV: rounded, in per cents, with marks
 * for what is withheld. */
#ifndef WIJK_ROUNDING_READ_H
#define WIJK_ROUNDING_READ_H

#include <stddef.h>

#include "wijk/rounding.h"

typedef struct {
    const char *groups; /* columns of the groups, separated by commas; a row per area */
    const char *total;  /* column with everybody in the area; NULL when the groups are everybody and
                           their sum is not published */
    double step;        /* counts are rounded to this; 1: not rounded */
    double least;       /* smaller counts are withheld; 0: none is */
    int percent;        /* 1: the groups are per cents of the total */
    double percent_step, clamp_low, clamp_high; /* of those: 1, 0 and 100 when nothing is known */
    int rest; /* 1: the groups are not everybody; adds a group for the others */
} wijk_rounding_columns;

typedef struct {
    wijk_published_table table;
    wijk_published *cells, *totals; /* what the table points to */
    char **group_name;              /* [groups]; "" for the rest */
} wijk_rounding_file;

/* Withheld is an empty cell, ".", "x", "*", "NA", "-99997" or "<5" (any number behind it, which
 * then is its bound); "-" is nil. Other text is WIJK_EFORMAT with row and column. Numbers may have
 * a decimal point or comma. Free with wijk_rounding_free, also after a failure. O(cells). */
int wijk_rounding_read(wijk_rounding_file *out, const void *bytes, size_t size, const char *what,
                       const wijk_rounding_columns *columns);
void wijk_rounding_free(wijk_rounding_file *file);

#endif
