/* The sweep: on a horizontal every 20 m each map is a row of intervals, and the overlap of three
 * rows (to, from, people) is merging sorted lists. Exact in x, a midpoint rule in y; outlines that
 * cross themselves, gape or overlap need no repair first (even-odd rule). Why this and not polygon
 * intersection: docs/decisions/0004-overlay-by-sweep.md. Even spreading within the weights is
 * dasymetric areal interpolation (Goodchild & Lam 1980; Eicher & Brewer 2001,
 * doi:10.1559/152304001782173727).
 */
#include "areas/overlay.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* People per m² that even empty land counts for, so that shares of areas where nobody lives follow
 * land: a thousandth of a person per km², 40 in the whole country. */
static const double BACKGROUND = 1e-9;

enum { MOST_MAPS = 32 };
static const size_t MOST_OVERLAPS = 16u << 20;

typedef struct {
    double x, y, slope; /* a point of the edge, and dx/dy */
    int first, last;    /* rows it crosses */
    uint32_t shape;
} edge;

typedef struct {
    double x;
    const edge *of;
} crossing;

typedef struct {
    double x0, x1;
    uint32_t shape;
} interval;

typedef struct {
    edge *edges;
    size_t count, room;
    double *area; /* of every shape */
    uint32_t shapes, shapes_room;
    size_t next; /* first edge that the sweep has not met */
    crossing *active;
    interval *row;
    uint32_t *inside; /* shapes that hold the present x */
    size_t active_count, row_count, inside_count;
} map;

struct wijk_sweep {
    double height;
    map maps[MOST_MAPS];
    int count, first, last; /* rows */
};

int wijk_sweep_new(wijk_sweep **out, double row)
{
    *out = wijk_alloc(sizeof **out);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    (*out)->height = row;
    (*out)->first = INT32_MAX;
    (*out)->last = INT32_MIN;
    return WIJK_OK;
}

static void end_rows(map *m)
{
    wijk_free(m->active);
    wijk_free(m->row);
    wijk_free(m->inside);
    m->active = NULL;
    m->row = NULL;
    m->inside = NULL;
}

void wijk_sweep_free(wijk_sweep *sweep)
{
    for (int i = 0; sweep && i < sweep->count; i++) {
        end_rows(&sweep->maps[i]);
        wijk_free(sweep->maps[i].edges);
        wijk_free(sweep->maps[i].area);
    }
    wijk_free(sweep);
}

int wijk_sweep_map(int *number, wijk_sweep *sweep)
{
    if (sweep->count == MOST_MAPS) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d kaarten om over elkaar te leggen.",
                         "More than %d maps to lay over each other.", MOST_MAPS);
    }
    *number = sweep->count++;
    return WIJK_OK;
}

/* ---- building --------------------------------------------------------------------------- */

static int add_edge(wijk_sweep *sweep, map *m, const double *a, const double *b)
{
    double low = fmin(a[1], b[1]), high = fmax(a[1], b[1]);
    /* Row k lies at (k + ½) · height; an edge crosses it when low ≤ y < high, so that two edges
     * that meet in a point are never both counted or both missed. */
    int first = (int)ceil(low / sweep->height - 0.5);
    int last = (int)ceil(high / sweep->height - 0.5) - 1;
    if (last < first) {
        return WIJK_OK;
    }
    if (m->count == m->room) {
        size_t room = m->room ? m->room * 2 : 1024;
        edge *edges = wijk_realloc(m->edges, room * sizeof *edges);
        if (!edges) {
            return WIJK_ENOMEM;
        }
        m->edges = edges;
        m->room = room;
    }
    m->edges[m->count++] =
        (edge){a[0], a[1], (b[0] - a[0]) / (b[1] - a[1]), first, last, m->shapes};
    sweep->first = first < sweep->first ? first : sweep->first;
    sweep->last = last > sweep->last ? last : sweep->last;
    return WIJK_OK;
}

int wijk_sweep_add(wijk_sweep *sweep, int number, const wijk_shape *shape, double area)
{
    map *m = &sweep->maps[number];
    if (m->shapes == m->shapes_room) {
        uint32_t room = m->shapes_room ? m->shapes_room * 2 : 256;
        double *areas = wijk_realloc(m->area, room * sizeof *areas);
        if (!areas) {
            return WIJK_ENOMEM;
        }
        m->area = areas;
        m->shapes_room = room;
    }
    int rc = WIJK_OK;
    for (size_t r = 0; !rc && r < shape->rings; r++) {
        size_t first = shape->ring[r], end = shape->ring[r + 1];
        for (size_t i = first, j = end - 1; !rc && i < end; j = i++) {
            rc = add_edge(sweep, m, shape->xy + 2 * j, shape->xy + 2 * i);
        }
    }
    m->area[m->shapes++] = area;
    return rc;
}

/* ---- one row of one map ----------------------------------------------------------------- */

static int by_first(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    if (x->shape != y->shape) {
        return x->shape < y->shape ? -1 : 1;
    }
    return (x->x > y->x) - (x->x < y->x);
}

/* The most edges that are ever active at once, to size the row's arrays by. */
static size_t most_active(const map *m, int first, int last)
{
    size_t rows = (size_t)(last - first) + 2;
    int *change = wijk_alloc(rows * sizeof *change);
    if (!change) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < m->count; i++) {
        change[m->edges[i].first - first]++;
        change[m->edges[i].last - first + 1]--;
    }
    size_t most = 0;
    long now = 0;
    for (size_t i = 0; i < rows; i++) {
        now += change[i];
        most = (size_t)now > most ? (size_t)now : most;
    }
    wijk_free(change);
    return most;
}

static int begin_rows(map *m, int first, int last)
{
    end_rows(m);
    size_t most = most_active(m, first, last);
    if (most == SIZE_MAX) {
        return WIJK_ENOMEM;
    }
    qsort(m->edges, m->count, sizeof *m->edges, by_first);
    m->next = m->active_count = 0;
    m->active = wijk_alloc((most + 1) * sizeof *m->active);
    m->row = wijk_alloc((most + 1) * sizeof *m->row);
    m->inside = wijk_alloc((most + 1) * sizeof *m->inside);
    return m->active && m->row && m->inside ? WIJK_OK : WIJK_ENOMEM;
}

/* Drops edges that ended, takes in those that begin, and puts all in order of x. They hardly change
 * places from one row to the next, so insertion sort is nearly linear. */
static void move_to_row(map *m, int row, double y)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->active_count; i++) {
        if (m->active[i].of->last >= row) {
            m->active[kept++] = m->active[i];
        }
    }
    for (; m->next < m->count && m->edges[m->next].first <= row; m->next++) {
        m->active[kept++].of = &m->edges[m->next];
    }
    m->active_count = kept;
    for (size_t i = 0; i < kept; i++) {
        crossing now = m->active[i];
        now.x = now.of->x + (y - now.of->y) * now.of->slope;
        size_t k = i;
        for (; k && m->active[k - 1].x > now.x; k--) {
            m->active[k] = m->active[k - 1];
        }
        m->active[k] = now;
    }
}

/* Even-odd: crossing an outline enters the shape or leaves it. */
static void toggle(map *m, uint32_t shape)
{
    for (size_t i = 0; i < m->inside_count; i++) {
        if (m->inside[i] == shape) {
            m->inside[i] = m->inside[--m->inside_count];
            return;
        }
    }
    m->inside[m->inside_count++] = shape;
}

static uint32_t holder(const map *m)
{
    uint32_t best = m->inside[0];
    for (size_t i = 1; i < m->inside_count; i++) {
        uint32_t at = m->inside[i];
        if (m->area[at] < m->area[best] || (at < best && m->area[at] == m->area[best])) {
            best = at;
        }
    }
    return best;
}

/* The row as intervals that do not overlap, from left to right. */
static void make_row(map *m)
{
    m->row_count = m->inside_count = 0;
    for (size_t i = 0; i < m->active_count; i++) {
        toggle(m, m->active[i].of->shape);
        if (!m->inside_count || i + 1 == m->active_count) {
            continue;
        }
        double x0 = m->active[i].x, x1 = m->active[i + 1].x;
        uint32_t shape = holder(m);
        interval *last = m->row_count ? &m->row[m->row_count - 1] : NULL;
        if (last && last->shape == shape && last->x1 == x0) {
            last->x1 = x1;
        } else if (x1 > x0) {
            m->row[m->row_count++] = (interval){x0, x1, shape};
        }
    }
}

/* ---- sums per pair of labels ------------------------------------------------------------ */

typedef struct { /* open addressing; a slot is free while its land is 0 */
    wijk_overlap *slots;
    size_t count, room;
} table;

static size_t slot_of(const table *t, uint32_t a, uint32_t b)
{
    uint64_t hash = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15ull;
    size_t at = (size_t)(hash >> 32) & (t->room - 1); /* only the upper half depends on a and b */
    while (t->slots[at].land > 0 && (t->slots[at].a != a || t->slots[at].b != b)) {
        at = (at + 1) & (t->room - 1);
    }
    return at;
}

static int grow_table(table *t)
{
    if (t->count > MOST_OVERLAPS) {
        return wijk_fail(WIJK_ELIMIT, "De kaarten overlappen op meer dan %zu manieren.",
                         "The maps overlap in more than %zu ways.", MOST_OVERLAPS);
    }
    table bigger = {.room = t->room ? t->room * 2 : 4096, .count = t->count};
    bigger.slots = wijk_alloc(bigger.room * sizeof *bigger.slots);
    if (!bigger.slots) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < t->room; i++) {
        if (t->slots[i].land > 0) {
            bigger.slots[slot_of(&bigger, t->slots[i].a, t->slots[i].b)] = t->slots[i];
        }
    }
    wijk_free(t->slots);
    *t = bigger;
    return WIJK_OK;
}

static int add_overlap(table *t, uint32_t a, uint32_t b, double land, double density)
{
    if (2 * t->count >= t->room) {
        int rc = grow_table(t);
        if (rc) {
            return rc;
        }
    }
    wijk_overlap *at = &t->slots[slot_of(t, a, b)];
    if (!(at->land > 0)) {
        t->count++;
        at->a = a;
        at->b = b;
    }
    at->land += land;
    at->people += land * density;
    return WIJK_OK;
}

typedef struct { /* walks one row from left to right */
    const interval *at, *end;
    const uint32_t *label;
} walker;

/* Label at x (never going back), and where it ends. */
static uint32_t label_at(walker *w, double x, double *until)
{
    while (w->at < w->end && w->at->x1 <= x) {
        w->at++;
    }
    if (w->at == w->end) {
        *until = INFINITY;
        return WIJK_NO_LABEL;
    }
    if (w->at->x0 > x) {
        *until = w->at->x0;
        return WIJK_NO_LABEL;
    }
    *until = w->at->x1;
    return w->label[w->at->shape];
}

static int add_row(table *t, const wijk_sweep *sweep, const map *weights, const double *density,
                   const wijk_sweep_pair *pair)
{
    const map *a = &sweep->maps[pair->map_a], *b = &sweep->maps[pair->map_b];
    walker in_a = {a->row, a->row + a->row_count, pair->label_a};
    walker in_b = {b->row, b->row + b->row_count, pair->label_b};
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < weights->row_count; i++) {
        const interval *w = &weights->row[i];
        double x = w->x0;
        while (!rc && x < w->x1) {
            double until_a, until_b;
            uint32_t label_a = label_at(&in_a, x, &until_a);
            uint32_t label_b = label_at(&in_b, x, &until_b);
            double next = fmin(w->x1, fmin(until_a, until_b));
            if (label_a != WIJK_NO_LABEL || label_b != WIJK_NO_LABEL) {
                rc =
                    add_overlap(t, label_a, label_b, (next - x) * sweep->height, density[w->shape]);
            }
            x = next;
        }
    }
    return rc;
}

/* ---- the whole -------------------------------------------------------------------------- */

/* People per m² of every shape of the weights map: people over the land it holds. */
static int find_density(double *density, wijk_sweep *sweep, map *m, const double *people)
{
    int rc = begin_rows(m, sweep->first, sweep->last);
    for (int row = sweep->first; !rc && row <= sweep->last; row++) {
        move_to_row(m, row, (row + 0.5) * sweep->height);
        make_row(m);
        for (size_t i = 0; i < m->row_count; i++) {
            density[m->row[i].shape] += (m->row[i].x1 - m->row[i].x0) * sweep->height;
        }
    }
    for (uint32_t i = 0; i < m->shapes; i++) {
        double some = people[i] > 0 && density[i] > 0 ? people[i] / density[i] : 0;
        density[i] = some + BACKGROUND;
    }
    return rc;
}

static int by_labels(const void *a, const void *b)
{
    const wijk_overlap *x = a, *y = b;
    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    return (x->b > y->b) - (x->b < y->b);
}

static void hand_over(wijk_sweep_pair *pair, table *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->room; i++) {
        if (t->slots[i].land > 0) {
            t->slots[kept++] = t->slots[i];
        }
    }
    if (kept) {
        qsort(t->slots, kept, sizeof *t->slots, by_labels);
    }
    pair->overlaps = t->slots;
    pair->count = kept;
    *t = (table){0};
}

static int sweep_rows(wijk_sweep *sweep, int weights, const double *density,
                      const wijk_sweep_pair *pairs, table *tables, size_t count, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    for (int row = sweep->first; !rc && row <= sweep->last; row++) {
        for (int i = 0; i < sweep->count; i++) {
            move_to_row(&sweep->maps[i], row, (row + 0.5) * sweep->height);
            make_row(&sweep->maps[i]);
        }
        for (size_t i = 0; !rc && i < count; i++) {
            rc = add_row(&tables[i], sweep, &sweep->maps[weights], density, &pairs[i]);
        }
        rc = rc ? rc : wijk_checkpoint(ctx);
    }
    return rc;
}

int wijk_sweep_run(wijk_sweep *sweep, int weights, const double *people, wijk_sweep_pair *pairs,
                   size_t count, wijk_ctx *ctx)
{
    map *m = &sweep->maps[weights];
    double *density = wijk_alloc((m->shapes + 1) * sizeof *density);
    table *tables = wijk_alloc((count + 1) * sizeof *tables);
    int rc = density && tables ? WIJK_OK : WIJK_ENOMEM;
    if (!rc && sweep->first <= sweep->last) {
        rc = find_density(density, sweep, m, people);
        for (int i = 0; !rc && i < sweep->count; i++) {
            rc = begin_rows(&sweep->maps[i], sweep->first, sweep->last);
        }
        rc = rc ? rc : sweep_rows(sweep, weights, density, pairs, tables, count, ctx);
    }
    for (size_t i = 0; tables && i < count; i++) {
        if (rc) {
            wijk_free(tables[i].slots);
            pairs[i].overlaps = NULL;
            pairs[i].count = 0;
        } else {
            hand_over(&pairs[i], &tables[i]);
        }
    }
    wijk_free(density);
    wijk_free(tables);
    return rc;
}
