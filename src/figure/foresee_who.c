/* For whom a policy works out well or badly: the table of groups and what is sure of it, the same
 * on page, in print and on the command line. Idea: who moved, who had to leave and who was passed
 * over stand beside who gains, so that no gain hides who paid for it with a home. */
#include "wijk/fan.h"

#include "figure/words.h"

#include <math.h>

static const enum wijk_text_key group_words[WIJK_GROUPS] = {
    T_ENSEMBLE_G_INCOME_LOW,   T_ENSEMBLE_G_INCOME_DAEB, T_ENSEMBLE_G_INCOME_MIDDLE,
    T_ENSEMBLE_G_INCOME_HIGH,  T_ENSEMBLE_G_SINGLE,      T_ENSEMBLE_G_COUPLE,
    T_ENSEMBLE_G_FAMILY,       T_ENSEMBLE_G_ONE_PARENT,  T_ENSEMBLE_G_OLDER_SINGLE,
    T_ENSEMBLE_G_OLDER_COUPLE, T_ENSEMBLE_G_NEWCOMER,    T_ENSEMBLE_G_SOCIAL_TENANT};

const char *wijk_group_say(wijk_lang lang, wijk_group group)
{
    return wijk_text(lang, group_words[group]);
}

enum { NAMED = 4 }; /* groups in a sentence; the table has all */
enum { HERE, IN, OUT, DISPLACED, PASSED, STRAINED, HIDDEN };

static const wijk_equity_column columns[WIJK_EQUITY_COLUMNS] = {
    [HERE] = {WIJK_GOUT_HOUSEHOLDS, T_FORECAST_G_HOUSEHOLDS, 0},
    [IN] = {WIJK_GOUT_MOVED_IN, T_FORECAST_G_MOVED_IN, 0},
    [OUT] = {WIJK_GOUT_MOVED_OUT, T_FORECAST_G_MOVED_OUT, 0},
    [DISPLACED] = {WIJK_GOUT_DISPLACED, T_FORECAST_G_DISPLACED, 0},
    [PASSED] = {WIJK_GOUT_PASSED_OVER, T_FORECAST_G_PASSED_OVER, 0},
    [STRAINED] = {WIJK_GOUT_STRAINED, T_FORECAST_G_STRAINED, 1},
    [HIDDEN] = {WIJK_GOUT_HIDDEN, T_FORECAST_G_HIDDEN, 1}};

const wijk_equity_column *wijk_equity_column_at(size_t i)
{
    return i < WIJK_EQUITY_COLUMNS ? &columns[i] : NULL;
}

int wijk_equity_read(wijk_equity *out, const wijk_ensemble *ensemble)
{
    int rc = WIJK_OK;
    out->ensemble = ensemble;
    for (int g = 0; !rc && g < WIJK_GROUPS; g++) {
        for (int c = 0; !rc && c < WIJK_EQUITY_COLUMNS; c++) {
            rc = wijk_ensemble_group_ever(&out->of[g][c], ensemble, (wijk_group)g,
                                          columns[c].outcome);
        }
    }
    return rc;
}

static const struct {
    int column, side;
    enum wijk_text_key key;
} sentences[WIJK_EQUITY_SAYS] = {
    {PASSED, 1, T_FORECAST_WHO_PASSED_OVER}, {DISPLACED, 1, T_FORECAST_WHO_DISPLACED},
    {DISPLACED, -1, T_FORECAST_WHO_SPARED},  {HERE, -1, T_FORECAST_WHO_GONE},
    {HERE, 1, T_FORECAST_WHO_COME},          {STRAINED, -1, T_FORECAST_WHO_RELIEF},
    {STRAINED, 1, T_FORECAST_WHO_WORSE}};

/* Of every 100 households of the group that live here without the policy; NAN where these are not
 * told. Events can be more than a hundred: one household may be passed over twice. */
static double share_of(const wijk_equity *e, int group, int column)
{
    double size = e->of[group][HERE].nothing.median;
    return size > 0 ? 100 * e->of[group][column].difference.median / size : NAN;
}

/* A group without a share comes last. */
static int goes_before(const wijk_equity *e, int column, int a, int b)
{
    double x = fabs(share_of(e, a, column)), y = fabs(share_of(e, b, column));
    return isfinite(x) && isfinite(y)   ? x > y
           : isfinite(x) != isfinite(y) ? isfinite(x)
                                        : fabs(e->of[a][column].difference.median) >
                                              fabs(e->of[b][column].difference.median);
}

/* The group of which a column changes the largest part, of those not yet named; -1 when no other is
 * sure. */
static int largest(const wijk_equity *e, int column, int side, unsigned named)
{
    int at = -1;
    for (int g = 0; g < WIJK_GROUPS; g++) {
        if (!(named >> g & 1) &&
            wijk_ensemble_sure(e->ensemble, &e->of[g][column].difference) == side &&
            (at < 0 || goes_before(e, column, g, at))) {
            at = g;
        }
    }
    return at;
}

/* "low income 13 in 100, +972 (+692 to +1,251)". */
static const char *group_changed(wijk_arena *arena, wijk_lang lang, const wijk_equity *e, int group,
                                 int column)
{
    double share = fabs(share_of(e, group, column));
    const char *name = wijk_group_say(lang, (wijk_group)group);
    const wijk_bands *b = &e->of[group][column];
    const char *change = wijk_change_named(arena, lang, b);
    int told = isfinite(share) && !wijk_change_small(&b->difference);
    const char *plain = wijk_arena_printf(arena, "%s %s", name, change);
    return told ? WIJK_FILL(arena, lang, T_FORECAST_WHO_SHARE, {"who", name}, {"change", change},
                            {"share", wijk_number_in(arena, lang, share, share < 9.95)})
                : plain;
}

/* The groups of which a column is surely less or more; NULL when there are none. */
static const char *who_are(wijk_arena *arena, wijk_lang lang, const wijk_equity *e, int column,
                           int side)
{
    const char *list = NULL;
    unsigned named = 0;
    int n = 0, g;
    for (; (g = largest(e, column, side, named)) >= 0; n++) {
        named |= 1U << g;
        if (n < NAMED) {
            list = wijk_arena_printf(arena, "%s%s%s", list ? list : "", list ? "; " : "",
                                     group_changed(arena, lang, e, g, column));
        }
    }
    return n <= NAMED ? list
                      : WIJK_FILL(arena, lang,
                                  n == NAMED + 1 ? T_FORECAST_WHO_OTHER : T_FORECAST_WHO_OTHERS,
                                  {"list", list ? list : ""},
                                  {"n", wijk_int_in(arena, lang, n - NAMED, 0)});
}

/* Of any column, also those that no sentence is about. */
static int any_sure(const wijk_equity *e)
{
    int any = 0;
    for (int g = 0; g < WIJK_GROUPS; g++) {
        for (int c = 0; c < WIJK_EQUITY_COLUMNS; c++) {
            any |= wijk_ensemble_sure(e->ensemble, &e->of[g][c].difference) != 0;
        }
    }
    return any;
}

size_t wijk_equity_told(wijk_equity_say out[WIJK_EQUITY_SAYS], wijk_arena *arena, wijk_lang lang,
                        const wijk_equity *e)
{
    size_t n = 0;
    const char *years = wijk_int_in(arena, lang, wijk_ensemble_tell(e->ensemble).years, 0);
    for (size_t i = 0; i < WIJK_EQUITY_SAYS; i++) {
        const char *who = who_are(arena, lang, e, sentences[i].column, sentences[i].side);
        if (who) {
            out[n++] = (wijk_equity_say){
                WIJK_FILL(arena, lang, sentences[i].key, {"who", who}, {"years", years}),
                columns[sentences[i].column].effect};
        }
    }
    if (n == 0) {
        out[n++] = (wijk_equity_say){
            wijk_text(lang, any_sure(e) ? T_FORECAST_WHO_ONLY_TABLE : T_FORECAST_WHO_SAME), -1};
    }
    return n;
}
