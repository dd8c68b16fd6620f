/* The manual on screen: the hand-written pages inside the binary, the pages made from the
 * registries, and the description of the API. */
#include "web/markdown.h"
#include "web/pages.h"

#include "wijk/manual.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

/* Links of the manual are file names ("laden.md", "indicator/woz_value.md"); here they are pages.
 */
static const char *manual_link(void *payload, const char *target)
{
    web_call *call = payload;
    size_t size = strlen(target);
    if (!strncmp(target, "https://", 8) || *target == '#') {
        return target;
    }
    const char *dot = strstr(target, ".md");
    if (!dot || dot + 3 != target + size) {
        return NULL;
    }
    const char *slash = strrchr(target, '/');
    const char *base = slash ? slash + 1 : target;
    const char *name = wijk_arena_strndup(call->arena, base, (size_t)(dot - base));
    int indicator = !strncmp(target, "indicator/", 10) || strstr(target, "/indicator/");
    return name ? page_url(call, indicator ? "/indicator/" : "/uitleg/", name, NULL, NULL) : NULL;
}

static int show(web_call *call, const char *title, const char *text, size_t size)
{
    page_begin(call, &(web_shell){.title = title, .area = "wijk-text wijk-manual"});
    markdown_html(&call->h, text, size, manual_link, call);
    return page_end(call);
}

static int show_named(web_call *call, const char *name)
{
    const char *path = wijk_arena_printf(call->arena, "docs/manual/%s/%s.md",
                                         call->lang == WIJK_EN ? "en" : "nl", name);
    size_t size = 0;
    const char *text = path ? wijk_asset_get(path, &size) : NULL;
    const char *title = wijk_text(call->lang, T_WEB_NAV_MANUAL);
    if (text) {
        return show(call, title, text, size);
    }
    wijk_str made = WIJK_STR_INIT;
    int rc = wijk_manual_page(&made, call->registry, name, call->lang);
    rc = rc ? rc : show(call, title, wijk_str_text(&made), made.size);
    wijk_str_free(&made);
    return rc;
}

int page_manual(web_call *call)
{
    return show_named(call, "index");
}

int page_manual_one(web_call *call)
{
    /* Pages have other names in the other language: the switch then leads to the first page. */
    int rc = show_named(call, call->name);
    if (rc == WIJK_ENOTFOUND) {
        const char *other = wijk_arena_printf(call->arena, "docs/manual/%s/%s.md",
                                              call->lang == WIJK_EN ? "nl" : "en", call->name);
        if (other && wijk_asset_get(other, NULL)) {
            wijk_str_clear(&call->reply->body);
            h_start(&call->h, &call->reply->body, call->lang);
            return page_manual(call);
        }
    }
    return rc;
}

int page_api(web_call *call)
{
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = "API", .area = "wijk-text"});
    h_leaf(h, "h1", NULL, "API");
    h_leaft(h, "p", "wijk-lead", T_WEB_API_ABOUT);
    h_open(h, "ul", "wijk-list");
    for (const web_route *at = web_routes; at->pattern; at++) {
        if (at->flags & WEB_API) {
            h_open(h, "li", NULL);
            h_open(h, "a", NULL);
            h_attr(h, "href", at->sample);
            h_leaf(h, "code", NULL, at->sample);
            h_close(h);
            h_leaf(h, "span", "wijk-from", at->title[call->lang]);
            h_close(h);
        }
    }
    h_close(h);
    return page_end(call);
}
