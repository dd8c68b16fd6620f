/* The facts of an area: everything published for it, for the same place under another vintage,
 * converted from another division, or borrowed from the area around it; one winner per indicator
 * and period. A figure never crosses a changed border without saying so: links are made elsewhere
 * (links.c) and carry how sure they are. */
#include "areas/facts.h"

#include "areas/registry.h"
#include "wijk/err.h"
#include "wijk/geo.h"

#include <math.h>
#include <string.h>

int wijk_values_add(wijk_values *values, wijk_value value)
{
    if (values->count == values->room) {
        size_t room = values->room ? values->room * 2 : 64;
        wijk_value *bigger = wijk_arena_alloc(values->arena, room * sizeof *bigger);
        if (!bigger) {
            return WIJK_ENOMEM;
        }
        if (values->count) {
            memcpy(bigger, values->items, values->count * sizeof *bigger);
        }
        values->items = bigger;
        values->room = room;
    }
    values->items[values->count++] = value;
    return WIJK_OK;
}

static unsigned nature_flags(const wijk_load_info *load)
{
    switch (load->nature[0]) {
    case 'm': /* modelled */
    case 'r': /* reconstructed */
        return WIJK_MODELLED;
    case 'f':
        return WIJK_FICTIONAL;
    default:
        return 0;
    }
}

/* The band that rounding leaves, inside what the unit allows. `half` −1: error not published. */
static void set_band(wijk_value *value, const wijk_indicator *indicator, double half)
{
    if (value->mark != WIJK_MARK_VALUE || half < 0) {
        value->low = value->high = NAN;
        return;
    }
    value->low = value->value - half;
    value->high = value->value + half;
    int count = !strcmp(indicator->unit, "count"), percent = !strcmp(indicator->unit, "percent");
    if ((count || percent) && value->value >= 0 && value->low < 0) {
        value->low = 0;
    }
    if (percent && value->value <= 100 && value->high > 100) {
        value->high = 100;
    }
}

/* Rank 0 is best. A number beats "not available"; "secret" and "not applicable" are statements of
 * the publisher and compete by rank. An unchecked code never beats a checked place. */
static int64_t weigh(const wijk_value *value, const wijk_registry *registry)
{
    const wijk_load_info *load = wijk_load_by_id(registry, value->load);
    int64_t rank = load ? load->rank : 0;
    int64_t missing = value->mark == WIJK_MARK_MISSING;
    int64_t unchecked = value->origin == WIJK_UNCHECKED;
    return (missing << 20) + (unchecked << 19) - (rank << 4) + (int64_t)value->origin;
}

typedef struct { /* small, so that sorting moves little; the key holds what nearly always decides */
    uint64_t key; /* indicator, then period */
    int64_t weight;
    const wijk_value *value;
} weighed;

static int compare_weighed(const void *a, const void *b)
{
    const weighed *x = a, *y = b;
    int order = (x->key > y->key) - (x->key < y->key);
    order = order ? order : (x->weight > y->weight) - (x->weight < y->weight);
    /* Equal in rank and origin: the later load; then the newer area, so that the order is total. */
    order = order ? order : (x->value->load < y->value->load) - (x->value->load > y->value->load);
    return order ? order : (x->value->from < y->value->from) - (x->value->from > y->value->from);
}

/* End of the ascending run that begins at `from`. Rows of one cell lie together in the file but by
 * load: the few that differ only there are put right on the way. */
static size_t run_end(weighed *list, size_t from, size_t count)
{
    size_t end = from + 1;
    for (; end < count && list[end].key >= list[end - 1].key; end++) {
        weighed moving = list[end];
        size_t at = end;
        while (at > from && compare_weighed(&list[at - 1], &moving) > 0) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = moving;
    }
    return end;
}

/* Natural merge sort (Knuth, TAOCP 3, 5.2.4): rows come out of the file in order, one run per area
 * that they were published for. Returns `list` or `spare`, whichever holds the result. */
static weighed *merge_runs(weighed *list, weighed *spare, size_t count)
{
    for (size_t runs = 2; runs > 1;) {
        runs = 0;
        for (size_t from = 0; from < count; runs++) {
            size_t middle = run_end(list, from, count);
            size_t end = middle < count ? run_end(list, middle, count) : middle;
            size_t a = from, b = middle;
            for (size_t at = from; at < end; at++) {
                int left = b == end || (a < middle && compare_weighed(&list[a], &list[b]) <= 0);
                spare[at] = left ? list[a++] : list[b++];
            }
            from = end;
        }
        weighed *swap = list;
        list = spare;
        spare = swap;
    }
    return list;
}

int wijk_values_sort(wijk_values *values, const wijk_registry *registry)
{
    if (values->count < 2) {
        return WIJK_OK;
    }
    weighed *list = wijk_arena_alloc(values->arena, values->count * sizeof *list);
    weighed *spare = wijk_arena_alloc(values->arena, values->count * sizeof *spare);
    wijk_value *sorted = wijk_arena_alloc(values->arena, values->count * sizeof *sorted);
    if (!list || !spare || !sorted) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < values->count; i++) {
        const wijk_value *at = &values->items[i];
        list[i] = (weighed){((uint64_t)(uint32_t)at->indicator << 32) | (uint32_t)at->period,
                            weigh(at, registry), at};
    }
    list = merge_runs(list, spare, values->count);
    for (size_t i = 0; i < values->count; i++) {
        sorted[i] = *list[i].value;
    }
    values->items = sorted;
    values->room = values->count;
    return WIJK_OK;
}

void wijk_values_unique(wijk_values *values)
{
    size_t kept = 0;
    for (size_t i = 0; i < values->count; i++) {
        if (!kept || values->items[kept - 1].indicator != values->items[i].indicator ||
            values->items[kept - 1].period != values->items[i].period) {
            values->items[kept++] = values->items[i];
        }
    }
    values->count = kept;
}

/* ---- gathering --------------------------------------------------------------------------- */

/* Reads rows (kind, from, indicator, period, load, value, half, mark). Rows of loads that the
 * registry does not know or that were superseded are left; a coalition's own cells go to `hidden`
 * without their value. */
static int gather(wijk_values *values, wijk_values *hidden, const wijk_registry *registry,
                  wijk_stmt *stmt, unsigned extra)
{
    static const enum wijk_origin_of_value origins[] = {WIJK_PUBLISHED, WIJK_SAME, WIJK_UNCHECKED,
                                                        WIJK_BORROWED};
    int rc = WIJK_OK, step;
    const wijk_load_info *load = NULL;
    while ((step = wijk_step(stmt)) == 1) {
        int64_t load_id = wijk_col_int(stmt, 4);
        load = load && load->id == load_id ? load : wijk_load_by_id(registry, load_id);
        const wijk_indicator *indicator =
            wijk_indicator_by_id(registry, (int)wijk_col_int(stmt, 2));
        if (!load || !load->current || !indicator) {
            continue;
        }
        wijk_value value = {
            .indicator = indicator->id,
            .period = (int)wijk_col_int(stmt, 3),
            .value = NAN,
            .low = NAN,
            .high = NAN,
            .mark = (enum wijk_mark)wijk_col_int(stmt, 7),
            .origin = origins[wijk_col_int(stmt, 0) & 3],
            .flags = nature_flags(load) | (indicator->modelled ? WIJK_MODELLED : 0u) | extra,
            .load = load->id,
            .from = wijk_col_int(stmt, 1),
        };
        if (wijk_registry_is_own(registry, value.indicator, value.load)) {
            rc = wijk_values_add(hidden, value);
        } else {
            value.value = wijk_col_double(stmt, 5);
            set_band(&value, indicator, wijk_col_double(stmt, 6));
            rc = wijk_values_add(values, value);
        }
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return step;
}

static int gather_published(wijk_values *values, wijk_values *hidden, wijk_store *store,
                            const wijk_registry *registry, const wijk_area *area)
{
    unsigned extra = area->fictional ? WIJK_FICTIONAL : 0;
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT 0,0,indicator_id,period,load_id,value,half,mark "
                              "FROM observation WHERE area_id=?");
    wijk_bind_int(stmt, 1, area->id);
    int rc = gather(values, hidden, registry, stmt, extra);
    if (rc) {
        return rc;
    }
    stmt = wijk_store_sql(
        store, "SELECT l.kind+1,l.from_id,o.indicator_id,o.period,o.load_id,o.value,o.half,o.mark "
               "FROM area_link l CROSS JOIN observation o ON o.area_id=l.from_id "
               "WHERE l.to_id=? AND l.kind<2");
    wijk_bind_int(stmt, 1, area->id);
    return gather(values, hidden, registry, stmt, extra);
}

/* First value that is not before (indicator, period). */
static size_t lower_bound(const wijk_values *values, int indicator, int period)
{
    size_t low = 0, high = values->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const wijk_value *at = &values->items[middle];
        if (at->indicator < indicator || (at->indicator == indicator && at->period < period)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const wijk_value *find_exact(const wijk_values *values, int indicator, int period)
{
    size_t at = lower_bound(values, indicator, period);
    return at < values->count && values->items[at].indicator == indicator &&
                   values->items[at].period == period
               ? &values->items[at]
               : NULL;
}

/* 1 in seen[indicator] where a number is known already. */
static unsigned char *known_indicators(const wijk_values *values, const wijk_registry *registry)
{
    unsigned char *seen =
        wijk_arena_alloc(values->arena, (size_t)wijk_registry_max_id(registry) + 1);
    for (size_t i = 0; seen && i < values->count; i++) {
        if (values->items[i].mark == WIJK_MARK_VALUE) {
            seen[values->items[i].indicator] = 1;
        }
    }
    return seen;
}

/* Marks the counts of which a part is unknown here, and so is its share: to be converted as well,
 * because a share needs both of the same year. */
static unsigned char *bases_of_unknown_shares(const wijk_values *values,
                                              const wijk_registry *registry,
                                              const unsigned char *seen)
{
    unsigned char *whole =
        wijk_arena_alloc(values->arena, (size_t)wijk_registry_max_id(registry) + 1);
    for (size_t i = 0; whole && i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(registry, i);
        if (it->id > 0 && it->key && it->numerator_id && it->base_id && !seen[it->id] &&
            !seen[it->numerator_id]) {
            whole[it->base_id] = 1;
        }
    }
    return whole;
}

static int add_converted(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                         const wijk_area *area, enum wijk_reach reach)
{
    unsigned char *seen = known_indicators(values, registry);
    int *wanted =
        wijk_arena_alloc(values->arena, (wijk_indicator_count(registry) + 1) * sizeof *wanted);
    if (!seen || !wanted) {
        return WIJK_ENOMEM;
    }
    unsigned char *whole = bases_of_unknown_shares(values, registry, seen);
    const wijk_values known = *values;
    size_t n = 0;
    for (size_t i = 0; whole && i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(registry, i);
        size_t spread;
        /* When nobody looks at the other figures, only the counts that grey rests on. */
        int looked_at = reach == WIJK_REACH_ALL || wijk_registry_is_base(registry, it->id);
        if (it->id > 0 && (!seen[it->id] || whole[it->id]) && it->joining != WIJK_JOIN_NONE &&
            looked_at && wijk_series_of(&spread, registry, it->id)) {
            wanted[n++] = it->id;
        }
    }
    wijk_converted *converted = NULL;
    size_t count = 0;
    int rc = whole ? WIJK_OK : WIJK_ENOMEM;
    rc = !rc && n ? wijk_geo_convert(&converted, &count, store, registry, values->arena, area->id,
                                     wanted, n)
                  : rc;
    for (size_t i = 0; !rc && i < count; i++) {
        const wijk_converted *c = &converted[i];
        if (seen[c->indicator] && find_exact(&known, c->indicator, c->period)) {
            continue; /* what is known is not estimated */
        }
        rc = wijk_values_add(values, (wijk_value){.indicator = c->indicator,
                                                  .period = c->period,
                                                  .value = c->value,
                                                  .low = c->low,
                                                  .high = c->high,
                                                  .mark = WIJK_MARK_VALUE,
                                                  .origin = WIJK_CONVERTED,
                                                  .flags = c->flags,
                                                  .load = c->load,
                                                  .from = c->largest});
    }
    return rc;
}

/* The newest figure of one indicator for the area `around`, published for it under any vintage of
 * the same place. */
static int borrow_from(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                       int64_t around, int indicator)
{
    wijk_values found = {.arena = values->arena}, hidden = {.arena = values->arena};
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT 3,o.area_id,o.indicator_id,o.period,o.load_id,o.value,o.half,o.mark "
               "FROM (SELECT ?1 AS id UNION ALL SELECT from_id FROM area_link WHERE to_id=?1 AND "
               "kind=0) a CROSS JOIN observation o ON o.area_id=a.id AND o.indicator_id=?2 "
               "WHERE o.mark=0");
    wijk_bind_int(stmt, 1, around);
    wijk_bind_int(stmt, 2, indicator);
    int rc = gather(&found, &hidden, registry, stmt, 0);
    if (rc || !found.count) {
        return rc;
    }
    rc = wijk_values_sort(&found, registry);
    if (rc) {
        return rc;
    }
    wijk_values_unique(&found);
    wijk_value newest = found.items[found.count - 1];
    newest.from = around;
    rc = wijk_values_add(values, newest);
    return rc ? rc : 1;
}

/* Only what the glance panel shows is borrowed: a page full of the wijk's figures would read as
 * the buurt's. */
static int add_borrowed(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                        const wijk_area *area)
{
    unsigned char *seen = known_indicators(values, registry);
    if (!seen) {
        return WIJK_ENOMEM;
    }
    int64_t around[2] = {0, 0};
    size_t depth = 0;
    if (area->level == WIJK_BUURT || area->level == WIJK_WIJK) {
        for (int64_t id = area->parent; id && depth < 2; depth++) {
            around[depth] = id;
            wijk_stmt *stmt = wijk_store_sql(
                store, "SELECT parent_id FROM area WHERE id=(SELECT id FROM area WHERE id=?) "
                       "AND level>1");
            wijk_bind_int(stmt, 1, id);
            int rc = wijk_run_int(&id, stmt, 0);
            if (rc) {
                return rc;
            }
        }
    }
    for (size_t i = 0; depth && i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(registry, i);
        if (!it->key || it->id <= 0 || seen[it->id] || it->joining == WIJK_JOIN_SUM) {
            continue; /* a count of the wijk says nothing about the buurt */
        }
        for (size_t k = 0; k < depth; k++) {
            int rc = borrow_from(values, store, registry, around[k], it->id);
            if (rc < 0) {
                return rc;
            }
            if (rc == 1) {
                break;
            }
        }
    }
    return WIJK_OK;
}

/* ---- shares from counts -------------------------------------------------------------------- */

static wijk_value share_of(const wijk_indicator *it, const wijk_value *top, const wijk_value *base)
{
    double factor = !strcmp(it->unit, "percent") ? 100 : !strcmp(it->unit, "per_1000") ? 1000 : 1;
    wijk_value share = {
        .indicator = it->id,
        .period = top->period,
        .value = factor * top->value / base->value,
        .low = base->high > 0 ? factor * top->low / base->high : NAN,
        .high = base->low > 0 ? factor * top->high / base->low : NAN,
        .mark = WIJK_MARK_VALUE,
        .origin = top->origin > base->origin ? top->origin : base->origin,
        .flags = top->flags | base->flags,
        .load = top->load,
        .from = top->from,
    };
    if (share.origin < WIJK_CONVERTED) {
        share.origin = WIJK_COMPUTED;
    }
    if (factor == 100 && share.high > 100 && share.value <= 100) {
        share.high = 100;
    }
    return share;
}

/* Part and whole must be of one map: a gemeente that grew keeps its code and its name. Converted
 * figures are of the borders of this area, wherever they come from. */
static int of_one_map(const wijk_value *top, const wijk_value *base)
{
    return top->from == base->from ||
           (top->origin == WIJK_CONVERTED && base->origin == WIJK_CONVERTED);
}

int wijk_values_compute(wijk_values *values, const wijk_registry *registry)
{
    wijk_values sorted = *values;
    int rc = WIJK_OK;
    for (size_t k = 0; !rc && k < wijk_indicator_count(registry); k++) {
        const wijk_indicator *it = wijk_indicator_at(registry, k);
        if (it->id <= 0 || !it->numerator_id || !it->base_id) {
            continue;
        }
        for (size_t i = lower_bound(&sorted, it->numerator_id, 0);
             !rc && i < sorted.count && sorted.items[i].indicator == it->numerator_id; i++) {
            const wijk_value *top = &sorted.items[i];
            const wijk_value *own = find_exact(&sorted, it->id, top->period);
            const wijk_value *base = find_exact(&sorted, it->base_id, top->period);
            if (!(own && own->mark == WIJK_MARK_VALUE) && base && base->value > 0 &&
                of_one_map(top, base) && top->mark == WIJK_MARK_VALUE &&
                base->mark == WIJK_MARK_VALUE) {
                rc = wijk_values_add(values, share_of(it, top, base));
            }
        }
    }
    if (!rc && values->count > sorted.count) {
        rc = wijk_values_sort(values, registry);
        wijk_values_unique(values);
    }
    return rc;
}

/* ---- the one door ---------------------------------------------------------------------------- */

static double newest_people(const wijk_facts *facts, const wijk_registry *registry)
{
    const wijk_indicator *population = wijk_indicator_by_code(registry, "population");
    const wijk_value *people = population ? wijk_facts_find(facts, population->id, 0) : NULL;
    return people ? people->value : NAN;
}

static int in_order(wijk_values *values, const wijk_registry *registry)
{
    int rc = wijk_values_sort(values, registry);
    wijk_values_unique(values);
    return rc;
}

/* `very`: the figures published for this very area, kept apart before others can win from them. */
static int gather_tree(wijk_values *values, wijk_values *very, wijk_store *store,
                       const wijk_registry *registry, const wijk_area *area, enum wijk_reach reach)
{
    wijk_values hidden = {.arena = values->arena};
    int rc = gather_published(values, &hidden, store, registry, area);
    rc = rc ? rc : wijk_disclose_add(values, store, registry, area, hidden.items, hidden.count);
    for (size_t i = 0; !rc && reach == WIJK_REACH_PUBLISHED && i < values->count; i++) {
        rc = values->items[i].from ? WIJK_OK : wijk_values_add(very, values->items[i]);
    }
    rc = rc ? rc : in_order(very, registry);
    rc = rc ? rc : wijk_values_compute(very, registry);
    rc = rc ? rc : in_order(values, registry);
    rc = rc ? rc : wijk_values_compute(values, registry);
    if (!rc && reach != WIJK_REACH_BESIDE) {
        rc = add_converted(values, store, registry, area, reach);
        /* A share of converted counts says more about this area than the gemeente's share. */
        rc = rc ? rc : in_order(values, registry);
        rc = rc ? rc : wijk_values_compute(values, registry);
    }
    if (!rc && reach == WIJK_REACH_ALL) {
        rc = add_borrowed(values, store, registry, area);
    }
    return rc ? rc : in_order(values, registry);
}

int wijk_facts_reach(wijk_facts *out, wijk_store *store, const wijk_registry *registry,
                     wijk_arena *arena, int64_t area, enum wijk_reach reach)
{
    *out = (wijk_facts){.people = NAN};
    wijk_values values = {.arena = arena}, very = {.arena = arena};
    int rc = wijk_area_get(&out->area, store, arena, area);
    int own = !rc && out->area.level == WIJK_OWN;
    wijk_kept *kept = own || reach != WIJK_REACH_BESIDE ? NULL : wijk_registry_kept(registry);
    const void *found = rc ? NULL : wijk_kept_find(&values.count, kept, WIJK_KEPT_BESIDE, area);
    if (found) {
        values.items = (wijk_value *)(uintptr_t)found;
    } else if (own) {
        rc = wijk_own_facts(&values, store, registry, &out->area);
    } else if (!rc) {
        rc = gather_tree(&values, &very, store, registry, &out->area, reach);
        if (!rc) {
            wijk_kept_add(kept, WIJK_KEPT_BESIDE, area, values.items, values.count,
                          sizeof *values.items);
        }
    }
    out->values = values.items;
    out->count = values.count;
    if (!rc) {
        wijk_facts all = *out;
        out->people = newest_people(&all, registry);
        if (!own && reach == WIJK_REACH_PUBLISHED) {
            out->values = very.items;
            out->count = very.count;
        }
        if (reach != WIJK_REACH_BESIDE) {
            /* The base of a figure may be known under another vintage only. */
            wijk_facts_grey(out, &all, registry);
        }
    }
    return rc;
}

int wijk_facts_get(wijk_facts *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, int64_t area)
{
    return wijk_facts_reach(out, store, registry, arena, area, WIJK_REACH_ALL);
}

const wijk_value *wijk_facts_find(const wijk_facts *facts, int indicator, int period)
{
    wijk_values values = {.items = facts->values, .count = facts->count};
    if (period) {
        return find_exact(&values, indicator, period);
    }
    const wijk_value *newest_mark = NULL;
    size_t past = lower_bound(&values, indicator + 1, 0);
    for (size_t i = past; i-- > 0 && facts->values[i].indicator == indicator;) {
        if (facts->values[i].mark == WIJK_MARK_VALUE) {
            return &facts->values[i];
        }
        newest_mark = newest_mark ? newest_mark : &facts->values[i];
    }
    return newest_mark;
}
