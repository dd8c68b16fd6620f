/* Who pays, in words that are the same on page, in print and on the command line. The idea: a
 * verdict is a sentence and never a number; it is withheld, and says why, while the policy's own
 * bill has no price, or when a saving is there only because households live elsewhere. */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

static const double NUMBER_SHARE = 0.1; /* of the net, from which it is told apart */

/* ---- amounts --------------------------------------------------------------------------------- */

static const char *amount(wijk_arena *arena, wijk_lang lang, double euro, int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_euro(&text, lang, euro, decimals);
    return wijk_str_keep(&text, arena);
}

const char *wijk_euro_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    double size = fabs(euro);
    if (!isfinite(euro)) {
        return "–";
    }
    if (size >= 999500) {
        return WIJK_FILL(arena, lang, T_FORECAST_EURO_MILLIONS,
                         {"amount", amount(arena, lang, euro / 1e6, size < 99.5e6)});
    }
    /* Rounded to thousands: nothing here is known to the euro. */
    return amount(arena, lang, size >= 1000 ? round(euro / 1000) * 1000 : round(euro / 100) * 100,
                  0);
}

/* Less than this is nothing, beside what prices are known to. */
static int matters(double euro)
{
    return fabs(euro) >= WIJK_EVEN_LEAST;
}

static const char *change(wijk_arena *arena, wijk_lang lang, double euro, enum wijk_text_key up,
                          enum wijk_text_key down)
{
    return matters(euro) ? WIJK_FILL(arena, lang, euro > 0 ? up : down,
                                     {"amount", wijk_euro_say(arena, lang, fabs(euro))})
                         : wijk_euro_say(arena, lang, isfinite(euro) ? 0 : euro);
}

const char *wijk_cost_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    return change(arena, lang, euro, T_MONEY_COSTS_MORE, T_MONEY_COSTS_LESS);
}

const char *wijk_saved_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    return change(arena, lang, euro, T_MONEY_SAVES, T_MONEY_ADDS);
}

/* Of what is left over: "€ 65.000 worse". */
static const char *net_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    return change(arena, lang, euro, T_BRIEF_NET_BETTER, T_BRIEF_NET_WORSE);
}

/* ---- what has no price ----------------------------------------------------------------------- */

const char *wijk_ledger_units_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_row *row)
{
    if (!isfinite(row->mean_units)) {
        return wijk_text(lang, T_FEW_CHANGE);
    }
    const wijk_band means = {row->units.low90, row->units.low50, row->mean_units, row->units.high50,
                             row->units.high90};
    return means.high90 - means.low90 < 0.5 ? wijk_with_sign(arena, lang, row->mean_units, 0)
                                            : wijk_band_say(arena, lang, &means, 0);
}

/* Of one piece: to two figures, where a sum would be rounded away. */
static const char *each_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    double shown = fabs(euro) >= 100 ? round(euro / 10) * 10 : euro;
    return fabs(euro) < 1000 ? amount(arena, lang, shown, 0) : wijk_euro_say(arena, lang, euro);
}

const char *wijk_unpriced_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_row *row)
{
    const char *units = wijk_ledger_units_say(arena, lang, row);
    const char *price = each_say(arena, lang, row->break_even);
    /* A price that rests on which side of nought a mean fell says nothing. */
    int even = isfinite(row->break_even) && (row->units.low90 > 0 || row->units.high90 < 0);
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, lang, even ? T_FORECAST_UNPRICED_EVEN : T_FORECAST_UNPRICED_ONE,
                   row->note[lang], units, price, NULL);
    return wijk_str_keep(&text, arena);
}

/* Which rows without a price could turn a purse; -1 or 1: those that make it worse or better off,
 * 0: all. `prices`: with the price at which it breaks even. */
static const char *items(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                         const wijk_ledger_purse *p, int way, int prices)
{
    const char *list = "";
    for (size_t i = 0; i < ledger->n_rows && list; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        if (!row->open || (way && row->open != way) || (p->purse >= 0 && p->purse != row->purse)) {
            continue;
        }
        const char *note = row->note[lang]; /* up to what explains it */
        const char *what = wijk_arena_strndup(arena, note, strcspn(note, ":"));
        const char *units = isfinite(row->mean_units)
                                ? wijk_with_sign(arena, lang, row->mean_units, 0)
                                : wijk_text(lang, T_FEW_CHANGE); /* its range is in the list */
        double price = prices ? wijk_ledger_even_price(p, row) : NAN;
        enum wijk_text_key key = !isfinite(price) ? T_MONEY_ITEM
                                 : row->open < 0  ? T_MONEY_ITEM_MOST
                                                  : T_MONEY_ITEM_LEAST;
        const char *item = WIJK_FILL(arena, lang, key, {"what", what ? what : ""}, {"units", units},
                                     {"price", each_say(arena, lang, price)});
        list = wijk_arena_printf(arena, "%s%s%s", list, *list ? ", " : "", item);
    }
    return list ? list : "";
}

int wijk_purse_withheld(const wijk_ledger_purse *p)
{
    return p->says == WIJK_SAYS_UNPRICED || p->says == WIJK_SAYS_NUMBER;
}

/* ---- pay-back time --------------------------------------------------------------------------- */

static const char *payback_of(wijk_arena *arena, wijk_lang lang, int payback, uint32_t years)
{
    return payback == 0 ? wijk_text(lang, T_FORECAST_BACK_ZERO)
           : payback < 0
               ? WIJK_FILL(arena, lang, T_FORECAST_BACK_NEVER,
                           {"years", wijk_int_in(arena, lang, years, 0)})
               : WIJK_FILL(arena, lang, payback == 1 ? T_FORECAST_BACK_ONE : T_FORECAST_BACK_AFTER,
                           {"years", wijk_int_in(arena, lang, payback, 0)});
}

const char *wijk_payback_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_purse *p,
                             uint32_t years)
{
    /* From "never in the red" to "not within the years" is everything there is. */
    int any = p->pairs >= WIJK_ENSEMBLE_FEW && p->payback_low == 0 && p->payback_high < 0;
    if (wijk_purse_withheld(p)) {
        return wijk_text(lang, T_MONEY_CANNOT);
    }
    if (!matters(p->mean_cost) && !matters(p->mean_saved)) {
        return "–";
    }
    if (any) {
        return wijk_text(lang, T_MONEY_CANNOT);
    }
    const char *middle = payback_of(arena, lang, p->payback, years);
    int same = p->payback_low == p->payback && p->payback_high == p->payback;
    return p->pairs < WIJK_ENSEMBLE_FEW
               ? WIJK_FILL(arena, lang, T_FORECAST_BACK_FEW, {"middle", middle})
           : same ? middle
                  : WIJK_FILL(arena, lang, T_FORECAST_BACK_RANGE, {"middle", middle},
                              {"low", payback_of(arena, lang, p->payback_low, years)},
                              {"high", payback_of(arena, lang, p->payback_high, years)});
}

/* ---- when it breaks even --------------------------------------------------------------------- */

int wijk_even_known(const wijk_ledger_purse *p)
{
    return p->saved.low90 > 0 || p->saved.high90 < 0 || !matters(p->mean_saved);
}

/* What is said when the range of the net holds zero or stands on one side of it. How strong the
 * effect must be is said only of an effect that is there: the mean of one around nought has any
 * sign. */
static enum wijk_text_key priced_key(const wijk_ledger_purse *p, int costs, int saves)
{
    static const enum wijk_text_key keys[] = {T_FORECAST_EVEN_AT, T_FORECAST_EVEN_ALWAYS,
                                              T_FORECAST_EVEN_NEVER, T_FORECAST_EVEN_UP_TO};
    int far = p->even == WIJK_EVEN_AT && p->share > 20;
    if (!p->sure) {
        return p->even == WIJK_EVEN_AT && costs && saves && !far ? T_FORECAST_EVEN_OPEN_AT
                                                                 : T_FORECAST_EVEN_OPEN;
    }
    if (!wijk_even_known(p)) {
        return p->mean_cost > 0 ? T_MONEY_SPENT : T_MONEY_SPARED;
    }
    if (costs && !saves && p->mean_cost > 0) {
        return T_FORECAST_EVEN_ONLY_COST;
    }
    if (costs && !saves) {
        return T_MONEY_LESS_SPENT;
    }
    if (!costs && saves) {
        return p->mean_saved > 0 ? T_FORECAST_EVEN_ONLY_GAIN : T_FORECAST_EVEN_ONLY_WORSE;
    }
    return far ? T_FORECAST_EVEN_FAR : keys[p->even];
}

/* What holds for sure, on the means; else that it cannot be told. */
static enum wijk_text_key even_key(const wijk_ledger_purse *p)
{
    int costs = matters(p->mean_cost), saves = matters(p->mean_saved);
    if (p->pairs < WIJK_ENSEMBLE_FEW) {
        return T_FORECAST_EVEN_FEW;
    }
    if (p->says == WIJK_SAYS_UNPRICED) {
        return T_MONEY_EVEN_UNPRICED;
    }
    if (!costs && !saves && !matters(p->net.low90) && !matters(p->net.high90)) {
        return T_FORECAST_EVEN_NOTHING;
    }
    return p->says == WIJK_SAYS_NUMBER ? T_MONEY_EVEN_NUMBER : priced_key(p, costs, saves);
}

/* What cannot turn the sentence stands behind it. */
static const char *besides(wijk_arena *arena, wijk_lang lang, const char *said,
                           const wijk_ledger *ledger, const wijk_ledger_purse *p)
{
    for (int way = -1; way <= 1; way += 2) {
        const char *list = items(arena, lang, ledger, p, way, 0);
        if (*list) {
            const char *more =
                WIJK_FILL(arena, lang, way < 0 ? T_MONEY_BESIDES_WORSE : T_MONEY_BESIDES_BETTER,
                          {"items", list});
            const char *both = wijk_arena_printf(arena, "%s %s", said, more);
            said = both ? both : said;
        }
    }
    return said;
}

const char *wijk_even_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                          const wijk_ledger_purse *p)
{
    enum wijk_text_key key = even_key(p);
    /* A saving of less than nothing is more cost, and is called so. */
    int either = key == T_MONEY_SPENT || key == T_MONEY_SPARED;
    int open = key == T_FORECAST_EVEN_OPEN || key == T_FORECAST_EVEN_OPEN_AT;
    const char *(*net)(wijk_arena *, wijk_lang, double) = open ? net_say : wijk_euro_say;
    const char *said = WIJK_FILL(
        arena, lang, key, {"cost", wijk_euro_say(arena, lang, fabs(p->mean_cost))},
        {"saved", either ? wijk_saved_say(arena, lang, p->mean_saved)
                         : wijk_euro_say(arena, lang, fabs(p->mean_saved))},
        {"saved_low", wijk_saved_say(arena, lang, p->saved.low90)},
        {"saved_high", wijk_saved_say(arena, lang, p->saved.high90)},
        {"net", net(arena, lang, p->mean_net)},
        {"part", wijk_euro_say(arena, lang, p->mean_number)},
        {"low", net(arena, lang, p->net.low90)}, {"high", net(arena, lang, p->net.high90)},
        {"share", wijk_number_in(arena, lang, p->share, p->share < 10)},
        {"items", items(arena, lang, ledger, p, 0, 1)});
    return key == T_MONEY_EVEN_UNPRICED || key == T_FORECAST_EVEN_FEW
               ? said
               : besides(arena, lang, said, ledger, p);
}

/* ---- in short -------------------------------------------------------------------------------- */

const char *wijk_money_short(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                             const wijk_ledger *ledger)
{
    static const enum wijk_text_key keys[] = {
        [WIJK_SAYS_FEW] = T_MONEY_SHORT_FEW,           [WIJK_SAYS_OPEN] = T_MONEY_SHORT_OPEN,
        [WIJK_SAYS_UNPRICED] = T_MONEY_SHORT_UNPRICED, [WIJK_SAYS_NUMBER] = T_MONEY_SHORT_NUMBER,
        [WIJK_SAYS_BETTER] = T_MONEY_SHORT_BETTER,     [WIJK_SAYS_WORSE] = T_MONEY_SHORT_WORSE};
    const wijk_ensemble_about about = wijk_ensemble_tell(ensemble);
    const wijk_ledger_purse *p = &ledger->purses[0];
    int same = p->pairs >= WIJK_ENSEMBLE_FEW && p->says != WIJK_SAYS_UNPRICED &&
               !matters(p->net.low90) && !matters(p->net.high90);
    int worse = p->says == WIJK_SAYS_WORSE; /* the words say which way: amounts have no sign */
    const char *(*say)(wijk_arena *, wijk_lang, double) =
        p->says == WIJK_SAYS_OPEN ? net_say : wijk_euro_say;
    return WIJK_FILL(arena, lang, same ? T_MONEY_SHORT_SAME : keys[p->says],
                     {"years", wijk_int_in(arena, lang, about.years, 0)}, {"region", about.region},
                     {"net", say(arena, lang, worse ? -p->mean_net : p->mean_net)},
                     {"low", say(arena, lang, worse ? -p->net.high90 : p->net.low90)},
                     {"high", say(arena, lang, worse ? -p->net.low90 : p->net.high90)},
                     {"items", items(arena, lang, ledger, p, 0, 0)});
}

/* Names of the purses of which `says` holds, with amounts when it is sure which way. */
static const char *purses(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                          const wijk_prices *prices, int way)
{
    const char *list = "";
    for (size_t i = 0; i < ledger->n_purses && list; i++) {
        const wijk_ledger_purse *p = &ledger->purses[i];
        int says = p->says == WIJK_SAYS_BETTER ? 1 : p->says == WIJK_SAYS_WORSE ? -1 : 0;
        if (p->purse < 0 || says != way || p->purse == wijk_purse_find(prices, "open") ||
            (!matters(p->mean_cost) && !matters(p->mean_saved))) {
            continue;
        }
        const char *name = wijk_purse_at(prices, (size_t)p->purse)->label[lang];
        const char *one =
            way == 0
                ? name
                : WIJK_FILL(
                      arena, lang, T_BRIEF_PURSE, {"purse", name},
                      {"amount", wijk_euro_say(arena, lang, fabs(p->mean_net))},
                      {"low", wijk_euro_say(arena, lang, way > 0 ? p->net.low90 : -p->net.high90)},
                      {"high",
                       wijk_euro_say(arena, lang, way > 0 ? p->net.high90 : -p->net.low90)});
        list = wijk_arena_printf(arena, "%s%s%s", list, *list ? "; " : "", one);
    }
    return list ? list : "";
}

const char *wijk_money_purses(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                              const wijk_prices *prices)
{
    static const struct {
        int way;
        enum wijk_text_key key;
    } told[] = {{-1, T_BRIEF_WORSE}, {1, T_BRIEF_BETTER}, {0, T_BRIEF_OPEN}};
    const char *said = "";
    if (ledger->purses[0].pairs < WIJK_ENSEMBLE_FEW) {
        return said;
    }
    for (size_t i = 0; i < sizeof told / sizeof *told && said; i++) {
        const char *list = purses(arena, lang, ledger, prices, told[i].way);
        if (*list) {
            said = wijk_arena_printf(arena, "%s%s%s", said, *said ? " " : "",
                                     WIJK_FILL(arena, lang, told[i].key, {"list", list}));
        }
    }
    return said ? said : "";
}

/* "12", or "fewer than 10". */
static const char *households(wijk_arena *arena, wijk_lang lang, double n)
{
    return fabs(n) < WIJK_ENSEMBLE_LEAST
               ? WIJK_FILL(arena, lang, T_MONEY_FEW,
                           {"n", wijk_int_in(arena, lang, WIJK_ENSEMBLE_LEAST, 0)})
               : wijk_number_in(arena, lang, fabs(n), 0);
}

size_t wijk_money_first(const char *out[WIJK_MONEY_FIRST], wijk_arena *arena, wijk_lang lang,
                        const wijk_ensemble *ensemble, const wijk_ledger *ledger)
{
    const wijk_ensemble_about about = wijk_ensemble_tell(ensemble);
    const wijk_ledger_purse *p = &ledger->purses[0];
    size_t n = 0;
    if (strcmp(about.place, about.region) != 0) {
        out[n++] = WIJK_FILL(arena, lang, T_MONEY_REGION, {"place", about.place},
                             {"region", about.region});
    }
    if (p->worse || p->better) {
        out[n++] = WIJK_FILL(arena, lang, T_MONEY_UNPRICED,
                             {"items", items(arena, lang, ledger, p, 0, 0)});
    }
    if (p->pairs >= WIJK_ENSEMBLE_FEW && matters(p->mean_number) &&
        fabs(p->mean_number) >= NUMBER_SHARE * fabs(p->mean_net)) {
        out[n++] = WIJK_FILL(arena, lang,
                             ledger->households < 0 ? T_MONEY_NUMBER_LESS : T_MONEY_NUMBER_MORE,
                             {"n", households(arena, lang, ledger->households)},
                             {"part", wijk_euro_say(arena, lang, fabs(p->mean_number))},
                             {"net", wijk_euro_say(arena, lang, p->mean_net)},
                             {"rest", wijk_euro_say(arena, lang, p->mean_net - p->mean_number)});
    }
    return n;
}

const char *wijk_money_open(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                            const wijk_prices *prices)
{
    int open = wijk_purse_find(prices, "open");
    const char *list = "";
    for (size_t i = 0; open >= 0 && list && i < ledger->n_rows; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        if (row->purse == open && row->priced && matters(row->mean_euro)) {
            list = wijk_arena_printf(arena, "%s%s%s", list, *list ? ", " : "", row->note[lang]);
        }
    }
    return list && *list ? WIJK_FILL(arena, lang, T_MONEY_OPEN_PURSE,
                                     {"purse", wijk_purse_at(prices, (size_t)open)->label[lang]},
                                     {"items", list})
                         : NULL;
}
