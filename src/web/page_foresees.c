/* /vooruitzicht: what was worked out in this file, of all areas, and where to begin. One list: who
 * opens the program need not know at which area a colleague asked. */
#include "web/foresee.h"
#include "web/foresee_page.h"
#include "web/page.h"
#include "web/pages.h"

#include "wijk/forecast.h"
#include "wijk/mem.h"
#include "wijk/text.h"

enum { LISTED = 50 };

static void list(web_call *call, const wijk_forecast *rows, const wijk_area *areas, size_t count)
{
    html *h = &call->h;
    web_foresee_state state;
    if (!count) {
        h_leaft(h, "p", NULL, T_FORECAST_ALL_NONE);
        return;
    }
    web_foresee_look(call->site->foresee, &state);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < count; i++) {
        foresee_item(call, &areas[i], &rows[i], &state, 1, 0);
    }
    h_close(h);
}

/* The forecasts with the area of each, before a page is begun: a failure is a page of its own. */
static int find(wijk_forecast **rows, wijk_area **areas, size_t *count, web_call *call)
{
    int rc = wijk_forecast_list(rows, count, call->store, call->arena, 0, LISTED);
    *areas = rc ? NULL : wijk_arena_alloc(call->arena, (*count + 1) * sizeof **areas);
    if (!*areas) {
        return rc ? rc : WIJK_ENOMEM;
    }
    for (size_t i = 0; i < *count && !rc; i++) {
        rc = wijk_area_get(&(*areas)[i], call->store, call->arena, (*rows)[i].area);
    }
    return rc;
}

int page_foresees(web_call *call)
{
    html *h = &call->h;
    wijk_forecast *rows;
    wijk_area *areas;
    size_t count = 0;
    int rc = find(&rows, &areas, &count, call);
    if (rc) {
        return rc;
    }
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_FORECAST_TITLE),
                                  .area = "wijk-text",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_FORECAST_TITLE);
    h_leaft(h, "p", "wijk-lead", T_FORECAST_ABOUT);
    h_leaft(h, "p", NULL, T_FORECAST_ALL_BEGIN);
    page_heading(call, "lijst", T_FORECAST_ALL_LIST);
    list(call, rows, areas, count);
    return page_end(call);
}
