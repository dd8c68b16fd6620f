/* load/mapping.h: rows of text become facts about areas, by the rows of sources.csv and
 * columns.csv. This is the one place that knows what a cell means; readers only hand over text. */
#ifndef WIJK_LOAD_MAPPING_H
#define WIJK_LOAD_MAPPING_H

#include "load/batch.h"
#include "load/notes.h"
#include "load/places.h"
#include "load/sources.h"

typedef struct wijk_mapping wijk_mapping;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    const wijk_source *source;
    wijk_notes *notes;
    int64_t load;
    int period, vintage; /* given by the user, else 0 */
    int ragged;          /* short rows are whole */
    char decimal;        /* fixed by the format, else 0 */
    wijk_ctx *ctx;
} wijk_mapping_setup;

typedef struct {
    int64_t rows_read, rows_kept, cells_kept, missing, secret, areas, shapes, flows, links;
} wijk_mapping_counts;

/* Ties the header to the source's columns. WIJK_EINVAL when no year is known and the source says
 * that it must be given. */
int wijk_mapping_new(wijk_mapping **out, const wijk_mapping_setup *setup, const char *const *header,
                     size_t count);
/* One row below the header; `wkb` NULL without a shape. A bad row is counted, not an error. */
int wijk_mapping_row(wijk_mapping *mapping, const wijk_cell *cells, size_t count, size_t row,
                     const void *wkb, size_t wkb_size);
/* Stores what was gathered. */
int wijk_mapping_finish(wijk_mapping_counts *counts, wijk_mapping *mapping);
/* After finishing: how many values of an earlier load are given again by this one. */
int wijk_mapping_overlap(int64_t *out, wijk_mapping *mapping, int64_t load);
void wijk_mapping_free(wijk_mapping *mapping);
/* 1 when a row can say nothing: a paper that explains other files. */
int wijk_mapping_explains(const wijk_source *source);

#endif
