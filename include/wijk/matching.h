/* wijk/matching.h: each area that takes part beside the few that were most like it before.
 *
 * Likeness is in every wave before the start that counts and in the covariates of the panel (what
 * the area is made of), as Mahalanobis' distance or as the propensity to take part. Neighbours may
 * serve several times. The rules, so that anyone can repeat it:
 *   ties      all areas as near as the last neighbour are taken, equally (to 1e-9 of the distance);
 *   caliper   an area without any neighbour within it is left out and counted;
 *   bias      what still differs is taken out by a regression of the change on the same variables
 *             among all comparison areas (Abadie & Imbens 2011, doi:10.1198/jbes.2009.07333);
 *   error     Abadie & Imbens 2006, doi:10.1111/j.1468-0262.2006.00655.x, for the treated; it needs
 *             two of them and many, so that chance is told by placebos: the same for comparison
 * areas near the treated, among whom nothing happened.
 */
#ifndef WIJK_MATCHING_H
#define WIJK_MATCHING_H

#include "wijk/panel.h"

enum wijk_likeness { WIJK_LIKE_MAHALANOBIS, WIJK_LIKE_PROPENSITY };

typedef struct {
    enum wijk_likeness likeness;
    size_t neighbours; /* 0: 4 */
    double caliper;    /* 0: none; in Mahalanobis distances, or standard deviations of the logit */
    int uncorrected;   /* 1: without taking out what still differs */
    const unsigned char *exclude; /* [units] 1: nobody's neighbour; NULL for none */
    size_t pool;                  /* placebos: the nearest so many comparison areas; 0: 400 */
    size_t draws;                 /* of sets of placebos when several are treated; 0: 999 */
    uint64_t seed;
    double level; /* 0: 0.95 */
} wijk_matching_options;

typedef struct {
    size_t treated, unit; /* units of the panel */
    double weight;        /* in the mean of that treated area */
    double distance;
} wijk_match;

typedef struct {
    double effect;
    double low, high, p; /* from the placebos; p never 0 */
    double error;        /* Abadie & Imbens; NAN with one treated area */
    wijk_match *match;   /* by treated area, nearest first */
    size_t matches;
    size_t treated, comparison, left_out; /* left_out: with a gap in a wave that counts */
    size_t unmatched;                     /* no neighbour within the caliper */
    size_t used;                          /* different neighbours */
    /* The largest difference between treated and comparison in any variable, in standard
     * deviations: before matching, and after. Above 0.25 is no likeness. */
    double unlike_before, unlike_after;
    double *placebo; /* effects of the placebos, ascending */
    size_t placebos;
} wijk_matching;

/* One start for all (WIJK_EINVAL else: match by start). WIJK_EINVAL also without comparison areas,
 * when none lies within the caliper, or when the propensity tells exactly who takes part. Free with
 * wijk_matching_free, also after a failure.
 * O((treated + pool) * units * variables + draws * treated). */
int wijk_matching_estimate(wijk_matching *out, const wijk_panel *panel,
                           const wijk_matching_options *options, wijk_ctx *ctx);
void wijk_matching_free(wijk_matching *result);

#endif
