/* Matching: variables are whitened once, so that likeness is a plain distance; the treated and
 * every placebo then go through the same function. */
#include "wijk/matching.h"

#include "evaluate/adjust.h"
#include "evaluate/internal.h"
#include "wijk/mem.h"
#include "wijk/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_PLACEBOS = 0x6d617401, NEIGHBOURS = 4, POOL = 400, DRAWS = 999, MOST_AXES = 64 };

static const double TIE = 1e-9;

typedef struct {
    const wijk_matching_options *options;
    size_t treated, all; /* units without gaps, the treated first */
    size_t axes;         /* variables */
    size_t *unit;        /* [all] of the panel */
    unsigned char *shut; /* [all] 1: nobody's neighbour */
    double *raw;         /* [all][axes] */
    double *at;          /* [all][reach] whitened, or the logit alone */
    size_t reach;        /* numbers in a place */
    double *change;      /* [all] */
    double *told;        /* [all] change less what the regression tells; the change uncorrected */
    size_t neighbours;
    double caliper; /* squared; INFINITY for none */
} work;

/* ---- who and what ------------------------------------------------------------------------------
 */

static int counts(const wijk_panel *panel, size_t t)
{
    return !panel->drop || !panel->drop[t];
}

static void fill_raw(work *w, const wijk_panel *panel, size_t k, int start)
{
    double *row = w->raw + k * w->axes;
    size_t n = 0, unit = w->unit[k];
    for (size_t t = 0; t < (size_t)start; t++) {
        if (counts(panel, t)) {
            row[n++] = panel->outcome[unit * panel->waves + t];
        }
    }
    for (size_t j = 0; j < panel->covariates; j++) {
        row[n++] = panel->covariate[unit * panel->covariates + j];
    }
}

static int make_room(work *w, size_t n)
{
    w->unit = wijk_alloc(n * sizeof *w->unit);
    w->shut = wijk_alloc(n);
    w->raw = wijk_alloc(n * w->axes * sizeof *w->raw);
    w->at = wijk_alloc(n * w->axes * sizeof *w->at);
    w->change = wijk_alloc(n * sizeof *w->change);
    w->told = wijk_alloc(n * sizeof *w->told);
    return w->unit && w->shut && w->raw && w->at && w->change && w->told ? WIJK_OK : WIJK_ENOMEM;
}

/* Units without gaps, the treated first. */
static void take_units(work *w, const wijk_panel *panel, const double *change, int start)
{
    const unsigned char *exclude = w->options->exclude;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < panel->units; i++) {
            if (isfinite(change[i]) && (panel->start[i] == WIJK_NEVER) == side) {
                w->unit[w->all] = i;
                w->shut[w->all] = side && exclude && exclude[i];
                w->change[w->all] = change[i];
                fill_raw(w, panel, w->all++, start);
                w->treated += (size_t)!side;
            }
        }
    }
}

static int enough(const work *w)
{
    size_t open = 0;
    for (size_t k = w->treated; k < w->all; k++) {
        open += !w->shut[k];
    }
    if (!w->treated) {
        return wijk_fail(WIJK_EINVAL,
                         "Geen enkel deelnemend gebied heeft alle metingen die meetellen.",
                         "No area that takes part has all the waves that count.");
    }
    return open > w->axes + 1
               ? WIJK_OK
               : wijk_fail(
                     WIJK_EINVAL,
                     "Er zijn te weinig gebieden om mee te vergelijken (%zu) voor %zu metingen "
                     "en kenmerken.",
                     "Too few areas to compare with (%zu) for %zu waves and covariates.", open,
                     w->axes);
}

static int gather(work *w, const wijk_panel *panel, int start)
{
    size_t pre, post;
    double *change = wijk_alloc((panel->units + 1) * sizeof *change);
    int rc = change ? wijk_panel_changes(change, &pre, &post, panel, start) : WIJK_ENOMEM;
    w->axes = rc ? 0 : pre + panel->covariates;
    if (!rc && w->axes > MOST_AXES) {
        rc = wijk_fail(WIJK_ELIMIT, "Hoogstens %d metingen en kenmerken van voor de start.",
                       "At most %d waves and covariates from before the start.", MOST_AXES);
    }
    rc = rc ? rc : make_room(w, panel->units + 1);
    if (!rc) {
        take_units(w, panel, change, start);
        rc = enough(w);
    }
    wijk_free(change);
    return rc;
}

/* ---- likeness
 * ------------------------------------------------------------------------------------ */

/* Places in which plain distance is Mahalanobis': the inverse of the Cholesky factor of the
 * covariance over all units. A variable that is the same everywhere tells nothing. */
static int whiten(work *w)
{
    size_t m = w->axes, n = w->all;
    double mean[MOST_AXES] = {0}, *factor = wijk_alloc((m * m + m + 1) * sizeof *factor);
    if (!factor) {
        return WIJK_ENOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j < m; j++) {
            mean[j] += w->raw[k * m + j] / (double)n;
        }
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < m; i++) {
            for (size_t j = 0; j < m; j++) {
                factor[i * m + j] += (w->raw[k * m + i] - mean[i]) * (w->raw[k * m + j] - mean[j]);
            }
        }
    }
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++) {
            factor[i * m + j] /= (double)(n - 1);
        }
        double own = factor[i * m + i];
        factor[i * m + i] = own > 1e-24 * mean[i] * mean[i] && own > 0 ? own * (1 + 1e-10) : 1;
    }
    if (!evaluate_solve(factor, factor + m * m, m)) {
        wijk_free(factor);
        return wijk_fail(WIJK_EINVAL,
                         "Een meting of kenmerk van voor de start volgt uit de andere: laat het "
                         "weg.",
                         "A wave or covariate from before the start follows from the others: leave "
                         "it out.");
    }
    w->reach = m;
    for (size_t k = 0; k < n; k++) {
        double *z = w->at + k * m;
        for (size_t i = 0; i < m; i++) {
            z[i] = w->raw[k * m + i] - mean[i];
            for (size_t j = 0; j < i; j++) {
                z[i] -= factor[i * m + j] * z[j];
            }
            z[i] /= factor[i * m + i];
        }
    }
    wijk_free(factor);
    return WIJK_OK;
}

/* Places by the logit of taking part, in its standard deviations over all units. */
static int by_propensity(work *w)
{
    size_t m = w->axes + 1;
    double *x = wijk_alloc(w->all * m * sizeof *x), mean = 0, square = 0;
    unsigned char *in = wijk_alloc(w->all + 1);
    int rc = x && in ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; k < w->all && !rc; k++) {
        x[k * m] = 1;
        memcpy(x + k * m + 1, w->raw + k * w->axes, w->axes * sizeof *x);
        in[k] = k < w->treated;
    }
    evaluate_adjusting cell = {.n = w->all, .terms = m, .in = in, .x = x};
    rc = rc ? rc : evaluate_logit(w->at, &cell);
    w->reach = 1;
    for (size_t k = 0; k < w->all && !rc; k++) {
        mean += w->at[k] / (double)w->all;
    }
    for (size_t k = 0; k < w->all && !rc; k++) {
        square += (w->at[k] - mean) * (w->at[k] - mean) / (double)(w->all - 1);
    }
    for (size_t k = 0; k < w->all && !rc && square > 0; k++) {
        w->at[k] = (w->at[k] - mean) / sqrt(square);
    }
    wijk_free(x);
    wijk_free(in);
    return rc;
}

static double apart(const work *w, size_t a, size_t b)
{
    double sum = 0;
    for (size_t j = 0; j < w->reach; j++) {
        double d = w->at[a * w->reach + j] - w->at[b * w->reach + j];
        sum += d * d;
    }
    return sum;
}

/* The change less what the variables tell of it among the comparison areas, in places (whitened or
 * not, a regression is the same; the raw ones are made orthonormal). */
static int take_out_rest(work *w)
{
    size_t m = w->axes + 1;
    memcpy(w->told, w->change, w->all * sizeof *w->told);
    if (w->options->uncorrected) {
        return WIJK_OK;
    }
    double *x = wijk_alloc(w->all * m * sizeof *x);
    double *a = wijk_alloc((m * m + m) * sizeof *a), *beta = a ? a + m * m : NULL;
    int rc = x && a ? WIJK_OK : WIJK_ENOMEM;
    for (size_t k = 0; k < w->all && !rc; k++) {
        x[k * m] = 1;
        memcpy(x + k * m + 1, w->raw + k * w->axes, w->axes * sizeof *x);
    }
    /* A variable that follows from the others adds nothing: it is left out of the regression. */
    size_t kept = rc ? 0 : evaluate_independent(x, w->all, m);
    for (size_t k = w->treated; k < w->all && !rc; k++) {
        const double *row = x + k * m;
        for (size_t i = 0; i < kept && !w->shut[k]; i++) {
            for (size_t j = 0; j < kept; j++) {
                a[i * kept + j] += row[i] * row[j];
            }
            beta[i] += row[i] * w->change[k];
        }
    }
    if (!rc && !evaluate_solve(a, beta, kept)) {
        rc = wijk_fail(WIJK_EINVAL, "De metingen vooraf zijn niet van elkaar te onderscheiden.",
                       "The waves before the start cannot be told apart.");
    }
    for (size_t k = 0; k < w->all && !rc; k++) {
        for (size_t j = 0; j < kept; j++) {
            w->told[k] -= beta[j] * x[k * m + j];
        }
    }
    wijk_free(x);
    wijk_free(a);
    return rc;
}

/* ---- one area
 * ------------------------------------------------------------------------------------ */

typedef struct {
    size_t of;
    double square;
} near;

static int by_distance(const void *a, const void *b)
{
    const near *x = a, *y = b;
    return x->square != y->square ? (x->square > y->square) - (x->square < y->square)
                                  : (x->of > y->of) - (x->of < y->of);
}

/* The neighbours of one unit among first ... last - 1 without itself and those shut, nearest first:
 * `most` of them, and all that lie as near as the last. `found` [all]. */
static size_t neighbours_of(near *found, const work *w, size_t k, size_t first, size_t last,
                            size_t most)
{
    size_t n = 0, kept = 0;
    double bar = w->caliper;
    for (size_t j = first; j < last; j++) {
        if (j == k || w->shut[j]) {
            continue;
        }
        double square = apart(w, k, j);
        if (square <= bar) {
            found[n++] = (near){j, square};
        }
        if (n >= 8 * most + 64) { /* keep it short: only the nearest can matter */
            qsort(found, n, sizeof *found, by_distance);
            double edge = found[most - 1].square * (1 + 2 * TIE) + 1e-300;
            for (kept = most; kept < n && found[kept].square <= edge; kept++) {
            }
            bar = kept < n && edge < bar ? edge : bar;
            n = kept;
        }
    }
    qsort(found, n, sizeof *found, by_distance);
    for (kept = n < most ? n : most;
         kept < n && found[kept].square <= found[most - 1].square * (1 + 2 * TIE) + 1e-300;
         kept++) {
    }
    return kept;
}

/* What unit k shows beyond its neighbours; NAN without any. */
static double beyond(const work *w, size_t k, const near *found, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += w->told[found[i].of] / (double)n;
    }
    return n ? w->told[k] - sum : NAN;
}

/* ---- the treated
 * --------------------------------------------------------------------------------- */

/* How much a change varies beside its place: against the nearest of its own side. */
static double own_variance(const work *w, size_t k, near *found)
{
    work free_of = *w; /* neither the caliper nor who is shut minds here */
    free_of.caliper = INFINITY;
    size_t first = k < w->treated ? 0 : w->treated, last = k < w->treated ? w->treated : w->all;
    if (!neighbours_of(found, &free_of, k, first, last, 1)) {
        return NAN;
    }
    double d = w->change[k] - w->change[found[0].of];
    return d * d / 2;
}

/* Abadie & Imbens' error for the mean over the treated. `times`, `squares` [all]: how often a
 * neighbour serves, and the sum of its squared shares. */
static double error_of(const work *w, const double *own, const double *times, const double *squares,
                       double effect, size_t matched, near *found)
{
    double sum = 0, n = (double)matched;
    for (size_t k = 0; k < w->treated; k++) {
        sum += isfinite(own[k]) ? (own[k] - effect) * (own[k] - effect) : 0;
    }
    for (size_t k = w->treated; k < w->all; k++) {
        if (times[k] > 0) {
            sum += (times[k] * times[k] - squares[k]) * own_variance(w, k, found);
        }
    }
    return matched > 1 ? sqrt(sum) / n : NAN;
}

/* The largest difference in means, in standard deviations of the treated and the comparison
 * together; `times` NULL: all comparison areas alike. */
static double unlike(const work *w, const double *own, const double *times)
{
    double largest = 0;
    for (size_t j = 0; j < w->axes; j++) {
        double sum[2] = {0, 0}, weight[2] = {0, 0}, whole = 0, square = 0;
        for (size_t k = 0; k < w->all; k++) {
            whole += w->raw[k * w->axes + j] / (double)w->all;
        }
        for (size_t k = 0; k < w->all; k++) {
            int in = k < w->treated;
            double x = w->raw[k * w->axes + j] - whole;
            double share = in ? !times || isfinite(own[k]) : times ? times[k] : !w->shut[k];
            square += x * x / (double)(w->all - 1);
            sum[in] += share * x;
            weight[in] += share;
        }
        double d = fabs(sum[1] / weight[1] - sum[0] / weight[0]) / sqrt(square);
        largest = square > 0 && d > largest ? d : largest;
    }
    return largest;
}

static int match_treated(wijk_matching *out, const work *w, near *found)
{
    double *own = wijk_alloc((3 * w->all + 1) * sizeof *own);
    size_t room = 0, matched = 0;
    if (!own) {
        return WIJK_ENOMEM;
    }
    double *times = own + w->all, *squares = times + w->all;
    for (size_t k = 0; k < w->treated; k++) {
        size_t n = neighbours_of(found, w, k, w->treated, w->all, w->neighbours);
        if (out->matches + n > room) {
            room = 2 * (out->matches + n) + 16;
            wijk_match *more = wijk_realloc(out->match, room * sizeof *more);
            if (!more) {
                wijk_free(own);
                return WIJK_ENOMEM;
            }
            out->match = more;
        }
        for (size_t i = 0; i < n; i++) {
            out->used += !(times[found[i].of] > 0);
            times[found[i].of] += 1 / (double)n;
            squares[found[i].of] += 1 / ((double)n * (double)n);
            out->match[out->matches++] = (wijk_match){.treated = w->unit[k],
                                                      .unit = w->unit[found[i].of],
                                                      .weight = 1 / (double)n,
                                                      .distance = sqrt(found[i].square)};
        }
        own[k] = beyond(w, k, found, n);
        matched += n > 0;
        out->effect += n ? own[k] : 0;
    }
    out->unmatched = w->treated - matched;
    if (matched) {
        out->effect /= (double)matched;
        out->error = error_of(w, own, times, squares, out->effect, matched, found);
        out->unlike_before = unlike(w, own, NULL);
        out->unlike_after = unlike(w, own, times);
    }
    wijk_free(own);
    return matched ? WIJK_OK
                   : wijk_fail(WIJK_EINVAL,
                               "Geen enkel gebied lijkt genoeg op de deelnemers: neem een ruimere "
                               "--caliper.",
                               "No area is enough like those that take part: take a wider "
                               "--caliper.");
}

/* ---- placebos
 * ------------------------------------------------------------------------------------ */

/* What each of the comparison areas nearest to the treated shows beyond its own neighbours. */
static size_t placebos_of(double *out, const work *w, size_t most, near *order, near *found)
{
    size_t n = 0, told = 0;
    for (size_t k = w->treated; k < w->all; k++) {
        double best = INFINITY;
        for (size_t i = 0; i < w->treated && !w->shut[k]; i++) {
            double square = apart(w, i, k);
            best = square < best ? square : best;
        }
        if (!w->shut[k]) {
            order[n++] = (near){k, best};
        }
    }
    qsort(order, n, sizeof *order, by_distance);
    for (size_t i = 0; i < n && told < most; i++) {
        size_t k = order[i].of;
        double own =
            beyond(w, k, found, neighbours_of(found, w, k, w->treated, w->all, w->neighbours));
        if (isfinite(own)) {
            out[told++] = own;
        }
    }
    return told;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One treated area is ranked among the placebos; for more, sets of them are drawn. */
static int tell_chance(wijk_matching *out, const work *w, near *found, wijk_ctx *ctx)
{
    size_t most = w->options->pool ? w->options->pool : POOL, n = out->treated - out->unmatched;
    near *order = wijk_alloc((w->all + 1) * sizeof *order);
    double *own = wijk_alloc((most + 1) * sizeof *own);
    size_t told = order && own ? placebos_of(own, w, most, order, found) : 0;
    size_t draws = n == 1 ? told : w->options->draws ? w->options->draws : DRAWS;
    double *far = wijk_alloc((draws + 1) * sizeof *far);
    out->placebo = wijk_alloc((draws + 1) * sizeof *out->placebo);
    int rc = order && own && far && out->placebo ? WIJK_OK : WIJK_ENOMEM;
    if (!rc && !told) {
        rc = wijk_fail(WIJK_EINVAL, "Er is geen gebied om het toeval aan af te lezen.",
                       "There is no area to tell chance by.");
    }
    wijk_rng_stream stream;
    wijk_rng_begin(&stream, (wijk_draw){.seed = w->options->seed, .purpose = FOR_PLACEBOS});
    for (size_t d = 0; d < draws && !rc; d++) {
        for (size_t i = 0; i < n; i++) {
            size_t j = n == 1 ? d : wijk_rng_below(&stream, (uint32_t)told);
            out->placebo[d] += own[j] / (double)n;
        }
        far[d] = fabs(out->placebo[d]);
        rc = d % 64 ? WIJK_OK : wijk_checkpoint(ctx);
    }
    if (!rc) {
        double level = w->options->level > 0 ? w->options->level : 0.95;
        size_t large = 1;
        double rank = ceil(level * (double)(draws + 1) - 1e-9);
        out->placebos = draws;
        qsort(out->placebo, draws, sizeof *far, by_value);
        qsort(far, draws, sizeof *far, by_value);
        for (size_t d = 0; d < draws; d++) {
            large += far[d] >= fabs(out->effect) * (1 - 1e-12);
        }
        out->p = (double)large / (double)(draws + 1);
        double reach = rank > (double)draws ? INFINITY : far[(size_t)rank - 1];
        out->low = out->effect - reach;
        out->high = out->effect + reach;
    }
    wijk_free(order);
    wijk_free(own);
    wijk_free(far);
    return rc;
}

int wijk_matching_estimate(wijk_matching *out, const wijk_panel *panel,
                           const wijk_matching_options *options, wijk_ctx *ctx)
{
    static const wijk_matching_options plain = {0};
    const wijk_matching_options *o = options ? options : &plain;
    *out = (wijk_matching){.error = NAN, .low = NAN, .high = NAN, .p = NAN};
    work w = {.options = o,
              .neighbours = o->neighbours ? o->neighbours : NEIGHBOURS,
              .caliper = o->caliper > 0 ? o->caliper * o->caliper : INFINITY};
    int start;
    int rc = evaluate_single_start(&start, panel);
    rc = rc ? rc : gather(&w, panel, start);
    rc = rc ? rc : o->likeness == WIJK_LIKE_PROPENSITY ? by_propensity(&w) : whiten(&w);
    rc = rc ? rc : take_out_rest(&w);
    near *found = rc ? NULL : wijk_alloc((w.all + 1) * sizeof *found);
    rc = rc || found ? rc : WIJK_ENOMEM;
    if (!rc) {
        out->treated = w.treated;
        out->left_out = panel->units - w.all;
        for (size_t k = w.treated; k < w.all; k++) {
            out->comparison += !w.shut[k];
        }
        rc = match_treated(out, &w, found);
    }
    rc = rc ? rc : tell_chance(out, &w, found, ctx);
    wijk_free(w.unit);
    wijk_free(w.shut);
    wijk_free(w.raw);
    wijk_free(w.at);
    wijk_free(w.change);
    wijk_free(w.told);
    wijk_free(found);
    return rc;
}

void wijk_matching_free(wijk_matching *result)
{
    wijk_free(result->match);
    wijk_free(result->placebo);
    *result = (wijk_matching){0};
}
