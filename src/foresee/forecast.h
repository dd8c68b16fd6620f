/* foresee/forecast.h: what the files about stored forecasts share. */
#ifndef WIJK_FORESEE_FORECAST_H
#define WIJK_FORESEE_FORECAST_H

#include "wijk/forecast.h"

enum { MODEL_TEXT = 96 };

/* Packs bytes by Zstandard; free with wijk_free. */
int forecast_squeeze(void **out, size_t *size, const void *bytes, size_t whole);
/* The other way: WIJK_EFORMAT for what is damaged, or larger than `most`. */
int forecast_unsqueeze(void **out, size_t *size, const void *bytes, size_t packed, uint64_t most);

/* What forecasts and the questions about them both do with a row. The text of a column, in the
 * arena; where there is no room for it *rc becomes WIJK_ENOMEM. */
const char *forecast_text(int *rc, wijk_arena *arena, wijk_stmt *stmt, int at);
/* Binds the present message, Dutch at `at` and English behind it, when the new state is FAILED and
 * nothing otherwise. Borrowed: run the statement next. */
void forecast_bind_error(wijk_stmt *stmt, int at, wijk_forecast_state state);

/* Removes a forecast, its parts and the questions about it, within the transaction that is open. */
int forecast_forget(wijk_store *store, int64_t id);

#endif
