/* Sheets of A4: what the brief of an area and the print of a plan share. The idea: paper is drawn
 * with the same figures as the screen, so they cannot disagree. */
#include "figure/paper.h"

#include <string.h>

#define LINE 1.32 /* height of a line against its letters */

enum { MOST_LINES = 24 };

double paper_text(wijk_str *page, wijk_arena *arena, double x, double y, double width, double size,
                  const char *class, const char *text, size_t most)
{
    const char *lines[MOST_LINES];
    int bold = strstr(class, "strong") != NULL || strstr(class, "title") != NULL;
    size_t count =
        wijk_svg_wrap(lines, most < MOST_LINES ? most : MOST_LINES, arena, text, size, bold, width);
    for (size_t i = 0; i < count; i++) {
        y += size * LINE;
        wijk_svg_text(page, x, y, WIJK_START, class, lines[i]);
    }
    return y;
}

void paper_open(wijk_str *page)
{
    wijk_str_add(page, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig brief\" "
                       "width=\"794\" height=\"1123\" viewBox=\"0 0 794 1123\"><style>");
    wijk_figure_css(page, 1);
    wijk_str_add(page, "</style>");
    wijk_svg_rect(page, "paper", 0, 0, PAPER_W, PAPER_H, 0);
}

void paper_close(wijk_str *page, wijk_arena *arena, wijk_lang lang, const char *citation,
                 size_t number, size_t of)
{
    const char *args[2] = {wijk_number_in(arena, lang, (double)number, 0),
                           wijk_number_in(arena, lang, (double)of, 0)};
    wijk_svg_line(page, "grid", PAPER_EDGE, PAPER_FOOT - 20, PAPER_W - PAPER_EDGE, PAPER_FOOT - 20);
    paper_text(page, arena, PAPER_EDGE, PAPER_FOOT - 18, PAPER_WIDE - 130, 10.5, "tiny soft",
               citation ? citation : "", 2);
    wijk_svg_text(page, PAPER_W - PAPER_EDGE, PAPER_FOOT - 4, WIJK_END, "tiny soft",
                  wijk_svg_fill(arena, wijk_text(lang, T_FIGURE_BRIEF_PAGE), args, 2));
    wijk_str_add(page, "</svg>");
}

double paper_figure(wijk_str *page, wijk_arena *arena, const wijk_figure *figure, double x,
                    double y, double width)
{
    y = paper_text(page, arena, x, y, width, 13, "strong", figure->title, 3) + 1;
    y = paper_text(page, arena, x, y, width, 11.5, "small", figure->message, 4) + 8;
    wijk_str_add(page, "<g transform=\"translate(");
    wijk_svg_num(page, x);
    wijk_str_addc(page, ' ');
    wijk_svg_num(page, y);
    wijk_str_add(page, ")\">");
    wijk_str_addn(page, wijk_str_text(&figure->svg), figure->svg.size);
    wijk_str_add(page, "</g>");
    return paper_text(page, arena, x, y + figure->height, width, 10.5, "tiny soft", figure->source,
                      2);
}

double paper_figure_height(wijk_arena *arena, const wijk_figure *figure, double width)
{
    const char *lines[4];
    double title = (double)wijk_svg_wrap(lines, 3, arena, figure->title, 13, 1, width);
    double message = (double)wijk_svg_wrap(lines, 4, arena, figure->message, 11.5, 0, width);
    double source = (double)wijk_svg_wrap(lines, 2, arena, figure->source, 10.5, 0, width);
    return (title * 13 + message * 11.5 + source * 10.5) * LINE + 9 + figure->height;
}

/* ---- sheets that fill from the top down -------------------------------------------------------
 */

static wijk_str *sheet(paper *p)
{
    return &p->pages[p->count - 1];
}

static void next_sheet(paper *p)
{
    if (p->count == PAPER_SHEETS) {
        p->full = 1;
    } else {
        p->pages[p->count++] = (wijk_str)WIJK_STR_INIT;
        paper_open(sheet(p));
    }
    p->y = PAPER_TOP;
}

void paper_begin(paper *p, wijk_arena *arena, wijk_lang lang, const char *citation)
{
    *p = (paper){.arena = arena, .lang = lang, .citation = citation};
    next_sheet(p);
}

int paper_fits(const paper *p, double height)
{
    return p->y + height <= PAPER_FOOT - 28;
}

void paper_need(paper *p, double height)
{
    if (!paper_fits(p, height)) {
        next_sheet(p);
    }
}

void paper_gap(paper *p, double height)
{
    p->y += height;
}

/* The bytes of `text` that MOST_LINES lines hold cannot be told from the wrapped lines, so a long
 * text goes paragraph by paragraph; one paragraph is cut at MOST_LINES. */
static void say_paragraph(paper *p, double size, const char *class, const char *text)
{
    const char *lines[MOST_LINES];
    int bold = strstr(class, "strong") != NULL || strstr(class, "title") != NULL;
    size_t count = wijk_svg_wrap(lines, MOST_LINES, p->arena, text, size, bold, PAPER_WIDE);
    for (size_t i = 0; i < count; i++) {
        paper_need(p, size * LINE);
        p->y += size * LINE;
        wijk_svg_text(sheet(p), PAPER_EDGE, p->y, WIJK_START, class, lines[i]);
    }
}

void paper_say(paper *p, double size, const char *class, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        const char *one = wijk_arena_strndup(p->arena, text, length);
        say_paragraph(p, size, class, one ? one : "");
        text += length + (text[length] == '\n');
    }
}

double paper_figures_height(const paper *p, const wijk_figure *first, const wijk_figure *second)
{
    double width = second ? PAPER_HALF : PAPER_WIDE;
    double height = paper_figure_height(p->arena, first, width);
    double other = second ? paper_figure_height(p->arena, second, width) : 0;
    return height > other ? height : other;
}

void paper_figures(paper *p, const wijk_figure *first, const wijk_figure *second)
{
    double width = second ? PAPER_HALF : PAPER_WIDE;
    paper_need(p, paper_figures_height(p, first, second));
    double below = paper_figure(sheet(p), p->arena, first, PAPER_EDGE, p->y, width);
    double beside = second ? paper_figure(sheet(p), p->arena, second,
                                          PAPER_EDGE + PAPER_HALF + PAPER_GAP, p->y, width)
                           : 0;
    p->y = below > beside ? below : beside;
}

double paper_trio_height(const paper *p, const wijk_figure trio[3])
{
    double height = 0;
    for (int i = 0; i < 3; i++) {
        double one = trio[i].title ? paper_figure_height(p->arena, &trio[i], PAPER_THIRD) : 0;
        height = one > height ? one : height;
    }
    return height;
}

void paper_trio(paper *p, const wijk_figure trio[3])
{
    double below = p->y;
    paper_need(p, paper_trio_height(p, trio));
    for (int i = 0; i < 3; i++) {
        double x = PAPER_EDGE + i * (PAPER_THIRD + PAPER_GAP);
        double y =
            trio[i].title ? paper_figure(sheet(p), p->arena, &trio[i], x, p->y, PAPER_THIRD) : p->y;
        below = y > below ? y : below;
    }
    p->y = below;
}

/* The first cell on up to `most` lines. */
static void row_of(paper *p, const paper_column *columns, size_t count, const char *const *cells,
                   int heading, size_t most)
{
    enum { NAME_LINES = 2 };
    const char *lines[NAME_LINES];
    const char *class = heading ? "tiny strong" : "tiny num";
    size_t n = wijk_svg_wrap(lines, most, p->arena, cells[0], 10.5, heading,
                             columns[0].width * PAPER_WIDE);
    double more = n > 1 ? 10.5 * 1.2 * (double)(n - 1) : 0;
    paper_need(p, (heading ? 51 : 17) + more); /* a heading is not left alone at the foot */
    p->y += 17;
    for (size_t i = 0; i < n; i++) {
        wijk_svg_text(sheet(p), PAPER_EDGE + columns[0].at * PAPER_WIDE,
                      p->y + 10.5 * 1.2 * (double)i, columns[0].anchor, class, lines[i]);
    }
    for (size_t i = 1; i < count; i++) {
        wijk_svg_text(
            sheet(p), PAPER_EDGE + columns[i].at * PAPER_WIDE, p->y, columns[i].anchor, class,
            wijk_svg_fit(p->arena, cells[i], 10.5, heading, columns[i].width * PAPER_WIDE));
    }
    p->y += more;
    wijk_svg_line(sheet(p), heading ? "zero" : "grid", PAPER_EDGE, p->y + 5, PAPER_W - PAPER_EDGE,
                  p->y + 5);
}

void paper_row(paper *p, const paper_column *columns, size_t count, const char *const *cells,
               int heading)
{
    row_of(p, columns, count, cells, heading, 1);
}

void paper_row_named(paper *p, const paper_column *columns, size_t count, const char *const *cells)
{
    row_of(p, columns, count, cells, 0, 2);
}

int paper_end(wijk_str *out, paper *p, const char *title, int rc)
{
    for (size_t i = 0; i < p->count; i++) {
        paper_close(&p->pages[i], p->arena, p->lang, p->citation, i + 1, p->count);
        rc = rc ? rc : wijk_str_status(&p->pages[i]);
    }
    if (!rc && p->full) {
        rc = wijk_fail(WIJK_ELIMIT, "Dit past niet op %d bladen.",
                       "This does not fit on %d sheets.", PAPER_SHEETS);
    }
    rc = rc ? rc : wijk_render_pdf(out, p->pages, p->count, title);
    for (size_t i = 0; i < p->count; i++) {
        wijk_str_free(&p->pages[i]);
    }
    return rc;
}
