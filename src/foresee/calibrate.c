/* Which points of the ranges can be true: subset simulation from a Latin hypercube to the points
 * that are not implausible. A particle is a point in quantiles of the ranges with what one run of
 * it gave; every draw is keyed by level, particle and step, so threads do not matter. Informed
 * parameters walk, in small steps that fold back at the edges; the others are drawn anew each time,
 * so that the set does not lean on one value of what nothing is known about. */
#include "foresee/calibrate.h"
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/rng.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARTICLES = 240,
    KEPT = PARTICLES / 4, /* of each level, from which the next one grows */
    LEVELS = 14,
    WORLDS = 12,    /* runs of the defaults that tell what chance does to a target */
    LAST_STEPS = 4, /* from a plausible point to one of the set */
    PURPOSE_WALK = 0x43414C31,
    PURPOSE_REST = 0x43414C32,
    PURPOSE_START = 0x43414C33,
    PURPOSE_CHECK = 0x43414C34
};
static const double step_share = 0.4; /* of the spread of those kept; about 2.38 / sqrt(d) */

typedef struct {
    double u[WIJK_PARAMETERS];
    double out[WIJK_TARGETS];
    double worst; /* implausibility of the worst target */
} particle;

typedef struct {
    const wijk_population *population;
    const wijk_dictionary *dictionary;
    const wijk_targets *targets;
    wijk_calibration *c;
    wijk_ctx *ctx;
    uint64_t seed;
    double limit;               /* of this level */
    double sd[WIJK_PARAMETERS]; /* of a step */
    uint32_t level, steps;
    particle *from, *to;
    size_t n_from;
} search;

static int run_once(double out[WIJK_TARGETS], const search *s, const wijk_parameters *p,
                    uint32_t replicate)
{
    wijk_foresee *run = NULL;
    const wijk_foresee_options options = {.seed = s->seed,
                                          .replicate = replicate & 0xFFFFFF,
                                          .months = WIJK_TARGET_YEARS * 12,
                                          .period = WIJK_PER_YEAR,
                                          .detail = WIJK_EVERY_REGION,
                                          .threads = 1};
    int rc = wijk_foresee_new(&run, s->population, p, NULL, &options);
    for (uint32_t year = 1; !rc && year <= WIJK_TARGET_YEARS; year++) {
        rc = wijk_checkpoint(s->ctx);
        rc = rc ? rc : wijk_foresee_to(run, year * 12, NULL);
    }
    if (!rc) {
        wijk_targets_observe(out, run);
    }
    wijk_foresee_free(run);
    return rc;
}

/* Standard deviations between model and publication. */
static double implausibility(const search *s, wijk_target target, double value)
{
    const wijk_target_row *row = wijk_targets_row(s->targets, target);
    double published = (row->high - row->low) / (2 * 1.96), chance = s->c->chance[target];
    double all = published * published + row->doubt * row->doubt + chance * chance;
    double off = fabs(value - row->value) / sqrt(all);
    return isfinite(off) ? off : INFINITY;
}

static wijk_parameters values_of(const search *s, const double u[WIJK_PARAMETERS])
{
    wijk_parameters values;
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        values.value[i] =
            wijk_parameter_at(wijk_dictionary_row(s->dictionary, (wijk_parameter)i), u[i]);
    }
    return values;
}

static int judge_values(particle *p, const search *s, const wijk_parameters *values,
                        uint32_t replicate)
{
    int rc = run_once(p->out, s, values, replicate);
    p->worst = 0;
    for (int t = 0; !rc && t < WIJK_TARGETS; t++) {
        double off = implausibility(s, (wijk_target)t, p->out[t]);
        p->worst = s->c->can[t] && off > p->worst ? off : p->worst;
    }
    return rc;
}

static int judge(particle *p, const search *s, uint32_t replicate)
{
    const wijk_parameters values = values_of(s, p->u);
    return judge_values(p, s, &values, replicate);
}

/* ---- what chance does ------------------------------------------------------------------------ */

typedef struct {
    const search *s;
    wijk_parameters defaults;
    double out[WORLDS][WIJK_TARGETS];
} worlds;

static int one_world(void *payload, size_t index, unsigned worker)
{
    worlds *w = payload;
    (void)worker;
    return run_once(w->out[index], w->s, &w->defaults, 0x800000 + (uint32_t)index);
}

static int measure_chance(const search *s, unsigned threads)
{
    worlds w = {.s = s};
    wijk_dictionary_defaults(&w.defaults, s->dictionary);
    int rc = wijk_parallel(threads, WORLDS, one_world, &w, s->ctx);
    for (int t = 0; !rc && t < WIJK_TARGETS; t++) {
        double mean = 0, sum = 0;
        for (int i = 0; i < WORLDS; i++) {
            mean += w.out[i][t] / WORLDS;
        }
        for (int i = 0; i < WORLDS; i++) {
            sum += (w.out[i][t] - mean) * (w.out[i][t] - mean);
        }
        s->c->chance[t] = sqrt(sum / (WORLDS - 1));
    }
    return rc;
}

/* ---- levels ---------------------------------------------------------------------------------- */

static int first_particle(void *payload, size_t index, unsigned worker)
{
    search *s = payload;
    particle *p = &s->to[index];
    (void)worker;
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        p->u[i] = wijk_latin(s->seed ^ PURPOSE_START, PARTICLES, (uint32_t)index, i);
    }
    return judge(p, s, (uint32_t)index);
}

/* Back into (0, 1) as between two mirrors: a symmetric step stays symmetric. */
static double folded(double u)
{
    u = u < 0 ? -u : u;
    u = u > 1 ? 2 - u : u;
    return u < 0 ? 0 : u;
}

static int step(particle *p, search *s, uint32_t place, uint32_t nth)
{
    particle next;
    uint32_t time = s->level << 8 | nth;
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        wijk_draw draw = {.seed = s->seed,
                          .purpose = s->c->informed[i] ? PURPOSE_WALK : PURPOSE_REST,
                          .place = place,
                          .time = time,
                          .nth = i * 16};
        next.u[i] = s->c->informed[i] ? folded(p->u[i] + s->sd[i] * wijk_rng_normal(draw))
                                      : wijk_rng_uniform(draw);
    }
    int rc = judge(&next, s, (s->level << 18 ^ nth << 11) + place);
    if (!rc && next.worst <= s->limit) {
        *p = next;
    }
    return rc;
}

/* Steps as wide as those kept lie apart (Gelman, Roberts & Gilks 1996). */
static void set_steps(search *s)
{
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        double mean = 0, sum = 0, n = (double)s->n_from;
        for (size_t k = 0; k < s->n_from; k++) {
            mean += s->from[k].u[i] / n;
        }
        for (size_t k = 0; k < s->n_from; k++) {
            sum += (s->from[k].u[i] - mean) * (s->from[k].u[i] - mean);
        }
        s->sd[i] = step_share * sqrt(sum / n);
    }
}

/* A chain from one of those kept: `steps` particles, the first of which is where it began. */
static int chain(void *payload, size_t index, unsigned worker)
{
    search *s = payload;
    particle now = s->from[index];
    for (uint32_t nth = 0; nth < s->steps; nth++) {
        int rc = nth > 0 ? step(&now, s, (uint32_t)index, nth) : WIJK_OK;
        if (rc) {
            return rc;
        }
        s->to[index * s->steps + nth] = now;
    }
    if (worker == 0) {
        wijk_progress(s->ctx, "calibrate", (double)index / (double)s->n_from);
    }
    return WIJK_OK;
}

/* The end of a chain becomes a point of the set. */
static int last_chain(void *payload, size_t index, unsigned worker)
{
    search *s = payload;
    particle now = s->from[index % s->n_from];
    for (uint32_t nth = 1; nth <= LAST_STEPS; nth++) {
        int rc = step(&now, s, (uint32_t)index, nth);
        if (rc) {
            return rc;
        }
    }
    s->to[index] = now;
    if (worker == 0) {
        wijk_progress(s->ctx, "calibrate", (double)index / s->c->wanted);
    }
    return WIJK_OK;
}

/* By the first number in which they differ. */
static int compare_points(const particle *x, const particle *y)
{
    for (size_t i = 0; i < sizeof x->u / sizeof *x->u; i++) {
        if (x->u[i] != y->u[i]) {
            return x->u[i] < y->u[i] ? -1 : 1;
        }
    }
    return 0;
}

static int by_worst(const void *a, const void *b)
{
    const particle *x = a, *y = b;
    return x->worst != y->worst ? (x->worst > y->worst) - (x->worst < y->worst)
                                : compare_points(x, y);
}

/* A target that no point of the ranges comes near cannot choose between points. */
static void leave_out(search *s)
{
    for (int t = 0; t < WIJK_TARGETS; t++) {
        double least = INFINITY;
        for (int i = 0; i < PARTICLES; i++) {
            least = fmin(least, implausibility(s, (wijk_target)t, s->to[i].out[t]));
        }
        s->c->can[t] = least <= WIJK_IMPLAUSIBLE;
    }
    for (int i = 0; i < PARTICLES; i++) {
        s->to[i].worst = 0;
        for (int t = 0; t < WIJK_TARGETS; t++) {
            double off = implausibility(s, (wijk_target)t, s->to[i].out[t]);
            s->to[i].worst = s->c->can[t] ? fmax(s->to[i].worst, off) : s->to[i].worst;
        }
    }
}

static int fit_of(wijk_target_fit out[WIJK_TARGETS], const search *s, const particle *points,
                  size_t n)
{
    double *value = wijk_alloc((n + 1) * sizeof *value);
    if (!value) {
        return WIJK_ENOMEM;
    }
    for (int t = 0; t < WIJK_TARGETS; t++) {
        size_t finite = 0, within = 0;
        for (size_t i = 0; i < n; i++) {
            within += implausibility(s, (wijk_target)t, points[i].out[t]) <= WIJK_IMPLAUSIBLE;
            if (isfinite(points[i].out[t])) {
                value[finite++] = points[i].out[t];
            }
        }
        const wijk_band band = ensemble_band(value, finite);
        out[t] = (wijk_target_fit){.median = band.median,
                                   .low90 = band.low90,
                                   .high90 = band.high90,
                                   .within = n ? (double)within / (double)n : NAN};
    }
    wijk_free(value);
    return WIJK_OK;
}

/* Down the levels until a quarter of the particles is plausible; s->from then holds these. */
static int descend(search *s, unsigned threads)
{
    s->limit = INFINITY;
    s->c->share = 1;
    for (s->level = 1; s->level <= LEVELS; s->level++) {
        qsort(s->to, PARTICLES, sizeof *s->to, by_worst);
        double before = s->limit;
        size_t plausible = 0;
        while (plausible < PARTICLES && s->to[plausible].worst <= WIJK_IMPLAUSIBLE) {
            plausible++;
        }
        int done = plausible >= KEPT;
        s->n_from = done ? plausible : KEPT;
        s->limit = done ? WIJK_IMPLAUSIBLE : s->to[KEPT - 1].worst;
        memcpy(s->from, s->to, s->n_from * sizeof *s->from);
        s->c->share *= (double)s->n_from / PARTICLES;
        set_steps(s);
        if (done || !(s->limit < before)) {
            s->c->found = done;
            return WIJK_OK;
        }
        s->steps = PARTICLES / KEPT;
        s->c->runs += PARTICLES - KEPT;
        int rc = wijk_parallel(threads, KEPT, chain, s, s->ctx);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

/* Points of the set: chains that never moved from one beginning are one point. */
static int keep(search *s)
{
    wijk_calibration *c = s->c;
    size_t n = 0;
    for (uint32_t i = 0; i < c->wanted; i++) {
        int twice = 0;
        for (size_t j = 0; j < n && !twice; j++) {
            twice = compare_points(&s->to[j], &s->to[i]) == 0;
        }
        if (!twice) {
            s->to[n++] = s->to[i];
        }
    }
    c->point = wijk_alloc((n + 1) * sizeof *c->point);
    if (!c->point) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        for (int i = 0; i < WIJK_PARAMETERS; i++) {
            const wijk_parameter_row *row = wijk_dictionary_row(s->dictionary, (wijk_parameter)i);
            c->point[k].value[i] = wijk_parameter_at(row, s->to[k].u[i]);
        }
    }
    c->points = n;
    return fit_of(c->after, s, s->to, n);
}

static int explore(search *s, unsigned threads)
{
    wijk_calibration *c = s->c;
    int rc = measure_chance(s, threads);
    rc = rc ? rc : wijk_parallel(threads, PARTICLES, first_particle, s, s->ctx);
    if (rc) {
        return rc;
    }
    c->runs = WORLDS + PARTICLES;
    leave_out(s);
    rc = fit_of(c->before, s, s->to, PARTICLES);
    rc = rc ? rc : descend(s, threads);
    if (rc || !c->found) {
        return rc ? rc : fit_of(c->after, s, s->from, s->n_from);
    }
    s->limit = WIJK_IMPLAUSIBLE;
    s->level = LEVELS + 1;
    c->runs += (size_t)c->wanted * LAST_STEPS;
    rc = wijk_parallel(threads, c->wanted, last_chain, s, s->ctx);
    return rc ? rc : keep(s);
}

int wijk_calibrate(wijk_calibration **out, const wijk_population *population,
                   const wijk_calibrate_options *o, wijk_ctx *ctx)
{
    wijk_dictionary *dictionary = NULL;
    wijk_targets *targets = NULL;
    *out = NULL;
    if (o->points < 20 || o->points > WIJK_PLAUSIBLE_MOST) {
        return wijk_fail(WIJK_EINVAL, "punten: van 20 tot %d", "points: from 20 to %d",
                         WIJK_PLAUSIBLE_MOST);
    }
    size_t room = o->points > PARTICLES ? o->points : PARTICLES;
    search s = {.population = population,
                .c = wijk_alloc(sizeof *s.c),
                .ctx = ctx,
                .seed = o->seed,
                .from = wijk_alloc(PARTICLES * sizeof *s.from),
                .to = wijk_alloc(room * sizeof *s.to)};
    int rc = s.c && s.from && s.to ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_dictionary_open(&dictionary);
    rc = rc ? rc : wijk_targets_open(&targets);
    if (!rc) {
        s.dictionary = dictionary;
        s.targets = targets;
        s.c->seed = o->seed;
        s.c->wanted = o->points;
        s.c->made_on = wijk_strdup(o->made_on ? o->made_on : "");
        for (int t = 0; t < WIJK_TARGETS; t++) {
            s.c->can[t] = 1;
            for (int i = 0; i < WIJK_PARAMETERS; i++) {
                s.c->informed[i] |= wijk_targets_row(targets, (wijk_target)t)->informs[i];
            }
        }
        rc = s.c->made_on ? explore(&s, wijk_threads(o->threads, PARTICLES)) : WIJK_ENOMEM;
    }
    wijk_dictionary_free(dictionary);
    wijk_targets_free(targets);
    wijk_free(s.from);
    wijk_free(s.to);
    if (rc) {
        wijk_calibration_free(s.c);
        return rc;
    }
    *out = s.c;
    return WIJK_OK;
}

/* ---- a set where it was not made ------------------------------------------------------------- */

typedef struct {
    search s;
    const wijk_plausible *set;
    size_t n;
} trial;

/* Points are taken evenly from the set; what it says nothing of is spread over its range. */
static int try_point(void *payload, size_t index, unsigned worker)
{
    trial *of = payload;
    particle *p = &of->s.to[index];
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        p->u[i] = wijk_latin(of->s.seed ^ PURPOSE_CHECK, (uint32_t)of->n, (uint32_t)index, i);
    }
    wijk_parameters values = values_of(&of->s, p->u);
    wijk_plausible_apply(&values, of->set, index * wijk_plausible_points(of->set) / of->n);
    if (worker == 0) {
        wijk_progress(of->s.ctx, "calibrate", (double)index / (double)of->n);
    }
    return judge_values(p, &of->s, &values, (uint32_t)index);
}

static int try_all(wijk_calibration_check *out, trial *of, unsigned threads)
{
    int rc = measure_chance(&of->s, threads);
    rc = rc ? rc : wijk_parallel(threads, of->n, try_point, of, of->s.ctx);
    rc = rc ? rc : fit_of(out->fit, &of->s, of->s.to, of->n);
    for (size_t i = 0; !rc && i < of->n; i++) {
        out->plausible += of->s.to[i].worst <= WIJK_IMPLAUSIBLE;
    }
    out->points = of->n;
    return rc;
}

int wijk_calibrate_check(wijk_calibration_check *out, const wijk_population *population,
                         const wijk_plausible *set, const wijk_calibrate_options *o, wijk_ctx *ctx)
{
    wijk_dictionary *dictionary = NULL;
    wijk_targets *targets = NULL;
    size_t all = wijk_plausible_points(set);
    memset(out, 0, sizeof *out);
    if (o->points < 1) {
        return wijk_fail(WIJK_EINVAL, "punten: 1 of meer", "points: 1 or more");
    }
    trial of = {.set = set, .n = o->points < all ? o->points : all};
    of.s = (search){.population = population,
                    .c = wijk_alloc(sizeof *of.s.c),
                    .ctx = ctx,
                    .seed = o->seed,
                    .to = wijk_alloc(of.n * sizeof *of.s.to)};
    int rc = of.s.c && of.s.to ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_dictionary_open(&dictionary);
    rc = rc ? rc : wijk_targets_open(&targets);
    if (!rc) {
        of.s.dictionary = dictionary;
        of.s.targets = targets;
        memset(of.s.c->can, 1, sizeof of.s.c->can);
        rc = try_all(out, &of, wijk_threads(o->threads, of.n > WORLDS ? of.n : WORLDS));
    }
    wijk_dictionary_free(dictionary);
    wijk_targets_free(targets);
    wijk_free(of.s.c);
    wijk_free(of.s.to);
    return rc;
}

void wijk_calibration_free(wijk_calibration *c)
{
    if (c) {
        wijk_free(c->made_on);
        wijk_free(c->point);
        wijk_free(c);
    }
}

size_t wijk_calibration_points(const wijk_calibration *c)
{
    return c->points;
}

size_t wijk_calibration_runs(const wijk_calibration *c)
{
    return c->runs;
}

double wijk_calibration_share(const wijk_calibration *c)
{
    return c->share;
}

wijk_target_fit wijk_calibration_before(const wijk_calibration *c, wijk_target target)
{
    return c->before[target];
}

wijk_target_fit wijk_calibration_after(const wijk_calibration *c, wijk_target target)
{
    return c->after[target];
}

int wijk_calibration_can(const wijk_calibration *c, wijk_target target)
{
    return c->can[target];
}
