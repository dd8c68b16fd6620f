/* Parts of an analysis as text, and their joining. A part says everything it was made from and ends
 * in a checksum, so that rows of different analyses never mix and a broken one is never read. Text,
 * because a unit is small and a row can then be looked at: one line per point, one number per
 * outcome. */
#include "foresee/sensitivity.h"

#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 2, TEXT_MOST = 4096 };

static const char magic[] = "wijk sensitivity";
static const char *const text_keys[SENSITIVITY_TEXTS] = {"version", "place", "title_nl", "title_en",
                                                         "lineage"};
enum {
    KIND,
    SEED,
    PARAMETERS,
    POPULATION,
    SCENARIO,
    FIRST,
    LAST,
    YEARS,
    POINTS,
    OUTCOMES,
    NUMBERS
};
static const char *const number_keys[NUMBERS] = {"kind",     "seed",    "parameters", "population",
                                                 "scenario", "first",   "last",       "years",
                                                 "points",   "outcomes"};

/* ---- writing --------------------------------------------------------------------------------- */

/* One line, whatever the text holds. */
static void add_text(wijk_str *out, const char *key, const char *text)
{
    wijk_str_addf(out, "%s ", key);
    for (; *text; text++) {
        wijk_str_addc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    }
    wijk_str_addc(out, '\n');
}

void wijk_sensitivity_write(wijk_str *out, const wijk_sensitivity *s)
{
    size_t begin = out->size;
    const uint64_t numbers[NUMBERS] = {[KIND] = (uint64_t)s->kind,
                                       [SEED] = s->seed,
                                       [PARAMETERS] = s->parameters,
                                       [POPULATION] = s->population,
                                       [SCENARIO] = s->scenario,
                                       [FIRST] = s->first,
                                       [LAST] = s->last,
                                       [YEARS] = s->years,
                                       [POINTS] = s->points,
                                       [OUTCOMES] = WIJK_OUTCOMES};
    wijk_str_addf(out, "%s %d\n", magic, VERSION);
    for (int i = 0; i < NUMBERS; i++) {
        wijk_str_addf(out, "%s %" PRIu64 "\n", number_keys[i], numbers[i]);
    }
    for (int i = 0; i < SENSITIVITY_TEXTS; i++) {
        add_text(out, text_keys[i], s->text[i]);
    }
    const int64_t *cell = s->cell;
    for (size_t row = 0; row < sensitivity_units(s) * s->points; row++) {
        for (int o = 0; o < WIJK_OUTCOMES; o++) {
            wijk_str_addi(out, *cell++);
            wijk_str_addc(out, o + 1 < WIJK_OUTCOMES ? ' ' : '\n');
        }
    }
    if (wijk_str_status(out) == WIJK_OK) {
        uint64_t hash = ensemble_hash(ENSEMBLE_HASH, out->data + begin, out->size - begin);
        wijk_str_addf(out, "end %" PRIu64 "\n", hash);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct {
    const char *at, *end, *what;
    size_t line;
} reader;

static int damaged(const reader *r)
{
    return wijk_fail(WIJK_EFORMAT, "%s, regel %zu: beschadigd of niet af.",
                     "%s, line %zu: damaged or unfinished.", r->what, r->line);
}

/* The next line without its end; 0 when there is none. */
static int next_line(const char **line, size_t *size, reader *r)
{
    const char *end = memchr(r->at, '\n', (size_t)(r->end - r->at));
    r->line++;
    if (!end) {
        return 0;
    }
    *line = r->at;
    *size = (size_t)(end - r->at);
    r->at = end + 1;
    return 1;
}

/* What follows "key " on the next line; 0 when it is another line. */
static int value_of(const char **value, size_t *size, reader *r, const char *key)
{
    const char *line;
    size_t n = strlen(key);
    if (!next_line(&line, size, r) || *size < n + 1 || memcmp(line, key, n) != 0 ||
        line[n] != ' ') {
        return 0;
    }
    *value = line + n + 1;
    *size -= n + 1;
    return 1;
}

/* A whole number that ends at `end`; digits only, so that nothing is read beyond the bytes. */
static int number_at(uint64_t *out, const char **at, const char *end)
{
    const char *p = *at;
    uint64_t value = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return 0;
        }
        value = value * 10 + digit;
    }
    int found = p > *at;
    *at = p;
    *out = value;
    return found;
}

static int read_number(uint64_t *out, reader *r, const char *key)
{
    const char *value;
    size_t size;
    if (!value_of(&value, &size, r, key)) {
        return damaged(r);
    }
    const char *end = value + size;
    return number_at(out, &value, end) && value == end ? WIJK_OK : damaged(r);
}

static int read_heading(wijk_sensitivity *s, reader *r)
{
    uint64_t n[NUMBERS], version = 0;
    int rc = read_number(&version, r, magic);
    if (!rc && version != VERSION) {
        return wijk_fail(WIJK_EFORMAT, "%s: gemaakt door een andere versie van wijk.",
                         "%s: made by another version of wijk.", r->what);
    }
    for (int i = 0; !rc && i < NUMBERS; i++) {
        rc = read_number(&n[i], r, number_keys[i]);
    }
    if (rc) {
        return rc;
    }
    if (n[KIND] > WIJK_GROUPING || n[FIRST] < 1 || n[LAST] < n[FIRST] ||
        n[LAST] > WIJK_SENSITIVITY_UNITS || n[YEARS] < 1 || n[YEARS] > WIJK_ENSEMBLE_YEARS) {
        return damaged(r);
    }
    s->kind = (wijk_sensitivity_kind)n[KIND];
    s->seed = n[SEED];
    s->parameters = n[PARAMETERS];
    s->population = n[POPULATION];
    s->scenario = n[SCENARIO];
    s->first = (uint32_t)n[FIRST];
    s->last = (uint32_t)n[LAST];
    s->years = (uint32_t)n[YEARS];
    wijk_dictionary *dictionary;
    rc = wijk_dictionary_open(&dictionary);
    rc = rc ? rc : sensitivity_plan(s, dictionary);
    wijk_dictionary_free(dictionary);
    if (!rc && (n[POINTS] != s->points || n[OUTCOMES] != WIJK_OUTCOMES)) {
        return wijk_fail(WIJK_EFORMAT, "%s: gemaakt met andere parameters of uitkomsten.",
                         "%s: made with other parameters or outcomes.", r->what);
    }
    return rc;
}

static int read_texts(wijk_sensitivity *s, reader *r)
{
    for (int i = 0; i < SENSITIVITY_TEXTS; i++) {
        const char *value;
        size_t size;
        if (!value_of(&value, &size, r, text_keys[i]) || size > TEXT_MOST ||
            memchr(value, 0, size)) {
            return damaged(r);
        }
        s->text[i] = wijk_alloc(size + 1);
        if (!s->text[i]) {
            return WIJK_ENOMEM;
        }
        memcpy(s->text[i], value, size);
    }
    return WIJK_OK;
}

static int read_row(int64_t *out, reader *r)
{
    const char *at;
    size_t size;
    if (!next_line(&at, &size, r)) {
        return damaged(r);
    }
    const char *end = at + size;
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        uint64_t value;
        int minus = at < end && *at == '-';
        at += minus;
        if (!number_at(&value, &at, end) || value > INT64_MAX) {
            return damaged(r);
        }
        out[o] = minus ? -(int64_t)value : (int64_t)value;
        if (o + 1 < WIJK_OUTCOMES && (at == end || *at++ != ' ')) {
            return damaged(r);
        }
    }
    return at == end ? WIJK_OK : damaged(r);
}

static int read_body(wijk_sensitivity *s, reader *r, const char *begin)
{
    size_t rows = sensitivity_units(s) * s->points, cells = rows * WIJK_OUTCOMES;
    if (cells * 2 > (size_t)(r->end - r->at)) { /* a digit and a blank each */
        return damaged(r);
    }
    s->cell = wijk_alloc(cells * sizeof *s->cell);
    int rc = s->cell ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < rows; i++) {
        rc = read_row(s->cell + i * WIJK_OUTCOMES, r);
    }
    uint64_t hash = rc ? 0 : ensemble_hash(ENSEMBLE_HASH, begin, (size_t)(r->at - begin)), kept = 0;
    rc = rc ? rc : read_number(&kept, r, "end");
    return rc ? rc : kept == hash && r->at == r->end ? WIJK_OK : damaged(r);
}

int wijk_sensitivity_read(wijk_sensitivity **out, const void *bytes, size_t size, const char *what)
{
    const char *text = size ? bytes : "";
    reader r = {text, text + size, what, 0};
    *out = NULL;
    if (size < sizeof magic || memcmp(text, magic, sizeof magic - 1) != 0) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is geen deel van een gevoeligheidsanalyse (`wijk foresee sensitivity "
                         "--out`).",
                         "%s is no part of a sensitivity analysis (`wijk foresee sensitivity "
                         "--out`).",
                         what);
    }
    wijk_sensitivity *s = wijk_alloc(sizeof *s);
    int rc = s ? read_heading(s, &r) : WIJK_ENOMEM;
    rc = rc ? rc : read_texts(s, &r);
    rc = rc ? rc : read_body(s, &r, text);
    if (rc) {
        wijk_sensitivity_free(s);
        return rc;
    }
    *out = s;
    return WIJK_OK;
}

/* ---- joining --------------------------------------------------------------------------------- */

static int same(const wijk_sensitivity *a, const wijk_sensitivity *b)
{
    int texts = 1;
    for (int i = 0; i < SENSITIVITY_TEXTS; i++) {
        texts &= strcmp(a->text[i], b->text[i]) == 0;
    }
    if (texts && a->kind == b->kind && a->seed == b->seed && a->years == b->years &&
        a->parameters == b->parameters && a->population == b->population &&
        a->scenario == b->scenario && a->points == b->points) {
        return WIJK_OK;
    }
    return wijk_fail(WIJK_EINVAL,
                     "Deze delen horen niet bij elkaar: soort, startgetal, jaren, gebied, scenario "
                     "of versie verschilt.",
                     "These parts do not belong together: kind, seed, years, area, scenario or "
                     "version differs.");
}

static int by_first(const void *a, const void *b)
{
    const wijk_sensitivity *const *x = a, *const *y = b;
    return ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

static int adjoining(const wijk_sensitivity *a, const wijk_sensitivity *b)
{
    if (b->first <= a->last) {
        return wijk_fail(WIJK_EINVAL, "Deel %u is er dubbel.", "Unit %u is there twice.", b->first);
    }
    if (b->first != a->last + 1) {
        return wijk_fail(WIJK_EINVAL, "Delen %u tot en met %u ontbreken.",
                         "Units %u to %u are missing.", a->last + 1, b->first - 1);
    }
    return WIJK_OK;
}

static int copy_heading(wijk_sensitivity *to, const wijk_sensitivity *from, uint32_t last)
{
    *to = *from;
    to->last = last;
    to->cell = NULL;
    memset(to->text, 0, sizeof to->text);
    for (int i = 0; i < SENSITIVITY_TEXTS; i++) {
        to->text[i] = wijk_strdup(from->text[i]);
        if (!to->text[i]) {
            return WIJK_ENOMEM;
        }
    }
    to->cell = wijk_alloc(sensitivity_units(to) * to->points * WIJK_OUTCOMES * sizeof *to->cell);
    return to->cell ? WIJK_OK : WIJK_ENOMEM;
}

int wijk_sensitivity_merge(wijk_sensitivity **out, const wijk_sensitivity *const *parts, size_t n)
{
    *out = NULL;
    if (n == 0) {
        return wijk_fail(WIJK_EINVAL, "Geen delen om samen te voegen.", "No parts to join.");
    }
    const wijk_sensitivity **order = wijk_alloc(n * sizeof *order);
    wijk_sensitivity *s = order ? wijk_alloc(sizeof *s) : NULL;
    int rc = s ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        memcpy(order, parts, n * sizeof *order);
        qsort(order, n, sizeof *order, by_first);
    }
    for (size_t i = 1; !rc && i < n; i++) {
        rc = same(order[0], order[i]);
        rc = rc ? rc : adjoining(order[i - 1], order[i]);
    }
    rc = rc ? rc : copy_heading(s, order[0], order[n - 1]->last);
    for (size_t i = 0; !rc && i < n; i++) {
        size_t row = s->points * (size_t)WIJK_OUTCOMES;
        memcpy(s->cell + (order[i]->first - s->first) * row, order[i]->cell,
               sensitivity_units(order[i]) * row * sizeof *s->cell);
    }
    wijk_free(order);
    if (rc) {
        wijk_sensitivity_free(s);
        return rc;
    }
    *out = s;
    return WIJK_OK;
}
