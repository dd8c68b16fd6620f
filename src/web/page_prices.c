/* The prices with which plans are reckoned, each with its source: the page that an amount elsewhere
 * links to (/prijzen#P-20). Unknown prices stand between the others, with the reason. */
#include "web/pages.h"

#include "wijk/prices.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

static const char *const themes[] = {"labour", "order",  "housing", "income",
                                     "care",   "school", "welfare"};
enum { THEMES = sizeof themes / sizeof *themes };

static const char *grade_text(wijk_lang lang, const char *grade)
{
    static const struct {
        const char *grade;
        enum wijk_text_key text;
    } grades[] = {{"A", T_ACCOUNT_GRADE_A},
                  {"B", T_ACCOUNT_GRADE_B},
                  {"C", T_ACCOUNT_GRADE_C},
                  {"UK", T_ACCOUNT_GRADE_UK}};
    for (size_t i = 0; i < sizeof grades / sizeof *grades; i++) {
        if (!strcmp(grades[i].grade, grade)) {
            return wijk_text(lang, grades[i].text);
        }
    }
    return grade;
}

static void add_cents(wijk_str *out, wijk_lang lang, int64_t cents)
{
    wijk_cents_write(out, lang, cents, cents % 100 ? 2 : 0);
}

static void amount(html *h, wijk_lang lang, const wijk_price *price)
{
    wijk_str text = WIJK_STR_INIT, low = WIJK_STR_INIT, high = WIJK_STR_INIT;
    h_open(h, "p", "wijk-price__amount");
    if (price->known) {
        add_cents(&low, lang, price->euro.central);
        wijk_text_fill(&text, lang, T_ACCOUNT_PER_UNIT, wijk_str_text(&low), price->unit[lang],
                       NULL);
        h_leaf(h, "strong", NULL, wijk_str_text(&text));
    } else {
        h_leaft(h, "strong", NULL, T_ACCOUNT_PAGE_UNKNOWN);
    }
    if (price->ranged) {
        wijk_str_clear(&text);
        wijk_str_clear(&low);
        add_cents(&low, lang, price->euro.low);
        add_cents(&high, lang, price->euro.high);
        wijk_text_fill(&text, lang, T_ACCOUNT_PAGE_RANGE, wijk_str_text(&low), wijk_str_text(&high),
                       NULL);
        h_text(h, " ");
        h_leaf(h, "span", "wijk-price__range", wijk_str_text(&text));
    }
    h_close(h);
    wijk_str_free(&text);
    wijk_str_free(&low);
    wijk_str_free(&high);
}

/* Who pays, in what, in money of which year, how sure. */
static void facts(html *h, wijk_lang lang, const wijk_prices *prices, const wijk_price *price)
{
    h_open(h, "p", "wijk-source__who");
    h_text(h, price->purse < 0 ? wijk_text(lang, T_ACCOUNT_PAGE_EVERYONE)
                               : wijk_purse_at(prices, (size_t)price->purse)->label[lang]);
    h_text(h, " · ");
    h_text(h, wijk_cash_text(lang, price->cash));
    if (price->known) {
        wijk_str text = WIJK_STR_INIT;
        char year[16];
        snprintf(year, sizeof year, "%d", price->year);
        wijk_text_fill(&text, lang, T_ACCOUNT_PAGE_MONEY_OF, year, NULL);
        h_text(h, " · ");
        h_text(h, wijk_str_text(&text));
        h_text(h, " · ");
        h_text(h, grade_text(lang, price->grade));
        wijk_str_free(&text);
    }
    h_text(h, " · ");
    h_text(h, price->code);
    h_close(h);
}

static void one_price(web_call *call, const wijk_prices *prices, const wijk_price *price)
{
    html *h = &call->h;
    h_open(h, "li", "wijk-source");
    h_attr(h, "id", price->code);
    h_leaf(h, "h3", "wijk-source__title", price->label[call->lang]);
    amount(h, call->lang, price);
    facts(h, call->lang, prices, price);
    if (price->known) {
        h_open(h, "p", "wijk-from");
        h_text(h, price->source);
        if (!price->ranged) {
            h_text(h, " · ");
            h_t(h, T_ACCOUNT_PRICE_NO_RANGE);
        }
        h_close(h);
    }
    if (*price->note[call->lang]) {
        h_leaf(h, "p", "wijk-from", price->note[call->lang]);
    }
    h_close(h);
}

static void head(web_call *call, const wijk_prices *prices)
{
    html *h = &call->h;
    size_t known = 0;
    char some[24], all[24];
    wijk_str text = WIJK_STR_INIT;
    for (size_t i = 0; i < wijk_price_count(prices); i++) {
        known += (size_t)wijk_price_at(prices, i)->known;
    }
    snprintf(some, sizeof some, "%zu", known);
    snprintf(all, sizeof all, "%zu", wijk_price_count(prices));
    wijk_text_fill(&text, call->lang, T_ACCOUNT_PAGE_KNOWN, some, all, NULL);
    h_leaft(h, "h1", NULL, T_ACCOUNT_PAGE_TITLE);
    h_leaft(h, "p", "wijk-lead", T_ACCOUNT_PAGE_LEAD);
    h_open(h, "p", "wijk-caution");
    h_text(h, wijk_str_text(&text));
    h_text(h, " ");
    h_t(h, T_ACCOUNT_PAGE_MEAN);
    h_close(h);
    wijk_str_free(&text);
    h_open(h, "ul", "wijk-examples");
    for (int t = 0; t < THEMES; t++) {
        char to[32];
        snprintf(to, sizeof to, "#%s", themes[t]);
        h_open(h, "li", NULL);
        page_link(call, "wijk-chip", to,
                  wijk_text(call->lang, (enum wijk_text_key)(T_ACCOUNT_THEME_1 + t)));
        h_close(h);
    }
    h_close(h);
    h_open(h, "p", NULL);
    page_link(call, "wijk-button wijk-button--quiet",
              page_url(call, "/prijzen.csv", NULL, NULL, NULL),
              wijk_text(call->lang, T_ACCOUNT_PAGE_CSV));
    h_text(h, " ");
    page_link(call, "wijk-button wijk-button--quiet",
              page_url(call, "/uitleg/", "account", NULL, NULL),
              wijk_text(call->lang, T_WEB_NAV_MANUAL));
    h_close(h);
    page_share_links(call);
}

int page_prices(web_call *call)
{
    html *h = &call->h;
    wijk_prices *prices;
    int rc = wijk_prices_open(&prices);
    if (rc) {
        return rc;
    }
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_ACCOUNT_PAGE_TITLE),
                                  .area = "wijk-wide"});
    head(call, prices);
    for (int t = 0; t < THEMES; t++) {
        page_heading(call, themes[t], (enum wijk_text_key)(T_ACCOUNT_THEME_1 + t));
        h_open(h, "ul", "wijk-sources wijk-prices");
        for (size_t i = 0; i < wijk_price_count(prices); i++) {
            const wijk_price *price = wijk_price_at(prices, i);
            if (!strcmp(price->theme, themes[t])) {
                one_price(call, prices, price);
            }
        }
        h_close(h);
    }
    wijk_prices_free(prices);
    return page_end(call);
}

/* The table as it is shipped: both languages, every column, ready to be changed and laid over. */
int page_prices_csv(web_call *call)
{
    size_t size = 0;
    const char *text = wijk_asset_get("data/prices.csv", &size);
    page_type(call, "text/csv; charset=utf-8", "prijzen.csv");
    wijk_str_addn(&call->reply->body, text ? text : "", size);
    return wijk_str_status(&call->reply->body);
}
