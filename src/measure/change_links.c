/* Which areas of one year are which of another, for a change over changed borders. The idea: the
 * file already knows what is the same place and whose people live where (docs/model/overlay.md);
 * here that is only looked up, the surest way first, and told how each area was found. */
#include "wijk/change_border.h"

#include "wijk/map.h"
#include "wijk/mem.h"

#include <math.h>

typedef struct {
    wijk_change_matched *out;
    wijk_store *store;
    wijk_map *rows; /* of the areas before */
    size_t room;
    int64_t low, high;  /* ids of the areas before */
    int level, vintage; /* of the areas before */
} matching;

enum { SAME, CODE, OVERLAY }; /* area_link.kind */

static int index_areas(matching *m, const int64_t *ids, size_t n)
{
    int rc = wijk_map_new(&m->rows);
    m->low = INT64_MAX;
    m->high = INT64_MIN;
    for (size_t i = 0; !rc && i < n; i++) {
        m->low = ids[i] < m->low ? ids[i] : m->low;
        m->high = ids[i] > m->high ? ids[i] : m->high;
        rc = wijk_map_set(m->rows, (const char *)&ids[i], sizeof ids[i], (int64_t)i);
    }
    return rc;
}

static int read_layer(matching *m, int64_t area)
{
    wijk_stmt *stmt = wijk_store_sql(m->store, "SELECT level, vintage FROM area WHERE id=?1");
    wijk_bind_int(stmt, 1, area);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        m->level = (int)wijk_col_int(stmt, 0);
        m->vintage = (int)wijk_col_int(stmt, 1);
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

/* -1 for an area that is not among those before. */
static int64_t row_of(const matching *m, int64_t area)
{
    int64_t row;
    return wijk_map_get(m->rows, (const char *)&area, sizeof area, &row) ? row : -1;
}

static int add(matching *m, int64_t from, size_t to, double share, enum wijk_change_match how)
{
    wijk_change_matched *out = m->out;
    if (out->count == m->room) {
        size_t more = m->room ? 2 * m->room : 1024;
        wijk_change_link *links = wijk_realloc(out->links, more * sizeof *links);
        out->links = links ? links : out->links;
        unsigned char *match = links ? wijk_realloc(out->match, more) : NULL;
        if (!match) {
            return WIJK_ENOMEM;
        }
        out->match = match;
        m->room = more;
    }
    out->match[out->count] = (unsigned char)how;
    out->links[out->count++] = (wijk_change_link){(size_t)from, to, share};
    return WIJK_OK;
}

/* The links stored between the two layers; an equal code only where nothing better is known. */
static int link_direct(matching *m, int64_t area, size_t to)
{
    size_t first = m->out->count;
    for (int by_code = 0; by_code < 2 && m->out->count == first; by_code++) {
        wijk_stmt *stmt = wijk_store_sql(
            m->store, "SELECT from_id, kind, share_from FROM area_link WHERE to_id=?1 AND from_id "
                      "BETWEEN ?2 AND ?3 AND (kind=1)=?4 ORDER BY from_id");
        wijk_bind_int(stmt, 1, area);
        wijk_bind_int(stmt, 2, m->low);
        wijk_bind_int(stmt, 3, m->high);
        wijk_bind_int(stmt, 4, by_code);
        int rc = WIJK_OK, step = 0;
        while (!rc && (step = wijk_step(stmt)) == 1) {
            int64_t from = row_of(m, wijk_col_int(stmt, 0));
            int64_t kind = wijk_col_int(stmt, 1);
            double share = kind == OVERLAY ? wijk_col_double(stmt, 2) : 1;
            if (from >= 0 && share > 0) {
                rc = add(m, from, to, share,
                         kind == SAME   ? WIJK_CHANGE_SAME
                         : kind == CODE ? WIJK_CHANGE_BY_CODE
                                        : WIJK_CHANGE_OVERLAY);
            }
        }
        wijk_reset(stmt);
        if (rc || step < 0) {
            return rc ? rc : step;
        }
    }
    return WIJK_OK;
}

/* Over the map of another year: an overlay between places that are the same as these. Of several
 * the year nearest to that of the areas before. */
static int link_bridged(matching *m, int64_t area, size_t to)
{
    wijk_stmt *stmt = wijk_store_sql(
        m->store,
        "WITH later(id) AS (SELECT ?1 UNION SELECT from_id FROM area_link WHERE to_id=?1 AND "
        "kind=0), laid(mid, id, vintage, share) AS (SELECT m.id, l.from_id, f.vintage, "
        "l.share_from FROM later m CROSS JOIN area_link l ON l.to_id=m.id AND l.kind=2 CROSS JOIN "
        "area f ON f.id=l.from_id AND f.level=?4) "
        "SELECT id, share, vintage, mid, abs(vintage-?5) FROM laid WHERE id BETWEEN ?2 AND ?3 "
        "UNION ALL "
        "SELECT s.from_id, share, vintage, mid, abs(vintage-?5) FROM laid CROSS JOIN area_link s "
        "ON s.to_id=laid.id "
        "AND s.kind=0 AND s.from_id BETWEEN ?2 AND ?3 ORDER BY 5, 3, 4, 1");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, m->low);
    wijk_bind_int(stmt, 3, m->high);
    wijk_bind_int(stmt, 4, m->level);
    wijk_bind_int(stmt, 5, m->vintage);
    int rc = WIJK_OK, step = 0, taken = 0;
    int64_t vintage = 0, middle = 0;
    while (!rc && (step = wijk_step(stmt)) == 1) {
        int64_t from = row_of(m, wijk_col_int(stmt, 0));
        double share = wijk_col_double(stmt, 1);
        if (from < 0 || !(share > 0) ||
            (taken && (wijk_col_int(stmt, 2) != vintage || wijk_col_int(stmt, 3) != middle))) {
            continue;
        }
        taken = 1;
        vintage = wijk_col_int(stmt, 2);
        middle = wijk_col_int(stmt, 3);
        rc = add(m, from, to, share, WIJK_CHANGE_OVERLAY);
    }
    wijk_reset(stmt);
    return rc ? rc : step < 0 ? step : WIJK_OK;
}

static int link_to(matching *m, int64_t area, size_t to)
{
    int64_t same = row_of(m, area);
    if (same >= 0) {
        return add(m, same, to, 1, WIJK_CHANGE_SAME);
    }
    size_t first = m->out->count;
    int rc = link_direct(m, area, to);
    return rc || m->out->count > first ? rc : link_bridged(m, area, to);
}

/* An area of which most people live beyond the areas after was not handed out: it went. */
static int drop_those_that_left(matching *m, size_t areas_before)
{
    wijk_change_matched *out = m->out;
    double *found = wijk_alloc((areas_before + 1) * sizeof *found);
    if (!found) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < out->count; k++) {
        found[out->links[k].from] += out->links[k].share;
    }
    size_t kept = 0;
    for (size_t k = 0; k < out->count; k++) {
        if (found[out->links[k].from] >= 0.5) {
            out->match[kept] = out->match[k];
            out->links[kept++] = out->links[k];
        }
    }
    out->count = kept;
    wijk_free(found);
    return WIJK_OK;
}

/* What the areas after without a link were: most of their people decide. */
static int find_origins(matching *m, const int64_t *after, size_t areas)
{
    unsigned char *at = m->out->origin, *linked = wijk_alloc(areas + 1);
    int rc = linked ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; !rc && k < m->out->count; k++) {
        linked[m->out->links[k].to] = 1;
    }
    for (size_t i = 0; !rc && i < areas; i++) {
        if (linked[i]) {
            continue;
        }
        int64_t origin = WIJK_CHANGE_NEW;
        wijk_stmt *stmt = wijk_store_sql(
            m->store,
            "SELECT CASE WHEN total(share) < 0.5 THEN 0 WHEN total(share*other) >= 0.5 THEN 2 ELSE "
            "1 END FROM (SELECT CASE WHEN l.kind<2 THEN 1 ELSE l.share_to END share, "
            "a.gemeente<>b.gemeente other FROM area_link l CROSS JOIN area a ON a.id=l.from_id "
            "CROSS JOIN area b ON b.id=l.to_id WHERE l.to_id=?1 AND a.level=?2 AND a.vintage=?3)");
        wijk_bind_int(stmt, 1, after[i]);
        wijk_bind_int(stmt, 2, m->level);
        wijk_bind_int(stmt, 3, m->vintage);
        rc = wijk_run_int(&origin, stmt, WIJK_CHANGE_NEW);
        at[i] = (unsigned char)origin;
    }
    wijk_free(linked);
    return rc;
}

int wijk_change_match(wijk_change_matched *out, wijk_store *store, const int64_t *before,
                      size_t areas_before, const int64_t *after, size_t areas_after)
{
    matching m = {.out = out, .store = store};
    *out = (wijk_change_matched){0};
    out->origin = wijk_alloc(areas_after + 1);
    int rc = out->origin ? index_areas(&m, before, areas_before) : WIJK_ENOMEM;
    if (!rc && areas_before) {
        rc = read_layer(&m, before[0]);
    }
    for (size_t to = 0; !rc && to < areas_after; to++) {
        rc = link_to(&m, after[to], to);
    }
    rc = rc ? rc : drop_those_that_left(&m, areas_before);
    rc = rc ? rc : find_origins(&m, after, areas_after);
    wijk_map_free(m.rows);
    if (rc) {
        wijk_change_matched_free(out);
    }
    return rc;
}

void wijk_change_matched_free(wijk_change_matched *matched)
{
    wijk_free(matched->links);
    wijk_free(matched->match);
    wijk_free(matched->origin);
    *matched = (wijk_change_matched){0};
}
