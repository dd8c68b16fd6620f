/* What is kept of a forecast rather than read on screen: the policy as text, and every outcome as a
 * part that the command line reads. Of ?reeks=, or else of the latest that has an answer. */
#include "web/foresee_page.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

static int latest(wijk_forecast *out, web_call *call, const wijk_area *area)
{
    wijk_forecast *list;
    size_t count = 0;
    int rc =
        wijk_forecast_list(&list, &count, call->store, call->arena, area->id, WIJK_MAX_FORECASTS);
    for (size_t i = 0; !rc && i < count; i++) {
        if (list[i].done) {
            *out = list[i];
            return WIJK_OK;
        }
    }
    return rc ? rc
              : wijk_fail(WIJK_ENOTFOUND, "Voor dit gebied is nog niets doorgerekend.",
                          "Nothing has been worked out for this area yet.");
}

static int chosen(wijk_forecast *out, web_call *call)
{
    wijk_area area;
    const char *mark = web_param_get(&call->request->query, "reeks");
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    return rc      ? rc
           : *mark ? wijk_forecast_find(out, call->store, call->arena, mark)
                   : latest(out, call, &area);
}

int page_foresee_text(web_call *call)
{
    wijk_forecast forecast;
    int rc = chosen(&forecast, call);
    if (!rc) {
        page_type(call, "text/plain; charset=utf-8", "beleid.scenario");
        wijk_str_add(&call->reply->body, forecast.scenario);
    }
    return rc;
}

/* Everything that came out, as `wijk foresee merge` reads it. */
int page_foresee_part(web_call *call)
{
    wijk_forecast forecast;
    web_foreseen *answer = NULL;
    void *bytes = NULL;
    size_t size = 0;
    int rc = chosen(&forecast, call);
    rc = rc ? rc : web_foreseen_hold(&answer, call->site->foresee, call->store, &forecast);
    if (!rc && !answer) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Hiervan is nog niets doorgerekend.",
                       "Nothing of this has been worked out yet.");
    }
    rc = rc ? rc : wijk_ensemble_store(&bytes, &size, answer->ensemble);
    if (!rc) {
        page_type(call, "application/octet-stream", "vooruitzicht.deel");
        call->reply->body.ceiling = size + 1;
        wijk_str_addn(&call->reply->body, bytes, size);
    }
    wijk_free(bytes);
    web_foreseen_leave(answer);
    return rc;
}
