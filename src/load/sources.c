/* data/sources.csv and data/columns.csv into typed rows, once; and the two questions asked of them:
 * which source is this file, and which rule is this column. Matching is on normalised names,
 * because publishers change case, blanks and years in names more often than their meaning. */
#include "load/sources.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names ------------------------------------------------------------------------------ */

size_t wijk_header_normalise(char *out, size_t room, const char *text)
{
    size_t used = 0;
    int blank = 0;
    const unsigned char *at = (const unsigned char *)text;
    if (!memcmp(at, "\xEF\xBB", strnlen(text, 2)) && at[0] && at[1] && at[2] == 0xBF) {
        at += 3;
    }
    for (; *at && used + 2 < room; at++) {
        int space = isspace(*at) || (*at == 0xC2 && at[1] == 0xA0);
        if (space) {
            at += *at == 0xC2;
            blank = used > 0;
            continue;
        }
        if (blank) {
            out[used++] = ' ';
            blank = 0;
        }
        out[used++] = (char)(*at < 0x80 ? tolower(*at) : *at);
    }
    out[used] = 0;
    return used;
}

static int digits(const char *text, size_t n, int *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return 0;
        }
        *value = *value * 10 + (text[i] - '0');
    }
    return 1;
}

int wijk_header_matches(const char *pattern, const char *name, int *year)
{
    static const char *const marks[] = {"{yyyy}", "{yy}", "{yyyy2}", "{yy2}"};
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *name++) {
                return 0;
            }
            continue;
        }
        if (!strncmp(pattern, "{n}", 3)) {
            if (*name < '0' || *name > '9') {
                return 0;
            }
            while (*name >= '0' && *name <= '9') {
                name++;
            }
            pattern += 3;
            continue;
        }
        size_t kind = 0;
        while (kind < 4 && strncmp(pattern, marks[kind], strlen(marks[kind])) != 0) {
            kind++;
        }
        size_t wide = kind % 2 ? 2 : 4;
        int value;
        if (kind == 4 || !digits(name, wide, &value)) {
            return 0;
        }
        *year = wide == 4 ? value : value >= 50 ? 1900 + value : 2000 + value;
        pattern += strlen(marks[kind]);
        name += wide;
    }
    return *name == 0;
}

int wijk_list_has(const wijk_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!strcmp(list->items[i], text)) {
            return 1;
        }
    }
    return 0;
}

/* ---- cells of the registries ------------------------------------------------------------ */

/* Splits at '|'; normalised when asked. An empty text is an empty list. */
static int split(wijk_list *out, wijk_arena *arena, const char *text, int normalise)
{
    *out = (wijk_list){NULL, 0};
    if (!*text) {
        return WIJK_OK;
    }
    size_t count = 1;
    for (const char *at = text; *at; at++) {
        count += *at == '|';
    }
    out->items = wijk_arena_alloc(arena, count * sizeof *out->items);
    if (!out->items) {
        return WIJK_ENOMEM;
    }
    const char *at = text;
    while (out->count < count) {
        size_t size = strcspn(at, "|");
        while (size && at[size - 1] == ' ') {
            size--;
        }
        char *item = wijk_arena_strndup(arena, at, size);
        if (!item) {
            return WIJK_ENOMEM;
        }
        if (normalise) {
            wijk_header_normalise(item, size + 3, item);
        }
        out->items[out->count++] = item;
        at += strcspn(at, "|");
        at += *at == '|';
        while (*at == ' ') {
            at++;
        }
    }
    return WIJK_OK;
}

static int year_of(const char *text)
{
    double value;
    return wijk_csv_number(&value, text, strlen(text), '.') && value > 0 && value < 1e6 ? (int)value
                                                                                        : 0;
}

static int registry_error(const char *what, size_t row, const char *column, const char *value)
{
    return wijk_fail(WIJK_EFORMAT, "%s, rij %zu, kolom %s: \"%s\" kennen we niet.",
                     "%s, row %zu, column %s: \"%s\" is not known.", what, row + 2, column, value);
}

static int word_of(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(words[i], word)) {
            return (int)i;
        }
    }
    return -1;
}

static int parse_layout(wijk_source *source, const wijk_table *table, size_t row, const char *what)
{
    static const char *const layouts[] = {"wide", "long", "shapes", "crosswalk", "flows", "lookup"};
    const char *layout = wijk_table_get(table, row, "layout");
    int at = *layout ? word_of(layouts, 6, layout) : WIJK_WIDE;
    if (at < 0) {
        return registry_error(what, row, "layout", layout);
    }
    source->layout = (enum wijk_layout)at;
    static const char *const bys[] = {"code", "name_gemeente", "prefix", "gebied", "square"};
    const char *by = wijk_table_get(table, row, "area_by");
    at = *by ? word_of(bys, 5, by) : 0;
    if (at < 0) {
        return registry_error(what, row, "area_by", by);
    }
    source->area_by = at == 1 ? WIJK_BY_GEMEENTE_NAME : at == 2 ? WIJK_BY_FIRST_WORD : WIJK_BY_CODE;
    const char *level = wijk_table_get(table, row, "level");
    source->level = !*level || !strcmp(level, "auto") ? -1 : wijk_level_parse(level);
    if (source->level < 0 && *level && strcmp(level, "auto") != 0) {
        return registry_error(what, row, "level", level);
    }
    if (at == 4 && source->level < 0) {
        source->level = WIJK_SQUARE;
    }
    const char *delimiter = wijk_table_get(table, row, "delimiter");
    source->delimiter = *delimiter && !strchr(",;\t|", *delimiter) ? *delimiter : 0;
    const char *decimal = wijk_table_get(table, row, "decimal");
    source->decimal = decimal[0] && !decimal[1] ? decimal[0] : 0;
    source->ragged = (int)wijk_table_number(table, row, "ragged", 0);
    return WIJK_OK;
}

/* "column:jaar" or "column:jaar,maand", "suffix", or a fixed year. */
static int parse_period(wijk_source *source, wijk_arena *arena, const char *text)
{
    if (!strcmp(text, "suffix")) {
        source->period_in_name = 1;
        return WIJK_OK;
    }
    if (strncmp(text, "column:", 7) != 0) {
        source->period = year_of(text);
        return WIJK_OK;
    }
    const char *comma = strpbrk(text + 7, ",+");
    char *year = comma ? wijk_arena_strndup(arena, text + 7, (size_t)(comma - text - 7))
                       : wijk_arena_strdup(arena, text + 7);
    int rc = year ? split(&source->year, arena, year, 1) : WIJK_ENOMEM;
    return rc || !comma ? rc : split(&source->month, arena, comma + 1, 1);
}

static int parse_parent(wijk_source *source, wijk_arena *arena, const char *text)
{
    if (*text != '=') {
        return split(&source->parent, arena, text, 1);
    }
    wijk_list chain;
    int rc = split(&chain, arena, text, 0);
    for (size_t i = 0; i < chain.count; i++) {
        if (!strcmp(chain.items[i], "=code-1")) {
            source->parent_cut = 1;
        } else {
            source->parent_code = chain.items[i] + (*chain.items[i] == '=');
        }
    }
    return rc;
}

static int parse_source(wijk_source *source, wijk_arena *arena, const wijk_table *table, size_t row,
                        const char *what)
{
    const char *vintages = wijk_table_get(table, row, "vintage");
    const char *rank = wijk_table_get(table, row, "rank");
    /* Every text is copied: a user's table goes away after parsing. */
    static const char *const names[] = {"code",     "publisher", "title_nl", "title_en", "licence",
                                        "citation", "address",   "nature",   "note",     "match",
                                        "dialect",  "prefix",    "format",   "parent"};
    const char *copies[14];
    for (size_t i = 0; i < 14; i++) {
        copies[i] = wijk_arena_strdup(arena, wijk_table_get(table, row, names[i]));
        if (!copies[i]) {
            return WIJK_ENOMEM;
        }
    }
    static const char *const natures[] = {"published",     "derived",   "modelled",
                                          "reconstructed", "fictional", "own"};
    if (word_of(natures, 6, copies[7]) < 0) {
        return registry_error(what, row, "nature", copies[7]);
    }
    source->info = (wijk_source_info){.code = copies[0],
                                      .publisher = copies[1],
                                      .title = {copies[2], copies[3]},
                                      .licence = copies[4],
                                      .citation = copies[5],
                                      .address = copies[6],
                                      .nature = copies[7],
                                      .note = copies[8],
                                      .match = copies[9],
                                      .rank = year_of(rank)};
    source->dialect = *copies[10] ? copies[10] : copies[0];
    source->prefix = copies[11];
    source->format = copies[12];
    wijk_list years;
    int rc = parse_layout(source, table, row, what);
    rc = rc ? rc : split(&source->match, arena, copies[9], 0);
    rc = rc ? rc : split(&source->signature, arena, wijk_table_get(table, row, "signature"), 1);
    rc = rc ? rc : split(&source->also, arena, wijk_table_get(table, row, "also"), 0);
    rc = rc ? rc : split(&source->area, arena, wijk_table_get(table, row, "area"), 1);
    rc = rc ? rc : split(&source->name, arena, wijk_table_get(table, row, "name"), 1);
    rc = rc ? rc : split(&source->missing, arena, wijk_table_get(table, row, "missing"), 0);
    rc = rc ? rc : split(&source->secret, arena, wijk_table_get(table, row, "secret"), 0);
    rc = rc ? rc : split(&years, arena, vintages, 0);
    rc = rc ? rc : parse_parent(source, arena, copies[13]);
    rc = rc ? rc : parse_period(source, arena, wijk_table_get(table, row, "period"));
    for (size_t i = 0; !rc && i < years.count && source->vintage_count < 8; i++) {
        source->vintages[source->vintage_count++] = year_of(years.items[i]);
    }
    return rc;
}

static int parse_role(enum wijk_role *role, const char *text)
{
    static const struct {
        const char *word;
        enum wijk_role role;
    } words[] = {
        {"#code", WIJK_ROLE_CODE},         {"#name", WIJK_ROLE_NAME},
        {"#gemeente", WIJK_ROLE_GEMEENTE}, {"#level", WIJK_ROLE_LEVEL},
        {"#year", WIJK_ROLE_YEAR},         {"#month", WIJK_ROLE_MONTH},
        {"#category", WIJK_ROLE_CATEGORY}, {"#group", WIJK_ROLE_CATEGORY},
        {"#value", WIJK_ROLE_VALUE},       {"#keep", WIJK_ROLE_KEEP},
        {"#from", WIJK_ROLE_FROM},         {"#to", WIJK_ROLE_TO},
        {"#geometry", WIJK_ROLE_GEOMETRY}, {"#tolerance", WIJK_ROLE_TOLERANCE},
        {"#changed", WIJK_ROLE_CHANGED},   {"#x", WIJK_ROLE_IGNORE},
        {"#y", WIJK_ROLE_IGNORE},          {"#lat", WIJK_ROLE_IGNORE},
        {"#lon", WIJK_ROLE_IGNORE},        {"#pc4", WIJK_ROLE_IGNORE},
        {"#ignore", WIJK_ROLE_IGNORE},
    };
    *role = WIJK_ROLE_INDICATOR;
    if (*text != '#') {
        return *text ? WIJK_OK : WIJK_EFORMAT;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!strcmp(words[i].word, text)) {
            *role = words[i].role;
            return WIJK_OK;
        }
    }
    return WIJK_EFORMAT;
}

/* "extremely urbanised=1|strongly urbanised=2" → text, number, text, number. */
static int parse_words(wijk_list *out, wijk_arena *arena, const char *text)
{
    wijk_list pairs;
    int rc = split(&pairs, arena, text, 0);
    *out = (wijk_list){NULL, 0};
    if (rc || !pairs.count) {
        return rc;
    }
    out->items = wijk_arena_alloc(arena, 2 * pairs.count * sizeof *out->items);
    for (size_t i = 0; out->items && i < pairs.count; i++) {
        const char *sign = strrchr(pairs.items[i], '=');
        double value;
        if (!sign || !wijk_csv_number(&value, sign + 1, strlen(sign + 1), '.')) {
            return WIJK_EFORMAT;
        }
        out->items[out->count++] =
            wijk_arena_strndup(arena, pairs.items[i], (size_t)(sign - pairs.items[i]));
        out->items[out->count++] = sign + 1;
    }
    return out->items ? WIJK_OK : WIJK_ENOMEM;
}

static int parse_column(wijk_source_column *column, wijk_arena *arena, const wijk_table *table,
                        size_t row, const char *what)
{
    column->indicator = wijk_arena_strdup(arena, wijk_table_get(table, row, "indicator"));
    column->note = wijk_arena_strdup(arena, wijk_table_get(table, row, "note"));
    if (!column->indicator || !column->note) {
        return WIJK_ENOMEM;
    }
    if (parse_role(&column->role, column->indicator)) {
        return registry_error(what, row, "indicator", column->indicator);
    }
    column->factor = wijk_table_number(table, row, "factor", 1);
    column->round = wijk_table_number(table, row, "round", 0);
    column->period = year_of(wijk_table_get(table, row, "period"));
    int rc = split(&column->names, arena, wijk_table_get(table, row, "column"), 1);
    rc = rc ? rc : split(&column->categories, arena, wijk_table_get(table, row, "category"), 0);
    rc = rc ? rc : split(&column->missing, arena, wijk_table_get(table, row, "missing"), 0);
    rc = rc ? rc : parse_words(&column->words, arena, wijk_table_get(table, row, "map"));
    return rc == WIJK_EFORMAT ? registry_error(what, row, "map", wijk_table_get(table, row, "map"))
                              : rc;
}

/* The columns of every dialect lie together, in the order of the file. */
static int parse_dialect(wijk_source *source, wijk_arena *arena, const wijk_table *table,
                         const char *what)
{
    int key = wijk_table_column(table, "source");
    size_t rows = wijk_table_rows(table), count = 0;
    for (size_t row = 0; row < rows; row++) {
        count += !strcmp(wijk_table_at(table, row, key), source->dialect);
    }
    wijk_source_column *columns = wijk_arena_alloc(arena, (count + 1) * sizeof *columns);
    if (!columns) {
        return WIJK_ENOMEM;
    }
    source->columns = columns;
    for (size_t row = 0; row < rows; row++) {
        if (!strcmp(wijk_table_at(table, row, key), source->dialect)) {
            int rc = parse_column(&columns[source->column_count++], arena, table, row, what);
            if (rc) {
                return rc;
            }
        }
    }
    return WIJK_OK;
}

static int parse_all(wijk_sources *sources, const wijk_table *rows, const wijk_table *columns,
                     const char *rows_name, const char *columns_name)
{
    sources->count = wijk_table_rows(rows);
    sources->list = wijk_arena_alloc(sources->arena, (sources->count + 1) * sizeof *sources->list);
    int rc = sources->list ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < sources->count; i++) {
        wijk_source *source = &sources->list[i];
        rc = parse_source(source, sources->arena, rows, i, rows_name);
        /* A dialect parsed for an earlier source is shared. */
        for (size_t k = 0; !rc && k < i && !source->columns; k++) {
            if (!strcmp(sources->list[k].dialect, source->dialect)) {
                source->columns = sources->list[k].columns;
                source->column_count = sources->list[k].column_count;
            }
        }
        if (!rc && !source->columns) {
            rc = parse_dialect(source, sources->arena, columns, columns_name);
        }
    }
    return rc;
}

static int new_sources(wijk_sources **out)
{
    wijk_sources *sources = wijk_alloc(sizeof *sources);
    int rc = sources ? wijk_arena_new(&sources->arena, 64u << 20) : WIJK_ENOMEM;
    if (rc) {
        wijk_free(sources);
        sources = NULL;
    }
    *out = sources;
    return rc;
}

int wijk_sources_open(wijk_sources **out)
{
    static const char rows_name[] = "data/sources.csv", columns_name[] = "data/columns.csv";
    wijk_table *rows = NULL, *columns = NULL;
    int rc = new_sources(out);
    rc = rc ? rc : wijk_table_asset(&rows, rows_name);
    rc = rc ? rc : wijk_table_asset(&columns, columns_name);
    rc = rc ? rc : parse_all(*out, rows, columns, rows_name, columns_name);
    wijk_table_free(rows);
    wijk_table_free(columns);
    if (rc) {
        wijk_sources_free(*out);
        *out = NULL;
    }
    return rc;
}

void wijk_sources_free(wijk_sources *sources)
{
    if (sources) {
        wijk_arena_free(sources->arena);
        wijk_free(sources);
    }
}

/* ---- a user's own map ------------------------------------------------------------------- */

/* The next block of lines up to an empty line; *at moves past it. */
static size_t next_block(const char **at, const char *end, const char **start)
{
    while (*at < end && (**at == '\n' || **at == '\r')) {
        (*at)++;
    }
    *start = *at;
    while (*at < end) {
        const char *line = *at;
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t size = stop ? (size_t)(stop - line) : (size_t)(end - line);
        if (size == 0 || (size == 1 && *line == '\r')) {
            break;
        }
        *at = line + size + (stop != NULL);
    }
    return (size_t)(*at - *start);
}

int wijk_sources_from_map(wijk_sources **out, const char *bytes, size_t size, const char *what,
                          int (*add)(void *payload, const void *table, size_t row), void *payload)
{
    wijk_table *rows = NULL, *columns = NULL;
    int rc = new_sources(out);
    const char *at = bytes, *end = bytes + size;
    if (size >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) {
        at += 3;
    }
    while (!rc && at < end) {
        const char *start;
        size_t length = next_block(&at, end, &start);
        if (!length) {
            break;
        }
        wijk_table *table;
        rc = wijk_table_bytes(&table, start, length, what);
        if (rc) {
            break;
        }
        if (wijk_table_column(table, "theme") >= 0) {
            for (size_t i = 0; !rc && i < wijk_table_rows(table); i++) {
                rc = add(payload, table, i);
            }
            wijk_table_free(table);
        } else if (wijk_table_column(table, "publisher") >= 0 && !rows) {
            rows = table;
        } else if (wijk_table_column(table, "indicator") >= 0 && !columns) {
            columns = table;
        } else {
            wijk_table_free(table);
            rc = wijk_fail(WIJK_EFORMAT,
                           "%s: een blok begint met de kopregel van sources.csv, columns.csv of "
                           "indicators.csv, en elk komt één keer voor.",
                           "%s: a block starts with the header of sources.csv, columns.csv or "
                           "indicators.csv, and each comes once.",
                           what);
        }
    }
    if (!rc && (!rows || !columns || !wijk_table_rows(rows))) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: de bron of haar kolommen ontbreken.",
                       "%s: the source or its columns are missing.", what);
    }
    rc = rc ? rc : parse_all(*out, rows, columns, what, what);
    wijk_table_free(rows);
    wijk_table_free(columns);
    if (rc) {
        wijk_sources_free(*out);
        *out = NULL;
    }
    return rc;
}

/* ---- questions -------------------------------------------------------------------------- */

size_t wijk_sources_count(const wijk_sources *sources)
{
    return sources->count;
}

const wijk_source_info *wijk_sources_at(const wijk_sources *sources, size_t i)
{
    return i < sources->count ? &sources->list[i].info : NULL;
}

const wijk_source *wijk_sources_find(const wijk_sources *sources, const char *code)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (!strcmp(sources->list[i].info.code, code)) {
            return &sources->list[i];
        }
    }
    return NULL;
}

static int name_fits(const wijk_source *source, const char *name)
{
    for (size_t i = 0; i < source->match.count; i++) {
        if (*source->match.items[i] && !fnmatch(source->match.items[i], name, FNM_CASEFOLD)) {
            return 1;
        }
    }
    return 0;
}

char wijk_sources_delimiter(const wijk_sources *sources, const char *name)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->list[i].delimiter && name_fits(&sources->list[i], name)) {
            return sources->list[i].delimiter;
        }
    }
    return 0;
}

int wijk_sources_turn(const wijk_sources *sources, const char *file)
{
    char name[256];
    const char *slash = strrchr(file, '/');
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : file);
    char *dot = strrchr(name, '.');
    if (dot && (!strcasecmp(dot, ".zst") || !strcasecmp(dot, ".gz") || !strcasecmp(dot, ".zip"))) {
        *dot = 0;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const wijk_source *source = &sources->list[i];
        if (name_fits(source, name)) {
            return source->area_by == WIJK_BY_GEMEENTE_NAME ? 2 : source->layout != WIJK_LOOKUP;
        }
    }
    return 1;
}

static int signature_fits(const wijk_source *source, const char *const *header, size_t count)
{
    for (size_t i = 0; i < source->signature.count; i++) {
        size_t at = 0;
        int year;
        while (at < count && !wijk_header_matches(source->signature.items[i], header[at], &year)) {
            at++;
        }
        if (at == count) {
            return 0;
        }
    }
    return 1;
}

static int header_has(const wijk_list *names, const char *const *header, size_t count)
{
    int year;
    for (size_t i = 0; i < names->count; i++) {
        for (size_t at = 0; at < count; at++) {
            if (wijk_header_matches(names->items[i], header[at], &year)) {
                return 1;
            }
        }
    }
    return 0;
}

int wijk_source_has_area(const wijk_source *source, const char *const *header, size_t count)
{
    int needed = source->area.count > 0;
    if (header_has(&source->area, header, count)) {
        return 1;
    }
    for (size_t i = 0; i < source->column_count; i++) {
        if (source->columns[i].role == WIJK_ROLE_CODE) {
            needed = 1;
            if (header_has(&source->columns[i].names, header, count)) {
                return 1;
            }
        }
    }
    return !needed;
}

static int year_in(const wijk_source *source, const char *name)
{
    int year = source->period ? source->period : source->vintage_count ? source->vintages[0] : 0;
    char text[16] = "";
    for (int at = 3, rest = year; at >= 0; at--, rest /= 10) {
        text[at] = (char)('0' + rest % 10);
    }
    return year && strstr(name, text) != NULL;
}

const wijk_source *wijk_sources_recognise(const wijk_sources *sources, const char *name,
                                          const char *const *header, size_t count, size_t *rivals)
{
    const wijk_source *best = NULL;
    int best_score = 0;
    size_t equal = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const wijk_source *source = &sources->list[i];
        int named = name_fits(source, name);
        if ((!named && !source->signature.count) || !signature_fits(source, header, count)) {
            continue;
        }
        /* The name decides; then a year in it; then how much of the header was asked for. */
        int score = named * 100000 + year_in(source, name) * 10000 + (int)source->signature.count;
        if (score > best_score || !best) {
            best = source;
            best_score = score;
            equal = 0;
        } else {
            equal += score == best_score;
        }
    }
    if (rivals) {
        *rivals = equal ? equal + 1 : 0;
    }
    return best;
}
