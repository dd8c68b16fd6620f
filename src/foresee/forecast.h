/* foresee/forecast.h: what the files about stored forecasts share. */
#ifndef WIJK_FORESEE_FORECAST_H
#define WIJK_FORESEE_FORECAST_H

#include "wijk/forecast.h"

enum { MODEL_TEXT = 96 };

/* Removes a forecast and its parts, within the transaction that is open. */
int forecast_forget(wijk_store *store, int64_t id);

#endif
