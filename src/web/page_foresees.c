/* /vooruitzicht: what was worked out in this file, of all areas, and where to begin. One list: who
 * opens the program need not know at which area a colleague asked. */
#include "web/foresee.h"
#include "web/foresee_page.h"
#include "web/page.h"
#include "web/pages.h"

#include "wijk/forecast.h"
#include "wijk/text.h"

enum { LISTED = 50 };

static int list(web_call *call)
{
    html *h = &call->h;
    wijk_forecast *rows;
    web_foresee_state state;
    size_t count = 0;
    web_foresee_look(call->site->foresee, &state);
    int rc = wijk_forecast_list(&rows, &count, call->store, call->arena, 0, LISTED);
    if (rc || !count) {
        h_leaft(h, "p", NULL, T_FORECAST_ALL_NONE);
        return rc;
    }
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < count && !rc; i++) {
        wijk_area area;
        rc = wijk_area_get(&area, call->store, call->arena, rows[i].area);
        if (!rc) {
            foresee_item(call, &area, &rows[i], &state, 1, 0);
        }
    }
    h_close(h);
    return rc;
}

int page_foresees(web_call *call)
{
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_FORECAST_TITLE),
                                  .area = "wijk-text",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_FORECAST_TITLE);
    h_leaft(h, "p", "wijk-lead", T_FORECAST_ABOUT);
    h_leaft(h, "p", NULL, T_FORECAST_ALL_BEGIN);
    page_heading(call, "lijst", T_FORECAST_ALL_LIST);
    int rc = list(call);
    return rc ? rc : page_end(call);
}
