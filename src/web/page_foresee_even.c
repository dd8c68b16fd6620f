/* How strongly must it work? Per measure and purse the smallest effect at which nobody is worse
 * off, in words; where it is not reached, or cannot be told, that is the answer. */
#include "web/foresee_page.h"

#include "web/stack.h"
#include "wijk/breakeven.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

typedef struct {
    web_call *call;
    const wijk_breakeven *b;
    const wijk_prices *prices;
    const wijk_dictionary *dictionary;
} even_view;

static const char *percent(web_call *call, double share)
{
    return foresee_int(call, llround(100 * share));
}

/* "20 to 60%": of the strongest effect. */
static const char *range_of(web_call *call, const wijk_breakeven_row *row)
{
    wijk_str text = WIJK_STR_INIT;
    if (!isfinite(row->low)) {
        return wijk_text(call->lang, T_STUDY_AT_UNKNOWN);
    }
    int open = !isfinite(row->high);
    wijk_text_fill(&text, call->lang, open ? T_STUDY_AT_FROM : T_STUDY_AT_RANGE,
                   percent(call, row->low), open ? "" : percent(call, row->high), NULL);
    return wijk_str_keep(&text, call->arena);
}

static void even_words(web_call *call, const wijk_breakeven_row *row)
{
    html *h = &call->h;
    if (!wijk_breakeven_sure(row)) {
        h_t(h, T_STUDY_UNSURE);
    } else if (row->even == WIJK_EVEN_AT) {
        const char *args[] = {percent(call, row->share), range_of(call, row)};
        h_fill(h, T_STUDY_AT, args, 2);
    } else {
        h_t(h, row->even == WIJK_EVEN_ALWAYS  ? T_STUDY_ALWAYS
               : row->even == WIJK_EVEN_UP_TO ? T_STUDY_UP_TO
                                              : T_STUDY_NEVER);
    }
}

static void even_row(const even_view *v, stack_table *table, const wijk_breakeven_row *row)
{
    web_call *call = v->call;
    html *h = &call->h;
    stack_row(table);
    html_leaf(h, row->purse < 0 ? "strong" : "span", NULL,
              row->purse < 0 ? wijk_text(call->lang, T_FORECAST_SOCIETY)
                             : wijk_purse_at(v->prices, (size_t)row->purse)->label[call->lang]);
    stack_named(table);
    stack_cell(table);
    h_text(h, wijk_euro_say(call->arena, call->lang, row->net[0]));
    h_close(h);
    stack_cell(table);
    h_text(h, wijk_euro_say(call->arena, call->lang, row->net[WIJK_BREAKEVEN_SHARES - 1]));
    h_close(h);
    stack_cell(table);
    even_words(call, row);
    h_close(h);
    stack_row_end(table);
}

static const char *decimal(web_call *call, double value)
{
    int whole = fabs(value) >= 9.95 || fabs(value - nearbyint(value)) < 0.005;
    return wijk_number_in(call->arena, call->lang, value, whole ? 0 : 2);
}

/* What that share is in the unit of the effect that says most about the measure. */
static void effect_line(const even_view *v, const wijk_breakeven_row *society)
{
    web_call *call = v->call;
    if (society->what != WIJK_PARAMETERS && society->even == WIJK_EVEN_AT &&
        wijk_breakeven_sure(society)) {
        foresee_filled(call, "p", "wijk-from", T_STUDY_EFFECT,
                       wijk_dictionary_row(v->dictionary, society->what)->label[call->lang],
                       decimal(call, society->at), decimal(call, society->most));
    }
}

/* The rows of one measure, from `at` on; returns where the next begins. */
static size_t one_set(const even_view *v, size_t at)
{
    static const enum wijk_text_key heads[] = {T_STUDY_PURSE, T_STUDY_WITHOUT, T_STUDY_STRONG,
                                               T_STUDY_EVEN};
    web_call *call = v->call;
    wijk_lever lever = v->b->rows[at].lever;
    const char *name = lever == WIJK_LEVERS ? wijk_text(call->lang, T_STUDY_ALL)
                                            : wijk_policy_lever(call->lang, lever);
    stack_table table = {0};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        stack_column(&table, wijk_text(call->lang, heads[i]), i == 1 || i == 2 ? NULL : "");
    }
    h_leaf(&call->h, "h4", NULL, name);
    effect_line(v, &v->b->rows[at]);
    stack_begin(&table, &call->h, name);
    for (; at < v->b->n && v->b->rows[at].lever == lever; at++) {
        even_row(v, &table, &v->b->rows[at]);
    }
    stack_end(&table);
    return at;
}

static void society_says(const even_view *v)
{
    const wijk_breakeven_row *row = &v->b->rows[0];
    web_call *call = v->call;
    if (row->purse >= 0) {
        return;
    }
    enum wijk_text_key key = !wijk_breakeven_sure(row)       ? T_STUDY_SOCIETY_UNSURE
                             : row->even == WIJK_EVEN_ALWAYS ? T_STUDY_SOCIETY_ALWAYS
                             : row->even == WIJK_EVEN_UP_TO  ? T_STUDY_SOCIETY_UP_TO
                             : row->even == WIJK_EVEN_AT     ? T_STUDY_SOCIETY_AT
                                                             : T_STUDY_SOCIETY_NEVER;
    foresee_filled(call, "p", "wijk-lead", key,
                   isfinite(row->share) ? percent(call, row->share) : "", range_of(call, row),
                   NULL);
}

static void sets(const even_view *v)
{
    html *h = &v->call->h;
    society_says(v);
    h_open(h, "div", "wijk-texts");
    size_t at = one_set(v, 0);
    if (at < v->b->n) {
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_STUDY_EACH);
        while (at < v->b->n) {
            at = one_set(v, at);
        }
        h_leaft(h, "p", "wijk-from", T_STUDY_ALONE);
        h_close(h);
    }
    h_close(h);
}

static int moves_homes(const foresee_view *view)
{
    const char *text = view->forecast.scenario;
    wijk_scenario_file *file = NULL;
    int moves =
        !wijk_scenario_read(&file, text, strlen(text), "scenario") && wijk_policy_moves_homes(file);
    wijk_scenario_free(file);
    return moves;
}

int foresee_even(web_call *call, const foresee_view *view, const wijk_str *text)
{
    html *h = &call->h;
    wijk_prices *prices = NULL;
    wijk_dictionary *dictionary = NULL;
    wijk_breakeven *b = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_dictionary_open(&dictionary);
    rc = rc ? rc
            : wijk_breakeven_read(&b, text->data, text->size, prices,
                                  wijk_study_key(WIJK_STUDY_EVEN));
    if (!rc) {
        const even_view v = {call, b, prices, dictionary};
        if (b->prices != wijk_breakeven_prices(prices)) {
            h_leaft(h, "p", "wijk-note", T_STUDY_OLD_PRICES);
            foresee_study_again(call, view, WIJK_STUDY_EVEN);
        }
        if (moves_homes(view)) {
            h_leaft(h, "p", "wijk-caution", T_MONEY_STUDY);
        }
        if (b->n) {
            sets(&v);
        }
        foresee_filled(call, "p", "wijk-from", T_STUDY_METHOD_3, foresee_int(call, b->replicates),
                       foresee_int(call, b->years), NULL);
        foresee_filled(call, "p", "wijk-from", T_STUDY_COMMAND,
                       wijk_arena_printf(call->arena,
                                         "wijk foresee breakeven %s --scenario FILE --years %u "
                                         "--replicates %u --seed %llu",
                                         view->portrait.area.code, b->years, b->replicates,
                                         (unsigned long long)b->seed),
                       NULL, NULL);
    }
    wijk_breakeven_free(b);
    wijk_dictionary_free(dictionary);
    wijk_prices_free(prices);
    return rc;
}
