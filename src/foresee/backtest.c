/* Runs the towns of the past to their later waves, replicate by replicate. Each replicate depends
 * on its number alone and writes only its own column, so that any number of threads gives the same.
 */
#include "foresee/backtest.h"

#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPLICATES_MOST = 200, MIDDLE_FROM = 1000, LARGE_FROM = 4000 };

const char *wijk_backtest_measure_key(wijk_backtest_measure measure)
{
    static const char *const keys[] = {
#define X(name, key) key,
        WIJK_BACKTEST_MEASURES_X(X)
#undef X
    };
    return keys[measure];
}

const char *wijk_backtest_size_key(wijk_backtest_size size)
{
    static const char *const keys[] = {"all", "small", "middle", "large"};
    return keys[size];
}

wijk_backtest_size wijk_backtest_size_of(double households)
{
    return households < MIDDLE_FROM  ? WIJK_BACKTEST_SMALL
           : households < LARGE_FROM ? WIJK_BACKTEST_MIDDLE
                                     : WIJK_BACKTEST_LARGE;
}

/* ---- what a run says of an area -------------------------------------------------------------- */

typedef struct {
    const wijk_foresee *run;
    size_t period, area;
} place_of_run;

static double count(const void *from, wijk_outcome outcome)
{
    const place_of_run *at = from;
    return wijk_foresee_area_count(at->run, at->period, at->area, outcome);
}

/* In the unit of the measure, but for a scale: the limits of ages differ from those published. */
static double said(const wijk_foresee *run, size_t period, size_t area, int measure)
{
    const place_of_run at = {run, period, area};
    return backtest_said(measure, count, &at);
}

/* Measures whose published ages or bases differ from what a run counts: the change that the run
 * says is taken in the published unit, by one number for the whole town at the start. */
static int is_scaled(int measure)
{
    return measure == WIJK_BACKTEST_YOUNG || measure == WIJK_BACKTEST_OLDER ||
           measure == WIJK_BACKTEST_OLDEST;
}

static void set_scales(backtest_town *t, const wijk_foresee *run)
{
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        const double *seen = t->items[m].seen[WAVE_START];
        double above = 0, below = 0;
        for (size_t i = 0; seen && is_scaled(m) && i < t->n; i++) {
            double here = said(run, 0, i, m);
            if (isfinite(seen[i]) && isfinite(here)) {
                above += t->households[i] * seen[i];
                below += t->households[i] * here;
            }
        }
        t->scale[m] = below > 0 ? above / below : 1;
    }
}

/* A stock is the start as it was seen plus the change that the run says; households are percent of
 * the start; moves are what the run says. */
static double forecast(const backtest_town *t, const wijk_foresee *run, size_t period, size_t area,
                       int measure)
{
    double start = t->items[measure].seen[WAVE_START][area];
    double now = said(run, period, area, measure);
    if (measure == WIJK_BACKTEST_MOVES) {
        return now;
    }
    double then = said(run, 0, area, measure);
    return measure == WIJK_BACKTEST_HOUSEHOLDS ? 100 * now / then
                                               : start + t->scale[measure] * (now - then);
}

static void tell_areas(backtest_town *t, const wijk_foresee *run, int end, uint32_t replicate)
{
    size_t period = (size_t)(t->what->ends[end] - t->what->start);
    size_t replicates = t->options->replicates;
    for (int m = 0; m < WIJK_BACKTEST_LEAVERS; m++) {
        for (size_t i = 0; t->items[m].said && i < t->n; i++) {
            t->items[m].said[((size_t)end * t->n + i) * replicates + replicate] =
                forecast(t, run, period, i, m);
        }
    }
}

/* Households of an age in the middle of the year before the wave, as a part of those at the start.
 * A departure over the border is a fixed chance by age, so its expected number follows them. */
static double grown(const wijk_foresee *run, size_t period, size_t region, int band)
{
    static const wijk_outcome ages[WIJK_AGE_BANDS] = {WIJK_OUT_AGE_24, WIJK_OUT_AGE_34,
                                                      WIJK_OUT_AGE_49, WIJK_OUT_AGE_64,
                                                      WIJK_OUT_AGE_79, WIJK_OUT_AGE_80};
    double then = (double)wijk_foresee_region_count(run, 0, region, ages[band]);
    double now = (double)wijk_foresee_region_count(run, period - 1, region, ages[band]) +
                 (double)wijk_foresee_region_count(run, period, region, ages[band]);
    return then > 0 ? now / 2 / then : 1;
}

static void tell_leavers(backtest_town *t, const wijk_foresee *run, int end, uint32_t replicate)
{
    backtest_items *items = &t->items[WIJK_BACKTEST_LEAVERS];
    size_t period = (size_t)(t->what->ends[end] - t->what->start);
    size_t replicates = t->options->replicates;
    for (size_t r = 0; items->said && r < t->n_regions; r++) {
        const double *seen = items->seen[WAVE_START] + r * START_MOVER_AGES;
        double *out = items->said +
                      ((size_t)end * t->n_regions + r) * START_MOVER_AGES * replicates + replicate;
        double leave[START_MOVER_AGES], sum = 0;
        for (int g = 0; g < START_MOVER_AGES; g++) {
            const double *part = start_mover_ages[g].part;
            double times = 0;
            for (int b = 0; b < WIJK_AGE_BANDS; b++) {
                times += part[b] > 0 ? part[b] * grown(run, period, r, b) : 0;
            }
            leave[g] = seen[g] * times;
            sum += leave[g];
        }
        for (size_t g = 0; g < START_MOVER_AGES; g++) {
            out[g * replicates] = 100 * leave[g] / sum;
        }
    }
}

/* ---- runs ------------------------------------------------------------------------------------ */

typedef struct {
    backtest_town *town;
    const ensemble_ranges *ranges;
    wijk_ctx *ctx;
} job;

static void tell_fed(backtest_town *t, const wijk_foresee *run)
{
    static const wijk_outcome homes[SEED_TENURES] = {WIJK_OUT_HOMES_OWNER, WIJK_OUT_HOMES_SOCIAL,
                                                     WIJK_OUT_HOMES_PRIVATE};
    for (int end = 0; end < waves_of(t->what) - WAVE_END; end++) {
        size_t period = (size_t)(t->what->ends[end] - t->what->start), n = 0;
        double sum[SEED_TENURES] = {0};
        for (size_t i = 0; t->homes[WAVE_END + end][0] && i < t->n; i++) {
            double seen = 0, has = 0;
            for (int h = 0; h < SEED_TENURES; h++) {
                seen += t->homes[WAVE_END + end][h][i];
                has += wijk_foresee_area_count(run, period, i, homes[h]);
            }
            if (seen > 0 && has > 0 && t->households[i] >= WIJK_BACKTEST_LEAST) {
                n++;
                for (int h = 0; h < SEED_TENURES; h++) {
                    sum[h] += fabs(100.0 * wijk_foresee_area_count(run, period, i, homes[h]) / has -
                                   100 * t->homes[WAVE_END + end][h][i] / seen);
                }
            }
        }
        for (int h = 0; h < SEED_TENURES; h++) {
            t->fed[end][h] = n ? sum[h] / (double)n : NAN;
        }
    }
}

static int one_run(void *payload, size_t index, unsigned worker)
{
    job *j = payload;
    backtest_town *t = j->town;
    int ends = waves_of(t->what) - WAVE_END;
    wijk_parameters parameters;
    wijk_foresee *run = NULL;
    const wijk_foresee_options options = {
        .seed = t->options->seed,
        .replicate = (uint32_t)index + 1,
        .months = (uint32_t)(t->what->ends[ends - 1] - t->what->start) * 12,
        .period = WIJK_PER_YEAR,
        .threads = 1};
    ensemble_draw(&parameters, j->ranges, t->options->seed, options.replicate);
    const wijk_scenario stock = {t->stock, t->n_stock};
    int rc = wijk_foresee_new(&run, t->population, &parameters, &stock, &options);
    for (uint32_t month = 12; !rc && month <= options.months; month += 12) {
        rc = wijk_checkpoint(j->ctx);
        rc = rc ? rc : wijk_foresee_to(run, month, NULL);
    }
    for (int end = 0; !rc && end < ends; end++) {
        tell_areas(t, run, end, (uint32_t)index);
        tell_leavers(t, run, end, (uint32_t)index);
    }
    if (!rc && index == 0) {
        tell_fed(t, run);
    }
    if (worker == 0) {
        wijk_progress(j->ctx, "foresee", (double)index / t->options->replicates);
    }
    wijk_foresee_free(run);
    return rc;
}

/* Room for every forecast; scales from the start, which all replicates share. */
static int prepare(backtest_town *t)
{
    wijk_foresee *run = NULL;
    wijk_parameters parameters;
    const wijk_scenario nothing = {NULL, 0};
    const wijk_foresee_options options = {
        .seed = t->options->seed, .months = 12, .period = WIJK_PER_YEAR};
    size_t ends = (size_t)waves_of(t->what) - WAVE_END;
    int rc = wijk_parameters_default(&parameters);
    rc = rc ? rc : wijk_start_population(&t->population, t->start, &parameters, NULL);
    rc = rc ? rc : backtest_feed(t);
    rc = rc ? rc : wijk_foresee_new(&run, t->population, &parameters, &nothing, &options);
    rc = rc ? rc : wijk_foresee_to(run, 0, NULL);
    if (!rc) {
        set_scales(t, run);
    }
    wijk_foresee_free(run);
    for (int m = 0; !rc && m < WIJK_BACKTEST_MEASURES; m++) {
        if (t->items[m].seen[WAVE_START]) {
            size_t cells = ends * items_of(t, m) * t->options->replicates;
            t->items[m].said = wijk_alloc((cells + 1) * sizeof *t->items[m].said);
            rc = t->items[m].said ? WIJK_OK : WIJK_ENOMEM;
        }
    }
    return rc;
}

static void free_town(backtest_town *t)
{
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        for (int w = 0; w < BACKTEST_WAVES; w++) {
            wijk_free(t->items[m].seen[w]);
        }
        wijk_free(t->items[m].half);
        wijk_free(t->items[m].said);
    }
    for (int w = 0; w < BACKTEST_WAVES; w++) {
        for (int h = 0; h < SEED_TENURES; h++) {
            wijk_free(t->homes[w][h]);
        }
    }
    wijk_free(t->codes);
    wijk_free(t->region);
    wijk_free(t->households);
    wijk_free(t->stock);
    wijk_population_free(t->population);
    wijk_start_free(t->start);
}

/* `town` says what of which file; `any` becomes 1 when the file holds it. */
static int run_town(wijk_backtest *out, backtest_scores *scores, int *any, backtest_town *town,
                    const ensemble_ranges *ranges, wijk_ctx *ctx)
{
    job j = {.town = town, .ranges = ranges, .ctx = ctx};
    int found = 0, rc = backtest_observe(town, &found, ctx);
    if (!rc && found) {
        uint32_t replicates = town->options->replicates;
        unsigned threads = wijk_threads(town->options->threads, replicates);
        rc = prepare(town);
        rc = rc ? rc : wijk_parallel(threads, replicates, one_run, &j, ctx);
        rc = rc ? rc : backtest_score(out, scores, town);
        *any = 1;
    }
    free_town(town);
    return rc;
}

static int is_asked(const backtest_case *c, const wijk_backtest_options *o)
{
    return (!o->town || strcmp(o->town, c->town) == 0) && (o->from == 0 || o->from == c->start);
}

static int check_options(const wijk_backtest_options *o)
{
    if (o->replicates < 2 || o->replicates > REPLICATES_MOST || o->every < 1) {
        return wijk_fail(WIJK_EINVAL, "replicaties: van 2 tot en met %d; een op de 1 of meer",
                         "replicates: from 2 to %d; one in 1 or more", REPLICATES_MOST);
    }
    for (size_t i = 0; i < n_backtest_cases; i++) {
        if (is_asked(&backtest_cases[i], o)) {
            return WIJK_OK;
        }
    }
    char from[24] = "";
    if (o->from) {
        snprintf(from, sizeof from, " (%d)", o->from);
    }
    return wijk_fail(WIJK_EINVAL,
                     "Er is geen toets van %s%s: kies amsterdam (2005, 2009, 2013), haaglanden "
                     "(2011, 2013) of postcodes (2018).",
                     "There is no test of %s%s: choose amsterdam (2005, 2009, 2013), haaglanden "
                     "(2011, 2013) or postcodes (2018).",
                     o->town ? o->town : "?", from);
}

int wijk_backtest_run(wijk_backtest **out, wijk_store *store, const wijk_registry *registry,
                      const wijk_backtest_options *o, wijk_ctx *ctx)
{
    *out = NULL;
    int any = 0, rc = check_options(o);
    wijk_backtest *b = rc ? NULL : wijk_alloc(sizeof *b);
    if (!b) {
        return rc ? rc : WIJK_ENOMEM;
    }
    ensemble_ranges ranges;
    backtest_scores scores = {0};
    rc = ensemble_ranges_read(&ranges);
    snprintf(b->version, sizeof b->version, "%s", WIJK_VERSION);
    snprintf(b->parameters, sizeof b->parameters, "%016llx",
             (unsigned long long)ensemble_fingerprint(&ranges));
    snprintf(b->lineage, sizeof b->lineage, "%s", wijk_registry_fingerprint(registry));
    b->seed = o->seed;
    b->replicates = o->replicates;
    b->every = o->every;
    for (size_t i = 0; !rc && i < n_backtest_cases; i++) {
        if (is_asked(&backtest_cases[i], o)) {
            backtest_town town = {
                .what = &backtest_cases[i], .options = o, .store = store, .registry = registry};
            rc = run_town(b, &scores, &any, &town, &ranges, ctx);
        }
    }
    if (!rc && !any) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Dit bestand heeft geen oude cijfers om het model aan te toetsen: lees "
                       "Amsterdam 2005-2017, Elan of de postcodes van 2018 en 2020 in (wijk load).",
                       "This file has no old figures to test the model on: load Amsterdam "
                       "2005-2017, Elan or the postcodes of 2018 and 2020 (wijk load).");
    }
    rc = rc ? rc : backtest_hindsight(b, &scores);
    wijk_free(scores.all);
    if (rc) {
        wijk_backtest_free(b);
        return rc;
    }
    *out = b;
    return WIJK_OK;
}

void wijk_backtest_free(wijk_backtest *b)
{
    if (b) {
        wijk_free(b->rows);
        wijk_free(b->fed);
        wijk_free(b);
    }
}
