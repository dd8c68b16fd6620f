/* A name for a test's own file in the build folder, and its removal with everything beside it. */
#ifndef TEMP_FILE_H
#define TEMP_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void temp_path(char *out, size_t room, const char *name)
{
    const char *folder = getenv("WIJK_TMP");
    snprintf(out, room, "%s/%d-%s", folder ? folder : "/tmp", (int)getpid(), name);
}

static inline void temp_remove(const char *path)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal", ".lock", ".part"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char name[4200];
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        remove(name);
    }
}

#endif
