/* Reading a map: which figures stand on which borders, and the areas in view. A small map keeps
 * every area; a map of the country only appends paths to the text of their class, so that its cost
 * is one pass over the rows. */
#include "figure/map.h"

#include "areas/registry.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

#define MOST_PERIODS 400

/* ---- which layer ------------------------------------------------------------------------- */

/* Vintages of a level that have borders, newest first. Hops along the index from vintage to
 * vintage; a division has paths or has not, so that its first area with a place tells. O(vintages).
 */
static int vintages_of(int *out, size_t most, wijk_store *store, enum wijk_level level)
{
    wijk_stmt *stmt = wijk_store_sql(
        store,
        "WITH RECURSIVE hop(vintage) AS ("
        "SELECT max(vintage) FROM area WHERE level=?1 AND x0 IS NOT NULL "
        "UNION ALL SELECT (SELECT max(a.vintage) FROM area a WHERE a.level=?1 AND "
        "a.vintage<hop.vintage AND a.x0 IS NOT NULL) FROM hop WHERE hop.vintage IS NOT NULL) "
        "SELECT vintage FROM hop WHERE vintage IS NOT NULL AND EXISTS (SELECT 1 FROM area_path "
        "WHERE scale=0 AND area_id=(SELECT id FROM area a WHERE a.level=?1 AND "
        "a.vintage=hop.vintage AND a.x0 IS NOT NULL LIMIT 1))");
    wijk_bind_int(stmt, 1, level);
    size_t count = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1 && count < most) {
        out[count++] = (int)wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : (int)count;
}

static void take_series(wijk_map_layer *layer, const wijk_series *series)
{
    const double spread[5] = {series->p10, series->p25, series->p50, series->p75, series->p90};
    memcpy(layer->spread, spread, sizeof spread);
    layer->period = series->period;
    layer->areas = series->areas;
    layer->from_vintage = series->vintage;
    layer->centre = strcmp(layer->indicator->unit, "score") ? NAN : series->mean;
}

/* The series to show on borders of `vintage`: of that vintage when it has the period, else of the
 * nearest one. */
static const wijk_series *series_for(const wijk_registry *registry, int indicator,
                                     enum wijk_level level, int vintage, int period)
{
    size_t count = 0;
    const wijk_series *all = wijk_series_of(&count, registry, indicator), *best = NULL;
    int best_cost = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].level != level || (period && all[i].period != period)) {
            continue;
        }
        int away = all[i].vintage > vintage ? all[i].vintage - vintage : vintage - all[i].vintage;
        /* Newest first when no period was asked, among those of the right borders first. */
        int age = period ? 0 : 9999 - wijk_period_year(all[i].period);
        int cost = age + (away ? 20000 + away * 100 : 0);
        if (!best || cost < best_cost) {
            best = &all[i];
            best_cost = cost;
        }
    }
    return best;
}

static void find_reliability(wijk_map_layer *layer, const wijk_registry *registry)
{
    const wijk_reliability_rule *rule = wijk_registry_reliability(registry, layer->indicator->id);
    layer->grey_below = NAN;
    if (!rule) {
        return;
    }
    size_t count = 0;
    const wijk_series *all = wijk_series_of(&count, registry, layer->indicator->id);
    int newest = 1, year = wijk_period_year(layer->period);
    for (size_t i = 0; i < count; i++) {
        newest &= all[i].level != layer->level || all[i].period <= layer->period;
    }
    layer->too_old =
        rule->max_age > 0 && newest && wijk_registry_newest_year(registry) - year > rule->max_age;
    if (rule->base_id && rule->grey_below > 0) {
        const wijk_series *base =
            wijk_series_find(registry, rule->base_id, layer->level, layer->from_vintage, year);
        if (!base) {
            base = series_for(registry, rule->base_id, layer->level, layer->from_vintage, 0);
        }
        if (base && base->vintage == layer->from_vintage) {
            layer->base_id = rule->base_id;
            layer->base_period = base->period;
            layer->grey_below = rule->grey_below;
        }
    }
}

static int highest_of(double *out, wijk_store *store, const wijk_map_layer *layer)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT max(value) FROM layer_value WHERE "
                                            "indicator_id=?1 AND level=?2 AND vintage=?3 AND "
                                            "period=?4");
    wijk_bind_int(stmt, 1, layer->indicator->id);
    wijk_bind_int(stmt, 2, layer->level);
    wijk_bind_int(stmt, 3, layer->from_vintage);
    wijk_bind_int(stmt, 4, layer->period);
    int rc = wijk_step(stmt);
    *out = rc == 1 ? wijk_col_double(stmt, 0) : NAN;
    wijk_reset(stmt);
    return rc < 0 ? rc : 0;
}

/* Computed figures are shown as an indicator would be: their own label and unit, quantiles of what
 * is drawn. */
static int take_computed(wijk_map_data *data, wijk_arena *arena, const wijk_map_values *values)
{
    static const double at[5] = {0.10, 0.25, 0.50, 0.75, 0.90};
    wijk_map_layer *layer = &data->layer;
    wijk_indicator *indicator = wijk_arena_alloc(arena, sizeof *indicator);
    double *sorted = wijk_arena_alloc(arena, (values->count + 1) * sizeof *sorted);
    if (!indicator || !sorted) {
        return WIJK_ENOMEM;
    }
    *indicator = (wijk_indicator){.code = "",
                                  .label = {values->label, values->label},
                                  .unit = values->unit ? values->unit : "index",
                                  .decimals = values->decimals};
    for (size_t i = 0; i < values->count; i++) {
        if (isfinite(values->values[i])) {
            sorted[layer->areas++] = values->values[i];
        }
    }
    for (int i = 0; i < 5; i++) {
        layer->spread[i] = wijk_quantile(sorted, (size_t)layer->areas, at[i]);
    }
    layer->indicator = indicator;
    layer->values = values;
    layer->period = values->period;
    layer->from_vintage = layer->vintage;
    layer->centre = values->around_zero ? 0 : NAN;
    layer->top = NAN;
    layer->grey_below = 1; /* a base of 1 stands for reliable, 0 for not */
    data->publishers[data->publisher_count++] = values->source;
    wijk_classes_make(&data->classes, indicator, layer->spread, layer->centre, NAN);
    return 0;
}

static int find_layer(wijk_map_data *data, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_map *map)
{
    wijk_map_layer *layer = &data->layer;
    if (map->values) {
        return take_computed(data, arena, map->values);
    }
    layer->indicator = map->indicator ? wijk_indicator_by_id(registry, map->indicator) : NULL;
    layer->grey_below = layer->centre = layer->top = NAN;
    if (map->indicator && !layer->indicator) {
        return wijk_fail(WIJK_ENOTFOUND, "Indicator %d bestaat niet.", "There is no indicator %d.",
                         map->indicator);
    }
    if (!layer->vintage) {
        int vintages[16], count = vintages_of(vintages, 16, store, layer->level);
        for (int i = 0; i < count; i++) { /* the newest that has the figures themselves */
            const wijk_series *series = layer->indicator
                                            ? series_for(registry, layer->indicator->id,
                                                         layer->level, vintages[i], map->period)
                                            : NULL;
            if (series && series->vintage == vintages[i]) {
                layer->vintage = vintages[i];
                break;
            }
        }
        if (count < 0) {
            return count;
        }
        layer->vintage = layer->vintage ? layer->vintage : count ? vintages[0] : 0;
    }
    layer->from_vintage = layer->vintage;
    const wijk_series *series =
        layer->indicator
            ? series_for(registry, layer->indicator->id, layer->level, layer->vintage, map->period)
            : NULL;
    if (!series) {
        layer->period = map->period;
        return 0;
    }
    take_series(layer, series);
    find_reliability(layer, registry);
    int rc = strcmp(layer->indicator->unit, "class") ? 0 : highest_of(&layer->top, store, layer);
    wijk_classes_make(&data->classes, layer->indicator, layer->spread, layer->centre, layer->top);
    return rc;
}

/* ---- values of areas --------------------------------------------------------------------- */

static void take_publisher(wijk_map_data *data, const wijk_registry *registry, int64_t load)
{
    const wijk_load_info *info = wijk_load_by_id(registry, load);
    if (!info || data->publisher_count == WIJK_MAP_SOURCES) {
        return;
    }
    for (size_t i = 0; i < data->publisher_count; i++) {
        if (!strcmp(data->publishers[i], info->publisher)) {
            return;
        }
    }
    data->publishers[data->publisher_count++] = info->publisher;
}

/* A value of another vintage, for a place that stayed the same (or whose code did). */
static int linked_value(double *value, double *base, int64_t *load, wijk_store *store,
                        const wijk_map_layer *layer, int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT v.value, v.load_id, b.value FROM area_link l CROSS JOIN layer_value v ON "
               "v.indicator_id=?2 AND v.level=?3 AND v.vintage=?4 AND v.period=?5 AND "
               "v.area_id=l.from_id LEFT JOIN layer_value b ON b.indicator_id=?6 AND b.level=?3 "
               "AND b.vintage=?4 AND b.period=?7 AND b.area_id=l.from_id WHERE l.to_id=?1 AND "
               "l.kind<=1 ORDER BY l.kind LIMIT 1");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, layer->indicator->id);
    wijk_bind_int(stmt, 3, layer->level);
    wijk_bind_int(stmt, 4, layer->from_vintage);
    wijk_bind_int(stmt, 5, layer->period);
    wijk_bind_int(stmt, 6, layer->base_id);
    wijk_bind_int(stmt, 7, layer->base_period);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        *value = wijk_col_double(stmt, 0);
        *load = wijk_col_int(stmt, 1);
        *base = wijk_col_double(stmt, 2);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : 0;
}

/* Class of a value, -1 when none; counts it. Grey keeps its class but is counted apart. */
static int count_value(wijk_map_data *data, double value, double base, int *grey)
{
    const wijk_map_layer *layer = &data->layer;
    int class = wijk_class_of(&data->classes, value);
    *grey = class >= 0 && (layer->too_old || base < layer->grey_below);
    data->count++;
    if (class < 0) {
        data->unknown++;
    } else if (*grey) {
        data->grey++;
    } else {
        data->in_class[class]++;
    }
    return class;
}

/* ---- small maps -------------------------------------------------------------------------- */

#define AREA_COLUMNS                                                                               \
    "a.id, a.level, a.code, a.name, a.vintage, a.x, a.y, a.x0, a.y0, a.x1, a.y1, a.gemeente, "     \
    "a.fictional, p.path, v.value, v.load_id, b.value "
#define AREA_VALUES                                                                                \
    "CROSS JOIN area_path p ON p.area_id=a.id AND p.scale=?2 "                                     \
    "LEFT JOIN layer_value v ON v.indicator_id=?3 AND v.level=a.level AND v.vintage=a.vintage "    \
    "AND v.period=?4 AND v.area_id=a.id "                                                          \
    "LEFT JOIN layer_value b ON b.indicator_id=?5 AND b.level=a.level AND b.vintage=a.vintage "    \
    "AND b.period=?6 AND b.area_id=a.id "

/* The area (or the members of an own area) and what lies in view around it: found from neighbour to
 * neighbour, so that the cost does not grow with the file. Three steps fill a view. */
#define AROUND_SQL                                                                                 \
    "WITH RECURSIVE ring(id, step) AS (SELECT ?1, 0 UNION SELECT member_id, 0 FROM own_member "    \
    "WHERE area_id=?1 UNION SELECT n.other_id, ring.step+1 FROM ring CROSS JOIN neighbour n ON "   \
    "n.area_id=ring.id WHERE ring.step<3), near AS (SELECT DISTINCT id FROM ring LIMIT 4000) "     \
    "SELECT " AREA_COLUMNS "FROM near CROSS JOIN area a ON a.id=near.id " AREA_VALUES              \
    "WHERE a.x1>=?7 AND a.x0<=?8 AND a.y1>=?9 AND a.y0<=?10 ORDER BY a.code LIMIT 800"

#define WITHIN_SQL                                                                                 \
    "WITH RECURSIVE part(id, level) AS (SELECT id, level FROM area WHERE parent_id=?1 UNION ALL "  \
    "SELECT c.id, c.level FROM part CROSS JOIN area c ON c.parent_id=part.id WHERE "               \
    "part.level<?7) SELECT " AREA_COLUMNS "FROM part CROSS JOIN area a ON a.id=part.id "           \
    "AND a.level=?7 " AREA_VALUES "ORDER BY a.code LIMIT 801"

/* For divisions that do not nest (pc4): by the name of the gemeente. */
#define NAMED_SQL                                                                                  \
    "SELECT " AREA_COLUMNS "FROM area a INDEXED BY area_by_code " AREA_VALUES                      \
    "WHERE a.level=?7 AND a.vintage=?8 AND a.gemeente=?9 ORDER BY a.code LIMIT 801"

#define ALL_SQL                                                                                    \
    "SELECT " AREA_COLUMNS "FROM area a INDEXED BY area_by_code " AREA_VALUES                      \
    "WHERE a.level=?7 AND a.vintage=?8 ORDER BY a.code LIMIT 801"

static void bind_layer(wijk_stmt *stmt, int64_t area, int scale, const wijk_map_layer *layer)
{
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, scale);
    wijk_bind_int(stmt, 3, layer->indicator ? layer->indicator->id : 0);
    wijk_bind_int(stmt, 4, layer->period);
    wijk_bind_int(stmt, 5, layer->base_id);
    wijk_bind_int(stmt, 6, layer->base_period);
}

static wijk_stmt *small_stmt(wijk_store *store, const wijk_map *map, const wijk_area *self,
                             const wijk_map_data *data)
{
    wijk_stmt *stmt;
    const wijk_map_layer *layer = &data->layer;
    if (map->kind == WIJK_MAP_AROUND) {
        stmt = wijk_store_sql(store, AROUND_SQL);
    } else if (map->kind == WIJK_MAP_COUNTRY) {
        stmt = wijk_store_sql(store, ALL_SQL);
    } else if (layer->level <= WIJK_BUURT) {
        stmt = wijk_store_sql(store, WITHIN_SQL);
    } else {
        stmt = wijk_store_sql(store, NAMED_SQL);
        wijk_bind_text(stmt, 9, self->level == WIJK_GEMEENTE ? self->name : self->gemeente);
    }
    bind_layer(stmt, map->area, data->scale, layer);
    if (map->kind == WIJK_MAP_AROUND) {
        int boxed = isfinite(data->x0);
        wijk_bind_double(stmt, 7, boxed ? data->x0 : -1e9);
        wijk_bind_double(stmt, 8, boxed ? data->x1 : 1e9);
        wijk_bind_double(stmt, 9, boxed ? data->y0 : -1e9);
        wijk_bind_double(stmt, 10, boxed ? data->y1 : 1e9);
    } else {
        wijk_bind_int(stmt, 7, layer->level);
    }
    if (map->kind == WIJK_MAP_COUNTRY ||
        (map->kind == WIJK_MAP_WITHIN && layer->level > WIJK_BUURT)) {
        wijk_bind_int(stmt, 8, layer->vintage);
    }
    return stmt;
}

static int is_seed(const wijk_map *map, const int64_t *members, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i] == id) {
            return 1;
        }
    }
    return id == map->area;
}

/* The computed figure of an area, and 1 as its base unless it is unreliable. O(log n). */
static double computed_value(double *base, const wijk_map_values *values, int64_t area)
{
    size_t low = 0, high = values->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values->areas[middle] < area) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    int met = low < values->count && values->areas[low] == area;
    *base = met && values->grey && values->grey[low] ? 0 : 1;
    return met ? values->values[low] : NAN;
}

static int take_area(wijk_map_data *data, wijk_store *store, const wijk_registry *registry,
                     wijk_arena *arena, wijk_stmt *stmt, wijk_map_area *out)
{
    *out = (wijk_map_area){.class = -1};
    wijk_area *area = &out->area;
    area->id = wijk_col_int(stmt, 0);
    area->level = (enum wijk_level)wijk_col_int(stmt, 1);
    area->code = wijk_arena_strdup(arena, wijk_col_text(stmt, 2));
    area->name = wijk_arena_strdup(arena, wijk_col_text(stmt, 3));
    area->vintage = (int)wijk_col_int(stmt, 4);
    area->x = wijk_col_double(stmt, 5);
    area->y = wijk_col_double(stmt, 6);
    area->x0 = wijk_col_double(stmt, 7);
    area->y0 = wijk_col_double(stmt, 8);
    area->x1 = wijk_col_double(stmt, 9);
    area->y1 = wijk_col_double(stmt, 10);
    area->gemeente = wijk_arena_strdup(arena, wijk_col_text(stmt, 11));
    area->fictional = (int)wijk_col_int(stmt, 12);
    out->path = wijk_arena_strdup(arena, wijk_col_text(stmt, 13));
    if (!area->code || !area->name || !area->gemeente || !out->path) {
        return WIJK_ENOMEM;
    }
    out->value = wijk_col_double(stmt, 14);
    int64_t load = wijk_col_int(stmt, 15);
    double base = wijk_col_double(stmt, 16);
    int rc = 0;
    if (data->layer.values) {
        out->value = computed_value(&base, data->layer.values, area->id);
    } else if (isnan(out->value) && data->layer.indicator &&
               data->layer.from_vintage != data->layer.vintage) {
        rc = linked_value(&out->value, &base, &load, store, &data->layer, area->id);
    }
    if (!isnan(out->value) && !data->layer.values) {
        take_publisher(data, registry, load);
    }
    data->fictional |= area->fictional;
    out->class = count_value(data, out->value, base, &out->grey);
    return rc;
}

static int members_of(int64_t *out, size_t *count, size_t most, wijk_store *store, int64_t area)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT member_id FROM own_member WHERE area_id=?1 LIMIT ?2");
    int rc;
    *count = 0;
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, (int64_t)most);
    while ((rc = wijk_step(stmt)) == 1) {
        out[(*count)++] = wijk_col_int(stmt, 0);
    }
    return rc;
}

/* An own area is drawn as its members: level and vintage are theirs. */
static int layer_of_members(wijk_map_layer *layer, wijk_store *store, int64_t area)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT a.level, a.vintage FROM own_member m CROSS JOIN area a ON "
                              "a.id=m.member_id WHERE m.area_id=?1 LIMIT 1");
    wijk_bind_int(stmt, 1, area);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        layer->level = (enum wijk_level)wijk_col_int(stmt, 0);
        layer->vintage = (int)wijk_col_int(stmt, 1);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : 0;
}

static int read_small(wijk_map_data *data, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_map *map, const wijk_area *self)
{
    int64_t members[WIJK_MAP_MOST_LINKS];
    size_t member_count = 0;
    data->areas = wijk_arena_alloc(arena, (WIJK_MAP_MOST_LINKS + 1) * sizeof *data->areas);
    int rc = data->areas ? 0 : WIJK_ENOMEM;
    if (!rc && self->level == WIJK_OWN) {
        rc = members_of(members, &member_count, WIJK_MAP_MOST_LINKS, store, map->area);
    }
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = small_stmt(store, map, self, data);
    while ((rc = wijk_step(stmt)) == 1 && data->count < WIJK_MAP_MOST_LINKS) {
        wijk_map_area *area = &data->areas[data->count];
        rc = take_area(data, store, registry, arena, stmt, area);
        if (rc) {
            break;
        }
        area->self = is_seed(map, members, member_count, area->area.id);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : 0;
}

/* ---- the country ------------------------------------------------------------------------- */

/* The values of one layer by rising area id: two passes over rows that lie together in the file
 * cost a third of looking every area up. */
typedef struct {
    int64_t area, load;
    double value, base;
} layer_cell;

static int computed_cells(layer_cell **cells, size_t *count, wijk_arena *arena,
                          const wijk_map_values *values)
{
    *cells = wijk_arena_alloc(arena, (values->count + 1) * sizeof **cells);
    for (*count = 0; *cells && *count < values->count; (*count)++) {
        double base = 1;
        double value = computed_value(&base, values, values->areas[*count]);
        (*cells)[*count] = (layer_cell){values->areas[*count], 0, value, base};
    }
    return *cells ? 0 : WIJK_ENOMEM;
}

static int scan_layer(layer_cell **cells, size_t *count, wijk_store *store, wijk_arena *arena,
                      const wijk_map_layer *layer)
{
    const wijk_indicator *indicator = layer->indicator;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT area_id, value, load_id FROM layer_value WHERE indicator_id=?1 AND "
               "level=?2 AND vintage=?3 AND period=?4 ORDER BY area_id LIMIT ?5");
    *cells = wijk_arena_alloc(arena, ((size_t)layer->areas + 1) * sizeof **cells);
    *count = 0;
    if (!*cells) {
        return WIJK_ENOMEM;
    }
    int rc = 0;
    for (int base = 0; base < 2 && rc >= 0; base++) {
        size_t at = 0;
        wijk_bind_int(stmt, 1, base ? layer->base_id : indicator ? indicator->id : 0);
        wijk_bind_int(stmt, 2, layer->level);
        wijk_bind_int(stmt, 3, layer->from_vintage);
        wijk_bind_int(stmt, 4, base ? layer->base_period : layer->period);
        wijk_bind_int(stmt, 5, base ? -1 : layer->areas);
        while ((rc = wijk_step(stmt)) == 1) {
            int64_t area = wijk_col_int(stmt, 0);
            double value = wijk_col_double(stmt, 1);
            if (!base) {
                (*cells)[(*count)++] = (layer_cell){area, wijk_col_int(stmt, 2), value, NAN};
                continue;
            }
            while (at < *count && (*cells)[at].area < area) {
                at++;
            }
            if (at < *count && (*cells)[at].area == area) {
                (*cells)[at].base = value;
            }
        }
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : 0;
}

/* The cell of an area. Areas come nearly in the order of their ids: *hint is tried first. */
static const layer_cell *find_cell(const layer_cell *cells, size_t count, size_t *hint,
                                   int64_t area)
{
    if (*hint < count && cells[*hint].area == area) {
        return &cells[(*hint)++];
    }
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cells[middle].area < area) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *hint = low + 1;
    return low < count && cells[low].area == area ? &cells[low] : NULL;
}

static void add_grouped(wijk_map_data *data, const wijk_registry *registry, const layer_cell *cell,
                        const char *path)
{
    int grey = 0;
    if (cell && cell->load != data->last_load) {
        data->last_load = cell->load;
        take_publisher(data, registry, cell->load);
    }
    int class = count_value(data, cell ? cell->value : NAN, cell ? cell->base : NAN, &grey);
    int group = class < 0 ? WIJK_CLASSES_MAX + 1 : grey ? WIJK_CLASSES_MAX : class;
    wijk_str_add(&data->grouped[group], path);
}

/* Path and the area whose figure is shown there: itself, or with figures of another vintage the one
 * that is linked as the same place. */
#define OWN_SQL                                                                                    \
    "SELECT a.id, p.path FROM area a INDEXED BY area_by_code CROSS JOIN area_path p ON "           \
    "p.area_id=a.id AND p.scale=?1 WHERE a.level=?2 AND a.vintage=?3 AND ?4"
#define LINKED_SQL                                                                                 \
    "SELECT (SELECT l.from_id FROM area_link l CROSS JOIN area f ON f.id=l.from_id WHERE "         \
    "l.to_id=a.id AND l.kind<=1 AND f.vintage=?4 AND f.level=?2 ORDER BY l.kind LIMIT 1), p.path " \
    "FROM area a INDEXED BY area_by_code CROSS JOIN area_path p ON p.area_id=a.id AND "            \
    "p.scale=?1 WHERE a.level=?2 AND a.vintage=?3"

static int read_grouped(wijk_map_data *data, wijk_store *store, const wijk_registry *registry,
                        wijk_arena *arena)
{
    const wijk_map_layer *layer = &data->layer;
    layer_cell *cells = NULL;
    size_t count = 0, hint = 0;
    int rc = layer->values ? computed_cells(&cells, &count, arena, layer->values)
                           : scan_layer(&cells, &count, store, arena, layer);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = layer->from_vintage == layer->vintage ? wijk_store_sql(store, OWN_SQL)
                                                            : wijk_store_sql(store, LINKED_SQL);
    wijk_bind_int(stmt, 1, data->scale);
    wijk_bind_int(stmt, 2, layer->level);
    wijk_bind_int(stmt, 3, layer->vintage);
    wijk_bind_int(stmt, 4, layer->from_vintage);
    while ((rc = wijk_step(stmt)) == 1) {
        const layer_cell *cell = find_cell(cells, count, &hint, wijk_col_int(stmt, 0));
        add_grouped(data, registry, cell, wijk_col_text(stmt, 1));
    }
    wijk_reset(stmt);
    for (size_t i = 0; i < WIJK_CLASSES_MAX + 2 && rc >= 0; i++) {
        rc = wijk_str_status(&data->grouped[i]);
    }
    return rc < 0 ? rc : 0;
}

static int count_areas(int64_t *out, wijk_store *store, const wijk_map_layer *layer)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT count(*) FROM (SELECT 1 FROM area INDEXED BY area_by_code WHERE level=?1 "
               "AND vintage=?2 LIMIT 801)");
    wijk_bind_int(stmt, 1, layer->level);
    wijk_bind_int(stmt, 2, layer->vintage);
    return wijk_run_int(out, stmt, 0);
}

/* ---- the view ---------------------------------------------------------------------------- */

static void include(wijk_map_data *data, const wijk_area *area)
{
    if (isfinite(area->x0) && isfinite(area->y1)) {
        data->x0 = fmin(data->x0, area->x0);
        data->y0 = fmin(data->y0, area->y0);
        data->x1 = fmax(data->x1, area->x1);
        data->y1 = fmax(data->y1, area->y1);
    }
}

/* The finest paths whose grid is about a third of a pixel; one step finer than needed costs more
 * bytes, one coarser shows stairs. */
static int scale_for(double metres, double width)
{
    double pixel = metres / width;
    return pixel < 20 ? 2 : pixel < 200 ? 1 : 0;
}

static void set_view(wijk_map_data *data, const wijk_map *map, const wijk_area *self, double width,
                     int real)
{
    if (map->kind == WIJK_MAP_COUNTRY && !real) {
        return; /* an invented country lies elsewhere: the box of what is read */
    }
    if (map->kind == WIJK_MAP_COUNTRY) { /* the Netherlands, so that maps can be compared */
        data->x0 = 10000;
        data->x1 = 280000;
        data->y0 = 305000;
        data->y1 = 622000;
    } else if (isfinite(self->x0)) {
        include(data, self);
        double grow = map->kind == WIJK_MAP_AROUND ? 0.9 : 0.03;
        double size = fmax(data->x1 - data->x0, data->y1 - data->y0) * grow;
        data->x0 -= size;
        data->x1 += size;
        data->y0 -= size;
        data->y1 += size;
    } else {
        return;
    }
    data->scale = scale_for(data->x1 - data->x0, width);
}

/* The view goes no further than what was read: an island fills its map. Where the area has no box
 * of its own (an own area) the view is the box of what was read. */
static void trim_view(wijk_map_data *data)
{
    wijk_map_data all = {.x0 = INFINITY, .y0 = INFINITY, .x1 = -INFINITY, .y1 = -INFINITY};
    for (size_t i = 0; i < data->count && data->areas; i++) {
        include(&all, &data->areas[i].area);
    }
    double pad = fmax(all.x1 - all.x0, all.y1 - all.y0) * 0.04;
    if (!isfinite(pad)) {
        return;
    }
    int boxed = isfinite(data->x0);
    data->x0 = boxed ? fmax(data->x0, all.x0 - pad) : all.x0 - pad;
    data->y0 = boxed ? fmax(data->y0, all.y0 - pad) : all.y0 - pad;
    data->x1 = boxed ? fmin(data->x1, all.x1 + pad) : all.x1 + pad;
    data->y1 = boxed ? fmin(data->y1, all.y1 + pad) : all.y1 + pad;
}

int wijk_map_read(wijk_map_data *out, wijk_store *store, const wijk_registry *registry,
                  wijk_arena *arena, const wijk_map *map, const wijk_area *self, double width)
{
    *out = (wijk_map_data){.x0 = INFINITY, .y0 = INFINITY, .x1 = -INFINITY, .y1 = -INFINITY};
    out->scale = 1;
    out->layer.level = map->kind == WIJK_MAP_AROUND ? self->level : map->level;
    out->layer.vintage = map->kind == WIJK_MAP_COUNTRY ? map->vintage : self->vintage;
    int rc = 0;
    if (self->level == WIJK_OWN && map->kind == WIJK_MAP_AROUND) {
        rc = layer_of_members(&out->layer, store, map->area);
    }
    if (map->kind == WIJK_MAP_WITHIN && map->level > WIJK_BUURT) {
        out->layer.vintage = map->vintage; /* a division that has vintages of its own */
    }
    rc = rc ? rc : find_layer(out, store, registry, arena, map);
    if (rc) {
        return rc;
    }
    int64_t areas = 0, real = 1;
    if (map->kind == WIJK_MAP_COUNTRY) {
        wijk_stmt *stmt = wijk_store_sql(
            store, "SELECT EXISTS (SELECT 1 FROM area INDEXED BY area_by_code WHERE level=?1 AND "
                   "vintage=?2 AND fictional=0)");
        wijk_bind_int(stmt, 1, out->layer.level);
        wijk_bind_int(stmt, 2, out->layer.vintage);
        rc = wijk_run_int(&real, stmt, 0);
    }
    set_view(out, map, self, width, real != 0);
    if (!rc && map->kind == WIJK_MAP_COUNTRY) {
        rc = count_areas(&areas, store, &out->layer);
    }
    if (!rc) {
        rc = areas > WIJK_MAP_MOST_LINKS ? read_grouped(out, store, registry, arena)
                                         : read_small(out, store, registry, arena, map, self);
    }
    if (!rc && (map->kind != WIJK_MAP_COUNTRY || !real)) {
        trim_view(out);
    }
    if (!rc && out->count == 0) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Van deze gebieden zijn geen grenzen geladen: er is geen kaart.",
                       "No borders of these areas are loaded: there is no map.");
    }
    return rc;
}

void wijk_map_data_free(wijk_map_data *data)
{
    for (size_t i = 0; i < WIJK_CLASSES_MAX + 2; i++) {
        wijk_str_free(&data->grouped[i]);
    }
}

int wijk_map_periods(int (**out)[2], size_t *count, wijk_store *store, wijk_arena *arena,
                     int indicator, enum wijk_level level)
{
    int vintages[16];
    int have = vintages_of(vintages, 16, store, level);
    *count = 0;
    *out = wijk_arena_alloc(arena, MOST_PERIODS * sizeof **out);
    if (have <= 0 || !*out) {
        return *out ? have : WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT period, vintage FROM series WHERE indicator_id=?1 AND level=?2 ORDER BY "
               "period/CASE WHEN period>9999 THEN 100 ELSE 1 END DESC, period DESC, vintage DESC");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, level);
    int rc, settled = 0; /* the period at hand has borders of its own */
    while ((rc = wijk_step(stmt)) == 1 && *count < MOST_PERIODS) {
        int period = (int)wijk_col_int(stmt, 0), vintage = (int)wijk_col_int(stmt, 1), own = 0;
        for (int i = 0; i < have; i++) {
            own |= vintages[i] == vintage;
        }
        int same = *count && (*out)[*count - 1][0] == period;
        if (same && (settled || !own)) {
            continue;
        }
        *count += !same;
        (*out)[*count - 1][0] = period;
        (*out)[*count - 1][1] = own ? vintage : vintages[0];
        settled = own;
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : 0;
}
