/* What all threads of a server share. The snapshot is replaced as a whole and counted, so that a
 * request in flight keeps the one it began with (read-copy-update with a reference count). */
#include "web/site.h"

#include "web/foresee.h"
#include "web/job.h"
#include "web/kept.h"
#include "wijk/figure.h"
#include "wijk/limits.h"
#include "wijk/measure.h"
#include "wijk/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void web_snapshot_leave(web_snapshot *snapshot)
{
    if (snapshot && atomic_fetch_sub(&snapshot->users, 1) == 1) {
        size_t cells = ((size_t)snapshot->most_indicator + 1) * WIJK_LEVELS;
        for (size_t i = 0; snapshot->periods && i < cells; i++) {
            wijk_free(snapshot->periods[i].at);
        }
        wijk_free(snapshot->periods);
        pthread_mutex_destroy(&snapshot->lock);
        wijk_search_free(snapshot->search);
        wijk_registry_free(snapshot->registry);
        wijk_free(snapshot);
    }
}

web_snapshot *web_snapshot_hold(web_snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->users, 1);
    return snapshot;
}

/* A number that differs when anything a page shows differs: FNV-1a over the newest rows of the
 * tables that grow, and the moment of the last derivation. */
static int read_stamp(char out[WEB_STAMP], wijk_store *store)
{
    static const uint64_t prime = 1099511628211u;
    uint64_t hash = 14695981039346656037u;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT coalesce((SELECT value FROM meta WHERE key = 'derived_at'), ''),"
               " (SELECT count(*) FROM load), coalesce((SELECT max(id) FROM load), 0),"
               " coalesce((SELECT max(id) FROM area), 0), (SELECT count(*) FROM own_member),"
               " (SELECT value FROM meta WHERE key = 'created'),"
               " (SELECT count(*) FROM area WHERE level = 7)");
    int rc = stmt ? wijk_step(stmt) : WIJK_EDB;
    if (rc != 1) {
        return rc < 0 ? rc : WIJK_EDB;
    }
    for (int i = 0; i < 7; i++) {
        for (const char *at = wijk_col_text(stmt, i); *at; at++) {
            hash = (hash ^ (unsigned char)*at) * prime;
        }
        hash = (hash ^ '|') * prime;
    }
    wijk_reset(stmt);
    snprintf(out, WEB_STAMP, "%016" PRIx64, hash);
    return WIJK_OK;
}

/* What plans say, in one number: they change without any figure changing, so that the snapshot
 * stays and only the tags of pages must differ. */
static int read_plans(int64_t *out, wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT (SELECT coalesce(max(id), 0) FROM plan_entry) * 1000003 + (SELECT "
               "coalesce(sum(state * 7 + withdrawn), 0) FROM plan) * 101 + (SELECT "
               "coalesce(sum(plan_id * 31 + area_id), 0) FROM plan_area)");
    return stmt ? wijk_run_int(out, stmt, 0) : WIJK_EDB;
}

static int read_counts(web_snapshot *snapshot, wijk_store *store)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT level, max(vintage), count(*) FROM area GROUP BY level");
    int rc = stmt ? WIJK_OK : WIJK_EDB;
    while (stmt && (rc = wijk_step(stmt)) == 1) {
        int64_t level = wijk_col_int(stmt, 0);
        if (level >= 0 && level < WIJK_LEVELS) {
            snapshot->newest[level] = (int)wijk_col_int(stmt, 1);
            snapshot->areas += wijk_col_int(stmt, 2);
        }
    }
    if (rc) {
        return rc;
    }
    /* Apart: grouped by level it would look up every row through the index of codes. */
    stmt = wijk_store_sql(store, "SELECT max(fictional), min(fictional) FROM area");
    rc = stmt ? wijk_step(stmt) : WIJK_EDB;
    if (rc != 1) {
        return rc < 0 ? rc : WIJK_EDB;
    }
    snapshot->fictional = (int)wijk_col_int(stmt, 0);
    snapshot->real = snapshot->areas && !wijk_col_int(stmt, 1);
    wijk_reset(stmt);
    stmt = wijk_store_sql(store, "SELECT count(*) FROM load WHERE superseded_by IS NULL");
    return stmt ? wijk_run_int(&snapshot->loads, stmt, 0) : WIJK_EDB;
}

int web_snapshot_search(const wijk_search **out, web_snapshot *snapshot, wijk_store *store)
{
    pthread_mutex_lock(&snapshot->lock);
    int rc = WIJK_OK;
    if (!snapshot->search) {
        rc = wijk_search_new(&snapshot->search, store, snapshot->registry);
    }
    *out = snapshot->search;
    pthread_mutex_unlock(&snapshot->lock);
    return rc;
}

static int make_periods(web_snapshot *snapshot)
{
    for (size_t i = 0; i < wijk_indicator_count(snapshot->registry); i++) {
        int id = wijk_indicator_at(snapshot->registry, i)->id;
        snapshot->most_indicator = id > snapshot->most_indicator ? id : snapshot->most_indicator;
    }
    size_t cells = ((size_t)snapshot->most_indicator + 1) * WIJK_LEVELS;
    snapshot->periods = wijk_alloc(cells * sizeof *snapshot->periods);
    return snapshot->periods ? WIJK_OK : WIJK_ENOMEM;
}

int web_snapshot_periods(const web_periods **out, web_snapshot *snapshot, wijk_store *store,
                         wijk_arena *arena, int indicator, enum wijk_level level)
{
    web_periods *cell = &snapshot->periods[(size_t)indicator * WIJK_LEVELS + level];
    *out = cell;
    pthread_mutex_lock(&snapshot->lock);
    int rc = WIJK_OK;
    if (!cell->known) {
        int(*found)[2];
        rc = wijk_map_periods(&found, &cell->count, store, arena, indicator, level);
        cell->at = rc ? NULL : wijk_alloc((cell->count + 1) * sizeof *cell->at);
        if (cell->at) {
            memcpy(cell->at, found, cell->count * sizeof *cell->at);
            cell->known = 1;
        } else {
            rc = rc ? rc : WIJK_ENOMEM;
        }
    }
    pthread_mutex_unlock(&snapshot->lock);
    return rc;
}

static int snapshot_new(web_snapshot **out, wijk_store *store, const char *stamp)
{
    web_snapshot *snapshot = wijk_alloc(sizeof *snapshot);
    if (!snapshot) {
        return WIJK_ENOMEM;
    }
    atomic_init(&snapshot->users, 1);
    pthread_mutex_init(&snapshot->lock, NULL);
    memcpy(snapshot->stamp, stamp, WEB_STAMP);
    int rc = wijk_registry_open(&snapshot->registry, store);
    rc = rc ? rc : wijk_registry_keep(snapshot->registry, WIJK_MAX_KEPT);
    rc = rc ? rc : read_counts(snapshot, store);
    rc = rc ? rc : make_periods(snapshot);
    if (rc) {
        web_snapshot_leave(snapshot);
        return rc;
    }
    *out = snapshot;
    return WIJK_OK;
}

/* The shared snapshot for the state that `store` sees, made when it is not that of `site` yet. */
static int snapshot_join(web_snapshot **out, web_site *site, wijk_store *store)
{
    char stamp[WEB_STAMP];
    int rc = read_stamp(stamp, store);
    if (rc) {
        return rc;
    }
    pthread_mutex_lock(&site->lock);
    if (!site->snapshot || strcmp(site->snapshot->stamp, stamp)) {
        web_snapshot *made = NULL;
        rc = snapshot_new(&made, store, stamp);
        if (!rc) {
            web_snapshot_leave(site->snapshot);
            site->snapshot = made;
        }
    }
    if (!rc) {
        *out = web_snapshot_hold(site->snapshot);
    }
    pthread_mutex_unlock(&site->lock);
    return rc;
}

int web_site_new(web_site **out, const wijk_serve_options *options)
{
    web_site *site = wijk_alloc(sizeof *site);
    if (!site) {
        return WIJK_ENOMEM;
    }
    pthread_mutex_init(&site->lock, NULL);
    pthread_mutex_init(&site->drawing, NULL);
    atomic_init(&site->generation, 0);
    site->read_only = options->read_only;
    site->host = options->host;
    snprintf(site->born, sizeof site->born, "%.6f", wijk_now());
    int rc = WIJK_OK;
    if (strlen(options->path) >= sizeof site->path) {
        rc = wijk_fail(WIJK_EINVAL, "De naam van het bestand is te lang: %s.",
                       "The name of the file is too long: %s.", options->path);
    }
    if (!rc) {
        memcpy(site->path, options->path, strlen(options->path) + 1);
        rc = site->read_only ? WIJK_OK
                             : wijk_store_open(&site->writer, site->path, WIJK_STORE_WRITE);
        /* A new town and a file of an older program have not been measured yet. */
        rc = rc || site->read_only ? rc : wijk_measure_when_due(site->writer, NULL);
    }
    if (!rc && !site->read_only) {
        rc = web_job_new(&site->job, site);
    }
    rc = rc ? rc : web_kept_new(&site->kept);
    rc = rc ? rc : web_foresee_new(&site->foresee, site);
    rc = rc ? rc : web_foresee_wake(site->foresee); /* what a killed program left */
    if (rc) {
        web_site_free(site);
        return rc;
    }
    *out = site;
    return WIJK_OK;
}

void web_site_free(web_site *site)
{
    if (site) {
        web_foresee_free(site->foresee);
        web_kept_free(site->kept);
        web_job_free(site->job);
        web_snapshot_leave(site->snapshot);
        wijk_store_close(site->writer);
        pthread_mutex_destroy(&site->drawing);
        pthread_mutex_destroy(&site->lock);
        wijk_free(site);
    }
}

static int worker_open(web_worker *worker)
{
    char path[WEB_PATH];
    pthread_mutex_lock(&worker->site->lock);
    memcpy(path, worker->site->path, sizeof path);
    int generation = atomic_load(&worker->site->generation);
    pthread_mutex_unlock(&worker->site->lock);
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_READ);
    if (rc) {
        return rc;
    }
    wijk_store_close(worker->store);
    worker->store = store;
    worker->generation = generation;
    worker->seen = -1;
    return WIJK_OK;
}

int web_worker_new(web_worker **out, web_site *site)
{
    web_worker *worker = wijk_alloc(sizeof *worker);
    if (!worker) {
        return WIJK_ENOMEM;
    }
    worker->site = site;
    int rc = wijk_arena_new(&worker->arena, 0);
    rc = rc ? rc : worker_open(worker);
    rc = rc ? rc : web_worker_refresh(worker);
    if (rc) {
        web_worker_free(worker);
        return rc;
    }
    *out = worker;
    return WIJK_OK;
}

void web_worker_free(web_worker *worker)
{
    if (worker) {
        web_snapshot_leave(worker->snapshot);
        wijk_store_close(worker->store);
        wijk_arena_free(worker->arena);
        wijk_free(worker);
    }
}

int web_worker_refresh(web_worker *worker)
{
    if (worker->generation != atomic_load(&worker->site->generation)) {
        int rc = worker_open(worker);
        if (rc) {
            return rc;
        }
    }
    int64_t version = wijk_store_data_version(worker->store);
    if (version == worker->seen && worker->snapshot) {
        return WIJK_OK;
    }
    web_snapshot *snapshot = NULL;
    int rc = read_plans(&worker->plans, worker->store);
    rc = rc ? rc : snapshot_join(&snapshot, worker->site, worker->store);
    if (!rc) {
        web_snapshot_leave(worker->snapshot);
        worker->snapshot = snapshot;
        worker->seen = version;
    }
    return rc;
}

int web_site_move(web_site *site, const char *path)
{
    if (strlen(path) >= sizeof site->path) {
        return wijk_fail(WIJK_EINVAL, "De naam van het bestand is te lang: %s.",
                         "The name of the file is too long: %s.", path);
    }
    wijk_store *writer;
    int rc = wijk_store_open(&writer, path, WIJK_STORE_WRITE);
    if (rc) {
        return rc;
    }
    pthread_mutex_lock(&site->lock);
    wijk_store *old = site->writer;
    site->writer = writer;
    memcpy(site->path, path, strlen(path) + 1);
    atomic_fetch_add(&site->generation, 1);
    pthread_mutex_unlock(&site->lock);
    wijk_store_close(old);
    return WIJK_OK;
}

int web_site_write(wijk_store **out, web_site *site)
{
    pthread_mutex_lock(&site->lock);
    int rc = WIJK_OK;
    if (!site->writer) {
        rc = wijk_fail(WIJK_EDENIED, "Dit bestand is alleen te lezen.",
                       "This file is for reading only.");
    } else if (web_job_running(site->job)) {
        rc = wijk_fail(WIJK_EBUSY,
                       "Er worden nu gegevens geladen. Probeer het opnieuw als dat klaar is.",
                       "Data are being loaded now. Try again when that is done.");
    }
    if (rc) {
        pthread_mutex_unlock(&site->lock);
        return rc;
    }
    *out = site->writer;
    return WIJK_OK;
}

void web_site_written(web_site *site)
{
    pthread_mutex_unlock(&site->lock);
}
