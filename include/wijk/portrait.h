/* wijk/portrait.h: what is known about one area, arranged for a reader (buurtbeeld).
 *
 * One structure feeds the page, the terminal, the JSON answer and the printed sheet, so that they
 * cannot disagree. All texts are in the language asked for; all memory is the arena's. */
#ifndef WIJK_PORTRAIT_H
#define WIJK_PORTRAIT_H

#include "wijk/areas.h"
#include "wijk/str.h"

/* One figure with what it can be compared with. */
typedef struct {
    const wijk_indicator *indicator;
    const wijk_value *value;  /* newest with a number, else the newest mark; never NULL */
    const wijk_value *series; /* the same indicator, all periods, oldest first */
    size_t periods;
    const char *shown;  /* the value as people write it, with its symbol: "≈ 34,1 %" */
    const char *range;  /* "tussen 31 en 37", or why there is no range; "" when exact as printed */
    const char *note;   /* why there is no figure, or whose figure it is; "" when plain */
    const char *source; /* publisher */
    /* Of the same indicator and period; NAN when unknown. */
    double gemeente;                /* the gemeente around it */
    double similar;                 /* median of the similar areas, at least three of five */
    double land;                    /* weighted mean of the country */
    double p10, p25, p50, p75, p90; /* over the areas of this level in the country */
} wijk_line;

typedef struct {
    const char *theme; /* code of the theme */
    const char *title;
    size_t first, count; /* in wijk_portrait.lines */
} wijk_section;

enum wijk_whose { WIJK_HERE, WIJK_AROUND, WIJK_ALIKE, WIJK_COUNTRY, WIJK_WHOSE };

/* A history on common years. Leefbaarometer: `value` is the deviation minus that wave's
 * population-weighted national mean, so the country lies at 0; `raw` is as published. */
typedef struct {
    const wijk_indicator *indicator;
    const char *label;
    size_t count;
    int *years;
    double *value[WIJK_WHOSE]; /* NAN where unknown */
    double *raw;               /* here, as published or converted */
    double *low, *high;        /* band around value[WIJK_HERE]; NAN when not known */
    unsigned *flags;           /* of the value here */
    enum wijk_origin_of_value *origin;
} wijk_trend;

typedef struct {
    int known;           /* 0: no Leefbaarometer value for this area */
    const char *version; /* "3.0" or "2.0"; the two are never joined */
    wijk_trend total;
    wijk_trend parts[5]; /* count 0 when that part is not known */
    size_t part_count;
    double noise;        /* sd of a change between two waves when nothing happens */
    const char *reading; /* one sentence: level and whether the change exceeds the noise */
    const char *caution; /* the owner's caution */
} wijk_livability;

typedef struct {
    wijk_area area;
    double distance;
    const char *reason; /* "lijkt het meest op: …" in words */
} wijk_like;

typedef struct { /* areas of another division that it shares people with */
    wijk_area area;
    double share; /* part of this area's people who live there, 0..1 */
} wijk_part;

typedef struct {
    const wijk_indicator *indicator;
    const wijk_value *from, *to;
    double change; /* to − from, registry unit */
    const char *words;
} wijk_portrait_change;

typedef struct {
    wijk_area area;
    wijk_area gemeente; /* id 0 when it is one itself or has none */
    wijk_lang lang;
    const char *name;  /* never empty: the code when no source gives a name */
    const char *where; /* "buurt in Amsterdam · BU0363AA01 · indeling 2024" */
    double people;
    int people_period;
    const char *sentence;             /* what stands out, or that nothing does */
    const wijk_facts *facts, *around; /* what it is drawn from: of the area, and of the gemeente
                                         around it (NULL when there is none) */

    wijk_line *key; /* the glance panel, in order */
    size_t key_count;
    wijk_livability livability;
    wijk_line *lines; /* everything, by section */
    size_t line_count;
    wijk_section *sections;
    size_t section_count;

    wijk_like *similar;
    size_t similar_count;
    const char *similar_why_not; /* "" or why there are none */
    wijk_part *parts;            /* pc4: the buurten it overlaps; others: the pc4s; largest first */
    size_t part_count;
    const char *parts_about; /* how the overlap was measured, "" when there is none */
    wijk_area *members;      /* of an own area */
    size_t member_count;

    wijk_portrait_change *changes; /* newest two periods, only beyond rounding and noise */
    size_t change_count;
    const char **limits; /* what this does not tell about you and this place */
    size_t limit_count;
    const char **conversions; /* which figures were converted or borrowed, from what */
    size_t conversion_count;
    const wijk_load_info **sources; /* whose figures are shown */
    size_t source_count;
    const char *citation;
} wijk_portrait;

/* About a millisecond for a buurt in a national file. WIJK_ENOTFOUND when there is no such area. */
int wijk_portrait_get(wijk_portrait *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area, wijk_lang lang);

/* Everything of the portrait as one JSON object (documented in the API). */
void wijk_portrait_json(wijk_str *out, const wijk_portrait *portrait,
                        const wijk_registry *registry);

typedef struct {
    const wijk_indicator *indicator;
    const wijk_value *a, *b; /* NULL when that side has none */
    double difference;       /* b − a; NAN when a side has no number */
    int clear;               /* 1 when the bands do not touch: more than rounding and conversion */
} wijk_difference;

typedef struct {
    wijk_area a, b;
    int period_a, period_b; /* 0 = newest of each indicator */
    wijk_difference *rows;
    size_t count;
    const char *caution; /* "" or what to know: different levels, vintages, fictional with real */
} wijk_comparison;

/* Two areas, or one area (a == b) in two periods. Indicators that neither has are left out.
 * WIJK_EINVAL when a fictional and a real area are compared. */
int wijk_portrait_compare(wijk_comparison *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, int64_t a, int period_a, int64_t b, int period_b,
                          wijk_lang lang);

/* A value as people write it, unit and symbol included: "≈ 34,1 %", "~ 120", "–". */
void wijk_value_shown(wijk_str *out, wijk_lang lang, const wijk_indicator *indicator,
                      const wijk_value *value);
/* The same of a bare number: "34,1 %". */
void wijk_number_shown(wijk_str *out, wijk_lang lang, const wijk_indicator *indicator,
                       double value);
/* "≈" converted, "↑" borrowed, "m" modelled, "~" grey; "" for a plain figure. Static. */
const char *wijk_value_symbol(const wijk_value *value);
/* Words for a level: "buurt" / "neighbourhood". Static. */
const char *wijk_level_name(wijk_lang lang, enum wijk_level level);
/* Words for a theme: "inkomen" / "income". Static. */
const char *wijk_theme_name(wijk_lang lang, const char *theme);
/* Codes of the themes in the order of the page; NULL past the end. Static. */
const char *wijk_theme_at(size_t i);

#endif
