/* A forecast on two sheets of A4, for the table around which a policy is decided: what changes, for
 * whom, where, who pays, what decides, and what it cannot know. The same words and drawings as the
 * page; what is assumed is dotted and says so. */
#include "wijk/fan.h"

#include "figure/paper.h"
#include "figure/words.h"

#include "wijk/prices.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECIDING = 4, PURSES = 6, FANS = 6 };
static const double PURSE_LEAST = 1000; /* euro below which a purse gets no row */

typedef struct {
    paper paper;
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_forecast_brief *brief;
    wijk_ensemble_about about;
} sheets;

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
              WIJK_FILL(s->arena, s->lang, T_FORECAST_PRINT_POLICY, {"policy", a->title[s->lang]},
                        {"years", whole(s, a->years)}));
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
    if (s->brief->area->fictional) {
        paper_say(&s->paper, 11.5, "small strong", text_of(s, T_FIGURE_BRIEF_FICTIONAL));
    }
}

static void in_short(sheets *s)
{
    const wijk_asked *said[WIJK_FAN_HEADLINES];
    heading(s, T_FORECAST_HEADLINE);
    wijk_fan_headlines(said, s->brief->ensemble, WIJK_ENSEMBLE_HERE);
    for (size_t i = 0; i < WIJK_FAN_HEADLINES; i++) {
        const wijk_fan fan = fan_of(s, said[i]->key);
        const char *text =
            wijk_arena_printf(s->arena, "%s [%s]", wijk_fan_say(s->arena, s->lang, &fan),
                              kind_of(s, fan.asked->effect));
        bullet(s, text ? text : "");
    }
}

static int one_fan(wijk_figure *out, sheets *s, const char *key)
{
    const wijk_fan fan = fan_of(s, key);
    const wijk_figure_style style = {s->lang, 2, (int)PAPER_HALF, key};
    int rc = wijk_picture_fan(out, s->arena, &style, &fan);
    if (!rc) {
        const char *title =
            wijk_arena_printf(s->arena, "%s [%s]", out->title, kind_of(s, fan.asked->effect));
        out->title = title ? title : out->title;
    }
    return rc;
}

static int fans(sheets *s)
{
    static const char *const keys[FANS] = {"strained",      "hidden",       "income_low",
                                           "low_in_social", "help_waiting", "livability_onv"};
    wijk_figure pair[2] = {WIJK_FIGURE_INIT, WIJK_FIGURE_INIT};
    int rc = WIJK_OK;
    heading(s, T_FORECAST_CHANGES);
    paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_PRINT_CHANGES));
    for (int i = 0; i < FANS && !rc; i += 2) {
        paper_gap(&s->paper, 6);
        rc = one_fan(&pair[0], s, keys[i]);
        rc = rc ? rc : one_fan(&pair[1], s, keys[i + 1]);
        double height = rc ? 0 : paper_figures_height(&s->paper, &pair[0], &pair[1]);
        if (!rc && !paper_fits(&s->paper, height)) {
            break; /* the second sheet has its own; the page shows all */
        }
        if (!rc) {
            paper_figures(&s->paper, &pair[0], &pair[1]);
        }
        rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc; /* withheld: left out */
    }
    wijk_figure_free(&pair[0]);
    wijk_figure_free(&pair[1]);
    return rc;
}

/* ---- second sheet ---------------------------------------------------------------------------- */

/* The map beside the level; the level alone where there is one area, or none that is sure. */
static int where(sheets *s, wijk_store *store, const wijk_registry *registry)
{
    wijk_figure level = WIJK_FIGURE_INIT, map = WIJK_FIGURE_INIT;
    const wijk_fan fan = fan_of(s, "strained");
    wijk_figure_style style = {s->lang, 2, (int)PAPER_HALF, "niveau"};
    paper_need(&s->paper, 400); /* begins the second sheet */
    int rc = wijk_picture_levels(&level, s->arena, &style, &fan);
    if (!rc) {
        level.title = WIJK_FILL(s->arena, s->lang, T_FORECAST_PRINT_LEVEL, {"what", level.title});
        style.id = "kaart";
        style.width = (int)(PAPER_HALF * 0.8);
        int drawn = store ? wijk_picture_forecast_map(&map, store, registry, s->arena, &style, &fan,
                                                      s->brief->area, NULL, NULL)
                          : WIJK_ENOTFOUND;
        paper_figures(&s->paper, &level, drawn ? NULL : &map);
        rc = drawn == WIJK_ENOTFOUND ? WIJK_OK : drawn;
    }
    wijk_figure_free(&level);
    wijk_figure_free(&map);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int for_whom(sheets *s)
{
    /* Those who gain or lose a home, and strain; the page has the other columns. */
    static const wijk_group_outcome shown[] = {WIJK_GOUT_HOUSEHOLDS, WIJK_GOUT_DISPLACED,
                                               WIJK_GOUT_PASSED_OVER, WIJK_GOUT_STRAINED};
    enum { SHOWN = sizeof shown / sizeof *shown, HEADS = SHOWN + 2 };
    static const paper_column columns[HEADS] = {{0, 0.235, WIJK_START},   {0.315, 0.08, WIJK_END},
                                                {0.475, 0.165, WIJK_END}, {0.635, 0.155, WIJK_END},
                                                {0.825, 0.19, WIJK_END},  {1, 0.175, WIJK_END}};
    const char *cells[HEADS] = {text_of(s, T_FORECAST_GROUP), text_of(s, T_FORECAST_WITHOUT)};
    size_t at[SHOWN] = {0};
    const wijk_equity_column *column;
    wijk_equity *e = wijk_arena_alloc(s->arena, sizeof *e);
    int rc = e ? wijk_equity_read(e, s->brief->ensemble) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    for (size_t c = 0; (column = wijk_equity_column_at(c)); c++) {
        for (size_t i = 0; i < SHOWN; i++) {
            if (column->outcome == shown[i]) {
                at[i] = c;
                cells[i + 2] = text_of(s, column->label);
            }
        }
    }
    wijk_equity_say says[WIJK_EQUITY_SAYS];
    size_t n = wijk_equity_told(says, s->arena, s->lang, e);
    heading(s, T_FORECAST_WHO);
    for (size_t i = 0; i < n; i++) {
        bullet(s, says[i].text);
    }
    paper_row(&s->paper, columns, HEADS, cells, 1);
    for (int g = 0; g < WIJK_GROUPS; g++) {
        double without = e->of[g][0].nothing.median;
        cells[0] = wijk_group_say(s->lang, (wijk_group)g);
        cells[1] = isfinite(without) ? whole(s, without) : "–";
        for (size_t i = 0; i < SHOWN; i++) {
            cells[i + 2] = wijk_change_say(s->arena, s->lang, e->ensemble, &e->of[g][at[i]]);
        }
        paper_row(&s->paper, columns, HEADS, cells, 0);
    }
    return WIJK_OK;
}

static const char *purse_name(const sheets *s, const wijk_prices *prices,
                              const wijk_ledger_purse *p)
{
    return p->purse < 0 ? text_of(s, T_FORECAST_SOCIETY)
                        : wijk_purse_at(prices, (size_t)p->purse)->label[s->lang];
}

static void purse_rows(sheets *s, const wijk_ledger *ledger, const wijk_prices *prices)
{
    enum { HEADS = 5 };
    static const paper_column columns[HEADS] = {{0, 0.27, WIJK_START},
                                                {0.37, 0.1, WIJK_END},
                                                {0.46, 0.09, WIJK_END},
                                                {0.73, 0.27, WIJK_END},
                                                {1, 0.265, WIJK_END}};
    const char *heads[HEADS] = {text_of(s, T_FORECAST_PURSE), text_of(s, T_FORECAST_COST),
                                text_of(s, T_FORECAST_SAVED), text_of(s, T_FORECAST_NET),
                                text_of(s, T_FORECAST_PAYBACK)};
    size_t shown = 0;
    paper_row(&s->paper, columns, HEADS, heads, 1);
    for (size_t i = 0; i < ledger->n_purses && shown < PURSES; i++) {
        const wijk_ledger_purse *p = &ledger->purses[i];
        if (fabs(p->mean_cost) < PURSE_LEAST && fabs(p->mean_saved) < PURSE_LEAST) {
            continue;
        }
        const char *cells[] = {purse_name(s, prices, p),
                               wijk_euro_say(s->arena, s->lang, p->mean_cost),
                               wijk_euro_say(s->arena, s->lang, p->mean_saved),
                               WIJK_FILL(s->arena, s->lang, T_FORECAST_BAND,
                                         {"middle", wijk_euro_say(s->arena, s->lang, p->mean_net)},
                                         {"low", wijk_euro_say(s->arena, s->lang, p->net.low90)},
                                         {"high", wijk_euro_say(s->arena, s->lang, p->net.high90)}),
                               wijk_payback_say(s->arena, s->lang, p, s->about.years)};
        paper_row(&s->paper, columns, HEADS, cells, 0);
        shown++;
    }
}

static int who_pays(sheets *s)
{
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, s->brief->ensemble, prices);
    if (!rc) {
        heading(s, T_FORECAST_PAYS);
        paper_say(&s->paper, 11.5, "small", text_of(s, T_FORECAST_PRINT_MEANS));
        purse_rows(s, ledger, prices);
        paper_gap(&s->paper, 8);
        const char *even = wijk_arena_printf(s->arena, "%s: %s", text_of(s, T_FORECAST_SOCIETY),
                                             wijk_even_say(s->arena, s->lang, &ledger->purses[0]));
        paper_say(&s->paper, 11.5, "small", even ? even : "");
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    return rc;
}

static int decides(sheets *s)
{
    wijk_table *dictionary = NULL;
    wijk_influence *of = wijk_arena_alloc(s->arena, WIJK_PARAMETERS * sizeof *of);
    int rc = of ? wijk_ensemble_influences(of, s->brief->ensemble, WIJK_OUT_STRAINED) : WIJK_ENOMEM;
    if (rc == WIJK_ENOTFOUND) {
        return WIJK_OK;
    }
    rc = rc ? rc : wijk_table_asset(&dictionary, "data/parameters.csv");
    if (!rc) {
        heading(s, T_FORECAST_DECIDES);
        paper_say(&s->paper, 11.5, "small",
                  text_of(s, of[0].beyond ? T_FORECAST_PRINT_DECIDES : T_FORECAST_DECIDES_NOISE));
    }
    for (int i = 0; !rc && i < DECIDING && of[i].beyond; i++) {
        long row = wijk_table_find(dictionary, "name", wijk_parameter_name(of[i].parameter));
        const char *name =
            row < 0 ? ""
                    : wijk_table_get(dictionary, (size_t)row, s->lang == WIJK_EN ? "en" : "nl");
        const char *line =
            wijk_arena_printf(s->arena, "%s (%s)", name,
                              wijk_number_in(s->arena, s->lang, of[i].rank_correlation, 2));
        bullet(s, line ? line : "");
    }
    wijk_table_free(dictionary);
    return rc;
}

/* The course without a policy of one thing that was tested: what the simulation says and how far it
 * was off before. The page has the others; here there is room for one. */
static int off_before(sheets *s)
{
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    if (!rc) {
        const wijk_course_plot course = {.backtest = b,
                                         .ensemble = s->brief->ensemble,
                                         .place = WIJK_ENSEMBLE_HERE,
                                         .start = s->brief->start,
                                         .measure = WIJK_BACKTEST_SINGLE};
        bullet(s, WIJK_FILL(s->arena, s->lang, T_COURSE_PRINT,
                            {"what", text_of(s, wijk_course_label(course.measure))},
                            {"say", wijk_course_say(s->arena, s->lang, &course)}));
    }
    wijk_backtest_free(b);
    return rc;
}

static int limits(sheets *s)
{
    static const enum wijk_text_key items[] = {T_FORECAST_LIMIT_1, T_FORECAST_LIMIT_2,
                                               T_FORECAST_LIMIT_3, T_FORECAST_LIMIT_4};
    heading(s, T_FORECAST_LIMITS);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        bullet(s, text_of(s, items[i]));
    }
    return off_before(s);
}

int wijk_forecast_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                      wijk_lang lang, const wijk_forecast_brief *brief)
{
    sheets s = {.lang = lang, .brief = brief, .about = wijk_ensemble_tell(brief->ensemble)};
    char seed[24], parameters[24];
    int rc = wijk_arena_new(&s.arena, 0);
    if (rc) {
        return rc;
    }
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)s.about.seed);
    snprintf(parameters, sizeof parameters, "%016llx", (unsigned long long)s.about.parameters);
    paper_begin(&s.paper, s.arena, lang,
                WIJK_FILL(s.arena, lang, T_FORECAST_PRINT_FOOT, {"version", s.about.version},
                          {"seed", seed}, {"parameters", parameters},
                          {"lineage", s.about.lineage}));
    head(&s);
    in_short(&s);
    rc = fans(&s);
    rc = rc ? rc : where(&s, store, registry);
    rc = rc ? rc : for_whom(&s);
    rc = rc ? rc : who_pays(&s);
    rc = rc ? rc : decides(&s);
    rc = rc ? rc : limits(&s);
    rc = paper_end(out, &s.paper, s.about.place, rc);
    wijk_arena_free(s.arena);
    return rc;
}
