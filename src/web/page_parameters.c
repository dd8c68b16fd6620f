/* Every assumption of the model on one page, with its range, grade and source: where a figure of a
 * forecast leads to when somebody asks "says who?". */
#include "web/pages.h"

#include "web/stack.h"
#include "wijk/calibrate.h"
#include "wijk/ensemble.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const wijk_dictionary *dictionary;
    const wijk_plausible *plausible;
    const wijk_table *sources; /* in Dutch; titles of publications stay as they are */
} known_values;

/* Processes of data/parameters.csv under the headings of the analysis of sensitivity. */
static const struct {
    const char *process;
    enum wijk_text_key heading;
} processes[] = {{"life", T_SENSITIVITY_G_LIFE},
                 {"needs", T_SENSITIVITY_G_NEEDS},
                 {"strain", T_SENSITIVITY_G_NEEDS},
                 {"help", T_SENSITIVITY_G_HELP},
                 {"escalation", T_SENSITIVITY_G_ESCALATION},
                 {"leaving", T_SENSITIVITY_G_HOUSING},
                 {"allocation", T_SENSITIVITY_G_HOUSING},
                 {"groups", T_SENSITIVITY_G_HOUSING},
                 {"ties", T_SENSITIVITY_G_TIES},
                 {"block", T_SENSITIVITY_G_TIES}};
enum { PROCESSES = sizeof processes / sizeof *processes };

static const page_word unit_words[] = {{"per_year", T_ASSUMPTION_U_PER_YEAR},
                                       {"share", T_ASSUMPTION_U_SHARE},
                                       {"ratio", T_ASSUMPTION_U_RATIO},
                                       {"points", T_ASSUMPTION_U_POINTS},
                                       {"per_month", T_ASSUMPTION_U_PER_MONTH},
                                       {"thousandths", T_ASSUMPTION_U_THOUSANDTHS},
                                       {"hours_per_month", T_ASSUMPTION_U_HOURS_PER_MONTH},
                                       {"events_per_year", T_ASSUMPTION_U_EVENTS_PER_YEAR},
                                       {"minutes", T_ASSUMPTION_U_MINUTES},
                                       {"ties", T_ASSUMPTION_U_TIES},
                                       {"cases_per_fte", T_ASSUMPTION_U_CASES_PER_FTE},
                                       {"candidates", T_ASSUMPTION_U_CANDIDATES},
                                       {"months", T_ASSUMPTION_U_MONTHS},
                                       {"classes", T_ASSUMPTION_U_CLASSES},
                                       {"homes", T_ASSUMPTION_U_HOMES},
                                       {"euro_per_year", T_ASSUMPTION_U_EURO_PER_YEAR}};
enum { UNITS = sizeof unit_words / sizeof *unit_words };

/* As many decimals as tell it from nought and from its neighbours: two digits that count. */
static const char *number_of(web_call *call, double value)
{
    int decimals = 0;
    double size = fabs(value);
    while (decimals < 6 && size > 0 && fabs(size - nearbyint(size)) > 0.005 * size) {
        size *= 10;
        decimals++;
    }
    return wijk_number_in(call->arena, call->lang, value, decimals);
}

/* How values are drawn from the range, and whether the plausible points narrow it. */
static void shape_cell(web_call *call, stack_table *table, wijk_shape shape, int fitted)
{
    static const enum wijk_text_key shapes[] = {[WIJK_SHAPE_TRIANGULAR] = T_ASSUMPTION_SHAPE_1,
                                                [WIJK_SHAPE_UNIFORM] = T_ASSUMPTION_SHAPE_2,
                                                [WIJK_SHAPE_EITHER_WAY] = T_ASSUMPTION_SHAPE_3,
                                                [WIJK_SHAPE_FIXED] = T_ASSUMPTION_SHAPE_4};
    stack_cell(table);
    h_leaft(&call->h, "span", NULL, shapes[shape]);
    if (fitted) {
        h_leaft(&call->h, "span", "wijk-from", T_ASSUMPTION_FITTED);
    }
    h_close(&call->h);
}

static const char *source_of(web_call *call, const known_values *known,
                             const wijk_parameter_row *row)
{
    long at = call->lang == WIJK_NL ? wijk_table_find(known->sources, "en", row->source) : -1;
    return at < 0 ? row->source : wijk_table_get(known->sources, (size_t)at, "nl");
}

static void one_row(web_call *call, stack_table *table, const known_values *known, int i)
{
    html *h = &call->h;
    const wijk_parameter_row *row = wijk_dictionary_row(known->dictionary, (wijk_parameter)i);
    const char *source = source_of(call, known, row);
    const char *range[] = {number_of(call, row->low), number_of(call, row->high)};
    stack_row(table);
    h_attr(h, "id", row->name);
    h_text(h, row->label[call->lang]);
    h_text(h, " ");
    h_leaft(h, "span", row->effect ? "wijk-kind wijk-kind--assumed" : "wijk-kind",
            row->effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
    h_open(h, "span", "wijk-from");
    h_fill(h, T_ASSUMPTION_SOURCE, &source, 1);
    h_text(h, " · ");
    h_text(h, row->name);
    h_text(h, " · ");
    h_leaf(h, "i", NULL, row->symbol);
    h_close(h);
    stack_named(table);
    stack_cell(table);
    h_text(h, number_of(call, row->initial));
    h_close(h);
    stack_cell(table);
    h_open(h, "span", NULL); /* one thing, so that a narrow window may break it */
    h_fill(h, T_ASSUMPTION_BETWEEN, range, 2);
    h_text(h, " ");
    h_leaf(h, "span", "wijk-from", page_word_of(call, unit_words, UNITS, row->unit));
    h_close(h);
    h_close(h);
    shape_cell(call, table, row->shape, wijk_plausible_has(known->plausible, (wijk_parameter)i));
    stack_cell(table);
    h_text(h, row->grade);
    h_close(h);
    stack_row_end(table);
}

static int in_group(const wijk_parameter_row *row, enum wijk_text_key heading)
{
    for (int p = 0; p < PROCESSES; p++) {
        if (processes[p].heading == heading && !strcmp(processes[p].process, row->process)) {
            return 1;
        }
    }
    return 0;
}

static void group(web_call *call, const known_values *known, int first)
{
    static const enum wijk_text_key heads[] = {T_ASSUMPTION_NAME, T_ASSUMPTION_MIDDLE,
                                               T_ASSUMPTION_RANGE, T_ASSUMPTION_SHAPE,
                                               T_ASSUMPTION_GRADE};
    enum wijk_text_key heading = processes[first].heading;
    stack_table table = {0};
    page_section(call, "wijk-section", processes[first].process, heading);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        stack_column(&table, wijk_text(call->lang, heads[i]), i == 1 || i == 2 ? NULL : "");
    }
    stack_begin(&table, &call->h, wijk_text(call->lang, heading));
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        if (in_group(wijk_dictionary_row(known->dictionary, (wijk_parameter)i), heading)) {
            one_row(call, &table, known, i);
        }
    }
    stack_end(&table);
    h_close(&call->h);
}

static void filled(web_call *call, const char *class_name, enum wijk_text_key key, const char *a,
                   const char *b, const char *c)
{
    const char *const arguments[] = {a, b, c};
    h_open(&call->h, "p", class_name);
    h_fill(&call->h, key, arguments, 3);
    h_close(&call->h);
}

static const char *count(web_call *call, double value)
{
    return wijk_number_in(call->arena, call->lang, value, 0);
}

static int head(web_call *call, const known_values *known)
{
    html *h = &call->h;
    int effects = 0, fitted = 0;
    uint64_t fingerprint = 0;
    char mark[24];
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        effects += wijk_dictionary_row(known->dictionary, (wijk_parameter)i)->effect;
        fitted += wijk_plausible_has(known->plausible, (wijk_parameter)i);
    }
    int rc = wijk_ensemble_parameters(&fingerprint);
    snprintf(mark, sizeof mark, "%016llx", (unsigned long long)fingerprint);
    h_leaft(h, "h1", NULL, T_ASSUMPTION_TITLE);
    h_leaft(h, "p", "wijk-lead", T_ASSUMPTION_LEAD);
    filled(call, NULL, T_ASSUMPTION_HOW, count(call, WIJK_PARAMETERS), count(call, effects), NULL);
    filled(call, NULL, T_ASSUMPTION_PLAUSIBLE, count(call, fitted),
           count(call, (double)wijk_plausible_points(known->plausible)),
           wijk_plausible_made_on(known->plausible));
    h_leaft(h, "p", "wijk-caution", T_ASSUMPTION_GRADES);
    h_leaft(h, "p", "wijk-from", T_ASSUMPTION_MORE);
    filled(call, "wijk-from", T_ASSUMPTION_MARK, mark, NULL, NULL);
    h_leaft(h, "p", "wijk-from", T_ASSUMPTION_CSV);
    return rc;
}

int page_parameters(web_call *call)
{
    wijk_dictionary *dictionary = NULL;
    wijk_plausible *plausible = NULL;
    wijk_table *sources = NULL;
    int rc = wijk_dictionary_open(&dictionary);
    rc = rc ? rc : wijk_plausible_open(&plausible);
    rc = rc ? rc : wijk_table_asset(&sources, "data/parameter_sources.csv");
    if (!rc) {
        const known_values known = {dictionary, plausible, sources};
        page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_ASSUMPTION_TITLE),
                                      .area = "wijk-wide"});
        rc = head(call, &known);
        for (int p = 0; p < PROCESSES; p++) {
            if (p == 0 || processes[p].heading != processes[p - 1].heading) {
                group(call, &known, p);
            }
        }
        rc = rc ? rc : page_end(call);
    }
    wijk_table_free(sources);
    wijk_plausible_free(plausible);
    wijk_dictionary_free(dictionary);
    return rc;
}
