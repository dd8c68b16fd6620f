/* One line of an account as a form: everything that makes up its amount has a box, and what is
 * wrong is said below the box it is wrong in. */
#include "web/form.h"
#include "web/plan_rows.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

enum { LEAST_PURSES = 3, MOST_PURSES = 6 };

static const char *const themes[] = {"labour", "order",  "housing", "income",
                                     "care",   "school", "welfare"};
enum { THEMES = sizeof themes / sizeof *themes };

typedef struct {
    plan_rows *rows;
    web_call *call;
    wijk_account_row row; /* as it is, or as it was just typed */
    int kind;             /* 0 cost, 1 benefit, 2 transfer */
    const char *key;      /* id that the row had, "" for a new one */
    int was_real;
    const wijk_account_fault *faults;
    size_t fault_count;
} row_form;

/* Cells that are three boxes: low, most likely, high. */
static int is_range(int cell)
{
    return cell == WIJK_CELL_AMOUNT ||
           (cell >= WIJK_CELL_QUANTITY && cell <= WIJK_CELL_DROPOFF && cell != WIJK_CELL_EVIDENCE);
}

static const char *fault_of(const row_form *f, int cell)
{
    for (size_t i = 0; i < f->fault_count; i++) {
        if (f->faults[i].cell == cell) {
            return f->faults[i].text[f->call->lang];
        }
    }
    return NULL;
}

/* ---- reading the form -------------------------------------------------------------------------
 */

static const char *typed(const row_form *f, const char *name)
{
    const char *text = web_param_get(&f->call->request->form, name);
    return text + strspn(text, " \t");
}

/* With a point for the decimal sign, as the file has it. */
static const char *number_typed(const row_form *f, const char *name, const char *suffix)
{
    char full[64];
    snprintf(full, sizeof full, "%s%s", name, suffix);
    const char *text = typed(f, full);
    char *copy = wijk_arena_strdup(f->call->arena, text);
    size_t size = copy ? strlen(copy) : 0;
    for (size_t i = 0; i < size; i++) {
        copy[i] = copy[i] == ',' ? '.' : copy[i];
    }
    while (size && copy[size - 1] == ' ') {
        copy[--size] = 0;
    }
    return copy ? copy : "";
}

static const char *range_typed(const row_form *f, const char *name)
{
    const char *low = number_typed(f, name, ".low"), *middle = number_typed(f, name, ""),
               *high = number_typed(f, name, ".high");
    if (!*low && !*high) {
        return middle;
    }
    return wijk_arena_printf(f->call->arena, "%s..%s..%s", *low ? low : middle, middle,
                             *high ? high : middle);
}

/* "corp:60|gem_wmo:40" from boxes; one purse needs no share. */
static const char *purses_typed(const row_form *f, const char *name)
{
    wijk_str text = WIJK_STR_INIT;
    char at[64];
    for (int i = 1; i <= MOST_PURSES; i++) {
        snprintf(at, sizeof at, "%s.%d", name, i);
        const char *code = typed(f, at);
        snprintf(at, sizeof at, "%s.%d.share", name, i);
        const char *share = number_typed(f, at, "");
        if (*code) {
            wijk_str_addf(&text, "%s%s%s%s", text.size ? "|" : "", code, *share ? ":" : "", share);
        }
    }
    const char *kept = wijk_arena_strdup(f->call->arena, wijk_str_text(&text));
    wijk_str_free(&text);
    return kept;
}

static int read_typed(row_form *f)
{
    for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
        const char *name = wijk_account_cell_names[c];
        f->row.cell[c] = is_range(c)                                   ? range_typed(f, name)
                         : c == WIJK_CELL_PURSE || c == WIJK_CELL_FROM ? purses_typed(f, name)
                         : c == WIJK_CELL_PROFILE                      ? number_typed(f, name, "")
                                                                       : typed(f, name);
        if (!f->row.cell[c]) {
            return WIJK_ENOMEM;
        }
    }
    if (!strcmp(f->row.cell[WIJK_CELL_STAGE], "plan")) {
        f->row.cell[WIJK_CELL_STAGE] = "";
    }
    f->kind = plan_row_kind(&f->row);
    f->key = typed(f, "oud");
    f->was_real = !strcmp(typed(f, "oud.stage"), "real");
    if (!*f->row.cell[WIJK_CELL_ID]) {
        f->row.cell[WIJK_CELL_ID] =
            wijk_account_rows_name(&f->rows->table, f->call->arena, f->row.cell[WIJK_CELL_WHAT]);
    }
    return f->row.cell[WIJK_CELL_ID] ? WIJK_OK : WIJK_ENOMEM;
}

/* ---- fields -----------------------------------------------------------------------------------
 */

static enum wijk_text_key label_of(const row_form *f, int cell)
{
    return cell == WIJK_CELL_OPTIMISM && f->kind == 0
               ? T_LEDGER_OVERRUN
               : (enum wijk_text_key)(T_LEDGER_CELL_1 + cell);
}

static const char *hint_of(const row_form *f, int cell)
{
    static const struct {
        int cell;
        enum wijk_text_key text;
    } hints[] = {{WIJK_CELL_WHAT, T_LEDGER_HINT_4},      {WIJK_CELL_PURSE, T_LEDGER_HINT_5},
                 {WIJK_CELL_PRICE, T_LEDGER_HINT_7},     {WIJK_CELL_AMOUNT_YEAR, T_LEDGER_HINT_9},
                 {WIJK_CELL_SOURCE, T_LEDGER_HINT_10},   {WIJK_CELL_UNIT, T_LEDGER_HINT_11},
                 {WIJK_CELL_QUANTITY, T_LEDGER_HINT_12}, {WIJK_CELL_EFFECT, T_LEDGER_HINT_14},
                 {WIJK_CELL_START, T_LEDGER_HINT_21},    {WIJK_CELL_YEARS, T_LEDGER_HINT_22},
                 {WIJK_CELL_PROFILE, T_LEDGER_HINT_23},  {WIJK_CELL_GROUP, T_LEDGER_HINT_25}};
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (hints[i].cell == cell) {
            return wijk_text(f->call->lang, hints[i].text);
        }
    }
    return NULL;
}

/* What is wrong with a field, else what belongs in it; both are read out with the box. */
static void below(const row_form *f, int cell, const char *id)
{
    html *h = &f->call->h;
    const char *fault = fault_of(f, cell), *hint = hint_of(f, cell);
    if (fault || hint) {
        h_open(h, "p", fault ? "wijk-wrong" : "wijk-from");
        h_attr(h, "id", id);
        h_text(h, fault ? fault : hint);
        h_close(h);
    }
}

static const char *below_id(const row_form *f, int cell)
{
    const char *id = wijk_arena_printf(f->call->arena, "%s-uitleg", wijk_account_cell_names[cell]);
    return fault_of(f, cell) || hint_of(f, cell) ? id : NULL;
}

static void field(const row_form *f, int cell)
{
    html *h = &f->call->h;
    const char *name = wijk_account_cell_names[cell], *about = below_id(f, cell);
    h_open(h, "div", "wijk-field");
    form_label(&f->call->h, name, wijk_text(f->call->lang, label_of(f, cell)));
    plan_rows_input(f->call, name, f->row.cell[cell], about, fault_of(f, cell) != NULL);
    below(f, cell, about);
    h_close(h);
}

static void range_box(const row_form *f, int cell, const char *suffix, enum wijk_text_key label,
                      const char *value)
{
    html *h = &f->call->h;
    const char *id =
        wijk_arena_printf(f->call->arena, "%s%s", wijk_account_cell_names[cell], suffix);
    h_open(h, "div", "wijk-field");
    form_label(&f->call->h, id ? id : "", wijk_text(f->call->lang, label));
    plan_rows_input(f->call, id ? id : "", plan_rows_number(f->call, value), below_id(f, cell),
                    fault_of(f, cell) != NULL);
    h_close(h);
}

/* Low, most likely and high in three boxes under one heading. */
static void range_field(const row_form *f, int cell)
{
    html *h = &f->call->h;
    const char *text = f->row.cell[cell], *first = strstr(text, "..");
    const char *second = first ? strstr(first + 2, "..") : NULL;
    const char *low = "", *middle = text, *high = "";
    if (second) {
        low = wijk_arena_strndup(f->call->arena, text, (size_t)(first - text));
        middle = wijk_arena_strndup(f->call->arena, first + 2, (size_t)(second - first - 2));
        high = second + 2;
    }
    h_open(h, "fieldset", "wijk-range");
    h_leaft(h, "legend", NULL, label_of(f, cell));
    h_open(h, "div", "wijk-three");
    range_box(f, cell, ".low", T_LEDGER_LOW, low ? low : "");
    range_box(f, cell, "", T_LEDGER_MIDDLE, middle ? middle : "");
    range_box(f, cell, ".high", T_LEDGER_HIGH, high);
    h_close(h);
    below(f, cell, below_id(f, cell));
    h_close(h);
}

static void select_open(const row_form *f, const char *id, const char *about, int wrong)
{
    html *h = &f->call->h;
    form_select(h, id, id);
    h_attr(h, "aria-describedby", about);
    h_attr(h, "aria-invalid", wrong ? "true" : NULL);
}

/* A select whose options are texts that stand one after another. */
static void choice_field(const row_form *f, int cell, const char *none, const char *const *codes,
                         enum wijk_text_key first, size_t count)
{
    html *h = &f->call->h;
    const char *name = wijk_account_cell_names[cell], *about = below_id(f, cell);
    h_open(h, "div", "wijk-field");
    form_label(&f->call->h, name, wijk_text(f->call->lang, label_of(f, cell)));
    select_open(f, name, about, fault_of(f, cell) != NULL);
    if (none) {
        page_option(f->call, "", none, f->row.cell[cell]);
    }
    for (size_t i = 0; i < count; i++) {
        page_option(f->call, codes[i],
                    wijk_text(f->call->lang, (enum wijk_text_key)(first + (int)i)),
                    f->row.cell[cell]);
    }
    h_close(h);
    below(f, cell, about);
    h_close(h);
}

static void purse_box(const row_form *f, int cell, int nth, const char *code, const char *share)
{
    html *h = &f->call->h;
    wijk_lang lang = f->call->lang;
    const char *id = wijk_arena_printf(f->call->arena, "%s.%d", wijk_account_cell_names[cell], nth);
    const char *share_id = wijk_arena_printf(f->call->arena, "%s.share", id ? id : "");
    char number[16];
    wijk_str label = WIJK_STR_INIT;
    snprintf(number, sizeof number, "%d", nth);
    wijk_text_fill(&label, lang, T_LEDGER_SHARE_OF, number, NULL);
    h_open(h, "div", "wijk-purse");
    select_open(f, id ? id : "", below_id(f, cell), fault_of(f, cell) != NULL);
    h_attr(h, "aria-label",
           wijk_arena_printf(f->call->arena, "%s %d", wijk_text(lang, label_of(f, cell)), nth));
    page_option(f->call, "", wijk_text(lang, T_LEDGER_NOBODY), code);
    for (size_t i = 0; i < wijk_purse_count(f->rows->prices); i++) {
        const wijk_purse *purse = wijk_purse_at(f->rows->prices, i);
        page_option(f->call, purse->code, purse->label[lang], code);
    }
    h_close(h);
    h_open(h, "input", "wijk-textbox");
    h_attr(h, "name", share_id);
    h_attr(h, "value", plan_rows_number(f->call, share));
    h_attr(h, "inputmode", "decimal");
    h_attr(h, "placeholder", wijk_text(lang, T_LEDGER_SHARE));
    h_attr(h, "aria-label", wijk_str_text(&label));
    h_closes(h, 2);
    wijk_str_free(&label);
}

static size_t purse_count(const char *text)
{
    size_t count = *text != 0;
    for (; *text; text++) {
        count += *text == '|';
    }
    return count;
}

static void purse_field(const row_form *f, int cell)
{
    html *h = &f->call->h;
    const char *at = f->row.cell[cell];
    size_t count = purse_count(at);
    int boxes = count + 1 > LEAST_PURSES ? (int)count + 1 : LEAST_PURSES;
    boxes = boxes > MOST_PURSES ? MOST_PURSES : boxes;
    h_open(h, "fieldset", "wijk-range");
    h_leaft(h, "legend", NULL, label_of(f, cell));
    for (int i = 1; i <= (cell == WIJK_CELL_FROM ? 2 : boxes); i++) {
        size_t size = strcspn(at, "|"), name = strcspn(at, ":|");
        const char *code = wijk_arena_strndup(f->call->arena, at, name);
        const char *share =
            name < size ? wijk_arena_strndup(f->call->arena, at + name + 1, size - name - 1) : "";
        purse_box(f, cell, i, code ? code : "", share ? share : "");
        at += size + (at[size] == '|');
    }
    below(f, cell, below_id(f, cell));
    h_close(h);
}

static void price_option(const row_form *f, const wijk_price *price)
{
    wijk_lang lang = f->call->lang;
    wijk_str text = WIJK_STR_INIT, amount = WIJK_STR_INIT;
    char year[16];
    if (price->known) {
        snprintf(year, sizeof year, "%d", price->year);
        wijk_cents_write(&amount, lang, price->euro.central, price->euro.central % 100 ? 2 : 0);
        wijk_text_fill(&text, lang, T_LEDGER_OPTION, price->label[lang], wijk_str_text(&amount),
                       price->unit[lang], year, price->grade, NULL);
    } else {
        wijk_text_fill(&text, lang, T_LEDGER_OPTION_UNKNOWN, price->label[lang], NULL);
    }
    page_option(f->call, price->code, wijk_str_text(&text), f->row.cell[WIJK_CELL_PRICE]);
    wijk_str_free(&text);
    wijk_str_free(&amount);
}

static void price_field(const row_form *f)
{
    html *h = &f->call->h;
    const char *about = below_id(f, WIJK_CELL_PRICE);
    h_open(h, "div", "wijk-field");
    form_label(&f->call->h, "price", wijk_text(f->call->lang, T_LEDGER_CELL_7));
    select_open(f, "price", about, fault_of(f, WIJK_CELL_PRICE) != NULL);
    page_option(f->call, "", wijk_text(f->call->lang, T_LEDGER_OWN_AMOUNT),
                f->row.cell[WIJK_CELL_PRICE]);
    for (int t = 0; t < THEMES; t++) {
        h_open(h, "optgroup", NULL);
        h_attr(h, "label", wijk_text(f->call->lang, (enum wijk_text_key)(T_ACCOUNT_THEME_1 + t)));
        for (size_t i = 0; i < wijk_price_count(f->rows->prices); i++) {
            const wijk_price *price = wijk_price_at(f->rows->prices, i);
            if (!strcmp(price->theme, themes[t])) {
                price_option(f, price);
            }
        }
        h_close(h);
    }
    h_close(h);
    below(f, WIJK_CELL_PRICE, about);
    h_close(h);
}

/* ---- the form ---------------------------------------------------------------------------------
 */

static void part(const row_form *f, enum wijk_text_key title, const char *about)
{
    html *h = &f->call->h;
    h_open(h, "fieldset", "wijk-fieldset");
    h_leaft(h, "legend", NULL, title);
    if (about) {
        h_leaf(h, "p", "wijk-from", about);
    }
}

/* Seldom needed: folded, unless one of the cells says something or is wrong. */
static void rare(const row_form *f, enum wijk_text_key title, const int *cells, size_t count)
{
    html *h = &f->call->h;
    int open = 0;
    for (size_t i = 0; i < count; i++) {
        open |= *f->row.cell[cells[i]] || fault_of(f, cells[i]);
    }
    h_open(h, "details", "wijk-details");
    if (open) {
        h_flag(h, "open");
    }
    h_leaft(h, "summary", NULL, title);
    for (size_t i = 0; i < count; i++) {
        if (is_range(cells[i])) {
            range_field(f, cells[i]);
        } else {
            field(f, cells[i]);
        }
    }
    h_close(h);
}

static void effect_part(const row_form *f)
{
    static const char *const grades[] = {"0", "1", "2", "3", "4", "5"};
    static const int seldom[] = {WIJK_CELL_ATTRIBUTION, WIJK_CELL_DISPLACEMENT, WIJK_CELL_OPTIMISM};
    part(f, T_LEDGER_PART_4, wijk_text(f->call->lang, T_LEDGER_PART_ABOUT_4));
    range_field(f, WIJK_CELL_EFFECT);
    choice_field(f, WIJK_CELL_EVIDENCE, wijk_text(f->call->lang, T_LEDGER_EVIDENCE_NONE), grades,
                 T_LEDGER_EVIDENCE_1, sizeof grades / sizeof *grades);
    range_field(f, WIJK_CELL_DEADWEIGHT);
    rare(f, T_LEDGER_MORE_EFFECT, seldom, sizeof seldom / sizeof *seldom);
    h_close(&f->call->h);
}

static void form_parts(const row_form *f)
{
    static const char *const stages[] = {"", "real"}, *const kinds[] = {"yes", "capacity",
                                                                        "welfare"};
    static const int own[] = {WIJK_CELL_AMOUNT, WIJK_CELL_AMOUNT_YEAR, WIJK_CELL_SOURCE,
                              WIJK_CELL_UNIT},
                     course[] = {WIJK_CELL_PROFILE, WIJK_CELL_DROPOFF};
    html *h = &f->call->h;
    part(f, T_LEDGER_PART_1, NULL);
    field(f, WIJK_CELL_WHAT);
    choice_field(f, WIJK_CELL_STAGE, NULL, stages, T_LEDGER_STAGE_1, 2);
    if (f->kind == 2) {
        purse_field(f, WIJK_CELL_FROM);
    }
    purse_field(f, WIJK_CELL_PURSE);
    h_close(h);
    part(f, T_LEDGER_PART_2, wijk_text(f->call->lang, T_LEDGER_PART_ABOUT_2));
    price_field(f);
    rare(f, T_LEDGER_MORE_OWN, own, sizeof own / sizeof *own);
    h_close(h);
    part(f, T_LEDGER_PART_3, wijk_text(f->call->lang, T_LEDGER_RANGE_ABOUT));
    range_field(f, WIJK_CELL_QUANTITY);
    range_field(f, WIJK_CELL_REACH);
    if (f->kind == 0) {
        range_field(f, WIJK_CELL_OPTIMISM);
    }
    h_close(h);
    if (f->kind) {
        effect_part(f);
    }
    part(f, T_LEDGER_PART_5, NULL);
    field(f, WIJK_CELL_START);
    field(f, WIJK_CELL_YEARS);
    rare(f, T_LEDGER_MORE_COURSE, course, sizeof course / sizeof *course);
    h_close(h);
    part(f, T_LEDGER_PART_6, NULL);
    choice_field(f, WIJK_CELL_CASH, wijk_text(f->call->lang, T_LEDGER_BY_PRICE), kinds,
                 T_LEDGER_CASH_1, sizeof kinds / sizeof *kinds);
    field(f, WIJK_CELL_GROUP);
    field(f, WIJK_CELL_NOTE);
    h_close(h);
}

/* What no box stands for: said above the form, so that it is not lost. */
static const char *general_fault(const row_form *f)
{
    const char *text = fault_of(f, -1);
    return text ? text : fault_of(f, WIJK_CELL_ID);
}

static int show(row_form *f, const char *why)
{
    web_call *call = f->call;
    html *h = &call->h;
    const char *back = plan_url(call, &f->rows->plan, "/geld");
    plan_rows_begin(f->rows, (enum wijk_text_key)(T_LEDGER_KIND_1 + f->kind), back, T_LEDGER_BACK);
    if (why || f->fault_count) {
        plan_rows_wrong(f->rows, why ? why : general_fault(f));
    }
    plan_form(call, &f->rows->plan, "/geld/regel", "wijk-form");
    form_hidden(&call->h, "kind", f->kind == 0 ? "cost" : f->kind == 1 ? "benefit" : "transfer");
    form_hidden(&call->h, "id", f->row.cell[WIJK_CELL_ID]);
    form_hidden(&call->h, "oud", f->key);
    form_hidden(&call->h, "oud.stage", f->was_real ? "real" : "");
    form_parts(f);
    plan_rows_signature(f->rows);
    h_open(h, "button", "wijk-button");
    h_attr(h, "name", "doe");
    h_attr(h, "value", "bewaar");
    h_t(h, T_LEDGER_SAVE_LINE);
    h_close(h);
    if (*f->key) {
        h_open(h, "button", "wijk-button wijk-button--quiet");
        h_attr(h, "name", "doe");
        h_attr(h, "value", "weg");
        h_t(h, T_LEDGER_REMOVE);
        h_close(h);
    }
    h_close(h);
    return page_end(call);
}

static void empty_row(row_form *f)
{
    static const char *const kinds[] = {"cost", "benefit", "transfer"};
    f->row.before = "";
    for (int c = 0; c < WIJK_ACCOUNT_CELLS; c++) {
        f->row.cell[c] = "";
    }
    const char *kind = web_param_get(&f->call->request->query, "nieuw");
    for (int k = 0; k < 3; k++) {
        f->kind = !strcmp(kind, kinds[k]) ? k : f->kind;
    }
    f->row.cell[WIJK_CELL_KIND] = kinds[f->kind];
}

static int too_many(const row_form *f)
{
    char most[16];
    if (purse_count(f->row.cell[WIJK_CELL_PURSE]) <= MOST_PURSES &&
        purse_count(f->row.cell[WIJK_CELL_FROM]) <= 2) {
        return WIJK_OK;
    }
    snprintf(most, sizeof most, "%d", MOST_PURSES);
    wijk_str nl = WIJK_STR_INIT, en = WIJK_STR_INIT;
    wijk_text_fill(&nl, WIJK_NL, T_LEDGER_TOO_MANY, most, NULL);
    wijk_text_fill(&en, WIJK_EN, T_LEDGER_TOO_MANY, most, NULL);
    int rc = wijk_fail(WIJK_EINVAL, "%s%.0s", "%.0s%s", wijk_str_text(&nl), wijk_str_text(&en));
    wijk_str_free(&nl);
    wijk_str_free(&en);
    return rc;
}

/* The row that the address names: to change it, or what it really became. */
static int find_row(row_form *f)
{
    const web_params *query = &f->call->request->query;
    const char *id = web_param_get(query, "regel"), *real = web_param_get(query, "werkelijk");
    const char *stage = web_param_get(query, "stand");
    const wijk_account_rows *table = &f->rows->table;
    f->key = "";
    if (!*id && !*real) {
        empty_row(f);
        return WIJK_OK;
    }
    size_t at = wijk_account_rows_find(table, *real ? "plan" : stage, *real ? real : id);
    if (at == table->count) {
        return wijk_fail(WIJK_ENOTFOUND, "%s%.0s", "%.0s%s", wijk_text(WIJK_NL, T_LEDGER_GONE),
                         wijk_text(WIJK_EN, T_LEDGER_GONE));
    }
    f->row = table->rows[at];
    f->kind = plan_row_kind(&f->row);
    if (*real) {
        f->row.cell[WIJK_CELL_STAGE] = "real";
        f->row.before = "";
    } else {
        f->key = id;
        f->was_real = !strcmp(stage, "real");
    }
    return too_many(f);
}

int page_plan_row(web_call *call)
{
    plan_rows rows;
    row_form f = {.rows = &rows, .call = call};
    int rc = plan_rows_open(&rows, call);
    rc = rc ? rc : find_row(&f);
    rc = rc ? rc : show(&f, NULL);
    plan_rows_close(&rows);
    return rc;
}

/* ---- saving -----------------------------------------------------------------------------------
 */

/* Puts the row in its place in the table, or at the end. */
static int put_row(row_form *f, size_t *at)
{
    wijk_account_rows *table = &f->rows->table;
    *at = *f->key ? wijk_account_rows_find(table, f->was_real ? "real" : "plan", f->key)
                  : table->count;
    if (*at == table->count && table->count == WIJK_MAX_LINES) {
        return wijk_fail(WIJK_ELIMIT, "Een rekening heeft hoogstens %d regels.",
                         "An account has at most %d lines.", WIJK_MAX_LINES);
    }
    f->row.before = *at < table->count ? table->rows[*at].before : "";
    table->count += *at == table->count;
    table->rows[*at] = f->row;
    return WIJK_OK;
}

static int remove_row(row_form *f)
{
    wijk_account_rows *table = &f->rows->table;
    size_t at = wijk_account_rows_find(table, f->was_real ? "real" : "plan", f->key);
    if (at < table->count) {
        table->count--;
        memmove(&table->rows[at], &table->rows[at + 1], (table->count - at) * sizeof *table->rows);
    }
    return plan_rows_save(f->rows);
}

static int save_row(row_form *f)
{
    wijk_account_fault faults[WIJK_ACCOUNT_FAULTS];
    size_t at = 0;
    int rc = put_row(f, &at);
    rc = rc ? rc : wijk_account_rows_check(faults, &f->fault_count, &f->rows->table, at);
    if (rc) {
        return rc;
    }
    if (f->fault_count) {
        f->faults = faults;
        f->call->reply->status = 400;
        rc = show(f, NULL);
        f->faults = NULL;
        return rc;
    }
    return plan_rows_save(f->rows);
}

int page_plan_row_save(web_call *call)
{
    plan_rows rows;
    row_form f = {.rows = &rows, .call = call};
    int rc = plan_rows_open(&rows, call);
    rc = rc ? rc : read_typed(&f);
    if (!rc) {
        rc = !strcmp(typed(&f, "doe"), "weg") ? remove_row(&f) : save_row(&f);
        if (rc == WIJK_EINVAL && rows.plan.state != WIJK_PLAN_DRAFT) {
            /* the amendment lacks a name or a reason: what was typed stays */
            const char *why = wijk_arena_strdup(call->arena, wijk_error(call->lang));
            call->reply->status = 400;
            rc = show(&f, why);
        }
    }
    plan_rows_close(&rows);
    return rc;
}
