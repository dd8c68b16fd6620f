/* wijk/figure.h: every map and chart of the house, as SVG text written by C.
 *
 * One drawing serves page, command line, PNG, PDF and print. Each figure comes as four things that
 * belong together: a title, one generated sentence that says the message, the graphic, and the
 * same data as a table. A caller that shows the graphic shows the other three too.
 *
 * Looks come from CSS classes only: no style attribute, no script, no address of another host, so
 * that the strictest CSP holds. The classes and their colours in light and dark are the rows of
 * data/figure_tokens.csv and the rules of data/figure.css; wijk_figure_css() writes them out.
 * Nothing is told by colour alone: lines differ in dash and carry their name, unreliable is
 * hatched, the area itself is outlined, and classes have a legend with numbers. */
#ifndef WIJK_FIGURE_H
#define WIJK_FIGURE_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/capacity.h"
#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/outlook.h"
#include "wijk/portrait.h"
#include "wijk/store.h"
#include "wijk/str.h"
#include "wijk/verdict.h"

/* ---- what every figure is ---------------------------------------------------------------- */

typedef struct {
    const char *title;   /* plain text, not escaped */
    const char *message; /* one sentence, plain text */
    const char *source;  /* "Bron: CBS, 2024"; "" when the caller gave none */
    wijk_str svg;        /* one <svg> element; free with wijk_figure_free */
    /* The data shown, as text in the language of the figure: a head and rows of plain cells.
     * Column 0 names the row; the others are figures (align right). */
    size_t columns, rows;
    const char **head;  /* [columns] */
    const char **cells; /* [rows * columns], row after row; never NULL */
    int height;         /* of the drawing, in the units of style.width */
} wijk_figure;

/* Width for a figure on a page of any width. A drawing shrinks with its letters: on the narrowest
 * screen (360 px, of which 294 are left within its frame) one of this width keeps them at ten
 * pixels, and on a wide one both grow. */
enum { WIJK_FIGURE_ANY = 340 };

#define WIJK_FIGURE_INIT                                                                           \
    {                                                                                              \
        .svg = WIJK_STR_INIT                                                                       \
    }
/* Texts and table live in the arena that was given and go with it. */
void wijk_figure_free(wijk_figure *figure);

typedef struct {
    wijk_lang lang;
    int standalone; /* 1: a file by itself (own <style>, background, title and source inside);
                       0: stands in a page that links wijk_figure_css();
                       2: part of a larger drawing that holds the standalone sheet */
    int width;      /* of the drawing in CSS pixels at scale 1; 0 = 480. The SVG itself scales:
                       give 320 for a phone-sized drawing with letters that stay readable */
    const char *id; /* prefix of ids inside, unique on the page, [a-z0-9-]; NULL = "fig" */
} wijk_figure_style;

/* The style sheet. `standalone` 0: for the page, with CSS variables for light, dark (both by
 * prefers-color-scheme and by data-theme="dark|light" on the root) and forced colours; serve it
 * from our own address. 1: literal light colours, as put inside standalone figures. */
int wijk_figure_css(wijk_str *out, int standalone);

/* ---- charts ------------------------------------------------------------------------------ */

enum wijk_line_role { WIJK_LINE_SELF, WIJK_LINE_GEMEENTE, WIJK_LINE_SIMILAR, WIJK_LINE_LAND };

typedef struct {
    double x;         /* year; a month is year + (month - 0.5) / 12. Drawn at true distance */
    double y;         /* NAN: a gap, never bridged */
    double low, high; /* band around y; NAN when none */
    int grey;         /* unreliable: hollow grey point, dotted towards it */
} wijk_point;

typedef struct {
    const char *name; /* written at the end of the line */
    enum wijk_line_role role;
    const wijk_point *points; /* by rising x */
    size_t count;
    int edition; /* lines of one role with unequal editions are measured differently: they are
                    drawn apart and a note says that they do not join */
} wijk_chart_line;

typedef struct {
    const char *title, *unit, *source; /* unit as shown: "euro", "per 1.000 inwoners" or "" */
    int decimals;
    const wijk_chart_line *lines;
    size_t count;
    int from_zero;        /* 1: the axis includes 0 (counts, shares); 0: fits the data */
    double reference;     /* a thin horizontal line, NAN for none */
    const char *ref_name; /* what that line is */
} wijk_line_chart;

/* History against comparators. Draws with 0 points too (says that there is nothing). O(points). */
int wijk_figure_lines(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                      const wijk_line_chart *chart);

/* Small multiples: `count` panels (at most 12) on one grid. Panels of one unit share their scale.
 */
int wijk_figure_panels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const char *title, const wijk_line_chart *panels, size_t count);

/* A word-sized line without axes, 100 x 24; no table. `points` as in a line. */
int wijk_figure_spark(wijk_str *svg, const wijk_figure_style *style, const wijk_point *points,
                      size_t count, const char *label);

typedef struct {
    const char *name;
    double value, low, high; /* NAN when unknown / no band */
    double other;            /* the comparator's value, a tick on the bar; NAN for none */
    int grey;
} wijk_bar;

typedef struct {
    const char *title, *unit, *source;
    const char *self;         /* whose bars */
    const char *other;        /* whose ticks; NULL for none */
    const char *left, *right; /* words for the two sides: "ongunstiger", "gunstiger" */
    int decimals;
    const wijk_bar *bars;
    size_t count;
} wijk_bars_chart;

/* Bars left and right of zero: the five parts of livability. */
int wijk_figure_bars(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                     const wijk_bars_chart *chart);

typedef struct {
    const char *name, *unit;
    int decimals;
    double p10, p25, p50, p75, p90; /* over all areas of the level; NAN = row without spread */
    double self, low, high;
    double gemeente, land; /* NAN = none */
    int grey;
    const char *shown, *middle; /* self and p50 in words; NULL = number and unit */
} wijk_strip;

typedef struct {
    const char *title, *source, *self, *gemeente, *land; /* names for the legend; NULL leaves out */
    const char *among;                                   /* "alle 14.566 buurten" */
    const wijk_strip *strips;
    size_t count;
} wijk_strips_chart;

/* Where this area lies among all: one strip per indicator, each on its own scale p10 … p90; a value
 * beyond is drawn at the edge with an arrow and its number. */
int wijk_figure_strips(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_strips_chart *chart);

typedef struct {
    const char *name;     /* "Slotermeer-Noordoost", "Amsterdam", "Nederland" */
    const double *shares; /* [segments], percent; NAN = unknown */
    int grey;
} wijk_stack;

typedef struct {
    const char *title, *source;
    const char *const *segments; /* names, in order */
    size_t segment_count;        /* at most 7 */
    const wijk_stack *stacks;
    size_t count;
    int decimals;
} wijk_stacks_chart;

/* Parts of a whole, one bar per area, 0 … 100%. What the parts leave open is drawn as unknown. */
int wijk_figure_stacks(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_stacks_chart *chart);

/* ---- maps -------------------------------------------------------------------------------- */

#define WIJK_CLASSES_MAX 9

typedef struct {
    int count;                           /* classes, 0 when there is nothing to divide */
    double edge[WIJK_CLASSES_MAX];       /* lower edge of class i; edge[0] = -INFINITY */
    const char *token[WIJK_CLASSES_MAX]; /* CSS class of class i: "q0".."q6", "d0".."d8" */
    int whole;     /* the values are the publisher's own classes 1, 2, 3 … */
    int decimals;  /* of the edges as shown */
    double centre; /* of a diverging scale, else NAN */
} wijk_classes;

/* Breaks from the spread over areas (p10 p25 p50 p75 p90): publisher's classes 1 … `top` when the
 * unit is "class"; around `centre` in equal nice steps when that is finite; else the quantiles
 * rounded to nice numbers, merged where they coincide. Any number may be NAN. */
void wijk_classes_make(wijk_classes *out, const wijk_indicator *indicator, const double spread[5],
                       double centre, double top);
/* 0 … count - 1; a value on an edge belongs to the upper class. -1 for NAN or no classes. */
int wijk_class_of(const wijk_classes *classes, double value);

enum wijk_map_kind {
    WIJK_MAP_AROUND, /* `area` among its neighbours of the same level; `level` is ignored */
    WIJK_MAP_WITHIN, /* the areas of `level` inside `area` (a gemeente or wijk) */
    WIJK_MAP_COUNTRY /* all areas of `level`; `area` is outlined when it is of that level */
};

/* Appends the address of an area, unescaped: "/nl/buurt/BU03630000". */
typedef void (*wijk_map_link_fn)(void *payload, wijk_str *out, const wijk_area *area);

/* Figures of no indicator: computed, of whoever `source` names. */
typedef struct {
    const char *title, *label; /* of the whole map; of what the colours mean */
    const char *message;       /* what the map says; NULL: as for an indicator */
    const char *unit;          /* as of an indicator: "percent"; NULL: none */
    const char *source;        /* who published what they were computed from */
    const int64_t *areas;      /* [count] rising ids of areas with borders */
    const double *values;      /* [count] NAN where unknown */
    const unsigned char *grey; /* [count] 1: unreliable; NULL: none */
    const char *grey_label;    /* why they are hatched; NULL: unreliable */
    int around_zero;           /* 1: colours part at zero */
    size_t count;
    int decimals, period;
} wijk_map_values;

typedef struct {
    enum wijk_map_kind kind;
    int64_t area;
    enum wijk_level level; /* of the areas drawn */
    int vintage;           /* of the borders; 0 = the newest that has borders and this indicator */
    int indicator;         /* id; 0 = borders only */
    int period;            /* 0 = the newest */
    const wijk_map_values *values; /* instead of an indicator and period; then `vintage` is of
                                      these areas. NULL for none */
    wijk_map_link_fn link;         /* NULL = no links; not used for more than 800 areas */
    void *payload;
} wijk_map;

/* A choropleth with legend, counts per class, scale bar, source and year.
 *
 * Up to 800 areas every area is <a href><path id="ID-CODE" data-code data-x data-y
 * tabindex="-1"><title>Name: value unit (year)</title></path></a>, data-x and data-y being the
 * point inside in the units of the drawing, for arrow keys; the inner <svg class="map-view"> has a
 * viewBox that a script may change to pan and zoom. Beyond 800, one path per class.
 * The table has name, value, and period per area up to 800 areas, per class beyond.
 * WIJK_ENOTFOUND when the area does not exist or no borders are known there.
 * O(areas drawn); WIJK_MAP_COUNTRY of 14,566 buurten in <= 60 ms. */
int wijk_figure_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                    wijk_arena *arena, const wijk_figure_style *style, const wijk_map *map);

/* What a map can show, for switches: years of an indicator at a level with borders, newest first.
 * Each pair is period, vintage. */
int wijk_map_periods(int (**out)[2], size_t *count, wijk_store *store, wijk_arena *arena,
                     int indicator, enum wijk_level level);

/* ---- figures of a portrait: the same for page, command line and print ------------------------ */

/* Each of these gives WIJK_ENOTFOUND when the portrait lacks what it draws: then nothing is shown.
 * History of the Leefbaarometer against gemeente, similar areas and country. */
int wijk_picture_livability(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_portrait *portrait);
/* Its five parts in the newest wave that has them, with the gemeente as ticks. */
int wijk_picture_parts(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_portrait *portrait);
/* The five parts through the years, one small panel each. */
int wijk_picture_part_panels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_portrait *portrait);
/* Where the area lies among all: the glance panel as strips. */
int wijk_picture_glance(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_portrait *portrait);
/* Parts of a whole for the area, the gemeente and the country. `what`: "tenure" or "age". */
int wijk_picture_shares(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_portrait *portrait, const char *what);
/* The history of one line of the portrait (at least two periods). */
int wijk_picture_history(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                         const wijk_portrait *portrait, const wijk_line *line);

/* ---- load and carrying capacity ------------------------------------------------------------ */

/* The sentences of wijk/capacity.h, most important first, and what they do not say. */
enum { WIJK_CAPACITY_SAYS = 6 };
typedef struct { /* NULL past the last of each */
    const char *sentences[WIJK_CAPACITY_SAYS], *limits[WIJK_CAPACITY_SAYS];
} wijk_capacity_words;

void wijk_capacity_say(wijk_capacity_words *out, wijk_arena *arena, wijk_lang lang,
                       const wijk_registry *registry, const wijk_capacity *capacity,
                       const wijk_area *gemeente);
/* Where the area lies among all others on every part that enters. WIJK_ENOTFOUND when there is
 * nothing to draw. */
int wijk_picture_capacity(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_registry *registry, const wijk_capacity *capacity);

/* ---- did it do anything? ------------------------------------------------------------------- */

enum { WIJK_VERDICT_NOTES = 4 };
typedef struct {
    const char *answer;                    /* one of four, in a sentence or two */
    const char *notes[WIJK_VERDICT_NOTES]; /* NULL past the last */
} wijk_verdict_words;

/* `decimals` as the outcome is shown. */
void wijk_verdict_say(wijk_verdict_words *out, wijk_arena *arena, wijk_lang lang,
                      const wijk_verdict *verdict, const wijk_design *design, int decimals);

/* Two A4 pages: title, sentence, map, livability, key table with source, year and range, similar
 * areas, notes. Appends the bytes of a PDF. */
int wijk_brief_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                   const wijk_portrait *portrait);

/* ---- from SVG to other forms ------------------------------------------------------------- */

/* PNG of one standalone figure, `width` pixels wide (16 … 4096). Bytes are appended to `out`.
 * No file and no host is read. WIJK_EFORMAT for text that is not SVG. */
int wijk_render_png(wijk_str *out, const char *svg, size_t size, int width);
/* PDF with one page per SVG; a page is as large as its SVG says (A4: 595.28 x 841.89 pt). */
int wijk_render_pdf(wijk_str *out, const wijk_str *pages, size_t count, const char *title);

/* ---- the outlook -------------------------------------------------------------------------- */

enum { WIJK_OUTLOOK_SAYS = 3 };

typedef struct {                         /* what is said of one area or postcode */
    const char *said[WIJK_OUTLOOK_SAYS]; /* band, chance or why none, noise; NULL for none */
} wijk_outlook_words;

void wijk_outlook_say(wijk_outlook_words *out, wijk_arena *arena, wijk_lang lang,
                      const wijk_outlook_item *item);
/* Why there is no outlook, in a sentence; "" when there is one. */
const char *wijk_outlook_why_not(wijk_lang lang, const wijk_outlook_view *view);
/* How it did when it was tested on the newest step, in this order; with an empty card one sentence,
 * that it could not be tested. Ends with NULL. */
enum {
    WIJK_OUTLOOK_BANDS,
    WIJK_OUTLOOK_LEVEL,
    WIJK_OUTLOOK_ALARM,
    WIJK_OUTLOOK_LEAD,
    WIJK_OUTLOOK_RANKING,
    WIJK_OUTLOOK_TESTED
};
void wijk_outlook_tested(const char *out[WIJK_OUTLOOK_TESTED + 1], wijk_arena *arena,
                         wijk_lang lang, const wijk_outlook_card *card,
                         const wijk_outlook_view *view);
/* The past scores and the band of the next one, as a fan. */
int wijk_picture_outlook(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                         const wijk_outlook_item *item);

#endif
