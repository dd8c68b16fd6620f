/* wijk/synthetic.h: one area, or the mean of a few, beside a weighted mix of areas that went the
 * same way before.
 *
 * Weights are found exactly (an active set, no search, no seed), so they cannot fail or depend on a
 * start. With few waves and many donors many mixes fit perfectly; a ridge of a hundred-millionth of
 * the mean square then picks the most spread one, the same for the treated and for every placebo.
 * How unusual the result is, is told by doing the same for areas where nothing happened.
 *   plain: Abadie, Diamond & Hainmueller 2010, doi:10.1198/jasa.2009.ap08746 (outcomes only);
 *   ridge: augmented with a ridge regression, Ben-Michael, Feller & Rothstein 2021,
 *          doi:10.1080/01621459.2021.1929245, penalty by leaving out one wave at a time;
 *   DID:   synthetic difference-in-differences, Arkhangelsky et al. 2021, doi:10.1257/aer.20190159.
 */
#ifndef WIJK_SYNTHETIC_H
#define WIJK_SYNTHETIC_H

#include "wijk/panel.h"

enum wijk_synthetic_kind { WIJK_SYNTHETIC_PLAIN, WIJK_SYNTHETIC_RIDGE, WIJK_SYNTHETIC_DID };

typedef struct {
    enum wijk_synthetic_kind kind;
    size_t placebos; /* at most; 0: as many as there are donors (one treated), else 999 */
    uint64_t seed;   /* of the sets of donors when several areas are treated */
} wijk_synthetic_options;

typedef struct {
    double effect;   /* mean gap over the waves from the start that count */
    double *gap;     /* [waves] treated minus mix; NAN for a wave that does not count */
    double *mix;     /* [waves] the mix itself: the counterfactual to draw */
    double *weight;  /* [units], 0 for who is no donor; may be negative for RIDGE */
    double fit;      /* root mean square gap before the start */
    double spread;   /* 1 / sum of squared weights: how many donors there are in effect */
    double *placebo; /* effects of the placebos */
    size_t placebos, donors, treated, left_out;
    /* Share of placebos, this one counted, at least as extreme: in |effect|, and in the ratio of
     * the root mean square gap after to before (for DID only the first; NAN). Never 0. */
    double p_effect, p_ratio;
} wijk_synthetic;

/* Units with a gap in a wave that counts are left out. WIJK_EINVAL without donors, or with fewer
 * than two waves before the start; WIJK_ELIMIT beyond 2,000 donors. Free with wijk_synthetic_free,
 * also after a failure. O(donors^2 * waves + placebos * (donors^2 + steps of the weights)). */
int wijk_synthetic_estimate(wijk_synthetic *out, const wijk_panel *panel,
                            const wijk_synthetic_options *options, wijk_ctx *ctx);
void wijk_synthetic_free(wijk_synthetic *result);

#endif
