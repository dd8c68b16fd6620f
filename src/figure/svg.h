/* figure/svg.h: what the drawing files of this room share: escaping, measuring, ticks, the canvas.
 *
 * A canvas collects one drawing from the top down. When it ends it wraps the drawing in one <svg>
 * with its names for assistive technology and, for a file by itself, style, title and source. */
#ifndef WIJK_FIGURE_SVG_H
#define WIJK_FIGURE_SVG_H

#include "wijk/figure.h"
#include "wijk/text.h"

typedef struct {
    wijk_figure *out;
    wijk_arena *arena;
    wijk_figure_style style; /* width and id filled in */
    wijk_lang lang;
    wijk_str body;
    double width, height; /* height grows as parts are drawn */
    const char *kind;     /* CSS class of the whole: "lines", "map" … */
    int links;            /* 1: holds links, so it is a group and not an image */
} wijk_canvas;

/* Empties `out` (its svg is kept for reuse of memory) and takes the style's defaults. */
void wijk_canvas_begin(wijk_canvas *canvas, wijk_figure *out, wijk_arena *arena,
                       const wijk_figure_style *style, const char *kind);
/* Writes out->svg. Frees the body. 0 or the first failure of body, arena or svg. */
int wijk_canvas_end(wijk_canvas *canvas);

/* ---- writing ----------------------------------------------------------------------------- */

/* Escapes for XML text and attributes alike; bytes that XML 1.0 or UTF-8 forbid become U+FFFD. */
void wijk_svg_escape(wijk_str *out, const char *text);
/* The same without escaping: for texts that are not XML. */
void wijk_svg_clean(wijk_str *out, const char *text);
/* A coordinate with at most two decimals and no zeros behind: 12, 12.5, -.25 is -0.25. NAN is 0. */
void wijk_svg_num(wijk_str *out, double value);
/* ` name="1.5"` */
void wijk_svg_attr(wijk_str *out, const char *name, double value);

enum wijk_anchor { WIJK_START, WIJK_MIDDLE, WIJK_END };

void wijk_svg_text(wijk_str *out, double x, double y, enum wijk_anchor anchor, const char *class,
                   const char *text);
void wijk_svg_line(wijk_str *out, const char *class, double x1, double y1, double x2, double y2);
void wijk_svg_rect(wijk_str *out, const char *class, double x, double y, double w, double h,
                   double radius);
void wijk_svg_circle(wijk_str *out, const char *class, double x, double y, double r);
/* The pattern that means unreliable, with id "ID-hatch"; refer to it with wijk_svg_hatched. */
void wijk_svg_hatch(wijk_canvas *canvas);
/* ` fill="url(#ID-hatch)"`: a presentation attribute, which every CSP allows. */
void wijk_svg_hatched(wijk_str *out, const wijk_canvas *canvas);

enum wijk_shape_of_key {
    WIJK_KEY_LINE,
    WIJK_KEY_DOT,
    WIJK_KEY_DIAMOND,
    WIJK_KEY_TRIANGLE,
    WIJK_KEY_BOX,
    WIJK_KEY_TICK,
    WIJK_KEY_HATCH,
    WIJK_KEY_OUTLINE
};

typedef struct {
    enum wijk_shape_of_key shape;
    const char *class, *text;
} wijk_key;

/* A mark of about 10 x 10 around (x, y). */
void wijk_svg_mark(wijk_str *out, const wijk_canvas *canvas, enum wijk_shape_of_key shape,
                   const char *class, double x, double y);
/* Keys side by side, on as many rows as they need, below what is drawn; the canvas grows. */
void wijk_svg_legend(wijk_canvas *canvas, const wijk_key *keys, size_t count);

/* ---- measuring --------------------------------------------------------------------------- */

/* Width in the units of `size` when set in DejaVu Sans, which is wider than the system fonts of
 * browsers: what fits by this measure fits on screen. O(bytes). */
double wijk_svg_width(const char *text, double size, int bold);
/* The text, or its beginning with "…" so that it fits. In the arena; "" when out of memory. */
const char *wijk_svg_fit(wijk_arena *arena, const char *text, double size, int bold, double width);
/* Breaks at blanks and behind hyphens into at most `most` lines of `width`; the last is cut with
 * "…". Returns how many; lines in the arena. */
size_t wijk_svg_wrap(const char **lines, size_t most, wijk_arena *arena, const char *text,
                     double size, int bold, double width);

/* Nice ticks (1, 2, 2.5 or 5 times a power of ten) that cover low … high. */
typedef struct {
    double first, step;
    int count, decimals; /* decimals needed to tell neighbours apart */
} wijk_ticks;

void wijk_ticks_make(wijk_ticks *out, double low, double high, int want);
double wijk_ticks_at(const wijk_ticks *ticks, int i);

/* Moves boxes of heights h[] with wanted centres y[] apart, within top … bottom, as little as
 * possible and in the order of their wishes (pool adjacent violators on the shifted centres).
 * They fit when the heights add up to at most bottom - top. O(n²), n <= 64. */
void wijk_spread_labels(double *y, const double *h, size_t n, double top, double bottom);

/* ---- texts and tables -------------------------------------------------------------------- */

/* The template with {0} {1} … replaced. In the arena; "" when out of memory. */
const char *wijk_svg_fill(wijk_arena *arena, const char *template_text, const char *const *args,
                          size_t count);
/* "2020", or "april 2011" for a month. */
const char *wijk_svg_period(wijk_arena *arena, wijk_lang lang, int period);
const char *wijk_svg_year(wijk_arena *arena, double x);

/* wijk_picture_glance with at most `most` strips. */
int wijk_picture_glance_most(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_portrait *portrait, size_t most);

/* The unit as an axis or legend says it: "%", "duizend euro"; "" for counts and scores. Static. */
const char *wijk_svg_unit(wijk_lang lang, const wijk_indicator *indicator);

int wijk_table_begin(wijk_figure *out, wijk_arena *arena, size_t columns, size_t rows);
void wijk_table_set(wijk_figure *out, size_t row, size_t column, const char *text);

#endif
