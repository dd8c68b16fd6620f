/* An account for another program: JSON with everything, CSV with the parties. Euro with a point and
 * two decimals, so that nothing is lost and no locale gets in between. */
#include "account/internal.h"

#include "wijk/text.h"

#include <math.h>
#include <string.h>

static const char *const break_words[] = {"at", "always", "never", "up_to"};

/* Stable names: "society", "public", "group:gem", "corp". */
static void add_code(wijk_str *out, const wijk_account *account, const wijk_party *party)
{
    if (party->kind == WIJK_SOCIETY || party->kind == WIJK_PUBLIC) {
        wijk_str_add(out, party->kind == WIJK_SOCIETY ? "society" : "public");
        return;
    }
    const wijk_purse *purse = wijk_purse_at(account->prices, (size_t)party->purse);
    wijk_str_addf(out, "%s%s", party->kind == WIJK_GROUP ? "group:" : "",
                  party->kind == WIJK_GROUP ? purse->group : purse->code);
}

static void key(wijk_str *out, const char *name)
{
    wijk_str_addf(out, "\"%s\":", name);
}

static void add_text(wijk_str *out, const char *name, const char *text)
{
    key(out, name);
    wijk_str_addq(out, text ? text : "");
    wijk_str_addc(out, ',');
}

static void add_euro(wijk_str *out, const char *name, int64_t cents)
{
    key(out, name);
    wijk_cents_plain(out, cents);
    wijk_str_addc(out, ',');
}

static void add_double(wijk_str *out, const char *name, double value)
{
    key(out, name);
    wijk_str_addg(out, value);
    wijk_str_addc(out, ',');
}

/* A list ends with a comma that is taken back. */
static void close_with(wijk_str *out, char c)
{
    if (out->size && out->data[out->size - 1] == ',' && !out->status) {
        out->data[out->size - 1] = c;
    } else {
        wijk_str_addc(out, c);
    }
}

static void add_factors(wijk_str *out, const wijk_line *line)
{
    key(out, "factors");
    wijk_str_addc(out, '{');
    for (int f = 0; f < WIJK_FACTORS; f++) {
        const wijk_range *r = &line->factor[f];
        double scale = f == WIJK_PRICE ? 0.01 : 1; /* the price in euro, like every other amount */
        if (f == WIJK_PRICE && !line->priced) {
            continue;
        }
        key(out, account_factor_names[f]);
        wijk_str_addc(out, '{');
        add_double(out, "low", r->low * scale);
        add_double(out, "central", r->central * scale);
        add_double(out, "high", r->high * scale);
        if (line->rate[f]) {
            add_text(out, "rate", line->rate[f]->code);
        }
        close_with(out, '}');
        wijk_str_addc(out, ',');
    }
    close_with(out, '}');
    wijk_str_addc(out, ',');
}

static void add_parts(wijk_str *out, const wijk_account *account, const wijk_account_result *result,
                      size_t at)
{
    key(out, "purses");
    wijk_str_addc(out, '{');
    for (size_t i = 0; i < result->purses; i++) {
        if (result->part[at * result->purses + i]) {
            add_euro(out, wijk_purse_at(account->prices, i)->code,
                     result->part[at * result->purses + i]);
        }
    }
    close_with(out, '}');
    wijk_str_addc(out, ',');
}

static void add_line(wijk_str *out, const wijk_account *account, const wijk_account_result *result,
                     size_t at)
{
    const wijk_line *line = &account->lines[at];
    wijk_str_addc(out, '{');
    add_text(out, "id", line->id);
    add_text(out, "kind", account_kind_names[line->kind]);
    add_text(out, "stage", account_stage_names[line->stage]);
    add_text(out, "what", line->what);
    add_text(out, "cash", wijk_cash_word(line->cash));
    if (line->evidence >= 0) {
        add_double(out, "evidence", line->evidence);
    }
    add_text(out, "price", line->price ? line->price->code : "");
    add_text(out, "unit", line->price ? line->price->unit[WIJK_EN] : line->unit);
    add_text(out, "source", line->price ? line->price->source : line->source);
    add_text(out, "grade", line->price ? line->price->grade : "");
    if (line->priced) {
        add_double(out, "price_year", line->price_year);
        add_double(out, "price_factor", line->price_factor);
    }
    add_double(out, "first_year", account->first_year + line->start);
    add_double(out, "years", line->years);
    add_factors(out, line);
    add_parts(out, account, result, at);
    key(out, "society");
    wijk_cents_plain(out, result->line_net[at]);
    wijk_str_add(out, "},");
}

static void add_cash(wijk_str *out, const wijk_party *party)
{
    key(out, "by_cash");
    wijk_str_addc(out, '{');
    for (int c = 0; c < WIJK_CASH_MIXED; c++) {
        add_euro(out, wijk_cash_word((enum wijk_cash)c), party->by_cash[c]);
    }
    close_with(out, '}');
    wijk_str_addc(out, ',');
}

static void add_party(wijk_str *out, const wijk_account *account, const wijk_party *party)
{
    wijk_str code = WIJK_STR_INIT;
    add_code(&code, account, party);
    wijk_str_addc(out, '{');
    add_text(out, "party", wijk_str_text(&code));
    wijk_str_free(&code);
    add_euro(out, "cost", party->cost);
    add_euro(out, "benefit", party->benefit);
    add_euro(out, "received", party->received);
    add_euro(out, "given", party->given);
    add_euro(out, "net", party->net);
    add_cash(out, party);
    key(out, "yearly");
    wijk_str_addc(out, '[');
    for (int y = 0; y < account->years; y++) {
        wijk_cents_plain(out, party->yearly[y]);
        wijk_str_addc(out, ',');
    }
    close_with(out, ']');
    wijk_str_addc(out, ',');
    add_double(out, "hours", party->hours);
    add_double(out, "payback_years", party->payback < 0 ? (double)NAN : party->payback);
    add_text(out, "break_even", break_words[party->break_even]);
    add_double(out, "break_even_share", party->share);
    add_double(out, "low", party->low / 100);
    add_double(out, "median", party->median / 100);
    add_double(out, "high", party->high / 100);
    add_double(out, "mean", party->mean / 100);
    add_double(out, "mean_error", party->mean_error / 100);
    add_double(out, "chance_not_losing", party->chance);
    close_with(out, '}');
    wijk_str_addc(out, ',');
}

static void add_flows(wijk_str *out, const wijk_account *account, const wijk_account_result *result)
{
    key(out, "flows");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < result->purses; i++) {
        for (size_t j = 0; j < result->purses; j++) {
            if (result->flow[i][j]) {
                wijk_str_addc(out, '{');
                add_text(out, "payer", wijk_purse_at(account->prices, i)->code);
                add_text(out, "beneficiary", wijk_purse_at(account->prices, j)->code);
                add_euro(out, "euro", result->flow[i][j]);
                close_with(out, '}');
                wijk_str_addc(out, ',');
            }
        }
    }
    close_with(out, ']');
    wijk_str_addc(out, ',');
}

static void add_unpriced(wijk_str *out, const wijk_account *account,
                         const wijk_account_result *result)
{
    key(out, "unpriced");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < result->unpriced_count; i++) {
        const wijk_unpriced *it = &result->unpriced[i];
        wijk_str_addc(out, '{');
        add_text(out, "line", account->lines[it->line].id);
        add_double(out, "units", it->units);
        add_double(out, "present_units", it->present_units);
        add_double(out, "break_even_price", it->price / 100);
        close_with(out, '}');
        wijk_str_addc(out, ',');
    }
    close_with(out, ']');
    wijk_str_addc(out, ',');
}

void wijk_account_json(wijk_str *out, const wijk_account *account,
                       const wijk_account_result *result)
{
    wijk_str_addc(out, '{');
    add_text(out, "title", account->title);
    add_text(out, "stage", account_stage_names[result->stage]);
    add_text(out, "currency", "EUR");
    add_double(out, "first_year", account->first_year);
    add_double(out, "years", account->years);
    add_double(out, "price_year", account->price_year);
    add_double(out, "money_year", result->price_year);
    add_double(out, "discount", account->discount);
    add_double(out, "draws", (double)result->draws);
    key(out, "parties");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < result->party_count; i++) {
        add_party(out, account, &result->parties[i]);
    }
    close_with(out, ']');
    wijk_str_addc(out, ',');
    key(out, "lines");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < account->count; i++) {
        add_line(out, account, result, i);
    }
    close_with(out, ']');
    wijk_str_addc(out, ',');
    add_flows(out, account, result);
    add_unpriced(out, account, result);
    close_with(out, '}');
    wijk_str_addc(out, '\n');
}

static void cell(wijk_str *out, double value)
{
    if (isfinite(value)) {
        wijk_str_addg(out, value);
    }
    wijk_str_addc(out, ',');
}

void wijk_account_csv(wijk_str *out, wijk_lang lang, const wijk_account *account,
                      const wijk_account_result *result)
{
    wijk_str_add(out, "party,name,cost,benefit,received,given,net,cash,capacity,welfare,hours,"
                      "payback_years,break_even,break_even_share,low,median,high,"
                      "chance_not_losing\n");
    for (size_t i = 0; i < result->party_count; i++) {
        const wijk_party *p = &result->parties[i];
        const int64_t euro[] = {p->cost, p->benefit,    p->received,   p->given,
                                p->net,  p->by_cash[0], p->by_cash[1], p->by_cash[2]};
        add_code(out, account, p);
        wijk_str_add(out, ",\"");
        wijk_account_party_name(out, lang, account, p); /* labels of a registry hold no quotes */
        wijk_str_add(out, "\",");
        for (size_t e = 0; e < sizeof euro / sizeof *euro; e++) {
            wijk_cents_plain(out, euro[e]);
            wijk_str_addc(out, ',');
        }
        cell(out, p->hours);
        cell(out, p->payback < 0 ? (double)NAN : p->payback);
        wijk_str_addf(out, "%s,", break_words[p->break_even]);
        cell(out, p->share);
        cell(out, p->low / 100);
        cell(out, p->median / 100);
        cell(out, p->high / 100);
        cell(out, p->chance);
        close_with(out, '\n');
    }
}
