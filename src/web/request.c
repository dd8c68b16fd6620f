/* One HTTP request as the pages see it. Decoding is strict: what is not clean UTF-8 in a clean form
 * is refused here, so that no page needs to think about it (OWASP ASVS 5.0, 1.1 and 4.2). */
#include "web/request.h"

#include "wijk/limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum web_method web_method_parse(const char *word)
{
    return !strcmp(word, "GET")    ? WEB_GET
           : !strcmp(word, "HEAD") ? WEB_HEAD
           : !strcmp(word, "POST") ? WEB_POST
                                   : WEB_OTHER;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Length of the UTF-8 character at `at`; 0 when it is none. Refuses overlong forms, surrogates and
 * what lies past U+10FFFF. */
static size_t utf8(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80) {
        return 1;
    }
    size_t size = at[0] >= 0xC2 && at[0] < 0xE0   ? 2
                  : at[0] >= 0xE0 && at[0] < 0xF0 ? 3
                  : at[0] >= 0xF0 && at[0] < 0xF5 ? 4
                                                  : 0;
    if (!size || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    int bad = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
              (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F);
    return bad ? 0 : size;
}

/* Clean text: UTF-8 without control characters; line ends and tabs only where `lines`. */
static int clean(const char *text, size_t size, int lines)
{
    for (size_t i = 0; i < size;) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && !(lines && (c == '\n' || c == '\r' || c == '\t'))) || c == 0x7F) {
            return 0;
        }
        size_t step = utf8((const unsigned char *)text + i, size - i);
        if (!step) {
            return 0;
        }
        i += step;
    }
    return 1;
}

/* Percent-decodes into the arena; NULL when broken (or out of memory: the page would fail too). */
static const char *decode(wijk_arena *arena, const char *text, size_t size, int form)
{
    char *out = wijk_arena_alloc(arena, size + 1);
    if (!out) {
        return NULL;
    }
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '%') {
            int high = i + 2 < size ? hex(text[i + 1]) : -1;
            int low = i + 2 < size ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return NULL;
            }
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = form && text[i] == '+' ? ' ' : text[i];
        }
    }
    out[n] = 0;
    return clean(out, n, form) ? out : NULL;
}

int web_params_parse(web_params *out, wijk_arena *arena, const char *text, size_t size)
{
    *out = (web_params){NULL, 0};
    if (size > WIJK_MAX_BODY) {
        return 413;
    }
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += text[i] == '&';
    }
    if (count >= WEB_MAX_PARAMS) {
        return 400;
    }
    out->at = wijk_arena_alloc(arena, (count + 1) * sizeof *out->at);
    if (!out->at) {
        return 400;
    }
    for (size_t from = 0; from < size;) {
        const char *end = memchr(text + from, '&', size - from);
        size_t length = end ? (size_t)(end - text) - from : size - from;
        const char *equal = memchr(text + from, '=', length);
        size_t name = equal ? (size_t)(equal - text) - from : length;
        if (length) {
            web_param *param = &out->at[out->count];
            param->name = decode(arena, text + from, name, 1);
            param->value = equal ? decode(arena, equal + 1, length - name - 1, 1) : "";
            if (!param->name || !param->value) {
                return 400;
            }
            out->count++;
        }
        from += length + 1;
    }
    return 0;
}

int web_request_target(web_request *request, wijk_arena *arena, const char *target)
{
    size_t size = strnlen(target, WEB_MAX_TARGET + 1);
    if (size > WEB_MAX_TARGET) {
        return 414;
    }
    if (target[0] != '/') {
        return 400;
    }
    const char *mark = memchr(target, '?', size);
    const char *path = decode(arena, target, mark ? (size_t)(mark - target) : size, 0);
    if (!path) {
        return 400;
    }
    request->target = target;
    request->lang = WIJK_NL;
    if (!strncmp(path, "/en", 3) && (path[3] == '/' || !path[3])) {
        request->lang = WIJK_EN;
        path = path[3] ? path + 3 : "/";
    }
    request->path = path;
    size_t past = mark ? (size_t)(mark - target) + 1 : size;
    return web_params_parse(&request->query, arena, target + past, size - past);
}

const char *web_param_get(const web_params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++) {
        if (!strcmp(params->at[i].name, name)) {
            return params->at[i].value;
        }
    }
    return "";
}

int web_param_int(const web_params *params, const char *name, int low, int high, int otherwise)
{
    const char *text = web_param_get(params, name);
    char *end = NULL;
    long value = strtol(text, &end, 10);
    return end == text || *end || value < low || value > high ? otherwise : (int)value;
}

/* The host without its port, as a size. "[::1]:80" keeps its brackets. */
static size_t bare_host(const char *host)
{
    const char *colon = host[0] == '[' ? strstr(host, "]:") : strchr(host, ':');
    if (colon && host[0] == '[') {
        colon++;
    }
    size_t size = colon ? (size_t)(colon - host) : strlen(host);
    if (colon && strspn(colon + 1, "0123456789") != strlen(colon + 1)) {
        return 0;
    }
    return size;
}

int web_host_allowed(const char *host, const char *allowed)
{
    const char *const names[] = {"localhost", "127.0.0.1", "[::1]", allowed};
    if (!host) {
        return 0;
    }
    size_t size = bare_host(host);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] && size == strlen(names[i]) && !strncasecmp(host, names[i], size)) {
            return 1;
        }
    }
    return 0;
}

int web_same_origin(const web_request *request)
{
    const char *origin = request->origin;
    const char *site = request->fetch_site;
    if (!origin && !site) {
        return 0;
    }
    if (site && strcmp(site, "same-origin") && strcmp(site, "none")) {
        return 0;
    }
    /* Our own Referrer-Policy makes browsers say "null" on a form of ours; what they say of the
     * site then decides. */
    if (!origin || (site && !strcmp(site, "same-origin") && !strcmp(origin, "null"))) {
        return 1;
    }
    const char *name = !strncmp(origin, "http://", 7)    ? origin + 7
                       : !strncmp(origin, "https://", 8) ? origin + 8
                                                         : "";
    return request->host && *name && !strcasecmp(name, request->host);
}

int web_accepts_gzip(const char *accept)
{
    const char *at = accept ? strcasestr(accept, "gzip") : NULL;
    if (!at) {
        return 0;
    }
    at += 4;
    at += strspn(at, " \t");
    if (*at != ';') {
        return *at == ',' || !*at;
    }
    at++;
    at += strspn(at, " \t");
    return strncasecmp(at, "q=", 2) != 0 || strtod(at + 2, NULL) > 0;
}
