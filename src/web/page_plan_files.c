/* A plan to take along: on paper, and as the card that others can read. */
#include "web/plan.h"

#include "wijk/card.h"
#include "wijk/mem.h"

/* The evidence card as a file. */
int page_plan_card(web_call *call)
{
    wijk_plan plan;
    wijk_card card;
    int rc = plan_find(call, &plan);
    rc = rc ? rc
            : wijk_card_make(&card, call->store, call->registry, call->arena, &plan, &call->ctx);
    if (!rc) {
        page_type(call, "application/json",
                  wijk_arena_printf(call->arena, "%s-kaart.json", plan.code));
        rc = wijk_card_write(&call->reply->body, &card);
    }
    return rc;
}

int page_plan_pdf(web_call *call)
{
    wijk_plan plan;
    int rc = plan_find(call, &plan);
    if (!rc) {
        page_type(call, "application/pdf", wijk_arena_printf(call->arena, "%s.pdf", plan.code));
        pthread_mutex_lock(&call->site->drawing);
        rc = wijk_plan_pdf_of(&call->reply->body, call->store, call->lang, call->registry, &plan,
                              &call->ctx);
        pthread_mutex_unlock(&call->site->drawing);
    }
    return rc;
}
