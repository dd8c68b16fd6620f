/* Downloading open data with libcurl. The order of work is the guarantee: bytes go to NAME.part,
 * are judged (status, length, kind, checksum) and only then get their name. The tag the server gave
 * is kept beside an unfinished part, so that it is never completed with bytes of another edition.
 */
#include "wijk/fetch.h"

#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_REDIRECTS = 5, PATIENCE = 30, CONNECT_SECONDS = 20, TAG = 256, PEEK = 512 };

typedef struct {
    const wijk_fetch_options *options;
    wijk_fetched *out;
    wijk_ctx *ctx;
    CURL *curl;
    int fd;                 /* of the part, locked */
    uint64_t ceiling, have; /* bytes in the part */
    long status;
    int began, refused; /* a code that a callback left, told in its own words */
    uint64_t from;      /* where the answer says that it begins, in a 206 */
    char part[4096 + 16], part_tag[4096 + 16], copy_tag[4096 + 16], sum_path[4096 + 16];
    char tag[TAG];     /* of the answer under way */
    char old_tag[TAG]; /* of the part, or else of the copy in the cache */
    char url[2048];
    char host[256];
    char start[PEEK]; /* the first bytes of the file */
} job;

/* ---- addresses ---------------------------------------------------------------------------- */

static int is_loopback(const char *host)
{
    return !strcasecmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "[::1]") ||
           !strcmp(host, "::1");
}

/* https anywhere; http on this machine only, which is what tests and mirrors need. */
static int check_address(job *it)
{
    CURLU *parsed = curl_url();
    char *scheme = NULL, *host = NULL;
    int good = parsed && !curl_url_set(parsed, CURLUPART_URL, it->url, 0) &&
               !curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) &&
               !curl_url_get(parsed, CURLUPART_HOST, &host, 0);
    snprintf(it->host, sizeof it->host, "%s", good ? host : "");
    good = good &&
           (!strcasecmp(scheme, "https") || (!strcasecmp(scheme, "http") && is_loopback(host)));
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parsed);
    return good ? WIJK_OK
                : wijk_fail(WIJK_EINVAL,
                            "Dit adres gebruiken wij niet: %s. Alleen https-adressen zijn veilig.",
                            "We do not use this address: %s. Only https addresses are safe.",
                            it->url);
}

int wijk_fetch_folder(char *out, unsigned room)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache) {
        snprintf(out, room, "%s/wijk", cache);
    } else if (home && *home) {
        snprintf(out, room, "%s/.cache/wijk", home);
    } else {
        return wijk_fail(WIJK_EINVAL, "Waar moet het bestand heen? Geef een map: --to MAP",
                         "Where should the file go? Give a folder: --to FOLDER");
    }
    return WIJK_OK;
}

/* The last part of the address, with nothing in it that a path could misuse. */
static void name_of(char *out, size_t room, const char *url)
{
    size_t end = strcspn(url, "?#"), begin = end;
    while (begin > 0 && url[begin - 1] != '/') {
        begin--;
    }
    size_t size = 0;
    for (size_t i = begin; i < end && size + 1 < room; i++) {
        int plain = (url[i] >= 'a' && url[i] <= 'z') || (url[i] >= 'A' && url[i] <= 'Z') ||
                    (url[i] >= '0' && url[i] <= '9') || strchr("._-", url[i]);
        /* No leading dot: the file should be seen, and ".." should be nothing. */
        out[size] = plain && (size || url[i] != '.') ? url[i] : '_';
        size++;
    }
    out[size] = 0;
    if (!size) {
        snprintf(out, room, "download");
    }
}

/* ---- the cache ------------------------------------------------------------------------------ */

static int make_folder(const char *path)
{
    char partial[4096];
    snprintf(partial, sizeof partial, "%s", path);
    for (char *at = partial + 1; *at; at++) {
        if (*at == '/') {
            *at = 0;
            mkdir(partial, 0700);
            *at = '/';
        }
    }
    struct stat info;
    return mkdir(partial, 0700) && (stat(partial, &info) || !S_ISDIR(info.st_mode))
               ? wijk_fail(WIJK_EIO, "Kan de map %s niet maken: %s.",
                           "Cannot make the folder %s: %s.", path, strerror(errno))
               : WIJK_OK;
}

/* The first line of a small file; "" when there is none. */
static void read_line(char *out, size_t room, const char *path)
{
    FILE *file = fopen(path, "r");
    out[0] = 0;
    if (file) {
        if (!fgets(out, (int)room, file)) {
            out[0] = 0;
        }
        fclose(file);
    }
    out[strcspn(out, "\r\n")] = 0;
}

static int write_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "w");
    int bad = !file || fprintf(file, "%s\n", line) < 0;
    bad = (file && fclose(file)) || bad;
    return bad ? wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", path,
                           strerror(errno))
               : WIJK_OK;
}

static int open_part(job *it)
{
    it->fd = open(it->part, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (it->fd < 0) {
        return wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", it->part,
                         strerror(errno));
    }
    if (flock(it->fd, LOCK_EX | LOCK_NB)) {
        return wijk_fail(WIJK_EBUSY, "%s wordt al opgehaald door een ander wijk-programma.",
                         "%s is being fetched by another wijk program already.", it->part);
    }
    off_t size = lseek(it->fd, 0, SEEK_END);
    read_line(it->old_tag, sizeof it->old_tag, it->part_tag);
    if (size > 0 && it->old_tag[0]) {
        it->have = (uint64_t)size;
    } else {
        /* Without a tag nobody knows of what edition a part is: it begins again. */
        read_line(it->old_tag, sizeof it->old_tag, it->copy_tag);
    }
    return WIJK_OK;
}

static int prepare(job *it)
{
    const wijk_fetch_options *options = it->options;
    char folder[3500], name[256];
    int rc = check_address(it);
    if (!rc && options->folder) {
        snprintf(folder, sizeof folder, "%s", options->folder);
    } else if (!rc) {
        rc = wijk_fetch_folder(folder, sizeof folder);
    }
    rc = rc ? rc : make_folder(folder);
    if (rc) {
        return rc;
    }
    name_of(name, sizeof name, options->name ? options->name : options->url);
    snprintf(it->out->path, sizeof it->out->path, "%s/%s", folder, name);
    snprintf(it->part, sizeof it->part, "%s.part", it->out->path);
    snprintf(it->part_tag, sizeof it->part_tag, "%s.part.tag", it->out->path);
    snprintf(it->copy_tag, sizeof it->copy_tag, "%s.tag", it->out->path);
    snprintf(it->sum_path, sizeof it->sum_path, "%s.sha256", it->out->path);
    char line[400];
    read_line(line, sizeof line, it->sum_path);
    if (strcspn(line, " ") == 64 && !access(it->out->path, R_OK)) {
        snprintf(it->out->before, sizeof it->out->before, "%.64s", line);
    }
    return open_part(it);
}

/* ---- one request --------------------------------------------------------------------------- */

/* What follows "Name:" in a header line; NULL when it is another header. */
static const char *header_value(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);
    if (size <= length || strncasecmp(line, name, length) != 0) {
        return NULL;
    }
    while (length < size && line[length] == ' ') {
        length++;
    }
    return line + length;
}

static size_t on_header(char *line, size_t one, size_t size, void *payload)
{
    job *it = payload;
    (void)one;
    char text[TAG];
    snprintf(text, sizeof text, "%.*s", (int)(size < TAG ? size : TAG - 1), line);
    text[strcspn(text, "\r\n")] = 0;
    size_t length = strlen(text);
    const char *value;
    if (header_value(text, length, "HTTP/")) {
        it->tag[0] = 0; /* the headers of a next answer begin */
        it->from = 0;
    } else if ((value = header_value(text, length, "ETag:"))) {
        /* A weak tag does not promise the same bytes (RFC 9110, 13.1.5): no part rests on it. */
        if (strncmp(value, "W/", 2) != 0) {
            snprintf(it->tag, sizeof it->tag, "%s", value);
        }
    } else if ((value = header_value(text, length, "Last-Modified:")) && !it->tag[0]) {
        snprintf(it->tag, sizeof it->tag, "%s", value);
    } else if ((value = header_value(text, length, "Content-Range: bytes"))) {
        it->from = strtoull(value, NULL, 10);
    }
    return size;
}

/* The first bytes of an answer decide whether they continue the part or begin it again. */
static int begin_body(job *it)
{
    it->began = 1;
    curl_easy_getinfo(it->curl, CURLINFO_RESPONSE_CODE, &it->status);
    if (it->status == 206 && it->have && it->from == it->have) {
        it->out->resumed = 1;
        return WIJK_OK;
    }
    if (it->status == 206) {
        return wijk_fail(WIJK_EIO, "%s stuurt een ander stuk dan gevraagd. Probeer het nog eens.",
                         "%s sends another part than asked for. Try again.", it->host);
    }
    it->have = 0;
    if (ftruncate(it->fd, 0) || lseek(it->fd, 0, SEEK_SET) < 0) {
        return wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", it->part,
                         strerror(errno));
    }
    return write_line(it->part_tag, it->tag);
}

static int too_large(const job *it)
{
    return wijk_fail(WIJK_ELIMIT, "%s is groter dan %llu MB; dat is geen bestand voor wijk.",
                     "%s is larger than %llu MB; that is no file for wijk.", it->url,
                     (unsigned long long)(it->ceiling / 1000000));
}

static size_t on_body(char *bytes, size_t one, size_t size, void *payload)
{
    job *it = payload;
    (void)one;
    curl_easy_getinfo(it->curl, CURLINFO_RESPONSE_CODE, &it->status);
    if (it->status != 200 && it->status != 206) {
        return size; /* the words of an error page are not wanted */
    }
    if (!it->began) {
        it->refused = begin_body(it);
    }
    if (!it->refused && it->have + size > it->ceiling) {
        it->refused = too_large(it);
    }
    for (size_t done = 0; !it->refused && done < size;) {
        ssize_t wrote = write(it->fd, bytes + done, size - done);
        if (wrote < 0) {
            it->refused =
                wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s. Is de schijf vol?",
                          "Cannot write %s: %s. Is the disk full?", it->part, strerror(errno));
            break;
        }
        done += (size_t)wrote;
        it->have += (uint64_t)wrote;
    }
    return it->refused ? 0 : size;
}

static int on_progress(void *payload, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    job *it = payload;
    (void)up_total;
    (void)up_now;
    wijk_progress(it->ctx, it->host, total > 0 ? (double)now / (double)total : 0);
    if (!it->refused) {
        it->refused = wijk_checkpoint(it->ctx);
    }
    return it->refused != 0;
}

static struct curl_slist *set_headers(job *it)
{
    wijk_str line = WIJK_STR_INIT;
    struct curl_slist *headers = NULL;
    if (it->have) {
        /* Not CURLOPT_RESUME_FROM: that calls it an error when the file has changed. */
        char range[32];
        snprintf(range, sizeof range, "%llu-", (unsigned long long)it->have);
        curl_easy_setopt(it->curl, CURLOPT_RANGE, range);
        wijk_str_addf(&line, "If-Range: %s", it->old_tag);
    } else if (it->out->before[0] && it->old_tag[0]) {
        wijk_str_addf(&line, it->old_tag[0] == '"' ? "If-None-Match: %s" : "If-Modified-Since: %s",
                      it->old_tag);
    }
    if (line.size) {
        headers = curl_slist_append(NULL, line.data);
        curl_easy_setopt(it->curl, CURLOPT_HTTPHEADER, headers);
    }
    wijk_str_free(&line);
    return headers;
}

static int request(job *it, CURLcode *result)
{
    CURL *curl = it->curl = curl_easy_init();
    if (!curl) {
        return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
    }
    long patience = it->options->patience ? it->options->patience : PATIENCE;
    it->began = it->refused = 0;
    it->status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, it->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "wijk/" WIJK_VERSION);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, patience);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, it);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, it);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, it);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)it->ceiling);
    struct curl_slist *headers = set_headers(it);
    *result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &it->status);
    char *next = NULL;
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next);
    if (next) {
        snprintf(it->url, sizeof it->url, "%s", next);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    it->curl = NULL;
    return WIJK_OK;
}

/* ---- what the answer means ------------------------------------------------------------------ */

static int transport_problem(const job *it, CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return wijk_fail(WIJK_EIO,
                         "Geen verbinding met %s. Bent u online? Lukt het later ook niet, haal het "
                         "bestand dan met een browser en gebruik `wijk load`.",
                         "No connection to %s. Are you online? If it fails later too, fetch the "
                         "file with a browser and use `wijk load`.",
                         it->host);
    case CURLE_OPERATION_TIMEDOUT:
        return wijk_fail(WIJK_EIO,
                         "%s zwijgt. Wat binnen is (%llu bytes) blijft bewaard; probeer het nog "
                         "eens, dan gaat het verder.",
                         "%s is silent. What came in (%llu bytes) is kept; try again and it goes "
                         "on from there.",
                         it->host, (unsigned long long)it->have);
    case CURLE_FILESIZE_EXCEEDED:
        return too_large(it);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return wijk_fail(WIJK_EIO, "%s kan niet bewijzen wie het is (certificaat): niet opgehaald.",
                         "%s cannot prove who it is (certificate): not fetched.", it->host);
    default:
        return wijk_fail(WIJK_EIO,
                         "Het ophalen van %s brak af na %llu bytes (%s). Probeer het nog eens, dan "
                         "gaat het verder.",
                         "Fetching %s broke off after %llu bytes (%s). Try again and it goes on "
                         "from there.",
                         it->url, (unsigned long long)it->have, curl_easy_strerror(result));
    }
}

static int status_problem(const job *it)
{
    if (it->status == 404 || it->status == 410) {
        return wijk_fail(
            WIJK_ENOTFOUND,
            "%s bestaat niet (meer) (%ld). Zoek het bestand bij de uitgever en gebruik "
            "`wijk load`.",
            "%s does not exist (any more) (%ld). Look for the file at the publisher "
            "and use `wijk load`.",
            it->url, it->status);
    }
    return wijk_fail(WIJK_EIO, "%s antwoordt met %ld. Probeer het later nog eens.",
                     "%s answers %ld. Try again later.", it->host, it->status);
}

/* Follows redirects by hand: every stop on the way must be an address we go to. */
static int follow(job *it)
{
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
        CURLcode result = CURLE_OK;
        int rc = check_address(it);
        rc = rc ? rc : request(it, &result);
        if (rc) {
            return rc;
        }
        if (it->refused) {
            return it->refused;
        }
        if (result != CURLE_OK) {
            return transport_problem(it, result);
        }
        if (it->status < 300 || it->status > 308 || it->status == 304) {
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_ELIMIT, "%s verwijst steeds door; niet opgehaald.",
                     "%s keeps redirecting; not fetched.", it->options->url);
}

/* A publisher that moved a file often answers with a friendly page and status 200. */
static int is_web_page(const char *start)
{
    static const char *const signs[] = {"<!doctype html", "<html", "<head", "<body"};
    const char *at = start;
    at += !strncmp(at, "\xEF\xBB\xBF", 3) ? 3 : 0;
    at += strspn(at, " \t\r\n");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!strncasecmp(at, signs[i], strlen(signs[i]))) {
            return 1;
        }
    }
    return 0;
}

static int digest(job *it)
{
    static const char hex[] = "0123456789abcdef";
    crypto_hash_sha256_state state;
    unsigned char sum[crypto_hash_sha256_BYTES], *block = wijk_alloc(64 << 10);
    ssize_t got = 0;
    if (!block) {
        return WIJK_ENOMEM;
    }
    crypto_hash_sha256_init(&state);
    lseek(it->fd, 0, SEEK_SET);
    for (int first = 1; (got = read(it->fd, block, 64 << 10)) > 0; first = 0) {
        if (first) {
            memcpy(it->start, block, (size_t)got < PEEK - 1 ? (size_t)got : PEEK - 1);
        }
        crypto_hash_sha256_update(&state, block, (unsigned long long)got);
    }
    wijk_free(block);
    crypto_hash_sha256_final(&state, sum);
    for (size_t i = 0; i < sizeof sum; i++) {
        it->out->sha256[2 * i] = hex[sum[i] >> 4];
        it->out->sha256[2 * i + 1] = hex[sum[i] & 15];
    }
    it->out->sha256[64] = 0;
    return got < 0 ? wijk_fail(WIJK_EIO, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", it->part,
                               strerror(errno))
                   : WIJK_OK;
}

/* Judges the finished part. Whatever is wrong with it, it is not worth resuming. */
static int judge(job *it)
{
    int rc = digest(it);
    if (!rc && is_web_page(it->start)) {
        rc =
            wijk_fail(WIJK_EFORMAT,
                      "Op %s staat een webpagina, geen gegevens. Open die in een browser, haal het "
                      "bestand daar op en gebruik `wijk load`.",
                      "At %s there is a web page, not data. Open it in a browser, fetch the file "
                      "there and use `wijk load`.",
                      it->options->url);
    }
    if (!rc && !it->have) {
        rc = wijk_fail(WIJK_EFORMAT, "%s gaf een leeg bestand.", "%s gave an empty file.",
                       it->options->url);
    }
    if (!rc && it->options->sha256 && strcasecmp(it->options->sha256, it->out->sha256) != 0) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "%s is niet het bestand dat u verwacht: de controlesom is %s, niet %s.",
                       "%s is not the file you expect: its checksum is %s, not %s.",
                       it->options->url, it->out->sha256, it->options->sha256);
    }
    return rc;
}

static int finish(job *it)
{
    wijk_fetched *out = it->out;
    int rc = judge(it);
    if (rc) {
        remove(it->part);
        remove(it->part_tag);
        return rc;
    }
    out->bytes = it->have;
    remove(it->copy_tag);
    rc = wijk_file_publish(it->part, out->path);
    if (!rc && rename(it->part_tag, it->copy_tag)) {
        remove(it->part_tag); /* without a tag the next fetch simply takes the file again */
    }
    if (!rc) {
        char line[400];
        snprintf(line, sizeof line, "%s  %.255s", out->sha256, strrchr(out->path, '/') + 1);
        rc = write_line(it->sum_path, line);
    }
    return rc;
}

/* The publisher says that our copy is the newest: look whether it is still what it was. */
static int keep_copy(job *it)
{
    struct stat info;
    wijk_fetched *out = it->out;
    remove(it->part);
    if (stat(out->path, &info)) {
        return wijk_fail(WIJK_EIO, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", out->path,
                         strerror(errno));
    }
    out->unchanged = 1;
    out->bytes = (uint64_t)info.st_size;
    snprintf(out->sha256, sizeof out->sha256, "%s", out->before);
    return it->options->sha256 && strcasecmp(it->options->sha256, out->sha256) != 0
               ? wijk_fail(WIJK_EFORMAT,
                           "%s is niet het bestand dat u verwacht: de controlesom is %s, niet %s.",
                           "%s is not the file you expect: its checksum is %s, not %s.", out->path,
                           out->sha256, it->options->sha256)
               : WIJK_OK;
}

int wijk_fetch(wijk_fetched *out, const wijk_fetch_options *options, wijk_ctx *ctx)
{
    memset(out, 0, sizeof *out);
    job it = {.options = options, .out = out, .ctx = ctx, .fd = -1};
    it.ceiling = options->ceiling ? options->ceiling : WIJK_MAX_FILE;
    snprintf(it.url, sizeof it.url, "%s", options->url);
    int rc = prepare(&it);
    rc = rc ? rc : follow(&it);
    if (!rc && it.status == 416) {
        /* The part is longer than the file: it is of nothing that still exists. */
        it.have = 0;
        it.old_tag[0] = 0;
        rc = follow(&it);
    }
    if (!rc) {
        rc = it.status == 304                       ? keep_copy(&it)
             : it.status == 200 || it.status == 206 ? finish(&it)
                                                    : status_problem(&it);
    }
    if (it.fd >= 0) {
        if (rc && !it.have) {
            remove(it.part);
            remove(it.part_tag);
        }
        close(it.fd);
    }
    return rc;
}
