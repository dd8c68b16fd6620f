/* A scenario as lines in memory: what an editor does with them, and writing them. The idea: the
 * text is the only form there is; a page changes lines of it and hands the text back. */
#include "foresee/scenario.h"

#include "wijk/limits.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEARS = 10, WORD = 64 };

int scenario_insert(wijk_scenario_file *file, size_t at, const scenario_line *line)
{
    if (file->n >= WIJK_MAX_SCENARIO) {
        return wijk_fail(WIJK_ELIMIT, "een scenario heeft hoogstens %u regels",
                         "a scenario has at most %u lines", WIJK_MAX_SCENARIO);
    }
    if (file->n == file->room) {
        size_t room = file->room ? file->room * 2 : 32;
        scenario_line *moved = wijk_realloc(file->lines, room * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        file->lines = moved;
        file->room = room;
    }
    memmove(file->lines + at + 1, file->lines + at, (file->n - at) * sizeof *file->lines);
    file->lines[at] = *line;
    file->n++;
    return WIJK_OK;
}

int wijk_scenario_new(wijk_scenario_file **out)
{
    *out = NULL;
    wijk_scenario_file *file = wijk_alloc(sizeof *file);
    int rc = file ? wijk_arena_new(&file->arena, 0) : WIJK_ENOMEM;
    if (!rc) {
        file->what = "scenario";
    }
    scenario_line version = {.kind = SCENARIO_VERSION};
    rc = rc ? rc : scenario_insert(file, 0, &version);
    if (rc) {
        wijk_scenario_free(file);
        return rc;
    }
    *out = file;
    return WIJK_OK;
}

void wijk_scenario_free(wijk_scenario_file *file)
{
    if (file) {
        wijk_arena_free(file->arena);
        wijk_free(file->lines);
        wijk_free(file);
    }
}

/* ---- looking -------------------------------------------------------------------------------- */

static const scenario_line *first_of(const wijk_scenario_file *file, int kind, int lang)
{
    for (size_t i = 0; i < file->n; i++) {
        if (file->lines[i].kind == kind && file->lines[i].lang == lang) {
            return &file->lines[i];
        }
    }
    return NULL;
}

const char *wijk_scenario_title(const wijk_scenario_file *file, wijk_lang lang)
{
    const scenario_line *line = first_of(file, SCENARIO_TITLE, (int)lang);
    return line ? line->text : "";
}

const char *wijk_scenario_about(const wijk_scenario_file *file, wijk_lang lang)
{
    const scenario_line *line = first_of(file, SCENARIO_ABOUT, (int)lang);
    return line ? line->text : "";
}

int wijk_scenario_start(const wijk_scenario_file *file)
{
    const scenario_line *line = first_of(file, SCENARIO_START, 0);
    int first = -1;
    for (size_t i = 0; !line && i < wijk_scenario_count(file); i++) {
        int month = wijk_scenario_at(file, i)->month;
        first = first < 0 || month < first ? month : first;
    }
    return line ? line->number : first;
}

int wijk_scenario_years(const wijk_scenario_file *file)
{
    const scenario_line *line = first_of(file, SCENARIO_YEARS, 0);
    return line ? line->number : YEARS;
}

size_t wijk_scenario_count(const wijk_scenario_file *file)
{
    size_t n = 0;
    for (size_t i = 0; i < file->n; i++) {
        n += file->lines[i].kind == SCENARIO_CHANGE;
    }
    return n;
}

/* Where the i-th change stands among the lines; file->n when there is none. */
static size_t place_of_change(const wijk_scenario_file *file, size_t i)
{
    size_t at = 0;
    for (; at < file->n; at++) {
        if (file->lines[at].kind == SCENARIO_CHANGE && i-- == 0) {
            break;
        }
    }
    return at;
}

const wijk_scenario_change *wijk_scenario_at(const wijk_scenario_file *file, size_t i)
{
    size_t at = place_of_change(file, i);
    return at < file->n ? &file->lines[at].change : NULL;
}

int scenario_set_place(wijk_scenario_file *file, scenario_line *line, const char *place)
{
    static const char *const same[][2] = {{"hier", "here"}, {"overal", "everywhere"}};
    char folded[WORD * 4];
    wijk_fold(folded, sizeof folded, place);
    const char *word = folded;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        word = strcmp(folded, same[i][0]) == 0 ? same[i][1] : word;
    }
    line->change.place = wijk_arena_strdup(file->arena, place);
    line->word = wijk_arena_strdup(file->arena, word);
    return line->change.place && line->word ? WIJK_OK : WIJK_ENOMEM;
}

const scenario_line *scenario_find_same(const wijk_scenario_file *file, const scenario_line *line)
{
    for (size_t i = 0; i < file->n; i++) {
        const scenario_line *other = &file->lines[i];
        if (other->kind == SCENARIO_CHANGE && other->change.month == line->change.month &&
            other->change.lever == line->change.lever && strcmp(other->word, line->word) == 0) {
            return other;
        }
    }
    return NULL;
}

/* ---- checks --------------------------------------------------------------------------------- */

/* A number as messages write it: in Dutch with a comma. */
typedef struct {
    char text[2][32];
} number_text;

static number_text tell(double value, int sign)
{
    number_text out;
    for (int lang = 0; lang < 2; lang++) {
        snprintf(out.text[lang], sizeof out.text[lang], sign ? "%+g" : "%g", value);
    }
    for (char *at = out.text[WIJK_NL]; *at; at++) {
        *at = *at == '.' ? ',' : *at;
    }
    return out;
}

/* "0 tot 20 fte per 1.000 huishoudens". */
static void tell_range(char out[2][160], wijk_lever lever, double least)
{
    static const char *const to[] = {"tot", "to"};
    number_text low = tell(least, 0), high = tell(wijk_lever_get(lever)->most, 0);
    for (int lang = 0; lang < 2; lang++) {
        snprintf(out[lang], 160, "%s %s %s %s", low.text[lang], to[lang], high.text[lang],
                 wijk_lever_unit((wijk_lang)lang, lever));
    }
}

int scenario_check_value(const char *name, const wijk_scenario_change *change)
{
    const wijk_lever_row *row = wijk_lever_get(change->lever);
    double value = change->value, least = change->relative ? -row->most : row->least;
    if (value >= least && value <= row->most) {
        return WIJK_OK;
    }
    char range[2][160];
    number_text said = tell(value, change->relative);
    tell_range(range, change->lever, least);
    if (change->relative) {
        int budget = value < 0 && strstr(row->unit, "euro") != NULL;
        return wijk_fail(
            WIJK_EINVAL,
            "%s %s%.0s: kan niet%s%.0s; met een teken ervoor komt het bij wat daar geldt, "
            "dus kies %s%.0s",
            "%s %.0s%s: cannot be%.0s%s; with a sign it is added to what holds there, so "
            "choose %.0s%s",
            name, said.text[0], said.text[1], budget ? ", een budget kan niet onder nul" : "",
            budget ? ", a budget cannot be below zero" : "", range[0], range[1]);
    }
    return wijk_fail(WIJK_EINVAL, "%s %s%.0s: kan niet; kies %s%.0s",
                     "%s %.0s%s: cannot be; choose %.0s%s", name, said.text[0], said.text[1],
                     range[0], range[1]);
}

int scenario_add_value(double *out, const wijk_scenario_change *change, double before)
{
    const wijk_lever_row *row = wijk_lever_get(change->lever);
    *out = change->relative ? change->value + before : change->value;
    if (*out >= row->least && *out <= row->most) {
        return WIJK_OK;
    }
    char range[2][160];
    int budget = *out < 0 && strstr(row->unit, "euro") != NULL;
    number_text value = tell(change->value, 1), holds = tell(before, 0), sum = tell(*out, 0);
    tell_range(range, change->lever, row->least);
    return wijk_fail(WIJK_EINVAL,
                     "%s %s%.0s: daar geldt dan %s%.0s, dus dat wordt %s%.0s%s%.0s; samen moet het "
                     "%s%.0s zijn",
                     "%s %.0s%s: %.0s%s holds there then, so that becomes %.0s%s%.0s%s; together "
                     "it must be %.0s%s",
                     row->key, value.text[0], value.text[1], holds.text[0], holds.text[1],
                     sum.text[0], sum.text[1], budget ? ", en een budget kan niet onder nul" : "",
                     budget ? ", and a budget cannot be below zero" : "", range[0], range[1]);
}

size_t scenario_line_of(const wijk_scenario_file *file, const wijk_scenario_change *change)
{
    size_t line = 0;
    while (line < file->n && &file->lines[line].change != change) {
        line++;
    }
    return line + 1;
}

int scenario_at_line(const wijk_scenario_file *file, const wijk_scenario_change *change, int code)
{
    return scenario_tell(NULL, file->what, scenario_line_of(file, change), code);
}

int scenario_contradicts(const wijk_scenario_file *file, const scenario_line *line,
                         const scenario_line *other)
{
    return wijk_fail(WIJK_EFORMAT,
                     "spreekt regel %zu tegen: %s voor %s in dezelfde maand; houd er één",
                     "contradicts line %zu: %s for %s in the same month; keep one",
                     scenario_line_of(file, &other->change),
                     wijk_lever_get(line->change.lever)->key, line->change.place);
}

double scenario_round(double value)
{
    double size = floor(fabs(value) * 1e6 + 0.5) / 1e6;
    return size == 0 ? 0 : copysign(size, value); /* no minus before a zero */
}

static int one_line(const char *text)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 0x20) {
            return wijk_fail(WIJK_EINVAL, "een tekst in een scenario past op één regel",
                             "a text in a scenario fits on one line");
        }
    }
    return WIJK_OK;
}

/* ---- editing -------------------------------------------------------------------------------- */

/* After the last line of this kind, or of a kind before it. */
static size_t place_for(const wijk_scenario_file *file, int kind)
{
    size_t at = 0;
    for (size_t i = 0; i < file->n; i++) {
        if (file->lines[i].kind <= kind) {
            at = i + 1;
        }
    }
    return at;
}

static int set_text(wijk_scenario_file *file, int kind, wijk_lang lang, const char *text)
{
    int rc = one_line(text);
    const char *copy = rc ? NULL : wijk_arena_strdup(file->arena, text);
    if (!copy) {
        return rc ? rc : WIJK_ENOMEM;
    }
    int done = 0;
    for (size_t i = 0; i < file->n; i++) {
        scenario_line *line = &file->lines[i];
        if (line->kind != kind || line->lang != lang) {
            continue;
        }
        if (done || !*copy) { /* an about of several lines becomes one; an empty one goes */
            memmove(line, line + 1, (file->n - i - 1) * sizeof *line);
            file->n--;
            i--;
        } else {
            line->text = copy;
        }
        done = 1;
    }
    scenario_line line = {.kind = (uint8_t)kind, .lang = (uint8_t)lang, .text = copy};
    return done || !*copy ? WIJK_OK : scenario_insert(file, place_for(file, kind), &line);
}

int wijk_scenario_set_title(wijk_scenario_file *file, wijk_lang lang, const char *title)
{
    return set_text(file, SCENARIO_TITLE, lang, title);
}

int wijk_scenario_set_about(wijk_scenario_file *file, wijk_lang lang, const char *about)
{
    return set_text(file, SCENARIO_ABOUT, lang, about);
}

static int set_number(wijk_scenario_file *file, int kind, int number)
{
    for (size_t i = 0; i < file->n; i++) {
        if (file->lines[i].kind == kind) {
            file->lines[i].number = number;
            return WIJK_OK;
        }
    }
    scenario_line line = {.kind = (uint8_t)kind, .number = number};
    return scenario_insert(file, place_for(file, kind), &line);
}

int wijk_scenario_set_span(wijk_scenario_file *file, int start, int years)
{
    if (start < 1900 * 12 || start >= 2200 * 12 || years < 1 || years > WIJK_SCENARIO_YEARS) {
        return wijk_fail(
            WIJK_EINVAL, "een scenario begint tussen 1900 en 2200 en duurt 1 tot %d jaar",
            "a scenario begins between 1900 and 2200 and lasts 1 to %d years", WIJK_SCENARIO_YEARS);
    }
    int rc = set_number(file, SCENARIO_START, start);
    return rc ? rc : set_number(file, SCENARIO_YEARS, years);
}

int wijk_scenario_add(wijk_scenario_file *file, const wijk_scenario_change *change)
{
    const char *remark = change->remark ? change->remark : "";
    scenario_line line = {.kind = SCENARIO_CHANGE, .change = *change};
    int rc = one_line(change->place);
    rc = rc ? rc : one_line(remark);
    if (!rc && (!*change->place || strchr(change->place, '"'))) {
        rc = wijk_fail(WIJK_EINVAL, "een plaats is een naam of code, zonder aanhalingsteken erin",
                       "a place is a name or code, without a quote in it");
    }
    if (!rc && (change->month < 1900 * 12 || change->month >= 2200 * 12)) {
        rc = wijk_fail(WIJK_EINVAL, "de maand ligt tussen 1900-01 en 2199-12",
                       "the month lies between 1900-01 and 2199-12");
    }
    rc = rc ? rc : scenario_check_value(wijk_lever_get(change->lever)->key, change);
    rc = rc ? rc : scenario_set_place(file, &line, change->place);
    const scenario_line *same = rc ? NULL : scenario_find_same(file, &line);
    if (same) {
        return scenario_at_line(file, &line.change, scenario_contradicts(file, &line, same));
    }
    line.change.line = 0;
    line.change.value = scenario_round(change->value);
    line.change.remark = rc ? NULL : wijk_arena_strdup(file->arena, remark);
    rc = rc || line.change.remark ? rc : WIJK_ENOMEM;
    return rc ? rc : scenario_insert(file, file->n, &line);
}

int wijk_scenario_remove(wijk_scenario_file *file, size_t i)
{
    size_t at = place_of_change(file, i);
    if (at == file->n) {
        return wijk_fail(WIJK_EINVAL, "dit scenario heeft maar %zu veranderingen",
                         "this scenario has only %zu changes", wijk_scenario_count(file));
    }
    memmove(file->lines + at, file->lines + at + 1, (file->n - at - 1) * sizeof *file->lines);
    file->n--;
    return WIJK_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_change(wijk_str *out, const wijk_scenario_change *c)
{
    int quoted = strpbrk(c->place, " \t#") != NULL;
    wijk_str_addf(out, "%04d-%02d ", c->month / 12, c->month % 12 + 1);
    wijk_str_addf(out, quoted ? "\"%s\"" : "%s", c->place);
    wijk_str_addf(out, " %s ", wijk_lever_get(c->lever)->key);
    wijk_str_add(out, c->relative && c->value >= 0 ? "+" : "");
    char number[32];
    int size = snprintf(number, sizeof number, "%.6f", c->value);
    while (size > 0 && number[size - 1] == '0') {
        size--;
    }
    size -= size > 0 && number[size - 1] == '.';
    wijk_str_addn(out, number, (size_t)size);
    const char *unit = wijk_lever_get(c->lever)->unit;
    if (*unit < '0' || *unit > '9') { /* "0 or 1" behind a 1 would only confuse */
        wijk_str_addf(out, " %s", unit);
    }
    if (*c->remark) {
        wijk_str_addf(out, "  # %s", c->remark);
    }
}

void wijk_scenario_write(wijk_str *out, const wijk_scenario_file *file)
{
    static const char *const words[] = {"nl", "en"};
    for (size_t i = 0; i < file->n; i++) {
        const scenario_line *line = &file->lines[i];
        switch (line->kind) {
        case SCENARIO_VERSION:
            wijk_str_addf(out, "wijk scenario %d", WIJK_SCENARIO_VERSION);
            break;
        case SCENARIO_TITLE:
            wijk_str_addf(out, "title %s %s", words[line->lang], line->text);
            break;
        case SCENARIO_ABOUT:
            wijk_str_addf(out, "about %s %s", words[line->lang], line->text);
            break;
        case SCENARIO_START:
            wijk_str_addf(out, "start %04d-%02d", line->number / 12, line->number % 12 + 1);
            break;
        case SCENARIO_YEARS:
            wijk_str_addf(out, "years %d", line->number);
            break;
        case SCENARIO_CHANGE:
            write_change(out, &line->change);
            break;
        default:
            wijk_str_add(out, line->text);
        }
        wijk_str_addc(out, '\n');
    }
}

/* ---- shipped -------------------------------------------------------------------------------- */

#define FOLDER "data/scenarios/"
#define TAIL   ".scenario"

int wijk_scenario_shipped(char *out, size_t room, size_t i)
{
    for (size_t a = 0; wijk_asset_path(a); a++) {
        const char *path = wijk_asset_path(a);
        size_t size = strlen(path), head = strlen(FOLDER), tail = strlen(TAIL);
        if (strncmp(path, FOLDER, head) == 0 && size > head + tail &&
            strcmp(path + size - tail, TAIL) == 0 && i-- == 0) {
            snprintf(out, room, "%.*s", (int)(size - head - tail), path + head);
            return 1;
        }
    }
    return 0;
}

int wijk_scenario_open(wijk_scenario_file **out, const char *name)
{
    char path[WORD * 2];
    size_t size = 0;
    snprintf(path, sizeof path, FOLDER "%s" TAIL, name);
    const char *bytes = wijk_asset_get(path, &size);
    if (!bytes) {
        *out = NULL;
        return wijk_fail(WIJK_ENOTFOUND, "er is geen scenario \"%s\"",
                         "there is no scenario \"%s\"", name);
    }
    return wijk_scenario_read(out, bytes, size, name);
}
