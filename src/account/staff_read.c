/* A shared post as a sheet: settings, a table of payers, and a table of hours when those are kept.
 * Every hour has one payer, or is for all together. */
#include "wijk/staff.h"

#include "account/sheet.h"
#include "wijk/mem.h"

#include <stdio.h>
#include <string.h>

enum { MOST_COLUMNS = 8 };

struct wijk_staff_file {
    wijk_staff staff;
    wijk_prices *prices;
    wijk_arena *arena;
};

typedef struct {
    wijk_staff_file *file;
    sheet sheet;
    const char *const *columns; /* of the table under way, NULL above the first */
    int place[MOST_COLUMNS];
    char employer[48];
} reading;

static const char *const payer_columns[] = {"payer", "share", "advance", "recovers", NULL};
static const char *const hour_columns[] = {"date", "payer", "hours", "note", NULL};
static const char *const yes_no[] = {"no", "yes"};
static const char *const keys[] = {"shares", "hours"};

static int at_column(const reading *r, int code, const char *column)
{
    return sheet_at(&r->sheet, code, column);
}

static const char *cell(const reading *r, int column)
{
    int at = r->place[column];
    return at >= 0 && (size_t)at < r->sheet.count ? r->sheet.cells[at].text : "";
}

static int read_cents(int64_t *out, const char *text)
{
    double cents = 0;
    int rc = sheet_cents(&cents, text, strlen(text));
    if (!rc && cents < 0) {
        rc = wijk_fail(WIJK_EFORMAT, "een bedrag kan hier niet negatief zijn.",
                       "an amount cannot be negative here.");
    }
    *out = (int64_t)cents;
    return rc;
}

static int read_setting(reading *r)
{
    wijk_staff *staff = &r->file->staff;
    const char *name = r->sheet.cells[0].text;
    const char *value = r->sheet.count > 1 ? r->sheet.cells[1].text : "";
    const struct {
        const char *name;
        int64_t *cents;
    } amounts[] = {{"gross", &staff->gross},
                   {"charges", &staff->charges},
                   {"overhead", &staff->overhead},
                   {"other", &staff->other}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        if (!strcmp(name, amounts[i].name)) {
            int rc = read_cents(amounts[i].cents, value);
            return rc ? at_column(r, rc, name) : WIJK_OK;
        }
    }
    int rc = WIJK_OK, word = 0;
    if (!strcmp(name, "post") || !strcmp(name, "period")) {
        const char **into = *name == 'p' && name[1] == 'o' ? &staff->post : &staff->period;
        *into = wijk_arena_strdup(r->file->arena, value);
        return *into ? WIJK_OK : WIJK_ENOMEM;
    }
    if (!strcmp(name, "route")) {
        while (word < WIJK_ROUTES && strcmp(value, wijk_route_word((enum wijk_route)word)) != 0) {
            word++;
        }
        rc = word < WIJK_ROUTES ? WIJK_OK
                                : wijk_fail(WIJK_EFORMAT,
                                            "\"%.40s\" kan niet; kies lending, exempt, care, "
                                            "pooling of own.",
                                            "\"%.40s\" will not do; choose lending, exempt, care, "
                                            "pooling or own.",
                                            value);
        staff->route = rc ? staff->route : (enum wijk_route)word;
    } else if (!strcmp(name, "key")) {
        rc = sheet_word(&staff->by_hours, value, keys, 2);
    } else if (!strcmp(name, "agreed")) {
        rc = sheet_word(&staff->agreed, value, yes_no, 2);
    } else if (!strcmp(name, "employer")) {
        snprintf(r->employer, sizeof r->employer, "%s", value);
    } else {
        rc = wijk_fail(WIJK_EFORMAT,
                       "\"%.40s\" is geen instelling (post, period, route, key, agreed, employer, "
                       "gross, charges, overhead, other) en geen kop die met payer of date begint.",
                       "\"%.40s\" is not a setting (post, period, route, key, agreed, employer, "
                       "gross, charges, overhead, other) and not a header that begins with payer "
                       "or date.",
                       name);
    }
    return rc ? at_column(r, rc, *name ? name : "?") : WIJK_OK;
}

static int read_header(reading *r, const char *const *columns)
{
    r->columns = columns;
    for (int c = 0; c < MOST_COLUMNS; c++) {
        r->place[c] = -1;
    }
    for (size_t i = 0; i < r->sheet.count; i++) {
        const char *name = r->sheet.cells[i].text;
        int c = 0;
        while (columns[c] && strcmp(columns[c], name) != 0) {
            c++;
        }
        if (*name && (!columns[c] || r->place[c] >= 0)) {
            wijk_fail(WIJK_EFORMAT, "deze kolom bestaat niet, of staat er tweemaal.",
                      "there is no such column, or it is there twice.");
            return at_column(r, WIJK_EFORMAT, name);
        }
        if (*name) {
            r->place[c] = (int)i;
        }
    }
    return WIJK_OK;
}

static int find_payer(size_t *out, const reading *r, const char *code)
{
    const wijk_staff *staff = &r->file->staff;
    int purse = wijk_purse_find(r->file->prices, code);
    for (size_t i = 0; purse >= 0 && i < staff->count; i++) {
        if (staff->payers[i].purse == purse) {
            *out = i;
            return 1;
        }
    }
    return 0;
}

static int read_payer(reading *r)
{
    wijk_staff *staff = &r->file->staff;
    const char *code = cell(r, 0), *share = cell(r, 1), *advance = cell(r, 2),
               *recovers = cell(r, 3);
    wijk_payer payer = {.purse = wijk_purse_find(r->file->prices, code), .recovers = -1};
    size_t before;
    if (payer.purse < 0 || find_payer(&before, r, code) || staff->count == WIJK_MAX_PAYERS) {
        wijk_fail(WIJK_EFORMAT,
                  "beurs \"%.40s\" bestaat niet, staat er tweemaal, of er zijn er meer dan %d.",
                  "purse \"%.40s\" does not exist, is there twice, or there are more than %d.",
                  code, WIJK_MAX_PAYERS);
        return at_column(r, WIJK_EFORMAT, "payer");
    }
    if (*share && sheet_number(&payer.weight, share, strlen(share))) {
        return at_column(r, WIJK_EFORMAT, "share");
    }
    if (payer.weight < 0 || (!*share && !staff->by_hours)) {
        wijk_fail(WIJK_EFORMAT, "noem een aandeel van 0 of meer.", "give a share of 0 or more.");
        return at_column(r, WIJK_EFORMAT, "share");
    }
    if (*advance && read_cents(&payer.advance, advance)) {
        return at_column(r, WIJK_EFORMAT, "advance");
    }
    if (*recovers && sheet_word(&payer.recovers, recovers, yes_no, 2)) {
        return at_column(r, WIJK_EFORMAT, "recovers");
    }
    staff->payers[staff->count++] = payer;
    return WIJK_OK;
}

/* 2024-03-31. */
static int is_date(const char *text)
{
    int good = strlen(text) == 10 && text[4] == '-' && text[7] == '-';
    for (int i = 0; good && i < 10; i++) {
        good = i == 4 || i == 7 || (text[i] >= '0' && text[i] <= '9');
    }
    int month = good ? (text[5] - '0') * 10 + text[6] - '0' : 0;
    int day = good ? (text[8] - '0') * 10 + text[9] - '0' : 0;
    return good && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static int read_hours(reading *r)
{
    wijk_staff *staff = &r->file->staff;
    double hours = 0;
    size_t at = 0;
    if (!is_date(cell(r, 0))) {
        wijk_fail(WIJK_EFORMAT, "schrijf de datum als 2024-03-31.",
                  "write the date as 2024-03-31.");
        return at_column(r, WIJK_EFORMAT, "date");
    }
    int common = !strcmp(cell(r, 1), "common");
    if (!common && !find_payer(&at, r, cell(r, 1))) {
        wijk_fail(
            WIJK_EFORMAT,
            "\"%.40s\" staat niet bij de betalers; schrijf common voor uren voor allen samen.",
            "\"%.40s\" is not among the payers; write common for hours for all together.",
            cell(r, 1));
        return at_column(r, WIJK_EFORMAT, "payer");
    }
    int rc = sheet_number(&hours, cell(r, 2), strlen(cell(r, 2)));
    if (!rc && !(hours > 0 && hours <= 2000)) {
        rc = wijk_fail(WIJK_EFORMAT, "uren zijn meer dan 0 en hoogstens 2000 per rij.",
                       "hours are more than 0 and at most 2000 a row.");
    }
    if (rc) {
        return at_column(r, rc, "hours");
    }
    *(common ? &staff->common_hours : &staff->payers[at].hours) += hours;
    return WIJK_OK;
}

static int read_row(reading *r)
{
    const char *first = r->sheet.cells[0].text;
    if (!strcmp(first, "payer") && !r->columns) {
        return read_header(r, payer_columns);
    }
    if (!strcmp(first, "date") && r->columns == payer_columns) {
        return read_header(r, hour_columns);
    }
    return !r->columns                  ? read_setting(r)
           : r->columns == hour_columns ? read_hours(r)
                                        : read_payer(r);
}

static int finish(reading *r)
{
    wijk_staff *staff = &r->file->staff;
    if (!r->columns) {
        return wijk_fail(WIJK_EFORMAT, "%s: geen tabel gevonden; de kop begint met payer.",
                         "%s: no table found; its header begins with payer.", r->sheet.what);
    }
    if (!find_payer(&staff->employer, r, r->employer) && staff->route != WIJK_ROUTE_OWN) {
        return wijk_fail(
            WIJK_EFORMAT,
            "%s: de werkgever \"%.40s\" staat niet bij de betalers (een aandeel van 0 "
            "mag).",
            "%s: the employer \"%.40s\" is not among the payers (a share of 0 will do).",
            r->sheet.what, r->employer);
    }
    wijk_statement ignored;
    int rc = wijk_staff_settle(&ignored, staff, r->file->prices);
    return rc ? wijk_fail_at(rc, r->sheet.what) : WIJK_OK;
}

int wijk_staff_read(wijk_staff_file **out, const void *bytes, size_t size, const char *what)
{
    reading r = {.file = wijk_alloc(sizeof *r.file)};
    *out = NULL;
    int rc = r.file ? wijk_arena_new(&r.file->arena, 0) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_prices_open(&r.file->prices);
    if (!rc) {
        r.file->staff.post = r.file->staff.period = "";
        rc = sheet_open(&r.sheet, bytes, size, what, "payer");
    }
    int step = 0;
    while (!rc && (step = sheet_next(&r.sheet)) == 1) {
        rc = read_row(&r);
    }
    rc = rc ? rc : step;
    rc = rc ? rc : finish(&r);
    wijk_csv_free(r.sheet.csv);
    if (rc) {
        wijk_staff_file_free(r.file);
        return rc;
    }
    *out = r.file;
    return WIJK_OK;
}

const wijk_staff *wijk_staff_of(const wijk_staff_file *file)
{
    return &file->staff;
}

const wijk_prices *wijk_staff_prices(const wijk_staff_file *file)
{
    return file->prices;
}

void wijk_staff_file_free(wijk_staff_file *file)
{
    if (file) {
        wijk_prices_free(file->prices);
        wijk_arena_free(file->arena);
        wijk_free(file);
    }
}
