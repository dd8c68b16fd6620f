/* The JSON API, by the Dutch API design rules (Logius): version in the path, plural nouns, no
 * trailing slash, English names, paging with a limit, problems as RFC 9457. It reads what the pages
 * read: disclosure and reliability hold here too. web/openapi.json describes it; a test holds the
 * two together. */
#include "web/json.h"
#include "web/pages.h"

#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SIZE = 100, PAGE_MOST = 1000 };

static void begin(web_call *call, json *j)
{
    page_type(call, "application/json", NULL);
    j_start(j, &call->reply->body);
}

static const char *level_code(enum wijk_level level)
{
    return wijk_level_word(level);
}

static void area_members(json *j, const wijk_area *area)
{
    j_string(j, "code", area->code);
    j_string(j, "level", level_code(area->level));
    j_number(j, "vintage", area->vintage);
    j_string(j, "name", area->name);
    j_string(j, "municipality", area->gemeente);
    j_bool(j, "fictional", area->fictional);
}

static void area_place(json *j, const wijk_area *area)
{
    j_array(j, "boundingBox");
    const double box[] = {area->x0, area->y0, area->x1, area->y1};
    for (size_t i = 0; i < 4 && isfinite(area->x0); i++) {
        j_number(j, NULL, box[i]);
    }
    j_close(j);
    j_string(j, "crs", "EPSG:28992");
    j_number(j, "landSquareMetres", area->land_m2);
}

/* Which page of a list: 1-based ?page= and ?pageSize=. */
static void paging(web_call *call, int *page, int *size)
{
    *page = web_param_int(&call->request->query, "page", 1, 100000, 1);
    *size = web_param_int(&call->request->query, "pageSize", 1, PAGE_MOST, PAGE_SIZE);
}

static void paging_members(json *j, int page, int size, int64_t total)
{
    j_number(j, "page", page);
    j_number(j, "pageSize", size);
    j_number(j, "total", (double)total);
    j_bool(j, "more", (int64_t)page * size < total);
}

static const char LIST[] =
    "SELECT id FROM area WHERE (?1 < 0 OR level = ?1) AND (?2 = 0 OR parent_id = ?2)"
    " AND (?3 = 0 OR vintage = ?3) ORDER BY level, code, vintage LIMIT ?4 OFFSET ?5";
static const char COUNTING[] =
    "SELECT count(*) FROM area WHERE (?1 < 0 OR level = ?1) AND (?2 = 0 OR parent_id = ?2)"
    " AND (?3 = 0 OR vintage = ?3)";

int api_areas(web_call *call)
{
    const char *word = web_param_get(&call->request->query, "level");
    const char *parent = web_param_get(&call->request->query, "parent");
    int level = *word ? wijk_level_parse(word) : -1;
    if (*word && level < 0) {
        return wijk_fail(
            WIJK_EINVAL, "Onbekend niveau \"%.40s\": kies land, gemeente, wijk, buurt of pc4.",
            "Unknown level \"%.40s\": choose land, gemeente, wijk, buurt or pc4.", word);
    }
    wijk_area above = {0};
    int rc = *parent ? page_area_find(call, &above, parent, "") : WIJK_OK;
    if (rc) {
        return rc;
    }
    int vintage = web_param_int(&call->request->query, "vintage", 1900, 2200, 0);
    int page, size;
    paging(call, &page, &size);
    int64_t *ids = wijk_arena_alloc(call->arena, (size_t)size * sizeof *ids);
    int64_t total = 0;
    wijk_stmt *stmts[] = {wijk_store_sql(call->store, COUNTING), wijk_store_sql(call->store, LIST)};
    if (!ids || !stmts[0] || !stmts[1]) {
        return WIJK_EDB;
    }
    for (size_t i = 0; i < 2; i++) {
        wijk_bind_int(stmts[i], 1, level);
        wijk_bind_int(stmts[i], 2, above.id);
        wijk_bind_int(stmts[i], 3, vintage);
    }
    rc = wijk_run_int(&total, stmts[0], 0);
    wijk_bind_int(stmts[1], 4, size);
    wijk_bind_int(stmts[1], 5, (int64_t)(page - 1) * size);
    size_t count = 0;
    while (rc >= 0 && (rc = wijk_step(stmts[1])) == 1) {
        ids[count++] = wijk_col_int(stmts[1], 0);
    }
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    paging_members(&j, page, size, total);
    j_array(&j, "areas");
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        wijk_area area;
        rc = wijk_area_get(&area, call->store, call->arena, ids[i]);
        j_object(&j, NULL);
        area_members(&j, &area);
        j_close(&j);
    }
    j_close(&j);
    j_close(&j);
    return rc < 0 ? rc : WIJK_OK;
}

int api_area(web_call *call)
{
    wijk_area area, parent;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "vintage"));
    if (rc) {
        return rc;
    }
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    area_members(&j, &area);
    int has_parent = area.parent && !wijk_area_get(&parent, call->store, call->arena, area.parent);
    j_string(&j, "parent", has_parent ? parent.code : NULL);
    area_place(&j, &area);
    j_close(&j);
    return WIJK_OK;
}

static const char *mark_word(enum wijk_mark mark)
{
    static const char *const words[] = {"value", "missing", "secret", "not-applicable"};
    return words[mark];
}

static const char *origin_word(enum wijk_origin_of_value origin)
{
    static const char *const words[] = {"published", "same",     "unchecked",
                                        "converted", "borrowed", "computed"};
    return words[origin];
}

static void observation(json *j, const wijk_registry *registry, const wijk_value *value)
{
    const wijk_indicator *indicator = wijk_indicator_by_id(registry, value->indicator);
    const wijk_load_info *load = wijk_load_by_id(registry, value->load);
    j_object(j, NULL);
    j_string(j, "indicator", indicator ? indicator->code : NULL);
    j_number(j, "period", value->period);
    j_number(j, "value", value->value);
    j_number(j, "low", value->low);
    j_number(j, "high", value->high);
    j_string(j, "unit", indicator ? indicator->unit : NULL);
    j_string(j, "mark", mark_word(value->mark));
    j_string(j, "origin", origin_word(value->origin));
    j_bool(j, "unreliable", value->flags & WIJK_GREY);
    j_bool(j, "modelled", value->flags & WIJK_MODELLED);
    j_bool(j, "withheld", value->flags & WIJK_PROTECTED);
    j_bool(j, "fictional", value->flags & WIJK_FICTIONAL);
    j_string(j, "source", load ? load->code : NULL);
    j_close(j);
}

int api_observations(web_call *call)
{
    wijk_area area;
    wijk_facts facts;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "vintage"));
    rc = rc ? rc : wijk_facts_get(&facts, call->store, call->registry, call->arena, area.id);
    if (rc) {
        return rc;
    }
    const char *code = web_param_get(&call->request->query, "indicator");
    const wijk_indicator *only = *code ? wijk_indicator_by_code(call->registry, code) : NULL;
    if (*code && !only) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                         "There is no indicator \"%.60s\".", code);
    }
    int period = web_param_int(&call->request->query, "period", 1, 999912, 0);
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    area_members(&j, &area);
    j_array(&j, "observations");
    for (size_t i = 0; i < facts.count; i++) {
        const wijk_value *value = &facts.values[i];
        if ((!only || value->indicator == only->id) && (!period || value->period == period)) {
            observation(&j, call->registry, value);
        }
    }
    j_close(&j);
    j_close(&j);
    return WIJK_OK;
}

static void indicator_members(json *j, const wijk_indicator *at)
{
    static const char *const directions[] = {"none", "up", "down"};
    j_string(j, "code", at->code);
    j_string(j, "theme", at->theme);
    j_string(j, "labelNl", at->label[WIJK_NL]);
    j_string(j, "labelEn", at->label[WIJK_EN]);
    j_string(j, "unit", at->unit);
    j_number(j, "decimals", at->decimals);
    j_string(j, "direction", directions[at->direction]);
    j_string(j, "definitionNl", at->definition[WIJK_NL]);
    j_string(j, "definitionEn", at->definition[WIJK_EN]);
    j_string(j, "cautionNl", at->caution[WIJK_NL]);
    j_string(j, "cautionEn", at->caution[WIJK_EN]);
}

int api_indicators(web_call *call)
{
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    j_array(&j, "indicators");
    for (size_t i = 0; i < wijk_indicator_count(call->registry); i++) {
        j_object(&j, NULL);
        indicator_members(&j, wijk_indicator_at(call->registry, i));
        j_close(&j);
    }
    j_close(&j);
    j_close(&j);
    return WIJK_OK;
}

int api_indicator(web_call *call)
{
    const wijk_indicator *at = wijk_indicator_by_code(call->registry, call->name);
    if (!at) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                         "There is no indicator \"%.60s\".", call->name);
    }
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    indicator_members(&j, at);
    j_close(&j);
    return WIJK_OK;
}

int api_sources(web_call *call)
{
    wijk_stmt *stmt = wijk_store_sql(
        call->store, "SELECT s.code, s.publisher, s.title_nl, s.title_en, s.licence, s.address,"
                     " s.nature, l.file, l.sha256, l.loaded_at, l.rows_read, l.rows_kept,"
                     " l.cells_kept, l.superseded_by IS NULL FROM load l"
                     " JOIN source s ON s.id = l.source_id ORDER BY l.id");
    if (!stmt) {
        return WIJK_EDB;
    }
    static const char *const texts[] = {"code",    "publisher", "titleNl", "titleEn", "licence",
                                        "address", "nature",    "file",    "sha256",  "loadedAt"};
    static const char *const counts[] = {"rowsRead", "rowsKept", "cellsKept"};
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    j_array(&j, "sources");
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        j_object(&j, NULL);
        for (int i = 0; i < 10; i++) {
            j_string(&j, texts[i], wijk_col_text(stmt, i));
        }
        for (int i = 0; i < 3; i++) {
            j_number(&j, counts[i], (double)wijk_col_int(stmt, 10 + i));
        }
        j_bool(&j, "current", wijk_col_int(stmt, 13) != 0);
        j_close(&j);
    }
    j_close(&j);
    j_close(&j);
    return rc;
}

int api_search(web_call *call)
{
    enum { MOST = 20 };
    const char *query = web_param_get(&call->request->query, "q");
    int size = web_param_int(&call->request->query, "pageSize", 1, MOST, 10);
    wijk_hit hits[MOST];
    size_t count = 0;
    int rc = web_find(&count, call, query, hits, (size_t)size);
    if (rc) {
        return rc;
    }
    wijk_lang lang =
        !strcmp(web_param_get(&call->request->query, "lang"), "en") ? WIJK_EN : WIJK_NL;
    json j;
    begin(call, &j);
    j_object(&j, NULL);
    j_array(&j, "areas");
    for (size_t i = 0; i < count; i++) {
        j_object(&j, NULL);
        j_string(&j, "code", hits[i].code);
        j_string(&j, "level", level_code(hits[i].level));
        j_string(&j, "levelName", wijk_level_name(lang, hits[i].level));
        j_number(&j, "vintage", hits[i].vintage);
        j_string(&j, "name", hits[i].name);
        j_string(&j, "municipality", hits[i].gemeente);
        j_number(&j, "people", hits[i].people);
        j_bool(&j, "forgiving", hits[i].forgiving);
        j_bool(&j, "postcodeDigitsOnly", hits[i].postcode);
        j_bool(&j, "fictional", hits[i].fictional);
        j_close(&j);
    }
    j_close(&j);
    j_close(&j);
    return WIJK_OK;
}

int api_description(web_call *call)
{
    size_t size = 0;
    const char *text = wijk_asset_get("web/openapi.json", &size);
    if (!text) {
        return wijk_fail(WIJK_ENOTFOUND, "De beschrijving van de API ontbreekt in dit programma.",
                         "The description of the API is missing from this program.");
    }
    page_type(call, "application/json", NULL);
    wijk_str_addn(&call->reply->body, text, size);
    return WIJK_OK;
}
