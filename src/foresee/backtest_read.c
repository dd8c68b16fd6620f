/* The summary that is kept: `wijk foresee backtest --csv`, read back. Every row repeats from which
 * version, seed and file it is, so that the table needs no second file and cannot lose its origin.
 */
#include "wijk/backtest.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY "data/backtest.csv"

enum { ROWS_MOST = 10000 };

static const struct {
    const char *column;
    size_t offset;
    int may_lack;
} numbers[] = {
    {"error", offsetof(wijk_backtest_row, error), 0},
    {"no_change", offsetof(wijk_backtest_row, same), 0},
    {"trend", offsetof(wijk_backtest_row, trend), 1},
    {"bias", offsetof(wijk_backtest_row, bias), 0},
    {"changed", offsetof(wijk_backtest_row, changed), 0},
    {"gain", offsetof(wijk_backtest_row, gain), 0},
    {"gain_low", offsetof(wijk_backtest_row, gain_low), 0},
    {"gain_high", offsetof(wijk_backtest_row, gain_high), 0},
    {"in50", offsetof(wijk_backtest_row, in50), 0},
    {"in50_low", offsetof(wijk_backtest_row, in50_low), 0},
    {"in50_high", offsetof(wijk_backtest_row, in50_high), 0},
    {"in90", offsetof(wijk_backtest_row, in90), 0},
    {"in90_low", offsetof(wijk_backtest_row, in90_low), 0},
    {"in90_high", offsetof(wijk_backtest_row, in90_high), 0},
    {"hindsight", offsetof(wijk_backtest_row, hindsight), 1},
    {"grows", offsetof(wijk_backtest_row, grows), 1},
    {"held", offsetof(wijk_backtest_row, held), 1},
    {"held_low", offsetof(wijk_backtest_row, held_low), 1},
    {"held_high", offsetof(wijk_backtest_row, held_high), 1},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static int wrong(const char *what, size_t row, const char *column)
{
    return wijk_fail(WIJK_EFORMAT, "%s, regel %zu: geen geldige waarde in kolom %s.",
                     "%s, line %zu: no valid value in column %s.", what, row + 2, column);
}

static int read_row(wijk_backtest_row *out, const wijk_table *table, size_t row, const char *what)
{
    int measure = 0, size = 0;
    const char *key = wijk_table_get(table, row, "measure");
    const char *of = wijk_table_get(table, row, "size");
    while (measure < WIJK_BACKTEST_MEASURES &&
           strcmp(key, wijk_backtest_measure_key((wijk_backtest_measure)measure)) != 0) {
        measure++;
    }
    while (size < WIJK_BACKTEST_SIZES &&
           strcmp(of, wijk_backtest_size_key((wijk_backtest_size)size)) != 0) {
        size++;
    }
    double from = wijk_table_number(table, row, "from", NAN);
    double to = wijk_table_number(table, row, "to", NAN);
    double areas = wijk_table_number(table, row, "areas", NAN);
    if (measure == WIJK_BACKTEST_MEASURES || size == WIJK_BACKTEST_SIZES) {
        return wrong(what, row, measure == WIJK_BACKTEST_MEASURES ? "measure" : "size");
    }
    if (!(from >= 1900 && from < to && to < 2100 && areas >= 1 && areas < 1e6)) {
        return wrong(what, row, "from, to, areas");
    }
    *out = (wijk_backtest_row){.from = (int)from,
                               .to = (int)to,
                               .measure = (wijk_backtest_measure)measure,
                               .size = (wijk_backtest_size)size,
                               .areas = (size_t)areas};
    snprintf(out->town, sizeof out->town, "%s", wijk_table_get(table, row, "town"));
    for (int i = 0; i < NUMBERS; i++) {
        double value = wijk_table_number(table, row, numbers[i].column, NAN);
        if (!isfinite(value) && !numbers[i].may_lack) {
            return wrong(what, row, numbers[i].column);
        }
        memcpy((char *)out + numbers[i].offset, &value, sizeof value);
    }
    if (isfinite(out->hindsight) && !(out->hindsight >= 0 && out->grows > 0 && out->grows <= 1)) {
        return wrong(what, row, "hindsight, grows");
    }
    if (isfinite(out->held) && !(out->held >= 0 && out->held <= 1)) {
        return wrong(what, row, "held");
    }
    return WIJK_OK;
}

static int read_table(wijk_backtest *out, const wijk_table *table, const char *what)
{
    size_t n = wijk_table_rows(table);
    if (n == 0 || n > ROWS_MOST) {
        return wijk_fail(WIJK_EFORMAT, "%s: geen regels, of meer dan %d.",
                         "%s: no rows, or more than %d.", what, ROWS_MOST);
    }
    out->rows = wijk_alloc(n * sizeof *out->rows);
    if (!out->rows) {
        return WIJK_ENOMEM;
    }
    snprintf(out->version, sizeof out->version, "%s", wijk_table_get(table, 0, "version"));
    snprintf(out->parameters, sizeof out->parameters, "%s", wijk_table_get(table, 0, "parameters"));
    snprintf(out->lineage, sizeof out->lineage, "%s", wijk_table_get(table, 0, "lineage"));
    const char *seed = wijk_table_get(table, 0, "seed");
    char *end = NULL;
    out->seed = strtoull(seed, &end, 10);
    if (seed[0] < '0' || seed[0] > '9' || *end) {
        return wrong(what, 0, "seed");
    }
    double replicates = wijk_table_number(table, 0, "replicates", NAN);
    double every = wijk_table_number(table, 0, "every", NAN);
    if (!(replicates >= 1 && replicates < 1e6 && every >= 1 && every < 1e6)) {
        return wrong(what, 0, "replicates, every");
    }
    out->replicates = (uint32_t)replicates;
    out->every = (uint32_t)every;
    int rc = WIJK_OK;
    for (; !rc && out->n_rows < n; out->n_rows++) {
        rc = read_row(&out->rows[out->n_rows], table, out->n_rows, what);
    }
    return rc;
}

static int from_table(wijk_backtest **out, const wijk_table *table, const char *what)
{
    wijk_backtest *b = wijk_alloc(sizeof *b);
    int rc = b ? read_table(b, table, what) : WIJK_ENOMEM;
    if (rc) {
        wijk_backtest_free(b);
        return rc;
    }
    *out = b;
    return WIJK_OK;
}

int wijk_backtest_read(wijk_backtest **out, const void *bytes, size_t size, const char *what)
{
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_bytes(&table, bytes, size, what);
    rc = rc ? rc : from_table(out, table, what);
    wijk_table_free(table);
    return rc;
}

int wijk_backtest_shipped(wijk_backtest **out)
{
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_asset(&table, SUMMARY);
    rc = rc ? rc : from_table(out, table, SUMMARY);
    wijk_table_free(table);
    return rc;
}

wijk_backtest_verdict wijk_backtest_judge(const wijk_backtest_row *row)
{
    return row->gain_low > 0    ? WIJK_BACKTEST_BETTER
           : row->gain_high < 0 ? WIJK_BACKTEST_WORSE
                                : WIJK_BACKTEST_EVEN;
}

wijk_backtest_lean wijk_backtest_leans(const wijk_backtest *b, wijk_backtest_measure measure)
{
    wijk_backtest_lean lean = {0, 0, 0};
    for (size_t i = 0; i < b->n_rows; i++) {
        const wijk_backtest_row *row = &b->rows[i];
        if (row->measure == measure && row->size == WIJK_BACKTEST_ALL) {
            lean.spans++;
            lean.high += row->bias > 0;
            lean.low += row->bias < 0;
        }
    }
    return lean;
}

const wijk_backtest_row *wijk_backtest_find(const wijk_backtest *backtest,
                                            wijk_backtest_measure measure, int years)
{
    const wijk_backtest_row *best = NULL;
    for (size_t i = 0; i < backtest->n_rows; i++) {
        const wijk_backtest_row *row = &backtest->rows[i];
        if (row->measure != measure || row->size != WIJK_BACKTEST_ALL) {
            continue;
        }
        int off = abs(row->to - row->from - years);
        int best_off = best ? abs(best->to - best->from - years) : 0;
        if (!best || off < best_off || (off == best_off && row->areas > best->areas)) {
            best = row;
        }
    }
    return best;
}
