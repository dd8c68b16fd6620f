/* Parts of a forecast in the file: added in order, read back joined. Zstandard (RFC 8878) makes the
 * rows of whole numbers about a quarter of their size. A part that does not follow on what is there
 * is refused, so that what is read is always one run. */
#include "foresee/forecast.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

#include <zstd.h>

enum { LEVEL = 3 };

/* ---- packing --------------------------------------------------------------------------------- */

int forecast_squeeze(void **out, size_t *size, const void *bytes, size_t whole)
{
    size_t room = ZSTD_compressBound(whole);
    *out = wijk_alloc(room);
    *size = *out ? ZSTD_compress(*out, room, bytes, whole, LEVEL) : 0;
    int rc = *out ? WIJK_OK : WIJK_ENOMEM;
    if (!rc && ZSTD_isError(*size)) {
        rc = wijk_fail(WIJK_ENOMEM, "Inpakken van een deel is mislukt: %s.",
                       "Packing a part failed: %s.", ZSTD_getErrorName(*size));
        wijk_free(*out);
        *out = NULL;
    }
    return rc;
}

static int damaged(void)
{
    return wijk_fail(WIJK_EFORMAT, "Een bewaard deel van deze doorrekening is beschadigd.",
                     "A kept part of this forecast is damaged.");
}

int forecast_unsqueeze(void **out, size_t *size, const void *bytes, size_t packed, uint64_t most)
{
    *out = NULL;
    unsigned long long whole = ZSTD_getFrameContentSize(bytes, packed);
    if (whole == ZSTD_CONTENTSIZE_ERROR || whole == ZSTD_CONTENTSIZE_UNKNOWN || whole == 0 ||
        whole > most || whole / WIJK_MAX_RATIO > packed) {
        return damaged();
    }
    *out = wijk_alloc((size_t)whole);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    *size = ZSTD_decompress(*out, (size_t)whole, bytes, packed);
    if (ZSTD_isError(*size) || *size != whole) {
        wijk_free(*out);
        *out = NULL;
        return damaged();
    }
    return WIJK_OK;
}

int wijk_forecast_pack(void **out, size_t *size, const wijk_ensemble *part)
{
    void *bytes = NULL;
    size_t whole = 0;
    *out = NULL;
    int rc = wijk_ensemble_store(&bytes, &whole, part);
    rc = rc ? rc : forecast_squeeze(out, size, bytes, whole);
    wijk_free(bytes);
    return rc;
}

int wijk_forecast_unpack(wijk_ensemble **out, const void *bytes, size_t size)
{
    void *plain = NULL;
    size_t whole = 0;
    *out = NULL;
    int rc = forecast_unsqueeze(&plain, &whole, bytes, size, WIJK_MAX_FORECAST);
    rc = rc ? rc : wijk_ensemble_read(out, plain, whole, "forecast");
    wijk_free(plain);
    return rc;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static int forecast_numbers(int64_t out[3], wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT wanted, coalesce((SELECT max(last) FROM forecast_part WHERE forecast_id ="
               " ?1), 0), seed FROM forecast WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        for (int i = 0; i < 3; i++) {
            out[i] = wijk_col_int(stmt, i);
        }
        wijk_reset(stmt);
        return WIJK_OK;
    }
    return rc ? rc
              : wijk_fail(WIJK_ENOTFOUND, "Deze doorrekening staat niet (meer) in het bestand.",
                          "This forecast is not in the file (any more).");
}

static int insert_part(wijk_store *store, int64_t id, const wijk_ensemble_about *about,
                       const void *bytes, size_t size)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO forecast_part(forecast_id, first, last, bytes) VALUES (?1, ?2, ?3,"
               " ?4)");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, about->first);
    wijk_bind_int(stmt, 3, about->last);
    wijk_bind_blob(stmt, 4, bytes, size);
    return wijk_run(stmt);
}

/* Below the ceiling on all bytes: forgets what ended longest ago. */
static int make_room(wijk_store *store, int64_t id, size_t size)
{
    for (;;) {
        int64_t bytes = 0, oldest = 0;
        wijk_stmt *stmt =
            wijk_store_sql(store, "SELECT coalesce(sum(length(bytes)), 0) FROM forecast_part");
        int rc = wijk_run_int(&bytes, stmt, 0);
        if (rc || (uint64_t)bytes + size <= WIJK_MAX_KEPT_PARTS) {
            return rc;
        }
        stmt = wijk_store_sql(store, "SELECT id FROM forecast WHERE state <> 0 AND id <> ?1"
                                     " ORDER BY ended_at, id LIMIT 1");
        wijk_bind_int(stmt, 1, id);
        rc = wijk_run_int(&oldest, stmt, 0);
        if (!rc && !oldest) {
            return wijk_fail(WIJK_ELIMIT,
                             "De uitkomsten passen niet in %llu MB: vraag minder paren, minder "
                             "jaren of een kleiner gebied.",
                             "The results do not fit in %llu MB: ask fewer pairs, fewer years or a "
                             "smaller area.",
                             (unsigned long long)(WIJK_MAX_KEPT_PARTS >> 20));
        }
        rc = rc ? rc : forecast_forget(store, oldest);
        if (rc) {
            return rc;
        }
    }
}

static int finish(wijk_store *store, int64_t id, uint32_t last)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast SET state = 1, ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
               " WHERE id = ?1 AND wanted <= ?2 AND state = 0");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, last);
    return wijk_run(stmt);
}

static int keep(wijk_store *store, int64_t id, const wijk_ensemble_about *about, const void *bytes,
                size_t size)
{
    int64_t now[3] = {0};
    int rc = forecast_numbers(now, store, id);
    if (!rc && (about->first != (uint64_t)now[1] + 1 || about->seed != (uint64_t)now[2])) {
        rc = wijk_fail(WIJK_EINVAL, "Dit deel sluit niet aan: het begint bij paar %u.",
                       "This part does not follow: it begins at pair %u.", about->first);
    }
    rc = rc ? rc : make_room(store, id, size);
    rc = rc ? rc : insert_part(store, id, about, bytes, size);
    return rc ? rc : finish(store, id, about->last);
}

int wijk_forecast_keep(wijk_store *store, int64_t id, const wijk_ensemble *part)
{
    void *bytes = NULL;
    size_t size = 0;
    wijk_ensemble_about about = wijk_ensemble_tell(part);
    int rc = wijk_forecast_pack(&bytes, &size, part);
    rc = rc ? rc : wijk_begin(store);
    if (!rc) {
        rc = keep(store, id, &about, bytes, size);
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_free(bytes);
    return rc;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

static int forget_parts(wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, "DELETE FROM forecast_part WHERE forecast_id = ?1");
    wijk_bind_int(stmt, 1, id);
    return wijk_run(stmt);
}

static int forget_studies(wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, "DELETE FROM forecast_study WHERE forecast_id = ?1");
    wijk_bind_int(stmt, 1, id);
    return wijk_run(stmt);
}

int forecast_forget(wijk_store *store, int64_t id)
{
    int rc = forget_parts(store, id);
    rc = rc ? rc : forget_studies(store, id);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(store, "DELETE FROM forecast WHERE id = ?1");
    wijk_bind_int(stmt, 1, id);
    return wijk_run(stmt);
}

int wijk_forecast_clear(wijk_store *store, int64_t id)
{
    return forget_parts(store, id);
}

int wijk_forecast_drop(wijk_store *store, int64_t id)
{
    int rc = wijk_begin(store);
    if (rc) {
        return rc;
    }
    rc = forecast_forget(store, id);
    rc = rc ? rc : wijk_commit(store);
    if (rc) {
        wijk_rollback(store);
    }
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int read_parts(wijk_ensemble **parts, size_t *n, size_t room, wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT bytes FROM forecast_part WHERE forecast_id = ?1 ORDER BY first");
    wijk_bind_int(stmt, 1, id);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        size_t size = 0;
        const void *bytes = wijk_col_blob(stmt, 0, &size);
        rc = *n < room ? wijk_forecast_unpack(&parts[*n], bytes, size) : damaged();
        if (rc) {
            wijk_reset(stmt);
            break;
        }
        (*n)++;
    }
    return rc;
}

int wijk_forecast_read(wijk_ensemble **out, wijk_store *store, int64_t id)
{
    size_t n = 0, room = WIJK_FORECAST_PAIRS_MOST;
    wijk_ensemble **parts = wijk_alloc(room * sizeof *parts);
    *out = NULL;
    int rc = parts ? read_parts(parts, &n, room, store, id) : WIJK_ENOMEM;
    if (!rc && n == 1) {
        *out = parts[0];
        n = 0;
    } else if (!rc && n > 1) {
        rc = wijk_ensemble_merge(out, (const wijk_ensemble *const *)parts, n);
    }
    for (size_t i = 0; i < n; i++) {
        wijk_ensemble_free(parts[i]);
    }
    wijk_free(parts);
    return rc;
}

/* ---- what other policies know ---------------------------------------------------------------- */

int wijk_forecast_known(wijk_ensemble *out[WIJK_FORECAST_KNOWN], size_t *n, wijk_store *store,
                        const wijk_forecast *of, uint32_t first, uint32_t last)
{
    *n = 0;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT p.bytes, p.last FROM forecast f JOIN forecast_part p ON p.forecast_id=f.id"
               " WHERE f.area_id=?1 AND f.years=?2 AND f.seed=?3 AND f.model=?4 AND f.figures=?5"
               " AND f.id<>?6 AND p.first<=?8 AND p.last>=?7 ORDER BY p.first, p.last DESC, f.id");
    wijk_bind_int(stmt, 1, of->area);
    wijk_bind_int(stmt, 2, of->years);
    wijk_bind_int(stmt, 3, (int64_t)of->seed);
    wijk_bind_text(stmt, 4, of->model);
    wijk_bind_text(stmt, 5, of->figures);
    wijk_bind_int(stmt, 6, of->id);
    wijk_bind_int(stmt, 7, first);
    wijk_bind_int(stmt, 8, last);
    int64_t upto = 0;
    int rc = WIJK_OK;
    while (*n < WIJK_FORECAST_KNOWN && (rc = wijk_step(stmt)) == 1) {
        size_t size = 0;
        int64_t end = wijk_col_int(stmt, 1);
        if (end <= upto) {
            continue; /* another policy that says no more */
        }
        const void *bytes = wijk_col_blob(stmt, 0, &size);
        if (wijk_forecast_unpack(&out[*n], bytes, size) == WIJK_OK) {
            (*n)++; /* what cannot be read is run again */
            upto = end;
        }
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}
