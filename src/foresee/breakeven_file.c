/* A break-even reckoning as text: one line of what it was made from, then a table. Purses, levers
 * and effects go by name, so that a text outlives their order; prices that changed make it another
 * answer, which the reader of it can see. */
#include "foresee/breakeven.h"

#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, HEAD = 200, ROWS_MOST = (WIJK_LEVERS + 1) * (WIJK_MAX_PURSES + 1) };

static const char magic[] = "wijk breakeven";
static const char all_word[] = "all", society_word[] = "society";
static const char *const even_words[] = {[WIJK_EVEN_AT] = "at",
                                         [WIJK_EVEN_ALWAYS] = "always",
                                         [WIJK_EVEN_NEVER] = "never",
                                         [WIJK_EVEN_UP_TO] = "up_to"};
enum { EVENS = sizeof even_words / sizeof *even_words };

uint32_t wijk_breakeven_sets(const wijk_scenario_file *scenario)
{
    unsigned char used[WIJK_LEVERS] = {0};
    uint32_t levers = 0;
    for (size_t i = 0; i < wijk_scenario_count(scenario); i++) {
        wijk_lever lever = wijk_scenario_at(scenario, i)->lever;
        levers += !used[lever];
        used[lever] = 1;
    }
    return levers > 1 ? levers + 1 : levers;
}

uint64_t wijk_breakeven_prices(const wijk_prices *prices)
{
    uint64_t hash = ENSEMBLE_HASH;
    for (size_t i = 0; i < wijk_price_count(prices); i++) {
        const wijk_price *price = wijk_price_at(prices, i);
        const int64_t numbers[] = {price->known,        price->euro.low, price->euro.central,
                                   price->euro.high,    price->year,     price->purse,
                                   (int64_t)price->cash};
        hash = ensemble_hash(hash, price->code, strlen(price->code) + 1);
        hash = ensemble_hash(hash, price->index, strlen(price->index) + 1);
        hash = ensemble_hash(hash, numbers, sizeof numbers);
    }
    for (size_t i = 0; i < wijk_rate_count(prices); i++) {
        const wijk_rate *rate = wijk_rate_at(prices, i);
        hash = ensemble_hash(hash, rate->code, strlen(rate->code) + 1);
        hash = ensemble_hash(hash, &rate->value, sizeof rate->value);
    }
    return hash;
}

void wijk_breakeven_write(wijk_str *out, const wijk_breakeven *b, const wijk_prices *prices)
{
    wijk_str_addf(out, "%s %d %u %u %u %u %" PRIu64 " %" PRIu64 "\n", magic, VERSION, b->replicates,
                  b->years, b->sets, b->done, b->seed, b->prices);
    wijk_str_add(out, "lever,purse,even,net_0,net_half,net_1,share,low,high,reached,same\n");
    for (size_t i = 0; i < b->n; i++) {
        const wijk_breakeven_row *r = &b->rows[i];
        const double numbers[] = {r->net[0], r->net[1], r->net[2],  r->share,
                                  r->low,    r->high,   r->reached, r->same};
        wijk_str_addf(out, "%s,%s,%s",
                      r->lever == WIJK_LEVERS ? all_word : wijk_lever_get(r->lever)->key,
                      r->purse < 0 ? society_word : wijk_purse_at(prices, (size_t)r->purse)->code,
                      even_words[r->even]);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            wijk_str_addc(out, ',');
            wijk_str_addg(out, numbers[k]);
        }
        wijk_str_addc(out, '\n');
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static int damaged(const char *what)
{
    return wijk_fail(WIJK_EFORMAT, "%s: beschadigd, of van een andere versie van wijk.",
                     "%s: damaged, or of another version of wijk.", what);
}

static int names_of(wijk_breakeven_row *row, const wijk_table *table, size_t at,
                    const wijk_prices *prices)
{
    const char *lever = wijk_table_get(table, at, "lever"),
               *purse = wijk_table_get(table, at, "purse"),
               *even = wijk_table_get(table, at, "even");
    int known = 0;
    row->lever = WIJK_LEVERS;
    row->purse = strcmp(purse, society_word) ? wijk_purse_find(prices, purse) : -1;
    for (int e = 0; e < EVENS; e++) {
        if (!strcmp(even, even_words[e])) {
            row->even = (wijk_even)e;
            known = 1;
        }
    }
    return known && (row->purse >= 0 || !strcmp(purse, society_word)) &&
           (!strcmp(lever, all_word) || wijk_lever_find(lever, &row->lever));
}

static int take_row(wijk_breakeven_row *row, const wijk_table *table, size_t at,
                    const wijk_prices *prices)
{
    static const char *const nets[] = {"net_0", "net_half", "net_1"};
    int good = names_of(row, table, at, prices);
    for (int s = 0; s < WIJK_BREAKEVEN_SHARES; s++) {
        row->net[s] = wijk_table_number(table, at, nets[s], NAN);
        good = good && isfinite(row->net[s]);
    }
    row->share = wijk_table_number(table, at, "share", NAN);
    row->low = wijk_table_number(table, at, "low", NAN);
    row->high = wijk_table_number(table, at, "high", NAN);
    row->reached = wijk_table_number(table, at, "reached", NAN);
    row->same = wijk_table_number(table, at, "same", NAN);
    return good && isfinite(row->reached) && isfinite(row->same) &&
           (row->even == WIJK_EVEN_AT) == (isfinite(row->share) != 0);
}

static int take_rows(wijk_breakeven *b, const wijk_table *table, const wijk_prices *prices,
                     const char *what)
{
    wijk_dictionary *dictionary = NULL;
    size_t n = wijk_table_rows(table);
    if (n > ROWS_MOST) {
        return damaged(what);
    }
    b->rows = wijk_alloc((n + 1) * sizeof *b->rows);
    int rc = b->rows ? wijk_dictionary_open(&dictionary) : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        if (take_row(&b->rows[i], table, i, prices)) {
            breakeven_name_effect(&b->rows[b->n++], dictionary);
        } else {
            rc = damaged(what);
        }
    }
    wijk_dictionary_free(dictionary);
    return rc;
}

static int take_head(wijk_breakeven *b, const char *head)
{
    enum { NUMBERS = 7 };
    uint64_t numbers[NUMBERS];
    const char *at = head + sizeof magic - 1;
    if (strncmp(head, magic, sizeof magic - 1) != 0) {
        return 0;
    }
    for (int i = 0; i < NUMBERS; i++) {
        char *end;
        if (at[0] != ' ' || at[1] < '0' || at[1] > '9') {
            return 0;
        }
        numbers[i] = strtoull(at, &end, 10);
        at = end;
    }
    b->replicates = (uint32_t)numbers[1];
    b->years = (uint32_t)numbers[2];
    b->sets = (uint32_t)numbers[3];
    b->done = (uint32_t)numbers[4];
    b->seed = numbers[5];
    b->prices = numbers[6];
    return !*at && numbers[0] == VERSION && numbers[1] <= WIJK_ENSEMBLE_MOST &&
           numbers[2] <= WIJK_ENSEMBLE_YEARS && numbers[3] <= WIJK_LEVERS + 1 &&
           numbers[4] <= numbers[3];
}

int wijk_breakeven_read(wijk_breakeven **out, const void *bytes, size_t size,
                        const wijk_prices *prices, const char *what)
{
    char head[HEAD];
    const char *end = size ? memchr(bytes, '\n', size < HEAD ? size : HEAD - 1) : NULL;
    size_t first = end ? (size_t)(end - (const char *)bytes) : 0;
    wijk_table *table = NULL;
    *out = NULL;
    if (!end) {
        return damaged(what);
    }
    wijk_breakeven *b = wijk_alloc(sizeof *b);
    if (!b) {
        return WIJK_ENOMEM;
    }
    memcpy(head, bytes, first);
    head[first] = 0;
    int rc = take_head(b, head) ? wijk_table_bytes(&table, end + 1, size - first - 1, what)
                                : damaged(what);
    rc = rc ? rc : take_rows(b, table, prices, what);
    wijk_table_free(table);
    if (rc) {
        wijk_breakeven_free(b);
        return rc;
    }
    *out = b;
    return WIJK_OK;
}
