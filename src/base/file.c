/* Writing a file and publishing it: sync, rename, sync the folder. The order is the point (what LWN
 * and SQLite's documentation on atomic commit describe): after a power cut there is the old file or
 * the new one, never half of either. */
#include "wijk/file.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

struct wijk_file {
    FILE *to;
    char *path;
    wijk_str part; /* empty: the path is no plain file and is written itself */
    int rc;
};

static int not_written(const char *path)
{
    return wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", path,
                     strerror(errno));
}

static void forget(wijk_file *file)
{
    wijk_str_free(&file->part);
    wijk_free(file->path);
    wijk_free(file);
}

int wijk_file_create(wijk_file **out, const char *path)
{
    struct stat there;
    wijk_file *file = *out = wijk_alloc(sizeof *file);
    if (!file) {
        return WIJK_ENOMEM;
    }
    file->path = wijk_strdup(path);
    if (stat(path, &there) || S_ISREG(there.st_mode)) {
        wijk_str_addf(&file->part, "%s.part", path);
    }
    int rc = file->path ? wijk_str_status(&file->part) : WIJK_ENOMEM;
    if (!rc) {
        file->to = fopen(file->part.size ? file->part.data : path, "wb");
        rc = file->to ? WIJK_OK : not_written(path);
    }
    if (rc) {
        forget(file);
        *out = NULL;
    }
    return rc;
}

int wijk_file_add(wijk_file *file, const void *bytes, size_t size)
{
    if (!file->rc && size && fwrite(bytes, 1, size, file->to) != size) {
        file->rc = not_written(file->path);
    }
    return file->rc;
}

int wijk_file_finish(wijk_file *file, int rc)
{
    if (!file) {
        return rc;
    }
    rc = rc ? rc : file->rc;
    if (fclose(file->to) && !rc) {
        rc = not_written(file->path);
    }
    if (file->part.size) {
        rc = rc ? rc : wijk_file_publish(file->part.data, file->path);
        if (rc) {
            remove(file->part.data);
        }
    }
    forget(file);
    return rc;
}

int wijk_file_write(const char *path, const void *bytes, size_t size)
{
    wijk_file *file;
    int rc = wijk_file_create(&file, path);
    rc = rc ? rc : wijk_file_add(file, bytes, size);
    return wijk_file_finish(file, rc);
}
