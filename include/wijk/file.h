/* wijk/file.h: files that are whole or not there.
 *
 * Nothing has its name before it is whole: the bytes go to NAME.part beside it. What cannot be
 * replaced by a name, a pipe or a device such as /dev/stdout, is written itself. */
#ifndef WIJK_FILE_H
#define WIJK_FILE_H

#include <stddef.h>

/* Gives a finished file its name: its bytes are on the disk before the name is, and the name
 * before this returns. Replaces a file that stood there. WIJK_EIO with the reason. */
int wijk_file_publish(const char *part, const char *path);

typedef struct wijk_file wijk_file;

/* A file written piece by piece. WIJK_EIO with the name and the reason (no such folder, no right
 * to write there); *out is NULL then. */
int wijk_file_create(wijk_file **out, const char *path);
/* WIJK_EIO when the disk is full. Sticky: what comes after a failure is not written, and
 * wijk_file_finish tells of it, so that a caller may look only there. */
int wijk_file_add(wijk_file *file, const void *bytes, size_t size);
/* Publishes when `rc` is WIJK_OK and everything was written, else removes the part; frees `file`,
 * which may be NULL. Returns `rc` when that failed already, else its own result. */
int wijk_file_finish(wijk_file *file, int rc);

/* The three in one go. */
int wijk_file_write(const char *path, const void *bytes, size_t size);

#endif
