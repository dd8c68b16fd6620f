/* wijk/verdict.h: did it do anything? One design, one estimate, one answer out of four.
 *
 * Programmes start where it goes badly, and what goes badly by chance gets better by itself
 * (regression to the mean). So the treated are compared with what areas that were nearly chosen
 * (nearest in the outcome of that wave and in size) became from the same past: the mean after the
 * start is regressed on every wave before it among those areas only, the wave of selection
 * included, which takes the selection out. How large an effect chance shows is told by giving the
 * programme to the comparison areas, each judged from the others, their deviations scaled to where
 * the treated lie. One treated area is ranked among all of them (exact); several are drawn.
 * Areas that start at different moments are each judged from their own past. Several outcomes are
 * judged together: Romano & Wolf's step-down (2005, doi:10.1198/016214504000000539) over the same
 * draws, so that saying anything wrongly about any of them stays under alpha.
 * The verdict is a function of that alone. docs/model/verdict.md has its measured size and power.
 */
#ifndef WIJK_VERDICT_H
#define WIJK_VERDICT_H

#include "wijk/panel.h"

enum wijk_verdict_kind {
    WIJK_BETTER,
    WIJK_WORSE,
    WIJK_NO_DIFFERENCE, /* none that matters: the whole interval lies within `matters` */
    WIJK_CANNOT_KNOW
};

enum wijk_cannot {                        /* why not */
                   WIJK_CANNOT_NOTHING,   /* it can be known */
                   WIJK_CANNOT_TOO_SMALL, /* what chance shows is larger than what matters */
                   WIJK_CANNOT_FEW,   /* too few areas to compare with: WIJK_LEAST_POOL and one for
                                         each wave */
                   WIJK_CANNOT_SMALL, /* fewer than WIJK_LEAST_PEOPLE live in one of the treated:
                                         its score is mostly chance */
                   WIJK_CANNOT_UNLIKE /* one of the treated lies so far from the areas to compare
                                         with that foretelling it is guesswork: WIJK_FARTHEST */
};

enum { WIJK_LEAST_POOL = 20, WIJK_LEAST_PEOPLE = 500 };
/* Beyond this, estimating the foretelling adds more to chance than chance itself. */
#define WIJK_FARTHEST 1.0

typedef struct {
    int selection;       /* wave on which the areas were chosen; WIJK_NEVER: the last one before */
    double matters;      /* smallest effect of interest, > 0, in units of the outcome */
    int lower_is_better; /* 1: a fall is an improvement */
    const double *size;  /* [units] people, > 0: small areas vary more; NULL: not minded */
    const unsigned char *exclude; /* [units] 1: no comparison (neighbours of the treated, other
                                     programmes); NULL for none */
    size_t pool;                  /* comparison areas; 0: 400 */
    double alpha;                 /* 0: 0.05, two-sided */
    size_t draws;                 /* 0: 1,999; one treated area needs none */
    uint64_t seed;
} wijk_design;

typedef struct {
    enum wijk_verdict_kind kind;
    enum wijk_cannot why_not;
    double effect, low, high;   /* interval at 1 - alpha: of several outcomes, at the step of the
                                   correction where this one was decided */
    double p;                   /* two-sided, never 0; only ever shown beside the rest */
    double p_joint;             /* corrected for the other outcomes; p when there is one */
    double detectable;          /* effect that this design would notice in 80 of 100 */
    double before_after, naive; /* what the treated alone, and all areas, would suggest */
    size_t treated, pool;
    size_t pre, post; /* waves before and from the start on; with several starts the fewest */
    double farthest;  /* how far the treated area lies that is least like the others: see
                         WIJK_CANNOT_UNLIKE */
    size_t small;     /* of the treated, below WIJK_LEAST_PEOPLE */
    size_t *compared; /* [pool] units */
    double *null;     /* [draws] effects that chance shows, ascending */
    size_t draws;
} wijk_verdict;

/* Free with wijk_verdict_free, also after a failure.
 * O(cells + units * (log units + treated) + pool * terms^2 + draws * treated). */
int wijk_verdict_reach(wijk_verdict *out, const wijk_panel *panel, const wijk_design *design,
                       wijk_ctx *ctx);
void wijk_verdict_free(wijk_verdict *verdict);

enum { WIJK_MOST_OUTCOMES = 20 };

/* Several outcomes of the same units at once; each has its own waves, start and `matters`. Areas
 * are compared by the first: that is what they were chosen on. Units, size, exclude, pool, alpha,
 * draws and seed are those of the first design. Units with a gap in any outcome are left out. Free
 * all of `out` [count] with wijk_verdict_free, also after a failure. WIJK_EINVAL when the units
 * differ in number or in who is treated. */
int wijk_verdict_several(wijk_verdict *out, const wijk_panel *panels, const wijk_design *designs,
                         size_t count, wijk_ctx *ctx);

/* The same verdict about the ring: `ring` [units] are areas that touch a treated one. They are
 * judged as if they were treated, the treated themselves and what `design` excludes being no
 * comparison (units of the ring may be excluded there: that is what keeps them out of the other
 * verdict). WIJK_EINVAL when nobody is in the ring, or the treated start at several moments. */
int wijk_verdict_ring(wijk_verdict *out, const wijk_panel *panel, const wijk_design *design,
                      const unsigned char *ring, wijk_ctx *ctx);

/* Before anything starts: the effect that `treated` areas like these would show in 80 of 100 cases,
 * judged on the waves that there are: the same design laid `post` waves earlier, when nothing
 * happened. `chosen` [treated] are units. WIJK_EINVAL when there are fewer than post + 2 waves. */
int wijk_verdict_power(double *detectable, const wijk_panel *panel, const wijk_design *design,
                       const size_t *chosen, size_t treated, size_t post, wijk_ctx *ctx);

#endif
