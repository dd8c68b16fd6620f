/* wijk/resample.h: how sure an index is, what chance alone shows, and whether two places or years
 * differ: by drawing the table again, a thousand times.
 *
 * counts: row-major [areas][groups], persons or households, >= 0 and finite, rounded to whole ones
 * first; at most WIJK_MAX_PEOPLE together. The rule for the degenerate is that of segregation.h:
 * empty areas and groups take no part, with fewer than two groups every figure is NAN (and p too).
 *
 * Replicate r is a function of the seed and r alone: the tables drawn, and M, H and D of them, are
 * the same bytes on any machine and number of threads (no libm; sums in whole numbers). Draws are
 * exact: no normal or Poisson approximation, all probabilities together right within 1e-13.
 * What is told from them uses log and is the same to about 1e-13. Memory: about 16 bytes per cell
 * and 4 more per thread. */
#ifndef WIJK_RESAMPLE_H
#define WIJK_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/ctx.h"
#include "wijk/err.h"
#include "wijk/scale.h"

/* What is drawn again, and so what an interval speaks about.
 * PEOPLE: as many people as counted. The interval is about the mix behind the counts: had the same
 *   choices fallen out a little differently. Small areas are more uneven by chance than the mix
 *   behind them; so people are drawn from the table with the shares of each area drawn towards the
 *   whole, until they differ between areas as much as the counts say less chance. How often the
 *   intervals were right in simulation stands in the manual (chance.md).
 * AREAS: as many areas as counted, with replacement. The interval is about areas like these, of
 *   which these are a sample; chance within an area is not taken off. Not for a full count of a
 *   municipality; fails below about 30 areas. */
enum wijk_resample_unit { WIJK_RESAMPLE_PEOPLE, WIJK_RESAMPLE_AREAS };

/* What chance alone does.
 * PEOPLE: the same people dealt over areas of the same size, all orders equally likely: both
 *   margins stay as they are. Tests whether there is any segregation.
 * PLACES: the areas keep their people and are dealt over the places on the map. Tests whether alike
 *   areas lie together; indices that know no map do not change. */
enum wijk_null { WIJK_NULL_PEOPLE, WIJK_NULL_PLACES };

typedef struct {
    uint64_t seed;
    uint32_t replicates; /* 0: 1,000; at most WIJK_MAX_REPLICATES */
    unsigned threads;    /* 0: as many as ctx says; changes no digit */
    double level;        /* of intervals, in (0, 1); 0: 0.95 */
    enum wijk_resample_unit unit;
} wijk_resample_options;

typedef struct {
    double low, high;
} wijk_range;

enum wijk_index { WIJK_INDEX_M, WIJK_INDEX_H, WIJK_INDEX_D, WIJK_INDICES };

/* ---- how sure ---- */

typedef struct {
    double value;     /* of the table as counted: too high where areas are small */
    double error;     /* standard deviation of what the index may be */
    double corrected; /* value less the bias that replicates show; not below 0 */
    wijk_range range; /* where the index of the mix behind the counts lies, `level` of the time;
                         about `corrected`, and need not hold `value`. For M and H the basic
                         bootstrap interval, Davison & Hinkley 1997, section 5.2,
                         doi:10.1017/CBO9780511802843; for D see docs/internals/measure.md */
} wijk_resampled;

/* out[WIJK_INDICES]. O(replicates * (areas * groups)). WIJK_EINVAL for a count or an option that
 * cannot be right, WIJK_ELIMIT beyond the ceilings, WIJK_ENOMEM, WIJK_ECANCEL. options may be
 * NULL. */
int wijk_resample_bootstrap(wijk_resampled *out, const double *counts, size_t areas, size_t groups,
                            const wijk_resample_options *options, wijk_ctx *ctx);

/* ---- beside chance ---- */

typedef struct {
    double value;
    double expected;   /* exact, wijk_segregation_expected; not drawn */
    double error;      /* standard deviation of the replicates */
    wijk_range middle; /* where `level` of the replicates lie */
    double p; /* share of tables by chance at least as uneven, this one included: (b + 1) / (n + 1),
                 never 0. Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 */
} wijk_null_index;

/* out[WIJK_INDICES]: tables with both margins fixed (WIJK_NULL_PEOPLE). Costs and errors as
 * wijk_resample_bootstrap. */
int wijk_resample_null(wijk_null_index *out, const double *counts, size_t areas, size_t groups,
                       const wijk_resample_options *options, wijk_ctx *ctx);

/* Without any drawing: the index less what chance alone shows, and the same as a share of the room
 * above chance. Carrington & Troske 1997, doi:10.1080/07350015.1997.10524718, for D; the exact
 * expectation is that of wijk_segregation_expected. */
typedef struct {
    double value, expected;
    double excess;   /* value - expected */
    double rescaled; /* excess / (largest - expected): 0 as by chance, 1 fully apart; below 0 when
                        more even than chance. largest: 1 for H and D, the entropy of the whole for
                        M. NAN when chance alone gives the largest */
} wijk_chance_index;

int wijk_resample_chance(wijk_chance_index *out, const double *counts, size_t areas, size_t groups,
                         wijk_ctx *ctx);

/* ---- two places or two years ---- */

typedef struct {
    double difference; /* index of a - index of b, as counted */
    double corrected;  /* the same of the corrected indices */
    double error;
    wijk_range range;
    double p; /* two-sided, against no difference, from the same replicates as `range`: below
                 1 - level just when 0 lies outside (to within two replicates); never 0 */
} wijk_difference;

/* out[WIJK_INDICES]. The two tables are drawn independently; they need the same groups, not the
 * same areas. For two years of the same people that is careful: who stays makes the true error
 * smaller. */
int wijk_resample_difference(wijk_difference *out, const double *a, size_t areas_a, const double *b,
                             size_t areas_b, size_t groups, const wijk_resample_options *options,
                             wijk_ctx *ctx);

/* ---- many figures at once ---- */

/* Computes n figures of a table. Called from several threads at once: it may only read what
 * `payload` points to. A figure that cannot be told is NAN. */
typedef int (*wijk_figures)(double *out, size_t n, const double *counts, size_t areas,
                            size_t groups, const void *payload);

typedef struct {
    double value, error, corrected;
    wijk_range one;   /* of this figure alone; the basic interval, not held to any bounds */
    wijk_range joint; /* all figures lie in their joint intervals together `level` of the time: the
                         same multiple of its error for each, the quantile of the largest
                         standardised deviation. Montiel Olea & Plagborg-Moller 2019,
                         doi:10.1002/jae.2656 */
} wijk_band;

/* Any index of a table (isolation, Gini, local scores, a profile) with its error: out[n]. A figure
 * that some replicate cannot tell has no error. Drawing PEOPLE, `figures` also gets one table whose
 * counts are not whole. Memory: replicates * n doubles. */
int wijk_resample_figures(wijk_band *out, size_t n, wijk_figures figures, const void *payload,
                          const double *counts, size_t areas, size_t groups,
                          const wijk_resample_options *options, wijk_ctx *ctx);

typedef struct {
    double value, expected, error;
    wijk_range middle;   /* of this figure alone */
    wijk_range envelope; /* a table by chance lies wholly inside, for all figures, `level` of the
                            time. Myllymaki et al. 2017, doi:10.1111/rssb.12172 */
} wijk_envelope;

/* out[n], and one p for all figures together (exact whatever their dependence; never 0). */
int wijk_resample_figures_null(wijk_envelope *out, double *p, size_t n, wijk_figures figures,
                               const void *payload, enum wijk_null null, const double *counts,
                               size_t areas, size_t groups, const wijk_resample_options *options,
                               wijk_ctx *ctx);

/* ---- the profile over distance ---- */

enum wijk_profile { WIJK_PROFILE_H, WIJK_PROFILE_D, WIJK_PROFILE_R, WIJK_PROFILES };

/* out[WIJK_PROFILES][n]: the bands of wijk_segregation_scale over its radii; `joint` is over
 * the radii, for each index by itself. */
int wijk_resample_profile(wijk_band *out, const double *radii, size_t n, enum wijk_kernel kernel,
                          const double *counts, const double *x, const double *y, size_t areas,
                          size_t groups, const wijk_resample_options *options, wijk_ctx *ctx);

/* out[WIJK_PROFILES][n], p[WIJK_PROFILES]. */
int wijk_resample_profile_null(wijk_envelope *out, double *p, enum wijk_null null,
                               const double *radii, size_t n, enum wijk_kernel kernel,
                               const double *counts, const double *x, const double *y, size_t areas,
                               size_t groups, const wijk_resample_options *options, wijk_ctx *ctx);

#endif
