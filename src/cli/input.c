/* A file that a person names on the command line, read whole. */
#include "cli/cmd.h"

#include "wijk/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_INPUT = 256 << 20 };

int cmd_read_file(char **out, size_t *size, const char *path)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return wijk_fail(WIJK_ENOTFOUND, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", path,
                         strerror(errno));
    }
    size_t room = 1 << 20;
    *size = 0;
    for (;;) {
        char *bigger = room <= MAX_INPUT ? wijk_realloc(*out, room) : NULL;
        if (!bigger) {
            fclose(file);
            return room <= MAX_INPUT ? WIJK_ENOMEM
                                     : wijk_fail(WIJK_ELIMIT, "%s is groter dan %d MB.",
                                                 "%s is larger than %d MB.", path, MAX_INPUT >> 20);
        }
        *out = bigger;
        size_t got = fread(*out + *size, 1, room - *size, file);
        *size += got;
        if (*size < room) {
            break;
        }
        room *= 2;
    }
    fclose(file);
    return WIJK_OK;
}
