/* What a plan did, by what was frozen: the verdict in words, then what it rests on. */
#include "web/kept.h"
#include "web/plan.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>

static void say(web_call *call, const wijk_plan_judgement *it)
{
    html *h = &call->h;
    wijk_verdict_words words;
    wijk_verdict_say(&words, call->arena, call->lang, &it->verdict, &it->design, it->decimals);
    h_leaf(h, "p", "wijk-lead", words.answer);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < WIJK_VERDICT_NOTES && words.notes[i]; i++) {
        h_leaf(h, "li", NULL, words.notes[i]);
    }
    h_close(h);
}

static int draw(web_call *call, const wijk_plan *plan, const wijk_plan_judgement *it)
{
    const wijk_indicator *outcome =
        wijk_indicator_by_code(call->registry, plan->design[WIJK_PLAN_INDICATOR]);
    wijk_figure course = WIJK_FIGURE_INIT, chance = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = call->lang, .id = "verloop"};
    int rc = wijk_plan_picture_course(&course, call->arena, &style, it, outcome);
    style.id = "toeval";
    rc = rc ? rc : wijk_plan_picture_chance(&chance, call->arena, &style, it);
    if (!rc) {
        h_open(&call->h, "div", "wijk-pair");
        page_figure(call, &course, "wijk-figure", NULL, NULL);
        page_figure(call, &chance, "wijk-figure", NULL, NULL);
        h_close(&call->h);
    }
    wijk_figure_free(&course);
    wijk_figure_free(&chance);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc; /* nothing to draw is no failure */
}

typedef struct {
    int (*make)(web_call *call, const wijk_plan *plan);
    const wijk_plan *plan;
} plan_part;

static int make_part(web_call *call, const void *what)
{
    const plan_part *part = what;
    return part->make(call, part->plan);
}

/* Runs `make` unless what it would write is kept: a part of the page that is a function of the
 * plan, the figures, the language and the version alone. */
int plan_kept(web_call *call, const wijk_plan *plan, const char *part,
              int (*make)(web_call *call, const wijk_plan *plan))
{
    char mark[WIJK_PLAN_MARK], name[WEB_KEPT_NAME];
    const plan_part what = {make, plan};
    int rc = wijk_plan_mark(mark, call->store, plan);
    if (rc) {
        return rc;
    }
    snprintf(name, sizeof name, "%s %d %s %s %s", part, (int)call->lang, mark,
             call->worker->snapshot->stamp, wijk_registry_fingerprint(call->registry));
    return page_kept(call, name, make_part, &what);
}

static int so_far(web_call *call, const wijk_plan *plan, const wijk_panel_data *data)
{
    const wijk_indicator *outcome =
        wijk_indicator_by_code(call->registry, plan->design[WIJK_PLAN_INDICATOR]);
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = call->lang, .id = "tot-nu"};
    int rc = wijk_plan_picture_so_far(&figure, call->arena, &style, data, outcome);
    if (!rc) {
        page_figure(call, &figure, "wijk-figure wijk-figure--half", NULL, NULL);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* Before it is closed: what could be noticed, what was measured, and why there is no verdict. */
static int waiting(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    wijk_panel_data data = {0};
    wijk_design design;
    h_leaft(h, "p", "wijk-lead", T_PLAN_WAITS);
    h_leaft(h, "p", NULL, T_PLAN_WAITS_WHY);
    int rc = wijk_plan_panel(&data, &design, call->store, call->registry, plan);
    if (!rc) {
        h_leaf(h, "p", NULL, wijk_plan_measured_say(call->arena, call->lang, &data.panel, plan));
        rc = plan_power_say(call, plan, NULL);
        rc = rc ? rc : so_far(call, plan, &data);
    } else if (rc == WIJK_EINVAL || rc == WIJK_ENOTFOUND) {
        h_leaf(h, "p", "wijk-caution", wijk_error(call->lang));
        rc = WIJK_OK;
    }
    wijk_panel_free(&data);
    return rc;
}

static int verdict(web_call *call, const wijk_plan *plan)
{
    html *h = &call->h;
    wijk_plan_judgement it = {0};
    page_section(call, "wijk-section", "oordeel", T_PLAN_VERDICT);
    if (plan->state != WIJK_PLAN_CLOSED) {
        int waits = waiting(call, plan);
        h_close(h);
        return waits;
    }
    int rc = wijk_plan_judge(&it, call->store, call->registry, plan, &call->ctx);
    if (!rc) {
        say(call, &it);
        rc = draw(call, plan, &it);
    } else if (rc == WIJK_EINVAL || rc == WIJK_ENOTFOUND) {
        wijk_str text = WIJK_STR_INIT;
        wijk_text_fill(&text, call->lang, T_PLAN_NOT_YET, wijk_error(call->lang), NULL);
        h_leaf(h, "p", NULL, wijk_str_text(&text));
        wijk_str_free(&text);
        rc = WIJK_OK;
    }
    wijk_plan_judgement_free(&it);
    h_close(h);
    return rc;
}

int plan_verdict_section(web_call *call, const wijk_plan *plan)
{
    /* the warning above says why there is none */
    return plan->intact ? plan_kept(call, plan, "verdict", verdict) : WIJK_OK;
}
