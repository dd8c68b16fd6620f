/* load/places.h: codes of areas into rows of table area, made when missing together with the areas
 * above them. The idea: a Dutch area code tells its own level and its parents. */
#ifndef WIJK_LOAD_PLACES_H
#define WIJK_LOAD_PLACES_H

#include "wijk/areas.h"
#include "wijk/map.h"
#include "wijk/store.h"

#include <stdint.h>

enum { WIJK_CODE_ROOM = 80 };

typedef struct {
    enum wijk_level level;
    char code[WIJK_CODE_ROOM];
} wijk_place_code;

/* Normalises a code as publishers write it: "GM0363    ", "363" for a gemeente, "1011.0" for a
 * pc4, "NL01". `level` -1 tells it by the shape. `prefix` goes in front first. 1 when it is one. */
int wijk_place_parse(wijk_place_code *out, const char *text, int level, const char *prefix);

/* A wijk with a layer of areas in memory for one load; not for two threads. */
typedef struct {
    wijk_store *store;
    wijk_map *known;     /* level:vintage:code → id × 2 + named */
    wijk_map *layers;    /* level:vintage that were read into `known` */
    wijk_map *gemeenten; /* folded name → number of GMnnnn, of all vintages */
    int64_t next_id;
    int64_t made;
    int fictional;
} wijk_places;

int wijk_places_open(wijk_places *places, wijk_store *store, int fictional);
void wijk_places_close(wijk_places *places);

/* The row of a code in a vintage; made with its parents when missing. `parent` is the row above
 * it when the code does not tell (local divisions), else 0. */
int wijk_places_get(wijk_places *places, int64_t *id, const wijk_place_code *code, int vintage,
                    int64_t parent);
/* Gives a name to an area that has none yet. */
int wijk_places_name(wijk_places *places, const wijk_place_code *code, int vintage, int64_t id,
                     const char *name);
/* Notes the name of the gemeente an area lies in; for a buurt or wijk the gemeente's row gets it
 * too. */
int wijk_places_in_gemeente(wijk_places *places, const wijk_place_code *code, int vintage,
                            int64_t id, const char *name);
/* The gemeente of a name, however it is written; 1 when found. */
int wijk_places_by_name(wijk_places *places, wijk_place_code *out, const char *name);

#endif
