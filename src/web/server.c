/* libmicrohttpd in front of the pages: sockets, limits, compression and headers; nothing of its own
 * decoding or form reading is used. An epoll loop per thread; each thread has its own connection to
 * the file, so that pages are made without a lock. */
#include "wijk/serve.h"

#include "web/page.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>

enum {
    MAX_CONNECTIONS = 512,
    MAX_PER_ADDRESS = 384,
    CONNECTION_MEMORY = 32 << 10, /* request line and headers; more is 431 or 414 */
    IDLE_SECONDS = 15,            /* without a byte: the connection ends */
    REQUEST_SECONDS = 30,         /* from first byte to the whole body, however slowly it drips */
    GZIP_FROM = 1024,             /* smaller answers do not gain */
    GZIP_LEVEL = 1
};

struct wijk_server {
    web_site *site;
    struct MHD_Daemon *daemon;
    pthread_key_t worker; /* the web_worker and deflate state of each thread */
    int has_key;
    int port;
};

typedef struct {
    web_worker *worker;
    z_stream deflate;
    int has_deflate;
} thread_state;

/* One request on its way in; lives until MHD says it is complete. */
typedef struct {
    char *target;
    wijk_str body;
    double began;
    int started, refused; /* refused: status to answer once the body was passed over */
} incoming;

/* ---- per thread ------------------------------------------------------------------------- */

static void thread_leave(void *state)
{
    thread_state *own = state;
    if (own->has_deflate) {
        deflateEnd(&own->deflate);
    }
    web_worker_free(own->worker);
    wijk_free(own);
}

static thread_state *thread_join(wijk_server *server)
{
    thread_state *own = pthread_getspecific(server->worker);
    if (own) {
        return own;
    }
    own = wijk_alloc(sizeof *own);
    if (!own) {
        return NULL;
    }
    if (web_worker_new(&own->worker, server->site) || pthread_setspecific(server->worker, own)) {
        thread_leave(own);
        return NULL;
    }
    /* 15 + 16: gzip framing. */
    own->has_deflate =
        deflateInit2(&own->deflate, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    return own;
}

/* ---- answers ---------------------------------------------------------------------------- */

/* Replaces `body` by its gzip form; leaves it alone when that fails. */
static int compress_body(thread_state *own, wijk_str *body)
{
    uLong bound = deflateBound(&own->deflate, (uLong)body->size);
    unsigned char *packed = wijk_alloc(bound);
    if (!packed || deflateReset(&own->deflate) != Z_OK) {
        wijk_free(packed);
        return 0;
    }
    own->deflate.next_in = (unsigned char *)body->data;
    own->deflate.avail_in = (uInt)body->size;
    own->deflate.next_out = packed;
    own->deflate.avail_out = (uInt)bound;
    if (deflate(&own->deflate, Z_FINISH) != Z_STREAM_END) {
        wijk_free(packed);
        return 0;
    }
    size_t size = bound - own->deflate.avail_out;
    wijk_str_free(body);
    body->data = (char *)packed;
    body->size = size;
    return 1;
}

static int compressible(const char *type)
{
    return !strncmp(type, "text/", 5) || strstr(type, "json") || strstr(type, "svg") ||
           strstr(type, "javascript");
}

typedef struct {
    wijk_server *server;
    web_stream stream;
    wijk_str piece;
    size_t sent; /* of piece */
} outgoing;

static ssize_t stream_read(void *payload, uint64_t position, char *buffer, size_t room)
{
    (void)position;
    outgoing *out = payload;
    if (out->sent == out->piece.size) {
        thread_state *own = thread_join(out->server);
        wijk_str_clear(&out->piece);
        out->sent = 0;
        if (!own || web_worker_refresh(own->worker)) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        wijk_arena_reset(own->worker->arena);
        int rc = out->stream.next(out->stream.state, own->worker, &out->piece);
        if (rc || wijk_str_status(&out->piece)) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        if (!out->piece.size) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
    }
    size_t left = out->piece.size - out->sent;
    size_t size = left < room ? left : room;
    memcpy(buffer, out->piece.data + out->sent, size);
    out->sent += size;
    return (ssize_t)size;
}

static void stream_free(void *payload)
{
    outgoing *out = payload;
    wijk_str_free(&out->piece);
    out->stream.free(out->stream.state);
    wijk_free(out);
}

static struct MHD_Response *stream_response(wijk_server *server, web_reply *reply)
{
    outgoing *out = wijk_alloc(sizeof *out);
    if (!out) {
        return NULL;
    }
    out->server = server;
    out->stream = reply->stream;
    reply->stream = (web_stream){NULL, NULL, NULL};
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 64 << 10, stream_read, out, stream_free);
    if (!response) {
        stream_free(out);
    }
    return response;
}

/* Hands the bytes of the body over to the response. */
static struct MHD_Response *body_response(web_reply *reply)
{
    if (!reply->body.data) {
        static char nothing[1];
        return MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(
        reply->body.size, reply->body.data, wijk_free);
    if (response) {
        reply->body = (wijk_str)WIJK_STR_INIT;
    }
    return response;
}

static void add_headers(struct MHD_Response *response, const web_reply *reply, int packed)
{
    static const char *const caches[] = {"no-store", "no-cache",
                                         "public, max-age=31536000, immutable"};
    for (size_t i = 0; web_security_headers[i][0]; i++) {
        MHD_add_response_header(response, web_security_headers[i][0], web_security_headers[i][1]);
    }
    MHD_add_response_header(response, "Cache-Control", caches[reply->cache]);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (reply->status != 304) {
        MHD_add_response_header(response, "Content-Type", reply->type);
    }
    if (reply->etag[0] && (reply->status == 200 || reply->status == 304)) {
        MHD_add_response_header(response, "ETag", reply->etag);
    }
    if (packed) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    }
    if (reply->location) {
        MHD_add_response_header(response, "Location", reply->location);
    }
    if (reply->allow) {
        MHD_add_response_header(response, "Allow", reply->allow);
    }
    if (reply->api) {
        MHD_add_response_header(response, "API-Version", WEB_API_VERSION);
    }
    if (reply->filename) {
        char value[256];
        snprintf(value, sizeof value, "attachment; filename=\"%s\"", reply->filename);
        MHD_add_response_header(response, "Content-Disposition", value);
    }
}

static enum MHD_Result send_reply(wijk_server *server, thread_state *own,
                                  struct MHD_Connection *connection, const web_request *request,
                                  web_reply *reply, int last)
{
    int packed = 0;
    if (!reply->stream.next && request->gzip && own->has_deflate && reply->body.size > GZIP_FROM &&
        compressible(reply->type)) {
        packed = compress_body(own, &reply->body);
    }
    struct MHD_Response *response =
        reply->stream.next ? stream_response(server, reply) : body_response(reply);
    if (!response) {
        return MHD_NO;
    }
    add_headers(response, reply, packed);
    if (last) {
        MHD_add_response_header(response, "Connection", "close");
    }
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- requests --------------------------------------------------------------------------- */

typedef struct {
    web_request *request;
    size_t bytes;
    int hosts;
} field_scan;

static enum MHD_Result scan_field(void *payload, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    field_scan *scan = payload;
    web_request *request = scan->request;
    scan->bytes += strlen(name) + (value ? strlen(value) : 0) + 4;
    if (!value) {
        return MHD_YES;
    }
    if (!strcasecmp(name, "Host")) {
        request->host = value;
        scan->hosts++;
    } else if (!strcasecmp(name, "Origin")) {
        request->origin = value;
    } else if (!strcasecmp(name, "Sec-Fetch-Site")) {
        request->fetch_site = value;
    } else if (!strcasecmp(name, "Content-Type")) {
        request->content_type = value;
    } else if (!strcasecmp(name, "If-None-Match")) {
        request->if_none_match = value;
    } else if (!strcasecmp(name, "Accept-Encoding")) {
        request->gzip = web_accepts_gzip(value);
    }
    return MHD_YES;
}

/* Fills `request`; 0 or the status that refuses it. */
static int read_request(web_request *request, thread_state *own, incoming *in,
                        struct MHD_Connection *connection, const char *method)
{
    field_scan scan = {request, 0, 0};
    request->method = web_method_parse(method);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, scan_field, &scan);
    int status = web_request_target(request, own->worker->arena, in->target);
    if (status) {
        request->target = NULL;
        return status;
    }
    if (scan.bytes > WEB_MAX_FIELDS) {
        return 431;
    }
    if (scan.hosts != 1 || !web_host_allowed(request->host, own->worker->site->host)) {
        return scan.hosts == 1 ? 421 : 400;
    }
    if (in->refused) {
        return in->refused;
    }
    if (request->method == WEB_POST) {
        return web_params_parse(&request->form, own->worker->arena, wijk_str_text(&in->body),
                                in->body.size);
    }
    return 0;
}

static enum MHD_Result answer(wijk_server *server, incoming *in, struct MHD_Connection *connection,
                              const char *method)
{
    thread_state *own = thread_join(server);
    if (!own) {
        return MHD_NO;
    }
    wijk_arena_reset(own->worker->arena);
    web_request request = {.lang = WIJK_NL};
    web_reply reply = {.body = WIJK_STR_INIT};
    int status = read_request(&request, own, in, connection, method);
    if (status) {
        web_refuse(own->worker, &request, status, &reply);
    } else {
        web_answer(own->worker, &request, &reply);
    }
    enum MHD_Result result =
        send_reply(server, own, connection, &request, &reply, in->refused != 0);
    web_reply_free(&reply);
    return result;
}

/* The body arrives in pieces; past a limit the rest is passed over and the answer is a refusal. */
static void take_body(incoming *in, const char *data, size_t size)
{
    if (!in->refused && in->body.size + size > WIJK_MAX_BODY) {
        in->refused = 413;
        wijk_str_free(&in->body);
    }
    if (!in->refused) {
        wijk_str_addn(&in->body, data, size);
    }
}

static enum MHD_Result on_request(void *payload, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)url;
    (void)version;
    incoming *in = *state;
    if (!in) {
        return MHD_NO;
    }
    if (!in->started) {
        in->started = 1;
        const char *length =
            MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
        if (length && strlen(length) > 5) {
            /* A claim beyond 99,999 bytes is refused before any of it is read. */
            in->refused = 413;
            return answer(payload, in, connection, method);
        }
        return MHD_YES;
    }
    if (*size) {
        if (wijk_now() - in->began > REQUEST_SECONDS) {
            return MHD_NO;
        }
        take_body(in, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return answer(payload, in, connection, method);
}

static void *on_target(void *payload, const char *target, struct MHD_Connection *connection)
{
    (void)payload;
    (void)connection;
    incoming *in = wijk_alloc(sizeof *in);
    if (in) {
        in->target = wijk_strdup(target);
        in->began = wijk_now();
        if (!in->target) {
            wijk_free(in);
            return NULL;
        }
    }
    return in;
}

static void on_complete(void *payload, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode why)
{
    (void)payload;
    (void)connection;
    (void)why;
    incoming *in = *state;
    if (in) {
        wijk_free(in->target);
        wijk_str_free(&in->body);
        wijk_free(in);
        *state = NULL;
    }
}

/* Our own decoder reads the raw target; MHD is kept from decoding it as well. */
static size_t leave_escaped(void *payload, struct MHD_Connection *connection, char *text)
{
    (void)payload;
    (void)connection;
    return strlen(text);
}

/* MHD's complaints about broken requests go nowhere: a client cannot fill a log. */
static void ignore_log(void *payload, const char *format, va_list args)
{
    (void)payload;
    (void)format;
    (void)args;
}

/* ---- life ------------------------------------------------------------------------------- */

static unsigned thread_count(int wanted)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long count = wanted > 0 ? wanted : cores;
    return (unsigned)(count < 2 ? 2 : count > 4 ? 4 : count);
}

static int start_daemon(wijk_server *server, const wijk_serve_options *options)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)options->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)options->port, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, ignore_log, NULL, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE, thread_count(options->threads),
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)MAX_PER_ADDRESS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped,
        NULL, MHD_OPTION_NOTIFY_COMPLETED, on_complete, NULL, MHD_OPTION_LISTENING_ADDRESS_REUSE,
        1u, MHD_OPTION_END);
    if (!server->daemon) {
        return wijk_fail(WIJK_EIO, "Poort %d is niet te openen: %s. Kies een andere met --port.",
                         "Port %d cannot be opened: %s. Choose another with --port.", options->port,
                         strerror(errno));
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : options->port;
    return WIJK_OK;
}

int wijk_server_start(wijk_server **out, const wijk_serve_options *options)
{
    wijk_server *server = wijk_alloc(sizeof *server);
    if (!server) {
        return WIJK_ENOMEM;
    }
    int rc = web_site_new(&server->site, options);
    if (!rc) {
        /* A worker made here shows at once whether the file can be read, and warms the snapshot. */
        web_worker *first = NULL;
        rc = web_worker_new(&first, server->site);
        web_worker_free(first);
    }
    if (!rc) {
        server->has_key = pthread_key_create(&server->worker, thread_leave) == 0;
        rc = server->has_key ? start_daemon(server, options) : WIJK_ENOMEM;
    }
    if (rc) {
        wijk_server_stop(server);
        return rc;
    }
    *out = server;
    return WIJK_OK;
}

int wijk_server_port(const wijk_server *server)
{
    return server->port;
}

void wijk_server_stop(wijk_server *server)
{
    if (!server) {
        return;
    }
    if (server->daemon) {
        MHD_stop_daemon(server->daemon);
    }
    web_site_free(server->site);
    if (server->has_key) {
        pthread_key_delete(server->worker);
    }
    wijk_free(server);
}
