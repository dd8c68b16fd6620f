/* Who pays: the difference from do-nothing in events and hours, with a price and a purse on each.
 *
 * Every replicate is a sum of its own: its counts times its draw of every price (one draw for all
 * rows with that price: nothing averages out that is wrong together), so a purse's band holds both
 * uncertainties. A row without a price stays in its own unit and is in no sum; for it stands at
 * which price the policy would break even, and no purse is called better off while its own bill
 * has no price. */
#include "foresee/breakeven.h"
#include "foresee/ensemble.h"

#include "wijk/account.h"
#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/rng.h"
#include "wijk/stats.h"
#include "wijk/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PURPOSE_PRICE = 0x50524943, PRICE_YEAR = 2024 };

typedef struct {
    const wijk_ensemble *e;
    const wijk_prices *prices;
    wijk_table *table;
    wijk_ledger *ledger;
    double *units, *euro;    /* [row][replicate] */
    double *number;          /* [row][replicate]: euro that come with the number of households */
    double *per_home;        /* [replicate][year]: households more than when nothing is done, as a
                                share of those */
    double *yearly;          /* [replicate][year]: discounted net of one purse */
    int *paybacks;           /* [replicate] */
    double *per;             /* [row] units of the outcome in one of the price */
    wijk_cents_range *cents; /* [row] */
    double *nets;            /* [purse][replicate], society first; NULL: not asked for */
} work;

void wijk_ensemble_ledger_free(wijk_ledger *ledger)
{
    if (ledger) {
        wijk_free(ledger->rows);
        wijk_free(ledger->purses);
        wijk_table_free(ledger->table);
        wijk_free(ledger);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static int bad_row(size_t row, const char *nl, const char *en)
{
    return wijk_fail(WIJK_EFORMAT, "data/ledger.csv, regel %zu: %s%.0s",
                     "data/ledger.csv, line %zu: %.0s%s", row + 2, nl, en);
}

static int price_row(work *w, size_t i, const char *code)
{
    wijk_ledger_row *row = &w->ledger->rows[i];
    if (strcmp(code, "euro") == 0) { /* the outcome is money already */
        row->priced = 1;
        w->cents[i] = (wijk_cents_range){100, 100, 100};
        return WIJK_OK;
    }
    row->price = *code ? wijk_price_find(w->prices, code) : NULL;
    if (*code && !row->price) {
        return bad_row(i, "die prijs bestaat niet", "there is no such price");
    }
    row->priced = row->price && row->price->known;
    return row->priced ? wijk_price_in(&w->cents[i], w->prices, row->price, PRICE_YEAR) : WIJK_OK;
}

static int read_row(work *w, size_t i)
{
    wijk_ledger_row *row = &w->ledger->rows[i];
    const char *kind = wijk_table_get(w->table, i, "kind");
    const char *purse = wijk_table_get(w->table, i, "purse");
    w->per[i] = wijk_table_number(w->table, i, "per", 0);
    row->kind = strcmp(kind, "cost") == 0    ? WIJK_LEDGER_COST
                : strcmp(kind, "yield") == 0 ? WIJK_LEDGER_YIELD
                                             : WIJK_LEDGER_EFFECT;
    row->purse = wijk_purse_find(w->prices, purse);
    row->own = wijk_table_number(w->table, i, "own", 0) > 0;
    row->note[0] = wijk_table_get(w->table, i, "nl");
    row->note[1] = wijk_table_get(w->table, i, "en");
    if (!wijk_outcome_find(wijk_table_get(w->table, i, "outcome"), &row->outcome) ||
        !wijk_outcome_is_flow(row->outcome)) {
        return bad_row(i, "geen uitkomst die per jaar telt", "no outcome that counts per year");
    }
    if (w->per[i] <= 0 || row->purse < 0) {
        return bad_row(i, "geen maat of geen kas", "no measure or no purse");
    }
    return price_row(w, i, wijk_table_get(w->table, i, "price"));
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* More of a yield is less cost. */
static double sign_of(const wijk_ledger_row *row)
{
    return row->kind == WIJK_LEDGER_YIELD ? -1 : 1;
}

static double price_of(const work *w, size_t i, uint32_t replicate)
{
    const wijk_ledger_row *row = &w->ledger->rows[i];
    if (!row->priced) {
        return 0;
    }
    uint64_t code =
        row->price ? ensemble_hash(ENSEMBLE_HASH, row->price->code, strlen(row->price->code)) : 0;
    const wijk_draw draw = {.seed = w->e->seed,
                            .purpose = PURPOSE_PRICE,
                            .place = (uint32_t)code,
                            .time = replicate,
                            .nth = (uint32_t)(code >> 32)};
    const wijk_parameter_row price = {.low = (double)w->cents[i].low / 100,
                                      .initial = (double)w->cents[i].central / 100,
                                      .high = (double)w->cents[i].high / 100,
                                      .shape = WIJK_SHAPE_TRIANGULAR};
    return sign_of(row) * wijk_parameter_at(&price, wijk_rng_uniform(draw));
}

static double count_in(const work *w, int side, size_t replicate, uint32_t year,
                       wijk_outcome outcome)
{
    return (double)ensemble_of(
        w->e, replicate)[ensemble_at(w->e, side, year, WIJK_ENSEMBLE_WHOLE, outcome)];
}

/* How much more there was of a row in a year than when nothing is done. */
static double more_in(const work *w, size_t i, size_t replicate, uint32_t year)
{
    wijk_outcome outcome = w->ledger->rows[i].outcome;
    return count_in(w, SIDE_SCENARIO, replicate, year, outcome) -
           count_in(w, SIDE_NOTHING, replicate, year, outcome);
}

static double months_lived_in(const work *w, int side, size_t replicate, uint32_t year)
{
    static const wijk_outcome empty[] = {WIJK_OUT_EMPTY_MONTHS_SOCIAL, WIJK_OUT_EMPTY_MONTHS_OTHER,
                                         WIJK_OUT_EMPTY_MONTHS_FIRST,
                                         WIJK_OUT_EMPTY_MONTHS_FIRST_OTHER};
    double months = count_in(w, side, replicate, year, WIJK_OUT_HOME_MONTHS);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        months -= count_in(w, side, replicate, year, empty[i]);
    }
    return months;
}

static void count_households(work *w)
{
    size_t n = ensemble_replicates(w->e), years = w->e->years;
    wijk_sum more = {0};
    for (size_t r = 0; r < n; r++) {
        for (uint32_t year = 1; year <= years; year++) {
            double with = months_lived_in(w, SIDE_SCENARIO, r, year);
            double without = months_lived_in(w, SIDE_NOTHING, r, year);
            w->per_home[r * years + year - 1] = without > 0 ? with / without - 1 : 0;
            wijk_sum_add(&more, (with - without) / 12);
        }
    }
    w->ledger->households = wijk_sum_value(&more) / (double)(n * years);
}

static void add_up(work *w, size_t i)
{
    const wijk_ensemble *e = w->e;
    size_t n = ensemble_replicates(e);
    for (size_t r = 0; r < n; r++) {
        double price = price_of(w, i, e->first + (uint32_t)r) / w->per[i];
        double units = 0, present = 0, number = 0, factor = 1;
        for (uint32_t year = 1; year <= e->years; year++) {
            double more = more_in(w, i, r, year);
            double without = count_in(w, SIDE_NOTHING, r, year, w->ledger->rows[i].outcome);
            units += more;
            present += more / factor;
            number += without * w->per_home[r * e->years + year - 1] / factor;
            factor *= 1 + w->ledger->discount;
        }
        w->units[i * n + r] = units;
        w->euro[i * n + r] = present * price;
        w->number[i * n + r] = number * price;
    }
}

static double mean(const double *values, size_t n)
{
    wijk_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, values[i]);
    }
    return n ? wijk_sum_value(&sum) / (double)n : 0;
}

/* On the means: which part of the computed effect would be enough. As wijk/account.h has it. */
static void break_even(wijk_ledger_purse *p)
{
    double cost = p->mean_cost, saved = p->mean_saved;
    p->share = NAN;
    if (saved > 0 && cost > 0) {
        p->even = WIJK_EVEN_AT;
        p->share = cost / saved;
    } else if (saved < 0 && cost < 0) {
        p->even = WIJK_EVEN_UP_TO;
        p->share = cost / saved;
    } else {
        p->even = cost <= 0 && saved >= 0 ? WIJK_EVEN_ALWAYS : WIJK_EVEN_NEVER;
    }
}

/* What is spent more and what is not saved both lessen the net. */
static void net_by_year(const work *w, int purse)
{
    const wijk_ensemble *e = w->e;
    size_t n = ensemble_replicates(e);
    memset(w->yearly, 0, n * e->years * sizeof *w->yearly);
    for (size_t i = 0; i < w->ledger->n_rows; i++) {
        const wijk_ledger_row *row = &w->ledger->rows[i];
        for (size_t r = 0; row->priced && (purse < 0 || row->purse == purse) && r < n; r++) {
            double price = price_of(w, i, e->first + (uint32_t)r) / w->per[i], factor = 1;
            for (uint32_t year = 1; year <= e->years; year++) {
                w->yearly[r * e->years + year - 1] -= more_in(w, i, r, year) / factor * price;
                factor *= 1 + w->ledger->discount;
            }
        }
    }
}

static int longer(const void *a, const void *b)
{
    unsigned x = (unsigned)*(const int *)a, y = (unsigned)*(const int *)b; /* -1 is the longest */
    return (x > y) - (x < y);
}

static void pay_back(wijk_ledger_purse *out, const work *w)
{
    size_t n = ensemble_replicates(w->e), years = w->e->years;
    int64_t cents[WIJK_ENSEMBLE_YEARS];
    for (size_t r = 0; r < n; r++) {
        for (size_t y = 0; y < years; y++) {
            cents[y] = llround(100 * w->yearly[r * years + y]);
        }
        w->paybacks[r] = wijk_account_payback(cents, (int)years);
    }
    for (size_t y = 0; y < years; y++) {
        wijk_sum sum = {0};
        for (size_t r = 0; r < n; r++) {
            wijk_sum_add(&sum, w->yearly[r * years + y]);
        }
        cents[y] = llround(100 * wijk_sum_value(&sum) / (double)n);
    }
    qsort(w->paybacks, n, sizeof *w->paybacks, longer);
    out->payback = wijk_account_payback(cents, (int)years);
    out->payback_low = w->paybacks[(n - 1) / 20];
    out->payback_high = w->paybacks[n - 1 - (n - 1) / 20];
}

/* Which way what has no price turns a purse: that of its mean, when it is not nothing in every
 * pair. */
static int open_way(const work *w, size_t i)
{
    size_t n = ensemble_replicates(w->e);
    const wijk_ledger_row *row = &w->ledger->rows[i];
    double more = mean(w->units + i * n, n) * sign_of(row);
    return !row->own || row->priced ? 0 : (more < 0) - (more > 0);
}

/* `same`: the band of the net with as many households as when nothing is done. */
static wijk_purse_says says_of(const wijk_ensemble *e, const wijk_ledger_purse *p,
                               const wijk_band *same)
{
    if (p->pairs < WIJK_ENSEMBLE_FEW) {
        return WIJK_SAYS_FEW;
    }
    if ((p->worse && p->sure >= 0) || (p->better && p->sure <= 0)) {
        return WIJK_SAYS_UNPRICED;
    }
    if (!p->sure) {
        return WIJK_SAYS_OPEN;
    }
    return wijk_ensemble_sure(e, same) != p->sure ? WIJK_SAYS_NUMBER
           : p->sure > 0                          ? WIJK_SAYS_BETTER
                                                  : WIJK_SAYS_WORSE;
}

const char *wijk_purse_says_key(wijk_purse_says says)
{
    static const char *const keys[] = {
        [WIJK_SAYS_FEW] = "few_pairs",     [WIJK_SAYS_OPEN] = "cannot_be_told",
        [WIJK_SAYS_UNPRICED] = "unpriced", [WIJK_SAYS_NUMBER] = "number_of_households",
        [WIJK_SAYS_BETTER] = "better",     [WIJK_SAYS_WORSE] = "worse"};
    return keys[says];
}

double wijk_ledger_even_price(const wijk_ledger_purse *purse, const wijk_ledger_row *row)
{
    /* What comes with fewer households is not counted on. */
    double net = fmin(purse->mean_net, purse->mean_net - purse->mean_number);
    double units = row->mean_units * sign_of(row);
    int borne = !row->priced && (purse->purse < 0 || purse->purse == row->purse);
    double price = borne && (units < 0 || units > 0) ? net / units : NAN;
    return price >= 0 ? price : NAN;
}

/* purse -1: society, the sum of all. `room`: four times the replicates. Returns 0 when nothing
 * changes for it. */
static int purse_of(wijk_ledger_purse *out, const work *w, int purse, double *room)
{
    size_t n = ensemble_replicates(w->e), better = 0;
    int any = 0;
    double *cost = room, *saved = room + n, *net = room + 2 * n, *same = room + 3 * n;
    memset(room, 0, 4 * n * sizeof *room);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < w->ledger->n_rows; i++) {
        const wijk_ledger_row *row = &w->ledger->rows[i];
        if (purse >= 0 && row->purse != purse) {
            continue;
        }
        out->worse |= row->open < 0;
        out->better |= row->open > 0;
        for (size_t r = 0; row->priced && r < n; r++) {
            double value = w->euro[i * n + r];
            double number = w->number[i * n + r];
            any |= value < 0 || value > 0 || number < 0 || number > 0;
            cost[r] += row->kind == WIJK_LEDGER_COST ? value : 0;
            saved[r] -= row->kind != WIJK_LEDGER_COST ? value : 0;
            same[r] += number;
        }
    }
    out->mean_number = -mean(same, n);
    for (size_t r = 0; r < n; r++) {
        net[r] = saved[r] - cost[r];
        same[r] += net[r];
        better += net[r] >= 0;
    }
    if (w->nets) {
        memcpy(w->nets + (size_t)(purse + 1) * n, net, n * sizeof *net);
    }
    out->purse = purse;
    out->mean_cost = mean(cost, n);
    out->mean_saved = mean(saved, n);
    out->cost = ensemble_pairs_band(cost, n);
    out->saved = ensemble_pairs_band(saved, n);
    out->net = ensemble_pairs_band(net, n);
    out->mean_net = out->mean_saved - out->mean_cost;
    out->pairs = (uint32_t)n;
    out->sure = wijk_ensemble_sure(w->e, &out->net);
    out->chance = (double)better / (double)n;
    const wijk_band as_many = ensemble_pairs_band(same, n);
    out->says = says_of(w->e, out, &as_many);
    break_even(out);
    net_by_year(w, purse);
    pay_back(out, w);
    return any || out->worse || out->better;
}

static int finish_rows(work *w)
{
    size_t n = ensemble_replicates(w->e);
    static const wijk_band none = {NAN, NAN, NAN, NAN, NAN};
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < w->ledger->n_rows; i++) {
        wijk_bands told;
        wijk_ledger_row *row = &w->ledger->rows[i];
        double more = mean(w->units + i * n, n);
        row->mean_units = more;
        row->break_even = wijk_ledger_even_price(&w->ledger->purses[0], row);
        row->mean_euro = row->priced ? mean(w->euro + i * n, n) : NAN;
        row->units = ensemble_pairs_band(w->units + i * n, n);
        row->euro = row->priced ? ensemble_pairs_band(w->euro + i * n, n) : none;
        rc = wijk_ensemble_outcome_ever(&told, w->e, WIJK_ENSEMBLE_WHOLE, row->outcome);
        if (!rc && !isfinite(told.difference.median)) {
            row->units = none;
            row->mean_units = NAN;
        }
    }
    return rc;
}

static int reckon(work *w)
{
    size_t n = ensemble_replicates(w->e);
    double *room = wijk_alloc(4 * n * sizeof *room);
    if (!room) {
        return WIJK_ENOMEM;
    }
    count_households(w);
    for (size_t i = 0; i < w->ledger->n_rows; i++) {
        add_up(w, i);
        w->ledger->rows[i].open = open_way(w, i);
    }
    purse_of(&w->ledger->purses[w->ledger->n_purses++], w, -1, room);
    for (size_t p = 0; p < wijk_purse_count(w->prices); p++) {
        w->ledger->n_purses +=
            (size_t)purse_of(&w->ledger->purses[w->ledger->n_purses], w, (int)p, room);
    }
    wijk_free(room);
    return finish_rows(w);
}

static int reserve(work *w)
{
    size_t rows = wijk_table_rows(w->table), n = ensemble_replicates(w->e);
    w->ledger = wijk_alloc(sizeof *w->ledger);
    w->units = wijk_alloc(rows * n * sizeof *w->units);
    w->euro = wijk_alloc(rows * n * sizeof *w->euro);
    w->number = wijk_alloc(rows * n * sizeof *w->number);
    w->per_home = wijk_alloc(n * w->e->years * sizeof *w->per_home);
    w->per = wijk_alloc(rows * sizeof *w->per);
    w->cents = wijk_alloc(rows * sizeof *w->cents);
    w->yearly = wijk_alloc(n * w->e->years * sizeof *w->yearly);
    w->paybacks = wijk_alloc(n * sizeof *w->paybacks);
    if (!w->ledger || !w->units || !w->euro || !w->number || !w->per_home || !w->per || !w->cents ||
        !w->yearly || !w->paybacks) {
        return WIJK_ENOMEM;
    }
    w->ledger->n_rows = rows;
    w->ledger->rows = wijk_alloc(rows * sizeof *w->ledger->rows);
    w->ledger->purses = wijk_alloc((wijk_purse_count(w->prices) + 2) * sizeof *w->ledger->purses);
    return w->ledger->rows && w->ledger->purses ? WIJK_OK : WIJK_ENOMEM;
}

static int ledger_of(wijk_ledger **out, double *nets, const wijk_ensemble *e,
                     const wijk_prices *prices)
{
    work w = {.e = e, .prices = prices, .nets = nets};
    const wijk_rate *discount = wijk_rate_find(prices, "discount");
    *out = NULL;
    int rc = wijk_table_asset(&w.table, "data/ledger.csv");
    rc = rc ? rc : reserve(&w);
    if (!rc) {
        w.ledger->price_year = PRICE_YEAR;
        w.ledger->discount = discount ? discount->value.central : 0;
    }
    for (size_t i = 0; !rc && i < w.ledger->n_rows; i++) {
        rc = read_row(&w, i);
    }
    rc = rc ? rc : reckon(&w);
    wijk_free(w.units);
    wijk_free(w.euro);
    wijk_free(w.number);
    wijk_free(w.per_home);
    wijk_free(w.yearly);
    wijk_free(w.paybacks);
    wijk_free(w.per);
    wijk_free(w.cents);
    if (rc) {
        wijk_ensemble_ledger_free(w.ledger);
        wijk_table_free(w.table);
        return rc;
    }
    w.ledger->table = w.table;
    *out = w.ledger;
    return WIJK_OK;
}

int wijk_ensemble_ledger(wijk_ledger **out, const wijk_ensemble *e, const wijk_prices *prices)
{
    return ledger_of(out, NULL, e, prices);
}

int ensemble_nets(double **out, const wijk_ensemble *e, const wijk_prices *prices)
{
    wijk_ledger *ledger = NULL;
    *out = wijk_alloc((wijk_purse_count(prices) + 1) * ensemble_replicates(e) * sizeof **out);
    int rc = *out ? ledger_of(&ledger, *out, e, prices) : WIJK_ENOMEM;
    wijk_ensemble_ledger_free(ledger);
    return rc;
}
