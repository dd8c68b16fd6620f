/* Replicates of a table of counts. Both the multinomial and the table with fixed margins are drawn
 * the same way: independent numbers per cell with means a little too low, so that nearly always a
 * few people are still missing; these are added one by one. Given how many there are, who they are
 * is evenly distributed in both steps, so the result is exact (see docs/internals/measure.md). */
#include "measure/internal.h"
#include "measure/resample_parts.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PURPOSE = 0x60, GUIDE_BITS = 17 };

/* ---- the table ---- */

void resample_table_free(resample_table *table)
{
    wijk_free(table->cell);
    wijk_free(table->row);
    wijk_free(table->column);
    table->cell = table->row = NULL;
    table->column = NULL;
}

static int take_cells(resample_table *out, const double *counts)
{
    for (size_t i = 0; i < out->areas; i++) {
        for (size_t g = 0; g < out->groups; g++) {
            int64_t people = (int64_t)round(counts[i * out->groups + g]);
            out->cell[g * out->stride + i] = (int32_t)people;
            out->row[i] += (int32_t)people;
            out->column[g] += people;
        }
    }
    for (size_t g = 0; g < out->groups; g++) {
        out->present += out->column[g] > 0;
        out->total += out->column[g];
    }
    return WIJK_OK;
}

int resample_table_take(resample_table *out, const double *counts, size_t areas, size_t groups)
{
    memset(out, 0, sizeof *out);
    measure_margins margins;
    int rc = measure_margins_take(&margins, counts, areas, groups);
    if (rc) {
        return rc;
    }
    measure_margins_free(&margins);
    if (!(margins.total <= WIJK_MAX_PEOPLE) || areas > WIJK_MAX_AREAS ||
        groups > WIJK_MAX_COLUMNS) {
        return wijk_fail(
            WIJK_ELIMIT,
            "Opnieuw trekken kan tot %u mensen, %u gebieden en %u groepen; dit zijn er "
            "%.0f, %zu en %zu. Kies een kleiner gebied.",
            "Drawing again can be done for up to %u people, %u areas and %u groups; "
            "these are %.0f, %zu and %zu. Choose a smaller area.",
            WIJK_MAX_PEOPLE, WIJK_MAX_AREAS, WIJK_MAX_COLUMNS, margins.total, areas, groups);
    }
    out->areas = areas;
    out->groups = groups;
    out->stride = (areas + RESAMPLE_LANES - 1) / RESAMPLE_LANES * RESAMPLE_LANES;
    out->cell = wijk_alloc(out->stride * groups * sizeof *out->cell);
    out->row = wijk_alloc(out->stride * sizeof *out->row);
    out->column = wijk_alloc(groups * sizeof *out->column);
    if (!out->cell || !out->row || !out->column) {
        resample_table_free(out);
        return WIJK_ENOMEM;
    }
    return take_cells(out, counts);
}

/* ---- the plan ---- */

/* People numbered through: until[c] is how many stand in cells 0 ... c. The guide leaps close. */
static int number_people(resample_plan *p, const int32_t *people, size_t n)
{
    uint32_t total = (uint32_t)p->table->total;
    p->until = wijk_alloc(n * sizeof *p->until);
    while (total >> p->shift >= 1u << GUIDE_BITS) {
        p->shift++;
    }
    p->guide = wijk_alloc(((total >> p->shift) + 1) * sizeof *p->guide);
    if (!p->until || !p->guide) {
        return WIJK_ENOMEM;
    }
    uint32_t sum = 0, next = 0;
    for (size_t c = 0; c < n; c++) {
        sum += (uint32_t)people[c];
        p->until[c] = sum;
        for (; next <= total >> p->shift && (uint64_t)next << p->shift < sum; next++) {
            p->guide[next] = (uint32_t)c;
        }
    }
    return WIJK_OK;
}

/* The cell in which person `number` stands. */
static uint32_t cell_of_person(const resample_plan *p, uint32_t number)
{
    uint32_t cell = p->guide[number >> p->shift];
    while (p->until[cell] <= number) {
        cell++;
    }
    return cell;
}

/* Two standard deviations under `mean`: then one draw in forty is too many and drawn anew, and few
 * people are left to add. Any choice gives the same distribution. */
static double a_little_less(double mean, double variance)
{
    return fmax(0, mean - 2 * sqrt(variance));
}

static int32_t largest_of(const int32_t *values, size_t n)
{
    int32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = values[i] > largest ? values[i] : largest;
    }
    return largest;
}

/* Groups with people, smallest first, and the family of each among those not yet dealt with. With
 * `less`, means are a little less. */
static int plan_shares(resample_plan *p, int less)
{
    const resample_table *t = p->table;
    p->order = wijk_alloc(t->groups * sizeof *p->order);
    p->share = wijk_alloc(t->present * sizeof *p->share);
    int rc = p->order && p->share ? WIJK_OK : WIJK_ENOMEM;
    size_t n = 0;
    for (uint32_t g = 0; !rc && g < t->groups; g++) {
        size_t at = n;
        for (; t->column[g] && at && t->column[p->order[at - 1]] > t->column[g]; at--) {
            p->order[at] = p->order[at - 1];
        }
        if (t->column[g]) {
            p->order[at] = g;
            n++;
        }
    }
    double left = (double)t->total;
    for (size_t k = 0; !rc && k + 1 < n; k++) {
        double members = (double)t->column[p->order[k]];
        double mean = less ? a_little_less(members, members * ((left - members) / left)) : members;
        rc = resample_family_binomial(&p->share[k], mean / left, largest_of(t->row, t->stride));
        p->shares += !rc;
        left -= members;
    }
    return rc;
}

static int plan_chance(resample_plan *p)
{
    int rc = number_people(p, p->table->row, p->table->stride);
    return rc ? rc : plan_shares(p, 1);
}

double resample_dispersion(const int32_t *cell, size_t areas, size_t groups, size_t stride)
{
    double total = 0, squares = 0, inhabited = 0, even = 0;
    for (size_t i = 0; i < areas; i++) {
        double row = 0, square = 0;
        for (size_t g = 0; g < groups; g++) {
            double x = cell[g * stride + i];
            row += x;
            square += x * x;
        }
        if (row > 0) {
            squares += square / row;
            total += row;
            inhabited++;
        }
    }
    for (size_t g = 0; g < groups; g++) {
        double column = 0;
        for (size_t i = 0; i < areas; i++) {
            column += cell[g * stride + i];
        }
        even += column / total * (column / total);
    }
    double found = (squares / total - even) / (1 - even);
    double expected = (inhabited - 1) / (total - 1);
    /* Nobody, one group or one person an area: nothing can be told, so nothing is drawn together.
     */
    return expected < 1 && even < 1 ? fmin(1, fmax(0, (found - expected) / (1 - expected))) : 1;
}

double resample_dispersion_floor(const resample_table *table)
{
    double inhabited = 0;
    for (size_t i = 0; i < table->areas; i++) {
        inhabited += table->row[i] > 0;
    }
    return table->total > 1 ? (inhabited - 1) / ((double)table->total - 1) : 0;
}

/* The variance of shares between areas is the true one times this squared, in sixteenths: what is
 * left of a spread when the chance in an area of this size is taken off. */
static int32_t sixteenths(double dispersion, int32_t row)
{
    double signal = row * dispersion;
    double reliable = row ? signal / (signal + 1 - dispersion) : 1;
    return (int32_t)(RESAMPLE_UNITS * sqrt(reliable) + 0.5);
}

/* Which areas keep less than all, and room for them. */
static int plan_keep(resample_plan *p)
{
    const resample_table *t = p->table;
    double dispersion = resample_dispersion(t->cell, t->areas, t->groups, t->stride);
    for (size_t i = 0; i < t->stride; i++) {
        p->keep[i] = t->row[i] ? sixteenths(dispersion, t->row[i]) : RESAMPLE_UNITS;
        p->mixed_areas += p->keep[i] < RESAMPLE_UNITS;
    }
    p->mixed_stride = (p->mixed_areas + RESAMPLE_LANES - 1) / RESAMPLE_LANES * RESAMPLE_LANES;
    p->mixed = wijk_alloc(p->mixed_stride * sizeof *p->mixed);
    p->mixed_own = wijk_alloc(p->mixed_stride * t->groups * sizeof *p->mixed_own);
    p->mixed_other = wijk_alloc(p->mixed_stride * sizeof *p->mixed_other);
    return p->mixed && p->mixed_own && p->mixed_other ? WIJK_OK : WIJK_ENOMEM;
}

static void plan_cells(resample_plan *p)
{
    const resample_table *t = p->table;
    size_t n = 0;
    for (uint32_t i = 0; i < t->stride; i++) {
        int whole = p->keep[i] == RESAMPLE_UNITS;
        for (size_t g = 0; g < t->groups; g++) {
            int32_t people = t->cell[g * t->stride + i];
            *(whole ? &p->own[g * t->stride + i] : &p->mixed_own[g * p->mixed_stride + n]) =
                whole ? people : p->keep[i] * people;
        }
        if (!whole) {
            p->mixed[n] = i;
            p->mixed_other[n++] = (RESAMPLE_UNITS - p->keep[i]) * t->row[i];
        }
    }
}

static int plan_people(resample_plan *p)
{
    const resample_table *t = p->table;
    double total = (double)t->total, mean = a_little_less(total, total) / total;
    p->own = wijk_alloc(t->stride * t->groups * sizeof *p->own);
    p->keep = wijk_alloc(t->stride * sizeof *p->keep);
    int rc = p->own && p->keep ? plan_keep(p) : WIJK_ENOMEM;
    rc = rc ? rc : number_people(p, t->cell, t->stride * t->groups);
    rc = rc ? rc : plan_shares(p, 0);
    if (rc) {
        return rc;
    }
    plan_cells(p);
    size_t mixed = p->mixed_stride * t->groups;
    int32_t part = largest_of(p->mixed_own, mixed);
    int32_t other = largest_of(p->mixed_other, p->mixed_stride);
    rc = resample_family_poisson(&p->whole, mean, largest_of(p->own, t->stride * t->groups));
    return rc ? rc
              : resample_family_poisson(&p->sixteenth, mean / RESAMPLE_UNITS,
                                        part > other ? part : other);
}

void resample_source(double *out, const resample_plan *plan)
{
    const resample_table *t = plan->table;
    for (size_t i = 0; i < t->areas; i++) {
        double keep = plan->keep ? (double)plan->keep[i] / RESAMPLE_UNITS : 1;
        for (size_t g = 0; g < t->groups; g++) {
            double evenly = t->total ? t->row[i] * ((double)t->column[g] / (double)t->total) : 0;
            out[i * t->groups + g] = keep * t->cell[g * t->stride + i] + (1 - keep) * evenly;
        }
    }
}

static int plan_areas(resample_plan *p)
{
    const resample_table *t = p->table;
    p->inhabited = wijk_alloc(t->areas * sizeof *p->inhabited);
    for (uint32_t i = 0; p->inhabited && i < t->areas; i++) {
        if (t->row[i]) {
            p->inhabited[p->areas_present++] = i;
        }
    }
    return p->inhabited ? WIJK_OK : WIJK_ENOMEM;
}

int resample_plan_make(resample_plan *out, const resample_table *table, enum resample_kind kind,
                       uint64_t seed, uint32_t stream)
{
    *out = (resample_plan){.table = table,
                           .kind = kind,
                           .seed = seed,
                           .stream = stream,
                           .wide = resample_can_be_wide()};
    int rc = table->total == 0         ? WIJK_OK
             : kind == RESAMPLE_PEOPLE ? plan_people(out)
             : kind == RESAMPLE_CHANCE ? plan_chance(out)
                                       : plan_areas(out);
    if (rc) {
        resample_plan_free(out);
    }
    return rc;
}

void resample_plan_free(resample_plan *plan)
{
    for (size_t i = 0; i < plan->shares; i++) {
        resample_family_free(&plan->share[i]);
    }
    resample_family_free(&plan->whole);
    resample_family_free(&plan->sixteenth);
    wijk_free(plan->share);
    wijk_free(plan->order);
    wijk_free(plan->until);
    wijk_free(plan->guide);
    wijk_free(plan->inhabited);
    wijk_free(plan->own);
    wijk_free(plan->keep);
    wijk_free(plan->mixed);
    wijk_free(plan->mixed_own);
    wijk_free(plan->mixed_other);
    memset(plan, 0, sizeof *plan);
}

int resample_scratch_make(resample_scratch *out, const resample_plan *plan)
{
    const resample_table *t = plan->table;
    out->cell = wijk_alloc(t->stride * t->groups * sizeof *out->cell);
    out->left = wijk_alloc(t->stride * sizeof *out->left);
    out->taken = wijk_alloc(t->stride * sizeof *out->taken);
    if (out->cell && out->left && out->taken) {
        return WIJK_OK;
    }
    resample_scratch_free(out);
    return WIJK_ENOMEM;
}

void resample_scratch_free(resample_scratch *scratch)
{
    wijk_free(scratch->cell);
    wijk_free(scratch->left);
    wijk_free(scratch->taken);
    scratch->cell = scratch->left = scratch->taken = NULL;
}

/* ---- replicates ---- */

static resample_key key_of(const resample_plan *p, uint32_t replicate, uint32_t group)
{
    return (resample_key){.seed = p->seed,
                          .purpose = PURPOSE + (uint32_t)p->kind * 2 + p->stream,
                          .replicate = replicate,
                          .group = group};
}

/* Adds what was drawn for mixed areas to their cells. */
static void add_mixed(int32_t *column, const resample_plan *p, const int32_t *drawn)
{
    for (size_t j = 0; j < p->mixed_areas; j++) {
        column[p->mixed[j]] += drawn[j];
    }
}

/* Independent Poisson numbers; returns their sum. scratch->left gets the people of mixed areas who
 * have the mix of the whole. Keys: groups 0 ... n - 1 for whole areas, n for these people, n + 1
 * ... 2 n for dealing them, and then for the other people of mixed areas. */
static int64_t draw_units(resample_scratch *s, const resample_plan *p, resample_key key)
{
    const resample_table *t = p->table;
    int64_t drawn = 0;
    for (uint32_t g = 0; g < t->groups; g++) {
        int32_t *column = s->cell + g * t->stride;
        key.group = g;
        drawn += resample_draw(column, p->own + g * t->stride, t->stride, &p->whole, key, p->wide);
        key.group = (uint32_t)(2 * t->groups + 1 + g);
        drawn += resample_draw(s->taken, p->mixed_own + g * p->mixed_stride, p->mixed_stride,
                               &p->sixteenth, key, p->wide);
        add_mixed(column, p, s->taken);
    }
    key.group = (uint32_t)t->groups;
    return drawn +
           resample_draw(s->left, p->mixed_other, p->mixed_stride, &p->sixteenth, key, p->wide);
}

/* One person more: some person's area, and the group of that person or of another. */
static void add_person(resample_scratch *s, const resample_plan *p, resample_words *words)
{
    const resample_table *t = p->table;
    uint32_t total = (uint32_t)t->total;
    uint32_t cell = cell_of_person(p, resample_below(words, total));
    if (p->mixed_areas) {
        uint32_t area = cell % (uint32_t)t->stride;
        if (p->keep[area] < RESAMPLE_UNITS &&
            (int32_t)resample_below(words, RESAMPLE_UNITS) >= p->keep[area]) {
            size_t group = cell_of_person(p, resample_below(words, total)) / t->stride;
            cell = (uint32_t)(group * t->stride) + area;
        }
    }
    s->cell[cell]++;
}

/* Deals the people in scratch->left over the groups. */
static void deal_groups(resample_scratch *s, const resample_plan *p, resample_key key)
{
    const resample_table *t = p->table;
    for (size_t k = 0; k < t->present; k++) {
        const int32_t *dealt = s->left;
        if (k + 1 < t->present) {
            key.group = (uint32_t)(t->groups + 1 + k);
            resample_draw(s->taken, s->left, p->mixed_stride, &p->share[k], key, p->wide);
            dealt = s->taken;
        }
        add_mixed(s->cell + p->order[k] * t->stride, p, dealt);
        for (size_t j = 0; dealt == s->taken && j < p->mixed_areas; j++) {
            s->left[j] -= dealt[j];
        }
    }
}

/* As many people as there are, each in a cell by the shares of the source. Independent Poisson
 * numbers given their sum K are a multinomial of K; the missing ones are drawn one by one. */
static void draw_people(resample_scratch *s, const resample_plan *p, uint32_t replicate)
{
    resample_key key = key_of(p, replicate, 0);
    int64_t drawn;
    while ((drawn = draw_units(s, p, key)) > p->table->total) {
        key.attempt++;
    }
    deal_groups(s, p, key);
    resample_words words = {.key = key, .wide = p->wide};
    for (; drawn < p->table->total; drawn++) {
        add_person(s, p, &words);
    }
}

/* The places of each area are dealt to one group after another, the largest getting what is left.
 * Independent binomial numbers given their sum K are an even choice of K places; the missing ones
 * are drawn one by one from the free places. */
static void draw_chance(resample_scratch *s, const resample_plan *p, uint32_t replicate)
{
    const resample_table *t = p->table;
    memcpy(s->left, t->row, t->stride * sizeof *s->left);
    for (size_t k = 0; k < p->shares; k++) {
        uint32_t g = p->order[k];
        int32_t *x = s->cell + g * t->stride;
        resample_key key = key_of(p, replicate, g);
        int64_t drawn;
        while ((drawn = resample_draw(x, s->left, t->stride, &p->share[k], key, p->wide)) >
               t->column[g]) {
            key.attempt++;
        }
        resample_words words = {.key = key, .wide = p->wide};
        while (drawn < t->column[g]) {
            uint32_t person = resample_below(&words, (uint32_t)t->total);
            uint32_t area = cell_of_person(p, person);
            /* The places of an area are taken from the top; a taken one is drawn again. */
            uint32_t place = p->until[area] - 1 - person;
            if (place < (uint32_t)(s->left[area] - x[area])) {
                x[area]++;
                drawn++;
            }
        }
        for (size_t i = 0; i < t->stride; i++) {
            s->left[i] -= x[i];
        }
    }
    if (t->present) {
        memcpy(s->cell + p->order[t->present - 1] * t->stride, s->left,
               t->stride * sizeof *s->left);
    }
}

static void copy_area(resample_scratch *s, const resample_table *t, uint32_t to, uint32_t from)
{
    for (size_t g = 0; g < t->groups; g++) {
        s->cell[g * t->stride + to] = t->cell[g * t->stride + from];
    }
}

/* As many inhabited areas as there are, drawn with replacement. */
static void draw_areas(resample_scratch *s, const resample_plan *p, uint32_t replicate)
{
    resample_words words = {.key = key_of(p, replicate, 0), .wide = p->wide};
    for (size_t i = 0; i < p->areas_present; i++) {
        uint32_t from = resample_below(&words, (uint32_t)p->areas_present);
        copy_area(s, p->table, p->inhabited[i], p->inhabited[from]);
    }
}

/* The inhabited areas in any order over their places: Fisher and Yates, inside out. */
static void draw_places(resample_scratch *s, const resample_plan *p, uint32_t replicate)
{
    const resample_table *t = p->table;
    resample_words words = {.key = key_of(p, replicate, 0), .wide = p->wide};
    int32_t *order = s->left;
    for (size_t i = 0; i < p->areas_present; i++) {
        uint32_t other = resample_below(&words, (uint32_t)i + 1);
        order[i] = order[other];
        order[other] = (int32_t)p->inhabited[i];
    }
    for (size_t i = 0; i < p->areas_present; i++) {
        copy_area(s, t, p->inhabited[i], (uint32_t)order[i]);
    }
}

void resample_replicate(resample_scratch *scratch, const resample_plan *plan, uint32_t replicate)
{
    if (plan->table->total == 0) {
        return;
    }
    switch (plan->kind) {
    case RESAMPLE_PEOPLE:
        draw_people(scratch, plan, replicate);
        break;
    case RESAMPLE_CHANCE:
        draw_chance(scratch, plan, replicate);
        break;
    case RESAMPLE_AREAS:
        draw_areas(scratch, plan, replicate);
        break;
    case RESAMPLE_PLACES:
        draw_places(scratch, plan, replicate);
        break;
    }
}
