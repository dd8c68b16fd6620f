/* Reading one grouping of one layer: the areas, their published cells and what rounding and
 * withholding leave open. Values come from layer_value, where disclosure rules were applied; the
 * step of their rounding from the observation that won. */
#include "measure/grouping.h"

#include "areas/registry.h"
#include "wijk/disclose.h"
#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct { /* one indicator over all areas */
    int indicator, period;
    double *value, *half; /* NAN when unknown */
    double *least;        /* the smallest count that its source publishes */
    unsigned char *mark;  /* WIJK_MARK_… of what has no value; 255 when there is no row at all */
} column;

enum { NO_ROW = 255, MOST_COLUMNS = WIJK_GROUPS_MAX * WIJK_GROUP_PARTS + 1, MOST_LOADS = 64 };

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    wijk_layer layer;
    measure_recipes recipes;
    column columns[MOST_COLUMNS];
    size_t column_count;
    wijk_group_area *area;
    size_t areas;
    int whole_layer; /* 1: all areas of the layer are asked */
    int64_t loads[MOST_LOADS];
    size_t load_count;
    unsigned flags;
} reading;

/* ---- which areas -------------------------------------------------------------------------- */

#define LIST_COLUMNS "SELECT a.id, a.code, a.name, a.x, a.y, a.parent_id, a.gemeente "

/* Below an area of the tree, at any depth; a local division may hold parts of its own level. */
#define BELOW_SQL                                                                                  \
    "WITH RECURSIVE part(id, level) AS (SELECT id, level FROM area WHERE id=?1 UNION ALL "         \
    "SELECT c.id, c.level FROM part CROSS JOIN area c ON c.parent_id=part.id WHERE "               \
    "c.level<=?2) " LIST_COLUMNS                                                                   \
    "FROM part CROSS JOIN area a ON a.id=part.id WHERE a.level=?2 AND a.vintage=?3 AND "           \
    "a.id<>?1 ORDER BY a.id"
#define ALL_SQL                                                                                    \
    LIST_COLUMNS "FROM area a INDEXED BY area_by_code WHERE a.level=?1 AND a.vintage=?2 AND "      \
                 "a.fictional=?3 ORDER BY a.id"
#define NAMED_SQL                                                                                  \
    LIST_COLUMNS "FROM area a INDEXED BY area_by_code WHERE a.level=?1 AND a.vintage=?2 AND "      \
                 "a.gemeente=?3 ORDER BY a.id"
/* Members of an own area, or the same place in the layer. */
#define MEMBER_SQL                                                                                 \
    LIST_COLUMNS "FROM (SELECT member_id AS id FROM own_member WHERE area_id=?1 UNION SELECT "     \
                 "l.from_id FROM own_member m CROSS JOIN area_link l ON l.to_id=m.member_id AND "  \
                 "l.kind=0 WHERE m.area_id=?1) m CROSS JOIN area a ON a.id=m.id WHERE a.level=?2 " \
                 "AND a.vintage=?3 ORDER BY a.id"

static int take_areas(reading *r, wijk_stmt *stmt)
{
    size_t room = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        if (r->areas == room) {
            room = room ? room * 2 : 256;
            wijk_group_area *bigger =
                room > WIJK_MAX_AREAS ? NULL : wijk_arena_alloc(r->arena, room * sizeof *bigger);
            if (!bigger) {
                wijk_reset(stmt);
                return WIJK_ENOMEM;
            }
            if (r->areas) {
                memcpy(bigger, r->area, r->areas * sizeof *bigger);
            }
            r->area = bigger;
        }
        wijk_group_area *at = &r->area[r->areas++];
        *at = (wijk_group_area){.id = wijk_col_int(stmt, 0),
                                .code = wijk_arena_strdup(r->arena, wijk_col_text(stmt, 1)),
                                .name = wijk_arena_strdup(r->arena, wijk_col_text(stmt, 2)),
                                .x = wijk_col_double(stmt, 3),
                                .y = wijk_col_double(stmt, 4),
                                .around = wijk_col_int(stmt, 5),
                                .gemeente = wijk_arena_strdup(r->arena, wijk_col_text(stmt, 6))};
        if (!at->code || !at->name || !at->gemeente) {
            wijk_reset(stmt);
            return WIJK_ENOMEM;
        }
    }
    return rc;
}

static int list_all(reading *r, int fictional)
{
    wijk_stmt *stmt = wijk_store_sql(r->store, ALL_SQL);
    wijk_bind_int(stmt, 1, r->layer.level);
    wijk_bind_int(stmt, 2, r->layer.vintage);
    wijk_bind_int(stmt, 3, fictional);
    r->whole_layer = 1;
    return take_areas(r, stmt);
}

/* The row of `whole` in the vintage of the layer: itself, by the code of a gemeente (never given
 * out twice), or what is linked as the same place. 0 when there is none. */
static int row_in_vintage(int64_t *out, reading *r, const wijk_area *whole)
{
    *out = whole->id;
    if (whole->vintage == r->layer.vintage) {
        return WIJK_OK;
    }
    wijk_stmt *stmt =
        whole->level == WIJK_GEMEENTE
            ? wijk_store_sql(r->store, "SELECT id FROM area WHERE level=1 AND code=?2 AND "
                                       "vintage=?3 AND ?1 LIMIT 1")
            : wijk_store_sql(r->store, "SELECT a.id FROM area_link l CROSS JOIN area a ON "
                                       "a.id=l.from_id WHERE l.to_id=?1 AND l.kind=0 AND "
                                       "a.vintage=?3 AND ?2<>'' AND a.level=?4 LIMIT 1");
    wijk_bind_int(stmt, 1, whole->id);
    wijk_bind_text(stmt, 2, whole->code);
    wijk_bind_int(stmt, 3, r->layer.vintage);
    if (whole->level != WIJK_GEMEENTE) {
        wijk_bind_int(stmt, 4, whole->level);
    }
    return wijk_run_int(out, stmt, 0);
}

static int list_parts(reading *r, const wijk_area *whole)
{
    wijk_stmt *stmt;
    if (whole->level == WIJK_LAND) {
        return list_all(r, 0);
    }
    if (whole->level == WIJK_OWN) {
        stmt = wijk_store_sql(r->store, MEMBER_SQL);
        wijk_bind_int(stmt, 1, whole->id);
        wijk_bind_int(stmt, 2, r->layer.level);
        wijk_bind_int(stmt, 3, r->layer.vintage);
        return take_areas(r, stmt);
    }
    if (r->layer.level == WIJK_PC4) { /* postcodes nest in nothing: by the gemeente they are in */
        stmt = wijk_store_sql(r->store, NAMED_SQL);
        wijk_bind_int(stmt, 1, r->layer.level);
        wijk_bind_int(stmt, 2, r->layer.vintage);
        wijk_bind_text(stmt, 3, whole->level == WIJK_GEMEENTE ? whole->name : "-");
        return take_areas(r, stmt);
    }
    int64_t row = 0;
    int rc = row_in_vintage(&row, r, whole);
    if (rc || !row) {
        return rc;
    }
    stmt = wijk_store_sql(r->store, BELOW_SQL);
    wijk_bind_int(stmt, 1, row);
    wijk_bind_int(stmt, 2, r->layer.level);
    wijk_bind_int(stmt, 3, r->layer.vintage);
    return take_areas(r, stmt);
}

/* ---- their figures ------------------------------------------------------------------------ */

static double least_of(const reading *r, int64_t load)
{
    const wijk_load_info *info = wijk_load_by_id(r->registry, load);
    return info ? info->least : 0;
}

static void take_load(reading *r, int64_t load)
{
    for (size_t i = 0; i < r->load_count; i++) {
        if (r->loads[i] == load) {
            return;
        }
    }
    const wijk_load_info *info = wijk_load_by_id(r->registry, load);
    if (!info || r->load_count == MOST_LOADS) {
        return;
    }
    r->loads[r->load_count++] = load;
    r->flags |= info->nature[0] == 'm' || info->nature[0] == 'r' ? WIJK_MODELLED : 0u;
    r->flags |= info->nature[0] == 'f' ? WIJK_FICTIONAL : 0u;
}

/* Columns of a statement: area, value, load, half. */
static void take_value(reading *r, column *c, size_t at, wijk_stmt *stmt)
{
    int64_t load = wijk_col_int(stmt, 2);
    double half = wijk_col_double(stmt, 3);
    c->value[at] = wijk_col_double(stmt, 1);
    /* A coalition's own count was moved to a multiple of five, up or down. */
    c->half[at] = wijk_registry_is_own(r->registry, c->indicator, load) ? WIJK_OWN_STEP : half;
    c->least[at] = least_of(r, load);
    c->mark[at] = WIJK_MARK_VALUE;
    take_load(r, load);
}

#define VALUE_SQL                                                                                  \
    "SELECT v.area_id, v.value, v.load_id, o.half FROM layer_value v LEFT JOIN observation o ON "  \
    "o.area_id=v.area_id AND o.indicator_id=v.indicator_id AND o.period=v.period AND "             \
    "o.load_id=v.load_id WHERE v.indicator_id=?1 AND v.level=?2 AND v.vintage=?3 AND v.period=?4 "
#define SCAN_SQL VALUE_SQL "ORDER BY v.area_id"
#define FIND_SQL VALUE_SQL "AND v.area_id=?5"

static void bind_column(wijk_stmt *stmt, const reading *r, const column *c)
{
    wijk_bind_int(stmt, 1, c->indicator);
    wijk_bind_int(stmt, 2, r->layer.level);
    wijk_bind_int(stmt, 3, r->layer.vintage);
    wijk_bind_int(stmt, 4, c->period);
}

static int scan_column(reading *r, column *c)
{
    wijk_stmt *stmt = wijk_store_sql(r->store, SCAN_SQL);
    bind_column(stmt, r, c);
    size_t at = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        int64_t area = wijk_col_int(stmt, 0);
        while (at < r->areas && r->area[at].id < area) {
            at++;
        }
        if (at < r->areas && r->area[at].id == area) {
            take_value(r, c, at, stmt);
        }
    }
    return rc;
}

static int find_column(reading *r, column *c)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < r->areas; i++) {
        wijk_stmt *stmt = wijk_store_sql(r->store, FIND_SQL);
        bind_column(stmt, r, c);
        wijk_bind_int(stmt, 5, r->area[i].id);
        rc = wijk_step(stmt);
        if (rc == 1) {
            take_value(r, c, i, stmt);
            rc = WIJK_OK;
        }
        wijk_reset(stmt);
    }
    return rc;
}

/* 1 when any figure of the area is known: only then it matters why another is not. */
static int any_known(const reading *r, size_t area)
{
    int known = 0;
    for (size_t i = 0; i < r->column_count; i++) {
        known |= isfinite(r->columns[i].value[area]) != 0;
    }
    return known;
}

/* Why there is no value: the publisher's own mark, with the step in which it rounds. */
static int read_marks(reading *r, column *c)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < r->areas; i++) {
        if (isfinite(c->value[i]) || !any_known(r, i)) {
            continue;
        }
        wijk_stmt *stmt =
            wijk_store_sql(r->store, "SELECT mark, half, load_id FROM observation WHERE "
                                     "area_id=?1 AND indicator_id=?2 AND period=?3 "
                                     "AND mark>0 ORDER BY mark DESC LIMIT 1");
        wijk_bind_int(stmt, 1, r->area[i].id);
        wijk_bind_int(stmt, 2, c->indicator);
        wijk_bind_int(stmt, 3, c->period);
        rc = wijk_step(stmt);
        if (rc == 1) {
            c->mark[i] = (unsigned char)wijk_col_int(stmt, 0);
            c->half[i] = wijk_col_double(stmt, 1);
            c->least[i] = least_of(r, wijk_col_int(stmt, 2));
            rc = WIJK_OK;
        }
        wijk_reset(stmt);
    }
    return rc;
}

static int read_column(reading *r, int indicator, int period)
{
    column *c = &r->columns[r->column_count++];
    *c = (column){.indicator = indicator,
                  .period = period,
                  .value = wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *c->value),
                  .half = wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *c->half),
                  .least = wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *c->least),
                  .mark = wijk_arena_alloc(r->arena, r->areas + 1)};
    if (!c->value || !c->half || !c->least || !c->mark) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < r->areas; i++) {
        c->value[i] = c->half[i] = NAN;
        c->least[i] = 0;
        c->mark[i] = NO_ROW;
    }
    const wijk_series *series =
        wijk_series_find(r->registry, indicator, r->layer.level, r->layer.vintage, period);
    int few = series && (size_t)series->areas < r->areas * 8; /* then one pass costs less */
    return r->whole_layer || few ? scan_column(r, c) : find_column(r, c);
}

static int read_columns(reading *r, size_t groups)
{
    int rc = WIJK_OK;
    for (size_t g = 0; !rc && g < groups; g++) {
        const measure_recipe *recipe = &r->recipes.group[g];
        for (size_t p = 0; !rc && p < recipe->parts; p++) {
            rc = read_column(r, recipe->indicator[p], r->layer.period);
        }
    }
    if (!rc && r->recipes.base) {
        rc = read_column(r, r->recipes.base->id, r->recipes.base_period);
    }
    for (size_t i = 0; !rc && i < r->column_count; i++) {
        rc = read_marks(r, &r->columns[i]);
    }
    return rc;
}

/* ---- cells -------------------------------------------------------------------------------- */

/* A count, or the part [0, 1] of the base, with what rounding leaves. */
static wijk_group_cell cell_of(const reading *r, const column *c, size_t area, int share)
{
    double factor = share ? 0.01 : 1, value = c->value[area], half = c->half[area];
    wijk_group_cell cell = {.value = value * factor, .share = share};
    if (!isfinite(value)) {
        /* A secret count is below the least that the source publishes; where that is not known, one
         * too small for its step: 0 … 4 of a step of 5. */
        int small = !share && c->mark[area] == WIJK_MARK_SECRET && (c->least[area] > 0 || half > 0);
        cell.withheld = 1;
        cell.low = 0;
        cell.high = small ? (c->least[area] > 0 ? c->least[area] : 2 * half) - 1 : INFINITY;
        return cell;
    }
    half = half > 0 ? half : 0; /* computed, exact or of unknown error: as it stands */
    double least = !share && value >= c->least[area] ? c->least[area] : 0;
    cell.low = fmax(least, value - half) * factor;
    cell.high = (value + half) * factor;
    const wijk_disclosure_rule *rule = wijk_registry_disclosure(r->registry, c->indicator);
    if (share && rule && rule->clamp_high > 0) {
        cell.low = value <= rule->clamp_low ? 0 : cell.low;
        cell.high = value >= rule->clamp_high ? 1 : cell.high;
    }
    cell.high = share ? fmin(1, cell.high) : cell.high;
    return cell;
}

static wijk_group_cell sum_cells(const reading *r, size_t first, size_t parts, size_t area,
                                 int share)
{
    wijk_group_cell sum = cell_of(r, &r->columns[first], area, share);
    for (size_t p = 1; p < parts; p++) {
        wijk_group_cell more = cell_of(r, &r->columns[first + p], area, share);
        sum.withheld |= more.withheld;
        sum.low += more.low;
        sum.high += more.high;
        /* A withheld part of a sum counts as nothing, its range as it is. */
        double parts_known =
            (isfinite(sum.value) ? sum.value : 0) + (isfinite(more.value) ? more.value : 0);
        sum.value = isfinite(sum.value) || isfinite(more.value) ? parts_known : NAN;
    }
    return sum;
}

/* Writes row `to` from area `from`; 0 when the area says too little to be counted. */
static int fill_row(const reading *r, wijk_grouped *out, size_t from, size_t to)
{
    wijk_group_cell *cells = out->cells + to * out->groups;
    double *counts = out->counts + to * out->groups, known = 0, whole = NAN;
    size_t column_at = 0, published = 0;
    int open = 0;
    if (r->recipes.base) {
        wijk_group_cell total = cell_of(r, &r->columns[r->column_count - 1], from, 0);
        whole = total.value;
        if (!(whole > 0)) {
            return 0;
        }
        if (out->total) {
            out->total[to] = total;
        }
    }
    for (size_t g = 0; g < out->groups; g++) {
        const measure_recipe *recipe = &r->recipes.group[g];
        if (!recipe->parts) {
            cells[g] = (wijk_group_cell){.value = NAN, .high = INFINITY};
            continue;
        }
        cells[g] = sum_cells(r, column_at, recipe->parts, from, recipe->share);
        column_at += recipe->parts;
        double count = isfinite(cells[g].value) ? cells[g].value : 0;
        counts[g] = recipe->share ? count * whole : count;
        known += counts[g];
        published += isfinite(cells[g].value) || isfinite(cells[g].high);
        open |= !isfinite(cells[g].value) && !isfinite(cells[g].high);
    }
    if (r->recipes.rest >= 0) {
        counts[r->recipes.rest] = fmax(0, whole - known);
    }
    /* Without a bound on a group its part of the total would go to the rest. */
    return published > 0 && !open;
}

static void sum_up(const reading *r, wijk_grouped *out, size_t cells, size_t withheld)
{
    out->withheld = cells ? (double)withheld / (double)cells : 0;
    out->flags = r->flags;
    size_t kept = 0;
    for (size_t i = 0; i < r->load_count; i++) {
        const char *publisher = wijk_load_by_id(r->registry, r->loads[i])->publisher;
        size_t met = 0;
        while (met < kept && strcmp(out->publishers[met], publisher)) {
            met++;
        }
        if (met == kept) {
            out->publishers[kept++] = publisher;
        }
    }
    out->publisher_count = kept;
}

static int by_code(const void *a, const void *b)
{
    const wijk_group_area *const *x = a, *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

/* A municipality's own division holds its larger parts (A00) beside their parts (A00a) on one
 * level: whoever begins the code of another that is counted would count twice. Empties its code. */
static int drop_holders(reading *r, const unsigned char *usable)
{
    if (r->layer.level != WIJK_LOCAL) {
        return WIJK_OK;
    }
    wijk_group_area **sorted = wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *sorted);
    size_t count = 0;
    if (!sorted) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < r->areas; i++) {
        if (usable[i]) {
            sorted[count++] = &r->area[i];
        }
    }
    qsort(sorted, count, sizeof(wijk_group_area *), by_code);
    for (size_t i = 0; i + 1 < count; i++) {
        if (!strncmp(sorted[i]->code, sorted[i + 1]->code, strlen(sorted[i]->code))) {
            sorted[i]->code = "";
        }
    }
    return WIJK_OK;
}

static int allocate(wijk_grouped *out, const reading *r)
{
    size_t cells = (r->areas + 1) * out->groups;
    out->area = wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *out->area);
    out->cells = wijk_arena_alloc(r->arena, cells * sizeof *out->cells);
    out->counts = wijk_arena_alloc(r->arena, cells * sizeof *out->counts);
    out->publishers = wijk_arena_alloc(r->arena, (r->load_count + 1) * sizeof(const char *));
    out->total =
        r->recipes.base ? wijk_arena_alloc(r->arena, (r->areas + 1) * sizeof *out->total) : NULL;
    return out->area && out->cells && out->counts && out->publishers &&
                   (out->total || !r->recipes.base)
               ? WIJK_OK
               : WIJK_ENOMEM;
}

static int assemble(wijk_grouped *out, reading *r)
{
    int rc = allocate(out, r);
    unsigned char *usable = wijk_arena_alloc(r->arena, r->areas + 1);
    if (rc || !usable) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < r->areas; i++) {
        usable[i] = (unsigned char)fill_row(r, out, i, out->areas);
    }
    rc = drop_holders(r, usable);
    size_t withheld = 0, cells = 0;
    for (size_t i = 0; !rc && i < r->areas; i++) {
        if (!usable[i] || !*r->area[i].code) {
            const column *base = r->recipes.base ? &r->columns[r->column_count - 1] : NULL;
            /* What is in no file of this layer, or only as the whole of its parts, is not missed.
             */
            int met = *r->area[i].code && any_known(r, i);
            out->without += met;
            out->total_without += met && base && isfinite(base->value[i]) ? base->value[i] : 0;
            continue;
        }
        fill_row(r, out, i, out->areas);
        for (size_t g = 0; g < out->groups; g++) {
            withheld += out->cells[out->areas * out->groups + g].withheld != 0;
            cells += (int)g != r->recipes.rest;
        }
        out->area[out->areas++] = r->area[i];
    }
    sum_up(r, out, cells, withheld);
    return rc;
}

static int nothing(const wijk_grouping *grouping, wijk_layer layer)
{
    return wijk_fail(WIJK_ENOTFOUND,
                     "Van de delen van dit gebied is in %d geen %s bekend (%s, indeling %d).",
                     "Of the parts of this area, in %d no %s is known (%s, vintage %d).",
                     layer.period, grouping->code, wijk_level_word(layer.level), layer.vintage);
}

static int read_table(wijk_grouped *out, reading *r, const wijk_grouping *grouping)
{
    *out = (wijk_grouped){.grouping = grouping,
                          .layer = r->layer,
                          .groups = grouping->groups,
                          .base = r->recipes.base,
                          .base_period = r->recipes.base_period,
                          .stand_in = r->recipes.stand_in,
                          .rest = r->recipes.rest};
    int rc = r->areas ? read_columns(r, grouping->groups) : WIJK_OK;
    rc = rc ? rc : assemble(out, r);
    return rc || out->areas ? rc : nothing(grouping, r->layer);
}

int wijk_grouped_read_all(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                          int fictional)
{
    reading r = {.store = store, .registry = registry, .arena = arena, .layer = layer};
    if (!measure_recipes_find(&r.recipes, grouping, registry, layer)) {
        return nothing(grouping, layer);
    }
    int rc = list_all(&r, fictional);
    return rc ? rc : read_table(out, &r, grouping);
}

int wijk_grouped_read(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                      int64_t whole)
{
    reading r = {.store = store, .registry = registry, .arena = arena, .layer = layer};
    wijk_area area;
    int rc = wijk_area_get(&area, store, arena, whole);
    if (rc || !measure_recipes_find(&r.recipes, grouping, registry, layer)) {
        return rc ? rc : nothing(grouping, layer);
    }
    rc = list_parts(&r, &area);
    return rc ? rc : read_table(out, &r, grouping);
}

int wijk_grouped_read_near(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                           wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                           double x, double y, double metres)
{
    reading r = {.store = store, .registry = registry, .arena = arena, .layer = layer};
    if (!measure_recipes_find(&r.recipes, grouping, registry, layer)) {
        return nothing(grouping, layer);
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, LIST_COLUMNS "FROM area a INDEXED BY area_by_code WHERE a.level=?1 AND a.vintage=?2 "
                            "AND (a.x-?3)*(a.x-?3)+(a.y-?4)*(a.y-?4)<=?5*?5 ORDER BY a.id");
    wijk_bind_int(stmt, 1, layer.level);
    wijk_bind_int(stmt, 2, layer.vintage);
    wijk_bind_double(stmt, 3, x);
    wijk_bind_double(stmt, 4, y);
    wijk_bind_double(stmt, 5, metres);
    int rc = take_areas(&r, stmt);
    return rc ? rc : read_table(out, &r, grouping);
}

int wijk_grouped_read_one(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                          int64_t area)
{
    reading r = {.store = store, .registry = registry, .arena = arena, .layer = layer};
    if (!measure_recipes_find(&r.recipes, grouping, registry, layer)) {
        return nothing(grouping, layer);
    }
    wijk_stmt *stmt = wijk_store_sql(store, LIST_COLUMNS "FROM area a WHERE a.id=?1");
    wijk_bind_int(stmt, 1, area);
    int rc = take_areas(&r, stmt);
    return rc ? rc : read_table(out, &r, grouping);
}

int wijk_grouped_place(wijk_grouped *grouped, wijk_store *store)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < grouped->areas; i++) {
        wijk_group_area *at = &grouped->area[i];
        if (isfinite(at->x) && isfinite(at->y)) {
            continue;
        }
        wijk_stmt *stmt = wijk_store_sql(
            store, "SELECT a.x, a.y, l.kind FROM area_link l CROSS JOIN area a ON a.id=l.from_id "
                   "WHERE l.to_id=?1 AND l.kind<=1 AND a.x IS NOT NULL ORDER BY l.kind, "
                   "abs(a.vintage-?2), a.vintage LIMIT 1");
        wijk_bind_int(stmt, 1, at->id);
        wijk_bind_int(stmt, 2, grouped->layer.vintage);
        rc = wijk_step(stmt);
        if (rc == 1) {
            at->x = wijk_col_double(stmt, 0);
            at->y = wijk_col_double(stmt, 1);
            at->placed_by = 1 + (int)wijk_col_int(stmt, 2);
            rc = WIJK_OK;
        }
        wijk_reset(stmt);
    }
    return rc;
}
