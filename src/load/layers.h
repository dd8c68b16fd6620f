/* load/layers.h: rebuilds layer_value and series from the observations. */
#ifndef WIJK_LOAD_LAYERS_H
#define WIJK_LOAD_LAYERS_H

#include "wijk/areas.h"

/* The winner of a cell has the highest source rank, then the newest load; superseded loads and
 * marks do not take part. Own transaction. O(n log n) in the observations, 64 bytes of memory
 * each. */
int wijk_layers_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

#endif
