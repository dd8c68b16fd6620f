/* The grid behind radius and nearest people. */
#include "measure/near.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <math.h>

enum { MAX_SIDE = NEAR_RUNS - 1 };

int measure_places_check(const double *x, const double *y, size_t areas)
{
    for (size_t i = 0; i < areas; i++) {
        if (!(fabs(x[i]) <= WIJK_MAX_METRES) || !(fabs(y[i]) <= WIJK_MAX_METRES)) {
            return wijk_fail(WIJK_EINVAL, "Rij %zu heeft geen plaats (x en y in meters).",
                             "Row %zu has no place (x and y in metres).", i + 1);
        }
    }
    return WIJK_OK;
}

void near_free(near_grid *grid)
{
    wijk_free(grid->x);
    wijk_free(grid->y);
    wijk_free(grid->area);
    wijk_free(grid->start);
}

/* The column (or row) of a coordinate, held within the grid. */
static size_t slot(double at, double origin, double per_metre, size_t slots)
{
    double s = (at - origin) * per_metre;
    return s < 0 ? 0 : s < (double)slots ? (size_t)s : slots - 1;
}

static void lay(near_grid *g, const double *x, const double *y, const measure_margins *margins,
                size_t areas, double width)
{
    double x1 = -INFINITY, y1 = -INFINITY;
    g->x0 = g->y0 = INFINITY;
    for (size_t i = 0; i < areas; i++) {
        if (margins->row[i] > 0) {
            g->x0 = fmin(g->x0, x[i]);
            x1 = fmax(x1, x[i]);
            g->y0 = fmin(g->y0, y[i]);
            y1 = fmax(y1, y[i]);
            g->n++;
        }
    }
    double widest = g->n ? fmax(x1 - g->x0, y1 - g->y0) : 0;
    g->width = fmax(width, widest / (MAX_SIDE - 1));
    g->per_metre = 1 / g->width;
    g->columns = g->n ? (size_t)((x1 - g->x0) / g->width) + 1 : 1;
    g->rows = g->n ? (size_t)((y1 - g->y0) / g->width) + 1 : 1;
}

/* How far east in its cell, in 64ths. */
static size_t fine_column(const near_grid *g, double x)
{
    double columns = (x - g->x0) * g->per_metre;
    return (size_t)(64 * (columns - floor(columns))) & 63;
}

/* The areas with people, from west to east within whatever cell they are in. */
static void from_west(uint32_t *order, const near_grid *g, const double *x,
                      const measure_margins *margins, size_t areas)
{
    uint32_t start[65] = {0};
    for (size_t i = 0; i < areas; i++) {
        start[fine_column(g, x[i]) + 1] += margins->row[i] > 0;
    }
    for (size_t c = 1; c < 65; c++) {
        start[c] += start[c - 1];
    }
    for (size_t i = 0; i < areas; i++) {
        if (margins->row[i] > 0) {
            order[start[fine_column(g, x[i])]++] = (uint32_t)i;
        }
    }
}

int near_set(near_grid *out, const double *x, const double *y, const measure_margins *margins,
             size_t areas, double width)
{
    *out = (near_grid){0};
    int rc = measure_places_check(x, y, areas);
    if (rc) {
        return rc;
    }
    lay(out, x, y, margins, areas, width);
    size_t cells = out->columns * out->rows;
    out->x = wijk_alloc((out->n + NEAR_SPARE) * sizeof *out->x);
    out->y = wijk_alloc((out->n + NEAR_SPARE) * sizeof *out->y);
    out->area = wijk_alloc(out->n * sizeof *out->area);
    out->start = wijk_alloc((cells + 2) * sizeof *out->start);
    uint32_t *cell = wijk_alloc(areas * sizeof *cell);
    uint32_t *order = wijk_alloc(out->n * sizeof *order);
    if (!out->x || !out->y || !out->area || !out->start || !cell || !order) {
        wijk_free(order);
        wijk_free(cell);
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < areas; i++) {
        if (margins->row[i] > 0) {
            cell[i] = (uint32_t)(slot(y[i], out->y0, out->per_metre, out->rows) * out->columns +
                                 slot(x[i], out->x0, out->per_metre, out->columns));
            out->start[cell[i] + 2]++;
        }
    }
    for (size_t c = 2; c < cells + 2; c++) {
        out->start[c] += out->start[c - 1];
    }
    from_west(order, out, x, margins, areas);
    for (size_t k = 0; k < out->n; k++) {
        uint32_t i = order[k], at = out->start[cell[i] + 1]++;
        out->x[at] = x[i];
        out->y[at] = y[i];
        out->area[at] = i;
    }
    wijk_free(order);
    wijk_free(cell);
    return WIJK_OK;
}

size_t near_runs(near_run runs[NEAR_RUNS], const near_grid *grid, double x, double y, double radius)
{
    const near_grid *g = grid;
    double slack = 1e-6 * g->width; /* far above the rounding of a coordinate, far below a cell */
    size_t n = 0, top = slot(y + radius + slack, g->y0, g->per_metre, g->rows);
    for (size_t row = slot(y - radius - slack, g->y0, g->per_metre, g->rows); row <= top; row++) {
        double south = g->y0 + (double)row * g->width;
        double dy = fmax(0, fmax(south - y, y - south - g->width) - slack);
        double half = sqrt(fmax(0, radius * radius - dy * dy)) + slack;
        size_t from = row * g->columns + slot(x - half, g->x0, g->per_metre, g->columns);
        size_t to = row * g->columns + slot(x + half, g->x0, g->per_metre, g->columns);
        near_run run = {g->start[from], g->start[to + 1]};
        if (run.first < run.end) {
            runs[n++] = run;
        }
    }
    return n;
}
