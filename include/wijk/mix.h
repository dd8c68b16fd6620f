/* wijk/mix.h: how mixed an area is and how its parts differ, arranged for a reader.
 *
 * One structure feeds the page, the terminal, JSON, CSV and the figures, so that they cannot
 * disagree. Figures are those of data/groupings.csv, read where they are native (wijk/grouping.h).
 * All texts are in the language asked for; all memory is the arena's. */
#ifndef WIJK_MIX_H
#define WIJK_MIX_H

#include "wijk/change_border.h"
#include "wijk/figure.h"
#include "wijk/grouping.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"

enum { WIJK_MIX_RADII = 6, WIJK_MIX_MEETS = 3, WIJK_MIX_LIKE = 5 };

enum { WIJK_MIX_LOOK = 60 };

typedef struct {
    const char *grouping; /* code; NULL or "": the first that is known here and not about origin */
    int period;           /* 0: the newest that says most */
    int level, vintage;   /* of the parts; -1 and 0: the finest */
    int draws; /* tables drawn for the ranges of rounding; 0: none. WIJK_MIX_LOOK is enough to look
                  at, and is not done for more than 200 parts; 400 is plenty */
} wijk_mix_ask;

#define WIJK_MIX_ASK_BEST                                                                          \
    {                                                                                              \
        NULL, 0, -1, 0, 0                                                                          \
    }

typedef struct {
    const char *code, *name;
    double share;         /* in the whole, [0, 1], of those whose group is known: in the measures */
    double self;          /* in the area itself when it is a part; NAN when it is the whole */
    double of_all;        /* in the area itself, or the whole, of everyone: as publishers give it */
    double whole_of_all;  /* in the whole, of everyone */
    double dissimilarity; /* against all others */
    double isolation;     /* share of the own group around its average member */
    double exposure[WIJK_GROUPS_MAX]; /* share of group j around the average member of this one */
    double meets[WIJK_MIX_MEETS];     /* share within a distance of a part; NAN when not known */
} wijk_mix_group;

typedef struct {
    const char *code, *name; /* "D", "Dissimilariteit (D)" */
    double value, chance;    /* chance: when the same people are dealt out by lot; NAN: not known */
    double low, high;        /* holds the value on the unrounded figures 9 times in 10; NAN: not
                                computed */
    double corrected;        /* expected on the unrounded figures; NAN where not computed */
} wijk_mix_measure;

enum { WIJK_MIX_MEASURES = 6 };

typedef struct { /* a similar area with the same figures */
    const char *code, *name;
    double d, chance_d;
    double low, high; /* around d: rounding and withholding; NAN where not computed */
    size_t areas;
} wijk_mix_like;

typedef struct {
    wijk_layer layer;
    size_t areas;
    double d, h, chance_d, chance_h;
    double low, high; /* around d: rounding and withholding; NAN where not computed */
} wijk_mix_moment;

/* Between the ends of the history. The shares are of what was counted in the first year. */
typedef struct {
    wijk_change_moved moved;
    double same;      /* in a part that is the same place in the last year */
    double by_code;   /* in a part with the same code, of which the borders could not be checked */
    double overlaid;  /* handed out by the overlay */
    double gone;      /* in a part without a counterpart */
    double onto;      /* people, homes … in the part that these went to, on average */
    size_t elsewhere; /* of moved.added: places of another municipality in the first year */
    size_t missing;   /* of moved.added: places without a usable figure in the first year */
    double error;     /* 9 in 10 handed-out counts are within this part of themselves */
    int ranged;       /* 1: the parts have ranges */
    const char *carried; /* all this in words */
} wijk_mix_change;

typedef struct {
    wijk_area area; /* asked for */
    wijk_lang lang;
    const char *name;
    int part; /* 1: the area has no parts of its own and is shown as a part of `whole` */
    wijk_area whole;
    const char *whole_name;

    wijk_mixture_row *choices; /* every grouping and layer there is for it */
    size_t choice_count;
    wijk_groupings groupings;

    const wijk_grouping *grouping;
    wijk_layer layer;
    const char *units;            /* what is counted: "woningen" */
    const char *parts, *one_part; /* "buurten", "buurt" */
    wijk_grouped grouped;         /* the table itself */
    size_t self;                  /* row of a part */
    wijk_segregation all;
    wijk_segregation_chance chance;
    wijk_mix_measure measure[WIJK_MIX_MEASURES];
    int exact, ranged; /* 1: nothing was rounded; ranges were computed */
    wijk_mix_group group[WIJK_GROUPS_MAX];
    double *divergence, *entropy; /* [grouped.areas] local scores */
    double *apart; /* [grouped.areas] share of a part that would have to be of another group to have
                      the mix of the whole, [0, 1]: what D is made of */
    double unknown; /* of the whole: share whose group is unknown or withheld; 0 when all are known
                       or one group is the rest */
    double self_unknown; /* the same of a part itself */
    double within; /* chance that two of the same part are of other groups; whole: all.simpson */
    double self_simpson; /* the same within the area itself when it is a part */
    size_t further;      /* parts that differ more from the whole than this one */

    wijk_scale scale[WIJK_MIX_RADII]; /* rising radius; at radius 0 the division itself */
    size_t scale_count;
    double scale_low[WIJK_MIX_RADII], scale_high[WIJK_MIX_RADII]; /* the whole profile of H lies in
        this band 9 times in 10, had the same choices fallen out otherwise; NAN: not computed */
    int banded;                                                   /* 1: there is such a band */
    size_t placed; /* parts with a known place: those of `scale` */
    double meets_radius[WIJK_MIX_MEETS];
    size_t meets_areas[WIJK_MIX_MEETS];
    int meets_across; /* 1: also parts beyond the border of the whole */

    wijk_mix_moment *history; /* the same kind of parts through the years, oldest first */
    size_t history_count;

    int changed; /* 1: `change` says why H of the last year differs from the first */
    wijk_mix_change change;

    size_t beside;              /* other areas of its level with the same figures */
    double p25, p50, p75, land; /* of their d; of the country's d; NAN when unknown */

    wijk_mix_like like[WIJK_MIX_LIKE]; /* those most like the whole, nearest first */
    size_t like_count;
    int like_ranged; /* 1: with ranges */

    const char *title;    /* "Bezit van woningen in Amsterdam, 2017" */
    const char *sentence; /* how mixed, how segregated, beside chance and others */
    const char **notes;   /* what to know about these very figures */
    size_t note_count;
    const char *source;        /* "CBS; OIS Amsterdam, 2017" */
    const char *figure_source; /* "Bron: …" */
} wijk_mix;

/* In short, for the page of an area: from what was measured when the file was loaded, so that it
 * costs a fraction of a millisecond. */
enum { WIJK_MIX_SHORT = 5 };

typedef struct {
    int part;
    const char *whole_name;
    const char *sentence;
    wijk_mixture_row rows[WIJK_MIX_SHORT]; /* one per grouping, the first that of the sentence */
    size_t count;
} wijk_mix_short;

/* `gemeente`: the id of the one around it, 0 when not at hand. WIJK_ENOTFOUND when nothing is
 * known.
 */
int wijk_mix_short_get(wijk_mix_short *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_area *area, int64_t gemeente, wijk_lang lang);

/* How a layer is named in addresses and on the command line: "local-2015-2017" (level, vintage,
 * period). And back: 1 when it is one; then it is asked for. */
const char *wijk_mix_layer_code(wijk_arena *arena, wijk_layer layer);
int wijk_mix_ask_layer(wijk_mix_ask *ask, const char *code);

/* WIJK_ENOTFOUND when no grouping is known for the parts of the area (or for what it is a part of),
 * or not the one asked for. Milliseconds for a gemeente, up to a tenth of a second for the country.
 */
int wijk_mix_get(wijk_mix *out, wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                 int64_t area, wijk_lang lang, const wijk_mix_ask *ask);

/* An area of which nothing can be told: for a page that leads on. */
enum { WIJK_MIX_AROUND = 3 };

typedef struct {
    const wijk_grouping *grouping;
    enum wijk_level level; /* of the parts */
    int first, last;       /* years */
    size_t wholes;         /* municipalities with such parts */
    const char *words;     /* "wijken (2019–2023, in 2 gemeenten)" */
} wijk_mix_published;

typedef struct {
    wijk_area area;
    const char *name, *sentence;  /* what is missing */
    const wijk_grouping **others; /* known of the area itself, other than was asked for */
    size_t other_count;
    wijk_area around[WIJK_MIX_AROUND]; /* larger areas of which something is known, nearest first */
    size_t around_count;
    wijk_mix_published *published; /* all of the file, by grouping and level */
    size_t published_count;
} wijk_mix_none;

/* `grouping`: what was asked for, or NULL. O(areas measured). */
int wijk_mix_none_get(wijk_mix_none *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area, wijk_lang lang, const char *grouping);

/* A part of the change as it is named: "anders verdeeld". Static. */
const char *wijk_mix_change_part(wijk_lang lang, enum wijk_change_part part);

/* Everything of it as one JSON object (documented in the API). */
void wijk_mix_json(wijk_str *out, const wijk_mix *mix);
/* One row per part: its code, name, figures per group, and local scores. */
void wijk_mix_csv(wijk_str *out, const wijk_mix *mix);

/* Figures; each WIJK_ENOTFOUND when there is too little to draw. */
/* H over distance: within the lines of the division, then within growing circles. */
int wijk_mix_figure_scale(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_mix *mix);
/* D through the years beside chance. */
int wijk_mix_figure_history(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_mix *mix);
/* The change of H between the first and the last year, with its parts. */
int wijk_mix_figure_change(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                           const wijk_mix *mix);
/* How far the mix of each part is from that of the whole. `link` as in wijk_map; may be NULL. */
int wijk_mix_figure_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                        wijk_arena *arena, const wijk_figure_style *style, const wijk_mix *mix,
                        wijk_map_link_fn link, void *payload);
/* The shares of the groups: the area, and the whole around a part. */
int wijk_mix_figure_shares(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                           const wijk_mix *mix);

#endif
