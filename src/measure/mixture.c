/* The indices of every gemeente, wijk and the country, for every grouping and layer that the file
 * can give: made once after loading, so that a page sets one area beside all others at once. */
#include "wijk/grouping.h"

#include "areas/registry.h"
#include "wijk/err.h"
#include "wijk/map.h"
#include "wijk/segregation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t parent;
    int vintage;
    unsigned char level;
} place;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_ctx *ctx;
    wijk_arena *arena;   /* of the whole run */
    wijk_arena *scratch; /* of one layer */
    place *places;       /* by area id */
    int64_t place_room;
    wijk_map *gemeenten; /* name → newest row; for postcodes */
    int64_t land[2];     /* newest row, by fictional */
    wijk_groupings groupings;
} work;

static int read_places(work *w)
{
    int64_t most = 0;
    int rc = wijk_run_int(&most, wijk_store_sql(w->store, "SELECT max(id) FROM area"), 0);
    w->place_room = most + 1;
    w->places = rc ? NULL : wijk_arena_alloc(w->arena, (size_t)w->place_room * sizeof *w->places);
    rc = rc ? rc : w->places ? wijk_map_new(&w->gemeenten) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(w->store, "SELECT id, parent_id, level, vintage, name, "
                                               "fictional FROM area ORDER BY vintage, id");
    while (!rc && (rc = wijk_step(stmt)) == 1) {
        int64_t id = wijk_col_int(stmt, 0);
        int level = (int)wijk_col_int(stmt, 2);
        const char *name = wijk_col_text(stmt, 4);
        w->places[id] =
            (place){wijk_col_int(stmt, 1), (int)wijk_col_int(stmt, 3), (unsigned char)level};
        rc = level == WIJK_GEMEENTE && *name ? wijk_map_set(w->gemeenten, name, strlen(name), id)
                                             : WIJK_OK;
        if (level == WIJK_LAND) {
            w->land[wijk_col_int(stmt, 5) != 0] = id;
        }
    }
    wijk_reset(stmt);
    return rc;
}

/* The area of `level` around an area; 0 when there is none. A larger local part counts as a wijk.
 */
static int64_t around(const work *w, int64_t id, enum wijk_level level)
{
    for (id = w->places[id].parent; id > 0 && id < w->place_room; id = w->places[id].parent) {
        int found = w->places[id].level;
        if (found == (int)level || (level == WIJK_WIJK && found == WIJK_LOCAL)) {
            return id;
        }
    }
    return 0;
}

static int64_t whole_of(const work *w, const wijk_grouped *grouped, size_t i, enum wijk_level level)
{
    const wijk_group_area *area = &grouped->area[i];
    int64_t id = 0;
    if (level == WIJK_LAND) {
        return w->land[(grouped->flags & WIJK_FICTIONAL) != 0];
    }
    if (grouped->layer.level != WIJK_PC4) {
        return around(w, area->id, level);
    }
    return level == WIJK_GEMEENTE && *area->gemeente &&
                   wijk_map_get(w->gemeenten, area->gemeente, strlen(area->gemeente), &id)
               ? id
               : 0;
}

typedef struct {
    int64_t whole;
    size_t row;
} member;

static int by_whole(const void *a, const void *b)
{
    const member *x = a, *y = b;
    int order = (x->whole > y->whole) - (x->whole < y->whole);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int keep(work *w, const wijk_grouping *grouping, const wijk_mixture *m)
{
    wijk_stmt *stmt = wijk_store_sql(
        w->store, "INSERT OR REPLACE INTO mixture(whole_id, grouping, level, vintage, period, "
                  "areas, total, without, d, h, chance_d, chance_h, simpson, within) VALUES "
                  "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)");
    wijk_bind_int(stmt, 1, m->whole);
    wijk_bind_text(stmt, 2, grouping->code);
    wijk_bind_int(stmt, 3, m->layer.level);
    wijk_bind_int(stmt, 4, m->layer.vintage);
    wijk_bind_int(stmt, 5, m->layer.period);
    wijk_bind_int(stmt, 6, (int64_t)m->areas);
    wijk_bind_double(stmt, 7, m->total);
    wijk_bind_int(stmt, 8, (int64_t)m->without);
    const double values[] = {m->d, m->h, m->chance_d, m->chance_h, m->simpson, m->within};
    for (int i = 0; i < 6; i++) {
        wijk_bind_double(stmt, 9 + i, values[i]);
    }
    return wijk_run(stmt);
}

/* The indices of the rows `members` of a table. */
static int measure(work *w, const wijk_grouped *grouped, const member *members, size_t count,
                   size_t without)
{
    size_t groups = grouped->groups;
    double *counts = wijk_arena_alloc(w->scratch, count * groups * sizeof *counts);
    if (!counts) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(counts + i * groups, grouped->counts + members[i].row * groups,
               groups * sizeof *counts);
    }
    wijk_segregation all;
    wijk_segregation_chance chance;
    int rc = wijk_segregation_all(&all, counts, count, groups);
    if (rc || !isfinite(all.theil) || all.areas < 2) {
        return rc;
    }
    rc = wijk_segregation_expected(&chance, counts, count, groups, w->ctx);
    if (rc || !isfinite(chance.theil)) {
        return rc;
    }
    return keep(w, grouped->grouping,
                &(wijk_mixture){.whole = members[0].whole,
                                .layer = grouped->layer,
                                .areas = all.areas,
                                .without = without,
                                .total = all.total,
                                .d = all.dissimilarity,
                                .h = all.theil,
                                .chance_d = chance.dissimilarity,
                                .chance_h = chance.theil,
                                .simpson = all.simpson,
                                .within = all.simpson * (1 - all.relative)});
}

/* Six in ten areas make a country; fewer are some towns. */
static int is_country(const work *w, const wijk_grouped *grouped)
{
    int all = wijk_registry_areas(w->registry, grouped->layer.level);
    return grouped->layer.level != WIJK_LOCAL && (double)grouped->areas >= 0.6 * all &&
           grouped->areas > 1;
}

static int one_level(work *w, const wijk_grouped *grouped, enum wijk_level level, member *members)
{
    size_t count = 0;
    if (level >= grouped->layer.level || (level == WIJK_LAND && !is_country(w, grouped))) {
        return WIJK_OK;
    }
    for (size_t i = 0; i < grouped->areas; i++) {
        int64_t whole = whole_of(w, grouped, i, level);
        if (whole) {
            members[count++] = (member){whole, i};
        }
    }
    qsort(members, count, sizeof *members, by_whole);
    int rc = WIJK_OK;
    for (size_t from = 0, to; !rc && from < count; from = to) {
        for (to = from + 1; to < count && members[to].whole == members[from].whole; to++) {
        }
        if (to - from > 1) {
            rc = measure(w, grouped, members + from, to - from,
                         level == WIJK_LAND ? grouped->without : 0);
            rc = rc ? rc : wijk_checkpoint(w->ctx);
        }
    }
    return rc;
}

static int one_layer(work *w, const wijk_grouping *grouping, wijk_layer layer, int fictional)
{
    static const enum wijk_level levels[] = {WIJK_LAND, WIJK_GEMEENTE, WIJK_WIJK};
    wijk_arena_reset(w->scratch);
    wijk_grouped grouped;
    int rc = wijk_grouped_read_all(&grouped, w->store, w->registry, w->scratch, grouping, layer,
                                   fictional);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    member *members = wijk_arena_alloc(w->scratch, (grouped.areas + 1) * sizeof *members);
    rc = members ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < sizeof levels / sizeof *levels; i++) {
        rc = one_level(w, &grouped, levels[i], members);
    }
    return rc;
}

static int all_layers(work *w)
{
    int rc = wijk_run(wijk_store_sql(w->store, "DELETE FROM mixture"));
    for (size_t i = 0; !rc && i < w->groupings.count; i++) {
        const wijk_grouping *grouping = &w->groupings.at[i];
        wijk_layer *layers;
        size_t count = 0;
        rc = wijk_grouping_layers(&layers, &count, grouping, w->registry, w->arena);
        for (size_t k = 0; !rc && k < count * 2; k++) {
            rc = one_layer(w, grouping, layers[k / 2], (int)(k & 1));
        }
    }
    return rc;
}

/* Which derivation this one rests on. */
static int note_made(wijk_store *store)
{
    return wijk_run(wijk_store_sql(
        store, "INSERT INTO meta(key, value) SELECT 'mixture_of', value FROM meta WHERE "
               "key='derived_at' ON CONFLICT(key) DO UPDATE SET value=excluded.value"));
}

int wijk_mixture_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    work w = {.store = store, .registry = registry, .ctx = ctx};
    int rc = wijk_arena_new(&w.arena, 0);
    rc = rc ? rc : wijk_arena_new(&w.scratch, 0);
    rc = rc ? rc : wijk_groupings_read(&w.groupings, registry, w.arena);
    rc = rc ? rc : wijk_begin(store);
    if (!rc) {
        rc = read_places(&w);
        rc = rc ? rc : all_layers(&w);
        rc = rc ? rc : note_made(store);
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_map_free(w.gemeenten);
    wijk_arena_free(w.scratch);
    wijk_arena_free(w.arena);
    return rc;
}

int wijk_mixture_derive_when_due(wijk_store *store, wijk_ctx *ctx)
{
    int64_t due = 0;
    int rc = wijk_run_int(&due,
                          wijk_store_sql(store, "SELECT 1 FROM meta d WHERE d.key='derived_at' AND "
                                                "NOT EXISTS (SELECT 1 FROM meta m WHERE "
                                                "m.key='mixture_of' AND m.value=d.value)"),
                          0);
    if (rc || !due || !wijk_store_writes(store)) {
        return rc;
    }
    wijk_registry *registry = NULL;
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_mixture_derive(store, registry, ctx);
    wijk_registry_free(registry);
    return rc;
}

/* ---- reading ------------------------------------------------------------------------------ */

#define MIXTURE_COLUMNS                                                                            \
    "m.whole_id, m.level, m.vintage, m.period, m.areas, m.total, m.without, m.d, m.h, "            \
    "m.chance_d, m.chance_h, m.simpson, m.within "

static wijk_mixture row_of(wijk_stmt *stmt)
{
    return (wijk_mixture){.whole = wijk_col_int(stmt, 0),
                          .layer = {(enum wijk_level)wijk_col_int(stmt, 1),
                                    (int)wijk_col_int(stmt, 2), (int)wijk_col_int(stmt, 3)},
                          .areas = (size_t)wijk_col_int(stmt, 4),
                          .total = wijk_col_double(stmt, 5),
                          .without = (size_t)wijk_col_int(stmt, 6),
                          .d = wijk_col_double(stmt, 7),
                          .h = wijk_col_double(stmt, 8),
                          .chance_d = wijk_col_double(stmt, 9),
                          .chance_h = wijk_col_double(stmt, 10),
                          .simpson = wijk_col_double(stmt, 11),
                          .within = wijk_col_double(stmt, 12)};
}

static int by_grouping(const void *a, const void *b)
{
    const wijk_mixture_row *x = a, *y = b;
    int order = (x->grouping > y->grouping) - (x->grouping < y->grouping);
    const wijk_layer *p = &x->at.layer, *q = &y->at.layer;
    order = order ? order : (p->level > q->level) - (p->level < q->level);
    order = order ? order : (p->vintage > q->vintage) - (p->vintage < q->vintage);
    return order ? order : (p->period > q->period) - (p->period < q->period);
}

int wijk_mixture_of(wijk_mixture_row **out, size_t *count, wijk_store *store,
                    const wijk_groupings *groupings, wijk_arena *arena, const wijk_area *area)
{
    enum { MOST = 1000 };
    *count = 0;
    *out = wijk_arena_alloc(arena, MOST * sizeof **out);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt =
        area->level <= WIJK_GEMEENTE
            ? wijk_store_sql(store, "SELECT " MIXTURE_COLUMNS ", m.grouping FROM area a INDEXED BY "
                                    "area_by_code CROSS JOIN mixture m ON m.whole_id=a.id WHERE "
                                    "a.level=?2 AND a.code=?3 AND ?1")
            : wijk_store_sql(store, "SELECT " MIXTURE_COLUMNS ", m.grouping FROM (SELECT ?1 AS id "
                                    "UNION SELECT from_id FROM area_link WHERE to_id=?1 AND "
                                    "kind=0) a CROSS JOIN mixture m ON m.whole_id=a.id WHERE ?2 "
                                    "AND ?3<>''");
    wijk_bind_int(stmt, 1, area->id);
    wijk_bind_int(stmt, 2, area->level);
    wijk_bind_text(stmt, 3, area->code);
    int rc = WIJK_OK;
    while (*count < MOST && (rc = wijk_step(stmt)) == 1) {
        const wijk_grouping *grouping = wijk_grouping_find(groupings, wijk_col_text(stmt, 13));
        if (grouping) {
            (*out)[(*count)++] = (wijk_mixture_row){grouping, row_of(stmt)};
        }
    }
    wijk_reset(stmt);
    qsort(*out, *count, sizeof **out, by_grouping);
    return rc < 0 ? rc : WIJK_OK;
}

int wijk_mixture_beside(wijk_mixture **out, size_t *count, wijk_store *store, wijk_arena *arena,
                        const wijk_grouping *grouping, wijk_layer layer, enum wijk_level level)
{
    enum { MOST = 4000 };
    *count = 0;
    *out = wijk_arena_alloc(arena, MOST * sizeof **out);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT " MIXTURE_COLUMNS "FROM mixture m INDEXED BY "
                              "mixture_by_layer CROSS JOIN area a ON a.id=m.whole_id WHERE "
                              "m.grouping=?1 AND m.level=?2 AND m.vintage=?3 AND m.period=?4 AND "
                              "a.level=?5 AND a.fictional=0");
    wijk_bind_text(stmt, 1, grouping->code);
    wijk_bind_int(stmt, 2, layer.level);
    wijk_bind_int(stmt, 3, layer.vintage);
    wijk_bind_int(stmt, 4, layer.period);
    wijk_bind_int(stmt, 5, level);
    int rc = WIJK_OK;
    while (*count < MOST && (rc = wijk_step(stmt)) == 1) {
        (*out)[(*count)++] = row_of(stmt);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}
