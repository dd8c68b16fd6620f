/* web/markdown.h: the part of Markdown (CommonMark, GitHub tables) that the manual uses, as HTML.
 */
#ifndef WIJK_WEB_MARKDOWN_H
#define WIJK_WEB_MARKDOWN_H

#include "web/html.h"

/* Gives the address for a link of the manual ("laden.md"); the text stays as it is when NULL. */
typedef const char *(*markdown_link_fn)(void *payload, const char *target);

/* Headings, paragraphs, lists, code (fenced or indented), tables, emphasis, code, links. Everything
 * else is text: markup in the source is escaped, not passed on. O(size). */
void markdown_html(html *h, const char *text, size_t size, markdown_link_fn link, void *payload);

#endif
