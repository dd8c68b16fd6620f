/* Publishing a finished file: sync, rename, sync the folder. The order is the point (what LWN and
 * SQLite's documentation on atomic commit describe): after a power cut there is the old file or the
 * new one, never half of either. */
#include "wijk/file.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int sync_at(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    int rc = fsync(fd);
    close(fd);
    return rc;
}

int wijk_file_publish(const char *part, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = wijk_strdup(slash ? path : ".");
    if (!folder) {
        return WIJK_ENOMEM;
    }
    if (slash) {
        folder[slash == path ? 1 : slash - path] = 0;
    }
    int rc = WIJK_OK;
    if (sync_at(part, O_RDONLY) || rename(part, path)) {
        rc = wijk_fail(WIJK_EIO, "Kan %s niet opslaan: %s.", "Cannot store %s: %s.", path,
                       strerror(errno));
    } else {
        sync_at(folder, O_RDONLY | O_DIRECTORY); /* some file systems cannot; the name is there */
    }
    wijk_free(folder);
    return rc;
}
