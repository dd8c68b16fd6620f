/* The change of M and H between two moments, in parts that add up. The idea: eight tables, one for
 * each choice of whose structure, group sizes and area sizes it has; Shapley's value is a weighted
 * sum of their indices. Elbers 2023, doi:10.1177/0049124121986204 */
#include "wijk/change.h"

#include "measure/internal.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { BEFORE, AFTER, MOMENTS };
enum { STRUCTURE, GROUPS, UNITS, PLAYERS, COALITIONS = 1 << PLAYERS };

typedef struct {
    const double *counts[MOMENTS];
    size_t areas, groups;
    unsigned char *area_in, *group_in; /* what both moments have */
    size_t common_areas, common_groups;
    double *table[MOMENTS]; /* of that alone */
    measure_margins margins[MOMENTS];
    double *fitted;
} comparison;

static void comparison_free(comparison *c)
{
    wijk_free(c->area_in);
    wijk_free(c->group_in);
    wijk_free(c->fitted);
    for (int m = 0; m < MOMENTS; m++) {
        wijk_free(c->table[m]);
        measure_margins_free(&c->margins[m]);
    }
}

static double sum_in(const double *cells, size_t n, size_t stride, const unsigned char *in)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += in[k] ? cells[k * stride] : 0;
    }
    return sum;
}

/* Leaves out lines (areas or groups) that are empty at a moment; how many that were. */
static size_t drop_empty(const comparison *c, int of_areas)
{
    size_t lines = of_areas ? c->areas : c->groups, length = of_areas ? c->groups : c->areas;
    size_t step = of_areas ? c->groups : 1, stride = of_areas ? 1 : c->groups, dropped = 0;
    unsigned char *line_in = of_areas ? c->area_in : c->group_in;
    const unsigned char *cell_in = of_areas ? c->group_in : c->area_in;
    for (size_t i = 0; i < lines; i++) {
        if (line_in[i] && !(sum_in(c->counts[BEFORE] + i * step, length, stride, cell_in) > 0 &&
                            sum_in(c->counts[AFTER] + i * step, length, stride, cell_in) > 0)) {
            line_in[i] = 0;
            dropped++;
        }
    }
    return dropped;
}

static void copy_common(comparison *c)
{
    size_t at = 0;
    for (size_t i = 0; i < c->areas; i++) {
        for (size_t g = 0; c->area_in[i] && g < c->groups; g++) {
            if (c->group_in[g]) {
                c->table[BEFORE][at] = c->counts[BEFORE][i * c->groups + g];
                c->table[AFTER][at++] = c->counts[AFTER][i * c->groups + g];
            }
        }
    }
}

/* Leaving out a group can empty an area and the other way round: until nothing changes. */
static int take_common(comparison *c)
{
    c->area_in = wijk_alloc(c->areas);
    c->group_in = wijk_alloc(c->groups);
    if (!c->area_in || !c->group_in) {
        return WIJK_ENOMEM;
    }
    memset(c->area_in, 1, c->areas);
    memset(c->group_in, 1, c->groups);
    while (drop_empty(c, 1) + drop_empty(c, 0) > 0) {
    }
    for (size_t i = 0; i < c->areas; i++) {
        c->common_areas += c->area_in[i];
    }
    for (size_t g = 0; g < c->groups; g++) {
        c->common_groups += c->group_in[g];
    }
    if (c->common_areas == 0 || c->common_groups == 0) {
        return WIJK_OK;
    }
    size_t cells = c->common_areas * c->common_groups;
    c->fitted = wijk_alloc(cells * sizeof *c->fitted);
    c->table[BEFORE] = wijk_alloc(cells * sizeof *c->fitted);
    c->table[AFTER] = wijk_alloc(cells * sizeof *c->fitted);
    if (!c->fitted || !c->table[BEFORE] || !c->table[AFTER]) {
        return WIJK_ENOMEM;
    }
    copy_common(c);
    int rc = WIJK_OK;
    for (int m = 0; !rc && m < MOMENTS; m++) {
        rc = measure_margins_take(&c->margins[m], c->table[m], c->common_areas, c->common_groups);
    }
    return rc;
}

typedef struct {
    double mutual, theil;
} index_pair;

/* M of a table whose margins are known already: those it was fitted to. */
static double mutual_of(const double *table, double total, const double *row, double rows,
                        const double *column, double columns, size_t areas, size_t groups)
{
    wijk_sum sum = {0, 0};
    for (size_t i = 0; i < areas; i++) {
        double scale = rows / row[i] * (columns / total);
        for (size_t g = 0; g < groups; g++) {
            double x = table[i * groups + g];
            if (x > 0) {
                wijk_sum_add(&sum, x * log(x * scale / column[g]));
            }
        }
    }
    return fmax(0, wijk_sum_value(&sum) / total);
}

/* The indices of the table with these choices of moment. */
static int value_of(index_pair *out, int *steps, comparison *c, const int moment[PLAYERS],
                    wijk_ctx *ctx)
{
    const measure_margins *groups = &c->margins[moment[GROUPS]];
    const measure_margins *units = &c->margins[moment[UNITS]];
    const double *table = c->table[moment[STRUCTURE]];
    double total = c->margins[moment[STRUCTURE]].total;
    if (moment[GROUPS] != moment[STRUCTURE] || moment[UNITS] != moment[STRUCTURE]) {
        int took = 0, rc = wijk_change_fit(c->fitted, &took, table, units->row, groups->column,
                                           c->common_areas, c->common_groups, ctx);
        if (rc) {
            return rc;
        }
        table = c->fitted;
        total = 1;
        *steps = took > *steps ? took : *steps;
    }
    out->mutual = mutual_of(table, total, units->row, units->total, groups->column, groups->total,
                            c->common_areas, c->common_groups);
    out->theil = out->mutual / measure_entropy(groups->column, c->common_groups, groups->total);
    return WIJK_OK;
}

/* Shapley: the mean step of a player over all orders. Of three, it comes first or last in a third
 * of them each, and after one given other in a sixth. */
static double shapley(const double value[COALITIONS], int player)
{
    static const double weight[] = {1.0 / 3, 1.0 / 6, 1.0 / 3};
    double sum = 0;
    for (unsigned set = 0; set < COALITIONS; set++) {
        if (!(set >> player & 1)) {
            int size = __builtin_popcount(set);
            sum += weight[size] * (value[set | 1u << player] - value[set]);
        }
    }
    return sum;
}

static void set_parts(wijk_change_parts *out, const double value[COALITIONS], double before,
                      double after)
{
    out->before = before;
    out->after = after;
    out->removals = value[0] - before;
    out->additions = after - value[COALITIONS - 1];
    out->structure = shapley(value, STRUCTURE);
    out->groups = shapley(value, GROUPS);
    out->units = shapley(value, UNITS);
}

static int value_all(wijk_segregation_change *out, comparison *c,
                     const wijk_segregation whole[MOMENTS], wijk_ctx *ctx)
{
    double mutual[COALITIONS], theil[COALITIONS];
    for (unsigned set = 0; set < COALITIONS; set++) {
        const int moment[PLAYERS] = {set & 1, set >> 1 & 1, set >> 2 & 1};
        index_pair value;
        int rc = value_of(&value, &out->steps, c, moment, ctx);
        if (rc) {
            return rc;
        }
        mutual[set] = value.mutual;
        theil[set] = value.theil;
    }
    set_parts(&out->mutual, mutual, whole[BEFORE].mutual, whole[AFTER].mutual);
    set_parts(&out->theil, theil, whole[BEFORE].theil, whole[AFTER].theil);
    return WIJK_OK;
}

static void count_areas(wijk_segregation_change *out, const comparison *c)
{
    size_t cells = c->common_areas * c->common_groups;
    out->common = c->common_areas;
    for (size_t i = 0; i < c->areas; i++) {
        int before = 0, after = 0;
        for (size_t g = 0; g < c->groups; g++) {
            before |= c->counts[BEFORE][i * c->groups + g] > 0;
            after |= c->counts[AFTER][i * c->groups + g] > 0;
        }
        out->added += after && !c->area_in[i];
        out->removed += before && !c->area_in[i];
    }
    for (size_t k = 0; k < cells; k++) {
        out->zeros += !(c->table[BEFORE][k] > 0);
        out->zeros += !(c->table[AFTER][k] > 0);
    }
}

int wijk_change_between(wijk_segregation_change *out, const double *before, const double *after,
                        size_t areas, size_t groups, wijk_ctx *ctx)
{
    const wijk_change_parts none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    *out = (wijk_segregation_change){none, none, 0, 0, 0, 0, 0};
    comparison c = {.counts = {before, after}, .areas = areas, .groups = groups};
    wijk_segregation whole[MOMENTS];
    int rc = WIJK_OK;
    for (int m = 0; !rc && m < MOMENTS; m++) {
        rc = wijk_segregation_all(&whole[m], c.counts[m], areas, groups);
    }
    rc = rc ? rc : take_common(&c);
    if (!rc) {
        count_areas(out, &c);
        if (c.common_groups >= 2 && c.common_areas > 0) {
            rc = value_all(out, &c, whole, ctx);
        }
    }
    comparison_free(&c);
    return rc;
}
