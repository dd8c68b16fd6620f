/* What stands around an account: the tables of prices and purses, the benchmark letter, the shared
 * post, and examples to begin with. */
#include "cli/account.h"

#include "wijk/account_words.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EXAMPLES "data/accounts/"

static void column(cmd_sheet *sheet, wijk_lang lang, const char *name, enum wijk_text_key label,
                   int decimals)
{
    cmd_sheet_column(sheet, name, wijk_text(lang, label), decimals);
}

/* ---- prices and purses
 * ------------------------------------------------------------------------------ */

static int open_prices(wijk_prices **out, int argc, char **argv)
{
    const char *own = cmd_option(argc, argv, "prices");
    char *bytes = NULL;
    size_t size = 0;
    int rc = own ? cmd_read_file(&bytes, &size, own) : WIJK_OK;
    rc = rc ? rc : own ? wijk_prices_open_own(out, bytes, size, own) : wijk_prices_open(out);
    wijk_free(bytes);
    return rc;
}

static void add_price(cmd_sheet *sheet, wijk_lang lang, const wijk_prices *prices,
                      const wijk_price *price, int in_full)
{
    const double none = NAN; /* unknown, or the source gives no range */
    char year[16] = "";
    if (price->known) {
        snprintf(year, sizeof year, "%d", price->year);
    }
    cmd_sheet_text(sheet, price->code);
    cmd_sheet_text(sheet, price->label[lang]);
    cmd_sheet_text(sheet, price->unit[lang]);
    cmd_sheet_number(sheet, price->ranged ? (double)price->euro.low / 100 : none);
    cmd_sheet_number(sheet, price->known ? (double)price->euro.central / 100 : none);
    cmd_sheet_number(sheet, price->ranged ? (double)price->euro.high / 100 : none);
    cmd_sheet_text(sheet, year);
    cmd_sheet_text(sheet, price->grade);
    cmd_sheet_text(sheet,
                   price->purse < 0 ? "" : wijk_purse_at(prices, (size_t)price->purse)->code);
    cmd_sheet_text(sheet, wijk_cash_text(lang, price->cash));
    if (in_full) {
        cmd_sheet_text(sheet, price->source);
        cmd_sheet_text(sheet, price->note[lang]);
    }
}

/* A terminal has no room for sources beside a hundred prices: they are in --csv and --json, and
 * below the price that is asked for. */
static int price_sheet(const wijk_prices *prices, const wijk_price *one, int argc, char **argv,
                       wijk_lang lang)
{
    int in_full = cmd_flag(argc, argv, "csv") || cmd_flag(argc, argv, "json");
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "prices", wijk_text(lang, T_ACCOUNT_PRICES_TITLE));
    column(sheet, lang, "code", T_ACCOUNT_CODE, -1);
    column(sheet, lang, "what", T_ACCOUNT_WHAT, -1);
    column(sheet, lang, "unit", T_ACCOUNT_UNIT, -1);
    column(sheet, lang, "low", T_ACCOUNT_PRICE_LOW, 2);
    column(sheet, lang, "central", T_ACCOUNT_PRICE_CENTRAL, 2);
    column(sheet, lang, "high", T_ACCOUNT_PRICE_HIGH, 2);
    column(sheet, lang, "year", T_ACCOUNT_YEAR, -1);
    column(sheet, lang, "grade", T_ACCOUNT_GRADE, -1);
    column(sheet, lang, "purse", T_ACCOUNT_PURSE, -1);
    column(sheet, lang, "kind", T_ACCOUNT_CASH, -1);
    if (in_full) {
        column(sheet, lang, "source", T_ACCOUNT_SOURCE, -1);
        column(sheet, lang, "note", T_ACCOUNT_NOTE, -1);
    }
    for (size_t i = 0; i < wijk_price_count(prices); i++) {
        const wijk_price *price = wijk_price_at(prices, i);
        if (!one || one == price) {
            add_price(sheet, lang, prices, price, in_full);
        }
    }
    if (one && !in_full) {
        cmd_sheet_note(sheet, one->source);
        cmd_sheet_note(sheet, one->note[lang]);
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_ACCOUNT_PRICES_NOTE));
    return cmd_sheet_print(sheet);
}

int account_prices(int argc, char **argv, wijk_lang lang)
{
    const char *code = cmd_positional(argc, argv, 0);
    wijk_prices *prices;
    int rc = open_prices(&prices, argc, argv);
    if (rc) {
        return rc;
    }
    const wijk_price *one = code ? wijk_price_find(prices, code) : NULL;
    rc =
        code && !one
            ? wijk_fail(WIJK_ENOTFOUND, "Er is geen prijs \"%.40s\"; wijk account prices noemt ze.",
                        "There is no price \"%.40s\"; wijk account prices lists them.", code)
            : price_sheet(prices, one, argc, argv, lang);
    wijk_prices_free(prices);
    return rc;
}

int account_purses(int argc, char **argv, wijk_lang lang)
{
    wijk_prices *prices;
    int rc = wijk_prices_open(&prices);
    if (rc) {
        return rc;
    }
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "purses", wijk_text(lang, T_ACCOUNT_PURSES_TITLE));
    column(sheet, lang, "code", T_ACCOUNT_CODE, -1);
    column(sheet, lang, "purse", T_ACCOUNT_PURSE, -1);
    column(sheet, lang, "meaning", T_ACCOUNT_MEANING, -1);
    for (size_t i = 0; i < wijk_purse_count(prices); i++) {
        const wijk_purse *purse = wijk_purse_at(prices, i);
        cmd_sheet_text(sheet, purse->code);
        cmd_sheet_text(sheet, purse->label[lang]);
        cmd_sheet_text(sheet, purse->definition[lang]);
    }
    rc = cmd_sheet_print(sheet);
    wijk_prices_free(prices);
    return rc;
}

/* ---- the letter
 * ------------------------------------------------------------------------------------------ */

static void add_case(cmd_sheet *sheet, wijk_lang lang, enum wijk_text_key name, double cost,
                     char letter)
{
    const char text[2] = {letter, 0};
    cmd_sheet_text(sheet, wijk_text(lang, name));
    cmd_sheet_number(sheet, cost);
    cmd_sheet_text(sheet, text);
}

int account_letter(int argc, char **argv, wijk_lang lang)
{
    wijk_prices *prices = NULL;
    wijk_letter_limits limits;
    wijk_letter letter;
    wijk_letter_case about = {0, NAN, 0};
    double year = 2023;
    wijk_arena *arena = NULL;
    const char *notes[WIJK_LETTER_NOTES];
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : cmd_number(&about.dwellings, argc, argv, "dwellings");
    rc = rc ? rc : cmd_number(&about.cost, argc, argv, "cost");
    rc = rc ? rc : cmd_number(&about.extra, argc, argv, "extra");
    rc = rc ? rc : cmd_number(&year, argc, argv, "year");
    rc = rc ? rc : wijk_letter_limits_of(&limits, prices, year > 0 && year < 9999 ? (int)year : 0);
    rc = rc ? rc : wijk_letter_reckon(&letter, &limits, &about);
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        cmd_sheet_table(sheet, "letter", wijk_text(lang, T_ACCOUNT_LETTER_TITLE));
        column(sheet, lang, "case", T_ACCOUNT_LETTER_CASE, -1);
        column(sheet, lang, "euro_per_dwelling", T_ACCOUNT_LETTER_COST, 2);
        column(sheet, lang, "letter", T_ACCOUNT_LETTER, -1);
        add_case(sheet, lang, T_ACCOUNT_LETTER_NOW, letter.cost, letter.now);
        add_case(sheet, lang, T_ACCOUNT_LETTER_THEN, letter.cost + letter.extra, letter.then);
        add_case(sheet, lang, T_ACCOUNT_LETTER_TOGETHER, letter.cost + letter.extra,
                 letter.together);
        wijk_letter_say(notes, arena, lang, prices, &limits, &letter);
        for (size_t i = 0; i < WIJK_LETTER_NOTES && notes[i]; i++) {
            cmd_sheet_note(sheet, notes[i]);
        }
        rc = cmd_sheet_print(sheet);
    }
    wijk_arena_free(arena);
    wijk_prices_free(prices);
    return rc;
}

/* ---- the shared post
 * ---------------------------------------------------------------------------------- */

static void staff_head(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang, const wijk_staff *staff,
                       const wijk_statement *s)
{
    const char *texts[WIJK_STAFF_HEADS];
    wijk_staff_head_say(texts, arena, lang, staff, s);
    for (size_t i = 0; i < WIJK_STAFF_HEADS && texts[i]; i++) {
        cmd_sheet_head(sheet, texts[i]);
    }
}

static void staff_row(cmd_sheet *sheet, const char *name, const wijk_settlement *part,
                      int64_t advance)
{
    cmd_sheet_text(sheet, name);
    cmd_sheet_number(sheet, part->hours);
    cmd_sheet_number(sheet, (double)part->share / 100);
    cmd_sheet_number(sheet, (double)part->vat / 100);
    cmd_sheet_number(sheet, (double)advance / 100);
    cmd_sheet_number(sheet, (double)part->settle / 100);
}

static void staff_table(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang,
                        const wijk_staff *staff, const wijk_statement *s, const wijk_prices *prices)
{
    wijk_settlement total = {.hours = s->hours, .share = s->cost, .vat = s->vat};
    int64_t advances = 0;
    cmd_sheet_table(sheet, "statement", wijk_text(lang, T_ACCOUNT_STAFF_TITLE));
    column(sheet, lang, "payer", T_ACCOUNT_STAFF_PAYER, -1);
    column(sheet, lang, "hours", T_ACCOUNT_HOURS, 1);
    column(sheet, lang, "share", T_ACCOUNT_SHARE, 2);
    column(sheet, lang, "vat", T_ACCOUNT_VAT, 2);
    column(sheet, lang, "advance", T_ACCOUNT_ADVANCE, 2);
    column(sheet, lang, "to_pay", T_ACCOUNT_SETTLE, 2);
    for (size_t i = 0; i < staff->count; i++) {
        const wijk_payer *payer = &staff->payers[i];
        staff_row(sheet, wijk_payer_say(arena, lang, staff, prices, i), &s->parts[i],
                  payer->advance);
        advances += payer->advance;
        total.settle += s->parts[i].settle;
    }
    staff_row(sheet, wijk_text(lang, T_ACCOUNT_TOTAL), &total, advances);
}

static void staff_notes(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang,
                        const wijk_statement *s)
{
    const char *texts[WIJK_STAFF_NOTES];
    wijk_staff_notes_say(texts, arena, lang, s);
    for (size_t i = 0; i < WIJK_STAFF_NOTES && texts[i]; i++) {
        cmd_sheet_note(sheet, texts[i]);
    }
}

int account_staff(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0);
    wijk_staff_file *file = NULL;
    wijk_arena *arena = NULL;
    wijk_statement s;
    char *bytes = NULL;
    size_t size = 0;
    if (!path) {
        return wijk_fail(
            WIJK_EINVAL,
            "Noem een bestand: wijk account staff functie.csv. Begin met: wijk account "
            "example post.",
            "Name a file: wijk account staff post.csv. Begin with: wijk account example "
            "post.");
    }
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_staff_read(&file, bytes, size, path);
    wijk_free(bytes);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : wijk_staff_settle(&s, wijk_staff_of(file), wijk_staff_prices(file));
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        staff_head(sheet, arena, lang, wijk_staff_of(file), &s);
        staff_table(sheet, arena, lang, wijk_staff_of(file), &s, wijk_staff_prices(file));
        staff_notes(sheet, arena, lang, &s);
        rc = cmd_sheet_print(sheet);
    }
    wijk_arena_free(arena);
    wijk_staff_file_free(file);
    return rc;
}

/* ---- examples
 * --------------------------------------------------------------------------------------------- */

/* The words behind the # of the first line: what the example is. */
static void first_comment(wijk_str *out, const char *text)
{
    size_t skip = strspn(text, "# ");
    wijk_str_addn(out, text + skip, strcspn(text + skip, "\n"));
}

static int list_examples(int argc, char **argv, wijk_lang lang)
{
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "examples", wijk_text(lang, T_ACCOUNT_EXAMPLES));
    column(sheet, lang, "name", T_ACCOUNT_CODE, -1);
    column(sheet, lang, "what", T_ACCOUNT_WHAT, -1);
    const char *path;
    for (size_t i = 0; (path = wijk_asset_path(i)) != NULL; i++) {
        if (!strncmp(path, EXAMPLES, strlen(EXAMPLES))) {
            wijk_str name = WIJK_STR_INIT, what = WIJK_STR_INIT;
            const char *base = path + strlen(EXAMPLES);
            wijk_str_addn(&name, base, strcspn(base, "."));
            first_comment(&what, wijk_asset_get(path, NULL));
            cmd_sheet_text(sheet, wijk_str_text(&name));
            cmd_sheet_text(sheet, wijk_str_text(&what));
            wijk_str_free(&name);
            wijk_str_free(&what);
        }
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_ACCOUNT_EXAMPLES_NOTE));
    return cmd_sheet_print(sheet);
}

int account_example(int argc, char **argv, wijk_lang lang)
{
    const char *name = cmd_positional(argc, argv, 0);
    char path[128];
    size_t size = 0;
    if (!name) {
        return list_examples(argc, argv, lang);
    }
    snprintf(path, sizeof path, EXAMPLES "%.60s.csv", name);
    const char *text = wijk_asset_get(path, &size);
    if (!text) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Er is geen voorbeeld \"%.40s\"; wijk account example noemt ze.",
                         "There is no example \"%.40s\"; wijk account example lists them.", name);
    }
    fwrite(text, 1, size, stdout);
    return WIJK_OK;
}
