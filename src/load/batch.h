/* load/batch.h: the observations of one file, gathered, sorted by the key of their table and stored
 * in one pass: SQLite's b-tree is filled in order, which is most of the speed of loading. */
#ifndef WIJK_LOAD_BATCH_H
#define WIJK_LOAD_BATCH_H

#include "wijk/ctx.h"
#include "wijk/store.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t area;
    int32_t period;
    uint16_t indicator;
    uint16_t parts; /* how many cells were added up */
    uint16_t rule;  /* index into halves */
    uint8_t mark;
    double value;
} wijk_fact;

typedef struct {
    wijk_fact *list;
    size_t count, room;
    const double *halves;      /* half the rounding step, by rule */
    const unsigned char *adds; /* by rule, 1: cells of one key are added up; 0: the first stays */
    int64_t kept, missing, secret, doubles;
} wijk_batch;

int wijk_batch_add(wijk_batch *batch, wijk_fact fact);
/* Sorts, joins and stores everything under `load`. Missing marks of an indicator and period
 * without a single value say nothing and are dropped. */
int wijk_batch_store(wijk_batch *batch, wijk_store *store, int64_t load, wijk_ctx *ctx);
void wijk_batch_free(wijk_batch *batch);

#endif
