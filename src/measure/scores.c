/* What each area adds to each index of one table of counts. */
#include "wijk/segregation.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>

/* Adds, for one group, sum over j of t_j |p_i - p_j| to each area's Gini: of the areas in order of
 * p, those before and after differ by sums that one pass carries along. */
static void add_gini(wijk_segregation_score *out, wijk_pair *order, const double *counts,
                     size_t areas, size_t groups, size_t group, const measure_margins *m)
{
    size_t n = 0;
    for (size_t i = 0; i < areas; i++) {
        if (m->row[i] > 0) {
            order[n++] = (wijk_pair){counts[i * groups + group] / m->row[i], (double)i};
        }
    }
    wijk_sort_pairs(order, order + areas, n);
    double people = 0, members = 0; /* of areas before this one */
    for (size_t k = 0; k < n; k++) {
        size_t i = (size_t)order[k].weight;
        double p = order[k].key;
        double after = m->total - people, members_after = m->column[group] - members;
        out[i].gini += p * people - members + members_after - p * after;
        people += m->row[i];
        members += counts[i * groups + group];
    }
}

/* One area against the whole; sums over groups, not yet divided by what the index is out of. */
static void add_area(wijk_segregation_score *out, const double *row, double people, size_t groups,
                     const measure_margins *m)
{
    for (size_t g = 0; g < groups; g++) {
        double share = m->column[g] / m->total, p = row[g] / people;
        if (share > 0) {
            out->dissimilarity += fabs(p - share);
            out->relative += (p - share) * (p - share);
            out->variation += (p - share) * (p - share) / share;
            out->mutual += p > 0 ? p * log(p / share) : 0;
            out->simpson += p * (1 - p);
        }
    }
    out->entropy = measure_entropy(row, groups, people);
}

static void divide(wijk_segregation_score *s, double simpson, double entropy,
                   const measure_margins *m)
{
    int two = m->groups >= 2;
    s->dissimilarity = two ? s->dissimilarity / (2 * simpson) : NAN;
    s->gini = two ? fmax(0, s->gini) / (2 * m->total * simpson) : NAN;
    s->relative = two ? s->relative / simpson : NAN;
    s->variation = two ? s->variation / (double)(m->groups - 1) : NAN;
    s->mutual = two ? fmax(0, s->mutual) : NAN;
    s->theil = s->mutual / entropy;
}

int wijk_segregation_scores(wijk_segregation_score *out, const double *counts, size_t areas,
                            size_t groups)
{
    static const wijk_segregation_score none = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    wijk_pair *order = rc ? NULL : wijk_alloc(2 * areas * sizeof *order);
    if (!order) {
        measure_margins_free(&m);
        return rc ? rc : WIJK_ENOMEM;
    }
    double simpson = 0, entropy = measure_entropy(m.column, groups, m.total);
    for (size_t i = 0; i < areas; i++) {
        out[i] = none;
        if (m.row[i] > 0) {
            out[i] = (wijk_segregation_score){.weight = m.row[i] / m.total};
            add_area(&out[i], counts + i * groups, m.row[i], groups, &m);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        if (m.column[g] > 0) {
            simpson += m.column[g] / m.total * (1 - m.column[g] / m.total);
            add_gini(out, order, counts, areas, groups, g, &m);
        }
    }
    for (size_t i = 0; i < areas; i++) {
        if (m.row[i] > 0) {
            divide(&out[i], simpson, entropy, &m);
        }
    }
    wijk_free(order);
    measure_margins_free(&m);
    return WIJK_OK;
}

int wijk_segregation_scores_one(wijk_segregation_score_group *out, const double *counts,
                                size_t areas, size_t groups, size_t group)
{
    if (group >= groups) {
        return wijk_fail(WIJK_EINVAL, "Er zijn maar %zu groepen.", "There are only %zu groups.",
                         groups);
    }
    measure_margins m;
    int rc = measure_margins_take(&m, counts, areas, groups);
    for (size_t i = 0; !rc && i < areas; i++) {
        double share = m.column[group] / m.total, p = counts[i * groups + group] / m.row[i];
        out[i] = (wijk_segregation_score_group){NAN, NAN, NAN};
        if (m.row[i] > 0 && share > 0) {
            out[i].share = p;
            out[i].quotient = p / share;
            out[i].correlation =
                m.groups >= 2 ? (p - share) * (p - share) / (share * (1 - share)) : NAN;
        }
    }
    measure_margins_free(&m);
    return rc;
}
