/* Need as a whole. The idea: who is no longer unseen is not therefore without need, so what is
 * hidden, what is in sight and what is helped stand in one sentence, in means that add up, and the
 * sentence says whether need itself became less or only came into sight. */
#include "wijk/fan.h"

#include "figure/words.h"

#include <math.h>

typedef struct {
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_ensemble *e;
    size_t place;
    int missing; /* one of the counts is withheld */
} need;

static wijk_band sum_of(need *n, const wijk_term *terms, size_t count)
{
    wijk_band out = {NAN, NAN, NAN, NAN, NAN};
    int rc = wijk_ensemble_account(&out, n->e, n->place, terms, count);
    n->missing |= rc || !isfinite(out.median);
    return out;
}

/* "106 more"; a mean that is no whole number is rounded by its caller, so that sums close. */
static const char *more(const need *n, double value)
{
    enum wijk_text_key way = value < 0 ? T_FORECAST_FEWER : T_FORECAST_MORE;
    return fabs(value) < 0.5 ? wijk_text(n->lang, T_FORECAST_AS_MANY)
                             : WIJK_FILL(n->arena, n->lang, way,
                                         {"n", wijk_number_in(n->arena, n->lang, fabs(value), 0)});
}

/* By whether all of it and the hidden part are surely less (-1), more (1) or open (0). */
static enum wijk_text_key verdict(int all, int hidden)
{
    static const enum wijk_text_key words[3][3] = {{T_NEED_LESS_BOTH, T_NEED_LESS, T_NEED_LESS},
                                                   {T_NEED_SIGHT, T_NEED_OPEN, T_NEED_OUT_OF_SIGHT},
                                                   {T_NEED_MORE, T_NEED_MORE, T_NEED_MORE}};
    return words[all + 1][hidden + 1];
}

static int moves(const wijk_band *d)
{
    return d->low90 < 0 || d->high90 > 0;
}

const char *wijk_need_say(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                          size_t place)
{
    static const wijk_term all[] = {{WIJK_OUT_STRAINED, 1}}, unseen[] = {{WIJK_OUT_HIDDEN, 1}},
                           listed[] = {{WIJK_OUT_HELP_WAITING, 1}},
                           helped[] = {{WIJK_OUT_HELP_INFORMAL, 1},
                                       {WIJK_OUT_HELP_FORMAL, 1},
                                       {WIJK_OUT_HELP_INTENSIVE, 1}};
    need n = {arena, lang, ensemble, place, 0};
    const wijk_ensemble_about about = wijk_ensemble_tell(ensemble);
    const wijk_band total = sum_of(&n, all, 1), hidden = sum_of(&n, unseen, 1);
    if (n.missing || about.last - about.first + 1 < WIJK_ENSEMBLE_FEW ||
        (!moves(&total) && !moves(&hidden))) {
        return NULL;
    }
    const wijk_band waits = sum_of(&n, listed, 1), gets = sum_of(&n, helped, 3);
    const char *help =
        n.missing ? "" /* of a count that is withheld */
                  : WIJK_FILL(arena, lang, T_NEED_HELP, {"waiting", more(&n, round(waits.median))},
                              {"helped", more(&n, round(gets.median))});
    double need_more = round(total.median), hidden_more = round(hidden.median);
    int way = wijk_ensemble_sure(ensemble, &total), out = wijk_ensemble_sure(ensemble, &hidden);
    return WIJK_FILL(arena, lang, T_NEED_SAY, {"verdict", wijk_text(lang, verdict(way, out))},
                     {"years", wijk_int_in(arena, lang, about.years, 0)},
                     {"total", more(&n, need_more)}, {"low", more(&n, round(total.low90))},
                     {"high", more(&n, round(total.high90))}, {"hidden", more(&n, hidden_more)},
                     {"seen", more(&n, need_more - hidden_more)}, {"help", help});
}
