/* wijk/areas.h: areas, indicators and the values they have: the one door to every figure.
 *
 * Everything that shows a number (page, command line, API, export) asks here, so that source,
 * range, reliability and disclosure rules hold everywhere. Areas are named by their row id in the
 * file; codes are found with wijk_area_find. */
#ifndef WIJK_AREAS_H
#define WIJK_AREAS_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/mem.h"
#include "wijk/store.h"

enum wijk_level {
    WIJK_LAND,
    WIJK_GEMEENTE,
    WIJK_WIJK,
    WIJK_BUURT,
    WIJK_PC4,
    WIJK_SQUARE,
    WIJK_LOCAL, /* a municipality's own division (Amsterdam's buurtcombinaties) */
    WIJK_OWN,   /* a set of areas that a user named */
    WIJK_LEVELS
};

typedef struct {
    int64_t id, parent; /* parent 0 when none */
    enum wijk_level level;
    int vintage, fictional;
    const char *code, *name, *gemeente;
    double x, y, x0, y0, x1, y1, land_m2; /* RD New metres; NAN without geometry */
} wijk_area;

/* Text in `arena`. WIJK_ENOTFOUND when there is none. O(log n). */
int wijk_area_get(wijk_area *out, wijk_store *store, wijk_arena *arena, int64_t id);
/* By code; `vintage` a year, or 0 for the newest that has figures. "1234AB" and "1234 ab" find pc4
 * 1234. */
int wijk_area_find(wijk_area *out, wijk_store *store, wijk_arena *arena, const char *code,
                   int vintage);
/* The gemeente that an area lies in: up the tree, else by the name that its source gives (pc4); 0
 * when there is none, or when it is one itself. */
int wijk_area_gemeente(int64_t *out, wijk_store *store, const wijk_area *area);
/* The word for a level in codes and addresses: "buurt". And back; -1 when unknown. */
const char *wijk_level_word(enum wijk_level level);
int wijk_level_parse(const char *word);

/* ---- indicators ------------------------------------------------------------------------- */

enum wijk_direction { WIJK_DIRECTION_NONE, WIJK_DIRECTION_UP, WIJK_DIRECTION_DOWN };
enum wijk_joining { WIJK_JOIN_NONE, WIJK_JOIN_SUM, WIJK_JOIN_MEAN };

typedef struct {
    int id;
    const char *code, *theme, *label[2], *unit, *kind, *base, *definition[2], *caution[2];
    const char *disclosure, *reliability, *source_hint;
    int decimals, origin, key, own;
    enum wijk_direction direction;
    enum wijk_joining joining;
    double similar;
    int base_id;      /* id of the base indicator, 0 when none */
    int numerator_id; /* count from which a share or rate can be computed, 0 when none */
    int modelled;     /* 1: a model's estimate, whoever published it */
} wijk_indicator;

typedef struct wijk_registry wijk_registry; /* indicators, sources and rules; read-only once made */

/* Reads the registries inside the binary and the indicator and load rows of the file. A writing
 * store first gets rows for indicators it did not have. Without a store (NULL) only what is inside
 * the binary: the manual needs no more. Threads may share it. */
int wijk_registry_open(wijk_registry **out, wijk_store *store);
void wijk_registry_free(wijk_registry *registry);
/* From now on at most `bytes` of decoded rows are kept of areas that many others are set beside
 * (their gemeente) or draw on (their postcodes). Only for a registry that is dropped when the file
 * changes, and before other threads see it. */
int wijk_registry_keep(wijk_registry *registry, size_t bytes);
/* NULL when unknown. Borrowed. O(1). */
const wijk_indicator *wijk_indicator_by_id(const wijk_registry *registry, int id);
const wijk_indicator *wijk_indicator_by_code(const wijk_registry *registry, const char *code);
/* All, in the order of data/indicators.csv, own ones last. */
size_t wijk_indicator_count(const wijk_registry *registry);
const wijk_indicator *wijk_indicator_at(const wijk_registry *registry, size_t i);

typedef struct {
    int64_t id;
    const char *code, *publisher, *title[2], *licence, *address, *nature, *file, *sha256,
        *loaded_at;
    int rank, current;
    double least; /* counts below are kept secret, so what is published is at least this; 0: none */
} wijk_load_info; /* one loaded file and its source */

const wijk_load_info *wijk_load_by_id(const wijk_registry *registry, int64_t id);

/* Which figures exist at a level, and how they spread over its areas (DERIVED by the load). */
typedef struct {
    int indicator, vintage, period, areas;
    enum wijk_level level;
    double mean; /* weighted by the indicator's base; NAN when it cannot be weighted */
    double p10, p25, p50, p75, p90;
} wijk_series;

/* NULL when there is none. O(log n). */
const wijk_series *wijk_series_find(const wijk_registry *registry, int indicator,
                                    enum wijk_level level, int vintage, int period);
/* All of one indicator, by level, vintage, period. Borrowed. O(1). */
const wijk_series *wijk_series_of(size_t *count, const wijk_registry *registry, int indicator);
/* The vintage of a level that the figures of the whole country stand on: the newest with at least a
 * twentieth as many nationally known indicators as the best one; 0 when nothing is derived. O(1).
 */
int wijk_level_vintage(const wijk_registry *registry, enum wijk_level level);
/* Sixteen hex digits that change when any loaded file changes: cited as the file's hash. */
const char *wijk_registry_fingerprint(const wijk_registry *registry);

/* ---- values ----------------------------------------------------------------------------- */

enum wijk_mark { WIJK_MARK_VALUE, WIJK_MARK_MISSING, WIJK_MARK_SECRET, WIJK_MARK_NOT_APPLICABLE };

enum wijk_origin_of_value {
    WIJK_PUBLISHED, /* for this very area */
    WIJK_SAME,      /* for the same place in another vintage: code and name (or borders) equal */
    WIJK_UNCHECKED, /* same code in another vintage, but that source gives no name to check */
    WIJK_CONVERTED, /* from other areas by overlay weighted by people */
    WIJK_BORROWED,  /* of the wijk or gemeente around it: says so on screen */
    WIJK_COMPUTED   /* from members of an own area, or a difference: disclosure rules apply */
};

enum {                     /* flags */
       WIJK_GREY = 1,      /* unreliable by rule: shown grey everywhere, exports included */
       WIJK_MODELLED = 2,  /* the publisher's model, not a count */
       WIJK_PROTECTED = 4, /* withheld by our disclosure rules */
       WIJK_FICTIONAL = 8, /* invented */
       WIJK_PROVISIONAL = 16
};

typedef struct {
    int indicator, period;
    double value;     /* NAN when mark is not WIJK_MARK_VALUE */
    double low, high; /* band that contains the true value by rounding, conversion or model; NAN
                         when not known */
    enum wijk_mark mark;
    enum wijk_origin_of_value origin;
    unsigned flags;
    int64_t load; /* whose figure it is: wijk_load_by_id */
    int64_t from; /* the area it was published for (BORROWED, SAME, UNCHECKED), else 0 */
} wijk_value;

/* Everything known about one area, every indicator and period once (the winning source), sorted by
 * indicator then period. Includes SAME and UNCHECKED; CONVERTED for the indicators that have no
 * nearer value; BORROWED only when nothing else. Arrays in `arena`.
 * O(rows of the area and of the areas it draws from). */
typedef struct {
    wijk_area area;
    wijk_value *values;
    size_t count;
    double people; /* newest population, NAN when unknown */
} wijk_facts;

int wijk_facts_get(wijk_facts *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, int64_t area);
enum wijk_reach {
    WIJK_REACH_PUBLISHED, /* PUBLISHED for the very area, and COMPUTED from that: no other place */
    WIJK_REACH_BESIDE,    /* what another area is compared with: also SAME and UNCHECKED; nothing
                             converted or borrowed, and not made grey. Only to be looked at: the
                             values may be those that the registry keeps */
    WIJK_REACH_ALL
};
/* As wijk_facts_get (which reaches ALL); grey is the same under PUBLISHED. */
int wijk_facts_reach(wijk_facts *out, wijk_store *store, const wijk_registry *registry,
                     wijk_arena *arena, int64_t area, enum wijk_reach reach);
/* The newest value of an indicator (period 0) or that of a period; NULL when there is none.
 * A value with a mark is returned only when no period has a number. O(log n). */
const wijk_value *wijk_facts_find(const wijk_facts *facts, int indicator, int period);

#endif
