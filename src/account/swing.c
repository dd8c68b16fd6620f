/* Which assumptions decide: one at a time at its low and at its high, everything that shares it
 * with it, the rest in the middle. */
#include "account/internal.h"

#include "wijk/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the line is worth to society with one factor at another value. */
static double worth(const wijk_account *account, const wijk_account_line *line,
                    enum wijk_factor factor, double value)
{
    wijk_account_line moved = *line;
    moved.factor[factor].central = value;
    double amount = account_units(&moved, 0) * moved.factor[WIJK_PRICE].central *
                    account_years(&moved, account->discount, moved.factor[WIJK_DROPOFF].central);
    return line->kind == WIJK_TRANSFER ? 0 : line->kind == WIJK_COST ? -amount : amount;
}

static int wider(const void *a, const void *b)
{
    const wijk_swing *x = a, *y = b;
    double p = fabs(x->at_high - x->at_low), q = fabs(y->at_high - y->at_low);
    return p != q ? (p < q) - (p > q) : (x->line > y->line) - (x->line < y->line);
}

/* Adds what a line does to the swing of one of its factors. */
static int add_swing(wijk_swing *all, size_t *n, wijk_map *names, const wijk_account *account,
                     size_t at, enum wijk_factor factor)
{
    const wijk_account_line *line = &account->lines[at];
    const wijk_range *range = &line->factor[factor];
    char name[160];
    int64_t found;
    int rc = WIJK_OK;
    account_factor_key(name, sizeof name, line, factor);
    if (!wijk_map_get(names, name, strlen(name), &found)) {
        found = (int64_t)(*n)++;
        all[found] = (wijk_swing){.factor = factor, .line = at};
        rc = wijk_map_set(names, name, strlen(name), found);
    }
    double middle = worth(account, line, factor, range->central);
    all[found].lines++;
    all[found].at_low += worth(account, line, factor, range->low) - middle;
    all[found].at_high += worth(account, line, factor, range->high) - middle;
    return rc;
}

int wijk_account_swings(wijk_swing *out, size_t *count, size_t room, const wijk_account *account,
                        enum wijk_stage stage)
{
    double centre = 0;
    size_t n = 0;
    wijk_map *names = NULL;
    wijk_swing *all = wijk_alloc(account->count * WIJK_FACTORS * sizeof *all);
    *count = 0;
    int rc = all ? wijk_map_new(&names) : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < account->count; i++) {
        const wijk_account_line *line = &account->lines[i];
        if (!account_counts(line, stage)) {
            continue;
        }
        centre += worth(account, line, WIJK_REACH, line->factor[WIJK_REACH].central);
        for (int f = 0; !rc && f < WIJK_FACTORS; f++) {
            if (line->factor[f].low < line->factor[f].high) {
                rc = add_swing(all, &n, names, account, i, (enum wijk_factor)f);
            }
        }
    }
    if (!rc) {
        qsort(all, n, sizeof *all, wider);
        *count = n < room ? n : room;
        for (size_t i = 0; i < *count; i++) {
            out[i] = all[i];
            out[i].at_low += centre;
            out[i].at_high += centre;
        }
    }
    wijk_map_free(names);
    wijk_free(all);
    return rc;
}
