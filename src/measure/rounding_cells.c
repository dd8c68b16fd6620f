/* Published figures as cells: the whole numbers that may stand behind each of them.
 * The idea: rounding, per cents, clamps and withholding all say the same kind of thing, a lowest
 * and a highest value; only per cents say it relative to a total that is rounded itself. */
#include "measure/rounding.h"

#include "wijk/mem.h"

#include <math.h>
#include <string.h>

/* Ends of shares are products of rounded numbers; a whole person is far more than this. */
#define SLACK 1e-9

wijk_published wijk_published_exact(double count)
{
    return (wijk_published){count, count, count, 0};
}

wijk_published wijk_published_rounded(double count, double step, double least)
{
    double low = fmax(0, ceil(count - step / 2));
    double high = step > 1 ? ceil(count + step / 2) - 1 : count;
    if (count < least) { /* a published 0 beside withheld small counts */
        return (wijk_published){count, low, fmin(fmax(high, count), least - 1), 0};
    }
    return (wijk_published){count, fmax(low, least), fmax(high, count), 0};
}

wijk_published wijk_published_percent(double percent, double step, double clamp_low,
                                      double clamp_high)
{
    double low = (percent - step / 2) / 100, high = (percent + step / 2) / 100 - SLACK;
    if (percent <= clamp_low) {
        low = 0;
    }
    if (percent >= clamp_high) {
        high = 1;
    }
    return (wijk_published){percent / 100, fmin(1, fmax(0, low)), fmax(0, fmin(1, high)), 1};
}

wijk_published wijk_published_withheld(double most)
{
    return (wijk_published){NAN, 0, most, 0};
}

void measure_cells_free(measure_cells *cells)
{
    wijk_free(cells->low);
    wijk_free(cells->high);
    wijk_free(cells->total_low);
    wijk_free(cells->total_high);
    wijk_free(cells->share);
    wijk_free(cells->shares);
    wijk_free(cells->out);
    memset(cells, 0, sizeof *cells);
}

static int check_cell(const wijk_published *cell, size_t area, int totals)
{
    if (!(cell->low >= 0 && cell->low <= cell->high) || (cell->share && cell->high > 1)) {
        return wijk_fail(WIJK_EINVAL,
                         "Rij %zu: een cijfer ligt tussen %g en %g; dat kan niet. Verbeter het.",
                         "Row %zu: a figure lies between %g and %g; that cannot be. Mend it.",
                         area + 1, cell->low, cell->high);
    }
    if (cell->share && !totals) {
        return wijk_fail(
            WIJK_EINVAL, "Rij %zu: een aandeel zonder totaal. Noem de kolom met het totaal.",
            "Row %zu: a share without a total. Name the column with the total.", area + 1);
    }
    return WIJK_OK;
}

static int take_row(measure_cells *out, const wijk_published_table *table, size_t area)
{
    size_t groups = out->groups;
    double sum = 0;
    for (size_t g = 0; g < groups; g++) {
        const wijk_published *cell = &table->cells[area * groups + g];
        int rc = check_cell(cell, area, table->totals != NULL);
        if (rc) {
            return rc;
        }
        out->share[area * groups + g] = cell->share != 0;
        out->shares[area] |= cell->share != 0;
        out->low[area * groups + g] = cell->share ? cell->low : ceil(cell->low - SLACK);
        out->high[area * groups + g] = cell->share ? cell->high : floor(cell->high + SLACK);
        sum += cell->share ? INFINITY : out->high[area * groups + g];
    }
    out->total_high[area] = sum;
    if (table->totals) {
        const wijk_published *total = &table->totals[area];
        int rc = check_cell(total, area, 0);
        out->total_low[area] = ceil(total->low - SLACK);
        out->total_high[area] = fmin(sum, floor(total->high + SLACK));
        if (rc) {
            return rc;
        }
    }
    out->out[area] = !(out->total_high[area] < MEASURE_MOST_PEOPLE);
    out->left_out += out->out[area];
    return WIJK_OK;
}

int measure_cells_box(double *low, double *high, const measure_cells *cells, size_t area,
                      double from, double to)
{
    size_t groups = cells->groups, at = area * groups;
    double lows = 0, highs = 0;
    for (size_t g = 0; g < groups; g++) {
        int share = cells->share[at + g];
        low[g] = share ? ceil(cells->low[at + g] * from - SLACK) : cells->low[at + g];
        high[g] = share ? floor(cells->high[at + g] * to + SLACK) : cells->high[at + g];
        high[g] = fmin(high[g], to);
        if (low[g] > high[g]) {
            return 0;
        }
        lows += low[g];
        highs += high[g];
    }
    if (lows > to || highs < from) {
        return 0;
    }
    for (size_t g = 0; g < groups; g++) { /* what the others leave */
        double least = from - (highs - high[g]), most = to - (lows - low[g]);
        low[g] = fmax(low[g], least);
        high[g] = fmin(high[g], most);
    }
    return 1;
}

/* Whether any total fits. For counts the box over all totals says it; shares need each. */
static int fits(const measure_cells *cells, size_t area, double *low, double *high)
{
    double from = cells->total_low[area], to = cells->total_high[area];
    if (!cells->shares[area]) {
        return from <= to && measure_cells_box(low, high, cells, area, from, to);
    }
    double total = from;
    while (total <= to && !measure_cells_box(low, high, cells, area, total, total)) {
        total += 1;
    }
    return total <= to;
}

static void widen(measure_cells *cells, size_t area)
{
    for (size_t g = 0; g < cells->groups; g++) {
        size_t at = area * cells->groups + g;
        double by = cells->share[at] ? 0.005 : 1;
        cells->low[at] = fmax(0, cells->low[at] - by);
        cells->high[at] = fmin(cells->share[at] ? 1 : INFINITY, cells->high[at] + by);
    }
    cells->total_low[area] = fmax(0, cells->total_low[area] - 1);
    cells->total_high[area] += 1;
}

/* Groups that are published a little off are met halfway; groups that are not everybody are an
 * error, since the rest would be dealt to those that are there. */
static int mend_row(measure_cells *cells, size_t area, double *low, double *high)
{
    int tries = 0, most = (int)fmin(1000, fmax(5, 0.02 * cells->total_high[area]));
    while (!fits(cells, area, low, high)) {
        if (tries++ == most) {
            return wijk_fail(WIJK_EFORMAT,
                             "Rij %zu: de groepen tellen bij lange na niet op tot het totaal. Geef "
                             "de rest een eigen kolom.",
                             "Row %zu: the groups are far from adding up to the total. Give the "
                             "rest a column of its own.",
                             area + 1);
        }
        widen(cells, area);
    }
    cells->mended += tries > 0;
    return WIJK_OK;
}

static int mend(measure_cells *cells)
{
    double *box = wijk_alloc(2 * cells->groups * sizeof *box);
    int rc = box ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < cells->areas; i++) {
        rc = cells->out[i] ? WIJK_OK : mend_row(cells, i, box, box + cells->groups);
    }
    wijk_free(box);
    return rc;
}

int measure_cells_take(measure_cells *out, const wijk_published_table *table)
{
    memset(out, 0, sizeof *out);
    out->areas = table->areas;
    out->groups = table->groups;
    if (table->groups == 0 || table->groups > MEASURE_MOST_GROUPS) {
        return wijk_fail(WIJK_EINVAL, "%zu groepen; geef er 1 tot %d.", "%zu groups; give 1 to %d.",
                         table->groups, MEASURE_MOST_GROUPS);
    }
    size_t cells = table->areas * table->groups;
    out->low = wijk_alloc(cells * sizeof *out->low);
    out->high = wijk_alloc(cells * sizeof *out->high);
    out->total_low = wijk_alloc(table->areas * sizeof *out->total_low);
    out->total_high = wijk_alloc(table->areas * sizeof *out->total_high);
    out->share = wijk_alloc(cells);
    out->shares = wijk_alloc(table->areas);
    out->out = wijk_alloc(table->areas);
    int whole = out->low && out->high && out->total_low && out->total_high && out->share;
    int rc = whole && out->shares && out->out ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < table->areas; i++) {
        rc = take_row(out, table, i);
    }
    rc = rc ? rc : mend(out);
    if (rc) {
        measure_cells_free(out);
    }
    return rc;
}
