/* Which groupings there are, and from which indicators each group can be read in a given layer. The
 * registry names alternatives in order of preference; which one holds is decided per layer, so that
 * all areas of a table are read alike. */
#include "measure/grouping.h"

#include "wijk/err.h"
#include "wijk/table.h"

#include <stdlib.h>
#include <string.h>

static const char REST[] = "rest";

/* ---- the registry ------------------------------------------------------------------------- */

/* Calls `take` with every name between `separator`s; stops at the first that gives non-zero. */
static int each_name(const char *list, char separator, int (*take)(void *, const char *, size_t),
                     void *payload)
{
    int rc = WIJK_OK;
    for (const char *at = list; !rc && *at;) {
        const char *end = strchr(at, separator);
        size_t size = end ? (size_t)(end - at) : strlen(at);
        rc = take(payload, at, size);
        at += size + (end != NULL);
    }
    return rc;
}

static int is_rest(const char *name, size_t size)
{
    return size == sizeof REST - 1 && !memcmp(name, REST, size);
}

static const wijk_indicator *indicator_named(const wijk_registry *registry, const char *name,
                                             size_t size)
{
    char code[64];
    if (size >= sizeof code) {
        return NULL;
    }
    memcpy(code, name, size);
    code[size] = 0;
    return wijk_indicator_by_code(registry, code);
}

typedef struct {
    const wijk_registry *registry;
    const wijk_grouping *grouping;
} naming;

static int check_indicator(void *payload, const char *name, size_t size)
{
    const naming *at = payload;
    if (is_rest(name, size) || indicator_named(at->registry, name, size)) {
        return WIJK_OK;
    }
    return wijk_fail(WIJK_EFORMAT, "data/groupings.csv, %s: er is geen indicator \"%.*s\".",
                     "data/groupings.csv, %s: there is no indicator \"%.*s\".", at->grouping->code,
                     (int)size, name);
}

static int check_sum(void *payload, const char *list, size_t size)
{
    char copy[256];
    if (size >= sizeof copy) {
        return wijk_fail(WIJK_EFORMAT, "data/groupings.csv: \"%.*s\" is te lang.",
                         "data/groupings.csv: \"%.*s\" is too long.", 40, list);
    }
    memcpy(copy, list, size);
    copy[size] = 0;
    return each_name(copy, '+', check_indicator, payload);
}

static int take_row(wijk_grouping *out, const wijk_table *table, size_t row, wijk_arena *arena)
{
    if (out->groups == WIJK_GROUPS_MAX) {
        return wijk_fail(WIJK_EFORMAT, "data/groupings.csv, %s: meer dan %d groepen.",
                         "data/groupings.csv, %s: more than %d groups.", out->code,
                         WIJK_GROUPS_MAX);
    }
    static const char *const columns[] = {"group", "name_nl", "name_en", "from"};
    const char *texts[4];
    for (size_t i = 0; i < 4; i++) {
        texts[i] = wijk_arena_strdup(arena, wijk_table_get(table, row, columns[i]));
        if (!texts[i]) {
            return WIJK_ENOMEM;
        }
    }
    out->group[out->groups++] = (wijk_group){texts[0], {texts[1], texts[2]}, texts[3]};
    return WIJK_OK;
}

static int begin_grouping(wijk_grouping *out, const wijk_table *table, size_t row,
                          wijk_arena *arena)
{
    static const char *const columns[] = {"grouping", "nl", "en", "source", "base"};
    const char *texts[5];
    for (size_t i = 0; i < 5; i++) {
        texts[i] = wijk_arena_strdup(arena, wijk_table_get(table, row, columns[i]));
        if (!texts[i]) {
            return WIJK_ENOMEM;
        }
    }
    *out = (wijk_grouping){.code = texts[0],
                           .name = {texts[1], texts[2]},
                           .source = texts[3],
                           .base = texts[4],
                           .ordered = *wijk_table_get(table, row, "order") != 0,
                           .origin = !strncmp(texts[0], "origin", 6)};
    return WIJK_OK;
}

static int check_grouping(const wijk_grouping *grouping, const wijk_registry *registry)
{
    naming at = {registry, grouping};
    int rc = each_name(grouping->base, '|', check_indicator, &at);
    for (size_t g = 0; !rc && g < grouping->groups; g++) {
        rc = each_name(grouping->group[g].from, '|', check_sum, &at);
    }
    return rc;
}

int wijk_groupings_read(wijk_groupings *out, const wijk_registry *registry, wijk_arena *arena)
{
    *out = (wijk_groupings){0};
    wijk_table *table;
    int rc = wijk_table_asset(&table, "data/groupings.csv");
    if (rc) {
        return rc;
    }
    size_t rows = wijk_table_rows(table);
    out->at = wijk_arena_alloc(arena, (rows + 1) * sizeof *out->at);
    rc = out->at ? WIJK_OK : WIJK_ENOMEM;
    for (size_t row = 0; !rc && row < rows; row++) {
        const char *code = wijk_table_get(table, row, "grouping");
        if (!out->count || strcmp(out->at[out->count - 1].code, code)) {
            rc = begin_grouping(&out->at[out->count], table, row, arena);
            out->count += !rc;
        }
        rc = rc ? rc : take_row(&out->at[out->count - 1], table, row, arena);
    }
    for (size_t i = 0; !rc && i < out->count; i++) {
        wijk_grouping *at = &out->at[i];
        rc = check_grouping(at, registry);
        at->counted = indicator_named(registry, at->base, strcspn(at->base, "|"));
    }
    wijk_table_free(table);
    return rc;
}

const wijk_grouping *wijk_grouping_find(const wijk_groupings *groupings, const char *code)
{
    for (size_t i = 0; i < groupings->count; i++) {
        if (!strcmp(groupings->at[i].code, code)) {
            return &groupings->at[i];
        }
    }
    return NULL;
}

/* ---- what can be read in a layer ---------------------------------------------------------- */

typedef struct {
    const wijk_registry *registry;
    wijk_layer layer;
    measure_recipe best, now;
} choosing;

static int add_part(void *payload, const char *name, size_t size)
{
    choosing *at = payload;
    if (is_rest(name, size)) {
        at->now.areas = 0;
        return WIJK_OK;
    }
    const wijk_indicator *it = indicator_named(at->registry, name, size);
    const wijk_series *series = it ? wijk_series_find(at->registry, it->id, at->layer.level,
                                                      at->layer.vintage, at->layer.period)
                                   : NULL;
    if (!series || at->now.parts == WIJK_GROUP_PARTS) {
        return 1; /* this alternative does not hold here */
    }
    at->now.areas = at->now.parts && at->now.areas < series->areas ? at->now.areas : series->areas;
    at->now.indicator[at->now.parts++] = it->id;
    at->now.share = !strcmp(it->unit, "percent");
    return WIJK_OK;
}

static int add_alternative(void *payload, const char *list, size_t size)
{
    choosing *at = payload;
    char copy[256];
    memcpy(copy, list, size); /* checked when the registry was read */
    copy[size] = 0;
    at->now = (measure_recipe){.areas = -1};
    /* The earlier alternative holds, unless it knows far fewer areas. */
    if (!each_name(copy, '+', add_part, at) && at->now.areas > at->best.areas * 1.25) {
        at->best = at->now;
    }
    return WIJK_OK;
}

/* The figures of the base in the layer: of its own year, else of at most two years away, which
 * homes and households hardly notice. */
static const wijk_series *base_near(const wijk_registry *registry, int indicator, wijk_layer layer)
{
    enum { APART = 2 };
    size_t count = 0;
    const wijk_series *all = wijk_series_of(&count, registry, indicator), *best = NULL;
    for (size_t i = 0; i < count; i++) {
        int apart = abs(all[i].period - layer.period);
        if (all[i].level == layer.level && all[i].vintage == layer.vintage && apart <= APART &&
            (!best || apart < abs(best->period - layer.period))) {
            best = &all[i];
        }
    }
    return best;
}

typedef struct {
    const wijk_registry *registry;
    wijk_layer layer;
    measure_recipes *out;
    int met;
} basing;

static int try_base(void *payload, const char *name, size_t size)
{
    basing *at = payload;
    const wijk_indicator *it = indicator_named(at->registry, name, size);
    const wijk_series *series = it ? base_near(at->registry, it->id, at->layer) : NULL;
    if (series && series->areas * 2 >= at->out->areas) {
        at->out->base = it;
        at->out->base_period = series->period;
        at->out->stand_in = at->met;
        return 1;
    }
    at->met = 1;
    return WIJK_OK;
}

int measure_recipes_find(measure_recipes *out, const wijk_grouping *grouping,
                         const wijk_registry *registry, wijk_layer layer)
{
    *out = (measure_recipes){.rest = -1};
    int based = 0;
    for (size_t g = 0; g < grouping->groups; g++) {
        choosing at = {registry, layer, {.areas = -1}, {.areas = -1}};
        each_name(grouping->group[g].from, '|', add_alternative, &at);
        if (at.best.areas < 0 || (!at.best.parts && out->rest >= 0)) {
            return 0;
        }
        out->group[g] = at.best;
        if (!at.best.parts) {
            out->rest = (int)g;
        }
        out->areas = at.best.areas > out->areas ? at.best.areas : out->areas;
        based |= !at.best.parts || at.best.share;
    }
    basing at = {registry, layer, out, 0};
    return !based || each_name(grouping->base, '|', try_base, &at);
}

typedef struct {
    const wijk_registry *registry;
    const wijk_grouping *grouping;
    wijk_layer *layers;
    size_t count, room;
    wijk_arena *arena;
} gathering;

static int gather_layers(void *payload, const char *list, size_t size)
{
    gathering *at = payload;
    const char *end = memchr(list, '+', size);
    const wijk_indicator *it =
        indicator_named(at->registry, list, end ? (size_t)(end - list) : size);
    size_t count = 0;
    const wijk_series *all = it ? wijk_series_of(&count, at->registry, it->id) : NULL;
    for (size_t i = 0; i < count; i++) {
        wijk_layer layer = {all[i].level, all[i].vintage, all[i].period};
        measure_recipes unused;
        size_t met = 0;
        while (met < at->count && memcmp(&at->layers[met], &layer, sizeof layer)) {
            met++;
        }
        if (met < at->count || all[i].areas < 2 || layer.level == WIJK_SQUARE ||
            !measure_recipes_find(&unused, at->grouping, at->registry, layer)) {
            continue;
        }
        if (at->count == at->room) {
            size_t room = at->room ? at->room * 2 : 32;
            wijk_layer *bigger = wijk_arena_alloc(at->arena, room * sizeof *bigger);
            if (!bigger) {
                return WIJK_ENOMEM;
            }
            if (at->count) {
                memcpy(bigger, at->layers, at->count * sizeof *bigger);
            }
            at->layers = bigger;
            at->room = room;
        }
        at->layers[at->count++] = layer;
    }
    return WIJK_OK;
}

static int by_layer(const void *a, const void *b)
{
    const wijk_layer *x = a, *y = b;
    int order = (x->level > y->level) - (x->level < y->level);
    order = order ? order : (x->vintage > y->vintage) - (x->vintage < y->vintage);
    return order ? order : (x->period > y->period) - (x->period < y->period);
}

int wijk_grouping_layers(wijk_layer **out, size_t *count, const wijk_grouping *grouping,
                         const wijk_registry *registry, wijk_arena *arena)
{
    gathering at = {.registry = registry, .grouping = grouping, .arena = arena};
    int rc = WIJK_OK;
    /* Every group must have figures, so the layers of the first group that is no rest are all. */
    for (size_t g = 0; !rc && g < grouping->groups; g++) {
        if (!strstr(grouping->group[g].from, REST)) {
            rc = each_name(grouping->group[g].from, '|', gather_layers, &at);
            break;
        }
    }
    if (at.count) {
        qsort(at.layers, at.count, sizeof *at.layers, by_layer);
    }
    *out = at.layers;
    *count = at.count;
    return rc;
}
