/* The server over real sockets, on the invented town: every route in both languages, the headers of
 * every answer, and what hostile, broken, slow and simultaneous clients get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/page.h"
#include "wijk/forecast.h"
#include "wijk/plan.h"
#include "wijk/serve.h"
#include "wijk/town.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>

static char file[512];
static wijk_server *server;

static void remove_file(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s%s", file, ends[i]);
        remove(path);
    }
}

/* One forecast that is done, for the routes that show or give one. */
static int add_forecast(void)
{
    static const char text[] = "wijk scenario 1\ntitle nl Proef\ntitle en Trial\nstart 2026-01\n"
                               "years 1\n\n2026-01 everywhere wijkteam +1\n";
    const wijk_ensemble_options o = {.seed = 1, .first = 1, .last = 2, .years = 1};
    wijk_store *store;
    wijk_registry *registry = NULL;
    wijk_arena *arena = NULL;
    wijk_case *place = NULL;
    wijk_scenario_file *scenario = NULL;
    wijk_ensemble *part = NULL;
    wijk_forecast forecast;
    wijk_area area;
    int rc = wijk_store_open(&store, file, WIJK_STORE_WRITE);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : wijk_area_find(&area, store, arena, "GM9901", 0);
    const wijk_ask ask = {
        .area = area.id, .scenario = text, .years = o.years, .wanted = o.last, .seed = o.seed};
    rc = rc ? rc : wijk_forecast_ask(&forecast, store, registry, arena, &ask);
    rc = rc ? rc : wijk_scenario_read(&scenario, text, sizeof text - 1, "test");
    rc = rc ? rc : wijk_case_new(&place, store, registry, area.id, NULL);
    rc = rc ? rc : wijk_case_run(&part, place, scenario, &o, NULL);
    rc = rc ? rc : wijk_forecast_keep(store, forecast.id, part);
    wijk_ensemble_free(part);
    wijk_scenario_free(scenario);
    wijk_case_free(place);
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}

static int set_up(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_TMP");
    snprintf(file, sizeof file, "%s/test_web_server_%d.wijk", folder ? folder : "/tmp",
             (int)getpid());
    remove_file();
    if (wijk_town_create(file, NULL) || wijk_plan_examples(file) || add_forecast()) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
        return -1;
    }
    wijk_serve_options options = {.path = file, .threads = 3};
    return wijk_server_start(&server, &options);
}

static int tear_down(void **state)
{
    (void)state;
    wijk_server_stop(server);
    remove_file();
    return 0;
}

/* ---- a client ------------------------------------------------------------------------------- */

typedef struct {
    int status;
    char *all; /* head and body, NUL-terminated; free */
    char *body;
    size_t size; /* of the body */
} answer;

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 600}; /* for what hangs, not for what is slow */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static answer listen_to(int fd)
{
    answer out = {0};
    size_t room = 1 << 16, size = 0;
    out.all = malloc(room + 1);
    ssize_t got;
    while ((got = recv(fd, out.all + size, room - size, 0)) > 0) {
        size += (size_t)got;
        if (size == room) {
            room *= 2;
            out.all = realloc(out.all, room + 1);
        }
    }
    close(fd);
    out.all[size] = 0;
    sscanf(out.all, "HTTP/1.1 %d", &out.status);
    char *gap = strstr(out.all, "\r\n\r\n");
    out.body = gap ? gap + 4 : out.all + size;
    out.size = size - (size_t)(out.body - out.all);
    return out;
}

static answer say(int port, const char *request, size_t size)
{
    int fd = dial(port);
    for (size_t sent = 0; sent < size;) {
        ssize_t step = send(fd, request + sent, size - sent, MSG_NOSIGNAL);
        if (step <= 0) {
            break; /* the server may refuse before it has read everything */
        }
        sent += (size_t)step;
    }
    return listen_to(fd);
}

static answer ask(int port, const char *method, const char *target, const char *headers,
                  const char *body)
{
    char *request = NULL;
    int size =
        asprintf(&request, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n%s",
                 method, target, port, headers, body);
    assert_true(size > 0);
    answer out = say(port, request, (size_t)size);
    free(request);
    return out;
}

static answer get(const char *target)
{
    return ask(wijk_server_port(server), "GET", target, "", "");
}

static char *header(const answer *from, const char *name)
{
    char line[128];
    snprintf(line, sizeof line, "\r\n%s: ", name);
    char *at = strstr(from->all, line);
    return at && at < from->body ? at + strlen(line) : NULL;
}

static void check_security(const answer *from)
{
    for (size_t i = 0; web_security_headers[i][0]; i++) {
        char *value = header(from, web_security_headers[i][0]);
        assert_non_null(value);
        assert_memory_equal(value, web_security_headers[i][1], strlen(web_security_headers[i][1]));
    }
}

/* ---- routes -----------------------------------------------------------------------------------
 */

static void check_page(const web_route *route, const answer *from, const char *lang)
{
    char tag[64];
    snprintf(tag, sizeof tag, "<html lang=\"%s\">", lang);
    assert_non_null(strstr(from->body, tag));
    assert_non_null(strstr(from->body, "</html>"));
    assert_non_null(strstr(from->body, "<h1"));
    assert_null(strstr(from->body, "<script>"));
    assert_null(strstr(from->body, " style=\""));
    assert_null(strstr(from->body, " onclick"));
    if (strstr(route->pattern, "/gebied/")) {
        assert_non_null(strstr(from->body, "wijk-fictional"));
    }
}

static void test_every_route_answers(void **state)
{
    (void)state;
    size_t visited = 0;
    for (const web_route *route = web_routes; route->pattern; route++) {
        assert_true(*route->title[0] && *route->title[1]);
        if (route->flags & WEB_UNSAFE) {
            continue;
        }
        for (int english = 0; english < (route->flags & WEB_API ? 1 : 2); english++) {
            char target[256];
            snprintf(target, sizeof target, "%s%s", english ? "/en" : "", route->sample);
            answer from = get(target);
            if (from.status != 200) {
                fail_msg("%s gave %d: %.300s", target, from.status, from.body);
            }
            check_security(&from);
            char *type = header(&from, "Content-Type");
            assert_non_null(type);
            if (!strncmp(type, "text/html", 9)) {
                check_page(route, &from, english ? "en" : "nl");
            }
            assert_int_equal(header(&from, "ETag") != NULL, (route->flags & WEB_CACHED) != 0);
            assert_int_equal(header(&from, "API-Version") != NULL, (route->flags & WEB_API) != 0);
            assert_true(from.size > 20);
            visited++;
            free(from.all);
        }
    }
    assert_true(visited > 40);
}

static void test_unchanged_is_told_by_the_tag(void **state)
{
    (void)state;
    answer first = get("/gebied/GM9901");
    char *tag = header(&first, "ETag");
    char line[200];
    snprintf(line, sizeof line, "If-None-Match: %.*s\r\n", (int)strcspn(tag, "\r"), tag);
    answer again = ask(wijk_server_port(server), "GET", "/gebied/GM9901", line, "");
    assert_int_equal(again.status, 304);
    assert_int_equal(again.size, 0);
    check_security(&again);
    answer other = ask(wijk_server_port(server), "GET", "/en/gebied/GM9901", line, "");
    assert_int_equal(other.status, 200);
    free(first.all);
    free(again.all);
    free(other.all);
}

static void test_gzip_reads_back(void **state)
{
    (void)state;
    answer plain = get("/gebied/GM9901");
    answer packed =
        ask(wijk_server_port(server), "GET", "/gebied/GM9901", "Accept-Encoding: gzip\r\n", "");
    assert_non_null(header(&packed, "Content-Encoding"));
    assert_true(packed.size < plain.size / 3);
    unsigned char *out = malloc(plain.size + 1);
    z_stream stream = {.next_in = (unsigned char *)packed.body,
                       .avail_in = (uInt)packed.size,
                       .next_out = out,
                       .avail_out = (uInt)plain.size + 1};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, plain.size);
    assert_memory_equal(out, plain.body, plain.size);
    inflateEnd(&stream);
    free(out);
    free(plain.all);
    free(packed.all);
}

static void test_head_has_no_body(void **state)
{
    (void)state;
    answer from = ask(wijk_server_port(server), "HEAD", "/bronnen", "", "");
    assert_int_equal(from.status, 200);
    assert_int_equal(from.size, 0);
    answer export = ask(wijk_server_port(server), "HEAD", "/export/alles.csv", "", "");
    assert_int_equal(export.status, 200);
    assert_int_equal(export.size, 0);
    free(from.all);
    free(export.all);
}

/* ---- refusals ---------------------------------------------------------------------------------
 */

static void test_refusals_have_their_status(void **state)
{
    (void)state;
    int port = wijk_server_port(server);
    char longest[4200], fields[20000];
    snprintf(longest, sizeof longest, "/zoek?q=");
    memset(longest + 8, 'a', 4000);
    longest[4008] = 0;
    memset(fields, 'b', sizeof fields);
    memcpy(fields, "X-Long: ", 8);
    memcpy(fields + 17000, "\r\n", 3);
    const struct {
        const char *method, *target, *headers, *body;
        int status;
    } cases[] = {
        {"GET", "/bestaat-niet", "", "", 404},
        {"GET", "/gebied/XX1234", "", "", 404},
        {"GET", "/gebied/a/b/c", "", "", 404},
        {"GET", "/indicator/%27%3B--", "", "", 404},
        {"GET", "/web/..%2f..%2fetc%2fpasswd", "", "", 404},
        {"GET", "/api/v1/areas/XX/observations", "", "", 404},
        {"GET", "/api/v1/areas?level=dorp", "", "", 400},
        {"POST", "/bronnen", "Content-Length: 0\r\n", "", 405},
        {"DELETE", "/gebied/GM9901", "", "", 405},
        {"GET", "/laden/stop", "", "", 405},
        {"GET", "/%00", "", "", 400},
        {"GET", "/%zz", "", "", 400},
        {"GET", "/zoek?q=%ff", "", "", 400},
        {"GET", longest, "", "", 414},
        {"GET", "/", fields, "", 431},
        {"POST", "/eigen", "Content-Length: 1000000\r\n", "", 413},
        {"POST", "/eigen", "Content-Length: 3\r\n", "a=b", 403},
        {"POST", "/eigen", "Content-Length: 3\r\nOrigin: http://evil.example\r\n", "a=b", 403},
        {"POST", "/eigen", "Content-Length: 3\r\nSec-Fetch-Site: cross-site\r\n", "a=b", 403},
        {"POST", "/eigen",
         "Content-Length: 3\r\nSec-Fetch-Site: same-origin\r\nContent-Type: text/plain\r\n", "a=b",
         415},
        {"POST", "/eigen",
         "Content-Length: 3\r\nSec-Fetch-Site: same-origin\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n",
         "a=%", 400},
        {"POST", "/laden",
         "Content-Length: 8\r\nSec-Fetch-Site: same-origin\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n",
         "map=/nil", 404},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer from = ask(port, cases[i].method, cases[i].target, cases[i].headers, cases[i].body);
        if (from.status != cases[i].status) {
            fail_msg("%s %.60s gave %d, not %d", cases[i].method, cases[i].target, from.status,
                     cases[i].status);
        }
        check_security(&from);
        assert_null(strstr(from.body, "sqlite"));
        free(from.all);
    }
}

static void test_hosts_and_broken_requests(void **state)
{
    (void)state;
    int port = wijk_server_port(server);
    static const struct {
        const char *request;
        int status; /* 0: any refusal, or the connection just ends */
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400},
        {"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400},
        {"NONSENSE\r\n\r\n", 0},
        {"GET / HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n", 0},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 0},
        {"POST /eigen HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n"
         "Connection: close\r\n\r\n",
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer from = say(port, cases[i].request, strlen(cases[i].request));
        if (cases[i].status) {
            assert_int_equal(from.status, cases[i].status);
        } else {
            assert_true(from.status == 0 || from.status >= 400);
        }
        free(from.all);
    }
    answer after = get("/");
    assert_int_equal(after.status, 200);
    free(after.all);
}

/* How many of the connections still wait: what the server has given up can be read to its end. */
static int waiting(const int *fd, int n)
{
    int count = 0;
    char byte;
    for (int i = 0; i < n; i++) {
        count += recv(fd[i], &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
    }
    return count;
}

/* More of them than there are threads. A page that had to wait for one of them would come after the
 * server has given that one up. */
static void test_slow_clients_hold_up_nobody(void **state)
{
    (void)state;
    enum { SLOW = 60 };
    int slow[SLOW];
    for (int i = 0; i < SLOW; i++) {
        slow[i] = dial(wijk_server_port(server));
        assert_true(send(slow[i], "GET /bronnen HTTP/1.1\r\nHo", 26, MSG_NOSIGNAL) > 0);
    }
    answer from = get("/bronnen");
    assert_int_equal(from.status, 200);
    assert_int_equal(waiting(slow, SLOW), SLOW);
    free(from.all);
    for (int i = 0; i < SLOW; i++) {
        close(slow[i]);
    }
}

static void test_text_of_users_is_escaped(void **state)
{
    (void)state;
    answer from = get("/zoek?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27");
    assert_int_equal(from.status, 200);
    assert_null(strstr(from.body, "<script>alert"));
    assert_non_null(strstr(from.body, "&lt;script&gt;alert(1)"));
    free(from.all);
    from = get("/gebied/%3Cimg%20src=x%3E");
    assert_int_equal(from.status, 404);
    assert_null(strstr(from.body, "<img"));
    free(from.all);
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static const char FORM[] = "Sec-Fetch-Site: same-origin\r\n"
                           "Content-Type: application/x-www-form-urlencoded\r\n";

static answer post(const char *target, const char *body)
{
    char headers[256];
    snprintf(headers, sizeof headers, "%sContent-Length: %zu\r\n", FORM, strlen(body));
    return ask(wijk_server_port(server), "POST", target, headers, body);
}

static void test_own_area_is_made_shown_and_withdrawn(void **state)
{
    (void)state;
    answer made = post("/eigen", "naam=Ons+%3Cb%3Ewerkgebied&delen=BU99010001%0D%0ABU99010002");
    assert_int_equal(made.status, 303);
    char *at = header(&made, "Location");
    assert_non_null(at);
    char target[128], form[160];
    snprintf(target, sizeof target, "%.*s", (int)strcspn(at, "\r"), at);
    answer page = get(target);
    assert_int_equal(page.status, 200);
    assert_non_null(strstr(page.body, "Ons &lt;b&gt;werkgebied"));
    assert_non_null(strstr(page.body, "wijk-fictional"));
    answer list = get("/eigen");
    assert_non_null(strstr(list.body, "Ons &lt;b&gt;werkgebied"));
    snprintf(form, sizeof form, "code=%s", strrchr(target, '/') + 1);
    answer gone = post("/eigen/weg", form);
    assert_int_equal(gone.status, 303);
    answer after = get("/eigen");
    assert_null(strstr(after.body, "werkgebied</a>"));
    answer wrong = post("/eigen", "naam=x&delen=BU99999999");
    assert_int_equal(wrong.status, 404);
    free(made.all);
    free(page.all);
    free(list.all);
    free(gone.all);
    free(after.all);
    free(wrong.all);
}

static void *keep_asking(void *payload)
{
    static const char *const targets[] = {"/", "/gebied/GM9901", "/api/v1/search?q=merel",
                                          "/en/gebied/BU99010001", "/bronnen"};
    long *wrong = payload;
    for (int i = 0; i < 40; i++) {
        answer from = get(targets[i % 5]);
        *wrong += from.status != 200;
        free(from.all);
    }
    return NULL;
}

/* Pages keep answering, each from one state of the file, while the file changes under them. */
static void test_readers_while_somebody_writes(void **state)
{
    (void)state;
    enum { READERS = 4 };
    pthread_t readers[READERS];
    long wrong[READERS] = {0};
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, keep_asking, &wrong[i]), 0);
    }
    for (int i = 0; i < 10; i++) {
        char body[80];
        snprintf(body, sizeof body, "naam=Reeks+%d&delen=BU99010001", i);
        answer made = post("/eigen", body);
        assert_int_equal(made.status, 303);
        free(made.all);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
        assert_int_equal(wrong[i], 0);
    }
    answer found = get("/api/v1/search?q=reeks");
    assert_non_null(strstr(found.body, "Reeks"));
    free(found.all);
}

static void test_read_only_has_no_way_to_write(void **state)
{
    (void)state;
    wijk_server *second;
    wijk_serve_options options = {.path = file, .read_only = 1, .host = "wijk.example"};
    assert_int_equal(wijk_server_start(&second, &options), 0);
    int port = wijk_server_port(second);
    for (const web_route *route = web_routes; route->pattern; route++) {
        if (route->flags & (WEB_UNSAFE | WEB_HIDDEN)) {
            int unsafe = (route->flags & WEB_UNSAFE) != 0;
            char headers[256];
            snprintf(headers, sizeof headers, "%sContent-Length: 0\r\n", FORM);
            answer from =
                ask(port, unsafe ? "POST" : "GET", route->sample, unsafe ? headers : "", "");
            assert_int_equal(from.status, 404);
            free(from.all);
        }
    }
    static const char proxied[] =
        "GET / HTTP/1.1\r\nHost: wijk.example\r\nConnection: close\r\n\r\n";
    answer from = say(port, proxied, sizeof proxied - 1);
    assert_int_equal(from.status, 200);
    assert_null(strstr(from.body, "/laden"));
    free(from.all);
    wijk_server_stop(second);
}

/* ---- the API and its description ----------------------------------------------------------------
 */

/* The schema that a reference stands for. */
static json_t *schema_of(json_t *root, json_t *schema)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    if (!reference) {
        return schema;
    }
    json_t *components = json_object_get(json_object_get(root, "components"), "schemas");
    return json_object_get(components, strrchr(reference, '/') + 1);
}

/* Every required member of the schema is in the answer; members of lists too. */
static void check_schema(json_t *root, json_t *schema, json_t *value)
{
    size_t i;
    json_t *part;
    schema = schema_of(root, schema);
    json_array_foreach(json_object_get(schema, "allOf"), i, part)
    {
        check_schema(root, part, value);
    }
    json_array_foreach(json_object_get(schema, "required"), i, part)
    {
        const char *name = json_string_value(part);
        json_t *member = json_object_get(value, name);
        if (!member) {
            fail_msg("the answer lacks \"%s\"", name);
        }
        json_t *about = json_object_get(json_object_get(schema, "properties"), name);
        if (json_is_array(member) && json_array_size(member) > 0) {
            check_schema(root, json_object_get(about, "items"), json_array_get(member, 0));
        }
    }
}

static void test_description_and_routes_agree(void **state)
{
    (void)state;
    answer from = get("/api/v1/openapi.json");
    json_error_t error;
    json_t *root = json_loads(from.body, 0, &error);
    assert_non_null(root);
    json_t *paths = json_object_get(root, "paths");
    size_t routes = 0;
    for (const web_route *route = web_routes; route->pattern; route++) {
        if (!(route->flags & WEB_API)) {
            continue;
        }
        routes++;
        char path[128];
        const char *hole = strstr(route->pattern, "{}");
        snprintf(path, sizeof path, "%.*s%s%s",
                 hole ? (int)(hole - route->pattern - 7) : (int)strlen(route->pattern) - 7,
                 route->pattern + 7, hole ? "{code}" : "", hole ? hole + 2 : "");
        json_t *described = json_object_get(json_object_get(paths, path), "get");
        if (!described) {
            fail_msg("openapi.json lacks %s", path);
        }
        answer sample = get(route->sample);
        json_t *value = json_loads(sample.body, 0, &error);
        assert_non_null(value);
        json_t *ok = json_object_get(json_object_get(described, "responses"), "200");
        json_t *content = json_object_get(json_object_get(ok, "content"), "application/json");
        check_schema(root, json_object_get(content, "schema"), value);
        json_decref(value);
        free(sample.all);
    }
    assert_int_equal(routes, json_object_size(paths));
    json_decref(root);
    free(from.all);
}

static void test_problems_are_json(void **state)
{
    (void)state;
    answer from = get("/api/v1/indicators/nonsense");
    assert_int_equal(from.status, 404);
    assert_non_null(strstr(header(&from, "Content-Type"), "application/problem+json"));
    json_error_t error;
    json_t *root = json_loads(from.body, 0, &error);
    assert_int_equal(json_integer_value(json_object_get(root, "status")), 404);
    json_decref(root);
    free(from.all);
}

static void test_paging_covers_all_once(void **state)
{
    (void)state;
    json_error_t error;
    size_t seen = 0;
    json_int_t total = 0;
    for (int page = 1, more = 1; more; page++) {
        char target[80];
        snprintf(target, sizeof target, "/api/v1/areas?pageSize=37&page=%d", page);
        answer from = get(target);
        json_t *root = json_loads(from.body, 0, &error);
        assert_non_null(root);
        seen += json_array_size(json_object_get(root, "areas"));
        total = json_integer_value(json_object_get(root, "total"));
        more = json_is_true(json_object_get(root, "more"));
        json_decref(root);
        free(from.all);
    }
    assert_true(total > 100);
    assert_int_equal(seen, total);
}

/* How often a text stands in a body. */
static size_t times(const answer *from, const char *text)
{
    size_t n = 0;
    for (const char *at = from->body; (at = strstr(at, text)); at++) {
        n++;
    }
    return n;
}

/* Chances of a fall are for who asks for an area: no route tells them of many. Only the pages of an
 * area give any, of that area itself; data files and the API give none. */
static void test_no_route_lists_warnings(void **state)
{
    (void)state;
    static const char CHANCE[] = "kans dat de score meer dan";
    size_t told = 0;
    for (const web_route *route = web_routes; route->pattern; route++) {
        if (route->flags & WEB_UNSAFE) {
            continue;
        }
        answer page = get(route->sample);
        size_t chances = times(&page, CHANCE);
        if (strcmp(route->pattern, "/gebied/{}/vooruitblik") == 0) {
            told += chances;
        } else if (chances || times(&page, "\"drop\"") || times(&page, "chance_of_drop")) {
            fail_msg("%s tells chances of a fall", route->pattern);
        }
        free(page.all);
    }
    assert_int_equal(told, 1);
    static const struct {
        const char *target;
        size_t chances;
    } pages[] = {{"/gebied/BU99010101", 1},
                 {"/gebied/GM9901", 0}, /* a whole gemeente would be a list */
                 {"/gebied/GM9901/vooruitblik", 0}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        answer page = get(pages[i].target);
        assert_int_equal(page.status, 200);
        assert_int_equal(times(&page, CHANCE), pages[i].chances);
        free(page.all);
    }
}

/* Origin is published, never compared: no such indicator on a page that puts areas side by side. */
static void test_origin_is_never_compared(void **state)
{
    (void)state;
    answer one = get("/gebied/GM9901/tabel");
    answer two = get("/vergelijk?a=WK990100&b=WK990101");
    assert_int_equal(two.status, 200);
    assert_non_null(strstr(one.body, "/indicator/origin"));
    assert_null(strstr(two.body, "/indicator/origin"));
    free(one.all);
    free(two.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_route_answers),
        cmocka_unit_test(test_unchanged_is_told_by_the_tag),
        cmocka_unit_test(test_gzip_reads_back),
        cmocka_unit_test(test_head_has_no_body),
        cmocka_unit_test(test_refusals_have_their_status),
        cmocka_unit_test(test_hosts_and_broken_requests),
        cmocka_unit_test(test_slow_clients_hold_up_nobody),
        cmocka_unit_test(test_text_of_users_is_escaped),
        cmocka_unit_test(test_own_area_is_made_shown_and_withdrawn),
        cmocka_unit_test(test_readers_while_somebody_writes),
        cmocka_unit_test(test_read_only_has_no_way_to_write),
        cmocka_unit_test(test_description_and_routes_agree),
        cmocka_unit_test(test_problems_are_json),
        cmocka_unit_test(test_paging_covers_all_once),
        cmocka_unit_test(test_origin_is_never_compared),
        cmocka_unit_test(test_no_route_lists_warnings),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
