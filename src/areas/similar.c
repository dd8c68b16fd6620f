/* Similar areas: the five of the same level and vintage that lie nearest in density, age,
 * households, homes, tenure, value and income. Every figure is measured from the median in robust
 * standard deviations, so that one palace or one empty polder does not set the scale. Origin never
 * enters, nor does an outcome: whoever compares areas must not compare on what is to be judged. */
#include "wijk/similar.h"

#include "wijk/err.h"
#include "wijk/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEAREST = 5, REASONS = 3, BLOCK = 64, LEAST_AREAS = 20 };

static const double LEAST_WEIGHT = 0.6; /* of all weight, present on both sides */
static const double ROBUST_SD = 1.349;
static const float FAR = 4; /* robust sds: beyond this an extreme is just an extreme */

size_t wijk_similar_design(const wijk_indicator **out, size_t room, const wijk_registry *registry)
{
    size_t n = 0;
    for (size_t i = 0; i < wijk_indicator_count(registry) && n < room; i++) {
        const wijk_indicator *it = wijk_indicator_at(registry, i);
        if (it->id > 0 && it->similar > 0 && !it->origin && !it->own) {
            out[n++] = it;
        }
    }
    return n;
}

typedef struct { /* the areas of one level and vintage */
    size_t areas, dims;
    int64_t *ids;
    unsigned char *fictional;
    float *z;       /* areas × dims; 0 where absent */
    float *present; /* areas × dims: the weight of the dimension where present, else 0 */
    float *weight;  /* per dimension */
    const wijk_indicator **design;
} matrix;

static int read_areas(matrix *m, wijk_store *store, wijk_arena *arena, int level, int vintage)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT count(*) FROM area WHERE level=?1 AND vintage=?2");
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    int64_t n;
    int rc = wijk_run_int(&n, stmt, 0);
    if (rc) {
        return rc;
    }
    size_t cells = (size_t)n * m->dims;
    m->ids = wijk_arena_alloc(arena, ((size_t)n + 1) * sizeof *m->ids);
    m->fictional = wijk_arena_alloc(arena, (size_t)n + 1);
    m->z = wijk_arena_alloc(arena, (cells + 1) * sizeof *m->z);
    m->present = wijk_arena_alloc(arena, (cells + 1) * sizeof *m->present);
    if (!m->ids || !m->fictional || !m->z || !m->present) {
        return WIJK_ENOMEM;
    }
    stmt = wijk_store_sql(
        store, "SELECT id,fictional FROM area WHERE level=?1 AND vintage=?2 ORDER BY id");
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    int step;
    while ((step = wijk_step(stmt)) == 1 && m->areas < (size_t)n) {
        m->ids[m->areas] = wijk_col_int(stmt, 0);
        m->fictional[m->areas++] = (unsigned char)wijk_col_int(stmt, 1);
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The newest period in which at least half as many areas have the figure as in its best period. */
static const wijk_series *best_series(const wijk_registry *registry, int indicator, int level,
                                      int vintage)
{
    size_t count;
    const wijk_series *all = wijk_series_of(&count, registry, indicator), *best = NULL;
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        if ((int)all[i].level == level && all[i].vintage == vintage && all[i].areas > most) {
            most = all[i].areas;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if ((int)all[i].level == level && all[i].vintage == vintage && all[i].areas * 2 >= most &&
            (!best || all[i].period > best->period)) {
            best = &all[i];
        }
    }
    return best;
}

static int fill_dimension(matrix *m, size_t k, wijk_store *store, const wijk_registry *registry,
                          int level, int vintage)
{
    const wijk_indicator *it = m->design[k];
    const wijk_series *series = best_series(registry, it->id, level, vintage);
    double scale = series ? (series->p75 - series->p25) / ROBUST_SD : 0;
    if (!series || !(scale > 0)) {
        return WIJK_OK;
    }
    m->weight[k] = (float)it->similar;
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT area_id,value FROM layer_value WHERE indicator_id=?1 AND "
                              "level=?2 AND vintage=?3 AND period=?4");
    wijk_bind_int(stmt, 1, it->id);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_int(stmt, 3, vintage);
    wijk_bind_int(stmt, 4, series->period);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        int64_t id = wijk_col_int(stmt, 0);
        int64_t *found = bsearch(&id, m->ids, m->areas, sizeof *m->ids, by_id);
        if (found) {
            size_t cell = (size_t)(found - m->ids) * m->dims + k;
            float z = (float)((wijk_col_double(stmt, 1) - series->p50) / scale);
            m->z[cell] = z > FAR ? FAR : z < -FAR ? -FAR : z;
            m->present[cell] = (float)it->similar;
        }
    }
    return step;
}

double wijk_similar_distance(const float *a, const float *present_a, const float *b,
                             const float *present_b, size_t dims, double all_weight)
{
    float sum = 0, weight = 0;
    for (size_t k = 0; k < dims; k++) {
        /* Both carry the same weight where present: the smaller is 0 when either is absent. */
        float w = present_a[k] < present_b[k] ? present_a[k] : present_b[k];
        float d = a[k] - b[k];
        sum += w * d * d;
        weight += w;
    }
    return (double)weight < LEAST_WEIGHT * all_weight ? INFINITY : sqrt((double)(sum / weight));
}

typedef struct {
    float distance[NEAREST];
    uint32_t other[NEAREST];
    int count;
} nearest;

static void offer(nearest *n, float distance, uint32_t other)
{
    if (n->count == NEAREST && distance >= n->distance[NEAREST - 1]) {
        return;
    }
    int at = n->count < NEAREST ? n->count++ : NEAREST - 1;
    while (at > 0 && n->distance[at - 1] > distance) {
        n->distance[at] = n->distance[at - 1];
        n->other[at] = n->other[at - 1];
        at--;
    }
    n->distance[at] = distance;
    n->other[at] = other;
}

/* Every pair once, in blocks that stay in the cache. */
static int find_nearest(nearest *list, const matrix *m, wijk_ctx *ctx)
{
    double all = 0;
    for (size_t k = 0; k < m->dims; k++) {
        all += (double)m->weight[k];
    }
    for (size_t from = 0; from < m->areas && all > 0; from += BLOCK) {
        int rc = wijk_checkpoint(ctx);
        if (rc) {
            return rc;
        }
        size_t to = from + BLOCK < m->areas ? from + BLOCK : m->areas;
        for (size_t j = from + 1; j < m->areas; j++) {
            for (size_t i = from; i < to && i < j; i++) {
                if (m->fictional[i] != m->fictional[j]) {
                    continue;
                }
                double d = wijk_similar_distance(m->z + i * m->dims, m->present + i * m->dims,
                                                 m->z + j * m->dims, m->present + j * m->dims,
                                                 m->dims, all);
                if (isfinite(d)) {
                    offer(&list[i], (float)d, (uint32_t)j);
                    offer(&list[j], (float)d, (uint32_t)i);
                }
            }
        }
    }
    return WIJK_OK;
}

/* What makes two areas alike is what they share and others lack: both far from the median on the
 * same side, and close to each other. */
static void write_reason(wijk_str *out, const matrix *m, size_t i, size_t j)
{
    unsigned char used[64] = {0};
    wijk_str_clear(out);
    for (int n = 0; n < REASONS; n++) {
        float best = -INFINITY;
        size_t at = m->dims;
        for (size_t k = 0; k < m->dims && k < sizeof used; k++) {
            float a = m->z[i * m->dims + k], b = m->z[j * m->dims + k];
            if (used[k] || m->present[i * m->dims + k] <= 0 || m->present[j * m->dims + k] <= 0) {
                continue;
            }
            float shared = a * b > 0 ? fminf(fabsf(a), fabsf(b)) : 0;
            float alike = shared - fabsf(a - b);
            if (alike > best) {
                best = alike;
                at = k;
            }
        }
        if (at == m->dims) {
            break;
        }
        used[at] = 1;
        wijk_str_add(out, n ? " " : "");
        wijk_str_add(out, m->design[at]->code);
    }
}

static int write_similar(wijk_store *store, const matrix *m, const nearest *list)
{
    wijk_str reason = WIJK_STR_INIT;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < m->areas; i++) {
        for (int p = 0; !rc && p < list[i].count; p++) {
            write_reason(&reason, m, i, list[i].other[p]);
            wijk_stmt *stmt =
                wijk_store_sql(store, "INSERT INTO similar(area_id,place,other_id,distance,reason) "
                                      "VALUES (?,?,?,?,?)");
            wijk_bind_int(stmt, 1, m->ids[i]);
            wijk_bind_int(stmt, 2, p + 1);
            wijk_bind_int(stmt, 3, m->ids[list[i].other[p]]);
            wijk_bind_double(stmt, 4, (double)list[i].distance[p]);
            wijk_bind_text(stmt, 5, wijk_str_text(&reason));
            rc = wijk_str_status(&reason) ? wijk_str_status(&reason) : wijk_run(stmt);
        }
    }
    wijk_str_free(&reason);
    return rc;
}

static int derive_layer(wijk_store *store, const wijk_registry *registry, int level, int vintage,
                        wijk_ctx *ctx)
{
    const wijk_indicator *design[64];
    float weight[64] = {0};
    matrix m = {.design = design, .weight = weight};
    m.dims = wijk_similar_design(design, 64, registry);
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    rc = rc ? rc : read_areas(&m, store, arena, level, vintage);
    for (size_t k = 0; !rc && k < m.dims; k++) {
        rc = fill_dimension(&m, k, store, registry, level, vintage);
    }
    if (!rc && m.areas > NEAREST) {
        nearest *list = wijk_arena_alloc(arena, m.areas * sizeof *list);
        rc = list ? find_nearest(list, &m, ctx) : WIJK_ENOMEM;
        rc = rc ? rc : write_similar(store, &m, list);
    }
    wijk_arena_free(arena);
    return rc;
}

/* Levels and vintages with enough areas to choose from. Squares are too small to be a place. */
static int list_layers(int (*out)[2], size_t *count, size_t room, wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT level,vintage FROM area WHERE level IN (1,2,3,4) GROUP BY level,vintage "
               "HAVING count(*)>=?");
    wijk_bind_int(stmt, 1, LEAST_AREAS);
    int step;
    *count = 0;
    while ((step = wijk_step(stmt)) == 1 && *count < room) {
        out[*count][0] = (int)wijk_col_int(stmt, 0);
        out[(*count)++][1] = (int)wijk_col_int(stmt, 1);
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

int wijk_similar_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    int layers[256][2];
    size_t count = 0;
    int rc = list_layers(layers, &count, 256, store);
    int begun = 0;
    if (!rc) {
        rc = wijk_begin(store);
        begun = !rc;
    }
    rc = rc ? rc : wijk_run(wijk_store_sql(store, "DELETE FROM similar"));
    for (size_t i = 0; !rc && i < count; i++) {
        rc = derive_layer(store, registry, layers[i][0], layers[i][1], ctx);
    }
    rc = rc ? rc : wijk_commit(store);
    if (rc && begun) {
        wijk_rollback(store);
    }
    return rc;
}
