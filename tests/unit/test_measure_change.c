/* Decompositions of change and of place: published values, an independent fit by plain proportional
 * fitting, Shapley's value by its definition over orders, and sums to 1e-12. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../facts_fixture.h"

#include "wijk/change.h"
#include "wijk/change_border.h"
#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/segregation.h"
#include "wijk/table.h"

static void near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("got %.12g, want %.12g ± %g", got, want, within);
    }
}

static double sum_of(const wijk_change_parts *p)
{
    return p->before + p->additions + p->removals + p->groups + p->units + p->structure;
}

enum { SCHOOLS = 3000, RACES = 8 };

typedef struct {
    double *counts[2];
    size_t schools, races;
} school_data;

static size_t number_of(wijk_map *map, const char *key)
{
    int64_t at;
    if (!wijk_map_get(map, key, strlen(key), &at)) {
        at = (int64_t)wijk_map_size(map);
        assert_int_equal(wijk_map_set(map, key, strlen(key), at), 0);
    }
    return (size_t)at;
}

static wijk_table *benchmark(const char *name)
{
    const char *root = getenv("WIJK_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/segregation_benchmarks/%s", root ? root : "../shared/data/raw",
             name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("[  SKIPPED ] %s is absent\n", path);
        return NULL;
    }
    char *bytes = wijk_alloc(8u << 20);
    size_t size = fread(bytes, 1, 8u << 20, file);
    fclose(file);
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, bytes, size, name), 0);
    wijk_free(bytes);
    return table;
}

/* Both years with the same rows and columns; 0 when the data are absent. */
static int read_schools(school_data *out)
{
    static const char *const names[] = {"schools00.csv", "schools05.csv"};
    wijk_map *schools, *races;
    double *wide[2];
    memset(out, 0, sizeof *out);
    assert_int_equal(wijk_map_new(&schools), 0);
    assert_int_equal(wijk_map_new(&races), 0);
    int found = 1;
    for (int m = 0; m < 2; m++) {
        wijk_table *table = found ? benchmark(names[m]) : NULL;
        found = found && table;
        wide[m] = wijk_alloc(SCHOOLS * RACES * sizeof *wide[m]);
        for (size_t r = 0; found && r < wijk_table_rows(table); r++) {
            size_t i = number_of(schools, wijk_table_get(table, r, "school"));
            size_t g = number_of(races, wijk_table_get(table, r, "race"));
            assert_true(i < SCHOOLS && g < RACES);
            wide[m][i * RACES + g] += wijk_table_number(table, r, "n", 0);
        }
        wijk_table_free(table);
    }
    out->schools = wijk_map_size(schools);
    out->races = wijk_map_size(races);
    for (int m = 0; m < 2; m++) {
        out->counts[m] = wijk_alloc(out->schools * out->races * sizeof(double));
        for (size_t i = 0; i < out->schools; i++) {
            memcpy(out->counts[m] + i * out->races, wide[m] + i * RACES,
                   out->races * sizeof(double));
        }
        wijk_free(wide[m]);
    }
    wijk_map_free(schools);
    wijk_map_free(races);
    return found;
}

static void free_schools(school_data *data)
{
    wijk_free(data->counts[0]);
    wijk_free(data->counts[1]);
}

static double mutual_of(const double *table, size_t areas, size_t groups)
{
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, table, areas, groups), 0);
    return all.mutual;
}

/* Proportional fitting as the books have it: `passes` times units first, then groups. Zeros stay.
 */
static void plain_fit(double *out, const double *seed, const double *rows, const double *columns,
                      size_t areas, size_t groups, int passes)
{
    memcpy(out, seed, areas * groups * sizeof *out);
    for (int pass = 0; pass < passes; pass++) {
        for (size_t i = 0; i < areas; i++) {
            double sum = 0;
            for (size_t g = 0; g < groups; g++) {
                sum += out[i * groups + g];
            }
            for (size_t g = 0; sum > 0 && g < groups; g++) {
                out[i * groups + g] *= rows[i] / sum;
            }
        }
        for (size_t g = 0; g < groups; g++) {
            double sum = 0;
            for (size_t i = 0; i < areas; i++) {
                sum += out[i * groups + g];
            }
            for (size_t i = 0; sum > 0 && i < areas; i++) {
                out[i * groups + g] *= columns[g] / sum;
            }
        }
    }
}

typedef struct {
    double structure, groups, units;
} parts;

/* Shapley's value by its definition: over all orders of three, with plain fitting. The tables hold
 * common areas only. */
static parts by_orders(const double *before, const double *after, size_t areas, size_t groups,
                       int passes)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const double *const tables[] = {before, after};
    double *margin[2][2], value[8], total[2] = {0, 0};
    double *fitted = wijk_alloc(areas * groups * sizeof *fitted);
    for (int m = 0; m < 2; m++) {
        margin[m][0] = wijk_alloc(areas * sizeof(double));
        margin[m][1] = wijk_alloc(groups * sizeof(double));
        for (size_t k = 0; k < areas * groups; k++) {
            total[m] += tables[m][k];
        }
        for (size_t k = 0; k < areas * groups; k++) {
            margin[m][0][k / groups] += tables[m][k] / total[m];
            margin[m][1][k % groups] += tables[m][k] / total[m];
        }
    }
    for (int set = 0; set < 8; set++) { /* bits: structure, groups, units */
        plain_fit(fitted, tables[set & 1], margin[set >> 2 & 1][0], margin[set >> 1 & 1][1], areas,
                  groups, passes);
        value[set] = mutual_of(set == 0 || set == 7 ? tables[set & 1] : fitted, areas, groups);
    }
    double mean[3] = {0, 0, 0};
    for (int o = 0; o < 6; o++) {
        int set = 0;
        for (int k = 0; k < 3; k++) {
            int with = set | 1 << orders[o][k];
            mean[orders[o][k]] += (value[with] - value[set]) / 6;
            set = with;
        }
    }
    for (int m = 0; m < 2; m++) {
        wijk_free(margin[m][0]);
        wijk_free(margin[m][1]);
    }
    wijk_free(fitted);
    return (parts){mean[0], mean[1], mean[2]};
}

static size_t keep_common(school_data *data)
{
    size_t kept = 0, groups = data->races;
    for (size_t i = 0; i < data->schools; i++) {
        double sum[2] = {0, 0};
        for (size_t g = 0; g < groups; g++) {
            sum[0] += data->counts[0][i * groups + g];
            sum[1] += data->counts[1][i * groups + g];
        }
        for (int m = 0; m < 2 && sum[0] > 0 && sum[1] > 0; m++) {
            memmove(data->counts[m] + kept * groups, data->counts[m] + i * groups,
                    groups * sizeof(double));
        }
        kept += sum[0] > 0 && sum[1] > 0;
    }
    return kept;
}

/* R `segregation` (Elbers) publishes 0.42554, 0.41339, additions -0.00341 and removals -0.01141,
 * which do not depend on fitting; and group margin 0.01787, unit margin -0.01171, structure
 * -0.00349, which do. Fitted to the end structure is +0.0032; a single pass of fitting gives
 * -0.0036: so the published sign is that of a fit that stopped. */
static void test_schools(void **state)
{
    (void)state;
    school_data data;
    if (!read_schools(&data)) {
        free_schools(&data);
        skip();
    }
    wijk_segregation_change c;
    assert_int_equal(
        wijk_change_between(&c, data.counts[0], data.counts[1], data.schools, data.races, NULL), 0);
    near(c.mutual.before, 0.42554, 5e-6);
    near(c.mutual.after, 0.41339, 5e-6);
    near(c.mutual.additions, -0.00341, 5e-6);
    near(c.mutual.removals, -0.01141, 5e-6);
    near(c.mutual.groups + c.mutual.units + c.mutual.structure, 0.01787 - 0.01171 - 0.00349, 1e-5);
    near(sum_of(&c.mutual), c.mutual.after, 1e-12);
    near(sum_of(&c.theil), c.theil.after, 1e-12);
    assert_true(c.common + c.added + c.removed == data.schools && c.common > 1000);

    size_t common = keep_common(&data);
    assert_int_equal(common, c.common);
    parts full = by_orders(data.counts[0], data.counts[1], common, data.races, 400);
    near(c.mutual.structure, full.structure, 1e-9);
    near(c.mutual.groups, full.groups, 1e-9);
    near(c.mutual.units, full.units, 1e-9);
    parts once = by_orders(data.counts[0], data.counts[1], common, data.races, 1);
    assert_true(c.mutual.structure > 0.003 && once.structure < -0.003);
    near(once.structure, -0.00349, 0.0002);
    near(once.groups, 0.01787, 0.001);
    near(once.units, -0.01171, 0.001);
    free_schools(&data);
}

/* A made table: shares that vary over areas, people that do not follow any pattern. */
static void make(double *out, size_t areas, size_t groups, uint32_t time)
{
    for (size_t k = 0; k < areas * groups; k++) {
        double u = wijk_rng_uniform((wijk_draw){11, 0x43484147, (uint32_t)k, time, 0});
        out[k] = floor(200 * u * u * u);
    }
}

static void test_only_sizes(void **state)
{
    (void)state;
    enum { AREAS = 40, GROUPS = 3 };
    double before[AREAS * GROUPS], after[AREAS * GROUPS];
    make(before, AREAS, GROUPS, 1);
    /* The same odds ratios with other sizes of groups and areas: no structure. */
    for (size_t k = 0; k < (size_t)AREAS * GROUPS; k++) {
        before[k] += 1;
        after[k] = before[k] * (1 + (double)(k % GROUPS)) * (1 + (double)(k / GROUPS % 5));
    }
    wijk_segregation_change c;
    assert_int_equal(wijk_change_between(&c, before, after, AREAS, GROUPS, NULL), 0);
    near(c.mutual.structure, 0, 1e-12);
    near(c.mutual.additions, 0, 1e-15);
    near(c.mutual.removals, 0, 1e-15);
    near(sum_of(&c.mutual), c.mutual.after, 1e-12);
    assert_true(fabs(c.mutual.groups) > 1e-4 && fabs(c.mutual.units) > 1e-5);

    /* Nothing changed but the number of people. */
    for (size_t k = 0; k < (size_t)AREAS * GROUPS; k++) {
        after[k] = 3 * before[k];
    }
    assert_int_equal(wijk_change_between(&c, before, after, AREAS, GROUPS, NULL), 0);
    near(c.mutual.groups, 0, 1e-12);
    near(c.mutual.units, 0, 1e-12);
    near(c.mutual.structure, 0, 1e-12);
}

static void test_come_and_go(void **state)
{
    (void)state;
    enum { AREAS = 30, GROUPS = 4 };
    double before[AREAS * GROUPS], after[AREAS * GROUPS], turned[AREAS * GROUPS];
    make(before, AREAS, GROUPS, 2);
    make(after, AREAS, GROUPS, 3);
    for (size_t g = 0; g < GROUPS; g++) {
        before[3 * GROUPS + g] = 0; /* comes */
        after[5 * GROUPS + g] = 0;  /* goes */
        before[7 * GROUPS + g] = after[7 * GROUPS + g] = 0;
    }
    wijk_segregation_change there, back;
    assert_int_equal(wijk_change_between(&there, before, after, AREAS, GROUPS, NULL), 0);
    assert_int_equal(there.added, 1);
    assert_int_equal(there.removed, 1);
    assert_int_equal(there.common, AREAS - 3);
    near(sum_of(&there.mutual), there.mutual.after, 1e-12);
    assert_int_equal(wijk_change_between(&back, after, before, AREAS, GROUPS, NULL), 0);
    near(there.mutual.structure, -back.mutual.structure, 1e-12); /* time turned round */
    near(there.mutual.additions, -back.mutual.removals, 1e-12);
    near(there.theil.groups, -back.theil.groups, 1e-12);
    double later[AREAS * GROUPS]; /* areas in another order */
    for (size_t k = 0; k < (size_t)AREAS * GROUPS; k++) {
        size_t from = (AREAS - 1 - k / GROUPS) * GROUPS + k % GROUPS;
        turned[k] = before[from];
        later[k] = after[from];
    }
    assert_int_equal(wijk_change_between(&back, turned, later, AREAS, GROUPS, NULL), 0);
    near(there.mutual.structure, back.mutual.structure, 1e-12);
    near(there.mutual.units, back.mutual.units, 1e-12);
}

/* A group that appears takes the change into additions; nothing in common gives NAN. */
static void test_degenerate(void **state)
{
    (void)state;
    const double two[] = {10, 5, 0, 4, 9, 0}, three[] = {8, 5, 3, 4, 9, 1};
    const double left[] = {5, 3, 0, 0}, right[] = {0, 0, 4, 2}, bad[] = {1, -1, 2, 3};
    wijk_segregation_change c;
    assert_int_equal(wijk_change_between(&c, two, three, 2, 3, NULL), 0);
    near(sum_of(&c.mutual), c.mutual.after, 1e-12);
    near(c.mutual.removals, 0, 1e-15);
    assert_true(fabs(c.mutual.additions) > 1e-6);
    assert_int_equal(wijk_change_between(&c, left, right, 2, 2, NULL), 0);
    assert_true(isnan(c.mutual.structure) && c.common == 0);
    assert_int_equal(c.added, 1);
    assert_int_equal(wijk_change_between(&c, bad, left, 2, 2, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_change_between(&c, left, left, 0, 2, NULL), 0);
    assert_true(isnan(c.mutual.structure));
    /* Everyone apart, then the other way round: no fit exists without the rule for empty cells. */
    const double apart[] = {10, 0, 0, 10}, crossed[] = {0, 30, 10, 0};
    assert_int_equal(wijk_change_between(&c, apart, crossed, 2, 2, NULL), 0);
    near(sum_of(&c.mutual), c.mutual.after, 1e-12);
    assert_int_equal(c.zeros, 4);
}

static void test_fit(void **state)
{
    (void)state;
    enum { AREAS = 25, GROUPS = 3 };
    double seed[AREAS * GROUPS], fitted[AREAS * GROUPS], rows[AREAS], columns[GROUPS] = {5, 3, 1};
    make(seed, AREAS, GROUPS, 4);
    for (size_t i = 0; i < AREAS; i++) {
        rows[i] = 1 + (double)(i % 7);
        seed[i * GROUPS] += 1;
    }
    int steps;
    assert_int_equal(wijk_change_fit(fitted, &steps, seed, rows, columns, AREAS, GROUPS, NULL), 0);
    assert_true(steps < 20);
    double total = 0, column[GROUPS] = {0};
    for (size_t i = 0; i < AREAS; i++) {
        total += rows[i];
    }
    for (size_t i = 0; i < AREAS; i++) {
        double row = 0;
        for (size_t g = 0; g < GROUPS; g++) {
            row += fitted[i * GROUPS + g];
            column[g] += fitted[i * GROUPS + g];
        }
        near(row, rows[i] / total, 1e-13);
    }
    for (size_t g = 0; g < GROUPS; g++) {
        near(column[g], columns[g] / 9, 1e-13);
    }
    for (size_t i = 1; i < AREAS; i++) { /* odds ratios are those of the seed */
        const double *a = fitted + (i - 1) * GROUPS, *s = seed + (i - 1) * GROUPS;
        if (s[0] > 0 && s[1] > 0 && s[3] > 0 && s[4] > 0) {
            near(log(a[0] * a[4] / (a[1] * a[3])), log(s[0] * s[4] / (s[1] * s[3])), 1e-9);
        }
    }
    columns[1] = 0;
    assert_int_equal(wijk_change_fit(fitted, &steps, seed, rows, columns, AREAS, GROUPS, NULL),
                     WIJK_EINVAL);
}

/* Buurten in wijken in gemeenten: against the difference of M of the added-up tables. */
static void test_tree(void **state)
{
    (void)state;
    enum { AREAS = 60, WIJKEN = 12, GEMEENTEN = 3, GROUPS = 4 };
    double counts[AREAS * GROUPS], wijk[WIJKEN * GROUPS] = {0}, gemeente[GEMEENTEN * GROUPS] = {0};
    size_t in_wijk[AREAS], in_gemeente[WIJKEN];
    make(counts, AREAS, GROUPS, 5);
    for (size_t i = 0; i < AREAS; i++) {
        in_wijk[i] = i % WIJKEN;
        in_gemeente[i % WIJKEN] = i % WIJKEN % GEMEENTEN;
        for (size_t g = 0; g < GROUPS; g++) {
            wijk[in_wijk[i] * GROUPS + g] += counts[i * GROUPS + g];
            gemeente[i % WIJKEN % GEMEENTEN * GROUPS + g] += counts[i * GROUPS + g];
        }
    }
    const size_t size[] = {AREAS, WIJKEN, GEMEENTEN}, *const parent[] = {in_wijk, in_gemeente};
    double part[3], theil[3];
    assert_int_equal(wijk_change_tree(part, theil, counts, AREAS, GROUPS, 3, size, parent), 0);
    double m0 = mutual_of(counts, AREAS, GROUPS), m1 = mutual_of(wijk, WIJKEN, GROUPS);
    double m2 = mutual_of(gemeente, GEMEENTEN, GROUPS);
    near(part[2], m2, 1e-12);
    near(part[1], m1 - m2, 1e-12);
    near(part[0], m0 - m1, 1e-12);
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, counts, AREAS, GROUPS), 0);
    near(theil[0] + theil[1] + theil[2], all.theil, 1e-12);

    /* The same over groups: two and two. */
    double *turned = wijk_alloc(sizeof counts), pair[AREAS * 2];
    const size_t groups[] = {GROUPS, 2}, halves[] = {0, 0, 1, 1}, *const half[] = {halves};
    wijk_change_transpose(turned, counts, AREAS, GROUPS);
    assert_int_equal(wijk_change_tree(part, NULL, turned, GROUPS, AREAS, 2, groups, half), 0);
    for (size_t i = 0; i < AREAS; i++) {
        pair[i * 2] = counts[i * GROUPS] + counts[i * GROUPS + 1];
        pair[i * 2 + 1] = counts[i * GROUPS + 2] + counts[i * GROUPS + 3];
    }
    near(part[1], mutual_of(pair, AREAS, 2), 1e-12);
    near(part[0] + part[1], m0, 1e-12);
    wijk_free(turned);
    size_t astray[WIJKEN] = {9};
    const size_t *const wrong[] = {in_wijk, astray};
    assert_int_equal(wijk_change_tree(part, NULL, counts, AREAS, GROUPS, 3, size, wrong),
                     WIJK_EINVAL);
}

static void test_groups_and_pairs(void **state)
{
    (void)state;
    enum { AREAS = 50, GROUPS = 4 };
    double counts[AREAS * GROUPS], share[GROUPS], local[GROUPS], pair[GROUPS * GROUPS];
    double mutual[GROUPS * GROUPS], d[GROUPS * GROUPS], sum = 0, both = 0;
    make(counts, AREAS, GROUPS, 6);
    wijk_segregation all;
    assert_int_equal(wijk_segregation_all(&all, counts, AREAS, GROUPS), 0);
    assert_int_equal(wijk_change_groups(share, local, counts, AREAS, GROUPS), 0);
    for (size_t g = 0; g < GROUPS; g++) {
        sum += share[g] * local[g];
    }
    near(sum, all.mutual, 1e-12);
    assert_int_equal(wijk_change_pairs(pair, mutual, d, counts, AREAS, GROUPS), 0);
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t h = g + 1; h < GROUPS; h++) {
            both += pair[g * GROUPS + h];
            near(pair[g * GROUPS + h], pair[h * GROUPS + g], 0);
        }
    }
    near(both, all.relative, 1e-12);
    /* Duncan and Duncan's formula for one pair. */
    double total[2] = {0, 0}, duncan = 0;
    for (size_t i = 0; i < AREAS; i++) {
        total[0] += counts[i * GROUPS + 1];
        total[1] += counts[i * GROUPS + 3];
    }
    for (size_t i = 0; i < AREAS; i++) {
        duncan += fabs(counts[i * GROUPS + 1] / total[0] - counts[i * GROUPS + 3] / total[1]) / 2;
    }
    near(d[1 * GROUPS + 3], duncan, 1e-12);
    /* An empty group has no part. */
    for (size_t i = 0; i < AREAS; i++) {
        counts[i * GROUPS + 2] = 0;
    }
    assert_int_equal(wijk_change_groups(share, local, counts, AREAS, GROUPS), 0);
    assert_true(isnan(local[2]) && share[2] == 0);
    assert_int_equal(wijk_change_pairs(pair, NULL, NULL, counts, AREAS, GROUPS), 0);
    assert_true(isnan(pair[2]));
}

static double whole(const wijk_change_ranges *r)
{
    double sum = r->before;
    for (size_t k = 0; k < WIJK_CHANGE_PARTS; k++) {
        sum += r->part[k];
    }
    return sum;
}

/* Borders that did not change, areas that were joined, an area that was split. */
static void test_borders(void **state)
{
    (void)state;
    enum { AREAS = 20, GROUPS = 3 };
    double before[AREAS * GROUPS], after[AREAS * GROUPS], joined[AREAS * GROUPS];
    wijk_change_link links[AREAS + 1];
    const wijk_change_options options = {0.15, 0.9, 60, 1};
    make(before, AREAS, GROUPS, 7);
    make(after, AREAS, GROUPS, 8);
    for (size_t i = 0; i < AREAS; i++) {
        links[i] = (wijk_change_link){i, i, 0.7}; /* scaled to 1 */
    }
    wijk_segregation_change plain;
    wijk_change_moved moved;
    assert_int_equal(wijk_change_between(&plain, before, after, AREAS, GROUPS, NULL), 0);
    assert_int_equal(wijk_change_across(&moved, before, AREAS, after, AREAS, GROUPS, links, AREAS,
                                        &options, NULL),
                     0);
    near(moved.mutual.part[WIJK_CHANGE_BORDER], 0, 1e-12);
    near(moved.mutual.part[WIJK_CHANGE_STRUCTURE], plain.mutual.structure, 1e-12);
    near(moved.theil.high[WIJK_CHANGE_OF_GROUPS], plain.theil.groups, 1e-12);
    assert_int_equal(moved.split, 0);

    /* 19 joins 18: the same as adding up the table by hand, and there is nothing to doubt. */
    links[19].to = 18;
    memcpy(joined, before, sizeof joined);
    for (size_t g = 0; g < GROUPS; g++) {
        joined[18 * GROUPS + g] += joined[19 * GROUPS + g];
        joined[19 * GROUPS + g] = 0;
    }
    assert_int_equal(wijk_change_across(&moved, before, AREAS, after, AREAS, GROUPS, links, AREAS,
                                        &options, NULL),
                     0);
    near(moved.mutual.part[WIJK_CHANGE_BORDER],
         mutual_of(joined, AREAS, GROUPS) - mutual_of(before, AREAS, GROUPS), 1e-12);
    near(moved.mutual.low[WIJK_CHANGE_STRUCTURE], moved.mutual.part[WIJK_CHANGE_STRUCTURE], 1e-12);
    near(whole(&moved.mutual), moved.mutual.after, 1e-12);

    /* 19 is split over 18 and 19: parts still add up, and bands say that it is not sure. */
    links[AREAS] = (wijk_change_link){19, 19, 0.3};
    assert_int_equal(wijk_change_across(&moved, before, AREAS, after, AREAS, GROUPS, links,
                                        AREAS + 1, &options, NULL),
                     0);
    assert_int_equal(moved.split, 1);
    near(whole(&moved.mutual), moved.mutual.after, 1e-12);
    near(whole(&moved.theil), moved.theil.after, 1e-12);
    assert_true(moved.mutual.part[WIJK_CHANGE_BORDER] < 0); /* joining people hides */
    double width =
        moved.mutual.high[WIJK_CHANGE_STRUCTURE] - moved.mutual.low[WIJK_CHANGE_STRUCTURE];
    assert_true(width > 1e-5 && width < 0.05);

    /* An area without a link goes, and a link to nowhere is told. */
    assert_int_equal(wijk_change_across(&moved, before, AREAS, after, AREAS, GROUPS, links + 1,
                                        AREAS - 1, &options, NULL),
                     0);
    assert_int_equal(moved.removed, 1);
    near(moved.mutual.before, mutual_of(before, AREAS, GROUPS), 1e-15);
    links[3].to = AREAS;
    assert_int_equal(wijk_change_across(&moved, before, AREAS, after, AREAS, GROUPS, links, AREAS,
                                        &options, NULL),
                     WIJK_EINVAL);
}

/* Links of a file: the same place, a split one, and one that is not asked for. */
static void test_links_of_file(void **state)
{
    (void)state;
    country c;
    country_open(&c, "change_links");
    int64_t before[3], after[3], other;
    for (int i = 0; i < 3; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0000000%d", i);
        before[i] = add_area(&c, WIJK_BUURT, code, 2018, code, 0);
        after[i] = add_area(&c, WIJK_BUURT, code, 2024, code, 0);
    }
    other = add_area(&c, WIJK_BUURT, "BU00000009", 2012, "elders", 0);
    add_link(&c, after[0], before[0], 0, 1, 1);
    add_link(&c, after[1], before[1], 2, 0.9, 0.6);
    add_link(&c, after[2], before[1], 2, 0.2, 0.4);
    add_link(&c, after[2], other, 2, 0.5, 0.5);
    wijk_change_matched found;
    assert_int_equal(wijk_change_match(&found, c.store, before, 3, after, 3), 0);
    const wijk_change_link *links = found.links;
    assert_int_equal(found.count, 3);
    assert_true(links[0].from == 0 && links[0].to == 0 && links[0].share == 1);
    assert_true(links[1].from == 1 && links[1].to == 1 && links[1].share == 0.6);
    assert_true(links[2].from == 1 && links[2].to == 2 && links[2].share == 0.4);
    assert_int_equal(found.match[0], WIJK_CHANGE_SAME);
    assert_int_equal(found.match[1], WIJK_CHANGE_OVERLAY);
    assert_int_equal(found.match[2], WIJK_CHANGE_OVERLAY);
    wijk_change_matched_free(&found);
    assert_int_equal(wijk_change_match(&found, c.store, before, 3, before, 3), 0);
    assert_true(found.count == 3 && found.links[2].from == 2 && found.links[2].to == 2);
    wijk_change_matched_free(&found);
    country_close(&c);
}

/* Every allocation that fails is told, and nothing leaks (the sanitizer looks). */
static void test_out_of_memory(void **state)
{
    (void)state;
    const double before[] = {10, 5, 3, 4, 9, 2}, after[] = {8, 5, 3, 4, 9, 1};
    const size_t size[] = {3, 2}, in[] = {0, 0, 1}, *const parent[] = {in};
    wijk_segregation_change c;
    double out[9];
    const wijk_change_link links[] = {{0, 0, 1}, {1, 1, 0.5}, {1, 2, 0.5}, {2, 2, 1}};
    const wijk_change_options options = {0.1, 0.9, 20, 1};
    wijk_change_moved moved;
    for (int which = 0; which < 4; which++) {
        int rc = WIJK_ENOMEM;
        for (long n = 1; rc && n < 5000; n++) {
            wijk_alloc_fail_at(n, 0);
            rc = which == 0 ? wijk_change_between(&c, before, after, 3, 2, NULL)
                 : which == 3
                     ? wijk_change_across(&moved, before, 3, after, 3, 2, links, 4, &options, NULL)
                 : which == 1 ? wijk_change_tree(out, NULL, before, 3, 2, 2, size, parent)
                              : wijk_change_pairs(out, NULL, NULL, before, 3, 2);
            wijk_alloc_fail_at(0, 0);
            assert_true(rc == 0 || rc == WIJK_ENOMEM);
        }
        assert_int_equal(rc, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schools),
        cmocka_unit_test(test_only_sizes),
        cmocka_unit_test(test_come_and_go),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_groups_and_pairs),
        cmocka_unit_test(test_borders),
        cmocka_unit_test(test_links_of_file),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
