/* Who pays for what a forecast does, and how to repeat it to the bit. */
#include "figure/words.h"
#include "web/foresee_page.h"

#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/prices.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- who pays -------------------------------------------------------------------------------- */

static const char *purse_name(web_call *call, const wijk_prices *prices,
                              const wijk_ledger_purse *purse)
{
    return purse->purse < 0 ? wijk_text(call->lang, T_FORECAST_SOCIETY)
                            : wijk_purse_at(prices, (size_t)purse->purse)->label[call->lang];
}

static void number_cell(web_call *call, const char *text)
{
    h_leaf(&call->h, "td", "wijk-table__number", text);
}

static void net_cell(web_call *call, const wijk_ledger_purse *p)
{
    html *h = &call->h;
    const wijk_band *net = &p->net;
    h_open(h, "td", "wijk-table__number");
    html_leaf(h, p->sure && !wijk_purse_withheld(p) ? "strong" : "span", NULL,
              wijk_euro_say(call->arena, call->lang, p->mean_net));
    h_open(h, "span", "wijk-from");
    h_text(h, wijk_euro_say(call->arena, call->lang, net->low90));
    h_text(h, call->lang == WIJK_EN ? " to " : " tot ");
    h_text(h, wijk_euro_say(call->arena, call->lang, net->high90));
    h_close(h);
    if (p->says == WIJK_SAYS_UNPRICED) {
        h_leaft(h, "span", "wijk-from", T_MONEY_NOT_ALL);
    }
    h_close(h);
}

static void purse_row(web_call *call, const wijk_prices *prices, const wijk_ledger_purse *p,
                      uint32_t pairs, uint32_t years)
{
    html *h = &call->h;
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    html_leaf(h, p->purse < 0 ? "strong" : "span", NULL, purse_name(call, prices, p));
    h_close(h);
    net_cell(call, p);
    number_cell(call, wijk_cost_say(call->arena, call->lang, p->mean_cost));
    number_cell(call, wijk_saved_say(call->arena, call->lang, p->mean_saved));
    h_open(h, "td", "wijk-table__number");
    const char *args[] = {foresee_int(call, lround(pairs * p->chance)), foresee_int(call, pairs)};
    h_fill(h, wijk_purse_withheld(p) ? T_MONEY_CANNOT : T_FORECAST_CHANCE_OF, args, 2);
    h_close(h);
    h_leaf(h, "td", "wijk-table__number", wijk_payback_say(call->arena, call->lang, p, years));
    h_close(h);
}

static void purse_table(web_call *call, const wijk_ledger *ledger, const wijk_prices *prices,
                        uint32_t pairs, uint32_t years)
{
    html *h = &call->h;
    h_leaft(h, "p", "wijk-slide", T_FORECAST_SLIDE);
    h_open(h, "div", "wijk-scroll wijk-scroll--signed");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, T_FORECAST_PAYS));
    h_open(h, "table", "wijk-table wijk-table--pinned");
    h_leaft(h, "caption", "wijk-hidden", T_FORECAST_PAYS);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_FORECAST_PURSE, NULL);
    page_head_cell(h, T_FORECAST_NET, "wijk-table__number"); /* what a narrow screen must show */
    page_head_cell(h, T_MONEY_HEAD_COST, "wijk-table__number");
    page_head_cell(h, T_MONEY_HEAD_SAVED, "wijk-table__number");
    page_head_cell(h, T_FORECAST_CHANCE, "wijk-table__number");
    page_head_cell(h, T_FORECAST_PAYBACK, "wijk-table__number");
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < ledger->n_purses; i++) {
        purse_row(call, prices, &ledger->purses[i], pairs, years);
    }
    h_closes(h, 3);
}

static void even_sentences(web_call *call, const wijk_ledger *ledger, const wijk_prices *prices)
{
    html *h = &call->h;
    h_open(h, "details", "wijk-details wijk-details--print");
    h_leaft(h, "summary", NULL, T_FORECAST_EVEN);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < ledger->n_purses; i++) {
        const wijk_ledger_purse *p = &ledger->purses[i];
        if (fabs(p->mean_cost) < WIJK_EVEN_LEAST && fabs(p->mean_saved) < WIJK_EVEN_LEAST) {
            continue;
        }
        if (p->purse >= 0 && !strcmp(wijk_purse_at(prices, (size_t)p->purse)->code, "open")) {
            continue; /* nobody's purse: it has nothing to break even */
        }
        h_open(h, "li", NULL);
        h_leaf(h, "strong", NULL, purse_name(call, prices, p));
        h_text(h, ": ");
        h_text(h, wijk_even_say(call->arena, call->lang, ledger, p));
        h_close(h);
    }
    h_closes(h, 2);
}

/* What changes and has no price: it stays in its own unit, with who bears it. */
static void unpriced(web_call *call, const wijk_ledger *ledger, const wijk_prices *prices)
{
    html *h = &call->h;
    size_t shown = 0;
    for (size_t i = 0; i < ledger->n_rows; i++) {
        const wijk_ledger_row *row = &ledger->rows[i];
        int still = row->units.low90 >= 0 && row->units.high90 <= 0;
        if (row->priced || still) {
            continue;
        }
        if (!shown++) {
            h_open(h, "details", "wijk-details wijk-details--print");
            h_leaft(h, "summary", NULL, T_FORECAST_UNPRICED_TITLE);
            h_leaft(h, "p", NULL, T_FORECAST_UNPRICED);
            h_open(h, "ul", "wijk-list");
        }
        h_open(h, "li", NULL);
        h_leaf(h, "strong", NULL, wijk_purse_at(prices, (size_t)row->purse)->label[call->lang]);
        h_text(h, ": ");
        h_text(h, wijk_unpriced_say(call->arena, call->lang, row));
        h_close(h);
    }
    h_closes(h, shown ? 2 : 0);
}

/* Whose bill it is and what is not in it, before any amount. */
static void money_first(web_call *call, const foresee_view *view, const wijk_ledger *ledger)
{
    const char *said[WIJK_MONEY_FIRST];
    size_t n = wijk_money_first(said, call->arena, call->lang, view->answer->ensemble, ledger);
    for (size_t i = 0; i < n; i++) {
        h_leaf(&call->h, "p", "wijk-caution", said[i]);
    }
    foresee_say_few(call, view);
}

static void how_to_read(web_call *call, const char *open)
{
    html *h = &call->h;
    h_open(h, "details", "wijk-details wijk-details--print");
    h_leaft(h, "summary", NULL, T_FORECAST_HOW_TO_READ);
    h_leaft(h, "p", NULL, T_FORECAST_MEANS);
    h_leaft(h, "p", NULL, T_MONEY_MOVES_ALONG);
    if (open) {
        h_leaf(h, "p", NULL, open);
    }
    h_close(h);
}

/* A business case of early debt help is quoted where a policy is chosen; beside what comes out here
 * stands why that is something else. */
static int published(web_call *call, const foresee_view *view, const wijk_ledger *ledger)
{
    wijk_dictionary *dictionary = NULL;
    if (!foresee_is_about_debts(view->forecast.scenario)) {
        return WIJK_OK;
    }
    int rc = wijk_dictionary_open(&dictionary);
    if (!rc) {
        const wijk_parameter_row *help = wijk_dictionary_row(dictionary, WIJK_P_DEBT_HELP);
        h_leaf(&call->h, "p", "wijk-caution",
               WIJK_FILL(call->arena, call->lang, T_RESULT_DEBTS,
                         {"here", wijk_money_short(call->arena, call->lang, view->answer->ensemble,
                                                   ledger)},
                         {"low", wijk_number_in(call->arena, call->lang, help->low, 1)},
                         {"high", wijk_number_in(call->arena, call->lang, help->high, 0)},
                         {"grade", help->grade}));
    }
    wijk_dictionary_free(dictionary);
    return rc;
}

static int sums(web_call *call, const foresee_view *view)
{
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, view->answer->ensemble, prices);
    if (!rc) {
        char year[16];
        wijk_str percent = WIJK_STR_INIT;
        snprintf(year, sizeof year, "%d", ledger->price_year);
        wijk_number(&percent, call->lang, 100 * ledger->discount, 2);
        foresee_filled(call, "p", NULL, T_FORECAST_PAYS_ABOUT,
                       foresee_int(call, view->forecast.years), year, NULL);
        money_first(call, view, ledger);
        purse_table(call, ledger, prices, view->answer->done, view->forecast.years);
        how_to_read(call, wijk_money_open(call->arena, call->lang, ledger, prices));
        rc = published(call, view, ledger);
        foresee_measures(call, view, ledger, prices);
        even_sentences(call, ledger, prices);
        unpriced(call, ledger, prices);
        foresee_filled(call, "p", "wijk-caution", T_FORECAST_PRICES_NOTE, wijk_str_text(&percent),
                       NULL, NULL);
        wijk_str_free(&percent);
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    return rc;
}

int foresee_pays(web_call *call, const foresee_view *view)
{
    page_section(call, "wijk-section", "betaalt", T_FORECAST_PAYS);
    int rc = foresee_kept(call, view, "pays", sums);
    rc = rc ? rc : foresee_study(call, view, WIJK_STUDY_EVEN);
    h_close(&call->h);
    return rc;
}

/* ---- how to repeat it ------------------------------------------------------------------------ */

static void fact(html *h, enum wijk_text_key what, const char *text)
{
    h_open(h, "div", NULL);
    h_leaft(h, "dt", NULL, what);
    h_leaf(h, "dd", NULL, text);
    h_close(h);
}

static void linked_fact(web_call *call, enum wijk_text_key what, const char *url, const char *text)
{
    html *h = &call->h;
    h_open(h, "div", NULL);
    h_leaft(h, "dt", NULL, what);
    h_open(h, "dd", NULL);
    page_link(call, NULL, url, text);
    h_closes(h, 2);
}

void foresee_repeat(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    char pairs[32], seed[24], parameters[24], population[24];
    wijk_ensemble_about a = wijk_ensemble_tell(view->answer->ensemble);
    wijk_str withheld = WIJK_STR_INIT;
    const char *few = foresee_int(call, a.withheld);
    snprintf(pairs, sizeof pairs, "%u–%u", a.first, a.last);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)a.seed);
    snprintf(parameters, sizeof parameters, "%016llx", (unsigned long long)a.parameters);
    snprintf(population, sizeof population, "%016llx", (unsigned long long)a.population);
    wijk_text_fill(&withheld, call->lang, T_FORECAST_WITHHELD, few, NULL);
    h_open(h, "details", "wijk-details");
    h_leaft(h, "summary", NULL, T_FORECAST_REPEAT);
    h_leaft(h, "p", NULL, T_FORECAST_REPEAT_ABOUT);
    h_open(h, "dl", "wijk-facts");
    fact(h, T_FORECAST_F_PAIRS, pairs);
    fact(h, T_FORECAST_F_SEED, seed);
    fact(h, T_FORECAST_F_MODEL, a.version);
    linked_fact(call, T_FORECAST_F_PARAMETERS, page_url(call, "/aannames", NULL, NULL, NULL),
                parameters);
    fact(h, T_FORECAST_F_POPULATION, population);
    fact(h, T_FORECAST_F_LINEAGE, a.lineage);
    fact(h, T_FORECAST_F_REGION, a.region);
    fact(h, T_FORECAST_F_WITHHELD, wijk_str_text(&withheld));
    fact(h, T_FORECAST_F_ASKED, view->forecast.asked_at);
    fact(h, T_FORECAST_F_COMMAND,
         wijk_arena_printf(call->arena,
                           "wijk foresee run %s --scenario FILE --years %u --replicates %u "
                           "--seed %s",
                           view->portrait.area.code, a.years, a.last, seed));
    h_close(h);
    h_leaft(h, "h3", NULL, T_FORECAST_TEXT);
    h_open(h, "pre", "wijk-letter");
    h_attr(h, "tabindex", "0");
    h_text(h, a.scenario);
    h_closes(h, 2);
    wijk_str_free(&withheld);
}
