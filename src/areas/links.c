/* Where a value of another year or division may come from: rebuilds overlay, area_link and
 * conversion_error. One sweep lays every map over every other that matters; then follows which
 * areas are the same place (same.c), who overlaps whom by how many people, and how far values
 * converted that way are off (conversion.c). docs/model/overlay.md explains it to a reader. */
#include "areas/links.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ROW = 20;       /* metres between the sweep's horizontals */
static const double SLIVER = 0.005; /* of the people of both sides: less is noise of the drawing */

int wijk_can_convert(const wijk_registry *registry, const wijk_indicator *of)
{
    const wijk_indicator *base = wijk_indicator_by_id(registry, of->base_id);
    return of->joining != WIJK_JOIN_NONE && strcmp(of->unit, "ha") != 0 &&
           !(base && !strcmp(base->unit, "ha"));
}

/* ---- layers ----------------------------------------------------------------------------- */

const int64_t *wijk_layer_find(const wijk_layer *layer, int64_t id)
{
    size_t low = 0, high = layer->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (layer->ids[mid] < id) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < layer->count && layer->ids[low] == id ? &layer->ids[low] : NULL;
}

double wijk_links_slack(const wijk_links *links, int64_t id)
{
    for (size_t i = 0; i < links->layer_count; i++) {
        const int64_t *at = wijk_layer_find(&links->layers[i], id);
        if (at) {
            return links->layers[i].slack[at - links->layers[i].ids];
        }
    }
    return 0;
}

static const wijk_overlap *find_overlap(const wijk_layer_pair *pair, uint32_t a, uint32_t b)
{
    size_t low = 0, high = pair->swept.count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const wijk_overlap *at = &pair->swept.overlaps[mid];
        if (at->a < a || (at->a == a && at->b < b)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    const wijk_overlap *at = pair->swept.overlaps + low;
    return low < pair->swept.count && at->a == a && at->b == b ? at : NULL;
}

wijk_likeness wijk_links_likeness(const wijk_links *links, int64_t one, int64_t other)
{
    for (size_t i = 0; i < links->pair_count; i++) {
        const wijk_layer_pair *pair = &links->pairs[i];
        const int64_t *a = wijk_layer_find(pair->a, one), *b = wijk_layer_find(pair->b, other);
        if (!a || !b) {
            a = wijk_layer_find(pair->a, other);
            b = wijk_layer_find(pair->b, one);
        }
        if (a && b) {
            size_t la = (size_t)(a - pair->a->ids), lb = (size_t)(b - pair->b->ids);
            const wijk_overlap *at = find_overlap(pair, (uint32_t)la, (uint32_t)lb);
            const wijk_overlap *ta = &pair->total_a[la], *tb = &pair->total_b[lb];
            if (!(ta->land > 0 && tb->land > 0)) {
                break; /* outside the weights: open water */
            }
            return at ? (wijk_likeness){at->people / fmax(ta->people, tb->people),
                                        at->land / fmax(ta->land, tb->land)}
                      : (wijk_likeness){0, 0};
        }
    }
    return (wijk_likeness){NAN, NAN};
}

/* The part of an area that lies within its tolerance of the border. The perimeter of a compact area
 * is about 4.5 √area. */
static double slack_of(double land, double tolerance)
{
    return land > 0 ? fmin(4.5 * tolerance / sqrt(land), 0.5) : 0.5;
}

static int new_layer(wijk_layer **out, wijk_links *links, int level, int vintage, size_t shapes)
{
    if (links->layer_count == sizeof links->layers / sizeof *links->layers) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %zu kaartlagen met grenzen.",
                         "More than %zu map layers with borders.", links->layer_count);
    }
    wijk_layer *layer = &links->layers[links->layer_count++];
    *layer = (wijk_layer){.level = level, .vintage = vintage, .shapes = shapes};
    layer->label = wijk_alloc((shapes + 1) * sizeof *layer->label);
    layer->ids = wijk_alloc((shapes + 1) * sizeof *layer->ids);
    layer->slack = wijk_alloc((shapes + 1) * sizeof *layer->slack);
    *out = layer;
    return layer->label && layer->ids && layer->slack ? WIJK_OK : WIJK_ENOMEM;
}

/* A layer whose shapes are its own: label i is shape i. */
static int load_layer(wijk_links *links, wijk_sweep *sweep, int level, int vintage, size_t shapes)
{
    wijk_layer *layer;
    int rc = new_layer(&layer, links, level, vintage, shapes);
    rc = rc ? rc : wijk_sweep_map(&layer->map, sweep);
    if (rc) {
        return rc;
    }
    layer->own = 1;
    wijk_stmt *stmt =
        wijk_store_sql(links->store, "SELECT a.id, a.land_m2, s.tolerance, s.wkb FROM area a"
                                     " JOIN area_shape s ON s.area_id = a.id"
                                     " WHERE a.level = ?1 AND a.vintage = ?2 ORDER BY a.id");
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    wijk_shape shape = WIJK_SHAPE_INIT;
    while (!rc && layer->count < shapes && (rc = wijk_step(stmt)) == 1) {
        size_t size, i = layer->count++;
        const void *wkb = wijk_col_blob(stmt, 3, &size);
        double land = wijk_col_double(stmt, 1);
        layer->ids[i] = wijk_col_int(stmt, 0);
        layer->label[i] = (uint32_t)i;
        layer->slack[i] = slack_of(land, wijk_col_double(stmt, 2));
        rc = wijk_wkb_parse(&shape, wkb, size);
        rc = rc ? rc : wijk_sweep_add(sweep, layer->map, &shape, land);
        rc = rc ? rc : wijk_checkpoint(links->ctx);
    }
    wijk_reset(stmt);
    wijk_shape_free(&shape);
    return rc < 0 ? rc : WIJK_OK;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A layer drawn through the areas in it: the shapes are those of `parts`, and each carries the
 * label of the area of `level` that it lies in. */
static int derive_layer(wijk_links *links, const wijk_layer *parts, int level)
{
    wijk_layer *layer;
    int rc = new_layer(&layer, links, level, parts->vintage, parts->shapes);
    if (rc) {
        return rc;
    }
    layer->map = parts->map;
    int64_t *above = wijk_alloc((parts->shapes + 1) * sizeof *above);
    for (size_t i = 0; above && !rc && i < parts->shapes; i++) {
        wijk_stmt *stmt = wijk_store_sql(
            links->store, "SELECT CASE ?2 WHEN a.level - 1 THEN a.parent_id ELSE p.parent_id END"
                          " FROM area a LEFT JOIN area p ON p.id = a.parent_id WHERE a.id = ?1");
        wijk_bind_int(stmt, 1, parts->ids[i]);
        wijk_bind_int(stmt, 2, level);
        rc = wijk_run_int(&above[i], stmt, 0);
        layer->ids[i] = above[i];
    }
    if (!above || rc) {
        wijk_free(above);
        return rc ? rc : WIJK_ENOMEM;
    }
    qsort(layer->ids, parts->shapes, sizeof *layer->ids, ascending);
    for (size_t i = 0; i < parts->shapes; i++) {
        if (layer->ids[i] && (!layer->count || layer->ids[layer->count - 1] != layer->ids[i])) {
            layer->ids[layer->count++] = layer->ids[i];
        }
    }
    for (size_t i = 0; i < parts->shapes; i++) {
        const int64_t *at = wijk_layer_find(layer, above[i]);
        layer->label[i] = at ? (uint32_t)(at - layer->ids) : WIJK_NO_LABEL;
        if (at) { /* an area of several parts is larger, so this is on the safe side */
            double *slack = &layer->slack[at - layer->ids];
            *slack = *slack > 0 ? fmin(*slack, parts->slack[i]) : parts->slack[i];
        }
    }
    wijk_free(above);
    return WIJK_OK;
}

static const wijk_layer *find_layer(const wijk_links *links, int level, int vintage)
{
    for (size_t i = 0; i < links->layer_count; i++) {
        if (links->layers[i].level == level && links->layers[i].vintage == vintage) {
            return &links->layers[i];
        }
    }
    return NULL;
}

static int load_layers(wijk_links *links, wijk_sweep *sweep)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT a.level, a.vintage, count(*) FROM area a"
                      " JOIN area_shape s ON s.area_id = a.id WHERE a.level IN (1, 2, 3, 4, 6)"
                      " GROUP BY 1, 2 ORDER BY 1 DESC, 2");
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        rc = load_layer(links, sweep, (int)wijk_col_int(stmt, 0), (int)wijk_col_int(stmt, 1),
                        (size_t)wijk_col_int(stmt, 2));
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    size_t own = links->layer_count;
    for (size_t i = 0; !rc && i < own; i++) {
        const wijk_layer *parts = &links->layers[i];
        int in_tree = parts->level == WIJK_BUURT || parts->level == WIJK_WIJK;
        for (int level = parts->level - 1; !rc && in_tree && level >= WIJK_GEMEENTE; level--) {
            if (!find_layer(links, level, parts->vintage)) {
                rc = derive_layer(links, parts, level);
            }
        }
    }
    return rc;
}

/* The newest layer of a level that is not a small part of what the level has. */
const wijk_layer *wijk_links_newest(const wijk_links *links, int level)
{
    size_t most = 0;
    const wijk_layer *best = NULL;
    for (size_t i = 0; i < links->layer_count; i++) {
        if (links->layers[i].level == level && links->layers[i].count > most) {
            most = links->layers[i].count;
        }
    }
    for (size_t i = 0; i < links->layer_count; i++) {
        const wijk_layer *at = &links->layers[i];
        if (at->level == level && 2 * at->count >= most && (!best || at->vintage > best->vintage)) {
            best = at;
        }
    }
    return best;
}

/* ---- weights ---------------------------------------------------------------------------- */

/* People of every shape of `layer` in the newest period; *total 0 when it has none. */
static int read_people(double *people, double *total, int *period, wijk_links *links,
                       const wijk_layer *layer, int indicator)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT area_id, value, period FROM layer_value WHERE indicator_id = ?1"
                      " AND level = ?2 AND vintage = ?3 AND period = (SELECT max(period) FROM"
                      " layer_value WHERE indicator_id = ?1 AND level = ?2 AND vintage = ?3)");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, layer->level);
    wijk_bind_int(stmt, 3, layer->vintage);
    *total = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const int64_t *at = wijk_layer_find(layer, wijk_col_int(stmt, 0));
        double value = wijk_col_double(stmt, 1);
        if (at && value > 0) {
            people[at - layer->ids] = value;
            *total += value;
        }
        *period = (int)wijk_col_int(stmt, 2);
    }
    return rc;
}

/* The finest level that holds at least nine tenths of the people that any level holds. */
static int choose_weights(const wijk_layer **out, double **people, wijk_links *links)
{
    static const int levels[] = {WIJK_BUURT, WIJK_WIJK, WIJK_PC4, WIJK_GEMEENTE};
    const wijk_indicator *population = wijk_indicator_by_code(links->registry, "population");
    double most = 0;
    *out = NULL;
    *people = NULL;
    for (size_t i = 0; population && i < sizeof levels / sizeof *levels; i++) {
        const wijk_layer *layer = wijk_links_newest(links, levels[i]);
        if (!layer || !layer->own) {
            continue;
        }
        double total = 0, *mine = wijk_alloc((layer->shapes + 1) * sizeof *mine);
        int period = 0;
        int rc =
            mine ? read_people(mine, &total, &period, links, layer, population->id) : WIJK_ENOMEM;
        if (rc || !(total > most / 0.9)) {
            wijk_free(mine);
            if (rc) {
                return rc;
            }
            continue;
        }
        wijk_free(*people);
        *people = mine;
        *out = layer;
        most = total;
        snprintf(links->weights, sizeof links->weights, "%s %d, inwoners %d",
                 wijk_level_word((enum wijk_level)layer->level), layer->vintage, period);
    }
    return WIJK_OK;
}

/* ---- pairs ------------------------------------------------------------------------------ */

static int add_pair(wijk_links *links, const wijk_layer *a, const wijk_layer *b)
{
    if (!a || !b || a == b) {
        return WIJK_OK;
    }
    for (size_t i = 0; i < links->pair_count; i++) {
        const wijk_layer_pair *at = &links->pairs[i];
        if ((at->a == a && at->b == b) || (at->a == b && at->b == a)) {
            return WIJK_OK;
        }
    }
    if (links->pair_count == sizeof links->pairs / sizeof *links->pairs) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %zu paren van kaartlagen.",
                         "More than %zu pairs of map layers.", links->pair_count);
    }
    links->pairs[links->pair_count++] = (wijk_layer_pair){
        .a = a,
        .b = b,
        .swept = {.map_a = a->map, .map_b = b->map, .label_a = a->label, .label_b = b->label}};
    return WIJK_OK;
}

/* Layers of one level against each other, to see what changed; postcodes and local divisions
 * against the newest of the tree. */
static int choose_pairs(wijk_links *links)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < links->layer_count; i++) {
        const wijk_layer *a = &links->layers[i];
        for (size_t k = i + 1; !rc && k < links->layer_count; k++) {
            if (links->layers[k].level == a->level) {
                rc = add_pair(links, a, &links->layers[k]);
            }
        }
        int tree = a->level >= WIJK_GEMEENTE && a->level <= WIJK_BUURT;
        if (tree && (a == wijk_links_newest(links, a->level) || a->level == WIJK_WIJK)) {
            rc = rc ? rc : add_pair(links, a, wijk_links_newest(links, WIJK_PC4));
        } else if (a->level == WIJK_LOCAL) {
            rc = rc ? rc : add_pair(links, wijk_links_newest(links, WIJK_BUURT), a);
            rc = rc ? rc : add_pair(links, wijk_links_newest(links, WIJK_WIJK), a);
        }
    }
    return rc;
}

static void add_to(wijk_overlap *total, const wijk_overlap *part)
{
    total->people += part->people;
    total->land += part->land;
}

static int sum_totals(wijk_layer_pair *pair)
{
    pair->total_a = wijk_alloc((pair->a->count + 1) * sizeof *pair->total_a);
    pair->total_b = wijk_alloc((pair->b->count + 1) * sizeof *pair->total_b);
    if (!pair->total_a || !pair->total_b) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < pair->swept.count; i++) {
        const wijk_overlap *at = &pair->swept.overlaps[i];
        if (at->a != WIJK_NO_LABEL) {
            add_to(&pair->total_a[at->a], at);
        }
        if (at->b != WIJK_NO_LABEL) {
            add_to(&pair->total_b[at->b], at);
        }
    }
    return WIJK_OK;
}

static int sweep_pairs(wijk_links *links, wijk_sweep *sweep, const wijk_layer *weights,
                       const double *people)
{
    size_t n = links->pair_count;
    wijk_sweep_pair *swept = wijk_alloc((n + 1) * sizeof *swept);
    if (!swept) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        swept[i] = links->pairs[i].swept;
    }
    int rc = wijk_sweep_run(sweep, weights->map, people, swept, n, links->ctx);
    for (size_t i = 0; i < n; i++) {
        links->pairs[i].swept = swept[i];
        rc = rc ? rc : sum_totals(&links->pairs[i]);
    }
    wijk_free(swept);
    return rc;
}

/* ---- storing ---------------------------------------------------------------------------- */

int wijk_links_store(wijk_links *links, int64_t to, int64_t from, int kind, double share_to,
                     double share_from)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "INSERT INTO area_link(to_id, from_id, kind, share_to, share_from)"
                      " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(to_id, from_id) DO UPDATE SET"
                      " kind = excluded.kind, share_to = excluded.share_to,"
                      " share_from = excluded.share_from WHERE excluded.kind < area_link.kind");
    wijk_bind_int(stmt, 1, to);
    wijk_bind_int(stmt, 2, from);
    wijk_bind_int(stmt, 3, kind);
    wijk_bind_double(stmt, 4, share_to);
    wijk_bind_double(stmt, 5, share_from);
    return wijk_run(stmt);
}

/* Shares of what is kept add up to what they did before slivers were dropped. */
typedef struct {
    double *before_a, *before_b, *after_a, *after_b;
} share_sums;

static int is_sliver(const wijk_layer_pair *pair, const wijk_overlap *at)
{
    return at->people < SLIVER * pair->total_a[at->a].people &&
           at->people < SLIVER * pair->total_b[at->b].people;
}

static int sum_shares(share_sums *sums, const wijk_layer_pair *pair)
{
    size_t a = pair->a->count + 1, b = pair->b->count + 1;
    double *block = wijk_alloc(2 * (a + b) * sizeof *block);
    if (!block) {
        return WIJK_ENOMEM;
    }
    *sums = (share_sums){block, block + a, block + a + b, block + 2 * a + b};
    for (size_t i = 0; i < pair->swept.count; i++) {
        const wijk_overlap *at = &pair->swept.overlaps[i];
        if (at->a == WIJK_NO_LABEL || at->b == WIJK_NO_LABEL) {
            continue;
        }
        double kept = is_sliver(pair, at) ? 0 : at->people;
        sums->before_a[at->a] += at->people;
        sums->before_b[at->b] += at->people;
        sums->after_a[at->a] += kept;
        sums->after_b[at->b] += kept;
    }
    return WIJK_OK;
}

/* A link of kind 2, unless `to` already has the same place in the layer of `from`. */
static int store_overlap(wijk_links *links, const wijk_layer *to_layer, int64_t to,
                         const wijk_layer *from_layer, int64_t from, double share_to,
                         double share_from)
{
    if (to_layer->level == from_layer->level || from_layer->level == WIJK_LOCAL) {
        wijk_stmt *stmt = wijk_store_sql(
            links->store, "SELECT 1 FROM area_link l CROSS JOIN area f ON f.id = l.from_id"
                          " WHERE l.to_id = ?1 AND l.kind = 0 AND f.level = ?2 AND f.vintage = ?3"
                          " LIMIT 1");
        int64_t same = 0;
        wijk_bind_int(stmt, 1, to);
        wijk_bind_int(stmt, 2, from_layer->level);
        wijk_bind_int(stmt, 3, from_layer->vintage);
        int rc = wijk_run_int(&same, stmt, 0);
        if (rc || same) {
            return rc;
        }
    }
    return wijk_links_store(links, to, from, 2, fmin(share_to, 1), fmin(share_from, 1));
}

static int store_overlay_row(wijk_links *links, const wijk_layer *to, const wijk_layer *from,
                             double people)
{
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "INSERT INTO overlay(to_level, to_vintage, from_level, from_vintage, weights,"
                      " people) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    wijk_bind_int(stmt, 1, to->level);
    wijk_bind_int(stmt, 2, to->vintage);
    wijk_bind_int(stmt, 3, from->level);
    wijk_bind_int(stmt, 4, from->vintage);
    wijk_bind_text(stmt, 5, links->weights);
    wijk_bind_double(stmt, 6, people);
    return wijk_run(stmt);
}

/* Values go from older to newer, between postcodes and the tree, and from a city's own division to
 * the tree. */
static int wanted(const wijk_links *links, const wijk_layer *to, const wijk_layer *from)
{
    if (to->level == from->level) {
        return to == wijk_links_newest(links, to->level);
    }
    if (to->level == WIJK_PC4) {
        return from->level != WIJK_GEMEENTE && from == wijk_links_newest(links, from->level);
    }
    return to->level != WIJK_LOCAL;
}

static int store_pair(wijk_links *links, const wijk_layer_pair *pair)
{
    int a_wants = wanted(links, pair->a, pair->b), b_wants = wanted(links, pair->b, pair->a);
    share_sums sums = {0};
    double people = 0;
    int rc = a_wants || b_wants ? sum_shares(&sums, pair) : WIJK_OK;
    for (size_t i = 0; !rc && sums.before_a && i < pair->swept.count; i++) {
        const wijk_overlap *at = &pair->swept.overlaps[i];
        if (at->a == WIJK_NO_LABEL || at->b == WIJK_NO_LABEL) {
            continue;
        }
        people += at->people;
        if (is_sliver(pair, at)) {
            continue;
        }
        int64_t a = pair->a->ids[at->a], b = pair->b->ids[at->b];
        double share_a =
            at->people / pair->total_a[at->a].people * sums.before_a[at->a] / sums.after_a[at->a];
        double share_b =
            at->people / pair->total_b[at->b].people * sums.before_b[at->b] / sums.after_b[at->b];
        rc = a_wants ? store_overlap(links, pair->a, a, pair->b, b, share_a, share_b) : WIJK_OK;
        if (!rc && b_wants) {
            rc = store_overlap(links, pair->b, b, pair->a, a, share_b, share_a);
        }
    }
    wijk_free(sums.before_a);
    rc = rc || !a_wants ? rc : store_overlay_row(links, pair->a, pair->b, people);
    return rc || !b_wants ? rc : store_overlay_row(links, pair->b, pair->a, people);
}

/* Postcodes of years without a map use the outlines of the year that has one: a postcode's area
 * rarely moves. The overlay row says so. */
static int copy_postcodes(wijk_links *links)
{
    const wijk_layer *drawn = wijk_links_newest(links, WIJK_PC4);
    if (!drawn) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "INSERT INTO area_link(to_id, from_id, kind, share_to, share_from)"
                      " SELECT l.to_id, o.id, 2, l.share_to, l.share_from FROM area o"
                      " JOIN area f ON f.level = 4 AND f.code = o.code AND f.vintage = ?1"
                      " JOIN area_link l ON l.from_id = f.id AND l.kind = 2"
                      " WHERE o.level = 4 AND o.vintage <> ?1 ON CONFLICT DO NOTHING");
    wijk_bind_int(stmt, 1, drawn->vintage);
    int rc = wijk_run(stmt);
    if (!rc) {
        stmt = wijk_store_sql(
            links->store, "INSERT INTO overlay SELECT o.to_level, o.to_vintage, 4, v.vintage,"
                          " o.weights || ', grenzen ' || ?1, o.people FROM overlay o,"
                          " (SELECT DISTINCT vintage FROM area WHERE level = 4 AND vintage <> ?1) v"
                          " WHERE o.from_level = 4 AND o.from_vintage = ?1 ON CONFLICT DO NOTHING");
        wijk_bind_int(stmt, 1, drawn->vintage);
        rc = wijk_run(stmt);
    }
    return rc;
}

/* ---- the whole -------------------------------------------------------------------------- */

static void free_links(wijk_links *links)
{
    for (size_t i = 0; i < links->layer_count; i++) {
        wijk_free(links->layers[i].label);
        wijk_free(links->layers[i].ids);
        wijk_free(links->layers[i].slack);
    }
    for (size_t i = 0; i < links->pair_count; i++) {
        wijk_free(links->pairs[i].swept.overlaps);
        wijk_free(links->pairs[i].total_a);
        wijk_free(links->pairs[i].total_b);
    }
    wijk_free(links);
}

static int lay_over_each_other(wijk_links *links)
{
    wijk_sweep *sweep;
    const wijk_layer *weights = NULL;
    double *people = NULL;
    int rc = wijk_sweep_new(&sweep, ROW);
    rc = rc ? rc : load_layers(links, sweep);
    rc = rc ? rc : choose_weights(&weights, &people, links);
    if (!rc && weights) {
        rc = choose_pairs(links);
        rc = rc ? rc : sweep_pairs(links, sweep, weights, people);
    }
    wijk_free(people);
    wijk_sweep_free(sweep);
    return rc;
}

static int derive(wijk_links *links)
{
    int rc = wijk_run(wijk_store_sql(links->store, "DELETE FROM area_link"));
    rc = rc ? rc : wijk_run(wijk_store_sql(links->store, "DELETE FROM overlay"));
    rc = rc ? rc : wijk_run(wijk_store_sql(links->store, "DELETE FROM conversion_error"));
    wijk_progress(links->ctx, "kaarten over elkaar leggen / laying maps over each other", 0);
    rc = rc ? rc : lay_over_each_other(links);
    wijk_progress(links->ctx, "gelijke gebieden zoeken / finding equal areas", 0.5);
    rc = rc ? rc : wijk_links_same(links);
    for (size_t i = 0; !rc && i < links->pair_count; i++) {
        rc = store_pair(links, &links->pairs[i]);
        rc = rc ? rc : wijk_checkpoint(links->ctx);
    }
    rc = rc ? rc : copy_postcodes(links);
    wijk_progress(links->ctx, "omrekenfout meten / measuring conversion error", 0.9);
    return rc ? rc : wijk_conversion_measure(links);
}

int wijk_geo_derive_links(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    wijk_links *links = wijk_alloc(sizeof *links);
    if (!links) {
        return WIJK_ENOMEM;
    }
    links->store = store;
    links->registry = registry;
    links->ctx = ctx;
    int rc = wijk_begin(store);
    rc = rc ? rc : derive(links);
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    free_links(links);
    return rc;
}
