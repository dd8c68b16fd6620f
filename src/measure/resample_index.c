/* M, H and D of a table of whole people, the same bytes everywhere: x log x is kept as a whole
 * number of 2^-bits, so sums are exact and their order is free; D is a ratio of whole numbers. */
#include "measure/resample_parts.h"
#include "wijk/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KNOWN = 1 << 16, FRACTION_BITS = 52, EXPONENT_BIAS = 1023 };

/* x = 2^e (1 + s) / (1 - s) with |s| < 0.172; log x = e log 2 + 2 (s + s^3/3 + s^5/5 ...). The
 * first term left out is below 2^-56. */
double resample_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> FRACTION_BITS) - EXPONENT_BIAS;
    bits = (bits & ((1ull << FRACTION_BITS) - 1)) | (uint64_t)EXPONENT_BIAS << FRACTION_BITS;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 0x1.6a09e667f3bcdp+0) { /* the root of two */
        m /= 2;
        exponent++;
    }
    double s = (m - 1) / (m + 1), squared = s * s, series = 0;
    for (int k = 21; k >= 3; k -= 2) {
        series = (series + 1.0 / k) * squared;
    }
    /* log 2 in two parts; the first has zeros at the end, so that its multiples are exact. */
    return exponent * 0x1.62e42fefa3800p-1 +
           (exponent * 0x1.ef35793c76730p-45 + (2 * s + 2 * s * series));
}

static int64_t x_log_x(int64_t x, unsigned bits)
{
    double value = x > 1 ? (double)x * resample_log((double)x) * (double)(1ull << bits) : 0;
    return (int64_t)(value + 0.5);
}

int resample_logs_make(resample_logs *out, int64_t people, int64_t largest)
{
    /* No sum is larger than that of everybody in one cell: below 2^62. */
    double most = (double)(people > 2 ? people : 2);
    most *= resample_log(most);
    out->bits = 0;
    while (most * (double)(1ull << (out->bits + 1)) < 0x1p62) {
        out->bits++;
    }
    out->size = largest < MOST_KNOWN ? (size_t)largest + 1 : MOST_KNOWN;
    out->known = wijk_alloc(out->size * sizeof *out->known);
    for (size_t x = 0; out->known && x < out->size; x++) {
        out->known[x] = x_log_x((int64_t)x, out->bits);
    }
    return out->known ? WIJK_OK : WIJK_ENOMEM;
}

void resample_logs_free(resample_logs *logs)
{
    wijk_free(logs->known);
    logs->known = NULL;
}

static int64_t look_up(const resample_logs *logs, int64_t x)
{
    return (uint64_t)x < logs->size ? logs->known[x] : x_log_x(x, logs->bits);
}

typedef struct {
    int64_t total, *column;
    size_t present;
    int64_t cells, rows, columns; /* sums of x log x */
    int64_t deviation, apart;     /* D is their ratio */
} sums;

/* One area: its total, and x log x of it and of its cells. */
static int32_t add_area(sums *sum, const resample_logs *logs, const int32_t *cell, size_t groups,
                        size_t stride)
{
    int32_t row = 0;
    for (size_t g = 0; g < groups; g++) {
        int32_t x = cell[g * stride];
        row += x;
        sum->column[g] += x;
        sum->cells += look_up(logs, x);
    }
    sum->rows += look_up(logs, row);
    return row;
}

/* Sum of |x T - row column|, which is T times the people who would have to be elsewhere, twice. */
static void add_deviation(sums *sum, const int32_t *cell, const int32_t *row, size_t areas,
                          int64_t column)
{
    int64_t deviation = 0;
    for (size_t i = 0; i < areas; i++) {
        deviation += llabs(cell[i] * sum->total - row[i] * column);
    }
    sum->deviation += deviation;
}

static int too_many(int64_t total)
{
    return wijk_fail(
        WIJK_ELIMIT,
        "Een trekking telt %lld mensen; dat is te veel om mee te rekenen. Kies een "
        "kleiner gebied.",
        "A draw counts %lld people; that is too many to compute with. Choose a smaller "
        "area.",
        (long long)total);
}

static int add_everything(sums *sum, int32_t *row, const resample_logs *logs, const int32_t *cell,
                          size_t areas, size_t groups, size_t stride)
{
    for (size_t i = 0; i < areas; i++) {
        row[i] = add_area(sum, logs, cell + i, groups, stride);
    }
    for (size_t g = 0; g < groups; g++) {
        sum->total += sum->column[g];
    }
    if (sum->total > 1 << 30) {
        return too_many(sum->total);
    }
    for (size_t g = 0; g < groups; g++) {
        if (sum->column[g]) {
            sum->present++;
            sum->columns += look_up(logs, sum->column[g]);
            sum->apart += sum->column[g] * (sum->total - sum->column[g]);
            add_deviation(sum, cell + g * stride, row, areas, sum->column[g]);
        }
    }
    return WIJK_OK;
}

int resample_indices(double *out, const resample_logs *logs, const int32_t *cell, size_t areas,
                     size_t groups, size_t stride)
{
    sums sum = {.column = wijk_alloc(groups * sizeof *sum.column)};
    int32_t *row = wijk_alloc(stride * sizeof *row);
    int rc = sum.column && row ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : add_everything(&sum, row, logs, cell, areas, groups, stride);
    out[WIJK_INDEX_M] = out[WIJK_INDEX_H] = out[WIJK_INDEX_D] = NAN;
    if (!rc && sum.present >= 2) {
        int64_t whole = look_up(logs, sum.total);
        int64_t shared = sum.cells - sum.rows - sum.columns + whole, entropy = whole - sum.columns;
        shared = shared > 0 ? shared : 0;
        out[WIJK_INDEX_M] = (double)shared / (double)(1ull << logs->bits) / (double)sum.total;
        out[WIJK_INDEX_H] = (double)shared / (double)entropy;
        out[WIJK_INDEX_D] = (double)sum.deviation / (2 * (double)sum.apart);
    }
    wijk_free(sum.column);
    wijk_free(row);
    return rc;
}
