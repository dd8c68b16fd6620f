/* web/json.h: JSON that is escaped and well formed by construction; the pendant of web/html.h. */
#ifndef WIJK_WEB_JSON_H
#define WIJK_WEB_JSON_H

#include "wijk/str.h"

enum { JSON_DEPTH = 16 };

typedef struct {
    wijk_str *out;
    int depth;
    int filled[JSON_DEPTH]; /* 1 once the open object or array has a member */
    char closing[JSON_DEPTH];
} json;

void j_start(json *j, wijk_str *out);
/* `name` is NULL inside an array and at the top; a literal otherwise. */
void j_object(json *j, const char *name);
void j_array(json *j, const char *name);
void j_close(json *j);
void j_string(json *j, const char *name, const char *text); /* NULL text gives null */
void j_number(json *j, const char *name, double value);     /* not finite gives null */
void j_bool(json *j, const char *name, int value);

/* A text as a JSON string with its quotes. */
void j_text(wijk_str *out, const char *text);

#endif
