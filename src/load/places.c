/* Areas from codes. CBS codes carry their own tree: BU + gemeente (4) + wijk (2) + buurt (2); so a
 * buurt brings its wijk, gemeente and country, of the same vintage, when no file has named them. */
#include "load/places.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- codes ------------------------------------------------------------------------------ */

static int all_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return 0;
        }
    }
    return 1;
}

static int letters_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)text[i])) {
            return 0;
        }
    }
    return 1;
}

/* "E1705N4816" and the like. */
static int is_square(const char *code, size_t size)
{
    if (*code != 'E' && *code != 'W') {
        return 0;
    }
    size_t east = strspn(code + 1, "0123456789");
    return east >= 4 && (code[1 + east] == 'N' || code[1 + east] == 'S') && size > east + 5 &&
           all_digits(code + 2 + east, size - east - 2);
}

static int level_of(const char *code, size_t size)
{
    if (!strcmp(code, "NL")) {
        return WIJK_LAND;
    }
    if (size == 6 && !strncmp(code, "GM", 2) && all_digits(code + 2, 4)) {
        return WIJK_GEMEENTE;
    }
    if (size == 8 && !strncmp(code, "WK", 2) && all_digits(code + 2, 4) &&
        letters_digits(code + 6, 2)) {
        return WIJK_WIJK;
    }
    if (size == 10 && !strncmp(code, "BU", 2) && all_digits(code + 2, 4) &&
        letters_digits(code + 6, 4)) {
        return WIJK_BUURT;
    }
    /* The Netherlands has none below 1000; the invented gemeente has no others. */
    if (size == 4 && all_digits(code, 4) && strcmp(code, "0000") != 0) {
        return WIJK_PC4;
    }
    return is_square(code, size) ? WIJK_SQUARE : -1;
}

/* Codes that spreadsheets turned into numbers: 363, 36300, 1011.0. */
static void mend(char *code, int level)
{
    static const struct {
        int level;
        size_t digits;
        const char *lead;
    } shapes[] = {{WIJK_GEMEENTE, 4, "GM"}, {WIJK_WIJK, 6, "WK"}, {WIJK_BUURT, 8, "BU"}};
    size_t size = strlen(code);
    if (size > 2 && !strcmp(code + size - 2, ".0") && all_digits(code, size - 2)) {
        code[size -= 2] = 0;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (shapes[i].level == level && size && size <= shapes[i].digits &&
            all_digits(code, size)) {
            char plain[16];
            memcpy(plain, code, size + 1);
            snprintf(code, WIJK_CODE_ROOM, "%s%.*s%s", shapes[i].lead,
                     (int)(shapes[i].digits - size), "00000000", plain);
        }
    }
}

int wijk_place_parse(wijk_place_code *out, const char *text, int level, const char *prefix)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    size_t size = strlen(text);
    while (size && isspace((unsigned char)text[size - 1])) {
        size--;
    }
    size_t lead = prefix ? strlen(prefix) : 0;
    if (!size || size + lead >= sizeof out->code) {
        return 0;
    }
    memcpy(out->code, prefix ? prefix : "", lead);
    memcpy(out->code + lead, text, size);
    out->code[lead + size] = 0;
    if (level == WIJK_LOCAL || level == WIJK_OWN) {
        out->level = (enum wijk_level)level;
        return 1;
    }
    for (char *at = out->code; *at; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    mend(out->code, level);
    if (!strncmp(out->code, "NL0", 3) && out->code[3] && !out->code[4]) {
        out->code[2] = 0;
    }
    int found = level_of(out->code, strlen(out->code));
    out->level = (enum wijk_level)found;
    return found >= 0 && (level < 0 || level == found);
}

/* The code one level up; 0 when the code does not tell. */
static int parent_code(wijk_place_code *out, const wijk_place_code *code)
{
    switch (code->level) {
    case WIJK_GEMEENTE:
    case WIJK_PC4:
        *out = (wijk_place_code){WIJK_LAND, "NL"};
        return 1;
    case WIJK_WIJK:
        out->level = WIJK_GEMEENTE;
        snprintf(out->code, sizeof out->code, "GM%.4s", code->code + 2);
        return 1;
    case WIJK_BUURT:
        out->level = WIJK_WIJK;
        snprintf(out->code, sizeof out->code, "WK%.6s", code->code + 2);
        return 1;
    default:
        return 0;
    }
}

/* ---- rows ------------------------------------------------------------------------------- */

int wijk_places_open(wijk_places *places, wijk_store *store, int fictional)
{
    *places = (wijk_places){.store = store, .fictional = fictional};
    int rc = wijk_map_new(&places->known);
    rc = rc ? rc : wijk_map_new(&places->layers);
    rc = rc ? rc
            : wijk_run_int(&places->next_id, wijk_store_sql(store, "SELECT max(id) FROM area"), 0);
    places->next_id++;
    return rc;
}

void wijk_places_close(wijk_places *places)
{
    wijk_map_free(places->known);
    wijk_map_free(places->layers);
    wijk_map_free(places->gemeenten);
    *places = (wijk_places){0};
}

static size_t key_of(char key[WIJK_CODE_ROOM + 16], int level, int vintage, const char *code)
{
    int size = snprintf(key, WIJK_CODE_ROOM + 16, "%d:%d:%s", level, vintage, code);
    return (size_t)size;
}

/* Reads all areas of one level and vintage: a file has most of a layer or next to nothing of it,
 * and reading 15,000 codes takes a few milliseconds. */
static int read_layer(wijk_places *places, int level, int vintage)
{
    char key[WIJK_CODE_ROOM + 16];
    int64_t seen;
    size_t size = key_of(key, level, vintage, "");
    if (wijk_map_get(places->layers, key, size, &seen)) {
        return WIJK_OK;
    }
    int rc = wijk_map_set(places->layers, key, size, 1);
    wijk_stmt *stmt = wijk_store_sql(
        places->store,
        "SELECT id, code, name <> '' FROM area WHERE level = ?1 AND vintage = ?2 ORDER BY code");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    while (!rc && (rc = wijk_step(stmt)) == 1) {
        size = key_of(key, level, vintage, wijk_col_text(stmt, 1));
        rc = wijk_map_set(places->known, key, size,
                          wijk_col_int(stmt, 0) * 2 + wijk_col_int(stmt, 2));
    }
    wijk_reset(stmt);
    return rc;
}

static int insert(wijk_places *places, int64_t *id, const wijk_place_code *code, int vintage,
                  int64_t parent)
{
    if (places->next_id > WIJK_MAX_AREAS) {
        return wijk_fail(WIJK_ELIMIT, "Er passen niet meer dan %u gebieden in één bestand.",
                         "One file holds no more than %u areas.", WIJK_MAX_AREAS);
    }
    wijk_stmt *stmt = wijk_store_sql(
        places->store, "INSERT INTO area(id, level, code, vintage, parent_id, fictional) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!stmt) {
        return WIJK_EDB;
    }
    *id = places->next_id++;
    places->made++;
    wijk_bind_int(stmt, 1, *id);
    wijk_bind_int(stmt, 2, code->level);
    wijk_bind_text(stmt, 3, code->code);
    wijk_bind_int(stmt, 4, vintage);
    if (parent) {
        wijk_bind_int(stmt, 5, parent);
    }
    wijk_bind_int(stmt, 6, places->fictional);
    return wijk_run(stmt);
}

int wijk_places_get(wijk_places *places, int64_t *id, const wijk_place_code *code, int vintage,
                    int64_t parent)
{
    char key[WIJK_CODE_ROOM + 16];
    int64_t value;
    size_t size = key_of(key, code->level, vintage, code->code);
    *id = 0;
    if (wijk_map_get(places->known, key, size, &value)) {
        *id = value / 2;
        return WIJK_OK;
    }
    int rc = read_layer(places, code->level, vintage);
    if (rc) {
        return rc;
    }
    if (wijk_map_get(places->known, key, size, &value)) {
        *id = value / 2;
        return WIJK_OK;
    }
    wijk_place_code above;
    /* An invented gemeente is not part of the country. */
    if (!parent && parent_code(&above, code) && !(places->fictional && above.level == WIJK_LAND)) {
        rc = wijk_places_get(places, &parent, &above, vintage, 0);
    }
    rc = rc ? rc : insert(places, id, code, vintage, parent);
    return rc ? rc : wijk_map_set(places->known, key, size, *id * 2);
}

int wijk_places_name(wijk_places *places, const wijk_place_code *code, int vintage, int64_t id,
                     const char *name)
{
    char key[WIJK_CODE_ROOM + 16];
    int64_t value;
    size_t size = key_of(key, code->level, vintage, code->code);
    if (!*name || !wijk_map_get(places->known, key, size, &value) || value % 2) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        places->store,
        "UPDATE area SET name = ?2, gemeente = CASE WHEN level = 1 THEN ?2 ELSE gemeente END "
        "WHERE id = ?1");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, name);
    int rc = wijk_run(stmt);
    return rc ? rc : wijk_map_set(places->known, key, size, id * 2 + 1);
}

int wijk_places_in_gemeente(wijk_places *places, const wijk_place_code *code, int vintage,
                            int64_t id, const char *name)
{
    static const char title[] = "Gemeente ";
    name += strncmp(name, title, sizeof title - 1) ? 0 : sizeof title - 1;
    if (code->level == WIJK_BUURT || code->level == WIJK_WIJK) {
        wijk_place_code gemeente = {WIJK_GEMEENTE, ""};
        int64_t above;
        snprintf(gemeente.code, sizeof gemeente.code, "GM%.4s", code->code + 2);
        int rc = wijk_places_get(places, &above, &gemeente, vintage, 0);
        return rc ? rc : wijk_places_name(places, &gemeente, vintage, above, name);
    }
    wijk_stmt *stmt = wijk_store_sql(
        places->store, "UPDATE area SET gemeente = ?2 WHERE id = ?1 AND gemeente = ''");
    if (!stmt) {
        return WIJK_EDB;
    }
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, name);
    return wijk_run(stmt);
}

/* ---- by name ---------------------------------------------------------------------------- */

/* Names differ in case, accents, points and the province behind them: "Bergen (NH.)",
 * "BERGEN NH". The article of 's-Gravenhage has a second name altogether. */
static size_t fold_name(char *out, size_t room, const char *name)
{
    static const char *const same[][2] = {{"den haag", "s gravenhage"},
                                          {"den bosch", "s hertogenbosch"}};
    size_t size = wijk_fold(out, room, name);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (!strcmp(out, same[i][0])) {
            size = (size_t)snprintf(out, room, "%s", same[i][1]);
        }
    }
    return size;
}

static int read_gemeenten(wijk_places *places)
{
    int rc = wijk_map_new(&places->gemeenten);
    wijk_stmt *stmt = wijk_store_sql(
        places->store,
        "SELECT name, code FROM area WHERE level = 1 AND name <> '' ORDER BY vintage");
    if (!stmt) {
        return WIJK_EDB;
    }
    while (!rc && (rc = wijk_step(stmt)) == 1) {
        char folded[256];
        int64_t number = 0;
        const char *code = wijk_col_text(stmt, 1);
        size_t size = fold_name(folded, sizeof folded, wijk_col_text(stmt, 0));
        for (const char *at = code + 2; strlen(code) == 6 && *at; at++) {
            number = number * 10 + (*at - '0');
        }
        rc = wijk_map_set(places->gemeenten, folded, size, number);
    }
    wijk_reset(stmt);
    return rc;
}

int wijk_places_by_name(wijk_places *places, wijk_place_code *out, const char *name)
{
    int rc = places->gemeenten ? WIJK_OK : read_gemeenten(places);
    char folded[256];
    int64_t number;
    size_t size = fold_name(folded, sizeof folded, name);
    if (rc || !wijk_map_get(places->gemeenten, folded, size, &number)) {
        return rc;
    }
    out->level = WIJK_GEMEENTE;
    snprintf(out->code, sizeof out->code, "GM%04d", (int)number);
    return 1;
}
