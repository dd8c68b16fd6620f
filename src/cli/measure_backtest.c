/* wijk measure backtest: the score card of the outlook, recomputed from whatever waves are loaded.
 */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "figure/words.h"
#include "wijk/outlook.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    cmd_sheet *sheet;
    wijk_lang lang;
    wijk_arena *arena;
    const wijk_outlook_card *card;
    const wijk_outlook_card *other; /* [OTHERS] the same waves with fewer facts */
} writing;

enum { OTHERS = 2 }; /* by enum wijk_outlook_facts */

static const char *words(const writing *w, enum wijk_text_key key)
{
    return wijk_text(w->lang, key);
}

static const char *number(const writing *w, double value, int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number(&text, w->lang, value, decimals);
    return wijk_str_keep(&text, w->arena);
}

static const char *year(const writing *w, int value)
{
    const char *text = wijk_arena_printf(w->arena, "%d", value);
    return text ? text : "";
}

static const char *step_name(const writing *w, const wijk_outlook_step *step)
{
    const char *text = wijk_arena_printf(w->arena, "%d-%d", step->from, step->to);
    return text ? text : "";
}

static void add_numbers(const writing *w, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cmd_sheet_number(w->sheet, values[i]);
    }
}

static void columns(const writing *w, const char *const *names, const enum wijk_text_key *labels,
                    const int *decimals, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cmd_sheet_column(w->sheet, names[i], words(w, labels[i]), decimals[i]);
    }
}

/* The cells of one line of the card; a gain is what the constant band loses more on the same areas.
 * In the columns of score_columns. */
static void add_scores(const writing *w, const wijk_outlook_step *step, size_t estimator,
                       enum wijk_outlook_slice slice)
{
    const wijk_outlook_score *s = &step->score[estimator * WIJK_SLICES + slice];
    const wijk_outlook_score *same =
        &step->score[wijk_outlook_find("no_change") * WIJK_SLICES + slice];
    const wijk_outlook_score *constant =
        &step->score[wijk_outlook_find("constant") * WIJK_SLICES + slice];
    const double values[] = {
        (double)s->areas, (double)s->drops, s->mae,
        same->mae,        s->pinball,       100 * (1 - s->pinball / constant->pinball),
        100 * s->cover50, 100 * s->cover90, 100 * s->low90,
        100 * s->high90,  s->precision};
    add_numbers(w, values, sizeof values / sizeof *values);
}

static void score_columns(const writing *w)
{
    static const char *const names[] = {"areas",    "drops",     "mae",      "mae_no_change",
                                        "pinball",  "gain_pct",  "in50_pct", "in90_pct",
                                        "in90_low", "in90_high", "ap"};
    static const enum wijk_text_key labels[] = {
        T_OUTLOOK_C_AREAS,   T_OUTLOOK_C_DROPS, T_OUTLOOK_C_MAE,      T_OUTLOOK_C_SAME,
        T_OUTLOOK_C_PINBALL, T_OUTLOOK_C_GAIN,  T_OUTLOOK_C_COVER50,  T_OUTLOOK_C_COVER90,
        T_OUTLOOK_C_LOW,     T_OUTLOOK_C_HIGH,  T_OUTLOOK_C_PRECISION};
    static const int decimals[] = {0, 0, 4, 4, 5, 1, 1, 1, 1, 1, 3};
    columns(w, names, labels, decimals, sizeof decimals / sizeof *decimals);
}

/* Average precision from 500 residents on, where chances are given. */
static void add_from_500(const writing *w, const wijk_outlook_step *step, size_t estimator)
{
    cmd_sheet_number(w->sheet,
                     step->score[estimator * WIJK_SLICES + WIJK_SLICE_FROM_500].precision);
}

/* ---- tables ------------------------------------------------------------------------------------
 */

static void steps_table(const writing *w)
{
    cmd_sheet_table(w->sheet, "steps", words(w, T_OUTLOOK_T_STEPS));
    cmd_sheet_column(w->sheet, "step", words(w, T_OUTLOOK_C_STEP), -1);
    cmd_sheet_column(w->sheet, "common_shift", words(w, T_OUTLOOK_C_COMMON), 4);
    score_columns(w);
    cmd_sheet_column(w->sheet, "ap_from_500", words(w, T_OUTLOOK_C_PRECISION500), 3);
    cmd_sheet_column(w->sheet, "chosen", words(w, T_OUTLOOK_C_CHOSEN), -1);
    for (size_t s = 0; s < w->card->count; s++) {
        const wijk_outlook_step *step = &w->card->steps[s];
        cmd_sheet_text(w->sheet, step_name(w, step));
        cmd_sheet_number(w->sheet, step->common);
        add_scores(w, step, step->chosen, WIJK_SLICE_ALL);
        add_from_500(w, step, step->chosen);
        cmd_sheet_text(w->sheet, wijk_outlook_name(step->chosen, w->lang));
    }
}

static void estimators_table(const writing *w, const wijk_outlook_step *step)
{
    const char *name = wijk_arena_printf(w->arena, "estimators_%d_%d", step->from, step->to);
    cmd_sheet_table(w->sheet, name ? name : "",
                    WIJK_FILL(w->arena, w->lang, T_OUTLOOK_T_SCORES, {"from", year(w, step->from)},
                              {"to", year(w, step->to)}));
    score_columns(w);
    cmd_sheet_column(w->sheet, "ap_from_500", words(w, T_OUTLOOK_C_PRECISION500), 3);
    cmd_sheet_column(w->sheet, "estimator", words(w, T_OUTLOOK_C_ESTIMATOR), -1);
    for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
        add_scores(w, step, e, WIJK_SLICE_ALL);
        add_from_500(w, step, e);
        cmd_sheet_text(w->sheet, wijk_outlook_name(e, w->lang));
    }
}

static void slices_table(const writing *w, const wijk_outlook_step *step)
{
    const char *name = wijk_arena_printf(w->arena, "classes_%d_%d", step->from, step->to);
    cmd_sheet_table(w->sheet, name ? name : "",
                    WIJK_FILL(w->arena, w->lang, T_OUTLOOK_T_SLICES, {"from", year(w, step->from)},
                              {"to", year(w, step->to)},
                              {"chosen", wijk_outlook_name(step->chosen, w->lang)}));
    score_columns(w);
    cmd_sheet_column(w->sheet, "slice", words(w, T_OUTLOOK_C_SLICE), -1);
    for (int slice = 0; slice < WIJK_SLICES; slice++) {
        add_scores(w, step, step->chosen, (enum wijk_outlook_slice)slice);
        cmd_sheet_text(w->sheet, wijk_outlook_slice_name((enum wijk_outlook_slice)slice, w->lang));
    }
}

/* The whole card in one long table, for programs. */
static void scores_table(const writing *w)
{
    cmd_sheet_table(w->sheet, "scores", "");
    cmd_sheet_column(w->sheet, "step", "", -1);
    cmd_sheet_column(w->sheet, "estimator", "", -1);
    cmd_sheet_column(w->sheet, "chosen", "", 0);
    cmd_sheet_column(w->sheet, "slice", "", -1);
    score_columns(w);
    for (size_t s = 0; s < w->card->count; s++) {
        const wijk_outlook_step *step = &w->card->steps[s];
        for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
            for (int slice = 0; slice < WIJK_SLICES; slice++) {
                cmd_sheet_text(w->sheet, step_name(w, step));
                cmd_sheet_text(w->sheet, wijk_outlook_code(e));
                cmd_sheet_number(w->sheet, e == step->chosen);
                cmd_sheet_text(w->sheet, wijk_outlook_slice_code((enum wijk_outlook_slice)slice));
                add_scores(w, step, e, (enum wijk_outlook_slice)slice);
            }
        }
    }
}

static void chances_table(const writing *w)
{
    static const char *const names[] = {"areas", "drops", "chance_pct", "seen_pct"};
    static const enum wijk_text_key labels[] = {T_OUTLOOK_C_AREAS, T_OUTLOOK_C_DROPS,
                                                T_OUTLOOK_C_CHANCE, T_OUTLOOK_C_SEEN};
    static const int decimals[] = {0, 0, 1, 1};
    cmd_sheet_table(w->sheet, "chances", words(w, T_OUTLOOK_T_CHANCES));
    cmd_sheet_column(w->sheet, "step", words(w, T_OUTLOOK_C_STEP), -1);
    columns(w, names, labels, decimals, 4);
    for (size_t s = 0; s < w->card->count; s++) {
        const wijk_outlook_warning *warning = &w->card->steps[s].warning;
        for (int bin = 0; bin < WIJK_OUTLOOK_BINS; bin++) {
            double areas = (double)warning->areas[bin], drops = (double)warning->drops[bin];
            if (areas > 0) {
                const double values[] = {areas, drops, 100 * warning->mean[bin],
                                         100 * drops / areas};
                cmd_sheet_text(w->sheet, step_name(w, &w->card->steps[s]));
                add_numbers(w, values, 4);
            }
        }
    }
}

static void warnings_table(const writing *w)
{
    static const char *const names[] = {
        "warned", "dropped", "false_alarm_pct", "missed", "early", "ap_beyond_size", "low", "high"};
    static const enum wijk_text_key labels[] = {
        T_OUTLOOK_C_WARNED, T_OUTLOOK_C_RIGHT, T_OUTLOOK_C_FALSE, T_OUTLOOK_C_MISSED,
        T_OUTLOOK_C_EARLY,  T_OUTLOOK_C_AHEAD, T_OUTLOOK_C_LOW,   T_OUTLOOK_C_HIGH};
    static const int decimals[] = {0, 0, 0, 0, 0, 3, 3, 3};
    cmd_sheet_table(w->sheet, "warnings", words(w, T_OUTLOOK_T_WARNINGS));
    cmd_sheet_column(w->sheet, "step", words(w, T_OUTLOOK_C_STEP), -1);
    columns(w, names, labels, decimals, 8);
    for (size_t s = 0; s < w->card->count; s++) {
        const wijk_outlook_warning *warning = &w->card->steps[s].warning;
        double warned = (double)warning->warned, right = (double)warning->right;
        const double values[] = {warned,
                                 right,
                                 warned > 0 ? 100 * (1 - right / warned) : NAN,
                                 (double)warning->missed,
                                 (double)warning->early,
                                 warning->ahead,
                                 warning->ahead_low,
                                 warning->ahead_high};
        cmd_sheet_text(w->sheet, step_name(w, &w->card->steps[s]));
        add_numbers(w, values, 8);
    }
}

static double gain_of(const wijk_outlook_step *step)
{
    size_t band = wijk_outlook_find("constant");
    return 100 * (1 - step->score[step->chosen * WIJK_SLICES].pinball /
                          step->score[band * WIJK_SLICES].pinball);
}

/* Residents, homes and density are published for a few years only, and serve older waves too. */
static void facts_table(const writing *w)
{
    static const char *const names[] = {"gain_pct", "without_pct", "last_residents_pct"};
    static const enum wijk_text_key labels[] = {T_OUTLOOK_C_GAIN, T_OUTLOOK_C_WITHOUT,
                                                T_OUTLOOK_C_LAST};
    static const int decimals[] = {1, 1, 1};
    cmd_sheet_table(w->sheet, "facts", words(w, T_OUTLOOK_T_FACTS));
    cmd_sheet_column(w->sheet, "step", words(w, T_OUTLOOK_C_STEP), -1);
    columns(w, names, labels, decimals, 3);
    for (size_t s = 0; s < w->card->count; s++) {
        cmd_sheet_text(w->sheet, step_name(w, &w->card->steps[s]));
        cmd_sheet_number(w->sheet, gain_of(&w->card->steps[s]));
        cmd_sheet_number(w->sheet, gain_of(&w->other[WIJK_OUTLOOK_NO_HOMES].steps[s]));
        cmd_sheet_number(w->sheet, gain_of(&w->other[WIJK_OUTLOOK_LAST_RESIDENTS].steps[s]));
    }
}

/* ---- sentences ---------------------------------------------------------------------------------
 */

static void ranking_note(const writing *w)
{
    const wijk_outlook_step *step = &w->card->steps[w->card->count - 1];
    const wijk_outlook_warning *warning = &step->warning;
    const wijk_outlook_score *score =
        &step->score[step->chosen * WIJK_SLICES + WIJK_SLICE_FROM_500];
    if (!isfinite(warning->ahead)) {
        cmd_sheet_note(w->sheet, WIJK_FILL(w->arena, w->lang, T_OUTLOOK_RANK_NONE,
                                           {"drops", number(w, (double)score->drops, 0)}));
        return;
    }
    enum wijk_text_key key = warning->ahead_low > 0 ? T_OUTLOOK_RANK_BETTER : T_OUTLOOK_RANK_UNSURE;
    cmd_sheet_note(w->sheet,
                   WIJK_FILL(w->arena, w->lang, key, {"ours", number(w, score->precision, 3)},
                             {"size", number(w, score->precision - warning->ahead, 3)}));
}

static void head(const writing *w, const wijk_outlook_panel *panel)
{
    wijk_str years = WIJK_STR_INIT;
    for (size_t i = 0; i < panel->waves; i++) {
        wijk_str_addf(&years, "%s%d", i ? ", " : "", panel->years[i]);
    }
    cmd_sheet_head(w->sheet, WIJK_FILL(w->arena, w->lang, T_OUTLOOK_HEAD,
                                       {"areas", number(w, (double)panel->areas, 0)},
                                       {"waves", year(w, (int)panel->waves)},
                                       {"years", wijk_str_text(&years)}));
    wijk_str_free(&years);
}

static int write_card(int argc, char **argv, wijk_lang lang, const wijk_outlook_panel *panel,
                      const wijk_outlook_card *card, const wijk_outlook_card *other)
{
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    writing w = {cmd_sheet_new(argc, argv, lang), lang, arena, card, other};
    int programs = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv") ||
                   cmd_option(argc, argv, "table");
    head(&w, panel);
    if (programs) {
        scores_table(&w);
    }
    steps_table(&w);
    for (size_t s = 0; s < card->count; s++) {
        if (s + 1 == card->count || cmd_flag(argc, argv, "all")) {
            estimators_table(&w, &card->steps[s]);
            slices_table(&w, &card->steps[s]);
        }
    }
    chances_table(&w);
    warnings_table(&w);
    facts_table(&w);
    ranking_note(&w);
    cmd_sheet_note(w.sheet, words(&w, T_OUTLOOK_NOTE_AP));
    cmd_sheet_note(w.sheet, words(&w, T_OUTLOOK_NOTE_COVER));
    cmd_sheet_note(w.sheet, words(&w, T_OUTLOOK_NOTE_FACTS));
    cmd_sheet_note(w.sheet, WIJK_FILL(arena, lang, T_OUTLOOK_NOTE_NEXT,
                                      {"chosen", wijk_outlook_name(card->next, lang)}));
    rc = cmd_sheet_print(w.sheet);
    wijk_arena_free(arena);
    return rc;
}

/* Which measurements: postcodes, or another level; the invented town when asked. */
static int read_panel(wijk_outlook_panel *out, int argc, char **argv)
{
    const char *word = cmd_option(argc, argv, "level");
    int level = word ? wijk_level_parse(word) : WIJK_PC4;
    if (level < 0) {
        return wijk_fail(WIJK_EINVAL, "Onbekend niveau: %s.", "Unknown level: %s.", word);
    }
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    int rc = wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc
            : wijk_outlook_panel_read(out, store, registry, "lbm3_lbm", (enum wijk_level)level, 0);
    if (!rc && !out->areas) {
        rc = wijk_outlook_panel_read(out, store, registry, "lbm3_lbm", (enum wijk_level)level, 1);
    }
    wijk_registry_free(registry);
    wijk_store_close(store);
    if (!rc && !out->areas) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "In dit bestand staan geen twee metingen van de Leefbaarometer 3.0 voor "
                         "dit niveau. Lees ze in met `wijk load`.",
                         "This file does not hold two measurements of the Leefbaarometer 3.0 for "
                         "this level. Read them with `wijk load`.");
    }
    return rc;
}

int measure_backtest(int argc, char **argv, wijk_lang lang)
{
    wijk_outlook_panel panel = {0};
    wijk_outlook_card card = {0}, other[OTHERS] = {{0}, {0}};
    cmd_job job;
    int rc = read_panel(&panel, argc, argv);
    cmd_job_begin(&job, 1);
    rc = rc ? rc : wijk_outlook_backtest(&card, &panel, &job.ctx);
    for (int i = 0; i < OTHERS && !rc; i++) { /* the second adds to the first */
        wijk_outlook_panel_facts(&panel, (enum wijk_outlook_facts)i);
        rc = wijk_outlook_backtest(&other[i], &panel, &job.ctx);
    }
    cmd_job_end(&job);
    rc = rc ? rc : write_card(argc, argv, lang, &panel, &card, other);
    wijk_outlook_card_free(&other[0]);
    wijk_outlook_card_free(&other[1]);
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
    return rc;
}
