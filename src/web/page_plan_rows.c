/* Costs and benefits of a plan line by line: the list, the settings above it, and the same table as
 * text. The idea: form and file are one table, so whoever fills in here can take it anywhere. */
#include "web/form.h"
#include "web/plan_rows.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- shared with the form of one row ----------------------------------------------------------
 */

/* From the years of the plan, in money of the newest year that an index reaches. */
static int default_settings(plan_rows *it)
{
    const char **setting = it->table.setting;
    int first = 0, last = 0;
    wijk_index_years(&first, &last, it->prices, "cpi");
    long begins = strtol(it->plan.value[WIJK_PLAN_BEGINS], NULL, 10);
    long ends = strtol(it->plan.value[WIJK_PLAN_ENDS], NULL, 10);
    wijk_arena *arena = it->call->arena;
    setting[WIJK_SETTING_TITLE] = it->plan.value[WIJK_PLAN_TITLE];
    setting[WIJK_SETTING_START] = wijk_arena_printf(arena, "%ld", begins ? begins : last);
    setting[WIJK_SETTING_YEARS] =
        wijk_arena_printf(arena, "%ld", ends >= begins && begins ? ends - begins + 1 : 5);
    setting[WIJK_SETTING_PRICE_YEAR] = wijk_arena_printf(arena, "%d", last);
    return setting[WIJK_SETTING_START] && setting[WIJK_SETTING_YEARS] &&
                   setting[WIJK_SETTING_PRICE_YEAR]
               ? WIJK_OK
               : WIJK_ENOMEM;
}

int plan_rows_open(plan_rows *out, web_call *call)
{
    *out = (plan_rows){.call = call};
    int rc = plan_find(call, &out->plan);
    rc = rc ? rc : wijk_prices_open(&out->prices);
    if (rc) {
        return rc;
    }
    const char *text = out->plan.value[WIJK_PLAN_ACCOUNT];
    return *text ? wijk_account_rows_read(&out->table, call->arena, text)
           : (rc = wijk_account_rows_new(&out->table, call->arena)) ? rc
                                                                    : default_settings(out);
}

void plan_rows_close(plan_rows *it)
{
    wijk_prices_free(it->prices);
}

void plan_rows_input(web_call *call, const char *name, const char *value, const char *describes,
                     int wrong)
{
    html *h = &call->h;
    form_input(h, name, name);
    h_attr(h, "value", value);
    h_attri(h, "maxlength", 400);
    h_attr(h, "autocomplete", "off");
    h_attr(h, "aria-describedby", describes);
    h_attr(h, "aria-invalid", wrong ? "true" : NULL);
    h_close(h);
}

const char *plan_rows_number(web_call *call, const char *text)
{
    size_t plain = strspn(text, "0123456789.-%");
    if (call->lang == WIJK_EN || text[plain] || !strchr(text, '.')) {
        return text;
    }
    char *copy = wijk_arena_strdup(call->arena, text);
    for (char *at = copy; at && *at; at++) {
        *at = *at == '.' ? ',' : *at;
    }
    return copy ? copy : text;
}

void plan_rows_signature(plan_rows *it)
{
    web_call *call = it->call;
    html *h = &call->h;
    if (it->plan.state == WIJK_PLAN_DRAFT) {
        return;
    }
    h_open(h, "fieldset", "wijk-fieldset");
    h_leaft(h, "legend", NULL, T_LEDGER_PART_7);
    h_leaft(h, "p", "wijk-from", T_LEDGER_AMENDING);
    static const struct {
        const char *name;
        enum wijk_text_key label;
    } fields[] = {{"namens", T_PLAN_SIGNED}, {"reden", T_PLAN_REASON}};
    for (size_t i = 0; i < 2; i++) {
        h_open(h, "div", "wijk-field");
        form_label(&call->h, fields[i].name, wijk_text(call->lang, fields[i].label));
        plan_rows_input(call, fields[i].name, web_param_get(&call->request->form, fields[i].name),
                        NULL, 0);
        h_close(h);
    }
    h_close(h);
}

void plan_rows_wrong(plan_rows *it, const char *text)
{
    html *h = &it->call->h;
    h_open(h, "div", "wijk-note");
    h_attr(h, "role", "alert");
    h_leaft(h, "p", NULL, T_LEDGER_WRONG);
    if (text && *text) {
        h_leaf(h, "p", NULL, text);
    }
    h_close(h);
}

int plan_rows_save(plan_rows *it)
{
    web_call *call = it->call;
    wijk_str text = WIJK_STR_INIT;
    wijk_store *store;
    int rc = it->table.count ? wijk_account_rows_write(&text, &it->table) : WIJK_OK;
    const char *kept = rc ? NULL : wijk_arena_strdup(call->arena, wijk_str_text(&text));
    wijk_str_free(&text);
    rc = rc || kept ? rc : WIJK_ENOMEM;
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    rc = it->plan.state == WIJK_PLAN_DRAFT
             ? wijk_plan_set(store, call->registry, it->plan.id, WIJK_PLAN_ACCOUNT, kept)
             : wijk_plan_amend(store, call->registry, it->plan.id, WIJK_PLAN_ACCOUNT, kept,
                               web_param_get(&call->request->form, "namens"),
                               web_param_get(&call->request->form, "reden"));
    web_site_written(call->site);
    if (!rc) {
        call->reply->status = 303;
        call->reply->location = plan_url(call, &it->plan, "/geld");
    }
    return rc;
}

void plan_rows_begin(plan_rows *it, enum wijk_text_key title, const char *back,
                     enum wijk_text_key back_text)
{
    web_call *call = it->call;
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, title),
                                  .area = "wijk-text",
                                  .fictional = it->plan.fictional});
    h_leaft(h, "h1", NULL, title);
    h_open(h, "p", NULL);
    h_leaf(h, "strong", NULL, it->plan.value[WIJK_PLAN_TITLE]);
    h_text(h, " · ");
    page_link(call, NULL, back, wijk_text(call->lang, back_text));
    h_close(h);
}

/* ---- the list ---------------------------------------------------------------------------------
 */

static const char *row_url(plan_rows *it, const wijk_account_row *row, const char *what)
{
    int real = !strcmp(row->cell[WIJK_CELL_STAGE], "real");
    return page_url(it->call, "/plan/", it->plan.code, "/geld/regel", what, row->cell[WIJK_CELL_ID],
                    "stand", real ? "real" : NULL, NULL);
}

int plan_row_kind(const wijk_account_row *row)
{
    const char *kind = row->cell[WIJK_CELL_KIND];
    return !strcmp(kind, "benefit") ? 1 : !strcmp(kind, "transfer") ? 2 : 0;
}

/* What a line comes to, leading to where that comes from. */
static void row_amount(plan_rows *it, const wijk_account *account,
                       const wijk_account_result *result, size_t line)
{
    web_call *call = it->call;
    html *h = &call->h;
    if (!account->lines[line].priced) {
        h_t(h, T_LEDGER_NO_PRICE);
        return;
    }
    wijk_str amount = WIJK_STR_INIT;
    wijk_cents_write(&amount, call->lang, result->line_gross[line], 0);
    page_link(call, NULL,
              wijk_arena_printf(call->arena, "%s#regel-%zu", plan_url(call, &it->plan, "/rekening"),
                                line + 1),
              wijk_str_text(&amount));
    h_text(h, " ");
    h_t(h, T_LEDGER_PRESENT);
    wijk_str_free(&amount);
}

static void one_row(plan_rows *it, const wijk_account *account,
                    const wijk_account_result *const results[2], size_t nth)
{
    web_call *call = it->call;
    html *h = &call->h;
    const wijk_account_row *row = &it->table.rows[nth];
    int real = !strcmp(row->cell[WIJK_CELL_STAGE], "real");
    h_open(h, "li", "wijk-result");
    page_link(call, "wijk-result__name", row_url(it, row, "regel"),
              *row->cell[WIJK_CELL_WHAT] ? row->cell[WIJK_CELL_WHAT] : row->cell[WIJK_CELL_ID]);
    h_open(h, "p", "wijk-result__where");
    h_t(h, (enum wijk_text_key)(T_LEDGER_KIND_1 + plan_row_kind(row)));
    h_text(h, " · ");
    h_t(h, (enum wijk_text_key)(T_LEDGER_STAGE_1 + real));
    h_text(h, " · ");
    row_amount(it, account, results[real], nth);
    h_close(h);
    if (!real &&
        wijk_account_rows_find(&it->table, "real", row->cell[WIJK_CELL_ID]) == it->table.count) {
        h_open(h, "p", NULL);
        page_link(call, "wijk-action", row_url(it, row, "werkelijk"),
                  wijk_text(call->lang, T_LEDGER_REALISE));
        h_close(h);
    }
    h_close(h);
}

/* The lines of the text and those of the account are the same, in the same order. */
static int list(plan_rows *it)
{
    web_call *call = it->call;
    html *h = &call->h;
    wijk_account_file *file = NULL;
    wijk_account_result *results[2] = {NULL, NULL};
    const char *text = it->plan.value[WIJK_PLAN_ACCOUNT];
    int rc = wijk_account_read(&file, text, strlen(text), "plan", NULL, 0, NULL);
    for (int stage = 0; stage < 2 && !rc; stage++) {
        const wijk_account_options options = {.stage = (enum wijk_stage)stage};
        rc = wijk_account_reckon(&results[stage], wijk_account_of(file), &options, &call->ctx);
    }
    if (!rc) {
        const wijk_account_result *const both[2] = {results[0], results[1]};
        h_open(h, "ul", "wijk-results");
        for (size_t i = 0; i < it->table.count; i++) {
            one_row(it, wijk_account_of(file), both, i);
        }
        h_close(h);
    }
    wijk_account_result_free(results[0]);
    wijk_account_result_free(results[1]);
    wijk_account_file_free(file);
    return rc;
}

static void add_links(plan_rows *it)
{
    web_call *call = it->call;
    html *h = &call->h;
    static const char *const kinds[] = {"cost", "benefit", "transfer"};
    h_open(h, "ul", "wijk-actions");
    for (int k = 0; k < 3; k++) {
        h_open(h, "li", NULL);
        page_link(call, "wijk-action",
                  page_url(call, "/plan/", it->plan.code, "/geld/regel", "nieuw", kinds[k], NULL),
                  wijk_text(call->lang, (enum wijk_text_key)(T_LEDGER_ADD_1 + k)));
        h_close(h);
    }
    h_close(h);
}

static void settings_form(plan_rows *it, const wijk_account_fault *fault)
{
    web_call *call = it->call;
    html *h = &call->h;
    page_heading(call, "instellingen", T_LEDGER_SETTINGS);
    plan_form(call, &it->plan, "/geld", "wijk-form");
    for (int i = 0; i < WIJK_ACCOUNT_SETTINGS; i++) {
        const char *name = wijk_account_setting_names[i];
        const char *hint = i == WIJK_SETTING_PRICE_YEAR ? wijk_text(call->lang, T_LEDGER_SET_HINT_4)
                           : i == WIJK_SETTING_DISCOUNT ? wijk_text(call->lang, T_LEDGER_SET_HINT_5)
                                                        : NULL;
        const char *about = wijk_arena_printf(call->arena, "%s-uitleg", name);
        int wrong = fault && fault->setting == i;
        h_open(h, "div", "wijk-field");
        form_label(&call->h, name, wijk_text(call->lang, (enum wijk_text_key)(T_LEDGER_SET_1 + i)));
        plan_rows_input(call, name, plan_rows_number(call, it->table.setting[i]),
                        hint || wrong ? about : NULL, wrong);
        if (hint || wrong) {
            h_open(h, "p", wrong ? "wijk-wrong" : "wijk-from");
            h_attr(h, "id", about);
            h_text(h, wrong ? fault->text[call->lang] : hint);
            h_close(h);
        }
        h_close(h);
    }
    plan_rows_signature(it);
    form_button(h, "wijk-button wijk-button--quiet", T_LEDGER_SAVE);
    h_close(h);
}

static void text_form(plan_rows *it)
{
    web_call *call = it->call;
    html *h = &call->h;
    int draft = it->plan.state == WIJK_PLAN_DRAFT;
    h_open(h, "details", "wijk-details");
    h_leaft(h, "summary", NULL, T_LEDGER_AS_TEXT);
    h_open(h, "p", NULL);
    h_t(h, T_LEDGER_AS_TEXT_ABOUT);
    h_text(h, " ");
    page_link(call, NULL, page_url(call, "/uitleg/", "account", NULL, NULL),
              wijk_text(call->lang, T_WEB_NAV_MANUAL));
    h_close(h);
    plan_form(call, &it->plan, draft ? "/invullen" : "/wijzigen", "wijk-form");
    if (!draft) {
        form_hidden(&call->h, "onderdeel", "account");
    }
    const char *name = draft ? "account" : "waarde";
    form_label(&call->h, name, wijk_text(call->lang, T_LEDGER_AS_TEXT));
    form_textarea(h, name, name);
    h_attri(h, "rows", 12);
    h_attr(h, "spellcheck", "false");
    h_text(h, it->plan.value[WIJK_PLAN_ACCOUNT]);
    h_close(h);
    if (!draft) {
        static const char *const names[] = {"namens", "reden"};
        for (size_t i = 0; i < 2; i++) {
            const char *id = wijk_arena_printf(call->arena, "tekst-%s", names[i]);
            form_label(&call->h, id, wijk_text(call->lang, i ? T_PLAN_REASON : T_PLAN_SIGNED));
            form_input(h, id, names[i]);
            h_close(h);
        }
    }
    form_button(h, "wijk-button wijk-button--quiet", T_LEDGER_SAVE);
    h_closes(h, 2);
}

static int show(plan_rows *it, const wijk_account_fault *fault, const char *why)
{
    web_call *call = it->call;
    html *h = &call->h;
    int rc = WIJK_OK;
    plan_rows_begin(it, T_LEDGER_TITLE, plan_url(call, &it->plan, NULL), T_PLAN_BACK);
    h_leaft(h, "p", "wijk-lead", T_LEDGER_LEAD);
    if (fault || why) {
        plan_rows_wrong(it, why);
    }
    page_heading(call, "regels", T_LEDGER_LINES);
    if (*it->plan.value[WIJK_PLAN_ACCOUNT]) {
        rc = list(it);
    } else {
        h_leaft(h, "p", NULL, T_LEDGER_NONE);
    }
    add_links(it);
    if (it->table.count) {
        settings_form(it, fault);
        h_open(h, "p", NULL);
        page_link(call, "wijk-button wijk-button--quiet",
                  plan_url(call, &it->plan, "/rekening.csv"), wijk_text(call->lang, T_LEDGER_CSV));
        h_close(h);
    }
    text_form(it);
    return rc ? rc : page_end(call);
}

int page_plan_rows(web_call *call)
{
    plan_rows it;
    int rc = plan_rows_open(&it, call);
    rc = rc ? rc : show(&it, NULL, NULL);
    plan_rows_close(&it);
    return rc;
}

/* The settings as they were typed; kept when they make an account with the lines there are. */
int page_plan_rows_settings(web_call *call)
{
    plan_rows it;
    wijk_account_fault faults[WIJK_ACCOUNT_FAULTS];
    size_t count = 0;
    int rc = plan_rows_open(&it, call);
    for (int i = 0; i < WIJK_ACCOUNT_SETTINGS && !rc; i++) {
        it.table.setting[i] = web_param_get(&call->request->form, wijk_account_setting_names[i]);
    }
    rc = rc ? rc : wijk_account_rows_check(faults, &count, &it.table, it.table.count);
    int saved = !rc && !count ? plan_rows_save(&it) : rc;
    if (!rc && (count || saved == WIJK_EINVAL)) {
        const char *why = !count || faults[0].setting < 0
                              ? wijk_arena_strdup(call->arena, count ? faults[0].text[call->lang]
                                                                     : wijk_error(call->lang))
                              : NULL;
        call->reply->status = 400;
        saved = show(&it, count ? faults : NULL, why);
    }
    plan_rows_close(&it);
    return saved;
}

/* The table as it is kept: what can be taken along and pasted elsewhere. */
int page_plan_rows_csv(web_call *call)
{
    wijk_plan plan;
    int rc = plan_find(call, &plan);
    if (!rc && !*plan.value[WIJK_PLAN_ACCOUNT]) {
        rc =
            wijk_fail(WIJK_ENOTFOUND, "Dit plan heeft geen rekening.", "This plan has no account.");
    }
    if (!rc) {
        page_type(call, "text/csv; charset=utf-8",
                  wijk_arena_printf(call->arena, "%s-rekening.csv", plan.code));
        wijk_str_add(&call->reply->body, plan.value[WIJK_PLAN_ACCOUNT]);
        rc = wijk_str_status(&call->reply->body);
    }
    return rc;
}
