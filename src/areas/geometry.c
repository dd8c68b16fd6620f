/* A shape: rings of points, built one point at a time and measured. What has one right answer for
 * simple outlines (area, box, a point inside) is plain arithmetic here; GEOS is asked only whether
 * an outline crosses itself and how large it then is. */
#include "areas/geometry.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <string.h>

void wijk_shape_free(wijk_shape *shape)
{
    wijk_free(shape->xy);
    wijk_free(shape->ring);
    wijk_free(shape->hole);
    *shape = (wijk_shape)WIJK_SHAPE_INIT;
}

void wijk_shape_clear(wijk_shape *shape)
{
    shape->rings = shape->points = 0;
    shape->outer = 0;
    if (shape->ring) {
        shape->ring[0] = 0;
    }
}

static int grow_rings(wijk_shape *shape)
{
    size_t room = shape->rings_room ? shape->rings_room * 2 : 16;
    size_t *ring = wijk_realloc(shape->ring, (room + 1) * sizeof *ring);
    if (!ring) {
        return WIJK_ENOMEM;
    }
    shape->ring = ring;
    unsigned char *hole = wijk_realloc(shape->hole, room);
    if (!hole) {
        return WIJK_ENOMEM;
    }
    shape->hole = hole;
    shape->rings_room = room;
    return WIJK_OK;
}

int wijk_shape_begin(wijk_shape *shape, int hole)
{
    if (shape->rings == shape->rings_room) {
        int rc = grow_rings(shape);
        if (rc) {
            return rc;
        }
    }
    shape->hole[shape->rings] = hole != 0;
    shape->ring[shape->rings++] = shape->points;
    shape->ring[shape->rings] = shape->points;
    return WIJK_OK;
}

int wijk_shape_point(wijk_shape *shape, double x, double y)
{
    if (shape->points == shape->points_room) {
        if (shape->points >= WIJK_MAX_POINTS) {
            return wijk_fail(WIJK_ELIMIT, "Een vorm heeft meer dan %u punten.",
                             "A shape has more than %u points.", WIJK_MAX_POINTS);
        }
        size_t room = shape->points_room ? shape->points_room * 2 : 256;
        double *xy = wijk_realloc(shape->xy, room * 2 * sizeof *xy);
        if (!xy) {
            return WIJK_ENOMEM;
        }
        shape->xy = xy;
        shape->points_room = room;
    }
    size_t first = shape->ring[shape->rings - 1];
    if (shape->points > first) {
        const double *last = shape->xy + 2 * (shape->points - 1);
        if (last[0] == x && last[1] == y) {
            return WIJK_OK;
        }
    }
    shape->xy[2 * shape->points] = x;
    shape->xy[2 * shape->points + 1] = y;
    shape->ring[shape->rings] = ++shape->points;
    return WIJK_OK;
}

void wijk_shape_end(wijk_shape *shape)
{
    size_t first = shape->ring[shape->rings - 1];
    while (shape->points > first + 1) {
        const double *start = shape->xy + 2 * first;
        const double *last = shape->xy + 2 * (shape->points - 1);
        if (last[0] != start[0] || last[1] != start[1]) {
            break;
        }
        shape->points--;
    }
    int hole = shape->hole[shape->rings - 1];
    int kept = shape->points >= first + 3 && (!hole || shape->outer);
    if (!hole) {
        shape->outer = kept;
    }
    if (!kept) {
        shape->points = first;
        shape->rings--;
    }
    shape->ring[shape->rings] = shape->points;
}

double wijk_ring_area(const double *xy, size_t points)
{
    if (points < 3) {
        return 0;
    }
    /* Relative to the first point: RD coordinates are large, and their products would eat digits.
     */
    double twice = 0, ox = xy[0], oy = xy[1];
    for (size_t i = 1; i + 1 < points; i++) {
        double ax = xy[2 * i] - ox, ay = xy[2 * i + 1] - oy;
        double bx = xy[2 * i + 2] - ox, by = xy[2 * i + 3] - oy;
        twice += ax * by - bx * ay;
    }
    return twice / 2;
}

int wijk_shape_holds(const wijk_shape *shape, double x, double y)
{
    int inside = 0;
    for (size_t r = 0; r < shape->rings; r++) {
        size_t first = shape->ring[r], end = shape->ring[r + 1];
        for (size_t i = first, j = end - 1; i < end; j = i++) {
            const double *a = shape->xy + 2 * i, *b = shape->xy + 2 * j;
            if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])) {
                inside = !inside;
            }
        }
    }
    return inside;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the outline crosses the horizontal at y; `xs` has room for all points. Sorted. */
static size_t crossings(double *xs, const wijk_shape *shape, double y)
{
    size_t count = 0;
    for (size_t r = 0; r < shape->rings; r++) {
        size_t first = shape->ring[r], end = shape->ring[r + 1];
        for (size_t i = first, j = end - 1; i < end; j = i++) {
            const double *a = shape->xy + 2 * i, *b = shape->xy + 2 * j;
            if ((a[1] > y) != (b[1] > y)) {
                xs[count++] = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            }
        }
    }
    qsort(xs, count, sizeof *xs, by_value);
    return count;
}

/* Lowest and highest y of the largest ring: labels belong in the largest part. */
static void height_of_largest(double y[2], const wijk_shape *shape)
{
    double largest = -1;
    for (size_t r = 0; r < shape->rings; r++) {
        size_t first = shape->ring[r], end = shape->ring[r + 1];
        double area = fabs(wijk_ring_area(shape->xy + 2 * first, end - first));
        if (area <= largest) {
            continue;
        }
        largest = area;
        y[0] = y[1] = shape->xy[2 * first + 1];
        for (size_t i = first; i < end; i++) {
            y[0] = fmin(y[0], shape->xy[2 * i + 1]);
            y[1] = fmax(y[1], shape->xy[2 * i + 1]);
        }
    }
}

/* The middle of the widest inside stretch on seven horizontals: a place for a label, and inside by
 * construction. The horizontals lie at odd fractions so that they rarely run through a vertex. */
static int point_inside(wijk_measure *m, const wijk_shape *shape)
{
    static const double heights[] = {0.4987, 0.3791, 0.6203, 0.2609, 0.7411, 0.1303, 0.8707};
    double *xs = wijk_alloc(shape->points * sizeof *xs);
    if (!xs) {
        return WIJK_ENOMEM;
    }
    double widest = 0, range[2] = {m->y0, m->y1};
    height_of_largest(range, shape);
    m->x = (m->x0 + m->x1) / 2;
    m->y = (m->y0 + m->y1) / 2;
    for (size_t h = 0; h < sizeof heights / sizeof *heights; h++) {
        double y = range[0] + (range[1] - range[0]) * heights[h];
        size_t count = crossings(xs, shape, y);
        for (size_t i = 0; i + 1 < count; i += 2) {
            /* A horizontal off the middle must win clearly, or labels would sit at an edge. */
            double width = (xs[i + 1] - xs[i]) * (1 - fabs(heights[h] - 0.5));
            if (width > widest) {
                widest = width;
                m->x = (xs[i] + xs[i + 1]) / 2;
                m->y = y;
            }
        }
    }
    wijk_free(xs);
    return WIJK_OK;
}

static void measure_rings(wijk_measure *m, const wijk_shape *shape)
{
    m->x0 = m->x1 = shape->xy[0];
    m->y0 = m->y1 = shape->xy[1];
    for (size_t r = 0; r < shape->rings; r++) {
        size_t first = shape->ring[r], end = shape->ring[r + 1];
        double area = fabs(wijk_ring_area(shape->xy + 2 * first, end - first));
        m->area += shape->hole[r] ? -area : area;
        for (size_t i = first, j = end - 1; i < end; j = i++) {
            const double *a = shape->xy + 2 * i, *b = shape->xy + 2 * j;
            m->perimeter += hypot(a[0] - b[0], a[1] - b[1]);
            m->x0 = fmin(m->x0, a[0]);
            m->x1 = fmax(m->x1, a[0]);
            m->y0 = fmin(m->y0, a[1]);
            m->y1 = fmax(m->y1, a[1]);
        }
    }
}

int wijk_shape_measure(wijk_measure *out, const wijk_shape *shape)
{
    *out = (wijk_measure){0};
    if (!shape->rings) {
        return wijk_fail(WIJK_EFORMAT, "Een vorm zonder oppervlak.", "A shape without area.");
    }
    measure_rings(out, shape);
    int rc = wijk_geos_crosses(&out->crosses, &out->area, shape);
    if (!rc && !(out->area > 0)) {
        rc = wijk_fail(WIJK_EFORMAT, "Een vorm zonder oppervlak.", "A shape without area.");
    }
    return rc ? rc : point_inside(out, shape);
}

int wijk_square_box(double box[4], const char *code)
{
    /* 'E' and four digits, 'N' and four digits, nothing else. */
    if (strlen(code) != 10 || code[0] != 'E' || code[5] != 'N') {
        return 0;
    }
    int east = 0, north = 0;
    for (int i = 1; i < 5; i++) {
        if (code[i] < '0' || code[i] > '9' || code[i + 5] < '0' || code[i + 5] > '9') {
            return 0;
        }
        east = east * 10 + (code[i] - '0');
        north = north * 10 + (code[i + 5] - '0');
    }
    box[0] = east * 100.0;
    box[1] = north * 100.0;
    box[2] = box[0] + 100;
    box[3] = box[1] + 100;
    return 1;
}
