/* The part of Markdown that the manual uses. Line by line: each line is of one kind, and a block
 * stays open while lines of its kind follow. */
#include "web/markdown.h"

#include <string.h>

enum { INDENT = 4 };
enum block { NONE, PARAGRAPH, BULLETS, NUMBERS, TABLE, CODE, INDENTED, QUOTE };

typedef struct {
    html *h;
    markdown_link_fn link;
    void *payload;
    enum block open;
    int row;   /* of the open table */
    int empty; /* empty lines that may belong to the indented code that is open */
} reader;

/* Finds `mark` in [at, end) past at least one character; NULL when it is not there. */
static const char *closing(const char *at, const char *end, const char *mark)
{
    size_t size = strlen(mark);
    for (const char *c = at + 1; c + size <= end; c++) {
        if (!memcmp(c, mark, size)) {
            return c;
        }
    }
    return NULL;
}

static void spans(reader *r, const char *at, const char *end);

/* [text](target): returns where it ends, or NULL when it is none. */
static const char *anchor(reader *r, const char *at, const char *end)
{
    const char *middle = closing(at, end, "](");
    const char *last = middle ? closing(middle + 1, end, ")") : NULL;
    char target[512];
    if (!last || (size_t)(last - middle - 2) >= sizeof target) {
        return NULL;
    }
    memcpy(target, middle + 2, (size_t)(last - middle - 2));
    target[last - middle - 2] = 0;
    const char *url = r->link(r->payload, target);
    if (url) {
        h_open(r->h, "a", NULL);
        h_attr(r->h, "href", url);
    }
    spans(r, at + 1, middle);
    if (url) {
        h_close(r->h);
    }
    return last + 1;
}

/* **strong**, *em* or `code` at `at`: returns where it ends, or NULL when it is none. */
static const char *mark(reader *r, const char *at, const char *end)
{
    html *h = r->h;
    const char *last;
    if (*at == '`' && (last = closing(at, end, "`"))) {
        h_open(h, "code", NULL);
        h_textn(h, at + 1, (size_t)(last - at - 1));
        h_close(h);
        return last + 1;
    }
    if (at + 2 < end && !memcmp(at, "**", 2) && (last = closing(at + 2, end, "**"))) {
        h_open(h, "strong", NULL);
        spans(r, at + 2, last);
        h_close(h);
        return last + 2;
    }
    if (*at == '*' && at + 1 < end && at[1] != ' ' && at[1] != '*' &&
        (last = closing(at, end, "*"))) {
        h_open(h, "em", NULL);
        spans(r, at + 1, last);
        h_close(h);
        return last + 1;
    }
    return NULL;
}

static void spans(reader *r, const char *at, const char *end)
{
    const char *from = at;
    while (at < end) {
        const char *past = NULL;
        if (*at == '[' || *at == '`' || *at == '*') {
            h_textn(r->h, from, (size_t)(at - from));
            from = at;
            past = *at == '[' ? anchor(r, at, end) : mark(r, at, end);
        }
        at = past ? past : at + 1;
        from = past ? past : from;
    }
    h_textn(r->h, from, (size_t)(end - from));
}

static void finish(reader *r)
{
    static const int levels[] = {[PARAGRAPH] = 1, [BULLETS] = 2,  [NUMBERS] = 2, [TABLE] = 3,
                                 [CODE] = 1,      [INDENTED] = 1, [QUOTE] = 2};
    h_closes(r->h, levels[r->open]);
    r->open = NONE;
}

static void heading(reader *r, const char *at, const char *end, size_t level)
{
    html *h = r->h;
    at += level + 1;
    switch (level) {
    case 1:
        h_open(h, "h1", NULL);
        break;
    case 2:
        h_open(h, "h2", NULL);
        break;
    default:
        h_open(h, "h3", NULL);
        break;
    }
    spans(r, at, end);
    h_close(h);
}

static void cell(reader *r, const char *at, const char *end)
{
    while (at < end && *at == ' ') {
        at++;
    }
    while (end > at && end[-1] == ' ') {
        end--;
    }
    if (r->row == 0) {
        h_open(r->h, "th", NULL);
        h_attr(r->h, "scope", "col");
    } else {
        h_open(r->h, "td", NULL);
    }
    spans(r, at, end);
    h_close(r->h);
}

static void table_row(reader *r, const char *at, const char *end)
{
    html *h = r->h;
    if (r->open != TABLE) {
        finish(r);
        h_open(h, "div", "wijk-scroll");
        h_attr(h, "tabindex", "0");
        h_open(h, "table", "wijk-table");
        h_open(h, "tbody", NULL);
        r->open = TABLE;
        r->row = 0;
    }
    /* The line of dashes below the head only divides. */
    if (strspn(at, "|-: ") >= (size_t)(end - at)) {
        return;
    }
    h_open(h, "tr", NULL);
    for (at++; at < end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        cell(r, at, bar ? bar : end);
        at = bar ? bar + 1 : end;
    }
    h_close(h);
    r->row++;
}

static void item(reader *r, const char *at, const char *end, enum block kind)
{
    html *h = r->h;
    if (r->open != kind) {
        finish(r);
        if (kind == BULLETS) {
            h_open(h, "ul", "wijk-list");
        } else {
            h_open(h, "ol", "wijk-list");
        }
        r->open = kind;
    } else {
        h_close(h);
    }
    h_open(h, "li", NULL);
    spans(r, at, end);
}

static void prose(reader *r, const char *at, const char *end)
{
    int indented = *at == ' ';
    if ((r->open == BULLETS || r->open == NUMBERS) && indented) {
        h_text(r->h, " ");
        at += strspn(at, " ");
    } else if (r->open == PARAGRAPH || r->open == QUOTE) {
        h_text(r->h, " ");
    } else {
        finish(r);
        h_open(r->h, "p", NULL);
        r->open = PARAGRAPH;
    }
    spans(r, at, end);
}

static size_t number_size(const char *at)
{
    size_t digits = strspn(at, "0123456789");
    return digits && digits < 4 && at[digits] == '.' && at[digits + 1] == ' ' ? digits + 2 : 0;
}

/* Four blanks after an empty line: code, to the next line that has less. 1 when this line is of it.
 */
static int indented(reader *r, const char *at, const char *end)
{
    if (r->open == INDENTED && at == end) {
        r->empty++;
        return 1;
    }
    int code = end - at > INDENT && strspn(at, " ") >= INDENT;
    if (code && r->open == NONE) {
        h_open(r->h, "pre", "wijk-letter");
        h_attr(r->h, "tabindex", "0");
        r->open = INDENTED;
    } else if (!code && r->open == INDENTED) {
        finish(r);
    }
    code = code && r->open == INDENTED;
    for (; code && r->empty > 0; r->empty--) {
        h_text(r->h, "\n");
    }
    r->empty = 0;
    if (code) {
        h_textn(r->h, at + INDENT, (size_t)(end - at) - INDENT);
        h_text(r->h, "\n");
    }
    return code;
}

/* One line outside fenced code. */
static void line(reader *r, const char *at, const char *end)
{
    size_t level = strspn(at, "#");
    size_t number = number_size(at);
    if (at == end) {
        finish(r);
    } else if (level && level < 7 && at[level] == ' ') {
        finish(r);
        heading(r, at, end, level);
    } else if ((*at == '*' || *at == '-') && at[1] == ' ') {
        item(r, at + 2, end, BULLETS);
    } else if (number) {
        item(r, at + number, end, NUMBERS);
    } else if (*at == '|') {
        table_row(r, at, end);
    } else if (*at == '>') {
        if (r->open != QUOTE) {
            finish(r);
            h_open(r->h, "blockquote", "wijk-caution");
            h_open(r->h, "p", NULL);
            r->open = QUOTE;
        }
        spans(r, at + 1, end);
    } else {
        prose(r, at, end);
    }
}

void markdown_html(html *h, const char *text, size_t size, markdown_link_fn link, void *payload)
{
    reader r = {h, link, payload, NONE, 0, 0};
    const char *stop = text + size;
    while (text < stop) {
        const char *end = memchr(text, '\n', (size_t)(stop - text));
        end = end ? end : stop;
        int fence = end - text >= 3 && !memcmp(text, "```", 3);
        if (fence && r.open == CODE) {
            finish(&r);
        } else if (fence) {
            finish(&r);
            h_open(h, "pre", "wijk-letter");
            h_attr(h, "tabindex", "0");
            r.open = CODE;
        } else if (r.open == CODE) {
            h_textn(h, text, (size_t)(end - text));
            h_text(h, "\n");
        } else if (!indented(&r, text, end)) {
            line(&r, text, end);
        }
        text = end < stop ? end + 1 : stop;
    }
    finish(&r);
}
