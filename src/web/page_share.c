/* What corporations ask before they do more: what it does to their letter, and how one post is paid
 * by several. Both are forms whose answer is an address, so that it can be mailed; nothing is kept.
 */
#include "web/form.h"
#include "web/pages.h"

#include "wijk/account_words.h"
#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAYERS = 4 };

static const char *query(web_call *call, const char *name)
{
    return web_param_get(&call->request->query, name);
}

void page_share_links(web_call *call)
{
    html *h = &call->h;
    h_open(h, "ul", "wijk-list");
    h_open(h, "li", NULL);
    page_link(call, NULL, page_url(call, "/prijzen/functie", NULL, NULL, NULL),
              wijk_text(call->lang, T_SHARE_STAFF_LINK));
    h_close(h);
    h_open(h, "li", NULL);
    page_link(call, NULL, page_url(call, "/prijzen/letter", NULL, NULL, NULL),
              wijk_text(call->lang, T_SHARE_LETTER_LINK));
    h_closes(h, 2);
}

/* ---- fields -----------------------------------------------------------------------------------
 */

static void box(web_call *call, const char *name, enum wijk_text_key key, const char *value,
                const char *hint, int number)
{
    html *h = &call->h;
    const char *about = hint ? wijk_arena_printf(call->arena, "%s-uitleg", name) : NULL;
    h_open(h, "div", "wijk-field");
    form_labelt(h, name, key);
    form_input(h, name, name);
    h_attr(h, "value", value);
    h_attri(h, "maxlength", 60);
    h_attr(h, "autocomplete", "off");
    h_attr(h, "inputmode", number ? "decimal" : NULL);
    h_attr(h, "aria-describedby", about);
    h_close(h);
    if (hint) {
        h_open(h, "p", "wijk-from");
        h_attr(h, "id", about);
        h_text(h, hint);
        h_close(h);
    }
    h_close(h);
}

static void select_open(web_call *call, const char *name, enum wijk_text_key key)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-field");
    form_labelt(h, name, key);
    form_select(h, name, name);
}

/* "1.000" is a thousand to one and one to another. */
static int is_ambiguous(const char *text)
{
    size_t before = strspn(text, "0123456789");
    return before >= 1 && before <= 3 && *text != '0' &&
           (text[before] == '.' || text[before] == ',') &&
           strspn(text + before + 1, "0123456789") == 3 && !text[before + 4];
}

/* A number of 0 or more with a point or a comma; thousands may stand apart by neither. */
static int read_number(double *out, web_call *call, const char *name, enum wijk_text_key key,
                       double otherwise)
{
    const char *text = query(call, name);
    size_t size = strlen(text);
    *out = otherwise;
    if (is_ambiguous(text)) {
        return wijk_fail(
            WIJK_EINVAL,
            "%s%.0s: \"%.20s\" kan twee dingen betekenen; schrijf duizendtallen zonder "
            "punt.",
            "%.0s%s: \"%.20s\" can mean two things; write thousands without a "
            "separator.",
            wijk_text(WIJK_NL, key), wijk_text(WIJK_EN, key), text);
    }
    if (!size ||
        ((wijk_csv_number(out, text, size, '.') || wijk_csv_number(out, text, size, ',')) &&
         *out >= 0)) {
        return WIJK_OK;
    }
    return wijk_fail(WIJK_EINVAL, "%s%.0s: \"%.40s\" is geen getal van 0 of meer.",
                     "%.0s%s: \"%.40s\" is no number of 0 or more.", wijk_text(WIJK_NL, key),
                     wijk_text(WIJK_EN, key), text);
}

static int read_cents(int64_t *out, web_call *call, const char *name, enum wijk_text_key key)
{
    const char *text = query(call, name);
    *out = 0;
    if (!*text) {
        return WIJK_OK;
    }
    int rc = wijk_cents_parse(out, text);
    if (rc || *out < 0) {
        char where[80];
        if (!rc) {
            rc = wijk_fail(WIJK_EINVAL, "een bedrag kan hier niet negatief zijn.",
                           "an amount cannot be negative here.");
        }
        snprintf(where, sizeof where, "%s", wijk_text(call->lang, key));
        return wijk_fail_at(rc, where);
    }
    return WIJK_OK;
}

/* What is wrong is a sentence above the form, and no failure of the page. */
static int told(web_call *call, int rc)
{
    if (rc == WIJK_EINVAL || rc == WIJK_EFORMAT || rc == WIJK_ELIMIT || rc == WIJK_ENOTFOUND) {
        h_open(&call->h, "p", "wijk-note");
        h_attr(&call->h, "role", "alert");
        h_text(&call->h, wijk_error(call->lang));
        h_close(&call->h);
        return WIJK_OK;
    }
    return rc;
}

static void begin(web_call *call, enum wijk_text_key title, enum wijk_text_key lead)
{
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, title), .area = "wijk-text"});
    h_leaft(&call->h, "h1", NULL, title);
    h_leaft(&call->h, "p", "wijk-lead", lead);
}

static void notes(web_call *call, const char *const *texts, size_t count)
{
    h_open(&call->h, "ul", "wijk-list");
    for (size_t i = 0; i < count && texts[i]; i++) {
        h_leaf(&call->h, "li", NULL, texts[i]);
    }
    h_close(&call->h);
}

static void table_open(web_call *call, enum wijk_text_key title)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "region");
    h_attr(h, "aria-label", wijk_text(call->lang, title));
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", title);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
}

static void body_open(web_call *call)
{
    h_closes(&call->h, 2);
    h_open(&call->h, "tbody", NULL);
}

static void row_open(web_call *call, const char *name)
{
    h_open(&call->h, "tr", NULL);
    h_open(&call->h, "th", NULL);
    h_attr(&call->h, "scope", "row");
    h_text(&call->h, name);
    h_close(&call->h);
}

static void cents_cell(web_call *call, double cents)
{
    wijk_str text = WIJK_STR_INIT;
    int64_t whole = 0;
    wijk_cents_round(&whole, cents);
    wijk_cents_write(&text, call->lang, whole, 2);
    h_leaf(&call->h, "td", "wijk-table__number", wijk_str_text(&text));
    wijk_str_free(&text);
}

/* ---- the letter -------------------------------------------------------------------------------
 */

static void letter_row(web_call *call, enum wijk_text_key name, double euro, char letter)
{
    const char text[2] = {letter, 0};
    row_open(call, wijk_text(call->lang, name));
    cents_cell(call, euro * 100);
    h_leaf(&call->h, "td", NULL, text);
    h_close(&call->h);
}

static void letter_answer(web_call *call, const wijk_prices *prices,
                          const wijk_letter_limits *limits, const wijk_letter *letter)
{
    const char *said[WIJK_LETTER_NOTES];
    page_heading(call, "uitkomst", T_ACCOUNT_LETTER_TITLE);
    table_open(call, T_ACCOUNT_LETTER_TITLE);
    page_head_cell(&call->h, T_ACCOUNT_LETTER_CASE, NULL);
    page_head_cell(&call->h, T_ACCOUNT_LETTER_COST, "wijk-table__number");
    page_head_cell(&call->h, T_ACCOUNT_LETTER, NULL);
    body_open(call);
    letter_row(call, T_ACCOUNT_LETTER_NOW, letter->cost, letter->now);
    letter_row(call, T_ACCOUNT_LETTER_THEN, letter->cost + letter->extra, letter->then);
    letter_row(call, T_ACCOUNT_LETTER_TOGETHER, letter->cost + letter->extra, letter->together);
    h_closes(&call->h, 3);
    wijk_letter_say(said, call->arena, call->lang, prices, limits, letter);
    notes(call, said, WIJK_LETTER_NOTES);
}

static int letter_reckon(web_call *call, const wijk_prices *prices)
{
    wijk_letter_limits limits;
    wijk_letter letter;
    wijk_letter_case about = {.cost = NAN};
    if (!*query(call, "woningen")) {
        return WIJK_OK;
    }
    int rc = read_number(&about.dwellings, call, "woningen", T_SHARE_DWELLINGS, 0);
    rc = rc ? rc : read_number(&about.cost, call, "lasten", T_SHARE_COST, NAN);
    rc = rc ? rc : read_number(&about.extra, call, "extra", T_SHARE_EXTRA, 0);
    rc = rc ? rc
            : wijk_letter_limits_of(&limits, prices,
                                    web_param_int(&call->request->query, "jaar", 1990, 2100, 2023));
    rc = rc ? rc : wijk_letter_reckon(&letter, &limits, &about);
    if (!rc) {
        letter_answer(call, prices, &limits, &letter);
    }
    return told(call, rc);
}

static void letter_form(web_call *call)
{
    html *h = &call->h;
    const char *year = query(call, "jaar");
    h_open(h, "form", "wijk-form");
    h_attr(h, "action", page_url(call, "/prijzen/letter", NULL, NULL, NULL));
    box(call, "woningen", T_SHARE_DWELLINGS, query(call, "woningen"), NULL, 1);
    box(call, "lasten", T_SHARE_COST, query(call, "lasten"),
        wijk_text(call->lang, T_SHARE_COST_HINT), 1);
    box(call, "extra", T_SHARE_EXTRA, query(call, "extra"),
        wijk_text(call->lang, T_SHARE_EXTRA_HINT), 1);
    select_open(call, "jaar", T_SHARE_YEAR);
    page_option(call, "2023", "2023", *year ? year : "2023");
    page_option(call, "2022", "2022", year);
    h_closes(h, 2);
    form_button(&call->h, "wijk-button", T_SHARE_RECKON);
    h_close(h);
}

int page_letter(web_call *call)
{
    wijk_prices *prices;
    int rc = wijk_prices_open(&prices);
    if (rc) {
        return rc;
    }
    begin(call, T_SHARE_LETTER_TITLE, T_SHARE_LETTER_LEAD);
    rc = letter_reckon(call, prices);
    letter_form(call);
    wijk_prices_free(prices);
    return rc ? rc : page_end(call);
}

/* ---- the shared post --------------------------------------------------------------------------
 */

static const char *field(web_call *call, const char *name, int nth)
{
    const char *full = wijk_arena_printf(call->arena, "%s.%d", name, nth);
    return full ? full : "";
}

static int read_payer(wijk_staff *staff, web_call *call, const wijk_prices *prices, int nth)
{
    static const char *const recovers[] = {"nee", "ja"};
    const char *code = query(call, field(call, "wie", nth));
    if (!*code) {
        return WIJK_OK;
    }
    wijk_payer *it = &staff->payers[staff->count++];
    *it = (wijk_payer){.purse = wijk_purse_find(prices, code), .recovers = -1};
    for (size_t i = 0; i + 1 < staff->count; i++) {
        if (staff->payers[i].purse == it->purse) {
            it->purse = -1;
        }
    }
    if (it->purse < 0) {
        return wijk_fail(WIJK_EINVAL, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, T_SHARE_TWICE),
                         wijk_text(WIJK_EN, T_SHARE_TWICE));
    }
    for (int r = 0; r < 2; r++) {
        it->recovers = strcmp(query(call, field(call, "btw", nth)), recovers[r]) ? it->recovers : r;
    }
    if (nth == web_param_int(&call->request->query, "werkgever", 1, PAYERS, 1)) {
        staff->employer = staff->count - 1;
    }
    int rc = read_number(&it->hours, call, field(call, "uren", nth), T_SHARE_OWN_HOURS, 0);
    rc = rc ? rc : read_number(&it->weight, call, field(call, "deel", nth), T_SHARE_PART, 0);
    rc = rc ? rc : read_cents(&it->advance, call, field(call, "betaald", nth), T_SHARE_ADVANCE);
    it->weight = staff->by_hours ? it->hours : it->weight;
    return rc;
}

static int read_staff(wijk_staff *out, web_call *call, const wijk_prices *prices)
{
    const char *post = query(call, "functie"), *period = query(call, "periode");
    *out = (wijk_staff){.post = *post ? post : wijk_text(call->lang, T_SHARE_POST),
                        .period = *period ? period : "–",
                        .by_hours = !strcmp(query(call, "sleutel"), "uren"),
                        .agreed = !strcmp(query(call, "afgesproken"), "ja")};
    for (int r = 0; r < WIJK_ROUTES; r++) {
        if (!strcmp(query(call, "vorm"), wijk_route_word((enum wijk_route)r))) {
            out->route = (enum wijk_route)r;
        }
    }
    int rc = read_cents(&out->gross, call, "loon", T_SHARE_GROSS);
    rc = rc ? rc : read_cents(&out->charges, call, "lasten", T_SHARE_CHARGES);
    rc = rc ? rc : read_cents(&out->overhead, call, "overhead", T_SHARE_OVERHEAD);
    rc = rc ? rc : read_cents(&out->other, call, "anders", T_SHARE_OTHER);
    rc = rc ? rc : read_number(&out->common_hours, call, "samen", T_SHARE_COMMON, 0);
    for (int i = 1; i <= PAYERS && !rc; i++) {
        rc = read_payer(out, call, prices, i);
    }
    return rc;
}

static void statement_row(web_call *call, const char *name, const wijk_settlement *part,
                          int64_t advance)
{
    row_open(call, name);
    h_open(&call->h, "td", "wijk-table__number");
    h_number(&call->h, part->hours, 1);
    h_close(&call->h);
    cents_cell(call, (double)part->share);
    cents_cell(call, (double)part->vat);
    cents_cell(call, (double)advance);
    cents_cell(call, (double)part->settle);
    h_close(&call->h);
}

static void statement_table(web_call *call, const wijk_staff *staff, const wijk_statement *s,
                            const wijk_prices *prices)
{
    static const enum wijk_text_key heads[] = {T_ACCOUNT_HOURS, T_ACCOUNT_SHARE, T_ACCOUNT_VAT,
                                               T_ACCOUNT_ADVANCE, T_ACCOUNT_SETTLE};
    wijk_settlement total = {.hours = s->hours, .share = s->cost, .vat = s->vat};
    int64_t advances = 0;
    table_open(call, T_ACCOUNT_STAFF_TITLE);
    page_head_cell(&call->h, T_ACCOUNT_STAFF_PAYER, NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        page_head_cell(&call->h, heads[i], "wijk-table__number");
    }
    body_open(call);
    for (size_t i = 0; i < staff->count; i++) {
        statement_row(call, wijk_payer_say(call->arena, call->lang, staff, prices, i), &s->parts[i],
                      staff->payers[i].advance);
        advances += staff->payers[i].advance;
        total.settle += s->parts[i].settle;
    }
    statement_row(call, wijk_text(call->lang, T_ACCOUNT_TOTAL), &total, advances);
    h_closes(&call->h, 3);
}

static int staff_reckon(web_call *call, const wijk_prices *prices)
{
    wijk_staff staff;
    wijk_statement s;
    const char *heads[WIJK_STAFF_HEADS], *said[WIJK_STAFF_NOTES];
    if (!call->request->query.count) {
        return WIJK_OK;
    }
    int rc = read_staff(&staff, call, prices);
    rc = rc ? rc : wijk_staff_settle(&s, &staff, prices);
    if (!rc) {
        page_heading(call, "uitkomst", T_ACCOUNT_STAFF_TITLE);
        wijk_staff_head_say(heads, call->arena, call->lang, &staff, &s);
        for (size_t i = 0; i < WIJK_STAFF_HEADS && heads[i]; i++) {
            h_leaf(&call->h, "p", i ? NULL : "wijk-lead", heads[i]);
        }
        statement_table(call, &staff, &s, prices);
        wijk_staff_notes_say(said, call->arena, call->lang, &s);
        notes(call, said, WIJK_STAFF_NOTES);
    }
    return told(call, rc);
}

/* What the form begins with: an example, so that pressing the button shows something at once. */
static const char *shown(web_call *call, const char *name, const char *example)
{
    return call->request->query.count ? query(call, name) : example;
}

static void agreement_part(web_call *call)
{
    html *h = &call->h;
    const char *route = shown(call, "vorm", "lending"), *key = shown(call, "sleutel", "delen");
    const char *agreed = shown(call, "afgesproken", "ja");
    h_open(h, "fieldset", "wijk-fieldset");
    h_leaft(h, "legend", NULL, T_SHARE_AGREEMENT);
    box(call, "functie", T_SHARE_POST, shown(call, "functie", "samenlevingsondersteuner"), NULL, 0);
    box(call, "periode", T_SHARE_PERIOD, shown(call, "periode", "2024"), NULL, 0);
    select_open(call, "vorm", T_SHARE_ROUTE);
    for (int r = 0; r < WIJK_ROUTES; r++) {
        page_option(call, wijk_route_word((enum wijk_route)r),
                    wijk_route_text(call->lang, (enum wijk_route)r), route);
    }
    h_closes(h, 2);
    select_open(call, "sleutel", T_SHARE_KEY);
    page_option(call, "delen", wijk_text(call->lang, T_SHARE_KEY_SHARES), key);
    page_option(call, "uren", wijk_text(call->lang, T_SHARE_KEY_HOURS), key);
    h_closes(h, 2);
    select_open(call, "afgesproken", T_SHARE_AGREED);
    page_option(call, "ja", wijk_text(call->lang, T_SHARE_YES), agreed);
    page_option(call, "nee", wijk_text(call->lang, T_SHARE_NO), agreed);
    h_closes(h, 3);
}

static void money_part(web_call *call)
{
    static const struct {
        const char *name, *example;
        enum wijk_text_key key;
    } boxes[] = {{"loon", "56500", T_SHARE_GROSS},
                 {"lasten", "15300", T_SHARE_CHARGES},
                 {"overhead", "21500", T_SHARE_OVERHEAD},
                 {"anders", "", T_SHARE_OTHER},
                 {"samen", "84", T_SHARE_COMMON}};
    h_open(&call->h, "fieldset", "wijk-fieldset");
    h_leaft(&call->h, "legend", NULL, T_SHARE_MONEY);
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        box(call, boxes[i].name, boxes[i].key, shown(call, boxes[i].name, boxes[i].example), NULL,
            1);
    }
    h_close(&call->h);
}

static void payer_part(web_call *call, const wijk_prices *prices, int nth)
{
    static const char *const examples[][5] = {{"corp", "1", "467.5", "", ""},
                                              {"gem_wmo", "1", "518", "30000", "ja"},
                                              {"zvw", "1", "113.5", "", "nee"},
                                              {"", "", "", "", ""}};
    static const struct {
        const char *name;
        enum wijk_text_key key;
    } boxes[] = {{"deel", T_SHARE_PART}, {"uren", T_SHARE_OWN_HOURS}, {"betaald", T_SHARE_ADVANCE}};
    html *h = &call->h;
    char number[8];
    const char *who = field(call, "wie", nth), *vat = field(call, "btw", nth);
    const char *purse = shown(call, who, examples[nth - 1][0]);
    const char *recovers = shown(call, vat, examples[nth - 1][4]);
    snprintf(number, sizeof number, "%d", nth);
    h_open(h, "fieldset", "wijk-fieldset");
    h_open(h, "legend", NULL);
    h_fill(h, T_SHARE_PAYER, (const char *const[]){number}, 1);
    h_close(h);
    select_open(call, who, T_SHARE_WHO);
    page_option(call, "", "–", purse);
    for (size_t i = 0; i < wijk_purse_count(prices); i++) {
        const wijk_purse *one = wijk_purse_at(prices, i);
        page_option(call, one->code, one->label[call->lang], purse);
    }
    h_closes(h, 2);
    h_open(h, "div", "wijk-three");
    for (size_t i = 0; i < 3; i++) {
        const char *name = field(call, boxes[i].name, nth);
        box(call, name, boxes[i].key, shown(call, name, examples[nth - 1][1 + i]), NULL, 1);
    }
    h_close(h);
    select_open(call, vat, T_SHARE_RECOVERS);
    page_option(call, "", wijk_text(call->lang, T_SHARE_NOT_SAID), recovers);
    page_option(call, "ja", wijk_text(call->lang, T_SHARE_YES), recovers);
    page_option(call, "nee", wijk_text(call->lang, T_SHARE_NO), recovers);
    h_closes(h, 3);
}

static void staff_form(web_call *call, const wijk_prices *prices)
{
    html *h = &call->h;
    const char *employer = shown(call, "werkgever", "1");
    h_open(h, "form", "wijk-form");
    h_attr(h, "action", page_url(call, "/prijzen/functie", NULL, NULL, NULL));
    agreement_part(call);
    money_part(call);
    for (int i = 1; i <= PAYERS; i++) {
        payer_part(call, prices, i);
    }
    select_open(call, "werkgever", T_SHARE_EMPLOYER);
    for (int i = 1; i <= PAYERS; i++) {
        char number[8];
        wijk_str text = WIJK_STR_INIT;
        snprintf(number, sizeof number, "%d", i);
        wijk_text_fill(&text, call->lang, T_SHARE_PAYER, number, NULL);
        page_option(call, number, wijk_str_text(&text), employer);
        wijk_str_free(&text);
    }
    h_closes(h, 2);
    form_button(&call->h, "wijk-button", T_SHARE_RECKON);
    h_close(h);
    h_leaft(h, "p", "wijk-from", T_SHARE_FILE);
}

int page_staff(web_call *call)
{
    wijk_prices *prices;
    int rc = wijk_prices_open(&prices);
    if (rc) {
        return rc;
    }
    begin(call, T_SHARE_STAFF_TITLE, T_SHARE_STAFF_LEAD);
    rc = staff_reckon(call, prices);
    staff_form(call, prices);
    wijk_prices_free(prices);
    return rc ? rc : page_end(call);
}
