/* wijk/forecast.h: what was asked of the simulation, kept in the file: asked once, answered ever
 * after.
 *
 * A forecast is one scenario beside doing nothing for one place (wijk/ensemble.h). Everything that
 * decides a replicate (text of the scenario, place, years, seed, parameters, version of the model,
 * figures of the file) is hashed to its mark: a second identical request finds the first. Its
 * replicates are kept in parts, as they come: a program that is killed goes on from the parts that
 * it stored, and the parts together are the bytes of one run. How many replicates are wanted is not
 * part of the mark: asking more goes on where the others ended.
 *
 * Only what wijk/ensemble.h lets out is stored: areas and groups above its limit, no household. */
#ifndef WIJK_FORECAST_H
#define WIJK_FORECAST_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/ensemble.h"
#include "wijk/scenario.h"
#include "wijk/sensitivity.h"

/* ---- what is modelled ------------------------------------------------------------------------ */

/* The whole gemeente around a place, since people move; what is shown is the place. Of the country
 * all of it is modelled and its gemeenten are shown. Holds its population, so several scenarios can
 * be set on one case. */
typedef struct wijk_case wijk_case;

/* Whether there are households enough in a place to show anything, before anything is built. */
typedef struct {
    uint64_t households; /* that its start population would have; 0 of the country: not counted */
    wijk_area larger[2]; /* around a place with too few, the smallest first: those with enough */
    size_t n_larger;
} wijk_case_size;

/* WIJK_EDENIED below WIJK_ENSEMBLE_LEAST households, naming the larger places; `out` is filled then
 * too, its strings in `arena`. O(areas of the place). */
int wijk_case_look(wijk_case_size *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, int64_t area);

/* How long pairs of runs would take for a place: an estimate, by the forecast of this file that was
 * computed last, or else by what the model does on an ordinary processor (docs/internals). */
typedef struct {
    wijk_area region;    /* that is modelled */
    uint64_t households; /* in it, as published */
    double speed;        /* household-months a second, of all processors together */
    int measured;        /* by a forecast of this file */
} wijk_case_pace;

/* households is 0 where it is not known. Strings in `arena`. O(kept forecasts). */
int wijk_case_pace_of(wijk_case_pace *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area);
/* In seconds. */
double wijk_case_pace_pairs(const wijk_case_pace *pace, uint32_t pairs, uint32_t years);

/* What is wrong with a policy for a place, before anything is built: all that running it would
 * refuse, its places included. Adds to `found`; negative for what is no mistake of the text.
 * O(areas of the gemeente). */
int wijk_case_check(wijk_mistakes *found, wijk_store *store, const wijk_registry *registry,
                    int64_t area, const wijk_scenario_file *scenario);

/* Builds the population. WIJK_EDENIED as above; WIJK_ENOTFOUND when the place is not made of areas
 * with known figures. `store` and `registry` are not needed afterwards. O(areas + homes). */
int wijk_case_new(wijk_case **out, wijk_store *store, const wijk_registry *registry, int64_t area,
                  wijk_ctx *ctx);
/* Another place of the gemeente that is modelled already, from the same figures: its population is
 * kept. *aimed is 0, and nothing changes, when the place lies elsewhere. */
int wijk_case_aim(int *aimed, wijk_case *it, wijk_store *store, const wijk_registry *registry,
                  int64_t area);
void wijk_case_free(wijk_case *it);
size_t wijk_case_households(const wijk_case *it);
/* Bytes that the replicates first..last take on so many threads: told before they are run. */
uint64_t wijk_case_bytes(const wijk_case *it, const wijk_ensemble_options *options);
/* About how long they take, by two months of one run. O(households). */
int wijk_case_seconds(double *out, const wijk_case *it, const wijk_ensemble_options *options);
/* Runs a scenario on it. Of `options` only seed, first, last, years, threads, ceiling, grown,
 * known, done and keep count. */
int wijk_case_run(wijk_ensemble **out, const wijk_case *it, const wijk_scenario_file *scenario,
                  const wijk_ensemble_options *options, wijk_ctx *ctx);

/* Which assumptions move the difference that it makes (wijk/sensitivity.h). Of `options` all count
 * but focus, place, title, scenario and lineage. */
int wijk_case_sensitivity(wijk_sensitivity **out, const wijk_case *it,
                          const wijk_scenario_file *scenario,
                          const wijk_sensitivity_options *options, wijk_ctx *ctx);

/* ---- what was asked -------------------------------------------------------------------------- */

enum { WIJK_MARK = 33, WIJK_FORECAST_PAIRS = 40, WIJK_FORECAST_PAIRS_MOST = 1000 };

typedef struct {
    int64_t area;
    const char *scenario; /* its text */
    uint32_t years, wanted;
    uint64_t seed;
} wijk_ask;

typedef enum { /* "under way" is not among them: whoever computes knows that, the file cannot */
               WIJK_FORECAST_WAITING,
               WIJK_FORECAST_DONE,
               WIJK_FORECAST_STOPPED, /* by a person; can go on */
               WIJK_FORECAST_FAILED   /* error says why; can be tried again */
} wijk_forecast_state;

typedef struct {
    int64_t id, area;
    char mark[WIJK_MARK]; /* hexadecimal */
    const char *scenario, *title[2], *model, *figures, *asked_at, *ended_at, *error[2];
    uint32_t years, wanted, done;
    uint64_t seed;
    int64_t memory; /* bytes that computing takes; 0: not known yet */
    int64_t bytes;  /* that it takes in the file */
    double seconds; /* that computing what is done took on this machine; 0: not known */
    wijk_forecast_state state;
} wijk_forecast;

/* Finds or adds the request. WIJK_EDENIED as wijk_case_look; for a scenario that cannot be read or
 * run here the code of its first mistake, all of them in the message. Asking more replicates of one
 * that is there, or asking one again that stopped or failed, makes it wait. WIJK_EINVAL for numbers
 * out of range. Adding the one past WIJK_MAX_FORECASTS
 * drops the one that ended longest ago. `out` may be NULL. Strings in `arena`. */
int wijk_forecast_ask(wijk_forecast *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_ask *ask);
/* Asks, in the file `path`, for an example at the area of that code: mixing and support together. A
 * server that opens the file computes it. */
int wijk_forecast_example(const char *path, const char *code);
/* The mark a request would have; the same numbers and text give the same mark everywhere. */
int wijk_forecast_mark(char out[WIJK_MARK], wijk_store *store, const wijk_registry *registry,
                       const wijk_ask *ask);

/* WIJK_ENOTFOUND when there is none of that mark. */
int wijk_forecast_find(wijk_forecast *out, wijk_store *store, wijk_arena *arena, const char *mark);
/* out->id is 0 when it is not there. */
int wijk_forecast_get(wijk_forecast *out, wijk_store *store, wijk_arena *arena, int64_t id);
/* Those of an area, or of all (0), latest asked first; at most `most`. */
int wijk_forecast_list(wijk_forecast **out, size_t *count, wijk_store *store, wijk_arena *arena,
                       int64_t area, size_t most);
/* The one to go on with: those without any answer first, then who waits longest; out->id 0 when
 * none waits. */
int wijk_forecast_next(wijk_forecast *out, wijk_store *store, wijk_arena *arena);

/* Adds a part that follows on what is there; all together or nothing. The last one makes it done.
 * WIJK_EINVAL for a part that does not fit, WIJK_ELIMIT when no room can be made below
 * WIJK_MAX_KEPT_PARTS, WIJK_EIO when the disk is full: what was stored stays. */
int wijk_forecast_keep(wijk_store *store, int64_t id, const wijk_ensemble *part);
/* What is kept, joined; NULL when there is nothing yet. */
int wijk_forecast_read(wijk_ensemble **out, wijk_store *store, int64_t id);
/* Parts of other policies for the same place, years, seed, model and figures that hold replicates
 * from first to last, WIJK_FORECAST_KNOWN at most: their do-nothing runs need not be run again.
 * *n is 0 when there are none. Free each with wijk_ensemble_free. */
enum { WIJK_FORECAST_KNOWN = 16 };
int wijk_forecast_known(wijk_ensemble *out[WIJK_FORECAST_KNOWN], size_t *n, wijk_store *store,
                        const wijk_forecast *of, uint32_t first, uint32_t last);
int wijk_forecast_tell_memory(wijk_store *store, int64_t id, uint64_t bytes);
/* So much longer was computed for it. */
int wijk_forecast_tell_seconds(wijk_store *store, int64_t id, double seconds);
/* STOPPED, FAILED (with the present message of wijk_error) or WAITING. */
int wijk_forecast_turn(wijk_store *store, int64_t id, wijk_forecast_state state);
/* Forgets the parts, because they no longer fit what is computed now. */
int wijk_forecast_clear(wijk_store *store, int64_t id);
int wijk_forecast_drop(wijk_store *store, int64_t id);

/* A part as it stands in the file: the bytes of wijk_ensemble_write, packed by Zstandard. Free with
 * wijk_free. Unpacking refuses what is damaged or larger than WIJK_MAX_KEPT_PARTS. */
int wijk_forecast_pack(void **out, size_t *size, const wijk_ensemble *part);
int wijk_forecast_unpack(wijk_ensemble **out, const void *bytes, size_t size);

#endif
