/* JSON that is escaped and well formed by construction (RFC 8259). */
#include "web/json.h"

#include "wijk/err.h"

#include <string.h>

void j_text(wijk_str *out, const char *text)
{
    wijk_str_addc(out, '"');
    const char *from = text;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        /* U+2028 and U+2029 are legal JSON; < is escaped so that no answer reads as markup. */
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7F) {
            continue;
        }
        wijk_str_addn(out, from, (size_t)(text - from));
        from = text + 1;
        if (c == '"' || c == '\\') {
            wijk_str_addc(out, '\\');
            wijk_str_addc(out, (char)c);
        } else if (c == '\n') {
            wijk_str_add(out, "\\n");
        } else {
            wijk_str_addf(out, "\\u%04x", c);
        }
    }
    wijk_str_addn(out, from, (size_t)(text - from));
    wijk_str_addc(out, '"');
}

void j_start(json *j, wijk_str *out)
{
    j->out = out;
    j->depth = 0;
    j->filled[0] = 0;
}

static void member(json *j, const char *name)
{
    if (j->filled[j->depth]) {
        wijk_str_addc(j->out, ',');
    }
    j->filled[j->depth] = 1;
    if (name) {
        j_text(j->out, name);
        wijk_str_addc(j->out, ':');
    }
}

static void open_one(json *j, const char *name, char opening, char closing)
{
    member(j, name);
    if (j->depth + 1 == JSON_DEPTH) {
        j->out->status = WIJK_ELIMIT;
        return;
    }
    wijk_str_addc(j->out, opening);
    j->closing[++j->depth] = closing;
    j->filled[j->depth] = 0;
}

void j_object(json *j, const char *name)
{
    open_one(j, name, '{', '}');
}

void j_array(json *j, const char *name)
{
    open_one(j, name, '[', ']');
}

void j_close(json *j)
{
    if (j->depth == 0) {
        j->out->status = WIJK_EINVAL;
        return;
    }
    wijk_str_addc(j->out, j->closing[j->depth--]);
}

void j_string(json *j, const char *name, const char *text)
{
    member(j, name);
    if (text) {
        j_text(j->out, text);
    } else {
        wijk_str_add(j->out, "null");
    }
}

void j_number(json *j, const char *name, double value)
{
    member(j, name);
    wijk_str_addg(j->out, value);
}

void j_bool(json *j, const char *name, int value)
{
    member(j, name);
    wijk_str_add(j->out, value ? "true" : "false");
}
