/* Where a figure comes from: every line as the sum it is, down to the source of its price. The
 * idea: whoever doubts a euro can follow it without the program. */
#include "account/internal.h"

#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* As few decimals as the number needs, at most four. */
static void add_number(wijk_str *out, wijk_lang lang, double value)
{
    int decimals = 0;
    double scale = 1;
    while (decimals < 4 && fabs(value * scale - nearbyint(value * scale)) > 1e-9) {
        decimals++;
        scale *= 10;
    }
    wijk_number(out, lang, value, decimals);
}

static void add_value(wijk_str *out, wijk_lang lang, const wijk_account_line *line,
                      enum wijk_factor factor, double value)
{
    int plain = factor == WIJK_QUANTITY || factor == WIJK_EFFECT ||
                (factor == WIJK_OPTIMISM && !account_line_scales(line));
    if (factor == WIJK_PRICE) { /* a price turned into other money is not rounded to cents */
        int whole = line->price_factor >= 1 && line->price_factor <= 1;
        wijk_euro(out, lang, value / 100, whole ? 2 : 4);
    } else {
        add_number(out, lang, plain ? value : value * 100);
        wijk_str_add(out, plain ? "" : "%");
    }
}

/* "0,5 (0 tot 0,5)". */
static void add_range(wijk_str *out, wijk_lang lang, const wijk_account_line *line,
                      enum wijk_factor factor)
{
    const wijk_range *range = &line->factor[factor];
    wijk_str text[3] = {WIJK_STR_INIT, WIJK_STR_INIT, WIJK_STR_INIT};
    add_value(&text[0], lang, line, factor, range->central);
    add_value(&text[1], lang, line, factor, range->low);
    add_value(&text[2], lang, line, factor, range->high);
    if (range->low < range->high) {
        wijk_text_fill(out, lang, T_ACCOUNT_RANGE, wijk_str_text(&text[0]), wijk_str_text(&text[1]),
                       wijk_str_text(&text[2]), NULL);
    } else {
        wijk_str_add(out, wijk_str_text(&text[0]));
    }
    for (int i = 0; i < 3; i++) {
        wijk_str_free(&text[i]);
    }
}

static void begin_row(wijk_str *out, const char *label)
{
    wijk_str_addf(out, "    %s: ", label);
}

static void add_factor(wijk_str *out, wijk_lang lang, const wijk_account_line *line,
                       enum wijk_factor factor)
{
    const wijk_range *range = &line->factor[factor];
    const wijk_rate *rate = line->rate[factor];
    int off = factor == WIJK_DEADWEIGHT || factor == WIJK_DISPLACEMENT || factor == WIJK_DROPOFF;
    int neutral = off ? range->high <= 0 : range->low >= 1 && range->high <= 1;
    if (neutral && factor != WIJK_QUANTITY && !rate) {
        return;
    }
    int overrun = factor == WIJK_OPTIMISM && !account_line_scales(line);
    begin_row(out, overrun ? wijk_text(lang, T_ACCOUNT_OVERRUN)
                           : wijk_text(lang, (enum wijk_text_key)(T_ACCOUNT_FACTOR_1 + factor)));
    wijk_str value = WIJK_STR_INIT;
    add_range(&value, lang, line, factor);
    if (rate) {
        wijk_text_fill(out, lang, T_ACCOUNT_FROM_RATE, wijk_str_text(&value), rate->label[lang],
                       rate->source, NULL);
    } else {
        wijk_str_add(out, wijk_str_text(&value));
    }
    wijk_str_free(&value);
    wijk_str_addc(out, '\n');
}

/* What the price is, and below it what it was before it was turned into money of this year. */
static void add_price(wijk_str *out, wijk_lang lang, const wijk_account *account,
                      const wijk_account_line *line)
{
    wijk_str value = WIJK_STR_INIT, before = WIJK_STR_INIT, factor = WIJK_STR_INIT;
    char year[16], now[16];
    snprintf(year, sizeof year, "%d", line->price_year);
    snprintf(now, sizeof now, "%d", account->price_year);
    wijk_number(&factor, lang, line->price_factor, 4);
    begin_row(out, wijk_text(lang, T_ACCOUNT_FACTOR_9));
    if (line->priced) {
        add_range(&value, lang, line, WIJK_PRICE);
    } else {
        wijk_str_add(&value, wijk_text(lang, T_ACCOUNT_PRICE_UNKNOWN));
    }
    const char *unit = line->price ? line->price->unit[lang] : line->unit;
    if (*unit) {
        wijk_text_fill(out, lang, T_ACCOUNT_PER_UNIT, wijk_str_text(&value), unit, NULL);
    } else {
        wijk_str_add(out, wijk_str_text(&value));
    }
    wijk_str_addc(out, '\n');
    if (line->price && line->priced) {
        begin_row(out, wijk_text(lang, T_ACCOUNT_SOURCE_OF));
        wijk_cents_write(&before, lang, line->price->euro.central, 2);
        wijk_text_fill(out, lang, T_ACCOUNT_PRICE_LISTED, line->price->code,
                       line->price->label[lang], wijk_str_text(&before), year,
                       wijk_str_text(&factor), now, line->price->grade, line->price->source, NULL);
        wijk_str_addf(out, "%s%s\n", line->price->ranged ? "" : "; ",
                      line->price->ranged ? "" : wijk_text(lang, T_ACCOUNT_PRICE_NO_RANGE));
    } else if (line->priced) {
        begin_row(out, wijk_text(lang, T_ACCOUNT_SOURCE_OF));
        wijk_text_fill(out, lang, T_ACCOUNT_PRICE_OWN, year, wijk_str_text(&factor), now,
                       line->source, NULL);
        wijk_str_addc(out, '\n');
    }
    const char *note = line->price ? line->price->note[lang] : "";
    if (*note) {
        wijk_str_addf(out, "      %s\n", note);
    }
    wijk_str_free(&value);
    wijk_str_free(&before);
    wijk_str_free(&factor);
}

static void add_years(wijk_str *out, wijk_lang lang, const wijk_account *account,
                      const wijk_account_line *line)
{
    wijk_str years = WIJK_STR_INIT, rate = WIJK_STR_INIT;
    char first[16], last[16];
    snprintf(first, sizeof first, "%d", account->first_year + line->start);
    snprintf(last, sizeof last, "%d", account->first_year + line->start + line->years - 1);
    wijk_number(&years, lang,
                account_years(line, account->discount, line->factor[WIJK_DROPOFF].central), 4);
    add_number(&rate, lang, account->discount * 100);
    wijk_str_addc(&rate, '%');
    begin_row(out, wijk_text(lang, T_ACCOUNT_YEARS));
    wijk_text_fill(out, lang, T_ACCOUNT_YEARS_TEXT, wijk_str_text(&years), first, last,
                   wijk_str_text(&rate), NULL);
    wijk_str_addc(out, '\n');
    wijk_str_free(&years);
    wijk_str_free(&rate);
}

static void add_outcome(wijk_str *out, wijk_lang lang, const wijk_account *account,
                        const wijk_account_result *result, size_t line, int purse)
{
    if (result->price_year != account->price_year) {
        double factor = 1;
        wijk_str text = WIJK_STR_INIT;
        char year[16];
        snprintf(year, sizeof year, "%d", result->price_year);
        wijk_index_factor(&factor, NULL, account->prices, "cpi", account->price_year,
                          result->price_year);
        wijk_number(&text, lang, factor, 4);
        wijk_str_add(out, "    ");
        wijk_text_fill(out, lang, T_ACCOUNT_RESTATED, year, wijk_str_text(&text), NULL);
        wijk_str_addc(out, '\n');
        wijk_str_free(&text);
    }
    begin_row(out, wijk_text(lang, T_ACCOUNT_OUTCOME));
    wijk_cents_write(out, lang, result->line_gross[line], 2);
    wijk_str_addc(out, '\n');
    if (purse >= 0) {
        wijk_str label = WIJK_STR_INIT;
        wijk_text_fill(&label, lang, T_ACCOUNT_PART_OF,
                       wijk_purse_at(account->prices, (size_t)purse)->label[lang], NULL);
        begin_row(out, wijk_str_text(&label));
        wijk_cents_write(out, lang, result->part[line * result->purses + (size_t)purse], 2);
        wijk_str_addc(out, '\n');
        wijk_str_free(&label);
    }
}

void wijk_account_explain(wijk_str *out, wijk_lang lang, const wijk_account *account,
                          const wijk_account_result *result, size_t at, int purse)
{
    const wijk_account_line *line = &account->lines[at];
    wijk_str_addf(out, "  %s (%s)\n", line->what, line->id);
    for (int f = 0; f < WIJK_PRICE; f++) {
        add_factor(out, lang, line, (enum wijk_factor)f);
    }
    add_price(out, lang, account, line);
    add_years(out, lang, account, line);
    if (line->priced && line->stage == result->stage) {
        add_outcome(out, lang, account, result, at, purse);
    }
    if (*line->note) {
        wijk_str_addf(out, "      %s\n", line->note);
    }
}

int64_t wijk_account_part(const wijk_account *account, const wijk_account_result *result,
                          size_t line, const wijk_party *party)
{
    if (party->kind == WIJK_SOCIETY) {
        return result->line_net[line];
    }
    int64_t sum = 0;
    for (size_t i = 0; i < result->purses; i++) {
        const wijk_purse *purse = wijk_purse_at(account->prices, i);
        int member = party->kind == WIJK_PURSE ? (int)i == party->purse
                     : party->kind == WIJK_PUBLIC
                         ? purse->is_public
                         : !strcmp(purse->group,
                                   wijk_purse_at(account->prices, (size_t)party->purse)->group);
        sum += member ? result->part[line * result->purses + i] : 0;
    }
    return sum;
}

void wijk_account_party_name(wijk_str *out, wijk_lang lang, const wijk_account *account,
                             const wijk_party *party)
{
    const char *label =
        party->purse < 0 ? "" : wijk_purse_at(account->prices, (size_t)party->purse)->label[lang];
    if (party->kind == WIJK_SOCIETY || party->kind == WIJK_PUBLIC) {
        wijk_str_add(out, wijk_text(lang, party->kind == WIJK_SOCIETY ? T_ACCOUNT_SOCIETY
                                                                      : T_ACCOUNT_PUBLIC));
    } else if (party->kind == WIJK_GROUP) { /* "gemeente: jeugd" is of the gemeente */
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(label, ":"), label);
        wijk_text_fill(out, lang, T_ACCOUNT_GROUP, name, NULL);
    } else {
        wijk_str_add(out, label);
    }
}

void wijk_account_explain_party(wijk_str *out, wijk_lang lang, const wijk_account *account,
                                const wijk_account_result *result, const wijk_party *party)
{
    wijk_account_party_name(out, lang, account, party);
    wijk_str_add(out, ": ");
    wijk_cents_write(out, lang, party->net, 2);
    wijk_str_addc(out, '\n');
    int64_t sum = 0;
    for (size_t i = 0; i < account->count; i++) {
        int64_t part = wijk_account_part(account, result, i, party);
        if (part) {
            wijk_str_addc(out, '\n');
            wijk_account_explain(out, lang, account, result, i,
                                 party->kind == WIJK_PURSE ? party->purse : -1);
            sum += part;
        }
    }
    wijk_str_addf(out, "\n  %s: ", wijk_text(lang, T_ACCOUNT_SUM));
    wijk_cents_write(out, lang, sum, 2);
    wijk_str_addc(out, '\n');
}
