/* wijk account FILE: what a plan costs whom, what it yields whom, and how sure that is. Without the
 * name of a subcommand, a file is reckoned. */
#include "cli/account.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DRAWS = 20000, SWINGS = 5 };

const wijk_command wijk_accounts[] = {
    {"prices",
     account_prices,
     "[CODE] [--prices CSV] [--json|--csv]",
     {"wat één van iets kost, in geld van welk jaar en volgens wie",
      "what one of something costs, in money of which year and says who"},
     NULL},
    {"purses",
     account_purses,
     "[--json|--csv]",
     {"wie er kunnen betalen en profiteren", "who can pay and gain"},
     NULL},
    {"letter",
     account_letter,
     "--dwellings N [--cost EURO] [--extra EURO] [--year Y]",
     {"wat extra werk in de wijk doet met de Aedes-letter",
      "what extra work in the neighbourhood does to the Aedes letter"},
     NULL},
    {"staff",
     account_staff,
     "FILE [--json|--csv]",
     {"één functie, meer betalers: afrekening tot op de cent, btw gesignaleerd",
      "one post, several payers: statement to the cent, VAT flagged"},
     NULL},
    {"example",
     account_example,
     "[NAAM|NAME]",
     {"een rekening om mee te beginnen", "an account to begin with"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};

static const char *percent(wijk_str *out, wijk_lang lang, double share)
{
    double scaled = share * 100;
    int decimals = fabs(scaled - nearbyint(scaled)) < 1e-9 ? 0 : 2;
    wijk_str_clear(out);
    wijk_number(out, lang, scaled, decimals);
    wijk_str_addc(out, '%');
    return wijk_str_text(out);
}

/* ---- tables
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    cmd_sheet *sheet;
    wijk_lang lang;
    const wijk_account *account;
    const wijk_account_result *result;
} report;

static void column(const report *r, const char *name, enum wijk_text_key label, int decimals)
{
    cmd_sheet_column(r->sheet, name, wijk_text(r->lang, label), decimals);
}

static void name_cell(const report *r, const wijk_party *party)
{
    wijk_str name = WIJK_STR_INIT;
    wijk_account_party_name(&name, r->lang, r->account, party);
    cmd_sheet_text(r->sheet, wijk_str_text(&name));
    wijk_str_free(&name);
}

static void euro_cell(const report *r, int64_t cents)
{
    cmd_sheet_number(r->sheet, (double)cents / 100);
}

static void add_parties(const report *r)
{
    cmd_sheet_table(r->sheet, "parties", wijk_text(r->lang, T_ACCOUNT_PARTIES));
    column(r, "party", T_ACCOUNT_PARTY, -1);
    column(r, "cost", T_ACCOUNT_COST, 0);
    column(r, "benefit", T_ACCOUNT_BENEFIT, 0);
    column(r, "transfer", T_ACCOUNT_TRANSFER, 0);
    column(r, "net", T_ACCOUNT_NET, 0);
    column(r, "low", T_ACCOUNT_LOW, 0);
    column(r, "median", T_ACCOUNT_MEDIAN, 0);
    column(r, "high", T_ACCOUNT_HIGH, 0);
    column(r, "chance_percent", T_ACCOUNT_CHANCE, 0);
    column(r, "break_even", T_ACCOUNT_BREAK_EVEN, -1);
    column(r, "break_even_percent", T_ACCOUNT_BREAK_SHARE, 0);
    column(r, "back_after_years", T_ACCOUNT_BACK, 0);
    column(r, "hours", T_ACCOUNT_HOURS, 0);
    for (size_t i = 0; i < r->result->party_count; i++) {
        const wijk_party *p = &r->result->parties[i];
        name_cell(r, p);
        euro_cell(r, p->cost);
        euro_cell(r, p->benefit);
        euro_cell(r, p->received - p->given);
        euro_cell(r, p->net);
        cmd_sheet_number(r->sheet, p->low / 100);
        cmd_sheet_number(r->sheet, p->median / 100);
        cmd_sheet_number(r->sheet, p->high / 100);
        cmd_sheet_number(r->sheet, p->chance * 100);
        cmd_sheet_text(r->sheet,
                       wijk_text(r->lang, (enum wijk_text_key)(T_ACCOUNT_BREAK_1 + p->break_even)));
        cmd_sheet_number(r->sheet, p->share * 100);
        cmd_sheet_number(r->sheet, p->payback < 0 ? (double)NAN : p->payback);
        cmd_sheet_number(r->sheet, p->hours);
    }
}

static void add_cash(const report *r)
{
    cmd_sheet_table(r->sheet, "kinds", wijk_text(r->lang, T_ACCOUNT_CASH_TITLE));
    column(r, "party", T_ACCOUNT_PARTY, -1);
    column(r, "cash", T_ACCOUNT_CASH_YES, 0);
    column(r, "capacity", T_ACCOUNT_CASH_CAPACITY, 0);
    column(r, "welfare", T_ACCOUNT_CASH_WELFARE, 0);
    column(r, "net", T_ACCOUNT_NET, 0);
    for (size_t i = 0; i < r->result->party_count; i++) {
        const wijk_party *p = &r->result->parties[i];
        name_cell(r, p);
        for (int c = 0; c < WIJK_CASH_MIXED; c++) {
            euro_cell(r, p->by_cash[c]);
        }
        euro_cell(r, p->net);
    }
}

static void add_flows(const report *r)
{
    cmd_sheet_table(r->sheet, "flows", wijk_text(r->lang, T_ACCOUNT_FLOW_TITLE));
    column(r, "payer", T_ACCOUNT_PAYER, -1);
    column(r, "beneficiary", T_ACCOUNT_BENEFICIARY, -1);
    column(r, "benefit", T_ACCOUNT_BENEFIT, 0);
    for (size_t i = 0; i < r->result->purses; i++) {
        for (size_t j = 0; j < r->result->purses; j++) {
            if (r->result->flow[i][j]) {
                cmd_sheet_text(r->sheet, wijk_purse_at(r->account->prices, i)->label[r->lang]);
                cmd_sheet_text(r->sheet, wijk_purse_at(r->account->prices, j)->label[r->lang]);
                euro_cell(r, r->result->flow[i][j]);
            }
        }
    }
}

static void add_lines(const report *r)
{
    cmd_sheet_table(r->sheet, "lines", wijk_text(r->lang, T_ACCOUNT_LINE_TITLE));
    column(r, "line", T_ACCOUNT_LINE_ID, -1);
    column(r, "what", T_ACCOUNT_LINE_WHAT, -1);
    column(r, "society", T_ACCOUNT_SOCIETY, 0);
    column(r, "kind", T_ACCOUNT_CASH, -1);
    column(r, "price", T_ACCOUNT_PRICE_CODE, -1);
    column(r, "source", T_ACCOUNT_SOURCE, -1);
    for (size_t i = 0; i < r->account->count; i++) {
        const wijk_account_line *line = &r->account->lines[i];
        if (line->stage == r->result->stage && line->priced) {
            cmd_sheet_text(r->sheet, line->id);
            cmd_sheet_text(r->sheet, line->what);
            euro_cell(r, r->result->line_net[i]);
            cmd_sheet_text(r->sheet, wijk_cash_text(r->lang, line->cash));
            cmd_sheet_text(r->sheet, line->price ? line->price->code : "");
            cmd_sheet_text(r->sheet, line->price ? line->price->source : line->source);
        }
    }
}

static void add_unpriced(const report *r)
{
    if (!r->result->unpriced_count) {
        return;
    }
    cmd_sheet_table(r->sheet, "unpriced", wijk_text(r->lang, T_ACCOUNT_UNPRICED_TITLE));
    column(r, "line", T_ACCOUNT_LINE_ID, -1);
    column(r, "what", T_ACCOUNT_LINE_WHAT, -1);
    column(r, "number", T_ACCOUNT_UNITS, 1);
    column(r, "unit", T_ACCOUNT_UNIT, -1);
    column(r, "even_at", T_ACCOUNT_EVEN_PRICE, 2);
    for (size_t i = 0; i < r->result->unpriced_count; i++) {
        const wijk_unpriced *it = &r->result->unpriced[i];
        const wijk_account_line *line = &r->account->lines[it->line];
        cmd_sheet_text(r->sheet, line->id);
        cmd_sheet_text(r->sheet, line->what);
        cmd_sheet_number(r->sheet, it->units);
        cmd_sheet_text(r->sheet, line->price ? line->price->unit[r->lang] : line->unit);
        cmd_sheet_number(r->sheet, it->price / 100);
    }
    cmd_sheet_note(r->sheet, wijk_text(r->lang, T_ACCOUNT_NOTE_UNPRICED));
}

static int add_swings(const report *r)
{
    wijk_swing swings[SWINGS];
    size_t count;
    int rc = wijk_account_swings(swings, &count, SWINGS, r->account, r->result->stage);
    if (rc || !count) {
        return rc;
    }
    cmd_sheet_table(r->sheet, "decisive", wijk_text(r->lang, T_ACCOUNT_SWING_TITLE));
    column(r, "factor", T_ACCOUNT_SWING_WHAT, -1);
    column(r, "line", T_ACCOUNT_LINE_WHAT, -1);
    column(r, "lines", T_ACCOUNT_SWING_LINES, 0);
    column(r, "net_at_low", T_ACCOUNT_AT_LOW, 0);
    column(r, "net_at_high", T_ACCOUNT_AT_HIGH, 0);
    for (size_t i = 0; i < count; i++) {
        enum wijk_text_key name = (enum wijk_text_key)(T_ACCOUNT_FACTOR_1 + swings[i].factor);
        cmd_sheet_text(r->sheet, wijk_text(r->lang, name));
        cmd_sheet_text(r->sheet, r->account->lines[swings[i].line].what);
        cmd_sheet_number(r->sheet, (double)swings[i].lines);
        cmd_sheet_number(r->sheet, swings[i].at_low / 100);
        cmd_sheet_number(r->sheet, swings[i].at_high / 100);
    }
    return WIJK_OK;
}

static const wijk_account_line *planned_line(const wijk_account *account, const char *id)
{
    for (size_t i = 0; i < account->count; i++) {
        if (account->lines[i].stage == WIJK_PLANNED && !strcmp(account->lines[i].id, id)) {
            return &account->lines[i];
        }
    }
    return NULL;
}

/* Beside each real line what was planned under the same id for the same years. */
static void add_comparison(const report *r)
{
    int begun = 0;
    for (size_t i = 0; i < r->account->count; i++) {
        const wijk_account_line *line = &r->account->lines[i];
        if (line->stage != WIJK_REAL || !line->priced) {
            continue;
        }
        if (!begun) {
            cmd_sheet_table(r->sheet, "comparison", wijk_text(r->lang, T_ACCOUNT_COMPARE_TITLE));
            column(r, "line", T_ACCOUNT_LINE_ID, -1);
            column(r, "years", T_ACCOUNT_YEARS_KNOWN, 0);
            column(r, "planned", T_ACCOUNT_PLANNED, 2);
            column(r, "real", T_ACCOUNT_REAL, 2);
            column(r, "difference", T_ACCOUNT_DIFFERENCE, 2);
            begun = 1;
        }
        const wijk_account_line *plan = planned_line(r->account, line->id);
        int64_t real = wijk_account_nominal(r->account, line, line->start, line->years);
        int64_t before =
            plan ? wijk_account_nominal(r->account, plan, line->start, line->years) : 0;
        cmd_sheet_text(r->sheet, line->id);
        cmd_sheet_number(r->sheet, line->years);
        euro_cell(r, before);
        euro_cell(r, real);
        euro_cell(r, real - before);
    }
}

static void add_head(const report *r)
{
    wijk_str text = WIJK_STR_INIT, rate = WIJK_STR_INIT;
    char year[16], first[16], last[16];
    snprintf(year, sizeof year, "%d", r->result->price_year);
    snprintf(first, sizeof first, "%d", r->account->first_year);
    snprintf(last, sizeof last, "%d", r->account->first_year + r->account->years - 1);
    wijk_text_fill(&text, r->lang, T_ACCOUNT_HEAD, year, first, last,
                   percent(&rate, r->lang, r->account->discount),
                   wijk_text(r->lang, (enum wijk_text_key)(T_ACCOUNT_STAGE_1 + r->result->stage)),
                   NULL);
    if (*r->account->title) {
        cmd_sheet_head(r->sheet, r->account->title);
    }
    cmd_sheet_head(r->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
    wijk_str_free(&rate);
}

static int lacks_a_cost(const report *r)
{
    int lacks = 0;
    for (size_t i = 0; i < r->result->unpriced_count; i++) {
        lacks |= r->account->lines[r->result->unpriced[i].line].kind == WIJK_COST;
    }
    return lacks;
}

static void note_number(const report *r, enum wijk_text_key key, size_t number)
{
    wijk_str text = WIJK_STR_INIT, digits = WIJK_STR_INIT;
    wijk_number(&digits, r->lang, (double)number, 0);
    wijk_text_fill(&text, r->lang, key, wijk_str_text(&digits), NULL);
    cmd_sheet_note(r->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
    wijk_str_free(&digits);
}

static void add_notes(const report *r)
{
    if (lacks_a_cost(r)) {
        cmd_sheet_note(r->sheet, wijk_text(r->lang, T_ACCOUNT_NOTE_COST_MISSING));
    }
    note_number(r, T_ACCOUNT_NOTE_CHANCE, r->result->draws);
    cmd_sheet_note(r->sheet, wijk_text(r->lang, T_ACCOUNT_NOTE_BANDS));
    cmd_sheet_note(r->sheet, wijk_text(r->lang, T_ACCOUNT_NOTE_EVIDENCE));
    if (r->result->points) {
        note_number(r, T_ACCOUNT_NOTE_POINTS, r->result->points);
    }
    cmd_sheet_note(r->sheet, wijk_text(r->lang, T_ACCOUNT_NOTE_EXPLAIN));
}

static int print_report(report *r, int argc, char **argv)
{
    r->sheet = cmd_sheet_new(argc, argv, r->lang);
    add_head(r);
    add_parties(r);
    add_cash(r);
    add_flows(r);
    add_lines(r);
    add_unpriced(r);
    int rc = add_swings(r);
    add_comparison(r);
    add_notes(r);
    if (rc) {
        cmd_sheet_free(r->sheet);
        return rc;
    }
    return cmd_sheet_print(r->sheet);
}

/* ---- where a figure comes from
 * -------------------------------------------------------------------- */

static const wijk_party *find_party(const report *r, const char *name)
{
    if (!strcmp(name, "society")) {
        return wijk_account_society(r->result);
    }
    int purse = wijk_purse_find(r->account->prices, name);
    return purse < 0 ? NULL : wijk_account_party(r->result, purse);
}

static int explain(const report *r, const char *name)
{
    wijk_str text = WIJK_STR_INIT;
    const wijk_party *party = find_party(r, name);
    size_t found = 0;
    if (party) {
        wijk_account_explain_party(&text, r->lang, r->account, r->result, party);
        found = 1;
    }
    for (size_t i = 0; !party && i < r->account->count; i++) {
        if (!strcmp(r->account->lines[i].id, name)) {
            wijk_account_explain(&text, r->lang, r->account, r->result, i, -1);
            found++;
        }
    }
    int rc =
        found ? wijk_str_status(&text)
              : wijk_fail(WIJK_ENOTFOUND,
                          "\"%.40s\" is geen beurs of regel van deze rekening; society is de "
                          "maatschappij.",
                          "\"%.40s\" is no purse or line of this account; society is all.", name);
    if (!rc) {
        fputs(wijk_str_text(&text), stdout);
    }
    wijk_str_free(&text);
    return rc;
}

/* ---- the command
 * ------------------------------------------------------------------------------------- */

static int read_options(wijk_account_options *out, int argc, char **argv)
{
    unsigned long long draws = DRAWS, seed = 1, year = 0;
    const char *stage = cmd_option(argc, argv, "stage");
    int rc = cmd_whole(&draws, argc, argv, "draws", 0, WIJK_MAX_DRAWS);
    rc = rc ? rc : cmd_whole(&seed, argc, argv, "seed", 0, UINT64_MAX);
    rc = rc ? rc : cmd_whole(&year, argc, argv, "year", 1990, 2100);
    if (!rc && stage && strcmp(stage, "plan") != 0 && strcmp(stage, "real") != 0) {
        rc = wijk_fail(WIJK_EINVAL, "--stage is plan of real.", "--stage is plan or real.");
    }
    *out = (wijk_account_options){.stage = stage && *stage == 'r' ? WIJK_REAL : WIJK_PLANNED,
                                  .draws = (size_t)draws,
                                  .seed = (uint64_t)seed,
                                  .money_year = (int)year};
    return rc;
}

static int read_account(wijk_account_file **out, int argc, char **argv)
{
    const char *path = cmd_positional(argc, argv, 0), *own = cmd_option(argc, argv, "prices");
    char *bytes = NULL, *own_bytes = NULL;
    size_t size = 0, own_size = 0;
    if (!path) {
        return wijk_fail(
            WIJK_EINVAL,
            "Noem een bestand: wijk account plan.csv. Een voorbeeld om mee te beginnen: "
            "wijk account example.",
            "Name a file: wijk account plan.csv. An example to begin with: wijk "
            "account example.");
    }
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc || !own ? rc : cmd_read_file(&own_bytes, &own_size, own);
    rc = rc ? rc : wijk_account_read(out, bytes, size, path, own_bytes, own_size, own ? own : "");
    wijk_free(bytes);
    wijk_free(own_bytes);
    return rc;
}

int account_print(const wijk_account_file *file, int argc, char **argv, wijk_lang lang)
{
    wijk_account_result *result = NULL;
    wijk_account_options options;
    const char *name = cmd_option(argc, argv, "explain");
    int rc = read_options(&options, argc, argv);
    if (!rc) {
        cmd_job job;
        cmd_job_begin(&job, cmd_flag(argc, argv, "quiet"));
        rc = wijk_account_reckon(&result, wijk_account_of(file), &options, &job.ctx);
        cmd_job_end(&job);
    }
    if (!rc) {
        report r = {.lang = lang, .account = wijk_account_of(file), .result = result};
        rc = name ? explain(&r, name) : print_report(&r, argc, argv);
    }
    wijk_account_result_free(result);
    return rc;
}

int cmd_account(int argc, char **argv, wijk_lang lang)
{
    wijk_account_file *file = NULL;
    int rc = read_account(&file, argc, argv);
    rc = rc ? rc : account_print(file, argc, argv, lang);
    wijk_account_file_free(file);
    return rc;
}
