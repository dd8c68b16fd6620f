/* A fresh file for the tests of loading, and short ways to load into it and look at it. */
#ifndef WIJK_TESTS_LOAD_FIXTURE_H
#define WIJK_TESTS_LOAD_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "temp_file.h"
#include "wijk/err.h"
#include "wijk/load.h"

#include <math.h>

typedef struct {
    char path[4096];
    wijk_store *store;
    wijk_registry *registry;
    wijk_sources *sources;
} fixture;

static inline void must(int rc)
{
    if (rc < 0) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
}

static inline void fixture_open(fixture *f, const char *name)
{
    temp_path(f->path, sizeof f->path, name);
    temp_remove(f->path);
    must(wijk_store_open(&f->store, f->path, WIJK_STORE_CREATE));
    must(wijk_registry_open(&f->registry, f->store));
    must(wijk_sources_open(&f->sources));
}

static inline void fixture_close(fixture *f)
{
    wijk_sources_free(f->sources);
    wijk_registry_free(f->registry);
    wijk_store_close(f->store);
    temp_remove(f->path);
}

/* The first number of a query. */
static inline double number_of(wijk_store *store, const char *sql)
{
    wijk_stmt *stmt = wijk_store_sql(store, sql);
    assert_non_null(stmt);
    must(wijk_step(stmt));
    double value = wijk_col_double(stmt, 0);
    wijk_reset(stmt);
    return value;
}

static inline const wijk_load_note *note_of(const wijk_load_report *report, const char *reason,
                                            const char *what)
{
    for (size_t i = 0; i < report->note_count; i++) {
        if (!strcmp(report->notes[i].reason, reason) && !strcmp(report->notes[i].what, what)) {
            return &report->notes[i];
        }
    }
    return NULL;
}

/* What the file holds, as one number per thing that may not change. */
typedef struct {
    double counts[8], sum, keys;
} state_of_file;

static inline state_of_file look(wijk_store *store)
{
    state_of_file now = {
        {number_of(store, "SELECT count(*) FROM observation"),
         number_of(store, "SELECT count(*) FROM area"),
         number_of(store, "SELECT count(*) FROM area_shape"),
         number_of(store, "SELECT count(*) FROM load"),
         number_of(store, "SELECT count(*) FROM load_note"),
         number_of(store, "SELECT count(*) FROM flow"),
         number_of(store, "SELECT count(*) FROM crosswalk"),
         number_of(store, "SELECT count(*) FROM source")},
        number_of(store, "SELECT total(value * (1 + area_id % 97)) FROM observation"),
        number_of(store, "SELECT total((area_id * 31 + indicator_id * 7 + period + "
                         "load_id * 131 + mark) % 1000003) FROM observation")};
    return now;
}

#endif
