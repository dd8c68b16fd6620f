/* Who lies within a distance: places with people, sorted into small square cells row by row, so
 * that what lies within a distance of a place is a few unbroken runs of the list. */
#ifndef WIJK_MEASURE_NEAR_H
#define WIJK_MEASURE_NEAR_H

#include "measure/internal.h"

#include <stdint.h>

/* As many runs as there can be rows; how far a loop over a run may look past its end. */
enum { NEAR_RUNS = 2048, NEAR_SPARE = 8 };

typedef struct {
    size_t n;                        /* places with people */
    double *x, *y;                   /* in the order of the cells; NEAR_SPARE more may be read */
    uint32_t *area;                  /* which area each place is */
    uint32_t *start;                 /* first place of each cell; one more than there are cells */
    double x0, y0, width, per_metre; /* cells to a metre */
    size_t columns, rows;
} near_grid;

/* Checks the places. Cells are `width` wide, or wider where there would be too many. Free with
 * near_free, also after a failure. O(areas + cells). */
int near_set(near_grid *out, const double *x, const double *y, const measure_margins *margins,
             size_t areas, double width);
void near_free(near_grid *grid);

/* A run of places, first ... end - 1. */
typedef struct {
    uint32_t first, end;
} near_run;

/* The runs that hold every place nearer than `radius` to (x, y), and some that are farther. */
size_t near_runs(near_run runs[NEAR_RUNS], const near_grid *grid, double x, double y,
                 double radius);

#endif
