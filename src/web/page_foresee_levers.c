/* All that a policy can turn, group by group: to choose from, and to read about. The idea: what is
 * computed and what is only assumed is told at the choice, in the marks that the results use. */
#include "figure/words.h"
#include "web/foresee_page.h"
#include "web/form.h"

#include "wijk/lever.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <string.h>

static int is_in(int lever, int group)
{
    return wijk_policy_group_of((wijk_lever)lever) == (wijk_policy_group)group;
}

static void lever_option(web_call *call, wijk_lever lever, const char *chosen)
{
    const char *key = wijk_lever_get(lever)->key;
    const char *label =
        wijk_arena_printf(call->arena, "%s (%s)", wijk_policy_lever(call->lang, lever),
                          wijk_lever_unit(call->lang, lever));
    page_option(call, key, label ? label : key, chosen);
}

void foresee_lever_options(web_call *call, const char *chosen, int several)
{
    html *h = &call->h;
    for (int g = 0; g < WIJK_POLICY_GROUPS; g++) {
        h_open(h, "optgroup", NULL);
        h_attr(h, "label", wijk_policy_group_name(call->lang, (wijk_policy_group)g));
        for (int lever = 0; lever < WIJK_LEVERS; lever++) {
            if (is_in(lever, g) && (lever != WIJK_LEVER_REGIONAL_MARKET || several)) {
                lever_option(call, (wijk_lever)lever, chosen);
            }
        }
        h_close(h);
    }
}

/* The names that a text may have for a lever: in Dutch two. */
static void name_cell(web_call *call, wijk_lever lever)
{
    html *h = &call->h;
    const char *key = wijk_lever_get(lever)->key, *dutch = wijk_lever_dutch(lever);
    h_open(h, "td", NULL);
    if (call->lang == WIJK_NL && strcmp(key, dutch)) {
        h_leaf(h, "code", NULL, dutch);
        h_text(h, ", ");
    }
    h_leaf(h, "code", NULL, key);
    h_close(h);
}

static void lever_row(web_call *call, wijk_lever lever)
{
    html *h = &call->h;
    const wijk_lever_row *row = wijk_lever_get(lever);
    const double numbers[] = {row->least, row->most, row->nothing};
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_text(h, wijk_policy_lever(call->lang, lever));
    h_close(h);
    name_cell(call, lever);
    h_leaf(h, "td", NULL, wijk_lever_unit(call->lang, lever));
    for (int i = 0; i < 3; i++) {
        page_number_cell(h, numbers[i], numbers[i] != (double)(long long)numbers[i]);
    }
    h_close(h);
}

static void lever_table(web_call *call, int group)
{
    static const enum wijk_text_key heads[] = {T_FORECAST_LEVER, T_FORECAST_IN_TEXT,
                                               T_LEVER_UNIT,     T_LEVER_LEAST,
                                               T_LEVER_MOST,     T_LEVER_NOTHING};
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_policy_group_name(call->lang, (wijk_policy_group)group));
    h_open(h, "table", "wijk-table");
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        page_head_cell(h, heads[i], i > 2 ? "wijk-table__number" : NULL);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (int lever = 0; lever < WIJK_LEVERS; lever++) {
        if (is_in(lever, group)) {
            lever_row(call, (wijk_lever)lever);
        }
    }
    h_closes(h, 3);
}

static void one_group(web_call *call, int group)
{
    html *h = &call->h;
    int n = 0;
    for (int lever = 0; lever < WIJK_LEVERS; lever++) {
        n += is_in(lever, group);
    }
    h_leaf(h, "h3", NULL, wijk_policy_group_name(call->lang, (wijk_policy_group)group));
    foresee_kinds(call, (const char *const[]){
                            wijk_policy_group_say(call->lang, (wijk_policy_group)group, 0),
                            wijk_policy_group_say(call->lang, (wijk_policy_group)group, 1)});
    h_open(h, "details", "wijk-details");
    h_leaf(h, "summary", NULL,
           WIJK_FILL(call->arena, call->lang, T_LEVERGROUP_LEVERS, {"n", foresee_int(call, n)}));
    lever_table(call, group);
    h_close(h);
}

void foresee_lever_groups(web_call *call)
{
    page_section(call, "wijk-section", "knoppen", T_LEVERGROUP_TITLE);
    h_leaft(&call->h, "p", NULL, T_LEVERGROUP_ABOUT);
    for (int g = 0; g < WIJK_POLICY_GROUPS; g++) {
        one_group(call, g);
    }
    h_close(&call->h);
}
