/* foresee/forecast.h: what the files about stored forecasts share. */
#ifndef WIJK_FORESEE_FORECAST_H
#define WIJK_FORESEE_FORECAST_H

#include "wijk/forecast.h"

enum { MODEL_TEXT = 96 };

/* Packs bytes by Zstandard; free with wijk_free. */
int forecast_squeeze(void **out, size_t *size, const void *bytes, size_t whole);
/* The other way: WIJK_EFORMAT for what is damaged, or larger than `most`. */
int forecast_unsqueeze(void **out, size_t *size, const void *bytes, size_t packed, uint64_t most);

/* Removes a forecast, its parts and the questions about it, within the transaction that is open. */
int forecast_forget(wijk_store *store, int64_t id);

#endif
