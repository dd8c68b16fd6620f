/* Why a line of a forecast moves: what else went otherwise in the same pairs. Idea: no cause is
 * guessed; the counts that make a stock grow or shrink are told beside it, each with its range and
 * only where it is sure. */
#include "wijk/fan.h"

#include "figure/words.h"

#include <math.h>

enum { MOST = 5, WAYS = 3, MINUTES = 60 };

typedef struct {
    wijk_outcome outcome;
    enum wijk_text_key label;
    int hours; /* counted in minutes and told in hours */
} counted;

static const counted found[] = {{WIJK_OUT_SEEN_VISIT, T_WHY_SEEN_VISIT, 0},
                                {WIJK_OUT_SEEN_PREVENTION, T_WHY_SEEN_PREVENTION, 0},
                                {WIJK_OUT_SEEN_DEBT, T_WHY_SEEN_DEBT, 0},
                                {WIJK_OUT_SEEN_MANAGER, T_WHY_SEEN_MANAGER, 0},
                                {WIJK_OUT_SEEN_SELF, T_WHY_SEEN_SELF, 0}};
enum { FOUND = sizeof found / sizeof *found };

/* What goes into a stock and out of it, and the hours; then, where asked, who was found how. */
static const struct {
    wijk_outcome of;
    int found;
    counted by[MOST + 1]; /* ends with outcome 0, which is no event */
} whys[] = {
    {WIJK_OUT_HELP_WAITING,
     1,
     {{WIJK_OUT_QUEUED, T_WHY_QUEUED, 0},
      {WIJK_OUT_OPENED_FORMAL, T_WHY_OPENED, 0},
      {WIJK_OUT_GAVE_UP, T_WHY_GAVE_UP, 0},
      {WIJK_OUT_WORK_PREVENTION, T_WHY_HOURS_PREVENTION, 1},
      {WIJK_OUT_WORK_CASES, T_WHY_HOURS_CASES, 1}}},
    {WIJK_OUT_HELP_FORMAL,
     1,
     {{WIJK_OUT_OPENED_FORMAL, T_WHY_OPENED, 0},
      {WIJK_OUT_CLOSED, T_WHY_CLOSED, 0},
      {WIJK_OUT_WORK_CASES, T_WHY_HOURS_CASES, 1},
      {WIJK_OUT_WORK_PREVENTION, T_WHY_HOURS_PREVENTION, 1}}},
    {WIJK_OUT_HIDDEN, 1, {{WIJK_OUT_ACCEPTED, T_WHY_ACCEPTED, 0}}},
    {WIJK_OUT_ARREARS,
     0,
     {{WIJK_OUT_ARREARS_BEGUN, T_WHY_ARREARS_BEGUN, 0},
      {WIJK_OUT_ARREARS_SETTLED, T_WHY_ARREARS_SETTLED, 0},
      {WIJK_OUT_SEEN_DEBT, T_WHY_SEEN_DEBT, 0}}},
    {WIJK_OUT_EVICTIONS,
     0,
     {{WIJK_OUT_JUDGMENTS, T_WHY_JUDGMENTS, 0},
      {WIJK_OUT_ARREARS_SETTLED, T_WHY_ARREARS_SETTLED, 0},
      {WIJK_OUT_SEEN_DEBT, T_WHY_SEEN_DEBT, 0}}},
    {WIJK_OUT_SEARCHING,
     0,
     {{WIJK_OUT_BEGAN_SEARCH, T_WHY_BEGAN_SEARCH, 0},
      {WIJK_OUT_LETS, T_WHY_LETS, 0},
      {WIJK_OUT_GAVE_UP_SEARCH, T_WHY_GAVE_UP_SEARCH, 0}}},
    {WIJK_OUT_LOW_IN_SOCIAL,
     0,
     {{WIJK_OUT_LETS_LOW, T_WHY_LETS_LOW, 0},
      {WIJK_OUT_LETS, T_WHY_LETS, 0},
      {WIJK_OUT_PASSED_OVER, T_WHY_PASSED_OVER, 0},
      {WIJK_OUT_DISPLACED, T_WHY_DISPLACED, 0}}},
    {WIJK_OUT_INCOME_LOW,
     0,
     {{WIJK_OUT_LETS_LOW, T_WHY_LETS_LOW, 0},
      {WIJK_OUT_PASSED_OVER, T_WHY_PASSED_OVER, 0},
      {WIJK_OUT_DISPLACED, T_WHY_DISPLACED, 0}}},
};
enum { WHYS = sizeof whys / sizeof *whys };

/* The difference over all years, in the unit that is told; 0 when it is not sure or withheld. */
static int read_sure(wijk_band *out, const wijk_fan *fan, const counted *c)
{
    wijk_bands b;
    if (wijk_ensemble_outcome_ever(&b, fan->ensemble, fan->place, c->outcome) ||
        !isfinite(b.difference.median) || !wijk_ensemble_sure(fan->ensemble, &b.difference)) {
        return 0;
    }
    double unit = c->hours ? MINUTES : 1;
    *out = (wijk_band){.low90 = b.difference.low90 / unit,
                       .median = b.difference.median / unit,
                       .high90 = b.difference.high90 / unit};
    return 1;
}

typedef struct {
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_fan *fan;
    const char *list; /* NULL once memory ran out */
    int told;
} teller;

/* "found by home visits +120 (+80 to +150)". */
static void tell(teller *t, enum wijk_text_key label, const wijk_band *d)
{
    const char *band = wijk_band_say(t->arena, t->lang, d, 0);
    if (t->list) {
        t->list = wijk_arena_printf(t->arena, "%s%s%s %s", t->list, t->told++ ? "; " : "",
                                    wijk_text(t->lang, label), band);
    }
}

/* Of the ways in which people were found, those that changed most. */
static void tell_found(teller *t)
{
    wijk_band bands[FOUND];
    int open[FOUND];
    for (size_t i = 0; i < FOUND; i++) {
        open[i] = read_sure(&bands[i], t->fan, &found[i]);
    }
    for (int n = 0; n < WAYS; n++) {
        size_t most = FOUND;
        for (size_t i = 0; i < FOUND; i++) {
            if (open[i] && (most == FOUND || fabs(bands[i].median) > fabs(bands[most].median))) {
                most = i;
            }
        }
        if (most == FOUND) {
            return;
        }
        tell(t, found[most].label, &bands[most]);
        open[most] = 0;
    }
}

/* Which way it surely goes; 0 when it is not sure or withheld. */
static int sure_way(const wijk_fan *fan)
{
    wijk_bands b;
    int rc = wijk_ensemble_outcome_ever(&b, fan->ensemble, fan->place, fan->asked->outcome);
    return rc || !isfinite(b.difference.median) ? 0
                                                : wijk_ensemble_sure(fan->ensemble, &b.difference);
}

int wijk_fan_against(const wijk_fan *fan)
{
    return sure_way(fan) * fan->asked->better < 0;
}

const char *wijk_fan_why(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan)
{
    teller t = {.arena = arena, .lang = lang, .fan = fan, .list = ""};
    size_t at = 0;
    while (at < WHYS && whys[at].of != fan->asked->outcome) {
        at++;
    }
    if (at == WHYS || !sure_way(fan)) {
        return NULL;
    }
    for (size_t i = 0; whys[at].by[i].outcome; i++) {
        wijk_band d;
        if (read_sure(&d, fan, &whys[at].by[i])) {
            tell(&t, whys[at].by[i].label, &d);
        }
    }
    if (whys[at].found) {
        tell_found(&t);
    }
    const wijk_ensemble_about about = wijk_ensemble_tell(fan->ensemble);
    return t.told && t.list ? WIJK_FILL(arena, lang, T_WHY_SAY, {"list", t.list},
                                        {"years", wijk_int_in(arena, lang, about.years, 0)})
                            : NULL;
}
