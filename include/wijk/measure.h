/* wijk/measure.h: everything that the room of measures keeps in the file, made in one call. */
#ifndef WIJK_MEASURE_H
#define WIJK_MEASURE_H

#include "wijk/ctx.h"
#include "wijk/store.h"

/* Measures what is kept of all areas together (mix of every area, models of the outlook), unless
 * the file holds it for its present facts already. Call it after wijk_derive_when_due, and for a
 * file just opened for writing; as often as you like. Seconds for the Netherlands. */
int wijk_measure_when_due(wijk_store *store, wijk_ctx *ctx);

#endif
