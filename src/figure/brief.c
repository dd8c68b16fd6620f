/* The brief: one area on two sheets of A4, for a meeting table. Drawn as two SVG pages with the
 * same figures as the screen, then printed to one PDF. What is grey there is grey here. */
#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

#define PAGE_W 794.0 /* A4 at 96 dots per inch */
#define PAGE_H 1123.0
#define EDGE   48.0
#define WIDE   (PAGE_W - 2 * EDGE)
#define GAP    26.0
#define HALF   ((WIDE - GAP) / 2)
#define FOOT   (PAGE_H - 34)

#define MOST_SOURCES 24

typedef struct {
    wijk_str *page;
    wijk_arena *arena;
    const wijk_portrait *portrait;
    wijk_lang lang;
    double y;
    const char *sources[MOST_SOURCES]; /* numbered in the table */
    size_t source_count;
} sheet;

static const char *say(const sheet *s, enum wijk_text_key key)
{
    return wijk_text(s->lang, key);
}

/* Wrapped text from y downwards; returns the y below it. */
static double write_text(const sheet *s, double x, double y, double width, double size,
                         const char *class, const char *text, size_t most)
{
    const char *lines[24];
    int bold = strstr(class, "strong") != NULL || strstr(class, "title") != NULL;
    size_t count = wijk_svg_wrap(lines, most < 24 ? most : 24, s->arena, text, size, bold, width);
    for (size_t i = 0; i < count; i++) {
        y += size * 1.32;
        wijk_svg_text(s->page, x, y, WIJK_START, class, lines[i]);
    }
    return y;
}

static void open_page(const sheet *s)
{
    wijk_str_add(s->page, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig brief\" "
                          "width=\"794\" height=\"1123\" viewBox=\"0 0 794 1123\"><style>");
    wijk_figure_css(s->page, 1);
    wijk_str_add(s->page, "</style>");
    wijk_svg_rect(s->page, "paper", 0, 0, PAGE_W, PAGE_H, 0);
}

static void close_page(const sheet *s, const char *number)
{
    const char *args[2] = {number, "2"};
    const char *citation = s->portrait->citation ? s->portrait->citation : "";
    wijk_svg_line(s->page, "grid", EDGE, FOOT - 20, PAGE_W - EDGE, FOOT - 20);
    write_text(s, EDGE, FOOT - 18, WIDE - 130, 10.5, "tiny soft", citation, 2);
    wijk_svg_text(s->page, PAGE_W - EDGE, FOOT - 4, WIJK_END, "tiny soft",
                  wijk_svg_fill(s->arena, say(s, T_FIGURE_BRIEF_PAGE), args, 2));
    wijk_str_add(s->page, "</svg>");
}

/* Title, sentence, drawing and source of one figure; returns the y below it. */
static double place(const sheet *s, const wijk_figure *figure, double x, double y, double width)
{
    y = write_text(s, x, y, width, 13, "strong", figure->title, 3) + 1;
    y = write_text(s, x, y, width, 11.5, "small", figure->message, 4) + 8;
    wijk_str_add(s->page, "<g transform=\"translate(");
    wijk_svg_num(s->page, x);
    wijk_str_addc(s->page, ' ');
    wijk_svg_num(s->page, y);
    wijk_str_add(s->page, ")\">");
    wijk_str_addn(s->page, wijk_str_text(&figure->svg), figure->svg.size);
    wijk_str_add(s->page, "</g>");
    return write_text(s, x, y + figure->height, width, 10.5, "tiny soft", figure->source, 2);
}

static void write_head(sheet *s)
{
    const wijk_portrait *p = s->portrait;
    s->y = write_text(s, EDGE, 34, WIDE, 11.5, "small soft", say(s, T_FIGURE_BRIEF_HEAD), 1) + 4;
    s->y = write_text(s, EDGE, s->y, WIDE, 26, "title", p->name, 2) + 4;
    const char *where = p->where;
    if (isfinite(p->people)) {
        const char *args[2] = {wijk_svg_number(s->arena, s->lang, p->people, 0),
                               wijk_svg_period(s->arena, s->lang, p->people_period)};
        const char *both =
            wijk_arena_printf(s->arena, "%s · %s", where,
                              wijk_svg_fill(s->arena, say(s, T_FIGURE_BRIEF_PEOPLE), args, 2));
        where = both ? both : where;
    }
    s->y = write_text(s, EDGE, s->y, WIDE, 11.5, "small soft", where, 2) + 6;
    s->y = write_text(s, EDGE, s->y, WIDE, 15, "lead", p->sentence, 4) + 4;
    if (p->area.fictional) {
        s->y = write_text(s, EDGE, s->y, WIDE, 11.5, "small strong",
                          say(s, T_FIGURE_BRIEF_FICTIONAL), 1) +
               4;
    }
    wijk_svg_line(s->page, "zero", EDGE, s->y + 6, PAGE_W - EDGE, s->y + 6);
    s->y += 14;
}

static int on_map(const wijk_registry *registry, const wijk_portrait *portrait, int indicator)
{
    size_t count = 0;
    const wijk_series *series = wijk_series_of(&count, registry, indicator);
    for (size_t i = 0; i < count; i++) {
        if (series[i].level == portrait->area.level &&
            series[i].vintage == portrait->area.vintage && series[i].areas > 1) {
            return 1;
        }
    }
    return 0;
}

/* What the map shows: livability where it was published for these areas, else the first figure of
 * the glance that is, shares and means before counts. */
static int indicator_of_map(const wijk_registry *registry, const wijk_portrait *portrait)
{
    const wijk_trend *total = &portrait->livability.total;
    if (portrait->livability.known && total->count &&
        on_map(registry, portrait, total->indicator->id)) {
        return total->indicator->id;
    }
    for (int sums = 0; sums < 2; sums++) {
        for (size_t i = 0; i < portrait->key_count; i++) {
            const wijk_indicator *it = portrait->key[i].indicator;
            if ((it->joining == WIJK_JOIN_SUM) == sums && on_map(registry, portrait, it->id)) {
                return it->id;
            }
        }
    }
    return 0;
}

typedef int (*picture_fn)(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_portrait *portrait);

static int picture_tenure(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_portrait *portrait)
{
    return wijk_picture_shares(out, arena, style, portrait, "tenure");
}

static int picture_age(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_portrait *portrait)
{
    return wijk_picture_shares(out, arena, style, portrait, "age");
}

/* What place() will take. */
static double height_of(const sheet *s, const wijk_figure *figure)
{
    const char *lines[4];
    double title = (double)wijk_svg_wrap(lines, 3, s->arena, figure->title, 13, 1, HALF);
    double message = (double)wijk_svg_wrap(lines, 4, s->arena, figure->message, 11.5, 0, HALF);
    double source = (double)wijk_svg_wrap(lines, 2, s->arena, figure->source, 10.5, 0, HALF);
    return (title * 13 + message * 11.5 + source * 10.5) * 1.32 + 9 + figure->height;
}

/* Puts a figure under the shorter of the two columns when the sheet has room for it. */
static void put(const sheet *s, const wijk_figure *figure, double *below)
{
    int column = below[1] < below[0];
    if (below[column] + height_of(s, figure) > FOOT - 24) {
        column = !column;
    }
    if (below[column] + height_of(s, figure) <= FOOT - 24) {
        double x = EDGE + column * (HALF + GAP);
        below[column] = place(s, figure, x, below[column], HALF) + 20;
    }
}

/* Strips of 60 with words and a legend of about 210; fewer than three are not worth their legend.
 */
static size_t strips_for(double room)
{
    double count = floor((room - 210) / 60);
    return count >= 3 ? (size_t)count : 0;
}

/* Page 1: what stands out, where it is, how livable, who lives there and how. What is not known
 * leaves its room to the next. */
static int first_page(sheet *s, wijk_store *store, const wijk_registry *registry)
{
    static const struct {
        picture_fn draw;
        const char *id;
    } pictures[] = {{wijk_picture_livability, "lines"},
                    {wijk_picture_parts, "parts"},
                    {picture_tenure, "tenure"},
                    {picture_age, "age"},
                    {wijk_picture_glance, "glance"}};
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_map map = {.kind = WIJK_MAP_AROUND,
                    .area = s->portrait->area.id,
                    .indicator = indicator_of_map(registry, s->portrait)};
    wijk_figure_style style = {s->lang, 2, (int)HALF, "map"};
    open_page(s);
    write_head(s);
    double below[2] = {s->y, s->y};
    int rc = wijk_figure_map(&figure, store, registry, s->arena, &style, &map);
    if (!rc) {
        put(s, &figure, below);
    }
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures && (!rc || rc == WIJK_ENOTFOUND);
         i++) {
        style.id = pictures[i].id;
        rc = pictures[i].draw(&figure, s->arena, &style, s->portrait);
        if (!rc) {
            put(s, &figure, below);
        }
    }
    size_t strips = strips_for(FOOT - 24 - fmin(below[0], below[1]));
    if (strips && (!rc || rc == WIJK_ENOTFOUND)) {
        style.id = "glance";
        rc = wijk_picture_glance_most(&figure, s->arena, &style, s->portrait, strips);
        if (!rc) {
            put(s, &figure, below);
        }
    }
    wijk_figure_free(&figure);
    close_page(s, "1");
    return rc == WIJK_ENOTFOUND ? 0 : rc;
}

/* ---- page 2 ------------------------------------------------------------------------------ */

typedef struct {
    double at, width; /* share of the page */
    enum wijk_anchor anchor;
} column;

static const column columns[] = {{0, 0.29, WIJK_START},     {0.425, 0.13, WIJK_END},
                                 {0.44, 0.215, WIJK_START}, {0.775, 0.118, WIJK_END},
                                 {0.895, 0.118, WIJK_END},  {0.945, 0.05, WIJK_END},
                                 {1, 0.05, WIJK_END}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_row(const sheet *s, double y, const char *const *cells, const char *class)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        double x = EDGE + columns[i].at * WIDE;
        wijk_svg_text(s->page, x, y, columns[i].anchor, class,
                      wijk_svg_fit(s->arena, cells[i], 10.5, strstr(class, "strong") != NULL,
                                   columns[i].width * WIDE));
    }
}

/* The number of a source in the list below the table; it is added when new. */
static const char *source_number(sheet *s, const char *source)
{
    size_t i = 0;
    while (i < s->source_count && strcmp(s->sources[i], source) != 0) {
        i++;
    }
    if (i == s->source_count && i < MOST_SOURCES) {
        s->sources[s->source_count++] = source;
    }
    return i < MOST_SOURCES ? wijk_svg_number(s->arena, s->lang, (double)i + 1, 0) : "";
}

static void write_line(sheet *s, const wijk_line *line, double y)
{
    const char *range = line->range && *line->range ? line->range : line->note;
    int grey = (line->value->flags & WIJK_GREY) != 0;
    if (grey) {
        range = say(s, T_FIGURE_UNRELIABLE);
    }
    const char *cells[COLUMNS] = {
        line->indicator->label[s->lang],
        line->shown,
        range ? range : "",
        isfinite(line->gemeente) ? wijk_shown_in(s->arena, s->lang, line->indicator, line->gemeente)
                                 : "",
        isfinite(line->land) ? wijk_shown_in(s->arena, s->lang, line->indicator, line->land) : "",
        wijk_svg_year(s->arena,
                      line->value->period > 9999 ? line->value->period / 100 : line->value->period),
        line->source ? source_number(s, line->source) : ""};
    write_row(s, y, cells, grey ? "tiny soft num" : "tiny num");
    wijk_svg_line(s->page, "grid", EDGE, y + 5, PAGE_W - EDGE, y + 5);
}

/* The glance panel first, then the other lines in order, as many as fit above `bottom`. */
static void write_table(sheet *s, double bottom)
{
    const wijk_portrait *p = s->portrait;
    const char *head[COLUMNS] = {say(s, T_FIGURE_BRIEF_TABLE_WHAT),
                                 say(s, T_FIGURE_BRIEF_TABLE_VALUE),
                                 say(s, T_FIGURE_BRIEF_TABLE_RANGE),
                                 p->gemeente.id ? p->gemeente.name
                                                : say(s, T_FIGURE_BRIEF_TABLE_GEMEENTE),
                                 say(s, T_FIGURE_BRIEF_TABLE_LAND),
                                 say(s, T_FIGURE_BRIEF_TABLE_YEAR),
                                 say(s, T_FIGURE_BRIEF_TABLE_SOURCE)};
    s->y = write_text(s, EDGE, s->y, WIDE, 15, "strong", say(s, T_FIGURE_BRIEF_TABLE), 1) + 18;
    write_row(s, s->y, head, "tiny strong");
    wijk_svg_line(s->page, "zero", EDGE, s->y + 5, PAGE_W - EDGE, s->y + 5);
    size_t left = 0;
    for (size_t i = 0; i < p->key_count + p->line_count; i++) {
        const wijk_line *line = i < p->key_count ? &p->key[i] : &p->lines[i - p->key_count];
        int shown_before = 0;
        for (size_t j = 0; j < p->key_count && i >= p->key_count && !shown_before; j++) {
            shown_before = p->key[j].indicator == line->indicator;
        }
        if (shown_before || line->value->mark != WIJK_MARK_VALUE) {
            continue;
        }
        if (s->y + 34 > bottom) {
            left++;
            continue;
        }
        s->y += 17;
        write_line(s, line, s->y);
    }
    if (left) {
        const char *count = wijk_svg_number(s->arena, s->lang, (double)left, 0);
        s->y = write_text(s, EDGE, s->y + 6, WIDE, 10.5, "tiny soft",
                          wijk_svg_fill(s->arena, say(s, T_FIGURE_BRIEF_MORE), &count, 1), 1);
    }
}

static double write_similar(const sheet *s, double y)
{
    const wijk_portrait *p = s->portrait;
    y = write_text(s, EDGE, y, HALF, 13, "strong", say(s, T_FIGURE_BRIEF_SIMILAR), 1) + 2;
    for (size_t i = 0; i < p->similar_count && i < 5; i++) {
        const wijk_like *like = &p->similar[i];
        const char *name = wijk_arena_printf(s->arena, "%s (%s)",
                                             *like->area.name ? like->area.name : like->area.code,
                                             like->area.gemeente);
        y = write_text(s, EDGE, y + 2, HALF, 11.5, "small", name ? name : "", 1);
        y = write_text(s, EDGE, y, HALF, 10.5, "tiny soft", like->reason, 2);
    }
    if (!p->similar_count && p->similar_why_not) {
        y = write_text(s, EDGE, y, HALF, 11.5, "small", p->similar_why_not, 3);
    }
    return y;
}

static void write_sources(const sheet *s, double y, double bottom)
{
    y = write_text(s, EDGE, y, HALF, 13, "strong", say(s, T_FIGURE_BRIEF_SOURCES), 1) + 2;
    for (size_t i = 0; i < s->source_count && y + 18 < bottom; i++) {
        const char *text = wijk_arena_printf(s->arena, "%d  %s", (int)i + 1, s->sources[i]);
        y = write_text(s, EDGE, y, HALF, 10.5, "tiny", text ? text : "", 2) + 1;
    }
}

static void write_notes(const sheet *s, double x, double y, double bottom)
{
    const wijk_portrait *p = s->portrait;
    y = write_text(s, x, y, HALF, 13, "strong", say(s, T_FIGURE_BRIEF_NOTES), 1) + 2;
    for (size_t i = 0; i < p->limit_count + p->conversion_count; i++) {
        const char *note = i < p->limit_count ? p->limits[i] : p->conversions[i - p->limit_count];
        if (y + 34 > bottom) {
            break;
        }
        size_t most = (size_t)fmax(1, floor((bottom - y - 4) / (10.5 * 1.32)));
        wijk_svg_circle(s->page, "marker", x + 2.5, y + 12, 1.8);
        y = write_text(s, x + 10, y + 2, HALF - 10, 10.5, "tiny", note, most < 5 ? most : 5) + 2;
    }
}

/* Page 2: every key figure with range, year and source; who is alike; what not to conclude. */
static void second_page(sheet *s)
{
    open_page(s);
    s->y = 30;
    write_table(s, 640);
    double top = s->y + 22;
    double below = write_similar(s, top);
    write_sources(s, below + 18, FOOT - 30);
    write_notes(s, EDGE + HALF + GAP, top, FOOT - 30);
    close_page(s, "2");
}

int wijk_brief_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                   const wijk_portrait *portrait)
{
    wijk_str pages[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    wijk_arena *arena = NULL;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    sheet first = {.page = &pages[0], .arena = arena, .portrait = portrait};
    sheet second = {.page = &pages[1], .arena = arena, .portrait = portrait};
    first.lang = second.lang = portrait->lang;
    rc = first_page(&first, store, registry);
    second_page(&second);
    for (int i = 0; i < 2 && !rc; i++) {
        rc = wijk_str_status(&pages[i]);
    }
    if (!rc) {
        rc = wijk_render_pdf(out, pages, 2, portrait->name);
    }
    wijk_str_free(&pages[0]);
    wijk_str_free(&pages[1]);
    wijk_arena_free(arena);
    return rc;
}
