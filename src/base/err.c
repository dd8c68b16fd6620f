/* The thread-local error message, in two languages. Formats are given in pairs so that neither
 * language can be forgotten; the compiler checks both against the same arguments. */
#include "wijk/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char messages[2][8192]; /* room for all mistakes of a text */

int wijk_fail(int code, const char *nl, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    vsnprintf(messages[WIJK_NL], sizeof messages[WIJK_NL], nl, args);
    va_end(args);
    va_start(args, en);
    vsnprintf(messages[WIJK_EN], sizeof messages[WIJK_EN], en, args);
    va_end(args);
    return code;
}

const char *wijk_error(wijk_lang lang)
{
    return messages[lang == WIJK_EN];
}

int wijk_fail_at(int code, const char *where)
{
    for (int lang = 0; lang < 2; lang++) {
        char old[sizeof messages[0]];
        memcpy(old, messages[lang], sizeof old);
        snprintf(messages[lang], sizeof messages[lang], "%.300s: %.7800s", where, old);
    }
    return code;
}
