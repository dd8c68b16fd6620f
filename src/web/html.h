/* web/html.h: HTML that is escaped and well formed by construction.
 *
 * A writer knows which elements are open: h_close closes the last one, so a page cannot be left
 * unbalanced. Tag and attribute names are string literals (the macros see to it); every value and
 * every text is escaped. Markup made elsewhere (a figure) enters by h_markup alone. */
#ifndef WIJK_WEB_HTML_H
#define WIJK_WEB_HTML_H

#include "wijk/str.h"
#include "wijk/text.h"

enum { HTML_DEPTH = 48 };

typedef struct {
    wijk_str *out;
    wijk_lang lang;
    int pending; /* 1 while a start tag still takes attributes */
    int depth;
    const char *stack[HTML_DEPTH]; /* tags that are open, literals */
} html;

void h_start(html *h, wijk_str *out, wijk_lang lang);

/* Opens <tag class="…">; attributes may follow until the first content. `class` may be NULL. */
#define h_open(h, tag, class) html_open((h), "" tag "", (class))
/* name="value", escaped. A NULL value leaves the attribute out. */
#define h_attr(h, name, value)  html_attr((h), " " name "=\"", (value))
#define h_attri(h, name, value) html_attri((h), " " name "=\"", (value))
/* A bare attribute: <details open>. */
#define h_flag(h, name) html_flag((h), " " name)
/* <tag class>text</tag> in one call. */
#define h_leaf(h, tag, class, text) html_leaf((h), "" tag "", (class), (text))
#define h_leaft(h, tag, class, key) html_leaf((h), "" tag "", (class), wijk_text((h)->lang, (key)))

/* Closes the innermost element (void elements have no end tag). */
void h_close(html *h);
/* Closes `n` elements. */
void h_closes(html *h, int n);
void h_text(html *h, const char *text);
void h_textn(html *h, const char *text, size_t size);
/* A screen text of data/texts. */
void h_t(html *h, enum wijk_text_key key);
/* A number in the form of the page's language. */
void h_number(html *h, double value, int decimals);
void h_int(html *h, long long value);
/* A screen text in which {0}, {1} … stand for texts. Missing arguments are left out. */
void h_fill(html *h, enum wijk_text_key key, const char *const *arguments, size_t count);
/* Markup that another writer of this program made. Never text of a user or of a file. */
void h_markup(html *h, const char *markup, size_t size);

/* Escapes &, <, >, " and ' into `out`. O(size). */
void html_escape(wijk_str *out, const char *text, size_t size);

void html_open(html *h, const char *tag, const char *class_name);
void html_attr(html *h, const char *name, const char *value);
void html_attri(html *h, const char *name, long long value);
void html_flag(html *h, const char *name);
void html_leaf(html *h, const char *tag, const char *class_name, const char *text);

#endif
