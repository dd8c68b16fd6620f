/* A forecast on two sheets of A4, for the table around which a policy is decided: what changes, for
 * whom, where, who pays, what decides, and what it cannot know. The same words and drawings as the
 * page; what is assumed is dotted and says so. What does not fit on two sheets is cut from the end
 * of a list, never from a sum or a table. */
#include "wijk/fan.h"

#include "figure/paper.h"
#include "figure/words.h"

#include "wijk/backtest.h"
#include "wijk/parameters.h"
#include "wijk/prices.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECIDING = 3, FANS = 6, UNPRICED = 8 };
static const double PURSE_LEAST = 1000; /* euro below which a purse gets no row */
static const double COURSE_END = 215;   /* what the end of the second sheet takes, nothing done */

typedef struct {
    paper paper;
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_forecast_brief *brief;
    wijk_ensemble_about about;
    const wijk_backtest *past;
    const wijk_ledger *ledger;
    const wijk_prices *prices;
    double below; /* what must still stand on this sheet, under what is being written */
} sheets;

typedef int (*section)(sheets *s);

static const char *text_of(const sheets *s, enum wijk_text_key key)
{
    return wijk_text(s->lang, key);
}

static wijk_fan fan_of(const sheets *s, const char *key)
{
    return (wijk_fan){.ensemble = s->brief->ensemble,
                      .asked = wijk_asked_find(key),
                      .place = WIJK_ENSEMBLE_HERE,
                      .start = s->brief->start};
}

static wijk_course_plot course_of(const sheets *s, wijk_backtest_measure measure)
{
    return (wijk_course_plot){.backtest = s->past,
                              .ensemble = s->brief->ensemble,
                              .place = WIJK_ENSEMBLE_HERE,
                              .start = s->brief->start,
                              .measure = measure};
}

static const char *whole(const sheets *s, double value)
{
    return wijk_number_in(s->arena, s->lang, value, 0);
}

static void heading(sheets *s, enum wijk_text_key key)
{
    paper_gap(&s->paper, 12);
    paper_need(&s->paper, 60);
    paper_say(&s->paper, 15, "lead strong", text_of(s, key));
    paper_gap(&s->paper, 3);
}

static void bullet(sheets *s, const char *text)
{
    const char *line = wijk_arena_printf(s->arena, "•  %s", text);
    paper_say(&s->paper, 11.5, "small", line ? line : "");
    paper_gap(&s->paper, 2);
}

/* One more line of a list, if it stays on this sheet with `below` left for what follows. */
static int bullet_fits(sheets *s, const char *text, double below)
{
    const char *lines[12];
    double n = (double)wijk_svg_wrap(lines, 12, s->arena, text, 11.5, 0, PAPER_WIDE);
    int fits = paper_fits(&s->paper, (n + 0.5) * 11.5 * 1.32 + 2 + below);
    if (fits) {
        bullet(s, text);
    }
    return fits;
}

static const char *kind_of(const sheets *s, int effect)
{
    return text_of(s, effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
}

/* ---- first sheet ----------------------------------------------------------------------------- */

static void head(sheets *s)
{
    const wijk_ensemble_about *a = &s->about;
    const char *pairs = whole(s, (double)a->last - a->first + 1);
    paper_say(&s->paper, 11.5, "small soft", text_of(s, T_FORECAST_TITLE));
    paper_gap(&s->paper, 3);
    paper_say(&s->paper, 26, "title", a->place);
    paper_gap(&s->paper, 3);
    paper_say(&s->paper, 15, "lead",
              WIJK_FILL(s->arena, s->lang,
                        wijk_policy_is_nothing(a->scenario) ? T_FORECAST_PRINT_COURSE
                                                            : T_FORECAST_PRINT_POLICY,
                        {"policy", a->title[s->lang]}, {"years", whole(s, a->years)}));
    const char *lines = wijk_policy_say(s->arena, s->lang, a->scenario);
    if (*lines) {
        paper_say(&s->paper, 11.5, "small",
                  WIJK_FILL(s->arena, s->lang, T_FORECAST_LINES, {"lines", lines}));
    }
    paper_gap(&s->paper, 3);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_WARNING));
    paper_say(&s->paper, 11.5, "small soft",
              WIJK_FILL(s->arena, s->lang, T_FORECAST_PRINT_PAIRS, {"pairs", pairs},
                        {"region", a->region}));
    if (a->last - a->first + 1 < WIJK_ENSEMBLE_FEW) {
        paper_say(&s->paper, 11.5, "small strong", text_of(s, T_ENSEMBLE_FEW_PAIRS));
    }
    if (s->brief->area->fictional) {
        paper_say(&s->paper, 11.5, "small strong", text_of(s, T_FIGURE_BRIEF_FICTIONAL));
    }
}

/* Where it was done, and what could not be done. */
static void remarks(sheets *s)
{
    wijk_remark all[WIJK_REMARKS];
    size_t n = 0;
    if (wijk_ensemble_remarks(all, &n, s->brief->ensemble) == WIJK_ENOMEM) {
        n = 0; /* without memory the sheet fails by itself */
    }
    for (size_t i = 0; i < n; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_remark_say(&text, s->lang, &all[i]);
        paper_say(&s->paper, 11.5, "small", wijk_str_text(&text));
        wijk_str_free(&text);
    }
}

static void in_short(sheets *s)
{
    const wijk_asked *said[WIJK_FAN_HEADLINES];
    heading(s, T_FORECAST_HEADLINE);
    remarks(s);
    wijk_fan_headlines(said, s->brief->ensemble, WIJK_ENSEMBLE_HERE);
    for (size_t i = 0; i < WIJK_FAN_HEADLINES; i++) {
        const wijk_fan fan = fan_of(s, said[i]->key);
        const char *text =
            wijk_arena_printf(s->arena, "%s [%s]", wijk_fan_say(s->arena, s->lang, &fan),
                              kind_of(s, fan.asked->effect));
        bullet(s, text ? text : "");
    }
    const char *money = wijk_arena_printf(
        s->arena, "%s %s", wijk_money_short(s->arena, s->lang, s->brief->ensemble, s->ledger),
        wijk_money_purses(s->arena, s->lang, s->ledger, s->prices));
    bullet(s, money ? money : "");
}

/* How far off it was before stands above what it says now. */
static void past(sheets *s)
{
    const wijk_backtest *b = s->past;
    const char *held = wijk_past_held_say(s->arena, s->lang, b, s->about.years);
    paper_gap(&s->paper, 4);
    paper_say(&s->paper, 11.5, "small strong", wijk_past_say(s->arena, s->lang, b, s->about.years));
    if (held) {
        paper_say(&s->paper, 11.5, "small", held);
    }
}

static int one_fan(wijk_figure *out, sheets *s, const char *key)
{
    const wijk_fan fan = fan_of(s, key);
    const wijk_figure_style style = {s->lang, 2, (int)PAPER_THIRD, key};
    int rc = wijk_picture_fan(out, s->arena, &style, &fan);
    if (!rc) {
        const char *label = text_of(s, fan.asked->label);
        const char *title = wijk_arena_printf(
            s->arena, "%s [%s]",
            fan.asked->score ? WIJK_FILL(s->arena, s->lang, T_FORECAST_PRINT_SCORE, {"what", label})
                             : label,
            kind_of(s, fan.asked->effect));
        out->title = title ? title : out->title;
    }
    return rc;
}

/* Instead of the last fan, where there is a map of something and room for it. */
static int small_map(wijk_figure trio[3], sheets *s, wijk_store *store,
                     const wijk_registry *registry)
{
    wijk_figure map = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(s, "strained");
    const wijk_figure_style style = {s->lang, 2, (int)PAPER_THIRD, "kaart"};
    int rc = store ? wijk_picture_forecast_map(&map, store, registry, s->arena, &style, &fan,
                                               s->brief->area, NULL, NULL)
                   : WIJK_ENOTFOUND;
    if (!rc && paper_fits(&s->paper, 6 + paper_figure_height(s->arena, &map, PAPER_THIRD))) {
        wijk_figure_free(&trio[2]);
        trio[2] = map;
        return WIJK_OK;
    }
    wijk_figure_free(&map);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* What is withheld is left out and the next comes in its place. */
static int take_trio(wijk_figure trio[3], sheets *s, size_t *at)
{
    static const char *const keys[] = {"strained",     "hidden",         "low_in_social",
                                       "help_waiting", "livability_onv", "income_low",
                                       "help_formal",  "alone",          "households"};
    for (size_t n = 0; n < 3 && *at < sizeof keys / sizeof *keys; (*at)++) {
        int rc = one_fan(&trio[n], s, keys[*at]);
        if (rc && rc != WIJK_ENOTFOUND) {
            return rc;
        }
        n += !rc;
    }
    return WIJK_OK;
}

static int fans(sheets *s, wijk_store *store, const wijk_registry *registry, int rows)
{
    size_t at = 0;
    int rc = WIJK_OK;
    heading(s, T_FORECAST_CHANGES);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_PRINT_CHANGES));
    for (int row = 0; row < rows && !rc; row++) {
        wijk_figure trio[3] = {WIJK_FIGURE_INIT, WIJK_FIGURE_INIT, WIJK_FIGURE_INIT};
        paper_gap(&s->paper, 6);
        rc = take_trio(trio, s, &at);
        if (!rc && row == 0 && !trio[0].title) {
            paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_SAY_WITHHELD));
        }
        rc = rc || row == 0 ? rc : small_map(trio, s, store, registry);
        if (!rc && paper_fits(&s->paper, paper_trio_height(&s->paper, trio))) {
            paper_trio(&s->paper, trio); /* else the page has them */
        }
        for (int i = 0; i < 3; i++) {
            wijk_figure_free(&trio[i]);
        }
    }
    return rc;
}

/* ---- second sheet ---------------------------------------------------------------------------- */

/* A column that is nothing for every group says so in a word less. */
static int all_zero(const wijk_equity *e, size_t column)
{
    for (int g = 0; g < WIJK_GROUPS; g++) {
        const wijk_band *d = &e->of[g][column].difference;
        if (d->low90 < 0 || d->high90 > 0) { /* what is withheld is no reason for a column */
            return 0;
        }
    }
    return 1;
}

/* The columns that fit: those that say anything, by what weighs most. */
static size_t choose_columns(size_t at[4], const wijk_equity *e)
{
    static const wijk_group_outcome shown[] = {WIJK_GOUT_HOUSEHOLDS, WIJK_GOUT_DISPLACED,
                                               WIJK_GOUT_PASSED_OVER, WIJK_GOUT_STRAINED};
    const wijk_equity_column *column;
    size_t n = 0;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        for (size_t c = 0; (column = wijk_equity_column_at(c)); c++) {
            if (column->outcome == shown[i] && (i == 0 || !all_zero(e, c))) {
                at[n++] = c;
            }
        }
    }
    return n;
}

enum { MOST_COLUMNS = 6 };
typedef struct { /* the table of groups: heads first */
    const char *cell[WIJK_GROUPS + 1][MOST_COLUMNS];
    paper_column column[MOST_COLUMNS];
    size_t columns;
} group_table;

static void group_cells(group_table *t, sheets *s, const wijk_equity *e, const size_t *at, size_t n)
{
    t->columns = n + 2;
    t->cell[0][0] = text_of(s, T_FORECAST_GROUP);
    t->cell[0][1] = text_of(s, T_FORECAST_WITHOUT);
    for (size_t i = 0; i < n; i++) {
        t->cell[0][i + 2] = text_of(s, wijk_equity_column_at(at[i])->label);
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        double without = e->of[g][0].nothing.median;
        t->cell[g + 1][0] = wijk_group_say(s->lang, (wijk_group)g);
        t->cell[g + 1][1] = isfinite(without) ? whole(s, without) : "–";
        for (size_t i = 0; i < n; i++) {
            t->cell[g + 1][i + 2] =
                wijk_change_say(s->arena, s->lang, e->ensemble, &e->of[g][at[i]]);
        }
    }
}

/* As wide as their widest cell, from the right; what is left is for the names. */
static void fit_columns(group_table *t)
{
    double right = 1;
    for (size_t c = t->columns; c-- > 1;) {
        double widest = 0;
        for (int row = 0; row <= WIJK_GROUPS; row++) {
            widest = fmax(widest, wijk_svg_width(t->cell[row][c], 10.5, row == 0));
        }
        double share = (widest + 14) / PAPER_WIDE;
        t->column[c] = (paper_column){right, share, WIJK_END};
        right -= share;
    }
    t->column[0] = (paper_column){0, right, WIJK_START};
}

static int for_whom(sheets *s)
{
    size_t at[MOST_COLUMNS - 2];
    wijk_equity_say says[WIJK_EQUITY_SAYS];
    wijk_equity *e = wijk_arena_alloc(s->arena, sizeof *e);
    group_table *t = wijk_arena_alloc(s->arena, sizeof *t);
    int rc = e && t ? wijk_equity_read(e, s->brief->ensemble) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    size_t told = wijk_equity_told(says, s->arena, s->lang, e);
    heading(s, T_FORECAST_WHO);
    for (size_t i = 0; i < told; i++) {
        bullet(s, says[i].text);
    }
    group_cells(t, s, e, at, choose_columns(at, e));
    fit_columns(t);
    for (int row = 0; row <= WIJK_GROUPS; row++) {
        paper_row(&s->paper, t->column, t->columns, t->cell[row], row == 0);
    }
    return WIJK_OK;
}

static const char *purse_name(const sheets *s, const wijk_prices *prices,
                              const wijk_ledger_purse *p)
{
    return p->purse < 0 ? text_of(s, T_FORECAST_SOCIETY)
                        : wijk_purse_at(prices, (size_t)p->purse)->label[s->lang];
}

/* Every purse that anything changes for: a reader adds them up. */
static void purse_rows(sheets *s)
{
    const wijk_ledger *ledger = s->ledger;
    const wijk_prices *prices = s->prices;
    enum { HEADS = 5 };
    static const paper_column columns[HEADS] = {{0, 0.19, WIJK_START},
                                                {0.335, 0.145, WIJK_END},
                                                {0.495, 0.16, WIJK_END},
                                                {0.858, 0.36, WIJK_END},
                                                {1, 0.13, WIJK_END}};
    const char *heads[HEADS] = {text_of(s, T_FORECAST_PURSE), text_of(s, T_MONEY_HEAD_COST),
                                text_of(s, T_MONEY_HEAD_SAVED), text_of(s, T_FORECAST_NET),
                                text_of(s, T_FORECAST_CHANCE)};
    size_t small = 0;
    paper_row(&s->paper, columns, HEADS, heads, 1);
    for (size_t i = 0; i < ledger->n_purses; i++) {
        const wijk_ledger_purse *p = &ledger->purses[i];
        if (fabs(p->mean_cost) < PURSE_LEAST && fabs(p->mean_saved) < PURSE_LEAST) {
            small++;
            continue;
        }
        const char *cells[] = {
            purse_name(s, prices, p), wijk_cost_say(s->arena, s->lang, p->mean_cost),
            wijk_saved_say(s->arena, s->lang, p->mean_saved),
            WIJK_FILL(s->arena, s->lang, T_FORECAST_BAND,
                      {"middle", wijk_euro_say(s->arena, s->lang, p->mean_net)},
                      {"low", wijk_euro_say(s->arena, s->lang, p->net.low90)},
                      {"high", wijk_euro_say(s->arena, s->lang, p->net.high90)}),
            wijk_purse_withheld(p) ? text_of(s, T_MONEY_CANNOT)
                                   : WIJK_FILL(s->arena, s->lang, T_MONEY_PAIRS_OF,
                                               {"n", whole(s, round(p->chance * p->pairs))},
                                               {"all", whole(s, p->pairs)})};
        paper_row_named(&s->paper, columns, HEADS, cells);
    }
    if (small) {
        paper_gap(&s->paper, 6);
        paper_say(&s->paper, 11.5, "small",
                  WIJK_FILL(s->arena, s->lang, T_MONEY_SMALL, {"n", whole(s, (double)small)},
                            {"euro", wijk_euro_say(s->arena, s->lang, PURSE_LEAST)}));
    }
}

static const double COUNTED = 18;      /* the line that counts the rest */
static const double UNPRICED_TOP = 86; /* what it is, one row of it, and that line */

/* What has no price, what is sure before what is not, as far as the sheet goes; the rest counted.
 */
static void unpriced(sheets *s)
{
    const wijk_ledger *ledger = s->ledger;
    const wijk_prices *prices = s->prices;
    size_t shown = 0, left = 0;
    for (int unsure = 0; unsure < 2; unsure++) {
        for (size_t i = 0; i < ledger->n_rows; i++) {
            const wijk_ledger_row *row = &ledger->rows[i];
            int still = row->units.low90 >= 0 && row->units.high90 <= 0;
            int sure = row->units.low90 > 0 || row->units.high90 < 0;
            if (row->priced || still || sure == unsure) {
                continue;
            }
            const char *line = wijk_arena_printf(
                s->arena, "%s: %s", wijk_purse_at(prices, (size_t)row->purse)->label[s->lang],
                wijk_unpriced_say(s->arena, s->lang, row));
            /* Rows without the words of what they are say nothing. */
            int top = !shown && !left && paper_fits(&s->paper, UNPRICED_TOP + s->below);
            if (top) {
                paper_gap(&s->paper, 4);
                paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_UNPRICED));
            }
            int fits = (shown || top) && shown < UNPRICED && line &&
                       bullet_fits(s, line, COUNTED + s->below);
            shown += (size_t)fits;
            left += !fits;
        }
    }
    if (left) {
        bullet(s, WIJK_FILL(s->arena, s->lang, T_MONEY_MORE, {"n", whole(s, (double)left)}));
    }
}

static int who_pays(sheets *s)
{
    const char *first[WIJK_MONEY_FIRST];
    const wijk_ledger *ledger = s->ledger;
    size_t n = wijk_money_first(first, s->arena, s->lang, s->brief->ensemble, ledger);
    heading(s, T_FORECAST_PAYS);
    for (size_t i = 0; i < n; i++) {
        paper_say(&s->paper, 11.5, "small strong", first[i]);
    }
    paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_PRINT_MEANS));
    purse_rows(s);
    const char *open = wijk_money_open(s->arena, s->lang, ledger, s->prices);
    paper_gap(&s->paper, 8);
    if (open) {
        paper_say(&s->paper, 11.5, "small", open);
    }
    if (!wijk_purse_withheld(&ledger->purses[0])) { /* else it was said in short */
        paper_say(&s->paper, 11.5, "small",
                  wijk_even_say(s->arena, s->lang, ledger, &ledger->purses[0]));
    }
    unpriced(s);
    return WIJK_OK;
}

/* ---- what decides, what not to conclude, what now --------------------------------------------
 */

/* "name (0.61, assumed effect); ...", of those that move an outcome more than chance would. "" when
 * there are none. WIJK_ENOTFOUND with too few pairs, or when it is the same in each. */
static int movers(const char **out, sheets *s, const wijk_dictionary *dictionary,
                  wijk_outcome outcome)
{
    wijk_influence *of = wijk_arena_alloc(s->arena, WIJK_PARAMETERS * sizeof *of);
    int rc = of ? wijk_ensemble_influences(of, s->brief->ensemble, outcome) : WIJK_ENOMEM;
    *out = "";
    for (int i = 0; !rc && *out && i < DECIDING && of[i].beyond; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, of[i].parameter);
        const char *one =
            WIJK_FILL(s->arena, s->lang, T_BRIEF_MOVED, {"name", row->label[s->lang]},
                      {"rank", wijk_number_in(s->arena, s->lang, of[i].rank_correlation, 2)},
                      {"kind", kind_of(s, row->effect)});
        *out = wijk_arena_printf(s->arena, "%s%s%s", *out, i ? "; " : "", one);
    }
    return !rc && !*out ? WIJK_ENOMEM : rc;
}

/* Of what is said in short; the page has every outcome. */
static int decides(sheets *s)
{
    const wijk_asked *said[WIJK_FAN_HEADLINES];
    wijk_dictionary *dictionary = NULL;
    int rc = wijk_dictionary_open(&dictionary), known = 0, told = 0;
    heading(s, T_FORECAST_DECIDES);
    wijk_fan_headlines(said, s->brief->ensemble, WIJK_ENSEMBLE_HERE);
    for (size_t i = 0; !rc && i < WIJK_FAN_HEADLINES; i++) {
        const char *list;
        rc = movers(&list, s, dictionary, said[i]->outcome);
        known |= !rc;
        if (!rc && *list) {
            if (!told++) {
                paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_PRINT_DECIDES));
            }
            bullet(s, WIJK_FILL(s->arena, s->lang, T_BRIEF_MOVES,
                                {"what", text_of(s, said[i]->label)}, {"list", list}));
        }
        rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    if (!rc && !told) {
        paper_say(&s->paper, 11.5, "small",
                  text_of(s, known ? T_FORECAST_DECIDES_NOISE : T_FORECAST_DECIDES_NONE));
    }
    wijk_dictionary_free(dictionary);
    return rc;
}

static int not_to_conclude(sheets *s)
{
    static const enum wijk_text_key items[] = {T_BRIEF_NOT_1, T_BRIEF_NOT_2, T_BRIEF_NOT_3};
    heading(s, T_BRIEF_NOT_TITLE);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        bullet(s, text_of(s, items[i]));
    }
    return WIJK_OK;
}

/* The course without a policy of one thing that was tested: what the simulation says and how far it
 * was off before. The page has the others; here there is room for one. */
static void off_before(sheets *s)
{
    const wijk_course_plot course = course_of(s, WIJK_BACKTEST_SINGLE);
    bullet_fits(s,
                WIJK_FILL(s->arena, s->lang, T_COURSE_PRINT,
                          {"what", text_of(s, wijk_course_label(course.measure))},
                          {"say", wijk_course_say(s->arena, s->lang, &course)}),
                0);
}

static int limits(sheets *s)
{
    static const enum wijk_text_key items[] = {T_FORECAST_LIMIT_1, T_FORECAST_LIMIT_2,
                                               T_FORECAST_LIMIT_3, T_FORECAST_LIMIT_4,
                                               T_FORECAST_LIMIT_5};
    heading(s, T_FORECAST_LIMITS);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        bullet_fits(s, text_of(s, items[i]), s->below);
    }
    return WIJK_OK;
}

/* What now, and where it comes from. */
static int next(sheets *s)
{
    const char *say[] = {text_of(s, T_NEXT_TITLE), text_of(s, T_NEXT_PLAN_ABOUT),
                         text_of(s, T_NEXT_HELPED_ABOUT)};
    const char *line = wijk_arena_printf(s->arena, "%s %s %s", say[0], say[1], say[2]);
    paper_gap(&s->paper, 4);
    paper_say(&s->paper, 11.5, "small strong", line ? line : "");
    paper_gap(&s->paper, 4);
    paper_say(&s->paper, 11.5, "small soft",
              WIJK_FILL(s->arena, s->lang, T_BRIEF_SOURCE, {"lineage", s->about.lineage},
                        {"year", wijk_int_in(s->arena, s->lang, s->ledger->price_year, 0)},
                        {"first", wijk_int_in(s->arena, s->lang, s->about.first, 0)},
                        {"last", wijk_int_in(s->arena, s->lang, s->about.last, 0)}));
    return WIJK_OK;
}

/* How high something would stand, written nowhere. */
static double height_of(const sheets *s, section write, double below)
{
    sheets scratch = *s;
    scratch.below = below;
    paper_begin(&scratch.paper, s->arena, s->lang, "");
    double top = scratch.paper.y;
    int rc = write(&scratch);
    double height = (double)(scratch.paper.count - 1) * PAPER_H + scratch.paper.y - top;
    for (size_t i = 0; i < scratch.paper.count; i++) {
        wijk_str_free(&scratch.paper.pages[i]);
    }
    return rc ? 0 : height; /* then writing it fails too */
}

/* ---- nothing is done ---------------------------------------------------------------------------
 */

/* One drawing of the course, with what its range is worth; WIJK_ENOTFOUND where it is withheld. */
static int one_course(wijk_figure *out, sheets *s, const wijk_course_plot *course)
{
    const wijk_figure_style style = {s->lang, 2, (int)PAPER_THIRD,
                                     wijk_backtest_measure_key(course->measure)};
    return wijk_picture_course(out, s->arena, &style, course);
}

/* Three side by side while they fit; *at goes on behind the last that was drawn. */
static int courses(sheets *s, size_t *at)
{
    wijk_figure trio[3] = {WIJK_FIGURE_INIT, WIJK_FIGURE_INIT, WIJK_FIGURE_INIT};
    wijk_backtest_measure measure;
    size_t next_at = *at, n = 0;
    int rc = WIJK_OK;
    for (; !rc && n < 3 && (measure = wijk_course_at(next_at)) != WIJK_BACKTEST_MEASURES;
         next_at++) {
        const wijk_course_plot course = course_of(s, measure);
        rc = one_course(&trio[n], s, &course);
        n += !rc;
        rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    if (!rc && n && paper_fits(&s->paper, 6 + paper_trio_height(&s->paper, trio))) {
        paper_gap(&s->paper, 6);
        paper_trio(&s->paper, trio);
        *at = next_at;
    }
    for (int i = 0; i < 3; i++) {
        wijk_figure_free(&trio[i]);
    }
    return rc;
}

/* What is not drawn in words, and of all on which side the model came out. */
static void courses_in_words(sheets *s, size_t drawn)
{
    wijk_backtest_measure measure;
    for (size_t i = 0; (measure = wijk_course_at(i)) != WIJK_BACKTEST_MEASURES; i++) {
        const wijk_course_plot course = course_of(s, measure);
        const char *lean = wijk_course_lean(s->arena, s->lang, s->past, measure);
        const char *say = i < drawn ? "" : wijk_course_say(s->arena, s->lang, &course);
        const char *line =
            wijk_arena_printf(s->arena, "%s: %s%s%s", text_of(s, wijk_course_label(measure)), say,
                              *say && lean ? " " : "", lean ? lean : "");
        if (lean || *say) {
            bullet_fits(s, line ? line : "", COURSE_END);
        }
    }
}

/* What people ask for besides, now and in the last year with its range; never tested before, as the
 * words below it say. */
static int levels(sheets *s)
{
    enum { HEADS = 5 };
    static const paper_column columns[HEADS] = {{0, 0.56, WIJK_START},
                                                {0.64, 0.08, WIJK_END},
                                                {0.77, 0.13, WIJK_END},
                                                {0.885, 0.115, WIJK_END},
                                                {1, 0.12, WIJK_END}};
    const uint32_t years = s->about.years;
    const char *heads[HEADS] = {
        text_of(s, T_FORECAST_OUTCOME), text_of(s, T_COURSE_START),
        WIJK_FILL(s->arena, s->lang, T_FORECAST_WHEN_STOCK, {"years", whole(s, years)}),
        text_of(s, T_FORECAST_FROM_90), text_of(s, T_FORECAST_TO_90)};
    const wijk_asked *asked;
    paper_row(&s->paper, columns, HEADS, heads, 1);
    for (size_t i = 0; (asked = wijk_asked_at(i)); i++) {
        const wijk_ensemble *e = s->brief->ensemble;
        wijk_bands now, then;
        if (asked->score || wijk_outcome_is_flow(asked->outcome)) {
            continue;
        }
        int rc = wijk_ensemble_outcome(&now, e, WIJK_ENSEMBLE_HERE, 0, asked->outcome);
        rc = rc ? rc : wijk_ensemble_outcome(&then, e, WIJK_ENSEMBLE_HERE, years, asked->outcome);
        if (rc) {
            return rc;
        }
        const double numbers[] = {now.nothing.median, then.nothing.median, then.nothing.low90,
                                  then.nothing.high90};
        const char *cells[HEADS] = {wijk_arena_printf(s->arena, "%s [%s]", text_of(s, asked->label),
                                                      kind_of(s, asked->effect))};
        for (int k = 1; k < HEADS; k++) {
            cells[k] = isfinite(numbers[k - 1]) ? whole(s, numbers[k - 1]) : "–";
        }
        if (!cells[0]) {
            return WIJK_ENOMEM;
        }
        paper_row(&s->paper, columns, HEADS, cells, 0);
    }
    paper_gap(&s->paper, 6);
    return WIJK_OK;
}

/* Two rows of drawings on the first sheet, the rest on the second. */
static int what_goes_on(sheets *s)
{
    size_t at = 0;
    int rc = WIJK_OK;
    heading(s, T_COURSE_TITLE);
    const char *scope =
        wijk_course_scope(s->arena, s->lang, s->brief->ensemble, WIJK_ENSEMBLE_HERE);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_COURSE_ABOUT));
    paper_say(&s->paper, 11.5, "small", text_of(s, T_COURSE_FURTHER));
    if (scope) {
        paper_say(&s->paper, 11.5, "small strong", scope);
    }
    for (int row = 0; row < FANS / 3 && !rc; row++) {
        rc = courses(s, &at);
    }
    paper_need(&s->paper, PAPER_H); /* the second sheet */
    rc = rc ? rc : courses(s, &at);
    paper_gap(&s->paper, 6);
    rc = rc ? rc : levels(s);
    if (!rc) {
        courses_in_words(s, at);
    }
    paper_gap(&s->paper, 4);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_COURSE_UNTESTED));
    return rc;
}

/* ---- together -------------------------------------------------------------------------------- */

static int of_nothing(sheets *s)
{
    paper_gap(&s->paper, 4);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_IS_NOTHING));
    past(s);
    int rc = what_goes_on(s);
    s->below = height_of(s, next, 0);
    rc = rc ? rc : limits(s);
    return rc ? rc : next(s);
}

enum { DECIDES, NOT_TO, LIMITS, NEXT, ENDS };
static const section ends[ENDS] = {decides, not_to_conclude, limits, next};

/* What is left of the second sheet below both tables and these ends; the rows without a price take
 * what there is. */
static double room_below(const sheets *s, const double height[ENDS], size_t at)
{
    double room =
        PAPER_FOOT - 28 - PAPER_TOP - height_of(s, for_whom, 0) - height_of(s, who_pays, PAPER_H);
    for (size_t i = at; i < ENDS; i++) {
        room -= height[i];
    }
    return room;
}

/* Two sheets and no third: what of the ends has no room below the tables is left to the page, first
 * what the model cannot know, then what decides. */
static void leave_out(const sheets *s, double height[ENDS], size_t at)
{
    static const size_t least[] = {LIMITS, DECIDES};
    double room = room_below(s, height, at);
    for (size_t k = 0; k < sizeof least / sizeof *least && room < 0; k++) {
        if (least[k] >= at) {
            room += height[least[k]];
            height[least[k]] = 0;
        }
    }
}

/* What does not fit below the two tables stands on the first sheet, in the place of a row of fans:
 * the page has more drawings than paper anyway. */
static int of_policy(sheets *s, wijk_store *store, const wijk_registry *registry)
{
    double height[ENDS] = {0};
    size_t at = 0;
    for (size_t i = 0; i < ENDS; i++) {
        height[i] = height_of(s, ends[i], 0);
    }
    past(s);
    in_short(s);
    int rc = fans(s, store, registry, room_below(s, height, 0) < 0 ? 1 : FANS / 3);
    for (; !rc && at < NEXT && paper_fits(&s->paper, height[at]); at++) {
        rc = ends[at](s);
    }
    paper_need(&s->paper, PAPER_H); /* the second sheet */
    leave_out(s, height, at);
    for (size_t i = at; i < ENDS; i++) {
        s->below += height[i];
    }
    rc = rc ? rc : for_whom(s);
    rc = rc ? rc : who_pays(s);
    for (; !rc && at < ENDS; at++) {
        s->below -= height[at];
        rc = height[at] > 0 ? ends[at](s) : WIJK_OK;
    }
    off_before(s);
    return rc;
}

int wijk_forecast_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                      wijk_lang lang, const wijk_forecast_brief *brief)
{
    sheets s = {.lang = lang, .brief = brief, .about = wijk_ensemble_tell(brief->ensemble)};
    char seed[24], parameters[24];
    wijk_backtest *b = NULL;
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_arena_new(&s.arena, 0);
    if (rc) {
        return rc;
    }
    rc = wijk_backtest_shipped(&b);
    rc = rc ? rc : wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, brief->ensemble, prices);
    s.past = b;
    s.prices = prices;
    s.ledger = ledger;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)s.about.seed);
    snprintf(parameters, sizeof parameters, "%016llx", (unsigned long long)s.about.parameters);
    paper_begin(&s.paper, s.arena, lang,
                WIJK_FILL(s.arena, lang, T_FORECAST_PRINT_FOOT, {"version", s.about.version},
                          {"seed", seed}, {"parameters", parameters},
                          {"lineage", s.about.lineage}));
    head(&s);
    if (!rc) {
        rc = wijk_policy_is_nothing(s.about.scenario) ? of_nothing(&s)
                                                      : of_policy(&s, store, registry);
    }
    rc = paper_end(out, &s.paper, s.about.place, rc);
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    wijk_backtest_free(b);
    wijk_arena_free(s.arena);
    return rc;
}
