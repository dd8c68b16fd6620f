/* wijk foresee backtest: the simulation started in the past, beside what happened and two dumb
 * forecasts. --csv is what data/backtest.csv holds: every row says from what it was made. */
#include "cli/foresee.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/backtest.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPLICATES = 20, EVERY = 6 };

static const enum wijk_text_key measure_words[WIJK_BACKTEST_MEASURES] = {
#define X(name, key) T_BACKTEST_M_##name,
    WIJK_BACKTEST_MEASURES_X(X)
#undef X
};
static const enum wijk_text_key size_words[WIJK_BACKTEST_SIZES] = {
    T_BACKTEST_S_ALL, T_BACKTEST_S_SMALL, T_BACKTEST_S_MIDDLE, T_BACKTEST_S_LARGE};
static const enum wijk_text_key verdict_words[] = {T_BACKTEST_BETTER, T_BACKTEST_EVEN,
                                                   T_BACKTEST_WORSE};

typedef struct {
    cmd_sheet *sheet;
    const wijk_backtest *b;
    wijk_lang lang;
    int machine;
} view;

static void column(const view *v, const char *name, enum wijk_text_key key, int decimals)
{
    cmd_sheet_column(v->sheet, name, wijk_text(v->lang, key), decimals);
}

static const char *town_name(const view *v, const char *town)
{
    return v->machine                        ? town
           : strcmp(town, "amsterdam") == 0  ? wijk_text(v->lang, T_BACKTEST_AMSTERDAM)
           : strcmp(town, "haaglanden") == 0 ? wijk_text(v->lang, T_BACKTEST_HAAGLANDEN)
                                             : wijk_text(v->lang, T_BACKTEST_POSTCODES);
}

/* A year is no amount: without points on a Dutch screen. */
static void year(const view *v, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    if (v->machine) {
        cmd_sheet_number(v->sheet, value);
    } else {
        cmd_sheet_text(v->sheet, text);
    }
}

static void span(const view *v, const char *town, int from, int to)
{
    cmd_sheet_text(v->sheet, town_name(v, town));
    year(v, from);
    year(v, to);
}

static void origin_columns(const view *v)
{
    static const char *const names[] = {"version", "seed",       "replicates",
                                        "every",   "parameters", "lineage"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cmd_sheet_column(v->sheet, names[i], "", -1);
    }
}

static void origin_cells(const view *v)
{
    char seed[24], replicates[16], every[16];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)v->b->seed);
    snprintf(replicates, sizeof replicates, "%u", v->b->replicates);
    snprintf(every, sizeof every, "%u", v->b->every);
    const char *const cells[] = {v->b->version,    seed,         replicates, every,
                                 v->b->parameters, v->b->lineage};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        cmd_sheet_text(v->sheet, cells[i]);
    }
}

/* Shares stand in percent on screen and as parts of one for programs. */
static void share(const view *v, double value)
{
    cmd_sheet_number(v->sheet, v->machine ? value : 100 * value);
}

static void score_columns(const view *v)
{
    column(v, "town", T_BACKTEST_TOWN, -1);
    column(v, "from", T_BACKTEST_FROM, 0);
    column(v, "to", T_BACKTEST_TO, 0);
    column(v, "measure", T_BACKTEST_MEASURE, -1);
    column(v, "size", T_BACKTEST_SIZE, -1);
    column(v, "areas", T_BACKTEST_AREAS, 0);
    column(v, "error", T_BACKTEST_ERROR, 2);
    column(v, "no_change", T_BACKTEST_SAME, 2);
    column(v, "trend", T_BACKTEST_TREND, 2);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "bias", "", 2);
        cmd_sheet_column(v->sheet, "changed", "", 2);
        cmd_sheet_column(v->sheet, "gain", "", 2);
        cmd_sheet_column(v->sheet, "gain_low", "", 2);
        cmd_sheet_column(v->sheet, "gain_high", "", 2);
    }
    column(v, "in50", T_BACKTEST_IN50, 0);
    column(v, "in50_low", T_BACKTEST_LOW, 0);
    column(v, "in50_high", T_BACKTEST_HIGH, 0);
    column(v, "in90", T_BACKTEST_IN90, 0);
    column(v, "in90_low", T_BACKTEST_LOW, 0);
    column(v, "in90_high", T_BACKTEST_HIGH, 0);
    column(v, "hindsight", T_BACKTEST_HINDSIGHT, 1);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "grows", "", 1);
    }
    column(v, "held", T_BACKTEST_HELD, 0);
    column(v, "held_low", T_BACKTEST_LOW, 0);
    column(v, "held_high", T_BACKTEST_HIGH, 0);
    column(v, "verdict", T_BACKTEST_VERDICT, -1);
    if (v->machine) {
        origin_columns(v);
    }
}

static void score_row(const view *v, const wijk_backtest_row *row)
{
    static const char *const verdicts[] = {"better", "even", "worse"};
    wijk_backtest_verdict verdict = wijk_backtest_judge(row);
    span(v, row->town, row->from, row->to);
    cmd_sheet_text(v->sheet, v->machine ? wijk_backtest_measure_key(row->measure)
                                        : wijk_text(v->lang, measure_words[row->measure]));
    cmd_sheet_text(v->sheet, v->machine ? wijk_backtest_size_key(row->size)
                                        : wijk_text(v->lang, size_words[row->size]));
    cmd_sheet_number(v->sheet, (double)row->areas);
    cmd_sheet_number(v->sheet, row->error);
    cmd_sheet_number(v->sheet, row->same);
    cmd_sheet_number(v->sheet, row->trend);
    if (v->machine) {
        const double more[] = {row->bias, row->changed, row->gain, row->gain_low, row->gain_high};
        for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
            cmd_sheet_number(v->sheet, more[i]);
        }
    }
    const double shares[] = {row->in50, row->in50_low, row->in50_high,
                             row->in90, row->in90_low, row->in90_high};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        share(v, shares[i]);
    }
    cmd_sheet_number(v->sheet, row->hindsight);
    if (v->machine) {
        cmd_sheet_number(v->sheet, row->grows);
    }
    share(v, row->held);
    share(v, row->held_low);
    share(v, row->held_high);
    cmd_sheet_text(v->sheet,
                   v->machine ? verdicts[verdict] : wijk_text(v->lang, verdict_words[verdict]));
    if (v->machine) {
        origin_cells(v);
    }
}

static void scores(const view *v, int sizes)
{
    cmd_sheet_table(v->sheet, "scores", wijk_text(v->lang, T_BACKTEST_SCORES));
    score_columns(v);
    for (size_t i = 0; i < v->b->n_rows; i++) {
        if (v->machine || sizes || v->b->rows[i].size == WIJK_BACKTEST_ALL) {
            score_row(v, &v->b->rows[i]);
        }
    }
}

static void fed(const view *v)
{
    if (v->b->n_fed == 0) {
        return;
    }
    cmd_sheet_table(v->sheet, "fed", wijk_text(v->lang, T_BACKTEST_FED));
    column(v, "town", T_BACKTEST_TOWN, -1);
    column(v, "from", T_BACKTEST_FROM, 0);
    column(v, "to", T_BACKTEST_TO, 0);
    column(v, "owner", T_BACKTEST_OWNER, 1);
    column(v, "social", T_BACKTEST_SOCIAL, 1);
    column(v, "private", T_BACKTEST_PRIVATE, 1);
    for (size_t i = 0; i < v->b->n_fed; i++) {
        const wijk_backtest_fed *f = &v->b->fed[i];
        span(v, f->town, f->from, f->to);
        cmd_sheet_number(v->sheet, f->owner);
        cmd_sheet_number(v->sheet, f->social);
        cmd_sheet_number(v->sheet, f->private_rent);
    }
}

/* How often the model was nearer than no change: said first, whatever it is. */
static void heads(const view *v)
{
    size_t of[3] = {0}, n = 0, trend = 0, beaten = 0;
    for (size_t i = 0; i < v->b->n_rows; i++) {
        const wijk_backtest_row *row = &v->b->rows[i];
        if (row->size == WIJK_BACKTEST_ALL) {
            n++;
            of[wijk_backtest_judge(row)]++;
            trend += isfinite(row->trend);
            beaten += isfinite(row->trend) && row->error < row->trend;
        }
    }
    char words[6][24];
    const size_t values[6] = {n, of[0], of[1], of[2], beaten, trend};
    for (int i = 0; i < 6; i++) {
        snprintf(words[i], sizeof words[i], "%zu", values[i]);
    }
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, v->lang, T_BACKTEST_HEAD, words[0], words[1], words[2], words[3],
                   words[4], words[5], NULL);
    cmd_sheet_head(v->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
}

static void notes(const view *v)
{
    static const enum wijk_text_key fixed[] = {T_BACKTEST_UNITS, T_BACKTEST_LEAK, T_BACKTEST_BANDS,
                                               T_BACKTEST_RANGE, T_BACKTEST_MISSING};
    char seed[24], replicates[16], every[16];
    wijk_str text = WIJK_STR_INIT;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        cmd_sheet_note(v->sheet, wijk_text(v->lang, fixed[i]));
    }
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)v->b->seed);
    snprintf(replicates, sizeof replicates, "%u", v->b->replicates);
    snprintf(every, sizeof every, "%u", v->b->every);
    wijk_text_fill(&text, v->lang, T_BACKTEST_REPEAT, seed, v->b->version, v->b->parameters,
                   v->b->lineage, replicates, every, NULL);
    cmd_sheet_note(v->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
}

/* ---- options --------------------------------------------------------------------------------- */

static int run_it(wijk_backtest **out, int argc, char **argv, int machine)
{
    unsigned long long seed = 1, replicates = REPLICATES, every = EVERY, from = 0;
    unsigned threads = 0;
    int rc = cmd_whole(&seed, argc, argv, "seed", 0, UINT64_MAX);
    rc = rc ? rc : cmd_whole(&replicates, argc, argv, "replicates", 2, 200);
    rc = rc ? rc : cmd_whole(&every, argc, argv, "every", 1, 1000);
    rc = rc ? rc : cmd_whole(&from, argc, argv, "from", 2005, 2018);
    rc = rc ? rc : cmd_threads(&threads, argc, argv);
    if (rc) {
        return rc;
    }
    const wijk_backtest_options o = {.seed = seed,
                                     .replicates = (uint32_t)replicates,
                                     .every = (uint32_t)every,
                                     .threads = threads,
                                     .town = cmd_option(argc, argv, "town"),
                                     .from = (int)from};
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    cmd_job job;
    rc = wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = wijk_backtest_run(out, store, registry, &o, &job.ctx);
        cmd_job_end(&job);
    }
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc;
}

int foresee_backtest(int argc, char **argv, wijk_lang lang)
{
    wijk_backtest *b = NULL;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    int rc =
        cmd_flag(argc, argv, "kept") ? wijk_backtest_shipped(&b) : run_it(&b, argc, argv, machine);
    if (rc) {
        return rc;
    }
    const view v = {cmd_sheet_new(argc, argv, lang), b, lang, machine};
    heads(&v);
    scores(&v, cmd_flag(argc, argv, "sizes"));
    fed(&v);
    notes(&v);
    wijk_backtest_free(b);
    return cmd_sheet_print(v.sheet);
}
