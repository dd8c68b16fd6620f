/* web/site.h: what all threads of a server share, and what each has of its own.
 *
 * Shared: options, the snapshot (registry and search index, read-only, replaced as a whole when the
 * file changes), the writing connection and the work in the background. Own: a reading connection,
 * an arena and a deflate state. Nothing here knows libmicrohttpd. */
#ifndef WIJK_WEB_SITE_H
#define WIJK_WEB_SITE_H

#include "web/html.h"
#include "web/request.h"

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/search.h"
#include "wijk/serve.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WEB_PATH = 4096, WEB_STAMP = 24 };

/* Which periods a map of an indicator can show at a level: period and vintage, newest first. */
typedef struct {
    int (*at)[2];
    size_t count;
    int known; /* 0: not asked yet */
} web_periods;

/* The state of the file that pages are made from. Counted references; the last one frees. */
typedef struct web_snapshot {
    atomic_int users;
    char stamp[WEB_STAMP]; /* changes when the file does; part of every ETag */
    wijk_registry *registry;
    wijk_search *search;     /* NULL until somebody searches: it is a third of the start */
    int64_t areas, loads;    /* how much there is, for the home page */
    int newest[WIJK_LEVELS]; /* newest vintage of each level; 0 when it has no areas */
    pthread_mutex_t lock;    /* guards periods and the making of search */
    web_periods *periods;    /* [most_indicator + 1][WIJK_LEVELS], found out when first asked */
    int most_indicator;      /* highest id of an indicator */
    int fictional;           /* 1 when invented data are inside */
    int real;                /* 1 when areas that are not invented are inside */
} web_snapshot;

web_snapshot *web_snapshot_hold(web_snapshot *snapshot);
void web_snapshot_leave(web_snapshot *snapshot); /* takes NULL */
/* What wijk_map_periods says, asked once per state of the file: it looks through every division for
 * borders. Borrowed from the snapshot. */
int web_snapshot_periods(const web_periods **out, web_snapshot *snapshot, wijk_store *store,
                         wijk_arena *arena, int indicator, enum wijk_level level);

/* The index of names, made when first asked for. Borrowed from the snapshot. */
int web_snapshot_search(const wijk_search **out, web_snapshot *snapshot, wijk_store *store);

typedef struct web_job web_job;
typedef struct web_foresee web_foresee;
typedef struct web_kept web_kept;

typedef struct web_site {
    pthread_mutex_t lock; /* guards path, snapshot, writer and the choice of job */
    char path[WEB_PATH];
    atomic_int generation; /* counts changes of path: workers then open the file anew */
    web_snapshot *snapshot;
    wijk_store *writer;      /* NULL when read_only */
    web_job *job;            /* never NULL unless read_only */
    web_foresee *foresee;    /* forecasts in the background; never NULL */
    web_kept *kept;          /* parts of pages that take long; never NULL */
    pthread_mutex_t drawing; /* one PNG or PDF at a time: costly, and font caches dislike company */
    int read_only;
    const char *host;
    char born[WEB_STAMP]; /* differs at every start, so that a new program is never taken for old */
} web_site;

typedef struct web_worker {
    web_site *site;
    wijk_store *store;
    wijk_arena *arena;
    web_snapshot *snapshot;
    int generation;
    int64_t seen;  /* data version of `store` at the last look */
    int64_t plans; /* changes when a plan does; part of every ETag */
} web_worker;

int web_site_new(web_site **out, const wijk_serve_options *options);
void web_site_free(web_site *site);

int web_worker_new(web_worker **out, web_site *site);
void web_worker_free(web_worker *worker);
/* Before each request: opens the file anew when the site moved to another one and takes the newest
 * snapshot when the file changed. O(1) when nothing changed. */
int web_worker_refresh(web_worker *worker);

/* Closes the present file and goes on with another (after real data were loaded into a new one). */
int web_site_move(web_site *site, const char *path);

/* The writing connection, for the length of one change; NULL with WIJK_EBUSY while a load runs. */
int web_site_write(wijk_store **out, web_site *site);
void web_site_written(web_site *site);

#endif
