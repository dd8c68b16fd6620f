/* The steps that change a plan. Each is one POST and leads back to the plan. */
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

static const char *form(web_call *call, const char *name)
{
    return web_param_get(&call->request->form, name);
}

static int to_plan(web_call *call, const char *code)
{
    call->reply->status = 303;
    call->reply->location = page_url(call, "/plan/", code, NULL, NULL);
    return WIJK_OK;
}

/* By code, else by name as the search box would. */
static int find_area(web_call *call, int64_t *out, const char *text)
{
    wijk_area area;
    wijk_hit hit;
    size_t count = 0;
    int rc = wijk_area_find(&area, call->store, call->arena, text, 0);
    if (!rc) {
        *out = area.id;
        return WIJK_OK;
    }
    rc = rc == WIJK_ENOTFOUND ? web_find(&count, call, text, &hit, 1) : rc;
    if (!rc && !count) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Geen gebied gevonden bij \"%.80s\".",
                       "No area found for \"%.80s\".", text);
    }
    *out = rc ? 0 : hit.area;
    return rc;
}

int page_plan_create(web_call *call)
{
    int64_t area, made = 0;
    wijk_store *store;
    int rc = find_area(call, &area, form(call, "gebied"));
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    rc = wijk_plan_create(&made, store, call->registry, form(call, "naam"), area,
                          form(call, "indicator"));
    web_site_written(call->site);
    return rc ? rc : to_plan(call, wijk_arena_printf(call->arena, "plan-%lld", (long long)made));
}

/* Every field that the form has and that says something else than the plan does. */
static int fill_in(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < call->request->form.count && !rc; i++) {
        const web_param *it = &call->request->form.at[i];
        for (int f = 0; f < WIJK_PLAN_FIELDS && !rc; f++) {
            if (!strcmp(it->name, wijk_plan_columns[f].code) &&
                strcmp(it->value, plan->value[f]) != 0) {
                rc = wijk_plan_set(store, call->registry, plan->id, (enum wijk_plan_field)f,
                                   it->value);
            }
        }
    }
    return rc;
}

static int add_area(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    int64_t area;
    int rc = find_area(call, &area, form(call, "gebied"));
    return rc ? rc : wijk_plan_add_area(store, plan->id, area);
}

static int drop_area(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    for (size_t i = 0; i < plan->area_count; i++) {
        if (!strcmp(plan->areas[i].code, form(call, "gebied"))) {
            return wijk_plan_drop_area(store, plan->id, plan->areas[i].id);
        }
    }
    return WIJK_OK; /* it was gone already */
}

static int freeze(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    (void)call;
    return wijk_plan_freeze(store, plan->id);
}

static int amend(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    for (int f = 0; f < WIJK_PLAN_FIELDS; f++) {
        if (!strcmp(wijk_plan_columns[f].code, form(call, "onderdeel"))) {
            return wijk_plan_amend(store, call->registry, plan->id, (enum wijk_plan_field)f,
                                   form(call, "waarde"), form(call, "namens"), form(call, "reden"));
        }
    }
    return wijk_fail(WIJK_EINVAL, "Dat onderdeel bestaat niet.", "There is no such part.");
}

static int advance(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    return wijk_plan_advance(store, call->registry, plan->id,
                             strcmp(form(call, "naar"), "closed") ? WIJK_PLAN_RUNNING
                                                                  : WIJK_PLAN_CLOSED);
}

static int withdraw(web_call *call, wijk_store *store, const wijk_plan *plan)
{
    (void)call;
    return wijk_plan_withdraw(store, plan->id);
}

static int change(web_call *call, int (*run)(web_call *, wijk_store *, const wijk_plan *))
{
    wijk_plan plan;
    wijk_store *store;
    int rc = plan_find(call, &plan);
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    rc = run(call, store, &plan);
    web_site_written(call->site);
    return rc ? rc : to_plan(call, plan.code);
}

int page_plan_fill(web_call *call)
{
    return change(call, fill_in);
}

int page_plan_add_area(web_call *call)
{
    return change(call, add_area);
}

int page_plan_drop_area(web_call *call)
{
    return change(call, drop_area);
}

int page_plan_freeze(web_call *call)
{
    return change(call, freeze);
}

int page_plan_amend(web_call *call)
{
    return change(call, amend);
}

int page_plan_advance(web_call *call)
{
    return change(call, advance);
}

int page_plan_withdraw(web_call *call)
{
    int rc = change(call, withdraw);
    if (!rc) {
        call->reply->location = page_url(call, "/plannen", NULL, NULL, NULL);
    }
    return rc;
}
