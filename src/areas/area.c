/* Areas: rows of the map of the Netherlands, found by id or by what people write as a code. */
#include "wijk/areas.h"

#include "wijk/err.h"

#include <ctype.h>
#include <string.h>

static const char *const words[WIJK_LEVELS] = {"land", "gemeente", "wijk",  "buurt",
                                               "pc4",  "square",   "local", "own"};

const char *wijk_level_word(enum wijk_level level)
{
    return (unsigned)level < WIJK_LEVELS ? words[level] : "";
}

int wijk_level_parse(const char *word)
{
    for (int level = 0; level < WIJK_LEVELS; level++) {
        if (!strcmp(words[level], word)) {
            return level;
        }
    }
    return -1;
}

/* Fills `out` from the present row of a statement that selects the columns in this order. */
#define AREA_COLUMNS                                                                               \
    "SELECT id,parent_id,level,vintage,fictional,code,name,gemeente,x,y,x0,y0,x1,y1,land_m2 "

static int read_area(wijk_area *out, wijk_stmt *stmt, wijk_arena *arena)
{
    *out = (wijk_area){
        .id = wijk_col_int(stmt, 0),
        .parent = wijk_col_int(stmt, 1),
        .level = (enum wijk_level)wijk_col_int(stmt, 2),
        .vintage = (int)wijk_col_int(stmt, 3),
        .fictional = (int)wijk_col_int(stmt, 4),
        .code = wijk_arena_strdup(arena, wijk_col_text(stmt, 5)),
        .name = wijk_arena_strdup(arena, wijk_col_text(stmt, 6)),
        .gemeente = wijk_arena_strdup(arena, wijk_col_text(stmt, 7)),
        .x = wijk_col_double(stmt, 8),
        .y = wijk_col_double(stmt, 9),
        .x0 = wijk_col_double(stmt, 10),
        .y0 = wijk_col_double(stmt, 11),
        .x1 = wijk_col_double(stmt, 12),
        .y1 = wijk_col_double(stmt, 13),
        .land_m2 = wijk_col_double(stmt, 14),
    };
    wijk_reset(stmt);
    return out->code && out->name && out->gemeente ? WIJK_OK : WIJK_ENOMEM;
}

int wijk_area_get(wijk_area *out, wijk_store *store, wijk_arena *arena, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, AREA_COLUMNS "FROM area WHERE id=?");
    wijk_bind_int(stmt, 1, id);
    int rc = wijk_step(stmt);
    if (rc == 0) {
        return wijk_fail(WIJK_ENOTFOUND, "Gebied nummer %lld bestaat niet in dit bestand.",
                         "Area number %lld does not exist in this file.", (long long)id);
    }
    return rc < 0 ? rc : read_area(out, stmt, arena);
}

/* Upper case without blanks; a full postcode loses its letters. 0 when it cannot be a code. */
static size_t clean_code(char *out, size_t room, const char *code)
{
    size_t size = 0;
    for (; *code; code++) {
        if (*code == ' ') {
            continue;
        }
        if (size + 1 >= room) {
            return 0;
        }
        out[size++] = (char)toupper((unsigned char)*code);
    }
    out[size] = 0;
    if (size == 6 && strspn(out, "0123456789") == 4 && isupper((unsigned char)out[4]) &&
        isupper((unsigned char)out[5])) {
        size = 4;
        out[size] = 0;
    }
    return size;
}

int wijk_area_find(wijk_area *out, wijk_store *store, wijk_arena *arena, const char *code,
                   int vintage)
{
    char clean[64];
    int rc = 0;
    if (clean_code(clean, sizeof clean, code)) {
        wijk_stmt *stmt =
            wijk_store_sql(store, AREA_COLUMNS "FROM area WHERE code=?1 AND (?2=0 OR vintage=?2) "
                                               "ORDER BY EXISTS(SELECT 1 FROM observation o WHERE "
                                               "o.area_id=area.id LIMIT 1 OFFSET 5) DESC, "
                                               "vintage DESC, level LIMIT 1");
        wijk_bind_text(stmt, 1, clean);
        wijk_bind_int(stmt, 2, vintage);
        rc = wijk_step(stmt);
        if (rc == 1) {
            return read_area(out, stmt, arena);
        }
    }
    if (rc < 0) {
        return rc;
    }
    return wijk_fail(
        WIJK_ENOTFOUND,
        "Geen gebied met code \"%.60s\" in dit bestand. Zoek op naam met `wijk show`, "
        "of laad een bestand waar het in staat.",
        "No area with code \"%.60s\" in this file. Search by name with `wijk show`, or "
        "load a file that has it.",
        code);
}

int wijk_area_gemeente(int64_t *out, wijk_store *store, const wijk_area *area)
{
    *out = 0;
    if (area->level <= WIJK_GEMEENTE) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "WITH RECURSIVE up(id,parent,level) AS (SELECT id,parent_id,level FROM area WHERE "
               "id=? UNION ALL SELECT a.id,a.parent_id,a.level FROM up JOIN area a ON "
               "a.id=up.parent) SELECT id FROM up WHERE level=1 LIMIT 1");
    wijk_bind_int(stmt, 1, area->id);
    int rc = wijk_run_int(out, stmt, 0);
    if (rc || *out || !*area->gemeente) {
        return rc;
    }
    stmt = wijk_store_sql(store, "SELECT id FROM area WHERE level=1 AND name=? AND fictional=? "
                                 "ORDER BY vintage DESC LIMIT 1");
    wijk_bind_text(stmt, 1, area->gemeente);
    wijk_bind_int(stmt, 2, area->fictional);
    return wijk_run_int(out, stmt, 0);
}
