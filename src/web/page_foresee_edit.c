/* A policy made by hand: rows of dated changes on a form that needs no script. The idea: the text
 * of the scenario in its box is the only truth; every button reads it, changes it as somebody would
 * by hand, and shows it again, so that the form, the file and the command line can never differ. */
#include "web/foresee_page.h"
#include "web/form.h"

#include "wijk/lever.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    wijk_portrait portrait;
    wijk_scenario_file *file; /* NULL while the text cannot be read */
    wijk_str text;
    const char *error;   /* of a button or box, in the page's language; NULL when all is well */
    wijk_mistakes found; /* what is wrong with the text */
    const char *refused; /* why nothing can be worked out here; NULL when it can */
    wijk_case_size size; /* of the area */
} editor;

static const char *posted(web_call *call, const char *name)
{
    return web_param_get(&call->request->form, name);
}

/* ---- what the text becomes ------------------------------------------------------------------- */

/* Reads the text; e->found is all that running it here would refuse. */
static int read_text(editor *e, web_call *call)
{
    wijk_scenario_file *file = NULL;
    wijk_scenario_free(e->file);
    e->file = NULL;
    e->found = (wijk_mistakes){.arena = call->arena};
    int rc = wijk_scenario_read_all(&file, &e->found, wijk_str_text(&e->text), e->text.size,
                                    wijk_text(call->lang, T_FORECAST_LINE));
    int readable = !rc && !e->found.n;
    rc = rc ? rc
            : wijk_case_check(&e->found, call->store, call->registry, e->portrait.area.id, file);
    if (!rc && readable) {
        e->file = file;
        return WIJK_OK;
    }
    wijk_scenario_free(file);
    return rc;
}

static int write_text(editor *e)
{
    wijk_str_clear(&e->text);
    wijk_scenario_write(&e->text, e->file);
    return wijk_str_status(&e->text);
}

/* A place with blanks stands between quotes. */
static void add_word(wijk_str *out, const char *word)
{
    int quoted = strpbrk(word, " \t") != NULL;
    wijk_str_add(out, quoted ? " \"" : " ");
    wijk_str_add(out, word);
    wijk_str_add(out, quoted ? "\"" : "");
}

static void add_line(editor *e, web_call *call)
{
    const char *value = posted(call, "waarde"), *place = posted(call, "plaats");
    if (e->text.size && e->text.data[e->text.size - 1] != '\n') {
        wijk_str_addc(&e->text, '\n');
    }
    wijk_str_add(&e->text, posted(call, "vanaf"));
    add_word(&e->text, *place ? place : posted(call, "waar"));
    add_word(&e->text, posted(call, "knop"));
    wijk_str_addc(&e->text, ' ');
    for (const char *at = value; *at; at++) { /* "0,5" is what people write here */
        wijk_str_addc(&e->text, *at == ',' ? '.' : *at);
    }
    wijk_str_addc(&e->text, '\n');
}

/* The row of the form, as a line that the reader judges like any other. A refused line is not kept:
 * the form still holds it. An empty amount is only left alone where no row is asked for. */
static int add_row(editor *e, web_call *call)
{
    if (!*posted(call, "waarde")) {
        return strcmp(posted(call, "doe"), "erbij")
                   ? WIJK_OK
                   : wijk_fail(WIJK_EINVAL,
                               "Vul in hoeveel: een getal, zoals 2 of 0,5. Met + of − ervoor komt "
                               "het bij wat er al is.",
                               "Fill in how much: a number, such as 2 or 0.5. With + or − in front "
                               "it is added to what there is.");
    }
    wijk_str before = WIJK_STR_INIT;
    wijk_str_add(&before, wijk_str_text(&e->text));
    add_line(e, call);
    int rc = wijk_str_status(&e->text);
    rc = rc ? rc : wijk_str_status(&before);
    rc = rc ? rc : read_text(e, call);
    if (!rc && e->found.n) {
        const wijk_mistake *of = &e->found.at[e->found.n - 1];
        rc = wijk_fail(e->found.code, "Deze verandering is er niet bij gezet: %s.%.0s",
                       "This change was not added: %.0s%s.", of->text[WIJK_NL], of->text[WIJK_EN]);
        e->error = wijk_arena_strdup(call->arena, wijk_error(call->lang));
        wijk_str_clear(&e->text);
        wijk_str_add(&e->text, wijk_str_text(&before));
        int again = read_text(e, call);
        rc = again ? again : rc;
    }
    wijk_str_free(&before);
    return rc;
}

static int remove_row(editor *e, const char *which)
{
    char *end;
    unsigned long at = strtoul(which, &end, 10);
    return *which && !*end && at < wijk_scenario_count(e->file)
               ? wijk_scenario_remove(e->file, at)
               : wijk_fail(WIJK_EINVAL, "Die regel is er niet.", "There is no such row.");
}

static int month_of(const char *text)
{
    char *end;
    long year = strtol(text, &end, 10), month = *end == '-' ? strtol(end + 1, &end, 10) : 0;
    return !*end && year >= 1 && year <= 9999 && month >= 1 && month <= 12
               ? (int)(year * 12 + month - 1)
               : -1;
}

static int set_head(editor *e, web_call *call)
{
    const char *title = posted(call, "titel"), *begin = posted(call, "begin");
    const char *length = posted(call, "jaren");
    int start = *begin ? month_of(begin) : wijk_scenario_start(e->file);
    int years = *length ? web_param_int(&call->request->form, "jaren", 1, WIJK_ENSEMBLE_YEARS, 0)
                        : wijk_scenario_years(e->file);
    int rc = *title ? wijk_scenario_set_title(e->file, call->lang, title) : WIJK_OK;
    if (rc || (!*begin && !*length)) {
        return rc;
    }
    if (*begin && start < 0) {
        return wijk_fail(WIJK_EINVAL,
                         "Begin \"%s\" is geen maand: schrijf jaar-maand, zoals 2026-01.",
                         "Beginning \"%s\" is no month: write year-month, such as 2026-01.", begin);
    }
    return years && start >= 0
               ? wijk_scenario_set_span(e->file, start, years)
               : wijk_fail(WIJK_EINVAL,
                           "Aantal jaren \"%s\": geef een heel getal van 1 tot en met %d.",
                           "Number of years \"%s\": give a whole number from 1 to %d.", length,
                           WIJK_ENSEMBLE_YEARS);
}

/* What the button asks, on a text that is right. */
static int press(editor *e, web_call *call)
{
    const char *remove = posted(call, "weg");
    int rc = *remove ? remove_row(e, remove) : WIJK_OK;
    rc = rc ? rc : set_head(e, call);
    rc = rc ? rc : write_text(e);
    rc = rc ? rc : *remove ? WIJK_OK : add_row(e, call);
    rc = rc ? rc : write_text(e);
    return rc ? rc : read_text(e, call);
}

/* Text as posted, then what the button asks; mistakes are in e->found and nothing is done. */
static int apply(editor *e, web_call *call)
{
    for (const char *at = posted(call, "tekst"); *at; at++) { /* forms send CR LF */
        if (*at != '\r') {
            wijk_str_addc(&e->text, *at);
        }
    }
    int rc = read_text(e, call);
    if (rc || !e->file || (e->found.n && !*posted(call, "weg"))) {
        return rc;
    }
    return strcmp(posted(call, "doe"), "tekst") ? press(e, call) : write_text(e);
}

/* ---- the form -------------------------------------------------------------------------------- */

static void field_begin(html *h, const char *id, enum wijk_text_key label)
{
    h_open(h, "div", "wijk-field");
    form_labelt(h, id, label);
}

static void box(html *h, const char *id, enum wijk_text_key label, const char *value,
                const char *hint, const char *mode)
{
    field_begin(h, id, label);
    form_input(h, id, id);
    h_attr(h, "value", value);
    h_attr(h, "placeholder", hint);
    h_attr(h, "inputmode", mode);
    h_attr(h, "autocomplete", "off");
    h_attri(h, "maxlength", 120);
    h_closes(h, 2);
}

/* Whether more than one gemeente may be modelled, so that homes can be let to another one. */
static int has_several_markets(const editor *e)
{
    return e->portrait.area.level == WIJK_LAND || e->portrait.area.level == WIJK_OWN;
}

static void row_form(web_call *call, const editor *e)
{
    html *h = &call->h;
    const char *where = posted(call, "waar"), *from = posted(call, "vanaf");
    char first[16] = "2026-01";
    int start = e->file ? wijk_scenario_start(e->file) : -1;
    if (start >= 0) {
        snprintf(first, sizeof first, "%04d-%02d", start / 12, start % 12 + 1);
    }
    h_open(h, "fieldset", "wijk-fieldset");
    h_leaft(h, "legend", NULL, T_FORECAST_ADD_TITLE);
    field_begin(h, "knop", T_FORECAST_LEVER);
    form_select(h, "knop", "knop");
    foresee_lever_options(call, posted(call, "knop"), has_several_markets(e));
    h_closes(h, 2);
    h_open(h, "p", "wijk-from");
    page_link(call, NULL, "#knoppen", wijk_text(call->lang, T_LEVERGROUP_LINK));
    h_close(h);
    if (!has_several_markets(e)) {
        h_leaft(h, "p", "wijk-from", T_MARKET_ONE);
    }
    h_open(h, "div", "wijk-row");
    box(h, "waarde", T_FORECAST_VALUE, e->error ? posted(call, "waarde") : "", NULL, "decimal");
    box(h, "vanaf", T_FORECAST_FROM, *from ? from : first, "2026-01", NULL);
    field_begin(h, "waar", T_FORECAST_PLACE);
    form_select(h, "waar", "waar");
    page_option(call, "everywhere", wijk_text(call->lang, T_FORECAST_EVERYWHERE), where);
    page_option(call, "here", e->portrait.name, where);
    h_closes(h, 2);
    box(h, "plaats", T_FORECAST_PLACE_OTHER, e->error ? posted(call, "plaats") : "", NULL, NULL);
    h_close(h);
    h_leaft(h, "p", "wijk-from", T_FORECAST_VALUE_HINT);
    h_open(h, "button", "wijk-button");
    h_attr(h, "name", "doe");
    h_attr(h, "value", "erbij");
    h_t(h, T_FORECAST_ADD);
    h_closes(h, 2);
}

/* "+1 fte per 1.000 …", or "40 …". */
static void value_cell(web_call *call, const wijk_scenario_change *change)
{
    html *h = &call->h;
    h_open(h, "td", NULL);
    if (change->relative && change->value >= 0) {
        h_text(h, "+");
    }
    h_number(h, change->value, wijk_number_decimals(change->value, 0, 3));
    h_text(h, " ");
    h_leaf(h, "span", "wijk-from", wijk_lever_unit(call->lang, change->lever));
    h_close(h);
}

static void change_row(web_call *call, const editor *e, size_t i)
{
    html *h = &call->h;
    char month[16], index[24];
    const wijk_scenario_change *change = wijk_scenario_at(e->file, i);
    const char *lever = wijk_policy_lever(call->lang, change->lever);
    snprintf(month, sizeof month, "%04d-%02d", change->month / 12, change->month % 12 + 1);
    snprintf(index, sizeof index, "%zu", i);
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_text(h, lever);
    h_close(h);
    value_cell(call, change);
    h_leaf(h, "td", NULL, month);
    h_leaf(h, "td", NULL,
           !strcmp(change->place, "everywhere") ? wijk_text(call->lang, T_FORECAST_EVERYWHERE)
           : !strcmp(change->place, "here")     ? e->portrait.name
                                                : change->place);
    h_open(h, "td", NULL);
    h_open(h, "button", "wijk-action");
    h_attr(h, "name", "weg");
    h_attr(h, "value", index);
    h_t(h, T_FORECAST_REMOVE);
    h_open(h, "span", "wijk-hidden");
    h_text(h, ": ");
    h_text(h, lever);
    h_text(h, ", ");
    h_text(h, month);
    h_closes(h, 4);
}

static void change_table(web_call *call, const editor *e)
{
    static const enum wijk_text_key heads[] = {T_FORECAST_LEVER, T_FORECAST_VALUE, T_FORECAST_FROM,
                                               T_FORECAST_PLACE, T_FORECAST_REMOVE};
    html *h = &call->h;
    page_heading(call, "regels", T_FORECAST_ROWS);
    if (!wijk_scenario_count(e->file)) {
        h_leaft(h, "p", NULL, T_FORECAST_ROWS_NONE);
        return;
    }
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-labelledby", "regels");
    h_open(h, "table", "wijk-table");
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        page_head_cell(h, heads[i], NULL);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < wijk_scenario_count(e->file); i++) {
        change_row(call, e, i);
    }
    h_closes(h, 3);
}

static void head_fields(web_call *call, const editor *e)
{
    html *h = &call->h;
    char begin[16] = "2026-01", years[16] = "10";
    int start = wijk_scenario_start(e->file);
    if (start >= 0) {
        snprintf(begin, sizeof begin, "%04d-%02d", start / 12, start % 12 + 1);
    }
    snprintf(years, sizeof years, "%d", wijk_scenario_years(e->file));
    h_open(h, "fieldset", "wijk-fieldset");
    h_leaft(h, "legend", NULL, T_FORECAST_NAME_TITLE);
    box(h, "titel", T_FORECAST_NAME, wijk_scenario_title(e->file, call->lang), NULL, NULL);
    h_open(h, "div", "wijk-row");
    box(h, "begin", T_FORECAST_BEGIN, begin, "2026-01", NULL);
    box(h, "jaren", T_FORECAST_YEARS, years, NULL, "numeric");
    h_closes(h, 2);
}

static void submit(html *h, const char *value, const char *class_name, enum wijk_text_key key)
{
    h_open(h, "button", class_name);
    h_attr(h, "name", "doe");
    h_attr(h, "value", value);
    h_t(h, key);
    h_close(h);
}

static void text_field(web_call *call, const editor *e)
{
    html *h = &call->h;
    h_open(h, "details", "wijk-details");
    if (!e->file || e->found.n) {
        h_flag(h, "open");
    }
    h_leaft(h, "summary", NULL, T_FORECAST_TEXT);
    field_begin(h, "tekst", T_FORECAST_TEXT_LABEL);
    h_open(h, "textarea", "wijk-textbox wijk-textbox--code");
    h_attr(h, "id", "tekst");
    h_attr(h, "name", "tekst");
    h_attri(h, "rows", 18);
    h_attr(h, "spellcheck", "false");
    h_text(h, "\n"); /* a browser drops the first line end of a text area */
    h_text(h, wijk_str_text(&e->text));
    h_closes(h, 2);
    h_open(h, "p", "wijk-actions");
    submit(h, "tekst", "wijk-button wijk-button--quiet", T_FORECAST_TAKE_TEXT);
    h_closes(h, 2);
}

static int form(web_call *call, const editor *e)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    form_post(h, "wijk-form wijk-form--wide",
              page_area_url(call, &e->portrait.area, "/vooruitzicht/beleid"));
    if (e->file) { /* first on the form, so that Enter in any box adds and never removes */
        row_form(call, e);
        change_table(call, e);
        head_fields(call, e);
    }
    text_field(call, e);
    if (e->file) {
        rc = foresee_pairs(call, &e->portrait.area, (uint32_t)wijk_scenario_years(e->file));
        h_open(h, "p", "wijk-actions");
        submit(h, "reken", "wijk-button", T_FORECAST_RUN);
        submit(h, "bewaar", "wijk-button wijk-button--quiet", T_FORECAST_DOWNLOAD_TEXT);
        h_close(h);
    }
    h_close(h);
    foresee_lever_groups(call);
    return rc;
}

/* The n-th line of the text; "" when it has none. */
static const char *line_of(const editor *e, web_call *call, size_t n)
{
    const char *at = wijk_str_text(&e->text);
    for (size_t line = 1; line < n && at; line++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    const char *line =
        at && n ? wijk_arena_printf(call->arena, "%.*s", (int)strcspn(at, "\n"), at) : NULL;
    return line ? line : "";
}

static void mistakes(web_call *call, const editor *e)
{
    html *h = &call->h;
    h_leaft(h, "p", NULL, T_FORECAST_MISTAKES);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < e->found.n; i++) {
        const wijk_mistake *it = &e->found.at[i];
        const char *line = line_of(e, call, it->line);
        const char *args[] = {foresee_int(call, (long long)it->line), it->text[call->lang]};
        h_open(h, "li", NULL);
        h_fill(h, T_FORECAST_MISTAKE, args, 2);
        if (*line) {
            h_leaf(h, "code", "wijk-note__line", line);
        }
        h_close(h);
    }
    h_close(h);
    if (e->found.more) {
        foresee_filled(call, "p", NULL, T_FORECAST_MISTAKES_MORE,
                       foresee_int(call, (long long)e->found.more), NULL, NULL);
    }
}

/* What a button or box was refused for, and all that is wrong with the text. */
static void told(web_call *call, const editor *e)
{
    html *h = &call->h;
    if (e->error || e->found.n) {
        h_open(h, "div", "wijk-note");
        h_attr(h, "role", "alert");
        if (e->error) {
            h_leaf(h, "p", NULL, e->error);
        }
        if (e->found.n) {
            mistakes(call, e);
        }
        h_close(h);
    }
}

static int show(web_call *call, const editor *e)
{
    html *h = &call->h;
    const char *title = wijk_arena_printf(call->arena, "%s · %s", e->portrait.name,
                                          wijk_text(call->lang, T_FORECAST_OWN));
    page_begin(call, &(web_shell){.title = title ? title : "",
                                  .area = "wijk-wide",
                                  .fictional = e->portrait.area.fictional});
    int rc = page_breadcrumb(call, &e->portrait);
    h_open(h, "header", "wijk-title");
    h_leaft(h, "h1", NULL, T_FORECAST_OWN);
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, foresee_url(call, &e->portrait.area, NULL),
              wijk_arena_printf(call->arena, "%s, %s", wijk_text(call->lang, T_FORECAST_TITLE),
                                e->portrait.name));
    h_close(h);
    h_leaft(h, "p", "wijk-lead", T_FORECAST_EDIT_ABOUT);
    h_close(h);
    told(call, e);
    if (e->refused) {
        foresee_refusal(call, e->refused, &e->size, &e->portrait);
    } else {
        rc = rc ? rc : form(call, e);
    }
    return rc ? rc : page_end(call);
}

/* ---- the two ways in ------------------------------------------------------------------------- */

static void leave(editor *e)
{
    wijk_scenario_free(e->file);
    wijk_str_free(&e->text);
}

/* Begins from a kept forecast (?reeks=), a shipped scenario (?scenario=), or nothing. */
static int begin_from(editor *e, web_call *call)
{
    wijk_forecast forecast;
    const char *mark = web_param_get(&call->request->query, "reeks");
    const char *name = web_param_get(&call->request->query, "scenario");
    int rc;
    if (*mark) {
        rc = wijk_forecast_find(&forecast, call->store, call->arena, mark);
        if (!rc) {
            wijk_str_add(&e->text, forecast.scenario);
            rc = read_text(e, call);
        }
    } else {
        rc = wijk_scenario_open(&e->file, *name ? name : "do-nothing");
        if (!rc && !*name) {
            rc = wijk_scenario_set_title(e->file, WIJK_NL, wijk_text(WIJK_NL, T_FORECAST_NEW));
            rc = rc ? rc
                    : wijk_scenario_set_title(e->file, WIJK_EN, wijk_text(WIJK_EN, T_FORECAST_NEW));
            rc = rc ? rc : wijk_scenario_set_about(e->file, WIJK_NL, "");
            rc = rc ? rc : wijk_scenario_set_about(e->file, WIJK_EN, "");
        }
        rc = rc ? rc : write_text(e);
    }
    return rc;
}

int page_foresee_edit(web_call *call)
{
    editor e = {.text = WIJK_STR_INIT};
    int rc = page_portrait(call, &e.portrait);
    rc = rc ? rc : foresee_refused(&e.refused, &e.size, call, &e.portrait.area);
    rc = rc ? rc : begin_from(&e, call);
    rc = rc ? rc : show(call, &e);
    leave(&e);
    return rc;
}

int page_foresee_change(web_call *call)
{
    editor e = {.text = WIJK_STR_INIT};
    const char *what = posted(call, "doe");
    int rc = page_portrait(call, &e.portrait);
    rc = rc ? rc : foresee_look(&e.size, call, &e.portrait.area);
    if (rc) {
        return rc;
    }
    rc = apply(&e, call);
    int refused =
        rc == WIJK_EFORMAT || rc == WIJK_EINVAL || rc == WIJK_ELIMIT || rc == WIJK_ENOTFOUND;
    if (refused && !e.error) {
        e.error = wijk_arena_strdup(call->arena, wijk_error(call->lang));
    }
    if (!rc && !e.found.n && !strcmp(what, "bewaar")) {
        page_type(call, "text/plain; charset=utf-8", "beleid.scenario");
        wijk_str_add(&call->reply->body, wijk_str_text(&e.text));
    } else if (!rc && !e.found.n && !strcmp(what, "reken")) {
        rc = foresee_ask(call, &e.portrait.area, e.file);
    } else if (!rc || refused) {
        call->reply->status = e.error || e.found.n ? 400 : 200;
        rc = show(call, &e);
    }
    leave(&e);
    return rc;
}
