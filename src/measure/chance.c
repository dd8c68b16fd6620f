/* What the indices are when people are dealt at random over areas of the same size: exact, by
 * summing each cell's hypergeometric distribution from its mode outwards until the terms vanish.
 * Cells of equal area size and group share one sum. */
#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double information; /* E[x log(x / mean)]: its sum over the cells is T times the expected M */
    double deviation;   /* E|x - mean| */
} moments;

typedef struct {
    double total, members, size; /* `size` drawn from `total`, of whom `members` are of the group */
} draw;

typedef struct {
    double mass, information, deviation;
} weighted;

static void add_term(weighted *sum, double x, double mean, double probability)
{
    sum->mass += probability;
    sum->information += probability * (x > 0 ? x * log(x / mean) : 0);
    sum->deviation += probability * fabs(x - mean);
}

/* From the mode to one side, probabilities relative to the mode's: their ratios are exact
 * rationals, so no lgamma is needed and nothing large cancels. Ends where a term no longer changes
 * the sums. */
static weighted walk(draw d, double mode, int step, double mean)
{
    weighted sum = {0, 0, 0};
    double probability = 1;
    for (double x = mode; probability > 1e-22;) {
        probability *= step > 0 ? (d.members - x) * (d.size - x) /
                                      ((x + 1) * (d.total - d.members - d.size + x + 1))
                                : x * (d.total - d.members - d.size + x) /
                                      ((d.members - x + 1) * (d.size - x + 1));
        x += step;
        if (probability > 0) {
            add_term(&sum, x, mean, probability);
        }
    }
    return sum;
}

static moments cell_moments(draw d)
{
    double mode = floor((d.size + 1) * (d.members + 1) / (d.total + 2));
    double mean = d.size * (d.members / d.total);
    weighted at = {0, 0, 0}, up = walk(d, mode, 1, mean), down = walk(d, mode, -1, mean);
    add_term(&at, mode, mean, 1);
    double mass = at.mass + up.mass + down.mass;
    return (moments){(at.information + up.information + down.information) / mass,
                     (at.deviation + up.deviation + down.deviation) / mass};
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sums one group over the areas; `sizes` are sorted, so equal sizes share a cell. */
static int group_moments(moments *out, const double *sizes, size_t areas, double total,
                         double members, wijk_ctx *ctx)
{
    wijk_sum information = {0, 0}, deviation = {0, 0};
    moments cell = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        if (i == 0 || sizes[i] != sizes[i - 1]) {
            cell = cell_moments((draw){total, members, sizes[i]});
        }
        wijk_sum_add(&information, cell.information);
        wijk_sum_add(&deviation, cell.deviation);
        int rc = i % 1024 ? WIJK_OK : wijk_checkpoint(ctx);
        if (rc) {
            return rc;
        }
    }
    *out = (moments){wijk_sum_value(&information), wijk_sum_value(&deviation)};
    return WIJK_OK;
}

static int expect(wijk_segregation_chance *out, measure_margins *m, size_t areas, size_t groups,
                  wijk_ctx *ctx)
{
    qsort(m->row, areas, sizeof *m->row, ascending);
    const double *sizes = m->row + (areas - m->areas);
    wijk_sum information = {0, 0}, deviation = {0, 0};
    double simpson = 0;
    for (size_t g = 0; g < groups; g++) {
        if (m->column[g] > 0) {
            moments sums;
            int rc = group_moments(&sums, sizes, m->areas, m->total, m->column[g], ctx);
            if (rc) {
                return rc;
            }
            wijk_sum_add(&information, sums.information);
            wijk_sum_add(&deviation, sums.deviation);
            simpson += m->column[g] / m->total * (1 - m->column[g] / m->total);
        }
    }
    out->mutual = fmax(0, wijk_sum_value(&information) / m->total);
    out->theil = out->mutual / measure_entropy(m->column, groups, m->total);
    out->dissimilarity = wijk_sum_value(&deviation) / (2 * m->total * simpson);
    return WIJK_OK;
}

int wijk_segregation_expected(wijk_segregation_chance *out, const double *counts, size_t areas,
                              size_t groups, wijk_ctx *ctx)
{
    *out = (wijk_segregation_chance){NAN, NAN, NAN};
    double *whole = wijk_alloc(areas * groups * sizeof *whole);
    if (!whole) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < areas * groups; i++) {
        whole[i] = round(counts[i]);
    }
    measure_margins m = {0};
    int rc = measure_margins_take(&m, whole, areas, groups);
    if (!rc && m.groups >= 2) {
        rc = expect(out, &m, areas, groups, ctx);
    }
    measure_margins_free(&m);
    wijk_free(whole);
    return rc;
}
