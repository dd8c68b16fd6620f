/* wijk/plain.h: a table of counts from anybody's CSV, for measuring without any file of ours. */
#ifndef WIJK_PLAIN_H
#define WIJK_PLAIN_H

#include <stddef.h>

typedef struct {
    const char *unit;   /* column that names the area; NULL: every row is an area (wide only) */
    const char *group;  /* long form: column that names the group; NULL: wide form */
    const char *count;  /* long form: column with the count */
    const char *groups; /* wide form: the group columns, separated by commas */
    const char *total;  /* wide form: column of which the group columns are shares; NULL: counts */
    const char *within; /* column that names the larger unit of an area; NULL for none */
    const char *x, *y;  /* columns with the centre in metres; NULL for none */
} wijk_plain_columns;

typedef struct {
    double *counts; /* row-major [areas][groups] */
    size_t areas, groups, units;
    size_t *unit;      /* larger unit of each area, NULL without `within` */
    double *x, *y;     /* centre of each area, metres; NULL without those columns */
    char **group_name; /* [groups] */
    char **unit_name;  /* [units] */
} wijk_plain;

/* Reads bytes of a CSV (any delimiter that wijk/csv.h sniffs, decimal point or comma). An empty
 * cell counts as 0; anything else that is not a number is WIJK_EFORMAT with line and column. In
 * long form several rows of the same area and group add up. An area in two larger units is
 * WIJK_EFORMAT. Free with wijk_plain_free, also after a failure. O(cells). */
int wijk_plain_read(wijk_plain *out, const void *bytes, size_t size, const char *what,
                    const wijk_plain_columns *columns);
void wijk_plain_free(wijk_plain *plain);

#endif
