/* wijk/plain.h: a table of counts from anybody's CSV, for measuring without any file of ours. */
#ifndef WIJK_PLAIN_H
#define WIJK_PLAIN_H

#include <stddef.h>

typedef struct {
    const char *unit;    /* column that names the area; NULL: every row is an area (wide only) */
    const char *group;   /* long form: column that names the group; NULL: wide form */
    const char *count;   /* long form: column with the count */
    const char *groups;  /* wide form: the group columns, separated by commas */
    const char *total;   /* wide form: column of which the group columns are shares; NULL: counts */
    const char *within;  /* column that names the larger unit of an area; NULL for none */
    const char *x, *y;   /* columns with the centre in metres; NULL for none */
    const char *surface; /* column with square metres; NULL for none */
    const char *neighbours; /* column with the names of adjacent areas, | or ; between them; asks
                               for `unit`; NULL for none */
} wijk_plain_columns;

typedef struct {
    double *counts; /* row-major [areas][groups] */
    size_t areas, groups, units;
    size_t *unit;    /* larger unit of each area, NULL without `within` */
    double *x, *y;   /* centre of each area, metres; NULL without those columns; NAN if empty */
    double *surface; /* square metres; NULL without that column; NAN if empty */
    size_t *link_start, *link; /* neighbours of area i: link[link_start[i] ... link_start[i + 1] -
                                  1]; NULL without that column */
    char **area_name;          /* [areas]; NULL without `unit` */
    char **group_name;         /* [groups] */
    char **unit_name;          /* [units] */
} wijk_plain;

/* Reads bytes of a CSV (any delimiter that wijk/csv.h sniffs, decimal point or comma). An empty
 * cell counts as 0; anything else that is not a number is WIJK_EFORMAT with line and column. In
 * long form several rows of the same area and group add up. An area in two larger units is
 * WIJK_EFORMAT. An empty place is no number, not 0. Named once, a border counts from both sides; a
 * neighbour that has no row is WIJK_EFORMAT. Free with wijk_plain_free, also after a failure.
 * O(cells). */
int wijk_plain_read(wijk_plain *out, const void *bytes, size_t size, const char *what,
                    const wijk_plain_columns *columns);
void wijk_plain_free(wijk_plain *plain);

#endif
