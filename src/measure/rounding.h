/* What the files about rounding share: the cells of a table, and the sampler of tables that fit. */
#ifndef WIJK_MEASURE_ROUNDING_H
#define WIJK_MEASURE_ROUNDING_H

#include "wijk/rounding.h"

#define MEASURE_MOST_PEOPLE 1e9 /* persons in an area: more is "unbounded" */
#define MEASURE_MOST_GROUPS 256

typedef struct {
    size_t areas, groups;
    double *low, *high;             /* [areas][groups], persons or shares */
    double *total_low, *total_high; /* [areas] */
    unsigned char *share;           /* [areas][groups]: the cell is a share of the total */
    unsigned char *shares;          /* [areas]: one of its cells is */
    unsigned char *out;             /* [areas]: nothing bounds this area, or nobody lives there */
    size_t left_out, mended;
} measure_cells;

/* Reads and checks the cells; where figures contradict each other a little, widens them. Owns
 * nothing after a failure. */
int measure_cells_take(measure_cells *out, const wijk_published_table *table);
void measure_cells_free(measure_cells *cells);

/* The whole numbers that the groups of an area may have when its total lies in `from` ... `to`.
 * 1 when they can add up to such a total. */
int measure_cells_box(double *low, double *high, const measure_cells *cells, size_t area,
                      double from, double to);

typedef struct measure_sampler measure_sampler;

int measure_sampler_new(measure_sampler **out, const measure_cells *cells, uint64_t seed,
                        wijk_ctx *ctx);
void measure_sampler_free(measure_sampler *sampler);
/* The next table, [areas][groups], lent until the next call. */
int measure_sampler_next(const double **counts, measure_sampler *sampler, wijk_ctx *ctx);

#endif
