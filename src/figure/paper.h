/* figure/paper.h: sheets of A4 for the meeting table, drawn as SVG and printed to one PDF. */
#ifndef WIJK_FIGURE_PAPER_H
#define WIJK_FIGURE_PAPER_H

#include "figure/svg.h"

/* A4 at 96 dots per inch. */
#define PAPER_W     794.0
#define PAPER_H     1123.0
#define PAPER_EDGE  48.0
#define PAPER_WIDE  (PAPER_W - 2 * PAPER_EDGE)
#define PAPER_GAP   26.0
#define PAPER_HALF  ((PAPER_WIDE - PAPER_GAP) / 2)
#define PAPER_THIRD ((PAPER_WIDE - 2 * PAPER_GAP) / 3)
#define PAPER_FOOT  (PAPER_H - 34)
#define PAPER_TOP   40.0 /* where the words of a sheet begin */

/* ---- one sheet -------------------------------------------------------------------------------
 */

void paper_open(wijk_str *page);
/* Closes it with a foot: what to cite, and "page 1 of 2". */
void paper_close(wijk_str *page, wijk_arena *arena, wijk_lang lang, const char *citation,
                 size_t number, size_t of);
/* Wrapped text from y downwards, at most `most` lines (24); returns the y below it. */
double paper_text(wijk_str *page, wijk_arena *arena, double x, double y, double width, double size,
                  const char *class, const char *text, size_t most);
/* Title, sentence, drawing and source of a figure (of style.standalone 2); returns the y below it.
 */
double paper_figure(wijk_str *page, wijk_arena *arena, const wijk_figure *figure, double x,
                    double y, double width);
/* What paper_figure takes, in height. */
double paper_figure_height(wijk_arena *arena, const wijk_figure *figure, double width);

/* ---- sheets that fill from the top down -------------------------------------------------------
 */

enum { PAPER_SHEETS = 12 };

typedef struct {
    wijk_arena *arena;
    wijk_lang lang;
    const char *citation;
    wijk_str pages[PAPER_SHEETS];
    size_t count;
    double y; /* below what stands on the last sheet */
    int full; /* 1: there was more than PAPER_SHEETS hold */
} paper;

void paper_begin(paper *p, wijk_arena *arena, wijk_lang lang, const char *citation);
/* 1 when `height` still fits on this sheet. */
int paper_fits(const paper *p, double height);
/* A new sheet unless `height` still fits on this one. */
void paper_need(paper *p, double height);
/* A paragraph over the whole width, over as many sheets as it needs. */
void paper_say(paper *p, double size, const char *class, const char *text);
void paper_gap(paper *p, double height);
/* One figure, or two beside each other when `second` is not NULL (drawn PAPER_HALF wide). */
double paper_figures_height(const paper *p, const wijk_figure *first, const wijk_figure *second);
void paper_figures(paper *p, const wijk_figure *first, const wijk_figure *second);
/* Three beside each other, drawn PAPER_THIRD wide. One that was never drawn leaves its place open.
 */
double paper_trio_height(const paper *p, const wijk_figure trio[3]);
void paper_trio(paper *p, const wijk_figure trio[3]);

typedef struct {
    double at, width; /* shares of the width: where the text is anchored, how wide it may be */
    enum wijk_anchor anchor;
} paper_column;
/* A row of a table; cells are cut to fit. */
void paper_row(paper *p, const paper_column *columns, size_t count, const char *const *cells,
               int heading);
/* One whose first cell takes a second line when it needs one. */
void paper_row_named(paper *p, const paper_column *columns, size_t count, const char *const *cells);

/* Appends the PDF and frees the sheets; they are freed also when `rc` is a failure, which is then
 * returned. WIJK_ELIMIT when there was more than the sheets hold. */
int paper_end(wijk_str *out, paper *p, const char *title, int rc);

#endif
