/* Who pays and who profits: the account of a plan, purse by purse, and where every euro comes
 * from. The same reckoning as `wijk account`. */
#include "web/plan.h"

#include "wijk/account.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DRAWS = 20000 };

int plan_money_reckon(plan_money *out, web_call *call, const wijk_plan *plan, enum wijk_stage stage)
{
    const char *text = plan->value[WIJK_PLAN_ACCOUNT];
    const wijk_account_options options = {.stage = stage, .draws = DRAWS, .seed = 1, .threads = 1};
    *out = (plan_money){0};
    int rc = wijk_account_read(&out->file, text, strlen(text), "plan", NULL, 0, NULL);
    if (!rc) {
        out->account = wijk_account_of(out->file);
        rc = wijk_account_reckon(&out->result, out->account, &options, &call->ctx);
    }
    return rc;
}

void plan_money_free(plan_money *it)
{
    wijk_account_result_free(it->result);
    wijk_account_file_free(it->file);
}

static void put_cents(wijk_str *out, wijk_lang lang, double cents)
{
    if (isfinite(cents)) {
        wijk_cents_write(out, lang, (int64_t)llround(cents), 0);
    }
}

/* An amount that leads to its derivation. */
static void amount(web_call *call, const char *url, int64_t cents)
{
    html *h = &call->h;
    wijk_str text = WIJK_STR_INIT;
    put_cents(&text, call->lang, (double)cents);
    h_open(h, "td", "wijk-table__number");
    page_link(call, NULL, url, wijk_str_text(&text));
    h_close(h);
    wijk_str_free(&text);
}

static void party_row(web_call *call, const wijk_plan *plan, const plan_money *it, size_t nth)
{
    html *h = &call->h;
    const wijk_party *party = &it->result->parties[nth];
    wijk_str name = WIJK_STR_INIT;
    const char *url =
        wijk_arena_printf(call->arena, "%s#wie-%zu", plan_url(call, plan, "/rekening"), nth + 1);
    url = url ? url : "";
    wijk_account_party_name(&name, call->lang, it->account, party);
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_text(h, wijk_str_text(&name));
    h_close(h);
    amount(call, url, party->cost + party->given);
    amount(call, url, party->benefit + party->received);
    amount(call, url, party->net);
    h_leaf(h, "td", "wijk-table__number", wijk_plan_band_say(call->arena, call->lang, party));
    h_close(h);
    wijk_str_free(&name);
}

static void party_table(web_call *call, const wijk_plan *plan, const plan_money *it)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "region");
    h_attr(h, "aria-label", wijk_text(call->lang, T_ACCOUNT_PARTIES));
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", T_PLAN_MONEY);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_ACCOUNT_PARTY, NULL);
    page_head_cell(h, T_PLAN_FLOW_PAYS, "wijk-table__number");
    page_head_cell(h, T_PLAN_FLOW_GAINS, "wijk-table__number");
    page_head_cell(h, T_ACCOUNT_NET, "wijk-table__number");
    page_head_cell(h, T_PLAN_MONEY_BAND, "wijk-table__number");
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < it->result->party_count; i++) {
        party_row(call, plan, it, i);
    }
    h_closes(h, 3);
}

static void filled(web_call *call, const char *tag, const char *class_name, enum wijk_text_key key,
                   const char *a, const char *b, const char *c)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, call->lang, key, a, b, c, NULL);
    html_leaf(&call->h, tag, class_name, wijk_str_text(&text));
    wijk_str_free(&text);
}

void plan_money_sentences(web_call *call, const plan_money *it)
{
    const wijk_party *all = wijk_account_society(it->result);
    h_open(&call->h, "div", NULL);
    h_leaf(&call->h, "p", "wijk-lead", wijk_plan_break_say(call->arena, call->lang, all));
    html *h = &call->h;
    h_open(h, "ul", "wijk-list");
    h_leaft(h, "li", NULL, T_ACCOUNT_NOTE_EVIDENCE);
    h_leaft(h, "li", NULL, T_ACCOUNT_NOTE_BANDS);
    for (size_t i = 0; i < it->result->unpriced_count; i++) {
        filled(call, "li", NULL, T_PLAN_UNPRICED,
               it->account->lines[it->result->unpriced[i].line].what, NULL, NULL);
    }
    h_closes(h, 2);
}

int plan_money_flows(web_call *call, const plan_money *it)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = call->lang, .id = "stromen"};
    int rc = wijk_plan_picture_flows(&figure, call->arena, &style, it->account, it->result);
    if (!rc) {
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static void fill_in_link(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    if (!call->site->read_only) {
        h_open(h, "p", "wijk-more");
        page_link(call, "wijk-button wijk-button--quiet", plan_url(call, plan, "/geld"),
                  wijk_text(call->lang, T_LEDGER_OPEN));
        h_close(h);
    }
}

static int section(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    plan_money it;
    char year[16], first[16], last[16];
    page_section(call, "wijk-section", "geld", T_PLAN_MONEY);
    if (!*plan->value[WIJK_PLAN_ACCOUNT]) {
        h_leaft(h, "p", NULL, T_PLAN_MONEY_NONE);
        fill_in_link(call, plan);
        h_close(h);
        return WIJK_OK;
    }
    int rc = plan_money_reckon(&it, call, plan, WIJK_PLANNED);
    if (!rc) {
        snprintf(year, sizeof year, "%d", it.result->price_year);
        snprintf(first, sizeof first, "%d", it.account->first_year);
        snprintf(last, sizeof last, "%d", it.account->first_year + it.account->years - 1);
        filled(call, "p", "wijk-from", T_PLAN_MONEY_HEAD, year, first, last);
        h_open(h, "div", "wijk-pair");
        rc = plan_money_flows(call, &it);
        plan_money_sentences(call, &it);
        h_close(h);
        party_table(call, plan, &it);
        fill_in_link(call, plan);
    }
    plan_money_free(&it);
    h_close(h);
    return rc;
}

int plan_money_section(web_call *call, const wijk_plan *plan)
{
    return plan_kept(call, plan, "money", section);
}
