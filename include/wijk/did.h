/* wijk/did.h: difference-in-differences for few treated areas, with inference that holds for few.
 *
 * The estimate is the mean change of the treated minus that of the comparison areas; with one start
 * and no gaps it equals two-way fixed effects. Covariates of the panel stand beside it in the
 * regression of the change (two-way fixed effects with each covariate times "after"). What is
 * uncertain is told by permutation (who was treated is drawn anew) and by the wild cluster
 * bootstrap, each with its own limits; a t-test with clustered errors is offered for comparison
 * only, since with few treated areas it is far too sure (MacKinnon & Webb 2017,
 * doi:10.1002/jae.2508). */
#ifndef WIJK_DID_H
#define WIJK_DID_H

#include "wijk/panel.h"

typedef struct {
    size_t draws; /* permutations; 0: 999 */
    uint64_t seed;
    double level; /* of the interval; 0: 0.95 */
} wijk_did_options;

typedef struct {
    double effect;       /* in units of the outcome */
    double low, high;    /* permutation interval, by shifting the treated by the estimate */
    double p;            /* two-sided, (1 + as large) / (1 + draws): never 0 */
    double least_p;      /* the smallest p that this design can give */
    double before_after; /* what the treated alone would suggest: shown as the naive answer */
    double cluster_t;    /* t with heteroskedasticity-robust (HC1) errors: for comparison only */
    size_t treated, comparison, left_out; /* left_out: with a gap in a wave that counts */
    size_t pre, post;                     /* waves in each mean */
} wijk_did;

/* All treated units must share one start (WIJK_EINVAL: use wijk/group_time.h). With fewer different
 * assignments than draws, all of them are gone through once instead (exact). A constant outcome
 * gives effect 0 and p 1. Every assignment is refitted, covariates included. WIJK_EINVAL when
 * nobody is left on one side, or the covariates tell exactly who takes part. O(cells + (draws *
 * treated + units * covariates) * covariates). */
int wijk_did_estimate(wijk_did *out, const wijk_panel *panel, const wijk_did_options *options,
                      wijk_ctx *ctx);

/* The effect per wave against the last wave before the start that counts: the pre-period drawn. */
typedef struct {
    double year, effect;
    double low, high; /* permutation interval of that wave alone */
} wijk_event;

/* `out` has room for `waves`; a wave that does not count, and the base wave, is 0 wide or NAN. */
int wijk_did_events(wijk_event *out, const wijk_panel *panel, const wijk_did_options *options,
                    wijk_ctx *ctx);

/* Wild cluster bootstrap with the null imposed (WCR), Rademacher weights, Webb's six points below
 * twelve clusters: two-sided p of "no difference in change". `cluster[unit]` is 0 ... clusters - 1.
 * With few treated clusters WCR hardly ever rejects: `few` then is 1 (under four). Cameron, Gelbach
 * & Miller 2008, doi:10.1162/rest.90.3.414; Webb 2023, doi:10.1111/caje.12661.
 * O(units + draws * clusters). */
typedef struct {
    double effect, t, p;
    size_t clusters, treated_clusters;
    int few;
} wijk_wild;

int wijk_did_wild(wijk_wild *out, const wijk_panel *panel, const size_t *cluster, size_t clusters,
                  size_t draws, uint64_t seed, wijk_ctx *ctx);

#endif
