/* HTML that is escaped and well formed by construction: a stack of open elements and one escape
 * function. The idea is Fossil's "%h only" rule, enforced by the type instead of by a checker. */
#include "web/html.h"

#include <string.h>

void h_start(html *h, wijk_str *out, wijk_lang lang)
{
    h->out = out;
    h->lang = lang;
    h->pending = 0;
    h->depth = 0;
}

/* 0 for a byte that needs no escape, else the index + 1 in `entities`. */
static const unsigned char special[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};
static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

void html_escape(wijk_str *out, const char *text, size_t size)
{
    size_t from = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char which = special[(unsigned char)text[i]];
        if (which) {
            wijk_str_addn(out, text + from, i - from);
            wijk_str_add(out, entities[which - 1]);
            from = i + 1;
        }
    }
    wijk_str_addn(out, text + from, size - from);
}

static void settle(html *h)
{
    if (h->pending) {
        wijk_str_addc(h->out, '>');
        h->pending = 0;
    }
}

void html_open(html *h, const char *tag, const char *class_name)
{
    settle(h);
    wijk_str_addc(h->out, '<');
    wijk_str_add(h->out, tag);
    h->pending = 1;
    /* Too deep is a bug of a page: the text is marked failed, so the request answers 500. */
    if (h->depth == HTML_DEPTH) {
        h->out->status = WIJK_ELIMIT;
        return;
    }
    h->stack[h->depth++] = tag;
    if (class_name) {
        html_attr(h, " class=\"", class_name);
    }
}

void html_attr(html *h, const char *name, const char *value)
{
    if (value) {
        wijk_str_add(h->out, name);
        html_escape(h->out, value, strlen(value));
        wijk_str_addc(h->out, '"');
    }
}

void html_attri(html *h, const char *name, long long value)
{
    wijk_str_add(h->out, name);
    wijk_str_addi(h->out, value);
    wijk_str_addc(h->out, '"');
}

void html_flag(html *h, const char *name)
{
    wijk_str_add(h->out, name);
}

static int is_void(const char *tag)
{
    static const char *const voids[] = {"input", "meta", "link", "br", "img", "hr", "col", "wbr"};
    for (size_t i = 0; i < sizeof voids / sizeof *voids; i++) {
        if (!strcmp(tag, voids[i])) {
            return 1;
        }
    }
    return 0;
}

void h_close(html *h)
{
    if (h->depth == 0) {
        h->out->status = WIJK_EINVAL;
        return;
    }
    const char *tag = h->stack[--h->depth];
    if (h->pending) {
        settle(h);
        if (is_void(tag)) {
            return;
        }
    }
    wijk_str_addn(h->out, "</", 2);
    wijk_str_add(h->out, tag);
    wijk_str_addc(h->out, '>');
}

void h_closes(html *h, int n)
{
    while (n-- > 0) {
        h_close(h);
    }
}

void h_textn(html *h, const char *text, size_t size)
{
    settle(h);
    html_escape(h->out, text, size);
}

void h_text(html *h, const char *text)
{
    if (text) {
        h_textn(h, text, strlen(text));
    }
}

void h_t(html *h, enum wijk_text_key key)
{
    h_text(h, wijk_text(h->lang, key));
}

void h_number(html *h, double value, int decimals)
{
    settle(h);
    wijk_number(h->out, h->lang, value, decimals);
}

void h_int(html *h, long long value)
{
    h_number(h, (double)value, 0);
}

void html_leaf(html *h, const char *tag, const char *class_name, const char *text)
{
    html_open(h, tag, class_name);
    h_text(h, text);
    h_close(h);
}

void h_fill(html *h, enum wijk_text_key key, const char *const *arguments, size_t count)
{
    const char *text = wijk_text(h->lang, key);
    const char *from = text;
    for (const char *at = text; *at; at++) {
        if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            h_textn(h, from, (size_t)(at - from));
            size_t which = (size_t)(at[1] - '0');
            h_text(h, which < count ? arguments[which] : NULL);
            from = at + 3;
            at += 2;
        }
    }
    h_text(h, from);
}

void h_markup(html *h, const char *markup, size_t size)
{
    settle(h);
    wijk_str_addn(h->out, markup, size);
}
