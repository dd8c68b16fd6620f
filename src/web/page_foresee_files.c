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

/* What there is of the chosen one; leave it when done. */
static int answered(wijk_forecast *forecast, web_foreseen **out, web_call *call)
{
    int rc = chosen(forecast, call);
    *out = NULL;
    rc = rc ? rc : web_foreseen_hold(out, call->site->foresee, call->store, forecast);
    return rc || *out ? rc
                      : wijk_fail(WIJK_ENOTFOUND, "Hiervan is nog niets doorgerekend.",
                                  "Nothing of this has been worked out yet.");
}

int page_foresee_pdf(web_call *call)
{
    wijk_forecast forecast;
    web_foreseen *answer;
    wijk_area area;
    int rc = answered(&forecast, &answer, call);
    rc = rc ? rc : wijk_area_get(&area, call->store, call->arena, forecast.area);
    if (!rc) {
        const wijk_forecast_brief brief = {
            .ensemble = answer->ensemble, .area = &area, .start = foresee_start(&forecast)};
        page_type(call, "application/pdf",
                  wijk_arena_printf(call->arena, "wijk-vooruitzicht-%s.pdf", area.code));
        pthread_mutex_lock(&call->site->drawing);
        rc = wijk_forecast_pdf(&call->reply->body, call->store, call->registry, call->lang, &brief);
        pthread_mutex_unlock(&call->site->drawing);
    }
    web_foreseen_leave(answer);
    return rc;
}

/* Everything that came out, as `wijk foresee merge` reads it. */
int page_foresee_part(web_call *call)
{
    wijk_forecast forecast;
    web_foreseen *answer;
    void *bytes = NULL;
    size_t size = 0;
    int rc = answered(&forecast, &answer, call);
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
