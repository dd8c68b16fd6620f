/* Forecasts in words: which outcomes people ask for, and one sentence for each that never gives a
 * number without its range. Where the range holds zero, the sentence says that it cannot be told.
 */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

/* What rests on assumed effects and what on mechanics: docs/model/foresee.md, table of processes.
 */
static const wijk_asked rows[] = {
    {WIJK_OUT_STRAINED, "strained", T_ENSEMBLE_O_STRAINED, 1, -1, 0},
    {WIJK_OUT_HIDDEN, "hidden", T_FORECAST_O_HIDDEN, 1, -1, 0},
    {WIJK_OUT_ALONE, "alone", T_FORECAST_O_ALONE, 1, -1, 0},
    {WIJK_OUT_ARREARS, "arrears", T_FORECAST_O_ARREARS, 1, -1, 0},
    {WIJK_OUT_EVICTIONS, "evictions", T_ENSEMBLE_O_EVICTIONS, 1, -1, 0},
    {WIJK_OUT_REPORTS, "reports", T_ENSEMBLE_O_REPORTS, 1, -1, 0},
    {WIJK_OUT_LIVABILITY_SOC, "livability_soc", T_FORECAST_O_SOC, 1, 1, 1},
    {WIJK_OUT_LIVABILITY_ONV, "livability_onv", T_FORECAST_O_ONV, 1, 1, 1},
    {WIJK_OUT_HELP_FORMAL, "help_formal", T_FORECAST_O_HELPED, 0, 0, 0},
    {WIJK_OUT_HELP_WAITING, "help_waiting", T_FORECAST_O_WAITING, 0, -1, 0},
    {WIJK_OUT_INCOME_LOW, "income_low", T_FORECAST_O_LOW, 0, 0, 0},
    {WIJK_OUT_LOW_IN_SOCIAL, "low_in_social", T_FORECAST_O_LOW_SOCIAL, 0, 0, 0},
    {WIJK_OUT_SEARCHING, "searching", T_FORECAST_O_SEARCHING, 0, -1, 0},
    {WIJK_OUT_MOVED_OUT, "moved_out", T_FORECAST_O_MOVED_OUT, 0, 0, 0},
    {WIJK_OUT_PASSED_OVER, "passed_over", T_FORECAST_O_PASSED_OVER, 0, -1, 0},
    {WIJK_OUT_DISPLACED, "displaced", T_FORECAST_O_DISPLACED, 0, -1, 0},
    {WIJK_OUT_HOUSEHOLDS, "households", T_ENSEMBLE_O_HOUSEHOLDS, 0, 0, 0}};

enum { ROWS = sizeof rows / sizeof *rows };

const wijk_asked *wijk_asked_at(size_t i)
{
    return i < ROWS ? &rows[i] : NULL;
}

const wijk_asked *wijk_asked_find(const char *key)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (!strcmp(rows[i].key, key)) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *wijk_asked_title(wijk_arena *arena, wijk_lang lang, const wijk_asked *asked)
{
    const char *label = wijk_text(lang, asked->label);
    return asked->score ? WIJK_FILL(arena, lang, T_FORECAST_SCORE_OF, {"what", label}) : label;
}

static const char *number(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    return wijk_number_in(arena, lang, value, decimals);
}

const char *wijk_with_sign(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    const char *text = number(arena, lang, value, decimals);
    /* What rounds to nothing has no sign. */
    int some = value > 0 && strpbrk(text, "123456789") != NULL;
    const char *signed_text = some ? wijk_arena_printf(arena, "+%s", text) : text;
    return signed_text ? signed_text : "";
}

const char *wijk_band_say(wijk_arena *arena, wijk_lang lang, const wijk_band *b, int decimals)
{
    if (!isfinite(b->median)) {
        return "–";
    }
    if (!isfinite(b->low90)) {
        return WIJK_FILL(arena, lang, T_FORECAST_BAND_ONE,
                         {"middle", wijk_with_sign(arena, lang, b->median, decimals)});
    }
    return WIJK_FILL(arena, lang, T_FORECAST_BAND,
                     {"middle", wijk_with_sign(arena, lang, b->median, decimals)},
                     {"low", wijk_with_sign(arena, lang, b->low90, decimals)},
                     {"high", wijk_with_sign(arena, lang, b->high90, decimals)});
}

int wijk_change_small(const wijk_band *d)
{
    double low = isfinite(d->low90) ? d->low90 : d->median;
    double high = isfinite(d->high90) ? d->high90 : d->median;
    return low > -WIJK_ENSEMBLE_LEAST && high < WIJK_ENSEMBLE_LEAST && (low < 0 || high > 0);
}

const char *wijk_change_say(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                            const wijk_bands *b)
{
    const wijk_band *d = &b->difference;
    if (!isfinite(d->median)) {
        return b->few ? wijk_text(lang, T_FEW_CHANGE) : "–";
    }
    int sure = wijk_ensemble_sure(ensemble, d);
    return !wijk_change_small(d) ? wijk_band_say(arena, lang, d, 0)
           : sure                ? wijk_text(lang, sure < 0 ? T_FEW_LESS : T_FEW_MORE)
                                 : wijk_text(lang, T_FEW_CHANGE);
}

const char *wijk_change_named(wijk_arena *arena, wijk_lang lang, const wijk_bands *b)
{
    const wijk_band *d = &b->difference;
    return !wijk_change_small(d)
               ? wijk_band_say(arena, lang, d, 0)
               : wijk_text(lang, d->median < 0 ? T_FEW_NAMED_LESS : T_FEW_NAMED_MORE);
}

/* ---- one outcome ----------------------------------------------------------------------------- */

/* With few pairs nothing is sure: what they were, and how few. */
static const char *say_few(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan, const char *when,
                           const wijk_band *d, uint32_t pairs)
{
    int same = !(d->low90 < d->high90);
    return WIJK_FILL(arena, lang, same ? T_FORECAST_SAY_FEW_SAME : T_FORECAST_SAY_FEW,
                     {"when", when}, {"what", wijk_text(lang, fan->asked->label)},
                     {"pairs", wijk_int_in(arena, lang, pairs, 0)},
                     {"middle", wijk_with_sign(arena, lang, d->median, 0)},
                     {"low", wijk_with_sign(arena, lang, d->low90, 0)},
                     {"high", wijk_with_sign(arena, lang, d->high90, 0)});
}

/* "15 fewer", or "as many" where that rounds to nothing. */
static const char *by_how_many(wijk_arena *arena, wijk_lang lang, double size, int score, int more)
{
    static const enum wijk_text_key words[2][2] = {{T_FORECAST_FEWER, T_FORECAST_MORE},
                                                   {T_FORECAST_LOWER, T_FORECAST_HIGHER}};
    return size < 0.5
               ? wijk_text(lang, score ? T_FORECAST_AS_HIGH : T_FORECAST_AS_MANY)
               : WIJK_FILL(arena, lang, words[score][more], {"n", number(arena, lang, size, 0)});
}

/* Too few people live here, or what is counted is few. */
static const char *say_none_shown(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan,
                                  const char *when, int few)
{
    return few ? WIJK_FILL(arena, lang, T_FEW_SAY, {"when", when},
                           {"what", wijk_text(lang, fan->asked->label)})
               : wijk_text(lang, T_FORECAST_SAY_WITHHELD);
}

/* Less, open or more: of a count, of a score, and of a count that stands without its two sides. */
static enum wijk_text_key way_key(int sure, int score, int few)
{
    static const enum wijk_text_key keys[3][3] = {
        {T_FORECAST_SAY_LESS, T_FORECAST_SAY_OPEN, T_FORECAST_SAY_MORE},
        {T_FORECAST_SAY_LOWER, T_FORECAST_SAY_OPEN_SCORE, T_FORECAST_SAY_HIGHER},
        {T_FEW_SAY_LESS, T_FEW_SAY_OPEN, T_FEW_SAY_MORE}};
    return keys[score ? 1 : few ? 2 : 0][sure + 1];
}

/* What there is of it without the policy. Of what only a policy brings about, nought says less than
 * why. */
static const char *beside(wijk_arena *arena, wijk_lang lang, const wijk_asked *asked,
                          double without)
{
    int none = fabs(without) < 0.5;
    enum wijk_text_key key =
        none && asked->outcome == WIJK_OUT_PASSED_OVER ? T_FORECAST_BESIDE_NO_RULE
        : none && asked->outcome == WIJK_OUT_DISPLACED ? T_FORECAST_BESIDE_NO_WORKS
                                                       : T_FORECAST_BESIDE_COUNT;
    return WIJK_FILL(arena, lang, key, {"without", number(arena, lang, without, 0)});
}

const char *wijk_fan_say(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan)
{
    wijk_bands b = {.few = 0};
    const wijk_asked *asked = fan->asked;
    const wijk_ensemble_about about = wijk_ensemble_tell(fan->ensemble);
    uint32_t pairs = about.last - about.first + 1;
    int flow = wijk_outcome_is_flow(asked->outcome), score = asked->score;
    const char *when = WIJK_FILL(arena, lang, flow ? T_FORECAST_WHEN_EVER : T_FORECAST_WHEN_STOCK,
                                 {"years", wijk_int_in(arena, lang, about.years, 0)});
    if (wijk_ensemble_outcome_ever(&b, fan->ensemble, fan->place, asked->outcome) ||
        !isfinite(b.difference.median)) {
        return say_none_shown(arena, lang, fan, when, b.few);
    }
    const wijk_band *d = &b.difference;
    if (pairs < WIJK_ENSEMBLE_FEW) {
        return say_few(arena, lang, fan, when, d, pairs);
    }
    int sure = wijk_ensemble_sure(fan->ensemble, d);
    int none = d->low90 >= 0 && d->high90 <= 0;
    /* "Between 0 fewer and 0 more" would say nothing. */
    int hardly = !none && d->low90 > -0.5 && d->high90 < 0.5;
    enum wijk_text_key key = hardly ? T_FORECAST_SAY_HARDLY
                             : none ? T_FORECAST_SAY_NONE
                                    : way_key(sure, score, b.few);
    return WIJK_FILL(arena, lang, key, {"when", when}, {"what", wijk_text(lang, asked->label)},
                     {"middle", number(arena, lang, fabs(d->median), 0)},
                     {"near", number(arena, lang, sure < 0 ? -d->high90 : d->low90, 0)},
                     {"far", number(arena, lang, sure < 0 ? -d->low90 : d->high90, 0)},
                     {"least", by_how_many(arena, lang, -d->low90, score, 0)},
                     {"most", by_how_many(arena, lang, d->high90, score, 1)},
                     {"without", number(arena, lang, b.nothing.median, 0)},
                     {"beside", beside(arena, lang, asked, b.nothing.median)});
}

const char *wijk_fan_short(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan)
{
    wijk_bands b;
    uint32_t years = wijk_ensemble_tell(fan->ensemble).years;
    if (wijk_ensemble_outcome(&b, fan->ensemble, fan->place, years, fan->asked->outcome) ||
        !isfinite(b.difference.median)) {
        return wijk_text(lang, T_FORECAST_SAY_WITHHELD);
    }
    int flow = wijk_outcome_is_flow(fan->asked->outcome);
    return WIJK_FILL(
        arena, lang, b.few ? T_FEW_SHORT : T_FORECAST_SAY_SHORT,
        {"when", WIJK_FILL(arena, lang, flow ? T_FORECAST_WHEN_FLOW : T_FORECAST_WHEN_STOCK,
                           {"years", wijk_int_in(arena, lang, years, 0)})},
        {"band", wijk_band_say(arena, lang, &b.difference, 0)},
        {"beside", beside(arena, lang, fan->asked, b.nothing.median)});
}
