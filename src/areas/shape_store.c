/* Shapes into the file: the polygon as it was published, and what can be said of it at once (a
 * point inside, box, area). Of two shapes for one area the finer stays, whatever the order of
 * loading. */
#include "areas/outlines.h"

#include "wijk/err.h"

static int finer_is_there(int *there, wijk_store *store, int64_t area_id, double tolerance)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT 1 FROM area_shape WHERE area_id = ?1 AND tolerance < ?2");
    wijk_bind_int(stmt, 1, area_id);
    wijk_bind_double(stmt, 2, tolerance);
    int64_t found = 0;
    int rc = wijk_run_int(&found, stmt, 0);
    *there = found != 0;
    return rc;
}

int wijk_geo_store_measure(wijk_store *store, int64_t area_id, const wijk_measure *m)
{
    wijk_stmt *stmt = wijk_store_sql(store, "UPDATE area SET x = ?2, y = ?3, x0 = ?4, y0 = ?5,"
                                            " x1 = ?6, y1 = ?7, land_m2 = ?8 WHERE id = ?1");
    const double values[] = {m->x, m->y, m->x0, m->y0, m->x1, m->y1, m->area};
    wijk_bind_int(stmt, 1, area_id);
    for (int i = 0; i < 7; i++) {
        wijk_bind_double(stmt, i + 2, values[i]);
    }
    return wijk_run(stmt);
}

int wijk_geo_store_shape(wijk_store *store, int64_t area_id, int64_t load_id, double tolerance,
                         const void *wkb, size_t size, int *crosses)
{
    if (crosses) {
        *crosses = 0;
    }
    if (!(tolerance >= 0)) {
        return wijk_fail(WIJK_EINVAL, "De tolerantie van een grens moet 0 of meer meter zijn.",
                         "The tolerance of a border must be 0 metres or more.");
    }
    int skip = 0, rc = finer_is_there(&skip, store, area_id, tolerance);
    if (rc || skip) {
        return rc;
    }
    wijk_shape shape = WIJK_SHAPE_INIT;
    wijk_measure measure;
    rc = wijk_wkb_parse(&shape, wkb, size);
    rc = rc ? rc : wijk_shape_measure(&measure, &shape);
    if (!rc &&
        !(wijk_rd_plausible(measure.x0, measure.y0) && wijk_rd_plausible(measure.x1, measure.y1))) {
        rc = wijk_fail(WIJK_EFORMAT, "Een vorm ligt buiten Nederland.",
                       "A shape lies outside the Netherlands.");
    }
    if (!rc) {
        if (crosses) {
            *crosses = measure.crosses;
        }
        wijk_stmt *stmt = wijk_store_sql(
            store, "INSERT INTO area_shape(area_id, load_id, tolerance, wkb) VALUES(?1, ?2, ?3, ?4)"
                   " ON CONFLICT(area_id) DO UPDATE SET load_id = excluded.load_id,"
                   " tolerance = excluded.tolerance, wkb = excluded.wkb");
        wijk_bind_int(stmt, 1, area_id);
        wijk_bind_int(stmt, 2, load_id);
        wijk_bind_double(stmt, 3, tolerance);
        wijk_bind_blob(stmt, 4, wkb, size);
        rc = wijk_run(stmt);
    }
    rc = rc ? rc : wijk_geo_store_measure(store, area_id, &measure);
    wijk_shape_free(&shape);
    return rc;
}

int wijk_geo_store_square(wijk_store *store, int64_t area_id, const char *code)
{
    double box[4];
    if (!wijk_square_box(box, code)) {
        return wijk_fail(WIJK_EFORMAT,
                         "\"%.40s\" is geen code van een vierkant (zoals E1705N4816).",
                         "\"%.40s\" is not the code of a square (such as E1705N4816).", code);
    }
    wijk_measure m = {.area = 1e4,
                      .x = (box[0] + box[2]) / 2,
                      .y = (box[1] + box[3]) / 2,
                      .x0 = box[0],
                      .y0 = box[1],
                      .x1 = box[2],
                      .y1 = box[3]};
    return wijk_geo_store_measure(store, area_id, &m);
}
