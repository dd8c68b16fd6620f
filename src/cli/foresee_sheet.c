/* What an ensemble says, as tables. On screen the outcomes that people ask for, in the last year;
 * in CSV and JSON all of them, every year, every area. What it is not stands first: a prediction.
 */
#include "cli/foresee_sheet.h"
#include "cli/cmd.h"
#include "cli/sheet.h"

#include "wijk/backtest.h"
#include "wijk/fan.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 8 };

const char *foresee_outcome_word(wijk_lang lang, wijk_outcome outcome)
{
    const wijk_asked *asked = wijk_asked_find(wijk_outcome_key(outcome));
    return asked ? wijk_text(lang, asked->label) : wijk_outcome_key(outcome);
}

typedef struct {
    cmd_sheet *sheet;
    const wijk_ensemble *e;
    wijk_ensemble_about about;
    wijk_arena *arena; /* of what is put in words */
    wijk_lang lang;
    int machine;
    int decides_alone; /* that table is all that was asked */
    char last[16];
} view;

static void line(view *v, enum wijk_text_key key, const char *const words[5],
                 void (*add)(cmd_sheet *, const char *))
{
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, v->lang, key, words[0], words[1], words[2], words[3], words[4], NULL);
    add(v->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
}

static void table(view *v, const char *name, enum wijk_text_key key, const char *a, const char *b)
{
    wijk_str title = WIJK_STR_INIT;
    wijk_text_fill(&title, v->lang, key, a, b, NULL);
    cmd_sheet_table(v->sheet, name, wijk_str_text(&title));
    wijk_str_free(&title);
}

static void column(view *v, const char *name, enum wijk_text_key key, int decimals)
{
    cmd_sheet_column(v->sheet, name, wijk_text(v->lang, key), decimals);
}

static void band_columns(view *v, const char *prefix, enum wijk_text_key middle)
{
    static const char *const ends[] = {"", "_low90", "_low50", "_high50", "_high90"};
    const enum wijk_text_key words[] = {middle, T_ENSEMBLE_LOW90, T_ENSEMBLE_LOW50,
                                        T_ENSEMBLE_HIGH50, T_ENSEMBLE_HIGH90};
    for (int i = 0; i < 5; i++) {
        char name[40];
        snprintf(name, sizeof name, "%s%s", prefix, ends[i]);
        column(v, name, words[i], 0);
    }
}

static void band_cells(view *v, const wijk_band *b)
{
    const double cells[] = {b->median, b->low90, b->low50, b->high50, b->high90};
    for (int i = 0; i < 5; i++) {
        cmd_sheet_number(v->sheet, cells[i]);
    }
}

/* ---- outcomes -------------------------------------------------------------------------------- */

static void asked_columns(view *v)
{
    column(v, "outcome", T_ENSEMBLE_OUTCOME, -1);
    column(v, "nothing", T_ENSEMBLE_NOTHING, 0);
    column(v, "scenario", T_ENSEMBLE_SCENARIO, 0);
    band_columns(v, "difference", T_ENSEMBLE_DIFFERENCE);
}

/* Without, with and the difference, under those columns. */
static void asked_row(view *v, const wijk_asked *asked, const wijk_bands *b)
{
    cmd_sheet_text(v->sheet, wijk_asked_title(v->arena, v->lang, asked));
    cmd_sheet_number(v->sheet, b->nothing.median);
    cmd_sheet_number(v->sheet, b->scenario.median);
    band_cells(v, &b->difference);
}

/* On screen: what is asked for, do-nothing and policy by their middle, the difference in full. */
static int outcomes_shown(view *v)
{
    wijk_bands b;
    table(v, "outcomes", T_ENSEMBLE_OUTCOMES, v->last, v->about.place);
    asked_columns(v);
    const wijk_asked *asked;
    for (size_t i = 0; (asked = wijk_asked_at(i)); i++) {
        int rc =
            wijk_ensemble_outcome(&b, v->e, WIJK_ENSEMBLE_HERE, v->about.years, asked->outcome);
        if (rc) {
            return rc;
        }
        asked_row(v, asked, &b);
        const wijk_fan fan = {.ensemble = v->e, .asked = asked, .place = WIJK_ENSEMBLE_HERE};
        const char *why = wijk_fan_against(&fan) ? wijk_fan_why(v->arena, v->lang, &fan) : NULL;
        const char *note =
            why ? wijk_arena_printf(v->arena, "%s: %s", wijk_text(v->lang, asked->label), why)
                : NULL;
        if (note) {
            cmd_sheet_note(v->sheet, note);
        }
    }
    return WIJK_OK;
}

/* What happens in a year and not every year, as having to leave for a demolition, is told over all
 * years too. */
static int flows_shown(view *v)
{
    table(v, "flows", T_ENSEMBLE_FLOWS, v->last, v->about.place);
    asked_columns(v);
    const wijk_asked *asked;
    for (size_t i = 0; (asked = wijk_asked_at(i)); i++) {
        wijk_bands b;
        if (!wijk_outcome_is_flow(asked->outcome)) {
            continue;
        }
        int rc = wijk_ensemble_outcome_ever(&b, v->e, WIJK_ENSEMBLE_HERE, asked->outcome);
        if (rc) {
            return rc;
        }
        asked_row(v, asked, &b);
    }
    return WIJK_OK;
}

/* For programs: every outcome, every year, of one place. */
static int outcomes_of(view *v, size_t place)
{
    for (uint32_t year = 0; year <= v->about.years; year++) {
        for (int o = 0; o < WIJK_OUTCOMES; o++) {
            wijk_bands b;
            int rc = wijk_ensemble_outcome(&b, v->e, place, year, (wijk_outcome)o);
            if (rc) {
                return rc;
            }
            cmd_sheet_text(v->sheet, wijk_ensemble_code(v->e, place));
            cmd_sheet_text(v->sheet, wijk_ensemble_name(v->e, place));
            cmd_sheet_number(v->sheet, year);
            cmd_sheet_text(v->sheet, wijk_outcome_key((wijk_outcome)o));
            cmd_sheet_text(v->sheet, wijk_outcome_unit((wijk_outcome)o));
            band_cells(v, &b.nothing);
            band_cells(v, &b.scenario);
            band_cells(v, &b.difference);
        }
    }
    return WIJK_OK;
}

static void all_columns(view *v)
{
    cmd_sheet_column(v->sheet, "code", "code", -1);
    column(v, "place", T_ENSEMBLE_PLACE, -1);
    column(v, "year", T_ENSEMBLE_YEAR, 0);
    column(v, "outcome", T_ENSEMBLE_OUTCOME, -1);
    column(v, "unit", T_ENSEMBLE_UNIT, -1);
    band_columns(v, "nothing", T_ENSEMBLE_NOTHING);
    band_columns(v, "scenario", T_ENSEMBLE_SCENARIO);
    band_columns(v, "difference", T_ENSEMBLE_DIFFERENCE);
}

static int outcomes_all(view *v)
{
    table(v, "outcomes", T_ENSEMBLE_ALL, NULL, NULL);
    all_columns(v);
    return outcomes_of(v, WIJK_ENSEMBLE_HERE);
}

static int areas_all(view *v)
{
    table(v, "areas", T_ENSEMBLE_AREAS_ALL, NULL, NULL);
    all_columns(v);
    int rc = WIJK_OK;
    if (!cmd_sheet_takes(v->sheet)) {
        return rc;
    }
    for (size_t p = WIJK_ENSEMBLE_AREAS; !rc && p < wijk_ensemble_places(v->e); p++) {
        rc = outcomes_of(v, p);
    }
    return rc;
}

static void change_text(view *v, const wijk_bands *b)
{
    cmd_sheet_text(v->sheet, wijk_change_say(v->arena, v->lang, v->e, b));
}

/* On screen: who lives there, who was passed over, who is under strain. */
static int areas_shown(view *v)
{
    static const struct {
        wijk_outcome outcome;
        enum wijk_text_key word;
    } few[] = {{WIJK_OUT_HOUSEHOLDS, T_ENSEMBLE_O_HOUSEHOLDS},
               {WIJK_OUT_INCOME_LOW, T_ENSEMBLE_O_INCOME_LOW},
               {WIJK_OUT_DISPLACED, T_FORECAST_G_DISPLACED},
               {WIJK_OUT_PASSED_OVER, T_FORECAST_G_PASSED_OVER},
               {WIJK_OUT_STRAINED, T_FORECAST_G_STRAINED}};
    enum { FEW = sizeof few / sizeof *few };
    if (wijk_ensemble_places(v->e) <= WIJK_ENSEMBLE_AREAS + 1) {
        return WIJK_OK;
    }
    table(v, "areas", T_ENSEMBLE_AREAS, v->last, NULL);
    column(v, "place", T_ENSEMBLE_PLACE, -1);
    for (int i = 0; i < FEW; i++) {
        column(v, wijk_outcome_key(few[i].outcome), few[i].word, -1);
    }
    for (size_t p = WIJK_ENSEMBLE_AREAS; p < wijk_ensemble_places(v->e); p++) {
        cmd_sheet_text(v->sheet, wijk_ensemble_name(v->e, p));
        for (int i = 0; i < FEW; i++) {
            wijk_bands b;
            int rc = wijk_ensemble_outcome_ever(&b, v->e, p, few[i].outcome);
            if (rc) {
                return rc;
            }
            change_text(v, &b);
        }
    }
    return WIJK_OK;
}

/* ---- the course without a policy ------------------------------------------------------------- */

static void course_row(view *v, wijk_backtest_measure measure, const wijk_course *start,
                       const wijk_course *c)
{
    const double cells[] = {start->band.median, c->band.median, c->band.low90, c->band.high90};
    cmd_sheet_text(v->sheet, v->machine ? wijk_backtest_measure_key(measure)
                                        : wijk_text(v->lang, wijk_course_label(measure)));
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        cmd_sheet_number(v->sheet, cells[i]);
    }
    for (int upper = 0; upper < 2; upper++) {
        if (v->machine) {
            cmd_sheet_number(v->sheet, c->beyond ? NAN : upper ? c->high : c->low);
        } else {
            cmd_sheet_text(v->sheet, wijk_course_end(v->arena, v->lang, c, upper));
        }
    }
    cmd_sheet_number(v->sheet, (double)c->past.areas);
    cmd_sheet_number(v->sheet, v->machine ? c->past.held : 100 * c->past.held);
    cmd_sheet_number(v->sheet, v->machine ? c->past.held_least : 100 * c->past.held_least);
    cmd_sheet_number(v->sheet, c->past.tested);
    if (v->machine) {
        cmd_sheet_number(v->sheet, c->beyond ? c->low : NAN);
        cmd_sheet_number(v->sheet, c->beyond ? c->high : NAN);
    }
}

/* On which side it came out in the past: columns for programs, a sentence for people. */
static void course_lean(view *v, const wijk_backtest *b, wijk_backtest_measure measure)
{
    const char *lean = wijk_course_lean(v->arena, v->lang, b, measure);
    if (v->machine) {
        wijk_backtest_lean of = wijk_backtest_leans(b, measure);
        cmd_sheet_number(v->sheet, of.spans);
        cmd_sheet_number(v->sheet, of.high);
        cmd_sheet_number(v->sheet, of.low);
    } else if (lean) {
        const char *label = wijk_text(v->lang, wijk_course_label(measure));
        const char *text = wijk_arena_printf(v->arena, "%s: %s", label, lean);
        cmd_sheet_note(v->sheet, text ? text : lean);
    }
}

/* What the back-test scores, with how far it was off. */
static int course_shown(view *v)
{
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    table(v, "course", T_COURSE_SHEET, v->last, NULL);
    column(v, "measure", T_COURSE_MEASURE, -1);
    column(v, "start", T_COURSE_START, 1);
    column(v, "median", T_COURSE_MIDDLE, 1);
    column(v, "low90", T_COURSE_SIM_FROM, 1);
    column(v, "high90", T_COURSE_SIM_TO, 1);
    column(v, "hindsight_low", T_COURSE_FROM, 1);
    column(v, "hindsight_high", T_COURSE_TO, 1);
    column(v, "areas", T_COURSE_AREAS, 0);
    column(v, "held", T_COURSE_HELD, 0);
    column(v, "held_least", T_COURSE_HELD_LEAST, 0);
    column(v, "tested", T_COURSE_TESTED, 0);
    if (v->machine) { /* on screen the ends themselves say so */
        cmd_sheet_column(v->sheet, "hindsight_low_or_lower", "", 1);
        cmd_sheet_column(v->sheet, "hindsight_high_or_higher", "", 1);
        cmd_sheet_column(v->sheet, "spans", "", 0);
        cmd_sheet_column(v->sheet, "spans_too_high", "", 0);
        cmd_sheet_column(v->sheet, "spans_too_low", "", 0);
    }
    for (int m = 0; !rc && m < WIJK_BACKTEST_LEAVERS; m++) {
        wijk_course start = {.band = {NAN, NAN, NAN, NAN, NAN}}, last;
        wijk_backtest_measure measure = (wijk_backtest_measure)m;
        if (m != WIJK_BACKTEST_MOVES) {
            rc = wijk_backtest_course(&start, b, v->e, WIJK_ENSEMBLE_HERE, 0, measure);
        }
        rc = rc ? rc
                : wijk_backtest_course(&last, b, v->e, WIJK_ENSEMBLE_HERE, v->about.years, measure);
        if (!rc) {
            course_row(v, measure, &start, &last);
            course_lean(v, b, measure);
        }
    }
    if (!rc) {
        cmd_sheet_note(v->sheet, wijk_text(v->lang, T_COURSE_NOTE));
        cmd_sheet_note(v->sheet, wijk_text(v->lang, T_COURSE_UNTESTED));
        const char *scope = wijk_course_scope(v->arena, v->lang, v->e, WIJK_ENSEMBLE_HERE);
        if (scope) {
            cmd_sheet_note(v->sheet, scope);
        }
    }
    wijk_backtest_free(b);
    return rc;
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* On screen: the table of the page, and what is sure of it. */
static int groups_shown(view *v)
{
    wijk_equity_say says[WIJK_EQUITY_SAYS];
    const wijk_equity_column *of;
    wijk_equity *e = wijk_arena_alloc(v->arena, sizeof *e);
    int rc = e ? wijk_equity_read(e, v->e) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    table(v, "groups", T_ENSEMBLE_GROUPS, v->last, NULL);
    column(v, "group", T_ENSEMBLE_GROUP, -1);
    column(v, "nothing", T_FORECAST_G_WITHOUT, 0);
    for (size_t c = 0; (of = wijk_equity_column_at(c)); c++) {
        column(v, wijk_group_outcome_key(of->outcome), of->label, -1);
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        cmd_sheet_text(v->sheet, wijk_group_say(v->lang, (wijk_group)g));
        cmd_sheet_number(v->sheet, e->of[g][0].nothing.median);
        for (int c = 0; c < WIJK_EQUITY_COLUMNS; c++) {
            change_text(v, &e->of[g][c]);
        }
    }
    size_t n = wijk_equity_told(says, v->arena, v->lang, e);
    for (size_t i = 0; i < n; i++) {
        cmd_sheet_note(v->sheet, says[i].text);
    }
    return WIJK_OK;
}

/* For programs: every outcome of every group, in numbers. */
static int groups_all(view *v)
{
    table(v, "groups", T_ENSEMBLE_GROUPS, v->last, NULL);
    column(v, "group", T_ENSEMBLE_GROUP, -1);
    column(v, "outcome", T_ENSEMBLE_OUTCOME, -1);
    band_columns(v, "nothing", T_ENSEMBLE_NOTHING);
    band_columns(v, "difference", T_ENSEMBLE_DIFFERENCE);
    for (int g = 0; g < WIJK_GROUPS; g++) {
        for (int o = 0; o < WIJK_GROUP_OUTCOMES; o++) {
            wijk_bands b;
            int rc = wijk_ensemble_group_ever(&b, v->e, (wijk_group)g, (wijk_group_outcome)o);
            if (rc) {
                return rc;
            }
            cmd_sheet_text(v->sheet, wijk_group_key((wijk_group)g));
            cmd_sheet_text(v->sheet, wijk_group_outcome_key((wijk_group_outcome)o));
            band_cells(v, &b.nothing);
            band_cells(v, &b.difference);
        }
    }
    return WIJK_OK;
}

/* ---- who pays -------------------------------------------------------------------------------- */

static enum wijk_text_key even_key(const wijk_ledger_purse *p)
{
    static const enum wijk_text_key words[] = {T_ENSEMBLE_EVEN_AT, T_ENSEMBLE_EVEN_ALWAYS,
                                               T_ENSEMBLE_EVEN_NEVER, T_ENSEMBLE_EVEN_UP_TO};
    switch (p->says) {
    case WIJK_SAYS_FEW:
        return T_ENSEMBLE_EVEN_FEW;
    case WIJK_SAYS_UNPRICED:
        return T_MONEY_EVEN_NO_PRICE;
    case WIJK_SAYS_NUMBER:
        return T_MONEY_EVEN_HOUSEHOLDS;
    default:
        return !wijk_even_known(p)       ? T_MONEY_EVEN_UNKNOWN
               : p->sure                 ? words[p->even]
               : p->even == WIJK_EVEN_AT ? T_ENSEMBLE_EVEN_OPEN_AT
                                         : T_ENSEMBLE_EVEN_OPEN;
    }
}

static void even_cell(view *v, const wijk_ledger_purse *p)
{
    wijk_str share = WIJK_STR_INIT, text = WIJK_STR_INIT;
    if (isfinite(p->share)) {
        wijk_number(&share, v->lang, p->share, 2);
    }
    wijk_text_fill(&text, v->lang, even_key(p), wijk_str_text(&share), NULL);
    cmd_sheet_text(v->sheet, wijk_str_text(&text));
    wijk_str_free(&share);
    wijk_str_free(&text);
}

/* For programs numbers and keys, no sentences: a pay-back time that is empty is not within the
 * years, or told of no verdict. */
static void verdict_columns(view *v)
{
    if (!v->machine) {
        column(v, "payback", T_FORECAST_PAYBACK, -1);
        cmd_sheet_column(v->sheet, "chance", wijk_text(v->lang, T_ENSEMBLE_CHANCE), 2);
        column(v, "break_even", T_ENSEMBLE_EVEN, -1);
        return;
    }
    static const char *const names[] = {"payback",    "payback_low", "payback_high", "chance",
                                        "break_even", "number_part", "verdict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cmd_sheet_column(v->sheet, names[i], names[i],
                         i + 1 < sizeof names / sizeof *names ? 2 : -1);
    }
}

static void verdict_cells(view *v, const wijk_ledger_purse *p)
{
    if (!v->machine) {
        cmd_sheet_text(v->sheet, wijk_payback_say(v->arena, v->lang, p, v->about.years));
        cmd_sheet_number(v->sheet, wijk_purse_withheld(p) ? NAN : p->chance);
        even_cell(v, p);
        return;
    }
    const int years[] = {p->payback, p->payback_low, p->payback_high};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        cmd_sheet_number(v->sheet, wijk_purse_withheld(p) || years[i] < 0 ? NAN : (double)years[i]);
    }
    cmd_sheet_number(v->sheet, wijk_purse_withheld(p) ? NAN : p->chance);
    cmd_sheet_number(v->sheet, wijk_purse_withheld(p) || !wijk_even_known(p) ? NAN : p->share);
    cmd_sheet_number(v->sheet, p->mean_number);
    cmd_sheet_text(v->sheet, wijk_purse_says_key(p->says));
}

static const char *purse_word(const view *v, const wijk_prices *prices, const wijk_ledger_purse *p)
{
    const wijk_purse *purse = p->purse < 0 ? NULL : wijk_purse_at(prices, (size_t)p->purse);
    return !purse       ? v->machine ? "society" : wijk_text(v->lang, T_ENSEMBLE_SOCIETY)
                 : v->machine ? purse->code
                        : purse->label[v->lang];
}

static void purses(view *v, const wijk_ledger *ledger, const wijk_prices *prices)
{
    char years[16], year[16];
    snprintf(years, sizeof years, "%u", v->about.years);
    snprintf(year, sizeof year, "%d", ledger->price_year);
    table(v, "purses", T_ENSEMBLE_PURSES, years, year);
    column(v, "purse", T_ENSEMBLE_PURSE, -1);
    column(v, "mean_cost", T_ENSEMBLE_MEAN_COST, 0);
    column(v, "mean_saved", T_ENSEMBLE_MEAN_SAVED, 0);
    column(v, "mean_net", T_ENSEMBLE_NET, 0);
    column(v, "net_low90", T_ENSEMBLE_LOW90, 0);
    column(v, "net_low50", T_ENSEMBLE_LOW50, 0);
    column(v, "net_high50", T_ENSEMBLE_HIGH50, 0);
    column(v, "net_high90", T_ENSEMBLE_HIGH90, 0);
    verdict_columns(v);
    for (size_t i = 0; i < ledger->n_purses; i++) {
        const wijk_ledger_purse *p = &ledger->purses[i];
        cmd_sheet_text(v->sheet, purse_word(v, prices, p));
        cmd_sheet_number(v->sheet, p->mean_cost);
        cmd_sheet_number(v->sheet, p->mean_saved);
        const double net[] = {p->mean_net, p->net.low90, p->net.low50, p->net.high50,
                              p->net.high90};
        for (size_t k = 0; k < sizeof net / sizeof *net; k++) {
            cmd_sheet_number(v->sheet, net[k]);
        }
        verdict_cells(v, p);
    }
}

static void ledger_rows(view *v, const wijk_ledger *ledger, const wijk_prices *prices)
{
    static const enum wijk_text_key kinds[] = {[WIJK_LEDGER_COST] = T_ENSEMBLE_COST,
                                               [WIJK_LEDGER_EFFECT] = T_ENSEMBLE_EFFECT,
                                               [WIJK_LEDGER_YIELD] = T_ENSEMBLE_YIELD};
    static const char *const keys[] = {[WIJK_LEDGER_COST] = "cost",
                                       [WIJK_LEDGER_EFFECT] = "effect",
                                       [WIJK_LEDGER_YIELD] = "yield"};
    char years[16];
    snprintf(years, sizeof years, "%u", v->about.years);
    table(v, "ledger", T_ENSEMBLE_ROWS, years, NULL);
    column(v, "what", T_ENSEMBLE_WHAT, -1);
    column(v, "kind", T_ENSEMBLE_KIND, -1);
    column(v, "purse", T_ENSEMBLE_PURSE, -1);
    if (v->machine) {
        column(v, "unit", T_ENSEMBLE_UNIT, -1);
    }
    column(v, "units", T_ENSEMBLE_MORE, 0);
    column(v, "units_low90", T_ENSEMBLE_LOW90, 0);
    column(v, "units_high90", T_ENSEMBLE_HIGH90, 0);
    column(v, "euro", T_ENSEMBLE_EURO, 0);
    column(v, "euro_low90", T_ENSEMBLE_LOW90, 0);
    column(v, "euro_high90", T_ENSEMBLE_HIGH90, 0);
    column(v, "price", T_ENSEMBLE_PRICE, -1);
    column(v, "break_even_price", T_ENSEMBLE_EVEN_PRICE, 0);
    for (size_t i = 0; i < ledger->n_rows; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        int still = row->units.low90 >= 0 && row->units.high90 <= 0;
        if (still && !v->machine) {
            continue;
        }
        const wijk_purse *purse = wijk_purse_at(prices, (size_t)row->purse);
        cmd_sheet_text(v->sheet, v->machine ? wijk_outcome_key(row->outcome) : row->note[v->lang]);
        cmd_sheet_text(v->sheet,
                       v->machine ? keys[row->kind] : wijk_text(v->lang, kinds[row->kind]));
        cmd_sheet_text(v->sheet, v->machine ? purse->code : purse->label[v->lang]);
        int minutes = strcmp(wijk_outcome_unit(row->outcome), "minutes") == 0;
        double per = minutes ? 60 : 1; /* people reckon work in hours */
        if (v->machine) {
            cmd_sheet_text(v->sheet, minutes ? "hours" : wijk_outcome_unit(row->outcome));
        }
        cmd_sheet_number(v->sheet, row->mean_units / per);
        cmd_sheet_number(v->sheet, row->units.low90 / per);
        cmd_sheet_number(v->sheet, row->units.high90 / per);
        cmd_sheet_number(v->sheet, row->mean_euro);
        cmd_sheet_number(v->sheet, row->euro.low90);
        cmd_sheet_number(v->sheet, row->euro.high90);
        cmd_sheet_text(v->sheet, row->price ? row->price->code : "");
        cmd_sheet_number(v->sheet, row->break_even);
    }
}

static int who_pays(view *v)
{
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, v->e, prices);
    if (!rc) {
        wijk_str percent = WIJK_STR_INIT;
        wijk_number(&percent, v->lang, 100 * ledger->discount, 2);
        purses(v, ledger, prices);
        ledger_rows(v, ledger, prices);
        const char *first[WIJK_MONEY_FIRST];
        size_t n = wijk_money_first(first, v->arena, v->lang, v->e, ledger);
        for (size_t i = 0; i < n; i++) {
            cmd_sheet_head(v->sheet, first[i]);
        }
        cmd_sheet_note(v->sheet, wijk_text(v->lang, T_ENSEMBLE_MEANS));
        cmd_sheet_note(v->sheet, wijk_text(v->lang, T_ENSEMBLE_UNPRICED));
        line(v, T_ENSEMBLE_PRICES, (const char *const[5]){wijk_str_text(&percent)}, cmd_sheet_note);
        wijk_str_free(&percent);
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    return rc;
}

/* ---- does it settle -------------------------------------------------------------------------- */

static int settles(view *v)
{
    static const wijk_outcome of[] = {WIJK_OUT_STRAINED, WIJK_OUT_HIDDEN, WIJK_OUT_INCOME_LOW};
    table(v, "convergence", T_CONVERGENCE_TITLE, v->last, NULL);
    column(v, "outcome", T_ENSEMBLE_OUTCOME, -1);
    column(v, "replicates", T_CONVERGENCE_PAIRS, 0);
    column(v, "median", T_CONVERGENCE_MIDDLE, 1);
    column(v, "median_error", T_CONVERGENCE_ERROR, 1);
    column(v, "low90", T_ENSEMBLE_LOW90, 1);
    column(v, "low90_error", T_CONVERGENCE_ERROR, 1);
    column(v, "high90", T_ENSEMBLE_HIGH90, 1);
    column(v, "high90_error", T_CONVERGENCE_ERROR, 1);
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        wijk_convergence rows[WIJK_CONVERGENCE];
        size_t n;
        int rc = wijk_ensemble_convergence(rows, &n, v->e, of[i]);
        if (rc) {
            return rc;
        }
        for (size_t k = 0; k < n; k++) {
            const wijk_convergence *c = &rows[k];
            cmd_sheet_text(v->sheet, v->machine ? wijk_outcome_key(of[i])
                                                : foresee_outcome_word(v->lang, of[i]));
            const double cells[] = {(double)c->replicates, c->band.median, c->error,
                                    c->band.low90,         c->low_error,   c->band.high90,
                                    c->high_error};
            for (size_t j = 0; j < sizeof cells / sizeof *cells; j++) {
                cmd_sheet_number(v->sheet, cells[j]);
            }
        }
    }
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_CONVERGENCE_NOTE));
    return WIJK_OK;
}

/* ---- what decides ---------------------------------------------------------------------------- */

static int decides(view *v, wijk_outcome outcome)
{
    wijk_influence of[WIJK_PARAMETERS];
    wijk_table *dictionary = NULL;
    char count[16];
    int rc = wijk_ensemble_influences(of, v->e, outcome), shown = 0;
    if (rc == WIJK_ENOTFOUND) { /* nothing to tell apart is an answer, unless it was all that was
                                   asked */
        cmd_sheet_note(v->sheet, wijk_error(v->lang));
        return v->decides_alone ? rc : WIJK_OK;
    }
    while (!rc && shown < SHOWN && of[shown].beyond) {
        shown++;
    }
    if (!rc && !shown && !v->machine) { /* rows that are all chance decide nothing */
        line(v, T_ENSEMBLE_NONE_DECIDES,
             (const char *const[5]){wijk_text(v->lang, T_ENSEMBLE_O_STRAINED)}, cmd_sheet_note);
        return WIJK_OK;
    }
    rc = rc ? rc : wijk_table_asset(&dictionary, "data/parameters.csv");
    table(v, "decides", T_ENSEMBLE_DECIDES, NULL, NULL);
    column(v, "parameter", T_ENSEMBLE_PARAMETER, -1);
    column(v, "kind", T_ENSEMBLE_KIND, -1);
    cmd_sheet_column(v->sheet, "rank_correlation", wijk_text(v->lang, T_ENSEMBLE_RANK), 2);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "beyond", "", -1);
    }
    for (int i = 0; !rc && i < (v->machine ? WIJK_PARAMETERS : shown); i++) {
        const char *name = wijk_parameter_name(of[i].parameter);
        size_t row = (size_t)wijk_table_find(dictionary, "name", name);
        int effect = strcmp(wijk_table_get(dictionary, row, "kind"), "effect") == 0;
        cmd_sheet_text(
            v->sheet,
            v->machine ? name : wijk_table_get(dictionary, row, v->lang == WIJK_EN ? "en" : "nl"));
        cmd_sheet_text(v->sheet, v->machine ? wijk_table_get(dictionary, row, "kind")
                                            : wijk_text(v->lang, effect ? T_ENSEMBLE_EFFECT_KIND
                                                                        : T_ENSEMBLE_MECHANICS));
        cmd_sheet_number(v->sheet, of[i].rank_correlation);
        if (v->machine) { /* the same in every language */
            cmd_sheet_text(v->sheet, of[i].beyond ? "yes" : "no");
        }
    }
    snprintf(count, sizeof count, "%d", WIJK_PARAMETERS);
    line(v, T_ENSEMBLE_SCREENING,
         (const char *const[5]){wijk_text(v->lang, T_ENSEMBLE_O_STRAINED), count}, cmd_sheet_note);
    wijk_table_free(dictionary);
    return rc;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* What the model was worth in the past, beside every forecast. */
static void tell_past(view *v)
{
    wijk_backtest *b;
    if (wijk_backtest_shipped(&b)) {
        return; /* a broken summary is the back-test's to tell */
    }
    cmd_sheet_head(v->sheet, wijk_past_say(v->arena, v->lang, b, v->about.years));
    cmd_sheet_head(v->sheet, wijk_text(v->lang, T_BACKTEST_SHORT));
    wijk_backtest_free(b);
}

/* Where it was done and what could not be done. */
static int remarks(view *v)
{
    wijk_remark all[WIJK_REMARKS];
    size_t n = 0;
    int rc = wijk_ensemble_remarks(all, &n, v->e);
    for (size_t i = 0; !rc && i < n; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_remark_say(&text, v->lang, &all[i]);
        cmd_sheet_head(v->sheet, wijk_str_text(&text));
        wijk_str_free(&text);
    }
    return rc;
}

static int heads(view *v, const char *out)
{
    char pairs[16], first[16], last[16], seed[24], parameters[24], population[24], few[16];
    const wijk_ensemble_about *a = &v->about;
    snprintf(pairs, sizeof pairs, "%u", a->last - a->first + 1);
    snprintf(first, sizeof first, "%u", a->first);
    snprintf(last, sizeof last, "%u", a->last);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)a->seed);
    snprintf(parameters, sizeof parameters, "%016llx", (unsigned long long)a->parameters);
    snprintf(population, sizeof population, "%016llx", (unsigned long long)a->population);
    snprintf(few, sizeof few, "%u", a->withheld);
    line(v, T_ENSEMBLE_HEAD, (const char *const[5]){a->place, a->title[v->lang], v->last},
         cmd_sheet_head);
    cmd_sheet_head(v->sheet, wijk_text(v->lang, T_ENSEMBLE_WARNING));
    tell_past(v);
    line(v, T_ENSEMBLE_PAIRS, (const char *const[5]){pairs, first, last}, cmd_sheet_head);
    if (a->last - a->first + 1 < WIJK_ENSEMBLE_FEW) {
        cmd_sheet_head(v->sheet, wijk_text(v->lang, a->last == a->first ? T_ENSEMBLE_ONE_PAIR
                                                                        : T_ENSEMBLE_FEW_PAIRS));
    }
    if (strcmp(a->place, a->region) != 0) {
        line(v, T_ENSEMBLE_AROUND, (const char *const[5]){a->region, a->place}, cmd_sheet_head);
    }
    int rc = remarks(v);
    line(v, T_ENSEMBLE_WITHHELD, (const char *const[5]){few}, cmd_sheet_note);
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_FEW_SHEET));
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_ENSEMBLE_BORROW));
    line(v, T_ENSEMBLE_REPEAT, (const char *const[5]){seed, a->version, parameters, population},
         cmd_sheet_note);
    line(v, T_ENSEMBLE_LINEAGE, (const char *const[5]){a->lineage}, cmd_sheet_note);
    if (out) {
        line(v, T_ENSEMBLE_PART, (const char *const[5]){out}, cmd_sheet_note);
    }
    return rc;
}

static int fill(view *v, const char *out)
{
    int rc = heads(v, v->machine ? NULL : out);
    rc = rc ? rc : v->machine ? outcomes_all(v) : outcomes_shown(v);
    rc = rc || v->machine ? rc : flows_shown(v);
    rc = rc ? rc : v->machine ? areas_all(v) : areas_shown(v);
    rc = rc ? rc : course_shown(v);
    rc = rc ? rc : v->machine ? groups_all(v) : groups_shown(v);
    rc = rc ? rc : who_pays(v);
    rc = rc ? rc : decides(v, WIJK_OUT_STRAINED);
    return rc ? rc : settles(v);
}

int foresee_sheet_check(int argc, char **argv)
{
    static const char *const names[] = {"outcomes", "areas",  "course",  "groups",
                                        "purses",   "ledger", "decides", "convergence"};
    const char *wanted = cmd_option(argc, argv, "table");
    for (size_t i = 0; wanted && i < sizeof names / sizeof *names; i++) {
        wanted = strcmp(wanted, names[i]) == 0 ? NULL : wanted;
    }
    return wanted ? wijk_fail(WIJK_EINVAL,
                              "--table %s: die tabel is er niet; kies outcomes, areas, course, "
                              "groups, purses, ledger, decides of convergence.",
                              "--table %s: there is no such table; choose outcomes, areas, course, "
                              "groups, purses, ledger, decides or convergence.",
                              wanted)
                  : WIJK_OK;
}

int foresee_sheet(int argc, char **argv, wijk_lang lang, const wijk_ensemble *e, const char *out)
{
    view v = {.e = e,
              .about = wijk_ensemble_tell(e),
              .lang = lang,
              .machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv")};
    const char *wanted = cmd_option(argc, argv, "table");
    v.decides_alone = wanted && strcmp(wanted, "decides") == 0;
    int rc = wijk_arena_new(&v.arena, 0);
    if (rc) {
        return rc;
    }
    snprintf(v.last, sizeof v.last, "%u", v.about.years);
    v.sheet = cmd_sheet_new(argc, argv, lang);
    rc = fill(&v, out);
    if (rc) {
        cmd_sheet_free(v.sheet);
    }
    rc = rc ? rc : cmd_sheet_print(v.sheet);
    wijk_arena_free(v.arena);
    return rc;
}
