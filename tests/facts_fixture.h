/* A small invented country for the tests of facts, disclosure, own areas, search and portraits:
 * what goes in is seen here, and nothing of the loading rooms is needed. */
#ifndef WIJK_TESTS_FACTS_FIXTURE_H
#define WIJK_TESTS_FACTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/temp_file.h"
#include "wijk/areas.h"
#include "wijk/disclose.h"
#include "wijk/err.h"
#include "wijk/stats.h"

#include <math.h>

typedef struct {
    char path[4096];
    wijk_store *store;
    wijk_registry *registry;
    wijk_arena *arena;
    int64_t loads;
} country;

static inline void must(int rc)
{
    if (rc < 0) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
}

/* Reads the registry again: after loads, indicators or spreads were added. */
static inline void refresh(country *c)
{
    wijk_registry_free(c->registry);
    must(wijk_registry_open(&c->registry, c->store));
}

static inline void country_open(country *c, const char *name)
{
    memset(c, 0, sizeof *c);
    temp_path(c->path, sizeof c->path, name);
    temp_remove(c->path);
    must(wijk_store_open(&c->store, c->path, WIJK_STORE_CREATE));
    must(wijk_arena_new(&c->arena, 0));
    refresh(c);
}

static inline void country_close(country *c)
{
    wijk_arena_free(c->arena);
    wijk_registry_free(c->registry);
    wijk_store_close(c->store);
    temp_remove(c->path);
}

static inline int id_of(const country *c, const char *indicator)
{
    const wijk_indicator *it = wijk_indicator_by_code(c->registry, indicator);
    if (!it || it->id <= 0) {
        fail_msg("no indicator %s", indicator);
    }
    return it->id;
}

/* A load of a new source; returns its id. */
static inline int64_t add_load_of(country *c, const char *code, const char *nature, int rank)
{
    int64_t id = ++c->loads;
    wijk_stmt *stmt =
        wijk_store_sql(c->store, "INSERT INTO source(id,code,publisher,title_nl,title_en,licence,"
                                 "address,nature,rank) VALUES (?1,?2,?2,?2,?2,'','',?3,?4)");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, code);
    wijk_bind_text(stmt, 3, nature);
    wijk_bind_int(stmt, 4, rank);
    must(wijk_run(stmt));
    stmt = wijk_store_sql(c->store, "INSERT INTO load(id,source_id,file,sha256,bytes,loaded_at) "
                                    "VALUES (?1,?1,?2,?3,1,'2025-01-02T03:04:05Z')");
    char sha[65];
    snprintf(sha, sizeof sha, "%016llx%048d", 0x1234567890abcdefull * (unsigned long long)id, 0);
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, code);
    wijk_bind_text(stmt, 3, sha);
    must(wijk_run(stmt));
    return id;
}

static inline int64_t add_load(country *c, const char *nature, int rank)
{
    char code[32];
    snprintf(code, sizeof code, "bron-%d", (int)c->loads + 1);
    return add_load_of(c, code, nature, rank);
}

static inline int64_t add_area(country *c, int level, const char *code, int vintage,
                               const char *name, int64_t parent)
{
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "INSERT INTO area(level,code,vintage,name,parent_id,gemeente) VALUES "
                  "(?1,?2,?3,?4,nullif(?5,0),coalesce((SELECT CASE WHEN level=1 THEN name ELSE "
                  "gemeente END FROM area WHERE id=?5),'')) RETURNING id");
    wijk_bind_int(stmt, 1, level);
    wijk_bind_text(stmt, 2, code);
    wijk_bind_int(stmt, 3, vintage);
    wijk_bind_text(stmt, 4, name);
    wijk_bind_int(stmt, 5, parent);
    int64_t id;
    must(wijk_run_int(&id, stmt, 0));
    return id;
}

static inline void add_cell(country *c, int64_t area, int indicator, int period, int64_t load,
                            double value, double half, int mark)
{
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "INSERT INTO observation(area_id,indicator_id,period,load_id,value,half,mark) "
                  "VALUES (?1,?2,?3,?4,?5,?6,?7)");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, indicator);
    wijk_bind_int(stmt, 3, period);
    wijk_bind_int(stmt, 4, load);
    wijk_bind_double(stmt, 5, mark ? NAN : value);
    wijk_bind_double(stmt, 6, half);
    wijk_bind_int(stmt, 7, mark);
    must(wijk_run(stmt));
}

static inline void add_link(country *c, int64_t to, int64_t from, int kind, double share_to,
                            double share_from)
{
    wijk_stmt *stmt = wijk_store_sql(c->store, "INSERT INTO area_link VALUES (?1,?2,?3,?4,?5)");
    wijk_bind_int(stmt, 1, to);
    wijk_bind_int(stmt, 2, from);
    wijk_bind_int(stmt, 3, kind);
    wijk_bind_double(stmt, 4, share_to);
    wijk_bind_double(stmt, 5, share_from);
    must(wijk_run(stmt));
}

static inline void spread_of(country *c, int indicator, int level, int vintage, int period)
{
    static double values[65536];
    size_t n = 0;
    double sum = 0;
    wijk_stmt *stmt =
        wijk_store_sql(c->store, "SELECT value FROM layer_value WHERE indicator_id=?1 AND level=?2 "
                                 "AND vintage=?3 AND period=?4");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_int(stmt, 3, vintage);
    wijk_bind_int(stmt, 4, period);
    while (n < 65536 && wijk_step(stmt) == 1) {
        sum += values[n++] = wijk_col_double(stmt, 0);
    }
    wijk_reset(stmt);
    stmt =
        wijk_store_sql(c->store, "INSERT INTO series VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_int(stmt, 3, vintage);
    wijk_bind_int(stmt, 4, period);
    wijk_bind_int(stmt, 5, (int64_t)n);
    wijk_bind_double(stmt, 6, sum / (double)n);
    static const double p[] = {0.10, 0.25, 0.50, 0.75, 0.90};
    for (int i = 0; i < 5; i++) {
        wijk_bind_double(stmt, 7 + i, wijk_quantile(values, n, p[i]));
    }
    must(wijk_run(stmt));
}

/* What the load derives: winners by rank, protected, and their spread. */
static inline void derive(country *c)
{
    must(wijk_begin(c->store));
    must(wijk_run(wijk_store_sql(c->store, "DELETE FROM layer_value")));
    must(wijk_run(wijk_store_sql(c->store, "DELETE FROM series")));
    must(wijk_run(wijk_store_sql(
        c->store, "INSERT INTO layer_value SELECT o.indicator_id,o.period,a.level,a.vintage,"
                  "o.area_id,o.value,o.load_id FROM observation o JOIN area a ON a.id=o.area_id "
                  "JOIN load l ON l.id=o.load_id JOIN source s ON s.id=l.source_id WHERE o.mark=0 "
                  "AND l.superseded_by IS NULL ORDER BY s.rank DESC,l.id DESC "
                  "ON CONFLICT DO NOTHING")));
    must(wijk_disclose_layers(c->store, c->registry, NULL));
    wijk_stmt *stmt = wijk_store_sql(
        c->store, "SELECT DISTINCT indicator_id,level,vintage,period FROM layer_value");
    int rows[4096][4], n = 0;
    while (n < 4096 && wijk_step(stmt) == 1) {
        for (int i = 0; i < 4; i++) {
            rows[n][i] = (int)wijk_col_int(stmt, i);
        }
        n++;
    }
    wijk_reset(stmt);
    for (int i = 0; i < n; i++) {
        spread_of(c, rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
    }
    must(wijk_commit(c->store));
    refresh(c);
}

static inline const wijk_value *fact(country *c, wijk_facts *facts, int64_t area,
                                     const char *indicator, int period)
{
    must(wijk_facts_get(facts, c->store, c->registry, c->arena, area));
    return wijk_facts_find(facts, id_of(c, indicator), period);
}

#endif
