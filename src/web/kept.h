/* web/kept.h: parts of pages that take long to make, kept by a name that says all they were made
 * from. A part whose name is the same is the same; one that is no longer asked for is let go. */
#ifndef WIJK_WEB_KEPT_H
#define WIJK_WEB_KEPT_H

#include "web/site.h"

enum { WEB_KEPT_NAME = 200 };

int web_kept_new(web_kept **out);
void web_kept_free(web_kept *kept); /* takes NULL */
/* 1 and the bytes appended to `out` when there is a part of that name, else 0; negative when memory
 * ran out. Threads may share it. */
int web_kept_get(web_kept *kept, wijk_str *out, const char *name);
/* Keeps a copy. What does not fit, or cannot be kept, is not an error: it is made again. */
void web_kept_put(web_kept *kept, const char *name, const char *bytes, size_t size);

#endif
