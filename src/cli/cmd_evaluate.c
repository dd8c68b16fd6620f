/* wijk evaluate: did it do anything? The verdict first; the estimators behind it by name. */
#include "cli/cmd.h"
#include "cli/evaluate.h"
#include "cli/place.h"
#include "cli/sheet.h"
#include "figure/words.h"

#include "wijk/csv.h"
#include "wijk/did.h"
#include "wijk/figure.h"
#include "wijk/group_time.h"
#include "wijk/mem.h"
#include "wijk/panel_read.h"
#include "wijk/synthetic.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    wijk_panel_data data;
    double selected, matters; /* year, size; NAN when not given */
    int lower_is_better, decimals;
    enum wijk_adjust adjust;
    uint64_t seed;
    wijk_arena *arena;
    wijk_lang lang;
    cmd_sheet *sheet;
} job;

/* ---- what is asked ------------------------------------------------------------------------------
 */

static int number_option(double *out, int argc, char **argv, const char *name)
{
    const char *text = cmd_option(argc, argv, name);
    *out = NAN;
    return !text || wijk_csv_number(out, text, strlen(text), '.')
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL, "--%s %s is geen getal.", "--%s %s is not a number.", name,
                           text);
}

/* --adjust: how covariates are minded by the group-time effects. */
static int read_adjust(job *j, const char *name)
{
    static const char *const names[] = {"both", "regression", "weighting"};
    for (int i = 0; name && i < 3; i++) {
        if (!strcmp(name, names[i])) {
            j->adjust = (enum wijk_adjust)i;
            return WIJK_OK;
        }
    }
    return name
               ? wijk_fail(WIJK_EINVAL, "--adjust %s is er niet; wel: both, regression, weighting.",
                           "There is no --adjust %s; there are: both, regression, weighting.", name)
               : WIJK_OK;
}

static int drop_waves(wijk_panel_data *data, const char *years)
{
    unsigned char *drop = wijk_alloc(data->panel.waves + 1);
    if (!drop) {
        return WIJK_ENOMEM;
    }
    data->drop = drop;
    data->panel.drop = drop;
    for (const char *at = years; *at;) {
        size_t size = strcspn(at, ",");
        double year;
        int wave = wijk_csv_number(&year, at, size, '.') ? wijk_panel_wave(&data->panel, year)
                                                         : WIJK_NEVER;
        if (wave == WIJK_NEVER) {
            return wijk_fail(WIJK_EINVAL, "--drop: er is geen meting in \"%.*s\".",
                             "--drop: there is no wave in \"%.*s\".", (int)(size < 40 ? size : 40),
                             at);
        }
        drop[wave] = 1;
        at += size + (at[size] == ',');
    }
    return WIJK_OK;
}

static int read_csv(job *j, const char *path, int argc, char **argv)
{
    wijk_panel_columns columns = {.unit = cmd_option(argc, argv, "unit"),
                                  .time = cmd_option(argc, argv, "time"),
                                  .outcome = cmd_option(argc, argv, "outcome"),
                                  .start = cmd_option(argc, argv, "start"),
                                  .size = cmd_option(argc, argv, "size"),
                                  .treated = cmd_option(argc, argv, "treated"),
                                  .covariates = cmd_option(argc, argv, "covariates"),
                                  .ring = cmd_option(argc, argv, "touches")};
    char *bytes;
    size_t size = 0;
    int rc = number_option(&columns.begins, argc, argv, "begins");
    rc = rc ? rc : cmd_read_file(&bytes, &size, path);
    if (rc) {
        return rc;
    }
    rc = wijk_panel_csv(&j->data, bytes, size, path, &columns);
    wijk_free(bytes);
    return rc;
}

enum { MOST_AREAS = 500 };

/* Areas of the file by code or name, and one of its indicators as outcome. */
static int read_file(job *j, const char *areas, int argc, char **argv)
{
    const char *code = cmd_option(argc, argv, "indicator");
    int64_t ids[MOST_AREAS];
    size_t count = 0;
    double begins;
    cmd_place place = {0};
    int rc = number_option(&begins, argc, argv, "begins");
    if (!rc && !isfinite(begins)) {
        rc = wijk_fail(WIJK_EINVAL, "Zeg in welk jaar het begon: --begins 2015.",
                       "Say in which year it began: --begins 2015.");
    }
    for (const char *at = areas; *at && !rc; count++) {
        size_t size = strcspn(at, ",");
        char *name = wijk_arena_strndup(j->arena, at, size);
        rc = !name ? WIJK_ENOMEM
             : count == MOST_AREAS
                 ? wijk_fail(WIJK_ELIMIT, "Hoogstens %d gebieden.", "At most %d areas.", MOST_AREAS)
                 : cmd_place_find(&place, argc, argv, name, j->lang, 1);
        ids[count < MOST_AREAS ? count : 0] = place.area;
        at += size + (at[size] == ',');
    }
    const wijk_indicator *outcome =
        rc ? NULL : wijk_indicator_by_code(place.registry, code ? code : "lbm3_afw");
    if (!rc && !outcome) {
        rc = wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                       "There is no indicator \"%.60s\".", code);
    }
    if (!rc) {
        j->decimals = outcome->decimals;
        j->lower_is_better = outcome->direction == WIJK_DIRECTION_DOWN;
        rc = wijk_panel_file(&j->data, place.store, place.registry, outcome, ids, count, begins);
    }
    const char *covariates = cmd_option(argc, argv, "covariates");
    if (!rc && covariates) {
        rc = wijk_panel_covariates(&j->data, place.store, place.registry, covariates, begins);
    }
    cmd_place_close(&place);
    return rc;
}

/* ---- the verdict
 * ---------------------------------------------------------------------------------- */

static void row(job *j, const char *code, enum wijk_text_key name, double value)
{
    cmd_sheet_text(j->sheet, code);
    cmd_sheet_text(j->sheet, wijk_text(j->lang, name));
    cmd_sheet_number(j->sheet, value);
}

static void numbers(job *j, const char *name)
{
    cmd_sheet_table(j->sheet, name, "");
    cmd_sheet_column(j->sheet, "code", "", -1);
    cmd_sheet_column(j->sheet, "what", wijk_text(j->lang, T_EVALUATE_WHAT), -1);
    cmd_sheet_column(j->sheet, "value", wijk_text(j->lang, T_EVALUATE_VALUE), j->decimals + 1);
}

static const char *filled(job *j, enum wijk_text_key key, const char *name, double value,
                          int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number(&text, j->lang, value, decimals);
    const char *kept = WIJK_FILL(j->arena, j->lang, key, {name, wijk_str_text(&text)});
    wijk_str_free(&text);
    return kept;
}

/* A year is a name, not an amount: no separators. */
static void year_cell(job *j, double year)
{
    char text[32];
    snprintf(text, sizeof text, "%.10g", year);
    cmd_sheet_text(j->sheet, text);
}

void evaluate_verdict(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang, const wijk_verdict *v,
                      const wijk_design *design, int decimals)
{
    static const char *const codes[] = {"better", "worse", "no_difference", "cannot_know"};
    job j = {.sheet = sheet, .arena = arena, .lang = lang, .decimals = decimals};
    wijk_verdict_words words;
    wijk_verdict_say(&words, arena, lang, v, design, decimals);
    cmd_sheet_head(sheet, words.answer);
    cmd_sheet_table(sheet, "verdict", "");
    cmd_sheet_column(sheet, "verdict", wijk_text(lang, T_EVALUATE_VERDICT), -1);
    cmd_sheet_column(sheet, "effect", wijk_text(lang, T_EVALUATE_EFFECT), decimals + 1);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_EVALUATE_LOW), decimals + 1);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_EVALUATE_HIGH), decimals + 1);
    cmd_sheet_text(sheet, codes[v->kind]);
    cmd_sheet_number(sheet, v->effect);
    cmd_sheet_number(sheet, v->low);
    cmd_sheet_number(sheet, v->high);
    numbers(&j, "beside");
    row(&j, "p", T_EVALUATE_P, v->p);
    row(&j, "detectable", T_EVALUATE_DETECTABLE, v->detectable);
    row(&j, "before_after", T_EVALUATE_BEFORE_AFTER, v->before_after);
    row(&j, "naive", T_EVALUATE_NAIVE, v->naive);
    for (size_t i = 0; i < WIJK_VERDICT_NOTES && words.notes[i]; i++) {
        cmd_sheet_note(sheet, words.notes[i]);
    }
}

static int run_verdict(job *j)
{
    wijk_design design = {.selection = WIJK_NEVER,
                          .matters = j->matters,
                          .lower_is_better = j->lower_is_better,
                          .size = j->data.size,
                          .exclude = j->data.exclude,
                          .seed = j->seed};
    if (isfinite(j->selected)) {
        design.selection = wijk_panel_wave(&j->data.panel, j->selected);
        if (design.selection == WIJK_NEVER) {
            return wijk_fail(WIJK_EINVAL, "--selected: er is geen meting in %g.",
                             "--selected: there is no wave in %g.", j->selected);
        }
    }
    if (!isfinite(j->matters)) {
        return wijk_fail(
            WIJK_EINVAL,
            "Zeg vooraf hoe groot een verschil moet zijn om ertoe te doen: --matters "
            "0.05.",
            "Say beforehand how large a difference must be to matter: --matters 0.05.");
    }
    wijk_verdict v;
    int rc = wijk_verdict_reach(&v, &j->data.panel, &design, NULL);
    if (!rc) {
        evaluate_verdict(j->sheet, j->arena, j->lang, &v, &design, j->decimals);
    }
    wijk_verdict_free(&v);
    return rc;
}

/* ---- the estimators behind it
 * ---------------------------------------------------------------------- */

static int run_did(job *j)
{
    wijk_did r;
    wijk_event *events = wijk_alloc((j->data.panel.waves + 1) * sizeof *events);
    wijk_did_options options = {.seed = j->seed};
    int rc = events ? wijk_did_estimate(&r, &j->data.panel, &options, NULL) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_did_events(events, &j->data.panel, &options, NULL);
    if (!rc) {
        numbers(j, "did");
        row(j, "effect", T_EVALUATE_EFFECT, r.effect);
        row(j, "low", T_EVALUATE_LOW, r.low);
        row(j, "high", T_EVALUATE_HIGH, r.high);
        row(j, "p", T_EVALUATE_P, r.p);
        cmd_sheet_table(j->sheet, "events", "");
        cmd_sheet_column(j->sheet, "year", wijk_text(j->lang, T_EVALUATE_WAVE), -1);
        cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT),
                         j->decimals + 1);
        cmd_sheet_column(j->sheet, "low", wijk_text(j->lang, T_EVALUATE_LOW), j->decimals + 1);
        cmd_sheet_column(j->sheet, "high", wijk_text(j->lang, T_EVALUATE_HIGH), j->decimals + 1);
        for (size_t t = 0; t < j->data.panel.waves; t++) {
            year_cell(j, events[t].year);
            cmd_sheet_number(j->sheet, events[t].effect);
            cmd_sheet_number(j->sheet, events[t].low);
            cmd_sheet_number(j->sheet, events[t].high);
        }
        cmd_sheet_note(j->sheet, filled(j, T_EVALUATE_PERMUTATION, "least", r.least_p, 3));
        cmd_sheet_note(j->sheet, filled(j, T_EVALUATE_ROBUST, "t", r.cluster_t, 1));
        if (r.left_out) {
            cmd_sheet_note(j->sheet,
                           filled(j, T_EVALUATE_LEFT_OUT, "count", (double)r.left_out, 0));
        }
    }
    wijk_free(events);
    return rc;
}

static void att_table(job *j, const char *name, const wijk_att *items, size_t count,
                      enum wijk_text_key label)
{
    cmd_sheet_table(j->sheet, name, "");
    cmd_sheet_column(j->sheet, "group", wijk_text(j->lang, T_EVALUATE_GROUP), -1);
    cmd_sheet_column(j->sheet, "label", wijk_text(j->lang, label), -1);
    cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT), j->decimals + 2);
    cmd_sheet_column(j->sheet, "error", wijk_text(j->lang, T_EVALUATE_ERROR), j->decimals + 2);
    cmd_sheet_column(j->sheet, "band_low", wijk_text(j->lang, T_EVALUATE_BAND_LOW),
                     j->decimals + 2);
    cmd_sheet_column(j->sheet, "band_high", wijk_text(j->lang, T_EVALUATE_BAND_HIGH),
                     j->decimals + 2);
    for (size_t i = 0; i < count; i++) {
        if (items[i].group >= 0) {
            year_cell(j, j->data.panel.year[items[i].group]);
        } else {
            cmd_sheet_text(j->sheet, "");
        }
        year_cell(j, items[i].label);
        cmd_sheet_number(j->sheet, items[i].effect);
        cmd_sheet_number(j->sheet, items[i].error);
        cmd_sheet_number(j->sheet, items[i].band_low);
        cmd_sheet_number(j->sheet, items[i].band_high);
    }
}

static int run_group_time(job *j)
{
    wijk_group_time r;
    wijk_group_time_options options = {
        .comparison = WIJK_COMPARE_NOT_YET, .adjust = j->adjust, .seed = j->seed};
    int rc = wijk_group_time_estimate(&r, &j->data.panel, &options, NULL);
    if (!rc) {
        numbers(j, "sums");
        row(j, "simple", T_EVALUATE_SIMPLE, r.simple.effect);
        row(j, "group", T_EVALUATE_BY_GROUP, r.group.effect);
        row(j, "exposure", T_EVALUATE_BY_EXPOSURE, r.exposure.effect);
        row(j, "calendar", T_EVALUATE_BY_CALENDAR, r.calendar.effect);
        att_table(j, "cells", r.cells, r.cell_count, T_EVALUATE_WAVE);
        att_table(j, "exposure", r.by_exposure, r.exposure_count, T_EVALUATE_YEARS);
        if (r.simple.few) {
            cmd_sheet_note(j->sheet, wijk_text(j->lang, T_EVALUATE_FEW));
        }
    }
    wijk_group_time_free(&r);
    return rc;
}

static int run_mix(job *j, enum wijk_synthetic_kind kind)
{
    wijk_synthetic r;
    wijk_synthetic_options options = {.kind = kind, .seed = j->seed};
    int rc = wijk_synthetic_estimate(&r, &j->data.panel, &options, NULL);
    if (!rc) {
        numbers(j, "synthetic");
        row(j, "effect", T_EVALUATE_EFFECT, r.effect);
        row(j, "p", T_EVALUATE_P, r.p_effect);
        row(j, "fit", T_EVALUATE_FIT, r.fit);
        cmd_sheet_table(j->sheet, "gaps", "");
        cmd_sheet_column(j->sheet, "year", wijk_text(j->lang, T_EVALUATE_WAVE), -1);
        cmd_sheet_column(j->sheet, "mix", wijk_text(j->lang, T_EVALUATE_MIX), j->decimals + 1);
        cmd_sheet_column(j->sheet, "gap", wijk_text(j->lang, T_EVALUATE_GAP), j->decimals + 1);
        for (size_t t = 0; t < j->data.panel.waves; t++) {
            year_cell(j, j->data.panel.year[t]);
            cmd_sheet_number(j->sheet, r.mix[t]);
            cmd_sheet_number(j->sheet, r.gap[t]);
        }
        cmd_sheet_table(j->sheet, "weights", "");
        cmd_sheet_column(j->sheet, "area", wijk_text(j->lang, T_EVALUATE_DONOR), -1);
        cmd_sheet_column(j->sheet, "weight", wijk_text(j->lang, T_EVALUATE_WEIGHT), 3);
        for (size_t i = 0; i < j->data.panel.units; i++) {
            if (fabs(r.weight[i]) >= 0.001) {
                cmd_sheet_text(j->sheet, j->data.name[i]);
                cmd_sheet_number(j->sheet, r.weight[i]);
            }
        }
        wijk_str count = WIJK_STR_INIT, share = WIJK_STR_INIT;
        wijk_number(&count, j->lang, (double)r.placebos, 0);
        wijk_number(&share, j->lang, 100 * r.p_effect, 0);
        cmd_sheet_note(j->sheet, WIJK_FILL(j->arena, j->lang, T_EVALUATE_PLACEBO,
                                           {"count", wijk_str_text(&count)},
                                           {"share", wijk_str_text(&share)}));
        wijk_str_free(&count);
        wijk_str_free(&share);
    }
    wijk_synthetic_free(&r);
    return rc;
}

static int run_synthetic(job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_PLAIN);
}

static int run_ridge(job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_RIDGE);
}

static int run_sdid(job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_DID);
}

static const struct {
    const char *name;
    int (*run)(job *);
    int covariates; /* minds them */
} methods[] = {{"verdict", run_verdict, 0},       {"did", run_did, 1},
               {"group-time", run_group_time, 1}, {"synthetic", run_synthetic, 0},
               {"ridge", run_ridge, 0},           {"sdid", run_sdid, 0}};

static int run_method(job *j, const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (!strcmp(methods[i].name, name)) {
            return j->data.panel.covariates && !methods[i].covariates
                       ? wijk_fail(WIJK_EINVAL,
                                   "--method %s rekent niet met kenmerken: laat --covariates weg.",
                                   "--method %s does not mind covariates: leave --covariates out.",
                                   name)
                       : methods[i].run(j);
        }
    }
    return wijk_fail(
        WIJK_EINVAL,
        "--method %s is er niet; wel: verdict, did, group-time, synthetic, ridge, sdid.",
        "There is no --method %s; there are: verdict, did, group-time, synthetic, "
        "ridge, sdid.",
        name);
}

int cmd_evaluate(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0), *areas = cmd_option(argc, argv, "areas");
    const char *method = cmd_option(argc, argv, "method"), *drop = cmd_option(argc, argv, "drop");
    job j = {.lang = lang, .decimals = 2, .lower_is_better = cmd_flag(argc, argv, "lower")};
    double seed;
    int rc = wijk_arena_new(&j.arena, 0);
    rc = rc ? rc : number_option(&j.selected, argc, argv, "selected");
    rc = rc ? rc : number_option(&j.matters, argc, argv, "matters");
    rc = rc ? rc : number_option(&seed, argc, argv, "seed");
    rc = rc ? rc : read_adjust(&j, cmd_option(argc, argv, "adjust"));
    if (!rc && !path == !areas) {
        rc = wijk_fail(
            WIJK_EINVAL,
            "Noem een CSV (wijk evaluate panel.csv --unit gebied --time jaar --outcome score "
            "--start begin --matters 0.05) of gebieden uit het bestand (--areas 1102,1103 "
            "--begins 2015 --selected 2014 --matters 0.05).",
            "Name a CSV (wijk evaluate panel.csv --unit area --time year --outcome score --start "
            "begin --matters 0.05) or areas of the file (--areas 1102,1103 --begins 2015 "
            "--selected 2014 --matters 0.05).");
    }
    if (!rc) {
        j.seed = seed > 0 ? (uint64_t)seed : 1;
        j.sheet = cmd_sheet_new(argc, argv, lang);
        rc = path ? read_csv(&j, path, argc, argv) : read_file(&j, areas, argc, argv);
    }
    rc = rc || !drop ? rc : drop_waves(&j.data, drop);
    rc = rc ? rc : run_method(&j, method ? method : "verdict");
    if (rc) {
        cmd_sheet_free(j.sheet);
    } else {
        rc = cmd_sheet_print(j.sheet);
    }
    wijk_panel_free(&j.data);
    wijk_arena_free(j.arena);
    return rc;
}
