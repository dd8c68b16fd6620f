/* wijk foresee breakeven: how strong the effects of each lever must be for each purse not to be
 * worse off. The answer to "but does it work?" where nobody knows. */
#include "cli/foresee.h"
#include "cli/foresee_policy.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/breakeven.h"
#include "wijk/fan.h"
#include "wijk/parameters.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPLICATES = 12 };

typedef struct {
    cmd_sheet *sheet;
    const wijk_breakeven *b;
    const wijk_prices *prices;
    const wijk_dictionary *dictionary;
    wijk_lang lang;
    int machine;
} view;

static void column(const view *v, const char *name, enum wijk_text_key key, int decimals)
{
    cmd_sheet_column(v->sheet, name, wijk_text(v->lang, key), decimals);
}

static void columns(const view *v)
{
    cmd_sheet_table(v->sheet, "breakeven", wijk_text(v->lang, T_BREAKEVEN_TITLE));
    column(v, "lever", T_BREAKEVEN_LEVER, -1);
    column(v, "purse", T_ENSEMBLE_PURSE, -1);
    column(v, "none", T_BREAKEVEN_NONE, 0);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "half", "", 0);
    }
    column(v, "strong", T_BREAKEVEN_STRONG, 0);
    column(v, "even", T_BREAKEVEN_EVEN, -1);
    column(v, "share", T_BREAKEVEN_SHARE, 2);
    column(v, "low", T_BREAKEVEN_LOW, 2);
    column(v, "high", T_BREAKEVEN_HIGH, 2);
    column(v, "reached", T_BREAKEVEN_REACHED, 2);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "same", "", 2);
    }
    column(v, "effect", T_BREAKEVEN_EFFECT, -1);
    column(v, "at", T_BREAKEVEN_AT, 2);
    column(v, "of", T_BREAKEVEN_OF, 2);
}

static void row(const view *v, const wijk_breakeven_row *r)
{
    static const enum wijk_text_key even[] = {
        [WIJK_EVEN_AT] = T_BREAKEVEN_FROM_SHARE,
        [WIJK_EVEN_ALWAYS] = T_BREAKEVEN_ALWAYS,
        [WIJK_EVEN_NEVER] = T_BREAKEVEN_NEVER,
        [WIJK_EVEN_UP_TO] = T_BREAKEVEN_UP_TO,
    };
    static const char *const keys[] = {[WIJK_EVEN_AT] = "at",
                                       [WIJK_EVEN_ALWAYS] = "always",
                                       [WIJK_EVEN_NEVER] = "never",
                                       [WIJK_EVEN_UP_TO] = "up_to"};
    int all = r->lever == WIJK_LEVERS;
    cmd_sheet_text(v->sheet, v->machine ? all ? "all" : wijk_lever_get(r->lever)->key
                             : all      ? wijk_text(v->lang, T_BREAKEVEN_ALL)
                                        : wijk_policy_lever(v->lang, r->lever));
    const wijk_purse *purse = r->purse < 0 ? NULL : wijk_purse_at(v->prices, (size_t)r->purse);
    cmd_sheet_text(v->sheet, !purse
                                 ? v->machine ? "society" : wijk_text(v->lang, T_ENSEMBLE_SOCIETY)
                             : v->machine ? purse->code
                                          : purse->label[v->lang]);
    cmd_sheet_number(v->sheet, r->net[0]);
    if (v->machine) {
        cmd_sheet_number(v->sheet, r->net[1]);
    }
    cmd_sheet_number(v->sheet, r->net[2]);
    int sure = wijk_breakeven_sure(r);
    cmd_sheet_text(v->sheet, v->machine
                                 ? keys[r->even]
                                 : wijk_text(v->lang, sure ? even[r->even] : T_BREAKEVEN_CHANCE));
    cmd_sheet_number(v->sheet, r->share);
    cmd_sheet_number(v->sheet, r->even == WIJK_EVEN_AT ? r->low : NAN);
    cmd_sheet_number(v->sheet, r->even == WIJK_EVEN_AT ? r->high : NAN);
    cmd_sheet_number(v->sheet, r->reached);
    if (v->machine) {
        cmd_sheet_number(v->sheet, r->same);
    }
    const wijk_parameter_row *what =
        r->what == WIJK_PARAMETERS ? NULL : wijk_dictionary_row(v->dictionary, r->what);
    cmd_sheet_text(v->sheet, !what ? "" : v->machine ? what->name : what->label[v->lang]);
    cmd_sheet_number(v->sheet, r->at);
    cmd_sheet_number(v->sheet, r->most);
}

static void heads(const view *v, const char *place, const wijk_scenario_file *scenario)
{
    char pairs[24], years[24], seed[24];
    wijk_str text = WIJK_STR_INIT;
    snprintf(pairs, sizeof pairs, "%u", v->b->replicates);
    snprintf(years, sizeof years, "%u", v->b->years);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)v->b->seed);
    wijk_text_fill(&text, v->lang, T_BREAKEVEN_HEAD, place, wijk_scenario_title(scenario, v->lang),
                   years, NULL);
    cmd_sheet_head(v->sheet, wijk_str_text(&text));
    if (wijk_policy_moves_homes(scenario)) {
        cmd_sheet_head(v->sheet, wijk_text(v->lang, T_MONEY_STUDY));
    }
    wijk_str_clear(&text);
    wijk_text_fill(&text, v->lang, T_BREAKEVEN_METHOD, pairs, seed, NULL);
    cmd_sheet_note(v->sheet, wijk_str_text(&text));
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_BREAKEVEN_ALONE));
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_ENSEMBLE_UNPRICED));
    wijk_str_free(&text);
}

static int show(int argc, char **argv, wijk_lang lang, const wijk_breakeven *b,
                const wijk_prices *prices, const char *place, const wijk_scenario_file *scenario)
{
    wijk_dictionary *dictionary;
    int rc = wijk_dictionary_open(&dictionary);
    if (rc) {
        return rc;
    }
    const view v = {cmd_sheet_new(argc, argv, lang),
                    b,
                    prices,
                    dictionary,
                    lang,
                    cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv")};
    heads(&v, place, scenario);
    columns(&v);
    for (size_t i = 0; i < b->n; i++) {
        row(&v, &b->rows[i]);
    }
    rc = cmd_sheet_print(v.sheet);
    wijk_dictionary_free(dictionary);
    return rc;
}

static int read_options(wijk_ensemble_options *o, int argc, char **argv,
                        const wijk_scenario_file *scenario)
{
    unsigned long long seed = 1, replicates = REPLICATES;
    unsigned long long years = (unsigned long long)wijk_scenario_years(scenario);
    int rc = cmd_whole(&seed, argc, argv, "seed", 0, UINT64_MAX);
    rc = rc ? rc : cmd_whole(&replicates, argc, argv, "replicates", 4, WIJK_ENSEMBLE_MOST);
    rc = rc ? rc : cmd_whole(&years, argc, argv, "years", 1, WIJK_ENSEMBLE_YEARS);
    rc = rc ? rc : cmd_threads(&o->threads, argc, argv);
    o->seed = seed;
    o->first = 1;
    o->last = (uint32_t)replicates;
    o->years = (uint32_t)years;
    return rc;
}

int foresee_breakeven(int argc, char **argv, wijk_lang lang)
{
    cmd_place place = {0};
    cmd_job job;
    wijk_ensemble_options o = {0};
    foresee_policy policy;
    wijk_prices *prices = NULL;
    wijk_case *it = NULL;
    wijk_breakeven *b = NULL;
    wijk_area area = {0};
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    int rc = foresee_policy_asked(&policy, argc, argv);
    rc = rc ? rc : read_options(&o, argc, argv, policy.file);
    rc = rc ? rc : wijk_prices_open(&prices);
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang);
    rc = rc ? rc : foresee_policy_check(&policy, &place);
    rc = rc ? rc : wijk_area_get(&area, place.store, place.arena, place.area);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = wijk_case_new(&it, place.store, place.registry, place.area, &job.ctx);
        rc = rc ? rc : wijk_case_breakeven(&b, it, policy.file, &o, prices, NULL, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc ? rc
            : show(argc, argv, lang, b, prices, area.name && *area.name ? area.name : area.code,
                   policy.file);
    wijk_breakeven_free(b);
    wijk_case_free(it);
    wijk_prices_free(prices);
    foresee_policy_close(&policy);
    cmd_place_close(&place);
    return rc;
}
