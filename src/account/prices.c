/* The registries of money: purses, prices, indices. The idea: a price is a fact with a source and a
 * year, so it is read, checked and refused like any other fact, and never filled in. */
#include "wijk/prices.h"

#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 1990, YEARS = 111, MAX_SERIES = 4, MAX_PRICES = 4096 };

typedef struct {
    char name[16];
    double level[YEARS]; /* NAN where no source gives the year */
    double error[YEARS]; /* relative error by rounding of the step into this year */
    const char *source[YEARS];
} series;

struct wijk_prices {
    wijk_table *purses_csv, *prices_csv, *cpi_csv, *appraisal_csv, *own_csv;
    wijk_arena *arena;
    wijk_map *by_code;
    wijk_purse purses[WIJK_MAX_PURSES];
    size_t purse_count;
    wijk_price *prices;
    size_t price_count;
    wijk_rate *rates;
    size_t rate_count;
    series all[MAX_SERIES];
    size_t series_count;
};

static const char *const cash_words[WIJK_CASHES] = {"yes", "capacity", "welfare", "mixed"};
static const enum wijk_text_key cash_texts[WIJK_CASHES] = {
    T_ACCOUNT_CASH_YES, T_ACCOUNT_CASH_CAPACITY, T_ACCOUNT_CASH_WELFARE, T_ACCOUNT_CASH_MIXED};

/* One row under examination, for messages. */
typedef struct {
    const wijk_table *table;
    const char *what;
    size_t row;
} place;

/* Puts "prices.csv:12, low" in front of the message that was just left. */
static int at_column(place at, const char *column)
{
    char where[160];
    snprintf(where, sizeof where, "%.100s:%zu, %.40s", at.what, at.row + 2, column);
    return wijk_fail_at(WIJK_EFORMAT, where);
}

static const char *cell(place at, const char *column)
{
    return wijk_table_get(at.table, at.row, column);
}

/* The cell, or what stood there before this table was laid over it. */
static const char *cell_or(place at, const char *column, const char *before)
{
    const char *text = cell(at, column);
    return *text ? text : before ? before : "";
}

int wijk_cash_parse(enum wijk_cash *out, const char *word)
{
    for (int i = 0; i < WIJK_CASHES; i++) {
        if (!strcmp(word, cash_words[i])) {
            *out = (enum wijk_cash)i;
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_EFORMAT,
                     "\"%.40s\" kan niet; kies yes (geld), capacity (ruimte), welfare (welzijn) of "
                     "mixed (gemengd).",
                     "\"%.40s\" will not do; choose yes, capacity, welfare or mixed.", word);
}

const char *wijk_cash_word(enum wijk_cash cash)
{
    return cash_words[cash];
}

const char *wijk_cash_text(wijk_lang lang, enum wijk_cash cash)
{
    return wijk_text(lang, cash_texts[cash]);
}

/* ---- purses ---------------------------------------------------------------------------------- */

static int read_purses(wijk_prices *p)
{
    size_t rows = wijk_table_rows(p->purses_csv);
    if (rows > WIJK_MAX_PURSES) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d beurzen.", "More than %d purses.",
                         WIJK_MAX_PURSES);
    }
    for (size_t i = 0; i < rows; i++) {
        place at = {p->purses_csv, "purses.csv", i};
        p->purses[p->purse_count++] = (wijk_purse){
            .code = cell(at, "code"),
            .group = cell(at, "group"),
            .label = {cell(at, "nl"), cell(at, "en")},
            .definition = {cell(at, "def_nl"), cell(at, "def_en")},
            .is_public = !strcmp(cell(at, "public"), "1"),
        };
    }
    return WIJK_OK;
}

size_t wijk_purse_count(const wijk_prices *prices)
{
    return prices->purse_count;
}

const wijk_purse *wijk_purse_at(const wijk_prices *prices, size_t i)
{
    return &prices->purses[i];
}

int wijk_purse_find(const wijk_prices *prices, const char *code)
{
    for (size_t i = 0; i < prices->purse_count; i++) {
        if (!strcmp(prices->purses[i].code, code)) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- indices --------------------------------------------------------------------------------- */

static const series *find_series(const wijk_prices *p, const char *name)
{
    for (size_t i = 0; i < p->series_count; i++) {
        if (!strcmp(p->all[i].name, name)) {
            return &p->all[i];
        }
    }
    return NULL;
}

/* The series of that name, a new one if need be; NULL with a message. */
static series *series_of(wijk_prices *p, const char *name)
{
    for (size_t i = 0; i < p->series_count; i++) {
        if (!strcmp(p->all[i].name, name)) {
            return &p->all[i];
        }
    }
    if (p->series_count == MAX_SERIES || !*name || strlen(name) >= sizeof p->all[0].name) {
        wijk_fail(WIJK_ELIMIT, "Reeks \"%.40s\" kan er niet bij.",
                  "Series \"%.40s\" cannot be added.", name);
        return NULL;
    }
    series *it = &p->all[p->series_count++];
    snprintf(it->name, sizeof it->name, "%s", name);
    for (int i = 0; i < YEARS; i++) {
        it->level[i] = NAN;
    }
    return it;
}

static int year_of(int *out, const char *text)
{
    char *end;
    long year = strtol(text, &end, 10);
    if (strlen(text) != 4 || *end || year < FIRST_YEAR || year >= FIRST_YEAR + YEARS) {
        return wijk_fail(WIJK_EFORMAT, "\"%.40s\" is geen jaartal van %d tot %d.",
                         "\"%.40s\" is not a year from %d to %d.", text, FIRST_YEAR,
                         FIRST_YEAR + YEARS - 1);
    }
    *out = (int)year;
    return WIJK_OK;
}

int wijk_index_add(wijk_prices *p, const char *name, int year, double change, const char *source)
{
    int i = year - FIRST_YEAR;
    if (i < 1 || i >= YEARS || !(change > -50 && change < 100)) {
        return wijk_fail(WIJK_EINVAL, "Een verandering van %g procent in %d kan niet.",
                         "A change of %g percent in %d cannot be right.", change, year);
    }
    series *it = series_of(p, name);
    if (!it) {
        return WIJK_ELIMIT;
    }
    if (!isfinite(it->level[i - 1])) {
        return wijk_fail(WIJK_EINVAL, "De reeks %s kent %d niet; vul de jaren op volgorde aan.",
                         "The series %s does not hold %d; add the years in order.", name, year - 1);
    }
    if (isfinite(it->level[i])) {
        return wijk_fail(WIJK_EINVAL, "De reeks %s kent %d al.", "The series %s already holds %d.",
                         name, year);
    }
    const char *kept = wijk_arena_strdup(p->arena, source);
    if (!kept) {
        return WIJK_ENOMEM;
    }
    it->level[i] = it->level[i - 1] * (1 + change / 100);
    it->error[i] = 0.05 / (100 + change); /* published with one decimal */
    it->source[i] = kept;
    return WIJK_OK;
}

static int read_index(wijk_prices *p, size_t row)
{
    place at = {p->cpi_csv, "cpi.csv", row};
    const char *name = cell(at, "series"), *source = cell(at, "source");
    double level = wijk_table_number(p->cpi_csv, row, "level", NAN);
    int year = 0;
    int rc = year_of(&year, cell(at, "year"));
    if (!rc && isfinite(level)) {
        series *it = series_of(p, name);
        rc = it ? WIJK_OK : WIJK_ELIMIT;
        if (it) {
            it->level[year - FIRST_YEAR] = level;
            it->source[year - FIRST_YEAR] = source;
        }
    } else if (!rc) {
        rc = wijk_index_add(p, name, year, wijk_table_number(p->cpi_csv, row, "change", NAN),
                            source);
    }
    if (rc) {
        at_column(at, "year");
    }
    return rc;
}

void wijk_index_years(int *first, int *last, const wijk_prices *prices, const char *name)
{
    const series *it = find_series(prices, name);
    *first = *last = 0;
    for (int i = 0; it && i < YEARS; i++) {
        if (isfinite(it->level[i])) {
            *first = *first ? *first : FIRST_YEAR + i;
            *last = FIRST_YEAR + i;
        }
    }
}

const char *wijk_index_source(const wijk_prices *prices, const char *name, int year)
{
    const series *it = find_series(prices, name);
    int i = year - FIRST_YEAR;
    return it && i >= 0 && i < YEARS ? it->source[i] : NULL;
}

int wijk_index_factor(double *out, double *error, const wijk_prices *prices, const char *name,
                      int from, int to)
{
    double ignored = 0;
    error = error ? error : &ignored;
    *out = 1;
    *error = 0;
    if (from == to) {
        return WIJK_OK;
    }
    const series *it = find_series(prices, name);
    int a = from - FIRST_YEAR, b = to - FIRST_YEAR;
    int reaches = it && a >= 0 && b >= 0 && a < YEARS && b < YEARS && isfinite(it->level[a]) &&
                  isfinite(it->level[b]);
    if (!reaches) {
        int first, last;
        wijk_index_years(&first, &last, prices, name);
        return wijk_fail(
            WIJK_EINVAL,
            "Geld van %d is niet om te rekenen naar %d: van de reeks \"%s\" (%d tot %d) "
            "ontbreekt een van die jaren. Vul de reeks aan met een regel index en de "
            "bron, of kies een ander prijspeil.",
            "Money of %d cannot be turned into money of %d: the series \"%s\" (%d to "
            "%d) lacks one of those years. Add the year with an index line and its "
            "source, or choose another price level.",
            from, to, name, first, last);
    }
    *out = it->level[b] / it->level[a];
    for (int i = (a < b ? a : b) + 1; i <= (a < b ? b : a); i++) {
        *error += it->error[i];
    }
    return WIJK_OK;
}

/* ---- prices ---------------------------------------------------------------------------------- */

static int read_euro(wijk_price *price, place at)
{
    const char *low = cell(at, "low"), *central = cell(at, "central"), *high = cell(at, "high");
    if (!*low && !*central && !*high) {
        return WIJK_OK; /* unknown, or as it was */
    }
    if (!*central) {
        wijk_fail(WIJK_EFORMAT, "vul een middelste waarde in, of laat alle drie leeg (onbekend).",
                  "give a central value, or leave all three empty (unknown).");
        return at_column(at, "central");
    }
    if (wijk_cents_parse(&price->euro.central, central)) {
        return at_column(at, "central");
    }
    price->euro.low = price->euro.high = price->euro.central;
    if (*low && wijk_cents_parse(&price->euro.low, low)) {
        return at_column(at, "low");
    }
    if (*high && wijk_cents_parse(&price->euro.high, high)) {
        return at_column(at, "high");
    }
    if (price->euro.low < 0 || price->euro.low > price->euro.central ||
        price->euro.central > price->euro.high) {
        wijk_fail(WIJK_EFORMAT, "laag, midden en hoog moeten oplopen en 0 of meer zijn.",
                  "low, central and high must rise and be 0 or more.");
        return at_column(at, "central");
    }
    price->known = 1;
    price->ranged = price->euro.low < price->euro.high;
    return WIJK_OK;
}

static int check_price(const wijk_prices *p, const wijk_price *price, place at)
{
    if (!*price->label[0] || !*price->label[1] || !*price->unit[0] || !*price->unit[1]) {
        wijk_fail(WIJK_EFORMAT, "naam en eenheid moeten er in twee talen staan.",
                  "name and unit must be there in two languages.");
        return at_column(at, "nl");
    }
    if (!price->known) {
        return WIJK_OK;
    }
    if (!*price->source || !*price->grade) {
        wijk_fail(WIJK_EFORMAT, "een prijs zonder bron en graad is onbekend: laat het bedrag weg.",
                  "a price without source and grade is unknown: leave the amount out.");
        return at_column(at, "source");
    }
    if (strcmp(price->index, "none") != 0 && !find_series(p, price->index)) {
        wijk_fail(WIJK_EFORMAT, "reeks \"%.40s\" bestaat niet; kies cpi, wage of none.",
                  "there is no series \"%.40s\"; choose cpi, wage or none.", price->index);
        return at_column(at, "index");
    }
    return WIJK_OK;
}

/* A row as it stands, over `before` where it says nothing (NULL for a new code). */
static int read_price(wijk_price *out, const wijk_prices *p, place at, const wijk_price *before)
{
    static const wijk_price nothing = {.purse = -1, .label = {"", ""}, .cash = WIJK_CASH_MIXED};
    wijk_price it = before ? *before : nothing;
    it.code = cell(at, "code");
    it.theme = cell_or(at, "theme", it.theme);
    it.label[0] = cell_or(at, "nl", it.label[0]);
    it.label[1] = cell_or(at, "en", it.label[1]);
    it.unit[0] = cell_or(at, "unit_nl", it.unit[0]);
    it.unit[1] = cell_or(at, "unit_en", it.unit[1]);
    it.index = cell_or(at, "index", it.index ? it.index : "none");
    it.grade = cell_or(at, "grade", it.grade);
    it.source = cell_or(at, "source", it.source);
    it.note[0] = cell_or(at, "note_nl", it.note[0]);
    it.note[1] = cell_or(at, "note_en", it.note[1]);
    int rc = read_euro(&it, at);
    int new_year = *cell(at, "central") || *cell(at, "year"); /* an amount brings its own year */
    if (!rc && new_year && year_of(&it.year, cell(at, "year"))) {
        rc = at_column(at, "year");
    }
    if (!rc && *cell(at, "cash") && wijk_cash_parse(&it.cash, cell(at, "cash"))) {
        rc = at_column(at, "cash");
    }
    const char *purse = cell(at, "purse");
    if (!rc && *purse && (it.purse = wijk_purse_find(p, purse)) < 0) {
        wijk_fail(WIJK_EFORMAT, "beurs \"%.40s\" bestaat niet.", "there is no purse \"%.40s\".",
                  purse);
        rc = at_column(at, "purse");
    }
    *out = it;
    return rc ? rc : check_price(p, out, at);
}

static int add_price(wijk_prices *p, place at, int own)
{
    const char *code = cell(at, "code");
    int64_t found = -1;
    size_t size = strlen(code);
    wijk_map_get(p->by_code, code, size, &found);
    if (!size || size > 40 || (found >= 0 && p->prices[found].own == own)) {
        wijk_fail(WIJK_EFORMAT, "\"%.40s\" is leeg, te lang of staat er tweemaal.",
                  "\"%.40s\" is empty, too long or there twice.", code);
        return at_column(at, "code");
    }
    wijk_price it;
    int rc = read_price(&it, p, at, found >= 0 ? &p->prices[found] : NULL);
    it.own = own;
    if (rc || found >= 0) {
        if (!rc) {
            p->prices[found] = it;
        }
        return rc;
    }
    p->prices[p->price_count] = it;
    return wijk_map_set(p->by_code, code, size, (int64_t)p->price_count++);
}

static int read_prices(wijk_prices *p, const wijk_table *table, const char *what, int own)
{
    int rc = WIJK_OK;
    if (wijk_table_column(table, "code") < 0) {
        return wijk_fail(WIJK_EFORMAT, "%s heeft geen kolom \"code\".",
                         "%s has no column \"code\".", what);
    }
    for (size_t row = 0; !rc && row < wijk_table_rows(table); row++) {
        rc = add_price(p, (place){table, what, row}, own);
    }
    return rc;
}

static int read_rates(wijk_prices *p)
{
    size_t rows = wijk_table_rows(p->appraisal_csv);
    p->rates = wijk_arena_alloc(p->arena, rows * sizeof *p->rates);
    if (!p->rates) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < rows; i++) {
        place at = {p->appraisal_csv, "appraisal.csv", i};
        double central = wijk_table_number(at.table, i, "central", NAN);
        p->rates[p->rate_count++] = (wijk_rate){
            .code = cell(at, "code"),
            .value = {wijk_table_number(at.table, i, "low", central), central,
                      wijk_table_number(at.table, i, "high", central)},
            .grade = cell(at, "grade"),
            .source = cell(at, "source"),
            .label = {cell(at, "nl"), cell(at, "en")},
            .note = {cell(at, "note_nl"), cell(at, "note_en")},
        };
    }
    return WIJK_OK;
}

size_t wijk_rate_count(const wijk_prices *prices)
{
    return prices->rate_count;
}

const wijk_rate *wijk_rate_at(const wijk_prices *prices, size_t i)
{
    return &prices->rates[i];
}

const wijk_rate *wijk_rate_find(const wijk_prices *prices, const char *code)
{
    for (size_t i = 0; i < prices->rate_count; i++) {
        if (!strcmp(prices->rates[i].code, code)) {
            return &prices->rates[i];
        }
    }
    return NULL;
}

static int read_all(wijk_prices *p, const char *what)
{
    size_t rows = wijk_table_rows(p->prices_csv) + (p->own_csv ? wijk_table_rows(p->own_csv) : 0);
    if (rows > MAX_PRICES) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d prijzen.", "More than %d prices.", MAX_PRICES);
    }
    p->prices = wijk_alloc(rows * sizeof *p->prices);
    int rc = p->prices ? wijk_map_new(&p->by_code) : WIJK_ENOMEM;
    rc = rc ? rc : read_purses(p);
    rc = rc ? rc : read_rates(p);
    for (size_t row = 0; !rc && row < wijk_table_rows(p->cpi_csv); row++) {
        rc = read_index(p, row);
    }
    rc = rc ? rc : read_prices(p, p->prices_csv, "prices.csv", 0);
    return rc || !p->own_csv ? rc : read_prices(p, p->own_csv, what, 1);
}

int wijk_prices_open_own(wijk_prices **out, const void *bytes, size_t size, const char *what)
{
    wijk_prices *p = wijk_alloc(sizeof *p);
    *out = NULL;
    int rc = p ? wijk_arena_new(&p->arena, 0) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_table_asset(&p->purses_csv, "data/purses.csv");
    rc = rc ? rc : wijk_table_asset(&p->cpi_csv, "data/cpi.csv");
    rc = rc ? rc : wijk_table_asset(&p->prices_csv, "data/prices.csv");
    rc = rc ? rc : wijk_table_asset(&p->appraisal_csv, "data/appraisal.csv");
    rc = rc || !bytes ? rc : wijk_table_bytes(&p->own_csv, bytes, size, what);
    rc = rc ? rc : read_all(p, what);
    if (rc) {
        wijk_prices_free(p);
        return rc;
    }
    *out = p;
    return WIJK_OK;
}

int wijk_prices_open(wijk_prices **out)
{
    return wijk_prices_open_own(out, NULL, 0, "");
}

void wijk_prices_free(wijk_prices *p)
{
    if (!p) {
        return;
    }
    wijk_table_free(p->purses_csv);
    wijk_table_free(p->cpi_csv);
    wijk_table_free(p->appraisal_csv);
    wijk_table_free(p->prices_csv);
    wijk_table_free(p->own_csv);
    wijk_map_free(p->by_code);
    wijk_arena_free(p->arena);
    wijk_free(p->prices);
    wijk_free(p);
}

size_t wijk_price_count(const wijk_prices *prices)
{
    return prices->price_count;
}

const wijk_price *wijk_price_at(const wijk_prices *prices, size_t i)
{
    return &prices->prices[i];
}

const wijk_price *wijk_price_find(const wijk_prices *prices, const char *code)
{
    int64_t at;
    return wijk_map_get(prices->by_code, code, strlen(code), &at) ? &prices->prices[at] : NULL;
}

int wijk_price_in(wijk_cents_range *out, const wijk_prices *prices, const wijk_price *price,
                  int year)
{
    double factor;
    if (!price->known) {
        return wijk_fail(WIJK_ENOTFOUND, "Van %s (%s) is geen prijs met bron bekend. %s",
                         "No sourced price is known for %s (%s). %s", price->code, price->label[0],
                         price->note[0]);
    }
    int rc = wijk_index_factor(&factor, NULL, prices, price->index, price->year, year);
    rc = rc ? wijk_fail_at(rc, price->code) : WIJK_OK;
    rc = rc ? rc : wijk_cents_round(&out->low, (double)price->euro.low * factor);
    rc = rc ? rc : wijk_cents_round(&out->central, (double)price->euro.central * factor);
    return rc ? rc : wijk_cents_round(&out->high, (double)price->euro.high * factor);
}
