/* Exports of a small made-up file, read back with other eyes: the CSV with our own reader (RFC
 * 4180), JSON with jansson, the GeoPackage with GDAL. Positions are checked against the published
 * tie of RD New: (155000, 463000) is the Onze Lieve Vrouwetoren at 52.15517440 N, 5.38720621 E. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/csv.h"
#include "wijk/export.h"
#include "wijk/geo.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <jansson.h>
#include <math.h>

static char path[4096];
static wijk_store *store;
static wijk_registry *registry;

static void run_sql(const char *sql)
{
    if (wijk_run(wijk_store_sql(store, sql))) {
        fail_msg("%s: %s", sql, wijk_error(WIJK_EN));
    }
}

/* A clockwise square with a hole that runs the same way: both directions are wrong for RFC 7946. */
static void add_shape(int64_t area, double x, double y)
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_str wkb = WIJK_STR_INIT;
    static const double corners[2][4][2] = {{{0, 0}, {0, 900}, {900, 900}, {900, 0}},
                                            {{300, 300}, {300, 600}, {600, 600}, {600, 300}}};
    for (int ring = 0; ring < 2; ring++) {
        assert_int_equal(wijk_shape_begin(&shape, ring), 0);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(
                wijk_shape_point(&shape, x + corners[ring][i][0], y + corners[ring][i][1]), 0);
        }
        wijk_shape_end(&shape);
    }
    assert_int_equal(wijk_wkb_write(&wkb, &shape), 0);
    assert_int_equal(wijk_geo_store_shape(store, area, 1, 1, wkb.data, wkb.size, NULL), 0);
    wijk_str_free(&wkb);
    wijk_shape_free(&shape);
}

static void add_value(int area, const char *indicator, int period, double value, double half,
                      int mark, int load)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "INSERT INTO observation SELECT ?1, id, ?3, ?7, ?4, ?5, ?6 FROM "
                              "indicator WHERE code = ?2");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_text(stmt, 2, indicator);
    wijk_bind_int(stmt, 3, period);
    wijk_bind_double(stmt, 4, mark ? NAN : value);
    wijk_bind_double(stmt, 5, half);
    wijk_bind_int(stmt, 6, mark);
    wijk_bind_int(stmt, 7, load);
    assert_int_equal(wijk_run(stmt), 0);
}

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "export.wijk");
    temp_remove(path);
    assert_int_equal(wijk_store_open(&store, path, WIJK_STORE_CREATE), 0);
    assert_int_equal(wijk_registry_open(&registry, store), 0);
    wijk_registry_free(registry);
    assert_int_equal(wijk_begin(store), 0);
    run_sql("INSERT INTO source(id,code,publisher,title_nl,title_en,licence,address,nature,rank) "
            "VALUES (1,'kwb-x','CBS','Kern\"cijfers','Key figures','CC BY 4.0',"
            "'https://example.org/','published',90), (2,'lbm-x','BZK','LBM','LBM','CC0','',"
            "'modelled',80), (3,'oud-x','X','Oud','Old','CC0','','derived',50)");
    run_sql("INSERT INTO load(id,source_id,file,sha256,bytes,loaded_at,cells_kept) VALUES "
            "(1,1,'k.csv','aa',9,'2024-01-01T00:00:00Z',7),(2,2,'l.csv','bb',9,'2024-01-01T00:00:"
            "00Z',2),(3,3,'o.csv','cc',9,'2024-01-01T00:00:00Z',1)");
    run_sql("INSERT INTO area(id,level,code,vintage,name,parent_id,gemeente,fictional) VALUES "
            "(1,1,'GM0001',2024,'Stad',NULL,'Stad',0),(2,2,'WK000100',2024,'Wijk 00',1,'Stad',0),"
            "(3,3,'BU00010000',2024,'De \"Hoek\", oost',2,'Stad',0),"
            "(4,3,'BU00010001',2024,'=1+1',2,'Stad',0),(5,3,'BU00020000',2024,'Elders',NULL,"
            "'Dorp',1),(6,5,'E1550N4630',2020,'',NULL,'',0)");
    add_shape(3, 155000, 463000);
    add_shape(4, 156000, 463000);
    assert_int_equal(wijk_geo_store_square(store, 6, "E1550N4630"), 0);
    add_value(3, "population", 2024, 1205, 2.5, 0, 1);
    add_value(3, "population", 2024, 9999, 0, 0, 3); /* of a lower rank: must lose */
    add_value(3, "population", 2020, 1100, 2.5, 0, 1);
    add_value(3, "homes", 2024, 600, 2.5, 0, 1);
    add_value(3, "owner_share", 2024, 44, 0.5, 0, 1);
    add_value(3, "woz_value", 2024, 0, 0.5, WIJK_MARK_SECRET, 1);
    add_value(3, "lbm3_afw", 2020, -0.0625, -1, 0, 2);
    add_value(4, "population", 2024, 15, 2.5, 0, 1);
    add_value(4, "homes", 2024, 10, 2.5, 0, 1);
    add_value(4, "owner_share", 2024, 0, 0.5, 0, 1); /* 10 homes: grey */
    add_value(5, "population", 2024, 300, 2.5, 0, 1);
    add_value(6, "population", 2020, 70, 2.5, 0, 1);
    assert_int_equal(wijk_commit(store), 0);
    assert_int_equal(wijk_registry_open(&registry, store), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wijk_registry_free(registry);
    wijk_store_close(store);
    temp_remove(path);
    return 0;
}

/* Reads a whole export with a buffer of `room` bytes. */
static void read_export(wijk_str *out, enum wijk_export_format format,
                        const wijk_selection *selection, size_t room)
{
    wijk_export *export;
    char buffer[4096];
    if (wijk_export_open(&export, store, registry, format, selection, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    wijk_str_clear(out);
    ptrdiff_t size;
    while ((size = wijk_export_read(export, buffer, room)) > 0) {
        wijk_str_addn(out, buffer, (size_t)size);
    }
    assert_int_equal(size, 0);
    assert_int_equal(wijk_export_read(export, buffer, room), 0);
    wijk_export_close(export);
}

static void test_long_table(void **state)
{
    (void)state;
    wijk_str csv = WIJK_STR_INIT;
    wijk_selection all = WIJK_SELECTION_ALL;
    read_export(&csv, WIJK_EXPORT_CSV, &all, 4096);
    const char *text = wijk_str_text(&csv);
    /* One winner per cell, its band, and the publisher's mark where there is no number. */
    assert_non_null(strstr(text, "BU00010000,buurt,2024,\"De \"\"Hoek\"\", oost\",population,2024,"
                                 "1205,1202.5,1207.5,count,value,published,,,kwb-x,aa\r\n"));
    assert_null(strstr(text, "9999"));
    assert_non_null(strstr(text, "woz_value,2024,,,,euro_1000,secret,published,"));
    assert_non_null(
        strstr(text, "lbm3_afw,2020,-0.0625,,,score,value,published,modelled,,lbm-x,bb\r\n"));
    /* Ten homes: grey here as on the page. No cell is a formula. */
    assert_non_null(
        strstr(text, "owner_share,2024,0,0,0.5,percent,value,published,grey,,kwb-x,aa\r\n"));
    assert_non_null(strstr(text, "\"'=1+1\""));
    assert_non_null(strstr(text, "Elders,population,2024,300,297.5,302.5,count,value,published,"
                                 "fictional,,kwb-x,aa\r\n"));
    /* Every row has every column, whatever is in the names. */
    wijk_csv *reader;
    const wijk_cell *cells;
    size_t count, rows = 0;
    assert_int_equal(wijk_csv_new_bytes(&reader, csv.data, csv.size, "export.csv"), 0);
    while (wijk_csv_next(reader, &cells, &count) == 1) {
        assert_int_equal(count, 16);
        rows++;
    }
    wijk_csv_free(reader);
    assert_int_equal(rows, 1 + 11);

    wijk_str slow = WIJK_STR_INIT;
    read_export(&slow, WIJK_EXPORT_CSV, &all, 1);
    assert_string_equal(wijk_str_text(&slow), text);
    wijk_str_free(&slow);
    wijk_str_free(&csv);
}

static size_t lines(const wijk_selection *selection)
{
    wijk_str csv = WIJK_STR_INIT;
    read_export(&csv, WIJK_EXPORT_CSV, selection, 4096);
    size_t count = 0;
    for (const char *at = wijk_str_text(&csv); *at; at++) {
        count += *at == '\n';
    }
    wijk_str_free(&csv);
    return count - 1;
}

static void test_selection(void **state)
{
    (void)state;
    const int ids[] = {wijk_indicator_by_code(registry, "population")->id};
    assert_int_equal(lines(&(wijk_selection){0, -1, 0, 0, ids, 1}), 5);
    assert_int_equal(lines(&(wijk_selection){0, WIJK_BUURT, 0, 0, ids, 1}), 4);
    assert_int_equal(lines(&(wijk_selection){0, -1, 2020, 0, ids, 1}), 1);
    assert_int_equal(lines(&(wijk_selection){0, -1, 0, 2020, NULL, 0}), 3);
    /* Below the gemeente: both buurten of its wijk, not the one elsewhere. */
    assert_int_equal(lines(&(wijk_selection){1, WIJK_BUURT, 0, 2024, ids, 1}), 2);
    wijk_export *export;
    assert_int_equal(wijk_export_open(&export, store, registry, WIJK_EXPORT_CSV,
                                      &(wijk_selection){0, WIJK_PC4, 0, 0, NULL, 0}, NULL),
                     WIJK_ENOTFOUND);
    assert_null(export);
}

/* Twice the signed area of a ring: positive when it runs counter-clockwise. */
static double turn(json_t *ring)
{
    double twice = 0;
    size_t n = json_array_size(ring);
    for (size_t i = 0; i + 1 < n; i++) {
        json_t *a = json_array_get(ring, i), *b = json_array_get(ring, i + 1);
        twice += json_number_value(json_array_get(a, 0)) * json_number_value(json_array_get(b, 1)) -
                 json_number_value(json_array_get(b, 0)) * json_number_value(json_array_get(a, 1));
    }
    return twice;
}

static json_t *parse(const wijk_str *text)
{
    json_error_t error;
    json_t *json = json_loadb(text->data, text->size, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        fail_msg("%d:%d %s", error.line, error.column, error.text);
    }
    return json;
}

static void test_geojson(void **state)
{
    (void)state;
    wijk_str text = WIJK_STR_INIT;
    wijk_selection all = WIJK_SELECTION_ALL;
    read_export(&text, WIJK_EXPORT_GEOJSON, &all, 100);
    json_t *json = parse(&text);
    assert_null(json_object_get(json, "crs"));
    json_t *features = json_object_get(json, "features");
    assert_int_equal(json_array_size(features), 3);
    json_t *first = json_array_get(features, 0);
    json_t *properties = json_object_get(first, "properties");
    assert_string_equal(json_string_value(json_object_get(properties, "name")),
                        "De \"Hoek\", oost");
    assert_true(json_number_value(json_object_get(properties, "population")) == 1205);
    assert_int_equal(json_integer_value(json_object_get(properties, "population_period")), 2024);
    assert_true(json_number_value(json_object_get(properties, "population_low")) == 1202.5);
    assert_true(json_is_null(json_object_get(properties, "woz_value")));
    assert_string_equal(json_string_value(json_object_get(properties, "woz_value_mark")), "secret");
    assert_string_equal(json_string_value(json_object_get(properties, "lbm3_afw_flags")),
                        "modelled");
    json_t *second = json_object_get(json_array_get(features, 1), "properties");
    assert_string_equal(json_string_value(json_object_get(second, "owner_share_flags")), "grey");
    assert_true(json_is_null(json_object_get(json_array_get(features, 2), "geometry")));

    json_t *geometry = json_object_get(first, "geometry");
    json_t *polygon = json_array_get(json_object_get(geometry, "coordinates"), 0);
    assert_int_equal(json_array_size(polygon), 2);
    assert_true(turn(json_array_get(polygon, 0)) > 0);
    assert_true(turn(json_array_get(polygon, 1)) < 0);
    int met = 0;
    for (size_t i = 0; i < 5; i++) {
        json_t *at = json_array_get(json_array_get(polygon, 0), i);
        met += fabs(json_number_value(json_array_get(at, 0)) - 5.38720621) < 1e-6 &&
               fabs(json_number_value(json_array_get(at, 1)) - 52.15517440) < 1e-6;
    }
    assert_int_equal(met, 2); /* first and last: the ring closes where it began */
    json_decref(json);
    wijk_str_free(&text);
}

static void test_geojson_rd(void **state)
{
    (void)state;
    wijk_str text = WIJK_STR_INIT;
    wijk_selection squares = {0, WIJK_SQUARE, 0, 0, NULL, 0};
    read_export(&text, WIJK_EXPORT_GEOJSON_RD, &squares, 4096);
    json_t *json = parse(&text);
    json_t *name =
        json_object_get(json_object_get(json_object_get(json, "crs"), "properties"), "name");
    assert_string_equal(json_string_value(name), "urn:ogc:def:crs:EPSG::28992");
    assert_non_null(strstr(wijk_str_text(&text), "[[[[155000,463000],[155100,463000],"
                                                 "[155100,463100],[155000,463100],"
                                                 "[155000,463000]]]]"));
    json_decref(json);
    wijk_str_free(&text);
}

/* The metadata describes exactly the columns of the header, in order. */
static void test_csvw(void **state)
{
    (void)state;
    wijk_str text = WIJK_STR_INIT, csv = WIJK_STR_INIT;
    wijk_selection all = WIJK_SELECTION_ALL;
    assert_int_equal(wijk_export_csvw(&text, store, registry, "cijfers.csv"), 0);
    read_export(&csv, WIJK_EXPORT_CSV, &all, 4096);
    json_t *json = parse(&text);
    assert_string_equal(json_string_value(json_object_get(json, "url")), "cijfers.csv");
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "@context"), 0)),
                        "http://www.w3.org/ns/csvw");
    json_t *schema = json_object_get(json, "tableSchema");
    wijk_str header = WIJK_STR_INIT;
    size_t i;
    json_t *column;
    json_array_foreach(json_object_get(schema, "columns"), i, column)
    {
        wijk_str_addf(&header, "%s%s", i ? "," : "",
                      json_string_value(json_object_get(column, "name")));
        assert_non_null(json_object_get(column, "datatype"));
        json_t *about = json_object_get(column, "dc:description");
        assert_int_equal(json_array_size(about), 2);
    }
    wijk_str_add(&header, "\r\n");
    assert_memory_equal(csv.data, header.data, header.size);
    assert_int_equal(json_array_size(json_object_get(schema, "primaryKey")), 5);
    assert_int_equal(json_array_size(json_object_get(json, "dc:source")), 3);
    json_decref(json);
    wijk_str_free(&header);
    wijk_str_free(&text);
    wijk_str_free(&csv);
}

static int64_t ask(wijk_store *package, const char *sql)
{
    int64_t value = -1;
    if (wijk_run_int(&value, wijk_store_sql(package, sql), -1)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    return value;
}

static void test_geopackage(void **state)
{
    (void)state;
    char target[4096], command[20000];
    temp_path(target, sizeof target, "export.gpkg");
    temp_remove(target);
    wijk_selection all = WIJK_SELECTION_ALL;
    int64_t rows = 0;
    if (wijk_export_gpkg(&rows, target, 0, store, registry, &all, NULL)) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(rows, 11);
    assert_int_equal(wijk_export_gpkg(NULL, target, 0, store, registry, &all, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_export_gpkg(NULL, target, 1, store, registry, &all, NULL), 0);

    wijk_store *package;
    assert_int_equal(wijk_store_open(&package, target, WIJK_STORE_FOREIGN), 0);
    assert_int_equal(ask(package, "PRAGMA application_id"), 0x47504B47);
    assert_int_equal(ask(package, "PRAGMA user_version"), 10300);
    assert_int_equal(ask(package,
                         "SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0,"
                         " 4326, 28992)"),
                     4);
    assert_int_equal(ask(package, "SELECT population FROM buurt_2024 WHERE code='BU00010000'"),
                     1205);
    assert_int_equal(
        ask(package, "SELECT owner_share_flags = 'grey' FROM buurt_2024 WHERE code='BU00010001'"),
        1);
    assert_int_equal(
        ask(package, "SELECT count(*) FROM figures f JOIN sources s ON s.id = f.source"), 11);
    assert_int_equal(ask(package, "SELECT substr(geom, 1, 2) = CAST('GP' AS BLOB) FROM buurt_2024 "
                                  "WHERE fid = 1"),
                     1);
    assert_int_equal(ask(package, "SELECT count(*) FROM buurt_2024 WHERE geom IS NULL"), 1);
    wijk_store_close(package);

    if (system("command -v ogrinfo >/dev/null 2>&1") != 0) {
        printf("skipped: ogrinfo (gdal-bin) is not installed\n");
        temp_remove(target);
        skip();
    }
    /* Not one warning, and GDAL counts and sees what we wrote. */
    snprintf(
        command, sizeof command,
        "out=$(ogrinfo -ro -al -so '%s' 2>&1) && ! echo \"$out\" | grep -iE 'warning|error' && "
        "echo \"$out\" | grep -q 'EPSG\",28992' && "
        "ogrinfo -ro -al '%s' buurt_2024 2>&1 | grep -q 'MULTIPOLYGON (((155000 463000' && "
        "ogrinfo -ro -al -so '%s' buurt_2024 | grep -q 'Feature Count: 3' && "
        "ogrinfo -ro -al -so '%s' figures | grep -q 'Feature Count: 11'",
        target, target, target, target);
    assert_int_equal(system(command), 0);
    temp_remove(target);
}

/* The n-th allocation fails: every export ends with a code, nothing leaks (under ASan), nothing is
 * left on disk. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    char target[4096];
    temp_path(target, sizeof target, "starved.gpkg");
    wijk_selection all = WIJK_SELECTION_ALL;
    for (int what = 0; what < 3; what++) {
        int rc = -1;
        for (long n = 1; rc && n < 3000; n++) {
            char buffer[512];
            wijk_export *export = NULL;
            ptrdiff_t size = 1;
            wijk_alloc_fail_at(n, 0);
            if (what == 2) {
                rc = wijk_export_gpkg(NULL, target, 1, store, registry, &all, NULL);
            } else {
                rc = wijk_export_open(&export, store, registry,
                                      what ? WIJK_EXPORT_GEOJSON : WIJK_EXPORT_CSV, &all, NULL);
                while (!rc && size > 0) {
                    size = wijk_export_read(export, buffer, sizeof buffer);
                    rc = size < 0 ? (int)size : rc;
                }
                wijk_export_close(export);
            }
            wijk_alloc_fail_at(0, 0);
            if (rc) {
                assert_non_null(strstr(wijk_error(WIJK_EN), "emory"));
                assert_int_not_equal(access(target, F_OK), 0);
            }
        }
        assert_int_equal(rc, 0);
    }
    temp_remove(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_table),
        cmocka_unit_test(test_selection),
        cmocka_unit_test(test_geojson),
        cmocka_unit_test(test_geojson_rd),
        cmocka_unit_test(test_csvw),
        cmocka_unit_test(test_geopackage),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
