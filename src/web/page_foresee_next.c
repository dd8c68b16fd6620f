/* What now? The end of the page of a finished forecast: what must be true for it to pay, from the
 * run itself, and the way on to a plan, to who pays and to whether it helped. */
#include "web/foresee_page.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

/* The area that every line of the policy names, else the one that was asked for. */
static const char *area_of(web_call *call, const foresee_view *view)
{
    const char *text = view->forecast.scenario, *code = NULL;
    wijk_scenario_file *file = NULL;
    if (wijk_scenario_read(&file, text, strlen(text), "scenario")) {
        return view->portrait.area.code;
    }
    for (size_t i = 0; i < wijk_scenario_count(file); i++) {
        const char *place = wijk_scenario_at(file, i)->place;
        code = i == 0 || (code && !strcmp(code, place)) ? place : NULL;
    }
    wijk_area area;
    int known = code && strcmp(code, "everywhere") != 0 && strcmp(code, "here") != 0 &&
                page_area_find(call, &area, code, "") == WIJK_OK;
    wijk_scenario_free(file);
    return known ? area.code : view->portrait.area.code;
}

/* What must be true: of everybody together, and of what it is for. */
static int must_be_true(web_call *call, const foresee_view *view)
{
    wijk_prices *prices = NULL;
    wijk_ledger *ledger = NULL;
    int rc = wijk_prices_open(&prices);
    rc = rc ? rc : wijk_ensemble_ledger(&ledger, view->answer->ensemble, prices);
    if (!rc) {
        const char *even = wijk_even_say(call->arena, call->lang, ledger, &ledger->purses[0]);
        foresee_filled(call, "p", "wijk-lead", T_NEXT_MUST, even, NULL, NULL);
    }
    wijk_ensemble_ledger_free(ledger);
    wijk_prices_free(prices);
    return rc;
}

static void step(web_call *call, const char *url, enum wijk_text_key link, enum wijk_text_key about)
{
    html *h = &call->h;
    h_open(h, "li", NULL);
    page_link(call, NULL, url, wijk_text(call->lang, link));
    h_text(h, " ");
    h_t(h, about);
    h_close(h);
}

int foresee_next(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "nu", T_NEXT_TITLE);
    int rc = must_be_true(call, view);
    h_open(h, "ul", "wijk-list");
    step(call, page_url(call, "/plannen", NULL, NULL, "gebied", area_of(call, view), NULL),
         T_NEXT_PLAN, T_NEXT_PLAN_ABOUT);
    step(call, page_manual_url(call, "account", "account"), T_NEXT_PAYS, T_NEXT_PAYS_ABOUT);
    step(call, page_manual_url(call, "evalueren", "evaluate"), T_NEXT_HELPED, T_NEXT_HELPED_ABOUT);
    h_closes(h, 2);
    return rc;
}
