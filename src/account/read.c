/* An account as a file that a person writes: settings, then a table with one line of the account in
 * each row, and comments behind #. The idea: a cell says one thing in one way, and what it cannot
 * mean is refused with its place. */
#include "account/internal.h"
#include "account/sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[3] = {"cost", "benefit", "transfer"};
static const char *const stage_names[2] = {"plan", "real"};

struct wijk_account_file {
    wijk_account account;
    wijk_prices *prices;
    wijk_arena *arena;
};

typedef struct {
    wijk_account_file *file;
    sheet sheet;
    int place[WIJK_ACCOUNT_CELLS]; /* of each column in the header, -1 when absent */
    int has_header;
    account_fault *fault; /* where the first thing was wrong; may be NULL */
} reading;

static int at_column(const reading *r, int code, const char *column)
{
    account_fault_note(r->fault, column);
    return sheet_at(&r->sheet, code, column);
}

static const char *cell(const reading *r, enum wijk_account_cell column)
{
    int at = r->place[column];
    return at >= 0 && (size_t)at < r->sheet.count ? r->sheet.cells[at].text : "";
}

static int keep(const char **out, const reading *r, const char *text)
{
    *out = wijk_arena_strdup(r->file->arena, text);
    return *out ? WIJK_OK : WIJK_ENOMEM;
}

/* ---- what a cell can hold
 * ------------------------------------------------------------------------ */

typedef int (*parse_fn)(double *out, const char *text, size_t size);

/* "0.3", "30%", "0.2..0.3..0.5" or "=evidence.2". */
static int parse_range(wijk_range *out, const wijk_rate **rate, const reading *r, const char *text,
                       parse_fn parse)
{
    if (*text == '=') {
        *rate = wijk_rate_find(r->file->prices, text + 1);
        if (!*rate) {
            return wijk_fail(WIJK_EFORMAT, "\"%.40s\" staat niet in data/appraisal.csv.",
                             "\"%.40s\" is not in data/appraisal.csv.", text + 1);
        }
        *out = (*rate)->value;
        return WIJK_OK;
    }
    double value[3] = {0, 0, 0};
    size_t count = 0;
    int rc = WIJK_OK;
    for (const char *at = text, *dots = text; !rc && dots; at = dots + 2) {
        dots = strstr(at, "..");
        size_t size = dots ? (size_t)(dots - at) : strlen(at);
        rc = count < 3 ? parse(&value[count], at, size) : WIJK_OK;
        count++;
        if (!dots) {
            break;
        }
    }
    if (!rc && count != 1 && count != 3) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "\"%.40s\": schrijf één getal, of laag..midden..hoog (0.2..0.3..0.5).",
                       "\"%.40s\": write one number, or low..central..high (0.2..0.3..0.5).", text);
    }
    *out = rc ? (wijk_range){0, 0, 0}
              : (wijk_range){value[0], value[count == 3], value[count == 3 ? 2 : 0]};
    return rc;
}

/* "corp", "corp|gem_wmo" (halves) or "corp:60|gem_wmo:40". */
static int parse_purses(double *weights, const reading *r, const char *text)
{
    int rc = WIJK_OK;
    for (const char *at = text; !rc && *at;) {
        size_t size = strcspn(at, "|"), name = strcspn(at, ":|");
        char code[48];
        double weight = 1;
        snprintf(code, sizeof code, "%.*s", (int)(name < 47 ? name : 47), at);
        int purse = wijk_purse_find(r->file->prices, code);
        if (purse < 0) {
            return wijk_fail(
                WIJK_EFORMAT, "beurs \"%.40s\" bestaat niet; \"wijk account purses\" noemt ze.",
                "there is no purse \"%.40s\"; \"wijk account purses\" lists them.", code);
        }
        if (name < size) {
            rc = sheet_number(&weight, at + name + 1, size - name - 1);
        }
        if (!rc && (!(weight > 0) || weights[purse] > 0)) {
            rc = wijk_fail(WIJK_EFORMAT,
                           "beurs \"%.40s\" heeft geen deel boven nul, of staat er tweemaal.",
                           "purse \"%.40s\" has no share above zero, or is there twice.", code);
        }
        weights[purse] = weight;
        at += size + (at[size] == '|');
    }
    return rc;
}

/* ---- one line of the account
 * ----------------------------------------------------------------------- */

static const enum wijk_account_cell factor_columns[WIJK_FACTORS] = {
    WIJK_CELL_QUANTITY,   WIJK_CELL_REACH,       WIJK_CELL_EFFECT,
    WIJK_CELL_DEADWEIGHT, WIJK_CELL_ATTRIBUTION, WIJK_CELL_DISPLACEMENT,
    WIJK_CELL_OPTIMISM,   WIJK_CELL_DROPOFF,     WIJK_CELL_AMOUNT};
static const double factor_defaults[WIJK_FACTORS] = {1, 1, 1, 0, 1, 0, 1, 0, 0};

const char *const account_factor_names[WIJK_FACTORS] = {"quantity",   "reach",       "effect",
                                                        "deadweight", "attribution", "displacement",
                                                        "optimism",   "dropoff",     "price"};

/* "2.600" is 2600 to one and 2.6 to another: refused, never guessed. */
static int is_ambiguous(const char *text)
{
    size_t before = strspn(text, "0123456789"), after = 0;
    if (before >= 1 && before <= 3 && *text != '0' &&
        (text[before] == '.' || text[before] == ',')) {
        after = strspn(text + before + 1, "0123456789");
    }
    return after == 3 && (!text[before + 4] || text[before + 4] == '.');
}

static int check_quantity(const reading *r)
{
    for (const char *at = cell(r, WIJK_CELL_QUANTITY); at; at = strstr(at, "..")) {
        at += strspn(at, ".");
        if (is_ambiguous(at)) {
            wijk_fail(WIJK_EFORMAT,
                      "\"%.20s\" kan twee dingen betekenen; schrijf duizendtallen zonder punt.",
                      "\"%.20s\" can mean two things; write thousands without a separator.", at);
            return at_column(r, WIJK_EFORMAT, "quantity");
        }
    }
    return WIJK_OK;
}

static int read_factors(wijk_account_line *line, const reading *r)
{
    int rc = check_quantity(r);
    if (rc) {
        return rc;
    }
    for (int f = 0; f < WIJK_PRICE; f++) {
        const char *text = cell(r, factor_columns[f]);
        line->factor[f] = (wijk_range){factor_defaults[f], factor_defaults[f], factor_defaults[f]};
        if (*text && parse_range(&line->factor[f], &line->rate[f], r, text, sheet_number)) {
            return at_column(r, WIJK_EFORMAT, wijk_account_cell_names[factor_columns[f]]);
        }
    }
    line->evidence = -1;
    if (*cell(r, WIJK_CELL_EVIDENCE) &&
        sheet_whole(&line->evidence, cell(r, WIJK_CELL_EVIDENCE), 0, 5)) {
        return at_column(r, WIJK_EFORMAT, "evidence");
    }
    if (line->evidence >= 0 && !*cell(r, WIJK_CELL_OPTIMISM)) {
        char code[24];
        snprintf(code, sizeof code, "evidence.%d", line->evidence);
        const wijk_rate *rate = wijk_rate_find(r->file->prices, code);
        line->rate[WIJK_OPTIMISM] = rate;
        line->factor[WIJK_OPTIMISM] = rate ? rate->value : (wijk_range){0, 0, 0};
    }
    return WIJK_OK;
}

/* A price of the table, in money of the account. */
static int read_listed_price(wijk_account_line *line, const reading *r)
{
    const wijk_account *account = &r->file->account;
    line->price = wijk_price_find(r->file->prices, cell(r, WIJK_CELL_PRICE));
    if (!line->price) {
        wijk_fail(WIJK_EFORMAT, "prijs \"%.40s\" bestaat niet; \"wijk account prices\" noemt ze.",
                  "there is no price \"%.40s\"; \"wijk account prices\" lists them.",
                  cell(r, WIJK_CELL_PRICE));
        return at_column(r, WIJK_EFORMAT, "price");
    }
    line->price_year = line->price->year;
    line->priced = line->price->known;
    if (!line->priced) {
        return WIJK_OK;
    }
    int rc = wijk_index_factor(&line->price_factor, NULL, account->prices, line->price->index,
                               line->price->year, account->price_year);
    /* Not rounded to cents: half a cent on a price is hundreds of euro on many units, and the total
     * would depend on the price level that was chosen. */
    const wijk_cents_range *euro = &line->price->euro;
    line->factor[WIJK_PRICE] = (wijk_range){(double)euro->low * line->price_factor,
                                            (double)euro->central * line->price_factor,
                                            (double)euro->high * line->price_factor};
    return rc ? at_column(r, wijk_fail_at(rc, line->price->code), "price") : WIJK_OK;
}

/* An amount of the line's own: it brings its year and says where it comes from. */
static int read_own_amount(wijk_account_line *line, const reading *r)
{
    const wijk_account *account = &r->file->account;
    const wijk_rate *rate = NULL;
    wijk_range *price = &line->factor[WIJK_PRICE];
    if (parse_range(price, &rate, r, cell(r, WIJK_CELL_AMOUNT), sheet_cents)) {
        return at_column(r, WIJK_EFORMAT, "amount");
    }
    if (rate) {
        wijk_fail(WIJK_EFORMAT, "een bedrag komt niet uit data/appraisal.csv.",
                  "an amount does not come from data/appraisal.csv.");
        return at_column(r, WIJK_EFORMAT, "amount");
    }
    if (!*line->source) {
        wijk_fail(WIJK_EFORMAT,
                  "zeg waar dit bedrag vandaan komt (\"begroting 2024\", \"eigen schatting\").",
                  "say where this amount comes from (\"budget 2024\", \"own estimate\").");
        return at_column(r, WIJK_EFORMAT, "source");
    }
    line->priced = 1;
    line->price_year = account->price_year;
    line->price_factor = 1;
    if (!*cell(r, WIJK_CELL_AMOUNT_YEAR)) {
        return WIJK_OK;
    }
    int rc = sheet_whole(&line->price_year, cell(r, WIJK_CELL_AMOUNT_YEAR), 1990, 2100);
    rc = rc ? rc
            : wijk_index_factor(&line->price_factor, NULL, account->prices, "cpi", line->price_year,
                                account->price_year);
    price->low *= line->price_factor;
    price->central *= line->price_factor;
    price->high *= line->price_factor;
    return rc ? at_column(r, rc, "amount_year") : WIJK_OK;
}

static int read_price(wijk_account_line *line, const reading *r)
{
    int listed = *cell(r, WIJK_CELL_PRICE) != 0, own = *cell(r, WIJK_CELL_AMOUNT) != 0;
    if (listed && own) {
        wijk_fail(WIJK_EFORMAT, "noem een prijs uit de tabel of een eigen bedrag, niet allebei.",
                  "name a price of the table or an amount of your own, not both.");
        return at_column(r, WIJK_EFORMAT, "amount");
    }
    if (!listed && !own && !*line->unit) {
        wijk_fail(WIJK_EFORMAT,
                  "geen prijs en geen bedrag. Is de prijs onbekend, noem dan de eenheid in unit.",
                  "no price and no amount. Where the price is unknown, name the unit in unit.");
        return at_column(r, WIJK_EFORMAT, "price");
    }
    return listed ? read_listed_price(line, r) : own ? read_own_amount(line, r) : WIJK_OK;
}

static int read_cash(wijk_account_line *line, const reading *r)
{
    const char *text = cell(r, WIJK_CELL_CASH);
    if (*text) {
        return wijk_cash_parse(&line->cash, text) ? at_column(r, WIJK_EFORMAT, "cash") : WIJK_OK;
    }
    line->cash = line->price                  ? line->price->cash
                 : line->kind == WIJK_BENEFIT ? WIJK_CASH_MIXED
                                              : WIJK_CASH_YES;
    return WIJK_OK;
}

static int read_parties(wijk_account_line *line, const reading *r)
{
    const char *to = cell(r, WIJK_CELL_PURSE);
    if (*to && parse_purses(line->to, r, to)) {
        return at_column(r, WIJK_EFORMAT, "purse");
    }
    if (!*to && line->price && line->price->purse >= 0) {
        line->to[line->price->purse] = 1;
    }
    return parse_purses(line->from, r, cell(r, WIJK_CELL_FROM)) ? at_column(r, WIJK_EFORMAT, "from")
                                                                : WIJK_OK;
}

static int read_profile(wijk_account_line *line, const reading *r)
{
    int listed = 0;
    for (const char *at = cell(r, WIJK_CELL_PROFILE); *at; listed++) {
        size_t size = strcspn(at, "|");
        if (listed == WIJK_MAX_YEARS || sheet_number(&line->profile[listed], at, size)) {
            return at_column(r, WIJK_EFORMAT, "profile");
        }
        at += size + (at[size] == '|');
    }
    if (!listed) {
        for (int y = 0; y < WIJK_MAX_YEARS; y++) {
            line->profile[y] = 1;
        }
    } else if (!*cell(r, WIJK_CELL_YEARS)) {
        line->years = listed;
    } else if (listed != line->years) {
        wijk_fail(WIJK_EFORMAT, "%d delen voor %d jaren.", "%d shares for %d years.", listed,
                  line->years);
        return at_column(r, WIJK_EFORMAT, "profile");
    }
    return WIJK_OK;
}

static int read_years(wijk_account_line *line, const reading *r)
{
    const wijk_account *account = &r->file->account;
    int last = account->first_year + account->years - 1, year = account->first_year;
    if (*cell(r, WIJK_CELL_START) &&
        sheet_whole(&year, cell(r, WIJK_CELL_START), account->first_year, last)) {
        return at_column(r, WIJK_EFORMAT, "start");
    }
    line->start = year - account->first_year;
    line->years = account->years - line->start;
    if (*cell(r, WIJK_CELL_YEARS) &&
        sheet_whole(&line->years, cell(r, WIJK_CELL_YEARS), 1, line->years)) {
        return at_column(r, WIJK_EFORMAT, "years");
    }
    return read_profile(line, r);
}

static int read_words(wijk_account_line *line, const reading *r)
{
    int kind = 0, stage = 0;
    if (sheet_word(&kind, cell(r, WIJK_CELL_KIND), kind_names, 3)) {
        return at_column(r, WIJK_EFORMAT, "kind");
    }
    if (*cell(r, WIJK_CELL_STAGE) && sheet_word(&stage, cell(r, WIJK_CELL_STAGE), stage_names, 2)) {
        return at_column(r, WIJK_EFORMAT, "stage");
    }
    line->kind = (enum wijk_line_kind)kind;
    line->stage = (enum wijk_stage)stage;
    line->row = wijk_csv_line(r->sheet.csv);
    int rc = keep(&line->id, r, cell(r, WIJK_CELL_ID));
    rc = rc ? rc : keep(&line->what, r, cell(r, WIJK_CELL_WHAT));
    rc = rc ? rc : keep(&line->source, r, cell(r, WIJK_CELL_SOURCE));
    rc = rc ? rc : keep(&line->unit, r, cell(r, WIJK_CELL_UNIT));
    rc = rc ? rc : keep(&line->group, r, cell(r, WIJK_CELL_GROUP));
    return rc ? rc : keep(&line->note, r, cell(r, WIJK_CELL_NOTE));
}

static int read_line(reading *r)
{
    wijk_account *account = &r->file->account;
    if (account->count == WIJK_MAX_LINES) {
        wijk_fail(WIJK_ELIMIT, "meer dan %d regels.", "more than %d lines.", WIJK_MAX_LINES);
        return at_column(r, WIJK_ELIMIT, "id");
    }
    wijk_account_line *line = &account->lines[account->count++];
    memset(line, 0, sizeof *line);
    int rc = read_words(line, r);
    rc = rc ? rc : read_factors(line, r);
    rc = rc ? rc : read_price(line, r);
    rc = rc ? rc : read_cash(line, r);
    rc = rc ? rc : read_parties(line, r);
    return rc ? rc : read_years(line, r);
}

/* ---- settings and header
 * ------------------------------------------------------------------------- */

static const char *second(const reading *r)
{
    return r->sheet.count > 1 ? r->sheet.cells[1].text : "";
}

/* index, series, year, change in percent, source: a year that this program has no source for. */
static int read_index(reading *r)
{
    double change = 0;
    int year = 0;
    if (r->sheet.count < 5 || !*r->sheet.cells[4].text) {
        wijk_fail(WIJK_EFORMAT, "schrijf index, reeks, jaar, verandering in procent, bron.",
                  "write index, series, year, change in percent, source.");
        return at_column(r, WIJK_EFORMAT, "index");
    }
    int rc = sheet_whole(&year, r->sheet.cells[2].text, 1990, 2100);
    rc = rc ? rc : sheet_number(&change, r->sheet.cells[3].text, r->sheet.cells[3].size);
    rc = rc ? rc
            : wijk_index_add(r->file->prices, r->sheet.cells[1].text, year, change,
                             r->sheet.cells[4].text);
    return rc ? at_column(r, rc, "index") : WIJK_OK;
}

static int read_setting(reading *r)
{
    wijk_account *account = &r->file->account;
    const char *name = r->sheet.cells[0].text, *value = second(r);
    int rc = WIJK_OK;
    if (!strcmp(name, "title")) {
        rc = keep(&account->title, r, value);
    } else if (!strcmp(name, "start")) {
        rc = sheet_whole(&account->first_year, value, 1990, 2100);
    } else if (!strcmp(name, "years")) {
        rc = sheet_whole(&account->years, value, 1, WIJK_MAX_YEARS);
    } else if (!strcmp(name, "price_year")) {
        rc = sheet_whole(&account->price_year, value, 1990, 2100);
    } else if (!strcmp(name, "discount")) {
        rc = sheet_number(&account->discount, value, strlen(value));
        if (!rc && !(account->discount > -0.5 && account->discount < 0.5)) {
            rc = wijk_fail(
                WIJK_EFORMAT, "een discontovoet van %g kan niet; schrijf 2.25%% of 0.0225.",
                "a discount rate of %g will not do; write 2.25%% or 0.0225.", account->discount);
        }
    } else if (!strcmp(name, "currency")) {
        rc = !strcmp(value, "EUR")
                 ? WIJK_OK
                 : wijk_fail(WIJK_EFORMAT, "een rekening is in EUR, niet in \"%.20s\".",
                             "an account is in EUR, not in \"%.20s\".", value);
    } else if (!strcmp(name, "index")) {
        return read_index(r);
    } else {
        rc = wijk_fail(WIJK_EFORMAT,
                       "\"%.40s\" is geen instelling (title, start, years, price_year, discount, "
                       "currency, index) en geen kop die met id begint.",
                       "\"%.40s\" is not a setting (title, start, years, price_year, discount, "
                       "currency, index) and not a header that begins with id.",
                       name);
    }
    return rc ? at_column(r, rc, *name ? name : "?") : WIJK_OK;
}

static int read_header(reading *r)
{
    const wijk_account *account = &r->file->account;
    const struct {
        int given;
        const char *name;
    } needed[] = {{account->first_year, "start"},
                  {account->years, "years"},
                  {account->price_year, "price_year"}};
    for (size_t i = 0; i < 3; i++) {
        if (!needed[i].given) {
            wijk_fail(WIJK_EFORMAT, "de instelling %s ontbreekt boven de tabel.",
                      "the setting %s is missing above the table.", needed[i].name);
            return at_column(r, WIJK_EFORMAT, needed[i].name);
        }
    }
    for (size_t i = 0; i < r->sheet.count; i++) {
        int column = 0;
        while (column < WIJK_ACCOUNT_CELLS &&
               strcmp(r->sheet.cells[i].text, wijk_account_cell_names[column]) != 0) {
            column++;
        }
        if (!*r->sheet.cells[i].text) {
            continue; /* what a spreadsheet leaves behind the last column */
        }
        if (column == WIJK_ACCOUNT_CELLS || r->place[column] >= 0) {
            wijk_fail(WIJK_EFORMAT, "deze kolom bestaat niet, of staat er tweemaal.",
                      "there is no such column, or it is there twice.");
            return at_column(r, WIJK_EFORMAT, r->sheet.cells[i].text);
        }
        r->place[column] = (int)i;
    }
    r->has_header = 1;
    return WIJK_OK;
}

static int read_rows(reading *r)
{
    int rc, step = 0;
    for (rc = WIJK_OK; !rc && (step = sheet_next(&r->sheet)) == 1;) {
        rc = r->has_header                           ? read_line(r)
             : !strcmp(r->sheet.cells[0].text, "id") ? read_header(r)
                                                     : read_setting(r);
    }
    rc = rc ? rc : step;
    if (!rc && !r->has_header) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: geen tabel gevonden; de kop begint met id.",
                       "%s: no table found; its header begins with id.", r->sheet.what);
    }
    return rc;
}

static int open_file(wijk_account_file **out, const void *own_prices, size_t own_size,
                     const char *own_what)
{
    wijk_account_file *file = wijk_alloc(sizeof *file);
    *out = file;
    int rc = file ? wijk_arena_new(&file->arena, 0) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_prices_open_own(&file->prices, own_prices, own_size, own_what);
    if (rc) {
        return rc;
    }
    const wijk_rate *discount = wijk_rate_find(file->prices, "discount");
    file->account.prices = file->prices;
    file->account.title = "";
    file->account.discount = discount ? discount->value.central : 0;
    file->account.lines = wijk_alloc(WIJK_MAX_LINES * sizeof *file->account.lines);
    return file->account.lines ? WIJK_OK : WIJK_ENOMEM;
}

int account_read(wijk_account_file **out, const void *bytes, size_t size, const char *what,
                 const account_own_prices *own, account_fault *fault)
{
    wijk_account_file *file;
    *out = NULL;
    int rc = open_file(&file, own->bytes, own->size, own->what);
    reading r = {.file = file, .fault = fault};
    for (int i = 0; i < WIJK_ACCOUNT_CELLS; i++) {
        r.place[i] = -1;
    }
    rc = rc ? rc : sheet_open(&r.sheet, bytes, size, what, "id");
    rc = rc ? rc : read_rows(&r);
    wijk_csv_free(r.sheet.csv);
    if (!rc && (rc = account_check(&file->account, fault)) != 0) {
        wijk_fail_at(rc, what);
    }
    if (rc) {
        wijk_account_file_free(file);
        return rc;
    }
    *out = file;
    return WIJK_OK;
}

int wijk_account_read(wijk_account_file **out, const void *bytes, size_t size, const char *what,
                      const void *own_prices, size_t own_size, const char *own_what)
{
    const account_own_prices own = {own_prices, own_size, own_what};
    return account_read(out, bytes, size, what, &own, NULL);
}

const wijk_account *wijk_account_of(const wijk_account_file *file)
{
    return &file->account;
}

void wijk_account_file_free(wijk_account_file *file)
{
    if (file) {
        wijk_prices_free(file->prices);
        wijk_arena_free(file->arena);
        wijk_free(file->account.lines);
        wijk_free(file);
    }
}
