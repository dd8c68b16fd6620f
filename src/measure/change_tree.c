/* Where segregation lies: over the levels of a tree of areas, over groups, and over pairs of
 * groups. The idea: M obeys the chain rule of information, so each level adds what it knows beyond
 * the level above it; what R measures is a sum over pairs. */
#include "wijk/change.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

/* Adds the rows of each unit of a level into the row of its parent. */
static int climb(double *out, const double *table, size_t units, size_t groups,
                 const size_t *parent, size_t parents)
{
    for (size_t i = 0; i < units; i++) {
        if (parent[i] >= parents) {
            return wijk_fail(WIJK_EINVAL, "Eenheid %zu hoort bij eenheid %zu, maar er zijn er %zu.",
                             "Unit %zu belongs to unit %zu, but there are %zu.", i + 1,
                             parent[i] + 1, parents);
        }
        for (size_t g = 0; g < groups; g++) {
            out[parent[i] * groups + g] += table[i * groups + g];
        }
    }
    return WIJK_OK;
}

/* What the units of a level know beyond their parents: sum of x log of one share over the other. */
static double beyond(const double *table, const measure_margins *m, size_t units, size_t groups,
                     const double *above, const measure_margins *over, const size_t *parent)
{
    wijk_sum sum = {0, 0};
    for (size_t i = 0; i < units; i++) {
        for (size_t g = 0; g < groups; g++) {
            double x = table[i * groups + g];
            if (x > 0) {
                double whole = above[parent[i] * groups + g];
                wijk_sum_add(&sum, x * log(x / m->row[i] * (over->row[parent[i]] / whole)));
            }
        }
    }
    return fmax(0, wijk_sum_value(&sum) / m->total);
}

int wijk_change_tree(double *part, double *theil, const double *counts, size_t areas, size_t groups,
                     size_t levels, const size_t *size, const size_t *const *parent)
{
    static const size_t one = 1;
    double *own = NULL, *above = NULL;
    size_t *top = NULL;
    measure_margins m = {0}, over = {0};
    const double *table = counts;
    int rc = levels > 0 && size[0] == areas
                 ? WIJK_OK
                 : wijk_fail(WIJK_EINVAL, "Het onderste niveau moet de gebieden zelf tellen.",
                             "The lowest level must count the areas themselves.");
    for (size_t l = 0; !rc && l < levels; l++) {
        size_t parents = l + 1 < levels ? size[l + 1] : one;
        const size_t *to = l + 1 < levels ? parent[l] : (top = wijk_alloc(size[l] * sizeof *top));
        above = wijk_alloc(parents * groups * sizeof *above);
        rc = above && to ? measure_margins_take(&m, table, size[l], groups) : WIJK_ENOMEM;
        rc = rc ? rc : climb(above, table, size[l], groups, to, parents);
        rc = rc ? rc : measure_margins_take(&over, above, parents, groups);
        if (!rc) {
            double whole = m.total > 0 ? measure_entropy(m.column, groups, m.total) : NAN;
            part[l] = m.groups < 2 ? NAN : beyond(table, &m, size[l], groups, above, &over, to);
            if (theil) {
                theil[l] = part[l] / whole;
            }
        }
        measure_margins_free(&m);
        measure_margins_free(&over);
        wijk_free(own);
        table = own = above;
        above = NULL;
    }
    wijk_free(top);
    wijk_free(own);
    wijk_free(above);
    return rc;
}

void wijk_change_transpose(double *out, const double *counts, size_t areas, size_t groups)
{
    for (size_t i = 0; i < areas; i++) {
        for (size_t g = 0; g < groups; g++) {
            out[g * areas + i] = counts[i * groups + g];
        }
    }
}

int wijk_change_groups(double *share, double *local, const double *counts, size_t areas,
                       size_t groups)
{
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    if (rc) {
        return rc;
    }
    for (size_t g = 0; g < groups; g++) {
        wijk_sum sum = {0, 0};
        for (size_t i = 0; i < areas; i++) {
            double x = counts[i * groups + g];
            if (x > 0) {
                wijk_sum_add(&sum, x * log(x / m.row[i] * (m.total / m.column[g])));
            }
        }
        if (share) {
            share[g] = m.total > 0 ? m.column[g] / m.total : NAN;
        }
        if (local) {
            local[g] = m.column[g] > 0 ? fmax(0, wijk_sum_value(&sum) / m.column[g]) : NAN;
        }
    }
    measure_margins_free(&m);
    return rc;
}

/* The diversity of a pair that areas miss: its covariance over people, turned round. */
static double missed(const double *counts, size_t areas, size_t groups, const measure_margins *m,
                     size_t g, size_t h)
{
    wijk_sum sum = {0, 0};
    double p = m->column[g] / m->total, q = m->column[h] / m->total;
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            const double *row = counts + i * groups;
            wijk_sum_add(&sum, m->row[i] / m->total * (row[g] / m->row[i] - p) *
                                   (row[h] / m->row[i] - q));
        }
    }
    return -wijk_sum_value(&sum);
}

static int set_pair(double *part, double *mutual, double *dissimilarity, const double *counts,
                    size_t areas, size_t groups, size_t g, size_t h, double *two)
{
    size_t at = g * groups + h, mirror = h * groups + g;
    for (size_t i = 0; i < areas; i++) {
        two[i * 2] = counts[i * groups + g];
        two[i * 2 + 1] = counts[i * groups + h];
    }
    wijk_segregation all;
    int rc = wijk_segregation_all(&all, two, areas, 2);
    if (!rc && mutual) {
        mutual[at] = mutual[mirror] = all.mutual;
    }
    if (!rc && dissimilarity) {
        dissimilarity[at] = dissimilarity[mirror] = all.dissimilarity;
    }
    if (!rc && part) {
        part[mirror] = part[at];
    }
    return rc;
}

int wijk_change_pairs(double *part, double *mutual, double *dissimilarity, const double *counts,
                      size_t areas, size_t groups)
{
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    if (rc) {
        return rc;
    }
    double *two = wijk_alloc(areas * 2 * sizeof *two), simpson = 0;
    double *const matrices[] = {part, mutual, dissimilarity};
    for (size_t k = 0; k < 3; k++) {
        if (matrices[k]) {
            memset(matrices[k], 0, groups * groups * sizeof **matrices);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        double share = m.total > 0 ? m.column[g] / m.total : 0;
        simpson += share * (1 - share);
    }
    rc = two ? WIJK_OK : WIJK_ENOMEM;
    for (size_t g = 0; !rc && g < groups; g++) {
        for (size_t h = g + 1; !rc && h < groups; h++) {
            if (part) { /* both orders of the pair count in the diversity */
                int both = m.column[g] > 0 && m.column[h] > 0;
                part[g * groups + h] =
                    both ? 2 * missed(counts, areas, groups, &m, g, h) / simpson : NAN;
            }
            rc = set_pair(part, mutual, dissimilarity, counts, areas, groups, g, h, two);
        }
    }
    wijk_free(two);
    measure_margins_free(&m);
    return rc;
}
