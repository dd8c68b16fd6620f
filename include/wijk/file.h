/* wijk/file.h: files that are whole or not there. */
#ifndef WIJK_FILE_H
#define WIJK_FILE_H

/* Gives a finished file its name: its bytes are on the disk before the name is, and the name
 * before this returns. Replaces a file that stood there. WIJK_EIO with the reason. */
int wijk_file_publish(const char *part, const char *path);

#endif
