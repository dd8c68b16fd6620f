/* The back-test: every estimator on every step, by models that knew neither the outcome nor
 * anything after it; and the rule that picks one estimator from earlier steps alone. */
#include "measure/outlook.h"
#include "measure/outlook_score.h"

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CLEARLY = 0.02; /* of what the constant band loses */
enum { LOOK_BACK = 3, REDRAWS = 200, REDRAW_PURPOSE = 0x6f75746c };

typedef struct {
    const wijk_outlook_panel *panel;
    outlook_design design;
    size_t estimators;
    wijk_outlook_forecast *said; /* [steps][estimators][areas]; NAN without a last score */
    wijk_ctx *ctx;
} backtest;

static wijk_outlook_forecast *said_by(const backtest *t, size_t step, size_t estimator)
{
    return t->said + (step * t->estimators + estimator) * t->panel->areas;
}

/* Step s is the change from wave s + 1 to s + 2: the first that has one before it. */
static int forecast_one(void *payload, size_t index, unsigned worker)
{
    (void)worker;
    backtest *t = payload;
    size_t estimator = index % t->estimators, wave = index / t->estimators + 1;
    wijk_outlook_model model;
    if (outlook_estimators[estimator].flags & E_MEAN) {
        return WIJK_OK; /* from what the others said, below */
    }
    int rc = outlook_fit(&model, &t->design, estimator, wave, t->ctx);
    const double *level = t->panel->level + wave * t->panel->areas;
    for (size_t a = 0; a < t->panel->areas && !rc; a++) {
        size_t row = wave * t->panel->areas + a;
        outlook_say(&said_by(t, wave - 1, estimator)[a], &model,
                    t->design.feature + row * OUTLOOK_FEATURES, t->design.class[row], level[a]);
    }
    return rc;
}

static void say_means(const backtest *t, size_t step)
{
    for (size_t e = 0; e < t->estimators; e++) {
        for (size_t a = 0; a < t->panel->areas && outlook_estimators[e].flags & E_MEAN; a++) {
            wijk_outlook_forecast said[OUTLOOK_MEMBERS];
            for (size_t m = 0; m < OUTLOOK_MEMBERS; m++) {
                said[m] = said_by(t, step, outlook_member(e, m))[a];
            }
            outlook_mean(&said_by(t, step, e)[a], said, OUTLOOK_MEMBERS);
        }
    }
}

/* The areas that have a last score and an outcome. */
static size_t cases_of(outlook_case *out, const backtest *t, size_t step, size_t estimator)
{
    const wijk_outlook_panel *p = t->panel;
    size_t at = (step + 1) * p->areas, n = 0;
    for (size_t a = 0; a < p->areas; a++) {
        outlook_case one = {
            p->level[at + a], p->level[at + p->areas + a], p->people[at + a], p->social[at + a], 0,
            {{0}, 0}};
        if (isfinite(one.before) && isfinite(one.after)) {
            one.said = said_by(t, step, estimator)[a];
            one.rank = outlook_estimators[estimator].flags & E_PEOPLE
                           ? -(isfinite(one.people) ? one.people : 0)
                           : one.said.drop;
            out[n++] = one;
        }
    }
    return n;
}

/* ---- the rule ----------------------------------------------------------------------------------
 */

/* What an estimator loses beside the constant band, on average over the steps before `step`. */
static double lost_by(const wijk_outlook_step *steps, size_t step, size_t estimator)
{
    size_t band = wijk_outlook_find("constant"), from = step > LOOK_BACK ? step - LOOK_BACK : 0;
    double sum = 0;
    for (size_t s = from; s < step; s++) {
        sum += steps[s].score[estimator * WIJK_SLICES + WIJK_SLICE_ALL].pinball /
               steps[s].score[band * WIJK_SLICES + WIJK_SLICE_ALL].pinball;
    }
    return sum / (double)(step - from);
}

/* Looks at steps before `step` only. The mean of several forecasts, unless one of them alone was
 * clearly better: three steps are few, and what was best on them is often best by luck. */
static size_t choose(const wijk_outlook_step *steps, size_t step)
{
    size_t best = wijk_outlook_find("mean");
    if (!step) {
        return wijk_outlook_find("no_change");
    }
    double least = lost_by(steps, step, best) - CLEARLY;
    for (size_t e = 0; e < outlook_estimator_count; e++) {
        double lost = lost_by(steps, step, e);
        if (lost < least) {
            least = lost;
            best = e;
        }
    }
    return best;
}

/* ---- warnings ----------------------------------------------------------------------------------
 */

static int bin_of(double chance)
{
    static const double from[] = {0.01, 0.02, 0.05, 0.10, 0.20};
    int bin = 0;
    while (bin < WIJK_OUTLOOK_BINS - 1 && chance >= from[bin]) {
        bin++;
    }
    return bin;
}

static void count_warnings(wijk_outlook_warning *out, const backtest *t,
                           const wijk_outlook_step *steps, size_t step)
{
    const wijk_outlook_panel *p = t->panel;
    const wijk_outlook_forecast *now = said_by(t, step, steps[step].chosen);
    const wijk_outlook_forecast *earlier =
        step ? said_by(t, step - 1, steps[step - 1].chosen) : NULL;
    size_t at = (step + 1) * p->areas;
    for (size_t a = 0; a < p->areas; a++) {
        double change = p->level[at + p->areas + a] - p->level[at + a];
        if (!isfinite(change) || !(p->people[at + a] >= WIJK_OUTLOOK_PEOPLE)) {
            continue;
        }
        int dropped = change < -WIJK_OUTLOOK_DROP, warned = now[a].drop >= WIJK_OUTLOOK_WARN;
        int bin = bin_of(now[a].drop);
        out->areas[bin]++;
        out->drops[bin] += (size_t)dropped;
        out->mean[bin] += now[a].drop;
        out->warned += (size_t)warned;
        out->right += (size_t)(warned && dropped);
        out->missed += (size_t)(!warned && dropped);
        out->early += (size_t)(dropped && earlier && earlier[a].drop >= WIJK_OUTLOOK_WARN);
    }
    for (int bin = 0; bin < WIJK_OUTLOOK_BINS; bin++) {
        out->mean[bin] = out->areas[bin] ? out->mean[bin] / (double)out->areas[bin] : NAN;
    }
}

/* How much better than sorting by size the chosen ranking is, with all areas drawn again. */
static int set_beside_size(wijk_outlook_warning *out, const backtest *t,
                           const wijk_outlook_step *step, size_t at)
{
    size_t n = t->panel->areas;
    outlook_case *cases = wijk_alloc(n * sizeof *cases);
    outlook_ranked *ours = wijk_alloc(n * sizeof *ours), *dumb = wijk_alloc(n * sizeof *dumb);
    unsigned char *weight = wijk_alloc(n);
    double ahead[REDRAWS];
    int rc = cases && ours && dumb && weight ? WIJK_OK : WIJK_ENOMEM;
    out->ahead = out->ahead_low = out->ahead_high = NAN;
    if (rc ||
        step->score[step->chosen * WIJK_SLICES + WIJK_SLICE_FROM_500].drops < WIJK_OUTLOOK_EVENTS) {
        goto done;
    }
    size_t all = cases_of(cases, t, at, step->chosen);
    size_t count = outlook_rank(ours, WIJK_SLICE_FROM_500, cases, all);
    cases_of(cases, t, at, wijk_outlook_find("size"));
    outlook_rank(dumb, WIJK_SLICE_FROM_500, cases, all);
    out->ahead = outlook_precision(ours, NULL, count) - outlook_precision(dumb, NULL, count);
    size_t kept = 0;
    for (uint32_t r = 0; r < REDRAWS; r++) {
        memset(weight, 0, n);
        for (size_t i = 0; i < count; i++) {
            double u =
                wijk_rng_uniform((wijk_draw){1, REDRAW_PURPOSE, (uint32_t)i, (uint32_t)at, r});
            size_t drawn = ours[(size_t)(u * (double)count)].area;
            weight[drawn] = (unsigned char)(weight[drawn] + 1); /* 255 times never happens */
        }
        ahead[kept] =
            outlook_precision(ours, weight, count) - outlook_precision(dumb, weight, count);
        kept += isfinite(ahead[kept]) != 0;
    }
    out->ahead_low = wijk_quantile(ahead, kept, 0.05);
    out->ahead_high = wijk_quantile(ahead, kept, 0.95);
done:
    wijk_free(cases);
    wijk_free(ours);
    wijk_free(dumb);
    wijk_free(weight);
    return rc;
}

/* ---- the card ----------------------------------------------------------------------------------
 */

static int score_step(wijk_outlook_step *out, const backtest *t, size_t step)
{
    size_t n = t->panel->areas;
    outlook_case *cases = wijk_alloc(n * sizeof *cases);
    outlook_ranked *order = wijk_alloc(n * sizeof *order);
    double *changes = wijk_alloc(n * sizeof *changes);
    out->score = wijk_alloc(t->estimators * WIJK_SLICES * sizeof *out->score);
    int rc = cases && order && changes && out->score ? WIJK_OK : WIJK_ENOMEM;
    for (size_t e = 0; e < t->estimators && !rc; e++) {
        size_t count = cases_of(cases, t, step, e);
        for (int slice = 0; slice < WIJK_SLICES; slice++) {
            outlook_score_slice(&out->score[e * WIJK_SLICES + (size_t)slice],
                                (enum wijk_outlook_slice)slice, cases, count, order);
        }
        for (size_t i = 0; i < count && !e; i++) {
            changes[i] = cases[i].after - cases[i].before;
        }
        if (!e) {
            out->common = wijk_quantile(changes, count, 0.5);
        }
    }
    out->from = t->panel->years[step + 1];
    out->to = t->panel->years[step + 2];
    wijk_free(cases);
    wijk_free(order);
    wijk_free(changes);
    return rc;
}

int wijk_outlook_backtest(wijk_outlook_card *out, const wijk_outlook_panel *panel, wijk_ctx *ctx)
{
    *out = (wijk_outlook_card){0};
    if (panel->waves < 3) {
        return wijk_fail(
            WIJK_EINVAL, "Een terugtoets vraagt minstens drie metingen; er zijn er %d.",
            "A back-test needs at least three measurements; there are %d.", (int)panel->waves);
    }
    size_t steps = panel->waves - 2;
    backtest t = {.panel = panel, .estimators = outlook_estimator_count, .ctx = ctx};
    int rc = outlook_design_new(&t.design, panel, panel->waves - 1);
    t.said = rc ? NULL : wijk_alloc(steps * t.estimators * panel->areas * sizeof *t.said);
    out->steps = rc ? NULL : wijk_alloc(steps * sizeof *out->steps);
    rc = t.said && out->steps ? WIJK_OK : WIJK_ENOMEM;
    size_t jobs = steps * t.estimators;
    rc = rc ? rc : wijk_parallel(wijk_threads(0, jobs), jobs, forecast_one, &t, ctx);
    for (size_t s = 0; s < steps && !rc; s++) {
        out->count = s + 1;
        say_means(&t, s);
        rc = score_step(&out->steps[s], &t, s);
        if (!rc) {
            out->steps[s].chosen = choose(out->steps, s);
            count_warnings(&out->steps[s].warning, &t, out->steps, s);
            rc = set_beside_size(&out->steps[s].warning, &t, &out->steps[s], s);
        }
    }
    out->next = rc ? 0 : choose(out->steps, steps);
    outlook_design_free(&t.design);
    wijk_free(t.said);
    if (rc) {
        wijk_outlook_card_free(out);
    }
    return rc;
}

void wijk_outlook_card_free(wijk_outlook_card *card)
{
    for (size_t s = 0; card->steps && s < card->count; s++) {
        wijk_free(card->steps[s].score);
    }
    wijk_free(card->steps);
    *card = (wijk_outlook_card){0};
}
