/* Fuzz: request targets and the headers that decide who may ask. First line: target; second: Host;
 * third: Origin; fourth: Accept-Encoding. */
#include "web/request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    wijk_arena *arena;
    if (wijk_arena_new(&arena, 0)) {
        return 0;
    }
    char *text = wijk_arena_strndup(arena, (const char *)data, size);
    char *lines[4] = {text, NULL, NULL, NULL};
    for (int i = 1; text && i < 4; i++) {
        char *end = strchr(lines[i - 1], '\n');
        if (!end) {
            break;
        }
        *end = 0;
        lines[i] = end + 1;
    }
    web_request request;
    memset(&request, 0, sizeof request);
    if (text) {
        int status = web_request_target(&request, arena, lines[0]);
        if (status ? status != 400 && status != 414 : request.path[0] != '/') {
            abort();
        }
        request.host = lines[1];
        request.origin = lines[2];
        /* Whatever the text, another site never passes for ours. */
        if (web_host_allowed(lines[1], NULL) && strstr(lines[1], "evil")) {
            abort();
        }
        (void)web_same_origin(&request);
        (void)web_accepts_gzip(lines[3]);
    }
    wijk_arena_free(arena);
    return 0;
}
