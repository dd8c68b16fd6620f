/* A store with areas and shapes for the tests of the geometry, without the registries of the load:
 * what goes in is seen here. */
#ifndef WIJK_TESTS_GEO_FIXTURE_H
#define WIJK_TESTS_GEO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/geo.h"
#include "wijk/geofile.h"

#include <math.h>
#include <unistd.h>

static inline void must(int rc)
{
    if (rc < 0) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
}

static inline wijk_store *new_store(char path[256], const char *name)
{
    const char *tmp = getenv("WIJK_TMP");
    wijk_store *store;
    snprintf(path, 256, "%s/%s_%d.wijk", tmp ? tmp : "/tmp", name, (int)getpid());
    unlink(path);
    must(wijk_store_open(&store, path, WIJK_STORE_CREATE));
    must(wijk_run(wijk_store_sql(
        store, "INSERT INTO source(id, code, publisher, title_nl, title_en, licence, address,"
               " nature, rank) VALUES(1, 'test', 't', 't', 't', 't', '', 'published', 1)")));
    must(wijk_run(wijk_store_sql(store, "INSERT INTO load(id, source_id, file, sha256, bytes,"
                                        " loaded_at) VALUES(1, 1, 'test', '', 0, '')")));
    return store;
}

static inline void drop_store(wijk_store *store, const char *path)
{
    char side[300];
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    wijk_store_close(store);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(side, sizeof side, "%s%s", path, suffixes[i]);
        unlink(side);
    }
}

/* The id of an area, made when there is none; `parent` 0 for none. */
static inline int64_t area(wijk_store *store, int level, int vintage, const char *code,
                           const char *name, int64_t parent)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO area(level, vintage, code, name, parent_id) VALUES(?1, ?2, ?3, ?4, ?5)"
               " ON CONFLICT(level, code, vintage) DO UPDATE SET name = excluded.name"
               " WHERE name = '' RETURNING id");
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    wijk_bind_text(stmt, 3, code);
    wijk_bind_text(stmt, 4, name);
    if (parent) {
        wijk_bind_int(stmt, 5, parent);
    }
    int64_t id;
    must(wijk_run_int(&id, stmt, 0));
    if (!id) {
        stmt =
            wijk_store_sql(store, "SELECT id FROM area WHERE level=?1 AND code=?2 AND vintage=?3");
        wijk_bind_int(stmt, 1, level);
        wijk_bind_text(stmt, 2, code);
        wijk_bind_int(stmt, 3, vintage);
        must(wijk_run_int(&id, stmt, 0));
    }
    return id;
}

static inline void shape_of(wijk_store *store, int64_t id, double tolerance, const char *wkt)
{
    wijk_str wkb = WIJK_STR_INIT;
    must(wijk_wkt_read(&wkb, wkt, strlen(wkt)));
    must(wijk_geo_store_shape(store, id, 1, tolerance, wkb.data, wkb.size, NULL));
    wijk_str_free(&wkb);
}

static inline void box_of(wijk_store *store, int64_t id, double tolerance, double x0, double y0,
                          double x1, double y1)
{
    char wkt[300];
    snprintf(wkt, sizeof wkt, "POLYGON((%.3f %.3f, %.3f %.3f, %.3f %.3f, %.3f %.3f))", x0, y0, x1,
             y0, x1, y1, x0, y1);
    shape_of(store, id, tolerance, wkt);
}

/* ---- the real maps ---------------------------------------------------------------------- */

static inline const char *data_folder(void)
{
    const char *data = getenv("WIJK_DATA");
    return data ? data : "../shared/data/raw";
}

/* 1 when the file is there; otherwise says so, and the test is skipped. */
static inline int have(const char *file)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", data_folder(), file);
    if (access(path, R_OK)) {
        print_message("skipped: no %s (set WIJK_DATA to the folder of real data)\n", path);
        return 0;
    }
    return 1;
}

static inline FILE *unpacked(const char *file)
{
    char command[600];
    size_t size = strlen(file);
    int packed = size > 4 && !strcmp(file + size - 4, ".zst");
    snprintf(command, sizeof command, "%s %s/%s", packed ? "zstd -dc" : "cat", data_folder(), file);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    return pipe;
}

static inline ptrdiff_t read_pipe(void *payload, void *buffer, size_t room)
{
    return (ptrdiff_t)fread(buffer, 1, room, payload);
}

typedef struct {
    wijk_store *store;
    int level, vintage;
    const char *code, *name; /* properties */
    double tolerance;
    size_t stored;
} map_load;

static inline int on_map_feature(void *payload, const wijk_feature *feature)
{
    map_load *in = payload;
    const char *code = "", *name = "";
    for (size_t i = 0; i < feature->count; i++) {
        if (!strcmp(feature->properties[i].name, in->code)) {
            code = feature->properties[i].value;
        } else if (in->name && !strcmp(feature->properties[i].name, in->name)) {
            name = feature->properties[i].value;
        }
    }
    int64_t parent = 0;
    char above[16];
    if (in->level == WIJK_BUURT || in->level == WIJK_WIJK) { /* codes tell the tree */
        snprintf(above, sizeof above, "GM%.4s", code + 2);
        parent = area(in->store, WIJK_GEMEENTE, in->vintage, above, "", 0);
    }
    if (in->level == WIJK_BUURT) {
        snprintf(above, sizeof above, "WK%.6s", code + 2);
        parent = area(in->store, WIJK_WIJK, in->vintage, above, "", parent);
    }
    int64_t id = area(in->store, in->level, in->vintage, code, name, parent);
    if (!feature->problem) {
        must(wijk_geo_store_shape(in->store, id, 1, in->tolerance, feature->wkb, feature->size,
                                  NULL));
        in->stored++;
    }
    return 0;
}

static inline size_t load_map(wijk_store *store, const char *file, int level, int vintage,
                              const char *code, const char *name, double tolerance)
{
    map_load in = {store, level, vintage, code, name, tolerance, 0};
    FILE *pipe = unpacked(file);
    must(wijk_begin(store));
    must(wijk_geojson_read(read_pipe, pipe, file, on_map_feature, &in, NULL));
    must(wijk_commit(store));
    pclose(pipe);
    return in.stored;
}

#endif
