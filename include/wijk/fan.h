/* wijk/fan.h: a forecast in words and drawings, the same on page and in print.
 *
 * What the model reckons (mechanics: who moves where, who waits) and what it assumes (effects: what
 * support, ties or mixing do) look different everywhere: a solid band and line against a dotted
 * band and a dashed line, with the word beside it. Nothing is told without its range. */
#ifndef WIJK_FAN_H
#define WIJK_FAN_H

#include "wijk/backtest.h"
#include "wijk/ensemble.h"
#include "wijk/figure.h"
#include "wijk/lever.h"
#include "wijk/scenario.h"
#include "wijk/start.h"
#include "wijk/text.h"

/* Outcomes that people ask for. */
typedef struct {
    wijk_outcome outcome;
    const char *key;          /* in addresses: that of the outcome */
    enum wijk_text_key label; /* "huishoudens onder zware druk" */
    int effect;               /* 1: rests on assumed effects; 0: computed mechanics */
    int better;               /* 1: more is better, -1: less is better, 0: neither */
    int score;                /* 1: thousandths of a scale, no count */
} wijk_asked;

/* NULL past the last. The first is the one shown when nobody chose. */
const wijk_asked *wijk_asked_at(size_t i);
/* NULL when there is none of that key. */
const wijk_asked *wijk_asked_find(const char *key);

/* The label, of a score with its unit and which way is better. In the arena. */
const char *wijk_asked_title(wijk_arena *arena, wijk_lang lang, const wijk_asked *asked);

typedef struct {
    const wijk_ensemble *ensemble;
    const wijk_asked *asked;
    size_t place;
    double start; /* of the run, as a year on an axis */
} wijk_fan;

/* What is said in short: up to two outcomes that the policy is for, sure or not; then those whose
 * difference at `place` is sure, the largest beside doing nothing first; then strain, which people
 * ask for, and what else fits. */
enum { WIJK_FAN_HEADLINES = 4 };
void wijk_fan_headlines(const wijk_asked *out[WIJK_FAN_HEADLINES], const wijk_ensemble *ensemble,
                        size_t place);
/* One sentence: how much more or less than when nothing is done, and between what; or that it
 * cannot be told. In the arena. */
const char *wijk_fan_say(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan);
/* 1 when it surely goes the way that is worse. */
int wijk_fan_against(const wijk_fan *fan);
/* What makes this grow or shrink in the same pairs: an account of who came in and went out, in
 * means that add up; then what else was surely otherwise: who was noticed how, the hours. Counts of
 * the run alone, with their ranges. NULL when the outcome is not sure, or no such count is. In the
 * arena. */
const char *wijk_fan_why(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan);
/* Need as a whole: how much more or less there is, how much of it is hidden and how much in sight,
 * and who waits or is helped; means, so that they add up. NULL with few pairs, where one of the
 * counts is withheld, or where nothing differs. In the arena. */
const char *wijk_need_say(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                          size_t place);
/* "After 10 years: −10 (−25 to +1). Without the policy: 248." In the arena. */
const char *wijk_fan_short(wijk_arena *arena, wijk_lang lang, const wijk_fan *fan);
/* The difference from doing nothing through the years: the middle, the middle 50% and 90% of the
 * pairs, and the line of doing nothing. */
int wijk_picture_fan(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                     const wijk_fan *fan);
/* How much there is of it with the policy (bands and middle) and without (middle, and the edge of
 * its 90% band). */
int wijk_picture_levels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_fan *fan);
/* Which way the pairs of an area point: sure as wijk_ensemble_sure has it, leaning where the middle
 * half of enough pairs does not hold zero (three in four point one way), else open. */
typedef enum { WIJK_FAN_OPEN, WIJK_FAN_LEANS, WIJK_FAN_SURE } wijk_fan_way;
wijk_fan_way wijk_fan_way_of(const wijk_ensemble *ensemble, const wijk_band *difference);

typedef struct {
    size_t all, sure, leans; /* areas; leans: without those that are sure */
    double by_chance; /* areas that would lean, or be sure, were there no difference at all */
} wijk_fan_where;
/* Of the difference in the last year, or of events over all years. */
wijk_fan_where wijk_fan_count(const wijk_fan *fan);
/* The chance that three in four of so many pairs point one way when each is a toss-up. */
double wijk_fan_by_chance(uint32_t pairs);

/* That difference per area, per 1,000 households (scores: thousandths), where it is sure or leans;
 * hatched where it is open. WIJK_ENOTFOUND without borders, with one area, or when every area is
 * open. */
int wijk_picture_forecast_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                              wijk_arena *arena, const wijk_figure_style *style,
                              const wijk_fan *fan, const wijk_area *area, wijk_map_link_fn link,
                              void *payload);

/* How it goes when nothing is done, of what the back-test scores: the only forecasts of which can
 * be said how far the model was off before. */
typedef struct {
    const wijk_backtest *backtest;
    const wijk_ensemble *ensemble;
    size_t place;
    double start; /* of the run, as a year */
    wijk_backtest_measure measure;
} wijk_course_plot;

enum wijk_text_key wijk_course_label(wijk_backtest_measure measure);
/* What is shown of the course without a policy, in this order; WIJK_BACKTEST_MEASURES past the
 * last.
 */
wijk_backtest_measure wijk_course_at(size_t i);
/* "After 10 years: 41.2; the simulation says 39.8 to 42.5, hindsight 35 to 47"; past the years that
 * were tested "35 or lower to 47 or higher". In the arena. */
const char *wijk_course_say(wijk_arena *arena, wijk_lang lang, const wijk_course_plot *course);
/* What the hindsight range of the last year is worth: areas behind it, what it held elsewhere, how
 * far it was tested; or that there is none. In the arena. */
const char *wijk_course_worth(wijk_arena *arena, wijk_lang lang, const wijk_course_plot *course);
/* That the model came out too high, or too low, in (nearly) all spans that were tested, and in how
 * many; NULL where it did not, or in fewer than three. In the arena. */
const char *wijk_course_lean(wijk_arena *arena, wijk_lang lang, const wijk_backtest *backtest,
                             wijk_backtest_measure measure);
/* An end of the hindsight range: "35,6"; "≤ 35,6" or "≥ 35,6" past the years that were tested. In
 * the arena. */
const char *wijk_course_end(wijk_arena *arena, wijk_lang lang, const wijk_course *course,
                            int upper);
/* That nothing of this size was tested: a place of fewer than WIJK_BACKTEST_LEAST households, or a
 * whole gemeente that is larger than what was. NULL for the sizes that were. In the arena. */
const char *wijk_course_scope(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                              size_t place);
/* The middle and the bands of the simulation, and around them the hindsight range: its edge dashed
 * and unfilled past the years that were tested. WIJK_ENOTFOUND when withheld. */
int wijk_picture_course(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_course_plot *course);

/* "−28 (−41 tot −16)"; an en dash when withheld. In the arena. */
const char *wijk_band_say(wijk_arena *arena, wijk_lang lang, const wijk_band *band, int decimals);
/* 1 when the whole range of a difference in a count of people is below WIJK_ENSEMBLE_LEAST, and not
 * nothing at all: it is shown nowhere, not per so many households either. */
int wijk_change_small(const wijk_band *difference);
/* A difference in a count of people, for a table: "< 10" where its whole range is below the limit
 * of WIJK_ENSEMBLE_LEAST, with its way where that is sure. In the arena. */
const char *wijk_change_say(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                            const wijk_bands *bands);
/* The same behind a name, of a difference that is sure. In the arena. */
const char *wijk_change_named(wijk_arena *arena, wijk_lang lang, const wijk_bands *bands);
/* Euro in words short enough for a table: "€ 1,2 mln". In the arena. */
const char *wijk_euro_say(wijk_arena *arena, wijk_lang lang, double euro);
enum { WIJK_EVEN_LEAST = 500 }; /* euro below which a purse is said to pay or save nothing */
/* "after 3 years (2 to not within 10 years)"; without a range when there are few pairs, an en dash
 * for a purse that nothing changes for. In the arena. */
const char *wijk_payback_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_purse *purse,
                             uint32_t years);
/* Who breaks even, in a sentence; that it cannot be told when the range of the net holds zero, the
 * pairs are few, or what has no price could turn it, with what that is and at which price it breaks
 * even. In the arena. */
const char *wijk_even_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                          const wijk_ledger_purse *purse);
/* "€ 1,2 mln meer", "€ 650.000 minder": of what is spent. In the arena. */
const char *wijk_cost_say(wijk_arena *arena, wijk_lang lang, double euro);
/* "€ 1,2 mln bespaard", "€ 797.000 erbij": of what follows. In the arena. */
const char *wijk_saved_say(wijk_arena *arena, wijk_lang lang, double euro);
/* "+300", "−1.200 (−1.400 tot −900)": the mean, as the ledger has it. In the arena. */
const char *wijk_ledger_units_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_row *row);
/* Money of everything that was modelled, in one sentence. In the arena. */
const char *wijk_money_short(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *ensemble,
                             const wijk_ledger *ledger);
/* Who is worse off, who is better off, and of whom that cannot be told, each purse by name;
 * nobody's purse is none of them. "" with few pairs, or when nothing that counts changes for
 * anybody. In the arena. */
const char *wijk_money_purses(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                              const wijk_prices *prices);
/* What stands before any amount: whose bill it is, what is not in it, what comes with the number of
 * households. Returns how many. In the arena. */
enum { WIJK_MONEY_FIRST = 3 };
size_t wijk_money_first(const char *out[WIJK_MONEY_FIRST], wijk_arena *arena, wijk_lang lang,
                        const wijk_ensemble *ensemble, const wijk_ledger *ledger);
/* What the purse is of which the source names none, and what is in it; NULL when that is nothing.
 * In the arena. */
const char *wijk_money_open(wijk_arena *arena, wijk_lang lang, const wijk_ledger *ledger,
                            const wijk_prices *prices);

/* 1 when the net is no answer: what has no price, or who left, could turn it. */
int wijk_purse_withheld(const wijk_ledger_purse *purse);
/* 1 when what a purse saves can be told from nought; of what cannot, no share breaks even. */
int wijk_even_known(const wijk_ledger_purse *purse);
/* A row without a price: what changes, by how much, and the price at which society breaks even. In
 * the arena. */
const char *wijk_unpriced_say(wijk_arena *arena, wijk_lang lang, const wijk_ledger_row *row);

/* ---- for whom --------------------------------------------------------------------------------
 */

/* "low income": a group of the table of who gains. Static. */
const char *wijk_group_say(wijk_lang lang, wijk_group group);

typedef struct {
    wijk_group_outcome outcome;
    enum wijk_text_key label;
    int effect; /* as in wijk_asked */
} wijk_equity_column;
/* Who lives here, moved, had to leave, was passed over by a rule, is under strain. Households come
 * first. NULL past the last. */
const wijk_equity_column *wijk_equity_column_at(size_t i);
enum { WIJK_EQUITY_COLUMNS = 7 };

typedef struct {
    const wijk_ensemble *ensemble;
    wijk_bands of[WIJK_GROUPS][WIJK_EQUITY_COLUMNS]; /* as wijk_ensemble_group_ever gives them */
} wijk_equity;
int wijk_equity_read(wijk_equity *out, const wijk_ensemble *ensemble);

/* What is sure, in sentences: which groups are here less or more, had to leave, were passed over,
 * are under less or more strain, the largest part of its group first
 * (T_FORECAST_WHO_OVERLAP says how to read that); one sentence when nothing is. Returns how many.
 * In the arena. */
enum { WIJK_EQUITY_SAYS = 7 };
typedef struct {
    const char *text;
    int kind; /* 1: assumed effect, 0: reckoned, -1: neither */
} wijk_equity_say;
size_t wijk_equity_told(wijk_equity_say out[WIJK_EQUITY_SAYS], wijk_arena *arena, wijk_lang lang,
                        const wijk_equity *equity);

typedef struct {
    const wijk_ensemble *ensemble;
    const wijk_area *area; /* the place */
    double start;          /* of the run, as a year */
} wijk_forecast_brief;

/* Two A4 pages: in short, fans, where, for whom, who pays, what decides, what it cannot know, what
 * now. Of a scenario without a line, of which every difference is zero: the course, and how far the
 * model was off before. Appends the bytes of a PDF. Without a store (NULL) there is no map. */
int wijk_forecast_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                      wijk_lang lang, const wijk_forecast_brief *brief);

/* ---- time ------------------------------------------------------------------------------------ */

/* "1 seconde", "40 seconden", "12 minuten", "3,5 uur": upwards, in the unit that it fits in. In the
 * arena. */
const char *wijk_duration_say(wijk_arena *arena, wijk_lang lang, double seconds);

/* ---- the policy in words --------------------------------------------------------------------- */

/* 1 when it builds, demolishes, sells, frees or renovates homes: main parts of its bill that may
 * have no price (`own` in data/ledger.csv). */
int wijk_policy_moves_homes(const wijk_scenario_file *scenario);
/* 1 when the text of a scenario has no line: what is done anyway. */
int wijk_policy_is_nothing(const char *scenario);
/* Static, in the words of the form. */
const char *wijk_policy_lever(wijk_lang lang, wijk_lever lever);
/* The groups in which people think of policy, in the order in which they are shown. */
typedef enum {
    WIJK_POLICY_STOCK,
    WIJK_POLICY_RENTS,
    WIJK_POLICY_LETTING,
    WIJK_POLICY_MIXING,
    WIJK_POLICY_MANAGEMENT,
    WIJK_POLICY_HELP,
    WIJK_POLICY_TOGETHER,
    WIJK_POLICY_OUTFLOW,
    WIJK_POLICY_GROUPS
} wijk_policy_group;

wijk_policy_group wijk_policy_group_of(wijk_lever lever);
/* "stock": for programs. Static. */
const char *wijk_policy_group_key(wijk_policy_group group);
const char *wijk_policy_group_name(wijk_lang lang, wijk_policy_group group);
/* A line on what the model computes of it, or on what it only assumes. */
const char *wijk_policy_group_say(wijk_lang lang, wijk_policy_group group, int effect);
/* A dated line: "2027-01 sociaal beheer: +1 fte per 1.000 … (de hele gemeente)". In the arena. */
const char *wijk_policy_line(wijk_arena *arena, wijk_lang lang, const wijk_scenario_change *change);
/* All lines of a scenario's text, with "; " between; month and place once where they are one. ""
 * for doing nothing. Lives in the arena. */
const char *wijk_policy_say(wijk_arena *arena, wijk_lang lang, const char *scenario);

/* ---- was it right before ------------------------------------------------------------------- */

/* Of how many kinds of outcomes the model was nearer than "no change" and of how many further off,
 * over the tested spans nearest to `years`; then the same with every place and span apart. In the
 * arena. */
const char *wijk_past_say(wijk_arena *arena, wijk_lang lang, const wijk_backtest *backtest,
                          uint32_t years);
/* How often the range of the simulation itself, which promises 90%, held what came, over the same
 * spans; NULL when that was not counted. In the arena. */
const char *wijk_past_held_say(wijk_arena *arena, wijk_lang lang, const wijk_backtest *backtest,
                               uint32_t years);

/* ---- the start population in words ----------------------------------------------------------- */

/* "lowest 40% of incomes"; "postcodes", from where it was taken. Static. */
const char *wijk_margin_say(wijk_lang lang, wijk_margin margin);
const char *wijk_from_say(wijk_lang lang, wijk_from from);

#endif
