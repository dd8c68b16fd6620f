/* Mix and segregation of one area, on a page of its own: reading and measuring takes longer than
 * the buurtbeeld may. Everything shown comes from wijk_mix, as in the terminal and in the files. */
#include "web/form.h"
#include "web/mix.h"

#include "web/pages.h"
#include "web/stack.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is asked ------------------------------------------------------------------------ */

/* The best there is when the layer asked for does not know these groups: other groups were chosen
 * on the form. */
static int read_best(web_call *call, wijk_mix *out, const wijk_area *area, const char *grouping,
                     const char *parts, int draws)
{
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = grouping;
    ask.draws = draws;
    int named = wijk_mix_ask_layer(&ask, parts);
    int rc =
        wijk_mix_get(out, call->store, call->registry, call->arena, area->id, call->lang, &ask);
    if (rc == WIJK_ENOTFOUND && named) {
        ask = (wijk_mix_ask)WIJK_MIX_ASK_BEST;
        ask.grouping = grouping;
        ask.draws = draws;
        rc =
            wijk_mix_get(out, call->store, call->registry, call->arena, area->id, call->lang, &ask);
    }
    return rc;
}

int mix_read(web_call *call, wijk_mix *out, const wijk_area *area, int draws)
{
    return read_best(call, out, area, web_param_get(&call->request->query, "groep"),
                     web_param_get(&call->request->query, "delen"), draws);
}

static void link_of_area(void *payload, wijk_str *out, const wijk_area *area)
{
    wijk_str_add(out, page_area_url(payload, area, "/mix"));
}

int mix_draw(web_call *call, wijk_figure *out, const char *name, const wijk_mix *mix,
             const wijk_figure_style *style)
{
    if (!strcmp(name, "mix-kaart")) {
        return wijk_mix_figure_map(out, call->store, call->registry, call->arena, style, mix,
                                   style->standalone ? NULL : link_of_area, call);
    }
    static const struct {
        const char *name;
        int (*draw)(wijk_figure *, wijk_arena *, const wijk_figure_style *, const wijk_mix *);
    } plain[] = {{"mix-aandelen", wijk_mix_figure_shares},
                 {"mix-afstand", wijk_mix_figure_scale},
                 {"mix-verloop", wijk_mix_figure_history},
                 {"mix-verandering", wijk_mix_figure_change}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (!strcmp(name, plain[i].name)) {
            return plain[i].draw(out, call->arena, style, mix);
        }
    }
    return wijk_fail(WIJK_ENOTFOUND, "Er is geen figuur \"%.40s\" van dit gebied.",
                     "There is no figure \"%.40s\" of this area.", name);
}

/* ---- small parts -------------------------------------------------------------------------- */

static const char *filled_in(web_call *call, const char *text, const char *name, const char *value)
{
    wijk_str out = WIJK_STR_INIT;
    const char *open = strstr(text, name);
    if (open) {
        wijk_str_addn(&out, text, (size_t)(open - text));
        wijk_str_add(&out, value);
        text = open + strlen(name);
    }
    wijk_str_add(&out, text);
    return wijk_str_keep(&out, call->arena);
}

static const char *filled(web_call *call, enum wijk_text_key key, const char *name,
                          const char *value)
{
    return filled_in(call, wijk_text(call->lang, key), name, value);
}

static int picture(web_call *call, const wijk_mix *mix, const char *name, const char *class_name)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = call->lang, .width = 480, .id = name};
    int rc = mix_draw(call, &figure, name, mix, &style);
    if (!rc) {
        const char *query =
            page_url(call, "", NULL, NULL, "gebied", mix->area.code, "groep", mix->grouping->code,
                     "delen", wijk_mix_layer_code(call->arena, mix->layer), NULL);
        page_figure(call, &figure, class_name, wijk_arena_printf(call->arena, "/figuur/%s", name),
                    strchr(query, '?'));
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static void range_cell(stack_table *table, const wijk_mix *mix, const wijk_mix_measure *at)
{
    html *h = table->h;
    stack_cell(table);
    if (isfinite(at->low)) {
        h_number(h, at->low, 3);
        h_text(h, " – ");
        h_number(h, at->high, 3);
    } else {
        h_t(h, mix->exact ? T_MIX_PAGE_RANGE_EXACT : T_MIX_PAGE_RANGE_NONE);
    }
    h_close(h);
}

static void row_head(html *h, const char *text)
{
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_text(h, text);
    h_close(h);
}

/* ---- the form ----------------------------------------------------------------------------- */

static void select_begin(html *h, const char *id, enum wijk_text_key label)
{
    h_open(h, "div", "wijk-field wijk-field--wide");
    form_labelt(h, id, label);
    form_select(h, id, id);
}

static void layer_option(web_call *call, const wijk_mix *mix, const wijk_mixture_row *row)
{
    char year[16], count[24];
    snprintf(year, sizeof year, "%d", row->at.layer.period);
    snprintf(count, sizeof count, "%zu", row->at.areas);
    const char *text = filled(call, T_MIX_PAGE_OPTION, "{year}", year);
    wijk_str out = WIJK_STR_INIT;
    const char *n = strstr(text, "{n}");
    wijk_str_addn(&out, text, n ? (size_t)(n - text) : strlen(text));
    wijk_str_add(&out, n ? count : "");
    wijk_str_addc(&out, ' ');
    wijk_str_add(&out, row->at.layer.level == WIJK_LOCAL ? wijk_text(call->lang, T_MIX_LOCAL_MANY)
                                                         : page_levels(call, row->at.layer.level));
    page_option(call, wijk_mix_layer_code(call->arena, row->at.layer), wijk_str_text(&out),
                wijk_mix_layer_code(call->arena, mix->layer));
    wijk_str_free(&out);
}

static void form(web_call *call, const wijk_mix *mix)
{
    html *h = &call->h;
    h_open(h, "form", "wijk-switches");
    h_attr(h, "action", page_area_url(call, &mix->area, "/mix"));
    select_begin(h, "groep", T_MIX_PAGE_GROUPING);
    for (size_t i = 0; i < mix->choice_count; i++) {
        const wijk_grouping *at = mix->choices[i].grouping;
        if (!i || at != mix->choices[i - 1].grouping) {
            page_option(call, at->code, at->name[call->lang], mix->grouping->code);
        }
    }
    h_closes(h, 2);
    select_begin(h, "delen", T_MIX_PAGE_LAYER);
    for (size_t i = mix->choice_count; i-- > 0;) {
        if (mix->choices[i].grouping == mix->grouping) {
            layer_option(call, mix, &mix->choices[i]);
        }
    }
    h_closes(h, 2);
    const char *vintage = web_param_get(&call->request->query, "indeling");
    if (*vintage) {
        form_hidden(h, "indeling", vintage);
    }
    form_button(h, "wijk-button wijk-button--quiet", T_MIX_PAGE_SHOW);
    h_close(h);
}

/* ---- tables ------------------------------------------------------------------------------- */

static void named_row(stack_table *table, const char *name)
{
    stack_row(table);
    h_text(table->h, name);
    stack_named(table);
}

static void measures(web_call *call, const wijk_mix *mix)
{
    static const enum wijk_text_key heads[] = {T_MIX_PAGE_MEASURE, T_MIX_PAGE_VALUE,
                                               T_MIX_PAGE_RANGE, T_MIX_PAGE_CHANCE,
                                               T_MIX_PAGE_BEYOND};
    html *h = &call->h;
    stack_table table = {0};
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", "maten");
    h_open(h, "h2", NULL);
    h_attr(h, "id", "maten");
    h_text(h, filled(call, T_MIX_PAGE_MEASURES_OF, "{whole}", mix->whole_name));
    h_close(h);
    h_leaft(h, "p", NULL, T_MIX_PAGE_ABOUT_MEASURES);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        stack_column(&table, wijk_text(call->lang, heads[i]), NULL);
    }
    stack_begin(&table, h, wijk_text(call->lang, T_MIX_PAGE_MEASURES));
    for (size_t i = 0; i < WIJK_MIX_MEASURES; i++) {
        const wijk_mix_measure *at = &mix->measure[i];
        named_row(&table, at->name);
        stack_number(&table, at->value, 3);
        range_cell(&table, mix, at);
        stack_number(&table, at->chance, 3);
        stack_number(&table, at->value - at->chance, 3);
        stack_row_end(&table);
    }
    stack_end(&table);
    h_close(h);
}

static const char *radius_words(web_call *call, double radius)
{
    const char *text = radius < 1000 ? wijk_arena_printf(call->arena, "%.0f m", radius)
                                     : wijk_arena_printf(call->arena, "%.0f km", radius / 1000);
    return filled(call, T_MIX_PAGE_MEETS, "{radius}", text ? text : "");
}

static void group_columns(stack_table *table, web_call *call, const wijk_mix *mix, int meets)
{
    stack_column(table, wijk_text(call->lang, T_MIX_PAGE_GROUP), NULL);
    if (mix->part) {
        stack_column(table, wijk_text(call->lang, T_MIX_PAGE_HERE), NULL);
        for (size_t k = 0; meets && k < WIJK_MIX_MEETS; k++) {
            stack_column(table, radius_words(call, mix->meets_radius[k]), NULL);
        }
        stack_column(table, filled(call, T_MIX_PAGE_IN, "{whole}", mix->whole_name), NULL);
    } else {
        stack_column(table, wijk_text(call->lang, T_MIX_PAGE_SHARE), NULL);
        stack_column(table, wijk_text(call->lang, T_MIX_PAGE_ISOLATION), NULL);
        stack_column(table, wijk_text(call->lang, T_MIX_PAGE_GROUP_D), NULL);
    }
}

static void group_row(stack_table *table, const wijk_mix *mix, const wijk_mix_group *at, int meets)
{
    double cells[3 + WIJK_MIX_MEETS];
    size_t n = 0;
    cells[n++] = 100 * (mix->part ? at->self : at->share);
    for (size_t k = 0; meets && k < WIJK_MIX_MEETS; k++) {
        cells[n++] = 100 * at->meets[k];
    }
    cells[n++] = 100 * (mix->part ? at->share : at->isolation);
    named_row(table, at->name);
    for (size_t k = 0; k < n; k++) {
        stack_cell(table);
        h_number(table->h, cells[k], 1);
        h_text(table->h, "%");
        h_close(table->h);
    }
    if (!mix->part) {
        stack_number(table, at->dissimilarity, 3);
    }
    stack_row_end(table);
}

static void groups(web_call *call, const wijk_mix *mix)
{
    html *h = &call->h;
    stack_table table = {0};
    int meets = mix->part && isfinite(mix->group[0].meets[0]);
    page_section(call, "wijk-section", "groepen", T_MIX_PAGE_GROUPS);
    if (!mix->part) {
        h_leaft(h, "p", NULL, T_MIX_PAGE_ABOUT_GROUPS);
    } else if (meets) {
        h_leaf(h, "p", NULL,
               filled(call, mix->meets_across ? T_MIX_PAGE_ABOUT_ACROSS : T_MIX_PAGE_ABOUT_MEETS,
                      "{whole}", mix->whole_name));
    }
    group_columns(&table, call, mix, meets);
    stack_begin(&table, h, wijk_text(call->lang, T_MIX_PAGE_GROUPS));
    for (size_t g = 0; g < mix->grouped.groups; g++) {
        group_row(&table, mix, &mix->group[g], meets);
    }
    stack_end(&table);
    h_close(h);
}

/* ---- beside similar areas ----------------------------------------------------------------- */

static void like_row(web_call *call, stack_table *table, const wijk_mix_like *at, int self)
{
    html *h = &call->h;
    stack_row(table);
    if (self) {
        h_text(h, at->name);
    } else {
        page_link(call, NULL, page_url(call, "/gebied/", at->code, "/mix", NULL), at->name);
    }
    stack_named(table);
    stack_number(table, 100 * at->d, 0);
    stack_cell(table);
    if (isfinite(at->low)) {
        h_number(h, 100 * at->low, 1);
        h_text(h, " – ");
        h_number(h, 100 * at->high, 1);
    } else {
        h_t(h, T_MIX_PAGE_RANGE_NONE);
    }
    h_close(h);
    stack_number(table, 100 * at->chance_d, 0);
    stack_number(table, (double)at->areas, 0);
    stack_row_end(table);
}

static void similar(web_call *call, const wijk_mix *mix)
{
    static const enum wijk_text_key heads[] = {T_MIX_LIKE_D, T_MIX_LIKE_RANGE, T_MIX_PAGE_CHANCE,
                                               T_MIX_LIKE_PARTS};
    html *h = &call->h;
    stack_table table = {0};
    double low = INFINITY, high = -INFINITY;
    if (!mix->like_count) {
        return;
    }
    for (size_t i = 0; i < mix->like_count; i++) {
        low = fmin(low, 100 * mix->like[i].d);
        high = fmax(high, 100 * mix->like[i].d);
    }
    const char *text = wijk_text(call->lang, T_MIX_LIKE_ABOUT);
    const char *const slots[][2] = {
        {"{d}", wijk_number_in(call->arena, call->lang, 100 * mix->all.dissimilarity, 0)},
        {"{n}", wijk_arena_printf(call->arena, "%zu", mix->like_count)},
        {"{others}", page_levels(call, mix->whole.level)},
        {"{low}", wijk_number_in(call->arena, call->lang, low, 0)},
        {"{high}", wijk_number_in(call->arena, call->lang, high, 0)}};
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        text = filled_in(call, text, slots[i][0], slots[i][1]);
    }
    page_section(call, "wijk-section", "lijkt", T_MIX_LIKE_TITLE);
    h_leaf(h, "p", NULL, text);
    stack_column(&table, wijk_level_name(call->lang, mix->whole.level), NULL);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        stack_column(&table, wijk_text(call->lang, heads[i]), NULL);
    }
    stack_begin(&table, h, wijk_text(call->lang, T_MIX_LIKE_TITLE));
    const wijk_mix_measure *d = &mix->measure[0];
    const wijk_mix_like self = {mix->whole.code,
                                mix->whole_name,
                                mix->all.dissimilarity,
                                mix->chance.dissimilarity,
                                mix->exact ? d->value : d->low,
                                mix->exact ? d->value : d->high,
                                mix->all.areas};
    like_row(call, &table, &self, 1);
    for (size_t i = 0; i < mix->like_count; i++) {
        like_row(call, &table, &mix->like[i], 0);
    }
    stack_end(&table);
    h_close(h);
}

/* The way to the same page with every range there is. */
static void all_ranges(web_call *call, const wijk_mix *mix)
{
    html *h = &call->h;
    int missing =
        mix->like_count || (!mix->exact && !mix->ranged) || (mix->scale_count > 1 && !mix->banded);
    if (mix->part || mix->like_ranged || !missing) {
        return;
    }
    h_open(h, "p", "wijk-more");
    if (mix->whole.level == WIJK_LAND) {
        h_t(h, T_MIX_ALL_CLI);
    } else {
        page_link(call, NULL,
                  page_url(call, "/gebied/", mix->area.code, "/mix", "groep", mix->grouping->code,
                           "delen", wijk_mix_layer_code(call->arena, mix->layer), "indeling",
                           web_param_get(&call->request->query, "indeling"), "marges", "alle",
                           NULL),
                  wijk_text(call->lang, T_MIX_ALL_RANGES));
    }
    h_close(h);
}

/* ---- the page ----------------------------------------------------------------------------- */

static void limits(web_call *call, const wijk_mix *mix)
{
    static const enum wijk_text_key fixed[] = {T_MIX_PAGE_LIMIT_LINES, T_MIX_PAGE_LIMIT_MEET,
                                               T_MIX_PAGE_LIMIT_CAUSE, T_MIX_PAGE_LIMIT_MIX,
                                               T_MIX_PAGE_LIMIT_SES};
    page_limits(call, &(page_limit_list){.title = T_MIX_PAGE_LIMITS,
                                         .said = mix->notes,
                                         .said_count = mix->note_count,
                                         .fixed = fixed,
                                         .fixed_count = sizeof fixed / sizeof *fixed,
                                         .manual = page_manual_url(call, "mix", "mix"),
                                         .manual_text = T_MIX_PAGE_MANUAL});
}

static void actions(web_call *call, const wijk_mix *mix)
{
    html *h = &call->h;
    const char *parts = wijk_mix_layer_code(call->arena, mix->layer);
    static const struct {
        const char *suffix;
        enum wijk_text_key text;
    } items[] = {{"/mix.csv", T_MIX_PAGE_CSV}, {"/mix.json", T_MIX_PAGE_JSON}};
    h_open(h, "ul", "wijk-actions");
    for (size_t i = 0; i < 2; i++) {
        h_open(h, "li", NULL);
        page_link(call, "wijk-action",
                  page_url(call, "/gebied/", mix->area.code, items[i].suffix, "groep",
                           mix->grouping->code, "delen", parts, "indeling",
                           web_param_get(&call->request->query, "indeling"), NULL),
                  wijk_text(call->lang, items[i].text));
        h_close(h);
    }
    h_close(h);
}

static void title_of(web_call *call, const wijk_area *area, const char *name)
{
    html *h = &call->h;
    const char *title =
        wijk_arena_printf(call->arena, "%s · %s", name, wijk_text(call->lang, T_MIX_PAGE_TITLE));
    page_begin(call,
               &(web_shell){.title = title, .area = "wijk-area", .fictional = area->fictional});
    page_breadcrumb(call, &(wijk_portrait){.area = *area});
    h_open(h, "header", "wijk-title");
    h_leaft(h, "h1", NULL, T_MIX_PAGE_TITLE);
    h_open(h, "p", "wijk-title__where");
    page_link(call, NULL, page_area_url(call, area, NULL), name);
}

/* ---- nothing known ------------------------------------------------------------------------ */

static void published_table(web_call *call, const wijk_mix_none *none)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "gepubliceerd", T_MIX_NONE_PUBLISHED);
    h_leaft(h, "p", NULL, T_MIX_NONE_ABOUT);
    h_open(h, "table", "wijk-table");
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_MIX_PAGE_GROUPING, NULL);
    page_head_cell(h, T_MIX_NONE_PARTS, NULL);
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < none->published_count; i++) {
        const wijk_mix_published *at = &none->published[i];
        int first = !i || at->grouping != at[-1].grouping;
        int last = i + 1 == none->published_count || at->grouping != at[1].grouping;
        if (first) {
            h_open(h, "tr", NULL);
            row_head(h, at->grouping->name[call->lang]);
            h_open(h, "td", NULL);
        }
        h_text(h, first ? "" : ", ");
        h_text(h, at->words);
        if (last) {
            h_closes(h, 2);
        }
    }
    h_closes(h, 3);
}

static void links_begin(html *h, web_call *call, const char *id, enum wijk_text_key key)
{
    page_section(call, "wijk-section", id, key);
    h_open(h, "ul", "wijk-list");
}

/* Nothing can be told of the area: what is missing, and the ways on. */
static int page_none(web_call *call, const wijk_area *area)
{
    wijk_mix_none none;
    html *h = &call->h;
    int rc = wijk_mix_none_get(&none, call->store, call->registry, call->arena, area->id,
                               call->lang, web_param_get(&call->request->query, "groep"));
    if (rc) {
        return rc;
    }
    title_of(call, area, none.name);
    h_close(h);
    h_leaf(h, "p", "wijk-lead", none.sentence);
    h_close(h);
    if (none.other_count) {
        links_begin(h, call, "bekend", T_MIX_NONE_OTHERS);
        for (size_t i = 0; i < none.other_count; i++) {
            h_open(h, "li", NULL);
            page_link(
                call, NULL,
                page_url(call, "/gebied/", area->code, "/mix", "groep", none.others[i]->code, NULL),
                none.others[i]->name[call->lang]);
            h_close(h);
        }
        h_closes(h, 2);
    }
    if (none.around_count) {
        links_begin(h, call, "eromheen", T_MIX_NONE_AROUND);
        for (size_t i = 0; i < none.around_count; i++) {
            const wijk_area *at = &none.around[i];
            h_open(h, "li", NULL);
            page_link(call, NULL, page_area_url(call, at, "/mix"),
                      wijk_arena_printf(call->arena, "%s (%s)", *at->name ? at->name : at->code,
                                        wijk_level_name(call->lang, at->level)));
            h_close(h);
        }
        h_closes(h, 2);
    }
    if (none.published_count) {
        published_table(call, &none);
    }
    return page_end(call);
}

int page_mix(web_call *call)
{
    wijk_area area;
    wijk_mix mix;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    if (rc) {
        return rc;
    }
    int all = !strcmp(web_param_get(&call->request->query, "marges"), "alle");
    rc = mix_read(call, &mix, &area,
                  all && area.level != WIJK_LAND ? WIJK_MIX_LOOK + 1 : WIJK_MIX_LOOK);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? page_none(call, &area) : rc;
    }
    html *h = &call->h;
    title_of(call, &area, mix.name);
    h_text(h, " · ");
    h_text(h, mix.title);
    h_close(h);
    h_leaf(h, "p", "wijk-lead", mix.sentence);
    actions(call, &mix);
    h_close(h);
    form(call, &mix);
    h_open(h, "div", "wijk-pair");
    rc = picture(call, &mix, "mix-kaart", "wijk-figure wijk-figure--map");
    h_open(h, "div", NULL);
    rc = rc ? rc : picture(call, &mix, "mix-aandelen", "wijk-figure");
    rc = rc ? rc : picture(call, &mix, "mix-verloop", "wijk-figure");
    h_closes(h, 2);
    h_open(h, "div", "wijk-pair");
    rc = rc ? rc : picture(call, &mix, "mix-afstand", "wijk-figure");
    rc = rc ? rc : picture(call, &mix, "mix-verandering", "wijk-figure");
    h_close(h);
    groups(call, &mix);
    measures(call, &mix);
    similar(call, &mix);
    all_ranges(call, &mix);
    limits(call, &mix);
    return rc ? rc : page_end(call);
}

/* ---- in short, on the page of the area ---------------------------------------------------- */

static void short_table(web_call *call, const wijk_mix_short *mix)
{
    html *h = &call->h;
    h_open(h, "table", "wijk-table");
    h_leaf(h, "caption", NULL, filled(call, T_MIX_SHORT_TABLE, "{whole}", mix->whole_name));
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_MIX_PAGE_GROUPING, NULL);
    page_head_cell(h, T_WEB_YEAR, "wijk-table__number");
    page_head_cell(h, T_MIX_SHORT_SEPARATION, "wijk-table__number");
    page_head_cell(h, T_MIX_PAGE_CHANCE, "wijk-table__number");
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < mix->count; i++) {
        const wijk_mixture *at = &mix->rows[i].at;
        h_open(h, "tr", NULL);
        row_head(h, mix->rows[i].grouping->name[call->lang]);
        h_leaf(h, "td", "wijk-table__number", page_period(call, at->layer.period));
        page_number_cell(h, 100 * at->d, 0);
        page_number_cell(h, 100 * at->chance_d, 0);
        h_close(h);
    }
    h_closes(h, 2);
}

int page_mix_section(web_call *call, const wijk_portrait *portrait)
{
    wijk_mix_short mix;
    int rc = wijk_mix_short_get(&mix, call->store, call->registry, call->arena, &portrait->area,
                                portrait->gemeente.id, call->lang);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    html *h = &call->h;
    page_section(call, "wijk-section", "mix", T_MIX_PAGE_TITLE);
    h_leaf(h, "p", NULL, mix.sentence);
    short_table(call, &mix);
    page_more(call, page_area_url(call, &portrait->area, "/mix"), T_MIX_PAGE_MORE);
    h_close(h);
    return WIJK_OK;
}

/* ---- the same as files -------------------------------------------------------------------- */

static int read_here(web_call *call, wijk_mix *out)
{
    wijk_area area;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    return rc ? rc : mix_read(call, out, &area, WIJK_MIX_LOOK);
}

int page_mix_json(web_call *call)
{
    wijk_mix mix;
    int rc = read_here(call, &mix);
    if (!rc) {
        page_type(call, "application/json",
                  wijk_arena_printf(call->arena, "mix-%s.json", mix.area.code));
        wijk_mix_json(&call->reply->body, &mix);
    }
    return rc;
}

int page_mix_csv(web_call *call)
{
    wijk_mix mix;
    int rc = read_here(call, &mix);
    if (!rc) {
        page_type(
            call, "text/csv; charset=utf-8",
            wijk_arena_printf(call->arena, "mix-%s-%s.csv", mix.area.code, mix.grouping->code));
        wijk_mix_csv(&call->reply->body, &mix);
    }
    return rc;
}

int api_mix(web_call *call)
{
    const web_params *query = &call->request->query;
    wijk_area area;
    wijk_mix mix;
    call->lang = strcmp(web_param_get(query, "lang"), "en") ? WIJK_NL : WIJK_EN;
    int rc = page_area_find(call, &area, call->name, web_param_get(query, "vintage"));
    rc = rc ? rc
            : read_best(call, &mix, &area, web_param_get(query, "grouping"),
                        web_param_get(query, "parts"), WIJK_MIX_LOOK);
    if (!rc) {
        page_type(call, "application/json", NULL);
        wijk_mix_json(&call->reply->body, &mix);
    }
    return rc;
}
