/* The forecast that the made-up town comes with: asked when the town is made, computed by the first
 * server that opens it. Not shipped as bytes: those would be of another version before long. */
#include "wijk/forecast.h"

#include "wijk/mem.h"
#include "wijk/str.h"

static const char policy[] = "both";

static int ask(wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
               const char *code)
{
    wijk_area area;
    wijk_scenario_file *file = NULL;
    wijk_str text = WIJK_STR_INIT;
    int rc = wijk_area_find(&area, store, arena, code, 0);
    rc = rc ? rc : wijk_scenario_open(&file, policy);
    if (!rc) {
        wijk_scenario_write(&text, file);
        const wijk_ask it = {.area = area.id,
                             .scenario = wijk_str_text(&text),
                             .years = (uint32_t)wijk_scenario_years(file),
                             .wanted = WIJK_FORECAST_PAIRS,
                             .seed = 1};
        rc = wijk_str_status(&text);
        rc = rc ? rc : wijk_forecast_ask(NULL, store, registry, arena, &it);
    }
    wijk_str_free(&text);
    wijk_scenario_free(file);
    return rc;
}

int wijk_forecast_example(const char *path, const char *code)
{
    wijk_store *store;
    wijk_registry *registry = NULL;
    wijk_arena *arena = NULL;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    if (rc) {
        return rc;
    }
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : ask(store, registry, arena, code);
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}
