/* Follows the borders between the cells of a map and rounds them off. A border is an arc between
 * two nodes, drawn once and used by both sides (the topological idea of arc-node maps), so that
 * neighbours fit without a gap. Simplified after Douglas & Peucker 1973, doi:10.3138/
 * FM57-6770-U75U-7727; rounded by cutting corners (Chaikin 1974). */
#include "load/town.h"

#include "wijk/err.h"

#include <math.h>
#include <string.h>

/* In the North Sea, about 30 km west of Texel: inside the usual frame of the Netherlands, and
 * nobody lives there. */
static const double origin_x = 70000, origin_y = 545000;
static const double cell_metres = 25;
enum { ROUNDINGS = 2 };

enum { EAST, NORTH, WEST, SOUTH };
static const int step_x[4] = {1, 0, -1, 0}, step_y[4] = {0, 1, 0, -1};

typedef struct {
    const town_raster *raster;
    unsigned char *seen;  /* per corner: bit 0 the edge to the east, bit 1 the edge to the north */
    double *path, *spare; /* corners of the arc under way, then rounded: x y x y … */
    size_t room;          /* points */
    town_arc *arcs;
    size_t count, arcs_room;
    wijk_arena *arena;
} tracer;

static int label_at(const town_raster *raster, int x, int y)
{
    if (x < 0 || y < 0 || x >= raster->width || y >= raster->height) {
        return TOWN_OUTSIDE;
    }
    return raster->label[(size_t)y * (size_t)raster->width + (size_t)x];
}

/* Labels on both sides of the edge that leaves corner (x, y). */
static void sides(const town_raster *raster, int x, int y, int direction, int *left, int *right)
{
    static const int left_x[4] = {0, -1, -1, 0}, left_y[4] = {0, 0, -1, -1};
    int next = (direction + 3) % 4; /* what is right of an edge is left of the edge one turn back */
    *left = label_at(raster, x + left_x[direction], y + left_y[direction]);
    *right = label_at(raster, x + left_x[next], y + left_y[next]);
}

static int is_border(const town_raster *raster, int x, int y, int direction)
{
    int left, right;
    sides(raster, x, y, direction, &left, &right);
    return left != right;
}

static int degree(const town_raster *raster, int x, int y)
{
    int n = 0;
    for (int d = 0; d < 4; d++) {
        n += is_border(raster, x, y, d);
    }
    return n;
}

static long corner(const town_raster *raster, int x, int y)
{
    return (long)y * (raster->width + 1) + x;
}

/* Marks the edge as followed; 1 when it was already. */
static int mark(tracer *t, int x, int y, int direction)
{
    long at = direction == WEST    ? corner(t->raster, x - 1, y)
              : direction == SOUTH ? corner(t->raster, x, y - 1)
                                   : corner(t->raster, x, y);
    unsigned char bit = direction == EAST || direction == WEST ? 1 : 2;
    int was = (t->seen[at] & bit) != 0;
    t->seen[at] |= bit;
    return was;
}

/* ---- rounding --------------------------------------------------------------------------- */

static double distance2(const double *p, const double *a, const double *b)
{
    double dx = b[0] - a[0], dy = b[1] - a[1], length2 = dx * dx + dy * dy;
    double along = length2 > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2 : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double ex = p[0] - a[0] - along * dx, ey = p[1] - a[1] - along * dy;
    return ex * ex + ey * ey;
}

/* Keeps the points without which the line would move by more than `tolerance`; returns how many.
 * The stack holds spans still to look at; it cannot be deeper than there are points. */
static size_t simplify(double *xy, size_t n, double tolerance, unsigned char *keep, size_t *stack)
{
    memset(keep, 0, n);
    keep[0] = keep[n - 1] = 1;
    size_t depth = 0;
    stack[depth++] = 0;
    stack[depth++] = n - 1;
    while (depth) {
        size_t last = stack[--depth], first = stack[--depth], far = first;
        double most = tolerance * tolerance;
        for (size_t i = first + 1; i < last; i++) {
            double d = distance2(xy + 2 * i, xy + 2 * first, xy + 2 * last);
            if (d > most) {
                most = d;
                far = i;
            }
        }
        if (far != first) {
            keep[far] = 1;
            stack[depth++] = first;
            stack[depth++] = far;
            stack[depth++] = far;
            stack[depth++] = last;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (keep[i]) {
            xy[2 * kept] = xy[2 * i];
            xy[2 * kept + 1] = xy[2 * i + 1];
            kept++;
        }
    }
    return kept;
}

/* Cuts every corner at a quarter of its sides; the ends stay. `to` has room for 2 n points. */
static size_t round_corners(double *to, const double *xy, size_t n)
{
    size_t m = 0;
    to[0] = xy[0];
    to[1] = xy[1];
    m++;
    for (size_t i = 0; i + 1 < n; i++) {
        for (int k = 1; k <= 3; k += 2) {
            if ((i == 0 && k == 1) || (i + 2 == n && k == 3)) {
                continue; /* next to an end nothing is cut */
            }
            to[2 * m] = xy[2 * i] + (xy[2 * i + 2] - xy[2 * i]) * k / 4;
            to[2 * m + 1] = xy[2 * i + 1] + (xy[2 * i + 3] - xy[2 * i + 1]) * k / 4;
            m++;
        }
    }
    to[2 * m] = xy[2 * n - 2];
    to[2 * m + 1] = xy[2 * n - 1];
    return m + 1;
}

static int finish_arc(tracer *t, town_arc *arc, size_t n)
{
    unsigned char *keep = wijk_alloc(n);
    size_t *stack = wijk_alloc((4 * n + 4) * sizeof *stack);
    if (!keep || !stack) {
        wijk_free(keep);
        wijk_free(stack);
        return WIJK_ENOMEM;
    }
    if (arc->from == arc->to) {
        /* A loop has no ends to hold: its halves are simplified apart. */
        size_t half = n / 2;
        double seam[2] = {t->path[2 * half], t->path[2 * half + 1]};
        memcpy(t->spare, t->path + 2 * half, (n - half) * 2 * sizeof(double));
        size_t second = simplify(t->spare, n - half, 1.1, keep, stack);
        size_t first = simplify(t->path, half + 1, 1.1, keep, stack);
        t->path[2 * first - 2] = seam[0];
        t->path[2 * first - 1] = seam[1];
        memcpy(t->path + 2 * first, t->spare + 2, (second - 1) * 2 * sizeof(double));
        n = first + second - 1;
    } else {
        n = simplify(t->path, n, 1.1, keep, stack);
    }
    wijk_free(keep);
    wijk_free(stack);
    for (int pass = 0; pass < ROUNDINGS; pass++) {
        n = round_corners(t->spare, t->path, n);
        double *swap = t->path;
        t->path = t->spare;
        t->spare = swap;
    }
    arc->xy = wijk_arena_alloc(t->arena, n * 2 * sizeof *arc->xy);
    if (!arc->xy) {
        return WIJK_ENOMEM;
    }
    arc->points = n;
    for (size_t i = 0; i < n; i++) {
        arc->xy[2 * i] = floor(origin_x + t->path[2 * i] * cell_metres + 0.5);
        arc->xy[2 * i + 1] = floor(origin_y + t->path[2 * i + 1] * cell_metres + 0.5);
    }
    return 0;
}

/* ---- following -------------------------------------------------------------------------- */

static int follow(tracer *t, int x, int y, int direction)
{
    if (!is_border(t->raster, x, y, direction) || mark(t, x, y, direction)) {
        return 0;
    }
    if (t->count == t->arcs_room) {
        size_t room = t->arcs_room ? t->arcs_room * 2 : 256;
        town_arc *bigger = wijk_realloc(t->arcs, room * sizeof *bigger);
        if (!bigger) {
            return WIJK_ENOMEM;
        }
        t->arcs = bigger;
        t->arcs_room = room;
    }
    town_arc *arc = &t->arcs[t->count];
    *arc = (town_arc){.from = corner(t->raster, x, y)};
    sides(t->raster, x, y, direction, &arc->left, &arc->right);
    size_t n = 0;
    t->path[2 * n] = x;
    t->path[2 * n++ + 1] = y;
    for (;;) {
        x += step_x[direction];
        y += step_y[direction];
        t->path[2 * n] = x;
        t->path[2 * n++ + 1] = y;
        if (corner(t->raster, x, y) == arc->from || degree(t->raster, x, y) > 2) {
            break;
        }
        int next = (direction + 3) % 4; /* the one other edge: right, ahead or left */
        while (next == (direction + 2) % 4 || !is_border(t->raster, x, y, next)) {
            next = (next + 1) % 4;
        }
        direction = next;
        mark(t, x, y, direction);
    }
    arc->to = corner(t->raster, x, y);
    /* The edge by which a node is entered must not be followed back from there: it is marked by
     * the last step, because both directions of an edge share one mark. */
    t->count++;
    return finish_arc(t, arc, n);
}

static int follow_all(tracer *t, int loops)
{
    for (int y = 0; y <= t->raster->height; y++) {
        for (int x = 0; x <= t->raster->width; x++) {
            int n = degree(t->raster, x, y);
            for (int d = 0; n && (loops || n > 2) && d < 4; d++) {
                int rc = follow(t, x, y, d);
                if (rc) {
                    return rc;
                }
            }
        }
    }
    return 0;
}

int wijk_town_trace(town_arc **out, size_t *count, const town_raster *raster, wijk_arena *arena)
{
    size_t corners = ((size_t)raster->width + 1) * ((size_t)raster->height + 1);
    tracer t = {.raster = raster, .arena = arena};
    int rc = WIJK_ENOMEM;
    t.seen = wijk_alloc(corners);
    /* Rounding doubles the points of a simplified line at most ROUNDINGS times. */
    t.path = wijk_alloc(corners * 2 * sizeof *t.path);
    t.spare = wijk_alloc(corners * 2 * sizeof *t.spare);
    if (t.seen && t.path && t.spare) {
        rc = follow_all(&t, 0);
    }
    if (!rc) {
        rc = follow_all(&t, 1);
    }
    *out = NULL;
    *count = t.count;
    if (!rc) {
        *out = wijk_arena_alloc(arena, t.count * sizeof **out);
        rc = *out ? 0 : WIJK_ENOMEM;
    }
    if (!rc) {
        memcpy(*out, t.arcs, t.count * sizeof **out);
    }
    wijk_free(t.arcs);
    wijk_free(t.seen);
    wijk_free(t.path);
    wijk_free(t.spare);
    return rc;
}

/* ---- outlines --------------------------------------------------------------------------- */

/* One closed line with its inside on the left. */
typedef struct {
    double *xy;
    size_t points;
    double area; /* m²; negative for a hole */
} ring;

static double signed_area(const double *xy, size_t n)
{
    double twice = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        twice += (xy[2 * j] - origin_x) * (xy[2 * i + 1] - origin_y) -
                 (xy[2 * i] - origin_x) * (xy[2 * j + 1] - origin_y);
    }
    return twice / 2;
}

static int holds(const ring *outer, const double *p)
{
    int odd = 0;
    for (size_t i = 0, j = outer->points - 1; i < outer->points; j = i++) {
        const double *a = outer->xy + 2 * i, *b = outer->xy + 2 * j;
        if ((a[1] > p[1]) != (b[1] > p[1]) &&
            p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]) {
            odd = !odd;
        }
    }
    return odd;
}

static int in_group(const int *group, int label, int which)
{
    return label != TOWN_OUTSIDE && group[label] == which;
}

/* How an arc bounds the group: 1 as drawn, -1 when followed backwards, 0 not at all. */
static int sense(const town_arc *arc, const int *group, int which)
{
    return in_group(group, arc->left, which) - in_group(group, arc->right, which);
}

/* Chains arcs from `start` until the line closes. `used` marks what was taken. */
static int chain(ring *out, const town_arc *arcs, size_t count, const int *group, int which,
                 unsigned char *used, size_t start, wijk_arena *arena)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < count; i++) {
        room += sense(&arcs[i], group, which) ? arcs[i].points : 0;
    }
    out->xy = wijk_arena_alloc(arena, room * 2 * sizeof *out->xy);
    if (!out->xy) {
        return WIJK_ENOMEM;
    }
    size_t at = start;
    long first = sense(&arcs[start], group, which) > 0 ? arcs[start].from : arcs[start].to;
    while (at < count) {
        const town_arc *arc = &arcs[at];
        int forward = sense(arc, group, which) > 0;
        used[at] = 1;
        for (size_t i = 0; i + 1 < arc->points; i++) { /* the last point begins the next arc */
            size_t k = forward ? i : arc->points - 1 - i;
            out->xy[2 * n] = arc->xy[2 * k];
            out->xy[2 * n++ + 1] = arc->xy[2 * k + 1];
        }
        long end = forward ? arc->to : arc->from;
        if (end == first) {
            break;
        }
        for (at = 0; at < count; at++) {
            int s = used[at] ? 0 : sense(&arcs[at], group, which);
            if (s && (s > 0 ? arcs[at].from : arcs[at].to) == end) {
                break;
            }
        }
    }
    out->points = n;
    out->area = signed_area(out->xy, n);
    return 0;
}

static void write_ring(wijk_str *out, const ring *line)
{
    wijk_str_addc(out, '[');
    for (size_t i = 0; line->points && i <= line->points; i++) {
        const double *p = line->xy + 2 * (i % line->points);
        wijk_str_add(out, i ? ",[" : "[");
        wijk_str_addi(out, (long long)p[0]);
        wijk_str_addc(out, ',');
        wijk_str_addi(out, (long long)p[1]);
        wijk_str_addc(out, ']');
    }
    wijk_str_addc(out, ']');
}

static void write_rings(wijk_str *out, const ring *rings, size_t n)
{
    wijk_str_add(out, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
    int polygons = 0;
    for (size_t i = 0; i < n; i++) {
        if (rings[i].area <= 0) {
            continue;
        }
        wijk_str_add(out, polygons++ ? ",[" : "[");
        write_ring(out, &rings[i]);
        for (size_t k = 0; k < n; k++) {
            if (rings[k].area < 0 && holds(&rings[i], rings[k].xy)) {
                wijk_str_addc(out, ',');
                write_ring(out, &rings[k]);
            }
        }
        wijk_str_addc(out, ']');
    }
    wijk_str_add(out, "]}");
}

int wijk_town_outline(wijk_str *out, const town_arc *arcs, size_t count, const int *group,
                      int which, wijk_arena *arena)
{
    unsigned char *used = wijk_arena_alloc(arena, count);
    ring *rings = wijk_arena_alloc(arena, count * sizeof *rings);
    if (!used || !rings) {
        return WIJK_ENOMEM;
    }
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (used[i] || !sense(&arcs[i], group, which)) {
            continue;
        }
        int rc = chain(&rings[n++], arcs, count, group, which, used, i, arena);
        if (rc) {
            return rc;
        }
    }
    write_rings(out, rings, n);
    return wijk_str_status(out);
}
