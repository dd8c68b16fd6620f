/* Downloads from a publisher that misbehaves in every way we know: a small HTTP server on this very
 * machine (libmicrohttpd) breaks off, moves, changes and stalls. Nothing leaves the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wijk/err.h"
#include "wijk/fetch.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SIZE = 300000 };

static struct MHD_Daemon *server;
static unsigned port;
static char folder[2048], data[SIZE + 1];
static atomic_int cut_after; /* bytes after which the server closes the line; 0 = never */
static atomic_int edition;   /* 0 or 1: which bytes /data.csv has */
static atomic_int with_tag = 1;
static atomic_int asked_range, answered_304;

typedef struct {
    size_t from;
} piece;

static char byte_at(size_t i)
{
    return (char)('0' + (i * 7 + (size_t)atomic_load(&edition)) % 10);
}

static ssize_t give(void *payload, uint64_t at, char *out, size_t room)
{
    piece *it = payload;
    size_t pos = it->from + (size_t)at, cut = (size_t)atomic_load(&cut_after);
    if (cut && pos >= cut) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = (cut ? cut : SIZE) - pos;
    size_t take = left < room ? left : room;
    for (size_t i = 0; i < take; i++) {
        out[i] = byte_at(pos + i);
    }
    return (ssize_t)take;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              struct MHD_Response *response)
{
    enum MHD_Result rc = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return rc;
}

static enum MHD_Result text(struct MHD_Connection *connection, unsigned status, const char *words)
{
    return answer(connection, status,
                  MHD_create_response_from_buffer(strlen(words), (void *)(uintptr_t)words,
                                                  MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result give_data(struct MHD_Connection *connection)
{
    const char *range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Range");
    const char *if_range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-Range");
    const char *if_none = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    const char *tag = atomic_load(&edition) ? "\"two\"" : "\"one\"";
    if (if_none && !strcmp(if_none, tag)) {
        atomic_fetch_add(&answered_304, 1);
        return text(connection, 304, "");
    }
    piece *it = calloc(1, sizeof *it);
    unsigned status = 200;
    if (range && if_range && !strcmp(if_range, tag) && !strncmp(range, "bytes=", 6)) {
        it->from = (size_t)strtoul(range + 6, NULL, 10);
        atomic_store(&asked_range, (int)it->from);
        status = 206;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(SIZE - it->from, 4096, give, it, free);
    if (atomic_load(&with_tag)) {
        MHD_add_response_header(response, "ETag", tag);
    }
    if (status == 206) {
        char header[80];
        snprintf(header, sizeof header, "bytes %zu-%d/%d", it->from, SIZE - 1, SIZE);
        MHD_add_response_header(response, "Content-Range", header);
    }
    return answer(connection, status, response);
}

static enum MHD_Result redirect(struct MHD_Connection *connection, const char *to)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(4, (void *)(uintptr_t) "gone", MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Location", to);
    return answer(connection, 302, response);
}

static ssize_t never(void *payload, uint64_t at, char *out, size_t room)
{
    (void)payload;
    (void)at;
    (void)out;
    (void)room;
    return 0;
}

static enum MHD_Result serve(void *payload, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *body,
                             size_t *size, void **state)
{
    (void)payload;
    (void)method;
    (void)version;
    (void)body;
    (void)size;
    (void)state;
    if (!strcmp(url, "/data.csv")) {
        return give_data(connection);
    }
    if (!strcmp(url, "/moved.csv")) {
        return redirect(connection, "/data.csv");
    }
    if (!strcmp(url, "/loop.csv")) {
        return redirect(connection, "/loop.csv");
    }
    if (!strcmp(url, "/away.csv")) {
        return redirect(connection, "http://publisher.example/data.csv");
    }
    if (!strcmp(url, "/file.csv")) {
        return redirect(connection, "file:///etc/passwd");
    }
    if (!strcmp(url, "/page.csv")) {
        return text(connection, 200, "\n <!DOCTYPE html>\n<title>Deze pagina is verhuisd</title>");
    }
    if (!strcmp(url, "/empty.csv")) {
        return text(connection, 200, "");
    }
    if (!strcmp(url, "/broken.csv")) {
        return text(connection, 503, "<html>even niet</html>");
    }
    if (!strcmp(url, "/silent.csv")) {
        return answer(connection, 200,
                      MHD_create_response_from_callback(SIZE, 4096, never, NULL, NULL));
    }
    return text(connection, 404, "<html>bestaat niet</html>");
}

static int setup(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, serve, NULL,
                              MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (!server) {
        return -1;
    }
    port = MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port;
    const char *temp = getenv("WIJK_TMP");
    snprintf(folder, sizeof folder, "%s/%d-fetch/cache", temp ? temp : "/tmp", (int)getpid());
    return 0;
}

static void clean(void)
{
    static const char *const names[] = {"data.csv", "moved.csv", "page.csv", "silent.csv",
                                        "empty.csv"};
    static const char *const tails[] = {"", ".part", ".part.tag", ".tag", ".sha256"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
            char name[4200];
            snprintf(name, sizeof name, "%s/%s%s", folder, names[i], tails[k]);
            remove(name);
        }
    }
    atomic_store(&cut_after, 0);
    atomic_store(&edition, 0);
    atomic_store(&with_tag, 1);
    atomic_store(&asked_range, 0);
}

static int teardown(void **state)
{
    (void)state;
    clean();
    rmdir(folder);
    *strrchr(folder, '/') = 0;
    rmdir(folder);
    MHD_stop_daemon(server);
    return 0;
}

static int reset(void **state)
{
    (void)state;
    clean();
    return 0;
}

static int get_with(wijk_fetched *out, const char *name, wijk_fetch_options options, wijk_ctx *ctx)
{
    char url[200];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/%s", port, name);
    options.url = url;
    options.folder = folder;
    return wijk_fetch(out, &options, ctx);
}

static int get(wijk_fetched *out, const char *name)
{
    return get_with(out, name, (wijk_fetch_options){0}, NULL);
}

static void says(const char *nl, const char *en)
{
    if (!strstr(wijk_error(WIJK_NL), nl) || !strstr(wijk_error(WIJK_EN), en)) {
        fail_msg("%s / %s", wijk_error(WIJK_NL), wijk_error(WIJK_EN));
    }
}

static void assert_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(data, 1, sizeof data, file), SIZE);
    fclose(file);
    for (size_t i = 0; i < SIZE; i++) {
        if (data[i] != byte_at(i)) {
            fail_msg("byte %zu differs", i);
        }
    }
}

static void test_fetched_and_kept(void **state)
{
    (void)state;
    wijk_fetched got;
    if (get(&got, "data.csv")) {
        fail_msg("%s", wijk_error(WIJK_EN));
    }
    assert_int_equal(got.bytes, SIZE);
    assert_string_equal(got.before, "");
    assert_whole(got.path);
    /* Another program agrees on the checksum. */
    char command[5000];
    snprintf(command, sizeof command, "cd '%s' && sha256sum --quiet -c data.csv.sha256", folder);
    assert_int_equal(system(command), 0);

    wijk_fetched again;
    int before = atomic_load(&answered_304);
    assert_int_equal(get(&again, "data.csv"), 0);
    assert_int_equal(again.unchanged, 1);
    assert_int_equal(atomic_load(&answered_304), before + 1);
    assert_string_equal(again.sha256, got.sha256);

    atomic_store(&edition, 1);
    assert_int_equal(get(&again, "data.csv"), 0);
    assert_int_equal(again.unchanged, 0);
    assert_string_equal(again.before, got.sha256);
    assert_string_not_equal(again.sha256, got.sha256);
    assert_whole(again.path);
}

static void test_goes_on_where_it_stopped(void **state)
{
    (void)state;
    wijk_fetched got;
    atomic_store(&cut_after, 100000);
    assert_int_equal(get(&got, "data.csv"), WIJK_EIO);
    says("brak af na 100000 bytes", "broke off after 100000 bytes");
    assert_int_not_equal(access(got.path, F_OK), 0);
    atomic_store(&cut_after, 0);
    assert_int_equal(get(&got, "data.csv"), 0);
    assert_int_equal(got.resumed, 1);
    assert_int_equal(atomic_load(&asked_range), 100000);
    assert_whole(got.path);
}

/* The file changed between the two halves: they must never be joined. */
static void test_never_joins_two_editions(void **state)
{
    (void)state;
    wijk_fetched got;
    atomic_store(&cut_after, 100000);
    assert_int_equal(get(&got, "data.csv"), WIJK_EIO);
    atomic_store(&cut_after, 0);
    atomic_store(&edition, 1);
    assert_int_equal(get(&got, "data.csv"), 0);
    assert_int_equal(got.resumed, 0);
    assert_whole(got.path);

    clean();
    atomic_store(&with_tag, 0);
    atomic_store(&cut_after, 100000);
    assert_int_equal(get(&got, "data.csv"), WIJK_EIO);
    atomic_store(&cut_after, 0);
    assert_int_equal(get(&got, "data.csv"), 0);
    assert_int_equal(got.resumed, 0);
    assert_int_equal(atomic_load(&asked_range), 0);
    assert_whole(got.path);
}

static void test_redirects(void **state)
{
    (void)state;
    wijk_fetched got;
    assert_int_equal(get(&got, "moved.csv"), 0);
    assert_whole(got.path);
    assert_int_equal(get(&got, "loop.csv"), WIJK_ELIMIT);
    says("verwijst steeds door", "keeps redirecting");
    assert_int_equal(get(&got, "away.csv"), WIJK_EINVAL);
    says("Alleen https", "Only https");
    assert_int_equal(get(&got, "file.csv"), WIJK_EINVAL);
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const refused[] = {"http://publisher.example/a.csv",
                                          "ftp://127.0.0.1/a.csv",
                                          "file:///etc/passwd",
                                          "gopher://127.0.0.1/",
                                          "nonsense",
                                          "",
                                          "https://"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        wijk_fetched got;
        wijk_fetch_options options = {.url = refused[i], .folder = folder};
        assert_int_equal(wijk_fetch(&got, &options, NULL), WIJK_EINVAL);
    }
}

static void test_what_publishers_do(void **state)
{
    (void)state;
    wijk_fetched got;
    assert_int_equal(get(&got, "nothing.csv"), WIJK_ENOTFOUND);
    says("bestaat niet (meer) (404)", "does not exist (any more) (404)");
    assert_int_equal(get(&got, "page.csv"), WIJK_EFORMAT);
    says("webpagina, geen gegevens", "web page, not data");
    assert_int_not_equal(access(got.path, F_OK), 0);
    assert_int_equal(get(&got, "empty.csv"), WIJK_EFORMAT);
    assert_int_equal(get(&got, "broken.csv"), WIJK_EIO);
    says("antwoordt met 503", "answers 503");
    assert_int_equal(get_with(&got, "silent.csv", (wijk_fetch_options){.patience = 1}, NULL),
                     WIJK_EIO);
    says("zwijgt", "is silent");
    assert_int_equal(get_with(&got, "data.csv", (wijk_fetch_options){.ceiling = SIZE / 2}, NULL),
                     WIJK_ELIMIT);
    says("is groter dan", "is larger than");
}

static void test_checksum(void **state)
{
    (void)state;
    wijk_fetched got;
    const char *wrong = "0000000000000000000000000000000000000000000000000000000000000000";
    assert_int_equal(get_with(&got, "data.csv", (wijk_fetch_options){.sha256 = wrong}, NULL),
                     WIJK_EFORMAT);
    says("niet het bestand dat u verwacht", "not the file you expect");
    assert_int_not_equal(access(got.path, F_OK), 0);
    char right[65];
    memcpy(right, got.sha256, sizeof right);
    assert_int_equal(get_with(&got, "data.csv", (wijk_fetch_options){.sha256 = right}, NULL), 0);
}

static void test_offline_and_stopped(void **state)
{
    (void)state;
    wijk_fetched got;
    wijk_fetch_options options = {.url = "http://127.0.0.1:1/data.csv", .folder = folder};
    assert_int_equal(wijk_fetch(&got, &options, NULL), WIJK_EIO);
    says("Bent u online?", "Are you online?");
    wijk_ctx ctx = {0};
    atomic_store(&ctx.cancel, 1);
    assert_int_equal(get_with(&got, "data.csv", (wijk_fetch_options){0}, &ctx), WIJK_ECANCEL);
    assert_int_not_equal(access(got.path, F_OK), 0);
}

static void test_folder(void **state)
{
    (void)state;
    char got[300];
    setenv("XDG_CACHE_HOME", "/x/cache", 1);
    assert_int_equal(wijk_fetch_folder(got, sizeof got), 0);
    assert_string_equal(got, "/x/cache/wijk");
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "/home/an", 1);
    assert_int_equal(wijk_fetch_folder(got, sizeof got), 0);
    assert_string_equal(got, "/home/an/.cache/wijk");
    unsetenv("HOME");
    assert_int_equal(wijk_fetch_folder(got, sizeof got), WIJK_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_fetched_and_kept, reset),
        cmocka_unit_test_setup(test_goes_on_where_it_stopped, reset),
        cmocka_unit_test_setup(test_never_joins_two_editions, reset),
        cmocka_unit_test_setup(test_redirects, reset),
        cmocka_unit_test_setup(test_addresses, reset),
        cmocka_unit_test_setup(test_what_publishers_do, reset),
        cmocka_unit_test_setup(test_checksum, reset),
        cmocka_unit_test_setup(test_offline_and_stopped, reset),
        cmocka_unit_test_setup(test_folder, reset),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
