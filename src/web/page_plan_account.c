/* The whole account of a plan: every outcome of the reckoning in tables, and below them where each
 * amount comes from. The idea: no euro without its derivation, one click away. */
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SWINGS = 5 };

typedef struct {
    web_call *call;
    html *h;
    wijk_plan plan;
    plan_money money;
} page;

/* ---- cells ------------------------------------------------------------------------------------
 */

static void table_open(page *p, const char *id, enum wijk_text_key title)
{
    html *h = p->h;
    page_heading(p->call, id, title);
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "region");
    h_attr(h, "aria-labelledby", id);
    h_open(h, "table", "wijk-table");
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
}

static void head_cell(page *p, enum wijk_text_key key, int number)
{
    page_head_cell(p->h, key, number ? "wijk-table__number" : NULL);
}

static void body_open(page *p)
{
    h_closes(p->h, 2);
    h_open(p->h, "tbody", NULL);
}

static void row_open(page *p, const char *name)
{
    h_open(p->h, "tr", NULL);
    h_open(p->h, "th", NULL);
    h_attr(p->h, "scope", "row");
    h_text(p->h, name);
    h_close(p->h);
}

static void text_cell(page *p, const char *text)
{
    h_leaf(p->h, "td", NULL, text);
}

/* Whole euro, leading to `to` unless that is NULL; an en dash for what is not known. */
static void euro_cell(page *p, double cents, const char *to)
{
    html *h = p->h;
    wijk_str text = WIJK_STR_INIT;
    h_open(h, "td", "wijk-table__number");
    if (isfinite(cents)) {
        wijk_cents_write(&text, p->call->lang, (int64_t)llround(cents), 0);
        if (to) {
            page_link(p->call, NULL, to, wijk_str_text(&text));
        } else {
            h_text(h, wijk_str_text(&text));
        }
    } else {
        h_text(h, "–");
    }
    h_close(h);
    wijk_str_free(&text);
}

static void number_cell(page *p, double value, int decimals, const char *unit)
{
    h_open(p->h, "td", "wijk-table__number");
    h_number(p->h, value, decimals);
    h_text(p->h, isfinite(value) ? unit : "");
    h_close(p->h);
}

static const char *anchor(page *p, const char *what, size_t nth)
{
    const char *to = wijk_arena_printf(p->call->arena, "#%s-%zu", what, nth + 1);
    return to ? to : "#";
}

static const char *party_name(page *p, const wijk_party *party)
{
    wijk_str name = WIJK_STR_INIT;
    wijk_account_party_name(&name, p->call->lang, p->money.account, party);
    return wijk_str_keep(&name, p->call->arena);
}

/* ---- tables -----------------------------------------------------------------------------------
 */

static void break_cell(page *p, const wijk_party *party)
{
    html *h = p->h;
    h_open(h, "td", NULL);
    h_t(h, (enum wijk_text_key)(T_ACCOUNT_BREAK_1 + party->break_even));
    if (isfinite(party->share)) {
        h_text(h, " ");
        h_number(h, party->share * 100, 0);
        h_text(h, "%");
    }
    h_close(h);
}

static void parties(page *p)
{
    static const enum wijk_text_key heads[] = {
        T_ACCOUNT_COST, T_ACCOUNT_BENEFIT, T_ACCOUNT_TRANSFER, T_ACCOUNT_NET,
        T_ACCOUNT_LOW,  T_ACCOUNT_MEDIAN,  T_ACCOUNT_HIGH,     T_ACCOUNT_CHANCE};
    table_open(p, "partijen", T_ACCOUNT_PARTIES);
    head_cell(p, T_ACCOUNT_PARTY, 0);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        head_cell(p, heads[i], 1);
    }
    head_cell(p, T_ACCOUNT_BREAK_EVEN, 0);
    head_cell(p, T_ACCOUNT_BACK_YEARS, 1);
    head_cell(p, T_ACCOUNT_HOURS, 1);
    body_open(p);
    for (size_t i = 0; i < p->money.result->party_count; i++) {
        const wijk_party *it = &p->money.result->parties[i];
        const char *to = anchor(p, "wie", i);
        row_open(p, party_name(p, it));
        euro_cell(p, (double)it->cost, to);
        euro_cell(p, (double)it->benefit, to);
        euro_cell(p, (double)(it->received - it->given), to);
        euro_cell(p, (double)it->net, to);
        euro_cell(p, it->low, NULL);
        euro_cell(p, it->median, NULL);
        euro_cell(p, it->high, NULL);
        number_cell(p, it->chance * 100, 0, "%");
        break_cell(p, it);
        number_cell(p, it->payback < 0 ? (double)NAN : it->payback, 0, "");
        number_cell(p, it->hours, 0, "");
        h_close(p->h);
    }
    h_closes(p->h, 3);
}

/* What leaves or stays in an account, apart from what is worth something in nobody's budget. */
static void kinds(page *p)
{
    table_open(p, "soort", T_ACCOUNT_CASH_TITLE);
    head_cell(p, T_ACCOUNT_PARTY, 0);
    head_cell(p, T_ACCOUNT_CASH_YES, 1);
    head_cell(p, T_ACCOUNT_CASH_CAPACITY, 1);
    head_cell(p, T_ACCOUNT_CASH_WELFARE, 1);
    head_cell(p, T_ACCOUNT_NET, 1);
    body_open(p);
    for (size_t i = 0; i < p->money.result->party_count; i++) {
        const wijk_party *it = &p->money.result->parties[i];
        const char *to = anchor(p, "wie", i);
        row_open(p, party_name(p, it));
        for (int c = 0; c < WIJK_CASH_MIXED; c++) {
            euro_cell(p, (double)it->by_cash[c], to);
        }
        euro_cell(p, (double)it->net, to);
        h_close(p->h);
    }
    h_closes(p->h, 3);
}

static size_t party_of(const page *p, size_t purse)
{
    const wijk_account_result *result = p->money.result;
    size_t i = 0;
    while (i < result->party_count &&
           (result->parties[i].kind != WIJK_PURSE || result->parties[i].purse != (int)purse)) {
        i++;
    }
    return i;
}

static void flow_table(page *p)
{
    const wijk_account_result *result = p->money.result;
    const wijk_prices *prices = p->money.account->prices;
    wijk_lang lang = p->call->lang;
    table_open(p, "stroomtabel", T_ACCOUNT_FLOW_TITLE);
    head_cell(p, T_ACCOUNT_PAYER, 0);
    head_cell(p, T_ACCOUNT_BENEFICIARY, 0);
    head_cell(p, T_ACCOUNT_BENEFIT, 1);
    body_open(p);
    for (size_t i = 0; i < result->purses; i++) {
        for (size_t j = 0; j < result->purses; j++) {
            if (result->flow[i][j]) {
                row_open(p, wijk_purse_at(prices, i)->label[lang]);
                text_cell(p, wijk_purse_at(prices, j)->label[lang]);
                euro_cell(p, (double)result->flow[i][j], anchor(p, "wie", party_of(p, j)));
                h_close(p->h);
            }
        }
    }
    h_closes(p->h, 3);
    h_leaft(p->h, "p", "wijk-from", T_ACCOUNT_FLOW_NOTE);
}

static void lines(page *p)
{
    table_open(p, "regels", T_ACCOUNT_LINE_TITLE);
    head_cell(p, T_ACCOUNT_LINE_WHAT, 0);
    head_cell(p, T_ACCOUNT_SOCIETY, 1);
    head_cell(p, T_ACCOUNT_CASH, 0);
    head_cell(p, T_ACCOUNT_PRICE_CODE, 0);
    head_cell(p, T_ACCOUNT_SOURCE, 0);
    body_open(p);
    for (size_t i = 0; i < p->money.account->count; i++) {
        const wijk_account_line *line = &p->money.account->lines[i];
        if (line->stage != p->money.result->stage || !line->priced) {
            continue;
        }
        row_open(p, line->what);
        euro_cell(p, (double)p->money.result->line_net[i], anchor(p, "regel", i));
        text_cell(p, wijk_cash_text(p->call->lang, line->cash));
        h_open(p->h, "td", "wijk-table__code");
        if (line->price) {
            page_link(p->call, NULL,
                      wijk_arena_printf(p->call->arena, "%s#%s",
                                        page_url(p->call, "/prijzen", NULL, NULL, NULL),
                                        line->price->code),
                      line->price->code);
        }
        h_close(p->h);
        text_cell(p, line->price ? line->price->source : line->source);
        h_close(p->h);
    }
    h_closes(p->h, 3);
}

static void unpriced(page *p)
{
    const wijk_account_result *result = p->money.result;
    if (!result->unpriced_count) {
        return;
    }
    table_open(p, "zonder-prijs", T_ACCOUNT_UNPRICED_TITLE);
    head_cell(p, T_ACCOUNT_LINE_WHAT, 0);
    head_cell(p, T_ACCOUNT_UNITS, 1);
    head_cell(p, T_ACCOUNT_UNIT, 0);
    head_cell(p, T_ACCOUNT_EVEN_PRICE, 1);
    body_open(p);
    for (size_t i = 0; i < result->unpriced_count; i++) {
        const wijk_unpriced *it = &result->unpriced[i];
        const wijk_account_line *line = &p->money.account->lines[it->line];
        row_open(p, line->what);
        number_cell(p, it->units, 0, "");
        text_cell(p, line->price ? line->price->unit[p->call->lang] : line->unit);
        euro_cell(p, it->price, anchor(p, "regel", it->line));
        h_close(p->h);
    }
    h_closes(p->h, 3);
    h_leaft(p->h, "p", "wijk-from", T_ACCOUNT_NOTE_UNPRICED);
}

static int decisive(page *p)
{
    wijk_swing swings[SWINGS];
    size_t count;
    int rc = wijk_account_swings(swings, &count, SWINGS, p->money.account, p->money.result->stage);
    if (rc || !count) {
        return rc;
    }
    table_open(p, "beslissend", T_ACCOUNT_SWING_TITLE);
    head_cell(p, T_ACCOUNT_SWING_WHAT, 0);
    head_cell(p, T_ACCOUNT_LINE_WHAT, 0);
    head_cell(p, T_ACCOUNT_AT_LOW, 1);
    head_cell(p, T_ACCOUNT_AT_HIGH, 1);
    body_open(p);
    for (size_t i = 0; i < count; i++) {
        const char *to = anchor(p, "regel", swings[i].line);
        row_open(p, wijk_text(p->call->lang,
                              (enum wijk_text_key)(T_ACCOUNT_FACTOR_1 + swings[i].factor)));
        text_cell(p, p->money.account->lines[swings[i].line].what);
        euro_cell(p, swings[i].at_low, to);
        euro_cell(p, swings[i].at_high, to);
        h_close(p->h);
    }
    h_closes(p->h, 3);
    return WIJK_OK;
}

/* ---- planned and real -------------------------------------------------------------------------
 */

static int has_real(const wijk_account *account)
{
    for (size_t i = 0; i < account->count; i++) {
        if (account->lines[i].stage == WIJK_REAL) {
            return 1;
        }
    }
    return 0;
}

/* Beside each real line what was planned under the same name for the same years. */
static void comparison(page *p)
{
    const wijk_account *account = p->money.account;
    table_open(p, "vergelijking", T_ACCOUNT_COMPARE_TITLE);
    head_cell(p, T_ACCOUNT_LINE_WHAT, 0);
    head_cell(p, T_ACCOUNT_YEARS_KNOWN, 1);
    head_cell(p, T_ACCOUNT_PLANNED, 1);
    head_cell(p, T_ACCOUNT_REAL, 1);
    head_cell(p, T_ACCOUNT_DIFFERENCE, 1);
    body_open(p);
    for (size_t i = 0; i < account->count; i++) {
        const wijk_account_line *line = &account->lines[i];
        if (line->stage != WIJK_REAL || !line->priced) {
            continue;
        }
        double planned = 0,
               real = (double)wijk_account_nominal(account, line, line->start, line->years);
        size_t match = account->count;
        for (size_t j = 0; j < account->count; j++) {
            const wijk_account_line *other = &account->lines[j];
            if (other->stage == WIJK_PLANNED && !strcmp(other->id, line->id)) {
                match = j;
                planned = (double)wijk_account_nominal(account, other, line->start, line->years);
            }
        }
        row_open(p, line->what);
        number_cell(p, line->years, 0, "");
        euro_cell(p, planned, match < account->count ? anchor(p, "regel", match) : NULL);
        euro_cell(p, real, anchor(p, "regel", i));
        euro_cell(p, real - planned, anchor(p, "regel", i));
        h_close(p->h);
    }
    h_closes(p->h, 3);
}

static void stages(page *p)
{
    html *h = p->h;
    int real = p->money.result->stage == WIJK_REAL;
    if (!has_real(p->money.account)) {
        return;
    }
    h_open(h, "ul", "wijk-actions");
    for (int stage = 0; stage < 2; stage++) {
        h_open(h, "li", NULL);
        h_open(h, "a", "wijk-action");
        h_attr(h, "href",
               page_url(p->call, "/plan/", p->plan.code, "/rekening", "stand",
                        stage ? "real" : NULL, NULL));
        h_attr(h, "aria-current", stage == real ? "true" : NULL);
        h_t(h, (enum wijk_text_key)(T_ACCOUNT_STAGE_1 + stage));
        h_closes(h, 2);
    }
    h_close(h);
}

/* ---- where it comes from ----------------------------------------------------------------------
 */

static void derivation(page *p, const char *what, size_t nth, const char *name,
                       const wijk_str *text)
{
    html *h = p->h;
    h_open(h, "h3", NULL);
    h_attr(h, "id", anchor(p, what, nth) + 1);
    h_text(h, name);
    h_close(h);
    h_open(h, "pre", "wijk-letter");
    h_attr(h, "tabindex", "0");
    h_text(h, wijk_str_text(text));
    h_close(h);
}

static void derivations(page *p)
{
    const plan_money *it = &p->money;
    wijk_lang lang = p->call->lang;
    page_heading(p->call, "afleiding", T_PLAN_DERIVE_TITLE);
    for (size_t i = 0; i < it->account->count; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_account_explain(&text, lang, it->account, it->result, i, -1);
        derivation(p, "regel", i, it->account->lines[i].what, &text);
        wijk_str_free(&text);
    }
    for (size_t i = 0; i < it->result->party_count; i++) {
        wijk_str text = WIJK_STR_INIT;
        const wijk_party *party = &it->result->parties[i];
        wijk_account_explain_party(&text, lang, it->account, it->result, party);
        derivation(p, "wie", i, party_name(p, party), &text);
        wijk_str_free(&text);
    }
}

static void head(page *p)
{
    html *h = p->h;
    web_call *call = p->call;
    char year[16], first[16], last[16];
    wijk_str text = WIJK_STR_INIT;
    const wijk_account *account = p->money.account;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_PLAN_MONEY),
                                  .area = "wijk-wide",
                                  .fictional = p->plan.fictional});
    h_leaft(h, "h1", NULL, T_PLAN_MONEY);
    h_open(h, "p", NULL);
    h_leaf(h, "strong", NULL, p->plan.value[WIJK_PLAN_TITLE]);
    h_text(h, " · ");
    page_link(call, NULL, plan_url(call, &p->plan, NULL), wijk_text(call->lang, T_PLAN_BACK));
    h_text(h, " · ");
    page_link(call, NULL, plan_url(call, &p->plan, "/rekening.csv"),
              wijk_text(call->lang, T_LEDGER_CSV));
    h_close(h);
    snprintf(year, sizeof year, "%d", p->money.result->price_year);
    snprintf(first, sizeof first, "%d", account->first_year);
    snprintf(last, sizeof last, "%d", account->first_year + account->years - 1);
    wijk_text_fill(&text, call->lang, T_PLAN_MONEY_HEAD, year, first, last, NULL);
    h_leaf(h, "p", "wijk-from", wijk_str_text(&text));
    wijk_str_free(&text);
    stages(p);
}

static int write_page(page *p)
{
    head(p);
    h_open(p->h, "div", "wijk-pair");
    int rc = plan_money_flows(p->call, &p->money);
    plan_money_sentences(p->call, &p->money);
    h_close(p->h);
    parties(p);
    h_leaft(p->h, "p", "wijk-from", T_ACCOUNT_PARTIES_NOTE);
    kinds(p);
    flow_table(p);
    lines(p);
    unpriced(p);
    rc = rc ? rc : decisive(p);
    if (has_real(p->money.account)) {
        comparison(p);
    }
    derivations(p);
    return rc ? rc : page_end(p->call);
}

int page_plan_account(web_call *call)
{
    page p = {.call = call, .h = &call->h};
    int real = !strcmp(web_param_get(&call->request->query, "stand"), "real");
    int rc = plan_find(call, &p.plan);
    if (!rc && !*p.plan.value[WIJK_PLAN_ACCOUNT]) {
        rc =
            wijk_fail(WIJK_ENOTFOUND, "Dit plan heeft geen rekening.", "This plan has no account.");
    }
    rc = rc ? rc : plan_money_reckon(&p.money, call, &p.plan, real ? WIJK_REAL : WIJK_PLANNED);
    rc = rc ? rc : write_page(&p);
    plan_money_free(&p.money);
    return rc;
}
