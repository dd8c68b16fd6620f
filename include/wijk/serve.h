/* wijk/serve.h: the pages and the API of one file over HTTP, for a browser on this machine or, with
 * `read_only` and `host`, behind a reverse proxy that adds TLS. Listens on 127.0.0.1 only. */
#ifndef WIJK_SERVE_H
#define WIJK_SERVE_H

#include "wijk/store.h"

typedef struct wijk_server wijk_server;

typedef struct {
    const char *path; /* the file; it must exist */
    int port;         /* 0 picks a free one */
    int read_only;    /* 1: takes no writing lock; pages that change something do not exist */
    const char
        *host;   /* name by which a proxy is asked for this server; NULL for this machine only */
    int threads; /* 0: as many as cores, at least 2 and at most 4 */
} wijk_serve_options;

/* Starts answering and returns. Takes the writing lock of the file unless read_only
 * (WIJK_EBUSY when another process has it). WIJK_EIO when the port is taken. */
int wijk_server_start(wijk_server **out, const wijk_serve_options *options);
int wijk_server_port(const wijk_server *server);
/* Ends the work under way cleanly (a load is cancelled: nothing of it is stored) and frees. */
void wijk_server_stop(wijk_server *server);

#endif
