/* The ways in: the first page and the results of a search. */
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

enum { RESULTS = 40, EXAMPLES = 6 };

static void hit_item(web_call *call, const wijk_hit *hit)
{
    html *h = &call->h;
    wijk_area area = {.level = hit->level, .vintage = hit->vintage, .code = hit->code};
    h_open(h, "li", "wijk-result");
    page_link(call, "wijk-result__name", page_area_url(call, &area, NULL), hit->name);
    h_open(h, "span", "wijk-result__where");
    h_text(h, wijk_level_name(call->lang, hit->level));
    if (*hit->gemeente && strcmp(hit->gemeente, hit->name)) {
        h_text(h, " · ");
        h_text(h, hit->gemeente);
    }
    if (isfinite(hit->people)) {
        h_text(h, " · ");
        h_number(h, hit->people, 0);
        h_text(h, " ");
        h_t(h, T_WEB_PEOPLE);
    }
    h_text(h, " · ");
    h_text(h, hit->code);
    h_closes(h, 2);
}

int web_find(size_t *count, web_call *call, const char *query, wijk_hit *hits, size_t room)
{
    const wijk_search *search;
    int rc = web_snapshot_search(&search, call->worker->snapshot, call->store);
    return rc ? rc : wijk_search_find(count, search, query, hits, room);
}

int page_search(web_call *call)
{
    const char *query = web_param_get(&call->request->query, "q");
    wijk_hit hits[RESULTS];
    size_t count = 0;
    int rc = web_find(&count, call, query, hits, RESULTS);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_SEARCH),
                                  .area = "wijk-text",
                                  .search = query,
                                  .fictional = !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_WEB_SEARCH_RESULTS);
    if (count && hits[0].postcode) {
        h_leaft(h, "p", "wijk-note", T_WEB_SEARCH_POSTCODE);
    }
    if (count && hits[0].forgiving) {
        h_leaft(h, "p", "wijk-note", T_WEB_SEARCH_FORGIVING);
    }
    if (!count) {
        h_open(h, "p", "wijk-lead");
        h_fill(h, *query ? T_WEB_SEARCH_NOTHING : T_WEB_SEARCH_EMPTY, &query, 1);
        h_close(h);
    }
    h_open(h, "ol", "wijk-results");
    for (size_t i = 0; i < count; i++) {
        hit_item(call, &hits[i]);
    }
    h_close(h);
    return page_end(call);
}

/* A few areas to start from: the most populous gemeenten, by name. Not a ranking of how they do. */
static int examples(web_call *call)
{
    html *h = &call->h;
    wijk_stmt *stmt = wijk_store_sql(
        call->store,
        "SELECT id FROM (SELECT a.id, a.name FROM area a LEFT JOIN"
        " (SELECT area_id, max(value) AS people FROM layer_value WHERE level = 1 AND vintage = ?1"
        " AND indicator_id = (SELECT id FROM indicator WHERE code = 'population')"
        " GROUP BY area_id) v ON v.area_id = a.id"
        " WHERE a.level = 1 AND a.vintage = ?1 ORDER BY v.people DESC LIMIT 6) ORDER BY name");
    if (!stmt) {
        return WIJK_EDB;
    }
    int64_t ids[EXAMPLES];
    size_t count = 0;
    wijk_bind_int(stmt, 1, call->worker->snapshot->newest[WIJK_GEMEENTE]);
    int rc;
    while ((rc = wijk_step(stmt)) == 1 && count < EXAMPLES) {
        ids[count++] = wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    h_open(h, "ul", "wijk-examples");
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        wijk_area area;
        rc = wijk_area_get(&area, call->store, call->arena, ids[i]);
        if (!rc) {
            h_open(h, "li", NULL);
            page_link(call, "wijk-chip", page_area_url(call, &area, NULL),
                      *area.name ? area.name : area.code);
            h_close(h);
        }
    }
    h_close(h);
    return rc < 0 ? rc : WIJK_OK;
}

static void promise(html *h, enum wijk_text_key title, enum wijk_text_key text)
{
    h_open(h, "li", "wijk-promise");
    h_leaft(h, "h2", NULL, title);
    h_leaft(h, "p", NULL, text);
    h_close(h);
}

static void load_invitation(web_call *call)
{
    html *h = &call->h;
    if (call->site->read_only) {
        return;
    }
    page_section(call, "wijk-section wijk-section--panel", "laden", T_WEB_LOAD_TITLE);
    h_leaft(h, "p", NULL, T_WEB_LOAD_ABOUT);
    h_open(h, "p", NULL);
    page_link(call, "wijk-button", page_url(call, "/laden", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_LOAD_OPEN));
    h_closes(h, 2);
}

int page_home(web_call *call)
{
    html *h = &call->h;
    const web_snapshot *now = call->worker->snapshot;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_APP_TAGLINE),
                                  .area = "wijk-home",
                                  .fictional = now->fictional && !now->real});
    h_open(h, "div", "wijk-hero");
    h_leaft(h, "h1", NULL, T_APP_TAGLINE);
    h_leaft(h, "p", "wijk-lead", T_WEB_HOME_LEAD);
    page_search_box(call, "q", NULL, "wijk-search wijk-search--large");
    int rc = examples(call);
    h_close(h);
    h_open(h, "ul", "wijk-promises");
    promise(h, T_WEB_PROMISE_1, T_WEB_PROMISE_1_TEXT);
    promise(h, T_WEB_PROMISE_2, T_WEB_PROMISE_2_TEXT);
    promise(h, T_WEB_PROMISE_3, T_WEB_PROMISE_3_TEXT);
    h_close(h);
    load_invitation(call);
    h_open(h, "p", "wijk-from");
    h_t(h, T_WEB_IN_THIS_FILE);
    h_text(h, " ");
    h_int(h, now->areas);
    h_text(h, " ");
    h_t(h, T_WEB_AREAS);
    h_text(h, ", ");
    h_int(h, (long long)wijk_indicator_count(call->registry));
    h_text(h, " ");
    h_t(h, T_WEB_INDICATORS);
    h_text(h, ", ");
    h_int(h, now->loads);
    h_text(h, " ");
    h_t(h, T_WEB_LOADS);
    h_text(h, ".");
    h_close(h);
    return rc ? rc : page_end(call);
}
