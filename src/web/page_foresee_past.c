/* Was it right before, and does it show what is known? The kept back-test and the ten stylised
 * facts beside every forecast: how far the model was off, beside two dumb forecasts and beside what
 * is published, in plain words also where it did worse. */
#include "web/foresee_page.h"

#include "web/stack.h"
#include "wijk/backtest.h"
#include "wijk/mem.h"
#include "wijk/stylised.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

static const enum wijk_text_key measure_words[WIJK_BACKTEST_MEASURES] = {
#define X(name, key) T_BACKTEST_M_##name,
    WIJK_BACKTEST_MEASURES_X(X)
#undef X
};

static const enum wijk_text_key verdict_words[] = {[WIJK_BACKTEST_BETTER] = T_BACKTEST_BETTER,
                                                   [WIJK_BACKTEST_EVEN] = T_BACKTEST_EVEN,
                                                   [WIJK_BACKTEST_WORSE] = T_BACKTEST_WORSE};

static const char *town_of(web_call *call, const wijk_backtest_row *row)
{
    static const struct {
        const char *key;
        enum wijk_text_key word;
    } towns[] = {{"amsterdam", T_BACKTEST_AMSTERDAM},
                 {"haaglanden", T_BACKTEST_HAAGLANDEN},
                 {"postcodes", T_BACKTEST_POSTCODES}};
    for (size_t i = 0; i < sizeof towns / sizeof *towns; i++) {
        if (!strcmp(row->town, towns[i].key)) {
            return wijk_text(call->lang, towns[i].word);
        }
    }
    return row->town;
}

static void past_row(web_call *call, const wijk_backtest_row *row)
{
    html *h = &call->h;
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_t(h, measure_words[row->measure]);
    h_leaf(h, "span", "wijk-from",
           wijk_arena_printf(call->arena, "%s, %d–%d", town_of(call, row), row->from, row->to));
    h_close(h);
    page_number_cell(h, row->error, 1);
    page_number_cell(h, row->same, 1);
    page_number_cell(h, row->trend, 1);
    page_number_cell(h, 100 * row->in90, 0);
    h_leaft(h, "td", NULL, verdict_words[wijk_backtest_judge(row)]);
    h_close(h);
}

static void past_table(web_call *call, const wijk_backtest_row *const *rows, size_t count)
{
    static const enum wijk_text_key heads[] = {T_BACKTEST_MEASURE, T_BACKTEST_ERROR,
                                               T_BACKTEST_SAME,    T_BACKTEST_TREND,
                                               T_BACKTEST_IN90,    T_BACKTEST_VERDICT};
    enum { HEADS = sizeof heads / sizeof *heads };
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, T_FORECAST_PAST));
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", T_BACKTEST_SCORES);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    for (size_t i = 0; i < HEADS; i++) {
        page_head_cell(h, heads[i], i > 0 && i < HEADS - 1 ? "wijk-table__number" : NULL);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < count; i++) {
        past_row(call, rows[i]);
    }
    h_closes(h, 3);
}

/* Per measure the span that is nearest to the length of this forecast. */
static void scored(web_call *call, const foresee_view *view, const wijk_backtest *b)
{
    const wijk_backtest_row *rows[WIJK_BACKTEST_MEASURES];
    size_t count = 0;
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        const wijk_backtest_row *row =
            wijk_backtest_find(b, (wijk_backtest_measure)m, (int)view->forecast.years);
        if (row) {
            rows[count++] = row;
        }
    }
    h_leaf(&call->h, "p", "wijk-lead",
           wijk_past_say(call->arena, call->lang, b, view->forecast.years));
    const char *held = wijk_past_held_say(call->arena, call->lang, b, view->forecast.years);
    if (held) {
        h_leaf(&call->h, "p", "wijk-caution", held);
    }
    h_leaft(&call->h, "p", "wijk-caution", T_FORECAST_PAST_SCOPE);
    h_open(&call->h, "details", "wijk-details wijk-details--print");
    h_leaft(&call->h, "summary", NULL, T_FORECAST_PAST_TABLE);
    past_table(call, rows, count);
    h_leaft(&call->h, "p", "wijk-from", T_BACKTEST_LEAK);
    h_close(&call->h);
}

int foresee_past(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    if (rc) {
        return rc;
    }
    page_section(call, "wijk-section", "vroeger", T_FORECAST_PAST);
    scored(call, view, b);
    page_more(call, page_manual_url(call, "terugblik", "hindsight"), T_FORECAST_PAST_MORE);
    h_close(h);
    wijk_backtest_free(b);
    return WIJK_OK;
}

/* ---- what is known --------------------------------------------------------------------------- */

enum {
    FACTS = 10,
    WHOLE_RANGE = 100 /* a bound that far is no bound: only the direction counts */
};

typedef struct {
    size_t met, missed, cannot, beyond; /* facts; beyond: met, but the range crosses the bound */
} fact_counts;

static int crosses(const wijk_stylised_row *row)
{
    return row->low90 < row->least || row->high90 > row->most;
}

/* A fact of several rows is met when all of them are. */
static fact_counts count_facts(const wijk_stylised_facts *facts)
{
    wijk_fact_state state[FACTS + 1] = {WIJK_FACT_MET};
    int beyond[FACTS + 1] = {0};
    fact_counts n = {0};
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *row = wijk_stylised_at(facts, (wijk_stylised)i);
        if (row->state > state[row->fact]) {
            state[row->fact] = row->state;
        }
        beyond[row->fact] |= row->state == WIJK_FACT_MET && crosses(row);
    }
    for (int f = 1; f <= FACTS; f++) {
        n.met += state[f] == WIJK_FACT_MET;
        n.missed += state[f] == WIJK_FACT_NOT_MET;
        n.cannot += state[f] == WIJK_FACT_CANNOT;
        n.beyond += state[f] == WIJK_FACT_MET && beyond[f];
    }
    return n;
}

static const page_word unit_words[] = {{"percentage_point", T_STYLISED_PERCENTAGE_POINT},
                                       {"percent", T_STYLISED_PERCENT},
                                       {"thousandths", T_STYLISED_THOUSANDTHS},
                                       {"times", T_STYLISED_TIMES},
                                       {"euro_per_home", T_STYLISED_EURO_PER_HOME}};
enum { UNITS = sizeof unit_words / sizeof *unit_words };

static const char *decimal(web_call *call, double value)
{
    int whole = fabs(value) >= 9.95 || fabs(value - nearbyint(value)) < 0.01;
    return wijk_number_in(call->arena, call->lang, value, !whole);
}

static void model_cell(web_call *call, stack_table *table, const wijk_stylised_row *row)
{
    const char *args[] = {decimal(call, row->median), decimal(call, row->low90),
                          decimal(call, row->high90),
                          page_word_of(call, unit_words, UNITS, row->unit)};
    stack_cell(table);
    if (isfinite(row->median)) {
        h_fill(&call->h, T_STYLISED_BAND, args, 4);
    } else {
        h_text(&call->h, "–");
    }
    h_close(&call->h);
}

static void bounds_cell(web_call *call, stack_table *table, const wijk_stylised_row *row)
{
    const char *least = decimal(call, row->least), *most = decimal(call, row->most);
    stack_cell(table);
    if (row->state == WIJK_FACT_CANNOT) {
        h_text(&call->h, "–");
    } else if (row->least <= -WHOLE_RANGE) {
        h_fill(&call->h, T_STYLISED_AT_MOST, &most, 1);
    } else if (row->most >= WHOLE_RANGE) {
        h_fill(&call->h, T_STYLISED_AT_LEAST, &least, 1);
    } else {
        const char *args[] = {least, most};
        h_fill(&call->h, T_STYLISED_BETWEEN, args, 2);
    }
    h_close(&call->h);
}

static void fact_row(web_call *call, stack_table *table, const wijk_stylised_row *row)
{
    static const enum wijk_text_key states[] = {[WIJK_FACT_MET] = T_STYLISED_MET,
                                                [WIJK_FACT_NOT_MET] = T_STYLISED_NOT_MET,
                                                [WIJK_FACT_CANNOT] = T_STYLISED_CANNOT};
    html *h = &call->h;
    const char *named[] = {foresee_int(call, row->fact), row->label[call->lang]};
    stack_row(table);
    h_fill(h, T_STYLISED_NAMED, named, 2);
    foresee_filled(call, "span", "wijk-from", T_STYLISED_PUBLISHED, row->published[call->lang],
                   row->source, NULL);
    if (*row->why[call->lang]) {
        foresee_filled(call, "span", "wijk-from", T_STYLISED_WHY, row->why[call->lang], NULL, NULL);
    }
    stack_named(table);
    model_cell(call, table, row);
    bounds_cell(call, table, row);
    stack_cell(table);
    int unsure = row->state == WIJK_FACT_MET && crosses(row);
    html_leaf(h, row->state == WIJK_FACT_NOT_MET ? "strong" : "span", NULL,
              wijk_text(call->lang, unsure ? T_STYLISED_MET_UNSURE : states[row->state]));
    h_close(h);
    stack_row_end(table);
}

static void fact_table(web_call *call, const wijk_stylised_facts *facts)
{
    html *h = &call->h;
    stack_table table = {0};
    h_open(h, "details", "wijk-details wijk-texts");
    h_leaft(h, "summary", NULL, T_STYLISED_ALL);
    stack_column(&table, wijk_text(call->lang, T_STYLISED_PATTERN), "");
    stack_column(&table, wijk_text(call->lang, T_STYLISED_MODEL), "");
    stack_column(&table, wijk_text(call->lang, T_STYLISED_BOUNDS), "");
    stack_column(&table, wijk_text(call->lang, T_STYLISED_VERDICT), "");
    stack_begin(&table, h, wijk_text(call->lang, T_STYLISED_TITLE));
    for (int i = 0; i < WIJK_STYLISED; i++) {
        fact_row(call, &table, wijk_stylised_at(facts, (wijk_stylised)i));
    }
    stack_end(&table);
    h_close(h);
}

int foresee_known(web_call *call)
{
    html *h = &call->h;
    wijk_stylised_facts *facts = NULL;
    int rc = wijk_stylised_open(&facts);
    if (rc) {
        return rc;
    }
    fact_counts n = count_facts(facts);
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", "bekend");
    page_heading(call, "bekend", T_STYLISED_TITLE);
    foresee_filled(call, "p", "wijk-lead", T_STYLISED_SAY, foresee_int(call, (long long)n.met),
                   foresee_int(call, (long long)n.missed), foresee_int(call, (long long)n.cannot));
    if (n.beyond) {
        foresee_filled(call, "p", NULL, T_STYLISED_BEYOND, foresee_int(call, (long long)n.beyond),
                       NULL, NULL);
    }
    h_leaft(h, "p", "wijk-caution", T_STYLISED_WEAK);
    fact_table(call, facts);
    foresee_filled(call, "p", "wijk-from", T_STYLISED_MADE, wijk_stylised_made_on(facts),
                   foresee_int(call, wijk_stylised_replicates(facts)),
                   wijk_stylised_version(facts));
    h_close(h);
    wijk_stylised_free(facts);
    return WIJK_OK;
}
