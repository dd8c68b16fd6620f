/* Money of a forecast in words: amounts, pay-back, when a purse breaks even, and what is in no sum.
 * Idea: a verdict is said only of what can be told from nought, and what has no price stands before
 * the verdict, not after it. */
#include "wijk/fan.h"

#include "figure/words.h"

#include <math.h>
#include <string.h>

enum { NAMED = 4 }; /* of what has no price, in a sentence */

static const char *number(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    return wijk_number_in(arena, lang, value, decimals);
}

const char *wijk_euro_say(wijk_arena *arena, wijk_lang lang, double euro)
{
    double size = fabs(euro);
    if (!isfinite(euro)) {
        return "–";
    }
    if (size >= 999500) {
        return WIJK_FILL(arena, lang, T_FORECAST_EURO_MILLIONS,
                         {"amount", number(arena, lang, euro / 1e6, size >= 99.5e6 ? 0 : 1)});
    }
    /* Rounded to thousands: nothing here is known to the euro. */
    double shown = size >= 1000 ? round(euro / 1000) * 1000 : round(euro / 100) * 100;
    return WIJK_FILL(arena, lang, T_FORECAST_EURO, {"amount", number(arena, lang, shown, 0)});
}

/* Less than this is nothing, beside what prices are known to. */
static int matters(double euro)
{
    return fabs(euro) >= WIJK_EVEN_LEAST;
}

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
    if (!matters(p->mean_cost) && !matters(p->mean_saved)) {
        return "–";
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

int wijk_even_known(const wijk_ledger_purse *p)
{
    return p->saved.low90 > 0 || p->saved.high90 < 0 || !matters(p->mean_saved);
}

/* What holds for sure, on the means; else that it cannot be told. How strong the effect must be is
 * said only of an effect that is there: the mean of one around nought has any sign. */
static enum wijk_text_key even_key(const wijk_ledger_purse *p)
{
    static const enum wijk_text_key keys[] = {T_FORECAST_EVEN_AT, T_FORECAST_EVEN_ALWAYS,
                                              T_FORECAST_EVEN_NEVER, T_FORECAST_EVEN_UP_TO};
    int costs = matters(p->mean_cost), saves = matters(p->mean_saved);
    int far = p->even == WIJK_EVEN_AT && p->share > 20;
    if (p->pairs < WIJK_ENSEMBLE_FEW) {
        return T_FORECAST_EVEN_FEW;
    }
    if (!costs && !saves && !matters(p->net.low90) && !matters(p->net.high90)) {
        return T_FORECAST_EVEN_NOTHING;
    }
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
    if (!costs && saves) {
        return p->mean_saved > 0 ? T_FORECAST_EVEN_ONLY_GAIN : T_FORECAST_EVEN_ONLY_WORSE;
    }
    return far ? T_FORECAST_EVEN_FAR : keys[p->even];
}

const char *wijk_even_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_purse *p)
{
    return WIJK_FILL(
        arena, lang, even_key(p), {"cost", wijk_euro_say(arena, lang, fabs(p->mean_cost))},
        {"saved", wijk_euro_say(arena, lang,
                                even_key(p) == T_MONEY_SPENT || even_key(p) == T_MONEY_SPARED
                                    ? p->mean_saved
                                    : fabs(p->mean_saved))},
        {"saved_low", wijk_euro_say(arena, lang, p->saved.low90)},
        {"saved_high", wijk_euro_say(arena, lang, p->saved.high90)},
        {"net", wijk_euro_say(arena, lang, p->mean_net)},
        {"low", wijk_euro_say(arena, lang, p->net.low90)},
        {"high", wijk_euro_say(arena, lang, p->net.high90)},
        {"share", number(arena, lang, p->share, p->share < 10 ? 1 : 0)});
}

/* ---- what is in no sum ----------------------------------------------------------------------- */

/* The note without its remark after the colon. */
static const char *short_note(wijk_arena *arena, const char *note)
{
    const char *text = wijk_arena_strndup(arena, note, strcspn(note, ":"));
    return text ? text : note;
}

/* An expense or a yield, or those who had to leave: what a decision costs, beside what follows. */
static int is_expense(const wijk_ledger_row *row)
{
    return row->kind != WIJK_LEDGER_EFFECT || row->outcome == WIJK_OUT_DISPLACED;
}

const char *wijk_missing_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger)
{
    const char *list = NULL;
    size_t n = 0;
    for (size_t i = 0; i < ledger->n_rows; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        int changes = row->units.low90 > 0 || row->units.high90 < 0;
        if (row->priced || !changes || !is_expense(row) || n++ >= NAMED) {
            continue;
        }
        const char *one = WIJK_FILL(arena, lang, T_MONEY_MISSING_ONE,
                                    {"n", number(arena, lang, row->mean_units, 0)},
                                    {"what", short_note(arena, row->note[lang])});
        const char *both = list ? wijk_arena_printf(arena, "%s, %s", list, one) : one;
        list = both ? both : list;
    }
    if (n > NAMED) {
        list = WIJK_FILL(arena, lang, T_MONEY_MISSING_MORE, {"list", list},
                         {"n", wijk_int_in(arena, lang, (long long)(n - NAMED), 0)});
    }
    return n ? WIJK_FILL(arena, lang, T_MONEY_MISSING, {"list", list}) : NULL;
}

const char *wijk_elsewhere_say(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *e)
{
    wijk_bands b;
    const wijk_ensemble_about about = wijk_ensemble_tell(e);
    if (strcmp(about.place, about.region) != 0) {
        return WIJK_FILL(arena, lang, T_MONEY_REGION, {"region", about.region},
                         {"place", about.place});
    }
    int rc = wijk_ensemble_outcome_ever(&b, e, WIJK_ENSEMBLE_HERE, WIJK_OUT_HOUSEHOLDS);
    if (rc || wijk_ensemble_sure(e, &b.difference) >= 0) {
        return NULL;
    }
    return WIJK_FILL(arena, lang, T_MONEY_ELSEWHERE, {"place", about.place},
                     {"years", wijk_int_in(arena, lang, about.years, 0)},
                     {"n", number(arena, lang, -b.difference.median, 0)});
}

wijk_band wijk_units_of(const wijk_ledger_row *row)
{
    wijk_band units = row->units;
    units.median = row->mean_units;
    return units;
}

const char *wijk_unpriced_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_row *row)
{
    const wijk_band units = wijk_units_of(row);
    const char *args[] = {row->note[lang],
                          isfinite(units.median) ? wijk_band_say(arena, lang, &units, 0)
                                                 : wijk_text(lang, T_FEW_CHANGE),
                          wijk_euro_say(arena, lang, row->break_even)};
    /* A price that rests on which side of nought a mean fell says nothing. */
    int even = isfinite(row->break_even) && (units.low90 > 0 || units.high90 < 0);
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, lang, even ? T_FORECAST_UNPRICED_EVEN : T_FORECAST_UNPRICED_ONE, args[0],
                   args[1], args[2], NULL);
    return wijk_str_keep(&text, arena);
}
