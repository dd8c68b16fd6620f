/* web/request.h: one HTTP request as the pages see it: decoded, bounded, checked.
 *
 * Nothing of libmicrohttpd's own decoding is used: the raw target and the raw body come in here
 * and either a clean request or an HTTP status comes out. Pure functions, fuzzed. */
#ifndef WIJK_WEB_REQUEST_H
#define WIJK_WEB_REQUEST_H

#include "wijk/err.h"
#include "wijk/mem.h"

#include <stddef.h>

enum {
    WEB_MAX_TARGET = 2048, /* bytes of path and query together; more is 414 */
    WEB_MAX_PARAMS = 64,   /* names in one query or form; more is 400 */
    WEB_MAX_FIELDS = 16384 /* bytes of all header fields; more is 431 */
};

enum web_method { WEB_GET, WEB_HEAD, WEB_POST, WEB_OTHER };

typedef struct {
    const char *name, *value; /* UTF-8, no control characters but line ends and tabs */
} web_param;

typedef struct {
    web_param *at;
    size_t count;
} web_params;

typedef struct {
    enum web_method method;
    const char *target; /* as received */
    const char *path;   /* decoded, with the language prefix taken off: "/gebied/BU…" */
    wijk_lang lang;     /* English below /en */
    web_params query, form;
    const char *host, *origin, *fetch_site, *content_type, *if_none_match; /* NULL when absent */
    int gzip;                                                              /* client takes gzip */
} web_request;

enum web_method web_method_parse(const char *word);

/* Splits and decodes path and query of `target` into `request`. Returns 0 or an HTTP status: 400
 * (not a path, broken escape, not UTF-8, control characters), 414 (too long). Text in `arena`.
 * O(size). */
int web_request_target(web_request *request, wijk_arena *arena, const char *target);

/* Decodes application/x-www-form-urlencoded bytes. 0, 400 or 413. O(size). */
int web_params_parse(web_params *out, wijk_arena *arena, const char *text, size_t size);

/* The first value by that name; "" when absent. */
const char *web_param_get(const web_params *params, const char *name);
/* A whole number within [low, high]; `otherwise` when absent or anything else. */
int web_param_int(const web_params *params, const char *name, int low, int high, int otherwise);

/* 1 when the Host header names this server: localhost, 127.0.0.1 or [::1], or `allowed` (may be
 * NULL), with or without a port. Keeps other sites from reaching a local server by DNS rebinding.
 */
int web_host_allowed(const char *host, const char *allowed);

/* 1 when a request that changes something came from a page of this very server: Sec-Fetch-Site is
 * same-origin (or none), and Origin, when given, is this host (or "null", when the first says
 * same-origin). At least one must be there. */
int web_same_origin(const web_request *request);

/* 1 when an Accept-Encoding header takes gzip with a quality above 0. */
int web_accepts_gzip(const char *accept);

#endif
