/* measure/outlook_kept.h: models in the file. */
#ifndef WIJK_MEASURE_OUTLOOK_KEPT_H
#define WIJK_MEASURE_OUTLOOK_KEPT_H

#include "measure/outlook.h"

typedef struct {
    wijk_outlook_model model;
    int64_t id;
    enum wijk_level level;
    int vintage;
    size_t areas;
} outlook_kept;

/* WIJK_ENOTFOUND when there is none. O(numbers of one model). */
int outlook_kept_read(outlook_kept *out, wijk_store *store, const char *score,
                      enum wijk_level level, int fictional);

#endif
