/* Makes the invented gemeente: reckons it, lets it publish files, and loads those files through
 * the same door as real ones. The idea: a first visit has nothing to configure and meets nothing
 * empty, and whatever the loader or the pages do to real figures they do to these. */
#include "wijk/town.h"

#include "load/town.h"
#include "wijk/areas.h"
#include "wijk/err.h"
#include "wijk/load.h"
#include "wijk/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int load_one(wijk_store *store, const wijk_registry *registry, const wijk_sources *sources,
                    const town_world *world, const town_file *file, wijk_ctx *ctx)
{
    wijk_str bytes = WIJK_STR_INIT;
    wijk_load_report report = {0};
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    rc = file->write(&bytes, world, arena, file->argument);
    if (!rc) {
        const wijk_load_options options = {.sources = sources, .source = file->source};
        rc = wijk_load_bytes(&report, store, registry, file->name, bytes.data, bytes.size, &options,
                             ctx);
        wijk_load_report_free(&report);
    }
    wijk_str_free(&bytes);
    wijk_arena_free(arena);
    return rc;
}

static int load_all(wijk_store *store, const wijk_registry *registry, const town_world *world,
                    wijk_ctx *ctx)
{
    wijk_sources *sources;
    int rc = wijk_sources_open(&sources);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; !rc && wijk_town_file(i); i++) {
        rc = load_one(store, registry, sources, world, wijk_town_file(i), ctx);
    }
    wijk_sources_free(sources);
    return rc;
}

static int fill(const char *path, const town_world *world, wijk_ctx *ctx)
{
    wijk_store *store;
    wijk_registry *registry = NULL;
    int rc = wijk_store_open(&store, path, WIJK_STORE_CREATE);
    if (rc) {
        return rc;
    }
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : load_all(store, registry, world, ctx);
    rc = rc ? rc : wijk_derive(store, registry, ctx);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}

static int reckon(town_world *world, const town_recipe *recipe, wijk_ctx *ctx)
{
    town_state *states;
    world->recipe = recipe;
    int rc = wijk_town_patches(&world->patches, recipe, ctx);
    rc = rc ? rc : wijk_town_pc4(&world->pc4, recipe, &world->patches);
    rc = rc ? rc : wijk_town_measure(world);
    rc = rc ? rc : wijk_town_years(&states, recipe, ctx);
    world->states = rc ? NULL : states;
    return rc;
}

/* The file grows under another name, so that half a town is never taken for a whole one. */
static int make(const char *path, const char *partial, const char *lock, const town_world *world,
                wijk_ctx *ctx)
{
    if (access(path, F_OK) == 0) {
        return wijk_fail(WIJK_EINVAL, "%s bestaat al; er is niets veranderd.",
                         "%s exists already; nothing was changed.", path);
    }
    unlink(partial);
    int rc = fill(partial, world, ctx);
    if (!rc && rename(partial, path)) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet maken.", "Cannot make %s.", path);
    }
    if (rc) {
        unlink(partial);
    }
    unlink(lock);
    return rc;
}

int wijk_town_create(const char *path, wijk_ctx *ctx)
{
    town_recipe recipe;
    int rc = wijk_town_recipe_open(&recipe);
    if (rc) {
        return rc;
    }
    town_world world = {0};
    rc = reckon(&world, &recipe, ctx);
    char *partial = wijk_arena_printf(recipe.arena, "%s.half", path);
    char *lock = wijk_arena_printf(recipe.arena, "%s.half.lock", path);
    if (!rc) {
        rc = partial && lock ? make(path, partial, lock, &world, ctx) : WIJK_ENOMEM;
    }
    wijk_town_raster_free(&world.patches);
    wijk_town_raster_free(&world.pc4);
    wijk_town_recipe_close(&recipe);
    return rc;
}
