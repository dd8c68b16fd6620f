/* Reads a scenario, line by line and word by word. The idea: every refusal names the line, the word
 * and what would be right, because people write these by hand; and they are told all of them at
 * once, so that mending takes one round. */
#include "foresee/scenario.h"

#include "wijk/csv.h"
#include "wijk/limits.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 500, WORD = 100 };

typedef struct {
    wijk_scenario_file *file;
    const char *at; /* rest of the line under way */
    size_t line;
    int newer; /* the text is of a form that this program does not know */
    int seen[SCENARIO_OTHER][2];
} parser;

static void skip_blanks(parser *p)
{
    p->at += strspn(p->at, " \t");
}

/* The next word of the line; quoted words may hold blanks. 0 at the end of the line or at a
 * comment, negative when a quote does not close or a word is too long. */
static int next_word(parser *p, char out[WORD])
{
    skip_blanks(p);
    int quoted = *p->at == '"';
    size_t size = quoted ? strcspn(p->at + 1, "\"") : strcspn(p->at, " \t#");
    if (*p->at == 0 || *p->at == '#') {
        return 0;
    }
    if (quoted && p->at[1 + size] != '"') {
        return wijk_fail(WIJK_EFORMAT, "het aanhalingsteken wordt niet gesloten",
                         "the quote is not closed");
    }
    if (size >= WORD) {
        return wijk_fail(WIJK_EFORMAT, "\"%.20s…\" is te lang: hoogstens %d tekens",
                         "\"%.20s…\" is too long: at most %d characters", p->at + quoted, WORD - 1);
    }
    memcpy(out, p->at + quoted, size);
    out[size] = 0;
    p->at += size + (quoted ? 2 : 0);
    return 1;
}

static int digits_of(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* "2026-01" as months; -1 for anything else. */
static int month_of(const char *word)
{
    if (strlen(word) != 7 || strspn(word, "0123456789") != 4 || word[4] != '-' ||
        strspn(word + 5, "0123456789") != 2) {
        return -1;
    }
    int year = digits_of(word, 4), month = digits_of(word + 5, 2);
    return year >= 1900 && year < 2200 && month >= 1 && month <= 12 ? year * 12 + month - 1 : -1;
}

static int bad_month(const char *word)
{
    return wijk_fail(WIJK_EFORMAT,
                     "\"%s\" is geen maand: schrijf jaar-maand, zoals 2026-01 "
                     "(1900-01 tot 2199-12)",
                     "\"%s\" is no month: write year-month, such as 2026-01 "
                     "(1900-01 to 2199-12)",
                     word);
}

/* A number in Dutch or English form, with or without a sign; 0 when it is none. */
static int number_of(double *out, int *sign, const char *word)
{
    *sign = *word == '+' ? 1 : *word == '-' ? -1 : 0;
    const char *digits = word + (*sign != 0);
    size_t size = strlen(digits);
    size -= size > 1 && digits[size - 1] == '%';
    int dutch = strchr(digits, ',') && !strchr(digits, '.');
    if (strspn(digits, "0123456789.,") < size ||
        !wijk_csv_number(out, digits, size, dutch ? ',' : '.')) {
        return 0;
    }
    *out = *sign < 0 ? -*out : *out;
    return 1;
}

/* ---- what comes before the changes ------------------------------------------------------------
 */

static int keep(parser *p, const scenario_line *line)
{
    return scenario_insert(p->file, p->file->n, line);
}

static int once(parser *p, int kind, int lang, const char *word)
{
    if (p->seen[kind][lang]++) {
        return wijk_fail(WIJK_EFORMAT, "%s staat er twee keer: houd er één",
                         "%s is there twice: keep one", word);
    }
    return WIJK_OK;
}

static int read_version(parser *p)
{
    static const char head[] = "wijk scenario ";
    size_t size = strncmp(p->at, head, sizeof head - 1) ? 0 : sizeof head - 1;
    size_t digits = strspn(p->at + size, "0123456789");
    if (size == 0 || digits == 0) {
        return wijk_fail(WIJK_EFORMAT, "een scenario begint met de regel: wijk scenario %d",
                         "a scenario begins with the line: wijk scenario %d",
                         WIJK_SCENARIO_VERSION);
    }
    enum { DIGITS = 9 };
    int version = digits_of(p->at + size, digits > DIGITS ? DIGITS : (int)digits);
    p->at += size + digits;
    skip_blanks(p);
    if (version > WIJK_SCENARIO_VERSION) {
        p->newer = 1;
        return wijk_fail(WIJK_EFORMAT,
                         "dit scenario is van vorm %d en dit programma kent vorm %d: "
                         "neem een nieuwere uitgave van wijk",
                         "this scenario is of form %d and this program knows form %d: "
                         "take a newer release of wijk",
                         version, WIJK_SCENARIO_VERSION);
    }
    if (version < 1 || *p->at) {
        return wijk_fail(WIJK_EFORMAT, "de eerste regel moet zijn: wijk scenario %d",
                         "the first line must be: wijk scenario %d", WIJK_SCENARIO_VERSION);
    }
    const scenario_line line = {.kind = SCENARIO_VERSION};
    return keep(p, &line);
}

static int read_text(parser *p, int kind, const char *word)
{
    char lang[WORD] = "";
    int rc = next_word(p, lang);
    if (rc < 0) {
        return rc;
    }
    int which = rc && strcmp(lang, "nl") == 0 ? 0 : rc && strcmp(lang, "en") == 0 ? 1 : -1;
    if (which < 0) {
        return wijk_fail(WIJK_EFORMAT, "schrijf %s nl … of %s en …", "write %s nl … or %s en …",
                         word, word);
    }
    rc = once(p, kind, which, word);
    skip_blanks(p);
    scenario_line line = {.kind = (uint8_t)kind, .lang = (uint8_t)which};
    line.text = rc ? NULL : wijk_arena_strdup(p->file->arena, p->at);
    return rc ? rc : line.text ? keep(p, &line) : WIJK_ENOMEM;
}

/* `start 2026-01` and `years 10`. */
static int read_span(parser *p, int kind, const char *key)
{
    char word[WORD] = "", rest[WORD] = "";
    double years = 0;
    int sign = 0, rc = once(p, kind, 0, key);
    rc = rc ? rc : next_word(p, word);
    if (rc < 0) {
        return rc;
    }
    if (rc == 0) {
        word[0] = 0;
    }
    scenario_line line = {.kind = (uint8_t)kind, .number = month_of(word)};
    if (kind == SCENARIO_START && line.number < 0) {
        return bad_month(word);
    }
    if (kind == SCENARIO_YEARS) {
        if (!number_of(&years, &sign, word) || sign || years < 1 || years > WIJK_SCENARIO_YEARS ||
            years != (double)(int)years) {
            return wijk_fail(WIJK_EFORMAT, "%s %s: geef 1 tot %d hele jaren",
                             "%s %s: give 1 to %d whole years", key, word, WIJK_SCENARIO_YEARS);
        }
        line.number = (int)years;
    }
    rc = next_word(p, rest);
    if (rc > 0) {
        rc = wijk_fail(WIJK_EFORMAT, "\"%s\" hoort hier niet", "\"%s\" does not belong here", rest);
    }
    return rc ? rc : keep(p, &line);
}

/* ---- changes ----------------------------------------------------------------------------------
 */

/* Letters and digits of a unit: "per 1.000" is "per 1000", "%" a percent of either language. */
static void fold_unit(char out[WORD * 2], const char *text, size_t size, const char *percent)
{
    char plain[WORD];
    size_t n = 0;
    for (size_t i = 0; i < size && n + 1 < sizeof plain; i++) {
        if (text[i] != '.') {
            plain[n++] = text[i];
        }
    }
    plain[n] = 0;
    wijk_fold(out, WORD * 2, plain[0] == '%' && !plain[1] ? percent : plain);
}

/* Whether words are (the beginning of) a unit, cut between words. */
static int begins_unit(const char *unit, const char *percent, const char *text, size_t size)
{
    char whole[WORD * 2], given[WORD * 2];
    fold_unit(whole, unit, strlen(unit), percent);
    fold_unit(given, text, size, percent);
    size_t n = strlen(given);
    return strncmp(whole, given, n) == 0 && (whole[n] == 0 || whole[n] == ' ' || n == 0) &&
           (n > 0 || size == 0);
}

/* What is left of the line must be (the beginning of) the unit; then perhaps a remark. */
static int read_unit(parser *p, wijk_scenario_change *change, const char *lever)
{
    const char *nl = wijk_lever_unit(WIJK_NL, change->lever);
    const char *en = wijk_lever_unit(WIJK_EN, change->lever);
    skip_blanks(p);
    const char *remark = strchr(p->at, '#');
    size_t size = remark ? (size_t)(remark - p->at) : strlen(p->at);
    while (size > 0 && (p->at[size - 1] == ' ' || p->at[size - 1] == '\t')) {
        size--;
    }
    if (!begins_unit(en, "percent", p->at, size) && !begins_unit(nl, "procent", p->at, size)) {
        int shown = (int)(size < WORD ? size : WORD);
        return wijk_fail(WIJK_EFORMAT, "%s gaat in \"%s\"%.0s, niet in \"%.*s\"",
                         "%s goes in %.0s\"%s\", not in \"%.*s\"", lever, nl, en, shown, p->at);
    }
    remark = remark ? remark + 1 + strspn(remark + 1, " \t") : "";
    change->remark = wijk_arena_strdup(p->file->arena, remark);
    return change->remark ? WIJK_OK : WIJK_ENOMEM;
}

/* The lever, and `word`: as it stands there. */
static int read_lever(parser *p, wijk_scenario_change *change, char word[WORD])
{
    int rc = next_word(p, word);
    if (rc == 0) {
        rc = wijk_fail(WIJK_EFORMAT, "na de plaats hoort een knop, zoals %s 2",
                       "after the place comes a lever, such as %s 2",
                       wijk_lever_get(WIJK_LEVER_SOCIAL_MANAGEMENT)->key);
    } else if (rc > 0 && !wijk_lever_named(word, &change->lever)) {
        rc = scenario_no_such_lever(word);
    }
    return rc < 0 ? rc : WIJK_OK;
}

static int read_value(parser *p, wijk_scenario_change *change, const char *key)
{
    char word[WORD] = "";
    int sign, rc = next_word(p, word);
    if (rc < 0) {
        return rc;
    }
    if (rc == 0 || !number_of(&change->value, &sign, word)) {
        return wijk_fail(WIJK_EFORMAT, "na %s hoort een getal, zoals 2, 7.5 of +1 (nu: \"%s\")",
                         "after %s comes a number, such as 2, 7.5 or +1 (now: \"%s\")", key,
                         rc ? word : "");
    }
    change->value = scenario_round(change->value);
    change->relative = sign != 0;
    if (change->relative && wijk_lever_get(change->lever)->kind == WIJK_LEVER_KIND_EVENT) {
        if (sign < 0) {
            return wijk_fail(WIJK_EINVAL, "%s gebeurt één keer: een aantal onder nul kan niet",
                             "%s happens once: a number below zero cannot be", key);
        }
        change->relative = 0; /* forty homes more are forty homes */
    }
    return scenario_check_value(key, change);
}

static int read_change(parser *p, int month)
{
    char place[WORD] = "", lever[WORD] = "";
    scenario_line line = {.kind = SCENARIO_CHANGE,
                          .change = {.month = month, .line = p->line, .remark = ""}};
    int rc = next_word(p, place);
    if (rc == 0) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "na de maand hoort een plaats: een code, een naam, hier of "
                       "overal",
                       "after the month comes a place: a code, a name, here or "
                       "everywhere");
    }
    if (rc < 0) {
        return rc;
    }
    rc = scenario_set_place(p->file, &line, place);
    rc = rc ? rc : read_lever(p, &line.change, lever);
    rc = rc ? rc : read_value(p, &line.change, lever);
    rc = rc ? rc : read_unit(p, &line.change, lever);
    const scenario_line *same = rc ? NULL : scenario_find_same(p->file, &line);
    if (same) {
        return scenario_contradicts(p->file, &line, same);
    }
    return rc ? rc : keep(p, &line);
}

/* ---- lines ------------------------------------------------------------------------------------
 */

static int read_line(parser *p, const char *text)
{
    char word[WORD] = "";
    p->at = text;
    skip_blanks(p);
    if (*p->at == 0 || *p->at == '#') {
        scenario_line other = {.kind = SCENARIO_OTHER};
        other.text = wijk_arena_strdup(p->file->arena, p->at);
        return other.text ? keep(p, &other) : WIJK_ENOMEM;
    }
    if (!p->seen[SCENARIO_VERSION][0]++) {
        return read_version(p);
    }
    int rc = next_word(p, word);
    if (rc < 0) {
        return rc;
    }
    static const struct {
        const char *word;
        int kind;
    } heads[] = {/* one row a word: what is written has the first of its kind */
                 {"title", SCENARIO_TITLE}, {"titel", SCENARIO_TITLE}, {"about", SCENARIO_ABOUT},
                 {"over", SCENARIO_ABOUT},  {"start", SCENARIO_START}, {"begin", SCENARIO_START},
                 {"years", SCENARIO_YEARS}, {"jaren", SCENARIO_YEARS}};
    char folded[WORD * 2];
    wijk_fold(folded, sizeof folded, word);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (strcmp(folded, heads[i].word) == 0) {
            return heads[i].kind <= SCENARIO_ABOUT ? read_text(p, heads[i].kind, word)
                                                   : read_span(p, heads[i].kind, word);
        }
    }
    int month = month_of(word);
    if (month >= 0) {
        return read_change(p, month);
    }
    if (*word >= '0' && *word <= '9') {
        return bad_month(word);
    }
    return wijk_fail(WIJK_EFORMAT,
                     "een regel begint met een maand (2026-01), titel, over, begin, "
                     "jaren of #; niet met \"%s\"",
                     "a line begins with a month (2026-01), title, about, start, years "
                     "or #; not with \"%s\"",
                     word);
}

/* One line without its end and without blanks behind it; refuses what is no text. */
static int take_line(char out[LONGEST + 1], const char *bytes, size_t size)
{
    if (size > LONGEST) {
        return wijk_fail(WIJK_ELIMIT, "een regel heeft hoogstens %d tekens",
                         "a line has at most %d characters", LONGEST);
    }
    while (size > 0 && strchr(" \t\r", bytes[size - 1]) && bytes[size - 1]) {
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)bytes[i] < 0x20 && bytes[i] != '\t') {
            return wijk_fail(WIJK_EFORMAT, "hier staat een teken dat geen tekst is",
                             "there is a character here that is no text");
        }
    }
    memcpy(out, bytes, size);
    out[size] = 0;
    return WIJK_OK;
}

/* What word processors make of a blank, a quote and a minus, as the reader knows it; so that a line
 * that looks right is right. Titles, abouts and remarks are people's own words and stay. */
static void make_plain(char *line)
{
    static const struct {
        const char *typed, *plain;
    } of[] = {{"\xC2\xA0", " "},      {"\xE2\x80\xAF", " "},  {"\xE2\x80\x9C", "\""},
              {"\xE2\x80\x9D", "\""}, {"\xE2\x80\x9E", "\""}, {"\xE2\x80\x90", "-"},
              {"\xE2\x80\x91", "-"},  {"\xE2\x80\x93", "-"},  {"\xE2\x88\x92", "-"}};
    static const char *const own[] = {"title", "titel", "about", "over"};
    const char *first = line + strspn(line, " \t");
    size_t size = strcspn(first, " \t");
    char head[WORD], folded[WORD * 2];
    snprintf(head, sizeof head, "%.*s", (int)(size < WORD ? size : 0), first);
    wijk_fold(folded, sizeof folded, head);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(folded, own[i]) == 0) {
            return;
        }
    }
    char *to = line;
    const char *from = line;
    while (*from && *from != '#') {
        size_t i = 0, n = sizeof of / sizeof *of;
        while (i < n && strncmp(from, of[i].typed, strlen(of[i].typed)) != 0) {
            i++;
        }
        *to++ = i < n ? *of[i].plain : *from;
        from += i < n ? strlen(of[i].typed) : 1;
    }
    memmove(to, from, strlen(from) + 1);
}

/* A line that was refused: told, and kept as a remark, so that the others keep their numbers. What
 * makes reading on senseless (memory, a newer form, too many lines) goes back to the caller. */
static int refuse_line(parser *p, wijk_mistakes *found, const char *text, int code)
{
    if (p->newer || p->file->n >= WIJK_MAX_SCENARIO) {
        found = NULL;
    }
    int rc = scenario_tell(found, p->file->what, p->line, code);
    scenario_line other = {.kind = SCENARIO_OTHER};
    other.text = rc ? NULL : wijk_arena_strdup(p->file->arena, text);
    return rc ? rc : other.text ? keep(p, &other) : WIJK_ENOMEM;
}

static int read_lines(parser *p, wijk_mistakes *found, const char *at, const char *end)
{
    char line[LONGEST + 1];
    int rc = WIJK_OK;
    while (!rc && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        p->line++;
        line[0] = 0;
        rc = take_line(line, at, (size_t)(stop - at));
        make_plain(line);
        rc = rc ? rc : read_line(p, line);
        rc = rc ? refuse_line(p, found, line, rc) : rc;
        at = stop + 1;
    }
    p->at = ""; /* the line it pointed into goes with this function */
    if (!rc && !p->seen[SCENARIO_VERSION][0]) {
        p->line = 1;
        rc = refuse_line(p, found, "", read_version(p)); /* says what the first line must be */
    }
    return rc;
}

int wijk_scenario_read_all(wijk_scenario_file **out, wijk_mistakes *found, const void *bytes,
                           size_t size, const char *what)
{
    const char *at = bytes, *end = at + size;
    *out = NULL;
    parser p = {.file = wijk_alloc(sizeof *p.file)};
    int rc = p.file ? wijk_arena_new(&p.file->arena, 0) : WIJK_ENOMEM;
    if (!rc) {
        p.file->what = wijk_arena_strdup(p.file->arena, what);
        rc = p.file->what ? WIJK_OK : WIJK_ENOMEM;
    }
    if (!rc && size > WIJK_SCENARIO_BYTES) {
        rc = wijk_fail(WIJK_ELIMIT, "%.120s: een scenario is hoogstens %d bytes",
                       "%.120s: a scenario has at most %d bytes", what, WIJK_SCENARIO_BYTES);
    }
    if (!rc && size && memchr(bytes, 0, size)) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "%.120s: dit is geen gewone tekst maar een ander soort bestand: bewaar het "
                       "als platte tekst (.txt, UTF-8)",
                       "%.120s: this is no plain text but another kind of file: save it as plain "
                       "text (.txt, UTF-8)",
                       what);
    }
    at += size >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    rc = rc ? rc : read_lines(&p, found, at, end);
    if (rc) {
        wijk_scenario_free(p.file);
        return rc;
    }
    *out = p.file;
    return WIJK_OK;
}

int wijk_scenario_read(wijk_scenario_file **out, const void *bytes, size_t size, const char *what)
{
    return wijk_scenario_read_all(out, NULL, bytes, size, what);
}
