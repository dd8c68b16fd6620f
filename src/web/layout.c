/* The shell around every page: head, search box, navigation, language switch, foot. Class names
 * follow NL Design System (block__element--modifier); the look is web/style.css. */
#include "web/form.h"
#include "web/page.h"
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add_encoded(wijk_str *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
            (*at >= '0' && *at <= '9') || strchr("-._~", *at)) {
            wijk_str_addc(out, (char)*at);
        } else {
            char escape[3] = {'%', digits[*at >> 4], digits[*at & 15]};
            wijk_str_addn(out, escape, 3);
        }
    }
}

const char *page_url(web_call *call, const char *path, const char *segment, const char *suffix, ...)
{
    wijk_str out = WIJK_STR_INIT;
    if (call->lang == WIJK_EN) {
        wijk_str_add(&out, "/en");
        path = strcmp(path, "/") ? path : "";
    }
    wijk_str_add(&out, path);
    if (segment) {
        add_encoded(&out, segment);
    }
    if (suffix) {
        wijk_str_add(&out, suffix);
    }
    va_list args;
    va_start(args, suffix);
    char joint = '?';
    for (const char *name = va_arg(args, const char *); name; name = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        if (value && *value) {
            wijk_str_addc(&out, joint);
            wijk_str_add(&out, name);
            wijk_str_addc(&out, '=');
            add_encoded(&out, value);
            joint = '&';
        }
    }
    va_end(args);
    return wijk_str_keep(&out, call->arena);
}

const char *page_area_url(web_call *call, const wijk_area *area, const char *suffix)
{
    char vintage[16] = "";
    if (area->vintage != call->worker->snapshot->newest[area->level]) {
        snprintf(vintage, sizeof vintage, "%d", area->vintage);
    }
    return page_url(call, "/gebied/", area->code, suffix, "indeling", vintage, NULL);
}

void page_link(web_call *call, const char *class_name, const char *url, const char *text)
{
    html *h = &call->h;
    h_open(h, "a", class_name);
    h_attr(h, "href", url);
    h_text(h, text);
    h_close(h);
}

void page_type(web_call *call, const char *type, const char *filename)
{
    call->reply->type = type;
    call->reply->filename = filename;
}

/* This very address in the other language. */
static const char *other_language(web_call *call)
{
    const char *target = call->request->target ? call->request->target : "/";
    int english = call->lang == WIJK_EN;
    if (!english) {
        return wijk_arena_printf(call->arena, "/en%s", strcmp(target, "/") ? target : "");
    }
    const char *rest = strlen(target) > 3 ? target + 3 : "/";
    return *rest == '/' ? rest : wijk_arena_printf(call->arena, "/%s", rest);
}

static void head(web_call *call, const web_shell *shell)
{
    html *h = &call->h;
    h_open(h, "head", NULL);
    h_open(h, "meta", NULL);
    h_attr(h, "charset", "utf-8");
    h_close(h);
    h_open(h, "title", NULL);
    h_text(h, shell->title);
    h_text(h, " · wijk");
    h_close(h);
    h_open(h, "meta", NULL);
    h_attr(h, "name", "viewport");
    h_attr(h, "content", "width=device-width, initial-scale=1");
    h_close(h);
    h_open(h, "meta", NULL);
    h_attr(h, "name", "color-scheme");
    h_attr(h, "content", "light dark");
    h_close(h);
    static const char *const sheets[] = {"/web/style.css", "/web/figure.css"};
    for (size_t i = 0; i < 2; i++) {
        h_open(h, "link", NULL);
        h_attr(h, "rel", "stylesheet");
        h_attr(h, "href", sheets[i]);
        h_close(h);
    }
    h_open(h, "link", NULL);
    h_attr(h, "rel", "icon");
    h_attr(h, "type", "image/svg+xml");
    h_attr(h, "href", "/web/wijk.svg");
    h_close(h);
    h_open(h, "link", NULL);
    h_attr(h, "rel", "alternate");
    h_attr(h, "hreflang", call->lang == WIJK_EN ? "nl" : "en");
    h_attr(h, "href", other_language(call));
    h_close(h);
    if (shell->refresh) {
        h_open(h, "noscript", NULL);
        h_open(h, "meta", NULL);
        h_attr(h, "http-equiv", "refresh");
        h_attri(h, "content", shell->refresh);
        h_closes(h, 2);
    }
    h_open(h, "script", NULL);
    h_attr(h, "type", "module");
    h_attr(h, "src", "/web/main.js");
    h_closes(h, 2);
}

void page_search_box(web_call *call, const char *id, const char *value, const char *class_name)
{
    html *h = &call->h;
    h_open(h, "form", class_name);
    h_attr(h, "role", "search");
    h_attr(h, "action", page_url(call, "/zoek", NULL, NULL, NULL));
    h_attr(h, "data-suggest", "/api/v1/search");
    h_attr(h, "data-area", page_url(call, "/gebied/", NULL, NULL, NULL));
    h_attr(h, "data-none", wijk_text(call->lang, T_WEB_SEARCH_NONE));
    h_open(h, "label", "wijk-search__label");
    h_attr(h, "for", id);
    h_t(h, T_WEB_SEARCH_LABEL);
    h_close(h);
    h_open(h, "div", "wijk-search__row");
    form_input(h, id, "q");
    h_attr(h, "type", "search");
    h_attr(h, "value", value);
    h_attr(h, "autocomplete", "off");
    h_attr(h, "spellcheck", "false");
    h_attr(h, "placeholder", wijk_text(call->lang, T_WEB_SEARCH_HINT));
    h_attri(h, "maxlength", 200);
    h_close(h);
    h_open(h, "button", "wijk-button");
    h_attr(h, "type", "submit");
    h_t(h, T_WEB_SEARCH);
    h_closes(h, 3);
}

static void navigation(web_call *call)
{
    static const struct {
        const char *path;
        enum wijk_text_key text;
    } items[] = {{"/kaart", T_WEB_NAV_MAP},
                 {"/vergelijk", T_WEB_NAV_COMPARE},
                 {"/vooruitzicht", T_FORECAST_TITLE},
                 {"/plannen", T_PLAN_TITLE},
                 {"/indicatoren", T_WEB_NAV_INDICATORS},
                 {"/bronnen", T_WEB_NAV_SOURCES},
                 {"/uitleg", T_WEB_NAV_MANUAL}};
    html *h = &call->h;
    h_open(h, "nav", "wijk-nav");
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_NAV));
    h_open(h, "ul", "wijk-nav__list");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        h_open(h, "li", NULL);
        h_open(h, "a", "wijk-nav__link");
        h_attr(h, "href", page_url(call, items[i].path, NULL, NULL, NULL));
        if (call->request->path && !strcmp(call->request->path, items[i].path)) {
            h_attr(h, "aria-current", "page");
        }
        h_t(h, items[i].text);
        h_closes(h, 2);
    }
    h_open(h, "li", NULL);
    h_open(h, "a", "wijk-nav__link wijk-nav__link--language");
    h_attr(h, "href", other_language(call));
    h_attr(h, "hreflang", call->lang == WIJK_EN ? "nl" : "en");
    h_attr(h, "lang", call->lang == WIJK_EN ? "nl" : "en");
    h_text(h, call->lang == WIJK_EN ? "Nederlands" : "English");
    h_closes(h, 4);
}

void page_begin(web_call *call, const web_shell *shell)
{
    html *h = &call->h;
    wijk_str_add(h->out, "<!doctype html>\n");
    h_open(h, "html", NULL);
    h_attr(h, "lang", call->lang == WIJK_EN ? "en" : "nl");
    head(call, shell);
    h_open(h, "body", NULL);
    h_open(h, "a", "wijk-skip-link");
    h_attr(h, "href", "#inhoud");
    h_t(h, T_WEB_SKIP);
    h_close(h);
    h_open(h, "header", "wijk-header");
    h_open(h, "div", "wijk-header__inner");
    h_open(h, "a", "wijk-logo");
    h_attr(h, "href", page_url(call, "/", NULL, NULL, NULL));
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_TO_HOME));
    h_leaf(h, "span", "wijk-logo__mark", "");
    h_text(h, "wijk");
    h_close(h);
    if (shell->search || (call->request->path && strcmp(call->request->path, "/"))) {
        page_search_box(call, "zoek", shell->search, "wijk-search wijk-search--small");
    }
    navigation(call);
    h_closes(h, 2);
    if (shell->fictional) {
        h_open(h, "aside", "wijk-fictional");
        h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_FICTIONAL));
        h_open(h, "p", "wijk-fictional__text");
        h_leaft(h, "strong", NULL, T_WEB_FICTIONAL);
        h_text(h, " ");
        h_t(h, T_WEB_FICTIONAL_MORE);
        h_closes(h, 2);
    }
    h_open(h, "main", shell->area);
    h_attr(h, "id", "inhoud");
    h_attr(h, "tabindex", "-1");
}

int page_end(web_call *call)
{
    html *h = &call->h;
    h_close(h);
    h_open(h, "footer", "wijk-footer");
    h_open(h, "div", "wijk-footer__inner");
    h_leaft(h, "p", NULL, T_WEB_FOOT);
    h_open(h, "p", NULL);
    page_link(call, NULL, page_url(call, "/bronnen", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_NAV_SOURCES));
    h_text(h, " · ");
    page_link(call, NULL, page_url(call, "/uitleg", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_NAV_MANUAL));
    h_text(h, " · ");
    page_link(call, NULL, page_url(call, "/api", NULL, NULL, NULL), "API");
    h_text(h, " · wijk " WIJK_VERSION);
    h_closes(h, 5);
    return wijk_str_status(h->out);
}
