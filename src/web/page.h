/* web/page.h: what a handler gets and gives, the table of routes, and the shell around a page. */
#ifndef WIJK_WEB_PAGE_H
#define WIJK_WEB_PAGE_H

#include "web/site.h"

/* A body that is made in pieces, for what is too large to hold. */
typedef struct {
    /* Appends the next piece to `out` (empty: done); negative on failure: the answer breaks off. */
    int (*next)(void *state, web_worker *worker, wijk_str *out);
    void (*free)(void *state);
    void *state;
} web_stream;

typedef struct {
    int status;
    const char *type;     /* Content-Type, static */
    const char *location; /* for a redirect; in the arena */
    const char *filename; /* offers the body as a file to keep; in the arena */
    const char *allow;    /* for 405; static */
    int api;              /* 1: carries the API-Version header */
    int cache;            /* enum web_cache */
    char etag[64];        /* "" when it has none */
    wijk_str body;        /* owned */
    web_stream stream;    /* used when next is not NULL */
} web_reply;

#define WEB_API_VERSION "1.0.0"

enum web_cache { WEB_STORE_NOT, WEB_REVALIDATE, WEB_FOREVER };

typedef struct web_route web_route;

typedef struct {
    web_worker *worker;
    web_site *site;
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    wijk_ctx ctx; /* with this request's deadline */
    const web_request *request;
    const web_route *route;
    const char *name; /* what stood for {} in the pattern; "" when it has none */
    wijk_lang lang;
    html h;
    web_reply *reply;
} web_call;

enum web_route_flags {
    WEB_CACHED = 1,   /* a function of file and address only: has an ETag */
    WEB_UNSAFE = 2,   /* POST; needs the same origin; does not exist when read_only */
    WEB_API = 4,      /* answers JSON, errors as problem+json, no language prefix */
    WEB_HIDDEN = 8,   /* does not exist when read_only (forms of unsafe routes, progress) */
    WEB_DOWNLOAD = 16 /* a file rather than a page */
};

struct web_route {
    const char *pattern; /* {} stands for one segment or its beginning: "/gebied/{}.json" */
    int (*run)(web_call *call);
    unsigned flags;
    const char *title[2];
    const char *sample; /* an address that must work on the fictional town; tests visit all */
};

extern const web_route web_routes[]; /* ends with a NULL pattern */

/* Answers one clean request. Always leaves a full reply. */
void web_answer(web_worker *worker, web_request *request, web_reply *reply);
/* The answer to a request that is refused before any route: 400, 413, 414, 421, 431 … */
void web_refuse(web_worker *worker, const web_request *request, int status, web_reply *reply);
void web_reply_free(web_reply *reply);

/* Name and value of every header that each answer carries; ends with NULL. */
extern const char *const web_security_headers[][2];

/* ---- the shell around a page --------------------------------------------------------------- */

typedef struct {
    const char *title;  /* of the browser tab, without the name of the program */
    const char *area;   /* class of <main>; NULL for none */
    int fictional;      /* 1: the banner that everything here is invented */
    const char *search; /* what stands in the search box; NULL for nothing */
    int refresh;        /* seconds after which a browser without script looks again; 0: never */
} web_shell;

/* Everything up to and including <main>. */
void page_begin(web_call *call, const web_shell *shell);
/* Closes <main>, writes the foot and ends the document. 0 or why the text failed. */
int page_end(web_call *call);

/* An address inside this site, in the page's language: "/en" when English, then `path`, then
 * `segment` percent-encoded (NULL for none), `suffix` and name=value pairs (NULL ends; a pair with
 * a NULL or empty value is left out). In the arena; never NULL ("" when memory ran out). */
const char *page_url(web_call *call, const char *path, const char *segment, const char *suffix, ...)
    __attribute__((sentinel));
/* <a class href>text</a> */
void page_link(web_call *call, const char *class_name, const char *url, const char *text);
/* The address of an area's page. Vintage is named only where it is not the newest. */
const char *page_area_url(web_call *call, const wijk_area *area, const char *suffix);

/* Starts an answer of another kind than a page. */
void page_type(web_call *call, const char *type, const char *filename);

#endif
