/* Loading in the background: a folder of open data becomes facts. Works on the writing connection
 * of the site, or, when the present file is a fictional town, on a new file beside it. */
#include "web/job.h"

#include "web/task.h"
#include "wijk/load.h"
#include "wijk/measure.h"
#include "wijk/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILES = 2000, MAX_DEPTH = 6 };

struct web_job {
    web_site *site;
    web_task task; /* its lock guards the state too */
    web_job_state state;
    char target[WEB_PATH]; /* the new file; "" to load into the present one */
    char **files;
    size_t count;
};

static void forget_files(web_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        wijk_free(job->files[i]);
    }
    wijk_free(job->files);
    job->files = NULL;
    job->count = 0;
}

void web_job_free(web_job *job)
{
    if (job) {
        web_task_end(&job->task);
        forget_files(job);
        wijk_free(job);
    }
}

int web_job_running(web_job *job)
{
    return web_task_running(&job->task);
}

void web_job_cancel(web_job *job)
{
    web_task_cancel(&job->task);
}

void web_job_look(web_job *job, web_job_state *out)
{
    pthread_mutex_lock(&job->task.lock);
    *out = job->state;
    pthread_mutex_unlock(&job->task.lock);
}

/* ---- which files ------------------------------------------------------------------------------
 */

/* Kinds that a reader exists for, also behind .zst, .gz or .zip. */
static int readable(const char *name)
{
    static const char *const kinds[] = {".csv", ".xlsx", ".geojson", ".gpkg", ".zip"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *at = strstr(name, kinds[i]);
        if (at && (!at[strlen(kinds[i])] || at[strlen(kinds[i])] == '.')) {
            return name[0] != '.' && !strstr(name, ".map.csv");
        }
    }
    return 0;
}

static int add_file(web_job *job, const char *path)
{
    if (job->count == MAX_FILES) {
        return wijk_fail(WIJK_ELIMIT, "Meer dan %d bestanden tegelijk. Kies een kleinere map.",
                         "More than %d files at once. Choose a smaller folder.", MAX_FILES);
    }
    char **grown = wijk_realloc(job->files, (job->count + 1) * sizeof *grown);
    if (!grown) {
        return WIJK_ENOMEM;
    }
    job->files = grown;
    job->files[job->count] = wijk_strdup(path);
    return job->files[job->count] ? (job->count++, WIJK_OK) : WIJK_ENOMEM;
}

static int walk(web_job *job, const char *path, int depth)
{
    struct stat about;
    if (stat(path, &about)) {
        return wijk_fail(WIJK_ENOTFOUND, "%s is niet te openen: %s.", "%s cannot be opened: %s.",
                         path, strerror(errno));
    }
    if (S_ISREG(about.st_mode)) {
        const char *slash = strrchr(path, '/');
        return depth == 0 || readable(slash ? slash + 1 : path) ? add_file(job, path) : WIJK_OK;
    }
    if (!S_ISDIR(about.st_mode) || depth == MAX_DEPTH) {
        return WIJK_OK;
    }
    DIR *folder = opendir(path);
    if (!folder) {
        return wijk_fail(WIJK_EIO, "De map %s is niet te lezen: %s.",
                         "The folder %s cannot be read: %s.", path, strerror(errno));
    }
    int rc = WIJK_OK;
    for (struct dirent *entry; !rc && (entry = readdir(folder));) {
        char inner[WEB_PATH];
        int size = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && size > 0 && (size_t)size < sizeof inner) {
            rc = walk(job, inner, depth + 1);
        }
    }
    closedir(folder);
    return rc;
}

/* Borders first: later files then know their areas. Otherwise by name, so that it is repeatable. */
static int by_kind(const void *a, const void *b)
{
    const char *one = *(const char *const *)a, *other = *(const char *const *)b;
    int shape = (strstr(other, "geojson") || strstr(other, "gpkg")) -
                (strstr(one, "geojson") || strstr(one, "gpkg"));
    return shape ? shape : strcmp(one, other);
}

/* ---- the work ---------------------------------------------------------------------------------
 */

static void tell(void *payload, const char *what, double done)
{
    web_job *job = payload;
    pthread_mutex_lock(&job->task.lock);
    /* Within one file the loader counts from 0 to 1; the bar counts files. */
    if (job->state.files) {
        double step = 0.85 / job->state.files;
        int past = job->state.loaded + job->state.unchanged + job->state.refused;
        job->state.done = past < job->state.files ? step * (past + done) : 0.85 + 0.15 * done;
    }
    if (job->state.phase == WEB_JOB_RUNNING && what &&
        job->state.loaded + job->state.unchanged + job->state.refused >= job->state.files) {
        snprintf(job->state.what, sizeof job->state.what, "%s", what);
    }
    pthread_mutex_unlock(&job->task.lock);
}

static void begin_file(web_job *job, const char *path)
{
    const char *slash = strrchr(path, '/');
    pthread_mutex_lock(&job->task.lock);
    snprintf(job->state.what, sizeof job->state.what, "%s", slash ? slash + 1 : path);
    pthread_mutex_unlock(&job->task.lock);
}

static void end_file(web_job *job, const wijk_load_report *report, int rc)
{
    pthread_mutex_lock(&job->task.lock);
    web_job_state *state = &job->state;
    if (rc) {
        size_t used = strlen(state->refusals);
        snprintf(state->refusals + used, sizeof state->refusals - used, "%s: %s\n", state->what,
                 wijk_error(WIJK_NL));
        state->refused++;
    } else if (report->unchanged) {
        state->unchanged++;
    } else {
        state->loaded++;
        state->cells += report->cells_kept;
    }
    pthread_mutex_unlock(&job->task.lock);
}

static int load_all(web_job *job, wijk_store *store)
{
    wijk_registry *registry = NULL;
    wijk_sources *sources = NULL;
    int rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_sources_open(&sources);
    wijk_load_options options = {.sources = sources};
    for (size_t i = 0; !rc && i < job->count; i++) {
        wijk_load_report report = {0};
        begin_file(job, job->files[i]);
        int one = wijk_load_file(&report, store, registry, job->files[i], &options, &job->task.ctx);
        if (one == WIJK_ECANCEL || one == WIJK_ENOMEM || one == WIJK_EDB) {
            rc = one;
        }
        end_file(job, &report, one);
        wijk_load_report_free(&report);
    }
    rc = rc ? rc : wijk_derive_when_due(store, NULL, &job->task.ctx);
    rc = rc ? rc : wijk_measure_when_due(store, &job->task.ctx);
    if (!rc && !job->state.loaded && !job->state.unchanged) {
        rc = wijk_fail(WIJK_EFORMAT, "Geen van de %zu bestanden is herkend; er is niets veranderd.",
                       "None of the %zu files was recognised; nothing has changed.", job->count);
    }
    wijk_sources_free(sources);
    wijk_registry_free(registry);
    return rc;
}

static int into_new_file(web_job *job)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, job->target, WIJK_STORE_CREATE);
    if (rc) {
        return rc;
    }
    rc = load_all(job, store);
    wijk_store_close(store);
    if (rc) {
        remove(job->target);
        return rc;
    }
    return web_site_move(job->site, job->target);
}

static void work(void *payload)
{
    web_job *job = payload;
    int rc;
    if (job->target[0]) {
        rc = into_new_file(job);
    } else {
        /* web_site_write refuses while this job runs; passing through the lock once waits for a
         * change that had begun. From then on the writing connection is ours alone. */
        pthread_mutex_lock(&job->site->lock);
        wijk_store *writer = job->site->writer;
        pthread_mutex_unlock(&job->site->lock);
        rc = load_all(job, writer);
    }
    pthread_mutex_lock(&job->task.lock);
    job->state.phase = rc ? WEB_JOB_FAILED : WEB_JOB_DONE;
    job->state.done = 1;
    for (int lang = 0; rc && lang < 2; lang++) {
        snprintf(job->state.error[lang], sizeof job->state.error[lang], "%s",
                 wijk_error((wijk_lang)lang));
    }
    forget_files(job);
    web_task_done(&job->task);
    pthread_mutex_unlock(&job->task.lock);
}

/* Beside the fictional file: nederland.wijk, or with a number when that exists. */
static int choose_target(web_job *job, char target[WEB_PATH])
{
    char folder[WEB_PATH];
    pthread_mutex_lock(&job->site->lock);
    web_snapshot *now = job->site->snapshot;
    int fictional = now && now->fictional;
    snprintf(folder, sizeof folder, "%s", job->site->path);
    pthread_mutex_unlock(&job->site->lock);
    target[0] = 0;
    if (!fictional) {
        return WIJK_OK;
    }
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[1] = 0;
    } else {
        folder[0] = 0;
    }
    for (int i = 1; i < 1000; i++) {
        char number[16] = "";
        struct stat about;
        if (i > 1) {
            snprintf(number, sizeof number, "-%d", i);
        }
        int size = snprintf(target, WEB_PATH, "%snederland%s.wijk", folder, number);
        if (size < 0 || size >= WEB_PATH) {
            break;
        }
        if (stat(target, &about) && errno == ENOENT) {
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_EIO, "Er is geen vrije naam voor een nieuw bestand in %s.",
                     "There is no free name for a new file in %s.", folder);
}

int web_job_new(web_job **out, web_site *site)
{
    web_job *job = wijk_alloc(sizeof *job);
    if (!job) {
        return WIJK_ENOMEM;
    }
    job->site = site;
    web_task_init(&job->task, work, job, tell);
    *out = job;
    return WIJK_OK;
}

int web_job_begin(web_job *job, const char *folder)
{
    /* Before our own lock: the site's lock comes first, everywhere. */
    char target[WEB_PATH];
    int rc = choose_target(job, target);
    if (rc) {
        return rc;
    }
    pthread_mutex_lock(&job->task.lock);
    if (job->task.running) {
        rc = wijk_fail(WIJK_EBUSY, "Er wordt al geladen.", "Data are being loaded already.");
        goto done;
    }
    rc = walk(job, folder, 0);
    if (!rc && !job->count) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "In %s staat geen bestand dat te lezen is (csv, xlsx, geojson, gpkg).",
                       "%s holds no file that can be read (csv, xlsx, geojson, gpkg).", folder);
    }
    if (rc) {
        forget_files(job);
        goto done;
    }
    memcpy(job->target, target, sizeof target);
    qsort(job->files, job->count, sizeof *job->files, by_kind);
    job->state = (web_job_state){.phase = WEB_JOB_RUNNING, .files = (int)job->count};
    rc = web_task_begin(&job->task);
    if (rc) {
        job->state.phase = WEB_JOB_IDLE;
        forget_files(job);
    }
done:
    pthread_mutex_unlock(&job->task.lock);
    return rc;
}
