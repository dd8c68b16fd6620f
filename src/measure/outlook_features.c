/* What an estimator may know of an area: its own past, its size, and slow facts about its homes.
 * Reckoned from a wave and those before it, so that nothing later can leak into a forecast. The
 * local level filter rests on Harvey 1989 (doi:10.1017/CBO9781107049994), with a noise that is
 * larger in smaller places. */
#include "measure/outlook.h"

#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

static const double SMALL_FROM = 5000, FEWEST_PEOPLE = 30, TYPICAL_PEOPLE = 1800;
static const double TYPICAL_DENSITY = 150;
static const double WINSOR = 4;         /* robust sds beyond which a change is cut off */
static const double LEAST_NOISE = 0.02; /* part of the variance of a change */
static const double LEAST_PROCESS = 0.2;
static const double FIRST_NOISE = 0.15; /* with one change nothing tells noise from process */
static const double USUAL_YEARS = 2;
static const double UNKNOWN_STIR = 1.3; /* a place that was not there last time is restless */

int outlook_size_class(double people)
{
    static const double from[] = {500, 1000, 2500, 5000, 10000};
    int class = 0;
    while (class < OUTLOOK_CLASSES - 1 && people >= from[class]) {
        class ++;
    }
    return class; /* also for NAN: who is not counted is few */
}

static double level_at(const wijk_outlook_panel *panel, size_t wave, size_t area)
{
    return panel->level[wave * panel->areas + area];
}

/* The change into `wave` less the shift of all; NAN where unknown. */
static double own_change(const wijk_outlook_panel *panel, const outlook_scene *scene, size_t wave,
                         size_t area)
{
    return level_at(panel, wave, area) - level_at(panel, wave - 1, area) - scene->shift[wave];
}

static double median(double *values, size_t n)
{
    return n ? wijk_quantile(values, n, 0.5) : 0;
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Two successive changes share one wave's noise with opposite signs, so their covariance is minus
 * its variance; what then remains of the variance of a change is the true level moving. */
static void split_variance(outlook_scene *scene, const wijk_outlook_panel *panel, size_t upto,
                           int class, double *scratch)
{
    const double *people = panel->people + upto * panel->areas;
    size_t n = 0;
    for (size_t a = 0; a < panel->areas; a++) {
        double change =
            outlook_size_class(people[a]) == class ? own_change(panel, scene, upto, a) : NAN;
        if (isfinite(change)) {
            scratch[n++] = fabs(change);
        }
    }
    double limit = WINSOR * 1.4826 * median(scratch, n);
    wijk_sum square = {0}, product = {0};
    size_t squares = 0, products = 0;
    for (size_t a = 0; a < panel->areas; a++) {
        if (outlook_size_class(people[a]) != class) {
            continue;
        }
        double before = NAN;
        for (size_t w = 1; w <= upto; w++) {
            double change = clamp(own_change(panel, scene, w, a), -limit, limit);
            if (isfinite(change)) {
                wijk_sum_add(&square, change * change);
                squares++;
            }
            if (isfinite(change) && isfinite(before)) {
                wijk_sum_add(&product, change * before);
                products++;
            }
            before = change;
        }
    }
    double variance = squares ? wijk_sum_value(&square) / (double)squares : 0;
    double noise = products ? -wijk_sum_value(&product) / (double)products : FIRST_NOISE * variance;
    noise = noise > LEAST_NOISE * variance ? noise : LEAST_NOISE * variance;
    double process = variance - 2 * noise;
    process = process > LEAST_PROCESS * variance ? process : LEAST_PROCESS * variance;
    double years = (double)(panel->years[upto] - panel->years[0]) / (double)upto;
    scene->noise[class] = noise;
    scene->process[class] = process / years;
}

void outlook_scene_of(outlook_scene *out, const wijk_outlook_panel *panel, size_t upto,
                      double *scratch)
{
    memset(out, 0, sizeof *out);
    for (size_t w = 1; w <= upto; w++) {
        size_t n = 0;
        for (size_t a = 0; a < panel->areas; a++) {
            double change = level_at(panel, w, a) - level_at(panel, w - 1, a);
            if (isfinite(change)) {
                scratch[n++] = change;
            }
        }
        out->shift[w] = median(scratch, n);
    }
    size_t n = 0;
    for (size_t a = 0; a < panel->areas; a++) {
        if (isfinite(level_at(panel, upto, a))) {
            scratch[n++] = level_at(panel, upto, a);
        }
    }
    out->middle = median(scratch, n);
    int steps = panel->years[upto] - panel->years[upto ? upto - 1 : 0];
    out->ahead = upto + 1 < panel->waves ? panel->years[upto + 1] - panel->years[upto] : steps;
    if (!upto) {
        return;
    }
    n = 0;
    for (size_t a = 0; a < panel->areas; a++) {
        double change = own_change(panel, out, upto, a);
        if (isfinite(change)) {
            scratch[n++] = fabs(change);
        }
    }
    out->stir = median(scratch, n);
    for (int class = 0; class < OUTLOOK_CLASSES; class ++) {
        split_variance(out, panel, upto, class, scratch);
    }
}

double outlook_longer(const outlook_scene *scene, int size_class, double years)
{
    double noise = 2 * scene->noise[size_class], process = scene->process[size_class];
    double usual = noise + process * USUAL_YEARS;
    return usual > 0 ? 0.5 * log((noise + process * years) / usual) : 0;
}

/* The filtered level less the last score; national shifts are taken out before and cancel. */
static double state(const outlook_scene *scene, const int *years, size_t upto,
                    const wijk_outlook_past *past)
{
    int class = outlook_size_class(past->people);
    double noise = scene->noise[class], process = scene->process[class];
    double level = NAN, variance = 4 * noise, common = 0, last = NAN;
    for (size_t w = 0; w <= upto; w++) {
        common += scene->shift[w];
        variance += w ? process * (years[w] - years[w - 1]) : 0;
        double score = past->level[w] - common;
        if (!isfinite(score)) {
            continue;
        }
        double gain = variance + noise > 0 ? variance / (variance + noise) : 1;
        if (isfinite(level)) {
            level += gain * (score - level);
            variance *= 1 - gain;
        } else {
            level = score;
        }
        last = score;
    }
    return isfinite(past->level[upto]) && isfinite(level) ? level - last : 0;
}

/* The score above its own mean, with what all areas changed together taken out. */
static double above_own_mean(const outlook_scene *scene, size_t upto, const wijk_outlook_past *past)
{
    double sum = 0, common = 0, last = 0;
    size_t n = 0;
    for (size_t w = 0; w <= upto; w++) {
        common += scene->shift[w];
        if (isfinite(past->level[w])) {
            last = past->level[w] - common;
            sum += last;
            n++;
        }
    }
    return n && isfinite(past->level[upto]) ? last - sum / (double)n : 0;
}

void outlook_features(double out[OUTLOOK_FEATURES], const outlook_scene *scene, const int *years,
                      size_t upto, const wijk_outlook_past *past)
{
    double last = upto ? past->level[upto] - past->level[upto - 1] : NAN;
    double own = isfinite(last) ? last - scene->shift[upto] : 0;
    double people = isfinite(past->people) ? past->people : 0;
    people = people > FEWEST_PEOPLE ? people : FEWEST_PEOPLE;
    double small = people < SMALL_FROM ? log(SMALL_FROM / people) : 0;
    double level = isfinite(past->level[upto]) ? past->level[upto] - scene->middle : 0;
    double above = above_own_mean(scene, upto, past);
    double density = isfinite(past->density) && past->density > 10 ? past->density : 10;
    out[F_ONE] = 1;
    out[F_LAST] = own;
    out[F_LEVEL] = level;
    out[F_ABOVE] = above;
    out[F_SMALL] = small;
    out[F_LAST_SMALL] = own * small;
    out[F_LEVEL_SMALL] = level * small;
    out[F_ABOVE_SMALL] = above * small;
    out[F_SOCIAL] = isfinite(past->social) ? clamp(past->social, 0, 100) / 100 : 0;
    out[F_DENSITY] = log(density / TYPICAL_DENSITY);
    out[F_SIZE] = log(people / TYPICAL_PEOPLE);
    double stir = isfinite(last) && scene->stir > 0 ? fabs(own) / scene->stir : UNKNOWN_STIR;
    out[F_STIR] = log(stir + 0.3);
    out[F_STATE] = state(scene, years, upto, past);
    out[F_TREND] = isfinite(last) ? last / (years[upto] - years[upto - 1]) * scene->ahead : 0;
}

/* ---- all areas on all steps --------------------------------------------------------------------
 */

int outlook_design_new(outlook_design *out, const wijk_outlook_panel *panel, size_t upto)
{
    size_t n = panel->areas, waves = upto + 1;
    *out = (outlook_design){.panel = panel, .upto = upto};
    out->scene = wijk_alloc(waves * sizeof *out->scene);
    out->feature = wijk_alloc(waves * n * OUTLOOK_FEATURES * sizeof *out->feature);
    out->change = wijk_alloc((upto ? upto : 1) * n * sizeof *out->change);
    out->class = wijk_alloc(waves * n);
    double *scratch = wijk_alloc(n * sizeof *scratch);
    if (!out->scene || !out->feature || !out->change || !out->class || !scratch) {
        wijk_free(scratch);
        return WIJK_ENOMEM;
    }
    for (size_t w = 0; w <= upto; w++) {
        outlook_scene_of(&out->scene[w], panel, w, scratch);
        for (size_t a = 0; a < n; a++) {
            wijk_outlook_past past;
            wijk_outlook_past_of(&past, panel, a, w);
            outlook_features(out->feature + (w * n + a) * OUTLOOK_FEATURES, &out->scene[w],
                             panel->years, w, &past);
            out->class[w * n + a] = (unsigned char)outlook_size_class(past.people);
            if (w < upto) {
                out->change[w * n + a] = level_at(panel, w + 1, a) - level_at(panel, w, a);
            }
        }
    }
    wijk_free(scratch);
    return WIJK_OK;
}

void outlook_design_free(outlook_design *design)
{
    wijk_free(design->scene);
    wijk_free(design->feature);
    wijk_free(design->change);
    wijk_free(design->class);
    memset(design, 0, sizeof *design);
}
