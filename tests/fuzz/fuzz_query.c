/* Fuzz: query strings and forms. Whatever is accepted is clean text of bounded number and size. */
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
    web_params params;
    int status = web_params_parse(&params, arena, (const char *)data, size);
    if (!status) {
        size_t total = 0;
        for (size_t i = 0; i < params.count; i++) {
            total += strlen(params.at[i].name) + strlen(params.at[i].value);
            for (const char *at = params.at[i].value; *at; at++) {
                if ((unsigned char)*at < 0x20 && !strchr("\t\r\n", *at)) {
                    abort();
                }
            }
        }
        if (params.count > WEB_MAX_PARAMS || total > size) {
            abort();
        }
    } else if (status != 400 && status != 413) {
        abort();
    }
    wijk_arena_free(arena);
    return 0;
}
