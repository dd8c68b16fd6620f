/* wijk/outlook.h: what the livability of an area may be at the next measurement, and how sure.
 *
 * A wave is one measurement of the Leefbaarometer. Between two waves an area's score moves by about
 * 0.04, most of it noise of the measurement itself, so the level can hardly be forecast; how far
 * off one may be can: small areas jump more than large ones. Several estimators are fitted by the
 * same code and judged openly on waves they have not seen. Which one is used is chosen by a rule
 * that looks only at earlier waves. Origin is never a predictor. The method: docs/model/outlook.md.
 *
 * Nothing here makes a list of areas by risk: a model holds no areas, and a forecast is reckoned
 * for one area, from its own past, when somebody asks for that area. */
#ifndef WIJK_OUTLOOK_H
#define WIJK_OUTLOOK_H

#include "wijk/areas.h"
#include "wijk/ctx.h"

#define WIJK_OUTLOOK_DROP   0.05 /* a drop is a fall of more than this, in points of the score */
#define WIJK_OUTLOOK_PEOPLE 500  /* fewer residents: no chance of a drop is given */
#define WIJK_OUTLOOK_EVENTS 20   /* fewer drops: a ranking cannot be scored */
#define WIJK_OUTLOOK_SOCIAL 40.0 /* per cent; "many housing association homes" is above this */
#define WIJK_OUTLOOK_WARN   0.10 /* chance of a drop from which we speak of a warning */
#define WIJK_OUTLOOK_MANY                                                                          \
    200 /* areas; with fewer no estimator is chosen: no change, with a band                        \
         */

enum { WIJK_OUTLOOK_WAVES = 24 }; /* most waves in one panel */

/* 5, 25, 50, 75 and 95 per cent: the band between the outer two is the 90% band. */
enum { WIJK_Q05, WIJK_Q25, WIJK_Q50, WIJK_Q75, WIJK_Q95, WIJK_QUANTILES };

/* ---- the measurements -------------------------------------------------------------------------
 */

/* All areas of one level on all waves; row-major [waves][areas], NAN where unknown. What was known
 * of an area at a wave is the newest figure of that year or before, else the oldest there is. */
typedef struct {
    size_t areas, waves;
    int years[WIJK_OUTLOOK_WAVES]; /* ascending; not evenly spaced */
    double *level;                 /* the score, about 4.1 */
    double *people;                /* residents */
    double *social;                /* per cent of homes owned by housing associations */
    double *density;               /* addresses per km2 around */
    int vintage;                   /* of the borders that most waves are on */
} wijk_outlook_panel;

/* Empty (all NAN) for a test to fill. WIJK_EINVAL for no areas or waves, or too many. */
int wijk_outlook_panel_new(wijk_outlook_panel *out, size_t areas, size_t waves);
void wijk_outlook_panel_free(wijk_outlook_panel *panel);
/* Older waves get facts that a forecaster of then did not have. To see whether that matters: take
 * homes and density away from every wave, or give the residents of the last wave to all. */
enum wijk_outlook_facts { WIJK_OUTLOOK_NO_HOMES, WIJK_OUTLOOK_LAST_RESIDENTS };
void wijk_outlook_panel_facts(wijk_outlook_panel *panel, enum wijk_outlook_facts facts);
/* From the file: real or invented areas of one level and one score ("lbm3_lbm"), postcodes joined
 * over vintages by code. With fewer than two waves `areas` is 0. O(values). */
int wijk_outlook_panel_read(wijk_outlook_panel *out, wijk_store *store,
                            const wijk_registry *registry, const char *score, enum wijk_level level,
                            int fictional);

/* ---- the estimators ---------------------------------------------------------------------------
 */

size_t wijk_outlook_estimators(void);
/* Name for programs ("no_change"), and for people. NULL past the end. */
const char *wijk_outlook_code(size_t estimator);
const char *wijk_outlook_name(size_t estimator, wijk_lang lang);
/* By name for programs; the number of estimators when there is none. */
size_t wijk_outlook_find(const char *code);

typedef struct wijk_outlook_model wijk_outlook_model; /* one fitted estimator; holds no areas */

/* Fits an estimator to the changes into wave 1 … `upto` (at least 1, below waves): nothing later is
 * read. WIJK_EINVAL when fewer than WIJK_OUTLOOK_FEWEST changes are known. */
#define WIJK_OUTLOOK_FEWEST 20
int wijk_outlook_fit(wijk_outlook_model **out, const wijk_outlook_panel *panel, size_t estimator,
                     size_t upto, wijk_ctx *ctx);
void wijk_outlook_model_free(wijk_outlook_model *model);
/* Every number that was fitted, in a fixed order: for tests. Returns how many. Borrowed. */
size_t wijk_outlook_parameters(const double **out, const wijk_outlook_model *model);

typedef struct {
    double level[WIJK_OUTLOOK_WAVES]; /* as many as the model has waves; NAN where unknown */
    double people, social, density;   /* NAN where unknown */
} wijk_outlook_past;

typedef struct {
    double quantile[WIJK_QUANTILES]; /* of the score at the next wave; NAN without a last score */
    double drop;                     /* chance of a fall of more than WIJK_OUTLOOK_DROP */
} wijk_outlook_forecast;

/* The next wave of one area, by its past alone. O(waves). */
void wijk_outlook_predict(wijk_outlook_forecast *out, const wijk_outlook_model *model,
                          const wijk_outlook_past *past);
/* The past of one area of a panel up to and including wave `upto`. */
void wijk_outlook_past_of(wijk_outlook_past *out, const wijk_outlook_panel *panel, size_t area,
                          size_t upto);

/* ---- the back-test ----------------------------------------------------------------------------
 */

/* Whom a line of the score card is about. */
enum wijk_outlook_slice {
    WIJK_SLICE_ALL,
    WIJK_SLICE_UNDER_500, /* residents */
    WIJK_SLICE_500,
    WIJK_SLICE_1000,
    WIJK_SLICE_2500,
    WIJK_SLICE_5000,
    WIJK_SLICE_10000,
    WIJK_SLICE_FROM_500, /* all of at least 500 residents: where a chance is given */
    WIJK_SLICE_SOCIAL,   /* more than 40% housing association homes */
    WIJK_SLICES
};
const char *wijk_outlook_slice_code(enum wijk_outlook_slice slice);
const char *wijk_outlook_slice_name(enum wijk_outlook_slice slice, wijk_lang lang);

typedef struct {
    size_t areas, drops;
    double mae;              /* mean absolute error of the middle */
    double pinball;          /* mean over the five quantiles */
    double cover50, cover90; /* share of areas inside the band */
    double low50, high50;    /* 95% binomial interval of that share (Wilson), as if areas did not */
    double low90, high90;    /*   move together */
    double precision;        /* average precision of the ranking by chance; NAN under 20 drops */
} wijk_outlook_score;

enum { WIJK_OUTLOOK_BINS = 6 }; /* chances: under 1, 1-2, 2-5, 5-10, 10-20, 20 or more per cent */

typedef struct { /* the chances of the chosen estimator from 500 residents, beside what happened */
    size_t areas[WIJK_OUTLOOK_BINS], drops[WIJK_OUTLOOK_BINS];
    double mean[WIJK_OUTLOOK_BINS]; /* mean chance given */
    size_t warned, right;           /* chance of at least WIJK_OUTLOOK_WARN; of these, dropped */
    size_t missed;                  /* drops without a warning */
    size_t early;                   /* drops already warned of one wave earlier (a longer lead) */
    double ahead, ahead_low, ahead_high; /* average precision less that of sorting by size, with a
                                            90% interval over areas drawn again; NAN as above */
} wijk_outlook_warning;

typedef struct {   /* one step from a wave to the next, judged by models that knew neither */
    int from, to;  /* years */
    size_t chosen; /* estimator that the rule picked from earlier steps */
    double common; /* median change of all areas: what the country did together */
    wijk_outlook_score *score; /* [estimator * WIJK_SLICES + slice] */
    wijk_outlook_warning warning;
} wijk_outlook_step;

typedef struct {
    wijk_outlook_step *steps; /* every step that has one before it, oldest first */
    size_t count;
    size_t next; /* estimator that the rule picks for the wave to come */
} wijk_outlook_card;

/* Judges every estimator on every step, out of sample: what is said about a step uses earlier waves
 * only. The rule: the mean of the estimators with a fitted middle, unless one of all had a pinball
 * loss lower by 2% of the constant band's, on average over the three steps before; no change when
 * there are none.
 * O(waves^2 * areas); about a second for the Netherlands. */
int wijk_outlook_backtest(wijk_outlook_card *out, const wijk_outlook_panel *panel, wijk_ctx *ctx);
void wijk_outlook_card_free(wijk_outlook_card *card);

/* ---- in the file -------------------------------------------------------------------------------
 */

/* Judges, chooses, fits and keeps the models of every level that has waves, unless the file holds
 * those of its present facts already. Call it after wijk_derive_when_due, as often as you like.
 * What is kept are models and score cards: no forecast of any area. */
int wijk_outlook_derive_when_due(wijk_store *store, wijk_ctx *ctx);
/* The kept score card of a level, all steps or (`newest` 1) the newest alone; count 0 when there is
 * none: few areas, or nothing derived yet. */
int wijk_outlook_card_read(wijk_outlook_card *out, wijk_store *store, enum wijk_level level,
                           int fictional, int newest);

/* ---- one area ----------------------------------------------------------------------------------
 */

enum wijk_outlook_why {
    WIJK_OUTLOOK_KNOWN,
    WIJK_OUTLOOK_UNMADE,  /* the file holds no model: run wijk check, or too few waves are loaded */
    WIJK_OUTLOOK_UNKNOWN, /* this area has no score at the last wave, nor postcodes with one */
    WIJK_OUTLOOK_WIDE     /* a gemeente, a country, an own area: would become a list of warnings */
};

typedef struct { /* one of the five parts: no change, with a band; no skill is claimed */
    const wijk_indicator *indicator;
    double now, low, high; /* 90% band of the next wave */
} wijk_outlook_part;

enum { WIJK_OUTLOOK_PARTS = 5, WIJK_OUTLOOK_ITEMS = 4 };

typedef struct {
    wijk_area area; /* the area asked for, or a postcode that it shares people with */
    double share;   /* part of the people of the area asked for who live there; 1 for itself */
    size_t waves;
    int years[WIJK_OUTLOOK_WAVES];
    wijk_outlook_past past;
    wijk_outlook_forecast next; /* drop is NAN under WIJK_OUTLOOK_PEOPLE residents */
    int warns;                  /* 1: the chance is at least WIJK_OUTLOOK_WARN, by a judged model */
    int ahead;                  /* years that the next wave is taken to be away */
    double noise;               /* part of the variance of a change that is noise of the measurement
                                   itself, in areas of this size; NAN when not known */
    wijk_outlook_part parts[WIJK_OUTLOOK_PARTS];
    size_t part_count;
} wijk_outlook_item;

typedef struct {
    wijk_area area; /* as asked */
    enum wijk_outlook_why why;
    enum wijk_level level; /* of the model used */
    size_t estimator;
    size_t modelled; /* areas that the model was fitted to */
    wijk_outlook_item items[WIJK_OUTLOOK_ITEMS];
    size_t count; /* by share of people, never by risk; 0 unless known */
} wijk_outlook_view;

/* The outlook of one area, from its own waves or, when it has none, from the (at most four)
 * postcodes where at least a tenth of its people live; with the five parts when asked. About half a
 * millisecond, twice that with parts. */
int wijk_outlook_of(wijk_outlook_view *out, wijk_store *store, const wijk_registry *registry,
                    wijk_arena *arena, int64_t area, int with_parts);

#endif
