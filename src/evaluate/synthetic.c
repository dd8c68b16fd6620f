/* Synthetic control: the treated areas become one target, every placebo another, and all targets go
 * through the same function, so that what is done to the treated is done to each placebo. */
#include "wijk/synthetic.h"

#include "evaluate/internal.h"
#include "evaluate/simplex.h"
#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { FOR_SETS = 0x73630001, PENALTIES = 20, MOST_DONORS = 2000 };

static const double LEAST_RIDGE = 1e-8; /* of the mean square: makes the weights unique */

typedef struct {
    enum wijk_synthetic_kind kind;
    size_t units, waves, pre; /* without gaps; that count; of them before the start */
    double *y;                /* [units][waves], donors first */
    size_t donors;
    size_t *unit; /* [units] in the panel */
    double noise; /* sd of first differences before the start, of the donors */
    size_t treated;
} work;

/* What one target needs; a thread has its own. */
typedef struct {
    double *target;  /* [waves] */
    double *point;   /* [donors][columns]: donors minus target */
    double *gram;    /* [rows][rows] of the programme */
    double *zero;    /* [rows] */
    double *weight;  /* [donors] */
    double *time;    /* [pre] weights of waves, DID only */
    double *small;   /* ridge: [pre][pre] and vectors */
    size_t *pool, n; /* donors in use */
} room;

typedef struct {
    double effect, before, after; /* after, before: root mean square gaps */
} outcome;

/* ---- rooms -------------------------------------------------------------------------------------
 */

static int room_make(room *r, const work *w)
{
    size_t rows = w->donors > w->pre ? w->donors : w->pre;
    r->target = wijk_alloc((w->waves + 1) * sizeof(double));
    r->point = wijk_alloc((w->donors * w->pre + 1) * sizeof(double));
    r->gram = wijk_alloc((rows * rows + 1) * sizeof(double));
    r->zero = wijk_alloc((rows + 1) * sizeof(double));
    r->weight = wijk_alloc((w->donors + 1) * sizeof(double));
    r->time = wijk_alloc((w->pre + 1) * sizeof(double));
    r->small = wijk_alloc((w->pre * w->pre + 4 * w->pre + 1) * sizeof(double));
    r->pool = wijk_alloc((w->donors + 1) * sizeof(size_t));
    return r->target && r->point && r->gram && r->zero && r->weight && r->time && r->small &&
                   r->pool
               ? WIJK_OK
               : WIJK_ENOMEM;
}

static void room_free(room *r)
{
    wijk_free(r->target);
    wijk_free(r->point);
    wijk_free(r->gram);
    wijk_free(r->zero);
    wijk_free(r->weight);
    wijk_free(r->time);
    wijk_free(r->small);
    wijk_free(r->pool);
}

/* ---- weights
 * ------------------------------------------------------------------------------------- */

/* Weights of n points of `columns` numbers whose mix lies nearest to the origin, with a ridge. */
static int nearest_mix(double *out, room *r, size_t n, size_t columns, double ridge, wijk_ctx *ctx)
{
    double mean = 0;
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k <= j; k++) {
            double dot = 0;
            for (size_t t = 0; t < columns; t++) {
                dot += r->point[j * columns + t] * r->point[k * columns + t];
            }
            r->gram[j * n + k] = r->gram[k * n + j] = dot;
        }
        mean += r->gram[j * n + j] / (double)n;
        r->zero[j] = 0;
    }
    ridge = ridge > 0 ? ridge : LEAST_RIDGE * mean;
    for (size_t j = 0; j < n; j++) {
        r->gram[j * n + j] += ridge > 0 ? ridge : 1; /* all points on the target: equal weights */
    }
    return evaluate_simplex(out, r->gram, r->zero, n, ctx);
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum / (double)n;
}

/* Weights of the donors in the pool; `level`: 1 leaves levels out, so that only the course counts.
 */
static int unit_weights(room *r, const work *w, int level, double ridge, wijk_ctx *ctx)
{
    double base = level ? mean_of(r->target, w->pre) : 0;
    for (size_t j = 0; j < r->n; j++) {
        const double *y = w->y + r->pool[j] * w->waves;
        double own = level ? mean_of(y, w->pre) : 0;
        for (size_t t = 0; t < w->pre; t++) {
            r->point[j * w->pre + t] = (y[t] - own) - (r->target[t] - base);
        }
    }
    return nearest_mix(r->weight, r, r->n, w->pre, ridge, ctx);
}

/* Weights of the waves before, such that donors lie as they do after, but for a constant. */
static int wave_weights(room *r, const work *w, double ridge, wijk_ctx *ctx)
{
    size_t n = r->n;
    for (size_t t = 0; t < w->pre; t++) {
        double mean = 0;
        for (size_t j = 0; j < n; j++) {
            const double *y = w->y + r->pool[j] * w->waves;
            double gap = y[t] - mean_of(y + w->pre, w->waves - w->pre);
            r->point[t * n + j] = gap;
            mean += gap / (double)n;
        }
        for (size_t j = 0; j < n; j++) {
            r->point[t * n + j] -= mean;
        }
    }
    return nearest_mix(r->time, r, w->pre, n, ridge, ctx);
}

/* ---- ridge
 * ----------------------------------------------------------------------------------------- */

/* The direction that ridge adds along: (X'X + penalty)^-1 times the gap that is left, over the
 * waves before the start without `skip`; X is centred on the mean of the donors. */
static int ridge_direction(double *x, const room *r, const work *w, const double *mean,
                           const double *gap, double penalty, size_t skip)
{
    double *a = r->small;
    size_t rows = 0;
    for (size_t s = 0; s < w->pre; s++) {
        if (s == skip) {
            continue;
        }
        size_t columns = 0;
        for (size_t t = 0; t < w->pre; t++) {
            if (t != skip) {
                double sum = s == t ? penalty : 0;
                for (size_t j = 0; j < r->n; j++) {
                    const double *y = w->y + r->pool[j] * w->waves;
                    sum += (y[s] - mean[s]) * (y[t] - mean[t]);
                }
                a[rows * (w->pre - (skip < w->pre)) + columns++] = sum;
            }
        }
        x[rows++] = gap[s];
    }
    return evaluate_solve(a, x, rows);
}

/* Adds to the weights what ridge regression says of the gap; the penalty is the one that best
 * foretells a wave from the others. */
static void augment(room *r, const work *w)
{
    double *mean = r->small + w->pre * w->pre, *gap = mean + w->pre, *x = gap + w->pre;
    double largest = 0;
    for (size_t t = 0; t < w->pre; t++) {
        mean[t] = 0;
        gap[t] = r->target[t];
        for (size_t j = 0; j < r->n; j++) {
            double y = w->y[r->pool[j] * w->waves + t];
            mean[t] += y / (double)r->n;
            gap[t] -= r->weight[j] * y;
        }
        for (size_t j = 0; j < r->n; j++) {
            double y = w->y[r->pool[j] * w->waves + t] - mean[t];
            largest += y * y;
        }
    }
    double best = INFINITY, penalty = largest;
    for (int k = 0; k < PENALTIES && largest > 0; k++) {
        double tried = largest * pow(10, -8.0 * k / (PENALTIES - 1)), error = 0;
        for (size_t skip = 0; skip < w->pre && isfinite(error); skip++) {
            if (!ridge_direction(x, r, w, mean, gap, tried, skip)) {
                error = INFINITY;
                break;
            }
            double left = gap[skip];
            for (size_t j = 0; j < r->n; j++) {
                const double *y = w->y + r->pool[j] * w->waves;
                double add = 0;
                for (size_t t = 0, row = 0; t < w->pre; t++) {
                    add += t != skip ? (y[t] - mean[t]) * x[row++] : 0;
                }
                left -= add * (y[skip] - mean[skip]);
            }
            error += left * left;
        }
        if (error < best) {
            best = error;
            penalty = tried;
        }
    }
    if (!(largest > 0) || !ridge_direction(x, r, w, mean, gap, penalty, w->pre)) {
        return;
    }
    for (size_t j = 0; j < r->n; j++) {
        const double *y = w->y + r->pool[j] * w->waves;
        for (size_t t = 0; t < w->pre; t++) {
            r->weight[j] += (y[t] - mean[t]) * x[t];
        }
    }
}

/* ---- one target
 * ------------------------------------------------------------------------------------- */

static double mix_at(const room *r, const work *w, size_t t)
{
    double sum = 0;
    for (size_t j = 0; j < r->n; j++) {
        sum += r->weight[j] * w->y[r->pool[j] * w->waves + t];
    }
    return sum;
}

/* Weights, then the gap in every wave; `mix` [waves] may be NULL. The target and the pool are set.
 */
static int fit_target(outcome *out, double *mix, room *r, const work *w, wijk_ctx *ctx)
{
    int did = w->kind == WIJK_SYNTHETIC_DID;
    size_t post = w->waves - w->pre;
    double ridge =
        did ? sqrt((double)(w->treated * post)) * w->noise * w->noise * (double)w->pre : 0;
    int rc = unit_weights(r, w, did, ridge, ctx);
    if (rc) {
        return rc;
    }
    if (did) {
        double least = 1e-6 * w->noise;
        rc = wave_weights(r, w, least * least * (double)r->n, ctx);
        if (rc) {
            return rc;
        }
    }
    if (w->kind == WIJK_SYNTHETIC_RIDGE) {
        augment(r, w);
    }
    double constant = 0, squares[2] = {0, 0};
    *out = (outcome){0, 0, 0};
    for (size_t t = 0; did && t < w->pre; t++) {
        constant += r->time[t] * (r->target[t] - mix_at(r, w, t));
    }
    for (size_t t = 0; t < w->waves; t++) {
        double theirs = mix_at(r, w, t) + constant, gap = r->target[t] - theirs;
        squares[t >= w->pre] += gap * gap;
        out->effect += t >= w->pre ? gap / (double)post : 0;
        if (mix) {
            mix[t] = theirs;
        }
    }
    out->before = sqrt(squares[0] / (double)w->pre);
    out->after = sqrt(squares[1] / (double)post);
    return WIJK_OK;
}

/* ---- placebos
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    const work *w;
    room *rooms; /* per worker */
    outcome *out;
    uint64_t seed;
} placebos;

static int one_placebo(void *payload, size_t index, unsigned worker)
{
    placebos *p = payload;
    const work *w = p->w;
    room *r = &p->rooms[worker];
    size_t n = w->donors;
    for (size_t j = 0; j < n; j++) {
        r->pool[j] = j;
    }
    /* The set goes to the front: that one donor, or as many as were treated, drawn for this index.
     */
    wijk_rng_stream stream;
    wijk_rng_begin(&stream,
                   (wijk_draw){.seed = p->seed, .purpose = FOR_SETS, .place = (uint32_t)index});
    for (size_t k = 0; k < w->treated; k++) {
        size_t j = w->treated == 1 ? index : k + wijk_rng_below(&stream, (uint32_t)(n - k));
        size_t moved = r->pool[j];
        r->pool[j] = r->pool[k];
        r->pool[k] = moved;
    }
    for (size_t t = 0; t < w->waves; t++) {
        r->target[t] = 0;
        for (size_t k = 0; k < w->treated; k++) {
            r->target[t] += w->y[r->pool[k] * w->waves + t] / (double)w->treated;
        }
    }
    r->n = n - w->treated;
    memmove(r->pool, r->pool + w->treated, r->n * sizeof *r->pool);
    return fit_target(&p->out[index], NULL, r, w, NULL);
}

static int run_placebos(wijk_synthetic *out, const work *w, const outcome *real, size_t count,
                        uint64_t seed, wijk_ctx *ctx)
{
    unsigned threads = wijk_threads(ctx ? ctx->threads : 0, count);
    placebos p = {.w = w, .seed = seed};
    p.rooms = wijk_alloc(threads * sizeof *p.rooms);
    p.out = wijk_alloc((count + 1) * sizeof *p.out);
    out->placebo = wijk_alloc((count + 1) * sizeof *out->placebo);
    int rc = p.rooms && p.out && out->placebo ? WIJK_OK : WIJK_ENOMEM;
    for (unsigned i = 0; i < threads && !rc; i++) {
        rc = room_make(&p.rooms[i], w);
    }
    rc = rc ? rc : wijk_parallel(threads, count, one_placebo, &p, ctx);
    if (!rc) {
        size_t large = 1, far = 1;
        for (size_t i = 0; i < count; i++) {
            out->placebo[i] = p.out[i].effect;
            large += fabs(p.out[i].effect) >= fabs(real->effect) * (1 - 1e-12);
            /* Ratios compared crosswise: a perfect fit before is no division by zero. */
            far += p.out[i].after * real->before >= real->after * p.out[i].before * (1 - 1e-12);
        }
        out->placebos = count;
        out->p_effect = (double)large / (double)(count + 1);
        out->p_ratio = w->kind == WIJK_SYNTHETIC_DID ? NAN : (double)far / (double)(count + 1);
    }
    for (unsigned i = 0; p.rooms && i < threads; i++) {
        room_free(&p.rooms[i]);
    }
    wijk_free(p.rooms);
    wijk_free(p.out);
    return rc;
}

/* ---- all together
 * -------------------------------------------------------------------------------------- */

/* Compacts the panel: units without gaps, donors first, and the waves that count. */
static int compact(work *w, const wijk_panel *panel, int start, size_t *wave)
{
    for (size_t t = 0; t < panel->waves; t++) {
        if (!panel->drop || !panel->drop[t]) {
            w->pre += (int)t < start;
            wave[w->waves++] = t;
        }
    }
    if (w->pre < 2 || w->pre == w->waves) {
        return wijk_fail(WIJK_EINVAL,
                         "Er zijn minstens twee metingen voor de start nodig en één erna.",
                         "At least two waves before the start and one after it are needed.");
    }
    w->y = wijk_alloc((panel->units * w->waves + 1) * sizeof *w->y);
    w->unit = wijk_alloc((panel->units + 1) * sizeof *w->unit);
    if (!w->y || !w->unit) {
        return WIJK_ENOMEM;
    }
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < panel->units; i++) {
            const double *from = panel->outcome + i * panel->waves;
            int whole = (panel->start[i] != WIJK_NEVER) == side;
            for (size_t t = 0; t < w->waves; t++) {
                whole &= !isnan(from[wave[t]]);
            }
            for (size_t t = 0; whole && t < w->waves; t++) {
                w->y[w->units * w->waves + t] = from[wave[t]];
            }
            if (whole) {
                w->unit[w->units++] = i;
            }
        }
        w->donors = side ? w->donors : w->units;
    }
    w->treated = w->units - w->donors;
    if (w->donors > MOST_DONORS) {
        return wijk_fail(
            WIJK_ELIMIT,
            "Er zijn %zu gebieden om uit te mengen, meer dan %d: kies eerst de "
            "gebieden die het meest lijken.",
            "There are %zu areas to mix from, more than %d: first choose those that are "
            "most alike.",
            w->donors, MOST_DONORS);
    }
    return w->treated && w->donors > w->treated
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL,
                           "Er zijn te weinig gebieden met alle metingen om mee te vergelijken.",
                           "Too few areas have all the waves to compare with.");
}

static void measure_noise(work *w)
{
    double sum = 0, square = 0, n = 0;
    for (size_t j = 0; j < w->donors; j++) {
        for (size_t t = 1; t < w->pre; t++) {
            double step = w->y[j * w->waves + t] - w->y[j * w->waves + t - 1];
            sum += step;
            square += step * step;
            n += 1;
        }
    }
    w->noise = n > 1 ? sqrt(fmax(0, square - sum * sum / n) / (n - 1)) : 0;
}

static int fill(wijk_synthetic *out, outcome *real, const work *w, const wijk_panel *panel,
                const size_t *wave, wijk_ctx *ctx)
{
    room r = {0};
    double *mix = wijk_alloc((w->waves + 1) * sizeof *mix);
    out->gap = wijk_alloc(panel->waves * sizeof *out->gap);
    out->mix = wijk_alloc(panel->waves * sizeof *out->mix);
    out->weight = wijk_alloc(panel->units * sizeof *out->weight);
    int rc = mix && out->gap && out->mix && out->weight ? room_make(&r, w) : WIJK_ENOMEM;
    if (!rc) {
        for (size_t t = 0; t < w->waves; t++) {
            for (size_t i = w->donors; i < w->units; i++) {
                r.target[t] += w->y[i * w->waves + t] / (double)w->treated;
            }
        }
        for (r.n = 0; r.n < w->donors; r.n++) {
            r.pool[r.n] = r.n;
        }
        rc = fit_target(real, mix, &r, w, ctx);
    }
    if (!rc) {
        double squares = 0;
        for (size_t t = 0; t < panel->waves; t++) {
            out->gap[t] = out->mix[t] = NAN;
        }
        for (size_t t = 0; t < w->waves; t++) {
            out->mix[wave[t]] = mix[t];
            out->gap[wave[t]] = r.target[t] - mix[t];
        }
        for (size_t j = 0; j < w->donors; j++) {
            out->weight[w->unit[j]] = r.weight[j];
            squares += r.weight[j] * r.weight[j];
        }
        out->effect = real->effect;
        out->fit = real->before;
        out->spread = 1 / squares;
        out->donors = w->donors;
        out->treated = w->treated;
        out->left_out = panel->units - w->units;
    }
    room_free(&r);
    wijk_free(mix);
    return rc;
}

int wijk_synthetic_estimate(wijk_synthetic *out, const wijk_panel *panel,
                            const wijk_synthetic_options *options, wijk_ctx *ctx)
{
    static const wijk_synthetic_options plain = {0};
    const wijk_synthetic_options *o = options ? options : &plain;
    *out = (wijk_synthetic){.p_effect = NAN, .p_ratio = NAN};
    work w = {.kind = o->kind};
    outcome real;
    int start;
    int rc = evaluate_single_start(&start, panel);
    size_t *wave = rc ? NULL : wijk_alloc((panel->waves + 1) * sizeof *wave);
    rc = rc || wave ? rc : WIJK_ENOMEM;
    rc = rc ? rc : compact(&w, panel, start, wave);
    if (!rc) {
        measure_noise(&w);
        rc = fill(out, &real, &w, panel, wave, ctx);
    }
    if (!rc) {
        size_t count = w.treated == 1 ? w.donors : 999;
        count = o->placebos && o->placebos < count ? o->placebos : count;
        rc = run_placebos(out, &w, &real, count, o->seed, ctx);
    }
    wijk_free(w.y);
    wijk_free(w.unit);
    wijk_free(wave);
    return rc;
}

void wijk_synthetic_free(wijk_synthetic *result)
{
    wijk_free(result->gap);
    wijk_free(result->mix);
    wijk_free(result->weight);
    wijk_free(result->placebo);
    *result = (wijk_synthetic){0};
}
