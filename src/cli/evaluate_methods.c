/* The estimators of `wijk evaluate`, one function and one row each: what they found, as tables. */
#include "cli/evaluate.h"

#include "figure/words.h"

#include "wijk/did.h"
#include "wijk/effect.h"
#include "wijk/figure.h"
#include "wijk/synthetic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the verdict
 * ---------------------------------------------------------------------------------- */

static const char *const answers[] = {"better", "worse", "no_difference", "cannot_know"};

static void row(evaluate_job *j, const char *code, enum wijk_text_key name, double value)
{
    cmd_sheet_text(j->sheet, code);
    cmd_sheet_text(j->sheet, wijk_text(j->lang, name));
    cmd_sheet_number(j->sheet, value);
}

static void numbers(evaluate_job *j, const char *name)
{
    cmd_sheet_table(j->sheet, name, "");
    cmd_sheet_column(j->sheet, "code", "", -1);
    cmd_sheet_column(j->sheet, "what", wijk_text(j->lang, T_EVALUATE_WHAT), -1);
    cmd_sheet_column(j->sheet, "value", wijk_text(j->lang, T_EVALUATE_VALUE),
                     j->outcomes->decimals + 1);
}

static const char *filled(evaluate_job *j, enum wijk_text_key key, const char *name, double value,
                          int decimals)
{
    return WIJK_FILL(j->arena, j->lang, key,
                     {name, wijk_number_in(j->arena, j->lang, value, decimals)});
}

/* A year is a name, not an amount: no separators. */
static void year_cell(evaluate_job *j, double year)
{
    char text[32];
    snprintf(text, sizeof text, "%.10g", year);
    cmd_sheet_text(j->sheet, text);
}

void evaluate_verdict(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang, const wijk_verdict *v,
                      const wijk_design *design, int decimals)
{
    evaluate_job j = {.sheet = sheet, .arena = arena, .lang = lang};
    j.outcomes->decimals = decimals;
    wijk_verdict_words words;
    wijk_verdict_say(&words, arena, lang, v, design, decimals);
    cmd_sheet_head(sheet, words.answer);
    cmd_sheet_table(sheet, "verdict", "");
    cmd_sheet_column(sheet, "verdict", wijk_text(lang, T_EVALUATE_VERDICT), -1);
    cmd_sheet_column(sheet, "effect", wijk_text(lang, T_EVALUATE_EFFECT), decimals + 1);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_EVALUATE_LOW), decimals + 1);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_EVALUATE_HIGH), decimals + 1);
    cmd_sheet_text(sheet, answers[v->kind]);
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

int evaluate_design(wijk_design *out, const evaluate_job *j, size_t k)
{
    const wijk_panel_data *data = &j->outcomes[k].data;
    *out = (wijk_design){.selection = WIJK_NEVER,
                         .matters = j->outcomes[k].matters,
                         .lower_is_better = j->outcomes[k].lower_is_better,
                         .size = data->size,
                         .exclude = data->exclude,
                         .seed = j->seed};
    if (isfinite(j->selected)) {
        out->selection = wijk_panel_wave(&data->panel, j->selected);
        if (out->selection == WIJK_NEVER && !k) {
            return wijk_fail(WIJK_EINVAL, "--selected: er is geen meting in %g.",
                             "--selected: there is no wave in %g.", j->selected);
        }
    }
    return isfinite(out->matters)
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL,
                           "Zeg vooraf hoe groot een verschil moet zijn om ertoe te doen: "
                           "--matters 0.05.",
                           "Say beforehand how large a difference must be to matter: --matters "
                           "0.05.");
}

/* What came of the neighbours, judged like the treated themselves. */
static int tell_ring(evaluate_job *j, const wijk_design *design)
{
    const wijk_panel_data *data = &j->outcomes->data;
    wijk_verdict v = {0};
    int rc = data->ring ? wijk_verdict_ring(&v, &data->panel, design, data->ring, NULL)
                        : wijk_fail(WIJK_EINVAL,
                                    "Wie aan wie grenst is niet bekend: noem een kolom met 1 voor "
                                    "de buren (--touches KOLOM), of laat --ring model weg.",
                                    "Who touches whom is not known: name a column with 1 for the "
                                    "neighbours (--touches COLUMN), or leave --ring model out.");
    if (!rc) {
        numbers(j, "ring");
        row(j, "effect", T_EVALUATE_EFFECT, v.effect);
        row(j, "low", T_EVALUATE_LOW, v.low);
        row(j, "high", T_EVALUATE_HIGH, v.high);
        row(j, "p", T_EVALUATE_P, v.p);
        row(j, "areas", T_EVALUATE_RING_AREAS, (double)v.treated);
        enum wijk_text_key key = !isfinite(v.effect)       ? T_EVALUATE_RING_UNKNOWN
                                 : v.low > 0 || v.high < 0 ? T_EVALUATE_RING_MOVED
                                                           : T_EVALUATE_RING_NOTHING;
        cmd_sheet_note(j->sheet, filled(j, key, "effect", v.effect, j->outcomes->decimals));
    }
    wijk_verdict_free(&v);
    return rc;
}

/* Several outcomes: one row each, the verdict from the corrected p. */
static void tell_several(evaluate_job *j, const wijk_verdict *v, const wijk_design *designs)
{
    cmd_sheet_table(j->sheet, "verdicts", "");
    cmd_sheet_column(j->sheet, "outcome", wijk_text(j->lang, T_EVALUATE_OUTCOME), -1);
    cmd_sheet_column(j->sheet, "verdict", wijk_text(j->lang, T_EVALUATE_VERDICT), -1);
    cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT), 3);
    cmd_sheet_column(j->sheet, "low", wijk_text(j->lang, T_EVALUATE_LOW), 3);
    cmd_sheet_column(j->sheet, "high", wijk_text(j->lang, T_EVALUATE_HIGH), 3);
    cmd_sheet_column(j->sheet, "p", wijk_text(j->lang, T_EVALUATE_P), 3);
    cmd_sheet_column(j->sheet, "p_joint", wijk_text(j->lang, T_EVALUATE_P_JOINT), 3);
    for (size_t k = 0; k < j->count; k++) {
        wijk_verdict_words words;
        wijk_verdict_say(&words, j->arena, j->lang, &v[k], &designs[k], j->outcomes[k].decimals);
        cmd_sheet_head(j->sheet,
                       wijk_arena_printf(j->arena, "%s: %s", j->outcomes[k].name, words.answer));
        cmd_sheet_text(j->sheet, j->outcomes[k].name);
        cmd_sheet_text(j->sheet, answers[v[k].kind]);
        cmd_sheet_number(j->sheet, v[k].effect);
        cmd_sheet_number(j->sheet, v[k].low);
        cmd_sheet_number(j->sheet, v[k].high);
        cmd_sheet_number(j->sheet, v[k].p);
        cmd_sheet_number(j->sheet, v[k].p_joint);
    }
    cmd_sheet_note(j->sheet, filled(j, T_EVALUATE_SEVERAL, "count", (double)j->count, 0));
}

static int run_verdict(evaluate_job *j)
{
    wijk_verdict v[WIJK_MOST_OUTCOMES] = {{0}};
    wijk_design designs[WIJK_MOST_OUTCOMES];
    wijk_panel panels[WIJK_MOST_OUTCOMES];
    int rc = WIJK_OK;
    for (size_t k = 0; k < j->count && !rc; k++) {
        panels[k] = j->outcomes[k].data.panel;
        rc = evaluate_design(&designs[k], j, k);
    }
    rc = rc ? rc : wijk_verdict_several(v, panels, designs, j->count, NULL);
    if (!rc && j->count == 1) {
        evaluate_verdict(j->sheet, j->arena, j->lang, v, designs, j->outcomes->decimals);
    } else if (!rc) {
        tell_several(j, v, designs);
    }
    rc = rc || j->ring != EVALUATE_RING_MODEL ? rc : tell_ring(j, designs);
    for (size_t k = 0; k < j->count; k++) {
        wijk_verdict_free(&v[k]);
    }
    return rc;
}

/* ---- the estimators behind it
 * ---------------------------------------------------------------------- */

static int run_did(evaluate_job *j)
{
    wijk_did r;
    wijk_event *events = wijk_alloc((j->outcomes->data.panel.waves + 1) * sizeof *events);
    wijk_did_options options = {.seed = j->seed};
    int rc = events ? wijk_did_estimate(&r, &j->outcomes->data.panel, &options, NULL) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_did_events(events, &j->outcomes->data.panel, &options, NULL);
    if (!rc) {
        numbers(j, "did");
        row(j, "effect", T_EVALUATE_EFFECT, r.effect);
        row(j, "low", T_EVALUATE_LOW, r.low);
        row(j, "high", T_EVALUATE_HIGH, r.high);
        row(j, "p", T_EVALUATE_P, r.p);
        cmd_sheet_table(j->sheet, "events", "");
        cmd_sheet_column(j->sheet, "year", wijk_text(j->lang, T_EVALUATE_WAVE), -1);
        cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT),
                         j->outcomes->decimals + 1);
        cmd_sheet_column(j->sheet, "low", wijk_text(j->lang, T_EVALUATE_LOW),
                         j->outcomes->decimals + 1);
        cmd_sheet_column(j->sheet, "high", wijk_text(j->lang, T_EVALUATE_HIGH),
                         j->outcomes->decimals + 1);
        for (size_t t = 0; t < j->outcomes->data.panel.waves; t++) {
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

static void att_table(evaluate_job *j, const char *name, const wijk_att *items, size_t count,
                      enum wijk_text_key label)
{
    cmd_sheet_table(j->sheet, name, "");
    cmd_sheet_column(j->sheet, "group", wijk_text(j->lang, T_EVALUATE_GROUP), -1);
    cmd_sheet_column(j->sheet, "label", wijk_text(j->lang, label), -1);
    cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT),
                     j->outcomes->decimals + 2);
    cmd_sheet_column(j->sheet, "error", wijk_text(j->lang, T_EVALUATE_ERROR),
                     j->outcomes->decimals + 2);
    cmd_sheet_column(j->sheet, "band_low", wijk_text(j->lang, T_EVALUATE_BAND_LOW),
                     j->outcomes->decimals + 2);
    cmd_sheet_column(j->sheet, "band_high", wijk_text(j->lang, T_EVALUATE_BAND_HIGH),
                     j->outcomes->decimals + 2);
    for (size_t i = 0; i < count; i++) {
        if (items[i].group >= 0) {
            year_cell(j, j->outcomes->data.panel.year[items[i].group]);
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

static int run_group_time(evaluate_job *j)
{
    wijk_group_time r;
    wijk_group_time_options options = {
        .comparison = WIJK_COMPARE_NOT_YET, .adjust = j->adjust, .seed = j->seed};
    int rc = wijk_group_time_estimate(&r, &j->outcomes->data.panel, &options, NULL);
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

static int run_mix(evaluate_job *j, enum wijk_synthetic_kind kind)
{
    wijk_synthetic r;
    wijk_synthetic_options options = {.kind = kind, .seed = j->seed};
    int rc = wijk_synthetic_estimate(&r, &j->outcomes->data.panel, &options, NULL);
    if (!rc) {
        numbers(j, "synthetic");
        row(j, "effect", T_EVALUATE_EFFECT, r.effect);
        row(j, "p", T_EVALUATE_P, r.p_effect);
        row(j, "fit", T_EVALUATE_FIT, r.fit);
        cmd_sheet_table(j->sheet, "gaps", "");
        cmd_sheet_column(j->sheet, "year", wijk_text(j->lang, T_EVALUATE_WAVE), -1);
        cmd_sheet_column(j->sheet, "mix", wijk_text(j->lang, T_EVALUATE_MIX),
                         j->outcomes->decimals + 1);
        cmd_sheet_column(j->sheet, "gap", wijk_text(j->lang, T_EVALUATE_GAP),
                         j->outcomes->decimals + 1);
        for (size_t t = 0; t < j->outcomes->data.panel.waves; t++) {
            year_cell(j, j->outcomes->data.panel.year[t]);
            cmd_sheet_number(j->sheet, r.mix[t]);
            cmd_sheet_number(j->sheet, r.gap[t]);
        }
        cmd_sheet_table(j->sheet, "weights", "");
        cmd_sheet_column(j->sheet, "area", wijk_text(j->lang, T_EVALUATE_DONOR), -1);
        cmd_sheet_column(j->sheet, "weight", wijk_text(j->lang, T_EVALUATE_WEIGHT), 3);
        for (size_t i = 0; i < j->outcomes->data.panel.units; i++) {
            if (fabs(r.weight[i]) >= 0.001) {
                cmd_sheet_text(j->sheet, j->outcomes->data.name[i]);
                cmd_sheet_number(j->sheet, r.weight[i]);
            }
        }
        cmd_sheet_note(
            j->sheet, WIJK_FILL(j->arena, j->lang, T_EVALUATE_PLACEBO,
                                {"count", wijk_number_in(j->arena, j->lang, (double)r.placebos, 0)},
                                {"share", wijk_number_in(j->arena, j->lang, 100 * r.p_effect, 0)}));
    }
    wijk_synthetic_free(&r);
    return rc;
}

static int run_synthetic(evaluate_job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_PLAIN);
}

static int run_ridge(evaluate_job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_RIDGE);
}

static int run_sdid(evaluate_job *j)
{
    return run_mix(j, WIJK_SYNTHETIC_DID);
}

static int run_matching(evaluate_job *j)
{
    const wijk_panel_data *data = &j->outcomes->data;
    wijk_matching r;
    wijk_matching_options options = j->matching;
    options.exclude = data->exclude;
    options.seed = j->seed;
    int rc = wijk_matching_estimate(&r, &data->panel, &options, NULL);
    if (!rc) {
        numbers(j, "matching");
        row(j, "effect", T_EVALUATE_EFFECT, r.effect);
        row(j, "low", T_EVALUATE_LOW, r.low);
        row(j, "high", T_EVALUATE_HIGH, r.high);
        row(j, "p", T_EVALUATE_P, r.p);
        row(j, "error", T_EVALUATE_ERROR, r.error);
        row(j, "unlike_before", T_EVALUATE_UNLIKE_BEFORE, r.unlike_before);
        row(j, "unlike_after", T_EVALUATE_UNLIKE_AFTER, r.unlike_after);
        cmd_sheet_table(j->sheet, "matches", "");
        cmd_sheet_column(j->sheet, "area", wijk_text(j->lang, T_EVALUATE_AREA), -1);
        cmd_sheet_column(j->sheet, "match", wijk_text(j->lang, T_EVALUATE_MATCH), -1);
        cmd_sheet_column(j->sheet, "weight", wijk_text(j->lang, T_EVALUATE_WEIGHT), 3);
        cmd_sheet_column(j->sheet, "distance", wijk_text(j->lang, T_EVALUATE_DISTANCE), 2);
        for (size_t i = 0; i < r.matches; i++) {
            cmd_sheet_text(j->sheet, data->name[r.match[i].treated]);
            cmd_sheet_text(j->sheet, data->name[r.match[i].unit]);
            cmd_sheet_number(j->sheet, r.match[i].weight);
            cmd_sheet_number(j->sheet, r.match[i].distance);
        }
        cmd_sheet_note(j->sheet, filled(j, T_EVALUATE_MATCHED, "count", (double)r.placebos, 0));
        if (r.unmatched) {
            cmd_sheet_note(j->sheet,
                           filled(j, T_EVALUATE_UNMATCHED, "count", (double)r.unmatched, 0));
        }
        if (r.unlike_after > 0.25) {
            cmd_sheet_note(j->sheet, wijk_text(j->lang, T_EVALUATE_STILL_UNLIKE));
        }
    }
    wijk_matching_free(&r);
    return rc;
}

/* Every estimator beside the others: what each would have said. */
static int run_all(evaluate_job *j)
{
    wijk_design design;
    int rc = evaluate_design(&design, j, 0);
    cmd_sheet_table(j->sheet, "estimators", "");
    cmd_sheet_column(j->sheet, "estimator", wijk_text(j->lang, T_EVALUATE_ESTIMATOR), -1);
    cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT), 3);
    cmd_sheet_column(j->sheet, "low", wijk_text(j->lang, T_EVALUATE_LOW), 3);
    cmd_sheet_column(j->sheet, "high", wijk_text(j->lang, T_EVALUATE_HIGH), 3);
    cmd_sheet_column(j->sheet, "p", wijk_text(j->lang, T_EVALUATE_P), 3);
    cmd_sheet_column(j->sheet, "offered", wijk_text(j->lang, T_EVALUATE_OFFERED), -1);
    for (const wijk_estimator *e = wijk_estimators; e->code && !rc; e++) {
        wijk_effect found = {NAN, NAN, NAN, NAN};
        int refused = e->run(&found, &j->outcomes->data.panel, &design, NULL);
        rc = refused == WIJK_ENOMEM || refused == WIJK_ECANCEL ? refused : WIJK_OK;
        cmd_sheet_text(j->sheet, e->code);
        cmd_sheet_number(j->sheet, refused ? NAN : found.effect);
        cmd_sheet_number(j->sheet, refused ? NAN : found.low);
        cmd_sheet_number(j->sheet, refused ? NAN : found.high);
        cmd_sheet_number(j->sheet, refused ? NAN : found.p);
        cmd_sheet_text(j->sheet, wijk_text(j->lang, e->offered ? T_EVALUATE_YES : T_EVALUATE_NO));
        if (refused) {
            cmd_sheet_note(j->sheet,
                           wijk_arena_printf(j->arena, "%s: %s", e->code, wijk_error(j->lang)));
        }
    }
    cmd_sheet_note(j->sheet, wijk_text(j->lang, T_EVALUATE_ONLY_VERDICT));
    return rc;
}

/* Several outcomes by an estimator that cannot draw for all at once: corrected after Holm. */
static int run_each(evaluate_job *j, const wijk_estimator *e)
{
    wijk_effect found[WIJK_MOST_OUTCOMES];
    double p[WIJK_MOST_OUTCOMES];
    int rc = WIJK_OK;
    for (size_t k = 0; k < j->count && !rc; k++) {
        wijk_design design = {.selection = WIJK_NEVER,
                              .matters = 1,
                              .size = j->outcomes[k].data.size,
                              .exclude = j->outcomes[k].data.exclude,
                              .seed = j->seed};
        rc = e->run(&found[k], &j->outcomes[k].data.panel, &design, NULL);
        p[k] = found[k].p;
    }
    if (rc) {
        return rc;
    }
    wijk_holm(p, j->count);
    cmd_sheet_table(j->sheet, "outcomes", "");
    cmd_sheet_column(j->sheet, "outcome", wijk_text(j->lang, T_EVALUATE_OUTCOME), -1);
    cmd_sheet_column(j->sheet, "effect", wijk_text(j->lang, T_EVALUATE_EFFECT), 3);
    cmd_sheet_column(j->sheet, "p", wijk_text(j->lang, T_EVALUATE_P), 3);
    cmd_sheet_column(j->sheet, "p_joint", wijk_text(j->lang, T_EVALUATE_P_JOINT), 3);
    for (size_t k = 0; k < j->count; k++) {
        cmd_sheet_text(j->sheet, j->outcomes[k].name);
        cmd_sheet_number(j->sheet, found[k].effect);
        cmd_sheet_number(j->sheet, found[k].p);
        cmd_sheet_number(j->sheet, p[k]);
    }
    cmd_sheet_note(j->sheet, filled(j, T_EVALUATE_HOLM, "count", (double)j->count, 0));
    return WIJK_OK;
}

/* ---- the table
 * ------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *estimator; /* the row of wijk/effect.h, NULL for none */
    int (*run)(evaluate_job *);
    int excludes; /* leaves out by itself what the panel excludes */
} methods[] = {{"verdict", "verdict", run_verdict, 1},
               {"did", "did", run_did, 0},
               {"group-time", "group_time", run_group_time, 0},
               {"synthetic", "synthetic", run_synthetic, 0},
               {"ridge", "ridge", run_ridge, 0},
               {"sdid", "sdid", run_sdid, 0},
               {"matching", "matching", run_matching, 1},
               {"all", NULL, run_all, 1}};

/* What is excluded becomes a gap, which every estimator leaves out and counts. */
static void gaps_for_excluded(wijk_panel_data *data)
{
    size_t waves = data->panel.waves;
    for (size_t i = 0; data->exclude && i < data->panel.units; i++) {
        for (size_t t = 0; t < waves && data->exclude[i]; t++) {
            data->outcome[i * waves + t] =
                data->start[i] == WIJK_NEVER ? NAN : data->outcome[i * waves + t];
        }
    }
}

/* What was brought here from other maps is said. */
static void tell_borders(evaluate_job *j)
{
    const wijk_panel_data *data = &j->outcomes->data;
    const struct {
        size_t count;
        enum wijk_text_key key;
    } told[] = {{data->bridged, T_EVALUATE_BRIDGED},
                {data->unchecked, T_EVALUATE_UNCHECKED},
                {data->thin, T_EVALUATE_THIN}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (told[i].count) {
            cmd_sheet_note(j->sheet, filled(j, told[i].key, "count", (double)told[i].count, 0));
        }
    }
}

int evaluate_by_method(evaluate_job *j, const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(methods[i].name, name)) {
            continue;
        }
        const wijk_estimator *e =
            methods[i].estimator ? wijk_estimator_by_code(methods[i].estimator) : NULL;
        if (j->outcomes->data.panel.covariates && e && !e->covariates) {
            return wijk_fail(WIJK_EINVAL,
                             "--method %s rekent niet met kenmerken: laat --covariates weg.",
                             "--method %s does not mind covariates: leave --covariates out.", name);
        }
        if (j->count > 1 && methods[i].run != run_verdict) {
            return e ? run_each(j, e)
                     : wijk_fail(WIJK_EINVAL, "--method %s gaat over één uitkomst.",
                                 "--method %s is about one outcome.", name);
        }
        tell_borders(j);
        if (!methods[i].excludes) {
            gaps_for_excluded(&j->outcomes->data);
        }
        return methods[i].run(j);
    }
    return wijk_fail(WIJK_EINVAL,
                     "--method %s is er niet; wel: verdict, did, group-time, synthetic, ridge, "
                     "sdid, matching, all.",
                     "There is no --method %s; there are: verdict, did, group-time, synthetic, "
                     "ridge, sdid, matching, all.",
                     name);
}
