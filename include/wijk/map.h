/* wijk/map.h: text → 64-bit number, open addressing. Keys are copied. Lookups O(1) expected. */
#ifndef WIJK_MAP_H
#define WIJK_MAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct wijk_map wijk_map;

int wijk_map_new(wijk_map **out);
void wijk_map_free(wijk_map *map);
/* Overwrites an existing key. */
int wijk_map_set(wijk_map *map, const char *key, size_t size, int64_t value);
/* 1 and *out when present, 0 otherwise. */
int wijk_map_get(const wijk_map *map, const char *key, size_t size, int64_t *out);
/* Numbers keys in the order of their coming, 0 first: a key that is not there yet gets the next.
 * For a map that only this function fills. */
int wijk_map_number(size_t *out, wijk_map *map, const char *key);
size_t wijk_map_size(const wijk_map *map);

#endif
