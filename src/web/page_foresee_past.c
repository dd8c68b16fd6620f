/* Was it right before? The kept back-test beside every forecast: how far the model was off in the
 * past, beside two dumb forecasts, in plain words also where it did worse. */
#include "web/foresee_page.h"

#include "wijk/backtest.h"
#include "wijk/mem.h"
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

static void number_cell(html *h, double value, int decimals)
{
    h_open(h, "td", "wijk-table__number");
    if (isfinite(value)) {
        h_number(h, value, decimals);
    } else {
        h_text(h, "–");
    }
    h_close(h);
}

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
    number_cell(h, row->error, 1);
    number_cell(h, row->same, 1);
    number_cell(h, row->trend, 1);
    number_cell(h, 100 * row->in90, 0);
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
    size_t count = 0, of[3] = {0};
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        const wijk_backtest_row *row =
            wijk_backtest_find(b, (wijk_backtest_measure)m, (int)view->forecast.years);
        if (row) {
            rows[count++] = row;
            of[wijk_backtest_judge(row)]++;
        }
    }
    foresee_filled(call, "p", "wijk-lead", T_FORECAST_PAST_SAY, foresee_int(call, (long long)count),
                   foresee_int(call, (long long)of[WIJK_BACKTEST_BETTER]),
                   foresee_int(call, (long long)of[WIJK_BACKTEST_WORSE]));
    h_leaft(&call->h, "p", "wijk-caution", T_FORECAST_PAST_SCOPE);
    past_table(call, rows, count);
    h_leaft(&call->h, "p", "wijk-from", T_BACKTEST_LEAK);
}

int foresee_past(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    if (rc) {
        return rc;
    }
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", "vroeger");
    page_heading(call, "vroeger", T_FORECAST_PAST);
    scored(call, view, b);
    h_open(h, "p", "wijk-more");
    page_link(
        call, NULL,
        page_url(call, "/uitleg/", call->lang == WIJK_EN ? "hindsight" : "terugblik", NULL, NULL),
        wijk_text(call->lang, T_FORECAST_PAST_MORE));
    h_closes(h, 2);
    wijk_backtest_free(b);
    return WIJK_OK;
}
