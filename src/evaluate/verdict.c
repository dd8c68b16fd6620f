/* From panels to one answer each: groups by start (foretell.h), the same draws for all outcomes,
 * the correction for their number, the verdict. */
#include "wijk/verdict.h"

#include "evaluate/foretell.h"
#include "evaluate/internal.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_CHANCE = 0x76657201, POOL = 400, DRAWS = 1999 };

static const double NOTICED = 0.8; /* the share of cases in which an effect should be noticed */

typedef struct {
    const wijk_panel *panels;
    const wijk_design *designs;
    size_t count, starts;   /* outcomes; different starts */
    evaluate_group *groups; /* [count][starts] */
    size_t treated;
    unsigned char *usable; /* [units] of every outcome and start */
    size_t draws;
    double *null; /* [count][draws] in the order drawn */
} work;

static evaluate_group *group_of(const work *w, size_t outcome, size_t start)
{
    return &w->groups[outcome * w->starts + start];
}

/* ---- what is asked ------------------------------------------------------------------------------
 */

static int check_design(const wijk_panel *panel, const wijk_design *d)
{
    int first = WIJK_NEVER;
    for (size_t i = 0; i < panel->units; i++) {
        int start = panel->start[i];
        first = start != WIJK_NEVER && (first == WIJK_NEVER || start < first) ? start : first;
    }
    if (!(d->matters > 0) || !isfinite(d->matters)) {
        return wijk_fail(
            WIJK_EINVAL,
            "Zeg vooraf hoe groot een verschil moet zijn om ertoe te doen (groter dan 0).",
            "Say beforehand how large a difference must be to matter (above 0).");
    }
    if (d->selection != WIJK_NEVER &&
        (d->selection < 0 || d->selection >= (int)panel->waves || d->selection >= first)) {
        return wijk_fail(WIJK_EINVAL, "De meting waarop gekozen is, moet voor de start liggen.",
                         "The wave on which areas were chosen must lie before the start.");
    }
    for (size_t i = 0; d->size && i < panel->units; i++) {
        if (d->size[i] <= 0) {
            return wijk_fail(WIJK_EINVAL, "Gebied %zu heeft geen inwoners.",
                             "Area %zu has no residents.", i + 1);
        }
    }
    return WIJK_OK;
}

static int check_outcomes(const work *w)
{
    int rc = w->count && w->count <= WIJK_MOST_OUTCOMES
                 ? WIJK_OK
                 : wijk_fail(WIJK_EINVAL, "Kies 1 tot %d uitkomsten.", "Choose 1 to %d outcomes.",
                             WIJK_MOST_OUTCOMES);
    for (size_t k = 0; k < w->count && !rc; k++) {
        const wijk_panel *panel = &w->panels[k];
        rc = wijk_panel_check(panel);
        rc = rc ? rc : check_design(panel, &w->designs[k]);
        int same = panel->units == w->panels->units;
        for (size_t i = 0; same && !rc && i < panel->units; i++) {
            same = (panel->start[i] == WIJK_NEVER) == (w->panels->start[i] == WIJK_NEVER);
        }
        if (!rc && !same) {
            rc = wijk_fail(WIJK_EINVAL,
                           "Uitkomst %zu gaat niet over dezelfde gebieden als de eerste.",
                           "Outcome %zu is not about the same areas as the first.", k + 1);
        }
    }
    return rc;
}

/* ---- groups by start
 * -------------------------------------------------------------------------------- */

/* The last wave before `start` that counts; WIJK_NEVER when there is none. */
static int wave_before(const wijk_panel *panel, int start)
{
    for (int t = start - 1; t >= 0; t--) {
        if (!panel->drop || !panel->drop[t]) {
            return t;
        }
    }
    return WIJK_NEVER;
}

/* Groups of one outcome by start: those of the first outcome, whose areas may begin a little sooner
 * or later in the waves of another. */
static int name_groups(work *w, size_t k, const int *starts)
{
    const wijk_panel *panel = &w->panels[k];
    for (size_t s = 0; s < w->starts; s++) {
        evaluate_group *g = group_of(w, k, s);
        int start = WIJK_NEVER;
        for (size_t i = 0; i < panel->units; i++) {
            if (w->panels->start[i] == starts[s]) {
                if (start != WIJK_NEVER && panel->start[i] != start) {
                    return wijk_fail(WIJK_EINVAL,
                                     "Uitkomst %zu: gebieden die samen beginnen, beginnen hier "
                                     "niet samen.",
                                     "Outcome %zu: areas that start together do not do so here.",
                                     k + 1);
                }
                start = panel->start[i];
            }
        }
        int chosen = w->designs[k].selection;
        *g = (evaluate_group){.panel = panel, .design = &w->designs[k], .start = start};
        g->selection = chosen == WIJK_NEVER ? wave_before(panel, start) : chosen;
        if (g->selection == WIJK_NEVER) {
            return wijk_fail(WIJK_EINVAL, "Er is geen meting voor de start die meetelt.",
                             "No wave before the start counts.");
        }
    }
    return WIJK_OK;
}

static int make_groups(work *w)
{
    const wijk_panel *panel = w->panels;
    int *starts = wijk_alloc((panel->waves + 1) * sizeof *starts);
    unsigned char *seen = wijk_alloc(panel->waves + 1);
    int rc = starts && seen ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; i < panel->units && !rc; i++) {
        if (panel->start[i] != WIJK_NEVER) {
            seen[panel->start[i]] = 1;
        }
    }
    for (size_t t = 0; t < panel->waves && !rc; t++) {
        if (seen[t]) {
            starts[w->starts++] = (int)t;
        }
    }
    w->groups = rc ? NULL : wijk_alloc(w->count * w->starts * sizeof *w->groups);
    rc = rc || w->groups ? rc : WIJK_ENOMEM;
    for (size_t k = 0; k < w->count && !rc; k++) {
        rc = name_groups(w, k, starts);
    }
    wijk_free(starts);
    wijk_free(seen);
    return rc;
}

/* Pools are chosen by the first outcome; the others take them over, with where the areas stood on
 * that as one more thing to foretell from. */
static int choose_pools(work *w, double *stood)
{
    const wijk_panel *panel = w->panels;
    size_t most = w->designs->pool ? w->designs->pool : POOL;
    int rc = WIJK_OK;
    w->usable = wijk_alloc(panel->units + 1);
    if (!w->usable) {
        return WIJK_ENOMEM;
    }
    memset(w->usable, 1, panel->units);
    for (size_t k = 0; k < w->count; k++) {
        for (size_t s = 0; s < w->starts && !rc; s++) {
            evaluate_group *g = group_of(w, k, s), *first = group_of(w, 0, s);
            double *own = k ? stood + s * panel->units : NULL;
            for (size_t i = 0; i < panel->units && k; i++) {
                own[i] = panel->outcome[i * panel->waves + (size_t)first->selection];
            }
            g->also = own;
            rc = evaluate_group_make(g);
            for (size_t i = 0; i < panel->units && !rc; i++) {
                w->usable[i] &= (unsigned char)evaluate_group_usable(g, i);
            }
        }
    }
    for (size_t s = 0; s < w->starts && !rc; s++) {
        evaluate_group *first = group_of(w, 0, s);
        rc = evaluate_group_choose(first, w->usable, most);
        w->treated += first->treated;
        for (size_t k = 1; k < w->count && !rc; k++) {
            evaluate_group *g = group_of(w, k, s);
            g->treated = first->treated;
            g->pool = first->pool;
            memcpy(g->unit, first->unit, (g->treated + g->pool) * sizeof *g->unit);
        }
    }
    return rc || w->treated
               ? rc
               : wijk_fail(WIJK_EINVAL,
                           "Geen enkel deelnemend gebied heeft alle metingen die meetellen.",
                           "No area that takes part has all the waves that count.");
}

/* ---- chance
 * ------------------------------------------------------------------------------------------ */

/* How much wider chance is than the draws of one outcome show: estimating the foretelling adds to
 * it, and for draws what a t has beyond a normal. */
static double widen(const work *w, size_t k)
{
    double drawn = 0, added = 0, least = INFINITY;
    for (size_t s = 0; s < w->starts; s++) {
        const evaluate_group *g = group_of(w, k, s);
        double square = 0;
        for (size_t j = 0; j < g->pool; j++) {
            square += g->deck[j] * g->deck[j] / (double)g->pool;
        }
        for (size_t i = 0; i < g->treated; i++) {
            drawn += square * g->scale[i] * g->scale[i];
        }
        added += (double)g->treated * g->apart * sqrt(g->leverage);
        least = g->treated ? fmin(least, (double)(g->pool - g->terms)) : least;
    }
    double z = 1.959963984540054, tail = w->treated > 1 ? 1 + (z * z + 1) / (4 * least) : 1;
    return drawn > 0 ? tail * sqrt(1 + added * added / drawn) : 1;
}

/* Adds the deviation of pool area j in the place of treated area i of a start, for every outcome.
 */
static void put(work *w, size_t draw, size_t start, size_t i, size_t j)
{
    for (size_t k = 0; k < w->count; k++) {
        const evaluate_group *g = group_of(w, k, start);
        w->null[k * w->draws + draw] += g->scale[i] * g->deck[j];
    }
}

/* Effects that chance shows: deviations of comparison areas in the place of the treated, the same
 * areas for every outcome. One treated area is ranked among all of them; for more they are drawn,
 * each on its own, for the treated are no closed set either. */
static int draw_chance(work *w, wijk_ctx *ctx)
{
    size_t alone = 0;
    while (!group_of(w, 0, alone)->treated) {
        alone++;
    }
    w->draws = w->treated == 1     ? group_of(w, 0, alone)->pool
               : w->designs->draws ? w->designs->draws
                                   : DRAWS;
    w->null = wijk_alloc((w->count * w->draws + 1) * sizeof *w->null);
    if (!w->null) {
        return WIJK_ENOMEM;
    }
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = w->designs->seed, .purpose = FOR_CHANCE});
    int rc = WIJK_OK;
    for (size_t draw = 0; draw < w->draws && !rc; draw++) {
        for (size_t s = 0; s < w->starts; s++) {
            const evaluate_group *g = group_of(w, 0, s);
            for (size_t i = 0; i < g->treated; i++) {
                put(w, draw, s, i,
                    w->treated == 1 ? draw : wijk_rng_below(&stream, (uint32_t)g->pool));
            }
        }
        rc = draw % 64 ? WIJK_OK : wijk_checkpoint(ctx);
    }
    for (size_t k = 0; k < w->count && !rc; k++) {
        double times = widen(w, k) / (double)w->treated;
        for (size_t draw = 0; draw < w->draws; draw++) {
            w->null[k * w->draws + draw] *= times;
        }
    }
    return rc;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- one or several outcomes
 * ----------------------------------------------------------------------- */

/* How far chance goes, by outcome; 0 for a constant one. */
static double spread_of(const double *null, size_t draws)
{
    double square = 0;
    for (size_t d = 0; d < draws; d++) {
        square += null[d] * null[d];
    }
    return sqrt(square / (double)draws);
}

/* p of `t` against `largest` [draws], sorted; the observed one counts, so that it is never 0. A tie
 * but for rounding is as large. */
static double share_beyond(const double *largest, size_t draws, double t)
{
    size_t below = 0, high = draws;
    double bar = t * (1 - 1e-12);
    while (below < high) {
        size_t middle = (below + high) / 2;
        if (largest[middle] < bar) {
            below = middle + 1;
        } else {
            high = middle;
        }
    }
    return (double)(draws - below + 1) / (double)(draws + 1);
}

/* The value that a share alpha of the draws, this case counted, lies beyond; infinite when there
 * are too few. An effect beyond it has p <= alpha, and no other. */
static double reach_of(const double *largest, size_t draws, double alpha)
{
    double rank = ceil((1 - alpha) * (double)(draws + 1) - 1e-9);
    return rank > (double)draws ? INFINITY : largest[rank < 1 ? 0 : (size_t)rank - 1];
}

/* Romano & Wolf: the largest |t| of all outcomes judges the largest; what passes leaves, and the
 * next is judged by the largest of the rest. From the first that does not pass on, nothing does. */
static void step_down(wijk_verdict *out, const work *w, double *largest, double alpha)
{
    double t[WIJK_MOST_OUTCOMES], spread[WIJK_MOST_OUTCOMES], p = 0, reach = 0;
    int left[WIJK_MOST_OUTCOMES];
    for (size_t k = 0; k < w->count; k++) {
        spread[k] = spread_of(w->null + k * w->draws, w->draws);
        t[k] = spread[k] > 0 ? fabs(out[k].effect) / spread[k] : out[k].effect != 0 ? INFINITY : 0;
        left[k] = 1;
    }
    for (size_t step = 0; step < w->count; step++) {
        size_t next = w->count;
        for (size_t k = 0; k < w->count; k++) {
            next = left[k] && (next == w->count || t[k] > t[next]) ? k : next;
        }
        for (size_t d = 0; d < w->draws; d++) {
            largest[d] = 0;
            for (size_t k = 0; k < w->count; k++) {
                double own =
                    left[k] && spread[k] > 0 ? fabs(w->null[k * w->draws + d]) / spread[k] : 0;
                largest[d] = fmax(largest[d], own);
            }
        }
        qsort(largest, w->draws, sizeof *largest, by_value);
        reach = p <= alpha ? reach_of(largest, w->draws, alpha) : reach;
        p = fmax(p, share_beyond(largest, w->draws, t[next]));
        out[next].p_joint = p;
        double wide = spread[next] > 0 ? reach * spread[next] : 0;
        out[next].low = out[next].effect - wide;
        out[next].high = out[next].effect + wide;
        left[next] = 0;
    }
}

/* p alone, and what would be noticed: an effect that with chance added goes beyond what this
 * outcome must reach, in NOTICED of the draws. */
static int read_chance(wijk_verdict *out, const work *w, size_t k, double *largest)
{
    const double *null = w->null + k * w->draws;
    out->null = wijk_alloc((w->draws + 1) * sizeof *out->null);
    if (!out->null) {
        return WIJK_ENOMEM;
    }
    out->draws = w->draws;
    for (size_t d = 0; d < w->draws; d++) {
        out->null[d] = null[d];
        largest[d] = fabs(null[d]);
    }
    qsort(largest, w->draws, sizeof *largest, by_value);
    qsort(out->null, w->draws, sizeof *out->null, by_value);
    out->p = share_beyond(largest, w->draws, fabs(out->effect));
    double wide = (out->high - out->low) / 2;
    out->detectable = wide - out->null[(size_t)((1 - NOTICED) * (double)w->draws)];
    return WIJK_OK;
}

/* ---- the verdict
 * --------------------------------------------------------------------------------------- */

static void decide(wijk_verdict *out, const wijk_design *d, double alpha)
{
    out->kind = WIJK_CANNOT_KNOW;
    if (out->small) {
        out->why_not = WIJK_CANNOT_SMALL;
    } else if (!isfinite(out->effect)) {
        out->why_not = WIJK_CANNOT_FEW;
    } else if (out->farthest > WIJK_FARTHEST) {
        out->why_not = WIJK_CANNOT_UNLIKE;
    } else if (out->p_joint <= alpha) {
        out->kind = (out->effect > 0) != (d->lower_is_better != 0) ? WIJK_BETTER : WIJK_WORSE;
    } else if (out->low > -d->matters && out->high < d->matters) {
        out->kind = WIJK_NO_DIFFERENCE;
    } else {
        out->why_not = WIJK_CANNOT_TOO_SMALL;
    }
}

/* What people see: how it went since the wave on which the areas were chosen. */
static void naive_answers(wijk_verdict *out, const work *w, size_t k)
{
    const wijk_panel *panel = &w->panels[k];
    double since[2] = {0, 0}, n = 0;
    for (size_t s = 0; s < w->starts; s++) {
        const evaluate_group *g = group_of(w, k, s);
        double sum[2] = {0, 0}, count[2] = {0, 0};
        for (size_t i = 0; i < panel->units; i++) {
            int in = panel->start[i] == g->start;
            double own = g->after[i] - panel->outcome[i * panel->waves + (size_t)g->selection];
            if (isfinite(own) && (in || panel->start[i] == WIJK_NEVER)) {
                sum[in] += own;
                count[in] += 1;
            }
        }
        if (count[1] > 0) {
            since[1] += sum[1];
            since[0] += count[0] > 0 ? count[1] * sum[0] / count[0] : NAN;
            n += count[1];
        }
    }
    out->before_after = since[1] / n;
    out->naive = (since[1] - since[0]) / n;
}

/* What is known whether or not there is enough to compare with; 1 when there is. */
static int describe(wijk_verdict *out, const work *w, size_t k)
{
    const wijk_panel *panel = &w->panels[k];
    unsigned char *seen = wijk_alloc(panel->units + 1);
    out->compared = wijk_alloc((panel->units + 1) * sizeof *out->compared);
    if (!seen || !out->compared) {
        wijk_free(seen);
        return WIJK_ENOMEM;
    }
    int enough = 1;
    out->treated = w->treated;
    out->pre = out->post = SIZE_MAX;
    for (size_t s = 0; s < w->starts; s++) {
        const evaluate_group *g = group_of(w, k, s);
        size_t side[2] = {0, 0};
        for (size_t t = 0; t < panel->waves; t++) {
            side[(int)t >= g->start] += !panel->drop || !panel->drop[t];
        }
        out->pre = side[0] < out->pre ? side[0] : out->pre;
        out->post = side[1] < out->post ? side[1] : out->post;
        for (size_t i = 0; i < g->treated; i++) {
            out->small += w->designs->size && w->designs->size[g->unit[i]] < WIJK_LEAST_PEOPLE;
        }
        for (size_t j = 0; g->treated && j < g->pool; j++) {
            size_t unit = g->unit[g->treated + j];
            if (!seen[unit]) {
                out->compared[out->pool++] = unit;
            }
            seen[unit] = 1;
        }
        enough &= !g->treated || g->pool >= WIJK_LEAST_POOL + g->terms;
    }
    naive_answers(out, w, k);
    wijk_free(seen);
    return enough;
}

static int estimate(wijk_verdict *out, work *w, wijk_ctx *ctx)
{
    double alpha = w->designs->alpha > 0 ? w->designs->alpha : 0.05, *largest = NULL;
    int rc = WIJK_OK;
    for (size_t k = 0; k < w->count && !rc; k++) {
        double sum = 0;
        for (size_t s = 0; s < w->starts && !rc; s++) {
            evaluate_group *g = group_of(w, k, s);
            rc = g->treated ? evaluate_group_foretell(g) : WIJK_OK;
            for (size_t i = 0; i < g->treated && !rc; i++) {
                sum += g->left[i];
            }
            out[k].farthest = fmax(out[k].farthest, g->farthest);
        }
        out[k].effect = sum / (double)w->treated;
    }
    rc = rc ? rc : draw_chance(w, ctx);
    largest = rc ? NULL : wijk_alloc((w->draws + 1) * sizeof *largest);
    rc = rc || largest ? rc : WIJK_ENOMEM;
    if (!rc) {
        step_down(out, w, largest, alpha);
    }
    for (size_t k = 0; k < w->count && !rc; k++) {
        rc = read_chance(&out[k], w, k, largest);
    }
    wijk_free(largest);
    return rc;
}

static int reach(wijk_verdict *out, work *w, double *stood, wijk_ctx *ctx)
{
    int rc = choose_pools(w, stood), enough = 1;
    for (size_t k = 0; k < w->count && !rc; k++) {
        int told = describe(&out[k], w, k);
        rc = told < 0 ? told : WIJK_OK;
        enough &= told != 0;
    }
    rc = rc || !enough ? rc : estimate(out, w, ctx);
    for (size_t k = 0; k < w->count && !rc; k++) {
        decide(&out[k], &w->designs[k], w->designs->alpha > 0 ? w->designs->alpha : 0.05);
    }
    return rc;
}

int wijk_verdict_several(wijk_verdict *out, const wijk_panel *panels, const wijk_design *designs,
                         size_t count, wijk_ctx *ctx)
{
    for (size_t k = 0; k < count; k++) {
        out[k] = (wijk_verdict){.effect = NAN,
                                .low = NAN,
                                .high = NAN,
                                .p = NAN,
                                .p_joint = NAN,
                                .detectable = NAN,
                                .naive = NAN};
    }
    work w = {.panels = panels, .designs = designs, .count = count};
    int rc = check_outcomes(&w);
    rc = rc ? rc : make_groups(&w);
    double *stood = rc ? NULL : wijk_alloc((w.starts * panels->units + 1) * sizeof *stood);
    rc = rc || stood ? rc : WIJK_ENOMEM;
    rc = rc ? rc : reach(out, &w, stood, ctx);
    for (size_t k = 0; w.groups && k < w.count * w.starts; k++) {
        evaluate_group_free(&w.groups[k]);
    }
    wijk_free(w.groups);
    wijk_free(w.usable);
    wijk_free(w.null);
    wijk_free(stood);
    return rc;
}

int wijk_verdict_reach(wijk_verdict *out, const wijk_panel *panel, const wijk_design *design,
                       wijk_ctx *ctx)
{
    return wijk_verdict_several(out, panel, design, 1, ctx);
}

void wijk_verdict_free(wijk_verdict *verdict)
{
    wijk_free(verdict->compared);
    wijk_free(verdict->null);
    *verdict = (wijk_verdict){0};
}

int wijk_verdict_ring(wijk_verdict *out, const wijk_panel *panel, const wijk_design *design,
                      const unsigned char *ring, wijk_ctx *ctx)
{
    *out = (wijk_verdict){0};
    int start;
    int rc = evaluate_single_start(&start, panel);
    int *moved = rc ? NULL : wijk_alloc((panel->units + 1) * sizeof *moved);
    unsigned char *exclude = rc ? NULL : wijk_alloc(panel->units + 1);
    rc = rc || (moved && exclude) ? rc : WIJK_ENOMEM;
    size_t count = 0;
    for (size_t i = 0; i < panel->units && !rc; i++) {
        int treated = panel->start[i] != WIJK_NEVER, in = ring[i] && !treated;
        moved[i] = in ? start : WIJK_NEVER;
        exclude[i] = treated || (design->exclude && design->exclude[i]);
        count += (size_t)in;
    }
    if (!rc && !count) {
        rc = wijk_fail(WIJK_EINVAL, "Geen enkel gebied grenst aan de deelnemers.",
                       "No area touches those that take part.");
    }
    wijk_panel around = *panel;
    wijk_design theirs = *design;
    around.start = moved;
    theirs.exclude = exclude;
    rc = rc ? rc : wijk_verdict_reach(out, &around, &theirs, ctx);
    wijk_free(moved);
    wijk_free(exclude);
    return rc;
}

int wijk_verdict_power(double *detectable, const wijk_panel *panel, const wijk_design *design,
                       const size_t *chosen, size_t treated, size_t post, wijk_ctx *ctx)
{
    *detectable = NAN;
    if (!post || panel->waves < post + 2) {
        return wijk_fail(
            WIJK_EINVAL,
            "Er zijn %zu metingen: te weinig om te zien hoeveel %zu metingen na de start "
            "door toeval schommelen.",
            "There are %zu waves: too few to see how much %zu waves after the start vary "
            "by chance.",
            panel->waves, post);
    }
    int *start = wijk_alloc((panel->units + 1) * sizeof *start);
    if (!start) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < panel->units; i++) {
        start[i] = WIJK_NEVER;
    }
    int rc = WIJK_OK;
    for (size_t k = 0; k < treated && !rc; k++) {
        rc = chosen[k] < panel->units ? WIJK_OK
                                      : wijk_fail(WIJK_EINVAL, "Gebied %zu bestaat niet.",
                                                  "Area %zu does not exist.", chosen[k] + 1);
        if (!rc) {
            start[chosen[k]] = (int)(panel->waves - post);
        }
    }
    wijk_panel then = *panel;
    wijk_design earlier = *design;
    wijk_verdict found = {0};
    then.start = start;
    earlier.selection =
        design->selection == WIJK_NEVER ? WIJK_NEVER : (int)(panel->waves - post) - 1;
    rc = rc ? rc : wijk_verdict_reach(&found, &then, &earlier, ctx);
    *detectable = rc ? NAN : found.detectable;
    wijk_verdict_free(&found);
    wijk_free(start);
    return rc;
}
