/* Evenness, exposure and information indices from one table of counts. The margins are taken once;
 * every index is then one pass over the cells with compensated sums. */
#include "wijk/segregation.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

static int bad_count(size_t area, size_t group)
{
    return wijk_fail(
        WIJK_EINVAL,
        "Rij %zu, groep %zu: een aantal moet nul of meer zijn en eindig. Verbeter dat getal.",
        "Row %zu, group %zu: a count must be zero or more and finite. Mend that number.", area + 1,
        group + 1);
}

void measure_margins_free(measure_margins *margins)
{
    wijk_free(margins->row);
    wijk_free(margins->column);
    margins->row = margins->column = NULL;
}

static int add_row(measure_margins *out, wijk_sum *columns, const double *row, size_t area,
                   size_t groups)
{
    wijk_sum sum = {0, 0};
    for (size_t g = 0; g < groups; g++) {
        if (!(row[g] >= 0) || !isfinite(row[g])) {
            return bad_count(area, g);
        }
        wijk_sum_add(&sum, row[g]);
        wijk_sum_add(&columns[g], row[g]);
    }
    out->row[area] = wijk_sum_value(&sum);
    out->areas += out->row[area] > 0;
    return WIJK_OK;
}

int measure_margins_take(measure_margins *out, const double *counts, size_t areas, size_t groups)
{
    memset(out, 0, sizeof *out);
    if (groups == 0) {
        return wijk_fail(WIJK_EINVAL, "Er is geen enkele groep opgegeven.", "No group was given.");
    }
    out->row = wijk_alloc(areas * sizeof *out->row);
    out->column = wijk_alloc(groups * sizeof *out->column);
    wijk_sum *columns = wijk_alloc(groups * sizeof *columns);
    int rc = out->row && out->column && columns ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < areas; i++) {
        rc = add_row(out, columns, counts + i * groups, i, groups);
    }
    wijk_sum total = {0, 0};
    for (size_t g = 0; !rc && g < groups; g++) {
        out->column[g] = wijk_sum_value(&columns[g]);
        out->groups += out->column[g] > 0;
        wijk_sum_add(&total, out->column[g]);
    }
    out->total = wijk_sum_value(&total);
    wijk_free(columns);
    if (rc) {
        measure_margins_free(out);
    }
    return rc;
}

double measure_entropy(const double *parts, size_t n, double total)
{
    wijk_sum sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        double share = parts[i] / total;
        wijk_sum_add(&sum, share > 0 ? -share * log(share) : 0);
    }
    return wijk_sum_value(&sum);
}

/* M = sum of x/T log(x T / (row column)). */
static double mutual_information(const double *counts, size_t areas, size_t groups,
                                 const measure_margins *m)
{
    wijk_sum sum = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        for (size_t g = 0; g < groups; g++) {
            double x = counts[i * groups + g];
            if (x > 0) {
                wijk_sum_add(&sum, x * log(x / m->row[i] * (m->total / m->column[g])));
            }
        }
    }
    double value = wijk_sum_value(&sum) / m->total;
    return value > 0 ? value : 0;
}

/* Sum over pairs of t_i t_j |p_i - p_j|: once sorted, each area adds its share times (people before
 * it - people after it). Ties add nothing whatever their order. */
static double mean_difference(wijk_pair *scratch, const double *counts, size_t areas, size_t groups,
                              size_t group, const measure_margins *m)
{
    size_t n = 0;
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            scratch[n++] = (wijk_pair){counts[i * groups + group] / m->row[i], m->row[i]};
        }
    }
    wijk_sort_pairs(scratch, scratch + areas, n);
    wijk_sum sum = {0, 0};
    double before = 0;
    for (size_t i = 0; i < n; i++) {
        double after = m->total - before - scratch[i].weight;
        wijk_sum_add(&sum, scratch[i].weight * scratch[i].key * (before - after));
        before += scratch[i].weight;
    }
    return 2 * wijk_sum_value(&sum);
}

/* What is summed over areas for one group, of which all indices of evenness are made. */
typedef struct {
    double deviation; /* t |p - P| */
    double squared;   /* t (p - P)^2 */
    double gini;      /* t t' |p - p'| over all pairs */
} group_sums;

static group_sums sum_group(wijk_pair *scratch, const double *counts, size_t areas, size_t groups,
                            size_t group, const measure_margins *m)
{
    double share = m->column[group] / m->total;
    wijk_sum deviation = {0, 0}, squared = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            double off = counts[i * groups + group] / m->row[i] - share;
            wijk_sum_add(&deviation, m->row[i] * fabs(off));
            wijk_sum_add(&squared, m->row[i] * off * off);
        }
    }
    return (group_sums){wijk_sum_value(&deviation), wijk_sum_value(&squared),
                        mean_difference(scratch, counts, areas, groups, group, m)};
}

static void finish_all(wijk_segregation *out, const group_sums *sums, const double *counts,
                       size_t areas, size_t groups, const measure_margins *m)
{
    wijk_sum simpson = {0, 0}, deviation = {0, 0}, squared = {0, 0}, normed = {0, 0}, gini = {0, 0};
    for (size_t g = 0; g < groups; g++) {
        double share = m->column[g] / m->total;
        if (share > 0) {
            wijk_sum_add(&simpson, share * (1 - share));
            wijk_sum_add(&deviation, sums[g].deviation);
            wijk_sum_add(&squared, sums[g].squared);
            wijk_sum_add(&normed, sums[g].squared / share);
            wijk_sum_add(&gini, sums[g].gini);
        }
    }
    out->simpson = wijk_sum_value(&simpson);
    out->entropy = measure_entropy(m->column, groups, m->total);
    out->dissimilarity = wijk_sum_value(&deviation) / (2 * m->total * out->simpson);
    out->gini = wijk_sum_value(&gini) / (2 * m->total * m->total * out->simpson);
    out->mutual = mutual_information(counts, areas, groups, m);
    out->theil = out->mutual / out->entropy;
    out->relative = wijk_sum_value(&squared) / (m->total * out->simpson);
    out->variation = wijk_sum_value(&normed) / (m->total * (double)(m->groups - 1));
}

/* A(b) sums t (1 - p)^(1 - b) p^b; at the usual b = 1/2 both powers are one root. */
static void finish_group(wijk_segregation_group *out, const group_sums *sums, const double *counts,
                         size_t areas, size_t groups, size_t group, double shape,
                         const measure_margins *m)
{
    double members = m->column[group], rest = m->total - members, both[] = {members, rest};
    wijk_sum inside = {0, 0}, powers = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            double people = m->row[i], p = counts[i * groups + group] / people, q = 1 - p;
            wijk_sum_add(&inside, p > 0 && q > 0 ? -people * (p * log(p) + q * log(q)) : 0);
            wijk_sum_add(&powers,
                         people * (shape == 0.5 ? sqrt(p * q) : pow(q, 1 - shape) * pow(p, shape)));
        }
    }
    double entropy = measure_entropy(both, 2, m->total);
    out->dissimilarity = sums->deviation * m->total / (2 * members * rest);
    out->gini = sums->gini / (2 * members * rest);
    out->theil = fmax(0, 1 - wijk_sum_value(&inside) / (m->total * entropy));
    out->correlation = sums->squared * m->total / (members * rest);
    out->isolation = out->share + out->correlation * (1 - out->share);
    out->interaction = 1 - out->isolation;
    out->atkinson = 1 - members / rest * pow(wijk_sum_value(&powers) / members, 1 / (1 - shape));
}

/* Groups first ... end - 1 into each[0 ...]; `all` asks for every group. */
static int measure_groups(wijk_segregation *all, wijk_segregation_group *each, const double *counts,
                          size_t areas, size_t groups, size_t first, size_t end, double shape)
{
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    wijk_pair *scratch = rc ? NULL : wijk_alloc(2 * areas * sizeof *scratch);
    group_sums *sums = rc ? NULL : wijk_alloc(groups * sizeof *sums);
    rc = rc ? rc : scratch && sums ? WIJK_OK : WIJK_ENOMEM;
    for (size_t g = first; !rc && g < end; g++) {
        int defined = m.column[g] > 0 && m.groups >= 2;
        if (defined) {
            sums[g] = sum_group(scratch, counts, areas, groups, g, &m);
        }
        if (each) {
            wijk_segregation_group *out = &each[g - first];
            *out = (wijk_segregation_group){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
            out->share = m.column[g] / m.total;
            if (defined) {
                finish_group(out, &sums[g], counts, areas, groups, g, shape, &m);
            }
        }
    }
    if (!rc && all) {
        all->areas = m.areas;
        all->groups = m.groups;
        all->total = m.total;
        if (m.groups >= 2) {
            finish_all(all, sums, counts, areas, groups, &m);
        }
    }
    wijk_free(sums);
    wijk_free(scratch);
    measure_margins_free(&m);
    return rc;
}

int wijk_segregation_all(wijk_segregation *out, const double *counts, size_t areas, size_t groups)
{
    *out = (wijk_segregation){0, 0, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    return measure_groups(out, NULL, counts, areas, groups, 0, groups, 0.5);
}

static int check_shape(size_t last, size_t groups, double shape)
{
    return last < groups && shape > 0 && shape < 1
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL,
                           "Groep %zu van %zu, vorm %g: kies een groep die er is en 0 < b < 1.",
                           "Group %zu of %zu, shape %g: choose a group that exists and 0 < b < 1.",
                           last + 1, groups, shape);
}

int wijk_segregation_one(wijk_segregation_group *out, const double *counts, size_t areas,
                         size_t groups, size_t group, double shape)
{
    *out = (wijk_segregation_group){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    int rc = check_shape(group, groups, shape);
    return rc ? rc : measure_groups(NULL, out, counts, areas, groups, group, group + 1, shape);
}

int wijk_segregation_groups(wijk_segregation *all, wijk_segregation_group *each,
                            const double *counts, size_t areas, size_t groups, double shape)
{
    *all = (wijk_segregation){0, 0, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    int rc = groups ? check_shape(0, groups, shape) : WIJK_OK;
    return rc ? rc : measure_groups(all, each, counts, areas, groups, 0, groups, shape);
}

/* Who the average member of `group` meets of `other`. */
static double exposure(const double *counts, size_t areas, size_t groups, size_t group,
                       size_t other, const measure_margins *m)
{
    wijk_sum met = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            const double *row = counts + i * groups;
            wijk_sum_add(&met, row[group] * (row[other] / m->row[i]));
        }
    }
    return wijk_sum_value(&met) / m->column[group];
}

int wijk_segregation_exposure(double *out, const double *counts, size_t areas, size_t groups,
                              size_t group, size_t other)
{
    *out = NAN;
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    if (rc) {
        return rc;
    }
    if (group >= groups || other >= groups) {
        rc = wijk_fail(WIJK_EINVAL, "Er zijn maar %zu groepen.", "There are only %zu groups.",
                       groups);
    } else if (m.column[group] > 0) {
        *out = exposure(counts, areas, groups, group, other, &m);
    }
    measure_margins_free(&m);
    return rc;
}

int wijk_segregation_exposures(double *out, const double *counts, size_t areas, size_t groups)
{
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    if (rc) {
        return rc;
    }
    for (size_t x = 0; x < groups; x++) {
        for (size_t y = 0; y < groups; y++) {
            out[x * groups + y] = m.column[x] > 0 ? exposure(counts, areas, groups, x, y, &m) : NAN;
        }
    }
    measure_margins_free(&m);
    return WIJK_OK;
}

int wijk_segregation_local(double *divergence, double *entropy, const double *counts, size_t areas,
                           size_t groups)
{
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < areas; i++) {
        const double *row = counts + i * groups;
        wijk_sum sum = {0, 0};
        for (size_t g = 0; g < groups; g++) {
            double p = m.row[i] > 0 ? row[g] / m.row[i] : 0;
            if (p > 0) {
                wijk_sum_add(&sum, p * log(p * m.total / m.column[g]));
            }
        }
        int empty = !(m.row[i] > 0);
        if (divergence) {
            divergence[i] = empty ? NAN : fmax(0, wijk_sum_value(&sum));
        }
        if (entropy) {
            entropy[i] = empty ? NAN : measure_entropy(row, groups, m.row[i]);
        }
    }
    measure_margins_free(&m);
    return rc;
}

/* Adds the rows of each unit into one row per unit; *out is owned by the caller even on failure. */
static int unit_table(double **out, const double *counts, size_t areas, size_t groups,
                      const size_t *unit, size_t units)
{
    *out = wijk_alloc(units * groups * sizeof **out);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < areas; i++) {
        if (unit[i] >= units) {
            return wijk_fail(WIJK_EINVAL, "Rij %zu hoort bij eenheid %zu, maar er zijn er %zu.",
                             "Row %zu belongs to unit %zu, but there are %zu.", i + 1, unit[i] + 1,
                             units);
        }
        for (size_t g = 0; g < groups; g++) {
            (*out)[unit[i] * groups + g] += counts[i * groups + g];
        }
    }
    return WIJK_OK;
}

/* Adds to each unit the divergence of its areas from it. */
static void sum_within(wijk_sum *sums, const double *counts, size_t areas, size_t groups,
                       const size_t *unit, const double *table, const measure_margins *fine,
                       const measure_margins *coarse)
{
    for (size_t i = 0; i < areas; i++) {
        for (size_t g = 0; g < groups; g++) {
            double x = counts[i * groups + g];
            if (x > 0) {
                double whole = table[unit[i] * groups + g];
                wijk_sum_add(&sums[unit[i]],
                             x * log(x / fine->row[i] * (coarse->row[unit[i]] / whole)));
            }
        }
    }
}

int wijk_segregation_within(double *between, double *within, double *weight, const double *counts,
                            size_t areas, size_t groups, const size_t *unit, size_t units)
{
    measure_margins fine, coarse = {0};
    int rc = measure_margins_take(&fine, counts, areas, groups);
    if (rc) {
        return rc;
    }
    double *table = NULL;
    wijk_sum *sums = wijk_alloc(units * sizeof *sums);
    rc = sums ? unit_table(&table, counts, areas, groups, unit, units) : WIJK_ENOMEM;
    rc = rc ? rc : measure_margins_take(&coarse, table, units, groups);
    if (!rc) {
        sum_within(sums, counts, areas, groups, unit, table, &fine, &coarse);
    }
    for (size_t u = 0; !rc && coarse.row && u < units; u++) {
        if (within) {
            within[u] = coarse.row[u] > 0 ? wijk_sum_value(&sums[u]) / coarse.row[u] : NAN;
        }
        if (weight) {
            weight[u] = coarse.row[u] / coarse.total;
        }
    }
    if (!rc && between) {
        *between = coarse.total > 0 ? mutual_information(table, units, groups, &coarse) : NAN;
    }
    wijk_free(table);
    wijk_free(sums);
    measure_margins_free(&fine);
    measure_margins_free(&coarse);
    return rc;
}
