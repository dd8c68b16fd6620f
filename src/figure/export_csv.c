/* The long table: one row per area, indicator and period, and the CSVW metadata that says what its
 * columns mean. The columns stand in one table, so that header, rows and metadata cannot differ. */
#include "figure/export.h"

#include "wijk/text.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    enum wijk_text_key title;
    const char *type; /* JSON of the CSVW datatype */
    int required;
} columns[] = {
    {"area", T_EXPORT_AREA, "\"string\"", 1},
    {"level", T_EXPORT_LEVEL, "\"string\"", 1},
    {"vintage", T_EXPORT_VINTAGE, "{\"base\":\"integer\",\"minimum\":1900,\"maximum\":2100}", 1},
    {"name", T_EXPORT_NAME, "\"string\"", 0},
    {"indicator", T_EXPORT_INDICATOR, "\"string\"", 1},
    {"period", T_EXPORT_PERIOD, "\"integer\"", 1},
    {"value", T_EXPORT_VALUE, "\"number\"", 0},
    {"low", T_EXPORT_LOW, "\"number\"", 0},
    {"high", T_EXPORT_HIGH, "\"number\"", 0},
    {"unit", T_EXPORT_UNIT, "\"string\"", 1},
    {"mark", T_EXPORT_MARK,
     "{\"base\":\"string\",\"format\":\"value|missing|secret|not_applicable\"}", 1},
    {"origin", T_EXPORT_ORIGIN,
     "{\"base\":\"string\",\"format\":\"published|same_place|same_code|converted|borrowed|"
     "computed\"}",
     1},
    {"flags", T_EXPORT_FLAGS, "\"string\"", 0},
    {"from", T_EXPORT_FROM, "\"string\"", 0},
    {"source", T_EXPORT_SOURCE, "\"string\"", 0},
    {"file", T_EXPORT_FILE, "{\"base\":\"string\",\"format\":\"[0-9a-f]{64}\"}", 0},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static int head(wijk_export *export)
{
    for (int i = 0; i < COLUMNS; i++) {
        wijk_str_addf(&export->out, "%s%s", i ? "," : "", columns[i].name);
    }
    wijk_str_add(&export->out, "\r\n");
    return wijk_str_status(&export->out);
}

/* A text cell: quoted when it must be, and never a formula when a spreadsheet opens it. */
static void text(wijk_str *out, const char *cell)
{
    int formula = *cell && strchr("=+-@\t", *cell) != NULL;
    if (!formula && !cell[strcspn(cell, ",\"\r\n")]) {
        wijk_str_add(out, cell);
        return;
    }
    wijk_str_add(out, formula ? "\"'" : "\"");
    for (; *cell; cell++) {
        wijk_str_add(out, *cell == '"' ? "\"\"" : (char[2]){*cell, 0});
    }
    wijk_str_addc(out, '"');
}

static void number(wijk_str *out, double value)
{
    wijk_str_addc(out, ',');
    if (isfinite(value)) {
        wijk_str_addg(out, value);
    }
}

/* The code of the area that a figure was published for. */
static int add_from(wijk_export *export, int64_t from)
{
    wijk_stmt *stmt = wijk_store_sql(export->walk.store, "SELECT code FROM area WHERE id = ?1");
    wijk_bind_int(stmt, 1, from);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        text(&export->out, wijk_col_text(stmt, 0));
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

static int row(wijk_export *export, const char *area, size_t area_size, const wijk_value *value)
{
    wijk_str *out = &export->out;
    const wijk_indicator *indicator = wijk_indicator_by_id(export->walk.registry, value->indicator);
    const wijk_load_info *load = wijk_load_by_id(export->walk.registry, value->load);
    char flags[80];
    wijk_str_addn(out, area, area_size);
    text(out, indicator->code);
    wijk_str_addc(out, ',');
    wijk_str_addi(out, value->period);
    number(out, value->value);
    number(out, value->low);
    number(out, value->high);
    wijk_str_addc(out, ',');
    wijk_str_add(out, indicator->unit);
    wijk_str_addc(out, ',');
    wijk_str_add(out, export_mark_word(value->mark));
    wijk_str_addc(out, ',');
    wijk_str_add(out, export_origin_word(value->origin));
    wijk_str_addc(out, ',');
    wijk_str_add(out, export_flag_words(flags, sizeof flags, value->flags));
    wijk_str_addc(out, ',');
    int rc = value->from ? add_from(export, value->from) : WIJK_OK;
    wijk_str_addc(out, ',');
    text(out, load ? load->code : "");
    wijk_str_addc(out, ',');
    wijk_str_add(out, load ? load->sha256 : "");
    wijk_str_add(out, "\r\n");
    export->rows++;
    return rc;
}

static int area(wijk_export *export, const wijk_facts *facts)
{
    wijk_str first = WIJK_STR_INIT; /* what all rows of the area begin with */
    text(&first, facts->area.code);
    wijk_str_addf(&first, ",%s,%d,", wijk_level_word(facts->area.level), facts->area.vintage);
    text(&first, facts->area.name);
    wijk_str_addc(&first, ',');
    int rc = wijk_str_status(&first);
    for (size_t i = 0; !rc && i < facts->count; i++) {
        if (export_wants(&export->walk, &facts->values[i])) {
            rc = row(export, first.data, first.size, &facts->values[i]);
        }
    }
    wijk_str_free(&first);
    return rc;
}

static void tail(wijk_export *export)
{
    (void)export;
}

const export_format export_csv = {head, area, tail};

/* ---- metadata ------------------------------------------------------------------------------ */

static void one_language(wijk_str *out, const char *lang, const char *words)
{
    wijk_str_add(out, "{\"@value\":");
    wijk_str_addq(out, words);
    wijk_str_addf(out, ",\"@language\":\"%s\"}", lang);
}

static void bilingual(wijk_str *out, const char *key, const char *nl, const char *en)
{
    wijk_str_addf(out, ",\"%s\":[", key);
    one_language(out, "nl", nl);
    wijk_str_addc(out, ',');
    one_language(out, "en", en);
    wijk_str_addc(out, ']');
}

static void titled(wijk_str *out, const char *key, enum wijk_text_key words)
{
    bilingual(out, key, wijk_text(WIJK_NL, words), wijk_text(WIJK_EN, words));
}

static void schema(wijk_str *out)
{
    wijk_str_add(out, ",\"tableSchema\":{\"columns\":[");
    for (int i = 0; i < COLUMNS; i++) {
        wijk_str_addf(out, "%s{\"name\":\"%s\",\"titles\":\"%s\",\"datatype\":%s,\"required\":%s",
                      i ? "," : "", columns[i].name, columns[i].name, columns[i].type,
                      columns[i].required ? "true" : "false");
        titled(out, "dc:description", columns[i].title);
        wijk_str_addc(out, '}');
    }
    wijk_str_add(out,
                 "],\"primaryKey\":[\"area\",\"level\",\"vintage\",\"indicator\",\"period\"]}");
}

/* Who to name, once per source that is in the file. */
static int sources(wijk_str *out, wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(
        store,
        "SELECT s.code, s.publisher, s.title_nl, s.title_en, s.licence, s.address FROM source s"
        " WHERE EXISTS (SELECT 1 FROM load l WHERE l.source_id = s.id) ORDER BY s.code");
    int rc, count = 0;
    wijk_str_add(out, ",\"dc:source\":[");
    while ((rc = wijk_step(stmt)) == 1) {
        wijk_str_add(out, count++ ? ",{\"dc:identifier\":" : "{\"dc:identifier\":");
        wijk_str_addq(out, wijk_col_text(stmt, 0));
        wijk_str_add(out, ",\"dc:publisher\":");
        wijk_str_addq(out, wijk_col_text(stmt, 1));
        bilingual(out, "dc:title", wijk_col_text(stmt, 2), wijk_col_text(stmt, 3));
        wijk_str_add(out, ",\"dc:license\":");
        wijk_str_addq(out, wijk_col_text(stmt, 4));
        wijk_str_add(out, ",\"dcat:landingPage\":");
        wijk_str_addq(out, wijk_col_text(stmt, 5));
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
    return rc;
}

int wijk_export_csvw(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                     const char *url)
{
    wijk_str_add(out,
                 "{\"@context\":[\"http://www.w3.org/ns/csvw\",{\"@language\":\"nl\"}],\"url\":");
    wijk_str_addq(out, url);
    titled(out, "dc:title", T_EXPORT_NAME_OF_TABLE);
    titled(out, "dc:description", T_EXPORT_ABOUT);
    wijk_str_addf(out, ",\"dc:identifier\":\"%s\"", wijk_registry_fingerprint(registry));
    int rc = sources(out, store);
    wijk_str_add(out, ",\"dialect\":{\"encoding\":\"utf-8\",\"header\":true,\"delimiter\":\",\"}");
    schema(out);
    wijk_str_add(out, "}\n");
    return rc ? rc : wijk_str_status(out);
}
