/* Asking what a table means. Guesses come first and answers second: most questions can be answered
 * with Enter. What is written is a map in the same rows as the registries, so there is no second
 * way to describe a file. */
#include "load/places.h"
#include "load/rows.h"
#include "load/sources.h"

#include "wijk/limits.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLES = 3, LOOK = 500, TEXT = 200, TRIES = 5 };

typedef struct {
    char name[TEXT];
    char samples[SAMPLES][40];
    size_t sample_count, filled, numbers, codes[WIJK_LEVELS], years;
} column;

typedef struct {
    const wijk_registry *registry;
    wijk_lang lang;
    wijk_ask_fn ask;
    void *payload;
    const char *file, *name;
    column *columns;
    size_t count, rows;
    size_t area, year_column; /* SIZE_MAX: a fixed year */
    char level[TEXT], year[TEXT], vintage[TEXT], publisher[TEXT], title[TEXT];
    wijk_str indicators, rules; /* rows of the map */
} session;

/* ---- looking ----------------------------------------------------------------------------- */

static void look_at(column *c, const wijk_cell *cell)
{
    double value;
    wijk_place_code code;
    if (!cell->size) {
        return;
    }
    c->filled++;
    int number = wijk_csv_number(&value, cell->text, cell->size, '.') ||
                 wijk_csv_number(&value, cell->text, cell->size, ',');
    c->numbers += number;
    c->years += number && value >= 1950 && value <= 2100 && cell->size == 4;
    for (int level = WIJK_GEMEENTE; level <= WIJK_SQUARE; level++) {
        c->codes[level] +=
            wijk_place_parse(&code, cell->text, -1, NULL) && (int)code.level == level;
    }
    for (size_t i = 0; i < c->sample_count; i++) {
        if (!strncmp(c->samples[i], cell->text, sizeof c->samples[i] - 1)) {
            return;
        }
    }
    if (c->sample_count < SAMPLES) {
        snprintf(c->samples[c->sample_count++], sizeof c->samples[0], "%s", cell->text);
    }
}

static int look(session *s, wijk_rows *rows)
{
    const wijk_cell *cells;
    size_t count;
    int rc = rows->next(rows, &cells, &count);
    if (rc != 1) {
        return rc ? rc : wijk_fail(WIJK_EFORMAT, "%s is leeg.", "%s is empty.", s->file);
    }
    s->count = count;
    s->columns = wijk_alloc((count + 1) * sizeof *s->columns);
    if (!s->columns) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(s->columns[i].name, sizeof s->columns[i].name, "%s", cells[i].text);
    }
    while (s->rows < LOOK && (rc = rows->next(rows, &cells, &count)) == 1) {
        s->rows++;
        for (size_t i = 0; i < count && i < s->count; i++) {
            look_at(&s->columns[i], &cells[i]);
        }
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* The column with most codes of one level, and that level. Four digits alone may be a year. */
static void guess_area(session *s, int *level)
{
    size_t best = 0;
    *level = -1;
    for (size_t i = 0; i < s->count; i++) {
        for (int at = WIJK_GEMEENTE; at <= WIJK_SQUARE; at++) {
            size_t hits = s->columns[i].codes[at];
            if (at == WIJK_PC4 && s->columns[i].years == s->columns[i].filled) {
                hits = 0;
            }
            if (hits > best) {
                best = hits;
                s->area = i;
                *level = at;
            }
        }
    }
    if (*level >= 0 && best < s->columns[s->area].filled) {
        *level = -1; /* several levels in one column */
    }
}

/* ---- asking ------------------------------------------------------------------------------ */

static int ask(session *s, char *answer, const char *text, const char *otherwise)
{
    int rc = s->ask(s->payload, text, answer, TEXT);
    if (rc) {
        return rc;
    }
    size_t size = strlen(answer);
    while (size && isspace((unsigned char)answer[size - 1])) {
        answer[--size] = 0;
    }
    if (!size) {
        snprintf(answer, TEXT, "%s", otherwise);
    }
    return WIJK_OK;
}

static int ask_for(session *s, char *answer, enum wijk_text_key key, const char *otherwise)
{
    wijk_str text = WIJK_STR_INIT;
    const char *form = wijk_text(s->lang, key), *hole = strstr(form, "%s");
    wijk_str_addn(&text, form, hole ? (size_t)(hole - form) : strlen(form));
    wijk_str_add(&text, hole ? otherwise : "");
    wijk_str_add(&text, hole ? hole + 2 : "");
    int rc = text.status ? text.status : ask(s, answer, wijk_str_text(&text), otherwise);
    wijk_str_free(&text);
    return rc;
}

static int tell(session *s, const char *text)
{
    return s->ask(s->payload, text, NULL, 0);
}

/* A column by its number or its name; SIZE_MAX when there is none. */
static size_t find_column(const session *s, const char *answer)
{
    char *end;
    unsigned long number = strtoul(answer, &end, 10);
    if (*answer && !*end && number >= 1 && number <= s->count) {
        return number - 1;
    }
    for (size_t i = 0; i < s->count; i++) {
        if (!strcmp(s->columns[i].name, answer)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static int list_columns(session *s)
{
    wijk_str text = WIJK_STR_INIT;
    const char *form = wijk_text(s->lang, T_LOAD_ASK_COLUMNS), *hole = strstr(form, "%s");
    wijk_str_addn(&text, form, (size_t)(hole - form));
    wijk_str_addf(&text, "%s%s\n", s->file, hole + 2);
    for (size_t i = 0; i < s->count; i++) {
        const column *c = &s->columns[i];
        wijk_str_addf(&text, "%4zu  %-32s", i + 1, c->name);
        for (size_t k = 0; k < c->sample_count; k++) {
            wijk_str_addf(&text, "%s%s", k ? ", " : "  ", c->samples[k]);
        }
        wijk_str_addc(&text, '\n');
    }
    int rc = text.status ? text.status : tell(s, wijk_str_text(&text));
    wijk_str_free(&text);
    return rc;
}

static int out_of_tries(void)
{
    return wijk_fail(WIJK_EINVAL, "Zonder dit antwoord is het bestand niet te lezen.",
                     "Without this answer the file cannot be read.");
}

static int ask_area(session *s)
{
    char answer[TEXT], otherwise[TEXT];
    int level;
    guess_area(s, &level);
    snprintf(otherwise, sizeof otherwise, "%zu", s->area + 1);
    int rc = WIJK_OK; /* of telling to try again: who cannot be told is not asked */
    for (int tries = 0;; tries++) {
        rc = rc ? rc : ask_for(s, answer, T_LOAD_ASK_AREA, otherwise);
        size_t at = rc ? SIZE_MAX : find_column(s, answer);
        if (rc || tries == TRIES) {
            return rc ? rc : out_of_tries();
        }
        if (at != SIZE_MAX) {
            s->area = at;
            break;
        }
        rc = tell(s, wijk_text(s->lang, T_LOAD_ASK_AGAIN));
    }
    for (int tries = 0; tries <= TRIES; tries++) {
        rc = rc ? rc
                : ask_for(s, s->level, T_LOAD_ASK_LEVEL,
                          level < 0 ? "auto" : wijk_level_word((enum wijk_level)level));
        if (rc || !strcmp(s->level, "auto") || wijk_level_parse(s->level) >= 0) {
            return rc;
        }
        rc = tell(s, wijk_text(s->lang, T_LOAD_ASK_AGAIN));
    }
    return out_of_tries();
}

static int is_year(const char *text)
{
    double value;
    return wijk_csv_number(&value, text, strlen(text), '.') && value >= 1900 && value <= 2100;
}

static int ask_year(session *s)
{
    char otherwise[TEXT] = "";
    s->year_column = SIZE_MAX;
    for (size_t i = 0; i < s->count && !*otherwise; i++) {
        if (i != s->area && s->columns[i].filled && s->columns[i].years == s->columns[i].filled) {
            snprintf(otherwise, sizeof otherwise, "%zu", i + 1);
        }
    }
    for (const char *at = s->name; *at && !*otherwise; at++) {
        if (isdigit((unsigned char)*at)) {
            size_t size = strspn(at, "0123456789");
            snprintf(otherwise, sizeof otherwise, "%.*s", size == 4 ? 4 : 0, at);
            at += size - 1;
        }
    }
    int rc = WIJK_OK;
    for (int tries = 0; tries <= TRIES; tries++) {
        rc = rc ? rc : ask_for(s, s->year, T_LOAD_ASK_YEAR, otherwise);
        size_t at = rc ? SIZE_MAX : find_column(s, s->year);
        if (!rc && at != SIZE_MAX) {
            s->year_column = at;
            return ask_for(s, s->vintage, T_LOAD_ASK_VINTAGE, s->columns[at].samples[0]);
        }
        if (rc || is_year(s->year)) {
            return rc ? rc : ask_for(s, s->vintage, T_LOAD_ASK_VINTAGE, s->year);
        }
        rc = tell(s, wijk_text(s->lang, T_LOAD_ASK_AGAIN));
    }
    return out_of_tries();
}

/* ---- measures ---------------------------------------------------------------------------- */

static void add_cell(wijk_str *out, const char *text)
{
    wijk_str_add(out, out->size && out->data[out->size - 1] != '\n' ? ",\"" : "\"");
    for (; *text; text++) {
        if (*text == '"') {
            wijk_str_addc(out, '"');
        }
        wijk_str_addc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    }
    wijk_str_addc(out, '"');
}

static void add_row(wijk_str *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_cell(out, cells[i]);
    }
    wijk_str_addc(out, '\n');
}

/* "Nieuwe flats, 2024" → "nieuwe_flats_2024". */
static void slug(char *out, size_t room, const char *lead, const char *text, char joint)
{
    char folded[TEXT];
    wijk_fold(folded, sizeof folded, text);
    snprintf(out, room, "%s%.60s", lead, folded);
    for (char *at = out + strlen(lead); *at; at++) {
        *at = (char)(isalnum((unsigned char)*at) ? *at : joint);
    }
}

/* By code or by a label in either language. */
static const wijk_indicator *find_measure(const session *s, const char *answer)
{
    const wijk_indicator *known = wijk_indicator_by_code(s->registry, answer);
    char wanted[TEXT], label[TEXT];
    wijk_fold(wanted, sizeof wanted, answer);
    for (size_t i = 0; !known && *wanted && i < wijk_indicator_count(s->registry); i++) {
        const wijk_indicator *it = wijk_indicator_at(s->registry, i);
        for (int lang = 0; lang < 2 && !known; lang++) {
            wijk_fold(label, sizeof label, it->label[lang]);
            known = strcmp(label, wanted) ? NULL : it;
        }
    }
    return known;
}

static int new_measure(session *s, const column *c, char code[TEXT])
{
    char nl[TEXT], en[TEXT], unit[TEXT], base[TEXT] = "-";
    int rc = ask_for(s, nl, T_LOAD_ASK_LABEL, c->name);
    rc = rc ? rc : ask_for(s, en, T_LOAD_ASK_LABEL_EN, nl);
    rc = rc ? rc : ask_for(s, unit, T_LOAD_ASK_UNIT, "count");
    int counts = !rc && !strcmp(unit, "count");
    if (!rc && !counts) {
        rc = ask_for(s, base, T_LOAD_ASK_BASE, "-");
    }
    if (rc) {
        return rc;
    }
    int joins = strcmp(base, "-") != 0;
    slug(code, TEXT, "own_", nl, '_');
    const char *const cells[] = {code,
                                 "place",
                                 nl,
                                 en,
                                 unit,
                                 counts ? "0" : "1",
                                 "none",
                                 counts ? "count" : "mean",
                                 joins ? base : "",
                                 counts  ? "sum"
                                 : joins ? "mean"
                                         : "none",
                                 "own_exact",
                                 "none"};
    add_row(&s->indicators, cells, sizeof cells / sizeof *cells);
    return s->indicators.status;
}

static void add_rule(session *s, const char *source, const column *c, const char *what)
{
    const char *const cells[] = {source, c->name, what, "", "", "", "", "", "", ""};
    add_row(&s->rules, cells, sizeof cells / sizeof *cells);
}

static int ask_measure(session *s, const char *source, size_t at)
{
    const column *c = &s->columns[at];
    char answer[TEXT], code[TEXT];
    const wijk_indicator *guess = find_measure(s, c->name);
    int number = c->numbers * 2 > c->filled;
    const char *otherwise = guess ? guess->code : number ? "+" : "-";
    wijk_str text = WIJK_STR_INIT;
    const char *form = wijk_text(s->lang, T_LOAD_ASK_MEASURE);
    const char *const holes[] = {c->name, c->sample_count ? c->samples[0] : "", otherwise};
    for (int i = 0; i < 3; i++) {
        const char *hole = strstr(form, "%s");
        wijk_str_addn(&text, form, (size_t)(hole - form));
        wijk_str_add(&text, holes[i]);
        form = hole + 2;
    }
    wijk_str_add(&text, form);
    int rc = text.status;
    for (int tries = 0; !rc; tries++) {
        rc = ask(s, answer, wijk_str_text(&text), otherwise);
        const wijk_indicator *known = rc ? NULL : find_measure(s, answer);
        if (rc || tries == TRIES) {
            rc = rc ? rc : out_of_tries();
        } else if (!strcmp(answer, "-")) {
            add_rule(s, source, c, "#ignore");
            break;
        } else if (!strcmp(answer, "n")) {
            add_rule(s, source, c, "#name");
            break;
        } else if (!strcmp(answer, "+")) {
            rc = new_measure(s, c, code);
            add_rule(s, source, c, code);
            break;
        } else if (known) {
            add_rule(s, source, c, known->code);
            break;
        } else {
            rc = tell(s, wijk_text(s->lang, T_LOAD_ASK_AGAIN));
        }
    }
    wijk_str_free(&text);
    return rc;
}

static int ask_all(session *s, const char *source)
{
    int rc = list_columns(s);
    rc = rc ? rc : ask_area(s);
    rc = rc ? rc : ask_year(s);
    rc = rc ? rc
            : ask_for(s, s->publisher, T_LOAD_ASK_PUBLISHER,
                      wijk_text(s->lang, T_LOAD_OWN_PUBLISHER));
    rc = rc ? rc : ask_for(s, s->title, T_LOAD_ASK_TITLE, s->name);
    for (size_t i = 0; i < s->count && !rc; i++) {
        if (i == s->area || i == s->year_column) {
            add_rule(s, source, &s->columns[i], i == s->area ? "#code" : "#year");
        } else if (*s->columns[i].name) {
            rc = ask_measure(s, source, i);
        }
    }
    return rc ? rc : s->rules.status;
}

/* ---- writing ----------------------------------------------------------------------------- */

static int write_map(session *s, const char *source, const char *path)
{
    wijk_str out = WIJK_STR_INIT;
    char period[TEXT + 8];
    snprintf(period, sizeof period, "%s%s", s->year_column == SIZE_MAX ? "" : "column:",
             s->year_column == SIZE_MAX ? s->year : s->columns[s->year_column].name);
    wijk_str_add(&out, "code,publisher,title_nl,title_en,licence,citation,address,nature,rank,"
                       "match,signature,format,layout,area,area_by,name,parent,level,vintage,"
                       "period,missing,secret,note\n");
    const char *const cells[] = {source,     s->publisher,
                                 s->title,   s->title,
                                 "",         s->publisher,
                                 "",         "own",
                                 "60",       s->name,
                                 "",         "csv",
                                 "wide",     s->columns[s->area].name,
                                 "code",     "",
                                 "",         s->level,
                                 s->vintage, period,
                                 ".|-|NA",   "x",
                                 ""};
    add_row(&out, cells, sizeof cells / sizeof *cells);
    wijk_str_add(&out, "\nsource,column,indicator,category,factor,round,period,missing,map,note\n");
    wijk_str_add(&out, wijk_str_text(&s->rules));
    if (s->indicators.size) {
        wijk_str_add(&out, "\ncode,theme,nl,en,unit,decimals,direction,kind,base,join,disclosure,"
                           "reliability\n");
        wijk_str_add(&out, wijk_str_text(&s->indicators));
    }
    int rc = out.status;
    FILE *file = rc ? NULL : fopen(path, "wbx");
    if (!rc && (!file || fwrite(out.data, 1, out.size, file) != out.size || fflush(file))) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", path,
                       strerror(errno));
    }
    if (file && fclose(file) && !rc) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", path,
                       strerror(errno));
    }
    wijk_str_free(&out);
    return rc;
}

static int map_name(char *out, size_t room, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strchr(base + (*base == '.'), '.');
    int size =
        snprintf(out, room, "%.*s.map.csv", (int)(dot ? (size_t)(dot - path) : strlen(path)), path);
    if (size < 0 || (size_t)size >= room) {
        return wijk_fail(WIJK_ELIMIT, "De naam %s is te lang.", "The name %s is too long.", path);
    }
    return access(out, F_OK) == 0
               ? wijk_fail(WIJK_EINVAL,
                           "%s is er al. Pas die aan, of verwijder haar om opnieuw te beginnen.",
                           "%s is there already. Change it, or remove it to start anew.", out)
               : WIJK_OK;
}

int wijk_load_describe(char *map_path, size_t room, const wijk_registry *registry, const char *path,
                       wijk_lang lang, wijk_ask_fn ask_fn, void *payload)
{
    wijk_input *input = NULL;
    wijk_rows *rows = NULL;
    session s = {.registry = registry, .lang = lang, .ask = ask_fn, .payload = payload};
    char source[TEXT];
    int rc = map_name(map_path, room, path);
    rc = rc ? rc : wijk_input_open(&input, path);
    if (rc) {
        return rc;
    }
    s.file = wijk_input_file(input);
    s.name = wijk_input_name(input);
    slug(source, sizeof source, "own-", s.name, '-');
    switch (wijk_input_kind_of(input)) {
    case WIJK_INPUT_TEXT:
        rc = wijk_rows_csv(&rows, input, 0);
        break;
    case WIJK_INPUT_XLSX:
        rc = wijk_rows_xlsx(&rows, input, 0);
        break;
    default:
        rc = wijk_fail(WIJK_EINVAL, "%s is een kaart; alleen tabellen zijn zo te beschrijven.",
                       "%s is a map; only tables can be described this way.", s.file);
    }
    rc = rc || !rows ? rc : look(&s, rows);
    rc = rc ? rc : ask_all(&s, source);
    rc = rc ? rc : write_map(&s, source, map_path);
    if (rows) {
        rows->free(rows);
    }
    wijk_input_free(input);
    wijk_free(s.columns);
    wijk_str_free(&s.indicators);
    wijk_str_free(&s.rules);
    return rc;
}
