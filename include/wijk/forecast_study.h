/* wijk/forecast_study.h: further questions about a kept forecast, kept beside it.
 *
 * Which assumptions move this answer (one by one, or in groups), and how strongly a policy must
 * work for each purse: hundreds of runs each, so they are asked apart, go on where they were, and
 * are answered from the file ever after. A question belongs to its forecast, whose mark holds
 * everything that decides the answer; it goes when the forecast does. */
#ifndef WIJK_FORECAST_STUDY_H
#define WIJK_FORECAST_STUDY_H

#include "wijk/forecast.h"
#include "wijk/str.h"

typedef enum {
    WIJK_STUDY_SCREENING, /* wijk/sensitivity.h, each assumption by itself; a unit is a path */
    WIJK_STUDY_GROUPING,  /* the same in groups; a unit is a point */
    WIJK_STUDY_EVEN,      /* wijk/breakeven.h; a unit is a set of levers */
    WIJK_STUDIES
} wijk_study_kind;

enum { WIJK_STUDY_PATHS = 6, WIJK_STUDY_POINTS = 64, WIJK_STUDY_PAIRS = 12 };

typedef struct {
    int64_t id, forecast; /* id 0: there is none */
    wijk_study_kind kind;
    uint32_t wanted, done; /* units */
    double seconds;        /* that the units took */
    wijk_forecast_state state;
    const char *asked_at, *error[2];
} wijk_study;

/* The key in addresses and texts: "assumptions", "groups", "break-even". Static. */
const char *wijk_study_key(wijk_study_kind kind);
/* 1 and *out when there is a kind of that key. */
int wijk_study_find_key(const char *key, wijk_study_kind *out);
/* Units of a question about this forecast, and pairs of runs that they take. WIJK_EINVAL for a
 * policy that changes nothing. */
int wijk_study_size(uint32_t *units, uint64_t *pairs, const wijk_forecast *forecast,
                    wijk_study_kind kind);

/* Finds or adds the question; one that stopped or failed waits again. */
int wijk_study_ask(wijk_store *store, const wijk_forecast *forecast, wijk_study_kind kind);
/* out->id is 0 when it was not asked. Strings in `arena`. */
int wijk_study_find(wijk_study *out, wijk_store *store, wijk_arena *arena, int64_t forecast,
                    wijk_study_kind kind);
/* Who waits longest; out->id 0 when none does. */
int wijk_study_next(wijk_study *out, wijk_store *store, wijk_arena *arena);
/* STOPPED, FAILED (with the present message of wijk_error) or WAITING. */
int wijk_study_turn(wijk_store *store, int64_t id, wijk_forecast_state state);
/* Puts `text`, all units so far, in place of what there was; `seconds` more were spent. The last
 * unit makes it done. WIJK_ENOTFOUND when somebody removed it meanwhile, WIJK_ECANCEL when somebody
 * stopped it: the text is kept then too. */
int wijk_study_keep(wijk_store *store, int64_t id, uint32_t done, double seconds,
                    const wijk_str *text);
/* Forgets what there is, because it no longer fits what is computed now, and waits. */
int wijk_study_clear(wijk_store *store, int64_t id);
/* The text of the units so far; nothing when there are none. */
int wijk_study_read(wijk_str *out, wijk_store *store, int64_t id);

#endif
