/* Text → number. Open addressing with linear probing at a load of at most one half; FNV-1a.
 * Keys come from files that users choose, so probing is bounded by the table, and the table by
 * WIJK_MAX_ROWS entries. */
#include "wijk/map.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <string.h>

typedef struct {
    const char *key; /* in `keys`; NULL for an empty slot */
    uint32_t size, hash;
    int64_t value;
} slot;

struct wijk_map {
    slot *slots;
    size_t room, size; /* room is a power of two */
    wijk_arena *keys;
};

int wijk_map_new(wijk_map **out)
{
    *out = NULL;
    wijk_map *map = wijk_alloc(sizeof *map);
    if (!map) {
        return WIJK_ENOMEM;
    }
    map->room = 64;
    map->slots = wijk_alloc(map->room * sizeof *map->slots);
    if (!map->slots || wijk_arena_new(&map->keys, 0)) {
        wijk_map_free(map);
        return WIJK_ENOMEM;
    }
    *out = map;
    return WIJK_OK;
}

void wijk_map_free(wijk_map *map)
{
    if (map) {
        wijk_arena_free(map->keys);
        wijk_free(map->slots);
        wijk_free(map);
    }
}

static uint32_t hash_of(const char *key, size_t size)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)key[i]) * 16777619u;
    }
    return hash ^ (hash >> 15);
}

static slot *find(slot *slots, size_t room, const char *key, size_t size, uint32_t hash)
{
    for (size_t i = hash & (room - 1);; i = (i + 1) & (room - 1)) {
        slot *at = &slots[i];
        if (!at->key || (at->hash == hash && at->size == size && !memcmp(at->key, key, size))) {
            return at;
        }
    }
}

static int grow(wijk_map *map)
{
    size_t room = map->room * 2;
    if (room / 2 > WIJK_MAX_ROWS) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %u verschillende sleutels.",
                         "More than %u different keys.", WIJK_MAX_ROWS);
    }
    slot *slots = wijk_alloc(room * sizeof *slots);
    if (!slots) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < map->room; i++) {
        slot *old = &map->slots[i];
        if (old->key) {
            *find(slots, room, old->key, old->size, old->hash) = *old;
        }
    }
    wijk_free(map->slots);
    map->slots = slots;
    map->room = room;
    return WIJK_OK;
}

int wijk_map_set(wijk_map *map, const char *key, size_t size, int64_t value)
{
    if (map->size * 2 >= map->room) {
        int rc = grow(map);
        if (rc) {
            return rc;
        }
    }
    uint32_t hash = hash_of(key, size);
    slot *at = find(map->slots, map->room, key, size, hash);
    if (!at->key) {
        const char *copy = wijk_arena_strndup(map->keys, key, size);
        if (!copy) {
            return WIJK_ENOMEM;
        }
        *at = (slot){copy, (uint32_t)size, hash, 0};
        map->size++;
    }
    at->value = value;
    return WIJK_OK;
}

int wijk_map_get(const wijk_map *map, const char *key, size_t size, int64_t *out)
{
    const slot *at = find(map->slots, map->room, key, size, hash_of(key, size));
    if (!at->key) {
        return 0;
    }
    *out = at->value;
    return 1;
}

int wijk_map_number(size_t *out, wijk_map *map, const char *key)
{
    int64_t at = 0;
    int rc = WIJK_OK;
    if (!wijk_map_get(map, key, strlen(key), &at)) {
        at = (int64_t)map->size;
        rc = wijk_map_set(map, key, strlen(key), at);
    }
    *out = (size_t)at;
    return rc;
}

size_t wijk_map_size(const wijk_map *map)
{
    return map->size;
}
