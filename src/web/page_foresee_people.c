/* Of which figures the made-up population of a forecast was made: figure by figure whether it is
 * the areas' own or borrowed, from where and when, and how well what was made holds to it. Idea: a
 * forecast is no better than its start, so the start stands beside it. */
#include "figure/words.h"
#include "web/foresee_page.h"
#include "web/stack.h"

#include "wijk/mem.h"
#include "wijk/start.h"
#include "wijk/text.h"

#include <stdio.h>

/* ---- one figure ------------------------------------------------------------------------------ */

/* "eigen (31)", "postcodes (29), wijk (2)" */
static void from_cell(web_call *call, stack_table *table, const wijk_start_margin *sum)
{
    html *h = &call->h;
    int shown = 0;
    stack_cell(table);
    for (int f = 0; f < WIJK_FROMS; f++) {
        if (sum->from[f]) {
            const char *args[] = {wijk_from_say(call->lang, (wijk_from)f),
                                  foresee_int(call, sum->from[f])};
            h_text(h, shown++ ? ", " : "");
            h_fill(h, T_PEOPLE_FROM_ONE, args, 2);
        }
    }
    h_close(h);
}

/* Of which years the figures are; a default of the country has none. */
static void year_cell(web_call *call, stack_table *table, const wijk_start *start, wijk_margin m)
{
    char first[12], last[12];
    int from = 0, to = 0;
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        int year = area->empty ? 0 : area->fitted[m].year;
        from = year && (!from || year < from) ? year : from;
        to = year > to ? year : to;
    }
    snprintf(first, sizeof first, "%d", from);
    snprintf(last, sizeof last, "%d", to);
    const char *args[] = {first, last};
    stack_cell(table);
    if (from && from < to) {
        h_fill(&call->h, T_PEOPLE_YEARS, args, 2);
    } else {
        h_text(&call->h, from ? first : "–");
    }
    h_close(&call->h);
}

static void count_cell(web_call *call, stack_table *table, double count)
{
    int few = count > 0.5 && count < WIJK_ENSEMBLE_LEAST;
    stack_cell(table);
    h_text(&call->h,
           few ? wijk_text(call->lang, T_FEW_CHANGE) : foresee_int(call, (long long)(count + 0.5)));
    h_close(&call->h);
}

static void figure_row(web_call *call, stack_table *table, const wijk_start *start, wijk_margin m)
{
    html *h = &call->h;
    const wijk_start_margin *sum = wijk_start_margin_of(start, m);
    stack_row(table);
    h_text(h, wijk_margin_say(call->lang, m));
    stack_named(table);
    from_cell(call, table, sum);
    year_cell(call, table, start, m);
    stack_cell(table);
    if (sum->native) {
        const char *args[] = {foresee_int(call, sum->within), foresee_int(call, sum->native)};
        h_fill(h, T_PEOPLE_HOLDS_OF, args, 2);
    } else {
        h_text(h, "–");
    }
    h_close(h);
    count_cell(call, table, sum->all_published);
    count_cell(call, table, sum->all_synthetic);
    stack_row_end(table);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void counts(web_call *call, const wijk_start *start, const wijk_area *region)
{
    wijk_start_counts came;
    html *h = &call->h;
    char year[8];
    wijk_start_count(&came, start);
    snprintf(year, sizeof year, "%d", wijk_start_year(start));
    size_t areas = wijk_start_areas(start);
    h_leaf(h, "p", NULL,
           WIJK_FILL(call->arena, call->lang, T_PEOPLE_SAY, {"region", region->name},
                     {"areas", foresee_int(call, (long long)areas)}, {"year", year},
                     {"within", foresee_int(call, (long long)came.within)},
                     {"inhabited", foresee_int(call, (long long)came.areas)}));
    if (came.conflict) {
        h_leaf(h, "p", NULL,
               WIJK_FILL(call->arena, call->lang, T_PEOPLE_CONFLICT,
                         {"n", foresee_int(call, (long long)came.conflict)}));
    }
    if (areas > came.areas) {
        h_leaf(h, "p", NULL,
               WIJK_FILL(call->arena, call->lang, T_PEOPLE_EMPTY,
                         {"n", foresee_int(call, (long long)(areas - came.areas))}));
    }
    h_leaft(h, "p", "wijk-from", T_PEOPLE_ABOUT);
}

static int make(web_call *call, const void *what)
{
    const wijk_area *region = what;
    html *h = &call->h;
    wijk_start *start = NULL;
    stack_table table = {0};
    const wijk_start_options options = {.area = region->id, .level = WIJK_LEVELS, .seed = 1};
    int rc = wijk_start_new(&start, call->store, call->registry, &options, NULL);
    if (rc) {
        return rc;
    }
    h_open(h, "details", "wijk-details wijk-texts");
    h_leaft(h, "summary", NULL, T_PEOPLE_SUMMARY);
    counts(call, start, region);
    stack_column(&table, wijk_text(call->lang, T_POPULATION_MARGIN), "");
    stack_column(&table, wijk_text(call->lang, T_PEOPLE_FROM), "");
    stack_column(&table, wijk_text(call->lang, T_PEOPLE_YEAR), NULL);
    stack_column(&table, wijk_text(call->lang, T_PEOPLE_HOLDS), NULL);
    stack_column(&table, wijk_text(call->lang, T_PEOPLE_AIM), NULL);
    stack_column(&table, wijk_text(call->lang, T_PEOPLE_MADE), NULL);
    stack_begin(&table, h, wijk_text(call->lang, T_PEOPLE_SUMMARY));
    for (int m = 0; m < WIJK_MARGINS; m++) {
        figure_row(call, &table, start, (wijk_margin)m);
    }
    stack_end(&table);
    page_more(call, page_manual_url(call, "population", "population"), T_PEOPLE_MANUAL);
    h_close(h);
    wijk_start_free(start);
    return WIJK_OK;
}

/* The same for every policy of a gemeente, and as long as the file stays what it is; of an answer
 * from earlier figures nothing can be said. */
int foresee_people(web_call *call, const foresee_view *view)
{
    const wijk_area *area = &view->portrait.area;
    wijk_area region = *area;
    int64_t gemeente = 0;
    if (view->outdated) {
        return WIJK_OK;
    }
    int rc = wijk_area_gemeente(&gemeente, call->store, area);
    rc = rc || !gemeente ? rc : wijk_area_get(&region, call->store, call->arena, gemeente);
    const char *name = wijk_arena_printf(call->arena, "people %lld %d %s", (long long)region.id,
                                         (int)call->lang, call->worker->snapshot->stamp);
    rc = rc ? rc : name ? page_kept(call, name, make, &region) : WIJK_ENOMEM;
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}
