/* Spatial segregation over radii. Areas are sorted into square cells as wide as the largest radius,
 * so a surrounding is looked for in nine cells; each pair is visited once from each side and added
 * to every radius that reaches it. No matrix of pairs is ever made. */
#include "wijk/scale.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { MAX_RADII = 16, MAX_SIDE = 2048 };

typedef struct {
    const double *radii, *counts, *x, *y;
    size_t n, areas, groups;
    enum wijk_kernel kernel;
    measure_margins margins;
    double x0, y0, width; /* of the grid */
    size_t columns, rows;
    uint32_t *start, *order; /* areas with people by cell */
} scene;

static void scene_free(scene *s)
{
    measure_margins_free(&s->margins);
    wijk_free(s->start);
    wijk_free(s->order);
}

static int check(const scene *s)
{
    for (size_t k = 0; k < s->n; k++) {
        if (!(s->radii[k] > (k ? s->radii[k - 1] : 0)) || !isfinite(s->radii[k])) {
            return wijk_fail(WIJK_EINVAL, "Stralen moeten boven nul en oplopend zijn.",
                             "Radii must be above zero and ascending.");
        }
    }
    for (size_t i = 0; i < s->areas; i++) {
        if (!isfinite(s->x[i]) || !isfinite(s->y[i])) {
            return wijk_fail(WIJK_EINVAL, "Rij %zu heeft geen plaats (x en y in meters).",
                             "Row %zu has no place (x and y in metres).", i + 1);
        }
    }
    return s->n && s->n <= MAX_RADII
               ? WIJK_OK
               : wijk_fail(WIJK_ELIMIT, "Geef 1 tot %d stralen.", "Give 1 to %d radii.", MAX_RADII);
}

static size_t cell_of(const scene *s, size_t i)
{
    size_t column = (size_t)((s->x[i] - s->x0) / s->width);
    size_t row = (size_t)((s->y[i] - s->y0) / s->width);
    return row * s->columns + column;
}

/* Cells at least as wide as the largest radius; wider when the places are far apart. */
static void lay_grid(scene *s)
{
    double x1 = s->x0 = s->areas ? s->x[0] : 0, y1 = s->y0 = s->areas ? s->y[0] : 0;
    for (size_t i = 1; i < s->areas; i++) {
        s->x0 = fmin(s->x0, s->x[i]);
        x1 = fmax(x1, s->x[i]);
        s->y0 = fmin(s->y0, s->y[i]);
        y1 = fmax(y1, s->y[i]);
    }
    double widest = fmax(x1 - s->x0, y1 - s->y0);
    s->width = fmax(s->radii[s->n - 1], widest / MAX_SIDE);
    s->columns = (size_t)((x1 - s->x0) / s->width) + 1;
    s->rows = (size_t)((y1 - s->y0) / s->width) + 1;
}

static int scene_set(scene *s)
{
    int rc = check(s);
    rc = rc ? rc : measure_margins_take(&s->margins, s->counts, s->areas, s->groups);
    if (rc) {
        return rc;
    }
    lay_grid(s);
    size_t cells = s->columns * s->rows;
    s->start = wijk_alloc((cells + 2) * sizeof *s->start);
    s->order = wijk_alloc(s->areas * sizeof *s->order);
    if (!s->start || !s->order) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < s->areas; i++) {
        s->start[cell_of(s, i) + 2] += s->margins.row[i] > 0;
    }
    for (size_t c = 2; c < cells + 2; c++) {
        s->start[c] += s->start[c - 1];
    }
    for (size_t i = 0; i < s->areas; i++) {
        if (s->margins.row[i] > 0) {
            s->order[s->start[cell_of(s, i) + 1]++] = (uint32_t)i;
        }
    }
    return WIJK_OK;
}

static double weight_of(enum wijk_kernel kernel, double squared, double radius)
{
    double q = 1 - squared / (radius * radius);
    return q <= 0 ? 0 : kernel == WIJK_KERNEL_FLAT ? 1 : q * q;
}

/* What the people of area i meet: met[radius][group], and how many areas that are. */
static void surroundings(const scene *s, size_t i, double *met, double *areas_met)
{
    memset(met, 0, s->n * s->groups * sizeof *met);
    memset(areas_met, 0, s->n * sizeof *areas_met);
    size_t cell = cell_of(s, i), column = cell % s->columns, row = cell / s->columns;
    double largest = s->radii[s->n - 1] * s->radii[s->n - 1];
    for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < s->rows; r++) {
        size_t first = r * s->columns + (column ? column - 1 : 0);
        size_t last = r * s->columns + (column + 1 < s->columns ? column + 1 : column);
        for (uint32_t at = s->start[first]; at < s->start[last + 1]; at++) {
            size_t j = s->order[at];
            double dx = s->x[j] - s->x[i], dy = s->y[j] - s->y[i], squared = dx * dx + dy * dy;
            if (squared >= largest) {
                continue;
            }
            for (size_t k = s->n; k-- > 0;) {
                double w = weight_of(s->kernel, squared, s->radii[k]);
                if (w == 0) {
                    break; /* smaller radii do not reach it either */
                }
                areas_met[k]++;
                for (size_t g = 0; g < s->groups; g++) {
                    met[k * s->groups + g] += w * s->counts[j * s->groups + g];
                }
            }
        }
    }
}

typedef struct {
    wijk_sum entropy, deviation, simpson, neighbours, people;
} sums;

/* One surrounding into the sums of its radius, weighted by the people who stand there. */
static void add_surrounding(sums *sum, const scene *s, double here, const double *met, double areas)
{
    double total = 0, simpson = 0, entropy = 0, deviation = 0;
    for (size_t g = 0; g < s->groups; g++) {
        total += met[g];
    }
    for (size_t g = 0; g < s->groups; g++) {
        double p = met[g] / total;
        entropy -= p > 0 ? p * log(p) : 0;
        simpson += p * (1 - p);
        deviation += fabs(p - s->margins.column[g] / s->margins.total);
    }
    wijk_sum_add(&sum->entropy, here * entropy);
    wijk_sum_add(&sum->deviation, here * deviation);
    wijk_sum_add(&sum->simpson, here * simpson);
    wijk_sum_add(&sum->neighbours, here * areas);
    wijk_sum_add(&sum->people, here * total);
}

static wijk_scale finish(const sums *sum, const scene *s, double radius)
{
    double total = s->margins.total, simpson = 0;
    for (size_t g = 0; g < s->groups; g++) {
        double p = s->margins.column[g] / total;
        simpson += p * (1 - p);
    }
    double entropy = measure_entropy(s->margins.column, s->groups, total);
    int two = s->margins.groups >= 2;
    return (wijk_scale){
        .radius = radius,
        .theil = two ? 1 - wijk_sum_value(&sum->entropy) / (total * entropy) : NAN,
        .dissimilarity = two ? wijk_sum_value(&sum->deviation) / (2 * total * simpson) : NAN,
        .relative = two ? 1 - wijk_sum_value(&sum->simpson) / (total * simpson) : NAN,
        .neighbours = wijk_sum_value(&sum->neighbours) / total,
        .people = wijk_sum_value(&sum->people) / total,
    };
}

typedef void (*visit_fn)(void *payload, const scene *s, size_t area, const double *met,
                         const double *areas_met);

static int visit_all(scene *s, visit_fn visit, void *payload, wijk_ctx *ctx)
{
    int rc = scene_set(s);
    double *met = rc ? NULL : wijk_alloc(s->n * s->groups * sizeof *met);
    double areas_met[MAX_RADII];
    rc = rc ? rc : met ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < s->areas; i++) {
        if (s->margins.row[i] > 0) {
            surroundings(s, i, met, areas_met);
            visit(payload, s, i, met, areas_met);
        }
        rc = i % 256 ? WIJK_OK : wijk_checkpoint(ctx);
    }
    wijk_free(met);
    return rc;
}

static void visit_indices(void *payload, const scene *s, size_t area, const double *met,
                          const double *areas_met)
{
    sums *all = payload;
    for (size_t k = 0; k < s->n; k++) {
        add_surrounding(&all[k], s, s->margins.row[area], met + k * s->groups, areas_met[k]);
    }
}

int wijk_segregation_scale(wijk_scale *out, const double *radii, size_t n, enum wijk_kernel kernel,
                           const double *counts, const double *x, const double *y, size_t areas,
                           size_t groups, wijk_ctx *ctx)
{
    scene s = {.radii = radii,
               .counts = counts,
               .x = x,
               .y = y,
               .n = n,
               .areas = areas,
               .groups = groups,
               .kernel = kernel};
    sums all[MAX_RADII] = {0};
    int rc = visit_all(&s, visit_indices, all, ctx);
    for (size_t k = 0; !rc && k < n; k++) {
        out[k] = finish(&all[k], &s, radii[k]);
    }
    scene_free(&s);
    return rc;
}

typedef struct {
    size_t group, other;
    wijk_sum met[MAX_RADII];
} meeting;

static void visit_meeting(void *payload, const scene *s, size_t area, const double *met,
                          const double *areas_met)
{
    (void)areas_met;
    meeting *m = payload;
    for (size_t k = 0; k < s->n; k++) {
        double total = 0;
        for (size_t g = 0; g < s->groups; g++) {
            total += met[k * s->groups + g];
        }
        wijk_sum_add(&m->met[k], s->counts[area * s->groups + m->group] *
                                     (met[k * s->groups + m->other] / total));
    }
}

int wijk_exposure_scale(double *out, const double *radii, size_t n, enum wijk_kernel kernel,
                        const double *counts, const double *x, const double *y, size_t areas,
                        size_t groups, size_t group, size_t other, wijk_ctx *ctx)
{
    if (group >= groups || other >= groups) {
        return wijk_fail(WIJK_EINVAL, "Er zijn maar %zu groepen.", "There are only %zu groups.",
                         groups);
    }
    scene s = {.radii = radii,
               .counts = counts,
               .x = x,
               .y = y,
               .n = n,
               .areas = areas,
               .groups = groups,
               .kernel = kernel};
    meeting m = {.group = group, .other = other};
    int rc = visit_all(&s, visit_meeting, &m, ctx);
    for (size_t k = 0; !rc && k < n; k++) {
        out[k] = wijk_sum_value(&m.met[k]) / s.margins.column[group];
    }
    scene_free(&s);
    return rc;
}
