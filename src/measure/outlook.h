/* measure/outlook.h: what the parts of the outlook share: the facts that estimators may look at,
 * and a fitted estimator. Everything about a wave is reckoned from that wave and earlier ones. */
#ifndef WIJK_MEASURE_OUTLOOK_H
#define WIJK_MEASURE_OUTLOOK_H

#include "wijk/outlook.h"

/* ---- features: what an estimator may know of an area at a wave --------------------------------
 */

enum outlook_feature {
    F_ONE,
    F_LAST,       /* last change, less what all areas changed together */
    F_LEVEL,      /* score less the median score of that wave */
    F_ABOVE,      /* score above its own mean so far, national shifts taken out */
    F_SMALL,      /* ln(5,000 / residents), 0 from 5,000 on: noise grows as places shrink */
    F_LAST_SMALL, /* the three above times F_SMALL: regression to the mean is stronger there */
    F_LEVEL_SMALL,
    F_ABOVE_SMALL,
    F_SOCIAL,  /* share of housing association homes, 0..1 */
    F_DENSITY, /* ln(addresses per km2), about 0 */
    F_SIZE,    /* ln(residents), about 0 */
    F_STIR,    /* how much it moved last time beside others, ln */
    F_STATE,   /* true level by a local level filter, less the score */
    F_TREND,   /* last change per year, times the years to come */
    OUTLOOK_FEATURES
};

enum { OUTLOOK_CLASSES = 6, OUTLOOK_GRID = 25 };

/* What must be known of all areas to reckon the features of one. Doubles only: see
 * wijk_outlook_parameters. */
typedef struct {
    double shift[WIJK_OUTLOOK_WAVES]; /* median change into each wave; [0] is 0 */
    double middle;                    /* median score at the last wave */
    double stir;                      /* median absolute last change, shift taken out */
    double noise[OUTLOOK_CLASSES];    /* variance of a wave's noise, by size class */
    double process[OUTLOOK_CLASSES];  /* variance that the true level gains in a year */
    double ahead;                     /* years to the next wave */
} outlook_scene;

int outlook_size_class(double people);
/* The scene at wave `upto`. `scratch` holds panel->areas doubles. */
void outlook_scene_of(outlook_scene *out, const wijk_outlook_panel *panel, size_t upto,
                      double *scratch);
/* The features of one area whose last wave is `upto`. */
void outlook_features(double out[OUTLOOK_FEATURES], const outlook_scene *scene, const int *years,
                      size_t upto, const wijk_outlook_past *past);

/* Features and changes of all areas on all steps up to a wave, reckoned once for many fits. */
typedef struct {
    const wijk_outlook_panel *panel;
    size_t upto;          /* steps 0 … upto − 1 have a change; features also at wave upto */
    outlook_scene *scene; /* [upto + 1], by wave looked from */
    double *feature;      /* [upto + 1][areas][OUTLOOK_FEATURES] */
    double *change;       /* [upto][areas], wave w to w + 1; NAN where unknown */
    unsigned char *class; /* [upto + 1][areas] */
} outlook_design;

int outlook_design_new(outlook_design *out, const wijk_outlook_panel *panel, size_t upto);
void outlook_design_free(outlook_design *design);

/* ---- estimators -------------------------------------------------------------------------------
 */

enum {
    E_CENTRE = 1,  /* the middle is no change at all (or what `fixed` says) */
    E_DRIFT = 2,   /* adds the shift that past waves had on average */
    E_CLASSES = 4, /* bands from the misses of areas of the same size only */
    E_TIME = 16,   /* the spread grows with the years between two waves as the true level does */
    E_PEOPLE = 8,  /* ranks by residents, fewest first: the dumb ranking */
    E_JOINS = 32,  /* enters the mean: its middle is fitted */
    E_MEAN = 64    /* the mean of those */
};
enum { OUTLOOK_MEMBERS = 5 }; /* estimators that enter the mean */

typedef struct {
    const char *code;
    int name;          /* enum wijk_text_key */
    int fixed;         /* a feature added as it is, or −1 */
    const int *where;  /* features of the middle, fitted; ends with −1; NULL for none */
    const int *spread; /* features of the spread, fitted; NULL: the same everywhere */
    unsigned flags;
} outlook_estimator;

extern const outlook_estimator outlook_estimators[];
extern const size_t outlook_estimator_count;
extern const double outlook_grid[OUTLOOK_GRID]; /* probabilities of the table of misses */
extern const int outlook_at[WIJK_QUANTILES];    /* places of the five in that table */

typedef struct { /* doubles only */
    outlook_scene scene;
    double drift;
    double where[OUTLOOK_FEATURES], spread[OUTLOOK_FEATURES]; /* 0 for features not used */
    double miss[OUTLOOK_CLASSES][OUTLOOK_GRID]; /* quantiles of what was missed, in spreads */
} outlook_fitted;

struct wijk_outlook_model {
    size_t estimator, upto, members; /* one member, unless it is a mean */
    int years[WIJK_OUTLOOK_WAVES];
    outlook_fitted fitted[OUTLOOK_MEMBERS];
};

/* The nth estimator that a forecast of this one is made of: itself, or those of the mean.
 * outlook_estimator_count past the last. */
size_t outlook_member(size_t estimator, size_t nth);
/* The mean of forecasts, quantile by quantile: doi:10.1287/mnsc.1120.1667. */
void outlook_mean(wijk_outlook_forecast *out, const wijk_outlook_forecast *said, size_t n);

/* ln of how much wider a change over `years` spreads than one over two years. */
double outlook_longer(const outlook_scene *scene, int size_class, double years);

int outlook_fit(wijk_outlook_model *out, const outlook_design *design, size_t estimator,
                size_t upto, wijk_ctx *ctx);
void outlook_say(wijk_outlook_forecast *out, const wijk_outlook_model *model,
                 const double feature[OUTLOOK_FEATURES], int size_class, double level);

#endif
