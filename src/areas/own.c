/* Own areas: a named set of areas with figures computed from its members. Counts are added; shares
 * and means are weighted by what they are about. What cannot be joined is refused, not guessed. */
#include "wijk/own.h"

#include "areas/facts.h"
#include "areas/registry.h"
#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sum may lack members with at most this part of the people, a mean this part. */
static const double SUM_MAY_LACK = 0.05, MEAN_MAY_LACK = 0.20;

/* ---- making ---------------------------------------------------------------------------------- */

static int refuse_overlap(const wijk_area *a, const wijk_area *b)
{
    return wijk_fail(WIJK_EINVAL,
                     "%s (%s) en %s (%s) overlappen: dan zouden bewoners dubbel tellen. Laat één "
                     "van de twee weg.",
                     "%s (%s) and %s (%s) overlap: residents would count twice. Leave one of them "
                     "out.",
                     a->name, a->code, b->name, b->code);
}

static int check_member(const wijk_area *first, const wijk_area *it)
{
    if (it->level == WIJK_OWN) {
        return wijk_fail(WIJK_EINVAL, "%s is zelf een eigen gebied; kies de gebieden erin.",
                         "%s is an own area itself; choose the areas in it.", it->name);
    }
    if (it->fictional != first->fictional) {
        return wijk_fail(WIJK_EINVAL, "%s en %s: verzonnen en echte gebieden gaan niet samen.",
                         "%s and %s: invented and real areas do not go together.", first->name,
                         it->name);
    }
    if (it->level == first->level && it->vintage != first->vintage) {
        return wijk_fail(WIJK_EINVAL,
                         "%s is van indeling %d en %s van %d; kies gebieden van één indeling.",
                         "%s is of vintage %d and %s of %d; choose areas of one vintage.",
                         first->code, first->vintage, it->code, it->vintage);
    }
    return WIJK_OK;
}

static int by_id(const void *a, const void *b)
{
    const wijk_area *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static const wijk_area *member_with(const wijk_area *members, size_t count, int64_t id)
{
    wijk_area key = {.id = id};
    return bsearch(&key, members, count, sizeof *members, by_id);
}

/* No member lies inside another, and none shares people with one of another division. `members`
 * sorted by id. */
static int check_overlap(wijk_store *store, const wijk_area *members, size_t count)
{
    int mixed = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && members[i].id == members[i - 1].id) {
            return refuse_overlap(&members[i], &members[i]);
        }
        mixed |= members[i].level != members[0].level;
    }
    for (size_t i = 0; mixed && i < count; i++) {
        int64_t around = members[i].parent;
        while (around) {
            const wijk_area *outer = member_with(members, count, around);
            if (outer) {
                return refuse_overlap(&members[i], outer);
            }
            wijk_stmt *stmt = wijk_store_sql(store, "SELECT parent_id FROM area WHERE id=?");
            wijk_bind_int(stmt, 1, around);
            int rc = wijk_run_int(&around, stmt, 0);
            if (rc) {
                return rc;
            }
        }
        wijk_stmt *stmt =
            wijk_store_sql(store, "SELECT from_id FROM area_link WHERE to_id=? AND share_to>0.01");
        wijk_bind_int(stmt, 1, members[i].id);
        int step;
        while ((step = wijk_step(stmt)) == 1) {
            const wijk_area *other = member_with(members, count, wijk_col_int(stmt, 0));
            if (other) {
                wijk_reset(stmt);
                return refuse_overlap(&members[i], other);
            }
        }
        if (step < 0) {
            return step;
        }
    }
    return WIJK_OK;
}

static int load_members(wijk_area *out, wijk_store *store, wijk_arena *arena,
                        const int64_t *members, size_t count)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < count; i++) {
        rc = wijk_area_get(&out[i], store, arena, members[i]);
        rc = rc ? rc : check_member(&out[0], &out[i]);
    }
    if (!rc) {
        qsort(out, count, sizeof *out, by_id);
        rc = check_overlap(store, out, count);
    }
    return rc;
}

/* The gemeente around all members, 0 when they lie in several. */
static int common_gemeente(int64_t *out, wijk_store *store, const wijk_area *members, size_t count)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        wijk_stmt *stmt = wijk_store_sql(
            store, "WITH RECURSIVE up(id,parent,level) AS (SELECT id,parent_id,level FROM area "
                   "WHERE id=? UNION ALL SELECT a.id,a.parent_id,a.level FROM up JOIN area a ON "
                   "a.id=up.parent) SELECT id FROM up WHERE level=1 LIMIT 1");
        wijk_bind_int(stmt, 1, members[i].id);
        int64_t gemeente;
        int rc = wijk_run_int(&gemeente, stmt, 0);
        if (rc || (i && gemeente != *out)) {
            *out = 0;
            return rc;
        }
        *out = gemeente;
    }
    return WIJK_OK;
}

static int insert_area(int64_t *out, wijk_store *store, const char *name, const wijk_area *members,
                       size_t count)
{
    int64_t gemeente;
    int rc = common_gemeente(&gemeente, store, members, count);
    int vintage = 0, placed = 0;
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY}, land = 0;
    for (size_t i = 0; i < count; i++) {
        const wijk_area *it = &members[i];
        vintage = it->vintage > vintage ? it->vintage : vintage;
        land += it->land_m2;
        if (isfinite(it->x0)) {
            placed = 1;
            box[0] = fmin(box[0], it->x0);
            box[1] = fmin(box[1], it->y0);
            box[2] = fmax(box[2], it->x1);
            box[3] = fmax(box[3], it->y1);
        }
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO area(level,code,vintage,name,parent_id,gemeente,x,y,x0,y0,x1,y1,"
               "land_m2,fictional) SELECT 7,'EIGEN-'||(1+(SELECT count(*) FROM own_area)),?1,?2,"
               "nullif(?3,0),coalesce((SELECT name FROM area WHERE id=?3),''),?4,?5,?6,?7,?8,?9,"
               "?10,?11");
    wijk_bind_int(stmt, 1, vintage);
    wijk_bind_text(stmt, 2, name);
    wijk_bind_int(stmt, 3, gemeente);
    wijk_bind_double(stmt, 4, placed ? (box[0] + box[2]) / 2 : NAN);
    wijk_bind_double(stmt, 5, placed ? (box[1] + box[3]) / 2 : NAN);
    for (int i = 0; i < 4; i++) {
        wijk_bind_double(stmt, 6 + i, placed ? box[i] : NAN);
    }
    wijk_bind_double(stmt, 10, land);
    wijk_bind_int(stmt, 11, members[0].fictional);
    rc = rc ? rc : wijk_run(stmt);
    if (rc) {
        return rc;
    }
    *out = wijk_store_last_id(store);
    stmt = wijk_store_sql(store, "INSERT INTO own_area(area_id,made_at) VALUES "
                                 "(?,strftime('%Y-%m-%dT%H:%M:%SZ','now'))");
    wijk_bind_int(stmt, 1, *out);
    rc = wijk_run(stmt);
    for (size_t i = 0; !rc && i < count; i++) {
        stmt = wijk_store_sql(store, "INSERT INTO own_member(area_id,member_id) VALUES (?,?)");
        wijk_bind_int(stmt, 1, *out);
        wijk_bind_int(stmt, 2, members[i].id);
        rc = wijk_run(stmt);
    }
    return rc;
}

int wijk_own_create(int64_t *out, wijk_store *store, const char *name, const int64_t *members,
                    size_t count)
{
    *out = 0;
    if (!name || !*name || strlen(name) > 200) {
        return wijk_fail(WIJK_EINVAL, "Geef het gebied een naam van hoogstens 200 tekens.",
                         "Give the area a name of at most 200 characters.");
    }
    if (count == 0 || count > WIJK_MAX_OWN_MEMBERS) {
        return wijk_fail(
            WIJK_EINVAL, "Een eigen gebied heeft 1 tot %u gebieden; er zijn er %zu gegeven.",
            "An own area has 1 to %u areas; %zu were given.", WIJK_MAX_OWN_MEMBERS, count);
    }
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    wijk_area *areas = wijk_arena_alloc(arena, count * sizeof *areas);
    rc = areas ? load_members(areas, store, arena, members, count) : WIJK_ENOMEM;
    if (!rc) {
        rc = wijk_begin(store);
        rc = rc ? rc : insert_area(out, store, name, areas, count);
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_arena_free(arena);
    return rc;
}

static int read_areas(wijk_area **out, size_t *count, wijk_store *store, wijk_arena *arena,
                      wijk_stmt *stmt)
{
    size_t room = 64;
    int64_t *ids = wijk_arena_alloc(arena, room * sizeof *ids);
    int step = ids ? 0 : WIJK_ENOMEM;
    *count = 0;
    while (ids && (step = wijk_step(stmt)) == 1) {
        if (*count == room) {
            int64_t *bigger = wijk_arena_alloc(arena, 2 * room * sizeof *ids);
            if (!bigger) {
                step = WIJK_ENOMEM;
                break;
            }
            memcpy(bigger, ids, room * sizeof *ids);
            ids = bigger;
            room *= 2;
        }
        ids[(*count)++] = wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    *out = step < 0 ? NULL : wijk_arena_alloc(arena, (*count + 1) * sizeof **out);
    if (!*out) {
        return step < 0 ? step : WIJK_ENOMEM;
    }
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < *count; i++) {
        rc = wijk_area_get(&(*out)[i], store, arena, ids[i]);
    }
    return rc;
}

int wijk_own_list(wijk_area **out, size_t *count, wijk_store *store, wijk_arena *arena)
{
    return read_areas(
        out, count, store, arena,
        wijk_store_sql(store,
                       "SELECT area_id FROM own_area WHERE withdrawn=0 ORDER BY area_id DESC"));
}

int wijk_own_members(wijk_area **out, size_t *count, wijk_store *store, wijk_arena *arena,
                     int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT m.member_id FROM own_member m JOIN area a ON "
                                            "a.id=m.member_id WHERE m.area_id=? ORDER BY a.code");
    wijk_bind_int(stmt, 1, area);
    return read_areas(out, count, store, arena, stmt);
}

int wijk_own_withdraw(wijk_store *store, int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(store, "UPDATE own_area SET withdrawn=1 WHERE area_id=?");
    wijk_bind_int(stmt, 1, area);
    return wijk_run(stmt);
}

/* ---- its figures ------------------------------------------------------------------------------
 */

typedef struct { /* one figure of one member */
    wijk_value value;
    double weight, people;
} piece;

typedef struct {
    piece *items;
    size_t count, room;
    double people; /* of all members */
    size_t members;
} pieces;

static int add_piece(pieces *all, piece one)
{
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 1024;
        piece *bigger = wijk_realloc(all->items, room * sizeof *bigger);
        if (!bigger) {
            return WIJK_ENOMEM;
        }
        all->items = bigger;
        all->room = room;
    }
    all->items[all->count++] = one;
    return WIJK_OK;
}

static double base_weight(const wijk_facts *facts, const wijk_indicator *it, int period)
{
    const wijk_value *base =
        it->base_id ? wijk_facts_find(facts, it->base_id, wijk_period_year(period)) : NULL;
    if (it->base_id && (!base || base->mark != WIJK_MARK_VALUE)) {
        base = wijk_facts_find(facts, it->base_id, 0);
    }
    return base && base->value > 0 ? base->value : 0;
}

static int take_member(pieces *all, const wijk_facts *facts, const wijk_registry *registry)
{
    double people = facts->people > 0 ? facts->people : 0;
    int rc = WIJK_OK;
    all->people += people;
    all->members++;
    for (size_t i = 0; !rc && i < facts->count; i++) {
        const wijk_value *value = &facts->values[i];
        const wijk_indicator *it = wijk_indicator_by_id(registry, value->indicator);
        if (it && value->origin != WIJK_BORROWED) {
            rc = add_piece(all, (piece){*value, base_weight(facts, it, value->period), people});
        }
    }
    return rc;
}

static int compare_pieces(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    int order =
        (x->value.indicator > y->value.indicator) - (x->value.indicator < y->value.indicator);
    order =
        order ? order : (x->value.period > y->value.period) - (x->value.period < y->value.period);
    /* The heaviest first: its source is named. */
    order = order ? order : (x->people < y->people) - (x->people > y->people);
    return order ? order : (x->value.load > y->value.load) - (x->value.load < y->value.load);
}

typedef struct {
    double sum, low, high, weight, people, members;
    enum wijk_origin_of_value origin;
    unsigned flags;
} total;

static total add_up(const piece *parts, size_t count, int weighted)
{
    total t = {.origin = WIJK_COMPUTED};
    for (size_t i = 0; i < count; i++) {
        const wijk_value *v = &parts[i].value;
        int withheld = v->mark == WIJK_MARK_SECRET && (v->flags & WIJK_PROTECTED);
        if ((v->mark != WIJK_MARK_VALUE && !withheld) || (weighted && !(parts[i].weight > 0))) {
            continue;
        }
        if (withheld && weighted) {
            continue;
        }
        double w = weighted ? parts[i].weight : 1;
        t.sum += withheld ? 0 : w * v->value;
        t.low += withheld ? 0 : w * v->low;
        t.high += withheld ? v->high : w * v->high;
        t.weight += w;
        t.people += parts[i].people;
        t.members++;
        t.flags |= v->flags & (WIJK_MODELLED | WIJK_FICTIONAL | WIJK_PROTECTED | WIJK_PROVISIONAL);
        t.origin = v->origin == WIJK_CONVERTED ? WIJK_CONVERTED : t.origin;
    }
    return t;
}

static wijk_value join(const piece *parts, size_t count, const pieces *all,
                       const wijk_registry *registry)
{
    const wijk_indicator *it = wijk_indicator_by_id(registry, parts[0].value.indicator);
    wijk_value out = {.indicator = it->id,
                      .period = parts[0].value.period,
                      .value = NAN,
                      .low = NAN,
                      .high = NAN,
                      .mark = WIJK_MARK_MISSING,
                      .origin = WIJK_COMPUTED,
                      .load = parts[0].value.load};
    if (it->joining == WIJK_JOIN_NONE) {
        out.mark = WIJK_MARK_NOT_APPLICABLE;
        return out;
    }
    int weighted = it->joining == WIJK_JOIN_MEAN;
    total t = add_up(parts, count, weighted);
    /* By people; where nobody counted those, by members. */
    double lacking =
        all->people > 0 ? 1 - t.people / all->people : 1 - t.members / (double)all->members;
    if (!(t.weight > 0) || lacking > (weighted ? MEAN_MAY_LACK : SUM_MAY_LACK)) {
        return out;
    }
    const wijk_disclosure_rule *rule = wijk_registry_disclosure(registry, it->id);
    out.flags = t.flags;
    out.origin = t.origin;
    if (weighted && rule && t.weight < rule->min_base) {
        out.mark = WIJK_MARK_SECRET;
        out.flags |= WIJK_PROTECTED;
        return out;
    }
    double divide = weighted ? t.weight : 1;
    out.mark = WIJK_MARK_VALUE;
    out.value = t.sum / divide;
    out.low = t.low / divide;
    /* What the lacking members may add to a sum, if they are like the others. */
    out.high = t.high / divide * (weighted || lacking <= 0 ? 1 : 1 / (1 - lacking));
    return out;
}

static int collect(pieces *all, wijk_store *store, const wijk_registry *registry,
                   const wijk_area *area)
{
    wijk_arena *list, *scratch = NULL;
    wijk_area *members;
    size_t count = 0;
    int rc = wijk_arena_new(&list, 0);
    rc = rc ? rc : wijk_arena_new(&scratch, 0);
    rc = rc ? rc : wijk_own_members(&members, &count, store, list, area->id);
    for (size_t i = 0; !rc && i < count; i++) {
        wijk_facts facts;
        wijk_arena_reset(scratch);
        rc = wijk_facts_get(&facts, store, registry, scratch, members[i].id);
        rc = rc ? rc : take_member(all, &facts, registry);
    }
    wijk_arena_free(scratch);
    wijk_arena_free(list);
    return rc;
}

int wijk_own_facts(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                   const wijk_area *area)
{
    pieces all = {0};
    int rc = collect(&all, store, registry, area);
    if (!rc && all.count) {
        qsort(all.items, all.count, sizeof *all.items, compare_pieces);
    }
    for (size_t from = 0, to; !rc && from < all.count; from = to) {
        to = from;
        while (to < all.count && all.items[to].value.indicator == all.items[from].value.indicator &&
               all.items[to].value.period == all.items[from].value.period) {
            to++;
        }
        rc = wijk_values_add(values, join(all.items + from, to - from, &all, registry));
    }
    wijk_free(all.items);
    return rc;
}
