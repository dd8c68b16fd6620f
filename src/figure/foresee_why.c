/* Why a line of a forecast moves: what else went otherwise in the same pairs. Idea: no cause is
 * guessed; what came in, went out and is left is told as an account that closes, in means, and the
 * other counts beside it, each with its range and only where it is sure. */
#include "wijk/fan.h"

#include "figure/words.h"

#include <math.h>

enum { MOST = 3, WAYS = 3, TERMS = 2, MINUTES = 60 };

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

typedef struct { /* in what it makes more (1) or less (-1) of a stock */
    enum wijk_text_key label;
    wijk_term term[TERMS];
} entry;

/* The account of a stock, what is left of it to other ways out, and what stands beside it; then,
 * where asked, who was found how. An outcome or a weight of 0 ends a list. */
static const struct {
    wijk_outcome of;
    int found;
    enum wijk_text_key rest;
    entry account[MOST];
    counted by[MOST];
} whys[] = {
    {WIJK_OUT_HELP_WAITING,
     1,
     T_WHY_REST_WAITING,
     {{T_WHY_QUEUED, {{WIJK_OUT_QUEUED, 1}}},
      {T_WHY_OPENED, {{WIJK_OUT_OPENED_FORMAL, -1}, {WIJK_OUT_OPENED_INTENSIVE, -1}}},
      {T_WHY_GAVE_UP, {{WIJK_OUT_GAVE_UP, -1}}}},
     {{WIJK_OUT_WORK_PREVENTION, T_WHY_HOURS_PREVENTION, 1},
      {WIJK_OUT_WORK_CASES, T_WHY_HOURS_CASES, 1}}},
    {WIJK_OUT_HELP_FORMAL,
     1,
     T_WHY_REST_HELPED,
     {{T_WHY_OPENED, {{WIJK_OUT_OPENED_FORMAL, 1}}}},
     {{WIJK_OUT_WORK_CASES, T_WHY_HOURS_CASES, 1},
      {WIJK_OUT_WORK_PREVENTION, T_WHY_HOURS_PREVENTION, 1}}},
    {WIJK_OUT_HIDDEN, 1, 0, {{0}}, {{WIJK_OUT_ACCEPTED, T_WHY_ACCEPTED, 0}}},
    {WIJK_OUT_ARREARS,
     0,
     T_WHY_REST_ARREARS,
     {{T_WHY_ARREARS_BEGUN, {{WIJK_OUT_ARREARS_BEGUN, 1}}},
      {T_WHY_ARREARS_SETTLED, {{WIJK_OUT_ARREARS_SETTLED, -1}}}},
     {{WIJK_OUT_SEEN_DEBT, T_WHY_SIGNALS, 0}}},
    {WIJK_OUT_EVICTIONS,
     0,
     0,
     {{0}},
     {{WIJK_OUT_JUDGMENTS, T_WHY_JUDGMENTS, 0},
      {WIJK_OUT_ARREARS_SETTLED, T_WHY_ARREARS_SETTLED, 0},
      {WIJK_OUT_SEEN_DEBT, T_WHY_SIGNALS, 0}}},
    {WIJK_OUT_SEARCHING,
     0,
     0,
     {{0}},
     {{WIJK_OUT_BEGAN_SEARCH, T_WHY_BEGAN_SEARCH, 0},
      {WIJK_OUT_LETS, T_WHY_LETS, 0},
      {WIJK_OUT_GAVE_UP_SEARCH, T_WHY_GAVE_UP_SEARCH, 0}}},
    {WIJK_OUT_LOW_IN_SOCIAL,
     0,
     0,
     {{0}},
     {{WIJK_OUT_LETS_LOW, T_WHY_LETS_LOW, 0},
      {WIJK_OUT_PASSED_OVER, T_WHY_PASSED_OVER, 0},
      {WIJK_OUT_DISPLACED, T_WHY_DISPLACED, 0}}},
    {WIJK_OUT_INCOME_LOW,
     0,
     0,
     {{0}},
     {{WIJK_OUT_LETS_LOW, T_WHY_LETS_LOW, 0},
      {WIJK_OUT_PASSED_OVER, T_WHY_PASSED_OVER, 0},
      {WIJK_OUT_DISPLACED, T_WHY_DISPLACED, 0}}},
};
enum { WHYS = sizeof whys / sizeof *whys };

typedef struct {
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_fan *fan;
    const char *list; /* NULL once memory ran out */
    int told;
} teller;

static int read_terms(wijk_band *out, const wijk_fan *fan, const wijk_term *terms, size_t n)
{
    return !wijk_ensemble_account(out, fan->ensemble, fan->place, terms, n) &&
           isfinite(out->median);
}

/* The difference over all years, in the unit that is told; 0 when it is not sure or withheld. */
static int read_sure(wijk_band *out, const wijk_fan *fan, const counted *c)
{
    const wijk_term term = {c->outcome, 1};
    if (!read_terms(out, fan, &term, 1) || !wijk_ensemble_sure(fan->ensemble, out)) {
        return 0;
    }
    double unit = c->hours ? MINUTES : 1;
    out->low90 /= unit;
    out->median /= unit;
    out->high90 /= unit;
    return 1;
}

/* "by home visits +120 (+80 to +150)". */
static void tell_text(teller *t, const char *label, const wijk_band *d)
{
    const char *band = wijk_band_say(t->arena, t->lang, d, 0);
    if (t->list) {
        t->list =
            wijk_arena_printf(t->arena, "%s%s%s %s", t->list, t->told++ ? "; " : "", label, band);
    }
}

static void tell(teller *t, enum wijk_text_key label, const wijk_band *d)
{
    tell_text(t, wijk_text(t->lang, label), d);
}

/* What the list says, and an empty list for the next; "" when nothing was told. */
static const char *closed(teller *t, enum wijk_text_key key, const char *total)
{
    const wijk_ensemble_about about = wijk_ensemble_tell(t->fan->ensemble);
    const char *text =
        t->told && t->list
            ? WIJK_FILL(t->arena, t->lang, key, {"list", t->list},
                        {"years", wijk_int_in(t->arena, t->lang, about.years, 0)},
                        {"what", wijk_text(t->lang, t->fan->asked->label)}, {"total", total})
            : "";
    t->list = t->list ? "" : NULL;
    t->told = 0;
    return text;
}

static size_t terms_of(const entry *e)
{
    size_t n = 0;
    while (n < TERMS && e->term[n].weight) {
        n++;
    }
    return n;
}

/* What came in and went out, to the number that is left: whole numbers that add up as they stand.
 * "" where a part is withheld, for then the rest would give it away. */
static const char *account(teller *t, const entry *entries, enum wijk_text_key rest)
{
    wijk_band all, each[MOST], left;
    wijk_term terms[1 + MOST * TERMS] = {{t->fan->asked->outcome, 1}};
    size_t n = 1, parts = 0;
    int told = terms_of(entries) && read_terms(&all, t->fan, terms, 1);
    double over = told ? round(all.median) : 0;
    for (; told && parts < MOST && terms_of(&entries[parts]); parts++) {
        const entry *e = &entries[parts];
        told = read_terms(&each[parts], t->fan, e->term, terms_of(e));
        for (size_t k = 0; k < terms_of(e); k++) {
            terms[n++] = (wijk_term){e->term[k].outcome, -e->term[k].weight};
        }
        over -= told ? round(each[parts].median) : 0;
    }
    if (!told || !read_terms(&left, t->fan, terms, n)) {
        return "";
    }
    for (size_t i = 0; i < parts; i++) {
        enum wijk_text_key way = entries[i].term[0].weight > 0 ? T_WHY_IN : T_WHY_OUT;
        tell_text(t,
                  WIJK_FILL(t->arena, t->lang, way, {"what", wijk_text(t->lang, entries[i].label)}),
                  &each[i]);
    }
    left.median = over; /* of rounded parts, so that it closes */
    if (over < 0 || over > 0 || left.low90 <= -0.5 || left.high90 >= 0.5) {
        tell(t, rest, &left);
    }
    return closed(t, T_WHY_ACCOUNT, wijk_with_sign(t->arena, t->lang, round(all.median), 0));
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
    const char *sum = account(&t, whys[at].account, whys[at].rest);
    for (size_t i = 0; i < MOST && whys[at].by[i].outcome; i++) {
        wijk_band d;
        if (read_sure(&d, fan, &whys[at].by[i])) {
            tell(&t, whys[at].by[i].label, &d);
        }
    }
    const char *beside = closed(&t, T_WHY_SAY, "");
    if (whys[at].found) {
        tell_found(&t);
    }
    const char *noticed = closed(&t, T_WHY_FOUND, "");
    const char *said = wijk_arena_printf(arena, "%s%s%s%s%s", sum, *sum && *beside ? " " : "",
                                         beside, *noticed && (*sum || *beside) ? " " : "", noticed);
    return said && *said ? said : NULL;
}
