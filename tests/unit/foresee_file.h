/* The made-up town in a file of a test's own, with the rest of its country, open as the model wants
 * it: a store, a registry and an arena. */
#ifndef FORESEE_FILE_H
#define FORESEE_FILE_H

#include "country.h"
#include "foresee_town.h"
#include "temp_file.h"

#include "wijk/areas.h"
#include "wijk/town.h"

static char path[4096];
static wijk_store *store;
static wijk_registry *registry;
static wijk_arena *arena;

static inline void open_file(const char *at)
{
    fine(wijk_store_open(&store, at, WIJK_STORE_WRITE));
    fine(wijk_registry_open(&registry, store));
    fine(wijk_arena_new(&arena, 0));
}

static inline void close_file(void)
{
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
}

/* Makes the file and opens it. */
static inline void make_file(const char *name)
{
    temp_path(path, sizeof path, name);
    temp_remove(path);
    fine(wijk_town_create(path, NULL));
    fine(add_country(path));
    open_file(path);
}

static inline void drop_file(void)
{
    close_file();
    temp_remove(path);
}

static inline wijk_area area_of(const char *code)
{
    wijk_area area;
    fine(wijk_area_find(&area, store, arena, code, 0));
    return area;
}

#endif
